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
from mne.ground.phrases import phrase

if TYPE_CHECKING:
    from mne.logframe.periods import Period
    from mne.reports.reading import Reading, SourceFile

__all__ = ["TOLD_EARLIER", "held_whole", "is_earlier", "left_out", "not_come", "told_of_others", "wrong_report"]

TOLD_EARLIER: Final = frozenset(("period-year", "figures-restated"))
"""Codes that are told of such rows too: that a row is none of them, or another figure than was reported then."""

_EARLIER: Final = "period-earlier"

_UNTOLD: Final = "layout-ambiguous"
"""The code of columns of which nobody knows what they are: the period asked for may be among them."""


def is_earlier(period: Period) -> pl.Expr:
    """Whether a row is of a period before this one; null where its days are not known."""
    return pl.col("period_end") < period.start


def wrong_report(reading: Reading, period: Period) -> frozenset[str] | None:
    """The files that are the wrong report, where all that was read is of earlier periods; none named means all of it.

    None where there is no wrong report: something is of the period asked for, or may be, or there are but the reports
    of a run of periods before it, and the one that is asked for has not come.
    """
    if any(each.refused for each in reading.sources) or any(each.code == _UNTOLD for each in reading.findings):
        return None
    last = reading.frame["period_end"]
    if not len(last) or not (last < period.start).all(ignore_nulls=False):
        return None
    files = {*reading.frame["source_file"].drop_nulls()}
    misdated = _of_other_years(reading.frame, period)
    old = {file for file in misdated if _is_one_of_a_run(reading.frame, file)}
    if old and old == misdated:
        return None
    return frozenset(misdated - old) if misdated != files else frozenset()


def not_come(reading: Reading, period: Period) -> Findings:
    """That there is no report for a period, where reports of earlier ones are all that there is."""
    if reading.frame.height or not any(each.code == _EARLIER for each in reading.findings):
        return Findings()
    if any(each.level.rank <= Severity.ERROR.rank for each in reading.findings):
        return Findings()
    found, expected = phrase("nothing for {period}", period=period.label), phrase("the report for this period")
    place = Place(period=period.label)
    return Findings(
        [Finding(code="report-missing", place=place, found=found, expected=expected, severity=Severity.WARNING)]
    )


def _of_other_years(frame: pl.DataFrame, period: Period) -> set[str]:
    """Files with rows of the same days of another year: where others have none, they are the report, misdated.

    The others are then those of earlier periods, as they often lie beside it.
    """
    days = [
        pl.col(name).dt.strftime("%m-%d") == day.strftime("%m-%d")
        for name, day in (("period_start", period.start), ("period_end", period.last_day))
    ]
    return {*frame.filter(*days)["source_file"].drop_nulls()}


def _is_one_of_a_run(frame: pl.DataFrame, file: str) -> bool:
    """Whether a file is an old report: others of its partners have the period next to it, and no other has its own."""
    days = frame.select("source_file", "partner", start="period_start", last="period_end").unique()
    mine = pl.col("source_file") == file
    both = days.filter(mine).join(days.filter(~mine), on="partner", suffix="_there")
    day = pl.duration(days=1)
    beside = (pl.col("last_there") + day == pl.col("start")) | (pl.col("last") + day == pl.col("start_there"))
    same = (pl.col("start_there") == pl.col("start")) & (pl.col("last_there") == pl.col("last"))
    return bool(both.height) and bool(both.select(beside.any() & ~same.any()).item())


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
            replace(
                each,
                read=each.read - rows[each.name],
                ignored=each.ignored + rows[each.name],
                compared=_compared(each, rows[each.name]),
            )
            for each in reading.sources
        ),
    )


def _compared(source: SourceFile, gone: int) -> int:
    """Rows of a file that are no part of the report: those left out, or all where nothing else was read in it."""
    return source.rows if gone and gone == source.read else gone


def _of_the_rest(reading: Reading, gone: pl.DataFrame, kept: pl.DataFrame) -> Iterator[Finding]:
    """What is said of other places than the cells of the rows that are left out."""
    # What names neither row nor cell is about the whole table, or one of its headers.
    spots = {each for each in _spots(reading, gone) if each[2:] != (None, None)} - {*_spots(reading, kept)}
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
