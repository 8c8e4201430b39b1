"""The pandera schema of the observation table: what validation accepts passes, and each kind of fault does not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pandera.errors
import pytest

from mne.errors import OptionError
from mne.reports.read import read
from mne.tables.observations import NAMES, Observations, observation_schema
from tests.fixtures import corpus_plan, measures_plan

CSV = b"""indicator,period,partner,location,value,numerator,denominator,unit,sex,comment,text
N,2024-Q1,ORG-A,TJ-1,12,,,,F,fine,
N,2024-Q2,ORG-A,TJ-1,n/a,,,,,,
P,2024-Q1,ORG-B,,,15,100,percent,,,
S,2024-Q1,ORG-A,,adopted,,,,,,
Y,2024-Q1,ORG-A,,yes,,,,,,
T,2024-Q1,ORG-A,,,,,,,,It went well
C,2024-Q1,ORG-A,,12.75,,,USD,,,
"""


def table(numbers="float"):
    reading = read(("q.csv", CSV), measures_plan())
    assert reading.frame["usable"].all()
    return Observations(reading.frame.select(NAMES)).to_pandas(numbers=numbers)


@pytest.mark.parametrize("numbers", ["float", "decimal"])
def test_what_was_read_passes(numbers):
    given = table(numbers)
    before = given.copy(deep=True)
    pd.testing.assert_frame_equal(observation_schema(measures_plan(), numbers=numbers).validate(given), before)


@pytest.mark.parametrize("numbers", ["float", "decimal"])
def test_an_empty_table_passes(numbers):
    empty = Observations.from_rows([]).to_pandas(numbers=numbers)
    observation_schema(corpus_plan(), numbers=numbers).validate(empty)


def test_optional_columns_can_be_left_out():
    required = [
        "project",
        "indicator",
        "period",
        "period_start",
        "period_end",
        "value",
        "numerator",
        "denominator",
        "text",
        "state",
    ]
    observation_schema(measures_plan()).validate(table()[required])


def failed(given, numbers="float"):
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        observation_schema(measures_plan(), numbers=numbers).validate(given, lazy=True)
    return {str(check).split("(")[0] for check in caught.value.failure_cases["check"]}


@pytest.mark.parametrize(
    ("row", "changes", "check"),
    [
        (0, {"project": "X"}, "isin"),
        (0, {"indicator": "X"}, "isin"),
        (0, {"partner": "SDC"}, "isin"),
        (0, {"location": "X"}, "isin"),
        (0, {"state": "lost"}, "isin"),
        (0, {"status": "late"}, "isin"),
        (0, {"category": "sex=X"}, "expected a category of the logframe"),
        (0, {"category": "F"}, "expected a category of the logframe"),
        (0, {"unit": "MT"}, "expected a unit of the logframe"),
        (0, {"value": float("inf")}, "expected finite numbers"),
        (0, {"value": None}, "a reported row holds what its measure asks for"),
        (2, {"numerator": None}, "numerator and denominator stand together"),
        (2, {"denominator": 0.0}, "a denominator is not zero"),
        (3, {"value": 4.0}, "yes/no is 1 or 0, a stage is a rank of the scale"),
        (4, {"value": 2.0}, "yes/no is 1 or 0, a stage is a rank of the scale"),
        (5, {"text": None}, "a reported row holds what its measure asks for"),
        (0, {"period_end": dt.datetime.fromisoformat("2023-01-01")}, "a period begins before it ends"),
        (0, {"period_end": dt.datetime.fromisoformat("2031-01-01")}, "a period ends within the project"),
        (0, {"period_start": dt.datetime.fromisoformat("2024-01-01 12:00")}, "expected days without a time"),
        (0, {"source_order": 1}, "field_uniqueness"),
        (0, {"indicator": None}, "not_nullable"),
    ],
)
def test_each_fault_is_found(row, changes, check):
    given = table()
    for name, value in changes.items():
        given.loc[row, name] = value
    assert check in failed(given)


def test_columns_that_are_not_ours_are_refused():
    assert "column_in_schema" in failed(table().assign(sex="F"))
    assert "column_in_dataframe" in failed(table().drop(columns="indicator"))


def test_nothing_is_coerced():
    assert "dtype" in failed(table().astype({"value": "object"}))
    as_decimals = table("decimal")
    as_decimals.loc[0, "value"] = 12.0
    assert "expected exact decimals of at most 19 digits and 9 decimals" in failed(as_decimals, "decimal")
    as_decimals.loc[0, "value"] = Decimal("0.0123456789")
    assert "expected exact decimals of at most 19 digits and 9 decimals" in failed(as_decimals, "decimal")


def test_numbers_are_floats_or_decimals():
    with pytest.raises(OptionError):
        observation_schema(corpus_plan(), numbers="int")
