"""Columns of numbers as a machine writes them, read by the engine: digits with one decimal mark, or a declared type.

Read `Digits` first. A cell of any other kind is left to be read by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from mne.logframe.types import MAX_DECIMALS
from mne.reports.cells import Marks, shape_of
from mne.reports.grid import as_text
from mne.tables.observations import PRECISION, SCALE

__all__ = ["Digits", "Numbers", "marks_of", "of_type", "settling"]

_WHOLE: Final = r"^-?[0-9]{1,18}$"
_STRICT_WHOLE: Final = r"^-?(?:0|[1-9][0-9]{0,17})$"
_DIGITS: Final = rf"^-?[0-9]{{1,18}}(?:\.[0-9]{{1,{MAX_DECIMALS}}})?$"
_DECIMAL: Final = pl.Decimal(PRECISION, SCALE)
_NARROWER: Final = pl.Decimal(PRECISION - 1, SCALE)
"""Holds 18 digits before the mark, which is what a number may have."""
_SAMPLE: Final = 1_000


@dataclass(frozen=True)
class Numbers:
    """The numbers of one column, and which of its cells are plain digits, or nothing."""

    number: pl.Series
    plain: pl.Series


def of_type(column: pl.Series) -> Numbers:
    """A column of a declared type of numbers: each is the text of itself, no decimal mark has to be proved of it."""
    kind = column.dtype
    if not (kind.is_integer() or (isinstance(kind, pl.Decimal) and kind.scale <= MAX_DECIMALS)):
        return Digits(as_text(column)).read(Marks(".", strict=True))
    number = column.cast(_NARROWER, strict=False)
    return Numbers(number.cast(_DECIMAL), number.is_not_null() | column.is_null())


class Digits:
    """A column of texts, and which of them are digits with a point among them or none: as a rule nearly all."""

    def __init__(self, cells: pl.Series) -> None:
        self.cells = cells
        self.digits = cells.str.contains(_DIGITS).fill_null(value=False)

    def marks(self, asked: pl.Series | None = None) -> Marks:
        """What the different texts prove of the decimal mark, as `cells.decimal_marks` says it.

        `asked` says which cells are numbers at all; None for all of them.
        """
        cells, digits = self.cells, self.digits
        if asked is not None:
            cells, digits = cells.filter(asked), digits.filter(asked)
        votes = _votes(cells.filter(~digits & (cells.str.len_bytes() > 0)).unique())
        if votes[","]:
            # Only where both marks are proved does it matter by how many texts each is.
            votes = _votes(cells.unique())
        elif not votes["."]:
            votes["."] = int(_proves_a_point(cells.head(_SAMPLE)) or _proves_a_point(cells.filter(digits)))
        return marks_of(votes)

    def settling(self, asked: pl.Series | None = None) -> dict[str, pl.Series]:
        """The different texts that prove the decimal mark, by the mark."""
        return settling((self.cells if asked is None else self.cells.filter(asked)).unique())

    def read(self, marks: Marks) -> Numbers:
        """The numbers as the decimal mark has them."""
        cells = told = self.cells
        mark = "." if marks.strict else marks.decimal
        if mark is not None and marks.mixed and not marks.strict:
            mark = None
        if mark == "." and not marks.strict:
            plain = self.digits
        else:
            whole = _STRICT_WHOLE if marks.strict else _WHOLE
            tail = rf"(?:\{mark}[0-9]{{1,{MAX_DECIMALS}}})?$" if mark is not None else "$"
            plain = cells.str.contains(whole[:-1] + tail).fill_null(value=False)
        if mark is not None and not marks.strict and cells.str.ends_with(f"{mark}000").any():
            # Thousand, or a whole number with three decimals?
            plain = plain & ~cells.str.contains(rf"^-?[1-9][0-9]{{0,2}}\{mark}000$").fill_null(value=False)
        if mark == ",":
            told = cells.str.replace(",", ".", literal=True)
        number = pl.select(pl.when(plain).then(told.cast(_DECIMAL, strict=False))).to_series()
        return Numbers(number, (plain & number.is_not_null()) | self._blank(plain))

    def _blank(self, plain: pl.Series) -> pl.Series:
        """Which cells hold nothing, or only spaces."""
        nothing = (self.cells.str.len_bytes() == 0).fill_null(value=True)
        others = (~plain & ~nothing).arg_true()
        spaces = others.filter(self.cells.gather(others).str.contains(r"^\s*$"))
        return nothing.scatter(spaces, True) if len(spaces) else nothing


def settling(texts: pl.Series) -> dict[str, pl.Series]:
    """Which of a column's different texts prove its decimal mark, by the mark; as `cells.decimal_marks` says it."""
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


def _votes(texts: pl.Series) -> dict[str, int]:
    """How many of some different texts prove each mark."""
    return {mark: len(told) for mark, told in settling(texts).items()}


def _proves_a_point(cells: pl.Series) -> bool:
    """Whether one of some texts has decimals after a point, and not three that could be the rest of a thousand."""
    pointed = cells.filter(cells.str.contains(".", literal=True))
    proved = pointed.str.contains(r"^-?[0-9]+\.[0-9]+$") & ~pointed.str.contains(r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$")
    return bool(proved.any())
