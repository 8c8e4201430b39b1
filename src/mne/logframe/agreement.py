"""Rules that say how indicators must agree with each other: two formulas and what holds between them.

Read `AgreementRule` first, then `agreed`, which asks one rule of the numbers of one period. Source: DHIS2's validation
rules with their operators, compulsory and exclusive pairs, and missing-value strategies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from mne.ground.language import Text
from mne.logframe.formula import COMPARE, Missing, Surroundings
from mne.logframe.types import Code, Model, Words

if TYPE_CHECKING:
    from mne.logframe.formula import Formula

__all__ = ["OPERATORS", "PAIRS", "Agreement", "AgreementRule", "WhenMissing", "agreed"]

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "both_or_none", "at_most_one"]
PAIRS: Final = ("both_or_none", "at_most_one")
OPERATORS: Final[tuple[str, ...]] = (*COMPARE, *PAIRS)


class WhenMissing(StrEnum):
    """What a rule does where an operand was not reported."""

    PROPAGATE = "propagate"
    """The rule is skipped when any operand is missing."""
    SKIP = "skip"
    """A missing operand counts as nothing; the rule is skipped when a side has no operand at all."""
    ZERO = "zero"
    """A missing operand counts as zero; the rule is skipped only when no operand of either side was reported."""


class AgreementRule(Model):
    """How indicators must agree: two formulas over their ids, and what holds between them in every period.

    Reports are asked for each partner, place and period, with the totals that they give or that their parts add up to.
    """

    id: Code
    """A short code of its own among the rules."""
    title: Text
    """What must hold, as people read it: Women and men who finished make all who finished."""
    left: Words
    """A formula over the indicators' ids, such as OP1.1 + OP1.2."""
    operator: Operator
    """One of == != < <= > >=; or both_or_none (reported both or neither) and at_most_one (not both)."""
    right: Words
    """The other formula."""
    missing: Literal["propagate", "skip", "zero"] = "propagate"
    """Where an operand was not reported: propagate asks nothing, skip leaves it out, zero takes it for zero."""
    severity: Literal["error", "warning", "info"] = "error"
    """How grave it is where it does not hold."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A rule in one period: whether it holds, and what stood on its two sides. Units: those of the formulas."""

    status: Literal["holds", "violated", "skipped"]
    left: Fraction | None
    right: Fraction | None


def agreed(
    sides: tuple[Formula, Formula],
    operator: str,
    numbers: Mapping[str, Fraction | None],
    *,
    when: WhenMissing,
    days: int | None = None,
    earlier: Callable[[str, int], Fraction | None] | None = None,
) -> Agreement:
    """Ask a rule of the numbers of one period; None is what was not reported. Nothing is rounded."""
    there = [sum(1 for name in side.names if numbers[name] is not None) for side in sides]
    filled = {name: Fraction(0) if number is None else number for name, number in numbers.items()}

    def computed(side: Formula, given: Mapping[str, Fraction | None]) -> Fraction | None:
        try:
            return side.compute(Surroundings(given, days=days, earlier=earlier))
        except Missing:
            return None

    if operator in PAIRS:
        both, one = all(there), any(there)
        holds = both or not one if operator == "both_or_none" else not both
        left, right = (computed(side, filled) for side in sides)
        return Agreement("holds" if holds else "violated", left, right)
    lacking = any(len(side.names) != count for side, count in zip(sides, there, strict=True))
    blank = any(not count and side.names for side, count in zip(sides, there, strict=True))
    skipped = {
        # Both sides may have a number all the same, as is_missing(X) does.
        WhenMissing.PROPAGATE: lacking and any(computed(side, numbers) is None for side in sides),
        WhenMissing.SKIP: blank,
        WhenMissing.ZERO: not any(there) and any(side.names for side in sides),
    }[when]
    given = numbers if when is WhenMissing.PROPAGATE else filled
    left, right = (None, None) if skipped else (computed(side, given) for side in sides)
    if left is None or right is None:
        return Agreement("skipped", None, None)
    return Agreement("holds" if COMPARE[operator](left, right) else "violated", left, right)
