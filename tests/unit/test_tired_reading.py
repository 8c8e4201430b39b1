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
    told = judged([["Indicator: OC1.2"], B, ["2026-Q1", "N", "15 kg"], ["Indicator: ОР2.2.1"], B, FIRST, SECOND])
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
