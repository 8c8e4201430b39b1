"""Many values become one: each aggregation rule, once, on exact fractions.

Read `fold` first. It takes the values along one axis with their codes and returns one value; a value that is
undefined is left out as long as another one is defined (semantics §4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from mne.logframe.indicator import Rule
from mne.tables.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

__all__ = ["Datum", "fold", "ratio"]


@dataclass(frozen=True, slots=True)
class Datum:
    """A value on its way up: a number, or the reason why there is none.

    Numerator and denominator stay with it as long as they mean something.
    """

    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    reason: Reason | None = None


def ratio(numerator: Fraction, denominator: Fraction, multiplier: Fraction) -> Datum:
    """A percentage or ratio; undefined where the denominator is zero."""
    if not denominator:
        return Datum(None, numerator, denominator, Reason.DENOMINATOR_ZERO)
    return Datum(multiplier * numerator / denominator, numerator, denominator)


def fold(
    data: Sequence[tuple[str, Datum]],
    rule: Rule,
    *,
    multiplier: Fraction,
    weights: Mapping[str, Decimal],
    lower_median: bool,
) -> Datum | None:
    """The values along one axis as one, by `rule`; None when there are none.

    `data` holds (code, value) in the axis's order; `weights` is used by ``weighted_mean`` alone. `lower_median`
    takes the lower of two middle values, as ranks need.
    """
    if not data:
        return None
    if rule is Rule.POOLED:
        return _pooled([datum for _, datum in data], multiplier)
    defined = [(code, datum) for code, datum in data if datum.value is not None]
    if not defined:
        return data[0][1]
    if rule is Rule.LATEST:
        return defined[-1][1]
    if rule is Rule.NONE:
        return defined[0][1] if len(defined) == 1 else Datum(reason=Reason.NOT_AGGREGABLE)
    if rule is Rule.WEIGHTED_MEAN:
        return _weighted(defined, weights)
    numbers = [datum.value for _, datum in defined if datum.value is not None]
    return Datum(_folded(numbers, rule, lower_median=lower_median))


def _total(numbers: Sequence[Fraction]) -> Fraction:
    """The sum of some numbers; of whole ones at a fraction of the cost."""
    if len(numbers) == 1:
        return numbers[0]
    tops, bottoms = zip(*(number.as_integer_ratio() for number in numbers), strict=True)
    return Fraction(sum(tops), bottoms[0]) if len({*bottoms}) == 1 else sum(numbers, Fraction(0))


def _folded(numbers: list[Fraction], rule: Rule, *, lower_median: bool) -> Fraction:
    match rule:
        case Rule.SUM:
            return _total(numbers)
        case Rule.MEAN:
            return _total(numbers) / len(numbers)
        case Rule.MIN | Rule.ALL:
            return min(numbers)
        case Rule.MAX | Rule.ANY:
            return max(numbers)
        case Rule.MEDIAN:
            return _median(numbers, lower=lower_median)
        case Rule.MODE:
            return _mode(numbers)
    raise AssertionError(f"no arithmetic for {rule}")


def _pooled(data: Sequence[Datum], multiplier: Fraction) -> Datum:
    """Σn/Σd over what has both. Nothing over nothing adds nothing; all of it over nothing is undefined."""
    if any(datum.value is not None and datum.denominator is None for datum in data):
        return Datum(reason=Reason.NOT_AGGREGABLE)
    pairs = [(d.numerator, d.denominator) for d in data if d.numerator is not None and d.denominator is not None]
    if not pairs:
        return data[0]
    return ratio(_total([top for top, _ in pairs]), _total([bottom for _, bottom in pairs]), multiplier)


def _weighted(defined: Sequence[tuple[str, Datum]], weights: Mapping[str, Decimal]) -> Datum:
    if any(code not in weights for code, _ in defined):
        return Datum(reason=Reason.NO_WEIGHT)
    total = sum((Fraction(weights[code]) for code, _ in defined), Fraction(0))
    if not total:
        return Datum(reason=Reason.NO_WEIGHT)
    weighted = sum(
        (Fraction(weights[code]) * datum.value for code, datum in defined if datum.value is not None), Fraction(0)
    )
    return Datum(weighted / total)


def _median(numbers: list[Fraction], *, lower: bool) -> Fraction:
    ordered = sorted(numbers)
    middle, odd = divmod(len(ordered), 2)
    if odd:
        return ordered[middle]
    return ordered[middle - 1] if lower else (ordered[middle - 1] + ordered[middle]) / 2


def _mode(numbers: list[Fraction]) -> Fraction:
    """The most frequent value; of several, the smallest, so that no order of arrival decides."""
    counted = Counter(numbers)
    return min(counted, key=lambda number: (-counted[number], number))
