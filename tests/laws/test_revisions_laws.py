"""Laws of comparing plans: what a diff leaves out scores the same, whatever was edited. Equality is exact."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import Phase, assume, event, find, given, note, settings
from hypothesis import strategies as st

from mne.errors import SchemeError
from mne.logframe.model import Logframe
from mne.logframe.revisions import Change, ChangeKind, Effect, as_known, diff
from mne.scores.revised import score_effects
from mne.scores.scheme import Scheme, schemes
from mne.scores.scorecard import score
from mne.tables.observations import Observations
from mne.testing import LOCATIONS, PARTNERS, logframes, numbers, observation_rows
from mne.values.aggregate import aggregate

GATED = Scheme.model_validate(
    {
        **schemes()["baseline-target"].model_dump(),
        "id": "gated",
        "gates": [
            {"id": "kept", "title": "No core indicator under half", "when": "core_below", "below": "0.5", "cap": "C"},
            {"id": "heard", "title": "Every core indicator told", "when": "core_missing", "cap": "B2"},
        ],
    }
)
"""No shipped scheme that scores achievements has gates: the ratings of results look at their core indicators here."""

SCHEMES: tuple[str | Scheme, ...] = (
    "baseline-target",
    GATED,
    "composite-geometric",
    "fcdo-annual-review",
    "growth-rate",
    "oha-quarterly",
    "un-progress-chart",
)
DAYS = st.sampled_from([dt.date(2024, month, 28) for month in (3, 6, 9, 12)] + [dt.date(2024, 12, 31)])
REVISED = st.sampled_from(["2024-02-01", "2024-05-01", "2024-08-01", "2025-01-01"])
QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")

Tree = dict[str, Any]


# --- plans that use all there is ----------------------------------------------------------------------------------


@st.composite
def plans(draw: st.DrawFn) -> Logframe:
    """A plan with own units, exchange rates, period names, and perhaps an indicator that is computed."""
    if draw(st.booleans()):
        return RICH
    tree = plain(draw(logframes()))
    tree["units"] = [
        {"id": "bag", "title": "Bag", "of": "kg", "factor": "50", "aliases": ["sack"]},
        {"id": "crate", "of": "bag", "factor": "1/2"},
        {"id": "visitor", "title": "Visitor"},
    ]
    tree["exchange_rates"] = [
        {"currency": "TJS", "to": "USD", "rate": "0.1", "date": "2024-01-01"},
        {"currency": "TJS", "to": "USD", "rate": "0.11", "date": "2024-06-01"},
        {"currency": "EUR", "to": "USD", "rate": "1.1"},
    ]
    tree["calendar"]["names"] = {"Early": "2024-Q1", "Mid": "2024-Q2"}
    every = list(indicators_of(tree))
    for each in every:
        if each["measure"] == "currency":
            each["unit"] = draw(st.sampled_from(["USD", "TJS"]))
        for target in each["targets"]:
            if target["period"] == "2024-Q2" and draw(st.booleans()):
                target["period"] = "Mid"
    if len(every) > 1 and draw(st.booleans()):
        last = every[-1]
        last["formula"] = draw(st.sampled_from(["{0} * 2", "{0} + {1}", "max({0}, {1})"])).format(
            draw(st.sampled_from(every[:-1]))["id"], draw(st.sampled_from(every[:-1]))["id"]
        )
    return Logframe.model_validate(tree)


def _rich() -> Logframe:
    """A small plan in which every kind of edit finds something that it can change."""

    def one(id: str, accumulation: str = "level", **more: Any) -> Tree:
        due = [{"period": "2024-Q1", "value": "40"}, {"period": "2024-Q3", "value": "90"}]
        if accumulation == "flow":
            due = [{**each, "basis": "per_period"} for each in due]
        told = {
            "measure": "number",
            "unit": "kg",
            "baseline": {"value": "1"},
            "targets": due,
            "accumulation": accumulation,
        }
        return {"id": id, "title": f"Indicator {id}", **told, **more}

    crossed = [{"dimensions": ["sex", "age"]}]
    known = [{"period": "Mid", "value": "50", "since": "2024-05-01", "history": [{"value": "30"}]}]
    assigned = [{"partner": partner} for partner in PARTNERS[:2]]
    money = {"measure": "currency", "unit": "USD"}
    tree = {
        "id": "TEST",
        "title": "A rich plan",
        "start": "2024-01-01",
        "end": "2024-12-31",
        "organisations": [{"id": code, "title": code, "roles": ["partner"]} for code in PARTNERS],
        "locations": [{"id": code, "title": code} for code in LOCATIONS],
        "dimensions": [
            {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "women"}, {"id": "M", "title": "men"}]},
            {"id": "age", "title": "Age", "codes": [{"id": "<25", "title": "young"}, {"id": "25+", "title": "older"}]},
        ],
        "units": [
            {"id": "bag", "of": "kg", "factor": "50", "aliases": ["sack"]},
            {"id": "crate", "of": "bag", "factor": "1/2"},
        ],
        "exchange_rates": [
            {"currency": "TJS", "to": "USD", "rate": "0.1", "date": "2024-01-01"},
            {"currency": "EUR", "to": "USD", "rate": "1.1"},
        ],
        "calendar": {"names": {"Mid": "2024-Q2"}},
        "results": [
            {
                "id": "G",
                "level": "impact",
                "title": "Goal",
                "results": [
                    {
                        "id": "OC1",
                        "level": "outcome",
                        "title": "One",
                        "indicators": [one("A", targets=known, core=True), one("B", formula="A * 2 + C")],
                        "results": [
                            {"id": "OP1", "level": "output", "title": "Beneath", "indicators": [one("E", "flow")]}
                        ],
                    },
                    {
                        "id": "OC2",
                        "level": "outcome",
                        "title": "Two",
                        "indicators": [
                            one("C", "flow", weight="2", assignments=assigned),
                            one("D", weight="3", disaggregation=crossed, missing="propagate", assignments=assigned[:1]),
                            one("M", weight="1", **money),
                        ],
                    },
                ],
            }
        ],
    }
    return Logframe.model_validate(tree)


RICH = _rich()


def plain(plan: Logframe) -> Tree:
    tree: Tree = json.loads(plan.model_dump_json())
    return tree


def results_of(tree: Tree) -> Iterator[Tree]:
    waiting = list(tree["results"])
    while waiting:
        result = waiting.pop(0)
        yield result
        waiting += result["results"]


def indicators_of(tree: Tree) -> Iterator[Tree]:
    for result in results_of(tree):
        yield from result["indicators"]


@st.composite
def reports(draw: st.DrawFn, plan: Logframe) -> Observations:
    rows = draw(observation_rows(plan))
    for row in rows:
        unit = plan.indicators[row["indicator"]].unit
        if "value" in row and unit == "kg" and draw(st.integers(0, 2)) == 0:
            row["unit"] = draw(st.sampled_from(["bag", "crate", "sack"]))
        elif "value" in row and unit in ("USD", "TJS") and draw(st.integers(0, 2)) == 0:
            row["unit"] = draw(st.sampled_from(["USD", "TJS", "EUR"]))
    return Observations.from_rows(rows)


# --- edits --------------------------------------------------------------------------------------------------------

Edit = Callable[[st.DrawFn, Tree], None]


def pick(draw: st.DrawFn, parts: Any) -> Any:
    parts = list(parts)
    assume(parts)
    return draw(st.sampled_from(parts))


def an_indicator(draw: st.DrawFn, tree: Tree) -> Tree:
    found: Tree = pick(draw, indicators_of(tree))
    return found


def a_target(draw: st.DrawFn, tree: Tree) -> Tree:
    found: Tree = pick(draw, (target for each in indicators_of(tree) for target in each["targets"]))
    return found


FIELDS: list[tuple[str, list[Any]]] = [
    ("title", ["Another title", {"en": "Title", "fr": "Titre"}]),
    ("direction", ["increase", "decrease", "maintain"]),
    ("accumulation", ["flow", "running_total", "level"]),
    ("missing", ["skip", "propagate", "zero"]),
    ("zero_means", ["zero", "missing"]),
    ("min_coverage", [None, "0.2", "0.9"]),
    ("baseline_included", [True, False]),
    ("tolerance", [None, "3", "30"]),
    ("survey", [None, {"sample_size": 400}]),
    ("weight", [None, "0", "1", "7.5"]),
    ("core", [True, False]),
    ("unit", ["kg", "t", "bag", "percent", "USD", None]),
    ("frequency", [None, "quarterly", "semiannual", "annual"]),
    ("counts", [None, "services", "unique"]),
    ("reported_as", [None, "value"]),
    ("per", [None, "100", "1000"]),
    ("definition", ["What it means", None]),
    ("reachable", [None, "100"]),
    ("responsible", [["P-A"], ["P-B", "P-A"]]),
    ("formula", [None]),
    ("thresholds", [{"jump": "2"}, {"jump": "3", "outlier": "9"}]),
    ("disaggregation", [[], [{"dimensions": ["age"]}], [{"dimensions": ["age", "sex"]}]]),
    ("contributes_to", [[{"project": "Q", "indicator": "X"}], []]),
    ("scale", [[{"id": step} for step in ("low", "middle", "top", "high")]]),
]


def set_a_field(draw: st.DrawFn, tree: Tree) -> None:
    name, values = draw(st.sampled_from(FIELDS))
    an_indicator(draw, tree)[name] = draw(st.sampled_from(values))


def set_aggregation(draw: st.DrawFn, tree: Tree) -> None:
    told = an_indicator(draw, tree)["aggregation"]
    name = draw(st.sampled_from(["categories", "locations", "partners", "time", "totals", "order"]))
    if name == "totals":
        told[name] = draw(st.sampled_from(["entered_total", "sum_of_parts"]))
    elif name == "order":
        told[name] = ["categories", *draw(st.permutations(["locations", "partners", "time"]))]
    else:
        told[name] = draw(st.sampled_from([None, "sum", "max", "min", "median", "latest" if name == "time" else "max"]))


def set_a_formula(draw: st.DrawFn, tree: Tree) -> None:
    each, other = an_indicator(draw, tree), an_indicator(draw, tree)
    each["formula"] = draw(st.sampled_from(["{0}*3", "{0} * 2", "min({0}, 20)", "{0} + NOBODY"])).format(other["id"])


RESULT_FIELDS: list[tuple[str, list[Any]]] = [
    ("weight", [None, "1", "30", "70"]),
    ("title", ["Another title"]),
    ("level", ["outcome", "output", "impact", "other"]),
    ("risk", ["low", "high"]),
    ("assumptions", [["Peace holds"], []]),
]


def set_a_result(draw: st.DrawFn, tree: Tree) -> None:
    result = pick(draw, results_of(tree))
    name, values = draw(st.sampled_from(RESULT_FIELDS))
    result[name] = draw(st.sampled_from(values))


def double_all_weights(draw: st.DrawFn, tree: Tree) -> None:
    result = pick(draw, results_of(tree))
    for each in (*result["indicators"], *result["results"]):
        each["weight"] = str(2 * float(each["weight"])) if each["weight"] is not None else None


def set_a_target(draw: st.DrawFn, tree: Tree) -> None:
    target = a_target(draw, tree)
    match draw(
        st.sampled_from(["number", "comparator", "kind", "basis", "due", "status", "since", "words", "category"])
    ):
        case "number":
            for name in ("minimum", "maximum", "above_baseline", "numerator", "denominator", "stage"):
                target[name] = None
            target["value"] = str(draw(numbers(high=90)))
        case "comparator":
            target["comparator"] = draw(st.sampled_from(["=", "≥", "≤"]))
        case "kind":
            target["kind"] = draw(st.sampled_from(["milestone", "final"]))
        case "basis":
            target["basis"] = draw(st.sampled_from(["per_period", "cumulative", None]))
        case "due":
            target["period"] = draw(st.sampled_from([*QUARTERS, "2024", "Early", "Mid"]))
        case "status":
            target["status"] = draw(st.sampled_from(["set", "pending", "not_applicable"]))
        case "since":
            target["since"] = draw(REVISED | st.none())
        case "category":
            target["category"] = draw(st.sampled_from(["_T", "sex=F"]))
        case _:
            target["reason"] = "It had to be"


def revise_a_target(draw: st.DrawFn, tree: Tree) -> None:
    target = a_target(draw, tree)
    version = {
        name: target[name]
        for name in ("value", "numerator", "denominator", "stage", "minimum", "maximum", "above_baseline", "comparator",
                     "status", "since")
    }  # fmt: skip
    if draw(st.booleans()):
        target["history"] = [*target["history"], version]
    for name in ("minimum", "maximum", "above_baseline", "numerator", "denominator", "stage"):
        target[name] = None
    target |= {"value": str(draw(numbers(high=90))), "comparator": "=", "since": draw(REVISED), "reason": "Drought"}


def forget_the_history(draw: st.DrawFn, tree: Tree) -> None:
    target = pick(draw, (t for each in indicators_of(tree) for t in each["targets"] if t["history"]))
    target["history"] = target["history"][:-1] if draw(st.booleans()) else list(reversed(target["history"]))


def add_or_drop_a_target(draw: st.DrawFn, tree: Tree) -> None:
    each = an_indicator(draw, tree)
    if each["targets"] and draw(st.booleans()):
        each["targets"].pop(draw(st.integers(0, len(each["targets"]) - 1)))
    else:
        target = {"value": str(draw(numbers(high=90))), "basis": draw(st.sampled_from(["per_period", "cumulative"]))}
        due = draw(st.sampled_from([{"period": "2024-Q3"}, {"period": "2024"}, {"date": "2024-12-31"}]))
        each["targets"].insert(draw(st.integers(0, len(each["targets"]))), {**target, **due})


def set_the_baseline(draw: st.DrawFn, tree: Tree) -> None:
    an_indicator(draw, tree)["baseline"] = draw(
        st.sampled_from(
            [
                None,
                {"status": "pending"},
                {"value": "5"},
                {"value": "5", "date": "2023-06-30"},
                {"value": "50", "note": "Counted again", "categories": {"sex=F": {"value": "2"}}},
            ]
        )
    )


def set_assignments(draw: st.DrawFn, tree: Tree) -> None:
    each = an_indicator(draw, tree)
    one = {
        "partner": draw(st.sampled_from(PARTNERS)),
        "locations": draw(st.sampled_from([[], [LOCATIONS[0]], list(LOCATIONS)])),
        "since": draw(st.sampled_from([None, "2024-04-01"])),
        "until": draw(st.sampled_from([None, "2024-06-30"])),
    }
    kept = each["assignments"]
    each["assignments"] = draw(st.sampled_from([[*kept, one], [one], kept[1:], list(reversed(kept)), []]))


def move(draw: st.DrawFn, tree: Tree) -> None:
    source, goal = pick(draw, results_of(tree)), pick(draw, results_of(tree))
    if draw(st.booleans()):
        assume(source["indicators"])
        goal["indicators"].append(source["indicators"].pop())
    else:
        assume(source["results"])
        child = source["results"].pop()
        assume(goal["id"] not in {each["id"] for each in results_of({"results": [child]})})
        goal["results"].append(child)


def add_or_drop(draw: st.DrawFn, tree: Tree) -> None:
    result = pick(draw, results_of(tree))
    if draw(st.booleans()):
        extra = copy.deepcopy(an_indicator(draw, tree)) | {
            "id": f"N{len(list(indicators_of(tree)))}",
            "title": "New one",
        }
        result["indicators"].insert(0, extra)
    elif draw(st.booleans()):
        number = len(list(results_of(tree)))
        result["results"].append(
            {"id": f"R{number}", "level": "output", "title": "New", "indicators": [], "results": []}
        )
    else:
        parts = result[draw(st.sampled_from(["indicators", "results"]))]
        assume(parts)
        parts.pop()


def rename(draw: st.DrawFn, tree: Tree) -> None:
    part = pick(draw, [*indicators_of(tree), *results_of(tree)])
    part["id"] = f"{part['id']}x"


def shuffle(draw: st.DrawFn, tree: Tree) -> None:
    for result in results_of(tree):
        for name in ("indicators", "results"):
            result[name] = draw(st.permutations(result[name]))
        for each in result["indicators"]:
            for name in ("targets", "assignments", "disaggregation"):
                each[name] = draw(st.permutations(each[name]))
    for name in ("units", "exchange_rates", "dimensions", "organisations"):
        tree[name] = draw(st.permutations(tree[name]))


def set_the_calendar(draw: st.DrawFn, tree: Tree) -> None:
    match draw(st.sampled_from(["frequency", "year", "names", "end", "start", "id"])):
        case "frequency":
            tree["calendar"]["frequency"] = draw(st.sampled_from(["quarterly", "semiannual", "monthly"]))
        case "year":
            tree["calendar"]["fiscal_year_start"] = draw(st.sampled_from(["01-01", "07-01"]))
        case "names":
            names = st.sampled_from([{}, {"Mid": "2024-Q3"}, {"Mid": "2024-Q2", "Late": "2024-Q4"}])
            tree["calendar"]["names"] = draw(names)
        case "end":
            tree["end"] = draw(st.sampled_from(["2024-12-31", "2025-06-30", "2024-11-15"]))
        case "start":
            tree["start"] = draw(st.sampled_from(["2024-01-01", "2023-07-01"]))
        case _:
            tree["id"] = draw(st.sampled_from(["TEST", "OTHER"]))


def set_units(draw: st.DrawFn, tree: Tree) -> None:
    unit = pick(draw, tree["units"])
    match draw(st.sampled_from(["factor", "of", "drop", "title", "alias", "new"])):
        case "factor":
            unit["factor"] = draw(st.sampled_from(["2", "40"]))
        case "of":
            unit["of"] = draw(st.sampled_from(["kg", "t", "person", "EUR"]))
        case "drop":
            tree["units"].remove(unit)
        case "title":
            unit["title"] = "Another title"
        case "alias":
            unit["aliases"] = draw(st.sampled_from([[], ["sack"], ["chest"]]))
        case _:
            tree["units"].append({"id": draw(st.sampled_from(["EUR", "chest", "t"])), "of": "kg", "factor": "3"})


def set_rates(draw: st.DrawFn, tree: Tree) -> None:
    rates = tree["exchange_rates"]
    match draw(st.sampled_from(["rate", "drop", "date", "kind", "new"])):
        case "rate":
            pick(draw, rates)["rate"] = "0.2"
        case "drop":
            del rates[:1]
        case "date":
            pick(draw, rates)["date"] = draw(st.sampled_from([None, "2024-03-01"]))
        case "kind":
            pick(draw, rates)["kind"] = draw(st.sampled_from(["average", "fixed", "spot"]))
        case _:
            rates.append({"currency": "EUR", "to": "TJS", "rate": "12"})


def set_lists(draw: st.DrawFn, tree: Tree) -> None:
    match draw(st.sampled_from(["codes", "dimension", "organisations", "locations", "title", "budgets", "thresholds"])):
        case "codes":
            codes = pick(draw, tree["dimensions"])["codes"]
            codes[0]["id"] = "other"
        case "dimension":
            tree["dimensions"].append({"id": "region", "title": "Region", "codes": [{"id": "N", "title": "north"}]})
        case "organisations":
            tree["organisations"].pop()
        case "locations":
            tree["locations"].pop()
        case "title":
            tree["title"] = "Another title"
        case "budgets":
            tree["budgets"] = [{"amount": "5", "currency": "USD"}]
        case _:
            tree["thresholds"] = {"jump": "4"}


EDITS: tuple[Edit, ...] = (
    set_a_field, set_aggregation, set_a_formula, set_a_result, double_all_weights, set_a_target, revise_a_target,
    forget_the_history, add_or_drop_a_target, set_the_baseline, set_assignments, move, add_or_drop, rename, shuffle,
    set_the_calendar, set_units, set_rates, set_lists,
)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn, plan: Logframe, *, edits: tuple[Edit, ...] = EDITS) -> Logframe:
    tree = plain(plan)
    for edit in draw(st.lists(st.sampled_from(edits), min_size=1, max_size=3)):
        edit(draw, tree)
        event(edit.__name__)
        # What an edit wrote in short is written out again, so that the next one finds every field.
        tree = plain(Logframe.model_validate(tree))
    every = Counter(part["id"] for part in (*results_of(tree), *indicators_of(tree)))
    assume(max(every.values()) == 1)
    return Logframe.model_validate(tree)


# --- the laws -----------------------------------------------------------------------------------------------------


def standing(part: Any) -> tuple[Any, ...]:
    """All that a card says of a result or indicator, but its share, which is its siblings' matter too."""
    if not hasattr(part, "indicator"):
        return part.score, part.rating, part.coverage, part.reason
    scored = part.scored
    series = [(each.period, each.amount, each.to_date) for each in part.actual.periods]
    measured = (scored.value, scored.reason, scored.actual, scored.baseline, scored.target, scored.expected)
    return part.actual.amount, part.actual.as_of, series, measured, part.score, part.rating, part.reason


@given(st.data(), st.sampled_from(SCHEMES))
def test_what_a_diff_leaves_out_scores_the_same(data: st.DataObject, scheme: str | Scheme) -> None:
    old = data.draw(plans())
    new = data.draw(edited(old))
    observations = data.draw(reports(old))
    found = diff(old, new)
    until, known_by = data.draw(DAYS), data.draw(DAYS | st.none())
    try:
        before, after = (
            score(aggregate(observations, plan, until=until, known_by=known_by), scheme=scheme) for plan in (old, new)
        )
    except SchemeError:
        assume(False)
    affected = set(found.affected)
    shifted = {code for change in found for code in change.shares}
    touched = [change for change in found if change.effect not in (Effect.CHECKS, Effect.WORDS)]
    event(f"{len(before)} parts, some left out: {bool(set(before) - affected)}")
    for code in {*before, *after}:
        if code in affected:
            continue
        assert code in before
        assert code in after
        assert standing(before[code]) == standing(after[code]), (code, [change.words for change in found])
        if code not in shifted:
            sure = not touched or before[code].share == after[code].share
            assert sure, (code, [change.words for change in found])


@given(st.data(), st.sampled_from(SCHEMES))
def test_every_differing_score_is_explained(data: st.DataObject, scheme: str | Scheme) -> None:
    old = data.draw(plans())
    new = data.draw(edited(old))
    observations = data.draw(reports(old))
    found = diff(old, new)
    try:
        effects = score_effects(found, observations, scheme=scheme, known_by=data.draw(DAYS | st.none()))
    except SchemeError:
        assume(False)
    assert effects.old.until == effects.new.until
    for each in effects:
        assert each.changes, (each, [change.words for change in found])
        assert all(change.effect not in (Effect.CHECKS, Effect.WORDS) for change in each.changes)
    listed = {each.id for each in effects}
    for code in set(effects.old) & set(effects.new) - listed:
        assert effects.old[code].score == effects.new[code].score
        assert effects.old[code].rating == effects.new[code].rating


@given(st.data())
def test_a_plan_does_not_differ_from_itself(data: st.DataObject) -> None:
    plan = data.draw(plans())
    assert not diff(plan, plan)
    assert not diff(plan, Logframe.model_validate(plain(plan)))


def shuffled_chain(draw: st.DrawFn, tree: Tree) -> None:
    """Another order, where order means nothing: all lists but splits, dimensions and stages."""
    for result in results_of(tree):
        for name in ("indicators", "results"):
            result[name] = draw(st.permutations(result[name]))
        for each in result["indicators"]:
            for name in ("targets", "assignments", "references"):
                each[name] = draw(st.permutations(each[name]))
    for name in ("units", "exchange_rates", "organisations", "locations"):
        tree[name] = draw(st.permutations(tree[name]))


@given(st.data())
def test_another_order_alone_is_no_change(data: st.DataObject) -> None:
    plan = data.draw(plans())
    # Two targets for one day are told apart by their order.
    for each in plan.indicators.values():
        days = [(plan.period(target.period or "") or target.date, target.kind) for target in each.targets]
        assume(len(days) == len(set(days)))
    other = data.draw(edited(plan, edits=(shuffled_chain,)))
    found = diff(plan, other)
    assert not found, [change.words for change in found]


MIRRORED = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}


def essence(change: Change, *, turned: bool) -> tuple[Any, ...]:
    words = (change.after, change.before) if turned else (change.before, change.after)
    kind = MIRRORED.get(change.kind, change.kind) if turned else change.kind
    return kind, words, change.effect, frozenset(change.affects), len(change.shares)


@given(st.data())
def test_a_diff_read_backwards_is_the_diff_backwards(data: st.DataObject) -> None:
    old = data.draw(plans())
    new = data.draw(edited(old))
    forth, back = diff(old, new), diff(new, old)
    note(f"forth {[(each.words, each.touches) for each in forth]}")
    note(f"back {[(each.words, each.touches) for each in back]}")
    assert Counter(essence(each, turned=True) for each in forth) == Counter(
        essence(each, turned=False) for each in back
    )
    same = {each.place for each in forth if each.kind in (ChangeKind.ADDED, ChangeKind.REMOVED)}
    assert same == {each.place for each in back if each.kind in (ChangeKind.ADDED, ChangeKind.REMOVED)}
    assert {after: before for before, after in forth.renamed.items()} == dict(back.renamed)


def unordered(part: Any) -> Any:
    """Plain data whose lists stand in one order, whatever order they stood in."""
    if isinstance(part, dict):
        return {name: unordered(each) for name, each in part.items()}
    return sorted(map(unordered, part), key=repr) if isinstance(part, list) else part


@given(st.data())
def test_no_edit_goes_unheard(data: st.DataObject) -> None:
    """Plans that a diff calls the same are equal but for order; who reports may be spelled out in several ways."""
    old = data.draw(plans())
    new = data.draw(edited(old, edits=tuple(edit for edit in EDITS if edit is not set_assignments)))
    if not diff(old, new):
        assert unordered(plain(old)) == unordered(plain(new))


@given(st.data())
def test_narrowing_keeps_what_it_should(data: st.DataObject) -> None:
    old = data.draw(plans())
    found = diff(old, data.draw(edited(old)))
    for code in found.affected:
        assert found.of(code)
        assert set(found.of(code)) <= set(found)
    union = {change for code in (*found.old.results_by_id, *found.old.indicators) for change in found.of(code)}
    assert union <= set(found)


# --- the plan as of a day -----------------------------------------------------------------------------------------


def received(observations: Observations, day: dt.date) -> Observations:
    """The reports received by a day; one whose day of receipt is unknown counts as received."""
    rows = observations.to_polars().to_dicts()
    return Observations.from_rows([row for row in rows if row["reported_on"] is None or row["reported_on"] <= day])


@st.composite
def with_history(draw: st.DrawFn) -> Logframe:
    tree = plain(draw(plans()))
    for _ in range(draw(st.integers(0, 4))):
        if any(each["targets"] for each in indicators_of(tree)):
            revise_a_target(draw, tree)
            tree = plain(Logframe.model_validate(tree))
    return Logframe.model_validate(tree)


@given(st.data(), st.sampled_from(SCHEMES), DAYS)
def test_scoring_as_known_by_a_day_is_scoring_the_plan_of_that_day(
    data: st.DataObject, scheme: str | Scheme, day: dt.date
) -> None:
    plan = data.draw(with_history())
    observations = data.draw(reports(plan))
    until = data.draw(DAYS | st.none())
    then = as_known(plan, day)
    known = aggregate(observations, plan, until=until, known_by=day)
    try:
        whole = score(known, scheme=scheme)
    except SchemeError:
        assume(False)
    by_clock = score(aggregate(observations, then, until=until, known_by=day), scheme=scheme)
    by_hand = score(aggregate(received(observations, day), then, until=until), scheme=scheme)
    assert whole.until == by_clock.until == by_hand.until
    for code in whole:
        assert standing(whole[code]) == standing(by_clock[code]) == standing(by_hand[code]), code


@given(st.data(), DAYS, DAYS)
def test_the_past_of_the_past(data: st.DataObject, day: dt.date, later: dt.date) -> None:
    plan = data.draw(with_history())
    assume(day <= later)
    then = as_known(plan, day)
    assert as_known(then, day) == then
    assert as_known(then, later) == then
    assert as_known(as_known(plan, later), day) == then
    for each in then.indicators.values():
        assert all(version.since is None or version.since <= day for version in each.targets)


@given(st.data(), DAYS)
def test_a_plan_and_its_past_differ_in_targets_alone(data: st.DataObject, day: dt.date) -> None:
    plan = data.draw(with_history())
    for change in diff(as_known(plan, day), plan):
        assert ".targets" in change.place, change.words


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_every_kind_of_edit_is_seen_at_work(edit: Edit) -> None:
    """Each way of editing makes changes that a diff names; else the laws above would say nothing of it."""
    pairs = plans().flatmap(lambda plan: st.tuples(st.just(plan), edited(plan, edits=(edit,))))
    old, new = find(pairs, lambda pair: bool(diff(*pair)), settings=settings(max_examples=300, phases=[Phase.generate]))
    assert diff(old, new).changes
