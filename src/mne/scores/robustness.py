"""How much a rating depends on the weights that somebody chose, and which indicator it hangs on.

Read `robustness` first. The draws are seeded and scored as arrays (`mne.scores.weighing`); the card is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.ground.numbers import percent_text
from mne.scores.weighing import Compiled, Scored, compile_card

if TYPE_CHECKING:
    import polars as pl

    from mne.scores.cards import ResultScore, Scorecard

__all__ = ["Margin", "Robust", "Robustness", "robustness"]

_BLOCK: Final = 4_096
"""Draws scored at a time, so that memory does not grow with their number. The answer does not depend on it."""
_GRID: Final = 64
_ZOOMS: Final = 8
"""Each zoom narrows a margin by the grid: 64⁸ is more than a double can tell."""
_BEYOND: Final = 10
"""How many times the scale a margin is looked for where the scheme has no floor or no ceiling."""
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Margin:
    """The indicator that a rating hangs on most, and how far it may move before the rating changes.

    Units: `change`, `falls_below` and `rises_above` in the scheme's points; `may_fall` and `may_rise` in achievement
    (0.05 is five hundredths of the way to the target). None where nothing within the limits changes the rating; the
    limits are the scheme's floor and ceiling, or ten times the scale away where it has none.
    """

    indicator: str
    change: float | None
    """By how much the score moves without the indicator; None where there is no score without it."""
    rating: str | None
    """The rating without the indicator."""
    falls_below: float | None
    rises_above: float | None
    may_fall: float | None
    may_rise: float | None

    @property
    def decides(self) -> bool:
        """Whether the rating changes within the indicator's reach."""
        return self.falls_below is not None or self.rises_above is not None


@dataclass(frozen=True, slots=True)
class Robust:
    """One result under other weights. Units: `same` is a share of the draws, quantiles are points."""

    id: str
    rating: str | None
    """The rating as computed, before gates and people's overrides."""
    same: Fraction | None
    """How often the rating stays the same; None without a rating."""
    ratings: Mapping[str, Fraction]
    """The share of draws in which each rating came out; those that never did are left out."""
    low: float | None
    middle: float | None
    high: float | None
    """The 5th, 50th and 95th percentile of the score."""
    hangs_on: Margin | None


@dataclass(frozen=True)
class Robustness(Mapping[str, Robust]):
    """Every result of a card under varied weights, by id."""

    results: FrozenMap[str, Robust]
    spread: Fraction
    draws: int
    seed: int

    def __getitem__(self, id: str) -> Robust:
        return self.results[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def to_polars(self) -> pl.DataFrame:
        """One row per result: how often its rating stays, quantiles of its score, and what it hangs on."""
        import polars as pl

        return pl.DataFrame([_row(each) for each in self.results.values()], schema=_columns(pl), orient="row")

    def __repr__(self) -> str:
        told = ", ".join(
            f"{each.id} {each.rating} in {percent_text(each.same)}"
            for each in self.results.values()
            if each.same is not None
        )
        return f"Robustness(weights ± {percent_text(self.spread)}, {self.draws} draws: {told or 'no ratings'})"


def robustness(
    card: Scorecard, *, spread: Fraction | Decimal | float | str = "0.25", draws: int = 10_000, seed: int = 0
) -> Robustness:
    """How often each rating stays the same when all weights vary, and which indicator it hangs on.

    Args:
        card: a scorecard.
        spread: every weight is multiplied by a number drawn evenly from 1 − spread to 1 + spread; between 0 and 1.
        draws: how many sets of weights are drawn.
        seed: the same seed gives the same answer.

    Units: shares of 1 and the scheme's points. The ratings are those computed, before gates and people's overrides; an
    override that counts above with its own worth does so here too. Weights are renormalised among siblings; the share
    of a declared blend is part of the scheme and stays. A draw whose score lies within 1e-9 of the card's own has its
    exact rating; elsewhere a score within 1e-9 of a band's edge lies on the edge.
    Source: uncertainty analysis of weights as in the OECD/JRC Handbook on Constructing Composite Indicators, step 7.

    Raises:
        OptionError: a spread outside 0 to 1, fewer than one draw, or a seed below zero.
    """
    width = _spread(spread)
    for name, number, least in (("draws", draws, 1), ("seed", seed, 0)):
        if not _is_whole(number) or number < least:
            raise OptionError(f"{name} must be a whole number of at least {least}, not {number!r}")
    compiled = compile_card(card)
    varied = _varied(compiled, width, draws, seed)
    hinges = _hinges(compiled)
    margins = _margins(compiled, hinges)
    found = {code: _robust(compiled, part, varied[code], margins.get(code)) for code, part in card.results.items()}
    return Robustness(FrozenMap(found), width, draws, seed)


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _spread(spread: Fraction | Decimal | float | str) -> Fraction:
    try:
        width = Fraction(str(spread) if isinstance(spread, float) else spread)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError) as error:
        raise OptionError(f"spread must be a number such as 0.25, not {spread!r}") from error
    if not 0 <= width <= 1:
        raise OptionError(f"spread must lie between 0 and 1, not {spread}")
    return width


def _varied(compiled: Compiled, width: Fraction, draws: int, seed: int) -> dict[str, Scored]:
    """Every result in every draw. Factors are drawn set by set, so that blocks do not change them."""
    names = [*compiled.card.results, *compiled.card.indicators]
    generator = np.random.default_rng(seed)
    low, high = 1 - float(width), 1 + float(width)
    blocks: list[dict[str, Scored]] = []
    for start in range(0, draws, _BLOCK):
        count = min(_BLOCK, draws - start)
        factors = np.ascontiguousarray(generator.uniform(low, high, size=(count, len(names))).T)
        blocks.append(compiled.scores(count, weights=dict(zip(names, factors, strict=True))))
    return {
        code: Scored(
            *(np.concatenate([getattr(block[code], name) for block in blocks]) for name in Scored.__dataclass_fields__)
        )
        for code in compiled.card.results
    }


def _robust(compiled: Compiled, part: ResultScore, varied: Scored, margin: Margin | None) -> Robust:
    rating = part.computed_rating
    counts = np.bincount(varied.rating + 1, minlength=1)[1:]
    bands = compiled.card.scheme.ordered_bands
    shares = {
        band.label: Fraction(int(count), len(varied.rating))
        for band, count in zip(bands, counts, strict=False)
        if count
    }
    known = varied.score[~np.isnan(varied.score)]
    quantiles: tuple[float | None, ...] = (None, None, None)
    if known.size and part.score is not None:
        quantiles = tuple(float(each) for each in np.quantile(known, (0.05, 0.5, 0.95)))
    return Robust(
        id=part.id,
        rating=rating,
        same=None if rating is None else shares.get(rating, Fraction(0)),
        ratings=FrozenMap(shares),
        low=quantiles[0],
        middle=quantiles[1],
        high=quantiles[2],
        hangs_on=margin,
    )


# --- what a rating hangs on -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Hinge:
    """The indicator that a result hangs on most, and the result without it."""

    result: ResultScore
    indicator: str
    change: float | None
    rating: int


def _beneath(part: ResultScore) -> Iterator[str]:
    """The indicators that counted towards a result, at any depth."""
    for each in part.indicators:
        if each.counted and each.score is not None:
            yield each.id
    for child in part.results:
        if child.counted:
            yield from _beneath(child)


def _hinges(compiled: Compiled) -> dict[str, _Hinge]:
    """Per result the indicator whose absence changes the rating, or else the score by most; of equals the first by id.

    All results without each indicator in turn, its weight given to its siblings, at once.
    """
    card = compiled.card
    places = {code: at for at, code in enumerate(card.indicators)}
    if not places:
        return {}
    factors = 1.0 - np.eye(len(places))
    without = compiled.scores(len(places), weights={code: factors[at] for code, at in places.items()})
    ranks = {band.label: at for at, band in enumerate(card.scheme.ordered_bands)}
    found: dict[str, _Hinge] = {}
    for part in card.results.values():
        if part.raw is None or part.score is None:
            continue
        now, least = ranks.get(part.computed_rating or "", -1), _Hinge(part, "", None, -1)
        most: tuple[bool, float] | None = None
        for code in sorted(set(_beneath(part))):
            at = places[code]
            score, rating = float(without[part.id].score[at]), int(without[part.id].rating[at])
            gone = bool(np.isnan(score))
            change = None if gone else score - float(part.score)
            # Rounded, so that equals are equal whatever the order in which floats were added.
            moved = (rating != now, float("inf") if change is None else round(abs(change), _DIGITS))
            if most is None or moved > most:
                most, least = moved, _Hinge(part, code, change, rating)
        if most is not None:
            found[part.id] = least
    return found


def _margins(compiled: Compiled, hinges: Mapping[str, _Hinge]) -> dict[str, Margin]:
    """How far each hinge may fall and rise before its result's rating changes."""
    scheme = compiled.card.scheme
    scale, rule = float(scheme.scale), scheme.achievement
    found: dict[str, Margin] = {}
    here = {key: float(compiled.card.indicators[each.indicator].score or 0) for key, each in hinges.items()}
    floor = {
        key: points - _BEYOND * scale if rule.floor is None else min(points, float(rule.floor) * scale)
        for key, points in here.items()
    }
    ceiling = {
        key: points + _BEYOND * scale if rule.ceiling is None else max(points, float(rule.ceiling) * scale)
        for key, points in here.items()
    }
    edges = _edges(compiled, hinges, here, [floor, ceiling])
    for key, hinge in hinges.items():
        below, above = edges[key]
        found[key] = Margin(
            indicator=hinge.indicator,
            change=hinge.change,
            rating=scheme.ordered_bands[hinge.rating].label if hinge.rating >= 0 else None,
            falls_below=below,
            rises_above=above,
            may_fall=None if below is None else round((here[key] - below) / scale, _DIGITS),
            may_rise=None if above is None else round((above - here[key]) / scale, _DIGITS),
        )
    return found


def _edges(
    compiled: Compiled, hinges: Mapping[str, _Hinge], here: Mapping[str, float], ends: list[dict[str, float]]
) -> dict[str, tuple[float | None, ...]]:
    """The points nearest to the present ones at which the rating is another, towards each end; None for nowhere.

    All results and both ways at once: each zoom lays a grid between the last points known to keep the rating and the
    first ones known to change it.
    """
    searches = [(key, way) for key in hinges for way in range(len(ends))]
    keeps = np.array([here[key] for key, _ in searches])
    turns = np.array([ends[way][key] for key, way in searches])
    ranks = {band.label: at for at, band in enumerate(compiled.card.scheme.ordered_bands)}
    now = np.array([ranks.get(hinges[key].result.computed_rating or "", -1) for key, _ in searches])
    steps = np.linspace(0.0, 1.0, _GRID + 1)[1:]
    at = np.arange(len(searches))
    changes = np.zeros(len(searches), dtype=bool)
    for zoom in range(_ZOOMS if searches else 0):
        grid = keeps[:, None] + (turns - keeps)[:, None] * steps
        grid[:, -1] = turns
        points: dict[str, Any] = {}
        for row, (key, _) in enumerate(searches):
            code = hinges[key].indicator
            if code not in points:
                points[code] = np.full(grid.size, float(compiled.card.indicators[code].score or 0))
            points[code][row * _GRID : (row + 1) * _GRID] = grid[row]
        told = compiled.scores(grid.size, points=points)
        ratings = np.stack([told[key].rating[row * _GRID : (row + 1) * _GRID] for row, (key, _) in enumerate(searches)])
        other = ratings != now[:, None]
        if not zoom:
            changes = other.any(axis=1) & (now >= 0)
        first = np.where(other.any(axis=1), other.argmax(axis=1), _GRID - 1)
        keeps = np.where(first > 0, grid[at, np.maximum(first - 1, 0)], keeps)
        turns = grid[at, first]
    edges = {
        search: round(float(turn), _DIGITS) if changed else None
        for search, turn, changed in zip(searches, turns, changes, strict=True)
    }
    return {key: tuple(edges[key, way] for way in range(len(ends))) for key in hinges}


# --- as a table -------------------------------------------------------------------------------------------------


def _row(each: Robust) -> tuple[Any, ...]:
    margin = each.hangs_on
    return (
        each.id,
        each.rating,
        None if each.same is None else float(each.same),
        each.low,
        each.middle,
        each.high,
        margin.indicator if margin else None,
        margin.rating if margin else None,
        margin.change if margin else None,
        margin.may_fall if margin else None,
        margin.may_rise if margin else None,
    )


def _columns(pl: Any) -> dict[str, Any]:
    words, number = pl.String, pl.Float64
    return {
        "id": words, "rating": words, "same": number, "score_5": number, "score_50": number, "score_95": number,
        "hangs_on": words, "rating_without": words, "change_without": number, "may_fall": number, "may_rise": number,
    }  # fmt: skip
