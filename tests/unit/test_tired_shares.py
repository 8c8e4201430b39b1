"""Shares as tired partners lay them out: a percentage in a row of its own above what it is made of."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

import mne
from tests.builders import plan_of
from tests.unit.test_tired_reading import FLOW, book, judged
from tests.unit.test_tired_sheets import HELD, QUARTERS, SHARE, codes, shares

PLAN = plan_of(FLOW, SHARE)
DAYS: list[Any] = ["OC1.2", "Days", 4, 5]
ABOVE: list[Any] = ["OP2.1.2", "Share of those who passed, %", 73.6, 77]
NAMED: list[list[Any]] = [[None, "Passed (numerator)", 218, 241], [None, "Tested (denominator)", 296, 314]]
BARE: list[list[Any]] = [[None, "Passed", 218, 241], [None, "Tested", 296, 314]]


def sent(*rows: list[Any], plan: mne.Logframe = PLAN) -> mne.ValidationReport:
    return judged([QUARTERS, DAYS, *rows], plan=plan)


# ---------------------------------------------------------------------------------- a share above its parts, or below


@pytest.mark.parametrize("parts", [NAMED, BARE, [BARE[0], [None, "Out of", 296, 314]], [NAMED[0], BARE[1]]])
@pytest.mark.parametrize("code", [None, "OP2.1.2"])
@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("figures", [(73.6, 77), (74, 76), ("73.6%", "76.8 %"), (0.736, 0.77), (73.6, None)])
def test_a_share_that_its_own_rows_make_is_told_of_nothing(
    parts: list[list[Any]], code: str | None, above: bool, figures: tuple[Any, Any]
) -> None:
    rows = [[code, *row[1:]] for row in parts]
    share = [*ABOVE[:2], *figures]
    if not above:
        rows[0][0] = "OP2.1.2"
        share[0] = code
    told = sent(*([share, *rows] if above else [*rows, share]))
    assert (shares(told), codes(told)) == (HELD, [])


ONE = [*QUARTERS[:2], "Q1 2026"]


def test_a_share_in_a_cell_that_shows_a_percentage() -> None:
    made = openpyxl.load_workbook(
        io.BytesIO(book([ONE, ["OP2.1.2", "Share", 0.7073], [None, "Passed", 58], [None, "Out of", 82]]))
    )
    made.worksheets[0]["C2"].number_format = "0%"
    out = io.BytesIO()
    made.save(out)
    told = mne.validate(("q.xlsx", out.getvalue()), PLAN, partner="A")
    assert (shares(told), codes(told)) == ([("2026-Q1", "_T", "_T", 58, 82)], [])


@pytest.mark.parametrize("share", [("Share of passed, %", 71), ("Share", "71%"), ("Share", 70.73)])
def test_one_column_is_enough_where_the_share_is_marked_as_one(share: tuple[str, Any]) -> None:
    told = judged([ONE, ["OP2.1.2", *share], [None, "Passed", 58], [None, "Tested", 82]], plan=PLAN)
    assert (shares(told), codes(told)) == ([("2026-Q1", "_T", "_T", 58, 82)], [])


def test_the_words_alone_may_stand_beneath_the_name_of_the_indicator() -> None:
    rows = [["Share who pass", 73.6], ["Numerator", 218], ["Denominator", 296]]
    told = judged([["Indicator", "Q1 2026"], *rows], plan=PLAN)
    assert (shares(told), codes(told)) == (HELD[:1], [])
    bare = [["Share who pass, %", 73.6], ["Passed", 218], ["Out of", 296]]
    told = judged([["Indicator", "Q1 2026"], *bare], plan=PLAN)
    assert (shares(told), codes(told)) == (HELD[:1], [])
    told = judged([["Indicator", "Q1 2026"], ["Plastic bags", 4], *rows[1:]], plan=PLAN)
    assert not shares(told)
    assert {code for code, _ in codes(told)} == {"ref-unknown-indicator"}


def test_a_table_of_one_indicator_and_one_with_places() -> None:
    block = [
        ["OP2.1.2 Share who pass"],
        [None, "Value", "Comment"],
        ["Share, %", 73.6],
        ["Passed", 218],
        ["Out of", 296],
    ]
    other = [["OC1.2 Days"], ["", "Value", "Comment"], ["Days", 4]]
    told = judged([["Period: 2026-Q1"], [], *block, [], *other], plan=PLAN)
    assert (shares(told), codes(told)) == (HELD[:1], [])
    head = ["Indicator", "What", "Location", "Q1 2026"]
    rows = [["OP2.1.2", f"{what}, {place}", place, figure]
            for place, *own in (("N", 71, 58, 82), ("S", 50, 41, 82))
            for what, figure in zip(("Share (%)", "numerator", "denominator"), own, strict=True)]  # fmt: skip
    told = judged([head, *rows], plan=PLAN)
    assert shares(told) == [("2026-Q1", "N", "_T", 58, 82), ("2026-Q1", "S", "_T", 41, 82)]
    assert not codes(told)
    beneath = [[None, *row[1:2], None, row[3]] if row[1].partition(",")[0] != "Share (%)" else row for row in rows]
    told = judged([head, *beneath], plan=PLAN)
    assert shares(told) == [("2026-Q1", "N", "_T", 58, 82), ("2026-Q1", "S", "_T", 41, 82)]


def test_women_and_men_each_with_a_share_of_their_own() -> None:
    groups = [(" – women", 67, 10, 15), (" – men", 73, 11, 15), ("", 70, 21, 30)]
    rows = [["OP2.1.2", f"Test{name} ({part})", figure] for name, *own in groups
            for part, figure in zip(("%", "numerator", "denominator"), own, strict=True)]  # fmt: skip
    told = judged([ONE, *rows], plan=PLAN)
    assert shares(told) == [("2026-Q1", "_T", f"sex={sex}" if sex != "_T" else sex, *own)
                            for sex, own in (("F", (10, 15)), ("M", (11, 15)), ("_T", (21, 30)))]  # fmt: skip
    assert not codes(told)


def test_a_share_of_women_is_not_that_of_the_total_beneath_it() -> None:
    head = ["Indicator", "What", "Sex", "Q1 2026"]
    rows = [["OP2.1.2", "Share", "women", 70], ["OP2.1.2", "numerator", None, 21], ["OP2.1.2", "denominator", None, 30]]
    told = judged([head, *rows], plan=PLAN)
    assert shares(told) == [("2026-Q1", "_T", "_T", 21, 30)]
    assert codes(told) == [("ratio-as-value", "D2")]
    told = judged([head, rows[0], *([None, *row[1:]] for row in rows[1:])], plan=PLAN)
    assert (shares(told), codes(told)) == ([("2026-Q1", "_T", "sex=F", 21, 30)], [])


# --------------------------------------------------------------------------------------------- one that does not fit


@pytest.mark.parametrize(
    ("share", "parts", "expected"),
    [
        ((73.6, 67.8), NAMED, "76.7516; with 76.8 in place of 67.8 all three agree"),
        ((73.6, 62), NAMED, "76.7516"),
        ((73.6, 76.8), [NAMED[0], [*NAMED[1][:3], 341]], "70.6745; with 314 in place of 341 all three agree"),
        ((73.6, 76.8), [[*NAMED[0][:3], 214], NAMED[1]], "68.1529; with 241 in place of 214 all three agree"),
        ((73.6, 62), [BARE[0], [None, "Out of", 296, 314]], "76.7516"),
    ],
)
def test_a_share_that_its_rows_do_not_make_is_told_once(
    share: tuple[float, float], parts: list[list[Any]], expected: str
) -> None:
    told = sent([*ABOVE[:2], *share], *parts)
    (said,) = (each for each in told.findings if each.level != "info")
    assert (said.code, said.place.cell, str(said.expected)) == ("number-conflict", "D3", expected)
    assert shares(told) == HELD[:1]


def test_one_of_several_periods_that_does_not_fit_is_told_where_most_do() -> None:
    head = [*QUARTERS, "Q3 2026"]
    rows = [["OP2.1.2", "Share", 73.6, 76.8, 51], [None, "Passed", 218, 241, 30], [None, "Tested", 296, 314, 40]]
    told = judged([head, *rows], plan=PLAN)
    assert shares(told) == HELD
    assert codes(told) == [("number-conflict", "E2")]


def test_whole_numbers_of_which_each_could_be_the_share_are_one_only_where_it_is_marked() -> None:
    rows = [["OP2.1.2", "Tested", 82, 90], [None, "Passed", 58, 45], [None, "Result", 71, 50]]
    assert not shares(sent(*rows))
    rows[2][1] = "Result, %"
    told = sent(*rows)
    assert ([each[3:] for each in shares(told)], codes(told)) == ([(58, 82), (45, 90)], [])


@pytest.mark.parametrize(
    "rows",
    [
        [["OP2.1.2", "Share", 71, 75], [None, "Passed", 218, 241], [None, "Tested", 296, 314]],  # nothing fits
        [["OP2.1.2", "Kyrgyz", 40], [None, "Uzbek", 6], [None, "Tajik", 15]],  # one figure fits, and nothing says so
        [["OC1.2", "Share, %", 40, 50], [None, "Passed", 6, 5], [None, "Tested", 15, 10]],  # no share is asked for
        [["OP2.1.2", "Share, %", 73.6, 76.8], ["OC1.2", "Passed", 218, 241], ["OC1.2", "Tested", 296, 314]],
        [["OP2.1.2", "Passed", 71, 75], [None, "Share, %", 218, 241], [None, "Tested", 296, 314]],
    ],
)
def test_rows_of_which_nothing_shows_what_they_hold_are_as_they_were(rows: list[list[Any]]) -> None:
    told = sent(*rows)
    assert not shares(told)
    assert {"ratio-as-value", "indicator-missing", "figure-again", "key-conflict"} & {code for code, _ in codes(told)}


def test_a_share_without_parts_is_still_a_finished_one() -> None:
    told = sent(ABOVE, *([*row[:3], None] for row in NAMED))
    assert codes(told) == [("ratio-as-value", "D3")]
    assert shares(told) == HELD[:1]


# --------------------------------------------------------------------------------- columns under heads that nobody knows

FIGURES = [(218, 296, 73.6), (241, 314, 76.8)]


def columns(*heads: str | None, rows: list[tuple[Any, ...]] | None = None) -> list[list[Any]]:
    """A table with a row for each quarter, under these heads."""
    periods = ("2026-Q1", "2026-Q2", "2026-Q3")
    own = [["OP2.1.2", period, *row] for period, row in zip(periods, rows or FIGURES, strict=False)]
    return [["Indicator", "Period", *heads], *own]


def meant(told: mne.ValidationReport) -> dict[str, str | None]:
    """What each column that is not known is taken for, if it is told as a warning."""
    found = [each for each in told.findings.of("header-unknown") if each.level == "warning"]
    return {str(each.found): each.suggestion for each in found}


@pytest.mark.parametrize(
    ("heads", "order", "suggested"),
    [
        (("Passed", "Tested", "%"), (0, 1, 2), {"Passed": "numerator", "Tested": "denominator"}),
        (("Passed", "Tested", "Rate"), (0, 1, 2), {"Passed": "numerator", "Tested": "denominator"}),
        (("Tested", "Passed", "Outcome"), (1, 0, 2), {"Tested": "denominator", "Passed": "numerator"}),
        (("Rate", "Tested", "Passed"), (2, 1, 0), {"Tested": "denominator", "Passed": "numerator"}),
        (("Passed", "Out of", "%"), (0, 1, 2), {"Passed": "numerator"}),
        (("Passed", "Denominator", "%"), (0, 1, 2), {"Passed": "numerator"}),
        (("Numerator", "Tested", "%"), (0, 1, 2), {"Tested": "denominator"}),
        (("Value", "Tested", "%"), (0, 1, 2), {"Tested": "denominator"}),
    ],
)
def test_a_head_of_which_figures_show_what_it_means_is_told_with_that(
    heads: tuple[str, ...], order: tuple[int, ...], suggested: dict[str, str]
) -> None:
    table = columns(*heads, rows=[tuple(row[at] for at in order) for row in FIGURES])
    for rows in (table, [[*row[:2], *(str(cell) if cell in row[2:] else cell for cell in row[2:])] for row in table]):
        assert meant(judged(rows, plan=PLAN)) == suggested


def test_a_head_may_be_shown_by_percentages_and_beside_figures_of_other_indicators() -> None:
    rows = columns("Passed", "Tested", "Done", rows=[(58, 82, "71%"), (45, 90, "50%")])
    assert meant(judged(rows, plan=PLAN)) == {"Passed": "numerator", "Tested": "denominator"}
    mixed = [[*row[:2], None, *row[2:]] for row in columns("Passed", "Tested", "%")]
    mixed[0][2] = "Value"
    told = judged([*mixed, ["OC1.2", "2026-Q1", 4, 7, 9, 3]], plan=PLAN)
    assert meant(told) == {"Passed": "numerator", "Tested": "denominator"}


@pytest.mark.parametrize(
    "table",
    [
        columns("Passed", "Tested", "%", rows=FIGURES[:1]),  # one row proves nothing
        columns("Passed", "Tested", "%", rows=[(218, 296, 73.6)] * 2),  # nor do two that are the same
        columns("Passed", "Tested", "%", rows=[(218, 296, 73.6), (241, 314, 62), (30, 40, 75)]),  # one of three differs
        columns("Passed", "Tested", "%", rows=[(3, 3, 100), (4, 4, 100)]),  # each is the other
        columns("Passed", "Tested", "%", rows=[(1e300, 1e-300, 5e-324), (1e-300, 1e300, 1e308)]),
        columns("Passed", "Tested", "%", rows=[(0, 7, 0), (0, 9, 0)]),  # nothing of anything
        columns("Passed", "Tested", "Outcome", rows=[(58, 82, 71), (45, 90, 50)]),  # 58 of 71 is 82 per cent as well
        [
            ["OC1.2", *row[1:]] if row[0] == "OP2.1.2" else row for row in columns("Hoped", "Done", "%")
        ],  # no share asked
    ],
)
def test_a_head_of_which_figures_show_nothing_is_told_as_it_was(table: list[list[Any]]) -> None:
    assert not any(meant(judged(table, plan=PLAN)).values())


def test_a_head_above_a_table_of_one_indicator_is_told_with_the_words_in_its_place() -> None:
    top: list[list[Any]] = [["Period: 2026-Q1"], [], ["OC1.2 Days"], ["Group", "Value", "Unit", "Comment"],
                            ["Total", 3, "kg", None], [], ["OP2.1.2 Share who pass"]]  # fmt: skip
    rows: list[list[Any]] = [["women", 10, 15, 0.6667], ["men", 11, 15, 0.7333], ["Total", 21, 30, 0.7]]
    # Counts beneath the name of an indicator show what they are, and are read; hours that have decimals are no counts.
    assert not judged([*top, ["Group", "Passed", "Tested", "Rate"], *rows], plan=PLAN).findings.of("header-row-unknown")
    hours = [["women", 10.5, 15, 0.7], ["men", 11, 15, 0.7333], ["Total", 21.5, 30, 0.7167]]
    (said,) = judged([*top, ["Group", "Passed", "Tested", "Rate"], *hours], plan=PLAN).findings.of("header-row-unknown")
    assert said.expected == "Numerator in place of Passed and Denominator in place of Tested"
    told = judged([*top, ["Group", "Passed", "Out of", "Rate"], *rows], plan=PLAN)
    assert meant(told) == {"Passed": "numerator"}
    (said,) = judged([*top, ["Group", "Passed", "Tested"], *(row[:3] for row in rows)], plan=PLAN).findings.of(
        "header-row-unknown"
    )
    assert said.expected == "Numerator and Denominator"


@pytest.mark.parametrize("heads", [("Passed", "Tested", "%"), ("Passed", "Out of", "Outcome")])
def test_a_mapping_is_proposed_for_what_figures_show(heads: tuple[str, ...]) -> None:
    source = ("q.xlsx", book(columns(*heads)))
    draft = mne.propose_mapping(source, PLAN)
    assert [each.field for each in draft.guesses] == ["indicator", "period", "numerator", "denominator", "ignore"]
    told = mne.validate(source, PLAN, partner="A", mapping=draft.mapping)
    assert (shares(told), codes(told)) == (HELD, [])
