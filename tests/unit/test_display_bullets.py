"""The bullet bar: progress runs to the right whichever way the numbers go, and nothing leaves the drawing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.display.bullets import LEFT, RIGHT, WIDTH, Marks, bar, bullet
from mne.display.labels import labels
from tests.golden import card as small

F = Fraction
SAY = labels("en")


def _drawn(marks: Marks, **options: Any) -> ET.Element:
    return ET.fromstring(bullet(marks, status="on_track", say=SAY, **options))  # noqa: S314 (our own drawing)


def _boxes(svg: ET.Element, kind: str) -> list[ET.Element]:
    return [each for each in svg.iter() if kind in each.get("class", "").split()]


def _x(svg: ET.Element, kind: str) -> float:
    (box,) = _boxes(svg, kind)
    return float(box.get("x", "nan"))


def test_increasing_from_left_to_right() -> None:
    svg = _drawn(Marks(F(30), baseline=F(0), milestone=F(50), target=F(100)))
    assert _x(svg, "mne-mark-base") < _x(svg, "mne-mark-due") < _x(svg, "mne-mark-target")
    (fill,) = _boxes(svg, "mne-fill")
    assert float(fill.get("width", "")) == pytest.approx((RIGHT - LEFT) * 0.3, abs=0.1)


def test_decreasing_runs_to_the_right_as_well() -> None:
    up = bullet(
        Marks(F(60), baseline=F(20), milestone=F(70), target=F(100)), status="met", say=SAY, shown=lambda _: "x"
    )
    down = bullet(
        Marks(F(60), baseline=F(100), milestone=F(50), target=F(20)), status="met", say=SAY, shown=lambda _: "x",
        decreasing=True,
    )  # fmt: skip
    assert up == down


def test_a_step_back_is_drawn_to_the_left_of_the_baseline() -> None:
    svg = _drawn(Marks(F(42), baseline=F(40), target=F(20)), decreasing=True)
    (fill,) = _boxes(svg, "mne-fill")
    assert float(fill.get("x", "")) < _x(svg, "mne-mark-base")


def test_far_beyond_the_target_ends_in_an_arrow() -> None:
    svg = _drawn(Marks(F(500), baseline=F(0), target=F(100)))
    (fill,) = _boxes(svg, "mne-fill")
    assert fill.tag == "polygon"
    assert _x(svg, "mne-mark-target") < RIGHT - 50


def test_a_range_is_a_frame_with_a_point() -> None:
    svg = _drawn(Marks(F(99), low=F(95), high=F(100)))
    assert len(_boxes(svg, "mne-range")) == 1
    (point,) = _boxes(svg, "mne-fill")
    assert point.tag == "circle"


def test_without_target_there_is_no_bar() -> None:
    assert bullet(Marks(F(1), baseline=F(0)), status="met", say=SAY) == ""


def test_examples_are_drawn_otherwise() -> None:
    svg = _drawn(Marks(F(30), baseline=F(0), target=F(100), examples=frozenset({"actual", "target"})))
    assert len(_boxes(svg, "mne-fill")) == 1
    assert {each.text for each in _boxes(svg, "mne-example") if each.tag == "text"} == {"target 100"}
    assert "mne-example" in _boxes(svg, "mne-fill")[0].get("class", "")


def test_what_is_drawn_is_also_said() -> None:
    svg = _drawn(Marks(F(30), baseline=F(0), milestone=F(50), target=F(100)))
    said = "baseline 0; due by now 50; target 100; actual 30"
    assert svg.get("aria-label") == said
    assert svg.get("role") == "img"
    assert svg.findtext("title") == said


numbers = st.none() | st.fractions(-1000, 1000)


@given(st.fractions(-1000, 1000), numbers, numbers, numbers, st.booleans())
def test_nothing_leaves_the_drawing(
    actual: Fraction, baseline: Fraction | None, milestone: Fraction | None, target: Fraction | None, decreasing: bool
) -> None:
    made = bullet(Marks(actual, baseline, milestone, target), status="met", say=SAY, decreasing=decreasing)
    if target is None:
        assert made == ""
        return
    for box in ET.fromstring(made).iter("rect"):  # noqa: S314 (as above)
        left, width = float(box.get("x", "")), float(box.get("width", ""))
        assert left >= 0
        assert width >= 0
        assert left + width <= WIDTH + 0.1
    assert not re.search(r"nan|inf|e-\d", made)


def test_labels_do_not_run_into_each_other() -> None:
    svg = _drawn(Marks(F(10**9), baseline=F(999_999_990), target=F(999_999_999)))
    low, high = sorted((each for each in svg.iter("text")), key=lambda each: float(each.get("x", "")))
    assert (low.get("text-anchor"), high.get("text-anchor")) == ("start", "end")


def test_no_bar_where_it_would_say_nothing() -> None:
    card = small.card()
    assert bar(card["OP1.1.2"], SAY) == ""  # yes or no
    assert bar(card["OC2.1"], SAY) == ""  # nobody reported
    assert bar(card["OC1.2"], SAY).startswith("<svg")
