"""Rows beneath a table in which nothing is reported: who made it, who signs it, and when.

Read `signs` first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mne.reports.grid import Cell

__all__ = ["signs"]

_LINE: Final = " \t\n_.…-–—"
"""What a line to sign on is made of."""

_STAMPS: Final = frozenset(("м.п", "мп", "м. п", "ҷ.м", "ҷ. м", "l.s", "cachet", "stamp", "seal"))
_DAY: Final = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}")
_WORD: Final = 3
"""Letters that a word for what somebody signs as has, and a name."""


def signs(cells: Sequence[Cell]) -> bool:
    """Whether a row says who signs: ``Prepared by: ____`` and a name, or ``Director: A. B.`` and a line to sign on.

    The first cell says what for before a colon. Where a name follows the colon, there are other cells, and each of them
    says something in the same way, or holds a line, the place of a stamp, or a day.
    """
    if not cells or not isinstance(first := cells[0], str):
        return False
    others = cells[1:]
    if first.rstrip(_LINE).endswith(":"):
        return all(isinstance(cell, str) for cell in others)
    role, _, name = first.partition(":")
    named = _letters(role) >= _WORD and _letters(name) >= _WORD and not any(char.isdigit() for char in first)
    return named and bool(others) and all(map(_stands_beside, others))


def _stands_beside(cell: Cell) -> bool:
    if isinstance(cell, dt.date):
        return True
    if not isinstance(cell, str):
        return False
    text = cell.strip().rstrip(".")
    return ":" in text or "__" in text or text.casefold() in _STAMPS or _DAY.fullmatch(text) is not None


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)
