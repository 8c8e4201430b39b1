"""Blocks of a report in words: the name of each indicator, a small table beneath it, and a sentence."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

import mne
from tests.builders import plan_of
from tests.unit.test_tired_reading import FLOW, SHARE, SPLIT, book, figures, grave, judged
from tests.workbooks import computed

TOP = [["Centre A"], ["Partner:", "A"], ["Location:", "N"], []]
HEAD = [None, "2026-Q2", "2026-Q1", "Unit", "Change"]
RUNNING = {**FLOW, "id": "OP2.2.1", "title": "Schools", "accumulation": "running_total", "unit": "number"}
END = [["All of it was counted twice, by two persons who do not know each other."], []]


def told_of(*rows: list[Any], plan: mne.Logframe, **options: Any) -> mne.ValidationReport:
    return judged([*TOP, *rows], plan=plan, partner=None, period="2026-Q2", **options)


def codes(told: mne.ValidationReport) -> list[tuple[str, str | None]]:
    return [(each.code, each.place.cell) for each in told.findings.at_least("warning")]


# ---------------------------------------------------------------------------------- rows that are parts of a split


@pytest.mark.parametrize("whole", ["All", "Ensemble", "Всего", "Trained", "Total"])
@pytest.mark.parametrize(("women", "men"), [("of which women", "of which men"), ("dont femmes", "dont hommes"),
                                            ("Women", "Men"), ("Trained – women", "Trained – men")])  # fmt: skip
def test_titles_of_rows_say_the_category_beneath_the_name_of_an_indicator(whole: str, women: str, men: str) -> None:
    rows = [[whole, 7, 5, "kg", 0.4], [women, 4, "n/a", "kg", None], [men, 3, "n/a", "kg", None]]
    told = told_of(["OC1.2 – Days"], HEAD, *rows, *END, plan=plan_of(SPLIT))
    mine = [(each[3], each[4]) for each in figures(told) if each[1] == "2026-Q2"]
    assert mine == [("_T", 7), ("sex=F", 4), ("sex=M", 3)]
    assert not grave(told)
    assert not told.findings.of("header-unknown")


def test_a_total_beneath_rows_that_are_no_parts_stays_a_row_of_sums() -> None:
    places = [["Location", "2026-Q2"], ["N", 4], ["S", 3], ["Total", 7]]
    told = judged([["Partner:", "A"], ["OC1.2 – Days"], *places], partner=None, period="2026-Q2")
    assert [(each[2], each[4]) for each in figures(told)] == [("N", 4), ("S", 3)]
    assert [each.place.row for each in told.findings.of("row-total")] == [6]


def test_parts_that_do_not_make_their_total_are_told() -> None:
    rows = [["All", 7, 5], ["of which women", 4, None], ["of which men", 4, None]]
    told = told_of(["OC1.2 – Days"], [None, "2026-Q2", "2026-Q1"], *rows, plan=plan_of(SPLIT))
    assert [each[0] for each in codes(told)] == ["total-mismatch"]


@pytest.mark.parametrize(
    "part", ["of which in villages", "dont en zone rurale", "из них в сёлах", "аз ҷумла дар деҳот"]
)
def test_a_part_that_the_plan_does_not_ask_for_is_no_second_figure(part: str) -> None:
    rows = [["Trained", 7, 5], [part, 2, 1], ["of which women", 4, 3], ["of which men", 3, 2]]
    told = told_of(["OC1.2 – Days"], [None, "2026-Q2", "2026-Q1"], *rows, plan=plan_of(SPLIT))
    assert [each[4] for each in figures(told) if each[1] == "2026-Q2"] == [7, 4, 3]
    assert [(each.place.row, each.found) for each in told.findings.of("row-part-unasked")] == [(8, part)]
    assert not codes(told)


@pytest.mark.parametrize("new", ["of which new", "dont raccordées pendant le trimestre", "из них новых",
                                 "в т.ч. за квартал", "аз ҷумла дар семоҳа", "of which connected this quarter"])  # fmt: skip
@pytest.mark.parametrize(("total", "wrong"), [(12, False), (10, True), (13, True)])
def test_a_running_total_grows_by_what_is_new_in_the_row_beneath_it(new: str, total: int, wrong: bool) -> None:
    rows = [["Connected since the start", total, 10], [new, 2, 1]]
    told = told_of(["OP2.2.1 – Schools"], [None, "2026-Q2", "2026-Q1"], *rows, plan=plan_of(RUNNING))
    assert [each[4] for each in figures(told) if each[1] == "2026-Q2"] == [total]
    assert codes(told) == ([("total-cumulative-differs", "B7")] if wrong else [])
    assert [each.expected for each in told.findings.of("total-cumulative-differs")] == (["12"] if wrong else [])


def test_a_row_of_which_beneath_a_flow_says_nothing_of_its_growth() -> None:
    rows = [["Trained", 7, 10], ["of which new", 2, 1]]
    told = told_of(["OC1.2 – Days"], [None, "2026-Q2", "2026-Q1"], *rows, plan=plan_of(FLOW))
    assert not codes(told)
    assert [each[4] for each in figures(told) if each[1] == "2026-Q2"] == [7]


# ------------------------------------------------------------------------------------------ columns and rows beside


@pytest.mark.parametrize(("formula", "told"), [("=B7-C7", False), ("=B7/C7-1", False), ("=B$7-$C7", False),
                                               ("=B8-C8", True), ("=SUM(X7:Y7)", True)])  # fmt: skip
def test_a_column_of_formulas_over_its_neighbours_is_no_unknown_column(formula: str, told: bool) -> None:
    made = openpyxl.Workbook()
    for row in [*TOP, ["OC1.2 – Days"], [None, "2026-Q2", "2026-Q1", "Spread", "Unit"], ["Days", 7, 5, formula, "kg"]]:
        made.active.append(row)
    data = computed(made, {"D7": 2})
    said = mne.validate(("q.xlsx", data), plan_of(FLOW), period="2026-Q2")
    assert [each.code for each in said.findings.at_least("warning")] == (["header-unknown"] if told else [])


def test_who_signs_beneath_a_block_and_the_stamp_beside_are_a_remark() -> None:
    end = [["Signature of the director: ____________", None, None, "Stamp:"], ["Received on: __ / __ / 2026"]]
    told = told_of(["OC1.2 – Days"], HEAD, ["Days", 7, 5, "kg", None], [], *end, plan=plan_of(FLOW))
    assert not codes(told)


# ------------------------------------------------------------------------------------------- heads in other words

PAIR = {**SHARE, "disaggregation": [{"dimensions": ["sex"]}]}
THREE = [[7, 11, 7 / 11], [4, 7, 4 / 7], [3, 4, 0.75]]


def shares(told: mne.ValidationReport) -> list[tuple[Any, ...]]:
    rows = told.observations.to_polars().select("period", "category", "numerator", "denominator").rows()
    return [(*row[:2], *map(int, row[2:])) for row in rows]


def split(rows: list[list[Any]]) -> list[list[Any]]:
    return [[title, *cells] for title, cells in zip(("All", "Women", "Men"), rows, strict=True)]


@pytest.mark.parametrize("head", [["Reçus", "Présentés", "Taux"], ["Passed (2026-Q2)", "Sat (2026-Q2)", "Rate"],
                                  ["Сдали", "Сдавали", "%"]])  # fmt: skip
@pytest.mark.parametrize("scale", [1, 100])
def test_a_head_whose_third_column_is_what_two_others_make(head: list[str], scale: int) -> None:
    rows = split([[*each[:2], each[2] * scale] for each in THREE])
    told = told_of(["OP2.1.2 – Passed the test"], [None, *head], *rows, [], ["Some were absent."], plan=plan_of(PAIR))
    assert shares(told) == [("2026-Q2", "_T", 7, 11), ("2026-Q2", "sex=F", 4, 7), ("2026-Q2", "sex=M", 3, 4)]
    assert not codes(told)


def test_the_share_may_stand_before_its_parts_and_other_columns_beside() -> None:
    rows = split([[each[2], each[1], each[0], "n/a"] for each in THREE])
    told = told_of(["OP2.1.2"], [None, "Share", "Sat", "Passed", "Share before"], *rows, plan=plan_of(PAIR))
    assert [each[2:] for each in shares(told)] == [(7, 11), (4, 7), (3, 4)]


@pytest.mark.parametrize("rows", [[[7, 9, 2]], [[7, 9, 0.5], [4, 5, 0.4], [3, 4, 0.1]], [[1, 2, 50]]])
def test_figures_that_show_no_share_are_not_read_beneath_a_strange_head(rows: list[list[Any]]) -> None:
    told = told_of(
        ["OP2.1.2"], [None, "Reçus", "Présentés", "Taux"], *([None, *each] for each in rows), plan=plan_of(PAIR)
    )
    assert not shares(told)
    assert grave(told)


def test_heads_of_two_periods_are_not_taken_for_one() -> None:
    head = [None, "Passed (2026-Q2)", "Sat (2026-Q1)", "Rate"]
    told = told_of(["OP2.1.2"], head, *split(THREE), plan=plan_of(PAIR))
    assert not shares(told)


def test_a_formula_shows_which_column_is_the_share_where_there_is_but_one_row() -> None:
    made = openpyxl.Workbook()
    for row in [*TOP, ["OP2.1.2"], [None, "Passed", "Sat", "Rate"], [None, 1, 2, "=B7/C7"]]:
        made.active.append(row)
    told = mne.validate(("q.xlsx", computed(made, {"D7": 0.5})), plan_of(SHARE), period="2026-Q2")
    assert shares(told) == [("2026-Q2", "_T", 1, 2)]


def test_a_share_that_its_parts_do_not_make_is_told() -> None:
    rows = split([*THREE[:2], [3, 4, 0.57]])
    told = told_of(["OP2.1.2"], [None, "Reçus", "Présentés", "Taux"], *rows, plan=plan_of(PAIR))
    assert codes(told) == [("number-conflict", "D9")]


# ------------------------------------------------------------------------------------- codes that were left as they were

PLAN = [FLOW, {**FLOW, "id": "OP1.1.1", "title": "Complaints"}, {**FLOW, "id": "OP1.1.2", "title": "Visits"}]


def block(name: str, value: int) -> list[list[Any]]:
    unit = "complaints" if "Plaintes" in name and "OC1.2" in name else "kg"
    return [[name], [None, "2026-Q2", "2026-Q1", "Unit"], ["Counted", value, 10 - value, unit], []]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("OC1.2 – Plaintes reçues", [("indicator-again", "A9", "OP1.1.1")]),
        ("OC1.2 – Complaints", [("indicator-conflict", "A9", "OP1.1.1")]),
        ("OP1.1.1 – Plaintes reçues", []),
    ],
)
def test_a_code_above_two_tables_with_different_titles(second: str, said: list[tuple[str, str, str]]) -> None:
    rows = [*block("OC1.2 – Jours d’attente", 4), *block(second, 5), *block("OP1.1.2 – Visites", 6)]
    told = told_of(*rows, plan=plan_of(*PLAN))
    found = [each for each in told.findings.at_least("warning") if each.code != "report-missing"]
    assert [(each.code, each.place.cell, each.suggestion) for each in found] == said
    assert [each[4] for each in figures(told) if each[1] == "2026-Q2"] == ([4, 6] if said else [4, 5, 6])


@pytest.mark.parametrize("second", ["OC1.2 – Jours d’attente en ville", "OC1.2", "OC1.2 – Women"])
def test_the_same_code_above_two_tables_of_one_indicator_is_no_slip(second: str) -> None:
    rows = [*block("OC1.2 – Jours d’attente", 4), *block(second, 5), *block("OP1.1.2 – Visites", 6)]
    told = told_of(*rows, plan=plan_of(*PLAN))
    assert not told.findings.of("indicator-again")


def test_nothing_is_suggested_for_a_code_where_several_indicators_are_missing() -> None:
    rows = [*block("OC1.2 – Jours d’attente", 4), *block("OC1.2 – Plaintes reçues", 5)]
    told = told_of(*rows, plan=plan_of(*PLAN))
    assert not told.findings.of("indicator-again")
    assert told.findings.of("unit-invalid")


# --------------------------------------------------------------------------------- what a sheet says twice of itself


@pytest.mark.parametrize(
    ("above", "told"),
    [
        ("2025-Q2", True), ("Q2 2025 (1 April to 30 June 2025)", True), ("2026-Q3", True),
        ("2026-Q2", False), ("Q2 2026", False), ("2026", False), ("H1 2026", False),
    ],
)  # fmt: skip
def test_a_period_above_tables_that_are_all_of_other_periods_is_told(above: str, told: bool) -> None:
    rows = [["Centre A"], ["Period:", above], ["Location:", "N"], [], *block("OC1.2 – Days", 4)]
    said = judged(rows, plan=plan_of(FLOW), period="2026-Q2").findings.at_least("warning")
    assert [(each.code, str(each.level), each.place.cell, each.expected) for each in said] == (
        [("period-other", "warning", "B2", "2026-Q2")] if told else []
    )


def test_an_earlier_figure_in_another_unit_is_told_at_the_unit() -> None:
    kilograms = {**FLOW, "unit": "kg"}
    last = [["Indicator", "Period", "Location", "Value", "Unit"], ["OC1.2", "2026-Q1", "N", 5, "kg"]]
    rows = [*TOP, ["OC1.2 – Days"], [None, "2026-Q2", "2026-Q1", "Unit"], ["Paper", 5, 5, "t"]]
    files = [("last.xlsx", book(last)), ("q.xlsx", book(rows))]
    told = mne.validate(files, plan_of(kilograms), partner="A", period="2026-Q2")
    assert [each.place.cell for each in told.findings.of("figures-restated")] == ["D7"]


# ------------------------------------------------------------------------------------------------ formulas over a list


def listed(formula: str, rows: int, *, beside: Any = "Town", last: Any = 3) -> bytes:
    made = openpyxl.Workbook()
    for row in [*TOP, ["OC1.2 – Days"], [None, "2026-Q2", "2026-Q1", "Unit"], ["Schools", formula, last, "kg"]]:
        made.active.append(row)
    sheet = made.create_sheet("The list")
    for row in [["Schools"], [], ["No", "School", "Town", "Pupils"]]:
        sheet.append(row)
    for at in range(rows):
        sheet.append([at + 1, f"School {at}", beside if at > 3 else "Town", 10 if beside or at < 4 else None])
    return computed(made, {"B7": 4} if last == 3 else {"B7": 4, "C7": 2})


@pytest.mark.parametrize(
    ("formula", "rows", "expected"),
    [
        ("=COUNTA('The list'!B4:B7)", 6, "6, with B8:B9 of the sheet The list"),
        ("=COUNTA('The list'!$B$4:$B$7)", 5, "5, with B8 of the sheet The list"),
        ("=COUNT('The list'!A4:A7)", 6, "6, with A8:A9 of the sheet The list"),
        ("=SUM('The list'!D4:D7)", 6, "60, with D8:D9 of the sheet The list"),
        ("=COUNTA('The list'!B4:B7)", 4, None),
        ("=COUNTA('The list'!B4:B9)", 6, None),
        ("=COUNT('The list'!B4:B7)", 6, None),
        ("=COUNTA('The list'!B4:B7)+COUNTA('The list'!B8:B9)", 6, None),
    ],
)
def test_a_formula_that_ends_above_the_last_lines_of_its_list(formula: str, rows: int, expected: str | None) -> None:
    told = mne.validate(("q.xlsx", listed(formula, rows)), plan_of(FLOW), period="2026-Q2")
    found = [(each.place.cell, each.expected) for each in told.findings.of("formula-leaves-out")]
    assert found == ([("B7", expected)] if expected else [])


@pytest.mark.parametrize("more", [{"last": "=COUNTA('The list'!B8:B9)"}, {"beside": None}])
def test_lines_that_another_formula_counts_or_that_are_no_lines_of_the_list(more: dict[str, Any]) -> None:
    data = listed("=COUNTA('The list'!B4:B7)", 6, **more)
    told = mne.validate(("q.xlsx", data), plan_of(FLOW), period="2026-Q2")
    assert [each[4] for each in figures(told)] == [4]
    assert not told.findings.of("formula-leaves-out")


# ---------------------------------------------------------------------- rows of a numerator, a denominator and the ratio

RATIO = {"id": "OP2.1.3", "title": "Complaints", "measure": "ratio", "per": 1000, "accumulation": "flow"}


@pytest.mark.parametrize("units", [("complaints", "persons", "per 1,000"), ("réclamations", None, "pour 1 000")])
@pytest.mark.parametrize("last", [3 / 365 * 1000, 8.2])
def test_rows_of_a_ratio_have_units_of_their_own(units: tuple[Any, ...], last: float) -> None:
    rows = [["Complaints", 3, 3], ["Participants", 365, 350], ["Per 1,000", last, 3 / 350 * 1000]]
    rows = [[*row, unit] for row, unit in zip(rows, units, strict=True)]
    told = told_of(["OP2.1.3"], [None, "2026-Q2", "2026-Q1", "Unit"], *rows, plan=plan_of(RATIO))
    assert shares(told) == [("2026-Q2", "_T", 3, 365)]
    assert not codes(told)


def test_a_unit_of_the_ratio_itself_that_nobody_knows_is_told() -> None:
    rows = [
        ["Complaints", 3, 3, "complaints"],
        ["Participants", 365, 350, "persons"],
        ["Rate", 8.219, 8.571, "per bag"],
    ]
    told = told_of(["OP2.1.3"], [None, "2026-Q2", "2026-Q1", "Unit"], *rows, plan=plan_of(RATIO))
    assert codes(told) == [("unit-invalid", "D9")]


def test_words_that_are_merged_over_the_figures_beneath_a_head_of_shares_are_no_row() -> None:
    rows = [*TOP, ["OP2.1.2"], [None, "Reçus", "Présentés", "Taux"], *split(THREE), ["All of 9 sat for it."]]
    told = judged(rows, plan=plan_of(PAIR), partner=None, period="2026-Q2", merged=["A10:D10"])
    assert len(shares(told)) == 3
    assert not codes(told)
