"""Who is left behind: gaps and parity between categories, inequality, and the warning of a total that misleads.

Read `gap` and `simpson` first. Everything is exact but logarithms. Categories come as numbers with the size of their
group, or as numerators with denominators, in the order of rank where an order matters (poorest first).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.scores.quality import Number, exact

__all__ = [
    "AttributableRisk",
    "Concentration",
    "Inequality",
    "Parity",
    "Simpson",
    "attributable_risk",
    "concentration",
    "gap",
    "goalposts",
    "inequality",
    "parity",
    "ratio_of_groups",
    "simpson",
    "standardised",
]

Share = tuple[Number, Number]
"""A numerator and a denominator."""

_PARITY: Final = (Fraction(97, 100), Fraction(103, 100))


@dataclass(frozen=True, slots=True)
class Parity:
    """One group over another: the plain index, the symmetric one, and whether it lies within the range of parity."""

    index: Fraction | None
    adjusted: Fraction | None
    at_parity: bool | None


@dataclass(frozen=True, slots=True)
class Inequality:
    """How unequal groups are. Units: difference and bgv in the estimates' unit (squared); Theil and MLD times 1000."""

    difference: Fraction
    ratio: Fraction | None
    bgv: Fraction
    theil_x1000: float | None
    mld_x1000: float | None
    idis_weighted: Fraction | None
    idis_unweighted: Fraction | None


@dataclass(frozen=True, slots=True)
class Concentration:
    """Whether a good thing gathers among the better-off: absolute and relative concentration index."""

    aci: Fraction
    rci: Fraction | None


@dataclass(frozen=True, slots=True)
class AttributableRisk:
    """How much better the whole would be if every group were like the reference group.

    Units: `mean` and `par` in the estimates' unit, `paf` in percent of the mean.
    """

    mean: Fraction
    par: Fraction
    paf: Fraction | None


@dataclass(frozen=True)
class Simpson:
    """Two sets of categories with their totals, and whether every category moved one way and the total the other."""

    reversed: bool
    categories: FrozenMap[str, tuple[Fraction | None, Fraction | None]]
    """Rates before and after, or of the first and the second; None where a denominator is zero."""
    totals: tuple[Fraction | None, Fraction | None]


def _groups(sizes: Sequence[Number], estimates: Sequence[Number]) -> tuple[list[Fraction], list[Fraction], Fraction]:
    """Sizes as shares of all, the estimates, and the mean weighted by size.

    Raises:
        OptionError: as many sizes as estimates are needed, at least one, none below zero, and not all of them zero.
    """
    if len(sizes) != len(estimates) or not sizes:
        raise OptionError(f"each group needs a size and an estimate: found {len(sizes)} and {len(estimates)}")
    counts = [exact(size) for size in sizes]
    total = sum(counts, Fraction(0))
    if any(count < 0 for count in counts) or not total:
        raise OptionError("sizes of groups must not be below zero, nor all of them zero")
    shares = [count / total for count in counts]
    known = [exact(estimate) for estimate in estimates]
    return shares, known, sum((share * value for share, value in zip(shares, known, strict=True)), Fraction(0))


def gap(first: Number, second: Number) -> Fraction:
    """The first group's value less the second's, in their unit (percentage points for percentages)."""
    return exact(first) - exact(second)


def ratio_of_groups(first: Number, second: Number) -> Fraction | None:
    """The first group's value over the second's; None where that is zero."""
    return exact(first) / exact(second) if second else None


def parity(first: Number, second: Number, *, range: tuple[Number, Number] = _PARITY) -> Parity:  # noqa: A002
    """The parity index of two groups, such as girls over boys.

    The adjusted index is symmetric around 1: above it, 2 less the inverse. `range` is what counts as parity.
    Source: UNESCO Institute for Statistics, (adjusted) gender parity index; parity from 0.97 to 1.03.
    """
    index = ratio_of_groups(first, second)
    if index is None:
        # Nobody on either side is no disparity that a ratio could tell; somebody against nobody is the extreme one.
        return Parity(None, Fraction(2) if first else None, False if first else None)
    adjusted = index if index <= 1 else 2 - 1 / index
    low, high = (exact(limit) for limit in range)
    return Parity(index, adjusted, low <= index <= high)


def inequality(sizes: Sequence[Number], estimates: Sequence[Number], *, reference: Number | None = None) -> Inequality:
    """Measures of inequality between groups of given sizes.

    Args:
        sizes: how many belong to each group.
        estimates: the value of each group.
        reference: what the index of disparity measures distances from; None is the mean of all.

    Source: the WHO's Health Equity Assessment Toolkit: difference and ratio of the largest and smallest estimate,
    between-group variance, Theil index and mean log deviation (both times 1000), index of disparity in percent of the
    reference. With estimates of zero or less there are no logarithms, so neither Theil nor MLD.

    Raises:
        OptionError: sizes and estimates do not fit each other.
    """
    shares, values, mean = _groups(sizes, estimates)
    pairs = list(zip(shares, values, strict=True))
    base = mean if reference is None else exact(reference)
    positive = all(value > 0 for value in values)
    theil = sum(float(share * value / mean) * math.log(value / mean) for share, value in pairs) if positive else None
    mld = sum(float(share) * -math.log(value / mean) for share, value in pairs) if positive else None
    weighted = sum((share * abs(value - base) for share, value in pairs), Fraction(0))
    plain = sum((abs(value - base) for value in values), Fraction(0)) / len(values)
    return Inequality(
        difference=max(values) - min(values),
        ratio=max(values) / min(values) if min(values) else None,
        bgv=sum((share * (value - mean) ** 2 for share, value in pairs), Fraction(0)),
        theil_x1000=None if theil is None else 1000 * theil,
        mld_x1000=None if mld is None else 1000 * mld,
        idis_weighted=100 * weighted / base if base else None,
        idis_unweighted=100 * plain / base if base else None,
    )


def concentration(sizes: Sequence[Number], estimates: Sequence[Number]) -> Concentration:
    """The concentration index of groups in the order of their rank, the most disadvantaged first.

    Above zero the value gathers among the better-off. Source: the WHO's Health Equity Assessment Toolkit: the sum over
    groups of share × (2 × relative rank − 1) × estimate; over the mean for the relative index.

    Raises:
        OptionError: sizes and estimates do not fit each other.
    """
    shares, values, mean = _groups(sizes, estimates)
    below, absolute = Fraction(0), Fraction(0)
    for share, value in zip(shares, values, strict=True):
        rank = below + share / 2
        absolute += share * (2 * rank - 1) * value
        below += share
    return Concentration(absolute, absolute / mean if mean else None)


def attributable_risk(
    sizes: Sequence[Number],
    estimates: Sequence[Number],
    *,
    reference: int | Literal["best", "last"] = "last",
    favourable: bool = True,
) -> AttributableRisk:
    """Population attributable risk and fraction: what could be gained if all groups were like the reference.

    Args:
        sizes: how many belong to each group.
        estimates: the value of each group.
        reference: the position of the group that the others are held against; "last" is the one ranked best, "best" the
            one with the best estimate.
        favourable: whether a larger estimate is better.

    Source: the WHO's Health Equity Assessment Toolkit: reference less mean; where the mean is already better than the
    reference there is nothing to gain, and the risk is 0.

    Raises:
        OptionError: sizes and estimates do not fit each other, or no group stands at the position.
    """
    _, values, mean = _groups(sizes, estimates)
    if reference == "best":
        aim = max(values) if favourable else min(values)
    else:
        at = len(values) - 1 if reference == "last" else reference
        if not 0 <= at < len(values):
            raise OptionError(f"there is no group at position {at}; there are {len(values)}")
        aim = values[at]
    par = max(aim - mean, Fraction(0)) if favourable else min(aim - mean, Fraction(0))
    return AttributableRisk(mean, par, 100 * par / mean if mean else None)


def standardised(rates: Sequence[Share], weights: Sequence[Number]) -> Fraction | None:
    """The rate that a group would have with a standard composition: each category's rate by the standard's weight.

    None where a category has nobody. Source: direct standardisation, as in any textbook of epidemiology.

    Raises:
        OptionError: each category needs one weight, none below zero and not all zero.
    """
    shares, _, _ = _groups(weights, [0] * len(rates))
    if any(not below for _, below in rates):
        return None
    parts = (share * exact(above) / exact(below) for share, (above, below) in zip(shares, rates, strict=True))
    return sum(parts, Fraction(0))


def simpson(first: Mapping[str, Share], second: Mapping[str, Share]) -> Simpson:
    """Whether every category moves one way while the total moves the other.

    Args:
        first: numerator and denominator by category: before, or of one group.
        second: the same categories afterwards, or of another group.

    Source: E. H. Simpson, The interpretation of interaction in contingency tables, JRSS B 13 (1951).

    Raises:
        OptionError: the two do not have the same categories, or none.
    """
    if not first or set(first) != set(second):
        raise OptionError("both sides must have the same categories, and at least one")
    categories = {code: (_rate([first[code]]), _rate([second[code]])) for code in first}
    totals = _rate(list(first.values())), _rate(list(second.values()))
    moves = [_move(*each) for each in categories.values()]
    total = _move(*totals)
    known = {move for move in moves if move}
    whole = len(known) == 1 and None not in moves
    turned = bool(whole and total is not None and total == -next(iter(known)))
    return Simpson(turned, FrozenMap(categories), totals)


def _rate(shares: Sequence[Share]) -> Fraction | None:
    below = sum((exact(each[1]) for each in shares), Fraction(0))
    return sum((exact(each[0]) for each in shares), Fraction(0)) / below if below else None


def _move(before: Fraction | None, after: Fraction | None) -> int | None:
    if before is None or after is None:
        return None
    return (after > before) - (after < before)


def goalposts(
    value: Number, low: Number, high: Number, *, direction: Literal["increase", "decrease"] = "increase"
) -> Fraction:
    """A value as a share of the way between two fixed posts, kept between 0 and 1; turned where less is better.

    Units: a share of 1.
    Source: UNDP's Human Development Index, (value − minimum) / (maximum − minimum); COINr's n_goalposts.

    Raises:
        OptionError: the posts are equal or the wrong way round, or another direction.
    """
    if direction not in ("increase", "decrease"):
        raise OptionError(f"direction must be 'increase' or 'decrease', not {direction!r}")
    below, above = exact(low), exact(high)
    if below >= above:
        raise OptionError(f"the lower post must lie below the upper one, not {low} and {high}")
    share = min(max((exact(value) - below) / (above - below), Fraction(0)), Fraction(1))
    return share if direction == "increase" else 1 - share
