"""Rules about figures beside their targets or a single earlier figure, where too few others say what to expect.

Read `TARGETS` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.logframe.indicator import TOTAL, Accumulation
from mne.reports.context import NOTHING
from mne.reports.in_series import PAIR, before, lengths, longest
from mne.reports.rule import Rule
from mne.reports.rules_senders import target_of
from mne.reports.rules_sizes import OTHERS, PROPORTION, TENFOLD, far_from_shown, other_sizes, plainly
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged

__all__ = ["TARGETS", "far_beyond"]

BEYOND: Final = 3
"""So many times the target of its period, and tenfold the figure before, is more than a good quarter."""

_FIGURE: Final = ("series", "source_order", "amount", "jump", "accumulation", "counted", "unit")
THOUSANDFOLD: Final = (300, 3000)
"""So many times the one figure before, or so small a part of it, is thousands for units or units for thousands."""


def far_beyond(judged: Judged) -> pl.DataFrame:
    """Figures of short series that are many times the one before and far beyond their target as well.

    Either alone is often true: a project begins small, and targets are set low.
    """
    if judged.once(longest) < PAIR:
        return NOTHING
    known = judged.numeric.keep(~pl.col("by_denominator")).select("series", "source_order", "amount")
    if not known.height:
        return NOTHING
    known = known.with_columns(size=lengths(known["series"]), before=before("amount"))
    far = known.filter(
        (pl.col("size") <= OTHERS) & (pl.col("before") > 0) & (pl.col("amount") >= TENFOLD * pl.col("before"))
    )
    far = far.join(judged.once(other_sizes), on="source_order", how="anti")
    if not far.height:
        return NOTHING
    whole = (pl.col("category") == TOTAL) & pl.col("plan_number").is_not_null()
    rows = judged.newest_rows.lazy().filter(whole).select("source_order", "indicator", "plan_number")
    tables = judged.tables
    found: list[tuple[int, str]] = []
    for row in far.lazy().join(rows, on="source_order").collect().iter_rows(named=True):
        plan, indicator = tables.plan_of(row["indicator"]), tables.indicator(row["indicator"])
        target = target_of(plan, indicator, plan.periods_of(indicator)[row["plan_number"]])
        if target is not None and target > 0 and row["amount"] >= BEYOND * target:
            found.append((row["source_order"], f"{float(target):.6g}"))
    told = pl.DataFrame(found, schema={"source_order": pl.Int64, "target": pl.String}, orient="row")
    return told.join(far, on="source_order").select("source_order", "target", last=plainly(pl.col("before")))


def _thousandfold(asked: Asked) -> pl.DataFrame:
    """Figures about a thousand times the only one before them in the same unit, or a thousandth of it.

    Said only where nothing else was: of a total to date that falls, of a jump, of what the template shows, the target.
    """
    judged = asked.judged
    if judged.once(longest) < PAIR:
        return NOTHING
    known = judged.numeric.keep(~pl.col("by_denominator") & pl.col("outlier").is_not_null()).select(*_FIGURE)
    if not known.height:
        return NOTHING
    known = known.select(
        "series", "source_order", "amount", "jump", "accumulation",
        size=lengths(known["series"]), before=before("amount"), written=before("counted").cast(pl.Float64),
        same=pl.col("unit").eq_missing(before("unit")), earlier=before("source_order"),
    )  # fmt: skip
    large, small = (getattr(pl, f"{which}_horizontal")("amount", "before") for which in ("max", "min"))
    least, most = THOUSANDFOLD
    far = known.filter(
        (pl.col("size") == PAIR)
        & pl.col("same")
        & (pl.col("before") > 0)
        & (small > 0)
        & (large / small).is_between(least, most)
        & pl.col("jump").is_null()
        & ((pl.col("accumulation") != Accumulation.RUNNING_TOTAL.value) | (pl.col("amount") > pl.col("before")))
    )
    if not far.height:
        return NOTHING
    # Of what is counted a few say nothing of proportions: a course begins with two and goes on with a thousand.
    whole = judged.newest_rows.select("source_order", "whole")
    far = far.join(whole, on="source_order").filter(
        ~pl.col("whole") | (pl.min_horizontal("amount", "before") >= PROPORTION)
    )
    for told in (judged.once(other_sizes), judged.once(far_from_shown), judged.once(far_beyond)):
        far = far.join(told.select("source_order"), on="source_order", how="anti")
    return far.select("source_order", before=plainly(pl.col("written"), 6), related=pl.concat_list("earlier"))


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
        find=lambda asked: asked.judged.once(far_beyond),
        expected="a figure nearer to {last}, the one before, or to {target}, the target",
    ),
    Rule(
        code="value-outlier",
        at="value",
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: _counted() & ~nw.col("by_denominator"),
        find=_thousandfold,
        expected="about {before}, as before: one of the two may be in thousands",
    ),
)
"""The rules about figures beside their targets, or one figure before."""
