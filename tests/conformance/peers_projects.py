"""Projects that add to each other: roll-ups at any depth, amendments, who contributed what, and periods by their names.

Read `Family` first: a tree of projects with updates, each of which is a number, a numerator with a denominator, or a
list or mapping of parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

import mne
from mne.logframe.choices import TOTAL
from tests.conformance.building import (
    FIRST_YEAR,
    SPLIT,
    category,
    code,
    dimension,
    in_period,
    indicator,
    pair,
    parts_of,
    percent,
    project,
    ratio,
    report,
    split,
    together,
)
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged, number

LEAD: Final = "lead"
_WHOLE: Final = "value"


@dataclass(frozen=True)
class Update:
    """One report of a project in one period: figures by part, `value` for the whole; a pair is a ratio's two sides."""

    project: str
    figures: Mapping[str, Any]
    period: int = 0
    nth: int = 0
    reporter: str = "A"
    revision: int = 0

    def rows(self) -> list[dict[str, Any]]:
        """One row per figure; None withdraws."""
        where = {"project": self.project, "partner": code(self.reporter), "revision": self.revision, "nth": self.nth}
        made = []
        for name, told in self.figures.items():
            more = {**where, "category": TOTAL if name == _WHOLE else category(name)}
            paired = isinstance(told, (list, tuple))
            made.append(pair(*told, self.period, **more) if paired else report(told, self.period, **more))
        return made


@dataclass(frozen=True)
class Family:
    """Projects, each but the lead with the one that it adds to (None: it adds to none), and their updates."""

    above: Mapping[str, str | None]
    updates: tuple[Update, ...]
    years: int = 1
    options: Mapping[str, Any] | None = None
    """Of the indicator, in every project."""

    @property
    def parts(self) -> list[str]:
        """The parts that occur."""
        return list(dict.fromkeys(name for each in self.updates for name in each.figures if name != _WHOLE))

    @property
    def paired(self) -> bool:
        """Whether figures are numerators with denominators."""
        return any(isinstance(told, (list, tuple)) for each in self.updates for told in each.figures.values())

    def plans(self) -> list[Any]:
        """One plan per project, the lead first."""
        made = ratio if self.paired else indicator
        more = {**(self.options or {}), "disaggregation": split() if self.parts else ()}
        plans = []
        for name, parent in {LEAD: None, **self.above}.items():
            link = ({"project": parent, "indicator": "I"},) if parent else ()
            one = made(**more, contributes_to=link)
            plans.append(
                project(one, id=name, years=self.years, dimensions=(dimension(SPLIT, self.parts or ["none"]),))
            )
        return plans

    def values(self) -> Any:
        """The values of every project."""
        return together(self.plans(), [row for each in self.updates for row in each.rows()])

    def lists(self, period: int | None = None) -> dict[str, list[Any]]:
        """By project the parts, in their order: to date, or of one period."""
        values = self.values()
        found = {}
        for name in values:
            parts = parts_of(values[name])
            found[name] = [
                parts[code(part)].value if period is None else in_period(parts[code(part)], period).value
                for part in self.parts
            ]
        return found


def _figure(told: Any) -> Any:
    """A number, or the two sides of a ratio as a list."""
    return [told["n"], told["d"]] if isinstance(told, Mapping) else told


def _listed(told: Any) -> dict[str, Any]:
    """An update as figures by part: a list of categories, a mapping, or one number."""
    if isinstance(told, Mapping):
        sides = {"n", "d"} <= set(told)
        rest = {name: _figure(each) for name, each in told.items() if not sides or name not in ("n", "d", "percent")}
        return {_WHOLE: [told["n"], told["d"]], **rest} if sides else rest
    if isinstance(told, (list, tuple)):
        return {f"c{at}": figure for at, figure in enumerate(told, start=1)}
    return {_WHOLE: told}


def family(inputs: Mapping[str, Any]) -> Family:
    """A tree by its names: "child1.grandchild1" says it all; a grandchild alone is one of the only child."""
    above: dict[str, str | None] = {}
    updates: list[Update] = []
    for key, told in inputs.items():
        path = key.removesuffix("_updates").split(".")
        if path[0].startswith("grandchild"):
            path = ["child", *path]
        above |= {name: parent for name, parent in zip(path, [LEAD, *path], strict=False) if name != LEAD}
        if isinstance(told, Mapping) and all(re.fullmatch(r"P\d+", name) for name in told):
            given = [(int(name[1:]) - 1, each) for name, each in told.items()]
        else:
            given = [(0, each) for each in (told if isinstance(told, (list, tuple)) else [told])]
        updates += [Update(path[-1], _listed(each), period, nth) for nth, (period, each) in enumerate(given)]
    return Family(above, tuple(updates), years=1 + max((each.period for each in updates), default=0))


# --- roll-ups ---------------------------------------------------------------------------------------------------------


def _children(told: Sequence[Any], **options: Any) -> Family:
    """A lead with children; one that is not included adds to nothing."""
    above: dict[str, str | None] = {}
    updates = []
    for at, child in enumerate(told):
        given = child if isinstance(child, Mapping) else {"value": child}
        above[f"child{at}"] = LEAD if given.get("include", True) else None
        figure = [given["n"], given["d"]] if "n" in given else given["value"]
        updates.append(Update(f"child{at}", {_WHOLE: figure}))
    return Family(above, tuple(updates), options=options)


def _shown(amount: Any, *, told_in_percent: bool = True) -> dict[str, Any]:
    value = amount.value
    return {
        "n": amount.numerator,
        "d": amount.denominator,
        "v": amount.numerator if amount.numerator is not None else value,
        "c": value,
        _WHOLE: value,
        "percent": value if told_in_percent else percent(value),
    }


def parent_child(case: Case, data: Datasets) -> Outcome:
    """A parent's value from its children's."""
    inputs = case["inputs"]
    if "tree" in inputs:
        return judged(case, _recursive(inputs))
    if "children_actual" in inputs:
        sides = {side: number(inputs[f"children_{side}"]) for side in ("actual", "target")}
        return judged(case, mne.achievement_of(**sides, convention="actual_over_target")[0])
    if "children_v_d" in inputs:
        pairs = inputs["children_v_d"]
        plain = case["topic"] == "parent_child"
        found = _children([{"value": v} if plain else {"n": v, "d": d} for v, d in pairs]).values()[LEAD]["I"].amount
        return judged(case, _shown(found))
    if "children" not in inputs:
        raise NotWired(f"a parent of {sorted(inputs)}")
    own = inputs.get("parent_manual_actual")
    together_ = _children(inputs["children"])
    if inputs.get("aggregate_children") is False:
        together_ = replace(together_, above=dict.fromkeys(together_.above))
        together_ = replace(together_, updates=(*together_.updates, Update(LEAD, {_WHOLE: own})))
    amount = together_.values()[LEAD]["I"].amount
    return judged(case, _shown(amount) if isinstance(case["expected"], Mapping) else amount.value)


def _recursive(inputs: Mapping[str, Any]) -> dict[str, Any]:
    above = {child: parent for parent, children in inputs["tree"].items() for child in children}
    top = next(name for name in inputs["tree"] if name not in above)
    renamed = {name: LEAD if name == top else name for name in (*above, top)}
    found = Family(
        {renamed[child]: renamed[parent] for child, parent in above.items()},
        tuple(
            Update(renamed[name], _listed(told), nth=nth)
            for name, given in inputs["updates"].items()
            for nth, told in enumerate(given if isinstance(given, (list, tuple)) else [given])
        ),
    )
    values = found.values()
    told = {}
    for name, ours in renamed.items():
        parts = parts_of(values[ours]) if found.parts else {}
        told[name] = {**_shown(values[ours]["I"].amount), **{part: parts[code(part)].value for part in found.parts}}
    return told


def parts_of_children(case: Case, data: Datasets) -> Outcome:
    """Categories rolled up a tree, over the whole or period by period."""
    found = family(case["inputs"])
    asked = case["expected"]
    if any(isinstance(each, Mapping) for each in asked.values()):
        by_period = {f"P{at + 1}": found.lists(at) for at in range(found.years)}
        return judged(case, {name: {at: lists[name] for at, lists in by_period.items()} for name in asked})
    return judged(case, found.lists())


def running_totals_of_children(case: Case, data: Datasets) -> Outcome:
    """Children whose reporters restate their totals; a silent reporter keeps its last one."""
    inputs = case["inputs"]
    updates = tuple(
        Update(child, {_WHOLE: figure}, int(period[1:]) - 1, reporter=reporter)
        for child, by_period in inputs.items()
        for period, by_reporter in by_period.items()
        for reporter, figure in by_reporter.items()
    )
    years = 1 + max(each.period for each in updates)
    options = {"accumulation": "running_total", "missing": "carry_forward"}
    values = Family(dict.fromkeys(inputs, LEAD), updates, years, options).values()
    told: dict[str, Any] = {}
    for name in values:
        amounts = {f"P{at + 1}": in_period(values[name]["I"], at).value for at in range(years)}
        told[name] = amounts
        told |= {f"{name}_{period}": amount for period, amount in amounts.items()}
    return judged(case, told)


# --- amendments and contributors --------------------------------------------------------------------------------------


def revision(case: Case, data: Datasets) -> Outcome:
    """Reports that were amended or deleted afterwards: newer revisions of them."""
    inputs = case["inputs"]
    if "dataset" in inputs:
        from tests.conformance.peers_sites import sites

        return sites(case, data)
    found = family({key: told for key, told in inputs.items() if key not in ("amend", "delete")})
    if "amend" in inputs:
        found = _amended(found, inputs["amend"])
    if "delete" in inputs:
        who, _, nth = str(inputs["delete"]).rstrip("]").partition("[")
        mine = [each for each in found.updates if each.project == who.rpartition(".")[2]]
        gone = mine[int(nth) - 1 if nth else -1]
        withdrawn = replace(gone, figures=dict.fromkeys(gone.figures), revision=1)
        found = replace(found, updates=(*found.updates, withdrawn))
    return judged(case, found.lists())


def _amended(found: Family, amend: Mapping[str, Any]) -> Family:
    """The newest update of the first project, unless it is said which one, with other figures in some categories."""
    who = str(amend.get("who", found.updates[0].project)).rpartition(".")[2]
    mine = [each for each in found.updates if each.project == who]
    old = mine[int(amend["update"]) - 1 if "update" in amend else -1]
    figures = {f"c{match[1]}": told for key, told in amend.items() if (match := re.fullmatch(r"category(\d+)", key))}
    return replace(found, updates=(*found.updates, replace(old, figures=figures, revision=1)))


def lineage(case: Case, data: Datasets) -> Outcome:
    """Who contributed how much to a parent; its own reports are no contribution."""
    inputs = case["inputs"]
    if "dataset" in inputs:
        from tests.conformance.peers_sites import sites

        return sites(case, data)
    if "own_updates" in inputs:
        own = tuple(Update(LEAD, {_WHOLE: told}, nth=nth) for nth, told in enumerate(inputs["own_updates"]))
        alone = Family({"child": LEAD}, own).values()[LEAD]["I"].contributions
        return judged(case, {"contributors": sum(1 for each in alone if each.amount.value is not None)})
    above: dict[str, str | None] = {}
    updates: list[Update] = []
    for name, told in inputs.items():
        if name.startswith("grandchild"):
            child = name.removeprefix("grand")
            above |= {child: LEAD, name: child}
        else:
            above[name] = LEAD
        updates += _revised(name, told if isinstance(told, (list, tuple)) else [told])
    contributions = Family(above, tuple(updates)).values()[LEAD]["I"].contributions
    return judged(case, {"contributors": {each.project: each.amount.value for each in contributions}})


def _revised(name: str, told: Sequence[Any]) -> list[Update]:
    """Updates of which a text such as "amended 30" replaces the one before it."""
    made: list[Update] = []
    for each in told:
        if isinstance(each, str) and (match := re.fullmatch(r"amended (-?[\d.]+)", each)):
            made.append(replace(made[-1], figures={_WHOLE: Fraction(match[1])}, revision=made[-1].revision + 1))
        else:
            made.append(Update(name, {_WHOLE: each}, nth=len(made)))
    return made


# --- periods by their names -------------------------------------------------------------------------------------------


def period_alignment(case: Case, data: Datasets) -> Outcome:
    """Children whose periods fall on other days than the parent's, and belong to those of the same name."""
    inputs = case["inputs"]
    labels = sorted(case["expected"])
    parts: dict[str, None] = {}
    rows: list[dict[str, Any]] = []
    calendars: dict[str, dict[str, str]] = {}
    for shift, (child, by_period) in enumerate(inputs.items()):
        names: dict[str, str] = {}
        # Children that only name their periods lie a year apart, so that it is the name that decides.
        by_label = all(period in labels for period in by_period)
        for at, (period, told) in enumerate(by_period.items()):
            year = at + (shift if by_label else 0)
            name = period.rpartition("->")[2]
            if name in labels:
                names[name] = str(FIRST_YEAR + year)
            figures = _listed(told)
            parts |= dict.fromkeys(name for name in figures if name != _WHOLE)
            rows += Update(child, figures, year).rows()
        calendars[child] = names
    paired = any(row["numerator"] is not None for row in rows)
    above = {label: str(FIRST_YEAR + at) for at, label in enumerate(labels)}
    options = {
        "years": 1 + max(row["period_start"].year for row in rows) - FIRST_YEAR,
        "dimensions": (dimension(SPLIT, parts or ["none"]),),
    }
    made, more = ratio if paired else indicator, {"disaggregation": split() if parts else ()}
    link = ({"project": LEAD, "indicator": "I"},)
    plans = [
        project(made(**more), id=LEAD, calendar={"frequency": "annual", "names": above}, **options),
        *(
            project(
                made(**more, contributes_to=link), id=child, calendar={"frequency": "annual", "names": names}, **options
            )
            for child, names in calendars.items()
        ),
    ]
    lead = together(plans, rows)[LEAD]
    by_part = parts_of(lead) if parts else {}
    told = {}
    for name, year in above.items():
        if not parts:
            amount = in_period(lead["I"], year)
            told[name] = _shown(amount) if isinstance(case["expected"][name], Mapping) else amount.value
            continue
        amounts = {part: in_period(by_part[code(part)], year) for part in parts}
        told[name] = {part: amount.value for part, amount in amounts.items() if amount is not None}
    return judged(case, told)


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "parent_child": parent_child,
    "parent_child_ratio": parent_child,
    "cumulative_parent_child": running_totals_of_children,
    "disaggregation_parent_child": parts_of_children,
    "revision": revision,
    "lineage": lineage,
    "period_alignment": period_alignment,
}
