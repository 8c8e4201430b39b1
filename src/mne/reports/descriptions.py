"""Strange columns that it is nobody's loss not to read: words that describe the indicator of each row, days of work.

Read `describes` first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import islice
from typing import Final

from mne.reports.dates import day
from mne.reports.grid import Cell, is_blank
from mne.reports.words import folded

__all__ = ["describes", "holds_days"]

_FEWEST: Final = 2
_ASKED: Final = 1_000
_NEARLY: Final = 0.75
_DAYS: Final = frozenset(("date", "day", "jour", "дата", "день", "сана", "санаи", "рӯз", "рӯзи"))


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


def holds_days(header: str, cells: Iterable[Cell]) -> bool:
    """Whether a column that is called the date of something holds days and nothing else."""
    if not _DAYS & {*folded(header).split()}:
        return False
    filled = [cell for cell in islice(cells, _ASKED) if not is_blank(cell)]
    return bool(filled) and all(map(_is_day, filled))


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, str):
        answer = day(cell)
        return answer.value is not None or answer.code == "date-ambiguous"
    return isinstance(cell, (dt.date, dt.datetime))
