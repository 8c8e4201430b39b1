"""Rules about reports as a whole: late, without units, made up, far from the plan and without a word about it.

Read `SENDERS` first. What is true of many rows of one table is told once, with the places of the others.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.phrases import phrase
from mne.logframe.indicator import TOTAL, Accumulation, TargetBasis
from mne.reports.rule import Rule
from mne.reports.rules_silent import SILENT
from mne.tables.observations import SCALE, State, Status
from mne.tables.plan import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.reports.context import Asked
    from mne.tables.plan import PlanTables

__all__ = ["SENDERS", "target_of"]

PLACES: Final = 50
"""Other places named in one finding about many rows."""

_FEW: Final = 6
"""Indicators named of one unit."""

_EARLY: Final = 14
"""Days before the end of a period in which its report may be written."""

_SOON: Final = 120
"""Days after the end of a period in which its report most likely comes."""

_QUARTER: Final = 100
"""Days of the longest period of which nobody reports before it ends."""

_MONTHS: Final = 12
_TURNED: Final = phrase("{meant}, where day and month have changed places")
_AFTER: Final = phrase("a day after {last}, on which the period ends")

_OF_INDICATORS: Final = phrase("{own_unit} for {indicators}")

_TABLE: Final = ("source_file", "source_sheet")
_SUM: Final = pl.Decimal(38, SCALE)


def _once(rows: pl.LazyFrame, *key: str) -> pl.LazyFrame:
    """One row for each group: its first, with `count` and the places of the others."""
    order = pl.col("source_order").sort()
    found = rows.group_by(key).agg(order.first(), count=pl.len().cast(pl.Int64), related=order.slice(1, PLACES))
    return found.sort("source_order")


def _together(*key: str, without: tuple[str, ...] = ()) -> Callable[[pl.DataFrame, PlanTables], pl.DataFrame]:
    """What `_once` gave for several parts of a table as one: a merge that leaves the columns `without` out."""

    def merge(found: pl.DataFrame, _: PlanTables) -> pl.DataFrame:
        every = found.with_columns(every=pl.concat_list("source_order", "related"))
        told = every.group_by(key).agg(pl.col("count").sum(), pl.col("every").explode().sort())
        first, others = pl.col("every").list.first(), pl.col("every").list.slice(1, PLACES)
        return told.with_columns(source_order=first, related=others).drop("every", *without).sort("source_order")

    return merge


def _unitless(asked: Asked) -> pl.LazyFrame:
    """Values without a unit in a table that has a column for it."""
    tables_asked = [
        (file, sheet or None) for (file, sheet), columns in asked.judged.reading.columns.items() if "unit" in columns
    ]
    tables = pl.DataFrame(tables_asked, schema={"source_file": pl.String, "source_sheet": pl.String}, orient="row")
    without = asked.rows.join(tables.lazy(), on=_TABLE, how="semi", nulls_equal=True)
    return _once(without, *_TABLE, "own_unit", "indicator")


def _with_units(found: pl.DataFrame, _: PlanTables) -> pl.DataFrame:
    """One row for each table, with `units`: the one that is taken, of several each with the first of its indicators."""
    orders = pl.concat_list("source_order", "related")
    ids = pl.col("indicator").str.split(MARK).list.last().unique(maintain_order=True)
    of_unit = (
        found.sort("source_order")
        .group_by(*_TABLE, "own_unit", maintain_order=True)
        .agg(
            pl.col("count").sum(),
            orders=orders.explode(),
            indicators=ids.head(_FEW).str.join(", ")
            + pl.when(ids.len() > _FEW).then(pl.lit(", …")).otherwise(pl.lit("")),
        )
    )
    alone = pl.col("own_unit").count().over(_TABLE) == 1
    words = pl.when(alone).then(pl.lit("{own_unit}")).otherwise(pl.lit(_OF_INDICATORS.template))
    told = of_unit.group_by(_TABLE, maintain_order=True).agg(
        pl.col("count").sum(),
        every=pl.col("orders").explode().sort(),
        units=pl.struct("own_unit", "indicators", phrase=words),
    )
    first, others = pl.col("every").list.first(), pl.col("every").list.slice(1, PLACES)
    return told.select("count", "units", source_order=first, related=others).sort("source_order")


def _illustrative(asked: Asked) -> pl.LazyFrame:
    return _once(asked.rows, "source_file")


def _not_counted(asked: Asked) -> pl.LazyFrame:
    return _once(asked.rows, "source_file", "status")


def _late(asked: Asked) -> pl.LazyFrame:
    """First reports that came after they were due, once for each partner, period and table."""
    first = pl.col("revision") == 0
    return _after(asked, asked.rows.filter(first), "due_days", "due")


def _closed(asked: Asked) -> pl.LazyFrame:
    """What came after its period was closed, revisions too, once for each partner, period and table."""
    return _after(asked, asked.rows, "open_days", "closed")


def _before_end(asked: Asked) -> pl.LazyFrame:
    """Reports that came well before their period ended, once for each partner, period, day and table.

    Where day and month changed places, the day after the period is the one that was meant.
    """
    day, end = pl.col("reported_on"), pl.col("period_end")
    early = (day >= pl.col("period_start")) & (day < end - pl.duration(days=_EARLY))
    some = ("source_order", *_TABLE, "partner", "plan_period", "period_start", "period_end", "reported_on")
    # Few are: of the others no day has to be turned round.
    rows = asked.rows.select(some).filter(early).collect()
    as_month = pl.when(day.dt.day() <= _MONTHS).then(day.dt.day())
    meant = pl.date(day.dt.year(), as_month, day.dt.month())
    turned = meant.is_between(end, end + pl.duration(days=_SOON)).fill_null(value=False)
    quarter = end - pl.col("period_start") <= pl.duration(days=_QUARTER)
    # A year's figures to date are sent within the year.
    rows = rows.filter(turned | quarter)
    words = pl.when(turned).then(pl.lit(_TURNED.template)).otherwise(pl.lit(_AFTER.template))
    when = pl.struct(phrase=words, meant=meant.cast(pl.String), last=end.cast(pl.String))
    found = _once(rows.lazy().with_columns(when=when), *_TABLE, "partner", "plan_period", "reported_on", "when")
    return found.select("source_order", "when", "count", "related")


def _after(asked: Asked, rows: pl.LazyFrame, days: str, name: str) -> pl.LazyFrame:
    """The rows received more than the plan's `days` after their period; `name` is what that last day is called."""
    if not asked.judged.tables.indicators[days].count():
        return rows.select("source_order").limit(0)
    last = pl.col("plan_last") + pl.duration(days=pl.col(days))
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


# -------------------------------------------------------------------------------------- far from the plan, and no word


def _added(asked: Asked) -> pl.LazyFrame:
    """The figures of each indicator and period with a limit, added up.

    Shape: one row for each, with the sums, how many `rows` they are of, whether all are in the indicator's own unit
    (`same`) and nobody said a word (`silent`), and the first of their `source_order`.
    """
    numbers = ("value", "numerator", "denominator")
    return (
        asked.rows.filter(pl.col("plan_number").is_not_null())
        .group_by("indicator", "plan_number")
        .agg(
            pl.col("source_order").min(),
            *(pl.col(name).sum().cast(_SUM) for name in numbers),
            rows=pl.len().cast(pl.Int64),
            same=(pl.col("unit").is_null() | (pl.col("unit") == pl.col("own_unit"))).all(),
            silent=pl.col("comment").is_null().all(),
        )
    )


def _unexplained(found: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """Values farther from their target than the plan lets pass without a comment.

    The values of one indicator and period are taken together where its reporters add up; else it needs a single one.
    """
    key = ("indicator", "plan_number")
    groups = found.group_by(key).agg(
        pl.col("source_order").min(),
        pl.col("value", "numerator", "denominator", "rows").sum(),
        pl.col("same", "silent").all(),
    )
    told: list[tuple[int, str, str]] = []
    for group in groups.join(tables.indicators, on="indicator").sort("source_order").iter_rows(named=True):
        plan, indicator = tables.plan_of(group["indicator"]), tables.indicator(group["indicator"])
        target = target_of(plan, indicator, plan.periods_of(indicator)[group["plan_number"]])
        actual = _actual(group)
        if not target or actual is None or not group["silent"]:
            continue
        limit = Fraction(group["deviation"])
        if 100 * abs(actual - target) > limit * abs(target):
            share = f"{float(100 * abs(actual - target) / abs(target)):.0f}"
            told.append((group["source_order"], share, f"{float(target):.6g}"))
    return pl.DataFrame(told, schema={"source_order": pl.Int64, "share": pl.String, "target": pl.String}, orient="row")


def _actual(group: dict[str, Any]) -> Fraction | None:
    """The value of one period; None where its rows cannot simply be added."""
    if not group["same"] or (group["rows"] > 1 and not (group["places_add"] and group["additive"])):
        return None
    if not group["by_denominator"]:
        return Fraction(group["value"])
    bottom = Fraction(group["denominator"])
    return Fraction(group["numerator"]) / bottom * Fraction(group["multiplier"]) if bottom else None


def target_of(plan: Logframe, indicator: Indicator, period: Period) -> Fraction | None:
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


def _without_place(asked: Asked) -> pl.LazyFrame:
    return _once(asked.rows, *_TABLE, "partner").select("source_order", "count", "related")


SENDERS: Final[tuple[Rule, ...]] = (
    Rule(
        code="reporter-not-assigned",
        at=("location", "partner"),
        scope="table",
        spread="partner",
        where=lambda: (
            nw.col("assigned")
            & nw.col("partner_assigned")
            & ~nw.col("pair_assigned")
            & (nw.col("partner") != TOTAL)
            & (nw.col("location") == TOTAL)
            & ~nw.col("plan_period").is_null()
        ),
        find=_without_place,
        found="no place is given for {partner}, who reports {indicator} by place",
        expected="{own_places}",
    ),
    Rule(
        code="unit-missing",
        at="unit",
        scope="table",
        where=lambda: _counted() & ~nw.col("by_denominator") & _has_unit() & nw.col("unit").is_null(),
        find=_unitless,
        merge=_with_units,
        expected="{units}",
    ),
    Rule(
        code="row-illustrative",
        at="illustrative",
        scope="table",
        over="read",
        where=lambda: nw.col("illustrative"),
        find=_illustrative,
        merge=_together("source_file", without=("source_file", "related")),
        found="rows: {count}",
    ),
    Rule(
        code="report-not-counted",
        at="status",
        scope="table",
        over="read",
        where=lambda: nw.col("status").is_in([Status.DRAFT.value, Status.RETURNED.value]),
        find=_not_counted,
        merge=_together("source_file", "status", without=("source_file", "related")),
        found="rows with the status {status}: {count}",
    ),
    Rule(
        code="report-late",
        at="reported_on",
        scope="table",
        where=lambda: ~nw.col("reported_on").is_null() & ~nw.col("plan_last").is_null(),
        find=_late,
        spread="partner",
        found="{reported_on} (rows: {count})",
        expected="{due} at the latest",
    ),
    Rule(
        code="report-before-end",
        at="reported_on",
        scope="table",
        where=lambda: ~nw.col("reported_on").is_null() & (nw.col("status") != Status.DRAFT.value),
        find=_before_end,
        spread="partner",
        found="{reported_on} (rows: {count})",
        expected="{when}",
    ),
    Rule(
        code="period-closed",
        at="reported_on",
        scope="table",
        where=lambda: ~nw.col("reported_on").is_null() & ~nw.col("plan_last").is_null(),
        find=_closed,
        spread="partner",
        found="{reported_on} (rows: {count})",
        expected="{closed} at the latest",
    ),
    *SILENT,
    Rule(
        code="evidence-missing",
        at=("evidence", "value"),
        scope="table",
        over="newest",
        where=lambda: nw.col("proven") & (nw.col("state") == State.REPORTED.value),
        find=_unproven,
        spread="partner",
        found="nothing",
        expected="what proves the value: a link, a file's name or a reference",
    ),
    Rule(
        code="comment-missing",
        at=("comment", "value"),
        scope="table",
        over="newest",
        where=lambda: _counted() & ~nw.col("deviation").is_null() & (nw.col("category") == TOTAL),
        find=_added,
        merge=_unexplained,
        found="{share} per cent away from {target}",
        expected="a comment that says why",
    ),
)
"""The rules about who reported, when and how."""
