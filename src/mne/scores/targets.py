"""Which targets an actual is held against, and what number each of them asks for.

Read `chosen_targets` first. A target counts in the version that was in force; those for a single category,
those not yet set and those still pending are left aside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from mne.logframe.indicator import (
    TOTAL,
    Accumulation,
    Axis,
    BaselineStatus,
    Comparator,
    Direction,
    Measure,
    Rule,
    TargetBasis,
    TargetKind,
)
from mne.scores.scheme import Against, Due
from mne.tables.reasons import Reason

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator, Quantity, Target, TargetVersion
    from mne.logframe.periods import Period
    from mne.values.values import IndicatorValue

__all__ = [
    "DueTarget",
    "asks_for_less",
    "baseline_of",
    "chosen_targets",
    "common_comparator",
    "comparable_targets",
    "counted_to",
    "is_per_period",
    "live_targets",
    "number_of",
    "periods_inside",
    "running_target",
    "silent_inside",
    "sums",
    "target_number",
]

Found = tuple[list["DueTarget"], Reason | None]


@dataclass(frozen=True, slots=True)
class DueTarget:
    """A target in the version in force, with the day on which it falls due."""

    target: Target
    version: TargetVersion
    day: dt.date
    period: Period | None


def chosen_targets(value: IndicatorValue, against: Against, due: Due, known_by: dt.date | None) -> Found:
    """The targets to compare with, the one due last at the end; or the reason why there is none."""
    known = _known(value, known_by)
    if not known:
        return [], Reason.NO_TARGET
    open_ = known if against is Against.FINAL else [each for each in known if value.until and each.day <= value.until]
    per_period = [each for each in known if is_per_period(value.indicator, each)]
    cumulative = [each for each in open_ if not is_per_period(value.indicator, each)]
    if against is Against.FINAL:
        if not cumulative:
            return _per_period_due(value, per_period, Due.ALL)
        finals = [each for each in cumulative if each.target.kind is TargetKind.FINAL]
        return _last(finals) if any(each.version.status == "set" for each in finals) else _last(cumulative)
    if cumulative:
        return _last(cumulative)
    return _per_period_due(value, per_period, due)


def comparable_targets(value: IndicatorValue, found: list[DueTarget]) -> Found:
    """Of targets of periods those that a sum over their periods can be held against.

    What was kept so far says nothing of periods still to come: they are neither kept nor broken. And where less is
    better, or a range is to be kept, silence must not be rewarded: only what was reported is held against its promise.
    """
    indicator = value.indicator
    if indicator.direction is Direction.MAINTAIN:
        found = [each for each in found if value.until is not None and each.day <= value.until]
        if not found:
            return [], Reason.NO_TARGET_DUE
    if asks_for_less(indicator, found):
        found = [each for each in found if not silent_inside(value, each)] or found
    return found, None


def asks_for_less(indicator: Indicator, found: Sequence[DueTarget]) -> bool:
    """Whether a sum that lacks a report looks better than it is."""
    ceilings = any(each.version.comparator in (Comparator.AT_MOST, Comparator.WITHIN) for each in found)
    return ceilings or indicator.direction in (Direction.DECREASE, Direction.MAINTAIN)


def common_comparator(indicator: Indicator, comparators: Sequence[Comparator]) -> Comparator | None:
    """What targets that are added up ask for together; None where they contradict each other.

    "Reach 80" beside "at least 80" is a distance for what should grow; a number beside a range is a range.
    """
    asked = set(comparators)
    if len(asked) == 1:
        return comparators[0]
    along = Comparator.AT_MOST if indicator.direction is Direction.DECREASE else Comparator.AT_LEAST
    if asked == {Comparator.EQUAL, Comparator.WITHIN}:
        return Comparator.WITHIN
    return Comparator.EQUAL if asked == {Comparator.EQUAL, along} else None


def running_target(value: IndicatorValue, known_by: dt.date | None) -> Found:
    """The target that is being worked towards: the first one due on or after the day up to which the actual counts.

    Where all of them were due, the one due last.
    """
    live = live_targets(value, known_by)
    if not live:
        return [], Reason.TARGET_NOT_APPLICABLE if _known(value, known_by) else Reason.NO_TARGET
    now = counted_to(value)
    ahead = [each for each in live if now is not None and each.day >= now]
    return [ahead[0] if ahead else live[-1]], None


def live_targets(value: IndicatorValue, known_by: dt.date | None) -> list[DueTarget]:
    """All targets that are set, by the day on which they fall due."""
    return [each for each in _known(value, known_by) if each.version.status == "set"]


def counted_to(value: IndicatorValue) -> dt.date | None:
    """The last day of the newest period that counts; None before the first one has ended."""
    return max((each.period.last_day for each in value.periods), default=None)


def _known(value: IndicatorValue, known_by: dt.date | None) -> list[DueTarget]:
    known = [each for target in value.indicator.targets if (each := _dated(value, target, known_by)) is not None]
    return sorted(known, key=lambda each: (each.day, each.target.kind is TargetKind.FINAL))


def _last(found: list[DueTarget]) -> Found:
    """The one due last among those that apply."""
    live = [each for each in found if each.version.status == "set"]
    return (live[-1:], None) if live else ([], Reason.TARGET_NOT_APPLICABLE)


def _per_period_due(value: IndicatorValue, per_period: list[DueTarget], due: Due) -> Found:
    live = [each for each in per_period if each.version.status == "set"]
    if due is Due.ALL:
        chosen = live
    else:
        chosen = [each for each in live if value.until and each.day <= value.until]
        if due is Due.PERIODS_WITH_DATA:
            chosen = [each for each in chosen if _reported_inside(value, each)] or chosen
    if chosen:
        return chosen, None
    return [], Reason.TARGET_NOT_APPLICABLE if per_period and not live else Reason.NO_TARGET_DUE


def _dated(value: IndicatorValue, target: Target, known_by: dt.date | None) -> DueTarget | None:
    """The target with its due day, unless it is for one category, not yet set, or pending."""
    version = target.in_force(known_by)
    if target.category != TOTAL or version is None or version.status == "pending":
        return None
    if target.date is not None:
        holding = next((each for each in value.plan_periods if target.date in each), None)
        whole = holding is not None and sums(value.indicator) and target.basis is TargetBasis.PER_PERIOD
        return DueTarget(target, version, holding.last_day if holding and whole else target.date, holding)
    period = value.plan_period(target.period) if target.period is not None else None
    return None if period is None else DueTarget(target, version, period.last_day, period)


def is_per_period(indicator: Indicator, each: DueTarget) -> bool:
    """Whether a target speaks of its own period alone."""
    return sums(indicator) and each.target.basis is TargetBasis.PER_PERIOD and each.period is not None


def sums(indicator: Indicator) -> bool:
    """Whether the indicator's periods add up."""
    return indicator.accumulation is Accumulation.FLOW and indicator.rule(Axis.TIME) is Rule.SUM


def periods_inside(value: IndicatorValue, found: Sequence[DueTarget]) -> list[Period]:
    """The indicator's periods that lie within the targets' own periods."""
    spans = [each.period for each in found if each.period is not None]
    return [
        period
        for period in value.plan_periods
        if any(span.start <= period.start and period.end <= span.end for span in spans)
    ]


def silent_inside(value: IndicatorValue, each: DueTarget) -> bool:
    """Whether a period of the target has ended and nobody reported on it."""
    inside = set(periods_inside(value, [each]))
    return any(part.amount.value is None for part in value.periods if part.period in inside)


def _reported_inside(value: IndicatorValue, each: DueTarget) -> bool:
    inside = set(periods_inside(value, [each]))
    return any(found.amount.value is not None for found in value.periods if found.period in inside)


def baseline_of(indicator: Indicator) -> tuple[Fraction | None, Reason | None]:
    """The baseline's number in the indicator's unit, or that there is none."""
    baseline = indicator.baseline
    if baseline is None or baseline.status is not BaselineStatus.ESTABLISHED:
        return None, Reason.NO_BASELINE
    number = number_of(indicator, baseline)
    return number, None if number is not None else Reason.NO_BASELINE


def number_of(indicator: Indicator, quantity: Quantity) -> Fraction | None:
    """A baseline's or target's number in the indicator's unit: a value, a ratio, or a stage's rank."""
    if quantity.value is not None:
        return Fraction(quantity.value)
    if quantity.numerator is not None and quantity.denominator:
        return Fraction(indicator.multiplier) * Fraction(quantity.numerator) / Fraction(quantity.denominator)
    if quantity.stage is not None:
        if indicator.measure is Measure.YES_NO:
            return {"yes": Fraction(1), "no": Fraction(0)}.get(quantity.stage)
        rank = indicator.rank(quantity.stage)
        return None if rank is None else Fraction(rank)
    return None


def target_number(
    indicator: Indicator, version: TargetVersion, *, base: Fraction | None = None
) -> tuple[Fraction | None, Reason | None]:
    """The single number that a target asks for, or why it asks for none: words, a range, a baseline that is missing.

    `base` stands for the baseline where a target is so much above it; None takes the indicator's.
    """
    if version.status == "not_applicable":
        return None, Reason.TARGET_NOT_APPLICABLE
    if version.text is not None:
        return None, Reason.TARGET_IS_TEXT
    if version.above_baseline is not None:
        start, missing = baseline_of(indicator)
        if start is None:
            return None, missing
        return (base or start) + Fraction(version.above_baseline), None
    number = number_of(indicator, version)
    return number, None if number is not None else Reason.NO_TARGET
