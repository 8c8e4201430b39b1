"""The conventions, growth rates and combined ratings, on published figures and at their edges."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

import mne
from mne.errors import OptionError
from mne.scores.bounds import bounds
from mne.scores.conventions import Convention, formula, met_at
from mne.scores.expected import interpolated, time_share
from mne.scores.scheme import AchievementRule, Scheme
from mne.scores.scorecard import regressed
from mne.scores.trajectory import compound_growth, linear_projection, power, trajectory, years_between
from mne.tables.observations import Observations
from mne.tables.reasons import Reason
from tests.cases.building import Q1, flow, level, outcome, output, plan, row, rows, scale

F = Fraction


def of(actual, target, baseline=None, **options):
    number = lambda each: None if each is None else F(str(each))  # noqa: E731
    return mne.achievement_of(actual=number(actual), target=number(target), baseline=number(baseline), **options)


@pytest.mark.parametrize(
    ("given", "options", "expect"),
    [
        # 40 of the 80 between them
        ((60, 100, 20), {}, F(1, 2)),
        ((140, 100, 20), {}, F(3, 2)),
        ((45, 20, 40), {}, F(-1, 4)),
        ((45, 60, 40), {"convention": "actual_over_target"}, F(3, 4)),
        # 50 against 100, better the lower: 100 / 50 would be two times too good; TolaData says target over actual.
        ((100, 50), {"convention": "inverse_ratio", "direction": "decrease"}, F(1, 2)),
        ((100, 50), {"convention": "inverse_ratio"}, F(2)),
        # Victoria, 2018-19: 85 forums against 80; 14 data projects against 5.
        ((85, 80), {"convention": "variance"}, F(1, 16)),
        ((14, 5), {"convention": "variance"}, F(9, 5)),
        ((350, 500), {"convention": "variance", "direction": "decrease"}, F(-3, 10)),
        ((350, 500), {"convention": "variance", "direction": "decrease", "favourable": True}, F(3, 10)),
        # Of a loss of 50, a loss of 40 is a fifth better.
        ((-40, -50), {"convention": "variance"}, F(1, 5)),
        # gophr: 36 % after one quarter is 11 points ahead of 25 %.
        ((36, 100), {"convention": "time_proportional", "expected": F(1, 4)}, F(11, 100)),
        ((95, 100), {"convention": "time_proportional", "expected": F(1)}, F(-1, 20)),
    ],
)
def test_numbers(given, options, expect):
    assert of(*given, **options) == (expect, None)


@pytest.mark.parametrize(
    ("given", "options", "reason"),
    [
        ((None, 50), {}, Reason.NO_REPORTS),
        ((5, None), {}, Reason.NO_TARGET),
        ((5, 50), {}, Reason.NO_BASELINE),
        ((50, 50, 50), {}, Reason.TARGET_EQUALS_BASELINE),
        ((5, 0), {"convention": "actual_over_target"}, Reason.TARGET_ZERO),
        ((5, 0), {"convention": "variance"}, Reason.TARGET_ZERO),
        ((5, 0), {"convention": "time_proportional", "expected": F(1)}, Reason.TARGET_ZERO),
        ((0, 0), {"convention": "inverse_ratio", "direction": "decrease"}, Reason.TARGET_ZERO),
        ((0, 100), {"convention": "inverse_ratio", "direction": "decrease"}, Reason.ACTUAL_ZERO),
    ],
)
def test_no_number(given, options, reason):
    assert of(*given, **options) == (None, reason)


@pytest.mark.parametrize("convention", ["growth_rate", "projected_growth"])
@pytest.mark.parametrize(
    ("given", "years", "reason"),
    [
        ((12, 16), (5, 15), Reason.NO_BASELINE),
        ((12, 10, 10), (5, 15), Reason.TARGET_EQUALS_BASELINE),
        ((12, 16, 10), (0, 15), Reason.NO_TIME_ELAPSED),
        ((12, 16, 10), (5, 0), Reason.NO_TIME_ELAPSED),
        ((12, 16, 0), (5, 15), Reason.GROWTH_UNDEFINED),
        ((0, 16, 10), (5, 15), Reason.GROWTH_UNDEFINED),
        ((-12, 16, 10), (5, 15), Reason.GROWTH_UNDEFINED),
    ],
)
def test_no_growth(convention, given, years, reason):
    elapsed, span = (F(each) for each in years)
    assert of(*given, convention=convention, elapsed=elapsed, span=span) == (None, reason)


def test_a_growth_rate_to_zero_is_none_while_a_projection_to_zero_is_one():
    # 40 -> 20 in 5 years halves; in 10 years a quarter is left: (10 - 40) / (0 - 40).
    years = {"elapsed": F(5), "span": F(10)}
    assert of(20, 0, 40, convention="growth_rate", **years) == (None, Reason.GROWTH_UNDEFINED)
    assert of(20, 0, 40, convention="projected_growth", **years) == (F(3, 4), None)


def test_growth_that_is_on_pace_is_exactly_one():
    # 10 -> 12.1 in two years is 10 % a year, and so is 10 -> 14.641 in four.
    assert of("12.1", "14.641", 10, convention="growth_rate", elapsed=F(2), span=F(4)) == (F(1), None)
    assert of(80, 80, 60, convention="growth_rate", elapsed=F(15), span=F(15)) == (F(1), None)
    projected = of("12.1", "14.641", 10, convention="projected_growth", elapsed=F(2), span=F(4))
    assert projected == (F(1), None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"convention": "rule of thumb"},
        {"direction": "sideways"},
        {"convention": "time_proportional"},
        {"convention": "growth_rate", "elapsed": F(1)},
        {"convention": "projected_growth", "span": F(1)},
    ],
)
def test_misuse(wrong):
    with pytest.raises(OptionError):
        of(60, 100, 20, **wrong)


def test_what_a_convention_says_of_itself():
    assert {each: met_at(each) for each in Convention} == {
        **dict.fromkeys(Convention, F(1)),
        Convention.VARIANCE: F(0),
        Convention.TIME_PROPORTIONAL: F(0),
    }
    assert formula(Convention.INVERSE_RATIO, direction="decrease") == "target / actual"
    assert formula(Convention.INVERSE_RATIO) == "actual / target"
    assert formula(Convention.VARIANCE, direction="decrease", favourable=True) == "(target − actual) / target"
    assert formula(Convention.VARIANCE, direction="decrease") == "(actual − target) / target"
    assert [each for each in Convention if each.uses_baseline] == [
        Convention.BASELINE_TARGET,
        Convention.GROWTH_RATE,
        Convention.PROJECTED_GROWTH,
    ]
    assert [each for each in Convention if each.uses_time] == [
        Convention.TIME_PROPORTIONAL,
        Convention.GROWTH_RATE,
        Convention.PROJECTED_GROWTH,
    ]


@pytest.mark.parametrize(
    ("how", "told"),
    [("completed_milestones", [None, 20, 40]), ("linear", [10, 20, 40]), ("milestone_interpolation", [10, 20, 40])],
)
def test_what_is_expected_by_another_day(how, told):
    """From 0 at the new year to 20 after half a year (182 days) and 40 after a year (366)."""
    targets = (
        {"date": dt.date(2024, 6, 30), "value": 20},
        {"date": dt.date(2024, 12, 31), "value": 40, "kind": "final"},
    )
    one = level("I", baseline={"value": 0, "date": dt.date(2023, 12, 31)}, targets=targets)
    value = mne.aggregate(Observations.from_rows(rows(row("2024-Q1", 5, "I"))), plan(one))["I"]
    days = (dt.date(2024, 3, 31), dt.date(2024, 6, 30), dt.date(2024, 12, 31))
    found = [mne.expected_progress(value, how=how, on=day)[0] for day in days]
    assert [None if each is None else round(each) for each in found] == told


# --- trajectories: Open SDG's and the UN progress chart's own figures -----------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "direction", "figures", "status"),
    [
        ((40, 35, 20), "decrease", (-0.02635282, -0.0451584, 0.58356411, -0.06846341), "limited"),
        ((10, 12, 16), "increase", (0.03713729, 0.03182964, 1.16675181, 4.04829151), "substantial"),
        ((50, 52, 80), "increase", (0.00787499, 0.03182964, 0.24741055, -1.46911447), "limited"),
        ((100, 95, 200), "increase", (-0.01020622, 0.04729412, -0.21580310, -3.39918678), "deterioration"),
        ((100, 116, 200), "increase", (0.03012896, 0.04729412, 0.63705511, 0.26472098), "moderate"),
    ],
)
def test_open_sdg(numbers, direction, figures, status):
    baseline, actual, target = (F(each) for each in numbers)
    told = trajectory(baseline=baseline, actual=actual, target=target, elapsed=F(5), span=F(15), direction=direction)
    found = [float(each) for each in (told.observed, told.required, told.ratio, told.points)]
    assert found == pytest.approx(figures, abs=2e-6)
    assert (told.status, told.reached, told.reason) == (status, False, None)


@pytest.mark.parametrize(
    ("numbers", "direction", "limit", "points", "status"),
    [
        ((100, 104), "increase", None, 0.718747, "moderate"),
        ((100, 98), "increase", None, -3.004049, "deterioration"),
        ((100, 98), "decrease", None, -0.4838, "limited"),
        ((100, 110), "increase", None, 4.6225, "substantial"),
        ((100, 100), "increase", F(100), 5, "substantial"),  # at its limit, and kept there
        ((50, 50), "increase", F(100), -2.5, "limited"),
    ],
)
def test_growth_without_a_target(numbers, direction, limit, points, status):
    baseline, actual = (F(each) for each in numbers)
    told = trajectory(baseline=baseline, actual=actual, elapsed=F(5), direction=direction, limit=limit)
    assert (round(float(told.points), 4), told.status) == (pytest.approx(points, abs=1e-4), status)


def test_near_a_limit_less_growth_is_asked_for():
    # 1 - 0.9^4.44
    told = trajectory(baseline=F(90), actual=F(91), elapsed=F(5), limit=F(100))
    assert float(told.coefficient) == pytest.approx(1 - 0.9**4.44)
    assert trajectory(baseline=F(250), actual=F(260), elapsed=F(5), limit=F(100)).coefficient == 1
    assert trajectory(baseline=F(110), actual=F(111), elapsed=F(5), limit=F(100)).coefficient == told.coefficient


def test_a_target_that_is_reached_is_that_whatever_the_pace():
    told = trajectory(baseline=F(10), actual=F(17), target=F(16), elapsed=F(5), span=F(15))
    assert (told.status, told.reached, told.ratio, told.points) == ("target_achieved", True, None, 5)
    told = trajectory(baseline=F(10), actual=F(4), target=F(5), elapsed=F(5), span=F(15), direction="decrease")
    assert told.reached


@pytest.mark.parametrize(
    ("numbers", "years", "reason"),
    [
        ((None, 5, 10), (5, 15), Reason.NO_BASELINE),
        ((5, None, 10), (5, 15), Reason.NO_REPORTS),
        ((5, 6, 10), (0, 15), Reason.NO_TIME_ELAPSED),
        ((5, 6, 10), (5, -1), Reason.NO_TIME_ELAPSED),
        ((0, 6, 10), (5, 15), Reason.GROWTH_UNDEFINED),
        ((-5, -4, 10), (5, 15), Reason.GROWTH_UNDEFINED),
        ((10, 6, 10), (5, 15), Reason.TARGET_EQUALS_BASELINE),
    ],
)
def test_no_trajectory(numbers, years, reason):
    baseline, actual, target = (None if each is None else F(each) for each in numbers)
    told = trajectory(baseline=baseline, actual=actual, target=target, elapsed=F(years[0]), span=F(years[1]))
    assert (told.ratio, told.status, told.reason) == (None, None, reason)


def test_trajectory_misuse():
    with pytest.raises(OptionError):
        trajectory(baseline=F(1), actual=F(2), target=F(3), elapsed=F(1))
    with pytest.raises(OptionError):
        trajectory(baseline=F(1), actual=F(2), elapsed=F(1), direction="up")
    with pytest.raises(OptionError):
        linear_projection([F(1)], years=F(3))


@pytest.mark.parametrize(("actual", "target", "ratio"), [(68, 80, 0.922852), (62, 90, 0.145583)])
def test_un_progress_chart(actual, target, ratio):
    number, _ = of(actual, target, 60, convention="projected_growth", elapsed=F(7), span=F(15))
    assert float(number) == pytest.approx(ratio, abs=1e-6)


def test_powers_and_growth():
    assert power(F(2, 3), F(3)) == F(8, 27)
    assert power(F(1), F(1, 7)) == 1
    assert abs(power(F(2), F(1, 2)) ** 2 - 2) < F(1, 10**48)
    assert compound_growth(F(100), F(121), F(2)) == pytest.approx(F(1, 10))
    assert compound_growth(F(-4), F(-9), F(1)) == F(5, 4)
    assert linear_projection([F(50), F(51), F(53)], years=F(4)) == 59


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2015-12-31", "2020-12-31", F(5)),
        ("2015-01-01", "2030-01-01", F(15)),
        ("2024-02-29", "2025-02-28", F(1)),
        ("2024-01-31", "2024-07-31", F(1, 2)),
        ("2024-03-31", "2024-04-15", F(1, 24)),
        ("2024-04-15", "2024-03-31", F(-1, 24)),
    ],
)
def test_years(first, last, years):
    assert years_between(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == years


def test_interpolation():
    points = [(F(0), F(10)), (F(2), F(14)), (F(4), F(30)), (F(6), F(50))]
    assert [interpolated(points, F(at)) for at in (-1, 0, 1, 3, 6, 9)] == [10, 10, 12, 22, 50, 50]
    assert interpolated([(F(1), F(3)), (F(1), F(5))], F(1)) == 5
    assert time_share(F(0), F(6), F(9, 4)) == F(3, 8)
    days = [(dt.date(2024, 1, 1), F(0)), (dt.date(2024, 1, 11), F(50))]
    assert interpolated(days, dt.date(2024, 1, 4)) == 15
    with pytest.raises(OptionError):
        interpolated([], F(1))


# --- combining ------------------------------------------------------------------------------------------------------


def test_dfid_annual_review():
    # Table 2 of the guideline: five outputs of 20 %, graded C, B, B, B, A+: 10 + 15 + 15 + 15 + 25 = 80.
    grades = dict(zip("abcde", ["C", "B", "B", "B", "A+"], strict=True))
    told = mne.combine(grades, weights=dict.fromkeys("abcde", 20), scheme="fcdo-annual-review")
    assert (told.score, told.rating, told.coverage) == (80, "B", 1)
    assert [part.contribution for part in told.parts.values()] == [10, 15, 15, 15, 25]


def test_world_bank_split():
    # 0.4 × 4 + 0.6 × 5 = 4.6, rounded 5; halves go up.
    told = mne.combine({"before": "MS", "after": "S"}, weights={"before": 40, "after": 60}, scheme="world-bank-split")
    assert (told.score, told.rating) == (F(23, 5), "S")
    assert mne.combine({"before": "MU", "after": "MS"}, scheme="world-bank-split").rating == "MS"


def test_kfw_gate():
    grades = {"relevance": 1, "coherence": 1, "effectiveness": 2, "efficiency": 2, "impact": 2, "sustainability": 4}
    told = mne.combine(grades, scheme="kfw-dac")
    assert (told.score, told.computed_rating, told.rating, len(told.gates)) == (2, "2", "4", 1)
    told = mne.combine({**grades, "sustainability": 3}, scheme="kfw-dac")
    assert (told.rating, told.gates) == ("2", ())  # 11/6, rounded
    # A key criterion without a grade is not shown to be 3 or better.
    told = mne.combine({**grades, "sustainability": None}, scheme="kfw-dac")
    assert (told.computed_rating, told.rating, told.coverage) == ("2", "4", F(5, 6))
    told = mne.combine({**grades, "relevance": None, "sustainability": 3}, scheme="kfw-dac")
    assert (told.rating, told.gates) == ("2", ())
    with pytest.raises(OptionError, match="did you mean 'effectiveness'"):
        mne.combine({"Effectiveness": 1, "impact": 1, "sustainability": 1}, scheme="kfw-dac")


def test_combining_does_as_the_scheme_does():
    parts = {"a": 20, "b": 80}
    assert mne.combine(parts, scheme="composite-geometric").score == 40
    assert mne.combine(parts, scheme="composite-geometric", aggregate="mean").score == 50
    assert mne.combine(parts, scheme="composite-arithmetic").score == 50
    for wrong in (-1, 2, F(3, 2)):
        with pytest.raises(OptionError, match="min_coverage must be a share from 0 to 1"):
            mne.combine(parts, min_coverage=wrong)


def test_a_blend_with_one_side_alone_lacks_nothing():
    one = level("b", baseline={"value": 0}, targets=({"period": Q1, "value": 100},))
    for missing in ("drop", "zero", "fail"):
        scheme = blended("0.5", missing=missing, min_coverage="0.9")
        card = scored_by(scheme, plan(results=(outcome("OC", results=(output("OP", one),)),)), row(Q1, 80, "b"))
        assert (card["OC"].score, card["OC"].coverage) == (80, 1)
        assert "100 % × 80 (the results beneath)" in card.explain("OC").to_text()
        assert bounds(card)["OC"].complete


def test_a_side_that_counts_as_zero_stands_in_the_arithmetic():
    one, other = (level(code, baseline={"value": 0}, targets=({"period": Q1, "value": 100},)) for code in "ab")
    whole = plan(results=(outcome("OC", one, results=(output("OP", other),)),))
    card = scored_by(blended("0.5", missing="zero"), whole, row(Q1, 80, "b"))
    assert card["OC"].score == 40
    told = card.explain("OC")
    assert "50 % × 0 (its indicators) + 50 % × 80 (the results beneath)" in told.to_text()
    assert [(part.share, part.value) for part in told.children if part.share is not None] == [(F(1, 2), F(80))]


def blended(share, **options):
    step = {"source": "blend", "indicators": share, **options}
    base = mne.schemes()["baseline-target"].model_dump()
    return Scheme.model_validate({**base, "steps": {"outcome": step, "output": {"source": "indicators"}}})


def scored_by(scheme, whole, *reported, **options):
    return mne.score(mne.aggregate(Observations.from_rows(rows(*reported)), whole), scheme=scheme, **options)


def test_a_report_to_come_may_give_a_score_where_zero_gives_none():
    base = mne.schemes()["baseline-target"].model_dump()
    scheme = Scheme.model_validate(
        {**base, "achievement": {"convention": "inverse_ratio", "floor": 0, "ceiling": "1.2"}}
    )
    targets = tuple({"period": each, "value": 60, "basis": "per_period"} for each in (Q1, "2024-Q2"))
    one = flow(
        direction="decrease", baseline={"value": 100}, targets=targets, assignments=({"partner": "A"}, {"partner": "B"})
    )
    told = (row(Q1, 0, partner="A"), row("2024-Q2", 0, partner="A"))
    values = mne.aggregate(Observations.from_rows(rows(*told)), plan(one), until="2024-06-30")
    bound = bounds(mne.score(values, scheme=scheme))["I"]
    assert (bound.complete, bound.may_lack, bound.low, bound.high) == (False, True, 0, 120)


def test_a_person_rates_what_cannot_be_computed():
    words = level("N", weight=1, measure="narrative", unit=None)
    number = level("I", weight=3, baseline={"value": 0}, targets=({"period": Q1, "value": 100},))
    whole = plan(results=(outcome("OC", results=(output("OP", number, words),)),))
    told = mne.Override("N", "A", "the board", "seen in the field", dt.date(2024, 5, 1))
    card = scored_by("fcdo-annual-review", whole, row(Q1, 40, "I"), overrides=[told])
    part = card.indicators["N"]
    assert (part.score, part.rating, part.reason, part.by_person) == (100, "A", None, True)
    assert card["OP"].coverage == 1
    assert card["OP"].raw == F(3, 4) * 40 + F(1, 4) * 100
    assert (
        "100 points for the rating A, given by the board on 2024-05-01: seen in the field"
        in card.explain("N").to_text()
    )
    without = scored_by("fcdo-annual-review", whole, row(Q1, 40, "I"))
    assert (without["OP"].raw, without["OP"].coverage) == (40, F(3, 4))
    # Where ratings are not looked up they are worth no points.
    card = scored_by(
        "baseline-target", whole, row(Q1, 40, "I"), overrides=[mne.Override("N", "A1", "a", "b", dt.date(2024, 5, 1))]
    )
    assert (card.indicators["N"].score, card.indicators["N"].rating, card["OP"].coverage) == (None, "A1", F(3, 4))


@pytest.mark.parametrize(
    ("scheme", "actual", "words"),
    [
        ("tola-scope", 100, "0 % from the target"),
        ("tola-scope", 125, "+25 % from the target"),
        ("oha-quarterly", 130, "+30 % from what was due"),
        ("baseline-target", 60, "60 % achieved"),
        ("akvo-grades", 60, "60 % of the target"),
    ],
)
def test_a_convention_is_called_by_what_it_says(scheme, actual, words):
    one = level(baseline={"value": 0}, targets=({"period": Q1, "value": 100},))
    assert words in scored_by(scheme, plan(one), row(Q1, actual)).explain("I").to_text()


def test_ranks_stand_in_the_arithmetic_of_stages():
    one = level(
        measure="ordinal",
        unit=None,
        scale=scale("low", "mid", "high"),
        baseline={"stage": "low"},
        targets=({"period": Q1, "stage": "high"},),
    )
    card = scored_by("baseline-target", plan(one), row(Q1, 2, text="mid"))
    assert "(2 (mid) − 1 (low)) / (3 (high) − 1 (low))" in card.explain("I").to_text()


def test_a_target_above_the_baseline_tells_both_numbers():
    one = flow(baseline={"value": 40}, targets=({"period": Q1, "above_baseline": 50, "basis": "cumulative"},))
    text = scored_by("baseline-target", plan(one), row(Q1, 45)).explain("I").to_text()
    assert "(45 − 0) / (90 − 0)" in text
    assert "baseline + 50 = 40 + 50" in text


def test_combining_without_a_scheme():
    told = mne.combine({"a": 1, "b": None, "c": 3})
    assert (told.score, told.coverage, told.rating, told.reason) == (2, F(2, 3), None, None)
    assert [(part.share, part.contribution) for part in told.parts.values()] == [
        (F(1, 2), F(1, 2)),
        (0, None),
        (F(1, 2), F(3, 2)),
    ]
    assert mne.combine({"a": 1, "b": None}, min_coverage=0.6).reason is Reason.COVERAGE_BELOW_MINIMUM
    assert mne.combine({"a": 1, "b": None}, min_coverage=0.5).score == 1
    assert mne.combine({"a": 1, "b": None}, missing="zero").score == F(1, 2)
    assert mne.combine({"a": 1, "b": None}, missing="fail").reason is Reason.FAILED_BY_POLICY
    assert mne.combine({"a": None}).reason is Reason.NOTHING_TO_SCORE
    assert mne.combine({"a": 5, "b": 6}, weights={"a": 0, "b": 0}).reason is Reason.NOTHING_TO_SCORE
    assert mne.combine({"a": 0.1, "b": 0.2}).score == F(3, 20)


def test_means_of_parts_that_are_not_positive():
    assert mne.combine({"a": 0, "b": 2}, aggregate="geometric").score == 0
    told = mne.combine({"a": 0, "b": 2}, aggregate="geometric", not_positive="undefined")
    assert (told.score, told.reason) == (None, Reason.NOT_POSITIVE)
    assert mne.combine({"a": 0, "b": 2}, not_positive="undefined").score == 1
    # Weights of 60 + 59 shares leave no root that could be drawn exactly; equal parts need none.
    thirds = mne.combine({"a": F(1, 3), "b": F(1, 3)}, weights={"a": 60, "b": 59}, aggregate="geometric")
    assert thirds.score == F(1, 3)
    assert mne.combine({"a": 1, "b": 2, "c": 3}, weights={"a": 2, "b": 1, "c": 1}, aggregate="harmonic").score == F(
        24, 17
    )
    assert mne.combine({"a": 7, "b": 2}, aggregate="min").score == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"parts": {}},
        {"parts": {"a": 1}, "weights": {"b": 1}},
        {"parts": {"a": 1}, "weights": {"a": -1}},
        {"parts": {"a": "A"}},
        {"parts": {"a": "Z"}, "scheme": "fcdo"},
        {"parts": {"a": "A1"}, "scheme": "baseline-target"},
        {"parts": {"a": float("nan")}},
        {"parts": {"a": 1}, "weights": {"a": float("inf")}},
        {"parts": {"a": 1}, "missing": "guess"},
        {"parts": {"a": 1}, "aggregate": "sum"},
        {"parts": {"a": 1}, "not_positive": "one"},
    ],
)
def test_combine_misuse(wrong):
    options = {name: told for name, told in wrong.items() if name != "parts"}
    with pytest.raises(OptionError):
        mne.combine(wrong["parts"], **options)


def test_combined_shows_itself():
    assert repr(mne.combine({"a": "S"}, scheme="wb-split")) == "Combined(5, S, coverage 100 %, 1 parts)"
    thirds = mne.combine({"a": Fraction(1, 3), "b": Fraction(1, 3)})
    assert repr(thirds) == "Combined(0.33, coverage 100 %, 2 parts)"


# --- bands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "score", "rating"),
    [
        ("baseline-target", "100", "A2"),
        ("baseline-target", "100.1", "A1"),
        ("baseline-target", "90", "A2"),
        ("baseline-target", "89.9", "B1"),
        ("baseline-target", "29.9", "C"),
        ("baseline-target", "30", "B2"),
        ("tola-scope", "15", "on"),
        ("tola-scope", "15.1", "high"),
        ("tola-scope", "-15", "on"),
        ("tola-scope", "-15.1", "low"),
        ("oha-quarterly", "-25", "At Risk"),
        ("oha-quarterly", "-25.1", "Concerned"),
        ("oha-quarterly", "-10", "On Target"),
        ("oha-quarterly", "10", "On Target"),
        ("oha-quarterly", "10.1", "Above Target"),
        ("akvo-grades", "49", "low"),
        ("akvo-grades", "49.5", "medium"),
        ("akvo-grades", "85", "high"),
        ("gcf-eqa", "95.9", "4"),
        ("unicef-psea", "9", "moderate"),
        ("unicef-psea", "15", "low"),
        ("unicef-psea", "8", "high"),
        ("budget-pace", "-10", "warning"),
        ("budget-pace", "-11", "danger"),
        ("dfid-output-risk", "1.7", "M"),
        ("un-progress-chart", "14.6", "2"),
        ("growth-rate", "-0.1", "deterioration"),
        ("fcdo-annual-review", "87.45", "A"),
        ("world-bank-split", "3.5", "MS"),
        ("kfw-dac", "2.5", "3"),
    ],
)
def test_bands(scheme, score, rating):
    assert mne.schemes()[scheme].band(F(score)).label == rating


def test_a_scheme_of_ratings_does_not_score_a_logframe():
    with pytest.raises(OptionError):
        mne.score(mne.aggregate(Observations.from_rows([]), mne.example("tajikistan")), scheme="kfw-dac")


# --- what a sceptic found -------------------------------------------------------------------------------------------


def steps_back(convention, actual, **options):
    base = mne.schemes()["baseline-target"].model_dump()
    limits = {"convention": convention, "floor": None, "ceiling": None, "falling": "as_published"}
    scheme = Scheme.model_validate({**base, "achievement": limits})
    one = level(baseline={"value": 50, "date": dt.date(2023, 12, 31)}, **options)
    values = mne.aggregate(Observations.from_rows(rows(row(Q1, actual))), plan(one))
    return regressed(mne.score(values, scheme=scheme)["I"])


@pytest.mark.parametrize("convention", Convention)
def test_a_step_back_is_one_under_every_convention(convention):
    up = {"targets": ({"period": "2024-Q4", "value": 100}, {"period": Q1, "value": 60})}
    assert [steps_back(convention, actual, **up) for actual in (40, 50, 55)] == [True, False, False]
    down = {"direction": "decrease", "targets": ({"period": "2024-Q4", "value": 20}, {"period": Q1, "value": 40})}
    assert [steps_back(convention, actual, **down) for actual in (60, 50, 45)] == [True, False, False]
    bound = {"targets": ({"period": "2024-Q4", "value": 100, "comparator": "≥"},)}
    assert not steps_back(convention, 40, **bound)


def test_a_gate_beneath_an_override_tells_both():
    gates = [{"id": "g", "title": "gate", "when": "core_regressed", "cap": "C"}]
    scheme = Scheme.model_validate({**mne.schemes()["baseline-target"].model_dump(), "gates": gates})
    target = ({"period": Q1, "value": 100},)
    parts = (level("A", core=True, weight=1, baseline={"value": 50}, targets=target),
             level("B", weight=99, baseline={"value": 0}, targets=target))  # fmt: skip
    values = mne.aggregate(Observations.from_rows(rows(row(Q1, 40, "A"), row(Q1, 99, "B"))), plan(*parts))
    told = mne.Override("OC", "A2", "who", "why", dt.date(2024, 5, 1))
    part = mne.score(values, scheme=scheme, overrides=[told])["OC"]
    assert (part.computed_rating, part.gated_rating, part.rating) == ("A2", "C", "A2")
    text = part.explain().to_text()
    assert "A2 lowered to C" in text
    assert "computed was C" in text


def test_an_explanation_shows_the_target_that_was_scored():
    revised = {"period": Q1, "value": 80, "since": dt.date(2024, 6, 1), "reason": "cut", "history": ({"value": 100},)}
    one = level(baseline={"value": 0}, targets=(revised,))
    values = mne.aggregate(Observations.from_rows(rows(row(Q1, 40))), plan(one), known_by="2024-04-30")
    text = mne.score(values).explain("I").to_text()
    assert "(40 − 0) / (100 − 0)" in text
    assert "Target 2024-Q1: 100 person" in text
    assert "80" not in text


def test_what_a_blend_drops_is_told_with_the_weight_it_had():
    step = {"source": "blend", "indicators": "0.25"}
    base = mne.schemes()["baseline-target"].model_dump()
    scheme = Scheme.model_validate({**base, "steps": {"outcome": step, "output": {"source": "indicators"}}})
    own = level("A", baseline={"value": 0}, targets=({"period": Q1, "value": 100},))
    beneath = output("OP", level("B", baseline={"value": 0}, targets=({"period": Q1, "value": 100},)))
    whole = plan(results=(outcome("OC", own, results=(beneath,)),))
    card = mne.score(mne.aggregate(Observations.from_rows(rows(row(Q1, 60, "A"))), whole), scheme=scheme)
    assert [(each.id, each.share) for each in card["OC"].dropped] == [("OP", F(3, 4))]
    assert card["OC"].score == 60


def test_the_arithmetic_of_an_explanation_stands_in_its_leaves():
    included = flow(
        baseline={"value": 40}, baseline_included=True, targets=({"period": Q1, "value": 200, "basis": "cumulative"},)
    )
    values = mne.aggregate(Observations.from_rows(rows(row(Q1, 90))), plan(included))
    text = mne.score(values).explain("I").to_text()
    assert "(130 − 40) / (200 − 40)" in text
    assert "Baseline: 40 person; included in the actual" in text
    line = level(baseline={"value": 0}, targets=({"period": "2024-Q4", "value": 100},))
    base = mne.schemes()["baseline-target"].model_dump()
    scheme = Scheme.model_validate({**base, "achievement": {**base["achievement"], "expected": "linear"}})
    values = mne.aggregate(Observations.from_rows(rows(row(Q1, 90))), plan(line))
    assert (
        "Expected on 2024-03-31, on the line through the targets: 24.86"
        in mne.score(values, scheme=scheme).explain("I").to_text()
    )
    loss = level(targets=({"period": Q1, "value": -100},))
    scheme = Scheme.model_validate({**base, "achievement": {"convention": "variance"}})
    values = mne.aggregate(Observations.from_rows(rows(row(Q1, -80))), plan(loss))
    assert "(-80 − -100) / |-100|" in mne.score(values, scheme=scheme).explain("I").to_text()


QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")


def each_quarter(value, **options):
    return tuple({"period": each, "basis": "per_period", "value": value, **options} for each in QUARTERS)


def achieved(one, *reported, until=None, **rule):
    values = mne.aggregate(Observations.from_rows(rows(*reported)), plan(one), until=until)
    return mne.achievement(values["I"], rule=AchievementRule(**rule), against=rule.get("against", "milestone"))


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (flow(direction="decrease", baseline={"value": 100}, targets=each_quarter(80)), {}),
        (
            flow(direction="decrease", baseline={"value": 100}, targets=each_quarter(80)),
            {"convention": "inverse_ratio"},
        ),
        (flow(direction="maintain", tolerance=5, targets=each_quarter(80)), {}),
        (flow(targets=each_quarter(80, comparator="≤")), {}),
    ],
)
def test_silence_is_not_rewarded_where_less_is_better(one, rule):
    """Three quarters of 80 as promised, one of them silent: kept, and no more than kept."""
    told = achieved(one, row("2024-Q1", 80), row("2024-Q3", 80), until="2024-09-30", **rule)
    assert told.value == 1
    assert [each.period for each in told.targets] == ["2024-Q1", "2024-Q3"]
    assert achieved(one, until="2024-09-30", **rule).reason == Reason.NO_REPORTS


def test_a_line_through_silent_periods_says_nothing_where_less_is_better():
    one = flow(direction="decrease", baseline={"value": 100}, targets=each_quarter(80))
    told = achieved(one, row("2024-Q1", 80), row("2024-Q3", 80), until="2024-09-30", expected="milestone_interpolation")
    assert (told.value, told.reason) == (None, Reason.INCOMPLETE)
    every = [row(each, 80) for each in QUARTERS[:3]]
    assert achieved(one, *every, until="2024-09-30", expected="milestone_interpolation").value == 1


def test_more_is_better_and_silence_still_counts_against_it():
    one = flow(baseline={"value": 0}, targets=each_quarter(80))
    assert achieved(one, row("2024-Q1", 80), row("2024-Q3", 80), until="2024-09-30").value == F(2, 3)


@pytest.mark.parametrize(
    ("comparators", "direction", "expect"),
    [
        # 159 of 160: a distance of 159/160, or a line that was not crossed
        (("=", "≥"), "increase", F(159, 160)),
        (("≥", "="), "increase", F(159, 160)),
        (("≥", "≥"), "increase", F(0)),
        (("=", "="), "increase", F(159, 160)),
        (("≥", "≤"), "increase", Reason.TARGETS_DIFFER),
        (("=", "≤"), "increase", Reason.TARGETS_DIFFER),
        (("=", "≥"), "decrease", Reason.TARGETS_DIFFER),
        (("≤", "≤"), "decrease", F(1)),
    ],
)
def test_targets_that_are_added_up_ask_for_one_thing(comparators, direction, expect):
    targets = tuple(
        {"period": quarter, "basis": "per_period", "value": 80, "comparator": each}
        for quarter, each in zip(QUARTERS, comparators, strict=False)
    )
    one = flow(direction=direction, baseline={"value": 0}, targets=targets)
    told = achieved(one, row("2024-Q1", 80), row("2024-Q2", 79))
    assert (told.reason if isinstance(expect, Reason) else told.value) == expect


@pytest.mark.parametrize("convention", ["growth_rate", "projected_growth"])
@pytest.mark.parametrize(
    ("given", "years", "expect"),
    [
        # 130 is above 121, and the target's date a year past
        ((130, 121, 100), (2, 1), {"growth_rate": 1, "projected_growth": F(30, 21)}),
        ((121, 121, 100), (2, 1), {"growth_rate": 1, "projected_growth": 1}),
        # not reached: what there is, on the way from 100 to 121
        ((110, 121, 100), (2, 1), {"projected_growth": F(10, 21)}),
        # reached, and no growth rate to be had
        ((5, 4, 0), (1, 2), {"growth_rate": 1, "projected_growth": 1}),
        ((-5, -4, 4), (1, 2), {"growth_rate": 1, "projected_growth": 1}),
        ((70, 80, 100), (2, 1), {"growth_rate": 1, "projected_growth": F(30, 20)}),
    ],
)
def test_a_target_that_is_reached_is_reached_whatever_the_pace(convention, given, years, expect):
    elapsed, span = (F(each) for each in years)
    number, reason = of(*given, convention=convention, elapsed=elapsed, span=span)
    if convention in expect:
        assert (number, reason) == (expect[convention], None)
    if number is not None and number >= 1:
        up = "increase" if given[1] > given[2] else "decrease"
        told = trajectory(
            baseline=F(given[2]), actual=F(given[0]), target=F(given[1]), elapsed=elapsed, span=span, direction=up
        )
        assert told.reached


@pytest.mark.parametrize(("scheme", "rating"), [("un-progress-chart", "3"), ("growth-rate", "substantial")])
def test_a_target_reached_after_its_date_is_rated_as_reached(scheme, rating):
    one = level(
        baseline={"value": 100, "date": dt.date(2023, 12, 31)},
        targets=({"period": "2024-Q2", "value": 121, "kind": "final"},),
    )
    values = mne.aggregate(Observations.from_rows(rows(row("2024-Q2", 100), row("2024-Q4", 130))), plan(one))
    card = mne.score(values, scheme=scheme)
    assert card.indicators["I"].rating == rating
    text = card.explain("I").to_text()
    assert ("whatever the pace" in text) == (scheme == "growth-rate")
    assert ("(130 − 100) / (121 − 100)" in text) == (scheme == "un-progress-chart")


@pytest.mark.parametrize(
    ("actual", "expect", "words"),
    [(91, F(-6, 5), "− distance from the range / half its width: 91 against 80 ± 5"), (82, F(0), "0 inside the range")],
)
def test_a_range_under_conventions_where_zero_is_met(actual, expect, words):
    base = mne.schemes()["tola-scope"]
    one = level(direction="maintain", tolerance=5, targets=({"period": Q1, "value": 80},))
    values = mne.aggregate(Observations.from_rows(rows(row(Q1, actual))), plan(one))
    card = mne.score(values, scheme=base)
    assert card.indicators["I"].scored.value == expect
    assert words in card.explain("I").to_text()


def test_tolerances_of_several_targets_are_told_as_they_count():
    one = flow(direction="maintain", tolerance=5, targets=each_quarter(80))
    values = mne.aggregate(Observations.from_rows(rows(row("2024-Q1", 80), row("2024-Q2", 95))), plan(one))
    assert "175 against 160 ± 10" in mne.score(values).explain("I").to_text()


@pytest.mark.parametrize(
    "second",
    [{"date": dt.date(2024, 5, 20)}, {"period": "2024-Q2"}, {"period": "2024"}],
)
def test_a_dated_target_of_a_period_overlaps_with_others_of_that_period(second):
    first = {"date": dt.date(2024, 4, 15), "value": 100, "basis": "per_period"}
    one = flow(baseline={"value": 0}, targets=(first, {"value": 90, "basis": "per_period", **second}))
    assert "logframe-target-overlap" in [each.code for each in mne.check_logframe(plan(one))]
