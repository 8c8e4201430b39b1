"""Exact numbers as people read them: the only place where a fraction becomes digits.

`number_text` rounds half up at the last step and nowhere else, so that a shown figure is the exact one rounded once.
"""

from __future__ import annotations

from fractions import Fraction

__all__ = ["number_text", "percent_text", "rounded"]


def rounded(number: Fraction, digits: int) -> Fraction:
    """`number` at `digits` decimals, halves away from zero."""
    power = 10**digits
    scaled = abs(number) * power
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if number >= 0 else -whole, power)


def number_text(number: Fraction | int, *, digits: int | None = None, group: str = ",") -> str:
    """A number for reading: thousands grouped; without `digits`, at most two decimals and no trailing zeros.

    >>> number_text(Fraction(28000))
    '28,000'
    >>> number_text(Fraction(1, 3))
    '0.33'
    """
    shown = rounded(Fraction(number), 2 if digits is None else digits)
    sign = "-" if shown < 0 else ""
    whole, rest = divmod(abs(shown), 1)
    text = f"{whole:,}".replace(",", group)
    places = 2 if digits is None else digits
    decimals = f"{int(rest * 10**places):0{places}d}" if places else ""
    if digits is None:
        decimals = decimals.rstrip("0")
    return sign + text + (f".{decimals}" if decimals else "")


def percent_text(share: Fraction | None, *, digits: int = 0) -> str:
    """A share of 1 as a percentage: ``44 %``; a dash when there is none."""
    return "–" if share is None else f"{number_text(share * 100, digits=digits)} %"
