"""Whether indicators agree with each other: two formulas held against each other in every period.

Read `consistent` first. It changes no value: what does not agree annotates a score and is for people to look into.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from mne.errors import OptionError
from mne.logframe.agreement import OPERATORS, WhenMissing, agreed
from mne.logframe.formula import FormulaError, parse

if TYPE_CHECKING:
    from mne.logframe.formula import Formula
    from mne.logframe.periods import Period
    from mne.values.values import Values

__all__ = ["Consistency", "WhenMissing", "consistent"]


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
    if operator not in OPERATORS:
        raise OptionError(f"operator must be one of {', '.join(OPERATORS)}, not {operator!r}")
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
    def earlier(name: str, steps: int) -> Fraction | None:
        order = sorted(series[name])
        at = order.index(period) - steps if period in order else -1
        return series[name][order[at]] if at >= 0 else None

    numbers = {name: known.get(period) for name, known in series.items()}
    told = agreed(sides, operator, numbers, when=when, days=(period.end - period.start).days, earlier=earlier)
    return Consistency(period, told.status, told.left, told.right)
