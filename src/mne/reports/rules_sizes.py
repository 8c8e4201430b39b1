"""Rules about figures of another size than those beside them: a zero too many or too few, thousands for units.

Read `SIZES` first. A few figures are enough to see it where they are steady but for one.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.logframe.indicator import TOTAL, Measure
from mne.reports.context import NOTHING
from mne.reports.in_series import TOTAL_TO_DATE, extents, extremes, lengths, longest, plainly, reported, runs
from mne.reports.rule import Rule
from mne.reports.rules_changed_over import of_changed_over
from mne.reports.rules_thousands import in_thousands
from mne.reports.rules_totals import mismatched
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged

__all__ = [
    "ABOUT_IN_BOTH_UNITS",
    "EVEN",
    "IN_BOTH_UNITS",
    "LEAP",
    "OTHERS",
    "PROPORTION",
    "SIZES",
    "SPIKE",
    "STEADY",
    "SURGE",
    "TENFOLD",
    "beside_shown",
    "far_from_shown",
    "of_other_size",
    "of_other_unit",
    "of_own_unit",
    "of_shares",
    "other_sizes",
    "plainly",
    "swapped",
]

OTHERS: Final = 6
"""Other values that a series needs before one of them can be called unusual by how far it lies from the middle."""

SPIKE: Final = 8
"""So many times more, or less, than all others is a zero or a unit that slipped rather than a good quarter."""

STEADY: Final = 2
"""Figures of which the largest is at most so many times the smallest say what to expect."""

LEAP: Final = 4
"""So many times more, or less, than four and more others is as telling."""

SURGE: Final = 2.5
"""And so many times, where these are even."""

EVEN: Final = 1.5
"""Figures of which the largest is at most so many times the smallest hardly change."""

PROPORTION: Final = 10
"""Values below this say nothing about proportions."""

ALIKE: Final = 3
"""A ratio within so many times the others is like them."""

TENFOLD: Final = 10
"""What one earlier figure alone can tell of a slip."""

IN_BOTH_UNITS: Final = "{value} {unit} = {amount} {own_unit}"
ABOUT_IN_BOTH_UNITS: Final = "about {there} {unit}, which is {usual} {own_unit}, if the unit is right"
"""What is said of a figure in another unit than its indicator's: it may be the unit that is wrong."""

_SHOWN: Final = re.compile(
    r"^(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?: (?P<before>[^()]+?))? \((?:(?P<within>[^();]+?)\s*; )?(?P<at>[^();]+)\)$"
)
"""``8 (2026-Q1)``, ``1600 (thousand somoni; 2026-Q1)``, or in older templates ``1600 thousand-somoni (2026-Q1)``."""
_FEWEST: Final = 2
_FOUR: Final = 4
_CELL: Final = ["indicator", "partner", "location", "dimensions"]
_WHERE: Final = ["indicator", "partner", "location", "period_start", "period_end"]


def other_sizes(judged: Judged) -> pl.DataFrame:
    """The one figure of a short series that is many times more or less than all others, which are steady.

    Of a series of two the parts beside it are asked as well: women, where it is of men. The first figure may be small,
    as a project begins small. Shape: `source_order` and `others`, the middle of the others.
    """
    if judged.once(longest) < _FEWEST:
        return pl.DataFrame(schema={"source_order": pl.Int64, "others": pl.Float64})
    mine = judged.numeric.keep(pl.col("outlier").is_not_null() & ~pl.col("by_denominator"))
    known = mine.select("series", "source_order", "amount", "accumulation").filter(pl.col("amount") > 0)
    sizes = runs(known["series"])
    spans = extents(known["amount"], sizes).with_columns(size=sizes)
    more = pl.when(pl.col("size") > _FOUR).then(SURGE).otherwise(SPIKE)
    apart = (pl.col("most") >= more * pl.col("least")) & pl.col("size").is_between(_FEWEST, OTHERS)
    there = spans.select(apart).to_series()
    if not there.any():
        return pl.DataFrame(schema={"source_order": pl.Int64, "others": pl.Float64})
    at = known["series"].rle_id()
    rows = known.with_columns(size=spans["size"].gather(at)).filter(there.gather(at))
    rows = rows.with_columns(opens=pl.col("source_order") == pl.col("source_order").first().over("series"))
    whole = judged.newest_rows.of_orders(rows["source_order"]).select("source_order", "whole")
    rows = rows.join(whole, on="source_order", how="left", maintain_order="left")
    alone = rows.filter(pl.col("size") > _FEWEST).with_columns(pool=pl.col("series"), own=pl.lit(value=True))
    found = pl.concat([_apart(alone), _apart(_among_parts(rows.filter(pl.col("size") == _FEWEST), known, judged))])
    return found.join(judged.once(of_changed_over), on="source_order", how="anti")


def _among_parts(pairs: pl.DataFrame, known: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """Series of two figures with the figures of the other parts of the same split."""
    parts = judged.newest_rows.lazy().filter(pl.col("category") != TOTAL)
    mine = parts.filter(pl.col("series").is_in(pairs["series"].unique().implode())).select(*_CELL, pool="series")
    kin = mine.unique().join(parts.select(*_CELL, "series", "source_order", "whole"), on=_CELL)
    pools = kin.select("pool", "source_order", "whole", own=pl.col("pool") == pl.col("series")).unique().collect()
    opens = pairs.select("source_order", "opens")
    told = known.join(pools, on="source_order").join(opens, on="source_order", how="left")
    several = (~pl.col("own")).any().over("pool")
    return told.filter(several).with_columns(pl.col("opens").fill_null(value=False))


def _apart(rows: pl.DataFrame) -> pl.DataFrame:
    """The figure of its own series that lies far from all others of its `pool`."""
    by_size = pl.col("amount", "source_order", "own", "opens").sort_by("amount", "source_order")
    pools = rows.group_by("pool").agg(
        by_size, whole=pl.col("whole").any(), to_date=TOTAL_TO_DATE.any(), size=pl.len(), alone=pl.col("own").all()
    )
    pools = pools.filter(pl.col("size") > _FEWEST)
    amounts = pl.col("amount")
    least, second, last_but_one, most = (amounts.list.get(at, null_on_oob=True) for at in (0, 1, -2, -1))
    several = pl.col("alone") & (pl.col("size") > _FOUR)
    spike = pl.when(several).then(LEAP).otherwise(SPIKE)
    high = (most >= spike * last_but_one) & (last_but_one <= STEADY * least)
    high |= several & (most >= SURGE * last_but_one) & (last_but_one <= EVEN * least)
    high &= ~pl.col("whole") | (least >= PROPORTION)
    # A total to date that falls is told as what it is.
    low = (second >= spike * least) & (most <= STEADY * second)
    low |= several & (second >= SURGE * least) & (most <= EVEN * second)
    low &= ~pl.col("to_date") & (~pl.col("whole") | (least >= PROPORTION)) & ~pl.col("opens").list.first()
    size = amounts.list.len()
    found = pools.with_columns(
        at=pl.when(high).then(size - 1).when(low).then(0),
        others=pl.when(high).then(amounts.list.head(size - 1)).otherwise(amounts.list.tail(size - 1)).list.median(),
    ).filter(pl.col("at").is_not_null())
    found = found.filter(pl.col("own").list.get(pl.col("at")))
    return found.select(pl.col("source_order").list.get(pl.col("at")), "others")


def of_other_size(judged: Judged) -> pl.DataFrame:
    """The figures of another size, with their `usual` amount in the indicator's unit."""
    return judged.once(other_sizes).select("source_order", usual="others")


def of_own_unit(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """Figures far from their `usual` amount, a float in the indicator's unit, that are in that unit themselves.

    Shape: as `in_thousands`.
    """
    found = _without_echoes(found, judged)
    if not found.height:
        return NOTHING
    told = found.join(_in_other_units(found, judged), on="source_order", how="anti")
    told = told.join(_shares(found, judged), on="source_order", how="anti")
    return in_thousands(told, judged)


def of_shares(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """Those that are shares: told with what the two numbers make, as that is what the others are far from."""
    found = _without_echoes(found, judged)
    if not found.height:
        return NOTHING
    told = found.join(_shares(found, judged), on="source_order")
    return told.select("source_order", usual=plainly(pl.col("usual")), share=plainly(pl.col("share")))


def of_other_unit(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """Those in another unit, which may be the mistake: told in both."""
    found = _without_echoes(found, judged)
    if not found.height:
        return NOTHING
    told = found.join(_in_other_units(found, judged), on="source_order")
    return told.select(
        "source_order",
        usual=plainly(pl.col("usual")),
        there=plainly(pl.col("usual") / pl.col("factor")),
        amount=plainly(pl.col("value").cast(pl.Float64) * pl.col("factor")),
    )


def _without_echoes(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """The figures but for totals in a workbook of which more is known already.

    That is where a part is among them, as what adds up follows its parts, and where the parts make another sum.
    """
    if not found.height:
        return found
    mine = judged.newest_rows.of_orders(found["source_order"]).lazy().filter(pl.col("source_cell").is_not_null())
    rows = mine.select(*_WHERE, "category", "source_order").collect()
    parts = rows.filter(pl.col("category") != TOTAL).select(_WHERE).unique()
    totals = rows.filter(pl.col("category") == TOTAL)
    if not totals.height:
        return found
    wrong = totals.filter(pl.col("source_order").is_in(judged.once(mismatched)["source_order"].implode()))
    echoes = pl.concat([totals.join(parts, on=_WHERE, how="semi"), wrong])
    return found.join(echoes, on="source_order", how="anti") if echoes.height else found


def _shares(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    rows = judged.newest_rows.of_orders(found["source_order"]).lazy().filter("by_denominator")
    share = pl.col("numerator").cast(pl.Float64) / pl.col("denominator").cast(pl.Float64)
    return rows.select("source_order", share=share * pl.col("multiplier").cast(pl.Float64)).collect()


def _in_other_units(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    rows = judged.newest_rows.of_orders(found["source_order"]).lazy()
    foreign = ~pl.col("by_denominator") & ~pl.col("in_own_unit") & (pl.col("factor") != 1)
    return rows.filter(foreign).select("source_order", "factor", "value").collect()


# ------------------------------------------------------------------------------------------------- swapped numbers


def swapped(judged: Judged) -> pl.DataFrame:
    """Ratios that make no sense beside the others of their series, and would with their two numbers changed over.

    Shape: `source_order`, and `related`, the other rows of the series.
    """
    if judged.once(longest) < _FEWEST:
        return pl.DataFrame(schema={"source_order": pl.Int64, "related": pl.List(pl.Int64)})
    ratios = judged.numeric.keep(pl.col("by_denominator") & pl.col("outlier").is_not_null())
    known = ratios.select("series", "source_order", "amount", "counted").filter(pl.col("counted") > 0)
    among = extremes(known["amount"], runs(known["series"])).select(
        apart=(pl.col("most") >= SPIKE * pl.col("last_but_one")) | (pl.col("second") >= SPIKE * pl.col("least"))
    )
    rows = known.filter(among["apart"].gather(known["series"].rle_id()) & (lengths(known["series"]) >= _FEWEST))
    if not rows.height:
        return pl.DataFrame(schema={"source_order": pl.Int64, "related": pl.List(pl.Int64)})
    mine = judged.newest_rows.of_orders(rows["source_order"])
    both = mine.select("source_order", "denominator", "numerator", "multiplier")
    rows = rows.select("source_order", "series", "amount").join(both, on="source_order", how="left")
    scale = pl.col("multiplier").cast(pl.Float64)
    rows = rows.with_columns(over=scale * pl.col("denominator").cast(pl.Float64) / pl.col("numerator").cast(pl.Float64))
    ours = rows.select("series", "source_order", mine="amount", over="over")
    pairs = ours.join(rows.select("series", "amount", other="source_order"), on="series")
    pairs = pairs.filter(pl.col("source_order") != pl.col("other"))
    others = pairs.group_by("source_order").agg(
        pl.col("mine", "over").first(),
        usual=pl.col("amount").median(),
        least=pl.col("amount").min(),
        most=pl.col("amount").max(),
        related=pl.col("other").sort(),
    )
    far = (pl.col("mine") >= SPIKE * pl.col("most")) | (pl.col("least") >= SPIKE * pl.col("mine"))
    near = (pl.col("over") <= ALIKE * pl.col("usual")) & (pl.col("usual") <= ALIKE * pl.col("over"))
    found = others.filter(far & near)
    # Of two that contradict each other, the one with the smaller number above is right: a share is of a whole.
    above = both.select("source_order", above=pl.col("numerator") > pl.col("denominator"))
    found = found.join(above, on="source_order", how="left")
    alone = pl.col("related").list.len() == 1
    return found.filter(~alone | pl.col("above")).select("source_order", "related").sort("source_order")


# ---------------------------------------------------------------------------------- what a template shows as the last


def beside_shown(judged: Judged) -> pl.DataFrame:
    """Values beside the last figure that their template shows, in one unit.

    Shape: one row for each such value: `source_order`, `series`, `value` in its `unit`, `amount` in the indicator's,
    `last` in its `last_unit`, `before` (the same in the unit of `amount`), all floats; `shown` (as the template has
    it), `at` (its period), and what the plan knows of the indicator.
    """
    told = judged.newest_rows.keep(pl.col("shown").is_not_null())
    rows = told.keep(pl.col("state") == State.REPORTED.value).frame()
    last = pl.col("shown").str.extract_groups(_SHOWN.pattern)
    other = pl.coalesce(last.struct.field("within"), last.struct.field("before"))
    rows = rows.with_columns(last.struct.field("number"), last.struct.field("at"), other_unit=other)
    number = pl.col("measure").is_in([Measure.NUMBER.value, Measure.CURRENCY.value])
    rows = rows.filter(pl.col("number").is_not_null() & pl.col("value").is_not_null() & number)
    units = judged.tables.units(rows["indicator"].unique().to_list())
    asked = rows.select("indicator", "other_unit", "own_unit", "period_end")
    named = [own if unit is None else units[indicator].resolve(unit) for indicator, unit, own, _ in asked.iter_rows()]
    factors = [
        1.0 if unit is None or own is None else float(units[indicator].factor(unit, own, on=day) or math.nan)
        for indicator, unit, own, day in asked.iter_rows()
    ]
    last = pl.col("number").cast(pl.Float64, strict=False)
    return rows.select(
        *("source_order", "series", "shown", "at", "accumulation", "signed", "whole", "outlier", "plan_period"),
        unit=pl.coalesce("unit", "own_unit"),
        last_unit=pl.Series(named, dtype=pl.String),
        value=pl.col("value").cast(pl.Float64),
        last=last,
        amount=pl.col("value").cast(pl.Float64) * pl.col("factor"),
        before=last * pl.Series(factors, dtype=pl.Float64),
    ).filter(pl.col("before").is_finite())


def _below_shown(asked: Asked) -> pl.DataFrame:
    """A total to date below the one that the template shows, unless the report of that period is there itself."""
    rows = asked.judged.once(beside_shown)
    rows = rows.filter(TOTAL_TO_DATE & ~pl.col("signed") & (pl.col("amount") < pl.col("before")))
    there = asked.judged.newest_rows.select("series", at=pl.col("period"))
    return rows.join(there, on=["series", "at"], how="anti").select("source_order", before="shown")


def far_from_shown(judged: Judged) -> pl.DataFrame:
    """A value ten times more, or less, than the last that the template shows, where there are few others."""
    rows = judged.once(beside_shown).filter(pl.col("outlier").is_not_null())
    if not rows.height:
        return NOTHING.with_columns(usual=pl.lit(None, dtype=pl.String))
    large, small = (getattr(pl, f"{which}_horizontal")("amount", "before") for which in ("max", "min"))
    falls = TOTAL_TO_DATE & (pl.col("amount") < pl.col("before"))
    far = (small > 0) & (large >= TENFOLD * small) & (~pl.col("whole") | (small >= PROPORTION)) & ~falls
    several = judged.numeric.select("series").group_by("series").len().filter(pl.col("len") > _FEWEST)
    told = judged.once(other_sizes)
    rows = rows.filter(far).join(several, on="series", how="anti").join(told, on="source_order", how="anti")
    return rows.select("source_order", usual="shown")


SIZES: Final[tuple[Rule, ...]] = (
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=reported,
        find=lambda asked: of_own_unit(of_other_size(asked.judged), asked.judged),
        expected="{about}",
        suggestion="{meant}",
    ),
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & ~nw.col("shown").is_null(),
        find=lambda asked: asked.judged.once(far_from_shown),
        expected="about {usual}, as in its other figures",
    ),
    Rule(
        code="cumulative-decrease",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & ~nw.col("shown").is_null(),
        find=_below_shown,
        expected="at least {before}, as before",
    ),
    Rule(
        code="ratio-swapped",
        at=("numerator", "value"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & nw.col("by_denominator"),
        find=lambda asked: asked.judged.once(swapped),
        found="{numerator} / {denominator}",
        expected="{denominator} / {numerator}",
    ),
)
"""The rules about figures of another size."""
