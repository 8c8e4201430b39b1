"""The rule about figures of earlier periods that a report shows beside its own, and that are not those reported then.

Read `RESTATED` first. It is asked only of a report for one period, with earlier reports beside it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.reports.beside import REPORTED
from mne.reports.context import NOTHING
from mne.reports.rule import Rule
from mne.reports.rules_periods import of_another_year
from mne.tables.engine import DAWN
from mne.tables.observations import KEY, Status

if TYPE_CHECKING:
    from mne.reports.context import Asked

__all__ = ["RESTATED"]

_TABLE: Final = ("source_file", "source_sheet")
_FIGURE: Final = ("source_order", "value", "numerator", "denominator", "unit", "factor")
_FOUND: Final[dict[str, Any]] = {
    "source_order": pl.Int64, "shown": pl.String, "said": pl.String, "related": pl.List(pl.Int64), "at": pl.String,
}  # fmt: skip


def _restated(asked: Asked) -> pl.DataFrame:
    """Figures of earlier periods in the table of the report that differ from what an earlier report said of them.

    What equals any of the earlier reports, or one of them but for its rounding, was taken from there.
    """
    judged = asked.judged
    if not len(judged.earlier) or not judged.repeated.height:
        return NOTHING
    rows = judged.repeated.filter(REPORTED & ~pl.col("words"))
    rows = rows.join(judged.earlier.to_frame(), on="source_order", how="semi")
    rows = rows.join(judged.once(of_another_year).to_frame(), on="source_order", how="anti")
    own = judged.every.without(judged.earlier).lazy().select(_TABLE).unique().collect()
    # Earlier reports are files of their own; where there are none, sheets.
    apart = rows.join(own, on="source_file", how="anti", nulls_equal=True).height > 0
    on = _TABLE[:1] if apart else _TABLE
    mine = rows.join(own, on=on, how="semi", nulls_equal=True)
    others = rows.filter(pl.col("status") != Status.RETURNED.value).join(own, on=on, how="anti", nulls_equal=True)
    if not mine.height or not others.height:
        return NOTHING
    # The newest of several reports of a cell is the one that counts.
    others = others.sort("revision", pl.col("reported_on").fill_null(DAWN), "source_order", descending=True)
    said = others.group_by(KEY, maintain_order=True).agg(before=pl.struct(_FIGURE))
    found = []
    for row in mine.join(said, on=KEY).sort("source_order").iter_rows(named=True):
        answers = [_alike(row, each) for each in row["before"]]
        if answers[0] is False and not any(answers):
            newest = row["before"][0]
            told = _shown(row, newest), _shown(newest, row)
            # The same number in another unit: it is the unit that is wrong.
            at = "unit" if row["value"] == newest["value"] and row["unit"] != newest["unit"] else None
            found.append((row["source_order"], *told, [newest["source_order"]], at))
    return pl.DataFrame(found, schema=_FOUND, orient="row")


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool | None:
    """Whether two reports of a cell say the same; None where they cannot be compared."""
    if one["numerator"] is not None and other["numerator"] is not None:
        return bool(all(one[name] == other[name] for name in ("numerator", "denominator")))
    if None in (one["value"], other["value"], one["factor"], other["factor"]):
        return None
    exponent = one["value"].normalize().as_tuple().exponent
    step = 10.0 ** min(0, exponent)
    meant = float(other["value"]) * other["factor"] / one["factor"]
    return bool(abs(float(one["value"]) - meant) <= step / 2 * (1 + 1e-9))


def _shown(row: dict[str, Any], beside: dict[str, Any]) -> str:
    """A figure as people write it, with its unit where the one beside it has another."""
    if row["numerator"] is not None and beside["numerator"] is not None:
        return f"{_plain(row['numerator'])} / {_plain(row['denominator'])}"
    unit = row["unit"] if row["unit"] != beside["unit"] else None
    return " ".join((_plain(row["value"]), *([unit] if unit else [])))


def _plain(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}" if value else "0"


RESTATED: Final[tuple[Rule, ...]] = (
    Rule(
        code="figures-restated",
        at=("value", "numerator", "unit"),
        scope="table",
        spread="partner",
        over="sound",
        find=_restated,
        found="{shown}",
        expected="{said}, as reported for {plan_period}",
    ),
)
"""The rules about what was reported before."""
