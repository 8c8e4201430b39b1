"""Laws of how sure a score is: arrays say what the card says, and no completion of missing reports leaves the bounds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.logframe.indicator import TOTAL, MissingPolicy, category_key
from mne.logframe.model import Logframe
from mne.scores.bounds import Bounds, bounds, is_incomplete
from mne.scores.cards import Scorecard
from mne.scores.robustness import robustness
from mne.scores.scheme import Scheme
from mne.scores.scorecard import rescored, score
from mne.scores.weighing import compile_card
from mne.tables.observations import Observations, State
from mne.testing import logframes, observation_rows
from mne.values.aggregate import aggregate
from mne.values.completion import silent_cells
from mne.values.values import IndicatorValue, Values
from tests.laws.test_reference import variants

HAIR = Fraction(1, 10**40)
"""Geometric means are taken at 50 digits."""


def with_lookups() -> list[Scheme]:
    """Schemes whose ratings count above with a worth of their own, which need not grow with the score."""
    base = next(each for each in variants() if each.id == "baseline-target").model_dump()

    def scheme(values: tuple[int, ...], **more: Any) -> Scheme:
        bands = [{**band, "value": str(value)} for band, value in zip(base["bands"], values, strict=True)]
        steps = {
            level: {"source": "results_else_indicators", "lookup": True, **more}
            for level in ("impact", "outcome", "output")
        }
        return Scheme.model_validate({**base, "bands": bands, "steps": steps})

    count = len(base["bands"])
    return [
        scheme(tuple(range(count, 0, -1))),
        scheme(tuple(range(1, count + 1))),
        scheme(tuple((3 * at) % 7 for at in range(count)), min_coverage="0.5", missing="zero"),
        scheme(tuple(range(count)), source="blend", indicators="0.4", aggregate="geometric", missing="fail"),
    ]


ALL = [each for each in variants() if each.rates == "achievements"] + with_lookups()


def drawn(data: st.DataObject) -> tuple[Logframe, list[dict[str, Any]], Values]:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    return plan, rows, aggregate(Observations.from_rows(rows), plan)


# --- robustness ---------------------------------------------------------------------------------------------------


@given(st.data(), st.sampled_from(ALL))
def test_arrays_say_what_the_card_says(data: st.DataObject, scheme: Scheme) -> None:
    card = score(drawn(data)[2], scheme=scheme)
    told = compile_card(card).scores(1)
    labels = [band.label for band in scheme.ordered_bands]
    for code, part in card.results.items():
        mine = told[code]
        assert (part.score is None) == bool(np.isnan(mine.score[0])), code
        if part.score is not None:
            assert mine.score[0] == pytest.approx(float(part.score), abs=1e-6), code
        assert mine.coverage[0] == pytest.approx(float(part.coverage)), code
        assert part.computed_rating == (labels[mine.rating[0]] if mine.rating[0] >= 0 else None), code


@given(st.data(), st.sampled_from(ALL), st.lists(st.integers(0, 4), min_size=3, max_size=3))
def test_other_weights_in_arrays_give_what_the_exact_card_gives(
    data: st.DataObject, scheme: Scheme, factors: list[int]
) -> None:
    card = score(drawn(data)[2], scheme=scheme)
    chosen = data.draw(st.lists(st.sampled_from(sorted(card)), min_size=3, max_size=3, unique=True))
    shares = {code: card[code].share * factor for code, factor in zip(chosen, factors, strict=True)}
    every = {code: card[code].share for code in card}
    told = compile_card(card).scores(
        1, weights={code: np.array([float(factor)]) for code, factor in zip(chosen, factors, strict=True)}
    )
    for code, part in rescored(card, weights={**every, **shares}).results.items():
        assert (part.score is None) == bool(np.isnan(told[code].score[0])), code
        if part.score is not None and not any(step.lookup for step in scheme.steps.values()):
            assert told[code].score[0] == pytest.approx(float(part.score), abs=1e-6), code


@given(st.data(), st.sampled_from(ALL), st.integers(0, 5))
def test_robustness_is_seeded_and_adds_up(data: st.DataObject, scheme: Scheme, seed: int) -> None:
    card = score(drawn(data)[2], scheme=scheme)
    first, second = (robustness(card, draws=50, seed=seed) for _ in range(2))
    assert dict(first) == dict(second)
    for code, part in card.results.items():
        told = first[code]
        assert told.rating == part.computed_rating
        if told.low is not None:
            assert told.low <= told.middle <= told.high
        assert sum(told.ratings.values(), Fraction(0)) <= 1
        assert (told.same is None) == (part.computed_rating is None)
    still = robustness(card, draws=3, spread=0, seed=seed)
    assert all(each.same in (None, 1) for each in still.values())


@given(st.data(), st.sampled_from(ALL))
def test_a_rating_changes_beyond_its_margin_and_not_before(data: st.DataObject, scheme: Scheme) -> None:
    card = score(drawn(data)[2], scheme=scheme)
    for code, told in robustness(card, draws=1).items():
        margin = told.hangs_on
        if margin is None or told.rating is None:
            continue
        points = card.indicators[margin.indicator].score or Fraction(0)
        for edge, way in ((margin.falls_below, -1), (margin.rises_above, 1)):
            if edge is None:
                continue
            gap = abs(Fraction(edge) - points)
            for step, stays in ((gap - Fraction(1, 1000), True), (gap + Fraction(1, 1000), False)):
                if step < 0:
                    continue
                moved = rescored(card, points={margin.indicator: points + way * step}).results[code]
                assert (moved.computed_rating == told.rating) == stays or (not stays and _at_an_end(scheme, edge))


def _at_an_end(scheme: Scheme, edge: float) -> bool:
    """Whether a margin lies at the floor or ceiling, beyond which nothing is said."""
    ends = [end for end in (scheme.achievement.floor, scheme.achievement.ceiling) if end is not None]
    return any(abs(edge - float(end) * float(scheme.scale)) < 1e-3 for end in ends)


# --- bounds -------------------------------------------------------------------------------------------------------


def figures(value: IndicatorValue, draw: Any, span: tuple[int, int]) -> dict[str, Any]:
    indicator = value.indicator
    if indicator.measure.is_text:
        return {"text": "done"}
    number = draw(st.integers(*span))
    if indicator.by_denominator:
        below = draw(st.sampled_from((0, 0, 1, 7, 300)))
        return {"numerator": Decimal(min(abs(number), below)), "denominator": Decimal(below)}
    if indicator.measure == "yes_no":
        return {"value": Decimal(number % 2)}
    if indicator.measure.is_ranked:
        return {"value": Decimal(1 + number % max(len(indicator.scale), 1))}
    return {"value": Decimal(number)}


def completed(
    card: Scorecard, rows: list[dict[str, Any]], draw: Any, *, span: tuple[int, int] = (-50, 300)
) -> Scorecard:
    """The card after a report has come, with any value, for every cell that was due and is missing."""
    plan, added, gone = card.plan, [], set()
    for code, value in card.actuals.items():
        if value.indicator.formula is not None:
            continue
        silent = silent_cells(value)
        for position, each in enumerate(value.periods):
            if each.amount.state not in (State.NOT_APPLICABLE, State.NOT_DUE):
                unheard = sum(1 for _, at, _ in silent if at == position)
                coverage = each.amount.coverage
                lacking = coverage.expected - coverage.reported - coverage.left_out
                # Of a running total the last report of those who left is still expected later on.
                assert unheard == lacking or (value.indicator.accumulation == "running_total" and unheard < lacking)
        for (partner, location), _, period in silent:
            gone.add((code, partner, location, period.last_day))
            categories = [TOTAL]
            if value.indicator.disaggregation and value.indicator.missing is not MissingPolicy.PROPAGATE:
                by_sex = [category_key({"sex": sex}) for sex in "FM"]
                categories = draw(st.sampled_from((categories, categories, by_sex)))
            added += [
                {
                    "project": plan.id, "indicator": code, "period": period.label, "period_start": period.start,
                    "period_end": period.last_day, "partner": partner, "location": location, "category": category,
                    "state": "reported", "status": "accepted", "revision": 0, "illustrative": False,
                    **figures(value, draw, span),
                }
                for category in categories
            ]  # fmt: skip
    kept = [row for row in rows if tuple(row[key] for key in KEYS) not in gone]
    every = [{**row, "source_order": order} for order, row in enumerate([*kept, *added])]
    values = aggregate(Observations.from_rows(every), plan, until=card.until)
    return score(values, scheme=card.scheme, overrides=card.overrides)


KEYS = ("indicator", "partner", "location", "period_end")


def lies_within(after: Scorecard, told: Bounds) -> None:
    for code in after:
        part, bound = after[code], told[code]
        if part.score is None:
            assert bound.may_lack, f"{code} has no score: {part.reason}"
            continue
        assert bound.low is not None, f"{code} was to have no score, and has {part.score}"
        assert bound.high is not None
        assert bound.low - HAIR <= part.score <= bound.high + HAIR, code
        if part.rating is None:
            continue
        ranks = after.scheme.ranks
        assert bound.rating_low is not None, code
        assert bound.rating_high is not None, code
        assert ranks[bound.rating_low] <= ranks[part.rating] <= ranks[bound.rating_high], code


def reached(after: Scorecard) -> tuple[Fraction, Fraction]:
    """The lowest and highest achievement on a card."""
    numbers = [each.scored.value for each in after.indicators.values() if each.scored.value is not None]
    return min(numbers, default=Fraction(0)), max(numbers, default=Fraction(1))


@given(st.data(), st.sampled_from(ALL))
def test_no_completion_of_the_missing_reports_leaves_the_bounds(data: st.DataObject, scheme: Scheme) -> None:
    _, rows, values = drawn(data)
    card = score(values, scheme=scheme)
    after = completed(card, rows, data.draw)
    for code, value in after.actuals.items():
        known = silent_cells(card.actuals[code]) or not card.actuals[code].coverage.expected
        assert not is_incomplete(value) or not known or value.operands or not value.coverage.expected, code
    limits = reached(after)
    rule = scheme.achievement
    if rule.floor is not None and rule.ceiling is not None:
        lies_within(after, bounds(card))
    lies_within(after, bounds(card, limits=limits))


@given(st.data(), st.sampled_from(ALL), st.integers(-20, 150), st.integers(0, 100))
def test_no_completion_within_the_cells_leaves_their_bounds(
    data: st.DataObject, scheme: Scheme, low: int, wide: int
) -> None:
    plan, rows, values = drawn(data)
    card = score(values, scheme=scheme)
    plain = [code for code, each in plan.indicators.items() if not each.measure.is_ranked and each.measure != "yes_no"]
    after = completed(card, rows, data.draw, span=(low, low + wide))
    # A report by sex is added up, so that it may leave the limits of one report.
    cells = {code: (min(2 * low, low), 2 * (low + wide) if low + wide > 0 else low + wide) for code in plain}
    lies_within(after, bounds(card, limits=reached(after), cells=cells))


@given(st.data(), st.sampled_from(ALL))
def test_bounds_are_the_score_where_nothing_is_missing(data: st.DataObject, scheme: Scheme) -> None:
    card = score(drawn(data)[2], scheme=scheme)
    told = bounds(card, limits=(Fraction(-5), Fraction(5)))
    assert set(told) == set(card)
    for code, bound in told.items():
        assert bound.score == card[code].score
        assert bound.complete == (not bound.why)
        if bound.complete:
            assert (bound.low, bound.high) == (bound.score, bound.score)
            assert (bound.rating_low, bound.rating_high) == (card[code].rating, card[code].rating)
        if bound.low is not None and bound.high is not None:
            assert bound.low <= bound.high
