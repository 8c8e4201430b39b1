"""The columns of one grid in the rows that are read, and what their cells answer.

Read `Columns.values` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from mne.reports import asking
from mne.reports.grid import Cell

if TYPE_CHECKING:
    from mne.reports.cells import Answer, Marks
    from mne.reports.names import Names
    from mne.reports.remarks import Remarks
    from mne.reports.rows import Rows

__all__ = ["Columns"]

T = TypeVar("T")


class Columns:
    """The columns of one grid by their canonical names; a dimension's by ``dimension:`` and its id.

    Shape: every list has one entry for each row that is read. `proved` is what the columns of numbers prove of their
    decimal marks in the whole table, where these rows are only some of it.
    """

    def __init__(
        self, names: Names, remarks: Remarks, rows: Rows, *, proved: Mapping[str, Marks] | None = None
    ) -> None:
        self.proved = proved
        self.names = names
        self.remarks = remarks
        self.rows = rows
        self.grid = remarks.grid
        self.layout = remarks.layout
        self.size = len(rows.kept)

    def at(self, column: str) -> int | None:
        """The position of a column; None where there is none."""
        if column.startswith("dimension:"):
            return self.layout.dimensions.get(column.removeprefix("dimension:"))
        return self.layout.columns.get(column)

    def cells(self, column: str) -> Sequence[Cell] | None:
        """The cells of a column; None where there is no such column."""
        at = self.at(column)
        return None if at is None else self.rows.take(self.grid.columns[at])

    def cells_or_blank(self, column: str) -> Sequence[Cell]:
        """The cells of a column; nothing but blanks where there is no such column."""
        found = self.cells(column)
        return [None] * self.size if found is None else found

    def answers(self, column: str, ask: Callable[[Cell], Answer[T]]) -> list[Answer[T]] | None:
        """What the cells of a column say, each distinct cell asked once; told unless the row is broken."""
        found = self.cells(column)
        if found is None:
            return None
        answers = asking.each(found, ask)
        self.tell(column, found, answers)
        return answers

    def values(self, column: str, ask: Callable[[Cell], Answer[T]]) -> list[T | None]:
        """The values of a column; nothing but blanks where there is none."""
        answers = self.answers(column, ask)
        return [None] * self.size if answers is None else [answer.value for answer in answers]

    def words(self, column: str) -> list[str | None]:
        """A column of free text."""
        return self.values(column, asking.free_text)

    def tell(self, column: str, found: Sequence[Cell], answers: Sequence[Answer[Any]]) -> None:
        """Note what the answers to a column's cells have to say."""
        at = self.at(column)
        if at is not None and any(answer.code is not None for answer in answers):
            self.remarks.cells(at, found, answers, skip=self.rows.broken)

    def tell_rows(
        self,
        said: Iterable[tuple[tuple[str, Answer[Any]], ...]],
        found: Mapping[str, Sequence[Cell]],
        *,
        stand_in: str | None = None,
    ) -> None:
        """Note what is to be said of columns that were read together.

        Args:
            said: for each row, columns and the answers to their cells.
            found: the cells of these columns.
            stand_in: the column that stands for one that is not there.
        """
        for row, remarks in enumerate(said):
            if remarks and row not in self.rows.broken:
                for column, answer in remarks:
                    name = column if self.at(column) is not None or stand_in is None else stand_in
                    cells = found.get(name)
                    self.remarks.answer(row, self.at(name), cells[row] if cells else None, answer)
