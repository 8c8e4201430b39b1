"""The lists that the command line prints: one finding code, all of them, the scoring schemes.

Read `codes` first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mne.display.blocks import Block, Grid, Heading, Item, Line, Told
from mne.display.labels import labels

if TYPE_CHECKING:
    from mne.ground.catalogue import Code
    from mne.scores.scheme import Scheme

__all__ = ["code", "codes", "schemes"]


def code(entry: Code) -> Iterator[Block]:
    """One finding code: what it says, an example, and what to do."""
    yield Heading(entry.code, 1)
    yield Line(Told(f"severity: {entry.severity}"))
    yield Line(Told(entry.message))
    if entry.example:
        yield Line(Told(f"Example: {entry.example}"))
    if entry.hint:
        yield Line(Told(f"What to do: {entry.hint}"))


def codes(entries: Mapping[str, Code]) -> Iterator[Block]:
    """Every finding code in one table."""
    rows = tuple(
        (Told(each.code, strong=True), Told(str(each.severity)), Told(each.message)) for each in entries.values()
    )
    yield Grid(("code", "severity", "message"), rows)


def schemes(found: Mapping[str, Scheme], lang: str | None) -> Iterator[Block]:
    """The schemes with what they are and who published them."""
    say = labels(lang)
    for each in found.values():
        checked = say("verified" if each.verified else "not-verified")
        bands = ", ".join(band.label for band in reversed(each.ordered_bands))
        beneath = (
            Told(f"{say('version')} {each.version}, {checked}; {say('bands')}: {bands or '–'}"),
            Told(f"{say('source')}: {each.source}", soft=True),
        )
        yield Item(Told(f"{each.id}  {each.title.in_language(say.wanted)}", strong=True), beneath)
