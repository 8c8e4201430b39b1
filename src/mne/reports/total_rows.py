"""Rows of sums beneath the rows that they sum up: set aside, and compared with what they can be the sum of.

Read `TotalRows.sums` first. A row of sums may add up the rows since the last one, those of them that are the whole of a
split, or the rows of sums above it. A figure that is none of these is told, and never counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.logframe.indicator import TOTAL, Measure
from mne.reports.grid import is_blank, text_of
from mne.reports.sums import compare_totals, is_sum_of
from mne.reports.words import TOTALS, folded

if TYPE_CHECKING:
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView
    from mne.reports.windows import Window

__all__ = ["TotalRows"]

_ADDED: Final = (Measure.NUMBER, Measure.CURRENCY)
"""What can be summed at all: numbers and money, never shares or stages."""


_SUMMED: Final = frozenset(("location", "partner"))
_IN_TIME: Final = frozenset(("period", "year", "period_start", "period_end"))
"""Beneath the name of one indicator, rows of places make a sum; rows of periods need not."""


@dataclass(slots=True)
class TotalRows:
    """The rows of one table as they are met from the top on, for the rows of sums among them."""

    view: SheetView
    window: Window
    names: Names
    titled: Mapping[int, tuple[str, str]]
    """The indicator and the category of rows whose titles say it."""
    parts: list[int] = field(default_factory=list)
    """Rows since the last row of sums."""
    before: list[tuple[int, frozenset[str | None]]] = field(default_factory=list)
    """Rows of sums that no other one has summed up yet, with the indicators of their own rows."""

    def told(self, row: int) -> list[Finding]:
        """What is to be said of a row of sums: that it was set aside, and where it differs from what is above it."""
        view, window = self.view, self.window
        named, parts = self._code(row), self.parts
        if named is not None and "indicator" in window.keys:
            parts = [each for each in parts if self._code(each) == named]
        sums = self.sums(row, parts)
        found, compared = compare_totals(view, row, sums, window.values if window.role_at is None else [])
        self._go_on(row, parts, sums)
        words = next((cell for each in view.filled(row) if isinstance(cell := view.own(row, each), str)), "")
        place = Place(file=view.grid.file, sheet=view.grid.sheet, row=view.grid.numbers[row])
        said = phrase("none of its figures could be compared with the rows above")
        if compared:
            said = phrase("figures compared with the rows above: {n}", n=compared)
        params = {"compared": compared, "told": said}
        return [*found, Finding(code="row-total", place=place, found=words.strip(), params=params)]

    def sums(self, row: int, parts: Sequence[int]) -> list[list[int]]:
        """The rows of each sum that a row of sums can be, the likeliest first.

        Where rows are the whole of a split, their parts beside them would be counted twice.
        """
        wholes = self._wholes(parts)
        own = [each for each in wholes if self._has_one_unit([*each, row])]
        if not wholes and self._adds_up(parts):
            own = [[*parts]]
        if not self.before or len({codes for _, codes in self.before}) > 1 or (parts and not own):
            return own
        rows = [each for each, _ in self.before]
        return [*own, *([*rows, *each] for each in own)] if parts else [rows]

    def _go_on(self, row: int, parts: Sequence[int], sums: Sequence[Sequence[int]]) -> None:
        """Keep a row of sums for one that stands further down, unless it sums up such rows itself."""
        above = {each for each, _ in self.before}
        columns = [each.column for each in self.window.values]
        of_sums = [rows for rows in sums if above & {*rows}]
        if not parts or any(is_sum_of(self.view, row, rows, column) for rows in of_sums for column in columns):
            self.before = []
        else:
            self.before.append((row, frozenset(self._code(each) for each in parts)))
        self.parts = []

    def _code(self, row: int) -> str | None:
        at = self.window.keys.get("indicator")
        cell = self.view.at(row, at) if at is not None else self.window.facts.get("indicator", (None, None))[0]
        return self.names.indicators.match_cell(cell).value

    def _wholes(self, parts: Sequence[int]) -> list[list[int]]:
        """By indicator that can be added up the rows of the whole of a split, where its parts stand there too."""
        found: dict[str, list[int]] = {}
        split: set[str] = set()
        for row in parts:
            code = self._code(row)
            if code is None or self.names.plan.indicators[code].measure not in _ADDED:
                continue
            if self._is_part(row):
                split.add(code)
            else:
                found.setdefault(code, []).append(row)
        return [rows for code, rows in found.items() if code in split]

    def _is_part(self, row: int) -> bool:
        """Whether a row names a part of a split: women, and not all."""
        if row in self.titled:
            return self.titled[row][1] != TOTAL
        window = self.window
        at = [*window.dimensions.values(), *([window.keys["category"]] if "category" in window.keys else [])]
        cells = (self.view.at(row, each) for each in at)
        return any(not is_blank(cell) and not (isinstance(cell, str) and folded(cell) in TOTALS) for cell in cells)

    def _has_one_unit(self, rows: Sequence[int]) -> bool:
        at = self.window.keys.get("unit")
        cells = [self.view.at(row, at) for row in rows] if at is not None else []
        return len({folded(text_of(cell) or "") for cell in cells if not is_blank(cell)}) < 2

    def _adds_up(self, rows: Sequence[int]) -> bool:
        keys = self.window.keys
        if "indicator" not in keys and (not keys.keys() & _SUMMED or keys.keys() & _IN_TIME):
            return False
        known = self.names.plan.indicators
        codes = {self._code(row) for row in rows}
        return all(code is not None and known[code].measure in _ADDED for code in codes)
