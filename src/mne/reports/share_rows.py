"""Numerators and denominators in rows of their own: ``Passed (numerator)`` above ``Tested (denominator)``.

Read `part_in` first. Only the word itself says which of the two a row holds; what is counted in it says nothing. In
the same way a row may say that it is a total so far, whatever stands above its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from mne.reports.share_columns import PARTS

if TYPE_CHECKING:
    from mne.reports.headings import Headings

__all__ = ["part_in", "part_of_texts", "role_in", "without_part"]

_LONGEST: Final = 200
_PIECES: Final = re.compile(r"\s[-–—]\s*|[-–—]\s|[()\[\]:,;]\s*")
_BRACKETS: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_SIGN: Final = re.compile(r"\s*(?:\(\s*%\s*\)|\[\s*%\s*\]|,\s*%)\s*$")


def part_in(title: str, headings: Headings) -> str:
    """Which part of a share a title says that its row holds; empty where it says neither, or both."""
    return role_in([title], headings, PARTS)


def part_of_texts(texts: Iterable[str], headings: Headings) -> str:
    """Which part of a share the texts of one row say that it holds; empty where they do not, or disagree."""
    return role_in(texts, headings, PARTS)


def role_in(texts: Iterable[str], headings: Headings, among: Sequence[str]) -> str:
    """The one of some roles that the texts of a row name, in brackets or behind a sign; empty for none, or several."""
    pieces = (piece.strip() for text in texts if len(text) <= _LONGEST for piece in _PIECES.split(text))
    roles = {role for piece in pieces if (role := headings.role(piece)) in among}
    return roles.pop() if len(roles) == 1 else ""


def without_part(title: str, headings: Headings) -> str:
    """A title without the word for a part of a share that stands in brackets at its end, or a sign for the share."""
    if len(title) > _LONGEST:
        return title
    found = _BRACKETS.search(title)
    if found is not None and headings.role(found[1].strip()) in PARTS:
        return title[: found.start()]
    return _SIGN.sub("", title)
