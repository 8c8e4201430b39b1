"""Surveys, data quality and equity, as their published formulas have them. Read `ADAPTERS`: one function per method."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mne.scores import equity, quality, survey
from tests.conformance.building import SPLIT, category, code, counted, dimension, pair, parts_of, project, ratio, split
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, Status, compared, number
from tests.conformance.methods_common import direction_of, exact, given, numbers, several, told

# --- surveys --------------------------------------------------------------------------------------------------------


def interval(function: Any) -> Adapter:
    """The two ends of an interval of a share."""

    def found(case: Case, data: Datasets) -> Outcome:
        ends = function(*_sample(case), **_options(case))
        return told(case, None if ends is None else [ends.low, ends.high])

    return found


def _sample(case: Case) -> tuple[Any, Any]:
    return exact(given(case)["x"]), exact(given(case)["n"])


def _options(case: Case) -> dict[str, Any]:
    inputs = given(case)
    return {"confidence": exact(inputs.get("confidence", "0.95")), "design_effect": exact(inputs.get("deff", 1))}


def target_verdict(case: Case, data: Datasets) -> Outcome:
    """Met, not met, or inconclusive; what a source adds in brackets is its reason and no other verdict."""
    inputs = given(case)
    found = survey.wilson(*_sample(case), **_options(case))
    if found is None:
        return told(case, None)
    way: Any = direction_of(inputs.get("direction", 1))
    verdict = survey.target_verdict(found, exact(inputs["target"]), direction=way)
    want = dict(case["expected"])
    if isinstance(want.get("verdict"), str):
        want["verdict"] = re.sub(r"\s*\(.*\)$", "", want["verdict"]).replace(" ", "_")
    figures = {"p": found.p, "n_eff": found.n_effective, "lo": found.low, "hi": found.high, "verdict": verdict}
    return several({**case, "expected": want}, figures)


def change(case: Case, data: Datasets) -> Outcome:
    """The difference of two surveys, and whether it is more than chance."""
    inputs = given(case)
    waves = [(exact(inputs[f"p{at}"]), exact(inputs[f"n{at}"])) for at in (1, 2)]
    asked = next((name for name in case["expected"] if name.startswith("significant_")), "significant_95")
    level = exact(asked.removeprefix("significant_")) / 100
    found = survey.change_between(*waves, design_effect=exact(inputs.get("deff", 1)), confidence=level)
    figures = {"diff": found.difference, "se": found.standard_error, "z": found.z, asked: found.significant}
    return several(case, figures)


# --- data quality ---------------------------------------------------------------------------------------------------


def modified_z(case: Case, data: Datasets) -> Outcome:
    """Distances from the median; a series whose deviation is zero must not pass in silence."""
    values = numbers(given(case)["values"])
    plain, ours = quality.modified_z(values, fallback=False), quality.modified_z(values)
    if not plain.mad and len(set(values)) > 1 and ours.method == plain.method:
        return Outcome(Status.FAILED, ours.method, "another measure", "nothing stands in for a deviation of zero")
    figures: dict[str, Any] = {
        "median": plain.median,
        "mad": plain.mad,
        "n_flagged": len(plain.flagged),
        "flagged": list(plain.flagged),
        **_scores(case, values, plain.scores, "modified_z_of_"),
    }
    for name in case["expected"]:
        if told_at := re.fullmatch(r"flag_\w*?_(\d+)_(\d+)", name):
            limit = exact(f"{told_at[1]}.{told_at[2]}")
            figures[name] = bool(quality.modified_z(values, threshold=limit, fallback=False).flagged)
    return several(case, figures)


def _scores(case: Case, values: Sequence[Any], scores: Sequence[Any], prefix: str) -> dict[str, Any]:
    """The scores that are asked for by their value: ``z_of_150``."""
    names = [name for name in case["expected"] if name.startswith(prefix)]
    return {name: scores[values.index(exact(name.removeprefix(prefix)))] for name in names}


def z_score(case: Case, data: Datasets) -> Outcome:
    """Plain z-scores, and the largest that a series of this length can have."""
    inputs = given(case)
    values = numbers(inputs["values"])
    scores = quality.z_scores(values, ddof=int(inputs.get("ddof", 0)))
    figures = {
        "max_possible_pop_sd": quality.largest_z(len(values)),
        "max_possible_sample_sd": quality.largest_z(len(values), ddof=1),
        **_scores(case, values, scores, "z_of_"),
    }
    return several(case, figures)


def _limits(case: Case, first: str, *, defaults: Mapping[str, str]) -> dict[str, Any]:
    """The two limits that a rule in words names: how far, and the count that must be passed."""
    rule = str(given(case).get("rule", ""))
    found = {"far": re.search(first, rule), "count": re.search(r"count\s*>\s*([\d.]+)", rule)}
    return {name: exact(each[1] if each else defaults[name]) for name, each in found.items()}


def upper_deviation(case: Case, data: Datasets) -> Outcome:
    """FASTR's rule. Of a source that contradicts itself, what follows from the rule is held, and what the notes say."""
    values = numbers(given(case)["values"])
    limits = _limits(case, r"MAD\s*>\s*([\d.]+)", defaults={"far": "10", "count": "100"})
    found = quality.mad_outliers(values, threshold=limits["far"], least=limits["count"])
    worst = max(range(len(values)), key=lambda at: found.scores[at] or 0)
    figures = {
        "median": found.median,
        "mad": found.mad,
        "mad_upper": found.mad,
        "residual": found.scores[worst],
        "flag": worst in found.flagged,
    }
    want = case["expected"]
    if "recomputed" not in want:
        return several(case, figures)
    of_rule = several({**case, "expected": want["recomputed"]}, figures)
    if of_rule.status is not Status.PASSED:
        return of_rule
    notes = str(case.get("notes", ""))
    agreed = {
        name: each
        for name, each in want.get("published", {}).items()
        if re.search(rf"test the {name}\b", notes, re.IGNORECASE)
    }
    return compared(figures, agreed, case.get("tolerance"))


def share_of_total(case: Case, data: Datasets) -> Outcome:
    """FASTR's other rule: one value that is most of its year."""
    values = numbers(given(case)["values"])
    limits = _limits(case, r"total\s*>\s*([\d.]+)", defaults={"far": "0.8", "count": "100"})
    shares, flagged = quality.proportional_outliers(values, share=limits["far"], least=limits["count"])
    most = flagged[0] if flagged else max(range(len(values)), key=lambda at: shares[at] or 0)
    return several(case, {"share": shares[most], "flag_index": flagged[0] if flagged else None})


def quality_score(case: Case, data: Datasets) -> Outcome:
    """Checks that passed, failed, or could not be made."""
    inputs = given(case)
    return several(case, quality.dqa_score(inputs["complete"], inputs["not_outlier"], inputs["pairs"]))


def verification(case: Case, data: Datasets) -> Outcome:
    """A recount against a report."""
    inputs = given(case)
    found = quality.verification_factor(
        exact(inputs["recounted"]), exact(inputs["reported"]), tolerance=exact(inputs.get("tolerance", "0.1"))
    )
    return several(case, {"vf": found.factor, "flag": found.flagged, "direction": found.direction})


def moments(case: Case, data: Datasets) -> Outcome:
    """Skewness and kurtosis, and again after the most extreme values took the next one's place (winsorised)."""
    inputs = given(case)
    values = numbers(inputs["x"])
    found = quality.moments(values)
    rule = re.search(r"skew\|?\s*>\s*([\d.]+).*kurt\w*\s*>\s*([\d.]+)", str(inputs.get("rule", "")))
    limits = {"skewness": float(rule[1]), "kurtosis": float(rule[2])} if rule else {}
    figures: dict[str, Any] = {
        "skew": found.skewness,
        "kurt": found.kurtosis,
        "treated": found.treated(**limits),
        "flag": found.treated(**limits),
    }
    for name in case["expected"]:
        if told_of := re.fullmatch(r"after_(\d+)_points?_(?:skew|kurt)", name):
            after = quality.moments(_winsorised(values, int(told_of[1]), upper=(found.skewness or 0) >= 0))
            figures[name] = after.skewness if name.endswith("skew") else after.kurtosis
    return several(case, figures)


def _winsorised(values: Sequence[Any], points: int, *, upper: bool) -> list[Any]:
    """The same series as its owner would hand it in again: so many of its extreme values set to the next one."""
    ordered = sorted(values, reverse=upper)
    if points >= len(ordered):
        raise NotWired(f"{points} extreme values of {len(ordered)}")
    edge = ordered[points]
    return [min(value, edge) if upper else max(value, edge) for value in values]


# --- equity ---------------------------------------------------------------------------------------------------------


def gender_parity(case: Case, data: Datasets) -> Outcome:
    """Girls over boys, plain and symmetric."""
    inputs = given(case)
    found = equity.parity(exact(inputs["female"]), exact(inputs["male"]))
    return several(case, {"gpi": found.index, "gpia": found.adjusted, "at_parity": found.at_parity})


def _groups(case: Case) -> tuple[list[Any], list[Any]]:
    return numbers(given(case)["pop"]), numbers(given(case)["est"])


def inequality(case: Case, data: Datasets) -> Outcome:
    """Measures of how unequal groups are."""
    found = equity.inequality(*_groups(case), reference=number(given(case).get("reference")))
    names = ("difference", "ratio", "bgv", "theil_x1000", "mld_x1000", "idis_weighted", "idis_unweighted")
    return several(case, {name: getattr(found, name) for name in names})


def concentration(case: Case, data: Datasets) -> Outcome:
    """Whether a good thing gathers among the better-off."""
    found = equity.concentration(*_groups(case))
    return several(case, {"aci": found.aci, "rci": found.rci})


def attributable_risk(case: Case, data: Datasets) -> Outcome:
    """What could be gained if every group were like the reference."""
    inputs = given(case)
    words = str(inputs.get("reference", "last"))
    reference: Any = next(
        (where for word, where in (("last", "last"), ("first", 0), ("best", "best")) if word in words), None
    )
    if reference is None:
        if not words.isdigit():
            raise NotWired(f"the reference group {words!r}")
        reference = int(words)
    favourable = bool(inputs.get("favourable", True))
    found = equity.attributable_risk(*_groups(case), reference=reference, favourable=favourable)
    return several(case, {"mu": found.mean, "par": found.par, "paf": found.paf})


def _sides(case: Case) -> dict[str, list[tuple[Any, Any]]]:
    """Each group of the example: numerators and denominators by stratum."""
    return {
        name: [(exact(above), exact(below)) for above, below in each]
        for name, each in given(case).items()
        if isinstance(each, (list, tuple)) and all(isinstance(one, (list, tuple)) for one in each)
    }


def simpson(case: Case, data: Datasets) -> Outcome:
    """Rates by stratum and in all, as a plan counts them; and the warning that they point opposite ways."""
    strata, sides = list(given(case)["strata"]), _sides(case)
    figures: dict[str, Any] = {}
    for name, pairs in sides.items():
        plan = project(ratio(disaggregation=split()), dimensions=(dimension(SPLIT, strata),))
        rows = [pair(*each, category=category(stratum)) for each, stratum in zip(pairs, strata, strict=True)]
        values = counted(plan, rows)
        parts, whole = parts_of(values), values["I"].amount
        figures[f"{name}_strata_pct"] = [parts[code(stratum)].value for stratum in strata]
        figures[f"{name}_total"] = [whole.numerator, whole.denominator, whole.value]
    if len(sides) == 2:
        first, second = (dict(zip(strata, pairs, strict=True)) for pairs in sides.values())
        figures["reversed"] = equity.simpson(first, second).reversed
        if not figures["reversed"] and "paradox" in str(case["method"]):
            return Outcome(Status.FAILED, figures, case["expected"], "no warning that the total points the other way")
    return several(case, figures)


def standardised(case: Case, data: Datasets) -> Outcome:
    """The rate of each group with a standard composition."""
    weights = numbers(given(case)["standard_weights"])
    return several(case, {name: equity.standardised(each, weights) for name, each in _sides(case).items()})


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "wilson_ci": interval(survey.wilson),
    "clopper_pearson_ci": interval(survey.clopper_pearson),
    "survey_target_verdict": target_verdict,
    "two_survey_change_z": change,
    "modified_z_score": modified_z,
    "z_score": z_score,
    "fastr_outlier_mad": upper_deviation,
    "fastr_outlier_proportional": share_of_total,
    "fastr_dqa_score": quality_score,
    "verification_factor": verification,
    "winsorise_trigger": moments,
    "gender_parity_index": gender_parity,
    "inequality_measures": inequality,
    "concentration_index": concentration,
    "par_paf": attributable_risk,
    "simpsons_paradox": simpson,
    "direct_standardisation": standardised,
}
