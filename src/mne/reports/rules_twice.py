"""Rules about what would be counted twice: places within places, partners within a whole, days that another row covers.

Read `TWICE` first.
"""

from __future__ import annotations

import bisect
import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.logframe.indicator import TOTAL
from mne.reports.context import NOTHING
from mne.reports.rule import Rule
from mne.reports.rules_rows import reported

if TYPE_CHECKING:
    from mne.reports.context import Asked
    from mne.tables.plan import PlanTables

__all__ = ["TWICE"]

_PLACES: Final = 51
"""Other rows that a finding may name, and one more."""


def _places(asked: Asked) -> pl.DataFrame:
    """Figures of a place beside figures of places within it, which would be added to each other."""
    parents = dict(asked.judged.tables.codes.filter(pl.col("kind") == "location").select("code", "parent").iter_rows())
    there = asked.rows.select(pl.col("location").unique().sort()).collect()["location"]
    within = [(place, above) for place in there for above in _above_of(place, parents)]
    if not {above for _, above in within} & set(there):
        return NOTHING
    pairs = pl.DataFrame(within, schema={"location": pl.String, "above": pl.String}, orient="row")
    key = ["indicator", "partner", "period_start", "period_end", "category"]
    known = asked.rows.filter(pl.col("places_add"))
    # Where the plan itself asks for both, it means both. Hardly anybody reports on a larger place, whose parts then are
    # looked for among the few rows of the same indicators and partners.
    larger = pl.col("location").is_in(pairs["above"].unique().implode())
    wholes = (
        known.filter(larger & ~(pl.col("assigned") & pl.col("pair_assigned")))
        .select(*key, "source_order", above="location")
        .collect()
    )
    if not wholes.height:
        return NOTHING
    alike = (pl.col(name).is_in(wholes[name].unique().implode()) for name in key)
    parts = known.filter(pl.all_horizontal(alike)).select(*key, "location", part_order="source_order").collect()
    parts = parts.join(wholes.join(pairs, on="above"), on=[*key, "location"])
    return parts.group_by("source_order").agg(related=pl.col("part_order").sort())


_SHARED: Final = ("indicator", "period_start", "period_end", "category")
"""The columns that figures of partners share with one of no partner."""


def _by_partner(asked: Asked) -> pl.DataFrame:
    """The figures of partners, and those of no partner beside which they would be added up.

    Shape: one row for each of `_SHARED`: `source_order` of the first of the `parts`, and of every one of the `wholes`.
    """
    unnamed = asked.rows.select((pl.col("partner") == TOTAL).any()).collect().item()
    if not unnamed and not asked.judged.unnamed_elsewhere:
        return NOTHING
    known = asked.rows.filter(pl.col("partners_add"))
    order = pl.col("source_order").sort()
    parts = known.filter(pl.col("partner") != TOTAL).group_by(_SHARED).agg(parts=order.head(_PLACES))
    whole = (pl.col("partner") == TOTAL) & ~(pl.col("assigned") & pl.col("pair_assigned"))
    wholes = known.filter(whole).group_by(_SHARED).agg(wholes=order)
    return parts.join(wholes, on=_SHARED, how="full", coalesce=True).collect()


def _partners(found: pl.DataFrame, _: PlanTables) -> pl.DataFrame:
    """Figures of no partner beside figures of partners for the same place and days, which would be added up."""
    if "wholes" not in found.columns:
        return NOTHING
    every = found.group_by(_SHARED).agg(
        parts=pl.col("parts").explode().drop_nulls().sort().head(_PLACES),
        wholes=pl.col("wholes").explode().drop_nulls(),
    )
    both = every.filter((pl.col("parts").list.len() > 0) & (pl.col("wholes").list.len() > 0))
    return both.explode("wholes").select(source_order="wholes", related="parts")


def _above_of(place: str, parents: dict[str, str | None]) -> list[str]:
    """The larger places that hold a place, up to the whole."""
    found: list[str] = []
    above = parents.get(place)
    while above is not None and above not in found:
        found.append(above)
        above = parents.get(above)
    return [each for each in (*found, TOTAL) if each != place]


def _overlaps(asked: Asked) -> pl.DataFrame:
    """Flows over days that another row of the same series covers already: they would be counted twice."""
    flows = asked.rows.filter((pl.col("accumulation") == "flow") & pl.col("times_add"))
    if _are_apart(flows.select("period_start", "period_end").unique().collect()):
        return NOTHING.with_columns(covered=pl.lit(None, pl.Date), related=pl.lit(None, pl.List(pl.Int64)))
    flows = _with_shared_days(flows.collect()).lazy()
    key = ["indicator", "partner", "location", "category"]
    ordered = flows.sort(*key, "period_start", "period_end", "source_order").with_columns(
        covered=pl.col("period_end").cum_max().shift(1).over(key),
        earlier=pl.col("source_order").shift(1).over(key),
    )
    found = ordered.filter(pl.col("period_start") <= pl.col("covered"))
    twice = found.select("source_order", "covered", related=pl.concat_list("earlier")).collect()
    astray = _astray(flows.select("source_order", "indicator", "partner", "period_start", "period_end").collect())
    return pl.concat([twice, astray.join(twice, on="source_order", how="anti")])


def _are_apart(spans: pl.DataFrame) -> bool:
    """Whether no two different spans share a day, as where everybody reports by the periods of the plan."""
    starts, ends = pl.col("period_start"), pl.col("period_end")
    shared = spans.sort("period_start", "period_end").select((starts <= ends.shift(1)).any()).item()
    return not shared


def _with_shared_days(flows: pl.DataFrame) -> pl.DataFrame:
    """The rows of those indicators and partners of which two different spans share a day."""
    series = ["indicator", "partner"]
    spans = flows.select(*series, "period_start", "period_end").unique().sort(*series, "period_start", "period_end")
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in series)
    shared = spans.filter(same & (pl.col("period_start") <= pl.col("period_end").shift(1)))
    return flows.join(shared.select(series).unique(), on=series, how="semi", maintain_order="left")


def _astray(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose days begin within the days of another row of the indicator and end after them.

    Reports of one indicator by one partner share their periods, or lie within each other; one that straddles two of
    them has a wrong date, most likely, and cannot be compared with the others.
    """
    series = ["indicator", "partner"]
    spans = (
        rows.group_by(*series, "period_start", "period_end")
        .agg(pl.col("source_order").min())
        .sort(*series, "period_start", "period_end")
    )
    found: list[tuple[str, str, dt.date, dt.date, dt.date, int]] = []
    for (indicator, partner), group in spans.group_by(series, maintain_order=True):
        ends: list[tuple[dt.date, int]] = []
        waiting: list[tuple[dt.date, dt.date, int]] = []
        for start, end, order in group.select("period_start", "period_end", "source_order").iter_rows():
            while waiting and waiting[0][0] < start:
                _, earlier, other = waiting.pop(0)
                bisect.insort(ends, (earlier, other))
            at = bisect.bisect_left(ends, (start, -1))
            if at < len(ends) and ends[at][0] < end:
                found.append((str(indicator), str(partner), start, end, *ends[at]))
            waiting.append((start, end, order))
    schema: dict[str, Any] = {
        "indicator": pl.String, "partner": pl.String, "period_start": pl.Date, "period_end": pl.Date,
        "covered": pl.Date, "earlier": pl.Int64,
    }  # fmt: skip
    told = pl.DataFrame(found, schema=schema, orient="row")
    astray = rows.join(told, on=[*series, "period_start", "period_end"])
    return astray.select("source_order", "covered", related=pl.concat_list("earlier"))


def _adding() -> nw.Expr:
    return reported() & nw.col("additive")


TWICE: Final[tuple[Rule, ...]] = (
    Rule(
        code="total-and-partners",
        at="indicator",
        scope="table",
        over="newest",
        where=_adding,
        find=_by_partner,
        merge=_partners,
        expected="figures by partner, or one figure for the whole",
        holds=True,
    ),
    Rule(
        code="total-and-places",
        at="location",
        scope="table",
        spread="partner",
        over="newest",
        where=_adding,
        find=_places,
        expected="figures by place, or one figure for the whole",
        holds=True,
    ),
    Rule(
        code="period-overlap",
        at=("period", "period_start"),
        scope="table",
        spread="partner",
        over="newest",
        where=reported,
        find=_overlaps,
        found="{period_start} to {period_end}",
        expected="days after {covered}, which another row covers",
    ),
)
"""The rules about what would be counted twice."""
