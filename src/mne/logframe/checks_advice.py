"""What a plan could do better: nothing here keeps it from being used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding
from mne.ground.numbers import number_text
from mne.ground.phrases import phrase, phrase_n
from mne.logframe.checks_structure import sibling_weights
from mne.logframe.checks_targets import due_day, of_total
from mne.logframe.checks_values import number_of
from mne.logframe.choices import (
    TOTAL,
    Accumulation,
    Axis,
    BaselineStatus,
    Comparator,
    Direction,
    Measure,
    MissingPolicy,
    Rule,
    TargetKind,
)
from mne.logframe.model import Level
from mne.logframe.places import indicators_at, nearest, problem, results_at

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator, Quantity
    from mne.logframe.model import Logframe

__all__ = ["CHECKS", "PERIOD_CHECKS"]

_SPAN: Final = re.compile(
    r"[(\[,]\s*(?:scale |échelle |шкала |ҷадвал )?(?:of |from |de |от |аз )?(?P<least>[01])\s*"
    r"(?:to|à|до|то|[-–—])\s*(?P<most>[0-9]{1,4})\s*[)\]]",
    re.IGNORECASE,
)
_NEAR_HUNDRED: Final = range(75, 126)
_LEAST_PERCENT: Final = 5


def limits(plan: Logframe) -> Iterator[Finding]:
    """A title that says from where to where a value can be is no limit by itself."""
    for path, indicator in indicators_at(plan):
        if indicator.measure is Measure.PERCENTAGE or indicator.measure.is_text or indicator.scale:
            continue
        titles = [str(indicator.title), *(indicator.title.in_language(lang) for lang in indicator.title.languages)]
        said = next((found for title in titles if (found := _SPAN.search(title)) is not None), None)
        if said is not None and indicator.minimum is None and indicator.maximum is None:
            expected = phrase("minimum: {least} and maximum: {most}", least=said["least"], most=said["most"])
            yield problem("logframe-limits-in-title", path, found=said[0], expected=expected, indicator=indicator.id)


def verification(plan: Logframe) -> Iterator[Finding]:
    """An indicator says how its values can be verified."""
    for path, indicator in indicators_at(plan):
        if not indicator.means_of_verification and not indicator.sources and indicator.formula is None:
            expected = phrase("means_of_verification, or sources")
            yield problem(
                "logframe-no-verification", path, found=phrase("none"), expected=expected, indicator=indicator.id
            )


def measured(plan: Logframe) -> Iterator[Finding]:
    """An outcome or output has indicators, of its own or beneath it."""
    for path, result, _ in results_at(plan):
        if result.level in (Level.OUTCOME, Level.OUTPUT) and not any(each.indicators for each in result.walk()):
            yield problem("logframe-no-indicators", path, found=result.id, expected=phrase("at least one indicator"))


def weight_sums(plan: Logframe) -> Iterator[Finding]:
    """Weights that look like percentages add up to 100, and those that look like shares to 1."""
    for path, given in sibling_weights(plan):
        weights = [Fraction(weight) for weight in given if weight is not None and weight >= 0]
        total = sum(weights, Fraction(0))
        if not total or len(weights) < len(given):
            continue
        shares = max(weights) < 1
        percents = len(weights) > 1 and min(weights) >= _LEAST_PERCENT and int(total) in _NEAR_HUNDRED
        whole = 1 if shares else 100
        if (shares or percents) and total != whole:
            yield problem("logframe-weight-sum", path, found=number_text(total), expected=str(whole))


_EQUALS: Final = "logframe-target-equals-baseline"


def baselines(plan: Logframe) -> Iterator[Finding]:
    """Where the distance to a target is measured, the baseline is known, and differs from the target."""
    for path, indicator in indicators_at(plan):
        baseline = indicator.baseline
        if baseline is not None and baseline.status is BaselineStatus.PENDING:
            expected = phrase("a value, once it is established")
            yield problem(
                "logframe-baseline-pending",
                f"{path}.baseline",
                found="pending",
                expected=expected,
                indicator=indicator.id,
            )
        if not _measures_distance(indicator):
            continue
        if baseline is None and indicator.accumulation is not Accumulation.FLOW:
            expected = phrase("a baseline, even if its status is pending")
            yield problem("logframe-no-baseline", path, found=phrase("none"), expected=expected, indicator=indicator.id)
        elif baseline is not None:
            told = plan.severities.get(_EQUALS)
            yield from _against_baseline(path, indicator, number_of(indicator, baseline), told=told)


def _measures_distance(indicator: Indicator) -> bool:
    judged = indicator.measure in (Measure.YES_NO, Measure.MILESTONE) or indicator.measure.is_text
    thresholds = all(target.comparator is not Comparator.EQUAL for target in indicator.targets)
    return not judged and indicator.direction is not Direction.MAINTAIN and bool(indicator.targets) and not thresholds


def _against_baseline(
    path: str, indicator: Indicator, start: Fraction | None, *, told: str | None
) -> Iterator[Finding]:
    """Targets that do not lie ahead of the baseline; `told` is what the plan says of targets that equal it."""
    if start is None or indicator.accumulation is Accumulation.FLOW:
        return
    equal: list[str] = []
    judged = 0
    for at, target in enumerate(indicator.targets):
        goal = number_of(indicator, target)
        if goal is None or not of_total(target) or target.comparator is not Comparator.EQUAL:
            continue
        judged += 1
        name = str(target.period or target.date)
        if goal == start:
            equal.append(name)
        elif (goal > start) != (indicator.direction is Direction.INCREASE):
            above = indicator.direction is Direction.INCREASE
            base = number_text(start)
            expected = (
                phrase("a target above the baseline of {baseline}", baseline=base)
                if above
                else phrase("a target below the baseline of {baseline}", baseline=base)
            )
            yield problem(
                "logframe-target-direction",
                f"{path}.targets[{at}]",
                found=phrase("{value} for {name}", value=number_text(goal), name=name),
                expected=expected,
                indicator=indicator.id,
            )
    if equal:
        expected = phrase("targets that differ from the baseline: no achievement can be computed for these")
        found = phrase("{value} for {name}", value=number_text(start), name=", ".join(equal))
        finding = problem(_EQUALS, f"{path}.targets", found=found, expected=expected, indicator=indicator.id)
        # With no other target the achievement is nought by nought for as long as the project lasts.
        severity = told or (Severity.ERROR if len(equal) == judged else Severity.WARNING)
        yield replace(finding, severity=Severity(severity))


def targets(plan: Logframe) -> Iterator[Finding]:
    """An indicator that can be scored has targets, and one of them is final."""
    for path, indicator in indicators_at(plan):
        if indicator.measure.is_text:
            continue
        if not indicator.targets:
            yield problem(
                "logframe-no-target",
                path,
                found=phrase("none"),
                expected=phrase("at least one target"),
                indicator=indicator.id,
            )
        elif not any(target.kind is TargetKind.FINAL for target in indicator.targets):
            days = [day for target in indicator.targets if (day := due_day(plan, indicator, target)) is not None]
            last = max(days, default=None)
            expected = phrase("kind: final on one of them; the last, due {last}, counts as it until then", last=last)
            yield problem(
                "logframe-no-final-target",
                path,
                found=phrase("no final target"),
                expected=expected,
                indicator=indicator.id,
            )


def kept_levels(plan: Logframe) -> Iterator[Finding]:
    """A running total keeps its value when a reporter is silent; one to be kept within limits says which."""
    for path, indicator in indicators_at(plan):
        if indicator.accumulation is Accumulation.RUNNING_TOTAL and indicator.missing is MissingPolicy.SKIP:
            expected = phrase("missing: carry_forward, so that a silent reporter does not make the total fall")
            yield problem(
                "logframe-carry-forward-advised", path, found="skip", expected=expected, indicator=indicator.id
            )
        ranged = any(target.comparator is Comparator.WITHIN for target in indicator.targets)
        if indicator.direction is Direction.MAINTAIN and indicator.tolerance is None and not ranged:
            expected = phrase("a tolerance, or targets within a range")
            yield problem(
                "logframe-maintain-without-range", path, found=phrase("none"), expected=expected, indicator=indicator.id
            )


def surveys(plan: Logframe) -> Iterator[Finding]:
    """A survey says how many were asked."""
    for path, indicator in indicators_at(plan):
        if indicator.survey is not None and indicator.survey.sample_size is None:
            where = f"{path}.survey"
            yield problem(
                "logframe-survey-incomplete",
                where,
                found=phrase("no sample size"),
                expected="sample_size",
                indicator=indicator.id,
            )


def assignments(plan: Logframe) -> Iterator[Finding]:
    """Partners are assigned to indicators, so that what is missing can be told."""
    waiting = [
        indicator.id for _, indicator in indicators_at(plan) if not indicator.assignments and indicator.formula is None
    ]
    if waiting:
        shown = ", ".join(waiting[:8]) + (" …" if len(waiting) > 8 else "")
        found = phrase_n("{n} indicator: {shown}", "{n} indicators: {shown}", len(waiting), shown=shown)
        expected = phrase("assignments; without them only those who ever reported are expected to")
        yield problem("logframe-unassigned", "results", found=found, expected=expected)


def sources(plan: Logframe) -> Iterator[Finding]:
    """A baseline and a target name the source of their number, or say that they are illustrative."""
    for path, indicator in indicators_at(plan):
        baseline = indicator.baseline
        parts: list[tuple[str, str, Quantity, str | None]] = []
        if baseline is not None:
            parts.append((f"{path}.baseline", phrase("the baseline"), baseline, baseline.source))
        parts += [
            (
                f"{path}.targets[{at}]",
                phrase("the target for {period}", period=target.period or target.date),
                target,
                target.source,
            )
            for at, target in enumerate(indicator.targets)
        ]
        unsourced = [
            (where, name)
            for where, name, quantity, source in parts
            if source is None and not quantity.illustrative and number_of(indicator, quantity) is not None
        ]
        if unsourced and not indicator.illustrative:
            found = unsourced[0][1]
            if len(unsourced) > 1:
                found = phrase("{name} and {n} more", name=found, n=len(unsourced) - 1)
            expected = phrase("the id of a source, or illustrative: true")
            yield problem("logframe-no-source", unsourced[0][0], found=found, expected=expected, indicator=indicator.id)


def unit_given(plan: Logframe) -> Iterator[Finding]:
    """A number and an amount say what they count."""
    for path, indicator in indicators_at(plan):
        if indicator.unit is None and indicator.measure in (Measure.NUMBER, Measure.CURRENCY):
            expected = (
                phrase("a unit, such as person")
                if indicator.measure is Measure.NUMBER
                else phrase("a currency, such as USD")
            )
            yield problem("logframe-no-unit", path, found=phrase("none"), expected=expected, indicator=indicator.id)


def without_effect(plan: Logframe) -> Iterator[Finding]:
    """Nothing is declared that is never looked at."""
    codes = {TOTAL, *(each.id for each in plan.organisations), *(each.id for each in plan.locations)}
    for path, indicator in indicators_at(plan):
        for code in indicator.aggregation.weights:
            if code not in codes and "=" not in code:
                yield problem(
                    "logframe-without-effect",
                    f"{path}.aggregation.weights[{code}]",
                    found=code,
                    expected=phrase("partners, locations and categories of this logframe"),
                    indicator=indicator.id,
                    suggestion=nearest(code, codes),
                )
        for where, reason in _unused(indicator):
            name = where.rpartition(".")[2]
            yield problem(
                "logframe-without-effect", f"{path}.{where}", found=name, expected=reason, indicator=indicator.id
            )


def _unused(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """What is declared for nothing, with what it would be for."""
    measure, flow = indicator.measure, indicator.accumulation is Accumulation.FLOW
    if indicator.baseline_included and not flow:
        yield "baseline_included", phrase("accumulation flow: other reports include what was there before")
    if indicator.tolerance is not None and indicator.direction is not Direction.MAINTAIN:
        yield "tolerance", phrase("direction maintain")
    if indicator.per is not None and not measure.is_ratio:
        yield "per", phrase("measures ratio and percentage")
    if indicator.reported_as is not None and not measure.is_ratio:
        yield "reported_as", phrase("measures ratio and percentage")
    if indicator.scale and not measure.is_ranked and measure is not Measure.NOMINAL:
        yield "scale", phrase("measures ordinal, milestone and nominal")
    if indicator.aggregation.weights and not any(indicator.rule(axis) is Rule.WEIGHTED_MEAN for axis in Axis):
        yield "aggregation.weights", phrase("the rule weighted_mean on one of the axes")
    if indicator.formula is not None and indicator.assignments:
        yield "assignments", phrase("indicators that are reported; this one is computed by its formula")
    for at, target in enumerate(indicator.targets):
        if target.basis is not None and not flow:
            yield f"targets[{at}].basis", "accumulation flow: other reports restate the total"


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (
    limits, verification, measured, weight_sums, baselines, targets, kept_levels, surveys, assignments, sources,
    unit_given, without_effect,
)  # fmt: skip
PERIOD_CHECKS: Final = (targets,)
"""Those that need the project's periods."""
