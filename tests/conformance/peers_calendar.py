"""Periods of peer systems: weeks, the period that holds a date, the n-th period of a programme, its length in months."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from mne.logframe.periods import Calendar, Frequency
from tests.conformance.building import project
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged

_YEARS_AHEAD: Final = 60
_BY_NAME: Final = {"annual": "annual", "yearly": "annual", "semi-annual": "semiannual", "semiannual": "semiannual",
                   "tri-annual": "triannual", "triannual": "triannual", "quarterly": "quarterly",
                   "monthly": "monthly", "weekly": "weekly"}  # fmt: skip
_BY_NUMBER: Final = {1: "annual", 2: "semiannual", 3: "triannual", 4: "quarterly", 12: "monthly"}


def calendar(frequency: Any, start: str = "01-01") -> Calendar:
    """A calendar of ours for a frequency in another system's words, or so many periods a year.

    Raises:
        NotWired: we have no such frequency.
    """
    name = _BY_NUMBER.get(frequency) if isinstance(frequency, int) else _BY_NAME.get(str(frequency).lower())
    if name not in set(Frequency):
        raise NotWired(f"periods that are {frequency}")
    try:
        return Calendar(fiscal_year_start=start, frequency=Frequency(name))
    except ValidationError as error:
        raise NotWired(str(error)) from error


def _holding(days: Calendar, day: dt.date) -> Any:
    around = (dt.date(day.year - 1, 1, 1), dt.date(day.year + 1, 12, 31))
    return next(period for period in days.periods(*around) if day in period)


def topic(case: Case, data: Datasets) -> Outcome:
    """A question about periods, by what is given."""
    inputs, method = case["inputs"], case["method"]
    if "week" in method.casefold():
        found = re.fullmatch(r"(\d{4})-?W(\d+)", _holding(calendar("weekly"), _day(inputs["date"])).label)
        return judged(case, None if found is None else f"{found[1]}W{int(found[2])}")
    if "date" in inputs:
        days = calendar(inputs["periods"], f"{int(inputs.get('start_month', 1)):02d}-01")
        period = _holding(days, _day(inputs["date"]))
        return judged(case, [str(period.start), str(period.last_day)])
    if "index0" in inputs:
        start = _day(inputs["start"])
        days = calendar(inputs["frequency"], f"{start:%m-%d}")
        periods = days.periods(start, start.replace(year=start.year + _YEARS_AHEAD))
        period = periods[inputs["index0"]]
        return judged(case, {"name": period.label, "start": str(period.start), "end": str(period.last_day)})
    if "months" in method and {"start", "end"} <= set(inputs):
        plan = project(start=_day(inputs["start"]), end=_day(inputs["end"]), calendar={"frequency": "monthly"})
        return judged(case, len(plan.periods()))
    raise NotWired(method)


def _day(text: Any) -> dt.date:
    return dt.date.fromisoformat(str(text))


ADAPTERS: Final[Mapping[str, Adapter]] = {"calendar": topic}
