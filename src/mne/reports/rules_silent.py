"""Rules about what was due and did not come: the cells of the plan of which nothing was read.

Read `SILENT` first. A row that was not understood may be the one that is missed: of what it can be nothing is said, or
only that it lacks unless the row is it, where more lacks than there are such rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.ground.catalogue import Severity
from mne.logframe.indicator import TOTAL
from mne.reports.beside import REPORTED
from mne.reports.context import NOTHING
from mne.reports.misdated import filled_by_outsiders, misdated
from mne.reports.rule import Rule
from mne.tables.plan import MARK

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged
    from mne.tables.plan import PlanTables

__all__ = ["SILENT"]

_UNREAD: Final = 200
"""With more rows than this whose partner or indicator is not known, nothing can be said of what is missing."""

_PLACES: Final = 50
"""Rows named in one finding."""

_FEW: Final = 6
"""Places named of one indicator."""

_CELL: Final = ("indicator", "plan_period", "partner", "location")
_REPORT: Final = ("partner", "plan_period", "last_day")
_DAYS: Final = ("period_start", "period_end")
_SILENT: Final[dict[str, Any]] = {
    **dict.fromkeys(_CELL, pl.String),
    **dict.fromkeys(("plan_start", "plan_last", *_DAYS), pl.Date),
    **dict.fromkeys(("today", "asked_from", "asked_until"), pl.Date),
    **dict.fromkeys(("reported", "unread", "outside"), pl.Boolean),
    "plan_at": pl.Int32,
    "orders": pl.List(pl.Int64),
}


def _told(judged: Judged) -> pl.DataFrame:
    """Of whom, of which period and place something was read, and what there is of rows that were not understood.

    Shape: one row for each cell, with `reported`, `today` and the days of the period that the report is for, where the
    caller said them; and with `unread` one for each different row of which some was not understood, with `orders`, the
    `source_order` of all that are the same.
    """
    if not judged.tables.assignments.height:
        return NOTHING
    moved = misdated(judged)
    read = judged.every.without(judged.earlier).without(moved["source_order"])
    period = judged.period
    days_asked = (period.start, period.last_day) if period is not None else (None, None)
    named = pl.col("plan_period").is_not_null() & pl.col("partner").is_not_null() & ~pl.col("astray")
    there = (
        read.keep(named)
        .lazy()
        .group_by(*_CELL, "plan_start", "plan_last", "plan_at")
        .agg(reported=REPORTED.any(), today=pl.col("today").max())
        .with_columns(
            unread=pl.lit(value=False),
            **{name: pl.lit(day, pl.Date) for name, day in zip(("asked_from", "asked_until"), days_asked, strict=True)},
        )
        .collect()
    )
    like = ["plan_at", "indicator", "partner", "location", *_DAYS]
    strays = judged.unread(_CELL)
    if moved.height:
        strays = strays.join(moved, on="source_order", how="anti")
        strays = pl.concat([strays.select("source_order", *like), moved], how="diagonal_relaxed")
        like.append("outside")
    strays = strays.group_by(like).agg(orders=pl.col("source_order").sort()).with_columns(unread=pl.lit(value=True))
    return pl.concat([pl.DataFrame(schema=_SILENT), there, strays], how="diagonal")


def _told_of_all(asked: Asked) -> pl.DataFrame:
    """`_told`, where nobody said which period the report is for."""
    return asked.judged.once(_told) if asked.judged.period is None else NOTHING


def _told_of_one(asked: Asked) -> pl.DataFrame:
    """`_told`, where somebody asked for the report of one period."""
    return asked.judged.once(_told) if asked.judged.period is not None else NOTHING


def _silent(found: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """Reports that were due between the first and the last period reported on, once for each partner and period.

    Of a report for one period only the gaps of that period are told, and none of a period that has not ended: one
    mistyped row calls it up. Of one partner's report only that partner's gaps are told.
    """
    gaps = _gaps(found, tables)
    if not gaps.height:
        return NOTHING
    fillable = _fillable(gaps, found.filter("unread"))
    return _summed(gaps.join(fillable, on=_CELL, how="anti") if fillable.height else gaps)


def _doubtful(found: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """Cells of a partner and period that rows may fill which were not understood, but not all: they are too few."""
    unread = found.filter("unread") if found.height else found
    if not unread.height or not unread["partner"].count():
        return NOTHING
    gaps = _gaps(found, tables)
    fillable = _fillable(gaps, unread)
    if not fillable.height:
        return NOTHING
    rows = fillable.group_by(_REPORT).agg(
        pl.col("anybody").any(), cells=pl.struct(_CELL).n_unique(), related=pl.col("orders").explode().unique().sort()
    )
    few = rows.filter(~pl.col("anybody") & (pl.col("cells") > pl.col("related").list.len()))
    if not few.height:
        return NOTHING
    told = _summed(gaps.join(fillable, on=_CELL, how="semi").join(few, on=_REPORT, how="semi"))
    related = few.select("partner", pl.col("related").list.head(_PLACES), period="plan_period")
    return told.join(related, on=["partner", "period"], how="left", maintain_order="left")


def _gaps(found: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """The cells that were due and of which nothing was read; `asked` counts those of its indicator that were due."""
    if not tables.expected.height or not found.height:
        return NOTHING
    there = found.filter(~pl.col("unread"))
    told = there.filter("reported").group_by("plan_at")
    days = told.agg(
        pl.col("today", "asked_from", "asked_until").max(),
        first=pl.col("plan_start").min(),
        until=pl.col("plan_last").max(),
    )
    if not days.height:
        return NOTHING
    partner = pl.col("partner").filter(pl.col("partner") != TOTAL)
    partners = there.group_by("plan_at").agg(only=partner.first(), partners=partner.n_unique())
    expected = tables.expected.rename({"period": "plan_period"}).with_columns(plan_at=_plan_at(tables))
    expected = (
        expected.join(days.join(partners, on="plan_at"), on="plan_at")
        .filter(
            pl.when(pl.col("asked_from").is_null())
            .then(pl.col("last_day") > pl.col("first"))
            .otherwise(pl.col("last_day").is_between("asked_from", "asked_until"))
        )
        .filter((pl.col("last_day") <= pl.col("until")) & (pl.col("last_day") < pl.col("today")).fill_null(value=True))
        .filter((pl.col("partners") != 1) | (pl.col("partner") == pl.col("only")))
        .drop("first", "until", "only", "partners", "today", "asked_from", "asked_until")
    )
    gaps = expected.join(there, on=_CELL, how="anti")
    if not gaps.height:
        return NOTHING
    of = ["indicator", "plan_period", "partner"]
    # A figure from a place that is not asked for is told as such: that the place asked for lacks is its echo.
    elsewhere = (
        there.filter("reported")
        .join(expected, on=_CELL, how="anti")
        .group_by(of)
        .agg(places=pl.col("location").n_unique(), whole=(pl.col("location") == TOTAL).any())
    )
    lacks = gaps.group_by(of).len("lacks").join(elsewhere, on=of)
    gaps = gaps.join(lacks.filter(pl.col("whole") | (pl.col("places") >= pl.col("lacks"))), on=of, how="anti")
    if not gaps.height:
        return NOTHING
    return gaps.join(expected.join(gaps, on=of, how="semi").group_by(of).len("asked"), on=of)


def _plan_at(tables: PlanTables) -> pl.Expr:
    """The position of the plan that an indicator is of."""
    if len(tables.plans) == 1:
        return pl.lit(0, pl.Int32)
    return pl.col("indicator").str.split(MARK).list.first().cast(pl.Int32)


def _fillable(gaps: pl.DataFrame, unread: pl.DataFrame) -> pl.DataFrame:
    """The gaps that a row may fill of which the partner, indicator, place or days could not be read.

    Shape: `_CELL` and `last_day`, with the rows' `orders`, and whether they may be of `anybody`: several for one gap.
    """
    none = gaps.head(0) if gaps.height else NOTHING
    if not unread.height or not gaps.height:
        return none
    outside = pl.col("outside").fill_null(value=False)
    lost = filled_by_outsiders(gaps, unread.filter(outside))
    unread = unread.filter(~outside)
    vague = unread.filter(pl.any_horizontal(pl.col("partner", "indicator").is_null()))
    many = vague.select("plan_at", "partner", *_DAYS).unique().group_by("plan_at").len()
    many = many.filter(pl.col("len") > _UNREAD)
    whole = gaps.join(many, on="plan_at", how="semi")
    rows = unread.join(many, on="plan_at", how="anti").rename({"location": "from"})
    told = [
        whole.select(*_CELL, "last_day", orders=pl.lit(None, pl.List(pl.Int64)), anybody=pl.lit(value=True)),
        lost.select(*_CELL, "last_day", "orders", anybody=pl.lit(value=False)),
    ]
    overlap = (pl.col("period_start").is_null() | (pl.col("period_start") <= pl.col("last_day"))) & (
        pl.col("period_end").is_null() | (pl.col("period_end") >= pl.col("start"))
    )
    # Who is asked for the whole may have answered for one place.
    there = pl.col("from").is_null() | (pl.col("from") == pl.col("location")) | (pl.col("location") == TOTAL)
    for names in (("partner", "indicator"), ("partner",), ("indicator",), ()):
        known = [pl.col(name).is_not_null() == (name in names) for name in ("partner", "indicator")]
        alike = rows.filter(*known).select("plan_at", *names, "from", *_DAYS, "orders")
        met = gaps.join(alike, on=["plan_at", *names]).filter(there & overlap)
        told.append(met.select(*_CELL, "last_day", "orders", anybody=pl.lit(value="partner" not in names)))
    return pl.concat(told)


def _summed(gaps: pl.DataFrame) -> pl.DataFrame:
    """What lacks of each partner and period; places are named where others of the indicator have come."""
    if not gaps.height:
        return NOTHING
    places = pl.col("location").filter(pl.col("location") != TOTAL).unique().sort()
    few = places.head(_FEW).str.join(", ") + pl.when(places.len() > _FEW).then(pl.lit(", …")).otherwise(pl.lit(""))
    cells = gaps.group_by("indicator", *_REPORT).agg(
        count=pl.len().cast(pl.Int64), some=(pl.len() < pl.col("asked").first()) & (places.len() > 0), at=few
    )
    named = pl.when("some").then(pl.format("{} ({})", "indicator", "at")).otherwise("indicator")
    return (
        cells.with_columns(named=named)
        .sort("indicator")
        .group_by(_REPORT, maintain_order=True)
        .agg(
            pl.col("count").sum(),
            indicators=pl.col("indicator").str.join(", "),
            lacking=pl.col("named").str.join(", "),
        )
        .sort("last_day", "partner", "plan_period")
        .select(
            *("partner", "count", "indicators", "lacking"),
            source_order=pl.lit(None, pl.Int64),
            period="plan_period",
        )
    )


_EXPECTED: Final = "a figure, or a word such as n/a for why there is none: in the column of states, if there is one"

SILENT: Final[tuple[Rule, ...]] = (
    *(
        Rule(
            code="report-missing",
            at="indicator",
            scope="table",
            over="read",
            find=find,
            merge=_silent,
            found="nothing for {lacking}",
            expected=_EXPECTED,
            severity=severity,
        )
        for find, severity in ((_told_of_all, None), (_told_of_one, Severity.WARNING))
    ),
    Rule(
        code="report-missing",
        at="indicator",
        scope="table",
        over="read",
        find=lambda asked: asked.judged.once(_told),
        merge=_doubtful,
        found="nothing for {lacking}, unless it stands in a row that was not understood; there are fewer of these rows",
        expected=_EXPECTED,
    ),
)
"""The rules about what did not come."""
