"""Why a number is what it is, as a tree: each floor hands up nodes, and the leaves are cells in files.

Read `Explanation` first. A node says what it is, what it shows, how it came about, and what it came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from mne.ground.findings import Place, clean_text
from mne.ground.tags import spaced
from mne.ground.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

__all__ = ["Explanation"]

_ARITHMETIC: Final = ("score", "achievement")
"""Kinds whose `how` is a sum that gives what is shown."""


@dataclass(frozen=True)
class Explanation:
    """One step of the answer to "why?".

    `kind` is a stable word (score, achievement, actual, baseline, target, period, contribution, cell, weight,
    formula, certainty, note, more);
    `label` names the thing, `shown` is its value as people read it, `how` the arithmetic in words.
    `value` is the exact number behind `shown` where there is one.
    """

    kind: str
    label: str
    shown: str = ""
    how: str = ""
    value: Fraction | None = None
    share: Fraction | None = None
    """Its share of the weight in the number above, where that is a mean; the shares of all such parts sum to 1."""
    place: Place | None = None
    illustrative: bool = False
    lang: str = "en"
    """The language of its words."""
    children: tuple[Explanation, ...] = field(default=())

    def walk(self) -> Iterator[Explanation]:
        """This node and all beneath it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> tuple[Explanation, ...]:
        """The nodes that nothing explains further: cells, baselines, targets, weights."""
        return tuple(node for node in self.walk() if not node.children)

    def pruned(self, depth: int) -> Explanation:
        """The same tree cut `depth` levels below the root."""
        if depth <= 0:
            return replace(self, children=())
        return replace(self, children=tuple(child.pruned(depth - 1) for child in self.children))

    @property
    def joint(self) -> str:
        """What stands before `how`: an equals sign where it is arithmetic."""
        if self.kind in _ARITHMETIC:
            return " = "
        return spaced(";" if self.shown else ":", self.lang)

    def line(self) -> str:
        """The node in one line."""
        told = clean_text(self.label, limit=200)
        if self.shown:
            told += f"{spaced(':', self.lang)}{clean_text(self.shown, limit=200)}"
        if self.illustrative:
            told += f" ({wording(self.lang)('illustrative')})"
        if self.how:
            told += self.joint + clean_text(self.how, limit=400)
        if self.place is not None:
            told += f"  [{self.place.in_language(self.lang)}]"
        return told

    def to_text(self) -> str:
        """The tree as indented lines, drawn with box characters."""
        return "\n".join(_drawn(self, "", ""))

    def to_markdown(self) -> str:
        """The tree as a nested list."""
        return "\n".join(_listed(self, 0))

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; exact values as fractions in text."""
        told: dict[str, Any] = {"kind": self.kind, "label": self.label, "shown": self.shown, "how": self.how}
        if self.value is not None:
            told["value"] = str(self.value)
        if self.share is not None:
            told["share"] = str(self.share)
        if self.place is not None:
            told["place"] = str(self.place)
        if self.illustrative:
            told["illustrative"] = True
        if self.children:
            told["children"] = [child.to_dict() for child in self.children]
        return told

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"Explanation({clean_text(self.label, limit=60)}: {self.shown}, {sum(1 for _ in self.walk())} nodes)"

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self, lang=self.lang)


def _drawn(node: Explanation, first: str, rest: str) -> Iterator[str]:
    yield first + node.line()
    for index, child in enumerate(node.children):
        last = index == len(node.children) - 1
        yield from _drawn(child, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "))


def _listed(node: Explanation, depth: int) -> Iterator[str]:
    escaped = node.line().replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")
    yield "  " * depth + "- " + escaped
    for child in node.children:
        yield from _listed(child, depth + 1)
