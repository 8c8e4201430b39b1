"""Measures, units, aggregation rules, missing policies and formulas: whether values can be counted as declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding
from mne.logframe.formula import FormulaError, parse
from mne.logframe.indicator import Accumulation, Axis, Measure, MissingPolicy, Rule, category_key
from mne.logframe.places import indicators_at, problem
from mne.logframe.units import COUNTS, CURRENCIES, PHYSICAL, UnitTable

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe

__all__ = ["CHECKS"]

_NUMERIC: Final = (Measure.NUMBER, Measure.CURRENCY, Measure.INDEX, Measure.PERCENTAGE, Measure.RATIO)
_FOLDED: Final = (Axis.CATEGORIES, Axis.LOCATIONS, Axis.PARTNERS, Axis.TIME)
_ALLOWED: Final[dict[Rule, tuple[Measure, ...]]] = {
    Rule.SUM: (Measure.NUMBER, Measure.CURRENCY),
    Rule.MEAN: (*_NUMERIC, Measure.YES_NO),
    Rule.WEIGHTED_MEAN: (*_NUMERIC, Measure.YES_NO),
    Rule.MEDIAN: (*_NUMERIC, Measure.ORDINAL),
    Rule.MIN: (*_NUMERIC, Measure.ORDINAL, Measure.MILESTONE),
    Rule.MAX: (*_NUMERIC, Measure.ORDINAL, Measure.MILESTONE),
    Rule.POOLED: (Measure.PERCENTAGE, Measure.RATIO),
    Rule.ALL: (Measure.YES_NO,),
    Rule.ANY: (Measure.YES_NO,),
    Rule.MODE: (Measure.ORDINAL, Measure.NOMINAL, Measure.YES_NO, Measure.NUMBER, Measure.INDEX),
}


def rules(plan: Logframe) -> Iterator[Finding]:
    """Each axis has a rule that makes sense for the measure and for what a report covers."""
    for path, indicator in indicators_at(plan):
        for axis in Axis:
            declared: Rule | None = getattr(indicator.aggregation, axis.value)
            if declared is None:
                continue
            where = f"{path}.aggregation.{axis.value}"
            code, expected = _wrong_rule(indicator, axis, declared)
            if code:
                yield problem(code, where, found=declared.value, expected=expected, indicator=indicator.id)


def _wrong_rule(indicator: Indicator, axis: Axis, rule: Rule) -> tuple[str, str]:
    measure, over_time = indicator.measure, axis is Axis.TIME
    if rule is Rule.NONE or (rule is Rule.LATEST and over_time):
        return "", ""
    if rule is Rule.LATEST:
        return "logframe-rule-not-allowed", "a rule other than latest, which is for time only"
    if rule is Rule.SUM and measure not in _ALLOWED[Rule.SUM]:
        return "logframe-sum-not-allowed", "pooled for percentages and ratios, otherwise mean, min, max or median"
    if rule is Rule.SUM and over_time and indicator.accumulation is not Accumulation.FLOW:
        return "logframe-sum-of-levels", f"latest: every {_words(indicator)} report already holds the ones before"
    if rule is Rule.POOLED and not indicator.by_denominator:
        return "logframe-pooled-without-denominator", "reports with numerator and denominator, or another rule"
    if measure not in _ALLOWED.get(rule, ()):
        fitting = [each.value for each, measures in _ALLOWED.items() if measure in measures]
        return "logframe-rule-not-allowed", f"one of {', '.join([*fitting, 'none'])} for {measure}"
    overlapping = any(split.relation == "overlapping" for split in indicator.disaggregation)
    if axis is Axis.CATEGORIES and overlapping and rule in (Rule.SUM, Rule.POOLED):
        if rule is Rule.SUM and indicator.counts == "services":
            return "", ""
        return "logframe-overlapping-sum", "max or none: people may be counted in two of these categories"
    return "", ""


def _words(indicator: Indicator) -> str:
    return indicator.accumulation.value.replace("_", " ")


def orders(plan: Logframe) -> Iterator[Finding]:
    """A declared order names categories first, then locations, partners and time once each."""
    for path, indicator in indicators_at(plan):
        order = indicator.aggregation.order
        if order and (order[0] is not Axis.CATEGORIES or sorted(order) != sorted(_FOLDED)):
            yield problem(
                "logframe-axis-order",
                f"{path}.aggregation.order",
                found=", ".join(axis.value for axis in order),
                expected="categories first, then locations, partners and time, each once",
                indicator=indicator.id,
            )


def weighted_means(plan: Logframe) -> Iterator[Finding]:
    """A weighted mean has a weight for every code it can meet, none negative."""
    for path, indicator in indicators_at(plan):
        weights = indicator.aggregation.weights
        needed: set[str] = set()
        if indicator.rule(Axis.PARTNERS) is Rule.WEIGHTED_MEAN:
            needed |= {each.partner for each in indicator.assignments} or set(plan.partners)
        if indicator.rule(Axis.LOCATIONS) is Rule.WEIGHTED_MEAN:
            assigned = {place for each in indicator.assignments for place in each.locations}
            needed |= assigned or {place.id for place in plan.locations}
        if indicator.rule(Axis.CATEGORIES) is Rule.WEIGHTED_MEAN:
            codes = {each.id: [code.id for code in each.codes] for each in plan.dimensions}
            needed |= {
                category_key({split.dimensions[0]: code})
                for split in indicator.disaggregation
                if len(split.dimensions) == 1
                for code in codes.get(split.dimensions[0], [])
            }
        lacking = sorted(needed - set(weights))
        if lacking or any(weight < 0 for weight in weights.values()):
            yield problem(
                "logframe-weights-missing",
                f"{path}.aggregation.weights",
                found=f"none for {', '.join(lacking)}" if lacking else "a negative weight",
                expected="a weight of 0 or more for every code that can be reported",
                indicator=indicator.id,
            )


def policies(plan: Logframe) -> Iterator[Finding]:
    """A flow that was not reported has no last value to keep, and a scale of stages has no zero."""
    for path, indicator in indicators_at(plan):
        if indicator.missing is MissingPolicy.CARRY_FORWARD and indicator.accumulation is Accumulation.FLOW:
            yield problem(
                "logframe-carry-forward-flow",
                f"{path}.missing",
                found="carry_forward on a flow",
                expected="skip, propagate or zero",
                indicator=indicator.id,
            )
        if indicator.missing is MissingPolicy.ZERO and indicator.measure.is_ranked:
            yield problem(
                "logframe-zero-without-meaning",
                f"{path}.missing",
                found="zero on a scale that starts at its first stage",
                expected="skip or propagate",
                indicator=indicator.id,
            )


def scales(plan: Logframe) -> Iterator[Finding]:
    """Ordinal values and milestones have a scale of at least two stages, each once."""
    for path, indicator in indicators_at(plan):
        stages = [stage.id for stage in indicator.scale]
        if indicator.measure.is_ranked and len(stages) < 2:
            expected = "a scale of at least two stages, lowest first"
            yield problem(
                "logframe-scale-missing", path, found=f"{len(stages)} stages", expected=expected, indicator=indicator.id
            )
        for at, stage in enumerate(stages):
            if stage in stages[:at]:
                where = f"{path}.scale[{at}].id"
                yield problem(
                    "logframe-duplicate-id", where, found=stage, expected="a stage once", indicator=indicator.id
                )


def units(plan: Logframe) -> Iterator[Finding]:
    """An indicator's unit is declared in the logframe or in the vocabulary, letter by letter."""
    table = UnitTable(plan)
    for path, indicator in indicators_at(plan):
        if indicator.unit is not None and not table.known(indicator.unit):
            meant = table.resolve(indicator.unit)
            expected = "a unit of the vocabulary, or one declared under `units`"
            if table.ambiguous(indicator.unit):
                expected += "; this word means several units"
            yield problem(
                "logframe-unit-unknown",
                f"{path}.unit",
                found=indicator.unit,
                expected=expected,
                indicator=indicator.id,
                suggestion=meant,
            )


def unit_declarations(plan: Logframe) -> Iterator[Finding]:
    """A declared unit has both `of` and `factor` or neither, stands on a known unit, and not on itself."""
    table = UnitTable(plan)
    declared = {unit.id: unit for unit in plan.units}
    for at, unit in enumerate(plan.units):
        where = f"units[{at}]"
        if (unit.of is None) != (unit.factor is None):
            yield problem(
                "logframe-unit-declaration", where, found=unit.id, expected="both `of` and `factor`, or neither"
            )
        elif unit.of is not None and not table.known(unit.of):
            yield problem("logframe-unit-declaration", f"{where}.of", found=unit.of, expected="a unit that is known")
        elif unit.id in PHYSICAL or unit.id in CURRENCIES or (unit.id in COUNTS and unit.of is not None):
            expected = "another name: this one has a meaning of its own"
            yield problem("logframe-unit-declaration", f"{where}.id", found=unit.id, expected=expected)
        seen = [unit.id]
        while (above := declared.get(seen[-1])) is not None and above.of is not None and above.of not in seen:
            seen.append(above.of)
        if above is not None and above.of is not None:
            chain = " of ".join([*seen, above.of])
            yield problem(
                "logframe-unit-declaration", f"{where}.of", found=chain, expected="a unit that does not lead back"
            )


def exchange_rates(plan: Logframe) -> Iterator[Finding]:
    """Between two currencies there is one rate of a kind for a day."""
    seen: dict[tuple[object, ...], int] = {}
    for at, rate in enumerate(plan.exchange_rates):
        key = (rate.currency, rate.to, rate.date, rate.kind)
        if key in seen:
            found = f"{rate.currency} to {rate.to} twice"
            yield problem(
                "logframe-rate-duplicate", f"exchange_rates[{at}]", found=found, expected="one rate for a day"
            )
        seen.setdefault(key, at)


def formulas(plan: Logframe) -> Iterator[Finding]:
    """A formula can be read, names other indicators of the same frequency, and does not lead back to itself."""
    names: dict[str, tuple[str, ...]] = {}
    where = {indicator.id: path for path, indicator in indicators_at(plan)}
    for path, indicator in indicators_at(plan):
        if indicator.formula is None:
            continue
        try:
            names[indicator.id] = parse(indicator.formula).names
        except FormulaError as error:
            yield problem(
                "logframe-formula-invalid",
                f"{path}.formula",
                found=indicator.formula,
                expected=str(error),
                indicator=indicator.id,
            )
            continue
        for name in names[indicator.id]:
            other = plan.indicators.get(name)
            if other is None:
                expected = "the id of an indicator, in braces where it holds other signs than letters, digits, _ and ."
                yield problem(
                    "logframe-unknown-reference",
                    f"{path}.formula",
                    found=name,
                    expected=expected,
                    indicator=indicator.id,
                )
            elif other.frequency != indicator.frequency:
                expected = f"indicators reported as often as this one; {name} is not"
                yield problem(
                    "logframe-formula-frequency",
                    f"{path}.formula",
                    found=name,
                    expected=expected,
                    indicator=indicator.id,
                )
    for id in names:
        if _leads_back(id, names):
            expected = "a formula that does not come back to its own indicator"
            yield problem("logframe-formula-cycle", f"{where[id]}.formula", found=id, expected=expected, indicator=id)


def _leads_back(start: str, names: dict[str, tuple[str, ...]]) -> bool:
    waiting, seen = list(names.get(start, ())), set()
    while waiting:
        name = waiting.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(names.get(name, ()))
    return False


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (
    rules, orders, weighted_means, policies, scales, units, unit_declarations, exchange_rates, formulas,
)  # fmt: skip
