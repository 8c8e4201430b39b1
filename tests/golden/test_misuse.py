"""What a developer reads who calls the arithmetic wrongly: one clear sentence each, in our own hierarchy of errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mne
from mne.errors import MneError
from mne.scores import conventions, equity, expected, quality, survey, trajectory
from mne.scores.achievement import achievement
from mne.scores.bounds import bounds
from mne.scores.cards import Override
from mne.scores.certainty import certainty
from mne.scores.robustness import robustness
from mne.scores.scheme import Scheme, read_scheme
from mne.scores.scorecard import rescored, score
from mne.tables.observations import Observations
from mne.values.breakdown import breakdown, marginals
from mne.values.consistency import consistent
from mne.values.trace import traced
from tests.builders import plan_of

F = Fraction
Case = tuple[str, Callable[[], Any]]
LEVEL = {
    "id": "I1", "title": "Farms", "measure": "number", "accumulation": "level", "baseline": {"value": "0"},
    "disaggregation": [{"dimensions": ["sex"]}], "targets": [{"period": "2025-Q1", "value": "100"}],
}  # fmt: skip
OPEN = read_scheme("baseline-target").model_dump()


def survey_cases() -> Iterator[Case]:
    yield "more answers than people", lambda: survey.wilson(5, 3)
    yield "a confidence of 1", lambda: survey.wilson(1, 3, confidence=1)
    yield "no design effect", lambda: survey.wilson(1, 3, design_effect=0)
    known = survey.wilson(5, 10)
    assert known is not None
    yield "an unknown direction", lambda: survey.target_verdict(known, F(1, 2), direction="up")  # type: ignore[arg-type]
    yield "a range without ends", lambda: survey.range_verdict(known, None, None)
    yield "a range the wrong way round", lambda: survey.range_verdict(known, F(1), F(0))
    yield "a share above 1", lambda: survey.change_between((2, 10), (F(1, 2), 10))
    yield "nobody was asked", lambda: survey.change_between((F(1, 2), 0), (F(1, 2), 10))


def statistics_cases() -> Iterator[Case]:
    yield "no finite number", lambda: quality.z_scores([float("nan")])
    yield "outliers of nothing", lambda: quality.modified_z([])
    yield "reports below zero", lambda: quality.completeness(-1, 3)
    yield "a deviation of another kind", lambda: quality.z_scores([1, 2], ddof=2)
    yield "the largest deviation of another kind", lambda: quality.largest_z(5, ddof=2)
    yield "fewer than no values treated", lambda: quality.winsorised([1, 2, 3], most=-1)
    yield "a check without ends", lambda: quality.pair_check(1, 2)
    yield "a period without days", lambda: quality.annualised(1, 2, days=0)
    yield "groups without sizes", lambda: equity.inequality([], [1])
    yield "groups of nobody", lambda: equity.inequality([0, 0], [1, 2])
    yield "a group that is not there", lambda: equity.attributable_risk([1, 1], [1, 2], reference=5)
    yield "other categories", lambda: equity.simpson({"a": (1, 2)}, {"b": (1, 2)})
    yield "goalposts of no direction", lambda: equity.goalposts(1, 0, 2, direction="up")  # type: ignore[arg-type]
    yield "goalposts the wrong way round", lambda: equity.goalposts(1, 2, 0)
    way = {"baseline": F(1), "actual": F(2), "elapsed": F(1)}
    yield "a way of no direction", lambda: trajectory.trajectory(**way, direction="up")  # type: ignore[arg-type]
    yield "a target without its date", lambda: trajectory.trajectory(**way, target=F(3))  # type: ignore[arg-type]
    yield "a trend of one value", lambda: trajectory.linear_projection([F(1)], years=F(1))
    yield "no points to lie between", lambda: expected.interpolated([], F(1))


def convention_cases() -> Iterator[Case]:
    asked: dict[str, Any] = {"actual": F(1), "target": F(2), "baseline": F(1)}
    yield "an unknown convention", lambda: conventions.achievement_of(**asked, convention="best")
    yield "an unknown direction of change", lambda: conventions.achievement_of(**asked, direction="up")
    yield "growth without years", lambda: conventions.achievement_of(**asked, convention="growth_rate")
    yield (
        "a share of time that is not given",
        lambda: conventions.achievement_of(**asked, convention="time_proportional"),
    )


def combine_cases() -> Iterator[Case]:
    parts = {"a": 1, "b": 2}
    gated = read_scheme("baseline-target")
    yield "nothing to combine", lambda: mne.combine({})
    yield "an unknown way with what is missing", lambda: mne.combine(parts, missing="skip")  # type: ignore[arg-type]
    yield "an unknown way with zeros", lambda: mne.combine(parts, not_positive="one")  # type: ignore[arg-type]
    yield "an unknown mean", lambda: mne.combine(parts, aggregate="median")  # type: ignore[arg-type]
    yield "a coverage above 1", lambda: mne.combine(parts, min_coverage=2)
    yield "weights of other parts", lambda: mne.combine(parts, weights={"a": 1, "c": 1})
    yield "a weight below zero", lambda: mne.combine(parts, weights={"a": 1, "b": -1})
    yield "no finite part", lambda: mne.combine({"a": float("inf")})
    yield "a rating without a scheme", lambda: mne.combine({"a": "A1"})
    yield "a rating of another scheme", lambda: mne.combine({"a": "excellent"}, scheme=gated)
    yield "a rating without a value", lambda: mne.combine({"a": gated.ordered_bands[0].label}, scheme=gated)


def values_cases(values: mne.Values, plan: mne.Logframe, rows: list[dict[str, Any]]) -> Iterator[Case]:
    table = Observations.from_rows(rows)
    value = values["I1"]
    bare = replace(value, counted=None, selected=None)
    yield "no plan", lambda: mne.aggregate(table, "plan.yaml")  # type: ignore[arg-type]
    yield "no date", lambda: mne.aggregate(table, plan, until="soon")
    yield "statuses as one text", lambda: mne.aggregate(table, plan, statuses="accepted")
    yield "unknown statuses", lambda: mne.aggregate(table, plan, statuses=["done"])
    yield "no statuses", lambda: mne.aggregate(table, plan, statuses=[])
    yield "no portfolio", lambda: mne.aggregate_portfolio(table, plan)  # type: ignore[arg-type]
    yield "places by sex", lambda: breakdown(values, "I1", by="sex", roll_up=True)
    yield "margins of partners", lambda: marginals(values, "I1", "partner")
    yield "a breakdown of nothing", lambda: breakdown(values, "I9", by="sex")
    yield "a dimension twice", lambda: breakdown(values, "I1", by=("sex", "sex"))
    yield "an unknown dimension", lambda: breakdown(values, "I1", by="colour")
    yield "both ways of rolling up", lambda: breakdown(values, "I1", by="location", roll_up=True, level=1)
    yield "the depth above all", lambda: breakdown(values, "I1", by="location", level=0)
    yield "a place that is not there", lambda: breakdown(values, "I1", by="location", within="X")
    yield "a trace of nothing", lambda: traced(bare)
    yield "no formula", lambda: consistent(values, "I1 +", "==", "I1")
    yield "an unknown way with silence", lambda: consistent(values, "I1", "==", "I1", missing="no")
    yield "an unknown operator", lambda: consistent(values, "I1", "~", "I1")
    yield "an unknown indicator in a rule", lambda: consistent(values, "I9", "==", "I1")


def score_cases(values: mne.Values) -> Iterator[Case]:
    card = score(values, scheme="baseline-target")
    override = Override("OC", "A1", "A. Person", "seen", dt.date(2025, 4, 1))
    loose = Scheme.model_validate({**OPEN, "achievement": {"convention": "baseline_target"}})
    yield "a score of no values", lambda: score("I1")  # type: ignore[arg-type]
    yield "no scheme", lambda: score(values, scheme=3)  # type: ignore[arg-type]
    yield "an unknown scheme", lambda: score(values, scheme="best")
    yield "an override of nothing", lambda: score(values, overrides=(replace(override, id="X"),))
    yield "an override with no rating", lambda: score(values, overrides=(replace(override, rating="Z"),))
    yield "points of nothing", lambda: rescored(card, points={"X": F(1)})
    yield "a weight of a part below zero", lambda: rescored(card, weights={"I1": F(-1)})
    yield "against something else", lambda: achievement(values["I1"], against="all")
    yield "expected in an unknown way", lambda: expected.expected_progress(values["I1"], how="fast")
    yield "an explanation of nothing", lambda: card.explain("X")
    yield "bounds of nothing", lambda: bounds(card, cells={"X": (0, 1)})
    yield "cells the wrong way round", lambda: bounds(card, cells={"I1": (1, 0)})
    yield "bounds without limits", lambda: bounds(score(values, scheme=loose))
    yield "limits the wrong way round", lambda: bounds(card, limits=(2, 1))
    yield "no draws", lambda: robustness(card, draws=0)
    yield "a seed below zero", lambda: robustness(card, seed=-1)
    yield "a spread in words", lambda: robustness(card, spread="wide")
    yield "a spread above 1", lambda: robustness(card, spread=2)
    yield "certainty of nothing", lambda: certainty(card).explain("X")
    yield "effects of no diff", lambda: mne.score_effects("diff", None)  # type: ignore[arg-type]


def test_every_misuse_is_told_in_one_sentence(golden: Callable[[str, str], None]) -> None:
    plan = plan_of(LEVEL)
    period = plan.periods()[0]
    rows = [
        {"project": plan.id, "indicator": "I1", "period": period.label, "period_start": period.start,
         "period_end": period.last_day, "partner": "A", "value": Decimal(40), "source_order": 0}
    ]  # fmt: skip
    values = mne.aggregate(Observations.from_rows(rows), plan, until="2025-03-31")
    lines = []
    for group in (
        survey_cases(), statistics_cases(), convention_cases(), combine_cases(), values_cases(values, plan, rows),
        score_cases(values),
    ):  # fmt: skip
        for name, call in group:
            try:
                told = f"gave {call()!r}"
            except MneError as error:
                told = f"{type(error).__name__}: {error}"
            lines.append(f"{name}: {told}")
    golden("misuse-arithmetic.txt", "\n".join(lines) + "\n")
