"""The values of many projects from one table: selected, and added up, for all of them at once.

Read `aggregate_many` first. What grows with the number of reports is done once for all projects by the engine; what is
left of each, a few numbers per indicator and period, is folded when somebody asks for that project.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.ground.findings import Finding, Findings
from mne.ground.maps import FrozenMap
from mne.logframe.indicator import TotalsPolicy
from mne.logframe.units import UnitTable
from mne.tables.engine import newest
from mne.tables.observations import KEY, State
from mne.tables.plan import MARK, marks_of
from mne.values.cells import added, adds_parts, cells_of, chosen_of, ranked_categories
from mne.values.derive import with_formulas
from mne.values.select import Factors, left_out, not_convertible, own_unit, usable, what_it_needs
from mne.values.series import UNUSABLE, celled_value, unusable_of
from mne.values.values import IndicatorValue, Rows, Selected, Values

if TYPE_CHECKING:
    import pandas as pd

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.tables.plans import CompiledPlans
    from mne.values.missing import Reporter

__all__ = ["ProjectValues", "aggregate_many"]

_FOREIGN: Final = {"indicator": pl.String, "unit": pl.String, "period_end": pl.Date}


class ProjectValues(Mapping[str, Values]):
    """The values of many projects by their ids, each as if it had been counted alone.

    What all reports come to is known; a project's values are made of it when they are asked for, and kept.
    """

    def __init__(self, counted: _Counted, findings: Findings) -> None:
        self._counted = counted
        self._made: dict[str, Values] = {}
        self.findings = findings
        """Rows of projects that are none of these; what is to be said of a project's own stands with its values."""

    def __getitem__(self, project: str) -> Values:
        if project not in self._made:
            self._made[project] = self._counted.values(self._counted.plans.positions[project])
        return self._made[project]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counted.plans)

    def __len__(self) -> int:
        return len(self._counted.plans)

    def to_polars(self) -> pl.DataFrame:
        """The rows of every project's `Values.to_polars`, with the column `project` before them."""
        tables = [
            values.to_polars().select(pl.lit(project, pl.String).alias("project"), pl.all())
            for project, values in self.items()
        ]
        return pl.concat(tables) if tables else pl.DataFrame()

    def to_pandas(self) -> pd.DataFrame:
        """`to_polars`, as pandas."""
        return self.to_polars().to_pandas()

    def __repr__(self) -> str:
        return f"ProjectValues({len(self)} projects: {self._counted.rows.height} figures count)"


def aggregate_many(
    frame: pl.DataFrame,
    plans: CompiledPlans,
    *,
    until: dt.date | None,
    known_by: dt.date | None,
    statuses: tuple[str, ...],
) -> ProjectValues:
    """The values of every project; `until` None means for each the newest day that anybody of it reported."""
    frame = frame.join(plans.projects, on="project", how="left", maintain_order="left")
    others = frame.filter(pl.col("plan_at").is_null()).group_by("project").len().sort("project")
    findings = Findings(left_out("value-other-project", n, found=str(project)) for project, n in others.iter_rows())
    counted = _Counted(plans, frame.filter(pl.col("plan_at").is_not_null()), until, known_by, statuses)
    return ProjectValues(counted, findings)


class _Known:
    """What is asked of every indicator of all plans."""

    def __init__(self, plans: CompiledPlans) -> None:
        self.marks = marks_of(len(plans))
        self.indicators: dict[str, tuple[Indicator, Logframe]] = {}
        self.adding: list[str] = []
        self.by_parts: list[str] = []
        rows = []
        for at, (plan, mark) in enumerate(zip(plans.plans, self.marks, strict=True)):
            for code, each in plan.indicators.items():
                self.indicators[mark + code] = each, plan
                if adds_parts(each):
                    self.adding.append(mark + code)
                if each.aggregation.totals is TotalsPolicy.SUM_OF_PARTS:
                    self.by_parts.append(mark + code)
                blank = each.zero_means == "missing"
                rows.append((at, code, mark + code, what_it_needs(each), blank, own_unit(each)))
        schema = {
            "plan_at": pl.Int32, "indicator": pl.String, "marked": pl.String, "needs": pl.String,
            "zero_is_missing": pl.Boolean, "own": pl.String,
        }  # fmt: skip
        self.table = pl.DataFrame(rows, schema=schema, orient="row")

    def plan_at(self, code: str) -> int:
        """The position of the plan that a marked code is of."""
        return int(code.partition(MARK)[0]) if len(self.marks) > 1 else 0


class _Counted:
    """What the reports of all projects come to, cell by cell.

    `rows` are the newest observations that ended in time, `chosen` those that count; in both the indicators have the
    marks of their plans.
    """

    def __init__(
        self,
        plans: CompiledPlans,
        frame: pl.DataFrame,
        until: dt.date | None,
        known_by: dt.date | None,
        statuses: tuple[str, ...],
    ) -> None:
        self.plans = plans
        self.known = plans.once(_Known)
        self.known_by = known_by
        self.statuses = statuses
        self.findings: dict[int, list[Finding]] = {}
        self.factors: dict[int, Factors] = {}
        rows = self._wanted(frame)
        self.until = self._until(rows, until)
        rows = newest(self._in_periods(rows), key=KEY)
        rows = self._converted(rows.with_columns(usable=usable()))
        self.rows = rows.drop("needs", "zero_is_missing", "own")
        categories = ranked_categories(self.rows, lambda code: self.known.indicators[code])
        self.chosen = chosen_of(self.rows, categories, self.known.by_parts)
        self._cells = _by_plan(added(self.chosen, self.known.adding), self.known)
        self._reporters = self._by_indicator(self.chosen, "partner", "location")
        told = self.rows.filter(~pl.col("usable")).select("indicator", *UNUSABLE)
        self._unusable: dict[str, list[tuple[Any, ...]]] = {}
        for code, *row in told.iter_rows():
            self._unusable.setdefault(code, []).append(tuple(row))
        self._examples = frozenset(self.chosen.filter("illustrative")["indicator"].unique())

    # --------------------------------------------------------------------------------------------------- selection

    def _say(self, at: int, finding: Finding) -> None:
        self.findings.setdefault(at, []).append(finding)

    def _wanted(self, frame: pl.DataFrame) -> pl.DataFrame:
        rows = frame.join(self.known.table, on=["plan_at", "indicator"], how="left", maintain_order="left")
        strange = rows.filter(pl.col("marked").is_null()).group_by("plan_at", "indicator").len()
        for at, code, n in strange.sort("plan_at", "indicator").iter_rows():
            self._say(at, left_out("value-unknown-indicator", n, found=code, indicator=code))
        wanted = pl.col("marked").is_not_null() & pl.col("status").is_in(self.statuses)
        if self.known_by is not None:
            wanted &= pl.col("reported_on").is_null() | (pl.col("reported_on") <= self.known_by)
        return rows.filter(wanted).with_columns(indicator="marked").drop("marked")

    def _until(self, rows: pl.DataFrame, until: dt.date | None) -> Mapping[int, dt.date]:
        """The last day that counts in each project; none of one that reported nothing."""
        if until is not None:
            return dict.fromkeys(range(len(self.plans)), until)
        told = rows.filter(pl.col("state") == State.REPORTED.value).group_by("plan_at").agg(pl.col("period_end").max())
        return dict(told.iter_rows())

    def _in_periods(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows whose plan period has ended; a row counts in the period that holds its last day."""
        distinct = rows.group_by("plan_at", "indicator", "period_end").len()
        places: list[tuple[str, dt.date, int | None, bool]] = []
        known: dict[tuple[int, Any], tuple[tuple[Period, ...], list[dt.date]]] = {}
        for at, code, day, n in distinct.sort("plan_at", "indicator", "period_end").iter_rows():
            indicator, plan = self.known.indicators[code]
            key = (at, indicator.frequency)
            if key not in known:
                periods = plan.periods_of(indicator)
                known[key] = periods, [period.start for period in periods]
            periods, starts = known[key]
            position = bisect.bisect_right(starts, day) - 1
            inside = position >= 0 and day in periods[position]
            until = self.until.get(at)
            ended = inside and until is not None and periods[position].ended_by(until)
            places.append((code, day, position if inside else None, ended))
            if not inside:
                self._say(at, left_out("value-outside-project", n, found=str(day), indicator=indicator.id))
        schema = {"indicator": pl.String, "period_end": pl.Date, "plan_period": pl.Int64, "_ended": pl.Boolean}
        table = pl.DataFrame(places, schema=schema, orient="row").filter("_ended").drop("_ended")
        return rows.join(table, on=["indicator", "period_end"], how="inner")

    def _converted(self, rows: pl.DataFrame) -> pl.DataFrame:
        """One factor per distinct indicator, unit and day; a row whose unit cannot be converted is not usable."""
        foreign = (pl.col("needs") == "value") & pl.col("unit").is_not_null() & pl.col("unit").ne_missing(pl.col("own"))
        distinct = rows.filter(foreign & pl.col("usable")).group_by("plan_at", *_FOREIGN).len()
        units: dict[int, UnitTable] = {}
        refused: dict[tuple[str, str, dt.date], int] = {}
        for at, code, unit, day, n in distinct.sort("plan_at", *_FOREIGN).iter_rows():
            indicator, plan = self.known.indicators[code]
            if at not in units:
                units[at] = UnitTable(plan)
            factor = units[at].factor(unit, own_unit(indicator), on=day)
            if factor is None:
                refused[code, unit, day] = n
            elif factor != 1:
                self.factors.setdefault(at, {})[code, unit, day] = factor
        table = pl.DataFrame(list(refused), schema=_FOREIGN, orient="row").with_columns(
            unconvertible=pl.lit(value=True)
        )
        rows = rows.join(table, on=list(_FOREIGN), how="left").with_columns(
            pl.col("unconvertible").fill_null(value=False) & pl.col("usable")
        )
        counts: dict[tuple[str, str], int] = {}
        for (code, unit, _), n in refused.items():
            counts[code, unit] = counts.get((code, unit), 0) + n
        for (code, unit), n in sorted(counts.items()):
            self._say(self.known.plan_at(code), not_convertible(self.known.indicators[code][0], unit, n))
        return rows.with_columns(usable=pl.col("usable") & ~pl.col("unconvertible"))

    def _by_indicator(self, rows: pl.DataFrame, *columns: str) -> dict[str, list[tuple[Any, ...]]]:
        found: dict[str, list[tuple[Any, ...]]] = {}
        for code, *row in rows.select("indicator", *columns).unique().sort("indicator", *columns).iter_rows():
            found.setdefault(code, []).append(tuple(row))
        return found

    # ------------------------------------------------------------------------------------------------------ values

    def values(self, at: int) -> Values:
        """The values of one project."""
        plan, mark = self.plans.plans[at], self.known.marks[at]
        until = self.until.get(at)
        factors = self.factors.get(at, {})
        marked = {mark + code: each for code, each in plan.indicators.items()}
        cells = cells_of(self._cells.get(at, ()), plan, marked, factors)
        own = {(code.removeprefix(mark), unit, day): factor for (code, unit, day), factor in factors.items()}
        values: dict[str, IndicatorValue] = {}
        for code, indicator in plan.indicators.items():
            if indicator.formula is None:
                name = mark + code
                values[code] = celled_value(
                    indicator,
                    plan,
                    cells=cells.get(name, ()),
                    expects=self._expects(name, indicator, plan),
                    unusable=unusable_of(self._unusable.get(name, ())),
                    illustrative=name in self._examples,
                    until=until,
                    counted=Rows(partial(_of_one, self.chosen, name, code)),
                    selected=Selected(Rows(partial(_of_one, self.rows, name, code)), own),
                )
        return Values(
            with_formulas(values, plan, until=until),
            plan=plan,
            until=until,
            known_by=self.known_by,
            statuses=self.statuses,
            findings=Findings(self.findings.get(at, ())),
        )

    def _expects(self, name: str, indicator: Indicator, plan: Logframe) -> Any:
        """Who is expected to report: those assigned to the period, or where nobody is assigned all who ever did."""
        if indicator.assignments:
            return partial(plan.expected_reporters, indicator)
        ever: Sequence[Reporter] = self._reporters.get(name, ())
        return lambda _: ever


_ORDER: Final = ("period_start", "period_end", "partner", "location", "category")


def _of_one(rows: pl.DataFrame, marked: str, code: str) -> pl.DataFrame:
    """The rows of one indicator, with its own code."""
    mine = rows.filter(pl.col("indicator") == marked).drop("plan_at").sort(_ORDER)
    return mine.with_columns(indicator=pl.lit(code))


def _by_plan(table: pl.DataFrame, known: _Known) -> Mapping[int, list[dict[str, Any]]]:
    """The rows of each plan, in their order."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in table.iter_rows(named=True):
        found.setdefault(known.plan_at(row["indicator"]), []).append(row)
    return FrozenMap(found)
