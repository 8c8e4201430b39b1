"""Composite indices: normalisation, means with weights and gaps, and weights down a tree. Read `ADAPTERS` first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import mne
from mne.scores import equity
from mne.scores.scheme import Scheme
from tests.conformance.building import code, counted, indicator, project
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, Status, number, same
from tests.conformance.methods_common import (
    card,
    decimal_of,
    direction_of,
    exact,
    given,
    named,
    numbers,
    plain_scheme,
    several,
    told,
)

MEANS: Final = {"arithmetic": "mean", "mean": "mean", "geometric": "geometric", "harmonic": "harmonic", "min": "min"}
ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")


def how_of(name: Any) -> Any:
    """The library's name for a mean.

    Raises:
        NotWired: there is none.
    """
    if name not in MEANS:
        raise NotWired(f"the aggregator {name!r}")
    return MEANS[name]


def mean_of(values: Sequence[Any], how: str = "mean", **options: Any) -> Fraction | None:
    """Numbers as one; gaps are left out and the weights shared anew."""
    return mne.combine(named(values), aggregate=how_of(how), **options).score


def hierarchy(case: Case, data: Datasets) -> Outcome:
    """Indicators become sub-indices, and these the index."""
    inputs = given(case)
    how = how_of(inputs.get("aggregator", "arithmetic"))
    weights = inputs.get("weights", "equal within parent")
    if weights != "equal within parent":
        raise NotWired(f"weights {weights!r}")
    groups = {name: each for name, each in inputs.items() if isinstance(each, (list, tuple))}
    scores = {name: mne.combine(named(values), aggregate=how).score for name, values in groups.items()}
    return several(case, {**scores, "Index": mne.combine(scores, aggregate=how).score})


def capped_mean(case: Case, data: Datasets) -> Outcome:
    """Through a card: each indicator is capped before it is averaged, and the uncapped mean stays beside it."""
    inputs = given(case)
    percents = numbers(inputs["achievement_pct"])
    shipped = mne.schemes()["baseline-target"].model_dump()
    how = how_of(inputs.get("aggregator", "mean"))
    steps = {level: {**step, "aggregate": how} for level, step in shipped["steps"].items()}

    def scored(cap: Any) -> Any:
        limits = {"ceiling": None if cap is None else decimal_of(exact(cap) / 100)}
        rule = {**shipped["achievement"], **limits}
        scheme = Scheme.model_validate({**shipped, "steps": steps, "achievement": rule})
        return card(percents, baseline=0, target=100, scheme=scheme)["P.outcome"]

    capped, uncapped = scored(inputs.get("cap")), scored(None)
    return several(case, {"mean": capped.score, "rating": capped.rating, "uncapped_mean": uncapped.score})


def minimum_coverage(case: Case, data: Datasets) -> Outcome:
    """Rows with gaps: a mean only where enough of the weight is there."""
    inputs = given(case)
    options = {"min_coverage": number(inputs["dat_thresh"]), **_weights(inputs)}
    return told(case, [mean_of(values, **options) for values in inputs["rows"]])


def _weights(inputs: Mapping[str, Any]) -> dict[str, Any]:
    weights = inputs.get("w", inputs.get("weights"))
    return {} if weights is None else {"weights": named(weights)}


def weighted(how: str) -> Adapter:
    """A mean of one kind; where the source stops with an error there is none."""

    def meant(case: Case, data: Datasets) -> Outcome:
        inputs = given(case)
        return told(case, mean_of(inputs["x"], how, not_positive="undefined", **_weights(inputs)))

    return meant


def compensability(case: Case, data: Datasets) -> Outcome:
    """How far each mean lets one part make up for another. "0 (limit) or error" are our two options for a zero part."""
    inputs, want = given(case), case["expected"]
    figures: dict[str, Any] = {}
    options: dict[str, tuple[Any, Any]] = {}
    for how in ("arithmetic", "geometric", "harmonic"):
        figures[how] = [mean_of(values, how) for values in inputs["x"]]
        for which, values in zip(ORDINALS, inputs["x"], strict=False):
            options[f"{how}_{which}"] = (mean_of(values, how), mean_of(values, how, not_positive="undefined"))
    figures |= {name: limit for name, (limit, _) in options.items()}
    either = {name: each for name, each in want.items() if isinstance(each, str)}
    wrong = {name: each for name, each in either.items() if not _offered(options.get(name), each)}
    if wrong:
        return Outcome(Status.FAILED, {name: options.get(name) for name in wrong}, wrong, "no option gives that")
    return several({**case, "expected": {name: each for name, each in want.items() if name not in either}}, figures)


def _offered(options: tuple[Any, Any] | None, words: str) -> bool:
    """Whether each alternative in words ("0 (limit) or error") is what one of the two options gives."""
    if options is None:
        return False
    wanted = [each.split()[0] for each in words.split(" or ")]
    return all(any(same(got, None if each == "error" else number(each)) for got in options) for each in wanted)


# --- weights down a tree --------------------------------------------------------------------------------------------


def effective_weights(case: Case, data: Datasets) -> Outcome:
    """How much of the top score each indicator makes: the score when it alone has one point, and all others none."""
    ((top, branches),) = given(case)["tree"].items()
    result = _result(top, {"children": branches})
    plan = project(results=(result,))
    blank = mne.score(counted(plan, []), scheme=plain_scheme())
    nothing = dict.fromkeys(plan.indicators, Fraction(0))
    alone = {each: mne.rescored(blank, points={**nothing, each: Fraction(1)}) for each in plan.indicators}
    return several(case, {name: alone[code(name)][code(top)].score for name in _leaves(branches)})


def _result(name: str, node: Mapping[str, Any]) -> dict[str, Any]:
    children = node["children"]
    deeper = {each: child for each, child in children.items() if isinstance(child, Mapping)}
    leaves = {each: weight for each, weight in children.items() if each not in deeper}
    if deeper and leaves:
        raise NotWired("indicators beside results under one parent")
    return {
        "id": code(name),
        "title": name,
        "level": "outcome",
        "weight": decimal_of(exact(node.get("w", 1))),
        "results": tuple(_result(each, child) for each, child in deeper.items()),
        "indicators": tuple(
            indicator(code(each), accumulation="level", weight=decimal_of(exact(weight)))
            for each, weight in leaves.items()
        ),
    }


def _leaves(children: Mapping[str, Any]) -> Iterator[str]:
    for name, child in children.items():
        if isinstance(child, Mapping):
            yield from _leaves(child["children"])
        else:
            yield name


# --- normalisation --------------------------------------------------------------------------------------------------


def goalpost(case: Case, data: Datasets) -> Outcome:
    """The way between two fixed posts."""
    inputs = given(case)
    if unknown := set(inputs) - {"x", "min", "max", "direction"}:
        raise NotWired(f"goalposts with {', '.join(sorted(unknown))}")
    way: Any = direction_of(inputs.get("direction", 1))
    return told(case, equity.goalposts(exact(inputs["x"]), exact(inputs["min"]), exact(inputs["max"]), direction=way))


def coinr_goalposts(case: Case, data: Datasets) -> Outcome:
    """The way between two posts, where the upper one is worth the third number, in one or both directions."""
    inputs = given(case)
    low, high, worth = numbers(inputs["goalposts"])

    def normalised(way: Any) -> list[Fraction]:
        return [equity.goalposts(exact(x), low, high, direction=way) * worth for x in inputs["x"]]

    names = {"increase": "pos", "decrease": "neg"}
    ways = [direction_of(sign) for sign in inputs["directions"]]
    return several(case, {names[way]: normalised(way) for way in ways})


def distance_to_target(case: Case, data: Datasets) -> Outcome:
    """The way from the far end of the values to the target; capped where a card's ceiling is 1."""
    inputs = given(case)
    values = numbers(inputs["x"])
    start = min(values) if direction_of(inputs["direction"]) == "increase" else max(values)

    def points(ceiling: int | None) -> list[Fraction | None]:
        scored = card(values, baseline=start, target=inputs["target"], scheme=plain_scheme(ceiling=ceiling))
        return [part.score for part in scored.indicators.values()]

    return several(case, {"uncapped": points(None), "cap_max": points(1)})


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "composite_index_hierarchy": hierarchy,
    "capped_mean_achievement": capped_mean,
    "arithmetic_mean_with_min_coverage": minimum_coverage,
    "arithmetic_mean": weighted("arithmetic"),
    "geometric_mean": weighted("geometric"),
    "harmonic_mean": weighted("harmonic"),
    "aggregator_compensability": compensability,
    "effective_weights": effective_weights,
    "goalpost_index": goalpost,
    "coinr_n_goalposts": coinr_goalposts,
    "coinr_n_dist2targ": distance_to_target,
}
