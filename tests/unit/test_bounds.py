"""What missing reports may still do to scores and ratings, on cards small enough to reckon by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from mne.errors import OptionError
from mne.logframe.model import Logframe
from mne.scores.bounds import Bounds, bounds
from mne.scores.cards import Override, Scorecard
from mne.scores.scheme import Scheme, read_scheme
from mne.scores.scorecard import rescored, score
from mne.tables.observations import Observations
from mne.values.aggregate import aggregate
from mne.values.completion import completed_value, silent_cells
from tests.builders import plan_of

F = Fraction
BOTH = [{"partner": "A"}, {"partner": "B"}]


def level(code: str, **more: Any) -> dict[str, Any]:
    """An indicator from 0 to 100 by the end of the first quarter, summed over two partners who both report it."""
    return {
        "id": code, "title": code, "measure": "number", "accumulation": "level", "baseline": {"value": "0"},
        "aggregation": {"partners": "sum"}, "assignments": BOTH,
        "targets": [{"period": "2025-Q1", "value": "100"}], **more,
    }  # fmt: skip


def row(plan: Logframe, code: str, partner: str, value: int | None, **more: Any) -> dict[str, Any]:
    period = plan.periods()[0]
    return {
        "project": plan.id, "indicator": code, "period": period.label, "period_start": period.start,
        "period_end": period.last_day, "partner": partner, "location": "_T", "category": "_T",
        "value": None if value is None else Decimal(value), "state": "reported", "status": "submitted", "revision": 0,
        "illustrative": False, **more,
    }  # fmt: skip


def card(
    plan: Logframe,
    *rows: dict[str, Any],
    scheme: str | Scheme = "baseline-target",
    overrides: tuple[Override, ...] = (),
) -> Scorecard:
    table = Observations.from_rows([{**each, "source_order": order} for order, each in enumerate(rows)])
    return score(aggregate(table, plan, until="2025-03-31"), scheme=scheme, overrides=overrides)


def scheme_of(**changes: Any) -> Scheme:
    return Scheme.model_validate({**read_scheme("baseline-target").model_dump(), **changes})


def ends(told: Bounds, code: str) -> Any:
    return told[code].low, told[code].high


# --- floor and ceiling --------------------------------------------------------------------------------------------


def test_what_is_complete_is_a_point() -> None:
    plan = plan_of(level("I1"))
    told = bounds(card(plan, row(plan, "I1", "A", 30), row(plan, "I1", "B", 45)))
    for code in ("I1", "OC"):
        bound = told[code]
        assert (bound.low, bound.high, bound.score) == (75, 75, 75)
        assert (bound.rating_low, bound.rating_high, bound.complete, bound.certain, bound.why) == (
            "B1", "B1", True, True, "",
        )  # fmt: skip
    assert "nothing is missing" in repr(told)


def test_what_is_partly_reported_may_end_anywhere_within_floor_and_ceiling() -> None:
    plan = plan_of(level("I1"), level("I2"))
    told = bounds(card(plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 40), row(plan, "I2", "A", 90)))
    assert ends(told, "I1") == (80, 80)
    assert ends(told, "I2") == (0, 120)
    assert ends(told, "OC") == (40, 100)
    assert (told["OC"].rating_low, told["OC"].rating_high) == ("B2", "A2")
    assert not told["OC"].certain
    assert not told["OC"].complete
    assert told["I1"].complete
    assert "I2" in told["OC"].why
    assert "I2 0.0 to 120.0" in repr(told)


def test_a_dropped_part_is_counted_once_it_has_come() -> None:
    plan = plan_of(level("I1"), level("I2", weight="3"), level("I3", weight="0"))
    told = card(plan, row(plan, "I2", "A", 40), row(plan, "I2", "B", 40))
    assert told["OC"].score == 80
    # I1 and I3 have no weight beside I2.
    assert ends(bounds(told), "OC") == (80, 80)
    plan = plan_of(level("I1"), level("I2"))
    told = card(plan, row(plan, "I2", "A", 40), row(plan, "I2", "B", 40))
    assert told["OC"].score == 80
    assert ends(bounds(told), "OC") == (40, 100)
    assert not bounds(told)["OC"].may_lack


def test_limits_are_taken_within_floor_and_ceiling() -> None:
    plan = plan_of(level("I1"))
    told = card(plan, row(plan, "I1", "A", 40))
    assert ends(bounds(told, limits=(F(1, 4), F(1, 2))), "OC") == (25, 50)
    assert ends(bounds(told, limits=(-3, 9)), "OC") == (0, 120)
    assert bounds(told, limits=(F(7, 10), F(8, 10)))["OC"].certain


def test_options_that_make_no_sense_are_refused() -> None:
    plan = plan_of(level("I1"))
    told = card(plan, row(plan, "I1", "A", 40))
    for wrong in ({"limits": (1, 0)}, {"cells": {"XX": (0, 1)}}, {"cells": {"I1": (5, 1)}}):
        with pytest.raises(OptionError):
            bounds(told, **wrong)  # type: ignore[arg-type]
    open_ = card(plan, row(plan, "I1", "A", 40), scheme=scheme_of(achievement={"floor": "0"}))
    with pytest.raises(OptionError):
        bounds(open_)
    assert ends(bounds(open_, limits=(0, 2)), "OC") == (0, 200)


@pytest.mark.parametrize(
    ("change", "score_"),
    [
        ({"targets": []}, None),
        ({"targets": [{"period": "2025-Q1", "value": "0"}]}, None),  # the target equals the baseline
        ({"measure": "narrative", "aggregation": {}, "targets": [], "baseline": None}, None),
    ],
)
def test_what_has_no_number_for_another_reason_stays_as_it_is(change: dict[str, Any], score_: None) -> None:
    plan = plan_of(level("I1"), level("I2", **change))
    told = bounds(card(plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 40)))
    assert ends(told, "I2") == (score_, score_)
    assert ends(told, "OC") == (80, 80)


def test_a_reason_that_only_shows_once_reported_counts_with_its_own_policy() -> None:
    plan = plan_of(level("I1"), level("I2", baseline={"status": "pending"}))
    told = card(
        plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 40), scheme=scheme_of(undefined={"no-baseline": "zero"})
    )
    assert told["OC"].score == 80
    # Unreported it is dropped; reported it has no baseline, which counts zero.
    assert ends(bounds(told), "OC") == (40, 40)
    assert not bounds(told)["OC"].complete


def test_a_line_to_cross_is_met_or_not() -> None:
    plan = plan_of(level("I1", targets=[{"period": "2025-Q1", "value": "50", "comparator": "≥"}]))
    assert ends(bounds(card(plan, row(plan, "I1", "A", 40))), "I1") == (0, 100)
    plan = plan_of(level("I1", direction="maintain", tolerance="5"))
    assert ends(bounds(card(plan, row(plan, "I1", "A", 40))), "I1") == (0, 100)


# --- what happens on the way up -----------------------------------------------------------------------------------


def tree(*own: dict[str, Any], beneath: tuple[dict[str, Any], ...]) -> Logframe:
    outputs = [{"id": "OP", "level": "output", "title": "Output", "indicators": list(beneath)}]
    return plan_of(
        results=[{"id": "OC", "level": "outcome", "title": "Outcome", "indicators": list(own), "results": outputs}]
    )


def test_minimum_coverage_is_reached_by_reports_to_come() -> None:
    scheme = scheme_of(steps={"outcome": {"source": "indicators", "min_coverage": "0.6"}})
    plan = plan_of(level("I1"), level("I2"))
    told = card(plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 40), scheme=scheme)
    assert told["OC"].score is None
    assert ends(bounds(told), "OC") == (40, 100)
    assert not bounds(told)["OC"].may_lack
    plan = plan_of(level("I1"), level("I2"), level("I3", targets=[]))
    told = card(plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 40), scheme=scheme)
    assert ends(bounds(told), "OC") == (40, 100)  # two thirds
    plan = plan_of(level("I1"), level("I2"), level("I3", targets=[]), level("I4", targets=[]))
    told = card(plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 40), scheme=scheme)
    assert ends(bounds(told), "OC") == (None, None)  # half, whatever comes
    assert bounds(told)["OC"].may_lack


def test_coverage_may_stay_below_the_minimum_where_reports_may_be_undefined() -> None:
    scheme = scheme_of(steps={"outcome": {"source": "indicators", "min_coverage": "0.6"}})
    plan = plan_of(level("I1"), level("I2", measure="percentage", unit="percent", aggregation={}))
    found = bounds(card(plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 40), scheme=scheme))["OC"]
    assert (found.low, found.high, found.may_lack, found.certain) == (40, 100, True, False)


def test_own_indicators_take_over_once_they_have_come() -> None:
    steps = {"outcome": {"source": "indicators_else_results"}, "output": {"source": "indicators"}}
    plan = tree(level("I1"), beneath=(level("I2"),))
    told = card(plan, row(plan, "I2", "A", 40), row(plan, "I2", "B", 40), scheme=scheme_of(steps=steps))
    assert told["OC"].score == 80
    found = bounds(told, limits=(0, F(1, 2)))
    # The output's 80 no longer counts, so that the score cannot but fall.
    assert ends(found, "OC") == (0, 50)
    assert ends(found, "OP") == (80, 80)


def test_own_indicators_that_may_stay_undefined_leave_both_open() -> None:
    steps = {"outcome": {"source": "indicators_else_results"}, "output": {"source": "indicators"}}
    share = level("I1", measure="percentage", unit="percent", aggregation={})
    plan = tree(share, beneath=(level("I2"),))
    told = card(plan, row(plan, "I2", "A", 40), row(plan, "I2", "B", 40), scheme=scheme_of(steps=steps))
    found = bounds(told, limits=(0, F(1, 2)))
    # 0 of 0 is undefined, and then the output's 80 counts.
    assert ends(found, "OC") == (0, 80)
    assert found["I1"].may_lack
    assert not found["OC"].may_lack


def test_what_may_stay_undefined_follows_the_policy() -> None:
    share = level("I2", measure="percentage", unit="percent", aggregation={})
    plan = plan_of(level("I1"), share)
    rows = (row(plan, "I1", "A", 40), row(plan, "I1", "B", 40))
    limits = (F(9, 10), F(1))
    # Dropped it leaves 80; counted it gives from 85 to 90.
    assert ends(bounds(card(plan, *rows), limits=limits), "OC") == (80, 90)
    told = card(plan, *rows, scheme=scheme_of(undefined={"default": "zero"}))
    assert ends(bounds(told, limits=limits), "OC") == (40, 90)
    told = card(plan, *rows, scheme=scheme_of(undefined={"default": "fail"}))
    assert ends(bounds(told, limits=limits), "OC") == (85, 90)
    assert bounds(told, limits=limits)["OC"].may_lack


def test_a_rate_that_was_carried_forward_may_give_way_to_nothing_of_nothing() -> None:
    plan = plan_of(
        level(
            "I1", measure="percentage", unit="percent", aggregation={}, missing="carry_forward", assignments=BOTH[:1]
        ),
        level("I2", measure="percentage", unit="percent", aggregation={}),
    )
    second = plan.periods()[1]
    later = {"period": second.label, "period_start": second.start, "period_end": second.last_day}
    some = {"numerator": Decimal(4), "denominator": Decimal(8)}
    rows = [row(plan, "I1", "A", None, **some), row(plan, "I2", "A", None, **some, **later)]
    table = Observations.from_rows([{**each, "source_order": order} for order, each in enumerate(rows)])
    told = bounds(score(aggregate(table, plan, until="2025-06-30"), scheme="baseline-target"))
    assert told["I1"].may_lack
    # Of I2 one partner has reported something, so that the whole can be divided whatever the other one says.
    assert not told["I2"].may_lack
    assert not told["I2"].complete


def graded(values: list[int], **step: Any) -> Scheme:
    bands = [
        {**band, "value": str(value)}
        for band, value in zip(read_scheme("baseline-target").model_dump()["bands"], values, strict=True)
    ]
    steps = {"outcome": {"source": "results", **step}, "output": {"source": "indicators", "lookup": True}}
    return scheme_of(bands=bands, steps=steps)


def test_grades_that_fall_as_scores_rise_are_looked_up_the_right_way_round() -> None:
    labels = [band.label for band in read_scheme("baseline-target").bands]
    assert labels == ["A1", "A2", "B1", "B2", "C"]
    plan = tree(beneath=(level("I1"), level("I2")))
    told = card(
        plan,
        row(plan, "I1", "A", 40),
        row(plan, "I1", "B", 40),
        row(plan, "I2", "A", 9),
        scheme=graded([1, 2, 3, 4, 5]),
    )
    # The output ends between 40 and 100 points, B2 to A2: grades 4 to 2.
    assert ends(bounds(told), "OP") == (2, 4)
    assert (bounds(told)["OP"].rating_low, bounds(told)["OP"].rating_high) == ("B2", "A2")


def test_worths_that_neither_rise_nor_fall_take_all_between() -> None:
    plan = tree(beneath=(level("I1"), level("I2")))
    told = card(
        plan,
        row(plan, "I1", "A", 40),
        row(plan, "I1", "B", 40),
        row(plan, "I2", "A", 9),
        scheme=graded([9, 2, 7, 3, 1]),
    )
    assert ends(bounds(told), "OP") == (2, 7)


@pytest.mark.parametrize(
    ("aggregate_", "expected"), [("min", (0, 80)), ("geometric", (0, None)), ("harmonic", (0, 96))]
)
def test_other_means(aggregate_: str, expected: tuple[int, int | None]) -> None:
    plan = plan_of(level("I1"), level("I2"))
    scheme = scheme_of(steps={"outcome": {"source": "indicators", "aggregate": aggregate_}})
    told = bounds(card(plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 40), scheme=scheme))["OC"]
    assert told.low == expected[0]
    if expected[1] is not None:
        assert told.high == expected[1]
    else:
        assert told.high is not None
        assert abs(told.high**2 - 80 * 120) < F(1, 10**40)


def test_gates_close_in_the_worst_case_and_only_if_they_must_in_the_best() -> None:
    gate = {"id": "g", "title": "core", "when": "core_below", "below": "0.5", "cap": "B2"}
    plan = plan_of(level("I1"), level("I2", core=True))
    rows = (row(plan, "I1", "A", 60), row(plan, "I1", "B", 60))
    told = bounds(card(plan, *rows, scheme=scheme_of(gates=[gate])), limits=(F(4, 10), F(1)))["OC"]
    # 80 to 110 points, B1 to A1; below half of the way I2 closes the gate.
    assert (told.rating_low, told.rating_high) == ("B2", "A1")
    told = bounds(card(plan, *rows, scheme=scheme_of(gates=[gate])), limits=(F(5, 10), F(1)))["OC"]
    assert (told.rating_low, told.rating_high) == ("B1", "A1")
    told = bounds(card(plan, *rows, scheme=scheme_of(gates=[gate])), limits=(F(3, 10), F(4, 10)))["OC"]
    assert (told.rating_low, told.rating_high) == ("B2", "B2")
    missing = {**gate, "when": "core_missing", "below": None}
    found = card(plan, *rows, scheme=scheme_of(gates=[missing]))
    assert found["OC"].rating == "B2"
    assert (bounds(found)["OC"].rating_low, bounds(found)["OC"].rating_high) == ("B1", "A1")


def test_a_range_that_was_left_is_no_step_back_within_bounds_either() -> None:
    gate = {"id": "g", "title": "core", "when": "core_regressed", "cap": "B2"}
    asked = [{"period": "2025-Q1", "minimum": "50", "maximum": "60", "comparator": "within"}]
    plan = plan_of(level("I1", direction="maintain", targets=asked, core=True, weight="1"), level("I2", weight="9"))
    rows = (row(plan, "I1", "A", 300), row(plan, "I1", "B", 300), row(plan, "I2", "A", 60))
    told = bounds(card(plan, *rows, scheme=scheme_of(gates=[gate])), limits=(F(1), F(12, 10)))["OC"]
    assert (told.low, told.high) == (90, 108)
    assert (told.rating_low, told.rating_high) == ("A2", "A1")


def test_a_step_back_that_another_convention_does_not_tell_may_close_the_gate() -> None:
    gate = {"id": "g", "title": "core", "when": "core_regressed", "cap": "B2"}
    over = {"convention": "actual_over_target", "floor": "0", "ceiling": "1.2"}
    plan = plan_of(level("I1", baseline={"value": "80"}, core=True))
    half = card(plan, row(plan, "I1", "A", 70), scheme=scheme_of(gates=[gate], achievement=over))
    told = bounds(half, limits=(F(7, 10), F(12, 10)))["OC"]
    # 70 of 100 is behind the 80 at the start; the second partner may still bring it to 120.
    assert (told.rating_low, told.rating_high) == ("B2", "A1")


def test_a_target_may_be_reached_where_no_growth_can_be_reckoned() -> None:
    plan = plan_of(level("I1", targets=[{"period": "2025-Q4", "value": "2.5", "kind": "final"}]))
    told = card(plan, scheme="growth-rate")
    assert told["I1"].score is None
    # From a baseline of 0 there is no rate of growth, but 2.5 or more is the target itself.
    found = bounds(told, limits=(F(0), F(1)))["I1"]
    assert (found.low, found.high, found.may_lack) == (0, 100, True)


def test_a_rating_by_a_person_stays() -> None:
    plan = plan_of(level("I1"))
    override = Override("OC", "A2", "M&E officer", "seen on site", dt.date(2025, 4, 2))
    told = bounds(card(plan, row(plan, "I1", "A", 40), overrides=(override,)))["OC"]
    assert (told.low, told.high, told.rating_low, told.rating_high) == (0, 120, "A2", "A2")


def test_other_weights_of_a_card_count() -> None:
    plan = plan_of(level("I1"), level("I2"))
    told = card(plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 40))
    assert ends(bounds(rescored(told, weights={"I1": F(3)})), "OC") == (60, 90)


# --- by cells -----------------------------------------------------------------------------------------------------


def test_a_missing_report_within_its_limits() -> None:
    plan = plan_of(level("I1"), level("I2"))
    told = card(plan, row(plan, "I1", "A", 40), row(plan, "I2", "A", 90), row(plan, "I2", "B", 0))
    found = bounds(told, cells={"I1": (20, 35)})
    assert ends(found, "I1") == (60, 75)
    assert ends(found, "OC") == (75, F(165, 2))
    assert found["I1"].certain
    # A sum cannot but rise: the score as it stands lies below its bounds.
    assert told["I1"].score == 40


def test_less_is_better_turns_the_ends() -> None:
    down = level("I1", direction="decrease", baseline={"value": "100"}, targets=[{"period": "2025-Q1", "value": "20"}])
    plan = plan_of(down)
    told = card(plan, row(plan, "I1", "A", 40))
    assert ends(bounds(told, cells={"I1": (0, 20)}), "I1") == (50, 75)


def test_a_range_is_met_by_values_between_its_ends() -> None:
    kept = level("I1", direction="maintain", targets=[{"period": "2025-Q1", "minimum": "50", "maximum": "60",
                                                       "comparator": "within"}])  # fmt: skip
    plan = plan_of(kept)
    told = card(plan, row(plan, "I1", "A", 40))
    # 40 + 0 and 40 + 30 both lie ten away from the range; 40 + 15 lies inside.
    assert ends(bounds(told, cells={"I1": (0, 30)}), "I1") == (0, 100)
    assert ends(bounds(told, cells={"I1": (5, 10)}), "I1") == (0, 100)
    assert ends(bounds(told, cells={"I1": (10, 15)}), "I1") == (100, 100)


def test_a_report_that_was_withdrawn_is_missing() -> None:
    plan = plan_of(level("I1"))
    told = card(
        plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", 9), row(plan, "I1", "B", None, state="missing", revision=7)
    )
    assert told["I1"].score == 40
    assert ends(bounds(told, cells={"I1": (10, 20)}), "I1") == (50, 60)


def test_who_was_excused_is_not_filled_in() -> None:
    plan = plan_of(level("I1"))
    told = card(plan, row(plan, "I1", "A", 40), row(plan, "I1", "B", None, state="not_applicable"))
    assert ends(bounds(told, cells={"I1": (10, 20)}), "I1") == (40, 40)


def test_cells_that_bound_nothing_give_way_to_the_limits_and_say_so() -> None:
    share = level("I1", measure="percentage", unit="percent", aggregation={})
    plan = plan_of(share)
    told = bounds(card(plan), cells={"I1": (0, 50)})["I1"]
    assert (told.low, told.high) == (0, 120)
    assert "denominators" in told.why
    plan = plan_of(level("I1", assignments=[]))
    told = bounds(card(plan), cells={"I1": (0, 50)})["I1"]
    assert (told.low, told.high, told.may_lack) == (0, 120, True)
    assert "nobody" in told.why
    plan = plan_of(level("I1", direction="decrease", baseline={"value": "200"}))
    inverse = scheme_of(achievement={"convention": "inverse_ratio", "floor": "0", "ceiling": "1.2"})
    told = bounds(card(plan, row(plan, "I1", "A", 40), scheme=inverse), cells={"I1": (-90, 50)})["I1"]
    assert (told.low, told.high) == (0, 120)
    assert "inverse" in told.why


def test_a_value_finer_than_a_report_can_hold_is_rounded_outwards() -> None:
    plan = plan_of(level("I1"))
    told = bounds(card(plan, row(plan, "I1", "A", 40)), cells={"I1": (F(1, 3), F(2, 3))})
    low, high = ends(told, "I1")
    assert low is not None
    assert high is not None
    assert F(0) <= 40 + F(1, 3) - low < F(1, 10**8)
    assert F(0) <= high - 40 - F(2, 3) < F(1, 10**8)


def test_a_flow_waits_for_every_period_and_a_level_for_the_newest() -> None:
    flow = level("I1", accumulation="flow", aggregation={}, targets=[{"period": "2025-Q2", "value": "100",
                                                                      "basis": "cumulative"}])  # fmt: skip
    plan = plan_of(flow, level("I2", targets=[{"period": "2025-Q2", "value": "100"}]))
    first, second = plan.periods()[:2]
    later = {"period": second.label, "period_start": second.start, "period_end": second.last_day}
    rows = [
        row(plan, code, partner, 10, **more)
        for code in ("I1", "I2")
        for partner, more in (("A", {}), ("A", later), ("B", later))
    ]
    table = Observations.from_rows([{**each, "source_order": order} for order, each in enumerate(rows)])
    told = score(aggregate(table, plan, until="2025-06-30"), scheme="baseline-target")
    found = bounds(told, cells={"I1": (0, 20), "I2": (0, 20)})
    assert ends(found, "I1") == (30, 50)
    assert ends(found, "I2") == (20, 20)
    assert [(reporter, period.label) for reporter, _, period in silent_cells(told.actuals["I1"])] == [
        (("B", "_T"), first.label)
    ]
    filled = completed_value(told.actuals["I1"], Decimal(5))
    assert not isinstance(filled, str)
    assert filled.value == 35
    assert told.actuals["I1"].value == 30


def test_reports_by_category_that_nothing_adds_up_may_leave_no_score() -> None:
    split = [{"dimensions": ["sex"]}]
    share = level("I1", measure="index", aggregation={"partners": "mean", "locations": "mean"}, disaggregation=split)
    told = bounds(card(plan_of(share)), cells={"I1": (0, 50)})["I1"]
    assert (told.low, told.high, told.may_lack) == (0, 50, True)
    plain = bounds(card(plan_of({**share, "disaggregation": []})), cells={"I1": (0, 50)})["I1"]
    assert (plain.low, plain.high, plain.may_lack) == (0, 50, False)
