"""Values as they would be once the missing reports had come.

Read `completed_value` first. Nothing here invents a number: the caller says what a missing report would hold.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.logframe.indicator import TOTAL, Axis, Rule
from mne.tables.observations import State
from mne.values.cells import chosen, reporter_cells
from mne.values.series import ABSENT, indicator_value
from mne.values.values import Amount, IndicatorValue, Rows, Selected

if TYPE_CHECKING:
    from mne.logframe.periods import Period
    from mne.values.missing import Reporter

__all__ = ["completed_value", "is_incomplete", "silent_cells", "with_any_value"]

_MONOTONE: Final = frozenset(
    (Rule.SUM, Rule.MEAN, Rule.WEIGHTED_MEAN, Rule.MIN, Rule.MAX, Rule.MEDIAN, Rule.LATEST, Rule.ALL, Rule.ANY)
)
"""Rules under which a larger part never makes the whole smaller."""


def is_incomplete(value: IndicatorValue, *, every_period: bool = False) -> bool:
    """Whether reports that are due, and could change the value to date, are missing.

    Where the latest period counts, those before it say nothing any more, unless `every_period` asks for them all.
    """
    if value.operands:
        # A formula may look at earlier periods of what it names.
        return any(is_incomplete(operand, every_period=True) for operand in value.operands.values())
    if any(is_incomplete(part.value, every_period=True) for part in value.contributions):
        return True
    if value.state in ABSENT:
        return False
    live = [each for each in value.periods if each.amount.state not in ABSENT]
    if value.indicator.rule(Axis.TIME) is Rule.LATEST and value.as_of is not None and not every_period:
        live = [each for each in live if each.period.start >= value.as_of.start]
    if not live:
        return value.state is State.MISSING
    covered = [(each.amount.state, each.amount.coverage) for each in live]
    return any(
        state is State.MISSING or coverage.reported + coverage.left_out < coverage.expected
        for state, coverage in covered
    )


def with_any_value(value: IndicatorValue, number: Fraction) -> IndicatorValue:
    """The indicator as if `number` had come out wherever a live period has no value, or not all of it."""
    amount = Amount(State.REPORTED, number)
    periods = tuple(each if _is_settled(each.amount) else replace(each, amount=amount) for each in value.periods)
    live = [each.period for each in periods if each.amount.state not in ABSENT]
    return replace(value, amount=amount, as_of=live[-1] if live else value.as_of, periods=periods)


def _is_settled(amount: Amount) -> bool:
    """Whether no report can change the amount any more."""
    if amount.state in ABSENT:
        return True
    return amount.value is not None and amount.coverage.reported >= amount.coverage.expected


def silent_cells(value: IndicatorValue) -> list[tuple[Reporter, int, Period]]:
    """Who should have reported and did not, by the position of the period; as the value's coverage counts them."""
    plan, selected, indicator = value.plan, value.selected, value.indicator
    if plan is None or selected is None:
        return []
    rows = chosen(selected.rows, plan)
    heard = {
        (cell.partner, cell.location, cell.plan_period)
        for cell in reporter_cells(rows, plan, dict(selected.factors)).get(indicator.id, [])
    }
    ever = sorted(set(rows.select("partner", "location").iter_rows()))
    away = selected.rows.filter(
        ~pl.col("usable") & (pl.col("category") == TOTAL) & pl.col("state").is_in([state.value for state in ABSENT])
    )
    excused = set(away.select("partner", "location", "plan_period").iter_rows())
    found: list[tuple[Reporter, int, Period]] = []
    for position, each in enumerate(value.periods):
        due = plan.expected_reporters(indicator, each.period) if indicator.assignments else ever
        found += [
            ((partner, location), position, each.period)
            for partner, location in due
            if (partner, location, position) not in heard | excused
        ]
    return found


def completed_value(value: IndicatorValue, number: Decimal) -> IndicatorValue | str:
    """The value with every missing report at `number`; or, in words, why that says nothing about its limits.

    Units: the indicator's. Parts that were reported in place of a whole that is still missing give way to it.
    """
    indicator, plan, selected = value.indicator, value.plan, value.selected
    if indicator.formula is not None or value.operands or value.contributions or plan is None or selected is None:
        return "it is computed from other values"
    if indicator.by_denominator:
        return "ratios are pooled by denominators that are not known"
    rules = {indicator.rule(axis) for axis in (Axis.LOCATIONS, Axis.PARTNERS, Axis.TIME)}
    if not rules <= _MONOTONE or any(weight < 0 for weight in indicator.aggregation.weights.values()):
        return "its value does not simply grow with its reports"
    silent = silent_cells(value)
    if not silent:
        return "nobody is known to be due"
    cells = {(*reporter, position) for reporter, position, _ in silent}
    key = pl.struct("partner", "location", "plan_period")
    taken = [dict(zip(("partner", "location", "plan_period"), cell, strict=True)) for cell in sorted(cells)]
    gone = pl.Series(taken, dtype=_key_type(selected.rows))
    kept = selected.rows.filter(~key.is_in(gone.implode()))
    added = pl.DataFrame(
        [_row(value, reporter, position, period, number) for reporter, position, period in silent],
        schema_overrides=kept.schema,
    )
    table = pl.concat([kept, added.select(kept.columns).cast(kept.schema)])
    rows = chosen(table, plan)
    found = indicator_value(
        indicator,
        plan,
        cells=reporter_cells(rows, plan, dict(selected.factors)).get(indicator.id, []),
        rows=rows,
        unusable=table.filter(~pl.col("usable")),
        until=value.until,
        selected=Selected(Rows.of(table), selected.factors),
    )
    return "reports would still be missing" if is_incomplete(found) else found


def _key_type(rows: pl.DataFrame) -> pl.Struct:
    return pl.Struct({name: rows.schema[name] for name in ("partner", "location", "plan_period")})


def _row(value: IndicatorValue, reporter: Reporter, position: int, period: Period, number: Decimal) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(value.selected.rows.columns if value.selected is not None else ())
    return {
        **empty,
        "project": value.plan.id if value.plan is not None else None,
        "indicator": value.indicator.id,
        "period": period.label,
        "period_start": period.start,
        "period_end": period.last_day,
        "partner": reporter[0],
        "location": reporter[1],
        "category": TOTAL,
        "value": number,
        "state": State.REPORTED.value,
        "status": "submitted",
        "revision": 0,
        "illustrative": False,
        "plan_period": position,
        "usable": True,
        "unconvertible": False,
    }
