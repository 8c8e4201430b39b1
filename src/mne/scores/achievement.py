"""How far an indicator has come: an actual, a baseline and a target become an achievement.

Read `achievement` first; the arithmetic alone is in `mne.scores.conventions`. Nothing here is clamped or rounded;
what cannot be computed keeps its reason (semantics §5).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mne.errors import OptionError
from mne.logframe.indicator import Comparator, Direction, Measure, Rule
from mne.scores.cards import Achievement
from mne.scores.conventions import Convention, achievement_of, formula, is_reached, met_at
from mne.scores.expected import curve, share_due
from mne.scores.scheme import AchievementRule, Against, Expected
from mne.scores.targets import (
    DueTarget,
    asks_for_less,
    baseline_of,
    chosen_targets,
    common_comparator,
    comparable_targets,
    counted_to,
    is_per_period,
    periods_inside,
    running_target,
    silent_inside,
    sums,
    target_number,
)
from mne.scores.trajectory import years_between
from mne.scores.words import DISTANCE, DISTANCE_KEPT, INSIDE, INSIDE_KEPT, KEPT, MET, REACHED
from mne.tables.observations import State
from mne.tables.reasons import Reason

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator, TargetVersion
    from mne.values.values import IndicatorValue

__all__ = ["achievement", "achievement_of"]


@dataclass(frozen=True, slots=True)
class _Terms:
    """The numbers of an achievement, or the reason why one is not to be had."""

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
    ahead: int = 0
    """How many periods of the targets are still to come."""
    included: Fraction = Fraction(0)
    """The baseline's part in the actual, where the sum to date starts from it."""
    promises: int = 1
    """How many targets were added up; each has its own tolerance."""
    expected: Fraction | None = None
    """The share of the target that is due by now."""
    elapsed: Fraction | None = None
    span: Fraction | None = None
    """Years from the baseline to the actual and to the target."""
    interpolated: bool = False
    """Whether the target is a point on a line instead of a target of the plan."""


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
        against: "milestone" or "final". A milestone is the newest target due by the value's `until`; for conventions
            that reckon with time it is the target that is being worked towards.
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
    if against is Against.MILESTONE and rule.convention.uses_time:
        found, reason = running_target(value, known_by)
    else:
        found, reason = chosen_targets(value, against, rule.due, known_by)
    terms: _Terms | None = None
    if against is Against.MILESTONE and rule.expected is not Expected.COMPLETED_MILESTONES:
        terms, on_line = _on_a_line(value, rule, known_by)
        found, reason = (on_line, terms.reason) if terms is not None else (found, reason)
    elif found and is_per_period(value.indicator, found[-1]):
        found, reason = comparable_targets(value, found)
    if not found:
        return replace(empty, reason=reason)
    last = found[-1]
    comparator: Comparator | None = last.version.comparator
    if terms is None:
        # Several targets are added up; a line goes through them one by one.
        comparator = common_comparator(value.indicator, [each.version.comparator for each in found])
        terms = _terms(value, found, rule.convention)
    judged: dict[str, Any] = {"reason": Reason.TARGETS_DIFFER}
    if comparator is not None or terms.actual is None:
        number, why, how = _judged(value, comparator or last.version.comparator, terms, rule)
        judged = {"value": number, "reason": why, "rule": how}
    return replace(
        empty,
        **judged,
        actual=terms.actual,
        baseline=terms.baseline,
        target=terms.target,
        minimum=terms.minimum,
        maximum=terms.maximum,
        to_come=terms.to_come,
        expected=terms.expected,
        elapsed=terms.elapsed,
        span=terms.span,
        comparator=str(comparator or last.version.comparator),
        due_day=counted_to(value) if terms.interpolated else last.day,
        targets=tuple(each.target for each in found),
        versions=tuple(each.version for each in found),
        line_day=counted_to(value) if terms.interpolated else None,
        included=terms.included,
        illustrative=_illustrative(value.indicator, found),
    )


# --- the numbers ------------------------------------------------------------------------------------------------


def _terms(value: IndicatorValue, found: Sequence[DueTarget], convention: Convention) -> _Terms:
    terms = _plain_terms(value, found)
    if convention is Convention.TIME_PROPORTIONAL:
        return replace(terms, expected=share_due(value, found))
    if convention.uses_time:
        return _with_years(value, found[-1], terms)
    return terms


def _plain_terms(value: IndicatorValue, found: Sequence[DueTarget]) -> _Terms:
    indicator = value.indicator
    start, missing_start = baseline_of(indicator)
    if sums(indicator):
        if is_per_period(indicator, found[-1]):
            return _per_period_terms(value, found, start)
        if indicator.baseline_included:
            included = value.value + start if value.value is not None and start is not None else None
            terms = _Terms(included, start, reason=missing_start, included=start or Fraction(0))
            return _with_target(indicator, found[-1].version, terms)
        # Counting starts at zero, whatever the amount per period was before.
        return _with_target(indicator, found[-1].version, _Terms(value.value, Fraction(0)))
    return _with_target(indicator, found[-1].version, _Terms(value.value, start))


def _with_years(value: IndicatorValue, last: DueTarget, terms: _Terms) -> _Terms:
    """Years from the baseline, which stands at its date or else on the day before the project, to actual and target."""
    base = value.indicator.baseline
    start = base.date if base is not None else None
    if start is None and value.plan is not None:
        start = value.plan.start - dt.timedelta(days=1)
    now = value.as_of.last_day if value.as_of is not None else None
    return replace(
        terms,
        elapsed=Fraction(0) if start is None or now is None else years_between(start, now),
        span=Fraction(0) if start is None else years_between(start, last.day),
    )


def _on_a_line(
    value: IndicatorValue, rule: AchievementRule, known_by: dt.date | None
) -> tuple[_Terms | None, list[DueTarget]]:
    """What a line through the targets asks for by now; None where the targets are not made for lines."""
    found = curve(value, rule.expected, known_by=known_by)
    if found is None:
        return None, []
    if found.expected is None:
        return _Terms(reason=found.reason), []
    actual, missing, included = value.value, value.reason, Fraction(0)
    if all(is_per_period(value.indicator, each) for each in found.targets):
        # What was reported outside the targets' own periods is no progress towards them.
        actual, missing = _values_inside(value, found.targets)
        if asks_for_less(value.indicator, found.targets) and any(silent_inside(value, each) for each in found.targets):
            # The line goes on through silent periods, and a sum without them would be rewarded.
            actual, missing = None, missing or Reason.INCOMPLETE
    elif sums(value.indicator) and value.indicator.baseline_included and actual is not None:
        included = found.baseline or Fraction(0)
        actual += included
    terms = _Terms(actual, found.baseline, found.expected, missing=missing, interpolated=True, included=included)
    if rule.convention is Convention.TIME_PROPORTIONAL:
        terms = replace(terms, expected=Fraction(1))
    elif rule.convention.uses_time and value.as_of is not None:
        terms = _with_years(value, replace(found.targets[-1], day=value.as_of.last_day), terms)
    return terms, list(found.targets)


def _per_period_terms(value: IndicatorValue, found: Sequence[DueTarget], start: Fraction | None) -> _Terms:
    """Targets of periods together: their sum, against the sum over those periods, from the baseline per period."""
    indicator = value.indicator
    parts = []
    for each in found:
        periods = len(periods_inside(value, [each]))
        part = _with_target(indicator, each.version, _Terms(baseline=None if start is None else start * periods))
        if part.reason is not None:
            return part
        parts.append(part)
    inside = periods_inside(value, found)
    baseline = None if start is None else start * len(inside)
    # What was reported outside the targets' own periods is no progress towards them.
    actual, reason = _values_inside(value, found)
    if all(part.target is not None for part in parts):
        ahead = sum(1 for period in inside if value.until is None or not period.ended_by(value.until))
        to_come = Fraction(0) if start is None else start * ahead
        target = _total(part.target for part in parts)
        return _Terms(actual, baseline, target, missing=reason, to_come=to_come, ahead=ahead, promises=len(parts))
    low = _total(part.target if part.target is not None else part.minimum for part in parts)
    high = _total(part.target if part.target is not None else part.maximum for part in parts)
    return _Terms(actual, baseline, None, low, high, missing=reason)


def _total(numbers: Iterable[Fraction | None]) -> Fraction | None:
    """The sum, or None where one of them is open."""
    known = list(numbers)
    return None if any(number is None for number in known) else sum((n for n in known if n is not None), Fraction(0))


def _values_inside(value: IndicatorValue, found: Sequence[DueTarget]) -> tuple[Fraction | None, Reason | None]:
    """The sum of the indicator's values in the targets' own periods; or why there is none."""
    inside = set(periods_inside(value, found))
    amounts = [each.amount for each in value.periods if each.period in inside]
    if any(amount.reason is Reason.INCOMPLETE for amount in amounts):
        return None, Reason.INCOMPLETE
    numbers = [amount.value for amount in amounts if amount.value is not None]
    if numbers:
        return sum(numbers, Fraction(0)), None
    undefined = [amount.reason for amount in amounts if amount.state is State.UNDEFINED]
    return None, undefined[0] if undefined else Reason.NO_REPORTS


def _with_target(indicator: Indicator, version: TargetVersion, terms: _Terms) -> _Terms:
    if version.minimum is not None or version.maximum is not None:
        low = None if version.minimum is None else Fraction(version.minimum)
        high = None if version.maximum is None else Fraction(version.maximum)
        return replace(terms, minimum=low, maximum=high)
    target, why = target_number(indicator, version, base=terms.baseline)
    return replace(terms, target=target, reason=terms.reason if target is not None else why)


# --- the verdict ------------------------------------------------------------------------------------------------


def _judged(
    value: IndicatorValue, comparator: Comparator, terms: _Terms, rule: AchievementRule
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
    # Conventions for which 0 is "reached" say the same of a target that is met or not met: 0, or 1 less.
    shift = met_at(rule.convention) - 1
    if indicator.direction is Direction.MAINTAIN and comparator in (Comparator.EQUAL, Comparator.WITHIN):
        number, reason, words = _maintained(indicator, terms)
        if shift:
            words = {INSIDE: INSIDE_KEPT, DISTANCE: DISTANCE_KEPT, MET: KEPT}.get(words, words)
        return None if number is None else number + shift, reason, words
    threshold = _threshold(indicator, comparator, terms)
    if threshold is not None:
        return Fraction(int(threshold)) + shift, None, KEPT if shift else MET
    if terms.target is None:
        return None, Reason.NO_TARGET, ""
    return _measured(indicator, terms, rule)


def _measured(indicator: Indicator, terms: _Terms, rule: AchievementRule) -> tuple[Fraction | None, Reason | None, str]:
    """The achievement of a target that measures a distance."""
    convention = rule.convention
    misleads = indicator.direction is Direction.DECREASE and rule.falling == "undefined"
    if convention.reads_more_as_better and misleads:
        return None, Reason.DIRECTION_UNFIT, ""
    instead = convention.uses_baseline and rule.no_baseline == "actual_over_target" and not misleads
    if terms.baseline is None and instead:
        convention = Convention.ACTUAL_OVER_TARGET
    if convention.is_growth and sums(indicator) and not indicator.baseline_included:
        return None, Reason.GROWTH_UNDEFINED, ""
    falling = indicator.direction is Direction.DECREASE
    if falling and terms.ahead and terms.baseline is None:
        # A sum that is not yet complete lies below its ceiling for no merit of anybody's.
        return None, Reason.NO_BASELINE, ""
    covered = falling or convention is Convention.BASELINE_TARGET
    number, reason = achievement_of(
        actual=None if terms.actual is None else terms.actual + (terms.to_come if covered else 0),
        target=terms.target,
        baseline=terms.baseline,
        convention=convention,
        direction=indicator.direction.value,
        favourable=rule.favourable,
        expected=terms.expected,
        elapsed=terms.elapsed,
        span=terms.span,
    )
    words = formula(convention, direction=indicator.direction.value, favourable=rule.favourable)
    if covered and terms.to_come:
        words = words.replace("actual", "actual + to come", 1)
    if number == 1 and _by_reaching(convention, terms):
        words = REACHED
    return number, reason, words


def _by_reaching(convention: Convention, terms: _Terms) -> bool:
    """Whether a growth convention says 1 because the target is reached, and not because of the pace."""
    actual, baseline, target = terms.actual, terms.baseline, terms.target
    if not convention.is_growth or actual is None or baseline is None or target is None:
        return False
    on_its_date = terms.elapsed == terms.span or (convention is Convention.PROJECTED_GROWTH and actual == target)
    return is_reached(actual, baseline, target) and not on_its_date


def _threshold(indicator: Indicator, comparator: Comparator, terms: _Terms) -> bool | None:
    """Met or not, for targets that are a line to cross; None for those that measure a distance."""
    actual, target = terms.actual, terms.target
    if actual is None:
        return None
    if terms.minimum is not None or terms.maximum is not None:
        low = terms.minimum is None or actual >= terms.minimum
        return low and (terms.maximum is None or actual <= terms.maximum)
    if target is None:
        return None
    if comparator is Comparator.AT_LEAST:
        return actual >= target
    if comparator is Comparator.AT_MOST:
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
        slack = Fraction(indicator.tolerance or 0) * terms.promises
        low, high = terms.target - slack, terms.target + slack
    actual = terms.actual
    if actual is None or (low is None and high is None):
        return None, Reason.NO_TARGET, ""
    if low is None or high is None:
        kept = (low is None or actual >= low) and (high is None or actual <= high)
        return Fraction(int(kept)), None, MET
    if low <= actual <= high:
        return Fraction(1), None, INSIDE
    distance = low - actual if actual < low else actual - high
    half = (high - low) / 2
    number = 1 - distance / half if half else Fraction(0)
    return number, None, DISTANCE


def _illustrative(indicator: Indicator, found: Sequence[DueTarget]) -> bool:
    base = indicator.baseline
    return any(each.version.illustrative for each in found) or (base is not None and base.illustrative)
