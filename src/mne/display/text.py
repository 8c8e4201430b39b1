"""Blocks as text: plain lines for files and pipes, and the same in colour and fitted to the width of a terminal.

Read `plain` first, then `show`, which decides between the two. Nothing that a logframe or a partner wrote is read as a
colour code or as markup.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, TextIO
from unicodedata import combining, east_asian_width

from mne.display.blocks import Block, Code, Complaints, Grid, Heading, Item, Line, Told, Tree
from mne.display.findings_view import by_sheet, spot
from mne.display.markup import neutral
from mne.display.palette import SEVERITIES, STATUSES
from mne.ground.catalogue import Severity
from mne.ground.tags import spaced
from mne.ground.wording import wording

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text
    from rich.tree import Tree as RichTree

    from mne.display.labels import Labels
    from mne.ground.explanation import Explanation
    from mne.ground.findings import Finding

__all__ = ["fancy", "plain", "show"]

_SHORT: Final = 18
"""Cells up to this long are not broken over lines."""


# --- plain ------------------------------------------------------------------------------------------------------


def plain(blocks: Iterable[Block], say: Labels) -> str:
    """The blocks as lines that are never cut, so that they can be searched."""
    lines: list[str] = []
    before: Block | None = None
    for block in blocks:
        headed = isinstance(before, Heading)
        if isinstance(block, (Heading, Grid)) and lines and not headed:
            lines.append("")
        lines += _plain_lines(block, say)
        before = block
    return "\n".join(lines) + "\n"


def _plain_lines(block: Block, say: Labels) -> Iterator[str]:
    match block:
        case Heading(text=text, level=level):
            yield neutral(text) if level > 1 else neutral(text).strip()
        case Line(told=told):
            yield neutral(told.text)
        case Item(told=told, beneath=beneath, sign=sign):
            yield f"  {sign} {neutral(told.text)}"
            yield from (f"      {neutral(each.text)}" for each in beneath if each.text)
        case Grid():
            yield from _plain_grid(block)
        case Complaints(findings=findings):
            yield from (_finding_line(each, say) for each in findings)
        case Tree(node=node):
            yield from node.to_text().splitlines()
        case Code(text=text):
            yield f"  {neutral(text)}"


def _finding_line(each: Finding, say: Labels) -> str:
    told = each.in_language(say.lang)
    hint = f" {told.hint}" if told.hint else ""
    meant = f" {say('suggestion', value=neutral(each.suggestion))}" if each.suggestion else ""
    return neutral(
        say.colon.join(
            (each.place.in_language(say.lang), say(f"severity-{each.level}"), each.code, f"{told.message}{hint}{meant}")
        )
    )


def _width(text: str) -> int:
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _plain_grid(grid: Grid) -> Iterator[str]:
    heads = tuple(neutral(head) for head in grid.heads)
    table = [heads, *(tuple(neutral(cell.text) for cell in row) for row in grid.rows)]
    widths = [max(_width(row[at]) for row in table) for at in range(len(grid.heads))]
    for row in table:
        cells = []
        for at, cell in enumerate(row):
            room = " " * (widths[at] - _width(cell))
            cells.append(room + cell if at in grid.numeric else cell + room)
        yield "  ".join(cells).rstrip()


# --- in colour --------------------------------------------------------------------------------------------------


def show(blocks: Iterable[Block], say: Labels, *, stream: TextIO | None = None) -> None:
    """Write the blocks to a stream: in colour and wrapped where it is a terminal, else as plain lines.

    ``NO_COLOR`` and ``TERM=dumb`` are respected.
    """
    out = stream or sys.stdout
    if not out.isatty():
        out.write(plain(blocks, say))
        return
    from rich.console import Console

    fancy(blocks, say, Console(file=out, highlight=False, markup=False, emoji=False))


def fancy(blocks: Iterable[Block], say: Labels, console: Console) -> None:
    """Print the blocks on a console, fitted to its width."""
    for block in blocks:
        for part in _drawn(block, say):
            console.print(part)


def _drawn(block: Block, say: Labels) -> Iterator[RenderableType]:
    from rich.padding import Padding

    match block:
        case Heading(text=text, level=level):
            yield ""
            yield _styled(Told(text.strip() if level == 1 else text, strong=True), under=level == 1)
        case Line(told=told, alone=alone):
            yield Padding(_styled(told), (1, 0) if alone else 0)
        case Item():
            yield from _item(block)
        case Grid():
            yield ""
            yield _grid(block)
        case Complaints(findings=findings):
            yield from _complaints(list(findings), say)
        case Tree(node=node):
            yield _tree(node, None)
        case Code(text=text):
            yield Padding(_styled(Told(text)), (0, 0, 0, 2))


def _item(item: Item) -> Iterator[RenderableType]:
    from rich.padding import Padding

    yield _hung(item.sign, _styled(item.told), item.told.status)
    yield from (Padding(_styled(each), (0, 0, 0, 4)) for each in item.beneath if each.text)


def _style(told: Told) -> str:
    parts = ["bold"] if told.strong else []
    parts += ["dim"] if told.soft else []
    parts += [STATUSES[told.status].terminal] if told.status else []
    return " ".join(parts)


def _styled(told: Told, *, under: bool = False) -> Text:
    from rich.text import Text

    return Text(neutral(told.text), style=f"{_style(told)} underline".strip() if under else _style(told))


def _hung(sign: str, text: Text, status: str | None) -> RenderableType:
    from rich.table import Table

    table = Table.grid(padding=(0, 1))
    table.add_column(width=2, no_wrap=True, justify="right")
    table.add_column(ratio=1)
    table.add_row(_styled(Told(sign, status=status, strong=True)), text)
    return table


def _grid(grid: Grid) -> RenderableType:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for at, head in enumerate(grid.heads):
        numeric = at in grid.numeric
        short = max((len(row[at].text) for row in grid.rows), default=0) <= _SHORT
        head_text = _styled(Told(head, soft=True))
        table.add_column(head_text, justify="right" if numeric else "left", no_wrap=numeric or short)
    for row in grid.rows:
        table.add_row(*(_indented(cell) for cell in row))
    return table


def _indented(cell: Told) -> RenderableType:
    """A cell whose leading spaces are an indent that its further lines keep."""
    from rich.padding import Padding

    depth = len(cell.text) - len(cell.text.lstrip(" "))
    plain_cell = _styled(Told(cell.text.lstrip(" "), cell.status, cell.strong, cell.soft))
    return Padding(plain_cell, (0, 0, 0, depth)) if depth else plain_cell


def _complaints(findings: list[Finding], say: Labels) -> Iterator[RenderableType]:
    """One group per file and sheet: the cell, then what is wrong and what to do."""
    from rich.table import Table
    from rich.text import Text

    for name, group in by_sheet(findings):
        yield Text("\n" + neutral(name or say("whole")), style="bold underline")
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(max_width=24)
        table.add_column(ratio=1)
        for each in group:
            table.add_row(*_complaint(each, say))
        yield table


def _complaint(each: Finding, say: Labels) -> tuple[Text, Text, Text]:
    from rich.text import Text

    look = STATUSES[SEVERITIES[each.level]]
    sign = Text(
        f"{look.sign} {say(f'severity-{each.level}')}",
        style=f"{look.terminal}{' bold' if each.level is Severity.BLOCKER else ''}",
    )
    told = each.in_language(say.lang)
    body = Text(neutral(told.message))
    if each.suggestion:
        body.append(" " + say("suggestion", value=neutral(each.suggestion)), style="italic")
    if told.hint:
        body.append("\n" + neutral(told.hint), style="dim")
    body.append(f"  {each.code}", style="dim")
    return sign, Text(neutral(spot(each.place, say)), style="bold"), body


def _tree(node: Explanation, above: RichTree | None) -> RichTree:
    from rich.text import Text
    from rich.tree import Tree as Drawn

    label = Text()
    label.append(neutral(node.label), style="bold" if node.children else "")
    if node.shown:
        label.append(f"{spaced(':', node.lang)}{neutral(node.shown)}", style="bold")
    if node.illustrative:
        label.append(f" ({wording(node.lang)('illustrative')})", style="italic")
    if node.how:
        label.append(node.joint + neutral(node.how), style="dim")
    if node.place is not None:
        label.append(f"  [{neutral(node.place.in_language(node.lang))}]", style="cyan")
    here = Drawn(label, guide_style="dim") if above is None else above.add(label)
    for child in node.children:
        _tree(child, here)
    return here
