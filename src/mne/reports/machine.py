"""The rows of a large table in which every cell is as a machine writes it, typed column by column; the rest are left.

Read `parted` first. A hundred thousand rows that say nothing but codes, days and plain numbers need nobody to look at
each of them: every distinct text is looked up once, and numbers are read by the engine. Rows with a cell of any other
kind are read one by one as ever, and so is whatever cannot be told for certain: what comes out is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.logframe.indicator import TOTAL, Measure
from mne.logframe.types import MAX_DECIMALS
from mne.reports import asking, fields
from mne.reports.categories import category
from mne.reports.cells import BLANK, Answer, Marks, shape_of
from mne.reports.figures import NUMBERS, settled
from mne.reports.grid import Cell, Column, as_text
from mne.reports.headers import header_key
from mne.reports.names import Names
from mne.reports.rows import is_total
from mne.tables.observations import State, polars_schema

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.grid import Grid, Lane
    from mne.reports.headers import Layout
    from mne.reports.table import Given

__all__ = ["Parted", "declares_decimals", "is_live", "marks_of", "parted", "plain_number"]

_FEWEST_ROWS: Final = 1_000
"""Below it there is nothing to be won."""

_MOST_CODES: Final = 20_000
"""A column of codes with more different texts is none that a machine wrote from a list."""

_AT: Final = "_at"
_WHOLE: Final = r"^-?[0-9]{1,18}$"
_STRICT_WHOLE: Final = r"^-?(?:0|[1-9][0-9]{0,17})$"
_LIVE: Final = r"^\s*[=@]|^[\t\r]|^\s*[+-][\w(]|<[/!]?[A-Za-z]|\x00"
_LONGEST: Final = 1_000
_DAYS: Final = ("period", "year", "period_start", "period_end")
_WORDS: Final = ("text", "comment", "evidence")
_IN_WORDS: Final = (*_WORDS, *NUMBERS)
"""Columns that are read as texts; typed numbers have become such."""
_TYPED: Final = Marks(".", strict=True)
_KNOWN: Final = frozenset(
    (
        *("project", "indicator", "partner", "location", "category", "unit", "state", "text", "comment", "evidence"),
        *("status", "revision", "reported_on", "illustrative", *_DAYS, *NUMBERS),
    )
)


@dataclass(frozen=True)
class Parted:
    """A table in two: rows that are typed, and a grid of those that are to be read one by one.

    `frame` has the columns of the observation table but for those that say where a row comes from, and `named_period`;
    `at` has the position of each of its rows in the whole grid, `others` those of the grid `rest`. `marks` is what the
    whole of each column of numbers shows of its decimal mark.
    """

    frame: pl.DataFrame
    at: pl.Series
    rest: Grid
    marks: Mapping[str, Marks]
    settling: Mapping[str, Mapping[str, pl.Series]]
    """The different texts of each column of numbers that settle its mark, by the mark."""
    below: int
    """Rows below the header."""
    declared_decimal: bool


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
    found.proved = proved
    plain = found.plain()
    if plain is None or not (plain.height or piece):
        return None
    # The first plain row stays with the others: what comes before the first row is told otherwise than what follows.
    plain = plain.slice(1)
    others = pl.Series(range(first, len(grid.numbers)), dtype=pl.UInt32()).to_frame(_AT)
    others = others.join(plain.select(pl.col(_AT).cast(pl.UInt32()) + first), on=_AT, how="anti", maintain_order="left")
    return Parted(
        frame=plain.drop(_AT),
        at=plain[_AT] + first,
        rest=_rows(grid, columns, [*range(first), *others[_AT].to_list()]),
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
        named = {**layout.columns, **{f"dimension:{id}": at for id, at in layout.dimensions.items()}}
        read = set(named.values())
        lead = [at for at in range(len(layout.headers)) if at not in read and at < min(read)]
        texts = {name: columns[at] for name, at in named.items()}
        texts |= {f"lead:{at}": columns[at] for at in lead}
        self.lead = [f"lead:{at}" for at in lead]
        # A typed number is the text of itself, and no decimal mark has to be proved of it.
        self.numbers = [name for name in NUMBERS if name in texts and texts[name].dtype.is_numeric()]
        texts |= {name: as_text(texts[name]) for name in self.numbers}
        self.table = pl.DataFrame([series.alias(name) for name, series in texts.items()])
        self.proved: Mapping[str, Marks] | None = None
        self.marks: Mapping[str, Marks] = {}
        self.settling: Mapping[str, Mapping[str, pl.Series]] = {}

    def has(self, column: str) -> bool:
        return column in self.table.columns

    def plain(self) -> pl.DataFrame | None:
        """The plain rows, typed, with their positions below the header."""
        if any(self.table[name].dtype != pl.String for name in _IN_WORDS if self.has(name)):
            return None
        codes: dict[str, Callable[[Any], Answer[Any]]] = {
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
        for name, ask in codes.items():
            if self.has(name) and not self.coded(name, ask):
                return None
        if not self.categories() or not self.periods():
            return None
        self.totals()
        self.figures()
        self.words()
        return self.typed()

    # ------------------------------------------------------------------------------------------------------- codes

    def coded(self, name: str, ask: Callable[[Any], Answer[Any]]) -> bool:
        """Look every distinct text of a column up; beside it come its value and whether it is plain."""
        kind = {"reported_on": pl.Date(), "revision": pl.Int64(), "illustrative": pl.Boolean()}.get(name, pl.String())
        distinct = self.table[name].unique(maintain_order=True)
        if len(distinct) > _MOST_CODES:
            return False
        answers = [ask(cell) for cell in distinct]
        values = [None if each.value is None else each.value for each in answers]
        shown = [str(value) if kind == pl.String() and value is not None else value for value in values]
        self.beside(
            name,
            pl.DataFrame(
                {
                    name: distinct,
                    f"={name}": pl.Series(shown, dtype=kind),
                    f"?{name}": pl.Series([each.code is None for each in answers], dtype=pl.Boolean()),
                }
            ),
        )
        return True

    def beside(self, name: str, told: pl.DataFrame) -> None:
        """Put beside each text of a column what is known of it; `told` has every text once."""
        if told[name].dtype != pl.String:
            self.join([name], told)
            return
        texts = told[name].drop_nulls()
        known = pl.concat([told.filter(pl.col(name).is_not_null()), told.filter(pl.col(name).is_null())])
        at = self.table[name].cast(pl.Enum(texts)).to_physical().cast(pl.UInt32()).fill_null(len(texts))
        self.table = self.table.with_columns(known[column].gather(at) for column in told.columns if column != name)

    def join(self, on: list[str], told: pl.DataFrame) -> None:
        self.table = self.table.join(told, on=on, how="left", maintain_order="left", nulls_equal=True)

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
        answer = self.code(self.names.partners, cell)
        if answer is BLANK:
            expected = given is None and bool(self.names.plan.partners)
            return Answer(code="partner-missing") if expected else Answer(value=given or TOTAL)
        return Answer(code="partner-other") if given is not None and answer.value not in (None, given) else answer

    def location(self, cell: Any) -> Answer[str]:
        answer = self.code(self.names.locations, cell)
        return Answer(value=TOTAL) if answer is BLANK else answer

    def code(self, lookup: Any, cell: Any) -> Answer[str]:
        if cell == TOTAL:
            return Answer(value=TOTAL)
        answer: Answer[str] = lookup.match_cell(cell) if lookup.codes else asking.any_code(cell)
        return answer

    def categories(self) -> bool:
        """The category of each combination of the columns that say it."""
        dimensions = [f"dimension:{id}" for id in self.layout.dimensions]
        columns = [*(["category"] if self.has("category") else []), *dimensions]
        if not columns:
            self.table = self.table.with_columns(
                pl.lit(TOTAL).alias("=category"), pl.lit(value=True).alias("?category")
            )
            return True
        distinct = self.table.select(columns).unique(maintain_order=True)
        if distinct.height > _MOST_CODES:
            return False
        answers = [
            category(
                self.names,
                row.get("category"),
                {name.removeprefix("dimension:"): row[name] for name in dimensions},
            )
            for row in distinct.iter_rows(named=True)
        ]
        told = distinct.with_columns(
            pl.Series("=category", [answer for answer, _ in answers], dtype=pl.String()),
            pl.Series("?category", [answer is not None and not said for answer, said in answers], dtype=pl.Boolean()),
        )
        self.join(columns, told)
        return True

    def periods(self) -> bool:
        """The dates of each combination of the columns that say them, for indicators that are reported as often."""
        often = {
            id: str(each) if each is not None else None for id, each in self.names.frequencies.items() if id is not None
        }
        own = {str(each): each for each in self.names.frequencies.values() if each is not None}
        self.table = self.table.with_columns(
            pl.col("=indicator")
            .replace_strict(list(often), list(often.values()), default=None, return_dtype=pl.String())
            .alias("often")
        )
        columns = [name for name in _DAYS if self.has(name)]
        distinct = self.table.select(*columns, "often").unique(maintain_order=True)
        if distinct.height > _MOST_CODES:
            return False
        found = [
            fields.period(
                self.names,
                fields.PeriodCells(*(row.get(name) for name in _DAYS)),
                frequency=own.get(row["often"] or ""),
                first=(None, None),
                epoch=1900,
                given=self.given.period,
            )
            for row in distinct.iter_rows(named=True)
        ]
        kinds = {"period": pl.String(), "period_start": pl.Date(), "period_end": pl.Date()}
        attributes = {"period": "label", "period_start": "start", "period_end": "last"}
        told = distinct.with_columns(
            *(
                pl.Series(f"={name}", [getattr(each, attributes[name]) for each in found], dtype=kind)
                for name, kind in kinds.items()
            ),
            pl.Series("=named_period", [each.named for each in found], dtype=pl.Boolean()),
            pl.Series(
                "?period",
                [not each.said and None not in (each.label, each.start, each.last) for each in found],
                dtype=pl.Boolean(),
            ),
        )
        self.join([*columns, "often"], told)
        return True

    def totals(self) -> None:
        """Rows that a column which is not read gives away as sums of others."""
        for name in self.lead:
            words = [cell for cell in self.table[name].unique() if is_total(cell, None)]
            plain = pl.col(name).is_in(words).not_() if words else pl.lit(value=True)
            self.table = self.table.with_columns(plain.fill_null(value=True).alias(f"?{name}"))

    # ----------------------------------------------------------------------------------------------------- figures

    def figures(self) -> None:
        """Numbers as their measure asks for them; words of scales and answers by each distinct text."""
        known = self.names.plan.indicators
        numeric = [id for id, each in known.items() if _is_numeric(each)]
        self.table = self.table.with_columns(
            pl.col("=indicator").is_in(numeric).fill_null(value=False).alias("numeric")
        )
        settling = {}
        for name in NUMBERS:
            texts = pl.Series([], dtype=pl.String())
            if self.has(name) and name not in self.numbers:
                texts = (self.table.filter("numeric") if name == "value" else self.table)[name]
            settling[name] = _settling(texts.unique())
        self.settling = settling
        own = {name: marks_of({mark: len(each) for mark, each in told.items()}) for name, told in settling.items()}
        proved = self.marks = self.proved if self.proved is not None else own
        marks = settled(self.names, proved) | dict.fromkeys(self.numbers, _TYPED)
        for name in NUMBERS:
            if self.has(name):
                number, plain = plain_number(name, marks[name])
                self.table = self.table.with_columns(number.alias(f"={name}"), plain.alias(f"?{name}"))
        if self.has("value") and self.lane == "typed":
            # A step of a scale stands beside its words, and a table of our own says which of them counts.
            self.table = self.table.with_columns(pl.col("?value") & pl.col("numeric"))
        elif self.has("value"):
            self.in_words(known, marks["value"])
        top = pl.col("=numerator") if self.has("numerator") else pl.lit(None)
        there = (pl.col("=value").is_not_null() if self.has("value") else pl.lit(value=False)) | top.is_not_null()
        if self.has("state"):
            said = pl.col("=state")
            self.table = self.table.with_columns(
                (pl.col("?state") & (said.is_null() | (said == State.REPORTED.value) | ~there)).alias("?state"),
                said.fill_null(State.REPORTED.value),
            )

    def in_words(self, known: Mapping[str, Indicator], marks: Marks) -> None:
        """Values of measures that are no numbers: steps of a scale, yes and no, words."""
        pair = ["=indicator", "value"]
        asked = self.table.filter(~pl.col("numeric") & pl.col("=indicator").is_not_null()).select(pair).unique()
        answers = [
            fields.value_cell(self.names, known[id], text, marks=marks, lane="text") for id, text in asked.iter_rows()
        ]
        told = asked.with_columns(
            pl.Series("stage", [each.value for each in answers], dtype=_DECIMAL),
            pl.Series("words", [each.words for each in answers], dtype=pl.String()),
            pl.Series(
                "plainly",
                [each.code is None and each.state is None and each.parts is None for each in answers],
                dtype=pl.Boolean(),
            ),
        )
        self.join(pair, told)
        self.table = self.table.with_columns(
            pl.when("numeric").then(pl.col("=value")).otherwise(pl.col("stage")).alias("=value"),
            pl.when("numeric").then(pl.col("?value")).otherwise(pl.col("plainly")).alias("?value"),
        )

    def words(self) -> None:
        """Remarks and texts as they stand, where nothing in them is live."""
        for name in _WORDS:
            if self.has(name):
                cell = pl.col(name)
                blank, live = is_live(cell)
                self.table = self.table.with_columns(
                    pl.when(blank).then(None).otherwise(cell).alias(f"={name}"), (blank | ~live).alias(f"?{name}")
                )

    # ----------------------------------------------------------------------------------------------------- the rows

    def typed(self) -> pl.DataFrame:
        """The rows of which every cell is plain."""
        sure = [name for name in self.table.columns if name.startswith("?")]
        rows = self.table.with_row_index(_AT).filter(pl.all_horizontal(pl.col(sure).fill_null(value=False)))
        usual: dict[str, Any] = {
            "project": self.names.plan.id,
            "partner": self.given.partner or TOTAL,
            "location": TOTAL,
            "state": State.REPORTED.value,
            "status": self.given.status.value,
            "revision": 0,
            "illustrative": False,
        }
        of_words = [id for id, each in self.names.plan.indicators.items() if each.measure.is_text]
        schema = polars_schema()
        made = {}
        for name, kind in schema.items():
            if name.startswith("source_"):
                continue
            cell = pl.col(f"={name}") if f"={name}" in rows.columns else pl.lit(None, kind)
            if name == "text" and "words" in rows.columns:
                own, beside = pl.col("words"), cell
                first = pl.col("=indicator").is_in(of_words)
                cell = pl.when(first).then(pl.coalesce(beside, own)).otherwise(pl.coalesce(own, beside))
            if name in usual:
                cell = cell.fill_null(pl.lit(usual[name], kind))
            made[name] = cell.cast(kind)
        return rows.select(pl.col(_AT), **made, named_period=pl.col("=named_period"))


# ---------------------------------------------------------------------------------------------------------- numbers

_DECIMAL: Final = polars_schema()["value"]


def is_live(cell: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Whether words are blank, and whether something has to be said of them: they are live, or too long."""
    return _is_blank(cell), cell.str.contains(_LIVE) | (cell.str.len_chars() > _LONGEST)


def _is_blank(cell: pl.Expr) -> pl.Expr:
    return cell.is_null() | cell.str.contains(r"^\s*$")


def _is_numeric(indicator: Indicator) -> bool:
    measure = indicator.measure
    return not (measure.is_text or measure.is_ranked or measure is Measure.YES_NO)


def _settling(texts: pl.Series) -> dict[str, pl.Series]:
    """Which of a column's different texts prove its decimal mark, as `cells.decimal_marks` says it."""
    table = pl.DataFrame({"text": texts}).drop_nulls()
    cell = pl.col("text")
    found = {}
    plain = cell.str.contains(r"^-?[0-9]+$")
    for mark in (".", ","):
        sign = rf"\{mark}"
        decimal = cell.str.contains(rf"^-?[0-9]+{sign}[0-9]+$")
        doubtful = cell.str.contains(rf"^-?[1-9][0-9]{{0,2}}{sign}[0-9]{{3}}$")
        found[mark] = table.filter(decimal & ~doubtful)["text"]
        plain = plain | decimal
    others: dict[str, list[str]] = {".": [], ",": []}
    for text in table.filter(~plain)["text"]:
        shape = shape_of(text)
        if shape is not None and shape.settles:
            others[shape.settles].append(text)
    return {mark: each.append(pl.Series("text", others[mark], dtype=pl.String)) for mark, each in found.items()}


def marks_of(counts: Mapping[str, int]) -> Marks:
    """What so many different texts for each mark prove of a column."""
    if not any(counts.values()):
        return Marks()
    return Marks("." if counts["."] >= counts[","] else ",", mixed=all(counts.values()))


def plain_number(name: str, marks: Marks) -> tuple[pl.Expr, pl.Expr]:
    """The number in a column's cells, and whether they are plain digits, or nothing."""
    cell = told = pl.col(name)
    whole = _STRICT_WHOLE if marks.strict else _WHOLE
    plain = cell.str.contains(whole)
    mark = "." if marks.strict else marks.decimal
    if mark is not None and not (marks.mixed and not marks.strict):
        sign = rf"\{mark}"
        plain = cell.str.contains(rf"{whole[:-1]}(?:{sign}[0-9]{{1,{MAX_DECIMALS}}})?$")
        if not marks.strict:
            plain = plain & ~cell.str.contains(rf"^-?[1-9][0-9]{{0,2}}{sign}000$")
        told = cell.str.replace(mark, ".", literal=True) if mark != "." else cell
    number = pl.when(plain).then(told.cast(_DECIMAL, strict=False))
    return number, (plain & number.is_not_null()) | _is_blank(cell)
