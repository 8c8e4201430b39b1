"""How much a rating depends on the weights that somebody chose, and which indicator it hangs on.

Read `robustness` first. The draws are seeded and made all at once; the card itself is never changed.
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
    from mne.scores.cards import ResultScore, Scorecard

__all__ = ["Margin", "Robust", "Robustness", "robustness"]

_STEPS: Final = 60


@dataclass(frozen=True, slots=True)
class Margin:
    """The indicator that a rating hangs on most, and how far its points may move before the rating changes.

    Units: the scheme's points. `change` is by how much the score moves without the indicator.
    """

    indicator: str
    change: float | None
    rating: str | None
    """The rating without the indicator."""
    falls_below: float | None
    """With fewer points than this the rating is another one; None where none within the limits does that."""
    rises_above: float | None
    """With more points than this the rating is another one; None where none within the limits does that."""


@dataclass(frozen=True, slots=True)
class Robust:
    """One result under other weights. Units: `same` is a share of the draws, quantiles are points."""

    id: str
    rating: str | None
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

    def __repr__(self) -> str:
        told = ", ".join(
            f"{each.id} {each.rating} in {percent_text(each.same)}"
            for each in self.results.values()
            if each.same is not None
        )
        return f"Robustness(weights ± {percent_text(self.spread)}, {self.draws} draws: {told})"


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
    override that counts above with its own worth does so here too.
    Source: uncertainty analysis of weights as in the OECD/JRC Handbook on Constructing Composite Indicators, step 7.

    Raises:
        OptionError: a spread outside 0 to 1, or fewer than one draw.
    """
    try:
        width = Fraction(str(spread) if isinstance(spread, float) else spread)
    except (ValueError, TypeError) as error:
        raise OptionError(f"spread must be a number such as 0.25, not {spread!r}") from error
    if not 0 <= width <= 1:
        raise OptionError(f"spread must lie between 0 and 1, not {spread}")
    if draws < 1:
        raise OptionError(f"draws must be at least 1, not {draws}")
    compiled = compile_card(card)
    generator = np.random.default_rng(seed)
    names = [*card.results, *card.indicators]
    low, high = 1 - float(width), 1 + float(width)
    factors = generator.uniform(low, high, size=(len(names), draws))
    varied = compiled.scores(draws, weights=dict(zip(names, factors, strict=True)))
    without = _without_each(compiled)
    found = {code: _robust(compiled, part, varied[code], without) for code, part in card.results.items()}
    return Robustness(FrozenMap(found), width, draws, seed)


def _without_each(compiled: Compiled) -> tuple[dict[str, int], dict[str, Scored]]:
    """All results without each indicator in turn, its weight given to the others."""
    codes = {code: at for at, code in enumerate(compiled.card.indicators)}
    factors = {}
    for code, at in codes.items():
        factor = np.ones(len(codes))
        factor[at] = 0.0
        factors[code] = factor
    return codes, compiled.scores(len(codes), weights=factors) if codes else {}


def _robust(
    compiled: Compiled, part: ResultScore, varied: Scored, without: tuple[dict[str, int], dict[str, Scored]]
) -> Robust:
    bands = compiled.card.scheme.ordered_bands
    rating = part.computed_rating
    shares = {
        band.label: Fraction(int(np.count_nonzero(varied.rating == at)), len(varied.rating))
        for at, band in enumerate(bands)
        if np.any(varied.rating == at)
    }
    known = varied.score[~np.isnan(varied.score)]
    quantiles: tuple[float | None, ...] = (None, None, None)
    if known.size and part.raw is not None:
        quantiles = tuple(float(each) for each in np.quantile(known, (0.05, 0.5, 0.95)))
    return Robust(
        id=part.id,
        rating=rating,
        same=None if rating is None else shares.get(rating, Fraction(0)),
        ratings=FrozenMap(shares),
        low=quantiles[0],
        middle=quantiles[1],
        high=quantiles[2],
        hangs_on=_hangs_on(compiled, part, without),
    )


def _beneath(part: ResultScore) -> Iterator[str]:
    """The indicators that counted towards a result, at any depth."""
    for each in part.indicators:
        if each.counted and each.score is not None:
            yield each.id
    for child in part.results:
        if child.counted:
            yield from _beneath(child)


def _hangs_on(
    compiled: Compiled, part: ResultScore, without: tuple[dict[str, int], dict[str, Scored]]
) -> Margin | None:
    """Whose absence changes the rating, or else the score by most; of equals the first by id."""
    if part.score is None:
        return None
    places, scored = without
    bands = compiled.card.scheme.ordered_bands
    labels = {band.label: at for at, band in enumerate(bands)}
    now = labels.get(part.computed_rating or "", -1)
    best: tuple[bool, float, str] | None = None
    for code in sorted(_beneath(part)):
        at = places[code]
        score, rating = float(scored[part.id].score[at]), int(scored[part.id].rating[at])
        moved = np.inf if np.isnan(score) else abs(score - float(part.score))
        if best is None or (rating != now, moved) > best[:2]:
            best = (rating != now, moved, code)
    if best is None:
        return None
    code = best[2]
    at = places[code]
    score, rating = float(scored[part.id].score[at]), int(scored[part.id].rating[at])
    lowest, highest = _edges(compiled, part, code, now)
    return Margin(
        indicator=code,
        change=None if np.isnan(score) else score - float(part.score),
        rating=bands[rating].label if rating >= 0 else None,
        falls_below=lowest,
        rises_above=highest,
    )


def _edges(compiled: Compiled, part: ResultScore, code: str, now: int) -> tuple[float | None, float | None]:
    """The points of an indicator at which the rating changes, downwards and upwards, by halving the interval."""
    rule, scale = compiled.card.scheme.achievement, float(compiled.card.scheme.scale)
    points = compiled.card.indicators[code].score
    if points is None or now < 0:
        return None, None
    here = float(points)
    floor = here - 10 * scale if rule.floor is None else float(rule.floor) * scale
    ceiling = here + 10 * scale if rule.ceiling is None else float(rule.ceiling) * scale

    def rating(at: float) -> int:
        told: Any = compiled.scores(1, points={code: np.array([at])})[part.id].rating[0]
        return int(told)

    def edge(end: float) -> float | None:
        if rating(end) == now:
            return None
        same, other = here, end
        for _ in range(_STEPS):
            middle = (same + other) / 2
            if rating(middle) == now:
                same = middle
            else:
                other = middle
        return other

    return edge(floor), edge(ceiling)
