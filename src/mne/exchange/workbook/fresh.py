"""A new workbook for what is none: the rows of a text file as they were written, or nothing at all.

Read `workbook_of` first. Every cell is text and stays text when somebody edits it, whatever it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mne.exchange.workbook.package import Package, named, text_xml
from mne.exchange.workbook.styles import Styles
from mne.ground.files import Limits
from mne.ground.guard import Guard
from mne.ground.sheets import column_letters
from mne.reports.grid import text_of
from mne.reports.readers.columnar import read_parquet
from mne.reports.readers.delimited import read_delimited
from mne.reports.readers.records import read_json_lines, read_records

if TYPE_CHECKING:
    from mne.reports.grid import Grid

__all__ = ["empty_workbook", "grids_of", "row_of", "sheet_title", "workbook_of"]

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LONGEST: Final = 32_767
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ESCAPE: Final = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")


def grids_of(data: bytes, *, name: str, kind: str) -> list[Grid]:
    """The rows of a file that is no workbook; none where it cannot be read."""
    match kind:
        case "csv":
            return read_delimited(data, name=name).grids
        case "json":
            return read_records(data, name=name).grids
        case "jsonl":
            return read_json_lines(data, name=name).grids
        case "parquet":
            with Guard(trusted=False) as guard:
                return read_parquet(data, name=name, guard=guard, limits=Limits()).grids
    return []


def empty_workbook() -> Package:
    """A package with a workbook and no sheet yet."""
    import io
    import zipfile

    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{_MAIN}"><bookViews><workbookView/></bookViews>'
        "<sheets/></workbook>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    package = Package(buffer.getvalue())
    Styles(package).save()
    return package


def row_of(grid: Grid, number: int) -> int:
    """The row of the new sheet in which a row of the file stands: the same, unless its names took the first."""
    return number + (grid.header is not None)


def sheet_title(grid: Grid, taken: Sequence[str]) -> str:
    """A name for the sheet with a table: that of its file without what names of sheets may not hold."""
    base = grid.sheet or grid.file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or "1"
    plain = _FORBIDDEN.sub(" ", base).strip(" '")[:31] or "1"
    lower = {each.casefold() for each in taken}
    names = (plain, *(f"{plain[:27]} {number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name.casefold() not in lower)


def sheet_of(grid: Grid, styles: Styles) -> bytes:
    """The rows of a table as a sheet, every cell as text."""
    text = styles.quoted(0)
    rows = []
    if grid.header is not None:
        rows.append(_row(1, list(grid.header), text))
    for at, number in enumerate(grid.numbers):
        rows.append(_row(row_of(grid, number), [text_of(cell) for cell in grid.row(at)], text))
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{_width(column)}" style="{text}" customWidth="1"/>'
        for at, column in enumerate(grid.columns, start=1)
    )
    columns = f"<cols>{widths}</cols>" if widths else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{_MAIN}"><sheetViews>'
        f'<sheetView workbookViewId="0"/></sheetViews>{columns}<sheetData>{"".join(rows)}</sheetData></worksheet>'
    ).encode()


def _width(column: Sequence[object]) -> int:
    longest = max((len(str(cell)) for cell in column[:200] if cell is not None), default=8)
    return min(48, max(9, longest + 2))


def _row(number: int, cells: Sequence[str | None], style: int) -> str:
    told = "".join(
        f'<c r="{column_letters(at)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{text_xml(_ESCAPE.sub('_x005F_x', cell[:_LONGEST]))}</t></is></c>"
        for at, cell in enumerate(cells, start=1)
        if cell
    )
    return f'<row r="{number}">{told}</row>'


def workbook_of(grids: Sequence[Grid]) -> tuple[Package, list[str]]:
    """A workbook with one sheet for each table, and the names of the sheets."""
    package = empty_workbook()
    styles = Styles(package)
    titles: list[str] = []
    sheets = []
    for number, grid in enumerate(grids, start=1):
        titles.append(sheet_title(grid, titles))
        part = f"xl/worksheets/sheet{number}.xml"
        package.add(part, sheet_of(grid, styles), f"{_TYPES}.worksheet+xml")
        id = package.relate(package.main, "worksheet", part)
        sheets.append(f'<sheet name={named(titles[-1])} sheetId="{number}" xmlns:r="{_OFFICE}" r:id="{id}"/>')
    styles.save()
    book = package.parts[package.main].replace(b"<sheets/>", f"<sheets>{''.join(sheets)}</sheets>".encode())
    package.parts[package.main] = book
    return package, titles
