"""A grid whose columns are known, typed row by row into the observation table.

Read `read_table` first: which rows are read, then one field after the other. Cells are handled by column, and every
distinct text once, so that a hundred thousand rows cost little more than their different contents.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.ground.maps import FrozenMap
from mne.ground.sheets import column_letters
from mne.logframe.indicator import TOTAL
from mne.reports import asking, fields
from mne.reports.categories import category
from mne.reports.cell_notes import tell_notes
from mne.reports.cells import BLANK, Answer
from mne.reports.columns import Columns
from mne.reports.figures import figures, refuse_columns
from mne.reports.grid import Cell, Column, as_text, in_lists, is_blank, text_of
from mne.reports.headers import header_key
from mne.reports.lookup import Lookup
from mne.reports.machine import Parted, Told, declares_decimals, parted
from mne.reports.reading import Trail
from mne.reports.remarks import Remarks
from mne.reports.rows import choose_rows
from mne.tables.observations import COLUMNS, Status, polars_schema

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.logframe.periods import Period
    from mne.reports.cells import Marks
    from mne.reports.fields import PeriodFound
    from mne.reports.grid import Grid
    from mne.reports.headers import Layout
    from mne.reports.mapping import Mapping as FileMapping
    from mne.reports.names import Names

__all__ = ["Given", "Table", "one_by_one", "raw_names", "read_table"]


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says of every row: the partner, the period, the status of rows that name none; and mappings.

    `delimiter` is what parts the cells of text tables, where that was agreed. With `compared` rows of periods before
    the one given are no mistake: they are what its figures are compared with.
    """

    partner: str | None = None
    period: Period | None = None
    status: Status = Status.SUBMITTED
    mappings: tuple[FileMapping, ...] = ()
    delimiter: str | None = None
    compared: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """The columns that a file need not have."""
        return frozenset(("period",) if self.period is not None else ())


@dataclass(frozen=True, slots=True)
class Table:
    """The typed rows of one grid, their text, and how many rows were read and passed over."""

    frame: pl.DataFrame
    raw: pl.DataFrame
    findings: tuple[Finding, ...]
    rows: int
    trail: Trail | None = None

    @property
    def read(self) -> int:
        """Rows of the frame."""
        return self.frame.height


def read_table(grid: Grid, layout: Layout, names: Names, given: Given, *, order: int) -> Table:
    """The rows of a grid as observations, and all that is to be said of them.

    Args:
        grid: the table as found.
        layout: which of its columns is which.
        names: the plan's codes.
        given: what the caller says of every row.
        order: the `source_order` of the first row.
    """
    parts = parted(grid, layout, names, given)
    if parts is None:
        return one_by_one(in_lists(grid), layout, names, given, order=order)
    rest = one_by_one(parts.rest, layout, names, given, order=0, proved=parts.marks)
    # The rest has one plain row at least, so that it is without any only where the table is refused.
    return replace(_whole(grid, parts, rest, order=order) if rest.read else rest, rows=parts.below + grid.passed)


def _whole(grid: Grid, parts: Parted, rest: Table, *, order: int) -> Table:
    """The plain rows and the others as one table, in the order of the file."""
    first = len(grid.numbers) - parts.below
    numbers = pl.Series("source_row", grid.numbers, dtype=pl.Int64()).slice(first)
    # Of the others some may have been passed over: blank rows, headers once more.
    there = numbers.gather(parts.others).is_in(rest.frame["source_row"].implode())
    others, kept = parts.others.filter(there), None
    if rest.read < len(parts.others):
        gone = parts.others.filter(~there)
        kept = pl.repeat(value=True, n=parts.below, dtype=pl.Boolean, eager=True).scatter(gone, False).arg_true()
    size = parts.below if kept is None else len(kept)
    usual: dict[str, Told] = {
        "source_file": Told(pl.Series([grid.file], dtype=pl.String())),
        "source_sheet": Told(pl.Series([grid.sheet], dtype=pl.String())),
        "source_cell": Told(pl.Series([None], dtype=pl.String())),
        "source_row": Told(numbers),
        "usable": Told(pl.Series([True], dtype=pl.Boolean())),
        "declared_decimal": Told(pl.Series([parts.declared_decimal], dtype=pl.Boolean())),
    }
    known = {**parts.columns, **usual}
    place = pl.int_range(order, order + size, dtype=pl.Int64(), eager=True).alias("source_order")
    columns = {
        name: _column(known[name], rest.frame[name], others, kept, parts.below)
        for name in rest.frame.columns
        if name != "source_order"
    }
    raw = _written(grid, rest.raw.columns[1:], kept, parts.below)
    return replace(
        rest,
        frame=place.to_frame().with_columns(**columns).select(rest.frame.columns),
        raw=raw.with_columns(place).select(rest.raw.columns),
    )


def _column(told: Told, rest: pl.Series, others: pl.Series, kept: pl.Series | None, below: int) -> pl.Expr:
    """One column of the whole table: what is `told` of all its rows, and in place of the others what the rest has."""
    values, at = told.values, told.at
    if len(values) == 1 and at is None:
        if rest.eq_missing(values).all():
            return pl.lit(values.item(), values.dtype)
        at = pl.repeat(0, below, dtype=pl.UInt32, eager=True)
    elif at is None and kept is None:
        return pl.lit(values.clone().scatter(others, rest))
    elif at is None:
        at = pl.int_range(below, dtype=pl.UInt32, eager=True)
    more = pl.int_range(len(values), len(values) + len(rest), dtype=pl.UInt32, eager=True)
    at = at.clone().scatter(others, more)
    if kept is not None:
        at = at.gather(kept)
    # In one piece, in which a place is found at once.
    return pl.lit(pl.concat([values, rest]).rechunk()).gather(at)


def _written(grid: Grid, headers: Sequence[str], kept: pl.Series | None, below: int) -> pl.DataFrame:
    """All cells as they were written; where every row is read no text has to be copied."""
    written = [column.series.tail(below) for column in grid.columns if isinstance(column, Column)]
    written = written if kept is None else [series.gather(kept) for series in written]
    return pl.DataFrame([as_text(series).alias(name) for name, series in zip(headers, written, strict=True)])


def one_by_one(
    grid: Grid,
    layout: Layout,
    names: Names,
    given: Given,
    *,
    order: int,
    proved: Mapping[str, Marks] | None = None,
) -> Table:
    """The rows of a grid, each cell for itself."""
    remarks = Remarks(grid, layout)
    rows = choose_rows(grid, layout, names, remarks)
    columns = Columns(names, remarks, rows, proved=proved)
    reader = _TableReader(columns, given)
    refuse_columns(columns)
    frame, keys = reader.frame(order)
    if not rows.kept:
        remarks.refuse("table-no-rows")
    elif reader.is_of_another_project():
        remarks.refuse("file-other-logframe", found=reader.other_project(), expected=names.plan.id)
    findings = tuple(remarks.findings(rows.kept, keys))
    if remarks.refused:
        return Table(frame.clear(), reader.raw(order).clear(), findings, rows.total + grid.passed)
    trail = _trail(grid, layout, rows.kept, remarks)
    return Table(frame, reader.raw(order), findings, rows.total + grid.passed, trail)


def raw_names(layout: Layout, width: int) -> list[str]:
    """The names of so many columns as written, each another, beside a `source_order`."""
    names = ["source_order"]
    for at in range(width):
        header = layout.headers[at] or f"(column {column_letters(at + 1)})"
        while header in names:
            header += " (as written)"
        names.append(header)
    return names[1:]


def _trail(grid: Grid, layout: Layout, kept: Sequence[int], remarks: Remarks) -> Trail | None:
    """Where the cells of a table stood that was made from a sheet of another layout."""
    if not grid.origins:
        return None
    named = {**layout.columns, **{f"dimension:{id}": at for id, at in layout.dimensions.items()}}
    return Trail(
        origins=FrozenMap({name: [grid.origins[at][row] for row in kept] for name, at in named.items()}),
        has_letters=grid.has_letters,
        told=FrozenMap({row: tuple(codes) for row, codes in remarks.told().items()}),
    )


class _TableReader:
    """Types the columns of one grid, field by field."""

    def __init__(self, columns: Columns, given: Given) -> None:
        self.columns = columns
        self.names = columns.names
        self.remarks = columns.remarks
        self.rows = columns.rows
        self.grid = columns.grid
        self.size = columns.size
        self.given = given
        self.projects: list[Answer[str]] = []

    def frame(self, order: int) -> tuple[pl.DataFrame, dict[str, list[str | None]]]:
        """The typed rows, and the codes by which findings name them."""
        columns = self.columns
        project, indicator = self.project(), self.indicator()
        found = self.period(indicator)
        partner, location, category = self.partner(), self.location(), self.category()
        known = self.names.plan.indicators
        reported = figures(columns, [known[id] if id is not None else None for id in indicator])
        units = self.units(indicator)
        status = columns.values("status", lambda cell: asking.status(self.names.said("status", cell)))
        typed: dict[str, list[Any]] = {
            "project": project,
            "indicator": indicator,
            "period": [each.label for each in found],
            "period_start": [each.start for each in found],
            "period_end": [each.last for each in found],
            "partner": partner,
            "location": location,
            "category": category,
            "value": reported.value,
            "numerator": reported.numerator,
            "denominator": reported.denominator,
            "unit": [mine or own for mine, own in zip(reported.unit, units, strict=True)],
            "state": reported.state,
            "text": reported.text,
            "comment": columns.words("comment"),
            "evidence": columns.words("evidence"),
            "status": [each or self.given.status.value for each in status],
            "revision": [each or 0 for each in columns.values("revision", asking.whole)],
            "reported_on": self.reported_on(),
            "illustrative": [bool(each) for each in columns.values("illustrative", asking.flag)],
            "source_file": [self.grid.file] * self.size,
            "source_sheet": [self.grid.sheet] * self.size,
            "source_cell": self.addresses(),
            "source_row": [self.grid.numbers[at] for at in self.rows.kept],
            "source_order": list(range(order, order + self.size)),
        }
        tell_notes(self.remarks, self.grid, self.columns.layout, self.rows.kept, typed)
        for row in self.rows.doubted:
            self.remarks.unusable.add(row)
            for name in _FIGURES:
                typed[name][row] = None
        for row in self.rows.broken:
            self.remarks.unusable.add(row)
            for name in _JUDGED:
                typed[name][row] = None
        series = [pl.Series(name, typed[name], dtype=kind, strict=True) for name, kind in polars_schema().items()]
        usable = [row not in self.remarks.unusable for row in range(self.size)]
        named = [each.named for each in found]
        series += [
            pl.Series("usable", usable, dtype=pl.Boolean()),
            pl.Series("named_period", named, dtype=pl.Boolean()),
            pl.Series("declared_decimal", [self.declared_decimal()] * self.size, dtype=pl.Boolean()),
        ]
        keys = {name: [None if code == TOTAL else code for code in typed[name]] for name in _KEYS}
        return pl.DataFrame(series), keys

    def raw(self, order: int) -> pl.DataFrame:
        """What the partner wrote: one column of text for each header as written."""
        series = [pl.Series("source_order", range(order, order + self.size), dtype=pl.Int64())]
        names = raw_names(self.columns.layout, len(self.grid.columns))
        for header, column in zip(names, self.grid.columns, strict=True):
            series.append(pl.Series(header, asking.texts(self.rows.take(column)), dtype=pl.String()))
        return pl.DataFrame(series)

    def declared_decimal(self) -> bool:
        """Whether the source itself declares its values as decimals, so that decimals are what it means."""
        return declares_decimals(self.grid, self.columns.layout)

    # ------------------------------------------------------------------------------------------------------ the codes

    def project(self) -> list[str | None]:
        """The project of each row; the plan's own where the file names none."""
        own = self.names.plan.id
        found = self.columns.cells("project")
        if found is None:
            return [own] * self.size
        self.projects = asking.each(found, self.names.project.match_cell)
        self.columns.tell("project", found, self.projects)
        return [own if answer.code is None and answer.value is None else answer.value for answer in self.projects]

    def is_of_another_project(self) -> bool:
        """Whether every row names a project, and none of them this one."""
        asked = [answer for row, answer in enumerate(self.projects) if row not in self.rows.broken]
        return bool(asked) and all(answer.code == "ref-unknown-project" for answer in asked)

    def other_project(self) -> str:
        """The project that most rows name."""
        shown = Counter(text_of(cell) or "" for cell in self.columns.cells("project") or ())
        return min(shown, key=lambda name: (-shown[name], name)) if shown else ""

    def indicator(self) -> list[str | None]:
        """The indicator of each row, which must be named."""
        answers = self.columns.answers("indicator", self.names.indicators.match_cell) or [BLANK] * self.size
        for row, answer in enumerate(answers):
            if answer is BLANK and row not in self.rows.broken:
                self.remarks.add("indicator-missing", row=row, column=self.columns.at("indicator"))
        return [answer.value for answer in answers]

    def partner(self) -> list[str | None]:
        """The partner of each row: as named, as the caller says, or `_T` where nobody is."""
        given = self.given.partner
        whole = given or TOTAL
        found = self.columns.cells("partner")
        expects = bool(self.names.plan.partners)
        if found is None:
            if given is None and expects:
                self.remarks.add("partner-missing", expected=self.names.partners.expected)
            return [whole] * self.size
        answers = self.codes("partner", found, self.names.partners)
        for row, answer in enumerate(answers):
            if row in self.rows.broken:
                continue
            if answer is BLANK and given is None and expects:
                at = self.columns.at("partner")
                self.remarks.add("partner-missing", row=row, column=at, expected=self.names.partners.expected)
            elif given is not None and answer.value not in (None, given):
                told: Answer[str] = Answer(code="partner-other", expected=given)
                self.remarks.answer(row, self.columns.at("partner"), found[row], told)
        return [whole if answer is BLANK else answer.value for answer in answers]

    def location(self) -> list[str | None]:
        """The location of each row; `_T` where none is named."""
        found = self.columns.cells("location")
        if found is None:
            return [TOTAL] * self.size
        return [
            TOTAL if answer is BLANK else answer.value for answer in self.codes("location", found, self.names.locations)
        ]

    def codes(self, column: str, found: Sequence[Cell], lookup: Lookup) -> list[Answer[str]]:
        """The codes in a column; as written where the plan lists none to compare with."""
        ask = lookup.match_cell if lookup.codes else asking.any_code
        answers = asking.each(found, lambda cell: Answer(value=TOTAL) if cell == TOTAL else ask(cell))
        self.columns.tell(column, found, answers)
        return answers

    def category(self) -> list[str | None]:
        """The encoded category of each row."""
        dimensions = {id: self.in_french(id) for id in self.columns.layout.dimensions}
        whole = self.columns.cells_or_blank("category")
        rows = zip(whole, *dimensions.values(), strict=True)

        def ask(row: tuple[Cell, ...]) -> tuple[str | None, tuple[tuple[str, Answer[str]], ...]]:
            return category(self.names, row[0], dict(zip(dimensions, row[1:], strict=True)))

        answers = asking.each_row(rows, ask)
        found = {"category": whole, **{f"dimension:{id}": cells for id, cells in dimensions.items()}}
        self.columns.tell_rows((said for _, said in answers), found)
        return [answer for answer, _ in answers]

    def in_french(self, dimension: str) -> Sequence[Cell]:
        """The cells of a split; beneath a French header H is for hommes, which in other languages it is not."""
        found = self.columns.cells_or_blank(f"dimension:{dimension}")
        header = self.columns.layout.headers[self.columns.layout.dimensions[dimension]]
        lookup = self.names.dimensions[dimension]
        if header_key(header) not in _FRENCH or lookup.known("H") is not None:
            return found
        return [_HOMMES if isinstance(cell, str) and cell.strip() in ("H", "h") else cell for cell in found]

    def units(self, indicators: Sequence[str | None]) -> list[str | None]:
        """The unit of each row; of one that is not understood the finding says which would fit its indicator."""
        found, at = self.columns.cells("unit"), self.columns.at("unit")
        if found is None or at is None:
            return [None] * self.size
        known = self.names.plan.indicators
        # One cell above the figures of several indicators is told once.
        of_one: dict[Hashable, set[str | None]] = {}
        origins = [self.grid.origin(at, row) for row in self.rows.kept]
        for origin, id in zip(origins, indicators, strict=True):
            of_one.setdefault(origin, set()).add(id)

        def ask(row: tuple[Cell, str | None]) -> Answer[str]:
            indicator = known.get(row[1]) if row[1] is not None else None
            return fields.unit_cell(self.names, self.names.said("unit", row[0]), indicator)

        alone = [
            id if origin is None or len(of_one[origin]) == 1 else None
            for origin, id in zip(origins, indicators, strict=True)
        ]
        answers = asking.each_row(zip(found, alone, strict=True), ask)
        self.columns.tell("unit", found, answers)
        return [answer.value for answer in answers]

    # ------------------------------------------------------------------------------------------------------- the days

    def period(self, indicator: Sequence[str | None]) -> list[PeriodFound]:
        """The dates of each row."""
        names = ("period", "year", "period_start", "period_end")
        found = {name: self.columns.cells_or_blank(name) for name in names}
        told = self.names.day_first
        both = told if told is not None else asking.day_first([*found["period_start"], *found["period_end"]])
        shown = [told if told is not None else asking.day_first(found[name]) for name in ("period_start", "period_end")]
        first = (both if shown[0] is None else shown[0], both if shown[1] is None else shown[1])
        frequencies = self.names.frequencies

        def ask(row: tuple[Any, ...]) -> PeriodFound:
            return fields.period(
                self.names,
                fields.PeriodCells(*row[:4]),
                frequency=row[4],
                first=first,
                epoch=self.grid.epoch,
                given=self.given.period,
                compared=self.given.compared,
            )

        rows = zip(*found.values(), (frequencies.get(id) for id in indicator), strict=True)
        answers = asking.each_row(rows, ask)
        stand_in = next(
            (name for name in ("period", "year", "period_end") if self.columns.at(name) is not None), "period"
        )
        self.columns.tell_rows((each.said for each in answers), found, stand_in=stand_in)
        return answers

    def reported_on(self) -> list[dt.date | None]:
        """The day of receipt of each row."""
        told = self.names.day_first
        first = told if told is not None else asking.day_first(self.columns.cells_or_blank("reported_on"))
        epoch = self.grid.epoch
        return self.columns.values(
            "reported_on", lambda cell: fields.day_cell(cell, first=first, epoch=epoch, moment=True)
        )

    # ----------------------------------------------------------------------------------------------------- the places

    def addresses(self) -> list[str | None]:
        """The address of each value's cell in a workbook."""
        if not self.grid.has_letters:
            return [None] * self.size
        ways = [
            (at, self.columns.cells_or_blank(name)) for name in _VALUES if (at := self.columns.at(name)) is not None
        ]
        found: list[str | None] = []
        for row, position in enumerate(self.rows.kept):
            at = next((at for at, column in ways if not is_blank(column[row])), ways[0][0] if ways else None)
            found.append(self.grid.address(at, position)[1] if at is not None else None)
        return found


_FRENCH: Final = frozenset(("sexe", "genre"))
_HOMMES: Final = "hommes"
_VALUES: Final = ("value", "numerator", "text")
_FIGURES: Final = ("value", "numerator", "denominator", "state")
_KEYS: Final = ("indicator", "period", "partner", "location", "category")
_JUDGED: Final = tuple(
    column.name
    for column in COLUMNS
    if column.kind in ("text", "date", "decimal") and not (column.name.startswith("source_") or column.name == "status")
)
"""The columns that are empty in a broken row; the others say where it stands, or have a plain default."""
