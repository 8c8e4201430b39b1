"""A scorecard as arrays, so that thousands of variants of its weights or points are scored at once.

Read `compile_card`, then `Compiled.scores`. In floating point: what it says is for frequencies and margins, never for
the score itself. A number closer than 1e-9 to the edge of a band is taken to lie on it, as the exact one may.
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
"""A numpy array of floats, one entry per variant."""

EDGE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Scored:
    """One result in every variant: its score (NaN for none), its coverage, and the rank of its rating (-1 for none)."""

    score: Array
    coverage: Array
    rating: Array


@dataclass(frozen=True)
class Compiled:
    """A card whose weights and points can be varied."""

    card: Scorecard
    policies: Mapping[str, Policy]

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
        run = _Run(self, variants, weights or {}, points or {})
        found: dict[str, Scored] = {}
        for top in self.card.plan.results:
            run.result(self.card.results[top.id], found)
        return found


def compile_card(card: Scorecard) -> Compiled:
    """The card, with what becomes of each indicator that has no points."""
    from mne.scores.scorecard import policy_of

    return Compiled(card, {code: policy_of(part, card.scheme) for code, part in card.indicators.items()})


@dataclass(frozen=True, slots=True)
class _Part:
    share: Array
    points: Array
    coverage: Array
    policy: Policy


@dataclass(frozen=True, slots=True)
class _Side:
    score: Array
    coverage: Array
    failed: Array


@dataclass(frozen=True, slots=True)
class _Run:
    compiled: Compiled
    variants: int
    weights: Mapping[str, Array]
    points: Mapping[str, Array]

    def full(self, value: float) -> Array:
        return np.full(self.variants, value, dtype=np.float64)

    def result(self, card: ResultScore, found: dict[str, Scored]) -> Scored:
        scheme = card.scheme
        step = scheme.steps.get(card.result.level) or scheme.steps[Level.OUTCOME]
        beneath = [self.result(each, found) for each in card.results]
        own = _side([self._indicator(each, share) for each, share in self._shared(card.indicators)], step, self)
        parts = [
            _Part(share, told.score, told.coverage, step.missing)
            for (_, share), told in zip(self._shared(card.results), beneath, strict=True)
        ]
        side = _chosen(own, _side(parts, step, self), step, self)
        score = side.score
        if step.min_coverage is not None:
            score = np.where(side.coverage < float(step.min_coverage) - EDGE, np.nan, score)
        rating = _ratings(score, scheme)
        if step.lookup:
            score = _worth(rating, score, scheme)
        if card.override is not None:
            band = scheme.band_of(card.override.rating)
            if step.lookup and band is not None and band.value is not None:
                score = self.full(float(band.value))
        found[card.id] = Scored(score, side.coverage, rating)
        return found[card.id]

    def _indicator(self, part: IndicatorScore, share: Array) -> _Part:
        points = self.points.get(part.id)
        if points is None:
            points = self.full(np.nan if part.score is None else float(part.score))
        return _Part(share, points, np.where(np.isnan(points), 0.0, 1.0), self.compiled.policies[part.id])

    def _shared(self, siblings: Sequence[Any]) -> list[tuple[Any, Array]]:
        """Each sibling with its share of the weight in every variant."""
        if not siblings:
            return []
        raw = [self.weights.get(each.id, self.full(1.0)) * float(each.share) for each in siblings]
        total = np.sum(raw, axis=0)
        safe = np.where(total > 0, total, 1.0)
        return [(each, weight / safe) for each, weight in zip(siblings, raw, strict=True)]


def _side(parts: list[_Part], step: Step, run: _Run) -> _Side:
    if not parts:
        return _Side(run.full(np.nan), run.full(0.0), np.zeros(run.variants, dtype=bool))
    share = np.stack([part.share for part in parts])
    points = np.stack([part.points for part in parts])
    covered = np.stack([part.coverage for part in parts])
    lacking = np.isnan(points) & (share > 0)
    zero = np.array([part.policy is Policy.ZERO for part in parts])[:, None]
    fail = np.array([part.policy is Policy.FAIL for part in parts])[:, None]
    coverage = np.sum(np.where(np.isnan(points), 0.0, share * covered), axis=0)
    failed = np.any(lacking & fail, axis=0)
    filled = np.where(lacking & zero, 0.0, points)
    weight = np.where(np.isnan(filled), 0.0, share)
    total = weight.sum(axis=0)
    score = _combined(np.nan_to_num(filled), weight / np.where(total > 0, total, 1.0), step.aggregate)
    return _Side(np.where(failed | (total <= 0), np.nan, score), coverage, failed)


def _combined(points: Array, share: Array, how: str) -> Array:
    counted = share > 0
    if how == "mean":
        return np.sum(points * share, axis=0)
    if how == "min":
        return np.min(np.where(counted, points, np.inf), axis=0, initial=np.inf)
    worthless = np.any(counted & (points <= 0), axis=0)
    safe = np.where(counted & (points > 0), points, 1.0)
    if how == "harmonic":
        told = 1 / np.maximum(np.sum(np.where(counted, share / safe, 0.0), axis=0), 1e-300)
    else:
        told = np.exp(np.sum(np.where(counted, share * np.log(safe), 0.0), axis=0))
    return np.where(worthless, 0.0, told)


def _chosen(own: _Side, beneath: _Side, step: Step, run: _Run) -> _Side:
    match step.source:
        case "indicators":
            return own
        case "results":
            return beneath
        case "indicators_else_results":
            return _first(own, beneath)
        case "results_else_indicators":
            return _first(beneath, own)
    blend = float(step.indicators or 0)
    return _side(
        [
            _Part(run.full(blend), own.score, own.coverage, step.missing),
            _Part(run.full(1 - blend), beneath.score, beneath.coverage, step.missing),
        ],
        step,
        run,
    )


def _first(preferred: _Side, other: _Side) -> _Side:
    take = np.isnan(preferred.score) & ~preferred.failed & ~np.isnan(other.score)
    return _Side(
        np.where(take, other.score, preferred.score),
        np.where(take, other.coverage, preferred.coverage),
        np.where(take, other.failed, preferred.failed),
    )


def _ratings(score: Array, scheme: Scheme) -> Array:
    """The position of each score's band among the scheme's, from the lowest; -1 without a score or without bands."""
    bands = scheme.ordered_bands
    rating = np.full(score.shape, -1, dtype=np.int64)
    if not bands:
        return rating
    rounded = _rounded(score, scheme)
    for at, band in enumerate(bands):
        if band.edge is None:
            reached = ~np.isnan(rounded)
        else:
            edge = float(band.edge)
            near = np.abs(rounded - edge) <= EDGE
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
    values = np.array([np.nan if band.value is None else float(Fraction(band.value)) for band in scheme.ordered_bands])
    told = values[np.clip(rating, 0, len(values) - 1)]
    return np.where((rating < 0) | np.isnan(told), score, told)
