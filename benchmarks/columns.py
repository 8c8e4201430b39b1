"""A table in the making, light at 10 million rows: texts as codes into short lists, numbers as whole thousandths.

Read `Draft` first. `Draft.frame` makes the Polars table of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl

Numbers = Literal["float", "decimal", "text"]
NONE = np.int64(-(2**62))
"""What stands for an empty cell among thousandths."""
FIGURES = ("value", "numerator", "denominator")
_OF_ROWS = ("which", "series", "number", "group", "lone")


@dataclass
class Coded:
    """A column of text: a code for each row, and what the codes stand for."""

    codes: np.ndarray[Any, Any]
    texts: list[str | None]

    def code(self, text: str | None) -> int:
        """The code of a text, a new one where there is none yet."""
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def of(self, at: Any) -> list[str | None]:
        """The texts of some rows."""
        return [self.texts[code] for code in self.codes[at]]


@dataclass
class Draft:
    """A report's columns, and beside them what the rows are: of which indicator, series and period of the plan.

    `lone` marks rows without a total or parts beside them, which can be spoilt one by one.
    """

    words: dict[str, Coded]
    figures: dict[str, np.ndarray[Any, Any]]
    which: np.ndarray[Any, Any]
    series: np.ndarray[Any, Any]
    number: np.ndarray[Any, Any]
    group: np.ndarray[Any, Any]
    lone: np.ndarray[Any, Any]
    written: dict[int, str] = field(default_factory=dict)
    """Cells of the column of values that are no number, by row."""

    def __len__(self) -> int:
        return len(self.which)

    def word(self, name: str) -> Coded:
        """A column of text, made empty where the table has none of that name."""
        if name not in self.words:
            self.words[name] = Coded(np.zeros(len(self), np.int32), [None])
        return self.words[name]

    def put(self, name: str, at: Any, text: str | None) -> None:
        """One text into some rows."""
        column = self.word(name)
        column.codes[at] = column.code(text)

    def postpone(self, days: int) -> None:
        """Every report so many days later."""
        received = self.words["reported_on"]
        for code in np.unique(received.codes):
            received.texts[code] = str(np.datetime64(received.texts[code] or "NaT") + days)

    def take(self, at: Any) -> Draft:
        """Some rows, in the order given."""
        written: dict[int, str] = {}
        if self.written:
            kept = np.arange(len(self))[at]
            places = np.flatnonzero(np.isin(kept, list(self.written)))
            written = {int(place): self.written[int(kept[place])] for place in places}
        return Draft(
            {name: Coded(each.codes[at], [*each.texts]) for name, each in self.words.items()},
            {name: each[at] for name, each in self.figures.items()},
            self.which[at], self.series[at], self.number[at], self.group[at], self.lone[at], written,
        )  # fmt: skip

    @classmethod
    def joined(cls, parts: Sequence[Draft]) -> Draft:
        """Several drafts, one beneath the other; cells that are no numbers are those of the first."""
        first, *_ = parts
        names = dict.fromkeys(name for each in parts for name in each.words)
        return cls(
            {name: _one_beneath_the_other([each.word(name) for each in parts]) for name in names},
            {name: np.concatenate([each.figures[name] for each in parts]) for name in FIGURES},
            *(np.concatenate([getattr(each, name) for each in parts]) for name in _OF_ROWS),
            first.written,
        )

    def frame(self, numbers: Numbers) -> pl.DataFrame:
        """The table: texts as strings, days as dates where all of them are such, numbers as asked for."""
        made = {name: _texts(each) for name, each in self.words.items()}
        table = pl.DataFrame({**made, **{name: self._numbers(name, numbers) for name in FIGURES}})
        if numbers == "text":
            # Where people write, the name of a stage is the value.
            said = [name for name in ("text",) if name in table.columns]
            return table.with_columns(value=pl.coalesce(*said, "value"))
        return table.with_columns(
            pl.col("revision").cast(pl.Int64), pl.col(r"^reported_on|period_start|period_end$").str.to_date()
        )

    def _numbers(self, name: str, kind: Numbers) -> pl.Series:
        there = self.figures[name]
        floats = pl.Series(name, np.where(there == NONE, np.nan, there / 1000)).fill_nan(None)
        if kind == "float":
            return floats
        # The shortest text of a float is the decimal that it was made of.
        texts = floats.cast(pl.String).str.strip_suffix(".0")
        if kind == "decimal":
            return texts.cast(pl.Decimal(28, 9))
        return texts.scatter(list(self.written), list(self.written.values())) if name == "value" else texts


def _one_beneath_the_other(columns: Sequence[Coded]) -> Coded:
    known: dict[str | None, int] = {}
    codes = [np.array([known.setdefault(text, len(known)) for text in each.texts], np.int32)[each.codes]
             for each in columns]  # fmt: skip
    return Coded(np.concatenate(codes), [*known])


def _texts(column: Coded) -> pl.Series:
    known = [text for text in column.texts if text is not None]
    places = np.array([known.index(text) if text is not None else len(known) for text in column.texts], np.uint32)
    at = pl.Series(places[column.codes])
    return pl.Series([*known, None], dtype=pl.String).gather(at)
