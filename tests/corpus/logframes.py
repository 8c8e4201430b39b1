"""The collection's logframes under our keys: their defects stay, line by line, and every old line has its new ones.

Read `rewritten` first. It works on the text, because half of the defects are in the text and not in what it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

__all__ = ["Rewritten", "rewritten"]

_KEYS: Final = {
    "code": "id",
    "name": "title",
    "outcomes": "results",
    "outputs": "results",
    "start_date": "start",
    "end_date": "end",
    "disaggregated_by": "disaggregation",
}
_NEEDED: Final = "means_of_verification: [x], measure: {measure}, accumulation: level, "
_OF_LEVEL: Final = re.compile(r"^( *)(-) code(\s*):(.*)$")
_IN_BRACES: Final = re.compile(r"^( *- )\{(.*)$")
_PROJECT: Final = re.compile(r"^project: \{(.*)\}\s*$")
_VALUE: Final = r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^,}\n]+)"""


@dataclass(slots=True)
class Rewritten:
    """The text under our keys, and for each line of the old text the lines that it became."""

    text: str
    lines: dict[int, set[int]] = field(default_factory=dict)


def rewritten(text: str) -> Rewritten:
    """The same logframe under our keys."""
    done: list[str] = []
    places: dict[int, set[int]] = {}
    section = ""
    unfolding = 0
    for number, line in enumerate(text.split("\n"), start=1):
        before = len(done)
        if found := re.match(r"^ *(?:- )?(outcomes|outputs|indicators):", line):
            section = found[1]
        if unfolding and line.strip() and not line.startswith(" "):
            unfolding = 0
        if matched := _PROJECT.match(line):
            done += [_renamed(part) for part in _parts(matched[1])]
        elif re.match(r"^project:\s*$", line):
            unfolding = 1
        elif unfolding:
            done.append(_renamed(line.strip()))
        elif section in ("outcomes", "outputs") and (level := _OF_LEVEL.match(line)):
            done += [f"{level[1]}- id:{level[4]}", f"{level[1]}  level: {section[:-1]}"]
        elif section == "indicators" and (braced := _IN_BRACES.match(line)):
            done.append(braced[1] + "{" + _needed(line) + _figures(_renamed(braced[2])))
        elif section == "indicators" and (level := _OF_LEVEL.match(line)):
            needed = _needed(text).rstrip(", ").split(", ")
            done += [f"{level[1]}- id:{level[4]}", *(f"{level[1]}  {each}" for each in needed)]
        else:
            done.append(_figures(_renamed(line)))
        places[number] = set(range(before + 1, len(done) + 1)) or {before + 1}
    return Rewritten("\n".join(done), places)


def _needed(line: str) -> str:
    """What our indicators must say and theirs do not."""
    return _NEEDED.format(measure="percentage, reported_as: value" if "unit: percent" in line else "number")


def _renamed(line: str) -> str:
    """The keys of a line under our names."""
    return re.sub(r"(?<![\w.])(" + "|".join(_KEYS) + r")(?=\s*:(?:\s|$))", lambda found: _KEYS[found[1]], line)


def _figures(line: str) -> str:
    """Bare baselines and targets as ours, which know their period. A key that stands there twice still does."""
    # Their formulas write OC1_1 for OC1.1.
    line = re.sub(r"formula:.*", lambda found: re.sub(r"\b([A-Z]+[0-9]+)_([0-9]+)\b", r"\1.\2", found[0]), line)
    line = re.sub(rf"(?<![\w.])baseline: {_VALUE}", r"baseline: {value: \1, illustrative: true}", line)
    return re.sub(
        rf"(?<![\w.])target: {_VALUE}",
        r"targets: [{period: 2026-Q4, kind: final, value: \1, illustrative: true}]",
        line,
    )


def _parts(body: str) -> list[str]:
    """The entries of a map in braces; a comma inside quotes parts nothing."""
    return [each.strip() for each in re.findall(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^,])+""", body)]
