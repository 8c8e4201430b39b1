"""Whether indicators agree with each other: two formulas held against each other in every period.

Read `consistent` first. It changes no value: what does not agree annotates a score and is for people to look into.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from mne.errors import OptionError
from mne.logframe.formula import COMPARE, FormulaError, Missing, Surroundings, parse

if TYPE_CHECKING:
    from mne.logframe.formula import Formula
    from mne.logframe.periods import Period
    from mne.values.values import Values

__all__ = ["Consistency", "WhenMissing", "consistent"]

Earlier = Callable[[str, int], Fraction | None]
PAIRS: Final = ("both_or_none", "at_most_one")


class WhenMissing(StrEnum):
    """What a rule does where an operand was not reported."""

    PROPAGATE = "propagate"
    """The rule is skipped when any operand is missing."""
    SKIP = "skip"
    """A missing operand counts as nothing; the rule is skipped when a side has no operand at all."""
    ZERO = "zero"
    """A missing operand counts as zero; the rule is skipped only when no operand of either side was reported."""


@dataclass(frozen=True, slots=True)
class Consistency:
    """A rule in one period: whether it holds, and what stood on its two sides. Units: those of the formulas."""

    period: Period
    status: Literal["holds", "violated", "skipped"]
    left: Fraction | None
    right: Fraction | None


def consistent(
    values: Values, left: str, operator: str, right: str, *, missing: WhenMissing | str = WhenMissing.PROPAGATE
) -> tuple[Consistency, ...]:
    """Two formulas over indicators held against each other, in every period that ended.

    Args:
        values: what `aggregate` gave.
        left: a formula over the indicators' ids, such as ``A + B``.
        operator: one of == != < <= > >=, or ``both_or_none`` and ``at_most_one`` for pairs of which both or neither, or
            not both, are to be reported.
        right: another formula.
        missing: what happens where an operand was not reported.

    Units: of the formulas; nothing is rounded. Source: DHIS2's validation rules with their operators and
    missing-value strategies (skip if any, skip if all, never skip).

    Raises:
        OptionError: a formula that cannot be read or names no indicator of the plan, or an unknown operator or way.
    """
    try:
        when = WhenMissing(missing)
        sides = parse(left), parse(right)
    except FormulaError as error:
        raise OptionError(f"not a formula: {error}") from error
    except ValueError as error:
        raise OptionError(f"missing must be one of {', '.join(WhenMissing)}, not {missing!r}") from error
    if operator not in COMPARE and operator not in PAIRS:
        raise OptionError(f"operator must be one of {', '.join((*COMPARE, *PAIRS))}, not {operator!r}")
    names = dict.fromkeys((*sides[0].names, *sides[1].names))
    unknown = [name for name in names if name not in values]
    if unknown:
        raise OptionError(f"{values.plan.id} has no indicator {', '.join(unknown)}")
    series = {name: {each.period: each.amount.value for each in values[name].periods} for name in names}
    periods = sorted({period for known in series.values() for period in known})
    return tuple(_held(period, operator, sides, series, when) for period in periods)


def _held(
    period: Period,
    operator: str,
    sides: tuple[Formula, Formula],
    series: Mapping[str, Mapping[Period, Fraction | None]],
    when: WhenMissing,
) -> Consistency:
    numbers = {name: known.get(period) for name, known in series.items()}
    there = [sum(1 for name in side.names if numbers[name] is not None) for side in sides]
    lacking = [len(side.names) - count for side, count in zip(sides, there, strict=True)]

    def earlier(name: str, steps: int) -> Fraction | None:
        order = sorted(series[name])
        at = order.index(period) - steps if period in order else -1
        return series[name][order[at]] if at >= 0 else None

    filled = {name: Fraction(0) if number is None else number for name, number in numbers.items()}
    if operator in PAIRS:
        left, right = (_computed(side, filled, period, earlier) for side in sides)
        both, one = all(there), any(there)
        agreed = both or not one if operator == "both_or_none" else not both
        return Consistency(period, "holds" if agreed else "violated", left, right)
    blank = [not count and bool(side.names) for side, count in zip(sides, there, strict=True)]
    skipped = {
        WhenMissing.PROPAGATE: any(lacking) and not _answers(sides, numbers, period, earlier),
        WhenMissing.SKIP: any(blank),
        WhenMissing.ZERO: not any(there) and any(side.names for side in sides),
    }[when]
    given = numbers if when is WhenMissing.PROPAGATE else filled
    left, right = (None, None) if skipped else (_computed(side, given, period, earlier) for side in sides)
    if left is None or right is None:
        return Consistency(period, "skipped", None, None)
    return Consistency(period, "holds" if COMPARE[operator](left, right) else "violated", left, right)


def _answers(
    sides: tuple[Formula, Formula], numbers: Mapping[str, Fraction | None], period: Period, earlier: Earlier
) -> bool:
    """Whether both sides have a number all the same, as ``is_missing(X)`` does."""
    return all(_computed(side, numbers, period, earlier) is not None for side in sides)


def _computed(
    side: Formula, numbers: Mapping[str, Fraction | None], period: Period, earlier: Earlier
) -> Fraction | None:
    try:
        return side.compute(Surroundings(numbers, days=(period.end - period.start).days, earlier=earlier))
    except Missing:
        return None
