"""Rules about figures beside their targets, where too few other figures say what to expect.

Read `TARGETS` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.logframe.indicator import TOTAL
from mne.reports.context import NOTHING
from mne.reports.rule import Rule
from mne.reports.rules_senders import target_of
from mne.reports.rules_sizes import OTHERS, TENFOLD, other_sizes, plainly
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.reports.context import Asked

__all__ = ["TARGETS"]

BEYOND: Final = 3
"""So many times the target of its period, and tenfold the figure before, is more than a good quarter."""


def _far_beyond(asked: Asked) -> pl.DataFrame:
    """Figures of short series that are many times the one before and far beyond their target as well.

    Either alone is often true: a project begins small, and targets are set low.
    """
    judged = asked.judged
    known = judged.numeric.filter(~pl.col("by_denominator"))
    if not known.height:
        return NOTHING
    known = known.select("series", "source_order", "amount").with_columns(
        size=pl.len().over("series"), before=pl.col("amount").shift(1).over("series")
    )
    far = known.filter(
        (pl.col("size") <= OTHERS) & (pl.col("before") > 0) & (pl.col("amount") >= TENFOLD * pl.col("before"))
    )
    far = far.join(judged.once(other_sizes), on="source_order", how="anti")
    if not far.height:
        return NOTHING
    rows = asked.rows.filter(pl.col("category") == TOTAL).select("source_order", "indicator", "plan_number")
    tables = judged.tables
    found: list[tuple[int, str]] = []
    for row in far.lazy().join(rows, on="source_order").collect().iter_rows(named=True):
        plan, indicator = tables.plan_of(row["indicator"]), tables.indicator(row["indicator"])
        target = target_of(plan, indicator, plan.periods_of(indicator)[row["plan_number"]])
        if target is not None and target > 0 and row["amount"] >= BEYOND * target:
            found.append((row["source_order"], f"{float(target):.6g}"))
    told = pl.DataFrame(found, schema={"source_order": pl.Int64, "target": pl.String}, orient="row")
    return told.join(far, on="source_order").select("source_order", "target", last=plainly(pl.col("before")))


def _counted() -> nw.Expr:
    return (nw.col("state") == State.REPORTED.value) & ~nw.col("words") & ~nw.col("plan_number").is_null()


TARGETS: Final[tuple[Rule, ...]] = (
    Rule(
        code="value-outlier",
        at="value",
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: _counted() & ~nw.col("by_denominator"),
        find=_far_beyond,
        expected="a figure nearer to {last}, the one before, or to {target}, the target",
    ),
)
"""The rules about figures beside their targets."""
