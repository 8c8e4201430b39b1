"""The tables of one sheet, whatever its layout: each as a grid with a known layout, or why there is none.

Read `tables_of` first. A table with one value a row is taken as it stands; any other is turned into one, and that is
said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mne.ground.maps import FrozenMap
from mne.reports.across_lines import laid_across
from mne.reports.grid import Area, Cell, Origin, distinct, in_lists, is_blank
from mne.reports.headers import header_key
from mne.reports.headings import counting, header_text
from mne.reports.merged import spread
from mne.reports.row_titles import categories_of_rows, may_be_named
from mne.reports.sections import find_sections
from mne.reports.share_rows import part_in
from mne.reports.sheet_view import SheetView
from mne.reports.strange_heads import is_strange_head
from mne.reports.unpivot import Laid, unpivot, unpivot_sections
from mne.reports.windows import Finder, Window, find_windows, has_roles

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.reports.grid import Grid
    from mne.reports.headers import HeaderReader, Layout
    from mne.reports.headings import Headings

__all__ = ["Found", "rows_of", "tables_of", "with_header"]

Placed = tuple[Cell, Origin | None]
_NONE: Final[Mapping[str, Placed]] = FrozenMap()
Found = tuple["Grid", "Layout | None", "list[Finding]", int]
_SPLITTING: Final = frozenset(("period", "bare", "dimension", "location"))
_SAID_ABOVE: Final = ("partner", "location", "period")
_BETWEEN: Final = 6
"""Rows above a header in which something may be said of the table beneath it."""
_ALONE: Final = 2
_LONG_SHEET: Final = 20_000
_LONG_TITLES: Final = 2_000
_MOST_WORDS: Final = 20
_LONGEST_HEADER: Final = 60
_NO_WORD: Final = re.compile(r"[\x00-@\[-`{-\x7f]*")
"""Figures and signs: no header for indicators is without a letter."""


def tables_of(
    grid: Grid,
    headers: HeaderReader,
    headings: Headings,
    *,
    given: frozenset[str],
    facts: Mapping[str, Placed] = _NONE,
    layout_as: str = "auto",
) -> Iterator[Found]:
    """Each table of a grid with its layout, what is to be said of its header, and how many columns were understood.

    Args:
        grid: a sheet.
        headers: reads the headers of columns.
        headings: reads the headers of columns of figures.
        given: what the caller says of every row.
        facts: what a mapping says of every row.
        layout_as: long, wide or blocks, where a mapping says so; auto looks.

    Findings: those of `HeaderReader.find` and of `unpivot`.
    """
    layout, said, most = headers.find(grid, given=given)
    missing = any(finding.code == "header-missing" for finding in said)
    if layout is None and said and not missing:
        yield grid, layout, said, most
        return
    if layout_as == "long" and not facts:
        yield grid, layout, said, most
        return
    if layout is not None and layout_as == "auto" and not facts:
        after = _next_table(grid, layout, headers, headings)
        above = _says_above(grid, layout, headers, headings)
        if after is not None and not above and not _says_between(grid, after, headers, headings):
            for part in (rows_of(grid, 0, after), rows_of(grid, after, len(grid.numbers))):
                yield from tables_of(part, headers, headings, given=given)
            return
        titled = _names_parts(grid, layout, headers, headings) or _has_share_rows(grid, layout, headings)
        titled = titled or _has_strange_head(grid, layout, headings)
        if after is None and not above and not titled and not _is_wider(grid, layout, headings):
            grid, read = spread(grid, layout)
            yield grid, layout, [*said, *read], most
            return
    view = SheetView(with_header(in_lists(grid)))
    if layout is None and layout_as == "auto" and (laid := _laid(view, headers, headings, given, facts)) is not None:
        yield laid.grid, laid.layout, laid.findings, len(laid.layout.columns)
        return
    windows = find_windows(view, headers, headings, facts=facts, blocks=layout_as == "blocks")
    windows = [each for each in windows if _is_usable(each, given)]
    if not windows:
        yield grid, layout, said, most
        return
    for window in windows:
        laid = unpivot(view, window, headings.names, headings)
        yield laid.grid, laid.layout, laid.findings, len(laid.layout.columns)


def _laid(
    view: SheetView, headers: HeaderReader, headings: Headings, given: frozenset[str], facts: Mapping[str, Placed]
) -> Laid | None:
    """The long table behind a sheet with the indicators above its columns, or with a table for each of them."""
    across = laid_across(view, headers, headings, given=given, facts=facts)
    return across if across is not None else _of_sections(view, headers, headings, given, facts)


def _of_sections(
    view: SheetView, headers: HeaderReader, headings: Headings, given: frozenset[str], facts: Mapping[str, Placed]
) -> Laid | None:
    """The long table behind a sheet with a table for each indicator."""
    sections = find_sections(view, headers, headings, facts=facts)
    if not sections or not all(_is_usable(each, given) for each in sections):
        return None
    return unpivot_sections(view, sections, headings.names, headings)


def with_header(grid: Grid) -> Grid:
    """A grid that names its own columns with their names as its first row, which people do not see as one."""
    if grid.header is None:
        return grid
    columns: list[list[Cell]] = [[label, *column] for label, column in zip(grid.header, grid.columns, strict=True)]
    return replace(grid, header=None, columns=[*columns], numbers=[0, *grid.numbers], held=frozenset())


def _is_usable(window: Window, given: frozenset[str]) -> bool:
    """Whether a window says what is reported and for when."""
    dated = window.has_period or "period" in given or all(each.period is not None for each in window.values)
    held = window.strange and (window.has_period or "period" in given)
    return held or (bool(window.values or (window.role_at is not None and window.figures)) and (dated or window.block))


def _is_wider(grid: Grid, layout: Layout, headings: Headings) -> bool:
    """Whether a table with all that a long one needs has further columns of figures."""
    read = {*layout.columns.values(), *layout.dimensions.values()}
    below = layout.columns.get("denominator")
    if below is not None and "numerator" not in layout.columns and header_key(layout.headers[below]) in counting():
        return True  # the value of a ratio is then its numerator
    for at, header in enumerate(layout.headers):
        parts = headings.parts(header) if header and at not in read else ()
        if any(part.kind in _SPLITTING or part.name in ("cumulative", "this_period") for part in parts):
            return True
        # A column that nobody knows may say which rows were only planned.
        if at not in read and not parts and _has_roles(grid, layout, at, headings):
            return True
    return False


def _has_roles(grid: Grid, layout: Layout, at: int, headings: Headings) -> bool:
    """Whether a column beneath the header says of its rows what was planned and achieved."""
    cells: dict[Cell, None] = {}
    for cell in distinct(grid.columns[at][layout.header_at + 1 :]):
        cells[cell] = None
        if len(cells) > _MOST_WORDS:
            return False
    return has_roles(cells, headings)


def _says_above(grid: Grid, layout: Layout, headers: HeaderReader, headings: Headings) -> bool:
    """Whether the rows above a header say, for all rows, what the table has no column for."""
    if layout.header_at < 1:
        return False
    names = headings.names
    # What stands above a header is on the first rows; the table beneath it may be long.
    view = SheetView(rows_of(grid, 0, min(len(grid.numbers), layout.header_at + _MOST_WORDS)))
    for window in find_windows(view, headers, headings)[:1]:
        for name in _SAID_ABOVE:
            cell = window.facts[name][0] if name in window.facts and name not in layout.columns else None
            lookup = {"partner": names.partners, "location": names.locations}.get(name)
            answer = lookup.match_cell(cell) if cell is not None and lookup is not None else None
            # A name that is nearly one of the plan's is said too, and told as mistyped.
            if cell is not None and (answer is None or answer.value is not None or answer.suggestion is not None):
                return True
    return False


def _names_parts(grid: Grid, layout: Layout, headers: HeaderReader, headings: Headings) -> bool:
    """Whether only the titles of rows say the category of each."""
    read = {*layout.columns.values(), *layout.dimensions.values()}
    if layout.dimensions or "category" in layout.columns or len(grid.numbers) > _LONG_TITLES:
        return False
    beneath = layout.header_at + 1
    spare = [grid.columns[at][beneath:] for at, header in enumerate(layout.headers) if header and at not in read]
    if not any(may_be_named((cell for cell in {*each} if isinstance(cell, str)), headings) for each in spare):
        return False
    view = SheetView(with_header(in_lists(grid)))
    return any(categories_of_rows(view, window, headings)[1] for window in find_windows(view, headers, headings))


def _has_share_rows(grid: Grid, layout: Layout, headings: Headings) -> bool:
    """Whether titles say that rows hold a numerator or a denominator alone."""
    own = layout.columns
    if "numerator" in own or "value" not in own or len(grid.numbers) > _LONG_TITLES:
        return False
    read = {*own.values(), *layout.dimensions.values()} - {own.get("indicator")}
    spare = (grid.columns[at][layout.header_at + 1 :] for at in range(len(grid.columns)) if at not in read)
    return any(part_in(cell, headings) for column in spare for cell in {*column} if isinstance(cell, str))


def _has_strange_head(grid: Grid, layout: Layout, headings: Headings) -> bool:
    """Whether beneath the rows of a long table stands the head of another one, whose words nobody knows."""
    at = layout.columns.get("indicator")
    if at is None or grid.header is not None or len(grid.numbers) > _LONG_TITLES:
        return False
    view, lookup = SheetView(in_lists(grid)), headings.names.indicators
    strange = {cell for cell in distinct(grid.columns[at][layout.header_at + 1 :]) if lookup.match_cell(cell).code}
    return any(
        grid.columns[at][row] in strange and is_strange_head(view, row, headings, first=False)
        for row in range(layout.header_at + 1, len(grid.numbers))
        if strange
    )


def _says_between(grid: Grid, after: int, headers: HeaderReader, headings: Headings) -> bool:
    """Whether the rows right above the header of a second table say something of the rows beneath it."""
    above = SheetView(rows_of(grid, max(0, after - _BETWEEN), after))
    finder = Finder(above, headers, headings)
    rows = [row for row in range(above.height) if len([*above.filled(row)]) <= _ALONE]
    return any(name in _SAID_ABOVE for row in rows for name in finder.facts(row, row + 1))


def _next_table(grid: Grid, layout: Layout, headers: HeaderReader, headings: Headings) -> int | None:
    """The row beneath a long table in which the header of another table stands."""
    at = layout.columns.get("indicator")
    if grid.header is not None or at is None:
        return None
    own = [header_key(header) for header in layout.headers]
    columns = [grid.columns[at]] if len(grid.numbers) > _LONG_SHEET else grid.columns
    known: dict[str, bool] = {}
    for column in columns:
        beneath = distinct(column[layout.header_at + 1 :])
        named = {cell for cell in beneath if isinstance(cell, str) and _names_indicators(cell, headers, known)}
        for row in range(layout.header_at + 1, len(grid.numbers)) if named else ():
            if column[row] in named and _is_other_header(grid, row, own, headings, headers):
                return row
    return None


def _names_indicators(cell: str, headers: HeaderReader, known: dict[str, bool]) -> bool:
    """Whether a cell is a header for indicators; asked once for each text."""
    if cell not in known and _NO_WORD.fullmatch(cell):
        known[cell] = False
    if cell not in known:
        name = headers.names.get(header_key(cell)) if len(cell) <= _LONGEST_HEADER else None
        known[cell] = name is not None and name.target == "indicator"
    return known[cell]


def _is_other_header(grid: Grid, row: int, own: Sequence[str], headings: Headings, headers: HeaderReader) -> bool:
    """Whether a row names columns, and not those of the table above it; a remark may hold one such word.

    The same words in other columns are the header of another table, if one of fewer columns; so are the same words
    beneath a line that says something of the rows that follow.
    """
    texts = {at: header_text(cell) for at, cell in enumerate(grid.row(row)) if not is_blank(cell)}
    known = (text and (header_key(text) in headers.names or headings.parts(text)) for text in texts.values())
    if len(texts) < _ALONE or not all(known):
        return False
    moved = any(header_key(text) != own[at] for at, text in texts.items())
    return moved or _says_between(grid, row, headers, headings)


def rows_of(grid: Grid, first: int, last: int) -> Grid:
    """Some of the rows of a grid."""
    areas = [
        Area(max(area.top, first) - first, area.left, min(area.bottom, last) - first, area.right)
        for area in grid.merged
        if area.top < last and area.bottom > first
    ]
    return replace(
        grid,
        columns=[column[first:last] for column in grid.columns],
        numbers=grid.numbers[first:last],
        widths=grid.widths[first:last] if grid.widths is not None else None,
        held=frozenset(row - first for row in grid.held if first <= row < last),
        merged=tuple(areas),
    )
