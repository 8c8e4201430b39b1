"""Each check of the accumulation asks where something is amiss, and is silent where it may well be meant."""

from __future__ import annotations

from typing import Any, Final

import pytest

from mne.ground.findings import Finding
from mne.logframe.accumulation_words import Saying, said
from mne.logframe.checks import design_findings
from mne.logframe.checks_accumulation import CHECKS
from mne.logframe.model import Logframe

YEARS: Final = ("2024", "2025", "2026", "2027", "2028")
OVERLAP: Final = [{"dimensions": ["group"], "relation": "overlapping"}]


def plan_of(**told: Any) -> Logframe:
    """A project of five years with one indicator."""
    indicator = {"id": "I", "title": "People", "measure": "number", "unit": "person", "accumulation": "flow", **told}
    return Logframe.model_validate(
        {
            "id": "P",
            "title": "A project",
            "start": "2024-01-01",
            "end": "2028-12-31",
            "calendar": {"frequency": "annual"},
            "dimensions": [{"id": "group", "title": "Group", "codes": [{"id": "a", "title": "A"}]}],
            "units": [{"id": "head", "title": "people, cumulative"}],
            "results": [{"id": "OC", "level": "outcome", "title": "Outcome", "indicators": [indicator]}],
        }
    )


def asked(**told: Any) -> list[Finding]:
    """What the checks of the accumulation find, and nothing else."""
    plan = plan_of(**told)
    return [finding for check in CHECKS for finding in check(plan)]


def yearly(*amounts: Any, basis: str | None = "per_period", **more: Any) -> list[dict[str, Any]]:
    """One target for each year from the first on."""
    own = {} if basis is None else {"basis": basis}
    return [{"period": year, "value": each, **own, **more} for year, each in zip(YEARS, amounts, strict=False)]


def to_date(*amounts: Any) -> list[dict[str, Any]]:
    return yearly(*amounts, basis="cumulative")


def end(amount: Any, year: str = "2028") -> dict[str, Any]:
    return {"period": year, "value": amount, "basis": "cumulative", "kind": "final"}


TOTAL: Final = {"accumulation": "running_total"}

FOUND: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "amounts that grow by the first": ({"targets": yearly(100, 200, 300)}, "restate", "targets"),
    "amounts that grow by about the first": ({"targets": yearly(23, 45, 68)}, "restate", "targets"),
    "amounts that grow by one step after a slow start": ({"targets": yearly(10, 25, 40)}, "restate", "targets"),
    "after years of nothing": ({"targets": yearly(0, 0, 80, 160, 240)}, "restate", "targets"),
    "at least so much": ({"targets": yearly(50, 100, 150, comparator=">=")}, "restate", "targets"),
    "for one category": ({"targets": yearly(50, 100, 150, category="group=a"), "disaggregation": OVERLAP}, "restate", "targets"),
    "an end that is the last of three": ({"targets": [*yearly(100, 200, 300), end(300, "2026")]}, "end", "targets[3]"),
    "an end that is the last, a year on": ({"targets": [*yearly(80, 100, 120), end(120)]}, "end", "targets[3]"),
    "an end that is each": ({"targets": [*yearly(100, 100), end(100)]}, "end", "targets[2]"),
    "a sum to date that should fall": ({"targets": to_date(100, 120, 90)}, "fall", "targets[2]"),
    "a sum to date of amounts that vary": ({"targets": to_date(100, 80, 120, 70)}, "fall", "targets[1]"),
    "a running total that should fall": ({**TOTAL, "targets": yearly(100, 60, basis=None)}, "fall", "targets[1]"),
    "a running total in another order": ({**TOTAL, "targets": yearly(100, 60, basis=None)[::-1]}, "fall", "targets[0]"),
    "a milestone that should go back": (
        {**TOTAL, "measure": "milestone", "unit": None, "scale": [{"id": "draft"}, {"id": "law"}],
         "targets": [{"period": "2024", "stage": "law"}, {"period": "2025", "stage": "draft"}]},
        "fall", "targets[1]",
    ),
    "a sum to date that never grows": ({"targets": to_date(500, 500, 500)}, "stay", "targets"),
}  # fmt: skip
CODE_OF: Final = {
    "restate": "logframe-targets-restate",
    "end": "logframe-end-target-repeats",
    "fall": "logframe-total-target-falls",
    "stay": "logframe-targets-stay",
}

SILENT: Final[dict[str, dict[str, Any]]] = {
    "natural growth": {"targets": yearly(80, 100, 120)},
    "growth by a half": {"targets": yearly(100, 150, 200)},
    "a plan that opens up": {"targets": yearly(11, 29, 39)},
    "doubling": {"targets": yearly(50, 100, 200, 400)},
    "amounts that stay": {"targets": yearly(100, 100, 100)},
    "two targets": {"targets": yearly(100, 200)},
    "small numbers": {"targets": yearly(1, 2, 3)},
    "growth from what was before": {"targets": yearly(100, 200, 300), "baseline": {"value": 90}},
    "periods of several lengths": {
        "frequency": "quarterly",
        "targets": [
            {"period": "2024-Q1", "value": 50, "basis": "per_period"},
            {"period": "2025", "value": 100, "basis": "per_period"},
            {"period": "2026", "value": 150, "basis": "per_period"},
        ],
    },
    "an average over time": {"targets": yearly(100, 200, 300), "aggregation": {"time": "mean"}},
    "amounts that should fall": {"targets": yearly(10, 20, 30), "direction": "decrease"},
    "ceilings": {"targets": yearly(100, 200, 300, comparator="<=")},
    "pending targets": {"targets": [{"period": year, "status": "pending", "basis": "per_period"} for year in YEARS]},
    "sums to date": {"targets": to_date(100, 200, 300)},
    "sums to date that stand still": {"targets": to_date(100, 200, 200)},
    "the same small number twice": {"targets": to_date(1, 1, 1)},
    "two milestones alike": {"targets": to_date(100, 100)},
    "an end that the periods come to": {"targets": [*yearly(100, 200, 300), end(600)][1:]},
    "one period and its end": {"targets": [*yearly(100), end(100, "2024")]},
    "an end below the sum that is not the last": {"targets": [*yearly(80, 100, 120), end(250)]},
    "a running total that grows": {**TOTAL, "targets": yearly(100, 160, 160, basis=None)},
    "a running total that should be small": {**TOTAL, "targets": yearly(9, 5, basis=None), "direction": "decrease"},
    "a running total below its baseline, which is told already": {
        **TOTAL, "targets": yearly(100, 60, basis=None), "baseline": {"value": 80},
    },
    "a level that may fall": {"accumulation": "level", "targets": yearly(100, 60, basis=None)},
    "baseline plus so many": {**TOTAL, "targets": [{"period": "2024", "above_baseline": 2}, {"period": "2025", "above_baseline": 1}]},
    "a percentage that stands": {"measure": "percentage", "unit": "percent", "accumulation": "level"},
    "a percentage pooled over the periods": {"measure": "percentage", "unit": "percent", "aggregation": {"time": "pooled"}},
    "a percentage by formula": {"measure": "percentage", "unit": "percent", "formula": "100 * 1"},
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_targets_that_do_not_fit_are_asked_about_once_and_in_their_place(name: str) -> None:
    told, kind, place = FOUND[name]
    assert [(each.code, each.place.path) for each in asked(**told)] == [
        (CODE_OF[kind], f"results[0].indicators[0].{place}")
    ]


@pytest.mark.parametrize("name", SILENT)
def test_what_may_be_meant_is_passed_in_silence(name: str) -> None:
    assert asked(**SILENT[name]) == []


def test_a_finding_says_what_stands_there_and_what_would_fit() -> None:
    (restated,) = asked(targets=yearly(100, 200, 300))
    assert restated.found == "100, 200, 300"
    assert restated.expected.startswith("basis: cumulative; or accumulation: running_total")
    (repeated,) = asked(targets=[*yearly(100, 200, 300), end(300)])
    assert (repeated.found, repeated.expected.split(";")[0]) == (
        "300 for 2028, 600 in all periods",
        "the sum of the periods",
    )
    assert [each.path for each in repeated.related] == ["results[0].indicators[0].targets[2]"]
    (fallen,) = asked(targets=to_date(100, 80, 120))
    assert fallen.found == "80 for 2025 after 100 for 2024"
    assert fallen.expected == "at least 100; or basis: per_period, if each is for its own period alone"
    (share,) = asked(measure="percentage", unit="percent")
    assert (share.code, share.place.path) == ("logframe-percentage-flow", "results[0].indicators[0].accumulation")


def test_no_target_is_complained_of_twice() -> None:
    told = {"accumulation": "running_total", "baseline": {"value": 80}, "targets": yearly(100, 60, basis=None)}
    codes = [each.code for each in design_findings(plan_of(**told)) if "target" in each.code]
    assert codes == ["logframe-target-direction", "logframe-no-final-target"]


def test_all_of_it_is_advice() -> None:
    for told, _, _ in FOUND.values():
        assert {each.level for each in asked(**told)} <= {"warning", "info"}


# --- titles -----------------------------------------------------------------------------------------------------

AGAINST_FLOW: Final = {
    "People trained (cumulative)": "cumulative",
    "People reached to date": "to date",
    "Farmers registered since the start": "since the start",
    "Nombre cumulé de personnes formées": "cumulé",
    "Nombre de personnes formées depuis le début du projet": "depuis le début",
    "Обучено людей, нарастающим итогом": "нарастающим итогом",
    "Число обученных с начала проекта": "с начала проекта",
    "Шумораи омӯзгорон, ба таври афзоянда": "ба таври афзоянда",
    "People currently employed": "currently employed",
    "# youth employed": "youth employed",
    "Water points in use": "in use",
    "Number of active members in advocacy coalitions": "number of active",
    "Members as of 31 December": "as of",
    "Nombre de personnes actuellement en emploi": "actuellement",
    "Число действующих центров": "число действующих",
    "Количество центров по состоянию на 1 июля": "по состоянию на",
    "Количество центров на конец года": "на конец года",
    "Шумораи корбарон дар айни замон": "дар айни замон",
    "Share of wards with emergency services": "share of",
    "% of teachers who have knowledge of pedagogy": "% of",
    "1.3 Proportion of people with documents": "1.3 proportion of",
    "Доля обученных учителей": "доля",
}
AGAINST_LEVEL: Final = {
    "Number of cases per quarter": "per quarter",
    "Dialogues on trust building in the last quarter": "in the last quarter",
    "Services given during the period": "during the period",
    "Number of new family planning acceptors": "number of new",
    "Women newly admitted for treatment": "newly admitted",
    "Number of teachers trained": "teachers trained",
    "# of CHVs trained on nutrition": "chvs trained",
    "Number of meetings held with officials": "meetings held",
    "Hygiene kits distributed": "kits distributed",
    "Nombre d'enseignants formés": "enseignants formés",
    "Nombre de nouveaux utilisateurs": "nombre de nouveaux",
    "Количество обученных учителей": "количество обученных",
    "Оказано услуг за отчётный квартал": "за отчетный квартал",
    "Шумораи омӯзгорони омӯзонидашуда": "омӯзонидашуда",
    "People reached so far": "so far",
}
AGAINST_TOTAL: Final = {
    "Number of trainings per year": "per year",
    "People currently enrolled": "currently enrolled",
    "Conflicts resolved during the last 12 months": "during the last 12 months",
}
FITTING: Final = {
    "flow": (
        "People trained", "Number of new users", "Working group meetings to keep the tool up to date",
        "Youth who have become employed", "Number of functional water points rehabilitated",
        "People newly trained and currently employed", "Community activities with active participation",
        "Number of vaccinations per quarter, cumulative for campaigns", "Methods employed", "Обучено людей", "Personnes formées",
    ),
    "level": (
        "People employed", "Number of trained teachers who use the method", "# of trained service providers",
        "Average number of visits per month", "Quality of consultations carried out by committees",
        "Households with access to newly constructed water points", "USD per week", "Retained leaders trained",
        "Percentage of teachers trained", "Уровень доверия", "Число учителей",
    ),
    "running_total": (
        "People trained (cumulative)", "Number of new jobs created", "Teachers trained", "Youth employed",
        "Share of wards with emergency services", "People trained per quarter, cumulative",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("title", "words", "accumulation"),
    [
        *((title, words, "flow") for title, words in AGAINST_FLOW.items()),
        *((title, words, "level") for title, words in AGAINST_LEVEL.items()),
        *((title, words, "running_total") for title, words in AGAINST_TOTAL.items()),
    ],
)
def test_a_title_that_asks_for_another_figure(title: str, words: str, accumulation: str) -> None:
    (finding,) = asked(title=title, accumulation=accumulation)
    assert (finding.code, finding.place.path) == (
        "logframe-accumulation-title",
        "results[0].indicators[0].accumulation",
    )
    assert finding.found == f"{accumulation}, and “{words}” in the title"
    assert [each.path for each in finding.related] == ["results[0].indicators[0].title"]


@pytest.mark.parametrize(
    ("title", "accumulation"), [(title, kind) for kind, titles in FITTING.items() for title in titles]
)
def test_a_title_that_fits_or_says_nothing(title: str, accumulation: str) -> None:
    assert asked(title=title, accumulation=accumulation) == []


def test_a_flow_whose_targets_are_sums_to_date_may_say_so() -> None:
    assert asked(title="People trained (cumulative)", targets=to_date(100, 200)) == []
    assert asked(title="People currently employed", targets=to_date(100, 200)) != []


def test_one_of_several_languages_is_enough() -> None:
    (finding,) = asked(title={"en": "People trained", "ru": "Обучено людей, нарастающим итогом"})
    assert "нарастающим итогом" in finding.found
    assert asked(title={"en": "People newly employed", "fr": "Personnes actuellement en emploi"}) == []


def test_a_definition_that_bears_the_accumulation_out_settles_it() -> None:
    title = "People employed"
    assert asked(title=title, definition="Who has a contract of work.") != []
    assert asked(title=title, definition="Each person once, in the quarter in which the work begins.") == []
    assert asked(title=title, definition="People newly employed.") == []
    assert asked(title=title, method="Counted per quarter: number of contracts signed.") == []


def test_units_speak_too_and_other_measures_do_not() -> None:
    (finding,) = asked(unit="head")
    assert finding.found == "flow, and “cumulative” in the unit"
    level = {"accumulation": "level", "title": "Teachers trained"}
    assert asked(**level, measure="percentage", unit="percent") == []
    assert asked(**level, formula="1 + 1") == []


def test_a_long_title_takes_no_time() -> None:
    assert said("number new " * 50_000)[Saying.NEW] == "number new"
    assert not said("a" * 600 + " cumulative")
