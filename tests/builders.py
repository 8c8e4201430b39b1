"""Short ways to what the tests judge: a plan from few words, and what reading a workbook would have given.

Read `reading_of` first. Every row is a mapping of canonical columns; the cells, letters and texts follow from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from string import ascii_uppercase
from typing import Any, Final

import polars as pl

from mne.logframe.indicator import TOTAL
from mne.logframe.model import Logframe
from mne.reports.reading import ColumnAt, Reading, SourceFile
from mne.tables.observations import NAMES, polars_schema

__all__ = ["FILE", "SHEET", "plan_of", "reading_of"]

FILE: Final = "report.xlsx"
SHEET: Final = "Data"
FIRST_ROW: Final = 2
"""The row below the header."""

_DEFAULTS: Final[dict[str, Any]] = {
    "partner": TOTAL,
    "location": TOTAL,
    "category": TOTAL,
    "state": "reported",
    "status": "submitted",
    "revision": 0,
    "illustrative": False,
}
_DECIMALS: Final = ("value", "numerator", "denominator")
_OWN: Final = ("usable", "named_period")


def plan_of(*indicators: Mapping[str, Any], **more: Any) -> Logframe:
    """A project of two years reported by quarter, with two partners, two places and two splits."""
    plan: dict[str, Any] = {
        "id": "P",
        "title": "A made-up project",
        "start": "2025-01-01",
        "end": "2026-12-31",
        "organisations": [{"id": each, "title": each, "roles": ["partner"]} for each in ("A", "B")],
        "locations": [{"id": each, "title": each} for each in ("N", "S")],
        "dimensions": [
            {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "women"}, {"id": "M", "title": "men"}]},
            {"id": "age", "title": "Age", "codes": [{"id": "u18", "title": "young"}, {"id": "o18", "title": "adult"}]},
        ],
        "results": [{"id": "OC", "level": "outcome", "title": "Outcome", "indicators": [*map(dict, indicators)]}],
    }
    return Logframe.model_validate({**plan, **more})


def reading_of(
    plan: Logframe, rows: Sequence[Mapping[str, Any]], *, texts: Mapping[tuple[int, str], str] | None = None
) -> Reading:
    """The reading of one sheet that has a column for every canonical name that some row gives, in the order of COLUMNS.

    Args:
        plan: the logframe; a row that gives only `period` gets the days that it has there.
        rows: canonical columns by name; `usable` is true where a row does not say.
        texts: what the partner wrote where that is not the value's own text, by (number of the row from 0, column).
    """
    given = [name for name in NAMES if any(name in row for row in rows)]
    columns = {
        name: ColumnAt(name.replace("_", " ").capitalize(), ascii_uppercase[at]) for at, name in enumerate(given)
    }
    letter = next((columns[name].letter for name in ("value", "numerator", "text") if name in columns), "A")
    frame, raw = [], []
    for order, row in enumerate(rows):
        at = FIRST_ROW + order
        place = {"source_file": FILE, "source_sheet": SHEET, "source_row": at, "source_cell": f"{letter}{at}"}
        typed = {"project": plan.id, **_DEFAULTS, **_days(plan, row), **place, "source_order": order, **row}
        typed |= {name: _number(typed.get(name)) for name in _DECIMALS}
        frame.append({"usable": True, "named_period": "period_end" not in row, **typed})
        said = {columns[name].header: _text(row.get(name)) for name in given}
        said |= {columns[name].header: text for (number, name), text in (texts or {}).items() if number == order}
        raw.append({"source_order": order, **said})
    schema = {**polars_schema(), **dict.fromkeys(_OWN, pl.Boolean())}
    words = {"source_order": pl.Int64(), **{column.header: pl.String() for column in columns.values()}}
    return Reading(
        frame=pl.DataFrame(frame, schema=schema, orient="row"),
        raw=pl.DataFrame(raw, schema=words, orient="row"),
        sources=(SourceFile(FILE, "xlsx", rows=len(rows), read=len(rows)),),
        columns={(FILE, SHEET): columns},
    )


def _days(plan: Logframe, row: Mapping[str, Any]) -> dict[str, dt.date]:
    """The days of the period that a row names, where it gives none itself."""
    indicator = plan.indicators.get(row.get("indicator", ""))
    periods = plan.periods_of(indicator) if indicator is not None else ()
    named = next((each for each in periods if each.label == row.get("period")), None)
    return {"period_start": named.start, "period_end": named.last_day} if named is not None else {}


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
