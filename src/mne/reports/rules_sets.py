"""Rules about rows that belong together: copies and conflicts of one cell, totals and their parts.

Each takes the frame with its facts and returns the offending rows; its docstring states what is asked of the set.
Sums are of exact decimals, so that a total either agrees or does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.logframe.indicator import TOTAL, category_parts
from mne.reports.rule import Rule
from mne.tables.engine import newest
from mne.tables.observations import KEY, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mne.logframe.model import Logframe

__all__ = ["RULES", "reported"]

_NUMBERS: Final = ("value", "numerator", "denominator")
_CELL: Final = ("project", "indicator", "period_start", "period_end", "partner", "location")
_SAME: Final = (*KEY, "revision", "state", "text", "unit", *_NUMBERS)


def reported(frame: pl.DataFrame) -> pl.DataFrame:
    """The newest reported row of each cell."""
    current: pl.DataFrame = newest(frame, key=KEY)
    return current.filter(pl.col("state") == State.REPORTED.value)


def copies(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A cell is reported once in each revision; a second, equal row adds nothing and is set aside."""
    del plan
    first = pl.col("source_order").min().over(_SAME)
    again = frame.with_columns(first=first).filter(pl.col("source_order") > pl.col("first"))
    return again.select("source_order", related=pl.concat_list("first"))


def conflicts(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """Two rows for one cell and revision say the same; where they do not, nobody knows which is right."""
    del plan
    once = frame.unique(list(_SAME), keep="first", maintain_order=True)
    cell = [*KEY, "revision"]
    there = once.group_by(cell).agg(related=pl.col("source_order"), _n=pl.len()).filter(pl.col("_n") > 1)
    return frame.join(there, on=cell, how="inner", nulls_equal=True).select("source_order", "related")


def earlier_revisions(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A later revision is not received before the one that it replaces."""
    del plan
    dated = frame.filter(pl.col("reported_on").is_not_null()).sort("revision", "source_order")
    before = pl.col("reported_on").shift(1).over(KEY)
    newer = pl.col("revision") > pl.col("revision").shift(1).over(KEY)
    return dated.filter(newer & (pl.col("reported_on") < before)).select(
        "source_order", expected=pl.lit("a day after the revision before it was received")
    )


# --- totals and parts -------------------------------------------------------------------------------------------


def _splits(plan: Logframe, indicators: pl.Series) -> Iterator[tuple[str, tuple[str, ...], bool, bool]]:
    """Each declared split of each indicator that occurs: its dimensions, whether parts add up, whether required."""
    for code in indicators.unique().sort():
        indicator = plan.indicators.get(code)
        for split in indicator.disaggregation if indicator is not None else ():
            yield code, tuple(sorted(split.dimensions)), split.relation == "sums_to_total", bool(split.required)


def _with_split(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the set of dimensions of each category, as text."""
    distinct = frame.select("category").unique()
    names = [(category, _names(category)) for category in distinct["category"]]
    table = pl.DataFrame(names, schema={"category": pl.String, "split": pl.String}, orient="row")
    return frame.join(table, on="category", how="left")


def _names(category: str) -> str:
    try:
        return "|".join(sorted(category_parts(category)))
    except ValueError:
        return category


def _sums(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """Per cell and split: what the parts add up to, how many there are, how many there should be, and the total.

    Shape: one row per cell, split and kind of number. Only rows in the indicator's own unit take part.
    """
    known = _with_split(reported(frame).filter(pl.col("unit").is_null() | (pl.col("unit") == pl.col("own_unit"))))
    sizes = {dimension.id: len(dimension.codes) for dimension in plan.dimensions}
    declared = [
        (code, "|".join(names), adds, required, _size(names, sizes))
        for code, names, adds, required in _splits(plan, known["indicator"])
    ]
    schema: dict[str, Any] = {
        "indicator": pl.String, "split": pl.String, "adds": pl.Boolean, "required": pl.Boolean, "size": pl.Int64,
    }  # fmt: skip
    splits = pl.DataFrame(declared, schema=schema, orient="row")
    parts = known.join(splits, on=["indicator", "split"], how="inner")
    totals = known.filter(pl.col("category") == TOTAL)
    tables = []
    for name in ("value", "numerator", "denominator"):
        summed = (
            parts.filter(pl.col(name).is_not_null())
            .group_by(*_CELL, "split", "adds", "required", "size")
            .agg(parts=pl.col(name).sum(), n=pl.len(), related=pl.col("source_order"))
        )
        total = totals.filter(pl.col(name).is_not_null()).select(*_CELL, "source_order", total=pl.col(name))
        tables.append(summed.join(total, on=list(_CELL), how="left").with_columns(number=pl.lit(name)))
    return pl.concat(tables)


def _size(names: tuple[str, ...], sizes: dict[str, int]) -> int:
    size = 1
    for name in names:
        size *= sizes.get(name, 0)
    return size


def _told(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String).str.strip_suffix("000000000").str.strip_chars_end(".")


def parts_and_total(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A complete set of parts adds up to the total that was entered beside it."""
    off = _sums(frame, plan).filter("adds", pl.col("n") == pl.col("size"), pl.col("parts") != pl.col("total"))
    expected = pl.lit("a total of ") + _told(pl.col("parts")) + pl.lit(", as the parts add up to")
    return _first_of(off.select("source_order", "number", "related", found=_told(pl.col("total")), expected=expected))


def parts_over_total(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """Parts of which some are missing are together no more than the total."""
    off = _sums(frame, plan).filter("adds", pl.col("n") < pl.col("size"), pl.col("parts") > pl.col("total"))
    expected = pl.lit("a total of at least ") + _told(pl.col("parts")) + pl.lit(", the sum of the parts")
    return _first_of(off.select("source_order", "number", "related", found=_told(pl.col("total")), expected=expected))


def _first_of(found: pl.DataFrame) -> pl.DataFrame:
    """One finding per total, not one for its numerator and another for its denominator."""
    return found.sort("source_order", "number", descending=[False, True]).unique(
        "source_order", keep="first", maintain_order=True
    )


def splits_that_disagree(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """The same people split in two ways add up to the same."""
    whole = _sums(frame, plan).filter("adds", pl.col("n") == pl.col("size"))
    cell = [*_CELL, "number"]
    spread = whole.group_by(cell).agg(
        low=pl.col("parts").min(), high=pl.col("parts").max(), related=pl.col("related").explode()
    )
    off = spread.filter(pl.col("low") != pl.col("high"))
    return _first_of(
        off.select(
            "number",
            "related",
            source_order=pl.col("related").list.min(),
            found=_told(pl.col("low")) + pl.lit(" and ") + _told(pl.col("high")),
            expected=pl.lit("the same sum for every split"),
        )
    )


def missing_parts(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """Where a split is required, every combination of its codes is reported."""
    off = _sums(frame, plan).filter("required", pl.col("n") < pl.col("size")).sort("number", descending=True)
    once = off.unique([*_CELL, "split"], keep="first", maintain_order=True)
    return once.select(
        source_order=pl.col("related").list.min(),
        found=pl.col("n").cast(pl.String) + pl.lit(" of ") + pl.col("size").cast(pl.String) + pl.lit(" parts"),
        expected=pl.lit("every category of the split, a zero where there was nobody"),
    )


def whole_and_places(frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
    """A partner reports an indicator either for the whole or by place, not both: they would be added."""
    del plan
    known = reported(frame)
    scope = ["project", "indicator", "period_start", "period_end", "partner"]
    both = (pl.col("location") == TOTAL).any().over(scope) & (pl.col("location") != TOTAL).any().over(scope)
    off = known.filter(both)
    return off.filter(pl.col("location") == TOTAL).select(
        "source_order", expected=pl.lit("figures by place, or one figure for the whole")
    )


RULES: Final[tuple[Rule, ...]] = (
    Rule("row-duplicate", "indicator", copies, "set", holds=True, expected="each row once"),
    Rule("key-conflict", "value", conflicts, "set", holds=True, expected="one figure for one cell"),
    Rule("revision-order", "reported_on", earlier_revisions, "set"),
    Rule("total-mismatch", "value", parts_and_total, "set"),
    Rule("total-exceeded", "value", parts_over_total, "set"),
    Rule("total-splits-disagree", "value", splits_that_disagree, "set"),
    Rule("total-parts-missing", "value", missing_parts, "set"),
    Rule("total-and-places", "location", whole_and_places, "set", holds=True),
)
