"""Periods that are closed: counted once and kept as a small table, so that later runs count only what is new.

Read `close` first, then `count_open`. What is kept of a closed period is its tally; of a reporter its newest figure,
where a later value may rest on it; and the rows of those indicators whose values do not add up. The answer is that of
a run over all reports.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import OptionError, ReadError
from mne.ground.findings import Finding, Place
from mne.tables.observations import NAMES, Observations, State
from mne.values.aggregate import COUNTED, day_of, statuses_of
from mne.values.counting import HEARD, Before, tallied
from mne.values.kinds import select_lines
from mne.values.partial import TOLD, Asked, Count, Part, from_table, rows_of, to_table, together, values_of
from mne.values.select import select

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["Closed", "close", "count_open", "read_closed"]

FORMAT: Final = 1
_STATE: Final = {f"_{name}": name for name in HEARD if name not in ("partner", "location")}


@dataclass(frozen=True, slots=True, eq=False)
class Closed:
    """The periods of a project that ended by `through`, counted.

    Keep it with `save`, read it with `mne.read_closed`, give it to `mne.aggregate` with the reports of later periods.
    """

    project: str
    plan: str
    """Tells the plan that they were counted by from any other."""
    through: dt.date
    newest: dt.date | None
    """The newest day that is reported on."""
    statuses: tuple[str, ...]
    part: Part
    heard: Mapping[str, pl.DataFrame]

    def to_polars(self) -> pl.DataFrame:
        """Everything as one table: rows that must be kept, what is kept of reporters, and a row that tells the rest."""
        told = {
            "format": FORMAT,
            "project": self.project,
            "plan": self.plan,
            "through": self.through.isoformat(),
            "newest": self.newest and self.newest.isoformat(),
            "statuses": list(self.statuses),
        }
        reporters = [
            table.select(
                "partner", "location", *(pl.col(name).alias(at) for at, name in _STATE.items()), indicator=pl.lit(code)
            )
            for code, table in self.heard.items()
        ]
        head = pl.DataFrame({"_closed": [json.dumps(told)]})
        return pl.concat([to_table(self.part), *reporters, head], how="diagonal")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as Parquet."""
        self.to_polars().write_parquet(os.fspath(path))

    def __repr__(self) -> str:
        rows = self.part.rows.height + sum(table.height for table in self.heard.values())
        return f"Closed({self.project} through {self.through}: {len(self.part.tallies)} indicators, {rows} rows kept)"


def close(observations: Any, plan: Logframe, *, through: dt.date | str, statuses: Iterable[str] = COUNTED) -> Closed:
    """Count the periods that ended by a day, once and for all.

    Args:
        observations: all that was reported for these periods; what is reported for later ones is left aside.
        plan: the logframe.
        through: the last day of the last period to close.
        statuses: the report statuses that count.

    Raises:
        OptionError: a date that is none, an unknown status, or a table without the canonical columns.
    """
    day = day_of(through, "through")
    if day is None:
        raise OptionError("through must be a date such as 2025-12-31")
    table = observations if isinstance(observations, Observations) else Observations.from_frame(observations)
    wanted = statuses_of(statuses)
    frame = table.to_polars().filter(_is_closed(table.to_polars(), plan, day))
    asked = Asked(until=day, known_by=None, statuses=wanted)
    lines = select_lines(frame, plan, until=day, known_by=None, statuses=wanted)
    heard: dict[str, pl.DataFrame] = {}
    tallies = tallied(lines, frame, plan, heard=heard)
    excusing = set(lines.kinds[lines.excused[0]]["indicator"].unique())
    # Who was excused before anybody was assigned may turn out to be expected later: such rows are kept.
    kept = {code for code in tallies if plan.indicators[code].assignments or code not in excusing}
    others = [code for code, each in plan.indicators.items() if each.formula is None and code not in kept]
    rows = select(rows_of(frame, plan, others), plan, until=day, known_by=None, statuses=wanted).rows.select(NAMES)
    part = Part(day, {code: tallies[code] for code in kept}, rows, lines.strays, lines.factors)
    return Closed(
        plan.id,
        _key(plan),
        day,
        newest_day(frame, plan, asked),
        wanted,
        part,
        {code: table for code, table in heard.items() if code in kept},
    )


def read_closed(path: str | os.PathLike[str]) -> Closed:
    """What `Closed.save` wrote.

    Raises:
        ReadError: there is no such file, or it is none of these.
    """
    try:
        table = pl.read_parquet(os.fspath(path), glob=False)
        head = json.loads(table["_closed"].drop_nulls()[0])
        if head["format"] != FORMAT:
            raise ReadError(f"{os.fspath(path)} has the format {head['format']}; this version reads {FORMAT}")
        states = table.filter(pl.col("_newest").is_not_null()) if "_newest" in table.columns else table.clear()
        heard = {
            str(code): rows.select("partner", "location", *(pl.col(at).alias(name) for at, name in _STATE.items()))
            for (code,), rows in states.group_by("indicator", maintain_order=True)
        }
        plain = table.filter(pl.col("_closed").is_null())
        if "_newest" in table.columns:
            plain = plain.filter(pl.col("_newest").is_null())
        return Closed(
            head["project"],
            head["plan"],
            dt.date.fromisoformat(head["through"]),
            None if head["newest"] is None else dt.date.fromisoformat(head["newest"]),
            tuple(head["statuses"]),
            from_table(plain.select(*NAMES, TOLD)),
            heard,
        )
    except (OSError, pl.exceptions.PolarsError, LookupError, ValueError, TypeError) as problem:
        if isinstance(problem, ReadError):
            raise
        raise ReadError(f"{os.fspath(path)} does not hold closed periods: {problem}") from problem


def count_open(frame: pl.DataFrame, plan: Logframe, closed: Closed, asked: Asked) -> Count:
    """The value of every indicator that is reported, from what is kept of closed periods and the rows of later ones.

    Raises:
        OptionError: the periods were closed by another plan or for other statuses, or what is asked goes behind them.
    """
    _check(plan, closed, asked)
    over = _is_closed(frame, plan, closed.through)
    late = frame.filter(over & (pl.col("project") == plan.id) & pl.col("indicator").is_in(list(plan.indicators)))
    rows = frame.filter(~over)
    until = asked.until
    if until is None:
        days = [day for day in (closed.newest, newest_day(rows, plan, asked)) if day is not None]
        until = max(days, default=closed.through)
    asked = Asked(until=max(until, closed.through), known_by=None, statuses=asked.statuses)
    lines = select_lines(rows, plan, until=asked.until, known_by=None, statuses=asked.statuses)
    empty = pl.DataFrame(schema=HEARD)
    before = {
        code: Before(tally.slots, closed.heard.get(code, empty), tally.illustrative)
        for code, tally in closed.part.tallies.items()
    }
    tallies = tallied(lines, rows, plan, before=before)
    others = [code for code, each in plan.indicators.items() if each.formula is None and code not in tallies]
    new = Part(asked.until, tallies, rows_of(rows, plan, others), lines.strays, lines.factors)
    old = Part(asked.until, {}, closed.part.rows, closed.part.strays, closed.part.factors)
    indicators = {code: each for code, each in plan.indicators.items() if each.formula is None}
    found = values_of(together([new, old]), plan, indicators, asked)
    told = [
        Finding(code="value-period-closed", place=Place(indicator=code), found=str(closed.through), params={"rows": n})
        for code, n in late.group_by("indicator").len().sort("indicator").iter_rows()
    ]
    return Count(found.values, found.until, (*found.findings, *told))


def newest_day(frame: pl.DataFrame, plan: Logframe, asked: Asked) -> dt.date | None:
    """The newest day that anybody reports on."""
    mine = (
        (pl.col("project") == plan.id)
        & pl.col("indicator").is_in(list(plan.indicators))
        & pl.col("status").is_in(list(asked.statuses))
        & (pl.col("state") == State.REPORTED.value)
    )
    if asked.known_by is not None:
        mine = mine & (pl.col("reported_on").is_null() | (pl.col("reported_on") <= asked.known_by))
    return frame.lazy().filter(mine).select(pl.col("period_end").max()).collect().item()  # type: ignore[no-any-return]


def _check(plan: Logframe, closed: Closed, asked: Asked) -> None:
    if closed.project != plan.id or closed.plan != _key(plan):
        raise OptionError(
            f"these periods of {closed.project} were closed by another plan, or by this one before it changed: "
            "close them anew with mne.close"
        )
    if asked.known_by is not None or closed.statuses != asked.statuses:
        raise OptionError(
            "closed periods were counted as they are known now, for the statuses " + ", ".join(closed.statuses)
        )
    if asked.until is not None and asked.until < closed.through:
        raise OptionError(f"until must not lie before {closed.through}, through which periods are closed")


def _is_closed(frame: pl.DataFrame, plan: Logframe, through: dt.date) -> pl.Series:
    """Which rows speak of a period that has ended by a day; of what the plan does not know, their own days decide."""
    pairs = frame.select("project", "indicator", "period_end").unique()
    told = []
    for project, code, day in pairs.iter_rows():
        indicator = plan.indicators.get(code) if project == plan.id else None
        period = None if indicator is None else next((p for p in plan.periods_of(indicator) if day in p), None)
        told.append(day <= through if period is None else period.ended_by(through))
    table = pairs.with_columns(pl.Series("over", told, dtype=pl.Boolean))
    found = frame.select("project", "indicator", "period_end").join(
        table, on=["project", "indicator", "period_end"], how="left", maintain_order="left"
    )
    return found["over"]


def _key(plan: Logframe) -> str:
    return hashlib.sha256(plan.model_dump_json().encode()).hexdigest()
