"""Whether an indicator adds up over time as its targets and its title say: likely mistakes, never certain ones.

Read `restated` first. Only the person who wrote the plan knows what a figure covers, so all of this is advice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding
from mne.ground.maps import FrozenMap
from mne.ground.numbers import number_text
from mne.logframe.checks_targets import due_day, of_total
from mne.logframe.choices import Accumulation, Direction, TargetBasis, TargetKind
from mne.logframe.places import indicators_at, problem

if TYPE_CHECKING:
    import datetime as dt

    from mne.logframe.indicator import Indicator, Target
    from mne.logframe.model import Logframe

__all__ = ["CHECKS", "PERIOD_CHECKS"]

_FEWEST: Final = 3
"""Targets from which on a pattern is more than a chance."""

_NEARLY: Final = Fraction(3, 4)
"""Of n equal steps the last total is n times the first; this much of it is taken for the same pattern."""


def restated(plan: Logframe) -> Iterator[Finding]:
    """Targets per period that only grow, as much as totals to date would, may be totals to date.

    Growth from 80 over 100 to 120 is none of it: totals of three such periods would end near 240.
    """
    for path, indicator in _growing(plan, Accumulation.FLOW):
        parts = _numbers(plan, indicator, TargetBasis.PER_PERIOD, kinds=tuple(TargetKind))
        numbers = [number for _, _, number in parts]
        if len(parts) < _FEWEST or numbers[0] <= 0 or not _grows(numbers) or not _alike(plan, parts):
            continue
        if numbers[-1] >= _NEARLY * len(numbers) * numbers[0]:
            yield problem(
                "logframe-targets-restate",
                f"{path}.targets",
                found=", ".join(number_text(number) for number in numbers),
                expected="basis: cumulative, or accumulation: running_total, if each target holds the ones before it",
                indicator=indicator.id,
            )


def repeated(plan: Logframe) -> Iterator[Finding]:
    """An end target that only repeats the last period's, while the periods promise more than that together."""
    for path, indicator in _growing(plan, Accumulation.FLOW):
        parts = _numbers(plan, indicator, TargetBasis.PER_PERIOD, kinds=tuple(TargetKind))
        ends = _numbers(plan, indicator, TargetBasis.CUMULATIVE, kinds=(TargetKind.FINAL,))
        if len(parts) < _FEWEST - 1 or len(ends) != 1:
            continue
        last, whole = ends[0][2], sum((number for _, _, number in parts), Fraction(0))
        if last == parts[-1][2] and whole > last:
            yield problem(
                "logframe-end-target-repeats",
                f"{path}.targets",
                found=f"{number_text(last)} at the end, {number_text(whole)} in all periods",
                expected="accumulation: level or running_total, or an end target that is the sum of the periods",
                indicator=indicator.id,
            )


def falling(plan: Logframe) -> Iterator[Finding]:
    """Totals to date that should grow are promised to fall: they may be amounts of single periods."""
    for accumulation, basis in ((Accumulation.FLOW, TargetBasis.CUMULATIVE), (Accumulation.RUNNING_TOTAL, None)):
        for path, indicator in _growing(plan, accumulation):
            totals = _numbers(plan, indicator, basis, kinds=tuple(TargetKind))
            for (_, _, before), (_, target, number) in pairwise(totals):
                if number < before:
                    yield problem(
                        "logframe-total-target-falls",
                        f"{path}.targets[{indicator.targets.index(target)}]",
                        found=f"{number_text(number)} after {number_text(before)}",
                        expected="totals that do not fall, or accumulation: flow with basis: per_period",
                        indicator=indicator.id,
                    )


# What a title says of the time that a figure covers, in the languages of reports. Only words that mean nothing else.
_SAYS: Final[FrozenMap[str, str]] = FrozenMap(
    {
        "total": (
            r"cumulativ|running total|total to date|since the (start|beginning) of the project"
            r"|cumulé|depuis le début du projet"
            r"|нарастающим итогом|накопленн|накопительн|с начала проекта"
            r"|аз оғози лоиҳа|ҷамъбастии афзоянда"
        ),
        "state": (
            r"\bcurrently\b|at the end of the (reporting period|period|quarter|year)|number of active\b"
            r"|actuellement|à la fin (de la période|du trimestre|de l.année)"
            r"|в настоящее время|на конец (отчётного |отчетного )?(периода|квартала|года)|по состоянию на"
            r"|дар айни замон|дар охири (давра|семоҳа|сол)"
        ),
        "period": (
            r"(during|in|over) the (reporting period|quarter)\b|\bthis (quarter|reporting period)\b|\bper quarter\b"
            r"|(au cours de|pendant) (la période|le trimestre)|au cours du trimestre|par trimestre"
            r"|за (отчётный период|отчетный период|квартал)|в течение (квартала|отчётного периода|отчетного периода)"
            r"|дар (давраи ҳисоботӣ|семоҳа)"
        ),
    }
)
_FITS: Final[FrozenMap[str, tuple[Accumulation, ...]]] = FrozenMap(
    {
        "total": (Accumulation.RUNNING_TOTAL,),
        "state": (Accumulation.LEVEL,),
        "period": (Accumulation.FLOW,),
    }
)


def titles(plan: Logframe) -> Iterator[Finding]:
    """The title does not say the opposite of how values add up over time."""
    for path, indicator in indicators_at(plan):
        if indicator.measure.is_text or indicator.formula is not None:
            continue
        told = [indicator.title.in_language(lang) for lang in ("en", "fr", "ru", "tg")]
        for says, fitting in _FITS.items():
            found = next((hit for text in told if (hit := re.search(_SAYS[says], text, re.IGNORECASE))), None)
            totals = says == "total" and any(target.basis is TargetBasis.CUMULATIVE for target in indicator.targets)
            # A share of those reached in the quarter is pooled from what each quarter reports: a flow or a level.
            ratio = indicator.measure.is_ratio and says != "total"
            if found is not None and indicator.accumulation not in fitting and not totals and not ratio:
                yield problem(
                    "logframe-accumulation-title",
                    f"{path}.accumulation",
                    found=f"{indicator.accumulation}, and {found[0]!r} in the title",
                    expected=f"accumulation: {fitting[0]}, if a report covers what the title says",
                    indicator=indicator.id,
                )


# --- targets in the order of time -------------------------------------------------------------------------------


def _growing(plan: Logframe, accumulation: Accumulation) -> Iterator[tuple[str, Indicator]]:
    """The indicators that add up so, and of which more is better."""
    for path, indicator in indicators_at(plan):
        if indicator.accumulation is accumulation and indicator.direction is Direction.INCREASE:
            yield path, indicator


def _numbers(
    plan: Logframe, indicator: Indicator, basis: TargetBasis | None, *, kinds: tuple[TargetKind, ...]
) -> list[tuple[dt.date, Target, Fraction]]:
    """The targets for the whole that are numbers, by the day on which they fall due."""
    found = [
        (day, target, Fraction(target.value))
        for target in indicator.targets
        if target.value is not None
        and of_total(target)
        and target.kind in kinds
        and (basis is None or target.basis is basis)
        and (day := due_day(plan, indicator, target)) is not None
    ]
    return sorted(found, key=lambda each: each[0])


def _grows(numbers: list[Fraction]) -> bool:
    return all(before < after for before, after in pairwise(numbers))


def _alike(plan: Logframe, parts: list[tuple[dt.date, Target, Fraction]]) -> bool:
    """Whether the targets are for periods of about one length: a year beside quarters is greater by itself."""
    periods = [plan.period(target.period) for _, target, _ in parts if target.period is not None]
    days = [(period.end - period.start).days for period in periods if period is not None]
    return len(days) == len(parts) and max(days) <= min(days) + 4


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (restated, repeated, falling, titles)
PERIOD_CHECKS: Final = (restated, repeated, falling)
"""Those that need the project's periods."""
