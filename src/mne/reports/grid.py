"""A table as a reader found it, before anybody asked what its columns mean.

Read `Grid` first. Readers of every kind of file hand over grids; `headers` finds their header and `table` types them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from mne.ground.findings import Finding, Place
from mne.ground.sheets import column_letters

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Area",
    "Cell",
    "Column",
    "Flaw",
    "Grid",
    "Lane",
    "Loaded",
    "Note",
    "Origin",
    "Percent",
    "as_text",
    "distinct",
    "in_lists",
    "is_blank",
    "text_of",
]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A cell of which the file itself shows that it cannot be used: an error, a formula without a value, not text.

    `of` is the first cell of the merged range that covers it, or what the title beside a code names.
    """

    code: str
    text: str
    expected: str = ""
    suggestion: str | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Percent:
    """A number that is shown as a percentage: 0.85 as ``85%``. `shown` is the 85."""

    shown: Decimal


Cell: TypeAlias = str | int | float | Decimal | bool | dt.date | dt.datetime | Percent | Flaw | None
Lane: TypeAlias = Literal["text", "workbook", "json", "typed"]
"""Who wrote the cells: all text; a workbook, whose numbers are doubles; JSON; or columns of a declared type."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be said of one cell that was read all the same: its row, its column's position, a code."""

    code: str
    row: int
    column: int
    found: str
    expected: str = ""


class Origin(NamedTuple):
    """Where a cell stood in the sheet that its table was made from: the row's number, the column's position."""

    row: int
    column: int
    header: str


class Area(NamedTuple):
    """A merged range by positions; `bottom` and `right` are the first ones outside of it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Grid:
    """One table: its cells by column, and the number that people see beside each row.

    Shape: every column has one cell for each of `numbers`. Cells are hashable; nothing is None, an empty text or blank.
    `header` is given where the source itself names its columns, and then the first row is a row of data.
    `widths` says how many cells a row had in a text file, where that differs from row to row.
    `types` names the declared type of each column of a typed table: text, number, decimal, bool, date, nested or other.
    `held` has the positions of rows about which a finding of the file says already that they cannot be used.
    `doubted` has those whose figure alone cannot be used, as a finding of the file says already.
    `origins` is given where the table was made from a sheet of another layout: for each column, where each cell stood;
    None for what the caller or a mapping said.
    `merged` has the ranges of cells that a workbook shows as one; `passed` counts the rows of the sheet that the table
    was made without; `blanks` has the cells of it in which a figure could stand, with what they are asked for.
    """

    file: str
    sheet: str | None
    lane: Lane
    columns: list[Sequence[Cell]]
    numbers: Sequence[int]
    header: tuple[str, ...] | None = None
    widths: Sequence[int] | None = None
    has_letters: bool = False
    hidden: str | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    types: tuple[str, ...] = ()
    epoch: int = 1900
    notes: list[Note] = field(default_factory=list)
    held: frozenset[int] = frozenset()
    doubted: frozenset[int] = frozenset()
    origins: Sequence[Sequence[Origin | None]] = ()
    merged: tuple[Area, ...] = ()
    passed: int = 0
    blanks: tuple[Place, ...] = ()

    def origin(self, column: int, at: int) -> Origin | None:
        """Where the cell of a column in the row at a position stood, in a table made from a sheet of another layout."""
        return self.origins[column][at] if self.origins else None

    def address(self, column: int, at: int) -> tuple[int | None, str | None]:
        """The row's number beside a cell, and its address in a workbook."""
        origin = self.origin(column, at)
        number, position = (origin.row, origin.column) if origin else (self.numbers[at], column)
        known = self.has_letters and (origin is not None or not self.origins)
        # The header of a frame stands in no row.
        return number or None, f"{column_letters(position + 1)}{number}" if known else None

    def row(self, at: int) -> list[Cell]:
        """The cells of the row at a position."""
        return [column[at] for column in self.columns]


class Column(Sequence[Cell]):
    """The cells of one column as the engine keeps them, which become objects of Python only where one is asked for.

    The series holds texts, or whole numbers, doubles, decimals, days, or yes and no.
    """

    __slots__ = ("series",)

    def __init__(self, series: pl.Series) -> None:
        self.series = series

    def __getitem__(self, at: Any) -> Any:
        return Column(self.series[at]) if isinstance(at, slice) else self.series[at]

    def __len__(self) -> int:
        return len(self.series)

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.series.to_list())


def distinct(column: Sequence[Cell]) -> Iterable[Cell]:
    """The different cells of a column, each once, in the order in which they first come."""
    return column.series.unique(maintain_order=True).to_list() if isinstance(column, Column) else dict.fromkeys(column)


def in_lists(grid: Grid) -> Grid:
    """The grid with its cells as objects of Python, for whoever goes through all of them."""
    if not any(isinstance(column, Column) for column in grid.columns):
        return grid
    return replace(grid, columns=[list(column) if isinstance(column, Column) else column for column in grid.columns])


def as_text(series: pl.Series) -> pl.Series:
    """The cells of a column as the partner sees them: what `text_of` says of each."""
    import polars as pl

    if series.dtype == pl.String:
        return series
    if series.dtype == pl.Boolean:
        words = pl.select(pl.when(series).then(pl.lit("TRUE")).when(~series).then(pl.lit("FALSE"))).to_series()
        return words.alias(series.name)
    if not series.dtype.is_float():
        return series.cast(pl.String)
    whole = (series == series.floor()) & (series.abs() < _EXACT)
    plain = whole | series.abs().is_between(_SMALLEST, _EXACT) | series.is_null()
    if not plain.all():
        return pl.Series(series.name, [text_of(cell) for cell in series.to_list()], dtype=pl.String)
    digits = pl.when(whole).then(series.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(series.cast(pl.String))
    return pl.select(digits.alias(series.name)).to_series()


_SMALLEST, _EXACT = 1e-4, 1e15
"""Between these doubles are written without an exponent by everybody."""


@dataclass(slots=True)
class Loaded:
    """What a reader made of one file: its grids, and what is wrong with the file as a whole."""

    grids: list[Grid] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in a cell; the covered part of a merged cell counts as nothing."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return not cell or cell.isspace()
    return isinstance(cell, Flaw) and cell.code == "cell-merged"


def text_of(cell: Cell) -> str | None:
    """A cell as the partner sees it; None for nothing."""
    match cell:
        case None | str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case Flaw():
            return cell.text if cell.code != "cell-merged" else None
        case Percent(shown):
            return f"{shown:f}%"
        case dt.datetime():
            timed = cell.tzinfo is not None or cell.time() != dt.time()
            return cell.isoformat(sep=" ") if timed else cell.date().isoformat()
        case dt.date():
            return cell.isoformat()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case Decimal():
            return format(cell, "f") if abs(cell.adjusted()) < 60 else str(cell)
        case int():
            return str(cell) if abs(cell) < 10**60 else f"{Decimal(cell):.6E}"
