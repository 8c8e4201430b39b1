"""The lists that the command line prints: one finding code, all of them, the scoring schemes.

Read `codes` first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mne.display.blocks import Block, Grid, Heading, Item, Line, Told
from mne.display.labels import Labels, labels

if TYPE_CHECKING:
    from mne.ground.catalogue import Code
    from mne.scores.scheme import Scheme

__all__ = ["code", "codes", "schemes"]


def code(entry: Code, lang: str | None = None) -> Iterator[Block]:
    """One finding code: what it says, an example, and what to do."""
    say, told = labels(lang), entry.in_language(lang)
    yield Heading(entry.code, 1)
    yield Line(Told(say("explain-severity", severity=_severity(entry, say))))
    yield Line(Told(told.message))
    if told.example:
        yield Line(Told(say("explain-example", example=told.example)))
    if told.hint:
        yield Line(Told(say("explain-hint", hint=told.hint)))


def codes(entries: Mapping[str, Code], lang: str | None = None) -> Iterator[Block]:
    """Every finding code in one table."""
    say = labels(lang)
    rows = tuple(
        (Told(each.code, strong=True), Told(_severity(each, say)), Told(each.in_language(lang).message))
        for each in entries.values()
    )
    yield Grid((say("h-code"), say("h-severity"), say("h-message")), rows)


def _severity(entry: Code, say: Labels) -> str:
    """The severity as a word; in English the one by which options and files name it."""
    return str(entry.severity) if say.lang == "en" else say(f"severity-{entry.severity}")


def schemes(found: Mapping[str, Scheme], lang: str | None) -> Iterator[Block]:
    """The schemes with what they are and who published them."""
    say = labels(lang)
    for each in found.values():
        checked = say("verified" if each.verified else "not-verified")
        bands = ", ".join(band.label for band in reversed(each.ordered_bands))
        beneath = (
            Told(f"{say('version')} {each.version}, {checked}; {say('bands')}{say.colon}{bands or '–'}"),
            Told(f"{say('source')}{say.colon}{each.source}", soft=True),
        )
        yield Item(Told(f"{each.id}  {each.title.in_language(say.wanted)}", strong=True), beneath)
