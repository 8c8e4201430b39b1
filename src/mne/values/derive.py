"""Indicators that are computed from others by a formula, after those have their values.

Read `derived` first: period by period, then over time as the indicator says. An operand without a value leaves the
result without one, with the reason; it never becomes a zero.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from mne.ground.maps import FrozenMap
from mne.logframe.formula import Missing, Surroundings, parse
from mne.logframe.indicator import Axis, MissingPolicy, Rule
from mne.tables.observations import State
from mne.tables.reasons import Reason
from mne.values.fold import Datum
from mne.values.missing import Filled, behind, is_counted
from mne.values.series import Step, checked, datum_of, fold_along, series_of, value_to_date
from mne.values.values import Amount, Coverage, IndicatorValue

if TYPE_CHECKING:
    import datetime as dt
    from fractions import Fraction

    from mne.logframe.formula import Formula
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period

__all__ = [
    "days_to_date",
    "derived",
    "over_sums",
    "place_of",
    "to_date_before",
    "with_formulas",
    "without_value",
]

_Read = Mapping[tuple[str, int], tuple[tuple[str, int], "Amount"]]
"""By name and how many periods before: the position of the period that was read, and the amount there."""


def with_formulas(
    values: Mapping[str, IndicatorValue], plan: Logframe, *, until: dt.date | None
) -> dict[str, IndicatorValue]:
    """All the plan's indicators in its order: those given, and those with a formula computed from them."""
    known = dict(values)
    waiting = {code: parse(each.formula) for code, each in plan.indicators.items() if each.formula is not None}
    while waiting:
        ready = [code for code, formula in waiting.items() if all(name in known for name in formula.names)]
        if not ready:
            # A checked plan has neither cycles nor unknown names; one built by hand may.
            for code in waiting:
                known[code] = without_value(plan, code, until)
            break
        for code in ready:
            known[code] = derived(plan, code, waiting.pop(code), known, until)
    return {code: known[code] for code in plan.indicators}


def without_value(plan: Logframe, code: str, until: dt.date | None) -> IndicatorValue:
    """A computed indicator whose formula leads nowhere: missing, in every period."""
    return IndicatorValue(
        plan.indicators[code],
        Amount(State.MISSING, None, Reason.FORMULA_OPERAND_MISSING),
        None,
        (),
        plan=plan,
        until=until,
    )


def over_sums(indicator: Indicator) -> bool:
    """Whether a computed value to date is the formula over the values to date of what it names (``time: pooled``)."""
    return indicator.formula is not None and indicator.rule(Axis.TIME) is Rule.POOLED


def derived(
    plan: Logframe, code: str, formula: Formula, known: Mapping[str, IndicatorValue], until: dt.date | None
) -> IndicatorValue:
    """One computed indicator; `known` holds all that its formula names.

    Each period's value is the formula over that period. Over time it is counted as one that is reported: a flow is
    the sum of its periods, anything else the newest that was reported. Pooled, it is the formula over values to date.
    """
    indicator = plan.indicators[code]
    operands = {name: known[name] for name in formula.names}
    ended = [period for period in plan.periods_of(indicator) if until is not None and period.ended_by(until)]
    read = {period: _read(formula, operands, period) for period in ended}
    steps = [_step(indicator, formula, read[period], period) for period in ended]
    over_time, cover = partial(_folded, indicator), partial(_cover, read)
    if over_sums(indicator):
        ends = [value.as_of for value in operands.values() if value.as_of is not None]
        newest = max(ends, default=None)
        amount = _over_values_to_date(indicator, formula, operands, newest)
    else:
        amount, last = value_to_date(_counted(indicator), steps, over_time, cover)
        newest = last.period if last else None
    return IndicatorValue(
        indicator,
        amount,
        newest,
        series_of(indicator, steps, over_time, cover),
        illustrative=any(value.illustrative for value in operands.values()),
        operands=FrozenMap(operands),
        plan=plan,
        until=until,
    )


def _counted(indicator: Indicator) -> Indicator:
    """Of the policies for what is missing, those that fill in a reporter's silence say nothing of a formula."""
    strict = indicator.missing is MissingPolicy.PROPAGATE
    return indicator if strict else indicator.model_copy(update={"missing": MissingPolicy.SKIP})


def _read(formula: Formula, operands: Mapping[str, IndicatorValue], period: Period) -> _Read:
    """What the formula reads for one period, with the name and the position of each."""
    found: dict[tuple[str, int], tuple[tuple[str, int], Amount]] = {}
    for name, back in formula.reads:
        at = place_of(operands[name], period)
        if at is not None and at >= back:
            found[name, back] = (name, at - back), operands[name].periods[at - back].amount
    return found


def _step(indicator: Indicator, formula: Formula, read: _Read, period: Period) -> Step:
    """The formula over one period, and over those before it that it looks back to."""
    told = {each: amount for each, (_, amount) in read.items()}
    amount = _computed(indicator, formula, told, told.values(), days=(period.end - period.start).days)
    incomplete = amount.state is State.MISSING and indicator.missing is MissingPolicy.PROPAGATE
    return Step(period, Filled({}, amount.coverage, behind(amount), (), incomplete), amount, refused=False)


def _cover(read: Mapping[Period, _Read], live: Sequence[Step]) -> Coverage:
    """The reports behind several periods, each of them once: a period that is looked back to was read before."""
    every: dict[tuple[str, int], Coverage] = {}
    for step in sorted(live, key=lambda step: is_counted(step.amount)):
        for cell, amount in read[step.period].values():
            every[cell] = behind(amount) if is_counted(step.amount) else amount.coverage.aside
    return sum(every.values(), Coverage())


def place_of(value: IndicatorValue, period: Period) -> int | None:
    """The position of a period among those of an indicator that ended; None where it is none of them."""
    return next((at for at, each in enumerate(value.periods) if each.period.label == period.label), None)


def _folded(indicator: Indicator, live: Sequence[Step]) -> Datum | None:
    told = [("", datum_of(step.amount)) for step in live if step.amount.state is not State.MISSING]
    return fold_along(indicator, Axis.TIME, told)


def _over_values_to_date(
    indicator: Indicator, formula: Formula, operands: Mapping[str, IndicatorValue], newest: Period | None
) -> Amount:
    told: dict[tuple[str, int], Amount] = {}
    for name, back in formula.reads:
        before = to_date_before(operands[name], newest, back) if back else (0, operands[name].amount)
        if before is not None:
            told[name, back] = before[1]
    # What a value to date was before rests on reports that the later one rests on too.
    latest = {name: told[name, back] for name, back in sorted(told, reverse=True)}
    return _computed(indicator, formula, told, latest.values(), days=days_to_date(operands, newest))


def to_date_before(value: IndicatorValue, newest: Period | None, back: int) -> tuple[int, Amount] | None:
    """What a value to date was so many periods before the newest, with the position of the period that it stands for.

    None where there was none yet, or where the way that it is folded over time does not tell.
    """
    at = None if newest is None else place_of(value, newest)
    if at is None or at < back:
        return None
    known = value.periods[at - back].to_date
    if known is not None:
        return at - back, known
    if value.indicator.rule(Axis.TIME) is not Rule.LATEST:
        return None
    policy = (_counted(value.indicator) if value.indicator.formula is not None else value.indicator).missing
    skips = policy is MissingPolicy.SKIP
    until = range(at - back, -1, -1)
    heard = (at for at in until if not skips or value.periods[at].amount.state is not State.MISSING)
    found = next(heard, at - back)
    return found, value.periods[found].amount


def days_to_date(operands: Mapping[str, IndicatorValue], newest: Period | None) -> int | None:
    """The days that a value to date speaks of: all so far where an operand is a sum to date, else its period's."""
    if newest is None:
        return None
    summed = [
        value.periods[0].period.start
        for value in operands.values()
        if value.periods and value.indicator.rule(Axis.TIME) is Rule.SUM
    ]
    return (newest.end - min(summed, default=newest.start)).days


def _computed(
    indicator: Indicator,
    formula: Formula,
    read: Mapping[tuple[str, int], Amount],
    cells: Collection[Amount],
    *,
    days: int | None,
) -> Amount:
    """The formula on the amounts that it reads, each by its name and how many periods before.

    The coverage is that of all `cells`, also where a condition or an alternative did not need one.
    """
    coverage = sum((amount.coverage for amount in cells), Coverage())
    numbers = {name: amount.value for (name, back), amount in read.items() if not back}

    def earlier(name: str, periods: int) -> Fraction | None:
        found = read.get((name, periods))
        return None if found is None else found.value

    try:
        value = formula.compute(Surroundings(numbers, days=days, earlier=earlier))
    except Missing:
        without = [amount for amount in read.values() if amount.value is None]
        if without and len(read) == len(formula.reads) and all(each.state is State.UNDEFINED for each in without):
            return Amount(State.UNDEFINED, None, without[0].reason, coverage=coverage)
        return Amount(State.MISSING, None, Reason.FORMULA_OPERAND_MISSING, coverage=coverage)
    if value is None:
        return Amount(State.UNDEFINED, None, Reason.FORMULA_DIVISION_BY_ZERO, coverage=coverage)
    return checked(indicator, Datum(value), sum((behind(amount) for amount in cells), Coverage()))
