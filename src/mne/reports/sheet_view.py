"""A sheet as people see it: a merged range says the same in each of its cells.

Read `SheetView.at` first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mne.reports.grid import Area, Cell, Flaw, Origin, is_blank
from mne.reports.headings import header_text

if TYPE_CHECKING:
    from mne.reports.grid import Grid

__all__ = ["SheetView"]

_MOST_MERGED: Final = 200_000


class SheetView:
    """The cells of a grid by position, with the merged ranges resolved."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.width = len(grid.columns)
        self.height = len(grid.numbers)
        self._areas: dict[int, list[Area]] = {}
        left = _MOST_MERGED
        for area in grid.merged:
            left -= area.bottom - area.top
            if left < 0:
                break
            for row in range(area.top, area.bottom):
                self._areas.setdefault(row, []).append(area)

    def area(self, row: int, column: int) -> Area | None:
        """The merged range that a cell belongs to."""
        return next((area for area in self._areas.get(row, ()) if area.left <= column < area.right), None)

    def owner(self, row: int, column: int) -> tuple[int, int]:
        """The position of the cell that holds what is seen at a position."""
        area = self.area(row, column)
        return (area.top, area.left) if area is not None else (row, column)

    def at(self, row: int, column: int) -> Cell:
        """What is seen at a position."""
        top, left = self.owner(row, column)
        cell = self.grid.columns[left][top]
        return None if isinstance(cell, Flaw) and cell.code == "cell-merged" else cell

    def own(self, row: int, column: int) -> Cell:
        """What stands in the cell itself; the covered part of a merged range says so."""
        return self.grid.columns[column][row]

    def text(self, row: int, column: int) -> str:
        """What is seen at a position, as a header."""
        return header_text(self.at(row, column))

    def filled(self, row: int) -> Iterator[int]:
        """The columns in which something stands in a row of its own."""
        return (column for column in range(self.width) if not is_blank(self.grid.columns[column][row]))

    def origin(self, row: int, column: int, header: str = "") -> Origin:
        """The place of what is seen at a position."""
        top, left = self.owner(row, column)
        return Origin(self.grid.numbers[top], left, header)
