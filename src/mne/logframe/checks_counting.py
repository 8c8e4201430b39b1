"""Aggregation rules, orders, weights, missing policies, scales and formulas: whether values can be counted so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding
from mne.ground.phrases import phrase, phrase_n
from mne.logframe.choices import TOTAL, Accumulation, Axis, Measure, MissingPolicy, Rule, category_key
from mne.logframe.formula import FormulaError, parse
from mne.logframe.places import indicators_at, nearest, problem

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
    Rule.MEDIAN: (*_NUMERIC, Measure.ORDINAL, Measure.MILESTONE),
    Rule.MIN: (*_NUMERIC, Measure.ORDINAL, Measure.MILESTONE),
    Rule.MAX: (*_NUMERIC, Measure.ORDINAL, Measure.MILESTONE),
    Rule.POOLED: (Measure.PERCENTAGE, Measure.RATIO),
    Rule.ALL: (Measure.YES_NO,),
    Rule.ANY: (Measure.YES_NO,),
    Rule.MODE: (Measure.ORDINAL, Measure.NOMINAL, Measure.YES_NO, Measure.NUMBER, Measure.INDEX),
}
_KEEPS_DENOMINATOR: Final = (Rule.POOLED, Rule.LATEST, Rule.NONE)
_NOT_OVERLAPPING: Final = (Rule.SUM, Rule.POOLED, Rule.MEAN, Rule.WEIGHTED_MEAN)
_MOST_NAMED: Final = 8


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
                pooled = code == "logframe-pooled-without-denominator"
                found = phrase("this indicator is reported without them") if pooled else declared.value
                yield problem(code, where, found=found, expected=expected, indicator=indicator.id)


def _wrong_rule(indicator: Indicator, axis: Axis, rule: Rule) -> tuple[str, str]:
    measure, over_time = indicator.measure, axis is Axis.TIME
    if rule is Rule.NONE or (rule is Rule.LATEST and over_time):
        return "", ""
    if rule is Rule.LATEST:
        return "logframe-rule-not-allowed", phrase("a rule other than latest, which is for time only")
    if rule is Rule.SUM and measure not in _ALLOWED[Rule.SUM]:
        return "logframe-sum-not-allowed", _fitting(indicator)
    if rule is Rule.SUM and over_time and indicator.accumulation is not Accumulation.FLOW:
        return "logframe-sum-of-levels", _latest(indicator)
    if rule is Rule.POOLED and over_time and indicator.formula is not None:
        # The formula over the values to date, whatever it computes: no report has to hold two sides for it.
        return ("", "") if measure in _NUMERIC else ("logframe-rule-not-allowed", _fitting(indicator))
    if rule is Rule.POOLED and not indicator.by_denominator:
        return "logframe-pooled-without-denominator", phrase("reports with numerator and denominator, or another rule")
    if measure not in _ALLOWED.get(rule, ()):
        return "logframe-rule-not-allowed", _fitting(indicator)
    if axis is Axis.CATEGORIES and rule in _NOT_OVERLAPPING and _all_overlap(indicator):
        if rule is Rule.SUM and indicator.counts == "services":
            return "", ""
        return "logframe-overlapping-sum", phrase("max or none: people may be counted in two of these categories")
    return "", ""


def _fitting(indicator: Indicator) -> str:
    """The rules that make sense for an indicator's measure."""
    fitting = [rule.value for rule, measures in _ALLOWED.items() if indicator.measure in measures]
    if not indicator.by_denominator and Rule.POOLED in fitting:
        fitting.remove(Rule.POOLED)
    if not fitting:
        return phrase("none: these are words")
    return phrase("one of {rules} and none for {measure}", rules=", ".join(fitting), measure=indicator.measure)


def _all_overlap(indicator: Indicator) -> bool:
    splits = indicator.disaggregation
    return bool(splits) and all(split.relation == "overlapping" for split in splits)


def _latest(indicator: Indicator) -> str:
    if indicator.accumulation is Accumulation.RUNNING_TOTAL:
        return phrase("latest: every running total report already holds the ones before")
    return phrase("latest: every level report already holds the ones before")


def pools(plan: Logframe) -> Iterator[Finding]:
    """Ratios are pooled before any rule that leaves no numerator and denominator to pool."""
    for path, indicator in indicators_at(plan):
        if not indicator.by_denominator or indicator.formula is not None:
            continue
        lost: Axis | None = None
        for axis in indicator.order:
            rule = indicator.rule(axis)
            if rule is Rule.POOLED and lost is not None:
                yield problem(
                    "logframe-pooled-without-denominator",
                    f"{path}.aggregation.{lost.value}",
                    found=phrase(
                        "{rule} over {axis}, then pooled over {next}",
                        rule=indicator.rule(lost).value,
                        axis=lost.value,
                        next=axis.value,
                    ),
                    expected=phrase(
                        "pooled over {axis} too, or another rule than pooled over {next}",
                        axis=lost.value,
                        next=axis.value,
                    ),
                    indicator=indicator.id,
                )
                break
            if rule not in _KEEPS_DENOMINATOR:
                lost = lost or axis


def orders(plan: Logframe) -> Iterator[Finding]:
    """A declared order names categories first, then locations, partners and time once each."""
    for path, indicator in indicators_at(plan):
        order = indicator.aggregation.order
        if order and (order[0] is not Axis.CATEGORIES or sorted(order) != sorted(_FOLDED)):
            yield problem(
                "logframe-axis-order",
                f"{path}.aggregation.order",
                found=", ".join(axis.value for axis in order),
                expected=phrase("categories first, then locations, partners and time, each once"),
                indicator=indicator.id,
            )


def weighted_means(plan: Logframe) -> Iterator[Finding]:
    """A weighted mean has a weight for every code that it can meet, none negative, and not only zeros."""
    for path, indicator in indicators_at(plan):
        weights = indicator.aggregation.weights
        groups = [
            sorted(_weighed(plan, indicator, axis))
            for axis in (Axis.PARTNERS, Axis.LOCATIONS, Axis.CATEGORIES)
            if indicator.rule(axis) is Rule.WEIGHTED_MEAN
        ]
        lacking = [code for codes in groups for code in codes if code not in weights]
        if lacking:
            named = ", ".join(lacking[:_MOST_NAMED]) + (" …" if len(lacking) > _MOST_NAMED else "")
            found = phrase("none for {named}", named=named)
        elif any(weight < 0 for weight in weights.values()):
            found = phrase("a negative weight")
        elif any(codes and not any(weights[code] for code in codes) for codes in groups):
            found = phrase("only zeros")
        else:
            continue
        yield problem(
            "logframe-weights-missing",
            f"{path}.aggregation.weights" if weights else f"{path}.aggregation",
            found=found,
            expected=phrase("a weight of 0 or more for every code that can be reported, and more than zeros"),
            indicator=indicator.id,
        )


def _weighed(plan: Logframe, indicator: Indicator, axis: Axis) -> set[str]:
    """The codes along an axis that reports can hold."""
    if axis is Axis.PARTNERS:
        reporting = {each.partner for each in indicator.assignments} or set(plan.partners)
        return reporting or {each.id for each in plan.organisations}
    if axis is Axis.LOCATIONS:
        assigned = {place for each in indicator.assignments for place in each.locations or (TOTAL,)}
        return assigned or {place.id for place in plan.locations} or {TOTAL}
    known = {each.id: [code.id for code in each.codes] for each in plan.dimensions}
    found: set[str] = set()
    for split in indicator.disaggregation:
        # Categories are written in the order in which the logframe declares its dimensions.
        dimensions = [dimension for dimension in known if dimension in split.dimensions]
        crossed = product(*(known[dimension] for dimension in dimensions))
        # A few are enough to say that weights lack, and crossed codes can be very many.
        found |= {category_key(dict(zip(dimensions, codes, strict=True))) for codes in islice(crossed, 1_000)}
    found.discard(TOTAL)
    return found


def policies(plan: Logframe) -> Iterator[Finding]:
    """A flow that was not reported has no last value to keep, and a scale of stages has no zero."""
    for path, indicator in indicators_at(plan):
        if indicator.missing is MissingPolicy.CARRY_FORWARD and indicator.accumulation is Accumulation.FLOW:
            yield problem(
                "logframe-carry-forward-flow",
                f"{path}.missing",
                found=phrase("carry_forward on a flow"),
                expected=phrase("skip, propagate or zero"),
                indicator=indicator.id,
            )
        if indicator.missing is MissingPolicy.ZERO and indicator.measure.is_ranked:
            yield problem(
                "logframe-zero-without-meaning",
                f"{path}.missing",
                found=phrase("zero on a scale that starts at its first stage"),
                expected=phrase("skip or propagate"),
                indicator=indicator.id,
            )


def scales(plan: Logframe) -> Iterator[Finding]:
    """Ordinal values and milestones have a scale of at least two stages."""
    for path, indicator in indicators_at(plan):
        if indicator.measure.is_ranked and len(indicator.scale) < 2:
            yield problem(
                "logframe-scale-missing",
                path,
                found=phrase_n("{n} stages", "{n} stages", len(indicator.scale)),
                expected=phrase("a scale of at least two stages, lowest first"),
                indicator=indicator.id,
            )


def splits(plan: Logframe) -> Iterator[Finding]:
    """An indicator is split by the same dimensions once, and crossed with a dimension once."""
    for path, indicator in indicators_at(plan):
        seen: dict[frozenset[str], str] = {}
        for at, split in enumerate(indicator.disaggregation):
            where = f"{path}.disaggregation[{at}]"
            dimensions = frozenset(split.dimensions)
            if len(dimensions) < len(split.dimensions) or dimensions in seen:
                yield problem(
                    "logframe-split-twice",
                    where,
                    found=", ".join(split.dimensions),
                    expected=phrase("each dimension once, and each combination once"),
                    indicator=indicator.id,
                    related=(seen[dimensions],) if dimensions in seen else (),
                )
            seen.setdefault(dimensions, where)


def formulas(plan: Logframe) -> Iterator[Finding]:
    """A formula can be read, names other indicators of the same frequency, and does not lead back to itself."""
    names: dict[str, tuple[str, ...]] = {}
    where: dict[str, str] = {}
    for path, indicator in indicators_at(plan):
        if indicator.formula is None:
            continue
        where[indicator.id] = f"{path}.formula"
        try:
            names[indicator.id] = parse(indicator.formula).names
        except FormulaError as error:
            yield problem(
                "logframe-formula-invalid",
                f"{path}.formula",
                found=indicator.formula,
                expected=error.told,
                indicator=indicator.id,
            )
            continue
        for name in names[indicator.id]:
            yield from _operand(plan, indicator, f"{path}.formula", name)
    for id in names:
        if _leads_back(id, names):
            expected = phrase("a formula that does not come back to its own indicator")
            yield problem("logframe-formula-cycle", where[id], found=id, expected=expected, indicator=id)


def _operand(plan: Logframe, indicator: Indicator, path: str, name: str) -> Iterator[Finding]:
    other = plan.indicators.get(name)
    if other is None:
        # "OP1-1" reads as OP1 minus 1: an id that holds other signs stands in braces.
        hidden = [id for id in plan.indicators if id.startswith(name) and id in (indicator.formula or "")]
        yield problem(
            "logframe-unknown-reference",
            path,
            found=name,
            expected=phrase(
                "the id of an indicator, in braces where it holds other signs than letters, digits, _ and ."
            ),
            indicator=indicator.id,
            suggestion=f"{{{hidden[0]}}}" if hidden else nearest(name, plan.indicators),
        )
    elif other.measure.is_text:
        expected = phrase("indicators whose values are numbers")
        yield problem("logframe-formula-operand", path, found=name, expected=expected, indicator=indicator.id)
    elif (other.frequency or plan.calendar.frequency) != (indicator.frequency or plan.calendar.frequency):
        expected = phrase("indicators reported as often as this one; {name} is not", name=name)
        yield problem("logframe-formula-frequency", path, found=name, expected=expected, indicator=indicator.id)


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
    rules, pools, orders, weighted_means, policies, scales, splits, formulas,
)  # fmt: skip
