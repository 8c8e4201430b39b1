"""One indicator, a few reports: places, partners, updates of one period, ratios, and what is missing among them."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from pydantic import ValidationError

from mne.logframe.choices import Rule
from tests.conformance.building import (
    assigned,
    category,
    code,
    counted,
    dimension,
    indicator,
    pair,
    percent,
    project,
    ratio,
    report,
    split,
)
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged, number

_RULES: Final = (
    (Rule.WEIGHTED_MEAN, r"weighted"),
    (Rule.SUM, r"\bsum\b|\btotal"),
    (Rule.MEAN, r"\bavg\b|average|\bmean\b"),
    (Rule.MAX, r"\bmax(?:imum)?\b"),
    (Rule.MIN, r"\bmin(?:imum)?\b"),
    (Rule.MEDIAN, r"median"),
    (Rule.LATEST, r"latest|last"),
    (Rule.MODE, r"\bmode\b"),
)
STRATEGIES: Final = {
    "skip_if_any_missing": "propagate",
    "skip if any missing": "propagate",
    "skip_if_all_missing": "skip",
    "skip if all missing": "skip",
    "never_skip": "zero",
    "never skip": "zero",
}
"""What other systems call our policies for what is missing."""


def rule_of(text: str) -> Rule:
    """The aggregation rule that a method names.

    Raises:
        NotWired: it names none.
    """
    found = next((rule for rule, words in _RULES if re.search(words, text, re.IGNORECASE)), None)
    if found is None:
        raise NotWired(f"an aggregation called {text!r}")
    return found


def places(values: Sequence[Any]) -> tuple[str, ...]:
    """A code for each of several reporters."""
    return tuple(f"L{at}" for at in range(len(values)))


def across(values: Sequence[Any], rule: Rule | str, *, missing: str = "skip", axis: str = "locations") -> Any:
    """One value from each place or partner, all in one period, as one; every one of them has to report."""
    names = places(values) or ("L0",)
    kind = "level" if rule is Rule.LATEST else "flow"
    due = assigned("A", locations=names) if axis == "locations" else assigned(*names)
    one = indicator(accumulation=kind, aggregation={axis: rule}, missing=missing, assignments=due)
    who = [{"partner": "A", "location": name} if axis == "locations" else {"partner": name} for name in names]
    rows = [report(value, **who[at]) for at, value in enumerate(values) if value is not None]
    return counted(project(one), rows)["I"]


# --- places ---------------------------------------------------------------------------------------------------------


def locations(case: Case, data: Datasets) -> Outcome:
    """One value per place, by a rule."""
    inputs, rule = case["inputs"], rule_of(case["method"])
    if "dataset" in inputs:
        from tests.conformance.peers_sites import sites

        return sites(case, data)
    if "values" not in inputs:
        raise NotWired(f"places with {sorted(inputs)}")
    found = across(inputs["values"], "sum" if rule is Rule.WEIGHTED_MEAN else rule)
    if rule is Rule.LATEST:
        # "Latest" is a rule over time: places that report at once have no newest one among them.
        found = across(inputs["values"], "none")
    return judged(case, found.value)


def locations_ratio(case: Case, data: Datasets) -> Outcome:
    """Numerators over denominators of several places."""
    pairs = case["inputs"]["locations"]
    shown = ratio(measure="ratio") if "ratio display" in case["method"] else ratio()
    rows = [pair(*both, location=name) for both, name in zip(pairs, places(pairs), strict=True)]
    found = counted(project(shown), rows)["I"].amount
    if isinstance(case["expected"], Mapping):
        told = found.value
        return judged(case, {"n": found.numerator, "d": found.denominator, "percent": told, "value": told})
    return judged(case, found.value)


# --- updates of one period ------------------------------------------------------------------------------------------

_STATUSES: Final = {"approved": "accepted", "accepted": "accepted", "draft": "draft", "new": "draft",
                    "pending": "submitted", "submitted": "submitted", "returned": "returned", "revision": "returned",
                    "rejected": "returned"}  # fmt: skip


def updates(case: Case, data: Datasets) -> Outcome:
    """Several updates in one period, of which the approved ones count."""
    rows = []
    for nth, given in enumerate(case["inputs"]["updates"]):
        update = given if isinstance(given, Mapping) else {"value": given}
        status = str(update.get("status", "approved")).lower()
        if status not in _STATUSES:
            raise NotWired(f"the status {status!r}")
        rows.append(report(update["value"], nth=nth, status=_STATUSES[status]))
    return judged(case, counted(project(indicator()), rows, statuses=["accepted"])["I"].value)


def combined_reports(case: Case, data: Datasets) -> Outcome:
    """Several reports inside one longer period as one; of numbers the denominator is 1."""
    inputs = case["inputs"]
    values = inputs.get("values", inputs.get("totals"))
    if values is None:
        raise NotWired(f"reports of {sorted(inputs)}")
    if all(isinstance(each, (list, tuple)) for each in values) and values:
        pooled = ratio(measure="ratio", accumulation="flow", aggregation={"time": "pooled"})
        found = counted(project(pooled), [pair(*both, nth=nth) for nth, both in enumerate(values)])["I"].amount
        return judged(case, {"v": found.numerator, "d": found.denominator, "c": found.value})
    value = counted(project(indicator()), [report(each, nth=nth) for nth, each in enumerate(values)])["I"].value
    return judged(case, {"v": value, "d": Fraction(indicator().multiplier), "c": value})


def percentage(case: Case, data: Datasets) -> Outcome:
    """One numerator over one denominator; what is no number was not reported."""
    sides = [_reported(case["inputs"].get(side)) for side in ("numerator", "denominator")]
    rows = [] if None in sides else [pair(*sides)]
    return judged(case, counted(project(ratio()), rows)["I"].value)


def _reported(side: Any) -> Fraction | None:
    try:
        return number(side)
    except NotWired:
        return None


def mean_of_rates(case: Case, data: Datasets) -> Outcome:
    """Rates that are entered as such, each with the same weight; or numerators and denominators, pooled."""
    inputs = case["inputs"]
    if "dataset" in inputs:
        from tests.conformance.peers_dhis2 import of_units

        return of_units(case, data)
    points = next((inputs[name] for name in ("rates", "points", "pairs", "values") if name in inputs), None)
    for above, below in (("n", "d"), ("numerators", "denominators")):
        if {above, below} <= set(inputs):
            points = list(zip(inputs[above], inputs[below], strict=True))
    if points is None:
        raise NotWired(f"rates of {sorted(inputs)}")
    who = places(points)
    if all(isinstance(each, (list, tuple)) for each in points):
        rows = [pair(*each, location=name) for each, name in zip(points, who, strict=True)]
        return judged(case, counted(project(ratio()), rows)["I"].value)
    direct = ratio(reported_as="value", aggregation={"locations": "mean", "partners": "mean"})
    rows = [report(each, location=name) for each, name in zip(points, who, strict=True)]
    return judged(case, counted(project(direct), rows)["I"].value)


# --- what is missing ------------------------------------------------------------------------------------------------


def missing(case: Case, data: Datasets) -> Outcome:
    """What becomes of blanks, of nothing at all, and of nothing over nothing."""
    inputs, method = case["inputs"], case["method"]
    if "parts" in inputs:
        from tests.conformance.peers_validation import stored_parts

        return stored_parts(case)
    if "target" in inputs:
        from tests.conformance.peers_scores import achievement

        return achievement(case, data)
    if "updates" in inputs:
        rows = [
            pair(each.get("n"), each.get("d"), nth=nth, status="accepted") for nth, each in enumerate(inputs["updates"])
        ]
        found = counted(project(ratio()), rows)["I"]
        return judged(case, "no exception" if found.value is None else found.value)
    if "numerator" in inputs or "denominator" in inputs:
        sides = [1 if inputs.get(side) == "present" else inputs.get(side) for side in ("numerator", "denominator")]
        return judged(case, counted(project(ratio()), [pair(*sides)])["I"].value)
    if "zero -> missing" in method:
        return judged(case, _where_zero_says_nothing(inputs["value"]))
    if "values" in inputs:
        rule = rule_of(method) if inputs["values"] else Rule.SUM
        return judged(case, across(inputs["values"], rule, missing="skip" if inputs["values"] else "zero").value)
    if inputs and all(isinstance(each, Mapping) for each in inputs.values()):
        return judged(case, _totals_and_parts(inputs))
    raise NotWired(method)


def _where_zero_says_nothing(value: Any) -> Fraction | None:
    """A report of an indicator for which a zero means that nothing was reported."""
    try:
        one = indicator(zero_means="missing")
    except ValidationError as error:
        raise NotWired("an indicator whose zeros mean that nothing was reported") from error
    found: Fraction | None = counted(project(one), [report(value)])["I"].value
    return found


def _totals_and_parts(by_place: Mapping[str, Mapping[str, Any]]) -> Fraction | None:
    """Places of which some entered a total and some only parts of one."""
    names = dict.fromkeys(name for each in by_place.values() for name in each if name != "total")
    rows = [
        report(value, location=code(place), category="_T" if name == "total" else category(name))
        for place, each in by_place.items()
        for name, value in each.items()
    ]
    plan = project(indicator(disaggregation=split()), dimensions=(dimension("part", names or ["x"]),))
    found: Fraction | None = counted(plan, rows)["I"].value
    return found


def missing_strategy(case: Case, data: Datasets) -> Outcome:
    """A sum under each policy for what is missing; over periods, the policy is asked in each of them."""
    inputs, method = case["inputs"], case["method"]
    if "expression" in inputs:
        from tests.conformance.peers_expressions import expression

        return expression(case, data)
    policy = next((ours for theirs, ours in STRATEGIES.items() if theirs in method), None)
    if policy is None:
        raise NotWired(method)
    if "values" in inputs:
        return judged(case, across(inputs["values"], rule_of(method), missing=policy).value)
    from tests.conformance.peers_expressions import over_periods

    return judged(case, over_periods(inputs, policy))


# --- periods --------------------------------------------------------------------------------------------------------


def across_periods(case: Case, data: Datasets) -> Outcome:
    """Parts over several periods: sums of numbers, pooled numerators and denominators."""
    from tests.conformance.building import parts_of

    inputs = case["inputs"]
    told = {name: list(given) if isinstance(given, (list, tuple)) else [given] for name, given in inputs.items()}
    paired = any(isinstance(each, Mapping) for given in told.values() for each in given)
    one = (ratio(aggregation={"time": "pooled"}, disaggregation=split()) if paired
           else indicator(disaggregation=split()))  # fmt: skip
    plan = project(one, years=max(map(len, told.values())), dimensions=(dimension("part", told),))
    rows = [
        pair(each["n"], each["d"], at, category=category(name)) if paired else report(each, at, category=category(name))
        for name, given in told.items()
        for at, each in enumerate(given)
        if each is not None
    ]
    parts = parts_of(counted(plan, rows))
    return judged(case, {name: parts[code(name)].value for name in told})


# --- properties -----------------------------------------------------------------------------------------------------


def relation(case: Case, data: Datasets) -> Outcome:
    """A relation that holds whatever the numbers are: tried on sixty sets of them, from a fixed seed."""
    method, dice = case["method"], random.Random(20240229)  # noqa: S311 - numbers to try, nothing secret
    holds = all(_holds(method, dice) for _ in range(60))
    return judged(case, "relation holds" if holds else "relation broken")


def _holds(method: str, dice: random.Random) -> bool:
    periods, many = dice.randint(1, 5), dice.randint(1, 6)
    if "ratio" in method or "percentage" in method:
        return _ratio_holds(method, [(dice.randint(0, 90), dice.randint(1, 90)) for _ in range(many)])
    rule = rule_of(method)
    numbers = [Fraction(dice.randint(-900, 9000), 10) for _ in range(many)]
    if "period" not in method:
        return _is(rule, across(numbers, rule).value, numbers)
    spread = [numbers[at % many] for at in range(periods)]
    one = indicator(accumulation="flow", aggregation={"time": rule})
    accepted = [report(each, at, status="accepted") for at, each in enumerate(spread)]
    others = [report(dice.randint(1, 99), at, nth=1, status="returned") for at in range(periods)]
    plan = project(one, years=periods)
    return _is(rule, counted(plan, [*accepted, *others], statuses=["accepted"])["I"].value, spread)


def _is(rule: Rule, found: Fraction, numbers: Sequence[Fraction]) -> bool:
    """Whether a value stands to the numbers behind it as its rule says."""
    match rule:
        case Rule.SUM:
            return found == sum(numbers)
        case Rule.MEAN:
            return found * len(numbers) == sum(numbers)
        case Rule.MAX:
            return found in numbers and all(found >= each for each in numbers)
        case Rule.MIN:
            return found in numbers and all(found <= each for each in numbers)
        case Rule.LATEST:
            return found == numbers[-1]
    raise NotWired(f"what relation {rule} has to its numbers")


def _ratio_holds(method: str, pairs: Sequence[tuple[int, int]]) -> bool:
    if "latest" in method:
        rows = [pair(*both, at, status="accepted") for at, both in enumerate(pairs)]
        value = counted(project(ratio(measure="ratio"), years=len(pairs)), rows, statuses=["accepted"])["I"]
        top, bottom = pairs[-1]
        return value.amount.numerator == top and value.amount.denominator == bottom
    if "periods" in method:
        rows = [pair(*both, at) for at, both in enumerate(pairs)]
        found = counted(project(ratio(aggregation={"time": "pooled"}), years=len(pairs)), rows)["I"].amount
        return found.numerator == sum(n for n, _ in pairs) and found.denominator == sum(d for _, d in pairs)
    rows = [pair(*both, location=name) for both, name in zip(pairs, places(pairs), strict=True)]
    as_percent, as_ratio = (counted(project(ratio(measure=kind)), rows)["I"] for kind in ("percentage", "ratio"))
    same = as_percent.value == percent(as_ratio.value)
    return same and as_ratio.value * as_ratio.amount.denominator == as_ratio.amount.numerator


def yes_and_no(case: Case, data: Datasets) -> Outcome:
    """Yes and no as 1 and 0, by month."""
    from tests.conformance.peers_dhis2 import by_month

    return by_month(case, data)


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "locations": locations,
    "locations_ratio": locations_ratio,
    "time_within_period": updates,
    "workflow": updates,
    "reports_combine": combined_reports,
    "percentage": percentage,
    "ratio_of_sums_vs_mean": mean_of_rates,
    "missing": missing,
    "missing_strategy": missing_strategy,
    "time_across_periods": across_periods,
    "time_across_periods_ratio": across_periods,
    "relation": relation,
    "boolean": yes_and_no,
}
