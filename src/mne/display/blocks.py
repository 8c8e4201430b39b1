"""What a view says without saying how it looks: headings, paragraphs, tables, trees, lists of findings.

Read `Block` first. The views of a terminal, of a plain text and of Markdown are all drawn from the same blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mne.ground.explanation import Explanation
    from mne.ground.findings import Findings

__all__ = ["Block", "Code", "Complaints", "Grid", "Heading", "Item", "Line", "Told", "Tree"]


@dataclass(frozen=True, slots=True)
class Told:
    """A piece of text with the status that it speaks of, or emphasis."""

    text: str
    status: str | None = None
    strong: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; level 1 is the page's."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `alone`: a notice that must not be overlooked."""

    told: Told
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with a sign in front, its text, and lines beneath it that say more."""

    told: Told
    beneath: tuple[Told, ...] = ()
    sign: str = "-"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `numeric` are the positions of columns that are aligned at their end."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Told, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Complaints:
    """Findings, the gravest first."""

    findings: Findings


@dataclass(frozen=True, slots=True)
class Tree:
    """The answer to "why?"."""

    node: Explanation


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be copied as it stands."""

    text: str


Block: TypeAlias = Heading | Line | Item | Grid | Complaints | Tree | Code
