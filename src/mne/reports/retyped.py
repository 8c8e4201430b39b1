"""Targets that a report shows beside its figures and that are not the logframe's: somebody typed them anew.

Read `other_target` first. What is scored is the logframe's target, so that a report with another one speaks of another
plan. Of an indicator that several report a partner may show the share of its own, and nothing is said.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding, Place
from mne.ground.sheets import column_letters
from mne.logframe.indicator import TOTAL, Measure
from mne.reports.cells import Marks
from mne.reports.fields import number_cell
from mne.reports.grid import is_blank, text_of
from mne.reports.rules_senders import target_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from mne.logframe.indicator import Indicator
    from mne.reports.grid import Cell, Grid, Lane
    from mne.reports.headers import Layout
    from mne.reports.headings import Headings
    from mne.reports.names import Names

__all__ = ["other_target", "retyped"]

_MOST: Final = 5_000
"""Rows of a table whose targets are looked at; with more, a program wrote them."""
_NEAR: Final = Fraction(1, 100)
_MEASURES: Final = frozenset((Measure.NUMBER, Measure.CURRENCY, Measure.PERCENTAGE, Measure.RATIO, Measure.INDEX))


def other_target(names: Names, code: str, period: str, cell: Cell, *, lane: Lane, at: Place) -> Finding | None:
    """What is to be said of the target that a cell shows for one indicator and period.

    Findings: target-differs.
    """
    plan, indicator = names.plan, names.plan.indicators[code]
    own = next((each for each in plan.periods_of(indicator) if each.label == period), None)
    if own is None or is_blank(cell) or indicator.measure not in _MEASURES or _is_shared(names, indicator, period):
        return None
    target = target_of(plan, indicator, own)
    answer = number_cell(cell, marks=Marks(), lane=lane, percent=True)
    if target is None or answer.value is None or answer.refused:
        return None
    shown = Fraction(answer.value)
    asked = [each for one in plan.periods_of(indicator) if (each := target_of(plan, indicator, one)) is not None]
    scales = (1, 100) if indicator.measure is Measure.PERCENTAGE else (1,)
    if any(_alike(shown * times, each) for each in (*asked, *accumulate(asked)) for times in scales):
        return None
    expected = f"{float(target):.10g}"
    return Finding(
        code="target-differs", place=at, found=text_of(cell) or "", expected=expected, params={"period": period}
    )


def _is_shared(names: Names, indicator: Indicator, period: str) -> bool:
    """Whether several report the indicator, each of whom may have a target of its own."""
    plan = names.plan
    own = next(each for each in plan.periods_of(indicator) if each.label == period)
    if indicator.assignments:
        return len(plan.expected_reporters(indicator, own)) > 1
    return len(plan.partners) > 1


def _alike(one: Fraction, other: Fraction) -> bool:
    """Whether two figures are the same but for how they were rounded."""
    return abs(one - other) <= _NEAR * abs(other)


def retyped(frame: pl.DataFrame, grid: Grid, layout: Layout, names: Names, headings: Headings) -> Iterator[Finding]:
    """What is to be said of the targets in a table with one row for each figure."""
    read = {*layout.columns.values(), *layout.dimensions.values()}
    at = next(
        (at for at, header in enumerate(layout.headers) if at not in read and headings.role(header) == "target"), None
    )
    if at is None or grid.origins or frame.height > _MOST:
        return
    cells = dict(zip(grid.numbers, grid.columns[at], strict=True))
    whole = frame.filter(category=TOTAL).select("indicator", "period", "unit", "source_row")
    for code, period, unit, number in whole.drop_nulls(["indicator", "period"]).iter_rows():
        if unit not in (None, names.plan.indicators[code].unit):
            continue
        address = f"{column_letters(at + 1)}{number}" if grid.has_letters else None
        place = Place(
            file=grid.file, sheet=grid.sheet, row=number, cell=address, header=layout.headers[at],
            indicator=code, period=period,
        )  # fmt: skip
        finding = other_target(names, code, period, cells.get(number), lane=grid.lane, at=place)
        if finding is not None:
            yield finding
