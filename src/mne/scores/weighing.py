"""A scorecard as arrays, so that thousands of variants of its weights or points are scored at once.

Read `compile_card`, then `Compiled.scores`. In floating point: what it says is for frequencies and margins, never for
the score itself. Closer than 1e-9 (of a thousand points) to the card's own score a variant has the card's exact rating;
elsewhere a number so close to the edge of a band is taken to lie on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mne.logframe.model import Level
from mne.scores.cards import IndicatorScore, ResultScore
from mne.scores.scheme import Policy

if TYPE_CHECKING:
    from mne.scores.cards import Scorecard
    from mne.scores.scheme import Scheme, Step

__all__ = ["Compiled", "Scored", "compile_card"]

Array = Any
"""A numpy array: parts in rows, variants in columns, or a single column where all variants are alike."""

EDGE: Final = 1e-9
_LARGE: Final = 1e3
"""Above this score a double cannot tell 1e-9 from its own error, and nearness is relative."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One result in every variant: its score (NaN for none), its coverage, and the place of its rating's band (-1)."""

    score: Array
    coverage: Array
    rating: Array


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of one side of a result, its indicators or the results beneath it."""

    ids: tuple[str, ...]
    share: Array
    points: Array
    """Of indicators: the card's points, NaN for none. Results take theirs from what is beneath them."""
    zero: Array
    fail: Array


@dataclass(frozen=True, slots=True)
class _Node:
    card: ResultScore
    step: Step
    own: _Parts
    beneath: _Parts
    rank: int
    """The place of the computed rating's band; -1 for none."""


@dataclass(frozen=True, slots=True)
class _Side:
    score: Array
    coverage: Array
    failed: Array


@dataclass(frozen=True)
class Compiled:
    """A card whose weights and points can be varied; results stand behind all that is beneath them."""

    card: Scorecard
    nodes: tuple[_Node, ...]

    def scores(
        self,
        variants: int,
        *,
        weights: Mapping[str, Array] | None = None,
        points: Mapping[str, Array] | None = None,
    ) -> dict[str, Scored]:
        """Every result in every variant.

        Args:
            variants: how many there are.
            weights: by indicator or result, a factor on its weight in each variant; 1 where nothing is said.
            points: by indicator, its points in each variant (NaN for none); those of the card where nothing is said.
        """
        found: dict[str, Scored] = {}
        for node in self.nodes:
            found[node.card.id] = _scored(node, found, weights or {}, points or {})
        return {
            code: Scored(*(np.broadcast_to(each, (variants,)) for each in (one.score, one.coverage, one.rating)))
            for code, one in found.items()
        }


def compile_card(card: Scorecard) -> Compiled:
    """The card as arrays, with what becomes of each part that has no points."""
    from mne.scores.scorecard import policy_of

    def parts(ids: list[str], shares: list[Fraction], policies: list[Policy], points: list[float]) -> _Parts:
        return _Parts(
            tuple(ids),
            np.array([float(share) for share in shares])[:, None],
            np.array(points)[:, None],
            np.array([policy is Policy.ZERO for policy in policies])[:, None],
            np.array([policy is Policy.FAIL for policy in policies])[:, None],
        )

    def own(told: Sequence[IndicatorScore]) -> _Parts:
        points = [np.nan if each.score is None else float(each.score) for each in told]
        policies = [policy_of(each, card.scheme) for each in told]
        return parts([each.id for each in told], [each.share for each in told], policies, points)

    places = {band.label: at for at, band in enumerate(card.scheme.ordered_bands)}
    nodes: list[_Node] = []

    def add(part: ResultScore) -> None:
        for each in part.results:
            add(each)
        step = card.scheme.steps.get(part.result.level) or card.scheme.steps[Level.OUTCOME]
        count = len(part.results)
        shares = [each.share for each in part.results]
        beneath = parts([each.id for each in part.results], shares, [step.missing] * count, [np.nan] * count)
        nodes.append(_Node(part, step, own(part.indicators), beneath, places.get(part.computed_rating or "", -1)))

    for top in card.plan.results:
        add(card.results[top.id])
    return Compiled(card, tuple(nodes))


def _scored(
    node: _Node, found: Mapping[str, Scored], weights: Mapping[str, Array], points: Mapping[str, Array]
) -> Scored:
    card, step = node.card, node.step
    scheme = card.scheme
    told = node.own.points
    if any(code in points for code in node.own.ids):
        told = _rows([points.get(code, told[at]) for at, code in enumerate(node.own.ids)])
    covered = np.where(np.isnan(told), 0.0, 1.0)
    own = _side(_shares(node.own, weights), told, covered, node.own.zero, node.own.fail, step.aggregate)
    children = [found[code] for code in node.beneath.ids]
    beneath = _side(
        _shares(node.beneath, weights),
        _rows([each.score for each in children]),
        _rows([each.coverage for each in children]),
        node.beneath.zero,
        node.beneath.fail,
        step.aggregate,
    )
    blend = float(step.blended(own=bool(node.own.ids), beneath=bool(node.beneath.ids)))
    side = _chosen(own, beneath, step, blend)
    score = side.score
    if step.min_coverage is not None:
        least = Fraction(step.min_coverage)
        short = side.coverage < float(least) - EDGE
        # As covered as the card itself: there the exact shares have decided.
        alike = np.abs(side.coverage - float(card.coverage)) <= EDGE
        score = np.where(np.where(alike, card.coverage < least, short), np.nan, score)
    rating = _ratings(score, scheme)
    if card.raw is not None:
        exact = float(card.raw)
        rating = np.where(np.abs(score - exact) <= _slack(exact), node.rank, rating)
    if step.lookup:
        score = _worth(rating, score, scheme)
        band = None if card.override is None else scheme.band_of(card.override.rating)
        if band is not None and band.value is not None:
            score = np.array([float(band.value)])
    return Scored(score, side.coverage, rating)


def _rows(rows: Sequence[Array]) -> Array:
    """Rows of one or of all variants, one above the other."""
    if not rows:
        return np.empty((0, 1))
    return np.stack(np.broadcast_arrays(*rows))


def _shares(parts: _Parts, weights: Mapping[str, Array]) -> Array:
    """Each part's share of the weight among its siblings."""
    share = parts.share
    if any(code in weights for code in parts.ids):
        one = np.ones(1)
        share = share * _rows([weights.get(code, one) for code in parts.ids])
    total = share.sum(axis=0)
    return share / np.where(total > 0, total, 1.0)


def _side(share: Array, points: Array, covered: Array, zero: Array, fail: Array, how: str) -> _Side:
    if not len(share):
        return _Side(np.array([np.nan]), np.zeros(1), np.zeros(1, dtype=bool))
    absent = np.isnan(points)
    coverage = np.sum(np.where(absent, 0.0, share * covered), axis=0)
    failed = np.zeros(1, dtype=bool)
    if absent.any():
        lacking = absent & (share > 0)
        failed = np.any(lacking & fail, axis=0)
        points = np.where(lacking & zero, 0.0, points)
        share = np.where(np.isnan(points), 0.0, share)
        points = np.nan_to_num(points)
    total = share.sum(axis=0)
    score = _combined(points, share / np.where(total > 0, total, 1.0), how)
    return _Side(np.where(failed | (total <= 0), np.nan, score), coverage, failed)


def _combined(points: Array, share: Array, how: str) -> Array:
    if how == "mean":
        return np.sum(points * share, axis=0)
    counted = share > 0
    if how == "min":
        return np.min(np.where(counted, points, np.inf), axis=0, initial=np.inf)
    worthless = np.any(counted & (points <= 0), axis=0)
    safe = np.where(points > 0, points, 1.0)
    if how == "harmonic":
        told = 1 / np.maximum(np.sum(share / safe, axis=0), 1e-300)
    else:
        told = np.exp(np.sum(share * np.log(safe), axis=0))
    return np.where(worthless, 0.0, told)


def _chosen(own: _Side, beneath: _Side, step: Step, blend: float) -> _Side:
    match step.source:
        case "indicators":
            return own
        case "results":
            return beneath
        case "indicators_else_results":
            return _first(own, beneath)
        case "results_else_indicators":
            return _first(beneath, own)
    return _side(
        np.array([[blend], [1 - blend]]),
        _rows([own.score, beneath.score]),
        _rows([own.coverage, beneath.coverage]),
        np.array([[step.missing is Policy.ZERO]]),
        np.array([[step.missing is Policy.FAIL]]),
        step.aggregate,
    )


def _first(preferred: _Side, other: _Side) -> _Side:
    take = np.isnan(preferred.score) & ~preferred.failed & ~np.isnan(other.score)
    return _Side(
        np.where(take, other.score, preferred.score),
        np.where(take, other.coverage, preferred.coverage),
        np.where(take, other.failed, preferred.failed),
    )


def _slack(score: float) -> float:
    return EDGE * max(1.0, abs(score) / _LARGE)


def _ratings(score: Array, scheme: Scheme) -> Array:
    """The place of each score's band among the scheme's, from the lowest; -1 without a score or without bands."""
    rating = np.full(score.shape, -1, dtype=np.int64)
    rounded = _rounded(score, scheme)
    for at, band in enumerate(scheme.ordered_bands):
        if band.edge is None:
            reached = ~np.isnan(rounded)
        else:
            edge = float(band.edge)
            near = np.abs(rounded - edge) <= _slack(edge)
            reached = (rounded > edge) & ~near if band.above is not None else (rounded >= edge) | near
        rating = np.where(reached, at, rating)
    return rating


def _rounded(score: Array, scheme: Scheme) -> Array:
    if scheme.rounding is None:
        return score
    power = 10.0**scheme.rounding.digits
    scaled = np.abs(score) * power
    whole = np.floor(scaled + EDGE)
    rest = scaled - whole
    half = np.abs(rest - 0.5) <= EDGE
    up = np.where(half, (whole % 2 == 1) | (scheme.rounding.mode == "half_up"), rest > 0.5)
    return np.sign(score) * (whole + up) / power


def _worth(rating: Array, score: Array, scheme: Scheme) -> Array:
    """What a rating is worth where it is looked up: its band's value, or the score where the band has none."""
    values = [np.nan if band.value is None else float(Fraction(band.value)) for band in scheme.ordered_bands]
    told = np.array([*values, np.nan])[rating]
    return np.where(np.isnan(told) | np.isnan(score), score, told)
