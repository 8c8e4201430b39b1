"""Heads of months that do not say their year: the quarter beside them does, else what stands above the table.

Read `give_years` first. Months beneath or beside a quarter that are none of its own are told, and stay its parts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from mne.reports.grid import text_of

if TYPE_CHECKING:
    from mne.reports.grid import Cell
    from mne.reports.headings import Heading, Headings
    from mne.reports.names import Names
    from mne.reports.windows import Window

__all__ = ["give_years", "lacks_years", "months_of"]

_FEWEST: Final = 2


def lacks_years(window: Window) -> bool:
    """Whether a table has parts of a year as heads of its figures, and no head that says of which year."""
    dated = any(each.period is not None and not each.bare for each in window.figures)
    return not dated and any(each.bare for each in window.figures)


def give_years(window: Window, headings: Headings, above: Cell) -> None:
    """Complete the parts of a year with the year of the period that holds them, beside them or above the table.

    Args:
        window: the table; `misnamed` gets the columns that stand as parts of a period and are none of it.
        headings: reads periods.
        above: the period that is said above the table, if one is.
    """
    bare = [each for each in window.figures if each.bare and each.period is not None and not each.ambiguous]
    if not bare:
        return
    wholes = [each for each in window.figures if each.period is not None and not each.bare and not each.total]
    left: list[Heading] = []
    for each in bare:
        texts = [whole.period.text for whole in wholes if whole.period is not None and whole.role == each.role]
        if not _take(each, headings, texts or [text_of(above) or ""]):
            left.append(each)
    for whole in wholes:
        own = [each for each in left if each.role == whole.role and _stands_for(each, whole, headings)]
        beside = [each for each in left if each.role == whole.role and not each.beneath]
        if not own and _is_beside(beside, whole, headings.names):
            own = beside
        window.misnamed |= {each.column: whole.column for each in own}


def _take(heading: Heading, headings: Headings, texts: list[str]) -> bool:
    """Complete a period by the one among some that holds it; whether there is one."""
    period = heading.period
    if period is None:
        return False
    found = {full for text in texts if text and (full := headings.of_the_year(period.text, text)) is not None}
    if len(found) == 1:
        heading.period = period._replace(text=min(found))
        heading.bare = False
    return bool(found)


def _stands_for(heading: Heading, whole: Heading, headings: Headings) -> bool:
    """Whether the head above a month names the quarter of another column."""
    if not heading.beneath or whole.period is None:
        return False
    named = headings.of_the_year(heading.beneath, whole.period.text)
    return named is not None and headings.covers(named, whole.period.text)


def _is_beside(parts: list[Heading], whole: Heading, names: Names) -> bool:
    """Whether months stand right beside a quarter, as many as it has, one after the other."""
    if len(parts) < _FEWEST or whole.period is None:
        return False
    columns = sorted(each.column for each in parts)
    touches = whole.column in (columns[0] - 1, columns[-1] + 1)
    return touches and all(b - a == 1 for a, b in pairwise(columns)) and len(columns) == len(months_of(whole, names))


def months_of(whole: Heading, names: Names) -> list[str]:
    """The labels of the months that the period of a column holds."""
    told = names.periods.read(whole.period.text) if whole.period is not None else None
    if told is None or told.start is None or told.last is None:
        return []
    first, last = (each.year * 12 + each.month - 1 for each in (told.start, told.last))
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(first, last + 1)]
