"""A grid whose columns are known, typed row by row into the observation table.

Read `read_table` first: which rows are read, then one field after the other. Cells are handled by column, and every
distinct text once, so that a hundred thousand rows cost little more than their different contents.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

import polars as pl

from mne.ground.sheets import column_letters
from mne.logframe.indicator import TOTAL, Measure
from mne.reports import cells, dates, fields
from mne.reports.cells import BLANK, Answer, Marks
from mne.reports.grid import Cell, Flaw, is_blank, text_of
from mne.reports.lookup import Lookup
from mne.reports.remarks import Remarks
from mne.reports.rows import Rows, choose_rows
from mne.reports.words import STATUSES, folded
from mne.tables.observations import State, Status, polars_schema

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.logframe.indicator import Indicator
    from mne.logframe.periods import Period
    from mne.reports.fields import Names, PeriodFound
    from mne.reports.grid import Grid
    from mne.reports.headers import Layout

__all__ = ["Given", "Table", "read_table"]

T = TypeVar("T")

_FORMULA: Final = re.compile(r"\s*[=@]|[\t\r]|\s*[+-][\w(]")
_MARKUP: Final = re.compile(r"<\s*/?\s*[A-Za-z!]")
_LONGEST_TEXT: Final = 32_767


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says of every row: the partner, the period, and the status of rows that name none."""

    partner: str | None = None
    period: Period | None = None
    status: Status = Status.SUBMITTED

    @property
    def columns(self) -> frozenset[str]:
        """The columns that a file need not have."""
        return frozenset(("period",) if self.period is not None else ())


@dataclass(frozen=True, slots=True)
class Table:
    """The typed rows of one grid, their text, and how many rows were read and passed over."""

    frame: pl.DataFrame
    raw: pl.DataFrame
    findings: tuple[Finding, ...]
    rows: int

    @property
    def read(self) -> int:
        """Rows of the frame."""
        return self.frame.height


def read_table(grid: Grid, layout: Layout, names: Names, given: Given, *, order: int) -> Table:
    """The rows of a grid as observations, and all that is to be said of them.

    Args:
        grid: the table as found.
        layout: which of its columns is which.
        names: the plan's codes.
        given: what the caller says of every row.
        order: the `source_order` of the first row.
    """
    remarks = Remarks(grid, layout)
    rows = choose_rows(grid, layout, names, remarks)
    reader = _TableReader(grid, layout, names, given, remarks, rows)
    reader.refuse_columns()
    frame, keys = reader.frame(order)
    if not rows.kept:
        remarks.refuse("table-no-rows")
    elif reader.is_of_another_project():
        remarks.refuse("file-other-logframe", found=reader.other_project(), expected=names.plan.id)
    findings = tuple(remarks.findings([grid.numbers[at] for at in rows.kept], keys))
    if remarks.refused:
        return Table(frame.clear(), reader.raw(order).clear(), findings, rows.total)
    return Table(frame, reader.raw(order), findings, rows.total)


class _TableReader:
    """Holds one grid while its columns are typed."""

    def __init__(
        self, grid: Grid, layout: Layout, names: Names, given: Given, remarks: Remarks, rows: Rows
    ) -> None:
        self.grid = grid
        self.layout = layout
        self.names = names
        self.given = given
        self.remarks = remarks
        self.rows = rows
        self.size = len(rows.kept)
        self.projects: list[Answer[str]] = []
        self.marks = Marks()

    # ------------------------------------------------------------------------------------------------------- columns

    def at(self, column: str) -> int | None:
        """The position of a column; None where there is none."""
        if column.startswith("dimension:"):
            return self.layout.dimensions.get(column.removeprefix("dimension:"))
        return self.layout.columns.get(column)

    def cells(self, column: str) -> Sequence[Cell] | None:
        """The cells of a column in the rows that are read; None where there is no such column."""
        at = self.at(column)
        return None if at is None else self.rows.take(self.grid.columns[at])

    def answers(self, column: str, ask: Callable[[Cell], Answer[T]]) -> list[Answer[T]] | None:
        """What the cells of a column say, each distinct cell asked once; told unless the row is broken."""
        found = self.cells(column)
        if found is None:
            return None
        answers = _each(found, ask)
        self.tell(column, found, answers)
        return answers

    def tell(self, column: str, found: Sequence[Cell], answers: Sequence[Answer[Any]]) -> None:
        """Note what the answers to a column's cells have to say."""
        at = self.at(column)
        if at is not None and any(answer.code is not None for answer in answers):
            self.remarks.cells(at, found, answers, skip=self.rows.broken)

    def values(self, column: str, ask: Callable[[Cell], Answer[T]]) -> list[T | None]:
        """The values of a column; nothing but blanks where there is none."""
        answers = self.answers(column, ask)
        return [None] * self.size if answers is None else [answer.value for answer in answers]

    def refuse_columns(self) -> None:
        """Refuse a column of values whose declared type cannot hold any; a column of texts is only told."""
        for column in ("value", "numerator", "denominator"):
            at = self.at(column)
            kind = self.grid.types[at] if at is not None and at < len(self.grid.types) else ""
            if kind == "nested" or (kind == "bool" and not self._has_yes_no()):
                self.remarks.refuse("column-type", column=at, found=kind, expected="numbers")
            elif kind == "text" and column == "value":
                self.remarks.add("column-type", column=at, found=kind, expected="numbers")

    def _has_yes_no(self) -> bool:
        ids = {answer.value for answer in _each(self.cells("indicator") or (), self.names.indicators.match_cell)}
        known = self.names.plan.indicators
        return any(known[id].measure is Measure.YES_NO for id in ids if id is not None)

    # ----------------------------------------------------------------------------------------------------- the frame

    def frame(self, order: int) -> tuple[pl.DataFrame, dict[str, list[str | None]]]:
        """The typed rows, and the codes by which findings name them."""
        size = self.size
        project = self.project()
        indicator = self.indicator()
        found = self.period(indicator)
        partner = self.partner()
        location = self.place()
        category = self.category()
        known = self.names.plan.indicators
        numbers = self.numbers([known[id] if id is not None else None for id in indicator])
        status = self.values("status", _status)
        state, value = self.states(numbers)
        text = self.texts(numbers)
        columns: dict[str, Sequence[Any]] = {
            "project": project,
            "indicator": indicator,
            "period": [each.label for each in found],
            "period_start": [each.start for each in found],
            "period_end": [each.last for each in found],
            "partner": partner,
            "location": location,
            "category": category,
            "value": value,
            "numerator": numbers.numerator,
            "denominator": numbers.denominator,
            "unit": self.values("unit", lambda cell: fields.unit_cell(self.names, cell)),
            "state": state,
            "text": text,
            "comment": self.words("comment"),
            "status": [each or self.given.status.value for each in status],
            "revision": [each or 0 for each in self.values("revision", _whole)],
            "reported_on": self.reported_on(),
            "illustrative": [bool(each) for each in self.values("illustrative", _flag)],
            "source_file": [self.grid.file] * size,
            "source_sheet": [self.grid.sheet] * size,
            "source_cell": self.addresses(),
            "source_row": [self.grid.numbers[at] for at in self.rows.kept],
            "source_order": range(order, order + size),
        }
        self.cell_notes()
        schema = polars_schema()
        for row in self.rows.broken:
            for name in _READ:
                columns[name][row] = None  # type: ignore[index] # lists, all of them
        for row in self.rows.broken | self.rows.held:
            self.remarks.unusable.add(row)
        series = [pl.Series(name, columns[name], dtype=kind, strict=True) for name, kind in schema.items()]
        usable = [row not in self.remarks.unusable for row in range(size)]
        series += [
            pl.Series("usable", usable, dtype=pl.Boolean()),
            pl.Series("named_period", [each.named for each in found], dtype=pl.Boolean()),
        ]
        keys = {
            "indicator": indicator,
            "period": [each.label for each in found],
            "partner": [None if each == TOTAL else each for each in partner],
            "location": [None if each == TOTAL else each for each in location],
            "category": [None if each == TOTAL else each for each in category],
        }
        return pl.DataFrame(series), keys

    def raw(self, order: int) -> pl.DataFrame:
        """What the partner wrote: one column of text for each header as written."""
        series = [pl.Series("source_order", range(order, order + self.size), dtype=pl.Int64())]
        taken = {"source_order"}
        for at, column in enumerate(self.grid.columns):
            header = self.layout.headers[at] or f"(column {column_letters(at + 1)})"
            while header in taken:
                header += " (as written)"
            taken.add(header)
            series.append(pl.Series(header, _texts(self.rows.take(column)), dtype=pl.String()))
        return pl.DataFrame(series)

    # ------------------------------------------------------------------------------------------------------ the codes

    def project(self) -> list[str | None]:
        """The project of each row; the plan's own where the file names none."""
        own = self.names.plan.id
        found = self.cells("project")
        if found is None:
            return [own] * self.size
        self.projects = _each(found, self.names.project.match_cell)
        self.tell("project", found, self.projects)
        return [own if answer.code is None and answer.value is None else answer.value for answer in self.projects]

    def is_of_another_project(self) -> bool:
        """Whether every row names a project, and none of them this one."""
        asked = [answer for row, answer in enumerate(self.projects) if row not in self.rows.broken]
        return bool(asked) and all(answer.code == "ref-unknown-project" for answer in asked)

    def other_project(self) -> str:
        """The project that most rows name."""
        shown = Counter(text_of(cell) or "" for cell in self.cells("project") or ())
        return min(shown, key=lambda name: (-shown[name], name)) if shown else ""

    def indicator(self) -> list[str | None]:
        """The indicator of each row, which must be named."""
        answers = self.answers("indicator", self.names.indicators.match_cell) or [BLANK] * self.size
        for row, answer in enumerate(answers):
            if answer is BLANK and row not in self.rows.broken:
                self.remarks.add("indicator-missing", row=row, column=self.at("indicator"))
        return [answer.value for answer in answers]

    def partner(self) -> list[str | None]:
        """The partner of each row: as named, as the caller says, or `_T` where nobody is."""
        given = self.given.partner
        whole = given or TOTAL
        found = self.cells("partner")
        expects = bool(self.names.plan.partners)
        if found is None:
            if given is None and expects:
                self.remarks.add("partner-missing", expected=self.names.partners.expected)
            return [whole] * self.size
        answers = self.codes("partner", found, self.names.partners)
        for row, answer in enumerate(answers):
            if row in self.rows.broken:
                continue
            if answer is BLANK and given is None and expects:
                at = self.at("partner")
                self.remarks.add("partner-missing", row=row, column=at, expected=self.names.partners.expected)
            elif given is not None and answer.value not in (None, given):
                told = Answer[str](code="partner-other", expected=given)
                self.remarks.answer(row, self.at("partner"), found[row], told)
        return [whole if answer is BLANK else answer.value for answer in answers]

    def place(self) -> list[str | None]:
        """The location of each row; `_T` where none is named."""
        found = self.cells("location")
        if found is None:
            return [TOTAL] * self.size
        return [TOTAL if answer is BLANK else answer.value for answer in self.codes("location", found, self.names.locations)]

    def codes(self, column: str, found: Sequence[Cell], lookup: Lookup) -> list[Answer[str]]:
        """The codes in a column; as written where the plan lists none to compare with."""
        ask = lookup.match_cell if lookup.codes else _any_code
        answers = _each(found, lambda cell: Answer(value=TOTAL) if cell == TOTAL else ask(cell))
        self.tell(column, found, answers)
        return answers

    def category(self) -> list[str | None]:
        """The encoded category of each row."""
        dimensions = {id: self.cells(f"dimension:{id}") or () for id in self.layout.dimensions}
        whole = self.cells("category") or [None] * self.size
        rows = zip(whole, *dimensions.values(), strict=True)

        def ask(row: tuple[Cell, ...]) -> tuple[str | None, tuple[tuple[str, Answer[Any]], ...]]:
            return fields.category(self.names, row[0], dict(zip(dimensions, row[1:], strict=True)))

        answers = _each_row(rows, ask)
        self.tell_said((said for _, said in answers), {"category": whole, **{f"dimension:{k}": v for k, v in dimensions.items()}})
        return [answer for answer, _ in answers]

    def tell_said(
        self,
        said: Iterable[tuple[tuple[str, Answer[Any]], ...]],
        found: Mapping[str, Sequence[Cell]],
    ) -> None:
        """Note what is to be said of the columns of rows that were read from several cells."""
        for row, remarks in enumerate(said):
            if remarks and row not in self.rows.broken:
                for column, answer in remarks:
                    cells_ = found.get(column)
                    self.remarks.answer(row, self.at(column), cells_[row] if cells_ else None, answer)

    # ----------------------------------------------------------------------------------------------------- the period

    def period(self, indicator: Sequence[str | None]) -> list[PeriodFound]:
        """The dates of each row."""
        columns = {name: self.cells(name) for name in ("period", "year", "period_start", "period_end")}
        nothing: Sequence[Cell] = [None] * self.size
        start, end = (columns[name] or nothing for name in ("period_start", "period_end"))
        first = (_day_first(start), _day_first(end))
        if first[0] is None or first[1] is None:
            both = _day_first([*start, *end])
            first = (first[0] if first[0] is not None else both, first[1] if first[1] is not None else both)
        frequencies = self.names.frequencies
        rows = zip(
            columns["period"] or nothing,
            columns["year"] or nothing,
            start,
            end,
            (frequencies.get(id) for id in indicator),
            strict=True,
        )

        def ask(row: tuple[Any, ...]) -> PeriodFound:
            told = fields.PeriodCells(*row[:4])
            return fields.period(
                self.names, told, frequency=row[4], first=first, epoch=self.grid.epoch, given=self.given.period
            )

        found = _each_row(rows, ask)
        if columns["period"] is None:
            columns["period"] = columns["year"] or columns["period_end"]
        self.tell_periods(found, {name: cells_ for name, cells_ in columns.items() if cells_ is not None})
        return found

    def tell_periods(self, found: Sequence[PeriodFound], shown: Mapping[str, Sequence[Cell]]) -> None:
        """Note what is to be said of the period's columns; a missing column is stood for by the one that is there."""
        stands = next((name for name in ("period", "year", "period_end") if self.at(name) is not None), "period")
        for row, each in enumerate(found):
            if each.said and row not in self.rows.broken:
                for column, answer in each.said:
                    name = column if self.at(column) is not None else stands
                    cells_ = shown.get(name)
                    self.remarks.answer(row, self.at(name), cells_[row] if cells_ else None, answer)

    def reported_on(self) -> list[dt.date | None]:
        """The day of receipt of each row."""
        found = self.cells("reported_on")
        first = _day_first(found or ())
        return self.values("reported_on", lambda cell: fields.day_cell(cell, first=first, epoch=self.grid.epoch))

    # ----------------------------------------------------------------------------------------------------- the values

    def numbers(self, indicators: Sequence[Indicator | None]) -> _Numbers:
        """Value, numerator and denominator of each row, and what else the value's cell said."""
        columns = {name: self.cells(name) for name in ("value", "numerator", "denominator")}
        proofs = {
            name: cells.decimal_marks(_proofs(found, indicators if name == "value" else None))
            for name, found in columns.items()
            if found is not None
        }
        shown = [marks for marks in proofs.values() if marks.decimal]
        marks_of_all = {marks.decimal for marks in shown}
        table = Marks(shown[0].decimal) if len(marks_of_all) == 1 else Marks()
        marks = {name: each if each.decimal else table for name, each in proofs.items()}

        def plain(name: str) -> list[Decimal | None]:
            return self.values(
                name, lambda cell: fields.number_cell(cell, marks=marks.get(name, table), lane=self.grid.lane)
            )

        found = columns["value"]
        if found is None:
            answers: list[Answer[Decimal]] = [BLANK] * self.size
        else:
            answers = _each_row(
                zip((each.id if each is not None else None for each in indicators), found, strict=True),
                lambda row: fields.value_cell(
                    self.names,
                    self.names.plan.indicators[row[0]] if row[0] is not None else None,
                    row[1],
                    marks=marks["value"],
                    lane=self.grid.lane,
                ),
            )
            self.tell("value", found, answers)
        numerator, denominator = plain("numerator"), plain("denominator")
        for row, answer in enumerate(answers):
            if answer.parts is not None:
                self.split(row, answer, numerator, denominator)
        return _Numbers(answers, numerator, denominator, indicators)

    def split(
        self, row: int, answer: Answer[Decimal], numerator: list[Decimal | None], denominator: list[Decimal | None]
    ) -> None:
        """Put the parts of ``15/100`` where numerator and denominator stand, if they do not say otherwise."""
        top, bottom = answer.parts or (None, None)
        if numerator[row] not in (None, top) or denominator[row] not in (None, bottom):
            expected = f"{numerator[row]}/{denominator[row]}"
            self.remarks.add("number-conflict", row=row, column=self.at("value"), found=f"{top}/{bottom}", expected=expected)
            return
        numerator[row], denominator[row] = top, bottom

    def states(self, numbers: _Numbers) -> tuple[list[str | None], list[Decimal | None]]:
        """The state of each row, and its value where the state has one."""
        told = self.values("state", _state)
        states: list[str | None] = []
        values: list[Decimal | None] = []
        for row, answer in enumerate(numbers.answers):
            said = told[row]
            state = said if said not in (None, State.REPORTED) else (answer.state or State.REPORTED)
            has_number = answer.value is not None or numbers.numerator[row] is not None
            if state is not State.REPORTED and has_number and row not in self.rows.broken:
                shown = text_of((self.cells("value") or [None] * self.size)[row]) or str(numbers.numerator[row])
                self.remarks.add("state-conflict", row=row, column=self.at("state"), found=str(state), expected=shown)
            states.append(str(state))
            values.append(answer.value)
        return states, values

    def texts(self, numbers: _Numbers) -> list[str | None]:
        """The words of each value: of its own cell, else of the column of texts."""
        written = self.words("text")
        texts: list[str | None] = []
        for row, answer in enumerate(numbers.answers):
            indicator = numbers.indicators[row]
            from_column = written[row]
            if indicator is not None and indicator.measure.is_text and from_column is not None:
                texts.append(from_column)
            else:
                texts.append(answer.words if answer.words is not None else from_column)
        return texts

    def words(self, column: str) -> list[str | None]:
        """A column of free text."""
        return self.values(column, _free_text)

    # ------------------------------------------------------------------------------------------------------ addresses

    def addresses(self) -> list[str | None]:
        """The address of each value's cell in a workbook."""
        if not self.grid.has_letters:
            return [None] * self.size
        ways = [(at, self.rows.take(self.grid.columns[at])) for name in _VALUES if (at := self.at(name)) is not None]
        found: list[str | None] = []
        for row, position in enumerate(self.rows.kept):
            at = next((at for at, column in ways if not is_blank(column[row])), ways[0][0] if ways else None)
            found.append(f"{column_letters(at + 1)}{self.grid.numbers[position]}" if at is not None else None)
        return found

    def cell_notes(self) -> None:
        """Note what the file itself has to say of single cells, and what is hidden."""
        row_of = {self.grid.numbers[at]: row for row, at in enumerate(self.rows.kept)}
        read = {*self.layout.columns.values(), *self.layout.dimensions.values()}
        for note in self.grid.notes:
            row = row_of.get(note.row)
            if row is not None and (note.column in read or note.code != "cell-formula"):
                self.remarks.add(note.code, row=row, column=note.column, found=note.found)
        for row, at in enumerate(self.rows.kept):
            if self.grid.hidden_rows and self.grid.numbers[at] in self.grid.hidden_rows:
                self.remarks.add("row-hidden", row=row)
        for at in sorted(read):
            if at + 1 in self.grid.hidden_columns:
                self.remarks.add("column-hidden", column=at, found=self.layout.headers[at])


_VALUES: Final = ("value", "numerator", "text")
_READ: Final = (
    "project", "indicator", "period", "period_start", "period_end", "partner", "location", "category", "value", "numerator",
    "denominator", "unit", "state", "text", "comment", "reported_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Numbers:
    answers: list[Answer[Decimal]]
    numerator: list[Decimal | None]
    denominator: list[Decimal | None]
    indicators: Sequence[Indicator | None]


# ---------------------------------------------------------------------------------------------- one question per cell


def _each(found: Sequence[Cell], ask: Callable[[Cell], Answer[T]]) -> list[Answer[T]]:
    """The answer to each cell; equal cells of one type are asked once."""
    known: dict[Hashable, Answer[T]] = {}
    answers = []
    for cell in found:
        # 1, 1.0 and True are equal, and are not the same cell.
        key: Hashable = cell if cell.__class__ is str else (cell.__class__, cell)
        answer = known.get(key)
        if answer is None:
            answer = known[key] = ask(cell)
        answers.append(answer)
    return answers


def _each_row(rows: Iterable[tuple[Any, ...]], ask: Callable[[tuple[Any, ...]], T]) -> list[T]:
    """The answer to each combination of cells; equal combinations of the same types are asked once."""
    known: dict[Hashable, T] = {}
    answers = []
    for row in rows:
        key = (row, *map(type, row))
        answer = known.get(key)
        if answer is None:
            answer = known[key] = ask(row)
        answers.append(answer)
    return answers


def _proofs(found: Sequence[Cell], indicators: Sequence[Indicator | None] | None) -> list[str]:
    """The texts of a column that may prove its decimal mark: none that are words of a scale or an answer."""
    if indicators is None:
        return fields.numeric_texts(found)
    numeric = {
        each.id: not (each.measure.is_text or each.measure.is_ranked or each.measure is Measure.YES_NO)
        for each in {id(each): each for each in indicators}.values()
        if each is not None
    }
    pairs = dict.fromkeys(zip(found, (each.id if each is not None else "" for each in indicators), strict=True))
    return [cell for cell, name in pairs if isinstance(cell, str) and numeric.get(name, False)]


def _day_first(found: Iterable[Cell]) -> bool | None:
    return dates.day_first(cell for cell in dict.fromkeys(found) if isinstance(cell, str))


def _texts(found: Sequence[Cell]) -> list[str | None]:
    return [cell if cell.__class__ is str else text_of(cell) for cell in found]  # type: ignore[misc]


def _any_code(cell: Cell) -> Answer[str]:
    """A code that the plan has no list for: as written."""
    if is_blank(cell):
        return BLANK
    if isinstance(cell, Flaw):
        return Answer(code=cell.code, expected="a code")
    plain = cells.clean(text_of(cell) or "")
    if len(plain) > cells.LONGEST:
        return Answer(code="limit-cell-length", expected=f"at most {cells.LONGEST} characters")
    if not plain.isprintable():
        return Answer(code="code-invisible-character", expected="visible characters only")
    return Answer(value=plain, code="ref-no-list")


def _status(cell: Cell) -> Answer[str]:
    if is_blank(cell):
        return BLANK
    known = STATUSES.get(folded(cell)) if isinstance(cell, str) else None
    if known is not None:
        return Answer(value=known.value)
    return Answer(code="status-unknown", expected=", ".join(each.value for each in Status))


def _state(cell: Cell) -> Answer[State]:
    if is_blank(cell):
        return BLANK
    return cells.state(text_of(cell) or "")


def _whole(cell: Cell) -> Answer[int]:
    return BLANK if is_blank(cell) else cells.whole(cell)


def _flag(cell: Cell) -> Answer[bool]:
    if is_blank(cell):
        return BLANK
    answer = cells.yes_no(text_of(cell) if isinstance(cell, Flaw) else cell)
    return Answer(code="yes-no-invalid", expected="yes or no") if answer.state is not None else answer


def _free_text(cell: Cell) -> Answer[str]:
    """Words as they stand; what would be live in a workbook or a web page is said."""
    if is_blank(cell):
        return BLANK
    if isinstance(cell, Flaw):
        return Answer(code=cell.code, expected=cell.expected or "text", suggestion=cell.suggestion)
    plain = text_of(cell) or ""
    if len(plain) > _LONGEST_TEXT:
        return Answer(code="limit-cell-length", expected=f"at most {_LONGEST_TEXT:,} characters")
    if "\0" in plain:
        return Answer(code="control-character", expected="text without damaged characters")
    code = None
    if isinstance(cell, str):
        code = "text-formula" if _FORMULA.match(plain) else "text-markup" if _MARKUP.search(plain) else None
    return Answer(value=plain, code=code)
