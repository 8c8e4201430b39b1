"""The plans of the benchmarks, and what a made-up report has to know of any plan.

Read `bench` first: the project of the large tables. `widened` gives any plan as many partners as a size needs.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

from mne.logframe.indicator import Axis, Indicator, Measure, Rule, category_key
from mne.logframe.model import Logframe


def widened(project: Logframe, rows: int) -> Logframe:
    """The plan with as many partners more as so many rows need, and sixty places where it has none.

    New partners report from every place, and are assigned to all that others are assigned to.
    """
    told = project.model_dump(mode="json", exclude_defaults=True)
    if not project.locations:
        told["locations"] = [{"id": f"L{n:03d}", "title": f"Place {n}"} for n in range(60)]
    places = leaves(project) if project.locations else [each["id"] for each in told["locations"]]
    reported = [each for each in project.indicators.values() if each.formula is None]
    of_each = {each.id: rows_of(project, each) * len(project.periods_of(each)) * len(places) for each in reported}
    free = sum(of_each[each.id] for each in reported if not each.assignments)
    more = math.ceil((rows - free * len(project.partners) - due_rows(project)) / sum(of_each.values()))
    if more < 1 and (project.locations or not free):
        return project
    new = [f"P{n:05d}" for n in range(len(project.partners), len(project.partners) + max(0, more))]
    told["organisations"] = [
        *told.get("organisations", []),
        *({"id": code, "title": f"Partner {code}", "roles": ["partner"]} for code in new),
    ]
    assigned = {each.id for each in reported if each.assignments}
    for indicator in _indicators(told["results"]):
        if indicator["id"] in assigned:
            indicator["assignments"] += [{"partner": code, "locations": places} for code in new]
    return Logframe.model_validate(told)


def leaves(project: Logframe) -> list[str]:
    """The places that hold no others."""
    larger = {each.parent for each in project.locations}
    return [each.id for each in project.locations if each.id not in larger]


def due_rows(project: Logframe) -> float:
    """How many rows those send who are assigned to an indicator."""
    return sum(
        len(project.expected_reporters(indicator, period)) * rows_of(project, indicator)
        for indicator in project.indicators.values()
        for period in (project.periods_of(indicator) if indicator.formula is None else ())
    )


def _indicators(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    own = [each for result in results for each in result.get("indicators", [])]
    return own + [each for result in results for each in _indicators(result.get("results", []))]


def adds_up(indicator: Indicator) -> bool:
    """Whether the parts of an indicator make its total."""
    sums = indicator.rule(Axis.CATEGORIES) in (Rule.SUM, Rule.POOLED)
    return sums and all(each.relation == "sums_to_total" for each in indicator.disaggregation)


def in_words(indicator: Indicator) -> bool:
    """Whether reports of an indicator say words instead of a number."""
    return indicator.measure.is_text or bool(indicator.scale)


def split_of(project: Logframe, indicator: Indicator) -> list[str]:
    """The categories of the split that reports of an indicator use; none where it has none."""
    if not indicator.disaggregation or in_words(indicator) or indicator.measure is Measure.YES_NO:
        return []
    wanted = next((each for each in indicator.disaggregation if each.required), indicator.disaggregation[0])
    codes = {each.id: [code.id for code in each.codes] for each in project.dimensions if each.id in wanted.dimensions}
    return [category_key(dict(zip(codes, each, strict=True))) for each in itertools.product(*codes.values())]


def rows_of(project: Logframe, indicator: Indicator) -> float:
    """How many rows a reporter sends for a period, on average: every other one sends the parts beside the whole."""
    parts = len(split_of(project, indicator))
    return 1 + (parts if any(each.required for each in indicator.disaggregation) else parts / 2)


def bench(rows: int = 0, *, places: int = 60) -> Logframe:
    """Three outcomes: seed by sex and people trained by sex, households so far and wells, and farmers who use it.

    Together they can break nearly every rule that can speak of a table of figures. With `rows`, as wide as these need.
    """
    sex = {"id": "sex", "title": "Sex", "codes": [{"id": code, "title": code} for code in "FM"]}
    by_sex = [{"dimensions": ["sex"]}]

    def indicator(id: str, unit: str, accumulation: str, target: str, **more: Any) -> dict[str, Any]:
        asked = {"date": "2025-12-31", "value": target, "kind": "final"}
        if accumulation == "flow":
            asked["basis"] = "cumulative"
        told = {"id": id, "title": f"How many: {unit}", "measure": "number", "unit": unit, "accumulation": accumulation}
        return {**told, "targets": [asked], **more}

    share = indicator("OC3.1", "percent", "level", "60", measure="percentage", baseline={"value": "10"})
    results = [
        [
            indicator("OC1.1", "kg", "flow", "9000000000", disaggregation=by_sex, weight="60"),
            indicator("OC1.2", "person", "flow", "4000000000", disaggregation=by_sex, weight="40"),
        ],
        [
            indicator("OC2.1", "household", "running_total", "3000000000", baseline={"value": "0"}, weight="70"),
            indicator("OC2.2", "well", "level", "300000000", baseline={"value": "1000"}, weight="30"),
        ],
        [share],
    ]
    plan = Logframe.model_validate(
        {
            "id": "BENCH", "title": "Benchmark", "start": "2020-01-01", "end": "2025-12-31",
            "organisations": [{"id": "P00000", "title": "Partner P00000", "roles": ["partner"]}],
            "locations": [{"id": f"L{n:03d}", "title": f"Place {n}"} for n in range(places)],
            "dimensions": [sex], "units": [{"id": "well"}],
            "results": [
                {"id": f"OC{n}", "level": "outcome", "title": f"Outcome {n}", "indicators": indicators}
                for n, indicators in enumerate(results, start=1)
            ],
        }
    )  # fmt: skip
    return widened(plan, rows) if rows else plan
