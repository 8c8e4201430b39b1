"""How good the data are behind a score: complete, on time, plausible, consistent. They annotate and never change it.

Read `modified_z` first. What is rational stays exact; deviations and higher moments are floats, each taken from an
exact number in one step, so that neither the unit nor the order of a series changes them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from mne.errors import OptionError

__all__ = [
    "Moments",
    "Number",
    "Outliers",
    "PairCheck",
    "Verification",
    "Winsorised",
    "annualised",
    "completeness",
    "dqa_score",
    "exact",
    "largest_z",
    "mad_outliers",
    "modified_z",
    "moments",
    "pair_check",
    "proportional_outliers",
    "timeliness",
    "verification_factor",
    "winsorised",
    "z_scores",
]

Number = Fraction | Decimal | int | float
Check = bool | int | str | None

_MAD = Fraction(6745, 10_000)
_MEAN_AD = Fraction(1_253_314, 1_000_000)


@dataclass(frozen=True, slots=True)
class Outliers:
    """A series' scores and which of its values are outliers, by position; `method` says how they were scored."""

    median: Fraction
    mad: Fraction
    scores: tuple[Fraction | None, ...]
    flagged: tuple[int, ...]
    method: Literal["mad", "mean_deviation", "none"]


@dataclass(frozen=True, slots=True)
class Moments:
    """Skewness G1 and excess kurtosis G2, corrected for small samples; None where a series is too short or constant."""

    skewness: float | None
    kurtosis: float | None

    def treated(self, *, skewness: float = 2, kurtosis: float = 3.5) -> bool:
        """Whether a series asks for treatment of its outliers: both limits are passed.

        Source: OECD and JRC, Handbook on Constructing Composite Indicators (2008); the limits as in COINr.
        """
        if self.skewness is None or self.kurtosis is None:
            return False
        return abs(self.skewness) > skewness and self.kurtosis > kurtosis


@dataclass(frozen=True, slots=True)
class Winsorised:
    """A series whose most extreme values took the place of the next one, in its own order."""

    values: tuple[Fraction, ...]
    changed: tuple[int, ...]
    """The positions of the values that were changed, in the order of the series."""
    before: Moments
    after: Moments


@dataclass(frozen=True, slots=True)
class PairCheck:
    """One indicator over another, and whether that lies within what was expected; None where it cannot be told."""

    ratio: Fraction | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Verification:
    """A recount against a report: 1 when they agree. All None where nothing was reported."""

    factor: Fraction | None
    flagged: bool | None
    direction: Literal["over-reporting", "under-reporting"] | None


def exact(number: Number) -> Fraction:
    """A number as it is written: the float 0.1 is a tenth.

    Raises:
        OptionError: it is no finite number.
    """
    try:
        return Fraction(repr(float(number))) if isinstance(number, float) else Fraction(number)
    except (ValueError, TypeError, OverflowError) as error:
        raise OptionError(f"a statistic needs finite numbers, not {number!r}") from error


def _series(values: Sequence[Number]) -> list[Fraction]:
    if not values:
        raise OptionError("outliers need at least one value")
    return [exact(value) for value in values]


def _share(part: int, whole: int) -> Fraction | None:
    if part < 0 or whole < 0:
        raise OptionError(f"numbers of reports must not be below zero, not {part} of {whole}")
    return Fraction(part, whole) if whole else None


def completeness(received: int, expected: int) -> Fraction | None:
    """Reports received over reports expected, as a share of 1; None when none was expected.

    Above 1 where more came than were expected. Source: DHIS2's reporting rates, without their rounding; the WHO's data
    quality review.

    Raises:
        OptionError: a number of reports below zero.
    """
    return _share(received, expected)


def timeliness(on_time: int, expected: int) -> Fraction | None:
    """Reports received on time over reports expected, as a share of 1; None when none was expected.

    Source: the WHO's data quality review: late and missing reports count alike.

    Raises:
        OptionError: a number of reports below zero.
    """
    return _share(on_time, expected)


def _median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    middle, odd = divmod(len(ordered), 2)
    return ordered[middle] if odd else (ordered[middle - 1] + ordered[middle]) / 2


def modified_z(values: Sequence[Number], *, threshold: Number = 3.5, fallback: bool = True) -> Outliers:
    """Modified z-scores, 0.6745 × (value − median) / MAD, and the values at or beyond the threshold.

    Args:
        values: a series.
        threshold: 3.5 (Iglewicz and Hoaglin); DHIS2 takes 3.0.
        fallback: where more than half of the values are the same the MAD is 0; then the mean absolute deviation stands
            in, (value − median) / (1.253314 × mean deviation). Without it nothing is flagged, as in DHIS2.

    Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993); the fallback as in IBM SPSS.

    Raises:
        OptionError: an empty series.
    """
    series = _series(values)
    middle = _median(series)
    distances = [abs(value - middle) for value in series]
    mad = _median(distances)
    mean_deviation = sum(distances, Fraction(0)) / len(series)
    if mad:
        scores: list[Fraction | None] = [_MAD * (value - middle) / mad for value in series]
        method: Literal["mad", "mean_deviation", "none"] = "mad"
    elif fallback and mean_deviation:
        scores = [(value - middle) / (_MEAN_AD * mean_deviation) for value in series]
        method = "mean_deviation"
    else:
        scores, method = [None] * len(series), "none"
    limit = exact(threshold)
    flagged = tuple(at for at, score in enumerate(scores) if score is not None and abs(score) >= limit)
    return Outliers(middle, mad, tuple(scores), flagged, method)


def mad_outliers(values: Sequence[Number], *, threshold: Number = 10, least: Number = 100) -> Outliers:
    """FASTR's rule: far from the median in deviations of the upper half, and not small in number.

    The deviation is the median distance from the median of the values at or above it; a value is flagged when its
    distance is more than `threshold` deviations and the value is above `least`.

    Source: FASTR resource hub, methodology, data quality adjustment.

    Raises:
        OptionError: an empty series.
    """
    series = _series(values)
    middle = _median(series)
    mad = _median([abs(value - middle) for value in series if value >= middle])
    scores = [abs(value - middle) / mad if mad else None for value in series]
    limit, floor = exact(threshold), exact(least)
    flagged = tuple(at for at, score in enumerate(scores) if score is not None and score > limit and series[at] > floor)
    return Outliers(middle, mad, tuple(scores), flagged, "mad" if mad else "none")


def proportional_outliers(
    values: Sequence[Number], *, share: Number = 0.8, least: Number = 100
) -> tuple[tuple[Fraction | None, ...], tuple[int, ...]]:
    """Each value's share of the total of its series, and the positions of those that are most of it.

    Source: FASTR resource hub: more than 80 % of a year's total in one month, and more than 100.
    """
    series = [exact(value) for value in values]
    total = sum(series, Fraction(0))
    shares = tuple(value / total if total else None for value in series)
    limit, floor = exact(share), exact(least)
    return shares, tuple(
        at for at, part in enumerate(shares) if part is not None and part > limit and series[at] > floor
    )


def z_scores(values: Sequence[Number], *, ddof: int = 0) -> tuple[float | None, ...]:
    """(value − mean) / standard deviation of each value; None where the series does not vary.

    Args:
        values: a series.
        ddof: 0 takes the deviation of a population, 1 that of a sample.

    Note that no value of a short series can be far out: see `largest_z`.
    Source: DHIS2's outlier detection offers the same beside the modified z.

    Raises:
        OptionError: `ddof` is neither 0 nor 1, or a value is no number.
    """
    series = [exact(value) for value in values]
    if ddof not in (0, 1):
        raise OptionError(f"ddof must be 0, a population's deviation, or 1, a sample's; not {ddof}")
    if len(series) <= ddof:
        return (None,) * len(series)
    mean = sum(series, Fraction(0)) / len(series)
    variance = sum(((value - mean) ** 2 for value in series), Fraction(0)) / (len(series) - ddof)
    if not variance:
        return (None,) * len(series)
    return tuple(math.copysign(math.sqrt((value - mean) ** 2 / variance), value - mean) for value in series)


def largest_z(n: int, *, ddof: int = 0) -> float | None:
    """The largest z-score that any value of n can have: √(n − 1), or (n − 1) / √n with the sample's deviation.

    None below two values. Source: R. E. Shiffler, Maximum Z scores and outliers, The American Statistician 42 (1988).

    Raises:
        OptionError: `ddof` is neither 0 nor 1.
    """
    if ddof not in (0, 1):
        raise OptionError(f"ddof must be 0, a population's deviation, or 1, a sample's; not {ddof}")
    if n <= 1:
        return None
    return math.sqrt(n - 1) if ddof == 0 else (n - 1) / math.sqrt(n)


def moments(values: Sequence[Number]) -> Moments:
    """Skewness G1 and excess kurtosis G2 of a series, as SAS, SPSS and Excel give them.

    Skewness needs three values and kurtosis four.
    Source: Joanes and Gill, Comparing measures of sample skewness and kurtosis, The Statistician 47 (1998).

    Raises:
        OptionError: a value is no number.
    """
    series = [exact(value) for value in values]
    n = len(series)
    mean = sum(series, Fraction(0)) / n if n else Fraction(0)
    second, third, fourth = (
        sum(((each - mean) ** power for each in series), Fraction(0)) / (n or 1) for power in (2, 3, 4)
    )
    if n < 3 or not second:
        return Moments(None, None)
    squared = third**2 / second**3 * Fraction(n * (n - 1), (n - 2) ** 2)
    skewness = math.copysign(math.sqrt(squared), third)
    if n < 4:
        return Moments(skewness, None)
    excess = fourth / second**2 - 3
    return Moments(skewness, float(((n + 1) * excess + 6) * (n - 1) / ((n - 2) * (n - 3))))


def winsorised(
    values: Sequence[Number], *, skewness: float = 2, kurtosis: float = 3.5, most: int | None = None
) -> Winsorised:
    """A series made less skewed: while both limits are passed, the most extreme values take the next one's place.

    Args:
        values: a series.
        skewness: treated only where the absolute skewness is above this,
        kurtosis: and the excess kurtosis above this.
        most: how many values may be changed; a series that would need more is left with those that may. None is a
            twentieth of them, and at least one.

    Source: OECD and JRC, Handbook on Constructing Composite Indicators (2008), as COINr treats a series: values are
    taken from the end that the series leans to, one place at a time.

    Raises:
        OptionError: `most` is below zero, or a value is no number.
    """
    if most is not None and most < 0:
        raise OptionError(f"most must not be below zero, not {most}")
    series = [exact(value) for value in values]
    limit = max(1, len(series) // 20) if most is None else most
    before = after = moments(series)
    changed: set[int] = set()
    while after.skewness is not None and after.treated(skewness=skewness, kurtosis=kurtosis):
        pick, turn = (max, min) if after.skewness > 0 else (min, max)
        edge = pick(series)
        moved = {at for at, value in enumerate(series) if value == edge}
        if len(changed | moved) > limit:
            break
        # A series that varies has another value next to its most extreme one.
        following = pick(value for value in series if value != edge)
        series = [turn(value, following) for value in series]
        changed |= moved
        after = moments(series)
    return Winsorised(tuple(series), tuple(sorted(changed)), before, after)


def pair_check(
    first: Number | None, second: Number | None, *, least: Number | None = None, most: Number | None = None
) -> PairCheck:
    """Whether two indicators agree: the first over the second lies within a range, both ends included.

    Args:
        first: such as first visits; None where it was not reported.
        second: such as fourth visits.
        least: what the ratio must at least be; None leaves the end open.
        most: what it may at most be.

    No check could be made, and `passed` is None, where one of the two is missing or the second is zero.
    Source: FASTR resource hub, data quality assessment: first over fourth antenatal visits, and first over third doses,
    from 0.95; BCG doses over deliveries from 0.7 to 1.3. Rules in words of a plan are held by `mne.consistent`.

    Raises:
        OptionError: neither end of the range is given, or a number is none.
    """
    if least is None and most is None:
        raise OptionError("a check of two indicators needs `least`, `most` or both")
    floor, roof = (None if end is None else exact(end) for end in (least, most))
    if first is None or second is None or not second:
        return PairCheck(None, None)
    ratio = exact(first) / exact(second)
    return PairCheck(ratio, (floor is None or ratio >= floor) and (roof is None or ratio <= roof))


def verification_factor(recounted: Number, reported: Number, *, tolerance: Number = 0.1) -> Verification:
    """Recounted over reported, and whether they lie further apart than the tolerance.

    Below 1 more was reported than could be recounted. None when nothing was reported.
    Source: the WHO's data quality review; tolerance 0.90 to 1.10 as in PLoS ONE 10.1371/journal.pone.0235823.

    Raises:
        OptionError: a number is none.
    """
    if not reported:
        return Verification(None, None, None)
    factor = exact(recounted) / exact(reported)
    flagged = abs(factor - 1) > exact(tolerance)
    direction: Literal["over-reporting", "under-reporting"] = "over-reporting" if factor < 1 else "under-reporting"
    return Verification(factor, flagged, direction if flagged else None)


def dqa_score(
    complete: Sequence[Check], not_outlier: Sequence[Check], consistent: Sequence[Check]
) -> dict[str, Fraction | None]:
    """FASTR's data quality score of one facility and month, from checks that passed, failed or could not be made.

    Keys: `completeness_outlier` and `consistency`, the shares of checks that passed; `dqa_mean`, the mean of the two;
    `dqa_binary`, 1 when everything passed. A check is passed by True, 1 or "pass"; None could not be made.
    Source: FASTR resource hub, methodology, data quality assessment.
    """
    first = _passed([*complete, *not_outlier])
    second = _passed(consistent)
    known = [share for share in (first, second) if share is not None]
    mean = sum(known, Fraction(0)) / len(known) if known else None
    binary = None if not known else Fraction(int(all(share == 1 for share in known)))
    return {"completeness_outlier": first, "consistency": second, "dqa_mean": mean, "dqa_binary": binary}


def _passed(checks: Sequence[Check]) -> Fraction | None:
    made = [check in (True, 1, "pass") for check in checks if check is not None]
    return Fraction(sum(made), len(made)) if made else None


def annualised(
    numerator: Number, denominator: Number, *, factor: Number = 1, days: int | None = None
) -> Fraction | None:
    """A rate per year from one period's numerator: n / d × factor × 365 / days; plain without days.

    None when the denominator is zero. Source: DHIS2's annualised indicators, which count 365 days to a year.

    Raises:
        OptionError: a period without days, or a number is none.
    """
    if days is not None and days <= 0:
        raise OptionError(f"a period must have days, not {days}")
    if not denominator:
        return None
    rate = exact(numerator) / exact(denominator) * exact(factor)
    return rate if days is None else rate * Fraction(365, days)
