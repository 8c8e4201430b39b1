"""Whole sources read: files of every kind, folders, bytes, frames; every row accounted for, every fault with its place."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mne.errors import OptionError
from mne.ground.catalogue import Severity
from mne.ground.guard import Guard
from mne.reports.read import read
from mne.reports.readers.columnar import read_parquet
from mne.reports.readers.excel import read_workbook
from mne.tables.observations import COLUMNS, NAMES, Observations
from tests.fixtures import corpus_plan, measures_plan

HEADER = "indicator,period,partner,location,value"


def read_csv(text, *, plan=None, name="q.csv", **options):
    return read((name, text.encode()), plan or corpus_plan(), **options)


def rows(*lines, header=HEADER):
    return "\n".join([header, *lines]) + "\n"


def told(reading, *, least=Severity.INFO):
    """(row or cell, header, code) of every finding that is this grave."""
    return [
        (f.place.cell or f.place.row, f.place.header, f.code) for f in reading.findings if f.level.rank <= least.rank
    ]


def usable(reading):
    return reading.frame.filter(pl.col("usable"))


def one(reading):
    (row,) = reading.frame.to_dicts()
    return row


def accounted(reading):
    return reading.frame.height == sum(s.read for s in reading.sources) and all(
        s.rows == s.read + s.ignored for s in reading.sources
    )


# -------------------------------------------------------------------------------------------------------------- CSV


def test_a_plain_table_is_typed():
    reading = read_csv(rows("OC1.1,2024-S1,ORG-A,LOC-01,120.5"))
    assert reading.findings == ()
    assert list(reading.frame.columns) == [*NAMES, "usable", "named_period", "declared_decimal"]
    row = one(reading)
    expected = {
        "project": "P1", "indicator": "OC1.1", "period": "2024-S1", "period_start": dt.date(2024, 1, 1),
        "period_end": dt.date(2024, 6, 30), "partner": "ORG-A", "location": "LOC-01", "category": "_T",
        "value": Decimal("120.5"), "numerator": None, "denominator": None, "unit": None, "state": "reported", "text": None,
        "comment": None, "evidence": None, "status": "submitted", "revision": 0, "reported_on": None, "illustrative": False,
        "source_file": "q.csv", "source_sheet": None, "source_cell": None, "source_row": 2, "source_order": 0,
        "usable": True, "named_period": True, "declared_decimal": False,
    }  # fmt: skip
    assert row == expected
    assert reading.raw.to_dicts() == [
        {
            "source_order": 0,
            "indicator": "OC1.1",
            "period": "2024-S1",
            "partner": "ORG-A",
            "location": "LOC-01",
            "value": "120.5",
        }
    ]
    assert (reading.columns["q.csv", ""]["value"].header, reading.columns["q.csv", ""]["value"].letter) == (
        "value",
        None,
    )
    assert Observations(reading.frame.select(NAMES)).to_polars().height == 1


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_delimiters_are_found_and_said(mark):
    reading = read_csv(rows("OC1.1,2024-S1,ORG-A,LOC-01,7", "OC1.1,2024-S2,ORG-A,LOC-01,8").replace(",", mark))
    assert usable(reading)["value"].to_list() == [7, 8]
    assert [code for _, _, code in told(reading)] == ["csv-dialect-guessed"]


def test_a_declared_delimiter_is_believed_and_moves_the_rows():
    reading = read_csv("sep=;\r\n" + rows("OC1.1,2024-S1,ORG-A,LOC-01,7").replace(",", ";"))
    assert (one(reading)["source_row"], reading.findings) == (3, ())


def test_rows_have_the_numbers_that_an_editor_shows():
    text = rows(
        'OC1.1,2024-S1,ORG-A,LOC-01,7,"two\nlines"', "", "OC1.1,2024-S2,ORG-A,LOC-01,8,x", header=HEADER + ",comment"
    )
    reading = read_csv(text)
    assert reading.frame["source_row"].to_list() == [2, 5]
    assert reading.frame["comment"].to_list() == ["two\nlines", "x"]
    assert told(reading) == [(4, None, "row-blank")]
    assert (reading.sources[0].rows, reading.sources[0].ignored) == (3, 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (rows("ОС1.1,Q,,,").encode("cp1251"), "encoding-not-utf8"),
        (rows("a,b,c,d,e").encode("utf-16-le"), "encoding-unknown"),
        (b"%PDF-1.4 ...", "file-type-mismatch"),
        (b"PK\x03\x04", "file-type-mismatch"),
        ((HEADER + '\nOC1.1,2024-S1,ORG-A,LOC-01,"7\n').encode(), "csv-unclosed-quote"),
        ((HEADER + '\nOC1.1,2024-S1,ORG-A,LOC-01,"7"x\n').encode(), "csv-malformed"),
        ((HEADER + '\nOC1.1,2024-S1,ORG-A,LOC-01,"' + "x" * 200_000 + '"\n').encode(), "limit-cell-length"),
        (b"\n\n \n", "table-missing"),
        (b"name,phone\nAnn,123\n", "table-missing"),
        (b"indicator,partner\nOC1.1,ORG-A\n", "header-missing"),
        (HEADER.encode() + b"\n", "table-no-rows"),
        (HEADER.encode() + b"\n,,,,\n\n", "table-no-rows"),
    ],
)
def test_files_that_cannot_be_used(data, code):
    reading = read(("q.csv", data), corpus_plan())
    assert code in {finding.code for finding in reading.findings}
    assert any(finding.level is Severity.BLOCKER for finding in reading.findings) or code == "limit-cell-length"
    assert reading.frame.height == 0
    assert accounted(reading)


def test_utf_16_with_its_mark_is_read():
    reading = read(("q.csv", rows("OC1.1,2024-S1,ORG-A,LOC-01,7").encode("utf-16")), corpus_plan())
    assert (usable(reading).height, told(reading, least=Severity.WARNING)) == (1, [])


def test_torn_rows_are_held_and_kept():
    reading = read_csv(rows("OC1.1,2024-S1,ORG-A,LOC-01,1,234", "OC1.1,2024-S1,ORG", "OC1.1,2024-S1,ORG-A,LOC-01,5"))
    assert told(reading) == [(2, None, "row-extra-cells"), (3, None, "row-missing-cells")]
    assert reading.frame["usable"].to_list() == [False, False, True]
    assert reading.raw["(column F)"].to_list() == ["234", None, None]
    assert reading.frame["value"].to_list() == [None, None, 5]


def test_a_row_that_lacks_only_its_comment_is_read():
    reading = read_csv(rows("OC1.1,2024-S1,ORG-A,LOC-01,5", header=HEADER + ",comment"))
    assert told(reading) == [(2, None, "row-missing-cells")]
    assert usable(reading).height == 1


def test_a_separator_at_the_end_of_every_row_is_harmless():
    reading = read_csv(rows("OC1.1,2024-S1,ORG-A,LOC-01,5,", "OC1.1,2024-S2,ORG-A,LOC-01,5,"))
    assert (usable(reading).height, reading.findings) == (2, ())


@pytest.mark.parametrize(
    "line", ["TOTAL,,,,215", "OC1.1,Итого:,,,215", "OC1.1,2024-S1,Всего,LOC-01,215", "OC1.1,2024-S1,ORG-A,Total,215"]
)
def test_sums_of_other_rows_are_held(line):
    reading = read_csv(rows("OC1.1,2024-S1,ORG-A,LOC-01,215", line))
    assert [(row, code) for row, _, code in told(reading)] == [(3, "row-looks-like-total")]
    assert reading.frame["usable"].to_list() == [True, False]


def test_the_total_of_a_category_is_a_value_like_others():
    reading = read_csv(rows("OC1.1,2024-S1,5,Total,_T", header="indicator,period,value,sex,location"), partner="ORG-A")
    assert (one(reading)["category"], one(reading)["location"], reading.findings) == ("_T", "_T", ())


def test_instructions_and_repeated_headers_are_passed_over_and_said():
    text = rows(
        ",,name of the partner,,",
        "OC1.1,2024-S1,ORG-A,LOC-01,5",
        HEADER,
        "OC1.1,2024-S2,ORG-A,LOC-01,6",
        ",,Prepared by Ann,,",
    )
    reading = read_csv(text)
    assert reading.frame["source_row"].to_list() == [3, 5]
    assert sorted(told(reading), key=str) == [
        (2, None, "header-second-row"),
        (4, None, "header-repeated"),
        (6, None, "row-without-data"),
    ]
    assert accounted(reading)


def test_stray_quotes_that_swallow_a_row_are_said():
    text = rows('OC1.1,2024-S1,ORG-A,LOC-01,5,"a', 'OC1.1,2024-S2,ORG-A,LOC-01,6,b"', header=HEADER + ",comment")
    assert [code for _, _, code in told(read_csv(text))] == ["cell-newline-looks-like-record"]


def test_codes_of_cells_and_what_they_suggest():
    reading = read_csv(
        rows(
            "ОС1.1,2024-S1,ORG-A,LOC-01,5",
            "OC1.9,2024-S1,ORG-A,LOC-01,5",
            "OC1.1,2024-S1,ORG-Z,LOC-01,5",
            "OC1.1,2024-S1,ORG-A,LOC-99,5",
            ",2024-S1,ORG-A,LOC-01,5",
            "oc1.1,2024-S1,Organisation A,place 1,5",
        )
    )
    assert told(reading) == [
        (2, "indicator", "code-confusable"),
        (3, "indicator", "ref-unknown-indicator"),
        (6, "indicator", "indicator-missing"),
        (4, "partner", "ref-unknown-partner"),
        (5, "location", "ref-unknown-location"),
        (7, "indicator", "code-normalised"),
    ]
    (last,) = usable(reading).to_dicts()
    assert (last["indicator"], last["partner"], last["location"]) == ("OC1.1", "ORG-A", "LOC-01")
    suggestions = {f.code: f.suggestion for f in reading.findings}
    assert suggestions["code-confusable"] == "OC1.1"


def test_ambiguous_numbers_are_settled_by_the_column_or_not_at_all():
    alone = read_csv(rows('OC1.3,2024-S1,ORG-A,LOC-01,"2,012"'))
    assert told(alone) == [(2, "value", "number-ambiguous")]
    assert alone.findings[0].expected == "2012 or 2.012"
    settled = read_csv(rows('OC1.3,2024-S1,ORG-A,LOC-01,"2,012"', 'OC1.3,2024-S2,ORG-A,LOC-01,"0,5"'))
    assert (settled.frame["value"].to_list(), settled.findings) == ([Decimal("2.012"), Decimal("0.5")], ())
    other_column = read_csv(
        rows('OC1.2,2024-S1,"2,012","1,5",3', header="indicator,period,value,numerator,denominator"), partner="ORG-A"
    )
    assert usable(other_column)["value"].to_list() == [Decimal("2.012")]


def test_remarks_about_many_cells_are_told_once_with_their_places():
    reading = read_csv(rows(*(f"OC1.1,2024-S1,ORG-A,LOC-01,{n} 000" for n in range(1, 5))))
    (finding,) = reading.findings
    assert (finding.code, finding.place.row, len(finding.related), finding.params["count"]) == ("number-text", 2, 3, 4)


def test_days_and_labels_of_periods():
    header = "indicator,period,period_start,period_end,value"
    reading = read_csv(
        rows(
            "OC1.1,,2024-01-01,2024-06-30,1",
            "OC1.1,2024-S1,2024-01-01,2024-06-30,1",
            "OC1.1,Round 3,2024-01-01,2024-06-30,1",
            "OC1.1,2024-S2,2024-01-01,2024-06-30,1",
            "OC1.1,,2024-06-30,2024-01-01,1",
            "OC1.1,,2024-01-01,,1",
            "OC1.1,,,,1",
            "OC1.1,,2024-01-05,2024-02-03,1",
            header=header,
        ),
        partner="ORG-A",
    )
    assert reading.frame["period"].to_list() == [
        "2024-S1",
        "2024-S1",
        "2024-S1",
        "2024-S2",
        None,
        None,
        None,
        "2024-01-05/2024-02-03",
    ]
    assert reading.frame["named_period"].to_list() == [False, True, False, True, False, False, False, False]
    assert told(reading) == [
        (5, "period_start", "period-conflict"),
        (6, "period_end", "period-reversed"),
        (7, "period_end", "period-missing"),
        (8, "period", "period-missing"),
        (4, "period", "period-unknown"),
    ]
    assert reading.findings[-1].level is Severity.WARNING


def test_a_year_beside_a_quarter():
    reading = read_csv(
        rows("N,Q2,2024,5", "N,,2025,6", header="indicator,quarter,year,value"), plan=measures_plan(), partner="ORG-A"
    )
    assert reading.frame["period"].to_list() == ["2024-Q2", "2025"]


def test_categories_in_every_form():
    header = "indicator,period,value,category,sex"
    cases = {
        "sex=F|age=18+,": "sex=F|age=18+",
        "age=18+|sex=F,": "sex=F|age=18+",
        "F,": "sex=F",
        "женщины,": "sex=F",
        "women; adults,": "sex=F|age=18+",
        "18+,F": "sex=F|age=18+",
        "_T,": "_T",
        "Итого,": "_T",
        ",мужчины": "sex=M",
        ",Total": "_T",
        "Пол=женщины,": "sex=F",
    }
    reading = read_csv(rows(*(f"OC1.1,2024-S1,1,{cells}" for cells in cases), header=header), partner="ORG-A")
    assert reading.frame["category"].to_list() == list(cases.values())
    assert told(reading, least=Severity.ERROR) == []
    bad = read_csv(
        rows(
            "OC1.1,2024-S1,1,sex=X,", "OC1.1,2024-S1,1,F,M", "OC1.1,2024-S1,1,,X", "OC1.1,2024-S1,1,F|M,", header=header
        ),
        partner="ORG-A",
    )
    assert sorted(told(bad), key=str) == [
        (2, "category", "ref-unknown-category"),
        (3, "category", "category-conflict"),
        (4, "sex", "ref-unknown-category"),
        (5, "category", "category-conflict"),
    ]


def test_every_measure():
    header = "indicator,period,partner,value,numerator,denominator,text"
    lines = {
        "N,2024-Q1,ORG-A,12,,,": {"value": 12},
        "P,2024-Q1,ORG-A,,15,100,": {"numerator": 15, "denominator": 100},
        "P,2024-Q2,ORG-A,15/100,,,": {"value": None, "numerator": 15, "denominator": 100},
        "P,2024-Q3,ORG-A,45 %,9,20,": {"value": 45, "numerator": 9},
        "PV,2024-Q1,ORG-A,45.5%,,,": {"value": Decimal("45.5")},
        "R,2024-Q1,ORG-A,3/1000,,,": {"numerator": 3, "denominator": 1000},
        "C,2024-Q1,ORG-A,12.75,,,": {"value": Decimal("12.75")},
        "O,2024-Q1,ORG-A,3,,,": {"value": 3, "text": "3"},
        "S,2024-Q1,ORG-A,adopted,,,": {"value": 3, "text": "adopted"},
        "S,2024-Q2,ORG-A,Закон принят,,,": {"value": 3, "text": "Закон принят"},
        "S,2024-Q3,ORG-A,loi ADOPTÉE,,,": {"value": 3},
        "Y,2024-Q1,ORG-A,да,,,": {"value": 1, "text": "да"},
        "Y,2024-Q2,ORG-A,No,,,": {"value": 0, "text": "No"},
        "W,2024-Q1,ORG-A,blue,,,": {"value": None, "text": "blue"},
        "T,2024-Q1,ORG-A,,,,It went well": {"value": None, "text": "It went well"},
        "T,2024-Q2,ORG-A,Here instead,,,": {"text": "Here instead"},
        "N,2024-Q2,ORG-A,n/a,,,": {"value": None, "state": "missing"},
        "S,2024-Q4,ORG-A,not due,,,": {"value": None, "state": "not_due"},
        "T,2024-Q3,ORG-A,n/a,,,": {"text": None, "state": "missing"},
        "N,2024-Q3,ORG-A,,,,": {"value": None, "state": "reported"},
    }
    reading = read_csv(rows(*lines, header=header), plan=measures_plan())
    for row, expected in zip(reading.frame.to_dicts(), lines.values(), strict=True):
        assert {name: row[name] for name in expected} == expected, row
    assert told(reading, least=Severity.ERROR) == []


def test_values_of_the_wrong_kind_for_the_measure():
    lines = [
        "N,2024-Q1,ORG-A,45%",
        "N,2024-Q1,ORG-A,2/2",
        "Y,2024-Q1,ORG-A,7",
        "S,2024-Q1,ORG-A,Adoptd",
        "O,2024-Q1,ORG-A,9",
    ]
    reading = read_csv(rows(*lines, header="indicator,period,partner,value"), plan=measures_plan())
    assert [(row, code) for row, _, code in told(reading)] == [
        (2, "number-invalid"), (3, "number-invalid"), (4, "yes-no-invalid"), (5, "ref-unknown-stage"), (6, "ref-unknown-stage"),
    ]  # fmt: skip
    assert usable(reading).height == 0


def test_a_fraction_against_its_own_parts():
    reading = read_csv(
        rows("P,2024-Q1,ORG-A,15/100,16,100", header="indicator,period,partner,value,numerator,denominator"),
        plan=measures_plan(),
    )
    assert told(reading) == [(2, "value", "number-conflict")]


def test_states_statuses_revisions_and_flags():
    header = "indicator,period,partner,value,state,status,revision,reported_on,illustrative"
    lines = [
        "N,2024-Q1,ORG-A,,missing,черновик,2,31.03.2024,да",
        "N,2024-Q1,ORG-A,5,missing,,,,",
        "N,2024-Q1,ORG-A,5,odd,odd,1.5,03/04/2024,maybe",
    ]
    reading = read_csv(rows(*lines, header=header), plan=measures_plan())
    first = reading.frame.to_dicts()[0]
    assert (first["state"], first["status"], first["revision"], first["reported_on"], first["illustrative"]) == (
        "missing", "draft", 2, dt.date(2024, 3, 31), True,
    )  # fmt: skip
    assert sorted(told(reading), key=str) == [
        (3, "state", "state-conflict"),
        (4, "illustrative", "yes-no-invalid"),
        (4, "reported_on", "date-ambiguous"),
        (4, "revision", "whole-invalid"),
        (4, "state", "state-unknown"),
        (4, "status", "status-unknown"),
    ]


def test_the_default_status_is_the_callers():
    assert one(read_csv(rows("OC1.1,2024-S1,ORG-A,LOC-01,1"), default_status="draft"))["status"] == "draft"


def test_units():
    header = "indicator,period,partner,value,unit"
    reading = read_csv(
        rows(
            "OC1.3,2024-S1,ORG-A,1,tonnes",
            "OC1.3,2024-S1,ORG-A,1,MT",
            "OC1.3,2024-S1,ORG-A,1,10**10**10",
            header=header,
        )
    )
    assert reading.frame["unit"].to_list() == ["t", None, None]
    assert told(reading) == [(3, "unit", "unit-ambiguous"), (4, "unit", "unit-invalid")]


def test_texts_that_would_be_live_elsewhere_are_kept_as_they_are():
    header = HEADER + ",comment"
    live = ["=1+1", "@SUM(1)", "-1+1", "<script>alert(1)</script>", "- a list", "a < b"]
    reading = read_csv(rows(*(f"OC1.1,2024-S1,ORG-A,LOC-01,1,{text}" for text in live), header=header))
    assert reading.frame["comment"].to_list() == live
    assert [(row, code) for row, _, code in told(reading)] == [
        (2, "text-formula"), (3, "text-formula"), (4, "text-formula"), (5, "text-markup"),
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------- what the caller gives


def test_partner_and_period_of_the_caller_fill_what_is_not_there():
    reading = read_csv("indicator,value\nOC1.1,5\n", partner="Organisation A", period="S1 2024")
    row = one(reading)
    assert (row["partner"], row["period"], row["named_period"], reading.findings) == ("ORG-A", "2024-S1", True, ())


def test_partner_and_period_of_the_caller_against_the_file():
    header = "indicator,period,partner,value"
    reading = read_csv(
        rows("N,2024-Q1,ORG-A,1", "N,2024-Q1,ORG-B,1", "N,2024-Q2,ORG-A,1", "N,2024-02,,1", header=header),
        plan=measures_plan(), partner="ORG-A", period="2024-Q1",
    )  # fmt: skip
    assert told(reading) == [(4, "period", "period-other"), (3, "partner", "partner-other")]
    assert reading.frame["usable"].to_list() == [True, False, False, True]
    assert reading.frame["partner"].to_list()[-1] == "ORG-A"


def test_a_partner_that_is_named_nowhere_is_said_once():
    reading = read_csv("indicator,period,value\nOC1.1,2024-S1,5\nOC1.1,2024-S2,5\n")
    assert told(reading) == [(None, None, "partner-missing")]
    assert reading.frame["partner"].to_list() == ["_T", "_T"]


@pytest.mark.parametrize(
    "options", [{"partner": "ORG-Z"}, {"partner": 7}, {"period": "Round 3"}, {"period": 7}, {"default_status": "late"}]
)
def test_options_that_make_no_sense(options):
    with pytest.raises(OptionError):
        read_csv(rows("OC1.1,2024-S1,ORG-A,LOC-01,1"), **options)


@pytest.mark.parametrize("source", [None, 7, {"a": 1}, [None], object()])
def test_sources_that_make_no_sense(source):
    with pytest.raises(OptionError):
        read(source, corpus_plan())


# ---------------------------------------------------------------------------------------------------------- projects


def test_rows_of_another_project_are_held():
    header = "project,indicator,period,partner,value"
    reading = read_csv(
        rows("P1,OC1.1,2024-S1,ORG-A,1", "P2,OC1.1,2024-S1,ORG-A,1", ",OC1.1,2024-S2,ORG-A,1", header=header)
    )
    assert told(reading) == [(3, "project", "ref-unknown-project")]
    assert usable(reading)["project"].to_list() == ["P1", "P1"]


def test_a_report_for_another_logframe_is_refused_once():
    reading = read_csv(rows("P2,X1,1999,ORG,a", "P2,X2,1999,ORG,b", header="project,indicator,period,partner,value"))
    assert told(reading) == [(None, None, "file-other-logframe")]
    assert (reading.findings[0].found, reading.findings[0].level) == ("P2", Severity.BLOCKER)
    assert (reading.frame.height, reading.sources[0].ignored, reading.sources[0].refused) == (0, 2, True)


# --------------------------------------------------------------------------------------------------------- workbooks


def workbook(*sheets, **cells):
    """A workbook of (title, rows); further cells by address on the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets:
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    for address, value in cells.items():
        book.worksheets[0][address] = value
    return book


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


HEADS = ["indicator", "period", "partner", "location", "value"]
LINE = ["OC1.1", "2024-S1", "ORG-A", "LOC-01", 5]


def read_book(book, *, plan=None, **options):
    return read(("q.xlsx", saved(book)), plan or corpus_plan(), **options)


def test_a_workbook_with_addresses():
    reading = read_book(workbook(("Progress", [["Report of 2024"], [], HEADS, LINE, [*LINE[:4], "n/a"]])))
    assert reading.frame["source_cell"].to_list() == ["E4", "E5"]
    assert reading.frame["source_sheet"].to_list() == ["Progress", "Progress"]
    assert told(reading) == [(3, None, "header-offset"), ("E5", "value", "value-missing")]
    assert reading.place(file="q.xlsx", sheet="Progress", row=4, column="value").cell == "E4"


def test_cells_of_every_type():
    book = workbook(("S", [["indicator", "period_start", "period_end", "partner", "value", "comment"]]))
    sheet = book.active
    for value in (1, 1.5, "7", True, dt.date(2024, 2, 10), 0.1 + 0.2, 1234567890123456, "1,5"):
        sheet.append(["OC1.3", dt.date(2024, 1, 1), dt.datetime.fromisoformat("2024-06-30"), "ORG-A", value, 12])
    reading = read_book(book)
    values = [1, Decimal("1.5"), 7, None, None, Decimal("0.3"), 1234567890123456, Decimal("1.5")]
    assert reading.frame["value"].to_list() == values
    assert reading.frame["period_end"].unique().to_list() == [dt.date(2024, 6, 30)]
    assert reading.frame["comment"].to_list() == ["12"] * 8
    assert told(reading) == [
        ("E5", "value", "number-invalid"),
        ("E6", "value", "number-date"),
        ("E4", "value", "number-text"),
        ("E8", "value", "number-precision"),
    ]


def test_percentages_as_they_are_shown():
    book = workbook(
        (
            "S",
            [
                ["indicator", "period", "partner", "value"],
                ["PV", "2024-Q1", "ORG-A", 0.85],
                ["N", "2024-Q1", "ORG-A", 0.85],
            ],
        )
    )
    for row in (2, 3):
        book.active.cell(row=row, column=4).number_format = "0%"
    reading = read_book(book, plan=measures_plan())
    assert reading.frame["value"].to_list() == [85, None]
    assert reading.raw["value"].to_list() == ["85%", "85%"]
    assert told(reading) == [("D3", "value", "number-invalid")]


def test_formulas_errors_and_blanks_are_told_apart():
    def with_value(xml):
        xml = xml.replace(b"<v></v>", b"<v>120</v>", 1).replace(b"<v />", b"<v>120</v>", 1)
        assert b"<v>120</v>" in xml
        return xml

    book = workbook(("S", [HEADS, *([*LINE[:4], cell] for cell in ("=60+60", "=A1", "#DIV/0!", None))]))
    sheet = book.active
    sheet["E4"].data_type = "e"
    reading = read(("q.xlsx", changed(saved(book), "xl/worksheets/sheet1.xml", with_value)), corpus_plan())
    assert reading.frame["value"].to_list() == [120, None, None, None]
    assert sorted(told(reading), key=str) == [
        ("E2", "value", "cell-formula"),
        ("E3", "value", "cell-formula-no-value"),
        ("E4", "value", "cell-error"),
    ]


def changed(data, part, change):
    """The package with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == part else content)
    return stream.getvalue()


@pytest.mark.parametrize("written", [b"NaN", b"1E400", b"-INF"])
def test_numbers_in_the_xml_that_are_none(written):
    data = saved(workbook(("S", [HEADS, LINE])))
    reading = read(
        (
            "q.xlsx",
            changed(data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>5</v>", b"<v>" + written + b"</v>")),
        ),
        corpus_plan(),
    )
    assert told(reading) == [("E2", "value", "number-not-finite")]


def test_merged_cells_hold_nothing():
    book = workbook(("S", [HEADS, LINE, [None, *LINE[1:]], ["Outcome 2", None, None, None, None], LINE]))
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("A4:E4")
    reading = read_book(book)
    assert told(reading) == [(4, None, "row-without-data"), ("A3", "indicator", "cell-merged")]
    assert reading.findings[1].suggestion == "OC1.1"
    assert reading.frame["source_row"].to_list() == [2, 3, 5]


def test_hidden_rows_columns_and_sheets_are_said():
    book = workbook(
        ("S", [HEADS, LINE, ["OC1.1", "2024-S2", *LINE[2:]]]),
        ("Old", [HEADS, LINE]),
        ("Lists", [["x", "y"]]),
        ("Empty", []),
    )
    book["S"].row_dimensions[3].hidden = True
    book["S"].column_dimensions["D"].hidden = True
    book["Old"].sheet_state = "veryHidden"
    reading = read_book(book)
    assert sorted((f.place.sheet, f.place.row, f.code) for f in reading.findings if f.place.row) == [
        ("S", 3, "row-hidden")
    ]
    assert {(f.place.sheet, f.code) for f in reading.findings if not f.place.row} == {
        ("S", "column-hidden"), ("Old", "sheet-hidden"), ("Lists", "sheet-skipped"),
    }  # fmt: skip
    assert (usable(reading).height, accounted(reading)) == (2, True)


def test_several_sheets_are_read_when_they_report_different_cells():
    other = ["OC1.1", "2024-S2", "ORG-A", "LOC-01", 6]
    reading = read_book(workbook(("A", [HEADS, LINE]), ("B", [HEADS, other])))
    assert (reading.frame["source_sheet"].to_list(), reading.findings) == (["A", "B"], ())
    assert reading.frame["source_order"].to_list() == [0, 1]
    same = read_book(workbook(("A", [HEADS, LINE, other]), ("B", [HEADS, LINE])))
    assert (same.findings, same.frame.height, accounted(same)) == ((), 3, True)
    same = read_book(workbook(("A", [HEADS, LINE, other]), ("B", [HEADS, LINE, other])))
    assert [(f.code, f.place.sheet) for f in same.findings] == [("sheet-ambiguous", "A")]
    assert (same.frame.height, same.sources[0].ignored, accounted(same)) == (0, 4, True)


def test_a_sheet_that_was_meant_as_a_table_is_not_passed_over():
    reading = read_book(
        workbook(("A", [HEADS, LINE]), ("B", [["indicator", "partner", "value"], ["OC1.1", "ORG-A", 5]]))
    )
    assert [(f.code, f.place.sheet, f.level) for f in reading.findings] == [("header-missing", "B", "error")]
    assert reading.frame.height == 1


def test_a_workbook_without_a_table():
    reading = read_book(workbook(("Notes", [["Dear all,"], ["please find"]])))
    assert [f.code for f in reading.findings] == ["table-missing"]


def test_both_date_systems():
    for epoch in (1900, 1904):
        book = workbook(("S", [["indicator", "period_start", "period_end", "partner", "value"]]))
        if epoch == 1904:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active.append(["OC1.1", dt.date(2024, 1, 1), dt.date(2024, 6, 30), "ORG-A", 5])
        book.active.append(["OC1.1", 45292 if epoch == 1900 else 43830, dt.date(2024, 6, 30), "ORG-A", 5])
        reading = read_book(book)
        assert reading.frame["period"].to_list() == ["2024-S1", None]
        assert [(f.code, f.suggestion) for f in reading.findings] == [("date-serial", "2024-01-01")]


def test_a_month_shown_without_its_day_is_a_month():
    book = workbook(("S", [["indicator", "period", "partner", "value"], ["N", dt.date(2024, 3, 1), "ORG-A", 5]]))
    book.active["B2"].number_format = "mmm yyyy"
    assert one(read_book(book, plan=measures_plan()))["period"] == "2024-03"


def test_codes_that_a_workbook_turned_into_numbers_and_dates():
    book = workbook(
        (
            "S",
            [
                ["indicator", "period", "partner", "value", "age"],
                [1.1, 2024, "ORG-A", 5, None],
                ["OC1.1", 2024, "ORG-A", 5, dt.date(2024, 10, 14)],
            ],
        )
    )
    reading = read_book(book)
    assert told(reading) == [("A2", "indicator", "code-numeric"), ("E3", "age", "code-date")]
    assert reading.findings[1].suggestion == "10-14"
    assert reading.frame["period"].to_list() == ["2024", "2024"]


def as_the_usual_reader(cell):
    """A cell of openpyxl as one of ours: dates and errors are told apart by type, times are text."""
    if isinstance(cell, (dt.time, dt.timedelta)):
        return str(cell)
    return None if cell == "" else cell


def test_cells_are_read_as_openpyxl_reads_them():
    values = [
        1, -7, 0, 1.5, 1e-7, 1e20, 123456789012345, 0.1 + 0.2, True, False, "text", " spaces ", "line\nbreak", "ünïcødé 漢字",
        "'quoted", "1.10", dt.date(2024, 2, 29), dt.datetime.fromisoformat("2024-02-29 13:45"), dt.datetime.fromisoformat("1900-03-01"), dt.time(7, 30), None, "last",
    ]  # fmt: skip
    data = saved(workbook(("S", [[value] for value in values])))
    (grid,) = read_workbook(data, name="x").grids
    theirs = [
        row[0] for row in openpyxl.load_workbook(io.BytesIO(data), data_only=True).active.iter_rows(values_only=True)
    ]
    assert [*grid.columns[0]] == [as_the_usual_reader(cell) for cell in theirs]
    assert [type(cell) for cell in grid.columns[0]] == [type(as_the_usual_reader(cell)) for cell in theirs]


def test_prefixed_names_and_missing_references():
    xml = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b'<x:row><x:c t="inlineStr"><x:is><x:t>indicator</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:r><x:t>per</x:t></x:r><x:r><x:t>iod</x:t>'
        b'</x:r><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c><x:c t="str"><x:v>value</x:v></x:c></x:row>'
        b'<x:row><x:c t="str"><x:v>OC1.1</x:v></x:c><x:c t="str"><x:v>2024_x002D_S1</x:v></x:c><x:c><x:v>5</x:v></x:c></x:row>'
        b"</x:sheetData></x:worksheet>"
    )
    data = changed(saved(workbook(("S", [HEADS, LINE]))), "xl/worksheets/sheet1.xml", lambda _: xml)
    reading = read(("q.xlsx", data), corpus_plan(), partner="ORG-A")
    row = one(reading)
    assert (row["indicator"], row["period"], row["value"], row["source_cell"]) == ("OC1.1", "2024-S1", 5, "C2")


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}</worksheet>'
STRINGS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>indicator</t></si><si><r><t>per</t></r>'
    "<r><rPr/><t>iod</t></r><rPh><t>no</t></rPh></si><si><t>value</t></si><si><t>OC1.1</t></si><si><t>2024-S1</t></si></sst>"
)


def cell(text, kind="n", style=0):
    return f'<c t="{kind}" s="{style}">{text}</c>'


def stored(*lines, after="", strings=STRINGS):
    """A workbook whose one sheet has these rows of XML, and shared texts."""
    sheet = SHEET.format("".join(f"<row>{''.join(line)}</row>" for line in lines), after).encode()
    data = changed(saved(workbook(("S", [HEADS, LINE]))), "xl/worksheets/sheet1.xml", lambda _: sheet)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rIdS" Type="{kind}" Target="/xl/sharedStrings.xml"/></Relationships>'.encode()
    data = changed(data, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"</Relationships>", relation))
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", strings)
    return stream.getvalue()


HEAD_CELLS = [cell(f"<v>{at}</v>", "s") for at in range(3)]
LINE_CELLS = [cell(f"<v>{at}</v>", "s") for at in (3, 4)]


def test_shared_texts():
    reading = read(("q.xlsx", stored(HEAD_CELLS, [*LINE_CELLS, cell("<v>5</v>")])), corpus_plan(), partner="ORG-A")
    row = one(reading)
    assert (row["indicator"], row["period"], row["value"], reading.findings) == ("OC1.1", "2024-S1", 5, ())


def test_a_shared_text_that_is_not_there():
    reading = read(("q.xlsx", stored(HEAD_CELLS, [*LINE_CELLS, cell("<v>99</v>", "s")])), corpus_plan())
    assert [f.code for f in reading.findings] == ["xlsx-malformed"]
    assert reading.sources[0].refused


@pytest.mark.parametrize(
    ("stored_as", "kind", "value", "code"),
    [
        ("<v>5.0</v>", "n", 5, None),
        ("<v> 5 </v>", "n", 5, None),
        ("<v>1E3</v>", "n", 1000, None),
        ("<v></v>", "n", None, None),
        ("<v>1_0</v>", "n", None, "number-invalid"),
        ("<v>x</v>", "n", None, "number-invalid"),
        ("<v>99999999999999999999</v>", "n", None, "number-out-of-range"),
        (f"<v>{'9' * 80}</v>", "n", None, "number-out-of-range"),
        ("<v>1</v>", "b", None, "number-invalid"),
        ("<v>#REF!</v>", "e", None, "cell-error"),
        ("<v>2024-02-10T00:00:00Z</v>", "d", None, "number-date"),
        ("<v>no date</v>", "d", None, "number-invalid"),
        ("<v>7</v>", "str", 7, "number-text"),
        ("<f>A1</f><v></v>", "str", None, None),
        ("<is><t>8</t></is>", "inlineStr", 8, "number-text"),
        ("<is><t>_xD800_</t></is>", "inlineStr", None, "number-invalid"),
    ],
)
def test_every_way_of_storing_a_cell(stored_as, kind, value, code):
    data = stored(HEAD_CELLS, [*LINE_CELLS, cell(stored_as, kind)])
    reading = read(("q.xlsx", data), corpus_plan(), partner="ORG-A")
    assert one(reading)["value"] == value
    assert [f.code for f in reading.findings if f.code != "cell-formula"] == ([code] if code else [])


def test_ranges_that_are_merged_or_hidden_beyond_the_table():
    after = '<mergeCells><mergeCell ref="A1"/><mergeCell ref="A2:XFD5"/><mergeCell ref="F9:G10"/></mergeCells>'
    data = stored(HEAD_CELLS, [*LINE_CELLS, cell("<v>5</v>")], [cell(""), cell(""), cell("<v>6</v>")], after=after)
    reading = read(("q.xlsx", data), corpus_plan(), partner="ORG-A")
    assert told(reading) == [("A3", "indicator", "cell-merged")]
    assert [each.cell for each in reading.findings[0].related] == ["B3"]


def test_numbers_shown_as_days_that_cannot_be():
    book = workbook(
        (
            "S",
            [
                ["indicator", "period_start", "period_end", "partner", "value"],
                ["OC1.1", 1, dt.date(2024, 6, 30), "ORG-A", 5],
            ],
        )
    )
    book.active["B2"].number_format = "yyyy-mm-dd"
    data = changed(saved(book), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>1</v>", b"<v>9999999999</v>"))
    assert told(read(("q.xlsx", data), corpus_plan())) == [("B2", "period_start", "date-invalid")]


# ----------------------------------------------------------------------------------------------- JSON, Parquet, frames

RECORD = {"indicator": "OC1.1", "period": "2024-S1", "partner": "ORG-A", "location": "LOC-01", "value": 120.5}


def read_json(value, *, name="q.json"):
    text = value if isinstance(value, str) else json.dumps(value)
    return read((name, text.encode()), corpus_plan())


def test_json_records():
    reading = read_json([RECORD, {**RECORD, "value": None}, {**RECORD, "value": "7", "comment": "x"}])
    assert reading.frame["value"].to_list() == [Decimal("120.5"), None, 7]
    assert (reading.frame["source_row"].to_list(), reading.findings) == ([1, 2, 3], ())


def test_json_numbers_keep_their_digits():
    reading = read_json('[{"indicator": "OC1.1", "period": "2024-S1", "partner": "ORG-A", "value": 0.1000}]')
    assert one(reading)["value"] == Decimal("0.1")
    big = read_json([{**RECORD, "value": 9007199254740993}])
    assert [f.code for f in big.findings] == ["number-precision"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[1", "json-invalid"),
        ("42", "json-shape"),
        ('{"indicator": []}', "json-shape"),
        ('[{"value": NaN}]', "json-invalid"),
        ('[{"value": 1, "value": 2}]', "json-duplicate-key"),
        ("[" * 1000, "limit-depth"),
        ("[]", "table-missing"),
        ("[{}]", "table-missing"),
        ('{"indicator": "OC1.1"}\n{"indicator": "OC1.1"}', "json-shape"),
    ],
)
def test_json_that_cannot_be_used(text, code):
    reading = read_json(text)
    assert code in {f.code for f in reading.findings}
    assert reading.sources[0].refused


def test_json_records_that_are_held_alone():
    bad = [{**RECORD, "value": {"a": 1}}, None, {**RECORD, "value": True}, [1], RECORD]
    reading = read_json(bad)
    assert [(row, code) for row, _, code in told(reading)] == [
        (2, "row-invalid"),
        (4, "row-invalid"),
        (1, "number-invalid"),
        (3, "number-invalid"),
    ]
    assert usable(reading)["source_row"].to_list() == [5]
    lone = read_json(
        '[{"indicator": "OC1.1", "period": "2024-S1", "partner": "ORG-A", "value": 1, "comment": "\\ud800"}]'
    )
    assert told(lone) == [(1, "comment", "control-character")]
    assert usable(lone).height == 0


def test_json_lines():
    lines = "\n".join([json.dumps(RECORD), "", '{"indicator": ', json.dumps({**RECORD, "period": "2024-S2"})])
    reading = read_json(lines, name="q.jsonl")
    assert reading.frame["source_row"].to_list() == [1, 3, 4]
    assert reading.frame["usable"].to_list() == [True, False, True]
    assert {(row, code) for row, _, code in told(reading)} == {(2, "row-blank"), (3, "json-invalid")}
    nothing = read_json("not json\nat all", name="q.jsonl")
    assert nothing.sources[0].refused


def parquet(table):
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def test_parquet():
    table = pa.Table.from_pylist([{**RECORD, "value": Decimal("1.50")}, {**RECORD, "value": Decimal("2.25")}])
    reading = read(("q.parquet", parquet(table)), corpus_plan())
    assert (reading.frame["value"].to_list(), reading.findings) == ([Decimal("1.5"), Decimal("2.25")], ())
    same = read(("q.parquet", parquet(table)), corpus_plan(), trusted=True)
    assert same.frame.equals(reading.frame)


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1PAR1", b"PARE" + b"\0" * 64 + b"PARE"])
def test_parquet_that_is_damaged(data):
    reading = read(("q.parquet", data), corpus_plan(), trusted=True)
    assert {f.code for f in reading.findings} <= {"parquet-malformed", "file-encrypted"}
    assert reading.sources[0].refused


FRAME = pd.DataFrame([RECORD, {**RECORD, "period": "2024-S2", "value": None}])


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        FRAME.convert_dtypes(),
        FRAME.astype(object),
        FRAME.set_index(["indicator", "period"]),
        pl.from_pandas(FRAME),
        pl.from_pandas(FRAME).lazy(),
        pa.Table.from_pandas(FRAME),
        pa.Table.from_pandas(FRAME).to_batches()[0],
    ],
    ids=["numpy", "nullable", "object", "index", "polars", "lazy", "arrow", "batch"],
)
def test_frames_of_every_library(frame):
    reading = read(frame, corpus_plan())
    assert reading.frame["value"].to_list() == [Decimal("120.5"), None]
    assert [f.code for f in reading.findings] == []
    assert reading.sources[0].kind == "frame"


def test_a_frame_is_left_as_it_was():
    frame = FRAME.copy(deep=True)
    read(frame, corpus_plan())
    pd.testing.assert_frame_equal(frame, FRAME)


def test_floats_by_their_shortest_form():
    for dtype in ("float64", "float32"):
        frame = pd.DataFrame([{**RECORD, "value": 0.1}]).astype({"value": dtype})
        for each in (frame, pl.from_pandas(frame), pa.Table.from_pandas(frame)):
            assert one(read(each, corpus_plan()))["value"] == Decimal("0.1")


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([tuple("abcde"), tuple("abcdf")])), "frame-columns"),
        (
            pd.DataFrame([["OC1.1", "2024-S1", 1, 2]], columns=["indicator", "period", "value", "value"]),
            "header-duplicate",
        ),
        (pd.DataFrame({"value": [True], "indicator": ["OC1.1"], "period": ["2024"]}), "column-type"),
        (pd.DataFrame(), "table-missing"),
        (pd.DataFrame(columns=["indicator", "period", "value"]), "table-no-rows"),
        (pl.DataFrame({"indicator": ["OC1.1"], "period": ["2024"], "value": [[1]]}), "column-type"),
        (
            pl.DataFrame({"indicator": ["OC1.1"], "period": ["2024"]}).lazy().select(pl.col("missing")),
            "frame-unreadable",
        ),
        (pd.DataFrame(columns=range(2000)), "limit-columns"),
    ],
)
def test_frames_that_cannot_be_used(frame, code):
    reading = read(frame, corpus_plan())
    assert code in {f.code for f in reading.findings}
    assert reading.frame.height == 0


class Odd:
    def __repr__(self):
        raise RuntimeError

    __str__ = __repr__


def test_objects_in_frames_are_findings():
    cells = [
        b"\xff",
        b"7",
        np.int8(3),
        np.float32(0.1),
        np.bool_(True),
        np.array(4),
        [1],
        Odd(),
        float("inf"),
        dt.time(1),
        pd.Period("2024Q1"),
        "\ud800",
        dt.timedelta(1),
        3 + 4j,
    ]
    frame = pd.DataFrame([{**RECORD, "value": cell} for cell in cells])
    reading = read(frame, corpus_plan())
    assert usable(reading)["value"].to_list() == [7, 3, Decimal("0.1"), 4]
    assert {f.place.row for f in reading.findings if f.level is Severity.ERROR} == {1, 5, *range(7, len(cells) + 1)}


def test_columns_that_arrow_and_polars_cannot_give_whole():
    years = pa.array([0, 10_000_000, None], type=pa.date32())
    table = pa.table({"indicator": ["OC1.1"] * 3, "period": ["2024-S1"] * 3, "value": [1, 2, 3], "reported_on": years})
    assert [(row, header) for row, header, _ in told(read(table, corpus_plan(), partner="ORG-A"))] == [
        (2, "reported_on")
    ]
    objects = pl.DataFrame(
        {
            "indicator": ["OC1.1", "OC1.1"],
            "period": ["2024-S1", "2024-S2"],
            "value": pl.Series([Decimal(1), {"a": 1}], dtype=pl.Object),
            "revision": pl.Series([1, 2], dtype=pl.Int128),
        }
    )
    reading = read(objects, corpus_plan(), partner="ORG-A")
    assert reading.frame.select("value", "revision").rows() == [(1, 1), (None, 2)]
    assert told(reading) == [(2, "value", "number-invalid")]


def test_a_table_with_too_many_columns_is_refused():
    wide = pa.table({str(at): [1] for at in range(1_100)})
    for frame in (wide, pl.from_arrow(wide), wide.to_pandas()):
        assert [f.code for f in read(frame, corpus_plan()).findings] == ["limit-columns"]


def test_merged_cells_over_rows_that_are_not_there():
    book = workbook(("S", [HEADS, LINE]))
    book.active.merge_cells("A2:A4")
    book.active["A6"] = "OC1.1"
    reading = read_book(book)
    assert [(row, code) for row, _, code in told(reading)][:1] == [(3, "row-blank")]
    assert reading.findings[0].found == "3, 4, 5"


def test_periods_and_categories_of_pandas():
    frame = pd.DataFrame([RECORD])
    frame["period"] = pd.PeriodIndex(["2024Q1"], freq="Q")
    frame["location"] = frame["location"].astype("category")
    row = one(read(frame, corpus_plan()))
    assert (row["period"], row["location"]) == ("2024-Q1", "LOC-01")


def test_observations_read_again_are_the_same():
    first = read_csv(
        rows("OC1.1,2024-S1,ORG-A,LOC-01,0.1,F", "OC1.1,2024-S2,ORG-A,LOC-02,n/a,", header=HEADER + ",sex")
    )
    observations = Observations(first.frame.select(NAMES))
    kept = [column.name for column in COLUMNS if not column.name.startswith("source_")]
    for again in (
        observations,
        observations.to_pandas(),
        observations.to_pandas(numbers="decimal"),
        observations.to_arrow(),
    ):
        reading = read(again, corpus_plan())
        assert reading.findings == ()
        assert reading.frame.select(kept).equals(first.frame.select(kept))


# ------------------------------------------------------------------------------------------------- paths and folders


def test_folders_are_read_in_order(tmp_path):
    (tmp_path / "b.csv").write_text(rows("OC1.1,2024-S2,ORG-A,LOC-01,2"))
    (tmp_path / "a.xlsx").write_bytes(saved(workbook(("S", [HEADS, LINE]))))
    (tmp_path / "notes.docx").write_bytes(b"x")
    seen = []
    reading = read(tmp_path, corpus_plan(), progress=lambda *step: seen.append(step))
    assert [source.name for source in reading.sources] == [str(tmp_path / "a.xlsx"), str(tmp_path / "b.csv")]
    assert reading.frame["source_order"].to_list() == [0, 1]
    assert [f.code for f in reading.findings] == ["file-type-unknown"]
    assert seen == [(1, 2, str(tmp_path / "a.xlsx")), (2, 2, str(tmp_path / "b.csv"))]
    assert [len(source.sha256) for source in reading.sources] == [64, 64]


def test_paths_that_lead_nowhere(tmp_path):
    assert [f.code for f in read(tmp_path, corpus_plan()).findings] == ["folder-empty"]
    missing = read(tmp_path / "none.csv", corpus_plan())
    assert [(f.code, f.level) for f in missing.findings] == [("file-missing", Severity.BLOCKER)]
    assert missing.sources[0].refused
    (tmp_path / "q.csv").touch()
    assert [f.code for f in read(str(tmp_path / "q.csv"), corpus_plan()).findings] == ["file-empty"]
    (tmp_path / "q.docx").write_text("words")
    assert [(f.code, f.level) for f in read(tmp_path / "q.docx", corpus_plan()).findings] == [
        ("file-type-unknown", Severity.BLOCKER)
    ]


def test_a_list_of_sources():
    reading = read(
        [
            ("a.csv", rows("OC1.1,2024-S1,ORG-A,LOC-01,1").encode()),
            FRAME,
            rows("OC1.1,2025-S1,ORG-A,LOC-01,1").encode(),
        ],
        corpus_plan(),
    )
    assert [source.name for source in reading.sources] == ["a.csv", "(data frame) 2", "(bytes) 3"]
    assert reading.frame["source_order"].to_list() == [0, 1, 2, 3]
    assert read([], corpus_plan()).frame.height == 0


def test_a_wrong_ending_is_said():
    assert [f.code for f in read(("q.xlsx", rows("a").encode()), corpus_plan()).findings] == ["file-type-mismatch"]
    assert [f.code for f in read(("q.json", rows("a,b").encode()), corpus_plan()).findings] == ["json-invalid"]


def test_reading_twice_gives_the_same():
    text = rows("OC1.1,2024-S1,ORG-A,LOC-01,1 000", "OC1.9,2024-S1,ORG-A,LOC-01,x")
    first, second = read_csv(text), read_csv(text)
    assert first.frame.equals(second.frame)
    assert first.findings == second.findings


def test_limits_of_a_table():
    from mne.ground.files import Limits
    from mne.reports.readers.delimited import read_delimited
    from mne.reports.readers.records import read_json_lines, read_records

    few = Limits(rows=2, columns=2)
    text = b"a,b\n1,2\n3,4\n5,6\n"
    records_ = json.dumps([{"a": 1}] * 3).encode()
    wide = json.dumps({"a": 1, "b": 2, "c": 3}).encode()
    assert [f.code for f in read_delimited(text, name="x", limits=few).findings] == ["limit-rows"]
    assert [f.code for f in read_delimited(b"a,b,c\n", name="x", limits=few).findings] == ["limit-columns"]
    assert [f.code for f in read_records(records_, name="x", limits=few).findings] == ["limit-rows"]
    assert [f.code for f in read_json_lines(wide, name="x", limits=few).findings] == ["limit-columns"]
    table = pa.table({"a": [1, 2, 3], "b": [1, 2, 3], "c": [1, 2, 3]})
    for limits, code in ((Limits(rows=2), "limit-rows"), (few, "limit-rows"), (Limits(columns=2), "limit-columns")):
        with Guard(trusted=True) as guard:
            loaded = read_parquet(parquet(table), name="x", guard=guard, limits=limits)
        assert [f.code for f in loaded.findings] == [code]


def test_codes_without_a_list_are_looked_at_all_the_same():
    plan = type(corpus_plan()).model_validate(
        {**corpus_plan().model_dump(exclude_unset=True), "organisations": [], "locations": []}
    )
    text = rows("OC1.1,2024-S1,\u202eX,LOC-01,1", f"OC1.1,2024-S1,{'x' * 2000},LOC-01,1", "OC1.1,2024-S2,,,1")
    assert [(row, code) for row, _, code in told(read_csv(text, plan=plan), least=Severity.ERROR)] == [
        (2, "code-invisible-character"),
        (3, "limit-cell-length"),
    ]
    error = read_book(workbook(("S", [HEADS, ["OC1.1", "2024-S1", "#N/A", "LOC-01", 1]])), plan=plan)
    assert ("C2", "partner", "cell-error") in told(error)


def test_a_category_that_two_dimensions_have():
    given = corpus_plan().model_dump(exclude_unset=True)
    given["dimensions"] = [{"id": name, "title": name, "codes": [{"id": "X", "title": "x"}]} for name in ("one", "two")]
    for indicator in given["results"][0]["indicators"]:
        indicator.pop("disaggregation", None)
    plan = type(corpus_plan()).model_validate(given)
    header = "indicator,period,partner,value,category"
    reading = read_csv(rows("OC1.1,2024-S1,ORG-A,1,X", "OC1.1,2024-S2,ORG-A,1,one=X", header=header), plan=plan)
    assert told(reading) == [(2, "category", "ref-ambiguous")]
    assert reading.frame["category"].to_list() == [None, "one=X"]


def test_a_plan_without_lists_takes_codes_as_written():
    told_ = measures_plan().model_dump(exclude_unset=True)
    told_ = {**told_, "organisations": [], "locations": []}
    plan = type(measures_plan()).model_validate(told_)
    reading = read_csv(rows("N,2024-Q1,Somebody,Somewhere,1"), plan=plan)
    row = one(reading)
    assert (row["partner"], row["location"], row["usable"]) == ("Somebody", "Somewhere", True)
    assert [(header, code) for _, header, code in told(reading)] == [
        ("partner", "ref-no-list"),
        ("location", "ref-no-list"),
    ]


# ---------------------------------------------------------------------------------------------- the hostile collection


def test_workbooks_of_others_read_as_openpyxl_reads_them(shared):
    """Cell by cell the same as the usual reader, on large workbooks that other programs wrote."""
    path = shared / "data" / "unhcr" / "2016.xlsx"
    loaded = read_workbook(path.read_bytes(), name="x")
    assert loaded.grids, [str(finding) for finding in loaded.findings]
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for grid in loaded.grids:
        sheet = book[grid.sheet]
        sheet.reset_dimensions()
        for number, (ours, theirs) in enumerate(
            zip(zip(*grid.columns, strict=True), sheet.iter_rows(values_only=True), strict=False)
        ):
            if number > 3000:
                break
            padded = [*theirs, *[None] * (len(ours) - len(theirs))]
            assert [as_the_usual_reader(cell) for cell in padded] == list(ours), number
