"""Which encoding a text that is not in UTF-8 is most likely in. A guess is told to people, and nothing is read by it.

Read `likely_encoding` first.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["likely_encoding"]

_CYRILLIC: Final = ("cp1251", "koi8-r", "cp866")
_COMMON: Final = frozenset("оеаинтсрвлкмд")
_SAMPLE: Final = 64 << 10
_LONG: Final = 2
_BEYOND: Final = re.compile(rb"[\x80-\xff]+")


def likely_encoding(data: bytes) -> str:
    """The encoding that makes the most of the bytes beyond ASCII: Cyrillic letters as people use them, else Latin."""
    sample = data[:_SAMPLE]
    runs = _BEYOND.findall(sample)
    # An accented letter stands alone among plain ones; Cyrillic words are all beyond ASCII.
    if sum(map(len, runs)) < _LONG * len(runs):
        return "cp1252"
    return max(_CYRILLIC, key=lambda encoding: _score(sample, encoding))


def _score(sample: bytes, encoding: str) -> int:
    return sum(char in _COMMON for char in sample.decode(encoding, errors="ignore"))
