"""The lowest and the highest score that the missing reports still allow.

Read `bounds` first. Whatever the missing reports will say within the stated limits, the score lies between the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.ground.numbers import number_text
from mne.logframe.indicator import Axis, Rule
from mne.scores.achievement import achievement
from mne.scores.conventions import Convention, met_at
from mne.scores.scheme import Due, Policy
from mne.scores.scorecard import policy_of
from mne.scores.spans import Reach, Span, rank_labels, ranks_of, spans
from mne.tables.observations import State
from mne.tables.reasons import Reason
from mne.values.completion import completed_value, is_incomplete, with_any_value

if TYPE_CHECKING:
    from mne.scores.cards import IndicatorScore, ResultScore, Scorecard

__all__ = ["Bound", "Bounds", "bounds", "is_incomplete"]

Limit = Fraction | Decimal | int


@dataclass(frozen=True, slots=True)
class Bound:
    """How far a score may still move. Units: the scheme's points."""

    id: str
    score: Fraction | None
    """The score as it stands."""
    low: Fraction | None
    high: Fraction | None
    """None: no score is possible, whatever is reported."""
    rating_low: str | None
    """The worst rating that is possible, after gates and people's overrides."""
    rating_high: str | None
    """The best one."""
    may_lack: bool
    """Whether it may end without a score: what is reported could be undefined, or leave too little to score."""
    complete: bool
    """Nothing that could change it is missing: low and high are the score."""
    why: str
    """What is missing and within which limits; empty where nothing is."""

    @property
    def certain(self) -> bool:
        """Whether the rating is settled, whatever the missing reports will say."""
        return self.rating_low is not None and self.rating_low == self.rating_high and not self.may_lack


@dataclass(frozen=True)
class Bounds(Mapping[str, Bound]):
    """The bounds of every result and indicator of a card, by id."""

    by_id: FrozenMap[str, Bound]

    def __getitem__(self, id: str) -> Bound:
        return self.by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)

    def __repr__(self) -> str:
        told = ", ".join(
            f"{each.id} {number_text(each.low, digits=1)} to {number_text(each.high, digits=1)}"
            for each in self.by_id.values()
            if each.low is not None and each.high is not None and not each.complete
        )
        return f"Bounds({told or 'nothing is missing'})"


def bounds(
    card: Scorecard,
    *,
    limits: tuple[Limit, Limit] | None = None,
    cells: Mapping[str, tuple[Limit, Limit]] | None = None,
) -> Bounds:
    """The lowest and highest score of every result and indicator that the missing reports allow.

    Args:
        card: a scorecard.
        limits: the lowest and highest achievement (1 is reached) that an indicator with missing reports may come to,
            within the scheme's floor and ceiling. None takes those, beyond which no achievement counts.
        cells: by indicator, the lowest and highest value that one missing report can have, in the indicator's unit. It
            then lies between what comes out when every missing report has the one, and when every one has the other;
            the score as it stands may lie outside, where the reports to come cannot but raise a sum.

    Units: the scheme's points. The bounds hold once every report that is due has come; what has no number for another
    reason than missing reports (no target, words, not applicable) stays as it is. An indicator that may then be
    undefined (0 of 0) counts both as the scheme treats it then and with its number. Where `cells` cannot be used, as
    with pooled ratios, the limits stand in, and `why` says so. Targets that are a range or a line to cross are met
    within the cells' bounds if any value between them meets them.

    Raises:
        OptionError: the scheme has no floor or no ceiling and no limits are given; limits the wrong way round, or all
            outside of floor and ceiling; `cells` for an indicator that the plan does not have.
    """
    low, high = _limits(card, limits)
    told = dict(cells or {})
    unknown = [code for code in told if code not in card.plan.indicators]
    if unknown:
        raise OptionError(f"{card.plan.id} has no indicator {', '.join(unknown)}")
    for code, (least, most) in told.items():
        if least > most:
            raise OptionError(f"{code}: the lowest value of a report must not lie above the highest")
    ends = {
        code: _end(card, part, limits=(low, high), stated=limits is not None, cell=told.get(code))
        for code, part in card.indicators.items()
    }
    results = spans(card, {code: end.reach for code, end in ends.items()})
    found = {code: _of_result(part, results[code], ends) for code, part in card.results.items()}
    found.update({code: _of_indicator(part, ends[code]) for code, part in card.indicators.items()})
    return Bounds(FrozenMap(found))


def _limits(card: Scorecard, limits: tuple[Limit, Limit] | None) -> tuple[Fraction, Fraction]:
    rule = card.scheme.achievement
    low, high = (rule.floor, rule.ceiling) if limits is None else limits
    if low is None or high is None:
        raise OptionError(f"the scheme {card.scheme.id} has no floor or no ceiling: say limits=(lowest, highest)")
    if low > high:
        raise OptionError(f"the lowest achievement must not lie above the highest, not {low} and {high}")
    return _clamped(Fraction(low), card), _clamped(Fraction(high), card)


def _clamped(number: Fraction, card: Scorecard) -> Fraction:
    rule = card.scheme.achievement
    if rule.floor is not None:
        number = max(number, Fraction(rule.floor))
    return number if rule.ceiling is None else min(number, Fraction(rule.ceiling))


def _of_result(part: ResultScore, span: Span, ends: Mapping[str, _End]) -> Bound:
    beneath = [each.id for result in part.result.walk() for each in result.indicators]
    waiting = [code for code in beneath if ends[code].why]
    worst, best = rank_labels(part.scheme, span.ranks)
    return Bound(
        id=part.id,
        score=part.score,
        low=span.low if waiting else part.score,
        high=span.high if waiting else part.score,
        rating_low=worst if waiting else part.rating,
        rating_high=best if waiting else part.rating,
        may_lack=span.may_lack if waiting else part.score is None,
        complete=not waiting,
        why=f"{len(waiting)} of {len(beneath)} indicators wait for reports: {', '.join(waiting)}" if waiting else "",
    )


def _of_indicator(part: IndicatorScore, end: _End) -> Bound:
    span = end.reach.span
    ranks = None if span.low is None or span.high is None else ranks_of(part.scheme, span.low, span.high)
    worst, best = rank_labels(part.scheme, ranks)
    if part.override is not None:
        worst = best = part.override.rating
    return Bound(
        id=part.id,
        score=part.score,
        low=span.low,
        high=span.high,
        rating_low=worst,
        rating_high=best,
        may_lack=span.may_lack,
        complete=not end.why,
        why=end.why,
    )


# --- indicators -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _End:
    """Where an indicator may end, and why that is not yet known; no words where nothing is missing."""

    reach: Reach
    why: str = ""


def _end(
    card: Scorecard,
    part: IndicatorScore,
    *,
    limits: tuple[Fraction, Fraction],
    stated: bool,
    cell: tuple[Limit, Limit] | None,
) -> _End:
    now = _as_it_stands(part, card)
    if not is_incomplete(part.actual):
        return _End(now)
    reason = _unscored_even_so(card, part)
    if reason is not None:
        then = _if_undefined(card, part) | {_policy_then(part, reason, card)}
        if part.score is None and then == now.span.without:
            return _End(now)
        return _End(Reach(Span(None, None, then, _none())), f"without a number also once reported: {reason.words}")
    scale = card.scheme.scale_exact
    silence = f"{part.actual.coverage} reported"
    tried = None if cell is None else _by_cells(card, part, cell)
    if isinstance(tried, Reach) and cell is not None:
        told = f"each missing report between {number_text(Fraction(cell[0]))} and {number_text(Fraction(cell[1]))}"
        return _End(tried, f"{silence}, {told}")
    policies = _if_undefined(card, part)
    least, most = _possible(card, part, limits)
    coverage = (Fraction(0) if policies else Fraction(1), Fraction(1))
    told = f"between {number_text(100 * least)} and {number_text(100 * most)} % achieved"
    if isinstance(tried, str):
        told += f", as {tried}"
    # A floor of the scheme bounds the points, but not the achievement that a gate looks at.
    open_ends = (least, most) if stated else (None, None)
    return _End(Reach(Span(least * scale, most * scale, policies, coverage), *open_ends), f"{silence}, {told}")


def _possible(card: Scorecard, part: IndicatorScore, limits: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    """The limits, as far as a target that is met or missed, or a range that is kept, can come to them at all."""
    rule = card.scheme.achievement
    if rule.due is Due.PERIODS_WITH_DATA:
        return limits  # Which target it is may hang on the reports to come.
    tried = with_any_value(part.actual, Fraction(1))
    told = achievement(tried, against=rule.against, rule=rule, known_by=card.actuals.known_by).rule
    low, high = limits
    met = met_at(rule.convention)
    crossed = told.startswith("met (")
    if crossed or told.startswith("1 "):
        high = max(low, min(high, met))
    if crossed:
        low = min(high, max(low, met - 1))
    return low, high


def _none() -> tuple[Fraction, Fraction]:
    return Fraction(0), Fraction(0)


def _as_it_stands(part: IndicatorScore, card: Scorecard) -> Reach:
    if part.score is None:
        return Reach(Span(None, None, frozenset({policy_of(part, card.scheme)}), _none()))
    reached = part.scored.value if part.scored.value is not None else part.score / card.scheme.scale_exact
    return Reach(Span(part.score, part.score), reached, reached)


def _unscored_even_so(card: Scorecard, part: IndicatorScore) -> Reason | None:
    """Why it would have no number with any value either; None where it would."""
    if part.score is not None:
        return None
    rule, found = card.scheme.achievement, Reason.NO_REPORTS
    tried = [Fraction(1), Fraction(-1)]
    # A target that is reached is reached, also where no growth towards it could be reckoned.
    for number in tried:
        value = with_any_value(part.actual, number)
        told = achievement(value, against=rule.against, rule=rule, known_by=card.actuals.known_by)
        if told.value is not None:
            return None
        found = told.reason or found
        if number == -1 and told.target is not None:
            tried.append(told.target)
    return found


def _policy_then(part: IndicatorScore, reason: Reason, card: Scorecard) -> Policy:
    actual = with_any_value(part.actual, Fraction(1))
    return policy_of(replace(part, actual=actual, score=None, reason=reason), card.scheme)


_RULES: Final = {Rule.NONE: Reason.NOT_AGGREGABLE, Rule.WEIGHTED_MEAN: Reason.NO_WEIGHT}
_CONVENTIONS: Final = {
    Convention.INVERSE_RATIO: (Reason.ACTUAL_ZERO,),
    Convention.GROWTH_RATE: (Reason.GROWTH_UNDEFINED, Reason.NO_TIME_ELAPSED),
    Convention.PROJECTED_GROWTH: (Reason.GROWTH_UNDEFINED, Reason.NO_TIME_ELAPSED),
}
_ELSEWHERE: Final = (
    Reason.DENOMINATOR_ZERO,
    Reason.NOT_AGGREGABLE,
    Reason.NO_WEIGHT,
    Reason.FORMULA_OPERAND_MISSING,
    Reason.FORMULA_DIVISION_BY_ZERO,
    Reason.UNIT_NOT_CONVERTIBLE,
    Reason.PERIODS_DIFFER,
    Reason.INCOMPLETE,
    Reason.NO_REPORTS,
)
"""What may come of a value that is computed from others, or that other projects add to."""


def _if_undefined(card: Scorecard, part: IndicatorScore) -> frozenset[Policy]:
    """What becomes of an indicator whose reports, once there, leave it without a number all the same."""
    value, indicator = part.actual, part.indicator
    reasons: list[Reason] = [*_CONVENTIONS.get(card.scheme.achievement.convention, ())]
    others: set[Policy] = set()
    if value.operands or value.contributions or indicator.formula is not None:
        reasons += _ELSEWHERE
        others.add(card.scheme.missing)
    else:
        rules = {indicator.rule(axis) for axis in Axis if axis is not Axis.PROJECTS}
        reasons += [reason for rule, reason in _RULES.items() if rule in rules]
        if any(split.relation == "overlapping" for split in indicator.disaggregation):
            reasons.append(Reason.NOT_AGGREGABLE)
        live = [each.period for each in value.periods if each.amount.state not in (State.NOT_DUE, State.NOT_APPLICABLE)]
        newest = bool(live) and value.as_of == live[-1]
        # Where something over something was reported, 0 of 0 adds nothing; what was carried forward gives way to it.
        stands = value.value is not None and newest and not value.coverage.carried
        if indicator.by_denominator and not stands:
            reasons.append(Reason.DENOMINATOR_ZERO)
        if not value.coverage.expected:
            # Nobody is known to be due, so that nobody may ever report.
            others |= {policy_of(part, card.scheme)} if part.score is None else set()
    return frozenset(others.union(_policy_then(part, reason, card) for reason in reasons))


# --- by the values of the missing reports -----------------------------------------------------------------------

_AFFINE: Final = frozenset(
    (
        Convention.BASELINE_TARGET,
        Convention.ACTUAL_OVER_TARGET,
        Convention.VARIANCE,
        Convention.TIME_PROPORTIONAL,
        Convention.INVERSE_RATIO,
    )
)


def _by_cells(card: Scorecard, part: IndicatorScore, cell: tuple[Limit, Limit]) -> Reach | str:
    """The reach with every missing report at the lowest and at the highest value; or why that bounds nothing.

    The value grows with each report, so that it lies between the two; achievements grow or fall with it, or have one
    peak where a range is kept: their lowest is at an end, and their highest at an end or on the peak between.
    """
    rule = card.scheme.achievement
    if rule.convention not in _AFFINE:
        return "growth rates do not follow from the ends"
    if rule.convention is Convention.INVERSE_RATIO and part.indicator.direction == "decrease":
        return "an inverse ratio does not follow from the ends"
    ends = []
    for limit, upwards in zip(cell, (False, True), strict=True):
        value = completed_value(part.actual, _decimal(Fraction(limit), upwards=upwards))
        if isinstance(value, str):
            return value
        told = achievement(value, against=rule.against, rule=rule, known_by=card.actuals.known_by)
        if told.value is None or told.actual is None:
            return f"it may have no number ({(told.reason or Reason.NO_REPORTS).words})"
        ends.append((told, told.value, told.actual))
    (first, *reached), (_, *reached_high) = ends
    numbers = [reached[0], reached_high[0]]
    peak = _peak(part, first)
    if peak is not None:
        lower, upper = peak
        below = lower is None or lower <= reached_high[1]
        if below and (upper is None or upper >= reached[1]):
            numbers.append(card.scheme.on_target / card.scheme.scale_exact)
    least, most = min(numbers), max(numbers)
    scale = card.scheme.scale_exact
    # A report by category may have no total, where the plan says of none how they add up.
    policies = _if_undefined(card, part) if part.indicator.disaggregation else frozenset[Policy]()
    coverage = (Fraction(0) if policies else Fraction(1), Fraction(1))
    return Reach(Span(_clamped(least, card) * scale, _clamped(most, card) * scale, policies, coverage), least, most)


def _peak(part: IndicatorScore, told: Any) -> tuple[Fraction | None, Fraction | None] | None:
    """The actuals that meet a target which is a range or a line to cross; None where a distance is measured."""
    if told.minimum is not None or told.maximum is not None:
        return told.minimum, told.maximum
    if part.indicator.direction == "maintain":
        slack = Fraction(part.indicator.tolerance or 0)
        return told.target - slack, told.target + slack
    if part.indicator.measure == "yes_no" and told.rule.startswith("met"):
        return told.target, told.target
    return None


def _decimal(number: Fraction, *, upwards: bool) -> Decimal:
    """A value as a report can hold it, with at most nine decimals; rounded outwards."""
    scaled = number * 10**9
    whole = -((-scaled.numerator) // scaled.denominator) if upwards else scaled.numerator // scaled.denominator
    return Decimal(whole).scaleb(-9)
