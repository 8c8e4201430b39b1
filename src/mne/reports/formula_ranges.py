"""Formulas over a list that end above its last lines: ``=COUNTA(Annex!B5:B14)`` where the list goes on to row 16.

Read `note_short_ranges` first. Somebody added lines to a list and not to the formula that counts them. Asked are
formulas that count or add up one list on another sheet, or in other columns; what another formula of the workbook
counts is no line that was forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from mne.ground.phrases import phrase
from mne.ground.sheets import column_letters, column_number
from mne.reports.grid import is_blank
from mne.reports.sums import plain_number

if TYPE_CHECKING:
    from mne.reports.grid import Cell, Grid

__all__ = ["note_short_ranges"]

_FORMULA: Final = "cell-formula"
_OVER: Final = re.compile(
    r"=\s*\+?(?P<name>COUNTA|COUNT|SUM)\(\s*(?:(?P<sheet>'(?:[^']|'')+'|[^'!(),:\s]+)!)?"
    r"\$?(?P<column>[A-Z]{1,3})\$?(?P<first>[0-9]{1,7}):\$?(?P<other>[A-Z]{1,3})\$?(?P<last>[0-9]{1,7})\s*\)\s*",
    re.IGNORECASE,
)
_FEWEST: Final = 2
"""So many lines make a list."""
_MOST: Final = 1_000
"""Lines that are counted beyond a range; what is longer is no list that was forgotten."""
_WIDTH: Final = 2
"""Cells of a line that make it one of a list, where more stand in the lines above it."""


class _Range(NamedTuple):
    """The cells of one column of a sheet that a formula counts or adds up, by the numbers of their rows."""

    name: str
    sheet: str
    column: int
    first: int
    last: int


def note_short_ranges(grids: Sequence[Grid]) -> None:
    """Have the notes of a workbook's sheets say which formulas leave out the last lines of their list.

    Findings: formula-leaves-out.
    """
    sheets = {(grid.sheet or "").casefold(): grid for grid in grids}
    ranges = {
        (at, note): told
        for at, grid in enumerate(grids)
        for note in grid.notes
        if note.code == _FORMULA and (told := _range_of(note.found, grid.sheet or "")) is not None
    }
    for (at, note), told in ranges.items():
        there = sheets.get(told.sheet)
        if there is None or (there is grids[at] and note.column == told.column):
            continue
        rows = [*_left_out(there, told)]
        others = [each for each in ranges.values() if (each.sheet, each.column) == (told.sheet, told.column)]
        if not rows or any(each.first <= row <= each.last for each in others for row in rows):
            continue
        short = replace(note, code="formula-leaves-out", expected=_expected(there, told, rows, same=there is grids[at]))
        grids[at].notes = [short if each is note else each for each in grids[at].notes]


def _range_of(formula: str, own: str) -> _Range | None:
    found = _OVER.fullmatch(formula)
    if found is None or found["column"].upper() != found["other"].upper():
        return None
    sheet = (found["sheet"] or own).strip("'").replace("''", "'") if found["sheet"] else own
    column = column_number(found["column"].upper()) - 1
    return _Range(found["name"].upper(), sheet.casefold(), column, int(found["first"]), int(found["last"]))


def _left_out(grid: Grid, told: _Range) -> Iterator[int]:
    """The numbers of the rows right beneath a range that look like the lines in it."""
    if told.column >= len(grid.columns):
        return
    at = {number: position for position, number in enumerate(grid.numbers)}
    inside = [at[row] for row in range(told.first, min(told.last, told.first + _MOST) + 1) if row in at]
    column = grid.columns[told.column]
    if len(inside) < _FEWEST or not all(_counts(column[each], told) for each in inside):
        return
    formulas = {note.row for note in grid.notes if note.column == told.column}
    usual = min(sum(not is_blank(each[row]) for each in grid.columns) for row in inside)
    for row in range(told.last + 1, told.last + 1 + _MOST):
        position = at.get(row)
        if position is None or row in formulas or not _counts(column[position], told):
            return
        if sum(not is_blank(each[position]) for each in grid.columns) < max(usual, _WIDTH):
            return
        yield row


def _counts(cell: Cell, told: _Range) -> bool:
    """Whether a cell is one that the function counts."""
    number = plain_number(cell) if not isinstance(cell, str) else None
    return not is_blank(cell) and (told.name == "COUNTA" or number is not None)


def _expected(grid: Grid, told: _Range, rows: Sequence[int], *, same: bool) -> str:
    """What the formula would give with the lines that it leaves out, and where these are."""
    at = {number: position for position, number in enumerate(grid.numbers)}
    cells = [grid.columns[told.column][at[row]] for row in (*range(told.first, told.last + 1), *rows) if row in at]
    filled = [cell for cell in cells if _counts(cell, told)]
    numbers = (plain_number(cell) or Decimal(0) for cell in filled)
    made = Decimal(len(filled)) if told.name != "SUM" else sum(numbers, Decimal(0))
    letters = column_letters(told.column + 1)
    spot = f"{letters}{rows[0]}" if len(rows) == 1 else f"{letters}{rows[0]}:{letters}{rows[-1]}"
    figure = format(made.normalize(), "f") if made else "0"
    if same:
        return phrase("{figure}, with {cells}", figure=figure, cells=spot)
    return phrase("{figure}, with {cells} of the sheet {sheet}", figure=figure, cells=spot, sheet=grid.sheet or "")
