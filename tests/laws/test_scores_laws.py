"""Laws of achievements, schemes and scores, over generated logframes, reports and numbers. Equality is exact."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import mne
from mne.ground.explanation import Explanation
from mne.logframe.indicator import Comparator
from mne.logframe.model import Logframe, Result
from mne.scores.cards import IndicatorScore, ResultScore, Scorecard
from mne.scores.conventions import Convention, achievement_of, met_at
from mne.scores.expected import expected_progress
from mne.scores.explain import counted_shares
from mne.scores.means import combined
from mne.scores.scheme import AchievementRule, Scheme, schemes
from mne.scores.scorecard import rescored, score
from mne.tables.observations import Observations
from mne.testing import logframes, numbers, observation_rows
from mne.values.aggregate import aggregate
from mne.values.values import Values

SCHEMES = {code: each for code, each in schemes().items() if each.rates == "achievements"}
ANY_SCHEME = st.sampled_from(sorted(SCHEMES))
POSITIVE = st.fractions(Fraction(1, 10), 1_000, max_denominator=100)
YEARS = st.fractions(Fraction(1, 4), 20, max_denominator=12)


def counted(data: st.DataObject, **options: Any) -> Values:
    plan = data.draw(logframes(**options))
    return aggregate(Observations.from_rows(data.draw(observation_rows(plan))), plan)


def told(card: Scorecard) -> dict[str, tuple[Any, ...]]:
    return {code: (part.score, part.rating, part.reason) for code, part in card.items()}


def of(convention: str, actual: Fraction, target: Fraction, baseline: Fraction, **more: Any) -> Fraction | None:
    options = {"expected": Fraction(1, 2), "elapsed": Fraction(3), "span": Fraction(7), **more}
    return achievement_of(actual=actual, target=target, baseline=baseline, convention=convention, **options)[0]


# --- achievements ---------------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(Convention)), POSITIVE, POSITIVE, POSITIVE, POSITIVE)
def test_a_unit_changes_no_convention(
    convention: str, actual: Fraction, target: Fraction, baseline: Fraction, factor: Fraction
) -> None:
    first = of(convention, actual, target, baseline)
    second = of(convention, actual * factor, target * factor, baseline * factor)
    if Convention(convention).uses_time and convention != "time_proportional":
        assert (first is None) == (second is None)
        assert first is None or abs(first - second) < Fraction(1, 10**30)
    else:
        assert first == second


@given(st.sampled_from(sorted(Convention)), POSITIVE, POSITIVE, YEARS)
def test_on_the_target_on_its_day_every_convention_says_reached(
    convention: str, target: Fraction, baseline: Fraction, years: Fraction
) -> None:
    assume(target != baseline)
    on_the_day = {"expected": Fraction(1), "elapsed": years, "span": years}
    assert of(convention, target, target, baseline, **on_the_day) == met_at(Convention(convention))


@given(POSITIVE, POSITIVE, POSITIVE, st.sampled_from(["increase", "decrease"]))
def test_variance_is_actual_over_target_less_one(
    actual: Fraction, target: Fraction, baseline: Fraction, direction: str
) -> None:
    ratio = of("actual_over_target", actual, target, baseline)
    assert of("variance", actual, target, baseline, direction=direction) == ratio - 1
    turned = of("variance", actual, target, baseline, direction=direction, favourable=True)
    assert turned == (ratio - 1 if direction == "increase" else 1 - ratio)


@given(st.sampled_from(sorted(Convention)), POSITIVE, POSITIVE, POSITIVE, POSITIVE)
def test_more_is_never_worse_for_what_should_grow(
    convention: str, baseline: Fraction, way: Fraction, actual: Fraction, more: Fraction
) -> None:
    less_done = of(convention, actual, baseline + way, baseline)
    more_done = of(convention, actual + more, baseline + way, baseline)
    assert less_done < more_done


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE)
def test_less_is_never_worse_for_what_should_fall(
    target: Fraction, way: Fraction, actual: Fraction, more: Fraction
) -> None:
    baseline = target + way
    for convention in ("baseline_target", "inverse_ratio", "growth_rate", "projected_growth"):
        better = of(convention, actual, target, baseline, direction="decrease")
        worse = of(convention, actual + more, target, baseline, direction="decrease")
        assert worse < better, convention


@given(POSITIVE, POSITIVE, POSITIVE)
def test_a_projection_at_the_targets_own_day_is_the_way_covered(
    actual: Fraction, target: Fraction, baseline: Fraction
) -> None:
    now = {"elapsed": Fraction(4), "span": Fraction(4)}
    assert of("projected_growth", actual, target, baseline, **now) == of("baseline_target", actual, target, baseline)


@given(st.data(), st.sampled_from(["linear", "milestone_interpolation"]))
def test_what_is_expected_lies_between_what_was_and_what_will_be(data: st.DataObject, how: str) -> None:
    for value in counted(data).values():
        expected, reason = expected_progress(value, how=how)
        assert (expected is None) != (reason is None)
        indicator = value.indicator
        base = indicator.baseline
        if expected is None or indicator.accumulation == "flow" or base is None or base.value is None:
            continue
        asked = [each.value if each.comparator is Comparator.EQUAL else None for each in indicator.targets]
        if any(each is None for each in asked) or indicator.measure.is_ranked or not asked:
            continue
        known = [Fraction(base.value), *(Fraction(each) for each in asked)]
        assert min(known) <= expected <= max(known)


# --- schemes --------------------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(schemes())), st.fractions(-500, 500, max_denominator=1_000), POSITIVE)
def test_every_score_has_one_rating_and_a_better_score_no_worse_one(
    name: str, points: Fraction, more: Fraction
) -> None:
    scheme = schemes()[name]
    low, high = scheme.band(points), scheme.band(points + more)
    assert low is not None
    assert high is not None
    if scheme.better == "higher":
        assert scheme.ranks[low.label] <= scheme.ranks[high.label]
    else:
        assert scheme.ranks[low.label] >= scheme.ranks[high.label]


@given(st.data(), ANY_SCHEME)
def test_points_stay_inside_floor_and_ceiling(data: st.DataObject, name: str) -> None:
    scheme = SCHEMES[name]
    low, high = scheme.achievement.floor, scheme.achievement.ceiling
    for part in score(counted(data), scheme=scheme).indicators.values():
        if part.score is None:
            continue
        assert low is None or part.score >= Fraction(low) * scheme.scale_exact
        assert high is None or part.score <= Fraction(high) * scheme.scale_exact
        inside = (low is None or part.scored.value >= Fraction(low)) and (
            high is None or part.scored.value <= Fraction(high)
        )
        assert not inside or part.score == part.scored.value * scheme.scale_exact


@given(st.data(), ANY_SCHEME)
def test_a_card_is_what_its_own_points_and_weights_make_it(data: st.DataObject, name: str) -> None:
    card = score(counted(data), scheme=SCHEMES[name])
    points = {code: part.score for code, part in card.indicators.items()}
    assert told(rescored(card, points=points)) == told(card)


@given(st.data(), ANY_SCHEME, POSITIVE)
def test_all_weights_times_a_factor_change_nothing(data: st.DataObject, name: str, factor: Fraction) -> None:
    card = score(counted(data), scheme=SCHEMES[name])
    results = card.plan.results_by_id.values()
    siblings = [[*card.plan.results], *([*each.results] for each in results), *([*each.indicators] for each in results)]
    weights = {
        each.id: Fraction(each.weight if each.weight is not None else 0 if any(o.weight for o in group) else 1) * factor
        for group in siblings
        for each in group
    }
    assert told(rescored(card, weights=weights)) == told(card)


@given(st.data(), ANY_SCHEME)
def test_what_is_left_out_gives_its_weight_to_the_others(data: st.DataObject, name: str) -> None:
    """Without the parts that were dropped, and with the weights of the others as they were, the score is the same."""
    card = score(counted(data), scheme=SCHEMES[name])
    for part in card.results.values():
        without = {each.id: Fraction(0) for each in part.dropped}
        if not without or part.score is None or (part.coverage < 1 and SCHEMES[name].steps["outcome"].min_coverage):
            continue
        assert rescored(card, weights=without)[part.id].score == part.score


@given(st.data(), ANY_SCHEME)
def test_a_part_without_weight_changes_nothing(data: st.DataObject, name: str) -> None:
    card = score(counted(data), scheme=SCHEMES[name])
    code = data.draw(st.sampled_from(sorted(card.indicators)))
    lone = rescored(card, weights={code: Fraction(0)})
    points = data.draw(st.none() | st.fractions(0, 100, max_denominator=10))
    moved = rescored(card, weights={code: Fraction(0)}, points={code: points})
    assert {key: each.score for key, each in moved.results.items()} == {
        key: each.score for key, each in lone.results.items()
    }


@given(st.data(), st.sampled_from(["baseline-target", "fcdo-annual-review", "composite-arithmetic"]))
def test_over_achievement_hides_nothing_beyond_its_weight(data: st.DataObject, name: str) -> None:
    """However far one indicator runs ahead, a result gains no more than its share of the ceiling."""
    scheme = SCHEMES[name]
    card = score(counted(data), scheme=scheme)
    ceiling = Fraction(scheme.achievement.ceiling) * scheme.scale_exact
    for part in card.results.values():
        shares = counted_shares(part)
        for each in part.indicators:
            if not each.counted or each.score is None or part.raw is None:
                continue
            best = rescored(card, points={each.id: ceiling})[part.id].raw
            assert best - part.raw == shares[each.id] * (ceiling - each.score)


@given(st.data(), ANY_SCHEME, st.fractions(0, 120, max_denominator=20))
def test_equal_parts_make_that_score(data: st.DataObject, name: str, points: Fraction) -> None:
    card = score(counted(data), scheme=SCHEMES[name])
    level = rescored(card, points=dict.fromkeys(card.indicators, points))
    for part in level.results.values():
        own = [each for each in part.indicators if each.counted]
        if part.raw is not None and own and part.source == "indicators":
            assert part.raw == points


@given(st.data(), ANY_SCHEME)
def test_more_points_never_lower_a_score(data: st.DataObject, name: str) -> None:
    card = score(counted(data), scheme=SCHEMES[name])
    code = data.draw(st.sampled_from(sorted(card.indicators)))
    before = card.indicators[code].score
    assume(before is not None)
    after = rescored(card, points={code: before + data.draw(POSITIVE)})
    for key, part in card.results.items():
        if part.score is not None:
            assert after.results[key].score >= part.score


@given(st.data(), ANY_SCHEME)
def test_every_part_of_a_result_is_counted_or_dropped_with_its_reason(data: st.DataObject, name: str) -> None:
    card = score(counted(data), scheme=SCHEMES[name])
    for part in card.results.values():
        dropped = {each.id: each for each in part.dropped}
        for each in (*part.indicators, *part.results):
            assert not (each.counted and each.id in dropped)
            if each.score is None:
                assert each.reason is not None
                assert not each.counted or SCHEMES[name].missing == "zero"
        assert all(each.reason is not None and each.share > 0 for each in part.dropped)
        assert 0 <= part.coverage <= 1
        assert (part.score is None) == (part.reason is not None)


# --- explanations ---------------------------------------------------------------------------------------------------


def recomputed(node: Explanation, how: str) -> Fraction:
    parts = [(each.value or Fraction(0), each.share) for each in node.children if each.share is not None]
    return combined(parts, how)


@given(st.data(), ANY_SCHEME)
def test_an_explanation_recomputes_every_score_from_its_parts(data: st.DataObject, name: str) -> None:
    scheme = SCHEMES[name]
    card = score(counted(data), scheme=scheme)

    def walk(part: ResultScore, node: Explanation) -> None:
        assert node.value == part.score
        parts = {each.id: each for each in (*part.indicators, *part.results) if each.counted}
        told = [each for each in node.children if each.share is not None]
        assert len(told) == len(parts)
        if part.raw is not None:
            step = scheme.steps.get(part.result.level) or scheme.steps["outcome"]
            assert sum((each.share for each in told), Fraction(0)) == 1
            assert recomputed(node, step.aggregate) == part.raw
        for each, child in zip(parts.values(), told, strict=True):
            if isinstance(each, ResultScore):
                walk(each, child)
            else:
                indicator(each, child)

    def indicator(part: IndicatorScore, node: Explanation) -> None:
        assert node.value == part.score
        numbers = {each.kind: each.value for each in node.children}
        assert numbers["actual"] == part.actual.value
        assert numbers["baseline"] == part.scored.baseline

    for top in card.plan.results:
        walk(card.results[top.id], card.results[top.id].explain())


@given(st.data())
def test_an_explanation_is_whole_as_data_and_as_text(data: st.DataObject) -> None:
    card = score(counted(data), scheme="baseline-target")
    for part in card.results.values():
        tree = part.explain()
        nodes = list(tree.walk())
        assert tree.to_text().count("\n") + 1 == len(nodes)
        assert tree.to_markdown().count("\n") + 1 == len(nodes)
        assert count_of(tree.to_dict()) == len(nodes)
        assert all(node.label and (node.shown or node.how) for node in nodes)


def count_of(told: Mapping[str, Any]) -> int:
    return 1 + sum(count_of(each) for each in told.get("children", ()))


# --- combining ------------------------------------------------------------------------------------------------------

PARTS = st.dictionaries(
    st.sampled_from("abcdef"), st.none() | st.fractions(-50, 200, max_denominator=20), min_size=1, max_size=6
)
MEANS = st.sampled_from(["mean", "geometric", "harmonic", "min"])


@given(st.data(), PARTS, MEANS, st.randoms(use_true_random=False))
def test_combining_knows_no_order_and_no_scale_of_weights(
    data: st.DataObject, parts: dict[str, Fraction | None], how: str, chance: random.Random
) -> None:
    weights = {code: data.draw(st.integers(0, 9)) for code in parts}
    first = mne.combine(parts, weights=weights, aggregate=how)
    order = list(parts)
    chance.shuffle(order)
    second = mne.combine({code: parts[code] for code in order}, weights=weights, aggregate=how)
    third = mne.combine(parts, weights={code: weight * 7 for code, weight in weights.items()}, aggregate=how)
    assert first.score == second.score == third.score
    assert first.coverage == second.coverage == third.coverage


@given(st.data(), PARTS, MEANS)
def test_combined_parts_lie_around_their_mean(data: st.DataObject, parts: dict[str, Fraction | None], how: str) -> None:
    weights = {code: data.draw(st.integers(0, 9)) for code in parts}
    told = mne.combine(parts, weights=weights, aggregate=how)
    known = [number for code, number in parts.items() if number is not None and weights[code]]
    if told.score is None:
        assert not known
        return
    assert min(known) <= told.score <= max(known) or (how in ("geometric", "harmonic") and min(known) <= 0)
    if how == "mean":
        assert told.score == sum((part.contribution or 0 for part in told.parts.values()), Fraction(0))
    assert sum((part.share for part in told.parts.values()), Fraction(0)) == 1


@given(PARTS)
def test_the_harmonic_mean_is_the_least_and_the_arithmetic_the_greatest(parts: dict[str, Fraction | None]) -> None:
    positive = {code: abs(number) + 1 for code, number in parts.items() if number is not None}
    assume(positive)
    harmonic, geometric, mean = (
        mne.combine(positive, aggregate=how).score for how in ("harmonic", "geometric", "mean")
    )
    slack = Fraction(1, 10**40)
    assert harmonic <= geometric + slack
    assert geometric <= mean + slack
    assert mne.combine(positive, aggregate="min").score <= harmonic


# --- plans ----------------------------------------------------------------------------------------------------------


@given(st.data(), ANY_SCHEME)
def test_another_indicator_changes_no_other_result(data: st.DataObject, name: str) -> None:
    """A score depends on what stands beneath it alone."""
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    until = aggregate(Observations.from_rows(rows), plan).until
    outcomes = [each for top in plan.results for each in (top, *top.results) if each.results or each.indicators]
    one = data.draw(st.sampled_from(outcomes))
    lone = plan.model_copy(update={"results": (one,)})
    lone = Logframe.model_validate(lone.model_dump())
    mine = [row for row in rows if row["indicator"] in lone.indicators]
    formulas = any(each.formula for each in lone.indicators.values())
    assume(not formulas)
    scheme: Scheme = SCHEMES[name]
    first = score(aggregate(Observations.from_rows(rows), plan, until=until), scheme=scheme)[one.id]
    second = score(aggregate(Observations.from_rows(mine), lone, until=until), scheme=scheme)[one.id]
    assert (first.score, first.rating, first.coverage) == (second.score, second.rating, second.coverage)


@given(st.data(), numbers(low=1, high=100), st.sampled_from(["flow", "running_total", "level"]))
def test_a_true_zero_is_scored_and_silence_is_not(data: st.DataObject, target: Decimal, accumulation: str) -> None:
    basis = {"basis": "cumulative"} if accumulation == "flow" else {}
    indicator = {
        "id": "I", "title": "I", "measure": "number", "unit": "person", "accumulation": accumulation,
        "baseline": {"value": 0}, "targets": [{"period": "2024-Q1", "value": target, **basis}],
    }  # fmt: skip
    plan = Logframe.model_validate(
        {
            "id": "P", "title": "P", "start": "2024-01-01", "end": "2024-12-31",
            "results": [Result.model_validate({"id": "OC", "level": "outcome", "title": "OC", "indicators": [indicator]})],
        }
    )  # fmt: skip
    row = next(iter(data.draw(observation_rows(plan, revisions=False).filter(bool))))
    zero = {**row, "indicator": "I", "value": Decimal(0), "state": "reported", "status": "submitted", "unit": None}
    with_zero = aggregate(Observations.from_rows([zero]), plan, until="2024-12-31")["I"]
    silent = aggregate(Observations.from_rows([]), plan, until="2024-12-31")["I"]
    assert (with_zero.value, silent.value, silent.state) == (0, None, "missing")
    assert mne.achievement(with_zero, rule=AchievementRule()).value == 0
    assert mne.achievement(silent, rule=AchievementRule()).value is None
