"""Questions over columns of few different contents, which are asked once for each combination of these.

Read `Few` first. A million rows may be of ten indicators and two states: what depends on nothing else has twenty
answers, and each row is told which of them is its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

__all__ = ["Few"]

_SEVERAL: Final = b"Selector"
"""Of an expression that has this in it, such as `pl.col(["a", "b"])`, Polars does not say which columns it asks for."""


@dataclass(frozen=True, eq=False)
class Few:
    """Columns of few contents: of each the column of positions that says which of them a row has, and the contents.

    Without positions all rows have the one content. `last` are expressions over these columns, and over others.
    """

    known: Mapping[str, tuple[str | None, pl.Series]]
    last: Mapping[str, pl.Expr]

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many contents each column of positions tells apart."""
        return {at: len(values) for at, values in self.known.values() if at is not None}

    def combinations(self, positions: Sequence[str]) -> int:
        """How many combinations of contents there can be."""
        return math.prod(self.sizes[at] for at in positions)

    def hangs_on(self, asked: pl.Expr) -> tuple[str, ...] | None:
        """The columns of positions that decide an answer; None where a column of other contents has a part in it."""
        if _SEVERAL in asked.meta.serialize():
            return None
        waiting, found = asked.meta.root_names(), set[str]()
        while waiting:
            name = waiting.pop()
            if name in self.last:
                waiting += self.last[name].meta.root_names()
            elif name not in self.known:
                return None
            elif (at := self.known[name][0]) is not None:
                found.add(at)
        return tuple(sorted(found))

    def answers(self, positions: Sequence[str], asked: Mapping[str, pl.Expr]) -> pl.DataFrame:
        """What some expressions give of each combination, in the order of `place`."""
        number = pl.int_range(self.combinations(positions), eager=True)
        places: dict[str | None, pl.Series] = {None: number * 0}
        for name in reversed(positions):
            places[name], number = number % self.sizes[name], number // self.sizes[name]
        told = pl.DataFrame(
            [values.gather(places[at]).alias(name) for name, (at, values) in self.known.items() if at in places]
        )
        last = {name: each for name, each in self.last.items() if {*each.meta.root_names()} <= {*told.columns}}
        return told.lazy().with_columns(**last).select(**asked).collect()

    def place(self, rows: pl.DataFrame, positions: Sequence[str]) -> pl.Series:
        """Which combination each row has: a number that rises with its positions, the first one counting most."""
        first, *others = positions
        at = rows[first]
        for name in others:
            at = at.cast(pl.Int64) * self.sizes[name] + rows[name]
        return at
