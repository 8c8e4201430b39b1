"""Values by category, partner and place: margins, both totals, and what nobody reported."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

import mne
from mne.errors import OptionError
from mne.scores.achievement import achievement
from mne.scores.categories import category_achievements
from mne.scores.scheme import AchievementRule
from mne.tables.observations import Observations
from mne.tables.reasons import Reason
from mne.values.breakdown import breakdown, marginals
from tests.cases.building import (
    AGE,
    END_Q1,
    END_Q2,
    PROJECT,
    Q1,
    Q2,
    SEX,
    assigned,
    flow,
    level,
    plan,
    row,
    rows,
    running,
    share,
)

SEX_SPLIT = ({"dimensions": ["sex"]},)
CROSSED = ({"dimensions": ["sex", "age"]},)


def counted(one, *given, until=None, **options):
    return mne.aggregate(Observations.from_rows(rows(*given)), plan(one, **options), until=until)


def told(parts):
    return {code: value.value for code, value in parts.items()}


def test_margins_of_a_crossed_table():
    # UNICEF's portal, test of its disaggregation: rows 10 and 10, columns 7, 11 and 2 (here two ages).
    cells = {"sex=F|age=young": 3, "sex=F|age=old": 7, "sex=M|age=young": 4, "sex=M|age=old": 6}
    values = counted(flow(disaggregation=CROSSED), *(row(Q1, number, category=code) for code, number in cells.items()))
    margins = marginals(values, "I", ["sex", "age"])
    assert told(margins["sex",]) == {"sex=F": 10, "sex=M": 10}
    assert told(margins["age",]) == {"age=young": 7, "age=old": 13}
    assert told(margins["sex", "age"]) == cells
    assert values["I"].value == 20
    assert margins["sex",].agrees is None  # nobody entered a total


def test_margins_of_ratios_are_pooled():
    cells = {"sex=F|age=young": (3, 10), "sex=F|age=old": (5, 10), "sex=M|age=young": (4, 20), "sex=M|age=old": (0, 0)}
    one = level(measure="ratio", unit=None, disaggregation=CROSSED)
    values = counted(one, *(share(Q1, above, below, category=code) for code, (above, below) in cells.items()))
    assert told(breakdown(values, "I", "sex")) == {"sex=F": Fraction(8, 20), "sex=M": Fraction(4, 20)}
    assert told(breakdown(values, "I", "age")) == {"age=young": Fraction(7, 30), "age=old": Fraction(5, 10)}
    assert values["I"].value == Fraction(12, 40)
    both = breakdown(values, "I", ("sex", "age"))
    assert (both["sex=M|age=old"].value, both["sex=M|age=old"].state) == (None, "undefined")


def test_an_entered_total_stays_beside_the_sum_of_parts():
    given = (row(Q1, 999), row(Q1, 3, category="sex=F"), row(Q1, 4, category="sex=M"))
    values = counted(flow(disaggregation=({"dimensions": ["sex"]},)), *given)
    parts = breakdown(values, "I", "sex")
    assert (parts.total.value, parts.entered.value, parts.parts.value, parts.agrees) == (999, 999, 7, False)
    assert told(parts) == {"sex=F": 3, "sex=M": 4}
    agreed = breakdown(counted(flow(disaggregation=({"dimensions": ["sex"]},)), row(Q1, 7), *given[1:]), "I", "sex")
    assert agreed.agrees is True


def test_what_nobody_reported_is_missing_and_not_zero():
    values = counted(flow(disaggregation=({"dimensions": ["sex"]},)), row(Q1, 3, category="sex=F"))
    parts = breakdown(values, "I", "sex")
    assert (parts["sex=F"].value, parts["sex=M"].value, parts["sex=M"].state) == (3, None, "missing")
    assert list(parts) == ["sex=F", "sex=M"]
    assert repr(parts) == "Breakdown(I by sex: 1 of 2 have a value)"


def test_as_a_table():
    values = counted(
        flow(disaggregation=SEX_SPLIT), row(Q1, 9), row(Q2, 3, category="sex=F"), row(Q2, 4, category="sex=M")
    )
    table = breakdown(values, "I", "sex").to_polars()
    to_date = table.filter(table["period"].is_null())
    assert to_date.select("kind", "part", "value_exact").rows() == [
        ("part", "sex=F", "3"),
        ("part", "sex=M", "4"),
        ("total", None, "16"),
        ("entered_total", None, "9"),
        ("sum_of_parts", None, "7"),
    ]
    first = table.filter(table["period"] == Q1)
    assert first["value"].to_list() == [None, None, 9, 9, None]
    assert first["state"].to_list() == ["missing", "missing", "reported", "reported", "missing"]
    assert set(table["indicator"]) == {"I"}
    parts = breakdown(values, "I", "sex")
    assert parts.to_pandas().shape == table.shape
    assert parts.to_arrow().num_rows == table.height == 15


def test_a_group_called_the_whole_is_not_the_total():
    values = counted(flow(), row(Q1, 1, location="north"), row(Q1, 2))
    table = breakdown(values, "I", "location").to_polars()
    to_date = table.filter(table["period"].is_null()).select("kind", "part", "value").rows()
    assert to_date[:4] == [("part", "north", 1), ("part", "south", None), ("part", "_T", 2), ("total", None, 3)]


def test_the_split_that_is_declared_first_gives_the_part():
    one = flow(disaggregation=({"dimensions": ["sex"]}, {"dimensions": ["sex", "age"]}))
    given = (row(Q1, 5, category="sex=F"), row(Q1, 2, category="sex=F|age=young"), row(Q1, 2, category="sex=F|age=old"))
    values = counted(one, *given)
    assert breakdown(values, "I", "sex")["sex=F"].value == 5  # not 9, and not 4
    assert breakdown(values, "I", ("sex", "age"))["sex=F|age=old"].value == 2
    assert breakdown(values, "I", "age")["age=old"].value == 2
    other = counted(flow(disaggregation=tuple(reversed(one.disaggregation))), *given)
    assert breakdown(other, "I", "sex")["sex=F"].value == 4


@pytest.mark.parametrize(("first", "expected"), [("age", 5), ("place", 7)])
def test_of_two_finer_splits_the_first_counts(first, expected):
    splits = [{"dimensions": ["sex", "age"]}, {"dimensions": ["sex", "place"]}]
    one = flow(disaggregation=tuple(sorted(splits, key=lambda split: first not in split["dimensions"])))
    place = {"id": "place", "title": "Place", "codes": ({"id": "in", "title": "In"}, {"id": "out", "title": "Out"})}
    cells = {"sex=F|age=young": 2, "sex=F|age=old": 3, "sex=F|place=in": 3, "sex=F|place=out": 4}
    values = counted(
        one, *(row(Q1, number, category=code) for code, number in cells.items()), dimensions=(SEX, AGE, place)
    )
    assert breakdown(values, "I", "sex")["sex=F"].value == expected


def test_a_category_reported_in_another_order_is_the_same_one():
    values = counted(flow(disaggregation=CROSSED), row(Q1, 3, category="age=old|sex=F"))
    assert told(breakdown(values, "I", ["age", "sex"]))["sex=F|age=old"] == 3
    assert breakdown(values, "I", ["age", "sex"]).by == ("age", "sex")


def test_overlapping_categories_stand_side_by_side():
    one = flow(disaggregation=({"dimensions": ["sex"], "relation": "overlapping"},))
    values = counted(one, row(Q1, 5), row(Q1, 4, category="sex=F"), row(Q1, 3, category="sex=M"))
    parts = breakdown(values, "I", "sex")
    assert told(parts) == {"sex=F": 4, "sex=M": 3}
    assert (parts.parts.value, str(parts.parts.reason), parts.agrees) == (None, "not-aggregable", None)


def test_parts_of_an_overlapping_part_are_not_summed():
    cells = (row(Q1, 4, category="sex=F|age=young"), row(Q1, 3, category="sex=F|age=old"))
    crossed = ({"dimensions": ["sex", "age"], "relation": "overlapping"},)
    people = flow(disaggregation=crossed, aggregation={"categories": "sum"}, counts="unique")
    part = breakdown(counted(people, *cells), "I", "sex")["sex=F"]
    assert (part.value, str(part.reason)) == (None, "not-aggregable")
    services = flow(disaggregation=crossed, aggregation={"categories": "sum"}, counts="services")
    assert breakdown(counted(services, *cells), "I", "sex")["sex=F"].value == 7


def test_weights_are_those_of_the_reported_categories():
    rules = {"categories": "weighted_mean", "weights": {"sex=F|age=young": 3, "sex=F|age=old": 1}}
    one = level(measure="index", unit=None, disaggregation=CROSSED, aggregation=rules)
    values = counted(one, row(Q1, 4, category="sex=F|age=young"), row(Q1, 8, category="sex=F|age=old"))
    assert breakdown(values, "I", "sex")["sex=F"].value == 5


def test_where_all_parts_are_asked_for_those_of_the_margin_are():
    one = flow(missing="propagate", disaggregation=CROSSED)
    cells = {"sex=F|age=young": 3, "sex=F|age=old": 7, "sex=M|age=young": 4}
    parts = breakdown(counted(one, *(row(Q1, number, category=code) for code, number in cells.items())), "I", "sex")
    assert (parts["sex=F"].value, parts["sex=M"].value, str(parts["sex=M"].reason)) == (10, None, "incomplete")


def test_who_reports_the_whole_has_not_reported_a_zero():
    one = flow(missing="zero", disaggregation=SEX_SPLIT, assignments=assigned("A", "B"))
    values = counted(one, row(Q1, 9, partner="A"), row(Q2, 4, partner="A", category="sex=F"), until=END_Q2)
    parts = breakdown(values, "I", "sex")
    assert [each.amount.value for each in parts["sex=F"].periods] == [0, 4]  # B said nothing, and counts as 0
    only = flow(missing="zero", disaggregation=SEX_SPLIT, assignments=assigned("A"))
    alone = breakdown(counted(only, row(Q1, 9, partner="A")), "I", "sex")
    assert (alone["sex=F"].value, str(alone["sex=F"].reason)) == (None, "no-reports")
    assert (alone.entered.value, alone.parts.value, alone.agrees) == (9, None, None)


def test_who_reports_the_whole_is_expected_to_report_the_part():
    values = counted(flow(disaggregation=SEX_SPLIT), row(Q1, 9, partner="A"), row(Q1, 4, partner="B", category="sex=F"))
    parts = breakdown(values, "I", "sex")
    assert [str(parts[code].coverage) for code in parts] == ["1 of 2", "0 of 2"]
    assert str(parts.entered.coverage) == str(parts.parts.coverage) == "1 of 2"


def test_totals_are_held_against_parts_report_by_report():
    given = (row(Q1, 7, partner="A"), row(Q1, 3, partner="A", category="sex=F"), row(Q1, 5, partner="B"))
    one = flow(disaggregation=SEX_SPLIT)
    assert breakdown(counted(one, *given), "I", "sex").agrees is None  # A did not tell all its parts
    whole = row(Q1, 4, partner="A", category="sex=M")
    assert breakdown(counted(one, *given, whole), "I", "sex").agrees is True  # and B told none
    wrong = (row(Q1, 6, partner="B", category="sex=F"), row(Q1, 0, partner="B", category="sex=M"))
    off = breakdown(counted(one, *given, whole, *wrong), "I", "sex")
    assert (off.agrees, off.entered.value, off.parts.value) == (False, 12, 13)


def test_the_sum_of_parts_is_that_of_the_dimensions_asked_for():
    one = flow(disaggregation=({"dimensions": ["sex"]}, {"dimensions": ["age"]}))
    cells = {"_T": 10, "sex=F": 4, "sex=M": 6, "age=young": 4, "age=old": 5}
    values = counted(one, *(row(Q1, number, category=code) for code, number in cells.items()))
    by_sex, by_age = breakdown(values, "I", "sex"), breakdown(values, "I", "age")
    assert (by_sex.parts.value, by_sex.agrees) == (10, True)
    assert (by_age.parts.value, by_age.agrees) == (9, False)


def test_a_dimension_that_nobody_is_asked_for_does_not_apply():
    values = counted(flow(disaggregation=SEX_SPLIT), row(Q1, 3, category="sex=F"))
    parts = breakdown(values, "I", "age")
    assert {(part.value, str(part.state)) for part in parts.values()} == {(None, "not_applicable")}
    assert parts.parts.value is None


def test_running_totals_by_category_are_carried_forward():
    one = running(missing="carry_forward", disaggregation=({"dimensions": ["sex"]},))
    values = counted(
        one,
        row(Q1, 1, partner="A", category="sex=F"),
        row(Q1, 2, partner="B", category="sex=F"),
        row(Q2, 5, partner="A", category="sex=F"),
        until=END_Q2,
    )
    part = breakdown(values, "I", "sex")["sex=F"]
    assert (part.value, part.coverage.reported, part.coverage.carried) == (7, 1, 1)
    assert [each.amount.value for each in part.periods] == [3, 7]


def test_by_partner_and_place():
    given = (
        row(Q1, 1, partner="A", location="north"),
        row(Q1, 2, partner="A", location="south"),
        row(Q1, 4, partner="B"),
    )
    one = flow(assignments=(*assigned("B", "C"), {"partner": "A", "locations": ["north", "south"]}))
    values = counted(one, *given, until=END_Q1)
    by_partner = breakdown(values, "I", "partner")
    assert told(by_partner) == {"A": 3, "B": 4, "C": None, "D": None, "E": None}
    assert [str(by_partner[code].coverage) for code in "ABC"] == ["2 of 2", "1 of 1", "0 of 1"]
    assert told(breakdown(values, "I", "location")) == {"north": 1, "south": 2, "_T": 4}
    assert values["I"].value == 7


def test_a_partner_that_has_not_to_report_is_not_missing():
    one = flow(assignments=assigned("A"))
    values = counted(one, row(Q1, 1, partner="A"), row(Q2, 2, partner="B"), until=END_Q2)
    parts = breakdown(values, "I", "partner")
    assert [str(parts[code].state) for code in "ABC"] == ["reported", "reported", "not_applicable"]
    assert [str(parts[code].coverage) for code in "ABC"] == ["1 of 2", "1 of 1", "0 of 0"]
    assert [str(each.amount.state) for each in parts["B"].periods] == ["not_due", "reported"]


TREE = tuple(
    {"id": id, "title": id, "parent": parent}
    for id, parent in {"A": None, "B": "A", "C": "A", "D": "B", "E": "B"}.items()
)


def test_places_by_depth_and_inside_a_place():
    # DHIS2, AnalyticsServiceTest: a tree of units with values at every depth; 308 in all, 68 inside B in January.
    january = {"A": 2, "B": 1, "C": 5, "D": 66, "E": 1}
    given = [row("2024-01", number, location=code) for code, number in january.items()]
    values = counted(
        flow(), *given, row("2024-02", 233, location="D"), row("2024-02", 9, location="X"), row("2024-02", 7),
        locations=TREE, calendar={"frequency": "monthly"},
    )  # fmt: skip
    assert told(breakdown(values, "I", "location", level=1)) == {"A": 308, "X": 9, "_T": 7}
    assert told(breakdown(values, "I", "location", level=2)) == {"A": 2, "B": 301, "C": 5, "X": 9, "_T": 7}
    assert told(breakdown(values, "I", "location", level=3)) == told(breakdown(values, "I", "location"))
    assert told(breakdown(values, "I", "location", within="B")) == {"B": 1, "D": 299, "E": 1}
    assert told(breakdown(values, "I", "location", within="B", level=2)) == {"B": 301}
    inside = breakdown(values, "I", "location", within="B", roll_up=True)
    assert told(inside) == {"B": 301, "D": 299, "E": 1}
    assert inside["B"].period("2024-01").amount.value == 68
    assert inside["B"].trace()["location"].to_list() == ["B", "D", "E", "D"]


def test_places_that_hold_each_other_end_somewhere():
    circle = ({"id": "a", "title": "a", "parent": "b"}, {"id": "b", "title": "b", "parent": "a"})
    values = counted(flow(), row(Q1, 1, location="a"), row(Q1, 2, location="b"), locations=circle)
    assert told(breakdown(values, "I", "location", roll_up=True)) == {"a": 3, "b": 3}


def test_places_within_places():
    places = (
        {"id": "land", "title": "Land"},
        {"id": "town", "title": "Town", "parent": "land"},
        {"id": "sea", "title": "Sea"},
    )
    given = (row(Q1, 1, location="land"), row(Q1, 2, location="town"), row(Q1, 4, location="sea"))
    values = counted(flow(), *given, locations=places)
    assert told(breakdown(values, "I", "location")) == {"land": 1, "town": 2, "sea": 4}
    assert told(breakdown(values, "I", "location", roll_up=True)) == {"land": 3, "town": 2, "sea": 4}


def test_a_formula_is_computed_for_each_part():
    ratio = level("R", measure="ratio", unit=None, reported_as="value", formula="A / B")
    split = ({"dimensions": ["sex"]},)
    whole = plan(flow("A", disaggregation=split), flow("B", disaggregation=split), ratio)
    given = rows(
        row(Q1, 1, "A", category="sex=F"), row(Q1, 3, "A", category="sex=M"),
        row(Q1, 2, "B", category="sex=F"), row(Q1, 4, "B", category="sex=M"),
    )  # fmt: skip
    values = mne.aggregate(Observations.from_rows(given), whole)
    assert told(breakdown(values, "R", "sex")) == {"sex=F": Fraction(1, 2), "sex=M": Fraction(3, 4)}
    assert values["R"].value == Fraction(4, 6)


def test_units_are_converted_in_parts():
    one = flow(unit="kg", disaggregation=({"dimensions": ["sex"]},))
    values = counted(one, row(Q1, 2, category="sex=F", unit="tonne"), row(Q1, 500, category="sex=M"))
    assert told(breakdown(values, "I", "sex")) == {"sex=F": 2000, "sex=M": 500}


def test_who_is_excused_is_excused_in_every_part():
    one = flow(disaggregation=({"dimensions": ["sex"]},), assignments=assigned("A", "B"))
    values = counted(one, row(Q1, 3, partner="A", category="sex=F"), row(Q1, None, partner="B", state="not_applicable"))
    assert str(breakdown(values, "I", "sex")["sex=F"].coverage) == "1 of 1"
    by_partner = breakdown(values, "I", "partner")
    assert [str(by_partner[code].coverage) for code in "AB"] == ["1 of 1", "0 of 0"]


def test_a_category_can_be_not_applicable():
    one = flow(disaggregation=SEX_SPLIT, assignments=assigned("A", "B"))
    absent = row(Q1, None, partner="B", category="sex=M", state="not_applicable")
    parts = breakdown(counted(one, row(Q1, 3, partner="A", category="sex=M"), absent), "I", "sex")
    assert [str(parts[code].coverage) for code in parts] == ["0 of 2", "1 of 1"]


def test_each_category_has_its_own_baseline_and_targets():
    baseline = {"value": 10, "date": "2023-12-31", "categories": {"sex=F": {"value": 2}}}
    targets = (
        {"period": Q1, "value": 30},
        {"period": Q1, "value": 12, "category": "sex=F"},
        {"period": Q1, "value": 9, "category": "sex=F|age=old"},
    )
    one = level(disaggregation=(*SEX_SPLIT, *CROSSED), baseline=baseline, targets=targets)
    values = counted(
        one, row(Q1, 7, category="sex=F"), row(Q1, 8, category="sex=M"), row(Q1, 5, category="sex=F|age=old")
    )
    parts = breakdown(values, "I", "sex")
    women, men = (parts[code].indicator for code in parts)
    assert (women.baseline.value, women.baseline.date) == (2, one.baseline.date)
    assert [target.value for target in women.targets] == [12]
    assert (men.baseline, men.targets) == (None, ())
    assert parts.total.indicator == one
    assert [part.indicator.targets for part in breakdown(values, "I", "partner").values()] == [()] * 6
    found = category_achievements(values, "I", "sex")
    assert {code: (each.value, each.reason) for code, each in found.items()} == {
        "sex=F": (Fraction(1, 2), None),
        "sex=M": (None, Reason.NO_TARGET),
    }
    assert category_achievements(values, "I", ["sex", "age"])["sex=F|age=old"].reason is Reason.NO_BASELINE
    shares = category_achievements(values, "I", "sex", AchievementRule(convention="actual_over_target"))
    assert (shares["sex=F"].value, achievement(values["I"]).value) == (Fraction(7, 12), Fraction(5, 20))
    for by in ("partner", ["location"]):
        with pytest.raises(OptionError):
            category_achievements(values, "I", by)


def test_targets_of_a_category_are_those_that_were_known():
    target = {"period": Q1, "value": 12, "category": "sex=F", "since": dt.date(2024, 6, 1), "reason": "more women came"}
    target["history"] = ({"value": 7, "since": dt.date(2024, 1, 1)},)
    one = level(
        disaggregation=SEX_SPLIT, baseline={"value": 0, "categories": {"sex=F": {"value": 2}}}, targets=(target,)
    )
    values = counted(one, row(Q1, 7, category="sex=F"))
    now, before = (
        category_achievements(values, "I", "sex", known_by=day)["sex=F"].value for day in (None, dt.date(2024, 5, 1))
    )
    assert (now, before) == (Fraction(5, 10), 1)


def test_a_pending_baseline_is_pending_for_each_category():
    one = level(disaggregation=SEX_SPLIT, baseline={"status": "pending", "categories": {"sex=F": {"value": 2}}})
    parts = breakdown(counted(one, row(Q1, 7, category="sex=F")), "I", "sex")
    assert [str(part.indicator.baseline.status) for part in parts.values()] == ["established", "pending"]
    assert [part.indicator.baseline.value for part in parts.values()] == [2, None]


def test_every_part_answers_why():
    values = counted(flow(disaggregation=CROSSED), row(Q1, 3, category="sex=F|age=old"), row(Q1, 4))
    parts = breakdown(values, "I", "sex")
    told_of = [node.place.category for node in parts["sex=F"].explain().walk() if node.kind == "cell"]
    assert told_of == ["sex=F|age=old"]
    assert parts["sex=F"].trace()["category"].to_list() == ["sex=F|age=old"]
    every = parts.explain()
    assert every.value == 4
    assert [node.value for node in every.children] == [4, 3, 3, None]
    assert "Women" in parts._repr_html_()
    assert "North" in breakdown(values, "I", "location")._repr_html_()


def test_parts_of_several_projects():
    split = {"disaggregation": SEX_SPLIT}
    lead = plan(flow(**split))
    child = plan(flow(**split, contributes_to=[{"project": PROJECT, "indicator": "I"}]), id="CHILD")
    given = rows(row(Q1, 1, partner="A", category="sex=F"), row(Q1, 5, partner="A", category="sex=M"))
    below = [
        {**each, "project": "CHILD"}
        for each in rows(row(Q1, 10, partner="B", category="sex=F"), row(Q1, 20, partner="B"))
    ]
    values = mne.aggregate_portfolio(Observations.from_rows([*given, *below]), mne.Portfolio([lead, child]))[PROJECT]
    parts = breakdown(values, "I", "sex")
    assert told(parts) == {"sex=F": 11, "sex=M": 5}
    assert (parts.total.value, parts.entered.value, parts.parts.value, parts.agrees) == (26, 20, 16, None)
    by_partner = breakdown(values, "I", "partner")
    assert (by_partner["A"].value, by_partner["B"].value) == (6, 20)


def test_margins_end_in_the_sum_of_the_table():
    values = counted(
        flow(disaggregation=CROSSED), row(Q1, 999), *(row(Q1, 5, category=f"sex={sex}|age=old") for sex in "FM")
    )
    margins = marginals(values, "I", ["sex", "age"])
    assert list(margins) == [(), ("sex",), ("age",), ("sex", "age")]
    assert (margins[()]["_T"].value, margins[()].total.value) == (10, 999)
    assert list(marginals(values, "I", "sex")) == [(), ("sex",)]
    with pytest.raises(OptionError):
        marginals(values, "I", ["sex", "partner"])


def test_values_without_their_table():
    values = counted(flow(), row(Q1, 3))
    bare = replace(values["I"], selected=None)
    handmade = mne.Values(
        {"I": bare}, plan=values.plan, until=values.until, known_by=None, statuses=(), findings=values.findings
    )
    with pytest.raises(OptionError):
        breakdown(handmade, "I", "sex")


@pytest.mark.parametrize("by", ["income", (), ("sex", "sex"), ("partner", "sex")])
def test_misuse(by):
    with pytest.raises(OptionError):
        breakdown(counted(flow(), row(Q1, 3)), "I", by)


def test_more_misuse():
    values = counted(flow(), row(Q1, 3))
    with pytest.raises(OptionError):
        breakdown(values, "Z", "sex")
    with pytest.raises(OptionError):
        breakdown(values, "I", "partner", roll_up=True)
    for wrong in ({"level": 0}, {"level": 1, "roll_up": True}, {"within": "nowhere"}):
        with pytest.raises(OptionError):
            breakdown(values, "I", "location", **wrong)
