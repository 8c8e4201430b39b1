"""Rows under a mistyped period, which stand for what would otherwise be told as missing.

Read `misdated` first. Each of them is told at its own cell by another code: that the report of the period which was
meant lacks is the echo of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from mne.logframe.indicator import TOTAL
from mne.reports.rules_periods import another_year

if TYPE_CHECKING:
    from mne.reports.context import Judged
    from mne.tables.plan import PlanTables

__all__ = ["filled_by_outsiders", "misdated"]

_DAYS: Final = ("period_start", "period_end")
_TABLE: Final = ("source_file", "source_sheet", "partner")
_LIKE: Final = ("plan_at", "indicator", "partner", "location", *_DAYS, "outside")
_KNOWN: Final = ("indicator", "partner", "location")


def misdated(judged: Judged) -> pl.DataFrame:
    """The rows that most likely are of another period than they name.

    Shape: one row for each `source_order`, with what it is of and the days of the period that was meant; those
    `outside` of the project have their own days, as only the year of a gap can tell which one was meant.
    """
    return pl.concat([_of_other_years(judged), _after_the_report(judged), _outsiders(judged)])


def _of_other_years(judged: Judged) -> pl.DataFrame:
    """The rows told by `period-year`, with the days that it expects."""
    found = judged.once(another_year)
    if not found.height:
        return _NONE
    others = found.select("label", source_order=pl.col("related")).explode("source_order").drop_nulls()
    meant = pl.concat([found.select("label", "source_order"), others])
    rows = judged.every.of_orders(meant["source_order"]).select(*_LIKE[:4], "frequency", "source_order")
    told = rows.join(meant, on="source_order").join(_periods(judged.tables), on=["frequency", "label"])
    return told.with_columns(outside=pl.lit(value=False)).select("source_order", *_LIKE)


def _periods(tables: PlanTables) -> pl.DataFrame:
    """The days of every period of the plan, by its frequency and its label."""
    rows = [
        (frequency, tables.marks[tables.at(frequency)] + each.label, each.start, each.last_day)
        for frequency, periods in tables.frequencies.items()
        for each in periods
    ]
    schema = {"frequency": pl.String, "label": pl.String, "period_start": pl.Date, "period_end": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _after_the_report(judged: Judged) -> pl.DataFrame:
    """Rows of the same days of a later year than was asked for, told by `period-other`, as rows of that year.

    Where an indicator has a row of both, the later period is one more that is reported on, and nothing is mistyped.
    """
    period = judged.period
    if period is None:
        return _NONE
    later = judged.every.keep((pl.col("period_start") > period.last_day) & _known())
    rows = later.select("source_order", *_TABLE[:2], *_LIKE[:-1])
    if not rows.height:
        return _NONE
    years = pl.format("{}y", pl.lit(period.last_day.year) - pl.col("period_end").dt.year())
    meant = rows.with_columns(pl.col(name).dt.offset_by(years).alias(f"meant_{name}") for name in _DAYS)
    meant = meant.filter(
        (pl.col("meant_period_start") >= period.start) & (pl.col("meant_period_end") <= period.last_day)
    )
    asked = judged.every.keep(pl.col("period_end").is_between(period.start, period.last_day) & _known())
    both = asked.select(*_TABLE, "indicator").unique()
    doubled = rows.join(both, on=[*_TABLE, "indicator"], nulls_equal=True).select(*_TABLE, *_DAYS).unique()
    alone = meant.join(doubled, on=[*_TABLE, *_DAYS], how="anti", nulls_equal=True)
    days = {name: pl.col(f"meant_{name}") for name in _DAYS}
    return alone.with_columns(**days, outside=pl.lit(value=False)).select("source_order", *_LIKE)


def _outsiders(judged: Judged) -> pl.DataFrame:
    """Rows of no day of the project, told by `period-outside-project`, where no period was asked for."""
    if judged.period is not None:
        return _NONE
    rows = judged.every.keep((pl.col("fits") == "outside") & _known())
    return rows.select("source_order", *_LIKE[:-1]).with_columns(outside=pl.lit(value=True)).select(_NONE.columns)


def _known() -> pl.Expr:
    return pl.all_horizontal(pl.col(_KNOWN).is_not_null())


def filled_by_outsiders(gaps: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The gaps that rows outside of the project stand for: of each row the one whose year is nearest to its own.

    Args:
        gaps: cells that lack, with the `start` and the `last_day` of their periods.
        rows: different rows of `misdated`, with `orders`, the `source_order` of all that are the same.
    """
    met = gaps.join(rows.rename({"location": "from"}), on=["plan_at", "indicator", "partner"])
    same = [
        pl.col(one).dt.strftime("%m-%d") == pl.col(other).dt.strftime("%m-%d")
        for one, other in (("period_start", "start"), ("period_end", "last_day"))
    ]
    there = (pl.col("from") == pl.col("location")) | (pl.col("location") == TOTAL)
    apart = (pl.col("period_start").dt.year() - pl.col("start").dt.year()).abs()
    met = met.filter(*same, there).with_columns(apart=apart).sort("apart", "start")
    return met.unique(
        ["plan_at", "indicator", "partner", "from", "location", *_DAYS], keep="first", maintain_order=True
    )


_NONE: Final = pl.DataFrame(
    schema={
        "source_order": pl.Int64, "plan_at": pl.Int32, "indicator": pl.String, "partner": pl.String,
        "location": pl.String, "period_start": pl.Date, "period_end": pl.Date, "outside": pl.Boolean,
    }
)  # fmt: skip
