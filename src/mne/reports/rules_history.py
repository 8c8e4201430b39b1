"""Rules about figures over time: totals that fall, outliers, copies of the last period, reports that are missing.

Each takes the frame with its facts and returns the offending rows; its docstring states what is asked of a series.
These are questions to the partner, not verdicts: none of them holds a row back.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import polars as pl

from mne.logframe.indicator import TOTAL
from mne.reports.rule import Rule
from mne.reports.rules_sets import reported
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["RULES"]

_SERIES: Final = ("project", "indicator", "partner", "location", "category")
_HISTORY: Final = 6
"""Earlier figures that a series needs before one can be called unusual."""
_UNUSUAL: Final = 3.5
"""Modified z-scores above this are outliers (Iglewicz and Hoaglin 1993)."""


def _series(frame: pl.DataFrame) -> pl.DataFrame:
    known = reported(frame).filter(pl.col("value").is_not_null())
    return known.filter(pl.col("unit").is_null() | (pl.col("unit") == pl.col("own_unit"))).sort("period_end")


def falling(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A running total restates all that came before, so it does not fall."""
    del plan
    known = _series(frame).filter(pl.col("accumulation") == "running_total", ~pl.col("may_be_negative"))
    before = pl.col("value").shift(1).over(_SERIES)
    return known.with_columns(before=before, at=pl.col("source_order").shift(1).over(_SERIES)).filter(
        pl.col("value") < pl.col("before")
    ).select(
        "source_order",
        expected=pl.lit("no less than ") + _shown("before") + pl.lit(", the total before"),
        related=pl.concat_list("at"),
    )  # fmt: skip


def _shown(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64).cast(pl.String).str.strip_suffix(".0")


def restating(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A flow counts its own period anew; one that only ever grows, to many times its start, may restate the total."""
    del plan
    known = _series(frame).filter(pl.col("accumulation") == "flow", pl.col("measure").is_in(["number", "currency"]))
    grows = (pl.col("value") > pl.col("value").shift(1).over(_SERIES)).fill_null(value=True)
    told = known.with_columns(
        grows.all().over(_SERIES).alias("always"),
        pl.len().over(_SERIES).alias("n"),
        pl.col("value").first().over(_SERIES).alias("first"),
        pl.col("period_end").max().over(_SERIES).alias("latest"),
    )
    last = told.filter(
        "always", pl.col("n") >= 4, pl.col("first") > 0, pl.col("period_end") == pl.col("latest"),
        pl.col("value") >= pl.col("n") * pl.col("first"),
    )  # fmt: skip
    return last.select("source_order", expected=pl.lit("only what is new in the period"))


def unusual(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A figure lies within the range of its own earlier ones (modified z-score; see `_UNUSUAL`)."""
    del plan
    known = _series(frame).with_columns(x=pl.col("value").cast(pl.Float64))
    earlier = known.select(*_SERIES, "source_order", "period_end", "x", "outlier")
    pairs = earlier.join(
        earlier.select(*_SERIES, past=pl.col("x"), past_end=pl.col("period_end")), on=list(_SERIES), how="inner"
    ).filter(pl.col("past_end") < pl.col("period_end"))
    median = pairs.group_by("source_order", "x", "outlier").agg(
        n=pl.len(),
        middle=pl.col("past").median(),
        spread=(pl.col("past") - pl.col("past").median()).abs().median(),
        mean_spread=(pl.col("past") - pl.col("past").median()).abs().mean(),
    )
    # Where more than half the figures are equal their median spread is 0, and the mean stands in for it.
    scale = pl.when(pl.col("spread") > 0).then(1.4826 * pl.col("spread")).otherwise(1.2533 * pl.col("mean_spread"))
    z = (pl.col("x") - pl.col("middle")).abs() / scale
    off = median.filter(pl.col("n") >= _HISTORY, scale > 0, z > pl.col("outlier").fill_null(_UNUSUAL))
    return off.select("source_order", expected=pl.lit("a figure near ") + _shown("middle") + pl.lit(", as before"))


def jumping(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A figure changes by no more per cent from one period to the next than the plan's threshold `jump` says."""
    del plan
    known = _series(frame).filter(pl.col("jump").is_not_null()).with_columns(x=pl.col("value").cast(pl.Float64))
    before = pl.col("x").shift(1).over(_SERIES)
    moved = ((pl.col("x") - before) / before).abs() * 100
    off = known.with_columns(before=before, moved=moved).filter(pl.col("before") > 0, pl.col("moved") > pl.col("jump"))
    return off.select(
        "source_order",
        expected=pl.lit("within ") + _shown("jump") + pl.lit(" % of ") + _shown("before"),
    )


def copied(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A partner's figures for a period are not all those of the period before."""
    del plan
    known = reported(frame).filter(pl.col("accumulation") == "flow", pl.col("value").is_not_null()).sort("period_end")
    before = pl.col("value").shift(1).over(_SERIES)
    at = pl.col("period_end").shift(1).over(_SERIES)
    told = known.with_columns(same=pl.col("value") == before, before_end=at)
    whole = told.group_by("partner", "period_end").agg(
        same=(pl.col("same").fill_null(value=False)).all(),
        n=(pl.col("value") != 0).sum(),
        distinct=pl.col("value").n_unique(),
        source_order=pl.col("source_order").min(),
    )
    off = whole.filter("same", pl.col("n") >= 3, pl.col("distinct") >= 2)
    return off.select("source_order", expected=pl.lit("this period's own figures"))


def silent(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """Every partner that is assigned to an indicator has reported each period that ended by the newest reported one.

    Shape: one row per partner and period, without a row of the table to point at.
    """
    last = frame.filter(pl.col("state") == State.REPORTED.value)["period_end"].max()
    empty = pl.DataFrame(schema={"partner": pl.String, "period": pl.String, "found": pl.String, "expected": pl.String})
    if not isinstance(last, dt.date):
        return empty
    due = []
    for code, indicator in plan.indicators.items():
        if indicator.formula is not None or not indicator.assignments:
            continue
        for period in plan.periods_of(indicator):
            if period.last_day <= last:
                due += [(code, period.label, *reporter) for reporter in plan.expected_reporters(indicator, period)]
    schema = {"indicator": pl.String, "period": pl.String, "partner": pl.String, "location": pl.String}
    expected = pl.DataFrame(due, schema=schema, orient="row")
    first = frame.group_by("partner").agg(first=pl.col("period_start").min())
    lacking = expected.join(frame, on=["indicator", "period", "partner", "location"], how="anti")
    starts = {period.label: period.start for each in plan.indicators.values() for period in plan.periods_of(each)}
    dated = lacking.with_columns(start=pl.col("period").replace_strict(starts, return_dtype=pl.Date))
    # Before its first report a partner may not have been part of the project yet.
    known = dated.join(first, on="partner", how="inner").filter(pl.col("start") >= pl.col("first"))
    named = pl.when(pl.col("location") == TOTAL).then("indicator").otherwise(
        pl.col("indicator") + pl.lit(" in ") + pl.col("location")
    )  # fmt: skip
    grouped = known.group_by("partner", "period").agg(found=named.unique().sort()).sort("period", "partner")
    return grouped.select(
        "partner",
        "period",
        found=pl.lit("nothing for ") + pl.col("found").list.join(", "),
        expected=pl.lit("a figure, or the word for none such as n/a"),
    )


def late(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A report is received within the days that the plan allows after its period's end; said once for a table."""
    if plan.reporting_lag is None:
        return pl.DataFrame(schema={"source_order": pl.Int64})
    days = (pl.col("reported_on") - pl.col("period_end")).dt.total_days()
    off = frame.filter(days > plan.reporting_lag)
    grouped = off.group_by("source_file", "source_sheet", "partner", "period", "reported_on").agg(
        pl.col("source_order").min(), n=pl.len(), due=pl.col("period_end").max() + pl.duration(days=plan.reporting_lag)
    )
    return grouped.sort("source_order").select(
        "source_order",
        found=pl.col("reported_on").cast(pl.String) + pl.lit(" (") + pl.col("n").cast(pl.String) + pl.lit(" rows)"),
        expected=pl.col("due").cast(pl.String) + pl.lit(" at the latest"),
    )


RULES: Final[tuple[Rule, ...]] = (
    Rule("cumulative-decrease", "value", falling, "set"),
    Rule("flow-restates-total", "value", restating, "set"),
    Rule("value-outlier", "value", unusual, "set"),
    Rule("value-jump", "value", jumping, "set"),
    Rule("report-copied", "value", copied, "set"),
    Rule("report-late", "reported_on", late, "set"),
    Rule("report-missing", "value", silent, "set"),
)
