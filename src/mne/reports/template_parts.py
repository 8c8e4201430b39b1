"""Parts of a split that were left blank in a template, though the last report had a figure there.

Read `parts_left_blank` first. A blank row of a template is nothing to mend; one part of a split that is blank beside
others, where all of them were reported last time, was most likely passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from mne.ground.findings import Finding, Place
from mne.ground.sheets import column_letters
from mne.logframe.indicator import TOTAL, category_parts
from mne.reports.beside import dimensions_of
from mne.reports.blank_parts import missing_part
from mne.reports.grid import text_of
from mne.reports.template import key_of

if TYPE_CHECKING:
    from mne.reports.grid import Grid
    from mne.reports.headers import Layout
    from mne.reports.names import Names
    from mne.reports.template import Stamp

__all__ = ["parts_left_blank"]

_FIGURES: Final = ("value", "numerator", "denominator")


def parts_left_blank(
    grid: Grid, slim: Grid, layout: Layout, frame: pl.DataFrame, stamp: Stamp, names: Names
) -> Iterator[Finding]:
    """A finding for each part of which the template shows a last figure, and that is blank beside other parts.

    Args:
        grid: the table of the template.
        slim: the same without the rows that nobody filled in.
        layout: which column is which.
        frame: the rows that were filled in, typed.
        stamp: what the template says of itself.
        names: the codes of the plan.

    Findings: total-parts-missing; of a split that the plan requires that is told elsewhere.
    """
    at = layout.columns.get("category")
    if at is None or not stamp.last:
        return
    filled = {*slim.numbers}
    there = {key: parts for key, parts in _parts_there(frame, names).items() if parts}
    for row, number in enumerate(grid.numbers):
        category = text_of(grid.columns[at][row]) or ""
        if number in filled or row <= layout.header_at or not category or category == TOTAL:
            continue
        indicator = names.indicators.match_cell(grid.columns[layout.columns["indicator"]][row]).value
        location = _location(grid, row, layout, names)
        dimensions = frozenset(dimensions_of(category))
        others = there.get((indicator, location, dimensions), 0)
        if indicator is None or not others or key_of(indicator, location, category) not in stamp.last:
            continue
        if not _is_required(indicator, dimensions, names):
            yield missing_part(_place(grid, row, layout, indicator), category_parts(category), others, names)


def _parts_there(frame: pl.DataFrame, names: Names) -> dict[tuple[str | None, str, frozenset[str]], int]:
    """How many parts of each split were filled in, by indicator, location and the dimensions of the split."""
    found: dict[tuple[str | None, str, frozenset[str]], int] = {}
    told = frame.select("indicator", "location", "category").drop_nulls()
    for indicator, location, category in told.iter_rows():
        if indicator in names.plan.indicators and category != TOTAL:
            key = (indicator, location, frozenset(dimensions_of(category)))
            found[key] = found.get(key, 0) + 1
    return found


def _location(grid: Grid, row: int, layout: Layout, names: Names) -> str:
    at = layout.columns.get("location")
    cell = grid.columns[at][row] if at is not None else None
    return names.locations.match_cell(cell).value or TOTAL


def _is_required(indicator: str, dimensions: frozenset[str], names: Names) -> bool:
    splits = names.plan.indicators[indicator].disaggregation
    return any(each.required and {*each.dimensions} == dimensions for each in splits)


def _place(grid: Grid, row: int, layout: Layout, indicator: str) -> Place:
    """Where the figure of a row belongs."""
    column = next((layout.columns[name] for name in _FIGURES if name in layout.columns), None)
    number = grid.numbers[row]
    cell = f"{column_letters(column + 1)}{number}" if column is not None and grid.has_letters else None
    header = layout.headers[column] if column is not None else None
    return Place(file=grid.file, sheet=grid.sheet, row=number, cell=cell, header=header, indicator=indicator)
