"""Sheets in other layouts than one value a row: what is read, what is set aside, what is said."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import mne
from mne.reports.headings import Headings
from mne.reports.names import Names
from mne.reports.read import read
from tests.fixtures import corpus_plan, measures_plan


def book(rows, merged=(), *, hidden_rows=(), hidden_columns=(), title="Sheet"):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    for row in hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for column in hidden_columns:
        sheet.column_dimensions[column].hidden = True
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def reading(rows, merged=(), *, plan=None, partner="ORG-A", **options):
    return read(("q.xlsx", book(rows, merged, **options)), plan or measures_plan(), partner=partner)


def cells(found):
    rows = found.frame.filter("usable").select("indicator", "period", "location", "category", "value", "source_cell")
    return [(*row[:4], int(row[4]), row[5]) for row in rows.iter_rows() if row[4] is not None]


def codes(found, *ignored):
    return [
        (each.code, each.place.cell or each.place.row)
        for each in found.findings
        if each.code not in ("layout-read", *ignored)
    ]


def told(found, code):
    return next(each for each in found.findings if each.code == code)


PARTS = [
    ("Q1 2025 – Target", ["period", "target"]),
    ("Факт за I кв. 2025", ["value", "period"]),
    ("T1 2025 réalisé", ["period", "value"]),
    ("Нақша семоҳаи 1 2025", ["target", "period"]),
    ("Women (18+)", ["sex", "age"]),
    ("F, 0-17", ["sex", "age"]),
    ("Number of women", ["sex"]),
    ("Milestone 2 (31/03/2025)", ["target", "period"]),
    ("Actual (current)", ["value"]),
    ("Actual (previous)", ["previous"]),
    ("Всего", ["total"]),
    ("Sughd", ["location"]),
    ("Q1", ["bare"]),
    ("Notes of mine", []),
    ("Households reached in Q1 2025", []),
    ("2025 " * 40, []),
]


@pytest.mark.parametrize(("text", "expected"), PARTS)
def test_what_a_heading_says(text, expected):
    parts = Headings(Names(measures_plan())).parts(text)
    assert [part.name or part.kind for part in parts] == expected


def test_a_table_wide_by_period():
    found = reading(
        [
            ["Indicator", "Baseline", "2024-Q1", "Q2 2024", "Target 2024"],
            ["N", 900, 1, 2, 901],
            ["I", 900, None, 4, 901],
        ]
    )
    assert cells(found) == [
        ("N", "2024-Q1", "_T", "_T", 1, "C2"),
        ("N", "2024-Q2", "_T", "_T", 2, "D2"),
        ("I", "2024-Q2", "_T", "_T", 4, "D3"),
    ]
    assert codes(found) == []
    said = told(found, "layout-read")
    assert (said.found, said.params["aside"]) == ("wide by period: columns C to D", "B (baseline), E (target)")


def test_years_and_days_as_numbers_in_the_header():
    found = reading([["Indicator", 2024, 2025.0], ["N", 1, 2]])
    assert [(row[1], row[4]) for row in cells(found)] == [("2024", 1), ("2025", 2)]


def test_a_year_above_its_quarters_without_merged_cells():
    rows = [["Indicator", 2024, None, 2025, None], [None, "Q1", "Q2", "Q1", "Q2"], ["N", 1, 2, 3, 4]]
    assert [row[1] for row in cells(reading(rows))] == ["2024-Q1", "2024-Q2", "2025-Q1", "2025-Q2"]


def test_headings_above_the_header_of_indicators():
    rows = [
        ["Progress report", None, None, None, None],
        [None, "Q1 2024", None, "Q2 2024", None],
        ["Indicator", "Plan", "Fact", "Plan", "Fact"],
        ["N", 7, 1, 8, 2],
    ]
    assert [(row[1], row[4], row[5]) for row in cells(reading(rows, ["B2:C2", "D2:E2"]))] == [
        ("2024-Q1", 1, "C4"),
        ("2024-Q2", 2, "E4"),
    ]


def test_a_comment_beneath_each_period_and_one_for_the_row():
    rows = [
        ["Indicator", "Q1 2024", None, "Q2 2024", None, "Comment"],
        [None, "Actual", "Comment", "Actual", "Comment", None],
        ["N", 1, "a", 2, None, "whole row"],
    ]
    found = reading(rows, ["B1:C1", "D1:E1"])
    assert found.frame["comment"].to_list() == ["a", "whole row"] or found.frame["comment"].to_list() == ["a", None]
    assert [row[4] for row in cells(found)] == [1, 2]


def test_a_table_wide_by_category_keeps_the_total_beside_the_parts():
    found = reading([["Indicator", "Period", "Women", "Men", "Total"], ["N", "2024-Q1", 3, 4, 8]])
    assert cells(found) == [
        ("N", "2024-Q1", "_T", "sex=F", 3, "C2"),
        ("N", "2024-Q1", "_T", "sex=M", 4, "D2"),
        ("N", "2024-Q1", "_T", "_T", 8, "E2"),
    ]
    report = mne.validate(
        ("q.xlsx", book([["Indicator", "Period", "F", "M", "Total"], ["OC1.4", "2024-S1", 3, 4, 6]])),
        corpus_plan(),
        partner="ORG-A",
    )
    assert {each.code for each in report.findings} & {"total-mismatch", "total-exceeded", "category-not-declared"}


def test_categories_beside_a_value_are_read_as_well():
    found = reading([["Indicator", "Period", "Value", "F", "M"], ["N", "2024-Q1", 7, 3, 4]])
    assert [(row[3], row[4]) for row in cells(found)] == [("_T", 7), ("sex=F", 3), ("sex=M", 4)]


def test_rows_by_place_and_columns_by_combined_categories():
    rows = [
        ["Indicator", "Location", "Period", "F", None, "M", None, "Total"],
        [None, None, None, "0-17", "18+", "0-17", "18+", None],
        ["N", "TJ-1", "2024-Q1", 1, 2, 3, 4, 10],
        [None, "TJ-2", "2024-Q1", 5, None, None, None, 5],
    ]
    found = reading(rows, ["A3:A4", "D1:E1", "F1:G1"])
    assert [(row[0], row[2], row[3], row[5]) for row in cells(found)] == [
        ("N", "TJ-1", "sex=F|age=0-17", "D3"),
        ("N", "TJ-1", "sex=F|age=18+", "E3"),
        ("N", "TJ-1", "sex=M|age=0-17", "F3"),
        ("N", "TJ-1", "sex=M|age=18+", "G3"),
        ("N", "TJ-1", "_T", "H3"),
        ("N", "TJ-2", "sex=F|age=0-17", "D4"),
        ("N", "TJ-2", "_T", "H4"),
    ]


def test_what_stands_above_the_table_holds_for_all_rows():
    found = reading(
        [["Partner:", "ORG-B"], ["Reporting period: 2024-Q1"], [], ["Indicator", "Women", "Men"], ["N", 1, 2]],
        partner=None,
    )
    assert found.frame["partner"].to_list() == ["ORG-B", "ORG-B"]
    assert [row[1] for row in cells(found)] == ["2024-Q1", "2024-Q1"]
    assert told(found, "layout-read").params["facts"] == "partner ORG-B; period 2024-Q1"
    long = reading([["Partner:", "ORG-B"], ["Indicator", "Period", "Value"], ["N", "2024-Q1", 2]], partner=None)
    assert (long.frame["partner"].to_list(), cells(long)[0][5]) == (["ORG-B"], "C3")


def test_an_unknown_partner_above_a_wide_table_holds_its_rows():
    found = reading([["Partner:", "ORG-X"], ["Indicator", "Q1 2024"], ["N", 1]], partner=None)
    assert codes(found) == [("ref-unknown-partner", "B1")]


def test_this_period_and_cumulative():
    rows = [
        ["Indicator", "Period", "Value this period", "Cumulative"],
        ["OC1.1", "2024-S1", 5, 5],
        ["OC1.1", "2024-S2", 5, 11],
        ["OC1.4", "2024-S1", 5, 5],
        ["OC1.4", "2024-S2", 4, 9],
        ["OC1.4", "2025-S1", 4, None],
        ["OC1.1", "2025-S1", None, 20],
    ]
    found = reading(rows, plan=corpus_plan())
    assert [(row[0], row[4], row[5]) for row in cells(found)] == [
        ("OC1.1", 5, "C2"),
        ("OC1.1", 5, "C3"),
        ("OC1.4", 5, "D4"),
        ("OC1.4", 9, "D5"),
    ]
    assert codes(found) == [
        ("total-cumulative-differs", "D3"),
        ("value-accumulation", "C6"),
        ("value-accumulation", "D7"),
    ]


def test_a_cumulative_figure_alone_is_no_flow():
    found = reading(
        [["Indicator", "Period", "Cumulative"], ["OC1.1", "2024-S1", 5], ["OC1.4", "2024-S1", 6]], plan=corpus_plan()
    )
    assert (cells(found)[0][0], codes(found)) == ("OC1.4", [("value-accumulation", "C2")])


def test_actual_previous_and_current_with_their_dates():
    rows = [
        ["Indicator", "Baseline", None, "Actual (Previous)", None, "Actual (Current)", None, "End Target", None],
        [None, *["Value", "Date"] * 4],
        ["N", 0, "2023-12-31", 3, "2024-03-31", 4, "2024-06-30", 100, "2025-12-31"],
        ["I", 0, "2023-12-31", 3, "2024-03-31", 4, "2024-05-15", 100, "2025-12-31"],
    ]
    found = reading(rows, ["B1:C1", "D1:E1", "F1:G1", "H1:I1"])
    assert cells(found) == [("N", "2024-Q2", "_T", "_T", 4, "F3")]
    assert codes(found) == [("period-unknown", "G4")]


BLOCK = [
    ["OUTPUT 1", "Output Indicator 1", "", "Baseline", "Milestone 1 (Q1 2024)", "Milestone 2 (Q2 2024)", "Target (Q4 2025)"],
    ["A good title", "Users", "Planned", 0, 10, 20, 40],
    ["", "", "Achieved", 0, 8, 22, None],
    ["", "", "Source"],
    ["", "", "A survey"],
]  # fmt: skip


def test_a_block_for_each_indicator():
    second = [
        ["", "Output Indicator 2", "", *BLOCK[0][3:]],
        ["", "Index", "Planned", 0, 1, 2, 3],
        ["", "", "Achieved", 0, 5],
    ]
    found = reading([*BLOCK, [], *second])
    assert cells(found) == [
        ("N", "2024-Q1", "_T", "_T", 8, "E3"),
        ("N", "2024-Q2", "_T", "_T", 22, "F3"),
        ("I", "2024-Q1", "_T", "_T", 5, "E9"),
    ]
    assert codes(found) == []


def test_a_milestone_without_a_period_is_no_period_even_if_the_caller_names_one():
    rows = [[*BLOCK[0][:4], "Milestone 1", "Target"], [*BLOCK[1][:4], 10, 20], ["", "", "Achieved", 0, 8, None]]
    found = read(("q.xlsx", book(rows)), measures_plan(), partner="ORG-A", period="2024-Q1")
    assert (cells(found), codes(found)) == ([], [("period-unknown", "E1")])


def test_a_block_of_no_known_indicator_is_held():
    rows = [["OUTPUT 1", "Output Indicator 9", "", *BLOCK[0][3:]], ["", "Nobody knows", *BLOCK[1][2:]], BLOCK[2]]
    found = reading(rows)
    assert cells(found) == []
    assert {code for code, _ in codes(found)} == {"ref-unknown-indicator"}


def test_rows_that_say_what_was_planned_and_achieved():
    rows = [["Indicator", "", "2024-Q1", "2024-Q2"], ["N", "Plan", 1, 2], [None, "Fact", 3, 4], ["I", "Plan", 1, 2], [None, "Fact", 5, None]]  # fmt: skip
    assert [(row[0], row[4], row[5]) for row in cells(reading(rows, ["A2:A3"]))] == [
        ("N", 3, "C3"),
        ("N", 4, "D3"),
        ("I", 5, "C5"),
    ]


def test_a_row_that_may_be_planned_or_achieved_is_held():
    found = reading([["Indicator", "", "2024-Q1"], ["N", "Plan", 1], ["N", "Forecast 2", 3]])
    assert (cells(found), codes(found)) == ([], [("layout-role-unknown", "C3")])


def test_a_long_table_that_says_target_or_actual_in_a_column():
    found = reading(
        [["Indicator", "Type", "Period", "Value"], ["N", "Target", "2024-Q1", 2], ["N", "Actual", "2024-Q1", 4]]
    )
    assert [(row[4], row[5]) for row in cells(found)] == [(4, "D3")]


def test_rows_of_totals_are_set_aside_and_compared():
    rows = [["Indicator", "Location", "Q1 2024", "Q2 2024"], ["N", "TJ-1", 1, 2], ["N", "TJ-2", 3, 4], ["Итого", None, 4, 7], ["I", "TJ-1", 1, 1]]  # fmt: skip
    found = reading(rows)
    assert codes(found) == [("total-row-differs", "D4"), ("row-total", 4)]
    assert (told(found, "total-row-differs").found, told(found, "total-row-differs").expected) == ("7", "6")
    assert told(found, "row-total").params["compared"] == 2
    shares = reading([["Indicator", "Q1 2024"], ["PV", 40], ["PV", 50], ["Total", 45]])
    assert ("total-row-differs", "B4") not in codes(shares)


def test_a_sum_over_the_periods_is_set_aside():
    found = reading([["Indicator", "Q1 2024", "Q2 2024", "Total"], ["N", 1, 2, 3]])
    assert [row[4] for row in cells(found)] == [1, 2]
    assert told(found, "layout-read").params["aside"] == "D (total)"


def test_numbered_columns_repeated_headers_blanks_and_notes():
    rows = [["Показатель", "I кв. 2024", "II кв. 2024"], [1, 2, 3], ["N", 1, 2], [], ["Показатель", "I кв. 2024", "II кв. 2024"], ["Раздел 2"], ["I", 3, None], ["* предварительно"]]  # fmt: skip
    found = reading(rows)
    # The header that stands again begins a table of its own; what it says is the same.
    assert [(row[0], row[4], row[5]) for row in cells(found)] == [("N", 1, "B3"), ("N", 2, "C3"), ("I", 3, "B7")]
    assert {code for code, _ in codes(found)} == {"header-second-row", "row-without-data"}


def test_several_tables_on_a_sheet():
    rows = [["Indicator", "Period", "Value"], ["N", "2024-Q1", 2], [], ["Indicator", "2024-Q2", "2024-Q3"], ["N", 5, 6]]
    found = reading(rows)
    assert [(row[1], row[4], row[5]) for row in cells(found)] == [
        ("2024-Q1", 2, "C2"),
        ("2024-Q2", 5, "B5"),
        ("2024-Q3", 6, "C5"),
    ]


def test_findings_of_rules_point_at_the_cell_of_a_wide_table():
    report = mne.validate(
        ("q.xlsx", book([["Indicator", "2024-S1", "2024-S2"], ["OC1.1", 4, -2], ["OC1.4", 9, 3]])),
        corpus_plan(),
        partner="ORG-A",
    )
    places = {each.code: each.place.cell for each in report.findings if each.level != "info"}
    assert places["number-negative" if "number-negative" in places else "value-negative"] == "C2"
    assert "C3" in places.values()
    held = report.held.to_polars()
    assert held.filter(cell="C2")["codes"].len() == 1


def test_a_heading_that_could_be_two_things_is_not_read():
    told_twice = reading([["Indicator", "Period", "F", "Women", "M"], ["N", "2024-Q1", 1, 2, 3]])
    assert [row[4] for row in cells(told_twice)] == [1, 2, 3] or ("layout-ambiguous", "C1") in codes(told_twice)
    same = reading([["Indicator", "Q1 2024", "Q1 2024", "Q2 2024"], ["N", 1, 2, 3]])
    assert ([row[4] for row in cells(same)], codes(same)) == (
        [3],
        [("layout-ambiguous", "B1"), ("layout-ambiguous", "C1")],
    )
    both = reading([["Indicator", "Period", "Q1 2024", "F"], ["N", "2024-Q1", 1, 2]])
    assert ("layout-ambiguous", "C1") in codes(both)


def test_merged_cells_in_the_body():
    found = reading([["Indicator", "Q1 2024", "Q2 2024"], ["N", 1, 2], ["I", None, 4]], ["B2:B3"])
    assert [(row[0], row[5]) for row in cells(found)] == [("N", "B2"), ("N", "C2"), ("I", "C3")]
    assert codes(found) == [("cell-merged", "B3")]


def test_hidden_rows_and_columns_are_said():
    found = reading([["Indicator", "Q1 2024", "Q2 2024"], ["N", 1, 2]], hidden_rows=[2], hidden_columns=["C"])
    assert {code for code, _ in codes(found)} == {"row-hidden", "column-hidden"}
    assert len(cells(found)) == 2


def test_formulas_in_wide_tables_are_said_at_their_cells():
    found = reading([["Indicator", "Q1 2024", "Q2 2024"], ["N", 1, "=B2+1"]])
    assert codes(found) == [("cell-formula-no-value", "C2")]


def test_torn_rows_of_a_wide_text_table_are_held():
    data = b"Indicator,Q1 2024,Q2 2024\nN,1,234,5\nI,1\nC,3,4\n"
    found = read(("q.csv", data), measures_plan(), partner="ORG-A")
    assert [(row[0], row[5]) for row in cells(found)] == [("C", "B4"), ("C", "C4")]
    assert codes(found) == [("row-extra-cells", 2), ("row-missing-cells", 3)]


FRAME = {"Indicator": ["N"], "Q1 2024": [1], "Q2 2024": [2]}


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(FRAME),
        pl.DataFrame(FRAME),
        pl.DataFrame(FRAME).lazy(),
        pa.table(FRAME),
        pa.table(FRAME).to_reader(),
        pd.DataFrame(
            [["N", 1, 2]], columns=pd.MultiIndex.from_tuples([("Indicator", ""), ("2024", "Q1"), ("2024", "Q2")])
        ),
        pd.DataFrame(
            [["N", 1, 9, 2]],
            columns=pd.MultiIndex.from_tuples(
                [
                    ("Indicator", "Unnamed: 0_level_1"),
                    ("Q1 2024", "Actual"),
                    ("Q1 2024", "Target"),
                    ("Q2 2024", "Actual"),
                ]
            ),
        ),
    ],
    ids=["pandas", "polars", "lazy", "arrow", "reader", "levels", "roles"],
)
def test_frames_of_other_layouts(frame):
    found = read(frame, measures_plan(), partner="ORG-A")
    assert [(row[1], row[4]) for row in cells(found)] == [("2024-Q1", 1), ("2024-Q2", 2)]


def test_files_read_apart_give_the_same(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.xlsx").write_bytes(book([["Indicator", "2024-S1", "2024-S2"], ["OC1.1", 4, "x"]]))
    one, two = (mne.validate(tmp_path, corpus_plan(), partner="ORG-A", jobs=jobs) for jobs in (1, 2))
    assert [str(each) for each in one.findings] == [str(each) for each in two.findings]
    assert one.observations == two.observations
