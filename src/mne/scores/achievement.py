"""How far an indicator has come: an actual, a baseline and a target become an achievement.

Read `achievement` first, then `of_numbers`, which is the arithmetic alone. Nothing here is clamped or rounded; what
cannot be computed keeps its reason (semantics §5).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.errors import OptionError
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
from mne.scores.cards import Achievement
from mne.scores.scheme import AchievementRule, Against, Convention, Due
from mne.tables.observations import State
from mne.tables.reasons import Reason

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator, Quantity, Target, TargetVersion
    from mne.logframe.periods import Period
    from mne.values.values import IndicatorValue

__all__ = ["achievement", "of_numbers"]

FROM_BASELINE: Final = "(actual − baseline) / (target − baseline)"
MET: Final = "met (1) or not met (0)"


@dataclass(frozen=True, slots=True)
class _Due:
    """A target in the version in force, with the day on which it falls due."""

    target: Target
    version: TargetVersion
    day: dt.date
    period: Period | None


@dataclass(frozen=True, slots=True)
class _Terms:
    """The three numbers of an achievement, or the reason why one is not to be had."""

    actual: Fraction | None = None
    baseline: Fraction | None = None
    target: Fraction | None = None
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    reason: Reason | None = None
    """Why there is no target or baseline to compare with."""
    missing: Reason | None = None
    """Why there is no actual."""
    to_come: Fraction = Fraction(0)
    """The baseline's amount for periods still to come: neither progress nor a step back."""


def of_numbers(
    *,
    actual: Fraction,
    target: Fraction,
    baseline: Fraction | None = None,
    convention: Convention | str = Convention.BASELINE_TARGET,
) -> tuple[Fraction | None, Reason | None]:
    """The achievement of three numbers under a convention, or None with the reason.

    Units: a fraction, not a percentage; 1 is reached. All three numbers in one unit.
    Source: ``baseline_target`` is (actual − baseline) / (target − baseline), the relative change used by UNICEF's
    Partner Reporting Portal and the UN progress chart; ``actual_over_target`` is actual / target, as in the EU's ESF
    annual implementation reports (table 2C).

    >>> of_numbers(actual=Fraction(30), baseline=Fraction(40), target=Fraction(20))
    (Fraction(1, 2), None)
    """
    if Convention(convention) is Convention.ACTUAL_OVER_TARGET:
        return (None, Reason.TARGET_ZERO) if not target else (actual / target, None)
    if baseline is None:
        return None, Reason.NO_BASELINE
    if target == baseline:
        return None, Reason.TARGET_EQUALS_BASELINE
    return (actual - baseline) / (target - baseline), None


def achievement(
    value: IndicatorValue,
    *,
    against: Against | str = Against.MILESTONE,
    rule: AchievementRule | None = None,
    known_by: dt.date | None = None,
) -> Achievement:
    """How far an indicator has come towards its newest milestone, or towards its end target.

    Args:
        value: the indicator's value to date, as `aggregate` gives it.
        against: "milestone" (the newest target due by the value's `until`) or "final".
        rule: the convention, which periods count, and what happens without a baseline; None is the default one.
        known_by: targets as they stood on this day; None takes the newest versions.

    Units: `value` of the result is a fraction, not a percentage; it is not clamped.
    Source: semantics §5; the rule used stands beside the number.

    Raises:
        OptionError: `against` is neither "milestone" nor "final".
    """
    rule = rule or AchievementRule()
    try:
        against = Against(against)
    except ValueError as error:
        raise OptionError(f"against must be 'milestone' or 'final', not {against!r}") from error
    empty = Achievement(None, None, rule.convention, against, rule.due)
    found, reason = _targets(value, against, rule.due, known_by)
    if not found:
        return replace(empty, reason=reason)
    terms = _terms(value, found, Due.ALL if against is Against.FINAL else rule.due)
    last = found[-1]
    told = replace(
        empty,
        actual=terms.actual,
        baseline=terms.baseline,
        target=terms.target,
        minimum=terms.minimum,
        maximum=terms.maximum,
        to_come=terms.to_come,
        comparator=str(last.version.comparator),
        due_day=last.day,
        targets=tuple(each.target for each in found),
        illustrative=_illustrative(value.indicator, found),
    )
    number, why, how = _judged(value, last.version, terms, rule)
    return replace(told, value=number, reason=why, rule=how)


# --- which target -----------------------------------------------------------------------------------------------


def _targets(
    value: IndicatorValue, against: Against, due: Due, known_by: dt.date | None
) -> tuple[list[_Due], Reason | None]:
    """The targets to compare with, the one due last at the end; or the reason why there is none."""
    indicator = value.indicator
    known = [each for target in indicator.targets if (each := _dated(value, target, known_by)) is not None]
    if not known:
        return [], Reason.NO_TARGET
    known.sort(key=lambda each: (each.day, each.target.kind is TargetKind.FINAL))
    open_ = known if against is Against.FINAL else [each for each in known if value.until and each.day <= value.until]
    per_period = [each for each in known if _is_per_period(indicator, each)]
    cumulative = [each for each in open_ if not _is_per_period(indicator, each)]
    if against is Against.FINAL:
        if not cumulative:
            return _per_period_due(value, per_period, Due.ALL)
        finals = [each for each in cumulative if each.target.kind is TargetKind.FINAL]
        return _last(finals) if any(each.version.status == "set" for each in finals) else _last(cumulative)
    if cumulative:
        return _last(cumulative)
    return _per_period_due(value, per_period, due)


def _last(found: list[_Due]) -> tuple[list[_Due], Reason | None]:
    """The one due last among those that apply."""
    live = [each for each in found if each.version.status == "set"]
    return (live[-1:], None) if live else ([], Reason.TARGET_NOT_APPLICABLE)


def _per_period_due(value: IndicatorValue, per_period: list[_Due], due: Due) -> tuple[list[_Due], Reason | None]:
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


def _dated(value: IndicatorValue, target: Target, known_by: dt.date | None) -> _Due | None:
    """The target with its due day, unless it is for one category, not yet set, or pending."""
    version = target.in_force(known_by)
    if target.category != TOTAL or version is None or version.status == "pending":
        return None
    if target.date is not None:
        holding = next((each for each in value.plan_periods if target.date in each), None)
        whole = holding is not None and _sums(value.indicator) and target.basis is TargetBasis.PER_PERIOD
        return _Due(target, version, holding.last_day if holding and whole else target.date, holding)
    period = value.plan_period(target.period) if target.period is not None else None
    return None if period is None else _Due(target, version, period.last_day, period)


def _is_per_period(indicator: Indicator, each: _Due) -> bool:
    return _sums(indicator) and each.target.basis is TargetBasis.PER_PERIOD and each.period is not None


def _sums(indicator: Indicator) -> bool:
    return indicator.accumulation is Accumulation.FLOW and indicator.rule(Axis.TIME) is Rule.SUM


# --- the three numbers ------------------------------------------------------------------------------------------


def _terms(value: IndicatorValue, found: Sequence[_Due], due: Due) -> _Terms:
    indicator = value.indicator
    start, missing_start = _baseline(indicator)
    if _sums(indicator):
        if _is_per_period(indicator, found[-1]):
            return _per_period_terms(value, found, start, due)
        if indicator.baseline_included:
            included = value.value + start if value.value is not None and start is not None else None
            return _with_target(indicator, found[-1].version, _Terms(included, start, reason=missing_start))
        # Counting starts at zero, whatever the amount per period was before.
        return _with_target(indicator, found[-1].version, _Terms(value.value, Fraction(0)))
    return _with_target(indicator, found[-1].version, _Terms(value.value, start))


def _per_period_terms(value: IndicatorValue, found: Sequence[_Due], start: Fraction | None, due: Due) -> _Terms:
    """Targets of periods together: their sum, against the sum over those periods, from the baseline per period."""
    indicator = value.indicator
    parts = []
    for each in found:
        periods = len(_periods_inside(value, [each]))
        part = _with_target(indicator, each.version, _Terms(baseline=None if start is None else start * periods))
        if part.reason is not None:
            return part
        parts.append(part)
    inside = _periods_inside(value, found)
    baseline = None if start is None else start * len(inside)
    actual, reason = (value.value, value.reason) if due is Due.ALL else _values_inside(value, found)
    if all(part.target is not None for part in parts):
        ahead = sum(1 for period in inside if value.until is None or not period.ended_by(value.until))
        to_come = Fraction(0) if start is None else start * ahead
        target = _total(part.target for part in parts)
        return _Terms(actual, baseline, target, missing=reason, to_come=to_come)
    low = _total(part.target if part.target is not None else part.minimum for part in parts)
    high = _total(part.target if part.target is not None else part.maximum for part in parts)
    return _Terms(actual, baseline, None, low, high, missing=reason)


def _total(numbers: Iterable[Fraction | None]) -> Fraction | None:
    """The sum, or None where one of them is open."""
    known = list(numbers)
    return None if any(number is None for number in known) else sum((n for n in known if n is not None), Fraction(0))


def _reported_inside(value: IndicatorValue, each: _Due) -> bool:
    inside = set(_periods_inside(value, [each]))
    return any(found.amount.value is not None for found in value.periods if found.period in inside)


def _periods_inside(value: IndicatorValue, found: Sequence[_Due]) -> list[Period]:
    spans = [each.period for each in found if each.period is not None]
    return [
        period
        for period in value.plan_periods
        if any(span.start <= period.start and period.end <= span.end for span in spans)
    ]


def _values_inside(value: IndicatorValue, found: Sequence[_Due]) -> tuple[Fraction | None, Reason | None]:
    """The sum of the indicator's values in the targets' own periods; or why there is none."""
    inside = set(_periods_inside(value, found))
    amounts = [each.amount for each in value.periods if each.period in inside]
    if any(amount.reason is Reason.INCOMPLETE for amount in amounts):
        return None, Reason.INCOMPLETE
    numbers = [amount.value for amount in amounts if amount.value is not None]
    if numbers:
        return sum(numbers, Fraction(0)), None
    undefined = [amount.reason for amount in amounts if amount.state is State.UNDEFINED]
    return None, undefined[0] if undefined else Reason.NO_REPORTS


def _baseline(indicator: Indicator) -> tuple[Fraction | None, Reason | None]:
    baseline = indicator.baseline
    if baseline is None or baseline.status is not BaselineStatus.ESTABLISHED:
        return None, Reason.NO_BASELINE
    number = _number(indicator, baseline)
    return number, None if number is not None else Reason.NO_BASELINE


def _number(indicator: Indicator, quantity: Quantity) -> Fraction | None:
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


def _with_target(indicator: Indicator, version: TargetVersion, terms: _Terms) -> _Terms:
    if version.status == "not_applicable":
        return replace(terms, reason=Reason.TARGET_NOT_APPLICABLE)
    if version.text is not None:
        return replace(terms, reason=Reason.TARGET_IS_TEXT)
    if version.minimum is not None or version.maximum is not None:
        low = None if version.minimum is None else Fraction(version.minimum)
        high = None if version.maximum is None else Fraction(version.maximum)
        return replace(terms, minimum=low, maximum=high)
    if version.above_baseline is not None:
        start, missing = _baseline(indicator)
        if start is None:
            return replace(terms, reason=missing)
        base = terms.baseline or start
        return replace(terms, target=base + Fraction(version.above_baseline))
    target = _number(indicator, version)
    return replace(terms, target=target, reason=terms.reason if target is not None else Reason.NO_TARGET)


# --- the verdict ------------------------------------------------------------------------------------------------


def _judged(
    value: IndicatorValue, version: TargetVersion, terms: _Terms, rule: AchievementRule
) -> tuple[Fraction | None, Reason | None, str]:
    indicator = value.indicator
    if indicator.measure.is_text:
        return None, Reason.TEXT_ONLY, ""
    if terms.actual is None:
        nothing_due = value.state in (State.NOT_DUE, State.NOT_APPLICABLE)
        why = value.reason if nothing_due else terms.missing or value.reason
        return None, why or terms.reason or Reason.NO_REPORTS, ""
    if terms.reason is not None:
        return None, terms.reason, ""
    if indicator.direction is Direction.MAINTAIN and version.comparator in (Comparator.EQUAL, Comparator.WITHIN):
        return _maintained(indicator, terms)
    threshold = _threshold(indicator, version, terms)
    if threshold is not None:
        return Fraction(int(threshold)), None, MET
    if terms.target is None:
        return None, Reason.NO_TARGET, ""
    convention = rule.convention
    if terms.baseline is None and rule.no_baseline == "actual_over_target":
        convention = Convention.ACTUAL_OVER_TARGET
    if convention is Convention.ACTUAL_OVER_TARGET:
        number, reason = of_numbers(actual=terms.actual, target=terms.target, convention=convention)
        return number, reason, "actual / target"
    number, reason = of_numbers(actual=terms.actual + terms.to_come, target=terms.target, baseline=terms.baseline)
    words = "(actual + to come − baseline) / (target − baseline)" if terms.to_come else FROM_BASELINE
    return number, reason, words


def _threshold(indicator: Indicator, version: TargetVersion, terms: _Terms) -> bool | None:
    """Met or not, for targets that are a line to cross; None for those that measure a distance."""
    actual, target = terms.actual, terms.target
    if actual is None:
        return None
    if terms.minimum is not None or terms.maximum is not None:
        low = terms.minimum is None or actual >= terms.minimum
        return low and (terms.maximum is None or actual <= terms.maximum)
    if target is None:
        return None
    if version.comparator is Comparator.AT_LEAST:
        return actual >= target
    if version.comparator is Comparator.AT_MOST:
        return actual <= target
    if indicator.measure is Measure.MILESTONE:
        return actual >= target
    if indicator.measure is Measure.YES_NO and not _is_share(indicator):
        return actual == target
    return None


def _is_share(indicator: Indicator) -> bool:
    """Whether a yes/no indicator's value is the share of those who said yes: a ratio like any other."""
    return any(indicator.rule(axis) in (Rule.MEAN, Rule.WEIGHTED_MEAN) for axis in indicator.order)


def _maintained(indicator: Indicator, terms: _Terms) -> tuple[Fraction | None, Reason | None, str]:
    """1 inside the range; outside, one less for every half width of it that the actual lies away."""
    low, high = terms.minimum, terms.maximum
    if terms.target is not None:
        slack = Fraction(indicator.tolerance or 0)
        low, high = terms.target - slack, terms.target + slack
    actual = terms.actual
    if actual is None or (low is None and high is None):
        return None, Reason.NO_TARGET, ""
    if low is None or high is None:
        kept = (low is None or actual >= low) and (high is None or actual <= high)
        return Fraction(int(kept)), None, MET
    if low <= actual <= high:
        return Fraction(1), None, "1 inside the range"
    distance = low - actual if actual < low else actual - high
    half = (high - low) / 2
    number = 1 - distance / half if half else Fraction(0)
    return number, None, "1 − distance from the range / half its width"


def _illustrative(indicator: Indicator, found: Sequence[_Due]) -> bool:
    base = indicator.baseline
    return any(each.version.illustrative for each in found) or (base is not None and base.illustrative)
