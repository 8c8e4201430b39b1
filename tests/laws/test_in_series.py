"""What is worked out by position for all series at once is what a loop over each of them gives."""

from __future__ import annotations

from statistics import fmean, median

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.reports.in_series import before, begins, ends, extremes, lengths, means, medians, runs

VALUES = st.lists(st.lists(st.integers(-(10**6), 10**6).map(float), min_size=1, max_size=9), max_size=12)


def rows_of(several: list[list[float]]) -> pl.DataFrame:
    told = [(at, value) for at, each in enumerate(several) for value in each]
    return pl.DataFrame(told, schema={"series": pl.Int64, "value": pl.Float64}, orient="row")


@given(VALUES)
def test_the_middle_and_the_mean_are_those_of_each_series(several: list[list[float]]) -> None:
    rows = rows_of(several)
    sizes = runs(rows["series"])
    assert medians(rows["value"], sizes).to_list() == [median(each) for each in several for _ in each]
    assert means(rows["value"], sizes).to_list() == pytest.approx([fmean(each) for each in several for _ in each])
    assert lengths(rows["series"]).to_list() == [len(each) for each in several for _ in each]


@given(VALUES)
def test_the_extremes_are_the_first_and_the_last_two_by_size(several: list[list[float]]) -> None:
    rows = rows_of(several)
    found = extremes(rows["value"], runs(rows["series"]))
    nothing = float("inf")
    for told, each in zip(found.iter_rows(), several, strict=True):
        first, *others = sorted(each)
        second = others[0] if others else nothing
        assert told == (first, second, sorted(each)[-2] if others else -nothing, max(each))


@given(VALUES)
def test_a_row_knows_the_one_before_it_and_whether_it_stands_at_an_end(several: list[list[float]]) -> None:
    found = rows_of(several).select(begins=begins(), ends=ends(), before=before("value"))
    told = [(at == 0, at == len(each) - 1, each[at - 1] if at else None) for each in several for at in range(len(each))]
    assert found.rows() == told
