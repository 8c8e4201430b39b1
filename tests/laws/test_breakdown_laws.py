"""Laws of breakdowns: parts make the whole where they may, a zero changes nothing, no order matters."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mne.logframe.indicator import Axis, Rule
from mne.tables.observations import Observations
from mne.testing import logframes, observation_rows
from mne.values.aggregate import aggregate
from mne.values.breakdown import breakdown, marginals
from mne.values.values import Values
from tests.cases.building import Q1, Q2, flow, level, plan, row, rows, share

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
