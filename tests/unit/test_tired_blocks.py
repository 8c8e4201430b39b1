"""Blocks of a report in words: the name of each indicator, a small table beneath it, and a sentence."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

import mne
from tests.builders import plan_of
from tests.unit.test_tired_reading import FLOW, SPLIT, figures, grave, judged
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
