"""Heads that name a numerator and a denominator in words of the partner's own: ``Passed | Tested | Rate``.

Read `share_window` first. The figures beneath show which is which: where a third column is what two others make in each
row, the two are the numerator and the denominator, whatever they are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.sheets import column_letters
from mne.reports.grid import Percent, text_of
from mne.reports.headings import At, Heading
from mne.reports.share_columns import figure, share_of
from mne.reports.windows import Window

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.grid import Cell
    from mne.reports.headings import Headings
    from mne.reports.sheet_view import SheetView

__all__ = ["share_window", "wrong_shares"]

_THREE: Final = 3
_WIDEST: Final = 12
_LONGEST: Final = 80
_TALLEST: Final = 200
_PROOFS: Final = 2
"""So many different shares show what stands beneath a head; a formula shows it at once."""
_DIGITS: Final = 2

Trio = tuple[int, int, int]


def share_window(view: SheetView, row: int, headings: Headings, indicator: Indicator) -> Window | None:
    """The table whose head stands in a row, where its figures show which column is the share of which others."""
    filled = [*view.filled(row)]
    heads = {each: view.own(row, each) for each in filled}
    if not _THREE <= len(filled) <= _WIDEST or not all(_is_word(cell) for cell in heads.values()):
        return None
    rows = [*_beneath(view, row, filled)]
    found = [trio for trio in permutations(filled, _THREE) if _fits(view, rows, trio, indicator)]
    if len(found) != 1:
        return None
    period = _period(view, row, found[0][:2], headings)
    if period is None:
        return None
    window = Window(row, row, view.height, section=True)
    window.headers = {each: view.text(row, each) for each in filled}
    for column, role in zip(found[0], ("numerator", "denominator", "achievement"), strict=True):
        heading = Heading(column, view.text(row, column), role=role, period=period.get(column))
        (window.aside if role == "achievement" else window.figures).append(heading)
    window.share = found[0]
    window.known = [At(view.text(row, each), row, each) for each in filled if each not in found[0]]
    return window


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST and (any(map(str.isalpha, cell)) or cell.strip() == "%")


def _beneath(view: SheetView, head: int, filled: Sequence[int]) -> Iterator[int]:
    """The rows right beneath a head that have a number beneath it."""
    for row in range(head + 1, min(view.height, head + _TALLEST)):
        if not any(figure(view.own(row, each)) is not None for each in filled):
            return
        yield row


def _told(view: SheetView, rows: Sequence[int], trio: Trio, indicator: Indicator) -> Iterator[tuple[int, bool]]:
    """Each row with a number in all three columns, and whether the third is what the others make."""
    for row in rows:
        above, below, share = (figure(view.own(row, each)) for each in trio)
        if above is not None and below is not None and share is not None:
            yield row, share_of(share, above, below, indicator.multiplier) is not None


def _fits(view: SheetView, rows: Sequence[int], trio: Trio, indicator: Indicator) -> bool:
    """Whether two columns are counts, and a third is their share in each row, or in all but one of several."""
    counts = [view.own(row, each) for row in rows for each in trio[:2]]
    if any(isinstance(cell, Percent) or ((number := figure(cell)) is not None and number % 1) for cell in counts):
        return False
    told = [*_told(view, rows, trio, indicator)]
    right = [row for row, agrees in told if agrees]
    if len(right) < max(1, len(told) - 1) or 2 * len(right) <= len(told):
        return False
    formulas = {(each.row, each.column): each.found for each in view.grid.notes if each.code == "cell-formula"}
    computed = any(_divides(formulas.get((view.grid.numbers[row], trio[2]), ""), view, row, trio) for row in right)
    shown = {text_of(view.own(row, trio[2])) for row in right if _is_fine(view.own(row, trio[2]))}
    return computed or len(shown) >= _PROOFS


def _divides(formula: str, view: SheetView, row: int, trio: Trio) -> bool:
    """Whether a formula divides the one column of its row by the other."""
    above, below = (rf"\$?{column_letters(each + 1)}\$?{view.grid.numbers[row]}" for each in trio[:2])
    return re.search(rf"(?<![A-Z$]){above}\s*/\s*{below}(?!\d)", formula) is not None


def _is_fine(cell: Cell) -> bool:
    """Whether a share has so many digits that it can hardly be that of two numbers by chance."""
    number = figure(cell)
    return number is not None and len(number.normalize().as_tuple().digits) >= _DIGITS and number != 1


def wrong_shares(view: SheetView, window: Window, headings: Headings) -> Iterator[Finding]:
    """Shares that are not what the numerator and the denominator in their row make; they are not read themselves.

    Findings: number-conflict.
    """
    code = headings.names.indicators.match_cell(window.facts.get("indicator", (None, None))[0]).value
    if window.share is None or code is None:
        return
    indicator, grid = headings.names.plan.indicators[code], view.grid
    told = [*_told(view, window.rows, window.share, indicator)]
    scales = {_scale(view, row, window.share, indicator) for row, agrees in told if agrees}
    for row in (row for row, agrees in told if not agrees):
        above, below, _ = (figure(view.own(row, each)) for each in window.share)
        if not above or not below:
            continue
        made = float(above / below) * float(indicator.multiplier) / (100 if scales == {100} else 1)
        column, number = window.share[2], grid.numbers[row]
        place = Place(
            file=grid.file, sheet=grid.sheet, row=number, cell=f"{column_letters(column + 1)}{number}",
            header=window.headers[column], indicator=code,
        )  # fmt: skip
        found = text_of(view.own(row, column)) or ""
        yield Finding(
            code="number-conflict", place=place, found=found, expected=f"{made:.6g}", severity=Severity.WARNING
        )


def _scale(view: SheetView, row: int, trio: Trio, indicator: Indicator) -> int | None:
    above, below, share = (figure(view.own(row, each)) for each in trio)
    if above is None or below is None or share is None:
        return None
    return share_of(share, above, below, indicator.multiplier)


def _period(view: SheetView, row: int, columns: Sequence[int], headings: Headings) -> dict[int, At] | None:
    """The period that the heads of a numerator and a denominator name; None where they name several."""
    found: dict[int, At] = {}
    bounds: set[object] = set()
    for column in columns:
        named = headings.names.periods.named_in(view.text(row, column))
        bounds |= {*named}
        for said in named.values():
            found[column] = At(said, row, column)
    if len(bounds) > 1:
        return None
    one = next(iter(found.values()), None)
    return {column: found.get(column, one) for column in columns} if one is not None else {}
