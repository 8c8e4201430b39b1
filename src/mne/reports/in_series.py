"""What a row knows of its own series, among rows that stand series by series in the order of time.

Read `begins` first. All of it goes by position: a window over each series says the same at ten times the cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from mne.logframe.indicator import Accumulation
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.reports.context import Judged

__all__ = [
    "FLOW", "PAIR", "TOTAL_TO_DATE",
    "before", "begins", "ends", "extents", "extremes", "lengths", "longest", "means", "medians", "plainly", "reported",
    "runs",
]  # fmt: skip

PAIR: Final = 2
"""Values of a series of which one comes before another."""

FLOW: Final = pl.col("accumulation") == Accumulation.FLOW.value
TOTAL_TO_DATE: Final = pl.col("accumulation") == Accumulation.RUNNING_TOTAL.value


def reported() -> nw.Expr:
    """Rows that say they hold a number, which a series can be made of."""
    return (nw.col("state") == State.REPORTED.value) & ~nw.col("words")


def begins() -> pl.Expr:
    """Whether a row is the first of its series."""
    return pl.col("series").ne_missing(pl.col("series").shift(1))


def ends() -> pl.Expr:
    """Whether a row is the last of its series."""
    return pl.col("series").ne_missing(pl.col("series").shift(-1))


def before(name: str) -> pl.Expr:
    """The column in the row before, of the same series."""
    return pl.when(~begins()).then(pl.col(name).shift(1))


def runs(series: pl.Series) -> pl.Series:
    """How long each series is; the numbers of series have no gaps."""
    numbers = series.to_numpy()
    changes = np.flatnonzero(numbers[1:] != numbers[:-1]) + 1
    bounds = np.concatenate(([0], changes, [len(numbers)])) if len(numbers) else np.zeros(1, dtype=np.int64)
    return pl.Series(np.diff(bounds), dtype=pl.Int64)


def lengths(series: pl.Series) -> pl.Series:
    """The length of the series that each row is of."""
    sizes = runs(series).to_numpy()
    return pl.Series(np.repeat(sizes, sizes), dtype=pl.Int64)


def longest(judged: Judged) -> int:
    """Values of the longest series; rules that need more of them have nothing to ask."""
    return int(runs(judged.numeric.select("series")["series"]).max() or 0)  # type: ignore[arg-type] # whole numbers


def medians(values: pl.Series, sizes: pl.Series) -> pl.Series:
    """The median of each series, beside each of its rows: of floats without gaps, and `runs` of their series.

    Series of one length are a table with as many columns, whose rows are asked at once.
    """
    numbers, each = values.to_numpy(), sizes.to_numpy()
    starts = np.cumsum(each) - each
    found = np.empty(len(each))
    for size in np.unique(each):
        mine = each == size
        found[mine] = np.median(numbers[starts[mine][:, None] + np.arange(size)], axis=1)
    return pl.Series(np.repeat(found, each), dtype=pl.Float64)


def means(values: pl.Series, sizes: pl.Series) -> pl.Series:
    """The mean of each series, beside each of its rows; as `medians`."""
    numbers, each = values.to_numpy(), sizes.to_numpy()
    found = np.add.reduceat(numbers, np.cumsum(each) - each) / each if len(each) else np.empty(0)
    return pl.Series(np.repeat(found, each), dtype=pl.Float64)


def extents(values: pl.Series, sizes: pl.Series) -> pl.DataFrame:
    """The `least` and the `most` value of each series; as `extremes`."""
    numbers, each = values.to_numpy(), sizes.to_numpy()
    starts = np.cumsum(each) - each
    reduced = {"least": np.minimum, "most": np.maximum}
    return pl.DataFrame({name: pl.Series(by.reduceat(numbers, starts) if len(each) else [], dtype=pl.Float64)
                         for name, by in reduced.items()})  # fmt: skip


def extremes(values: pl.Series, sizes: pl.Series) -> pl.DataFrame:
    """The two least and the two largest values of each series: `least`, `second`, `last_but_one` and `most`.

    Of floats without gaps, and `runs` of their series; of a series of one value the other two are infinite.
    """
    numbers, each = values.to_numpy(), sizes.to_numpy()
    if not len(each):
        return pl.DataFrame(schema=dict.fromkeys(("least", "second", "last_but_one", "most"), pl.Float64))
    starts = np.cumsum(each) - each
    found: dict[str, Any] = {}
    for names, reduced, nothing in (
        (("least", "second"), np.minimum, np.inf),
        (("most", "last_but_one"), np.maximum, -np.inf),
    ):
        outer = reduced.reduceat(numbers, starts)
        (places,) = np.nonzero(numbers == np.repeat(outer, each))
        # Only the first of several equal ones is taken away before the next is looked for.
        first = places[np.searchsorted(places, starts)]
        others = numbers.copy()
        others[first] = nothing
        found |= {names[0]: outer, names[1]: reduced.reduceat(others, starts)}
    return pl.DataFrame({name: found[name] for name in ("least", "second", "last_but_one", "most")})


def plainly(number: pl.Expr, digits: int = 4) -> pl.Expr:
    """A float as people write it: the digits that matter, and no ``.0`` behind a whole number."""
    told = number.round_sig_figs(digits)
    # Divided by a power of ten, a large one comes back a little beside the whole number that it was rounded to.
    told = pl.when(told.abs() >= 10**digits).then(told.round()).otherwise(told)
    return told.cast(pl.String).str.replace(r"\.0$", "")
