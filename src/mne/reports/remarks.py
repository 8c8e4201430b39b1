"""What is to be said of a table's cells, collected while they are typed and made into findings at the end.

Read `Remarks.add` first. An error holds its row back; each error is told by itself, while the same remark about many
cells of a column is told once, with the places of the others. So is an error at one cell that speaks for many rows (a
header, a merged cell, what stands above a table), with the rows that it holds, and one merged range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from mne.ground.catalogue import CODES, Severity
from mne.ground.findings import Finding, Place
from mne.ground.maps import FrozenMap
from mne.ground.phrases import phrase
from mne.ground.sheets import column_letters
from mne.reports.grid import Cell, Flaw, text_of

if TYPE_CHECKING:
    from mne.reports.cells import Answer
    from mne.reports.grid import Grid
    from mne.reports.headers import Layout

__all__ = ["Remarks"]

_PLACES: Final = 50
"""Other places named in one finding about many cells."""

_FEW_PLACES: Final = 10
"""Figures named in an error about one cell that speaks for all of them."""

_MERGED: Final = "cell-merged"
_FIGURES: Final = ("value", "numerator", "text")

_DAYS: Final = "date-ambiguous"
_TOGETHER: Final = ("period-other", "partner-other", _DAYS)
"""Errors of rows that stand in the wrong report, and days of a column that all lack the same: told once for all."""

_BY_COLUMN: Final = frozenset(
    (
        "number-text",
        "number-with-unit",
        "row-looks-like-total",
        "number-rounded",
        "number-precision",
        "cell-formula",
        "row-hidden",
        "row-blank",
        "date-has-time",
    )
)
"""Remarks told once for a column; others below an error once for each different text in it."""


@dataclass(frozen=True, slots=True)
class _Remark:
    """`row` counts among the rows that are read; `number` is given where it is about another row.

    `merged_with` is the first cell of the merged range that the cell is part of.
    """

    row: int | None
    column: int | None
    code: str
    found: str
    expected: str
    suggestion: str | None
    severity: Severity
    params: Mapping[str, object]
    number: int | None = None
    merged_with: str = ""


@dataclass(slots=True)
class Remarks:
    """Remarks about the rows of one grid; rows are counted from 0 among those that are read."""

    grid: Grid
    layout: Layout
    unusable: set[int] = field(default_factory=set)
    refused: bool = False
    _kept: list[_Remark] = field(default_factory=list)

    def add(
        self,
        code: str,
        *,
        row: int | None = None,
        column: int | None = None,
        found: str = "",
        expected: str = "",
        suggestion: str | None = None,
        severity: Severity | None = None,
        merged_with: str = "",
        **params: object,
    ) -> None:
        """Note something about a row, a column or one cell of both."""
        grave = severity or CODES[code].severity
        if grave.rank <= Severity.ERROR.rank and row is not None:
            self.unusable.add(row)
            grave = Severity.ERROR  # a cell never refuses a whole file
        remark = _Remark(row, column, code, found, expected, suggestion, grave, params, merged_with=merged_with)
        self._kept.append(remark)

    def cells(
        self, column: int, cells: Sequence[Cell], answers: Sequence[Answer[Any]], *, skip: frozenset[int] = frozenset()
    ) -> None:
        """Note what the answers to one column's cells have to say."""
        for row, answer in enumerate(answers):
            if answer.code is not None and row not in skip:
                self.answer(row, column, cells[row], answer)

    def answer(
        self, row: int, column: int | None, cell: Cell, answer: Answer[Any], *, severity: Severity | None = None
    ) -> None:
        """Note what the answer to one cell has to say."""
        if answer.code is None:
            return
        self.add(
            answer.code,
            row=row,
            column=column,
            found=text_of(cell) or "",
            expected=answer.expected,
            suggestion=answer.suggestion,
            severity=severity or answer.severity,
            merged_with=cell.of if isinstance(cell, Flaw) and answer.code == _MERGED else "",
        )

    def refuse(self, code: str, *, column: int | None = None, found: str = "", expected: str = "") -> None:
        """Note that the whole table cannot be used; what was said of its single cells is then of no interest."""
        if not self.refused:
            self._kept.clear()
        self.refused = True
        self._kept.append(_Remark(None, column, code, found, expected, None, Severity.BLOCKER, {}))

    def about_row(
        self, code: str, number: int, *, found: str, severity: Severity | None = None, **params: object
    ) -> None:
        """Note something about a row that is not read, by the number that people see beside it."""
        grave = severity or CODES[code].severity
        self._kept.append(_Remark(None, None, code, found, "", None, grave, params, number))

    def told(self) -> dict[int, list[tuple[str, bool]]]:
        """The codes of what was noted of each row, and whether they hold it back."""
        found: dict[int, list[tuple[str, bool]]] = {}
        for remark in self._kept:
            if remark.row is not None:
                found.setdefault(remark.row, []).append((remark.code, remark.severity.rank <= Severity.ERROR.rank))
        return found

    def findings(self, kept: Sequence[int], keys: Mapping[str, Sequence[str | None]]) -> list[Finding]:
        """The findings, in the order noted.

        Args:
            kept: the position in the grid of each row that is read.
            keys: indicator, period, partner, location and category of each row, where they were understood.
        """
        told: dict[object, list[_Remark]] = {}
        folded: dict[tuple[str, tuple[int | None, int | None], str], list[_Remark]] = {}
        for at, remark in enumerate(self._kept):
            if self.refused and remark.severity is not Severity.BLOCKER:
                continue
            if remark.severity.rank <= Severity.ERROR.rank or remark.row is None:
                key = self._spot(remark, kept)
                told.setdefault(at if key is None else key, []).append(remark)
            else:
                found = "" if remark.code in _BY_COLUMN else remark.found
                folded.setdefault((remark.code, self._column(remark, kept), found), []).append(remark)
        errors = [self._finding(part, kept, keys) for remarks in told.values() for part in self._parted(remarks)]
        return errors + [self._finding(remarks, kept, keys) for remarks in folded.values()]

    def _column(self, remark: _Remark, kept: Sequence[int]) -> tuple[int | None, int | None]:
        """The column of a remark, and the one of the sheet where the table was made from another layout."""
        if remark.row is None or remark.column is None or remark.code not in _BY_COLUMN:
            return remark.column, None
        origin = self.grid.origin(remark.column, kept[remark.row])
        return remark.column, None if origin is None else origin.column

    @staticmethod
    def _parted(remarks: list[_Remark]) -> list[list[_Remark]]:
        """As many cells at a time as one finding names; which rows are held is read from these places."""
        size = _PLACES + 1 if remarks[0].code in (_MERGED, *_TOGETHER) else len(remarks)
        return [remarks[first : first + size] for first in range(0, len(remarks), size)]

    def _spot(self, remark: _Remark, kept: Sequence[int]) -> object | None:
        """What an error shares with others that say the same of one cell or of one merged range; None for nothing."""
        if remark.merged_with:
            return remark.merged_with
        if remark.code in _TOGETHER:
            return remark.code, remark.column, "" if remark.code == _DAYS else str(remark.expected)
        if remark.row is None or remark.column is None:
            return None
        origin = self.grid.origin(remark.column, kept[remark.row])
        if origin is None:
            return None
        told = (remark.code, remark.found, str(remark.expected), remark.suggestion, remark.severity)
        return (*told, origin.row, origin.column)

    def _finding(
        self, remarks: list[_Remark], kept: Sequence[int], keys: Mapping[str, Sequence[str | None]]
    ) -> Finding:
        first = remarks[0]
        place = self._place(first, kept, keys if len(remarks) == 1 else {})
        others = [self._place(other, kept, {}) for other in remarks[1 : _PLACES + 1]]
        found, expected = first.found, first.expected
        if first.code == _DAYS and len({str(remark.expected) for remark in remarks}) > 1:
            expected = phrase("{first}, and so on", first=first.expected)
        if first.code in _TOGETHER:
            found = ", ".join(list(dict.fromkeys(remark.found for remark in remarks))[:_FEW_PLACES])
        elif len(remarks) > 1 and first.severity.rank <= Severity.ERROR.rank and first.code != _MERGED:
            place = self._place(first, kept, self._shared(remarks, keys))
            others = self._values(remarks, kept)
        elif len(remarks) > 1 and self.grid.origins:
            others = [each for each in dict.fromkeys(others) if each != place]
        return Finding(
            code=first.code,
            place=place,
            found=found,
            expected=expected,
            suggestion=first.suggestion,
            severity=first.severity,
            related=tuple(others),
            params=FrozenMap({"count": self._cells(remarks, kept), **first.params}),
        )

    def _cells(self, remarks: Sequence[_Remark], kept: Sequence[int]) -> int:
        """How many cells remarks are about: one above a table is one, however many rows it counts for."""
        if not self.grid.origins or remarks[0].severity.rank <= Severity.ERROR.rank:
            return len(remarks)
        spots: set[object] = set()
        for at, remark in enumerate(remarks):
            known = remark.row is not None and remark.column is not None
            origin = self.grid.origin(remark.column, kept[remark.row]) if known else None  # type: ignore[arg-type,index] # known
            spots.add(at if origin is None else (origin.row, origin.column))
        return len(spots)

    @staticmethod
    def _shared(
        remarks: Sequence[_Remark], keys: Mapping[str, Sequence[str | None]]
    ) -> dict[str, Sequence[str | None]]:
        """The codes that all rows of some remarks have, for the row of the first."""
        rows = [remark.row for remark in remarks if remark.row is not None]
        return {name: codes for name, codes in keys.items() if len({codes[row] for row in rows}) == 1}

    def _values(self, remarks: Sequence[_Remark], kept: Sequence[int]) -> list[Place]:
        """The cells of the figures that an error at one cell holds back, the first few of them."""
        at = next((self.layout.columns[name] for name in _FIGURES if name in self.layout.columns), None)
        if at is None:
            return []
        told = [self._place(replace(remark, column=at), kept, {}) for remark in remarks]
        return [place for place in dict.fromkeys(told) if place.cell is not None][:_FEW_PLACES]

    def _place(self, remark: _Remark, kept: Sequence[int], keys: Mapping[str, Sequence[str | None]]) -> Place:
        column, row = remark.column, remark.row
        number, cell = remark.number, None
        header = (self.layout.headers[column] or None) if column is not None else None
        if row is not None:
            number = self.grid.numbers[kept[row]]
        if row is not None and column is not None:
            number, cell = self.grid.address(column, kept[row])
            origin = self.grid.origin(column, kept[row])
            header = origin.header or header if origin is not None else header
        elif column is not None and number is not None and self.grid.has_letters and not self.grid.origins:
            cell = f"{column_letters(column + 1)}{number}"
        named: dict[str, Any] = {} if row is None else {key: codes[row] for key, codes in keys.items()}
        return Place(file=self.grid.file, sheet=self.grid.sheet, row=number, cell=cell, header=header, **named)
