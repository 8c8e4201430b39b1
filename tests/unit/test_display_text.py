"""Plain text and terminals: one thing a line for pipes; in colour, wrapped and without surprises for people."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from mne import _render
from mne.display import lists, outlines
from mne.display.blocks import Code, Complaints, Grid, Heading, Item, Line, Told, Tree
from mne.display.labels import labels
from mne.display.markdown import escaped, markdown
from mne.display.text import fancy, plain, show
from mne.ground.catalogue import CODES
from mne.ground.explanation import Explanation
from mne.ground.findings import Findings
from tests.golden import card as small

SAY = labels("en")
EVIL = "[red]x[/red] \x1b[31mred\x1b[0m \u202eevil :smile: *b* <b>"

BLOCKS = [
    Heading("Title", 1),
    Line(Told("A notice", strong=True), alone=True),
    Grid(("Name", "Number"), ((Told("  a"), Told("1")), (Told("日本"), Told("1,000", status="met"))), frozenset({1})),
    Heading("Part"),
    Item(Told("entry", status="at_risk"), (Told("more"), Told("")), "▲"),
    Tree(Explanation("score", "OC1", shown="5", how="2 + 3", children=(Explanation("cell", "P"),))),
    Code("logframe check x"),
]


def test_plain_blocks() -> None:
    assert plain(BLOCKS, SAY).splitlines() == [
        "Title",
        "A notice",
        "",
        "Name  Number",
        "  a        1",
        "日本   1,000",
        "",
        "Part",
        "  ▲ entry",
        "      more",
        "OC1: 5 = 2 + 3",
        "└─ P",
        "  logframe check x",
    ]


def test_markdown_blocks() -> None:
    assert markdown(BLOCKS, SAY).splitlines() == [
        "# Title",
        "",
        "> **A notice**",
        "",
        "| Name | Number |",
        "| --- | --: |",
        "| &nbsp;&nbsp;a | 1 |",
        "| 日本 | 1,000 |",
        "",
        "## Part",
        "",
        "- ▲ entry",
        "  <br>more",
        "",
        "- OC1: 5 = 2 + 3",
        "  - P",
        "",
        "    logframe check x",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "a\\|b"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("# x", "\\# x"),
        ("- x", "\\- x"),
        ("*x* _y_ `z`", "\\*x\\* \\_y\\_ \\`z\\`"),
        ("[a](javascript:x)", "\\[a\\](javascript:x)"),
        ("2026-Q1", "2026-Q1"),
    ],
)
def test_markdown_is_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


def _console(width: int = 80, *, colour: bool = True) -> Console:
    return Console(
        file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour, highlight=False, markup=False,
        emoji=False, legacy_windows=False, _environ={},
    )  # fmt: skip


def _fancy(blocks: list[object], width: int = 80, *, colour: bool = True) -> str:
    console = _console(width, colour=colour)
    fancy(blocks, SAY, console)  # type: ignore[arg-type]
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_hostile_text_is_neither_markup_nor_colour_on_a_terminal() -> None:
    blocks = [Heading(EVIL), Line(Told(EVIL)), Item(Told(EVIL)), Grid((EVIL,), ((Told(EVIL),),)), Code(EVIL)]
    blocks.append(Tree(Explanation("score", EVIL, shown=EVIL, how=EVIL)))
    told = _fancy(blocks, 200, colour=False)
    assert told.count("[red]x[/red]") == 9
    assert told.count(":smile:") == 9
    assert "\x1b" not in told
    assert "\u202e" not in told


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("name", ["scorecard", "findings", "values", "logframe", "explanation"])
def test_nothing_is_wider_than_the_terminal(name: str, width: int) -> None:
    thing = {"scorecard": small.card, "logframe": small.plan}.get(name) or getattr(small, name)
    told = _fancy(list(getattr(outlines, name)(thing(), SAY)), width, colour=False)
    assert max(len(line.rstrip()) for line in told.splitlines()) <= width


def test_colour_only_where_it_is_wanted() -> None:
    blocks = list(outlines.scorecard(small.card(), SAY))
    assert "\x1b[" in _fancy(blocks)
    assert "\x1b[" not in _fancy(blocks, colour=False)


COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7])m")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    coloured = Terminal()
    show(outlines.scorecard(small.card(), SAY), SAY, stream=coloured)
    assert COLOUR.search(coloured.getvalue())
    monkeypatch.setenv("NO_COLOR", "1")
    told = Terminal()
    show(outlines.scorecard(small.card(), SAY), SAY, stream=told)
    assert not COLOUR.search(told.getvalue())
    assert "▲" in told.getvalue() or "■" in told.getvalue()


def test_a_pipe_gets_plain_lines() -> None:
    out = io.StringIO()
    show(outlines.scorecard(small.card(), SAY), SAY, stream=out)
    assert out.getvalue() == _render.text(small.card())


def test_each_finding_is_one_line_with_its_place_and_code() -> None:
    lines = plain([Complaints(small.findings())], SAY).splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("2026-Q2 P-5.csv: blocker: file-empty: ")
    assert any(line.startswith("2026-Q2 P-4.xlsx!Report!H12: warning: value-unit-not-convertible: ") for line in lines)


def test_no_findings_say_so() -> None:
    assert _render.text(Findings()) == "Nothing is wrong here.\n"


def test_the_catalogue_lists_every_code() -> None:
    told = plain(lists.codes(CODES), SAY)
    assert all(code in told for code in CODES)
    one = plain(lists.code(CODES["file-missing"]), SAY)
    assert one.startswith("file-missing\n")
    assert "What to do:" in one
