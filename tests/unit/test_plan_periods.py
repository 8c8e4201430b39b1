"""Weeks, thirds of a year, and the periods for which nothing was promised."""

from __future__ import annotations

import datetime as dt
import itertools

import pandas as pd
import pytest

import mne
from mne.logframe.periods import Calendar, Frequency
from mne.tables.observations import Observations
from tests.cases.building import Q1, Q2, flow, level, plan, row, rows

DAY = dt.timedelta(days=1)


def asked(period, value):
    return pd.DataFrame([{"indicator": "I", "period": period, "partner": "A", "value": value}], dtype="object")


@pytest.mark.parametrize(
    ("day", "week"),
    [("2012-01-01", "2011-W52"), ("2012-01-03", "2012-W01"), ("2012-03-31", "2012-W13"), ("2021-01-03", "2020-W53")],
)
def test_weeks_are_those_of_iso_8601(day, week):
    day = dt.date.fromisoformat(day)
    (found,) = [each for each in Calendar(frequency="weekly").periods(day - 40 * DAY, day + 40 * DAY) if day in each]
    assert (found.label, found.start.weekday(), (found.end - found.start).days) == (week, 0, 7)


@pytest.mark.parametrize("frequency", ["weekly", "triannual"])
def test_periods_leave_no_gap(frequency):
    start, end = dt.date(2023, 11, 15), dt.date(2025, 2, 28)
    periods = Calendar(fiscal_year_start="07-01").periods(start, end, Frequency(frequency))
    assert (periods[0].start, periods[-1].last_day) == (start, end)
    assert all(left.end == right.start for left, right in itertools.pairwise(periods))
    assert len({each.label for each in periods}) == len(periods)


def test_thirds_of_a_year():
    periods = Calendar(frequency="triannual").periods(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert [(each.label, each.start.month) for each in periods] == [("2024-T1", 1), ("2024-T2", 5), ("2024-T3", 9)]
    assert Calendar(frequency="triannual", fiscal_year_start="07-01").periods(
        dt.date(2024, 1, 1), dt.date(2024, 1, 1)
    )[0].label == "FY2024-T2"  # fmt: skip


def test_weekly_reports_are_read_and_counted():
    logframe = plan(flow(frequency="weekly"))
    report = mne.validate(asked("2024-W05", "3"), logframe)
    assert not report.findings.at_least("error")
    values = mne.aggregate(report.observations, logframe)
    assert (values["I"].value, values["I"].as_of.label, values.until) == (3, "2024-W05", dt.date(2024, 2, 4))


def test_periods_without_a_target():
    targets = ({"period": Q1, "value": 5, "basis": "per_period"}, {"period": "2025", "value": 9, "basis": "per_period"})
    gaps = flow(targets=targets)
    logframe = plan(gaps)
    assert [each.label for each in logframe.periods_without_target(gaps)] == ["2024-Q2", "2024-Q3", "2024-Q4"]
    assert [each.label for each in plan(level()).periods_without_target(level())][:2] == [Q1, Q2]
    dated = level(targets=({"date": dt.date(2024, 5, 5), "value": 5},))
    assert Q2 not in {each.label for each in plan(dated).periods_without_target(dated)}


def test_a_zero_that_stands_for_nothing():
    given = rows(row(Q1, 0), row(Q2, 4))
    kept = mne.aggregate(Observations.from_rows(given), plan(level()))
    dropped = mne.aggregate(Observations.from_rows(given), plan(level(zero_means="missing")))
    assert [each.amount.value for each in kept["I"].periods] == [0, 4]
    assert [(each.amount.value, each.amount.state) for each in dropped["I"].periods] == [
        (None, "missing"),
        (4, "reported"),
    ]


def test_a_project_may_ask_for_plain_digits():
    given = asked(Q1, "1 250")
    assert mne.validate(given, plan(flow())).observations.to_polars()["value"][0] == 1250
    report = mne.validate(given, plan(flow(), numbers="strict"))
    assert [(each.code, each.place.row) for each in report.findings.at_least("error")] == [("number-invalid", 1)]
