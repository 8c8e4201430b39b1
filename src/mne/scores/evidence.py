"""What can be said about the reports behind one indicator: how good they are, and whom they leave behind.

Read `data_quality` and `disparities` first. They read an indicator's value as it was counted, and change nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl

from mne.ground.maps import FrozenMap
from mne.logframe.indicator import TOTAL, Accumulation
from mne.scores.equity import Parity, parity, simpson
from mne.scores.quality import completeness, modified_z, timeliness
from mne.tables.observations import State
from mne.values.breakdown import breakdown

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.values.breakdown import Breakdown
    from mne.values.values import IndicatorValue, Values

__all__ = ["DataQuality", "Disparity", "Reversal", "data_quality", "disparities"]

_LEAST: Final = 5
"""Of fewer values none can be told to lie far from the others."""
_THRESHOLD: Final = Fraction(7, 2)
_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class DataQuality:
    """How good the reports of one indicator are, over all its periods that have ended. Units: shares of 1."""

    reported: int
    expected: int
    completeness: Fraction | None
    """Reports received over reports expected; None when none was expected."""
    timeliness: Fraction | None
    """Reports received in time over those expected; None where no report has a date, or the plan no reporting lag."""
    on_time: int
    undated: int
    """Reports without a date of receipt: neither in time nor late, and left out of timeliness."""
    outliers: tuple[str, ...]
    """Labels of the periods whose value lies far from the others."""
    method: Literal["mad", "mean_deviation", "none"]
    """How outliers were told; none where there are fewer than five values, or all are the same."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """Two periods between which every category moved one way and the total the other (Simpson's paradox)."""

    first: str
    second: str
    rose: bool
    """Whether the categories rose, while the total fell."""


@dataclass(frozen=True)
class Disparity:
    """One dimension of one indicator to date. Units: the indicator's."""

    dimension: str
    categories: FrozenMap[str, Fraction | None]
    """The value to date of each category, by code; None where there is none."""
    lowest: str | None
    highest: str | None
    gap: Fraction | None
    """The highest category's value less the lowest's."""
    parity: Parity | None
    """Of two categories, the first over the second."""
    reversals: tuple[Reversal, ...]


def data_quality(value: IndicatorValue, plan: Logframe) -> DataQuality:
    """How complete, timely and plausible an indicator's reports are.

    Args:
        value: an indicator's value.
        plan: its plan, whose `reporting_lag` says when a report is late; its threshold ``outlier`` counts if set.

    Timeliness looks at the newest revision of each report: one that was amended late is late. Outliers are looked for
    among the values of its periods, or among their changes where reports restate a total to date.
    Source: WHO data quality review (completeness, timeliness); modified z as in `modified_z`.
    """
    reported = sum(each.amount.coverage.reported for each in value.periods)
    expected = sum(each.amount.coverage.expected for each in value.periods)
    on_time, undated = _on_time(value, plan.reporting_lag)
    told = plan.reporting_lag is not None and value.counted is not None and (not reported or undated < reported)
    dated = expected - undated if told else None
    outliers, method = _outliers(value, plan)
    return DataQuality(
        reported=reported,
        expected=expected,
        completeness=completeness(reported, expected),
        timeliness=None if dated is None else timeliness(min(on_time, dated), dated),
        on_time=on_time,
        undated=undated,
        outliers=outliers,
        method=method,
    )


def _on_time(value: IndicatorValue, lag: int | None) -> tuple[int, int]:
    """How many cells came in time, and how many came without a date."""
    rows = value.rows
    if rows is None or not rows.height or "reported_on" not in rows.columns:
        return 0, 0
    late = pl.col("reported_on") > pl.col("period_end") + dt.timedelta(days=lag or 0)
    cells = rows.group_by("partner", "location", "plan_period").agg(
        undated=pl.col("reported_on").is_null().any(), late=late.any()
    )
    undated = cells.filter("undated").height
    return cells.height - undated - cells.filter(pl.col("late") & ~pl.col("undated")).height, undated


def _outliers(
    value: IndicatorValue, plan: Logframe
) -> tuple[tuple[str, ...], Literal["mad", "mean_deviation", "none"]]:
    series = [(each.period.label, each.amount.value) for each in value.periods if each.amount.value is not None]
    if value.indicator.accumulation is Accumulation.RUNNING_TOTAL:
        series = [(later, after - before) for (_, before), (later, after) in pairwise(series)]
    if len(series) < _LEAST or value.indicator.measure.is_ranked or value.indicator.measure.is_text:
        return (), "none"
    threshold = value.indicator.thresholds.get("outlier", plan.thresholds.get("outlier"))
    told = modified_z(
        [number for _, number in series], threshold=_THRESHOLD if threshold is None else Fraction(threshold)
    )
    return tuple(series[at][0] for at in told.flagged), told.method


# --- categories -------------------------------------------------------------------------------------------------


def disparities(values: Values, id: str) -> tuple[Disparity, ...]:
    """The gaps between an indicator's categories, by each dimension that it is split by and that was reported.

    Parity is told where a dimension has two categories. Reversals are told where ratios are reported by category: of
    all neighbouring periods in which every category was reported, and of the first and the last of them.
    """
    value = values[id]
    if value.indicator.measure.is_ranked or value.indicator.measure.is_text or not _is_split(value):
        return ()
    adds_up: dict[str, bool] = {}
    declared = {each.id for each in values.plan.dimensions}
    for split in value.indicator.disaggregation:
        for name in (each for each in split.dimensions if each in declared):
            adds_up.setdefault(name, split.relation == "sums_to_total")
    tables = {name: breakdown(values, id, name) for name in adds_up}
    return tuple(
        _disparity(name, parts, value, adds_up=adds_up[name])
        for name, parts in tables.items()
        if any(part.value is not None for part in parts.values())
    )


def _is_split(value: IndicatorValue) -> bool:
    """Whether anybody reported it, or what it is made of, by category."""
    if value.selected is not None and value.selected.rows.filter(pl.col("category") != TOTAL).height:
        return True
    others = [*value.operands.values(), *(each.value for each in value.contributions)]
    return any(_is_split(each) for each in others) or (value.own is not None and _is_split(value.own))


def _disparity(name: str, parts: Breakdown, value: IndicatorValue, *, adds_up: bool) -> Disparity:
    numbers = {category.partition("=")[2] or category: part.value for category, part in parts.items()}
    known = {code: number for code, number in numbers.items() if number is not None}
    lowest = min(known, key=lambda code: (known[code], code), default=None)
    highest = min(known, key=lambda code: (-known[code], code), default=None)
    pair = list(known.values()) if len(numbers) == len(known) == _PAIR else None
    pooled = value.indicator.by_denominator and adds_up
    return Disparity(
        dimension=name,
        categories=FrozenMap(numbers),
        lowest=lowest,
        highest=highest,
        gap=known[highest] - known[lowest] if lowest is not None and highest is not None else None,
        parity=parity(pair[0], pair[1]) if pair else None,
        reversals=tuple(_reversals(parts)) if pooled else (),
    )


def _reversals(parts: Breakdown) -> Iterator[Reversal]:
    shares = [(label, found) for label, found in _shares_by_period(parts) if found is not None]
    pairs = list(pairwise(shares))
    if len(shares) > _PAIR:
        pairs.append((shares[0], shares[-1]))
    for (first, before), (second, after) in pairs:
        told = simpson(before, after)
        if told.reversed:
            low, high = next(iter(told.categories.values()))
            yield Reversal(first, second, rose=low is not None and high is not None and high > low)


def _shares_by_period(parts: Breakdown) -> Iterator[tuple[str, Mapping[str, tuple[Fraction, Fraction]] | None]]:
    """Numerators and denominators of all categories in each period; None where one of them is not there."""
    for at, each in enumerate(parts.total.periods):
        amounts: dict[str, Any] = {code: part.periods[at].amount for code, part in parts.items() if part.periods}
        told = {
            code: (amount.numerator, amount.denominator)
            for code, amount in amounts.items()
            if amount.state is State.REPORTED and amount.numerator is not None and amount.denominator
        }
        yield each.period.label, told if len(told) == len(parts) > 1 else None
