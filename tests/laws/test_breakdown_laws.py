"""Laws of breakdowns: parts make the whole where they may, a zero changes nothing, no order matters."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mne.logframe.indicator import Axis, Rule
from mne.logframe.model import Logframe
from mne.tables.observations import Observations
from mne.testing import logframes, observation_rows
from mne.values.aggregate import aggregate
from mne.values.breakdown import breakdown, marginals
from mne.values.values import Values
from tests.cases.building import END_Q3, Q1, Q2, Q3, flow, level, plan, row, rows, running, share

CELLS = [f"sex={sex}|age={age}" for sex in "FM" for age in ("young", "old")]
CROSSED = ({"dimensions": ["sex", "age"]},)


def drawn(data: st.DataObject) -> Values:
    logframe = data.draw(logframes(indicators_max=1))
    return aggregate(Observations.from_rows(data.draw(observation_rows(logframe))), logframe)


@given(st.lists(st.integers(0, 99), min_size=8, max_size=8))
def test_margins_add_up_to_the_total(numbers: list[int]) -> None:
    given_rows = [row(period, number, category=code) for (period, code), number in zip(
        [(period, code) for period in (Q1, Q2) for code in CELLS], numbers, strict=True)]  # fmt: skip
    values = aggregate(Observations.from_rows(rows(*given_rows)), plan(flow(disaggregation=CROSSED)))
    for parts in marginals(values, "I", ["sex", "age"]).values():
        assert sum((part.value for part in parts.values()), Fraction(0)) == values["I"].value == sum(numbers)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=4, max_size=4))
def test_a_pooled_ratio_lies_between_its_parts(pairs: list[tuple[int, int]]) -> None:
    given_rows = [share(Q1, above, below, category=code) for code, (above, below) in zip(CELLS, pairs, strict=True)]
    one = level(measure="ratio", unit=None, disaggregation=CROSSED)
    values = aggregate(Observations.from_rows(rows(*given_rows)), plan(one))
    for parts in marginals(values, "I", ["sex", "age"]).values():
        known = [part.value for part in parts.values()]
        assert min(known) <= values["I"].value <= max(known)
        assert sum((part.amount.numerator for part in parts.values()), Fraction(0)) == values["I"].amount.numerator
        assert sum((part.amount.denominator for part in parts.values()), Fraction(0)) == values["I"].amount.denominator


@given(st.data(), st.sampled_from(["partner", "location"]))
def test_what_partners_and_places_reported_adds_up(data: st.DataObject, axis: str) -> None:
    values = drawn(data)
    for code, value in values.items():
        indicator = value.indicator
        summed = all(indicator.rule(each) is Rule.SUM for each in (Axis.LOCATIONS, Axis.PARTNERS, Axis.TIME))
        if not summed or indicator.missing != "skip" or indicator.min_coverage is not None or indicator.formula:
            continue
        parts = [part.value for part in breakdown(values, code, axis).values() if part.value is not None]
        assert sum(parts, Fraction(0)) == (value.value or 0)
        assert bool(parts) == (value.value is not None)


@given(st.data(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_part(data: st.DataObject, chance: random.Random) -> None:
    logframe = data.draw(logframes(indicators_max=1))
    given_rows = data.draw(observation_rows(logframe))
    shuffled = list(given_rows)
    chance.shuffle(shuffled)
    first, second = (aggregate(Observations.from_rows(each), logframe) for each in (given_rows, shuffled))
    for code in first:
        for by in ("partner", "location", *(each.id for each in logframe.dimensions)):
            assert told(first, code, by) == told(second, code, by)


def told(values: Values, code: str, by: str) -> dict[str, Any]:
    parts = breakdown(values, code, by)
    return {"entered": parts.entered.amount, "parts": parts.parts.amount} | {
        part: value.amount for part, value in parts.items()
    }


@given(st.lists(st.integers(0, 99), min_size=2, max_size=2))
def test_a_category_of_zeros_changes_nothing_else(numbers: list[int]) -> None:
    one = plan(flow(disaggregation=({"dimensions": ["sex"]},)))
    women = [row(period, number, category="sex=F") for period, number in zip((Q1, Q2), numbers, strict=True)]
    zeros = [row(period, Decimal(0), category="sex=M") for period in (Q1, Q2)]
    without = aggregate(Observations.from_rows(rows(*women)), one)
    with_zeros = aggregate(Observations.from_rows(rows(*women, *zeros)), one)
    assert without["I"].value == with_zeros["I"].value
    first, second = (breakdown(each, "I", "sex") for each in (without, with_zeros))
    assert first["sex=F"].amount == second["sex=F"].amount
    assert (first["sex=M"].value, second["sex=M"].value) == (None, 0)


@given(st.data())
def test_the_total_of_a_breakdown_is_the_value(data: st.DataObject) -> None:
    values = drawn(data)
    for code, value in values.items():
        for by in ("partner", *(each.id for each in values.plan.dimensions)):
            parts = breakdown(values, code, by)
            assert parts.total is value
            assert len(parts.entered.periods) == len(parts.parts.periods) == len(value.periods)


@given(st.data(), st.sampled_from(["partner", "location"]))
def test_a_reporter_is_counted_as_if_it_were_the_only_one(data: st.DataObject, axis: str) -> None:
    logframe = data.draw(logframes(indicators_max=1))
    given_rows = data.draw(observation_rows(logframe))
    values = aggregate(Observations.from_rows(given_rows), logframe)
    for code, value in values.items():
        indicator = value.indicator
        carries = indicator.missing == "carry_forward" and not indicator.assignments
        if indicator.formula is None and indicator.min_coverage is None and (indicator.missing == "skip" or carries):
            for part, found in breakdown(values, code, axis).items():
                alone = [each for each in given_rows if each[axis] == part]
                assert again(alone, logframe, values, code) == found.value


FIGURES = st.lists(
    st.tuples(
        st.sampled_from([Q1, Q2, Q3]),
        st.sampled_from(["A", "B"]),
        st.sampled_from(["north", "south", "_T"]),
        st.sampled_from(["sex=F", "sex=M", "_T"]),
        st.integers(0, 9),
    ),
    unique_by=lambda told_of: told_of[:4],
    min_size=1,
    max_size=12,
)


@given(
    FIGURES, st.sampled_from([flow, level, running]), st.sampled_from(["skip", "carry_forward", "zero"]), st.booleans()
)
def test_a_category_is_counted_as_if_it_were_the_whole(
    figures: list[tuple[Any, ...]], kind: Any, missing: str, ratio: bool
) -> None:
    if kind is flow and missing == "carry_forward":
        missing = "skip"
    options = {"measure": "percentage", "unit": None} if ratio else {}
    one = plan(kind(disaggregation=({"dimensions": ["sex"]},), missing=missing, **options))
    given_rows = rows(
        *(
            share(period, number, 10, partner=partner, location=place, category=category)
            if ratio
            else row(period, number, partner=partner, location=place, category=category)
            for period, partner, place, category, number in figures
        )
    )
    values = aggregate(Observations.from_rows(given_rows), one, until=END_Q3)
    parts = breakdown(values, "I", "sex")
    for part, found in parts.items():
        alone = [{**each, "category": "_T"} for each in given_rows if each["category"] == part]
        if missing != "zero":
            assert again(alone, one, values, "I") == found.value
        if not alone and missing != "zero":
            assert (found.value, found.state) == (None, "missing")
        reported = {(each["partner"], each["location"], each["period"]) for each in alone}
        if kind is flow and not ratio:
            assert found.coverage.reported == len(reported)
            assert found.coverage.expected >= values["I"].coverage.reported


def again(given_rows: list[dict[str, Any]], logframe: Logframe, values: Values, code: str) -> Fraction | None:
    if values.until is None:
        return None
    return aggregate(Observations.from_rows(given_rows), logframe, until=values.until)[code].value


TREE = {"A": None, "B": "A", "C": "A", "D": "B", "E": "D"}


@given(st.lists(st.tuples(st.sampled_from([*TREE, "X", "_T"]), st.integers(0, 99)), max_size=12), st.integers(1, 5))
def test_every_depth_of_places_makes_the_whole(told_of: list[tuple[str, int]], depth: int) -> None:
    places = tuple({"id": id, "title": id, "parent": parent} for id, parent in TREE.items())
    given_rows = [row(Q1, number, partner=str(at), location=place) for at, (place, number) in enumerate(told_of)]
    values = aggregate(Observations.from_rows(rows(*given_rows)), plan(flow(), locations=places))
    parts = breakdown(values, "I", "location", level=depth)
    assert sum((part.value or 0 for part in parts.values()), Fraction(0)) == (values["I"].value or 0)
    rolled = breakdown(values, "I", "location", roll_up=True)
    roots = [code for code in rolled if TREE.get(code) is None]
    assert sum((rolled[code].value or 0 for code in roots), Fraction(0)) == (values["I"].value or 0)
    for place in TREE:
        inside = breakdown(values, "I", "location", within=place)
        assert sum((part.value or 0 for part in inside.values()), Fraction(0)) == (rolled[place].value or 0)


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.one_of(st.none(), st.integers(0, 40)))
def test_the_entered_total_and_the_parts_are_both_kept(numbers: list[int], entered: int | None) -> None:
    given_rows = [row(Q1, number, category=code) for code, number in zip(CELLS, numbers, strict=True)]
    given_rows += [] if entered is None else [row(Q1, entered)]
    for totals in ("entered_total", "sum_of_parts"):
        one = flow(disaggregation=CROSSED, aggregation={"totals": totals})
        parts = breakdown(aggregate(Observations.from_rows(rows(*given_rows)), plan(one)), "I", ["sex", "age"])
        assert (parts.entered.value, parts.parts.value) == (entered, sum(numbers))
        assert parts.agrees == (None if entered is None else entered == sum(numbers))
        counts = sum(numbers) if entered is None or totals == "sum_of_parts" else entered
        assert parts.total.value == counts
