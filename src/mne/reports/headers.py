"""Which column of a table is which: headers in four languages, the plan's own dimensions, and the row they stand in.

Read `HeaderReader.find` first. The names that are understood stand in ``aliases.yaml``; a header that is not understood
is said, with the nearest name, and its column is kept beside the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.phrases import listed, phrase
from mne.ground.sheets import column_letters
from mne.ground.trees import Plain, parse_yaml, to_plain
from mne.reports.descriptions import describes, holds_days
from mne.reports.grid import is_blank, text_of
from mne.reports.lookup import all_titles, nearest, skeleton
from mne.reports.reading import ColumnAt
from mne.reports.share_columns import PARTS, SHARE, likely_parts
from mne.reports.words import NOISE, TOTALS, folded
from mne.tables.observations import COLUMNS

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.reports.grid import Grid

__all__ = [
    "HeaderReader",
    "Layout",
    "Name",
    "code_words",
    "header_key",
    "header_texts",
    "is_aside",
    "is_share",
    "marks_share",
    "named",
    "shipped_aliases",
]

_SIGNS: Final = re.compile(r"[\s_\-‐‑–—.,:;*?!()\[\]{}\"'’`«»“”/\\|]+")
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PARTS: Final = re.compile(r"[/|\n\r]+")
_FIRST_ROWS: Final = 40
_LONGEST: Final = 200
_SUGGESTED: Final = 50
_YEARLY: Final = frozenset(("annual", "yearly", "annuel", "annuelle", "годовой", "годовое", "солона"))
_ASKED: Final = 1_000
_SCRIBBLES: Final = 3
"""So few cells beside a table, without a header, are a remark."""
_OWN: Final = frozenset(column.name for column in COLUMNS if not column.name.startswith("source_"))


class Name(NamedTuple):
    """What a header stands for. `kind`: column, also (a second choice), dimension, or known (understood, not read)."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column is which in one grid.

    `header_at` is the position of the header's row, -1 where the grid names its own columns. `columns` and
    `dimensions` give positions; `headers` are as written, and empty for a column without one.
    """

    header_at: int
    headers: tuple[str, ...]
    columns: Mapping[str, int]
    dimensions: Mapping[str, int]

    def places(self, grid: Grid) -> dict[str, ColumnAt]:
        """Header and letter of every column that is read; a dimension's by its id, behind ``dimension:``."""
        named = {**self.columns, **{f"dimension:{id}": at for id, at in self.dimensions.items()}}
        return {
            name: ColumnAt(self.headers[at], column_letters(at + 1) if grid.has_letters else None)
            for name, at in named.items()
        }


def header_key(header: str) -> str:
    """A header as it is compared: lower case, no punctuation, no underscores."""
    return _SIGNS.sub(" ", folded(header)).strip()


@lru_cache(maxsize=1)
def shipped_aliases() -> tuple[tuple[str, Name], ...]:
    """Every name that ships, folded, with what it stands for."""
    source = resources.files("mne.reports").joinpath("aliases.yaml")
    tree, _ = parse_yaml(source.read_bytes(), name="aliases.yaml")
    plain: Plain = to_plain(tree) if tree is not None else {}
    found: list[tuple[str, Name]] = []
    if (
        isinstance(plain, dict)
        and isinstance(columns := plain["columns"], dict)
        and isinstance(known := plain["known"], dict)
    ):
        for column, groups in columns.items():
            if isinstance(groups, dict):
                for group, words in groups.items():
                    name = Name("also" if group == "also" else "column", column)
                    found += [(header_key(word), name) for word in _words(words)]
        found += [(header_key(word), Name("known", "")) for words in known.values() for word in _words(words)]
    return tuple(found)


@lru_cache(maxsize=1)
def _by_language() -> dict[str, dict[str, str]]:
    """The first header of each column in each language, and by ``=`` and a header the languages that have it."""
    source = resources.files("mne.reports").joinpath("aliases.yaml")
    tree, _ = parse_yaml(source.read_bytes(), name="aliases.yaml")
    plain = to_plain(tree) if tree is not None else {}
    columns = plain["columns"] if isinstance(plain, dict) else {}
    found: dict[str, dict[str, str]] = {}
    for column, groups in columns.items() if isinstance(columns, dict) else ():
        for language, words in groups.items() if isinstance(groups, dict) else ():
            said = list(_words(words))
            found.setdefault(language, {}).update({f"={header_key(word)}": column for word in said})
            found[language][column] = said[0]
    return found


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    source = resources.files("mne.reports").joinpath("aliases.yaml")
    tree, _ = parse_yaml(source.read_bytes(), name="aliases.yaml")
    plain = to_plain(tree) if tree is not None else {}
    groups = plain["titles"] if isinstance(plain, dict) else {}
    found = groups.values() if isinstance(groups, dict) else ()
    return frozenset(header_key(word) for words in found for word in _words(words))


@lru_cache(maxsize=1)
def code_words() -> frozenset[str]:
    """Headers of columns of codes that do not say whose codes they are, folded."""
    source = resources.files("mne.reports").joinpath("aliases.yaml")
    tree, _ = parse_yaml(source.read_bytes(), name="aliases.yaml")
    plain = to_plain(tree) if tree is not None else {}
    groups = plain["codes"] if isinstance(plain, dict) else {}
    found = groups.values() if isinstance(groups, dict) else ()
    return frozenset(header_key(word) for words in found for word in _words(words))


@lru_cache(maxsize=1)
def _shares() -> frozenset[str]:
    source = resources.files("mne.reports").joinpath("aliases.yaml")
    tree, _ = parse_yaml(source.read_bytes(), name="aliases.yaml")
    plain = to_plain(tree) if tree is not None else {}
    groups = plain["shares"] if isinstance(plain, dict) else {}
    found = groups.values() if isinstance(groups, dict) else ()
    return frozenset(header_key(word) for words in found for word in _words(words))


def is_share(header: str, there: Iterable[str]) -> bool:
    """Whether a header names what a numerator and a denominator make, where columns of both are there."""
    return {*PARTS} <= {*there} and marks_share(header)


def marks_share(header: str) -> bool:
    """Whether a header says that its column holds shares: ``Rate``, ``%``, ``Passed (%)``."""
    return bool({header_key(header), header_key(_ASIDE.sub(" ", header))} & _shares()) or "%" in header


def is_aside(header: str) -> bool:
    """Whether a header is one of the usual ones that nobody reads: a title, or a sum over the columns beside it."""
    words = header_key(header).split()
    sums = any(word in TOTALS for word in words) and all(
        word in TOTALS | NOISE | _YEARLY or word.isdigit() for word in words
    )
    return " ".join(words) in _titles() or sums


def named(column: str, headers: Iterable[str]) -> str:
    """A column, with a header for it in the language of the others where that is not English."""
    said = _LACKING.get(column, column)
    known = {
        language: sum(f"={header_key(each)}" in words for each in headers) for language, words in _by_language().items()
    }
    language = max(known, key=lambda each: known[each]) if known else "en"
    if language == "en" or not known[language] or known["en"] == known[language]:
        return said
    return phrase(
        "{column} (a header such as {header})",
        column=said,
        header=_by_language()[language].get(column.partition(" ")[0], column),
    )


@lru_cache(maxsize=1)
def shipped_splits() -> tuple[frozenset[str], ...]:
    """Groups of names for the same split (sex, gender, sexe, пол …), folded."""
    source = resources.files("mne.reports").joinpath("aliases.yaml")
    tree, _ = parse_yaml(source.read_bytes(), name="aliases.yaml")
    plain = to_plain(tree) if tree is not None else {}
    groups = plain["dimensions"] if isinstance(plain, dict) else {}
    if not isinstance(groups, dict):
        return ()
    return tuple(frozenset(header_key(word) for word in _words(words)) for words in groups.values())


def _words(plain: Plain) -> Iterator[str]:
    if isinstance(plain, list):
        yield from (word for word in plain if isinstance(word, str))


_LACKING: Final = {
    "indicator": phrase("indicator"),
    "period_start": phrase("the first day of the period"),
    "period_end": phrase("the last day of the period"),
}


_DECISIVE: Final = frozenset({"partner", "location", "category", "unit", "state", "status", "revision"})
"""Columns without which a row says something else."""


_CHECKED: Final = frozenset({"numerator", "denominator", "comment"})
"""Columns that may be read from a header that is almost theirs."""


class HeaderReader:
    """Reads headers for one plan."""

    def __init__(self, plan: Logframe, *, also: Mapping[str, Name] | None = None) -> None:
        self.plan = plan
        names = dict(shipped_aliases())
        own = {each.id: {header_key(title) for title in (*all_titles(each.title), each.id)} for each in plan.dimensions}
        for id, titles in own.items():
            for group in shipped_splits():
                if titles & group:
                    names.update({word: Name("dimension", id) for word in group if word not in names})
        for id, titles in own.items():
            names.update({title: Name("dimension", id) for title in titles})
        names.update({header_key(column): Name("column", column) for column in _OWN})
        self.names = names = {**names, **(also or {})}
        self._skeletons = {skeleton(key): name for key, name in names.items()}
        self.near = {key: name for key, name in names.items() if name.kind != "known"}

    def name_of(self, header: str) -> tuple[Name | None, bool]:
        """What a header stands for, and whether only by letters that look alike."""
        if not header or len(header) > _LONGEST:
            return None, False
        for written in (header, _ASIDE.sub(" ", header)):
            if (found := self.names.get(header_key(written))) is not None:
                return found, False
        parts = {self.names.get(header_key(part)) for part in _PARTS.split(header) if part.strip()} - {None}
        if len(parts) == 1 and _PARTS.search(header):
            return parts.pop(), False
        return self._skeletons.get(skeleton(header_key(header))), True

    def also(self, names: Mapping[str, Name]) -> HeaderReader:
        """A reader for which some headers, as they are compared, mean something else."""
        return HeaderReader(self.plan, also={**self.names, **names})

    def dimension(self, name: str) -> str | None:
        """The dimension of the plan that a name stands for."""
        found = self.name_of(name)[0]
        return found.target if found is not None and found.kind == "dimension" else None

    def _almost(self, told: _Teller, positions: Sequence[int], columns: dict[str, int]) -> list[int]:
        """Read columns whose headers are a slip away from one that is not there; the others are left.

        Only where the rows themselves show a mistake: parts beside their share, and remarks, which are kept anyway.
        """
        left = []
        for count, position in enumerate(positions):
            near = nearest(header_key(told.headers[position]), self.near) if count < _SUGGESTED else None
            name = self.near[near] if near is not None else None
            if name is not None and name.kind == "column" and name.target in _CHECKED and name.target not in columns:
                columns[name.target] = position
                told.say("header-normalised", position, expected=name.target)
            else:
                left.append(position)
        return left

    def _tell_strange(self, told: _Teller, positions: Sequence[int], there: set[str], indicator: int | None) -> None:
        """What is said of headers that nobody knows: a remark, or that the table cannot be read without them."""
        for count, position in enumerate(positions):
            key = header_key(told.headers[position])
            near = nearest(key, self.near) if count < _SUGGESTED else None
            decisive = near is not None and self._decides(self.near[near]) and self.near[near].target not in there
            header = told.headers[position]
            part = told.parts.get(position)
            aside = is_aside(header) or told.is_apart(position) or is_share(header, there) or part == SHARE
            if part in PARTS:
                told.say("header-unknown", position, suggestion=named(part, told.headers))
            elif decisive and not aside:
                told.say("header-misspelt", position, suggestion=near)
            else:
                aside = aside or (near is None and told.describes(indicator, position))
                # Another day than that of the report may be called almost as that is.
                of_report = near is None or self.near[near].target == "reported_on"
                aside = aside or (of_report and told.holds_days(position))
                told.say("header-unknown", position, suggestion=None if aside else near,
                         severity=Severity.INFO if aside else None)  # fmt: skip

    @staticmethod
    def _decides(name: Name) -> bool:
        """Whether without this column a row is taken for something else: women for everybody."""
        return name.kind == "dimension" or name.target in _DECISIVE

    def find(self, grid: Grid, *, given: frozenset[str] = frozenset()) -> tuple[Layout | None, list[Finding], int]:
        """The layout of a grid, what is to be said of its header, and how many of its columns were understood.

        Args:
            grid: the table as found.
            given: canonical columns whose content the caller gives for every row.

        Findings: header-missing, header-duplicate, header-misspelt, header-unknown, header-blank, header-normalised,
        header-offset.
        """
        if grid.header is not None:
            rows: Iterable[tuple[int, Sequence[str]]] = [(-1, [label.strip() for label in grid.header])]
        else:
            rows = ((at, header_texts(grid, at)) for at in range(min(_FIRST_ROWS, len(grid.numbers))))
        best: tuple[int, Sequence[str]] = (-1, ())
        most = 0
        seen: set[str] = set()
        for at, headers in rows:
            understood = self._understood(headers)
            if len(understood) >= 2 and not _missing(understood, given):
                best, most = (at, headers), len(understood)
                break
            # Of several tables with the same lack it is told of the first.
            if len(understood) > most and not ({"period", "value"} <= seen <= understood):
                best, most, seen = (at, headers), len(understood), understood
        if most < 2:
            return None, [], most
        return (*self._layout(grid, *best, given), most)

    def understands(self, grid: Grid, column: str) -> bool:
        """Whether one of the first rows of a grid has a header of this meaning beside others."""
        rows = (self._understood(header_texts(grid, at)) for at in range(min(_FIRST_ROWS, len(grid.numbers))))
        return any(column in names and len(names) > 1 for names in rows)

    def _understood(self, headers: Sequence[str]) -> set[str]:
        names = (self.name_of(header)[0] for header in headers if header)
        return {name.target for name in names if name is not None and name.kind != "known"}

    def _layout(
        self, grid: Grid, at: int, headers: Sequence[str], given: frozenset[str]
    ) -> tuple[Layout | None, list[Finding]]:
        told = _Teller(grid, at, headers)
        columns: dict[str, int] = {}
        second: dict[str, int] = {}
        dimensions: dict[str, int] = {}
        strange: list[int] = []
        width = grid.widths[at] if grid.widths is not None and at >= 0 else len(headers)
        for position, header in enumerate(headers):
            name, alike = self.name_of(header)
            if not header:
                # Beyond the header's own cells stands what tore a row, which is told of the row.
                beneath = (
                    sum(not is_blank(cell) for cell in grid.columns[position][at + 1 :]) if position < width else 0
                )
                if beneath:
                    lone = beneath <= _SCRIBBLES and told.is_apart(position)
                    told.say("header-blank", position, severity=Severity.INFO if lone else None)
                continue
            if name is None:
                strange.append(position)
                continue
            if alike:
                told.say("header-normalised", position, expected=name.target or phrase("a known column"))
            kept = {"column": columns, "also": second, "dimension": dimensions}.get(name.kind)
            if kept is not None and name.target in kept:
                told.say("header-duplicate", position, first=headers[kept[name.target]], related=kept[name.target])
            elif kept is not None:
                kept[name.target] = position
        told.repeated()
        columns = {**second, **columns}
        strange = self._almost(told, strange, columns)
        told.parts = _likely_parts(told, self.plan, strange, columns)
        self._tell_strange(told, strange, {*columns, *dimensions}, columns.get("indicator"))
        if missing := _missing({*columns, *dimensions}, given):
            told.say("header-missing", None, expected=listed((named(each, headers) for each in missing), by="; "))
        if at > 0:
            told.say("header-offset", None, found=str(grid.numbers[at]))
        blocked = any(
            finding.code in ("header-missing", "header-duplicate", "header-misspelt") for finding in told.findings
        )
        layout = Layout(header_at=at, headers=tuple(headers), columns=columns, dimensions=dimensions)
        return (None if blocked else layout), told.findings


class _Teller:
    """Makes the findings about one header row."""

    def __init__(self, grid: Grid, at: int, headers: Sequence[str]) -> None:
        self.grid = grid
        self.at = at
        self.row = grid.numbers[at] if at >= 0 else None
        self.headers = headers
        self.parts: dict[int, str] = {}
        self.findings: list[Finding] = []

    def place(self, position: int | None) -> Place:
        """The place of a header, or of the row of headers."""
        letter = column_letters(position + 1) if position is not None and self.grid.has_letters else None
        return Place(
            file=self.grid.file,
            sheet=self.grid.sheet,
            row=self.row,
            cell=f"{letter}{self.row}" if letter and self.row is not None else None,
            header=self.headers[position] if position is not None else None,
        )

    def say(
        self,
        code: str,
        position: int | None,
        *,
        found: str | None = None,
        expected: str = "",
        suggestion: str | None = None,
        related: int | None = None,
        severity: Severity | None = None,
        **params: object,
    ) -> None:
        """Note a finding about the header at a position."""
        shown = found if found is not None else self.headers[position] if position is not None else ""
        if code == "header-blank" and position is not None:
            shown = column_letters(position + 1) if self.grid.has_letters else str(position + 1)
        self.findings.append(
            Finding(
                code=code,
                place=self.place(position),
                found=shown,
                expected=expected,
                suggestion=suggestion,
                severity=severity,
                related=(self.place(related),) if related is not None else (),
                params=params,
            )
        )

    def describes(self, indicator: int | None, position: int) -> bool:
        """Whether a column says no more than which indicator a row is about, in other words."""
        if indicator is None:
            return False
        columns, first = self.grid.columns, self.at + 1
        return describes(columns[indicator][first : first + _ASKED], columns[position][first : first + _ASKED])

    def holds_days(self, position: int) -> bool:
        """Whether a column holds days of which nobody asked."""
        first = max(self.at + 1, 0)
        return holds_days(self.headers[position], self.grid.columns[position][first : first + _ASKED])

    def is_apart(self, position: int) -> bool:
        """Whether an empty column parts a column from those before it: what stands there is beside the table."""
        rows = range(max(self.at, 0), len(self.grid.numbers))
        return any(
            not self.headers[between] and all(is_blank(self.grid.columns[between][row]) for row in rows)
            for between in range(1, position)
        )

    def repeated(self) -> None:
        """Headers that nobody reads may not be twice either: which of the two was meant cannot be told later."""
        said = {finding.place.header for finding in self.findings if finding.code == "header-duplicate"}
        first: dict[str, int] = {}
        for position, header in enumerate(self.headers):
            key = header_key(header) or header
            if key and key in first and header not in said:
                self.say("header-duplicate", position, first=self.headers[first[key]], related=first[key])
            first.setdefault(key, position)


def _likely_parts(told: _Teller, plan: Logframe, strange: Sequence[int], columns: Mapping[str, int]) -> dict[int, str]:
    """What columns without a known header most likely hold, by their figures; the share may be under any other."""
    first, grid = told.at + 1, told.grid
    known = {name: columns[name] for name in (*PARTS, "value") if name in columns}
    at = columns.get("indicator")
    if at is None or not strange:
        return {}
    unknown = [each for each in range(len(told.headers)) if each not in {*columns.values()}]
    beneath = {each: grid.columns[each][first : first + _ASKED] for each in (*unknown, *known.values())}
    asked = grid.columns[at][first : first + _ASKED]
    marked = {each for each in unknown if marks_share(told.headers[each])}
    return likely_parts(plan, beneath, unknown=unknown, known=known, marked=marked, indicators=asked)


def header_texts(grid: Grid, at: int) -> list[str]:
    """The texts of a row; a number or a date is no header."""
    return [(text_of(cell) or "").strip() if isinstance(cell, str) else "" for cell in grid.row(at)]


def _missing(understood: set[str], given: frozenset[str]) -> list[str]:
    """The groups of columns that a report cannot do without and that are not there."""
    there = understood | given
    missing = []
    if "indicator" not in there:
        missing.append("indicator")
    if not (there & {"period", "year"} or {"period_start", "period_end"} <= there):
        start_only = there & {"period_start", "period_end"}
        missing.append(
            "period_end"
            if "period_start" in start_only
            else "period_start"
            if start_only
            else phrase("period (or its first and last day)")
        )
    if not (there & {"value", "text"} or {"numerator", "denominator"} <= there):
        missing.append(phrase("value (or numerator and denominator)"))
    return missing
