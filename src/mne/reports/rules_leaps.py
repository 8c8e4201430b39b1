"""Totals to date that grow by many times more than they did in each period before.

Read `leaps` first. A figure of such a total says little of itself: it is large because the project is old. What it grew
by is held against what it grew by before, with the limits by which figures of flows are held against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from mne.reports.in_series import TOTAL_TO_DATE, before, begins, extremes, lengths, longest, medians, runs
from mne.reports.rules_changed_over import of_changed_over
from mne.reports.rules_sizes import EVEN, LEAP, OTHERS, PROPORTION, SPIKE, STEADY, SURGE, other_sizes
from mne.reports.rules_targets import far_beyond

if TYPE_CHECKING:
    from mne.reports.context import Judged

__all__ = ["NO_LEAP", "leaps"]

NO_LEAP: Final = pl.DataFrame(schema={"source_order": pl.Int64, "usual": pl.Float64, "more": pl.Float64})
_FEWEST: Final = 4
"""Growths of which one can be told to be a leap: the others have to show a pace."""


def leaps(judged: Judged) -> pl.DataFrame:
    """The one growth of a short series of totals that is many times all others, which are steady.

    Only what grew counts, and by the period: who reports after a silence has grown by all that happened in it, and a
    total that stands still was not brought up to date. Of long series the many others tell, and of a total that grows
    by little there is nothing to say. Shape: `source_order`; `usual`, what the total would be at the pace of the
    others; `more`, the middle of these.
    """
    if judged.once(longest) <= _FEWEST:
        return NO_LEAP
    short = lengths(judged.numeric.select("series")["series"]).is_between(_FEWEST + 1, OTHERS + 1)
    if not short.any():
        return NO_LEAP
    wanted = TOTAL_TO_DATE & pl.col("outlier").is_not_null() & ~pl.col("by_denominator")
    mine = judged.numeric.keep(short).keep(wanted)
    totals = mine.select("series", "source_order", "amount", "period_start", "period_end")
    totals = totals.filter(begins() | (pl.col("amount") != pl.col("amount").shift(1)))
    own = (pl.col("period_end") - pl.col("period_start")).dt.total_days() + 1
    since = (pl.col("period_end") - before("period_end")).dt.total_days()
    grown = totals.with_columns(last=before("amount"), periods=(since / own).round().clip(1))
    grown = grown.with_columns(pace=(pl.col("amount") - pl.col("last")) / pl.col("periods")).filter(pl.col("pace") > 0)
    grown = grown.filter(lengths(grown["series"]) >= _FEWEST)
    if not grown.height:
        return NO_LEAP
    each = runs(grown["series"])
    at, among = grown["series"].rle_id(), extremes(grown["pace"], each).with_columns(size=each)
    least, near, most = pl.col("least"), pl.col("last_but_one"), pl.col("most")
    several = pl.col("size") > _FEWEST
    high = (most >= pl.when(several).then(LEAP).otherwise(SPIKE) * near) & (near <= STEADY * least)
    high |= several & (most >= SURGE * near) & (near <= EVEN * least)
    told = among.select("least", "most", high=high).select(pl.all().gather(at))
    found = pl.concat([grown, told], how="horizontal").filter("high")
    if not found.height:
        return NO_LEAP
    others = found.filter(pl.col("pace") != pl.col("most"))
    middles = others.with_columns(more=medians(others["pace"], runs(others["series"]))).unique("series")
    found = found.filter(pl.col("pace") == pl.col("most")).join(middles.select("series", "more"), on="series")
    whole = judged.newest_rows.of_orders(found["source_order"]).select("source_order", "whole")
    # Of what is counted a few say nothing of proportions.
    found = found.join(whole, on="source_order")
    found = found.filter(~pl.col("whole") | (pl.col("least") >= PROPORTION))
    for told in (judged.once(other_sizes), judged.once(far_beyond), judged.once(of_changed_over)):
        found = found.join(told.select("source_order"), on="source_order", how="anti")
    return found.sort("source_order").select(
        "source_order", usual=pl.col("last") + pl.col("periods") * pl.col("more"), more="more"
    )
