"""The fills of cells in one sheet, changed in the sheet's own text.

Read `with_styles` first. A cell that is not there yet is added where it belongs, so that a blank one can be coloured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final
from xml.parsers import expat

from mne.exchange.workbook.package import Edit, edited, set_attribute, tag_end
from mne.ground.sheets import column_letters, column_number

__all__ = ["Address", "anchors", "deselected", "parse_address", "with_styles", "written"]

Address = tuple[int, int]
"""Row and column, both from 1."""

_CELL: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_AREA: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def parse_address(text: str) -> Address | None:
    """``F12`` as row 12 and column 6."""
    found = _CELL.fullmatch(text)
    return (int(found[2]), column_number(found[1])) if found else None


def written(address: Address) -> str:
    """Row 12 and column 6 as ``F12``."""
    return f"{column_letters(address[1])}{address[0]}"


class _Walk:
    """Follows the rows and cells of a sheet and collects the edits."""

    def __init__(self, xml: bytes, wanted: Mapping[Address, Callable[[int], int]]) -> None:
        self.xml = xml
        self.parser = expat.ParserCreate()
        self.waiting: dict[int, dict[int, Callable[[int], int]]] = {}
        for (row, column), change in sorted(wanted.items()):
            self.waiting.setdefault(row, {})[column] = change
        self.edits: list[Edit] = []
        self.inside = False
        self.row = self.column = 0
        self.here: dict[int, Callable[[int], int]] = {}
        self.new: list[Edit] = []
        self.counted = self.counted_rows = False
        self.row_style = 0
        self.prefix = ""
        self.holder = 0
        self.row_at = 0

    def run(self) -> bytes:
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.Parse(self.xml, True)
        return edited(self.xml, self.edits)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, local = name.rpartition(":")
        at = self.parser.CurrentByteIndex
        if local == "sheetData":
            self.inside, self.holder, self.prefix = True, at, f"{prefix}:" if prefix else ""
        elif not self.inside:
            return
        elif local == "row":
            self.counted_rows |= "r" not in attributes
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            if not self.counted_rows:
                self.add_rows(at, before=self.row)
            self.here = self.waiting.pop(self.row, {})
            self.column, self.counted, self.new, self.row_at = 0, False, [], at
            self.row_style = int(attributes.get("s", 0)) if attributes.get("customFormat") in ("1", "true") else 0
        elif local == "c" and self.here:
            found = parse_address(attributes["r"]) if "r" in attributes else None
            self.counted |= found is None
            self.column = found[1] if found else self.column + 1
            self.add_cells(at, before=self.column)
            change = self.here.pop(self.column, None)
            if change is not None:
                opened = tag_end(self.xml, at)
                style = change(int(attributes.get("s", 0)))
                self.edits.append((at, opened, set_attribute(self.xml[at:opened], "s", str(style))))

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "row" and self.inside and self.here:
            opened = tag_end(self.xml, self.row_at)
            if self.xml[opened - 2] == 0x2F:
                new = self.cells(self.row, self.here, self.row_style)
                self.edits.append((opened - 2, opened, b">" + new + f"</{self.prefix}row>".encode()))
            else:
                self.add_cells(self.parser.CurrentByteIndex, before=None)
                self.finish_row()
        elif local == "row" and self.inside:
            self.finish_row()
        elif local == "sheetData":
            self.inside = False
            opened = tag_end(self.xml, self.holder)
            if self.xml[opened - 2] == 0x2F:
                new = b"".join(self.rows(list(self.waiting)))
                self.edits.append((opened - 2, opened, b">" + new + f"</{self.prefix}sheetData>".encode()))
            elif not self.counted_rows:
                self.add_rows(self.parser.CurrentByteIndex, before=None)

    def finish_row(self) -> None:
        # Among cells without addresses a new one would move the others.
        if not self.counted:
            self.edits += self.new
        self.new, self.here = [], {}

    def add_cells(self, at: int, *, before: int | None) -> None:
        missing = {column: self.here[column] for column in list(self.here) if before is None or column < before}
        for column in missing:
            del self.here[column]
        if missing:
            self.new.append((at, at, self.cells(self.row, missing, self.row_style)))

    def add_rows(self, at: int, *, before: int | None) -> None:
        # They wait in their order, so that mostly a look at the first is enough.
        missing: list[int] = []
        for row in self.waiting:
            if before is not None and row >= before:
                break
            missing.append(row)
        if missing:
            self.edits += [(at, at, new) for new in self.rows(missing)]

    def rows(self, numbers: list[int]) -> list[bytes]:
        told = []
        for row in numbers:
            cells = self.cells(row, self.waiting.pop(row), 0).decode()
            told.append(f'<{self.prefix}row r="{row}">{cells}</{self.prefix}row>'.encode())
        return told

    def cells(self, row: int, wanted: Mapping[int, Callable[[int], int]], style: int) -> bytes:
        return "".join(
            f'<{self.prefix}c r="{column_letters(column)}{row}" s="{change(style)}"/>'
            for column, change in wanted.items()
        ).encode()


def with_styles(xml: bytes, wanted: Mapping[Address, Callable[[int], int]]) -> bytes:
    """A sheet in which some cells have another style: for each, the new style by the number of its present one."""
    return _Walk(xml, wanted).run() if wanted else xml


def anchors(xml: bytes) -> Callable[[Address], Address]:
    """The cell that shows what stands in another: the first one of a merged area, else the cell itself."""
    found: list[tuple[int, int, int, int]] = []
    for ref in re.findall(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([^"']+)["']""", xml):
        area = _AREA.fullmatch(ref.decode("ascii", "replace"))
        if area is not None:
            found.append((int(area[2]), column_number(area[1]), int(area[4]), column_number(area[3])))

    def anchor(address: Address) -> Address:
        row, column = address
        for top, left, bottom, right in found:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return address

    return anchor


def deselected(xml: bytes) -> bytes:
    """A sheet that is not selected: with two sheets selected, whatever is typed would go into both."""
    return re.sub(rb"""(<(?:\w+:)?sheetView\b[^>]*?)\stabSelected\s*=\s*["'][^"']*["']""", rb"\g<1>", xml)


def first_filled(xml: bytes, rows: Collection[int]) -> dict[int, int]:
    """The first column of each of some rows in which something stands; a row that is blank is left out."""
    found: dict[int, int] = {}
    if not rows:
        return found
    parser = expat.ParserCreate()
    row = column = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        match name.rpartition(":")[2]:
            case "row":
                row, column = int(attributes["r"]) if "r" in attributes else row + 1, 0
            case "c":
                address = parse_address(attributes.get("r", ""))
                column = address[1] if address else column + 1
            case "v" | "is" | "f" if row in rows:
                found.setdefault(row, column)

    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return found
