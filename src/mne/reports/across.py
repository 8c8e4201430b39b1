"""The head of a table with an indicator above each column or group of columns, and places in its rows.

Read `find_head` first: a row of codes or titles of indicators, each perhaps merged over several columns, above their
titles and what each column holds: a unit, a part of a split, or what is counted of a share. Which of two counts is the
numerator says `mne.reports.across_shares`, and what the rows hold `mne.reports.across_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mne.reports.headers import is_share
from mne.reports.headings import At
from mne.reports.sums import plain_number
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.headings import Headings
    from mne.reports.sheet_view import SheetView

__all__ = ["Group", "Head", "Spot", "find_head"]

_FIRST_ROWS: Final = 40
_DEEPEST: Final = 4
_LONGEST: Final = 300
_FEWEST: Final = 2
"""Indicators that a row names, if their columns stand beneath it."""
_JOINT: Final = re.compile(r"\s*[:–—]\s*|\s+-\s+|\s+")
_CODE: Final = re.compile(r"(?=.*[0-9])[\w.,/-]+")
_PIECES: Final = re.compile(r"\s+[-–—]\s+|\s*[:;,()\[\]/]\s*|\n")
_PER: Final = re.compile(r"(?:per|pour|на|ба|for) [0-9][0-9 .,  ]*", re.IGNORECASE)
_BOTH: Final = ("numerator", "denominator")


@dataclass(slots=True)
class Spot:
    """One column beneath an indicator: what its head says, and what it is taken for.

    `role`: value, numerator, denominator or share; a role that is never read; or empty where nothing says it. `words`
    are those of its head that say nothing known, such as ``passed``.
    """

    column: int
    header: str
    role: str = ""
    total: bool = False
    dimensions: dict[str, At] = field(default_factory=dict)
    unit: At | None = None
    words: str = ""
    doubt: bool = False
    """Whether what it holds cannot be told."""

    @property
    def key(self) -> tuple[str, ...]:
        """The part of a split, or the whole, that it is of."""
        return tuple(sorted(f"{id}={folded(at.text)}" for id, at in self.dimensions.items()))


@dataclass(slots=True)
class Group:
    """The columns of one indicator. `named`: the cell that says which."""

    named: At
    indicator: Indicator | None
    spots: list[Spot] = field(default_factory=list)


@dataclass(slots=True)
class Head:
    """The rows `top` to `bottom` of a head, the groups of columns beneath it, and the first of these columns."""

    top: int
    bottom: int
    first: int
    groups: list[Group]
    others: list[At] = field(default_factory=list)
    """Heads of columns that stand beneath no indicator."""


def find_head(view: SheetView, headings: Headings) -> Head | None:
    """The first row of a sheet that names several indicators beside each other, with what stands beneath it."""
    for row in range(min(_FIRST_ROWS, view.height)):
        named = {column: code for column in view.filled(row) if (code := _named(view, row, column, headings))}
        if len(set(named.values())) < _FEWEST:
            continue
        first = min(named)
        beside = [column for column in view.filled(row) if column >= first]
        if 2 * len(named) < len(beside):
            continue
        bottom = _bottom(view, row, first)
        groups, others = _groups(view, row, bottom, first, headings)
        return Head(row, bottom, first, groups, others)
    return None


def _named(view: SheetView, row: int, column: int, headings: Headings) -> str | None:
    """The code that a cell of a head names, even if it is mistyped so that only one can be meant."""
    cell = view.own(row, column)
    # Codes may be numbers, and in a text file so are figures: 1, 2 and 3 above columns only count them.
    if not isinstance(cell, str) or len(cell) > _LONGEST or plain_number(cell) is not None:
        return None
    lookup, text = headings.names.indicators, cell.strip()
    for said in (text, *_JOINT.split(text, maxsplit=1)[:1]):
        if (code := lookup.known(said)) is not None:
            return code
        if _CODE.fullmatch(said) and (meant := lookup.match(said).suggestion) is not None:
            return meant
    return None


def _said(text: str, headings: Headings) -> str:
    """The part of a head that names an indicator: all of it, else the code in front of a title."""
    first = _JOINT.split(text.strip(), maxsplit=1)[0]
    return text.strip() if headings.names.indicators.known(text) is not None or not _CODE.fullmatch(first) else first


def _bottom(view: SheetView, top: int, first: int) -> int:
    """The last row of words above the first row with a figure."""
    bottom = top
    while bottom + 1 < view.height and bottom - top < _DEEPEST:
        cells = [view.own(bottom + 1, column) for column in view.filled(bottom + 1) if column >= first]
        if not cells or not all(isinstance(cell, str) and plain_number(cell) is None for cell in cells):
            break
        bottom += 1
    return bottom


def _groups(view: SheetView, top: int, bottom: int, first: int, headings: Headings) -> tuple[list[Group], list[At]]:
    """The columns beneath each indicator; a name reaches over the blank cells beside it."""
    groups: list[Group] = []
    others: list[At] = []
    owner: tuple[int, int] | None = None
    group: Group | None = None
    for column in range(first, view.width):
        text, place = view.text(top, column), view.owner(top, column)
        beneath = any(view.text(row, column) for row in range(top + 1, bottom + 1))
        if text and place != owner:
            owner = place
            code = _named(view, *place, headings)
            strange = code is None and _CODE.fullmatch(_said(text, headings)) is not None
            group = None
            if code is not None or strange:
                known = headings.names.plan.indicators
                group = Group(At(_said(text, headings), *place), known[code] if code is not None else None)
                groups.append(group)
            else:
                others.append(At(text, *place))
        elif not text and not beneath:
            group, owner = None, None
        if group is not None:
            group.spots.append(Spot(column, ""))
    for each in groups:
        _describe(view, each, top, bottom, headings)
    return groups, others


def _describe(view: SheetView, group: Group, top: int, bottom: int, headings: Headings) -> None:
    """Say of each column of a group what stands above it."""
    columns = {spot.column for spot in group.spots}
    above: dict[int, At] = {}
    for spot in group.spots:
        path = [*_path(view, spot.column, top, bottom, columns)]
        rows = {at.row for at in path}
        for row in range(top + 1, bottom):
            # A heading that is not merged reaches over blank cells, if it names a part of a split.
            if row not in rows and row in above and rows and min(rows) > row:
                path.insert(0, above[row])
        spot.header = " / ".join(dict.fromkeys([group.named.text, *(" ".join(at.text.split()) for at in path)]))
        for depth, at in enumerate(path):
            told = _understand(spot, at, headings, last=depth == len(path) - 1 and len(columns) > 1)
            above.pop(at.row, None)
            if told and at.row < bottom:
                above[at.row] = at


def _path(view: SheetView, column: int, top: int, bottom: int, group: set[int]) -> Iterator[At]:
    """The cells above a column, but for a title that stands above all columns of its group."""
    seen: set[tuple[int, int]] = set()
    for row in range(top + 1, bottom + 1):
        owner, text = view.owner(row, column), view.text(row, column)
        if not text or owner in seen:
            continue
        seen.add(owner)
        area = view.area(row, column)
        if area is None or len(group) == 1 or not group <= {*range(area.left, area.right)}:
            yield At(text, *owner)


def _understand(spot: Spot, at: At, headings: Headings, *, last: bool) -> bool:
    """Note what one cell of a head says of its column; whether it names a part of a split.

    `last`: whether the words that are left say which of several columns it is.
    """
    split = False
    rest: list[str] = []
    for piece in _pieces(at.text, headings):
        parts = headings.parts(piece)
        for part in parts:
            if part.kind == "dimension":
                spot.dimensions.setdefault(part.name, At(part.text, at.row, at.column))
                split = True
            elif part.kind == "total":
                spot.total = True
            elif part.kind == "role":
                spot.role = spot.role or part.name
            else:
                spot.doubt = True
        if not parts and is_share_of(piece):
            spot.role = spot.role or "share"
        elif not parts and (headings.names.units.resolve(piece)) is not None:
            spot.unit = At(piece, at.row, at.column)
            rest.append(piece)
        elif not parts:
            rest.append(piece)
    if last and rest:
        spot.words = folded(" ".join(rest))
    return split


def _pieces(text: str, headings: Headings) -> Sequence[str]:
    """A head as a whole, where that says something, else what stands in it between signs."""
    if headings.parts(text) or is_share_of(text) or headings.names.units.resolve(text) is not None:
        return [text]
    return [piece for each in _PIECES.split(text) if (piece := each.strip())]


def is_share_of(text: str) -> bool:
    """Whether a head names what a numerator and a denominator make."""
    return is_share(text, _BOTH) or _PER.fullmatch(" ".join(text.split())) is not None
