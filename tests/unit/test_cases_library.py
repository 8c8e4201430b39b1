"""The worked cases, through the public API: what it computes is what was computed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mne.scores.achievement import achievement
from mne.scores.scheme import AchievementRule, Scheme
from mne.scores.scorecard import score
from mne.tables.observations import Observations
from mne.values.aggregate import aggregate
from mne.values.values import Amount, Values
from tests.cases import CASES, Case

BY_NAME = {case.name: case for case in CASES}


def counted(case: Case) -> Values:
    return aggregate(
        Observations.from_rows(case.rows), case.plan, until=case.until, known_by=case.known_by, statuses=case.statuses
    )


def told(amount: Amount) -> dict[str, Any]:
    return {
        "state": str(amount.state),
        "reason": str(amount.reason) if amount.reason else None,
        "value": amount.value,
        "numerator": amount.numerator,
        "denominator": amount.denominator,
        "reported": amount.coverage.reported,
        "expected": amount.coverage.expected,
        "carried": amount.coverage.carried,
    }


def only(found: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in expected}


def test_there_are_at_least_forty_cases_over_every_kind() -> None:
    assert len(BY_NAME) == len(CASES) >= 40
    kinds = {(i.measure, i.accumulation, i.direction) for case in CASES for i in case.plan.indicators.values()}
    assert {kind[1] for kind in kinds} == {"flow", "running_total", "level"}
    assert {kind[2] for kind in kinds} == {"increase", "decrease", "maintain"}
    assert {kind[0] for kind in kinds} >= {
        "number", "percentage", "ratio", "index", "currency", "ordinal", "yes_no", "milestone",
    }  # fmt: skip


@pytest.mark.parametrize("name", BY_NAME)
def test_values(name: str) -> None:
    case = BY_NAME[name]
    values = counted(case)
    if case.is_until is not None:
        assert values.until == case.is_until
    for code, expected in case.values.items():
        value = values[code]
        found = {**told(value.amount), "as_of": value.as_of.label if value.as_of else None}
        assert only(found, expected) == dict(expected), code
    for (code, label), expected in case.periods.items():
        period = values[code].period(label)
        found = {**told(period.amount), "to_date": period.to_date.value if period.to_date else None}
        assert only(found, expected) == dict(expected), (code, label)


@pytest.mark.parametrize("name", [name for name, case in BY_NAME.items() if case.achievements])
def test_achievements(name: str) -> None:
    case = BY_NAME[name]
    values = counted(case)
    for judged in case.achievements:
        options = dict(judged.options)
        against = options.pop("against", "milestone")
        rule = AchievementRule.model_validate(options)
        found = achievement(values[judged.indicator], against=against, rule=rule, known_by=case.known_by)
        shown = {
            "value": found.value,
            "reason": str(found.reason) if found.reason else None,
            "actual": found.actual,
            "baseline": found.baseline,
            "target": found.target,
        }
        assert only(shown, judged.expect) == dict(judged.expect), judged


@pytest.mark.parametrize("name", [name for name, case in BY_NAME.items() if case.scheme is not None])
def test_scores(name: str) -> None:
    case = BY_NAME[name]
    scheme = case.scheme if isinstance(case.scheme, str) else Scheme.model_validate(case.scheme)
    card = score(counted(case), scheme=scheme)
    for code, expected in case.results.items():
        part = card.results[code]
        found = {
            "score": part.score,
            "rating": part.rating,
            "coverage": part.coverage,
            "reason": str(part.reason) if part.reason else None,
        }
        assert only(found, expected) == dict(expected), code
    for code, expected in case.scores.items():
        each = card.indicators[code]
        found = {
            "score": each.score,
            "reason": str(each.reason) if each.reason else None,
            "achievement": each.scored.value,
        }
        assert only(found, expected) == dict(expected), code
