"""The expressions of rules in the engine's own words; those of the library are translated once, not for every file.

Read `Native` first. For a small report, to translate the library's expressions takes ten times as long as to answer
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

if TYPE_CHECKING:
    from mne.reports.beside import Rows

__all__ = ["Native"]

Make = Callable[[], nw.Expr]


class Native:
    """Asks expressions of a table; `known` are the functions that give the same expression whenever they are called.

    A rule of the caller's own may not: what it gives is translated every time.
    """

    def __init__(self, known: Iterable[Make]) -> None:
        self.known: Final = frozenset(known)

    def select(self, rows: Rows, asked: Mapping[str, Make]) -> pl.DataFrame:
        """`source_order`, and one column of answers for each expression; a null is no."""
        own = {name: make().fill_null(value=False) for name, make in asked.items() if make not in self.known}
        ours = {name: _translated(make) for name, make in asked.items() if make in self.known}
        told = rows.answers(ours)
        if not own:
            return told
        # One of the caller's may mind the order of rows, which only a table that is there has.
        further: pl.DataFrame = nw.from_native(rows.frame(), eager_only=True).select("source_order", **own).to_native()
        return pl.concat([told, further.drop("source_order")], how="horizontal")


class _Listener(pl.DataFrame):
    """A table without rows that keeps the expressions that it is asked for."""

    heard: tuple[pl.Expr, ...] = ()

    def select(self, *exprs: Any, **named: Any) -> _Listener:
        if not named and all(isinstance(each, pl.Expr) for each in exprs):
            self.heard = exprs
        return self


@lru_cache(maxsize=1_024)
def _translated(make: Make) -> pl.Expr:
    """The expression that a function of the library gives, as the engine has it."""
    listener = _Listener()
    nw.from_native(listener, eager_only=True).select(make().fill_null(value=False).alias("told"))
    (expression,) = listener.heard
    return expression
