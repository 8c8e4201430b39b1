"""The sums of a table with places in its rows, held against the rows that they are of, and why they differ.

Read `compared` first. Where the row of sums is the figure that is read, a wrong sum is told at the cell that makes it
wrong: a number that is text, a hidden row, a formula that leaves out a row or counts one twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.phrases import figures, phrase, phrase_n
from mne.ground.sheets import column_letters, column_number
from mne.logframe.choices import Axis, Measure, Rule
from mne.reports.across_beyond import beyond
from mne.reports.across_shares import VALUES, number_of
from mne.reports.grid import is_blank, text_of
from mne.reports.words import STATES, folded

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.across import Head, Spot
    from mne.reports.across_rows import Row, Rows, Sum
    from mne.reports.grid import Cell, Origin
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView

__all__ = ["compared"]

_CELLS: Final = re.compile(
    r"(?<![A-Za-z!$'])\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?(?![\w(])"
)
_ONE_CELL: Final = re.compile(r"=\s*\+?\$?([A-Z]{1,3})\$?([0-9]{1,7})\s*")
_CLOSE: Final = Decimal("0.0000001")
_COUNTED: Final = (Measure.NUMBER, Measure.CURRENCY)
_LONGEST: Final = 40


@dataclass(slots=True)
class _Wrong:
    """A sum that is not what its rows make. `cause`: text, hidden, both, left, twice, other, or inherited."""

    sum: Sum
    spot: Spot
    told: Decimal
    wanted: Decimal
    cause: str
    cells: list[Row] = field(default_factory=list)
    by_formula: str = ""


def compared(
    view: SheetView, head: Head, rows: Rows, names: Names, location: tuple[Cell, Origin | None] | None
) -> tuple[list[Finding], set[tuple[int, int]]]:
    """What is to be said of the sums of a table, and the cells of sums that cannot be used for it.

    Findings: total-sum-differs, total-not-summable, total-share-differs, total-other-place.
    """
    formulas = {(note.row, note.column): note.found for note in view.grid.notes if note.code == "cell-formula"}
    checker = _Checker(view, rows, formulas)
    for group in head.groups:
        for spot in group.spots:
            if spot.role in VALUES and not spot.doubt and is_summed(group.indicator, spot):
                checker.check(spot)
    found, held = beyond(view, head, rows, names, location, formulas)
    told = [*checker.findings(), *found]
    return told, ({*held, *checker.held()} if rows.by_total else set())


def is_summed(indicator: Indicator | None, spot: Spot) -> bool:
    """Whether the figures of several places in a column are added up."""
    if indicator is None:
        return False
    if spot.role != "value":
        return indicator.by_denominator
    return indicator.measure in _COUNTED and indicator.rule(Axis.LOCATIONS) is Rule.SUM


class _Checker:
    """Holds the sums of one table against their rows, column by column."""

    def __init__(self, view: SheetView, rows: Rows, formulas: Mapping[tuple[int, int], str]) -> None:
        self.view = view
        self.rows = rows
        self.formulas = formulas
        self.wrong: dict[tuple[int, int], _Wrong] = {}

    def check(self, spot: Spot) -> None:
        """Note the sums of one column that are not what their rows make."""
        for each in self.rows.sums:
            shown = [row for row in each.detail if not row.hidden]
            numbers = [self.number(row, spot) for row in shown]
            known = [number for number in numbers if number is not None]
            told = self.number(each.row, spot)
            if told is None or not known or any(map(self.is_unread, shown, [spot] * len(shown))):
                continue
            wanted = sum(known, Decimal(0))
            if abs(told - wanted) > _CLOSE * max(abs(told), Decimal(1)):
                self.wrong[each.row.row, spot.column] = self.why(each, spot, told, wanted)

    def why(self, each: Sum, spot: Spot, told: Decimal, wanted: Decimal) -> _Wrong:
        """Why a sum differs from its rows."""
        formula = self.formulas.get((self.view.grid.numbers[each.row.row], spot.column), "")
        found = _Wrong(each, spot, told, wanted, "other", by_formula=formula)
        above = [wrong for one in each.sums if (wrong := self.wrong.get((one.row.row, spot.column))) is not None]
        off = told - wanted - sum((wrong.told - wrong.wanted for wrong in above), Decimal(0))
        inside = {id(row) for one in each.sums if (one.row.row, spot.column) in self.wrong for row in one.detail}
        texts = [row for row in each.detail if not row.hidden and id(row) not in inside and self.is_text(row, spot)]
        hidden = [row for row in each.detail if row.hidden and id(row) not in inside and self.number(row, spot)]
        left = sum((self.number(row, spot) or Decimal(0) for row in texts), Decimal(0))
        more = sum((self.number(row, spot) or Decimal(0) for row in hidden), Decimal(0))
        sums = sum((self.number(one.row, spot) or Decimal(0) for one in each.sums), Decimal(0))
        if (not off and above) or self.is_taken_over(found, formula):
            found.cause = "inherited"
        elif texts and off == -left:
            found.cause, found.cells = "text", texts
        elif hidden and off == more:
            found.cause, found.cells = "hidden", hidden
        elif texts and hidden and off == more - left:
            found.cause, found.cells = "both", [*texts, *hidden]
        elif each.sums and told == wanted + sums:
            found.cause = "twice"
        elif formula and (missing := self.left_out(each, spot, formula, off)):
            found.cause, found.cells = "left", missing
        return found

    def is_taken_over(self, wrong: _Wrong, formula: str) -> bool:
        """Whether a sum is the one of another column of its row, which is wrong in the same way."""
        named = _ONE_CELL.fullmatch(formula)
        if named is None or int(named[2]) != self.view.grid.numbers[wrong.sum.row.row]:
            return False
        other = self.wrong.get((wrong.sum.row.row, column_number(named[1]) - 1))
        return other is not None and other.told == wrong.told

    def left_out(self, each: Sum, spot: Spot, formula: str, off: Decimal) -> list[Row]:
        """The rows that a formula does not name, where they are what is missing."""
        numbers = self.view.grid.numbers
        named = set(rows_in(formula, spot.column))
        through = {id(row) for one in each.sums if numbers[one.row.row] in named for row in one.detail}
        missing = [
            row
            for row in each.detail
            if not row.hidden and numbers[row.row] not in named and id(row) not in through and self.number(row, spot)
        ]
        return missing if sum((self.number(row, spot) or Decimal(0) for row in missing), Decimal(0)) == -off else []

    def number(self, row: Row, spot: Spot) -> Decimal | None:
        """The number in a row of a column."""
        return number_of(self.view.own(row.row, spot.column))

    def is_text(self, row: Row, spot: Spot) -> bool:
        """Whether a number was stored as text, as only a workbook does."""
        return self.view.grid.lane == "workbook" and isinstance(self.view.own(row.row, spot.column), str)

    def is_unread(self, row: Row, spot: Spot) -> bool:
        """Whether something stands in a cell that is neither a number nor a word for none."""
        cell = self.view.own(row.row, spot.column)
        state = isinstance(cell, str) and folded(cell) in STATES
        return not is_blank(cell) and not state and self.number(row, spot) is None

    # ------------------------------------------------------------------------------------------------ what is said

    def held(self) -> Iterator[tuple[int, int]]:
        """The cells of sums that are certainly wrong; one that was typed in may know more than its rows."""
        for at, wrong in self.wrong.items():
            if not self.is_typed(wrong):
                yield at

    @staticmethod
    def is_typed(wrong: _Wrong) -> bool:
        return wrong.cause == "other" and not wrong.by_formula

    def findings(self) -> Iterator[Finding]:
        """One finding for each cell, row or formula that makes sums wrong, however many columns it does so in."""
        alike: dict[tuple[object, ...], list[_Wrong]] = {}
        for wrong in self.wrong.values():
            if wrong.cause == "inherited":
                continue
            by_cell = wrong.cause in ("text", "both", "other")
            rows = tuple(row.row for row in wrong.cells)
            alike.setdefault((wrong.cause, wrong.sum.row.row, rows, wrong.spot.column if by_cell else 0), []).append(
                wrong
            )
        for wrongs in alike.values():
            yield from self._told(wrongs)

    def _told(self, wrongs: Sequence[_Wrong]) -> Iterator[Finding]:
        first = wrongs[0]
        texts = [row for row in first.cells if first.cause in ("text", "both") and not row.hidden]
        hidden = [row for row in first.cells if row.hidden]
        places = texts or hidden[:1] or [first.sum.row]
        for row in places:
            yield self._finding(wrongs, row, is_text=row in texts, is_hidden=row in hidden)

    def _finding(self, wrongs: Sequence[_Wrong], row: Row, *, is_text: bool, is_hidden: bool) -> Finding:
        first = wrongs[0]
        sums = [*self._chain(first)]
        last = sums[-1]
        own = self.view.own(row.row, first.spot.column)
        number = self.number(row, first.spot)
        suggestion = _plain(first.wanted) if row is first.sum.row else None
        if is_text and number is not None:
            suggestion = _plain(number)
        grave = self.rows.by_total and not self.is_typed(first)
        return Finding(
            code="total-sum-differs",
            place=self._place(row, first.spot),
            found=text_of(own) or "",
            expected=figures(_plain(last.wanted)),
            suggestion=suggestion if suggestion != text_of(own) else None,
            severity=Severity.ERROR if grave else Severity.WARNING,
            related=tuple(self._place(each.sum.row, each.spot) for each in sums if each.sum.row is not row),
            params={
                "sum": self._cell(last.sum.row, last.spot),
                "told": figures(_plain(last.told)),
                "why": self._why(wrongs, row, is_text=is_text, is_hidden=is_hidden),
            },
        )

    def _chain(self, first: _Wrong) -> Iterator[_Wrong]:
        """A wrong sum, and those further down that take it over."""
        yield first
        for each in self.rows.sums:
            if any(one is first.sum for one in each.sums):
                further = self.wrong.get((each.row.row, first.spot.column))
                if further is not None and further.cause == "inherited":
                    yield from self._chain(further)

    def _why(self, wrongs: Sequence[_Wrong], row: Row, *, is_text: bool, is_hidden: bool) -> str:
        first = wrongs[0]
        numbers = self.view.grid.numbers
        at = self._cell(first.sum.row, first.spot)
        if is_text:
            why = phrase("{cell} is text, which a sum leaves out", cell=self._cell(row, first.spot))
        elif is_hidden:
            why = phrase("the hidden row {row} ({label}) is counted", row=numbers[row.row], label=row.label[:_LONGEST])
        elif first.cause == "left":
            rows = ", ".join(str(numbers[each.row]) for each in first.cells)
            why = phrase_n(
                "the formula in {cell} leaves out row {rows}", "the formula in {cell} leaves out rows {rows}",
                len(first.cells), cell=at, rows=rows,
            )  # fmt: skip
        elif first.cause == "twice":
            why = phrase("the formula in {cell} counts the rows, and the sums of them as well", cell=at)
        elif first.by_formula:
            why = phrase("the formula in {cell} is {formula}", cell=at, formula=first.by_formula[:_LONGEST])
        else:
            why = phrase("{cell} is no formula", cell=at)
        if len(wrongs) > 1:
            others = ", ".join(column_letters(each.spot.column + 1) for each in wrongs[1:])
            why = phrase("{why}; so it is in columns {columns}", why=why, columns=others)
        return why

    def _cell(self, row: Row, spot: Spot) -> str:
        return f"{column_letters(spot.column + 1)}{self.view.grid.numbers[row.row]}"

    def _place(self, row: Row, spot: Spot) -> Place:
        grid = self.view.grid
        return Place(
            file=grid.file, sheet=grid.sheet, row=grid.numbers[row.row], cell=self._cell(row, spot), header=spot.header
        )


def rows_in(formula: str, column: int) -> Iterator[int]:
    """The rows of a column that a formula names."""
    for left, first, right, last in _CELLS.findall(formula):
        columns = range(column_number(left) - 1, column_number(right or left))
        if column in columns:
            yield from range(int(first), int(last or first) + 1)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"
