"""Rules about a series over time: totals that fall, values far from their history, reports that repeat the last one.

Read `HISTORY` first. None of these holds a row back: what is unusual may be true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.catalogue import Severity
from mne.logframe.indicator import Accumulation, Measure
from mne.reports.beside import REPORTED
from mne.reports.context import NOTHING, Asked, arranged
from mne.reports.rule import Rule
from mne.reports.rules_keys import decimal_text
from mne.reports.rules_sizes import (
    ABOUT_IN_BOTH_UNITS,
    IN_BOTH_UNITS,
    NO_USUAL,
    OTHERS,
    PROPORTION,
    SPIKE,
    of_other_size,
    of_other_unit,
    of_own_unit,
    plainly,
    swapped,
)
from mne.tables.encode import packed
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.reports.context import Judged

__all__ = ["HISTORY", "TO_SIGMA", "lengths", "reported"]

NEAR: Final = 0.25
"""A value within this share of the median is no outlier, however even its history is."""

TO_SIGMA: Final = 0.6745
"""What makes the median absolute deviation comparable to a standard deviation. Source: Iglewicz and Hoaglin (1993)."""

MEAN_TO_SIGMA: Final = 1.253314
"""The same for the mean absolute deviation, where more than half of the values are equal. Source: as above."""


REPEATED: Final = 100
"""Small sums come out equal by chance; from here up that is a sign."""

EARLIER: Final = 2
"""Values above zero that a value must restate the sum of."""

GROWING: Final = 4
"""Values that a series needs before its course says what they are: that it only grows, or rises and falls."""

RESTATED: Final = 2 / 3
"""A series that restates its total comes to about its first value times their number; the first may have been large.

Amounts that grow with every report come to so much only where they grow very fast: from 10 to 27 in four.
"""

SLOWING: Final = 0.9
"""What grows in steps that are each larger than the last, and hardly slower at the end, grows by itself."""

FALLING: Final = 2
"""Falls of a running total that are no slip and its correction."""

CELLS: Final = 3
"""Equal values above zero that a copied report must have."""

NOTABLE: Final = 30
"""A figure from here up seldom comes again by chance."""

PAIR: Final = 2
"""Values of a series of which one comes before another."""

SEVERAL: Final = 2
"""So many indicators that all repeat their figures were copied."""

_FLOW: Final = pl.col("accumulation") == Accumulation.FLOW.value
_TOTAL_TO_DATE: Final = pl.col("accumulation") == Accumulation.RUNNING_TOTAL.value
_PEOPLE: Final = ("person", "household", "family")


def _in_one_unit(judged: Judged) -> pl.DataFrame:
    """`Judged.numeric` series by series, a new one for each unit, so that values can be compared exactly."""
    rows = judged.numeric.drop("ranked", "measure", "outlier", "jump")
    changes = ~_begins() & (pl.col("unit") != pl.col("unit").shift(1))
    # Hardly anybody changes the unit in the middle of a series: then the order is right already.
    if not rows.select(changes.any()).item():
        return rows
    return arranged(rows.with_columns(packed(rows, ("series", "unit")).alias("series")))


def _longest(judged: Judged) -> int:
    """Values of the longest series; rules that need more of them have nothing to ask."""
    found = judged.numeric.select(pl.col("series").rle().struct.field("len").max()).item()
    return int(found or 0)


def _begins() -> pl.Expr:
    """Whether a row is the first of its series, among rows that stand series by series."""
    return pl.col("series").ne_missing(pl.col("series").shift(1))


def _before(name: str) -> pl.Expr:
    """The column in the row before, of the same series; over rows that stand series by series."""
    return pl.when(~_begins()).then(pl.col(name).shift(1))


def _totals(judged: Judged) -> pl.DataFrame:
    """Totals to date in the order of time, with the value before each and whether their series looks like amounts."""
    totals = judged.once(_in_one_unit).filter(_TOTAL_TO_DATE & ~pl.col("signed"))
    totals = totals.with_columns(
        before=pl.col("counted").shift(1).over("series"), earlier=pl.col("source_order").shift(1).over("series")
    )
    step = (pl.col("counted") - pl.col("before")).cast(pl.Float64).fill_null(0)
    lost, won = step.clip(upper_bound=0).sum(), step.clip(lower_bound=0).sum()
    often = (pl.len() >= GROWING) & ((step < 0).sum() >= FALLING)
    # Corrections take back a little of what was reached; amounts fall about as much as they rise.
    return totals.with_columns(amounts=(often & (-2 * lost >= won)).over("series"))


def _falls(asked: Asked) -> pl.DataFrame:
    """A total to date below the one before it; of a series that looks like amounts `_fluctuates` speaks once."""
    if asked.judged.once(_longest) < PAIR:
        return NOTHING
    found = asked.judged.once(_totals).filter((pl.col("counted") < pl.col("before")) & ~pl.col("amounts"))
    return found.select("source_order", before=decimal_text("before"), related=pl.concat_list("earlier"))


def _fluctuates(asked: Asked) -> pl.DataFrame:
    """Running totals that rise and fall as amounts of single periods do: the last value of each."""
    if asked.judged.once(_longest) < GROWING:
        return NOTHING
    series = asked.judged.once(_totals).filter("amounts")
    fallen = series.filter(pl.col("counted") < pl.col("before")).group_by("series").agg(related="source_order")
    return series.filter(_is_last()).join(fallen, on="series", maintain_order="left").select("source_order", "related")


def _is_last() -> pl.Expr:
    return pl.int_range(pl.len()).over("series") == pl.len().over("series") - 1


def _repeats(asked: Asked) -> pl.DataFrame:
    """Flows that restate the total to date: the exact sum of all values before, or one that grows with every report."""
    if asked.judged.once(_longest) <= EARLIER:
        return NOTHING
    summed = _FLOW & pl.col("times_add") & ~pl.col("by_denominator")
    flows = asked.judged.once(_in_one_unit).lazy().filter(summed).select("series", "value", "source_order").collect()
    above_zero = (pl.col("value") > 0).cast(pl.Int64)
    # Sums over all rows, less what they were when the series began: a window over each series costs ten times as much.
    flows = flows.with_columns(sum=pl.col("value").cum_sum(), count=above_zero.cum_sum())
    before_it = pl.when(_begins())
    flows = flows.with_columns(
        earlier=_before("source_order"),
        so_far=_before("sum") - before_it.then(pl.col("sum") - pl.col("value")).forward_fill(),
        above_zero=pl.col("count") - before_it.then(pl.col("count") - above_zero).forward_fill(),
    )
    several = pl.col("above_zero") - above_zero >= EARLIER
    repeated = (pl.col("value") == pl.col("so_far")) & several & (pl.col("value") >= REPEATED)
    # A series may begin with periods in which nothing happened yet.
    grown = _that_only_grow(flows.filter(pl.col("above_zero") > 0))
    found = flows.filter(repeated | pl.col("source_order").is_in(grown.implode()))
    return found.select("source_order", related=pl.concat_list("earlier"))


def _that_only_grow(flows: pl.DataFrame) -> pl.Series:
    """The last value of each series that grows with every report, and by then about as much as a total would.

    Where nothing new happened a total stands still; an amount seldom comes again, unless it is small. A total of
    steady amounts grows ever slower by proportion; what keeps its pace grows by itself, and one leap is an outlier.
    """
    value, before = pl.col("value"), pl.col("value").shift(1)
    grows = _begins() | (value > before) | ((value == before) & (value >= REPEATED))
    falls = flows.select((~grows).cast(pl.Int64).cum_sum()).to_series()
    reports = runs(flows["series"])
    ends = reports.cast(pl.Int64).cum_sum()
    starts, last = ends - reports, ends - 1
    series = pl.DataFrame(
        {
            "falls": falls.gather(last) - falls.gather(starts),
            "reports": reports,
            "first": flows["value"].gather(starts).cast(pl.Float64),
            "last": flows["value"].gather(last).cast(pl.Float64),
            "before": flows["value"].gather((last - 1).clip(0)).cast(pl.Float64),
            "order": flows["source_order"].gather(last),
            "series": flows["series"].gather(last),
        }
    )
    enough = (pl.col("reports") >= GROWING) & (pl.col("first") > 0)
    restated = pl.col("last") >= RESTATED * pl.col("reports") * pl.col("first")
    # One leap at the end is a figure to be asked about; what restates a total did so in the report before.
    restated &= pl.col("before") >= RESTATED * (pl.col("reports") - 1) * pl.col("first")
    found = series.filter((pl.col("falls") == 0) & enough & restated)
    return found.filter(~pl.col("series").is_in(_that_grow_by_themselves(flows, found["series"]).implode()))["order"]


def _that_grow_by_themselves(flows: pl.DataFrame, series: pl.Series) -> pl.Series:
    """Those of some series that keep their pace in ever larger steps, or leap in the end."""
    rows = flows.filter(pl.col("series").is_in(series.implode())).select(
        "series", value=pl.col("value").cast(pl.Float64)
    )
    before = pl.col("value").shift(1).over("series")
    rows = rows.with_columns(step=pl.col("value") - before, pace=pl.col("value") / before)
    grown = rows.group_by("series").agg(
        faster=(pl.col("step").diff().drop_nulls() > 0).all(),
        first=pl.col("pace").drop_nulls().first(),
        last=pl.col("pace").last(),
    )
    by_itself = pl.col("faster") & (pl.col("last") >= SLOWING * pl.col("first"))
    return grown.filter(by_itself | (pl.col("last") >= SPIKE))["series"]


def runs(series: pl.Series) -> pl.Series:
    """How long each series is, among rows that stand series by series."""
    return series.rle().struct.field("len").cast(pl.Int64)


def lengths(series: pl.Series) -> pl.Series:
    """The length of the series that each row is of, among rows that stand series by series."""
    return runs(series).gather(series.rle_id())


def _stands_still(asked: Asked) -> pl.DataFrame:
    """Flows of people that are all but the same in every report: more alike than people who come by chance can be.

    Numbers of people who come independently spread by the root of their mean, so that a half of it is too little for
    all of them to lie in. Services are left out: the same people may well be served again.
    """
    if asked.judged.once(_longest) < GROWING:
        return NOTHING
    known = asked.judged.tables.indicators
    of_people = known.filter(pl.col("own_unit").is_in(_PEOPLE) & ~pl.col("services"))["indicator"]
    if not len(of_people):
        return NOTHING
    flows = asked.judged.once(_in_one_unit).filter(_FLOW & pl.col("times_add"))
    flows = flows.filter(pl.col("indicator").cast(pl.String).is_in(of_people.implode()))
    least, most = pl.col("amount").min().over("series"), pl.col("amount").max().over("series")
    alike = (most - least) ** 2 <= pl.col("amount").mean().over("series") / 4
    enough = (pl.len().over("series") >= GROWING) & (least >= REPEATED)
    return flows.filter(alike & enough & _is_last()).select("source_order", usual=_about("amount"))


def _about(name: str) -> pl.Expr:
    return plainly(pl.col(name).mean().over("series"))


def _comes_back(asked: Asked) -> pl.DataFrame:
    """Levels that fall to exactly zero and come back: what stands seldom vanishes and returns, what happens does."""
    if asked.judged.once(_longest) < GROWING:
        return NOTHING
    known = asked.judged.tables.indicators
    blank = known.filter("blank_zero")["indicator"].implode()
    standing = (pl.col("accumulation") == Accumulation.LEVEL.value) & pl.col("additive") & ~pl.col("signed")
    levels = asked.judged.once(_in_one_unit).filter(standing)
    levels = levels.filter(~pl.col("indicator").cast(pl.String).is_in(blank))
    levels = levels.filter(lengths(levels["series"]) >= GROWING).with_columns(
        known=pl.when(pl.col("value") != 0).then("value"), earlier=pl.col("source_order").shift(1).over("series")
    )
    around = (pl.col("known").forward_fill().over("series"), pl.col("known").backward_fill().over("series"))
    found = levels.filter((pl.col("value") == 0) & pl.all_horizontal(each >= PROPORTION for each in around))
    return found.unique("series", keep="first", maintain_order=True).select(
        "source_order", related=pl.concat_list("earlier")
    )


def _outliers(judged: Judged) -> pl.DataFrame:
    """Values far from the median of their own series; totals to date are asked.judged by what they grew."""
    if judged.once(_longest) <= OTHERS:
        return NO_USUAL
    rows = judged.numeric.select("series", "source_order", "amount", "outlier", "accumulation")
    grown = pl.when(_TOTAL_TO_DATE).then(pl.col("amount") - _before("amount")).otherwise("amount")
    points = rows.select("series", "source_order", "outlier", point=grown)
    if points["point"].null_count() or points["outlier"].null_count():
        points = points.filter(pl.col("point").is_not_null() & pl.col("outlier").is_not_null())
    points = points.filter(lengths(points["series"]) > OTHERS)
    # Rows stand series by series, so that what is true of each series is put beside its rows by position.
    series = points["series"].rle_id()
    each = points.group_by("series", maintain_order=True)
    points = points.with_columns(median=each.agg(pl.col("point").median())["point"].gather(series))
    points = points.with_columns(away=(pl.col("point") - pl.col("median")).abs())
    each = points.group_by("series", maintain_order=True)
    known = each.agg(spread=pl.col("away").median(), mean=pl.col("away").mean())
    points = points.with_columns(known["spread"].gather(series), known["mean"].gather(series))
    spread, mean = pl.col("spread"), pl.col("mean")
    score = (
        pl.when(spread > 0)
        .then(TO_SIGMA * pl.col("away") / spread)
        .when((mean > 0) & (pl.col("median") != 0))
        .then(pl.col("away") / (MEAN_TO_SIGMA * mean))
    )
    far = (score > pl.col("outlier")) & (pl.col("away") > NEAR * pl.col("median").abs())
    found = points.filter(far).join(judged.once(swapped), on="source_order", how="anti")
    return found.select("source_order", usual="median")


def _far(judged: Judged) -> pl.DataFrame:
    """What lies far from the other figures, whether these are few or many."""
    return pl.concat([judged.once(_outliers), of_other_size(judged)]).unique("source_order", maintain_order=True)


def _jumps(asked: Asked) -> pl.DataFrame:
    """Values farther from the one before than their indicator lets pass."""
    if asked.judged.once(_longest) < PAIR:
        return NOTHING
    limited = asked.judged.numeric.filter(pl.col("jump").is_not_null())
    limited = limited.with_columns(
        before=pl.col("amount").shift(1).over("series"), earlier=pl.col("source_order").shift(1).over("series")
    )
    share = 100 * (pl.col("amount") - pl.col("before")).abs() / pl.col("before").abs()
    found = limited.filter((pl.col("before") != 0) & (share > pl.col("jump")))
    return found.select(
        "source_order",
        limit=plainly(pl.col("jump")),
        last=plainly(pl.col("before"), 6),
        related=pl.concat_list("earlier"),
    )


def _copies(asked: Asked) -> pl.DataFrame:
    """Reports of a partner that are the last one once more, cell by cell."""
    content = ["value", "numerator", "denominator", "unit", "state", "text"]
    report = ["partner", "frequency", "plan_number"]
    numeric = pl.col("measure").is_in([Measure.YES_NO.value, Measure.ORDINAL.value, Measure.MILESTONE.value]).not_()
    # A total to date that has not grown is often true, a figure of the quarter seldom is the last one again.
    telling = numeric & ~pl.col("words") & ~_TOTAL_TO_DATE & (pl.coalesce("numerator", "value") != 0)
    rows = asked.judged.newest_rows.keep(pl.col("#whole")).lazy()
    # A place in time is one of a frequency: one number says what partner, frequency and period do.
    cells = rows.select("#partner", "#place", "source_order", telling=telling).collect()
    counts = (
        cells.select(packed(cells, ("#partner", "#place")).alias("report"), "source_order", "telling")
        .group_by("report")
        .agg(pl.col("source_order").first(), cells=pl.len(), telling=pl.col("telling").sum())
        .drop("report")
    )
    names = rows.select("source_order", *report)
    counts = names.join(counts.lazy(), on="source_order").drop("source_order").collect()
    before = counts.select("partner", "frequency", pl.col("plan_number") + 1, pl.col("cells").alias("cells_before"))
    # Cells are compared only where two reports have as many of them.
    alike = counts.join(before, on=report).filter(
        (pl.col("cells") == pl.col("cells_before")) & (pl.col("telling") >= CELLS)
    )
    if not alike.height:
        return NOTHING
    known = rows.select(*report, *content, "series", "source_order", telling=telling).collect()
    later = known.join(alike, on=report, how="semi")
    earlier = known.with_columns(pl.col("plan_number") + 1).join(alike, on=report, how="semi")
    earlier = earlier.select("series", "plan_number", *(pl.col(name).alias(f"{name}_before") for name in content))
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in content)
    found = (
        later.join(earlier, on=["series", "plan_number"])
        .filter(same)
        .sort("source_order")
        .group_by(report, maintain_order=True)
        .agg(pl.len().alias("equal"), pl.col("telling").sum(), pl.col("source_order").first())
        .join(alike.select(*report, "cells"), on=report)
        .filter((pl.col("equal") == pl.col("cells")) & (pl.col("telling") >= CELLS))
    )
    return found.select("source_order", "equal")


def _repeated(asked: Asked) -> pl.DataFrame:
    """Indicators of a report whose figures are those of the last one, several of each, while other figures differ.

    Small figures come again by chance, and what stands may stand still: neither says anything.
    """
    numeric = pl.col("measure").is_in([Measure.NUMBER.value, Measure.CURRENCY.value]) | pl.col("by_denominator")
    numbers = ("value", "numerator", "denominator")
    newest = asked.judged.newest_rows.lazy()
    known = (
        newest.filter(REPORTED & ~pl.col("words") & numeric & _FLOW & pl.col("plan_number").is_not_null())
        .select("#partner", "#indicator", "plan_number", "series", "source_order", *numbers)
        .collect()
    )
    before = known.select(
        "series", pl.col("plan_number") + 1, *(pl.col(name).alias(f"last_{name}") for name in numbers)
    )
    both = known.join(before, on=["series", "plan_number"])
    if not both.height:
        return NOTHING
    number = ["#partner", "plan_number", "#indicator"]
    both = both.select(
        "source_order",
        *number,
        cell=packed(both, number),
        same=pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"last_{name}")) for name in numbers),
        large=pl.sum_horizontal((pl.col(name) >= NOTABLE).cast(pl.Int64) for name in numbers),
    )
    copied = pl.col("same") & (pl.col("large") >= CELLS - 1)
    # Numbers are grouped at a fraction of the cost of names, and most reports repeat nothing.
    cells = both.group_by("cell").agg(
        pl.col(number).first(), pl.col("same").all(), pl.col("large").sum(), pl.col("source_order").min()
    )
    several = cells.filter(copied).group_by("#partner", "plan_number").len().filter(pl.col("len") >= SEVERAL)
    if not several.height:
        return NOTHING
    report = ["partner", "frequency", "plan_number"]
    names = newest.select("source_order", "partner", "frequency", "indicator")
    some = cells.join(several, on=["#partner", "plan_number"], how="semi").lazy().join(names, on="source_order")
    found = some.group_by(report).agg(
        copied=pl.col("indicator").filter(copied).sort().str.join(", "),
        cell=pl.col("cell").filter(copied),
        differs=(~pl.col("same")).any(),
    )
    found = found.filter((pl.col("cell").list.len() >= SEVERAL) & pl.col("differs"))
    rows = found.explode("cell").join(both.lazy().select("cell", "source_order"), on="cell")
    orders = pl.col("source_order").sort()
    return rows.group_by("copied", *report).agg(orders.first(), related=orders.slice(1)).drop(report).collect()


def _pairs_repeated(asked: Asked) -> pl.DataFrame:
    """Ratios whose two numbers are both large, and both those of the period before: two seldom come again at once.

    Where the denominator is the same period by period it is known beforehand, as all schools of a place are.
    """
    pair = ["numerator", "denominator"]
    known = asked.rows.select("series", "plan_number", "period_start", "source_order", *pair).collect()
    before = known.select("series", *pair, pl.col("plan_number") + 1, earlier="source_order")
    large = pl.min_horizontal(pair) >= NOTABLE
    found = known.filter(large).join(before, on=["series", "plan_number", *pair])
    others = known.group_by("series").agg(kept=pl.col("denominator").n_unique() == 1, size=pl.len())
    stands = pl.col("kept") & (pl.col("size") > PAIR)
    found = found.join(others.filter(~stands), on="series", how="semi").sort("source_order")
    if not found.height:
        return NOTHING
    # What is told of the whole report, or of several of its indicators, is told.
    every = Asked(asked.judged.newest_rows.asked(), asked.judged)
    report = ["partner", "frequency", "plan_number"]
    names = every.rows.select("source_order", *report).collect()
    copied = names.join(_copies(every), on="source_order", how="semi")
    whole = names.join(copied, on=report, how="semi")["source_order"]
    some = _repeated(every)
    told = {*whole, *some["source_order"], *(some["related"].explode() if some.height else ())}
    found = found.filter(~pl.col("source_order").is_in(pl.Series([*told], dtype=pl.Int64).implode()))
    return found.select("source_order", related=pl.concat_list("earlier"))


def reported() -> nw.Expr:
    """Rows that say they hold a number."""
    return (nw.col("state") == State.REPORTED.value) & ~nw.col("words")


HISTORY: Final[tuple[Rule, ...]] = (
    Rule(
        code="cumulative-decrease",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & (nw.col("accumulation") == Accumulation.RUNNING_TOTAL.value),
        find=_falls,
        expected="at least {before}, as before",
    ),
    Rule(
        code="cumulative-fluctuates",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & (nw.col("accumulation") == Accumulation.RUNNING_TOTAL.value),
        find=_fluctuates,
        expected="all that was reached since the project began",
    ),
    Rule(
        code="flow-restates-total",
        at="value",
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & (nw.col("accumulation") == Accumulation.FLOW.value),
        find=_repeats,
        expected="only what is new in the period",
    ),
    Rule(
        code="flow-stands-still",
        at="value",
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & (nw.col("accumulation") == Accumulation.FLOW.value),
        find=_stands_still,
        found="about {usual}",
        expected="only those who are new in the period",
    ),
    Rule(
        code="level-comes-back",
        at="value",
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & (nw.col("accumulation") == Accumulation.LEVEL.value),
        find=_comes_back,
        expected="how many there are at the period's end",
    ),
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=reported,
        find=lambda asked: of_own_unit(asked.judged.once(_outliers), asked.judged),
        expected="about {usual}, as in its other figures",
    ),
    Rule(
        code="value-outlier",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=reported,
        find=lambda asked: of_other_unit(_far(asked.judged), asked.judged),
        found=IN_BOTH_UNITS,
        expected=ABOUT_IN_BOTH_UNITS,
    ),
    Rule(
        code="value-jump",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: reported() & ~nw.col("jump").is_null(),
        find=_jumps,
        expected="within {limit} per cent of {last}",
    ),
    Rule(
        code="report-copied",
        at="period",
        scope="table",
        spread="partner",
        over="newest",
        find=_copies,
        found="{equal} equal cells",
        expected="the figures of {plan_period}",
    ),
    Rule(
        code="figures-repeated",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        find=_repeated,
        found="{copied}",
        expected="the figures of {plan_period}",
    ),
    Rule(
        code="figures-repeated",
        at=("numerator", "value"),
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: (
            reported()
            & nw.col("by_denominator")
            & (nw.col("accumulation") != Accumulation.RUNNING_TOTAL.value)
            & ~nw.col("plan_number").is_null()
        ),
        find=_pairs_repeated,
        found="{indicator} ({numerator} / {denominator})",
        expected="the figures of {plan_period}",
        severity=Severity.WARNING,
    ),
)
"""The rules about series over time."""
