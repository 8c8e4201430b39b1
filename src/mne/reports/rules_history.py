"""Rules about a series over time: totals that fall, amounts that restate their total, levels that vanish and return.

Read `HISTORY` first. None of these holds a row back: what is unusual may be true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.logframe.indicator import Accumulation
from mne.reports.context import NOTHING, Asked
from mne.reports.in_series import FLOW, PAIR, TOTAL_TO_DATE, before, begins, ends, lengths, longest, reported, runs
from mne.reports.rule import Rule
from mne.reports.rules_changed_over import of_changed_over
from mne.reports.rules_keys import decimal_text
from mne.reports.rules_sizes import PROPORTION, SPIKE, plainly
from mne.tables.encode import in_order, packed

if TYPE_CHECKING:
    from mne.reports.beside import Rows
    from mne.reports.context import Judged

__all__ = ["HISTORY"]

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

_PEOPLE: Final = ("person", "household", "family")


def _in_one_unit(judged: Judged) -> Rows:
    """`Judged.numeric` series by series, a new one for each unit, so that values can be compared exactly."""
    rows = judged.numeric
    changes = ~begins() & (pl.col("unit") != pl.col("unit").shift(1))
    # Hardly anybody changes the unit in the middle of a series: then the order is right already.
    if not rows.select(any=changes.any()).item():
        return rows
    number = packed(rows.base, ("series", "unit")).alias("series")
    return rows.over(rows.base.with_columns(number)[in_order(number)])


def _totals(judged: Judged) -> pl.DataFrame:
    """Totals to date in the order of time, with the value before each and whether their series looks like amounts."""
    mine = judged.once(_in_one_unit).keep(TOTAL_TO_DATE & ~pl.col("signed"))
    totals = mine.select("series", "source_order", "counted")
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
    if asked.judged.once(longest) < PAIR:
        return NOTHING
    found = asked.judged.once(_totals).filter((pl.col("counted") < pl.col("before")) & ~pl.col("amounts"))
    found = found.join(asked.judged.once(of_changed_over), on="source_order", how="anti")
    return found.select("source_order", before=decimal_text("before"), related=pl.concat_list("earlier"))


def _fluctuates(asked: Asked) -> pl.DataFrame:
    """Running totals that rise and fall as amounts of single periods do: the last value of each."""
    if asked.judged.once(longest) < GROWING:
        return NOTHING
    series = asked.judged.once(_totals).filter("amounts")
    fallen = series.filter(pl.col("counted") < pl.col("before")).group_by("series").agg(related="source_order")
    return series.filter(ends()).join(fallen, on="series", maintain_order="left").select("source_order", "related")


def _repeats(asked: Asked) -> pl.DataFrame:
    """Flows that restate the total to date: the exact sum of all values before, or one that grows with every report."""
    if asked.judged.once(longest) <= EARLIER:
        return NOTHING
    summed = FLOW & pl.col("times_add") & ~pl.col("by_denominator")
    flows = asked.judged.once(_in_one_unit).keep(summed).select("series", "value", "source_order")
    above_zero = (pl.col("value") > 0).cast(pl.Int64)
    # Sums over all rows, less what they were when the series began: a window over each series costs ten times as much.
    flows = flows.with_columns(sum=pl.col("value").cum_sum(), count=above_zero.cum_sum())
    before_it = pl.when(begins())
    flows = flows.with_columns(
        earlier=before("source_order"),
        so_far=before("sum") - before_it.then(pl.col("sum") - pl.col("value")).forward_fill(),
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
    grows = begins() | (value > before) | ((value == before) & (value >= REPEATED))
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


def _stands_still(asked: Asked) -> pl.DataFrame:
    """Flows of people that are all but the same in every report: more alike than people who come by chance can be.

    Numbers of people who come independently spread by the root of their mean, so that a half of it is too little for
    all of them to lie in. Services are left out: the same people may well be served again.
    """
    if asked.judged.once(longest) < GROWING:
        return NOTHING
    known = asked.judged.tables.indicators
    of_people = known.filter(pl.col("own_unit").is_in(_PEOPLE) & ~pl.col("services"))["indicator"]
    if not len(of_people):
        return NOTHING
    mine = pl.col("indicator").cast(pl.String).is_in(of_people.implode())
    counted = asked.judged.once(_in_one_unit).keep(FLOW & pl.col("times_add") & mine)
    flows = counted.select("series", "source_order", "amount")
    least, most = pl.col("amount").min().over("series"), pl.col("amount").max().over("series")
    alike = (most - least) ** 2 <= pl.col("amount").mean().over("series") / 4
    enough = (pl.len().over("series") >= GROWING) & (least >= REPEATED)
    return flows.filter(alike & enough & ends()).select("source_order", usual=_about("amount"))


def _about(name: str) -> pl.Expr:
    return plainly(pl.col(name).mean().over("series"))


def _comes_back(asked: Asked) -> pl.DataFrame:
    """Levels that fall to exactly zero and come back: what stands seldom vanishes and returns, what happens does."""
    if asked.judged.once(longest) < GROWING:
        return NOTHING
    known = asked.judged.tables.indicators
    blank = known.filter("blank_zero")["indicator"].implode()
    standing = (pl.col("accumulation") == Accumulation.LEVEL.value) & pl.col("additive") & ~pl.col("signed")
    mine = asked.judged.once(_in_one_unit).keep(standing & ~pl.col("indicator").cast(pl.String).is_in(blank))
    levels = mine.select("series", "source_order", "value")
    levels = levels.filter(lengths(levels["series"]) >= GROWING).with_columns(
        known=pl.when(pl.col("value") != 0).then("value"), earlier=pl.col("source_order").shift(1).over("series")
    )
    around = (pl.col("known").forward_fill().over("series"), pl.col("known").backward_fill().over("series"))
    found = levels.filter((pl.col("value") == 0) & pl.all_horizontal(each >= PROPORTION for each in around))
    return found.unique("series", keep="first", maintain_order=True).select(
        "source_order", related=pl.concat_list("earlier")
    )


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
)
"""The rules about series over time."""
