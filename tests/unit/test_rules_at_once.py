"""Rules asked of a large table at the same time: the same report, and nothing that goes on when the work is ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from unittest.mock import patch

import polars as pl
import pytest

import mne
from benchmarks.generate import report
from benchmarks.projects import bench
from mne.reports import judge
from mne.reports.context import Asked

ROWS = 6_000


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return report(bench(ROWS), ROWS, defects=0.1)


@pytest.fixture
def at_once() -> Iterator[None]:
    with patch.object(judge, "threads_for", lambda _: 4):
        yield


def test_the_report_is_the_same(table: pl.DataFrame) -> None:
    alone = mne.validate(table, bench(ROWS))
    with patch.object(judge, "threads_for", lambda _: 4):
        together = mne.validate(table, bench(ROWS))
    assert len({each.code for each in alone.findings}) > 20
    assert together == alone
    assert together.to_dict() == alone.to_dict()


@pytest.mark.usefixtures("at_once")
def test_each_rule_is_told_in_its_order_and_what_is_raised_ends_all(table: pl.DataFrame) -> None:
    told: list[str] = []

    def stop(_done: int, _of: int, name: str) -> None:
        told.append(name)
        if name == "report-copied":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mne.validate(table, bench(ROWS), progress=stop)
    assert told.index("total-mismatch") < told.index("value-outlier") < told.index("report-copied")
    assert not [each for each in threading.enumerate() if each.name.startswith("logframe-rule")]


@pytest.mark.usefixtures("at_once")
def test_a_rule_of_ones_own_is_asked_by_the_thread_that_called(table: pl.DataFrame) -> None:
    asked: list[threading.Thread] = []

    def find(rows: Asked) -> pl.DataFrame:
        asked.append(threading.current_thread())
        return rows.rows.filter(pl.col("value") > 0).head(1).select("source_order").collect()

    rule = mne.Rule(code="mine", at="value", scope="table", find=find, message="Look at this.")
    found = mne.validate(table, bench(ROWS), rules=[rule]).findings.of("mine")
    assert len(found) == 1
    assert asked == [threading.main_thread()]
