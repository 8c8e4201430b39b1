"""Heads of tables that nobody knows, above rows of figures: ``Group | Passed | Tested | Rate``.

Read `is_strange_head` first. Taken for a row of data, each of its words would be told as a wrong figure, and the rows
beneath it would be read as what the table above them holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mne.reports.grid import Flaw, Percent, is_blank
from mne.reports.sums import plain_number
from mne.reports.words import NO, NOTHING, STATES, YES, folded

if TYPE_CHECKING:
    from mne.reports.grid import Cell
    from mne.reports.headings import Headings
    from mne.reports.sheet_view import SheetView

__all__ = ["has_figure", "is_strange_head", "words_of_head"]

_LONGEST: Final = 60
_FEWEST: Final = 2
_WORDS: Final = frozenset(STATES) | NOTHING | YES | NO


def is_strange_head(view: SheetView, row: int, headings: Headings, *, first: bool) -> bool:
    """Whether a row is a head: words alone, above a row that has figures beneath all but the first of them.

    Words for a state, a group or a period are what a row of data says, and so is a text with a digit. A second row of
    figures, or the `first` place beneath the name of an indicator, is what tells a head from a row with one wrong cell.
    """
    filled = [column for column in view.filled(row) if not _is_covered(view.own(row, column))]
    below = row + 1
    if len(filled) < _FEWEST or below >= view.height or not all(_is_word(view.own(row, each)) for each in filled):
        return False
    if _says_something(view.text(row, filled[0]), headings):
        return False
    figures = [each for each in view.filled(below) if _is_figure(view.own(below, each))]
    named = {*figures} & {*filled[1:]}
    return (not figures or figures[0] > filled[0]) and (len(named) >= _FEWEST or (first and bool(named)))


def has_figure(view: SheetView, row: int) -> bool:
    """Whether a number stands in a row."""
    return any(_is_figure(view.own(row, each)) for each in view.filled(row))


def words_of_head(view: SheetView, row: int) -> tuple[list[str], int]:
    """The words of a head above the figures beneath it, and the column of the first of them."""
    named = {*view.filled(row)}
    figures = [each for each in view.filled(row + 1) if each in named and _is_figure(view.own(row + 1, each))]
    return [view.text(row, each) for each in figures], figures[0]


def _says_something(text: str, headings: Headings) -> bool:
    """Whether a first cell says which group, place or period its row is about: then it is a row of data."""
    return any(part.kind != "role" for part in headings.parts(text)) or bool(
        headings.names.indicators.match(text).value
    )


def _is_word(cell: Cell) -> bool:
    if not isinstance(cell, str) or len(cell) > _LONGEST or any(map(str.isdigit, cell)):
        return False
    return folded(cell) not in _WORDS and (cell.strip() == "%" or any(map(str.isalpha, cell)))


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, Percent) or (not is_blank(cell) and plain_number(cell) is not None)


def _is_covered(cell: Cell) -> bool:
    return isinstance(cell, Flaw) and cell.code == "cell-merged"
