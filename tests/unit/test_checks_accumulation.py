"""Likely mistakes about how values add up over time: what is noticed, and what is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mne
from mne.logframe import checks_accumulation
from tests.cases.building import flow, level, plan, running

QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
MINE = (
    "logframe-targets-restate",
    "logframe-end-target-repeats",
    "logframe-total-target-falls",
    "logframe-accumulation-title",
)


def told(*indicators: Any) -> list[str]:
    found = mne.check_logframe(plan(*indicators))
    return [each.code for each in found if each.code in MINE]


def targets(*numbers: int, basis: str | None = "per_period", **options: Any) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"period": quarter, "value": number, **({"basis": basis} if basis else {}), **options}
        for quarter, number in zip(QUARTERS, numbers, strict=False)
    )


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ((100, 200, 300, 400), True),
        ((100, 180, 290, 400), True),
        ((10, 25, 40), True),
        # growth from period to period is no total to date
        ((80, 100, 120), False),
        ((100, 100, 100, 100), False),
        ((100, 300, 200), False),
        ((100, 200), False),
        ((0, 100, 200), False),
    ],
)
def test_targets_per_period_that_restate(numbers: tuple[int, ...], found: bool) -> None:
    assert told(flow(targets=targets(*numbers))) == (["logframe-targets-restate"] if found else [])


def test_what_makes_growing_targets_harmless() -> None:
    numbers = (100, 200, 300, 400)
    assert told(flow(targets=targets(*numbers, basis="cumulative"))) == []
    assert told(running(targets=targets(*numbers, basis=None))) == []
    assert told(level(targets=targets(*numbers, basis=None))) == []
    assert told(flow(direction="decrease", baseline={"value": 900}, targets=targets(*numbers))) == []
    years = ({"period": "2024-Q1", "value": 10, "basis": "per_period"}, {"period": "2024-Q2", "value": 20, "basis": "per_period"},
             {"period": "2025", "value": 90, "basis": "per_period"})  # fmt: skip
    assert told(flow(targets=years)) == []


@pytest.mark.parametrize(
    ("numbers", "end", "found"),
    [((100, 150, 200), 200, True), ((100, 150, 200), 450, False), ((100, 150, 200), 300, False), ((200,), 200, False)],
)
def test_an_end_target_that_only_repeats_the_last_period(numbers: tuple[int, ...], end: int, found: bool) -> None:
    last = {"period": "2025-Q4", "value": end, "basis": "cumulative", "kind": "final"}
    assert told(flow(targets=(*targets(*numbers), last))) == (["logframe-end-target-repeats"] if found else [])


def test_totals_to_date_that_fall() -> None:
    assert told(flow(targets=targets(100, 60, 80, basis="cumulative"))) == ["logframe-total-target-falls"]
    assert told(running(targets=targets(100, 60, basis=None))) == ["logframe-total-target-falls"]
    assert told(running(targets=targets(60, 60, 100, basis=None))) == []
    assert told(running(direction="decrease", targets=targets(100, 60, basis=None))) == []
    assert told(level(targets=targets(100, 60, basis=None))) == []


@pytest.mark.parametrize(
    ("make", "title", "found"),
    [
        (flow, "Cumulative number of people trained", True),
        (level, "Cumulative number of people trained", True),
        (running, "Cumulative number of people trained", False),
        (flow, {"en": "People trained", "ru": "Число обученных нарастающим итогом"}, True),
        (flow, {"en": "People trained", "fr": "Nombre cumulé de personnes formées"}, True),
        (flow, "People currently employed", True),
        (level, "People currently employed", False),
        (running, {"en": "Posts", "ru": "Должности, занятые на конец квартала"}, True),
        (running, "People trained during the quarter", True),
        (level, {"en": "People", "tg": "Шумораи одамон дар давраи ҳисоботӣ"}, True),
        (flow, "People trained during the quarter", False),
        # words that only look like it
        (flow, "Working group meetings to keep the tool up to date", False),
        (flow, "Households with newly built latrines", False),
        (level, "Days per month on which fuel lasts", False),
    ],
)
def test_what_a_title_says(make: Any, title: Any, found: bool) -> None:
    assert told(make(title=title)) == (["logframe-accumulation-title"] if found else [])


def test_a_title_is_not_questioned_where_the_targets_agree_with_it() -> None:
    one = flow(title="Cumulative number of people", targets=targets(100, 200, basis="cumulative"))
    assert told(one) == []
    share = flow(measure="percentage", unit="percent", title="Share of those treated in the quarter")
    assert told(share) == []


def test_the_shipped_logframes_are_not_questioned() -> None:
    for name in ("tajikistan", "bangladesh"):
        assert [each for each in mne.check_logframe(mne.example(name)) if each.code in MINE] == []


@given(st.lists(st.integers(1, 1_000), min_size=3, max_size=4), st.integers(0, 60))
def test_amounts_that_grow_by_less_than_half_are_left_alone(numbers: list[int], percent: int) -> None:
    """Whatever the start, growth of up to 60 % over all periods together is no total to date."""
    first = numbers[0] * 100
    steps = [first + first * percent * at // (100 * len(numbers)) for at in range(len(numbers))]
    one = flow(targets=targets(*steps))
    assert list(checks_accumulation.restated(plan(one))) == []


@given(st.integers(4, 1_000), st.integers(3, 4))
def test_equal_steps_restated_are_always_noticed(step: int, many: int) -> None:
    one = flow(targets=targets(*(step * at for at in range(1, many + 1))))
    assert len(list(checks_accumulation.restated(plan(one)))) == 1
