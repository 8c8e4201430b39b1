"""What five workbooks spoilt by a tired partner taught: each case as it was found, on small tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import pandas as pd
import pytest

import mne
from mne.ground.findings import clean_text
from mne.logframe.units import UnitTable
from mne.reports.cells import Marks, number
from tests.builders import plan_of

FLOW = {"id": "A", "title": "A", "measure": "number", "accumulation": "flow", "unit": "kg"}


def sent(**columns: Any) -> pd.DataFrame:
    rows = max((len(each) for each in columns.values() if isinstance(each, list)), default=1)
    told = {"indicator": "A", "period": "2025-Q1", **columns}
    return pd.DataFrame({name: each if isinstance(each, list) else [each] * rows for name, each in told.items()})


def test_three_zeros_after_a_mark_are_doubted_whatever_the_other_figures_say() -> None:
    comma = Marks(",")
    assert number("870,000", marks=comma).code == "number-ambiguous"
    assert number("870,000", marks=comma).expected == "870000 or 870.000"
    assert number("870,125", marks=comma).value == Decimal("870.125")
    assert number("870,000", marks=Marks(",", fixed=True)).value == 870
    assert number("870,000", marks=Marks(".")).value == 870000


def test_a_table_without_partners_beside_those_of_partners_is_held_and_not_added() -> None:
    plan = plan_of(FLOW)
    told = mne.validate([sent(value=[60]), sent(partner="B", value=[60])], plan)
    (finding,) = told.findings.of("total-and-partners")
    assert (finding.level, told.counts.held, told.counts.accepted) == ("error", 1, 1)
    alone = mne.validate(sent(value=[60]), plan)
    assert not alone.findings.of("total-and-partners")
    assert alone.counts.accepted == 1


def test_where_partners_are_not_added_up_the_whole_may_stand_beside_them() -> None:
    level = {**FLOW, "accumulation": "level", "aggregation": {"partners": "max"}}
    told = mne.validate([sent(value=[60]), sent(partner="B", value=[60])], plan_of(level))
    assert not told.findings.of("total-and-partners")


@pytest.mark.parametrize(
    ("word", "unit"), [("дней", "day"), ("jours", "day"), ("сомони", "TJS"), ("часов", "hour"), ("semaines", "week")]
)
def test_plain_words_for_units_in_partners_languages(word: str, unit: str) -> None:
    assert UnitTable(plan_of(FLOW)).resolve(word) == unit


def test_spaces_that_part_thousands_are_shown_as_spaces() -> None:
    assert clean_text("2\u00a0850\u202f000,00") == "2 850 000,00"
    # Elsewhere it is a character that nobody sees, and is shown as what it is.
    assert clean_text("OP1\u00a0") == "OP1\\xa0"


def test_a_conflict_says_which_figures() -> None:
    told = mne.validate(sent(value=[5, 7], partner="A"), plan_of(FLOW))
    assert told.findings.of("key-conflict")[0].message == (
        "Two rows give different figures for the same cell; there can be one figure for A in 2025-Q1, not 5 (row 1) and "
        "7 (row 2)."
    )


def test_a_running_number_is_not_taken_for_the_value() -> None:
    table = pd.DataFrame({"№": [1, 2], "Нишондиҳанда": ["A", "A"], "Давра": ["2025-Q1", "2025-Q2"], "Хулоса": [5, 6]})
    book = io.BytesIO()
    table.to_excel(book, index=False)
    proposed = mne.propose_mapping(("report.xlsx", book.getvalue()), plan_of(FLOW))
    assert "№: value" not in str(proposed)
    assert proposed.mapping.columns["Хулоса"].field == "value"


def test_a_reused_template_is_told_that_its_rows_name_another_period() -> None:
    plan = plan_of({**FLOW, "assignments": [{"partner": "A"}]})
    book = openpyxl.load_workbook(io.BytesIO(mne.template(plan, partner="A", period="2025-Q2")))
    sheet = book["Report"]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == "2025-Q2":
                cell.value = "2025-Q1"
            if cell.value == "A" and cell.column_letter == "A":
                at = cell.row
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Value")
    sheet.cell(at, header.column).value = 12
    out = io.BytesIO()
    book.save(out)
    (finding,) = mne.validate(("q2.xlsx", out.getvalue()), plan).findings.of("period-other")
    assert (finding.found, finding.expected, finding.level, finding.place.row) == ("2025-Q1", "2025-Q2", "warning", at)


def test_a_template_shows_the_last_figure_in_the_unit_that_it_was_given_in() -> None:
    plan = plan_of({**FLOW, "assignments": [{"partner": "A"}]})
    before = mne.validate(sent(partner="A", value=[2], unit="t"), plan).observations
    book = openpyxl.load_workbook(io.BytesIO(mne.template(plan, partner="A", period="2025-Q2", previous=before)))
    cells = [str(cell.value) for row in book["Report"].iter_rows() for cell in row]
    assert "2 t (2025-Q1)" in cells


def test_a_figure_merged_over_several_rows_of_a_template_is_told() -> None:
    split = {**FLOW, "disaggregation": [{"dimensions": ["sex"]}], "assignments": [{"partner": "A"}]}
    book = openpyxl.load_workbook(
        io.BytesIO(mne.template(plan_of(split), partner="A", period="2025-Q2")), rich_text=False
    )
    sheet = book["Report"]
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Value")
    rows = [cell.row for row in sheet.iter_rows() for cell in row if cell.value in ("sex=F", "sex=M")]
    sheet.cell(rows[0], header.column).value = 26
    letter = header.column_letter
    sheet.merge_cells(f"{letter}{rows[0]}:{letter}{rows[-1]}")
    out = io.BytesIO()
    book.save(out)
    told = mne.validate(("merged.xlsx", out.getvalue()), plan_of(split))
    assert [each.place.cell for each in told.findings.of("cell-merged")] == [f"{letter}{rows[-1]}"]


@pytest.mark.parametrize(
    ("last", "now", "told"),
    [
        (("sex=F", "sex=M"), ("sex=F",), [("1 of 2 parts by Sex", "men")]),
        # Nothing is told of a part that was not reported last time, nor where no part is filled in.
        (("sex=F",), ("sex=F",), []),
        (("sex=F", "sex=M"), (), []),
        (("sex=F", "sex=M"), ("sex=F", "sex=M"), []),
    ],
)
def test_a_part_that_a_template_shows_as_reported_last_time_is_missed_beside_the_others(
    last: tuple[str, ...], now: tuple[str, ...], told: list[tuple[str, str]]
) -> None:
    split = {**FLOW, "disaggregation": [{"dimensions": ["sex"]}], "assignments": [{"partner": "A"}]}
    plan = plan_of(split)
    table = sent(partner="A", category=[None, *last], value=[30, *([15] * len(last))], unit="kg")
    before = mne.validate(table, plan).observations
    book = openpyxl.load_workbook(io.BytesIO(mne.template(plan, partner="A", period="2025-Q2", previous=before)))
    sheet = book["Report"]
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Value")
    rows = {cell.value: cell.row for row in sheet.iter_rows() for cell in row if cell.value in ("sex=F", "sex=M")}
    sheet.cell(rows["sex=F"] - 1, header.column).value = 32
    for category in now:
        sheet.cell(rows[category], header.column).value = 16
    out = io.BytesIO()
    book.save(out)
    found = mne.validate(("filled.xlsx", out.getvalue()), plan).findings.of("total-parts-missing")
    assert [(each.found, each.expected) for each in found] == told
    assert [each.place.cell for each in found] == [f"{header.column_letter}{rows['sex=M']}" for _ in told]


def test_parts_that_could_not_be_read_are_not_said_to_lack() -> None:
    """They are told as what they are; that the split is incomplete shows once they are mended."""
    split = {**FLOW, "disaggregation": [{"dimensions": ["sex"], "required": True}]}
    table = sent(location=["N", "Nord?", "N"], partner="A", category=["", "sex=F", "sex=M"], value=[3, 1, 2], unit="kg")
    plan = plan_of(split)
    assert set(mne.validate(table, plan).findings.codes) == {"ref-unknown-location"}
    lacking = mne.validate(table[table["location"] == "N"], plan)
    assert set(lacking.findings.codes) == {"total-parts-missing"}


def spoilt_template(plan: mne.Logframe, **cells: Any) -> mne.ValidationReport:
    """A template for A and the second quarter, with these cells of its sheet written over."""
    book = openpyxl.load_workbook(io.BytesIO(mne.template(plan, partner="A", period="2025-Q2")))
    for address, value in cells.items():
        book["Report"][address] = value
    out = io.BytesIO()
    book.save(out)
    return mne.validate(("q2.xlsx", out.getvalue()), plan)


def test_a_title_of_another_period_than_the_templates_own_is_told() -> None:
    plan = plan_of({**FLOW, "assignments": [{"partner": "A"}]})
    title = "Progress report of A for 2025-Q3"
    (finding,) = spoilt_template(plan, A1=title).findings.of("period-other")
    assert (finding.found, finding.expected, finding.level, finding.place.cell) == (
        "2025-Q3", "2025-Q2", "warning", "A1",
    )  # fmt: skip
    assert not spoilt_template(plan).findings.of("period-other")
    assert not spoilt_template(plan, A1="Compared with 2025-Q1: report for 2025-Q2").findings.of("period-other")


def test_a_code_changed_in_a_row_that_was_left_blank_is_told() -> None:
    plan = plan_of({**FLOW, "assignments": [{"partner": "A"}]}, {**FLOW, "id": "BB", "assignments": [{"partner": "A"}]})
    blank = spoilt_template(plan)
    (rows,) = blank.findings.of("template-rows-blank")
    assert rows.place.row is not None
    assert not blank.findings.of("ref-unknown-indicator")
    told = spoilt_template(plan, **{f"A{rows.place.row}": "AX-9"})
    (finding,) = told.findings.of("ref-unknown-indicator")
    assert (finding.found, finding.place.cell, finding.level) == ("AX-9", f"A{rows.place.row}", "warning")


def test_a_number_of_an_exponent_without_end_is_refused() -> None:
    text = b'[{"indicator": "A", "period": "2025-Q1", "value": 1e99999999999999999999}]'
    told = mne.validate(("a.json", text), plan_of(FLOW))
    assert [finding.found for finding in told.findings.of("number-not-finite")] == ["1e99999999999999999999"]


def wide(*headers: Any, above: Sequence[Any] = (), merged: Sequence[str] = (), plan: mne.Logframe | None = None) -> Any:
    """A table wide by period for two indicators, as one sheet; its findings and what was read of A."""
    made = openpyxl.Workbook()
    sheet = made.active
    for row in [["Indicator", *above]] if above else []:
        sheet.append(row)
    sheet.append([None if above else "Indicator", *headers])
    for id in ("A", "BB"):
        sheet.append([id, *range(10, 10 + 10 * len(headers), 10)])
    for area in merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    made.save(out)
    told = mne.validate(("q.xlsx", out.getvalue()), plan or plan_of(FLOW, {**FLOW, "id": "BB"}), partner="A")
    read = told.observations.to_polars().filter(indicator="A").select("period", "value").rows()
    return told, {period: int(value) for period, value in read}


@pytest.mark.parametrize(
    ("headers", "cell", "found", "expected", "others"),
    [
        (("2025-Q1", "2025-Q3", "2025-Q2", "2025-Q4"), "C1", "2025-Q3", "2025-Q2", ["D1"]),
        (("2025-Q4", "2025-Q3", "2025-Q1", "2025-Q2"), "D1", "2025-Q1", "2025-Q2", ["E1"]),
        (("Q1 2025", "Q2 2025", "Q3 2026", "Q4 2025"), "D1", "Q3 2026", "2025-Q3", []),
        (("Q1 2025", "Q2 2025", "Q3 2025", "Q4 2026"), "E1", "Q4 2026", "2025-Q4", []),
        (("I кв. 2025", "II кв. 2025", "III кв. 2026", "IV кв. 2025"), "D1", "III кв. 2026", "2025-Q3", []),
        (("T1 2025", "T3 2025", "T2 2025"), "C1", "T3 2025", "2025-Q2", ["D1"]),
    ],
)
def test_a_header_out_of_order_is_told_at_its_cell(
    headers: tuple[str, ...], cell: str, found: str, expected: str, others: list[str]
) -> None:
    told, read = wide(*headers)
    (finding,) = told.findings.of("period-order")
    assert (finding.place.cell, finding.found, finding.expected, finding.level) == (cell, found, expected, "warning")
    assert [each.cell for each in finding.related] == others
    assert len(read) == len(headers)


def test_a_copied_header_is_told_with_what_it_should_have_been() -> None:
    told, read = wide("Q1 2025", "Q2 2025", "Q2 2025", "Q4 2025")
    first, second = told.findings.of("layout-ambiguous")
    assert (first.place.cell, first.suggestion) == ("C1", None)
    assert (second.place.cell, second.suggestion) == ("D1", "2025-Q3")
    assert read == {"2025-Q1": 10, "2025-Q4": 40}


def test_a_header_of_a_year_outside_of_the_project_is_told_with_the_period_that_is_expected() -> None:
    told, read = wide("Q1 2025", "Q2 2025", "Q3 2052", "Q4 2025")
    assert {(each.place.cell, each.expected) for each in told.findings.of("period-outside-project")} == {
        ("D1", "2025-Q3")
    }
    assert not told.findings.of("period-order")
    assert read == {"2025-Q1": 10, "2025-Q2": 20, "2025-Q4": 40}


def test_a_quarter_out_of_order_beneath_its_year() -> None:
    told, _ = wide("Q1", "Q3", "Q2", "Q4", above=("2025",), merged=("B1:E1", "A1:A2"))
    (finding,) = told.findings.of("period-order")
    assert (finding.place.cell, finding.expected) == ("C2", "2025-Q2")


@pytest.mark.parametrize(
    "headers",
    [
        ("2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1"),
        ("2025-Q1", "2025-Q2", "2025-Q4"),
        ("2025-Q1", "2025-Q3"),
        ("2025-Q1", "2026-Q1", "2025-Q2", "2026-Q2"),
        ("2025-Q1", "2026-Q1", "2025-Q2", "2026-Q2", "2025-Q3", "2026-Q3", "2025-Q4", "2026-Q4"),
        ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "Total"),
        ("Total", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"),
        ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025"),
        ("2025-Q4", "2026-Q4"),
        ("2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"),
        ("2025-Q1 F", "2025-Q2 F", "2025-Q1 M", "2025-Q2 M"),
        ("2025-Q1 Target", "2025-Q1 Actual", "2025-Q2 Target", "2025-Q2 Actual", "2025-Q3 Target", "2025-Q3 Actual"),
    ],
)
def test_orders_that_somebody_meant_are_left_alone(headers: tuple[str, ...]) -> None:
    assert not wide(*headers)[0].findings.of("period-order")


def sheet_of(*rows: Sequence[Any], merged: Sequence[str] = ()) -> bytes:
    """A workbook with one sheet of these rows."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append([*row])
    for area in merged:
        made.active.merge_cells(area)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def told_of(*rows: Sequence[Any], merged: Sequence[str] = (), partner: str | None = "A") -> mne.ValidationReport:
    """What is said of a sheet for two indicators."""
    plan = plan_of(FLOW, {**FLOW, "id": "BB"})
    return mne.validate(("q.xlsx", sheet_of(*rows, merged=merged)), plan, partner=partner)


ONE_CELL = [
    ("a code before three quarters", [("Indicator", "2025-Q1", "2025-Q2", "2025-Q3"), ("AX", 1, 2, 3)], (),
     "ref-unknown-indicator", "A2", ["B2", "C2", "D2"]),
    ("a code merged over two rows", [("Indicator", "Location", "2025-Q1"), ("AX", "N", 1), (None, "S", 3)], ("A2:A3",),
     "ref-unknown-indicator", "A2", ["C2", "C3"]),
    ("a partner above the table", [("Partner:", "ORG-X"), ("Indicator", "2025-Q1"), ("A", 1), ("BB", 2)], (),
     "ref-unknown-partner", "B1", ["B3", "B4"]),
    ("a header of no period of the project", [("Indicator", "2025-Q1", "2029"), ("A", 1, 2), ("BB", 3, 4)], (),
     "period-outside-project", "C1", ["C2", "C3"]),
    ("a period before two places", [("Indicator", "Period", "N", "S"), ("A", "Q9", 2, 3)], (),
     "period-unknown", "B2", ["C2", "D2"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "merged", "code", "cell", "others"), [each[1:] for each in ONE_CELL],
                         ids=[each[0] for each in ONE_CELL])  # fmt: skip
def test_what_is_wrong_with_one_cell_is_told_once(
    rows: Sequence[Any], merged: Sequence[str], code: str, cell: str, others: list[str]
) -> None:
    told = told_of(*rows, merged=merged, partner=None if code == "ref-unknown-partner" else "A")
    (finding,) = told.findings.of(code)
    assert (finding.place.cell, [each.cell for each in finding.related]) == (cell, others)
    assert finding.params["count"] == len(others)
    held = told.held.to_polars()
    assert held.filter(held["codes"] == code)["cell"].to_list() == others


MERGED = [
    ("values of a long table", [("Indicator", "Location", "Period", "Value"), ("A", "N", "2025-Q1", 1),
     ("A", "S", "2025-Q1"), ("A", "N", "2025-Q2"), ("A", "S", "2025-Q2", 5)], "D2:D4", "D3", ["D4"]),
    ("codes of a long table", [("Indicator", "Location", "Period", "Value"), ("A", "N", "2025-Q1", 1),
     (None, "S", "2025-Q1", 4), (None, "N", "2025-Q2", 3)], "A2:A4", "A3", ["A4"]),
    ("a block of a wide table", [("Indicator", "2025-Q1", "2025-Q2"), ("A", 1), ("BB",)], "B2:C3", "C2",
     ["B3", "C3"]),
    ("two quarters of a row", [("Indicator", "2025-Q1", "2025-Q2"), ("A", 1), ("BB", 3, 4)], "B2:C2", "C2", []),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "merged", "cell", "others"), [each[1:] for each in MERGED],
                         ids=[each[0] for each in MERGED])  # fmt: skip
def test_one_merged_range_is_told_once(rows: Sequence[Any], merged: str, cell: str, others: list[str]) -> None:
    told = told_of(*rows, merged=[merged])
    (finding,) = told.findings.of("cell-merged")
    assert (finding.place.cell, [each.cell for each in finding.related]) == (cell, others)
    assert told.held.to_polars()["codes"].to_list() == ["cell-merged"] * (1 + len(others))


def test_a_merged_figure_is_not_offered_to_each_of_its_cells() -> None:
    told = told_of(("Indicator", "2025-Q1", "2025-Q2"), ("A", 26), ("BB", 3, 4), merged=["B2:C2"])
    assert told.findings.of("cell-merged")[0].suggestion is None


SIX = [f"P{number}" for number in range(1, 9)]
MONEY = {**FLOW, "measure": "currency", "unit": "USD"}


def from_partners(*values: Any, period: str = "2025-Q1", **more: Any) -> pd.DataFrame:
    return pd.DataFrame({"indicator": "A", "period": period, "partner": SIX[: len(values)], "value": [*values], **more})


def outliers(*tables: pd.DataFrame, indicator: Any = FLOW) -> list[tuple[int | None, str, list[int | None]]]:
    """Row, what is expected and the other rows of each figure that is told to be out of proportion."""
    plan = plan_of(indicator, organisations=[{"id": each, "title": each, "roles": ["partner"]} for each in SIX])
    found = mne.validate([*tables], plan).findings.of("value-outlier")
    return [(each.place.row, each.expected, [other.row for other in each.related]) for each in found]


AT_MOST, AT_LEAST = "at most {}, as other partners report", "at least {}, as other partners report"


@pytest.mark.parametrize(
    ("values", "row", "expected"),
    [
        ([120, 95, 110, 130, 100, 115000], 6, AT_MOST.format(130)),
        ([120, 1000, 110, 130, 100, 95], 2, AT_MOST.format(130)),
        ([120, 40, 310, 60, 200, 95000], 6, AT_MOST.format(310)),
        ([120000, 95000, 110000, 130000, 100000, 115], 6, AT_LEAST.format(95000)),
    ],
)
def test_a_figure_out_of_proportion_to_those_of_other_partners(values: list[int], row: int, expected: str) -> None:
    assert outliers(from_partners(*values)) == [(row, expected, [])]
    assert outliers(from_partners(*values), indicator=MONEY) == [(row, expected, [])]


def test_of_many_places_the_same_row_is_told_every_time() -> None:
    places = [f"L{number}" for number in range(80)]
    plan = plan_of(
        FLOW,
        organisations=[{"id": each, "title": each, "roles": ["partner"]} for each in SIX],
        locations=[{"id": each, "title": each} for each in places],
    )
    table = pd.concat(
        pd.DataFrame({"indicator": "A", "period": "2025-Q1", "partner": each, "location": places, "value": value})
        for each, value in zip(SIX, (120, 95, 110, 130, 100, 115, 90, 115000), strict=True)
    ).sample(frac=1, random_state=5)
    told = {tuple(mne.validate(table, plan).findings.of("value-outlier")) for _ in range(12)}
    assert len(told) == 1


@pytest.mark.parametrize(
    "values",
    [
        [120, 95, 110, 130, 100, 500],
        [120, 15, 310, 30, 900, 9000],
        [120, 95, 110, 130, 115000],
        [1, 2, 1, 3, 2, 45],
        [400, 350, 500, 450, 300, 3],
        [20, 900, 45000, 130, 6000, 400000],
        [100, 100, 100, 100, 100, 100],
        [0, 0, 0, 0, 0, 700],
    ],
)
def test_partners_that_differ_honestly_are_left_alone(values: list[int]) -> None:
    assert outliers(from_partners(*values)) == []


def test_a_partner_in_other_units_is_told_once_for_an_indicator() -> None:
    values = [120, 95, 110, 130, 100, 115000]
    tables = [from_partners(*values, period=each) for each in ("2025-Q1", "2025-Q2", "2025-Q3")]
    assert outliers(*tables) == [(6, AT_MOST.format(130), [6, 6])]
    assert outliers(*tables, indicator={**FLOW, "thresholds": {"outlier": 0}}) == []


def test_parts_are_compared_with_parts() -> None:
    split = {**FLOW, "disaggregation": [{"dimensions": ["sex"]}]}
    whole = from_partners(1200, 950, 1100, 1300, 1000, 1150)
    women = from_partners(12, 14, 11, 13, 12, 15, category="sex=F")
    assert outliers(whole, women, indicator=split) == []


def test_a_figure_beyond_every_other_is_told_once_only() -> None:
    assert outliers(from_partners(120, 95, 110, 130, 100, 1_150_000)) == [(6, AT_MOST.format(130), [])]


@pytest.mark.parametrize("header", [2025, "Total 2025", "2025 total", "January – September 2025"])
def test_a_year_beside_its_quarters_is_their_sum_and_no_report(header: Any) -> None:
    told = told_of(("Indicator", "2025-Q1", "2025-Q2", "2025-Q3", header), ("A", 12, 11, 13, 36), ("BB", 3, 2, 4, None))
    assert not told.findings.at_least("warning")
    assert told.counts.accepted == 6
    assert told.findings.of("layout-read")[0].params["aside"] == "E (total)"


def test_a_year_beside_quarters_is_read_where_it_is_what_the_indicator_reports() -> None:
    plan = plan_of(FLOW, {**FLOW, "id": "BB", "frequency": "annual"})
    rows = [("Indicator", "2025-Q1", "2025-Q2", "2025"), ("A", 12, 11, 23), ("BB", None, None, 7)]
    told = mne.validate(("q.xlsx", sheet_of(*rows)), plan, partner="A")
    read = told.observations.to_polars().select("indicator", "period").rows()
    assert read == [("A", "2025-Q1"), ("A", "2025-Q2"), ("BB", "2025")]
    alone = mne.validate(("q.xlsx", sheet_of(rows[0], ("A", None, None, 23))), plan, partner="A")
    assert [each.place.cell for each in alone.findings.of("period-mismatch")] == ["D1"]


@pytest.mark.parametrize(("women", "men"), [("жен.", "муж."), ("Ж", "М"), ("Female", "Male"), ("femme", "homme")])
def test_usual_words_for_women_and_men(women: str, men: str) -> None:
    plan = plan_of({**FLOW, "disaggregation": [{"dimensions": ["sex"]}]})
    told = mne.validate(("q.xlsx", sheet_of(("Indicator", "Period", women, men), ("A", "2025-Q1", 4, 6))), plan)
    read = told.observations.to_polars().select("category", "source_cell").rows()
    assert read == [("sex=F", "C2"), ("sex=M", "D2")]


MASS = {"id": "A", "title": "A", "measure": "number", "accumulation": "flow"}


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("долл. США", "USD"), ("US dollars", "USD"), ("U.S. dollars", "USD"), ("US$", "USD"), ("dollars US", "USD"),
        ("доллари ИМА", "USD"), ("евро", "EUR"), ("€", "EUR"), ("сомонӣ", "TJS"), ("рос. руб.", "RUB"),
        ("чел.", "person"), ("нафар", "person"), ("Personnes", "person"), ("тонн.", "t"), ("т", "t"), ("кв. м", "m2"),
        ("sq.m", "m2"), ("хонаводаҳо", "household"), ("домохозяйства", "household"), ("мактабҳо", "school"),
        ("кВт·ч", "kWh"), ("час.", "hour"), ("семьи", "family"), ("écoles", "school"),
    ],
)  # fmt: skip
def test_words_for_units_and_money_in_four_languages(word: str, unit: str) -> None:
    assert UnitTable(plan_of({**MASS, "unit": "kg"})).resolve(word) == unit


def test_dollars_and_roubles_are_those_that_the_project_knows() -> None:
    def means(word: str, *currencies: str) -> str | None:
        rates = [{"currency": each, "to": "TJS", "rate": "2"} for each in currencies]
        return UnitTable(plan_of(MASS, exchange_rates=rates)).resolve(word)

    assert [means(word, "USD", "RUB") for word in ("$", "долларов", "руб.")] == ["USD", "USD", "RUB"]
    assert [means("dollars", *each) for each in ((), ("USD", "CAD"), ("CAD",))] == [None, None, "CAD"]


def test_a_unit_that_is_not_known_is_told_with_those_that_fit() -> None:
    plan = plan_of({**MASS, "unit": "kg"}, {**MASS, "id": "BB", "unit": "person"})
    rows = [("A", "пуд"), ("BB", "пуд"), ("BB", "шт.")]
    table = pd.DataFrame(rows, columns=["indicator", "unit"]).assign(period="2025-Q1", partner="A", value=5)
    told = mne.validate(table, plan).findings.of("unit-invalid", "unit-ambiguous")
    assert [(each.place.row, each.expected) for each in told] == [(1, "kg or t or g"), (2, "person"), (3, "person")]


@pytest.mark.parametrize("written", ["P-KHATLN", "P-KHATL0N"])
def test_a_mistyped_partner_above_a_table_is_told_as_that(written: str) -> None:
    partners = [{"id": each, "title": each, "roles": ["partner"]} for each in ("P-KHATLON", "P-SUGHD")]
    asked = {"assignments": [{"partner": each["id"]} for each in partners]}
    plan = plan_of({**FLOW, **asked}, {**FLOW, **asked, "id": "BB"}, organisations=partners)
    book = openpyxl.Workbook()
    for row in (
        ["Report of the quarter"], [f"Partner: {written}"], [],
        ["Indicator", "Period", "Value"], ["A", "2025-Q2", 5], ["BB", "2025-Q2", 6],
    ):  # fmt: skip
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    report = mne.validate(("q2.xlsx", out.getvalue()), plan, period="2025-Q2")
    (finding,) = (each for each in report.findings if each.level != "info")
    assert (finding.found, finding.suggestion, finding.place.cell, str(finding.level)) == (
        written, "P-KHATLON", "A2", "error",
    )  # fmt: skip
    assert [each.cell for each in finding.related] == ["C5", "C6"]
    assert (report.counts.held, report.counts.accepted) == (2, 0)
