"""Codes, periods and places merged over a total and its parts, read for each of the rows as a workbook shows them.

Read `spread` first. Only where the first row is the whole and those beneath it name its parts is it certain what the
merged cell is meant for; everywhere else the covered cells hold nothing, and that is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding, Place
from mne.ground.sheets import column_letters
from mne.reports.grid import Area, Cell, Flaw, Grid, is_blank
from mne.reports.words import TOTALS, folded

if TYPE_CHECKING:
    from mne.reports.headers import Layout

__all__ = ["spread"]

_KEYS: Final = ("indicator", "period", "year", "period_start", "period_end", "partner", "location", "unit")
_SHOWN: Final = 12


def spread(grid: Grid, layout: Layout) -> tuple[Grid, list[Finding]]:
    """The table with what merged cells say of a total and its parts in each of their rows, and that it was so read.

    Findings: cell-merged-read.
    """
    splits = [*layout.dimensions.values(), *([layout.columns["category"]] if "category" in layout.columns else [])]
    keys = {layout.columns[name] for name in _KEYS if name in layout.columns}
    areas = [
        area
        for area in grid.merged
        if area.left in keys
        and area.right == area.left + 1
        and area.bottom - area.top > 1
        and area.top > layout.header_at
        and _is_whole_and_parts(grid, area, splits)
        and _is_of_one_indicator(grid, area, layout.columns.get("indicator"))
    ]
    if not areas:
        return grid, []
    columns: list[list[Cell]] = [list(column) for column in grid.columns]
    for area in areas:
        column = columns[area.left]
        for row in range(area.top + 1, area.bottom):
            cell = column[row]
            if isinstance(cell, Flaw) and cell.code == "cell-merged":
                column[row] = column[area.top]
    first = areas[0]
    letter, number = column_letters(first.left + 1), grid.numbers[first.top]
    found = ", ".join(_range(grid, area) for area in areas[:_SHOWN]) + (", …" if len(areas) > _SHOWN else "")
    place = Place(
        file=grid.file,
        sheet=grid.sheet,
        row=number,
        cell=f"{letter}{number}" if grid.has_letters else None,
        header=layout.headers[first.left],
    )
    return replace(grid, columns=[*columns]), [Finding(code="cell-merged-read", place=place, found=found)]


def _range(grid: Grid, area: Area) -> str:
    letter = column_letters(area.left + 1)
    return f"{letter}{grid.numbers[area.top]}:{letter}{grid.numbers[area.bottom - 1]}"


def _is_whole_and_parts(grid: Grid, area: Area, splits: list[int]) -> bool:
    """Whether the first row of a merged range names no part of a split, and each of the others does."""

    def named(row: int) -> bool:
        return any(not _is_whole(grid.columns[column][row]) for column in splits)

    return bool(splits) and not named(area.top) and all(named(row) for row in range(area.top + 1, area.bottom))


def _is_of_one_indicator(grid: Grid, area: Area, column: int | None) -> bool:
    """Whether the rows of a merged range are all of the indicator of the first."""
    if column is None:
        return False
    cells = grid.columns[column][area.top : area.bottom]
    return all(is_blank(cell) or cell == cells[0] for cell in cells[1:])


def _is_whole(cell: Cell) -> bool:
    return is_blank(cell) or (isinstance(cell, str) and folded(cell) in TOTALS)
