"""A strange column whose words only describe the indicator of each row: it is nobody's loss that it is not read.

Read `describes` first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mne.reports.grid import Cell

__all__ = ["describes"]

_FEWEST: Final = 2
_ASKED: Final = 1_000
_NEARLY: Final = 0.75


def describes(indicators: Iterable[Cell], words: Iterable[Cell]) -> bool:
    """Whether nearly each indicator has words of its own in a column, and they are the same wherever it stands.

    A column that parts the rows of one indicator is none, nor one that says the same of several; a mistyped code beside
    the right one is no other indicator.
    """
    told: dict[str, str] = {}
    for count, (indicator, cell) in enumerate(zip(indicators, words, strict=True)):
        if count >= _ASKED:
            break
        if not isinstance(indicator, str) or cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        if isinstance(cell, str):
            if told.setdefault(indicator, cell) != cell:
                return False
        elif isinstance(cell, (int, float)):
            return False
    return len(told) >= _FEWEST and len({*told.values()}) >= _NEARLY * len(told)
