"""One sheet of a workbook, its cells followed in its own XML and kept with what they show.

Read `SheetReader` first; `shown` says what a stored number means under its cell's format.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import Final
from xml.parsers import expat

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from mne.ground.sheets import column_letters, column_number
from mne.reports.grid import Area, Cell, Flaw, Grid, Note, Percent, text_of

__all__ = ["TRUE", "SheetEntry", "SheetReader", "local_name", "parse_xml", "shown", "unescaped"]

TRUE: Final = ("1", "true", "on")
_EPOCHS: Final = {1900: CALENDAR_WINDOWS_1900, 1904: CALENDAR_MAC_1904}
_AREA: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_PLAIN: Final = re.compile(r"-?[0-9]{1,18}")
_LONG_INTEGER: Final = re.compile(r"[+-]?[0-9]{19,}")
_DDE: Final = re.compile(r"\|.*!", re.DOTALL)
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER_LENGTH: Final = 64
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """What the workbook says of one sheet; `hidden` is None for one that people see."""

    title: str
    part: str
    hidden: str | None


def unescaped(text: str) -> str:
    """Characters that a workbook writes as ``_x000D_``."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)


def parse_xml(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    *,
    tell: Callable[[float], None] | None = None,
) -> None:
    """Follow an XML part; elements go by local name, as in every usual reader, whatever prefix their writer chose.

    `tell` is called with the share of a large part that is read, megabyte by megabyte.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    for at in range(0, len(xml), _PIECE):
        parser.Parse(xml[at : at + _PIECE], False)
        if tell is not None and len(xml) > _PIECE:
            tell(min(1.0, (at + _PIECE) / len(xml)))
    parser.Parse(b"", True)


def local_name(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


@dataclass(slots=True)
class SheetReader:
    """Follows one sheet's cells and keeps their values."""

    strings: list[str]
    formats: list[str]
    epoch: int
    rows: dict[int, list[Cell]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    _known: dict[tuple[str, str, str], Cell] = field(default_factory=dict)
    _letters: dict[str, int] = field(default_factory=dict)
    _inside: bool = False
    _row: int = 0
    _cells: list[Cell] = field(default_factory=list)
    _column: int = 0
    _type: str = "n"
    _style: str = "0"
    _value: str | None = None
    _formula: str | None = None
    _inline: list[str] = field(default_factory=list)
    _into: str = ""
    _phonetic: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = local_name(name)
        if local == "c" and self._inside:
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else self._number(reference)
            self._type = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._value = self._formula = None
            self._inline.clear()
        elif local in ("v", "f", "t") and self._inside:
            self._into = local
            if local == "f":
                self._formula = ""
            elif local == "v":
                self._value = ""
        elif local == "row" and self._inside:
            number = attributes.get("r")
            self._row = self._row + 1 if number is None else int(number)
            self._column = 0
            self._cells = self.rows.setdefault(self._row, [])
            if attributes.get("hidden", "").lower() in TRUE:
                self.hidden_rows.add(self._row)
        else:
            self._aside(local, attributes)

    def _aside(self, local: str, attributes: dict[str, str]) -> None:
        if local == "sheetData":
            self._inside = True
        elif local == "rPh":
            self._phonetic = True
        elif local == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        elif local == "col" and attributes.get("hidden", "").lower() in TRUE:
            first, last = int(attributes["min"]), int(attributes["max"])
            # Excel hides all columns to the right of a table as one range of 16,384.
            self.hidden_columns.update(range(first, min(last, first + 1_024) + 1))

    def text(self, piece: str) -> None:
        """Characters inside an element."""
        if self._into == "v":
            self._value = (self._value or "") + piece
        elif self._into == "f":
            self._formula = (self._formula or "") + piece
        elif self._into == "t" and not self._phonetic:
            self._inline.append(piece)

    def end(self, name: str) -> None:
        """An element ends."""
        local = local_name(name)
        if local in ("v", "f", "t"):
            self._into = ""
        elif local == "c" and self._inside:
            cell = self._cell()
            if cell is not None:
                _put(self._cells, self._column - 1, cell)
        elif local == "rPh":
            self._phonetic = False
        elif local == "sheetData":
            self._inside = False

    def _number(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        return self._letters.get(letters) or self._letters.setdefault(letters, column_number(letters))

    def _cell(self) -> Cell:
        if self._formula is not None:
            found = f"={self._formula}"
            if _DDE.search(self._formula):
                return Flaw("cell-dde", found)
            if not self._value and self._type != "str" and not self._inline:
                return Flaw("cell-formula-no-value", found)
            self.notes.append(Note("cell-formula", self._row, self._column - 1, found))
        if self._inline or self._type == "inlineStr":
            return unescaped("".join(self._inline)) or None
        if not self._value:
            return None
        key = (self._type, self._style, self._value)
        if key not in self._known:
            self._known[key] = self._typed(*key)
        return self._known[key]

    def _typed(self, kind: str, style: str, value: str) -> Cell:
        match kind:
            case "s":
                return self.strings[int(value)] or None
            case "str":
                return unescaped(value)
            case "b":
                return value.strip() in TRUE
            case "e":
                return Flaw("cell-error", value)
            case "d":
                return _iso(value)
        form = self.formats[int(style)] if style.isdecimal() and int(style) < len(self.formats) else "plain"
        return shown(value.strip(), form, self.epoch)

    def grid(self, name: str, sheet: SheetEntry) -> Grid:
        """The cells as columns, from the first row and column on; rows that were left out are blank."""
        filled = {row: cells for row, cells in self.rows.items() if cells}
        grid = Grid(file=name, sheet=sheet.title, lane="workbook", columns=[], numbers=range(0))
        if not filled:
            return grid
        width = max(map(len, filled.values()))
        numbers = range(1, max(filled) + 1)
        nothing: list[Cell] = []
        rows = [filled.get(row, nothing) for row in numbers]
        self._cover_merged(rows, width)
        grid.columns = [list(column) for column in zip_longest(*rows)]
        grid.numbers = numbers
        grid.has_letters = True
        grid.hidden = sheet.hidden
        grid.hidden_rows = frozenset(self.hidden_rows)
        grid.hidden_columns = frozenset(self.hidden_columns)
        grid.epoch = self.epoch
        grid.notes = self.notes
        grid.merged = tuple(self._areas(len(rows), width))
        return grid

    def _areas(self, height: int, width: int) -> Iterator[Area]:
        """The merged ranges, cut to the cells that there are."""
        for ref in self.merged:
            area = _AREA.fullmatch(ref)
            if area is not None and area[3] is not None:
                left, right = column_number(area[1]) - 1, min(column_number(area[3]), width)
                top, bottom = int(area[2]) - 1, min(int(area[4]), height)
                if top < bottom and left < right:
                    yield Area(top, left, bottom, right)

    def _cover_merged(self, rows: list[list[Cell]], width: int) -> None:
        """Mark the cells below a merged cell's first row: they look filled, and hold nothing."""
        for ref in self.merged:
            area = _AREA.fullmatch(ref)
            if area is None or area[3] is None:
                continue
            left, right = column_number(area[1]) - 1, min(column_number(area[3]), width)
            top, bottom = int(area[2]) - 1, min(int(area[4]), len(rows))
            first = rows[top][left] if top < bottom and left < len(rows[top]) else None
            if first is None or isinstance(first, Flaw):
                continue
            told = text_of(first)
            covered = Flaw("cell-merged", told or "", suggestion=told, of=f"{column_letters(left + 1)}{top + 1}")
            for row in range(top + 1, bottom):
                if not rows[row]:
                    rows[row] = []
                for column in range(left, right):
                    if column >= len(rows[row]) or rows[row][column] is None:
                        _put(rows[row], column, covered)


def _put(cells: list[Cell], at: int, cell: Cell) -> None:
    """Set a cell of a row that may not reach so far yet."""
    if at >= len(cells):
        cells.extend([None] * (at - len(cells)))
        cells.append(cell)
    else:
        cells[at] = cell


def shown(value: str, kind: str, epoch: int) -> Cell:
    """A stored number as its cell shows it: a number, a percentage, a day, a month."""
    if kind == "plain" and _PLAIN.fullmatch(value):
        return int(value)
    if len(value) > _NUMBER_LENGTH or _LONG_INTEGER.fullmatch(value):
        return Decimal(value) if len(value) <= _NUMBER_LENGTH else Flaw("number-out-of-range", value)
    try:
        number = float(value)
    except ValueError:
        return Flaw("number-invalid", value)
    if not math.isfinite(number):
        return Flaw("number-not-finite", value)
    if not value.isascii() or "_" in value:
        return Flaw("number-invalid", value)
    if kind == "plain":
        return number
    if kind == "percent":
        exact = Decimal(format(number, ".15g")) * 100
        return Percent(exact.normalize() if exact else Decimal(0))
    return _moment(number, kind, epoch)


def _moment(number: float, kind: str, epoch: int) -> Cell:
    try:
        found = from_excel(number, _EPOCHS[epoch], timedelta=kind == "time")
    except (OverflowError, ValueError):
        return Flaw("date-invalid", format(number, ".15g"))
    if isinstance(found, dt.datetime):
        return f"{found:%Y-%m}" if kind == "month" else found
    return str(found) if found is not None else None


def _iso(value: str) -> Cell:
    try:
        return dt.datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return value
