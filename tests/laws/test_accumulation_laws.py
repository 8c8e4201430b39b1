"""What the rules about accumulation hold to: silent on figures that are what they are said to be, and never on others."""

from __future__ import annotations

from itertools import accumulate, groupby, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mne.logframe.indicator import Accumulation, Measure
from mne.logframe.model import Logframe
from mne.reports.validate import validate
from mne.tables.observations import Observations
from mne.testing import logframes, numbers, observation_rows

FALLS = {"cumulative-decrease", "cumulative-fluctuates"}
CODES = {*FALLS, "flow-restates-total", "flow-stands-still", "level-comes-back"}

Rows = list[dict[str, Any]]

AMOUNTS = numbers(low=70, high=120)
"""Amounts of a period that neither make three of them by chance nor grow as a total does."""


@st.composite
def series(draw: st.DrawFn, *, only: Accumulation | None = None) -> tuple[Logframe, list[Rows]]:
    """A plan and what each reporter of a sum sends for it, every value the amount of its own period."""
    plan = draw(logframes(indicators_max=2))
    kinds = {each.id: each for each in plan.indicators.values() if each.measure in (Measure.NUMBER, Measure.CURRENCY)}
    rows = [
        {**row, "value": draw(AMOUNTS), "unit": None, "status": "submitted"}
        for row in draw(observation_rows(plan, revisions=False))
        if row["indicator"] in kinds
        and row.get("state", "reported") == "reported"
        and (only is None or kinds[row["indicator"]].accumulation is only)
    ]

    def key(row: dict[str, Any]) -> tuple[str, ...]:
        return (row["indicator"], row["partner"], row["location"], row["category"])

    rows.sort(key=lambda row: (*key(row), row["period_end"]))
    return plan, [list(group) for _, group in groupby(rows, key)]


def restated(rows: Rows) -> Rows:
    """The same rows with the total to date in the place of each amount."""
    return [{**row, "value": total} for row, total in zip(rows, accumulate(row["value"] for row in rows), strict=True)]


def found(plan: Logframe, told: list[Rows]) -> dict[str, int]:
    rows = [{**row, "source_order": order} for order, row in enumerate(row for rows in told for row in rows)]
    every = validate(Observations.from_rows(rows), plan).findings.codes if rows else {}
    return {code: count for code, count in every.items() if code in CODES}


@given(series())
@settings(max_examples=40)
def test_figures_that_are_what_they_are_said_to_be_are_passed_in_silence(told: tuple[Logframe, list[Rows]]) -> None:
    plan, each = told
    kinds = {id: indicator.accumulation for id, indicator in plan.indicators.items()}
    honest = [restated(rows) if kinds[rows[0]["indicator"]] is Accumulation.RUNNING_TOTAL else rows for rows in each]
    assert found(plan, honest) == {}


@given(series(only=Accumulation.FLOW))
@settings(max_examples=25)
def test_a_flow_that_restates_its_total_is_told(told: tuple[Logframe, list[Rows]]) -> None:
    plan, each = told
    summed = {id for id, indicator in plan.indicators.items() if indicator.aggregation.time in (None, "sum")}
    lengths = [len(rows) for rows in each if rows[0]["indicator"] in summed]
    count = found(plan, [restated(rows) for rows in each]).get("flow-restates-total", 0)
    # Four totals always show it; the third shows it where it is the sum of the two before.
    assert lengths.count(4) <= count <= sum(max(0, length - 2) for length in lengths)


@given(series(only=Accumulation.RUNNING_TOTAL))
@settings(max_examples=25)
def test_a_running_total_of_amounts_is_told_wherever_it_falls(told: tuple[Logframe, list[Rows]]) -> None:
    plan, each = told
    falls = [sum(after["value"] < before["value"] for before, after in pairwise(rows)) for rows in each]
    codes = found(plan, each)
    assert set(codes) <= FALLS
    assert bool(codes) == any(falls)
    assert codes.get("cumulative-fluctuates", 0) <= sum(fallen > 1 for fallen in falls)
    # A series is told once as a whole, or once for each fall.
    assert sum(codes.values()) <= sum(falls)
