"""Which number of a share is wrong, where its total and the other parts of a split tell.

Read `told_by_parts` first. Women 123 of 115 and men 118 of 141, 241 of 292 in all: what the total leaves for women is
123 of 151, so that it is the 115 that is wrong. Nothing is changed for it; the finding only points at the right cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.ground.phrases import phrase
from mne.logframe.indicator import TOTAL
from mne.reports.rules_keys import decimal_text
from mne.tables.encode import packed

if TYPE_CHECKING:
    from mne.reports.context import Judged

__all__ = ["told_by_parts"]

_CELL: Final = ("#indicator", "#partner", "#location", "#period_start", "#period_end")
"""The columns that a share and its parts have in common, as codes."""

_OVERLAPPING: Final = "overlapping"
_AT_MOST: Final = phrase("at most the denominator, {denominator}; perhaps the two are swapped")
_AS_PARTS: Final = phrase("{ought}, as the total and its parts have it")
_OF_PARTS: Final = phrase("what its parts make once they are right")


def told_by_parts(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """Shares above one, with what should stand there.

    Shape: the `source_order` given; `at`, the column that the total and its parts contradict, null where neither or
    both are; `right`, a phrase for what should stand there.
    """
    told = ("indicator", "category", "dimensions", "relation", "additive", "source_order", "numerator", "denominator")
    given = pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null()
    rows = judged.every.lazy().filter(given).select(*_CELL, *told).collect()
    rows = rows.with_columns(cell=packed(rows, _CELL))
    wrong = rows.filter(pl.col("source_order").is_in(found["source_order"].implode()))
    kin = rows.filter(pl.col("additive") & pl.col("cell").is_in(wrong["cell"].unique().implode()))
    left = _left(wrong, kin, judged) if kin.height > wrong.height else _NOTHING
    both = wrong.select("source_order", "denominator").join(left, on="source_order", how="left")
    words = (
        pl.when("echo").then(pl.lit(_OF_PARTS.template))
        .when(pl.col("at").is_not_null()).then(pl.lit(_AS_PARTS.template))
        .otherwise(pl.lit(_AT_MOST.template))
    )  # fmt: skip
    right = both.select("source_order", "at", right=pl.struct("ought", decimal_text("denominator"), phrase=words))
    return found.join(right, on="source_order", how="left", maintain_order="left")


_NOTHING: Final = pl.DataFrame(
    schema={"source_order": pl.Int64, "at": pl.String, "ought": pl.String, "echo": pl.Boolean}
)


def _left(wrong: pl.DataFrame, kin: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """What the total and the other parts leave for each share: of a total, what its parts make.

    Shape: one row for each share of which one number is contradicted (`at`, and `ought`, what is left for it), or that
    is the sum of parts of which one is wrong itself (`echo`).
    """
    parts = kin.filter((pl.col("category") != TOTAL) & (pl.col("relation") != _OVERLAPPING))
    both = pl.col("numerator", "denominator")
    splits = parts.group_by("cell", "indicator", "dimensions").agg(
        both.sum().name.prefix("parts_"),
        count=pl.len(),
        doubtful=pl.col("source_order").is_in(wrong["source_order"].implode()).any(),
    )
    splits = splits.filter(pl.col("count") == _sizes(splits, judged)).drop("indicator", "count")
    of_total = wrong.filter(pl.col("category") == TOTAL).drop("dimensions").join(splits, on="cell")
    totals = kin.filter(pl.col("category") == TOTAL).select("cell", both.name.prefix("total_"))
    of_part = wrong.filter(pl.col("category") != TOTAL).join(splits, on=["cell", "dimensions"]).join(totals, on="cell")
    numbers: list[Any] = ["source_order", both]
    left = pl.concat(
        [
            of_total.select(
                *numbers, "doubtful", left_numerator="parts_numerator", left_denominator="parts_denominator"
            ),
            of_part.select(
                *numbers,
                doubtful=pl.lit(value=False),
                left_numerator=pl.col("total_numerator") - pl.col("parts_numerator") + pl.col("numerator"),
                left_denominator=pl.col("total_denominator") - pl.col("parts_denominator") + pl.col("denominator"),
            ),
        ]
    )
    same = {name: pl.col(name) == pl.col(f"left_{name}") for name in ("numerator", "denominator")}
    share = (pl.col("left_numerator") >= 0) & (pl.col("left_numerator") <= pl.col("left_denominator"))
    at = (
        pl.when(share & same["numerator"] & ~same["denominator"]).then(pl.lit("denominator"))
        .when(share & same["denominator"] & ~same["numerator"]).then(pl.lit("numerator"))
    )  # fmt: skip
    left = left.with_columns(at=at, echo=pl.col("doubtful") & same["numerator"] & same["denominator"])
    ought = pl.coalesce(pl.when(pl.col("at") == name).then(decimal_text(f"left_{name}")) for name in same)
    told = left.filter(pl.col("at").is_not_null() | pl.col("echo")).sort("source_order", "at", nulls_last=True)
    return told.select("source_order", "at", "echo", ought=ought).unique("source_order", keep="first")


def _sizes(splits: pl.DataFrame, judged: Judged) -> pl.Series:
    """How many parts each of these splits has."""
    sizes = []
    for indicator, dimensions in splits.select("indicator", "dimensions").iter_rows():
        codes, size = judged.tables.dimensions(indicator), 1
        for name in dimensions.split("|"):
            size *= len(codes.get(name, ()))
        sizes.append(size)
    return pl.Series(sizes, dtype=pl.UInt32)
