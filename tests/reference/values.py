"""The value of every indicator: from rows to cells, periods and the value to date, in plain loops and fractions.

Read `values` first, then `_period_value` (one period) and `_to_date` (all of them together).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from mne.logframe.indicator import Axis, Indicator
from mne.logframe.model import Logframe
from mne.logframe.periods import Period
from mne.tables.reasons import Reason
from tests.reference.cells import Book, Pair
from tests.reference.folding import Amount, fold, zero
from tests.reference.formula import evaluated, looked_up, names_in
from tests.reference.rows import completed, counted_rows, last_report

COUNTED = ("submitted", "accepted")


@dataclass(frozen=True)
class RefPeriod:
    """The value of one plan period, and how many of its expected reporters are in it."""

    state: str
    reason: str | None
    value: Fraction | None
    numerator: Fraction | None
    denominator: Fraction | None
    reported: int
    expected: int
    carried: int
    to_date: Fraction | None = None


@dataclass(frozen=True)
class RefIndicator:
    """The value to date, and the periods that ended by then, by label."""

    state: str
    reason: str | None
    value: Fraction | None
    numerator: Fraction | None
    denominator: Fraction | None
    reported: int
    expected: int
    carried: int
    as_of: str | None
    periods: dict[str, RefPeriod]


@dataclass(frozen=True)
class ReferenceValues:
    """Every indicator's value by its id, as at `until` (None: nobody reported anything)."""

    until: dt.date | None
    indicators: dict[str, RefIndicator]


@dataclass(frozen=True)
class _Asked:
    """What was asked for, and of which rows."""

    plan: Logframe
    rows: list[dict[str, Any]]
    known_by: dt.date | None
    statuses: tuple[str, ...]


def values(
    plan: Logframe,
    rows: Iterable[Mapping[str, Any]],
    *,
    until: dt.date | None = None,
    known_by: dt.date | None = None,
    statuses: tuple[str, ...] = COUNTED,
) -> ReferenceValues:
    """The value of every indicator of `plan` from dict rows with the canonical columns."""
    asked = _Asked(plan, completed(rows), known_by, statuses)
    if until is None:
        until = last_report(plan, asked.rows, known_by=known_by, statuses=statuses)
    return ReferenceValues(until, {each.id: _indicator(asked, each, until) for each in plan.indicators.values()})


def _indicator(asked: _Asked, indicator: Indicator, until: dt.date | None, *, series: bool = True) -> RefIndicator:
    ended = [] if until is None else [each for each in asked.plan.periods_of(indicator) if each.last_day <= until]
    if not ended:
        return _plus_periods(_none("not_due", Reason.NOT_YET_DUE, 0, 0), None, {})
    if indicator.formula is not None:
        found = _formula(asked, indicator, ended)
    else:
        rows = counted_rows(
            asked.plan, indicator, asked.rows, until=until, known_by=asked.known_by, statuses=asked.statuses
        )
        book = Book.of(asked.plan, indicator, ended, rows)
        if indicator.measure.is_text:
            found = _text(book)
        else:
            periods = {each.label: _period_value(book, index) for index, each in enumerate(ended)}
            found = _to_date(book, periods)
    if series and indicator.accumulation == "flow" and indicator.rule(Axis.TIME) == "sum":
        # What the value to date was on each period's last day: asked again, from the rows.
        sums = {each.label: _indicator(asked, indicator, each.last_day, series=False).value for each in ended}
        periods = {label: replace(period, to_date=sums[label]) for label, period in found.periods.items()}
        found = replace(found, periods=periods)
    return found


# --- small makers ------------------------------------------------------------------------------------------------


def _none(state: str, reason: str, reported: int, expected: int, carried: int = 0) -> RefPeriod:
    return RefPeriod(state, str(reason), None, None, None, reported, expected, carried)


def _found(indicator: Indicator, amount: Amount, reported: int, expected: int, carried: int = 0) -> RefPeriod:
    """An amount with its coverage, which withholds the number when it is below the indicator's minimum."""
    if not amount.defined:
        # 5 over 0 has no value, yet its two sides still count where they are pooled with others.
        sides = (amount.numerator, amount.denominator)
        return RefPeriod("undefined", amount.reason, None, *sides, reported, expected, carried)
    least = indicator.min_coverage
    if least is not None and expected and Fraction(reported, expected) < Fraction(least):
        return _none("undefined", Reason.COVERAGE_BELOW_MINIMUM, reported, expected, carried)
    return RefPeriod("reported", None, amount.value, amount.numerator, amount.denominator, reported, expected, carried)


def _amount(period: RefPeriod) -> Amount:
    return Amount(period.value, period.numerator, period.denominator, period.reason)


def _plus_periods(found: RefPeriod, as_of: str | None, periods: dict[str, RefPeriod]) -> RefIndicator:
    return RefIndicator(
        found.state,
        found.reason,
        found.value,
        found.numerator,
        found.denominator,
        found.reported,
        found.expected,
        found.carried,
        as_of,
        periods,
    )


# --- one period ----------------------------------------------------------------------------------------------------


def _filled(book: Book, index: int) -> tuple[dict[Pair, Amount], set[Pair], set[Pair]]:
    """The cells of a period with its gaps filled as the indicator says; the pairs carried; the gaps left."""
    period = book.ended[index]
    cells = dict(book.cells[period.label])
    gaps = _expected(book, index) - set(cells)
    stay = _stay(book, index)
    carried: set[Pair] = set()
    for pair in sorted(gaps):
        if book.indicator.missing == "zero" and pair not in stay:
            cells[pair] = zero(book.indicator)
        elif book.indicator.missing == "carry_forward" and book.indicator.accumulation != "flow":
            known = _known(book, pair, index)
            if known is not None:
                cells[pair] = known
                carried.add(pair)
    # Those who are gone keep their totals; by themselves they make no period, unless silent ones are carried too.
    if cells or (book.indicator.missing == "carry_forward" and _expected(book, index)):
        for pair in stay:
            cells[pair] = _known(book, pair, index)
            if pair in gaps:
                carried.add(pair)
    # A total that stays does not stand in for the last report of it where every report is asked for.
    return cells, carried, gaps if book.indicator.missing == "propagate" else gaps - carried


def _known(book: Book, pair: Pair, index: int) -> Amount | None:
    """The newest cell of a pair before a period."""
    for each in reversed(book.ended[:index]):
        if pair in book.cells[each.label]:
            return book.cells[each.label][pair]
    return None


def _stay(book: Book, index: int) -> list[Pair]:
    """Reporters of a running total who are not asked any more, and have a total."""
    if book.indicator.accumulation != "running_total":
        return []
    asked = book.expected(book.ended[index])
    pairs = sorted({pair for each in book.ended[:index] for pair in book.cells[each.label]})
    return [pair for pair in pairs if pair not in asked]


def _expected(book: Book, index: int) -> set[Pair]:
    """Who should have reported; and of a running total those who left and whose last report never came."""
    here = book.ended[index]
    asked = book.expected(here)
    if not asked or book.indicator.accumulation != "running_total":
        return asked
    owing = set()
    for pair in sorted({pair for each in book.ended[:index] for pair in book.expected(each)}):
        last = [each for each in book.ended[:index] if pair in book.expected(each)][-1]
        if pair not in asked and pair not in book.cells[last.label]:
            owing.add(pair)
    return asked | owing


def _counts(cell: Amount) -> bool:
    """Whether it is a number, or two sides that could be pooled."""
    return cell.defined or cell.denominator is not None


def _period_value(book: Book, index: int) -> RefPeriod:
    label = book.ended[index].label
    indicator = book.indicator
    expected = _expected(book, index)
    reported = book.cells[label]
    if not expected and (book.excused[label] or indicator.assignments):
        # Nobody had to report: the period does not apply to them, or nobody was assigned to it yet.
        return _excused(list(book.excused[label].values()) or ["not_due"])
    cells, carried, gaps = _filled(book, index)
    numbers = (len(reported), len(expected), len(carried))
    if not reported and not carried and label in book.refused:
        return _none("undefined", Reason.UNIT_NOT_CONVERTIBLE, *numbers)
    if indicator.missing == "propagate" and gaps:
        return _none("missing", Reason.INCOMPLETE, *numbers)
    if not cells:
        return _none("missing", Reason.NO_REPORTS, *numbers)
    amount = _across_reporters(indicator, cells)
    return _found(indicator, amount, *(_behind(book, index) if amount.defined else numbers))


def _behind(book: Book, index: int) -> tuple[int, int, int]:
    """The coverage of a number: reports of which none can be made are not behind it."""
    cells, carried, _ = _filled(book, index)
    reported = book.cells[book.ended[index].label]
    return (
        sum(1 for pair in reported if _counts(reported[pair])),
        len(_expected(book, index)),
        sum(1 for pair in carried if _counts(cells[pair])),
    )


def _excused(states: list[str]) -> RefPeriod:
    """The state of what nobody has to report: not applicable to all, or else not due yet."""
    if all(state == "not_applicable" for state in states):
        return _none("not_applicable", Reason.NOT_APPLICABLE, 0, 0)
    return _none("not_due", Reason.NOT_YET_DUE, 0, 0)


def _axes(indicator: Indicator) -> list[Axis]:
    """Locations, partners and time in the order in which they are folded."""
    default = [Axis.LOCATIONS, Axis.PARTNERS]
    default = [*default, Axis.TIME] if indicator.accumulation == "flow" else [Axis.TIME, *default]
    declared = [axis for axis in indicator.order if axis in default]
    return declared + [axis for axis in default if axis not in declared]


def _across_reporters(indicator: Indicator, cells: dict[Pair, Amount]) -> Amount:
    in_order = [cells[pair] for pair in sorted(cells)]
    if not any(cell.defined or cell.has_fraction for cell in in_order):
        return in_order[0]
    axes = [axis for axis in _axes(indicator) if axis != Axis.TIME]
    return _fold_axes(indicator, axes, {(partner, place, ""): cell for (partner, place), cell in cells.items()})


def _fold_axes(indicator: Indicator, axes: list[Axis], cells: dict[tuple[str, str, str], Amount]) -> Amount:
    """Cells by (partner, location, period) folded along one axis after the other."""
    place_of = {Axis.PARTNERS: 0, Axis.LOCATIONS: 1, Axis.TIME: 2}
    for axis in axes:
        at = place_of[axis]
        groups: dict[tuple[str, str, str], list[tuple[str, Amount]]] = {}
        for key in sorted(cells):
            rest = (*key[:at], "", *key[at + 1 :])
            groups.setdefault(rest, []).append((key[at], cells[key]))
        cells = {rest: fold(indicator, axis, items) for rest, items in groups.items()}
    (only,) = cells.values()
    return only


# --- to date -------------------------------------------------------------------------------------------------------


def _to_date(book: Book, periods: dict[str, RefPeriod]) -> RefIndicator:
    indicator = book.indicator
    excused = ("not_applicable", "not_due")
    counted = [index for index, each in enumerate(book.ended) if periods[each.label].state not in excused]
    if not counted:
        return _plus_periods(_excused([each.state for each in periods.values()]), None, periods)
    labels = [book.ended[index].label for index in counted]
    last = labels[-1]

    if indicator.rule(Axis.TIME) == "latest":
        if indicator.missing == "skip":
            told = [label for label in labels if periods[label].state != "missing"]
            if not told:
                nothing = _none("missing", Reason.NO_REPORTS, 0, periods[last].expected)
                return _plus_periods(nothing, None, periods)
            last = told[-1]
        return _plus_periods(periods[last], last, periods)

    reported = sum(periods[label].reported for label in labels)
    expected = sum(periods[label].expected for label in labels)
    carried = sum(periods[label].carried for label in labels)
    if _axes(indicator)[-1] == Axis.TIME:
        found = _time_last(indicator, [(label, periods[label]) for label in labels], reported, expected, carried)
    else:
        found = _time_earlier(book, counted, reported, expected, carried)
    return _plus_periods(found, last, periods)


def _time_last(
    indicator: Indicator, periods: list[tuple[str, RefPeriod]], reported: int, expected: int, carried: int
) -> RefPeriod:
    if any(period.reason == Reason.INCOMPLETE for _, period in periods):
        return _none("missing", Reason.INCOMPLETE, reported, expected, carried)
    told = [(label, _amount(period)) for label, period in periods if period.state != "missing"]
    if not told:
        return _none("missing", Reason.NO_REPORTS, reported, expected, carried)
    amount = fold(indicator, Axis.TIME, told)
    if amount.defined:
        # Only the periods that are in the number: those without a value add nothing to it.
        behind = [period for _, period in periods if _counts(_amount(period))]
        reported = sum(period.reported for period in behind)
        carried = sum(period.carried for period in behind)
    return _found(indicator, amount, reported, expected, carried)


def _time_earlier(book: Book, counted: list[int], reported: int, expected: int, carried: int) -> RefPeriod:
    """Time folded for each reporter (or each partner, or each location) before these are brought together."""
    cells: dict[tuple[str, str, str], Amount] = {}
    incomplete = False
    for index in counted:
        filled, _, gaps = _filled(book, index)
        incomplete = incomplete or bool(gaps)
        for (partner, place), amount in filled.items():
            # The start of a period as text sorts as time does, which labels need not.
            cells[partner, place, book.ended[index].start.isoformat()] = amount
    if not reported and not carried and any(book.ended[index].label in book.refused for index in counted):
        return _none("undefined", Reason.UNIT_NOT_CONVERTIBLE, reported, expected, carried)
    if book.indicator.missing == "propagate" and incomplete:
        return _none("missing", Reason.INCOMPLETE, reported, expected, carried)
    if not cells:
        return _none("missing", Reason.NO_REPORTS, reported, expected, carried)
    amount = _fold_axes(book.indicator, _axes(book.indicator), cells)
    if amount.defined:
        reported, expected, carried = (
            sum(numbers) for numbers in zip(*(_behind(book, i) for i in counted), strict=True)
        )
    return _found(book.indicator, amount, reported, expected, carried)


# --- words and formulas ----------------------------------------------------------------------------------------------


def _text(book: Book) -> RefIndicator:
    """Nominal and narrative: collected, never computed."""
    periods: dict[str, RefPeriod] = {}
    for period in book.ended:
        reported = len(book.cells[period.label])
        expected = len(book.expected(period))
        if reported:
            periods[period.label] = _none("undefined", Reason.TEXT_ONLY, reported, expected)
        elif not expected and book.excused[period.label]:
            periods[period.label] = _excused(list(book.excused[period.label].values()))
        else:
            periods[period.label] = _none("missing", Reason.NO_REPORTS, reported, expected)
    told = [label for label, period in periods.items() if period.state == "undefined"]
    if told:
        return _plus_periods(periods[told[-1]], told[-1], periods)
    due = [period for period in periods.values() if period.state == "missing"]
    if due:
        return _plus_periods(_none("missing", Reason.NO_REPORTS, 0, due[-1].expected), None, periods)
    return _plus_periods(_excused([each.state for each in periods.values()]), None, periods)


def _formula(asked: _Asked, indicator: Indicator, ended: list[Period]) -> RefIndicator:
    names = names_in(indicator.formula)
    return computed(
        indicator, ended, {name: _indicator(asked, asked.plan.indicators[name], ended[-1].last_day) for name in names}
    )


def computed(indicator: Indicator, ended: list[Period], operands: Mapping[str, RefIndicator]) -> RefIndicator:
    """A formula over the values of each period, and then over time as its own indicator is counted."""
    labels = [each.label for each in ended]
    periods = {}
    for at, label in enumerate(labels):
        read = {}
        for name, back in looked_up(indicator.formula):
            found = operands[name].periods.get(labels[at - back]) if at >= back else None
            read[name if not back else f"{name}-{back}"] = found
        periods[label] = _computed(indicator, read)
    rule = indicator.rule(Axis.TIME)
    if rule == "pooled":
        ends = [value.as_of for value in operands.values() if value.as_of is not None]
        as_of = max(ends, key=labels.index) if ends else None
        return _plus_periods(_computed(indicator, operands), as_of, periods)
    if rule == "latest":
        told = [label for label in labels if periods[label].state != "missing"]
        if indicator.missing == "propagate" or not told:
            return _plus_periods(periods[labels[-1]], labels[-1] if indicator.missing == "propagate" else None, periods)
        return _plus_periods(periods[told[-1]], told[-1], periods)
    everyone = [sum(getattr(each, name) for each in periods.values()) for name in ("reported", "expected", "carried")]
    if indicator.missing == "propagate" and any(each.state == "missing" for each in periods.values()):
        return _plus_periods(_none("missing", Reason.INCOMPLETE, *everyone), labels[-1], periods)
    told = [(label, _amount(each)) for label, each in periods.items() if each.state != "missing"]
    if not told:
        return _plus_periods(_none("missing", Reason.FORMULA_OPERAND_MISSING, *everyone), labels[-1], periods)
    amount = fold(indicator, Axis.TIME, told)
    if not amount.defined:
        return _plus_periods(_found(indicator, amount, *everyone), labels[-1], periods)
    cells: dict[tuple[str, str], tuple[RefPeriod, bool]] = {}
    for at, label in enumerate(labels):
        for name, back in looked_up(indicator.formula):
            if at >= back and labels[at - back] in operands[name].periods:
                key = (name, labels[at - back])
                used = periods[label].value is not None or (key in cells and cells[key][1])
                cells[key] = (operands[name].periods[labels[at - back]], used)
    expected = sum(each.expected for each, _ in cells.values())
    behind = [each for each, used in cells.values() if used and _counts(_amount(each))]
    numbers = (sum(each.reported for each in behind), expected, sum(each.carried for each in behind))
    return _plus_periods(_found(indicator, amount, *numbers), labels[-1], periods)


def _computed(indicator: Indicator, operands: Mapping[str, RefPeriod | RefIndicator | None]) -> RefPeriod:
    there = [each for each in operands.values() if each is not None]
    numbers = (
        sum(each.reported for each in there),
        sum(each.expected for each in there),
        sum(each.carried for each in there),
    )
    if len(there) < len(operands) or any(each.state not in ("reported", "undefined") for each in there):
        return _none("missing", Reason.FORMULA_OPERAND_MISSING, *numbers)
    for each in there:
        if each.state == "undefined":
            return _none("undefined", each.reason, *numbers)
    value = evaluated(indicator.formula, {name: each.value for name, each in operands.items() if each is not None})
    if value is None:
        return _none("undefined", Reason.FORMULA_DIVISION_BY_ZERO, *numbers)
    return _found(indicator, Amount(value), *numbers)
