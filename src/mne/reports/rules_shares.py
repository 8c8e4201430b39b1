"""Rules about a share that stands beside its own numerator and denominator, and is not what they make.

Read `SHARES` first. A share may be rounded in any way, and on which of the three numbers is wrong nothing is said but
where two digits of one alone have changed places.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.phrases import phrase
from mne.logframe.indicator import Measure
from mne.reports.rule import Rule
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.reports.context import Judged

__all__ = ["SHARES"]

_TURNED: Final = phrase("{by_parts}; with {meant} in place of {said} all three agree")
_NUMBERS: Final = ("value", "numerator", "denominator")


def _quotient(row: dict[str, Any]) -> tuple[Fraction, Decimal]:
    """What numerator and denominator make, and by how much a rounded value may differ from it."""
    exact = Fraction(row["numerator"]) / Fraction(row["denominator"]) * Fraction(row["multiplier"])
    exponent = row["value"].normalize().as_tuple().exponent
    return exact, Decimal(1).scaleb(min(0, exponent))


def _differing(judged: Judged) -> list[tuple[dict[str, Any], Fraction]]:
    """Rows whose value is not what its parts make, however it was rounded; few enough to be asked one by one."""
    rows = nw.from_native(judged.sound_rows.asked()).filter(_valued()).to_native()
    ratio = pl.col("numerator").cast(pl.Float64) / pl.col("denominator").cast(pl.Float64)
    about = pl.col("multiplier").cast(pl.Float64) * ratio
    near = (about - pl.col("value").cast(pl.Float64)).abs() <= 1e-12 * about.abs()
    found = []
    for row in (
        rows.filter(~near)
        .select("source_order", "value", "numerator", "denominator", "multiplier", "measure")
        .collect()
        .iter_rows(named=True)
    ):
        exact, step = _quotient(row)
        if abs(Fraction(row["value"]) - exact) >= Fraction(step):
            found.append((row, exact))
    return found


def _is_scaled(row: dict[str, Any], exact: Fraction) -> bool:
    """Whether a percentage is the right one, a hundred times too small or too large."""
    if row["measure"] != Measure.PERCENTAGE.value or not row["value"]:
        return False
    factor = exact / Fraction(row["value"])
    return Fraction(99) <= factor <= Fraction(101) or Fraction(1, 101) <= factor <= Fraction(1, 99)


def _beside(found: list[tuple[dict[str, Any], Fraction]], *, scaled: bool) -> pl.DataFrame:
    rows = [_made(row, exact, scaled=scaled) for row, exact in found if _is_scaled(row, exact) == scaled]
    names = dict.fromkeys(("phrase", "by_parts", "meant", "said"), pl.String)
    told = pl.DataFrame(rows, schema={"source_order": pl.Int64, **names}, orient="row")
    return told.select("source_order", "by_parts", made=pl.struct(*names))


def _made(row: dict[str, Any], exact: Fraction, *, scaled: bool) -> tuple[int, str, str, str | None, str | None]:
    """What the parts of a row make, and which of the three numbers has two digits turned round, if one has."""
    wrong = None if scaled else _turned(row)
    said = f"{float(exact):.6g}"
    if wrong is None:
        return row["source_order"], "{by_parts}", said, None, None
    return row["source_order"], _TURNED.template, said, *wrong


def _valued() -> nw.Expr:
    both = ~nw.col("numerator").is_null() & ~nw.col("denominator").is_null() & (nw.col("denominator") != 0)
    return (nw.col("state") == State.REPORTED.value) & nw.col("by_denominator") & both & ~nw.col("value").is_null()


def _turned(row: dict[str, Any]) -> tuple[str, str] | None:
    """The one number of three that fits the others once two neighbouring digits change places: right, and as it is.

    None where there is no such number, or several.
    """
    found = []
    for name in _NUMBERS:
        said = f"{row[name].normalize():f}"
        for at in range(len(said) - 1):
            meant = said[:at] + said[at + 1] + said[at] + said[at + 2 :]
            if meant == said or not said[at : at + 2].isdigit() or (meant[0] == "0" and not meant.startswith("0.")):
                continue
            other = {**row, name: Decimal(meant)}
            exact, step = _quotient(other)
            if abs(Fraction(other["value"]) - exact) < Fraction(step):
                found.append((meant, said))
    return found[0] if len(found) == 1 else None


SHARES: Final[tuple[Rule, ...]] = (
    Rule(
        code="ratio-scale",
        at="value",
        scope="table",
        spread="partner",
        over="sound",
        where=_valued,
        find=lambda asked: _beside(asked.judged.once(_differing), scaled=True),
        expected="{by_parts}, as numerator and denominator say",
        holds=True,
    ),
    Rule(
        code="number-conflict",
        at="value",
        scope="table",
        spread="partner",
        over="sound",
        where=_valued,
        find=lambda asked: _beside(asked.judged.once(_differing), scaled=False),
        expected="{made}",
        holds=True,
    ),
)
"""The rules about a share beside its parts."""
