"""The canonical observation table: one row per reported cell, the only thing that passes from reports to values.

Read `COLUMNS` first: name, type and meaning of every column. `Observations` wraps such a table;
`observation_schema` makes the pandera schema by which an embedder can check a table of their own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal

from mne.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from pandera.pandas import DataFrameSchema

    from mne.logframe.model import Logframe

__all__ = ["COLUMNS", "KEY", "Column", "Observations", "State", "Status", "observation_schema"]


class State(StrEnum):
    """What is known of a value (semantics §3). A true zero is `reported`."""

    REPORTED = "reported"
    MISSING = "missing"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"
    UNDEFINED = "undefined"


class Status(StrEnum):
    """How far a report has come. Drafts and returned reports do not count by default."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


Kind = Literal["text", "date", "decimal", "integer", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the observation table."""

    name: str
    kind: Kind
    nullable: bool
    meaning: str


COLUMNS: Final[tuple[Column, ...]] = (
    Column("project", "text", False, "id of the logframe"),
    Column("indicator", "text", False, "id of the indicator"),
    Column("period", "text", False, "label of the reporting period"),
    Column("period_start", "date", False, "first day reported on"),
    Column("period_end", "date", False, "last day reported on (it belongs to the period)"),
    Column("partner", "text", False, "code of the organisation that reports; _T where none is named"),
    Column("location", "text", False, "code of the place; _T for the whole"),
    Column("category", "text", False, "encoded category such as sex=F|age=15-24; _T for the total"),
    Column("value", "decimal", True, "the number reported; a rank for stages, 1 or 0 for yes and no"),
    Column("numerator", "decimal", True, "of a percentage or ratio"),
    Column("denominator", "decimal", True, "of a percentage or ratio"),
    Column("unit", "text", True, "unit of the value as recognised; null means the indicator's own"),
    Column("state", "text", False, "reported, missing, not_due, not_applicable or undefined"),
    Column("text", "text", True, "the words of a stage, a yes/no, a nominal or a narrative value"),
    Column("comment", "text", True, "what the partner remarked"),
    Column("evidence", "text", True, "what proves the value: a link, a file's name or a reference"),
    Column("status", "text", False, "draft, submitted, returned or accepted"),
    Column("revision", "integer", False, "0 for the first report of a cell; a newer one replaces it"),
    Column("reported_on", "date", True, "the day on which the report was received"),
    Column("illustrative", "flag", False, "true for an example that nobody reported"),
    Column("source_file", "text", True, "file that the row came from"),
    Column("source_sheet", "text", True, "sheet of the workbook"),
    Column("source_cell", "text", True, "address of the value's cell, such as F12"),
    Column("source_row", "integer", True, "row number as the spreadsheet or editor shows it"),
    Column("source_order", "integer", False, "position among all rows read: the last tie-break"),
)

KEY: Final = ("project", "indicator", "period_start", "period_end", "partner", "location", "category")
"""The columns that name one cell. Two rows with the same key are revisions of each other."""

NAMES: Final = tuple(column.name for column in COLUMNS)
PRECISION: Final = 28
SCALE: Final = 9


def polars_schema() -> dict[str, Any]:
    """The Polars type of each column."""
    import polars as pl

    types = {
        "text": pl.String(),
        "date": pl.Date(),
        "decimal": pl.Decimal(PRECISION, SCALE),
        "integer": pl.Int64(),
        "flag": pl.Boolean(),
    }
    return {column.name: types[column.kind] for column in COLUMNS}


class Observations:
    """Validated observations: an immutable table with the columns of `COLUMNS`.

    Shape: one row per reported cell and revision.
    """

    __slots__ = ("_frame",)

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Observations:
        """Observations from plain mappings; columns that may be null can be left out.

        Raises:
            OptionError: a column is unknown, or a value does not have its column's type.
        """
        import polars as pl

        schema = polars_schema()
        defaults = _defaults()
        filled = []
        for order, row in enumerate(rows):
            unknown = set(row) - set(schema)
            if unknown:
                raise OptionError(f"unknown observation columns: {', '.join(sorted(unknown))}; see mne.tables.COLUMNS")
            filled.append({"source_order": order, **defaults, **row})
        try:
            frame = pl.DataFrame(filled, schema=schema, orient="row") if filled else pl.DataFrame(schema=schema)
        except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
            raise OptionError(f"the rows do not fit the observation table: {error}") from error
        return cls(required(frame))

    @classmethod
    def from_frame(cls, frame: Any) -> Observations:
        """Observations from a pandas, Polars or Arrow table that has the canonical columns.

        Floats are read by their shortest form, so that 0.1 stays 0.1. Columns that may be null can be
        missing, and so can those with a plain default (partner, location, category, status, revision).

        Raises:
            OptionError: not a table, a column missing or unknown, or of a type that cannot be taken.
        """
        from mne.tables.frames import canonical

        return cls(required(canonical(frame)))

    def __len__(self) -> int:
        return self._frame.height

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Observations) and self._frame.equals(other._frame)

    __hash__ = None  # type: ignore[assignment]  # a table is compared, never a key

    def to_polars(self) -> pl.DataFrame:
        """The table as Polars, with exact decimals."""
        return self._frame

    def to_lazy(self) -> pl.LazyFrame:
        """The table as a lazy frame of Polars; rows that are kept in files are not read before they are needed."""
        return self._frame.lazy()

    def parts(self) -> Iterator[pl.DataFrame]:
        """The table some partners at a time, where it is kept in files; else all of it at once."""
        yield self._frame

    def write_parquet(self, path: str | os.PathLike[str]) -> None:
        """Write the table to a Parquet file, without having all of it in memory.

        Raises:
            WriteError: the file cannot be written.
        """
        import polars as pl

        from mne.errors import WriteError

        try:
            self.to_lazy().sink_parquet(os.fspath(path))
        except (OSError, pl.exceptions.PolarsError) as problem:
            raise WriteError(f"{os.fspath(path)} cannot be written: {problem}") from problem

    def to_arrow(self) -> pa.Table:
        """The table as Arrow, with exact decimals."""
        return self._frame.to_arrow()

    def to_pandas(self, *, numbers: Literal["float", "decimal"] = "float") -> pd.DataFrame:
        """The table as pandas; numbers as float64 to look at, or as exact `decimal.Decimal`."""
        import polars as pl

        if numbers not in ("float", "decimal"):
            raise OptionError(f"numbers must be 'float' or 'decimal', not {numbers!r}")
        decimals = [column.name for column in COLUMNS if column.kind == "decimal"]
        frame = self._frame
        if numbers == "float":
            return frame.with_columns(pl.col(decimals).cast(pl.Float64)).to_pandas()
        table = frame.drop(decimals).to_pandas()
        for name in decimals:
            table[name] = frame[name].to_list()
            table[name] = table[name].astype(object)
        return table[list(NAMES)]

    def __repr__(self) -> str:
        frame = self._frame
        if not frame.height:
            return "Observations(none)"
        first, last = frame["period_start"].min(), frame["period_end"].max()
        return (
            f"Observations({frame.height} rows: {frame['indicator'].n_unique()} indicators, "
            f"{frame['partner'].n_unique()} partners, {first!s} to {last!s})"
        )

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)


def _defaults() -> dict[str, Any]:
    from mne.logframe.indicator import TOTAL

    return {
        "partner": TOTAL,
        "location": TOTAL,
        "category": TOTAL,
        "state": State.REPORTED.value,
        "status": Status.SUBMITTED.value,
        "revision": 0,
        "illustrative": False,
    }


def required(frame: pl.DataFrame) -> pl.DataFrame:
    """The table, if nothing is empty in it that must not be.

    Raises:
        OptionError: something is.
    """
    for column in COLUMNS:
        if not column.nullable and frame[column.name].null_count():
            raise OptionError(f"the observation column {column.name!r} must not be empty: {column.meaning}")
    return frame.select(NAMES)


def observation_schema(plan: Logframe, *, numbers: Literal["float", "decimal"] = "float") -> DataFrameSchema:
    """The pandera schema of the observation table of `plan`, for use in a pipeline of one's own.

    It checks types, codes, states and periods without coercing anything. `numbers` says whether value columns hold
    float64 or `decimal.Decimal` objects.

    Raises:
        OptionError: `numbers` is neither "float" nor "decimal".
    """
    from mne.tables.schema import build

    if numbers not in ("float", "decimal"):
        raise OptionError(f"numbers must be 'float' or 'decimal', not {numbers!r}")
    return build(plan, numbers=numbers)
