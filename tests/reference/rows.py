"""Which reported rows count, and what number each stands for: selection and conversion, row by row.

Read `counted_rows` first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mne.logframe.indicator import TOTAL, Indicator
from mne.logframe.model import Logframe
from mne.logframe.periods import Period
from mne.tables.observations import COLUMNS, KEY
from mne.tables.reasons import Reason
from tests.reference.folding import Amount, ratio


@dataclass(frozen=True)
class CountedRow:
    """The newest row of one cell, the plan period that it counts in, and its amount in the indicator's unit."""

    row: dict[str, Any]
    period: Period
    amount: Amount | None
    """None: it reports no usable number (and then counts as not reported)."""
    unconvertible: bool
    """True: there was a number, in a unit that cannot be converted."""

    @property
    def pair(self) -> tuple[str, str]:
        return (self.row["partner"], self.row["location"])


def completed(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with every canonical column, filled as the observation table fills them."""
    found = []
    for order, row in enumerate(rows):
        full: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
        full.update(partner=TOTAL, location=TOTAL, category=TOTAL, state="reported", status="submitted")
        full.update(revision=0, illustrative=False, source_order=order)
        full.update(row)
        found.append(full)
    return found


def counts(row: dict[str, Any], *, plan: Logframe, known_by: dt.date | None, statuses: tuple[str, ...]) -> bool:
    """Whether a row is one of this project's, has a wanted status and was received in time."""
    received = known_by is None or row["reported_on"] is None or row["reported_on"] <= known_by
    return row["project"] == plan.id and row["indicator"] in plan.indicators and row["status"] in statuses and received


def last_report(
    plan: Logframe, rows: list[dict[str, Any]], *, known_by: dt.date | None, statuses: tuple[str, ...]
) -> dt.date | None:
    """The last day that any counted row reports on; None when there is none."""
    ends = [
        row["period_end"]
        for row in rows
        if counts(row, plan=plan, known_by=known_by, statuses=statuses) and row["state"] == "reported"
    ]
    return max(ends, default=None)


def counted_rows(
    plan: Logframe,
    indicator: Indicator,
    rows: list[dict[str, Any]],
    *,
    until: dt.date,
    known_by: dt.date | None,
    statuses: tuple[str, ...],
) -> list[CountedRow]:
    """The newest revision of each cell of `indicator` whose plan period has ended by `until`."""
    newest: dict[tuple[Any, ...], dict[str, Any]] = {}
    period_of: dict[tuple[Any, ...], Period] = {}
    for row in rows:
        if row["indicator"] != indicator.id or not counts(row, plan=plan, known_by=known_by, statuses=statuses):
            continue
        periods = [period for period in plan.periods_of(indicator) if row["period_end"] in period]
        if not periods or periods[0].last_day > until:
            continue
        key = tuple(row[name] for name in KEY)
        if key not in newest or _age(row) > _age(newest[key]):
            newest[key] = row
            period_of[key] = periods[0]
    found = []
    for key, row in newest.items():
        amount, unconvertible = _amount(plan, indicator, row)
        found.append(CountedRow(row, period_of[key], amount, unconvertible))
    return found


def _age(row: dict[str, Any]) -> tuple[int, dt.date, int]:
    return (row["revision"], row["reported_on"] or dt.date.min, row["source_order"])


def _amount(plan: Logframe, indicator: Indicator, row: dict[str, Any]) -> tuple[Amount | None, bool]:
    if row["state"] != "reported":
        return None, False
    if indicator.measure.is_text:
        return (Amount(reason=str(Reason.TEXT_ONLY)) if row["text"] else None), False
    if indicator.by_denominator:
        if row["numerator"] is None or row["denominator"] is None:
            return None, False
        return ratio(indicator, Fraction(row["numerator"]), Fraction(row["denominator"])), False
    if row["value"] is None:
        return None, False
    factor = _factor(plan, indicator, row)
    if factor is None:
        return None, True
    return Amount(Fraction(row["value"]) * factor), False


def _factor(plan: Logframe, indicator: Indicator, row: dict[str, Any]) -> Fraction | None:
    if row["unit"] is None or row["unit"] == indicator.unit:
        return Fraction(1)
    if indicator.unit is None:
        return None
    from mne.logframe.units import UnitTable

    return UnitTable(plan).factor(row["unit"], indicator.unit, on=row["period_end"])
