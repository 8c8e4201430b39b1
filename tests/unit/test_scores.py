"""Achievements, means, rounding, bands, weights, drops, lookups, gates and overrides, by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from mne.errors import OptionError
from mne.logframe.model import Logframe
from mne.scores.achievement import achievement, achievement_of
from mne.scores.cards import Override
from mne.scores.means import combined
from mne.scores.scheme import Rounding, Scheme, check_scheme, read_scheme, schemes
from mne.scores.scorecard import score
from mne.tables.observations import Observations
from mne.tables.reasons import Reason
from mne.values.aggregate import aggregate

F = Fraction


@pytest.mark.parametrize(
    ("actual", "baseline", "target", "expected"),
    [
        (60, 20, 100, F(1, 2)),  # 40 of 80
        (30, 40, 20, F(1, 2)),  # decreasing: 10 of 20, no sign to flip
        (45, 40, 20, F(-1, 4)),  # a step back
        (140, 20, 100, F(3, 2)),  # not clamped
        (20, 20, 100, F(0)),
        (100, 20, 100, F(1)),
        (0, 10, 0, F(1)),  # a true zero that is the target
    ],
)
def test_from_baseline_to_target(actual: int, baseline: int, target: int, expected: Fraction) -> None:
    assert achievement_of(actual=F(actual), baseline=F(baseline), target=F(target)) == (expected, None)


def test_what_has_no_number_has_a_reason() -> None:
    assert achievement_of(actual=F(5), target=F(9)) == (None, Reason.NO_BASELINE)
    assert achievement_of(actual=F(5), baseline=F(9), target=F(9)) == (None, Reason.TARGET_EQUALS_BASELINE)
    assert achievement_of(actual=F(5), target=F(0), convention="actual_over_target") == (None, Reason.TARGET_ZERO)
    assert achievement_of(actual=F(45), target=F(60), convention="actual_over_target") == (F(3, 4), None)


@pytest.mark.parametrize(
    ("number", "digits", "mode", "expected"),
    [
        (F(5, 2), 0, "half_up", 3),
        (F(5, 2), 0, "half_even", 2),
        (F(7, 2), 0, "half_even", 4),
        (F(-5, 2), 0, "half_up", -3),
        (F(11255, 100), 1, "half_up", F(1126, 10)),
        (F(112549, 1000), 1, "half_up", F(1125, 10)),
    ],
)
def test_rounding(number: Fraction, digits: int, mode: Any, expected: Fraction) -> None:
    assert Rounding(digits=digits, mode=mode)(number) == expected


def test_means() -> None:
    half = F(1, 2)
    assert combined([(F(40), half), (F(90), half)], "mean") == 65
    assert combined([(F(40), half), (F(90), half)], "geometric") == 60  # √3600, exact
    assert combined([(F(40), half), (F(60), half)], "harmonic") == 48  # 2 / (1/40 + 1/60)
    assert combined([(F(40), half), (F(90), half)], "min") == 40
    assert combined([(F(0), half), (F(90), half)], "geometric") == 0
    irrational = combined([(F(1), F(1, 4)), (F(2), F(1, 4)), (F(3), half)], "geometric")  # (1·2·9)^(1/4)
    assert abs(irrational**4 - 18) < F(1, 10**45)


# --- schemes ----------------------------------------------------------------------------------------------------


def test_the_shipped_schemes_are_sound() -> None:
    for scheme in schemes().values():
        assert check_scheme(scheme) == ()
        assert scheme.source
        assert read_scheme(scheme.id) == scheme


@pytest.mark.parametrize(
    ("points", "label"),
    [
        ("137.6", "A++"), ("137.5", "A+"), ("112.6", "A+"), ("112.5", "A"), ("112.55", "A+"), ("112.54", "A"),
        ("87.5", "A"), ("87.49", "A"), ("87.44", "B"), ("62.5", "B"), ("62.4", "C"), ("-5", "C"),
    ],
)  # fmt: skip
def test_fcdo_bands_after_rounding_to_one_decimal(points: str, label: str) -> None:
    band = read_scheme("fcdo-annual-review").band(F(points))
    assert band is not None
    assert band.label == label


@pytest.mark.parametrize(
    ("percent", "label"),
    [(101, "A1"), (100, "A2"), (90, "A2"), (89, "B1"), (60, "B1"), (59, "B2"), (30, "B2"), (29, "C")],
)
def test_global_fund_bands(percent: int, label: str) -> None:
    band = read_scheme("baseline-target").band(F(percent))
    assert band is not None
    assert band.label == label


def scheme_with(**changes: Any) -> Scheme:
    told = read_scheme("baseline-target").model_dump()
    return Scheme.model_validate({**told, **changes})


def test_bands_with_a_gap_an_overlap_or_a_twin_are_refused() -> None:
    bands = read_scheme("baseline-target").bands
    codes = {finding.code for finding in check_scheme(scheme_with(bands=bands[:-1]))}
    assert codes == {"scheme-band-gap"}
    twin = bands[0].model_copy(update={"label": bands[1].label})
    codes = {finding.code for finding in check_scheme(scheme_with(bands=(*bands, twin)))}
    assert codes == {"scheme-band-duplicate", "scheme-band-overlap"}
    both = bands[0].model_copy(update={"lower": Decimal(100)})
    codes = {finding.code for finding in check_scheme(scheme_with(bands=(both, *bands[1:])))}
    assert codes == {"scheme-band-overlap"}
    for edge in ("lower", "above"):
        fine = bands[0].model_copy(update={"lower": None, "above": None, edge: Decimal("100.5")})
        rounded = scheme_with(bands=(fine, *bands[1:]), rounding=Rounding(digits=0))
        assert {finding.code for finding in check_scheme(rounded)} == {"scheme-band-precision"}


def test_an_unknown_scheme_is_one_clear_error() -> None:
    with pytest.raises(OptionError, match="baseline-target"):
        read_scheme("no-such-scheme")


# --- a small project --------------------------------------------------------------------------------------------


def plan_of(*results: dict[str, Any]) -> Logframe:
    return Logframe.model_validate(
        {"id": "P", "title": "P", "start": "2025-01-01", "end": "2025-12-31", "results": list(results)}
    )


def level(id: str, target: str = "100", baseline: str | None = "0", **more: Any) -> dict[str, Any]:
    told = {
        "id": id, "title": id, "measure": "number", "accumulation": "level",
        "targets": [{"period": "2025-Q1", "value": target}], **more,
    }  # fmt: skip
    return told if baseline is None else {**told, "baseline": {"value": baseline}}


def outcome(
    id: str, *indicators: dict[str, Any], results: list[dict[str, Any]] | None = None, **more: Any
) -> dict[str, Any]:
    return {"id": id, "level": "outcome", "title": id, "indicators": list(indicators), "results": results or [], **more}


def output(id: str, *indicators: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": id, "level": "output", "title": id, "indicators": list(indicators), **more}


def card_of(plan: Logframe, actuals: dict[str, int | str], **options: Any) -> Any:
    rows = [
        {
            "project": "P", "indicator": code, "period": "2025-Q1", "period_start": dt.date(2025, 1, 1),
            "period_end": dt.date(2025, 3, 31), "partner": "A", "value": Decimal(value),
        }
        for code, value in actuals.items()
    ]  # fmt: skip
    return score(aggregate(Observations.from_rows(rows), plan, until="2025-03-31"), **options)


def test_weights_are_normalised_and_what_is_missing_is_dropped_with_its_weight() -> None:
    plan = plan_of(outcome("OC", level("I1", weight="50"), level("I2", weight="30"), level("I3", weight="20")))
    card = card_of(plan, {"I1": 80, "I2": 40})
    # (50 × 80 + 30 × 40) / 80; I3 was not reported: its weight goes to the others
    assert card["OC"].score == 65
    assert card["OC"].rating == "B1"
    assert card["OC"].coverage == F(80, 100)
    assert [(each.id, each.reason, each.share) for each in card["OC"].dropped] == [("I3", Reason.NO_REPORTS, F(1, 5))]


def test_missing_is_zero_or_fails_where_the_scheme_says_so() -> None:
    plan = plan_of(outcome("OC", level("I1"), level("I2")))
    assert card_of(plan, {"I1": 80}, scheme=scheme_with(missing="zero"))["OC"].score == 40
    failed = card_of(plan, {"I1": 80}, scheme=scheme_with(missing="fail"))["OC"]
    assert (failed.score, failed.reason) == (None, Reason.FAILED_BY_POLICY)


def test_the_fcdo_review_of_four_outputs() -> None:
    # Grades: 95 % A 100; 130 % A+ 125; 70 % B 75; 20 % C 50. 40 % × 100 + 30 % × 125 + 20 % × 75 + 10 % × 50 = 97.5
    outputs = [
        output("OP1", level("I1"), weight="40"), output("OP2", level("I2"), weight="30"),
        output("OP3", level("I3"), weight="20"), output("OP4", level("I4"), weight="10"),
    ]  # fmt: skip
    card = card_of(plan_of(outcome("OC", results=outputs)), {"I1": 95, "I2": 130, "I3": 70, "I4": 20}, scheme="fcdo")
    assert [card[code].rating for code in ("OP1", "OP2", "OP3", "OP4")] == ["A", "A+", "B", "C"]
    assert [card[code].score for code in ("OP1", "OP2", "OP3", "OP4")] == [100, 125, 75, 50]
    assert (card["OC"].score, card["OC"].rating) == (F(195, 2), "A")


def test_over_achievement_is_capped_in_the_score_and_kept_beside_it() -> None:
    card = card_of(plan_of(outcome("OC", level("I1"), level("I2"))), {"I1": 500, "I2": 20})
    assert card["OC"].score == 70  # (120 + 20) / 2
    assert card["I1"].milestone.value == 5


def test_a_gate_lowers_the_rating_and_leaves_the_score() -> None:
    gate = {"id": "core", "title": "A core indicator regressed", "when": "core_regressed", "cap": "B2"}
    scheme = Scheme.model_validate({**read_scheme("baseline-target").model_dump(mode="json"), "gates": [gate]})
    plan = plan_of(outcome("OC", level("I1"), level("I2", baseline="50", core=True)))
    part = card_of(plan, {"I1": 150, "I2": 40}, scheme=scheme)["OC"]
    assert (part.score, part.computed_rating, part.rating) == (60, "B1", "B2")
    assert part.gates == ("A core indicator regressed",)


def test_an_override_is_logged_beside_the_computed_rating() -> None:
    told = Override(id="OC", rating="A2", who="Review team", why="audited", when=dt.date(2025, 5, 1))
    part = card_of(plan_of(outcome("OC", level("I1"))), {"I1": 40}, overrides=[told])["OC"]
    assert (part.score, part.computed_rating, part.rating) == (40, "B2", "A2")
    assert part.band is not None
    assert part.band.label == "A2"
    with pytest.raises(OptionError, match="OC9"):
        card_of(
            plan_of(outcome("OC", level("I1"))),
            {"I1": 40},
            overrides=[Override("OC9", "A2", "x", "y", dt.date(2025, 5, 1))],
        )


def test_an_undefined_achievement_never_becomes_a_number() -> None:
    plan = plan_of(outcome("OC", level("I1"), level("I2", target="7", baseline="7"), level("I3", baseline=None)))
    part = card_of(plan, {"I1": 50, "I2": 7, "I3": 9})["OC"]
    assert part.score == 50
    assert {each.id: each.reason for each in part.dropped} == {
        "I2": Reason.TARGET_EQUALS_BASELINE,
        "I3": Reason.NO_BASELINE,
    }


def test_a_result_without_anything_to_score_says_so() -> None:
    part = card_of(plan_of(outcome("OC", level("I1")), outcome("OC2", level("I2"))), {"I1": 50})["OC2"]
    assert (part.score, part.rating, part.reason) == (None, None, Reason.NOTHING_TO_SCORE)


def test_against_the_end_target() -> None:
    targets = [{"period": "2025-Q1", "value": "50"}, {"period": "2025-Q4", "value": "200", "kind": "final"}]
    plan = plan_of(outcome("OC", level("I1", targets=targets)))
    value = card_of(plan, {"I1": 40})["I1"].actual
    assert achievement(value).value == F(4, 5)  # 40 of the 50 due by now
    assert achievement(value, against="final").value == F(1, 5)  # 40 of the 200 in the end
    with pytest.raises(OptionError, match="milestone"):
        achievement(value, against="tomorrow")
