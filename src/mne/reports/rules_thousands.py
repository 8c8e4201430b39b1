"""What a figure far from the others would be in thousands or millions of its unit, or in thousandths of it.

Read `in_thousands` first: 1650 after 1,400,000 and 1,600,000 is most likely written in thousands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from mne.ground.phrases import phrase
from mne.reports.in_series import plainly

if TYPE_CHECKING:
    from mne.reports.context import Judged

__all__ = ["in_thousands"]

_WITHIN: Final = 2
"""A figure within so many times the others, either way, is like them."""

_DIGITS: Final = 12
_USUAL: Final = phrase("about {usual}, as in its other figures")
_STEPS: Final = (
    (1e3, phrase("about {usual}, as in its other figures; it looks like thousands of the unit")),
    (1e6, phrase("about {usual}, as in its other figures; it looks like millions of the unit")),
    (1e-3, phrase("about {usual}, as in its other figures; it looks like thousandths of the unit")),
    (1e-6, phrase("about {usual}, as in its other figures; it looks like millionths of the unit")),
)


def in_thousands(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """Figures in their own unit that are far from their `usual` amount, a float.

    Shape: `source_order`; `usual`, as people write it; `about`, a phrase for what is expected; `meant`, the figure that
    a thousand times, or a thousandth, would be: null where that is not like the others either.
    """
    rows = judged.newest_rows.of_orders(found["source_order"])
    values = rows.select("source_order", value=pl.col("value").cast(pl.Float64))
    told = found.join(values, on="source_order", how="left", maintain_order="left")
    usual, words, meant = pl.col("usual"), pl.lit(_USUAL.template), pl.lit(None, pl.Float64)
    for factor, each in _STEPS:
        # A thousandth is taken by division, as 0.001 has no end in binary.
        other = pl.col("value") * factor if factor > 1 else pl.col("value") / round(1 / factor)
        like = (usual <= _WITHIN * other) & (other <= _WITHIN * usual) & (usual > 0)
        words = pl.when(like).then(pl.lit(each.template)).otherwise(words)
        meant = pl.when(like).then(other).otherwise(meant)
    told = told.with_columns(usual=plainly(usual), words=words, meant=plainly(meant, _DIGITS))
    return told.select("source_order", "usual", "meant", about=pl.struct("usual", phrase="words"))
