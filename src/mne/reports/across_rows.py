"""The rows of a table with places beneath each other: figures, detail beneath a total, sums, an earlier period.

Read `rows_of_table` first. Rows that name places of the plan are figures. Where none does, they are the detail of the
row of sums, which is the figure for the place that it names, or that stands above the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mne.reports.across_shares import number_of
from mne.reports.grid import is_blank
from mne.reports.words import NO, STATES, YES, folded, is_sum

if TYPE_CHECKING:
    from mne.reports.across import Head
    from mne.reports.grid import Cell, Origin
    from mne.reports.headings import Headings
    from mne.reports.lookup import Lookup
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView

__all__ = ["Row", "Rows", "Sum", "place_of", "rows_of_table"]

_PIECES: Final = re.compile(r"\s+[-–—]\s+|\s*[:;,()]\s*")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PLANNED: Final = frozenset(("target", "baseline", "achievement"))
_FEWEST: Final = 3
"""Columns that are numbered one by one, and hold no figures."""
_ENDING: Final = 3
"""Letters by which the endings of one word may differ."""
_STEM: Final = 4
_LONGEST: Final = 200


@dataclass(slots=True)
class Row:
    """One row beneath the head. `kind`: place, detail, sum, before (an earlier period), aside, or words."""

    row: int
    kind: str
    label: str = ""
    column: int = 0
    place: str | None = None
    hidden: bool = False
    period: str = ""


@dataclass(slots=True)
class Sum:
    """A row of sums with all rows of detail that are in it, and the rows of sums among them."""

    row: Row
    detail: list[Row]
    sums: list[Sum] = field(default_factory=list)


@dataclass(slots=True)
class Rows:
    """The rows of one table: those whose figures are read, the sums, and what the rest is."""

    rows: list[Row]
    figures: list[Row]
    sums: list[Sum]
    by_total: bool
    """Whether the figures are those of rows of sums."""

    def of(self, kind: str) -> list[Row]:
        """The rows of a kind."""
        return [each for each in self.rows if each.kind == kind]


def rows_of_table(
    view: SheetView, head: Head, headings: Headings, period: tuple[Cell, Origin | None] | None
) -> Rows | None:
    """The rows beneath a head; None where they are no places: periods, or parts of a split."""
    columns = [spot.column for group in head.groups for spot in group.spots]
    end = _end(view, head, columns)
    now = _bounds(headings.names, period)
    rows = [_row(view, row, head, columns, headings, now) for row in range(head.bottom + 1, end)]
    rows = [each for each in rows if each.kind != "blank"]
    said = [headings.parts(each.label) for each in rows if each.kind in ("detail", "place") and each.label]
    other = sum(any(part.kind in ("period", "bare", "dimension") for part in parts) for parts in said)
    if not said or 2 * other > len(said):
        return None
    sums = [*_sums(rows)]
    places = [each for each in rows if each.kind == "place"]
    if places:
        return Rows(rows, places, sums, by_total=False)
    if sums:
        named = [each.row for each in sums if each.row.place is not None]
        several = len({each.place for each in named}) > 1
        return Rows(rows, named if several else [sums[-1].row], sums, by_total=True)
    details = [each for each in rows if each.kind == "detail"]
    return Rows(rows, details, [], by_total=len(details) == 1)


def _end(view: SheetView, head: Head, columns: Sequence[int]) -> int:
    """The row behind the last one with a number."""
    with_numbers = (
        row
        for row in range(view.height - 1, head.bottom, -1)
        if any(number_of(view.own(row, column)) is not None for column in columns)
    )
    return next(with_numbers, head.bottom) + 1


def _row(view: SheetView, row: int, head: Head, columns: Sequence[int], headings: Headings, now: object) -> Row:
    label, column = _label(view, row, head.first)
    found = Row(row, "words", label, column, hidden=view.grid.numbers[row] in view.grid.hidden_rows)
    cells = [view.own(row, each) for each in columns]
    if not any(map(_is_figure, cells)) or _counts_columns(view, row):
        found.kind = "words" if label or any(not is_blank(cell) for cell in cells) else "blank"
        return found
    names = headings.names
    found.place = place_of(label, names) if label else None
    periods = names.periods.named_in(label) if label and len(label) <= _LONGEST else {}
    roles = {headings.role(piece) for piece in (label, *_PIECES.split(label)) if piece}
    if roles & _PLANNED:
        found.kind = "aside"
    elif now is not None and len(periods) == 1 and now not in periods:
        found.kind, (found.period,) = "before", periods.values()
    elif "previous" in roles:
        found.kind = "aside"
    elif is_sum(label):
        found.kind = "sum"
    elif label:
        found.kind = "place" if found.place is not None else "detail"
    else:
        found.kind = "aside"
    return found


def _counts_columns(view: SheetView, row: int) -> bool:
    """Whether a row numbers the columns, as official forms do beneath their head."""
    numbers = [number_of(view.own(row, column)) for column in view.filled(row)]
    first = numbers[0]
    if first is None or len(numbers) < _FEWEST:
        return False
    return numbers == [first + at for at in range(len(numbers))]


def _is_figure(cell: Cell) -> bool:
    if is_blank(cell):
        return False
    if isinstance(cell, str):
        return number_of(cell) is not None or folded(cell) in STATES or folded(cell) in YES or folded(cell) in NO
    return True


def _label(view: SheetView, row: int, first: int) -> tuple[str, int]:
    """The last words of a row in front of its figures."""
    for column in range(first - 1, -1, -1):
        cell = view.own(row, column)
        if isinstance(cell, str) and any(map(str.isalpha, cell)):
            return cell.strip(), column
    return "", max(first - 1, 0)


def _bounds(names: Names, period: tuple[Cell, Origin | None] | None) -> object:
    """The first and last day of the period that a table is for."""
    if period is None or not isinstance(period[0], str):
        return None
    told = names.periods.read(period[0])
    return (told.start, told.last) if told.start is not None else None


def _sums(rows: Sequence[Row]) -> Iterator[Sum]:
    """The rows of sums from the top on: each of the rows since the last one, else of the sums above it."""
    detail: list[Row] = []
    open_: list[Sum] = []
    last = max((at for at, each in enumerate(rows) if each.kind == "sum"), default=-1)
    for at, each in enumerate(rows):
        if each.kind in ("place", "detail"):
            detail.append(each)
        elif each.kind == "sum":
            if detail and (at != last or not open_):
                found = Sum(each, detail)
            else:
                found = Sum(each, [*(row for one in open_ for row in one.detail), *detail], open_)
                open_ = []
            open_ = [*open_, found]
            detail = []
            yield found


# ------------------------------------------------------------------------------------------------------------- places


def place_of(label: str, names: Names) -> str | None:
    """The place of the plan that a label names: by itself, behind a word for a sum, or with other endings."""
    lookup = names.locations
    if (code := lookup.known(label)) is not None:
        return code
    words = label.split()
    for first in range(len(words)):
        rest = " ".join(words[first:]).strip(" :.()–—-")
        if first and (code := lookup.known(rest)) is not None:
            return code
    return _with_endings(label, names, lookup) if is_sum(label) else None


def _with_endings(label: str, names: Names, lookup: Lookup) -> str | None:
    """The one place whose title a label has in another case: ``по Согдийской области`` for ``Согдийская область``."""
    said = [folded(word) for word in _WORD.findall(label)]
    found = set()
    for place in names.plan.locations:
        for title in names.titles("location", place.id, place.title):
            wanted = [folded(word) for word in _WORD.findall(title)]
            long = [word for word in wanted if len(word) > _ENDING]
            if long and place.id in lookup.codes and all(any(_is_same(word, other) for other in said) for word in long):
                found.add(place.id)
    return found.pop() if len(found) == 1 else None


def _is_same(word: str, other: str) -> bool:
    """Whether two words are one but for their endings."""
    stem = max(_STEM, max(len(word), len(other)) - _ENDING)
    return word[:stem] == other[:stem] and len(word) >= _STEM
