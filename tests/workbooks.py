"""Workbooks as partners make them, for the tests of what is handed back: with all that a spreadsheet can hold."""

from __future__ import annotations

import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.chart.reference import Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

HEADERS = ("Indicator", "Period", "Partner", "Location", "Value", "Comment")
ROWS = (
    ("OC1.2", "2026-Q1", "P-SUGHD", "SUGHD", 12, "ok"),
    ("OC1.2", "2026-Q9", "P-SUGHD", "SUGHD", 11, None),
    ("OP1.1.3", "2026-Q1", "P-SUGHD", "SUGHD", "about ten", "=SUM(E2:E3)"),
    ("OC9.9", "2026-Q1", "P-SUGHD", "SUGHD", -4, None),
)


def rich_workbook() -> bytes:
    """A report with comments, a chart, formats, lists, names, hidden rows and a second sheet."""
    book = Workbook()
    notes = book.active
    notes.title = "Notes"
    notes["A1"] = "For the project team"
    notes.sheet_view.tabSelected = True
    sheet = book.create_sheet("Данные 'Q1'")
    for column, header in enumerate(HEADERS, start=1):
        sheet.cell(1, column, header).font = Font(bold=True)
    for row, cells in enumerate(ROWS, start=2):
        for column, value in enumerate(cells, start=1):
            sheet.cell(row, column, value)
    sheet["E4"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["E2"].number_format = "0.00"
    sheet["A5"].comment = Comment("Is this one still used?", "Zarina")
    sheet["A2"].comment = Comment("Checked", "Zarina")
    sheet.column_dimensions["F"].width = 41
    sheet.row_dimensions[9].hidden = True
    sheet.merge_cells("H1:J2")
    sheet.freeze_panes = "B2"
    listed = DataValidation(type="list", formula1='"P-SUGHD,P-EAST"')
    listed.add("C2:C9")
    sheet.add_data_validation(listed)
    sheet.conditional_formatting.add(
        "E2:E9", CellIsRule("lessThan", ["0"], fill=PatternFill("solid", bgColor="FFFF0000"))
    )
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = "1:1"
    sheet.print_area = "A1:F9"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=5, min_row=1, max_row=5), titles_from_data=True)
    sheet.add_chart(chart, "H5")
    book.defined_names["figures"] = DefinedName("figures", attr_text="'Данные ''Q1'''!$E$2:$E$5")
    book.active = 1
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(contents: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_prefix(data: bytes) -> bytes:
    """The same workbook with ``x:`` before every element of its sheets, as some libraries write it."""
    contents = parts(data)
    for name, content in contents.items():
        if name.startswith(("xl/worksheets/sheet", "xl/styles", "xl/workbook.xml")) or "comment" in name:
            if name.endswith(".rels") or not name.endswith(".xml"):
                continue
            text = re.sub(rb"<(/?)(?=[A-Za-z])(?![A-Za-z]+:)", rb"<\1x:", content)
            contents[name] = text.replace(b"xmlns=", b"xmlns:x=", 1)
    return repacked(contents)


def fill_in(data: bytes, figures: dict[tuple[str, str, str, str], dict[str, object]], columns: dict[str, str]) -> bytes:
    """A template with figures in its cells: for each indicator, period, location and category, by column.

    `columns` gives the header of each column.
    """
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[4]}
    names = {name: at[header] for name, header in columns.items() if header in at}

    def text(row: int, name: str) -> str:
        value = sheet.cell(row, names[name]).value if name in names else None
        return str(value).partition(" – ")[0] if value is not None else "_T"

    for row in range(5, sheet.max_row + 1):
        key = (text(row, "indicator"), text(row, "period"), text(row, "location"), text(row, "category"))
        for name, value in figures.get(key, {}).items():
            cell = sheet.cell(row, names[name])
            assert not cell.protection.locked
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    return saved(book)


def computed(book: Workbook, values: dict[str, float]) -> bytes:
    """A workbook whose first sheet has formulas, with what a spreadsheet computed for them by cell."""
    content = io.BytesIO()
    book.save(content)
    told = io.BytesIO()
    with zipfile.ZipFile(content) as read, zipfile.ZipFile(told, "w") as written:
        for name in read.namelist():
            data = read.read(name).decode("utf-8", "surrogateescape")
            if name == "xl/worksheets/sheet1.xml":
                for cell, value in values.items():
                    data, count = re.subn(
                        rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v\s*/?>(</v>)?', rf"\g<1><v>{value}</v>", data
                    )
                    assert count == 1, cell
            written.writestr(name, data.encode("utf-8", "surrogateescape"))
    return told.getvalue()
