"""Published band tables and combined ratings, each through the shipped scheme that restates it. Read `ADAPTERS` first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import mne
from mne.scores.gates import part_worse
from mne.scores.scheme import Scheme
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, Status, compared, number
from tests.conformance.methods_common import decimal_of, exact, given, named, several, told

SUCCESSFUL: Final = "3"
"""KfW's worst grade of a successful project."""


def banded(scheme: str, name: str, *, worth: bool = False) -> Adapter:
    """The rating of one score; or the number that the rating is worth."""

    def rated(case: Case, data: Datasets) -> Outcome:
        score = number(given(case)[name])
        band = None if score is None else mne.schemes()[scheme].band(score)
        if band is None:
            return told(case, None)
        return told(case, number(band.value) if worth else band.label)

    return rated


def quarterly(case: Case, data: Datasets) -> Outcome:
    """Ahead of or behind the calendar: a quarter of the year's target is due for each quarter, all of it for a level."""
    inputs = given(case)
    due = Fraction(1) if inputs.get("snapshot") else exact(inputs["quarter"]) / 4
    ahead, _ = mne.achievement_of(
        actual=number(inputs["achievement"]), target=Fraction(1), convention="time_proportional", expected=due
    )
    return told(case, None if ahead is None else mne.schemes()["oha-quarterly"].band(ahead * 100).label)


# --- combined ratings -----------------------------------------------------------------------------------------------


def with_values(scheme: str, values: Mapping[str, Any]) -> Scheme:
    """A shipped scheme whose ratings are worth what the example's own table says.

    Raises:
        NotWired: the table has other ratings than the scheme.
    """
    shipped = mne.schemes()[scheme]
    if values and set(values) != {band.label for band in shipped.bands}:
        raise NotWired(f"ratings {', '.join(values)}")
    bands = [band.model_dump() for band in shipped.bands]
    if values:
        bands = [{**band, "value": decimal_of(exact(values[band["label"]]))} for band in bands]
    return Scheme.model_validate({**shipped.model_dump(), "bands": bands})


def annual_review(case: Case, data: Datasets) -> Outcome:
    """Output grades by impact weight."""
    inputs = given(case)
    scheme = with_values("fcdo-annual-review", inputs.get("score_values", {}))
    found = mne.combine(named(inputs["output_scores"]), weights=named(inputs["weights_pct"]), scheme=scheme)
    return several(
        case,
        {
            "impact_scores": [part.contribution for part in found.parts.values()],
            "total": found.score,
            "grade": found.rating,
        },
    )


def portfolio_index(case: Case, data: Datasets) -> Outcome:
    """Project scores by budget. Amounts are held as loosely as the notes say, as the source's own do not add up."""
    inputs = given(case)
    scores = named(inputs.get("project_scores_unrounded") or inputs["project_scores_displayed"])
    budgets = named(inputs["budgets"])
    scheme = mne.schemes()["fcdo-annual-review"]
    found = mne.combine(scores, weights=budgets, scheme=scheme)
    total = sum(budgets.values())
    amounts = {
        "budget_score": [part.contribution * total / 100 for part in found.parts.values()],
        "total_budget": total,
        "total_budget_score": None if found.score is None else found.score * total / 100,
    }
    rates = {"pq_index": found.score, "grades": [scheme.band(score).label for score in scores.values()]}
    loose = re.search(r"tol(?:erance)? (\d+(?:\.\d+)?)", str(case.get("notes", "")))
    tolerance = loose[1] if loose else case.get("tolerance")
    want = case["expected"]
    rough = compared(amounts, {name: each for name, each in want.items() if name in amounts}, tolerance)
    fine = several({**case, "expected": {name: each for name, each in want.items() if name not in amounts}}, rates)
    return rough if rough.status is not Status.PASSED else fine


_RISK_BAND: Final = re.compile(r"(?:<[\d.]+|([\d.]+)\s*-\s*<?[\d.]+)\s+(\S+)")


def output_risk(case: Case, data: Datasets) -> Outcome:
    """Risks of outputs by impact weight, in the example's own bands where it gives some."""
    inputs = given(case)
    scheme = with_values("dfid-output-risk", inputs.get("values", {}))
    if "bands" in inputs:
        found = [_RISK_BAND.fullmatch(each.strip()) for each in str(inputs["bands"]).split(";")]
        edges = {each[2]: each[1] for each in found if each is not None}
        if None in found or set(edges) != {band.label for band in scheme.bands}:
            raise NotWired(f"bands {inputs['bands']!r}")
        bands = [{**band.model_dump(), "lower": edges[band.label]} for band in scheme.bands]
        scheme = Scheme.model_validate({**scheme.model_dump(), "bands": bands})
    combined = mne.combine(named(inputs["risks"]), weights=named(inputs["weights_pct"]), scheme=scheme)
    return several(case, {"score": combined.score, "rating": combined.rating})


def split_rating(case: Case, data: Datasets) -> Outcome:
    """Ratings by the money disbursed under each; which way a half is rounded is an option."""
    inputs = given(case)
    scheme = with_values("world-bank-split", inputs.get("scale", {}))
    told_how = re.fullmatch(r"(half_up|half_even)_to_integer", str(inputs.get("rounding", "half_up_to_integer")))
    if told_how is None:
        raise NotWired(f"rounding {inputs['rounding']!r}")
    scheme = Scheme.model_validate({**scheme.model_dump(), "rounding": {"digits": 0, "mode": told_how[1]}})
    found = mne.combine(named(inputs["ratings"]), weights=named(inputs["disbursed"]), scheme=scheme)
    return several(case, {"weighted": found.score, "rating": found.rating})


def dac_grades(case: Case, data: Datasets) -> Outcome:
    """Grades by criterion, and the three criteria that must not fail."""
    inputs = given(case)
    scheme = mne.schemes()["kfw-dac"]
    grades = {name: number(grade) for name, grade in inputs["grades"].items()}
    weights = {name: number(weight) for name, weight in inputs["weights"].items()} if "weights" in inputs else None
    found = mne.combine(grades, weights=weights, scheme=scheme)
    ratings = {name: None if grade is None else scheme.band(grade).label for name, grade in grades.items()}
    closed = [gate for gate in scheme.gates if part_worse(gate, ratings, scheme)]
    least = scheme.ranks[SUCCESSFUL]
    return several(
        case,
        {
            "weighted_average": found.score,
            "rounded": None if found.score is None or scheme.rounding is None else scheme.rounding(found.score),
            "gate_passed": not closed,
            "successful": found.rating is not None and scheme.ranks[found.rating] >= least,
            "rating": found.rating,
        },
    )


def ordinal_mean(case: Case, data: Datasets) -> Outcome:
    """Ratings as numbers, by the example's own table."""
    inputs = given(case)
    worth = sorted((exact(value), label) for label, value in inputs["values"].items())
    scheme = Scheme(
        id="table",
        title="The example's table",
        version="1",
        source="the example",
        verified=True,
        rates="ratings",
        bands=tuple(
            {
                "label": label,
                "value": decimal_of(value),
                "lower": decimal_of(value) if at else None,
                "status": "on_track",
            }
            for at, (value, label) in enumerate(worth)
        ),
    )
    return told(case, mne.combine(named(inputs["ratings"]), scheme=scheme).score)


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "dfid_grade_band": banded("fcdo-annual-review", "score"),
    "gcf_eqa_band": banded("gcf-eqa", "pct", worth=True),
    "global_fund_rating_band": banded("baseline-target", "achievement_pct"),
    "unicef_psea_risk_band": banded("unicef-psea", "total"),
    "pepfar_oha_achievement_status": quarterly,
    "dfid_annual_review": annual_review,
    "dfid_portfolio_quality_index": portfolio_index,
    "dfid_legacy_output_risk": output_risk,
    "wb_split_rating": split_rating,
    "kfw_dac": dac_grades,
    "ordinal_mean": ordinal_mean,
}
