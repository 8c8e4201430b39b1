"""Partners' reports of every kind read into one typed table, beside what they wrote and what could not be understood.

Read `read` first: one source after the other becomes grids, grids become tables, and the tables one `Reading`. Whatever
a source holds, a reading comes back; only a call that makes no sense raises.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import OptionError
from mne.ground.catalogue import Severity
from mne.ground.files import Limits, SourceBytes, matching, read_bytes, walk_sources
from mne.ground.findings import Finding, Place
from mne.ground.guard import Guard
from mne.ground.kinds import sniff, wrong_kind
from mne.ground.maps import FrozenMap
from mne.ground.phrases import both, phrase
from mne.logframe.periods import Period
from mne.reports.blanks import MOST
from mne.reports.code_columns import with_codes
from mne.reports.formula_ranges import note_short_ranges
from mne.reports.grid import Loaded
from mne.reports.group_columns import with_groups
from mne.reports.headers import HeaderReader
from mne.reports.headings import Headings
from mne.reports.jobs import Workers
from mne.reports.layouts import Found, tables_of
from mne.reports.mapped import Mapped
from mne.reports.mapping import mappings_of
from mne.reports.names import Names
from mne.reports.parcel import Done, Part
from mne.reports.partner_lines import code_in_title, partner_for, partner_in_title
from mne.reports.readers.binary import read_binary
from mne.reports.readers.columnar import read_parquet
from mne.reports.readers.delimited import DELIMITERS, read_delimited
from mne.reports.readers.frames import is_frame, read_frame
from mne.reports.readers.iati import read_iati
from mne.reports.readers.records import read_json_lines, read_records
from mne.reports.reading import ColumnAt, Reading, SourceFile, TableAt
from mne.reports.retyped import retyped
from mne.reports.stamps import is_to_fix
from mne.reports.table import Given, Table, read_table
from mne.reports.template import (
    Template,
    filled_in,
    of_another_title,
    of_other_periods,
    recognised,
    renamed,
    with_astray,
    with_last,
)
from mne.reports.template_parts import parts_left_blank
from mne.tables.observations import KEY, Observations, Status, polars_schema

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.reports.grid import Grid
    from mne.reports.headers import Layout
    from mne.reports.mapping import Mapping as FileMapping

__all__ = [
    "KINDS",
    "SUFFIXES",
    "Source",
    "SourceReader",
    "flat_sources",
    "given_of",
    "is_blocked",
    "load_grids",
    "read",
]

Progress = Callable[[int, int, str], None]

KINDS: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "ole",
    ".ods": "ods",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xml": "xml",
}
SUFFIXES: Final = tuple(KINDS)
"""The endings of the files that are read."""

_SNIFFED: Final = {"xlsx": "xlsx", "parquet": "parquet", "json": "json", "xml": "xml", "text": "csv", "ods": "ods"}
_TRUSTED: Final = Limits(
    file_bytes=2 << 30, unzipped_bytes=8 << 30, elements=1 << 30, rows=1_048_576, cells=200_000_000, nodes=50_000_000
)
_FEWEST: Final = 2
_FIRST_ROWS: Final = 40
_LONGEST: Final = 200
_COLUMNS: Final = "indicator, period and value"


def read(
    source: Any,
    plan: Logframe,
    *,
    partner: str | None = None,
    period: str | Period | None = None,
    default_status: str = Status.SUBMITTED.value,
    delimiter: str | None = None,
    trusted: bool = False,
    jobs: int = 1,
    mapping: Any = None,
    progress: Progress | None = None,
    compared: bool = False,
) -> Reading:
    """Everything that a source reports, typed as far as it could be understood.

    Args:
        source: the path of a file or a folder, a pattern such as ``2026/*.xlsx``, bytes, ``(name, bytes)``, a frame
            of pandas, Polars, Arrow, DuckDB or Spark, `Observations`, or a list of these.
        plan: the logframe that the reports are for.
        partner: whose reports they are, where they do not say; another partner in them is a finding.
        period: which period they are for, where they do not say; another period in them is a finding.
        default_status: the status of rows that name none.
        delimiter: what parts the cells of text tables, where that was agreed; a file parted otherwise is refused.
        trusted: the files are the caller's own: larger ones are read, and none in a process apart.
        jobs: how many files are read at the same time, each in a process apart; the answer is the same.
        mapping: how files with columns and words of their own are to be read: a `Mapping`, the path of one, or a list;
            for each file the first counts that is for files of its name and has columns of the file.
        progress: called with (done, all, name) after each file, and with how far it is while a large one is read; what
            it raises ends the reading.
        compared: rows of periods before the one given are read, and told as what they are.

    Returns:
        The reading: one row for each row of the sources that was not passed over, in the order read.

    Raises:
        OptionError: an argument makes no sense.
    """
    told = given_of(plan, partner, period, default_status, delimiter)
    told = replace(told, mappings=mappings_of(mapping), compared=compared)
    reader = SourceReader(plan, told, trusted=trusted)
    sources = list(flat_sources(source, reader.findings))
    if progress is not None:
        reader.tell = lambda label: progress(len(reader.sources), len(sources), label)
    with reader.guard:
        for name, done in _each(reader, sources, jobs):
            reader.add(done)
            reader.tell(name)
    return reader.reading()


def load_each(
    source: Any, plan: Logframe, *, given: Given, trusted: bool, tell: Callable[[str], None] | None = None
) -> tuple[list[tuple[Loaded, SourceFile]], list[Finding]]:
    """The sheets of each file, or frame, that a source stands for, and what is to be said of the source as a whole."""
    reader = SourceReader(plan, given, trusted=trusted)
    found = []
    with reader.guard:
        for each in flat_sources(source, reader.findings):
            found.append(reader.load(each))
            if tell is not None:
                tell(each.name)
    return found, reader.findings


def read_loaded(loaded: Loaded, told: SourceFile, plan: Logframe, given: Given) -> Reading:
    """What sheets that are loaded already report."""
    reader = SourceReader(plan, given, trusted=True)
    reader.add(reader.typed(loaded, told))
    return reader.reading()


def _silent(_: str) -> None:
    """Who did not ask how far the reading is."""


def load_grids(source: Any, plan: Logframe) -> Loaded:
    """The sheets of all files that a source stands for, before anybody asks what is in them."""
    reader = SourceReader(plan, Given(), trusted=False)
    whole = Loaded(findings=reader.findings)
    with reader.guard:
        for each in flat_sources(source, reader.findings):
            loaded = reader.load(each)[0]
            whole.grids += loaded.grids
            whole.findings += loaded.findings
    return whole


def _each(reader: SourceReader, sources: Sequence[Source], jobs: int) -> Iterator[tuple[str, Done]]:
    """Every source read, in the order given; several at the same time where that is asked for."""
    if not _is_whole(jobs) or jobs < 1:
        raise OptionError(f"jobs must be a whole number from 1 on, not {jobs!r}")
    files = [each.path for each in sources if each.path is not None]
    if jobs == 1 or len(files) < _FEWEST:
        yield from ((each.name, reader.one(each)) for each in sources)
        return
    # A frame is in this process already; files go to the others, and are there when their turn comes.
    with Workers(reader.plan, reader.given, jobs=min(jobs, len(files)), trusted=reader.trusted) as workers:
        apart = {path: workers.start(str(path)) for path in files}
        for each in sources:
            yield each.name, reader.one(each) if each.path is None else apart[each.path]()


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def read_one(path: str, plan: Logframe, given: Given, *, trusted: bool) -> Done:
    """What one file gave; for a process apart."""
    reader = SourceReader(plan, given, trusted=trusted)
    with reader.guard:
        return reader.one(Source(path, path=Path(path)))


def given_of_all(default_status: str, delimiter: str | None) -> Given:
    """What the caller says of every row, where it names neither partner nor period.

    Raises:
        OptionError: there is no such status, or sign between cells.
    """
    if default_status not in set(Status):
        raise OptionError(f"default_status must be one of {', '.join(Status)}, not {default_status!r}")
    if delimiter is not None and delimiter not in DELIMITERS:
        raise OptionError(f"delimiter must be one of {', '.join(map(repr, DELIMITERS))}, not {delimiter!r}")
    return Given(status=Status(default_status), delimiter=delimiter)


def given_of(plan: Logframe, partner: Any, period: Any, default_status: str, delimiter: str | None) -> Given:
    """What the caller says of every row.

    Raises:
        OptionError: it makes no sense for this plan.
    """
    given = given_of_all(default_status, delimiter)
    names = Names(plan) if partner is not None or period is not None else None
    if partner is not None and names is not None and names.partners.codes:
        answer = names.partners.match(partner) if isinstance(partner, str) else None
        if answer is None or answer.value is None:
            raise OptionError(f"partner must be one of {names.partners.expected}, not {partner!r}")
        partner = answer.value
    if partner is not None and not (isinstance(partner, str) and partner.strip()):
        raise OptionError(f"partner must be a code, not {partner!r}")
    if isinstance(period, str) and names is not None:
        found = names.periods.read(period)
        if found.start is None or found.last is None or found.label is None:
            raise OptionError(f"period must be {found.expected}, not {period!r}")
        period = Period(found.start, found.last + dt.timedelta(days=1), found.label)
    if period is not None and not isinstance(period, Period):
        raise OptionError(f"period must be the label of a period, not {type(period).__name__}")
    return replace(given, partner=partner, period=period)


# ------------------------------------------------------------------------------------------------------------ sources


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: a path, bytes, or a frame."""

    name: str
    path: Path | None = None
    data: bytes | None = None
    frame: Any = None
    canonical: bool = False

    def __post_init__(self) -> None:
        # A name in another encoding than the system's has signs that no table and no text can hold.
        object.__setattr__(self, "name", self.name.encode(errors="backslashreplace").decode())


def flat_sources(source: Any, findings: list[Finding]) -> Iterator[Source]:
    """The single files, bytes and frames that a source stands for."""
    match source:
        case str() | os.PathLike():
            yield from _paths(os.fspath(source), findings)
        case bytes() | bytearray() | memoryview():
            yield Source("(bytes)", data=bytes(source))
        case SourceBytes():
            yield Source(source.name, data=source.data)
        case (str(name), bytes() | bytearray() | memoryview() as data):
            yield Source(name, data=bytes(data))
        case Observations():
            yield Source("(observations)", frame=source.to_polars(), canonical=True)
        case _ if is_frame(source):
            yield Source("(data frame)", frame=source)
        case list() | tuple():
            for number, each in enumerate(source, start=1):
                for one in flat_sources(each, findings):
                    named = (
                        one
                        if one.path is not None or not one.name.startswith("(")
                        else replace(one, name=f"{one.name} {number}")
                    )
                    yield named
        case _:
            raise OptionError(
                f"source must be a path, bytes, a data frame, or a list of these, not {type(source).__name__}"
            )


def _paths(name: str | bytes, findings: list[Finding]) -> Iterator[Source]:
    path = Path(os.fsdecode(name))
    matched = matching(str(path))
    if matched:
        for each in matched:
            yield from _paths(each, findings)
        return
    if not path.is_dir():
        yield Source(str(path), path=path)
        return
    found, said = walk_sources(path, suffixes=SUFFIXES)
    findings.extend(said)
    yield from (Source(str(each), path=each) for each in found)


@dataclass(slots=True)
class SourceReader:
    """Reads one source after the other, and keeps what they gave."""

    plan: Logframe
    given: Given
    trusted: bool
    findings: list[Finding] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)
    frames: list[pl.DataFrame] = field(default_factory=list)
    raws: list[pl.DataFrame] = field(default_factory=list)
    columns: dict[tuple[str, str], Mapping[str, ColumnAt]] = field(default_factory=dict)
    tables_at: list[TableAt] = field(default_factory=list)
    blanks: list[Place] = field(default_factory=list)
    tell: Callable[[str], None] = _silent
    names: Names = field(init=False)
    headers: HeaderReader = field(init=False)
    headings: Headings = field(init=False)
    guard: Guard = field(init=False)
    mapped: tuple[Mapped, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.mapped = tuple(Mapped(each, self.plan) for each in self.given.mappings)
        self.names = Names(self.plan)
        self.headers = HeaderReader(self.plan)
        self.headings = Headings(self.names)
        self.guard = Guard(trusted=self.trusted)

    def one(self, source: Source) -> Done:
        """Read one source to its end."""
        return self.typed(*self.load(source))

    def typed(self, loaded: Loaded, told: SourceFile) -> Done:
        """The tables in the grids of one source, typed."""
        tables: list[tuple[Grid, Layout, Table]] = []
        findings = list(loaded.findings)
        if not is_blocked(findings):
            tables = self.tables(loaded, findings, told.name)
        rows = sum(table.rows for _, _, table in tables)
        if not tables:
            rows = sum(len(grid.numbers) - (grid.header is None) for grid in loaded.grids if _is_open(grid))
        if is_blocked(findings):
            tables = []
        kept = sum(table.read for _, _, table in tables)
        refused = is_blocked(findings)
        parts = tuple(
            Part(grid.file, grid.sheet or "", table.frame, table.raw, FrozenMap(layout.places(grid)), table.trail)
            for grid, layout, table in tables
        )
        done = replace(told, rows=rows, read=kept, ignored=rows - kept, refused=refused)
        blanks = tuple(each for grid, _, _ in tables for each in grid.blanks)[:MOST]
        return Done(done, parts, tuple(findings), blanks)

    def add(self, done: Done) -> None:
        """Put what a source gave behind what the sources before it gave."""
        order = sum(each.read for each in self.sources)
        self.sources.append(done.source)
        self.findings += done.findings
        self.blanks += done.blanks
        for part in done.parts:
            first = order + int(part.frame["source_order"][0]) if part.frame.height else order
            self.tables_at.append(TableAt(first, part.columns, part.trail))
            self.frames.append(part.frame.with_columns(pl.col("source_order") + order))
            self.raws.append(part.raw.with_columns(pl.col("source_order") + order))
            self.columns[part.file, part.sheet] = part.columns

    def load(self, source: Source) -> tuple[Loaded, SourceFile]:
        """The grids of one source, and what it was."""
        if source.frame is not None:
            loaded = read_frame(source.frame, name=source.name)
            if source.canonical:
                for grid in loaded.grids:  # its own type is decimal whatever was reported: it declares nothing
                    grid.types = tuple("number" if kind == "decimal" else kind for kind in grid.types)
            return loaded, SourceFile(source.name, "frame")
        kind = KINDS.get(Path(source.name).suffix.casefold(), "")
        data, digest = source.data, ""
        limits = _TRUSTED if self.trusted else Limits()
        if source.path is not None:
            found, said = read_bytes(source.path, limits=limits)
            if found is None:
                return Loaded(findings=list(said)), SourceFile(source.name, kind or "unknown")
            data, digest = found.data, found.sha256
        content = data or b""
        kind = kind or (_SNIFFED.get(sniff(content), "") if source.path is None and source.name.startswith("(") else "")
        told = SourceFile(source.name, kind or "unknown", digest or hashlib.sha256(content).hexdigest())
        return self.parse(content, kind, source.name, limits), told

    def parse(self, data: bytes, kind: str, name: str, limits: Limits) -> Loaded:
        """The grids in the bytes of one file."""
        if not data:
            return Loaded(findings=[Finding(code="file-empty", place=Place(file=name))])
        if not kind:
            suffix = Path(name).suffix or name
            place, expected = Place(file=name), ", ".join(SUFFIXES)
            unknown = Finding(
                code="file-type-unknown", place=place, found=suffix, expected=expected, severity=Severity.BLOCKER
            )
            return Loaded(findings=[unknown])
        if kind == "xlsx":
            from mne.reports.readers.excel import read_workbook  # openpyxl, with NumPy, takes longer than all of ours

            return read_workbook(
                data, name=name, limits=limits, tell=lambda where: self.tell(f"{Path(name).name} · {where}")
            )
        if kind == "xml":
            told, partner = self.headers.dimension, self.given.partner
            return read_iati(data, name=name, names=self.names, dimension=told, partner=partner, limits=limits)
        return self.parse_plain(data, kind, name, limits)

    def parse_plain(self, data: bytes, kind: str, name: str, limits: Limits) -> Loaded:
        """The grids in a file whose content has to be of the kind that its name says."""
        told = self.mapping(name)
        if kind == "csv" and told is not None and told.encoding is not None:
            return read_delimited(data, name=name, limits=limits, encoding=told.encoding, delimiter=told.sign)
        wrong = wrong_kind(data, name=name, kind="json" if kind == "jsonl" else kind)
        if wrong:
            return Loaded(findings=list(wrong))
        match kind:
            case "csv":
                sign = told.sign if told is not None else None
                return read_delimited(data, name=name, limits=limits, delimiter=sign, agreed=self.given.delimiter)
            case "ole" | "ods":
                return read_binary(data, name=name, guard=self.guard, limits=limits)
            case "json":
                return read_records(data, name=name, limits=limits)
            case "jsonl":
                return read_json_lines(data, name=name, limits=limits)
        return read_parquet(data, name=name, guard=self.guard, limits=limits)

    def mapping(self, name: str) -> FileMapping | None:
        """The mapping for files of a name."""
        return next((each for each in self.given.mappings if each.is_for(name)), None)

    def found(self, loaded: Loaded, findings: list[Finding], name: str) -> tuple[list[Found], Names]:
        """The tables of a file as its mapping has them, if there is one, and the names by which they are read."""
        given = self.given.columns
        meant = [each for each in self.mapped if each.mapping.is_for(name)]
        mapped = next((each for each in meant if each.fits(loaded.grids)), None)
        if mapped is None:
            known = [
                with_groups(*with_codes(grid, self.headers, self.names.indicators), self.headings)
                for grid in loaded.grids
            ]
            read = [each for grid, headers in known for each in tables_of(grid, headers, self.headings, given=given)]
            if not meant:
                return read, self.names
            if any(layout is not None for _, layout, _, _ in read):
                findings.append(Finding(code="mapping-unused", place=Place(file=name)))
                return read, self.names
            mapped = meant[0]
        grids, said = mapped.sheets(loaded.grids, name)
        findings += said
        if is_blocked(said):
            return [], mapped.names
        options = {"facts": mapped.facts, "layout_as": mapped.mapping.layout}
        known = [with_groups(*mapped.with_codes(grid), mapped.headings) for grid in grids]
        return [
            each
            for grid, headers in known
            for each in tables_of(grid, headers, mapped.headings, given=given, **options)  # type: ignore[arg-type]
        ], mapped.names

    def tables(self, loaded: Loaded, findings: list[Finding], name: str) -> list[tuple[Grid, Layout, Table]]:
        """The tables among the grids of one file; sheets that hold none are told."""
        note_short_ranges(loaded.grids)
        template = recognised(loaded.grids, self.plan, name=name)
        given, grids = self.given, loaded.grids
        if template is not None:
            findings += template.findings
            if is_blocked(template.findings):
                return []
            grids = list(template.grids)
            has_period = any(self.headers.understands(grid, "period") for grid in grids)
            given = template.given(given, self.names, has_period=has_period)
        names = self.names
        if template is not None:
            found = [(grid, *self.headers.find(grid, given=given.columns)) for grid in grids]
        else:
            found, names = self.found(loaded, findings, name)
        # Our own sheets are passed over, unless somebody put a table into one.
        own = template.stamp.sheets if template is not None else ()
        found = [each for each in found if each[1] is not None or not (is_to_fix(each[0]) or each[0].sheet in own)]
        shown = [each for each in found if each[0].hidden is None]
        usable = [each for each in shown if each[1] is not None]
        tables = []
        order = 0
        for grid, layout, said, _ in found:
            if grid.hidden is not None:
                if layout is not None:
                    findings.append(Finding(code="sheet-hidden", place=Place(file=name, sheet=grid.sheet)))
            elif layout is not None:
                here = given
                if template is None and given.partner is None and "partner" not in layout.columns:
                    partner, told = self.partner(grid, loaded.grids)
                    here = replace(given, partner=partner)
                    findings += [each for each in told if each not in findings]
                read, table, told = self.table(grid, layout, template, here, names, order=order)
                order += table.read
                findings += [each for each in said if template is None or each.code != "header-offset"]
                findings += self.with_title(told, grid, loaded)
                tables.append((read, layout, table))
            else:
                meant = _is_meant(said) or self.reports_one(grid, said)
                findings += _not_read(grid, said, name, usable, meant=meant)
        if not is_blocked(findings):
            findings += _same_cells(tables, name) if tables else [_no_table(loaded.grids, name)]
        return tables

    def reports_one(self, grid: Grid, said: Sequence[Finding]) -> bool:
        """Whether a sheet that lacks a column for indicators has one for values, and names an indicator elsewhere."""
        if not any(each.code == "header-missing" for each in said) or not self.headers.understands(grid, "value"):
            return False
        rows = range(min(_FIRST_ROWS, len(grid.numbers)))
        texts = [cell for row in rows for cell in grid.row(row) if isinstance(cell, str) and len(cell) <= _LONGEST]
        names = [part.strip() for text in texts for part in (text, text.rpartition(":")[2])]
        return any(each in self.names.indicators.codes for each in names)

    def partner(self, grid: Grid, grids: Sequence[Grid]) -> tuple[str | None, list[Finding]]:
        """The partner of a table that names none, from elsewhere in its workbook, and what is to be said of that."""
        partner = partner_for(grid, grids, self.headers, self.headings)
        titled = code_in_title(grid, grids, self.headers, self.headings) if partner is None else None
        if titled is None:
            return partner, []
        code, place = titled
        return code, [Finding(code="partner-from-title", place=place, found=code)]

    def with_title(self, told: list[Finding], grid: Grid, loaded: Loaded) -> list[Finding]:
        """What is said of a table that names no partner, with the one that its title speaks of."""
        lacks = any(each.code == "partner-missing" and each.place.row is None for each in told)
        partner = partner_in_title(grid, loaded.grids, self.headings) if lacks else None
        if partner is None:
            return told
        return [replace(each, suggestion=partner) if each.code == "partner-missing" else each for each in told]

    def table(
        self, grid: Grid, layout: Layout, template: Template | None, given: Given, names: Names, *, order: int
    ) -> tuple[Grid, Table, list[Finding]]:
        """One table with what is to be said of it; of a template only the rows that were filled in."""
        if template is None:
            table = read_table(grid, layout, names, given, order=order)
            return grid, table, [*table.findings, *retyped(table.frame, grid, layout, names, self.headings)]
        slim, blank = filled_in(grid, layout, self.names, partner=given.partner)
        table = read_table(slim, layout, self.names, given, order=order)
        left = len(grid.numbers) - len(slim.numbers)
        frame = with_last(table.frame, slim, layout, template.stamp, self.headings)
        frame = with_astray(frame, template.stamp, names.plan)
        told = [
            *blank,
            *renamed(table.findings, template.stamp, self.names),
            *of_another_title(grid, layout, template.stamp, names.plan),
            *of_other_periods(frame, layout, template, names.plan),
            *parts_left_blank(grid, slim, layout, frame, template.stamp, self.names),
            *retyped(frame, slim, layout, names, self.headings),
        ]
        return slim, replace(table, frame=frame, rows=table.rows + left), told

    def reading(self) -> Reading:
        """All that was read."""
        schema = {
            **polars_schema(),
            "usable": pl.Boolean(),
            "named_period": pl.Boolean(),
            "declared_decimal": pl.Boolean(),
        }
        return Reading(
            frame=pl.concat([pl.DataFrame(schema=schema), *self.frames], how="diagonal"),
            raw=pl.concat([pl.DataFrame(schema={"source_order": pl.Int64()}), *self.raws], how="diagonal"),
            findings=tuple(self.findings),
            sources=tuple(self.sources),
            columns=FrozenMap(self.columns),
            tables=tuple(each for each, frame in zip(self.tables_at, self.frames, strict=True) if frame.height),
            blanks=tuple(self.blanks),
        )


def _not_read(grid: Grid, said: list[Finding], name: str, usable: Sequence[Found], *, meant: bool) -> list[Finding]:
    """What is said of a sheet without a usable table; where others have one, it is held, and they are judged."""
    if usable and not meant:
        return [Finding(code="sheet-skipped", place=Place(file=name, sheet=grid.sheet))]
    if all(other.sheet == grid.sheet for other, *_ in usable):
        return said
    return [replace(each, severity=Severity.ERROR) if each.level is Severity.BLOCKER else each for each in said]


def _no_table(grids: Sequence[Grid], name: str) -> Finding:
    """Why there is no table: none at all, or one of a kind that is known and not read."""
    flat = next((grid for grid in grids if _is_flat_iati(grid)), None)
    if flat is not None:
        return Finding(code="iati-flat-table", place=Place(file=name, sheet=flat.sheet, row=flat.numbers[0]))
    return Finding(
        code="table-missing", place=Place(file=name), expected=phrase("columns such as indicator, period and value")
    )


def is_blocked(findings: Sequence[Finding]) -> bool:
    """Whether something keeps a whole file from being read."""
    return any(finding.level is Severity.BLOCKER for finding in findings)


def _is_open(grid: Grid) -> bool:
    """Whether people see a sheet, and it is not our own list of findings."""
    return grid.hidden is None and not is_to_fix(grid)


def _is_flat_iati(grid: Grid) -> bool:
    """Whether a table is IATI results laid flat, whose splits stand in pairs of columns that no header tells apart."""
    first = grid.header or (grid.row(0) if len(grid.numbers) else ())
    there = {cell.strip().casefold() for cell in first if isinstance(cell, str)}
    return "iati_identifier" in there and any(each.startswith("result_indicator_") for each in there)


def _is_meant(said: Sequence[Finding]) -> bool:
    """Whether a sheet without a usable header was meant as a table of reports: it names indicators."""
    return any(
        finding.code == "header-duplicate" or (finding.code == "header-missing" and "indicator" not in finding.expected)
        for finding in said
    )


def _same_cells(tables: Sequence[tuple[Grid, Layout, Table]], name: str) -> list[Finding]:
    """A blocker where all that one sheet reports another reports as well: an old copy, most likely.

    Sheets that share only some cells are judged cell by cell, as any rows are that contradict each other.
    """
    if len(tables) < _FEWEST:
        return []
    # Also what cannot be used: it was meant for some cell all the same.
    told = [(grid.sheet or "", set(table.frame.select(KEY).iter_rows())) for grid, _, table in tables]
    for at, (sheet, cells) in enumerate(told):
        for other, others in told[at + 1 :]:
            if other == sheet or not cells or not others:
                continue
            shared = cells & others
            if len(shared) >= _FEWEST and len(shared) in (len(cells), len(others)):
                place = Place(file=name, sheet=sheet)
                related = (Place(file=name, sheet=other),)
                return [Finding(code="sheet-ambiguous", place=place, found=both([sheet, other]), related=related)]
    return []
