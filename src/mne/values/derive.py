"""Indicators that are computed from others by a formula, after those have their values.

Read `with_formulas` first. An operand without a value leaves the result without one, with the reason; it never
becomes a zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mne.ground.maps import FrozenMap
from mne.logframe.formula import Missing, Surroundings, parse
from mne.logframe.indicator import Axis, Rule
from mne.tables.observations import State
from mne.tables.reasons import Reason
from mne.values.values import Amount, Coverage, IndicatorValue, PeriodValue

if TYPE_CHECKING:
    import datetime as dt
    from fractions import Fraction

    from mne.logframe.formula import Formula
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period

__all__ = ["derived", "with_formulas", "without_value"]


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


def derived(
    plan: Logframe, code: str, formula: Formula, known: Mapping[str, IndicatorValue], until: dt.date | None
) -> IndicatorValue:
    """One computed indicator; `known` holds all that its formula names."""
    operands = {name: known[name] for name in formula.names}
    first = next(iter(operands.values()), None)
    series = {
        name: {found.period.label: (at, found) for at, found in enumerate(value.periods)}
        for name, value in operands.items()
    }
    periods = []
    for each in first.periods if first else ():
        found = {name: placed.get(each.period.label) for name, placed in series.items()}
        amounts = {name: None if one is None else one[1].amount for name, one in found.items()}
        places = {name: None if one is None else one[0] for name, one in found.items()}
        days = (each.period.end - each.period.start).days
        periods.append(PeriodValue(each.period, _computed(formula, amounts, operands, places, days=days)))
    ends = [value.as_of for value in operands.values() if value.as_of is not None]
    newest = max(ends, default=None)
    places = {
        name: None if newest is None or newest.label not in placed else placed[newest.label][0]
        for name, placed in series.items()
    }
    amounts = {name: value.amount for name, value in operands.items()}
    return IndicatorValue(
        plan.indicators[code],
        _computed(formula, amounts, operands, places, days=_days_to_date(operands, newest)),
        newest,
        tuple(periods),
        illustrative=any(value.illustrative for value in operands.values()),
        operands=FrozenMap(operands),
        plan=plan,
        until=until,
    )


def _days_to_date(operands: Mapping[str, IndicatorValue], newest: Period | None) -> int | None:
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
    formula: Formula,
    amounts: Mapping[str, Amount | None],
    operands: Mapping[str, IndicatorValue],
    places: Mapping[str, int | None],
    *,
    days: int | None,
) -> Amount:
    """The formula on one set of amounts; `places` says at which of its own periods each operand stands."""

    def earlier(name: str, periods: int) -> Fraction | None:
        at = places[name]
        return None if at is None or at < periods else operands[name].periods[at - periods].amount.value

    known = [amount for amount in amounts.values() if amount is not None]
    coverage = sum((amount.coverage for amount in known), Coverage())
    numbers = {name: None if amount is None else amount.value for name, amount in amounts.items()}
    try:
        value = formula.compute(Surroundings(numbers, days=days, earlier=earlier))
    except Missing:
        without = [amount for amount in known if amount.value is None]
        all_undefined = without and len(known) == len(amounts)
        if all_undefined and all(amount.state is State.UNDEFINED for amount in without):
            return Amount(State.UNDEFINED, None, without[0].reason, coverage=coverage)
        return Amount(State.MISSING, None, Reason.FORMULA_OPERAND_MISSING, coverage=coverage)
    if value is None:
        return Amount(State.UNDEFINED, None, Reason.FORMULA_DIVISION_BY_ZERO, coverage=coverage)
    return Amount(State.REPORTED, value, coverage=coverage)
