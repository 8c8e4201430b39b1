"""Observations that stay in files, because there may be more of them than memory.

Read `StoredObservations` first: it is used like `Observations`, and gives its rows lazily or some at a time as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from mne.tables.observations import Observations

if TYPE_CHECKING:
    import polars as pl

    from mne.tables.buckets import Part

__all__ = ["StoredObservations"]


class StoredObservations(Observations):
    """Validated observations in files, which are removed when nobody uses this object any more."""

    __slots__ = ("_parts", "_rows", "_scan")

    def __init__(self, scan: Callable[[Part | None], pl.LazyFrame], *, parts: list[Part], rows: int) -> None:
        self._scan = scan
        self._parts = parts
        self._rows = rows

    @property
    def _frame(self) -> pl.DataFrame:  # type: ignore[override] # read when it is asked for
        return self._scan(None).collect().sort("source_order")

    def __len__(self) -> int:
        return self._rows

    def to_lazy(self) -> pl.LazyFrame:
        """The rows as a lazy frame of Polars, in no particular order."""
        return self._scan(None)

    def parts(self) -> Iterator[pl.DataFrame]:
        """The rows some partners at a time."""
        for part in self._parts:
            yield self._scan(part).collect().sort("source_order")

    def __repr__(self) -> str:
        return f"Observations({self._rows} rows, in files)"
