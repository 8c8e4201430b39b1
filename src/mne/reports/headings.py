"""What the header of a column of figures says: its period, its category or place, target or actual.

Read `Headings.parts` first: one header cell becomes parts, each with its own words; `Headings.of` joins the cells above
one column. A header that could mean two things is ambiguous, and nothing is made of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from mne.ground.trees import Plain, parse_yaml, to_plain
from mne.logframe.indicator import TOTAL
from mne.reports.grid import Cell, text_of
from mne.reports.headers import header_key, shipped_aliases
from mne.reports.words import HALVES, MONTHS, ORDINALS, QUARTERS, SEVERAL, TOTALS, folded

if TYPE_CHECKING:
    from mne.reports.names import Names

__all__ = [
    "ASIDE",
    "READ",
    "At",
    "Heading",
    "Headings",
    "Part",
    "counting",
    "header_text",
    "role_words",
    "words_around",
]

Kind = Literal["role", "period", "bare", "dimension", "location", "partner", "total", "ambiguous"]

READ: Final = ("value", "this_period", "cumulative", "numerator", "denominator", "text", "comment")
"""Roles of columns that are read."""

ASIDE: Final = ("target", "baseline", "previous", "to_date", "achievement", "source", "date")
"""Roles of columns that are recognised and never read as what was achieved."""

_STRENGTH: Final = ("date", "source", "baseline", "target", "previous", "to_date", "achievement", "comment", "text",
                    "numerator", "denominator", "cumulative", "this_period", "value")  # fmt: skip
_SHARED: Final = ("value", "numerator", "denominator", "text", "comment")
_LONGEST: Final = 120
_MOST_WORDS: Final = 10
_WORD: Final = re.compile(r"[^\s/|:;,()\[\]–—\-&]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])")
_NUMBERED: Final = re.compile(r" [0-9]{1,2}$")
_DIGITS: Final = 2
_PER_YEAR: Final = {"q": 4, "h": 2, "m": 12}
_LENGTH: Final = re.compile(r"(?:^| )(?:за )?(?:[369]|12) (?:months|mois|мес|месяца|месяцев|моҳ|моҳи)$")
_PART_OF_YEAR: Final = QUARTERS | HALVES | frozenset(MONTHS)


class Part(NamedTuple):
    """One thing that a header says, in its own words. `name`: the role, or the id of the dimension."""

    kind: Kind
    name: str
    text: str


class At(NamedTuple):
    """Words of a header and the positions of the cell in which they stand."""

    text: str
    row: int
    column: int


@dataclass(slots=True)
class Heading:
    """What stands above one column of figures; `role` is empty where nothing says it."""

    column: int
    header: str
    role: str = ""
    period: At | None = None
    dimensions: dict[str, At] = field(default_factory=dict)
    location: At | None = None
    partner: At | None = None
    total: bool = False
    ambiguous: str = ""
    strange: bool = False
    date_of: str = ""
    role_said: At | None = None
    """The words that say the role, in their own cell."""
    said: bool = False
    """Whether the lowest cell is understood."""
    bare: bool = False
    """Whether the period is a part of a year, and nothing above the column says of which."""
    beneath: str = ""
    """The longer part of a year above such a period: ``July`` beneath ``Months of Q3``."""

    @property
    def spot(self) -> tuple[str, ...]:
        """What the figures of the column are about: columns of one spot stand beside each other."""
        told = [self.period, self.location, self.partner]
        return (*(at.text if at else "" for at in told), *(f"{key}={at.text}" for key, at in self.dimensions.items()))

    @property
    def place(self) -> tuple[str, ...]:
        """`spot`; in a block, where a milestone without a date has no other, its name."""
        return self.spot if self.is_placed else (*self.spot, self.header if self.role == "target" else "")

    @property
    def is_placed(self) -> bool:
        """Whether the header says more than a role."""
        return self.total or any(self.spot)


@lru_cache(maxsize=1)
def role_words() -> dict[str, str]:
    """Every word for a role that ships, as it is compared."""
    found = {header_key(word): role for role, groups in _section("roles").items() for word in _each(groups)}
    for key, name in shipped_aliases():
        if name.kind == "column" and name.target in _SHARED:
            found.setdefault(key, name.target)
    return found


@lru_cache(maxsize=1)
def counting() -> frozenset[str]:
    """Headers of denominators that say of the figure beside them that it is counted out of them."""
    return frozenset(header_key(word) for word in _each(_section("counted")))


@lru_cache(maxsize=2)
def words_around(what: str) -> frozenset[str]:
    """Words that say nothing by themselves around an indicator's name or a figure's heading."""
    return frozenset(header_key(word) for word in _each(_section("around")[what]))


def _section(name: str) -> dict[str, Plain]:
    source = resources.files("mne.reports").joinpath("aliases.yaml")
    tree, _ = parse_yaml(source.read_bytes(), name="aliases.yaml")
    plain = to_plain(tree) if tree is not None else {}
    found = plain[name] if isinstance(plain, dict) else {}
    return found if isinstance(found, dict) else {}


def _each(plain: Plain) -> Iterator[str]:
    if isinstance(plain, dict):
        for each in plain.values():
            yield from _each(each)
    elif isinstance(plain, list):
        yield from (each for each in plain if isinstance(each, str))


class Headings:
    """Reads the headers of columns of figures for one plan."""

    def __init__(self, names: Names, *, roles: dict[str, str] | None = None) -> None:
        self.names = names
        self.roles = {**role_words(), **{header_key(word): role for word, role in (roles or {}).items()}}
        self._known: dict[str, tuple[Part, ...]] = {}

    def role(self, text: str) -> str:
        """The role that a word names; empty for none. ``Milestone 2`` is a milestone."""
        key = header_key(text) if len(text) <= _LONGEST else ""
        role = self.roles.get(key) or self.roles.get(_NUMBERED.sub("", key))
        if role is None and (length := _LENGTH.search(key)):
            # "Since January (9 months)", and "9 months" by itself, which are never one period of a plan.
            lead = key[: length.start()].strip()
            role = "to_date" if not lead or self.roles.get(lead) == "to_date" else None
        return role or ""

    def learn(self, text: str, parts: tuple[Part, ...]) -> None:
        """Have a header mean this from now on."""
        self._known[text] = parts

    def forget(self, text: str) -> None:
        """Have a header mean nothing."""
        self._known[text] = ()

    def parts(self, text: str) -> tuple[Part, ...]:
        """What one header cell says; nothing where some of its words are not understood."""
        if text not in self._known and (own := self.names.said("category", text)) != text:
            self._known[text] = tuple(
                Part("dimension", *part.split("=", 1)) for part in str(own).split("|") if "=" in part
            ) or self.parts(str(own))
        if text not in self._known:
            whole = self._single(text)
            self._known[text] = (whole,) if whole is not None else self._several(text)
        return self._known[text]

    def of(self, column: int, cells: Sequence[At]) -> Heading:
        """What the cells above a column say together, the topmost first."""
        heading = Heading(column, " / ".join(dict.fromkeys(" ".join(cell.text.split()) for cell in cells)))
        roles: dict[str, At] = {}
        periods: list[tuple[Part, At]] = []
        for number, cell in enumerate(cells):
            parts = self.parts(cell.text) or self._numbered(cell.text, cells[:number])
            heading.said = bool(parts)
            heading.strange = heading.strange or not parts
            for part in parts:
                at = At(part.text, cell.row, cell.column)
                match part.kind:
                    case "role":
                        roles.setdefault(part.name, At(" ".join(cell.text.split()), cell.row, cell.column))
                    case "period" | "bare":
                        periods.append((part, at))
                    case "dimension":
                        if heading.dimensions.setdefault(part.name, at).text != at.text:
                            heading.ambiguous = f"{heading.dimensions[part.name].text} / {at.text}"
                    case "location" | "partner":
                        setattr(heading, part.kind, at)
                    case "total":
                        heading.total = True
                    case _:
                        heading.ambiguous = part.name
        heading.role = min(roles, key=_STRENGTH.index, default="")
        heading.role_said = roles.get(heading.role)
        if heading.role == "date" and (others := [role for role in roles if role != "date"]):
            heading.role, heading.date_of = "date", min(others, key=_STRENGTH.index)
        self._join_periods(heading, periods)
        return heading

    def _numbered(self, text: str, above: Sequence[At]) -> tuple[Part, ...]:
        """The period that a lone number means beneath a word for several: ``II`` beneath ``Quarters of 2026``."""
        word = folded(text)
        number = int(word) if word.isascii() and word.isdecimal() and len(word) <= _DIGITS else ORDINALS.get(word)
        said = [token for cell in above for token in _LETTERS.findall(folded(cell.text))]
        kinds = {SEVERAL[token] for token in said if token in SEVERAL}
        if number is None or len(kinds) != 1 or any(token in _PART_OF_YEAR for token in said):
            return ()
        (kind,) = kinds
        return (Part("bare", "", f"{kind.upper()}{number}"),) if 1 <= number <= _PER_YEAR[kind] else ()

    def _join_periods(self, heading: Heading, periods: list[tuple[Part, At]]) -> None:
        """A year above a quarter is one period; the narrower of two that fit counts; two that differ are ambiguous."""
        if not periods:
            return
        (last, at) = periods[-1]
        heading.period = at
        if last.kind == "bare":
            year = next((part.text for part, _ in periods if part.kind == "period" and _YEAR.search(part.text)), None)
            if year is not None:
                whole = self.of_the_year(last.text, year)
                heading.period = At(whole or last.text, at.row, at.column)
                heading.ambiguous = heading.ambiguous if whole else f"{year} / {last.text}"
                return
            heading.bare = True
            heading.beneath = next((part.text for part, _ in periods[:-1] if part.kind == "bare"), "")
            return
        for part, above in periods[:-1]:
            if part.kind == "bare":
                heading.period = At(f"{part.text} {last.text}", above.row, above.column)
            elif not self.covers(part.text, last.text):
                heading.ambiguous = f"{part.text} / {last.text}"

    def of_the_year(self, part: str, above: str) -> str | None:
        """A part of a year with its year: beneath ``2026`` any, beneath ``III кв. 2026`` one that lies within."""
        if self.names.periods.read(f"{part} {above}").code in (None, "period-ambiguous"):
            return f"{part} {above}"
        years = dict.fromkeys(found.group() for found in _YEAR.finditer(above))
        within = [whole for year in years if self.covers(above, whole := f"{part} {year}")]
        return within[0] if len(within) == 1 else None

    def covers(self, wide: str, narrow: str) -> bool:
        """Whether a period holds another; what cannot be read holds itself."""
        one, other = self.names.periods.read(wide), self.names.periods.read(narrow)
        if None in (one.start, one.last, other.start, other.last):
            return folded(wide) == folded(narrow)
        return one.start <= other.start and other.last <= one.last  # type: ignore[operator] # none is None

    def _single(self, text: str) -> Part | None:
        plain = " ".join(text.split())
        if not plain or len(plain) > _LONGEST:
            return None
        if role := self.role(plain):
            return Part("role", role, plain)
        found: list[Part] = []
        if plain == TOTAL or folded(plain) in TOTALS:
            return Part("total", "", plain)
        for dimension, lookup in self.names.dimensions.items():
            if (code := lookup.known(plain)) is not None:
                found.append(Part("total" if code == TOTAL else "dimension", dimension, plain))
        if self.names.locations.known(plain) is not None:
            found.append(Part("location", "", plain))
        if self.names.partners.known(plain) is not None:
            found.append(Part("partner", "", plain))
        if not found and (kind := self._period_kind(plain)) is not None:
            found.append(Part(kind, "", plain))
        if len(found) > 1:
            told = " or ".join(f"{part.kind} {part.name}".strip() for part in found)
            return Part("ambiguous", f"{plain}: {told}", plain)
        return found[0] if found else None

    def _period_kind(self, text: str) -> Literal["period", "bare"] | None:
        answer = self.names.periods.read(text)
        if answer.code is None or answer.code == "period-ambiguous":
            return "period"
        tokens = _LETTERS.findall(folded(text))
        if _YEAR.search(text) or not any(token in _PART_OF_YEAR for token in tokens):
            return None
        answer = self.names.periods.read(f"{text} {self.names.plan.start.year}")
        return "bare" if answer.code in (None, "period-ambiguous") else None

    def _several(self, text: str) -> tuple[Part, ...]:
        """The fewest parts that make up a header, such as ``Target Q1 2025`` or ``Women (15–24)``."""
        spans = [found.span() for found in _WORD.finditer(text)] if len(text) <= _LONGEST else []
        if not 1 <= len(spans) <= _MOST_WORDS:
            return ()
        best: list[tuple[Part, ...] | None] = [()]
        for end in range(1, len(spans) + 1):
            chosen: tuple[Part, ...] | None = None
            for start in range(end):
                before = best[start]
                if before is None or (start == 0 and end == len(spans)):
                    continue
                piece = text[spans[start][0] : spans[end - 1][1]]
                one = self._single(piece)
                if one is None and header_key(piece) not in words_around("figures"):
                    continue
                parts = (*before, one) if one is not None else before
                if chosen is None or len(parts) < len(chosen):
                    chosen = parts
            best.append(chosen)
        return best[-1] or ()


def header_text(cell: Cell) -> str:
    """A cell as a header: a text, a year that is a number, a day."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, (dt.date, dt.datetime)) or (
        isinstance(cell, (int, float)) and not isinstance(cell, bool) and 1900 <= cell < 2200 and cell == int(cell)
    ):
        return text_of(cell) or ""
    return ""
