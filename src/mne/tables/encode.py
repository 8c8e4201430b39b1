"""Several columns that name a row as one whole number, which is compared, grouped and sorted at a tenth of the cost.

Read `packed` first, then `numbered`; `coded` and `combined` give the positions of single columns and of several among
their different contents; `in_order` sorts by such numbers, which mean nothing outside of the table they were made for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

__all__ = ["coded", "combined", "in_order", "numbered", "packed"]

_MOST: Final = 2**63 - 1
_FEW: Final = 1 << 16
_SPARSE: Final = 4
"""So many possible numbers for each row may be looked up by their place; beyond that they are sorted."""
_SMALL: Final = 20_000
"""Rows up to which one query that ranks them is quicker than several."""
_FEW_CELLS: Final = 1_000
"""Cells up to which a Python dictionary is quicker than the queries that would do the same."""
_DENSE: Final = 1 << 22
"""Combinations up to which a table of all of them is looked up by position."""


def packed(table: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """One whole number for each combination of the columns: equal ones have equal numbers, and no others.

    Where the combinations fit into 64 bits, or the table is small, the numbers rise with the columns, the first one
    counting most; beyond that they come in the order of their first rows. Nulls equal each other, and come first.
    """
    if columns and table.height <= _SMALL:
        return _ranked(table, columns)
    codes = [_coded(table[name]) for name in columns]
    total = 1
    for _, size in codes:
        total *= size
    if codes and total > _MOST:
        found = table.select(columns).unique(maintain_order=True).with_row_index("_number")
        told = table.select(columns).join(found, on=list(columns), how="left", nulls_equal=True, maintain_order="left")
        return told["_number"].cast(pl.Int64)
    if not codes:
        return pl.repeat(0, table.height, dtype=pl.Int64, eager=True)
    (number, _), *others = codes
    for code, size in others:
        number = number * size + code
    return number


def _ranked(table: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """`packed` of a small table in one query, as several take longer than to rank its rows."""
    told = table.select(pl.struct(columns).rank("dense").cast(pl.Int64).alias("number"))
    return told["number"]


def _coded(column: pl.Series) -> tuple[pl.Series, int]:
    """A column's values as numbers from 0 on, in their order, and how many there are."""
    if column.dtype == pl.String:
        names = column.unique().drop_nulls().sort()
        code = column.cast(pl.Enum(names)).to_physical().cast(pl.Int64)
        size = len(names)
    else:
        physical = column.to_physical().cast(pl.Int64)
        least, most = physical.min(), physical.max()
        if least is None or most is None:
            return physical.fill_null(0), 1
        code = physical - least if least else physical
        size = int(most) - int(least) + 1  # type: ignore[arg-type] # whole numbers
    # Most columns have no nulls, for which there need be no number then.
    return ((code + 1).fill_null(0), size + 1) if code.null_count() else (code, size)


def numbered(table: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, pl.Series]:
    """The different combinations of some columns, and for each row which of them it has.

    Shape: the combinations are one row each, in the order in which `packed` sorts them; the numbers are those of their
    rows, from 0 on. What is asked of a row's kind is then asked once for each combination, and looked up.
    """
    codes = packed(table, columns)
    least, most = codes.min(), codes.max()
    if least is None or most is None:
        return table.select(columns).clear(), codes
    first, last = int(least), int(most)  # type: ignore[arg-type] # whole numbers
    span = last - first + 1
    if span <= max(_FEW, _SPARSE * len(codes)):
        # A place for each number that there may be: no hashing and no sorting.
        at = codes.to_numpy() - first
        where = np.full(span, -1, dtype=np.int64)
        where[at[::-1]] = np.arange(len(at) - 1, -1, -1, dtype=np.int64)
        taken = where >= 0
        place = np.cumsum(taken, dtype=np.int64) - 1
        return table[where[taken]].select(columns), pl.Series(place[at])
    different, firsts, inverse = np.unique(codes.to_numpy(), return_index=True, return_inverse=True)
    del different
    return table[firsts].select(columns), pl.Series(inverse.astype(np.int64))


def in_order(numbers: pl.Series) -> pl.Series:
    """The positions of whole numbers from 0 on in their order; equal ones in that in which they stand."""
    size = len(numbers)
    bits = size.bit_length()
    keys = numbers.cast(pl.Int64).to_numpy()
    if not size or int(keys.max()) >> (63 - bits):
        return pl.Series(np.argsort(keys, kind="stable").astype(np.uint32))
    # A number with its position behind it is sorted as one, at a third of what it costs to sort positions.
    both = (keys << bits) | np.arange(size)
    both.sort()
    return pl.Series((both & ((1 << bits) - 1)).astype(np.uint32))


def coded(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Where each cell of a column stands among its different values, and those in their order, a null first."""
    plain = column.dtype in (pl.String, pl.Date) or column.dtype.is_integer()
    if plain and len(column) <= _FEW_CELLS:
        return _coded_few(column)
    if column.dtype == pl.String:
        if _is_one(column):
            return pl.repeat(0, len(column), dtype=pl.UInt32, eager=True), column.head(1)
        values = column.unique().drop_nulls().sort()
        at = column.cast(pl.Enum(values)).to_physical().cast(pl.UInt32)
        if at.null_count():
            nothing = pl.Series(values.name, [None], dtype=pl.String)
            return (at + 1).fill_null(0), pl.concat([nothing, values])
        return at, values
    values = column.unique().sort()
    if not plain or column.dtype == pl.UInt64:
        return _at(column, values), values
    physical = column.to_physical().cast(pl.Int64)
    least, most = (int(each) if each is not None else 0 for each in (physical.min(), physical.max()))  # type: ignore[arg-type] # whole numbers
    if most - least >= _DENSE:
        return _at(column, values), values
    known, nothing_first = values.drop_nulls(), values.null_count()
    places = pl.int_range(nothing_first, len(values), dtype=pl.UInt32, eager=True)
    table = pl.repeat(0, most - least + 1, dtype=pl.UInt32, eager=True)
    table = table.scatter(known.to_physical().cast(pl.Int64) - least, places)
    return table.gather(physical - least).fill_null(0), values


def _is_one(column: pl.Series) -> bool:
    """Whether a column has one content alone; a look at its first cells tells as much of most that have several."""
    return column.head(_FEW_CELLS).n_unique() == 1 and bool(column.eq_missing(column[0]).all())


def _coded_few(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    cells = column.to_list()
    different = set(cells)
    values = [None] * (None in different) + sorted(different - {None})
    place = {value: at for at, value in enumerate(values)}
    at = pl.Series(column.name, [place[cell] for cell in cells], dtype=pl.UInt32)
    return at, pl.Series(column.name, values, dtype=column.dtype)


def combined(first: tuple[pl.Series, int], second: tuple[pl.Series, int]) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Where each pair of two positions stands among the different pairs, and both positions of those.

    Each column of positions comes with how many there can be; what is combined may be combined again.
    """
    (left, _), (right, size) = first, second
    if len(left) <= _FEW_CELLS:
        told = list(zip(left.to_list(), right.to_list(), strict=True))
        place = {pair: at for at, pair in enumerate(sorted(set(told)))}
        ones, others = ([pair[which] for pair in place] for which in (0, 1))
        at = pl.Series([place[pair] for pair in told], dtype=pl.UInt32)
        return at, pl.Series(ones, dtype=pl.UInt32), pl.Series(others, dtype=pl.UInt32)
    number = left.cast(pl.Int64) * size + right
    pairs = number.unique()
    if first[1] * size <= _DENSE:
        places = pl.repeat(0, first[1] * size, dtype=pl.UInt32, eager=True)
        places = places.scatter(pairs, pl.int_range(len(pairs), dtype=pl.UInt32, eager=True))
        at = places.gather(number)
    else:
        at = _at(number, pairs)
    return at, (pairs // size).cast(pl.UInt32), (pairs % size).cast(pl.UInt32)


def _at(column: pl.Series, values: pl.Series) -> pl.Series:
    """Where each cell of a column stands among its different values."""
    known = values.to_frame("value").with_row_index("at")
    found = column.to_frame("value").join(known, on="value", how="left", nulls_equal=True, maintain_order="left")
    return found["at"].cast(pl.UInt32)
