"""Growth rates: whether a value moves fast enough to reach its target in time.

Read `trajectory` first. Growth rates are irrational; they are taken in a decimal context of 60 digits and kept to 50,
so that no band edge is decided by a binary rounding error. What is rational after all comes out exact.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final, Literal

from mne.errors import OptionError
from mne.tables.reasons import Reason

__all__ = ["Trajectory", "compound_growth", "linear_projection", "power", "quotient", "trajectory", "years_between"]

_CONTEXT: Final = Context(prec=60)
_DIGITS: Final = 50
_QUOTIENT_DIGITS: Final = 40

_HIGH: Final = Fraction(95, 100)
_MEDIUM: Final = Fraction(60, 100)
_HIGH_WITHOUT: Final = Fraction(15, 1000)
_MEDIUM_WITHOUT: Final = Fraction(5, 1000)
_LIMIT_EXPONENT: Final = Fraction(444, 100)
_MOST: Final = Fraction(5)


_Status = Literal["target_achieved", "substantial", "moderate", "limited", "deterioration"]


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The pace of a value from its baseline, beside the pace that its target needs.

    Units: `observed` and `required` are growth per year (0.02 is 2 %); `ratio` is observed over required, or without a
    target the growth in the wanted direction; `projected` is in the indicator's unit; `points` run from -5 to 5.
    """

    observed: Fraction | None = None
    required: Fraction | None = None
    ratio: Fraction | None = None
    projected: Fraction | None = None
    reached: bool = False
    points: Fraction | None = None
    status: _Status | None = None
    coefficient: Fraction = Fraction(1)
    """How much the limits of the status shrink near a natural limit; 1 where there is none."""
    reason: Reason | None = None


def trajectory(
    *,
    baseline: Fraction | None,
    actual: Fraction | None,
    target: Fraction | None = None,
    elapsed: Fraction,
    span: Fraction | None = None,
    direction: str = "increase",
    limit: Fraction | None = None,
) -> Trajectory:
    """How fast a value moved, how fast it must move, and the status that Open SDG gives to the two.

    Args:
        baseline: the value at the start.
        actual: the newest value.
        target: the value to reach; without one the observed growth itself is judged.
        elapsed: years from the baseline to the newest value.
        span: years from the baseline to the target's date; needed with a target.
        direction: "increase" or "decrease", the way that is better.
        limit: a natural limit such as 100 per cent, near which less growth is asked for; used without a target alone.

    Source: Open SDG, progress measurement methodology: compound annual growth rates, with a target substantial from
    0.95 of the required growth, moderate from 0.6, limited from 0; without one from 1.5 %, 0.5 % and 0 % a year.

    Raises:
        OptionError: a target without `span`, or a direction that is neither of the two.
    """
    if direction not in ("increase", "decrease"):
        raise OptionError(f"direction must be 'increase' or 'decrease', not {direction!r}")
    if target is not None and span is None:
        raise OptionError("a target needs `span`, the years from the baseline to its date")
    if baseline is None or actual is None:
        return _without(Reason.NO_BASELINE if baseline is None else Reason.NO_REPORTS)
    up = direction == "increase"
    if target is not None and (actual >= target if up else actual <= target):
        observed = compound_growth(baseline, actual, elapsed)
        return Trajectory(observed=observed, reached=True, points=_MOST, status="target_achieved")
    if elapsed <= 0 or (span is not None and span <= 0):
        return _without(Reason.NO_TIME_ELAPSED)
    observed = compound_growth(baseline, actual, elapsed)
    if observed is None:
        return _without(Reason.GROWTH_UNDEFINED)
    towards = 1 if (baseline > 0) is up else -1
    if target is None or span is None:
        return _untargeted(observed, towards * observed, _coefficient(baseline, limit))
    required = compound_growth(baseline, target, span)
    if required is None:
        return _without(Reason.GROWTH_UNDEFINED)
    if not required:
        return _without(Reason.TARGET_EQUALS_BASELINE)
    ratio = towards * quotient(observed, abs(required))
    grown = power(actual / baseline, span / elapsed)
    points = _targeted_points(ratio)
    status: _Status = (
        "substantial"
        if ratio >= _HIGH
        else "moderate"
        if ratio >= _MEDIUM
        else "limited"
        if ratio >= 0
        else "deterioration"
    )
    return Trajectory(
        observed=observed, required=required, ratio=ratio, projected=baseline * grown, points=points, status=status
    )


def _without(reason: Reason) -> Trajectory:
    return Trajectory(reason=reason)


def _targeted_points(ratio: Fraction) -> Fraction:
    """Open SDG's own two lines, with the four decimals that it gives them, ending at -5 and 5."""
    if ratio >= _MEDIUM:
        return min(Fraction("7.1429") * ratio - Fraction("4.2857"), _MOST)
    return max(Fraction("4.1667") * ratio - Fraction(5, 2), -_MOST)


def _untargeted(observed: Fraction, pace: Fraction, coefficient: Fraction) -> Trajectory:
    high, medium = _HIGH_WITHOUT * coefficient, _MEDIUM_WITHOUT * coefficient
    if pace < 0:
        points = max(125 * pace - Fraction(5, 2), -_MOST)
    elif not coefficient or pace >= high:
        points = min(500 * pace / coefficient - 5, _MOST) if coefficient else _MOST
    elif pace >= medium:
        points = 250 * pace / coefficient - Fraction(5, 4)
    else:
        points = 500 * pace / coefficient - Fraction(5, 2)
    status: _Status = (
        "deterioration" if pace < 0 else "substantial" if pace >= high else "moderate" if pace >= medium else "limited"
    )
    return Trajectory(observed=observed, ratio=pace, points=points, status=status, coefficient=coefficient)


def _coefficient(baseline: Fraction, limit: Fraction | None) -> Fraction:
    """How much less growth is asked for near a limit: 1 minus the 4.44th power of the distance covered."""
    if limit is None:
        return Fraction(1)
    base, edge = abs(baseline), abs(limit)
    if base >= 2 * edge:
        return Fraction(1)
    covered = base / edge if base <= edge else (2 * edge - base) / edge
    return 1 - power(covered, _LIMIT_EXPONENT) if covered else Fraction(1)


def compound_growth(first: Fraction, last: Fraction, years: Fraction) -> Fraction | None:
    """Growth per year from `first` to `last`: (last / first)^(1 / years) - 1; None where there is none.

    There is none over no time, from or to zero, or across zero.
    """
    if years <= 0 or not first or last / first <= 0:
        return None
    return power(last / first, 1 / years) - 1


def linear_projection(values: list[Fraction], *, years: Fraction) -> Fraction:
    """The last value moved on by the average yearly change of the series for so many years.

    Units: as the values, which lie one year apart. Source: Destatis, indicators of the German sustainable development
    strategy: the average change of the last years carried on to the target's year.

    Raises:
        OptionError: fewer than two values.
    """
    if len(values) < 2:
        raise OptionError("a trend needs at least two values")
    return values[-1] + (values[-1] - values[0]) / (len(values) - 1) * years


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """A positive base to any exponent: exact where the exponent is whole, else to 50 digits."""
    if exponent.denominator == 1 and abs(exponent) <= 1_000:
        return base ** int(exponent)
    if base == 1:
        return Fraction(1)
    logarithm = _CONTEXT.ln(_decimal(base))
    return Fraction(Context(prec=_DIGITS).plus(_CONTEXT.exp(_CONTEXT.multiply(logarithm, _decimal(exponent)))))


def _decimal(number: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))


def quotient(first: Fraction, second: Fraction) -> Fraction:
    """One rounded rate over another, to fewer digits than they have, so that equal paces give exactly 1."""
    return Fraction(Context(prec=_QUOTIENT_DIGITS).divide(_decimal(first), _decimal(second)))


def years_between(first: dt.date, last: dt.date) -> Fraction:
    """The time from one day to another in years: whole months, and the rest as a share of its month.

    From one year's end to another's is a whole number of years, whatever their days.
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    return (months + _share(last) - _share(first)) / 12


def _share(day: dt.date) -> Fraction:
    return Fraction(day.day, calendar.monthrange(day.year, day.month)[1])
