"""A table that a machine wrote, read some thousand rows at a time and put away, so that never more are in memory.

Read `read_in_pieces` first. Plain rows are typed as `machine` does it and put into buckets; the rest, which has to be
looked at cell by cell, is gathered from all pieces and read as one, so that what is said of it is the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import polars as pl

from mne.errors import EngineError
from mne.ground.files import Limits
from mne.ground.maps import FrozenMap
from mne.ground.phrases import phrase
from mne.reports.grid import Cell, Column, Grid, Loaded, as_text
from mne.reports.machine import declares_decimals, parted
from mne.reports.plain_numbers import marks_of
from mne.reports.read import KINDS, is_blocked
from mne.reports.readers.columnar import batches_of
from mne.reports.readers.delimited import read_delimited
from mne.reports.readers.frames import read_frame
from mne.reports.reading import SourceFile
from mne.reports.refusal import NotInPartsError
from mne.reports.table import one_by_one, raw_names
from mne.reports.template import recognised
from mne.tables.buckets import batches
from mne.tables.observations import polars_schema

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.reports.cells import Marks
    from mne.reports.headers import Layout
    from mne.reports.read import Source, SourceReader
    from mne.reports.reading import ColumnAt
    from mne.tables.buckets import Buckets

__all__ = ["RAW", "TYPED", "Pass", "Table", "Told", "file_of", "read_in_pieces"]

RAW: Final = "written:"
"""What the names of columns begin with that hold what was written; their position follows."""

TYPED: Final[tuple[str, ...]] = (*polars_schema(), "usable", "named_period", "declared_decimal")
"""The columns of typed rows in a bucket. `source_order` is the position below the header."""

_ROW_OF_TEXT: Final = 200
"""Bytes of a row of text, to begin with."""

_MANY: Final = 1_000_000
"""With more different texts that settle a decimal mark it is settled."""

_ALL_TEXT: Final = Limits(rows=1 << 40)


@dataclass(frozen=True)
class Told:
    """One source that was put into buckets: what it was, and all that is to be said of it.

    `ignored` has the positions of the rows that were passed over; `headers` the names of the columns as written.
    """

    source: SourceFile
    findings: tuple[Finding, ...]
    columns: Mapping[str, ColumnAt]
    headers: tuple[str, ...]
    ignored: pl.Series
    file: str


class Keeping(Protocol):
    """Where typed rows are put away."""

    def add(self, frame: pl.DataFrame, *, source: int = 0) -> None:
        """Put rows of a source away."""

    def drop(self, source: int) -> None:
        """Remove all rows of a source."""


@dataclass
class _Rest:
    """The rows that are to be read cell by cell, from all pieces: their positions, and their cells by column."""

    at: list[int] = field(default_factory=list)
    cells: list[list[Cell]] = field(default_factory=list)

    def add(self, at: Sequence[int], columns: Sequence[Sequence[Cell]]) -> None:
        """Put the rows of one piece behind the others."""
        self.at += at
        self.cells = self.cells or [[] for _ in columns]
        for mine, column in zip(self.cells, columns, strict=True):
            mine.extend(column.series.to_list() if isinstance(column, Column) else column)


def read_in_pieces(
    reader: SourceReader,
    source: Source,
    store: Buckets,
    *,
    number: int,
    rows: int,
    odd: int,
    tell: Callable[[int], None],
) -> Told | None:
    """Put the rows of a large table into buckets; None for a source that is small, or can only be read as a whole.

    Args:
        reader: what the plan and the caller say.
        source: a frame, or a path.
        store: where the rows are put.
        number: the number of the source among all.
        rows: how many rows are read at a time.
        odd: how many rows may have to be read cell by cell.
        tell: called with the number of rows after each piece.

    Raises:
        NotInPartsError: the source is large, and not as a machine writes one.
        EngineError: it would have to be read twice, and is a stream.
    """
    pieces = _pieces(source, rows)
    first = next(pieces, None)
    second = next(pieces, None)
    if first is None or second is None:
        return None
    one = Table.of(reader, first.grids[0], source.name, said=first.findings)
    if one is None:
        raise NotInPartsError.of(source.name, phrase("it does not have one row for each figure"))
    marks: Mapping[str, Marks] | None = None
    again: Iterator[Loaded] = chain((first, second), pieces)
    while True:
        found = Pass(one, store, number=number, odd=odd, marks=marks)
        for loaded in again:
            found.take(loaded.grids[0])
            tell(found.below)
        if marks == found.marks or found.marks_were_right():
            return found.ended(reader, source)
        # Later rows prove another decimal mark than the first ones: once more, now that it is known.
        marks = found.proved()
        store.drop(number)
        again = _pieces(source, rows)
        if source.path is None and not _is_again(source.frame):
            raise EngineError(f"{source.name}: a stream can be read once only; write it to a Parquet file")


def _is_again(frame: Any) -> bool:
    return type(frame).__name__ != "RecordBatchReader"


def _pieces(source: Source, rows: int) -> Iterator[Loaded]:
    """The rows of a source as grids; none for a source that can only be read as a whole."""
    if source.frame is not None:
        for batch in batches(source.frame, rows):
            loaded = read_frame(batch, name=source.name, piece=True)
            if loaded.findings:
                raise NotInPartsError(loaded.findings[0])
            (grid,) = loaded.grids
            if source.canonical:
                grid.types = tuple("number" if kind == "decimal" else kind for kind in grid.types)
            yield loaded
    elif source.path is not None and source.path.is_file():
        kind = KINDS.get(source.path.suffix.casefold())
        if kind == "parquet":
            yield from batches_of(source.path, name=source.name, rows=rows)
        elif kind == "csv" and source.path.stat().st_size > rows * _ROW_OF_TEXT:
            yield from _lines(source.path, source.name, rows * _ROW_OF_TEXT)


def _lines(path: Path, name: str, size: int) -> Iterator[Loaded]:
    """A text table some lines at a time, each piece beneath the header's line."""
    head = b""
    with path.open("rb") as file:
        left = b""
        while data := file.read(size):
            cut = data.rfind(b"\n") + 1
            piece, left = left + data[:cut], data[cut:] if cut else left + data
            if cut:
                yield _piece(head + piece, name)
                head = head or piece[: piece.find(b"\n") + 1]
        if left:
            yield _piece(head + left, name)


def _piece(data: bytes, name: str) -> Loaded:
    loaded = read_delimited(data, name=name, limits=_ALL_TEXT, piece=True)
    if len(loaded.grids) != 1 or loaded.grids[0].widths is not None:
        raise NotInPartsError.of(
            name, phrase("it is not in UTF-8 with as many cells in each line, and no line breaks within cells")
        )
    return loaded


@dataclass(frozen=True)
class Table:
    """What the first piece shows of a table: which of its columns is which, and what is to be said of that."""

    grid: Grid
    layout: Layout
    said: tuple[Finding, ...]
    reader: SourceReader

    @classmethod
    def of(cls, reader: SourceReader, grid: Grid, name: str, *, said: Sequence[Finding] = ()) -> Table | None:
        """None where it is no table with a row for each figure."""
        if recognised([grid], reader.plan, name=name) is not None:
            return None
        findings = list(said)
        found, names = reader.found(Loaded(grids=[grid]), findings, name)
        if len(found) != 1 or found[0][1] is None or names is not reader.names or found[0][0].origins:
            return None
        told, layout, more, _ = found[0]
        if layout is None or len(told.numbers) != len(grid.numbers) or not all(layout.headers):
            return None
        return cls(grid, layout, (*findings, *more), reader)

    @property
    def first(self) -> int:
        """The position of the first row below the header."""
        return self.layout.header_at + 1

    @property
    def base(self) -> int:
        """The number of that row, as people see it."""
        return self.grid.numbers[self.first]


class Pass:
    """One time through all pieces."""

    def __init__(
        self, table: Table, store: Keeping, *, number: int, odd: int, marks: Mapping[str, Marks] | None
    ) -> None:
        self.table, self.store, self.number, self.odd, self.marks = table, store, number, odd, marks
        self.below = 0
        self.plain = 0
        self.rest = _Rest()
        self.settling: dict[str, dict[str, pl.Series]] = {}
        self.unsorted = False

    def take(self, grid: Grid) -> None:
        """Type the plain rows of a piece and put them away; keep the others."""
        table = self.table
        first, size = table.first, len(grid.numbers) - table.first
        parts = parted(grid, table.layout, table.reader.names, table.reader.given, piece=True, proved=self.marks)
        if parts is None:
            self.unsorted = True
            self.rest.add(range(self.below, self.below + size), [column[first:] for column in grid.columns])
        else:
            self.marks = parts.marks if self.marks is None else self.marks
            self.settle(parts.settling)
            self.put(grid, parts.frame, parts.at)
            at = [number - grid.numbers[first] + self.below for number in parts.rest.numbers[first:]]
            self.rest.add(at, [column[first:] for column in parts.rest.columns])
        self.check_odd()
        self.below += size

    def check_odd(self) -> None:
        """Refuse a table of which too much has to be read cell by cell.

        Raises:
            NotInPartsError: it has.
        """
        if len(self.rest.at) > self.odd:
            why = phrase("more than {n:,} of its rows have a cell that no machine would write so", n=self.odd)
            raise NotInPartsError.of(self.table.grid.file, why)

    def sort_rest(self) -> None:
        """Put the rows that are left into their order, where the pieces came in another."""
        rank = sorted(range(len(self.rest.at)), key=self.rest.at.__getitem__)
        self.rest.at = [self.rest.at[at] for at in rank]
        self.rest.cells = [[cells[at] for at in rank] for cells in self.rest.cells]

    def put(self, grid: Grid, frame: pl.DataFrame, at: pl.Series) -> None:
        """Put typed rows away, with what was written."""
        place = at.cast(pl.Int64) + self.below
        typed = frame.with_columns(
            source_file=pl.lit(grid.file, pl.String()),
            source_sheet=pl.lit(grid.sheet, pl.String()),
            source_cell=pl.lit(None, pl.String()),
            source_row=place + self.table.base,
            source_order=place,
            usable=pl.lit(value=True),
            declared_decimal=pl.lit(value=declares_decimals(self.table.grid, self.table.layout)),
        ).select(TYPED)
        rows = at + self.table.first
        written = [
            as_text(column.series.gather(rows)).alias(f"{RAW}{number}")
            for number, column in enumerate(grid.columns)
            if isinstance(column, Column)
        ]
        self.store.add(pl.concat([typed, pl.DataFrame(written)], how="horizontal"), source=self.number)
        self.plain += typed.height

    # --------------------------------------------------------------------------------------------- the decimal mark

    def settle(self, told: Mapping[str, Mapping[str, pl.Series]]) -> None:
        """Keep the different texts that settle the marks; of very many no more than that there are so many."""
        for name, by_mark in told.items():
            known = self.settling.setdefault(name, {mark: each.clear() for mark, each in by_mark.items()})
            for mark, texts in by_mark.items():
                if len(known[mark]) < _MANY and len(texts):
                    known[mark] = pl.concat([known[mark], texts]).unique()

    def proved(self) -> dict[str, Marks]:
        """What the whole of each column shows of its decimal mark."""
        if any(all(len(each) >= _MANY for each in told.values()) for told in self.settling.values()):
            why = phrase("millions of its numbers have a comma, and millions a point")
            raise NotInPartsError.of(self.table.grid.file, why)
        return {
            name: marks_of({mark: len(each) for mark, each in told.items()}) for name, told in self.settling.items()
        }

    def marks_were_right(self) -> bool:
        """Whether the marks that the first piece showed are those of the whole."""
        return not self.settling or self.proved() == self.marks

    # ------------------------------------------------------------------------------------------------------ the end

    def ended(self, reader: SourceReader, source: Source) -> Told:
        """Read the rows that are left cell by cell; all that there is to say of the source."""
        if self.unsorted and any(len(texts) for told in self.settling.values() for texts in told.values()):
            raise NotInPartsError.of(source.name, phrase("one of its columns has cells of several types"))
        table, grid, first = self.table, self.table.grid, self.table.first
        rest = replace(
            grid,
            columns=[[*column[:first], *cells] for column, cells in zip(grid.columns, self.rest.cells, strict=True)],
            numbers=[*grid.numbers[:first], *(table.base + at for at in self.rest.at)],
        )
        again = Table.of(reader, rest, source.name)
        if again is None or again.layout.columns != table.layout.columns:
            raise NotInPartsError.of(source.name, phrase("further tables stand beneath the first"))
        read = one_by_one(rest, table.layout, reader.names, reader.given, order=0, proved=self.marks)
        findings = [*table.said, *read.findings]
        width = len(grid.columns)
        headers = raw_names(table.layout, width)
        kept = read.frame["source_row"] - table.base
        refused = is_blocked(findings)
        if refused or not read.read:
            self.store.drop(self.number)
            self.plain, kept = 0, kept.clear()
        else:
            written = read.raw.select(pl.col(name).alias(f"{RAW}{at}") for at, name in enumerate(read.raw.columns[1:]))
            frame = read.frame.with_columns(source_order=kept).select(TYPED)
            self.store.add(pl.concat([frame, written], how="horizontal"), source=self.number)
        read_rows = self.plain + len(kept)
        ignored = pl.Series(self.rest.at, dtype=pl.Int64)
        told = file_of(source)
        return Told(
            source=replace(told, rows=self.below, read=read_rows, ignored=self.below - read_rows, refused=refused),
            findings=tuple(findings),
            columns=FrozenMap(table.layout.places(grid)),
            headers=tuple(headers),
            ignored=ignored.filter(~ignored.is_in(kept.implode())).sort(),
            file=grid.file,
        )


def file_of(source: Source) -> SourceFile:
    """What a source is that was not read as a whole."""
    if source.path is None:
        return SourceFile(source.name, "frame")
    with source.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SourceFile(source.name, KINDS[source.path.suffix.casefold()], digest)
