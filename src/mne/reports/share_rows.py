"""Numerators and denominators in rows of their own: ``Passed (numerator)`` above ``Tested (denominator)``.

Read `part_in` first. Only the word itself says which of the two a row holds; what is counted in it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mne.reports.headings import Headings

__all__ = ["part_in", "part_of_texts", "without_part"]

_LONGEST: Final = 200
_PIECES: Final = re.compile(r"\s[-–—]\s*|[-–—]\s|[()\[\]:,;]\s*")
_BRACKETS: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_PARTS: Final = ("numerator", "denominator")


def part_in(title: str, headings: Headings) -> str:
    """Which part of a share a title says that its row holds; empty where it says neither, or both."""
    if not title or len(title) > _LONGEST:
        return ""
    roles = {role for piece in _PIECES.split(title) if (role := headings.role(piece.strip())) in _PARTS}
    return roles.pop() if len(roles) == 1 else ""


def part_of_texts(texts: Iterable[str], headings: Headings) -> str:
    """Which part of a share the texts of one row say that it holds; empty where they do not, or disagree."""
    roles = {role for text in texts if (role := part_in(text, headings))}
    return roles.pop() if len(roles) == 1 else ""


def without_part(title: str, headings: Headings) -> str:
    """A title without the word for a part of a share that stands in brackets at its end."""
    found = _BRACKETS.search(title) if len(title) <= _LONGEST else None
    return title[: found.start()] if found is not None and headings.role(found[1].strip()) in _PARTS else title
