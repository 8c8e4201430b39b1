"""How far scores may still move when some of their parts may: spans of points, combined from the bottom up.

Read `spans` first. Whatever each part comes to within its own span, the result lies within the one given here; it takes
every part on its own, so that a span may be wider than it has to be, and never too narrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.logframe.model import Level
from mne.scores.conventions import Convention
from mne.scores.means import combined
from mne.scores.scheme import Policy
from mne.scores.scorecard import regressed

if TYPE_CHECKING:
    from mne.scores.cards import IndicatorScore, ResultScore, Scorecard
    from mne.scores.scheme import Gate, Scheme, Step

__all__ = ["Reach", "Span", "rank_labels", "ranks_of", "spans"]

Ranks = tuple[int, int]
"""The worst and the best rating that are possible, as ranks of the scheme; 0 is the worst."""

_SURE: Final[frozenset[Policy]] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """What a score may come to. Units: points; `coverage` is a pair of shares of 1."""

    low: Fraction | None
    high: Fraction | None
    """None: it has no number, whatever happens."""
    without: frozenset[Policy] = _SURE
    """What may become of it where it ends without a number; empty when it always has one."""
    coverage: tuple[Fraction, Fraction] = (Fraction(1), Fraction(1))
    ranks: Ranks | None = None
    """The ratings after gates and overrides; None where no rating is possible."""

    @property
    def may_lack(self) -> bool:
        """Whether it may end without a number."""
        return bool(self.without) or self.low is None


@dataclass(frozen=True, slots=True)
class Reach:
    """One indicator's span of points, and of the achievement behind it as gates see it: None is without end."""

    span: Span
    least: Fraction | None = None
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a result: its span, whether it may be empty, and whether it may be failed by policy."""

    low: Fraction | None
    high: Fraction | None
    empty: bool
    failed: bool
    coverage: tuple[Fraction, Fraction]


def spans(card: Scorecard, reaches: Mapping[str, Reach]) -> dict[str, Span]:
    """The span of every result, from those of the indicators beneath it.

    Means grow with each of their parts, so that their ends are those of the parts. A part that may be dropped is left
    out of the lowest mean where it would raise it, and of the highest where it would lower it. A lookup takes the worth
    of every rating between both ends, since worths need not grow with scores.
    """
    found: dict[str, Span] = {}
    for top in card.plan.results:
        _result(card.results[top.id], reaches, found)
    return found


def _result(part: ResultScore, reaches: Mapping[str, Reach], found: dict[str, Span]) -> Span:
    scheme = part.scheme
    step = scheme.steps.get(part.result.level) or scheme.steps[Level.OUTCOME]
    children = [(each.share, _result(each, reaches, found)) for each in part.results]
    own = _side([(each.share, reaches[each.id].span) for each in part.indicators], step)
    beneath = _side([(share, _with_policy(span, step)) for share, span in children], step)
    side = _chosen(own, beneath, step, step.blended(own=bool(part.indicators), beneath=bool(part.results)))
    low, high, lacks = side.low, side.high, side.empty or side.failed
    if step.min_coverage is not None:
        least = Fraction(step.min_coverage)
        lacks = lacks or side.coverage[0] < least
        if side.coverage[1] < least:
            low, high = None, None
    without = frozenset({step.missing}) if lacks or low is None else _SURE
    ranks = None if low is None or high is None else ranks_of(scheme, low, high)
    if ranks is not None:
        ranks = _gated(ranks, part, reaches, found)
    if step.lookup and low is not None and high is not None:
        low, high = _worths(scheme, low, high)
    span = Span(low, high, without, side.coverage, ranks)
    if part.override is not None:
        span = _overridden(span, part, step)
    found[part.id] = span
    return span


def _with_policy(span: Span, step: Step) -> Span:
    """A result as a part of the one above, whose step says what becomes of it without a score."""
    return replace(span, without=frozenset({step.missing})) if span.may_lack else span


def _overridden(span: Span, part: ResultScore, step: Step) -> Span:
    """A person's rating stays, and counts with its own worth where ratings are looked up."""
    override = part.override
    band = None if override is None else part.scheme.band_of(override.rating)
    if band is None:
        return span
    rank = part.scheme.ranks[band.label]
    span = replace(span, ranks=(rank, rank))
    if not step.lookup or band.value is None:
        return span
    worth = Fraction(band.value)
    return replace(span, low=worth, high=worth, without=_SURE)


# --- sides ------------------------------------------------------------------------------------------------------


def _side(parts: Sequence[tuple[Fraction, Span]], step: Step) -> _Side:
    covered = Fraction(0), Fraction(0)
    always: tuple[list[tuple[Fraction, Fraction]], list[tuple[Fraction, Fraction]]] = ([], [])
    maybe: tuple[list[tuple[Fraction, Fraction]], list[tuple[Fraction, Fraction]]] = ([], [])
    failed = False
    for share, span in parts:
        if not share:
            continue
        least = Fraction(0) if span.may_lack else share * span.coverage[0]
        most = Fraction(0) if span.low is None else share * span.coverage[1]
        covered = covered[0] + least, covered[1] + most
        failed = failed or Policy.FAIL in span.without
        ends = [] if span.low is None or span.high is None else [span.low, span.high]
        ends += [Fraction(0)] if Policy.ZERO in span.without else []
        if not ends:
            if Policy.DROP not in span.without:
                return _Side(None, None, empty=False, failed=True, coverage=(Fraction(0), Fraction(1)))
            continue
        for kept, end in zip(maybe if Policy.DROP in span.without else always, (min(ends), max(ends)), strict=True):
            kept.append((end, share))
    empty = not always[0]
    if empty and not maybe[0]:
        return _Side(None, None, empty=True, failed=failed, coverage=covered)
    low = _extreme(always[0], maybe[0], step.aggregate, lowest=True)
    high = _extreme(always[1], maybe[1], step.aggregate, lowest=False)
    return _Side(low, high, empty=empty, failed=failed, coverage=covered)


def _extreme(
    always: Sequence[tuple[Fraction, Fraction]], maybe: Sequence[tuple[Fraction, Fraction]], how: str, *, lowest: bool
) -> Fraction:
    """The lowest or highest mean over all choices of those that may be left out; at least one is in."""
    ordered = sorted(maybe, key=lambda each: each[0], reverse=not lowest)
    chosen = list(always) or [ordered.pop(0)]
    best = _mean(chosen, how)
    for each in ordered:
        if each[0] >= best if lowest else each[0] <= best:
            break
        # A mean moves towards what is added to it; a minimum only downwards.
        if lowest or how != "min":
            chosen.append(each)
            best = _mean(chosen, how)
    return best


def _mean(parts: Sequence[tuple[Fraction, Fraction]], how: str) -> Fraction:
    total = sum((share for _, share in parts), Fraction(0))
    return combined([(points, share / total) for points, share in parts], how)


def _chosen(own: _Side, beneath: _Side, step: Step, blend: Fraction) -> _Side:
    match step.source:
        case "indicators":
            return own
        case "results":
            return beneath
        case "indicators_else_results":
            return _first(own, beneath)
        case "results_else_indicators":
            return _first(beneath, own)
    return _side([(blend, _as_part(own, step)), (1 - blend, _as_part(beneath, step))], step)


def _as_part(side: _Side, step: Step) -> Span:
    lacks = side.empty or side.failed or side.low is None
    return Span(side.low, side.high, frozenset({step.missing}) if lacks else _SURE, side.coverage)


def _first(preferred: _Side, other: _Side) -> _Side:
    """The preferred side, and the other one as well where the preferred may be empty; what failed is not replaced."""
    if not preferred.empty:
        return preferred
    lows = [low for low in (preferred.low, other.low) if low is not None]
    highs = [high for high in (preferred.high, other.high) if high is not None]
    return _Side(
        min(lows, default=None),
        max(highs, default=None),
        empty=other.empty or other.failed or other.low is None,
        failed=preferred.failed,
        coverage=(
            min(preferred.coverage[0], other.coverage[0]),
            max(preferred.coverage[1], other.coverage[1]),
        ),
    )


# --- ratings ----------------------------------------------------------------------------------------------------


def _places(scheme: Scheme, low: Fraction, high: Fraction) -> range:
    """The places of all bands between the scores."""
    labels = [band.label for band in scheme.ordered_bands]
    first, last = scheme.band(low), scheme.band(high)
    if first is None or last is None:
        return range(0)
    return range(labels.index(first.label), labels.index(last.label) + 1)


def ranks_of(scheme: Scheme, low: Fraction, high: Fraction) -> Ranks | None:
    """The worst and the best rating of the scores from `low` to `high`, as ranks; None without bands."""
    told = [scheme.ranks[scheme.ordered_bands[place].label] for place in _places(scheme, low, high)]
    return (min(told), max(told)) if told else None


def rank_labels(scheme: Scheme, ranks: Ranks | None) -> tuple[str | None, str | None]:
    """The labels of the worst and the best rating."""
    if ranks is None:
        return None, None
    labels = {rank: label for label, rank in scheme.ranks.items()}
    return labels[ranks[0]], labels[ranks[1]]


def _worths(scheme: Scheme, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    bands = [scheme.ordered_bands[place] for place in _places(scheme, low, high)]
    told = [Fraction(band.value) for band in bands if band.value is not None]
    if not bands or any(band.value is None for band in bands):
        told += [low, high]
    return min(told), max(told)


def _gated(ranks: Ranks, part: ResultScore, reaches: Mapping[str, Reach], found: Mapping[str, Span]) -> Ranks:
    """The ratings that gates leave: the worst under all that may close, the best under those that must."""
    worst, best = ranks
    for gate in part.scheme.gates:
        if part.result.level not in gate.levels:
            continue
        may, must = _closes(part, gate, reaches, found)
        cap = part.scheme.ranks.get(gate.cap, best)
        worst = min(worst, cap) if may else worst
        best = min(best, cap) if must else best
    return worst, best


def _core(part: ResultScore) -> Iterator[IndicatorScore]:
    yield from (each for each in part.indicators if each.indicator.core)
    for beneath in part.results:
        yield from _core(beneath)


def _closes(
    part: ResultScore, gate: Gate, reaches: Mapping[str, Reach], found: Mapping[str, Span]
) -> tuple[bool, bool]:
    """Whether a gate may close, and whether it must."""
    scheme = part.scheme
    if gate.when == "part_worse":
        if gate.worse_than is None:
            return False, False
        asked = scheme.ranks[gate.worse_than]
        rated = [(found[each.id], each) for each in part.results if each.id in gate.parts]
        may = any(span.ranks is not None and span.ranks[0] < asked for span, _ in rated)
        must = any(
            span.ranks is not None and span.ranks[1] < asked and (not span.may_lack or each.override is not None)
            for span, each in rated
        )
        return may, must
    core = [reaches[each.id] for each in _core(part)]
    if gate.when == "core_missing":
        return any(each.span.may_lack for each in core), any(each.span.low is None for each in core)
    if gate.when == "core_regressed":
        told = [_regresses(each, reaches[each.id]) for each in _core(part)]
        return any(may for may, _ in told), any(must for _, must in told)
    limit = Fraction(gate.below or 0)
    numbers = [each for each in core if each.span.low is not None]
    may = any(each.least is None or each.least < limit for each in numbers)
    return may, any(not each.span.may_lack and each.most is not None and each.most < limit for each in numbers)


def _regresses(part: IndicatorScore, reach: Reach) -> tuple[bool, bool]:
    """Whether an indicator may, and whether it must, end behind its baseline."""
    scored, span = part.scored, reach.span
    if span.low is None:
        return False, False
    if not span.may_lack and reach.least == reach.most == scored.value:
        return regressed(part), regressed(part)
    if part.scheme.achievement.convention is not Convention.BASELINE_TARGET:
        # What is achieved by another convention does not tell the way from the baseline.
        return True, False
    one_way = part.indicator.direction != "maintain" and scored.minimum is None and scored.maximum is None
    known = one_way and scored.baseline is not None and scored.target is not None
    may = reach.least is None or reach.least < 0
    return may, known and not span.may_lack and reach.most is not None and reach.most < 0
