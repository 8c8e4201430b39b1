"""Bounds and robustness of small cards, computed by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import mne
from mne.errors import OptionError
from mne.scores.bounds import bounds
from mne.scores.robustness import robustness
from mne.scores.scheme import Scheme, schemes
from mne.scores.weighing import compile_card
from mne.tables.observations import Observations
from tests.cases.building import (
    END_Q1,
    END_Q2,
    Q1,
    Q2,
    assigned,
    flow,
    level,
    outcome,
    output,
    plan,
    row,
    rows,
    running,
    share,
)


def toward_100(id, /, **options):
    return level(id, **{"baseline": {"value": 0}, "targets": ({"period": Q1, "value": 100},), **options})


def card(*given, plan_, scheme="baseline-target", until=END_Q1, **options):
    values = mne.aggregate(Observations.from_rows(rows(*given)), plan_, until=until)
    return mne.score(values, scheme=scheme, **options)


def changed(name="baseline-target", **options):
    base = schemes()[name].model_dump()
    return Scheme.model_validate({**base, **options})


# --- bounds ---------------------------------------------------------------------------------------------------------


def test_an_indicator_that_is_missing_may_come_to_anything_between_floor_and_ceiling():
    told = bounds(
        card(
            row(Q1, 90, "A"),
            plan_=plan(toward_100("A", weight=75), toward_100("B", weight=25, assignments=assigned("A"))),
        )
    )
    # A has 90; B between 0 and 120: 0.75 × 90 + 0.25 × 0 and + 0.25 × 120
    assert (told["OC"].low, told["OC"].high, told["OC"].score) == (Fraction(135, 2), Fraction(195, 2), 90)
    assert (told["OC"].rating_low, told["OC"].rating_high, told["OC"].certain) == ("B1", "A2", False)
    assert (told["A"].low, told["A"].complete, told["A"].why) == (90, True, "")
    assert (told["B"].low, told["B"].high, told["B"].why) == (0, 120, "0 of 1 reported, between 0 and 120 % achieved")
    assert told["OC"].why == "1 of 2 indicators wait for reports: B"
    assert repr(told) == "Bounds(OC 67.5 to 97.5, B 0.0 to 120.0)"


def test_a_card_without_gaps_is_its_own_bound():
    told = bounds(card(row(Q1, 90, "A"), plan_=plan(toward_100("A"))))
    assert (told["OC"].low, told["OC"].high, told["OC"].complete, told["OC"].certain) == (90, 90, True, True)
    assert repr(told) == "Bounds(nothing is missing)"
    assert len(told) == 2


def test_what_cannot_be_scored_for_another_reason_stays_so():
    whole = plan(
        toward_100("A"),
        level("NO", assignments=assigned("A")),
        toward_100("SAME", assignments=assigned("A"), baseline={"value": 100}),
        level("WORDS", measure="narrative", unit=None, assignments=assigned("A")),
    )
    told = bounds(card(row(Q1, 90, "A"), plan_=whole))
    assert [(told[code].low, told[code].high) for code in ("NO", "SAME", "WORDS")] == [(None, None)] * 3
    assert (told["OC"].low, told["OC"].high) == (90, 90)


def test_limits_and_schemes_without_them():
    whole = plan(toward_100("A"), toward_100("B", assignments=assigned("A")))
    open_ = changed(achievement={"floor": None, "ceiling": None})
    made = card(row(Q1, 90, "A"), plan_=whole, scheme=open_)
    told = bounds(made, limits=(Fraction(-1), 2))
    assert (told["OC"].low, told["OC"].high) == (-5, 145)
    for wrong in ({}, {"limits": (2, 1)}):
        with pytest.raises(OptionError):
            bounds(made, **wrong)


def test_cells_narrow_the_bounds_to_what_reports_can_say():
    one = flow(
        baseline={"value": 0},
        assignments=assigned("A", "B"),
        targets=({"period": Q2, "value": 100, "basis": "cumulative"},),
    )
    given = (row(Q1, 20, partner="A"), row(Q1, 10, partner="B"), row(Q2, 30, partner="A"))
    made = card(*given, plan_=plan(one), until=END_Q2)
    wide, narrow = bounds(made), bounds(made, cells={"I": (5, 15)})
    assert (wide["I"].low, wide["I"].high, made["I"].score) == (0, 120, 60)
    # only B's second quarter is missing: 60 + 5 and 60 + 15
    assert (narrow["I"].low, narrow["I"].high) == (65, 75)
    assert narrow["I"].why == "3 of 4 reported, each missing report between 5 and 15"


def test_cells_of_a_running_total_and_of_a_ratio():
    total = running("T", baseline={"value": 0}, assignments=assigned("A", "B"), targets=({"period": Q1, "value": 100},))
    ratio = level(
        "R", measure="ratio", unit=None, baseline={"value": 0}, assignments=assigned("A", "B"),
        targets=({"period": Q1, "value": 1},),
    )  # fmt: skip
    given = (row(Q1, 40, "T", partner="A"), share(Q1, 1, 2, "R", partner="A"))
    told = bounds(
        card(*given, plan_=plan(total, ratio)),
        cells={"T": (Decimal(10), Decimal(20)), "R": (0, 1)},
    )
    assert (told["T"].low, told["T"].high) == (50, 60)
    assert (told["R"].low, told["R"].high) == (0, 120)
    assert told["R"].why.endswith("as ratios are pooled by denominators that are not known")


def test_cells_leave_those_alone_to_whom_it_does_not_apply():
    one = toward_100("I", assignments=assigned("A", "B", "C"))
    given = (row(Q1, 40, partner="A"), row(Q1, None, partner="C", state="not_applicable"))
    told = bounds(card(*given, plan_=plan(one)), cells={"I": (10, 20)})
    assert (told["I"].low, told["I"].high) == (50, 60)


@pytest.mark.parametrize("wrong", [{"cells": {"Z": (1, 2)}}, {"cells": {"A": (3, 2)}}])
def test_misuse_of_cells(wrong):
    made = card(row(Q1, 90, "A"), plan_=plan(toward_100("A")))
    with pytest.raises(OptionError):
        bounds(made, **wrong)


# --- robustness -----------------------------------------------------------------------------------------------------


TWO = plan(
    results=(
        outcome(
            "OC",
            results=(
                output("OP1", toward_100("A"), weight=50),
                output("OP2", toward_100("B"), toward_100("C"), weight=50),
            ),
        ),
    )
)


def test_how_often_a_rating_stays():
    # 0.5 × 95 + 0.5 × (100 + 71)/2 = 90.25: a hair above 90
    made = card(row(Q1, 95, "A"), row(Q1, 100, "B"), row(Q1, 71, "C"), plan_=TWO)
    told = robustness(made, draws=4_000, seed=7)
    assert (made["OC"].rating, told["OC"].rating) == ("A2", "A2")
    assert Fraction(4, 10) < told["OC"].same < Fraction(8, 10)
    assert set(told["OC"].ratings) == {"A2", "B1"}
    assert sum(told["OC"].ratings.values()) == 1
    assert told["OC"].low < 90 < told["OC"].high
    assert told["OC"].middle == pytest.approx(90.25, abs=0.2)
    assert told["OP1"].same == 1
    assert robustness(made, draws=4_000, seed=7)["OC"] == told["OC"]
    assert robustness(made, draws=4_000, seed=8)["OC"].same != told["OC"].same
    assert repr(told).startswith("Robustness(weights ± 25 %, 4000 draws: OC A2 in ")
    assert len(told) == 3


def test_what_a_rating_hangs_on():
    made = card(row(Q1, 95, "A"), row(Q1, 100, "B"), row(Q1, 71, "C"), plan_=TWO)
    margin = robustness(made, draws=1)["OC"].hangs_on
    # without B: 0.5 × 95 + 0.5 × 71 = 83, another rating; without C 97.5 and without A 85.5
    assert (margin.indicator, margin.rating, margin.change) == ("B", "B1", pytest.approx(-7.25))
    # B may lose 4 × 0.25 = 1 point, and would have to gain 4 × 9.75, more than the ceiling of 120 allows
    assert margin.falls_below == pytest.approx(99, abs=1e-6)
    assert margin.rises_above is None
    alone = robustness(made, draws=1)["OP1"].hangs_on
    assert (alone.indicator, alone.change, alone.rating) == ("A", None, None)
    assert (alone.falls_below, alone.rises_above) == (pytest.approx(90), pytest.approx(100))


def test_weights_do_not_matter_where_all_is_equal_or_nothing_is_scored():
    same = robustness(card(row(Q1, 70, "A"), row(Q1, 70, "B"), row(Q1, 70, "C"), plan_=TWO), draws=100)
    assert (same["OC"].same, same["OC"].low, same["OC"].high) == (1, pytest.approx(70), pytest.approx(70))
    none = robustness(card(plan_=TWO), draws=10)
    assert (none["OC"].same, none["OC"].hangs_on, none["OC"].low, dict(none["OC"].ratings)) == (None, None, None, {})
    still = robustness(card(row(Q1, 95, "A"), row(Q1, 100, "B"), row(Q1, 71, "C"), plan_=TWO), spread="0", draws=5)
    assert still["OC"].same == 1


@pytest.mark.parametrize("wrong", [{"spread": 2}, {"spread": -0.1}, {"spread": "much"}, {"draws": 0}, {"spread": None}])
def test_misuse_of_robustness(wrong):
    with pytest.raises(OptionError):
        robustness(card(row(Q1, 95, "A"), plan_=TWO), **wrong)


def test_arrays_round_and_compare_like_the_card():
    halves = changed(
        rounding={"digits": 0, "mode": "half_even"},
        bands=[
            {"label": "high", "lower": 80, "status": "met"},
            {"label": "more", "above": 50, "status": "on_track"},
            {"label": "low", "status": "off_track"},
        ],
    )
    made = card(row(Q1, 95, "A"), plan_=plan(toward_100("A")), scheme=halves)
    points = np.array([79.5, 78.5, 80.5, 50.0, 50.4, 50.6, -3.0, np.nan])
    told = compile_card(made).scores(len(points), points={"A": points})["OC"]
    assert told.rating.tolist() == [2, 1, 2, 0, 0, 1, 0, -1]
    up = changed(rounding={"digits": 1, "mode": "half_up"}, bands=[{"label": "a", "lower": "0.2", "status": "met"},
                                                                  {"label": "b", "status": "off_track"}])  # fmt: skip
    made = card(row(Q1, 95, "A"), plan_=plan(toward_100("A")), scheme=up)
    told = compile_card(made).scores(3, points={"A": np.array([0.15, 0.149, 0.25])})["OC"]
    assert told.rating.tolist() == [1, 0, 1]
