"""Rules about parts and wholes: categories and their total, two ways to split the same people, places within places.

Read `sums` first: every sum that the reported parts make, beside the figure that they should make. Sums are compared as
exact decimals; a sum of some of the parts is only held against a whole that it exceeds.
"""

from __future__ import annotations

import bisect
import datetime as dt
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.phrases import phrase
from mne.logframe.indicator import TOTAL, category_key, category_parts
from mne.reports.beside import REPORTED, dimensions_of
from mne.reports.context import NOTHING
from mne.reports.rule import Rule
from mne.reports.rules_keys import decimal_text
from mne.tables.encode import packed
from mne.tables.observations import State
from mne.tables.plan import dimensions_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mne.reports.context import Asked, Judged
    from mne.tables.plan import PlanTables

__all__ = ["TOTALS", "sums"]

CELL: Final = ("indicator", "partner", "location", "period_start", "period_end")
"""The columns that a value and its parts share."""

_SAME: Final = (*(f"#{name}" for name in CELL), "#own")
_NUMBERS: Final = ("value", "numerator", "denominator")
_OVERLAPPING: Final = "overlapping"
_PLACES: Final = 51
"""Other rows that a finding may name, and one more."""
_MADE: Final = phrase("{amount} by {by}")
_MORE: Final = phrase("{amount} by {by} ({figures}), {off} more")
_LESS: Final = phrase("{amount} by {by} ({figures}), {off} less")
_FEW_PARTS: Final = 6
"""Parts of a sum that are told one by one."""


def _additive(judged: Judged) -> pl.DataFrame:
    """The newest values of indicators whose parts add up, with `_unit`, their unit by its name, and `same`.

    That is a number for each cell and unit: for those columns that a value and its parts share.
    """
    told = judged.newest_rows.keep(REPORTED & pl.col("additive")).lazy()
    rows = told.select(
        *CELL,
        *_SAME,
        *("category", "dimensions", "relation", "signed", "by_denominator", "source_order"),
        _unit=pl.coalesce("unit", "own_unit", pl.lit("")),
        value=pl.when(~pl.col("by_denominator")).then("value"),
        numerator=pl.when("by_denominator").then("numerator"),
        denominator=pl.when("by_denominator").then("denominator"),
    ).collect()
    return rows.with_columns(packed(rows, _SAME).alias("same")).drop(_SAME)


def _coarser(rows: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """For each `kind` of row, an indicator and category, what it is a part of: the whole, figures by fewer dimensions.

    Shape: one row per kind and `wider` (a category), with `dimensions` (of the parts), `size` (how many such parts the
    whole has) and `way`, a number for each of these three.
    """
    found: list[tuple[int, str, str, int]] = []
    asked = rows.unique("kind").sort("indicator", "category")
    kinds_of: dict[str, dict[str, int]] = {}
    for indicator, category, kind in asked.select("indicator", "category", "kind").iter_rows():
        kinds_of.setdefault(indicator, {})[category] = kind
    # Most indicators are split alike, so that the same question is asked once.
    known: dict[tuple[object, ...], list[tuple[str, str, str, int]]] = {}
    for indicator, kinds in kinds_of.items():
        sizes = {name: len(codes) for name, codes in judged.tables.dimensions(indicator).items()}
        categories = [category for category in kinds if category != TOTAL]
        question = (*categories, *sizes.items())
        if question not in known:
            known[question] = list(_wider(categories, sizes))
        found += [(kinds[category], *told) for category, *told in known[question]]  # type: ignore[misc] # of four
    schema = {"kind": pl.Int64, "wider": pl.String, "dimensions": pl.String, "size": pl.Int64}
    told = pl.DataFrame(found, schema=schema, orient="row")
    return told.with_columns(packed(told, ("wider", "dimensions", "size")).alias("way"))


def _wider(categories: Sequence[str], sizes: Mapping[str, int]) -> Iterator[tuple[str, str, str, int]]:
    """Of each category the wider ones that it is a part of, its dimensions, and how many such parts they have."""
    splits = sorted({frozenset(dimensions_of(category)) for category in categories}, key=sorted)
    for category in categories:
        parts = _parts(category)
        for fewer in (frozenset[str](), *(split for split in splits if split < parts.keys())):
            size = 1
            for dimension in parts.keys() - fewer:
                size *= sizes.get(dimension, 0)
            whole = category_key({name: code for name, code in parts.items() if name in fewer})
            yield category, whole, dimensions_key(tuple(parts)), size


def _parts(category: str) -> dict[str, str]:
    try:
        return category_parts(category)
    except ValueError:
        return {}


def sums(judged: Judged) -> pl.DataFrame:
    """What the reported parts of every value add up to.

    Shape: one row per `same` (cell and unit), `wider` (the category that the parts make) and `dimensions` (of the
    parts), with `parts` and `size` (how many there are and should be), the sums `sum_value`, `sum_numerator` and
    `sum_denominator`, `way` (which parts; see `_orders`), and of the whole, where it was reported, `source_order` and
    its numbers.
    """
    rows = judged.once(_additive)
    parts, coarser = judged.once(_added_parts)
    if not parts.height:
        return _no_sums(rows)
    # Of what nobody reported the sum is nothing, without adding it up.
    there = [name for name in _NUMBERS if parts[name].null_count() < parts.height]
    none = (pl.lit(0).cast(rows.schema[name]).alias(f"sum_{name}") for name in _NUMBERS if name not in there)
    ways = coarser.drop("kind").unique("way")
    added = (
        parts.with_columns(packed(parts, ("same", "way")).alias("_key"))
        .group_by("_key")
        .agg(
            *(pl.col(name).sum().alias(f"sum_{name}") for name in there),
            *(pl.col(name).first() for name in ("same", "way", "signed")),
            parts=pl.len().cast(pl.Int64),
        )
        .drop("_key")
        .with_columns(none)
        .join(ways, on="way")
    )
    wider = coarser["wider"].unique()
    wholes = rows.filter(rows["category"].is_in(wider.implode()))
    wholes = wholes.select("same", pl.col("category").alias("wider"), "source_order", *_NUMBERS)
    # Most often a part is one of the whole alone: then the cell is enough to find it by.
    both = ["same", "wider"] if len(wider) > 1 else ["same"]
    wholes = wholes if len(wider) > 1 else wholes.drop("wider")
    return added.join(wholes, on=both, how="left")


def _added_parts(judged: Judged) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The parts that add up, once for each `way` in which they make something wider; and what `_coarser` says of them.

    Shape: `same`, `way`, `source_order`, `signed` and the numbers.
    """
    rows = judged.once(_additive)
    parts = rows.filter((pl.col("category") != TOTAL) & (pl.col("relation") != _OVERLAPPING))
    if not parts.height:
        return parts, parts
    parts = parts.with_columns(packed(parts, ("indicator", "category")).alias("kind"))
    coarser = _coarser(parts, judged)
    ways = coarser.select("kind", "way")
    told = parts.select("kind", "same", "source_order", "signed", *_NUMBERS).join(ways, on="kind").drop("kind")
    return told, coarser


def _orders(told: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """`told` with `orders`, the `source_order` of the parts of each sum, and their figures as `parts_value` and so on.

    It is asked of the few sums that are wrong.
    """
    parts, _ = judged.once(_added_parts)
    key = ["same", "way"]
    orders = (
        parts.join(told.select(key).unique(), on=key, how="semi")
        .group_by(key)
        .agg(
            orders=pl.col("source_order").sort(),
            **{f"parts_{name}": decimal_text(name).sort_by("source_order") for name in _NUMBERS},
        )
    )
    return told.join(orders, on=key, how="left", maintain_order="left")


def _no_sums(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.clear().with_columns(
        *(pl.col(name).alias(f"sum_{name}") for name in _NUMBERS),
        wider=pl.lit(""), parts=pl.lit(0), size=pl.lit(0), way=pl.lit(0, pl.Int64),
    )  # fmt: skip


_COMPLETE: Final = pl.col("parts") == pl.col("size")


def _wrong(told: pl.DataFrame, judged: Judged, *, above: bool) -> pl.DataFrame:
    """Wholes that their parts do not make (`above`: that their parts exceed), one row each.

    Shape: `source_order` of the whole, `at` (the column that differs), `made` (the sums, as phrases), `related`.
    """
    pairs = {name: (pl.col(f"sum_{name}"), pl.col(name)) for name in _NUMBERS}
    differs = {name: made > total if above else made != total for name, (made, total) in pairs.items()}
    there = told.filter(pl.col("source_order").is_not_null() & pl.any_horizontal(*differs.values()))
    if not there.height:
        return NOTHING
    there = _orders(there, judged)
    frames = [
        there.filter(wrong).with_columns(
            at=pl.lit(name),
            amount=decimal_text(f"sum_{name}"),
            figures=_added_up(pl.col(f"parts_{name}")),
            words=pl.when(pl.col(f"sum_{name}") > pl.col(name))
            .then(pl.lit(_MORE.template))
            .otherwise(pl.lit(_LESS.template)),
            off=(pl.col(f"sum_{name}") - pl.col(name)).abs(),
        )
        for name, wrong in differs.items()
    ]
    found = pl.concat(frames).unique(["source_order", "dimensions"], keep="first", maintain_order=True)
    by = pl.col("dimensions").str.split("|")
    return (
        found.sort("source_order", "dimensions")
        .with_columns(made=pl.struct("amount", "figures", decimal_text("off"), phrase="words", by=by))
        .group_by("source_order", maintain_order=True)
        .agg(pl.col("at").first(), made=pl.col("made"), related=pl.col("orders").explode().unique().sort())
    )


def _added_up(figures: pl.Expr) -> pl.Expr:
    """The figures of a sum, the first few of them."""
    few = figures.list.head(_FEW_PARTS).list.join(" + ")
    return pl.when(figures.list.len() > _FEW_PARTS).then(few + " + …").otherwise(few)


def _mismatched(asked: Asked) -> pl.DataFrame:
    return _wrong(asked.judged.once(sums).filter(_COMPLETE), asked.judged, above=False)


def _above(asked: Asked) -> pl.DataFrame:
    some = (pl.col("parts") < pl.col("size")) & ~pl.col("signed")
    return _wrong(asked.judged.once(sums).filter(some), asked.judged, above=True)


def _overlapping(asked: Asked) -> pl.DataFrame:
    """Wholes that are less than one of their categories, where people may be in several of them."""
    every = asked.judged.once(_additive)
    size = pl.coalesce("value", "numerator")
    parts = every.filter((pl.col("category") != TOTAL) & (pl.col("relation") == _OVERLAPPING) & ~pl.col("signed"))
    if not parts.height:
        return NOTHING
    parts = parts.select("same", part=size, part_order="source_order")
    wholes = every.filter(pl.col("category") == TOTAL).select("same", "source_order", total=size)
    both = wholes.join(parts, on="same").filter(pl.col("part") > pl.col("total")).sort("part", "part_order")
    found = both.group_by("source_order").agg(pl.col("part").last(), related=pl.col("part_order").sort())
    return found.select("source_order", "related", largest=decimal_text("part"))


def _disagreeing(asked: Asked) -> pl.DataFrame:
    """Two complete ways to split the same value, with no total to hold them against, that make different sums."""
    told = asked.judged.once(sums).filter(_COMPLETE & (pl.col("wider") == TOTAL) & pl.col("source_order").is_null())
    if not told.height:
        return NOTHING
    several = pl.any_horizontal(pl.col(f"sum_{name}").n_unique().over("same") > 1 for name in _NUMBERS)
    found: list[tuple[int, str, dict[str, Any], dict[str, Any], list[int]]] = []
    doubtful = _orders(told.filter(several), asked.judged).sort("same", "way")
    if not doubtful.height:
        return NOTHING
    # Where a sum is wrong within one of the splits, that is what makes the two differ.
    wrong = _mismatched(asked)
    known = {*wrong["source_order"], *wrong["related"].explode()} if wrong.height else set()
    for _, group in doubtful.group_by("same", maintain_order=True):
        first, *others = group.iter_rows(named=True)
        for other in others:
            at = next((name for name in _NUMBERS if other[f"sum_{name}"] != first[f"sum_{name}"]), None)
            nested = set(first["dimensions"].split("|")) <= set(other["dimensions"].split("|"))
            if at is not None and not nested and known.isdisjoint((*first["orders"], *other["orders"])):
                told_other, told_first = (_told(each, at) for each in (other, first))
                found.append((other["orders"][0], at, told_other, told_first, first["orders"]))
    made = pl.Struct({"phrase": pl.String, "amount": pl.String, "by": pl.List(pl.String)})
    schema: dict[str, Any] = {
        "source_order": pl.Int64, "at": pl.String, "sum": made, "other": made, "related": pl.List(pl.Int64),
    }  # fmt: skip
    return pl.DataFrame(found, schema=schema, orient="row")


def _told(row: dict[str, Any], column: str) -> dict[str, Any]:
    amount = row[f"sum_{column}"]
    return {"phrase": _MADE.template, "amount": f"{amount.normalize():f}", "by": row["dimensions"].split("|")}


# ---------------------------------------------------------------------------------------------- what is not complete


def _incomplete(asked: Asked) -> pl.DataFrame:
    """Values without some of the categories that the plan asks for; what could not be read is not missing."""
    required = asked.judged.tables.splits.filter("required").select("indicator", wanted="dimensions")
    if not required.height:
        return NOTHING
    key = [*CELL]
    named = pl.all_horizontal(pl.col(*key, "category").is_not_null()) & ~pl.col("astray")
    mine = pl.col("indicator").is_in(required["indicator"].implode())
    # What the plan does not ask is told as that; it may be the part of another place.
    unasked = pl.col("assigned") & (pl.col("partner") != TOTAL) & ~pl.col("pair_assigned")
    every = asked.judged.every.keep(named & mine)
    rows = every.keep(~unasked.fill_null(value=False)).lazy()
    known = rows.select(*key, "category", "state", "plan_at", "source_order").collect()
    told = known.filter(REPORTED).select(key).unique()
    unread = asked.judged.unread((*key, "category"))
    parts = every.keep(unasked & (pl.col("category") != TOTAL)).lazy().select(*key, "category", "plan_at").collect()
    unread = pl.concat(
        [unread.select(parts.columns), parts.with_columns(location=pl.lit(None, pl.String))], how="vertical_relaxed"
    )
    cells = _without_unread(known.join(told, on=key, how="semi"), unread, key)
    there = (
        cells.sort("source_order")
        .group_by(key, maintain_order=True)
        .agg(pl.col("category").unique(), pl.col("source_order").first())
    )
    wanted = [
        (indicator, dimensions, _every(dimensions, asked.judged.tables.dimensions(indicator)))
        for indicator, dimensions in required.iter_rows()
    ]
    schema: dict[str, Any] = {"indicator": pl.String, "wanted": pl.String, "every": pl.List(pl.String)}
    gaps = there.join(pl.DataFrame(wanted, schema=schema, orient="row"), on="indicator").with_columns(
        lacking=pl.col("every").list.set_difference("category")
    )
    gaps = gaps.filter(pl.col("lacking").list.len() > 0).with_columns(size=pl.col("every").list.len())
    by = pl.col("wanted").str.split("|")
    told_of = pl.col("size") - pl.col("lacking").list.len()
    return gaps.select("source_order", "size", by=by, there=told_of, lacking=pl.col("lacking").list.sort())


def _without_unread(cells: pl.DataFrame, unread: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The cells of which no row can be a part whose category, or a column of the key, was not understood."""
    patterns = unread.select(pl.col(key).is_not_null()).unique()
    for pattern in patterns.iter_rows(named=True):
        there = [name for name in key if pattern[name]]
        alike = unread.filter(pl.all_horizontal(pl.col(name).is_not_null() == pattern[name] for name in key))
        # A row of which nothing was understood says nothing about any cell.
        if there:
            on = ["plan_at", *there]
            cells = cells.join(alike.select(on).unique(), on=on, how="anti")
    return cells


def _every(dimensions: str, codes: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Every category of a split, encoded with the dimensions in the plan's order."""
    names = [name for name in codes if name in dimensions.split("|")]
    if dimensions_key(tuple(names)) != dimensions:
        return []
    return [category_key(dict(zip(names, each, strict=True))) for each in product(*(codes[name] for name in names))]


# ------------------------------------------------------------------------------------------ places and days in others


def _places(asked: Asked) -> pl.DataFrame:
    """Figures of a place beside figures of places within it, which would be added to each other."""
    parents = dict(asked.judged.tables.codes.filter(pl.col("kind") == "location").select("code", "parent").iter_rows())
    there = asked.rows.select(pl.col("location").unique().sort()).collect()["location"]
    within = [(place, above) for place in there for above in _above_of(place, parents)]
    if not {above for _, above in within} & set(there):
        return NOTHING
    known = asked.rows.filter(pl.col("places_add")).select(
        "source_order", "indicator", "partner", "period_start", "period_end", "category", "location", "assigned",
        "pair_assigned",
    ).collect()  # fmt: skip
    pairs = pl.DataFrame(within, schema={"location": pl.String, "above": pl.String}, orient="row")
    key = ["indicator", "partner", "period_start", "period_end", "category"]
    parts = known.join(pairs, on="location").select(*key, part_order="source_order", location="above")
    # Where the plan itself asks for both, it means both.
    wholes = known.filter(~(pl.col("assigned") & pl.col("pair_assigned")))
    found = wholes.join(parts, on=[*key, "location"]).group_by("source_order").agg(related=pl.col("part_order").sort())
    return found.select("source_order", "related")


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


def _reported() -> nw.Expr:
    return nw.col("state") == State.REPORTED.value


def _adding() -> nw.Expr:
    return _reported() & nw.col("additive")


_VALUE: Final = ("value", "numerator", "denominator")

TOTALS: Final[tuple[Rule, ...]] = (
    Rule(
        code="total-mismatch",
        at=_VALUE,
        scope="table",
        spread="partner",
        over="newest",
        holds_related=True,
        where=_adding,
        find=_mismatched,
        expected="{made}",
    ),
    Rule(
        code="total-exceeded",
        at=_VALUE,
        scope="table",
        spread="partner",
        over="newest",
        holds_related=True,
        where=lambda: _adding() & (nw.col("relation") != _OVERLAPPING),
        find=_above,
        expected="at least {made}",
    ),
    Rule(
        code="total-exceeded",
        at=_VALUE,
        scope="table",
        spread="partner",
        over="newest",
        holds_related=True,
        where=lambda: _adding() & (nw.col("relation") == _OVERLAPPING),
        find=_overlapping,
        expected="at least {largest}, which one of its categories has",
    ),
    Rule(
        code="total-splits-disagree",
        at=_VALUE,
        scope="table",
        spread="partner",
        over="newest",
        where=lambda: _adding() & (nw.col("category") != TOTAL),
        find=_disagreeing,
        found="{sum} and {other}",
        expected="the same sum for every split",
    ),
    Rule(
        code="total-parts-missing",
        at=_VALUE,
        scope="table",
        spread="partner",
        over="read",
        find=_incomplete,
        found="{there} of {size} parts by {by}",
        expected="{lacking}",
    ),
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
        where=_reported,
        find=_overlaps,
        found="{period_start} to {period_end}",
        expected="days after {covered}, which another row covers",
    ),
)
"""The rules about parts and wholes."""
