"""What the plan says of each row, joined to it once, so that every rule is a plain expression over columns.

Read `with_facts` first. Whatever depends on few distinct things (an indicator, a unit, a category) is worked out once
for each of them, never for each row.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.logframe.indicator import TOTAL, category_parts
from mne.logframe.units import COUNTS, UnitTable
from mne.tables.observations import PRECISION, SCALE

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe

__all__ = ["with_facts"]

_DECIMAL: Final = pl.Decimal(PRECISION, SCALE)
_INDICATOR: Final[dict[str, Any]] = {
    "indicator": pl.String, "measure": pl.String, "accumulation": pl.String, "by_denominator": pl.Boolean,
    "is_text": pl.Boolean, "whole": pl.Boolean, "ranks": pl.Int64, "may_be_negative": pl.Boolean, "own_unit": pl.String,
    "in_percent": pl.Boolean, "reachable": _DECIMAL, "jump": pl.Float64, "outlier": pl.Float64,
}  # fmt: skip


def with_facts(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """The frame with what the plan knows of each row.

    Shape: the same rows; further columns per indicator (`measure`, `by_denominator`, `whole`, …), `fits` (how the dates
    lie to the plan's periods), `unit_fits`, `category_fits` and `assigned`.
    """
    return (
        frame.join(_indicators(plan), on="indicator", how="left")
        .join(_periods(frame, plan), on=["indicator", "period_start", "period_end"], how="left")
        .join(_units(frame, plan), on=["indicator", "unit", "period_end"], how="left", nulls_equal=True)
        .join(_categories(frame, plan), on=["indicator", "category"], how="left")
        .join(_reporters(frame, plan), on=["indicator", "partner", "location"], how="left")
    )


def _threshold(plan: Logframe, indicator: Indicator, name: str) -> float | None:
    told = indicator.thresholds.get(name, plan.thresholds.get(name))
    return None if told is None else float(told)


def _indicators(plan: Logframe) -> pl.DataFrame:
    scales = {"point", "score", "month", "year"}
    counted = COUNTS - scales - {unit.id for unit in plan.units if unit.of is not None}
    rows = [
        (
            code,
            each.measure.value,
            each.accumulation.value,
            each.by_denominator,
            each.measure.is_text,
            each.measure.value == "number" and each.unit in counted,
            len(each.scale) if each.measure.is_ranked else None,
            _may_be_negative(each),
            each.unit,
            each.measure.value == "percentage" and not each.by_denominator,
            each.reachable,
            _threshold(plan, each, "jump"),
            _threshold(plan, each, "outlier"),
        )
        for code, each in plan.indicators.items()
    ]
    return pl.DataFrame(rows, schema=_INDICATOR, orient="row")


def _may_be_negative(indicator: Indicator) -> bool:
    """An index may be, and whatever starts or should end below zero."""
    told = [indicator.baseline, *indicator.targets]
    return indicator.measure.value == "index" or any(
        each is not None and each.value is not None and each.value < 0 for each in told
    )


def _periods(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    distinct = frame.select("indicator", "period_start", "period_end").unique().drop_nulls()
    rows = [(*key, *_fit(plan, *key)) for key in distinct.sort(distinct.columns).iter_rows()]
    days = {"period_start": pl.Date, "period_end": pl.Date}
    schema = {"indicator": pl.String, **days, "fits": pl.String, "plan_periods": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _fit(plan: Logframe, code: str, start: dt.date, end: dt.date) -> tuple[str, str]:
    """How a stretch of days lies to the plan's periods, and what would have been right."""
    indicator = plan.indicators.get(code)
    if indicator is None:
        return "fits", ""
    if end < plan.start or start > plan.end:
        return "outside", f"dates from {plan.start} to {plan.end}"
    periods = plan.periods_of(indicator)
    if any(period.start <= start and end <= period.last_day for period in periods):
        return "fits", ""
    near = [period for period in periods if period.start <= end and start <= period.last_day]
    told = " or ".join(f"{period.label} ({period.start} to {period.last_day})" for period in near[:2])
    return ("outside" if not near else "straddles"), told or f"dates from {plan.start} to {plan.end}"


def _units(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    table = UnitTable(plan)
    distinct = frame.select("indicator", "unit", "period_end").unique()
    rows = []
    for code, unit, end in distinct.iter_rows():
        indicator = plan.indicators.get(code)
        if indicator is None or unit is None or indicator.by_denominator or indicator.measure.is_text:
            fits = True
        else:
            own = indicator.unit or ("percent" if indicator.measure.value == "percentage" else None)
            fits = table.factor(unit, own, on=end) is not None
        rows.append((code, unit, end, fits))
    schema = {"indicator": pl.String, "unit": pl.String, "period_end": pl.Date, "unit_fits": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _categories(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    codes = {dimension.id: {code.id for code in dimension.codes} for dimension in plan.dimensions}
    rows = []
    for code, category in frame.select("indicator", "category").unique().drop_nulls().iter_rows():
        indicator = plan.indicators.get(code)
        fits = indicator is None or category == TOTAL or _declared(indicator, category, codes)
        rows.append((code, category, fits))
    schema = {"indicator": pl.String, "category": pl.String, "category_fits": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _declared(indicator: Indicator, category: str, codes: dict[str, set[str]]) -> bool:
    """Whether the indicator is split this way, alone or as a margin of a crossed split."""
    try:
        parts = category_parts(category)
    except ValueError:
        return False
    known = all(code in codes.get(dimension, set()) for dimension, code in parts.items())
    return known and any(set(parts) <= set(split.dimensions) for split in indicator.disaggregation)


def _reporters(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    rows = []
    for code, partner, location in frame.select("indicator", "partner", "location").unique().drop_nulls().iter_rows():
        indicator = plan.indicators.get(code)
        assigned = indicator is None or not indicator.assignments or any(
            each.partner == partner and location in (each.locations or (TOTAL,)) for each in indicator.assignments
        )  # fmt: skip
        rows.append((code, partner, location, assigned))
    schema = {"indicator": pl.String, "partner": pl.String, "location": pl.String, "assigned": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")
