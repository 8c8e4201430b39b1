"""Blocks as Markdown, for a wiki, a ticket or a mail.

Read `markdown` first. What a logframe or a partner wrote is escaped, so that it stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from mne.display.blocks import Block, Code, Complaints, Grid, Heading, Item, Line, Tree
from mne.display.markup import neutral
from mne.display.palette import SEVERITIES, STATUSES

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.ground.explanation import Explanation
    from mne.ground.findings import Findings

__all__ = ["escaped", "markdown"]

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+!|~$^-])")


def escaped(text: object) -> str:
    """Text in which nothing is read as Markdown or HTML."""
    told = neutral(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(_escape, told)


def _escape(found: re.Match[str]) -> str:
    sign = found[1]
    # A hyphen, plus or hash means something at the start of a line only; a bracket only beside another sign.
    if sign in "-+#()!^$" and found.start() > 0:
        return sign
    return f"\\{sign}"


def markdown(blocks: Iterable[Block], say: Labels) -> str:
    """The blocks as a Markdown text."""
    parts: list[str] = []
    listed = False
    for block in blocks:
        if isinstance(block, Item) and listed:
            parts[-1] += "\n" + "\n".join(_lines(block, say))
        else:
            parts.append("\n".join(_lines(block, say)))
        listed = isinstance(block, Item)
    return "\n\n".join(parts) + "\n"


def _lines(block: Block, say: Labels) -> Iterator[str]:
    match block:
        case Heading(text=text, level=level):
            yield f"{'#' * level} {escaped(text.strip())}"
        case Line(told=told, alone=alone):
            yield f"> **{escaped(told.text)}**" if alone else escaped(told.text)
        case Item(told=told, beneath=beneath, sign=sign):
            lead = "" if sign == "-" else f"{sign} "
            yield f"- {lead}{_strong(escaped(told.text), strong=told.strong)}"
            yield from (f"  <br>{escaped(each.text)}" for each in beneath if each.text)
        case Grid():
            yield from _grid(block)
        case Complaints(findings=findings):
            yield from _complaints(findings, say)
        case Tree(node=node):
            yield from _tree(node, 0)
        case Code(text=text):
            yield f"    {neutral(text)}"


def _strong(text: str, *, strong: bool) -> str:
    return f"**{text}**" if strong and text.strip() else text


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _grid(grid: Grid) -> Iterator[str]:
    yield _row(escaped(head) for head in grid.heads)
    yield _row("--:" if at in grid.numeric else "---" for at in range(len(grid.heads)))
    for row in grid.rows:
        yield _row(_cell(cell.text, strong=cell.strong) for cell in row)


def _cell(text: str, *, strong: bool) -> str:
    indent = len(text) - len(text.lstrip(" "))
    return "&nbsp;" * indent + _strong(escaped(text.lstrip(" ")), strong=strong)


def _complaints(findings: Findings, say: Labels) -> Iterator[str]:
    yield _row(say(key) for key in ("place", "severity", "what", "found", "expected"))
    yield _row(["---"] * 5)
    for each in findings:
        sign = STATUSES[SEVERITIES[each.level]].sign
        meant = f" {escaped(say('suggestion', value=each.suggestion))}" if each.suggestion else ""
        message, hint, found, expected = each.in_language(say.lang)
        told = f"{escaped(message)} {escaped(hint)}{meant} (`{each.code}`)"
        severity = f"{sign} {say(f'severity-{each.level}')}"
        yield _row((escaped(each.place.in_language(say.lang)), severity, told, escaped(found), escaped(expected)))


def _tree(node: Explanation, depth: int) -> Iterator[str]:
    yield "  " * depth + "- " + escaped(node.line())
    for child in node.children:
        yield from _tree(child, depth + 1)
