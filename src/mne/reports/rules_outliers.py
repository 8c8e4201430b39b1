"""Rules about values far from the others of their own series, where these are many, or from the one before.

Read `OUTLIERS` first. None of these holds a row back: what is unusual may be true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.reports.context import NOTHING
from mne.reports.in_series import PAIR, TOTAL_TO_DATE, before, lengths, longest, means, medians, reported, runs
from mne.reports.rule import Rule
from mne.reports.rules_changed_over import of_changed_over
from mne.reports.rules_leaps import NO_LEAP, leaps
from mne.reports.rules_sizes import (
    ABOUT_IN_BOTH_UNITS,
    IN_BOTH_UNITS,
    OTHERS,
    of_other_size,
    of_other_unit,
    of_own_unit,
    of_shares,
    plainly,
    swapped,
)
from mne.reports.rules_wholes import copied_wholes, scale_as_whole

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged

__all__ = ["OUTLIERS", "TO_SIGMA", "far"]

NEAR: Final = 0.25
"""A value within this share of the median is no outlier, however even its history is."""

TO_SIGMA: Final = 0.6745
"""What makes the median absolute deviation comparable to a standard deviation. Source: Iglewicz and Hoaglin (1993)."""

MEAN_TO_SIGMA: Final = 1.253314
"""The same for the mean absolute deviation, where more than half of the values are equal. Source: as above."""


def _outliers(judged: Judged) -> pl.DataFrame:
    """Values far from the median of their own series; totals to date are judged by what they grew.

    Shape: `source_order`; `usual`, the median, of a total what it would be with that; `more`, of a total the median.
    """
    if judged.once(longest) <= OTHERS:
        return NO_LEAP
    rows = judged.numeric.select("series", "source_order", "amount", "outlier", "accumulation")
    grown = pl.when(TOTAL_TO_DATE).then(pl.col("amount") - before("amount")).otherwise("amount")
    last = pl.when(TOTAL_TO_DATE).then(before("amount"))
    points = rows.select("series", "source_order", "outlier", point=grown, last=last)
    if points["point"].null_count() or points["outlier"].null_count():
        points = points.filter(pl.col("point").is_not_null() & pl.col("outlier").is_not_null())
    points = points.filter(lengths(points["series"]) > OTHERS)
    sizes = runs(points["series"])
    points = points.with_columns(median=medians(points["point"], sizes))
    points = points.with_columns(away=(pl.col("point") - pl.col("median")).abs())
    points = points.with_columns(spread=medians(points["away"], sizes), mean=means(points["away"], sizes))
    spread, mean = pl.col("spread"), pl.col("mean")
    score = (
        pl.when(spread > 0)
        .then(TO_SIGMA * pl.col("away") / spread)
        .when((mean > 0) & (pl.col("median") != 0))
        .then(pl.col("away") / (MEAN_TO_SIGMA * mean))
    )
    away = (score > pl.col("outlier")) & (pl.col("away") > NEAR * pl.col("median").abs())
    found = points.filter(away)
    for told in (judged.once(swapped), judged.once(of_changed_over)):
        found = found.join(told, on="source_order", how="anti")
    more = pl.when(pl.col("last").is_not_null()).then("median")
    return found.select("source_order", usual=pl.col("median") + pl.col("last").fill_null(0), more=more)


def far(judged: Judged) -> pl.DataFrame:
    """What lies far from the other figures, whether these are few or many."""
    told = [judged.once(_outliers).drop("more"), judged.once(leaps).drop("more"), of_other_size(judged)]
    return pl.concat(told).unique("source_order", maintain_order=True)


def _far_from_others(asked: Asked) -> pl.DataFrame:
    """Values far from the middle of many others, but for totals to date."""
    return of_own_unit(asked.judged.once(_outliers).filter(pl.col("more").is_null()).drop("more"), asked.judged)


def _far_shares(asked: Asked) -> pl.DataFrame:
    """Shares far from the middle of many others, but where it is the denominator that is wrong."""
    judged = asked.judged
    found = judged.once(_outliers).drop("more")
    for told in (judged.once(scale_as_whole), judged.once(copied_wholes)):
        found = found.join(told, on="source_order", how="anti")
    return of_shares(found, judged)


def _copied(asked: Asked) -> pl.DataFrame:
    """Those of them whose denominator is the one of the whole."""
    judged = asked.judged
    return judged.once(copied_wholes).join(judged.once(_outliers), on="source_order", how="semi")


def _leaps(asked: Asked) -> pl.DataFrame:
    """Totals to date that grew by much more, or less, than in the other periods, whether these are many or few."""
    judged = asked.judged
    found = pl.concat([judged.once(_outliers).filter(pl.col("more").is_not_null()), judged.once(leaps)])
    told = of_own_unit(found.drop("more"), judged)
    more = found.select("source_order", more=plainly(pl.col("more")))
    return told.join(more, on="source_order").drop("about", "meant") if told.height else NOTHING


def _jumps(asked: Asked) -> pl.DataFrame:
    """Values farther from the one before than their indicator lets pass."""
    if asked.judged.once(longest) < PAIR:
        return NOTHING
    limited = asked.judged.numeric.keep(pl.col("jump").is_not_null()).select("series", "source_order", "amount", "jump")
    limited = limited.with_columns(before=before("amount"), earlier=before("source_order"))
    share = 100 * (pl.col("amount") - pl.col("before")).abs() / pl.col("before").abs()
    found = limited.filter((pl.col("before") != 0) & (share > pl.col("jump")))
    return found.select(
        "source_order",
        limit=plainly(pl.col("jump")),
        last=plainly(pl.col("before"), 6),
        related=pl.concat_list("earlier"),
    )


OUTLIERS: Final[tuple[Rule, ...]] = (
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=reported,
        find=_far_from_others,
        expected="{about}",
        suggestion="{meant}",
    ),
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=reported,
        find=_leaps,
        expected="about {usual}: it grew by about {more} in the other periods",
    ),
    Rule(
        code="value-outlier",
        at=("numerator", "value"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & nw.col("by_denominator"),
        find=_far_shares,
        found="{numerator} / {denominator} = {share}",
        expected="about {usual}, as in its other figures",
    ),
    Rule(
        code="value-outlier",
        at=("denominator", "value"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & nw.col("by_denominator"),
        find=_copied,
        expected="{ought}, which the other parts leave of the whole: {total} is the denominator of the whole itself",
        suggestion="{ought}",
    ),
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=reported,
        find=lambda asked: of_other_unit(far(asked.judged), asked.judged),
        found=IN_BOTH_UNITS,
        expected=ABOUT_IN_BOTH_UNITS,
    ),
    Rule(
        code="value-jump",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & ~nw.col("jump").is_null(),
        find=_jumps,
        expected="within {limit} per cent of {last}",
    ),
)
"""The rules about values far from the others."""
