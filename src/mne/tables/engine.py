"""The few table operations that must be the same on every engine, as narwhals expressions.

Read `newest` first. Ties are always settled by data (revision, day of receipt, source order), never by arrival, and a
null never takes part in a comparison: it is filled first, since engines differ on it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DAWN", "NEWEST_LAST", "newest"]

DAWN: Final = dt.date(1, 1, 1)
"""Stands for an unknown day of receipt: before every known one."""

NEWEST_LAST: Final = ("revision", "_received", "source_order")


def newest(frame: Any, *, key: Sequence[str]) -> Any:
    """The newest row of each key: highest revision, then received last, then read last.

    Only keys that occur more than once pay for the ordering. The key columns must not hold nulls.
    Shape: as the frame; rows keep no particular order.
    """
    table = nw.from_native(frame, eager_only=True)
    counted = table.group_by(list(key)).agg(_n=nw.len()).filter(nw.col("_n") > 1).select(*key)
    if not len(counted):
        return frame
    columns = table.columns
    contested = table.join(counted, on=list(key), how="semi").with_columns(
        _received=nw.col("reported_on").fill_null(DAWN)
    )
    winners = contested.sort(list(NEWEST_LAST)).unique(subset=list(key), keep="last", maintain_order=True)
    once = table.join(counted, on=list(key), how="anti")
    return nw.to_native(nw.concat([once.select(*columns), winners.select(*columns)]))
