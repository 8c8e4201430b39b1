"""What a rule knows of a row beside the row itself: the plan's side of it, its period, its unit, its category.

Read `Judged` first: the rows that rules look at, each set made once and only when a rule asks for it. Its docstring
lists the columns that a rule may use beside those of `mne.tables.observations.COLUMNS`.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import polars as pl

from mne.logframe.indicator import Measure, category_parts
from mne.tables.encode import packed
from mne.tables.engine import newest
from mne.tables.observations import KEY, State, Status
from mne.tables.plan import PlanTables, dimensions_key

if TYPE_CHECKING:
    from mne.logframe.units import UnitTable
    from mne.reports.reading import Reading
    from mne.reports.rule import Over

__all__ = ["NOTHING", "REPORTED", "SERIES", "Asked", "Judged", "arranged", "dimensions_of", "joined", "placed"]

T = TypeVar("T")

SERIES: Final = ("indicator", "partner", "location", "category")
"""The columns of one series over time."""

NOTHING: Final = pl.DataFrame(schema={"source_order": pl.Int64})
"""What a rule gives that has nothing to complain of."""

REPORTED: Final = pl.col("state") == State.REPORTED.value
_OF_SERIES: Final = (
    *("source_order", "series", "indicator", "period_start", "period_end", "value", "unit", "own_unit", "measure"),
    *("accumulation", "by_denominator", "ranked", "additive", "times_add", "signed", "outlier", "jump"),
)
_MOST: Final = 2**63 - 1
_UNITLESS: Final = ("yes_no", "ordinal", "milestone", "nominal", "narrative")


@dataclass(frozen=True, eq=False)
class Asked:
    """What a table rule is given: the rows that it is about, not yet collected, and everything known of the reading."""

    rows: pl.LazyFrame
    judged: Judged


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
    - `plan_at`: the position of the row's plan in `tables`; where there are several, its indicator, partner, location,
      `frequency` and `plan_period` have the mark of that plan before them;
    - `today`: the day that the caller gave, else null.

    Attributes:
        reading: what was read.
        tables: the plan.
        read: every row, understood or not.
        unsound: `source_order` of rows that a rule about one row holds back.
        set_aside: `source_order` of further rows that do not count: conflicts and copies.
        strays: where these rows are one part of a table, rows of other parts whose partner could not be read: they may
            be of any part.
        unnamed_elsewhere: whether other parts have figures of no partner.
    """

    reading: Reading
    tables: PlanTables
    read: pl.DataFrame
    unsound: pl.Series = field(default_factory=lambda: pl.Series("source_order", [], dtype=pl.Int64))
    set_aside: pl.Series = field(default_factory=lambda: pl.Series("source_order", [], dtype=pl.Int64))
    strays: pl.DataFrame | None = None
    unnamed_elsewhere: bool = False
    _kept: dict[Callable[[Judged], Any], Any] = field(default_factory=dict, repr=False)

    def once(self, make: Callable[[Judged], T]) -> T:
        """What `make` gives for these rows, made once although several rules ask for it."""
        if make not in self._kept:
            self._kept[make] = make(self)
        found: T = self._kept[make]
        return found

    def fetch(self, wanted: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with these `source_order`, as they were read and as they were written."""
        mine = pl.col("source_order").is_in(wanted.implode())
        return self.read.filter(mine), self.reading.raw.filter(mine)

    def unread(self, columns: Sequence[str]) -> pl.DataFrame:
        """The rows of which one of these columns was not understood, those included that may be of any part."""
        every = self.read if self.strays is None else pl.concat([self.read, self.strays], how="diagonal")
        return every.filter(pl.any_horizontal(pl.col(columns).is_null()))

    def rows(self, over: Over) -> pl.DataFrame:
        """One of the sets of rows."""
        rows: pl.DataFrame = getattr(self, over)
        return rows

    @cached_property
    def usable(self) -> pl.DataFrame:
        """The rows of which every cell that counts was understood."""
        needed = [*KEY, "state", "status", "revision", "source_order", "measure"]
        return _kept(self.read, pl.col("usable") & pl.all_horizontal(pl.col(needed).is_not_null()))

    @cached_property
    def sound(self) -> pl.DataFrame:
        """The usable rows that no rule about one row holds back."""
        return _without(self.usable, self.unsound)

    @cached_property
    def repeated(self) -> pl.DataFrame:
        """The sound rows whose cell is reported more than once; most reports have none, and then pay for no more."""
        keys = packed(self.sound, ("project", "series", "period_start", "period_end"))
        return self.sound.filter(keys.is_duplicated()) if keys.n_unique() < len(keys) else self.sound.clear()

    @cached_property
    def newest(self) -> pl.DataFrame:
        """The newest revision of each cell among the sound rows, without copies, conflicts and returned reports."""
        counting = pl.col("status") != Status.RETURNED.value
        single = _kept(self.sound, counting)
        if not self.repeated.height:
            return single
        single = _without(single, self.repeated["source_order"])
        rivals = newest(_without(self.repeated.filter(counting), self.set_aside), key=KEY)
        found: pl.DataFrame = pl.concat([single, rivals.select(single.columns)])
        return found

    @cached_property
    def reported(self) -> pl.DataFrame:
        """The newest cells that hold a number, series by series in the order of time.

        Shape: the columns of `newest` that say what was reported and how it is counted, `amount` (a float in the
        indicator's unit; of a ratio, the ratio) and `counted` (the exact value, or the numerator of a ratio).
        """
        by_parts = pl.col("by_denominator")
        ratio = pl.col("numerator").cast(pl.Float64) / pl.col("denominator").cast(pl.Float64)
        amount = (
            pl.when(by_parts)
            .then(ratio * pl.col("multiplier").cast(pl.Float64))
            .otherwise(pl.col("value").cast(pl.Float64) * pl.col("factor"))
        )
        figures = self.newest.lazy().filter(REPORTED & ~pl.col("words"))
        rows = figures.select(
            *_OF_SERIES, amount=amount, counted=pl.when(by_parts).then("numerator").otherwise("value")
        ).collect()
        rows = rows.filter(pl.col("amount").is_finite() & pl.col("counted").is_not_null())
        return arranged(rows)

    @cached_property
    def numeric(self) -> pl.DataFrame:
        """`reported` without stages, yes and no: what is a quantity."""
        return _kept(self.reported, ~pl.col("ranked") & (pl.col("measure") != Measure.YES_NO.value))


def arranged(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that have their `series` already, sorted by it and then by time."""
    time = packed(rows, ("period_end", "period_start"))
    last, span = (int(each.max() or 0) + 1 for each in (rows["series"], time))  # type: ignore[arg-type] # whole numbers
    if last > _MOST // span:
        return rows.sort("series", "period_end", "period_start", "source_order")
    # One number a row is sorted at a third of the cost of four.
    keyed = rows.with_columns((rows["series"] * span + time).alias("_key"))
    by = ["_key"] if rows["source_order"].is_sorted() else ["_key", "source_order"]
    return keyed.sort(by, maintain_order=True).drop("_key")


def _kept(rows: pl.DataFrame, wanted: pl.Expr) -> pl.DataFrame:
    """The rows wanted; the table itself where that is all of them, as a copy of a large one is dear."""
    mask = rows.select(wanted.fill_null(value=False).alias("wanted"))["wanted"]
    return rows if mask.all() else rows.filter(mask)


def _without(rows: pl.DataFrame, orders: pl.Series) -> pl.DataFrame:
    return rows.filter(~rows["source_order"].is_in(orders.implode())) if len(orders) else rows


# ------------------------------------------------------------------------------------------------- the plan's side


def joined(reading: Reading, tables: PlanTables, *, today: dt.date | None) -> pl.DataFrame:
    """Every row of a reading beside what the plan knows of it; the columns are those that `Judged` lists."""
    frame = reading.frame
    if "declared_decimal" not in frame.columns:  # a reading that another program made need not know
        frame = frame.with_columns(declared_decimal=pl.lit(value=False))
    if "plan_at" not in frame.columns:
        frame = frame.with_columns(plan_at=pl.lit(0, pl.Int32))
    frame = frame.join(tables.indicators, on="indicator", how="left", maintain_order="left")
    frame = placed(frame, tables)
    frame = _measured(frame, tables)
    frame = _categorised(frame, tables)
    frame = _assigned(frame, tables)
    return frame.with_columns(
        packed(frame, SERIES).alias("series"),
        reports_value=REPORTED & ~pl.col("by_denominator") & ~pl.col("words"),
        reports_parts=REPORTED & pl.col("by_denominator"),
        in_own_unit=pl.col("unit").is_null() | (pl.col("unit") == pl.col("own_unit")),
        today=pl.lit(today, dtype=pl.Date),
    )


def placed(frame: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """The plan's period of each row, by its frequency and days: one question for each three of them."""
    key = ["frequency", "period_start", "period_end"]
    asked = frame.select(key).drop_nulls().unique()
    names = asked["frequency"].unique().to_list()
    ends = {name: [period.last_day for period in tables.frequencies[name]] for name in names}
    placed = [
        (frequency, start, last, *_place(tables, frequency, ends[frequency], start, last))
        for frequency, start, last in asked.iter_rows()
    ]
    schema = {
        "frequency": pl.String, "period_start": pl.Date, "period_end": pl.Date, "plan_period": pl.String,
        "plan_number": pl.Int64, "plan_start": pl.Date, "plan_last": pl.Date, "fits": pl.String,
    }  # fmt: skip
    table = pl.DataFrame(placed, schema=schema, orient="row")
    return frame.join(table, on=key, how="left", maintain_order="left")


def _place(
    tables: PlanTables, frequency: str, ends: list[dt.date], start: dt.date, last: dt.date
) -> tuple[str | None, int | None, dt.date | None, dt.date | None, str]:
    at = tables.at(frequency)
    plan = tables.plans[at]
    if not plan.start <= last <= plan.end:
        return None, None, None, None, "outside"
    number = bisect.bisect_left(ends, last)
    period = tables.frequencies[frequency][number]
    # The project may begin within a period of the calendar; who reports on the whole of it reports on that period.
    fits = "inside" if period.start <= start <= last else "across"
    return tables.marks[at] + period.label, number, max(period.start, plan.start), min(period.last_day, plan.end), fits


def _measured(frame: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """The factor of each row's unit: one question for each indicator, unit and day."""
    key = ["indicator", "unit", "period_end"]
    foreign = frame.lazy().filter(
        pl.col("unit").ne_missing(pl.col("own_unit"))
        & pl.col("unit").is_not_null()
        & pl.col("measure").is_in(_UNITLESS).not_()
        & ~pl.col("by_denominator")
    )
    asked = foreign.select(*key, "own_unit").drop_nulls(["indicator", "unit", "period_end"]).unique().collect()
    if not asked.height:
        return frame.with_columns(unit_fits=pl.lit(value=True), factor=pl.lit(1.0))
    rows: list[tuple[str, str, dt.date, bool, float]] = []
    units = tables.units(asked["indicator"].unique().to_list())
    known: dict[tuple[UnitTable, str, str | None, dt.date], Fraction | None] = {}
    for indicator, unit, day, own in asked.select(*key, "own_unit").iter_rows():
        question = (units[indicator], unit, own, day)
        if question not in known:
            known[question] = units[indicator].factor(unit, own, on=day)
        factor = known[question]
        rows.append((indicator, unit, day, factor is not None, float(factor or 1)))
    schema = {
        "indicator": pl.String, "unit": pl.String, "period_end": pl.Date, "unit_fits": pl.Boolean, "factor": pl.Float64,
    }  # fmt: skip
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.join(table, on=key, how="left", maintain_order="left").with_columns(
        pl.col("unit_fits").fill_null(value=True), pl.col("factor").fill_null(1.0)
    )


def _categorised(frame: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """The dimensions of each row's category: one question for each indicator and category."""
    key = ["indicator", "category"]
    declared: dict[str, dict[str, str]] = {}
    for indicator, dimensions, relation in tables.splits.select("indicator", "dimensions", "relation").iter_rows():
        declared.setdefault(indicator, {})[dimensions] = relation
    asked = frame.select(key).drop_nulls().unique()
    rows = []
    for indicator, category in asked.iter_rows():
        own = declared.get(indicator, {})
        dimensions = dimensions_key(dimensions_of(category))
        told = "; ".join(split.replace("|", " and ") for split in own)
        rows.append((indicator, category, dimensions, _relation(dimensions, own), told or "none"))
    schema = {
        "indicator": pl.String, "category": pl.String, "dimensions": pl.String, "relation": pl.String,
        "splits": pl.String,
    }  # fmt: skip
    return frame.join(pl.DataFrame(rows, schema=schema, orient="row"), on=key, how="left", maintain_order="left")


def dimensions_of(category: str) -> tuple[str, ...]:
    """The dimensions of an encoded category; one that is not encoded is a dimension of its own."""
    try:
        return tuple(category_parts(category))
    except ValueError:
        return (category,)


def _relation(dimensions: str, declared: dict[str, str]) -> str | None:
    """How the parts of a split make the whole; figures by some dimensions of a declared split follow that one."""
    if dimensions in declared:
        return declared[dimensions]
    wanted = set(dimensions.split("|")) if dimensions else set()
    wider = (relation for split, relation in declared.items() if wanted < set(split.split("|")))
    return next(wider, None)


def _assigned(frame: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """Whether the plan expects a row's partner, and its partner with its location, in its period."""
    when = ["indicator", "partner", "plan_start", "plan_last"]
    if not frame["assigned"].any():
        return frame.with_columns(partner_assigned=pl.lit(value=False), pair_assigned=pl.lit(value=False))
    asked = frame.lazy().filter("assigned").select(*when, "location").drop_nulls().unique().collect()
    overlapping = (pl.col("since").is_null() | (pl.col("since") <= pl.col("plan_last"))) & (
        pl.col("until").is_null() | (pl.col("until") >= pl.col("plan_start"))
    )
    known = asked.join(tables.assignments, on=["indicator", "partner"], suffix="_told").filter(overlapping)
    partners = known.select(when).unique().with_columns(partner_assigned=pl.lit(value=True))
    pairs = known.filter(pl.col("location") == pl.col("location_told")).select(*when, "location").unique()
    pairs = pairs.with_columns(pair_assigned=pl.lit(value=True))
    return (
        frame.join(partners, on=when, how="left", maintain_order="left")
        .join(pairs, on=[*when, "location"], how="left", maintain_order="left")
        .with_columns(pl.col("partner_assigned", "pair_assigned").fill_null(value=False))
    )
