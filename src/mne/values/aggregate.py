"""Observations become indicator values: select, convert, fold the axes in the declared order.

Read `aggregate` first. The engine does what grows with the number of reports (`select`, `cells`); what is left, a few
numbers per indicator and period, is folded here on exact fractions (semantics §3 and §4).
"""

from __future__ import annotations

import datetime as dt
import os
from functools import partial
from typing import TYPE_CHECKING, Any, Final, overload

import polars as pl

from mne.errors import OptionError
from mne.ground.findings import Findings
from mne.logframe.model import Logframe
from mne.tables.frames import is_spark
from mne.tables.intake import bucketed
from mne.tables.observations import Observations, Status
from mne.tables.plans import compile_plans, is_plans
from mne.tables.spark import SparkObservations
from mne.tables.stored import StoredObservations
from mne.values.derive import with_formulas
from mne.values.large import count_on_spark, count_parts
from mne.values.many import ProjectValues, aggregate_many
from mne.values.partial import Asked, Count, folded, part_of, rows_of, values_of
from mne.values.select import select
from mne.values.values import IndicatorValue, Values

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from mne.logframe.portfolio import Portfolio
    from mne.tables.plans import CompiledPlans
    from mne.values.closed import Closed

__all__ = ["COUNTED", "Count", "IndicatorValue", "Values", "aggregate", "count"]

COUNTED: Final = (Status.SUBMITTED.value, Status.ACCEPTED.value)
"""The statuses that count unless others are asked for: neither drafts nor returned reports."""

LARGE: Final = 2_000
"""So many rows are counted as numbers; with fewer, the numbering costs more than it saves."""


@overload
def aggregate(
    observations: Any,
    plan: Logframe,
    *,
    until: dt.date | str | None = None,
    known_by: dt.date | str | None = None,
    statuses: Iterable[str] = COUNTED,
    closed: Closed | None = None,
    memory_limit: str | int | None = None,
    spill: str | os.PathLike[str] | None = None,
) -> Values: ...
@overload
def aggregate(
    observations: Any,
    plan: CompiledPlans | Portfolio | Sequence[Logframe],
    *,
    until: dt.date | str | None = None,
    known_by: dt.date | str | None = None,
    statuses: Iterable[str] = COUNTED,
) -> ProjectValues: ...
def aggregate(
    observations: Any,
    plan: Logframe | CompiledPlans | Portfolio | Sequence[Logframe],
    *,
    until: dt.date | str | None = None,
    known_by: dt.date | str | None = None,
    statuses: Iterable[str] = COUNTED,
    closed: Closed | None = None,
    memory_limit: str | int | None = None,
    spill: str | os.PathLike[str] | None = None,
) -> Values | ProjectValues:
    """The value, state and coverage of every indicator, per period and to date.

    Args:
        observations: what `validate` accepted, or a table (pandas, Polars, Arrow, DuckDB, Spark) or files
            (Parquet, CSV, JSON Lines; a path or a pattern) with the canonical columns.
        plan: the logframe that the observations report on; of many projects all their logframes, in a list, a
            `Portfolio`, or what `compile_plans` made of them. Each is then counted as if it were alone:
            `aggregate_portfolio` also adds children to their parents.
        until: periods that ended by this day count; None takes the newest period that has a report.
        known_by: only reports received by this day count, and targets as they stood then; None takes all.
        statuses: the report statuses that count.
        closed: periods that were counted before, as `close` gives them; only reports of later ones are looked at, and
            the answer is that of all of them. There are no rows of closed periods then, so that a value that adds up
            cannot be traced to them, or broken down.
        memory_limit: about how much memory may be used beside what the process has already, such as ``2GB``: the table
            is then read some rows at a time and counted some partners at a time, with the same result. What `validate`
            kept in files is counted so at any rate. A Spark DataFrame is counted where its rows are.
        spill: the folder for what is kept in files meanwhile; None takes the system's.

    Returns:
        One `IndicatorValue` per indicator of the plan, in its order; of many projects such values by project. Nothing
        here is rounded.

    Raises:
        OptionError: a date that is none, an unknown status, a table without the canonical columns, or periods that
            were closed by another plan or for other statuses.
    """
    if is_plans(plan):
        own = {"closed": closed, "memory_limit": memory_limit, "spill": spill}
        refused = [name for name, value in own.items() if value is not None]
        if refused:
            raise OptionError(f"{', '.join(refused)} can be given for one project, not for many")
        every = observations if isinstance(observations, Observations) else Observations.from_frame(observations)
        return aggregate_many(
            every.to_polars(),
            compile_plans(plan),
            until=day_of(until, "until"),
            known_by=day_of(known_by, "known_by"),
            statuses=statuses_of(statuses),
        )
    if not isinstance(plan, Logframe):
        raise OptionError(f"plan must be a Logframe, not {type(plan).__name__}; read one with mne.read_logframe(path)")
    day, known = day_of(until, "until"), day_of(known_by, "known_by")
    wanted = statuses_of(statuses)
    asked = Asked(until=day, known_by=known, statuses=wanted)
    if closed is None:
        found = _found(observations, plan, asked, memory_limit, spill)
    elif memory_limit is not None or spill is not None:
        raise OptionError("memory_limit and spill are for a table that is counted from its beginning, without closed")
    else:
        from mne.values.closed import count_open

        table = observations if isinstance(observations, Observations) else Observations.from_frame(observations)
        found = count_open(table.to_polars(), plan, closed, asked)
    return Values(
        with_formulas(found.values, plan, until=found.until),
        plan=plan,
        until=found.until,
        known_by=known,
        statuses=wanted,
        findings=Findings(found.findings),
    )


def _found(
    observations: Any,
    plan: Logframe,
    asked: Asked,
    memory_limit: str | int | None,
    spill: str | os.PathLike[str] | None,
) -> Count:
    """The values, counted as a whole, in parts, or on Spark."""
    if isinstance(observations, SparkObservations):
        observations = observations.to_spark()
    if is_spark(observations):
        return count_on_spark(observations, plan, asked)
    if memory_limit is not None and not isinstance(observations, Observations):
        observations = bucketed(observations, memory_limit=memory_limit, spill=spill)
    if isinstance(observations, StoredObservations):
        return count_parts(observations, plan, asked)
    table = observations if isinstance(observations, Observations) else Observations.from_frame(observations)
    return count(table.to_polars(), plan, until=asked.until, known_by=asked.known_by, statuses=asked.statuses)


def count(
    frame: pl.DataFrame,
    plan: Logframe,
    *,
    until: dt.date | None,
    known_by: dt.date | None,
    statuses: tuple[str, ...],
    without_minimum: Container[str] = (),
    large: int = LARGE,
) -> Count:
    """The value of every indicator that is reported.

    Those of `without_minimum` are not held against their minimum coverage, because they are not yet complete. From
    `large` rows on the rows of a table are numbered first, and what adds up is counted from them.
    """
    indicators = {
        code: each.model_copy(update={"min_coverage": None}) if code in without_minimum else each
        for code, each in plan.indicators.items()
        if each.formula is None
    }
    asked = Asked(until=until, known_by=known_by, statuses=statuses)
    if frame.height < large:
        selection = select(frame, plan, until=until, known_by=known_by, statuses=statuses)
        return Count(folded(indicators, selection, plan), selection.until, selection.findings)
    part = part_of(frame, plan, asked)
    return values_of(part, plan, indicators, asked, source=partial(_of_one, frame, plan))


def _of_one(frame: pl.DataFrame, plan: Logframe, code: str) -> pl.DataFrame:
    return rows_of(frame, plan, [code])


def day_of(value: dt.date | str | None, name: str) -> dt.date | None:
    """A day as the caller gave it.

    Raises:
        OptionError: it is no date.
    """
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise OptionError(f"{name} must be a date such as 2026-06-30, not {value!r}")


def statuses_of(statuses: Iterable[str]) -> tuple[str, ...]:
    """The report statuses that the caller asks for.

    Raises:
        OptionError: none, or one that there is not.
    """
    if isinstance(statuses, str):
        raise OptionError(f"statuses must be a list such as ['accepted'], not the text {statuses!r}")
    wanted = tuple(str(status) for status in statuses)
    unknown = [status for status in wanted if status not in set(Status)]
    if unknown or not wanted:
        raise OptionError(f"statuses must be some of {', '.join(Status)}; found {', '.join(unknown) or 'none'}")
    return wanted
