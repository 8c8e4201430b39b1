"""Observations larger than memory, or on a cluster, counted part by part.

Read `count_parts` and `count_on_spark`. Both count each part as a whole table is counted (`mne.values.partial`),
and put together what the parts come to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import EngineError
from mne.logframe.files import from_text, to_json
from mne.logframe.indicator import TOTAL
from mne.tables.frames import canonical
from mne.tables.observations import KEY, State, polars_schema
from mne.tables.spark import as_function, bucket_of, for_spark, schema_of
from mne.values.partial import Asked, Count, from_table, part_of, rows_of, to_table, together, values_of

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.tables.observations import Observations

__all__ = ["count_on_spark", "count_parts"]

_ORDER: Final = "source_order"


def count_parts(observations: Observations, plan: Logframe, asked: Asked) -> Count:
    """The value of every indicator that is reported, from observations that are read some partners at a time."""
    rows = observations.to_lazy()
    day = asked.until
    if day is None:
        day = _wanted(rows, plan, asked).select(pl.col("period_end").max()).collect().item()
    asked = replace(asked, until=day)
    there = set(rows.select("partner").unique().collect()["partner"])
    # Who is asked and sent nothing stands in no part: the first one tells of them.
    silent = _assigned(plan) - there
    found = []
    for frame in observations.parts():
        found.append(part_of(frame, plan, asked, partners={*frame["partner"].unique(), *silent}))
        silent = set()
    if not found:
        found = [part_of(pl.DataFrame(schema=polars_schema()), plan, asked)]

    def source(code: str) -> pl.DataFrame:
        mine = (pl.col("project") == plan.id) & (pl.col("indicator") == code)
        return observations.to_lazy().filter(mine).collect().sort(_ORDER)

    return values_of(together(found), plan, _reported(plan), asked, source=source)


def _reported(plan: Logframe) -> Mapping[str, Indicator]:
    return {code: each for code, each in plan.indicators.items() if each.formula is None}


def _assigned(plan: Logframe) -> set[str]:
    return {told.partner for each in plan.indicators.values() for told in each.assignments}


def _wanted(rows: pl.LazyFrame, plan: Logframe, asked: Asked) -> pl.LazyFrame:
    """The rows of which the newest says until when is counted."""
    mine = (pl.col("project") == plan.id) & pl.col("indicator").is_in(list(plan.indicators))
    told = pl.col("status").is_in(list(asked.statuses)) & (pl.col("state") == State.REPORTED.value)
    known = pl.lit(value=True)
    if asked.known_by is not None:
        known = pl.col("reported_on").is_null() | (pl.col("reported_on") <= asked.known_by)
    return rows.filter(mine & told & known)


# --- on Spark ---------------------------------------------------------------------------------------------------------


def count_on_spark(frame: Any, plan: Logframe, asked: Asked) -> Count:
    """The value of every indicator that is reported, from a Spark DataFrame with the columns of observations.

    The partners are counted where their rows are; what comes here is a few numbers for each period, and the rows of
    those indicators whose values do not add up.

    Raises:
        OptionError: the columns are not those of observations.
        EngineError: Spark could not do it.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql import functions as f

    empty = canonical(pl.DataFrame(frame.limit(0).toArrow()))  # tells of wrong columns here rather than far away
    try:
        rows = frame if _ORDER in frame.columns else frame.withColumn(_ORDER, f.monotonically_increasing_id())
        rows = rows if "partner" in rows.columns else rows.withColumn("partner", f.lit(TOTAL))
        if asked.until is None:
            asked = replace(asked, until=_newest_day(rows, plan, asked))
        buckets = int(frame.sparkSession.conf.get("spark.sql.shuffle.partitions"))
        count = _Counter(to_json(plan).encode(), asked, buckets)
        schema = schema_of(to_table(part_of(empty, plan, asked)).schema)
        parts = rows.groupBy(bucket_of(buckets).alias("_bucket")).applyInArrow(as_function(count), schema).toArrow()
    except PySparkException as problem:
        raise EngineError(f"Spark could not count the table: {problem}") from problem
    table = pl.DataFrame(parts) if parts.num_rows else to_table(part_of(empty, plan, asked))
    found = from_table(table.with_columns(pl.col(name).cast(kind) for name, kind in polars_schema().items()))

    def source(code: str) -> pl.DataFrame:
        mine = rows.filter((f.col("project") == plan.id) & (f.col("indicator") == code))
        return rows_of(canonical(pl.DataFrame(mine.toArrow())).sort(_ORDER), plan, [code])

    silent = _silent(rows, plan)
    parts_of = [found] if not silent else [found, part_of(empty, plan, asked, partners=silent)]
    return values_of(together(parts_of), plan, _reported(plan), asked, source=source)


def _silent(rows: Any, plan: Logframe) -> set[str]:
    """Who is asked and sent nothing."""
    there = {row[0] for row in rows.select("partner").distinct().collect()}
    return _assigned(plan) - there


def _newest_day(rows: Any, plan: Logframe, asked: Asked) -> dt.date | None:
    from pyspark.sql import functions as f

    wanted = (f.col("project") == plan.id) & f.col("indicator").isin(list(plan.indicators))
    for name, values in (("status", list(asked.statuses)), ("state", [State.REPORTED.value])):
        if name in rows.columns:
            wanted = wanted & f.col(name).isin(values)
    if asked.known_by is not None and "reported_on" in rows.columns:
        wanted = wanted & (f.col("reported_on").isNull() | (f.col("reported_on") <= f.lit(asked.known_by)))
    found = rows.filter(wanted).agg(f.max("period_end")).collect()[0][0]
    return found.date() if isinstance(found, dt.datetime) else found


class _Counter:
    """What runs beside the rows: one bucket of partners becomes the table of a part."""

    def __init__(self, plan: bytes, asked: Asked, buckets: int) -> None:
        self.plan, self.asked, self.buckets = plan, asked, buckets

    def __call__(self, table: Any) -> Any:
        plan = _known(self.plan)
        frame = pl.DataFrame(table)
        rows = canonical(frame.drop("_bucket", strict=False)).sort(*KEY, _ORDER)
        part = part_of(rows, plan, self.asked, partners=set(rows["partner"]))
        return for_spark(to_table(part))


@lru_cache(maxsize=1)
def _known(plan: bytes) -> Logframe:
    """The plan, which is the same for all buckets."""
    found, findings = from_text(plan, kind="json")
    if found is None:
        raise ValueError(f"the plan cannot be read: {findings.summary()}")
    return found
