"""Who has reported, and what is still to come: one line for each partner and period.

Read `due` first. What a partner owes comes from the logframe's assignments, what came in from a validation report;
the day on which this is asked is an argument, since nothing here looks at a clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.logframe.choices import TOTAL
from mne.reports.beside import placed
from mne.tables.observations import Status
from mne.tables.plan import compile_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from mne.logframe.model import Logframe
    from mne.reports.report import ValidationReport
    from mne.tables.plan import PlanTables

__all__ = ["Due", "Stage", "due"]


class Stage(StrEnum):
    """How far the report of one partner for one period has come."""

    UPCOMING = "upcoming"
    """The period has not ended."""
    DUE = "due"
    """It has ended, nothing has come, and there is time."""
    LATE = "late"
    """Nothing has come, and the day by which it was due is past."""
    DRAFT = "draft"
    """What has come is a draft."""
    RETURNED = "returned"
    """Some of it was sent back, or has to be: rows are held."""
    SUBMITTED = "submitted"
    """All that has come can count, and nobody has accepted all of it yet."""
    ACCEPTED = "accepted"
    """Everything that was expected has come and was accepted."""


_SCHEMA: Final[dict[str, Any]] = {
    "partner": pl.String,
    "period": pl.String,
    "start": pl.Date,
    "last_day": pl.Date,
    "due_by": pl.Date,
    "stage": pl.String,
    "expected": pl.Int64,
    "received": pl.Int64,
    "rows": pl.Int64,
    "held": pl.Int64,
    "first_received": pl.Date,
    "came_late": pl.Boolean,
    "lacking": pl.List(pl.String),
}
_KEY: Final = ("partner", "period")


@dataclass(frozen=True)
class Due:
    """Partners × periods on one day.

    `frame` has one row for each partner and period with something expected or received, by partner and time:
    `due_by` (null: reports are never late here), `stage`, how many cells were `expected` and `received` (a cell is one
    indicator at one place), `rows` accepted and `held`, when the first row was received, whether that was too late, and
    the indicators that are `lacking`.
    """

    plan_id: str
    on: dt.date
    frame: pl.DataFrame
    unplaced: int = 0
    """Rows whose partner or period could not be understood: they may be what is missing."""
    assigned: bool = True
    """Whether the logframe says who reports; where it does not, nothing can be said to be missing."""

    @property
    def stages(self) -> Mapping[Stage, int]:
        """How many reports have come how far; every stage is listed."""
        counted = dict(self.frame.group_by("stage").len().iter_rows())
        return FrozenMap({stage: int(counted.get(stage.value, 0)) for stage in Stage})

    @property
    def to_come(self) -> pl.DataFrame:
        """What is still to come, the longest overdue first: nothing yet, a draft, returned, not whole; as `frame`."""
        waiting = pl.col("stage").is_in([Stage.LATE.value, Stage.DUE.value, Stage.DRAFT.value, Stage.RETURNED.value])
        gaps = (pl.col("lacking").list.len() > 0) & (pl.col("stage") != Stage.UPCOMING.value)
        return self.frame.filter(waiting | gaps).sort("last_day", "partner", "period")

    @property
    def next_up(self) -> pl.DataFrame:
        """The next report of each partner whose period has not ended; shape as `frame`."""
        coming = self.frame.filter(pl.col("stage") == Stage.UPCOMING.value).sort("last_day", "partner", "period")
        return coming.filter(pl.col("last_day") == pl.col("last_day").min().over("partner"))

    def __len__(self) -> int:
        return self.frame.height

    def __repr__(self) -> str:
        told = ", ".join(f"{count} {stage}" for stage, count in self.stages.items() if count)
        return f"Due({self.plan_id} on {self.on}: {told or 'nothing expected'})"

    def to_polars(self) -> pl.DataFrame:
        """One row for each partner and period."""
        return self.frame

    def to_pandas(self) -> pd.DataFrame:
        """One row for each partner and period."""
        return self.frame.to_pandas()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, `format` 1."""
        rows = [
            {name: cell.isoformat() if isinstance(cell, dt.date) else cell for name, cell in row.items()}
            for row in self.frame.to_dicts()
        ]
        return {
            "format": 1,
            "logframe": self.plan_id,
            "on": self.on.isoformat(),
            "stages": {str(stage): count for stage, count in self.stages.items()},
            "unplaced": self.unplaced,
            "assigned": self.assigned,
            "reports": rows,
        }

    def save(self, path: Any) -> None:
        """Write it to `path`: .html, .md, .txt, .json or .csv, by the ending.

        Raises:
            OptionError: the ending is none of these.
        """
        from mne._render import save

        save(self, path)

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)


def due(
    report: ValidationReport, plan: Logframe, *, on: dt.date | str | None = None, tables: PlanTables | None = None
) -> Due:
    """What every partner was to report, what has come of it, and what is still to come.

    Args:
        report: what `validate` gave for all the reports there are.
        plan: the logframe that they were validated against; its assignments say who reports what, and where,
            `reporting_lag` how many days after a period its reports are due. Without a lag nothing is ever late.
        on: the day on which this is asked; None takes the last day that the reports themselves speak of.
        tables: the plan compiled, where the caller has it already.

    Raises:
        OptionError: `on` is no day, or the report is one on another logframe.
    """
    if report.plan_id != plan.id:
        raise OptionError(f"the report is on the logframe {report.plan_id}, not on {plan.id}")
    tables = tables or compile_plan(plan)
    came = _came(report, tables)
    day = _day(on, came, plan)
    placed_rows = came.filter(pl.col("period").is_not_null() & pl.col("partner").is_not_null())
    frame = _staged(_owed(tables, placed_rows), _received(placed_rows), plan, day)
    unplaced = came.height - placed_rows.height
    return Due(plan.id, day, frame, unplaced=unplaced, assigned=bool(tables.assignments.height))


def _day(on: Any, came: pl.DataFrame, plan: Logframe) -> dt.date:
    if isinstance(on, str):
        try:
            return dt.date.fromisoformat(on)
        except ValueError:
            raise OptionError(f"on must be a day such as 2026-06-30, not {on!r}") from None
    if on is None:
        days = [day for name in ("period_end", "reported_on") if isinstance(day := came[name].max(), dt.date)]
        return max(days, default=plan.start)
    if isinstance(on, dt.date):
        return on
    raise OptionError(f"on must be a day such as 2026-06-30, not {type(on).__name__}")


def _came(report: ValidationReport, tables: PlanTables) -> pl.DataFrame:
    """Every row that came, accepted or held, at the plan's own periods."""
    columns = [
        *("indicator", "partner", "location", "category", "period_start", "period_end"),
        *("status", "reported_on", "revision", "source_order"),
    ]
    both = pl.concat(
        [
            report.observations.to_lazy().select(*columns, held=pl.lit(value=False)).collect(),
            report.held_rows.select(*columns, held=pl.lit(value=True)),
        ]
    )
    frequencies = tables.indicators.select("indicator", "frequency", "computed")
    # Where the indicator is unknown, its row still came in a period of the project's own calendar.
    usual = tables.plan.calendar.frequency.value
    usual = usual if usual in tables.frequencies else next(iter(tables.frequencies), usual)
    known = both.join(frequencies, on="indicator", how="left").with_columns(pl.col("frequency").fill_null(usual))
    found = placed(known, tables)
    return found.rename({"plan_period": "period", "plan_start": "start", "plan_last": "last_day"})


def _owed(tables: PlanTables, came: pl.DataFrame) -> pl.DataFrame:
    """Each partner's expected cells by period, how many have come, and which indicators are lacking."""
    whole = came.filter(~pl.col("held")).select("indicator", "period", "partner", "location").unique()
    # Who is asked for the whole may answer place by place.
    anywhere = whole.with_columns(location=pl.lit(TOTAL)).unique()
    answered = pl.concat([whole, anywhere]).unique().with_columns(here=pl.lit(value=True))
    cells = tables.expected.join(answered, on=["indicator", "period", "partner", "location"], how="left")
    here = pl.col("here").fill_null(value=False)
    lacking = pl.col("indicator").filter(~here).unique().sort()
    return cells.group_by(*_KEY, "start", "last_day").agg(
        expected=pl.len().cast(pl.Int64), received=here.sum().cast(pl.Int64), lacking=lacking
    )


def _received(came: pl.DataFrame) -> pl.DataFrame:
    """What came from each partner for each period: the newest of each cell, and what is held and not mended since."""
    cell = ["indicator", *_KEY, "location", "category"]
    first = came.group_by(*_KEY).agg(first_received=pl.col("reported_on").min())
    sound = came.filter(~pl.col("held")).sort("revision", "source_order").unique(cell, keep="last")
    open_ = came.filter(pl.col("held")).join(sound, on=cell, how="anti", nulls_equal=True)
    status = pl.col("status")
    counting = ~pl.col("held")
    counted = (
        pl.concat([sound, open_])
        .group_by(*_KEY, "start", "last_day")
        .agg(
            rows=counting.sum().cast(pl.Int64),
            held=pl.col("held").sum().cast(pl.Int64),
            returned=(counting & (status == Status.RETURNED.value)).sum(),
            drafts=(counting & (status == Status.DRAFT.value)).sum(),
            agreed=(counting & (status == Status.ACCEPTED.value)).sum(),
        )
    )
    return counted.join(first, on=_KEY, how="left")


def _staged(owed: pl.DataFrame, received: pl.DataFrame, plan: Logframe, on: dt.date) -> pl.DataFrame:
    """Both together, with how far each report has come."""
    both = owed.join(received, on=[*_KEY, "start", "last_day"], how="full", coalesce=True)
    counts = ("expected", "received", "rows", "held", "returned", "drafts", "agreed")
    both = both.with_columns(pl.col(counts).fill_null(0), pl.col("lacking").fill_null([]))
    lag = plan.reporting_lag
    by = pl.lit(None, pl.Date) if lag is None else pl.col("last_day") + dt.timedelta(days=lag)
    both = both.with_columns(due_by=by)
    nothing = (pl.col("rows") == 0) & (pl.col("held") == 0)
    stage = (
        pl.when(~nothing & ((pl.col("held") > 0) | (pl.col("returned") > 0)))
        .then(pl.lit(Stage.RETURNED.value))
        .when(~nothing & (pl.col("drafts") > 0))
        .then(pl.lit(Stage.DRAFT.value))
        .when(~nothing & (pl.col("agreed") == pl.col("rows")) & (pl.col("received") >= pl.col("expected")))
        .then(pl.lit(Stage.ACCEPTED.value))
        .when(~nothing)
        .then(pl.lit(Stage.SUBMITTED.value))
        .when(pl.col("last_day") >= on)
        .then(pl.lit(Stage.UPCOMING.value))
        .when(pl.col("due_by") < on)
        .then(pl.lit(Stage.LATE.value))
        .otherwise(pl.lit(Stage.DUE.value))
    )
    late = (pl.col("first_received") > pl.col("due_by")).fill_null(value=False)
    told = both.with_columns(stage=stage, came_late=late).select(*_SCHEMA).cast(_SCHEMA)  # type: ignore[arg-type] # by names
    return told.sort("partner", "last_day", "start")
