"""The values of a table: numbers, numerators and denominators, steps of a scale, yes and no, words, and their states.

Read `figures` first. The decimal mark is settled before any number is read: by its own column, else by the table's
other columns of numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from mne.ground.catalogue import Severity
from mne.ground.phrases import phrase
from mne.logframe.indicator import Measure
from mne.reports import asking, fields
from mne.reports.cells import BLANK, Answer, Marks, decimal_marks
from mne.reports.grid import Cell, is_blank, text_of
from mne.reports.scales import HAND, doubted
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.columns import Columns
    from mne.reports.names import Names

__all__ = ["NUMBERS", "Figures", "figures", "refuse_columns", "settled"]

NUMBERS = ("value", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Figures:
    """What each row reports."""

    value: list[Decimal | None]
    numerator: list[Decimal | None]
    denominator: list[Decimal | None]
    state: list[str | None]
    text: list[str | None]
    unit: list[str | None]
    """The unit that stands in the cell of the value itself."""


def refuse_columns(columns: Columns) -> None:
    """Refuse a column of values whose declared type cannot hold any; a column of texts is only told."""
    for column in NUMBERS:
        at = columns.at(column)
        kind = columns.grid.types[at] if at is not None and at < len(columns.grid.types) else ""
        if kind == "nested" or (kind == "bool" and not _has_yes_no(columns)):
            columns.remarks.refuse("column-type", column=at, found=kind, expected=phrase("numbers"))
        elif kind == "text" and column == "value":
            columns.remarks.add("column-type", column=at, found=kind, expected=phrase("numbers"))


def _has_yes_no(columns: Columns) -> bool:
    named = asking.each(columns.cells_or_blank("indicator"), columns.names.indicators.match_cell)
    known = columns.names.plan.indicators
    ids = {answer.value for answer in named if answer.value is not None}
    return any(known[id].measure is Measure.YES_NO for id in ids)


def figures(columns: Columns, indicators: Sequence[Indicator | None]) -> Figures:
    """What each row reports, as its indicator's measure asks for."""
    marks = _marks(columns, indicators)
    numerator, denominator = (_plain(columns, indicators, name, marks[name]) for name in ("numerator", "denominator"))
    parted = [top is not None and bottom is not None for top, bottom in zip(numerator, denominator, strict=True)]
    answers, units = _answers(columns, indicators, marks["value"], parted)
    for row, answer in enumerate(answers):
        if answer.parts is not None:
            _split(columns, row, answer.parts, numerator, denominator)
    states = _states(columns, answers, numerator)
    texts = _texts(columns, answers, indicators)
    return Figures([answer.value for answer in answers], numerator, denominator, states, texts, units)


def _marks(columns: Columns, indicators: Sequence[Indicator | None]) -> dict[str, Marks]:
    """The decimal mark of each column of numbers, as the cells prove it or somebody proved it for the whole table."""
    proved = columns.proved or {
        name: decimal_marks(asking.proofs(columns.cells_or_blank(name), indicators if name == "value" else None))
        for name in NUMBERS
    }
    return settled(columns.names, proved)


def settled(names: Names, proved: Mapping[str, Marks]) -> dict[str, Marks]:
    """What the columns of numbers prove, each by itself; one that proves nothing takes what the others agree on."""
    decimals = {marks.decimal for marks in proved.values() if marks.decimal}
    shared = Marks(decimals.pop()) if len(decimals) == 1 else Marks()
    strict = names.plan.numbers == "strict"
    if names.decimal is not None:
        return dict.fromkeys(proved, Marks(names.decimal, strict=strict, fixed=True))
    return {name: replace(marks if marks.decimal else shared, strict=strict) for name, marks in proved.items()}


def _answers(
    columns: Columns, indicators: Sequence[Indicator | None], marks: Marks, parted: Sequence[bool]
) -> tuple[list[Answer[Decimal]], list[str | None]]:
    """What the column of values says, and the units in its cells.

    A share that cannot be read costs nothing where its two parts can (`parted`).
    """
    found = columns.cells("value")
    if found is None:
        return [BLANK] * columns.size, [None] * columns.size
    known = columns.names.plan.indicators

    def ask(row: tuple[str | None, Cell]) -> Answer[Decimal]:
        indicator = known[row[0]] if row[0] is not None else None
        return fields.value_cell(columns.names, indicator, row[1], marks=marks, lane=columns.grid.lane)

    if columns.grid.lane == "typed":
        # A table of our own has the words of a stage beside its rank: the words are what was reported.
        words = columns.cells_or_blank("text")
        found = [
            text if _in_words(indicator) and not is_blank(text) and isinstance(cell, (int, float, Decimal)) else cell
            for cell, text, indicator in zip(found, words, indicators, strict=True)
        ]
    ids = (each.id if each is not None else None for each in indicators)
    answers = asking.each_row(zip(ids, found, strict=True), ask)
    spared = [
        replace(answer, severity=Severity.WARNING)
        if there and answer.refused and indicator is not None and indicator.by_denominator
        else answer
        for answer, there, indicator in zip(answers, parted, indicators, strict=True)
    ]
    if columns.grid.lane in HAND:
        spared = doubted(columns, indicators, found, spared, marks)
    at = columns.at("state")
    if at is not None:
        under = columns.layout.headers[at] or "state"
        spared = [
            replace(answer, code="value-state-misplaced", expected=under)
            if answer.code == "value-missing" and answer.state is not None
            else answer
            for answer in spared
        ]
    spared, units = _with_units(columns, spared)
    columns.tell("value", found, spared)
    return spared, units


def _with_units(columns: Columns, answers: Sequence[Answer[Decimal]]) -> tuple[list[Answer[Decimal]], list[str | None]]:
    """The answers to the column of values, refused where the row says another unit, and the units that they say.

    A unit that stands above a whole table gives way to the one in a cell of it.

    Findings: number-invalid.
    """
    kept, said = list(answers), [answer.unit for answer in answers]
    if columns.grid.origins or not any(said) or columns.at("unit") is None:
        return kept, said
    told = asking.each(
        columns.cells_or_blank("unit"), lambda cell: fields.unit_cell(columns.names, columns.names.said("unit", cell))
    )
    for row, (mine, own) in enumerate(zip(said, told, strict=True)):
        if mine is not None and own.value not in (None, mine):
            expected = phrase("one number in {unit}, the unit of its row", unit=own.value)
            kept[row], said[row] = Answer(code="number-invalid", expected=expected), None
    return kept, said


def _in_words(indicator: Indicator | None) -> bool:
    return indicator is not None and (indicator.measure.is_ranked or indicator.measure is Measure.YES_NO)


def _plain(columns: Columns, indicators: Sequence[Indicator | None], name: str, marks: Marks) -> list[Decimal | None]:
    found = columns.cells(name)
    if found is None:
        return [None] * columns.size
    answers = asking.each(found, lambda cell: fields.part_cell(cell, marks=marks, lane=columns.grid.lane))
    if columns.grid.lane in HAND:
        answers = doubted(columns, indicators, found, answers, marks)
    columns.tell(name, found, answers)
    return [answer.value for answer in answers]


def _split(
    columns: Columns,
    row: int,
    parts: tuple[Decimal, Decimal],
    numerator: list[Decimal | None],
    denominator: list[Decimal | None],
) -> None:
    """Put the parts of ``15/100`` where numerator and denominator stand, if those do not say otherwise."""
    if numerator[row] in (None, parts[0]) and denominator[row] in (None, parts[1]):
        numerator[row], denominator[row] = parts
        return
    found, expected = f"{parts[0]}/{parts[1]}", f"{numerator[row]}/{denominator[row]}"
    columns.remarks.add("number-conflict", row=row, column=columns.at("value"), found=found, expected=expected)


def _states(
    columns: Columns, answers: Sequence[Answer[Decimal]], numerator: Sequence[Decimal | None]
) -> list[str | None]:
    """The state of each row: as its own column says, else what stands in for the value, else reported."""
    told = columns.values("state", lambda cell: asking.state(columns.names.said("state", cell)))
    shown = columns.cells_or_blank("value")
    states: list[str | None] = []
    for row, answer in enumerate(answers):
        said = told[row]
        state = said if said not in (None, State.REPORTED) else (answer.state or State.REPORTED)
        there = answer.value if answer.value is not None else numerator[row]
        if state is not State.REPORTED and there is not None and row not in columns.rows.broken:
            value = text_of(shown[row]) or f"{there:f}"
            columns.remarks.add("state-conflict", row=row, column=columns.at("state"), found=str(state), expected=value)
        states.append(str(state))
    return states


def _texts(
    columns: Columns, answers: Sequence[Answer[Decimal]], indicators: Sequence[Indicator | None]
) -> list[str | None]:
    """The words of each value: of its own cell; for a measure of words, of the column of texts before that."""
    texts: list[str | None] = []
    for answer, indicator, written in zip(answers, indicators, columns.words("text"), strict=True):
        of_words = indicator is not None and indicator.measure.is_text
        first, second = (written, answer.words) if of_words else (answer.words, written)
        texts.append(first if first is not None else second)
    return texts
