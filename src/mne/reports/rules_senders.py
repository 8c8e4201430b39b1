"""Rules about reports as a whole: late, missing, without units, made up, far from the plan and without a word about it.

Read `SENDERS` first. What is true of many rows of one table is told once, with the places of the others.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.logframe.indicator import TOTAL, Accumulation, TargetBasis
from mne.reports.context import NOTHING, REPORTED
from mne.reports.rule import Rule
from mne.tables.observations import State, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.reports.context import Asked

__all__ = ["SENDERS"]

PLACES: Final = 50
"""Other places named in one finding about many rows."""

_UNREAD: Final = 200
"""With more rows than this that could not be placed, nothing can be said of what is missing."""

_TABLE: Final = ("source_file", "source_sheet")


def _once(rows: pl.LazyFrame, *key: str) -> pl.LazyFrame:
    """One row for each group: its first, with `count` and the places of the others."""
    order = pl.col("source_order").sort()
    found = rows.group_by(key).agg(order.first(), count=pl.len().cast(pl.Int64), related=order.slice(1, PLACES))
    return found.sort("source_order")


def _unitless(asked: Asked) -> pl.LazyFrame:
    """Values without a unit in a table that has a column for it."""
    tables_asked = [
        (file, sheet or None) for (file, sheet), columns in asked.judged.reading.columns.items() if "unit" in columns
    ]
    tables = pl.DataFrame(tables_asked, schema={"source_file": pl.String, "source_sheet": pl.String}, orient="row")
    return _once(asked.rows.join(tables.lazy(), on=_TABLE, how="semi", nulls_equal=True), *_TABLE).drop(_TABLE)


def _illustrative(asked: Asked) -> pl.LazyFrame:
    return _once(asked.rows, "source_file").drop("source_file", "related")


def _not_counted(asked: Asked) -> pl.LazyFrame:
    return _once(asked.rows, "source_file", "status").drop("source_file", "related")


def _late(asked: Asked) -> pl.LazyFrame:
    """First reports that came after they were due, once for each partner, period and table."""
    first = pl.col("revision") == 0
    return _after(asked.rows.filter(first), asked.judged.tables.plan.reporting_lag, "due")


def _closed(asked: Asked) -> pl.LazyFrame:
    """What came after its period was closed, revisions too, once for each partner, period and table."""
    return _after(asked.rows, asked.judged.tables.plan.closing_lag, "closed")


def _after(rows: pl.LazyFrame, lag: int | None, name: str) -> pl.LazyFrame:
    """The rows received more than so many days after their period; `name` is what that last day is called."""
    if lag is None:
        return rows.select("source_order").limit(0)
    last = pl.col("plan_last") + dt.timedelta(days=lag)
    late = rows.with_columns(last.alias(name)).filter(pl.col("reported_on") > pl.col(name))
    return _once(late, *_TABLE, "partner", "plan_period", name).select("source_order", name, "count", "related")


def _unproven(asked: Asked) -> pl.LazyFrame:
    """Figures none of whose rows, total or part, names what proves them; once for each partner, place and period."""
    key = ("indicator", "partner", "location", "plan_period", "period_start")
    order = pl.col("source_order").sort()
    found = asked.rows.group_by(key).agg(
        order.first(),
        count=pl.len().cast(pl.Int64),
        related=order.slice(1, PLACES),
        none=pl.col("evidence").is_null().all(),
    )
    return found.filter("none").sort("source_order").select("source_order", "count", "related")


def _silent(asked: Asked) -> pl.DataFrame:
    """Reports that were due between the first and the last period reported on, once for each partner and period.

    Of one partner's report only that partner's gaps are told. Where a row's partner, period, indicator or place could
    not be read, it may be the one that is missed.
    """
    expects = asked.judged.tables.expected.height
    if not expects:
        return NOTHING
    columns = ["indicator", "plan_period", "plan_start", "plan_last", "partner", "location", "state"]
    there = asked.judged.read.select(columns).filter(
        pl.col("plan_period").is_not_null() & pl.col("partner").is_not_null()
    )
    told = there.filter(REPORTED)
    if not told.height:
        return NOTHING
    first, until = told["plan_start"].min(), told["plan_last"].max()
    partners = there.filter(pl.col("partner") != TOTAL)["partner"].unique()
    expected = asked.judged.tables.expected.rename({"period": "plan_period"}).filter(
        (pl.col("start") >= first) & (pl.col("last_day") <= until)
    )
    if len(partners) == 1:
        expected = expected.filter(pl.col("partner") == partners[0])
    gaps = expected.join(there, on=["indicator", "plan_period", "partner", "location"], how="anti")
    gaps = _certain(
        gaps,
        asked.judged.read.filter(
            pl.any_horizontal(pl.col("indicator", "location", "plan_period", "partner").is_null())
        ),
    )
    return (
        gaps.group_by("partner", "plan_period", "last_day")
        .agg(count=pl.len().cast(pl.Int64), lacking=pl.col("indicator").unique().sort().str.join(", "))
        .sort("last_day", "partner", "plan_period")
        .select("partner", "count", "lacking", pl.lit(None, pl.Int64).alias("source_order"), period="plan_period")
    )


def _certain(gaps: pl.DataFrame, unread: pl.DataFrame) -> pl.DataFrame:
    """The gaps that no row can fill whose partner, indicator, place or days could not be read."""
    may_be = unread.select("partner", "period_start", "period_end").unique()
    if may_be.height > _UNREAD:
        return gaps.clear()
    overlap = (pl.col("period_start").is_null() | (pl.col("period_start") <= pl.col("last_day"))) & (
        pl.col("period_end").is_null() | (pl.col("period_end") >= pl.col("start"))
    )
    own = gaps.join(may_be.drop_nulls("partner"), on="partner").filter(overlap)
    anybody = gaps.join(may_be.filter(pl.col("partner").is_null()).drop("partner"), how="cross").filter(overlap)
    key = ["indicator", "plan_period", "partner", "location"]
    return gaps.join(own, on=key, how="anti").join(anybody, on=key, how="anti")


# -------------------------------------------------------------------------------------- far from the plan, and no word


def _unexplained(asked: Asked) -> pl.DataFrame:
    """Values farther from their target than the plan lets pass without a comment.

    The values of one indicator and period are taken together where its reporters add up; else it needs a single one.
    """
    limited = asked.rows.sort("source_order").collect()
    plan = asked.judged.tables.plan
    found: list[tuple[int, str, str]] = []
    for (code, number), group in limited.group_by("indicator", "plan_number", maintain_order=True):
        indicator = plan.indicators[str(code)]
        period = plan.periods_of(indicator)[int(str(number))]
        target = _target(plan, indicator, period)
        actual = _actual(list(group.iter_rows(named=True)))
        if not target or actual is None or not group["comment"].is_null().all():
            continue
        limit = Fraction(group["deviation"][0])
        if 100 * abs(actual - target) > limit * abs(target):
            share = f"{float(100 * abs(actual - target) / abs(target)):.0f}"
            found.append((group["source_order"][0], share, f"{float(target):.6g}"))
    return pl.DataFrame(found, schema={"source_order": pl.Int64, "share": pl.String, "target": pl.String}, orient="row")


def _actual(rows: list[dict[str, Any]]) -> Fraction | None:
    """The value of one period; None where its rows cannot simply be added."""
    several = len(rows) > 1
    same = all(row["unit"] in (None, row["own_unit"]) for row in rows)
    if not same or (several and not (rows[0]["places_add"] and rows[0]["additive"])):
        return None
    if not rows[0]["by_denominator"]:
        return sum((Fraction(row["value"]) for row in rows), Fraction())
    bottom = sum((Fraction(row["denominator"]) for row in rows), Fraction())
    top = sum((Fraction(row["numerator"]) for row in rows), Fraction())
    return top / bottom * Fraction(rows[0]["multiplier"]) if bottom else None


def _target(plan: Logframe, indicator: Indicator, period: Period) -> Fraction | None:
    """The target of one period; None where there is none, or one that is met by another sum."""
    return next((value for value in _targets(plan, indicator, period)), None)


def _targets(plan: Logframe, indicator: Indicator, period: Period) -> Iterator[Fraction]:
    for target in indicator.targets:
        sums_up = indicator.accumulation is Accumulation.FLOW and target.basis is TargetBasis.CUMULATIVE
        if target.category != TOTAL or target.status != "set" or sums_up:
            continue
        named = plan.period(target.period) if target.period else None
        last = target.date or (named.last_day if named else None)
        whole = named is None or named.start >= period.start or indicator.accumulation is not Accumulation.FLOW
        if last is None or last not in period or not whole:
            continue
        if target.value is not None:
            yield Fraction(target.value)
        elif target.numerator is not None and target.denominator:
            yield Fraction(target.numerator) / Fraction(target.denominator) * Fraction(indicator.multiplier)


def _has_unit() -> nw.Expr:
    return ~nw.col("own_unit").is_null() & (nw.col("own_unit") != "percent")


def _counted() -> nw.Expr:
    return (nw.col("state") == State.REPORTED.value) & ~nw.col("words")


SENDERS: Final[tuple[Rule, ...]] = (
    Rule(
        code="unit-missing",
        at="unit",
        scope="table",
        where=lambda: _counted() & ~nw.col("by_denominator") & _has_unit() & nw.col("unit").is_null(),
        find=_unitless,
        expected="{own_unit}",
    ),
    Rule(
        code="row-illustrative",
        at="illustrative",
        scope="table",
        over="read",
        where=lambda: nw.col("illustrative"),
        find=_illustrative,
        found="{count} rows",
    ),
    Rule(
        code="report-not-counted",
        at="status",
        scope="table",
        over="read",
        where=lambda: nw.col("status").is_in([Status.DRAFT.value, Status.RETURNED.value]),
        find=_not_counted,
        found="{count} rows with the status {status}",
    ),
    Rule(
        code="report-late",
        at="reported_on",
        scope="table",
        where=lambda: ~nw.col("reported_on").is_null() & ~nw.col("plan_last").is_null(),
        find=_late,
        found="{reported_on} ({count} rows)",
        expected="{due} at the latest",
    ),
    Rule(
        code="period-closed",
        at="reported_on",
        scope="table",
        where=lambda: ~nw.col("reported_on").is_null() & ~nw.col("plan_last").is_null(),
        find=_closed,
        found="{reported_on} ({count} rows)",
        expected="{closed} at the latest",
    ),
    Rule(
        code="report-missing",
        at="indicator",
        scope="table",
        over="read",
        find=_silent,
        found="nothing for {lacking}",
        expected="a figure, or the word for none such as n/a",
    ),
    Rule(
        code="evidence-missing",
        at=("evidence", "value"),
        scope="table",
        over="newest",
        where=lambda: nw.col("proven") & (nw.col("state") == State.REPORTED.value),
        find=_unproven,
        found="nothing",
        expected="what proves the value: a link, a file's name or a reference",
    ),
    Rule(
        code="comment-missing",
        at=("comment", "value"),
        scope="table",
        over="newest",
        where=lambda: _counted() & ~nw.col("deviation").is_null() & (nw.col("category") == TOTAL),
        find=_unexplained,
        found="{share} per cent away from {target}",
        expected="a comment that says why",
    ),
)
"""The rules about who reported, when and how."""
