"""Rules about a series over time: totals that fall, values far from their history, reports that repeat the last one.

Read `HISTORY` first. None of these holds a row back: what is unusual may be true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.logframe.indicator import Accumulation, Measure
from mne.reports.context import SERIES, in_order
from mne.reports.rule import Rule
from mne.reports.rules_keys import decimal_text
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged

__all__ = ["HISTORY"]

OTHERS: Final = 6
"""Other values that a series needs before one of them can be called unusual."""

NEAR: Final = 0.25
"""A value within this share of the median is no outlier, however even its history is."""

TO_SIGMA: Final = 0.6745
"""What makes the median absolute deviation comparable to a standard deviation. Source: Iglewicz and Hoaglin (1993)."""

MEAN_TO_SIGMA: Final = 1.253314
"""The same for the mean absolute deviation, where more than half of the values are equal. Source: as above."""

MAGNITUDE: Final = 1_000
"""So many times greater than every other value of its indicator is out of all proportion."""

PROPORTION: Final = 10
"""Values below this say nothing about proportions."""

REPEATED: Final = 100
"""Small sums come out equal by chance; from here up that is a sign."""

GROWING: Final = 4
"""Values that a series needs before it can be said that it only grows."""

CELLS: Final = 3
"""Equal values above zero that a copied report must have."""

_FLOW: Final = pl.col("accumulation") == Accumulation.FLOW.value
_TOTAL_TO_DATE: Final = pl.col("accumulation") == Accumulation.RUNNING_TOTAL.value
_UNIT: Final = pl.coalesce("unit", "own_unit", pl.lit("")).alias("_unit")
_ONE_UNIT: Final = (*SERIES, "_unit")


def _in_one_unit(judged: Judged) -> pl.DataFrame:
    """`Judged.numeric` series by series, a new one for each unit, so that values can be compared exactly."""
    return in_order(judged.numeric.with_columns(_UNIT), _ONE_UNIT)


def _falls(asked: Asked) -> pl.DataFrame:
    totals = asked.judged.once(_in_one_unit).filter(_TOTAL_TO_DATE & ~pl.col("signed"))
    totals = totals.with_columns(
        before=pl.col("counted").shift(1).over("series"), earlier=pl.col("source_order").shift(1).over("series")
    )
    found = totals.filter(pl.col("counted") < pl.col("before"))
    return found.select("source_order", before=decimal_text("before"), related=pl.concat_list("earlier"))


def _repeats(asked: Asked) -> pl.DataFrame:
    """Flows that restate the total to date: the exact sum of all values before, or one that grows with every report."""
    flows = asked.judged.once(_in_one_unit).filter(_FLOW & pl.col("times_add") & ~pl.col("by_denominator"))
    flows = flows.with_columns(
        so_far=pl.col("value").cum_sum().shift(1).over("series"),
        above_zero=(pl.col("value") > 0).cast(pl.Int64).cum_sum().shift(1).over("series"),
        earlier=pl.col("source_order").shift(1).over("series"),
    )
    repeated = (pl.col("value") == pl.col("so_far")) & (pl.col("above_zero") >= 2) & (pl.col("value") >= REPEATED)
    return flows.filter(repeated | _only_grows()).select("source_order", related=pl.concat_list("earlier"))


def _only_grows() -> pl.Expr:
    """The last value of a series that grows with every report, and by then as much as a total of equal parts would."""
    value, first = pl.col("value").cast(pl.Float64), pl.col("value").cast(pl.Float64).first()
    grows = (value > value.shift(1)).fill_null(value=True).all()
    enough = (pl.len() >= GROWING) & (first > 0) & (value.last() >= pl.len() * first)
    is_last = pl.int_range(pl.len()) == pl.len() - 1
    return (is_last & grows & enough).over("series")


def _outliers(asked: Asked) -> pl.DataFrame:
    """Values far from the median of their own series; totals to date are asked.judged by what they grew."""
    grown = pl.col("amount") - pl.col("amount").shift(1).over("series")
    points = asked.judged.numeric.with_columns(point=pl.when(_TOTAL_TO_DATE).then(grown).otherwise("amount"))
    points = points.filter(pl.col("point").is_not_null() & pl.col("outlier").is_not_null())
    points = points.filter(pl.len().over("series") > OTHERS)
    points = points.with_columns(median=pl.col("point").median().over("series")).with_columns(
        away=(pl.col("point") - pl.col("median")).abs()
    )
    spread, mean = pl.col("away").median().over("series"), pl.col("away").mean().over("series")
    score = (
        pl.when(spread > 0)
        .then(TO_SIGMA * pl.col("away") / spread)
        .when((mean > 0) & (pl.col("median") != 0))
        .then(pl.col("away") / (MEAN_TO_SIGMA * mean))
    )
    far = (score > pl.col("outlier")) & (pl.col("away") > NEAR * pl.col("median").abs())
    found = points.with_columns(score=score).filter(far)
    return found.select("source_order", usual=pl.format("about {}, as before", pl.col("median").round_sig_figs(4)))


def _out_of_proportion(asked: Asked) -> pl.DataFrame:
    """The one value of an indicator that is a thousand times greater than every other, where no history can tell."""
    known = asked.judged.numeric.filter(pl.col("outlier").is_not_null()).with_columns(points=pl.len().over("series"))
    ranked = known.filter(pl.col("amount") > 0).with_columns(
        place=pl.col("amount").rank("ordinal", descending=True).over("indicator"), size=pl.len().over("indicator")
    )
    second = ranked.filter(pl.col("place") == 2).select("indicator", next="amount")
    found = ranked.filter((pl.col("place") == 1) & (pl.col("size") >= 3) & (pl.col("points") <= OTHERS)).join(
        second, on="indicator"
    )
    found = found.filter((pl.col("next") >= PROPORTION) & (pl.col("amount") >= MAGNITUDE * pl.col("next")))
    return found.select("source_order", usual=pl.format("at most {}, as elsewhere", pl.col("next").round_sig_figs(4)))


def _jumps(asked: Asked) -> pl.DataFrame:
    limited = asked.judged.numeric.filter(pl.col("jump").is_not_null())
    limited = limited.with_columns(
        before=pl.col("amount").shift(1).over("series"), earlier=pl.col("source_order").shift(1).over("series")
    )
    share = 100 * (pl.col("amount") - pl.col("before")).abs() / pl.col("before").abs()
    found = limited.filter((pl.col("before") != 0) & (share > pl.col("jump")))
    return found.select(
        "source_order",
        limit=pl.format(
            "within {} per cent of {}", pl.col("jump").round_sig_figs(4), pl.col("before").round_sig_figs(6)
        ),
        related=pl.concat_list("earlier"),
    )


def _copies(asked: Asked) -> pl.DataFrame:
    """Reports of a partner that are the last one once more, cell by cell."""
    whole = (pl.col("period_start") == pl.col("plan_start")) & (pl.col("period_end") == pl.col("plan_last"))
    content = ["value", "numerator", "denominator", "unit", "state", "text"]
    report = ["partner", "frequency", "plan_number"]
    cell = ["indicator", "location", "category", "partner", "frequency", "plan_number"]
    numeric = pl.col("measure").is_in([Measure.YES_NO.value, Measure.ORDINAL.value, Measure.MILESTONE.value]).not_()
    # A total to date that has not grown is often true, a figure of the quarter seldom is the last one again.
    telling = numeric & ~pl.col("words") & ~_TOTAL_TO_DATE & (pl.coalesce("numerator", "value") != 0)
    known = asked.rows.filter(whole).select(*cell, *content, "source_order", telling=telling).collect()
    earlier = known.select(
        *cell[:-1], pl.col("plan_number") + 1, *(pl.col(name).alias(f"{name}_before") for name in content)
    )
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in content)
    counts = known.group_by(report).len("cells")
    before = counts.select("partner", "frequency", pl.col("plan_number") + 1, pl.col("cells").alias("cells_before"))
    found = (
        known.join(earlier, on=cell)
        .filter(same)
        .sort("source_order")
        .group_by(report, maintain_order=True)
        .agg(pl.len().alias("equal"), pl.col("telling").sum(), pl.col("source_order").first())
        .join(counts, on=report)
        .join(before, on=report)
        .filter(
            (pl.col("equal") == pl.col("cells"))
            & (pl.col("cells") == pl.col("cells_before"))
            & (pl.col("telling") >= CELLS)
        )
    )
    return found.select("source_order", "equal")


def _reported() -> nw.Expr:
    return (nw.col("state") == State.REPORTED.value) & ~nw.col("words")


HISTORY: Final[tuple[Rule, ...]] = (
    Rule(
        code="cumulative-decrease",
        at=("value", "numerator"),
        scope="table",
        over="newest",
        where=lambda: _reported() & (nw.col("accumulation") == Accumulation.RUNNING_TOTAL.value),
        find=_falls,
        expected="at least {before}, as before",
    ),
    Rule(
        code="flow-restates-total",
        at="value",
        scope="table",
        over="newest",
        where=lambda: _reported() & (nw.col("accumulation") == Accumulation.FLOW.value),
        find=_repeats,
        expected="only what is new in the period",
    ),
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        over="newest",
        where=_reported,
        find=_outliers,
        expected="{usual}",
    ),
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        over="newest",
        where=_reported,
        find=_out_of_proportion,
        expected="{usual}",
    ),
    Rule(
        code="value-jump",
        at=("value", "numerator"),
        scope="table",
        over="newest",
        where=lambda: _reported() & ~nw.col("jump").is_null(),
        find=_jumps,
        expected="{limit}",
    ),
    Rule(
        code="report-copied",
        at="period",
        scope="table",
        over="newest",
        find=_copies,
        found="{equal} equal cells",
        expected="the figures of {plan_period}",
    ),
)
"""The rules about series over time."""
