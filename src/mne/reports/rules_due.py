"""Rules about what a report says of a figure that it does not give: that it is not due, where the plan asks for it.

Read `DUE` first. Such a row would take its cell out of what was expected, so that nobody misses the figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.phrases import phrase
from mne.logframe.indicator import TOTAL
from mne.logframe.periods import Frequency
from mne.reports.rule import Rule
from mne.tables.observations import State
from mne.tables.plan import MARK

if TYPE_CHECKING:
    from mne.reports.context import Asked

__all__ = ["DUE"]

_OFTEN: Final = {
    Frequency.WEEKLY: phrase("every week"),
    Frequency.MONTHLY: phrase("every month"),
    Frequency.QUARTERLY: phrase("every quarter"),
    Frequency.TRIANNUAL: phrase("every four months"),
    Frequency.SEMIANNUAL: phrase("every half-year"),
    Frequency.ANNUAL: phrase("every year"),
}


def _not_due() -> nw.Expr:
    return (nw.col("state") == State.NOT_DUE.value) & (nw.col("category") == TOTAL) & ~nw.col("computed")


def _due(asked: Asked) -> pl.LazyFrame:
    """Rows that call a figure not due for a whole period of the plan that has ended, of who reports it from there.

    A part of a period may well have nothing due; and while the period runs, nothing is.
    """
    whole = (pl.col("period_start") <= pl.col("plan_start")) & (pl.col("period_end") >= pl.col("plan_last"))
    theirs = pl.col("pair_assigned") | (pl.col("partner_assigned") & (pl.col("location") == TOTAL))
    day = pl.coalesce("reported_on", "today")
    ended = day.is_null() | (day > pl.col("plan_last"))
    often = pl.col("frequency").str.split(MARK).list.last()
    told = {each.value: words.template for each, words in _OFTEN.items()}
    return asked.rows.filter(whole & theirs & ended).select(
        "source_order", often=pl.struct(phrase=often.replace_strict(told, default=None, return_dtype=pl.String))
    )


DUE: Final[tuple[Rule, ...]] = (
    Rule(
        code="state-not-due",
        at=("state", "value", "numerator", "text"),
        scope="table",
        spread="partner",
        over="newest",
        where=_not_due,
        find=_due,
        expected="a figure, or a word such as n/a for why there is none: the plan asks for one {often}",
    ),
)
"""The rules about what is called not due."""
