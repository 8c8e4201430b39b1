"""A sheet with one table for each indicator, which is named above it: ``Indicator: OC1.2``, a header, its rows.

Read `find_sections` first. A code may stand behind a word for indicator, in the cell beside it, or alone, with or
without its title; and one header may serve several indicators. Where rows name indicators of their own as well,
nothing is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mne.reports.code_columns import conflict
from mne.reports.grid import Cell, Origin
from mne.reports.headers import header_key
from mne.reports.headings import words_around
from mne.reports.repeated_codes import doubted
from mne.reports.share_heads import share_window
from mne.reports.strange_heads import is_strange_head
from mne.reports.windows import Finder, Window

if TYPE_CHECKING:
    from mne.reports.headers import HeaderReader
    from mne.reports.headings import Headings
    from mne.reports.sheet_view import SheetView

__all__ = ["find_sections"]

Placed = tuple[Cell, Origin | None]
Named = tuple[Placed, int]
_NAMING: Final = 3
"""Cells of a row that names an indicator: the word, the code, the title."""
_LINES: Final = 20
"""Rows between the name of an indicator and the header of its table."""
_PAIR: Final = ("partner", "location", "period")
"""What a row of two cells may name by its word and by itself."""
_PLANNED: Final = frozenset(("baseline", "target"))
_LONGEST: Final = 300
_TALLEST: Final = 20_000
_JOINT: Final = re.compile(r"\s*[:–—]\s*|\s+-\s+|\s+")
_CODE: Final = re.compile(r"(?=.*[0-9])[\w.,/-]+")


def find_sections(
    view: SheetView, headers: HeaderReader, headings: Headings, *, facts: Mapping[str, Placed]
) -> list[Window]:
    """The tables of a sheet whose indicator stands above each of them; none where no row names one that is known."""
    if view.height > _TALLEST:
        return []
    return _Sections(view, headers, headings).windows(facts)


class _Sections:
    def __init__(self, view: SheetView, headers: HeaderReader, headings: Headings) -> None:
        self.view = view
        self.finder = Finder(view, headers, headings)
        self.headings = headings
        self.lookup = headings.names.indicators
        self.known = False
        self.titles: dict[int, str] = {}

    def windows(self, facts: Mapping[str, Placed]) -> list[Window]:
        """Every table, from the top on, with what stands above it."""
        found: list[Window] = []
        header: Window | None = None
        named: Named | None = None
        words: Named | None = None
        shared = False
        row = 0
        while row < self.view.height:
            filled = list(self.view.filled(row))
            if (placed := self._named(row, filled)) is not None:
                _close(found, row)
                named, words = (placed, row), None
                if (after := self._header_after(row, loose=header is None)) is not None:
                    header, row = after, after.bottom
                    self._open(found, header, named, row + 1)
                elif (share := self._share_head(row, placed)) is not None:
                    self._open(found, share, named, share.bottom + 1)
                    shared, row = True, share.bottom
                elif header is not None:
                    self._open(found, header, named, row + 1)
                elif self._has_strange_head(row):
                    self._open(found, Window(row, row, row, strange=True), named, row + 1)
            elif (window := self._header(row, filled)) is not None:
                _close(found, row)
                repeats = header is not None and list(header.headers.values()) == list(window.headers.values())
                told = named if words is None or repeats else words
                header = window
                # What stands above the header is its indicator; below it others may be named under the same header.
                self._open(found, header, told, header.bottom + 1)
                named, words, row = told, None, header.bottom
            elif filled and len(filled) <= _NAMING and self._is_words(row, filled):
                cell = self.view.own(row, filled[0])
                words = (cell, self.view.origin(row, filled[0], "indicator")), row
            row += 1
        found = [each for each in found if each.rows] if header is not None or shared else []
        if not self.known or self._names_its_own(found):
            return []
        self.finder.complete(found, facts)
        doubted(found, self.titles, self.headings)
        return found

    def _share_head(self, named: int, placed: Placed) -> Window | None:
        """The head of figures of which one is what two others make, to which no more than lines lead from a name."""
        code = self.lookup.match_cell(placed[0]).value
        indicator = self.headings.names.plan.indicators[code] if code is not None else None
        if indicator is None or not indicator.by_denominator:
            return None
        for row in range(named + 1, min(self.view.height, named + _LINES)):
            filled = list(self.view.filled(row))
            if self._named(row, filled) is not None:
                return None
            if (window := share_window(self.view, row, self.headings, indicator)) is not None:
                return window
            if filled and not self._is_line(row, filled):
                return None
        return None

    def _header_after(self, named: int, *, loose: bool) -> Window | None:
        """The header to which no more than lines lead from the name of an indicator: ``Unit: kg``, a definition.

        `loose`: no header stands above, so that rows of words cannot be those of a table.
        """
        for row in range(named + 1, min(self.view.height, named + _LINES)):
            filled = list(self.view.filled(row))
            if self._named(row, filled) is not None:
                return None
            if (window := self._header(row, filled)) is not None:
                return window
            words = loose and 0 < len(filled) <= _NAMING and self._is_words(row, filled)
            if filled and not words and not self._is_line(row, filled):
                return None
        return None

    def _has_strange_head(self, named: int) -> bool:
        """Whether beneath the name of an indicator, after no more than lines, stands a head that nobody knows."""
        for row in range(named + 1, min(self.view.height, named + _LINES)):
            filled = list(self.view.filled(row))
            if is_strange_head(self.view, row, self.headings, first=True):
                return True
            if self._named(row, filled) is not None or (filled and not self._is_line(row, filled)):
                return False
        return False

    def _says_itself(self, row: int, filled: list[int]) -> bool:
        """Whether a row names a partner or a period by the word for it, and no columns: ``Partner | P-EAST``."""
        if len(filled) != 2:
            return False
        label, said = (self.view.text(row, each) for each in filled)
        name = self.finder.name(label)
        return name is not None and name[1] in _PAIR and {part.kind for part in self.headings.parts(said)} == {name[1]}

    def _is_line(self, row: int, filled: list[int]) -> bool:
        """Whether a row says something of the table beneath it, and is not one of a table's own rows."""
        first = self.view.own(row, filled[0])
        if not isinstance(first, str):
            return False
        label, colon, _ = first.partition(":")
        planned = bool(_PLANNED & {part.name for part in self.headings.parts(label.strip())})
        alone = len(filled) == 1 or (len(filled) <= _NAMING and (bool(colon) or planned))
        return alone or bool(self.finder.facts(row, row + 1))

    def _open(self, found: list[Window], header: Window, named: Named | None, first: int) -> None:
        strange = header.strange
        window = Window(header.top, header.bottom, self.view.height, section=True, first=first, strange=strange)
        window.share = header.share
        for name in ("keys", "dimensions", "headers"):
            setattr(window, name, dict(getattr(header, name)))
        for name in ("figures", "aside", "sums", "ambiguous", "unknown", "known"):
            setattr(window, name, list(getattr(header, name)))
        if named is not None:
            window.facts["indicator"], window.named_at = named
        found.append(window)

    def _names_its_own(self, windows: list[Window]) -> bool:
        """Whether rows of a table name indicators where no header says so: then what stands above is no answer."""
        for window in windows:
            for row in window.rows:
                for column in self.view.filled(row):
                    cell = self.view.own(row, column)
                    if column not in window.headers and isinstance(cell, str) and cell.strip() in self.lookup.codes:
                        return True
        return False

    def _is_words(self, row: int, filled: list[int]) -> bool:
        """Whether a row holds nothing but words that say nothing else."""
        first = self.view.own(row, filled[0])
        label = first.partition(":")[0] if isinstance(first, str) else ""
        return all(isinstance(self.view.own(row, each), str) for each in filled) and self.finder.name(label) is None

    def _header(self, row: int, filled: list[int]) -> Window | None:
        """The header that begins in a row: words for columns, and among them one of figures."""
        if len(filled) < 2 or self._says_itself(row, filled):
            return None
        texts = [self.view.text(row, each) for each in filled]
        names = [self.finder.name(text) for text in texts]
        known = any(name is not None and name[0] == "column" for name in names)
        if not known and not self._is_cross(names, texts) and not self._is_series(row, filled, texts):
            return None
        if (
            sum(name is not None or bool(self.headings.parts(text)) for name, text in zip(names, texts, strict=True))
            < 2
        ):
            return None
        window = self.finder.table(row, filled[0])
        return window if window is not None and window.values and "indicator" not in window.keys else None

    def _is_cross(self, names: list[tuple[str, str] | None], texts: list[str]) -> bool:
        """Whether a row is the header of one split across another: ``Age | Women | Men``."""
        split = sum(name is not None and name[0] == "dimension" for name in names)
        parts = [self.headings.parts(text) for text, name in zip(texts, names, strict=True) if name is None]
        across = all(any(part.kind in ("dimension", "total") for part in each) for each in parts)
        return bool(split) and len(parts) > 1 and across

    def _is_series(self, row: int, filled: list[int], texts: list[str]) -> bool:
        """Whether a row is the header of several periods and nothing else: ``2026-Q2 | 2026-Q1``."""
        words = all(isinstance(self.view.own(row, each), str) for each in filled)
        dated = all({part.kind for part in self.headings.parts(text)} == {"period"} for text in texts)
        return words and dated and len({*texts}) == len(texts)

    # ------------------------------------------------------------------------------------------- naming an indicator

    def _named(self, row: int, filled: list[int]) -> Placed | None:
        """The cell of a row that names an indicator, and what it names."""
        cells = [self.view.own(row, each) for each in filled]
        if not 0 < len(filled) <= _NAMING or not all(isinstance(cell, str) and len(cell) <= _LONGEST for cell in cells):
            return None
        first, *others = [str(cell).strip() for cell in cells]
        label, colon, rest = first.partition(":")
        if self._is_label(label):
            if rest.strip():
                return self._said(rest.strip(), row, filled[0], label, title=" ".join(others))
            if others and (colon or self.finder.name(others[0]) is None):
                return self._said(others[0], row, filled[1], label, title=" ".join(others[1:]))
            return None
        words = first.split()
        for length in range(len(words) - 1, 0, -1):
            if self._is_label(" ".join(words[:length])) and _CODE.fullmatch(words[length].rstrip(":")):
                return self._said(" ".join(words[length:]), row, filled[0], " ".join(words[:length]))
        if len(filled) == _NAMING or (others and self.finder.name(others[0]) is not None):
            return None
        if self._code(first) is None:
            return None
        return self._said(first, row, filled[0], "indicator", title=" ".join(others))

    def _is_label(self, text: str) -> bool:
        name = self.finder.name(text.strip())
        return header_key(text) in words_around("indicator") or (name is not None and name[1] == "indicator")

    def _said(self, text: str, row: int, column: int, label: str, *, title: str = "") -> Placed:
        """What a text says of an indicator, and where; its title, behind the code or beside it, may say another one."""
        cell = self._code(text) or text
        self.known = self.known or self.lookup.known(cell) is not None
        title = _JOINT.sub("", text[len(cell) :], count=1) or title
        self.titles[row] = title
        return conflict(cell, title, self.lookup) or cell, self.view.origin(row, column, label.strip())

    def _code(self, text: str) -> str | None:
        """What names an indicator in a text: the whole of it, else a code in front of a title."""
        if self._is_code(text):
            return text
        first, *rest = _JOINT.split(text, maxsplit=1)
        return first if rest and _CODE.fullmatch(first) and self._is_code(first) else None

    def _is_code(self, text: str) -> bool:
        answer = self.lookup.match(text)
        return answer.value is not None or (answer.code == "code-confusable" and answer.suggestion is not None)


def _close(found: list[Window], row: int) -> None:
    """End the table above a row."""
    if found and found[-1].end > row:
        found[-1].end = row
