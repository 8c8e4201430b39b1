"""The tables on a sheet that are wider than one value a row: where each begins and ends, and what its columns say.

Read `find_windows` first. A table is found by the header of its column of indicators; a block for each indicator, as
in the logframes of some donors, by its row of baseline, milestones and targets above rows of what was achieved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mne.ground.maps import FrozenMap
from mne.ground.phrases import phrase
from mne.reports.grid import Cell, Flaw, Origin, is_blank
from mne.reports.headers import header_key
from mne.reports.headings import ASIDE, At, Heading, Headings, words_around
from mne.reports.month_heads import give_years, lacks_years
from mne.reports.said_above import facts_in
from mne.reports.unit_lines import unit_fits

if TYPE_CHECKING:
    from mne.reports.headers import HeaderReader
    from mne.reports.sheet_view import SheetView

__all__ = ["KEYS", "Finder", "Window", "find_windows", "has_roles", "named_indicator"]

KEYS: Final = (
    "project", "indicator", "period", "year", "period_start", "period_end", "partner", "location", "category", "unit",
    "state", "status", "revision", "reported_on", "illustrative", "text", "comment", "evidence",
)  # fmt: skip
"""Columns that say something of a whole row."""

_REMARKS: Final = ("text", "comment", "evidence")
_PLANNED: Final = ("target", "baseline", "previous")
_MOST_ROLES: Final = 12
_DEEPEST: Final = 3
_LONGEST: Final = 60
_LONGEST_TITLE: Final = 200
_BLOCK: Final = 40
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])")
_NONE: Final[Mapping[str, tuple[Cell, Origin | None]]] = FrozenMap()
_VALUES: Final = ("value", "this_period", "cumulative", "numerator", "denominator", "text")


@dataclass(slots=True)
class Window:
    """One table of a sheet, by positions: header rows `top` to `bottom`, rows until `end`."""

    top: int
    bottom: int
    end: int
    keys: dict[str, int] = field(default_factory=dict)
    dimensions: dict[str, int] = field(default_factory=dict)
    figures: list[Heading] = field(default_factory=list)
    aside: list[Heading] = field(default_factory=list)
    sums: list[Heading] = field(default_factory=list)
    titles: int | None = None
    """The column of the titles of rows, where they alone say the category of each."""
    shares: bool = False
    """Whether numerators and denominators stand in rows of their own."""
    within: dict[int, str] = field(default_factory=dict)
    """Columns of months, with the quarter of which the indicators' own figure was read."""
    misnamed: dict[int, int] = field(default_factory=dict)
    """Columns of months that are not those of the quarter whose parts they are, with the column of that quarter."""
    ambiguous: list[tuple[Heading, str]] = field(default_factory=list)
    unknown: list[At] = field(default_factory=list)
    known: list[At] = field(default_factory=list)
    """Headers that are understood, and whose columns are not read."""
    facts: dict[str, tuple[Cell, Origin | None]] = field(default_factory=dict)
    role_at: int | None = None
    block: bool = False
    section: bool = False
    """The table of one indicator, which stands above it and is among `facts`."""
    share: tuple[int, int, int] | None = None
    """The columns of a numerator, a denominator and what they make, where only the figures show which is which."""
    strange: bool = False
    """Beneath the name of its indicator stands a head that nobody knows, and none that is known above it."""
    first: int = -1
    """The first row of data, where it is not the one beneath the header."""
    named_at: int = -1
    """The row that names the indicator of a section, if one does."""
    told: set[int] = field(default_factory=set)
    """Rows of the sheet that say something of a whole table, and were read for that."""
    unfit: tuple[Cell, Origin | None] | None = None
    """A unit that stands above all tables of the sheet, and is not one of this table's indicator."""
    headers: dict[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> range:
        """The rows beneath the header that are the table's own."""
        return range(max(self.bottom + 1, self.first), self.end)

    @property
    def rows_have_period(self) -> bool:
        """Whether each row says its period."""
        dated = any(each.date_of in _VALUES for each in self.aside)
        return _dates({*self.keys}) or dated

    @property
    def has_period(self) -> bool:
        """Whether the rows or what stands above the table say the period."""
        return self.rows_have_period or _dates({*self.keys, *self.facts})

    @property
    def values(self) -> list[Heading]:
        """The columns that hold values."""
        return [each for each in self.figures if each.role in _VALUES]


def _dates(columns: set[str]) -> bool:
    return "period" in columns or "year" in columns or {"period_start", "period_end"} <= columns


def find_windows(
    view: SheetView,
    headers: HeaderReader,
    headings: Headings,
    *,
    facts: Mapping[str, tuple[Cell, Origin | None]] = _NONE,
    blocks: bool = False,
) -> list[Window]:
    """The tables of a sheet, in the order in which they stand.

    Args:
        view: the sheet.
        headers: reads the headers of columns.
        headings: reads the headers of columns of figures.
        facts: what is known of all rows; what the sheet itself says comes before it.
        blocks: the sheet has blocks only, for each indicator one.
    """
    finder = Finder(view, headers, headings)
    anchors = [] if blocks else finder.anchors()
    windows = [window for row in anchors if (window := finder.table(row)) is not None]
    if not windows:
        windows = finder.blocks()
    kept: list[Window] = []
    for window in windows:
        if not kept or window.top > kept[-1].bottom:
            kept.append(window)
    for at, window in enumerate(kept):
        window.end = kept[at + 1].top if at + 1 < len(kept) else view.height
    finder.complete(kept, facts)
    return kept


class Finder:
    """Finds the tables of one sheet, and what is said above them."""

    def __init__(self, view: SheetView, headers: HeaderReader, headings: Headings) -> None:
        self.view = view
        self.headers = headers
        self.headings = headings
        self._names: dict[str, tuple[str, str] | None] = {}

    def name(self, text: str) -> tuple[str, str] | None:
        """The kind and the canonical name of a header."""
        if text not in self._names:
            found = self.headers.name_of(text)[0] if text and len(text) <= _LONGEST else None
            self._names[text] = (found.kind, found.target) if found is not None else None
        return self._names[text]

    def names_indicator(self, row: int) -> int | None:
        """The column whose cell in a row is the header of indicators, a column of codes before one of titles."""
        found: dict[str, int] = {}
        filled = 0
        for column in self.view.filled(row):
            filled += 1
            cell = self.view.own(row, column)
            if isinstance(cell, str) and (name := self.name(cell.strip())) is not None and name[1] == "indicator":
                found.setdefault(name[0], column)
        return found.get("column", found.get("also")) if filled > 1 else None

    def anchors(self) -> list[int]:
        """The rows with a header of indicators; where one of these stands beneath a header, ``No`` is an answer."""
        found: list[int] = []
        columns: set[int] = set()
        for row in range(self.view.height):
            at = self.names_indicator(row)
            if at is None or any(self._is_indicator(row, column) for column in columns):
                continue
            found.append(row)
            columns.add(at)
        return found

    def _is_indicator(self, row: int, column: int) -> bool:
        cell = self.view.own(row, column)
        return isinstance(cell, str) and self.headings.names.indicators.known(cell) is not None

    # -------------------------------------------------------------------------------------------------- the tables

    def table(self, row: int, at: int | None = None) -> Window | None:
        """The table whose header of indicators stands in a row; or, with `at`, its first header of any other kind."""
        section = at is not None
        at = self.names_indicator(row) if at is None else at
        if at is None:
            return None
        top, bottom = row, row
        area = self.view.area(row, at)
        if area is not None and row < area.bottom - 1 <= row + _DEEPEST:
            # What is merged with a header down to another row makes that row one of the header.
            bottom = area.bottom - 1
        while bottom + 1 < self.view.height and bottom - row < _DEEPEST and self._is_below(bottom + 1, at):
            bottom += 1
        while top > 0 and row - top < _DEEPEST and self._is_above(top - 1, row, at):
            top -= 1
        window = Window(top, bottom, self.view.height, section=section)
        self._columns(window)
        return window if section or "indicator" in window.keys else None

    def _is_below(self, row: int, at: int) -> bool:
        """Whether a row continues the header above it: nothing under the header of indicators, and only headings."""
        if not is_blank(self.view.own(row, at)):
            return False
        texts = [(column, self.view.text(row, column)) for column in self.view.filled(row)]
        texts = [(column, text) for column, text in texts if not isinstance(self.view.own(row, column), Flaw)]
        if not texts:
            return False
        return all(text and (self.headings.parts(text) or self.name(text) is not None) for _, text in texts)

    def _is_above(self, row: int, header: int, at: int) -> bool:
        """Whether a row above the header belongs to it: only headings, and none above what is no column of figures."""
        texts = [(column, self.view.text(row, column)) for column in self.view.filled(row)]
        if not texts:
            return False
        for column, text in texts:
            area = self.view.area(row, column)
            covers = area is not None and area.left <= at < area.right
            below = self.name(self.view.text(header, column))
            key = below is not None and below[1] in KEYS and self.headings.role(self.view.text(header, column)) == ""
            if covers or column == at or not text or not self.headings.parts(text) or (key and area is None):
                return False
        return True

    def _paths(self, window: Window) -> list[list[At]]:
        """The cells above each column, the topmost first; a heading reaches to the right until the next one."""
        view, rows = self.view, range(window.top, window.bottom + 1)
        paths: list[list[At]] = []
        reach: dict[int, tuple[At, set[str]]] = {}
        for column in range(view.width):
            path: list[At] = []
            seen: set[tuple[int, int]] = set()
            label = next((view.text(row, column) for row in reversed(rows) if view.text(row, column)), "")
            for row in rows:
                owner, text = view.owner(row, column), view.text(row, column)
                if text and owner not in seen:
                    seen.add(owner)
                    path.append(At(text, *owner))
                    if row < window.bottom:
                        reach[row] = (path[-1], {header_key(label)})
                elif not text and row in reach and self._reaches(row, column, label, reach[row][1]):
                    path.insert(0, reach[row][0])
                    reach[row][1].add(header_key(label))
                elif not text and label:
                    reach.pop(row, None)
            paths.append(path)
        return paths

    def _reaches(self, row: int, column: int, label: str, labels: set[str]) -> bool:
        """Whether a heading that is not merged reaches on over a blank cell: to a heading not yet under it."""
        if not label or self.view.area(row, column) is not None or header_key(label) in labels:
            return False
        return bool(self.headings.parts(label))

    def _columns(self, window: Window) -> None:
        """Sort the columns of a table into those of keys, of figures, and what is neither."""
        second: dict[str, int] = {}
        for column, path in enumerate(self._paths(window)):
            if not path:
                continue
            heading = self.headings.of(column, path)
            window.headers[column] = heading.header
            name = self.name(path[-1].text)
            if name is not None and not heading.is_placed and name[1] in KEYS and name[1] not in _REMARKS:
                kind = {"column": window.keys, "also": second}.get(name[0])
                if kind is not None and not (heading.role == "date" and heading.date_of):
                    kind.setdefault(name[1], column)
                    continue
            if name is not None and name[0] == "dimension" and not heading.is_placed:
                window.dimensions.setdefault(name[1], column)
            elif heading.ambiguous:
                window.ambiguous.append((heading, heading.ambiguous))
            elif heading.said and (heading.is_placed or heading.role):
                heading.role = heading.role or "value"
                (window.aside if heading.role in ASIDE else window.figures).append(heading)
            else:
                (window.unknown if name is None else window.known).append(path[-1])
        window.keys = {**second, **window.keys}

    def complete(self, windows: Iterable[Window], facts: Mapping[str, tuple[Cell, Origin | None]]) -> None:
        """Add to windows what is said above them, and settle what their columns mean."""
        known = dict(facts)
        units = [known.pop("unit")] if "unit" in known else []
        told: set[int] = set()
        title: dict[str, tuple[Cell, Origin | None]] = {}
        after = 0
        for window in windows:
            window.told = told
            lead = self._lead(window, after)
            if not after and (above := self.facts(0, lead).get("unit")) is not None:
                units = [above[0]]
            said = self.facts(after, window.top)
            said.pop("unit", None)
            told |= {row for _, row in said.values()}
            known |= {name: placed for name, (placed, _) in said.items()}
            own: dict[str, tuple[Cell, Origin | None]] = {}
            if not _dates({*known}) and self._lacks_period(window):
                own = title = self._title(window, after, title)
            elif "period" not in known and lacks_years(window):
                title = self._title(window, after, title)
            give_years(window, self.headings, {**title, **known}.get("period", (None, None))[0])
            own = {**own, **self._unit(window, lead, units)}
            window.facts |= {name: fact for name, fact in {**known, **own}.items() if name not in window.keys}
            self.settle(window)
            after = window.bottom + 1

    def _lead(self, window: Window, after: int) -> int:
        """The row from which on a unit is that of one table alone; what is above the first table is for all of them."""
        if not window.section:
            return after or window.top
        if window.named_at > window.top:
            return window.named_at
        lead = start = window.named_at if window.named_at >= 0 else window.top
        while lead > after and any(True for _ in self.view.filled(lead - 1)):
            lead -= 1
        # Right beneath the rows of another table it would be a note of theirs.
        return lead if lead > after > 0 else start

    def _unit(
        self, window: Window, lead: int, units: list[tuple[Cell, Origin | None]]
    ) -> dict[str, tuple[Cell, Origin | None]]:
        """The unit that a table says of itself, else the one above all tables where it fits the table's indicator."""
        last = max(window.top, lead)
        if window.named_at > window.top:
            last = lead + 1
            while last < self.view.height and self.facts(last, last + 1):
                last += 1
        own = self.facts(lead, last).get("unit")
        if own is not None:
            window.told.add(own[1])
            return {"unit": own[0]}
        for unit in units:
            indicator = window.facts.get("indicator")
            if indicator is None or unit_fits(self.headings.names, indicator[0], unit[0]):
                return {"unit": unit}
            window.unfit = unit
        return {}

    def _title(
        self, window: Window, after: int, before: dict[str, tuple[Cell, Origin | None]]
    ) -> dict[str, tuple[Cell, Origin | None]]:
        """The period that the title of a table names, else the one that a title above all tables of the sheet does.

        Between two tables stand notes of the upper one as well: there a title is what stands right above the header,
        apart from what is above it, or says nothing but a period.
        """
        if not after:
            return self.titled(range(window.top))
        lead = window.top
        while lead > after and any(True for _ in self.view.filled(lead - 1)):
            lead -= 1
        apart = lead > after
        rows = range(lead, window.top)
        read = self.headings.names.periods.read
        bare = [row for row in rows if (text := self._lone(row)) and _YEAR.search(text) and read(text).code is None]
        own = self.titled(bare[-1:]) if bare else {}
        if not own and apart and not (before and window.section):
            own = self.titled(rows)
        # A title of its own that names no period, but a year, is for something else than the one above it.
        other = apart and not window.section and any(map(_YEAR.search, map(self._lone, rows)))
        return own or ({} if other else before) or self.titled(())

    def _lone(self, row: int) -> str:
        """The text of a row that has no other cell."""
        filled = [*self.view.filled(row)]
        return self.view.text(row, filled[0]) if len(filled) == 1 else ""

    @staticmethod
    def _lacks_period(window: Window) -> bool:
        return not window.block and not window.rows_have_period and all(each.period is None for each in window.values)

    def titled(self, rows: Iterable[int]) -> dict[str, tuple[Cell, Origin | None]]:
        """The period that a title above a table names, else the name of its sheet; nothing where two are named."""
        texts: list[tuple[str, Origin | None]] = []
        for row in rows:
            for column in self.view.filled(row):
                cell = self.view.own(row, column)
                if isinstance(cell, str) and len(cell) <= _LONGEST_TITLE:
                    texts.append((cell, self.view.origin(row, column)))
        read = self.headings.names.periods.named_in
        found = {bounds: (said, origin) for text, origin in texts for bounds, said in read(text).items()}
        if not found and self.view.grid.sheet:
            found = {bounds: (said, None) for bounds, said in read(self.view.grid.sheet).items()}
        return {"period": found.popitem()[1]} if len(found) == 1 else {}

    def settle(self, window: Window) -> None:
        """Decide what only the whole table shows: remarks on rows, sums, columns that say the same."""
        placed = any(each.is_placed for each in window.figures)
        for each in [each for each in window.figures if not each.is_placed and each.role in ("comment", "text")]:
            if placed:
                window.figures.remove(each)
                window.keys.setdefault(each.role, each.column)
        if any(each.period is not None for each in window.figures):
            self._settle_periods(window)
        self._settle_places(window)
        twice = Counter((each.place, each.role) for each in window.figures)
        for each in [each for each in window.figures if twice[each.place, each.role] > 1]:
            window.figures.remove(each)
            window.ambiguous.append((each, phrase("another column of the same meaning")))
        if window.role_at is None and not window.block:
            self._find_roles(window)

    def _settle_periods(self, window: Window) -> None:
        """Where some columns name their period, what the others mean."""
        in_rows = window.rows_have_period
        by_place = any(any(each.spot[1:]) for each in window.figures)
        for each in list(window.figures):
            if (each.period is not None) != in_rows:
                continue
            window.figures.remove(each)
            if not in_rows and each.total and not by_place:
                window.sums.append(each)
            else:
                window.ambiguous.append(
                    (each, phrase("a period in its row as well") if in_rows else phrase("no period"))
                )

    def _settle_places(self, window: Window) -> None:
        """Where some columns name their place or their partner, those whose heading names one that nobody knows."""
        for kind, why in (("location", phrase("no place that is known")), ("partner", phrase("no partner"))):
            if not any(getattr(each, kind) for each in window.figures):
                continue
            for each in [each for each in window.figures if each.strange and getattr(each, kind) is None]:
                window.figures.remove(each)
                window.ambiguous.append((each, why))

    def _find_roles(self, window: Window) -> None:
        """The column whose cells say of each row whether it was planned or achieved."""
        taken = {*window.keys.values(), *window.dimensions.values(), *(each.column for each in window.figures)}
        taken |= {each.column for each in window.aside}
        found = [column for column in range(self.view.width) if column not in taken and self._has_roles(window, column)]
        if len(found) == 1:
            (window.role_at,) = found
            window.unknown = [each for each in window.unknown if each.column != window.role_at]
            # What a column is called then matters less than what its row says: planned and achieved stand beneath it.
            moved = [each for each in window.aside if each.role == "target" and each.is_placed]
            window.aside = [each for each in window.aside if each not in moved]
            window.figures += moved

    def _has_roles(self, window: Window, column: int) -> bool:
        cells = (self.view.own(row, column) for row in window.rows)
        return has_roles(cells, self.headings)

    # -------------------------------------------------------------------------------------------------- the blocks

    def blocks(self) -> list[Window]:
        """A block for each indicator: a row of baseline, milestones and targets above planned and achieved."""
        heads = [row for row in range(self.view.height) if self._is_head(row)]
        windows = []
        for at, row in enumerate(heads):
            end = heads[at + 1] if at + 1 < len(heads) else min(self.view.height, row + _BLOCK)
            window = Window(row, row, end, block=True)
            while window.bottom + 1 < end and self._continues(window.bottom + 1):
                window.bottom += 1
            self._block_columns(window)
            if window.role_at is not None and window.figures:
                windows.append(window)
        return windows

    def _is_head(self, row: int) -> bool:
        roles: set[str] = set()
        periods = 0
        for column in self.view.filled(row):
            cell = self.view.own(row, column)
            if isinstance(cell, str) and len(cell) > 2 * _LONGEST:
                continue
            for part in self.headings.parts(self.view.text(row, column)):
                roles |= {part.name} if part.kind == "role" else set()
                periods += part.kind == "period"
        return bool(roles & {"baseline", "target"}) and (periods > 0 or len(roles) > 1) and "value" not in roles

    def _continues(self, row: int) -> bool:
        """Whether a row beneath the head of a block holds its dates: no more than headings."""
        texts = [self.view.text(row, column) for column in self.view.filled(row)]
        parts = [part for text in texts for part in self.headings.parts(text)]
        return bool(texts) and len(parts) >= len(texts) and all(part.kind in ("period", "bare") for part in parts)

    def _block_columns(self, window: Window) -> None:
        for column, path in enumerate(self._paths(window)):
            if path:
                heading = self.headings.of(column, path)
                window.headers[column] = heading.header
                if heading.role == "baseline":
                    window.aside.append(heading)
                elif heading.role in ("target", "") and (heading.is_placed or heading.role):
                    window.figures.append(heading)
        figures = {each.column for each in (*window.figures, *window.aside)}
        for column in range(self.view.width):
            cells = [self.view.own(row, column) for row in range(window.bottom + 1, window.end)]
            roles = {self.headings.role(cell) for cell in cells if isinstance(cell, str)}
            if column not in figures and roles & {"value", "this_period", "cumulative"}:
                window.role_at = column
                break

    # --------------------------------------------------------------------------------------------------- the facts

    def facts(self, first: int, last: int) -> dict[str, tuple[tuple[Cell, Origin | None], int]]:
        """What is said above a table for all of its rows, and where: ``Partner: ORG-A``, in one cell or in two."""
        found: dict[str, tuple[tuple[Cell, Origin | None], int]] = {}
        for row in range(first, last):
            columns = list(self.view.filled(row))
            for at, column in enumerate(columns):
                cell = self.view.own(row, column)
                if not isinstance(cell, str) or len(cell) > _LONGEST_TITLE:
                    continue
                for name, label, said in facts_in(cell, self.name, self.headings.names):
                    if said:
                        found[name] = (said, self.view.origin(row, column, label)), row
                    elif at + 1 < len(columns) and not isinstance(self.view.own(row, columns[at + 1]), Flaw):
                        other = columns[at + 1]
                        if self.name(self.view.text(row, other)) is None:
                            origin = self.view.origin(row, other, label)
                            found[name] = (self.view.own(row, other), origin), row
        return found


def has_roles(cells: Iterable[Cell], headings: Headings) -> bool:
    """Whether a column says of its rows what was planned and achieved, even if some of its words are not known."""
    words = [cell for cell in dict.fromkeys(cells) if isinstance(cell, str) and cell.strip()]
    if not words or len(words) > _MOST_ROLES or any(len(word) > _LONGEST for word in words):
        return False
    roles = [role for word in words if (role := headings.role(word))]
    if not {*_PLANNED, *_VALUES} & {*roles}:
        return False
    return len(roles) == len(words) or (bool({*_PLANNED} & {*roles}) and 2 * len(roles) >= len(words))


def named_indicator(text: str, codes: Iterable[str]) -> str | None:
    """The code behind ``Output indicator 1.1``: the one that is or ends with what stands after the word."""
    words = text.split()
    for length in range(len(words) - 1, 0, -1):
        if header_key(" ".join(words[:length])) in words_around("indicator"):
            rest = re.escape(" ".join(words[length:]).strip(" :.–-"))
            like = [code for code in codes if re.fullmatch(rf"(?:[^\W\d_]+[ .-]?)?{rest}", code)]
            return like[0] if len(like) == 1 else None
    return None
