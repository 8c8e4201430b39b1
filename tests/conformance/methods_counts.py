"""Published ways to make one value of several places' reports, each as a rule of an indicator. Read `ADAPTERS` first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.conformance.building import counted, pair, project, ratio
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome
from tests.conformance.methods_common import decimal_of, exact, given, numbers, several
from tests.conformance.peers_simple import across, places

RULES: Final = {"SUM": "sum", "MAX": "max", "MIN": "min", "AVG": "mean", "MEAN": "mean", "MEDIAN": "median"}


def quantities(case: Case, data: Datasets) -> Outcome:
    """Numbers of places, by rule."""
    values = numbers(given(case)["values"])
    return several(case, {name: across(values, rule).value for name, rule in RULES.items()})


def _shares(pairs: Sequence[tuple[Any, Any]], **aggregation: Any) -> Any:
    """Numerators and denominators of places as one: pooled, unless another rule is named."""
    rows = [pair(*each, location=name) for each, name in zip(pairs, places(pairs), strict=True)]
    one = ratio(measure="ratio", aggregation={"partners": "mean", **aggregation} if aggregation else {})
    return counted(project(one), rows)["I"].amount


def ratios(case: Case, data: Datasets) -> Outcome:
    """Pooled; and the mean of the places' own ratios, which is called wrong."""
    pairs = [(exact(each["v"]), exact(each["d"])) for each in given(case)["locations"]]
    pooled, mean = _shares(pairs), _shares(pairs, locations="mean")
    return several(
        case,
        {
            "v": pooled.numerator,
            "d": pooled.denominator,
            "ratio": pooled.value,
            "mean_of_ratios_wrong": mean.value,
        },
    )


def percentages(case: Case, data: Datasets) -> Outcome:
    """Pooled, as a plain mean, or as a mean by the sizes that the asked figure names."""
    inputs = given(case)
    pairs = list(zip(numbers(inputs["num"]), numbers(inputs["den"]), strict=True))
    figures = {"pooled": _shares(pairs).value, "mean_of_pcts": _shares(pairs, locations="mean").value}
    for name in case["expected"]:
        if sizes := re.fullmatch(r"population_weighted_if_pop_(\d+(?:_\d+)*)", name):
            told = [decimal_of(exact(each)) for each in sizes[1].split("_")]
            if len(told) != len(pairs):
                raise NotWired(f"{len(told)} sizes for {len(pairs)} places")
            weights = dict(zip(places(pairs), told, strict=True))
            figures[name] = _shares(pairs, locations="weighted_mean", weights=weights).value
    return several(case, figures)


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "percentage_aggregation": percentages,
    "quantity_across_locations": quantities,
    "ratio_across_locations": ratios,
}
