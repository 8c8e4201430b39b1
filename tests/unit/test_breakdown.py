"""Values by category, partner and place: margins, both totals, and what nobody reported."""

from __future__ import annotations

from fractions import Fraction

import pytest

import mne
from mne.errors import OptionError
from mne.tables.observations import Observations
from mne.values.breakdown import breakdown, marginals
from tests.cases.building import END_Q1, END_Q2, Q1, Q2, assigned, flow, level, plan, row, rows, running, share

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
    assert [each[0] for each in parts.to_polars().iter_rows()] == ["sex=F", "sex=M", "_T"]
    assert parts.to_polars()["value_exact"].to_list() == ["3", None, "3"]
    assert parts.to_pandas().shape == (3, 9)
    assert parts.to_arrow().num_rows == 3
    assert repr(parts) == "Breakdown(I by sex: 1 of 2 have a value)"


def test_the_split_that_is_declared_first_gives_the_part():
    one = flow(disaggregation=({"dimensions": ["sex"]}, {"dimensions": ["sex", "age"]}))
    given = (row(Q1, 5, category="sex=F"), row(Q1, 2, category="sex=F|age=young"), row(Q1, 2, category="sex=F|age=old"))
    values = counted(one, *given)
    assert breakdown(values, "I", "sex")["sex=F"].value == 5  # not 9, and not 4
    assert breakdown(values, "I", ("sex", "age"))["sex=F|age=old"].value == 2
    assert breakdown(values, "I", "age")["age=old"].value == 2


def test_overlapping_categories_stand_side_by_side():
    one = flow(disaggregation=({"dimensions": ["sex"], "relation": "overlapping"},))
    values = counted(one, row(Q1, 5), row(Q1, 4, category="sex=F"), row(Q1, 3, category="sex=M"))
    parts = breakdown(values, "I", "sex")
    assert told(parts) == {"sex=F": 4, "sex=M": 3}
    assert (parts.parts.value, str(parts.parts.reason), parts.agrees) == (None, "not-aggregable", None)


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
