"""Rows of a table in which months stand beside their quarter: what each is of, and the numbers in it.

Read `month_rows` first. The quarter's own column is the figure; its months are the detail that it is held against.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Place
from mne.ground.sheets import column_letters
from mne.logframe.indicator import TOTAL, category_key
from mne.reports.grid import is_blank, text_of
from mne.reports.maker import NOTHING
from mne.reports.record_lines import is_own_period
from mne.reports.sums import plain_number
from mne.reports.words import STATES, folded

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.grid import Cell
    from mne.reports.headings import Heading
    from mne.reports.maker import Maker, Record

__all__ = ["MonthRow", "hold", "month_rows", "plain"]

_FEWEST: Final = 2
_ROLES: Final = ("", "value", "numerator", "denominator")
_BESIDE: Final = ("unit", "comment", "evidence", "text", "indicator", "category")
_FIGURES: Final = ("value", "numerator", "denominator", "text")


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One row with a figure for a quarter and for its months.

    `role`: value, numerator or denominator. `spot`: all else that says what the figures are of, but for the category.
    """

    maker: Maker
    row: int
    role: str
    indicator: Indicator
    category: str
    spot: tuple[str, ...]
    whole: Heading
    months: tuple[Heading, ...]
    formulas: Mapping[tuple[int, int], str]
    """The formulas of the sheet, by row number and column."""

    def cell(self, heading: Heading) -> Cell:
        """What stands in the row beneath a head."""
        return self.maker.view.own(self.row, heading.column)

    def number(self, heading: Heading) -> Decimal | None:
        """The number beneath a head, where there is one that can be read in one way only."""
        return plain_number(self.cell(heading))

    def numbers(self) -> list[Decimal] | None:
        """The number of each month; None where one of them has none."""
        found = [number for each in self.months if (number := self.number(each)) is not None]
        return found if len(found) == len(self.months) else None

    def is_silent(self, heading: Heading) -> bool:
        """Whether nothing stands beneath a head, or a word for that."""
        cell = self.cell(heading)
        return is_blank(cell) or (isinstance(cell, str) and folded(cell) in STATES)

    def address(self, heading: Heading) -> str:
        """The cell beneath a head."""
        return f"{column_letters(heading.column + 1)}{self.maker.view.grid.numbers[self.row]}"

    def place(self, heading: Heading) -> Place:
        """Where the cell beneath a head stands."""
        grid = self.maker.view.grid
        has_letters = grid.has_letters or grid.lane == "text"
        return Place(
            file=grid.file, sheet=grid.sheet, row=grid.numbers[self.row] or None,
            cell=self.address(heading) if has_letters else None, header=heading.header, indicator=self.indicator.id,
        )  # fmt: skip

    def hold(self) -> None:
        """Have the figure of the quarter held, of which it is told why it is wrong."""
        self.maker.wrong.add((self.maker.view.grid.numbers[self.row], self.whole.column))

    def formula(self, heading: Heading) -> str:
        """The formula beneath a head; empty where there is none."""
        return self.formulas.get((self.maker.view.grid.numbers[self.row], heading.column), "")


def month_rows(maker: Maker, records: Sequence[Record]) -> Iterator[MonthRow]:
    """The rows of a window that have a figure for a quarter in which their indicator reports, and months beside it."""
    heads = {each.column: each for each in maker.window.figures}
    notes = maker.view.grid.notes
    formulas = {(note.row, note.column): note.found for note in notes if note.code == "cell-formula"}
    for whole_at, parts in maker.spans.items():
        whole = heads.get(whole_at)
        months = tuple(heads[at] for at in sorted(parts) if at in heads)
        if whole is None or len(months) < _FEWEST or whole.role not in ("", "value", "this_period"):
            continue
        for record in records:
            code = maker.names.indicators.match_cell(record.keys.get("indicator", NOTHING)[0]).value
            if code is None or record.head is not None or not is_own_period(maker, record, whole):
                continue
            if any(is_own_period(maker, record, each) for each in months):
                continue
            indicator = maker.names.plan.indicators[code]
            for role, row in record.rows.items():
                known = role in _ROLES and not (record.shared and role == "value")
                if known and not is_blank(maker.view.own(row, whole.column)):
                    spot = (whole.header, *_spot(record))
                    category = _category(maker, record, row)
                    yield MonthRow(maker, row, role or "value", indicator, category, spot, whole, months, formulas)


def _spot(record: Record) -> Iterator[str]:
    for name, (cell, _) in sorted(record.keys.items()):
        if name not in _BESIDE and not name.startswith("dimension:"):
            yield f"{name}={text_of(cell) or ''}"


def _category(maker: Maker, record: Record, row: int) -> str:
    """The category of a row by its title or its columns, as it is encoded; its own words where nobody knows them."""
    if row in maker.titled:
        return maker.titled[row][1]
    parts: dict[str, str] = {}
    for dimension in maker.names.plan.dimensions:
        cell = record.keys.get(f"dimension:{dimension.id}", NOTHING)[0]
        text = text_of(cell) or ""
        if not text.strip():
            continue
        code = maker.names.dimensions[dimension.id].known(text)
        if code != TOTAL:
            parts[dimension.id] = code or text
    own = text_of(record.keys.get("category", NOTHING)[0]) or ""
    if own.strip():
        found = [
            (id, code)
            for id, lookup in maker.names.dimensions.items()
            if (code := lookup.known(own.strip())) is not None
        ]
        parts |= dict(found[:1]) if len(found) == 1 and found[0][1] != TOTAL else {} if found else {"": own}
    return category_key(parts) if parts else TOTAL


def hold(maker: Maker, cells: Container[tuple[int, int]]) -> None:
    """Hold the lines whose figure is in one of some cells, by row number and column: it is told why it is wrong."""
    for at, line in enumerate(maker.lines):
        origins = (line[name][1] for name in _FIGURES if name in line)
        if any(one is not None and (one.row, one.column) in cells for one in origins):
            maker.doubted.add(at)


def plain(number: Decimal) -> str:
    """A number without an exponent."""
    return f"{number.normalize():f}" if number else "0"
