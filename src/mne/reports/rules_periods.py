"""Rules about a period beside the rows around it.

Read `PERIODS` first. A year is mistyped most easily in January, and in a row that was copied from last year's report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.catalogue import Severity
from mne.reports.context import NOTHING
from mne.reports.rule import Rule
from mne.tables.encode import packed

if TYPE_CHECKING:
    from mne.reports.beside import Rows
    from mne.reports.context import Asked, Judged
    from mne.tables.plan import PlanTables

__all__ = ["PERIODS", "another_year", "of_another_year"]

FEWEST: Final = 3
"""Other rows that a table needs before one row can stand alone in it."""

_SEVERAL: Final = 2
"""Periods of which one can be beside the others."""

_YEAR: Final = 364
_NONE: Final = pl.DataFrame(schema={"source_order": pl.Int64, "label": pl.String, "related": pl.List(pl.Int64)})
_TABLE: Final = ["source_file", "source_sheet", "partner", "frequency"]
_KNOWN: Final = pl.col("plan_number", "partner", "indicator").is_not_null()


def _years(tables: PlanTables) -> pl.DataFrame:
    """The periods of every frequency of several a year.

    Shape: one row for each: its number and label, and `year`, how many periods a year has.
    """
    rows = []
    for frequency, periods in tables.frequencies.items():
        later = (at for at, each in enumerate(periods) if (each.start - periods[0].start).days >= _YEAR)
        year = next(later, 1)
        mark = tables.marks[tables.at(frequency)]
        if year > 1:
            rows += [(frequency, year, at, mark + each.label) for at, each in enumerate(periods)]
    schema = {"frequency": pl.String, "year": pl.Int64, "plan_number": pl.Int64, "label": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _spots(every: Rows) -> pl.DataFrame:
    """What each partner's table says of each period: how many `rows`, and `kinds` of indicators, and the first one."""
    by = ("source_file", "source_sheet", "#partner", "#place", "#indicator")
    cells = every.lazy().select(*by, "source_order").collect()
    key = packed(cells, by)
    # One number a row is grouped at a fraction of the cost of five names.
    counts = (
        cells.select("source_order", key=key)
        .group_by("key")
        .agg(pl.col("source_order").first(), rows=pl.len().cast(pl.Int64))
        .drop("key")
    )
    names = every.of_orders(counts["source_order"]).select(*_TABLE, "plan_number", "indicator", "source_order")
    told = names.join(counts, on="source_order").filter(pl.all_horizontal(_KNOWN))
    return told.group_by(*_TABLE, "plan_number").agg(
        pl.col("indicator").first(), pl.col("rows").sum(), kinds=pl.col("indicator").n_unique()
    )


def another_year(judged: Judged) -> pl.DataFrame:
    """Rows of one indicator that alone of a partner's table name a period outside of all others.

    The same period of the next year, or the last, is what other indicators report and this one lacks.

    Shape: `source_order` and `label`, the period meant; `related`, the `source_order` of the other rows of the same
    table, indicator and period.
    """
    rows = judged.every
    if rows.height <= FEWEST or rows.select("#place")["#place"].n_unique() < _SEVERAL:
        return _NONE
    spots = _spots(rows).sort(*_TABLE, "plan_number")
    step = pl.col("plan_number").diff().over(_TABLE)
    spots = spots.with_columns(apart=pl.min_horizontal(step, step.shift(-1).over(_TABLE)))
    ends = spots.group_by(_TABLE).agg(
        first=pl.col("plan_number").min(), last=pl.col("plan_number").max(), all=pl.col("rows").sum()
    )
    if not ends.select((pl.col("first") < pl.col("last")).any()).item():
        return _NONE
    lone = spots.join(ends, on=_TABLE, nulls_equal=True).filter(
        (pl.col("kinds") == 1)
        & ((pl.col("plan_number") == pl.col("first")) | (pl.col("plan_number") == pl.col("last")))
        & (pl.col("all") - pl.col("rows") >= FEWEST)
    )
    years = _years(judged.tables)
    lone = lone.join(years.select("frequency", "year").unique(), on="frequency")
    meant = pl.concat([lone.with_columns(meant=pl.col("plan_number") + sign * pl.col("year")) for sign in (1, -1)])
    others = spots.select(*_TABLE, meant="plan_number", there="indicator", several=pl.col("kinds") > 1)
    meant = meant.join(others, on=[*_TABLE, "meant"], nulls_equal=True)
    meant = meant.filter(pl.col("several") | (pl.col("there") != pl.col("indicator")))
    meant = meant.join(years.select("frequency", meant="plan_number", label="label"), on=["frequency", "meant"])
    if not meant.height:
        return _NONE
    told = (
        judged.sound_rows.lazy()
        .select(*_TABLE, "indicator", "plan_number", "series", "source_order")
        .join(
            meant.lazy().select(*_TABLE, "indicator", "plan_number", "meant", "label", "apart"),
            on=[*_TABLE, "indicator", "plan_number"],
            nulls_equal=True,
        )
        .collect()
    )
    mine = pl.col("series").is_in(told["series"].unique().implode()) & pl.all_horizontal(_KNOWN)
    there = judged.every.lazy().filter(mine).select("series", meant="plan_number").unique().collect()
    found = told.join(there, on=["series", "meant"], how="anti").sort("source_order")
    # Of two that could each be the other, the one that leaves a gap is wrong, else the older one.
    pair = [*_TABLE, pl.min_horizontal("plan_number", "meant"), pl.max_horizontal("plan_number", "meant")]
    wrong = pl.struct("apart", -pl.col("plan_number"))
    found = found.filter(wrong == wrong.sort(descending=True).first().over(pair))
    shown = found.group_by(*_TABLE, "indicator", "plan_number", "label", maintain_order=True).agg(
        pl.col("source_order").first(), related=pl.col("source_order").slice(1)
    )
    return shown.select("source_order", "label", "related")


def _future(asked: Asked) -> pl.LazyFrame:
    """Rows of a period that begins after their day, which hangs on other rows of their partner."""
    return asked.rows.filter(pl.col("period_start") > pl.col("today")).select("source_order", "today")


def of_another_year(judged: Judged) -> pl.Series:
    """`source_order` of all rows that `another_year` tells of: they are no rivals of the rows of the year they name."""
    found = judged.once(another_year)
    return pl.concat([found["source_order"], found["related"].explode().drop_nulls()])


def _by_itself(asked: Asked) -> pl.DataFrame:
    found = asked.judged.once(another_year)
    return found.join(_doubled(asked.judged), on="source_order", how="anti") if found.height else NOTHING


def _beside_its_own(asked: Asked) -> pl.DataFrame:
    """Those whose cell another report fills already: which of the two would count is not a question to be asked."""
    found = asked.judged.once(another_year)
    return found.join(_doubled(asked.judged), on="source_order", how="semi") if found.height else NOTHING


def _doubled(judged: Judged) -> pl.DataFrame:
    return judged.repeated.select("source_order")


PERIODS: Final[tuple[Rule, ...]] = (
    Rule(
        code="period-future",
        at=("period", "period_start"),
        scope="table",
        spread="partner",
        where=lambda: ~nw.col("today").is_null(),
        find=_future,
        found="{period_start} to {period_end}",
        expected="a period that had begun by {today}",
    ),
    Rule(
        code="period-year",
        at=("period", "period_start"),
        scope="table",
        spread="partner",
        over="sound",
        find=_by_itself,
        expected="{label}",
    ),
    Rule(
        code="period-year",
        at=("period", "period_start"),
        scope="table",
        spread="partner",
        over="sound",
        find=_beside_its_own,
        expected="{label}",
        holds=True,
        holds_related=True,
        severity=Severity.ERROR,
    ),
)
"""The rules about periods among others."""
