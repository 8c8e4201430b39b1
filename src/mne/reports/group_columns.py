"""A column of categories under a header of its own: ``Group`` or nothing at all, above Women, Men and 15-24.

Read `with_groups` first. A column whose header nobody knows is one of categories where its cells are words for them:
unread, each of its rows would count for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from mne.logframe.indicator import TOTAL
from mne.reports.grid import Grid, in_lists, is_blank
from mne.reports.headers import Name, header_key
from mne.reports.headings import header_text
from mne.reports.lookup import nearest
from mne.reports.words import TOTALS, folded

if TYPE_CHECKING:
    from mne.reports.headers import HeaderReader
    from mne.reports.headings import Headings
    from mne.reports.names import Names

__all__ = ["with_groups"]

_TALLEST: Final = 2_000
_TALL: Final = 200
_FIRST_ROWS: Final = 40
"""Of a taller sheet, or a tall one without a blank row, only its first rows may be a header."""
_ASKED: Final = 200
_HALF: Final = 2
_LONGEST: Final = 60
_SPLITTING: Final = frozenset(("dimension", "total"))
_LONG: Final = frozenset(("indicator", "value"))
"""Columns of a table with a row for each figure, of which no later row is a header unless it names columns again."""


@dataclass(slots=True)
class _Words:
    """What stands beneath the headers of one name: words that are categories, by dimension, and others."""

    known: dict[str, frozenset[str]] = field(default_factory=dict)
    totals: int = 0
    strange: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    """What other columns of the same rows hold already."""


def with_groups(grid: Grid, headers: HeaderReader, headings: Headings) -> tuple[Grid, HeaderReader]:
    """A grid whose blank corners name their split, and a reader that knows which strange headers hold categories."""
    if not headings.names.dimensions:
        return grid, headers
    seen = _Seen(grid, headers, headings)
    told = {key: name for key, words in seen.named.items() if (name := _meant(words)) is not None}
    corners = {place: name for place, words in seen.corners.items() if (name := _meant(words)) is not None}
    if corners:
        columns = [[*column] for column in in_lists(grid).columns]
        for (row, column), name in corners.items():
            columns[column][row] = name.target
        grid = replace(grid, columns=[*columns])
        told |= {header_key(name.target): name for name in corners.values()}
    return grid, headers.also(told) if told else headers


class _Seen:
    """The columns of a grid that may hold categories, by their header or the place of one that is blank."""

    def __init__(self, grid: Grid, headers: HeaderReader, headings: Headings) -> None:
        self.grid = grid
        self.headers = headers
        self.headings = headings
        self.named: dict[str, _Words] = {}
        self.corners: dict[tuple[int, int], _Words] = {}
        self.names: dict[str, Name | None] = {}
        self.splitting: dict[str, bool] = {}
        self.long = False
        """Whether a header was seen that leaves nothing to be asked: what stands beneath it are rows."""
        self.codes = {code.id for each in headings.names.plan.dimensions for code in each.codes}
        if grid.header is not None:
            self.look(-1, [label.strip() for label in grid.header])
            return
        height = len(grid.numbers)
        short = height <= _TALL or (height <= _TALLEST and self.has_blank_row())
        for row in range(height if short else _FIRST_ROWS):
            texts = [header_text(column[row]) for column in grid.columns]
            if sum(map(bool, texts)) >= _HALF:
                self.look(row, texts)

    def look(self, row: int, texts: Sequence[str]) -> None:
        """Note the columns beneath one row, if it is a header."""
        names = [self.name(text) for text in texts]
        of_columns = {name.target for name in names if name is not None and name.kind == "column"}
        if not of_columns and self.long:
            return
        splits = sum(self.splits(text) for text in texts)
        if not of_columns and splits < _HALF:
            return
        self.long = self.long or (of_columns >= _LONG and all(name is not None for name in names))
        parts = [self.headings.parts(text) if text else () for text in texts]
        taken = {name.target for name in names if name is not None and name.kind != "known"}
        taken |= {part.name for each in parts for part in each if part.kind == "dimension"}
        first = next(at for at, text in enumerate(texts) if text)
        for column, text in enumerate(texts):
            if names[column] is not None or parts[column] or len(text) > _LONGEST:
                continue
            if text and nearest(header_key(text), self.headers.near) is None:
                words = self.named.setdefault(header_key(text), _Words())
            elif not text and splits >= _HALF and column == first - 1 and row >= 0:
                words = self.corners.setdefault((row, column), _Words())
            else:
                continue
            words.taken |= taken
            self.gather(words, row, column)

    def has_blank_row(self) -> bool:
        """Whether something parts the sheet: one table alone has one header."""
        return any(all(is_blank(column[row]) for column in self.grid.columns) for row in range(len(self.grid.numbers)))

    def name(self, text: str) -> Name | None:
        """What a header is the name of; every row may be a header, and most words come often."""
        if text not in self.names:
            self.names[text] = self.headers.name_of(text)[0] if text and len(text) <= _LONGEST else None
        return self.names[text]

    def splits(self, text: str) -> bool:
        """Whether a header names a part of a split, or all of it. A plain number does so only as a code of the plan."""
        if text not in self.splitting:
            asked = bool(text) and (text in self.codes or not text.replace(".", "", 1).isdecimal())
            told = self.headings.parts(text) if asked else ()
            self.splitting[text] = any(part.kind in _SPLITTING for part in told)
        return self.splitting[text]

    def gather(self, words: _Words, row: int, column: int) -> None:
        """Note the words of a column down to the next empty row."""
        cells = self.grid.columns[column][row + 1 : row + 1 + _ASKED]
        for at, cell in enumerate(cells, start=row + 1):
            if is_blank(cell) and all(is_blank(each[at]) for each in self.grid.columns):
                break
            text = cell.strip() if isinstance(cell, str) else ""
            if not text or text in words.known or text in words.strange:
                continue
            if folded(text) in TOTALS or text == TOTAL:
                words.totals += 1
            elif len(text) <= _LONGEST and (meant := _dimensions(self.headings.names, text)):
                words.known[text] = meant
            else:
                words.strange.add(text)


def _dimensions(names: Names, text: str) -> frozenset[str]:
    """The dimensions in which a word is a code or a title."""
    return frozenset(id for id, lookup in names.dimensions.items() if lookup.known(text) is not None)


def _meant(words: _Words) -> Name | None:
    """The dimension that all words of a column belong to, or categories of several; nothing where half are strange."""
    if not (words.known or words.totals) or len(words.known) + bool(words.totals) < len(words.strange):
        return None
    if "category" in words.taken:
        return None
    shared = frozenset.intersection(*words.known.values()) if words.known else frozenset[str]()
    if len(shared) == 1 and not (shared & words.taken):
        (only,) = shared
        return Name("dimension", only)
    if len(shared) == 1:
        return None  # another column holds that split already
    return Name("column", "category")
