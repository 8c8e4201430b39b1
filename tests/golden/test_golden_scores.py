"""Explanations, reprs and data of one project under many schemes, held against files that somebody once recomputed.

The project has two outputs with flows, levels, a falling rate, a range to keep, an ordinal, a formula and a yes or no; a
late revision, a draft, a carried value and a partner that stays silent.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from fractions import Fraction

import pytest

import mne
from mne.logframe.model import Logframe
from mne.scores.cards import Override, Scorecard
from mne.scores.expected import interpolated
from mne.scores.scheme import Scheme, schemes
from mne.scores.scorecard import score
from mne.scores.trajectory import linear_projection
from mne.tables.observations import Observations
from mne.values.aggregate import aggregate
from mne.values.values import Values
from tests.cases.building import (
    END_Q2,
    Q1,
    Q2,
    Q4,
    assigned,
    flow,
    level,
    outcome,
    output,
    plan,
    row,
    rows,
    running,
    scale,
    share,
)
from tests.unit.test_statistics import MISUSE

Golden = Callable[[str, str], None]

NEW_YEAR = dt.date(2023, 12, 31)
ONE = Fraction(1)


def project() -> Logframe:
    trained = flow(
        "TRAINED",
        weight=50,
        core=True,
        baseline={"value": 5, "date": NEW_YEAR},
        targets=tuple(
            {"period": period, "value": value, "basis": "per_period"}
            for period, value in ((Q1, 20), (Q2, 30), (Q4, 40))
        ),
        disaggregation=({"dimensions": ["sex"]},),
        assignments=assigned("A", "B"),
    )
    served = running(
        "SERVED",
        weight=30,
        missing="carry_forward",
        baseline={"value": 100, "date": NEW_YEAR, "source": "REG"},
        targets=({"period": Q2, "value": 150}, {"period": "2025-Q4", "value": 300, "kind": "final"}),
        assignments=assigned("A", "B"),
    )
    days = level(
        "DAYS",
        unit="day",
        weight=20,
        direction="decrease",
        aggregation={"partners": "mean"},
        baseline={"value": 40, "date": NEW_YEAR},
        targets=({"period": Q2, "value": 30}, {"period": Q4, "value": 20, "kind": "final"}),
    )
    satisfied = level(
        "SATISFIED",
        measure="percentage",
        unit="percent",
        baseline={"numerator": 30, "denominator": 100, "date": NEW_YEAR},
        targets=({"period": Q2, "value": 50}, {"period": Q4, "value": 80, "comparator": "≥"}),
        assignments=({"partner": "A", "locations": ["north", "south"]},),
    )
    kept = level(
        "KEPT", direction="maintain", tolerance=2, targets=({"period": Q2, "value": 10},), assignments=assigned("A")
    )
    law = level(
        "LAW",
        measure="milestone",
        unit=None,
        scale=scale("drafted", "submitted", "adopted"),
        targets=({"period": Q2, "stage": "submitted"}, {"period": "2025-Q4", "stage": "adopted", "kind": "final"}),
    )
    cost = level("COST", unit=None, measure="ratio", per=1, formula="{DAYS} / (TRAINED + 2)", reported_as="value")
    silent = level("SILENT", baseline={"value": 0}, targets=({"period": Q2, "value": 9},), assignments=assigned("A"))
    words = level("WORDS", measure="narrative", unit=None)
    return plan(
        results=(
            outcome(
                "OC",
                satisfied,
                silent,
                results=(
                    output("OP1", trained, served, days, weight=60),
                    output("OP2", kept, law, cost, words, weight=40),
                ),
            ),
        ),
        sources=({"id": "REG", "title": "Register"},),
    )


def observed() -> Observations:
    given = rows(
        row(Q1, 12, "TRAINED", partner="A", category="sex=F", source_file="a.xlsx", source_sheet="S", source_cell="D2"),
        row(Q1, 6, "TRAINED", partner="A", category="sex=M", source_file="a.xlsx", source_sheet="S", source_cell="D3"),
        row(Q2, 20, "TRAINED", partner="A", source_file="b.csv", source_row=7, illustrative=True),
        row(Q2, 22, "TRAINED", partner="A", source_file="c.csv", source_row=2, revision=1, illustrative=True),
        row(Q2, 9, "TRAINED", partner="B", status="draft"),
        row(Q1, 60, "SERVED", partner="A"),
        row(Q1, 55, "SERVED", partner="B"),
        row(Q2, 75, "SERVED", partner="A"),
        row(Q2, 32, "DAYS", partner="A"),
        row(Q2, 37, "DAYS", partner="B"),
        share(Q2, 20, 50, "SATISFIED", partner="A", location="north"),
        share(Q2, 40, 100, "SATISFIED", partner="A", location="south"),
        row(Q2, 13, "KEPT", partner="A"),
        row(Q2, 2, "LAW", partner="A"),
        row(Q2, None, "WORDS", partner="A", text="<b>fine</b>"),
    )
    return Observations.from_rows(given)


def values() -> Values:
    return aggregate(observed(), project(), until=END_Q2)


def custom() -> Scheme:
    """Blends, lookups, gates, minimum coverage and half-even rounding together."""
    base = schemes()["fcdo-annual-review"].model_dump()
    step = {"source": "blend", "indicators": "0.25", "aggregate": "mean"}
    return Scheme.model_validate(
        {
            **base,
            "id": "custom",
            "verified": False,
            "rounding": {"digits": 1, "mode": "half_even"},
            "missing": "zero",
            "steps": {
                "impact": step,
                "outcome": step,
                "output": {"source": "indicators", "aggregate": "geometric", "lookup": True, "min_coverage": "0.3"},
            },
            "gates": [
                {"id": "g", "title": "No core indicator below half", "when": "core_below", "below": "1.9", "cap": "B"}
            ],
        }
    )


OVERRIDE = Override("OP1", "A++", "A. Reviewer", "Seen on site", dt.date(2024, 7, 30))

CARDS: dict[str, Callable[[], Scorecard]] = {
    **{
        name: (lambda name=name: score(values(), scheme=name))
        for name, each in schemes().items()
        if each.rates == "achievements"
    },
    "custom": lambda: score(values(), scheme=custom(), overrides=[OVERRIDE]),
}


@pytest.mark.parametrize("name", CARDS)
def test_explanation(name: str, golden: Golden) -> None:
    card = CARDS[name]()
    golden(f"why-{name}.txt", card.explain("OC").to_text() + "\n")


@pytest.mark.parametrize("name", ["custom", "growth-rate"])
def test_data(name: str, golden: Golden) -> None:
    told = {"card": CARDS[name]().to_dict(), "why": CARDS[name]()["OC"].explain().to_dict()}
    golden(f"card-{name}.json", json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n")


def test_frames(golden: Golden) -> None:
    golden("values.csv", values().to_polars().write_csv())
    golden("traces.csv", values()["TRAINED"].trace().write_csv() + values()["SERVED"].trace().write_csv())


def test_reprs(golden: Golden) -> None:
    card = CARDS["custom"]()
    things = [card, *card.values(), card.scheme, card.actuals, *card.actuals.values(), card["OC"].explain()]
    golden("reprs.txt", "".join(f"{each!r}\n" for each in things))


@pytest.mark.parametrize("name", ["custom", "tola-scope"])
def test_page(name: str, golden: Golden) -> None:
    from mne import _render

    golden(f"card-{name}.txt", _render.text(CARDS[name]()))
    golden(f"card-{name}.md", _render.markdown(CARDS[name]()))


@pytest.mark.parametrize("lang", ["fr", "ru", "tg"])
def test_explanation_in_another_language(lang: str, golden: Golden) -> None:
    golden(f"why-custom.{lang}.txt", CARDS["custom"]().explain("OC", lang=lang).to_text() + "\n")
    golden(f"why-oha.{lang}.txt", CARDS["oha-quarterly"]().explain("OC", lang=lang).to_text() + "\n")


MISUSES: dict[str, Callable[[], object]] = {
    **MISUSE,
    "convention": lambda: mne.achievement_of(actual=ONE, target=ONE, convention="guess"),
    "direction": lambda: mne.achievement_of(actual=ONE, target=ONE, direction="up"),
    "expected": lambda: mne.achievement_of(actual=ONE, target=ONE, convention="time_proportional"),
    "elapsed": lambda: mne.achievement_of(actual=ONE, target=ONE, convention="growth_rate", elapsed=ONE),
    "span": lambda: mne.achievement_of(actual=ONE, target=ONE, convention="projected_growth", span=ONE),
    "trajectory direction": lambda: mne.trajectory(baseline=ONE, actual=ONE, elapsed=ONE, direction="up"),
    "trajectory span": lambda: mne.trajectory(baseline=ONE, actual=ONE, target=ONE, elapsed=ONE),
    "trend": lambda: linear_projection([ONE], years=ONE),
    "line": lambda: interpolated([], ONE),
    "expected progress": lambda: mne.expected_progress(values()["SERVED"], how="guess"),
    "achievement": lambda: mne.achievement(values()["SERVED"], against="guess"),
    "no parts": lambda: mne.combine({}),
    "weights of others": lambda: mne.combine({"a": 1}, weights={"b": 1}),
    "negative weight": lambda: mne.combine({"a": 1}, weights={"a": -1}),
    "rating without scheme": lambda: mne.combine({"a": "A"}),
    "unknown rating": lambda: mne.combine({"a": "Z"}, scheme="fcdo"),
    "rating without worth": lambda: mne.combine({"a": "A1"}, scheme="baseline-target"),
    "missing": lambda: mne.combine({"a": 1}, missing="guess"),
    "aggregate": lambda: mne.combine({"a": 1}, aggregate="sum"),
    "not positive": lambda: mne.combine({"a": 1}, not_positive="one"),
    "not a number": lambda: mne.combine({"a": float("nan")}),
    "score of nothing": lambda: score(None),
    "scheme of ratings": lambda: score(values(), scheme="kfw-dac"),
    "no such scheme": lambda: score(values(), scheme="guess"),
    "override of nothing": lambda: score(values(), overrides=[Override("Z", "A1", "who", "why", NEW_YEAR)]),
    "override with no band": lambda: score(values(), overrides=[Override("OC", "Z", "who", "why", NEW_YEAR)]),
    "rescored nothing": lambda: mne.rescored(CARDS["custom"](), points={"Z": ONE}),
    "rescored below zero": lambda: mne.rescored(CARDS["custom"](), weights={"OC": -ONE}),
    "explained nothing": lambda: CARDS["custom"]().explain("Z"),
    "traced formula": values()["COST"].trace,
    "until": lambda: aggregate(Observations.from_rows([]), project(), until="June"),
    "portfolio known by": lambda: mne.aggregate_portfolio(
        Observations.from_rows([]), mne.Portfolio([project()]), known_by=5
    ),
    "portfolio until": lambda: mne.aggregate_portfolio(
        Observations.from_rows([]), mne.Portfolio([project()]), until="June"
    ),
    "known by": lambda: aggregate(Observations.from_rows([]), project(), known_by=5),
    "statuses": lambda: aggregate(Observations.from_rows([]), project(), statuses="draft"),
    "no status": lambda: aggregate(Observations.from_rows([]), project(), statuses=["sent"]),
    "no plan": lambda: aggregate(Observations.from_rows([]), "plan.yaml"),
    "not a formula": lambda: mne.consistent(values(), "A +", "==", "B"),
    "operator": lambda: mne.consistent(values(), "DAYS", "=", "KEPT"),
    "no operand": lambda: mne.consistent(values(), "DAYS", "==", "Z"),
    "when missing": lambda: mne.consistent(values(), "DAYS", "==", "KEPT", missing="guess"),
    "weights that do not sum": lambda: score(
        values(), scheme=Scheme.model_validate({**schemes()["baseline-target"].model_dump(), "weights": "sum_100"})
    ),
}


def test_misuse_says_what_is_wrong(golden: Golden) -> None:
    told = []
    for name, call in MISUSES.items():
        with pytest.raises(mne.MneError) as raised:
            call()
        told.append(f"{name}: {type(raised.value).__name__}: {raised.value}\n")
    golden("misuse.txt", "".join(told))
