"""Rules about figures beside those of others: values out of all proportion to what the rest reports.

Read `PEERS` first. None of these holds a row back: partners differ honestly, so that only what no difference in size
explains is told. How a partner compares with itself is asked in `mne.reports.rules_history`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import polars as pl

from mne.ground.phrases import phrase
from mne.logframe.indicator import TOTAL, Measure
from mne.reports.in_series import lengths, reported
from mne.reports.rule import Rule
from mne.reports.rules_changed_over import of_changed_over
from mne.reports.rules_leaps import leaps
from mne.reports.rules_outliers import TO_SIGMA
from mne.reports.rules_sizes import OTHERS, PROPORTION, other_sizes, plainly, swapped
from mne.tables.encode import packed

if TYPE_CHECKING:
    from mne.reports.context import Asked
    from mne.tables.plan import PlanTables

__all__ = ["PEERS"]

MAGNITUDE: Final = 1_000
"""So many times greater than every other value of its indicator is out of all proportion."""

FEWEST: Final = 6
"""Partners of which one can be told to stand apart from the others."""

APART: Final = math.log(20)
"""So many times the greatest of the others: made-up partners whose sizes spread by a factor of 2.7 (one standard
deviation of the logarithm) pass this limit and the modified z in 1 of 800 comparisons, at ten times in 1 of 150."""

ALIKE: Final = math.log(2)
"""Others that lie within this factor of each other report alike; one that does not is then apart much sooner."""

APART_FROM_ALIKE: Final = math.log(5)
"""So many times the greatest of others that report alike."""

BELOW: Final = math.log(300)
"""So many times less than the least of the others: small beginnings are honest, a figure in thousands is not."""

EVEN: Final = math.log(1.2)
"""The least spread that is assumed: partners never report quite alike."""

_OTHERS_AT_MOST: Final = phrase("at most {amount}, as other partners report")
_OTHERS_AT_LEAST: Final = phrase("at least {amount}, as other partners report")
_AT_MOST: Final = phrase("at most {amount}, as elsewhere")
_GREATEST: Final = ("amount", "source_order", "points")
_KNOWN: Final = ("series", "source_order", "amount", "outlier", "indicator", "measure", "reporter", "place")
_GROUP: Final = ("indicator", "category", "period_start", "period_end")


def _sizes(asked: Asked) -> pl.DataFrame:
    """The two greatest values of each indicator, and beside them how much each partner reports of it in each period.

    Shape: one row for each indicator, with its two greatest as lists and `size`, how many values are above zero; and
    one row for each indicator, category, period and partner: `log`, the mean of the logarithms of what it reports from
    its places, `row`, the first of them, and `reports`, how long its series are.
    """
    numeric = asked.judged.numeric.select(*_KNOWN)
    known = numeric.with_columns(points=lengths(numeric["series"])).filter(pl.col("outlier").is_not_null())
    # What its own series tells already is not told again.
    told = pl.concat(
        [asked.judged.once(each)["source_order"] for each in (other_sizes, leaps, swapped, of_changed_over)]
    )
    known = known.with_columns(points=pl.when(~pl.col("source_order").is_in(told.implode())).then("points"))
    above = known.filter(pl.col("amount") > 0)
    greatest = above.group_by("indicator").agg(pl.col(*_GREATEST).top_k_by("amount", 2), size=pl.len().cast(pl.Int64))
    greatest = greatest.with_columns(pl.col("indicator").cast(pl.String))
    # One number a row is grouped at a fraction of the cost of three texts and two days.
    quantities = above.filter(
        (pl.col("measure") == Measure.NUMBER.value) | (pl.col("measure") == Measure.CURRENCY.value)
    )
    peers = (
        quantities.select(
            packed(quantities, ("reporter", "place")).alias("peer"), "amount", "source_order", "points", "outlier"
        )
        .group_by("peer")
        .agg(
            log=pl.col("amount").log().mean(),
            row=pl.col("source_order").first(),
            reports=pl.col("points").max(),
            limit=pl.col("outlier").first(),
        )
        .drop("peer")
    )
    names = asked.judged.newest_rows.of_orders(peers["row"]).select(*_GROUP, "partner", row=pl.col("source_order"))
    peers = names.filter(pl.col("partner") != TOTAL).join(peers, on="row")
    return pl.concat([greatest, peers], how="diagonal")


def _out_of_proportion(found: pl.DataFrame, _: PlanTables) -> pl.DataFrame:
    """Values that no history can tell, out of proportion to all others or to those of other partners; each once."""
    alone = _alone(found.filter(pl.col("log").is_null()))
    several = found.filter(pl.col("log").is_not_null()).filter(pl.len().over(_GROUP) >= FEWEST)
    if not several.height:
        return alone
    apart = _apart(several)
    told = apart.select(pl.concat_list("source_order", "related").explode().alias("source_order"))
    return pl.concat([apart, alone.join(told, on="source_order", how="anti")], how="diagonal")


def _alone(found: pl.DataFrame) -> pl.DataFrame:
    """The one value of an indicator that is a thousand times greater than every other."""
    parts = found.group_by("indicator").agg(
        pl.col(*_GREATEST).explode().top_k_by(pl.col("amount").explode(), 2), pl.col("size").sum()
    )
    two = parts.filter(pl.col("size") >= 3).with_columns(next=pl.col("amount").list.get(1))
    two = two.with_columns(pl.col(*_GREATEST).list.first())
    far = (pl.col("next") >= PROPORTION) & (pl.col("amount") >= MAGNITUDE * pl.col("next"))
    told = two.filter(far & (pl.col("points") <= OTHERS))
    return told.select("source_order", usual=_usual(pl.lit(_AT_MOST.template), pl.col("next")))


def _apart(found: pl.DataFrame) -> pl.DataFrame:
    """What one partner, of enough, reports of an indicator far above or below what all others do in the same period.

    The modified z on logarithms, whose median and median absolute deviation one wrong figure hardly moves. Source:
    Iglewicz and Hoaglin (1993). Far from the middle is not enough where a few partners spread: the nearest of them has
    to be far as well. Told once for an indicator and a partner, at the last period, the whole before its parts.
    """
    several = found.sort(*_GROUP, "log", "partner")
    log = pl.col("log")
    several = several.with_columns(away=(log - log.median().over(_GROUP)).abs()).with_columns(
        spread=pl.max_horizontal(pl.col("away").median().over(_GROUP), pl.lit(EVEN)),
        under=log.shift(1).over(_GROUP),
        over=log.shift(-1).over(_GROUP),
        least=log.min().over(_GROUP),
    )
    alike = pl.col("under") - pl.col("least") <= ALIKE
    limit = pl.when(alike).then(APART_FROM_ALIKE).otherwise(APART)
    above = pl.col("over").is_null() & (log - pl.col("under") >= limit) & (pl.col("under") >= math.log(PROPORTION))
    below = pl.col("under").is_null() & (pl.col("over") - log >= BELOW)
    far = (TO_SIGMA * pl.col("away") / pl.col("spread") > pl.col("limit")) & (pl.col("reports") <= OTHERS)
    told = several.filter(far & (above | below)).with_columns(
        above=pl.col("over").is_null(), part=pl.col("category") != TOTAL
    )
    words = pl.when("above").then(pl.lit(_OTHERS_AT_MOST.template)).otherwise(pl.lit(_OTHERS_AT_LEAST.template))
    nearest = pl.when("above").then(pl.col("under")).otherwise(pl.col("over")).exp()
    return (
        told.with_columns(usual=_usual(words, nearest))
        .sort("part", "category")
        .sort("period_end", descending=True, maintain_order=True)
        .group_by("indicator", "partner", "above", maintain_order=True)
        .agg(source_order=pl.col("row").first(), usual=pl.col("usual").first(), related=pl.col("row").slice(1))
        .select("source_order", "usual", "related")
    )


def _usual(words: pl.Expr, amount: pl.Expr) -> pl.Expr:
    return pl.struct(phrase=words, amount=plainly(amount))


PEERS: Final[tuple[Rule, ...]] = (
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        over="newest",
        where=reported,
        find=_sizes,
        merge=_out_of_proportion,
        expected="{usual}",
    ),
)
"""The rules about figures beside those of others."""
