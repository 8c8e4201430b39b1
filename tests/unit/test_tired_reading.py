"""Reading what a tired partner sent: each case as it was found in workbooks that somebody spoilt, on small tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

import mne
from tests.builders import plan_of

FLOW = {"id": "OC1.2", "title": "Days", "measure": "number", "accumulation": "flow", "unit": "kg"}
OTHER = {**FLOW, "id": "OP2.2.1", "title": "Schools"}
SPLIT = {**FLOW, "disaggregation": [{"dimensions": ["sex"]}]}
SHARE = {"id": "OP2.1.2", "title": "Share", "measure": "percentage", "accumulation": "level", "unit": "percent"}
HEAD = ["Indicator", "Period", "Location", "Value"]


def book(*sheets: Sequence[Sequence[Any]], titles: Sequence[str] = (), merged: Sequence[str] = ()) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for at, rows in enumerate(sheets):
        sheet = made.create_sheet(titles[at] if titles else f"S{at}")
        for row in rows:
            sheet.append(list(row))
        for area in merged if at == 0 else ():
            sheet.merge_cells(area)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def judged(*sheets: Sequence[Sequence[Any]], plan: mne.Logframe | None = None, **options: Any) -> mne.ValidationReport:
    told = {key: options.pop(key) for key in ("titles", "merged") if key in options}
    options.setdefault("partner", "A")
    return mne.validate(("q.xlsx", book(*sheets, **told)), plan or plan_of(FLOW, OTHER), **options)


def figures(told: mne.ValidationReport) -> list[tuple[Any, ...]]:
    """Indicator, period, place, category and value of the accepted rows, in their order."""
    rows = told.observations.to_polars().select("indicator", "period", "location", "category", "value").rows()
    return [(*row[:4], int(row[4])) for row in rows if row[4] is not None]


def grave(told: mne.ValidationReport) -> list[tuple[str, str | None]]:
    return [(each.code, each.place.cell) for each in told.findings if each.level in ("blocker", "error")]


# ------------------------------------------------------------------------------------- one table for each indicator

B = ["Давра", "Маҳал", "Қимат"]
FIRST, SECOND = ["2026-Q1", "N", 15], ["2026-Q1", "S", 13]


@pytest.mark.parametrize(
    "named",
    [
        [["Нишондиҳанда: OC1.2"], ["Показатель: OP2.2.1"]],
        [["Нишондиҳанда: OC1.2", "Рӯзҳо"], ["Нишондиҳанда: OP2.2.1", "Мактабҳо"]],
        [["Нишондиҳанда", "OC1.2"], ["Нишондиҳанда:", "OP2.2.1", "Мактабҳо"]],
        [["OC1.2"], ["OP2.2.1"]],
        [["OC1.2 – Days it takes"], ["OP2.2.1 Мактабҳо"]],
        [["OC1.2", "Days it takes"], ["Output indicator OP2.2.1"]],
        [["Days"], ["Indicator OP2.2.1: schools"]],
    ],
)
def test_a_table_beneath_the_name_of_each_indicator(named: list[list[str]]) -> None:
    told = judged([["A, report"], [], named[0], B, FIRST, SECOND, [], named[1], B, FIRST, [], ["Signed: B."]])
    assert figures(told) == [
        ("OC1.2", "2026-Q1", "N", "_T", 15),
        ("OC1.2", "2026-Q1", "S", "_T", 13),
        ("OP2.2.1", "2026-Q1", "N", "_T", 15),
    ]
    assert not grave(told)
    (said,) = told.findings.of("layout-read")
    assert (said.place.row, "rows 4, 9" in said.found) == (4, True)


def test_one_header_above_the_names_of_several_indicators() -> None:
    told = judged([B, ["OC1.2"], FIRST, SECOND, ["OP2.2.1"], FIRST])
    assert [row[0] for row in figures(told)] == ["OC1.2", "OC1.2", "OP2.2.1"]


def test_tables_of_indicators_with_columns_of_their_own() -> None:
    told = judged(
        [
            ["Indicator: OC1.2"], ["Period", "Place", "Sex", "Value"],
            ["2026-Q1", "N", None, 70], [None, None, "women", 33], [None, None, "men", None],
            ["Indicator: OP2.1.2"], ["Period", "Place", "Numerator", "Denominator"], ["2026-Q1", "N", 3, 9],
        ],
        plan=plan_of(SPLIT, SHARE), merged=["A3:A5", "B3:B5"],
    )  # fmt: skip
    assert figures(told)[:2] == [("OC1.2", "2026-Q1", "N", "_T", 70), ("OC1.2", "2026-Q1", "N", "sex=F", 33)]
    assert [(each.code, each.place.cell) for each in told.findings.of("value-missing")] == [("value-missing", "D5")]
    assert told.observations.to_polars().filter(indicator="OP2.1.2").select("numerator").item() == 3


def test_what_is_wrong_in_one_of_the_tables_is_told_at_its_cell() -> None:
    told = judged([["Indicator: OC1.2"], B, ["2026-Q1", "N", "15 bags"], ["Indicator: ОР2.2.1"], B, FIRST, SECOND])
    assert grave(told) == [("number-invalid", "C3"), ("code-confusable", "A4")]
    (alike,) = told.findings.of("code-confusable")
    assert alike.suggestion == "OP2.2.1"


def test_a_table_beneath_an_unknown_indicator_is_not_the_one_above_it() -> None:
    told = judged([["Indicator: OC1.2"], B, FIRST, [], ["Plastic bags"], ["Period", "Place", "Value", "Note"], SECOND])
    assert figures(told) == [("OC1.2", "2026-Q1", "N", "_T", 15)]
    assert grave(told) == [("ref-unknown-indicator", "A5")]


def test_codes_in_a_column_without_a_header_are_not_overruled() -> None:
    told = judged([["OC1.2"], ["", *B], ["OC1.2", *FIRST], ["OP2.2.1", *SECOND]])
    assert told.findings.of("header-missing")
    assert told.counts.accepted == 0


def test_tables_of_indicators_that_are_wide_by_period() -> None:
    told = judged(
        [["OC1.2"], ["Place", "2026-Q1", "2026-Q2"], ["N", 1, 2], [], ["OP2.2.1"], ["Place", "2026-Q1"], ["S", 3]]
    )
    assert figures(told) == [
        ("OC1.2", "2026-Q1", "N", "_T", 1),
        ("OC1.2", "2026-Q2", "N", "_T", 2),
        ("OP2.2.1", "2026-Q1", "S", "_T", 3),
    ]


def test_a_lacking_column_is_told_at_the_first_header_and_by_the_name_that_the_table_would_use() -> None:
    told = judged([["OC9.9"], B, FIRST, [], ["OP9.9"], [*B, "Эзоҳ"], SECOND])
    (finding,) = told.findings.of("header-missing")
    assert finding.place.row == 2
    assert "нишондиҳанда" in finding.message
    assert "показатель" in finding.in_language("ru").message


# ------------------------------------------------------------------------------------------ a period in the title


PLAIN = ["Indicator", "Location", "Value"]


def test_a_period_that_only_the_title_says_counts_for_all_rows() -> None:
    told = judged(
        [["Other places, Q2 2026 (April-June)"], [], PLAIN, ["OC1.2", "N", 5]], [HEAD, ["OC1.2", "2026-Q1", "N", 4]]
    )
    assert [row[1] for row in figures(told)] == ["2026-Q2", "2026-Q1"]
    (said,) = told.findings.of("layout-read")
    assert (said.level, "Q2 2026" in said.params["facts"]) == ("info", True)


def test_a_period_that_only_the_name_of_the_sheet_says() -> None:
    told = judged([PLAIN, ["OC1.2", "N", 5]], titles=["Q2 2026"])
    assert [row[1] for row in figures(told)] == ["2026-Q2"]


@pytest.mark.parametrize("title", ["Report 2026", "Q1 2026 compared with Q2 2026", "Signed on 20.07.2026", "Places"])
def test_a_sheet_without_a_period_is_held_and_the_others_are_judged(title: str) -> None:
    told = judged([[title], PLAIN, ["OC1.2", "N", 5]], [HEAD, ["OC1.2", "2026-Q1", "N", 4]])
    assert figures(told) == [("OC1.2", "2026-Q1", "N", "_T", 4)]
    (lacking,) = told.findings.of("header-missing")
    assert (lacking.level, lacking.place.sheet) == ("error", "S0")
    assert not told.ok
    alone = judged([[title], PLAIN, ["OC1.2", "N", 5]])
    assert alone.findings.of("header-missing")[0].level == "blocker"


def test_a_title_of_another_period_than_the_one_asked_for() -> None:
    told = judged([["Report for Q1 2026"], PLAIN, ["OC1.2", "N", 5]], period="2026-Q2")
    assert [(each.found, each.expected) for each in told.findings.of("period-other")] == [("Q1 2026", "2026-Q2")]


# ------------------------------------------------------------------------------------------- sheets that contradict


def test_one_stray_row_on_another_sheet_holds_the_cells_that_contradict() -> None:
    told = judged(
        [HEAD, ["OC1.2", "2026-Q2", "N", 14], ["OP2.2.1", "2026-Q2", "N", 10]],
        [HEAD, ["OC1.2", "2026-Q1", "N", 13], ["OP2.2.1", "2026-Q2", "N", 8]],
        period="2026-Q2",
    )
    assert not told.findings.of("sheet-ambiguous")
    assert [(each.place.sheet, each.place.cell) for each in told.findings.of("key-conflict")] == [
        ("S0", "D3"),
        ("S1", "D3"),
    ]
    assert figures(told) == [("OC1.2", "2026-Q2", "N", "_T", 14)]


def test_a_sheet_that_repeats_the_whole_of_another_refuses_both() -> None:
    rows = [["OC1.2", "2026-Q2", "N", 14], ["OP2.2.1", "2026-Q2", "N", 10]]
    told = judged([HEAD, *rows], [HEAD, *rows[:1], ["OP2.2.1", "2026-Q2", "N", 8]])
    assert [each.level for each in told.findings.of("sheet-ambiguous")] == ["blocker"]


# ------------------------------------------------------------------------------------------- thousands or decimals


LONG = ["Indicator", "Period", "Location", "Sex", "Value", "Unit"]


def line(code: str, period: str, value: Any, unit: str | None = None, sex: str | None = None) -> list[Any]:
    return [code, period, "N", sex, value, unit]


@pytest.mark.parametrize(
    ("others", "cell", "doubted"),
    [
        ([("OP2.2.1", "0,185")], "1,450", True),  # another indicator proves nothing for this one
        ([("OP2.2.1", "0,185"), ("OC1.2", "1 250 000")], "1,450", True),
        ([("OP2.2.1", "0,185"), ("OC1.2", 1250000)], "1,450", True),
        ([("OC1.2", "1,2"), ("OC1.2", "1,35")], "1,450", False),
        ([("OC1.2", "1200,5"), ("OC1.2", "1300,5")], "1,450", True),  # thousands are as likely
        ([("OC1.2", "200,5")], "200,000", True),
        ([("OP2.2.1", "0,185")], "0,450", False),
        ([("OP2.2.1", "0.185")], "1.450", True),
        ([("OC1.2", "1.2")], "1.450", False),
    ],
)
def test_one_mark_and_three_digits_are_settled_by_figures_of_the_same_indicator(
    others: list[tuple[str, Any]], cell: str, doubted: bool
) -> None:
    periods = iter(["2025-Q1", "2025-Q2", "2025-Q3"])
    told = judged(
        [LONG, *(line(id, next(periods), value, "kg") for id, value in others), line("OC1.2", "2026-Q2", cell, "kg")]
    )
    assert bool(told.findings.of("number-ambiguous")) is doubted


def test_a_unit_of_its_own_is_a_scale_of_its_own() -> None:
    told = judged([LONG, line("OC1.2", "2026-Q1", "0,185", "tonne"), line("OC1.2", "2026-Q2", "1,450", "kg")])
    assert grave(told) == [("number-ambiguous", "E3")]


# ------------------------------------------------------------------------------------------ merged cells, and sums


def test_a_code_merged_over_a_total_and_its_parts_is_read_for_each() -> None:
    rows = [line("OC1.2", "2026-Q1", 5), line("", "2026-Q1", 3, sex="women"), line("", "2026-Q1", 2, sex="men")]
    told = judged([LONG, *[[cell or None for cell in row] for row in rows]], plan=plan_of(SPLIT), merged=["A2:A4"])
    assert [row[3:] for row in figures(told)] == [("_T", 5), ("sex=F", 3), ("sex=M", 2)]
    assert not grave(told)
    (said,) = told.findings.of("cell-merged-read")
    assert (said.found, said.level, said.place.cell) == ("A2:A4", "info", "A2")


def test_a_code_merged_over_rows_of_which_none_is_the_whole_is_still_told() -> None:
    rows = [line("OC1.2", "2026-Q1", 3, sex="women"), line("", "2026-Q1", 2, sex="men")]
    told = judged([LONG, *[[cell or None for cell in row] for row in rows]], plan=plan_of(SPLIT), merged=["A2:A3"])
    assert [code for code, _ in grave(told)] == ["cell-merged"]


SUMS = [
    "TOTAL",
    "TOTAL trained",
    "Total participants",
    "Итого",
    "Всего обучено",
    "Итого по области",
    "Ҳамагӣ омӯзонида",
    "Sous-total :",
]


def test_rows_of_sums_are_set_aside_with_one_remark() -> None:
    told = judged([HEAD, ["OC1.2", "2026-Q1", "N", 5], *([word, None, None, 5] for word in SUMS)])
    assert figures(told) == [("OC1.2", "2026-Q1", "N", "_T", 5)]
    (said,) = told.findings.of("row-looks-like-total")
    assert (said.level, said.place.cell, len(said.related)) == ("info", "A3", len(SUMS) - 1)
    assert not grave(told)


def test_a_sum_with_a_period_and_a_place_is_told_louder_and_one_that_is_nearly_a_title_is_none() -> None:
    told = judged([HEAD, ["OC1.2", "2026-Q1", "N", 5], ["Total trained", "2026-Q1", "N", 5]])
    assert [each.level for each in told.findings.of("row-looks-like-total")] == ["warning"]
    plan = plan_of(FLOW, {**OTHER, "title": "Total number of people trained"})
    told = judged([HEAD, ["Total number of peoples trained", None, None, 5]], plan=plan)
    assert told.findings.of("ref-unknown-indicator")
    told = judged([HEAD, ["Total number of people trained", "2026-Q1", "N", 5]], plan=plan)
    assert [row[0] for row in figures(told)] == ["OP2.2.1"]


def test_a_row_of_sums_in_a_wide_table_says_what_it_sums() -> None:
    told = judged([["Indicator", "2026-Q1", "2026-Q2"], ["OC1.2", 1, 2], ["TOTAL trained", 1, 2]])
    assert [each.found for each in told.findings.of("row-total")] == ["TOTAL trained"]
    assert not grave(told)


# ------------------------------------------------------------------------------- words for codes, places and units

PLACES = [
    {"id": "KHATLON", "title": {"en": "Khatlon", "ru": "Хатлонская область", "tg": "Хатлон"}},
    {
        "id": "GBAO",
        "title": {"ru": "Горно-Бадахшанская автономная область", "tg": "Вилояти Мухтори Кӯҳистони Бадахшон"},
    },
]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("ВМКБ", "GBAO"),
        ("ГБАО", "GBAO"),
        ("Хатлонская обл.", "KHATLON"),
        ("Khatlon region", "KHATLON"),
        ("вилояти Хатлон", "KHATLON"),
    ],
)
def test_usual_ways_to_write_a_place(written: str, place: str) -> None:
    told = judged([HEAD, ["OC1.2", "2026-Q1", written, 5]], plan=plan_of(FLOW, locations=PLACES))
    assert [row[2] for row in figures(told)] == [place]
    assert [each.expected for each in told.findings.of("code-normalised")] == [place]


@pytest.mark.parametrize(("written", "place"), [("Khatlon district", "KHATLON"), ("Region", None), ("Kulob", None)])
def test_a_place_of_another_kind_is_no_more_than_a_suggestion(written: str, place: str | None) -> None:
    told = judged([HEAD, ["OC1.2", "2026-Q1", written, 5]], plan=plan_of(FLOW, locations=PLACES))
    assert [each.suggestion for each in told.findings.of("ref-unknown-location")] == [place]


@pytest.mark.parametrize("written", ["1", "L", "district 1", "5"])
def test_a_number_is_no_name_of_a_place(written: str) -> None:
    plan = plan_of(FLOW, locations=[{"id": "L-1", "title": "L-1"}, {"id": "R5", "title": "Region 5"}])
    told = judged([HEAD, ["OC1.2", "2026-Q1", written, 5]], plan=plan)
    assert (told.counts.accepted, [code for code, _ in grave(told)]) == (0, ["ref-unknown-location"])


def test_a_place_merged_over_rows_of_two_indicators_is_still_told() -> None:
    rows = [["OC1.2", "2026-Q1", "N", None, 5, None], ["OP2.2.1", "2026-Q1", None, "women", 3, None]]
    told = judged([LONG, *rows], plan=plan_of(SPLIT, {**SPLIT, "id": "OP2.2.1"}), merged=["C2:C3"])
    assert [code for code, _ in grave(told)] == ["cell-merged"]


def test_h_is_for_hommes_beneath_a_french_header_only() -> None:
    rows = [["OC1.2", "2026-Q1", "N", "F", 3], ["OC1.2", "2026-Q1", "N", "H", 2]]
    told = judged([["Indicateur", "Période", "Lieu", "Sexe", "Valeur"], *rows], plan=plan_of(SPLIT))
    assert [row[3] for row in figures(told)] == ["sex=F", "sex=M"]
    told = judged([["Indicator", "Period", "Location", "Sex", "Value"], *rows], plan=plan_of(SPLIT))
    assert [each.suggestion for each in told.findings.of("ref-unknown-category")] == ["M"]


def test_girls_are_most_likely_women_and_are_not_read_as_such() -> None:
    told = judged([LONG, line("OC1.2", "2026-Q1", 5, sex="Girls")], plan=plan_of(SPLIT))
    assert [each.suggestion for each in told.findings.of("ref-unknown-category")] == ["F"]


@pytest.mark.parametrize("word", ["мактаб", "мактабҳо", "школа", "школы", "school", "Schools", "écoles", "école"])
def test_units_by_their_titles_in_singular_and_plural(word: str) -> None:
    school = {"id": "school", "title": {"en": "schools", "fr": "écoles", "ru": "школы", "tg": "мактабҳо"}}
    told = judged([LONG, line("OC1.2", "2026-Q1", 5, word)], plan=plan_of({**FLOW, "unit": "school"}, units=[school]))
    assert (told.counts.accepted, grave(told)) == (1, [])


@pytest.mark.parametrize("code", ["OP2.2.I", "OP2,2,1", "OP2.2.1.", "OP 2.2.1", "0P2.2.1", "OP-2.2.1"])
def test_codes_that_look_like_another_suggest_it(code: str) -> None:
    told = judged([HEAD, [code, "2026-Q1", "N", 5]])
    assert [each.suggestion for each in told.findings if each.place.cell == "A2"] == ["OP2.2.1"]


def test_the_letter_ze_is_a_three() -> None:
    told = judged([["Indicator", "2026-Q1", "2026-Q2"], ["OP1.2.З", 1, 2]], plan=plan_of({**FLOW, "id": "OP1.2.3"}))
    (finding,) = told.findings.of("code-confusable")
    assert (finding.suggestion, finding.place.cell) == ("OP1.2.3", "A2")


# --------------------------------------------------------------------------------------------- words among figures


@pytest.mark.parametrize("word", ["none", "néant", "нет", "нест", "Aucun"])
def test_words_for_none_ask_for_a_nought_or_a_reason(word: str) -> None:
    assert grave(judged([HEAD, ["OC1.2", "2026-Q1", "N", word]])) == [("number-none", "D2")]


def test_a_number_with_a_footnote_is_read_and_contradicts_the_other_one() -> None:
    told = judged([HEAD, ["OC1.2", "2026-Q1", "N", "10*"], ["OC1.2", "2026-Q1", "N", 9]])
    assert [each.expected for each in told.findings.of("number-footnote")] == ["10"]
    assert grave(told) == [("key-conflict", "D2"), ("key-conflict", "D3")]


def test_a_placeholder_among_figures_is_sent_to_the_column_for_it() -> None:
    told = judged([["Показатель", "Период", "Место", "Значение", "Состояние"], ["OC1.2", "2026-Q1", "N", "н/д", None]])
    (finding,) = told.findings.of("value-state-misplaced")
    assert (finding.expected, finding.place.cell, "Состояние" in finding.hint) == ("Состояние", "D2", True)
    assert not told.findings.of("value-missing")


def test_a_number_for_a_stage_lists_the_stages() -> None:
    scale = [{"id": each, "title": each} for each in ("initial", "developing")]
    plan = plan_of({"id": "S", "title": "S", "measure": "ordinal", "accumulation": "level", "scale": scale})
    (finding,) = judged([HEAD, ["S", "2026-Q1", "N", 2]], plan=plan).findings.of("ref-unknown-stage")
    assert finding.expected == "initial, developing"


@pytest.mark.parametrize(
    ("text", "level", "read"), [("159 ", "info", "159"), ("1 300 000", "info", "1300000"), ("180,5", "info", "180.5")]
)
def test_unmistakable_numbers_that_are_text_are_a_remark(text: str, level: str, read: str) -> None:
    (finding,) = judged([HEAD, ["OC1.2", "2026-Q1", "N", text]]).findings.of("number-text")
    assert (finding.level, finding.expected) == (level, read)


# ------------------------------------------------------------------------------------------------ quiet where nothing is wrong


def test_usual_columns_and_what_stands_beside_and_beneath_a_table_are_remarks() -> None:
    head = ["Indicateur", "Intitulé", "Période", "Lieu", "Valeur", "Total annuel", None, "Trainer", "Days"]
    told = judged(
        [head, ["OC1.2", "x", "2026-Q1", "N", 5, 20, None, "S.", 12], ["OP2.2.1", "y", "2026-Q1", "N", 5, 20, None, "O.", 9],
         [], ["Source : registres"]]
    )  # fmt: skip
    assert {each.level for each in told.findings if each.code != "report-missing"} == {"info"}
    assert [each.found for each in told.findings.of("header-unknown")] == [
        "Intitulé",
        "Total annuel",
        "Trainer",
        "Days",
    ]
    assert told.findings.of("row-without-data")


def test_a_scribble_beside_a_table_is_a_remark_and_figures_there_are_more() -> None:
    row = ["OC1.2", "2026-Q1", "N", 5, None]
    assert [each.level for each in judged([HEAD, [*row, "checked"]]).findings.of("header-blank")] == ["info"]
    told = judged([HEAD, ["OC1.2", "2026-Q1", "N", 5, 7]])
    assert [each.level for each in told.findings.of("header-blank")] == ["warning"]


def test_what_is_set_aside_in_a_wide_table_is_named() -> None:
    told = judged([["Indicator", "Description", "2026-Q1", "Year total"], ["OC1.2", "Days", 1, 1]])
    (said,) = told.findings.of("layout-read")
    assert said.params["aside"] == "B (Description), D (Year total)"


def test_beside_and_beneath_tables_of_other_layouts_it_is_as_quiet() -> None:
    told = judged([["Places, Q2 2026"], [*PLAIN, None, "Trainer"], ["OC1.2", "N", 5, None, "S."], [], ["Signed: B."]])
    assert figures(told) == [("OC1.2", "2026-Q2", "N", "_T", 5)]
    assert [each.level for each in told.findings.of("header-unknown", "row-without-data")] == ["info", "info"]


# ------------------------------------------------------------------------------------------------- codes and titles


NAMED = [{**FLOW, "title": "Days to a certificate"}, {**OTHER, "title": "Schools connected"}]
ROWS = [("OC1.2", "Days", "N", 5), ("OP2.2.1", "Schools", "N", 7)]


@pytest.mark.parametrize(
    ("code", "title"),
    [("Code", "Indicator"), ("Код", "Показатель"), ("Рамз", "Нишондиҳанда"), ("No.", "Indicator"), ("Code", "Name"),
     ("№", "Показатель"), ("Réf.", "Indicateur"), ("Our key", "Indicator"), ("Indicator code", "Indicator name")],
)  # fmt: skip
def test_codes_beside_titles_are_what_is_read(code: str, title: str) -> None:
    rows = [[code, title, "Period", "Location", "Value"], *([a, b, "2026-Q1", c, d] for a, b, c, d in ROWS)]
    told = judged(rows, plan=plan_of(*NAMED))
    assert [(row[0], row[4]) for row in figures(told)] == [("OC1.2", 5), ("OP2.2.1", 7)]
    assert not told.findings.at_least("warning")
    wide = [[code, title, "Location", "2026-Q1", "2026-Q2"], *([a, b, c, d, d + 1] for a, b, c, d in ROWS)]
    told = judged(wide, plan=plan_of(*NAMED))
    assert [(row[0], row[4]) for row in figures(told)] == [("OC1.2", 5), ("OC1.2", 6), ("OP2.2.1", 7), ("OP2.2.1", 8)]
    assert not told.findings.at_least("warning")


def test_titles_beside_numbers_of_rows_are_still_read() -> None:
    head = ["No.", "Indicator", "Period", "Location", "Value"]
    told = judged([head, [1, "Days", "2026-Q1", "N", 5], [2, "Schools", "2026-Q1", "N", 7]])
    assert [(row[0], row[4]) for row in figures(told)] == [("OC1.2", 5), ("OP2.2.1", 7)]


def test_another_column_with_codes_does_not_overrule_titles_that_are_known() -> None:
    head = ["Contributes to", "Indicator", "Period", "Location", "Value"]
    told = judged([head, ["OC1.2", "Schools", "2026-Q1", "N", 5]])
    assert [row[0] for row in figures(told)] == ["OP2.2.1"]


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(("code", "title"), [("Code", "Indicator"), ("Indicator code", "Title"), ("Код", "Показатель")])
def test_a_code_beside_the_title_of_another_indicator_is_told(code: str, title: str, wide: bool) -> None:
    head = [code, title, "Location", "2026-Q1"] if wide else [code, title, "Location", "Value", "Period"]
    rows = [["OC1.2", "Schools connected", "N", 5], ["OP2.2.1", "schools connected", "N", 7]]
    rows += [["OP2.2.2", "Days to a certificate", "N", 7]]
    told = judged([head, *(row if wide else [*row, "2026-Q1"] for row in rows)], plan=plan_of(*NAMED))
    assert grave(told) == [("indicator-conflict", "A2"), ("ref-unknown-indicator", "A4")]
    assert told.findings.of("ref-unknown-indicator")[0].suggestion == "OC1.2"
    assert [row[0] for row in figures(told)] == ["OP2.2.1"]


def test_a_draft_takes_the_codes_and_leaves_the_titles() -> None:
    rows = [["Код", "Показатель", "Период", "Место", "Значение"], *([a, b, "2026-Q1", c, d] for a, b, c, d in ROWS)]
    plan = plan_of(*NAMED)
    draft = mne.propose_mapping(("q.xlsx", book(rows)), plan)
    assert {each.column: each.field for each in draft.guesses}["Код"] == "indicator"
    assert {each.column: each.field for each in draft.guesses}["Показатель"] == "ignore"
    assert figures(judged(rows, plan=plan, mapping=draft.mapping)) == figures(judged(rows, plan=plan))


# ------------------------------------------------------------------------------------------------ splits and groups


AGES = [
    {"id": "15-24", "title": {"en": "Youth (15 to 24)", "ru": "Молодёжь (15–24)"}},
    {"id": "25-59", "title": {"en": "25 to 59"}},
    {"id": "60+", "title": {"en": "60 and over"}},
]
SEXES = [{"id": "F", "title": {"en": "Women", "ru": "Женщины"}}, {"id": "M", "title": {"en": "Men", "ru": "Мужчины"}}]
DIMENSIONS = [{"id": "sex", "title": "Sex", "codes": SEXES}, {"id": "age", "title": "Age", "codes": AGES}]


def split_plan(*splits: list[str]) -> mne.Logframe:
    told = [{"dimensions": each} for each in splits or (["sex"], ["age"])]
    return plan_of({**FLOW, "disaggregation": told}, OTHER, dimensions=DIMENSIONS)


@pytest.mark.parametrize("young", ["15–24", "15-24", "15 - 24", "15 24", "15 to 24", "15–24 лет", "Молодёжь (15–24)"])
def test_spans_of_ages_are_read_however_they_are_joined(young: str) -> None:
    rows = [
        ["Indicator", "Location", "Total", "Women", "Men", young, "25‑59", "60 +"],
        ["OC1.2", "N", 9, 4, 5, 2, 3, 4],
    ]
    told = judged([["Report, Q1 2026"], *rows], plan=split_plan())
    assert [row[3:] for row in figures(told)][3:] == [("age=15-24", 2), ("age=25-59", 3), ("age=60+", 4)]
    assert not told.findings.at_least("warning")
    told = judged([[*HEAD, "Age"], ["OC1.2", "2026-Q1", "N", 2, young]], plan=split_plan())
    assert [row[3:] for row in figures(told)] == [("age=15-24", 2)]
    assert not told.findings.of("code-normalised", "ref-unknown-category")


@pytest.mark.parametrize("nothing", ["–", "-", "n/a", "—", None])
def test_a_dash_where_the_indicator_has_no_such_part_is_nothing(nothing: str | None) -> None:
    head = ["Indicator", "Location", "Total", "Women", "Men"]
    told = judged(
        [["Report, Q1 2026"], head, ["OP2.2.1", "N", 9, nothing, nothing], ["OC1.2", "N", 9, 4, 5]], plan=split_plan()
    )
    assert not told.findings.at_least("warning")
    assert [row[4] for row in figures(told)] == [9, 9, 4, 5]
    told = judged([["Report, Q1 2026"], head, ["OP2.2.1", "N", 9, 4, 5]], plan=split_plan())
    assert {code for code, _ in grave(told)} == {"category-not-declared"}


@pytest.mark.parametrize("nothing", ["–", "n/a"])
def test_a_dash_where_the_part_is_asked_for_is_told(nothing: str) -> None:
    rows = [["Indicator", "Location", "Total", "Women", "Men"], ["OC1.2", "N", 9, nothing, 5]]
    told = judged([["Report, Q1 2026"], *rows], plan=split_plan())
    assert [each.place.cell for each in told.findings.of("value-missing")] == ["D3"]


@pytest.mark.parametrize("header", ["Group", "Группа", "Groupe", "Гурӯҳ", "Who", "Category"])
def test_a_column_of_groups_is_one_of_categories_whatever_it_is_called(header: str) -> None:
    block = [header, "Value", "Note"]
    rows = [["OC1.2 Days"], block, ["Total", 9], ["Women", 4], ["Men", 5], ["15-24", 2], [], ["OP2.2.1 Schools"], block]
    told = judged([["Report"], [], *rows, ["Total", 7]], plan=split_plan(), period="2026-Q1")
    assert [(row[0], *row[3:]) for row in figures(told)] == [
        ("OC1.2", "_T", 9), ("OC1.2", "sex=F", 4), ("OC1.2", "sex=M", 5), ("OC1.2", "age=15-24", 2), ("OP2.2.1", "_T", 7),
    ]  # fmt: skip
    assert not told.findings.of("row-total", "header-unknown", "row-looks-like-total")
    long = [
        [*HEAD, header],
        ["OC1.2", "2026-Q1", "N", 9],
        *(["OC1.2", "2026-Q1", "N", 4, each] for each in ("Women", "Men")),
    ]
    told = judged(long, plan=split_plan())
    assert [row[3] for row in figures(told)] == ["_T", "sex=F", "sex=M"]
    assert not told.findings.of("header-unknown")


def test_a_lone_total_of_a_block_is_its_value() -> None:
    rows = [["OC1.2 Days"], ["Group", "Value"], ["Total", 9], [], ["OP2.2.1 Schools"], ["Group", "Value"], ["Всего", 7]]
    told = judged(rows, plan=split_plan(), period="2026-Q1")
    assert [(row[0], *row[3:]) for row in figures(told)] == [("OC1.2", "_T", 9), ("OP2.2.1", "_T", 7)]
    assert not told.findings.of("row-total")


def test_a_header_far_down_a_tall_sheet_is_found_where_something_parts_it() -> None:
    block = [["OP2.2.1 Schools"], ["Group", "Value"], ["Total", 7], []]
    rows = [*block, *[["a note"] for _ in range(230)], [], ["OC1.2 Days"], ["Who", "Value"], ["Total", 9], ["Women", 4]]
    told = judged(rows, plan=split_plan(), period="2026-Q1")
    assert [(row[0], *row[3:]) for row in figures(told)] == [
        ("OP2.2.1", "_T", 7), ("OC1.2", "_T", 9), ("OC1.2", "sex=F", 4),
    ]  # fmt: skip
    assert not grave(told), "its header is no row of figures"


def test_words_of_other_groups_are_no_categories() -> None:
    long = [[*HEAD, "Group"], *(["OC1.2", "2026-Q1", each, 4, f"team {each}"] for each in "NS")]
    told = judged(long, plan=split_plan())
    assert [row[3] for row in figures(told)] == ["_T", "_T"]
    assert [each.place.cell for each in told.findings.of("header-unknown")] == ["E1"]


@pytest.mark.parametrize("corner", ["Age", "Age group", None])
def test_one_split_across_another_in_a_block(corner: str | None) -> None:
    rows = [["OP2.2.1 Schools"], ["Group", "Value"], ["Total", 7], [], ["OC1.2 Days"], [corner, "Women", "Men"]]
    rows += [["15-24", 1, 2], ["25–59", 3, 4], ["60+", 5, 6], ["Total", 9, 12]]
    told = judged(rows, plan=split_plan(["sex", "age"]), period="2026-Q1")
    assert [(row[0], *row[3:]) for row in figures(told)] == [
        ("OP2.2.1", "_T", 7),
        ("OC1.2", "sex=F|age=15-24", 1), ("OC1.2", "sex=M|age=15-24", 2), ("OC1.2", "sex=F|age=25-59", 3),
        ("OC1.2", "sex=M|age=25-59", 4), ("OC1.2", "sex=F|age=60+", 5), ("OC1.2", "sex=M|age=60+", 6),
        ("OC1.2", "sex=F", 9), ("OC1.2", "sex=M", 12),
    ]  # fmt: skip
    assert not told.findings.of("header-unknown", "header-blank", "row-total")


# ------------------------------------------------------------------------------- periods in titles and notes of blocks


@pytest.mark.parametrize("title", ["Quarterly report Q2 2026", "Отчёт за II квартал 2026 г.", "Report, Q2 2026 (P. A)"])
@pytest.mark.parametrize("period", [None, "2026-Q2"])
def test_a_title_gives_its_period_to_all_blocks(title: str, period: str | None) -> None:
    block = ["Group", "Value", "Note"]
    rows = [["OC1.2 Days"], block, ["Total", 9], ["Women", 4], ["Men", 5], [], ["OP2.2.1 Schools"], block, ["Total", 7]]
    told = judged([[title], [], *rows], plan=split_plan(), period=period)
    assert [row[:2] for row in figures(told)] == [("OC1.2", "2026-Q2")] * 3 + [("OP2.2.1", "2026-Q2")]
    assert not grave(told)


@pytest.mark.parametrize("note", ["first half of 2026; 412 forms", "Q1 2026 was higher", "counted in January 2026"])
@pytest.mark.parametrize("at", ["beside", "below", "apart", "above"])
@pytest.mark.parametrize("period", [None, "2026-Q2"])
def test_a_note_at_a_block_is_no_period_for_the_next(note: str, at: str, period: str | None) -> None:
    block = ["Group", "Value", "Note"]
    rows = [["OC1.2 Days"], block, ["Total", 9, None, note] if at == "beside" else ["Total", 9]]
    rows += {"below": [[note]], "apart": [[], [note]], "above": [[], [note]]}.get(at, [])
    rows += (
        [["OP2.2.1 Schools"], block, ["Total", 7]] if at == "above" else [[], ["OP2.2.1 Schools"], block, ["Total", 7]]
    )
    told = judged([["Report, Q2 2026"], [], *rows], plan=split_plan(), period=period)
    assert [row[:2] for row in figures(told)] == [("OC1.2", "2026-Q2"), ("OP2.2.1", "2026-Q2")]
    assert not grave(told)


def test_a_period_above_a_block_counts_from_there_on() -> None:
    block = ["Group", "Value"]
    rows = [["Q1 2026"], ["OC1.2 Days"], block, ["Total", 9], [], ["Q2 2026"], ["OC1.2 Days"], block, ["Total", 8]]
    told = judged([*rows, [], ["OP2.2.1 Schools"], block, ["Total", 7]], plan=split_plan())
    assert [row[:2] for row in figures(told)] == [("OC1.2", "2026-Q1"), ("OC1.2", "2026-Q2"), ("OP2.2.1", "2026-Q2")]


def test_a_table_with_another_title_takes_no_period_of_the_one_above() -> None:
    wide = [["Indicator", "Women", "Men"], ["OC1.2", 4, 5]]
    told = judged([["Q1 2026"], *wide, [], ["The year 2025"], *wide], plan=split_plan())
    assert [row[1] for row in figures(told)] == ["2026-Q1"] * 2


# ------------------------------------------------------------------------------------------- headers of a partner's own


def test_a_blocker_about_headers_names_the_way_out() -> None:
    told = judged([["What", "When", "How many"], ["OC1.2", "2026-Q1", 5], ["OC1.2", "2026-Q2", 5]])
    assert "logframe map" in told.findings.of("table-missing")[0].hint
    lacking = judged([["Indicator", "When", "Value"], ["OC1.2", "2026-Q1", 5]])
    assert "logframe map" in lacking.findings.of("header-missing")[0].hint


@pytest.mark.parametrize(
    ("header", "field"),
    [("Achieved in quarter", "this_period"), ("Achieved by our team", "value"), ("Out of", "denominator"),
     ("Baseline of the survey", "baseline"), ("Достигнуто нами", "value")],
)  # fmt: skip
def test_a_draft_takes_a_column_of_figures_by_the_words_of_its_header(header: str, field: str) -> None:
    rows = [
        ["Indicator", "Period", header],
        ["OC1.2", "2026-Q1", 5],
        ["OP2.2.1", "2026-Q1", "yes"],
        ["X", "2026-Q1", "73%"],
    ]
    draft = mne.propose_mapping(("q.xlsx", book(rows)), plan_of(FLOW, OTHER))
    assert {each.column: each.field for each in draft.guesses}[header] == field


def test_what_was_achieved_out_of_how_many_is_read() -> None:
    head = ["Ind. no", "Reporting quarter", "Region / oblast", "Numerator", "Out of", "Measured in"]
    told = judged(
        [["Partner: A. Figures of the spring"], head, ["OP2.1.2", "2026-Q1", "N", 3, 9, "%"]], plan=plan_of(SHARE)
    )
    assert told.observations.to_polars().select("numerator", "denominator", "partner").rows() == [(3, 9, "A")]


@pytest.mark.parametrize("value", ["Value", "Achieved in quarter"])
def test_a_figure_out_of_another_is_its_numerator(value: str) -> None:
    head = ["Indicator", "Period", "Location", value, "Out of"]
    rows = [
        ["OP2.1.2", "2026-Q1", "N", 3, 9],
        ["OC1.2", "2026-Q1", "N", 5, None],
        ["OP2.1.2", "2026-Q1", "S", "73%", 9],
    ]
    told = judged([head, *rows], plan=plan_of(SHARE, FLOW))
    shown = told.observations.to_polars().select("indicator", "value", "numerator", "denominator").rows()
    assert shown[:2] == [("OP2.1.2", None, 3, 9), ("OC1.2", 5, None, None)]
    assert {place for _, place in grave(told)} <= {"D4", None}
    told = judged([[*head[:4], "Denominator"], *rows[:1]], plan=plan_of(SHARE, FLOW))
    assert told.counts.accepted == 0


def test_a_mapping_is_for_the_files_whose_columns_it_fits(tmp_path: Any) -> None:
    own = [["What", "When", "Where", "How many", "Remarks"], ["OC1.2", "2026-Q2", "N", 6, None]]
    (tmp_path / "a.xlsx").write_bytes(book([[*HEAD, "Remarks"], ["OC1.2", "2026-Q1", "N", 5, None]]))
    (tmp_path / "b.xlsx").write_bytes(book(own))
    (tmp_path / "map.yml").write_text(
        "format: 1\ncolumns: {What: indicator, When: period, Where: location, How many: value, Remarks: comment}\n"
    )
    sources = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    told = mne.validate(sources, plan_of(FLOW, OTHER), partner="A", mapping=tmp_path / "map.yml")
    assert [row[1:] for row in figures(told)] == [("2026-Q1", "N", "_T", 5), ("2026-Q2", "N", "_T", 6)]
    (unused,) = told.findings.of("mapping-unused")
    assert (unused.level, str(unused.place.file).endswith("a.xlsx")) == ("info", True)
    assert not grave(told)


def test_a_mapping_for_another_file_is_told_where_nothing_can_be_read_without_it() -> None:
    rows = [["Qué", "Cuándo", "Cuánto"], ["OC1.2", "2026-Q2", 6]]
    columns = {"What": "indicator", "When": "period", "How many": "value"}
    told = judged(rows, mapping=mne.Mapping(format="1", columns=columns))
    assert [each.code for each in told.findings if each.level == "blocker"][:1] == ["mapping-column-missing"]


def test_the_mapping_that_fits_is_taken_of_several() -> None:
    one = mne.Mapping(format="1", columns={"Qué": "indicator", "Cuándo": "period", "Cuánto": "value"})
    two = mne.Mapping(format="1", columns={"What": "indicator", "When": "period", "How many": "value"})
    told = judged([["What", "When", "How many"], ["OC1.2", "2026-Q2", 6]], mapping=[one, two])
    assert [row[4] for row in figures(told)] == [6]


# ----------------------------------------------------------------------------------------------- nothing to be said of


@pytest.mark.parametrize("unit", ["N/A", "–", "-", "н/д", "n/a"])
def test_a_dash_for_a_unit_is_none(unit: str) -> None:
    plan = plan_of({"id": "M", "title": "Steps", "measure": "yes_no", "accumulation": "level"})
    told = judged([[*HEAD, "Unit"], ["M", "2026-Q1", "N", "yes", unit]], plan=plan)
    assert not [each for each in told.findings if each.code.startswith("unit-")]
    assert told.counts.accepted == 1


@pytest.mark.parametrize("wide", [False, True])
def test_names_of_sections_and_a_source_are_remarks(wide: bool) -> None:
    head = ["Indicator", "Location", "2026-Q1"] if wide else ["Indicator", "Location", "Value", "Period"]
    rows = [["OC1.2", "N", 5], ["Component B"], ["OP2.2.1", "N", 7], [], ["Source: registers"]]
    rows = [row if wide or len(row) < 3 else [*row, "2026-Q1"] for row in rows]
    told = judged([head, ["Component A"], *rows])
    assert {each.level for each in told.findings.of("row-without-data", "header-second-row")} == {"info"}
    assert len(figures(told)) == 2
    told = judged([[*head, "Unit"], *rows, [None, "N", None, "kg" if wide else "2026-Q1"]])
    quiet, told_of = sorted(told.findings.of("row-without-data"), key=lambda each: each.level != "info")
    assert (quiet.level, told_of.level, told_of.found) == ("info", "warning", "7")


@pytest.mark.parametrize("sex", ["f", "m"])
def test_a_code_of_a_split_in_lower_case_is_a_remark(sex: str) -> None:
    told = judged([[*HEAD, "Sex"], ["OC1.2", "2026-Q1", "N", 5, sex]], plan=split_plan())
    assert [row[3] for row in figures(told)] == [f"sex={sex.upper()}"]
    assert {each.level for each in told.findings.of("code-normalised")} <= {"info"}


@pytest.mark.parametrize("wide", [False, True])
def test_a_column_that_describes_the_indicators_is_a_remark(wide: bool) -> None:
    head = ["Indicator", "What we did", "Location", "2026-Q1" if wide else "Value", *([] if wide else ["Period"])]
    lines = [("OC1.2", "Our days", "N", 5), ("OC1.2", "Our days", "S", 6), ("OP2.2.1", "Our schools", "N", 7)]
    told = judged([head, *([*each] if wide else [*each, "2026-Q1"] for each in lines)])
    assert [each.level for each in told.findings.of("header-unknown")] == ["info"]
    lines[1] = ("OC1.2", "Other days", "S", 6)
    told = judged([head, *([*each] if wide else [*each, "2026-Q1"] for each in lines)])
    assert [each.level for each in told.findings.of("header-unknown")] == ["warning"]


# ------------------------------------------------------------------------------------ the unit of one table of several

DAYS = {"id": "OC1.2", "title": "Days", "measure": "number", "accumulation": "flow", "unit": "day"}
PEOPLE = {**DAYS, "id": "OC2.1", "title": "People", "unit": "person"}
INDEX = {"id": "OC1.3", "title": "Trust", "measure": "index", "accumulation": "level", "minimum": 0, "maximum": 100}
STEPS = {
    "id": "OP1.2.1", "title": "Team", "measure": "milestone", "accumulation": "level",
    "scale": [{"id": "none", "title": "None"}, {"id": "full", "title": "Full"}],
}  # fmt: skip
UNITS = plan_of(FLOW | {"id": "OP1.1.3", "title": "Paper"}, DAYS, PEOPLE, INDEX, STEPS)
TALL = ["Period", "Value"]


def units(told: mne.ValidationReport) -> list[tuple[Any, ...]]:
    """Indicator, unit and value of the accepted rows, in their order."""
    return told.observations.to_polars().select("indicator", "unit", "value").rows()


def test_the_unit_of_a_table_is_not_that_of_the_next_one() -> None:
    told = judged(
        [
            ["Indicator: OC1.2 Days"], ["Unit: day"], TALL, ["2026-Q1", 9], [],
            ["Indicator: OC1.3 Trust"], TALL, ["2026-Q1", 58], [],
            ["Indicator: OP1.1.3 Paper"], ["Unit: kg"], TALL, ["2026-Q1", 190], [],
            ["Indicator: OP1.2.1 Team"], TALL, ["2026-Q1", "Full"], [],
            ["Indicator: OC2.1 People"], TALL, ["2026-Q1", 30],
        ],
        plan=UNITS,
    )  # fmt: skip
    assert not grave(told)
    assert [(code, unit) for code, unit, _ in units(told)] == [
        ("OC1.2", "day"), ("OC1.3", None), ("OP1.1.3", "kg"), ("OP1.2.1", None), ("OC2.1", None),
    ]  # fmt: skip
    assert not told.findings.of("row-without-data")
    (said,) = told.findings.of("layout-read")
    assert said.params["facts"] == "nothing"


def test_the_unit_above_the_name_of_a_table_and_one_beneath_the_rows_of_another() -> None:
    told = judged(
        [
            ["Indicator: OP1.1.3"], TALL, ["2026-Q1", 9], [],
            ["Unit: week"], ["Indicator: OC1.2"], TALL, ["2026-Q1", 2], ["Unit: day"], [],
            ["Indicator: OC2.1"], TALL, ["2026-Q1", 30],
        ],
        plan=UNITS,
    )  # fmt: skip
    assert not grave(told)
    assert [(code, unit) for code, unit, _ in units(told)] == [("OP1.1.3", None), ("OC1.2", "week"), ("OC2.1", None)]
    assert [each.found for each in told.findings.of("row-without-data")] == ["9"]


def test_a_unit_above_all_tables_counts_where_it_fits() -> None:
    told = judged(
        [
            ["Partner: A"], ["Unit: tonne"], [],
            ["Indicator: OP1.1.3"], TALL, ["2026-Q1", 2], [],
            ["Indicator: OC1.3"], TALL, ["2026-Q1", 58], [],
            ["Indicator: OC1.2"], ["Unit: day"], TALL, ["2026-Q1", 9], [],
            ["Indicator: OC2.1"], TALL, ["2026-Q1", 30],
        ],
        plan=UNITS,
    )  # fmt: skip
    assert not grave(told)
    assert [(code, unit) for code, unit, _ in units(told)] == [
        ("OP1.1.3", "t"), ("OC1.3", None), ("OC1.2", "day"), ("OC2.1", None),
    ]  # fmt: skip
    (said,) = told.findings.of("layout-read")
    assert said.params["facts"] == "partner A"
    assert said.params["aside"] == "unit tonne, where the indicator has another or none"


def test_a_header_for_several_tables_each_with_its_unit() -> None:
    told = judged(
        [
            TALL,
            ["Indicator: OC1.2"], ["Unit: week"], ["2026-Q1", 2],
            ["Indicator: OC1.3"], ["2026-Q1", 58],
            ["Indicator: OP1.1.3"], ["Unit: kg"], ["2026-Q1", 190],
        ],
        plan=UNITS,
    )  # fmt: skip
    assert not grave(told)
    assert [(code, unit) for code, unit, _ in units(told)] == [("OC1.2", "week"), ("OC1.3", None), ("OP1.1.3", "kg")]
    assert not told.findings.of("row-without-data")


# ------------------------------------------------------------------------------- the partner of a workbook, said once

BARE = ["Indicator", "Period", "Location", "Value"]


@pytest.mark.parametrize("line", [["Partner: A"], ["Partner", "A"], ["Партнёр: A"]])
def test_the_partner_at_the_top_of_the_first_sheet_is_that_of_the_others(line: list[str]) -> None:
    first = [["A report"], line, BARE, ["OC1.2", "2026-Q1", "N", 1]]
    told = judged(first, [BARE, ["OP2.2.1", "2026-Q1", "N", 2]], partner=None)
    assert told.observations.to_polars().select("indicator", "partner").rows() == [("OC1.2", "A"), ("OP2.2.1", "A")]
    assert not told.findings.of("partner-missing")


def test_a_sheet_that_names_its_own_partner_keeps_it() -> None:
    first = [["Partner: A"], BARE, ["OC1.2", "2026-Q1", "N", 1]]
    second = [["Partner: B"], BARE, ["OC1.2", "2026-Q1", "N", 2]]
    third = [["Partner", *BARE], ["B", "OP2.2.1", "2026-Q1", "N", 3]]
    told = judged(first, second, third, partner=None)
    assert told.observations.to_polars().select("partner", "value").rows() == [("A", 1), ("B", 2), ("B", 3)]


def test_a_partner_that_is_not_certain_is_not_that_of_other_sheets() -> None:
    rows = [BARE, ["OP2.2.1", "2026-Q1", "N", 2]]
    unknown = [["Partner: Nobody"], BARE, ["OP2.2.1", "2026-Q1", "S", 2]]
    first = [["Partner: A"], BARE, ["OC1.2", "2026-Q1", "N", 1]]
    assert judged(unknown, rows, partner=None).findings.of("partner-missing")
    assert "A" not in [
        code
        for code, place in judged(first, unknown, partner=None)
        .observations.to_polars()
        .select("partner", "location")
        .rows()
        if place == "S"
    ]
    both = [["Partner: A"], ["Partner: B"], BARE, ["OC1.2", "2026-Q1", "N", 1]]
    assert judged(both, rows, partner=None).findings.of("partner-missing")


@pytest.mark.parametrize(("title", "name"), [("Report of B, spring", "Two"), ("Report", "B"), ("Report", "Q1 (B)")])
def test_a_sheet_that_speaks_of_another_partner_is_not_that_of_the_first(title: str, name: str) -> None:
    first = [["Partner: A"], BARE, ["OC1.2", "2026-Q1", "N", 1]]
    second = [[title], BARE, ["OP2.2.1", "2026-Q1", "N", 2]]
    told = judged(first, second, partner=None, titles=["One", name])
    assert told.observations.to_polars().select("partner", "value").rows()[0] == ("A", 1)
    assert told.findings.of("partner-missing")


MASS: dict[str, Any] = {"id": "A", "title": "A", "measure": "number", "accumulation": "flow", "unit": "kg"}


def read_as(value: Any, unit: Any = None, /, **indicator: Any) -> tuple[list[Any], list[tuple[str, str, str]]]:
    """What a workbook of one row is read as: value and unit; and what is told of it."""
    rows = [["Indicator", "Period", "Partner", "Value", "Unit"], ["A", "2025-Q1", "A", value, unit]]
    report = mne.validate(("a.xlsx", book(rows)), plan_of({**MASS, **indicator}))
    told = [(each.code, str(each.level), each.place.cell or "") for each in report.findings]
    kept = report.observations.to_polars().select("value", "unit").rows()
    return [(float(value), unit) for value, unit in kept], told


@pytest.mark.parametrize(
    ("written", "indicator", "read"),
    [
        ("190 kg", {}, (190, "kg")),
        ("190 кг", {}, (190, "kg")),
        ("190кг.", {}, (190, "kg")),
        ("1 190,5 кг", {}, (1190.5, "kg")),
        ("0,19 тонны", {}, (0.19, "t")),
        ("12 чел.", {"unit": "person"}, (12, "person")),
        ("12 нафар", {"unit": "person"}, (12, "person")),
        ("2 недели", {"unit": "day"}, (2, "week")),
        ("5 000 сомони", {"measure": "currency", "unit": "TJS"}, (5000, "TJS")),
        ("EUR 5.898.127", {"measure": "currency", "unit": "EUR"}, (5898127, "EUR")),
        ("12 points", {"measure": "index", "unit": "point"}, (12, "point")),
    ],
)
def test_a_number_with_its_unit_behind_it_is_read(written: str, indicator: Any, read: tuple[float, str]) -> None:
    assert read_as(written, **indicator) == ([read], [("number-with-unit", "info", "D2")])


@pytest.mark.parametrize(
    ("written", "unit", "indicator", "code"),
    [
        ("190 л", None, {}, "number-invalid"),
        ("190 kg", None, {"unit": "person"}, "number-invalid"),
        ("41 USD per week", None, {"measure": "currency", "unit": "USD"}, "number-invalid"),
        ("about 190 kg", None, {}, "number-invalid"),
        ("kg 190", None, {}, "number-invalid"),
        ("190 kg", "t", {}, "number-invalid"),
        ("1,190 kg", None, {}, "number-ambiguous"),
    ],
)
def test_words_beside_a_number_that_are_no_unit_of_it_are_told(
    written: str, unit: Any, indicator: Any, code: str
) -> None:
    assert read_as(written, unit, **indicator) == ([], [(code, "error", "D2")])


def test_a_unit_in_the_cell_and_in_its_row_that_agree() -> None:
    assert read_as("190 кг", "kg") == ([(190, "kg")], [("number-with-unit", "info", "D2")])
    strict = plan_of(MASS, numbers="strict")
    rows = [["Indicator", "Period", "Partner", "Value"], ["A", "2025-Q1", "A", "190 kg"]]
    assert mne.validate(("a.xlsx", book(rows)), strict).findings.of("number-invalid")


def two_blocks(first: str, second: str, key: str = "Place", rows: Sequence[Any] = ("N", "S")) -> list[list[Any]]:
    """A split beneath each of two headings."""
    parts = ["Total", "women", "men"]
    head = [["Indicator", key, first, None, None, second, None, None], [None, None, *parts, *parts]]
    return [*head, *(["OC1.2", row, 22 + at, 10 + at, 12, 25 + at, 12 + at, 13] for at, row in enumerate(rows))]


BLOCKS = ["C1:E1", "F1:H1"]


def told_of(told: mne.ValidationReport, *codes: str) -> list[tuple[str | None, str, list[str | None]]]:
    found = told.findings.of(*codes)
    return [(each.place.cell, each.found, [place.cell for place in each.related]) for each in found]


@pytest.mark.parametrize(
    ("first", "second", "key", "rows"),
    [
        ("2026-Q1", "2026-Q9", "Place", ("N", "S")),
        ("N", "Z", "Period", ("2026-Q1", "2026-Q2")),
    ],
)
def test_a_heading_above_several_columns_that_nobody_understands_is_told_once(
    first: str, second: str, key: str, rows: Sequence[str]
) -> None:
    told = judged(two_blocks(first, second, key, rows), plan=plan_of(SPLIT), merged=BLOCKS)
    assert told_of(told, "layout-ambiguous") == [("F1", second, ["F2", "G2", "H2"])]
    assert (told.counts.accepted, told.counts.held) == (6, 0)
    assert {each.code for each in told.findings if each.level in ("error", "warning")} <= {
        "layout-ambiguous", "report-copied",
    }  # fmt: skip
    fine = judged(
        two_blocks(first, {"2026-Q9": "2026-Q2", "Z": "S"}[second], key, rows), plan=plan_of(SPLIT), merged=BLOCKS
    )
    assert not grave(fine)
    assert fine.counts.accepted == 12


def test_a_whole_beside_its_places_is_told_once_of_all_the_figures_beneath_its_heading() -> None:
    told = judged(two_blocks("N", "All", "Period", ("2026-Q1", "2026-Q2")), plan=plan_of(SPLIT), merged=BLOCKS)
    assert told_of(told, "total-and-places") == [("F3", "", ["C1", "G3", "H3", "F4", "G4", "H4"])]
    assert told.counts.held == 6


@pytest.mark.parametrize(
    ("title", "sheet", "partner"),
    [
        ("Progress report of Green Hills, 2026", "S", "GH"),
        ("Отчёт: GH", "S", "GH"),
        ("Report", "GH", "GH"),
        ("A report", "S", None),
        ("Report of GH and of A", "A", None),
        ("Report of GHI", "S", None),
    ],
)
def test_a_partner_that_only_a_title_names_is_suggested_and_not_taken(
    title: str, sheet: str, partner: str | None
) -> None:
    plan = plan_of(FLOW, organisations=[
        {"id": "A", "title": "A", "roles": ["partner"]}, {"id": "GH", "title": "Green Hills", "roles": ["partner"]},
    ])  # fmt: skip
    told = judged([[title], [], BARE, ["OC1.2", "2026-Q1", "N", 1]], plan=plan, partner=None, titles=[sheet])
    assert [each.suggestion for each in told.findings.of("partner-missing")] == [partner]
    assert told.observations.to_polars()["partner"].to_list() == ["_T"]


PROMISED: dict[str, Any] = {
    **FLOW, "assignments": [{"partner": "A"}],
    "targets": [
        {"period": f"2025-Q{quarter}", "value": value, "basis": "per_period"} for quarter, value in ((1, 100), (2, 120))
    ],
}  # fmt: skip


def retyped_in(rows: Sequence[Sequence[Any]], plan: mne.Logframe, **options: Any) -> list[tuple[Any, ...]]:
    found = judged(rows, plan=plan, **options).findings.of("target-differs")
    return [(each.place.cell, each.found, each.expected, each.place.period) for each in found]


def test_a_target_that_is_not_that_of_the_logframe_is_told_with_both_figures() -> None:
    plan = plan_of(PROMISED)
    head = ["Indicator", "Period", "Target", "Value"]
    rows = [head, ["OC1.2", "2025-Q1", 100, 90], ["OC1.2", "2025-Q2", 150, 110]]
    assert retyped_in(rows, plan) == [("C3", "150", "120", "2025-Q2")]
    wide = [["Indicator", "2025-Q1", None, "2025-Q2", None], [None, "Target", "Actual", "Target", "Actual"]]
    wide += [["OC1.2", 100, 90, 150, 110]]
    assert retyped_in(wide, plan, merged=["B1:C1", "D1:E1"]) == [("D3", "150", "120", "2025-Q2")]


@pytest.mark.parametrize(
    ("target", "indicator"),
    [
        (120, {}), ("120", {}), (100, {}), (220, {}), (None, {}), ("more", {}), (120.4, {}),
        (60, {"assignments": [{"partner": "A"}, {"partner": "B"}]}),
        (60, {"assignments": []}),
        (60, {"targets": []}),
    ],
)  # fmt: skip
def test_a_target_that_may_well_be_meant_is_left_alone(target: Any, indicator: dict[str, Any]) -> None:
    rows = [["Indicator", "Period", "Target", "Value"], ["OC1.2", "2025-Q2", target, 110]]
    assert not retyped_in(rows, plan_of({**PROMISED, **indicator}))
