"""One rule: a code, the column it points at, and which rows offend against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

    from mne.logframe.model import Logframe

__all__ = ["OFFENDERS", "Rule"]

OFFENDERS = ("source_order", "found", "expected", "related")
"""The columns of what a rule over sets of rows returns; all but the first may be left out."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about reported rows.

    `find` of a row rule takes the plan and returns a narwhals expression that is true where a row offends, over the
    columns of the observation table and those of `mne.reports.facts`. Of a set rule it takes the frame and the plan and
    returns the offending rows as a Polars frame with the columns of `OFFENDERS`.
    `holds`: the rows that offend do not count until they are mended. `expected` is what should stand there instead; a
    row rule may also name a column that holds it, as ``{column}``.
    """

    code: str
    column: str
    find: Callable[..., Any]
    scope: Literal["row", "set"] = "row"
    holds: bool = False
    expected: str = ""

    def rows(self, frame: pl.DataFrame, plan: Logframe) -> pl.DataFrame:
        """The offending rows of a set rule."""
        found: pl.DataFrame = self.find(frame, plan)
        return found
