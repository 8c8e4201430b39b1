"""Two parts of a split that were changed over: the women of this report are the men, and nothing in it says so.

Read `changed_over` first. Their total is kept, so that only the reports before tell. None of these holds a row back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from mne.logframe.indicator import category_key
from mne.reports.context import NOTHING
from mne.reports.in_series import longest, reported, runs
from mne.reports.rule import Rule
from mne.reports.rules_keys import decimal_text

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged

__all__ = ["CHANGED_OVER", "changed_over", "of_changed_over"]

EARLIER: Final = 3
"""Reports before that one in which the same part was always the larger."""

CLEARLY: Final = 1.5
"""So many times the other part is clearly above it."""

STEADY: Final = 2
"""Proportions of which the largest is at most so many times the smallest say what to expect."""

ALIKE: Final = 1.15
"""The proportion turned about lies within so many times the usual one."""

UNLIKELY: Final = 5
"""Standard deviations by which a share has to be off that people who come by chance would make.

They come in groups, which spread more than that: 150 people where one part is half as large again, 19 where it is three
times as large.
"""

_TWO: Final = 2
_OVERLAPPING: Final = "overlapping"
_CELL: Final = ["indicator", "partner", "location", "dimension"]
_PERIOD: Final = ["pair", "period_start", "period_end"]
_NONE: Final = pl.DataFrame(
    schema={"source_order": pl.Int64, "other": pl.Int64, "mine": pl.String, "theirs": pl.String}
)


def changed_over(judged: Judged) -> pl.DataFrame:
    """Cells of two parts whose proportion is the usual one turned about, where it hardly changed in all other periods.

    Shape: one row for each such pair: `source_order` of the part that the plan names first and `other`, the other
    part's; `mine` and `theirs`, the figures of these.
    """
    if judged.once(longest) <= EARLIER:
        return _NONE
    pairs = _pairs(judged)
    if not pairs.height:
        return _NONE
    wanted = pl.concat([pairs["one"], pairs["two"]])
    figures = judged.numeric.keep(pl.col("series").is_in(wanted.implode()) & ~pl.col("by_denominator")).select(
        *("series", "source_order", "period_start", "period_end", "amount", "counted", "unit")
    )
    first = figures.join(pairs.select("pair", series="one"), on="series")
    second = figures.join(pairs.select("pair", series="two"), on="series")
    both = first.join(second, on=_PERIOD, suffix="_other").sort("pair", "period_end")
    above = pl.col("amount") > pl.col("amount_other")
    courses = both.group_by("pair").agg(size=pl.len(), larger=above.sum())
    # Of all periods but one the same part is the larger.
    often = pl.col("larger") == pl.col("size") - 1
    courses = courses.filter((pl.col("size") > EARLIER) & (often | (pl.col("larger") == 1)))
    both = both.join(courses.select("pair", often=often), on="pair", maintain_order="left")
    share = pl.col("amount") / pl.col("amount_other")
    both = both.with_columns(share=pl.when("often").then(share).otherwise(1 / share))
    odd = pl.col("share") <= 1
    others = pl.col("share").filter(~odd)
    both = both.with_columns(
        before=pl.int_range(pl.len()).over("pair"),
        usual=others.median().over("pair"), least=others.min().over("pair"), most=others.max().over("pair"),
    )  # fmt: skip
    clear = (pl.col("least") >= CLEARLY) & (pl.col("most") <= STEADY * pl.col("least"))
    turned = (1 / pl.col("share") / pl.col("usual")).is_between(1 / ALIKE, ALIKE)
    people = pl.col("amount") + pl.col("amount_other")
    unlikely = (pl.col("usual") - 1) ** 2 / pl.col("usual") * people >= UNLIKELY**2
    same = pl.col("unit").eq_missing(pl.col("unit_other"))
    found = both.filter(odd & (pl.col("before") >= EARLIER) & clear & turned & unlikely & same)
    mine, theirs = decimal_text("counted"), decimal_text("counted_other")
    return found.select("source_order", other="source_order_other", mine=mine, theirs=theirs)


def of_changed_over(judged: Judged) -> pl.DataFrame:
    """The figures of these cells, `source_order`: nothing else is said of them for the sake of other periods."""
    found = judged.once(changed_over)
    return pl.concat([found["source_order"], found["other"]]).alias("source_order").to_frame()


def _pairs(judged: Judged) -> pl.DataFrame:
    """Series of the two parts of each split, both long enough: `pair`, a number, and the series `one` and `two`."""
    rows = judged.numeric.select("series", "source_order")
    each = runs(rows["series"])
    heads = rows["source_order"].gather((each.cum_sum() - each).filter(each > EARLIER))
    known = judged.newest_rows.of_orders(heads).select(
        *("series", "indicator", "partner", "location", "category", "relation")
    )
    known = known.filter(pl.col("relation").ne_missing(_OVERLAPPING))
    parts = [
        (indicator, category_key({dimension: code}), dimension, at)
        for indicator in known["indicator"].unique()
        for dimension, codes in judged.tables.dimensions(indicator).items()
        if len(codes) == _TWO
        for at, code in enumerate(codes)
    ]
    schema = {"indicator": pl.String, "category": pl.String, "dimension": pl.String, "at": pl.Int64}
    known = known.join(pl.DataFrame(parts, schema=schema, orient="row"), on=["indicator", "category"])
    one, two = (known.filter(pl.col("at") == at).select(*_CELL, "series") for at in (0, 1))
    pairs = one.join(two, on=_CELL, nulls_equal=True, suffix="_other").sort("series")
    return pairs.select(one="series", two="series_other").with_row_index("pair")


def _told(asked: Asked) -> pl.DataFrame:
    """Each pair at the first of its cells, with the other one beside it."""
    judged = asked.judged
    found = judged.once(changed_over)
    if not found.height:
        return NOTHING
    categories = judged.newest_rows.of_orders(found["other"]).select(
        other=pl.col("source_order"), other_category=pl.col("category")
    )
    told = found.join(categories, on="other")
    return told.select("source_order", "mine", "theirs", "other_category", related=pl.concat_list("other"))


CHANGED_OVER: Final[tuple[Rule, ...]] = (
    Rule(
        code="parts-swapped",
        at="value",
        scope="table",
        spread="partner",
        over="newest",
        where=reported,
        find=_told,
        found="{category} {mine}, {other_category} {theirs}",
        expected="{category} {theirs}, {other_category} {mine}",
    ),
)
"""The rules about parts that were changed over."""
