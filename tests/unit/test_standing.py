"""What a running total had reached stays reached, when its reporter or its project is no longer asked for it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import mne
from mne.logframe.portfolio import Portfolio
from mne.tables.observations import Observations
from mne.tables.reasons import Reason
from mne.values.values import IndicatorValue
from tests.cases.building import END_Q2, END_Q3, Q1, Q2, Q3, Q4, flow, level, plan, row, rows, running

POLICIES = ("skip", "propagate", "zero", "carry_forward")
LEAVES: Any = ({"partner": "A", "until": END_Q2}, {"partner": "B"})
A_TOLD = (row(Q1, 60, partner="A"), row(Q2, 100, partner="A"))
B_TOLD = (row(Q1, 20, partner="B"), row(Q2, 40, partner="B"), row(Q3, 50, partner="B"))


def counted(indicator: Any, *given: Any, until: Any = None) -> IndicatorValue:
    return mne.aggregate(Observations.from_rows(rows(*given)), plan(indicator), until=until)["I"]


def series(value: IndicatorValue) -> list[Fraction | None]:
    return [each.amount.value for each in value.periods]


def together(plans: Any, *given: Any) -> IndicatorValue:
    return mne.aggregate_portfolio(Observations.from_rows(rows(*given)), Portfolio(plans))["T"]["I"]


@pytest.mark.parametrize("missing", POLICIES)
def test_a_total_stays_when_the_assignment_ends(missing):
    value = counted(running(missing=missing, assignments=LEAVES), *A_TOLD, *B_TOLD)
    assert series(value) == [80, 140, 150]
    assert (value.value, str(value.coverage)) == (150, "1 of 1")
    assert value.carried == (("A", "_T", Q3),)
    told = str(value.explain())
    assert "A: 100" in told
    assert "B: 50" in told
    assert sorted(value.trace()["value"]) == [50, 100]


def test_a_level_does_not_stay():
    assert series(counted(level(assignments=LEAVES), *A_TOLD, *B_TOLD)) == [80, 140, 50]


@pytest.mark.parametrize(
    ("missing", "expected"), [("skip", 110), ("zero", 110), ("carry_forward", 110), ("propagate", None)]
)
def test_the_last_report_that_never_came_is_still_expected(missing, expected):
    value = counted(running(missing=missing, assignments=LEAVES), A_TOLD[0], *B_TOLD)
    assert (value.value, str(value.coverage)) == (expected, "1 of 2 (1 carried forward)")


def test_who_left_and_never_reported_is_still_expected():
    value = counted(running(assignments=LEAVES), *B_TOLD)
    assert (value.value, str(value.coverage)) == (50, "1 of 2")


@pytest.mark.parametrize(("missing", "expected"), [("skip", 140), ("zero", 100), ("carry_forward", 140)])
def test_a_period_in_which_nobody_reported(missing, expected):
    value = counted(running(missing=missing, assignments=LEAVES), *A_TOLD, *B_TOLD[:2], until=END_Q3)
    assert value.value == expected


def test_what_is_carried_alone_still_has_the_totals_of_those_who_left():
    value = counted(running(missing="carry_forward", assignments=LEAVES), *A_TOLD, until=END_Q3)
    assert (value.value, str(value.coverage)) == (100, "0 of 1")


def test_a_period_that_nobody_is_asked_for_stays_empty():
    value = counted(running(assignments=LEAVES[:1]), *A_TOLD, until=END_Q3)
    assert (value.value, value.as_of.label, str(value.periods[-1].amount.state)) == (100, Q2, "not_due")


def test_a_period_that_does_not_apply_takes_no_total_away():
    given = (*A_TOLD, *B_TOLD, row(Q3, None, partner="A", state="not_applicable"))
    both = running(assignments=({"partner": "A"}, {"partner": "B"}))
    value = counted(both, *given)
    assert (value.value, str(value.coverage)) == (150, "1 of 1")
    value = counted(both, A_TOLD[0], *given[2:])  # its second report is owed all the same
    assert (value.value, str(value.coverage)) == (110, "1 of 2 (1 carried forward)")


@pytest.mark.parametrize("missing", POLICIES)
def test_a_total_stays_when_a_project_is_over(missing):
    link = {"contributes_to": ({"project": "T", "indicator": "I"},)}
    plans = [
        plan(running(missing=missing), id="T"),
        plan(running(**link), id="K", end=END_Q2),
        plan(running(**link), id="J"),
    ]
    given = [row(Q1, 10, project="K"), row(Q2, 30, project="K")]
    given += [row(q, n, project="J") for q, n in ((Q1, 5), (Q2, 6), (Q3, 7))]
    value = together(plans, *given)
    assert (series(value), str(value.coverage)) == ([15, 36, 37], "1 of 1")
    assert [each.amount.value for each in value.contributions] == [7, 30]
    assert value.contributions[1].periods[-1].carried
    late = together(plans, given[0], *given[2:])
    assert (late.value, str(late.coverage)) == (
        None if missing == "propagate" else 17,
        "1 of 2 (1 carried forward)",
    )


@pytest.mark.parametrize("missing", POLICIES)
def test_the_own_reports_of_a_lead_stay_too(missing):
    link = {"contributes_to": ({"project": "T", "indicator": "I"},)}
    lead = running(missing=missing, assignments=LEAVES[:1])
    given = [row(Q1, 10, project="T", partner="A"), row(Q2, 30, project="T", partner="A")]
    given += [row(q, n, project="J") for q, n in ((Q1, 5), (Q2, 6), (Q3, 7))]
    value = together([plan(lead, id="T"), plan(running(**link), id="J")], *given)
    assert (series(value), str(value.coverage)) == ([15, 36, 37], "1 of 1")
    assert value.carried == (("A", "_T", Q3),)
    assert sorted(value.trace()["value"]) == [7, 30]


def test_a_zero_in_place_of_a_report_is_no_total_that_stays():
    link = {"contributes_to": ({"project": "T", "indicator": "I"},)}
    lead = running(missing="zero", assignments=LEAVES[:1])
    given = [row(Q1, 10, project="T", partner="A")] + [row(q, n, project="J") for q, n in ((Q2, 6), (Q3, 7), (Q4, 8))]
    value = together([plan(lead, id="T"), plan(running(**link), id="J")], *given)
    assert (series(value), str(value.coverage)) == ([10, 6, 17, 18], "1 of 2 (1 carried forward)")


# --- the coverage of a number is that of what it rests on -------------------------------------------------------------


def test_reports_of_a_period_below_the_minimum_are_not_behind_the_sum():
    one = flow(min_coverage="0.6", assignments=({"partner": "A"}, {"partner": "B"}))
    value = counted(one, row(Q1, 3, partner="A"), row(Q1, 5, partner="B"), row(Q2, 7, partner="A"))
    assert (value.value, value.reason, str(value.coverage)) == (
        None,
        Reason.COVERAGE_BELOW_MINIMUM,
        "2 of 4 (1 left out)",
    )


def test_reports_of_which_no_number_can_be_made_are_not_behind_one():
    one = flow(disaggregation=({"dimensions": ["sex"], "relation": "overlapping"},))
    parts = [row(Q1, n, partner="A", category=f"sex={sex}") for n, sex in ((4, "F"), (5, "M"))]
    assert str(counted(one, *parts).coverage) == "1 of 1"  # no number, and one report that came
    value = counted(one, *parts, row(Q1, 7, partner="B"))
    assert (value.value, str(value.coverage)) == (7, "1 of 2 (1 left out)")
    assert "1 of 2 (1 left out) expected reports received" in str(value.explain())


def test_what_a_child_could_not_count_is_not_behind_its_parents_number():
    link = {"contributes_to": ({"project": "T", "indicator": "I"},)}
    child = flow(min_coverage="0.6", assignments=({"partner": "A"}, {"partner": "B"}), **link)
    given = [row(Q1, 10, project="K", partner=p) for p in "AB"]
    given += [row(Q2, 10, project="K", partner="A"), row(Q2, 1, project="J")]
    plans = [plan(flow(), id="T"), plan(child, id="K"), plan(flow(**link), id="J")]
    value = together(plans, *given)
    assert [str(each.amount.coverage) for each in value.periods] == ["2 of 3", "1 of 3 (1 left out)"]
    assert (value.value, str(value.coverage)) == (21, "3 of 6 (1 left out)")
    yearly = together([plan(flow(frequency="annual"), id="T"), *plans[1:]], *given, row(Q4, 0, project="J"))
    assert (yearly.value, str(yearly.coverage)) == (21, "4 of 12 (1 left out)")


def test_the_reason_to_date_is_the_one_of_the_periods():
    link = {"contributes_to": ({"project": "T", "indicator": "I"},)}
    for kind in (flow, level):
        plans = [plan(kind(), id="T"), plan(kind(frequency="annual", **link), id="K")]
        value = together(plans, row(Q4, 10, project="K", period="2024"))
        assert value.reason is Reason.PERIODS_DIFFER
