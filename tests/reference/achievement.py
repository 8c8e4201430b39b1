"""How far an indicator has come from its baseline towards its target, as an exact fraction. Read `achievement` first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from mne.logframe.indicator import TOTAL, Axis, Indicator, Quantity, Target, TargetVersion
from mne.logframe.model import Logframe
from mne.logframe.periods import Period
from mne.tables.reasons import Reason
from tests.reference.lines import expected
from tests.reference.values import ReferenceValues


@dataclass(frozen=True)
class RefAchievement:
    """An achievement (1 is reached), or the reason why there is none; and the numbers that it came from."""

    value: Fraction | None
    reason: str | None
    actual: Fraction | None = None
    baseline: Fraction | None = None
    target: Fraction | None = None
    state: str = "reported"
    """The state of the actual."""
    behind: bool = False
    """Whether it stands behind its baseline, on a way that is measured as a distance."""


@dataclass(frozen=True)
class _Promise:
    """A target for the whole, in the version in force."""

    order: int
    target: Target
    version: TargetVersion
    due: dt.date
    period: Period | None

    @property
    def per_period(self) -> bool:
        return self.target.basis == "per_period"

    @property
    def rank(self) -> tuple[dt.date, bool, int]:
        """The greatest of these is the latest due; on one day a final target is later than a milestone."""
        return (self.due, self.target.kind == "final", self.order)


@dataclass(frozen=True)
class _Asked:
    """What the target asks for: a number, or a range; with its comparator."""

    comparator: str
    number: Fraction | None
    lowest: Fraction | None = None
    highest: Fraction | None = None
    promises: int = 1
    """How many targets were added up."""


@dataclass(frozen=True)
class _Actual:
    state: str
    reason: str | None
    value: Fraction | None


def achievement(
    plan: Logframe,
    indicator_id: str,
    reference_values: ReferenceValues,
    *,
    rule: Any,
    known_by: dt.date | None = None,
    against: str | None = None,
) -> RefAchievement:
    """The achievement of one indicator by a scheme's achievement rule, against a milestone or the final target."""
    indicator = plan.indicators[indicator_id]
    measured = reference_values.indicators[indicator_id]
    until = reference_values.until
    adds_up = indicator.accumulation == "flow" and indicator.rule(Axis.TIME) == "sum"
    final = (against or rule.against) == "final"
    by_time = rule.convention in ("time_proportional", "growth_rate", "projected_growth")

    # 0. A point on a line instead of a target.
    if not final and rule.expected != "completed_milestones":
        told = _on_a_line(plan, indicator, measured, until, known_by, rule, adds_up=adds_up)
        if told is not None:
            return told

    # 1. Which targets.
    promises = _promises(plan, indicator, known_by, adds_up=adds_up)
    if not promises:
        return RefAchievement(None, str(Reason.NO_TARGET), measured.value, state=measured.state)
    if final:
        reason, chosen = _final(promises, adds_up=adds_up)
    elif by_time:
        reason, chosen = _worked_towards(promises, _counted_to(plan, indicator, until))
    else:
        reason, chosen = _milestone(promises, until, adds_up=adds_up, everything=rule.due == "all")
    if reason is not None:
        return RefAchievement(None, str(reason), measured.value, state=measured.state)

    # 2. The actual and the baseline that go with them.
    by_periods = adds_up and chosen[0].per_period
    to_come = Fraction(0)
    unfinished = False
    if by_periods and indicator.direction == "maintain":
        # Periods still to come are neither kept nor broken.
        chosen = [each for each in chosen if until is not None and each.due <= until]
        if not chosen:
            return RefAchievement(None, str(Reason.NO_TARGET_DUE), None, state=measured.state)
    if by_periods and _gains_by_silence(indicator, chosen):
        # A period that nobody reported on makes the sum smaller; its promise is left out with it.
        told = [each for each in chosen if not _is_silent(plan, indicator, measured, each.period, until)]
        chosen = told or chosen
    actual = _Actual(measured.state, measured.reason, measured.value)
    baseline = _baseline(indicator)
    if by_periods:
        if not final and rule.due == "periods_with_data":
            with_data = [each for each in chosen if _numbers_in(plan, indicator, measured, each.period)]
            chosen = with_data or chosen
        actual = _sum_of_periods(plan, indicator, measured, chosen)
        length = sum(len(_inside(plan, indicator, each.period)) for each in chosen)
        start = None if baseline is None else baseline * length
        if baseline is not None:
            # What is still to come is taken at the amount before the project: neither progress nor a step back.
            inside = {each for promise in chosen for each in _inside(plan, indicator, promise.period)}
            to_come = baseline * sum(1 for each in inside if until is None or each.last_day > until)
        promised = [each for promise in chosen for each in _inside(plan, indicator, promise.period)]
        unfinished = any(until is None or each.last_day > until for each in promised)
    elif adds_up:
        start = Fraction(0)
        if indicator.baseline_included:
            start = baseline
    else:
        start = baseline
    if actual.value is None:
        nothing_due = measured.state in ("not_due", "not_applicable")
        reason = measured.reason if nothing_due else actual.reason
        return RefAchievement(None, reason, None, start, None, actual.state)
    if indicator.measure.is_text:
        return RefAchievement(None, str(Reason.TEXT_ONLY), None, start, None, actual.state)
    value = actual.value
    if adds_up and not by_periods and indicator.baseline_included:
        if baseline is None:
            return RefAchievement(None, str(Reason.NO_BASELINE), None, None, None, actual.state)
        value = baseline + value

    # 3. What is asked for.
    reason, asked = _asked_for(plan, indicator, chosen, baseline, by_periods=by_periods)
    if asked is None:
        return RefAchievement(None, str(reason), value, start, None, actual.state)

    # 4. How far.
    now = _counted_to(plan, indicator, until)
    clock = _Clock(
        share=_share_due(plan, indicator, chosen, now, by_periods=by_periods),
        elapsed=_years(plan, indicator, _end_of(plan, indicator, measured.as_of)),
        span=_years(plan, indicator, max(chosen, key=lambda each: each.rank).due),
    )
    if by_periods:
        asked = replace(asked, promises=len(chosen))
    clock = replace(clock, summed=adds_up and not indicator.baseline_included, unfinished=unfinished)
    found, reason = _held_against(indicator, value, start, asked, rule=rule, to_come=to_come, clock=clock)
    told = None if reason is None else str(reason)
    behind = found is not None and _is_behind(indicator, value + to_come, start, asked)
    return RefAchievement(found, told, value, start, asked.number, actual.state, behind)


def _is_behind(indicator: Indicator, actual: Fraction, start: Fraction | None, asked: _Asked) -> bool:
    if _met_or_kept(indicator, actual, asked) is not None or start is None or asked.number in (None, start):
        return False
    return (actual - start) / (asked.number - start) < 0


def _gains_by_silence(indicator: Indicator, chosen: list[_Promise]) -> bool:
    if indicator.direction != "increase":
        return True
    return any(each.version.comparator in ("≤", "within") for each in chosen)


def _is_silent(plan: Logframe, indicator: Indicator, measured: Any, span: Period | None, until: dt.date | None) -> bool:
    for each in _inside(plan, indicator, span):
        if until is None or each.last_day > until:
            continue
        period = measured.periods.get(each.label)
        if period is None or period.value is None:
            return True
    return False


def _on_a_line(
    plan: Logframe,
    indicator: Indicator,
    measured: Any,
    until: dt.date | None,
    known_by: dt.date | None,
    rule: Any,
    *,
    adds_up: bool,
) -> RefAchievement | None:
    promises = _promises(plan, indicator, known_by, adds_up=adds_up)
    day = _counted_to(plan, indicator, until)
    lines = Lines(plan, indicator, adds_up=adds_up)
    line = expected(promises, how=rule.expected, day=day, ask=lines)
    if line is None:
        return None
    if line.target is None:
        return RefAchievement(None, line.reason, measured.value, state=measured.state)
    live = _applicable(promises)
    actual = _Actual(measured.state, measured.reason, measured.value)
    by_periods = adds_up and all(each.per_period for each in live)
    if by_periods:
        actual = _sum_of_periods(plan, indicator, measured, live)
        silent = any(_is_silent(plan, indicator, measured, each.period, until) for each in live)
        if silent and _gains_by_silence(indicator, live) and actual.value is not None:
            actual = _Actual("missing", str(Reason.INCOMPLETE), None)
    value = actual.value
    if value is None:
        reason = measured.reason if measured.state in ("not_due", "not_applicable") else actual.reason
        return RefAchievement(None, reason, None, line.baseline, None, actual.state)
    if adds_up and not by_periods and indicator.baseline_included and line.baseline is not None:
        value += line.baseline
    asked = _Asked("=", line.target)
    as_of = _end_of(plan, indicator, measured.as_of)
    span = _years(plan, indicator, as_of)
    clock = _Clock(Fraction(1), span, span, summed=adds_up and not indicator.baseline_included)
    found, reason = _held_against(indicator, value, line.baseline, asked, rule=rule, to_come=Fraction(0), clock=clock)
    reason = None if reason is None else str(reason)
    return RefAchievement(found, reason, value, line.baseline, line.target, measured.state)


class Lines:
    """What `lines.expected` must know of a plan."""

    def __init__(self, plan: Logframe, indicator: Indicator, *, adds_up: bool) -> None:
        self._plan, self._indicator = plan, indicator
        self.adds_up = adds_up
        self.ranked = indicator.measure in ("ordinal", "milestone")
        self.included = indicator.baseline_included
        self.baseline = _baseline(indicator)
        self.baseline_day = indicator.baseline.date if indicator.baseline is not None else None
        self.start = plan.start

    def length(self, promise: _Promise) -> int:
        return len(_inside(self._plan, self._indicator, promise.period))

    def number(self, promise: _Promise) -> Fraction | str:
        by_periods = self.adds_up and promise.per_period
        reason, asked = _asked_for(self._plan, self._indicator, [promise], self.baseline, by_periods=by_periods)
        return str(reason) if asked is None or asked.number is None else asked.number


# --- targets ---------------------------------------------------------------------------------------------------------


def _promises(plan: Logframe, indicator: Indicator, known_by: dt.date | None, *, adds_up: bool) -> list[_Promise]:
    found = []
    for order, target in enumerate(indicator.targets):
        version = target.in_force(known_by)
        if target.category != TOTAL or version is None or version.status == "pending":
            continue
        period = plan.period(target.period) if target.period is not None else None
        if period is None and target.date is not None and adds_up and target.basis == "per_period":
            # A promise for a period is due when that period has ended, on whatever day within it was written.
            holding = [each for each in plan.periods_of(indicator) if target.date in each]
            if not holding:
                continue
            period = holding[0]
            due = period.last_day
        elif target.date is not None:
            due = target.date
        elif period is not None:
            due = period.last_day
        else:
            due = plan.end
        found.append(_Promise(order, target, version, due, period))
    return found


def _applicable(promises: list[_Promise]) -> list[_Promise]:
    return [each for each in promises if each.version.status == "set"]


def _milestone(
    promises: list[_Promise], until: dt.date | None, *, adds_up: bool, everything: bool
) -> tuple[str | None, list[_Promise]]:
    due = [each for each in promises if until is not None and each.due <= until]
    if adds_up and everything and not any(not each.per_period for each in _applicable(due)):
        due = due + [each for each in promises if each.per_period and each not in due]
    if not due:
        return Reason.NO_TARGET_DUE, []
    due = _applicable(due)
    if not due:
        return Reason.TARGET_NOT_APPLICABLE, []
    if not adds_up:
        return None, [max(due, key=lambda each: each.rank)]
    cumulative = [each for each in due if not each.per_period]
    if cumulative:
        return None, [max(cumulative, key=lambda each: each.rank)]
    return None, due


def _worked_towards(promises: list[_Promise], now: dt.date | None) -> tuple[str | None, list[_Promise]]:
    """The first promise due on or after the last day that counts, or else the one due last."""
    live = sorted(_applicable(promises), key=lambda each: each.rank)
    if not live:
        return Reason.TARGET_NOT_APPLICABLE, []
    ahead = [each for each in live if now is not None and each.due >= now]
    return None, [ahead[0] if ahead else live[-1]]


def _final(promises: list[_Promise], *, adds_up: bool) -> tuple[str | None, list[_Promise]]:
    live = _applicable(promises)
    if not live:
        return Reason.TARGET_NOT_APPLICABLE, []
    if adds_up:
        cumulative = [each for each in live if not each.per_period]
        if not cumulative:
            return None, live
        live = cumulative
    last = [each for each in live if each.target.kind == "final"] or live
    return None, [max(last, key=lambda each: each.rank)]


def _quantity(indicator: Indicator, quantity: Quantity) -> Fraction | None:
    """A baseline or a target as a number: as given, as a rank on the scale, or from its two sides."""
    if quantity.value is not None:
        return Fraction(quantity.value)
    if quantity.stage is not None:
        rank = indicator.rank(quantity.stage)
        return None if rank is None else Fraction(rank)
    if quantity.numerator is not None and quantity.denominator:
        return Fraction(indicator.multiplier) * Fraction(quantity.numerator) / Fraction(quantity.denominator)
    return None


def _baseline(indicator: Indicator) -> Fraction | None:
    if indicator.baseline is None or indicator.baseline.status != "established":
        return None
    return _quantity(indicator, indicator.baseline)


def _asked_for(
    plan: Logframe, indicator: Indicator, chosen: list[_Promise], baseline: Fraction | None, *, by_periods: bool
) -> tuple[str | None, _Asked | None]:
    """What one target asks for; or what several targets of periods ask for together."""
    asked = []
    for each in chosen:
        version = each.version
        if version.text is not None:
            return Reason.TARGET_IS_TEXT, None
        number = _quantity(indicator, version)
        if version.above_baseline is not None:
            if baseline is None:
                return Reason.NO_BASELINE, None
            # The baseline of a flow is an amount per period, so a promise for a year is above four quarters of it.
            length = len(_inside(plan, indicator, each.period)) if by_periods else 1
            number = baseline * length + Fraction(version.above_baseline)
        lowest = None if version.minimum is None else Fraction(version.minimum)
        highest = None if version.maximum is None else Fraction(version.maximum)
        if number is None and lowest is None and highest is None:
            return Reason.NO_TARGET, None
        asked.append(_Asked(version.comparator, number, lowest, highest))
    if len(asked) == 1:
        return None, asked[0]
    words = {each.comparator for each in asked}
    usual = "≤" if indicator.direction == "decrease" else "≥"
    if len(words) == 1:
        comparator = asked[0].comparator
    elif words == {"=", "within"}:
        comparator = "within"
    elif words == {"=", usual}:
        comparator = "="
    else:
        return Reason.TARGETS_DIFFER, None
    if comparator == "within":
        lows = [each.number if each.number is not None else each.lowest for each in asked]
        highs = [each.number if each.number is not None else each.highest for each in asked]
        return None, _Asked("within", None, _total(lows), _total(highs))
    edges = [next(edge for edge in (each.number, each.lowest, each.highest) if edge is not None) for each in asked]
    return None, _Asked(comparator, _total(edges))


def _total(numbers: list[Fraction | None]) -> Fraction | None:
    return None if any(number is None for number in numbers) else sum(numbers, Fraction(0))


# --- actuals of flows held against targets of periods ----------------------------------------------------------------


def _inside(plan: Logframe, indicator: Indicator, span: Period | None) -> list[Period]:
    """The indicator's periods that lie within a target's period."""
    if span is None:
        return []
    return [each for each in plan.periods_of(indicator) if span.start <= each.start and each.end <= span.end]


def _numbers_in(plan: Logframe, indicator: Indicator, measured: Any, span: Period | None) -> list[Fraction]:
    periods = [measured.periods.get(each.label) for each in _inside(plan, indicator, span)]
    return [period.value for period in periods if period is not None and period.value is not None]


def _sum_of_periods(plan: Logframe, indicator: Indicator, measured: Any, chosen: list[_Promise]) -> _Actual:
    wanted = {each.label for promise in chosen for each in _inside(plan, indicator, promise.period)}
    periods = [period for label, period in measured.periods.items() if label in wanted]
    periods = [period for period in periods if period.state not in ("not_applicable", "not_due")]
    if any(period.reason == Reason.INCOMPLETE for period in periods):
        return _Actual("missing", str(Reason.INCOMPLETE), None)
    numbers = [period.value for period in periods if period.value is not None]
    if numbers:
        return _Actual("reported", None, sum(numbers, Fraction(0)))
    for period in periods:
        if period.state == "undefined":
            return _Actual("undefined", period.reason, None)
    return _Actual("missing", str(Reason.NO_REPORTS), None)


# --- time ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Clock:
    """The share of the target that is due by now; years from the baseline to the actual and to the target."""

    share: Fraction
    elapsed: Fraction
    span: Fraction
    summed: bool = False
    """What is compared is a sum over time, which does not grow at a rate."""
    unfinished: bool = False
    """Some of the targets' periods are still to come."""


def _counted_to(plan: Logframe, indicator: Indicator, until: dt.date | None) -> dt.date | None:
    ended = [each.last_day for each in plan.periods_of(indicator) if until is not None and each.last_day <= until]
    return max(ended) if ended else None


def _end_of(plan: Logframe, indicator: Indicator, label: str | None) -> dt.date | None:
    return next((each.last_day for each in plan.periods_of(indicator) if each.label == label), None)


def _share_due(
    plan: Logframe, indicator: Indicator, chosen: list[_Promise], now: dt.date | None, *, by_periods: bool
) -> Fraction:
    if indicator.accumulation == "level":
        return Fraction(1)
    if by_periods:
        inside = {period for each in chosen for period in _inside(plan, indicator, each.period)}
    else:
        last = max(chosen, key=lambda each: each.rank).due
        inside = {period for period in plan.periods_of(indicator) if period.last_day <= last}
    if not inside:
        return Fraction(1)
    return Fraction(sum(1 for period in inside if now is not None and period.last_day <= now), len(inside))


def _years(plan: Logframe, indicator: Indicator, day: dt.date | None) -> Fraction:
    dated = indicator.baseline is not None and indicator.baseline.date
    start = indicator.baseline.date if dated else plan.start - dt.timedelta(days=1)
    if day is None:
        return Fraction(0)
    months = 12 * (day.year - start.year) + (day.month - start.month)
    return (months + _of_month(day) - _of_month(start)) / 12


def _of_month(day: dt.date) -> Fraction:
    after = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return Fraction(day.day, (after - dt.timedelta(days=1)).day)


def _root_of(base: Fraction, exponent: Fraction) -> Fraction:
    """base ** exponent to 80 digits."""
    if exponent.denominator == 1:
        return base ** int(exponent)
    context = Context(prec=90)
    logarithm = context.ln(context.divide(Decimal(base.numerator), Decimal(base.denominator)))
    power = context.divide(Decimal(exponent.numerator), Decimal(exponent.denominator))
    return Fraction(context.exp(context.multiply(logarithm, power)))


# --- the conventions --------------------------------------------------------------------------------------------------


def _held_against(
    indicator: Indicator,
    actual: Fraction,
    start: Fraction | None,
    asked: _Asked,
    *,
    rule: Any,
    to_come: Fraction,
    clock: _Clock,
) -> tuple[Fraction | None, str | None]:
    met_or_kept = _met_or_kept(indicator, actual, asked)
    if met_or_kept is not None:
        # Where 0 says "reached", a target that is not met is one below it.
        zero_is_met = rule.convention in ("variance", "time_proportional")
        return met_or_kept - (1 if zero_is_met else 0), None
    return _distance(indicator, actual, start, asked.number, rule=rule, to_come=to_come, clock=clock)


def _met_or_kept(indicator: Indicator, actual: Fraction, asked: _Asked) -> Fraction | None:
    """For targets that are a line to cross or a range to keep; None for those that measure a distance."""
    target = asked.number
    if indicator.direction == "maintain" and asked.comparator in ("within", "="):
        return _maintained(indicator, actual, asked)
    if asked.comparator == "within":
        return _met(_is_within(actual, asked.lowest, asked.highest))
    if indicator.measure == "yes_no" and not _is_share(indicator):
        return _met(actual == target)
    if indicator.measure == "milestone":
        return _met(actual >= target)
    if asked.comparator == "≥":
        return _met(actual >= target)
    if asked.comparator == "≤":
        return _met(actual <= target)
    return None


def _distance(
    indicator: Indicator,
    actual: Fraction,
    start: Fraction | None,
    target: Fraction,
    *,
    rule: Any,
    to_come: Fraction,
    clock: _Clock,
) -> tuple[Fraction | None, str | None]:
    convention = rule.convention
    upside_down = indicator.direction == "decrease" and rule.falling == "undefined"
    if upside_down and convention in ("actual_over_target", "time_proportional"):
        return None, Reason.DIRECTION_UNFIT
    if (
        clock.summed
        and convention in ("growth_rate", "projected_growth")
        and not (start is None and rule.no_baseline == "actual_over_target" and not upside_down)
    ):
        return None, Reason.GROWTH_UNDEFINED
    if indicator.direction == "decrease":
        if clock.unfinished and start is None:
            return None, Reason.NO_BASELINE
        if convention != "baseline_target":
            actual += to_come
    needs_start = convention in ("baseline_target", "growth_rate", "projected_growth")
    if needs_start and start is None and rule.no_baseline == "actual_over_target" and not upside_down:
        convention = "actual_over_target"
    if convention in ("actual_over_target", "inverse_ratio", "variance", "time_proportional"):
        if target == 0:
            return None, Reason.TARGET_ZERO
        if convention != "variance" and (target < 0 or (convention == "inverse_ratio" and actual < 0)):
            return None, Reason.DIRECTION_UNFIT
        if convention == "actual_over_target":
            return actual / target, None
        if convention == "time_proportional":
            return actual / target - clock.share, None
        falling = indicator.direction == "decrease"
        if convention == "inverse_ratio":
            if not falling:
                return actual / target, None
            return (target / actual, None) if actual else (None, Reason.ACTUAL_ZERO)
        over = (actual - target) / abs(target)
        return (-over if falling and rule.favourable else over), None
    if start is None:
        return None, Reason.NO_BASELINE
    if target == start:
        return None, Reason.TARGET_EQUALS_BASELINE
    if convention == "baseline_target":
        return (actual + to_come - start) / (target - start), None
    pace, reason = _pace(convention, actual, start, target, clock)
    if min(start, target) < target <= actual or actual <= target < max(start, target):
        # Reached, at whatever pace and also where there is none.
        return (max(pace, Fraction(1)) if pace is not None else Fraction(1)), None
    return pace, reason


def _pace(
    convention: str, actual: Fraction, start: Fraction, target: Fraction, clock: _Clock
) -> tuple[Fraction | None, str | None]:
    if clock.elapsed <= 0 or clock.span <= 0:
        return None, Reason.NO_TIME_ELAPSED
    if convention == "projected_growth" and clock.elapsed > clock.span:
        return (actual - start) / (target - start), None
    if start == 0 or actual / start <= 0:
        return None, Reason.GROWTH_UNDEFINED
    if convention == "projected_growth":
        return (start * _root_of(actual / start, clock.span / clock.elapsed) - start) / (target - start), None
    if target / start <= 0:
        return None, Reason.GROWTH_UNDEFINED
    observed = _root_of(actual / start, 1 / clock.elapsed) - 1
    return observed / (_root_of(target / start, 1 / clock.span) - 1), None


def _is_share(indicator: Indicator) -> bool:
    """Whether a yes/no indicator's value is the share of yes, which is a ratio like any other."""
    rules = [indicator.rule(axis) for axis in (Axis.CATEGORIES, Axis.LOCATIONS, Axis.PARTNERS, Axis.TIME)]
    return any(rule in ("mean", "weighted_mean") for rule in rules)


def _met(answer: bool) -> Fraction:
    return Fraction(1) if answer else Fraction(0)


def _is_within(actual: Fraction, lowest: Fraction | None, highest: Fraction | None) -> bool:
    return (lowest is None or lowest <= actual) and (highest is None or actual <= highest)


def _maintained(indicator: Indicator, actual: Fraction, asked: _Asked) -> Fraction:
    lowest, highest = asked.lowest, asked.highest
    if asked.comparator == "=":
        tolerance = Fraction(indicator.tolerance or 0) * asked.promises
        lowest, highest = asked.number - tolerance, asked.number + tolerance
    if _is_within(actual, lowest, highest):
        return Fraction(1)
    if lowest is None or highest is None or lowest == highest:
        return Fraction(0)
    distance = lowest - actual if actual < lowest else actual - highest
    return 1 - distance / ((highest - lowest) / 2)
