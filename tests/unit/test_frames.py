"""A caller's own table made into observations: exact, complete, or refused with the reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mne.errors import OptionError, ReadError
from mne.tables.observations import NAMES, Observations, polars_schema

ROW = {
    "project": "P1",
    "indicator": "OC1.1",
    "period": "2024-S1",
    "period_start": dt.date(2024, 1, 1),
    "period_end": dt.date(2024, 6, 30),
    "value": 0.1,
}


def frame(**changes):
    return pd.DataFrame([{**ROW, **changes}])


def test_columns_with_a_default_can_be_left_out():
    observations = Observations.from_frame(frame())
    table = observations.to_polars()
    assert (tuple(table.columns), dict(table.schema)) == (NAMES, polars_schema())
    assert table.select("partner", "category", "state", "status", "revision", "illustrative", "source_order").row(0) == (
        "_T", "_T", "reported", "submitted", 0, False, 0,
    )  # fmt: skip


@pytest.mark.parametrize("value", [0.1, Decimal("0.1"), "float32"])
def test_numbers_are_exact(value):
    given = frame() if value == "float32" else frame(value=value)
    if value == "float32":
        given = given.astype({"value": "float32"})
    for each in (given, pl.from_pandas(given), pa.Table.from_pandas(given, preserve_index=False)):
        assert Observations.from_frame(each).to_polars()["value"].to_list() == [Decimal("0.1")]


def test_every_library_and_back():
    rows = [
        ROW | {"value": Decimal("12.5")},
        ROW | {"value": None, "numerator": Decimal(1), "denominator": Decimal(3), "source_row": 7},
    ]
    observations = Observations.from_rows(rows)
    for each in (
        observations.to_polars(),
        observations.to_polars().lazy(),
        observations.to_arrow(),
        observations.to_pandas(),
        observations.to_pandas(numbers="decimal"),
        observations.to_pandas().convert_dtypes(),
    ):
        assert Observations.from_frame(each) == observations


def test_types_that_hold_the_same():
    given = pl.DataFrame(
        {**{name: [value] for name, value in ROW.items()}, "value": [7], "comment": [None], "revision": [2]}
    )
    given = given.with_columns(pl.col("indicator").cast(pl.Categorical), pl.col("revision").cast(pl.Int8))
    given = given.with_columns(pl.col("period_start").cast(pl.Datetime("ms")))
    table = Observations.from_frame(given).to_polars()
    assert table.select("indicator", "period_start", "value", "comment", "revision").row(0) == (
        "OC1.1",
        dt.date(2024, 1, 1),
        Decimal(7),
        None,
        2,
    )


def test_an_empty_table():
    assert len(Observations.from_frame(Observations.from_rows([]).to_pandas())) == 0


def test_whole_numbers_with_gaps_are_floats_in_pandas():
    given = pd.DataFrame([{**ROW, "source_row": 5}, {**ROW, "source_row": None}])
    assert Observations.from_frame(given).to_polars()["source_row"].to_list() == [5, None]


def test_the_callers_table_is_left_as_it_was():
    given = frame(comment=None, value=Decimal("1.5"))
    before = given.copy(deep=True)
    Observations.from_frame(given)
    pd.testing.assert_frame_equal(given, before)


@pytest.mark.parametrize(
    "given",
    [
        frame(sex="F"),
        frame().drop(columns="indicator"),
        frame(indicator=None),
        frame(indicator=7),
        frame(value="0.1"),
        frame(value=float("inf")),
        frame(value=1 / 3),
        frame(value=1e19),
        frame(value=Decimal("0.1234567891")),
        frame(value=True),
        frame(period_start="2024-01-01"),
        frame(period_start=dt.datetime.fromisoformat("2024-01-01 12:00")),
        frame(period_start=pd.Timestamp("2024-01-01", tz="UTC")),
        frame(revision=1.5),
        frame(illustrative="yes"),
        pd.DataFrame([[1, 2]], columns=["value", "value"]),
        pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])),
        pl.LazyFrame({"a": [1]}).select("b"),
        pl.DataFrame({"value": [[1]]}),
        [ROW],
        None,
        dt.date(2024, 1, 1),
    ],
    ids=range(22),
)
def test_what_does_not_fit_is_refused(given):
    with pytest.raises(OptionError):
        Observations.from_frame(given)


def test_a_path_without_a_file_is_told_as_such():
    with pytest.raises(ReadError, match="there is no file"):
        Observations.from_frame("q.csv")
