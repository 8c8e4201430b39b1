"""Figures that a sheet gives twice, compared: rows of totals with their parts, cumulative figures with the periods.

Read `compare_totals` first. What differs is said and never counted; a figure that is no plain number is not compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.ground.sheets import column_letters
from mne.reports import cells
from mne.reports.cells import Marks
from mne.reports.grid import Cell, Origin, is_blank, text_of
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.reports.headings import Heading
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView

__all__ = ["Figure", "compare_cumulative", "compare_totals", "plain_number"]

Placed = tuple[Cell, Origin | None]


class Figure(NamedTuple):
    """What one row says twice: this period and cumulative."""

    indicator: str
    keys: Mapping[str, Placed]
    period: Placed
    total: Placed


def plain_number(cell: Cell) -> Decimal | None:
    """The number in a cell that can be read in one way only."""
    if isinstance(cell, bool) or is_blank(cell):
        return None
    if isinstance(cell, (int, float, Decimal)):
        number = Decimal(format(cell, ".15g")) if isinstance(cell, float) else Decimal(cell)
        return number if number.is_finite() else None
    answer = cells.number(cell, marks=Marks(), percent=False, fraction=False) if isinstance(cell, str) else None
    return answer.value if answer is not None and answer.code is None else None


def compare_totals(
    view: SheetView, row: int, parts: Sequence[int], headings: Sequence[Heading]
) -> tuple[list[Finding], int]:
    """What differs between a row of totals and the rows above it, and how many of its figures could be compared."""
    grid, found, compared = view.grid, [], 0
    for heading in headings:
        told = plain_number(view.own(row, heading.column))
        summed = [view.own(part, heading.column) for part in parts]
        numbers = [plain_number(cell) for cell in summed if not is_blank(cell)]
        known = [number for number in numbers if number is not None]
        if told is None or not known or len(known) < len(numbers):
            continue
        compared += 1
        if sum(known, Decimal(0)) != told:
            number = grid.numbers[row]
            letters = column_letters(heading.column + 1) if grid.has_letters or grid.lane == "text" else None
            place = Place(
                file=grid.file, sheet=grid.sheet, row=number, cell=f"{letters}{number}" if letters else None,
                header=heading.header,
            )  # fmt: skip
            found.append(
                Finding(
                    code="total-row-differs",
                    place=place,
                    found=f"{told.normalize():f}" if told else "0",
                    expected=f"{sum(known, Decimal(0)).normalize():f}",
                    params={"rows": ", ".join(str(grid.numbers[part]) for part in parts[:20])},
                )
            )
    return found, compared


def compare_cumulative(figures: Sequence[Figure], names: Names, *, file: str, sheet: str | None) -> list[Finding]:
    """Where the cumulative figure does not grow by what the period achieved, or is less than it."""
    series: dict[tuple[str, ...], list[tuple[object, Decimal, Decimal, Figure]]] = {}
    for figure in figures:
        this, total = plain_number(figure.period[0]), plain_number(figure.total[0])
        if this is None or total is None:
            continue
        label = text_of(figure.keys.get("period", (None, None))[0]) or ""
        start = names.periods.read(label).start if label else None
        others = sorted(
            (name, folded(text_of(cell) or ""))
            for name, (cell, _) in figure.keys.items()
            if name not in ("period", "comment", "evidence", "text", "indicator")
        )
        key = (figure.indicator, *(f"{name}={text}" for name, text in others))
        series.setdefault(key, []).append((start, this, total, figure))
    found = []
    for rows in series.values():
        dated = all(start is not None for start, *_ in rows)
        ordered = sorted(rows, key=lambda each: str(each[0])) if dated else rows
        before: Decimal | None = None
        for _, this, total, figure in ordered:
            expected = before + this if before is not None and dated else None
            if expected is not None and total != expected:
                found.append(_differs(figure, file, sheet, f"{expected.normalize():f}"))
            elif expected is None and 0 <= total < this:
                found.append(_differs(figure, file, sheet, phrase("at least {n}", n=format(this.normalize(), "f"))))
            before = total
    return found


def _differs(figure: Figure, file: str, sheet: str | None, expected: str) -> Finding:
    cell, origin = figure.total
    row = origin.row if origin else None
    letters = f"{column_letters(origin.column + 1)}{origin.row}" if origin else None
    place = Place(
        file=file, sheet=sheet, row=row, cell=letters, header=origin.header if origin else None,
        indicator=figure.indicator,
    )  # fmt: skip
    return Finding(code="total-cumulative-differs", place=place, found=text_of(cell) or "", expected=expected)
