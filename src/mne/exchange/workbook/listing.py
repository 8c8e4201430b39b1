"""The sheet "What to fix": one row for each finding, with a link to the cell that it speaks of.

Read `sheet_xml` first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mne.exchange.workbook.package import named, text_xml
from mne.exchange.workbook.styles import Styles, solid
from mne.exchange.workbook.words import Words
from mne.ground.catalogue import Severity
from mne.ground.findings import clean_text
from mne.reports.stamps import TO_FIX

__all__ = ["FILLS", "HEADER_ROW", "MARKS", "Head", "Line", "sheet_xml"]

FILLS: Final[Mapping[Severity, str]] = {
    Severity.BLOCKER: "F5B79B",
    Severity.ERROR: "FBD9C8",
    Severity.WARNING: "FDECCB",
    Severity.INFO: "ECEEF0",
}
"""The colour of a line of the list; the word always stands beside it."""

MARKS: Final[Mapping[Severity, str]] = {
    Severity.BLOCKER: "E8694A",
    Severity.ERROR: "F4907A",
    Severity.WARNING: "FFE45C",
}
"""The colour of a cell by the gravest finding on it: stronger, since the cells of a template are orange themselves.

A remark asks for nothing, and colours nothing.
"""

_INKS: Final = {
    Severity.BLOCKER: "8C2F00", Severity.ERROR: "A83C00", Severity.WARNING: "8A5500", Severity.INFO: "595F66",
}  # fmt: skip
_WIDTHS: Final = (17, 16, 8, 44, 22, 30, 48, 22)
_HEADS: Final = ("severity", "sheet", "cell", "wrong", "found", "expected", "do", "code")
HEADER_ROW: Final = 5
_THIN: Final = '<border><left/><right/><top/><bottom style="thin"><color rgb="FFD5D9DE"/></bottom></border>'
_WRAP: Final = '<alignment vertical="top" wrapText="1"/>'
_FONT: Final = '<font>{bold}{line}<sz val="{size}"/><color rgb="FF{ink}"/><name val="Calibri"/></font>'


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in the list. `link` is where it leads; `kept` is what the cell looked like before it was filled."""

    severity: Severity
    sheet: str
    cell: str
    wrong: str
    found: str
    expected: str
    do: str
    code: str
    link: str | None = None
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the list."""

    name: str
    counts: str
    how: str
    more: str = ""


class _Sheet:
    def __init__(self, styles: Styles) -> None:
        def style(size: int, ink: str, **more: str) -> int:
            font = _FONT.format(bold=more.get("bold", ""), line=more.get("line", ""), size=size, ink=ink)
            fill = solid(more["fill"]) if "fill" in more else '<fill><patternFill patternType="none"/></fill>'
            return styles.make(
                font=font,
                fill=fill,
                border=more.get("border", "<border/>"),
                alignment=more.get("alignment", _WRAP),
            )

        flat = '<alignment vertical="center"/>'
        self.title = style(18, "1F2933", bold="<b/>", alignment=flat)
        self.name = style(11, "1F2933", bold="<b/>", alignment=flat)
        self.plain = style(11, "3E4C59", alignment=flat)
        self.head = style(
            11, "FFFFFF", bold="<b/>", fill="334E68", alignment='<alignment vertical="center" wrapText="1"/>'
        )
        self.body = style(11, "1F2933", border=_THIN)
        self.quiet = style(9, "7B8794", border=_THIN)
        self.link = style(11, "00609C", line="<u/>", border=_THIN)
        self.severities = {
            level: style(11, _INKS[level], bold="<b/>", fill=FILLS[level], border=_THIN) for level in Severity
        }
        self.rows: list[str] = []
        self.links: list[str] = []

    def row(self, number: int, cells: Sequence[tuple[int, str]], *, height: float | None = None) -> None:
        told = "".join(
            f'<c r="{chr(65 + at)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
            f"{text_xml(_shown(text))}</t></is></c>"
            if text
            else f'<c r="{chr(65 + at)}{number}" s="{style}"/>'
            for at, (style, text) in enumerate(cells)
        )
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        self.rows.append(f'<row r="{number}"{tall}>{told}</row>')


def _shown(text: str) -> str:
    return text.replace("_x", "_x005F_x")


def _height(line: Line) -> float:
    """Enough for the longest text of a row: not every program works that out by itself."""
    texts = {1: line.sheet, 3: line.wrong, 4: line.found, 5: line.expected, 6: line.do, 7: line.code}
    lines = max(-(-len(text) // max(1, int(_WIDTHS[at] * 0.95))) for at, text in texts.items())
    return min(300.0, 15.5 * max(1, lines) + 3)


def sheet_xml(head: Head, lines: Sequence[Line], say: Words, styles: Styles, namespace: str) -> bytes:
    """The sheet as a part of a package; its styles are added to those of the workbook."""
    sheet = _Sheet(styles)
    blank = (sheet.plain, "")
    sheet.row(1, [(sheet.title, say("to-fix")), *[blank] * 7, (sheet.quiet, TO_FIX)], height=28)
    sheet.row(2, [(sheet.name, clean_text(head.name, limit=200))], height=18)
    sheet.row(3, [(sheet.plain, head.counts)], height=18)
    sheet.row(4, [(sheet.plain, head.how)], height=22)
    last = HEADER_ROW
    if lines:
        sheet.row(HEADER_ROW, [(sheet.head, say(key)) for key in _HEADS], height=34)
    mend = sum(line.severity is not Severity.INFO for line in lines)
    for at, line in enumerate(lines):
        number = HEADER_ROW + 1 + at + (at >= mend)
        if at == mend:
            sheet.row(number - 1, [(sheet.name, say("to-know"))], height=34)
        linked = sheet.link if line.link else sheet.body
        texts = (line.wrong, line.found, line.expected, line.do)
        cells = [
            (sheet.severities[line.severity], say(line.severity.value)),
            (linked if not line.cell else sheet.body, line.sheet),
            (linked, line.cell),
            *((sheet.body, text) for text in texts),
            (sheet.quiet, line.code),
            (sheet.quiet, line.kept),
        ]
        sheet.row(number, cells, height=_height(line))
        if line.link:
            spot = f"{'C' if line.cell else 'B'}{number}"
            sheet.links.append(
                f'<hyperlink ref="{spot}" location={named(line.link)} display={named(line.cell or line.sheet)}/>'
            )
        last = number
    if head.more:
        last += 1
        sheet.row(last, [(sheet.name, head.more)])
    return _document(sheet, say, last, namespace, mend=mend, has_rows=bool(lines)).encode()


def _document(sheet: _Sheet, say: Words, last: int, namespace: str, *, mend: int, has_rows: bool) -> str:
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(_WIDTHS, start=1)
    )
    pane = f'<pane ySplit="{HEADER_ROW}" topLeftCell="A{HEADER_ROW + 1}" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{namespace}"><sheetPr><tabColor rgb="FFA83C00"/>'
        '<pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:I{last}"/><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'{pane if has_rows else ""}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f'<cols>{widths}<col min="9" max="9" width="9" hidden="1" customWidth="1"/></cols>'
        f"<sheetData>{''.join(sheet.rows)}</sheetData>"
        # What is to be mended can be sorted; the remarks stay beneath it.
        + (f'<autoFilter ref="A{HEADER_ROW}:H{HEADER_ROW + mend}"/>' if mend else "")
        + (f"<hyperlinks>{''.join(sheet.links)}</hyperlinks>" if sheet.links else "")
        + '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>&amp;R{say('page')} &amp;P {say('page-of')} &amp;N</oddFooter></headerFooter>"
        "</worksheet>"
    )
