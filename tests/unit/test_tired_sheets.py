"""Sheets of a partner's own: a line that says several things, ratios in two rows, heads that nobody knows, subtotals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import mne
from tests.builders import plan_of
from tests.unit.test_tired_layouts import partners
from tests.unit.test_tired_reading import BARE, FLOW, OTHER, figures, judged

TAJIK = Path(__file__).parents[2] / "logframes" / "tajikistan-digital-foundations.yaml"
QUARTERS = ["Code", "Indicator", "Q1 2026", "Q2 2026"]


def codes(told: mne.ValidationReport) -> list[tuple[str, str | None]]:
    """What is said that asks for something, with its cell."""
    return [(each.code, each.place.cell) for each in told.findings if each.level != "info"]


# ------------------------------------------------------------------------------------- a line that says several things


@pytest.mark.parametrize(
    ("line", "place", "partner"),
    [
        ("Project P. Partner: A. Place: N. Updated on 12 October (Z. R.)", "N", "A"),
        ("Projet P. Partenaire : A. Lieu : N. Mis à jour le 12 octobre 2026 (Z. R.)", "N", "A"),
        ("Партнер: A; место: N; исп. Ш. Назарова", "N", "A"),
        ("Partner: A | Location: N", "N", "A"),
        ("Partner: A – Location: N", "N", "A"),
        ("Шарик: A, ҷой: N", "N", "A"),
        ("Place: N. Seen at 10:30", "N", "_T"),
        ("Report of the year, place: see the annex", "_T", "_T"),
        ("Workplace: N", "_T", "_T"),
    ],
)
def test_a_line_above_a_table_may_say_several_things(line: str, place: str, partner: str) -> None:
    told = judged([[line], [], QUARTERS, ["OC1.2", "Days", 4, 5]], partner=None)
    assert [each[:3] for each in figures(told)] == [("OC1.2", f"2026-Q{at}", place) for at in (1, 2)]
    assert partners(told) == [partner, partner]


def test_a_period_within_a_line_is_that_of_its_rows() -> None:
    line = "Partner: A. Period: II кв. 2026. Place: N"
    told = judged([[line], [], ["Indicator", "Value"], ["OC1.2", 4]], partner=None)
    assert figures(told) == [("OC1.2", "2026-Q2", "N", "_T", 4)]
    within = judged([["Signed. Period: Q2 2026, place: N."], [], ["Indicator", "Value"], ["OC1.2", 4]])
    assert figures(within) == [("OC1.2", "2026-Q2", "N", "_T", 4)]


# ---------------------------------------------------------------------------------------------- a tracking table

TRACKING = ["No.", "Indicator", "Location", "Unit", "Baseline", "Q1 2026", "Q2 2026", "Achieved to date"]
DESK = {"id": "OP1.2.3", "title": "A desk is open", "measure": "yes_no", "accumulation": "level"}


def tracked(formula: str) -> mne.ValidationReport:
    rows = [
        ["OC1.2", "Days", "N", None, 3, 4, 5, formula],
        ["OP1.2.3", "A desk is open", "N", "yes/no", "no", "yes", "yes", None],
    ]
    return judged([["Tracking"], [], TRACKING, *rows], plan=plan_of(FLOW, DESK), titles=["T"])


def test_an_answer_is_no_header_where_an_indicator_stands_in_its_row() -> None:
    told = tracked("=F4+G4")
    assert figures(told)[:2] == [("OC1.2", "2026-Q1", "N", "_T", 4), ("OC1.2", "2026-Q2", "N", "_T", 5)]
    assert [row[0] for row in told.observations.to_polars().select("indicator").rows()].count("OP1.2.3") == 2


def test_a_column_without_a_period_that_is_made_of_those_with_one_is_a_remark() -> None:
    made, typed = (tracked(each).findings.of("layout-ambiguous") for each in ("=F4+G4", "9"))
    assert [(each.place.cell, each.level) for each in (*made, *typed)] == [("H3", "info"), ("H3", "error")]


# --------------------------------------------------------------------------------------------------- who signs a sheet


@pytest.mark.parametrize(
    "row",
    [
        ["Prepared by: Z. Nazarova", None, None, "Date: 22.10.2026"],
        ["Исполнитель: М. Юсупова", None, None, "Подпись: ____________"],
        ["Директор: Р. Каримов", None, None, "М.П.", "20.10.2026"],
        ["Тартибдиҳанда: Ф. Раҷабова", None, None, "Имзо: __________"],
        ["Préparé par : L. Saidova", None, "Cachet", dt.date(2026, 10, 22)],
    ],
)
def test_who_made_a_sheet_and_signs_it_is_no_row_of_it(row: list[Any]) -> None:
    table = [["OC1.2", "Days", 4, 5]]
    told = judged([["Place: N"], [], QUARTERS, *table, [], row])
    assert [each[:2] for each in figures(told)] == [("OC1.2", "2026-Q1"), ("OC1.2", "2026-Q2")]
    assert not told.findings.at_least("warning")


@pytest.mark.parametrize(
    "row", [["OC9: unknown", None, 4], ["Remark: see below", None, "Yes"], ["Total: all", None, 9]]
)
def test_what_holds_a_figure_or_a_word_for_one_is_no_signature(row: list[Any]) -> None:
    told = judged([["Place: N"], [], QUARTERS, ["OC1.2", "Days", 4, 5], row])
    assert told.findings.at_least("info").codes.keys() & {"ref-unknown-indicator", "row-total", "code-normalised"}


def test_a_project_may_be_named_by_its_title_with_its_code_behind_it() -> None:
    plan = mne.read_logframe(TAJIK)
    rows = [["Project: Tajikistan Digital Foundations Project (TJ-DFP)"], ["Partner: P-SUGHD"], ["Place: SUGHD"], [],
            ["Code", "Indicator", "Q2 2026"], ["OC1.2", "Days", 12]]  # fmt: skip
    told = judged(rows, plan=plan, partner=None)
    assert "file-other-logframe" not in told.findings.codes
    assert figures(told)[0][0] == "OC1.2"
    other = judged([["Project: Another Project (AN-1)"], *rows[1:]], plan=plan, partner=None)
    assert "file-other-logframe" in other.findings.codes


# ---------------------------------------------------------------- a numerator and a denominator in rows of their own

SHARE = {"id": "OP2.1.2", "title": "Share who pass", "measure": "percentage", "accumulation": "flow",
         "unit": "percent", "disaggregation": [{"dimensions": ["sex"]}]}  # fmt: skip
PARTS = {
    "en": ("numerator", "denominator"),
    "fr": ("numérateur", "dénominateur"),
    "ru": ("числитель", "знаменатель"),
    "tg": ("сурат", "махраҷ"),
}


def shares(told: mne.ValidationReport) -> list[tuple[Any, ...]]:
    """Period, place, category, numerator and denominator of the accepted shares, in their order."""
    rows = told.observations.to_polars().filter(indicator="OP2.1.2")
    names = ("period", "location", "category", "numerator", "denominator")
    return [(*row[:3], int(row[3]), int(row[4])) for row in rows.select(names).rows()]


HELD = [("2026-Q1", "_T", "_T", 218, 296), ("2026-Q2", "_T", "_T", 241, 314)]


@pytest.mark.parametrize("lang", PARTS)
@pytest.mark.parametrize("title", ["Test – {what} ({part})", "Test, {part}", "{part}: {what}", "{part}"])
def test_two_rows_whose_titles_say_numerator_and_denominator_are_one_figure(lang: str, title: str) -> None:
    top, below = (title.format(what=what, part=part) for what, part in zip(("a", "b"), PARTS[lang], strict=True))
    own = [["OP2.1.2", top, 218, 241], ["OP2.1.2", below, 296, 314]]
    for rows in (own, own[::-1], [own[0], [None, *own[1][1:]]]):
        told = judged([QUARTERS, ["OC1.2", "Days", 4, 5], *rows], plan=plan_of(FLOW, SHARE))
        assert shares(told) == HELD
        assert not codes(told)
    (said,) = told.findings.of("layout-read")
    assert "numerators and denominators in rows of their own" in str(said.found)


def test_rows_of_parts_in_a_long_table_with_places_and_sexes() -> None:
    head = ["Indicator", "What", "Period", "Location", "Sex", "Value", "Comment"]
    period = "2026-Q1"
    rows: list[list[Any]] = [
        ["OP2.1.2", "passed (numerator)", period, "N", "women", 10, None],
        ["OP2.1.2", "passed (numerator)", period, "N", None, 21, None],
        ["OP2.1.2", "tested (denominator)", period, "N", "women", 15, None],
        ["OP2.1.2", "tested (denominator)", period, "N", None, 30, "so"],
        ["OC1.2", "Days", period, "N", None, 4, None],
    ]
    told = judged([head, *rows], plan=plan_of(FLOW, SHARE))
    assert shares(told) == [(period, "N", "sex=F", 10, 15), (period, "N", "_T", 21, 30)]
    assert told.observations.to_polars().filter(indicator="OP2.1.2")["comment"].to_list() == [None, "so"]
    assert not codes(told)


def test_the_part_may_stand_behind_the_title_of_the_indicator_or_of_a_group() -> None:
    rows = [["Share who pass (numerator)", 21], ["Share who pass (denominator)", 30]]
    told = judged([["Indicator", "Q1 2026"], *rows], plan=plan_of(FLOW, SHARE))
    assert shares(told) == [("2026-Q1", "_T", "_T", 21, 30)]
    assert not codes(told)
    titles = [("", 21, 30), (" – women", 10, 15), (" – men", 11, 15)]
    groups = [["OP2.1.2", f"Test{name} ({part})", figure] for name, *own in titles
              for part, figure in zip(PARTS["en"], own, strict=True)]  # fmt: skip
    told = judged([["Code", "Title", "Q1 2026"], *groups], plan=plan_of(FLOW, SHARE))
    assert [each[2:] for each in shares(told)] == [("_T", 21, 30), ("sex=F", 10, 15), ("sex=M", 11, 15)]
    assert not codes(told)


def test_a_table_of_one_indicator_with_a_row_for_each_part() -> None:
    rows = [
        ["OP2.1.2 Share who pass"],
        [None, "Value", "Comment"],
        ["Passed (numerator)", 21],
        ["Tested (denominator)", 30],
    ]
    told = judged([["Period: 2026-Q1"], [], *rows, [], ["OC1.2 Days"], ["", "Value", "Comment"], ["Days", 4]],
                  plan=plan_of(FLOW, SHARE))  # fmt: skip
    assert shares(told) == [("2026-Q1", "_T", "_T", 21, 30)]
    assert not codes(told)


def test_one_part_alone_is_incomplete_at_its_cell() -> None:
    rows: list[list[Any]] = [["OP2.1.2", "Test (numerator)", 218, 241], ["OC1.2", "Days", 4, 5]]
    (said,) = judged([QUARTERS, *rows], plan=plan_of(FLOW, SHARE)).findings.at_least("warning")
    assert (said.code, said.place.cell, [each.cell for each in said.related]) == ("ratio-incomplete", "C2", ["D2"])
    rows.insert(1, ["OP2.1.2", "Test (denominator)", None, 314])
    told = judged([QUARTERS, *rows], plan=plan_of(FLOW, SHARE))
    assert codes(told) == [("ratio-incomplete", "C3")]  # the cell to fill in
    assert shares(told) == [("2026-Q2", "_T", "_T", 241, 314)]


@pytest.mark.parametrize(
    "titles", [("passed", "tested"), ("numerator and denominator", "tested"), ("of which passed", "total")]
)
def test_titles_without_the_word_are_no_parts(titles: tuple[str, str]) -> None:
    told = judged([QUARTERS, *(["OP2.1.2", title, 218, 241] for title in titles)], plan=plan_of(FLOW, SHARE))
    assert not shares(told)
    assert "ratio-as-value" in {each.code for each in told.findings}


def test_a_row_of_a_plain_number_is_not_touched_by_the_word() -> None:
    told = judged([QUARTERS, ["OC1.2", "Days (numerator)", 4, 5]])
    assert [each[4] for each in figures(told)] == [4, 5]


# ------------------------------------------------------------------------------ what a row says, and what stands above it

RUNS = {**FLOW, "id": "OP2.2.1", "title": "Schools", "accumulation": "running_total"}
ABOVE = [
    ["Period: 2026-Q2"],
    [],
    [None, None, "Факт за квартал", None],
    ["Код", "Показатель", "Значение", "Примечание"],
]


@pytest.mark.parametrize(
    "title", ["Школы (нарастающим итогом)", "Schools – cumulative", "Écoles (cumul)", "Мактабҳо, ҷамъшуда"]
)
def test_a_row_that_says_it_is_a_total_so_far_is_one_beneath_any_heading(title: str) -> None:
    rows: list[list[Any]] = [*ABOVE, ["OC1.2", "Days", 4, None], ["OP2.2.1", title, 3, None]]
    told = judged(rows, plan=plan_of(FLOW, RUNS), merged=["C3:D3"])
    assert [(each[0], each[4]) for each in figures(told)] == [("OC1.2", 4), ("OP2.2.1", 3)]
    assert not codes(told)


def test_a_row_that_says_nothing_is_what_its_heading_says_and_the_heading_is_named() -> None:
    rows: list[list[Any]] = [*ABOVE, ["OP2.2.1", "Школы", 3, None]]
    (said,) = judged(rows, plan=plan_of(FLOW, RUNS), merged=["C3:D3"]).findings.of("value-accumulation")
    assert (said.place.cell, said.found) == ("C5", "3")
    assert said.expected == "the total so far; the heading in C3 says Факт за квартал"
    rows = [["Indicator", "Period", "Cumulative"], ["OC1.2", "2026-Q2", 9], ["OC1.2 ", "2026-Q1", 4]]
    told = judged(rows)
    assert {str(each.expected) for each in told.findings.of("value-accumulation")} == {
        "what this period alone achieved; the heading in C1 says Cumulative"
    }


# ------------------------------------------------------------------------------------------ heads that nobody knows

AGES = {**FLOW, "disaggregation": [{"dimensions": ["age"]}]}
FIRST = [
    ["OC1.2 Days"],
    ["Age group", "Value", "Unit", "Comment"],
    ["young", 3, "kg", None],
    ["Total", 3, "kg", None],
    [],
]


def of_shares(*rows: list[Any], first: list[list[Any]] = FIRST) -> mne.ValidationReport:
    table = [["Period: 2026-Q1"], [], *first, ["OP2.1.2 Share who pass"], *rows, [], ["Signed: M. S."]]
    return judged(table, plan=plan_of(AGES, SHARE))


@pytest.mark.parametrize(
    "head",
    [
        ["Group", "Passed", "Tested", "Rate"],
        ["Группа", "Сдали", "Всего пришли", "%"],
        ["Who", "Passed", "Tested", None],
    ],
)
def test_a_head_that_nobody_knows_is_told_once_and_its_figures_are_held(head: list[Any]) -> None:
    # Counts of which a third column is the share would be read; hours that have decimals are no counts.
    told = of_shares(head, ["women", 10.5, 15, 0.7], ["men", 11, 15, 0.7333], ["Total", 21.5, 30, 0.7167])
    assert codes(told) == [("header-row-unknown", "B9")]
    (said,) = told.findings.of("header-row-unknown")
    assert str(said.found) == ", ".join(word for word in head[1:] if word)
    shown = f"Numerator in place of {head[1]} and Denominator in place of {head[2]}"  # by the share beside them
    assert (said.expected, said.place.indicator) == (shown, "OP2.1.2")
    assert not shares(told)
    assert [each[3:] for each in figures(told)] == [("age=u18", 3), ("_T", 3)]
    assert told.counts.rows == told.counts.accepted + told.counts.held + told.counts.ignored


def test_a_head_of_one_column_that_nobody_knows() -> None:
    told = of_shares(["Group", "Passed"], ["women", 10], ["men", 11])
    assert codes(told) == [("header-row-unknown", "B9")]
    told = of_shares(["Unit: percent"], ["Group", "Passed", "Tested"], ["women", 10, 15], ["Total", 11, 15])
    assert codes(told) == [("header-row-unknown", "B10")]


def test_a_head_that_nobody_knows_in_the_first_table_of_a_sheet() -> None:
    own = [["OP2.1.2 Share who pass"], ["Group", "Passed", "Tested"], ["Total", 21, 30], []]
    told = judged([["Period: 2026-Q1"], [], *own, *FIRST], plan=plan_of(AGES, SHARE))
    assert codes(told) == [("header-row-unknown", "B4")]
    assert [each[3:] for each in figures(told)] == [("age=u18", 3), ("_T", 3)]


def test_what_is_held_beneath_a_head_is_not_told_as_missing() -> None:
    share = {**SHARE, "assignments": [{"partner": "A", "since": "2025-01-01"}]}
    days = {**AGES, "assignments": [{"partner": "A", "since": "2025-01-01"}]}
    rows = [["OP2.1.2 Share"], ["Group", "Passed", "Tested"], ["Total", 21, 30]]
    other = {**OTHER, "assignments": [{"partner": "A", "since": "2025-01-01"}]}
    told = judged([["Period: 2026-Q1"], [], *FIRST, *rows], plan=plan_of(days, share, other), period="2026-Q1")
    assert [str(each.found) for each in told.findings.of("report-missing")] == ["nothing for OP2.2.1"]


def test_a_head_beneath_a_table_with_indicators_of_its_own() -> None:
    rows = [["OP2.1.2", 1, 3], ["OC1.2", None, None], ["What", "Passed", "Tested"], ["Test", 2, 4], ["Again", 2, 4]]
    told = judged([["Indicator", "Numerator", "Denominator"], *rows], plan=plan_of(FLOW, SHARE), period="2026-Q1")
    assert ("header-row-unknown", "B4") in codes(told)
    assert not {"ref-unknown-indicator", "number-invalid"} & {code for code, _ in codes(told)}


@pytest.mark.parametrize(
    "rows",
    [
        [["women", "see annex", "many", None], ["men", 11, "kg", None]],
        [["young", "see annex", None, None], ["adult", 11, "kg", None]],
        [["Total", "15 bags", "kg", None], ["young", 11, "kg", None]],
    ],
)
def test_a_row_with_a_wrong_figure_is_no_head(rows: list[list[Any]]) -> None:
    told = judged([["Period: 2026-Q1"], [], *FIRST[:2], *rows], plan=plan_of(AGES, SHARE))
    assert not told.findings.of("header-row-unknown")
    assert told.findings.of("number-invalid")


def test_words_are_no_head_where_words_are_asked_for() -> None:
    told_in_words = {"id": "OP2.1.4", "title": "Stories", "measure": "narrative", "accumulation": "level"}
    rows = [["OP2.1.4 Stories"], ["What", "In short", "At length"], ["Test", 2, 4]]
    told = judged([["Period: 2026-Q1"], [], *FIRST, *rows], plan=plan_of(AGES, told_in_words))
    assert not told.findings.of("header-row-unknown")


@pytest.mark.parametrize("head", [["Numerator", "Denominator", "Rate"], ["Числитель", "Знаменатель", "%"],
                                  ["Numérateur", "Dénominateur", "Taux (%)"], ["Сурат", "Махраҷ", "Фоиз"]])  # fmt: skip
def test_a_share_beside_its_parts_is_a_remark(head: list[str]) -> None:
    told = of_shares(["Group", *head], ["women", 10, 15, 0.6667], ["men", 11, 15, 0.7333], ["Total", 21, 30, 0.7])
    assert [each[2:] for each in shares(told)] == [("sex=F", 10, 15), ("sex=M", 11, 15), ("_T", 21, 30)]
    assert not codes(told)
    table = [["Indicator", "Period", *head], ["OP2.1.2", "2026-Q1", 21, 30, 0.7]]
    assert not codes(judged(table, plan=plan_of(FLOW, SHARE)))


# ------------------------------------------------------------------------ a place that heads the report, and its echoes


def asked(indicator: dict[str, Any], *places: str) -> dict[str, Any]:
    told = {"partner": "A", "since": "2025-01-01", **({"locations": [*places]} if places else {})}
    return {**indicator, "assignments": [told]}


def test_a_place_above_all_tables_is_told_once_for_all_indicators_that_are_not_asked_there() -> None:
    whole = [asked({**FLOW, "id": f"OP1.1.{at}", "title": f"Whole {at}"}) for at in (1, 2)]
    blocks = [
        row for code in ("OP1.1.1", "OP1.1.2", "OC1.2") for row in ([code], [None, "Value", "Unit"], ["x", 6, "kg"], [])
    ]
    rows = [["Partner:", "A"], ["Period:", "2026-Q1"], ["Place:", "N"], [], *blocks]
    plan = plan_of(*whole, asked(FLOW, "N"), asked(OTHER))
    told = judged(rows, plan=plan, partner=None, period="2026-Q1")
    (said,) = told.findings.of("reporter-not-assigned")
    assert (said.place.cell, said.place.indicator) == ("B3", None)
    assert str(said.found) == "A does not report OP1.1.1, OP1.1.2 from N"
    assert [each.cell for each in said.related] == ["B7", "B11"]
    assert [str(each.found) for each in told.findings.of("report-missing")] == ["nothing for OP2.2.1"]


@pytest.mark.parametrize(
    ("places", "lacks"),
    [([None], []), (["S"], ["nothing for OC1.2 (N)"]), (["S", "_T"], []), (["N"], ["nothing for OC1.2 (S)"])],
)
def test_what_is_reported_from_another_place_is_not_told_as_missing_as_well(
    places: list[Any], lacks: list[str]
) -> None:
    rows = [["OC1.2", "2026-Q1", place, 4] for place in places]
    told = judged([BARE, *rows], plan=plan_of(asked(FLOW, "N", "S")), period="2026-Q1")
    assert [str(each.found) for each in told.findings.of("report-missing")] == lacks


# --------------------------------------------------------------------------------------- rows of sums over subtotals

SEXES = {**FLOW, "disaggregation": [{"dimensions": ["sex"]}]}


def summed(*rows: list[Any], plan: mne.Logframe | None = None) -> list[tuple[str, str, str]]:
    """What is said of rows of sums beneath some rows of a table: code, rows or figures compared, what is expected."""
    head = ["Indicator", "Location", "Sex", "Unit", "Q1 2026", "Comment"]
    told = judged([head, *([*row, None] for row in rows)], plan=plan or plan_of(SEXES, OTHER, SHARE))
    assert {each.level for each in told.findings.of("total-row-differs")} <= {"warning"}
    return [
        (each.code, str(each.params.get("rows", each.params.get("compared"))), str(each.expected))
        for each in told.findings.of("row-total", "total-row-differs")
    ]


def people(place: str, women: int, men: int) -> list[list[Any]]:
    figures = (("women", women), ("men", men), ("Total", women + men))
    return [["OC1.2", place, sex, "kg", figure] for sex, figure in figures]


OTHERS: list[list[Any]] = [["OP2.2.1", "N", None, "kg", 7], ["OP2.2.1", "S", None, "kg", 8]]


@pytest.mark.parametrize("before", [[], OTHERS])
def test_a_row_of_sums_is_compared_with_the_wholes_of_splits_above_it(before: list[list[Any]]) -> None:
    rows = [*before, *people("N", 10, 20), *people("S", 30, 40)]
    first = len(before) + 4
    said = f"{first}, {first + 3}"
    assert summed(*rows, ["TOTAL trained", None, None, "kg", 100]) == [("row-total", "1", "")]
    assert summed(*rows, ["TOTAL trained", None, None, "kg", 90]) == [
        ("total-row-differs", said, "100"),
        ("row-total", "1", ""),
    ]
    assert summed(*rows, ["TOTAL trained", None, None, None, 200])[0] == ("total-row-differs", said, "100")


def test_a_row_of_sums_in_another_unit_or_above_shares_is_not_compared() -> None:
    rows = [*people("N", 10, 20), *people("S", 30, 40)]
    assert summed(*rows, [None, "TOTAL", None, "t", 90]) == [("row-total", "0", "")]
    shares = [["OP2.1.2", "N", None, None, 45], ["OC1.2", "N", None, "kg", 4]]
    assert summed(*shares, [None, "TOTAL", None, None, 90]) == [("row-total", "0", "")]


def test_a_row_of_sums_may_sum_up_those_above_it() -> None:
    north = [["OP2.2.1", "N", None, "kg", 7], ["OP2.2.1", "N", None, "kg", 8], ["Subtotal N", None, None, "kg", 15]]
    south = [["OP2.2.1", "S", None, "kg", 1], ["OP2.2.1", "S", None, "kg", 2], ["Subtotal S", None, None, "kg", 3]]
    fine = [("row-total", "1", "")]
    assert summed(*north, *south, ["Grand total", None, None, "kg", 18]) == fine * 3
    wrong = summed(*north, *south, ["Grand total", None, None, "kg", 16])
    assert wrong == [("total-row-differs", "4, 7", "18"), *fine * 3]
    assert summed(*north, *south[:2], ["Grand total", None, None, "kg", 18]) == fine * 2
    either = summed(*north, *south[:2], ["Grand total", None, None, "kg", 16])
    assert either == [("total-row-differs", "4, 5, 6", "3 or 18"), *fine * 2]


def test_a_row_of_sums_that_cannot_be_compared_says_so() -> None:
    told = judged([["Indicator", "Q1 2026"], ["OP2.1.2", 45], ["Total", 45]], plan=plan_of(SHARE))
    (said,) = told.findings.of("row-total")
    assert "none of its figures could be compared" in said.message
    assert "{" not in said.in_language("ru").message


# ------------------------------------------------------------------------------------- a part that was left blank

BY_SEX = ["Indicator", "Period", "Women", "Men", "Total"]
BY_ROW = ["Code", "Sex", "Q1 2026", "Q2 2026"]


def lacking(*rows: list[Any], plan: mne.Logframe | None = None) -> list[tuple[str, str | None, str, str]]:
    told = judged(list(rows), plan=plan or plan_of(SEXES, OTHER))
    return [
        (str(each.level), each.place.cell, str(each.found), str(each.expected))
        for each in told.findings.of("total-parts-missing")
    ]


def test_a_blank_part_is_told_where_other_periods_have_all_parts() -> None:
    said = "1 of 2 parts by Sex"
    full = ["OC1.2", "2026-Q2", 12, 5, 17]
    for total in (12, 30, None):
        assert lacking(BY_SEX, ["OC1.2", "2026-Q1", 12, None, total], full) == [("warning", "D2", said, "men")]
    rows = [["OC1.2", "women", 12, 12], ["OC1.2", "men", 5, None], ["OC1.2", "Total", 17, 30]]
    assert lacking(BY_ROW, *rows) == [("warning", "D3", said, "men")]


def test_a_blank_part_is_a_remark_where_the_total_is_what_the_others_make() -> None:
    assert lacking(BY_SEX, ["OC1.2", "2026-Q1", 12, None, 12]) == [("info", "D2", "1 of 2 parts by Sex", "men")]
    assert lacking(BY_SEX, ["OC1.2", "2026-Q1", 12, None, 30]) == []
    assert lacking(BY_SEX, ["OC1.2", "2026-Q1", 12, None, None]) == []


@pytest.mark.parametrize(
    "row",
    [
        ["OC1.2", "2026-Q1", None, None, 12],  # only the whole
        ["OC1.2", "2026-Q1", None, None, None],  # not yet
        ["OC1.2", "2026-Q1", 12, "n/a", 12],  # said why
        ["OC1.2", "2026-Q1", 12, 0, 12],
        ["OP2.2.1", "2026-Q1", None, None, 12],  # not split by sex
    ],
)
def test_nothing_is_said_of_parts_that_nobody_began(row: list[Any]) -> None:
    assert lacking(BY_SEX, row, ["OC1.2", "2026-Q2", 12, 5, 17]) == []


def test_a_split_that_the_plan_requires_is_told_once() -> None:
    plan = plan_of({**FLOW, "disaggregation": [{"dimensions": ["sex"], "required": True}]}, OTHER)
    rows = [["OC1.2", "2026-Q1", 12, None, 12], ["OC1.2", "2026-Q2", 12, 5, 17]]
    assert len(lacking(BY_SEX, *rows, plan=plan)) == 1


# ------------------------------------------------------------------------ a second table with fewer columns of the same names

ONE = ["OC1.2", "2026-Q1", "N", 4]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["Indicator", "Period", "Value"], ["OP2.2.1", "2026-Q1", 5]], "_T"),
        ([[], ["Period", "Indicator", "Value"], ["2026-Q1", "OP2.2.1", 5]], "_T"),
        ([[], ["Second table"], ["Indicator", "Period", "Value"], ["OP2.2.1", "2026-Q1", 5]], "_T"),
        ([[], ["Location: S"], ["Indicator", "Period", "Value"], ["OP2.2.1", "2026-Q1", 5]], "S"),
        ([[], ["Location: S"], ["Indicator", "Period", None, "Value"], ["OP2.2.1", "2026-Q1", None, 5]], "S"),
        ([[], ["Indicator", "Period", None, "Value"], ["OP2.2.1", "2026-Q1", None, 5]], "_T"),
        ([[], BARE, ["OP2.2.1", "2026-Q1", "S", 5]], "S"),
    ],
)
def test_a_second_table_with_some_of_the_columns_of_the_first(rows: list[list[Any]], place: str) -> None:
    told = judged([BARE, ONE, *rows])
    assert figures(told) == [("OC1.2", "2026-Q1", "N", "_T", 4), ("OP2.2.1", "2026-Q1", place, "_T", 5)]
    assert not codes(told)


def test_a_numerator_and_a_denominator_are_of_the_indicator_above_them_though_it_has_no_figure() -> None:
    plan = plan_of(FLOW, SHARE)
    rows = [
        QUARTERS, ["OC1.2", "Days", 4, 5],
        ["OP2.1.2", "Share who pass", None, None], [None, "numerator", 30, 32], [None, "denominator", 40, 42],
    ]  # fmt: skip
    told = judged(rows, plan=plan)
    assert not codes(told)
    found = told.observations.to_polars().filter(indicator="OP2.1.2").sort("period")
    assert found.select("numerator", "denominator").rows() == [(30, 40), (32, 42)]


@pytest.mark.parametrize(
    "signed",
    [["Prepared by:", "Z. Shoeva", "Date :", "14.10.2026"], ["Approved by:", None, "Signature:", "______"]],
)
def test_who_signs_a_table_is_no_row_of_it(signed: list[Any]) -> None:
    told = judged([QUARTERS, ["OC1.2", "Days", 4, 5], [], signed])
    assert not codes(told)
    assert len(figures(told)) == 2
    (passed,) = told.findings.of("row-without-data")
    assert (passed.found, passed.level) == ("4", "info")
    # A row with a number, or words where a figure belongs, is meant as one.
    for meant in (["Note:", None, "n/a", 5], [None, "Days", "about ten", None]):
        assert codes(judged([QUARTERS, ["OC1.2", "Days", 4, 5], meant]))


@pytest.mark.parametrize(("total", "told"), [((117, 128), []), ((112, 128), [("total-row-differs", "B6")])])
def test_a_row_of_sums_beneath_the_places_of_one_indicator_is_compared(total: Any, told: list[Any]) -> None:
    rows = [
        ["OC1.2 Days"], ["Place", "Women", "Men"], ["N", 43, 46], ["S", 74, 82], [], ["Total", *total],
    ]  # fmt: skip
    del rows[4]
    rows.insert(0, [])
    assert (
        codes(judged(rows, plan=plan_of({**FLOW, "disaggregation": [{"dimensions": ["sex"]}]}), period="2026-Q2"))
        == told
    )


def test_a_row_of_sums_beneath_the_periods_of_one_indicator_is_not() -> None:
    rows = [["OC1.2 Days"], ["Period", "Place", "Value"], ["2026-Q1", "N", 4], ["2026-Q2", "N", 5], ["Total", None, 5]]
    assert not codes(judged(rows))


# ---------------------------------------------------------------------------------------------- units that are not given


def test_rows_without_a_unit_are_told_with_the_unit_of_each_indicator() -> None:
    plan = plan_of(FLOW, {**OTHER, "unit": "person"}, {**FLOW, "id": "OC1.3", "title": "Weeks"})
    head = ["Indicator", "Period", "Unit", "Value"]
    rows = [["OC1.2", "2026-Q1", "kg", 4], ["OC1.2", "2026-Q2", None, 4], ["OP2.2.1", "2026-Q1", None, 7]]
    (said,) = judged([head, *rows, ["OC1.3", "2026-Q1", None, 7]], plan=plan).findings.of("unit-missing")
    assert (str(said.expected), said.params["count"]) == ("kg for OC1.2, OC1.3; person for OP2.2.1", 3)
    assert [said.place.cell, *(each.cell for each in said.related)] == ["C3", "C4", "C5"]
    (said,) = judged([head, *rows[:2]], plan=plan).findings.of("unit-missing")
    assert str(said.expected) == "kg"


def test_of_many_indicators_without_a_unit_the_first_few_are_named() -> None:
    many = [{**FLOW, "id": f"OC2.{at}", "title": f"Kind {at}"} for at in range(8)]
    rows = [[each["id"], "2026-Q1", None, 4] for each in many]
    told = judged([["Indicator", "Period", "Unit", "Value"], *rows, ["OP2.2.1", "2026-Q1", None, 7]],
                  plan=plan_of(*many, {**OTHER, "unit": "person"}))  # fmt: skip
    (said,) = told.findings.of("unit-missing")
    assert str(said.expected) == "kg for OC2.0, OC2.1, OC2.2, OC2.3, OC2.4, OC2.5, …; person for OP2.2.1"
