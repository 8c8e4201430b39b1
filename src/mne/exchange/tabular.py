"""Tables for other programs: CSV that no spreadsheet runs as a formula, and Parquet.

Read `csv_text` first. Numbers and their types are those of the table; nothing is rounded here.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["csv_text", "neutral", "parquet_bytes"]

_RISKY: Final = r"^[=+\-@\t\r]."
_NUMBER: Final = r"^[+-]?[0-9]+([./][0-9]+)?$"


def neutral(columns: Iterable[str]) -> list[pl.Expr]:
    """Text columns in which nothing begins like a formula: an apostrophe in front keeps it text.

    Numbers in text, such as exact fractions, stay as they are.
    """
    return [
        pl.when(pl.col(name).str.contains(_RISKY) & ~pl.col(name).str.contains(_NUMBER))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in columns
    ]


def csv_text(frame: pl.DataFrame) -> str:
    """The table as CSV with a header, in UTF-8, safe to open in a spreadsheet."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return str(frame.with_columns(neutral(texts)).write_csv())


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """The table as a Parquet file, with its types."""
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
