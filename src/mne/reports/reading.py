"""What reading a source gives, before any rule has judged it.

`Reading` is the hand-over from the readers to the rules: typed rows where they could be typed, the partner's own
text beside them, and a finding for every cell that could not be read. Nothing that was written is dropped.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mne.ground.findings import Finding, Place
from mne.ground.maps import FrozenMap
from mne.ground.sheets import column_letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from mne.reports.grid import Origin

__all__ = ["ColumnAt", "Reading", "SourceFile", "TableAt", "Trail"]


@dataclass(frozen=True, slots=True)
class ColumnAt:
    """Where one canonical column stands in one table: its header as written, and its letter in a workbook."""

    header: str
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file, table or frame that was read: its name, the SHA-256 of its bytes, and how much it held.

    `rows` counts every row below the header: `read` became rows of the table, `ignored` (blank rows, repeated
    headers, instructions) did not, and a finding says why. `compared` are those of the ignored that are no part of the
    report: rows of earlier periods, which its figures were only compared with. A file that could not be read at all has
    `refused`.
    """

    name: str
    kind: str
    sha256: str | None = None
    rows: int = 0
    read: int = 0
    ignored: int = 0
    refused: bool = False
    compared: int = 0


@dataclass(frozen=True, slots=True)
class Trail:
    """Where each cell of a table stood that was made from a sheet of another layout.

    `origins` has one place per row for each canonical column, None for what no cell says. `told` has the codes of what
    was said of each row while it was read, counted from 0, and whether they hold it back.
    """

    origins: Mapping[str, Sequence[Origin | None]]
    has_letters: bool
    told: Mapping[int, tuple[tuple[str, bool], ...]]


@dataclass(frozen=True, slots=True)
class TableAt:
    """Where the columns of one table stand, whose first row has the `source_order` `first`."""

    first: int
    columns: Mapping[str, ColumnAt]
    trail: Trail | None = None

    def place(self, column: str, order: int, row: int | None) -> tuple[int | None, str | None, str | None]:
        """The number of the row, the address and the header of a column's cell, as the partner sees them."""
        at = self.columns.get(column)
        if self.trail is None:
            return row, f"{at.letter}{row}" if at and at.letter and row is not None else None, at.header if at else None
        places = self.trail.origins.get(column)
        origin = places[order - self.first] if places else None
        if origin is None:
            return row, None, at.header if at else None
        cell = f"{column_letters(origin.column + 1)}{origin.row}" if self.trail.has_letters else None
        return origin.row or None, cell, origin.header or (at.header if at else None)


@dataclass(frozen=True)
class Reading:
    """Everything one call read.

    `frame` has the columns of `mne.tables.observations.COLUMNS`, with nulls wherever a cell could not be read, and
    three more: `usable` (false when a cell that the row cannot do without was not understood; a finding says which),
    `named_period` (true when the row's dates came from a label) and `declared_decimal` (true when the source declares
    its column of values as decimals). Its `source_order` is unique.
    `raw` has one row per row of `frame`: `source_order` and the partner's own text, one column per header as written.
    `columns` says where each canonical column stands, by (file, sheet); `tables` says it for each table, of which a
    sheet may hold several, and for each cell of those that were made from another layout. `blanks` has cells in which a
    figure could stand and none does, with the codes of what they are asked for.
    """

    frame: pl.DataFrame
    raw: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    columns: Mapping[tuple[str, str], Mapping[str, ColumnAt]] = field(default_factory=FrozenMap)
    tables: tuple[TableAt, ...] = ()
    blanks: tuple[Place, ...] = ()

    def table(self, order: int) -> TableAt | None:
        """The table that the row with this `source_order` comes from."""
        at = bisect_right(self.tables, order, key=lambda table: table.first)
        return self.tables[at - 1] if at else None

    def place(self, *, file: str | None, sheet: str | None, row: int | None, column: str) -> Place:
        """The place of a canonical column's cell in one row, as the partner sees it."""
        at = self.columns.get((file or "", sheet or ""), {}).get(column)
        letter = at.letter if at else None
        return Place(
            file=file,
            sheet=sheet,
            row=row,
            cell=f"{letter}{row}" if letter and row is not None else None,
            header=at.header if at else None,
        )
