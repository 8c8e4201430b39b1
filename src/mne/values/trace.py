"""From an indicator's value back to the reports: which rows it rests on, and the explanation made of them.

Read `traced` first. At any size the trace is a filter over the table that the values keep, never a list that
aggregation carried along.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import OptionError
from mne.ground.explanation import Explanation
from mne.ground.findings import Place
from mne.ground.numbers import number_text
from mne.logframe.indicator import TOTAL, Accumulation, Axis, Measure, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mne.logframe.indicator import Indicator
    from mne.values.values import Amount, IndicatorValue, PeriodValue

__all__ = ["amount_text", "explained", "traced", "value_text"]

_SHOWN_ROWS: Final = 40
"""Cells listed beneath one period; beyond them one line says how many more there are."""

_REPORTER: Final = ("partner", "location")


def traced(value: IndicatorValue) -> pl.DataFrame:
    """The observations behind a value to date.

    Shape: one row per cell that was counted, the observation columns; sorted by period, partner, location, category.

    Raises:
        OptionError: the indicator is computed by a formula; trace its operands instead.
    """
    if value.indicator.formula is not None:
        names = ", ".join(value.operands)
        raise OptionError(f"{value.indicator.id} is computed from {names}: trace those, or call explain()")
    if value.rows is None:
        raise OptionError(f"{value.indicator.id} was made without a table of observations")
    rows = value.rows
    if value.as_of is not None:
        rows = _of_latest(rows, value) if value.indicator.rule(Axis.TIME) is Rule.LATEST else rows
    return rows.sort("period_start", "period_end", "partner", "location", "category").drop(
        "plan_period", "usable", "unconvertible", "split", "declared", "excused", strict=False
    )


def _of_latest(rows: pl.DataFrame, value: IndicatorValue) -> pl.DataFrame:
    """Only the rows of the period that ``latest`` took, and those whose value was carried into it."""
    position = next(at for at, each in enumerate(value.periods) if each.period == value.as_of)
    here = rows.filter(pl.col("plan_period") == position)
    if value.indicator.accumulation is not Accumulation.FLOW:
        here = here.filter(pl.col("period_end") == pl.col("period_end").max().over(_REPORTER))
    silent = [reporter[:2] for reporter in value.carried]
    if not silent:
        return here
    carried = pl.DataFrame(silent, schema={"partner": pl.String, "location": pl.String}, orient="row")
    earlier = rows.filter(pl.col("plan_period") < position).join(carried, on=list(_REPORTER), how="semi")
    return pl.concat([here, earlier.filter(pl.col("period_end") == pl.col("period_end").max().over(_REPORTER))])


def explained(value: IndicatorValue) -> Explanation:
    """Why an indicator has the value it has: its rules, its periods, its cells."""
    if value.indicator.formula is not None:
        children = tuple(explained(operand) for operand in value.operands.values())
        how = value.indicator.formula
    else:
        children = tuple(_periods(value))
        how = _how(value)
    when = f" as of {value.as_of.label}" if value.as_of else ""
    return Explanation(
        kind="actual",
        label=f"Actual of {value.indicator.id}{when}",
        shown=amount_text(value.indicator, value.amount),
        how=how,
        value=value.value,
        illustrative=value.illustrative,
        children=children,
    )


def _how(value: IndicatorValue) -> str:
    rules = [f"{axis.value} {value.indicator.rule(axis).value}" for axis in value.indicator.order]
    told = f"{value.indicator.accumulation.value.replace('_', ' ')}: {', then '.join(rules)}"
    return f"{told}; {value.coverage} expected reports received"


def _periods(value: IndicatorValue) -> Iterator[Explanation]:
    rows = traced(value)
    latest = value.indicator.rule(Axis.TIME) is Rule.LATEST
    for each in value.periods:
        if latest and each.period != value.as_of:
            continue
        inside = rows.filter(pl.col("period_end").is_between(each.period.start, each.period.last_day))
        if not inside.height and not each.amount.coverage.expected:
            continue  # nobody had to report, and nobody did
        yield _period(value.indicator, each, inside)
    if latest and value.carried and value.as_of is not None:
        carried = rows.filter(pl.col("period_end") < value.as_of.start)
        yield Explanation(
            kind="note",
            label="Carried forward",
            shown=f"{len(value.carried)} reporters keep their last value",
            children=tuple(_cells(value.indicator, carried)),
        )


def _period(indicator: Indicator, each: PeriodValue, rows: pl.DataFrame) -> Explanation:
    return Explanation(
        kind="period",
        label=each.period.label,
        shown=amount_text(indicator, each.amount),
        how=f"{each.amount.coverage} expected reports received",
        value=each.amount.value,
        children=tuple(_cells(indicator, rows)),
    )


def _cells(indicator: Indicator, rows: pl.DataFrame) -> Iterator[Explanation]:
    for row in rows.head(_SHOWN_ROWS).iter_rows(named=True):
        yield _cell(indicator, row)
    if rows.height > _SHOWN_ROWS:
        yield Explanation(kind="more", label=f"and {rows.height - _SHOWN_ROWS} more cells", how="see trace()")


def _cell(indicator: Indicator, row: dict[str, Any]) -> Explanation:
    who = [row["partner"], row["location"], row["category"]]
    label = " · ".join(part for part in who if part != TOTAL) or "the whole"
    if row["revision"]:
        label += f" (revision {row['revision']})"
    if row["numerator"] is not None and row["denominator"] is not None:
        shown = f"{number_text(Fraction(row['numerator']))} of {number_text(Fraction(row['denominator']))}"
        value = None
    else:
        value = None if row["value"] is None else Fraction(row["value"])
        shown = row["text"] or ("" if value is None else number_text(value))
        if row["unit"] and row["unit"] != indicator.unit:
            shown += f" {row['unit']}"
    return Explanation(
        kind="cell",
        label=label,
        shown=shown,
        value=value,
        illustrative=bool(row["illustrative"]),
        place=Place(
            file=row["source_file"],
            sheet=row["source_sheet"],
            cell=row["source_cell"],
            row=row["source_row"],
            indicator=row["indicator"],
            period=row["period"],
            partner=row["partner"],
            location=row["location"],
            category=row["category"],
        ),
    )


def value_text(indicator: Indicator, value: Fraction | None) -> str:
    """A value of the indicator with its unit, as people read it; a stage by its title; a dash for none."""
    if value is None:
        return "–"
    if indicator.measure is Measure.YES_NO:
        return {0: "no", 1: "yes"}.get(int(value), number_text(value)) if value.denominator == 1 else number_text(value)
    if indicator.measure.is_ranked:
        if value == 0:
            return "not started"
        if value.denominator == 1 and 1 <= value <= len(indicator.scale):
            stage = indicator.scale[int(value) - 1]
            return str(stage.title) if stage.title else stage.id
    if indicator.measure is Measure.PERCENTAGE:
        return f"{number_text(value)} %"
    return f"{number_text(value)} {indicator.unit}" if indicator.unit else number_text(value)


def amount_text(indicator: Indicator, amount: Amount) -> str:
    """An amount as people read it: the value with its unit, or the state with its reason."""
    if amount.value is None:
        state = str(amount.state).replace("_", " ")
        return f"{state} ({amount.reason.words})" if amount.reason else state
    told = value_text(indicator, amount.value)
    if amount.numerator is not None and amount.denominator is not None:
        told += f" ({number_text(amount.numerator)} of {number_text(amount.denominator)})"
    return told
