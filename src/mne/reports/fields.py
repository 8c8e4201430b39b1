"""The parts of a row that need the plan to be understood: its period, its value, its unit.

Each function answers one distinct cell, or combination of cells; `table` asks once for each and spreads the answers
over the rows. Read `period` and `value_cell` first.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from mne.ground.catalogue import Severity
from mne.ground.phrases import either, phrase
from mne.logframe.indicator import Measure
from mne.reports import cells, dates
from mne.reports.cells import BLANK, Answer, Marks
from mne.reports.grid import Cell, Flaw, Lane, Percent, is_blank, text_of
from mne.reports.period_text import PeriodAnswer
from mne.reports.unit_lines import says_its_measure
from mne.reports.with_units import number_with_unit
from mne.reports.words import STATES, folded
from mne.tables.observations import State
from mne.tables.plan import WHOLE

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.periods import Frequency, Period
    from mne.reports.names import Names

__all__ = [
    "PeriodCells",
    "PeriodFound",
    "covered",
    "day_cell",
    "number_cell",
    "part_cell",
    "period",
    "unit_cell",
    "value_cell",
]

_OF: Final = re.compile(r"(\d{1,9}) ?(?:/|of|out of|sur|из|аз) ?(\d{1,9})", re.IGNORECASE)
_SHORT: Final = 40
"""How much of a cell two numbers with a word between them take."""

_PARTS: Final = re.compile(r"[|;,]")
_FITTING: Final = 4
"""Units that are named where one was not understood."""


# ---------------------------------------------------------------------------------------------------------- periods


@dataclass(frozen=True, slots=True)
class PeriodCells:
    """The cells of one row that say its period; None where there is no such column."""

    label: Cell = None
    year: Cell = None
    start: Cell = None
    end: Cell = None


@dataclass(frozen=True, slots=True)
class PeriodFound:
    """The dates of a row, and what is to be said of the columns that they come from."""

    start: dt.date | None = None
    last: dt.date | None = None
    label: str | None = None
    named: bool = False
    said: tuple[tuple[str, Answer[Any]], ...] = ()


def day_cell(cell: Cell, *, first: bool | None, epoch: int, moment: bool = False) -> Answer[dt.date]:
    """The day in a cell, typed or as text; `moment`: that on which something happened, wherever it was."""
    if isinstance(cell, str):
        return dates.day(cell, first=first, epoch=epoch, moment=moment)
    if is_blank(cell):
        return covered(cell)
    if isinstance(cell, Flaw):
        return Answer(code=cell.code, expected=cell.expected or phrase("a day"), suggestion=cell.suggestion)
    return (
        Answer(code="date-invalid", expected=phrase("a day"))
        if isinstance(cell, Percent)
        else dates.typed_day(cell, epoch=epoch, moment=moment)
    )


def period(
    names: Names,
    row: PeriodCells,
    *,
    frequency: Frequency | None,
    first: tuple[bool | None, bool | None],
    epoch: int,
    given: Period | None,
    compared: bool = False,
) -> PeriodFound:
    """The period of a row, from its label, its first and last day, or what the caller gave.

    With `compared` a period before the given one is read: its figures are what those of the given one are beside.

    Findings: period-missing, period-unknown, period-conflict, period-other, period-earlier, and those of the days and
    labels.
    """
    said: list[tuple[str, Answer[Any]]] = []
    start = _bound("period_start", row.start, epoch, said, first=first[0])
    end = _bound("period_end", row.end, epoch, said, first=first[1])
    refused = bool(said)
    label = _label(names, row, frequency, epoch)
    found = PeriodFound()
    if label is not None and label.code is None:
        if start is not None and end is not None and (start, end) != (label.start, label.last):
            expected = phrase(
                "{start} to {last}, which is {label}", start=label.start, last=label.last, label=label.label
            )
            said.append(("period_start", Answer(code="period-conflict", expected=expected)))
        found = PeriodFound(label.start, label.last, label.label, named=True)
    elif start is not None and end is not None:
        if label is not None:
            said.append(("period", _told(label, severity=Severity.WARNING)))
        bounds = names.periods.of_bounds(start, end, frequency=frequency)
        if bounds.code is not None:
            said.append(("period_end", _told(bounds)))
        found = PeriodFound(bounds.start, bounds.last, bounds.label)
    elif label is not None:
        said.append(("period", _told(label)))
    elif given is not None and start is None and end is None and not refused:
        found = PeriodFound(given.start, given.last_day, given.label, named=True)
    elif not refused:
        absent = "period" if start is None and end is None else "period_start" if start is None else "period_end"
        said.append((absent, Answer(code="period-missing", expected=phrase("the period that is reported on"))))
    if given is not None and found.last is not None and not _within(found, given):
        code = "period-earlier" if compared and found.last < given.start else "period-other"
        said.append(("period", Answer(code=code, expected=given.label)))
    return PeriodFound(found.start, found.last, found.label, found.named, tuple(said))


def _within(found: PeriodFound, given: Period) -> bool:
    """Whether a period lies in the one of the report, or is a longer one that ends with it: the half-year in June."""
    if found.start is None or found.last is None:
        return False
    ends = found.start <= given.start and found.last == given.last_day
    return ends or (given.start <= found.start and found.last <= given.last_day)


def _told(answer: PeriodAnswer, *, severity: Severity | None = None) -> Answer[Any]:
    return Answer(code=answer.code, expected=answer.expected, suggestion=answer.suggestion, severity=severity)


def _bound(
    column: str,
    cell: Cell,
    epoch: int,
    said: list[tuple[str, Answer[Any]]],
    *,
    first: bool | None,
) -> dt.date | None:
    answer = day_cell(cell, first=first, epoch=epoch)
    if answer.code is not None and answer.state is None:
        said.append((column, answer))
    return answer.value


def _label(names: Names, row: PeriodCells, frequency: Frequency | None, epoch: int) -> PeriodAnswer | None:
    cell, year = row.label, row.year
    if is_blank(cell) and not isinstance(cell, Flaw):
        cell, year = year, None
    if isinstance(cell, Flaw):
        return PeriodAnswer(code=cell.code, expected=cell.expected, suggestion=cell.suggestion)
    if is_blank(cell):
        return None
    if isinstance(cell, Percent):
        return PeriodAnswer(code="period-unknown", expected=phrase("a period such as 2025-Q1"))
    shown = text_of(cell) or ""
    if not is_blank(year) and not re.search(r"[0-9]{4}", shown):
        return names.periods.read(f"{shown} {text_of(year)}", frequency=frequency)
    if isinstance(cell, str):
        return names.periods.read(cell, frequency=frequency)
    return names.periods.typed(cell, frequency=frequency, epoch=epoch)


# ------------------------------------------------------------------------------------------------- numbers and values


def covered(cell: Cell) -> Answer[Any]:
    """What a blank cell says; one that lies under a merged cell only looks filled."""
    return Answer(code="cell-merged", suggestion=cell.suggestion) if isinstance(cell, Flaw) else BLANK


def number_cell(
    cell: Cell, *, marks: Marks, lane: Lane, percent: bool = False, fraction: bool = False
) -> Answer[Decimal]:
    """The number in a cell, typed or as text."""
    match cell:
        case str():
            answer = cells.number(cell, marks=marks, percent=percent, fraction=fraction)
            if lane == "workbook" and answer.value is not None and answer.code is None:
                shape = cells.shape_of(cell)
                plain = shape is not None and not shape.doubtful and not shape.strange
                severity = Severity.INFO if plain else Severity.WARNING
                return replace(answer, code="number-text", expected=f"{answer.value:f}", severity=severity)
            return answer
        case _ if is_blank(cell):
            # Whose figure a merged one is cannot be told; it does not stand for each of its cells.
            return Answer(code="cell-merged") if isinstance(cell, Flaw) else BLANK
        case Flaw(code, _, expected, suggestion):
            told = "number-invalid" if code == "cell-nested" else code
            return Answer(code=told, expected=expected or phrase("a number"), suggestion=suggestion)
        case Percent(shown):
            if percent:
                return cells.typed_number(shown)
            return Answer(code="number-invalid", expected=phrase("a plain number: the cell is a percentage"))
        case dt.date():
            return Answer(code="number-date", expected=phrase("a number"))
        case _:
            return cells.typed_number(cell, stored_as_double=lane in ("workbook", "json"))


def part_cell(cell: Cell, *, marks: Marks, lane: Lane) -> Answer[Decimal]:
    """What the cell of a numerator or of a denominator says."""
    answer = number_cell(cell, marks=marks, lane=lane)
    both = in_two_cells(cell) if answer.code in ("number-invalid", "number-date") and isinstance(cell, str) else None
    return both or answer


def value_cell(names: Names, indicator: Indicator | None, cell: Cell, *, marks: Marks, lane: Lane) -> Answer[Decimal]:
    """What the value's cell says, as the indicator's measure asks: a number, a step of a scale, yes or no, or words."""
    if indicator is None:
        answer = number_cell(cell, marks=marks, lane=lane, percent=True, fraction=True)
        return Answer(value=answer.value)
    measure = indicator.measure
    if measure is Measure.YES_NO:
        return _yes_no(names, indicator, cell)
    if measure.is_ranked or (measure is Measure.NOMINAL and indicator.scale):
        return _stage(names, indicator, cell)
    if measure.is_text:
        return _words(cell)
    answer = number_cell(cell, marks=marks, lane=lane, percent=measure is Measure.PERCENTAGE, fraction=measure.is_ratio)
    if answer.code == "number-date" and isinstance(cell, dt.date) and not _in_whole_things(indicator):
        return replace(answer, suggestion=_day_and_month(cell))
    if answer.code == "number-invalid" and measure.is_ratio and isinstance(cell, str):
        answer = in_two_cells(cell) or answer
    if measure in (Measure.NUMBER, Measure.CURRENCY) and answer.code == "number-invalid" and _is_share(cell):
        # Without its sign a share would pass for so many.
        return replace(answer, expected=_how_many(indicator.unit))
    if answer.code == "number-invalid" and isinstance(cell, str):
        return number_with_unit(names, indicator, cell, marks=marks) or answer
    return answer


def _in_whole_things(indicator: Indicator) -> bool:
    """Whether whole things are counted, so that a day cannot have come of a decimal."""
    return indicator.measure is Measure.NUMBER and indicator.unit in WHOLE


def _day_and_month(day: dt.date) -> str | None:
    """The decimal of which a workbook makes this day where days come first: 11.5 becomes the 11th of May.

    The first of a month can come of two numbers, a day and a month or a month and a year.
    """
    return f"{day.day}.{day.month}" if day.day > 1 else None


def in_two_cells(text: str) -> Answer[Decimal] | None:
    """What is said of a numerator and a denominator in one cell, such as ``63 of 82``; None for other texts."""
    found = _OF.fullmatch(" ".join(text.split())) if len(text) <= _SHORT else None
    if found is None:
        return None
    both = phrase(
        "one number: write {numerator} as the numerator and {denominator} as the denominator, each in its own cell",
        numerator=found[1],
        denominator=found[2],
    )
    return Answer(code="number-invalid", expected=both)


def _is_share(cell: Cell) -> bool:
    if isinstance(cell, Percent):
        return True
    shape = cells.shape_of(cell) if isinstance(cell, str) else None
    return shape is not None and shape.percent


def _how_many(unit: str | None) -> str:
    if unit is None:
        return phrase("an amount: how many are asked for, and not what share of them")
    return phrase("an amount in {unit}: how many are asked for, and not what share of them", unit=unit)


def _yes_no(names: Names, indicator: Indicator, cell: Cell) -> Answer[Decimal]:
    if isinstance(cell, Flaw):
        return (
            covered(cell) if is_blank(cell) else Answer(code=cell.code, expected=cell.expected or phrase("yes or no"))
        )
    if is_blank(cell):
        return BLANK
    answer = cells.yes_no(cell)
    value = None if answer.value is None else Decimal(int(answer.value))
    words = text_of(cell) if value is not None else None
    expected = answer.expected
    if answer.code == "yes-no-invalid" and (other := _answered(names, indicator, cell)) is not None:
        expected = phrase("yes or no, or the code {code}, of which this can be the answer", code=other)
    return Answer(value, answer.code, expected, severity=answer.severity, state=answer.state, words=words)


def _answered(names: Names, indicator: Indicator, cell: Cell) -> str | None:
    """The one indicator next to another in the plan, in whose row a cell would name a stage."""
    codes = [*names.plan.indicators]
    at = codes.index(indicator.id)
    beside = [names.plan.indicators[code] for code in (*codes[max(at - 1, 0) : at], *codes[at + 1 : at + 2])]
    fitting = [each.id for each in beside if each.scale and names.stages(each).match_cell(cell).value is not None]
    return fitting[0] if len(fitting) == 1 else None


def _stage(names: Names, indicator: Indicator, cell: Cell) -> Answer[Decimal]:
    if is_blank(cell):
        return covered(cell)
    answer = names.stages(indicator).match_cell(cell)
    if answer.value is not None:
        rank = indicator.rank(answer.value)
        ranked = indicator.measure.is_ranked and rank is not None
        words = (text_of(cell) or "").strip() if ranked else answer.value
        return Answer(Decimal(rank or 0) if ranked else None, answer.code, answer.expected, words=words)
    if isinstance(cell, str) and (stands := _placeholder(cell)) is not None:
        return stands
    if answer.code == "code-numeric":
        # The steps by name: 2 of a scale may count from nought, from one, or from the top.
        return Answer(code="ref-unknown-stage", expected=names.stages(indicator).expected)
    return Answer(code=answer.code, expected=answer.expected, suggestion=answer.suggestion)


def _words(cell: Cell) -> Answer[Decimal]:
    if is_blank(cell):
        return covered(cell)
    if isinstance(cell, Flaw):
        return Answer(code=cell.code, expected=cell.expected or "words", suggestion=cell.suggestion)
    if isinstance(cell, str) and (stands := _placeholder(cell)) is not None:
        return stands
    return Answer(words=(text_of(cell) or "").strip())


def _placeholder(text: str) -> Answer[Decimal] | None:
    known = cells.state(text).value
    if known is None or known is State.REPORTED:
        return None
    return Answer(code="value-missing", expected=phrase("a value"), severity=Severity.WARNING, state=known)


def unit_cell(names: Names, cell: Cell, indicator: Indicator | None = None) -> Answer[str]:
    """The unit that a word means; a dash or ``N/A`` says that there is none. What would fit is told of an `indicator`.

    Findings: unit-invalid, unit-ambiguous.
    """
    if is_blank(cell):
        return covered(cell)
    if isinstance(cell, Flaw):
        return Answer(code=cell.code, expected=cell.expected or phrase("a unit"), suggestion=cell.suggestion)
    shown = cells.clean(text_of(cell) or "")
    unit = names.units.resolve(shown)
    if unit is not None:
        return Answer(value=unit)
    if folded(shown) in STATES or (indicator is not None and says_its_measure(indicator, shown)):
        return BLANK
    code = "unit-ambiguous" if names.units.ambiguous(shown) else "unit-invalid"
    if indicator is not None and indicator.unit is not None:
        return Answer(code=code, expected=either(names.units.fitting(indicator.unit)[:_FITTING]))
    return Answer(code=code, expected=phrase("a unit of the logframe, such as person, kg or percent"))
