"""One indicator's values: in every period that has ended, and to date.

Read `indicator_value` first. The axes are folded in the indicator's order; over time, ``latest`` takes the value of
one period (so that a late report for an early period cannot overwrite a later one), every other rule folds them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from mne.logframe.indicator import TOTAL, Accumulation, Axis, MissingPolicy, Rule
from mne.tables.observations import State
from mne.tables.reasons import Reason
from mne.values.fold import Datum, fold
from mne.values.missing import Filled, Gone, Reporter, behind, fill
from mne.values.tally import filled_of
from mne.values.values import Amount, Coverage, IndicatorValue, PeriodValue, Rows, Selected

if TYPE_CHECKING:
    import polars as pl

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.values.cells import Cell
    from mne.values.tally import Slot, Tally

__all__ = [
    "ABSENT",
    "UNUSABLE",
    "Cover",
    "Expects",
    "OverTime",
    "Step",
    "Unusable",
    "celled_value",
    "checked",
    "datum_of",
    "expectation",
    "fold_along",
    "indicator_value",
    "series_of",
    "tallied_value",
    "time_is_last",
    "unusable_of",
    "value_to_date",
    "why_missing",
]

_SPACE = (Axis.LOCATIONS, Axis.PARTNERS)
OverTime = Callable[[Sequence["Step"]], Datum | None]
"""The periods that count as one value."""

Cover = Callable[[Sequence["Step"]], Coverage]
"""The reports behind the periods that count as one value."""

Expects = Callable[["Period"], Iterable[Reporter]]
"""Who is expected to report in a period."""

_ONE: Final = Fraction(1)
ABSENT: Final = {State.NOT_APPLICABLE: Reason.NOT_APPLICABLE, State.NOT_DUE: Reason.NOT_YET_DUE}


@dataclass(frozen=True, slots=True)
class Step:
    """One period on the way: its values by reporter, and what they come to."""

    period: Period
    filled: Filled
    amount: Amount
    refused: bool
    """Somebody reported in a unit that cannot be converted."""
    datum: Datum | None = None
    """What its values come to before anything is asked of their coverage, where they are added up over time."""


def indicator_value(
    indicator: Indicator,
    plan: Logframe,
    *,
    cells: Sequence[Cell],
    rows: pl.DataFrame,
    unusable: pl.DataFrame | None,
    until: dt.date | None,
    selected: Selected | None = None,
    expects: Expects | None = None,
    told: Mapping[int, Container[Reporter]] = MappingProxyType({}),
) -> IndicatorValue:
    """The indicator's value in every ended period and to date, from its reporters' cells.

    Of a part of it, `expects` says who is expected to report the part, and `told` who reported some of the whole, by
    position of the period: where they left out the part, it is unknown and not zero.
    """
    return celled_value(
        indicator,
        plan,
        cells=cells,
        expects=expects or expectation(indicator, plan, rows),
        unusable=_read_unusable(unusable),
        told=told,
        illustrative=bool(rows["illustrative"].any()) if rows.height else False,
        until=until,
        counted=Rows.of(rows),
        selected=selected,
    )


def celled_value(
    indicator: Indicator,
    plan: Logframe,
    *,
    cells: Sequence[Cell],
    expects: Expects,
    unusable: Unusable,
    illustrative: bool,
    until: dt.date | None,
    counted: Rows,
    selected: Selected | None,
    told: Mapping[int, Container[Reporter]] = MappingProxyType({}),
) -> IndicatorValue:
    """The same where all that tables say beside the cells is known already."""
    ended = _ended(indicator, plan, until)
    steps = _steps(indicator, ended=ended, cells=cells, unusable=unusable, expects=expects, told=told)
    return _value(
        indicator,
        plan,
        steps,
        partial(_over_time, indicator),
        illustrative=illustrative,
        until=until,
        counted=counted,
        selected=selected,
    )


def tallied_value(
    indicator: Indicator,
    plan: Logframe,
    tally: Tally,
    *,
    until: dt.date | None,
    counted: Rows | None,
    selected: Selected | None,
) -> IndicatorValue:
    """The same from a tally, for an indicator whose values are added up."""
    ended = _ended(indicator, plan, until)
    steps = [_tallied_step(indicator, *each) for each in zip(ended, tally.slots, strict=True)]
    return _value(
        indicator,
        plan,
        steps,
        partial(_added_over_time, indicator),
        illustrative=tally.illustrative,
        until=until,
        counted=counted,
        selected=selected,
    )


def _ended(indicator: Indicator, plan: Logframe, until: dt.date | None) -> list[Period]:
    return [period for period in plan.periods_of(indicator) if until is not None and period.ended_by(until)]


def _value(
    indicator: Indicator,
    plan: Logframe,
    steps: Sequence[Step],
    over_time: OverTime,
    *,
    illustrative: bool,
    until: dt.date | None,
    counted: Rows | None,
    selected: Selected | None,
) -> IndicatorValue:
    amount, last = value_to_date(indicator, steps, over_time)
    return IndicatorValue(
        indicator=indicator,
        amount=amount,
        as_of=last.period if last else None,
        periods=series_of(indicator, steps, over_time),
        illustrative=illustrative,
        carried=tuple((*reporter, last.period.label) for reporter in last.filled.carried) if last else (),
        counted=counted,
        plan=plan,
        until=until,
        selected=selected,
    )


def expectation(indicator: Indicator, plan: Logframe, rows: pl.DataFrame) -> Expects:
    """Who is expected to report: those assigned to the period, or where nobody is assigned all who ever did."""
    if indicator.assignments:
        return partial(plan.expected_reporters, indicator)
    ever = tuple(rows.select("partner", "location").unique().sort("partner", "location").iter_rows())
    return lambda _: ever


@dataclass(frozen=True, slots=True)
class Unusable:
    """What rows without a usable value say all the same, by position of their period."""

    excused: Mapping[int, Mapping[Reporter, State]]
    """Reporters to whom a period does not apply, or not yet."""
    refused: frozenset[int]
    """Periods with a value in a unit that cannot be converted."""


UNUSABLE: Final = ("plan_period", "partner", "location", "category", "state", "unconvertible")
"""The columns of rows without a usable value that say something all the same."""


def _read_unusable(unusable: pl.DataFrame | None) -> Unusable:
    return unusable_of(() if unusable is None else unusable.select(UNUSABLE).iter_rows())


def unusable_of(rows: Iterable[tuple[Any, ...]]) -> Unusable:
    """What rows with the columns `UNUSABLE` say."""
    excused: dict[int, dict[Reporter, State]] = {}
    refused: set[int] = set()
    for position, partner, location, category, state, unconvertible in rows:
        if category == TOTAL and state in ABSENT:
            excused.setdefault(position, {})[(partner, location)] = State(state)
        if unconvertible:
            refused.add(position)
    return Unusable(excused, frozenset(refused))


@dataclass(frozen=True, slots=True)
class _Known:
    """By reporter the position of the last period that it was expected in, and of the last one that it reported."""

    due: dict[Reporter, int]
    heard: dict[Reporter, int]

    def gone(self, earlier: Mapping[Reporter, Datum], here: Container[Reporter]) -> Gone:
        """Those who are not asked in a period, or not any more, and of them those who owe an earlier report."""
        return Gone(
            {reporter: datum for reporter, datum in earlier.items() if reporter not in here},
            frozenset(
                reporter
                for reporter, position in self.due.items()
                if reporter not in here and self.heard.get(reporter, -1) < position
            ),
        )


def _steps(
    indicator: Indicator,
    *,
    ended: Sequence[Period],
    cells: Sequence[Cell],
    unusable: Unusable,
    expects: Expects,
    told: Mapping[int, Container[Reporter]],
) -> list[Step]:
    by_period: dict[int, dict[Reporter, list[Cell]]] = {}
    for cell in cells:
        by_period.setdefault(cell.plan_period, {}).setdefault((cell.partner, cell.location), []).append(cell)
    earlier: dict[Reporter, Datum] = {}
    known = _Known({}, {})
    steps: list[Step] = []
    for position, period in enumerate(ended):
        reported = {
            reporter: _within_period(indicator, found)
            for reporter, found in sorted(by_period.get(position, {}).items())
        }
        absent = unusable.excused.get(position, {})
        due = [reporter for reporter in expects(period) if reporter not in absent]
        running = indicator.accumulation is Accumulation.RUNNING_TOTAL
        filled = fill(
            reported,
            due,
            indicator.missing,
            earlier=earlier,
            by_denominator=indicator.by_denominator,
            told=told.get(position, ()),
            gone=known.gone(earlier, (*due, *reported)) if running else Gone(),
        )
        earlier.update(reported)
        known.due.update(dict.fromkeys(due, position))
        known.heard.update(dict.fromkeys(reported, position))
        refused = position in unusable.refused and not reported and not filled.carried
        away = _Away(bool(absent), State.NOT_DUE in absent.values())
        data = {(partner, location, 0): datum for (partner, location), datum in filled.data.items()}
        datum = _fold_axes(indicator, data, [axis for axis in indicator.order if axis in _SPACE])
        amount = _period_amount(indicator, filled, datum, away, refused=refused)
        steps.append(Step(period, filled, amount, refused))
    return steps


def _tallied_step(indicator: Indicator, period: Period, slot: Slot) -> Step:
    told, datum = filled_of(indicator, slot)
    refused = slot.refused and not slot.reported and not told.carried
    amount = _period_amount(indicator, told, datum, _Away(slot.absent, slot.not_due), refused=refused)
    return Step(period, told, amount, refused, datum)


@dataclass(frozen=True, slots=True)
class _Away:
    """Whether somebody said that a period does not apply or is not due yet, and whether somebody said the latter."""

    anybody: bool
    not_due: bool


def _within_period(indicator: Indicator, cells: Sequence[Cell]) -> Datum:
    """One reporter's several reports inside one period: a flow folds them, anything else takes the newest."""
    ordered = sorted(cells, key=lambda cell: (cell.end, cell.start))
    if indicator.accumulation is not Accumulation.FLOW or len(ordered) == 1:
        return ordered[-1].datum
    folded = fold_along(indicator, Axis.TIME, [("", cell.datum) for cell in ordered])
    return folded if folded is not None else ordered[-1].datum


def _period_amount(indicator: Indicator, filled: Filled, datum: Datum | None, away: _Away, *, refused: bool) -> Amount:
    if refused:
        return Amount(State.UNDEFINED, None, Reason.UNIT_NOT_CONVERTIBLE, coverage=filled.coverage)
    if filled.incomplete:
        return Amount(State.MISSING, None, Reason.INCOMPLETE, coverage=filled.coverage)
    if datum is None and not filled.coverage.expected and (away.anybody or indicator.assignments):
        # Nobody had to report: to some the period does not apply, or nobody was assigned to it yet.
        apply = away.not_due or not away.anybody
        state = State.NOT_DUE if apply else State.NOT_APPLICABLE
        return Amount(state, None, ABSENT[state])
    number = datum is not None and datum.value is not None
    return checked(indicator, datum, filled.behind if number else filled.coverage)


def checked(indicator: Indicator, datum: Datum | None, coverage: Coverage) -> Amount:
    """A folded value as an amount, held against the indicator's minimum coverage."""
    if datum is None:
        return Amount(State.MISSING, None, Reason.NO_REPORTS, coverage=coverage)
    if datum.value is None:
        reason = datum.reason or Reason.DENOMINATOR_ZERO
        return Amount(State.UNDEFINED, None, reason, datum.numerator, datum.denominator, coverage)
    share = coverage.share
    if indicator.min_coverage is not None and share is not None and share < Fraction(indicator.min_coverage):
        return Amount(State.UNDEFINED, None, Reason.COVERAGE_BELOW_MINIMUM, coverage=coverage)
    return Amount(State.REPORTED, datum.value, None, datum.numerator, datum.denominator, coverage)


def value_to_date(
    indicator: Indicator, steps: Sequence[Step], over_time: OverTime, cover: Cover | None = None
) -> tuple[Amount, Step | None]:
    """The value to date and the period that it stands for; `over_time` is not asked where the latest counts.

    `cover` tells the reports behind several periods together, where they are not those of each one added up.
    """
    live = [step for step in steps if step.amount.state not in ABSENT]
    if not steps:
        return Amount(State.NOT_DUE, None, Reason.NOT_YET_DUE), None
    if not live:
        # Nothing is asked of anybody: not applicable if that is so in every period, and else only not due.
        waiting = [step.amount for step in steps if step.amount.state is State.NOT_DUE]
        return (waiting or [steps[-1].amount])[-1], None
    if indicator.rule(Axis.TIME) is Rule.LATEST:
        if indicator.missing is not MissingPolicy.SKIP:
            return live[-1].amount, live[-1]
        heard = [step for step in live if step.amount.state is not State.MISSING]
        if heard:
            return heard[-1].amount, heard[-1]
        return replace(live[-1].amount, reason=why_missing(step.amount.reason for step in live)), None
    coverage = Coverage.total(step.amount.coverage for step in live)
    if any(step.refused for step in live) and not coverage.reported and not coverage.carried:
        return Amount(State.UNDEFINED, None, Reason.UNIT_NOT_CONVERTIBLE, coverage=coverage), live[-1]
    if any(step.filled.incomplete for step in live):
        return Amount(State.MISSING, None, Reason.INCOMPLETE, coverage=coverage), live[-1]
    datum = over_time(live)
    if datum is None:
        reason = why_missing(step.amount.reason for step in live if step.amount.state is State.MISSING)
        return Amount(State.MISSING, None, reason, coverage=coverage), live[-1]
    if datum.value is not None:
        # A period without a value adds nothing, so that the reports for it are not behind the number either.
        last = time_is_last(indicator)
        every = (behind(step.amount) if last else step.filled.behind for step in live)
        coverage = Coverage.total(every) if cover is None else cover(live)
    return checked(indicator, datum, coverage), live[-1]


def time_is_last(indicator: Indicator) -> bool:
    """Whether the values of periods are folded over time, and not those of each reporter before that."""
    return [axis for axis in indicator.order if axis in (*_SPACE, Axis.TIME)][-1] is Axis.TIME


def why_missing(reasons: Iterable[Reason | None]) -> Reason:
    """Why there is nothing: the reason that says more than that nobody reported."""
    return next((each for each in reasons if each not in (None, Reason.NO_REPORTS)), None) or Reason.NO_REPORTS


def _over_time(indicator: Indicator, live: Sequence[Step]) -> Datum | None:
    order = [axis for axis in indicator.order if axis in (*_SPACE, Axis.TIME)]
    if time_is_last(indicator):
        return fold_along(
            indicator,
            Axis.TIME,
            [("", datum_of(step.amount)) for step in live if step.amount.state is not State.MISSING],
        )
    data = {
        (partner, location, position): datum
        for position, step in enumerate(live)
        for (partner, location), datum in step.filled.data.items()
    }
    return _fold_axes(indicator, data, order)


def _added_over_time(indicator: Indicator, live: Sequence[Step]) -> Datum | None:
    """The same where values are added up over partners, places and time, in whatever order."""
    if time_is_last(indicator):
        return _over_time(indicator, live)
    data = [("", step.datum) for step in live if step.datum is not None]
    return fold_along(indicator, Axis.TIME, data) if data else None


def datum_of(amount: Amount) -> Datum:
    """An amount on its way up again."""
    return Datum(amount.value, amount.numerator, amount.denominator, amount.reason)


def _fold_axes(indicator: Indicator, data: Mapping[tuple[str, str, int], Datum], order: Iterable[Axis]) -> Datum | None:
    """Values keyed by partner, location and time, folded along one axis after the other."""
    remaining: dict[tuple[str, str, int], Datum] = dict(sorted(data.items()))
    for axis in order:
        groups: dict[tuple[str, str, int], list[tuple[str, Datum]]] = {}
        for (partner, location, position), datum in remaining.items():
            match axis:
                case Axis.LOCATIONS:
                    key, code = (partner, "", position), location
                case Axis.PARTNERS:
                    key, code = ("", location, position), partner
                case _:
                    key, code = (partner, location, 0), ""
            groups.setdefault(key, []).append((code, datum))
        remaining = {
            key: folded for key, group in groups.items() if (folded := fold_along(indicator, axis, group)) is not None
        }
    return next(iter(remaining.values()), None)


def fold_along(indicator: Indicator, axis: Axis, data: Sequence[tuple[str, Datum]]) -> Datum | None:
    """Values along one axis, each with its code, as one by the indicator's rule; None when there are none."""
    rule = indicator.rule(axis)
    return fold(
        data,
        rule,
        multiplier=Fraction(indicator.multiplier) if rule is Rule.POOLED else _ONE,
        weights=indicator.aggregation.weights,
        lower_median=indicator.measure.is_ranked,
    )


def series_of(
    indicator: Indicator, steps: Sequence[Step], over_time: OverTime, cover: Cover | None = None
) -> tuple[PeriodValue, ...]:
    """The value in every period; for a flow that is summed also the sum to date."""
    sums = indicator.accumulation is Accumulation.FLOW and indicator.rule(Axis.TIME) is Rule.SUM
    return tuple(
        PeriodValue(
            step.period,
            step.amount,
            value_to_date(indicator, steps[: position + 1], over_time, cover)[0] if sums else None,
            step.filled.carried,
        )
        for position, step in enumerate(steps)
    )
