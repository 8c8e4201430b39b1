"""A workbook of one sheet, written so that the same rows always give the same bytes.

Read `workbook_bytes` first. A library would stamp the hour into the file and compress it as its version happens to;
here every date is given by the caller and nothing is compressed.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

__all__ = ["Cell", "ErrorCell", "Formula", "address", "workbook_bytes"]


@dataclass(frozen=True)
class Formula:
    """A formula; without a `cached` result the file was never saved by a spreadsheet program."""

    text: str
    cached: Decimal | None = None


@dataclass(frozen=True)
class ErrorCell:
    """A spreadsheet's own error, such as ``#DIV/0!``."""

    text: str


Cell = str | int | Decimal | dt.date | Formula | ErrorCell | None

_PLAIN, _TITLE, _HEADER, _DATE = range(4)
_EPOCH: Final = dt.date(1899, 12, 30)
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET_ML: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_STYLES: Final = f"""{_XML}<styleSheet xmlns="{_MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFFFE699"/></patternFill></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFD9E1F2"/></patternFill></fill></fills>
<borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>
<xf numFmtId="0" fontId="1" fillId="3" borderId="0" xfId="0" applyFont="1" applyFill="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""


def workbook_bytes(
    sheet: str, titles: Sequence[str], header: Sequence[str], rows: Sequence[Sequence[Cell]], *, saved: dt.date
) -> bytes:
    """A workbook with `titles` on top, a blank row, the header, and then the rows.

    `saved` is the date that the file says it was written on.
    """
    strings: dict[str, int] = {}
    lines = [_line(number, [title], _TITLE, strings) for number, title in enumerate(titles, start=1)]
    top = len(titles) + 2
    lines.append(_line(top, header, _HEADER, strings))
    lines.extend(_line(number, row, _PLAIN, strings) for number, row in enumerate(rows, start=top + 1))
    last = address(top + len(rows), len(header))
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{_width(name, [row[at - 1] for row in rows])}" customWidth="1"/>'
        for at, name in enumerate(header, start=1)
    )
    pane = f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>'
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("officeDocument", f"{_OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
            ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(saved),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><sheets>'
            f'<sheet name="{escape(sheet)}" sheetId="1" r:id="sheet"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            ("sheet", f"{_OFFICE}/relationships/worksheet", "worksheets/sheet1.xml"),
            ("styles", f"{_OFFICE}/relationships/styles", "styles.xml"),
            ("strings", f"{_OFFICE}/relationships/sharedStrings", "sharedStrings.xml"),
        ),
        "xl/worksheets/sheet1.xml": (
            f'{_XML}<worksheet xmlns="{_MAIN}"><dimension ref="A1:{last}"/>'
            f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
            f"<cols>{widths}</cols><sheetData>{''.join(lines)}</sheetData></worksheet>"
        ),
        "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": (
            f'{_XML}<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">'
            + "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
            + "</sst>"
        ),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.create_system = 0
            archive.writestr(entry, text.encode())
    return held.getvalue()


def address(row: int, column: int) -> str:
    """A cell's address from its row and column, both counted from 1: ``F12``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _line(number: int, cells: Sequence[Cell], style: int, strings: dict[str, int]) -> str:
    written = "".join(_cell(address(number, at), cell, style, strings) for at, cell in enumerate(cells, start=1))
    return f'<row r="{number}">{written}</row>'


def _cell(at: str, cell: Cell, style: int, strings: dict[str, int]) -> str:
    look = f' s="{style}"' if style else ""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f'<c r="{at}"{look} t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'
    if isinstance(cell, dt.date):
        return f'<c r="{at}" s="{_DATE}"><v>{(cell - _EPOCH).days}</v></c>'
    if isinstance(cell, Formula):
        cached = "" if cell.cached is None else f"<v>{cell.cached}</v>"
        return f'<c r="{at}"{look}><f>{escape(cell.text)}</f>{cached}</c>'
    if isinstance(cell, ErrorCell):
        return f'<c r="{at}"{look} t="e"><v>{escape(cell.text)}</v></c>'
    return f'<c r="{at}"{look}><v>{cell}</v></c>'


def _width(name: str, cells: Sequence[Cell]) -> int:
    longest = max((len(str(cell)) for cell in (name, *cells) if cell is not None), default=0)
    return min(max(longest + 2, 8), 60)


def _content_types() -> str:
    kinds = {
        "/xl/workbook.xml": f"{_SHEET_ML}.sheet.main+xml",
        "/xl/worksheets/sheet1.xml": f"{_SHEET_ML}.worksheet+xml",
        "/xl/styles.xml": f"{_SHEET_ML}.styles+xml",
        "/xl/sharedStrings.xml": f"{_SHEET_ML}.sharedStrings+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    named = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{named}</Types>'
    )


def _relations(*links: tuple[str, str, str]) -> str:
    named = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in links)
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{named}</Relationships>'


def _core(saved: dt.date) -> str:
    stamp = f"{saved.isoformat()}T09:00:00Z"
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>Illustrative example</dc:title>'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
    )
