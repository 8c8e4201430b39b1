"""Closed periods: kept in a file, held against the plan, and not changed by what comes late."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import mne
from mne.tables.observations import Observations
from tests.cases.building import flow, level, plan, row, rows, running

Q1 = row("2024-Q1", 5, partner="A")
Q2 = row("2024-Q2", 7, partner="B", order=1)


def sent(*told: dict[str, object]) -> Observations:
    return Observations.from_rows(rows(*told))


def test_periods_are_closed_kept_in_a_file_and_gone_on_from(tmp_path: Path) -> None:
    project = plan(flow())
    mne.close(sent(Q1), project, through="2024-03-31").save(tmp_path / "closed.parquet")
    closed = mne.read_closed(tmp_path / "closed.parquet")
    assert repr(closed) == "Closed(P through 2024-03-31: 1 indicators, 1 rows kept)"
    value = mne.aggregate(sent(Q2), project, closed=closed)["I"]
    assert (value.value, str(value.coverage)) == (12, "2 of 4")
    assert value == mne.aggregate(sent(Q1, Q2), project)["I"]
    with pytest.raises(mne.OptionError, match="without a table"):
        value.trace()


def test_what_comes_late_for_a_closed_period_does_not_count_and_is_told() -> None:
    project = plan(flow())
    closed = mne.close(sent(Q1), project, through="2024-03-31")
    values = mne.aggregate(sent({**Q1, "value": 500, "revision": 1}, Q2), project, closed=closed)
    assert values["I"].value == 12
    assert [(each.code, each.params["rows"]) for each in values.findings] == [("value-period-closed", 1)]


def test_a_total_goes_on_from_what_was_reached_when_its_reporter_left() -> None:
    asked = [{"partner": "A", "until": "2024-03-31"}, {"partner": "B"}]
    project = plan(running(assignments=asked))
    closed = mne.close(sent(Q1), project, through="2024-03-31")
    assert closed.heard["I"].sort("partner").rows() == [("A", "_T", 0, 0, "5", "0"), ("B", "_T", -1, 0, "0", "0")]
    assert mne.aggregate(sent(Q2), project, closed=closed)["I"].value == 12


def test_another_plan_another_status_or_an_earlier_day_is_refused() -> None:
    project = plan(flow())
    closed = mne.close(sent(Q1), project, through="2024-03-31")
    with pytest.raises(mne.OptionError, match="before it changed"):
        mne.aggregate(sent(Q2), plan(level()), closed=closed)
    with pytest.raises(mne.OptionError, match="for the statuses submitted, accepted"):
        mne.aggregate(sent(Q2), project, closed=closed, statuses=["accepted"])
    with pytest.raises(mne.OptionError, match="as they are known now"):
        mne.aggregate(sent(Q2), project, closed=closed, known_by=dt.date(2024, 9, 1))
    with pytest.raises(mne.OptionError, match="must not lie before"):
        mne.aggregate(sent(Q2), project, closed=closed, until="2024-02-01")
    with pytest.raises(mne.OptionError, match="through must be a date"):
        mne.close(sent(Q1), project, through="soon")


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(mne.ReadError):
        mne.read_closed(tmp_path / "none.parquet")
    table = sent(Q1).to_polars()
    table.write_parquet(tmp_path / "other.parquet")
    with pytest.raises(mne.ReadError, match="does not hold closed periods"):
        mne.read_closed(tmp_path / "other.parquet")
