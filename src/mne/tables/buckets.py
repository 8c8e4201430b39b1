"""A table larger than memory, parted by partner into files that are gone afterwards.

Read `Buckets` first: what is added is kept in a folder of its own, a few partners to a bucket, and read again some
buckets at a time, never more rows than the memory is for. `batches` gives the rows of any table so many at a time.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from mne.errors import EngineError, OptionError
from mne.tables.frames import is_spark

if TYPE_CHECKING:
    import os

    import polars as pl

__all__ = ["Buckets", "Part", "batches", "bytes_of", "evened_arrow", "rows_of"]

_UNITS: Final = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_UNITS_2: Final = {"KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40}
LEAST: Final = 64 * 10**6
"""Bytes without which nothing can be done."""

MOST_BUCKETS: Final = 128
_SPREAD: Final = 4
"""Buckets for each part that is read at once, so that parts come out about even."""

Part = tuple[int, ...]
"""The buckets that are read together."""


def bytes_of(limit: str | int) -> int:
    """How many bytes a limit such as ``2GB``, ``500 MB`` or a whole number means.

    Raises:
        OptionError: it is no such limit, or too small to work with.
    """
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*", limit) if isinstance(limit, str) else None
    if isinstance(limit, int) and not isinstance(limit, bool):
        size = limit
    elif found is not None and (unit := {**_UNITS, **_UNITS_2}.get(found[2].upper())) is not None:
        size = int(float(found[1]) * unit)
    else:
        raise OptionError(f"memory_limit must be a size such as '2GB' or a number of bytes, not {limit!r}")
    if size < LEAST:
        raise OptionError(f"memory_limit must be at least {LEAST // 10**6}MB, not {limit!r}")
    return size


def rows_of(limit: int, each: int) -> int:
    """How many rows may be in memory at once, where each takes so many bytes with all that is made of it."""
    return max(1_000, limit // each)


class Buckets:
    """Rows in files, by the partner in their column `partner`; null is a partner of its own.

    The folder is gone when `close` is called, and at the latest when nobody uses the buckets any more. What the disk
    refuses is an `EngineError`.
    """

    def __init__(self, *, most: int, spill: str | os.PathLike[str] | None = None, rows: int | None = None) -> None:
        """`most` rows may be in memory at once; `rows` is how many are expected, where that is known."""
        if spill is not None and not Path(spill).is_dir():
            raise OptionError(f"spill must be a folder that is there, not {str(spill)!r}")
        wanted = MOST_BUCKETS if rows is None else _SPREAD * (1 + rows // most)
        self.most = most
        self.count = min(MOST_BUCKETS, wanted)
        self.folder = Path(tempfile.mkdtemp(prefix="logframe-", dir=spill))
        self.rows: dict[tuple[int, int], int] = {}
        self.size = 0
        self._closed = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._waiting: dict[tuple[int, int], list[pl.DataFrame]] = {}
        self._held = 0
        self._files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything."""
        self._waiting.clear()
        self._closed()

    def bucket(self, partner: str | None) -> int:
        """Where the rows of a partner are: the same in every process."""
        return zlib.crc32(partner.encode()) % self.count if partner is not None else 0

    def add(self, frame: pl.DataFrame, *, source: int = 0) -> None:
        """Put rows of one source into their buckets. Every frame of a source has the same columns."""
        import polars as pl

        names = frame["partner"].unique().to_list()
        at = [self.bucket(name) for name in names]
        told = pl.DataFrame({"partner": pl.Series(names, dtype=pl.String), "_bucket": pl.Series(at, dtype=pl.Int64)})
        parted = frame.join(told, on="partner", how="left", nulls_equal=True, maintain_order="left")
        for (number,), rows in parted.partition_by("_bucket", as_dict=True, include_key=False).items():
            key = (int(number), source)
            self._waiting.setdefault(key, []).append(rows)
            self.rows[key] = self.rows.get(key, 0) + rows.height
        self._held += frame.height
        self.size += int(frame.estimated_size())
        if self._held >= self.most // 2:
            self.flush()

    def flush(self) -> None:
        """Write what waits to be written."""
        import polars as pl

        try:
            for (number, source), frames in self._waiting.items():
                folder = self.folder / f"{number}"
                folder.mkdir(exist_ok=True)
                self._files += 1
                path = folder / f"{source}-{self._files:06}.parquet"
                pl.concat(frames).write_parquet(path, compression="lz4", statistics=False)
        except (OSError, pl.exceptions.PolarsError) as problem:
            raise EngineError(f"the folder {self.folder} cannot be written to: {problem}") from problem
        self._waiting.clear()
        self._held = 0

    def drop(self, source: int) -> None:
        """Remove all rows of a source."""
        self.flush()
        for number, other in [key for key in self.rows if key[1] == source]:
            del self.rows[number, other]
            for path in (self.folder / f"{number}").glob(f"{source}-*.parquet"):
                path.unlink()

    def each(self) -> int:
        """How many bytes a row takes that was added, on the average."""
        return self.size // max(1, sum(self.rows.values()))

    def parts(self) -> list[Part]:
        """All buckets, put together to parts of at most `most` rows; a single larger bucket is a part of its own."""
        sizes: dict[int, int] = {}
        for (number, _), count in self.rows.items():
            sizes[number] = sizes.get(number, 0) + count
        parts: list[list[int]] = []
        left = 0
        for number in sorted(sizes):
            if not parts or sizes[number] > left:
                parts.append([])
                left = self.most
            parts[-1].append(number)
            left -= sizes[number]
        return [tuple(part) for part in parts]

    def scan(self, part: Part | None = None, *, source: int = 0) -> pl.LazyFrame | None:
        """The rows of one source in some buckets, or in all; None where there are none."""
        import polars as pl

        self.flush()
        numbers = [number for number, other in self.rows if other == source and (part is None or number in part)]
        files = [path for number in sorted(numbers) for path in sorted((self.folder / f"{number}").glob(f"{source}-*"))]
        return pl.scan_parquet(files) if files else None


def batches(source: Any, rows: int) -> Iterator[Any]:
    """The rows of a frame so many at a time, in their order, as Polars or Arrow tables.

    Takes Polars frames, lazy or not, pandas, Arrow tables and streams, and relations of DuckDB.
    """
    import polars as pl

    if isinstance(source, pl.LazyFrame):
        yield from _evened(source.collect_batches(chunk_size=rows, maintain_order=True), rows)
    elif isinstance(source, pl.DataFrame):
        yield from source.iter_slices(rows)
    elif type(source).__module__.partition(".")[0] == "pandas":
        yield from (source.iloc[start : start + rows] for start in range(0, len(source), rows))
    elif is_spark(source):
        raise EngineError("a Spark DataFrame is judged by Spark itself, not in batches")
    else:
        yield from evened_arrow(_stream(source, rows), rows)


def _stream(source: Any, rows: int) -> Any:
    import pyarrow as pa

    if hasattr(source, "to_arrow_reader"):  # DuckDB's relations, which otherwise come all at once
        return source.to_arrow_reader(rows)
    return pa.RecordBatchReader.from_stream(source)


def _evened(frames: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """Frames of so many rows each, but for the last."""
    import polars as pl

    waiting: list[pl.DataFrame] = []
    for frame in frames:
        waiting.append(frame)
        if sum(each.height for each in waiting) >= rows:
            whole = pl.concat(waiting)
            *full, last = whole.iter_slices(rows)
            yield from full
            waiting = [last]
    if sum(each.height for each in waiting):
        yield pl.concat(waiting)


def evened_arrow(record_batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Arrow tables of so many rows each, but for the last."""
    import pyarrow as pa

    waiting: list[Any] = []
    for batch in record_batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= rows:
            whole = pa.Table.from_batches(waiting)
            starts = range(0, whole.num_rows, rows)
            yield from (whole.slice(start, rows) for start in starts[:-1])
            waiting = whole.slice(starts[-1]).to_batches()
    if sum(each.num_rows for each in waiting):
        yield pa.Table.from_batches(waiting)
