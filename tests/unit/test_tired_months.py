"""Tables by months beside their quarter: heads in two rows, earlier quarters, the year to date, parts in rows."""

from __future__ import annotations

from typing import Any

import pytest

import mne
from tests.builders import plan_of
from tests.unit.test_tired_reading import FLOW, OTHER, SPLIT, figures, grave, judged
from tests.unit.test_tired_sheets import codes

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
