"""Rows of periods before the one that a report is for: what its figures are compared with, and no part of the report.

Read `left_out` first. Last quarter's report often lies in the same folder, and its columns in the same workbook.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Findings, Place

if TYPE_CHECKING:
    from mne.logframe.periods import Period
    from mne.reports.reading import Reading

__all__ = ["TOLD_EARLIER", "all_earlier", "held_whole", "is_earlier", "left_out", "of_other_years", "told_of_others"]

TOLD_EARLIER: Final = frozenset(("period-year", "figures-restated"))
"""Codes that are told of such rows too: that a row is none of them, or another figure than was reported then."""

_EARLIER: Final = "period-earlier"


def is_earlier(period: Period) -> pl.Expr:
    """Whether a row is of a period before this one; null where its days are not known."""
    return pl.col("period_end") < period.start


def all_earlier(reading: Reading, period: Period) -> bool:
    """Whether all that was read is of earlier periods: then it is the wrong report rather than something beside it."""
    if any(each.refused for each in reading.sources):
        return False
    last = reading.frame["period_end"]
    return bool(len(last)) and bool((last < period.start).all(ignore_nulls=False))


def of_other_years(reading: Reading, period: Period) -> frozenset[str]:
    """Files with rows of the same days of another year, where others have none: they are the report, misdated.

    The others are then those of earlier periods, as they often lie beside it.
    """
    days = [
        pl.col(name).dt.strftime("%m-%d") == day.strftime("%m-%d")
        for name, day in (("period_start", period.start), ("period_end", period.last_day))
    ]
    mine = {*reading.frame.filter(*days)["source_file"].drop_nulls()}
    return frozenset(mine) if mine != {*reading.frame["source_file"].drop_nulls()} else frozenset()


def told_of_others(findings: tuple[Finding, ...], *, files: frozenset[str] = frozenset()) -> Findings:
    """What was said while reading, where the whole of it is the wrong report, or these files of it are."""
    return Findings(
        replace(each, code="period-other", severity=Severity.ERROR)
        if each.code == _EARLIER and (not files or each.place.file in files)
        else each
        for each in findings
    )


def held_whole(reading: Reading) -> pl.DataFrame:
    """All rows as ones that do not count, for what they are."""
    return reading.frame.select("source_order", codes=pl.lit(["period-other"], pl.List(pl.String)))


def left_out(reading: Reading, period: Period, *, kept: frozenset[str] = frozenset()) -> Reading:
    """A reading without the rows of earlier periods, but for files `kept`, and without what was said of their cells."""
    mine = pl.col("source_file").is_in([*kept]).fill_null(value=False)
    earlier = reading.frame.select(is_earlier(period).fill_null(value=False) & ~mine).to_series()
    if not earlier.any():
        return reading
    gone = reading.frame.filter(earlier)
    rows = Counter(gone["source_file"])
    frame = reading.frame.filter(~earlier)
    return replace(
        reading,
        frame=frame,
        raw=reading.raw.filter(~pl.col("source_order").is_in(gone["source_order"].implode())),
        findings=tuple(_of_the_rest(reading, gone, frame)),
        sources=tuple(
            replace(each, read=each.read - rows[each.name], ignored=each.ignored + rows[each.name])
            for each in reading.sources
        ),
    )


def _of_the_rest(reading: Reading, gone: pl.DataFrame, kept: pl.DataFrame) -> Iterator[Finding]:
    """What is said of other places than the cells of the rows that are left out."""
    spots = {*_spots(reading, gone)} - {*_spots(reading, kept)}
    for each in reading.findings:
        if each.code == _EARLIER:
            yield each
            continue
        there = [place for place in (each.place, *each.related) if _spot(place) not in spots]
        if len(there) == 1 + len(each.related):
            yield each
        elif there and _spot(each.place) not in spots:
            yield replace(each, related=tuple(there[1:]))
        elif there:
            yield replace(each, place=there[0], related=tuple(there[1:]))


def _spot(place: Place) -> tuple[object, ...]:
    return place.file, place.sheet, place.row, place.cell


def _spots(reading: Reading, rows: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    """All cells of some rows, and in plain tables the rows themselves."""
    at = rows.select("source_file", "source_sheet", "source_row", "source_order")
    for file, sheet, row, order in at.iter_rows():
        table = reading.table(order)
        if table is None:
            yield file, sheet, row, None
            continue
        for column in table.columns:
            number, cell, _ = table.place(column, order, row)
            yield file, sheet, number, cell
        if table.trail is None:
            yield file, sheet, row, None
