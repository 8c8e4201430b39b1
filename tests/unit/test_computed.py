"""Computed indicators: period by period, then over time as they say of themselves; the explanation has every number."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import mne
from mne.logframe.portfolio import Portfolio
from mne.scores.achievement import achievement
from mne.scores.scheme import AchievementRule
from mne.tables.observations import Observations
from mne.tables.reasons import Reason
from mne.values.values import Values
from tests.cases.building import END_Q2, Q1, Q2, Q3, flow, indicator, level, plan, row, rows


def computed(id: str, formula: str, accumulation: str = "flow", **options: Any) -> Any:
    return indicator(id, accumulation=accumulation, formula=formula, **options)


def counted(indicators: Any, *given: Any, until: Any = None) -> Values:
    return mne.aggregate(Observations.from_rows(rows(*given)), plan(*indicators), until=until)


def series(value: Any) -> list[Fraction | None]:
    return [each.amount.value for each in value.periods]


THREE = (row(Q1, 10, "a"), row(Q2, 30, "a"), row(Q3, 40, "a"))
POOLED: Any = {"aggregation": {"time": "pooled"}}


def test_a_look_back_is_the_same_in_the_period_and_to_date():
    values = counted(
        [flow("a"), computed("d", "a - previous(a, 1)", "level"), computed("g", "a / previous(a)", "level")], *THREE
    )
    assert (series(values["d"]), values["d"].value, values["d"].as_of.label) == ([None, 20, 10], 10, Q3)
    assert (series(values["g"]), values["g"].value) == ([None, 3, Fraction(4, 3)], Fraction(4, 3))
    assert str(values["d"].coverage) == "2 of 2"


def test_an_explanation_shows_the_number_looked_back_to():
    told = counted([flow("a"), computed("d", "a - previous(a, 1)", "level")], *THREE)["d"].explain()
    (period,) = told.children
    assert [(each.label, each.value) for each in period.children] == [
        ("Actual of a as of 2024-Q3", 40),
        ("Actual of a as of 2024-Q2", 30),
    ]
    assert {leaf.place.period for leaf in told.leaves() if leaf.place} == {Q2, Q3}


def test_pooled_is_the_formula_over_values_to_date_also_where_it_looks_back():
    values = counted([flow("a"), level("l"), computed("d", "a - previous(a, 2)", **POOLED), computed("n", "l + previous(l)", **POOLED)],
        *THREE, row(Q1, 5, "l"), row(Q3, 7, "l"))  # fmt: skip
    assert (values["d"].value, str(values["d"].coverage)) == (80 - 10, "3 of 3")
    assert values["n"].value == 7 + 5  # nobody told a level in Q2: it was still 5
    assert [(each.label, each.value) for each in values["d"].explain().children] == [
        ("Actual of a as of 2024-Q3", 80),
        ("Actual of a as of 2024-Q1", 10),
    ]
    assert [each.value for each in values["n"].explain().children] == [7, 5]


def test_pooled_says_what_it_could_not_look_back_to():
    of = [flow("a"), flow("m", aggregation={"time": "mean"})]
    far, mean = computed("far", "a - previous(a, 3)", **POOLED), computed("mean", "previous(m) + days()", **POOLED)
    values = counted([*of, far, mean], *THREE, row(Q1, 1, "m"), row(Q3, 2, "m"))
    for code, note in (("far", "previous(a, 3)"), ("mean", "previous(m, 1)")):
        assert (values[code].value, values[code].reason) == (None, Reason.FORMULA_OPERAND_MISSING)
        assert note in [each.label for each in values[code].explain().children]


def test_days_are_among_the_numbers():
    values = counted([flow("a"), computed("r", "a / days()"), computed("all", "a / days()", **POOLED)], *THREE)
    assert values["r"].value == Fraction(10, 91) + Fraction(30, 91) + Fraction(40, 92)
    assert values["all"].value == Fraction(80, 91 + 91 + 92)
    assert [node.value for node in values["r"].explain().walk() if node.label == "days()"] == [91, 91, 92]
    assert [node.value for node in values["all"].explain().walk() if node.label == "days()"] == [274]


def test_a_computed_flow_is_the_sum_of_its_periods():
    targets = tuple({"period": q, "value": 30, "basis": "per_period"} for q in (Q1, Q2))
    most = computed("mx", "max(a, b)", baseline={"value": 0}, targets=targets)
    given = (row(Q1, 30, "a"), row(Q1, 0, "b"), row(Q2, 0, "a"), row(Q2, 30, "b"))
    value = counted([flow("a"), flow("b"), most], *given)["mx"]
    assert (series(value), value.value) == ([30, 30], 60)
    assert [each.to_date.value for each in value.periods] == [30, 60]
    rule = AchievementRule()
    assert [achievement(value, against=end, rule=rule).value for end in ("milestone", "final")] == [1, 1]


def test_a_period_without_a_value_adds_nothing_and_has_nothing_behind_it():
    given = (row(Q1, 10, "a"), row(Q1, 20, "b"), row(Q2, 35, "a"), row(Q3, 40, "a"), row(Q3, 8, "b"))
    of = [flow("a"), flow("b")]
    value = counted([*of, computed("s", "a + b")], *given)["s"]
    assert (series(value), value.value, str(value.coverage)) == ([30, None, 48], 78, "4 of 6 (1 left out)")
    strict = counted([*of, computed("s", "a + b", missing="propagate")], *given)["s"]
    assert (strict.value, strict.reason) == (None, Reason.INCOMPLETE)
    low = counted([*of, computed("s", "a + b", min_coverage="0.7")], *given)["s"]
    assert (low.value, low.reason) == (None, Reason.COVERAGE_BELOW_MINIMUM)


def test_reports_that_are_read_twice_count_once_in_the_coverage():
    value = counted([flow("a"), computed("s", "a + previous(a)")], *THREE)["s"]
    assert (value.value, str(value.coverage)) == (40 + 70, "3 of 3")


def test_the_newest_period_in_which_everything_was_reported_counts():
    given = (row(Q1, 10, "l"), row(Q2, 30, "l"), row(Q2, 60, "m"), row(Q3, 40, "m"))
    of = [level("l"), level("m")]
    for missing in ("skip", "zero", "carry_forward"):
        value = counted([*of, computed("r", "l / m", "level", missing=missing)], *given)["r"]
        assert (value.value, value.as_of.label, str(value.coverage)) == (Fraction(1, 2), Q2, "2 of 2")
    value = counted([*of, computed("r", "l / m", "level", missing="propagate")], *given)["r"]
    assert (value.value, value.as_of.label) == (None, Q3)


def test_a_computed_operand_is_looked_back_to_over_its_gaps():
    given = (row(Q1, 10, "l"), row(Q3, 30, "l"))
    for missing, expected in (("skip", 20 + 60), ("propagate", None)):
        twice = computed("t", "l * 2", "level", missing=missing)
        value = counted([level("l"), twice, computed("p", "t + previous(t)", "level", **POOLED)], *given)["p"]
        assert value.value == expected


def test_a_formula_without_a_value_says_why_and_of_no_period():
    value = counted([flow("a"), flow("b"), computed("s", "a + b"), computed("l", "a + b", "level")], *THREE)
    assert [value[code].reason for code in ("s", "l")] == [Reason.FORMULA_OPERAND_MISSING] * 2
    assert value["l"].as_of is None
    nobody = counted([flow("a"), computed("s", "a * 2")])
    assert nobody["s"].reason is Reason.NOT_YET_DUE


def test_a_broken_formula_is_explained_without_numbers():
    broken = counted([computed("x", "y + 1", **POOLED), computed("y", "x + 1", **POOLED)], until=END_Q2)["x"]
    assert [each.shown for each in broken.explain().children] == ["missing"]


def test_a_child_gives_its_parent_what_it_says_of_itself():
    link = {"contributes_to": ({"project": "T", "indicator": "I"},)}
    for formula, given, expected in (
        ("a + b", ((Q1, 10, "a"), (Q1, 5, "b"), (Q2, 7, "a")), 15),
        ("max(a, b)", ((Q1, 10, "a"), (Q1, 0, "b"), (Q2, 0, "a"), (Q2, 10, "b")), 20),
        ("a - previous(a)", ((Q1, 10, "a"), (Q2, 30, "a"), (Q3, 35, "a")), 25),
    ):
        child = plan(flow("a"), flow("b"), computed("I", formula, **link), id="K")
        told = rows(*(row(*each, project="K", source_file=each[0]) for each in given))
        values = mne.aggregate_portfolio(Observations.from_rows(told), Portfolio([plan(flow(), id="T"), child]))
        top = values["T"]["I"]
        assert values["K"]["I"].value == expected
        assert (top.value, top.contributions[0].amount.value) == (expected, expected)
        used = {leaf.place.period for leaf in top.explain().leaves() if leaf.place}
        assert used == set(top.trace()["period"])


@pytest.mark.parametrize("measure", ["number", "percentage", "index"])
def test_pooled_over_time_needs_no_two_sides_where_a_formula_computes(measure):
    unit = {"unit": "person"} if measure == "number" else {"unit": None}
    one = computed("r", "a * 2", "level", measure=measure, **unit, **POOLED)
    codes = {str(each.code) for each in mne.check_logframe(plan(flow("a"), one))}
    assert not codes & {"logframe-pooled-without-denominator", "logframe-rule-not-allowed"}


def test_pooled_over_time_is_for_numbers():
    one = computed("r", "a * 2", "level", measure="yes_no", unit=None, **POOLED)
    assert "logframe-rule-not-allowed" in {str(each.code) for each in mne.check_logframe(plan(flow("a"), one))}
