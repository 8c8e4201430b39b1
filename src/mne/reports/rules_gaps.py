"""The rule about values without some of the categories that the plan asks for.

Read `GAPS` first. What could not be read is not missing.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.logframe.indicator import TOTAL, category_key
from mne.reports.beside import REPORTED
from mne.reports.context import NOTHING
from mne.reports.rule import Rule
from mne.tables.plan import dimensions_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mne.reports.context import Asked

__all__ = ["GAPS"]

CELL: Final = ("indicator", "partner", "location", "period_start", "period_end")
"""The columns that a value and its parts share."""


def _incomplete(asked: Asked) -> pl.DataFrame:
    """Values without some of the categories that the plan asks for; what could not be read is not missing."""
    required = asked.judged.tables.splits.filter("required").select("indicator", wanted="dimensions")
    if not required.height:
        return NOTHING
    key = [*CELL]
    named = pl.all_horizontal(pl.col(*key, "category").is_not_null()) & ~pl.col("astray")
    mine = pl.col("indicator").is_in(required["indicator"].implode())
    # What the plan does not ask is told as that; it may be the part of another place.
    unasked = pl.col("assigned") & (pl.col("partner") != TOTAL) & ~pl.col("pair_assigned")
    every = asked.judged.every.keep(named & mine)
    rows = every.keep(~unasked.fill_null(value=False)).lazy()
    known = rows.select(*key, "category", "state", "plan_at", "source_order").collect()
    told = known.filter(REPORTED).select(key).unique()
    unread = asked.judged.unread((*key, "category"))
    parts = every.keep(unasked & (pl.col("category") != TOTAL)).lazy().select(*key, "category", "plan_at").collect()
    unread = pl.concat(
        [unread.select(parts.columns), parts.with_columns(location=pl.lit(None, pl.String))], how="vertical_relaxed"
    )
    cells = _without_unread(known.join(told, on=key, how="semi"), unread, key)
    there = (
        cells.sort("source_order")
        .group_by(key, maintain_order=True)
        .agg(pl.col("category").unique(), pl.col("source_order").first())
    )
    wanted = [
        (indicator, dimensions, _every(dimensions, asked.judged.tables.dimensions(indicator)))
        for indicator, dimensions in required.iter_rows()
    ]
    schema: dict[str, Any] = {"indicator": pl.String, "wanted": pl.String, "every": pl.List(pl.String)}
    gaps = there.join(pl.DataFrame(wanted, schema=schema, orient="row"), on="indicator").with_columns(
        lacking=pl.col("every").list.set_difference("category")
    )
    gaps = gaps.filter(pl.col("lacking").list.len() > 0).with_columns(size=pl.col("every").list.len())
    by = pl.col("wanted").str.split("|")
    told_of = pl.col("size") - pl.col("lacking").list.len()
    return gaps.select("source_order", "size", by=by, there=told_of, lacking=pl.col("lacking").list.sort())


def _without_unread(cells: pl.DataFrame, unread: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The cells of which no row can be a part whose category, or a column of the key, was not understood."""
    patterns = unread.select(pl.col(key).is_not_null()).unique()
    for pattern in patterns.iter_rows(named=True):
        there = [name for name in key if pattern[name]]
        alike = unread.filter(pl.all_horizontal(pl.col(name).is_not_null() == pattern[name] for name in key))
        # A row of which nothing was understood says nothing about any cell.
        if there:
            on = ["plan_at", *there]
            cells = cells.join(alike.select(on).unique(), on=on, how="anti")
    return cells


def _every(dimensions: str, codes: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Every category of a split, encoded with the dimensions in the plan's order."""
    names = [name for name in codes if name in dimensions.split("|")]
    if dimensions_key(tuple(names)) != dimensions:
        return []
    return [category_key(dict(zip(names, each, strict=True))) for each in product(*(codes[name] for name in names))]


GAPS: Final[tuple[Rule, ...]] = (
    Rule(
        code="total-parts-missing",
        at=("value", "numerator", "denominator"),
        scope="table",
        spread="partner",
        over="read",
        find=_incomplete,
        found="{there} of {size} parts by {by}",
        expected="{lacking}",
    ),
)
"""The rules about what is not there."""
