"""Small plans and tables for cases: a project over so many periods, and one row per report.

Read `project`, `report` and `counted`. Where a case speaks of "the second period", the project's periods are years
from 2001 on, so that a period has room for a report on every one of its days: the third report of a period covers
its third day, and lies after the second. Nothing here counts anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from mne.logframe.choices import TOTAL, category_key
from mne.logframe.indicator import Indicator
from mne.logframe.model import Logframe, Result
from mne.tables.observations import Observations
from tests.conformance.contract import NotWired, number

FIRST_YEAR: Final = 2001
SPLIT: Final = "part"
"""The one dimension of projects whose reports are split in parts."""


def code(name: object) -> str:
    """Any name as a code of a logframe."""
    text = "".join(char if char.isalnum() or char in "._-" else "_" for char in str(name)) or "x"
    return text if not text.startswith(("_", ".", "-")) else f"x{text}"


def indicator(id: str = "I", **options: Any) -> Indicator:
    """An indicator that counts people in a flow, unless said otherwise."""
    return Indicator.model_validate(
        {"id": id, "title": id, "measure": "number", "unit": "person", "accumulation": "flow", **options}
    )


def computed(id: str, formula: str, **options: Any) -> Indicator:
    """An indicator whose value to date is a formula over values to date: aggregate first, then compute."""
    return indicator(id, formula=formula, aggregation={"time": "pooled"}, **options)


def ratio(id: str = "I", measure: str = "percentage", **options: Any) -> Indicator:
    """An indicator that is reported with a numerator and a denominator: the state at the end of its period."""
    return indicator(id, **{"measure": measure, "unit": None, "accumulation": "level", **options})


def dimension(id: str, codes: Iterable[object]) -> dict[str, Any]:
    """A way to split values, with its categories."""
    return {"id": id, "title": id, "codes": tuple({"id": code(each), "title": str(each)} for each in codes)}


def split(*dimensions: str, relation: str = "sums_to_total", **options: Any) -> tuple[dict[str, Any], ...]:
    """An indicator's one disaggregation."""
    return ({"dimensions": dimensions or (SPLIT,), "relation": relation, **options},)


def category(name: object, dimension: str = SPLIT) -> str:
    """The encoded category of one dimension."""
    return category_key({dimension: code(name)})


def assigned(*partners: str, locations: Sequence[str] = ()) -> tuple[dict[str, Any], ...]:
    """Who has to report an indicator, and from where."""
    return tuple({"partner": partner, "locations": tuple(locations)} for partner in partners)


def project(*indicators: Indicator, id: str = "P", years: int = 1, **options: Any) -> Logframe:
    """A logframe with one outcome that has these indicators; it reports by the year unless said otherwise."""
    return Logframe.model_validate(
        {
            "id": id,
            "title": id,
            "start": dt.date(FIRST_YEAR, 1, 1),
            "end": dt.date(FIRST_YEAR + max(years, 1) - 1, 12, 31),
            "calendar": {"frequency": "annual"},
            "results": (Result(id=f"{id}.outcome", level="outcome", title=id, indicators=indicators),),
            **options,
        }
    )


def label(period: int) -> str:
    """The label of the project's period, counted from 0."""
    return str(FIRST_YEAR + period)


def end_of(period: int) -> dt.date:
    """The last day of the project's period, counted from 0."""
    return dt.date(FIRST_YEAR + period, 12, 31)


def report(
    value: Any = None,
    period: int = 0,
    *,
    nth: int | None = None,
    indicator: str = "I",
    project: str = "P",
    span: tuple[dt.date, dt.date] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One row. It is for the whole period; with `nth` for one day of it, so that there may be several; or for `span`."""
    first, last = span or (dt.date(FIRST_YEAR + period, 1, 1), end_of(period))
    if nth is not None:
        first = last = first + dt.timedelta(days=nth)
    numbers = {"value": value, **{name: more.pop(name, None) for name in ("numerator", "denominator")}}
    empty = all(each is None for each in numbers.values()) and "text" not in more
    return {
        "project": project,
        "indicator": indicator,
        "period": label(period) if span is None else f"{first}/{last}",
        "period_start": first,
        "period_end": last,
        "state": "missing" if empty else "reported",
        **{name: None if given is None else decimal(given) for name, given in numbers.items()},
        **more,
    }


def pair(numerator: Any, denominator: Any, period: int = 0, **more: Any) -> dict[str, Any]:
    """One row with a numerator and a denominator."""
    return report(None, period, numerator=numerator, denominator=denominator, **more)


def decimal(value: Any) -> Decimal:
    """A number as a table holds it.

    Raises:
        NotWired: it is none, or one that no table of reports can hold.
    """
    exact = number(value)
    if exact is None or (exact * 10**9).denominator != 1:
        raise NotWired(f"{value!r} cannot stand in a report")
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def table(rows: Iterable[Mapping[str, Any]]) -> Observations:
    """The rows as observations, in the order in which they are given."""
    return Observations.from_rows(rows)


def counted(plan: Logframe, rows: Iterable[Mapping[str, Any]], *, until: Any = None, **options: Any) -> Any:
    """The values of a project, up to the end of period `until` (a number counted from 0, a day, or None: the plan's end)."""
    import mne

    day = plan.end if until is None else end_of(until) if isinstance(until, int) else until
    return mne.aggregate(table(rows), plan, until=day, **options)


def together(plans: Iterable[Logframe], rows: Iterable[Mapping[str, Any]], **options: Any) -> Any:
    """The values of several projects that contribute to each other, to the end of the last of them."""
    from mne.logframe.portfolio import Portfolio
    from mne.values.projects import aggregate_portfolio

    portfolio = Portfolio(plans)
    last = max(plan.end for plan in portfolio.plans.values())
    return aggregate_portfolio(table(rows), portfolio, **{"until": last, **options})


def in_period(value: Any, period: int | str) -> Any:
    """The amount of an indicator in one period, or None where that has none."""
    wanted = label(period) if isinstance(period, int) else period
    return next((each.amount for each in value.periods if each.period.label == wanted), None)


def parts_of(values: Any, id: str = "I", by: str | Sequence[str] = SPLIT) -> dict[str, Any]:
    """The values of an indicator by partner or place, or by category under the category's codes."""
    from mne.logframe.indicator import category_parts
    from mne.values.breakdown import breakdown

    found = breakdown(values, id, by)
    if by in ("partner", "location"):
        return dict(found)
    return {"|".join(category_parts(key).values()): part for key, part in found.items()}


def percent(share: Fraction | None) -> Fraction | None:
    """A share of 1 as it is told in per cent."""
    return None if share is None else share * 100


WHOLE: Final = TOTAL
