"""Logframes compiled to small tables: what a row of reports is joined with to be judged or counted.

Read `compile_plan` first, then `PlanTables` for what each table holds. Nothing here depends on a report, so that one
compiled plan serves any number of them; the caller keeps it as long as the plan is used. `tables_of` makes one set of
tables of many plans, so that every rule is asked once for all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.logframe.indicator import TOTAL, Axis, Measure, Rule
from mne.logframe.units import COUNTS, UnitTable
from mne.tables.observations import PRECISION, SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from mne.logframe.indicator import Indicator, Quantity
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Frequency, Period

__all__ = ["MARK", "OUTLIER", "WHOLE", "PlanTables", "compile_plan", "dimensions_key", "marks_of", "tables_of"]

MARK: Final = "\x1f"
"""What parts the number of a plan from a code, where the tables are of many plans; no code can hold it."""

OUTLIER: Final = 3.5
"""The modified z-score beyond which a value is called an outlier, where the logframe sets no other.

Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993).
"""

WHOLE: Final = COUNTS - {"month", "year", "point", "score"}
"""Units that come in whole numbers."""

_AVERAGES: Final = frozenset((Rule.MEAN, Rule.WEIGHTED_MEAN, Rule.MEDIAN))
_ADDING: Final = frozenset((Rule.SUM, Rule.POOLED))
_NUMBER: Final = pl.Decimal(PRECISION, SCALE)
_YEAR: Final = dt.timedelta(days=366)

_INDICATORS: Final[dict[str, Any]] = {
    "indicator": pl.String,
    "measure": pl.String,
    "own_unit": pl.String,
    "accumulation": pl.String,
    "direction": pl.String,
    "frequency": pl.String,
    "by_denominator": pl.Boolean,
    "multiplier": pl.String,
    "words": pl.Boolean,
    "ranked": pl.Boolean,
    "steps": pl.Int64,
    "computed": pl.Boolean,
    "additive": pl.Boolean,
    "places_add": pl.Boolean,
    "partners_add": pl.Boolean,
    "times_add": pl.Boolean,
    "whole": pl.Boolean,
    "signed": pl.Boolean,
    "over_hundred": pl.Boolean,
    "least": pl.Float64,
    "reachable": _NUMBER,
    "minimum": _NUMBER,
    "maximum": _NUMBER,
    "proven": pl.Boolean,
    "outlier": pl.Float64,
    "jump": pl.Float64,
    "deviation": _NUMBER,
    "assigned": pl.Boolean,
    "services": pl.Boolean,
    "blank_zero": pl.Boolean,
    "due_days": pl.Int64,
    "open_days": pl.Int64,
}


@dataclass(frozen=True, eq=False)
class PlanTables:
    """Logframes as tables: one, or many whose codes are told apart by a mark before each (`marks`; of one it is empty).

    `indicators`: one row per indicator. `own_unit` is its unit (a percentage needs not say so); `multiplier` decimal
    text; `words` for measures of words; `ranked` for steps of a scale, `steps` of them; `computed` for a formula;
    `additive` when its parts add up to the whole, `places_add`, `partners_add` and `times_add` when its locations,
    partners and periods do; `whole` when a fraction of it makes no sense; `signed` and `over_hundred` when the plan
    itself has values below zero or above a hundred per cent; `least` the smallest value above zero in the plan;
    `minimum` and `maximum` what is possible at all; `outlier`, `jump` and `deviation` the limits of those checks (null:
    not checked); `assigned` when it says who reports; `services` when it counts services and not people; `blank_zero`
    when a zero means that nothing came; `due_days` and `open_days` after a period's end in which its reports are in
    time, and taken at all.

    `assignments`: one row per indicator, partner and location that is to report, with the days since and until.
    `splits`: one row per disaggregation of an indicator: its dimensions (see `dimensions_key`), relation, whether it is
    required, and how many categories it has.
    `codes`: kind (indicator, partner, location, or a dimension's id behind ``dimension:``), code, its parent's code.
    """

    plans: tuple[Logframe, ...]
    marks: tuple[str, ...]
    indicators: pl.DataFrame
    assignments: pl.DataFrame
    splits: pl.DataFrame
    codes: pl.DataFrame

    @property
    def plan(self) -> Logframe:
        """The plan, where there is one.

        Raises:
            LookupError: there are several.
        """
        if len(self.plans) != 1:
            raise LookupError(f"these are the tables of {len(self.plans)} plans")
        return self.plans[0]

    def at(self, code: str) -> int:
        """The position of the plan that a marked code is of."""
        return int(code.partition(MARK)[0]) if len(self.plans) > 1 else 0

    def plan_of(self, code: str) -> Logframe:
        """The plan that a marked code is of."""
        return self.plans[self.at(code)]

    def indicator(self, code: str) -> Indicator:
        """The indicator behind a marked code."""
        at = self.at(code)
        return self.plans[at].indicators[code.removeprefix(self.marks[at])]

    @cached_property
    def frequencies(self) -> dict[str, tuple[Period, ...]]:
        """The periods of every frequency that an indicator has, as `natural_periods` gives them."""
        found: dict[str, tuple[Period, ...]] = {}
        for plan, mark in zip(self.plans, self.marks, strict=True):
            for indicator in plan.indicators.values():
                frequency = indicator.frequency or plan.calendar.frequency
                if mark + frequency.value not in found:
                    found[mark + frequency.value] = natural_periods(plan, frequency)
        return found

    @cached_property
    def periods(self) -> pl.DataFrame:
        """Shape: one row per indicator and period: indicator, period (its label), number (from 0), start, last_day."""
        rows = []
        for frequency, periods in self.frequencies.items():
            at = self.at(frequency)
            plan, mark = self.plans[at], self.marks[at]
            rows += [
                (
                    frequency,
                    mark + period.label,
                    number,
                    max(period.start, plan.start),
                    min(period.last_day, plan.end),
                )
                for number, period in enumerate(periods)
            ]
        schema = {
            "frequency": pl.String,
            "period": pl.String,
            "number": pl.Int64,
            "start": pl.Date,
            "last_day": pl.Date,
        }
        table = pl.DataFrame(rows, schema=schema, orient="row")
        return self.indicators.select("indicator", "frequency").join(table, on="frequency").drop("frequency")

    @cached_property
    def expected(self) -> pl.DataFrame:
        """Shape: one row per indicator, period, partner and location that is to report: with the period's days.

        Indicators that a formula computes are expected from nobody.
        """
        open_ = (pl.col("since").is_null() | (pl.col("since") <= pl.col("last_day"))) & (
            pl.col("until").is_null() | (pl.col("until") >= pl.col("start"))
        )
        asked = self.indicators.filter(~pl.col("computed")).select("indicator")
        return (
            self.assignments.join(asked, on="indicator", how="semi")
            .join(self.periods, on="indicator")
            .filter(open_)
            .select("indicator", "period", "number", "start", "last_day", "partner", "location")
            .unique(["indicator", "period", "partner", "location"], maintain_order=True)
        )

    @cached_property
    def _dimensions(self) -> tuple[dict[str, tuple[str, ...]], ...]:
        return tuple(
            {each.id: tuple(code.id for code in each.codes) for each in plan.dimensions} for plan in self.plans
        )

    def dimensions(self, indicator: str) -> Mapping[str, tuple[str, ...]]:
        """The codes of each dimension of the plan that an indicator is of."""
        return self._dimensions[self.at(indicator)]

    def units(self, asked: Sequence[str]) -> dict[str, UnitTable]:
        """The units of the plan that each of these indicators is of."""
        made: dict[int, UnitTable] = {}
        for code in asked:
            if (at := self.at(code)) not in made:
                made[at] = UnitTable(self.plans[at])
        return {code: made[self.at(code)] for code in asked}


def marks_of(count: int) -> tuple[str, ...]:
    """What stands before the codes of each of so many plans: nothing where there is one."""
    return ("",) if count == 1 else tuple(f"{at}{MARK}" for at in range(count))


def dimensions_key(dimensions: tuple[str, ...]) -> str:
    """The one spelling of a set of dimensions, whatever their order; empty for the whole."""
    return "|".join(sorted(dimensions))


def compile_plan(plan: Logframe) -> PlanTables:
    """The tables of a logframe. Cheap for a plan of a few hundred indicators; nothing is kept between calls."""
    return tables_of((plan,))


def tables_of(plans: Sequence[Logframe]) -> PlanTables:
    """The tables of logframes together; where there are several, each code has the mark of its plan before it."""
    marks = marks_of(len(plans))
    each_of = [(plan, mark, each) for plan, mark in zip(plans, marks, strict=True) for each in plan.indicators.values()]
    codes: list[tuple[str, str, str | None]] = []
    for plan, mark in zip(plans, marks, strict=True):
        codes += [("indicator", mark + each, None) for each in plan.indicators]
        codes += [("partner", mark + code, None) for code in plan.partners]
        codes += [
            ("location", mark + each.id, None if each.parent is None else mark + each.parent) for each in plan.locations
        ]
        codes += [(f"dimension:{each.id}", mark + code.id, None) for each in plan.dimensions for code in each.codes]
    return PlanTables(
        plans=tuple(plans),
        marks=marks,
        indicators=pl.DataFrame(
            [_indicator(plan, mark, each) for plan, mark, each in each_of], schema=_INDICATORS, orient="row"
        ),
        assignments=pl.DataFrame(
            [
                (mark + each.id, mark + told.partner, _marked(location, mark), told.since, told.until)
                for _, mark, each in each_of
                for told in each.assignments
                for location in told.locations or (TOTAL,)
            ],
            schema={
                "indicator": pl.String,
                "partner": pl.String,
                "location": pl.String,
                "since": pl.Date,
                "until": pl.Date,
            },
            orient="row",
        ),
        splits=_splits(each_of),
        codes=pl.DataFrame(codes, schema={"kind": pl.String, "code": pl.String, "parent": pl.String}, orient="row"),
    )


def _marked(code: str, mark: str) -> str:
    """A code with the mark of its plan; the whole is the whole in every plan."""
    return code if code == TOTAL else mark + code


def natural_periods(plan: Logframe, frequency: Frequency) -> tuple[Period, ...]:
    """The plan's periods with the whole length that the calendar gives them, also where the project cuts the ends."""
    wide = plan.calendar.periods(plan.start - _YEAR, plan.end + _YEAR, frequency)
    return tuple(period for period in wide if period.start <= plan.end and period.last_day >= plan.start)


def _splits(each_of: Sequence[tuple[Logframe, str, Indicator]]) -> pl.DataFrame:
    rows = []
    for plan, mark, each in each_of:
        if each.disaggregation:
            sizes = {dimension.id: len(dimension.codes) for dimension in plan.dimensions}
            rows += [
                (
                    mark + each.id,
                    dimensions_key(split.dimensions),
                    split.relation,
                    split.required,
                    prod(sizes.get(dimension, 0) for dimension in split.dimensions),
                )
                for split in each.disaggregation
            ]
    schema = {
        "indicator": pl.String, "dimensions": pl.String, "relation": pl.String, "required": pl.Boolean,
        "size": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").unique(
        ["indicator", "dimensions"], keep="first", maintain_order=True
    )


def _indicator(plan: Logframe, mark: str, indicator: Indicator) -> tuple[Any, ...]:
    known = tuple(_known(indicator))
    frequency = indicator.frequency or plan.calendar.frequency
    limits = {**plan.thresholds, **indicator.thresholds}
    return (
        mark + indicator.id,
        indicator.measure.value,
        indicator.unit or ("percent" if indicator.measure is Measure.PERCENTAGE else None),
        indicator.accumulation.value,
        indicator.direction.value,
        mark + frequency.value,
        indicator.by_denominator,
        str(indicator.multiplier),
        indicator.measure.is_text,
        indicator.measure.is_ranked,
        len(indicator.scale),
        indicator.formula is not None,
        _is_additive(indicator),
        indicator.rule(Axis.LOCATIONS) in _ADDING,
        indicator.rule(Axis.PARTNERS) in _ADDING,
        indicator.rule(Axis.TIME) in _ADDING,
        _is_whole(indicator, known),
        any(number < 0 for number in known),
        any(number > 100 for number in known),
        min((float(number) for number in known if number > 0), default=None),
        indicator.reachable,
        indicator.minimum,
        indicator.maximum,
        indicator.evidence_required,
        _limit(limits.get("outlier"), OUTLIER),
        _limit(limits.get("jump"), None),
        limits.get("deviation"),
        bool(indicator.assignments),
        indicator.counts == "services",
        indicator.zero_means == "missing",
        plan.reporting_lag,
        plan.closing_lag,
    )


def _limit(told: Decimal | None, otherwise: float | None) -> float | None:
    """A limit of zero or less switches its check off."""
    if told is None:
        return otherwise
    return float(told) if told > 0 else None


def _known(indicator: Indicator) -> Iterator[Decimal]:
    """Every number of the indicator's own kind that the plan has for it: baselines and targets of every version."""
    quantities: list[Quantity] = (
        [] if indicator.baseline is None else [indicator.baseline, *indicator.baseline.categories.values()]
    )
    for target in indicator.targets:
        for version in (*target.history, target):
            quantities.append(version)
            yield from (edge for edge in (version.minimum, version.maximum) if edge is not None)
    for each in quantities:
        if each.value is not None:
            yield each.value
        elif each.numerator is not None and each.denominator:
            yield each.numerator * indicator.multiplier / each.denominator


def _is_additive(indicator: Indicator) -> bool:
    """Whether the parts of a value add up to it: counts and money, or numerators and denominators."""
    declared = indicator.aggregation.categories
    if indicator.by_denominator:
        return declared in (None, Rule.POOLED)
    return indicator.measure in (Measure.NUMBER, Measure.CURRENCY) and declared in (None, Rule.SUM)


def _is_whole(indicator: Indicator, known: tuple[Decimal, ...]) -> bool:
    """Whether a fraction can only be a mistake: things that are counted and never averaged."""
    axes = (Axis.CATEGORIES, Axis.LOCATIONS, Axis.PARTNERS, Axis.TIME)
    averaged = any(indicator.rule(axis) in _AVERAGES for axis in axes)
    counted = indicator.measure is Measure.NUMBER and indicator.unit in WHOLE
    return counted and not averaged and all(number == int(number) for number in known)
