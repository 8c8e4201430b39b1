"""The partner of a sheet that has no line for it: the first sheet of its workbook names one, or its title does.

Read `partner_for` first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Place
from mne.ground.sheets import column_letters
from mne.reports.layouts import rows_of
from mne.reports.sheet_view import SheetView
from mne.reports.windows import Finder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mne.reports.grid import Cell, Grid
    from mne.reports.headers import HeaderReader
    from mne.reports.headings import Headings

__all__ = ["code_in_title", "partner_for", "partner_in_title"]

_TOP: Final = 20
"""Rows of a sheet among which its title and what is said of the whole of it stand."""
_ALONE: Final = 2
_SHORTEST: Final = 3
"""Letters and digits of a code that cannot be a word of the title by chance."""


def partner_for(grid: Grid, grids: Sequence[Grid], headers: HeaderReader, headings: Headings) -> str | None:
    """The partner of a sheet's table that has no partner of its own; None where the first sheet does not say one.

    Args:
        grid: the table, or one made of it.
        grids: the sheets of its workbook.
        headers: reads the headers of columns.
        headings: reads the headers of columns of figures.
    """
    shown = [each for each in grids if each.hidden is None]
    own = next((each for each in shown if each.sheet == grid.sheet), None)
    if own is None or len(shown) < 2 or own is shown[0] or _lines(own, headers, headings):
        return None
    said = {headings.names.partners.match_cell(cell).value for cell in _lines(shown[0], headers, headings)}
    partner = said.pop() if len(said) == 1 else None
    return None if partner is None or _is_of_another(own, partner, headings) else partner


def partner_in_title(grid: Grid, grids: Sequence[Grid], headings: Headings) -> str | None:
    """The one partner that the name of a table's sheet, or a title at its top, speaks of; None for none or several.

    A title may speak of somebody else than the sender, so that this is what to ask, and not what to count by.
    """
    own = next((each for each in grids if each.sheet == grid.sheet), None)
    return _spoken_of(_titles(own), headings) if own is not None and own.header is None else None


def _spoken_of(texts: Sequence[str], headings: Headings) -> str | None:
    """The one partner that texts speak of, by its code or a title of it."""
    lookup = headings.names.partners
    found = {code for text in texts if (code := lookup.known(text)) is not None}
    for each in headings.names.plan.organisations:
        code = each.id
        titles = headings.names.titles("partner", code, each.title) if code in lookup.codes else ()
        words = "|".join(re.escape(word) for word in (code, *titles) if len(word) > 1 and titles)
        named = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])") if words else None
        if named is not None and any(map(named.search, texts)):
            found.add(code)
    return found.pop() if len(found) == 1 else None


def code_in_title(
    grid: Grid, grids: Sequence[Grid], headers: HeaderReader, headings: Headings
) -> tuple[str, Place] | None:
    """The partner whose code, and nobody else's name, stands in a title above a table, and where; None for any doubt.

    Args:
        grid: the table, or one made of it.
        grids: the sheets of its workbook; where a line of a sheet names a partner, a title is no answer.
        headers: reads the headers of columns.
        headings: reads the headers of columns of figures.
    """
    shown = [each for each in grids if each.hidden is None]
    own = next((each for each in shown if each.sheet == grid.sheet), None)
    if own is None or own.header is not None or any(_lines(each, headers, headings) for each in shown):
        return None
    view = SheetView(rows_of(own, 0, min(len(own.numbers), _TOP)))
    lines = _above(view, Finder(view, headers, headings))
    code = _spoken_of([own.sheet or "", *(text for _, _, text in lines)], headings)
    if code is None or len(code) < _SHORTEST:
        return None
    named = re.compile(rf"(?<![\w-]){re.escape(code)}(?![\w-])")
    for row, column, text in lines:
        if named.search(text):
            number = own.numbers[row]
            cell = f"{column_letters(column + 1)}{number}" if own.has_letters else None
            return code, Place(file=own.file, sheet=own.sheet, row=number, cell=cell)
    return None


def _above(view: SheetView, finder: Finder) -> list[tuple[int, int, str]]:
    """What stands alone in the rows above the first header of a sheet, with its place."""
    lines: list[tuple[int, int, str]] = []
    for row in range(view.height):
        filled = [*view.filled(row)]
        if len(filled) > 1 and not finder.facts(row, row + 1):
            break
        lines += [(row, each, view.text(row, each)) for each in filled[: len(filled) == 1]]
    return lines


def _titles(grid: Grid) -> list[str]:
    """The name of a sheet, and what stands alone in a row at its top."""
    view = SheetView(rows_of(grid, 0, min(len(grid.numbers), _TOP)))
    lines = [row for row in range(view.height) if len([*view.filled(row)]) == 1]
    return [grid.sheet or "", *(view.text(row, column) for row in lines for column in view.filled(row))]


def _is_of_another(grid: Grid, partner: str, headings: Headings) -> bool:
    """Whether the name of a sheet or a title at its top speaks of another partner."""
    lookup = headings.names.partners
    if lookup.known(grid.sheet or "") not in (None, partner):
        return True
    others = "|".join(re.escape(code) for code in lookup.codes if code != partner)
    named = re.compile(rf"(?<![\w-])(?:{others})(?![\w-])") if others else None
    return named is not None and any(map(named.search, _titles(grid)))


def _lines(grid: Grid, headers: HeaderReader, headings: Headings) -> list[Cell]:
    """What the lines at the top of a sheet name as its partner, whether or not that is one."""
    if grid.header is not None:
        return []
    view = SheetView(rows_of(grid, 0, min(len(grid.numbers), _TOP)))
    finder = Finder(view, headers, headings)
    rows = [row for row in range(view.height) if len([*view.filled(row)]) <= _ALONE]
    facts = [finder.facts(row, row + 1).get("partner") for row in rows]
    return [fact[0][0] for fact in facts if fact is not None]
