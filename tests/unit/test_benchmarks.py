"""The benchmarks run, at sizes at which they measure nothing, and both sides of them agree."""

import importlib

import numpy as np
import polars as pl
import pytest

from benchmarks import a_duckdb, a_polars, b_pandas, generate, measure, ours, reports
from benchmarks.__main__ import LINES, main
from benchmarks.measure import Disagreement, differences, in_turn
from benchmarks.projects import bench
from benchmarks.tables import PLANTED

QUICK = "a,b,c,d,e,g,h"


@pytest.fixture
def in_this_process(monkeypatch):
    """Jobs that are called instead of started; a process for each would take as long as all else."""

    def here(function, *arguments):
        module, _, name = function.partition(":")
        answer = getattr(importlib.import_module(f"benchmarks.{module}"), name)(*arguments)
        seconds = answer.pop("seconds", 1.0) if isinstance(answer, dict) else 1.0
        return measure.Run(seconds=seconds, peak=2, imported=1, answer=answer)

    monkeypatch.setattr(measure, "child", here)


@pytest.mark.filterwarnings("ignore")  # of the rivals'
@pytest.mark.usefixtures("in_this_process")
def test_every_line_runs_and_all_sides_agree(tmp_path, capsys):
    page = tmp_path / "benchmarks.md"
    assert main(["--only", QUICK, "--rows", "2000", "--runs", "1", "--write", str(page)]) == 0
    told = page.read_text(encoding="utf-8")
    for letter in QUICK.split(","):
        assert f"| ({letter}) |" in told
    assert "--rows 2000 --runs 1" in told
    assert capsys.readouterr().out.splitlines()[-1] in told


def scattered(rows, seed):
    """A table of the benchmarks of which most rows are gone, and many figures are another number of times as large."""
    spoilt = dict.fromkeys(PLANTED, 0.05 / len(PLANTED))
    table = generate.report(bench(rows), rows, seed=seed, defects=spoilt)
    chance = np.random.default_rng(seed)
    table = table.filter(pl.Series(chance.random(table.height) < 0.15))
    times = pl.Series(chance.choice([1, 1, 1, 1, 1, 1, 1, 1, 10, 100, 1000], table.height))
    series = pl.struct("indicator", "partner", "location", "category").rank("dense") % 14
    growing = pl.when(pl.col("indicator").is_in(["OC1.1", "OC1.2"]) & pl.col("value").is_not_null() & (series < 3))
    number = pl.col("period").rank("dense") + series
    partner = pl.when(pl.col("partner").rank("dense") == 3).then(40).otherwise(1)
    larger = (pl.col("value") * times * partner).round(3)
    tonnes = (pl.col("unit") == "kg") & (pl.struct("partner", "location", "period").rank("dense") % 20 == 0)
    return table.with_columns(
        pl.col("numerator", "denominator") * times,
        value=growing.then(50 * number + (1.1 + series / 5) ** number // 1).otherwise(larger),
        unit=pl.when(tonnes).then(pl.lit("t")).otherwise("unit"),
    )


@pytest.mark.filterwarnings("ignore")  # of the rivals'
@pytest.mark.parametrize(("rows", "seed"), [(20_000, 6), (90_000, 2)])
def test_all_sides_find_the_same_among_few_figures(tmp_path, rows, seed):
    path = tmp_path / "report.parquet"
    scattered(rows, seed).write_parquet(path)
    by_us = ours.validated(str(path), str(rows))
    assert by_us["value-outlier"] > 50
    assert by_us["flow-restates-total"] > 5
    assert by_us["figures-repeated"]
    assert by_us["unit-changed"]
    for rival in (a_duckdb, a_polars, b_pandas):
        assert rival.chain(str(path), str(rows))["codes"] == by_us


@pytest.mark.parametrize("rows", [20_000, 60_000])
def test_the_csv_file_is_judged_alike_by_hand(tmp_path, rows):
    path = tmp_path / "report.csv"
    reports.report(rows, seed=rows).write_csv(path)
    by_us = reports.judged_by_us(path)
    assert by_us["period-year"]
    assert by_us["value-outlier"] > 20
    assert reports.checked_by_hand(path) == by_us


def test_the_lines_are_those_that_the_page_promises():
    assert [*LINES] == [*"abcdefgh"]


def test_a_line_that_is_not_there_is_named():
    with pytest.raises(SystemExit, match="z"):
        main(["--only", "z"])


def test_sides_that_differ_fail(tmp_path):
    jobs = {rows: ("tables:make", str(tmp_path / "table.csv"), rows, "clean") for rows in ("300", "900")}
    with pytest.raises(Disagreement, match="300 and 900 differ"):
        in_turn(jobs, 1)


def test_a_job_that_fails_says_why():
    with pytest.raises(RuntimeError, match="invalid literal"):
        measure.child("tables:make", "table.csv", "many", "clean")


def test_counts_must_be_equal_and_numbers_nearly():
    assert not differences({"a": 1, "b": 0.1 + 0.2}, {"a": 1, "b": 0.3})
    assert differences({"a": 1, "b": 0.3}, {"a": 2, "b": 0.31}) == ["/a: 1 and 2", "/b: 0.3 and 0.31"]
    assert differences({"a": 1}, {}) == ["/a: 1 and None"]


def test_a_line_that_fails_is_told_and_the_command_with_it(monkeypatch, capsys):
    def broken(options):
        raise RuntimeError("no such job")

    monkeypatch.setitem(LINES, "a", broken)
    assert main(["--only", "a", "--rows", "2000"]) == 1
    assert "(a) no such job" in capsys.readouterr().out
