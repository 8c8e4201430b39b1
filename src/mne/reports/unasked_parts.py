"""Rows of a part that the plan does not ask for: ``of which connected this quarter`` beneath a running total.

Read `parts_unasked` first. Such a row is no second figure of its indicator. Where it says what was new in the period,
the total above it has to grow by that much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding, Place
from mne.logframe.indicator import TOTAL, Accumulation
from mne.reports.grid import Origin, is_blank
from mne.reports.maker import NOTHING
from mne.reports.row_titles import among, category_in, title_columns
from mne.reports.share_rows import part_in, without_part
from mne.reports.sums import Figure
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.reports.headings import Headings
    from mne.reports.maker import Maker, Placed, Record
    from mne.reports.sheet_view import SheetView
    from mne.reports.windows import Window

__all__ = ["parts_unasked", "tell_unasked"]

_TOTALS: Final = ("value", "cumulative")
_NEW: Final = re.compile(
    r"\b(?:new|newly|added|additional|nouveaux?|nouvelles?|nouvellement|supplémentaires?|ajouté\w*|новы[ехй]\w*|вновь"
    r"|добавлен\w*|нав|наво|иловашуда)\b"
    r"|\b(?:this|during the|in the|over the|pendant (?:le|la|ce|cette)|durant (?:le|la|ce|cette)|au cours d[ue]"
    r"|ce|cette|за|в этом|в отч[её]тном|дар|дар ин)\s+"
    r"(?:reporting |отч[её]тн\w+ )?(?:quarter|period|half-year|trimestre|période|semestre|квартал\w*|период\w*"
    r"|полугоди\w*|семоҳа\w*|давра\w*|нимсола\w*)"
)


def parts_unasked(view: SheetView, window: Window, headings: Headings) -> dict[int, int]:
    """Rows beneath the name of an indicator that are a part of no split, by the row of the whole above them."""
    if not window.section or "indicator" in window.keys:
        return {}
    found: dict[int, int] = {}
    values = [each.column for each in window.figures]
    columns = title_columns(window)
    whole: int | None = None
    for row in window.rows if columns else ():
        title = next((text for each in columns if (text := view.text(row, each))), "")
        if not title or all(is_blank(view.own(row, each)) for each in values):
            continue
        named = part_in(title, headings) or category_in(without_part(title, headings), headings)
        if among(title) is None:
            whole = row if named in (None, "", TOTAL) else whole
        elif named is None and whole is not None:
            found[row] = whole
    return found


def tell_unasked(maker: Maker, records: Sequence[Record]) -> None:
    """Say of each row of such a part that it was not read, and keep what a running total has to grow by.

    Findings: row-part-unasked.
    """
    grid = maker.view.grid
    by_row = {each.row: each for each in records if each.head is None}
    for row, whole in maker.unasked.items():
        title = next(text for each in title_columns(maker.window) if (text := maker.view.text(row, each)))
        place = Place(file=grid.file, sheet=grid.sheet, row=grid.numbers[row])
        maker.findings.append(Finding(code="row-part-unasked", place=place, found=title))
        if whole in by_row and _NEW.search(folded(title)):
            maker.figures += _growth(maker, row, by_row[whole])


def _growth(maker: Maker, row: int, whole: Record) -> Iterator[Figure]:
    """What a running total is and what was new, for each period in which both are given."""
    window = maker.window
    keys = {**window.facts, **whole.keys}
    code = maker.names.indicators.match_cell(keys.get("indicator", NOTHING)[0]).value
    if code is None or maker.names.plan.indicators[code].accumulation is not Accumulation.RUNNING_TOTAL:
        return
    for heading in window.values:
        if heading.role not in _TOTALS:
            continue
        new, total = (_placed(maker, each, heading.column, heading.header) for each in (row, whole.row))
        dated = {"period": (heading.period.text, None)} if heading.period is not None else {}
        yield Figure(code, {**keys, **dated}, new, total)


def _placed(maker: Maker, row: int, column: int, header: str) -> Placed:
    return maker.view.own(row, column), Origin(maker.view.grid.numbers[row], column, header)
