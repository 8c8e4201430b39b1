"""The pandera schema of the observation table for one logframe, for pipelines that are not ours.

Read `build` first. It is strict and coerces nothing: a table that passes can be given to `Observations.from_frame`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from mne.logframe.indicator import TOTAL, Measure, category_parts
from mne.logframe.types import decimal_from
from mne.logframe.units import UnitTable
from mne.tables.observations import COLUMNS, Column, State, Status, _defaults

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import Check, DataFrameSchema

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe

__all__ = ["build"]

_MOST: Final = 10**19


def build(plan: Logframe, *, numbers: Literal["float", "decimal"]) -> DataFrameSchema:
    """The schema of `plan`'s observations as pandas; `numbers` says whether they are float64 or `decimal.Decimal`."""
    import pandera.pandas as pa

    optional = {*_defaults(), "source_order", *(column.name for column in COLUMNS if column.nullable)}
    codes = _codes(plan)
    columns = {}
    for column in COLUMNS:
        checks = [_type_check(column, numbers)]
        if column.name in codes:
            checks.append(pa.Check.isin(codes[column.name]))
        if column.name == "revision":
            checks.append(pa.Check.ge(0))
        if column.name in ("category", "unit"):
            checks.append(
                _distinct_check(column.name, _known_category(plan) if column.name == "category" else _known_unit(plan))
            )
        columns[column.name] = pa.Column(
            "float64" if column.kind == "decimal" and numbers == "float" else None,
            checks=checks,
            nullable=column.nullable,
            required=column.name not in optional,
            unique=column.name == "source_order",
            description=column.meaning,
        )
    return pa.DataFrameSchema(
        columns, checks=_row_checks(plan), strict=True, coerce=False, name=f"observations of {plan.id}"
    )


def _codes(plan: Logframe) -> dict[str, list[str]]:
    """The codes that each column may hold; no entry where the plan lists none."""
    partners = list(plan.partners) or [each.id for each in plan.organisations]
    codes = {
        "project": [plan.id],
        "indicator": list(plan.indicators),
        "state": [each.value for each in State],
        "status": [each.value for each in Status],
    }
    if partners:
        codes["partner"] = [*partners, TOTAL]
    if plan.locations:
        codes["location"] = [*(each.id for each in plan.locations), TOTAL]
    return codes


def _type_check(column: Column, numbers: str) -> Check:
    """Whether every value of a column has its type; pandas has several types for one, so each value is looked at."""
    import pandera.pandas as pa

    of_kind: Callable[[Any], bool] = {
        "text": lambda value: isinstance(value, str),
        "date": _is_day,
        "decimal": _is_finite if numbers == "float" else _is_exact,
        "integer": lambda value: not isinstance(value, bool) and value == int(value),
        "flag": lambda value: str(value) in ("True", "False"),
    }[column.kind]
    said = {
        "text": "text",
        "date": "days without a time",
        "decimal": "finite numbers" if numbers == "float" else "exact decimals of at most 19 digits and 9 decimals",
        "integer": "whole numbers",
        "flag": "true or false",
    }
    return pa.Check(of_kind, element_wise=True, name=f"{column.name}_type", error=f"expected {said[column.kind]}")


def _is_day(value: Any) -> bool:
    if isinstance(value, dt.datetime):
        return value.tzinfo is None and value.time() == dt.time()
    return isinstance(value, dt.date)


def _is_finite(value: Any) -> bool:
    return bool(-_MOST < value < _MOST)


def _is_exact(value: Any) -> bool:
    try:
        return isinstance(value, Decimal) and decimal_from(value) == value
    except ValueError:
        return False


def _distinct_check(name: str, known: Callable[[str], bool]) -> Check:
    import pandera.pandas as pa

    def check(series: pd.Series[Any]) -> pd.Series[bool]:
        answers = {value: known(value) for value in series.dropna().unique()}
        return series.map(lambda value: answers.get(value, True)).astype(bool)

    return pa.Check(check, name=f"{name}_known", error=f"expected a {name} of the logframe")


def _known_category(plan: Logframe) -> Callable[[str], bool]:
    codes = {dimension.id: {code.id for code in dimension.codes} for dimension in plan.dimensions}

    def known(category: str) -> bool:
        try:
            parts = category_parts(category)
        except (ValueError, AttributeError):
            return False
        return all(code in codes.get(dimension, ()) for dimension, code in parts.items())

    return known


def _known_unit(plan: Logframe) -> Callable[[str], bool]:
    units = UnitTable(plan)
    return units.known


# -------------------------------------------------------------------------------------------------- checks of rows


def _row_checks(plan: Logframe) -> list[Check]:
    import pandera.pandas as pa

    start, end = plan.start, plan.end

    def check(name: str, rule: Callable[[pd.DataFrame], pd.Series[bool]], error: str) -> Check:
        return pa.Check(rule, name=name, error=error)

    return [
        check(
            "reported_has_value",
            lambda frame: _has_value(frame, plan),
            "a reported row holds what its measure asks for",
        ),
        check("parts_together", _parts_together, "numerator and denominator stand together"),
        check("denominator_not_zero", _denominator, "a denominator is not zero"),
        check(
            "period_in_order",
            lambda frame: _days(frame, "period_start") <= _days(frame, "period_end"),
            "a period begins before it ends",
        ),
        check(
            "period_in_project",
            lambda frame: _days(frame, "period_end").between(start, end),
            "a period ends within the project",
        ),
        check(
            "value_fits_measure", lambda frame: _fits(frame, plan), "yes/no is 1 or 0, a stage is a rank of the scale"
        ),
    ]


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column, or nothing but nulls where it was left out."""
    import pandas as pd

    return frame[name] if name in frame.columns else pd.Series([None] * len(frame), index=frame.index, dtype=object)


def _days(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column of days as Python's dates, which pandas compares without a time zone or a unit."""
    import pandas as pd

    days = [value.date() if isinstance(value, dt.datetime) else value for value in frame[name]]
    return pd.Series(days, index=frame.index, dtype=object)


def _has_value(frame: pd.DataFrame, plan: Logframe) -> pd.Series[bool]:
    state = _column(frame, "state").fillna(State.REPORTED.value)
    parts = _column(frame, "numerator").notna() & _column(frame, "denominator").notna()
    by_parts = frame["indicator"].isin([each.id for each in plan.indicators.values() if each.by_denominator])
    texts = frame["indicator"].isin([each.id for each in plan.indicators.values() if each.measure.is_text])
    value = _column(frame, "value").notna()
    has = (by_parts & parts) | (texts & _column(frame, "text").notna()) | (~by_parts & ~texts & (value | parts))
    return (state != State.REPORTED.value) | has


def _parts_together(frame: pd.DataFrame) -> pd.Series[bool]:
    return _column(frame, "numerator").notna() == _column(frame, "denominator").notna()


def _denominator(frame: pd.DataFrame) -> pd.Series[bool]:
    denominator = _column(frame, "denominator")
    return denominator.isna() | (denominator != 0)


def _fits(frame: pd.DataFrame, plan: Logframe) -> pd.Series[bool]:
    import pandas as pd

    known = plan.indicators
    fits = [
        value is None or value != value or _is_allowed(value, known.get(id))  # noqa: PLR0124 - NaN
        for id, value in zip(frame["indicator"], _column(frame, "value"), strict=True)
    ]
    return pd.Series(fits, index=frame.index, dtype=bool)


def _is_allowed(value: Any, indicator: Indicator | None) -> bool:
    if indicator is None:
        return True
    if indicator.measure is Measure.YES_NO:
        return bool(value in (0, 1))
    if indicator.measure.is_ranked:
        return bool(value == int(value) and 1 <= value <= len(indicator.scale))
    return True
