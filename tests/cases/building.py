"""What a worked case is made of, and short builders for its plan and its rows. Read `Case` first.

The project runs over 2024 and 2025 and reports by quarter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from mne.logframe.indicator import Indicator
from mne.logframe.model import Logframe, Result

F = Fraction
"""Short, as the cases are full of them."""

PROJECT = "P"
Q1, Q2, Q3, Q4 = "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"
END_Q1, END_Q2, END_Q3, END_Q4 = dt.date(2024, 3, 31), dt.date(2024, 6, 30), dt.date(2024, 9, 30), dt.date(2024, 12, 31)

_MONTHS = {"Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12)}
_LAST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Judged:
    """What the achievement of one indicator must be, by an achievement rule with these options."""

    indicator: str
    expect: Mapping[str, Any]
    """Of `value`, `reason`, `actual`, `baseline` and `target`, those that the case speaks of."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the scheme's achievement rule: `convention`, `against`, `due`, `no_baseline`."""


@dataclass(frozen=True)
class Case:
    """One worked example. Whatever is not named in an expectation is not asserted."""

    name: str
    plan: Logframe
    rows: tuple[Mapping[str, Any], ...]
    """Rows with the canonical columns, all of them; numbers are exact decimals."""
    until: dt.date | None = None
    known_by: dt.date | None = None
    statuses: tuple[str, ...] = ("submitted", "accepted")
    is_until: dt.date | None = None
    """The `until` that must come out where none was asked for."""
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """To date, by indicator: of `state`, `reason`, `value`, `numerator`, `denominator`, `reported`, `expected`, `carried`,
    `as_of`."""
    periods: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    """The same by (indicator, period label), with `to_date` instead of `as_of`."""
    achievements: tuple[Judged, ...] = ()
    scheme: str | Mapping[str, Any] | None = None
    """The name of a shipped scheme, or the content of one."""
    results: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By result: of `score`, `rating`, `coverage`, `reason`."""
    scores: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By indicator: of `score`, `reason`, `achievement`."""

    def __str__(self) -> str:
        return self.name


def plan(*indicators: Indicator, results: tuple[Result, ...] = (), **options: Any) -> Logframe:
    """A logframe with one outcome OC that has these indicators; or with these results instead."""
    return Logframe(
        **{
            "id": PROJECT,
            "title": "A project",
            "start": dt.date(2024, 1, 1),
            "end": dt.date(2025, 12, 31),
            "organisations": tuple({"id": id, "title": id, "roles": ("partner",)} for id in "ABCDE"),
            "locations": ({"id": "north", "title": "North"}, {"id": "south", "title": "South"}),
            "dimensions": (SEX, AGE),
            "results": results or (outcome("OC", *indicators),),
            **options,
        }
    )


SEX = {"id": "sex", "title": "Sex", "codes": ({"id": "F", "title": "Women"}, {"id": "M", "title": "Men"})}
AGE = {"id": "age", "title": "Age", "codes": ({"id": "young", "title": "Young"}, {"id": "old", "title": "Old"})}


def outcome(id: str, *indicators: Indicator, results: tuple[Result, ...] = (), **options: Any) -> Result:
    return Result(id=id, level="outcome", title=id, indicators=indicators, results=results, **options)


def output(id: str, *indicators: Indicator, **options: Any) -> Result:
    return Result(id=id, level="output", title=id, indicators=indicators, **options)


def indicator(id: str = "I", **options: Any) -> Indicator:
    """An indicator that counts people in a flow, unless said otherwise."""
    return Indicator(
        **{"id": id, "title": id, "measure": "number", "unit": "person", "accumulation": "flow", **options}
    )


def flow(id: str = "I", **options: Any) -> Indicator:
    return indicator(id, accumulation="flow", **options)


def running(id: str = "I", **options: Any) -> Indicator:
    return indicator(id, accumulation="running_total", **options)


def level(id: str = "I", **options: Any) -> Indicator:
    return indicator(id, accumulation="level", **options)


def assigned(*partners: str) -> tuple[dict[str, Any], ...]:
    """Partners that report for the whole."""
    return tuple({"partner": partner} for partner in partners)


def scale(*stages: str) -> tuple[dict[str, str], ...]:
    """Stages from the lowest up: ranks 1, 2, 3…"""
    return tuple({"id": stage} for stage in stages)


def row(period: str, value: Any = None, indicator: str = "I", /, **more: Any) -> dict[str, Any]:
    """One reported cell. `period` is a quarter (2024-Q1) or a month (2024-02) of the project."""
    year, part = period.split("-")
    first, last = _MONTHS[part] if part in _MONTHS else (int(part), int(part))
    day = 29 if (last, int(year)) == (2, 2024) else _LAST[last - 1]
    order = more.pop("order", 0)
    return {
        "project": PROJECT,
        "indicator": indicator,
        "period": period,
        "period_start": dt.date(int(year), first, 1),
        "period_end": dt.date(int(year), last, day),
        "partner": "_T",
        "location": "_T",
        "category": "_T",
        "value": value,
        "numerator": None,
        "denominator": None,
        "unit": None,
        "state": "reported",
        "text": None,
        "comment": None,
        "status": "submitted",
        "revision": 0,
        "reported_on": None,
        "illustrative": False,
        "source_file": None,
        "source_sheet": None,
        "source_cell": None,
        "source_row": None,
        "source_order": order,
        **more,
    }


def share(period: str, numerator: Any, denominator: Any, indicator: str = "I", /, **more: Any) -> dict[str, Any]:
    """One reported cell with a numerator and a denominator."""
    return row(period, None, indicator, numerator=numerator, denominator=denominator, **more)


def rows(*given: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """The rows in the order in which they were read; numbers as exact decimals."""
    done = []
    for order, each in enumerate(given):
        numbers = {
            name: None if each[name] is None else Decimal(each[name]) for name in ("value", "numerator", "denominator")
        }
        done.append({**each, **numbers, "source_order": each["source_order"] or order})
    return tuple(done)
