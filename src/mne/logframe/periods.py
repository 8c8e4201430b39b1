"""Reporting periods: half-open intervals of dates that tile a project without gap or overlap.

Read `Calendar.periods` first. A period holds its first day and the day after its last, so that two
neighbours share a boundary and a day belongs to exactly one of them.
"""

from __future__ import annotations

import calendar as _calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from mne.ground.maps import FrozenMap
from mne.ground.phrases import phrase
from mne.logframe.types import Code, Model

__all__ = ["Calendar", "Frequency", "Period"]

_DAY: Final = dt.timedelta(days=1)


class Frequency(StrEnum):
    """How often an indicator is reported."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TRIANNUAL = "triannual"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"

    @property
    def months(self) -> int:
        """The length of one period in months; 0 for weeks."""
        return {"weekly": 0, "monthly": 1, "quarterly": 3, "triannual": 4, "semiannual": 6, "annual": 12}[self.value]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One reporting period: `start` belongs to it, `end` is the day after its last.

    >>> Period(dt.date(2026, 4, 1), dt.date(2026, 7, 1), "2026-Q2").last_day
    datetime.date(2026, 6, 30)
    """

    start: dt.date
    end: dt.date
    label: str

    @property
    def last_day(self) -> dt.date:
        """The last day inside the period."""
        return self.end - _DAY

    def ended_by(self, day: dt.date) -> bool:
        """Whether the whole period lies on or before `day`."""
        return self.last_day <= day

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.start <= day < self.end

    def __str__(self) -> str:
        return self.label

    def __repr__(self) -> str:
        return f"Period({self.label}: {self.start} to {self.last_day})"


def _month_day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{2}-[0-9]{2}", value):
        month, day = int(value[:2]), int(value[3:])
        if 1 <= month <= 12 and 1 <= day <= _calendar.monthrange(2000, month)[1]:
            return value
    raise ValueError(phrase("must be a month and a day written as MM-DD, such as 01-01 or 07-01"))


MonthDay = Annotated[
    str, BeforeValidator(_month_day), WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"})
]


class Calendar(Model):
    """How a project's time is cut: where its year starts, how often it reports, what it calls a period.

    `names` maps a project's own names to period labels (``YR3: "2018"``).
    """

    fiscal_year_start: MonthDay = "01-01"
    """The first day of the project's year, as MM-DD."""
    frequency: Frequency = Frequency.QUARTERLY
    """How often reports are due."""
    names: FrozenMap[Code, Code] = Field(default_factory=FrozenMap)
    """The project's own names for periods, each with the label that it stands for."""

    def periods(self, start: dt.date, end: dt.date, frequency: Frequency | None = None) -> tuple[Period, ...]:
        """The periods from `start` to `end` (both days included), in order.

        The first and last are cut to the project's own dates, so that the periods tile it exactly.
        A fiscal year that starts on the 29th to 31st starts on a shorter month's last day. Weeks run from Monday,
        whatever the fiscal year.
        """
        return _periods(self.fiscal_year_start, frequency or self.frequency, start, end)

    def labels(self, start: dt.date, end: dt.date, frequency: Frequency | None = None) -> Mapping[str, Period]:
        """The same periods by their labels."""
        return _labels(self.fiscal_year_start, frequency or self.frequency, start, end)

    def label_of(self, name: str) -> str:
        """The period label behind a project's own name for it; any other text is returned as it is."""
        return self.names.get(name, name)


@lru_cache(maxsize=512)
def _labels(fiscal_year_start: str, frequency: Frequency, start: dt.date, end: dt.date) -> FrozenMap[str, Period]:
    return FrozenMap({period.label: period for period in _periods(fiscal_year_start, frequency, start, end)})


@lru_cache(maxsize=512)
def _periods(fiscal_year_start: str, frequency: Frequency, start: dt.date, end: dt.date) -> tuple[Period, ...]:
    if frequency is Frequency.WEEKLY:
        return _weeks(start, end)
    month, day = int(fiscal_year_start[:2]), int(fiscal_year_start[3:])
    stop = end + _DAY
    found: list[Period] = []
    year = start.year - 1
    step = 0
    while True:
        first = _boundary(year, month, day, step * frequency.months)
        after = _boundary(year, month, day, (step + 1) * frequency.months)
        if first >= stop:
            return tuple(found)
        if after > start:
            found.append(Period(max(first, start), min(after, stop), _label(year, month, day, step, frequency)))
        step += 1


def _weeks(start: dt.date, end: dt.date) -> tuple[Period, ...]:
    """Weeks from Monday to Sunday, named as ISO 8601 does: the year of a week is the one that holds its Thursday."""
    found = []
    monday = start - dt.timedelta(days=start.weekday())
    while monday <= end:
        after = monday + dt.timedelta(days=7)
        year, week, _ = monday.isocalendar()
        found.append(Period(max(monday, start), min(after, end + _DAY), f"{year}-W{week:02d}"))
        monday = after
    return tuple(found)


def _boundary(year: int, month: int, day: int, months: int) -> dt.date:
    """The fiscal year's first day moved on by whole months, on a shorter month's last day where need be."""
    index = year * 12 + (month - 1) + months
    year_then, month_then = divmod(index, 12)
    return dt.date(year_then, month_then + 1, min(day, _calendar.monthrange(year_then, month_then + 1)[1]))


def _label(year: int, month: int, day: int, step: int, frequency: Frequency) -> str:
    per_year = 12 // frequency.months
    years, part = divmod(step, per_year)
    plain_year = (month, day) == (1, 1)
    # A fiscal year is named by the calendar year in which it ends, as most ministries of finance do.
    name = f"{year + years}" if plain_year else f"FY{year + years + 1}"
    if frequency is Frequency.ANNUAL:
        return name
    if frequency is Frequency.MONTHLY:
        return f"{name}-{part + 1:02d}" if plain_year else f"{name}-M{part + 1:02d}"
    letter = {Frequency.QUARTERLY: "Q", Frequency.TRIANNUAL: "T", Frequency.SEMIANNUAL: "S"}[frequency]
    return f"{name}-{letter}{part + 1}"
