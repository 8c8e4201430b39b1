"""Rules about reports, and figures in them, that are those of the period before once more.

Read `COPIES` first. None of these holds a row back: what stands still may be true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.catalogue import Severity
from mne.logframe.indicator import Accumulation, Measure
from mne.reports.beside import REPORTED
from mne.reports.context import NOTHING
from mne.reports.in_series import FLOW, PAIR, TOTAL_TO_DATE, reported
from mne.reports.rule import Rule
from mne.reports.rules_keys import EXACT
from mne.tables.encode import in_order, packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mne.reports.context import Asked, Judged

__all__ = ["COPIES"]

CELLS: Final = 3
"""Equal values above zero that a copied report must have."""

NOTABLE: Final = 30
"""A figure from here up seldom comes again by chance."""

SEVERAL: Final = 2
"""So many indicators that all repeat their figures were copied."""


WITH_PARTS: Final = 4
"""So many large figures of one indicator in one period, which all are those of the period before, were copied."""


def _copies(judged: Judged) -> pl.DataFrame:
    """Reports of a partner that are the last one once more, cell by cell."""
    if not judged.has_history:
        return NOTHING
    # 1600 thousand somoni and 1,600,000 somoni are the same figure.
    amount = (pl.col("value").cast(pl.Float64) * pl.col("factor")).round_sig_figs(EXACT).alias("amount")
    content = ["amount", "numerator", "denominator", "state", "text"]
    report = ["partner", "frequency", "plan_number"]
    numeric = pl.col("measure").is_in([Measure.YES_NO.value, Measure.ORDINAL.value, Measure.MILESTONE.value]).not_()
    # A total to date that has not grown is often true, a figure of the quarter seldom is the last one again.
    telling = numeric & ~pl.col("words") & ~TOTAL_TO_DATE & (pl.coalesce("numerator", "value") != 0)
    whole = judged.newest_rows.keep(pl.col("#whole"))
    rows = whole.lazy()
    # A place in time is one of a frequency: one number says what partner, frequency and period do.
    cells = rows.select("#partner", "#place", "source_order", telling=telling).collect()
    cells = cells.select("source_order", "telling", report=packed(cells, ("#partner", "#place")))
    counts = cells.group_by("report").agg(pl.col("source_order").first(), pl.col("telling").sum(), cells=pl.len())
    names = whole.of_orders(counts["source_order"]).select("source_order", *report)
    counts = names.join(counts, on="source_order").drop("source_order")
    before = counts.select(
        "partner", "frequency", pl.col("plan_number") + 1, last=pl.col("report"), cells_before=pl.col("cells")
    )
    # Cells are compared only where two reports have as many of them.
    alike = counts.join(before, on=report).filter(
        (pl.col("cells") == pl.col("cells_before")) & (pl.col("telling") >= CELLS)
    )
    if not alike.height:
        return NOTHING
    there = cells["report"].is_in(pl.concat([alike["report"], alike["last"]]).implode())
    known = whole.keep(there).lazy().select("series", "source_order", amount, *content[1:], telling=telling).collect()
    known = known.with_columns(cells["report"].filter(there))
    earlier = known.rename({name: f"last_{name}" for name in content}).drop("source_order", "telling")
    earlier = earlier.join(alike.select("last", meant="report"), left_on="report", right_on="last").drop("report")
    found = (
        known.join(earlier, left_on=["series", "report"], right_on=["series", "meant"])
        .filter(_alike(content))
        .group_by("report")
        .agg(pl.len().alias("equal"), pl.col("telling").sum(), pl.col("source_order").min())
        .join(alike.select("report", "cells"), on="report")
        .filter((pl.col("equal") == pl.col("cells")) & (pl.col("telling") >= CELLS))
    )
    return found.select("source_order", "equal").sort("source_order")


def _repeated(judged: Judged) -> pl.DataFrame:
    """Indicators of a report whose figures are those of the last one, several of each, while other figures differ.

    Small figures come again by chance, and what stands may stand still: neither says anything.
    """
    if not judged.has_history:
        return NOTHING
    numeric = pl.col("measure").is_in([Measure.NUMBER.value, Measure.CURRENCY.value]) | pl.col("by_denominator")
    numbers = ("value", "numerator", "denominator")
    newest = judged.newest_rows.lazy()
    known = (
        newest.filter(REPORTED & ~pl.col("words") & numeric & FLOW & pl.col("plan_number").is_not_null())
        .select("#partner", "#indicator", "plan_number", "series", "source_order", *numbers)
        .collect()
    )
    both = _with_last(known, numbers)
    if not both.height:
        return NOTHING
    number = ["#partner", "plan_number", "#indicator"]
    both = both.select(
        "source_order",
        *number,
        cell=packed(both, number),
        same=_alike(numbers),
        large=pl.sum_horizontal((pl.col(name) >= NOTABLE).cast(pl.Int64) for name in numbers),
        counts=(pl.col("value") >= NOTABLE).cast(pl.Int64),
    )
    copied = pl.col("same") & (pl.col("large") >= CELLS - 1)
    # Numbers are grouped at a fraction of the cost of names, and most reports repeat nothing.
    cells = both.group_by("cell").agg(
        pl.col(number).first(), pl.col("same").all(), pl.col("large", "counts").sum(), pl.col("source_order").min()
    )
    # One indicator alone was copied where a total and its parts come again, which no chance explains.
    enough = (pl.len() >= SEVERAL) | (pl.col("counts").max() >= WITH_PARTS)
    several = cells.filter(copied).group_by("#partner", "plan_number").agg(enough=enough).filter("enough")
    if not several.height:
        return NOTHING
    report = ["partner", "frequency", "plan_number"]
    some = cells.join(several, on=["#partner", "plan_number"], how="semi")
    names = judged.newest_rows.of_orders(some["source_order"]).select(
        "source_order", "partner", "frequency", "indicator"
    )
    found = (
        some.join(names, on="source_order")
        .group_by(report)
        .agg(
            copied=pl.col("indicator").filter(copied).sort().str.join(", "),
            cell=pl.col("cell").filter(copied),
            counts=pl.col("counts").filter(copied).max(),
            differs=(~pl.col("same")).any(),
        )
    )
    enough = (pl.col("cell").list.len() >= SEVERAL) | (pl.col("counts") >= WITH_PARTS)
    found = found.filter(enough & pl.col("differs"))
    # Of what is a copy as a whole, in other units too, that is told.
    whole = judged.once(_copies)
    if whole.height:
        copies = judged.newest_rows.of_orders(whole["source_order"]).select(*report)
        found = found.join(copies, on=report, how="anti")
    rows = found.explode("cell").join(both.select("cell", "source_order"), on="cell")
    orders = pl.col("source_order").sort()
    return rows.group_by("copied", *report).agg(orders.first(), related=orders.slice(1)).drop(report)


def _pairs_repeated(asked: Asked) -> pl.DataFrame:
    """Ratios whose two numbers are both large, and both those of the period before: two seldom come again at once.

    Where the denominator is the same period by period it is known beforehand, as all schools of a place are.
    """
    if not asked.judged.has_history:
        return NOTHING
    pair = ["numerator", "denominator"]
    known = asked.rows.select("series", "plan_number", "period_start", "source_order", *pair).collect()
    found = _with_last(known.filter(pl.min_horizontal(pair) >= NOTABLE), pair).filter(_alike(pair))
    if not found.height:
        return NOTHING
    # Most reports repeat nothing: only then is asked what stands still anyhow.
    others = known.filter(pl.col("series").is_in(found["series"].unique().implode()))
    others = others.group_by("series").agg(kept=pl.col("denominator").n_unique() == 1, size=pl.len())
    stands = pl.col("kept") & (pl.col("size") > PAIR)
    found = found.join(others.filter(~stands), on="series", how="semi").sort("source_order")
    # What is told of the whole report, or of several of its indicators, is told.
    judged = asked.judged
    report = ["partner", "frequency", "plan_number"]
    copied = judged.once(_copies)
    whole = copied["source_order"].clear()
    if copied.height:
        names = judged.newest_rows.select("source_order", *report)
        of_copies = judged.newest_rows.of_orders(copied["source_order"]).select(*report)
        whole = names.join(of_copies, on=report, how="semi")["source_order"]
    some = judged.once(_repeated)
    told = {*whole, *some["source_order"], *(some["related"].explode() if some.height else ())}
    found = found.filter(~pl.col("source_order").is_in(pl.Series([*told], dtype=pl.Int64).implode()))
    return found.select("source_order", related=pl.concat_list("last_source_order"))


def _with_last(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The rows whose series has one in the plan's period before, with what its columns hold there, as `last_`.

    Shape: `series`, `plan_number`, `source_order` and the columns; the same of the row before but for the first two.
    """
    # One number a row is matched at a fraction of the cost of two.
    span = int(rows["plan_number"].max() or 0) + 2  # type: ignore[arg-type] # whole numbers
    at = (pl.col("series").cast(pl.Int64) * span + pl.col("plan_number")).alias("_at")
    rows = rows.with_columns(at).filter(pl.col("_at").is_not_null())
    last = {name: f"last_{name}" for name in ("source_order", *columns)}
    order = in_order(rows["_at"])
    sorted_at = rows["_at"].gather(order)
    step = sorted_at.slice(1) - sorted_at.head(max(0, len(sorted_at) - 1))
    if (step == 0).any():
        # Several rows of one period: months within a quarter.
        return rows.join(rows.select(pl.col("_at") + 1, *last).rename(last), on="_at").drop("_at")
    # The one before stands beside each, where all are in order.
    there = step == 1
    now, earlier = order.slice(1).filter(there), order.head(len(there)).filter(there)
    told = rows[earlier].select(*last).rename(last)
    return pl.concat([rows[now].drop("_at"), told], how="horizontal").sort("source_order")


def _alike(columns: Sequence[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"last_{name}")) for name in columns)


COPIES: Final[tuple[Rule, ...]] = (
    Rule(
        code="report-copied",
        at="period",
        scope="table",
        spread="partner",
        over="newest",
        find=lambda asked: asked.judged.once(_copies),
        found="{equal} equal cells",
        expected="the figures of {plan_period}",
    ),
    Rule(
        code="figures-repeated",
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        find=lambda asked: asked.judged.once(_repeated),
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
"""The rules about what comes once more."""
