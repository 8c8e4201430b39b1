"""The reports of many projects read from one source: each row goes to the project that it names.

Read `gather` first. Rows of which every cell is plain are typed for all projects together; a project with any other row
in a sheet is read from that sheet by itself, exactly as if it had been sent alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Later, Place
from mne.ground.maps import FrozenMap
from mne.ground.phrases import phrase
from mne.ground.sheets import column_letters
from mne.reports.grid import Cell, Column, Grid, Loaded, as_text, is_blank, text_of
from mne.reports.headers import HeaderReader
from mne.reports.lookup import Lookup, all_titles
from mne.reports.many_plain import READ, plain_rows
from mne.reports.read import load_each, read_loaded
from mne.reports.reading import ColumnAt, Reading, SourceFile, TableAt
from mne.reports.template import OF_TEMPLATES
from mne.tables.observations import NAMES, polars_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mne.reports.table import Given
    from mne.tables.plans import CompiledPlans

__all__ = ["Gathered", "gather"]

_SHOWN: Final = 12
_SCHEMA: Final = {
    **polars_schema(),
    "usable": pl.Boolean(),
    "named_period": pl.Boolean(),
    "declared_decimal": pl.Boolean(),
    "plan_at": pl.Int32(),
}


@dataclass(frozen=True, eq=False)
class Plain:
    """Rows of one typed table that were typed together: the table as it came, and where its columns stand.

    `first` is the `source_order` of its first row.
    """

    table: pl.DataFrame
    source: SourceFile
    first: int
    columns: Mapping[str, ColumnAt]

    def raw(self, orders: pl.Series) -> pl.DataFrame:
        """Some rows as they were written, by their `source_order`."""
        made = [orders.alias("source_order")]
        taken = {"source_order"}
        for at, column in enumerate(self.table[orders - self.first].get_columns()):
            header = column.name or f"(column {column_letters(at + 1)})"
            header += " (as written)" if header in taken else ""
            taken.add(header)
            made.append(as_text(column).cast(pl.String).alias(header))
        return pl.DataFrame(made)


@dataclass(frozen=True, eq=False)
class Gathered:
    """The reports of many projects.

    `frame` has the columns of a `Reading`, and `plan_at`; `source_order` is unique among all projects. `apart` has what
    was read of one project by itself, by its position. `strangers` counts rows whose project is none of the plans, and
    `findings` says so.
    """

    frame: pl.DataFrame
    plain: tuple[Plain, ...]
    apart: Mapping[int, tuple[Reading, ...]]
    sources: tuple[SourceFile, ...]
    findings: tuple[Finding, ...]
    later: tuple[Later, ...]
    strangers: int

    def reading(self, at: int, frame: pl.DataFrame) -> Reading:
        """What one project reported: `frame` has its rows."""
        parts = [*self._plain_of(frame), *self.apart.get(at, ())]
        parts.sort(key=lambda part: part.frame["source_order"].min() if part.frame.height else -1)  # type: ignore[arg-type,return-value] # numbers
        tables = [table for part in parts for table in part.tables]
        return Reading(
            frame=frame.drop("plan_at"),
            raw=pl.concat(
                [pl.DataFrame(schema={"source_order": pl.Int64()}), *(part.raw for part in parts)], how="diagonal"
            ),
            findings=tuple(finding for part in parts for finding in part.findings),
            sources=tuple(source for part in parts for source in part.sources),
            columns=FrozenMap({key: columns for part in parts for key, columns in part.columns.items()}),
            tables=tuple(sorted(tables, key=lambda table: table.first)),
        )

    def _plain_of(self, frame: pl.DataFrame) -> Iterator[Reading]:
        for each in self.plain:
            orders = frame.filter(pl.col("source_order").is_between(each.first, each.first + each.table.height - 1))[
                "source_order"
            ]
            if len(orders):
                yield Reading(
                    frame=pl.DataFrame([orders]),
                    raw=each.raw(orders),
                    sources=(replace(each.source, rows=len(orders), read=len(orders)),),
                    columns=FrozenMap({(each.source.name, ""): each.columns}),
                    tables=(TableAt(int(orders[0]), each.columns),),
                )


def gather(
    source: Any, plans: CompiledPlans, *, given: Given, trusted: bool, tell: Callable[[str], None] | None = None
) -> Gathered:
    """Everything that a source reports, by project.

    Args:
        source: as `mne.reports.read.read` takes it.
        plans: the plans of the projects.
        given: what the caller says of every row.
        trusted: the files are the caller's own.
        tell: called with the name of each source once it is loaded.
    """
    gatherer = _Gatherer(plans, given)
    if plans.plans:
        loaded, said = load_each(source, plans.plans[0], given=given, trusted=trusted, tell=tell)
        gatherer.findings += said
        for each, told in loaded:
            gatherer.add(each, told)
    return gatherer.gathered()


@dataclass
class _Gatherer:
    plans: CompiledPlans
    given: Given
    frames: list[pl.DataFrame] = field(default_factory=list)
    plain: list[Plain] = field(default_factory=list)
    apart: dict[int, list[Reading]] = field(default_factory=dict)
    sources: list[SourceFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    strangers: int = 0
    order: int = 0

    def __post_init__(self) -> None:
        self.headers = HeaderReader(self.plans.plans[0]) if self.plans.plans else None

    def add(self, loaded: Loaded, told: SourceFile) -> None:
        """Put what one source reports to the projects."""
        self.findings += loaded.findings
        refused = any(finding.level is Severity.BLOCKER for finding in loaded.findings)
        apart: dict[int, list[Grid]] = {}
        rows = 0
        for grid in loaded.grids if not refused else ():
            rows += self.grid(grid, told, apart)
        for at, grids in sorted(apart.items()):
            self.read_apart(at, Loaded(grids=grids), told)
        self.sources.append(replace(told, rows=rows, refused=refused))

    def grid(self, grid: Grid, told: SourceFile, apart: dict[int, list[Grid]]) -> int:
        """Part one sheet by project; what cannot be typed at once is put to `apart`. How many rows there were."""
        first, column = self.project_column(grid)
        size = len(grid.numbers) - first
        if size <= 0:
            return 0
        if column is None:
            if len(self.plans) == 1:
                apart.setdefault(0, []).append(grid)
            else:
                expected = phrase("a column with the project of each row")
                self.findings.append(
                    Finding(code="header-missing", place=Place(file=grid.file, sheet=grid.sheet), expected=expected)
                )
                self.strangers += size
            return size
        whose = self.whose(grid, first, column)
        strange = whose.is_null()
        if strange.any():
            self.say_strangers(grid, first, column, strange.arg_true())
        odd = self.typed(grid, told, whose) if first == 0 and grid.header is not None else whose.unique()
        wanted = set(odd.drop_nulls().to_list())
        if wanted:
            rows: dict[int, list[int]] = {}
            for position, at in enumerate(whose.to_list()):
                if at in wanted:
                    rows.setdefault(at, []).append(first + position)
            for at, positions in rows.items():
                apart.setdefault(at, []).append(_rows(grid, [*range(first), *positions]))
        return size

    def project_column(self, grid: Grid) -> tuple[int, int | None]:
        """The position of the first row of data, and that of the column that names the project."""
        found = self.headers.find(grid)[0] if self.headers is not None else None
        if found is None:
            return (0 if grid.header is not None else 1), None
        return found.header_at + 1, found.columns.get("project")

    def whose(self, grid: Grid, first: int, column: int) -> pl.Series:
        """The position of each row's plan; null where it is none of them."""
        cells = grid.columns[column]
        if isinstance(cells, Column) and cells.series.dtype == pl.String:
            words = cells.series.slice(first).alias("project")
        else:
            words = pl.Series("project", [_word(cell) for cell in cells[first:]], dtype=pl.String())
        known = self.plans.projects
        found = words.to_frame().join(known, on="project", how="left", maintain_order="left")["plan_at"]
        if found.null_count():
            others = words.filter(found.is_null()).unique().drop_nulls()
            lookup = self.plans.once(_lookup)
            positions = self.plans.positions
            meant = {word: lookup.match_cell(word).value for word in others}
            told = {word: positions[code] for word, code in meant.items() if code is not None and code in positions}
            if told:
                more = words.replace_strict(list(told), list(told.values()), default=None, return_dtype=pl.Int32)
                found = pl.select(pl.coalesce(found, more)).to_series()
            if len(self.plans) == 1:
                found = pl.select(pl.when(words.is_null()).then(pl.lit(0, pl.Int32)).otherwise(found)).to_series()
        return found.alias("plan_at")

    def say_strangers(self, grid: Grid, first: int, column: int, positions: pl.Series) -> None:
        """Rows of projects that nobody gave a plan for, each told where it stands."""
        blank = [at for at in positions.to_list() if is_blank(grid.columns[column][first + at])]
        named = sorted(set(positions.to_list()) - set(blank))
        header = grid.header[column] if grid.header is not None else text_of(grid.columns[column][first - 1])
        codes = list(self.plans)
        shown = ", ".join(codes[:_SHOWN])
        expected = phrase("{some}, … ({n} in all)", some=shown, n=len(codes)) if len(codes) > _SHOWN else shown
        self.strangers += len(positions)
        for code, rows in (("project-unknown", named), ("project-missing", blank)):

            def make(code: str = code, rows: Sequence[int] = rows) -> Iterator[Finding]:
                for at in rows:
                    number, cell = grid.address(column, first + at)
                    found = text_of(grid.columns[column][first + at]) or ""
                    place = Place(
                        file=grid.file, sheet=grid.sheet, row=number, cell=cell, header=header, project=found or None
                    )
                    yield Finding(code=code, place=place, found=found, expected=expected)

            self.later.append(Later(code, Severity.ERROR, len(rows), make))

    # ------------------------------------------------------------------------------------------------ at once, or apart

    def typed(self, grid: Grid, told: SourceFile, whose: pl.Series) -> pl.Series:
        """Type the plain rows of a typed table; the positions of the plans whose rows are to be read apart."""
        table = _table(grid) if grid.lane == "typed" else None
        rows = None
        if table is not None:
            asked = table.select(name for name in table.columns if name in NAMES).with_columns(whose)
            rows = plain_rows(asked, self.plans, status=self.given.status.value)
        if table is None or rows is None:
            return whose.unique()
        odd = rows.filter(~pl.col("plain"))["plan_at"].unique()
        size = rows.height
        order = pl.int_range(self.order, self.order + size, dtype=pl.Int64, eager=True)
        frame = rows.with_columns(
            source_file=pl.lit(grid.file, pl.String()),
            source_sheet=pl.lit(grid.sheet, pl.String()),
            source_cell=pl.lit(None, pl.String()),
            source_row=pl.Series(grid.numbers, dtype=pl.Int64()),
            source_order=order,
            usable=pl.lit(value=True),
            declared_decimal=pl.lit(value=_declares_decimals(grid)),
        )
        kept = pl.col("plan_at").is_not_null() & ~pl.col("plan_at").is_in(odd.drop_nulls().implode())
        self.frames.append(frame.filter(kept).select(list(_SCHEMA)))
        columns = FrozenMap({name: ColumnAt(name) for name in table.columns if name in READ})
        self.plain.append(Plain(table, replace(told, name=grid.file), self.order, columns))
        self.order += size
        return odd

    def read_apart(self, at: int, loaded: Loaded, told: SourceFile) -> None:
        """Read the rows of one project by themselves."""
        reading = read_loaded(loaded, told, self.plans.plans[at], self.given)
        moved = pl.col("source_order") + self.order
        reading = replace(
            reading,
            frame=reading.frame.with_columns(moved),
            raw=reading.raw.with_columns(moved),
            tables=tuple(replace(each, first=each.first + self.order) for each in reading.tables),
        )
        self.order += reading.frame.height
        self.apart.setdefault(at, []).append(reading)
        own = (name for name in OF_TEMPLATES if name in reading.frame.columns)
        self.frames.append(reading.frame.with_columns(plan_at=pl.lit(at, pl.Int32)).select(*_SCHEMA, *own))

    def gathered(self) -> Gathered:
        """All of it."""
        return Gathered(
            frame=pl.concat([pl.DataFrame(schema=_SCHEMA), *self.frames], how="diagonal"),
            plain=tuple(self.plain),
            apart=FrozenMap({at: tuple(parts) for at, parts in self.apart.items()}),
            sources=tuple(self.sources),
            findings=tuple(self.findings),
            later=tuple(self.later),
            strangers=self.strangers,
        )


def _lookup(plans: CompiledPlans) -> Lookup:
    return Lookup("project", {plan.id: all_titles(plan.title) for plan in plans.plans}, suggestions=0)


def _word(cell: Cell) -> str | None:
    shown = None if is_blank(cell) else text_of(cell)
    return shown if shown is None or shown.strip() else None


def _rows(grid: Grid, kept: Sequence[int]) -> Grid:
    """Some rows of a grid, by their positions, with the numbers that they have."""
    columns: list[Sequence[Cell]] = [
        column.series.gather(list(kept)).to_list() if isinstance(column, Column) else [column[at] for at in kept]
        for column in grid.columns
    ]
    there = {at: position for position, at in enumerate(kept)}
    return replace(
        grid,
        columns=columns,
        numbers=[grid.numbers[at] for at in kept],
        widths=None if grid.widths is None else [grid.widths[at] for at in kept],
        held=frozenset(there[at] for at in grid.held if at in there),
        doubted=frozenset(there[at] for at in grid.doubted if at in there),
        merged=(),
        passed=0,
    )


def _table(grid: Grid) -> pl.DataFrame | None:
    """A grid as a table of typed columns; None where a column has cells of several kinds."""
    header = grid.header or ()
    if len(set(header)) < len(header) or grid.notes or grid.held or grid.doubted:
        return None
    made = []
    for name, column in zip(header, grid.columns, strict=True):
        series = column.series.alias(name) if isinstance(column, Column) else _series(name, column)
        if series is None:
            return None
        made.append(series)
    return pl.DataFrame(made)


def _series(name: str, cells: Sequence[Cell]) -> pl.Series | None:
    kinds = {type(cell) for cell in cells} - {type(None)}
    if not kinds:
        return pl.Series(name, [None] * len(cells), dtype=pl.Null())
    if len(kinds) > 1:
        return None
    (kind,) = kinds
    if kind is dt.datetime:
        if any(
            isinstance(cell, dt.datetime) and (cell.tzinfo is not None or cell.time() != dt.time()) for cell in cells
        ):
            return None
        days = [cell.date() if isinstance(cell, dt.datetime) else None for cell in cells]
        return pl.Series(name, days, dtype=pl.Date())
    dtype = {str: pl.String(), int: pl.Int64(), float: pl.Float64(), bool: pl.Boolean(), dt.date: pl.Date()}.get(kind)
    if kind is Decimal:
        scales = [-int(cell.as_tuple().exponent) for cell in cells if isinstance(cell, Decimal)]
        dtype = pl.Decimal(38, max(0, *scales))
    if dtype is None:
        return None
    try:
        return pl.Series(name, list(cells), dtype=dtype, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        return None


def _declares_decimals(grid: Grid) -> bool:
    at = grid.header.index("value") if grid.header is not None and "value" in grid.header else None
    return at is not None and at < len(grid.types) and grid.types[at] == "decimal"
