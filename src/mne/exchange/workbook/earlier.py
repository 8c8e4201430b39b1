"""A copy that was annotated before: what was put in is taken out again, before new findings are put in.

Read `clean` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from mne.exchange.workbook import book
from mne.exchange.workbook.cells import Address, parse_address, with_styles
from mne.exchange.workbook.comments import uncomment
from mne.exchange.workbook.package import Package, spans
from mne.exchange.workbook.styles import Styles
from mne.reports.grid import text_of
from mne.reports.readers.excel import read_workbook
from mne.reports.stamps import TO_FIX, is_to_fix

if TYPE_CHECKING:
    from mne.reports.grid import Grid

__all__ = ["clean"]


def clean(package: Package, data: bytes, name: str) -> None:
    """Take out what an earlier annotation put in: the list, the comments, the colours."""
    stamp = TO_FIX.encode()
    if not any(stamp in content for name, content in package.parts.items() if name.endswith(".xml")):
        return
    listed = next((grid for grid in read_workbook(data, name=name).grids if is_to_fix(grid)), None)
    if listed is None:
        return
    fills = _kept_fills(listed)
    if listed.sheet is not None:
        book.remove(package, listed.sheet)
    styles = Styles(package)
    for sheet in book.sheets_of(package):
        uncomment(package, sheet.part)
        mine = {cell: fill for (title, cell), fill in fills.items() if title == sheet.title}
        changes = {cell: (lambda style, fill=fill: styles.filled(style, fill)) for cell, fill in mine.items()}
        package.parts[sheet.part] = with_styles(package.xml(sheet.part), changes)
    styles.save()


def _kept_fills(listed: Grid) -> dict[tuple[str, Address], str]:
    """What the cells looked like before they were filled."""
    found: dict[tuple[str, Address], str] = {}
    for at in range(len(listed.numbers)):
        row = [text_of(cell) or "" for cell in listed.row(at)]
        if len(row) < 9:
            return found
        for kept in row[8].splitlines():
            before, _, fill = kept.partition(" <")
            sheet, _, cell = before.rpartition("!")
            address = parse_address(cell)
            fill = f"<{fill}"
            if address and _is_fill(fill):
                found[sheet or row[1], address] = fill
    return found


def _is_fill(text: str) -> bool:
    """Whether a text is one plain fill: what stands in the workbook may have been changed by anybody."""
    try:
        found = spans(text.encode(), ("fill", "patternFill", "gradientFill", "fgColor", "bgColor", "stop", "color"))
    except expat.ExpatError:
        return False
    return text.count("<") == text.count(">") and any(span.name == "fill" and span.depth == 0 for span in found)
