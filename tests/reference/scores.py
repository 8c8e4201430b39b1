"""What a scheme makes of the achievements: scores, ratings and their coverage up the results chain.

Read `scores` first, then `_result`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from mne.logframe.model import Logframe, Result
from mne.tables.reasons import Reason
from tests.reference.achievement import RefAchievement, achievement
from tests.reference.values import ReferenceValues

ALWAYS_DROPPED = (
    str(Reason.NO_TARGET),
    str(Reason.NO_TARGET_DUE),
    str(Reason.TARGET_NOT_APPLICABLE),
    str(Reason.TEXT_ONLY),
    str(Reason.TARGET_IS_TEXT),
)
"""There is nothing to judge by rule here, which is nobody's failure; a scheme can still name such a reason."""


@dataclass(frozen=True)
class RefScore:
    """A score and its rating, or the reason why there is none; and how much of the weight it rests on."""

    score: Fraction | None
    rating: str | None
    coverage: Fraction
    reason: str | None
    raw: Fraction | None = None
    """A result's score before it was looked up."""
    achievement: Fraction | None = None
    """An indicator's achievement, as it is before floor and ceiling."""
    behind: bool = False
    """Whether an indicator stands behind its baseline."""
    policy: str | None = None
    """What becomes of an indicator without a number: drop, zero or fail."""


@dataclass(frozen=True)
class _Part:
    """An indicator, or a result beneath, as a part of a result."""

    weight: Fraction
    score: Fraction | None
    coverage: Fraction
    fails: bool = False


@dataclass(frozen=True)
class _Side:
    """A result's own indicators, or the results beneath it, brought together."""

    score: Fraction | None
    coverage: Fraction
    fails: bool


@dataclass(frozen=True)
class _Card:
    plan: Logframe
    scheme: Any
    indicators: dict[str, RefScore]
    results: dict[str, RefScore]


def scores(
    plan: Logframe, reference_values: ReferenceValues, scheme: Any, *, known_by: dt.date | None = None
) -> dict[str, RefScore]:
    """The score of every result by its id."""
    card = _Card(plan, scheme, indicator_scores(plan, reference_values, scheme, known_by=known_by), {})
    for result in plan.results:
        _result(card, result)
    return card.results


def indicator_scores(
    plan: Logframe, reference_values: ReferenceValues, scheme: Any, *, known_by: dt.date | None = None
) -> dict[str, RefScore]:
    """The score of every indicator by its id."""
    found = {}
    for id in plan.indicators:
        one = achievement(plan, id, reference_values, rule=scheme.achievement, known_by=known_by)
        if one.value is None:
            policy = _policy(scheme, one)
            number = Fraction(0) if policy == "zero" else None
            found[id] = RefScore(number, _rating(scheme, number), Fraction(0), one.reason, policy=policy)
            continue
        number = one.value
        if scheme.achievement.floor is not None:
            number = max(number, Fraction(scheme.achievement.floor))
        if scheme.achievement.ceiling is not None:
            number = min(number, Fraction(scheme.achievement.ceiling))
        number *= Fraction(scheme.scale)
        rating = _rating(scheme, number)
        found[id] = RefScore(number, rating, Fraction(1), None, achievement=one.value, behind=one.behind)
    return found


def _policy(scheme: Any, one: RefAchievement) -> str:
    if one.state in ("not_due", "not_applicable") or one.reason in ALWAYS_DROPPED:
        return str(scheme.undefined.get(one.reason, "drop"))
    if one.state == "missing":
        return str(scheme.missing)
    return str(scheme.undefined.get(one.reason, scheme.undefined.get("default", "drop")))


# --- results -----------------------------------------------------------------------------------------------------------


def _result(card: _Card, result: Result) -> RefScore:
    for child in result.results:
        _result(card, child)
    step = card.scheme.steps.get(result.level) or card.scheme.steps["outcome"]
    found = _score(card, result, step)
    if found.score is not None:
        raw = found.score
        band = _band(card.scheme, raw)
        score = Fraction(band.value) if step.lookup and band is not None else raw
        rating = None if band is None else _gated(card, result, band)
        found = replace(found, score=score, rating=rating, raw=raw)
    card.results[result.id] = found
    return found


def _score(card: _Card, result: Result, step: Any) -> RefScore:
    own = _side(_indicator_parts(card, result), step)
    beneath = _side(_result_parts(card, result, step), step)
    if step.source == "blend":
        side = _blended(own, beneath, step, result)
    elif step.source == "indicators":
        side = own
    elif step.source == "results":
        side = beneath
    elif step.source == "indicators_else_results":
        side = own if own.fails or own.score is not None else beneath
    else:
        side = beneath if beneath.fails or beneath.score is not None else own
    if side.fails:
        return RefScore(None, None, side.coverage, str(Reason.FAILED_BY_POLICY))
    if side.score is None:
        return RefScore(None, None, Fraction(0), str(Reason.NOTHING_TO_SCORE))
    if step.min_coverage is not None and side.coverage < Fraction(step.min_coverage):
        return RefScore(None, None, side.coverage, str(Reason.COVERAGE_BELOW_MINIMUM))
    return RefScore(side.score, None, side.coverage, None)


def _weights(siblings: list[Any]) -> list[Fraction]:
    if any(each.weight is None for each in siblings):
        return [Fraction(1) for _ in siblings]
    return [Fraction(each.weight) for each in siblings]


def _indicator_parts(card: _Card, result: Result) -> list[_Part]:
    parts = []
    for weight, indicator in zip(_weights(list(result.indicators)), result.indicators, strict=True):
        one = card.indicators[indicator.id]
        parts.append(_Part(weight, one.score, one.coverage, fails=one.policy == "fail"))
    return parts


def _result_parts(card: _Card, result: Result, step: Any) -> list[_Part]:
    parts = []
    for weight, child in zip(_weights(list(result.results)), result.results, strict=True):
        one = card.results[child.id]
        if one.score is not None:
            parts.append(_Part(weight, one.score, one.coverage))
        else:
            instead = Fraction(0) if step.missing == "zero" else None
            parts.append(_Part(weight, instead, Fraction(0), fails=step.missing == "fail"))
    return parts


def _side(parts: list[_Part], step: Any) -> _Side:
    # A part without weight changes nothing: not the score, not the coverage, and it fails nothing.
    parts = [part for part in parts if part.weight > 0]
    weight = sum((part.weight for part in parts), Fraction(0))
    covered = sum((part.weight * part.coverage for part in parts), Fraction(0))
    scored = [(part.weight, part.score) for part in parts if part.score is not None]
    return _Side(
        score=_aggregate(step.aggregate, scored) if scored else None,
        coverage=covered / weight if weight else Fraction(0),
        fails=any(part.fails for part in parts),
    )


def _blended(own: _Side, beneath: _Side, step: Any, result: Result) -> _Side:
    share = Fraction(step.indicators)
    if not result.indicators and result.results:
        share = Fraction(0)
    if result.indicators and not result.results:
        share = Fraction(1)
    sides = [(share, own), (1 - share, beneath)]
    sides = [(weight, side) for weight, side in sides if weight > 0]
    coverage = sum((weight * side.coverage for weight, side in sides), Fraction(0))
    fails = any(side.fails or (side.score is None and step.missing == "fail") for _, side in sides)
    scored = [(weight, side.score) for weight, side in sides if side.score is not None]
    if not scored:
        return _Side(None, coverage, fails)
    if step.missing == "zero":
        scored += [(weight, Fraction(0)) for weight, side in sides if side.score is None]
    return _Side(_aggregate("mean", scored), coverage, fails)


def _aggregate(how: str, scored: list[tuple[Fraction, Fraction]]) -> Fraction:
    total = sum((weight for weight, _ in scored), Fraction(0))
    shares = [(weight / total, score) for weight, score in scored]
    if how == "mean":
        return sum((share * score for share, score in shares), Fraction(0))
    if how == "min":
        return min(score for _, score in shares)
    if any(score <= 0 for _, score in shares):
        return Fraction(0)
    if how == "harmonic":
        return 1 / sum((share / score for share, score in shares), Fraction(0))
    return _geometric(shares)


def _geometric(shares: list[tuple[Fraction, Fraction]]) -> Fraction:
    """The weighted geometric mean: exact where it is rational, else to 50 digits."""
    root = lcm(*(share.denominator for share, _ in shares))
    if root <= 1000:
        power = Fraction(1)
        for share, score in shares:
            power *= score ** int(share * root)
        above, below = _whole_root(power.numerator, root), _whole_root(power.denominator, root)
        if above is not None and below is not None:
            return Fraction(above, below)
    context = Context(prec=60)
    logarithm = Decimal(0)
    for share, score in shares:
        one = context.divide(Decimal(score.numerator), Decimal(score.denominator))
        weight = context.divide(Decimal(share.numerator), Decimal(share.denominator))
        logarithm = context.add(logarithm, context.multiply(weight, context.ln(one)))
    return Fraction(Context(prec=50).plus(context.exp(logarithm)))


def _whole_root(number: int, root: int) -> int | None:
    low, high = 1, 1 << (number.bit_length() // root + 1)
    while low <= high:
        middle = (low + high) // 2
        power = middle**root
        if power == number:
            return middle
        low, high = (middle + 1, high) if power < number else (low, middle - 1)
    return None


# --- ratings -----------------------------------------------------------------------------------------------------------


def _rounded(scheme: Any, score: Fraction) -> Fraction:
    if scheme.rounding is None:
        return score
    step = Fraction(1, 10**scheme.rounding.digits)
    below = abs(score) // step
    over = abs(score) / step - below
    half_goes_up = scheme.rounding.mode == "half_up" or below % 2 == 1
    if over > Fraction(1, 2) or (over == Fraction(1, 2) and half_goes_up):
        below += 1
    return below * step if score >= 0 else -below * step


def _ladder(scheme: Any) -> list[Any]:
    """The bands from the lowest up."""
    lowest = [band for band in scheme.bands if band.lower is None and band.above is None]
    others = [band for band in scheme.bands if band not in lowest]
    return lowest + sorted(others, key=lambda band: (band.above is None and band.lower) or band.above or 0)


def _band(scheme: Any, score: Fraction) -> Any:
    rounded = _rounded(scheme, score)
    reached = [
        band
        for band in _ladder(scheme)
        if (band.lower is None or rounded >= Fraction(band.lower))
        and (band.above is None or rounded > Fraction(band.above))
    ]
    return reached[-1] if reached else None


def _rating(scheme: Any, score: Fraction | None) -> str | None:
    band = None if score is None else _band(scheme, score)
    return None if band is None else band.label


def _gated(card: _Card, result: Result, band: Any) -> str:
    """The rating, no higher than the cap of any gate that closes."""
    labels = [each.label for each in _ladder(card.scheme)]
    best = labels.index(band.label)
    parts = [card.indicators[each.id] for part in result.walk() for each in part.indicators if each.core]
    core = [each.achievement for each in parts]
    for gate in card.scheme.gates:
        if result.level not in gate.levels:
            continue
        if gate.when == "core_missing":
            closes = any(each is None for each in core)
        elif gate.when == "core_regressed":
            closes = any(each.behind for each in parts)
        else:
            closes = any(each is not None and each < Fraction(gate.below) for each in core)
        if closes:
            best = min(best, labels.index(gate.cap))
    return labels[best]
