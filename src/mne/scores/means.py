"""Weighted means of scores, exact wherever the mathematics allows it.

Read `combined` first. A geometric mean is irrational in general: it is taken in a decimal context of 50 digits,
unless it comes out exact.
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["combined"]

_CONTEXT: Final = Context(prec=60)
_DIGITS: Final = 50


def combined(parts: Sequence[tuple[Fraction, Fraction]], how: str) -> Fraction:
    """The mean of (score, share) pairs whose shares sum to 1.

    Units: as the scores. Source: arithmetic, geometric and harmonic means as in the OECD/JRC handbook on composite
    indicators; a geometric or harmonic mean with a score of zero or less is 0, the limit of the positive ones.
    """
    match how:
        case "mean":
            return sum((share * points for points, share in parts), Fraction(0))
        case "min":
            return min(points for points, _ in parts)
    if any(points <= 0 for points, _ in parts):
        return Fraction(0)
    if how == "harmonic":
        return 1 / sum((share / points for points, share in parts), Fraction(0))
    return _geometric(parts)


def _geometric(parts: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Π points^share. Equal scores give that score exactly, and perfect powers their root."""
    counted = {points for points, share in parts if share}
    if len(counted) == 1:
        return counted.pop()
    root = lcm(*(share.denominator for _, share in parts))
    product = Fraction(1)
    if root <= 64:
        for points, share in parts:
            product *= points ** int(share * root)
        exact = _exact_root(product, root)
        if exact is not None:
            return exact
    logs = Decimal(0)
    for points, share in parts:
        # Through the context: the operators would round to the caller's own precision.
        logs = _CONTEXT.fma(_decimal(share), _CONTEXT.ln(_decimal(points)), logs)
    return Fraction(Context(prec=_DIGITS).plus(_CONTEXT.exp(logs)))


def _exact_root(number: Fraction, root: int) -> Fraction | None:
    top, bottom = _whole_root(number.numerator, root), _whole_root(number.denominator, root)
    return None if top is None or bottom is None else Fraction(top, bottom)


def _whole_root(number: int, root: int) -> int | None:
    low, high = 0, 1 << (number.bit_length() // root + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**root <= number:
            low = middle
        else:
            high = middle - 1
    return low if low**root == number else None


def _decimal(number: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))
