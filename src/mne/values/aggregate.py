"""Observations become indicator values: select, convert, fold the axes in the declared order.

Read `aggregate` first. The engine does what grows with the number of reports (`select`, `cells`); what is left, a few
numbers per indicator and period, is folded here on exact fractions (semantics §3 and §4).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import OptionError
from mne.ground.findings import Findings
from mne.logframe.model import Logframe
from mne.tables.observations import Observations, Status
from mne.values.cells import chosen, reporter_cells
from mne.values.counting import tallied
from mne.values.derive import with_formulas
from mne.values.kinds import select_lines
from mne.values.select import Selection, select
from mne.values.series import indicator_value, tallied_value
from mne.values.values import IndicatorValue, Rows, Selected, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from mne.ground.findings import Finding
    from mne.logframe.indicator import Indicator

__all__ = ["COUNTED", "Count", "IndicatorValue", "Values", "aggregate", "count"]

COUNTED: Final = (Status.SUBMITTED.value, Status.ACCEPTED.value)
"""The statuses that count unless others are asked for: neither drafts nor returned reports."""

LARGE: Final = 2_000
"""So many rows are counted as numbers; with fewer, the numbering costs more than it saves."""


def aggregate(
    observations: Any,
    plan: Logframe,
    *,
    until: dt.date | str | None = None,
    known_by: dt.date | str | None = None,
    statuses: Iterable[str] = COUNTED,
) -> Values:
    """The value, state and coverage of every indicator, per period and to date.

    Args:
        observations: what `validate` accepted, or a table (pandas, Polars, Arrow, DuckDB, Spark) or files
            (Parquet, CSV, JSON Lines; a path or a pattern) with the canonical columns.
        plan: the logframe that the observations report on.
        until: periods that ended by this day count; None takes the newest period that has a report.
        known_by: only reports received by this day count, and targets as they stood then; None takes all.
        statuses: the report statuses that count.

    Returns:
        One `IndicatorValue` per indicator of the plan, in its order. Nothing here is rounded.

    Raises:
        OptionError: a date that is none, an unknown status, or a table without the canonical columns.
    """
    if not isinstance(plan, Logframe):
        raise OptionError(f"plan must be a Logframe, not {type(plan).__name__}; read one with mne.read_logframe(path)")
    day, known = day_of(until, "until"), day_of(known_by, "known_by")
    wanted = statuses_of(statuses)
    table = observations if isinstance(observations, Observations) else Observations.from_frame(observations)
    found = count(table.to_polars(), plan, until=day, known_by=known, statuses=wanted)
    return Values(
        with_formulas(found.values, plan, until=found.until),
        plan=plan,
        until=found.until,
        known_by=known,
        statuses=wanted,
        findings=Findings(found.findings),
    )


@dataclass(frozen=True, slots=True)
class Count:
    """The values of all indicators that are reported, without those that a formula computes from them."""

    values: Mapping[str, IndicatorValue]
    until: dt.date | None
    findings: tuple[Finding, ...]


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
    asked = partial(select, plan=plan, known_by=known_by, statuses=statuses)
    if frame.height < large:
        selection = asked(frame, until=until)
        return Count(_folded(indicators, selection, plan), selection.until, selection.findings)
    lines = select_lines(frame, plan, until=until, known_by=known_by, statuses=statuses)
    tallies = tallied(lines, frame, plan)
    others = [code for code in indicators if code not in tallies]
    rest = asked(_of(frame, plan, others), until=lines.until)
    values = _folded({code: indicators[code] for code in others}, rest, plan)
    for code, tally in tallies.items():
        source = partial(_source, frame, plan, code, partial(asked, until=lines.until))
        values[code] = tallied_value(
            indicators[code],
            plan,
            tally,
            until=lines.until,
            counted=Rows(partial(_counted, source, plan)),
            selected=Selected(Rows(source), lines.factors),
        )
    return Count({code: values[code] for code in indicators}, lines.until, lines.findings)


def _folded(indicators: Mapping[str, Indicator], selection: Selection, plan: Logframe) -> dict[str, IndicatorValue]:
    """The values of indicators from the cells of their reporters."""
    if not indicators:
        return {}
    rows = chosen(selection.rows, plan)
    cells = reporter_cells(rows, plan, selection.factors)
    others = _by_indicator(selection.rows.filter(~pl.col("usable")))
    used = _by_indicator(rows)
    every = _by_indicator(selection.rows)
    return {
        code: indicator_value(
            indicator,
            plan,
            cells=cells.get(code, []),
            rows=used.get(code, rows.clear()),
            unusable=others.get(code),
            until=selection.until,
            selected=Selected(Rows.of(every.get(code, selection.rows.clear())), selection.factors),
        )
        for code, indicator in indicators.items()
    }


def _of(frame: pl.DataFrame, plan: Logframe, codes: Sequence[str]) -> pl.DataFrame:
    return frame.filter((pl.col("project") == plan.id) & pl.col("indicator").is_in(list(codes)))


def _source(frame: pl.DataFrame, plan: Logframe, code: str, asked: Callable[[pl.DataFrame], Selection]) -> pl.DataFrame:
    """The newest observations of one indicator, for who wants to look at them."""
    return asked(_of(frame, plan, [code])).rows


def _counted(source: Callable[[], pl.DataFrame], plan: Logframe) -> pl.DataFrame:
    """Those of them that count."""
    return chosen(source(), plan)


def _by_indicator(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {str(code): group for (code,), group in rows.group_by("indicator", maintain_order=True)}


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
