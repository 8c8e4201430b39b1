"""How much ratings depend on weights, and what they hang on, on cards small enough to reckon by hand."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from benchmarks.robustness import by_hand, card_of
from mne.errors import OptionError
from mne.logframe.model import Logframe
from mne.scores.cards import Scorecard
from mne.scores.robustness import robustness
from mne.scores.scheme import Scheme, read_scheme
from mne.scores.scorecard import score
from mne.scores.weighing import compile_card
from mne.tables.observations import Observations
from mne.values.aggregate import aggregate
from tests.builders import plan_of

F = Fraction


def level(code: str, **more: Any) -> dict[str, Any]:
    """An indicator that goes from 0 to 100 by the end of the project's first quarter."""
    return {
        "id": code, "title": code, "measure": "number", "accumulation": "level", "baseline": {"value": "0"},
        "targets": [{"period": "2025-Q1", "value": "100"}], **more,
    }  # fmt: skip


def card(plan: Logframe, scheme: str | Scheme = "baseline-target", **actuals: str | int) -> Scorecard:
    period = plan.periods()[0]
    rows = [
        {
            "project": plan.id, "indicator": code, "period": period.label, "period_start": period.start,
            "period_end": period.last_day, "partner": "A", "location": "_T", "category": "_T",
            "value": Decimal(str(number)), "state": "reported", "status": "submitted", "revision": 0,
            "illustrative": False, "source_order": order,
        }
        for order, (code, number) in enumerate(actuals.items())
    ]  # fmt: skip
    return score(aggregate(Observations.from_rows(rows), plan), scheme=scheme)


def scheme_of(**changes: Any) -> Scheme:
    return Scheme.model_validate({**read_scheme("baseline-target").model_dump(), **changes})


# --- draws --------------------------------------------------------------------------------------------------------


def test_two_equal_weights_can_be_reckoned_by_hand() -> None:
    # (w1·40 + w2·80) / (w1 + w2) is at least 60 when w2 ≥ w1: in half of all draws.
    told = robustness(card(plan_of(level("I1"), level("I2")), I1=40, I2=80), draws=20_000)["OC"]
    assert told.rating == "B1"
    assert told.same is not None
    assert abs(told.same - F(1, 2)) < F(2, 100)
    assert set(told.ratings) == {"B1", "B2"}
    assert sum(told.ratings.values()) == 1
    # w2/(w1+w2) is at most 1.25/2: the score stays within 55 and 65.
    assert told.low is not None
    assert told.high is not None
    assert 55 < told.low < 60 < told.high < 65
    assert told.middle == pytest.approx(60, abs=0.1)


def test_without_spread_every_draw_is_the_card() -> None:
    told = robustness(card(plan_of(level("I1"), level("I2")), I1=40, I2=80), spread=0, draws=7)["OC"]
    assert told.same == 1
    assert (told.low, told.middle, told.high) == pytest.approx((60, 60, 60))


def test_a_seed_gives_one_answer_and_another_seed_another() -> None:
    told = card(plan_of(level("I1"), level("I2")), I1=40, I2=80)
    first, again, other = robustness(told, seed=1), robustness(told, seed=1), robustness(told, seed=2)
    assert dict(first) == dict(again)
    assert first["OC"].ratings != other["OC"].ratings


def test_the_first_draws_do_not_depend_on_how_many_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    told = card(plan_of(level("I1"), level("I2")), I1=40, I2=80)
    whole = robustness(told, draws=1000)
    monkeypatch.setattr("mne.scores.robustness._BLOCK", 64)
    assert dict(robustness(told, draws=1000)) == dict(whole)


def test_draws_agree_with_a_loop_by_hand() -> None:
    told = card_of(30)
    ours = robustness(told, draws=500, seed=3)
    for code, counts in by_hand(told, 500, 3).items():
        assert {label: share * 500 for label, share in ours[code].ratings.items()} == dict(counts), code


def test_weights_of_results_vary_too() -> None:
    plan = plan_of(
        results=[
            {
                "id": "G", "level": "impact", "title": "Goal",
                "results": [
                    {"id": "OC1", "level": "outcome", "title": "One", "indicators": [level("I1")]},
                    {"id": "OC2", "level": "outcome", "title": "Two", "indicators": [level("I2")]},
                ],
            }
        ]
    )  # fmt: skip
    told = robustness(card(plan, I1=40, I2=80), draws=2000)
    assert told["OC1"].same == told["OC2"].same == 1
    assert told["G"].same is not None
    assert F(45, 100) < told["G"].same < F(55, 100)


def test_on_an_edge_the_exact_score_decides() -> None:
    # Three thirds of 60 are 60 whatever the weights, and 60 is where B1 begins; floats give 59.99999999999999 at times.
    plan = plan_of(*(level(f"I{number}", weight=str(number)) for number in (1, 3, 7)))
    assert robustness(card(plan, I1=60, I3=60, I7=60))["OC"].ratings == {"B1": 1}
    just_below = "59.999999999"
    told = card(plan, I1=just_below, I3=just_below, I7=just_below)
    assert told["OC"].computed_rating == "B2"
    assert robustness(told)["OC"].ratings == {"B2": 1}
    # A1 begins above 100, so that 100 itself is A2.
    assert robustness(card(plan, I1=100, I3=100, I7=100))["OC"].ratings == {"A2": 1}


@pytest.mark.parametrize("aggregate_", ["mean", "geometric", "harmonic", "min"])
@pytest.mark.parametrize("lookup", [False, True])
def test_every_mean_is_compiled(aggregate_: str, lookup: bool) -> None:
    bands = [
        {**band, "value": str(10 * at)} for at, band in enumerate(read_scheme("baseline-target").model_dump()["bands"])
    ]
    step = {"source": "blend", "indicators": "0.3", "aggregate": aggregate_, "lookup": lookup}
    scheme = scheme_of(bands=bands, steps={"outcome": step, "output": {"source": "indicators"}})
    plan = plan_of(
        results=[
            {
                "id": "OC", "level": "outcome", "title": "Outcome", "indicators": [level("I1"), level("I2")],
                "results": [{"id": "OP", "level": "output", "title": "Output", "indicators": [level("I3")]}],
            }
        ]
    )  # fmt: skip
    told = card(plan, scheme, I1=40, I2=90, I3=75)
    assert told["OC"].score is not None
    mine = compile_card(told).scores(2)["OC"]
    assert mine.score == pytest.approx([float(told["OC"].score)] * 2)


def test_a_card_without_scores_has_no_shares() -> None:
    told = robustness(card(plan_of(level("I1"))), draws=10)["OC"]
    assert (told.rating, told.same, dict(told.ratings), told.low, told.hangs_on) == (None, None, {}, None, None)
    assert "no ratings" in repr(robustness(card(plan_of(level("I1"))), draws=10))


def test_a_lookup_without_bands_keeps_the_score() -> None:
    scheme = scheme_of(bands=[], steps={"outcome": {"source": "indicators", "lookup": True}})
    told = compile_card(card(plan_of(level("I1")), scheme, I1=40)).scores(1)["OC"]
    assert told.score[0] == pytest.approx(40)
    assert told.rating[0] == -1


def test_options_that_make_no_sense_are_refused() -> None:
    told = card(plan_of(level("I1")), I1=40)
    for wrong in ({"spread": "much"}, {"spread": 2}, {"spread": -1}, {"spread": math.nan}, {"draws": 0}, {"seed": -1}):
        with pytest.raises(OptionError):
            robustness(told, **wrong)
    with pytest.raises(OptionError):
        robustness(told, draws=2.5)  # type: ignore[arg-type]
    assert robustness(told, spread=0.25, draws=3).spread == F(1, 4)


# --- what a rating hangs on ---------------------------------------------------------------------------------------


def test_a_rating_hangs_on_the_indicator_that_changes_it() -> None:
    # 50, 70 and 75 are 65, B1. Without 75 they are 60, still B1; without 70 62.5; without 50 72.5. With 30 and 95:
    told = robustness(card(plan_of(level("I1"), level("I2"), level("I3")), I1=30, I2=60, I3=95), draws=10)["OC"]
    margin = told.hangs_on
    # (30 + 60 + 95) / 3 = 61.67; without I3 it is 45, B2; without I1 77.5, B1; without I2 62.5, B1.
    assert margin is not None
    assert margin.indicator == "I3"
    assert margin.rating == "B2"
    assert margin.change == pytest.approx(45 - 185 / 3)
    # 60 needs 90 of it: 5 points less; 90 would need 180, above the ceiling of 120.
    assert margin.falls_below == pytest.approx(90, abs=1e-5)
    assert margin.may_fall == pytest.approx(0.05, abs=1e-5)
    assert margin.rises_above is None
    assert margin.may_rise is None
    assert margin.decides


def test_of_equals_the_first_by_id_counts() -> None:
    told = robustness(card(plan_of(level("I2"), level("I1"), level("I3")), I1=40, I2=40, I3=40), draws=10)["OC"]
    assert told.hangs_on is not None
    assert told.hangs_on.indicator == "I1"
    assert told.hangs_on.change == pytest.approx(0)


def test_a_single_indicator_leaves_no_score_behind() -> None:
    margin = robustness(card(plan_of(level("I1")), I1=75), draws=10)["OC"].hangs_on
    assert margin is not None
    assert (margin.change, margin.rating) == (None, None)
    assert margin.falls_below == pytest.approx(60, abs=1e-5)
    assert margin.rises_above == pytest.approx(90, abs=1e-5)
    assert (margin.may_fall, margin.may_rise) == pytest.approx((0.15, 0.15), abs=1e-5)


def test_a_margin_is_looked_for_beyond_where_a_scheme_has_no_limits() -> None:
    scheme = scheme_of(achievement={"floor": None, "ceiling": None})
    margin = robustness(card(plan_of(level("I1"), level("I2")), scheme, I1=75, I2=75), draws=10)["OC"].hangs_on
    assert margin is not None
    assert margin.rises_above == pytest.approx(105, abs=1e-5)
    assert margin.falls_below == pytest.approx(45, abs=1e-5)


def test_the_table_has_a_row_for_every_result() -> None:
    told = robustness(card_of(20), draws=100)
    table = told.to_polars()
    assert table["id"].to_list() == list(told)
    assert table["same"].to_list() == [float(each.same) for each in told.values() if each.same is not None]
    assert np.all(table["score_5"].to_numpy() <= table["score_95"].to_numpy())
    assert repr(told).count("\n") == 0


def test_ten_thousand_draws_of_a_quarter_and_one_seed_unless_told_otherwise() -> None:
    told = card(plan_of(level("I1"), level("I2", weight="3")), I1=30, I2=90)
    assert robustness(told) == robustness(told, spread="0.25", draws=10_000, seed=0)
    assert (robustness(told).draws, robustness(told).seed) == (10_000, 0)
