"""Values in parts: sums by category, cross-tabulations with their marginals, and running totals that are split.

Read `Split` first: updates with a total and parts become the rows of one indicator that is split one way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mne.logframe.choices import TOTAL, category_key
from tests.conformance.building import (
    SPLIT,
    category,
    code,
    counted,
    dimension,
    in_period,
    indicator,
    label,
    pair,
    parts_of,
    percent,
    project,
    ratio,
    report,
    split,
)
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged
from tests.conformance.peers_periods import Series, way_of

WHOLE: Final = "value"
"""What updates call their total."""


@dataclass(frozen=True)
class Split:
    """Updates, each a mapping of a total and parts, by period and reporter."""

    updates: tuple[tuple[int, str, Mapping[str, Any]], ...]
    """Period, reporter, figures; in the order in which they came."""

    @property
    def names(self) -> list[str]:
        """The parts that occur."""
        return list(dict.fromkeys(name for _, _, told in self.updates for name in told if name != WHOLE))

    def rows(self, **more: Any) -> list[dict[str, Any]]:
        """One row per figure; several updates of a reporter in one period follow each other."""
        return [
            report(
                figure,
                period,
                nth=nth,
                partner=code(reporter),
                category=TOTAL if name == WHOLE else category(name),
                **more,
            )
            for nth, (period, reporter, told) in enumerate(self.updates)
            for name, figure in told.items()
        ]

    def plan(self, years: int = 1, **options: Any) -> Any:
        """A project with one indicator that is split in these parts."""
        one = indicator(**options, disaggregation=split() if self.names else ())
        return project(one, years=years, dimensions=(dimension(SPLIT, self.names or ["none"]),))


def figures(values: Any, names: Iterable[str], read: Any) -> dict[str, Any]:
    """The total and each part, where `read` takes what is wanted from the value of each."""
    parts = parts_of(values) if (names := list(names)) else {}
    return {WHOLE: read(values["I"]), **{name: read(parts[code(name)]) for name in names}}


def by_category(case: Case, data: Datasets) -> Outcome:
    """Sums by category over the updates that are approved; or halves of each period's result."""
    inputs = case["inputs"]
    if "targets" in inputs:
        return judged(case, _in_halves(inputs, case["method"]))
    given = inputs.get("approved", inputs.get("results"))
    if given is None:
        raise NotWired(f"parts of {sorted(inputs)}")
    approved = Split(tuple((0, "A", told) for told in given))
    rows = approved.rows(status="accepted")
    if inputs.get("draft_ignored"):
        rows += [{**row, "status": "draft", "partner": "B"} for row in rows]
    return judged(case, figures(counted(approved.plan(), rows), approved.names, lambda each: each.value))


def _in_halves(inputs: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Each result split in two halves, beside a part of which nobody speaks."""
    series = Series.of(inputs["targets"], inputs["results"], way_of(method))
    halved = series.plan(disaggregation=split(), dimensions=(dimension(SPLIT, ["one", "two", "three"]),))
    rows = [
        row
        for at, results in enumerate(series.results)
        for nth, each in enumerate(results)
        for row in (
            report(each, at, nth=nth),
            *(report(each / 2, at, nth=nth, category=category(half)) for half in ("one", "two")),
        )
    ]
    parts = parts_of(counted(halved, rows))

    def shown(value: Any, at: int) -> Any:
        each = value.period(label(at))
        running = series.way == "summing" and each.amount.value is not None
        return (each.to_date if running else each.amount).value

    without = parts.get("three")
    return {
        "actuals": series.actuals(),
        "label_actuals": [shown(parts["one"], at) for at in range(len(series.targets))],
        "lop": series.achieved("final"),
        "labels_without_data": None if without is None else without.value,
    }


# --- running totals ---------------------------------------------------------------------------------------------------


def running_totals(case: Case, data: Datasets) -> Outcome:
    """Reporters restate their totals; one that is silent keeps its last one."""
    inputs = {**_before(case, data), **case["inputs"]}
    by_period = inputs.get("updates_by_period", {name: told for name, told in inputs.items() if name.startswith("P")})
    if not by_period:
        raise NotWired(f"running totals of {sorted(inputs)}")
    periods = [*dict.fromkeys((*by_period, *case["expected"]))]
    told = Split(
        tuple(
            (periods.index(period), reporter, update)
            for period, given in by_period.items()
            for reporter, updates in (given if isinstance(given, Mapping) else {"u": given}).items()
            for update in (updates if isinstance(updates, Sequence) else [updates])
        )
    )
    plan = told.plan(len(periods), accumulation="running_total", missing="carry_forward")
    values = counted(plan, told.rows())
    return judged(
        case,
        {
            period: figures(values, told.names, lambda value, at=at: in_period(value, at).value)
            for at, period in enumerate(periods)
        },
    )


def _before(case: Case, data: Datasets) -> Mapping[str, Any]:
    """The inputs of the case before in the file, where a case goes on from "the case above"."""
    if "above" not in str(case["inputs"].get("previous", "")):
        return {}
    alike = [each for each in data.get("cases", ()) if each["topic"] == case["topic"]]
    at = next((at for at, each in enumerate(alike) if each["id"] == case["id"]), 0)
    earlier: Mapping[str, Any] = alike[at - 1]["inputs"] if at else {}
    return {name: told for name, told in earlier.items() if name.startswith("P")}


# --- ratios in parts --------------------------------------------------------------------------------------------------


def ratio_by_category(case: Case, data: Datasets) -> Outcome:
    """Numerators and denominators of several updates, summed in each category."""
    updates = case["inputs"]["updates"]
    many = max(len(update) for update in updates)
    names = [f"c{at}" for at in range(many)]
    one = ratio(accumulation="flow", aggregation={"time": "pooled"}, disaggregation=split())
    rows = [
        pair(cell["n"], cell["d"], nth=nth, category=category(names[at]))
        for nth, update in enumerate(updates)
        for at, cell in enumerate(update)
    ]
    parts = parts_of(counted(project(one, dimensions=(dimension(SPLIT, names),)), rows))
    amounts = [parts[name].amount for name in names]
    return judged(case, [{"n": each.numerator, "d": each.denominator} for each in amounts])


# --- cross-tabulations ------------------------------------------------------------------------------------------------


def crosstab(case: Case, data: Datasets) -> Outcome:
    """All marginals and the total of a table of crossed categories; an entered total is kept beside the sum of parts."""
    cells = {tuple(key.split("|")): told for key, told in case["inputs"]["cells"].items()}
    depth = max(map(len, cells))
    names = [f"d{at}" for at in range(depth)]
    codes = [list(dict.fromkeys(key[at] for key in cells)) for at in range(depth)]
    paired = any(isinstance(told, (list, tuple)) for told in cells.values())
    options = {"disaggregation": split(*names), "aggregation": {"totals": "sum_of_parts"}}
    one = ratio(measure="ratio", **options) if paired else indicator(**options)
    plan = project(one, dimensions=tuple(dimension(name, known) for name, known in zip(names, codes, strict=True)))
    rows = []
    for key, told in cells.items():
        where = category_key({name: code(part) for name, part in zip(names, key, strict=True)})
        rows.append(pair(*told, category=where) if paired else report(told, category=where))
    if case["inputs"].get("entered_total") is not None:
        rows.append(report(case["inputs"]["entered_total"]))
    values = counted(plan, rows)
    marginals = {
        known: parts_of(values, by=name)[code(known)]
        for name, every in zip(names, codes, strict=True)
        for known in every
    }
    found = {name: each.amount for name, each in (*marginals.items(), ("total", values["I"]))}
    if not paired:
        return judged(case, {name: amount.value for name, amount in found.items()})
    return judged(
        case,
        {
            name: {"n": each.numerator, "d": each.denominator, "value": each.value, "percent": percent(each.value)}
            for name, each in found.items()
        },
    )


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "disaggregation": by_category,
    "disaggregation_ratio": ratio_by_category,
    "disaggregation_crosstab": crosstab,
    "disaggregation_ratio_crosstab": crosstab,
}
