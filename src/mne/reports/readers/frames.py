"""Frames of pandas, Polars, Arrow, DuckDB, Spark, and anything that speaks Arrow's stream: as a grid, never changed.

Read `read_frame` first. Whatever a column holds, each cell becomes a plain value or says why it cannot be used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, Final

from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.reports.grid import Cell, Column, Flaw, Grid, Lane, Loaded
from mne.tables.frames import is_spark

__all__ = ["grid_of_arrow", "is_frame", "read_frame"]

_PLAIN: Final = frozenset((str, int, float, bool, dt.date, dt.datetime))
_SHOWN: Final = 200
_NARROW: Final = ("float32", "float16")
_LARGE: Final = 1_000
"""Rows from which on a column of a plain type stays with the engine."""
MOST_COLUMNS: Final = 1_024
_MOST_LEVELS: Final = 4


def is_frame(source: object) -> bool:
    """Whether something is a table that `read_frame` takes."""
    return _library(source) in ("pandas", "polars") or is_spark(source) or hasattr(source, "__arrow_c_stream__")


def _library(source: object) -> str:
    root, name = type(source).__module__.partition(".")[0], type(source).__name__
    return root if (root, name) in (("pandas", "DataFrame"), ("polars", "DataFrame"), ("polars", "LazyFrame")) else ""


def read_frame(frame: Any, *, name: str, piece: bool = False) -> Loaded:
    """The cells of a data frame; its rows are numbered from 1. Named levels of a pandas index are columns like others.

    A `piece` is some rows of a large table, few or many.

    Findings: frame-columns, frame-unreadable, limit-columns, cell-nested, encoding-not-utf8, number-not-finite.
    """
    try:
        match _library(frame):
            case "pandas":
                return _of_pandas(frame, name, piece=piece)
            case "polars":
                return _of_polars(frame.collect() if hasattr(frame, "collect") else frame, name, piece=piece)
        import pyarrow as pa

        return grid_of_arrow(frame.toArrow() if is_spark(frame) else pa.table(frame), name=name, piece=piece)
    except Exception as problem:  # noqa: BLE001 - a frame may hold objects and lazy queries that raise anything
        place, told = Place(file=name), f"{type(problem).__name__}: {_safely(str, problem)}"
        return Loaded(findings=[Finding(code="frame-unreadable", place=place, params={"reason": told})])


def _safely(tell: Callable[[Any], str], value: object) -> str:
    try:
        return tell(value)[:_SHOWN].encode("utf-8", "backslashreplace").decode()
    except Exception:  # noqa: BLE001 - even printing an object may raise
        return f"a {type(value).__name__}"


def _loaded(
    name: str,
    labels: Iterable[object],
    columns: list[Sequence[Cell]],
    types: Iterable[str],
    rows: int,
    *,
    lane: Lane = "typed",
) -> Loaded:
    header = tuple(_safely(str, label) if label is not None else "" for label in labels)
    if len(header) > MOST_COLUMNS:
        return Loaded(findings=[Finding(code="limit-columns", place=Place(file=name), params={"limit": MOST_COLUMNS})])
    grid = Grid(file=name, sheet=None, lane=lane, columns=columns, numbers=range(1, rows + 1), header=header)
    grid.types = tuple(types)
    return Loaded(grids=[grid])


# ----------------------------------------------------------------------------------------------------------- pandas


def _of_pandas(frame: Any, name: str, *, piece: bool) -> Loaded:
    if frame.columns.nlevels > _MOST_LEVELS:
        return Loaded(
            findings=[Finding(code="frame-columns", place=Place(file=name), found=str(frame.columns.nlevels))]
        )
    own = list(frame.columns) if frame.columns.nlevels == 1 else [_joined(label) for label in frame.columns]
    levels = [level for level in frame.index.names if isinstance(level, str) and level not in own]
    labels = [*levels, *own]
    if len(labels) > MOST_COLUMNS:
        return _loaded(name, labels, [], (), len(frame))
    index = [frame.index.get_level_values(level).to_series() for level in levels]
    series = [*index, *(frame.iloc[:, at] for at in range(len(own)))]
    cells = [_pandas_cells(each, large=piece or len(frame) >= _LARGE) for each in series]
    return _loaded(name, labels, cells, map(_pandas_type, series), len(frame))


def _joined(labels: Iterable[object]) -> str:
    """The names of a column in all levels as one header, the widest first; pandas' names for blank ones left out."""
    shown = (_safely(str, label).strip() for label in labels)
    return "\n".join(label for label in shown if label and not label.startswith("Unnamed: "))


def _pandas_cells(series: Any, *, large: bool) -> Sequence[Cell]:
    kept = _kept_pandas(series) if large else None
    if kept is not None:
        return kept
    blank = series.isna().tolist()
    if str(series.dtype) in _NARROW:
        # The shortest form of a float32 is not that of the double it becomes: 0.1, not 0.10000000149.
        return [None if none else float(str(value)) for value, none in zip(series.to_numpy(), blank, strict=True)]
    return [None if none is True else _cell(value) for value, none in zip(series.tolist(), blank, strict=True)]


def _kept_pandas(series: Any) -> Column | None:
    """A long column of numbers, texts, or yes and no as the engine keeps it; pandas' NaN is nothing."""
    import polars as pl
    import pyarrow as pa

    mixed = series.dtype == object
    if not mixed and (_pandas_type(series) not in ("number", "bool", "text") or str(series.dtype).lower() in _NARROW):
        return None
    try:
        column = pa.array(series, from_pandas=True)
        if mixed and not pa.types.is_string(column.type):
            return None
        return _kept(pl.Series(pl.from_arrow(column)))
    except (pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, TypeError):
        return None


def _pandas_type(series: Any) -> str:
    import pandas.api.types as kinds

    dtype = series.dtype
    if kinds.is_bool_dtype(dtype):
        return "bool"
    if kinds.is_numeric_dtype(dtype):
        return "number"
    if kinds.is_datetime64_any_dtype(dtype):
        return "date"
    if kinds.is_object_dtype(dtype):
        held = {type(value) for value in series.tolist() if value is not None}
        return "bool" if held == {bool} else "other"
    return "text" if kinds.is_string_dtype(dtype) else "other"


# --------------------------------------------------------------------------------------------------- Polars and Arrow


def _of_polars(frame: Any, name: str, *, piece: bool) -> Loaded:
    """Through Arrow, whose values are taken one by one where a column holds an impossible one; Polars would panic."""
    import polars as pl
    import pyarrow as pa

    columns: list[Sequence[Cell]] = []
    types = []
    for series in frame.get_columns()[: MOST_COLUMNS + 1]:
        kept = _kept(series) if piece or frame.height >= _LARGE else None
        if kept is not None:
            columns.append(kept)
            types.append(_type_of(series))
            continue
        try:
            column = series.to_arrow() if series.dtype != pl.Object else None
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException):
            column = None
        if column is None:
            columns.append([_cell(value) for value in series.to_list()])
            types.append("number" if series.dtype.is_numeric() else "other")
        else:
            types.append(_arrow_type(_plain_type(column.type)))
            columns.append(_arrow_cells(column))
    return _loaded(name, frame.columns, columns, types, frame.height)


def grid_of_arrow(table: Any, *, name: str, piece: bool = False) -> Loaded:
    """The cells of an Arrow table, or of a `piece` of a large one."""
    if table.num_columns > MOST_COLUMNS:
        return _loaded(name, table.column_names, [], (), table.num_rows)
    columns: list[Sequence[Cell]] = []
    types = []
    for column in table.columns:
        types.append(_arrow_type(_plain_type(column.type)))
        kept = _kept_arrow(column) if piece or table.num_rows >= _LARGE else None
        columns.append(_arrow_cells(column) if kept is None else kept)
    return _loaded(name, table.column_names, columns, types, table.num_rows)


def _kept_arrow(column: Any) -> Column | None:
    """A long column of a plain type as the engine keeps it; None for any other, or one that is not sound."""
    import polars as pl
    import pyarrow as pa

    if _arrow_type(_plain_type(column.type)) in ("nested", "other"):
        return None
    try:
        column.validate(full=True)
        return _kept(pl.Series(pl.from_arrow(column)))
    except (pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError):
        return None


def _kept(series: Any) -> Column | None:
    """A column as the engine keeps it, where every cell is of a type that a cell can be."""
    import polars as pl

    kind = series.dtype
    if kind in (pl.Categorical, pl.Enum, pl.Null):
        return Column(series.cast(pl.String))
    if kind == pl.Date:
        in_reach = series.is_null() | series.is_between(dt.date.min, dt.date.max)
        return Column(series) if in_reach.all() else None
    plain = kind in (pl.String, pl.Boolean, pl.Float64, pl.Decimal) or kind.is_integer()
    return Column(series) if plain and kind not in (pl.Int128, pl.UInt128) else None


def _type_of(series: Any) -> str:
    """The declared type of a column that `_kept` takes, as `_arrow_type` says it."""
    import polars as pl

    kind = series.dtype
    if kind == pl.Decimal:
        return "decimal"
    if kind.is_numeric():
        return "number"
    told = {pl.Boolean: "bool", pl.Date: "date", pl.Null: "other"}
    return next((name for each, name in told.items() if kind == each), "text")


def _plain_type(kind: Any) -> Any:
    """The type of the values behind a dictionary."""
    import pyarrow.types as kinds

    return kind.value_type if kinds.is_dictionary(kind) else kind


def _arrow_cells(column: Any) -> list[Cell]:
    import pyarrow as pa

    kind = _plain_type(column.type)
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        wide = [None if value is None else float(str(value)) for value in _narrow_floats(column)]
        return [_cell(value) for value in wide]
    try:
        values = column.to_pylist()
    except (pa.ArrowException, ValueError, OverflowError, KeyError, LookupError):
        # A day outside of the years 1 to 9999, a time zone that is not installed: each cell for itself.
        values = [_arrow_value(each) for each in column]
    return [_cell(value) for value in values]


def _narrow_floats(column: Any) -> list[Any]:
    import numpy as np

    return [None if value is None else np.float32(value) for value in column.to_pylist()]


def _arrow_value(scalar: Any) -> object:
    try:
        return scalar.as_py()
    except Exception:  # noqa: BLE001 - whatever keeps one value from being read, its neighbours can be
        return Flaw("cell-nested", _safely(str, scalar), expected=phrase("one value"))


def _arrow_type(kind: Any) -> str:
    import pyarrow.types as kinds

    if kinds.is_boolean(kind):
        return "bool"
    if kinds.is_nested(kind):
        return "nested"
    if kinds.is_decimal(kind):
        return "decimal"
    if kinds.is_integer(kind) or kinds.is_floating(kind):
        return "number"
    if kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind):
        return "text"
    return "date" if kinds.is_temporal(kind) else "other"


# ------------------------------------------------------------------------------------------------------------ cells


def _cell(value: Any) -> Cell:
    """One Python object as a cell: a plain value, or why it cannot be used."""
    kind = type(value)
    if value is None or (kind in _PLAIN and kind is not str) or isinstance(value, Flaw):
        return value  # type: ignore[no-any-return] # one of the types just named
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _decoded(bytes(value))
    if isinstance(value, Decimal):
        return (
            Decimal(value) if value.is_finite() else Flaw("number-not-finite", str(value), expected=phrase("a number"))
        )
    if isinstance(value, (dt.datetime, dt.date)):
        # A timestamp of pandas is a datetime that warns of the nanoseconds it loses.
        plain = value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value
        return plain if isinstance(plain, (dt.datetime, dt.date)) else None
    if isinstance(value, (dt.time, dt.timedelta)) or (
        kind.__module__.startswith("pandas") and kind.__name__ == "Period"
    ):
        return _safely(str, value)
    return _number_like(value)


def _number_like(value: Any) -> Cell:
    """Scalars of NumPy and of other libraries that are numbers; anything else is no single value."""
    try:
        if _is_numpy_bool(value):
            return bool(value)
        if isinstance(value, Integral):
            return int(value)
        if isinstance(value, Real) and _library_of(value) == "numpy":
            return float(str(value))
        if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
            return _cell(value.item())
    except Exception:  # noqa: BLE001 - objects of other libraries may raise anything
        return Flaw("cell-nested", _safely(repr, value), expected=phrase("one value"))
    return Flaw("cell-nested", _safely(repr, value), expected=phrase("one value"))


def _is_numpy_bool(value: object) -> bool:
    """Whether a value is NumPy's own yes or no."""
    return type(value).__name__ in ("bool", "bool_") and _library_of(value) == "numpy"


def _library_of(value: object) -> str:
    """The library that a value's type comes from."""
    return type(value).__module__.partition(".")[0]


def _text(value: str) -> Cell:
    try:
        value.encode()
    except UnicodeEncodeError:
        shown = value[:_SHOWN].encode("utf-8", "backslashreplace").decode()
        return Flaw("control-character", shown, expected=phrase("text without damaged characters"))
    return value


def _decoded(value: bytes) -> Cell:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return Flaw("encoding-not-utf8", repr(value[:_SHOWN]), expected=phrase("text in UTF-8"))
