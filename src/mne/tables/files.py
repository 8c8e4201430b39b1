"""The observation table in files: Parquet, CSV and JSON Lines; one, or all that a pattern names.

Read `of_file` first. These are a program's own files, with the canonical columns; what a partner sent is read by
`mne.validate`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mne.errors import OptionError, ReadError
from mne.ground.files import matching
from mne.tables.observations import COLUMNS

if TYPE_CHECKING:
    import polars as pl

__all__ = ["of_file", "typed", "typed_lines"]


def of_file(path: str) -> pl.DataFrame:
    """The rows of a file, or of all files that a pattern names, in the order of their names.

    Raises:
        OptionError: the name ends in no suffix that is known, or a cell is not of its column's type.
        ReadError: there is no such file.
    """
    import polars as pl

    matched = matching(path)
    names = [path] if matched is None else matched
    if not names or not Path(names[0]).exists():
        raise ReadError(f"there is no file {path!r}")
    return pl.concat([_one(Path(name)) for name in names], how="diagonal_relaxed")


def _one(path: Path) -> pl.DataFrame:
    import polars as pl

    match path.suffix.casefold():
        case ".parquet":
            return pl.read_parquet(path, glob=False)
        case ".csv":
            return typed(pl.read_csv(path, infer_schema=False, glob=False))
        case ".jsonl" | ".ndjson":
            return typed_lines(path.read_text(encoding="utf-8").splitlines())
    raise OptionError(f"{path.name}: observations are read from .parquet, .csv and .jsonl")


def typed_lines(lines: Iterable[str]) -> pl.DataFrame:
    """The rows of lines of JSON; numbers stay the digits that they are written in."""
    import polars as pl

    rows = [json.loads(line, parse_float=str, parse_int=str) for line in lines if line.strip()]
    return typed(pl.DataFrame(_as_text(rows)))


def _as_text(rows: list[dict[str, Any]]) -> dict[str, list[str | None]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [_written(row.get(name)) for row in rows] for name in names}


def _written(cell: Any) -> str | None:
    return None if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


def typed(table: pl.DataFrame) -> pl.DataFrame:
    """Columns of text as their types say; a cell that is none of its type is the caller's mistake."""
    import polars as pl

    kinds = {column.name: column.kind for column in COLUMNS}
    made = []
    for series in table.get_columns():
        text = series.cast(pl.String)
        try:
            match kinds.get(series.name):
                case "decimal":
                    made.append(text.cast(pl.Decimal(38, 9)))
                case "integer":
                    made.append(text.cast(pl.Int64))
                case "date":
                    made.append(text.str.to_date("%Y-%m-%d"))
                case "flag":
                    made.append(text.replace_strict(["true", "false"], [True, False], return_dtype=pl.Boolean))
                case _:
                    made.append(text)
        except pl.exceptions.PolarsError as problem:
            raise OptionError(f"the column {series.name!r} has a cell of another type: {problem}") from problem
    return pl.DataFrame(made)
