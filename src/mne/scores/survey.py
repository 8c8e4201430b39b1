"""Values that come from a sample: how wide they are, and whether a target is met for certain.

Read `wilson` first, then `target_verdict`. Intervals are irrational; they are computed in floating point, like the
published ones that they are held against, and never enter a score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import TYPE_CHECKING, Final, Literal

from mne.errors import OptionError
from mne.logframe.indicator import Comparator, Direction, Measure, Rule
from mne.scores.quality import Number, exact

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.scores.cards import Achievement
    from mne.values.values import IndicatorValue

__all__ = [
    "Change",
    "Interval",
    "change_between",
    "clopper_pearson",
    "range_verdict",
    "survey_interval",
    "survey_verdict",
    "target_verdict",
    "wilson",
]

Verdict = Literal["met", "not_met", "inconclusive"]

_NOBODY: Final = Fraction(0)
_MOST_STEPS: Final = 10_000
_TINY: Final = 1e-300


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
    """None where the standard error is zero: everybody, or nobody, said yes in both surveys."""
    significant: bool


@dataclass(frozen=True, slots=True)
class _Sample:
    """A share, how many a simple random sample would have needed to tell as much, and the chance left at either end."""

    share: Fraction
    size: Fraction
    tail: float

    @property
    def z(self) -> float:
        """The normal quantile, such as 1.96."""
        return -NormalDist().inv_cdf(self.tail)


def wilson(successes: Number, n: Number, *, confidence: Number = 0.95, design_effect: Number = 1) -> Interval | None:
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
    sample = _sample(successes, n, confidence, design_effect)
    if sample is None:
        return None
    share, size, z = float(sample.share), float(sample.size), sample.z
    # Both terms are over n + z², so that a very small sample gives 0 to 1 and no division by zero.
    middle = (share * size + z * z / 2) / (size + z * z)
    half = z * math.sqrt(size * share * (1 - share) + z * z / 4) / (size + z * z)
    return _interval(sample, middle - half, middle + half, confidence)


def clopper_pearson(
    successes: Number, n: Number, *, confidence: Number = 0.95, design_effect: Number = 1
) -> Interval | None:
    """The exact interval of Clopper and Pearson, never too narrow; None without anybody asked.

    Units: shares of 1. Source: C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits, Biometrika 26
    (1934): quantiles of the beta distribution; with a design effect the smaller sample goes into the same formula, as
    in E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998), without their correction for few clusters.

    Raises:
        OptionError: as `wilson`.
    """
    sample = _sample(successes, n, confidence, design_effect)
    if sample is None:
        return None
    hits, misses = float(sample.share * sample.size), float((1 - sample.share) * sample.size)
    low = _beta_quantile(sample.tail, hits, misses + 1, upper=False) if hits else 0.0
    high = _beta_quantile(sample.tail, hits + 1, misses, upper=True) if misses else 1.0
    return _interval(sample, low, high, confidence)


def _interval(sample: _Sample, low: float, high: float, confidence: Number) -> Interval:
    """Limits that no rounding error carries past the share, or past the ends where the formula is exactly 0 or 1."""
    share = float(sample.share)
    low = 0.0 if share == 0 else min(max(low, 0.0), share)
    high = 1.0 if share == 1 else max(min(high, 1.0), share)
    return Interval(low, high, share, float(sample.size), float(exact(confidence)))


def _sample(successes: Number, n: Number, confidence: Number, design_effect: Number) -> _Sample | None:
    hits, asked, level, effect = (exact(number) for number in (successes, n, confidence, design_effect))
    if not 0 <= hits <= asked:
        raise OptionError(f"successes must lie between 0 and n, not {successes} of {n}")
    if not 0 < level < 1:
        raise OptionError(f"confidence must lie between 0 and 1, such as 0.95, not {confidence}")
    if effect <= 0:
        raise OptionError(f"design_effect must be above 0, not {design_effect}")
    # The tail is taken before it becomes a float: 1 less a confidence close to 1 would lose its digits.
    return _Sample(hits / asked, asked / effect, float((1 - level) / 2)) if asked else None


def _beta_quantile(tail: float, a: float, b: float, *, upper: bool) -> float:
    """Where so much of a beta distribution lies below, or above: bisection down to neighbouring floats."""
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        below, above = _beta_tails(middle, a, b)
        if above > tail if upper else below < tail:
            low = middle
        else:
            high = middle
    return high


def _beta_tails(x: float, a: float, b: float) -> tuple[float, float]:
    """How much of a beta distribution lies below and above x; the smaller part is never a difference from 1.

    Source: W. J. Lentz, Applied Optics 15 (1976), on the continued fraction of the incomplete beta function.
    """
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        below = front * _continued(x, a, b) / a
        return below, 1 - below
    above = front * _continued(1 - x, b, a) / b
    return 1 - above, above


def _continued(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    total = d
    for m in range(1, _MOST_STEPS):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _off_zero(1 + part * d)
            c = _off_zero(1 + part / c)
            total *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return total


def _off_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY


# --- verdicts -----------------------------------------------------------------------------------------------------


def target_verdict(
    interval: Interval, target: Number, *, direction: Literal["increase", "decrease"] = "increase"
) -> Verdict:
    """Whether a target is met for certain: only when the whole interval clears it.

    Source: semantics §7. A limit that lies exactly on the target clears it, as the target itself is met.

    Raises:
        OptionError: another direction; for a range see `range_verdict`.
    """
    if direction not in ("increase", "decrease"):
        raise OptionError(f"direction must be 'increase' or 'decrease', not {direction!r}")
    return range_verdict(interval, target, None) if direction == "increase" else range_verdict(interval, None, target)


def range_verdict(interval: Interval, least: Number | None, most: Number | None) -> Verdict:
    """Whether a value lies within a range for certain; None leaves an end open.

    Source: semantics §7: met when the whole interval lies inside, not met when all of it lies outside.

    Raises:
        OptionError: neither end is given, or the lower one lies above the upper one.
    """
    floor, roof = (None if end is None else float(exact(end)) for end in (least, most))
    if floor is None and roof is None:
        raise OptionError("a range needs `least`, `most` or both")
    if floor is not None and roof is not None and floor > roof:
        raise OptionError(f"`least` must not lie above `most`, not {least} and {most}")
    if (floor is None or interval.low >= floor) and (roof is None or interval.high <= roof):
        return "met"
    outside = (floor is not None and interval.high < floor) or (roof is not None and interval.low > roof)
    return "not_met" if outside else "inconclusive"


def change_between(
    first: tuple[Number, Number],
    second: tuple[Number, Number],
    *,
    design_effect: Number = 1,
    confidence: Number = 0.95,
) -> Change:
    """The change of a share between two independent surveys, each given as (share, how many were asked).

    Units: shares of 1. Source: the difference of two proportions with standard errors added in squares, each widened by
    the design effect, as in the WHO's Health Equity Assessment Toolkit.

    Raises:
        OptionError: a share outside 0 to 1, nobody asked, or options as in `wilson`.
    """
    samples: list[_Sample] = []
    for share, n in (first, second):
        if not 0 <= exact(share) <= 1:
            raise OptionError(f"a share must lie between 0 and 1, not {share}")
        sample = _sample(exact(share) * exact(n), n, confidence, design_effect)
        if sample is None:
            raise OptionError(f"somebody must have been asked, not {n}")
        samples.append(sample)
    before, after = samples
    difference = after.share - before.share
    standard_error = math.sqrt(sum((each.share * (1 - each.share) / each.size for each in samples), _NOBODY))
    z = float(difference) / standard_error if standard_error else None
    significant = abs(z) > after.z if z is not None else bool(difference)
    return Change(float(difference), standard_error, z, significant)


# --- an indicator of a plan ---------------------------------------------------------------------------------------


def survey_interval(value: IndicatorValue) -> Interval | None:
    """The interval of an indicator's value to date, where the indicator says how its sample was drawn.

    The sample is as large as the plan says, or as the reported denominator where that is smaller: a denominator beyond
    the sample extrapolates to the population, and one below it says that fewer answered than were to be asked.

    Units: the indicator's: a percentage lies between 0 and 100. None where the value is no share of a sample: no
    survey, no value, no sample size, another measure than a percentage, a ratio or the share of yes, a value outside of
    what a share can be, or a confidence or design effect that cannot be.
    Source: `wilson`; semantics §7.
    """
    indicator, survey = value.indicator, value.indicator.survey
    if survey is None or value.value is None or not _is_share(indicator):
        return None
    factor = Fraction(indicator.multiplier) if indicator.measure.is_ratio else Fraction(1)
    share = value.value / factor
    told = (survey.sample_size, value.amount.denominator if indicator.by_denominator else None)
    size = min((Fraction(each) for each in told if each is not None), default=_NOBODY)
    confidence = Fraction(95, 100) if survey.confidence is None else Fraction(survey.confidence)
    effect = Fraction(1) if survey.design_effect is None else Fraction(survey.design_effect)
    if size <= 0 or not 0 <= share <= 1 or not 0 < confidence < 1 or effect <= 0:
        return None
    interval = wilson(share * size, size, confidence=confidence, design_effect=effect)
    return None if interval is None else interval.times(float(factor))


def _is_share(indicator: Indicator) -> bool:
    """Whether a value is a share of those asked, by what the plan says of it and never by how it looks."""
    if indicator.measure is Measure.YES_NO:
        return any(indicator.rule(axis) in (Rule.MEAN, Rule.WEIGHTED_MEAN) for axis in indicator.order)
    return indicator.measure.is_ratio


def survey_verdict(value: IndicatorValue, achievement: Achievement) -> Verdict | None:
    """Whether the target of an achievement is met for certain; None where there is no interval or nothing to meet.

    A target that is to be kept is met within its tolerance, and one that is a range inside of it.
    Source: semantics §7.
    """
    interval = survey_interval(value)
    least, most = _asked(value.indicator, achievement)
    if (
        interval is None
        or (least is None and most is None)
        or (least is not None and most is not None and least > most)
    ):
        return None
    return range_verdict(interval, least, most)


def _asked(indicator: Indicator, achievement: Achievement) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that the target lets the value be."""
    target = achievement.target
    if target is None:
        return achievement.minimum, achievement.maximum
    if achievement.comparator == Comparator.AT_LEAST:
        return target, None
    if achievement.comparator == Comparator.AT_MOST:
        return None, target
    if indicator.direction is Direction.MAINTAIN:
        slack = Fraction(indicator.tolerance or 0)
        return target - slack, target + slack
    return (None, target) if indicator.direction is Direction.DECREASE else (target, None)
