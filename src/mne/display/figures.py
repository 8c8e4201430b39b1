"""Values, baselines and targets in a reader's words and digits: ``12,345 people``, ``at least 80 %``, ``pending``.

Read `value_words` first. Numbers are exact until here and are rounded once, by `Labels.number`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.ground.numbers import rounded
from mne.logframe.indicator import TOTAL, Comparator, Direction, Measure, TargetKind
from mne.logframe.unit_words import shown
from mne.logframe.units import plural

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.logframe.indicator import Baseline, Indicator, Target, TargetVersion
    from mne.logframe.model import Logframe
    from mne.values.values import Amount

__all__ = [
    "amount_words",
    "baseline_words",
    "points_words",
    "target_words",
    "unit_words",
    "value_words",
    "version_words",
]

_BARE: Final = (Measure.PERCENTAGE, Measure.YES_NO, Measure.ORDINAL, Measure.MILESTONE)
_NO_UNIT: Final = ("number", "no.", "#")
"""What results frameworks write where they mean a plain count."""


def unit_words(indicator: Indicator, plan: Logframe | None, say: Labels) -> str:
    """The indicator's unit as the logframe titles it; empty where a value reads well without one."""
    if indicator.unit is None or indicator.measure in _BARE or indicator.unit.casefold() in _NO_UNIT:
        return ""
    declared = next((unit for unit in plan.units if unit.id == indicator.unit), None) if plan is not None else None
    if declared is not None and declared.title is not None:
        return declared.title.in_language(say.wanted)
    return shown(indicator.unit, say.lang) or plural(indicator.unit)


def value_words(
    indicator: Indicator, value: Fraction | None, say: Labels, *, plan: Logframe | None = None, unit: bool = True
) -> str:
    """A value of the indicator with its unit; a stage by its title, yes and no in words; a dash for none."""
    if value is None:
        return "–"
    if indicator.measure is Measure.YES_NO and value in (0, 1):
        return say("yes" if value else "no")
    if indicator.measure.is_ranked:
        return _stage_words(indicator, value, say)
    if indicator.measure is Measure.PERCENTAGE:
        return f"{say.number(value)} %"
    told = unit_words(indicator, plan, say) if unit else ""
    return f"{say.number(value)} {told}".rstrip()


def _stage_words(indicator: Indicator, rank: Fraction, say: Labels) -> str:
    if rank == 0:
        return say("not-started")
    if rank.denominator != 1 or not 1 <= rank <= len(indicator.scale):
        return say.number(rank)
    stage = indicator.scale[int(rank) - 1]
    return stage.title.in_language(say.wanted) if stage.title else stage.id


def amount_words(indicator: Indicator, amount: Amount, say: Labels, *, plan: Logframe | None = None) -> str:
    """An amount's value without its unit, or the state that stands in for one."""
    if amount.value is None:
        return say(f"state-{amount.state}")
    return value_words(indicator, amount.value, say, plan=plan, unit=False)


def points_words(score: Fraction | None, say: Labels) -> str:
    """A score with one decimal at most; a dash for none."""
    if score is None:
        return "–"
    shown = rounded(score, 1)
    return say.number(shown, digits=0 if shown.denominator == 1 else 1)


def baseline_words(indicator: Indicator, baseline: Baseline | None, say: Labels, *, dated: bool = True) -> str:
    """What the logframe says of the starting point: a value with its date, or that it is pending."""
    if baseline is None:
        return "–"
    if baseline.status != "established":
        return say(str(baseline.status))
    told = _quantity_words(indicator, baseline, say) or baseline.as_published or "–"
    return f"{told} ({baseline.date})" if dated and baseline.date else told


def version_words(indicator: Indicator, target: TargetVersion, say: Labels) -> str:
    """What a target asks for: a number, a range, a stage, or words."""
    if target.status != "set":
        return say(target.status)
    if target.text is not None:
        return target.text.in_language(say.wanted)
    if target.above_baseline is not None:
        return say("above-baseline", value=say.number(Fraction(target.above_baseline)))
    if target.minimum is not None or target.maximum is not None:
        return _range_words(indicator, target, say)
    told = _quantity_words(indicator, target, say) or target.as_published or "–"
    if target.comparator is Comparator.AT_LEAST:
        return say("at-least", value=told)
    if target.comparator is Comparator.AT_MOST:
        return say("at-most", value=told)
    if indicator.direction is Direction.MAINTAIN and indicator.tolerance:
        return f"{told} ± {say.number(Fraction(indicator.tolerance))}"
    return told


def target_words(indicator: Indicator, target: Target, say: Labels) -> tuple[str, str]:
    """When a target is due (with the category it is for, if any), and what it asks for."""
    when = target.period or (str(target.date) if target.date else say(f"target-{TargetKind(target.kind)}"))
    if target.category != TOTAL:
        when += f" · {target.category}"
    return when, version_words(indicator, target, say)


def _range_words(indicator: Indicator, target: TargetVersion, say: Labels) -> str:
    low = None if target.minimum is None else value_words(indicator, Fraction(target.minimum), say)
    high = None if target.maximum is None else value_words(indicator, Fraction(target.maximum), say)
    if low is None:
        return say("at-most", value=high)
    return say("at-least", value=low) if high is None else say("between", low=low, high=high)


def _quantity_words(indicator: Indicator, quantity: Baseline | TargetVersion, say: Labels) -> str:
    if quantity.value is not None:
        return value_words(indicator, Fraction(quantity.value), say, unit=False)
    if quantity.numerator is not None and quantity.denominator is not None:
        top, bottom = Fraction(quantity.numerator), Fraction(quantity.denominator)
        if bottom:
            return value_words(indicator, Fraction(indicator.multiplier) * top / bottom, say, unit=False)
        return say("numerator-of", numerator=say.number(top), denominator=say.number(bottom))
    if quantity.stage is not None:
        rank = indicator.rank(quantity.stage)
        return quantity.stage if rank is None else _stage_words(indicator, Fraction(rank), say)
    return ""
