"""A code above two tables of one sheet whose titles differ: the head of a block was copied, and its code left.

Read `doubted` first. Which indicator was meant is told only where one is missing in its place: the tables of a sheet
follow the plan, and of what stands in it between two of them only one indicator is asked of this partner and has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mne.reports.grid import Flaw
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.headings import Headings
    from mne.reports.windows import Window

__all__ = ["doubted"]

_SEVERAL: Final = 2


def doubted(windows: Sequence[Window], titles: Mapping[int, str], headings: Headings) -> None:
    """Put in place of a code what is wrong with it, where it stands above another table and this one's title differs.

    Args:
        windows: the tables of a sheet, each beneath the name of its indicator, with what is said above them.
        titles: what stands behind or beside the code in rows that name an indicator.
        headings: reads the words for categories, places and periods.

    Findings, in the cells of codes: indicator-again; indicator-conflict with what the title means.
    """
    named = [each for each in windows if "indicator" in each.facts and each.named_at in titles]
    codes = [_code(each) for each in named]
    for window in named:
        cell, origin = window.facts["indicator"]
        if isinstance(cell, Flaw) and cell.code == "indicator-conflict" and cell.text in codes and cell.of not in codes:
            window.facts["indicator"] = replace(cell, suggestion=cell.of), origin
    for code in dict.fromkeys(each for each in codes if codes.count(each) > 1):
        _of_one_code(code, named, codes, titles, headings)


def _code(window: Window) -> str:
    cell = window.facts["indicator"][0]
    return cell if isinstance(cell, str) else ""


def _of_one_code(
    code: str, named: Sequence[Window], codes: Sequence[str], titles: Mapping[int, str], headings: Headings
) -> None:
    """Doubt one of the tables of a code, if just one of them stands where another indicator is missing."""
    own = [at for at, each in enumerate(codes) if each == code]
    said = [titles[named[at].named_at] for at in own]
    if code not in headings.names.plan.indicators or not all(map(_is_title, said)) or _are_alike(said, headings):
        return
    likely = [(at, other) for at in own for other in _missing(at, named, codes, headings)]
    if len(likely) != 1:
        return
    (at, other) = likely[0]
    origin = named[at].facts["indicator"][1]
    named[at].facts["indicator"] = Flaw("indicator-again", code, expected=other, suggestion=other, of=other), origin
    # A unit is judged by its indicator, which nobody knows here.
    named[at].keys.pop("unit", None)


def _is_title(text: str) -> bool:
    return any(map(str.isalpha, text))


def _are_alike(titles: Sequence[str], headings: Headings) -> bool:
    """Whether titles are of one indicator: the same, one within the other, or the words for a group or a place."""
    words = [{*folded(each).split()} for each in titles]
    if any(headings.parts(each) for each in titles):
        return True
    pairs = [(one, other) for at, one in enumerate(words) for other in words[at + 1 :]]
    return any(len(one & other) * _SEVERAL >= min(len(one), len(other)) for one, other in pairs)


def _missing(at: int, named: Sequence[Window], codes: Sequence[str], headings: Headings) -> list[str]:
    """The indicators that the plan has between the tables above and below one, and that no table of the sheet is of."""
    plan = headings.names.plan
    order = [*plan.indicators]
    own = order.index(codes[at])
    before = [order.index(each) for each in codes[:at] if each in plan.indicators]
    after = [order.index(each) for each in codes[at + 1 :] if each in plan.indicators]
    first, last = (before[-1] if before else -1), (after[0] if after else len(order))
    if not first <= own <= last:
        return []
    return [each for each in order[first + 1 : last] if each not in codes and _is_asked(each, named[at], headings)]


def _is_asked(code: str, window: Window, headings: Headings) -> bool:
    """Whether the plan asks an indicator of the partner of a table, for a period of its columns."""
    names = headings.names
    indicator = names.plan.indicators[code]
    partner = names.partners.match_cell(window.facts.get("partner", (None, None))[0]).value
    asked = (
        not indicator.assignments or partner is None or any(each.partner == partner for each in indicator.assignments)
    )
    return asked and indicator.formula is None and _is_due(indicator, window, headings)


def _is_due(indicator: Indicator, window: Window, headings: Headings) -> bool:
    read = headings.names.periods.read
    told = [read(each.period.text) for each in window.figures if each.period is not None]
    own = {(each.start, each.last_day) for each in headings.names.plan.periods(indicator.frequency)}
    return not told or any((each.start, each.last) in own for each in told)
