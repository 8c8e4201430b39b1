"""The rows of a large table in which every cell is as a machine writes it, typed column by column; the rest are left.

Read `parted` first. A hundred thousand rows that say nothing but codes, days and plain numbers need nobody to look at
each of them: every distinct text is looked up once, and numbers are read by the engine. Rows with a cell of any other
kind are read one by one as ever, and so is whatever cannot be told for certain: what comes out is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import polars as pl

from mne.logframe.indicator import TOTAL, Measure
from mne.reports import asking, fields
from mne.reports.categories import category
from mne.reports.cells import BLANK, Answer, Marks
from mne.reports.figures import NUMBERS, settled
from mne.reports.grid import Cell, Column
from mne.reports.headers import header_key
from mne.reports.names import Names
from mne.reports.plain_numbers import Digits, of_type, settling
from mne.reports.rows import is_total
from mne.tables.encode import coded, combined
from mne.tables.observations import State, polars_schema

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.grid import Grid, Lane
    from mne.reports.headers import Layout
    from mne.reports.table import Given

__all__ = ["Parted", "Told", "declares_decimals", "is_live", "parted"]

_FEWEST_ROWS: Final = 1_000
"""Below it there is nothing to be won."""

_MOST_CODES: Final = 20_000
"""A column of codes with more different texts is none that a machine wrote from a list."""

_LIVE: Final = r"^\s*[=@]|^[\t\r]|^\s*[+-][\w(]|<[/!]?[A-Za-z]|\x00"
_LONGEST: Final = 1_000
_DAYS: Final = ("period", "year", "period_start", "period_end")
_WORDS: Final = ("text", "comment", "evidence")
_IN_WORDS: Final = (*_WORDS, *NUMBERS)
"""Columns that are read as texts, or as numbers of a declared type."""
_KNOWN: Final = frozenset(
    (
        *("project", "indicator", "partner", "location", "category", "unit", "state", "text", "comment", "evidence"),
        *("status", "revision", "reported_on", "illustrative", *_DAYS, *NUMBERS),
    )
)


class Told(NamedTuple):
    """The contents of a column, and where the content of each row stands among them.

    Without `at` there is one content for each row, or a single one for all of them.
    """

    values: pl.Series
    at: pl.Series | None = None


@dataclass(frozen=True)
class Parted:
    """A table in two: rows that are typed, and a grid of those that are to be read one by one.

    `columns` has the columns of the observation table but for those that say where a row comes from, and
    `named_period`, of all rows below the header; `others` the positions of the rows for which they mean nothing, as
    they are those of the grid `rest`. `marks` is what the whole of each column of numbers shows of its decimal mark.
    """

    columns: Mapping[str, Told]
    others: pl.Series
    rest: Grid
    marks: Mapping[str, Marks]
    settling: Mapping[str, Mapping[str, pl.Series]]
    """Of a piece: the different texts of each column of numbers that settle its mark, by the mark."""
    below: int
    """Rows below the header."""
    declared_decimal: bool

    @cached_property
    def at(self) -> pl.Series:
        """The positions of the plain rows below the header."""
        every = pl.repeat(value=True, n=self.below, dtype=pl.Boolean, eager=True)
        return every.scatter(self.others, False).arg_true()

    @property
    def frame(self) -> pl.DataFrame:
        """The plain rows, typed."""
        every = pl.repeat(0, len(self.at), dtype=pl.UInt32, eager=True)
        columns = []
        for name, (values, at) in self.columns.items():
            alone = every if len(values) == 1 and at is None else self.at
            columns.append(values.gather(alone if at is None else at.gather(self.at)).alias(name))
        return pl.DataFrame(columns)


def parted(
    grid: Grid,
    layout: Layout,
    plan_names: Names,
    given: Given,
    *,
    piece: bool = False,
    proved: Mapping[str, Marks] | None = None,
) -> Parted | None:
    """The plain rows of a table of text; None where it is small, or not as a machine writes one.

    A `piece` is but some rows of a table, few or many; `proved` is then what the columns of numbers show of their
    decimal marks, where that is known.
    """
    first = layout.header_at + 1
    size = len(grid.numbers) - first
    columns = [column.series for column in grid.columns if isinstance(column, Column)]
    if (size < _FEWEST_ROWS and not piece) or len(columns) < len(grid.columns) or not _is_even(grid):
        return None
    if not layout.columns.keys() <= _KNOWN or "indicator" not in layout.columns:
        return None
    if plan_names.words or plan_names.decimal is not None or plan_names.day_first is not None:
        return None
    # Names of its own, as a lookup counts how often it was asked for the nearest name.
    beneath = [series.slice(first) for series in columns]
    found = _Sorter(beneath, layout, Names(plan_names.plan), given, lane=grid.lane)
    found.piece, found.proved = piece, proved
    plain = found.plain()
    if plain is None or not (plain.any() or piece):
        return None
    others = ~plain
    if plain.any():
        # The first plain row stays with them: what comes before the first row is told otherwise than what follows.
        others = others.scatter(plain.arg_max() or 0, True)
    others = others.arg_true()
    return Parted(
        columns=found.told,
        others=others,
        rest=_rows(grid, columns, [*range(first), *(others + first).to_list()]),
        marks=found.marks,
        settling=found.settling,
        below=size,
        declared_decimal=declares_decimals(grid, layout),
    )


def declares_decimals(grid: Grid, layout: Layout) -> bool:
    """Whether the source itself declares its values as decimals, so that decimals are what it means."""
    at = layout.columns.get("value")
    return at is not None and at < len(grid.types) and grid.types[at] == "decimal"


def _is_even(grid: Grid) -> bool:
    """Whether a grid is a plain table of text or of typed columns, of which nothing more is to be said."""
    special = grid.origins or grid.notes or grid.held or grid.merged or grid.hidden_rows or grid.hidden_columns
    return grid.lane in ("text", "typed") and not special and grid.widths is None


def _rows(grid: Grid, columns: Sequence[pl.Series], kept: Sequence[int]) -> Grid:
    """Some rows of a grid, by their positions."""
    gathered: list[Sequence[Cell]] = [series.gather(list(kept)).to_list() for series in columns]
    return replace(grid, columns=gathered, numbers=[grid.numbers[at] for at in kept])


class _Sorter:
    """Tells plain rows from others, and types the plain ones."""

    def __init__(self, columns: Sequence[pl.Series], layout: Layout, names: Names, given: Given, *, lane: Lane) -> None:
        self.lane = lane
        self.names = names
        self.given = given
        self.layout = layout
        self.size = len(columns[0])
        named = {**layout.columns, **{f"dimension:{id}": at for id, at in layout.dimensions.items()}}
        read = set(named.values())
        self.cells = {name: columns[at] for name, at in named.items()}
        self.lead = [columns[at] for at in range(len(layout.headers)) if at not in read and at < min(read)]
        self.codes: dict[str, tuple[pl.Series, pl.Series]] = {}
        self.told: dict[str, Told] = {}
        self.sure: list[pl.Series] = []
        """For each column with a cell that is not plain, which are."""
        self.marks: Mapping[str, Marks] = {}
        self.piece = False
        self.proved: Mapping[str, Marks] | None = None
        self.settling: Mapping[str, Mapping[str, pl.Series]] = {}

    def plain(self) -> pl.Series | None:
        """Which rows are plain: what `told` has of the others means nothing."""
        typed = {name for name in NUMBERS if name in self.cells and self.cells[name].dtype.is_numeric()}
        if any(self.cells[name].dtype != pl.String for name in _IN_WORDS if name in self.cells and name not in typed):
            return None
        asked: dict[str, Callable[[Any], Answer[Any]]] = {
            "project": self.project,
            "indicator": self.indicator,
            "partner": self.partner,
            "location": self.location,
            "unit": lambda cell: fields.unit_cell(self.names, cell),
            "state": asking.state,
            "status": asking.status,
            "revision": asking.whole,
            "reported_on": lambda cell: fields.day_cell(cell, first=None, epoch=1900, moment=True),
            "illustrative": asking.flag,
        }
        for name, ask in asked.items():
            if name in self.cells and not self.coded(name, ask):
                return None
        if not self.categories() or not self.periods():
            return None
        self.totals()
        self.figures(typed)
        self.words()
        self.usual()
        plain = pl.repeat(value=True, n=self.size, dtype=pl.Boolean, eager=True)
        for sure in self.sure:
            plain = plain & sure
        return plain

    def note(self, sure: pl.Series, at: pl.Series | None = None) -> None:
        """Keep which cells of a column are plain; where all of them are there is nothing to keep."""
        if not sure.all():
            self.sure.append(sure if at is None else sure.gather(at))

    # ------------------------------------------------------------------------------------------------------- codes

    def code(self, name: str) -> tuple[pl.Series, pl.Series] | None:
        """Where each cell of a column stands among its different ones, and those; None where they are too many."""
        if name not in self.codes:
            self.codes[name] = coded(self.cells[name])
        return self.codes[name] if len(self.codes[name][1]) <= _MOST_CODES else None

    def coded(self, name: str, ask: Callable[[Any], Answer[Any]]) -> bool:
        """Look every distinct text of a column up."""
        kind = {"reported_on": pl.Date(), "revision": pl.Int64(), "illustrative": pl.Boolean()}.get(name, pl.String())
        found = self.code(name)
        if found is None:
            return False
        at, distinct = found
        answers = [ask(cell) for cell in distinct]
        values = [None if each.value is None else each.value for each in answers]
        shown = [str(value) if kind == pl.String() and value is not None else value for value in values]
        self.told[name] = Told(pl.Series(name, shown, dtype=kind), at)
        self.note(pl.Series([each.code is None for each in answers], dtype=pl.Boolean()), at)
        return True

    def of_several(
        self, parts: Sequence[tuple[pl.Series, pl.Series]]
    ) -> tuple[pl.Series, list[tuple[Any, ...]]] | None:
        """Where each row stands among the different combinations of coded columns, and those."""
        (at, values), *others = parts
        places, size = [pl.int_range(len(values), dtype=pl.UInt32, eager=True)], len(values)
        for other, contents in others:
            at, left, right = combined((at, size), (other, len(contents)))
            size = len(left)
            if size > _MOST_CODES:
                return None
            places = [*(place.gather(left) for place in places), right]
        cells = (contents.gather(place).to_list() for (_, contents), place in zip(parts, places, strict=True))
        return at, list(zip(*cells, strict=True))

    def project(self, cell: Any) -> Answer[str]:
        own = self.names.plan.id
        answer = self.names.project.match_cell(cell)
        return Answer(value=own) if answer is BLANK else answer

    def indicator(self, cell: Any) -> Answer[str]:
        answer = self.names.indicators.match_cell(cell)
        like_header = header_key(str(cell)) == header_key(self.layout.headers[self.layout.columns["indicator"]])
        return Answer(code="indicator-missing") if answer is BLANK or like_header else answer

    def partner(self, cell: Any) -> Answer[str]:
        given = self.given.partner
        answer = self.match(self.names.partners, cell)
        if answer is BLANK:
            expected = given is None and bool(self.names.plan.partners)
            return Answer(code="partner-missing") if expected else Answer(value=given or TOTAL)
        return Answer(code="partner-other") if given is not None and answer.value not in (None, given) else answer

    def location(self, cell: Any) -> Answer[str]:
        answer = self.match(self.names.locations, cell)
        return Answer(value=TOTAL) if answer is BLANK else answer

    def match(self, lookup: Any, cell: Any) -> Answer[str]:
        if cell == TOTAL:
            return Answer(value=TOTAL)
        answer: Answer[str] = lookup.match_cell(cell) if lookup.codes else asking.any_code(cell)
        return answer

    def categories(self) -> bool:
        """The category of each combination of the columns that say it."""
        dimensions = [f"dimension:{id}" for id in self.layout.dimensions]
        columns = [*(["category"] if "category" in self.cells else []), *dimensions]
        codes = [code for name in columns if (code := self.code(name)) is not None]
        several = self.of_several(codes) if codes and len(codes) == len(columns) else None
        if several is None:
            return not columns
        at, distinct = several
        answers = []
        for cells in distinct:
            row = dict(zip(columns, cells, strict=True))
            own = {name.removeprefix("dimension:"): row[name] for name in dimensions}
            answers.append(category(self.names, row.get("category"), own))
        self.told["category"] = Told(pl.Series("category", [answer for answer, _ in answers], dtype=pl.String()), at)
        self.note(pl.Series([answer is not None and not said for answer, said in answers], dtype=pl.Boolean()), at)
        return True

    def periods(self) -> bool:
        """The dates of each combination of the columns that say them, for indicators that are reported as often."""
        own = {str(each): each for each in self.names.frequencies.values() if each is not None}
        of_indicators, at = self.told["indicator"]
        often = pl.Series([str(self.names.frequencies.get(id) or "") for id in of_indicators], dtype=pl.String())
        kinds = often.unique()
        known = often.replace_strict(kinds, pl.int_range(len(kinds), dtype=pl.UInt32, eager=True))
        columns = [name for name in _DAYS if name in self.cells]
        codes = [code for name in columns if (code := self.code(name)) is not None]
        often_at = known if at is None else known.gather(at)
        several = self.of_several([*codes, (often_at, kinds)]) if len(codes) == len(columns) else None
        if several is None:
            return False
        at, distinct = several
        found = []
        for *days, frequency in distinct:
            row = dict(zip(columns, days, strict=True))
            found.append(
                fields.period(
                    self.names,
                    fields.PeriodCells(*(row.get(name) for name in _DAYS)),
                    frequency=own.get(frequency),
                    first=(None, None),
                    epoch=1900,
                    given=self.given.period,
                    compared=self.given.compared,
                )
            )
        for name, attribute, kind in (
            ("period", "label", pl.String()),
            ("period_start", "start", pl.Date()),
            ("period_end", "last", pl.Date()),
            ("named_period", "named", pl.Boolean()),
        ):
            self.told[name] = Told(pl.Series(name, [getattr(each, attribute) for each in found], dtype=kind), at)
        sure = [not each.said and None not in (each.label, each.start, each.last) for each in found]
        self.note(pl.Series(sure, dtype=pl.Boolean()), at)
        return True

    def totals(self) -> None:
        """Rows that a column which is not read gives away as sums of others."""
        for cells in self.lead:
            words = [cell for cell in cells.unique() if is_total(cell, None)]
            if words:
                self.note(~cells.is_in(words).fill_null(value=False))

    # ----------------------------------------------------------------------------------------------------- figures

    def figures(self, typed: set[str]) -> None:
        """Numbers as their measure asks for them; words of scales and answers by each distinct text."""
        known = self.names.plan.indicators
        of_indicators, at = self.told["indicator"]
        shown = pl.Series([id is not None and _is_numeric(known[id]) for id in of_indicators], dtype=pl.Boolean())
        numeric = None if shown.all() or at is None else shown.gather(at)
        texts = {name: Digits(self.cells[name]) for name in NUMBERS if name in self.cells and name not in typed}
        asked = {name: numeric if name == "value" else None for name in NUMBERS}
        if self.piece:
            nothing = settling(pl.Series([], dtype=pl.String()))
            own = {name: digits.settling(asked[name]) for name, digits in texts.items()}
            self.settling = {name: own.get(name, nothing) for name in NUMBERS}
        if self.proved is not None:
            self.marks = self.proved
        else:
            proved = {name: digits.marks(asked[name]) for name, digits in texts.items()}
            self.marks = {name: proved.get(name, Marks()) for name in NUMBERS}
        marks = settled(self.names, self.marks)
        for name in NUMBERS:
            if name not in self.cells:
                continue
            found = of_type(self.cells[name]) if name in typed else texts[name].read(marks[name])
            number, sure = found.number, found.plain
            if name == "value" and numeric is not None:
                if self.lane == "typed":
                    # A step of a scale stands beside its words, and a table of our own says which of them counts.
                    sure = sure & numeric
                else:
                    number, sure = self.in_words(numeric, number, sure, marks["value"])
            self.told[name] = Told(number.alias(name))
            self.note(sure)
        if "state" in self.cells:
            values, at = self.told["state"]
            reported = (values.is_null() | (values == State.REPORTED.value)).fill_null(value=True)
            if at is not None and not reported.all():
                numbers = [self.told[name].values for name in ("value", "numerator") if name in self.cells]
                there = pl.DataFrame(numbers).select(pl.any_horizontal(pl.all().is_not_null())).to_series()
                self.note(reported.gather(at) | ~there)

    def in_words(
        self, numeric: pl.Series, number: pl.Series, sure: pl.Series, marks: Marks
    ) -> tuple[pl.Series, pl.Series]:
        """Values of measures that are no numbers: steps of a scale, yes and no, words."""
        known = self.names.plan.indicators
        of_indicators, at = self.told["indicator"]
        rows = (~numeric).arg_true()
        asked = pl.DataFrame(
            {"id": of_indicators.gather(at.gather(rows)), "text": self.cells["value"].gather(rows)}  # type: ignore[union-attr] # a column that is asked has positions
        )
        pairs = asked.unique().filter(pl.col("id").is_not_null())
        answers = [
            fields.value_cell(self.names, known[id], text, marks=marks, lane="text") for id, text in pairs.iter_rows()
        ]
        told = pairs.with_columns(
            pl.Series("stage", [each.value for each in answers], dtype=_DECIMAL),
            pl.Series("words", [each.words for each in answers], dtype=pl.String()),
            pl.Series(
                "plainly",
                [each.code is None and each.state is None and each.parts is None for each in answers],
                dtype=pl.Boolean(),
            ),
        )
        found = asked.join(told, on=["id", "text"], how="left", maintain_order="left", nulls_equal=True)
        words = pl.repeat(None, self.size, dtype=pl.String, eager=True)
        self.told["words"] = Told(words.scatter(rows, found["words"]))
        plainly = found["plainly"].fill_null(value=False)
        return number.scatter(rows, found["stage"]), sure.scatter(rows, plainly)

    def words(self) -> None:
        """Remarks and texts as they stand, where nothing in them is live."""
        for name in _WORDS:
            if name not in self.cells:
                continue
            blank, live = is_live(pl.col(name))
            table = self.cells[name].to_frame(name)
            found = table.select(pl.when(~blank).then(name).alias("text"), sure=(blank | ~live).fill_null(value=False))
            self.told[name] = Told(found["text"].alias(name))
            self.note(found["sure"])
        own = self.told.pop("words", None)
        if own is None:
            return
        of_words = [id for id, each in self.names.plan.indicators.items() if each.measure.is_text]
        of_indicators, at = self.told["indicator"]
        first = of_indicators.is_in(of_words).fill_null(value=False)
        table = pl.DataFrame({"first": first if at is None else first.gather(at), "own": own.values})
        beside = self.told.get("text")
        table = table.with_columns(beside=pl.lit(None, pl.String) if beside is None else beside.values)
        both = pl.when("first").then(pl.coalesce("beside", "own")).otherwise(pl.coalesce("own", "beside"))
        self.told["text"] = Told(table.select(both.alias("text")).to_series())

    # ----------------------------------------------------------------------------------------------------- the rows

    def usual(self) -> None:
        """What stands in columns that the table does not have, and for nothing in some that it has."""
        usual: dict[str, Any] = {
            "project": self.names.plan.id,
            "partner": self.given.partner or TOTAL,
            "location": TOTAL,
            "category": TOTAL,
            "state": State.REPORTED.value,
            "status": self.given.status.value,
            "revision": 0,
            "illustrative": False,
        }
        for name, kind in polars_schema().items():
            if name.startswith("source_"):
                continue
            told = self.told.get(name)
            if told is None:
                self.told[name] = Told(pl.Series(name, [usual.get(name)], dtype=kind))
            elif name in usual and told.values.null_count():
                self.told[name] = Told(told.values.fill_null(usual[name]), told.at)


_DECIMAL: Final = polars_schema()["value"]


def is_live(cell: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Whether words are blank, and whether something has to be said of them: they are live, or too long."""
    blank = cell.is_null() | cell.str.contains(r"^\s*$")
    return blank, cell.str.contains(_LIVE) | (cell.str.len_chars() > _LONGEST)


def _is_numeric(indicator: Indicator) -> bool:
    measure = indicator.measure
    return not (measure.is_text or measure.is_ranked or measure is Measure.YES_NO)
