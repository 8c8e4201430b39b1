"""Numbers that are a share, its numerator and its denominator, whatever stands above them: 58, 82, 71 per cent.

Read `likely_parts` first. Nothing is read for it: whoever is told that a column is not known is told as well what it
most likely holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING, Final

from mne.reports.cells import Marks, number
from mne.reports.grid import Percent
from mne.reports.lookup import all_titles
from mne.reports.sums import plain_number
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.reports.grid import Cell

__all__ = ["PARTS", "SHARE", "figure", "likely_parts", "share_of"]

PARTS: Final = ("numerator", "denominator")
"""The parts of a share, as a column or a row is named by them."""
SHARE: Final = "share"
_ASKED: Final = 200
"""So many rows show what a column holds."""
_LONGEST: Final = 40
"""Digits of a number that somebody counted."""
_FEWEST: Final = 2
_MOST: Final = 12
"""With more columns of figures beside each other, nobody knows which belong together."""
_HUNDRED: Final = 100
_COARSE: Final = Fraction(1, 20)
"""A share that is rounded more than this proves nothing: 7 per cent is 6 of 87 as well as 7 of 100."""
_RIGHT: Final = 3
"""So many rows agree for one that does not."""


def likely_parts(
    plan: Logframe,
    cells: Mapping[int, Sequence[Cell]],
    *,
    unknown: Sequence[int],
    known: Mapping[str, int],
    marked: Collection[int],
    indicators: Sequence[Cell] | None,
) -> dict[int, str]:
    """What some columns most likely hold that stand beside each other: a numerator, a denominator and their share.

    Args:
        plan: the logframe, which says what is reported by numerator and denominator.
        cells: what stands beneath the head of each column of figures.
        unknown: the columns of which nobody knows what they hold.
        known: the columns of a numerator, of a denominator and of values that are known.
        marked: the columns whose head says that they hold a share.
        indicators: the indicator of each row; None where all rows are of one that is reported so.

    Returns:
        For columns of `unknown` one of `PARTS`, or `SHARE`; nothing where the figures do not show it, or show several.
    """
    own = {at: [*map(figure, cells[at][:_ASKED])] for at in {*unknown, *known.values()} if at in cells}
    if indicators is not None:
        names = _names(plan)
        asked = [isinstance(each, str) and folded(each) in names for each in indicators[:_ASKED]]
        own = {at: [each for each, mine in zip(own[at], asked, strict=False) if mine] for at in own}
    own = {at: each for at, each in own.items() if sum(one is not None for one in each) >= _FEWEST}
    if len(own) > _MOST:
        return {}
    signed = {*marked, *(at for at in own if any(map(_is_percentage, cells[at][:_ASKED])))} & {*own}
    found = [
        trio
        for trio in permutations(own, len(PARTS) + 1)
        if max(trio) - min(trio) == len(PARTS) and _may_be(trio, known) and _is_proved(*(own[at] for at in trio))
    ]
    if len(found) > 1:
        # 58 of 82 is 71 per cent, and 58 of 71 is 82 per cent: a sign tells which is the share, or its decimals.
        found = [trio for trio in found if trio[-1] in signed] or [t for t in found if _has_decimals(own[t[-1]])]
    if len(found) != 1 or signed & {*found[0][:-1]}:
        return {}
    return {at: role for at, role in zip(found[0], (*PARTS, SHARE), strict=True) if at in unknown}


def _is_percentage(cell: Cell) -> bool:
    return isinstance(cell, Percent) or (isinstance(cell, str) and cell.rstrip().endswith("%"))


def _has_decimals(numbers: Sequence[Decimal | None]) -> bool:
    return any(each is not None and each != each.to_integral_value() for each in numbers)


def _names(plan: Logframe) -> frozenset[str]:
    """How the indicators are called that are reported by numerator and denominator."""
    told = (each for each in plan.indicators.values() if each.by_denominator)
    return frozenset(folded(name) for each in told for name in (each.id, *all_titles(each.title)))


def _may_be(trio: Sequence[int], known: Mapping[str, int]) -> bool:
    """Whether what is known of some columns leaves them to be a numerator, a denominator and their share.

    A column of values may be either a finished share, or the numerator that its author took for the value.
    """
    roles = {at: role for role, at in known.items()}
    told = [roles.get(at, "") for at in trio]
    may = (("numerator", "value"), ("denominator",), ("value",))
    fits = all(role in ("", *one) for role, one in zip(told, may, strict=True))
    return fits and not all(told[:-1])


def _is_proved(
    above: Sequence[Decimal | None], below: Sequence[Decimal | None], whole: Sequence[Decimal | None]
) -> bool:
    """Whether figures make the shares beside them, in several rows that differ and can hardly do so by chance."""
    proofs: set[tuple[Decimal, Decimal]] = set()
    wrong = 0
    for one, other, share in zip(above, below, whole, strict=True):
        if one is None or other is None or share is None:
            continue
        if share_of(share, one, other, _HUNDRED) is None:
            wrong += 1
        elif one not in (0, other) and _is_fine(share, one / other):
            proofs.add((one, other))
    return len(proofs) >= _FEWEST and wrong * _RIGHT <= len(proofs)


def _is_fine(share: Decimal, quotient: Decimal) -> bool:
    """Whether a share has enough digits to be that of these two numbers and hardly of others."""
    return _step(share) <= _COARSE * abs(Fraction(share)) or share in (quotient, quotient * _HUNDRED)


def figure(cell: Cell) -> Decimal | None:
    """The number in a cell that can be read in one way only; a percentage as it is shown."""
    told: Decimal | None
    if isinstance(cell, Percent):
        told = cell.shown
    elif isinstance(cell, str) and cell.strip().endswith("%"):
        told = number(cell.strip(), marks=Marks(), percent=True).value
    else:
        told = plain_number(cell)
    # As a fraction a number of a million zeros is that long.
    small = told is not None and told.is_finite() and (not told or abs(told.adjusted()) <= _LONGEST)
    return told if small else None


def share_of(whole: Decimal, above: Decimal, below: Decimal, multiplier: int | Decimal) -> int | None:
    """By how much a rounded share has to be multiplied to be what its parts make: 1, or 100; None where it is not.

    A share of a hundred may be written as one of one.
    """
    if below <= 0 or above < 0:
        return None
    exact, step = Fraction(above) / Fraction(below) * Fraction(multiplier), _step(whole)
    if abs(Fraction(whole) - exact) < step:
        return 1
    of_one = multiplier == _HUNDRED and step < 1
    return _HUNDRED if of_one and abs(Fraction(whole) - exact / _HUNDRED) < step else None


def _step(share: Decimal) -> Fraction:
    """One of the last digit that a share is written with."""
    exponent = share.normalize().as_tuple().exponent
    return Fraction(Decimal(1).scaleb(min(0, exponent if isinstance(exponent, int) else 0)))
