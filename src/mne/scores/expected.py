"""How far an indicator should be by now: in three ways, as a number in its unit or as a share of a target.

Read `expected_progress` first. "By now" is the last day of the newest period that counts, so that what is expected
and what was reported speak of the same time.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from mne.errors import OptionError
from mne.logframe.indicator import Accumulation, Comparator
from mne.scores.scheme import Against, Due, Expected
from mne.scores.targets import (
    DueTarget,
    baseline_of,
    chosen_targets,
    counted_to,
    is_per_period,
    live_targets,
    periods_inside,
    running_target,
    sums,
    target_number,
)
from mne.tables.reasons import Reason

if TYPE_CHECKING:
    from mne.values.values import IndicatorValue

__all__ = ["Curve", "curve", "expected_progress", "interpolated", "share_due", "time_share"]

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Curve:
    """What is expected on one day, and the baseline to hold it against. Units: the indicator's."""

    expected: Fraction | None
    baseline: Fraction | None
    due_day: dt.date | None = None
    targets: tuple[DueTarget, ...] = ()
    reason: Reason | None = None


def expected_progress(
    value: IndicatorValue,
    *,
    how: Expected | str = Expected.COMPLETED_MILESTONES,
    on: dt.date | None = None,
    known_by: dt.date | None = None,
) -> tuple[Fraction | None, Reason | None]:
    """The value that an indicator should have by now, or None with the reason.

    Args:
        value: the indicator's value to date, as `aggregate` gives it.
        how: ``completed_milestones`` (the newest target due), ``linear`` (a straight line from the baseline to the end
            target) or ``milestone_interpolation`` (straight lines through all milestones).
        on: the day; None is the last day of the newest period that counts.
        known_by: targets as they stood on this day; None takes the newest versions.

    Units: the indicator's. Source: the lines are plain interpolation by days; completed milestones are what TolaData
    holds actuals to date against.

    Raises:
        OptionError: an unknown way.
    """
    try:
        chosen = Expected(how)
    except ValueError as error:
        raise OptionError(f"how must be one of {', '.join(Expected)}, not {how!r}") from error
    if chosen is not Expected.COMPLETED_MILESTONES:
        found = curve(value, chosen, on=on, known_by=known_by)
        if found is not None:
            return found.expected, found.reason
    # What is due by a day is due as if the reports that count ended there.
    value = value if on is None else replace(value, until=on)
    targets, reason = chosen_targets(value, Against.MILESTONE, Due.ENDED_PERIODS, known_by)
    if not targets:
        return None, reason
    total = Fraction(0)
    for each in targets:
        number, why = target_number(value.indicator, each.version, base=_base(value, each))
        if number is None:
            return None, why
        total += number
    return total, None


def curve(
    value: IndicatorValue, how: Expected, *, on: dt.date | None = None, known_by: dt.date | None = None
) -> Curve | None:
    """What a straight line or a line through the milestones expects on a day.

    None where lines make no sense: targets that are met or not met, ranges, words, steps of a scale, and targets per
    period beside targets to date.
    """
    live = live_targets(value, known_by)
    if not live:
        _, why = running_target(value, known_by)
        return Curve(None, None, reason=why)
    if value.indicator.measure.is_ranked or any(each.version.comparator is not Comparator.EQUAL for each in live):
        return None
    day = on or counted_to(value)
    if day is None:
        return Curve(None, None, reason=Reason.NOT_YET_DUE)
    kinds = {is_per_period(value.indicator, each) for each in live}
    if len(kinds) > 1:
        return None
    (per_period,) = kinds
    points = _cumulated(value, live) if per_period else _restated(value, live)
    if isinstance(points, Reason):
        return Curve(None, None, reason=points)
    if how is Expected.LINEAR:
        points = [points[0], points[-1]]
    targets = [(when, number) for when, number, _ in points]
    starts = [(when, start) for when, _, start in points]
    if day <= points[0][0]:
        return Curve(None, None, reason=Reason.NO_TARGET_DUE)
    return Curve(
        expected=interpolated(targets, day),
        baseline=None if any(start is None for _, start in starts) else interpolated(_known(starts), day),
        due_day=day,
        targets=tuple(live),
    )


_Point = tuple[dt.date, Fraction, Fraction | None]
"""A day, what is asked for by then, and the baseline to hold it against."""


def _known(points: Sequence[tuple[dt.date, Fraction | None]]) -> list[tuple[dt.date, Fraction]]:
    return [(when, number) for when, number in points if number is not None]


def _cumulated(value: IndicatorValue, live: Sequence[DueTarget]) -> list[_Point] | Reason:
    """Targets of periods as sums to date, beside the sum to date of the baseline per period."""
    start, _ = baseline_of(value.indicator)
    first = min(each.period.start for each in live if each.period is not None) - _DAY
    points: list[_Point] = [(first, Fraction(0), None if start is None else Fraction(0))]
    total, periods = Fraction(0), 0
    for each in live:
        number, why = target_number(value.indicator, each.version, base=_base(value, each))
        if number is None:
            return why or Reason.NO_TARGET
        total += number
        periods += len(periods_inside(value, [each]))
        points.append((each.day, total, None if start is None else start * periods))
    return points


def _restated(value: IndicatorValue, live: Sequence[DueTarget]) -> list[_Point] | Reason:
    indicator = value.indicator
    stock, _ = baseline_of(indicator)
    start = stock if not sums(indicator) or indicator.baseline_included else Fraction(0)
    if start is None:
        return Reason.NO_BASELINE
    base = indicator.baseline
    plan_start = value.plan.start if value.plan is not None else live[0].day
    first = base.date if base is not None and base.date is not None and not sums(indicator) else plan_start - _DAY
    points: list[_Point] = [(first, start, start)]
    for each in live:
        number, why = target_number(indicator, each.version)
        if number is None:
            return why or Reason.NO_TARGET
        if each.day > points[-1][0]:
            points.append((each.day, number, start))
        else:
            # A final target and a milestone on one day: the later one in the order of targets stands.
            points[-1] = (points[-1][0], number, start) if len(points) > 1 else points[-1]
    return points if len(points) > 1 else Reason.NO_TARGET_DUE


def _base(value: IndicatorValue, each: DueTarget) -> Fraction | None:
    """The baseline over the target's own periods, where the target is so much above the baseline of a flow."""
    start, _ = baseline_of(value.indicator)
    if start is None or not is_per_period(value.indicator, each):
        return None
    return start * len(periods_inside(value, [each]))


def interpolated(points: Sequence[tuple[dt.date | Fraction, Fraction]], at: dt.date | Fraction) -> Fraction:
    """The number at `at` on straight lines through the points, in order; outside them the first or last number.

    Raises:
        OptionError: no points.
    """
    if not points:
        raise OptionError("interpolation needs at least one point")
    for (left, low), (right, high) in itertools.pairwise(points):
        if left <= at <= right:  # type: ignore[operator]
            whole = _distance(left, right)
            return high if not whole else low + (high - low) * _distance(left, at) / whole
    return points[0][1] if at < points[0][0] else points[-1][1]  # type: ignore[operator]


def _distance(left: dt.date | Fraction, right: dt.date | Fraction) -> Fraction:
    if isinstance(left, dt.date) and isinstance(right, dt.date):
        return Fraction((right - left).days)
    return Fraction(right) - Fraction(left)  # type: ignore[arg-type]


def share_due(value: IndicatorValue, found: Sequence[DueTarget]) -> Fraction:
    """The share of a target that is due by now: its periods that have ended, of all of its periods; 1 for a level.

    A target of one period counts the periods inside it, any other one those from the project's start to its day.
    Source: USAID's Office of HIV/AIDS (gophr): a quarter of the year's target for each quarter, all of it for a level.
    """
    if value.indicator.accumulation is Accumulation.LEVEL:
        return Fraction(1)
    last = found[-1]
    if is_per_period(value.indicator, last):
        inside = periods_inside(value, found)
    else:
        inside = [period for period in value.plan_periods if period.last_day <= last.day]
    now = counted_to(value)
    ended = [period for period in inside if now is not None and period.ended_by(now)]
    return Fraction(len(ended), len(inside)) if inside else Fraction(1)


def time_share(start: Fraction, end: Fraction, at: Fraction) -> Fraction:
    """The share of the time from `start` to `end` that has passed at `at`, between 0 and 1."""
    return interpolated([(start, Fraction(0)), (end, Fraction(1))], at)
