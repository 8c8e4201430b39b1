"""What one line above a table says for all of its rows: ``Partner: P-EAST. Place: Khatlon. Updated on 12 October``.

Read `facts_in` first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mne.reports.names import Names

__all__ = ["facts_in"]

_FACTS: Final = (
    "project", "period", "year", "period_start", "period_end", "partner", "location", "status", "reported_on",
    "revision", "unit",
)  # fmt: skip
_WITHIN: Final = ("partner", "location", "period")
"""Facts that are read from within a line that begins with something else."""
_APART: Final = re.compile(r"[.;,|·•\n]\s*|\s[–—-]\s+|\s{2,}")
"""What may stand between two things that one line says."""
_TAIL: Final = " .;,|·•–—-"
_STOP: Final = re.compile(r"[.,;(](?:\s|$)|[;(]")
_STOP_OF_PERIOD: Final = re.compile(r"[.;](?:\s|$)|[;|]")
"""What stands in brackets, or behind a comma, may say another period."""


def facts_in(
    text: str, name_of: Callable[[str], tuple[str, str] | None], names: Names
) -> Iterator[tuple[str, str, str]]:
    """Each fact that a text names by a word before a colon, or by that word alone: the fact, the word, what it says.

    Args:
        text: what stands in one cell.
        name_of: the kind and the canonical name of a header.
        names: the words of the plan.
    """
    line = text if ":" in text else f"{text}:"
    found: list[tuple[str, str, int, int]] = []
    after = 0
    for colon in (each.start() for each in re.finditer(":", line)):
        starts = ([] if found else [0]) + [each.end() for each in _APART.finditer(line, after, colon)]
        for start in starts:
            label = line[start:colon].strip()
            name = name_of(label)
            if name is not None and name[1] in _FACTS:
                found.append((name[1], label, start, colon))
                break
        after = colon + 1
    for at, (fact, label, start, colon) in enumerate(found):
        end = found[at + 1][2] if at + 1 < len(found) else len(line)
        rest = line[colon + 1 : end].strip()
        said = _told(names, fact, rest.rstrip(_TAIL) if end < len(line) else rest)
        if not start or _is_meant(names, fact, said):
            yield fact, label, said


def _told(names: Names, fact: str, text: str) -> str:
    """What a fact says; ``P-EAST. Figures April to June`` names a partner before a stop."""
    if _says(names, fact, text):
        return text
    stops = _STOP_OF_PERIOD if fact == "period" else _STOP
    for end in reversed([found.start() for found in stops.finditer(text)]):
        told = text[:end].strip()
        if _says(names, fact, told) and (fact != "period" or not names.periods.named_in(text[end:])):
            return told
    return text


def _says(names: Names, fact: str, text: str) -> bool:
    """Whether a text as it stands is known as a partner, a place or a period; of other facts nothing is asked."""
    if fact == "period":
        return names.periods.read(text).code in (None, "period-ambiguous")
    lookup = {"partner": names.partners, "location": names.locations}.get(fact)
    return lookup is None or lookup.known(text) is not None


def _is_meant(names: Names, fact: str, text: str) -> bool:
    """Whether a text within a line can be nothing but a partner, a place or a period, if perhaps mistyped."""
    lookup = {"partner": names.partners, "location": names.locations}.get(fact)
    near = lookup is not None and lookup.match(text).suggestion is not None
    return near or (fact in _WITHIN and _says(names, fact, text))
