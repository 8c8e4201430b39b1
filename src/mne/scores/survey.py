"""Values that come from a sample: how wide they are, and whether a target is met for certain.

Read `wilson` first, then `target_verdict`. Intervals are irrational; they are computed in floating point, like the
published ones that they are held against, and never enter a score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from mne.errors import OptionError

if TYPE_CHECKING:
    from mne.scores.cards import Achievement
    from mne.values.values import IndicatorValue

__all__ = [
    "Change",
    "Interval",
    "change_between",
    "clopper_pearson",
    "survey_interval",
    "survey_verdict",
    "target_verdict",
    "wilson",
]

Exact = Fraction | int | float
Verdict = Literal["met", "not_met", "inconclusive"]

_STEPS = 200


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with the limits between which it lies. Units: shares of 1, or those of the indicator where it says so."""

    low: float
    high: float
    p: float
    n_effective: float
    confidence: float = 0.95

    def times(self, factor: float) -> Interval:
        """The same interval in another unit: times 100 for percentages."""
        return Interval(self.low * factor, self.high * factor, self.p * factor, self.n_effective, self.confidence)


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two surveys, and whether it is more than chance. Units: shares of 1."""

    difference: float
    standard_error: float
    z: float | None
    significant: bool


def wilson(successes: Exact, n: Exact, *, confidence: Exact = 0.95, design_effect: Exact = 1) -> Interval | None:
    """Wilson's score interval of a share; None without anybody asked.

    Args:
        successes: how many said yes; with a design effect the share is kept and `n` shrinks.
        n: how many were asked.
        confidence: such as 0.95.
        design_effect: how much clusters widen the interval; 1 for a simple random sample.

    Units: shares of 1. Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    JASA 22 (1927); the design effect after L. Kish, Survey Sampling (1965): n divided by it.

    Raises:
        OptionError: more successes than asked, a negative number, a confidence outside 0 to 1, a design effect of 0.
    """
    share, size = _sample(successes, n, confidence, design_effect)
    if not size:
        return None
    z = _quantile(confidence)
    scale = 1 + z * z / size
    middle = (share + z * z / (2 * size)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    # At the ends the formula is exact in real numbers, and must not leave 0 or 1 by a rounding error.
    low = 0.0 if share == 0 else max(0.0, middle - half)
    high = 1.0 if share == 1 else min(1.0, middle + half)
    return Interval(low, high, share, size, float(confidence))


def clopper_pearson(
    successes: Exact, n: Exact, *, confidence: Exact = 0.95, design_effect: Exact = 1
) -> Interval | None:
    """The exact interval of Clopper and Pearson, never too narrow; None without anybody asked.

    Units: shares of 1. Source: C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits, Biometrika 26
    (1934): quantiles of the beta distribution.

    Raises:
        OptionError: as `wilson`.
    """
    share, size = _sample(successes, n, confidence, design_effect)
    if not size:
        return None
    tail = (1 - float(confidence)) / 2
    hits = share * size
    low = 0.0 if share == 0 else _beta_quantile(tail, hits, size - hits + 1)
    high = 1.0 if share == 1 else _beta_quantile(1 - tail, hits + 1, size - hits)
    return Interval(low, high, share, size, float(confidence))


def _sample(successes: Exact, n: Exact, confidence: Exact, design_effect: Exact) -> tuple[float, float]:
    """The share, and the effective size of the sample."""
    if n < 0 or successes < 0 or successes > n:
        raise OptionError(f"successes must lie between 0 and n, not {successes} of {n}")
    if not 0 < confidence < 1:
        raise OptionError(f"confidence must lie between 0 and 1, such as 0.95, not {confidence}")
    if design_effect <= 0:
        raise OptionError(f"design_effect must be above 0, not {design_effect}")
    return (float(successes) / float(n) if n else 0.0), float(n) / float(design_effect)


def _quantile(confidence: Exact) -> float:
    return NormalDist().inv_cdf(0.5 + float(confidence) / 2)


def _beta_quantile(probability: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _beta_share(middle, a, b) < probability:
            low = middle
        else:
            high = middle
        if high - low < 1e-16:
            break
    return (low + high) / 2


def _beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by Lentz's continued fraction."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    total = d
    for m in range(1, 500):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + part * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + part / c
            c = c if abs(c) > tiny else tiny
            total *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return total


def target_verdict(
    interval: Interval, target: Exact, *, direction: Literal["increase", "decrease"] = "increase"
) -> Verdict:
    """Whether a target is met for certain: only when the whole interval clears it.

    Source: semantics §7. A limit that lies exactly on the target clears it, as the target itself is met.

    Raises:
        OptionError: another direction.
    """
    if direction not in ("increase", "decrease"):
        raise OptionError(f"direction must be 'increase' or 'decrease', not {direction!r}")
    aim = float(target)
    if direction == "increase":
        if interval.low >= aim:
            return "met"
        return "not_met" if interval.high < aim else "inconclusive"
    if interval.high <= aim:
        return "met"
    return "not_met" if interval.low > aim else "inconclusive"


def change_between(
    first: tuple[Exact, Exact],
    second: tuple[Exact, Exact],
    *,
    design_effect: Exact = 1,
    confidence: Exact = 0.95,
) -> Change:
    """The change of a share between two independent surveys, each given as (share, how many were asked).

    Units: shares of 1. Source: the difference of two proportions with standard errors added in squares, each widened by
    the design effect, as in the WHO's Health Equity Assessment Toolkit.

    Raises:
        OptionError: a share outside 0 to 1, nobody asked, or options as in `wilson`.
    """
    error = 0.0
    for share, n in (first, second):
        _sample(share, 1, confidence, design_effect)
        if n <= 0:
            raise OptionError(f"somebody must have been asked, not {n}")
        error += float(design_effect) * float(share) * (1 - float(share)) / float(n)
    difference = float(second[0]) - float(first[0])
    standard_error = math.sqrt(error)
    z = difference / standard_error if standard_error else None
    significant = abs(z) > _quantile(confidence) if z is not None else difference != 0
    return Change(difference, standard_error, z, significant)


def survey_interval(value: IndicatorValue) -> Interval | None:
    """The interval of an indicator's value to date, where the indicator says how its sample was drawn.

    Units: the indicator's: a percentage lies between 0 and 100. None where the value is no share of a sample: no
    survey, no value, no sample size, or a value outside of what a share can be.
    """
    survey = value.indicator.survey
    if survey is None or value.value is None:
        return None
    factor = Fraction(value.indicator.multiplier)
    share = value.value / factor if value.indicator.measure.is_ratio else value.value
    size = Fraction(survey.sample_size) if survey.sample_size else value.amount.denominator
    if not size or not 0 <= share <= 1:
        return None
    interval = wilson(
        share * size,
        size,
        confidence=Fraction(survey.confidence) if survey.confidence else Fraction(95, 100),
        design_effect=Fraction(survey.design_effect) if survey.design_effect else 1,
    )
    if interval is None:
        return None
    return interval.times(float(factor)) if value.indicator.measure.is_ratio else interval


def survey_verdict(value: IndicatorValue, achievement: Achievement) -> Verdict | None:
    """Whether the target of an achievement is met for certain; None where there is no interval or no single target."""
    interval = survey_interval(value)
    if interval is None or achievement.target is None:
        return None
    falling = achievement.comparator == "≤" or (
        achievement.comparator != "≥" and value.indicator.direction == "decrease"
    )
    return target_verdict(interval, achievement.target, direction="decrease" if falling else "increase")
