"""The categories axis: a reporter's total and parts become one value per partner, location and time.

Read `reporter_cells` first. The rows are reduced in the engine, by one group-by; only what is left, one row per cell,
becomes exact fractions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.logframe.indicator import TOTAL, Axis, MissingPolicy, Rule, TotalsPolicy, category_key, category_parts
from mne.tables.observations import State
from mne.tables.reasons import Reason
from mne.values.fold import Datum, fold, ratio

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.values.select import Factors

__all__ = [
    "Cell",
    "added",
    "adds_parts",
    "categories_of",
    "cells_of",
    "chosen",
    "chosen_of",
    "declared_categories",
    "ranked_categories",
    "reporter_cells",
]

CELL: Final = ("indicator", "partner", "location", "plan_period", "period_start", "period_end")
Row = dict[str, Any]
_UNDECLARED: Final = 1_000
_EXCUSED: Final = pl.col("state").is_in([State.NOT_APPLICABLE.value, State.NOT_DUE.value])
_OVERLAP_RULES: Final = (Rule.MIN, Rule.MAX, Rule.ANY, Rule.ALL, Rule.MODE, Rule.MEDIAN)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one partner reported for one place and one stretch of time, all categories together."""

    partner: str
    location: str
    plan_period: int
    start: dt.date
    end: dt.date
    datum: Datum


def chosen(rows: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """The usable rows that count for each reporter: the entered total, or one set of parts.

    A total and its parts, or two splits of the same people, are never added to each other. Which counts is
    declared by `aggregation.totals`, and among splits by the order of `disaggregation`.

    Shape: some of the rows, with `split` (rank of the set of dimensions, null for a total), `declared` (the
    category is one of the declared ones) and `excused` (how many of the split's parts do not apply).
    """
    by_parts = [
        code for code, indicator in plan.indicators.items() if indicator.aggregation.totals is TotalsPolicy.SUM_OF_PARTS
    ]
    return chosen_of(rows, categories_of(rows, plan), by_parts)


def chosen_of(rows: pl.DataFrame, categories: pl.DataFrame, prefers_parts: Sequence[str]) -> pl.DataFrame:
    """The same from what `categories_of` said of the rows, and the indicators of which parts count before totals."""
    known = rows.join(categories, on=["indicator", "category"], how="left")
    usable = known.filter("usable")
    is_total = pl.col("category") == TOTAL
    cells = usable.group_by(CELL).agg(
        _has_total=is_total.any(), _has_parts=(~is_total).any(), _first=pl.col("split").min()
    )
    by_total = (
        pl.when(pl.col("indicator").is_in(prefers_parts)).then(~pl.col("_has_parts")).otherwise(pl.col("_has_total"))
    )
    kept = usable.join(cells.with_columns(_by_total=by_total), on=list(CELL), how="left").filter(
        pl.when("_by_total").then(is_total).otherwise(~is_total & (pl.col("split") == pl.col("_first")))
    )
    excused = known.filter(_EXCUSED & ~is_total).group_by(*CELL, "split").agg(excused=pl.col("declared").sum())
    return kept.join(excused, on=[*CELL, "split"], how="left").drop("_has_total", "_has_parts", "_first", "_by_total")


def categories_of(rows: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """Each distinct category of each indicator: which split it belongs to, and whether it is declared."""
    return ranked_categories(rows, lambda code: (plan.indicators[code], plan))


def ranked_categories(rows: pl.DataFrame, known: Callable[[str], tuple[Indicator, Logframe]]) -> pl.DataFrame:
    """The same where `known` gives the indicator behind a code, and its plan."""
    told = rows.filter((pl.col("usable") | _EXCUSED) & (pl.col("category") != TOTAL))
    distinct = told.select("indicator", "category").unique()
    found: list[tuple[str, str, int, bool]] = []
    parts = {category: _dimensions(category) for category in distinct["category"].unique()}
    asked: dict[str, list[str]] = {}
    for code, category in distinct.sort("indicator", "category").iter_rows():
        asked.setdefault(code, []).append(category)
    for code, categories in asked.items():
        indicator, plan = known(code)
        keys = [(category, parts[category]) for category in categories]
        ranks = _ranks(indicator, {dimensions for _, dimensions in keys})
        declared = {key for split in indicator.disaggregation for key in declared_categories(plan, split.dimensions)}
        found.extend((code, category, ranks[dims], category in declared) for category, dims in keys)
    return pl.DataFrame(
        found,
        schema={"indicator": pl.String, "category": pl.String, "split": pl.Int64, "declared": pl.Boolean},
        orient="row",
    )


def _dimensions(category: str) -> tuple[str, ...]:
    try:
        return tuple(sorted(category_parts(category)))
    except ValueError:
        return (category,)


def _ranks(indicator: Indicator, found: set[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    declared = {
        tuple(sorted(split.dimensions)): rank for rank, split in reversed(list(enumerate(indicator.disaggregation)))
    }
    others = sorted(found - set(declared), key=lambda dimensions: (len(dimensions), dimensions))
    return {**declared, **{dimensions: _UNDECLARED + rank for rank, dimensions in enumerate(others)}}


def declared_categories(plan: Logframe, dimensions: tuple[str, ...]) -> tuple[str, ...]:
    """Every category of a split: the crossed codes of its dimensions, encoded in the plan's order."""
    known = {each.id: [code.id for code in each.codes] for each in plan.dimensions if each.id in dimensions}
    if len(known) < len(dimensions):
        return ()
    return tuple(category_key(dict(zip(known, codes, strict=True))) for codes in product(*known.values()))


def reporter_cells(
    rows: pl.DataFrame,
    plan: Logframe,
    factors: Factors,
    *,
    within: Callable[[str], bool] = lambda _: True,
    complete: bool = False,
) -> dict[str, list[Cell]]:
    """The value of every reporter's cell, by indicator, in the indicator's unit.

    `rows` are those of `chosen`. Sums and pooled ratios are added in the engine, per distinct unit, as exact
    decimals; every other rule folds the parts themselves. Only the categories that are `within` make up a split, and
    with `complete` a cell without all of them is left out whatever the indicator says.
    """
    adding = [code for code, indicator in plan.indicators.items() if adds_parts(indicator)]
    told = added(rows, adding).iter_rows(named=True)
    return cells_of(told, plan, plan.indicators, factors, within=within, complete=complete)


def adds_parts(indicator: Indicator) -> bool:
    """Whether the parts of a value are added up."""
    return indicator.rule(Axis.CATEGORIES) in (Rule.SUM, Rule.POOLED)


def added(rows: pl.DataFrame, adding: Sequence[str]) -> pl.DataFrame:
    """The rows that `chosen` gave, those of the indicators `adding` added up for each cell, unit and split; sorted."""
    in_engine = pl.col("split").is_null() | pl.col("indicator").is_in(adding)
    sums = (
        rows.filter(in_engine)
        .group_by(*CELL, "unit", "split")
        .agg(
            value=pl.col("value").sum(),
            numerator=pl.col("numerator").sum(),
            denominator=pl.col("denominator").sum(),
            declared=pl.col("declared").sum(),
            excused=pl.col("excused").max(),
            category=pl.lit(TOTAL),
        )
    )
    single = rows.filter(~in_engine).select(
        *CELL, "unit", "split", "value", "numerator", "denominator",
        pl.col("declared").cast(pl.UInt32), "excused", "category",
    )  # fmt: skip
    order = [*CELL, "category", "unit"]
    return pl.concat([sums.select(single.columns).cast(single.schema), single]).sort(order)


def cells_of(
    rows: Iterable[Row],
    plan: Logframe,
    indicators: Mapping[str, Indicator],
    factors: Factors,
    *,
    within: Callable[[str], bool] = lambda _: True,
    complete: bool = False,
) -> dict[str, list[Cell]]:
    """The cells that the rows of `added` make; `indicators` are those of the plan by the codes that stand in them."""

    @cache
    def size(dimensions: tuple[str, ...]) -> int:
        return sum(1 for category in declared_categories(plan, dimensions) if within(category))

    parts: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        parts.setdefault(tuple(row[name] for name in CELL), []).append(row)
    cells: dict[str, list[Cell]] = {}
    for (code, partner, location, position, start, end), group in parts.items():
        indicator = indicators[code]
        asked = size if complete or indicator.missing is MissingPolicy.PROPAGATE else None
        datum = _datum(indicator, group, factors, asked)
        if datum is not None:
            cells.setdefault(code, []).append(Cell(partner, location, position, start, end, datum))
    return cells


def _datum(
    indicator: Indicator, group: list[Row], factors: Factors, size: Callable[[tuple[str, ...]], int] | None
) -> Datum | None:
    """One cell's value from what is left of its rows; None when it has fewer parts than the `size` of its split."""
    data = [(row["category"], _read(indicator, row, factors)) for row in group]
    split: int | None = group[0]["split"]
    if split is None:
        return data[0][1]
    declared = indicator.disaggregation[split] if split < _UNDECLARED else None
    rule = indicator.rule(Axis.CATEGORIES)
    overlapping = declared is not None and declared.relation == "overlapping"
    services = indicator.counts == "services" and rule is Rule.SUM
    if rule is Rule.NONE or (overlapping and not services and rule not in _OVERLAP_RULES):
        return Datum(reason=Reason.NOT_AGGREGABLE)
    if declared is not None and size is not None:
        there = sum(row["declared"] or 0 for row in group) + (group[0]["excused"] or 0)
        if there < size(declared.dimensions):
            return None
    return fold(
        data,
        rule,
        multiplier=Fraction(indicator.multiplier),
        weights=indicator.aggregation.weights,
        lower_median=indicator.measure.is_ranked,
    )


def _read(indicator: Indicator, row: Row, factors: Factors) -> Datum:
    if indicator.measure.is_text:
        return Datum(reason=Reason.TEXT_ONLY)
    if indicator.by_denominator:
        return ratio(Fraction(row["numerator"]), Fraction(row["denominator"]), Fraction(indicator.multiplier))
    number = Fraction(row["value"])
    if not factors or row["unit"] is None:
        return Datum(number)
    return Datum(number * factors.get((row["indicator"], row["unit"], row["period_end"]), 1))
