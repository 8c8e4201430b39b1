"""Targets: whether each asks for one thing, at a time that the plan knows, and no two for the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding
from mne.ground.phrases import both, listed, phrase
from mne.logframe.checks_values import versions_of
from mne.logframe.choices import (
    TOTAL,
    Accumulation,
    Axis,
    Comparator,
    Direction,
    Rule,
    TargetBasis,
    TargetKind,
)
from mne.logframe.places import indicators_at, problem

if TYPE_CHECKING:
    import datetime as dt

    from mne.logframe.indicator import Indicator, Target, TargetVersion
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period

__all__ = ["CHECKS", "PERIOD_CHECKS", "due_day", "of_total", "own_period"]


def due_day(plan: Logframe, indicator: Indicator, target: Target) -> dt.date | None:
    """The day on which a target falls due; None where its period is unknown."""
    if target.date is not None:
        return target.date
    period = plan.period(target.period, indicator.frequency) or plan.period(target.period) if target.period else None
    return period.last_day if period else None


def of_total(target: Target) -> bool:
    """Whether a target is for the whole and not for one category."""
    return target.category == TOTAL


def shapes(plan: Logframe) -> Iterator[Finding]:
    """A target asks for exactly one thing; one that is pending or not applicable asks for nothing."""
    for path, indicator in indicators_at(plan):
        for where, version in versions_of(path, indicator):
            asked = _asked(version)
            if len(asked) != (version.status == "set"):
                expected = (
                    phrase(
                        "exactly one of value, numerator with denominator, minimum or maximum, above_baseline, "
                        "stage, text"
                    )
                    if version.status == "set"
                    else phrase("no value, since its status is {status}", status=version.status)
                )
                found = both(asked) or phrase("nothing")
                yield problem("logframe-target-shape", where, found=found, expected=expected, indicator=indicator.id)
            elif version.status == "set":
                yield from _against_comparator(where, indicator, version)
            low, high = version.minimum, version.maximum
            if low is not None and high is not None and low > high:
                yield problem(
                    "logframe-target-range",
                    where,
                    found=phrase("{first} to {last}", first=f"{low:f}", last=f"{high:f}"),
                    expected=phrase("a minimum below the maximum"),
                    indicator=indicator.id,
                )


def _against_comparator(where: str, indicator: Indicator, version: TargetVersion) -> Iterator[Finding]:
    ranged = version.minimum is not None or version.maximum is not None
    expected = ""
    if ranged != (version.comparator is Comparator.WITHIN):
        expected = phrase("comparator within together with minimum or maximum")
    elif version.text is not None and version.comparator is not Comparator.EQUAL:
        expected = phrase("no comparator, since the target is in words")
    if expected:
        found = phrase("comparator {comparator}", comparator=version.comparator)
        yield problem("logframe-target-shape", where, found=found, expected=expected, indicator=indicator.id)


def _asked(version: TargetVersion) -> list[str]:
    parts = {
        "value": version.value is not None,
        phrase("numerator with denominator"): version.numerator is not None or version.denominator is not None,
        phrase("a range"): version.minimum is not None or version.maximum is not None,
        "above_baseline": version.above_baseline is not None,
        "stage": version.stage is not None,
        "text": version.text is not None,
    }
    return [name for name, there in parts.items() if there]


def times(plan: Logframe) -> Iterator[Finding]:
    """A target has a period or a date, which lies in the project and not before the baseline."""
    for path, indicator in indicators_at(plan):
        baseline = indicator.baseline.date if indicator.baseline is not None else None
        for at, target in enumerate(indicator.targets):
            where = f"{path}.targets[{at}]"
            day = due_day(plan, indicator, target)
            if (target.period is None) == (target.date is None):
                found = (
                    phrase("both a period and a date")
                    if target.date is not None
                    else phrase("neither a period nor a date")
                )
                expected = phrase("either a period or a date")
                yield problem("logframe-target-shape", where, found=found, expected=expected, indicator=indicator.id)
            elif day is None:
                expected = phrase("a period of the project, such as {some}", some=_some_labels(plan, indicator))
                yield problem(
                    "logframe-period-unknown",
                    f"{where}.period",
                    found=target.period,
                    expected=expected,
                    indicator=indicator.id,
                )
            elif not plan.start <= day <= plan.end:
                expected = phrase("a day from {start} to {end}", start=plan.start, end=plan.end)
                yield problem(
                    "logframe-target-outside-project", where, found=day, expected=expected, indicator=indicator.id
                )
            elif baseline is not None and day < baseline:
                expected = phrase("a day after the baseline's, {baseline}", baseline=baseline)
                yield problem(
                    "logframe-target-before-baseline", where, found=day, expected=expected, indicator=indicator.id
                )


def _some_labels(plan: Logframe, indicator: Indicator) -> str:
    labels = [period.label for period in plan.periods_of(indicator)]
    names = list(plan.calendar.names)
    return ", ".join([*names[:3], *labels[:3]])


def bases(plan: Logframe) -> Iterator[Finding]:
    """A target of a flow says whether it is for its period or for the sum to date."""
    for path, indicator in indicators_at(plan):
        if indicator.accumulation is not Accumulation.FLOW or indicator.measure.is_text:
            continue
        for at, target in enumerate(indicator.targets):
            if target.basis is None and target.status == "set" and target.text is None:
                yield problem(
                    "logframe-target-basis-missing",
                    f"{path}.targets[{at}]",
                    found=phrase("no basis"),
                    expected=phrase("basis: per_period or cumulative"),
                    indicator=indicator.id,
                )


def spans(plan: Logframe) -> Iterator[Finding]:
    """A target for one period of a flow spans at least one of the periods in which the flow is reported."""
    for path, indicator in indicators_at(plan):
        if indicator.accumulation is not Accumulation.FLOW:
            continue
        reported = plan.periods_of(indicator)
        for at, target in enumerate(indicator.targets):
            period = plan.period(target.period) if target.period and target.basis is TargetBasis.PER_PERIOD else None
            if period and not any(period.start <= each.start and each.end <= period.end for each in reported):
                yield problem(
                    "logframe-target-span",
                    f"{path}.targets[{at}].period",
                    found=period.label,
                    expected=phrase(
                        "a whole period in which it is reported, such as {some}", some=_some_labels(plan, indicator)
                    ),
                    indicator=indicator.id,
                )


def doubles(plan: Logframe) -> Iterator[Finding]:
    """For one day, category and basis there is one target; the final one is the last."""
    for path, indicator in indicators_at(plan):
        seen: dict[tuple[object, ...], str] = {}
        last: dict[str, dt.date] = {}
        for at, target in enumerate(indicator.targets):
            where = f"{path}.targets[{at}]"
            day = due_day(plan, indicator, target)
            if day is None:
                continue
            key = (day, target.category, target.basis, target.kind)
            if key in seen:
                found = phrase("a second target for {period}", period=target.period or target.date)
                expected = phrase("one target; an older version of it belongs in `history`")
                yield problem(
                    "logframe-target-duplicate",
                    where,
                    found=found,
                    expected=expected,
                    indicator=indicator.id,
                    related=(seen[key],),
                )
            seen.setdefault(key, where)
            last[target.category] = max(day, last.get(target.category, day))
        for at, target in enumerate(indicator.targets):
            day = due_day(plan, indicator, target)
            if target.kind is TargetKind.FINAL and day is not None and day < last[target.category]:
                yield problem(
                    "logframe-final-not-last",
                    f"{path}.targets[{at}]",
                    found=day,
                    expected=phrase(
                        "the final target to be the last; another is due on {last}", last=last[target.category]
                    ),
                    indicator=indicator.id,
                )


def flows(plan: Logframe) -> Iterator[Finding]:
    """Targets per period do not overlap; a flow that should fall is not judged by a sum that can only grow."""
    for path, indicator in indicators_at(plan):
        if indicator.accumulation is not Accumulation.FLOW or indicator.measure.is_text:
            continue
        taken: list[tuple[Period, str]] = []
        for at, target in enumerate(indicator.targets):
            where = f"{path}.targets[{at}]"
            falling = indicator.direction is Direction.DECREASE and indicator.rule(Axis.TIME) is Rule.SUM
            if falling and target.basis is TargetBasis.CUMULATIVE and target.comparator is Comparator.EQUAL:
                yield problem(
                    "logframe-decreasing-sum",
                    where,
                    found=phrase("a cumulative target to be reached from zero"),
                    expected=phrase("comparator ≤ for a ceiling, or targets per period, which count from the baseline"),
                    indicator=indicator.id,
                )
            period = own_period(plan, indicator, target) if target.basis is TargetBasis.PER_PERIOD else None
            if period is None or not of_total(target):
                continue
            other = next((path for each, path in taken if each.start < period.end and period.start < each.end), None)
            if other is not None:
                found, expected = period.label, phrase("targets for periods that do not overlap")
                yield problem(
                    "logframe-target-overlap",
                    where,
                    found=found,
                    expected=expected,
                    indicator=indicator.id,
                    related=(other,),
                )
            taken.append((period, where))


def own_period(plan: Logframe, indicator: Indicator, target: Target) -> Period | None:
    """The period that a target is for: the one it names, or the one in which its day lies."""
    if target.period is not None:
        return plan.period(target.period)
    if target.date is None:
        return None
    return next((each for each in plan.periods_of(indicator) if target.date in each), None)


def histories(plan: Logframe) -> Iterator[Finding]:
    """Older versions of a target stand in the order in which they were in force, and the newest says since when."""
    for path, indicator in indicators_at(plan):
        for at, target in enumerate(indicator.targets):
            if not target.history:
                continue
            since = [version.since for version in (*target.history, target)]
            known = [day for day in since if day is not None]
            if None in since[1:] or known != sorted(set(known)):
                yield problem(
                    "logframe-target-history",
                    f"{path}.targets[{at}]",
                    found=listed(str(day) if day else phrase("no date") for day in since),
                    expected=phrase("the oldest version first, and `since` on all that follow it"),
                    indicator=indicator.id,
                )


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (
    shapes, times, bases, spans, doubles, flows, histories,
)  # fmt: skip
PERIOD_CHECKS: Final = (times, spans, doubles, flows)
"""Those that need the project's periods."""
