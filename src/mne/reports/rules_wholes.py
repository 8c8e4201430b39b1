"""Rules about the denominators of a series: of another size than the others, or the scale written in their place.

Read `WHOLES` first. None of these holds a row back: fewer may have been asked this time, and they may be a hundred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.reports.context import NOTHING
from mne.reports.in_series import begins, extremes, lengths, longest, plainly, reported, runs
from mne.reports.rule import Rule
from mne.reports.rules_keys import decimal_text
from mne.reports.rules_sizes import PROPORTION, SPIKE, STEADY, swapped
from mne.reports.rules_totals import mismatched

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged

__all__ = ["WHOLES", "copied_wholes", "scale_as_whole"]

_FEWEST: Final = 2
_SCALE: Final = 10
"""The least scale that is taken for the number of those who were counted."""

_ABOVE: Final = 1.5
_BELOW: Final = 2
"""So many times the largest of the others, or less than the smallest, is no denominator like them. Fewer is likelier
than more to be true: a project may end."""

_PARTS: Final = 4
"""Samples are planned in such parts of a hundred or a thousand: 75, 150, 400."""


def scale_as_whole(judged: Judged) -> pl.DataFrame:
    """Denominators that are exactly what the plan multiplies by, where the others of their series are not like it.

    Shape: `source_order`; `usual`, the middle of the others, and `scale`, both floats; `related`, the others.
    """
    nothing = NOTHING.with_columns(usual=pl.lit(None, pl.Float64), scale=pl.lit(None, pl.Float64))
    nothing = nothing.with_columns(related=pl.lit(None, pl.List(pl.Int64)))
    scales = judged.tables.indicators.filter("by_denominator")["multiplier"].cast(pl.Float64).unique()
    scales = scales.filter(scales >= _SCALE)
    if not len(scales) or judged.once(longest) <= _FEWEST:
        return nothing
    ratios = judged.numeric.keep(pl.col("by_denominator") & pl.col("outlier").is_not_null())
    rows = ratios.select("series", "source_order", whole=pl.col("denominator"))
    at = rows["whole"].is_in(scales.implode()) & (lengths(rows["series"]) > _FEWEST)
    if not at.any():
        return nothing
    rows = rows.with_columns(opens=begins()).filter(pl.col("series").is_in(rows["series"].filter(at).implode()))
    of = judged.newest_rows.of_orders(rows["source_order"])
    scale = of.select("source_order", scale=pl.col("multiplier").cast(pl.Float64))
    rows = rows.join(scale, on="source_order", maintain_order="left")
    alike = pl.col("whole") == pl.col("scale")
    others = pl.col("whole").filter(~alike)
    told = rows.group_by("series", maintain_order=True).agg(
        pl.col("source_order", "scale", "opens").filter(alike),
        related=pl.col("source_order").filter(~alike).sort(),
        planned=(others * _PARTS % pl.col("scale").first() == 0).all(),
        usual=others.median(),
        least=others.min(),
        most=others.max(),
    )
    # Where it stands there more than once, so many were counted each time.
    told = told.filter(pl.col("scale").list.len() == 1).explode("source_order", "scale", "opens")
    apart = (pl.col("scale") >= _ABOVE * pl.col("most")) | (
        (_BELOW * pl.col("scale") <= pl.col("least")) & ~pl.col("opens")
    )
    steady = pl.col("most") <= STEADY * pl.col("least")
    return told.filter(apart & steady & ~pl.col("planned")).select(nothing.columns)


def _scales(asked: Asked) -> pl.DataFrame:
    found = asked.judged.once(scale_as_whole)
    if not found.height:
        return NOTHING
    return found.with_columns(usual=plainly(pl.col("usual")), scale=plainly(pl.col("scale")))


def copied_wholes(judged: Judged) -> pl.DataFrame:
    """Denominators of parts that are the one of their whole, which the parts exceed for it.

    Shape: `source_order`; `ought`, what the whole leaves for it, and `total`, its denominator, both as text; `related`,
    the whole.
    """
    nothing = NOTHING.with_columns(ought=pl.lit(""), total=pl.lit(""), related=pl.lit(None, pl.List(pl.Int64)))
    wrong = judged.once(mismatched)
    wrong = wrong.filter(pl.col("at") == "denominator") if wrong.height else wrong
    if not wrong.height:
        return nothing
    pairs = wrong.select(of="source_order", source_order="related").explode("source_order")
    orders = pl.concat([pairs["of"].unique(), pairs["source_order"]])
    rows = judged.newest_rows.of_orders(orders).select("source_order", "dimensions", "numerator", "denominator")
    wholes = rows.select(of="source_order", total="denominator")
    parts = pairs.join(rows, on="source_order").join(wholes, on="of")
    split = ("of", "dimensions")
    same = pl.col("denominator") == pl.col("total")
    left = 2 * pl.col("total") - pl.col("denominator").sum().over(split)
    parts = parts.with_columns(left=left, once=same.sum().over(split) == 1)
    found = parts.filter(same & pl.col("once") & (pl.col("left") > 0) & (pl.col("left") >= pl.col("numerator")))
    found = found.unique("source_order", keep="none").sort("source_order")
    return found.select(
        "source_order", ought=decimal_text("left"), total=decimal_text("total"), related=pl.concat_list("of")
    )


def _other_wholes(asked: Asked) -> pl.DataFrame:
    """Denominators many times more or less than all others of their series, which are steady."""
    judged = asked.judged
    if judged.once(longest) <= _FEWEST:
        return NOTHING
    ratios = judged.numeric.keep(pl.col("by_denominator") & pl.col("outlier").is_not_null())
    rows = ratios.select("series", "source_order", whole=pl.col("denominator")).filter(pl.col("whole") >= PROPORTION)
    each = runs(rows["series"])
    among = extremes(rows["whole"], each).select(
        apart=(pl.col("most") >= SPIKE * pl.col("least"))
        & ((pl.col("last_but_one") <= STEADY * pl.col("least")) | (pl.col("most") <= STEADY * pl.col("second")))
    )
    rows = rows.filter(among["apart"].gather(rows["series"].rle_id()))
    if not rows.height:
        return NOTHING
    sizes = pl.col("whole", "source_order").sort_by("whole", "source_order")
    pools = rows.group_by("series").agg(sizes, size=pl.len()).filter(pl.col("size") > _FEWEST)
    least, second, last_but_one, most = (pl.col("whole").list.get(at, null_on_oob=True) for at in (0, 1, -2, -1))
    below, above = (
        getattr(pl.col("whole").list, which)(pl.col("size") - 1).list.median() for which in ("head", "tail")
    )
    high = (most >= SPIKE * below) & (last_but_one <= STEADY * least)
    low = (above >= SPIKE * least) & (most <= STEADY * second)
    pools = pools.filter(high | low).with_columns(
        at=pl.when(high).then(pl.col("size").cast(pl.Int64) - 1).otherwise(0),
        usual=pl.when(high).then(below).otherwise(above),
    )
    found = pools.select(pl.col("source_order").list.get(pl.col("at")), usual=plainly(pl.col("usual")))
    for told in (judged.once(swapped), judged.once(scale_as_whole)):
        found = found.join(told, on="source_order", how="anti")
    return found


WHOLES: Final[tuple[Rule, ...]] = (
    Rule(
        code="value-outlier",
        at=("denominator", "value"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & nw.col("by_denominator"),
        find=_other_wholes,
        expected="about {usual}, as in its other figures",
    ),
    Rule(
        code="value-outlier",
        at=("denominator", "value"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & nw.col("by_denominator"),
        find=_scales,
        expected="how many there were, about {usual} as in its other figures: the plan's {scale} is applied later",
    ),
)
"""The rules about the denominators of a series."""
