"""Reports in a Spark DataFrame, read and judged where their rows are.

Read `judged_on_spark` first. Executors type the plain rows and judge the partners, by the same functions as on one
machine; what comes here are the rows that have to be read cell by cell, what the rules found, by the numbers of rows,
and rows that somebody looks at.
"""

from __future__ import annotations

import datetime as dt
import io
import pickle
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import EngineError
from mne.ground.findings import Findings
from mne.logframe.files import from_text, to_json
from mne.logframe.indicator import TOTAL
from mne.reports.beside import joined
from mne.reports.context import Judged
from mne.reports.judge import Heard, Why, all_rules, checked_of, codes_of_rows, hear, settle
from mne.reports.large import Large, Lot, all_codes, matrix_of, refuse_spread, summed, typed_schema
from mne.reports.pieces import RAW, TYPED, Pass, Table
from mne.reports.read import Source, SourceReader
from mne.reports.readers.frames import read_frame
from mne.reports.reading import Reading, TableAt
from mne.reports.report import Counts, Held, as_written
from mne.reports.rules import RULES
from mne.reports.telling import Offences, tell
from mne.tables.observations import KEY, NAMES
from mne.tables.plan import compile_plan
from mne.tables.spark import SparkObservations, as_function, bucket_of, schema_of

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.reports.rule import Rule
    from mne.reports.table import Given
    from mne.tables.plan import PlanTables

__all__ = ["judged_on_spark"]

NAME: Final = "(data frame)"
_ID: Final = "_row"
_REST: Final = "_rest"
_BUCKET: Final = "_bucket"
_SAMPLE: Final = 2_000
"""Rows that show which column is which."""

_WITHIN: Final = 33
"""Bits of Spark's row numbers that count within a partition."""

_PROOFS: Final = 1_000
"""Texts that settle a decimal mark which one batch sends."""


def judged_on_spark(
    frame: Any, plan: Logframe, given: Given, rules: Sequence[Rule], *, odd: int, today: dt.date | None
) -> Large | None:
    """Read and judge a Spark DataFrame; None where it is small, or no table with a row for each figure.

    Its rows are numbered in the order in which Spark gives them. `odd` rows may have to be read cell by cell.
    """
    from pyspark.errors import PySparkException

    refuse_spread(rules)
    try:
        sample = frame.limit(_SAMPLE).toArrow()
        if sample.num_rows < _SAMPLE:
            return None
        reader = SourceReader(plan, given, trusted=True)
        (grid,) = read_frame(sample, name=NAME, piece=True).grids
        table = Table.of(reader, grid, NAME)
        if table is None:
            raise EngineError(f"{NAME}: only a table with one row for each figure can be judged on Spark")
        shelf = _Shelf(frame, plan, today)
        shelf.read(reader, table, sample, odd=odd)
        return shelf.judge(all_rules(rules, shelf.tables), own=rules[len(RULES) :])
    except PySparkException as problem:
        raise EngineError(f"Spark could not do it: {problem}") from problem


class _Kept:
    """What a pass puts away, where the rows are few."""

    def __init__(self) -> None:
        self.frames: list[pl.DataFrame] = []
        self.refused = False

    def add(self, frame: pl.DataFrame, *, source: int = 0) -> None:
        """Keep rows."""
        del source
        self.frames.append(frame)

    def drop(self, source: int) -> None:
        """Keep nothing of what there is."""
        del source
        self.frames.clear()
        self.refused = True


class _Shelf:
    """The rows that were read, in Spark."""

    def __init__(self, frame: Any, plan: Logframe, today: dt.date | None) -> None:
        self.frame, self.plan, self.today = frame, plan, today
        self.tables: PlanTables = compile_plan(plan)
        self.session = frame.sparkSession
        self.buckets = int(self.session.conf.get("spark.sql.shuffle.partitions"))
        self.reading = Reading(frame=pl.DataFrame(schema=typed_schema()), raw=pl.DataFrame())
        self.rows: Any = None

    @property
    def plans(self) -> Sequence[Logframe]:
        """The plan by whose titles codes are told."""
        return (self.plan,)

    # ------------------------------------------------------------------------------------------------------ reading

    def read(self, reader: SourceReader, table: Table, sample: Any, *, odd: int) -> None:
        """Type the rows, most of them where they are."""
        from pyspark.sql import functions as f
        from pyspark.storagelevel import StorageLevel

        numbered = self.frame.withColumn(_ID, f.monotonically_increasing_id())
        sizes = numbered.groupBy(f.shiftright(_ID, _WITHIN).alias("part")).count().collect()
        starts: dict[int, int] = {}
        below = 0
        for part, size in sorted((row["part"], row["count"]) for row in sizes):
            starts[part] = below
            below += size
        schema = schema_of({**typed_schema(), **{f"{RAW}{at}": pl.String() for at in range(len(table.grid.columns))}})
        marks = None
        while True:
            typer = _Typer(to_json(self.plan).encode(), pickle.dumps(reader.given), _ipc(sample), starts, marks)
            typed = numbered.mapInArrow(as_function(typer), f"{schema}, `{_REST}` binary").persist(
                StorageLevel.DISK_ONLY
            )
            kept = _Kept()
            found = Pass(table, kept, number=0, odd=odd, marks=marks)
            for row in typed.filter(f.col(_REST).isNotNull()).select(_REST).toLocalIterator():
                self._take(found, bytes(row[0]))
            found.sort_rest()
            found.below, found.plain = below, typed.filter(f.col(_REST).isNull()).count()
            if found.marks_were_right():
                break
            marks = found.proved()
            typed.unpersist()
        told = found.ended(reader, Source(NAME, frame=self.frame))
        self.lot = Lot(0, told.ignored, told.headers)
        rows = typed.filter(f.col(_REST).isNull()).drop(_REST)
        if kept.refused:
            rows = rows.limit(0)
        elif kept.frames:
            rest = pl.concat(kept.frames).select(rows.columns)
            rows = rows.unionByName(self.session.createDataFrame(_old(rest), schema))
        self.rows = rows.withColumn("source_order", self._order()).withColumn(_BUCKET, bucket_of(self.buckets))
        self.typed = typed
        tables = (TableAt(0, told.columns),) if told.source.read else ()
        self.reading = Reading(
            frame=pl.DataFrame(schema=typed_schema()),
            raw=pl.DataFrame(schema={"source_order": pl.Int64()}),
            findings=told.findings,
            sources=(told.source,),
            columns={(told.file, ""): told.columns},
            tables=tables,
        )

    def _take(self, found: Pass, payload: bytes) -> None:
        """What one batch could not type, and what it proves of decimal marks."""
        import pyarrow as pa

        told = pickle.loads(payload)  # noqa: S301 - our own executors wrote it
        with pa.ipc.open_stream(told["rows"]) as stream:
            (grid,) = read_frame(stream.read_all(), name=NAME, piece=True).grids
        found.rest.add(told["at"], grid.columns)
        found.settle(
            {
                name: {mark: pl.Series("text", texts, dtype=pl.String) for mark, texts in by.items()}
                for name, by in told["settling"].items()
            }
        )
        found.unsorted = found.unsorted or told["unsorted"]
        found.marks = found.marks or told["marks"]
        found.check_odd()

    def _order(self) -> Any:
        """The final number of a row by its position."""
        from pyspark.sql import functions as f

        place = f.col("source_order")
        if not len(self.lot.ignored):
            return place
        ignored = f.array(*(f.lit(each) for each in self.lot.ignored))
        return place - f.size(f.filter(ignored, lambda each: each < place)).cast("bigint")

    # ------------------------------------------------------------------------------------------------------ judging

    def judge(self, rules: Sequence[Rule], *, own: Sequence[Rule]) -> Large:
        """Ask the rules of each bucket of partners, and put together what they said."""
        from pyspark.sql import functions as f

        columns = [*TYPED]
        nameless = self.rows.filter(f.col("partner").isNull()).select(*KEY, "state").distinct().toArrow()
        strays = pl.DataFrame(nameless).with_columns(plan_at=pl.lit(0, pl.Int32))
        unnamed = bool(self.rows.filter(f.col("partner") == TOTAL).limit(1).count())
        judge = _Judge(
            to_json(self.plan).encode(), tuple(own), Why.of(self.reading), strays, unnamed=unnamed, today=self.today,
            reading=Reading(self.reading.frame, self.reading.raw, (), self.reading.sources, dict(self.reading.columns)),
        )  # fmt: skip
        asked = self.rows.select(*columns, _BUCKET).groupBy(_BUCKET).applyInArrow(as_function(judge), "`told` binary")
        heard: list[Heard] = []
        found: dict[int, list[pl.DataFrame]] = {}
        held: list[pl.DataFrame] = []
        matrix: list[pl.DataFrame] = []
        counts: Counter[str] = Counter()
        for row in asked.toLocalIterator():
            told = pickle.loads(bytes(row[0]))  # noqa: S301 - our own executors wrote it
            heard.append(told["heard"])
            held.append(told["held"])
            matrix.append(told["matrix"])
            counts.update(rows=told["rows"], held=told["held"].height)
            for at, rows in told["found"].items():
                found.setdefault(at, []).append(rows)
        settled = settle(heard, rules, self.tables)
        offences = [*settled.offences]
        offences += [Offences(rules[at], pl.concat(frames, how="diagonal_relaxed")) for at, frames in found.items()]
        said = tell(self, offences)
        early = pl.concat([pl.DataFrame(schema={"source_order": pl.Int64, "codes": pl.List(pl.String)}), *held])
        late = settled.held.select("source_order").unique().join(early, on="source_order", how="anti")
        if late.height:
            rows = self.fetch(late["source_order"])[0].select("partner", "period", "source_order")
            both = matrix_of(rows, pl.repeat(value=True, n=rows.height, eager=True))
            matrix.append(both.with_columns(accepted=-pl.col("held")))
        counts["held"] += late.height
        codes = all_codes(early, settled.held)
        ignored = sum(each.ignored for each in self.reading.sources)
        accepted = counts["rows"] - counts["held"]
        return Large(
            findings=Findings(self.reading.findings) + said,
            observations=SparkObservations(self._accepted(codes), rows=accepted),
            held=Held(lambda: self._written(codes), rows=codes.height),
            held_typed=lambda: self._held(codes).select(NAMES),
            counts=Counts(rows=counts["rows"] + ignored, accepted=accepted, held=codes.height, ignored=ignored),
            checked=checked_of(rules, settled.looked, said.codes),
            sources=self.reading.sources,
            by_partner_and_period=summed(matrix),
        )

    def _accepted(self, codes: pl.DataFrame) -> Any:
        rows = self.rows.select(*NAMES)
        if not codes.height:
            return rows
        held = self.session.createDataFrame(_old(codes.select("source_order")))
        return rows.join(held, on="source_order", how="left_anti").select(*NAMES)

    def _held(self, codes: pl.DataFrame) -> pl.DataFrame:
        return self._some(codes["source_order"]).select(TYPED).join(codes, on="source_order").sort("source_order")

    def _written(self, codes: pl.DataFrame) -> pl.DataFrame:
        return as_written(self.fetch(codes["source_order"])[1], self._held(codes))

    def _some(self, wanted: pl.Series) -> pl.DataFrame:
        """The rows with these `source_order`, brought here."""
        if not len(wanted):
            return pl.DataFrame(self.rows.limit(0).toArrow()).cast(typed_schema(), strict=False)  # type: ignore[arg-type]
        mine = self.session.createDataFrame(_old(wanted.alias("source_order").to_frame()))
        rows = pl.DataFrame(self.rows.join(mine, on="source_order", how="left_semi").toArrow())
        return rows.with_columns(pl.col(name).cast(kind) for name, kind in typed_schema().items())

    def fetch(self, wanted: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with these `source_order`, beside what the plan knows of them, and as they were written."""
        rows = self._some(wanted)
        names = {f"{RAW}{at}": header for at, header in enumerate(self.lot.headers)}
        read = joined(Reading(frame=rows.select(TYPED), raw=self.reading.raw), self.tables, today=self.today).frame()
        return read, rows.select("source_order", *names).rename(names)


def _old(frame: pl.DataFrame) -> Any:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


def _ipc(table: Any) -> bytes:
    import pyarrow as pa

    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    return stream.getvalue()


# --- beside the rows --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _known(plan: bytes) -> Logframe:
    found, findings = from_text(plan, kind="json")
    if found is None:
        raise ValueError(f"the plan cannot be read: {findings.summary()}")
    return found


@lru_cache(maxsize=1)
def _table(plan: bytes, given: bytes, sample: bytes) -> Table:
    """The table as its first rows show it."""
    import pyarrow as pa

    with pa.ipc.open_stream(sample) as stream:
        (grid,) = read_frame(stream.read_all(), name=NAME, piece=True).grids
    reader = SourceReader(_known(plan), pickle.loads(given), trusted=True)  # noqa: S301 - the driver wrote it
    found = Table.of(reader, grid, NAME)
    if found is None:
        raise ValueError("no table")
    return found


class _Typer:
    """Types the plain rows of a batch, and hands the others on as they are."""

    def __init__(self, plan: bytes, given: bytes, sample: bytes, starts: Mapping[int, int], marks: Any) -> None:
        self.plan, self.given, self.sample, self.starts, self.marks = plan, given, sample, dict(starts), marks

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        table = _table(self.plan, self.given, self.sample)
        raw = [f"{RAW}{at}" for at in range(len(table.grid.columns))]
        schema = {**typed_schema(), **dict.fromkeys(raw, pl.String()), _REST: pl.Binary()}
        for batch in batches:
            if not batch.num_rows:
                continue
            rows = pa.Table.from_batches([batch])
            first = rows.column(_ID)[0].as_py()
            rows = rows.drop_columns([_ID])
            kept = _Kept()
            one = Pass(table, kept, number=0, odd=rows.num_rows, marks=self.marks)
            one.below = self.starts[first >> _WITHIN] + (first & ((1 << _WITHIN) - 1))
            start = one.below
            (grid,) = read_frame(rows, name=NAME, piece=True).grids
            one.take(grid)
            odd = rows.take([at - start for at in one.rest.at])
            settling = {
                name: {mark: [*islice(texts, _PROOFS)] for mark, texts in by.items()}
                for name, by in one.settling.items()
            }
            told = {
                "rows": _ipc(odd),
                "at": one.rest.at,
                "settling": settling,
                "unsorted": one.unsorted,
                "marks": one.marks,
            }
            frames = [pl.DataFrame(schema=schema), *kept.frames, pl.DataFrame({_REST: [pickle.dumps(told)]})]
            yield from _old(pl.concat(frames, how="diagonal")).to_batches()


class _Judge:
    """Asks the rules of the partners of one bucket."""

    def __init__(
        self,
        plan: bytes,
        own: tuple[Rule, ...],
        why: Why,
        strays: pl.DataFrame,
        *,
        unnamed: bool,
        today: dt.date | None,
        reading: Reading,
    ) -> None:
        self.plan, self.own, self.why, self.strays = plan, own, why, strays
        self.unnamed, self.today, self.reading = unnamed, today, reading

    def __call__(self, table: Any) -> Any:
        import pyarrow as pa

        tables = compile_plan(_known(self.plan))
        rules = all_rules((*RULES, *self.own), tables)
        frame = pl.DataFrame(table).select(TYPED)
        frame = frame.with_columns(pl.col(name).cast(kind) for name, kind in typed_schema().items())
        frame = frame.sort("source_order")
        reading = Reading(frame, self.reading.raw, (), self.reading.sources, self.reading.columns)
        read = joined(reading, tables, today=self.today)
        judged = Judged(reading, tables, read, strays=self.strays, unnamed_elsewhere=self.unnamed)
        told = hear(judged, rules, why=self.why)
        held = codes_of_rows([told.held])
        shares = {at: rows for at, rows in told.found.items() if rules[at].merge is not None}
        payload = {
            "heard": Heard(shares, told.held.clear(), dict(told.looked), told.plans.clear()),
            "found": {at: rows for at, rows in told.found.items() if rules[at].merge is None},
            "held": held,
            "matrix": matrix_of(frame, frame["source_order"].is_in(held["source_order"].implode())),
            "rows": frame.height,
        }
        return pa.table({"told": pa.array([pickle.dumps(payload)], pa.binary())})
