"""Achievements, ratings and scores of peer systems, each under the convention or scheme of ours that names its rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import mne
from tests.conformance.building import counted, indicator, percent, project, report
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, Status, judged, number
from tests.conformance.peers_periods import OVER_UNDER, Series, scoped


def reached(convention: str, inputs: Mapping[str, Any], **options: Any) -> Fraction | None:
    """The achievement of the numbers in `inputs` under a convention."""
    value, _ = mne.achievement_of(
        actual=number(inputs.get("actual")),
        target=number(inputs.get("target")),
        baseline=number(inputs.get("baseline")),
        convention=convention,
        **options,
    )
    return value


def _is_text(value: Any) -> bool:
    try:
        number(value)
    except NotWired:
        return isinstance(value, str)
    return False


def _of_a_plan(convention: str, actual: Any, target: Any) -> Fraction | None:
    """The achievement of a level whose target, or whose report, may stand in words."""
    from mne.scores.scheme import AchievementRule

    asked = {"text": str(target)} if _is_text(target) else {"value": target}
    level = indicator(accumulation="level", targets=({"period": "2001", **asked},))
    rows = [] if actual is None or _is_text(actual) else [report(actual)]
    rule = AchievementRule(convention=convention)
    return mne.achievement(counted(project(level), rows)["I"], rule=rule).value


# --- achievement ----------------------------------------------------------------------------------------------------


def achievement(case: Case, data: Datasets) -> Outcome:
    """Actual over target, in the several shapes in which systems give the two."""
    method, inputs = case["method"], case["inputs"]
    if "last" in inputs:
        inputs = {"actual": inputs["last"], "target": inputs.get("final_target", inputs.get("target"))}
    if "target" not in inputs or not {"actual", "cumulative"} & set(inputs):
        raise NotWired(f"achievement of {sorted(inputs)}")
    inputs = {**inputs, "actual": inputs.get("actual", inputs.get("cumulative"))}
    if _is_text(inputs["target"]) or _is_text(inputs["actual"]):
        found = _of_a_plan("actual_over_target", inputs["actual"], inputs["target"])
    elif inputs.get("decreasing"):
        found = reached("inverse_ratio", inputs, direction="decrease")
    else:
        found = reached("actual_over_target", inputs)
    told_in_percent = re.search(r"\*100|end.of.project|percent(?! met)", method)
    return judged(case, percent(found) if told_in_percent else found)


def achievement_baseline(case: Case, data: Datasets) -> Outcome:
    """From the baseline to the target: UNICEF's rule stops at zero, Hikaya's counts so only where less is better."""
    method, inputs = case["method"], case["inputs"]
    if method.startswith("end of project percent"):
        falling = (number(inputs["baseline"]) or 0) > (number(inputs["target"]) or 0)
        return judged(case, percent(reached("baseline_target" if falling else "actual_over_target", inputs)))
    if "baseline_v_d" in inputs:
        sides = {name: _of_pair(inputs[f"{name}_v_d"]) for name in ("baseline", "target")}
        return judged(case, reached("baseline_target", {**sides, "actual": inputs["actual_percent"]}))
    if "(actual-baseline)/(target-baseline)" in method.replace(" ", ""):
        return judged(case, _floored(inputs))
    raise NotWired(method)


def _of_pair(pair: Any) -> Any:
    """A baseline or target that is given as numerator and denominator, in per cent."""
    from tests.conformance.building import counted, ratio
    from tests.conformance.building import pair as both

    return counted(project(ratio()), [both(*pair)])["I"].value


def _floored(inputs: Mapping[str, Any]) -> Fraction | None:
    """The points of an indicator under a scheme that lets no achievement fall below zero, where 1 is "reached"."""
    from mne.scores.scheme import AchievementRule

    rule = AchievementRule(floor=0)
    scheme = mne.schemes()["baseline-target"].model_copy(update={"achievement": rule, "scale": 1, "bands": ()})
    baseline = inputs.get("baseline")
    level = indicator(
        accumulation="level",
        direction="increase" if (number(inputs["target"]) or 0) >= (number(baseline) or 0) else "decrease",
        baseline=None if baseline is None else {"value": baseline},
        targets=({"period": "2001", "value": inputs["target"]},),
    )
    card = mne.score(counted(project(level), [report(inputs["actual"])]), scheme=scheme)
    return card.indicators["I"].score


def percent_decreasing(case: Case, data: Datasets) -> Outcome:
    """Where less is better: the distance from the target as a share of it, told so that reached is 100; or by period."""
    if "targets" in case["inputs"]:
        from tests.conformance.peers_periods import by_period

        return by_period(case, data)
    if case["method"].startswith("period percent"):
        from mne.scores.conventions import met_at

        found = reached("variance", case["inputs"], direction="decrease", favourable=True)
        return judged(case, None if found is None else percent(1 - met_at("variance") + found))
    return achievement(case, data)


# --- ratings --------------------------------------------------------------------------------------------------------


def rag(case: Case, data: Datasets) -> Outcome:
    """A rating under the shipped scheme that restates the system's bands."""
    inputs, system = case["inputs"], case.get("system", "")
    if "percent" in inputs:
        scheme = "akvo-grades" if "grade" in case["method"] else "baseline-target"
        return judged(case, _rating(scheme, number(inputs["percent"])))
    if "quarter" in inputs:
        due = Fraction(1) if inputs.get("level_indicator") else Fraction(number(inputs["quarter"]) or 0) / 4
        return judged(case, _ahead("oha-quarterly", inputs["achievement"], 1, due))
    if "budget_percent" in inputs:
        spent = number(inputs["budget_percent"])
        due = None if spent is None else spent / 100
        return judged(case, None if due is None else _ahead("budget-pace", inputs["target_percent"], 100, due))
    if "target" in inputs:
        return judged(case, _end_of_project(inputs))
    if "targets" in inputs:
        return judged(case, _in_scope(case))
    if "indicators" in inputs:
        return _portfolio(case, data)
    raise NotWired(f"a rating by {system} of {sorted(inputs)}")


def _rating(scheme: str, score: Fraction | None) -> str | None:
    band = None if score is None else mne.schemes()[scheme].band(score)
    return None if band is None else band.label


def _ahead(scheme: str, actual: Any, target: int, due: Fraction) -> str | None:
    inputs = {"actual": actual, "target": target}
    return _rating(scheme, percent(reached("time_proportional", inputs, expected=due)))


def _end_of_project(inputs: Mapping[str, Any]) -> dict[str, Any]:
    series = Series.of([inputs["target"]], [inputs["actual"]], "none", decreasing=bool(inputs.get("decreasing")))
    return {"over_under": OVER_UNDER.get(scoped(series, "final")["rating"])}


def _in_scope(case: Case) -> Any:
    """Over, on or under the target, within fifteen per cent of it."""
    series = Series.from_inputs(case["inputs"], case["method"])
    found = scoped(series, "milestone")
    if case["method"].startswith("portfolio"):
        return found["rating"] or "nonreporting"
    return {**found, "over_under": OVER_UNDER.get(found["rating"])}


def _portfolio(case: Case, data: Datasets) -> Outcome:
    """How many indicators of a portfolio are over, on or under their target: the named cases of the same file together."""
    by_name = {
        str(each["method"]).partition(":")[2].strip(): each
        for each in data.get("cases", ())
        if str(each.get("method", "")).startswith("portfolio scope count") and each["topic"] == case["topic"]
    }
    names = [str(name) for name in case["inputs"]["indicators"]]
    absent = [name for name in names if name not in by_name]
    if absent:
        why = f"counts indicators that its file describes elsewhere; this file does not hold {', '.join(absent)}"
        return Outcome(Status.NOT_APPLICABLE, why=why)
    counts = Counter(str(_in_scope(by_name[name])) for name in names)
    asked = {name: counts[name] for name in ("low", "on", "high", "nonreporting")}
    return judged(case, {**asked, "total": len(names)})


# --- results and growth ---------------------------------------------------------------------------------------------


def score_rollup(case: Case, data: Datasets) -> Outcome:
    """Scores of children as one."""
    children = [child if isinstance(child, (list, tuple)) else [child, None] for child in case["inputs"]["children"]]
    if not children:
        card = mne.score(counted(project(), []), scheme="composite-arithmetic")
        return judged(case, next(iter(card.results.values())).score)
    parts = {str(at): number(points) for at, (points, _) in enumerate(children)}
    weights = {str(at): number(weight) for at, (_, weight) in enumerate(children) if weight is not None}
    return judged(case, mne.combine(parts, weights=weights or None).score)


_STATUSES: Final = {
    "target_achieved": "target_achieved",
    "substantial": "substantial_progress",
    "moderate": "progress_needs_acceleration",
    "limited": "limited_progress",
    "deterioration": "deterioration",
}
_START, _NOW, _GOAL = 2015, 2020, 2030


def trajectory(case: Case, data: Datasets) -> Outcome:
    """Observed against required growth; what a case does not give is a fall over the years of the other cases."""
    inputs = {"baseline": 100, "current": 90, **case["inputs"]}
    start = inputs.get("baseline_year", _START)
    baseline, target = number(inputs["baseline"]), number(inputs.get("target"))
    falling = target is not None and baseline is not None and target < baseline
    found = mne.trajectory(
        baseline=baseline,
        actual=number(inputs["current"]),
        target=target,
        elapsed=Fraction(inputs.get("current_year", _NOW) - start),
        span=Fraction(inputs.get("target_year", _GOAL) - start),
        direction="decrease" if falling else "increase",
    )
    told = {"observed": found.observed, "required": found.required, "ratio": found.ratio}
    return judged(case, {**told, "status": None if found.status is None else _STATUSES[found.status]})


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "achievement": achievement,
    "achievement_baseline": achievement_baseline,
    "achievement_decreasing": percent_decreasing,
    "rag": rag,
    "score_rollup": score_rollup,
    "trajectory": trajectory,
}
