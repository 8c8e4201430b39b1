"""The reference implementation gives what was computed by hand, and nothing about the order of rows changes it."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from mne.logframe.indicator import Accumulation, Direction, Measure
from tests import reference
from tests.cases import CASES, Case
from tests.reference.formula import evaluated, names_in
from tests.reference.scores import _aggregate


def counted(case: Case) -> reference.ReferenceValues:
    return reference.values(case.plan, case.rows, until=case.until, known_by=case.known_by, statuses=case.statuses)


def scheme_of(case: Case) -> Any:
    from mne.scores.scheme import Scheme, read_scheme

    return read_scheme(case.scheme) if isinstance(case.scheme, str) else Scheme.model_validate(case.scheme)


def assert_has(found: object, expected: Any) -> None:
    assert {name: getattr(found, name) for name in expected} == dict(expected)


def marked(cases: list[Case]) -> list[Any]:
    return [pytest.param(case, id=case.name) for case in cases]


@pytest.mark.parametrize("case", marked([case for case in CASES if case.values or case.periods or case.is_until]))
def test_values_are_those_computed_by_hand(case: Case) -> None:
    found = counted(case)
    if case.is_until is not None:
        assert found.until == case.is_until
    for id, expected in case.values.items():
        assert_has(found.indicators[id], expected)
    for (id, label), expected in case.periods.items():
        assert_has(found.indicators[id].periods[label], expected)


@pytest.mark.parametrize("case", marked([case for case in CASES if case.achievements]))
def test_achievements_are_those_computed_by_hand(case: Case) -> None:
    from mne.scores.scheme import AchievementRule

    found = counted(case)
    for judged in case.achievements:
        rule = AchievementRule.model_validate(dict(judged.options))
        one = reference.achievement(case.plan, judged.indicator, found, rule=rule, known_by=case.known_by)
        assert_has(one, judged.expect)


@pytest.mark.parametrize("case", marked([case for case in CASES if case.scheme is not None]))
def test_scores_are_those_computed_by_hand(case: Case) -> None:
    found, scheme = counted(case), scheme_of(case)
    results = reference.scores(case.plan, found, scheme, known_by=case.known_by)
    indicators = reference.indicator_scores(case.plan, found, scheme, known_by=case.known_by)
    for id, expected in case.results.items():
        assert_has(results[id], expected)
    for id, expected in case.scores.items():
        assert_has(indicators[id], expected)


@pytest.mark.parametrize("case", marked([case for case in CASES if len(case.rows) > 1]))
def test_the_order_of_rows_changes_nothing(case: Case) -> None:
    options = {"until": case.until, "known_by": case.known_by, "statuses": case.statuses}
    half = len(case.rows) // 2
    for order in (case.rows[::-1], case.rows[half:] + case.rows[:half], case.rows[1::2] + case.rows[::2]):
        assert reference.values(case.plan, order, **options) == counted(case)


def test_there_are_enough_cases_and_each_has_its_own_name() -> None:
    names = [case.name for case in CASES]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


def test_every_case_asserts_something() -> None:
    for case in CASES:
        assert case.values or case.periods or case.achievements or case.results, case.name


def test_every_plan_is_one_that_would_be_read() -> None:
    from mne.logframe.checks import design_findings

    refused = {
        (case.name, finding.code)
        for case in CASES
        for finding in design_findings(case.plan)
        if finding.severity == "error"
        # Refused in a file unless its severities say otherwise; a plan made in code is scored all the same.
        and finding.code != "logframe-target-equals-baseline"
    }
    assert not refused


def test_every_accumulation_meets_every_direction_and_every_measure() -> None:
    used = {
        (each.accumulation, each.direction, each.measure) for case in CASES for each in case.plan.indicators.values()
    }
    assert used >= set(product(Accumulation, Direction, Measure))


def test_rows_are_filled_as_the_observation_table_fills_them() -> None:
    case = next(case for case in CASES if case.name.startswith("flow, number, increase: the sum to date"))
    bare = ("project", "indicator", "period", "period_start", "period_end", "value")
    short = [{name: each[name] for name in bare} for each in case.rows]
    assert reference.values(case.plan, short, until=case.until) == counted(case)


def test_nothing_given_is_changed() -> None:
    for case in CASES:
        before = [dict(each) for each in case.rows]
        first = counted(case)
        assert [dict(each) for each in case.rows] == before
        assert counted(case) == first


@pytest.mark.parametrize(
    "formula",
    [
        "a",
        "a + b * c",
        "(a + b) * c",
        "a - b - c",
        "a / b / c",
        "-a * -b",
        "min(a, b, c) / max(1.5, a)",
        "{a b} − c",
        "--a",
        "a / (b - 2)",
    ],
)
def test_formulas_are_read_as_the_library_reads_them(formula: str) -> None:
    from mne.logframe.formula import parse

    numbers = {"a": Fraction(7, 3), "b": Fraction(2), "c": Fraction(-5), "a b": Fraction(1, 9)}
    assert names_in(formula) == list(parse(formula).names)
    assert evaluated(formula, numbers) == parse(formula).evaluate(numbers)


def test_a_geometric_mean_that_is_no_fraction_is_exact_to_forty_digits() -> None:
    third = Fraction(1, 3)
    found = _aggregate("geometric", [(third, Fraction(2)), (third, Fraction(3)), (third, Fraction(5))])
    assert abs(found**3 - 30) < Fraction(1, 10**40)
