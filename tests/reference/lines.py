"""What straight lines through an indicator's targets expect on a day. Read `expected` first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mne.tables.reasons import Reason


@dataclass(frozen=True)
class Expected:
    """The value due on a day and the baseline to hold it against; or why there is neither."""

    target: Fraction | None = None
    baseline: Fraction | None = None
    reason: str | None = None


def expected(promises: list[Any], *, how: str, day: dt.date | None, ask: Any) -> Expected | None:
    """None where lines make no sense. `ask` answers what must be known of the plan; see `achievement.Lines`."""
    live = sorted((each for each in promises if each.version.status == "set"), key=lambda each: each.rank)
    if not live:
        # The library says that there is no target at all; that some do not apply is told by the targets themselves.
        return Expected(reason=str(Reason.TARGET_NOT_APPLICABLE if promises else Reason.NO_TARGET))
    if ask.ranked or any(each.version.comparator != "=" for each in live):
        return None
    if day is None:
        return Expected(reason=str(Reason.NOT_YET_DUE))
    if ask.adds_up and len({each.per_period for each in live}) > 1:
        return None
    numbers = [ask.number(each) for each in live]
    for number in numbers:
        if isinstance(number, str):
            return Expected(reason=number)
    if ask.adds_up and all(each.per_period for each in live):
        first = min(each.period.start for each in live) - dt.timedelta(days=1)
        points = [(first, Fraction(0), 0)]
        for each, number in zip(live, numbers, strict=True):
            points.append((each.due, points[-1][1] + number, points[-1][2] + ask.length(each)))
        base = None if ask.baseline is None else _on([(when, ask.baseline * n) for when, _, n in points], how, day)
        line = [(when, number) for when, number, _ in points]
    else:
        start = ask.baseline if not ask.adds_up or ask.included else Fraction(0)
        if start is None:
            return Expected(reason=str(Reason.NO_BASELINE))
        first = ask.baseline_day if ask.baseline_day and not ask.adds_up else ask.start - dt.timedelta(days=1)
        dated = {each.due: number for each, number in zip(live, numbers, strict=True) if each.due > first}
        if not dated:
            return Expected(reason=str(Reason.NO_TARGET_DUE))
        line = [(first, start), *sorted(dated.items())]
        base = start
    if day <= line[0][0]:
        return Expected(reason=str(Reason.NO_TARGET_DUE))
    return Expected(_on(line, how, day), base)


def _on(line: list[tuple[dt.date, Fraction]], how: str, day: dt.date) -> Fraction:
    if how == "linear":
        line = [line[0], line[-1]]
    if day >= line[-1][0]:
        return line[-1][1]
    after = next(at for at, (when, _) in enumerate(line) if when >= day)
    (left, low), (right, high) = line[after - 1], line[after]
    return low + (high - low) * Fraction((day - left).days, (right - left).days)
