"""Reports and observations on Spark: the same findings and numbers, and what grows with the data stays where it is."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest

import mne
from mne.reports import on_spark
from mne.tables.observations import Observations
from tests.unit.test_engines import PORTFOLIOS, as_texts, plans, scored, told
from tests.unit.test_large import plan as small_plan
from tests.unit.test_large import table

pytestmark = [
    pytest.mark.xdist_group("spark"),
    # PySpark leaves the sockets of `toArrow` to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """One session for all tests; it is there where PySpark and Java are."""
    sql = pytest.importorskip("pyspark.sql")
    paths = os.pathsep.join([str(Path(mne.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("needs Java")
    with patch.dict(os.environ, {"PYTHONPATH": paths, "PYSPARK_PYTHON": sys.executable}):
        session = (
            sql.SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )
    yield session
    session.stop()


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Close what PySpark left open while nobody minds."""
    yield
    gc.collect()


def biggest() -> tuple[mne.Logframe, Observations]:
    portfolio, observations = max(PORTFOLIOS, key=lambda each: len(each[1]))
    plan = next(iter(portfolio.plans.values()))
    return plan, Observations(observations.to_polars().filter(pl.col("project") == plan.id))


def test_values_are_counted_where_the_rows_are(spark: Any) -> None:
    plan, mine = biggest()
    frame = spark.createDataFrame(mine.to_arrow()).repartition(3)
    whole = mne.aggregate(mine, plan)
    values = mne.aggregate(frame, plan)
    assert scored(frame, plan, until=whole.until) == scored(mine, plan)
    assert (values.until, values.findings) == (whole.until, whole.findings)
    assert values == whole
    code = next(code for code, value in whole.items() if value.rows is not None and value.rows.height)
    assert values[code].rows.equals(whole[code].rows)
    empty = mne.aggregate(frame.limit(0), plan)
    assert empty == mne.aggregate(mine.to_polars().clear(), plan)
    with pytest.raises(mne.OptionError, match="unknown"):
        mne.aggregate(frame.withColumnRenamed("value", "amount"), plan)


@pytest.mark.parametrize("name", plans())
def test_reports_are_judged_alike(spark: Any, name: str) -> None:
    plan, rows = plans()[name]
    assert told(mne.validate(spark.createDataFrame(rows.to_arrow()), plan)) == told(mne.validate(rows, plan))


def test_fifty_projects_come_out_alike(spark: Any) -> None:
    for portfolio, observations in PORTFOLIOS:
        plan = next(iter(portfolio.plans.values()))
        mine = Observations(observations.to_polars().filter(pl.col("project") == plan.id))
        assert scored(spark.createDataFrame(mine.to_arrow()), plan) == scored(mine, plan)
        texts = as_texts(mine.to_polars())
        assert told(mne.validate(spark.createDataFrame(texts.to_arrow()), plan)) == told(mne.validate(texts, plan))


@pytest.mark.parametrize("kind", ["texts", "numbers"])
def test_a_large_table_is_judged_where_its_rows_are(spark: Any, kind: str) -> None:
    frame = table(3_000)
    if kind == "numbers":
        frame = frame.with_columns(value=pl.col("value").cast(pl.Float64), note=pl.lit("x"))
    there = spark.createDataFrame(frame.to_arrow()).repartition(3)
    here = pl.DataFrame(there.toArrow())
    whole = mne.validate(here, small_plan())
    with patch.object(on_spark, "read_frame", wraps=on_spark.read_frame) as read:
        report = mne.validate(there, small_plan())
    assert max(len(call.args[0]) for call in read.call_args_list) == 2_000  # the sample that shows the columns
    assert report.to_dict() == whole.to_dict()
    assert report.observations.to_polars().equals(whole.observations.to_polars())
    assert report.held_rows.equals(whole.held_rows)
    assert len(report.observations) == report.counts.accepted == report.observations.to_spark().count()
    assert mne.aggregate(report.observations, small_plan()) == mne.aggregate(whole.observations, small_plan())
    assert "Spark" in repr(report.observations)
    with pytest.raises(mne.EngineError, match="to_spark"):
        report.observations.write_parquet("x.parquet")


def test_what_spark_cannot_judge_is_told(spark: Any) -> None:
    frame = spark.createDataFrame(table(2_500).rename({"period": "2024-Q1"}).to_arrow())
    with pytest.raises(mne.EngineError, match="one row for each figure"):
        mne.validate(frame, small_plan())
