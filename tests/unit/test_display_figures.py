"""Values, baselines, targets and stories of every kind of indicator, in words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from mne.display.figures import amount_words, baseline_words, points_words, target_words, unit_words, value_words
from mne.display.labels import labels
from mne.display.story import arithmetic, standing, story
from mne.logframe.model import Logframe
from mne.logframe.units import plural
from mne.scores.cards import Scorecard
from mne.scores.scheme import Scheme
from mne.scores.scorecard import score
from mne.tables.observations import Observations, State
from mne.values.aggregate import aggregate
from mne.values.values import Amount
from tests.cases.building import Q1, Q2, indicator, level, outcome, output, plan, row, rows, running

F = Fraction
SAY = labels("en")
STAGES = (
    {"id": "planned", "title": {"en": "Planned", "fr": "Prévu"}},
    {"id": "built"},
    {"id": "open", "title": "Open"},
)


def _scored(given: Logframe, *told: dict[str, Any], until: str | None = "2024-06-30", **scheme: Any) -> Scorecard:
    plain = {
        "id": "plain",
        "title": "Plain",
        "version": "1",
        "source": "here",
        "verified": True,
        "steps": {"outcome": {"source": "indicators"}},
        "bands": [{"label": "yes", "lower": 100, "status": "met"}, {"label": "no", "status": "off_track"}],
    }
    values = aggregate(Observations.from_rows(rows(*told)), given, until=until)
    return score(values, scheme=Scheme.model_validate({**plain, **scheme}))


def _story(of: Any, *told: dict[str, Any], **options: Any) -> str:
    return story(_scored(plan(of), *told, **options).indicators["I"], SAY)


@pytest.mark.parametrize(
    ("options", "value", "words"),
    [
        ({"unit": "person"}, F(12345), "12,345 people"),
        ({"measure": "percentage", "unit": None}, F(853, 10), "85.3 %"),
        ({"measure": "yes_no", "unit": None}, F(1), "yes"),
        ({"measure": "yes_no", "unit": None}, F(0), "no"),
        ({"measure": "yes_no", "unit": None}, F(1, 2), "0.5"),
        ({"measure": "milestone", "unit": None, "scale": STAGES}, F(0), "not started"),
        ({"measure": "milestone", "unit": None, "scale": STAGES}, F(1), "Planned"),
        ({"measure": "milestone", "unit": None, "scale": STAGES}, F(2), "built"),
        ({"measure": "ordinal", "unit": None, "scale": STAGES}, F(5, 2), "2.5"),
        ({"measure": "ordinal", "unit": None, "scale": STAGES}, F(4), "4"),
        ({"unit": None}, F(-3), "−3"),
        ({}, None, "–"),
    ],
)
def test_values(options: dict[str, Any], value: Fraction | None, words: str) -> None:
    assert value_words(indicator(**options), value, SAY) == words


def test_stages_and_units_are_in_the_readers_language() -> None:
    stage = level(measure="milestone", unit=None, scale=STAGES)
    assert value_words(stage, F(1), labels("fr")) == "Prévu"
    people = indicator(unit="person")
    titled = plan(people, units=({"id": "person", "title": {"en": "people", "fr": "personnes"}},))
    assert unit_words(people, titled, labels("fr")) == "personnes"
    assert value_words(people, F(2), labels("fr"), plan=titled) == "2 personnes"
    assert unit_words(people, None, SAY) == "people"


def test_amounts_without_a_number_name_their_state() -> None:
    assert amount_words(indicator(), Amount(State.MISSING), SAY) == "missing"
    assert amount_words(indicator(), Amount(State.NOT_DUE), labels("fr")) == "pas dû"
    assert amount_words(indicator(), Amount(State.REPORTED, F(5)), SAY) == "5"


@pytest.mark.parametrize(("score", "words"), [(None, "–"), (F(120), "120"), (F(1525, 20), "76.3"), (F(0), "0")])
def test_points(score: Fraction | None, words: str) -> None:
    assert points_words(score, SAY) == words


@pytest.mark.parametrize(
    ("baseline", "words"),
    [
        (None, "–"),
        ({"status": "pending"}, "pending"),
        ({"status": "not_applicable"}, "not applicable"),
        ({"value": 40, "date": "2023-12-31"}, "40 (2023-12-31)"),
        ({"as_published": "about half"}, "about half"),
    ],
)
def test_baselines(baseline: dict[str, Any] | None, words: str) -> None:
    of = indicator(baseline=baseline)
    assert baseline_words(of, of.baseline, SAY) == words


@pytest.mark.parametrize(
    ("options", "target", "words"),
    [
        ({}, {"period": Q2, "value": 10}, ("2024-Q2", "10")),
        ({}, {"date": "2024-05-31", "value": 10, "comparator": "≥"}, ("2024-05-31", "at least 10")),
        ({}, {"period": Q2, "value": 10, "comparator": "≤"}, ("2024-Q2", "at most 10")),
        ({}, {"period": Q2, "above_baseline": 1}, ("2024-Q2", "baseline + 1")),
        ({}, {"period": Q2, "minimum": 1, "maximum": 3, "comparator": "within"}, ("2024-Q2", "1 people to 3 people")),
        ({}, {"period": Q2, "minimum": 1, "comparator": "within"}, ("2024-Q2", "at least 1 people")),
        ({}, {"period": Q2, "maximum": 3, "comparator": "within"}, ("2024-Q2", "at most 3 people")),
        ({}, {"period": Q2, "text": {"en": "in use", "fr": "en usage"}}, ("2024-Q2", "in use")),
        ({}, {"period": Q2, "status": "not_applicable"}, ("2024-Q2", "not applicable")),
        ({}, {"period": Q2, "value": 5, "category": "sex=F"}, ("2024-Q2 · sex=F", "5")),
        (
            {"measure": "percentage", "unit": None},
            {"period": Q2, "numerator": 1, "denominator": 4},
            ("2024-Q2", "25 %"),
        ),
        ({"measure": "ratio", "unit": None}, {"period": Q2, "numerator": 1, "denominator": 0}, ("2024-Q2", "1 of 0")),
        ({"measure": "milestone", "unit": None, "scale": STAGES}, {"period": Q2, "stage": "open"}, ("2024-Q2", "Open")),
        ({"direction": "maintain", "tolerance": 2}, {"period": Q2, "value": 10}, ("2024-Q2", "10 ± 2")),
        ({"direction": "increase"}, {"kind": "final", "value": 10}, ("end target", "10")),
    ],
)
def test_targets(options: dict[str, Any], target: dict[str, Any], words: tuple[str, str]) -> None:
    of = level(**options, targets=(target,))
    assert target_words(of, of.targets[0], SAY) == words


FLOW = {"basis": "per_period"}


@pytest.mark.parametrize(
    ("of", "told", "line"),
    [
        (
            level(targets=({"period": Q2, "value": 80, "comparator": "≥"}, {"period": "2024-Q4", "value": 90, "comparator": "≥"})),
            (row(Q2, 85),),
            "85 people; target: at least 90 people; at least 80 people was due by 2024-06-30: met; 1 of 1 reports came in",
        ),
        (
            level(targets=({"period": Q2, "minimum": 1, "maximum": 3, "comparator": "within", "kind": "final"},)),
            (row(Q2, 2),),
            "2 people; target: 1 people to 3 people; due by 2024-06-30: met; 1 of 1 reports came in",
        ),
        (
            level(direction="maintain", targets=({"period": Q2, "minimum": 1, "comparator": "within"},)),
            (row(Q2, 2),),
            "2 people; to be kept: at least 1 people; due by 2024-06-30: met; 1 of 1 reports came in",
        ),
        (
            level(measure="milestone", unit=None, scale=STAGES, targets=({"period": Q2, "stage": "open"},)),
            (row(Q2, 2),),
            "built; target: Open; due by 2024-06-30: off track; 1 of 2 reports came in",
        ),
        (
            running(baseline={"value": 0}, targets=({"period": "2024-Q4", "value": 100, "kind": "final"},)),
            (row(Q2, 40),),
            "40 of 100 people (40 %); nothing was due yet; 1 of 1 reports came in",
        ),
        (
            # 5 a period before; 10 + 10 due, 12 reported: the bar and the sentence hold one baseline, that of what was due
            indicator(
                baseline={"value": 5},
                targets=tuple({"period": f"2024-Q{n}", "value": 10, **FLOW} for n in (1, 2, 3, 4)),
            ),
            (row(Q1, 6), row(Q2, 6)),
            "12 people: 20 % of the way from 10 to 20 people; due by 2024-06-30: off track; 2 of 2 reports came in",
        ),
        (indicator(), (row(Q2, 7),), "7 people; not scored: no target; 1 of 2 reports came in"),
        (level(measure="narrative", unit=None), (row(Q2, None, text="Good"),), "Told in words, not in numbers; 1 of 1 reports came in"),
        (
            running(
                missing="carry_forward", baseline={"value": 0}, targets=({"period": Q2, "value": 10, "kind": "final"},),
                assignments=({"partner": "A"}, {"partner": "B"}),
            ),
            (row(Q1, 4, partner="A"), row(Q2, 5, partner="B")),
            "9 of 10 people (90 %); due by 2024-06-30: off track; 1 of 2 partners reported (1 carried forward)",
        ),
        (
            level(direction="decrease", targets=({"period": Q2, "value": 10, "kind": "final"},)),
            (row(Q2, 40),),
            "40 people; target: 10 people; due by 2024-06-30; not scored: no baseline; 1 of 1 reports came in",
        ),
    ],
    ids=str,
)  # fmt: skip
def test_stories_of_other_kinds(of: Any, told: tuple[dict[str, Any], ...], line: str) -> None:
    assert _story(of, *told) == line


def test_actual_over_target_counts_from_zero() -> None:
    of = running(targets=({"period": Q2, "value": 80}, {"period": "2024-Q4", "value": 100, "kind": "final"}))
    told = _story(of, row(Q2, 40), achievement={"convention": "actual_over_target"})
    assert told == "40 of 100 people (40 %); 80 % was due by now: off track; 1 of 1 reports came in"


def test_not_yet_due_is_said_so() -> None:
    of = running(baseline={"value": 0}, targets=({"period": "2024-Q4", "value": 100, "kind": "final"},))
    part = _scored(plan(of), row(Q2, 40)).indicators["I"]
    assert (standing(part, SAY).status, standing(part, SAY).word) == ("no_data", "not due yet")


def test_a_score_without_bands_has_no_rating() -> None:
    of = running(baseline={"value": 0}, targets=({"period": Q2, "value": 100},))
    part = _scored(plan(of), row(Q2, 40), bands=[]).indicators["I"]
    assert standing(part, SAY).word == "no rating"


def test_the_arithmetic_of_other_means_lookups_and_blends() -> None:
    goal = {"baseline": {"value": 0}, "targets": ({"period": Q2, "value": 100},)}
    own, below = running("I", **goal), running("J", **goal)
    chain = plan(results=(outcome("OC", own, results=(output("OP", below),)),))
    told = (row(Q2, 40), row(Q2, 90, "J"))

    def of(**step: Any) -> str:
        return arithmetic(
            _scored(chain, *told, steps={"outcome": step, "output": {"source": "indicators"}}).results["OC"], SAY
        )

    assert of(source="indicators", aggregate="min") == "the lowest of: 100 % × 40"
    assert of(source="indicators", aggregate="harmonic") == "harmonic mean: 100 % × 40"
    assert of(source="blend", indicators="0.25") == "25 % from its indicators, the rest from the results beneath"
    bands = [
        {"label": "A", "lower": 50, "status": "met", "value": 100},
        {"label": "B", "status": "off_track", "value": 10},
    ]
    looked = _scored(chain, *told, bands=bands, steps={"outcome": {"source": "indicators", "lookup": True}})
    assert arithmetic(looked.results["OC"], SAY) == "100 % × 40; 40 is B, worth 10"


@pytest.mark.parametrize(
    ("unit", "several"),
    [
        ("household", "households"),
        ("person", "people"),
        ("family", "families"),
        ("kg", "kg"),
        ("survey", "survey"),
    ],
)
def test_counted_units_are_shown_in_the_plural(unit, several):
    assert plural(unit) == several
