"""Baselines, target values and settings: whether each number is one that its indicator can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding
from mne.ground.numbers import number_text
from mne.ground.phrases import both, phrase
from mne.logframe.choices import BaselineStatus, Measure
from mne.logframe.indicator import TargetVersion
from mne.logframe.places import indicators_at, problem

if TYPE_CHECKING:
    from decimal import Decimal

    from mne.logframe.indicator import Baseline, Indicator, Quantity
    from mne.logframe.model import Logframe

__all__ = ["CHECKS", "number_of", "versions_of"]

_ANSWERS: Final = ("yes", "no")
_STAGED: Final = (Measure.YES_NO, Measure.ORDINAL, Measure.MILESTONE, Measure.NOMINAL)


def versions_of(path: str, indicator: Indicator) -> Iterator[tuple[str, TargetVersion]]:
    """Every target of an indicator and every older version of it, with its path."""
    for at, target in enumerate(indicator.targets):
        yield f"{path}.targets[{at}]", target
        for k, older in enumerate(target.history):
            yield f"{path}.targets[{at}].history[{k}]", older


def number_of(indicator: Indicator, quantity: Quantity) -> Fraction | None:
    """A baseline or a target as one number: its value, its ratio, or the rank of its stage; None in words."""
    if quantity.value is not None:
        return Fraction(quantity.value)
    if quantity.numerator is not None and quantity.denominator:
        return Fraction(indicator.multiplier) * Fraction(quantity.numerator) / Fraction(quantity.denominator)
    rank = indicator.rank(quantity.stage) if quantity.stage is not None else None
    return None if rank is None else Fraction(rank)


def _quantities(path: str, indicator: Indicator) -> Iterator[tuple[str, Quantity]]:
    """Every value that an indicator's baseline and targets hold, with its path."""
    if indicator.baseline is not None:
        yield f"{path}.baseline", indicator.baseline
        for key, each in indicator.baseline.categories.items():
            yield f"{path}.baseline.categories[{key}]", each
    yield from versions_of(path, indicator)


def baselines(plan: Logframe) -> Iterator[Finding]:
    """An established baseline says exactly one thing; one that is pending or not applicable says nothing."""
    for path, indicator in indicators_at(plan):
        baseline = indicator.baseline
        if baseline is None:
            continue
        parts: list[tuple[str, Quantity, bool]] = [(f"{path}.baseline", baseline, _says_enough(indicator, baseline))]
        parts += [(f"{path}.baseline.categories[{key}]", each, False) for key, each in baseline.categories.items()]
        for where, quantity, may_be_empty in parts:
            told = _told_by(quantity)
            if len(told) > 1:
                code, expected = "logframe-baseline-shape", phrase("one of value, numerator with denominator, or stage")
            elif told and baseline.status is not BaselineStatus.ESTABLISHED:
                code, expected = (
                    "logframe-without-effect",
                    phrase("status established, and the status is {status}", status=baseline.status),
                )
            elif not told and baseline.status is BaselineStatus.ESTABLISHED and not may_be_empty:
                code, expected = (
                    "logframe-baseline-empty",
                    phrase("value, numerator with denominator, or stage; or its status"),
                )
            else:
                continue
            yield problem(code, where, found=both(told), expected=expected, indicator=indicator.id)


def _says_enough(indicator: Indicator, baseline: Baseline) -> bool:
    """Whether a baseline without a value of its own says something all the same."""
    in_words = baseline.as_published is not None or baseline.note is not None
    return bool(baseline.categories) or (indicator.measure.is_text and in_words)


def _told_by(quantity: Quantity) -> list[str]:
    ratio = quantity.numerator is not None or quantity.denominator is not None
    parts = {
        "value": quantity.value is not None,
        phrase("numerator with denominator"): ratio,
        "stage": quantity.stage is not None,
    }
    return [name for name, there in parts.items() if there]


def kinds(plan: Logframe) -> Iterator[Finding]:
    """A value fits its measure: stages of the scale for ranks, yes or no, numbers for the rest, a sound ratio."""
    for path, indicator in indicators_at(plan):
        for where, quantity in _quantities(path, indicator):
            wrong = _bad_ratio(indicator, quantity)
            if wrong:
                yield problem(
                    "logframe-ratio-invalid", where, found=_shown(quantity), expected=wrong, indicator=indicator.id
                )
            found, wrong = _misfit(indicator, quantity)
            if wrong:
                yield problem("logframe-value-kind", where, found=found, expected=wrong, indicator=indicator.id)


def _bad_ratio(indicator: Indicator, quantity: Quantity) -> str:
    """What the ratio should be; empty where it is sound or there is none."""
    numerator, denominator = quantity.numerator, quantity.denominator
    if numerator is None and denominator is None:
        return ""
    if not indicator.measure.is_ratio:
        return phrase("a plain value: {measure} has no numerator", measure=indicator.measure)
    if numerator is None or denominator is None:
        return phrase("both a numerator and a denominator")
    if denominator <= 0:
        return phrase("a denominator above zero")
    is_target = isinstance(quantity, TargetVersion)
    if indicator.measure is Measure.PERCENTAGE and _above_one(quantity) and not is_target:
        return phrase("a numerator that is no larger than the denominator")
    return ""


def _misfit(indicator: Indicator, quantity: Quantity) -> tuple[str, str]:
    """A value that its measure cannot have, and what should stand there instead; empty where all fit."""
    measure = indicator.measure
    wrong = _wrong_stage(indicator, quantity.stage)
    if wrong:
        return str(quantity.stage), wrong
    if quantity.value is not None:
        return f"{quantity.value:f}", _wrong_number(indicator, quantity.value)
    if isinstance(quantity, TargetVersion):
        limits = [each for each in (quantity.minimum, quantity.maximum) if each is not None]
        if limits and (measure.is_text or measure in (Measure.YES_NO, Measure.MILESTONE)):
            return phrase("a range"), phrase("a plain target: {measure} has no range", measure=measure)
        if quantity.above_baseline is not None and (measure.is_text or measure is Measure.YES_NO):
            return "above_baseline", phrase("a plain target: {measure} is not counted from a baseline", measure=measure)
        if quantity.above_baseline is not None and measure.is_ranked and quantity.above_baseline % 1:
            return f"{quantity.above_baseline:f}", phrase("a whole number of stages")
        wrong = next((wrong for each in limits if (wrong := _wrong_number(indicator, each))), "")
        return phrase("a range"), wrong
    return "", ""


def _wrong_stage(indicator: Indicator, stage: str | None) -> str:
    if stage is None:
        return ""
    if indicator.measure not in _STAGED:
        return phrase("a number: {measure} has no stages", measure=indicator.measure)
    if indicator.measure is Measure.YES_NO:
        return "" if stage in _ANSWERS else phrase("yes or no")
    known = [each.id for each in indicator.scale]
    return (
        ""
        if stage in known
        else phrase("one of {stages}", stages=", ".join(known) or phrase("the stages of a scale, which is empty"))
    )


def _wrong_number(indicator: Indicator, value: Decimal) -> str:
    measure = indicator.measure
    if measure.is_text:
        return phrase("words: this measure is collected and not computed")
    if measure is Measure.YES_NO and value not in (0, 1):
        return phrase("yes or no, written as stage, or 1 or 0")
    if measure.is_ranked and not (value % 1 == 0 and 0 <= value <= len(indicator.scale)):
        return phrase(
            "a stage of the scale, or its rank: 0 before the first, {last} for the last", last=len(indicator.scale)
        )
    return ""


def percentages(plan: Logframe) -> Iterator[Finding]:
    """A percentage lies between 0 and 100, unless that is meant."""
    for path, indicator in indicators_at(plan):
        if indicator.measure is not Measure.PERCENTAGE:
            continue
        for where, quantity in _quantities(path, indicator):
            outside = any(not 0 <= value <= 100 for value in _percents(quantity))
            # Of a baseline, a numerator above its denominator is an error of its own.
            is_target = isinstance(quantity, TargetVersion)
            if outside or _below_zero(quantity) or (is_target and _above_one(quantity)):
                yield problem(
                    "logframe-percentage-over-100",
                    where,
                    found=_shown(quantity),
                    expected=phrase("a percentage from 0 to 100"),
                    indicator=indicator.id,
                )


def _above_one(quantity: Quantity) -> bool:
    numerator, denominator = quantity.numerator, quantity.denominator
    return numerator is not None and denominator is not None and numerator > denominator


def _below_zero(quantity: Quantity) -> bool:
    return quantity.numerator is not None and quantity.numerator < 0


def _percents(quantity: Quantity) -> list[Decimal]:
    values = [quantity.value]
    if isinstance(quantity, TargetVersion):
        values += [quantity.minimum, quantity.maximum]
    return [value for value in values if value is not None]


def _shown(quantity: Quantity) -> str:
    if quantity.numerator is not None or quantity.denominator is not None:
        parts = (quantity.numerator, quantity.denominator)
        return " of ".join("nothing" if part is None else f"{part:f}" for part in parts)
    return " to ".join(f"{value:f}" for value in _percents(quantity)) or "nothing"


def settings(plan: Logframe) -> Iterator[Finding]:
    """A scale, a tolerance, a population, a sample and a time limit are no negative numbers, and some are not zero."""
    for name, days in (("reporting_lag", plan.reporting_lag), ("closing_lag", plan.closing_lag)):
        if days is not None and days < 0:
            yield problem("logframe-setting-invalid", name, found=days, expected=phrase("0 days or more"))
    if plan.closing_lag is not None and 0 <= plan.closing_lag < (plan.reporting_lag or 0):
        expected = phrase("{n} days or more, as reports are due by then", n=plan.reporting_lag)
        yield problem("logframe-setting-invalid", "closing_lag", found=plan.closing_lag, expected=expected)
    for name, limit in plan.thresholds.items():
        if limit < 0:
            yield problem("logframe-setting-invalid", f"thresholds[{name}]", found=limit, expected=phrase("0 or more"))
    for path, indicator in indicators_at(plan):
        survey = indicator.survey
        above_zero: dict[str, Decimal | int | None] = {
            "per": indicator.per,
            "reachable": indicator.reachable,
            "survey.sample_size": survey.sample_size if survey else None,
            "survey.design_effect": survey.design_effect if survey else None,
            "survey.confidence": survey.confidence if survey else None,
        }
        not_negative = {"tolerance": indicator.tolerance}
        not_negative |= {f"thresholds[{name}]": limit for name, limit in indicator.thresholds.items()}
        wrong = [
            (name, value, phrase("more than 0"))
            for name, value in above_zero.items()
            if value is not None and value <= 0
        ]
        wrong += [
            (name, value, phrase("0 or more"))
            for name, value in not_negative.items()
            if value is not None and value < 0
        ]
        if survey and survey.confidence is not None and survey.confidence >= 1:
            wrong.append(("survey.confidence", survey.confidence, phrase("less than 1, such as 0.95")))
        for name, value, expected in wrong:
            yield problem(
                "logframe-setting-invalid", f"{path}.{name}", found=value, expected=expected, indicator=indicator.id
            )


def limits(plan: Logframe) -> Iterator[Finding]:
    """What is possible at all is a range, and baselines and targets lie in it."""
    for path, indicator in indicators_at(plan):
        least, most = indicator.minimum, indicator.maximum
        if least is not None and most is not None and least >= most:
            expected = phrase("more than the minimum, {n}", n=number_text(Fraction(least)))
            yield problem(
                "logframe-setting-invalid", f"{path}.maximum", found=most, expected=expected, indicator=indicator.id
            )
            continue
        for at, quantity in _quantities(path, indicator) if (least, most) != (None, None) else ():
            number = number_of(indicator, quantity)
            if number is None or ((least is None or number >= least) and (most is None or number <= most)):
                continue
            expected = (
                phrase("at least {n}, the lowest that is possible", n=f"{least:f}")
                if least is not None and number < least
                else phrase("at most {n}, the highest that is possible", n=f"{most:f}")
            )
            yield problem(
                "logframe-value-outside", at, found=number_text(number), expected=expected, indicator=indicator.id
            )


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (
    baselines,
    kinds,
    percentages,
    settings,
    limits,
)
