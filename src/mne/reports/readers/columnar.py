"""Parquet files, opened by a process apart, as their parser is native code.

Read `read_parquet` first; `to_arrow` is what runs in the other process. The columns come back as an Arrow stream that
has been checked value by value.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mne.ground.files import Limits
from mne.ground.findings import Finding, Place, clean_text
from mne.reports.grid import Loaded
from mne.reports.readers.frames import grid_of_arrow
from mne.reports.refusal import NotInPartsError
from mne.tables.buckets import evened_arrow

if TYPE_CHECKING:
    from mne.ground.guard import Guard

__all__ = ["batches_of", "read_parquet", "to_arrow"]

_LOCKED: Final = b"PARE"


def read_parquet(data: bytes, *, name: str, guard: Guard, limits: Limits | None = None) -> Loaded:
    """The one table of a Parquet file, or what keeps it from being read.

    Findings: parquet-malformed, file-encrypted, limit-rows, limit-columns, and those of `Guard.run`.
    """
    known = limits or Limits()
    if data.startswith(_LOCKED):
        return _refused("file-encrypted", name)
    options = {"rows": known.rows, "columns": known.columns}
    result, findings = guard.run(f"{__name__}:to_arrow", data, name=name, options=options)
    if result is None:
        return Loaded(findings=list(findings))
    head, _, body = result.partition(b"\n")
    told: dict[str, Any] = json.loads(head)
    if told["code"] is not None:
        return _refused(told["code"], name, **told["params"])
    import pyarrow as pa

    with pa.ipc.open_stream(body) as stream:
        return grid_of_arrow(stream.read_all(), name=name)


def _refused(code: str, name: str, **params: object) -> Loaded:
    return Loaded(findings=[Finding(code=code, place=Place(file=name), params=params)])


def to_arrow(data: bytes, *, rows: int, columns: int) -> bytes:
    """A line of JSON (``code`` and ``params``, or null for none) and, where there is no code, an Arrow stream.

    pandas' own notes in the file are left aside, as they can hide a column in an index.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True)
        if file.metadata.num_rows > rows:
            return _head("limit-rows", limit=rows)
        if file.metadata.num_columns > columns:
            return _head("limit-columns", limit=columns)
        table = file.read(use_pandas_metadata=False)
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as problem:
        return _head("parquet-malformed", reason=clean_text(problem, limit=200))
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    return _head(None) + stream.getvalue()


def _head(code: str | None, **params: object) -> bytes:
    return json.dumps({"code": code, "params": params}).encode() + b"\n"


def batches_of(path: Path, *, name: str, rows: int) -> Iterator[Loaded]:
    """The rows of a Parquet file so many at a time; the file is opened in this process.

    Raises:
        NotInPartsError: it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            for table in evened_arrow(file.iter_batches(batch_size=rows, use_pandas_metadata=False), rows):
                table.validate(full=True)
                yield grid_of_arrow(table, name=name, piece=True)
    except (pa.ArrowException, OSError, ValueError) as problem:
        damaged = {"reason": clean_text(problem, limit=200)}
        raise NotInPartsError(Finding(code="parquet-malformed", place=Place(file=name), params=damaged)) from problem
