"""Tables by months beside their quarter: heads in two rows, earlier quarters, the year to date, parts in rows."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

import mne
from tests.builders import plan_of
from tests.unit.test_tired_reading import FLOW, OTHER, SPLIT, figures, grave, judged
from tests.unit.test_tired_sheets import codes
from tests.workbooks import computed

SHARE = {"id": "OP2.1.2", "title": "Share who pass", "measure": "percentage", "accumulation": "flow",
         "unit": "percent", "disaggregation": [{"dimensions": ["sex"]}]}  # fmt: skip
RATIO = {"id": "OP2.1.3", "title": "Complaints per 1,000 participants", "measure": "ratio", "per": 1000,
         "accumulation": "flow"}  # fmt: skip
HEADS = {
    "tg": (["Рамз", "Нишондиҳанда", "Воҳид", "Семоҳаҳои гузашта (2026)", None, "Моҳҳои семоҳаи III", None, None,
            "Семоҳаи III 2026", "Аз аввали сол (9 моҳ)", "Эзоҳ"],
           [None, None, None, "I", "II", "Июл", "Август", "Сентябр"]),
    "ru": (["Код", "Показатель", "Ед. изм.", "Предыдущие кварталы 2026", None, "Месяцы III квартала", None, None,
            "III квартал 2026", "С начала года", "Примечание"],
           [None, None, None, "I", "II", "июль", "август", "сентябрь"]),
    "fr": (["Code", "Indicateur", "Unité", "Trimestres précédents (2026)", None, "Mois du T3", None, None, "T3 2026",
            "Cumul depuis janvier", "Observations"],
           [None, None, None, "1", "2", "juillet", "août", "septembre"]),
    "en": (["Code", "Indicator", "Unit", "Previous quarters 2026", None, "Months of Q3", None, None, "Q3 2026",
            "Since January (9 months)", "Remarks"],
           [None, None, None, "I", "II", "July", "August", "September"]),
}  # fmt: skip
MERGED = ["A4:A5", "B4:B5", "C4:C5", "D4:E4", "F4:H4", "I4:I5", "J4:J5", "K4:K5"]
WEIGHT = ["OC1.2", "Weight", "kg", 50, 45, 15, 14, 13, 42, 137, None]


def by_months(
    *rows: list[Any], lang: str = "en", plan: mne.Logframe | None = None, **heads: str
) -> mne.ValidationReport:
    """A sheet with the heads of a language in its fourth and fifth row; `heads` are others by the column's letter."""
    first, second = ([*each] for each in HEADS[lang])
    for letter, text in heads.items():
        second[ord(letter) - ord("A")] = text
    top = ["Report of the network for the third quarter"]
    return judged([top, [], [], first, second, *rows], merged=MERGED, period="2026-Q3", plan=plan)


@pytest.mark.parametrize("lang", HEADS)
def test_heads_in_two_rows_with_months_earlier_quarters_and_the_year_to_date(lang: str) -> None:
    schools = ["OP2.2.1", "Schools", "kg", 2, 3, 1, 1, 1, 3, 8, "in September"]
    signed = ["Head of office: ______", None, None, None, None, "M&E: _____"]
    told = by_months(["Services"], WEIGHT, schools, [], signed, lang=lang)
    assert figures(told) == [("OC1.2", "2026-Q3", "_T", "_T", 42), ("OP2.2.1", "2026-Q3", "_T", "_T", 3)]
    assert codes(told) == []


def test_quarters_by_their_numbers_beneath_the_word_for_several() -> None:
    head = [["Code", "Indicator", "Quarters of 2026", None, None], [None, None, "I", "II", "III"]]
    told = judged([*head, ["OC1.2", "Weight", 50, 45, 42]], merged=["A1:A2", "B1:B2", "C1:E1"])
    assert figures(told) == [("OC1.2", f"2026-Q{at + 1}", "_T", "_T", each) for at, each in enumerate((50, 45, 42))]
    assert codes(told) == []


def test_months_that_are_not_those_of_the_quarter_beside_them_are_told_once() -> None:
    told = by_months(WEIGHT, ["OP2.2.1", "Schools", "kg", 2, 3, 1, 1, 1, 3, 8, None], F="April", G="May", H="June")
    assert codes(told) == [("period-months-other", "F5")]
    (said,) = told.findings.of("period-months-other")
    assert (said.found, said.expected) == ("April, May, June", "2026-07, 2026-08, 2026-09")
    assert [each.cell for each in said.related] == ["G5", "H5"]
    assert figures(told) == [("OC1.2", "2026-Q3", "_T", "_T", 42), ("OP2.2.1", "2026-Q3", "_T", "_T", 3)]


def test_months_right_beside_a_quarter_need_no_head_above_them() -> None:
    head = ["Code", "April", "May", "June", "Q3 2026"]
    wrong = judged([head, ["OC1.2", 15, 14, 13, 42]], period="2026-Q3")
    assert codes(wrong) == [("period-months-other", "B1")]
    right = judged([["Code", "July", "August", "September", "Q3 2026"], ["OC1.2", 15, 14, 13, 42]], period="2026-Q3")
    assert (codes(right), [each[-1] for each in figures(right)]) == ([], [42])


@pytest.mark.parametrize("title", ["Report for Q2 2026", "Ҳисобот барои семоҳаи II соли 2026"])
def test_months_without_a_quarter_are_of_the_year_that_the_title_names(title: str) -> None:
    monthly = {**FLOW, "frequency": "monthly"}
    told = judged([[title], [], ["Code", "April", "May", "June"], ["OC1.2", 15, 14, 13]], plan=plan_of(monthly))
    assert [each[1] for each in figures(told)] == ["2026-04", "2026-05", "2026-06"]
    assert codes(told) == []


def shares(lang: str) -> tuple[list[list[Any]], dict[str, tuple[int, int, int | None]]]:
    words = {
        "en": ("Passed (numerator)", "Tested (denominator)", "Share", "Women: passed (numerator)", "Women: tested (denominator)",
               "Men: passed (numerator)", "Men: tested (denominator)"),
        "tg": ("Супориданд (сурат)", "Иштирок карданд (махраҷ)", "Ҳисса", "занон: супориданд (сурат)",
               "занон: иштирок карданд (махраҷ)", "мардон: супориданд (сурат)", "мардон: иштирок карданд (махраҷ)"),
        "ru": ("Сдали (числитель)", "Сдавали (знаменатель)", "Доля", "женщины – сдали (числитель)",
               "женщины – сдавали (знаменатель)", "мужчины – сдали (числитель)", "мужчины – сдавали (знаменатель)"),
    }[lang]  # fmt: skip
    numbers = (63, 80, 78.75, 30, 38, 33, 42)
    rows = [
        ["OP2.1.2", title, "%" if number == 78.75 else "person", number]
        for title, number in zip(words, numbers, strict=True)
    ]
    return rows, {"_T": (63, 80, None), "sex=F": (30, 38, None), "sex=M": (33, 42, None)}


@pytest.mark.parametrize("lang", ["en", "tg", "ru"])
def test_a_share_with_its_parts_and_those_of_women_and_men_in_rows_of_one_code(lang: str) -> None:
    rows, wanted = shares(lang)
    told = judged([["Code", "Title", "Unit", "Q3 2026"], *rows], plan=plan_of(SHARE))
    kept = told.observations.to_polars().select("category", "numerator", "denominator").rows()
    assert [(each[0], int(each[1]), int(each[2])) for each in kept] == [
        (key, *each[:2]) for key, each in wanted.items()
    ]
    assert codes(told) == []


def test_words_before_a_colon_that_no_other_group_shares_name_no_category() -> None:
    rows = [["OC1.2", "All", 90], ["OC1.2", "Women: with a certificate", 43], ["OC1.2", "Men: without one", 47]]
    told = judged([["Code", "Title", "Q3 2026"], *rows], plan=plan_of(SPLIT))
    assert {code for code, _ in grave(told)} == {"key-conflict"}


def test_what_is_counted_in_a_row_of_a_part_is_no_unit_and_a_computed_share_needs_no_decimals() -> None:
    rows = [
        ["OP2.1.3", "Complaints (numerator)", "complaint", 1],
        ["OP2.1.3", "Participants (denominator)", "person", 90],
        ["OP2.1.3", "Complaints per 1,000", "per 1,000", 1000 / 90],
    ]
    told = judged([["Code", "Title", "Unit", "Q3 2026"], *rows], plan=plan_of(RATIO))
    assert codes(told) == []
    assert told.observations.to_polars().select("numerator", "denominator").row(0) == (1, 90)


def test_a_unit_that_nobody_knows_is_still_told_of_a_figure() -> None:
    told = judged(
        [["Code", "Title", "Unit", "Q3 2026"], ["OC1.2", "Weight", "complaint", 42]], plan=plan_of(FLOW, OTHER)
    )
    assert grave(told) == [("unit-invalid", "C2")]


def test_an_error_in_place_of_a_share_is_answered_by_its_parts() -> None:
    rows = [["OP2.1.3", "Complaints (numerator)", 1], ["OP2.1.3", "Participants (denominator)", 90],
            ["OP2.1.3", "Complaints per 1,000", "#REF!"]]  # fmt: skip
    told = judged([["Code", "Title", "Q3 2026"], *rows], plan=plan_of(RATIO))
    assert [(each.code, each.place.cell, each.suggestion) for each in told.findings if each.level != "info"] == [
        ("cell-error", "C4", "11.1")
    ]
    assert told.observations.to_polars().select("numerator", "denominator").row(0) == (1, 90)


# ------------------------------------------------------------------------------------ months held against the quarter

RUNNING = {**OTHER, "accumulation": "running_total"}
LEVEL = {**OTHER, "accumulation": "level"}
DESK = {"id": "OP1.2.3", "title": "A desk is open", "measure": "yes_no", "accumulation": "level"}
QUARTER = ["Code", "Title", "Q1 2026", "Q2 2026", "July", "August", "September", "Q3 2026"]


def detail(*rows: list[Any], plan: mne.Logframe | None = None) -> mne.ValidationReport:
    """A table of three months between two earlier quarters and their own one."""
    head = ["Code", "Title", "Previous quarters 2026", None, "Months of Q3", None, None, "Q3 2026"]
    second = [None, None, "I", "II", *QUARTER[4:7]]
    areas = ["A1:A2", "B1:B2", "C1:D1", "E1:G1", "H1:H2"]
    return judged([head, second, *rows], merged=areas, period="2026-Q3", plan=plan)


def told_of(report: mne.ValidationReport) -> list[tuple[str, str | None, str | None]]:
    return [(each.code, each.place.cell, each.suggestion) for each in report.findings if each.level != "info"]


def test_text_in_a_month_that_a_sum_leaves_out_is_told_at_its_own_cell() -> None:
    told = detail(["OC1.2", "Weight", 50, 45, 15, 14, "1З", 29])
    assert told_of(told) == [("total-sum-differs", "G3", "13")]
    (said,) = told.findings.of("total-sum-differs")
    assert (said.found, said.expected, [each.cell for each in said.related]) == ("1З", "42", ["H3"])
    assert figures(told) == []
    assert told_of(detail(["OC1.2", "Weight", 50, 45, 15, 14, "13", 29])) == [("total-sum-differs", "G3", "13")]
    (several,) = told_of(detail(["OC1.2", "Weight", 50, 45, 15, 14, "many", 29]))
    assert several == ("total-sum-differs", "G3", None)


@pytest.mark.parametrize(
    "row",
    [
        [50, 45, 15, 14, 13, 42],
        [50, 45, 15, 14, "—", 29],
        [50, 45, 15, 14, None, 29],
        [50, 45, 15.2, 14.1, 13.1, 42],
        [None, None, 0, 0, 0, 0],
        [0, 0, 15, 14, 13, 42],
        [50, 45, 15, 14, 13, 40],
    ],
)
def test_a_quarter_that_its_months_make_or_that_may_count_once_who_came_twice_is_left_alone(row: list[Any]) -> None:
    told = detail(["OC1.2", "Weight", *row])
    assert told_of(told) == []
    assert [each[-1] for each in figures(told)] == [row[-1]]


def test_the_year_to_date_in_the_column_of_the_quarter() -> None:
    told = detail(["OC1.2", "Weight", 80, 85, 34, 21, 35, 255])
    assert told_of(told) == [("total-sum-differs", "H3", "90")]
    assert "80 + 85 + 90" in told.findings.of("total-sum-differs")[0].params["why"]
    assert figures(told) == []
    head = ["Code", "July", "August", "September", "Q3 2026", "Year to date"]
    beside = judged([head, ["OC1.2", 34, 21, 35, 255, 255]], period="2026-Q3")
    assert told_of(beside) == [("total-sum-differs", "E2", "90")]


def test_a_formula_that_leaves_out_a_month_is_told_and_another_figure_is_doubted() -> None:
    made = openpyxl.Workbook()
    for row in (QUARTER, ["OC1.2", "Weight", None, None, 15, 14, 13, "=SUM(E2:F2)"]):
        made.active.append(row)
    data = computed(made, {"H2": 29})
    told = mne.validate(("q.xlsx", data), plan_of(FLOW), partner="A", period="2026-Q3")
    assert ("total-sum-differs", "H2", "42") in told_of(told)
    assert "G2" in told.findings.of("total-sum-differs")[0].params["why"]
    assert figures(told) == []
    other = detail(["OC1.2", "Weight", 50, 45, 15, 14, 13, 60])
    assert (told_of(other), [each[-1] for each in figures(other)]) == ([("total-sum-differs", "H3", "42")], [60])
    assert other.findings.of("total-sum-differs")[0].level == "warning"


def test_totals_to_date_and_states_are_not_added_over_months() -> None:
    running = detail(["OP2.2.1", "Schools", 2, 3, 3, 3, 4, 10], plan=plan_of(RUNNING))
    assert told_of(running) == [("total-not-summable", "H3", "4")]
    assert figures(running) == []
    level = detail(["OP2.2.1", "Schools", 2, 3, 3, 3, 4, 10], plan=plan_of(LEVEL))
    assert told_of(level) == [("total-not-summable", "H3", None)]
    for right in ([2, 3, 3, 3, 4, 4], [0, 0, 0, 0, 4, 4], [2, 3, 3, None, 4, 7]):
        assert told_of(detail(["OP2.2.1", "Schools", *right], plan=plan_of(RUNNING))) == []
    for right in ([15, 14.5, 14.5, 14.5, 14, 14], [15, 14.5, 14.5, 14.5, 14, 14.3]):
        assert told_of(detail(["OP2.2.1", "Days", *right], plan=plan_of(LEVEL))) == []


@pytest.mark.parametrize(
    ("months", "quarter", "cell"),
    [
        (["yes", "no", "yes"], "yes", "F3"),
        (["yes", "yes", "no"], "yes", "G3"),
        (["yes", "yes", "yes"], "no", "E3"),
        (["no", "no", "yes"], "yes", None),
        (["yes", "no", "no"], "no", None),
        (["yes", None, "yes"], "yes", None),
        (["yes", "yes", "yes"], "yes", None),
    ],
)
def test_a_quarter_that_says_yes_although_it_was_no_again_in_a_month(
    months: list[str | None], quarter: str, cell: str | None
) -> None:
    told = detail(["OP1.2.3", "A desk", "yes", "yes", *months, quarter], plan=plan_of(DESK))
    assert told_of(told) == ([("period-months-differ", cell, None)] if cell else [])
    assert len(told.observations) == 1


# -------------------------------------------------------------------------------------------- parts in single months

AGES = {**FLOW, "disaggregation": [{"dimensions": ["sex"]}, {"dimensions": ["age"]}]}
PEOPLE = [["OC1.2", "All", 80, 85, 34, 21, 35, 90], ["OC1.2", "– women", 38, 40, 16, 10, 17, 43],
          ["OC1.2", "– men", 42, 45, 18, 11, 18, 47], ["OC1.2", "– young", 40, 40, 14, 9, 15, 38],
          ["OC1.2", "– adult", 40, 45, 20, 12, 20, 52]]  # fmt: skip


def people(changed: dict[int, dict[int, int]]) -> mne.ValidationReport:
    rows = [[*each] for each in PEOPLE]
    for row, cells in changed.items():
        for column, number in cells.items():
            rows[row][column] = number
        rows[row][7] = sum(rows[row][4:7])
    return detail(*rows, plan=plan_of(AGES))


def test_parts_that_make_their_whole_in_each_month_are_left_alone() -> None:
    told = people({})
    assert told_of(told) == []
    assert [each[-1] for each in figures(told)] == [90, 43, 47, 38, 52]


def test_the_figures_of_one_month_once_more_in_the_next_are_told_as_that() -> None:
    told = people({3: {6: 9}, 4: {6: 12}})
    assert told_of(told) == [("period-months-parts", "G6", None)]
    (said,) = told.findings.of("period-months-parts")
    assert (said.found, said.expected, [each.cell for each in said.related]) == ("21", "35", ["G7"])
    assert [each[3] for each in figures(told)] == ["_T", "sex=F", "sex=M"]


def test_a_digit_that_one_part_lacks_in_one_month() -> None:
    told = people({1: {6: 7}})
    assert told_of(told) == [("period-months-parts", "G4", "17")]
    assert [each[3] for each in figures(told)] == ["_T", "sex=M", "age=u18", "age=o18"]


def test_a_whole_with_which_no_split_agrees_is_what_is_wrong() -> None:
    told = people({0: {6: 53}})
    assert told_of(told) == [("period-months-parts", "G3", "35")]
    assert "_T" not in [each[3] for each in figures(told)]


def test_a_month_in_which_no_part_alone_shows_the_mistake() -> None:
    told = people({1: {6: 13}})
    assert ("period-months-parts", "G3", None) in told_of(told)
    assert told.findings.of("period-months-parts")[0].level == "warning"


def test_fewer_tested_than_passed_in_one_month_shows_the_part_that_is_wrong() -> None:
    words = shares("en")[0]
    numbers = [[24, 15, 24, 63], [30, 19, 31, 80], [80, 78.9, 77.4, 78.75], [11, 7, 12, 30], [14, 9, 5, 28], [13, 8, 12, 33],
               [16, 10, 16, 42]]  # fmt: skip
    rows = [["OP2.1.2", word[1], None, None, *each] for word, each in zip(words, numbers, strict=True)]
    told = detail(*rows, plan=plan_of(SHARE))
    assert told_of(told) == [("period-months-parts", "G7", "15")]
    assert told.observations.to_polars()["category"].to_list() == ["_T", "sex=M"]


def test_a_merged_head_that_nobody_knows_is_told_once_for_all_columns_beneath_it() -> None:
    head = ["Code", "Title", "Q2 2026", "Q3 2026", "Wandering", None, None]
    rows = [["OC1.2", "Weight", 45, 42, 1, 2, 3], ["OP2.2.1", "Schools", 3, 4, 1, 2, 3]]
    told = judged([head, *rows], merged=["E1:G1"])
    assert codes(told) == [("header-unknown", "E1")]
    assert [each[-1] for each in figures(told)] == [45, 42, 3, 4]
    deep = judged([["Code", "Title", "Q3 2026", "Wandering", None], [None, None, None, "x", "y"], *(r[:5] for r in rows)],
                  merged=["A1:A2", "B1:B2", "C1:C2", "D1:E1"])  # fmt: skip
    assert {cell for _, cell in codes(deep)} == {"D2", "E2"}
