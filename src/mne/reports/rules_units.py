"""Rules about the unit of a figure beside the unit that the same series was reported in before.

Read `UNITS` first. Whoever changes the unit and converts the figure is right, and nothing is said; whoever changes the
unit alone is many times off, and often by less than an outlier is.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.catalogue import Severity
from mne.reports.context import NOTHING
from mne.reports.in_series import before, begins
from mne.reports.rule import Rule
from mne.reports.rules_outliers import far
from mne.reports.rules_sizes import IN_BOTH_UNITS, STEADY, beside_shown, far_from_shown, plainly
from mne.tables.observations import State
from mne.tables.plan import MARK

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged

__all__ = ["UNITS"]

_REPORT: Final = ["indicator", "partner", "period_start", "period_end", "unit", "last_unit"]


def _changed(judged: Judged) -> pl.DataFrame:
    """Figures in another unit than the one before them, unless they were converted and are about as large as it.

    Shape: `source_order`, `same`: whether the bare number is like the one before, and the converted one is not;
    `amount` in the indicator's unit; `last`, `last_unit` and `at`, the figure before; and `earlier`, its row, or null.
    """
    changed = pl.concat([_beside_rows(judged), _beside_template(judged)], how="vertical_relaxed")
    changed = changed.unique("source_order", keep="first", maintain_order=True)
    if not changed.height:
        return changed.with_columns(same=pl.lit(value=True))
    for each in (judged.once(far), judged.once(far_from_shown)):
        changed = changed.join(each.select("source_order"), on="source_order", how="anti")
    in_line, as_before = (_alike(pl.col(name), pl.col(last)) for name, last in _COMPARED)
    return changed.filter(~(in_line & ~as_before)).with_columns(same=as_before & ~in_line)


_COMPARED: Final = (("amount", "last_amount"), ("value", "last"))
_SHAPE: Final = {
    "source_order": pl.Int64, "value": pl.Float64, "amount": pl.Float64, "last": pl.Float64, "last_amount": pl.Float64,
    "last_unit": pl.String, "at": pl.String, "earlier": pl.Int64,
}  # fmt: skip


def _alike(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether two figures of one sign are about as large."""
    share = one / other
    return share.is_between(1 / STEADY, STEADY)


def _beside_rows(judged: Judged) -> pl.DataFrame:
    """Figures in a unit that their series was not reported in before, beside the last figure in another one."""
    changes = ~begins() & pl.col("unit").ne_missing(pl.col("unit").shift(1))
    # Hardly anybody changes the unit in the middle of a series.
    if not judged.numeric.select(any=changes.any()).item():
        return pl.DataFrame(schema=_SHAPE)
    known = judged.numeric.keep(~pl.col("by_denominator")).select("series", "source_order", "amount", "unit")
    known = known.filter(pl.col("amount") != 0).with_columns(
        changes=changes, earlier=before("source_order"), last_amount=before("amount"),
        is_new=pl.struct("series", "unit").is_first_distinct(),
    )  # fmt: skip
    found = known.filter(pl.col("changes") & pl.col("is_new"))
    wanted = pl.concat([found["source_order"], found["earlier"]]).unique()
    rows = judged.newest_rows.of_orders(wanted).lazy()
    told = rows.select(
        "source_order",
        value=pl.col("value").cast(pl.Float64),
        unit=pl.coalesce("unit", "own_unit"),
        at=pl.coalesce("plan_period", "period"),
    ).collect()
    at = pl.col("at").str.split(MARK).list.last()
    last = told.select(earlier="source_order", last="value", last_unit="unit", at=at)
    found = found.join(told.select("source_order", "value"), on="source_order").join(last, on="earlier")
    return found.select(*_SHAPE)


def _beside_template(judged: Judged) -> pl.DataFrame:
    """Figures in another unit than the last one that their template shows."""
    rows = judged.once(beside_shown).filter((pl.col("amount") != 0) & (pl.col("before") != 0))
    rows = rows.filter(pl.col("unit").ne_missing(pl.col("last_unit")))
    return rows.select(
        *("source_order", "value", "amount", "last"),
        *(pl.col("before").alias("last_amount"), "last_unit", "at", pl.lit(None, pl.Int64).alias("earlier")),
    )


def _told(asked: Asked, *, same: bool) -> pl.DataFrame:
    """What has changed, once for each report of an indicator with the other figures of it beside."""
    found = asked.judged.once(_changed).filter(pl.col("same") == same)
    if not found.height:
        return NOTHING
    rows = asked.judged.newest_rows.of_orders(found["source_order"]).lazy()
    rows = rows.select(
        *("source_order", "indicator", "partner", "period_start", "period_end", "own_unit"),
        unit=pl.coalesce("unit", "own_unit"),
        foreign=pl.col("factor") != 1,
    )
    told = found.lazy().join(rows, on="source_order").sort("source_order").group_by(_REPORT, maintain_order=True)
    others = pl.col("earlier").drop_nulls().append(pl.col("source_order").slice(1))
    first = told.agg(
        pl.col("source_order", "own_unit", "foreign", "value", "amount", "last", "at").first(), related=others
    ).collect()
    words = pl.when("foreign").then(pl.lit(IN_BOTH_UNITS)).otherwise(pl.lit("{value} {unit}"))
    now = ("unit", "own_unit", *(plainly(pl.col(name), 6).alias(name) for name in ("value", "amount")))
    return first.select(
        *("source_order", "related", "last_unit", pl.col("at").alias("when")),
        last=plainly(pl.col("last"), 6),
        number=plainly(pl.col("value"), 6),
        now=pl.struct([*now, words.alias("phrase")]),
    )


def _reported() -> nw.Expr:
    return (nw.col("state") == State.REPORTED.value) & ~nw.col("words") & ~nw.col("by_denominator")


UNITS: Final[tuple[Rule, ...]] = (
    Rule(
        code="unit-changed",
        at=("unit", "value"),
        scope="table",
        spread="partner",
        over="newest",
        where=_reported,
        find=partial(_told, same=True),
        found="{now}",
        expected="{number} {last_unit}, after {last} {last_unit} in {when}",
    ),
    Rule(
        code="unit-changed",
        at=("unit", "value"),
        scope="table",
        spread="partner",
        over="newest",
        where=_reported,
        find=partial(_told, same=False),
        found="{now}",
        expected="a figure that was converted, after {last} {last_unit} in {when}",
        severity=Severity.INFO,
    ),
)
"""The rules about a unit that changes."""
