"""The annotated copy: what is added, that nothing else changes, and that it can be read and annotated again."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from openpyxl import Workbook, load_workbook

import mne
from mne.errors import OptionError, ReadError, WriteError
from mne.exchange.workbook.annotate import _others, annotate_all, annotated
from mne.exchange.workbook.words import WORDS
from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Findings, Place
from tests.workbooks import ROWS, parts, repacked, rich_workbook, saved, with_prefix

DATA = "Данные 'Q1'"
SOURCES = ["source_file", "source_sheet", "source_cell"]


@pytest.fixture(scope="module")
def plan():
    return mne.example("tajikistan")


@pytest.fixture(scope="module")
def rich():
    return rich_workbook()


@pytest.fixture(scope="module")
def report(plan, rich):
    return mne.validate(("q1.xlsx", rich), plan)


def rows(report, *, drop=("source_file",)):
    return report.observations.to_polars().drop(drop)


def opened(data):
    return load_workbook(io.BytesIO(data))


def test_findings_become_comments_fills_and_a_list(report, rich):
    data, lost = annotated(report, ("q1.xlsx", rich))
    assert not lost
    book = opened(data)
    assert book.sheetnames == ["What to fix", "Notes", DATA]
    assert [sheet.sheet_view.tabSelected for sheet in book] == [True, None, None]
    sheet = book[DATA]
    cells = {each.place.cell for each in report.findings if each.place.cell}
    assert {"B3", "E4", "A5"} <= cells
    for cell in cells:
        assert sheet[cell].comment is not None
        assert sheet[cell].fill.fgColor.rgb in {"FFF4907A", "FFFFE45C"}
    assert sheet["B3"].comment.author == "logframe"
    assert sheet["B3"].comment.text.startswith("Error: 2026-Q9")
    assert sheet["A5"].comment.text.startswith("Is this one still used?\n---- logframe ----\nError: ")
    assert sheet["A5"].comment.author == "Zarina"
    assert sheet["A2"].comment.text == "Checked"


def test_the_list_has_a_row_and_a_link_for_each_finding(report, rich):
    book = opened(annotated(report, ("q1.xlsx", rich))[0])
    listed = book["What to fix"]
    assert [cell.value for cell in listed[5]][:8] == [
        WORDS[key]["en"] for key in ("severity", "sheet", "cell", "wrong", "found", "expected", "do", "code")
    ]
    found = [[cell.value for cell in row] for row in listed.iter_rows(min_row=6, max_col=8)]
    grave = report.findings.at_least("warning")
    remarks = [each for each in report.findings if each not in list(grave)]
    assert remarks
    between = found.pop(len(grave))
    assert between == [WORDS["to-know"]["en"], *[None] * 7]
    assert [row[7] for row in found] == [each.code for each in report.findings]
    assert {row[0] for row in found[: len(grave)]} <= {"Blocker", "Error", "Warning"}
    assert {row[0] for row in found[len(grave) :]} == {"Remark"}
    assert listed.auto_filter.ref == f"A5:H{5 + len(grave)}"  # to sort the list does not mix the two
    numbers = [number for number in range(6, 7 + len(found)) if number != 6 + len(grave)]
    for number, finding in zip(numbers, report.findings, strict=True):
        link = listed.cell(number, 3).hyperlink or listed.cell(number, 2).hyperlink
        if finding.place.cell:
            assert link.location == f"'Данные ''Q1'''!{finding.place.cell}"
        elif finding.place.sheet:
            assert link.location.endswith("!A1") or "!A" in link.location
    assert listed.column_dimensions["I"].hidden


@pytest.mark.parametrize("lang", ["en", "fr", "ru", "tg"])
def test_the_list_speaks_four_languages(report, rich, lang):
    book = opened(annotated(report, ("q1.xlsx", rich), lang=lang)[0])
    assert book.sheetnames[0] == WORDS["to-fix"][lang]
    assert book.worksheets[0]["A6"].value == WORDS["error"][lang]
    assert book[DATA]["B3"].comment.text.startswith(WORDS["error"][lang])


def test_nothing_else_changes(report, rich):
    before, after = parts(rich), parts(annotated(report, ("q1.xlsx", rich))[0])
    touched = {name for name in before if after.get(name) != before[name]}
    assert touched <= {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/comments/comment1.xml",
        "xl/drawings/commentsDrawing1.vml", "xl/drawings/vmlDrawing1.vml", "xl/worksheets/_rels/sheet2.xml.rels",
    }  # fmt: skip
    assert any("charts/chart" in name and after[name] == before[name] for name in before)
    plain = re.compile(rb' (?:s|tabSelected)="[0-9]+"')
    sheet = plain.sub(b"", after["xl/worksheets/sheet2.xml"])
    assert sheet == plain.sub(b"", before["xl/worksheets/sheet2.xml"])
    # Names that belong to a sheet follow it to its new place.
    names = set(re.findall(rb'localSheetId="(\d+)"', after["xl/workbook.xml"]))
    assert names == {
        str(int(each) + 1).encode() for each in re.findall(rb'localSheetId="(\d+)"', before["xl/workbook.xml"])
    }


def test_formats_stay_beneath_the_colour(report, rich):
    sheet, before = opened(annotated(report, ("q1.xlsx", rich))[0])[DATA], opened(rich)[DATA]
    assert sheet["E2"].number_format == before["E2"].number_format == "0.00"
    assert sheet["F4"].value == before["F4"].value == "=SUM(E2:E3)"
    assert sheet.row_dimensions[9].hidden
    assert sheet.column_dimensions["F"].width == 41
    assert [str(each) for each in sheet.merged_cells.ranges] == ["H1:J2"]
    assert len(sheet.data_validations.dataValidation) == len(sheet.conditional_formatting) == 1
    assert sheet.print_title_rows == "$1:$1"
    assert len(sheet._charts) == 1


def test_reading_it_back_gives_the_same(plan, report, rich):
    again = mne.validate(("copy.xlsx", annotated(report, ("q1.xlsx", rich))[0]), plan)
    assert rows(again).equals(rows(report))
    assert again.findings.codes == report.findings.codes
    assert [source.rows for source in again.sources] == [source.rows for source in report.sources]


def looks(data):
    """Comments and fills of every cell, and the words of the list."""
    found = {}
    for sheet in opened(data):
        for row in sheet.iter_rows():
            for cell in row:
                text = cell.comment.text if cell.comment else None
                found[sheet.title, cell.coordinate] = (str(cell.value), text, cell.fill.fgColor.rgb, cell.number_format)
    return found


@pytest.mark.parametrize("times", [1, 2])
def test_annotating_again_replaces(plan, report, rich, times):
    first = annotated(report, ("q1.xlsx", rich))[0]
    data = first
    for _ in range(times):
        data = annotated(mne.validate(("q1.xlsx", data), plan), ("q1.xlsx", data))[0]
    assert looks(data) == looks(first)
    assert parts(data).keys() == parts(first).keys()
    shapes = [content.count(b"<v:shape ") for name, content in parts(data).items() if name.endswith(".vml")]
    assert shapes == [content.count(b"<v:shape ") for name, content in parts(first).items() if name.endswith(".vml")]


def test_a_cell_that_is_mended_gets_its_own_look_back(plan, report, rich):
    book = opened(annotated(report, ("q1.xlsx", rich))[0])
    assert book[DATA]["E4"].fill.fgColor.rgb == "FFF4907A"
    book[DATA]["E4"] = 10
    book[DATA]["B3"] = "2026-Q2"
    book[DATA]["A5"] = "OC2.1"
    book[DATA]["E5"] = 4
    mended = saved(book)
    told = mne.validate(("q1.xlsx", mended), plan)
    assert "number-invalid" not in told.findings.codes
    sheet = opened(annotated(told, ("q1.xlsx", mended))[0])[DATA]
    assert sheet["E4"].fill.fgColor.rgb == "FF00FF00"
    assert sheet["E4"].comment is None
    assert sheet["A5"].comment.text == "Is this one still used?"


def test_elements_with_a_prefix(plan, rich):
    data = with_prefix(rich)
    told = mne.validate(("q1.xlsx", data), plan)
    copy, lost = annotated(told, ("q1.xlsx", data))
    assert not lost
    assert rows(mne.validate(("q1.xlsx", copy), plan)).equals(rows(told))
    again = annotated(mne.validate(("q1.xlsx", copy), plan), ("q1.xlsx", copy))[0]
    assert parts(again).keys() == parts(copy).keys()
    assert b"---- logframe ----" in b"".join(parts(again).values())


def test_a_blank_cell_can_be_marked(plan):
    data = b"indicator,period,partner,location,value\nOC1.2,2026-Q1,P-SUGHD,SUGHD,\n"
    told = mne.validate(("a.csv", data), plan)
    assert told.findings.of("value-missing")
    sheet = opened(annotated(told, ("a.csv", data))[0])["a"]
    assert sheet["E2"].comment is not None
    assert sheet["E2"].fill.fgColor.rgb == "FFF4907A"


def test_a_text_file_becomes_a_workbook_of_texts(plan):
    data = b"indicator;period;partner;location;value;comment\nOC1.2;2026-Q9;P-SUGHD;SUGHD;12,5;=1+1\nOC1.2;2026-Q1;P-SUGHD;SUGHD;7;@x _x0041_\n"
    told = mne.validate(("Q1:Sughd.csv", data), plan)
    copy = annotated(told, ("Q1:Sughd.csv", data), lang="ru")[0]
    book = opened(copy)
    assert book.sheetnames == ["Что исправить", "Q1 Sughd"]
    sheet = book["Q1 Sughd"]
    assert sheet["F2"].value == "=1+1"
    assert sheet["F2"].data_type == "s"
    assert sheet["F2"].quotePrefix
    assert sheet["B2"].comment is not None
    assert rows(mne.validate(("c.xlsx", copy), plan), drop=SOURCES).equals(rows(told, drop=SOURCES))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "a.json",
            b'[{"indicator": "OC1.2", "period": "2026-Q9", "partner": "P-SUGHD", "location": "SUGHD", "value": 3}]',
        ),
        (
            "a.jsonl",
            b'{"indicator": "OC1.2", "period": "2026-Q9", "partner": "P-SUGHD", "location": "SUGHD", "value": 3}\n',
        ),
    ],
)
def test_records_stand_beneath_their_names(plan, name, data):
    told = mne.validate((name, data), plan)
    sheet = opened(annotated(told, (name, data))[0])["a"]
    assert sheet["A1"].value == "indicator"
    assert sheet["B2"].value == "2026-Q9"
    assert sheet["B2"].comment is not None


def test_a_file_that_is_refused_gets_the_list_alone(plan, shared):
    name = min((shared / "corpus" / "xlsx").glob("*macro*"))
    told = mne.validate(name, plan)
    book = opened(annotated(told, name)[0])
    assert book.sheetnames == ["What to fix"]


def test_every_hostile_file_can_be_handed_back(plan, shared):
    for path in sorted((shared / "corpus").glob("*/*")):
        if path.suffix.lower() not in (".xlsx", ".xlsm", ".csv", ".json", ".jsonl"):
            continue
        told = mne.validate(path, plan)
        if told.sources and told.sources[0].sha256 is not None:
            data, _ = annotated(told, path)
            again = mne.validate(("copy.xlsx", data), plan)
            assert not again.findings.of("xlsx-malformed", "file-hostile"), path


def test_garbage_gets_the_list_alone(plan):
    data = b"PK\x03\x04 no workbook"
    told = mne.validate(("x.xlsx", data), plan)
    book = opened(annotated(told, ("x.xlsx", data))[0])
    assert book.sheetnames == ["What to fix"]
    assert book.worksheets[0]["H6"].value == told.findings[0].code


def test_a_cell_with_a_conversation_is_told_and_not_commented(plan, rich):
    contents = parts(rich)
    relations = "xl/worksheets/_rels/sheet2.xml.rels"
    kind = b"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    link = (
        b'<Relationship Id="rIdT" Type="'
        + kind
        + b'" Target="/xl/threadedComments/threadedComment1.xml"/></Relationships>'
    )
    contents[relations] = contents[relations].replace(b"</Relationships>", link)
    contents["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<threadedComment ref="A5" id="{1}"><text>hi</text></threadedComment></ThreadedComments>'
    )
    data = repacked(contents)
    copy, lost = annotated(mne.validate(("q.xlsx", data), plan), ("q.xlsx", data))
    assert [each.code for each in lost] == ["annotation-unmarked"]
    assert opened(copy)[DATA]["A5"].comment.text == "Is this one still used?"
    assert "annotation-unmarked" in [cell.value for cell in opened(copy).worksheets[0]["H"]]


def test_a_signature_is_told(plan, rich):
    contents = parts(rich)
    kind = b"http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    contents["_rels/.rels"] = contents["_rels/.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rS" Type="' + kind + b'" Target="_xmlsignatures/origin.sigs"/></Relationships>',
    )
    contents["_xmlsignatures/origin.sigs"] = b""
    data = repacked(contents)
    _, lost = annotated(mne.validate(("q.xlsx", data), plan), ("q.xlsx", data))
    assert [each.code for each in lost] == ["annotation-signature"]


def test_a_workbook_that_cannot_be_marked_gets_the_list_in_a_new_one(plan, rich, monkeypatch):
    def broken(*_, **__):
        raise ValueError("an odd part")

    monkeypatch.setattr("mne.exchange.workbook.annotate.comment", broken)
    copy, lost = annotated(mne.validate(("q.xlsx", rich), plan), ("q.xlsx", rich))
    assert [each.code for each in lost] == ["annotation-fresh"]
    assert opened(copy).sheetnames == ["What to fix"]


# ------------------------------------------------------------------------------------------------------------- writing


def test_the_original_is_never_written_to(tmp_path, plan, rich):
    original = tmp_path / "q1.xlsx"
    original.write_bytes(rich)
    told = mne.validate(original, plan)
    for output in (original, tmp_path / "." / "q1.xlsx"):
        with pytest.raises(OptionError, match="original itself"):
            told.annotate(original, output, force=True)
    link = tmp_path / "link.xlsx"
    link.symlink_to(original)
    with pytest.raises(OptionError, match=r"original itself|a link"):
        told.annotate(original, link, force=True)
    twin = tmp_path / "twin.xlsx"
    os.link(original, twin)
    with pytest.raises(OptionError, match="original itself"):
        told.annotate(original, twin, force=True)
    assert original.read_bytes() == rich


def test_what_is_there_is_kept_unless_forced(tmp_path, plan, rich, report):
    output = tmp_path / "copy.xlsx"
    output.write_text("mine")
    with pytest.raises(OptionError, match="force=True"):
        report.annotate(("q1.xlsx", rich), output)
    assert output.read_text() == "mine"
    assert len(report.annotate(("q1.xlsx", rich), output, force=True)) == 0
    assert opened(output.read_bytes()).sheetnames[0] == "What to fix"
    with pytest.raises(OptionError, match="xlsx"):
        report.annotate(("q1.xlsx", rich), tmp_path / "copy.pdf")
    with pytest.raises(WriteError):
        report.annotate(("q1.xlsx", rich), tmp_path / "none" / "copy.xlsx")


def test_only_files_that_were_checked(tmp_path, report, rich):
    with pytest.raises(OptionError, match="changed since"):
        report.annotate(("q1.xlsx", rich + b" "), tmp_path / "copy.xlsx")
    with pytest.raises(OptionError, match="path or the bytes"):
        report.annotate(7, tmp_path / "copy.xlsx")
    with pytest.raises(ReadError):
        report.annotate(tmp_path / "none.xlsx", tmp_path / "copy.xlsx")


def test_the_same_call_gives_the_same_bytes(report, rich):
    assert annotated(report, ("q1.xlsx", rich))[0] == annotated(report, ("q1.xlsx", rich))[0]


def test_many_files_go_to_a_folder(tmp_path, plan, rich):
    (tmp_path / "in" / "b").mkdir(parents=True)
    (tmp_path / "in" / "q1.xlsx").write_bytes(rich)
    (tmp_path / "in" / "b" / "q1.csv").write_bytes(b"indicator,period,value\nOC1.2,2026-Q9,1\n")
    told = mne.validate(tmp_path / "in", plan)
    made = annotate_all(told, tmp_path / "out", lang="tg")
    assert sorted(path.name for path, _ in made) == ["q1 (2).xlsx", "q1.xlsx"]
    with pytest.raises(OptionError, match="force=True"):
        annotate_all(told, tmp_path / "out")
    with pytest.raises(OptionError, match="folder"):
        annotate_all(told, tmp_path / "out.xlsx")
    with pytest.raises(OptionError, match="is a file"):
        annotate_all(told, tmp_path / "in" / "b" / "q1.csv")


def test_a_report_without_findings_says_so(plan):
    data = b"indicator,period,partner,location,value\n" + b"".join(
        f"{row[0]},{row[1]},{row[2]},{row[3]},{row[4]}\n".encode() for row in ROWS[:1]
    )
    told = mne.validate(("a.csv", data), plan, select=["number-invalid"])
    book = opened(annotated(told, ("a.csv", data))[0])
    assert book.worksheets[0]["A4"].value == WORDS["how-nothing"]["en"]


def test_the_shapes_of_comments_name_what_they_use(rich, report):
    """Whoever wrote the other shapes may have called the names by other prefixes."""
    for name, content in parts(annotated(report, ("q1.xlsx", rich))[0]).items():
        if name.endswith(".vml"):
            root = ET.fromstring(content)  # noqa: S314 - our own
            shapes = [each for each in root if each.tag.endswith("}shape")]
            assert len(shapes) == 4 + 1
            assert all("visibility:hidden" in each.get("style", "") for each in shapes)


def test_other_cells_are_named_once_and_those_of_another_file_with_it() -> None:
    own = Place(file="q2.xlsx", sheet="Report", cell="F5")
    related = (own, own, replace(own, cell="F6"), replace(own, cell="F6"), replace(own, sheet="Plan", cell="B2"))
    related = (*related, Place(file="q1.xlsx", sheet="Report", cell="I4"))
    assert _others(Finding(code="value-outlier", place=own, related=related)) == [
        "F6", "Plan!B2", "q1.xlsx!Report!I4",
    ]  # fmt: skip
    assert not _others(Finding(code="value-outlier", place=own, related=(own, own)))


def test_a_hidden_row_is_marked_at_the_first_cell_that_holds_something(plan):
    book = Workbook()
    page = book.active
    page.title = "Report"
    page.append([None, "Indicator", "Period", "Partner", "Location", "Value"])
    for row in ROWS[:3]:
        page.append([None, *row[:5]])
    page.row_dimensions[3].hidden = True
    data = saved(book)
    told = mne.validate(("q.xlsx", data), plan, select=["row-hidden"])
    assert [(each.code, each.place.row, each.place.cell) for each in told.findings] == [("row-hidden", 3, None)]
    marked, lost = annotated(told, ("q.xlsx", data))
    assert not lost
    copy = opened(marked)
    assert copy["Report"]["B3"].fill.fgColor.rgb == "FFFFE45C"
    assert copy["Report"]["B3"].comment.text.startswith("Warning: ")
    assert copy["Report"]["A3"].comment is None
    listed = copy["What to fix"]
    assert (listed["C6"].value, listed["C6"].hyperlink.location) == ("3", "'Report'!B3")
    again, _ = annotated(mne.validate(("q.xlsx", marked), plan, select=["number-invalid"]), ("q.xlsx", marked))
    assert opened(again)["Report"]["B3"].fill.fgColor.rgb == page["B3"].fill.fgColor.rgb


def test_a_remark_asks_for_nothing_and_leaves_its_cell_as_it_was(report, rich):
    quiet = Findings(
        replace(each, severity=Severity.INFO) if each.place.cell == "B3" else each for each in report.findings
    )
    copy = opened(annotated(replace(report, findings=quiet), ("q1.xlsx", rich))[0])
    assert copy[DATA]["B3"].fill.fgColor.rgb == opened(rich)[DATA]["B3"].fill.fgColor.rgb
    assert copy[DATA]["B3"].comment.text.startswith("Remark: 2026-Q9")
    assert copy[DATA]["E4"].fill.fgColor.rgb == "FFF4907A"
