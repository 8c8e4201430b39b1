"""Sheets as tired partners lay them out: what stands above several tables, beside names, and beneath merged headings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

import mne
from tests.builders import plan_of
from tests.unit.test_tired_reading import BARE, FLOW, OTHER, SPLIT, figures, grave, judged
from tests.workbooks import computed

TOP = [["Partner: A"], ["Period: 2026-Q2"], ["Location: N"], []]


def partners(told: mne.ValidationReport) -> list[str]:
    found: list[str] = told.observations.to_polars()["partner"].to_list()
    return found


# --------------------------------------------------------------------------- what stands above all tables of a sheet


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["Indicator", "Sex", "Value"], ["Indicator", "Title", "Value"]),
        (["Indicator", "Value", None], ["Indicator", "Sex", "Value"]),
        (["Indicator", "Sex", "Value"], ["Indicator", "Value", "Comment"]),
    ],
)
@pytest.mark.parametrize("period", [None, "2026-Q2"])
def test_lines_above_the_first_table_hold_for_all(first: list[Any], second: list[Any], period: str | None) -> None:
    def row(head: list[Any], code: str) -> list[Any]:
        cells = {"Indicator": code, "Sex": "women", "Title": "Days", "Value": 4, "Comment": "counted"}
        return [cells.get(each) for each in head]

    rows = [*TOP, first, row(first, "OC1.2"), [], second, row(second, "OP2.2.1")]
    told = judged(rows, plan=plan_of(SPLIT, {**SPLIT, "id": "OP2.2.1"}), partner=None, period=period)
    assert [each[:3] for each in figures(told)] == [("OC1.2", "2026-Q2", "N"), ("OP2.2.1", "2026-Q2", "N")]
    assert partners(told) == ["A", "A"]
    assert not told.findings.of("partner-missing")


def test_a_line_above_a_later_table_counts_from_there_on() -> None:
    tables = [["Indicator", "Value"], ["OC1.2", 1], [], ["Location: S"], ["Indicator", "Sex", "Value"]]
    rows = [*TOP, *tables, ["OP2.2.1", "women", 2], [], ["Indicator", "Value", "Comment"], ["OP2.2.1", 5, "so"]]
    told = judged(rows, plan=plan_of(FLOW, {**SPLIT, "id": "OP2.2.1"}), partner=None, period="2026-Q2")
    assert [(each[0], each[2]) for each in figures(told)] == [("OC1.2", "N"), ("OP2.2.1", "S"), ("OP2.2.1", "S")]
    head = ["Indicator", "Partner", "Location", "Period", "Value"]
    own = [head, ["OC1.2", "A", "N", "2026-Q2", 1], [], ["Partner: B"], ["Location: S"]]
    told = judged([*own, ["Indicator", "Period", "Value", "Sex"], ["OP2.2.1", "2026-Q2", 2, None]], partner=None)
    assert [(each[0], each[2]) for each in figures(told)] == [("OC1.2", "N"), ("OP2.2.1", "S")]
    assert partners(told) == ["A", "B"]


ORGANISATIONS = [{"id": each, "title": title, "roles": ["partner"]}
                 for each, title in (("P-EAST", "East centre"), ("P-WEST", "West centre"))]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "partner"),
    [
        (["Report of P-EAST, 2026-Q2"], "P-EAST"),
        (["East centre (P-EAST) – quarterly report"], "P-EAST"),
        (["Report", "P-EAST"], "P-EAST"),
        (["Report of the East centre"], "_T"),
        (["Report of P-EAST to the West centre"], "_T"),
        (["Report of P-EAST and P-WEST"], "_T"),
        (["Report of P-EASTERN"], "_T"),
        (["Report of p-east"], "_T"),
        (["Partner: Nobody", "Report of P-EAST"], "_T"),
    ],
)
def test_a_partner_whose_code_alone_stands_in_the_title_is_the_partner(lines: Sequence[str], partner: str) -> None:
    plan = plan_of(FLOW, OTHER, organisations=ORGANISATIONS)
    rows = [*([each] for each in lines), [], BARE, ["OC1.2", "2026-Q1", "N", 1], [], ["Seen by P-WEST"]]
    told = judged(rows, plan=plan, partner=None)
    assert partners(told) == [partner]
    said = told.findings.of("partner-from-title")
    at = lines.index(next(each for each in lines if "P-EAST" in each)) + 1 if said else 0
    assert [(str(each.level), each.found, each.place.row) for each in said] == (
        [("info", "P-EAST", at)] if partner != "_T" else []
    )
    assert bool(told.findings.of("partner-missing")) == (partner == "_T")
    first = [["Partner: P-WEST"], BARE, ["OP2.2.1", "2026-Q1", "N", 1]]
    both = judged(first, rows, plan=plan, partner=None)
    assert not both.findings.of("partner-from-title")
    assert not judged(rows, plan=plan, partner="P-WEST").findings.of("partner-from-title")


# --------------------------------------------------------------- lines between the name of an indicator and its table

ROWS = [["Location", "Value", "Comment"], ["N", 4, None], ["S", 5, None]]
HELD = [("OC1.2", "2026-Q2", "N", "_T", 4), ("OC1.2", "2026-Q2", "S", "_T", 5)]


@pytest.mark.parametrize(
    "lines",
    [
        [["Baseline:", 15]],
        [["Baseline: 15"], ["Target: 11"]],
        [["Baseline", 15], ["Target 2026", 11]],
        [["Collected by: Munira"]],
        [["Days from application to certificate"], [], ["Note: counted once"]],
        [["Unit:"], ["Unit:", None]],
        [["Unit: kg"], ["Collected by:", "Munira", "March"], []],
    ],
)
@pytest.mark.parametrize("head", [[["Indicator: OC1.2"]], [["Indicator:", "OC1.2"]], [["OC1.2"]]])
def test_lines_of_its_own_beneath_the_name_of_an_indicator(lines: list[list[Any]], head: list[list[Any]]) -> None:
    above = [["Partner: A"], ["Period:", "2026-Q2"]]
    told = judged([*above, *head, *lines, [], *ROWS], partner=None)
    assert figures(told) == HELD
    assert not grave(told)
    second = [["OP2.2.1"], *lines, ["Location", "Value"], ["N", 7]]
    told = judged([*above, *head, *lines, *ROWS, [], *second], partner=None)
    assert figures(told) == [*HELD, ("OP2.2.1", "2026-Q2", "N", "_T", 7)]
    assert not grave(told)
    beside = judged([*above, BARE, ["OP2.2.1", "2026-Q2", "N", 1]], [*above, *head, *lines, *ROWS], partner=None)
    assert figures(beside)[1:] == HELD


@pytest.mark.parametrize("lines", [[["Note", "see annex"]], [["Partner", "A"], ["Note", "see", "annex"]]])
def test_lines_without_a_colon_beneath_the_first_indicator(lines: list[list[Any]]) -> None:
    told = judged([["Period: 2026-Q2"], ["OC1.2 Days it takes"], *lines, [], *ROWS], partner="A")
    assert figures(told) == HELD
    assert not grave(told)


def test_a_sheet_with_an_indicator_and_values_is_never_passed_over_as_a_remark() -> None:
    fine = [["Partner: A"], BARE, ["OP2.2.1", "2026-Q2", "N", 1]]
    lost = [["Something", "Indicator", "OC1.2", "of four"], ["Location", "Value"], ["N", 4]]
    told = judged(fine, lost, period="2026-Q2")
    assert told.counts.accepted == 1
    assert [(each.code, each.place.sheet) for each in told.findings.at_least("warning")] == [("header-missing", "S1")]
    notes = [["Where", "Value"], ["N", "safe water"]]
    indicators = [["Code", "Title", "Target"], ["OC1.2", "Days", 5]]
    told = judged(fine, notes, indicators, period="2026-Q2")
    assert not told.findings.at_least("warning")


# ------------------------------------------------------------------------------------ months beneath a quarter's heading

QUARTER = [
    ["Код", "Территория", "II кв. 2026", "III кв. 2026", None, None, None, None],
    [None, None, "Факт", "План", "Июль", "Август", "Сентябрь", "Факт"],
]
OWN = [("OC1.2", "2026-Q2", "N", "_T", 12), ("OC1.2", "2026-Q3", "N", "_T", 6)]


def test_months_beneath_a_quarter_are_parts_of_it_and_its_own_figure_is_read() -> None:
    told = judged([*QUARTER, ["OC1.2", "N", 12, 9, 1, 2, 3, 6]], merged=["D1:H1"])
    assert figures(told) == OWN
    assert not told.findings.at_least("warning")
    (said,) = told.findings.of("layout-read")
    assert "E to G (parts of III кв. 2026, whose own figure was read)" in said.params["aside"]
    monthly = judged([*QUARTER, ["OC1.2", "N", None, 9, 1, 2, 3, 6]], merged=["D1:H1"],
                     plan=plan_of({**FLOW, "frequency": "monthly"}))  # fmt: skip
    assert [row[1] for row in figures(monthly)] == ["2026-07", "2026-08", "2026-09"]


def test_months_beneath_a_quarter_without_a_figure_of_its_own_are_read_as_months() -> None:
    told = judged([*QUARTER, ["OC1.2", "N", 12, 9, 1, 2, 3, None]], merged=["D1:H1"])
    assert [row[1] for row in figures(told)] == ["2026-Q2", "2026-07", "2026-08", "2026-09"]
    other = [QUARTER[0], [None, None, "Факт", "План", "Июль", "Апрель", "Сентябрь", "Факт"]]
    wrong = judged([*other, ["OC1.2", "N", 12, 9, 1, 2, 3, 6]], merged=["D1:H1"])
    assert [(each.place.cell, each.expected) for each in wrong.findings.of("layout-ambiguous")] == [
        ("F2", "III кв. 2026 / Апрель")
    ]
    assert figures(wrong) == OWN


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2026-Q2 (April – June 2026)", "2026-Q2"),
        ("Q2 2026 (April-June)", "2026-Q2"),
        ("апрель–июнь 2026 (II кв. 2026)", "2026-Q2"),
        ("2026-Q2 [01.04.2026 – 30.06.2026]", "2026-Q2"),
        ("2026-Q2 (January – March 2026)", None),
        ("2026-Q2 (approved)", None),
        ("2026-Q2 (Q2) (2026)", None),
    ],
)
def test_a_period_that_is_said_twice(written: str, period: str | None) -> None:
    told = judged([BARE, ["OC1.2", written, "N", 5]])
    assert [row[1] for row in figures(told)] == ([period] if period else [])
    assert bool(told.findings.of("period-unknown")) == (period is None)
    above = judged([[f"Period: {written}"], ["Indicator", "Location", "Value"], ["OC1.2", "N", 5]])
    assert [row[1] for row in figures(above)] == ([period] if period else [])


# ----------------------------------------------------------------------------------------------- places and units said


def test_a_place_above_a_table_is_one_cell_whatever_it_counts_for() -> None:
    places = [{"id": "SUGHD", "title": {"en": "Sughd", "ru": "Согдийская область"}}]
    rows = [["Область: Согдийская"], [], ["Код", "Период", "Факт"], ["OC1.2", "2026-Q1", 4], ["OC1.2", "2026-Q2", 5]]
    told = judged(rows, plan=plan_of(FLOW, locations=places))
    assert [row[2] for row in figures(told)] == ["SUGHD", "SUGHD"]
    (said,) = told.findings.of("code-normalised")
    assert (str(said.level), said.place.cell, said.related, said.params["count"]) == ("info", "A1", (), 1)
    column = [
        ["Код", "Период", "Область", "Факт"],
        *(["OC1.2", each, "Согдийская", 4] for each in ("2026-Q1", "2026-Q2")),
    ]
    (said,) = judged(column, plan=plan_of(FLOW, locations=places)).findings.of("code-normalised")
    assert (str(said.level), said.place.cell, said.params["count"]) == ("info", "C2", 2)


YES_NO = {"id": "OC1.2", "title": "Desk open", "measure": "yes_no", "accumulation": "level"}
PER = {"id": "OC1.2", "title": "Complaints per 1,000 participants", "measure": "ratio", "per": 1000,
       "accumulation": "flow", "aggregation": {"time": "pooled"}}  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "unit", "fits"),
    [
        (YES_NO, "да/нет", True),
        (YES_NO, "yes / no", True),
        (YES_NO, "Oui ou non", True),
        (YES_NO, "ҳа/не", True),
        (YES_NO, "yes/perhaps", False),
        (YES_NO, "yes", False),
        (PER, "на 1000", True),
        (PER, "per 1,000", True),
        (PER, "per 1 000 participants", True),
        (PER, "per 100", False),
        (PER, "per 1000 hens", False),
        (FLOW, "per 1000", False),
        (FLOW, "да/нет", False),
    ],
)
def test_a_unit_that_says_how_the_indicator_is_measured(indicator: dict[str, Any], unit: str, fits: bool) -> None:
    head = ["Indicator", "Period", "Location", "Unit", "Value", "Numerator", "Denominator"]
    value = {"yes_no": ["yes", None, None], "ratio": [None, 2, 310]}.get(indicator["measure"], [4, None, None])
    told = judged([head, ["OC1.2", "2026-Q1", "N", unit, *value]], plan=plan_of(indicator))
    assert [each.place.cell for each in told.findings.of("unit-invalid")] == ([] if fits else ["D2"])
    assert told.counts.accepted == fits


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    ("header", "days", "level"),
    [
        ("Date de collecte", ["02.07.2026", "2026-07-04"], "info"),
        ("Date of the survey", [dt.date(2026, 7, 2), dt.date(2026, 7, 3)], "info"),
        ("Дата сбора", ["02.07.2026", None], "info"),
        ("Date of the survey", ["02.07.2026", "12 people"], "warning"),
        ("Survey", ["02.07.2026", "03.07.2026"], "warning"),
    ],
)
def test_a_column_of_days_of_its_own_is_nobodys_loss(header: str, days: list[Any], level: str, *, wide: bool) -> None:
    head = ["Indicator", "Location", "2026-Q1" if wide else "Value", header, *([] if wide else ["Period"])]
    rows = [["OC1.2", place, 5, each, *([] if wide else ["2026-Q1"])] for place, each in zip("NS", days, strict=True)]
    told = judged([head, *rows])
    assert [(str(each.level), each.found) for each in told.findings.of("header-unknown")] == [(level, header)]
    assert told.counts.accepted == 2


# --------------------------------------------------------------------------------- categories in the titles of rows

BOTH = {**FLOW, "disaggregation": [{"dimensions": ["sex"]}, {"dimensions": ["sex", "age"]}]}


@pytest.mark.parametrize(
    "titles",
    [
        ["Trained", "women", "men"],
        ["Trained", "Trained – women", "Trained – men"],
        ["Trained, total", "Trained (women)", "Trained (men)"],
        ["Обучено, всего", "в т. ч. женщины", "в т.ч. мужчины"],
        ["Обучено", "в том числе: женщины", "мужчины"],
        ["Trained", "of which women", "of which: men"],
    ],
)
@pytest.mark.parametrize("code", ["OC1.2", None])
@pytest.mark.parametrize("wide", [False, True])
def test_women_and_men_whom_only_the_titles_of_rows_name(titles: list[str], code: str | None, *, wide: bool) -> None:
    head = ["Code", "Title", "Location", *(["2026-Q1"] if wide else ["Value", "Period"])]
    more = [] if wide else ["2026-Q1"]
    rows = [["OC1.2", titles[0], "N", 7, *more], [code, titles[1], "N", 4, *more], [code, titles[2], "N", 3, *more]]
    told = judged([head, *rows, ["OP2.2.1", "Schools", "N", 9, *more]], plan=plan_of(SPLIT, OTHER))
    assert [(each[0], *each[3:]) for each in figures(told)] == [
        ("OC1.2", "_T", 7), ("OC1.2", "sex=F", 4), ("OC1.2", "sex=M", 3), ("OP2.2.1", "_T", 9),
    ]  # fmt: skip
    assert not told.findings.at_least("warning")
    (said,) = told.findings.of("layout-read")
    assert said.found.endswith("categories from the titles in column B")


def test_two_splits_in_the_titles_of_rows() -> None:
    titles = ["Trained", "women, young", "women adult", "of which men – young", "men (adult)"]
    rows = [["OC1.2", each, "2026-Q1", "N", at] for at, each in enumerate(titles, start=1)]
    told = judged([["Code", "Indicator", "Period", "Location", "Value"], *rows], plan=plan_of(BOTH))
    assert [each[3] for each in figures(told)] == [
        "_T", "sex=F|age=u18", "sex=F|age=o18", "sex=M|age=u18", "sex=M|age=o18",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [("OC1.2", "Trained", "N"), ("OC1.2", "Trained again", "N")],
        [("OC1.2", "women", "N"), ("OC1.2", "women", "N")],
        [("OC1.2", "Trained", "N"), ("OC1.2", "women", "N"), ("OC1.2", "girls at school", "N")],
        [("OC1.2", "Trained – women", "N"), ("OC1.2", "Trained – men", "S")],
        [("OC1.2", "Trained – women", "N"), ("OP2.2.1", "Trained – men", "N")],
    ],
)
def test_titles_that_do_not_tell_rows_apart_say_nothing(rows: list[tuple[str, str, str]]) -> None:
    head = ["Code", "Title", "Location", "Period", "Value"]
    made = [[*each, "2026-Q1", at] for at, each in enumerate(rows, start=1)]
    told = judged([head, *made], plan=plan_of(SPLIT, OTHER))
    assert {each[3] for each in figures(told)} <= {"_T"}
    assert told.counts.accepted + told.counts.held == len(rows)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("=D3", [("E3", "=D3", "2026-Q1")]),
        ("=+$D$3", [("E3", "=+$D$3", "2026-Q1")]),
        # The figure of another place, a sum, and a cell that is no figure are formulas as any.
        ("=E4", []),
        ("=D3+1", []),
        ("=A1", []),
    ],
)
def test_a_formula_that_takes_over_the_figure_of_another_period_is_told(
    formula: str, told: list[tuple[str, str, str]]
) -> None:
    made = openpyxl.Workbook()
    for row in (
        ["Report"], ["Indicator", "Location", "Unit", "2026-Q1", "2026-Q2"],
        ["OC1.2", "N", "kg", 8, formula], ["OC1.2", "S", "kg", 9, 10],
    ):  # fmt: skip
        made.active.append(row)
    found = mne.validate(("report.xlsx", computed(made, {"E3": 8})), plan_of(FLOW), partner="A")
    assert [
        (each.place.cell, each.found, each.expected) for each in found.findings.of("formula-of-other-period")
    ] == told
    assert [each.place.cell for each in found.findings.of("cell-formula")] == ([] if told else ["E3"])
    assert found.observations.to_polars().filter(period="2026-Q2", location="N")["value"].to_list() == [8]
