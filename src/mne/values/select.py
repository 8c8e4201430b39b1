"""Which observations count: the wanted statuses, received and ended in time, the newest revision of each cell.

Read `select` first. What it returns has one row per cell, the plan's period that the cell falls into, and whether it
holds something that can be counted.
"""

from __future__ import annotations

import bisect
import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.logframe.indicator import Measure
from mne.logframe.units import UnitTable
from mne.tables.engine import newest
from mne.tables.observations import KEY, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period

__all__ = [
    "Factors",
    "Selection",
    "left_out",
    "not_convertible",
    "own_unit",
    "select",
    "usable",
    "what_it_needs",
]

Factors = dict[tuple[str, str, dt.date], Fraction]


@dataclass(frozen=True)
class Selection:
    """The cells that count.

    Shape of `rows`: one row per cell, the observation columns and `plan_period` (position among the
    indicator's periods), `usable` (it holds a value that can be counted) and `unconvertible`.
    `factors` converts a unit into the indicator's, by (indicator, unit, last day); 1 where nothing is said.
    """

    rows: pl.DataFrame
    until: dt.date | None
    factors: Factors
    findings: tuple[Finding, ...]


def select(
    frame: pl.DataFrame,
    plan: Logframe,
    *,
    until: dt.date | None,
    known_by: dt.date | None,
    statuses: Sequence[str],
) -> Selection:
    """The newest revision of every cell that counts (semantics §4, steps 1 and 2).

    `until` None means the last day of the newest period that anybody reported.
    """
    findings: list[Finding] = []
    rows = _wanted(frame, plan, known_by=known_by, statuses=statuses, findings=findings)
    if until is None:
        until = rows.filter(pl.col("state") == State.REPORTED.value)["period_end"].max()  # type: ignore[assignment]
    rows = _in_periods(rows, plan, until=until, findings=findings)
    rows = newest(rows, key=KEY)
    rows = rows.join(_needs(plan), on="indicator", how="left").with_columns(usable=usable())
    rows, factors = _converted(rows, plan, findings=findings)
    rows = rows.sort("indicator", "period_start", "period_end", "partner", "location", "category")
    return Selection(rows.drop("needs", "zero_is_missing"), until, factors, tuple(findings))


def _wanted(
    frame: pl.DataFrame,
    plan: Logframe,
    *,
    known_by: dt.date | None,
    statuses: Sequence[str],
    findings: list[Finding],
) -> pl.DataFrame:
    table = nw.from_native(frame, eager_only=True)
    mine = table.filter(nw.col("project") == plan.id)
    for project, count in _counted(table.filter(nw.col("project") != plan.id), "project"):
        findings.append(left_out("value-other-project", count, found=project, expected=plan.id))
    known = list(plan.indicators)
    for code, count in _counted(mine.filter(~nw.col("indicator").is_in(known)), "indicator"):
        findings.append(left_out("value-unknown-indicator", count, found=code, indicator=code))
    rows = mine.filter(nw.col("indicator").is_in(known), nw.col("status").is_in(list(statuses)))
    if known_by is not None:
        rows = rows.filter(nw.col("reported_on").is_null() | (nw.col("reported_on") <= known_by))
    return rows.to_native()


def _counted(table: nw.DataFrame[pl.DataFrame], column: str) -> list[tuple[str, int]]:
    return [(str(key), count) for key, count in table.group_by(column).agg(n=nw.len()).sort(column).iter_rows()]


def left_out(code: str, rows: int, *, found: str, expected: str = "", indicator: str | None = None) -> Finding:
    """That some rows do not count, and why."""
    return Finding(code=code, place=Place(indicator=indicator), found=found, expected=expected, params={"rows": rows})


def _in_periods(rows: pl.DataFrame, plan: Logframe, *, until: dt.date | None, findings: list[Finding]) -> pl.DataFrame:
    """The rows whose plan period has ended by `until`; a row counts in the period that holds its last day."""
    distinct = rows.select("indicator", "period_end").unique().sort("indicator", "period_end")
    places: list[tuple[str, dt.date, int | None, bool]] = []
    starts: dict[str, tuple[tuple[Period, ...], list[dt.date]]] = {}
    for code, day in distinct.iter_rows():
        if code not in starts:
            periods = plan.periods_of(plan.indicators[code])
            starts[code] = (periods, [period.start for period in periods])
        periods, firsts = starts[code]
        position = bisect.bisect_right(firsts, day) - 1
        inside = position >= 0 and day in periods[position]
        ended = inside and until is not None and periods[position].ended_by(until)
        places.append((code, day, position if inside else None, ended))
        if not inside:
            count = rows.filter((pl.col("indicator") == code) & (pl.col("period_end") == day)).height
            findings.append(left_out("value-outside-project", count, found=str(day), indicator=code))
    table = pl.DataFrame(
        places,
        schema={"indicator": pl.String, "period_end": pl.Date, "plan_period": pl.Int64, "_ended": pl.Boolean},
        orient="row",
    )
    return rows.join(table, on=["indicator", "period_end"], how="left").filter("_ended").drop("_ended")


def _needs(plan: Logframe) -> pl.DataFrame:
    """What a row of each indicator must hold to be counted."""
    return pl.DataFrame(
        [(code, what_it_needs(each), each.zero_means == "missing") for code, each in plan.indicators.items()],
        schema={"indicator": pl.String, "needs": pl.String, "zero_is_missing": pl.Boolean},
        orient="row",
    )


def what_it_needs(indicator: Indicator) -> str:
    """Whether a row of an indicator must hold a "text", a "ratio" or a "value" to be counted."""
    if indicator.measure.is_text:
        return "text"
    return "ratio" if indicator.by_denominator else "value"


def usable() -> pl.Expr:
    """Whether a row holds what its indicator `needs`."""
    holds = (
        pl.when(pl.col("needs") == "ratio")
        .then(pl.col("numerator").is_not_null() & pl.col("denominator").is_not_null())
        .when(pl.col("needs") == "text")
        .then(pl.col("text").is_not_null())
        .otherwise(pl.col("value").is_not_null())
    )
    filled_in = pl.col("zero_is_missing") & (pl.coalesce("value", "numerator") == 0)
    return (pl.col("state") == State.REPORTED.value) & holds & ~filled_in.fill_null(value=False)


def _converted(rows: pl.DataFrame, plan: Logframe, *, findings: list[Finding]) -> tuple[pl.DataFrame, Factors]:
    """One factor per distinct indicator, unit and day; a row whose unit cannot be converted is not usable."""
    own = pl.DataFrame(
        [(code, own_unit(indicator)) for code, indicator in plan.indicators.items()],
        schema={"indicator": pl.String, "_own": pl.String},
        orient="row",
    )
    rows = rows.join(own, on="indicator", how="left")
    foreign = (pl.col("needs") == "value") & pl.col("unit").is_not_null() & pl.col("unit").ne_missing(pl.col("_own"))
    distinct = rows.filter(foreign & pl.col("usable")).select("indicator", "unit", "period_end").unique()
    factors: Factors = {}
    refused: list[tuple[str, str, dt.date]] = []
    if distinct.height:
        units = UnitTable(plan)
        for code, unit, day in distinct.sort("indicator", "unit", "period_end").iter_rows():
            factor = units.factor(unit, own_unit(plan.indicators[code]), on=day)
            if factor is None:
                refused.append((code, unit, day))
            elif factor != 1:
                factors[(code, unit, day)] = factor
    table = pl.DataFrame(
        refused, schema={"indicator": pl.String, "unit": pl.String, "period_end": pl.Date}, orient="row"
    ).with_columns(unconvertible=pl.lit(value=True))
    rows = rows.join(table, on=["indicator", "unit", "period_end"], how="left").with_columns(
        pl.col("unconvertible").fill_null(value=False) & pl.col("usable")
    )
    for code, unit in sorted({(code, unit) for code, unit, _ in refused}):
        count = rows.filter(pl.col("unconvertible") & (pl.col("indicator") == code) & (pl.col("unit") == unit)).height
        findings.append(not_convertible(plan.indicators[code], unit, count))
    rows = rows.with_columns(usable=pl.col("usable") & ~pl.col("unconvertible"))
    return rows.drop("_own"), factors


def not_convertible(indicator: Indicator, unit: str, rows: int) -> Finding:
    """That some rows are in a unit that cannot be converted into the indicator's."""
    expected = indicator.unit or phrase("no unit")
    return left_out("value-unit-not-convertible", rows, found=unit, expected=expected, indicator=indicator.id)


def own_unit(indicator: Indicator) -> str | None:
    """The unit that an indicator is counted in; a percentage needs not say so."""
    return indicator.unit or ("percent" if indicator.measure is Measure.PERCENTAGE else None)
