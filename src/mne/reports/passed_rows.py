"""Rows of a table that are passed over, and why: nothing in them, the header again, a total, no figures.

Read `why_not` first. Of rows in which nothing was reported nothing is said; rows of totals are told where they are
compared (`mne.reports.total_rows`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.reports.grid import Cell, Flaw, is_blank, text_of
from mne.reports.headers import header_key
from mne.reports.rows import is_remark, is_total
from mne.reports.signatures import signs
from mne.reports.sums import plain_number
from mne.reports.words import TOTALS, folded

if TYPE_CHECKING:
    from mne.reports.maker import Maker
    from mne.reports.sheet_view import SheetView

__all__ = ["say_passed", "why_not"]

_SHOWN: Final = 20


def why_not(maker: Maker, row: int) -> str:
    """Why a row is not read; empty for a row of data."""
    view, window = maker.view, maker.window
    filled = list(view.filled(row))
    if not filled:
        return "row-blank"
    texts = {column: view.own(row, column) for column in filled}
    headers = window.headers
    same = [column for column, cell in texts.items() if isinstance(cell, str) and column in headers]
    same = [column for column in same if header_key(str(texts[column])) == header_key(headers[column])]
    if len(same) * 2 > len(filled) and len(same) > 1:
        return "header-repeated"
    if row == window.bottom + 1 and len(filled) > 2 and _counts_columns(list(texts.values())):
        return "header-second-row"
    if row not in maker.titled and _is_total(maker, texts):
        return "total"
    if _is_signature(maker, row, texts):
        return "row-without-data"
    figures = [each.column for each in (*window.figures, *window.aside, *window.sums)]
    if window.section and len(filled) == 1 and _is_sentence(view, row, filled[0], figures):
        return "row-without-data"
    if any(not is_blank(view.own(row, column)) or _is_covered(view, row, column) for column in figures):
        return ""
    told = {*window.keys.values(), *window.dimensions.values()}
    if window.section and told & {*filled} and sum(not is_blank(view.at(row, column)) for column in told) > 1:
        return ""  # a period and a place or a group without a figure: the value is missing
    at = window.keys.get("indicator")
    cell = view.at(row, at) if at is not None else None
    known = cell is not None and maker.names.indicators.match_cell(cell).value is not None
    return "unreported" if known or window.role_at in filled else "row-without-data"


def _is_signature(maker: Maker, row: int, texts: dict[int, Cell]) -> bool:
    """Whether a row says who signs and when, ``Prepared by: … Date: …``: it names no indicator and has no number."""
    at = maker.window.keys.get("indicator")
    named = None if at is None else maker.names.indicators.match_cell(maker.view.at(row, at))
    if named is None or named.value is not None or named.suggestion is not None:
        return False
    return signs([*texts.values()]) and all(plain_number(cell) is None for cell in texts.values())


def _is_covered(view: SheetView, row: int, column: int) -> bool:
    cell = view.own(row, column)
    return isinstance(cell, Flaw) and cell.code == "cell-merged"


def _is_sentence(view: SheetView, row: int, column: int, figures: Sequence[int]) -> bool:
    """Whether words that are merged over the columns of figures are all that stands in a row."""
    area = view.area(row, column)
    words = isinstance(view.own(row, column), str) and column not in figures
    return (
        words
        and area is not None
        and area.bottom == area.top + 1
        and any(column < each < area.right for each in figures)
    )


def _counts_columns(cells: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3."""
    shown = [(text_of(cell) or "").strip().strip("()") for cell in cells]
    return shown == [str(number) for number in range(1, len(shown) + 1)]


def _is_total(maker: Maker, texts: dict[int, Cell]) -> bool:
    """Whether a word for "total" stands where a code of the row should, or before the figures."""
    window, names = maker.window, maker.names
    first = min((each.column for each in (*window.figures, *window.aside)), default=0)
    lookups = {"indicator": names.indicators, "partner": names.partners, "location": names.locations}
    parts = {*window.dimensions.values()} | {at for name, at in window.keys.items() if name == "category"}
    roles = {window.keys.get(name): lookup for name, lookup in lookups.items()}
    placed = any(at in texts for name, at in window.keys.items() if name in ("period", "year", "partner", "location"))
    for column, cell in texts.items():
        if not isinstance(cell, str) or column in parts or (column >= first and column not in roles):
            continue
        word = cell.strip().rstrip(":").strip()
        if is_total(word, roles.get(column)) and (folded(word) in TOTALS or not placed):
            return True
    return False


# ----------------------------------------------------------------------------------------------------- what is said


def say_passed(maker: Maker) -> None:
    """One remark for each reason why rows were passed over; rows with nothing reported are no remark."""
    grid = maker.view.grid
    for code, rows in maker.passed.items():
        if code in ("unreported", "row-total", "row-part-unasked"):
            continue
        remarks = [row for row in rows if code == "row-without-data" and _is_remark(maker, row)]
        for some, quiet in ((remarks, True), ([row for row in rows if row not in remarks], False)):
            if not some:
                continue
            shown = ", ".join(str(grid.numbers[row]) for row in some[:_SHOWN])
            if len(some) > _SHOWN:
                shown = phrase("{some}, … ({n} rows)", some=shown, n=len(some))
            place = Place(file=grid.file, sheet=grid.sheet, row=grid.numbers[some[0]])
            severity = Severity.INFO if quiet else None
            maker.findings.append(
                Finding(code=code, place=place, found=shown, severity=severity, params={"count": len(some)})
            )


def _is_remark(maker: Maker, row: int) -> bool:
    """Whether a row holds words in one cell, the name of a section or where the figures come from, or a signature."""
    return is_remark([maker.view.own(row, column) for column in maker.view.filled(row)])
