"""Rules about decimals in a numerator or a denominator where all others of the same indicator are whole: counts.

Read `FRACTIONS` first. A plan does not say what the two numbers of a share count; the other figures of its partner do.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.phrases import phrase
from mne.reports.context import NOTHING
from mne.reports.in_series import reported
from mne.reports.rule import Rule
from mne.tables.encode import packed
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.reports.context import Asked, Judged

__all__ = ["FRACTIONS"]

_BOTH: Final = ("numerator", "denominator")
_FEWEST: Final = 2
"""Figures that say of others that they are counts."""

_MANY: Final = 10_000
"""From here on a number may well be an amount that happened to be whole."""

_PER: Final = (Decimal(1), Decimal(100))
"""Scales on which a finished share may be written beside that of the plan."""

_WHOLE: Final = phrase("a whole number, as in the other rows")
_SHARE: Final = phrase("a whole number, as in the other rows; this looks like the finished share ({count} of {of})")
_FOUND: Final[dict[str, Any]] = {
    "source_order": pl.Int64, "at": pl.String, "right": pl.Struct({"phrase": pl.String, "count": pl.String,
    "of": pl.String}), "count_meant": pl.String, "sure": pl.Boolean,
}  # fmt: skip


def _broken(judged: Judged) -> pl.DataFrame:
    """Numbers of shares with decimals, where the others of their indicator and partner are whole.

    The others are those of other periods, or where there is none yet those beside them in the same period. Shape: one
    row for each such number: `source_order`, `at` (its column), `right` (a phrase for what should stand there),
    `count_meant` (the count of which it is the finished share), and whether that makes it `sure`.
    """
    given = (pl.col("state") == State.REPORTED.value) & pl.col("by_denominator")
    rows = judged.newest_rows.keep(given & pl.all_horizontal(pl.col(_BOTH).is_not_null()))
    numbers = rows.select("source_order", **{name: pl.col(name).cast(pl.Float64) for name in _BOTH})
    odd = {name: (numbers[name] != numbers[name].floor()) & numbers[name].is_finite() for name in _BOTH}
    if not any(each.any() for each in odd.values()):
        return pl.DataFrame(schema=_FOUND)
    own = ("#indicator", "#partner", "period_start", "period_end", "multiplier", "declared_decimal")
    told = rows.select("source_order", *own).with_columns(numbers.select(_BOTH))
    told = told.with_columns(who=packed(told, own[:2]), when=packed(told, own[2:4]))
    found = [_of_column(told.with_columns(odd=odd[name], number=pl.col(name)), name) for name in _BOTH]
    return _with_counts(pl.concat(found), judged)


def _of_column(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """The numbers with decimals in one of the two columns, if the others are whole."""
    here = pl.len().over("who", "when")
    elsewhere = pl.len().over("who") - here
    odd_here = pl.col("odd").sum().over("who", "when")
    odd_elsewhere = pl.col("odd").sum().over("who") - odd_here
    by_others = (elsewhere >= _FEWEST) & (odd_elsewhere == 0)
    by_neighbours = (elsewhere == 0) & (odd_here == 1) & (here > _FEWEST)
    most = pl.col("number").filter(~pl.col("odd")).max().over("who")
    told = rows.with_columns(counts=by_others | by_neighbours, most=most)
    told = told.filter("odd", "counts", ~pl.col("declared_decimal"))
    return told.select("source_order", "multiplier", "most", at=pl.lit(name))


def _with_counts(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """What was found, with the count that each number is the finished share of; large ones only where there is one."""
    both = judged.newest_rows.of_orders(found["source_order"]).select("source_order", *_BOTH)
    rows = found.join(both, on="source_order", how="left").sort("source_order", "at")
    told = []
    for row in rows.iter_rows(named=True):
        of, scale = row["denominator"], Decimal(row["multiplier"])
        meant = _meant(row["numerator"], of, scale) if row["at"] == _BOTH[0] else None
        if meant is None and not row["most"] < _MANY:
            continue
        words = _WHOLE if meant is None else _SHARE
        right = {"phrase": words.template, "count": meant, "of": f"{of.normalize():f}"}
        told.append((row["source_order"], row["at"], right, meant, meant is not None))
    return pl.DataFrame(told, schema=_FOUND, orient="row")


def _meant(written: Decimal, of: Decimal, scale: Decimal) -> str | None:
    """The whole number whose share of another is what was written, to the last of its decimals."""
    written = written.normalize()
    if of <= 0 or of != of.to_integral_value() or written <= 0:
        return None
    for per in dict.fromkeys((scale, *_PER)):
        count = (written * of / per).to_integral_value()
        if 0 < count <= of and (count * per / of).quantize(written) == written:
            return f"{count:f}"
    return None


def _counts(asked: Asked, *, sure: bool) -> pl.DataFrame:
    found = asked.judged.once(_broken).filter(pl.col("sure") == sure)
    return found.drop("sure") if found.height else NOTHING


def _by_parts() -> nw.Expr:
    return reported() & nw.col("by_denominator")


FRACTIONS: Final[tuple[Rule, ...]] = (
    Rule(
        code="number-fraction-in-count",
        at="numerator",
        scope="table",
        spread="partner",
        over="newest",
        where=_by_parts,
        find=partial(_counts, sure=True),
        expected="{right}",
        suggestion="{count_meant}",
        holds=True,
    ),
    # Without the count that it stands for, it may be an estimate.
    Rule(
        code="number-fraction-in-count",
        at="numerator",
        scope="table",
        spread="partner",
        over="newest",
        where=_by_parts,
        find=partial(_counts, sure=False),
        expected="{right}",
        severity="warning",
    ),
)
"""The rules about decimals among counts."""
