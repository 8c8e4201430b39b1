"""Tables as district offices make them: an indicator above each group of columns, places in the rows, a total beneath."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import openpyxl
import pytest

import mne
from tests.builders import plan_of
from tests.unit.test_tired_reading import FLOW, SPLIT, grave
from tests.workbooks import computed

PEOPLE: Final = {**SPLIT, "id": "OP2.2.1", "title": "Trained", "unit": "person"}
PASSED: Final = {
    "id": "OP2.1.2", "title": "Share that passed", "measure": "percentage", "accumulation": "flow", "unit": "percent",
    "disaggregation": [{"dimensions": ["sex"]}],
}  # fmt: skip
DAYS: Final = {
    "id": "OC1.1", "title": "Days at the desk", "measure": "number", "accumulation": "level", "unit": "day",
    "aggregation": {"locations": "median", "partners": "median"},
}  # fmt: skip
RATE: Final = {
    "id": "OP2.1.3", "title": "Complaints", "measure": "ratio", "per": 1000, "accumulation": "flow",
}  # fmt: skip

TOP: Final = [["Report for 2026-Q2"], ["Location: N"], ["Date of report:", dt.date(2026, 7, 10)]]
CODES: Final = ["No", "District", "OC1.2", "OP2.2.1", None, None, "OP2.1.2", None, None, "OC1.1"]
TITLES: Final = [None, None, "Paper", "People trained", None, None, "Those who passed", None, None, "Days at the desk"]
PARTS: Final = [None, None, "kg", "all", "women", "men", "passed", "sat", "%", "days"]
MERGED: Final = ("A4:A6", "B4:B6", "D4:F4", "D5:F5", "G4:I4", "G5:I5", "A7:J7", "A11:J11")


def share(row: int, above: int, below: int) -> tuple[str, float]:
    return f"=G{row}/H{row}", above / below


def sums(row: int, *parts: str, values: Sequence[int], days: Any = None) -> list[Any]:
    """The cells of a row of sums: `parts` with the letter of each column in the place of @."""
    added = [(f"={'+'.join(part.replace('@', letter) for part in parts)}", value)
             for letter, value in zip("CDEFGH", values, strict=True)]  # fmt: skip
    return [*added, share(row, values[4], values[5]), days]


def rows() -> list[list[Any]]:
    """Two groups of two districts, their sums, the total, and the quarter before."""
    return [
        *([*each] for each in TOP),
        [*CODES],
        [*TITLES],
        [*PARTS],
        ["Western group"],
        [1, "Alpha", 10, 6, 2, 4, 3, 4, share(8, 3, 4), 11],
        [2, "Beta", 20, 8, 5, 3, 5, 8, share(9, 5, 8), 13],
        [None, "Subtotal: west", *sums(10, "SUM(@8:@9)", values=(30, 14, 7, 7, 8, 12))],
        ["Eastern group"],
        [3, "Gamma", 30, 7, 3, 4, 4, 5, share(12, 4, 5), 12],
        [4, "Delta", 40, 9, 4, 5, 6, 9, share(13, 6, 9), 14],
        [None, "Subtotal: east", *sums(14, "SUM(@12:@13)", values=(70, 16, 7, 9, 10, 14))],
        [None, "Total N", *sums(15, "@10", "@14", values=(100, 30, 14, 16, 18, 26), days=12.5)],
        [None, "For comparison: 2026-Q1", 90, 25, 12, 13, 15, 22, share(16, 15, 22), 13],
        [],
        [None, "Notes:"],
        [None, "1. The days are the median of all certificates."],
        [None, "Head: ______", None, None, None, None, "Officer: ______"],
    ]


def written(
    table: Sequence[Sequence[Any]], *, merged: Iterable[str] = MERGED, hidden: Iterable[int] = ()
) -> tuple[str, bytes]:
    """A workbook with one sheet; a formula is given with what it makes."""
    made = openpyxl.Workbook()
    values: dict[str, float] = {}
    for row, cells in enumerate(table, start=1):
        for column, cell in enumerate(cells, start=1):
            at = made.active.cell(row, column)
            if isinstance(cell, tuple):
                at.value, values[at.coordinate] = cell
            else:
                at.value = cell
    for area in merged:
        made.active.merge_cells(area)
    for row in hidden:
        made.active.row_dimensions[row].hidden = True
    return "q.xlsx", computed(made, values)


PLAN: Final = (FLOW, PEOPLE, PASSED, DAYS)


def judged(
    table: Sequence[Sequence[Any]], *, indicators: Sequence[Mapping[str, Any]] = PLAN, **more: Any
) -> mne.ValidationReport:
    shape = {name: more.pop(name) for name in ("merged", "hidden") if name in more}
    plan = more.pop("plan", None) or plan_of(*indicators)
    return mne.validate(written(table, **shape), plan, **{"partner": "A", "period": "2026-Q2", **more})


def read(told: mne.ValidationReport) -> dict[tuple[str, str], Any]:
    """The figures of the quarter by indicator and category."""
    frame = told.observations.to_polars()
    found = {}
    for row in frame.filter(frame["period"] == "2026-Q2").iter_rows(named=True):
        parts = (row["value"], row["numerator"], row["denominator"])
        numbers = tuple(float(each) for each in parts if each is not None)
        key = (row["indicator"], row["category"])
        assert (row["location"], key in found) == ("N", False)
        found[key] = numbers[0] if len(numbers) == 1 else numbers
    return found


RIGHT: Final = {
    ("OC1.2", "_T"): 100, ("OP2.2.1", "_T"): 30, ("OP2.2.1", "sex=F"): 14, ("OP2.2.1", "sex=M"): 16,
    ("OP2.1.2", "_T"): (18, 26), ("OC1.1", "_T"): 12.5,
}  # fmt: skip


def loud(told: mne.ValidationReport) -> list[tuple[str, str | None]]:
    """What is worse than a remark."""
    return [(each.code, each.place.cell) for each in told.findings if each.level != "info"]


def test_the_total_is_the_figure_and_the_districts_are_its_detail() -> None:
    told = judged(rows())
    assert read(told) == RIGHT
    assert loud(told) == []
    (detail,) = told.findings.of("row-detail")
    assert (detail.place.cell, detail.params["rows"], detail.params["whole"]) == ("B8", "8 to 9, 12 to 13", "N")
    frame = told.observations.to_polars()
    assert frame["source_cell"].to_list() == ["C15", "D15", "E15", "F15", "G15", "J15"]
    assert set(frame["reported_on"]) == {dt.date(2026, 7, 10)}
    assert frame.filter(frame["indicator"] == "OC1.2")["unit"].to_list() == ["kg"]


def test_the_row_of_an_earlier_period_is_compared_with_what_was_reported_for_it() -> None:
    before = ("a.csv", b"Indicator,Period,Location,Value\nOC1.2,2026-Q1,N,91\nOC1.1,2026-Q1,N,13\n")
    told = mne.validate([before, written(rows())], plan_of(*PLAN), partner="A", period="2026-Q2")
    assert [(each.code, each.place.cell) for each in told.findings.of("figures-restated")] == [
        ("figures-restated", "C16")
    ]


@pytest.mark.parametrize(
    "change",
    [
        "no merged cells", "codes with titles", "titles alone", "no shares", "the other order", "words for the parts",
        "no subtotals", "typed", "place in the total alone", "no groups", "columns with numbers",
    ],
)  # fmt: skip
def test_heads_and_sums_are_made_in_many_ways(change: str) -> None:
    table, options = rows(), {}
    if change == "no merged cells":
        options["merged"] = ()
    elif change == "codes with titles":
        table[3] = [f"{code} – {title}" if code and title else code for code, title in zip(CODES, TITLES, strict=True)]
    elif change == "titles alone":
        table[3] = [
            None,
            "District",
            "Days",
            "Trained",
            None,
            None,
            "Share that passed",
            None,
            None,
            "Days at the desk",
        ]
    elif change == "no shares":
        for each in table[5:16]:
            each[8:9] = [None] if len(each) > 8 else []
    elif change == "the other order":
        for each in table[5:16]:
            each[6:8] = each[6:8][::-1]
            if len(each) > 8 and isinstance(each[8], tuple):
                each[8] = each[8][1]
    elif change == "words for the parts":
        table[5][6:8] = ["numerator", "denominator"]
    elif change == "no subtotals":
        del table[13], table[9]
        table[12] = [None, "Total N", *(value for _, value in table[12][2:8]), 18 / 26, 12.5]
        options["merged"] = MERGED[:6]
    elif change == "typed":
        table = [[each[1] if isinstance(each, tuple) else each for each in line] for line in table]
    elif change == "columns with numbers":
        table[6] = [*range(1, 11)]
    elif change == "place in the total alone":
        table[1] = ["Made by the office of districts"]
    else:
        del table[13], table[10], table[9], table[6]
        table[10] = [None, "Total N", *(value for _, value in table[10][2:8]), 18 / 26, 12.5]
        options["merged"] = MERGED[:6]
    told = judged(table, **options)
    assert read(told) == RIGHT, [str(each) for each in told.findings]
    assert loud(told) == []


def test_parts_of_a_share_stand_beside_it_for_women_and_men() -> None:
    head = [["Report for 2026-Q2"], [None, "District", "OC1.2", "OP2.1.2"]]
    parts = [None, None, "kg", "passed", "sat", "%", "women: passed", "women: sat", "men: passed", "men: sat"]
    own = [[1, "Alpha", 5, 3, 4, "75%", 1, 2, 2, 2], [2, "Beta", 6, 5, 8, "62.5%", 3, 4, 2, 4]]
    told = judged([*head, parts, *own, [None, "Total", 11, 8, 12, "66.7%", 4, 6, 4, 6]], merged=("D2:J2",))
    frame = told.observations.to_polars()
    assert frame.select("indicator", "category", "numerator", "denominator").rows()[1:] == [
        ("OP2.1.2", "_T", 8, 12), ("OP2.1.2", "sex=F", 4, 6), ("OP2.1.2", "sex=M", 4, 6),
    ]  # fmt: skip
    assert grave(told) == []


def test_a_rate_is_made_of_the_counts_beside_it() -> None:
    head = [["Report for 2026-Q2"], ["District", "OC1.2", "OP2.1.3"], [None, "kg", "complaints", "people", "per 1,000"]]
    own = [["Alpha", 5, 0, 40, 0], ["Beta", 6, 1, 50, 20]]
    told = judged([*head, *own, ["Total N", 11, 1, 90, ("=C6/D6*1000", 1 / 90 * 1000)]], merged=("C2:E2",),
                  indicators=(FLOW, RATE))  # fmt: skip
    assert read(told) == {("OC1.2", "_T"): 11, ("OP2.1.3", "_T"): (1, 90)}
    assert loud(told) == []


def test_two_counts_of_which_nothing_says_which_is_which_are_not_read() -> None:
    head = [["Report for 2026-Q2"], ["District", "OC1.2", "OP2.1.2"], [None, "kg", "one", "two"]]
    told = judged([*head, ["Alpha", 5, 3, 4], ["Beta", 6, 5, 3], ["Total N", 11, 8, 7]], merged=("C2:D2",))
    assert [each for each in loud(told) if each[0] == "layout-ambiguous"] == [
        ("layout-ambiguous", "C3"), ("layout-ambiguous", "D3"),
    ]  # fmt: skip
    assert read(told) == {("OC1.2", "_T"): 11}


def test_rows_of_places_of_the_plan_are_figures_and_the_total_is_not() -> None:
    head = [["Report for 2026-Q2"], ["Place", "OC1.2", "OP2.2.1"], [None, "kg", "all", "women", "men"]]
    own = [["N", 5, 7, 3, 4], ["S", 6, 8, 4, 4]]
    told = judged([*head, *own, ["Total", 11, 15, 7, 8]], merged=("C2:E2",), indicators=(FLOW, PEOPLE))
    frame = told.observations.to_polars().select("indicator", "location", "category", "value")
    assert [(*row[:3], int(row[3])) for row in frame.rows()] == [
        ("OC1.2", "N", "_T", 5), ("OP2.2.1", "N", "_T", 7), ("OP2.2.1", "N", "sex=F", 3), ("OP2.2.1", "N", "sex=M", 4),
        ("OC1.2", "S", "_T", 6), ("OP2.2.1", "S", "_T", 8), ("OP2.2.1", "S", "sex=F", 4), ("OP2.2.1", "S", "sex=M", 4),
    ]  # fmt: skip
    assert loud(told) == []
    told = judged([*head, *own, ["Total", 12, 15, 7, 8]], merged=("C2:E2",), indicators=(FLOW, PEOPLE))
    assert loud(told) == [("total-sum-differs", "B6")]
    assert grave(told) == []
    assert len(told.observations) == 8


def test_sums_that_each_name_a_place_are_the_figures_of_these_places() -> None:
    head = [["Report for 2026-Q2"], ["District", "OC1.2", "OC1.1"], [None, "kg", "days"]]
    own = [["Alpha", 5, 4], ["Beta", 6, 5], ["Total N", 11, 4.5], ["Gamma", 7, 3], ["Total S", 7, 3]]
    told = judged([*head, *own, ["Grand total", 18, 4]], merged=())
    frame = told.observations.to_polars().select("indicator", "location", "value")
    assert [(*row[:2], float(row[2])) for row in frame.rows()] == [
        ("OC1.2", "N", 11), ("OC1.1", "N", 4.5), ("OC1.2", "S", 7), ("OC1.1", "S", 3),
    ]  # fmt: skip
    assert grave(told) == []


@pytest.mark.parametrize("first", ["OP2.2.1", "ОР2.2.1", "OP2.2.9"])
def test_a_mistyped_code_above_columns_is_told(first: str) -> None:
    head = [["Report for 2026-Q2"], ["District", "OC1.2", "OC1.1", first], [None, "kg", "days", "all"]]
    told = judged([*head, ["Alpha", 5, 4, 1], ["Beta", 6, 5, 2], ["Total N", 11, 4.5, 3]], merged=())
    assert bool(grave(told)) == (first != "OP2.2.1")
    assert {each[1] for each in grave(told)} <= {"D2"}


@pytest.mark.parametrize("row", [["1", "2", "3"], [1, 2, 3], ["1.1", "1.2", "1.3"]])
def test_numbers_above_or_beneath_a_header_are_no_indicators(row: list[Any]) -> None:
    plan = plan_of(*({**FLOW, "id": f"{each}", "title": f"Number {each}"} for each in row))
    table = [["Report for 2026-Q2"], row, ["Alpha", 5, 6], ["Beta", 7, 8], ["Total", 12, 14]]
    assert not judged(table, merged=(), plan=plan).findings.of("row-detail")


def test_months_in_the_rows_are_no_districts() -> None:
    head = [["Report for 2026-Q2"], ["Month", "OC1.2", "OC1.1"], [None, "kg", "days"]]
    told = judged([*head, ["April", 5, 4], ["May", 6, 5], ["June", 7, 5], ["Total", 18, 5]], merged=())
    assert not told.findings.of("row-detail")


# --------------------------------------------------------------------------------------------------- what goes wrong


def only(told: mne.ValidationReport, code: str) -> mne.Finding:
    assert {each[0] for each in loud(told)} == {code}, [str(each) for each in told.findings]
    (said,) = told.findings.of(code)
    return said


def wrong(table: list[list[Any]], at: str, *cell: Any) -> list[list[Any]]:
    """The table with something else in the cells from one on."""
    column, row = ord(at[0]) - ord("A"), int(at[1:]) - 1
    table[row][column : column + len(cell)] = cell
    return table


def test_a_number_that_is_text_is_left_out_of_the_sums() -> None:
    table = wrong(rows(), "C8", "10,0")
    wrong(table, "C10", ("=SUM(C8:C9)", 20))
    told = judged(wrong(table, "C15", ("=C10+C14", 90)))
    said = only(told, "total-sum-differs")
    assert (said.place.cell, said.found, said.suggestion, said.level) == ("C8", "10,0", "10", "error")
    assert (said.params["sum"], said.params["told"], said.expected) == ("C15", "90", "100")
    assert [each.cell for each in said.related] == ["C10", "C15"]
    assert read(told) == {key: value for key, value in RIGHT.items() if key[0] != "OC1.2"}
    assert loud(judged(wrong(rows(), "C8", "10"))) == []


def test_a_formula_leaves_out_a_row_of_its_group() -> None:
    table = wrong(rows(), "C10", ("=SUM(C9:C9)", 20))
    said = only(judged(wrong(table, "C15", ("=C10+C14", 90))), "total-sum-differs")
    assert (said.place.cell, said.suggestion, said.params["sum"], said.expected) == ("C10", "30", "C15", "100")
    assert "8" in said.params["why"]


def test_a_hidden_row_is_in_the_sums() -> None:
    table = rows()
    table.insert(13, [None, "Delta (preliminary)", None, 2, 1, 1])
    table[14] = [None, "Subtotal: east", *sums(15, "SUM(@12:@14)", values=(70, 18, 8, 10, 10, 14))]
    table[15] = [None, "Total N", *sums(16, "@10", "@15", values=(100, 32, 15, 17, 18, 26), days=12.5)]
    table[16][8] = share(17, 15, 22)
    told = judged(table, hidden=[14])
    said = only(told, "total-sum-differs")
    assert (said.place.cell, said.params["sum"], said.params["told"], said.expected) == ("D14", "D16", "32", "30")
    assert read(told) == {key: value for key, value in RIGHT.items() if key[0] != "OP2.2.1"}
    table[14] = [None, "Subtotal: east", *sums(15, "SUM(@12:@13)", values=(70, 16, 7, 9, 10, 14))]
    table[15] = [None, "Total N", *sums(16, "@10", "@15", values=(100, 30, 14, 16, 18, 26), days=12.5)]
    assert loud(judged(table, hidden=[14])) == []


@pytest.mark.parametrize(("label", "right"), [("Total S", False), ("Total for N", True), ("Total", True)])
def test_the_total_names_another_place_than_the_sheet(label: str, *, right: bool) -> None:
    told = judged(wrong(rows(), "B15", label))
    if right:
        assert loud(told) == []
    else:
        said = only(told, "total-other-place")
        assert (said.place.cell, said.found, said.suggestion) == ("B15", "Total S", "N")


def test_the_name_of_a_place_is_known_with_another_ending() -> None:
    places = [{"id": "N", "title": "Северная область"}, {"id": "S", "title": "Согдийская область"}]
    plan = plan_of(*PLAN, locations=places)
    told = judged(wrong(rows(), "B15", "ИТОГО по Согдийской области"), plan=plan)
    assert only(told, "total-other-place").place.cell == "B15"
    assert loud(judged(wrong(rows(), "B15", "ИТОГО по Северной области"), plan=plan)) == []
    assert loud(judged(wrong(rows(), "B15", "ИТОГО по области"), plan=plan)) == []


@pytest.mark.parametrize("cell", [("=J8+J9+J12+J13", 50), 50, 15])
def test_days_of_districts_cannot_be_added(cell: Any) -> None:
    told = judged(wrong(rows(), "J15", cell))
    said = only(told, "total-not-summable")
    assert (said.place.cell, said.params["low"], said.params["high"]) == ("J15", "11", "14")
    assert said.params["why"].endswith(": 13")
    assert read(told) == {key: value for key, value in RIGHT.items() if key[0] != "OC1.1"}


@pytest.mark.parametrize("cell", [("=AVERAGE(I8,I9,I12,I13)", (3 / 4 + 5 / 8 + 4 / 5 + 6 / 9) / 4), 0.71, 71])
def test_shares_are_averaged(cell: Any) -> None:
    told = judged(wrong(rows(), "I15", cell))
    said = only(told, "total-share-differs")
    assert (said.place.cell, said.level) == ("I15", "warning")
    assert (said.params["numerator"], said.params["denominator"]) == ("18", "26")
    assert read(told) == RIGHT


@pytest.mark.parametrize("cell", [0.6923, 0.69, 69, 69.2])
def test_a_rounded_share_is_right(cell: float) -> None:
    assert loud(judged(wrong(rows(), "I15", cell))) == []


def test_a_total_counts_the_sums_with_their_rows() -> None:
    told = judged(wrong(rows(), "C15", ("=SUM(C8:C14)", 200)))
    said = only(told, "total-sum-differs")
    assert (said.place.cell, said.found, said.expected, said.suggestion) == ("C15", "200", "100", "100")
    assert ("OC1.2", "_T") not in read(told)


def test_a_total_that_was_typed_in_may_know_more_than_its_rows() -> None:
    told = judged(wrong(rows(), "C15", 103))
    said = only(told, "total-sum-differs")
    assert (said.place.cell, said.level) == ("C15", "warning")
    assert read(told) == {**RIGHT, ("OC1.2", "_T"): 103}


def test_a_report_is_dated_before_its_period() -> None:
    told = judged(wrong(rows(), "B3", dt.date(2026, 1, 10)))
    assert only(told, "report-early").place.cell == "B3"


def test_a_figure_that_cannot_be_used_is_held_with_all_that_is_known_of_it() -> None:
    told = judged(wrong(rows(), "C15", ("=SUM(C8:C14)", 200)))
    (held,) = told.held.to_polars().iter_rows(named=True)
    assert (held["cell"], held["codes"], held["value"]) == ("C15", "total-sum-differs", "200")
    (typed,) = told.held_rows.iter_rows(named=True)
    assert (typed["indicator"], typed["period"], typed["location"], typed["value"]) == ("OC1.2", "2026-Q2", "N", None)


def test_what_is_worked_out_is_written_as_the_language_does() -> None:
    (said,) = judged(wrong(rows(), "C15", ("=SUM(C8:C14)", 200.5))).findings.of("total-sum-differs")
    assert "200,5" in said.in_language("ru").message
