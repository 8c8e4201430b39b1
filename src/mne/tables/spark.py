"""Observations that stay in Spark.

Read `SparkObservations` first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mne.errors import EngineError
from mne.tables.observations import Observations, polars_schema

if TYPE_CHECKING:
    import os

    import polars as pl

__all__ = ["SparkObservations", "as_function", "bucket_of", "for_spark", "schema_of"]


class SparkObservations(Observations):
    """Validated observations in a Spark DataFrame; asked for as anything else they come to this machine."""

    __slots__ = ("_rows", "_spark")

    def __init__(self, frame: Any, *, rows: int) -> None:
        self._spark = frame
        self._rows = rows

    @property
    def _frame(self) -> pl.DataFrame:  # type: ignore[override] # brought here when it is asked for
        import polars as pl

        rows = pl.DataFrame(self._spark.toArrow())
        return rows.select(pl.col(name).cast(kind) for name, kind in polars_schema().items()).sort("source_order")

    def __len__(self) -> int:
        return self._rows

    def to_spark(self) -> Any:
        """The table as a Spark DataFrame."""
        return self._spark

    def write_parquet(self, path: str | os.PathLike[str]) -> None:
        """Refused: Spark writes its tables to where its executors can write.

        Raises:
            EngineError: always.
        """
        raise EngineError(f"use to_spark().write.parquet({str(path)!r}): the rows are in Spark")

    def __repr__(self) -> str:
        return f"Observations({self._rows} rows, in Spark)"


def as_function(call: Callable[[Any], Any]) -> Any:
    """A function that Spark can run: it takes nothing else, and asks it for hints of types."""
    return lambda rows: call(rows)  # noqa: PLW0108 - an object that can be called is no function to Spark


def for_spark(frame: pl.DataFrame) -> Any:
    """A Polars frame as Arrow of the types that Spark expects of a function."""
    import polars as pl
    import pyarrow as pa

    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    short = {pa.large_string(): pa.string(), pa.large_binary(): pa.binary()}
    return table.cast(pa.schema([each.with_type(short.get(each.type, each.type)) for each in table.schema]))


def bucket_of(buckets: int) -> Any:
    """The bucket of each row's partner, as a Spark column."""
    from pyspark.sql import functions as f

    return f.pmod(f.crc32(f.coalesce(f.col("partner"), f.lit("")).cast("binary")), f.lit(buckets))


def schema_of(columns: Mapping[str, pl.DataType]) -> str:
    """The columns of a Polars frame as Spark spells them."""
    import polars as pl

    kinds = {pl.String: "string", pl.Date: "date", pl.Boolean: "boolean", pl.Int64: "bigint"}

    def kind(told: pl.DataType) -> str:
        if isinstance(told, pl.Decimal):
            return f"decimal({told.precision},{told.scale})"
        return kinds[told.base_type()]

    return ", ".join(f"`{name}` {kind(told)}" for name, told in columns.items())
