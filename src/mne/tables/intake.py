"""Observations of a program's own, more of them than memory, put into buckets by partner.

Read `bucketed` first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mne.errors import OptionError, ReadError
from mne.ground.files import matching
from mne.tables.buckets import Buckets, batches, bytes_of, evened_arrow, rows_of
from mne.tables.files import typed, typed_lines
from mne.tables.frames import canonical
from mne.tables.observations import NAMES, required
from mne.tables.stored import StoredObservations

if TYPE_CHECKING:
    import polars as pl

    from mne.tables.buckets import Part

__all__ = ["bucketed"]

_TIMES: Final = 4
"""So many times the size of its cells a row takes, where that is more than `ROW`."""

ROW: Final = 1_500
"""Bytes that an observation takes while it is counted, with all that is made of it."""


def bucketed(source: Any, *, memory_limit: str | int, spill: str | os.PathLike[str] | None) -> StoredObservations:
    """The observations of a frame, a file or a pattern of files, of which no more are in memory than the limit lets.

    Raises:
        OptionError: a limit or folder that is none, or not the columns of observations.
        ReadError: there is no such file.
        EngineError: a file or the folder cannot be used.
    """
    import polars as pl

    most = rows_of(bytes_of(memory_limit), ROW)
    store = Buckets(most=most, spill=spill)
    rows = 0
    try:
        for batch in _frames(source, max(1, most // 4)):
            if "source_order" not in batch.columns:
                batch = batch.with_columns(source_order=pl.int_range(rows, rows + batch.height, dtype=pl.Int64))  # noqa: PLW2901 - the same rows
            store.add(required(canonical(batch)))
            rows += batch.height
        store.flush()
        store.most = rows_of(bytes_of(memory_limit), max(ROW, _TIMES * store.each()))
    except BaseException:
        store.close()
        raise

    def scan(part: Part | None) -> pl.LazyFrame:
        found = store.scan(part)
        return canonical(pl.DataFrame(schema=dict.fromkeys(NAMES, pl.Null))).lazy() if found is None else found

    return StoredObservations(scan, parts=store.parts(), rows=rows)


def _frames(source: Any, rows: int) -> Iterator[pl.DataFrame]:
    import polars as pl

    if isinstance(source, (str, os.PathLike)):
        yield from _of_files(os.fspath(source), rows)
    elif isinstance(source, list) and all(isinstance(each, (str, os.PathLike)) for each in source):
        for each in source:
            yield from _of_files(os.fspath(each), rows)
    else:
        try:
            for batch in batches(source, rows):
                yield canonical(batch) if not isinstance(batch, pl.DataFrame) else batch
        except (AttributeError, TypeError) as problem:
            raise OptionError(f"expected a table or the path of one, not {type(source).__name__}") from problem


def _of_files(path: str, rows: int) -> Iterator[pl.DataFrame]:
    matched = matching(path)
    names = [path] if matched is None else matched
    if not names or not Path(names[0]).exists():
        raise ReadError(f"there is no file {path!r}")
    for name in names:
        yield from _of_file(Path(name), rows)


def _of_file(path: Path, rows: int) -> Iterator[pl.DataFrame]:
    import polars as pl

    match path.suffix.casefold():
        case ".parquet":
            import pyarrow.parquet as pq

            with pq.ParquetFile(path) as file:
                for table in evened_arrow(file.iter_batches(batch_size=rows), rows):
                    yield pl.DataFrame(table)
        case ".csv":
            for frame in batches(pl.scan_csv(path, infer_schema=False, glob=False), rows):
                yield typed(frame)
        case ".jsonl" | ".ndjson":
            with path.open(encoding="utf-8") as file:
                while lines := [*islice(file, rows)]:
                    yield typed_lines(lines)
        case _:
            raise OptionError(f"{path.name}: observations are read from .parquet, .csv and .jsonl")
