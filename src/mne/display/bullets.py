"""A bullet bar as inline SVG: where an indicator started, where it stands, what was due, where it should end.

Read `bullet` first. Progress runs from the baseline on the left to the target on the right, whichever way the numbers
go, so that a falling rate and a rising count are read alike; the numbers stand at the marks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.display.figures import value_words
from mne.display.markup import Markup, el
from mne.display.story import aim, examples, standing
from mne.ground.numbers import number_text
from mne.logframe.indicator import Direction, Measure

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.scores.cards import IndicatorScore

__all__ = ["Marks", "bar", "bullet"]

WIDTH: Final = 480
LEFT: Final = 6
RIGHT: Final = WIDTH - 6
TOP: Final = 19
THICK: Final = 14
HEIGHT: Final = 54
_OVER: Final = Fraction(5, 4)
"""How far beyond the target the bar is drawn; what goes further ends in an arrow."""
_UNDER: Final = Fraction(-1, 4)
_LETTER: Final = Fraction(32, 5)
"""The usual width of a character at the labels' size, to keep labels from running into each other."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a bullet bar shows, in the indicator's unit. `low` and `high` are a range to stay within."""

    actual: Fraction
    baseline: Fraction | None = None
    milestone: Fraction | None = None
    target: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    examples: frozenset[str] = frozenset()
    """Which of ``actual``, ``baseline``, ``milestone`` and ``target`` nobody reported: they are drawn otherwise."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """From values to the width of the drawing: `start` is 0 of the way, `end` is the whole way."""

    start: Fraction
    end: Fraction
    first: Fraction
    last: Fraction

    def way(self, value: Fraction) -> Fraction:
        return (value - self.start) / (self.end - self.start)

    def x(self, value: Fraction) -> Fraction:
        way = min(max(self.way(value), self.first), self.last)
        return LEFT + (RIGHT - LEFT) * (way - self.first) / (self.last - self.first)


def bar(part: IndicatorScore, say: Labels) -> Markup:
    """The bullet bar of a scored indicator; nothing where it would say nothing (words, yes or no, no value)."""
    told = aim(part)
    actual = part.actual.value if told.actual is None else told.actual
    if actual is None or part.indicator.measure is Measure.YES_NO or part.indicator.measure.is_text:
        return Markup("")
    due = part.milestone.target if told is part.final and part.milestone.target != told.target else None
    low, high = told.minimum, told.maximum
    if part.indicator.direction is Direction.MAINTAIN and told.target is not None and part.indicator.tolerance:
        slack = Fraction(part.indicator.tolerance)
        low, high = told.target - slack, told.target + slack
    marks = Marks(actual, told.baseline, due, told.target, low, high, examples(part))
    return bullet(
        marks,
        status=standing(part, say).status,
        say=say,
        shown=lambda value: value_words(part.indicator, value, say, unit=False),
        decreasing=part.indicator.direction is Direction.DECREASE,
    )


def bullet(
    marks: Marks, *, status: str, say: Labels, shown: Callable[[Fraction], str] | None = None, decreasing: bool = False
) -> Markup:
    """A bullet bar with a text that says the same.

    `shown` turns a value into words (digits alone when it is None). Without a target or a range there is no bar.
    """
    if marks.target is None and marks.low is None and marks.high is None:
        return Markup("")
    write = shown or say.number
    axis = _axis(marks, decreasing=decreasing)
    named = {key: getattr(marks, key) for key in ("baseline", "milestone", "target", "low", "high", "actual")}
    said = say.semicolon.join(f"{say(key)} {write(value)}" for key, value in named.items() if value is not None)
    return el(
        "svg",
        el("title", said),
        el("rect", x=LEFT, y=TOP, width=RIGHT - LEFT, height=THICK, rx=3, class_="mne-track", fill="#e6e8eb"),
        *_range(marks, axis),
        _filled(marks, axis, status),
        *_mark(axis, marks.baseline, "mne-mark-base", over=2, thick=2),
        *_mark(axis, marks.milestone, "mne-mark-due", over=5, thick=3),
        *_mark(axis, marks.target, "mne-mark-target", over=5, thick=5),
        *_labels(marks, axis, say, write),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        class_=f"mne-bullet mne-{status}",
        role="img",
        aria_label=said,
    )


def _axis(marks: Marks, *, decreasing: bool) -> _Axis:
    promised = (marks.baseline, marks.milestone, marks.target, marks.low, marks.high)
    known: list[Fraction] = [marks.actual, *(value for value in promised if value is not None)]
    if marks.low is not None or marks.high is not None:
        low, high = min(known), max(known)
        room = (high - low) / 6 or Fraction(1)
        return _Axis(low - room, high + room, Fraction(0), Fraction(1))
    end = marks.target if marks.target is not None else marks.actual
    start = marks.baseline
    if start is None or start == end:
        # Without a starting point: from zero, or down from the highest number there is.
        start = max(known) if decreasing else min(Fraction(0), marks.actual)
    if start == end:
        start = end + 1 if decreasing else end - 1
    plain = _Axis(start, end, Fraction(0), Fraction(1))
    ways = [Fraction(0), Fraction(1), *(plain.way(value) for value in known)]
    return _Axis(start, end, max(min(ways), _UNDER), min(max(ways), _OVER))


def _px(value: Fraction | int) -> str:
    return number_text(Fraction(value), digits=1, group="")


def _range(marks: Marks, axis: _Axis) -> list[Markup]:
    if marks.low is None and marks.high is None:
        return []
    left = axis.x(marks.low) if marks.low is not None else Fraction(LEFT)
    right = axis.x(marks.high) if marks.high is not None else Fraction(RIGHT)
    left, right = min(left, right), max(left, right)
    return [
        el(
            "rect", x=_px(left), y=TOP - 3, width=_px(right - left), height=THICK + 6, rx=2,
            class_="mne-range", fill="none", stroke="#595f66", stroke_dasharray="3 2",
        )
    ]  # fmt: skip


def _filled(marks: Marks, axis: _Axis, status: str) -> Markup:
    """The bar from the start to the actual; beyond the end of the drawing it goes on as an arrow."""
    here = axis.x(marks.actual)
    kind = f"mne-fill mne-{status}" + (" mne-example" if "actual" in marks.examples else "")
    if marks.low is not None or marks.high is not None:
        return el("circle", cx=_px(here), cy=TOP + THICK // 2, r=6, class_=kind)
    zero = axis.x(axis.start)
    left, right = min(zero, here), max(zero, here)
    if here == zero:
        right = left + 2
    beyond = axis.way(marks.actual) > axis.last
    if beyond:
        tip = f"{_px(right - 9)},{TOP} {_px(right)},{TOP + THICK // 2} {_px(right - 9)},{TOP + THICK}"
        body = f"{_px(left)},{TOP} {tip} {_px(left)},{TOP + THICK}"
        return el("polygon", points=body, class_=kind)
    return el("rect", x=_px(left), y=TOP, width=_px(right - left), height=THICK, rx=3, class_=kind)


def _mark(axis: _Axis, value: Fraction | None, kind: str, *, over: int, thick: int) -> list[Markup]:
    """An upright line at a value, `over` longer than the bar at both ends."""
    if value is None:
        return []
    left = min(max(axis.x(value) - Fraction(thick, 2), Fraction(LEFT - 1)), Fraction(RIGHT - thick + 1))
    return [el("rect", x=_px(left), y=TOP - over, width=thick, height=THICK + 2 * over, class_=kind)]


def _labels(marks: Marks, axis: _Axis, say: Labels, show: Callable[[Fraction], str]) -> list[Markup]:
    """What was due above the bar; the start and the target beneath it, drawn apart when they would meet."""
    found: list[Markup] = []
    if marks.milestone is not None:
        text = f"{say('milestone')} {show(marks.milestone)}"
        found.append(_label(axis.x(marks.milestone), 11, text, example="milestone" in marks.examples))
    below: list[tuple[Fraction, str, str]] = []
    if marks.baseline is not None:
        below.append((axis.x(marks.baseline), f"{say('baseline')} {show(marks.baseline)}", "baseline"))
    if marks.target is not None:
        below.append((axis.x(marks.target), f"{say('target')} {show(marks.target)}", "target"))
    elif marks.low is not None or marks.high is not None:
        ends = [show(end) for end in (marks.low, marks.high) if end is not None]
        middle = [axis.x(end) for end in (marks.low, marks.high) if end is not None]
        below.append((sum(middle, Fraction(0)) / len(middle), f"{say('target')} {'–'.join(ends)}", "target"))
    below.sort(key=lambda each: each[0])
    if len(below) == 2 and _overlap(below[0], below[1]):
        if marks.low is None and marks.high is None:
            below = [(Fraction(LEFT), *below[0][1:]), (Fraction(RIGHT), *below[1][1:])]
        else:
            # In a range the start is at no end of the bar: away from its mark its label would mislead.
            below = [each for each in below if each[2] == "target"]
    found += [_label(x, HEIGHT - 4, text, example=key in marks.examples) for x, text, key in below]
    return found


def _overlap(left: tuple[Fraction, str, str], right: tuple[Fraction, str, str]) -> bool:
    return _span(*left[:2])[1] + 8 > _span(*right[:2])[0]


def _span(x: Fraction, text: str) -> tuple[Fraction, Fraction]:
    half = len(text) * _LETTER / 2
    middle = min(max(x, LEFT + half), RIGHT - half)
    return middle - half, middle + half


def _label(x: Fraction, y: int, text: str, *, example: bool) -> Markup:
    """A label centred on its mark, or held at the edge that it would run over."""
    half = len(text) * _LETTER / 2
    anchor, at = "middle", x
    if x - half < LEFT:
        anchor, at = "start", Fraction(LEFT)
    elif x + half > RIGHT:
        anchor, at = "end", Fraction(RIGHT)
    return el(
        "text", text, x=_px(at), y=y, text_anchor=anchor, class_="mne-example" if example else None, font_size="12"
    )
