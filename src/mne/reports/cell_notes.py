"""What a file has to say of single cells that were read all the same: formulas, hidden rows and columns.

Read `tell_notes` first. A formula is nothing to mend, unless it takes the figure over from another period's cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mne.ground.sheets import column_letters, column_number
from mne.reports.grid import Note

if TYPE_CHECKING:
    from mne.reports.grid import Grid
    from mne.reports.headers import Layout
    from mne.reports.remarks import Remarks

__all__ = ["tell_notes"]

_FORMULA: Final = "cell-formula"
_ANOTHER_CELL: Final = re.compile(r"=\s*\+?\$?([A-Z]{1,3})\$?([0-9]{1,7})\s*")
_SERIES: Final = ("indicator", "partner", "location", "category")

_Spot = tuple[int, int]
"""A row's number and a column's position, as the sheet has them."""


def tell_notes(
    remarks: Remarks, grid: Grid, layout: Layout, kept: Sequence[int], typed: Mapping[str, Sequence[Any]]
) -> None:
    """Note what the file itself has to say of the cells of the rows kept, and what of them is hidden.

    `kept` has the positions of the rows in the grid, `typed` their columns as they were understood.
    """
    read = {*layout.columns.values(), *layout.dimensions.values()}
    cells = _origins(grid, kept) if grid.origins else _own_cells(grid, kept)
    for note in grid.notes:
        found = cells.get((note.row, note.column))
        if found is None or (not grid.origins and note.column not in read and note.code == _FORMULA):
            continue
        row, column = found
        before = _taken_over(note, row, cells, typed)
        if before is None:
            remarks.add(note.code, row=row, column=column, found=note.found, expected=note.expected)
        else:
            remarks.add("formula-of-other-period", row=row, column=column, found=note.found, expected=before)
    _hidden(remarks, grid, layout, kept, read)


def _origins(grid: Grid, kept: Sequence[int]) -> dict[_Spot, tuple[int, int]]:
    """Where each cell of a sheet of another layout came to stand: a row among those kept, and a column."""
    cells: dict[_Spot, tuple[int, int]] = {}
    for row, at in enumerate(kept):
        for column, origins in enumerate(grid.origins):
            if (origin := origins[at]) is not None:
                cells.setdefault((origin.row, origin.column), (row, column))
    return cells


def _own_cells(grid: Grid, kept: Sequence[int]) -> dict[_Spot, tuple[int, int]]:
    """The same of a plain table, of which every cell stands where it stood."""
    if not grid.notes:
        return {}
    columns = range(len(grid.columns))
    return {(grid.numbers[at], column): (row, column) for row, at in enumerate(kept) for column in columns}


def _taken_over(
    note: Note, row: int, cells: Mapping[_Spot, tuple[int, int]], typed: Mapping[str, Sequence[Any]]
) -> str | None:
    """The period whose figure a formula takes over: that of the one cell that it names, in the same series."""
    named = _ANOTHER_CELL.fullmatch(note.found) if note.code == _FORMULA else None
    if named is None:
        return None
    other, _ = cells.get((int(named[2]), column_number(named[1]) - 1), (row, 0))
    alike = all(typed[name][row] == typed[name][other] for name in _SERIES)
    before: str | None = typed["period"][other]
    return before if alike and before != typed["period"][row] else None


def _hidden(remarks: Remarks, grid: Grid, layout: Layout, kept: Sequence[int], read: set[int]) -> None:
    rows: dict[int, int] = {}
    for row, at in enumerate(kept):
        if grid.numbers[at] in grid.hidden_rows:
            rows.setdefault(grid.numbers[at], row)
    for number in rows if grid.origins else sorted(rows):
        remarks.add("row-hidden", row=rows[number])
    for at in () if grid.origins else sorted(read):
        if at + 1 in grid.hidden_columns:
            remarks.add("column-hidden", column=at, found=f"{column_letters(at + 1)} ({layout.headers[at]})")
