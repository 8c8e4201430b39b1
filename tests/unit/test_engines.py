"""The same reports from every kind of table and file: the same findings, and the same numbers to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest

import mne
from mne.logframe.model import Logframe
from mne.tables import intake
from mne.tables.observations import Observations
from tests.golden import dossier

ROOT = Path(__file__).parents[2]
TEXTS = (
    "indicator",
    "period",
    "partner",
    "location",
    "category",
    "value",
    "numerator",
    "denominator",
    "unit",
    "comment",
)


def relation(frame: pl.DataFrame) -> Any:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register("sent", frame.to_arrow())
    return connection.sql("select * from sent")


KINDS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "lazy": lambda frame: frame.lazy(),
    "arrow": lambda frame: frame.to_arrow(),
    "pandas": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    "duckdb": relation,
}


def as_texts(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(pl.String) for name in TEXTS)


def plans() -> dict[str, tuple[Logframe, pl.DataFrame]]:
    """The two real logframes and reports for each, some of which are wrong."""
    found = {}
    for name in ("tajikistan-digital-foundations", "bangladesh-urban-resilience"):
        plan = mne.read_logframe(ROOT / "logframes" / f"{name}.yaml")
        (period, *_) = plan.periods()
        rows = [
            {"indicator": code, "period": period.label, "partner": partner, "value": value, "comment": "x"}
            for code in [*list(plan.indicators)[:12], "NONE"]
            for partner in (*plan.partners[:2], "P-NOBODY")
            for value in ("5", "1,234", "n/a", "-3.25")
        ]
        blank = dict.fromkeys(TEXTS)
        found[name] = plan, pl.DataFrame([{**blank, **row} for row in rows], schema=dict.fromkeys(TEXTS, pl.String))
    return found


def told(report: mne.ValidationReport) -> Any:
    return [str(each) for each in report.findings], report.counts, report.observations.to_polars().rows()


def scored(observations: Any, plan: Logframe, **options: Any) -> str:
    values = mne.aggregate(observations, plan, **options)
    return dossier.brief(values, "baseline-target")


@pytest.mark.parametrize("name", plans())
@pytest.mark.parametrize("kind", KINDS)
def test_reports_in_every_kind_of_table_are_judged_alike(kind: str, name: str) -> None:
    plan, rows = plans()[name]
    expected = mne.validate(rows, plan)
    assert expected.findings
    assert told(mne.validate(KINDS[kind](rows), plan)) == told(expected)
    accepted = expected.observations
    assert scored(KINDS[kind](accepted.to_polars()), plan) == scored(accepted, plan)


PORTFOLIOS = list(dossier.frozen(ROOT / "tests" / "golden" / "projects.jsonl"))[:50]


@pytest.mark.parametrize("kind", KINDS)
def test_fifty_projects_come_out_alike(kind: str) -> None:
    for portfolio, observations in PORTFOLIOS:
        plan = next(iter(portfolio.plans.values()))
        mine = Observations(observations.to_polars().filter(pl.col("project") == plan.id))
        table = KINDS[kind](mine.to_polars())
        assert scored(table, plan) == scored(mine, plan)
        texts = as_texts(mine.to_polars())
        assert told(mne.validate(KINDS[kind](texts), plan)) == told(mne.validate(texts, plan))


def test_fifty_projects_come_out_alike_in_parts() -> None:
    """However few rows are in memory at once, and whoever of those asked sent nothing."""
    for portfolio, observations in PORTFOLIOS:
        plan = next(iter(portfolio.plans.values()))
        mine = Observations(observations.to_polars().filter(pl.col("project") == plan.id))
        with patch.object(intake, "rows_of", lambda *_: 8):
            values = mne.aggregate(mine.to_polars(), plan, memory_limit="1GB")
        whole = mne.aggregate(mine, plan)
        assert values.until == whole.until
        assert values.findings == whole.findings
        assert dossier.brief(values, "baseline-target") == dossier.brief(whole, "baseline-target")
        for code, value in values.items():
            same = value.rows is None or value.rows.equals(whole[code].rows)
            assert same, code


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_observations_in_files_come_out_alike(suffix: str, tmp_path: Path) -> None:
    portfolio, observations = max(PORTFOLIOS, key=lambda each: len(each[1]))
    plan = next(iter(portfolio.plans.values()))
    mine = Observations(observations.to_polars().filter(pl.col("project") == plan.id))
    halves = mine.to_polars()[::2], mine.to_polars()[1::2]
    for at, half in enumerate(halves):
        path = tmp_path / f"{at}.{suffix}"
        if suffix == "jsonl":
            half.with_columns(pl.col(pl.Decimal).cast(pl.String)).write_ndjson(path)
        else:
            {"parquet": half.write_parquet, "csv": half.write_csv}[suffix](path)
    assert scored(tmp_path / f"*.{suffix}", plan) == scored(mine, plan)
    with patch.object(intake, "rows_of", lambda *_: 8):
        assert scored(tmp_path / f"*.{suffix}", plan, memory_limit="1GB") == scored(mine, plan)
        several = [tmp_path / f"{at}.{suffix}" for at in range(2)]
        assert scored(several, plan, memory_limit="1GB", spill=tmp_path) == scored(mine, plan)
    for wrong, problem in ((tmp_path / "no-*.csv", mne.ReadError), (__file__, mne.OptionError), (5, mne.OptionError)):
        with pytest.raises(problem):
            mne.aggregate(wrong, plan, memory_limit="1GB", spill=tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {f".{suffix}"}
    with pytest.raises(mne.ReadError, match="there is no file"):
        mne.aggregate(tmp_path / "no-*.csv", plan)
    with pytest.raises(mne.OptionError, match="read from"):
        mne.aggregate(__file__, plan)


def test_a_pattern_stands_for_the_files_that_it_names(tmp_path: Path) -> None:
    plan, rows = plans()["tajikistan-digital-foundations"]
    for at in range(3):
        rows[at::3].write_csv(tmp_path / f"q{at}.csv")
    (tmp_path / "other.csv").write_text("not,a,report\n")
    by_name = mne.validate([tmp_path / f"q{at}.csv" for at in range(3)], plan)
    assert told(mne.validate(tmp_path / "q*.csv", plan)) == told(by_name)
    assert list(mne.validate(tmp_path / "x*.csv", plan).findings.codes) == ["file-missing"]


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_signs_of_a_pattern_in_a_files_own_name_stand_for_themselves(suffix: str, tmp_path: Path) -> None:
    portfolio, observations = max(PORTFOLIOS, key=lambda each: len(each[1]))
    plan = next(iter(portfolio.plans.values()))
    mine = Observations(observations.to_polars().filter(pl.col("project") == plan.id))
    path = tmp_path / f"report [1].{suffix}"
    with path.open("wb") as file:
        {"parquet": mine.to_polars().write_parquet, "csv": mine.to_polars().write_csv}[suffix](file)
    assert scored(path, plan) == scored(mine, plan)
