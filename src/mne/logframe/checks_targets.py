"""Baselines and targets: whether each says one thing, at a time and on a scale that the plan knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding
from mne.logframe.indicator import (
    TOTAL,
    Accumulation,
    Axis,
    Comparator,
    Direction,
    Measure,
    Rule,
    TargetBasis,
    TargetKind,
)
from mne.logframe.places import indicators_at, problem

if TYPE_CHECKING:
    import datetime as dt

    from mne.logframe.indicator import Indicator, Quantity, Target, TargetVersion
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period

__all__ = ["CHECKS", "due_day"]

_ANSWERS: Final = ("yes", "no")


def due_day(plan: Logframe, indicator: Indicator, target: Target) -> dt.date | None:
    """The day on which a target falls due; None where its period is unknown."""
    if target.date is not None:
        return target.date
    period = plan.period(target.period, indicator.frequency) or plan.period(target.period) if target.period else None
    return period.last_day if period else None


def _versions(plan: Logframe) -> Iterator[tuple[str, Indicator, TargetVersion]]:
    """Every target and every older version of it, with its path."""
    for path, indicator in indicators_at(plan):
        for at, target in enumerate(indicator.targets):
            yield f"{path}.targets[{at}]", indicator, target
            for k, older in enumerate(target.history):
                yield f"{path}.targets[{at}].history[{k}]", indicator, older


def shapes(plan: Logframe) -> Iterator[Finding]:
    """A target asks for exactly one thing; one that is pending or not applicable asks for nothing."""
    for path, indicator, version in _versions(plan):
        asked = _asked(version)
        wanted = 1 if version.status == "set" else 0
        ratio = (version.numerator is None) == (version.denominator is None)
        if len(asked) != wanted or not ratio:
            expected = (
                "exactly one of value, numerator with denominator, minimum or maximum, above_baseline, stage, text"
            )
            yield problem(
                "logframe-target-shape",
                path,
                found=" and ".join(asked) or "nothing",
                expected=expected if wanted else f"no value, since its status is {version.status}",
                indicator=indicator.id,
            )
        within = version.comparator is Comparator.WITHIN
        if version.status == "set" and within != (version.minimum is not None or version.maximum is not None):
            yield problem(
                "logframe-target-shape",
                path,
                found=f"comparator {version.comparator}",
                expected="comparator within together with minimum or maximum",
                indicator=indicator.id,
            )
        if version.minimum is not None and version.maximum is not None and version.minimum > version.maximum:
            found = f"{version.minimum} to {version.maximum}"
            yield problem(
                "logframe-target-range",
                path,
                found=found,
                expected="a minimum below the maximum",
                indicator=indicator.id,
            )


def _asked(version: TargetVersion) -> list[str]:
    parts = {
        "value": version.value,
        "numerator": version.numerator,
        "a range": version.minimum if version.minimum is not None else version.maximum,
        "above_baseline": version.above_baseline,
        "stage": version.stage,
        "text": version.text,
    }
    return [name for name, value in parts.items() if value is not None]


def kinds(plan: Logframe) -> Iterator[Finding]:
    """A value fits its measure: stages of the scale for ranks, yes or no, numbers for the rest, a sound ratio."""
    for path, indicator in indicators_at(plan):
        quantities: list[tuple[str, Quantity]] = []
        if indicator.baseline is not None:
            quantities.append((f"{path}.baseline", indicator.baseline))
            quantities += [
                (f"{path}.baseline.categories.{key}", each) for key, each in indicator.baseline.categories.items()
            ]
        quantities += [(where, version) for where, each, version in _versions(plan) if each is indicator]
        for where, quantity in quantities:
            expected = _misfit(indicator, quantity)
            if expected:
                code = "logframe-ratio-invalid" if "denominator" in expected else "logframe-value-kind"
                found = quantity.stage if quantity.stage is not None else _told(quantity)
                yield problem(code, where, found=found, expected=expected, indicator=indicator.id)


def _told(quantity: Quantity) -> str:
    if quantity.numerator is not None or quantity.denominator is not None:
        return f"{quantity.numerator} of {quantity.denominator}"
    return "nothing" if quantity.value is None else f"{quantity.value:f}"


def _misfit(indicator: Indicator, quantity: Quantity) -> str:
    """What should stand there instead; empty where the value fits."""
    measure, stage = indicator.measure, quantity.stage
    has_ratio = quantity.numerator is not None or quantity.denominator is not None
    if has_ratio and not measure.is_ratio:
        return f"a plain value: {measure} has no numerator"
    if has_ratio and (quantity.denominator is None or quantity.denominator <= 0):
        return "a denominator above zero"
    if stage is not None:
        known = _ANSWERS if measure is Measure.YES_NO else tuple(each.id for each in indicator.scale)
        if measure not in (Measure.YES_NO, Measure.ORDINAL, Measure.MILESTONE, Measure.NOMINAL):
            return f"a number: {measure} has no stages"
        return "" if stage in known else f"one of {', '.join(known) or 'no stages, since the scale is empty'}"
    if quantity.value is None:
        return ""
    if measure.is_text:
        return "words: this measure is collected and not computed"
    if measure is Measure.YES_NO and quantity.value not in (0, 1):
        return "yes or no, written as stage, or 1 or 0"
    if measure.is_ranked and not (quantity.value % 1 == 0 and 0 <= quantity.value <= len(indicator.scale)):
        return f"a stage of the scale, or its rank from 1 to {len(indicator.scale)}"
    return ""


def times(plan: Logframe) -> Iterator[Finding]:
    """A target has a period or a date, which lies in the project and not before the baseline."""
    for path, indicator in indicators_at(plan):
        baseline = indicator.baseline.date if indicator.baseline is not None else None
        for at, target in enumerate(indicator.targets):
            where = f"{path}.targets[{at}]"
            day = due_day(plan, indicator, target)
            if (target.period is None) == (target.date is None):
                found = "both" if target.period is not None else "neither"
                expected = "either a period or a date"
                yield problem("logframe-target-shape", where, found=found, expected=expected, indicator=indicator.id)
            elif day is None:
                expected = f"a period of the project, such as {_some_labels(plan, indicator)}"
                yield problem(
                    "logframe-period-unknown",
                    f"{where}.period",
                    found=target.period,
                    expected=expected,
                    indicator=indicator.id,
                )
            elif not plan.start <= day <= plan.end:
                expected = f"a day from {plan.start} to {plan.end}"
                yield problem(
                    "logframe-target-outside-project", where, found=day, expected=expected, indicator=indicator.id
                )
            elif baseline is not None and day < baseline:
                expected = f"a day after the baseline's, {baseline}"
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
                    found="no basis",
                    expected="basis: per_period or cumulative",
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
                found = f"a second target for {target.period or target.date}"
                expected = "one target; an older version of it belongs in `history`"
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
                    expected=f"the final target to be the last; another is due on {last[target.category]}",
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
                    found="a cumulative target to be reached from zero",
                    expected="comparator ≤ for a ceiling, or targets per period, which count from the baseline",
                    indicator=indicator.id,
                )
            period = plan.period(target.period) if target.period and target.basis is TargetBasis.PER_PERIOD else None
            if period is None or not of_total(target):
                continue
            other = next((path for each, path in taken if each.start < period.end and period.start < each.end), None)
            if other is not None:
                found, expected = period.label, "targets for periods that do not overlap"
                yield problem(
                    "logframe-target-overlap",
                    where,
                    found=found,
                    expected=expected,
                    indicator=indicator.id,
                    related=(other,),
                )
            taken.append((period, where))


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
                    found=", ".join(str(day) if day else "no date" for day in since),
                    expected="the oldest version first, and `since` on all that follow it",
                    indicator=indicator.id,
                )


def ranges(plan: Logframe) -> Iterator[Finding]:
    """A percentage lies between 0 and 100, unless that is meant."""
    for path, indicator in indicators_at(plan):
        if indicator.measure is not Measure.PERCENTAGE:
            continue
        quantities: list[tuple[str, Quantity]] = [
            (where, each) for where, own, each in _versions(plan) if own is indicator
        ]
        if indicator.baseline is not None:
            quantities.append((f"{path}.baseline", indicator.baseline))
        for where, quantity in quantities:
            over = (
                quantity.numerator is not None
                and quantity.denominator is not None
                and quantity.numerator > quantity.denominator
            )
            if over or (quantity.value is not None and not 0 <= quantity.value <= 100):
                expected = "a percentage from 0 to 100"
                yield problem(
                    "logframe-percentage-over-100",
                    where,
                    found=_told(quantity),
                    expected=expected,
                    indicator=indicator.id,
                )


def of_total(target: Target) -> bool:
    """Whether a target is for the whole and not for one category."""
    return target.category == TOTAL


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (
    shapes, kinds, times, bases, doubles, flows, histories, ranges,
)  # fmt: skip
