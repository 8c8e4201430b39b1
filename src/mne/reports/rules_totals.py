"""Rules about parts and wholes: categories and their total, two ways to split the same people.

Read `sums` first: every sum that the reported parts make, beside the figure that they should make. Sums are compared as
exact decimals; a sum of some of the parts is only held against a whole that it exceeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.phrases import phrase
from mne.logframe.indicator import TOTAL, category_key, category_parts
from mne.reports.beside import REPORTED, dimensions_of
from mne.reports.context import NOTHING
from mne.reports.rule import Rule
from mne.reports.rules_keys import decimal_text
from mne.reports.rules_rows import reported
from mne.tables.encode import packed
from mne.tables.plan import dimensions_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mne.reports.context import Asked, Judged

__all__ = ["TOTALS", "mismatched", "sums"]

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
    """The newest values of indicators whose parts add up.

    Shape: `source_order` and the numbers; `kind`, a number for each indicator and category; and `same`, a number for
    each cell and unit: for those columns that a value and its parts share.
    """
    rows = judged.newest_rows.keep(REPORTED & pl.col("additive")).select(
        "source_order",
        *_SAME,
        kind=pl.col("#kind"),
        value=pl.when(~pl.col("by_denominator")).then("value"),
        numerator=pl.when("by_denominator").then("numerator"),
        denominator=pl.when("by_denominator").then("denominator"),
    )
    return rows.with_columns(packed(rows, _SAME).alias("same")).drop(_SAME)


def _kinds(judged: Judged) -> pl.DataFrame:
    """What each `kind` of these values is: its `indicator`, `category` and `relation`, and whether it is `signed`."""
    firsts = judged.once(_additive).unique("kind")["source_order"]
    told = judged.newest_rows.of_orders(firsts)
    return told.select("indicator", "category", "relation", "signed", kind=pl.col("#kind"))


def _of_kinds(rows: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(rows["kind"].is_in(kinds["kind"].implode()))


def _coarser(kinds: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """For each kind of row what it is a part of: the whole, figures by fewer dimensions.

    Shape: one row per kind and `wider` (a category), with `dimensions` (of the parts), `size` (how many such parts the
    whole has) and `way`, a number for each of these three.
    """
    found: list[tuple[int, str, str, int]] = []
    asked = kinds.sort("indicator", "category").select("indicator", "category", "kind")
    kinds_of: dict[str, dict[str, int]] = {}
    for indicator, category, kind in asked.iter_rows():
        kinds_of.setdefault(indicator, {})[category] = kind
    # Most indicators are split alike, so that the same question is asked once.
    known: dict[tuple[object, ...], list[tuple[str, str, str, int]]] = {}
    for indicator, own in kinds_of.items():
        sizes = {name: len(codes) for name, codes in judged.tables.dimensions(indicator).items()}
        categories = [category for category in own if category != TOTAL]
        question = (*categories, *sizes.items())
        if question not in known:
            known[question] = list(_wider(categories, sizes))
        found += [(own[category], *told) for category, *told in known[question]]  # type: ignore[misc] # of four
    schema = {"kind": pl.UInt32, "wider": pl.String, "dimensions": pl.String, "size": pl.Int64}
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

    Shape: one row per `sum`, which is `same` (cell and unit), `wider` (the category that the parts make) and
    `dimensions` (of the parts), with `parts` and `size` (how many there are and should be), the sums `sum_value`,
    `sum_numerator` and `sum_denominator`, `way` (which parts; see `_orders`), and of the whole, where it was reported,
    `source_order` and its numbers.
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
        parts.group_by("sum")
        .agg(
            *(pl.col(name).sum().alias(f"sum_{name}") for name in there),
            *(pl.col(name).first() for name in ("same", "way", "signed")),
            parts=pl.len().cast(pl.Int64),
        )
        .with_columns(none)
        .join(ways, on="way")
    )
    # Most often a part is one of the whole alone: then the cell is enough to find it by.
    several = coarser["wider"].n_unique() > 1
    made = judged.once(_kinds).filter(pl.col("category").is_in(coarser["wider"].implode()))
    wholes = _of_kinds(rows, made).select("same", "kind", "source_order", *_NUMBERS)
    wholes = wholes.join(made.select("kind", wider="category"), on="kind") if several else wholes
    return added.join(wholes.drop("kind"), on=["same", "wider"] if several else "same", how="left")


def _added_parts(judged: Judged) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The parts that add up, once for each `way` in which they make something wider; and what `_coarser` says of them.

    Shape: `sum`, a number for each `same` and `way`, these, `source_order`, `signed` and the numbers.
    """
    rows = judged.once(_additive)
    kinds = judged.once(_kinds).filter((pl.col("category") != TOTAL) & (pl.col("relation") != _OVERLAPPING))
    if not kinds.height:
        return kinds, kinds
    coarser = _coarser(kinds, judged)
    ways = coarser.select("kind", "way").join(kinds.select("kind", "signed"), on="kind")
    told = _of_kinds(rows, kinds).join(ways, on="kind").drop("kind")
    return told.with_columns(packed(told, ("same", "way")).alias("sum")), coarser


def _orders(told: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """`told` with `orders`, the `source_order` of the parts of each sum, and their figures as `parts_value` and so on.

    It is asked of the few sums that are wrong.
    """
    parts, _ = judged.once(_added_parts)
    mine = parts.filter(parts["sum"].is_in(told["sum"].implode())).sort("source_order")
    figures = {f"parts_{name}": decimal_text(name) for name in _NUMBERS}
    orders = mine.select("sum", orders="source_order", **figures).group_by("sum", maintain_order=True).agg(pl.all())
    return told.join(orders, on="sum", how="left", maintain_order="left")


def _no_sums(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.clear().with_columns(
        *(pl.col(name).alias(f"sum_{name}") for name in _NUMBERS),
        wider=pl.lit(""), dimensions=pl.lit(""), signed=pl.lit(value=False),
        parts=pl.lit(0), size=pl.lit(0), way=pl.lit(0, pl.Int64), sum=pl.lit(0, pl.Int64),
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


def mismatched(judged: Judged) -> pl.DataFrame:
    """Wholes that the parts of some split do not make, with `by`, the dimensions of another split that does make it."""
    complete = judged.once(sums).filter(_COMPLETE)
    found = _wrong(complete, judged, above=False)
    if not found.height:
        return found.with_columns(by=pl.lit(None, pl.List(pl.String)))
    made = pl.all_horizontal(pl.col(f"sum_{name}").eq_missing(pl.col(name).fill_null(0)) for name in _NUMBERS)
    mine = complete.filter(pl.col("source_order").is_in(found["source_order"].implode()))
    right = mine.filter(made).group_by("source_order").agg(by=pl.col("dimensions").min().str.split("|"))
    return found.join(right, on="source_order", how="left", maintain_order="left")


def _wrong_totals(asked: Asked) -> pl.DataFrame:
    """Totals that nothing speaks for."""
    return asked.judged.once(mismatched).filter(pl.col("by").is_null())


def _wrong_parts(asked: Asked) -> pl.DataFrame:
    """The parts of a split, where those of another one make the total: told at the first of them.

    Shape: as `_wrong`, with `total`, the figure of the whole.
    """
    found = asked.judged.once(mismatched).filter(pl.col("by").is_not_null())
    if not found.height:
        return NOTHING
    wholes = asked.judged.once(_additive).select("source_order", *(decimal_text(name) for name in _NUMBERS))
    found = found.join(wholes, on="source_order", how="left", maintain_order="left")
    total = pl.coalesce(pl.when(pl.col("at") == name).then(name) for name in _NUMBERS)
    others = pl.concat_list(pl.col("related").list.slice(1), pl.col("source_order"))
    return found.select("at", "made", "by", total=total, related=others, source_order=pl.col("related").list.first())


def _above(asked: Asked) -> pl.DataFrame:
    some = (pl.col("parts") < pl.col("size")) & ~pl.col("signed")
    return _wrong(asked.judged.once(sums).filter(some), asked.judged, above=True)


def _overlapping(asked: Asked) -> pl.DataFrame:
    """Wholes that are less than one of their categories, where people may be in several of them."""
    every, kinds = (asked.judged.once(each) for each in (_additive, _kinds))
    overlapping = (pl.col("category") != TOTAL) & (pl.col("relation") == _OVERLAPPING) & ~pl.col("signed")
    parted = kinds.filter(overlapping)
    if not parted.height:
        return NOTHING
    size = pl.coalesce("value", "numerator")
    parts = _of_kinds(every, parted).select("same", part=size, part_order="source_order")
    wholes = _of_kinds(every, kinds.filter(pl.col("category") == TOTAL)).select("same", "source_order", total=size)
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
    wrong = asked.judged.once(mismatched)
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


def _adding() -> nw.Expr:
    return reported() & nw.col("additive")


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
        find=_wrong_totals,
        expected="{made}",
    ),
    Rule(
        code="total-mismatch",
        at=_VALUE,
        scope="table",
        spread="partner",
        over="newest",
        holds_related=True,
        where=_adding,
        find=_wrong_parts,
        found="{total}",
        expected="{made}, while those by {by} make it",
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
)
"""The rules about parts and wholes."""
