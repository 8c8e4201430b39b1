"""The cells of a sheet followed one by one while its XML goes by, without keeping any of them.

Read `SheetWatch` first. It is the handler of an XML parser that builds nothing, and notes how far a sheet reaches,
whether a cell stands there twice, and what else would make a spreadsheet library hang, die or disagree with another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, NoReturn
from xml.parsers import expat

from mne.ground.files import Limits
from mne.ground.findings import Finding, Place
from mne.ground.nodes import RefusedError
from mne.ground.phrases import phrase

__all__ = ["SheetFacts", "SheetWatch", "column_letters", "column_number"]

MAX_ROW: Final = 1_048_576
MAX_COLUMN: Final = 16_384
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_AREA: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")
_MOST_KEPT: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """How large one sheet is: its last row and column with a cell, its cells, and what it says of itself."""

    part: str
    title: str
    rows: int
    columns: int
    cells: int
    declared: str | None


def column_number(letters: str) -> int:
    """The number of a column: A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column: 1 is A."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class SheetWatch:
    """Follows one XML part of a workbook, whatever part it says it is: cells are looked for in every one."""

    def __init__(self, place: Place, limits: Limits) -> None:
        self.place = place
        self.limits = limits
        self.kept: dict[str, list[dict[str, str]]] = {"Relationship": [], "sheet": []}
        self.declared: str | None = None
        self.cells = 0
        self.last_row = 0
        self.last_column = 0
        self._deepest = limits.depth
        self._most = limits.elements
        self._depth = 0
        self._elements = 0
        self._inside = 0  # the depth of the open sheetData, 0 outside of one
        self._rows = 0
        self._rows_seen: set[int] = set()
        self._row = 0
        self._row_text = ""
        self._column = 0
        self._columns_seen: set[int] = set()
        self._numbers: dict[str, int] = {}
        self._spread = 0

    def parser(self) -> expat.XMLParserType:
        """A parser that reports to this watch."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        return parser

    def facts(self, part: str) -> SheetFacts:
        """What was learned, once the part has been read to its end."""
        return SheetFacts(
            part=part,
            title=self.place.sheet or part,
            rows=self.last_row,
            columns=self.last_column,
            cells=self.cells,
            declared=self.declared,
        )

    def oddities(self) -> tuple[Finding, ...]:
        """A warning when the sheet states another extent than its cells have, which hides rows from some readers."""
        area = _AREA.fullmatch(self.declared or "")
        if not self.cells or area is None:
            return ()
        column, row = column_number(area[3] or area[1]), int(area[4] or area[2])
        hides = self.last_column > column or self.last_row > row
        if not hides and row * column <= max(self.limits.cells, self.last_row * self.last_column):
            return ()
        reach = f"A1:{column_letters(self.last_column)}{self.last_row}"
        return (Finding(code="sheet-dimension-wrong", place=self.place, found=self.declared or "", expected=reach),)

    # ----------------------------------------------------------------------------------- what the parser reports to

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        self._elements += 1
        if depth > self._deepest or self._elements > self._most:
            self._refuse_amount()
        if ":" in name:
            # By local name alone, as the usual readers do; a prefix must not hide a cell from this watch only.
            name = name.rpartition(":")[2]
        if not self._inside:
            self._outside(name, attributes)
        elif name == "c":
            self._cell(attributes.get("r"))
        elif name == "row":
            self._open_row(attributes.get("r"))

    def _refuse_amount(self) -> NoReturn:
        if self._depth > self._deepest:
            self._refuse("limit-depth", limit=self._deepest)
        self._refuse("limit-elements", limit=self._most)

    def _end(self, name: str) -> None:  # noqa: ARG002 - the parser gives the name
        if self._depth == self._inside:
            self._inside = 0
        self._depth -= 1

    def _doctype(self, *_: object) -> None:
        self._refuse("xml-doctype")

    # ----------------------------------------------------------------------------------------------- rows and cells

    def _open_row(self, text: str | None) -> None:
        self._rows += 1
        if self._rows > self.limits.rows:
            self._refuse("limit-rows", limit=self.limits.rows)
        if text is None:
            row = self._row + 1
        elif text.isdecimal() and text.isascii() and len(text) <= len(str(MAX_ROW)):
            row = int(text)
        else:
            row = 0
        if not 1 <= row <= MAX_ROW or (text is not None and str(row) != text):
            self._refuse("xlsx-malformed", reason=phrase("a row has no proper number"))
        if row in self._rows_seen:
            self._refuse("xlsx-malformed", reason=phrase("row {row} is there twice", row=row))
        self._rows_seen.add(row)
        self._row = row
        self._row_text = str(row)
        self._column = 0
        self._columns_seen.clear()

    def _cell(self, text: str | None) -> None:
        if text is None:  # allowed: the cell stands right of the one before
            column = self._column + 1
            if not self._row or column > MAX_COLUMN:
                self._refuse(
                    "xlsx-malformed", reason=phrase("a cell stands outside of every row or beyond the last column")
                )
        else:
            # The letters of a column are checked once; after that the reference is right when it ends in its row.
            column = self._numbers.get(text[: -len(self._row_text)], 0) if text.endswith(self._row_text) else 0
            column = column or self._read_reference(text)
        if column in self._columns_seen:
            self._refuse("xlsx-malformed", reason=phrase("a cell is there twice"), cell=text)
        self._columns_seen.add(column)
        self._column = column
        self.cells += 1
        if column > self.last_column or self._row > self.last_row:
            self._reach(max(column, self.last_column), max(self._row, self.last_row))

    def _read_reference(self, text: str) -> int:
        matched = _CELL.fullmatch(text)
        column = column_number(matched[1]) if matched else 0
        if matched is None or matched[2] != self._row_text or column > MAX_COLUMN:
            self._refuse("xlsx-malformed", reason=phrase("a cell does not stand where it says"), cell=text)
        return self._numbers.setdefault(matched[1], column)

    def _reach(self, column: int, row: int) -> None:
        self.last_column, self.last_row = column, row
        limits = self.limits
        if row > limits.rows and self._rows * 2 > limits.rows:
            self._refuse("limit-rows", limit=limits.rows)
        if row > limits.rows or column > limits.columns or row * column > limits.cells:
            cell = f"{column_letters(column)}{row}"
            expected = phrase(
                "{rows:,} rows, {columns:,} columns, {cells:,} cells",
                rows=limits.rows,
                columns=limits.columns,
                cells=limits.cells,
            )
            self._refuse("limit-sheet-size", cell=cell, found=cell, expected=expected)

    def _outside(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheetData":
            if self.cells:
                self._refuse("xlsx-malformed", reason=phrase("the cells of the sheet stand in two places"))
            self._inside = self._depth
            self._rows_seen.clear()
            self._row = 0
            self._row_text = ""
        elif name == "dimension":
            self.declared = attributes.get("ref")
        elif name in ("mergeCell", "hyperlink"):
            self._spread_over(attributes.get("ref"))
        elif name in self.kept:
            self.kept[name].append(attributes)
            if len(self.kept[name]) > _MOST_KEPT:
                self._refuse("limit-elements", limit=_MOST_KEPT)

    def _spread_over(self, ref: str | None) -> None:
        """Count the cells that a merged range or a link covers: opening the sheet makes every one of them."""
        if ref is None:
            return  # other vocabularies have links as well
        area = _AREA.fullmatch(ref)
        if area is None:
            self._refuse("xlsx-malformed", reason=phrase("{ref} is no range of cells", ref=repr(ref)))
        wide = abs(column_number(area[3] or area[1]) - column_number(area[1])) + 1
        high = abs(int(area[4] or area[2]) - int(area[2])) + 1
        self._spread += wide * high
        if self._spread > self.limits.cells:
            self._refuse(
                "limit-sheet-size",
                found=ref,
                expected=phrase("merged or linked cells: {cells:,}", cells=self.limits.cells),
            )

    def _refuse(
        self, code: str, *, cell: str | None = None, found: str = "", expected: str = "", **params: object
    ) -> NoReturn:
        place = replace(self.place, cell=cell)
        raise RefusedError(Finding(code=code, place=place, found=found, expected=expected, params=params))
