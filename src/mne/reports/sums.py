"""Figures that a sheet gives twice, compared: rows of totals with their parts, cumulative figures with the periods.

Read `compare_totals` first. What differs is said and never counted; a figure that is no plain number is not compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from mne.ground.findings import Finding, Place
from mne.ground.phrases import either, phrase
from mne.ground.phrases import figures as figures_told
from mne.ground.sheets import column_letters
from mne.reports import cells
from mne.reports.cells import Marks
from mne.reports.grid import Cell, Origin, is_blank, text_of
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.reports.headings import Heading
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView

__all__ = ["Figure", "compare_cumulative", "compare_totals", "is_sum_of", "plain_number"]

Placed = tuple[Cell, Origin | None]
_SHOWN: Final = 20


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
    view: SheetView, row: int, sums: Sequence[Sequence[int]], headings: Sequence[Heading]
) -> tuple[list[Finding], int]:
    """What differs between a row of totals and what it may sum up, and how many of its figures could be compared.

    Args:
        view: the sheet.
        row: the row of totals.
        sums: the rows of each sum that it can be; a figure that is one of these is right.
        headings: the columns of figures.
    """
    grid, found, compared = view.grid, [], 0
    for heading in headings:
        told = plain_number(view.own(row, heading.column))
        made = {amount: rows for rows in reversed(sums) if (amount := _sum(view, rows, heading.column)) is not None}
        if told is None or not made:
            continue
        compared += 1
        if told not in made:
            number = grid.numbers[row]
            letters = column_letters(heading.column + 1) if grid.has_letters or grid.lane == "text" else None
            place = Place(
                file=grid.file, sheet=grid.sheet, row=number, cell=f"{letters}{number}" if letters else None,
                header=heading.header,
            )  # fmt: skip
            wanted = either(figures_told(f"{each.normalize():f}") for each in reversed(made))
            rows = dict.fromkeys(each for part in reversed(made.values()) for each in part)
            shown = ", ".join(str(grid.numbers[each]) for each in sorted(rows)[:_SHOWN])
            found.append(
                Finding(
                    code="total-row-differs",
                    place=place,
                    found=f"{told.normalize():f}" if told else "0",
                    expected=wanted,
                    params={"rows": shown},
                )
            )
    return found, compared


def is_sum_of(view: SheetView, row: int, rows: Sequence[int], column: int) -> bool:
    """Whether a figure is what the cells above it make in some rows."""
    made = _sum(view, rows, column)
    return made is not None and made == plain_number(view.own(row, column))


def _sum(view: SheetView, rows: Sequence[int], column: int) -> Decimal | None:
    """What the cells of a column make in some rows; None where one of them is no plain number, or all are blank."""
    numbers = [plain_number(cell) for row in rows if not is_blank(cell := view.own(row, column))]
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(numbers) else None


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
                found.append(_differs(figure, file, sheet, figures_told(f"{expected.normalize():f}")))
            elif expected is None and 0 <= total < this:
                found.append(
                    _differs(figure, file, sheet, phrase("at least {n}", n=figures_told(f"{this.normalize():f}")))
                )
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
