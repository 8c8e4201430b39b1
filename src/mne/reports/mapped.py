"""A mapping applied: the readers of headers and words for its files, and each sheet as it says.

Read `Mapped` first. The cells stay where they are and what they are; only what is understood of them changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from mne.errors import OptionError
from mne.ground.findings import Finding, Place
from mne.ground.sheets import column_letters
from mne.logframe.indicator import category_parts
from mne.reports.code_columns import with_codes
from mne.reports.grid import Cell, Flaw, Grid, Origin
from mne.reports.headers import HeaderReader, Name, header_key
from mne.reports.headings import Headings, Part, header_text
from mne.reports.layouts import rows_of
from mne.reports.mapping import ROLES, Field_, Mapping, unknown_fields
from mne.reports.names import Names

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["Mapped"]

_FIGURES: Final = ("value", "numerator", "denominator", "text", "comment", *ROLES)
_HEADER_ROWS: Final = 4
_FIRST_ROWS: Final = 40


@dataclass(slots=True)
class Mapped:
    """One mapping made ready for one plan.

    Raises:
        OptionError: it names fields or codes that the plan does not have.
    """

    mapping: Mapping
    plan: Logframe
    names: Names = field(init=False)
    headers: HeaderReader = field(init=False)
    headings: Headings = field(init=False)

    def __post_init__(self) -> None:
        mapping = self.mapping
        strange = unknown_fields(mapping, (each.id for each in self.plan.dimensions))
        if strange:
            told = "; ".join(f"{column}: {name}" for column, name in strange)
            raise OptionError(f"the mapping names fields that there are not: {told}; see mne.mapping_schema()")
        self._check_words()
        self.names = Names(self.plan, words=mapping.words)
        self.names.decimal = mapping.decimal
        self.names.day_first = None if mapping.dates is None else mapping.dates == "day-first"
        self.headers = HeaderReader(self.plan)
        self.headings = Headings(self.names)
        for column, spec in mapping.columns.items():
            self._learn(column, spec)

    def _check_words(self) -> None:
        """Refuse words that stand for codes which the plan does not have."""
        plan = self.plan
        known = {
            "indicator": {*plan.indicators},
            "partner": {each.id for each in plan.organisations},
            "location": {each.id for each in plan.locations},
        }
        for column, codes in known.items():
            strange = sorted({*self.mapping.words.get(column, {}).values()} - codes)
            if strange and codes:
                raise OptionError(f"the mapping's words name no {column} of the logframe: {', '.join(strange)}")

    def _learn(self, column: str, spec: Field_) -> None:
        """What a header means from now on."""
        if _letter(column) is not None:
            return
        key = header_key(column)
        parts = self._parts(spec, column)
        if spec.field in self.names.dimensions:
            self.headers.names[key] = Name("dimension", spec.field)
        elif spec.field == "ignore" or spec.field in ROLES or len(parts) > 1:
            self.headers.names[key] = Name("known", "")
        else:
            self.headers.names[key] = Name("column", spec.field)
        if spec.field == "ignore":
            self.headings.forget(column)
        elif parts:
            self.headings.learn(column, parts)

    def _parts(self, spec: Field_, text: str) -> tuple[Part, ...]:
        """What the header of a column of figures says by the mapping."""
        if spec.field not in _FIGURES:
            return ()
        parts = [Part("role", spec.field, text)]
        if spec.period is not None:
            parts.append(Part("period", "", spec.period))
        for kind, code in (("location", spec.location), ("partner", spec.partner)):
            if code is not None:
                parts.append(Part(kind, "", code))  # type: ignore[arg-type] # one of the kinds
        if spec.category is not None:
            try:
                written = category_parts(spec.category)
            except ValueError as problem:
                raise OptionError(f"the mapping's category {spec.category!r} is none: {problem}") from problem
            parts += [Part("dimension", id, code) for id, code in written.items()]
        return tuple(parts)

    @property
    def facts(self) -> dict[str, tuple[Cell, Origin | None]]:
        """What the mapping says of every row."""
        return {name: (word, None) for name, word in self.mapping.constants.items()}

    def with_codes(self, grid: Grid) -> tuple[Grid, HeaderReader]:
        """A grid, and who reads its headers: the mapping says which column names the indicators, or the cells do."""
        if any(spec.field == "indicator" for spec in self.mapping.columns.values()):
            return grid, self.headers
        return with_codes(grid, self.headers, self.names.indicators)

    def fits(self, grids: list[Grid]) -> bool:
        """Whether a file has one of the columns of which the mapping says what no reader knows, if there are any."""
        usual = HeaderReader(self.plan)
        told = [(column, spec) for column, spec in self.mapping.columns.items() if spec.field != "ignore"]
        own = [column for column, spec in told if _letter(column) or not _is_usual(usual, column, spec)]
        wanted = {header_key(column) for column in own or [column for column, _ in told]}
        if not wanted or any(_letter(column) is not None for column in own):
            return True
        first = int(self.mapping.header or 1) - 1
        for grid in grids:
            rows = range(min(first + _FIRST_ROWS, len(grid.numbers)))
            there = {header_key(header_text(cell)) for column in grid.columns for row in rows
                     if not isinstance(cell := column[row], Flaw)}  # fmt: skip
            if wanted & (there | {header_key(label) for label in grid.header or ()}):
                return True
        return False

    def sheets(self, grids: list[Grid], name: str) -> tuple[list[Grid], list[Finding]]:
        """The sheets as the mapping has them, and what of it the file does not have.

        Findings: mapping-sheet-missing, mapping-column-missing.
        """
        wanted = self.mapping.sheets
        titles = {grid.sheet for grid in grids}
        said = [
            Finding(code="mapping-sheet-missing", place=Place(file=name, sheet=sheet), expected=sheet)
            for sheet in wanted
            if sheet not in titles
        ]
        kept = []
        for grid in grids:
            if wanted and grid.sheet not in wanted:
                said.append(Finding(code="sheet-skipped", place=Place(file=name, sheet=grid.sheet)))
                continue
            if grid.hidden is not None and not wanted:
                kept.append(grid)
                continue
            cut = self._cut(grid)
            said += self._missing(cut, name)
            kept.append(cut)
        return kept, said

    def _cut(self, grid: Grid) -> Grid:
        """A sheet from its header on, without the rows to leave out, its columns by letter named in the header."""
        first = int(self.mapping.header or 1)
        start = next((at for at, number in enumerate(grid.numbers) if number >= first), len(grid.numbers))
        if grid.header is None:
            grid = rows_of(grid, start, len(grid.numbers))
        if any(map(self.mapping.skips, grid.numbers)):
            # The rows stay in their places, so that every other one keeps its number.
            blank = [self.mapping.skips(number) for number in grid.numbers]
            columns = [
                [None if none else cell for cell, none in zip(column, blank, strict=True)] for column in grid.columns
            ]
            grid = replace(grid, columns=[*columns])
        return self._lettered(grid)

    def _lettered(self, grid: Grid) -> Grid:
        """Columns that the mapping names by their letter get its meaning, whatever their header says."""
        columns = list(grid.columns)
        row = self._header_row(grid)
        for column, spec in self.mapping.columns.items():
            at = _letter(column)
            if at is None or at >= len(columns) or not len(grid.numbers) or grid.header is not None:
                continue
            written = header_text(columns[at][row])
            header = f"{written or column}\u2060"  # a joiner that nobody sees: this column, not others called the same
            self._learn(header, spec)
            columns[at] = [*columns[at][:row], header, *columns[at][row + 1 :]]
        return replace(grid, columns=columns)

    def _header_row(self, grid: Grid) -> int:
        """The position of the header: as the mapping says, else the row with the most known names."""
        if self.mapping.header is not None or not grid.columns:
            return 0
        known = [
            sum(header_key(header_text(cell)) in self.headers.names for cell in grid.row(row))
            for row in range(min(_FIRST_ROWS, len(grid.numbers)))
        ]
        return max(range(len(known)), key=lambda row: (known[row], -row), default=0)

    def _missing(self, grid: Grid, name: str) -> Iterator[Finding]:
        top = range(min(_HEADER_ROWS if self.mapping.header else _FIRST_ROWS, len(grid.numbers)))
        there = {header_key(header_text(column[row])) for column in grid.columns for row in top
                 if not isinstance(column[row], Flaw)}  # fmt: skip
        there |= {header_key(label) for label in grid.header or ()}
        for column, spec in self.mapping.columns.items():
            at = _letter(column)
            gone = at >= len(grid.columns) if at is not None else header_key(column) not in there
            if gone and spec.field != "ignore":
                place = Place(file=name, sheet=grid.sheet)
                yield Finding(code="mapping-column-missing", place=place, expected=f"{column} ({spec.field})")


def _is_usual(headers: HeaderReader, column: str, spec: Field_) -> bool:
    """Whether a column has a name that is read so without a mapping."""
    name = headers.name_of(column)[0]
    placed = spec.period or spec.category or spec.location or spec.partner
    return name is not None and name.target == spec.field and not placed


def _letter(column: str) -> int | None:
    """The position of ``column D``."""
    word, _, letters = column.partition(" ")
    if word.casefold() != "column" or not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        return None
    at = 0
    for letter in letters.upper():
        at = at * 26 + ord(letter) - 64
    return at - 1 if column_letters(at) == letters.upper() else None
