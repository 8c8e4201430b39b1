"""What reading a source gives, before any rule has judged it.

`Reading` is the hand-over from the readers to the rules: typed rows where they could be typed, the partner's own
text beside them, and a finding for every cell that could not be read. Nothing that was written is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mne.ground.findings import Finding, Place
from mne.ground.maps import FrozenMap

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

__all__ = ["ColumnAt", "Reading", "SourceFile"]


@dataclass(frozen=True, slots=True)
class ColumnAt:
    """Where one canonical column stands in one table: its header as written, and its letter in a workbook."""

    header: str
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file, table or frame that was read: its name, the SHA-256 of its bytes, and how much it held.

    `rows` counts every row below the header: `read` became rows of the table, `ignored` (blank rows, repeated
    headers, instructions) did not, and a finding says why. A file that could not be read at all has `refused`.
    """

    name: str
    kind: str
    sha256: str | None = None
    rows: int = 0
    read: int = 0
    ignored: int = 0
    refused: bool = False


@dataclass(frozen=True)
class Reading:
    """Everything one call read.

    `frame` has the columns of `mne.tables.observations.COLUMNS`, with nulls wherever a cell could not be read, and
    two more: `usable` (false when a cell that the row cannot do without was not understood; a finding says which)
    and `named_period` (true when the row's dates came from a label). Its `source_order` is unique.
    `raw` has one row per row of `frame`: `source_order` and the partner's own text, one column per header as written.
    `columns` says where each canonical column stands, by (file, sheet).
    """

    frame: pl.DataFrame
    raw: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    columns: Mapping[tuple[str, str], Mapping[str, ColumnAt]] = field(default_factory=FrozenMap)

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
