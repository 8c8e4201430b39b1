"""What a rule knows of a row beside the row itself: the plan's side of it, its period, its unit, its category.

Read `Judged` first: the rows that rules look at, each set made once and only when a rule asks for it. Its docstring
lists the columns that a rule may use beside those of `mne.tables.observations.COLUMNS`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import polars as pl

from mne.logframe.indicator import Measure
from mne.reports.beside import REPORTED, Rows
from mne.reports.earlier import is_earlier
from mne.tables.encode import in_order, packed
from mne.tables.engine import newest
from mne.tables.observations import KEY, Status
from mne.tables.plan import PlanTables

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.reports.reading import Reading
    from mne.reports.rule import Over

__all__ = ["NOTHING", "Asked", "Judged", "resembling"]

T = TypeVar("T")

NOTHING: Final = pl.DataFrame(schema={"source_order": pl.Int64})
"""What a rule gives that has nothing to complain of."""

_OF_SERIES: Final = ("source_order", "series", "period_start", "period_end", "value")
_OF_INDICATORS: Final = ("by_denominator", "ranked", "additive", "times_add", "signed", "outlier", "jump")
_NAMES: Final = {"indicator": "#named", "measure": "#measure", "accumulation": "#accumulation"}
"""Columns of a series that are one small number a row, of which the engine knows the words."""
_NUMBERS: Final = {"unit": "#own", "reporter": "#reporter", "place": "#place"}
_MOST: Final = 2**63 - 1


@dataclass(frozen=True, eq=False)
class Asked:
    """What a table rule is given: the rows that it is about, not yet collected, and everything known of the reading.

    `about` makes the rows when a rule asks for them: many look at what all of them share in `judged`.
    """

    about: Callable[[], pl.LazyFrame]
    judged: Judged

    @cached_property
    def rows(self) -> pl.LazyFrame:
        """The rows that the rule is about."""
        return self.about()


@dataclass(eq=False)
class Judged:
    """The rows of one reading in their several sets, and what they are judged by.

    Columns beside those of the observation table:

    - from the plan: those of `mne.tables.plan.PlanTables.indicators`;
    - `plan_period`, `plan_number`, `plan_start`, `plan_last`: the indicator's period that holds the row's last day
      (label, number from 0, first and last day), and `fits`: "inside" it, "across" several, or "outside" the project;
    - `unit_fits`: whether the row's unit can be converted into the indicator's, and `factor`, as a float;
    - `dimensions`: the dimensions of its category (empty for the whole), `relation` of that split or null where the
      plan declares none, `splits`: what it declares, in words;
    - `partner_assigned`, `pair_assigned`: whether the plan expects the partner, and from this location;
    - `reports_value` and `reports_parts`: whether the row says that it holds one number, or a numerator and a
      denominator, as its measure asks; `in_own_unit`: whether that is in the indicator's unit;
    - `series`: a number for each series over time, rising with `SERIES`;
    - `declared_decimal`: whether the source declares its values as decimals;
    - `astray`: whether it names another period than its template, and so most likely stands for one of that;
    - `shown`: the last figure of the cell that a template of ours shows, as in ``8 (2026-Q1)``, else null;
    - `plan_at`: the position of the row's plan in `tables`; where there are several, its indicator, partner, location,
      `frequency` and `plan_period` have the mark of that plan before them;
    - `today`: the day that the caller gave, else of a row without a day of receipt the last one of its partner there.

    Attributes:
        reading: what was read.
        tables: the plan.
        every: every row, understood or not; `read` is the same as one frame.
        unsound: `source_order` of rows that a rule about one row holds back.
        set_aside: `source_order` of further rows that do not count: conflicts and copies.
        strays: where these rows are one part of a table, rows of other parts whose partner could not be read: they may
            be of any part.
        unnamed_elsewhere: whether other parts have figures of no partner.
        period: the period that the report is for, where the caller said so.
    """

    reading: Reading
    tables: PlanTables
    every: Rows
    unsound: pl.Series = field(default_factory=lambda: pl.Series("source_order", [], dtype=pl.Int64))
    set_aside: pl.Series = field(default_factory=lambda: pl.Series("source_order", [], dtype=pl.Int64))
    strays: pl.DataFrame | None = None
    unnamed_elsewhere: bool = False
    period: Period | None = None
    _kept: dict[Callable[[Judged], Any], Any] = field(default_factory=dict, repr=False)
    _making: dict[Callable[[Judged], Any], threading.RLock] = field(default_factory=dict, repr=False)

    def once(self, make: Callable[[Judged], T]) -> T:
        """What `make` gives for these rows, made once although several rules ask for it, maybe at one time."""
        if make not in self._kept:
            with self._making.setdefault(make, threading.RLock()):
                if make not in self._kept:
                    self._kept[make] = make(self)
        found: T = self._kept[make]
        return found

    @property
    def plans(self) -> Sequence[Logframe]:
        """The plans that the rows are of."""
        return self.tables.plans

    def fetch(self, wanted: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with these `source_order`, as they were read and as they were written."""
        mine = pl.col("source_order").is_in(wanted.implode())
        return self.every.keep(mine).frame(), self.reading.raw.filter(mine)

    def unread(self, columns: Sequence[str]) -> pl.DataFrame:
        """The rows of which one of these columns was not understood, those included that may be of any part."""
        unread = pl.any_horizontal(pl.col(columns).is_null())
        mine = self.every.keep(unread | pl.col("astray")).frame()
        mine = mine.with_columns(pl.when(~pl.col("astray")).then(name).alias(name) for name in _OF_PERIOD)
        if self.strays is not None:
            # Of them is known what was read, and not what the plan knows beside it.
            lost = pl.any_horizontal(pl.col([name for name in columns if name in self.strays.columns]).is_null())
            mine = pl.concat([mine, self.strays.filter(lost)], how="diagonal")
        return resembling(mine, self.reading, self.tables)

    @cached_property
    def earlier(self) -> pl.Series:
        """`source_order` of the rows of periods before that of the report: what its figures are compared with."""
        if self.period is None:
            return pl.Series("source_order", [], dtype=pl.Int64)
        return self.every.base.filter(is_earlier(self.period))["source_order"]

    def of(self, over: Over) -> Rows:
        """One of the sets of rows, whose columns are made only when they are asked for."""
        rows: Rows = getattr(self, {"read": "every"}.get(over, f"{over}_rows"))
        return rows

    @cached_property
    def read(self) -> pl.DataFrame:
        """Every row, understood or not."""
        return self.every.frame()

    @cached_property
    def usable(self) -> pl.DataFrame:
        """The rows of which every cell that counts was understood."""
        return self.usable_rows.frame()

    @cached_property
    def usable_rows(self) -> Rows:
        """`usable`, before its columns are made."""
        needed = [*KEY, "state", "status", "revision", "source_order", "measure"]
        return self.every.keep(pl.col("usable") & pl.all_horizontal(pl.col(name).is_not_null() for name in needed))

    @cached_property
    def legible_rows(self) -> Rows:
        """The usable rows, and those of a known indicator of whose cell something else was not understood."""
        if self.usable_rows.height == self.every.height:
            return self.usable_rows
        known = pl.all_horizontal(pl.col("indicator", "measure", "state").is_not_null())
        return self.every.keep(pl.col("usable") | (known & pl.any_horizontal(pl.col(KEY).is_null())))

    @cached_property
    def sound(self) -> pl.DataFrame:
        """The usable rows that no rule about one row holds back."""
        return self.sound_rows.frame()

    @cached_property
    def sound_rows(self) -> Rows:
        """`sound`, before its columns are made."""
        return self.usable_rows.without(self.unsound)

    @cached_property
    def repeated(self) -> pl.DataFrame:
        """The sound rows whose cell is reported more than once; most reports have none, and then pay for no more."""
        cells = self.sound_rows.lazy().select("project", "series", "#period_start", "#period_end").collect()
        keys = packed(cells, cells.columns)
        if keys.n_unique() == len(keys):
            return self.sound_rows.asked().limit(0).collect()
        return self.sound_rows.keep(keys.is_duplicated()).frame()

    @cached_property
    def newest(self) -> pl.DataFrame:
        """The newest revision of each cell among the sound rows, without copies, conflicts and returned reports."""
        return self.newest_rows.frame()

    @cached_property
    def newest_rows(self) -> Rows:
        """`newest`, before its columns are made."""
        counting = pl.col("status") != Status.RETURNED.value
        single = self.sound_rows.keep(counting)
        if not self.repeated.height:
            return single
        rivals = self.repeated.filter(counting)
        if len(self.set_aside):
            rivals = rivals.filter(~pl.col("source_order").is_in(self.set_aside.implode()))
        lost = self.repeated.join(newest(rivals, key=KEY), on="source_order", how="anti")
        return single.without(lost["source_order"])

    @cached_property
    def has_history(self) -> bool:
        """Whether any series has more than one newest row; a report of one period alone has nothing before it."""
        series = self.newest_rows.select("series")["series"]
        return series.n_unique() < len(series)

    @cached_property
    def reported(self) -> Rows:
        """The newest cells that hold a number, series by series in the order of time.

        Shape: what was reported and how it is counted; `amount` (a float in the indicator's unit; of a ratio, the
        ratio) and `counted` (the exact value, or the numerator of a ratio); of a ratio its `denominator`, as a float;
        numbers for the `unit`, for the `place` in time, and for the `reporter`: the partner with indicator, category.
        """
        by_parts = pl.col("by_denominator")
        ratio = pl.col("numerator").cast(pl.Float64) / pl.col("denominator").cast(pl.Float64)
        amount = (
            pl.when(by_parts)
            .then(ratio * pl.col("multiplier").cast(pl.Float64))
            .otherwise(pl.col("value").cast(pl.Float64) * pl.col("factor"))
        )
        counted = pl.when(by_parts).then("numerator").otherwise("value")
        figures = self.newest_rows.keep(REPORTED & ~pl.col("words"))
        under = pl.when(by_parts).then(pl.col("denominator").cast(pl.Float64))
        made = {name: figures.made[name] for name in _OF_INDICATORS if figures.made}
        made |= {name: figures.made[of] for name, of in _NAMES.items() if figures.made}
        own = {at for at, _ in made.values()} if made else _OF_INDICATORS
        numbers = _NUMBERS if made else {**_NUMBERS, **_NAMES}
        told = figures.select(
            *_OF_SERIES,
            *own,
            **{name: pl.col(of) for name, of in numbers.items()},
            amount=amount,
            counted=counted,
            denominator=under,
        )
        return Rows(arranged(told.filter(pl.col("amount").is_finite() & pl.col("counted").is_not_null())), made)

    @cached_property
    def numeric(self) -> Rows:
        """`reported` without stages, yes and no: what is a quantity."""
        return self.reported.keep(~(pl.col("ranked") | (pl.col("measure") == Measure.YES_NO.value))).alone()


_UNKNOWN: Final = "ref-unknown-indicator"
_MISTYPED: Final = frozenset(("code-confusable", "code-invisible-character", "code-numeric", "code-date"))
"""Errors at any code; of those at an indicator the suggestion is another one's."""

_OF_PERIOD: Final = ("plan_period", "plan_number", "plan_start", "plan_last", "period_start", "period_end")


def resembling(unread: pl.DataFrame, reading: Reading, tables: PlanTables) -> pl.DataFrame:
    """Rows of codes that the plan does not know as rows of the indicator that each resembles; without those of none."""
    if not unread["indicator"].null_count():
        return unread
    codes = {code for plan in tables.plans for code in plan.indicators}
    like = [
        (place.file, place.sheet, place.row, finding.suggestion)
        for finding in reading.findings
        if finding.code == _UNKNOWN or (finding.code in _MISTYPED and finding.suggestion in codes)
        for place in (finding.place, *finding.related)
        if place.row is not None
    ]
    schema = {"source_file": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "like": pl.String}
    known = pl.DataFrame(like, schema=schema, orient="row").with_columns(unknown=pl.lit(1))
    known = known.unique(list(schema)[:3], keep="first", maintain_order=True)
    rows = unread.join(known, on=list(schema)[:3], how="left", nulls_equal=True)
    lost = pl.col("indicator").is_null() & pl.col("unknown").is_not_null()
    marks = pl.DataFrame(
        {"plan_at": range(len(tables.marks)), "mark": tables.marks}, schema_overrides={"plan_at": pl.Int32}
    )
    rows = rows.join(marks, on="plan_at", how="left").with_columns(
        indicator=pl.when(lost).then(pl.col("mark") + pl.col("like")).otherwise("indicator")
    )
    return rows.filter(~lost | pl.col("like").is_not_null()).select(unread.columns)


def arranged(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that have their `series` already, sorted by it and then by time."""
    # What a query gives comes in pieces, among which every single row would have to be looked for.
    rows = (rows if rows["source_order"].is_sorted() else rows.sort("source_order")).rechunk()
    time = packed(rows, ("period_end", "period_start"))
    last, span = (int(each.max() or 0) + 1 for each in (rows["series"], time))  # type: ignore[arg-type] # whole numbers
    if last > _MOST // span:
        return rows.sort("series", "period_end", "period_start", "source_order")
    return rows[in_order(rows["series"] * span + time)]
