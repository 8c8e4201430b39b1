"""What the plan knows of each row: of a large table once for each indicator, period, unit and category in it.

Read `joined`, then `Rows`. A large table has beside its rows only where each stands among those few; a column is made
of that when somebody asks for it, and only for the rows that it is asked of.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

from mne.logframe.indicator import Accumulation, Measure, category_parts
from mne.logframe.units import UnitTable
from mne.reports.few import Few
from mne.tables.encode import coded, combined, packed
from mne.tables.observations import State
from mne.tables.plan import PlanTables, dimensions_key

if TYPE_CHECKING:
    from mne.reports.reading import Reading

__all__ = ["REPORTED", "SERIES", "Rows", "dimensions_of", "joined", "placed"]

SERIES: Final = ("indicator", "partner", "location", "category")
"""The columns of one series over time."""

REPORTED: Final = pl.col("state") == State.REPORTED.value
_SAYS: Final = {
    "reports_value": REPORTED & ~pl.col("by_denominator") & ~pl.col("words"),
    "reports_parts": REPORTED & pl.col("by_denominator"),
}
_LARGE: Final = 20_000
"""Rows from which on it pays to make columns only when they are asked for."""
_WORDS: Final = ("state", "status")
_FEWER: Final = 4
"""Rows for each combination of contents from which on these are asked instead of the rows."""
_UNITLESS: Final = ("yes_no", "ordinal", "milestone", "nominal", "narrative")


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows of a table, and the columns that can be made of theirs.

    `made` says of which column of positions, and of which contents; `last` are expressions over all of these. `few`
    says the same of columns that the base has itself, without positions where all rows hold the one content. `kept`
    marks the rows of `base` that these are; None for all of them. A column whose name begins with ``#`` holds
    positions, and is nothing for a rule to know.
    """

    base: pl.DataFrame
    made: Mapping[str, tuple[str, pl.Series]] = field(default_factory=dict)
    last: Mapping[str, pl.Expr] = field(default_factory=dict)
    few: Mapping[str, tuple[str | None, pl.Series]] = field(default_factory=dict)
    kept: pl.Series | None = None

    @cached_property
    def height(self) -> int:
        """How many rows these are."""
        return self.base.height if self.kept is None else int(self.kept.sum())

    @cached_property
    def columns(self) -> list[str]:
        """The columns that a rule may ask for."""
        return [name for name in (*self.base.columns, *self.made, *self.last) if not name.startswith("#")]

    def select(self, *names: str, **wanted: pl.Expr) -> pl.DataFrame:
        """Some columns, and what some expressions over all of them give."""
        if not self.made:
            return self.base.select(*names, **wanted)
        # What the other engine gives is in pieces, in which it takes longer to find a row by its place.
        return self.lazy().select(*names, **wanted).collect(engine="in-memory")

    def lazy(self) -> pl.LazyFrame:
        """The rows with all columns, of which only those are made that are asked for."""
        if not self.made:
            return self.base.lazy()
        rows = self.base.lazy() if self.kept is None else self.base.lazy().filter(self.kept)
        made = [pl.lit(values).gather(pl.col(at)).alias(name) for name, (at, values) in self.made.items()]
        return rows.with_columns(made).with_columns(**self.last)

    def answers(self, asked: Mapping[str, pl.Expr]) -> pl.DataFrame:
        """`source_order`, and which rows some expressions are true of, a column for each; none of them gives a null.

        One over columns of few contents is asked once for each combination of these, and not of every row.
        """
        if not self.made:
            return self.base.select("source_order", **asked)
        few = Few({**self.few, **self.made}, self.last)
        by: dict[tuple[str, ...] | None, dict[str, pl.Expr]] = {}
        for name, each in asked.items():
            at = few.hangs_on(each)
            at = at if at is not None and few.combinations(at) * _FEWER <= self.base.height else None
            by.setdefault(at, {})[name] = each
        found = self.lazy().select("source_order", **by.pop(None, {})).collect().rechunk()
        for positions, some in by.items():
            found = found.with_columns(self._answers_of_few(few, positions or (), some))
        return found.select("source_order", *asked)

    def _answers_of_few(self, few: Few, positions: tuple[str, ...], asked: Mapping[str, pl.Expr]) -> list[pl.Series]:
        own = self.base.select(positions)
        at = few.place(own if self.kept is None else own.filter(self.kept), positions) if positions else None
        # Many rules are about the same rows, or about all of them.
        known: dict[bytes, pl.Series] = {}
        answers = []
        for told in few.answers(positions, asked):
            same = told.to_numpy().tobytes()
            if same not in known:
                alike = at is None or told.all() or not told.any()
                known[same] = told.new_from_index(0, self.height) if at is None or alike else told.gather(at)
            answers.append(known[same].alias(told.name))
        return answers

    def asked(self, wanted: pl.Series | None = None) -> pl.LazyFrame:
        """The rows, or those of them that are `wanted`, with the columns that a rule may ask for."""
        if wanted is None:
            return self.lazy().select(self.columns)
        return self.keep(wanted).asked() if self.made else self.base.lazy().filter(wanted).select(self.columns)

    def frame(self) -> pl.DataFrame:
        """The rows with all of those columns."""
        return self.select(*self.columns)

    def keep(self, wanted: pl.Expr | pl.Series) -> Rows:
        """Those rows of which something is true, and not null; the same rows where that is all of them."""
        if isinstance(wanted, pl.Expr):
            wanted = self.answers({"kept": wanted.fill_null(value=False)})["kept"]
        if wanted.all():
            return self
        if not self.made:
            return Rows(self.base.filter(wanted))
        if self.kept is not None:
            wanted = self.kept.clone().scatter(self.kept.arg_true(), wanted)
        return replace(self, kept=wanted)

    def over(self, base: pl.DataFrame) -> Rows:
        """Other rows, whose columns of positions are of the same contents."""
        return replace(self, base=base, kept=None)

    def alone(self) -> Rows:
        """The same rows, without those of the base that are none of them."""
        return self if self.kept is None else self.over(self.base.filter(self.kept))

    def of_orders(self, orders: pl.Series) -> Rows:
        """The rows with these `source_order`; what is asked of them then is made for them alone."""
        own = self.base["source_order"]
        if not self.made or not own.is_sorted():
            return self.keep(pl.col("source_order").is_in(orders.implode()))
        # Rows that stand in their order are found by their place, without a look at all the others.
        wanted = orders.drop_nulls().unique().sort()
        places = own.search_sorted(wanted)
        there = places < len(own)
        there &= own.gather(places.clip(upper_bound=max(0, len(own) - 1))) == wanted if len(own) else there
        places = places.filter(there)
        return self.over(self.base[places if self.kept is None else places.filter(self.kept.gather(places))])

    def without(self, orders: pl.Series) -> Rows:
        """The rows but for those with these `source_order`."""
        return self.keep(~pl.col("source_order").is_in(orders.implode())) if len(orders) else self


def joined(reading: Reading, tables: PlanTables, *, today: dt.date | None) -> Rows:
    """Every row of a reading beside what the plan knows of it; `mne.reports.context.Judged` lists the columns."""
    frame = _complete(reading.frame)
    codes = {name: coded(frame[name]) for name in (*SERIES, "unit", "period_start", "period_end", *_WORDS)}
    sizes = {name: (at, len(values)) for name, (at, values) in codes.items()}
    values = {name: values for name, (_, values) in codes.items()}

    of_indicators = (
        values["indicator"].to_frame().join(tables.indicators, on="indicator", how="left", maintain_order="left")
    )
    frequency, frequencies = coded(of_indicators["frequency"])
    often = (frequency.gather(codes["indicator"][0]), len(frequencies))
    days, starts, ends = combined(sizes["period_start"], sizes["period_end"])
    place, frequency, pair = combined(often, (days, len(starts)))
    of_places = placed(
        pl.DataFrame(
            {
                "frequency": frequencies.gather(frequency),
                "period_start": values["period_start"].gather(starts.gather(pair)),
                "period_end": values["period_end"].gather(ends.gather(pair)),
            }
        ),
        tables,
    )
    whole = of_places.select(
        (pl.col("period_start") == pl.col("plan_start")) & (pl.col("period_end") == pl.col("plan_last"))
    ).to_series()
    kind, first, second = combined(sizes["indicator"], sizes["category"])
    of_kinds = _categorised(
        pl.DataFrame({"indicator": values["indicator"].gather(first), "category": values["category"].gather(second)}),
        tables,
    )
    unit, first, second = combined(sizes["indicator"], sizes["unit"])
    of_units = of_indicators.select("indicator", "own_unit", "measure", "by_denominator")[first].with_columns(
        values["unit"].gather(second)
    )
    own = coded(of_units.select(pl.coalesce("unit", "own_unit", pl.lit(""))).to_series())[0]
    several = [name for name in _WORDS if len(values[name]) > 1]
    few = {name: (f"#{name}" if len(told) > 1 else None, told) for name, told in values.items()}
    few |= {"unit": ("#unit", of_units["unit"])}
    few |= {each.name: (None, each.head(1)) for each in frame if _is_constant(each)}
    base = frame.with_columns(
        *(sizes[name][0].alias(f"#{name}") for name in (*SERIES, "period_start", "period_end", *several)),
        place.alias("#place"),
        kind.alias("#kind"),
        unit.alias("#unit"),
    )
    made = {
        "#own": ("#unit", own),
        "#whole": ("#place", whole),
        "#named": ("#indicator", of_indicators["indicator"].cast(pl.Enum(values["indicator"].drop_nulls()))),
        "#measure": ("#indicator", of_indicators["measure"].cast(pl.Enum(Measure))),
        "#accumulation": ("#indicator", of_indicators["accumulation"].cast(pl.Enum(Accumulation))),
    }
    for at, told, skipped in (
        ("#indicator", of_indicators, ("indicator",)),
        ("#place", of_places, ("frequency", "period_start", "period_end")),
        ("#kind", of_kinds, ("indicator", "category")),
    ):
        made |= {name: (at, told[name]) for name in told.columns if name not in skipped}
    own_unit = of_units.select(pl.col("unit").is_null() | (pl.col("unit") == pl.col("own_unit"))).to_series()
    made["in_own_unit"] = ("#unit", own_unit)
    base, said = _said(base, Few({**few, **made}, {}))
    made |= said
    last: dict[str, pl.Expr] = {}
    if of_units.filter(_FOREIGN).height:
        measure, first, second = combined((unit, of_units.height), sizes["period_end"])
        of_measures = _measured(of_units[first].with_columns(values["period_end"].gather(second)), tables)
        base = base.with_columns(measure.alias("#measured"))
        made |= {name: ("#measured", of_measures[name]) for name in ("unit_fits", "factor")}
    else:
        last = {"unit_fits": pl.lit(value=True), "factor": pl.lit(1.0)}
    base = base.with_columns(
        packed(base, [f"#{name}" for name in SERIES]).alias("series"),
        packed(base, [f"#{name}" for name in ("indicator", "partner", "category")]).alias("#reporter"),
    )
    rows = Rows(base, made, few=few)
    if of_indicators.select(pl.col("assigned").any()).item():
        when = ["indicator", "partner", "location", "plan_start", "plan_last", "assigned"]
        told = _assigned(rows.lazy().select(when).collect(), tables)
        base = base.with_columns(told["partner_assigned"], told["pair_assigned"])
    else:
        last |= dict.fromkeys(("partner_assigned", "pair_assigned"), pl.lit(value=False))
    if today is None and frame["reported_on"].null_count() not in (0, frame.height):
        # A row without a day of receipt came no later than the last one of its partner in its file.
        day = pl.col("reported_on").max().over("source_file", "plan_at", "partner")
        base = base.with_columns(today=pl.when(pl.col("reported_on").is_null()).then(day))
    else:
        last["today"] = pl.lit(today, dtype=pl.Date)
    rows = Rows(base, made, last, few)
    return rows if frame.height >= _LARGE else Rows(rows.lazy().collect())


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a reading with the columns that not every reading has."""
    if "declared_decimal" not in frame.columns:  # a reading that another program made need not know
        frame = frame.with_columns(declared_decimal=pl.lit(value=False))
    if "shown" not in frame.columns:  # only a template shows what was reported last
        frame = frame.with_columns(shown=pl.lit(None, pl.String), astray=pl.lit(value=False))
    frame = frame.with_columns(pl.col("astray").fill_null(value=False))
    return frame if "plan_at" in frame.columns else frame.with_columns(plan_at=pl.lit(0, pl.Int32))


def _said(base: pl.DataFrame, few: Few) -> tuple[pl.DataFrame, dict[str, tuple[str, pl.Series]]]:
    """What rows say that they hold, by their state and their indicator, and the rows with where each stands in that."""
    positions = few.hangs_on(pl.all_horizontal(*_SAYS.values())) or ()
    at = positions[0]
    if len(positions) > 1:
        at = "#said"
        base = base.with_columns(few.place(base, positions).alias(at))
    return base, {told.name: (at, told) for told in few.answers(positions, _SAYS)}


def _is_constant(column: pl.Series) -> bool:
    """Whether a column is known to say the same in all rows, at hardly any cost."""
    if column.null_count():
        return column.null_count() == len(column)
    return column.dtype == pl.Boolean and bool(column.all() or not column.any())


# ----------------------------------------------------------------------------------------------- periods of the plan


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


# --------------------------------------------------------------------------------- units, categories, who is to report

_FOREIGN: Final = (
    pl.col("unit").ne_missing(pl.col("own_unit"))
    & pl.col("unit").is_not_null()
    & pl.col("measure").is_in(_UNITLESS).not_()
    & ~pl.col("by_denominator")
)
"""Rows in another unit than the indicator's."""


def _measured(frame: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """The factor of each row's unit: one question for each indicator, unit and day."""
    key = ["indicator", "unit", "period_end"]
    asked = frame.filter(_FOREIGN).select(*key, "own_unit").drop_nulls(["indicator", "unit", "period_end"]).unique()
    rows: list[tuple[str, str, dt.date, bool, float]] = []
    if asked.height:
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
    parts = {category: dimensions_key(dimensions_of(category)) for category in asked["category"].unique()}
    words = {code: "; ".join(split.replace("|", " and ") for split in own) for code, own in declared.items()}
    nothing: dict[str, str] = {}
    rows = []
    for indicator, category in asked.iter_rows():
        own = declared.get(indicator, nothing)
        dimensions = parts[category]
        rows.append((indicator, category, dimensions, _relation(dimensions, own), words.get(indicator, "none")))
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
    if dimensions in declared or not declared:
        return declared.get(dimensions)
    wanted = set(dimensions.split("|")) if dimensions else set()
    wider = (relation for split, relation in declared.items() if wanted < set(split.split("|")))
    return next(wider, None)


def _assigned(frame: pl.DataFrame, tables: PlanTables) -> pl.DataFrame:
    """Whether the plan expects a row's partner, and its partner with its location, in its period."""
    when = ["indicator", "partner", "plan_start", "plan_last"]
    asked = frame.filter("assigned").select(*when, "location").drop_nulls().unique()
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
