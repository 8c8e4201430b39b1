"""Reports larger than memory: read some thousand rows at a time, parted by partner, judged some partners at a time.

Read `validate_in_parts` first. The rules are those of any table and run unchanged: what one of them says of several
partners is put together by its `merge`. What was read stays in files, where findings find their rows again.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import OptionError
from mne.ground.findings import Findings
from mne.ground.maps import FrozenMap
from mne.logframe.indicator import TOTAL
from mne.reports.beside import joined
from mne.reports.context import Judged, resembling
from mne.reports.judge import Heard, Why, all_rules, checked_of, codes_of_rows, hear, settle, threads_for
from mne.reports.pieces import RAW, TYPED, Told, file_of, read_in_pieces
from mne.reports.read import Source, SourceReader, flat_sources
from mne.reports.reading import Reading, SourceFile, TableAt
from mne.reports.refusal import NotInPartsError
from mne.reports.report import Checked, Counts, Held, as_written
from mne.reports.telling import Offences, tell
from mne.reports.template import OF_TEMPLATES
from mne.tables.buckets import Buckets, Part, bytes_of, rows_of
from mne.tables.observations import KEY, NAMES, Observations, polars_schema
from mne.tables.plan import compile_plan
from mne.tables.stored import StoredObservations

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.reports.parcel import Done
    from mne.reports.rule import Rule
    from mne.reports.table import Given
    from mne.tables.plan import PlanTables

__all__ = ["Large", "Lot", "all_codes", "judged_in_parts", "matrix_of", "refuse_spread", "summed", "typed_schema"]

ROW: Final = 4_000
"""Bytes that a row takes while it is judged, with all that is made of it. Measured; docs/scaling.md says how."""

_TIMES: Final = 6
"""So many times the size of its cells a row takes, where that is more: long texts stand in several tables."""

ODD_ROW: Final = 12_000
"""Bytes that a row takes which is read cell by cell."""

_HELD_AT: Final = "held"


@dataclass(frozen=True)
class Large:
    """What judging a table in parts gave: the pieces of a report."""

    findings: Findings
    observations: Observations
    held: Held
    held_typed: Callable[[], pl.DataFrame]
    counts: Counts
    checked: tuple[Checked, ...]
    sources: tuple[SourceFile, ...]
    by_partner_and_period: pl.DataFrame


@dataclass(frozen=True)
class Lot:
    """One source, or one table of it, in the buckets: the order of its first row, and what was passed over in it."""

    first: int
    ignored: pl.Series
    headers: tuple[str, ...]

    def order(self) -> pl.Expr:
        """The `source_order` of a row by its position."""
        place = pl.col("source_order")
        if not len(self.ignored):
            return place + self.first
        before = pl.lit(self.ignored).search_sorted(place).cast(pl.Int64)
        return place + self.first - before


_SOURCE: Final = ("source_file", "source_sheet", "source_row")


class _Shelves:
    """All rows that were read, in buckets."""

    def __init__(self, store: Buckets, plan: Logframe, tables: PlanTables, today: dt.date | None) -> None:
        self.store, self.plan, self.tables, self.today = store, plan, tables, today
        self.lots: list[Lot] = []
        self.sources: list[SourceFile] = []
        self.reading = Reading(frame=pl.DataFrame(), raw=pl.DataFrame())

    @property
    def plans(self) -> Sequence[Logframe]:
        """The plan that the rows are of."""
        return (self.plan,)

    # ------------------------------------------------------------------------------------------------------- reading

    def read(self, reader: SourceReader, sources: Sequence[Source], *, limit: int, told: Callable[[str], None]) -> None:
        """Put all sources into the buckets."""
        rows, odd = self.store.most // 4, rows_of(limit, ODD_ROW)
        order = 0
        columns: dict[tuple[str, str], Any] = {}
        tables: list[TableAt] = []
        findings = reader.findings
        with reader.guard:
            for source in sources:
                try:
                    piece = read_in_pieces(
                        reader,
                        source,
                        self.store,
                        number=len(self.lots),
                        rows=max(1, rows),
                        odd=odd,
                        tell=lambda rows, name=source.name: told(f"{name} · {rows:,}"),  # type: ignore[misc] # bound now
                    )
                except NotInPartsError as why:
                    self.store.drop(len(self.lots))
                    findings.append(why.finding)
                    self.sources.append(replace(file_of(source), refused=True))
                    continue
                if piece is not None:
                    self.add_lot(piece, order)
                    findings += piece.findings
                    columns[piece.file, ""] = piece.columns
                    if piece.source.read:
                        tables.append(TableAt(order, piece.columns))
                    self.sources.append(piece.source)
                else:
                    done = reader.one(source)
                    for part in done.parts:
                        if part.frame.height:
                            first = order + int(part.frame["source_order"][0])
                            tables.append(TableAt(first, part.columns, part.trail))
                        columns[part.file, part.sheet] = part.columns
                    self.add_done(done, order)
                    findings += done.findings
                    self.sources.append(done.source)
                order += self.sources[-1].read
                told(source.name)
        self.store.flush()
        self.reading = Reading(
            frame=pl.DataFrame(schema=typed_schema()),
            raw=pl.DataFrame(schema={"source_order": pl.Int64()}),
            findings=tuple(findings),
            sources=tuple(self.sources),
            columns=FrozenMap(columns),
            tables=tuple(tables),
        )

    def add_lot(self, told: Told, order: int) -> None:
        """A source that is in the buckets already."""
        self.lots.append(Lot(order, told.ignored, told.headers))

    def add_done(self, done: Done, order: int) -> None:
        """A source that was read as a whole."""
        for part in done.parts:
            headers = tuple(part.raw.columns[1:])
            written = part.raw.select(pl.col(name).alias(f"{RAW}{at}") for at, name in enumerate(headers))
            typed = part.frame.select(*TYPED, *(name for name in OF_TEMPLATES if name in part.frame.columns))
            frame = pl.concat([typed, written], how="horizontal")
            if frame.height:
                self.store.add(frame, source=len(self.lots))
            self.lots.append(Lot(order, pl.Series([], dtype=pl.Int64), headers))

    # -------------------------------------------------------------------------------------------------- what is there

    def scan(self, part: Part | None = None) -> pl.LazyFrame:
        """The typed rows of some buckets, or of all, in no particular order."""
        frames = [pl.LazyFrame(schema=typed_schema())]
        for number, lot in enumerate(self.lots):
            found = self.store.scan(part, source=number)
            if found is not None:
                there = found.collect_schema().names()
                own = (name for name in OF_TEMPLATES if name in there)
                frames.append(found.select(*TYPED, *own).with_columns(lot.order()))
        return pl.concat(frames, how="diagonal")

    def written(self, part: Part | None = None) -> pl.LazyFrame:
        """The same rows as they were written."""
        frames = [pl.LazyFrame(schema={"source_order": pl.Int64()})]
        for number, lot in enumerate(self.lots):
            found = self.store.scan(part, source=number)
            if found is not None:
                names = {f"{RAW}{at}": header for at, header in enumerate(lot.headers)}
                rows = found.select(lot.order().alias("_order"), *names).rename({**names, "_order": "source_order"})
                frames.append(rows)
        return pl.concat(frames, how="diagonal")

    def fetch(self, wanted: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with these `source_order`, beside what the plan knows of them, and as they were written."""
        frames, written = [self.beside(self.reading.frame)], [self.reading.raw]
        mine = pl.col("source_order").is_in(wanted.implode())
        for part in self.store.parts() if len(wanted) else ():
            rows = self.scan(part).filter(mine).collect()
            if rows.height:
                frames.append(self.beside(rows))
                written.append(self.written(part).filter(mine).collect())
        return pl.concat(frames, how="diagonal"), pl.concat(written, how="diagonal")

    def beside(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Typed rows beside what the plan knows of them."""
        return joined(Reading(frame=rows, raw=self.reading.raw), self.tables, today=self.today).frame()

    def judged(self, part: Part, strays: pl.DataFrame, *, unnamed: bool) -> Judged:
        """One part, ready to be judged."""
        frame = self.scan(part).collect().sort("source_order")
        reading = Reading(
            frame=frame,
            raw=self.reading.raw,
            findings=self.reading.findings,
            sources=self.reading.sources,
            columns=self.reading.columns,
            tables=self.reading.tables,
        )
        read = joined(reading, self.tables, today=self.today)
        return Judged(reading, self.tables, read, strays=strays, unnamed_elsewhere=unnamed)

    def strays(self) -> pl.DataFrame:
        """What there is of the rows whose partner was not understood, each kind of them once."""
        columns = [*KEY, "state", "plan_at"]
        nameless = self.scan((self.store.bucket(None),)).filter(pl.col("partner").is_null())
        nameless = nameless.with_columns(plan_at=pl.lit(0, pl.Int32))
        known = nameless.filter(pl.col("indicator").is_not_null()).select(columns).unique().collect()
        lost = nameless.filter(pl.col("indicator").is_null()).select(*columns, *_SOURCE).collect()
        like = resembling(lost, self.reading, self.tables).select(columns)
        return pl.concat([known, like]).unique()


def typed_schema() -> dict[str, Any]:
    """The columns of typed rows in a bucket."""
    flags = dict.fromkeys(("usable", "named_period", "declared_decimal"), pl.Boolean())
    return {**polars_schema(), **flags}


def refuse_spread(rules: Sequence[Rule]) -> None:
    """Refuse rules that can only be asked of a whole table.

    Raises:
        OptionError: there is one.
    """
    for rule in rules:
        if rule.scope == "table" and rule.spread == "table" and rule.merge is None:
            raise OptionError(
                f"the rule {rule.code!r} compares rows of several partners: with memory_limit it needs a merge, or "
                "spread='partner' where it does not"
            )


def judged_in_parts(
    source: Any,
    plan: Logframe,
    given: Given,
    rules: Sequence[Rule],
    *,
    memory_limit: str | int,
    spill: str | os.PathLike[str] | None,
    trusted: bool,
    today: dt.date | None,
    progress: Callable[[int, int, str], None] | None,
) -> Large:
    """Read and judge a source with no more in memory than the limit lets; the options are those of `validate`."""
    refuse_spread(rules)
    limit = bytes_of(memory_limit)
    reader = SourceReader(plan, given, trusted=trusted)
    sources = list(flat_sources(source, reader.findings))
    store = Buckets(most=rows_of(limit, ROW), spill=spill, rows=_expected(sources))
    say = progress or (lambda *_: None)
    try:
        shelves = _Shelves(store, plan, compile_plan(plan), today)
        shelves.read(reader, sources, limit=limit, told=lambda label: say(len(shelves.sources), len(sources), label))
        store.most = rows_of(limit, max(ROW, _TIMES * store.each()))
        return _judge(shelves, all_rules(rules, shelves.tables), lambda label: say(len(sources), len(sources), label))
    except BaseException:
        store.close()
        raise


def _expected(sources: Sequence[Source]) -> int | None:
    """How many rows there may be."""
    counts = [_height(each) for each in sources]
    return None if None in counts else sum(count or 0 for count in counts)


def _height(source: Source) -> int | None:
    if source.path is not None:
        try:
            return source.path.stat().st_size // 20
        except OSError:
            return 0
    frame = source.frame
    if isinstance(frame, pl.DataFrame):
        return frame.height
    if frame is None:
        return len(source.data or b"") // 20
    rows = getattr(frame, "num_rows", None)
    return rows if isinstance(rows, int) else None


def _judge(shelves: _Shelves, rules: Sequence[Rule], say: Callable[[str], None]) -> Large:
    tables = shelves.tables
    store, reading = shelves.store, shelves.reading
    strays = shelves.strays()
    unnamed = bool(shelves.scan((store.bucket(TOTAL),)).filter(pl.col("partner") == TOTAL).head(1).collect().height)
    why = Why.of(reading)
    parts = store.parts()
    heard: list[Heard] = []
    found: Counter[int] = Counter()
    counts: Counter[str] = Counter()
    matrix: list[pl.DataFrame] = []
    notes = store.folder / "found"
    notes.mkdir()
    for number, part in enumerate(parts):
        say(f"part {number + 1} of {len(parts)}")
        judged = shelves.judged(part, strays, unnamed=unnamed)
        told = hear(judged, rules, why=why, threads=threads_for(judged.every.height))
        for at, rows in told.found.items():
            if rules[at].merge is None:
                rows.write_parquet(notes / f"{at}-{number:06}.parquet")
                found[at] += rows.height
        held = codes_of_rows([told.held])
        held.write_parquet(notes / f"{_HELD_AT}-{number:06}.parquet")
        shares = {at: rows for at, rows in told.found.items() if rules[at].merge is not None}
        heard.append(Heard(shares, told.held.clear(), told.looked, told.plans.clear()))
        rows = judged.reading.frame.select("partner", "period", "source_order")
        matrix.append(matrix_of(rows, rows["source_order"].is_in(held["source_order"].implode())))
        counts.update(rows=rows.height, held=held.height)
    settled = settle(heard, rules, tables)
    offences = [*settled.offences, *(Offences(rules[at], _noted(notes, at), count) for at, count in found.items())]
    said = tell(shelves, offences)
    late = _late(settled.held, notes)
    counts["held"] += late.height
    if late.height:
        rows = shelves.fetch(late["source_order"])[0].select("partner", "period", accepted=pl.lit(-1), held=pl.lit(1))
        matrix.append(rows.with_columns(pl.col("accepted", "held").cast(pl.Int32)))
    all_held = _AllHeld(shelves, notes, settled.held)
    ignored = sum(each.ignored for each in reading.sources)
    accepted = counts["rows"] - counts["held"]
    return Large(
        findings=Findings(reading.findings) + said,
        observations=StoredObservations(all_held.accepted, parts=parts, rows=accepted),
        held=Held(all_held.written, rows=counts["held"]),
        held_typed=all_held.typed,
        counts=Counts(rows=counts["rows"] + ignored, accepted=accepted, held=counts["held"], ignored=ignored),
        checked=checked_of(rules, settled.looked, said.codes),
        sources=reading.sources,
        by_partner_and_period=summed(matrix),
    )


def _noted(notes: Path, at: int | str) -> pl.LazyFrame:
    written = sorted(notes.glob(f"{at}-*.parquet"))
    if not written:  # no part has a row
        return pl.LazyFrame(schema={"source_order": pl.Int64, "codes": pl.List(pl.String)})
    return pl.scan_parquet(written, missing_columns="insert")


def matrix_of(rows: pl.DataFrame, held: pl.Series) -> pl.DataFrame:
    """Of each partner and period how many rows are accepted, and how many held."""
    told = rows.select("partner", "period", accepted=(~held).cast(pl.Int32), held=held.cast(pl.Int32))
    return told.group_by("partner", "period").agg(pl.col("accepted", "held").sum())


def summed(matrix: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """What `matrix_of` gave for several parts, as one."""
    schema = {"partner": pl.String, "period": pl.String, "accepted": pl.Int32, "held": pl.Int32}
    every = pl.concat([pl.DataFrame(schema=schema), *matrix])
    return every.group_by("partner", "period").agg(pl.col("accepted", "held").sum()).sort("partner", "period")


def _late(held: pl.DataFrame, notes: Path) -> pl.DataFrame:
    """The rows that are held only for what is elsewhere."""
    if not held.height:
        return held.select("source_order")
    orders = held.select("source_order").unique()
    known = _noted(notes, _HELD_AT).select("source_order").join(orders.lazy(), on="source_order", how="semi").collect()
    return orders.join(known, on="source_order", how="anti")


def all_codes(early: pl.DataFrame, late: pl.DataFrame) -> pl.DataFrame:
    """`source_order` and `codes` of all rows held: of those of each part, and of those held for what is elsewhere."""
    if not late.height:
        return early.sort("source_order")
    nameless = early.filter(pl.col("codes").list.len() == 0).select("source_order", code=pl.lit(None, pl.String))
    told = early.select("source_order", code="codes").explode("code")
    # What becomes of an empty list differs between versions of the engine.
    return codes_of_rows([told, nameless, late])


@dataclass(frozen=True)
class _AllHeld:
    """The rows that are held and those that are not, in the buckets."""

    shelves: _Shelves
    notes: Path
    late: pl.DataFrame

    def codes(self) -> pl.DataFrame:
        """`source_order` and `codes` of all rows held."""
        return all_codes(_noted(self.notes, _HELD_AT).collect(), self.late)

    def accepted(self, part: Part | None) -> pl.LazyFrame:
        """The rows that count."""
        held = _noted(self.notes, _HELD_AT).select("source_order")
        if self.late.height:
            held = pl.concat([held, self.late.lazy().select("source_order")])
        return self.shelves.scan(part).join(held, on="source_order", how="anti").select(NAMES)

    def _with_codes(self) -> pl.DataFrame:
        return self.shelves.scan().join(self.codes().lazy(), on="source_order").collect().sort("source_order")

    def typed(self) -> pl.DataFrame:
        """The rows held as far as they could be typed."""
        return self._with_codes().select(NAMES)

    def written(self) -> pl.DataFrame:
        """The rows held in the partner's own words."""
        held = self._with_codes()
        mine = pl.col("source_order").is_in(held["source_order"].implode())
        return as_written(self.shelves.written().filter(mine).collect(), held)
