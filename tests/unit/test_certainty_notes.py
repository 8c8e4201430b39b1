"""What is said about how sure a score is: everything side by side, and nothing changed."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from mne.errors import OptionError
from mne.logframe.model import Logframe
from mne.scores.cards import Scorecard
from mne.scores.certainty import Certain, Note, certainty
from mne.scores.evidence import data_quality, disparities
from mne.scores.scheme import Scheme, read_scheme
from mne.scores.scorecard import score
from mne.tables.observations import Observations
from mne.values.aggregate import aggregate
from tests.builders import plan_of

F = Fraction


def level(code: str, **more: Any) -> dict[str, Any]:
    return {
        "id": code, "title": code, "measure": "number", "accumulation": "level", "baseline": {"value": "0"},
        "aggregation": {"partners": "sum"}, "targets": [{"period": "2025-Q1", "value": "100"}], **more,
    }  # fmt: skip


def share(code: str, **more: Any) -> dict[str, Any]:
    return {
        "id": code, "title": code, "measure": "percentage", "unit": "percent", "accumulation": "level",
        "baseline": {"value": "10"}, "targets": [{"period": "2025-Q1", "value": "60"}], **more,
    }  # fmt: skip


def row(plan: Logframe, code: str, value: Any, *, quarter: int = 1, **more: Any) -> dict[str, Any]:
    period = plan.periods()[quarter - 1]
    ratio = isinstance(value, tuple)
    return {
        "project": plan.id, "indicator": code, "period": period.label, "period_start": period.start,
        "period_end": period.last_day, "partner": "A", "location": "_T", "category": "_T",
        "value": None if ratio else Decimal(value), "numerator": Decimal(value[0]) if ratio else None,
        "denominator": Decimal(value[1]) if ratio else None, "state": "reported", "status": "submitted",
        "revision": 0, "illustrative": False, **more,
    }  # fmt: skip


def card(plan: Logframe, *rows: dict[str, Any], scheme: str | Scheme = "baseline-target", **options: Any) -> Scorecard:
    table = Observations.from_rows([{**each, "source_order": order} for order, each in enumerate(rows)])
    return score(aggregate(table, plan, **options), scheme=scheme)


def notes(entry: Certain, about: str) -> list[Note]:
    return [note for note in entry.notes if note.about == about]


def warned(entry: Certain) -> set[str]:
    return {note.about for note in entry.warnings}


# --- the whole ----------------------------------------------------------------------------------------------------


def test_a_card_without_a_doubt_warns_of_nothing_and_is_not_changed() -> None:
    plan = plan_of(level("I1"), level("I2"))
    told = card(plan, row(plan, "I1", 75), row(plan, "I2", 75))
    before = told.to_dict()
    found = certainty(told, draws=200)
    assert told.to_dict() == before
    assert list(found) == ["OC", "I1", "I2"]
    assert not any(entry.warnings for entry in found.values())
    assert (found["OC"].score, found["OC"].rating, found["OC"].coverage) == (75, "B1", 1)
    assert found["OC"].robust is found.robustness["OC"]
    assert found.bounds is not None
    assert found["I1"].bound is found.bounds["I1"]
    assert repr(found).count("\n") == 0
    assert "0 of 3" in repr(found)


def test_a_missing_report_and_an_even_choice_of_weights_are_told() -> None:
    both = [{"partner": "A"}, {"partner": "B"}]
    plan = plan_of(level("I1"), level("I2"), level("I3", assignments=both))
    told = card(plan, row(plan, "I1", 30), row(plan, "I2", 90), row(plan, "I3", 60))
    found = certainty(told, draws=500, seed=4)
    assert warned(found["OC"]) == {"bounds", "weights"}
    assert warned(found["I3"]) == {"coverage", "bounds"}
    assert found["I3"].coverage == F(1, 2)
    hinge = notes(found["OC"], "hinge")[0]
    assert found["OC"].robust is not None
    assert found["OC"].robust.hangs_on is not None
    assert found["OC"].robust.hangs_on.indicator in hinge.shown
    settled = certainty(told, draws=500, seed=4, cells={"I3": (20, 25)})
    assert settled["I3"].bound is not None
    assert (settled["I3"].bound.low, settled["I3"].bound.high) == (80, 85)
    assert warned(settled["I3"]) == {"coverage"}


def test_without_limits_there_are_no_bounds_and_a_note_says_so() -> None:
    scheme = Scheme.model_validate({**read_scheme("baseline-target").model_dump(), "achievement": {"floor": "0"}})
    plan = plan_of(level("I1", assignments=[{"partner": "A"}, {"partner": "B"}]))
    told = card(plan, row(plan, "I1", 40), scheme=scheme)
    found = certainty(told, draws=10)
    assert found.bounds is None
    assert found["OC"].bound is None
    assert notes(found["OC"], "bounds")[0].shown == "not known"
    assert certainty(told, draws=10, limits=(0, 1))["OC"].bound is not None
    with pytest.raises(OptionError):
        certainty(told, draws=10, cells={"I1": (0, 5)})
    with pytest.raises(OptionError):
        certainty(told, draws=0)


def test_a_score_that_is_not_there_is_no_error() -> None:
    plan = plan_of(level("I1", targets=[]), level("I2", measure="narrative", aggregation={}, targets=[], baseline=None))
    found = certainty(card(plan), draws=10)
    assert found["OC"].score is None
    assert warned(found["OC"]) == {"coverage"}
    assert found.to_text()


# --- surveys ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "verdict", "doubt"), [((280, 400), "met", False), ((200, 400), "not_met", False), ((248, 400), "inconclusive", True)]
)  # fmt: skip
def test_a_survey_tells_whether_it_can_tell(asked: tuple[int, int], verdict: str, *, doubt: bool) -> None:
    plan = plan_of(share("I1", survey={"design_effect": "1", "confidence": "0.95"}))
    entry = certainty(card(plan, row(plan, "I1", asked)), draws=10)["I1"]
    assert entry.verdict == verdict
    assert entry.interval is not None
    assert entry.interval.low < 100 * asked[0] / asked[1] < entry.interval.high
    assert ("survey" in warned(entry)) == doubt


def test_a_survey_without_a_sample_has_no_interval() -> None:
    plan = plan_of(share("I1", reported_as="value", survey={"confidence": "0.95"}))
    entry = certainty(card(plan, row(plan, "I1", 50)), draws=10)["I1"]
    assert (entry.interval, entry.verdict) == (None, None)
    assert notes(entry, "survey")[0].shown == "no interval"


def test_an_impossible_confidence_is_no_error_here() -> None:
    plan = plan_of(share("I1", survey={"sample_size": 100, "confidence": "1"}))
    entry = certainty(card(plan, row(plan, "I1", (5, 10))), draws=10)["I1"]
    assert entry.interval is None


# --- quality ------------------------------------------------------------------------------------------------------


def test_late_and_missing_reports_count_alike() -> None:
    both = [{"partner": "A"}, {"partner": "B"}]
    plan = plan_of(level("I1", assignments=both), reporting_lag=30)
    last = plan.periods()[0].last_day
    due, late = last + dt.timedelta(days=30), last + dt.timedelta(days=31)
    reports = [("A", 1, due), ("B", 1, late), ("A", 2, last)]
    rows = [row(plan, "I1", 5, partner=partner, quarter=quarter, reported_on=day) for partner, quarter, day in reports]
    told = card(plan, *rows)
    quality = data_quality(told.actuals["I1"], plan)
    assert (quality.reported, quality.expected, quality.on_time) == (3, 4, 2)
    assert (quality.completeness, quality.timeliness) == (F(3, 4), F(1, 2))
    assert {"timeliness", "completeness"} <= warned(certainty(told, draws=10)["I1"])


def test_reports_without_a_date_are_neither_in_time_nor_late() -> None:
    plan = plan_of(level("I1"), reporting_lag=30)
    last = plan.periods()[0].last_day
    told = card(plan, row(plan, "I1", 5, reported_on=last), row(plan, "I1", 5, partner="B"))
    quality = data_quality(told.actuals["I1"], plan)
    assert (quality.on_time, quality.undated, quality.timeliness) == (1, 1, 1)
    told = card(plan, row(plan, "I1", 5))
    assert data_quality(told.actuals["I1"], plan).timeliness is None
    plan = plan_of(level("I1"))
    told = card(plan, row(plan, "I1", 5, reported_on=last))
    assert data_quality(told.actuals["I1"], plan).timeliness is None


def test_values_far_from_the_others_are_told() -> None:
    plan = plan_of(level("I1"))
    series = [10, 11, 12, 10, 90, 11]
    told = card(plan, *(row(plan, "I1", number, quarter=at) for at, number in enumerate(series, 1)))
    quality = data_quality(told.actuals["I1"], plan)
    # Median 11, MAD 0.5: 0.6745 × 79 / 0.5 is far beyond 3.5, and 0.6745 × 1 / 0.5 = 1.35 is not.
    assert (quality.outliers, quality.method) == ((plan.periods()[4].label,), "mad")
    assert "outlier" in warned(certainty(told, draws=10)["I1"])
    few = card(plan, *(row(plan, "I1", number, quarter=at) for at, number in enumerate(series[2:], 1)))
    assert data_quality(few.actuals["I1"], plan).outliers == ()
    lax = plan_of(level("I1", thresholds={"outlier": "1000"}))
    told = card(lax, *(row(lax, "I1", number, quarter=at) for at, number in enumerate(series, 1)))
    assert data_quality(told.actuals["I1"], lax).outliers == ()


def test_of_running_totals_the_changes_are_looked_at() -> None:
    plan = plan_of(level("I1", accumulation="running_total"))
    steady = [10, 21, 31, 43, 53, 64, 74, 85]
    told = card(plan, *(row(plan, "I1", number, quarter=at) for at, number in enumerate(steady, 1)))
    assert data_quality(told.actuals["I1"], plan).outliers == ()
    leap = [10, 21, 31, 43, 953, 964, 974, 985]
    told = card(plan, *(row(plan, "I1", number, quarter=at) for at, number in enumerate(leap, 1)))
    assert data_quality(told.actuals["I1"], plan).outliers == (plan.periods()[4].label,)


# --- categories ---------------------------------------------------------------------------------------------------


def by_sex(plan: Logframe, women: tuple[int, int], men: tuple[int, int], *, quarter: int = 1) -> list[dict[str, Any]]:
    return [
        row(plan, "I1", women, quarter=quarter, category="sex=F"),
        row(plan, "I1", men, quarter=quarter, category="sex=M"),
    ]


def test_a_gap_between_rates_warns_and_one_between_counts_does_not() -> None:
    plan = plan_of(share("I1", disaggregation=[{"dimensions": ["sex"]}]))
    told = card(plan, *by_sex(plan, (30, 100), (60, 100)))
    (gap,) = disparities(told.actuals, "I1")
    assert (gap.dimension, dict(gap.categories)) == ("sex", {"F": 30, "M": 60})
    assert (gap.lowest, gap.highest, gap.gap) == ("F", "M", 30)
    assert gap.parity is not None
    assert (gap.parity.index, gap.parity.at_parity) == (F(1, 2), False)
    assert "parity" in warned(certainty(told, draws=10)["I1"])
    plan = plan_of(level("I1", disaggregation=[{"dimensions": ["sex"]}]))
    told = card(plan, row(plan, "I1", 30, category="sex=F"), row(plan, "I1", 60, category="sex=M"))
    entry = certainty(told, draws=10)["I1"]
    assert notes(entry, "parity")
    assert "parity" not in warned(entry)


def test_a_total_that_falls_while_every_category_rises_is_told() -> None:
    plan = plan_of(share("I1", disaggregation=[{"dimensions": ["sex"]}]))
    # Women from 20 to 25 %, men from 80 to 85 %; together from 74 to 31 %, as far more women were asked.
    rows = [*by_sex(plan, (20, 100), (720, 900)), *by_sex(plan, (225, 900), (85, 100), quarter=2)]
    (gap,) = disparities(card(plan, *rows).actuals, "I1")
    assert [(turn.first, turn.second, turn.rose) for turn in gap.reversals] == [
        (plan.periods()[0].label, plan.periods()[1].label, True)
    ]
    assert "reversal" in warned(certainty(card(plan, *rows), draws=10)["I1"])
    back = [*by_sex(plan, (225, 900), (85, 100)), *by_sex(plan, (20, 100), (720, 900), quarter=2)]
    (turned,) = disparities(card(plan, *back).actuals, "I1")
    assert [turn.rose for turn in turned.reversals] == [False]
    overlap = plan_of(share("I1", disaggregation=[{"dimensions": ["sex"], "relation": "overlapping"}]))
    (told,) = disparities(card(overlap, *[{**each, "project": overlap.id} for each in rows]).actuals, "I1")
    assert told.reversals == ()


def test_totals_alone_have_no_gaps() -> None:
    plan = plan_of(share("I1", disaggregation=[{"dimensions": ["sex"]}]))
    assert disparities(card(plan, row(plan, "I1", (5, 10))).actuals, "I1") == ()


# --- as text and data ---------------------------------------------------------------------------------------------


def test_it_is_told_as_text_table_and_data() -> None:
    plan = plan_of(
        level("I1"),
        share("I2", survey={}, disaggregation=[{"dimensions": ["sex"]}]),
        level("I3", assignments=[{"partner": "A"}, {"partner": "B"}]),
    )
    rows = [{**each, "indicator": "I2"} for each in by_sex(plan, (30, 100), (60, 100))]
    found = certainty(card(plan, row(plan, "I1", 40), *rows), draws=100)
    table = found.to_polars()
    assert table["id"].to_list() == list(found)
    assert table["kind"].to_list() == ["result", "indicator", "indicator", "indicator"]
    assert [set(each) for each in table["warnings"].to_list()] == [warned(entry) for entry in found.values()]
    data = json.loads(json.dumps(found.to_dict()))
    assert data["format"] == 1
    assert set(data["entries"]) == set(found)
    assert data["entries"]["I2"]["disparities"]["sex"]["gap"] == "30"
    assert data["entries"]["OC"]["weights"]["hangs_on"] is not None
    text = found.to_text()
    for entry in found.values():
        for note in entry.notes:
            assert note.shown in text


def test_the_tree_holds_every_part_once() -> None:
    plan = plan_of(level("I1"), level("I2"))
    found = certainty(card(plan, row(plan, "I1", 40)), draws=10)
    tree = found.explain()
    heads = [node.label.split()[0] for node in tree.walk() if node.kind == "certainty"][1:]
    assert heads == ["OC", "I1", "I2"]
    assert found.explain("I1").label == "I1 I1"
    assert len(found.explain("I1").children) == len(found["I1"].notes)
    with pytest.raises(OptionError):
        found.explain("nowhere")
