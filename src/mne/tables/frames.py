"""A caller's own data frame made into the observation table, exactly: no digit added, none lost, nothing guessed.

Read `canonical` first. It is strict where the readers of reports are lenient: the columns have the canonical names and
types already, and what does not fit is the caller's mistake, told at once.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from mne.errors import MneError, OptionError
from mne.tables.files import of_file
from mne.tables.observations import COLUMNS, Column, _defaults, polars_schema

if TYPE_CHECKING:
    import polars as pl

__all__ = ["canonical", "is_spark"]

_DECIMALS: Final = 9
_DIGITS: Final = 19


def canonical(frame: Any) -> pl.DataFrame:
    """The observation table in a pandas, Polars, Arrow, DuckDB or Spark table, or in files, with the canonical columns.

    Shape: the rows of `frame`, in its order; columns that may be missing are added with their defaults.

    Raises:
        OptionError: not a table, a column missing or unknown, or of a type that cannot be taken.
    """
    import polars as pl

    table = _polars(frame)
    schema = polars_schema()
    unknown = [name for name in table.columns if name not in schema]
    if unknown:
        raise OptionError(f"unknown observation columns: {', '.join(unknown)}; see mne.tables.observations.COLUMNS")
    defaults: dict[str, Any] = {**_defaults(), **{each.name: None for each in COLUMNS if each.nullable}}
    columns = []
    for column in COLUMNS:
        kind = schema[column.name]
        if column.name in table.columns:
            columns.append(_typed(table[column.name], column, kind))
        elif column.name == "source_order":
            columns.append(pl.Series(column.name, range(table.height), dtype=kind))
        elif column.name in defaults:
            columns.append(pl.Series(column.name, [defaults[column.name]] * table.height, dtype=kind))
        else:
            raise OptionError(f"the table lacks the column {column.name!r}: {column.meaning}")
    return pl.DataFrame(columns)


def _polars(frame: Any) -> pl.DataFrame:
    import polars as pl

    try:
        if isinstance(frame, pl.LazyFrame):
            return frame.collect()
        if isinstance(frame, pl.DataFrame):
            return frame
        if isinstance(frame, (str, os.PathLike)):
            return of_file(os.fspath(frame))
        if type(frame).__module__.partition(".")[0] == "pandas" and hasattr(frame, "columns"):
            return _of_pandas(frame)
        if is_spark(frame):
            return pl.DataFrame(frame.toArrow())
        if hasattr(frame, "__arrow_c_stream__"):
            return pl.DataFrame(frame)
    except MneError:
        raise
    except Exception as problem:
        raise OptionError(f"the table cannot be taken: {type(problem).__name__}: {problem}") from problem
    raise OptionError(f"expected a pandas, Polars, Arrow, DuckDB or Spark table, or a path, not {type(frame).__name__}")


def is_spark(frame: object) -> bool:
    """Whether something is a Spark DataFrame, classic or of Spark Connect."""
    return type(frame).__module__.startswith("pyspark.sql") and hasattr(frame, "toArrow")


def _of_pandas(frame: Any) -> pl.DataFrame:
    """Column by column, as objects where pandas has no type of its own, so that decimals stay decimals."""
    import polars as pl

    if frame.columns.nlevels > 1:
        raise OptionError("the table's columns have names in several levels")
    labels = [str(label) for label in frame.columns]
    if len(set(labels)) < len(labels):
        twice = sorted({label for label in labels if labels.count(label) > 1})
        raise OptionError(f"the table has several columns named {', '.join(twice)}")
    columns = []
    for at, label in enumerate(labels):
        series = frame.iloc[:, at]
        if str(series.dtype) == "object":
            blank = series.isna().tolist()
            cells = [None if none is True else value for value, none in zip(series.tolist(), blank, strict=True)]
            columns.append(pl.Series(label, cells, dtype=pl.Object()))
        else:
            columns.append(pl.from_pandas(series, nan_to_null=True).alias(label))
    return pl.DataFrame(columns)


def _typed(series: pl.Series, column: Column, kind: Any) -> pl.Series:
    import polars as pl

    if series.dtype == kind:
        return series
    if series.dtype == pl.Null:
        return pl.Series(column.name, [None] * len(series), dtype=kind)
    try:
        if column.kind == "decimal" and (quick := _decimals(series, kind)) is not None:
            return quick
        if column.kind == "integer" and series.dtype.is_integer():
            return series.cast(kind)
        if column.kind == "text" and series.dtype in (pl.Categorical, pl.Enum):
            return series.cast(pl.String)
        narrow = series.dtype == pl.Float32
        cells = (series.cast(pl.String) if narrow else series).to_list()
        return pl.Series(column.name, _exact(cells, column, narrow=narrow), dtype=kind, strict=True)
    except OptionError:
        raise
    except (pl.exceptions.PolarsError, TypeError, ValueError, ArithmeticError) as problem:
        raise OptionError(f"the column {column.name!r} cannot be taken: {problem}") from problem


def _decimals(series: pl.Series, kind: Any) -> pl.Series | None:
    """A column of numbers as decimals where the engine can tell that each is exact; else None."""
    import polars as pl

    if series.dtype.is_integer() or (isinstance(series.dtype, pl.Decimal) and series.dtype.scale <= _DECIMALS):
        return series.cast(kind)
    if series.dtype != pl.Float64:
        return None
    digits = series.cast(pl.String)
    plain = digits.str.contains(rf"^-?[0-9]{{1,15}}(?:\.[0-9]{{1,{_DECIMALS}}})?$")
    return digits.cast(kind) if plain.all() else None


def _exact(cells: Sequence[Any], column: Column, *, narrow: bool) -> list[Any]:
    take = {"text": _text, "date": _day, "decimal": _decimal, "integer": _integer, "flag": _flag}[column.kind]
    if narrow:  # the shortest form of a float32, as text
        cells = [None if cell is None else Decimal(cell) for cell in cells]
    taken = []
    for row, cell in enumerate(cells):
        try:
            taken.append(None if cell is None else take(cell))
        except ValueError as problem:
            raise OptionError(f"the column {column.name!r} has {cell!r} in row {row}: {problem}") from None
    return taken


def _text(cell: Any) -> str:
    if not isinstance(cell, str):
        raise ValueError("expected text")
    return str(cell)


def _day(cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime):
        if cell.tzinfo is not None or cell.time() != dt.time():
            raise ValueError("expected a day without a time and a time zone")
        return cell.date()
    if not isinstance(cell, dt.date):
        raise ValueError("expected a day")
    return cell


def _decimal(cell: Any) -> Decimal:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)):
        raise ValueError("expected a number")
    number = Decimal(repr(float(cell))) if isinstance(cell, float) else Decimal(cell)
    if not number.is_finite():
        raise ValueError("expected a finite number")
    exponent = number.normalize().as_tuple().exponent if number else 0
    if number and (number.adjusted() >= _DIGITS or (isinstance(exponent, int) and -exponent > _DECIMALS)):
        raise ValueError(f"expected at most {_DIGITS} digits and {_DECIMALS} decimals; round the column before")
    return number


def _integer(cell: Any) -> int:
    if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)) or cell != int(cell):
        raise ValueError("expected a whole number")
    return int(cell)


def _flag(cell: Any) -> bool:
    if not isinstance(cell, bool):
        raise ValueError("expected true or false")
    return cell
