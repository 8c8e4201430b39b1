"""A mapping file proposed for a partner's own table: what is certain, what is likely and why, and what nobody can tell.

Read `propose_mapping` first. A proposal is a draft for a person: nothing likely is read until somebody has looked at it
and passed the file to `validate`.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from mne.ground.files import write_atomic
from mne.ground.findings import Finding
from mne.ground.sheets import column_letters
from mne.logframe.indicator import category_key
from mne.reports import cells as cells_of_text
from mne.reports.code_columns import with_codes
from mne.reports.grid import Cell, Flaw, Grid, Percent, is_blank
from mne.reports.group_columns import with_groups
from mne.reports.headers import HeaderReader, marks_share
from mne.reports.headings import At, Heading, Headings
from mne.reports.layouts import with_header
from mne.reports.lookup import Lookup, nearest
from mne.reports.mapping import Mapping, mapping_from
from mne.reports.names import Names
from mne.reports.read import load_grids
from mne.reports.share_columns import PARTS, likely_parts
from mne.reports.sheet_view import SheetView
from mne.reports.sums import plain_number
from mne.reports.windows import Window, find_windows

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["Guess", "ProposedMapping", "propose_mapping"]

_NUMBERING: Final = frozenset({"№", "№ п/п", "п/п", "no", "n°", "nr", "#", "s/n", "т/р", "р/т"})
"""Headers of a column that only counts the rows."""
_ENOUGH: Final = 0.5
_MOST_WORDS: Final = 60
_FEW_WORDS: Final = 8
_FIRST_ROWS: Final = 40
_COUNTED: Final = ("value", "this_period", "cumulative", "numerator", "denominator", "target", "baseline", "previous")
"""What a column of numbers may hold."""
_PARTED: Final = (*PARTS, "value")
_LONGEST: Final = 200
_ONLY: Final = "the only column of numbers without a known name"


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column is taken for: how sure that is (certain, likely, unresolved), and why."""

    column: str
    sheet: str | None
    field: str
    sure: str
    why: str
    spec: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProposedMapping:
    """A draft of a mapping with the reasons for each line.

    `text` is the file, `mapping` what it says; `unresolved` lists what a person has to decide.
    """

    text: str
    mapping: Mapping
    guesses: tuple[Guess, ...]
    unresolved: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether nothing was guessed."""
        return not self.unresolved and all(guess.sure == "certain" for guess in self.guesses)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the draft, with its comments, to a YAML file."""
        write_atomic(path, self.text)

    def __repr__(self) -> str:
        sure = {word: sum(guess.sure == word for guess in self.guesses) for word in ("certain", "likely", "unresolved")}
        return f"ProposedMapping({', '.join(f'{count} columns {word}' for word, count in sure.items() if count)})"


def propose_mapping(source: Any, plan: Logframe) -> ProposedMapping:
    """A mapping for one file or table, with comments that say how sure each line is.

    Args:
        source: what `validate` reads: the path of a file, ``(name, bytes)``, a data frame.
        plan: the logframe that the file reports on.

    Returns:
        The draft. Where all of it is certain, reading with it gives what reading without it gives.

    Raises:
        OptionError: the source is nothing that can be read.
    """
    loaded = load_grids(source, plan)
    drafter = _Drafter(plan)
    for grid in loaded.grids:
        if grid.hidden is None:
            drafter.add(grid)
    text = drafter.text()
    mapping, findings = mapping_from(text.encode(), name="proposal.yaml")
    if mapping is None:
        raise AssertionError(f"a proposal does not read back: {findings.summary()}")
    said = tuple(loaded.findings)
    return ProposedMapping(text, mapping, tuple(drafter.guesses), tuple(drafter.unresolved), said)


class _Drafter:
    def __init__(self, plan: Logframe) -> None:
        self.plan = plan
        self.names = Names(plan)
        self.usual = HeaderReader(plan)
        self.headers = self.usual
        self.headings = Headings(self.names)
        self.guesses: list[Guess] = []
        self.words: dict[str, dict[str, tuple[str, str]]] = {}
        self.unresolved: list[str] = []
        self.understood: list[str] = []
        self.header: int | None = None
        self.dated = False
        self.blocks = False

    # -------------------------------------------------------------------------------------------------- one sheet

    def add(self, grid: Grid) -> None:
        """Look at one sheet."""
        grid, self.headers = with_groups(*with_codes(grid, self.usual, self.names.indicators), self.headings)
        view = SheetView(grid if grid.header is None else with_header(grid))
        windows = find_windows(view, self.headers, self.headings)
        if windows:
            for window in windows:
                self.window(view, window)
        elif view.height:
            self.unknown(view)

    def window(self, view: SheetView, window: Window) -> None:
        """A table whose header is known by itself, at least in part."""
        if window.block:
            self.block(view, window)
            return
        known = {at: name for name, at in window.keys.items()} | {at: id for id, at in window.dimensions.items()}
        figures = {each.column: each for each in (*window.figures, *window.aside)}
        rows = range(window.bottom + 1, window.end)
        self.dated = self.dated or window.has_period or any(each.period for each in window.figures)
        sums = {each.column for each in window.sums}
        said: list[Heading] = []
        parts = self.parts(
            view,
            rows,
            {at: name for at, name in known.items() if name in _PARTED}
            | {at: each.role or "value" for at, each in figures.items()},
        )
        for column in range(view.width):
            header = view.text(window.bottom, column) or window.headers.get(column, "")
            label = header if 0 < len(header) <= _LONGEST else f"column {column_letters(column + 1)}"
            cells = [view.own(row, column) for row in rows]
            if column in known:
                alike = self.headers.name_of(header)[1]
                why = "its letters only look like a known name" if alike else "a name that is known"
                self.guess(view, label, known[column], "likely" if alike else "certain", why)
                self.look_up(known[column], cells)
            elif column in figures:
                heading = figures[column]
                if " / " in heading.header:
                    # What several rows say together cannot be said of one of them, and need not be.
                    said.append(heading)
                else:
                    self.figure(view, label, heading, dated=window.has_period)
            elif column in sums:
                self.guess(view, label, "ignore", "certain", "the sum of the others, which is never counted")
            elif header and (name := self.headers.name_of(header)[0]) is not None and name.kind == "also":
                self.guess(
                    view, label, "ignore", "certain", f"a second name for what another column says: {name.target}"
                )
            elif header:
                self.by_content(view, label, header, cells, part=parts.get(column, ""))
        self.understood += [f"column {column_letters(each.column + 1)}: {each.header}" for each in said]

    def block(self, view: SheetView, window: Window) -> None:
        """A block for one indicator: it is read by its rows, of which a mapping says nothing but a missing period."""
        self.blocks = True
        first, last = view.grid.numbers[window.top], view.grid.numbers[window.end - 1]
        self.understood.append(f"rows {first} to {last}: a block for one indicator")
        self.dated = self.dated or any(each.period for each in window.figures)
        for heading in window.figures:
            if heading.period is None and " / " not in heading.header:
                told = f"the column {heading.header!r} names no period; write the one by which it is to be reached"
                self.unresolved.append(told)

    def figure(self, view: SheetView, label: str, heading: Heading, *, dated: bool) -> None:
        """A column of figures whose header is understood; a quarter of no year is for a person to tell."""
        spec = self.spec(heading)
        period = heading.period.text if heading.period is not None else ""
        if period and not dated and not self.is_period(period):
            why = f"{period} names no period by itself; write it with its year, as in {self.plan.start.year}-Q1"
            self.guess(view, label, heading.role or "value", "unresolved", why, spec)
        else:
            self.guess(view, label, heading.role or "value", "certain", f"understood as {heading.header}", spec)

    def spec(self, heading: Heading) -> dict[str, str]:
        """What the header of a column of figures says, as a mapping says it; what several rows say stays there."""
        one_row = len({*(at.row for at in (heading.period, heading.location) if at)}) <= 1
        if " / " in heading.header or not one_row:
            return {}
        told: dict[str, str] = {}
        if heading.period is not None:
            told["period"] = heading.period.text
        codes = {id: self.names.dimensions[id].known(at.text) or "" for id, at in heading.dimensions.items()}
        if codes:
            told["category"] = category_key(codes)
        for name, at, lookup in (
            ("location", heading.location, self.names.locations),
            ("partner", heading.partner, self.names.partners),
        ):
            if at is not None:
                told[name] = lookup.known(at.text) or at.text
        return told

    def unknown(self, view: SheetView) -> None:
        """A table of whose header nothing is known: the fullest of the first rows, and what stands beneath it."""
        texts = {
            row: sum(isinstance(view.own(row, column), str) for column in view.filled(row))
            for row in range(min(_FIRST_ROWS, view.height))
        }
        top = max(texts, key=lambda row: (texts[row], -row))
        if texts[top] < 2:
            return
        self.header = view.grid.numbers[top] or None
        named = {column: self.headers.name_of(view.text(top, column))[0] for column in range(view.width)}
        told = {at: name.target for at, name in named.items() if name is not None and name.target in _PARTED}
        parts = self.parts(view, range(top + 1, view.height), told)
        for column in range(view.width):
            header = view.text(top, column)
            label = header if 0 < len(header) <= _LONGEST else f"column {column_letters(column + 1)}"
            cells = [view.own(row, column) for row in range(top + 1, view.height)]
            if header or any(not is_blank(cell) for cell in cells):
                name, alike = self.headers.name_of(header)
                heading = self.headings.of(column, [At(header, top, column)]) if header else None
                if heading is not None and heading.is_placed and not heading.ambiguous and name is None:
                    self.dated = self.dated or heading.period is not None
                    self.figure(view, label, heading, dated=False)
                elif name is not None and name.kind != "known":
                    self.guess(view, label, name.target, "likely" if alike else "certain", "a name that is known")
                    self.look_up(name.target, cells)
                else:
                    self.by_content(view, label, header, cells, part=parts.get(column, ""))

    def parts(self, view: SheetView, rows: range, known: dict[int, str]) -> dict[int, str]:
        """What columns of figures hold that are a numerator, a denominator and the share that they make."""
        cells = {each: [view.own(row, each) for row in rows[:_MOST_WORDS]] for each in range(view.width)}
        lookup = self.names.indicators
        codes = [[lookup.known(cell) if isinstance(cell, str) else None for cell in own] for own in cells.values()]
        indicators = max(codes, key=lambda own: sum(code is not None for code in own), default=[])
        unknown = [each for each in cells if each not in known]
        marked = {each for each in unknown if rows.start and marks_share(view.text(rows.start - 1, each))}
        roles = {role: at for at, role in known.items() if role in _PARTED}
        return likely_parts(self.plan, cells, unknown=unknown, known=roles, marked=marked, indicators=indicators)

    def by_content(self, view: SheetView, label: str, header: str, cells: Sequence[Cell], *, part: str) -> None:
        """A column that its header does not explain: by its figures, the nearest known name, what stands in it."""
        if part:
            why = "it and the columns beside it are a numerator, a denominator and the share that they make"
            self.guess(view, label, part if part in PARTS else "ignore", "likely", why)
            return
        words = [cell for cell in dict.fromkeys(cells) if not is_blank(cell) and not isinstance(cell, Flaw)]
        taken = {guess.field for guess in self.guesses if guess.sheet == view.grid.sheet}
        for name, knows in self.kinds():
            known = sum(knows(cell) for cell in words)
            if words and known / len(words) >= _ENOUGH and name not in taken:
                self.guess(
                    view,
                    label,
                    name,
                    "likely",
                    f"{known} of its {len(words)} different cells name one of the logframe's: {name}",
                )
                self.look_up(name, cells)
                return
        near = nearest(header.casefold(), (key for key, each in self.headers.names.items() if each.kind != "known"))
        if near is not None and self.headers.names[near].target not in taken:
            self.guess(view, label, self.headers.names[near].target, "likely", f"it resembles {near}")
            return
        if header.casefold().strip(" .") in _NUMBERING:
            self.guess(view, label, "ignore", "likely", "a running number of the rows")
            return
        role = self.headings.role(header)
        if role:
            self.guess(view, label, role, "certain", "a name that is known")
        elif words and sum(map(_is_number, words)) >= _ENOUGH * len(words):
            self.numbers(view, label, header)
        else:
            self.guess(view, label, "ignore", "unresolved", "neither its name nor what stands in it is known")

    def numbers(self, view: SheetView, label: str, header: str) -> None:
        """A column of numbers without a known name: for the one category or place among its words, or the value."""
        if spec := self.words_of(header):
            (about,) = spec.values()
            self.guess(view, label, "value", "likely", f"one of its words names {about}", spec)
            return
        role = self.role_among(header)
        if role and role[0] not in {each.field for each in self.guesses if each.sheet == view.grid.sheet}:
            self.guess(view, label, role[0], "likely", f"it holds numbers, and among its words is {role[1]}")
            return
        mine = [each for each in self.guesses if each.field == "value" and each.sheet == view.grid.sheet]
        if all(each.spec and "period" not in each.spec for each in mine):
            self.guess(view, label, "value", "likely", _ONLY)
            return
        why = "it holds numbers, and nothing says what they are"
        for at, guess in enumerate(self.guesses):
            if guess.why == _ONLY and guess.sheet == view.grid.sheet:
                self.guesses[at] = replace(guess, field="ignore", sure="unresolved", why=why)
                self.unresolved.append(f"the column {guess.column!r}: {why}")
        self.guess(view, label, "ignore", "unresolved", why)

    def role_among(self, header: str) -> tuple[str, str] | None:
        """What a column of numbers holds by some of the words of its header, the longest words first."""
        words = header.split()
        for count in range(min(len(words), _FEW_WORDS), 0, -1):
            for at in range(len(words) - count + 1):
                text = " ".join(words[at : at + count])
                if (role := self.headings.role(text)) in _COUNTED:
                    return role, text
        return None

    def words_of(self, header: str) -> dict[str, str]:
        """The category or the place that words of a header name among others, if it is but one."""
        words = header.split()
        several = [" ".join(words[at : at + count]) for count in (3, 2, 1) for at in range(len(words) - count + 1)]
        told = [
            self.spec(self.headings.of(0, [At(text, 0, 0)]))
            for text in (several if len(words) <= _FEW_WORDS else ())
            for part in self.headings.parts(text)
            if part.kind in ("dimension", "location")
        ]
        return told[0] if told and all(each == told[0] for each in told) and len(told[0]) == 1 else {}

    def kinds(self) -> Iterator[tuple[str, Callable[[Cell], bool]]]:
        """What the cells of a column can be, and how that is asked."""
        names = self.names
        lookups: dict[str, Lookup] = {
            "indicator": names.indicators,
            "partner": names.partners,
            "location": names.locations,
        }
        lookups |= names.dimensions
        for name, lookup in lookups.items():
            yield name, lambda cell, lookup=lookup: lookup.match_cell(cell).value is not None  # type: ignore[misc]
        yield "period", self.is_period

    def is_period(self, cell: Cell) -> bool:
        """Whether a cell names a period."""
        return isinstance(cell, str) and self.names.periods.read(cell).code is None

    # --------------------------------------------------------------------------------------------------- the words

    def look_up(self, name: str, cells: Sequence[Cell]) -> None:
        """The words of a column of codes that the plan does not have, with what they may mean."""
        names = self.names
        lookup = {"indicator": names.indicators, "partner": names.partners, "location": names.locations}.get(name)
        lookup = lookup or names.dimensions.get(name)
        if lookup is None or not lookup.codes:
            return
        group = "category" if name in names.dimensions else name
        words = [cell for cell in dict.fromkeys(cells) if isinstance(cell, str) and 0 < len(cell.strip()) <= _LONGEST]
        for cell in words[:_MOST_WORDS]:
            answer = lookup.match(cell)
            if answer.value is not None or not answer.code:
                continue
            meant = answer.suggestion
            if meant is not None:
                code = f"{name}={meant}" if group == "category" else meant
                self.words.setdefault(group, {})[cell] = (code, "likely: it resembles it")
            else:
                self.unresolved.append(f"the {name} {cell!r} is none of the logframe's")

    def guess(
        self, view: SheetView, label: str, name: str, sure: str, why: str, spec: dict[str, str] | None = None
    ) -> None:
        """Note what a column is taken for; a header that means two things is for a person to settle."""
        before = next((guess for guess in self.guesses if guess.column == label), None)
        if before is None:
            self.guesses.append(Guess(label, view.grid.sheet, name, sure, why, spec or {}))
            if sure == "unresolved":
                self.unresolved.append(f"the column {label!r}: {why}")
        elif (before.field, before.spec) != (name, spec or {}):
            self.unresolved.append(f"the column {label!r} is {before.field} in one table and {name} in another")

    # ---------------------------------------------------------------------------------------------------- the file

    def text(self) -> str:
        """The mapping as YAML, with a comment beside each line."""
        fields = {guess.field for guess in self.guesses}
        lines = ["# A draft: read every line that is not certain before you use it.", "format: 1"]
        if self.header is not None:
            lines.append(f"header: {self.header}  # likely: the fullest of the first rows")
        lines += [f"# understood as it stands: {_comment(told)}" for told in self.understood]
        lines.append("columns:" if self.guesses else "columns: {}")
        for guess in self.guesses:
            comment = f"  # {guess.sure}: {_comment(guess.why)}"
            if guess.spec:
                lines += [f"  {_quoted(guess.column)}:{comment}", f"    field: {_quoted(guess.field)}"]
                lines += [f"    {name}: {_quoted(code)}" for name, code in guess.spec.items()]
            else:
                lines.append(f"  {_quoted(guess.column)}: {_quoted(guess.field)}{comment}")
        if self.words:
            lines.append("words:")
            for name, words in self.words.items():
                lines.append(f"  {name}:")
                lines += [f"    {_quoted(word)}: {_quoted(code)}  # {why}" for word, (code, why) in words.items()]
        lines += [f"# unresolved: {_comment(told)}" for told in self.unresolved]
        if "indicator" not in fields and not self.blocks:
            self.unresolved.append("no column names the indicator")
            lines.append("# unresolved: no column names the indicator")
        if not self.dated and not {"period", "year", "period_start"} & fields:
            self.unresolved.append("nothing says the period")
            lines.append("# unresolved: nothing says the period; if one holds for all rows, write it as a constant:")
            lines.append("# constants: {period: 2025-Q1}")
        return "\n".join(lines) + "\n"


def _is_number(cell: Cell) -> bool:
    """Whether a cell holds a number, even one that can be read in two ways."""
    if isinstance(cell, Percent):
        return True
    if isinstance(cell, str):
        answer = cells_of_text.number(cell.strip().removesuffix("%"), marks=cells_of_text.Marks())
        return answer.value is not None or answer.code == "number-ambiguous"
    return plain_number(cell) is not None


def _quoted(text: str) -> str:
    """A text as YAML reads it back, whatever it is."""
    plain = text.replace("-", "").replace("_", "").replace(".", "")
    if plain.isascii() and plain.isalnum() and plain[0].isalpha() and text.casefold() not in _TELLING:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


_TELLING: Final = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n", "none"))


def _comment(text: str) -> str:
    return " ".join(text.split())[:200]
