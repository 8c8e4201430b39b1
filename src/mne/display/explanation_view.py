"""The answer to "why?" as nested lists that fold: each step one line, the cells of the reports at the ends.

Read `explanation` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mne.display.markup import Markup, el, join
from mne.display.palette import mark
from mne.ground.tags import spaced

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.ground.explanation import Explanation

__all__ = ["explanation", "tree"]

_OPEN_LEVELS: Final = 2
"""How many levels stand open at first; deeper ones unfold on a click."""


def explanation(node: Explanation, say: Labels, *, open_levels: int = _OPEN_LEVELS) -> Markup:
    """The whole answer, with the question as its heading."""
    return join((el("h2", say("explain")), tree(node, say, open_levels=open_levels)))


def tree(node: Explanation, say: Labels, *, open_levels: int = _OPEN_LEVELS) -> Markup:
    """A node and all beneath it."""
    return el("div", el("ul", _node(node, say, open_levels)), class_="mne-why", lang="en" if say.lang != "en" else None)


def _node(node: Explanation, say: Labels, open_levels: int) -> Markup:
    if not node.children:
        return el("li", _line(node, say))
    beneath = el("ul", *(_node(child, say, open_levels - 1) for child in node.children))
    return el("li", el("details", el("summary", _line(node, say)), beneath, open=open_levels > 0))


def _line(node: Explanation, say: Labels) -> Markup:
    parts: list[object] = [node.label]
    if node.shown:
        parts += [spaced(":", node.lang), el("b", node.shown)]
    if node.illustrative:
        parts += [" ", mark(say)]
    if node.how:
        parts.append(el("span", node.joint + node.how, class_="mne-soft"))
    if node.place is not None:
        parts += [" ", el("span", f"[{node.place.in_language(node.lang)}]", class_="mne-place")]
    return join(parts)
