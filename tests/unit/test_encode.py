"""Several columns as one number: the same number for the same combination, and no other."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.tables import encode
from mne.tables.encode import coded, combined, in_order, packed

NAMES = st.sampled_from((None, "a", "b", "_T", "Ж", ""))
DAYS = st.sampled_from((None, dt.date(2024, 1, 1), dt.date(2024, 3, 31), dt.date(1, 1, 1)))
ROWS = st.lists(st.tuples(NAMES, DAYS, NAMES, st.one_of(st.none(), st.integers(-3, 3))), max_size=30)
SCHEMA = {"x": pl.String(), "day": pl.Date(), "y": pl.String(), "n": pl.Int64()}


@pytest.mark.parametrize(("most", "small"), [(2**63 - 1, 20_000), (2**63 - 1, -1), (0, -1)])
@given(rows=ROWS)
def test_equal_rows_and_no_others_have_equal_numbers(most: int, small: int, rows: list[tuple[object, ...]]) -> None:
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "_MOST", most)
        patch.setattr(encode, "_SMALL", small)
        told = packed(table, table.columns)
    assert (told.dtype, len(told), told.null_count()) == (pl.Int64, len(rows), 0)
    assert len(set(zip(told, rows, strict=True))) == len(set(rows)) == told.n_unique()


@pytest.mark.parametrize("small", [20_000, -1])
@given(rows=ROWS)
def test_numbers_rise_with_the_rows(small: int, rows: list[tuple[object, ...]]) -> None:
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "_SMALL", small)
        told = _numbered(table)
    assert told.sort("number").drop("number").equals(table.sort(table.columns, nulls_last=False))


def _numbered(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(packed(table, table.columns).alias("number"))


def test_no_columns_are_one_combination() -> None:
    assert packed(pl.DataFrame({"x": ["a", "b"]}), ()).to_list() == [0, 0]


@pytest.mark.parametrize(("few", "dense"), [(1_000, 1 << 22), (-1, 1 << 22), (-1, 0)])
@given(rows=ROWS)
def test_positions_lead_back_to_the_contents(few: int, dense: int, rows: list[tuple[object, ...]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "_FEW_CELLS", few)
        patch.setattr(encode, "_DENSE", dense)
        for column in pl.DataFrame(rows, schema=SCHEMA, orient="row"):
            at, values = coded(column)
            assert (at.dtype, values.n_unique()) == (pl.UInt32, len(values))
            assert values.gather(at).equals(column)
            assert values.equals(column.unique().sort()), "in their order, a null first"


@pytest.mark.parametrize(("few", "dense"), [(1_000, 1 << 22), (-1, 1 << 22), (-1, 0)])
@given(rows=ROWS)
def test_pairs_of_positions_lead_back_to_both(few: int, dense: int, rows: list[tuple[object, ...]]) -> None:
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "_FEW_CELLS", few)
        patch.setattr(encode, "_DENSE", dense)
        (left, lefts), (right, rights) = coded(table["x"]), coded(table["day"])
        at, first, second = combined((left, len(lefts)), (right, len(rights)))
    assert len(first) == len(second) == table.select("x", "day").unique().height
    assert lefts.gather(first).gather(at).equals(table["x"])
    assert rights.gather(second).gather(at).equals(table["day"])


@pytest.mark.parametrize("numbers", [[], [3], [2, 0, 2, 1, 0], [2**62, 5, 2**62, 0]])
def test_numbers_are_sorted_with_equal_ones_as_they_stand(numbers: list[int]) -> None:
    told = in_order(pl.Series(numbers, dtype=pl.Int64)).to_list()
    assert told == sorted(range(len(numbers)), key=lambda at: numbers[at])


def test_a_column_of_one_content_is_coded_as_any_other() -> None:
    for other in ("a", "b", None):
        column = pl.Series(["a"] * 1_500 + [other])
        at, values = coded(column)
        assert values.gather(at).to_list() == column.to_list()
        assert values.to_list() == sorted({*column}, key=lambda each: (each is not None, each))
