"""Laws of how sure a score is: arrays say what the card says, and no completion of missing reports leaves the bounds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.logframe.model import Logframe
from mne.scores.bounds import bounds, is_incomplete
from mne.scores.robustness import robustness
from mne.scores.scheme import Scheme
from mne.scores.scorecard import rescored, score
from mne.scores.weighing import compile_card
from mne.tables.observations import Observations, State
from mne.testing import logframes, observation_rows
from mne.values.aggregate import aggregate
from mne.values.values import IndicatorValue, Values
from tests.laws.test_reference import variants

ALL = [each for each in variants() if each.rates == "achievements"]
LIMITED = [each for each in ALL if each.achievement.floor is not None and each.achievement.ceiling is not None]


def drawn(data: st.DataObject) -> tuple[Logframe, list[dict[str, Any]], Values]:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    return plan, rows, aggregate(Observations.from_rows(rows), plan)


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


@given(st.data(), st.sampled_from(ALL))
def test_without_an_indicator_arrays_say_what_the_card_without_it_says(data: st.DataObject, scheme: Scheme) -> None:
    card = score(drawn(data)[2], scheme=scheme)
    code = data.draw(st.sampled_from(sorted(card.indicators)))
    told = compile_card(card).scores(1, weights={code: np.zeros(1)})
    for key, part in rescored(card, weights={code: Fraction(0)}).results.items():
        assert (part.score is None) == bool(np.isnan(told[key].score[0]))
        assert part.score is None or told[key].score[0] == pytest.approx(float(part.score), abs=1e-6)


@given(st.data(), st.sampled_from(ALL), st.integers(0, 5))
def test_robustness_is_seeded_and_adds_up(data: st.DataObject, scheme: Scheme, seed: int) -> None:
    card = score(drawn(data)[2], scheme=scheme)
    first, second = (robustness(card, draws=50, seed=seed) for _ in range(2))
    assert dict(first) == dict(second)
    for code, part in card.results.items():
        told = first[code]
        assert told.rating == part.computed_rating
        if part.raw is not None and part.computed_rating is not None and first[code].low is not None:
            assert told.low <= told.middle <= told.high
        assert sum(told.ratings.values(), Fraction(0)) <= 1
    still = robustness(card, draws=3, spread=0, seed=seed)
    assert all(each.same in (None, 1) for each in still.values())


def whole_report(value: IndicatorValue, plan: Logframe, draw: st.DrawFn) -> list[dict[str, Any]]:
    """A report, with any value, for every cell that was due and is missing."""
    indicator, rows = value.indicator, []
    frame = value.rows
    heard = set() if frame is None else set(frame.select("partner", "location", "plan_period").iter_rows())
    ever = sorted({each[:2] for each in heard})
    for at, each in enumerate(value.periods):
        if each.amount.state in (State.NOT_APPLICABLE, State.NOT_DUE):
            continue
        due = plan.expected_reporters(indicator, each.period) if indicator.assignments else ever
        for partner, location in due:
            if (partner, location, at) in heard:
                continue
            number = draw(st.integers(0, 300))
            if indicator.by_denominator:
                below = draw(st.integers(1, 300))
                figures = {"numerator": Decimal(min(number, below)), "denominator": Decimal(below)}
            elif indicator.measure == "yes_no":
                figures = {"value": Decimal(number % 2)}
            elif indicator.measure.is_ranked:
                figures = {"value": Decimal(1 + number % max(len(indicator.scale), 1))}
            else:
                figures = {"value": Decimal(number)}
            rows.append(
                {
                    "project": plan.id,
                    "indicator": indicator.id,
                    "period": each.period.label,
                    "period_start": each.period.start,
                    "period_end": each.period.last_day,
                    "partner": partner,
                    "location": location,
                    "category": "_T",
                    "state": "reported",
                    "status": "accepted",
                    "revision": 99,
                    "illustrative": False,
                    **figures,
                }
            )
    return rows


@given(st.data(), st.sampled_from(LIMITED))
def test_no_completion_of_the_missing_reports_leaves_the_bounds(data: st.DataObject, scheme: Scheme) -> None:
    plan, rows, values = drawn(data)
    card = score(values, scheme=scheme)
    told = bounds(card)
    added = [
        row
        for value in values.values()
        if value.indicator.formula is None and not value.indicator.measure.is_text
        for row in whole_report(value, plan, data.draw)
    ]
    every = [{**row, "source_order": order} for order, row in enumerate([*rows, *added])]
    after = score(aggregate(Observations.from_rows(every), plan, until=values.until), scheme=scheme)
    for code, part in after.results.items():
        still_open = [
            each.id
            for result in part.result.walk()
            for each in result.indicators
            if is_incomplete(after.actuals[each.id]) and told[each.id].why
        ]
        if still_open or part.score is None:
            continue  # nobody is known to be due, so that no report could be added
        assert told[code].low <= part.score <= told[code].high, code


@given(st.data(), st.sampled_from(LIMITED))
def test_bounds_hold_the_score_and_are_the_score_where_nothing_is_missing(data: st.DataObject, scheme: Scheme) -> None:
    card = score(drawn(data)[2], scheme=scheme)
    told = bounds(card)
    assert set(told) == set(card)
    for code, bound in told.items():
        assert bound.score == card[code].score
        if bound.complete:
            assert (bound.low, bound.high) == (bound.score, bound.score)
        if bound.low is not None and bound.high is not None:
            assert bound.low <= bound.high
    for code, part in card.indicators.items():
        if part.score is not None:
            assert told[code].low <= part.score <= told[code].high
