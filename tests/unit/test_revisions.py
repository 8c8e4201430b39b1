"""What changed between two plans, whose score that changes, and what a plan promised on a day. All arithmetic by hand."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import mne
from mne.cli import app
from mne.errors import OptionError
from mne.logframe.changes import Change, ChangeKind, Effect, Remark, in_words
from mne.logframe.files import to_yaml
from mne.logframe.indicator import Aggregation, Baseline, Disaggregation, Indicator, Target, TargetVersion
from mne.logframe.model import CodedName, Dimension, ExchangeRate, Logframe, Result, UnitDeclaration
from mne.logframe.periods import Calendar
from mne.logframe.revised_indicators import APART, PLAIN
from mne.logframe.revised_parts import LISTS, PLAN
from mne.logframe.revised_targets import ASKED, TOLD
from mne.logframe.revisions import CHAIN, RESULT, LogframeDiff, as_known, diff
from mne.scores.achievement import achievement
from mne.scores.revised import score_effects
from mne.scores.scheme import Scheme, schemes
from mne.scores.scorecard import score
from mne.tables.observations import Observations
from mne.tables.reasons import Reason
from mne.values.aggregate import aggregate

F = Fraction
Tree = dict[str, Any]


def level(id: str, **more: Any) -> Tree:
    """A level that should rise from 0 to 100 by the end of 2026."""
    told = {"id": id, "title": f"Indicator {id}", "measure": "number", "accumulation": "level", "unit": "kg"}
    return {**told, "baseline": {"value": "0"}, "targets": [{"period": "2026-Q4", "value": "100"}], **more}


def tree() -> Tree:
    """G over OC1 (A, B, and D = A + B) and OC2 (C), each with an output beneath OC1 and OC2."""
    return {
        "id": "P",
        "title": "A project",
        "version": "1",
        "start": "2026-01-01",
        "end": "2027-12-31",
        "organisations": [{"id": each, "title": each, "roles": ["partner"]} for each in ("N", "S")],
        "locations": [{"id": "L", "title": "A place"}],
        "dimensions": [
            {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "women"}, {"id": "M", "title": "men"}]},
            {"id": "age", "title": "Age", "codes": [{"id": "u", "title": "under 25"}, {"id": "o", "title": "older"}]},
        ],
        "units": [{"id": "bag", "of": "kg", "factor": "50"}, {"id": "visitor"}],
        "exchange_rates": [{"currency": "TJS", "to": "USD", "rate": "0.1", "date": "2026-01-01"}],
        "results": [
            {
                "id": "G",
                "level": "impact",
                "title": "Goal",
                "results": [
                    {
                        "id": "OC1",
                        "level": "outcome",
                        "title": "First outcome",
                        "indicators": [level("A"), level("B"), level("D", formula="A + B")],
                        "results": [{"id": "OP1", "level": "output", "title": "First output"}],
                    },
                    {
                        "id": "OC2",
                        "level": "outcome",
                        "title": "Second outcome",
                        "indicators": [
                            level("C", disaggregation=[{"dimensions": ["sex", "age"]}]),
                            level("M", measure="currency", unit="USD"),
                        ],
                        "results": [{"id": "OP2", "level": "output", "title": "Second output"}],
                    },
                ],
            }
        ],
    }


def build(told: Tree) -> Logframe:
    return Logframe.model_validate(told)


def results(told: Tree) -> dict[str, Tree]:
    goal = told["results"][0]
    found = {"G": goal}
    for outcome in goal["results"]:
        found[outcome["id"]] = outcome
        found.update({each["id"]: each for each in outcome["results"]})
    return found


def indicators(told: Tree) -> dict[str, Tree]:
    return {each["id"]: each for result in results(told).values() for each in result.get("indicators", [])}


def changed(edit: Callable[[Tree], Any], *, first: Callable[[Tree], Any] | None = None) -> LogframeDiff:
    """The diff that an edit makes; `first` prepares both plans."""
    old = tree()
    if first is not None:
        first(old)
    new = copy.deepcopy(old)
    edit(new)
    return diff(build(old), build(new))


def one(edit: Callable[[Tree], Any], *, first: Callable[[Tree], Any] | None = None) -> Change:
    """The only change that an edit makes."""
    (change,) = changed(edit, first=first)
    return change


def put(part: Callable[[Tree], Tree], **fields: Any) -> Callable[[Tree], Any]:
    return lambda told: part(told).update(fields)


def a(told: Tree) -> Tree:
    return indicators(told)["A"]


def target(told: Tree) -> Tree:
    found: Tree = a(told)["targets"][0]
    return found


EVERYBODY = {"A", "B", "C", "D", "M", "G", "OC1", "OC2"}


# --- nothing goes unheard -----------------------------------------------------------------------------------------


def test_every_field_of_a_plan_has_its_place_in_the_comparison() -> None:
    """A field that is added to the model must be given an effect, or a diff would never speak of it."""
    apart = {"id", "start", "end", "calendar", "dimensions", "units", "exchange_rates", "results"}
    assert {*PLAN, *LISTS, *apart} == set(Logframe.model_fields)
    assert {*RESULT, *CHAIN} == set(Result.model_fields)
    assert {*PLAIN, *APART} == set(Indicator.model_fields)
    assert {*ASKED, *TOLD, "since"} == set(TargetVersion.model_fields)
    own = {"period", "date", "kind", "basis", "category", "history", "note"}
    assert {*ASKED, *TOLD, "since", *own} == set(Target.model_fields)
    started = {"value", "numerator", "denominator", "stage", "status", "date", "categories"}
    assert {*started, "source", "note", "illustrative", "as_published"} == set(Baseline.model_fields)
    axes = {"categories", "locations", "partners", "time", "projects"}
    assert {*axes, "order", "totals", "weights"} == set(Aggregation.model_fields)
    assert set(Disaggregation.model_fields) == {"dimensions", "relation", "required"}
    assert set(Calendar.model_fields) == {"fiscal_year_start", "frequency", "names"}
    assert set(UnitDeclaration.model_fields) == {"id", "title", "of", "factor", "aliases"}
    assert set(ExchangeRate.model_fields) == {"currency", "to", "rate", "date", "kind", "source"}
    assert set(Dimension.model_fields) == {"id", "title", "codes"}
    assert set(CodedName.model_fields) == {"id", "title", "references"}
    plan = mne.example("tajikistan")
    for name, (fields, _) in LISTS.items():
        keyed = set() if name == "budgets" else {"id"}
        assert {*fields, *keyed} == set(type(getattr(plan, name)[0]).model_fields) if getattr(plan, name) else True


# --- one change at a time -----------------------------------------------------------------------------------------

CASES: list[tuple[str, Callable[[Tree], Any], str, str, str, set[str]]] = [
    # what, edit, place, kind, effect, affects
    ("title", put(a, title="Other"), "indicators.A.title", "changed", "words", set()),
    ("definition", put(a, definition="What"), "indicators.A.definition", "added", "words", set()),
    ("direction", put(a, direction="decrease"), "indicators.A.direction", "changed", "achievement", {"A", "OC1", "G"}),
    ("missing", put(a, missing="zero"), "indicators.A.missing", "changed", "values", {"A", "D", "OC1", "G"}),
    ("unit", put(a, unit="t"), "indicators.A.unit", "changed", "values", {"A", "D", "OC1", "G"}),
    ("formula", put(lambda t: indicators(t)["D"], formula="A - B"), "indicators.D.formula", "changed", "values",
     {"D", "OC1", "G"}),
    ("spaces", put(lambda t: indicators(t)["D"], formula="A+B"), "indicators.D.formula", "changed", "words", set()),
    ("frequency", put(a, frequency="annual"), "indicators.A.frequency", "added", "values", {"A", "D", "OC1", "G"}),
    ("said outright", put(a, frequency="quarterly"), "indicators.A.frequency", "added", "words", set()),
    ("rule", put(a, aggregation={"partners": "max"}), "indicators.A.aggregation.partners", "added", "values",
     {"A", "D", "OC1", "G"}),
    ("default rule", put(a, aggregation={"partners": "sum"}), "indicators.A.aggregation.partners", "added", "words",
     set()),
    ("axis weight", put(a, aggregation={"weights": {"N": "2"}}), "indicators.A.aggregation.weights[N]", "added",
     "values", {"A", "D", "OC1", "G"}),
    ("split", put(a, disaggregation=[{"dimensions": ["sex"]}]), "indicators.A.disaggregation[sex]", "added", "values",
     {"A", "D", "OC1", "G"}),
    ("required", put(lambda t: indicators(t)["C"]["disaggregation"][0], required=True),
     "indicators.C.disaggregation[age × sex].required", "changed", "checks", set()),
    ("assignment", put(a, assignments=[{"partner": "N", "locations": ["L"]}]), "indicators.A.assignments[N in L]",
     "added", "values", {"A", "D", "OC1", "G"}),
    ("core", put(a, core=True), "indicators.A.core", "changed", "score", {"OC1", "G"}),
    ("survey", put(a, survey={"sample_size": 400}), "indicators.A.survey", "added", "checks", set()),
    ("reachable", put(a, reachable="900"), "indicators.A.reachable", "added", "checks", set()),
    ("threshold", put(a, thresholds={"jump": "3"}), "indicators.A.thresholds[jump]", "added", "checks", set()),
    ("contribution", put(a, contributes_to=[{"project": "Q", "indicator": "X"}]), "indicators.A.contributes_to",
     "added", "values", set()),
    ("weight", put(a, weight="3"), "indicators.A.weight", "added", "score", {"OC1", "G"}),
    ("level", put(lambda t: results(t)["OP1"], level="other"), "results.OP1.level", "changed", "score",
     {"OP1", "OC1", "G"}),
    ("risk", put(lambda t: results(t)["OP1"], risk="high"), "results.OP1.risk", "added", "words", set()),
    ("assumption", put(lambda t: results(t)["OP1"], assumptions=["Peace"]), "results.OP1.assumptions", "added",
     "words", set()),
    ("baseline", put(a, baseline={"value": "10"}), "indicators.A.baseline.value", "changed", "achievement",
     {"A", "OC1", "G"}),
    ("baseline day", put(a, baseline={"value": "0", "date": "2025-06-01"}), "indicators.A.baseline.date", "added",
     "achievement", {"A", "OC1", "G"}),
    ("baseline group", put(a, baseline={"value": "0", "categories": {"sex=F": {"value": "1"}}}),
     "indicators.A.baseline.categories[sex=F]", "added", "achievement", {"A"}),
    ("comparator", put(target, comparator="≥"), "indicators.A.targets[2026-Q4].comparator", "changed", "achievement",
     {"A", "OC1", "G"}),
    ("kind of target", put(target, kind="final"), "indicators.A.targets[2026-Q4].kind", "changed", "achievement",
     {"A", "OC1", "G"}),
    ("source of target", put(target, as_published="about 100"), "indicators.A.targets[2026-Q4].as_published", "added",
     "words", set()),
    ("due later", put(target, period="2027-Q2"), "indicators.A.targets[2027-Q2]", "moved", "achievement",
     {"A", "OC1", "G"}),
    ("target of a group", lambda t: a(t)["targets"].append({"period": "2026-Q4", "value": "9", "category": "sex=F"}),
     "indicators.A.targets[2026-Q4, sex=F]", "added", "achievement", {"A"}),
    ("project", put(lambda t: t, id="Q"), "id", "renamed", "values", EVERYBODY),
    ("end", put(lambda t: t, end="2027-06-30"), "end", "changed", "values", EVERYBODY),
    ("calendar", put(lambda t: t, calendar={"frequency": "annual"}), "calendar.frequency", "changed", "values",
     EVERYBODY),
    ("name unused", put(lambda t: t, calendar={"names": {"YR1": "2026"}}), "calendar.names[YR1]", "added", "checks",
     set()),
    ("unit's factor", put(lambda t: t["units"][0], factor="60"), "units[bag].factor", "changed", "values",
     {"A", "B", "C", "D", "OC1", "OC2", "G"}),
    ("unit of nobody", lambda t: t["units"].append({"id": "dozen", "of": "visitor", "factor": "12"}), "units[dozen]",
     "added", "checks", set()),
    ("rate", put(lambda t: t["exchange_rates"][0], rate="0.2"), "exchange_rates[TJS in USD, spot 2026-01-01].rate",
     "changed", "values", {"M", "OC2", "G"}),
    ("rate of nobody", lambda t: t["exchange_rates"].append({"currency": "EUR", "to": "TJS", "rate": "11"}),
     "exchange_rates[EUR in TJS, fixed]", "added", "checks", set()),
    ("category", lambda t: t["dimensions"][0]["codes"].append({"id": "X", "title": "other"}), "dimensions[sex].codes[X]",
     "added", "values", {"C", "OC2", "G"}),
    ("crossing", lambda t: t["dimensions"].reverse(), "dimensions", "moved", "values", {"C", "OC2", "G"}),
    ("partner", lambda t: t["organisations"].pop(), "organisations[S]", "removed", "checks", set()),
    ("place", lambda t: t["locations"].pop(), "locations[L]", "removed", "checks", set()),
    ("money", put(lambda t: t, budgets=[{"amount": "5", "currency": "USD"}]), "budgets[planned, USD]", "added",
     "words", set()),
    ("version", put(lambda t: t, version="2"), "version", "changed", "words", set()),
    ("lag", put(lambda t: t, reporting_lag=30), "reporting_lag", "added", "checks", set()),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "place", "kind", "effect", "affects"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_what_a_change_touches(
    edit: Callable[[Tree], Any], place: str, kind: str, effect: str, affects: set[str]
) -> None:
    change = one(edit)
    assert (change.place, str(change.kind), str(change.effect)) == (place, kind, effect)
    assert set(change.affects) == affects
    assert len(change.affects) == len(affects)


def test_a_name_of_a_period_reaches_the_targets_that_use_it() -> None:
    def first(told: Tree) -> None:
        told["calendar"] = {"names": {"YR1": "2026-Q4"}}
        target(told)["period"] = "YR1"

    change = one(put(lambda t: t["calendar"], names={"YR1": "2027-Q4"}), first=first)
    assert (change.effect, set(change.affects)) == (Effect.ACHIEVEMENT, {"A", "OC1", "G"})
    spelled = one(lambda t: target(t).update(period="2026-Q4"), first=first)
    assert (spelled.place, spelled.effect) == ("indicators.A.targets[2026-Q4].period", Effect.WORDS)


def test_a_stage_that_changes_its_rank_is_no_new_order_of_words() -> None:
    steps = [{"id": "draft"}, {"id": "law"}]
    milestone: Tree = {"measure": "milestone", "unit": None, "scale": steps, "baseline": {}, "targets": []}
    change = one(put(a, scale=steps[::-1]), first=put(a, **milestone))
    assert (change.kind, change.before, change.after) == (ChangeKind.MOVED, "draft, law", "law, draft")
    assert change.effect is Effect.VALUES


def test_who_reports_is_compared_whatever_lines_say_it() -> None:
    together = [{"partner": "N", "locations": ["L", "K"]}]
    apart = [{"partner": "N", "locations": ["K"]}, {"partner": "N", "locations": ["L"]}]
    assert not changed(put(a, assignments=apart), first=put(a, assignments=together))
    ended = [{"partner": "N", "locations": ["L", "K"], "until": "2026-06-30"}]
    places = [each.place for each in changed(put(a, assignments=ended), first=put(a, assignments=together))]
    assert places == ["indicators.A.assignments[N in L]", "indicators.A.assignments[N in K]"]


def test_a_long_text_is_shown_where_it_differs() -> None:
    text = "word " * 200
    change = one(put(a, definition=text + "old"), first=put(a, definition=text + "new"))
    assert change.before is not None
    assert change.before.endswith("new")
    assert len(change.before) < 220


def test_words_for_what_a_plan_holds() -> None:
    assert in_words(()) is None
    assert in_words(True) == "yes"
    assert in_words(mne.example("tajikistan").results) is not None


# --- the chain ----------------------------------------------------------------------------------------------------


def test_a_weight_shifts_the_shares_of_its_siblings() -> None:
    def first(told: Tree) -> None:
        for code, weight in {"A": "1", "B": "1", "D": "2"}.items():
            indicators(told)[code]["weight"] = weight

    change = one(put(a, weight="2"), first=first)
    assert set(change.shares) == {"A", "B", "D"}  # 1/4, 1/4, 2/4 → 2/5, 1/5, 2/5
    assert set(change.affects) == {"OC1", "G"}


def test_weights_that_say_the_same_move_nothing() -> None:
    def weights(*told: str) -> Callable[[Tree], None]:
        def set_them(plan: Tree) -> None:
            for code, weight in zip("ABD", told, strict=True):
                indicators(plan)[code]["weight"] = weight

        return set_them

    found = changed(weights("60", "20", "20"), first=weights("3", "1", "1"))
    assert [change.effect for change in found] == [Effect.CHECKS] * 3
    assert not found.affected


def test_an_indicator_that_moves_changes_both_results() -> None:
    def edit(told: Tree) -> None:
        results(told)["OC2"]["indicators"].append(results(told)["OC1"]["indicators"].pop(0))

    change = one(edit)
    assert (change.kind, change.before, change.after) == (ChangeKind.MOVED, "OC1", "OC2")
    assert set(change.affects) == {"OC1", "OC2", "G"}
    assert set(change.shares) == {"B", "D", "C", "M"}  # A had a third of OC1 and has a third of OC2


def test_what_is_removed_takes_what_is_computed_from_it_along() -> None:
    change = one(lambda told: results(told)["OC1"]["indicators"].pop(0))
    assert (change.kind, change.place, change.after) == (ChangeKind.REMOVED, "indicators.A", None)
    assert set(change.affects) == {"A", "D", "OC1", "G"}
    assert set(change.shares) == {"B", "D"}


def test_a_result_that_comes_with_its_indicator() -> None:
    extra = {"id": "OC3", "level": "outcome", "title": "Third", "indicators": [level("Z")]}
    found = changed(lambda told: results(told)["G"]["results"].append(extra))
    assert [(change.place, str(change.kind)) for change in found] == [
        ("results.OC3", "added"),
        ("indicators.Z", "added"),
    ]
    assert set(found[0].affects) == {"OC3", "G"}
    assert set(found[0].shares) == {"OC1", "OC2"}
    assert set(found[1].affects) == {"Z", "OC3", "G"}


def test_another_id_and_all_else_the_same_is_a_suspected_renaming() -> None:
    change = one(put(lambda t: indicators(t)["B"], id="B9"), first=put(lambda t: indicators(t)["D"], formula="A * 2"))
    assert (change.kind, change.before, change.after) == (ChangeKind.RENAMED, "B", "B9")
    assert change.remark is Remark.SUSPECTED
    assert change.why
    assert set(change.affects) == {"B", "B9", "OC1", "G"}


def test_a_renamed_result_does_not_move_what_stands_beneath_it() -> None:
    found = changed(put(lambda t: results(t)["OC1"], id="OC9"))
    assert [(change.place, str(change.kind)) for change in found] == [("results.OC9", "renamed")]
    assert dict(found.renamed) == {"OC1": "OC9"}


def test_shares_are_told_of_siblings_that_were_renamed_too() -> None:
    def edit(told: Tree) -> None:
        outcome = results(told)["OC2"]
        results(told)["OP1"].setdefault("indicators", []).append(outcome["indicators"].pop())
        outcome["indicators"][0]["id"] = "C9"

    (moved,) = [change for change in changed(edit) if change.kind is ChangeKind.MOVED]
    back = [change for change in _backwards(edit) if change.kind is ChangeKind.MOVED]
    assert set(moved.shares) == {"C9", "M"}  # a half each, then all of theirs
    assert [set(change.shares) for change in back] == [{"C", "M"}]


def _backwards(edit: Callable[[Tree], Any]) -> LogframeDiff:
    new = tree()
    edit(new)
    return diff(build(new), build(tree()))


def test_where_there_is_a_choice_nothing_is_taken_for_renamed() -> None:
    def first(told: Tree) -> None:
        for code in ("A", "B"):
            indicators(told)[code].update(title="The same")
        indicators(told)["D"]["formula"] = "M"

    def edit(told: Tree) -> None:
        for code in ("A", "B"):
            indicators(told)[code].update(id=f"{code}9")

    kinds = [str(change.kind) for change in changed(edit, first=first)]
    assert sorted(kinds) == ["added", "added", "removed", "removed"]


def test_order_alone_is_no_change() -> None:
    def edit(told: Tree) -> None:
        for result in results(told).values():
            for name in ("indicators", "results"):
                result.get(name, []).reverse()
        a(told)["targets"].reverse()
        told["organisations"].reverse()
        told["units"].reverse()

    def first(told: Tree) -> None:
        a(told)["targets"].append({"period": "2027-Q4", "value": "120"})

    assert not changed(edit, first=first)


def test_two_targets_for_one_day_are_told_apart_by_their_order() -> None:
    def first(told: Tree) -> None:
        a(told)["targets"].append({"date": "2026-12-31", "value": "120"})

    change = one(lambda told: a(told)["targets"].reverse(), first=first)
    assert (change.place, change.kind) == ("indicators.A.targets", ChangeKind.MOVED)
    assert set(change.affects) == {"A", "OC1", "G"}


# --- targets and their history ------------------------------------------------------------------------------------

REVISED = {
    "value": "60",
    "since": "2026-09-01",
    "reason": "Drought",
    "approved_by": "the board",
    "history": [{"value": "100"}],
}


def test_a_revision_is_one_change_with_its_grounds() -> None:
    change = one(put(target, **REVISED))
    assert (change.place, change.before, change.after) == ("indicators.A.targets[2026-Q4].value", "100", "60")
    assert change.remark is Remark.REVISED
    assert change.revision is not None
    assert (change.revision.since, change.revision.reason) == (dt.date(2026, 9, 1), "Drought")
    assert change.revision.approved_by == "the board"
    assert all(part in change.words for part in ("100 → 60", "2026-09-01", "Drought", "the board"))
    assert not changed(put(target, **REVISED)).called_out


def test_a_target_lowered_without_a_word_is_called_out() -> None:
    found = changed(put(target, value="60"))
    (change,) = found
    assert change.remark is Remark.WITHOUT_HISTORY
    assert found.called_out == (change,)
    assert "changed without history" in change.words
    # A reason alone is no history.
    first, second = changed(put(target, value="60", reason="Drought"))
    assert (first.remark, second.place) == (Remark.WITHOUT_HISTORY, "indicators.A.targets[2026-Q4].reason")


def test_a_number_in_another_form_is_a_change_of_the_target_itself() -> None:
    change = one(put(target, value=None, numerator="3", denominator="4"))
    assert (change.place, change.before, change.after) == ("indicators.A.targets[2026-Q4]", "100", "3 of 4")
    ranges = one(put(target, value=None, minimum="10", maximum="20", comparator="within"))
    assert ranges.after == "10 to 20"
    assert one(put(target, value=None, above_baseline="5")).after == "baseline + 5"
    assert one(put(target, comparator="≥")).after == "≥ 100"
    assert one(put(target, value=None, status="pending")).after == "pending"


def test_a_target_in_other_words_changes_no_number() -> None:
    change = one(put(target, text="Passed by both chambers"), first=put(target, value=None, text="Passed"))
    assert (change.effect, change.affects, change.remark) == (Effect.WORDS, (), Remark.WITHOUT_HISTORY)


def test_a_revision_taken_back() -> None:
    def back(told: Tree) -> None:
        a(told)["targets"] = [{"period": "2026-Q4", "value": "100"}]

    found = changed(back, first=put(target, **REVISED))
    (change,) = found
    assert (change.before, change.after, change.remark) == ("60", "100", Remark.TAKEN_BACK)
    assert found.called_out


def test_the_past_told_differently_is_called_out() -> None:
    found = changed(put(target, history=[{"value": "90"}]), first=put(target, **REVISED))
    (change,) = found
    assert change.place == "indicators.A.targets[2026-Q4].history"
    assert (change.before, change.after, change.remark) == ("100", "90", Remark.HISTORY_REWRITTEN)
    assert change.effect is Effect.ACHIEVEMENT  # what was known by a day comes out differently
    lost = one(put(target, history=[]), first=put(target, **REVISED))
    assert (lost.kind, lost.remark) == (ChangeKind.REMOVED, Remark.HISTORY_REWRITTEN)


def test_a_revision_may_say_since_when_the_old_version_held() -> None:
    change = one(put(target, **{**REVISED, "history": [{"value": "100", "since": "2026-01-01"}]}))
    assert change.remark is Remark.REVISED


def test_a_day_from_which_a_target_holds_is_no_mere_word() -> None:
    change = one(put(target, since="2026-03-01"))
    assert (change.place, change.effect) == ("indicators.A.targets[2026-Q4].since", Effect.ACHIEVEMENT)


@pytest.mark.parametrize(
    ("before", "after", "remark"),
    [
        ({"value": "0"}, {"value": "10"}, Remark.BASELINE_MOVED),
        ({"value": "0"}, {"status": "pending"}, Remark.BASELINE_MOVED),
        ({"value": "0"}, None, Remark.BASELINE_MOVED),
        ({"status": "pending"}, {"value": "10"}, None),
        (None, {"value": "10"}, None),
    ],
)
def test_a_baseline_moves_once_it_is_established(before: Any, after: Any, remark: Remark | None) -> None:
    change = changed(put(a, baseline=after), first=put(a, baseline=before))[0]
    assert change.remark is remark
    assert change.effect is Effect.ACHIEVEMENT


# --- until, known_by and the target in force ----------------------------------------------------------------------

STEPS = {
    "baseline": {"value": "20"},
    "targets": [
        {
            "period": "2026-Q4",
            "value": "60",
            "since": "2026-09-01",
            "history": [{"value": "100"}, {"value": "80", "since": "2026-04-01"}],
        }
    ],
}
"""100 from the start, 80 from April, 60 from September; measured from 20."""


def rows(id: str, *told: tuple[str, str, str | None]) -> list[Tree]:
    """Reports of an indicator: (quarter of 2026, value, day of receipt)."""
    ends = {
        "Q1": dt.date(2026, 3, 31),
        "Q2": dt.date(2026, 6, 30),
        "Q3": dt.date(2026, 9, 30),
        "Q4": dt.date(2026, 12, 31),
    }
    return [
        {
            "project": "P",
            "indicator": id,
            "period": f"2026-{quarter}",
            "period_start": dt.date(2026, ends[quarter].month - 2, 1),
            "period_end": ends[quarter],
            "value": value,
            "reported_on": None if received is None else dt.date.fromisoformat(received),
        }
        for quarter, value, received in told
    ]


def observed(*told: list[Tree]) -> Observations:
    flat = [{**row, "value": Decimal(row["value"])} for group in told for row in group]
    return Observations.from_rows({**row, "source_order": order} for order, row in enumerate(flat))


def stepped() -> Logframe:
    told = tree()
    a(told).update(STEPS)
    return build(told)


REPORTS = rows(
    "A", ("Q1", "30", "2026-04-10"), ("Q2", "40", "2026-07-10"), ("Q3", "44", "2026-10-12"), ("Q4", "52", "2027-01-10")
)


@pytest.mark.parametrize(
    ("until", "known_by", "milestone", "final"),
    [
        # The year has ended; what was known by when?
        ("2026-12-31", "2026-04-09", Reason.NO_REPORTS, Reason.NO_REPORTS),
        ("2026-12-31", "2026-04-10", F(10, 60), F(10, 60)),  # (30 − 20) / (80 − 20): the second version
        ("2026-12-31", "2026-08-31", F(20, 60), F(20, 60)),  # (40 − 20) / (80 − 20)
        ("2026-12-31", "2026-09-01", F(20, 40), F(20, 40)),  # the same 40, held against 60 from this day on
        ("2026-12-31", "2026-12-31", F(24, 40), F(24, 40)),  # (44 − 20) / (60 − 20)
        ("2026-12-31", "2027-01-10", F(32, 40), F(32, 40)),  # (52 − 20) / (60 − 20)
        ("2026-12-31", None, F(32, 40), F(32, 40)),
        # Only the first half has ended: no milestone is due, the end target is there all the same.
        ("2026-06-30", None, Reason.NO_TARGET_DUE, F(20, 40)),  # (40 − 20) / (60 − 20), the newest version
        ("2026-06-30", "2026-08-31", Reason.NO_TARGET_DUE, F(20, 60)),
        ("2026-06-30", "2026-05-01", Reason.NO_TARGET_DUE, F(10, 60)),  # 30 is all that was known
        # `until` by itself: the newest period that anybody had reported by then.
        (None, "2026-10-12", Reason.NO_TARGET_DUE, F(24, 40)),
        (None, "2027-01-10", F(32, 40), F(32, 40)),
    ],
)
def test_three_clocks(until: str | None, known_by: str | None, milestone: Any, final: Any) -> None:
    observations = observed(REPORTS)
    for plan in [stepped(), *([as_known(stepped(), known_by)] if known_by else [])]:
        value = aggregate(observations, plan, until=until, known_by=known_by)["A"]
        day = dt.date.fromisoformat(known_by) if known_by else None
        for against, expected in (("milestone", milestone), ("final", final)):
            got = achievement(value, against=against, known_by=day)
            assert (got.value if got.value is not None else got.reason) == expected, (against, plan)


def test_a_target_that_was_not_yet_set_then_promised_nothing() -> None:
    told = tree()
    target(told).update(since="2026-06-01")
    plan, observations = build(told), observed(REPORTS)
    clocks = {"until": "2026-12-31", "known_by": "2026-05-31"}
    card = score(aggregate(observations, plan, **clocks))
    assert (card["A"].score, card["A"].reason) == (None, Reason.NO_TARGET)
    then = as_known(plan, "2026-05-31")
    assert then.indicators["A"].targets == ()
    assert then.indicators["B"].targets == plan.indicators["B"].targets
    assert score(aggregate(observations, then, **clocks))["A"].reason is Reason.NO_TARGET
    # A day later it is set: 30 of 100 was known by then.
    later = score(aggregate(observations, plan, until="2026-12-31", known_by="2026-06-01"))
    assert later["A"].scored.value == F(30, 100)


def test_targets_of_periods_are_each_in_the_version_of_the_day() -> None:
    told = tree()
    a(told).update(
        accumulation="flow",
        targets=[
            {
                "period": "2026-Q1",
                "value": "8",
                "basis": "per_period",
                "since": "2026-05-01",
                "history": [{"value": "10"}],
            },
            {"period": "2026-Q2", "value": "10", "basis": "per_period"},
        ],
    )
    plan = build(told)
    observations = observed(rows("A", ("Q1", "8", "2026-04-10"), ("Q2", "9", "2026-07-05")))

    def reached(known_by: str) -> Fraction | None:
        day = dt.date.fromisoformat(known_by)
        return achievement(aggregate(observations, plan, until="2026-06-30", known_by=day)["A"], known_by=day).value

    assert reached("2026-04-30") == F(8, 20)  # 8 of 10 + 10
    assert reached("2026-05-01") == F(8, 18)  # 8 of 8 + 10
    assert reached("2026-07-05") == F(17, 18)  # 8 + 9 of 8 + 10


def test_a_report_that_came_late_does_not_bring_its_own_target_back() -> None:
    """A correction received in 2027 for 2026-Q1 is held against the version in force at `known_by`, not at its period."""
    late = rows("A", ("Q1", "100", "2027-02-01"))
    late[0]["revision"] = 1
    value = aggregate(observed(REPORTS[:1], late), stepped(), until="2026-12-31", known_by="2027-03-01")["A"]
    assert achievement(value, known_by=dt.date(2027, 3, 1)).value == F(80, 40)  # (100 − 20) / (60 − 20)


def test_the_past_of_a_target_is_its_history_up_to_then() -> None:
    (then,) = as_known(stepped(), "2026-05-01").indicators["A"].targets
    assert (then.value, then.since) == (Decimal(80), dt.date(2026, 4, 1))
    assert [version.value for version in then.history] == [100]
    (first,) = as_known(stepped(), dt.date(2026, 1, 1)).indicators["A"].targets
    assert first.value == 100
    assert (first.since, first.history) == (None, ())


def test_the_past_of_a_plan_knows_its_own_indicators() -> None:
    plan = stepped()
    assert plan.indicators["A"].targets[0].value == 60
    then = as_known(plan, "2026-05-01")
    assert then.indicators["A"].targets[0].value == 80
    assert then.results_by_id["OC1"].indicators[0] is then.indicators["A"]
    assert Logframe.model_validate_json(then.model_dump_json()) == then


def test_what_became_of_the_targets_since_a_day() -> None:
    (change,) = diff(as_known(stepped(), "2026-05-01"), stepped())
    assert (change.before, change.after, change.remark) == ("80", "60", Remark.REVISED)


@pytest.mark.parametrize("day", ["someday", None, 2026, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)])
def test_a_day_that_is_none(day: Any) -> None:
    with pytest.raises(OptionError):
        as_known(stepped(), day)


# --- what it does to the scores -----------------------------------------------------------------------------------


def halves(told: Tree) -> None:
    """OC1 with A and B alone."""
    del results(told)["OC1"]["indicators"][2]


HALF_AND_WHOLE = observed(rows("A", ("Q4", "50", None)), rows("B", ("Q4", "100", None)))


def test_a_weight_and_a_target_and_the_scores_they_explain() -> None:
    def edit(told: Tree) -> None:
        a(told)["weight"] = "3"
        indicators(told)["B"]["weight"] = "1"

    found = changed(edit, first=halves)
    effects = score_effects(found, HALF_AND_WHOLE)
    # 50 and 100 points: (50 + 100) / 2 = 75 before, (3 × 50 + 100) / 4 = 62.5 after, and the goal is OC1 alone.
    assert [(each.id, each.kind) for each in effects] == [("G", "result"), ("OC1", "result")]
    for each in effects:
        assert each.before is not None
        assert each.after is not None
        assert (each.before.score, each.after.score, each.difference) == (F(75), F(125, 2), F(-25, 2))
        assert {change.place for change in each.changes} == {"indicators.A.weight", "indicators.B.weight"}
    assert effects.of("A") is None

    lowered = score_effects(changed(put(target, value="80"), first=halves), HALF_AND_WHOLE)
    told = lowered.of("A")
    assert told is not None
    assert told.before is not None
    assert told.after is not None
    assert (told.before.achievement, told.after.achievement) == (F(50, 100), F(50, 80))
    assert told.difference == F(125, 10)  # 62.5 − 50 points
    outcome = lowered.of("OC1")
    assert outcome is not None
    assert outcome.difference == F(125, 20)  # half of it
    assert [change.remark for change in outcome.changes] == [Remark.WITHOUT_HISTORY]


def test_an_indicator_that_becomes_core_closes_a_gate() -> None:
    plain = schemes()["baseline-target"]
    gate = {"id": "kept", "title": "No core indicator under 60 %", "when": "core_below", "below": "0.6", "cap": "C"}
    gated = Scheme.model_validate({**plain.model_dump(), "id": "gated", "gates": [gate]})
    found = changed(put(a, core=True), first=halves)
    assert not score_effects(found, HALF_AND_WHOLE)
    effects = score_effects(found, HALF_AND_WHOLE, scheme=gated)
    # The score stays 75, B1; A has reached 50 %, under the 60 % that a core indicator must have.
    for each in effects:
        assert each.before is not None
        assert each.after is not None
        assert (each.before.rating, each.after.rating, each.difference) == ("B1", "C", F(0))
        assert [change.place for change in each.changes] == ["indicators.A.core"]
    assert [each.id for each in effects] == ["G", "OC1"]


def test_one_day_for_both_plans() -> None:
    """The new plan counts a report of 2027 that the old one does not know: A must not move for that."""
    new = {**rows("C", ("Q4", "70", None))[0], "indicator": "Z", "period_start": dt.date(2027, 1, 1)}
    new["period_end"] = dt.date(2027, 3, 31)
    found = changed(lambda told: results(told)["OC2"]["indicators"].append(level("Z")), first=halves)
    effects = score_effects(found, observed(rows("A", ("Q4", "50", None)), [new]))
    assert effects.old.until == effects.new.until == dt.date(2027, 3, 31)
    assert effects.of("A") is None
    added = effects.of("Z")
    assert added is not None
    assert added.before is None
    assert added.after is not None
    assert added.after.score == 70


def test_a_renamed_indicator_is_one_row() -> None:
    found = changed(put(lambda t: indicators(t)["A"], id="A9"), first=halves)
    effects = score_effects(found, HALF_AND_WHOLE)
    told = effects.of("A9")
    assert told is not None
    assert told.before is not None
    assert told.after is not None
    assert told.before.score == 50
    assert told.after.score is None  # nobody has reported under the new id
    assert [each.id for each in effects] == ["G", "OC1", "A9"]


def test_narrowed_to_one_result() -> None:
    def edit(told: Tree) -> None:
        put(target, value="80")(told)
        indicators(told)["C"]["baseline"] = {"value": "10"}

    found = changed(edit)
    assert {change.id for change in found.of("OC2")} == {"C"}
    assert {change.id for change in found.of("G")} == {"A", "C"}
    observations = observed(rows("A", ("Q4", "50", None)), rows("C", ("Q4", "50", None)))
    assert {each.id for each in score_effects(found.of("OC2"), observations)} == {"C", "OC2", "G"}


def test_effects_as_a_table(tmp_path: Path) -> None:
    effects = score_effects(changed(put(target, value="80"), first=halves), HALF_AND_WHOLE)
    table = effects.to_polars()
    assert table["id"].to_list() == ["G", "OC1", "A"]
    assert table.filter(table["id"] == "A")["achievement_after"].item() == 0.625
    assert effects.to_pandas().shape == effects.to_arrow().shape == table.shape
    told = effects.to_dict()["effects"][2]
    assert (told["after"]["achievement"], told["difference"]) == ("5/8", "25/2")
    for ending in (".html", ".json", ".csv", ".md", ".txt", ".parquet"):
        effects.save(tmp_path / f"x{ending}")
        assert (tmp_path / f"x{ending}").stat().st_size > 0
    assert "changed without history" in effects.to_text()
    assert "changed without history" in effects.to_markdown()
    assert "changed without history" in effects._repr_html_()
    assert repr(effects).count("\n") == 0
    none = score_effects(changed(put(a, title="Other"), first=halves), HALF_AND_WHOLE)
    assert not none
    assert "Nothing scores differently" in none.to_text()
    assert "Nothing scores differently" in none._repr_html_()


# --- what people see ----------------------------------------------------------------------------------------------


def test_a_diff_says_what_it_is() -> None:
    found = changed(put(target, value="60"))
    assert (len(found), bool(found), found[0]) == (1, True, next(iter(found)))
    assert repr(found).count("\n") == 0
    for told in (found.to_text(), found.to_markdown(), found._repr_html_()):
        assert "changed without history" in told
        assert "OC1" in told
    assert json.loads(json.dumps(found.to_dict()))["changes"][0]["before"] == "100"
    same = changed(lambda _: None)
    assert (len(same), bool(same), same.affected, same.called_out) == (0, False, (), ())
    assert "No change" in same.to_text()
    assert "No change" in same._repr_html_()


def test_nothing_that_a_plan_says_is_markup() -> None:
    found = changed(put(a, title="<script>alert(1)</script>"))
    assert "<script" not in found._repr_html_()


@pytest.mark.parametrize("lang", ["en", "fr", "ru", "tg", "pt"])
def test_in_the_readers_language(lang: str) -> None:
    from mne import _render

    found = changed(put(target, value="60"))
    assert ("What changed" in _render.text(found, lang=lang)) is (lang in ("en", "pt"))
    assert _render.page(found, lang=lang).count("indicators.A.targets[2026-Q4].value") == 1


def test_misuse() -> None:
    plan = build(tree())
    wrongs: list[Any] = ["plan.yaml", None, {}]
    for wrong in wrongs:
        with pytest.raises(OptionError):
            diff(plan, wrong)
        with pytest.raises(OptionError):
            diff(wrong, plan)
    with pytest.raises(OptionError):
        diff(plan, plan).of("NOBODY")
    with pytest.raises(OptionError):
        score_effects(plan, HALF_AND_WHOLE)  # type: ignore[arg-type]
    with pytest.raises(OptionError):
        score_effects(diff(plan, plan), HALF_AND_WHOLE).of("NOBODY")
    with pytest.raises(OptionError, match="statuses must be a list"):
        score_effects(diff(plan, plan), HALF_AND_WHOLE, statuses="accepted")


def test_a_plan_built_by_hand_with_broken_formulas_can_still_be_compared() -> None:
    change = one(put(lambda t: indicators(t)["D"], formula="A +"))
    assert (change.effect, set(change.affects)) == (Effect.VALUES, {"D", "OC1", "G"})


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    lowered = tree()
    put(target, value="60")(lowered)
    reordered = tree()
    results(reordered)["OC1"]["indicators"].reverse()
    plans = {"old": tree(), "new": lowered, "same": reordered}
    paths = {}
    for name, told in plans.items():
        paths[name] = tmp_path / f"{name}.yaml"
        paths[name].write_text(to_yaml(build(told)), encoding="utf-8")
    paths["broken"] = tmp_path / "broken.yaml"
    paths["broken"].write_text("results: [", encoding="utf-8")
    paths["absent"] = tmp_path / "absent.yaml"
    return paths


def run(*args: Any) -> Any:
    return CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("old", "old", 0), ("old", "same", 0), ("old", "new", 1), ("old", "broken", 2), ("absent", "new", 2)],
)
def test_the_command_ends_as_what_it_found(files: dict[str, Path], old: str, new: str, code: int) -> None:
    assert run("diff", files[old], files[new]).exit_code == code


def test_the_command_tells_in_every_format(files: dict[str, Path], tmp_path: Path) -> None:
    both = (files["old"], files["new"])
    assert "changed without history" in run("diff", *both).stdout
    assert json.loads(run("diff", *both, "--format", "json").stdout)["affected"] == ["G", "OC1", "A"]
    assert run("diff", *both, "--format", "markdown").stdout.startswith("# ")
    assert run("diff", *both, "--format", "html").stdout.startswith("<!doctype html>")
    assert run("diff", *both, "-o", tmp_path / "x.html", "--quiet").stderr == ""
    assert (tmp_path / "x.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run("diff", *both, "--of", "OC2").exit_code == 0
    assert run("diff", *both, "--of", "OC1").exit_code == 1
    assert run("diff", *both, "--of", "NOBODY").exit_code == 2
