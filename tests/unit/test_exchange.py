"""Tables for other programs: what leaves is safe to open, and reads back as it was."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.exchange.tabular import csv_text, parquet_bytes


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_leaves_as_text(text: str) -> None:
    cell = next(csv.DictReader(StringIO(csv_text(pl.DataFrame({"comment": [text]})), newline="")))["comment"]
    assert cell == "'" + text


@pytest.mark.parametrize("text", ["-5", "-1/3", "+2.5", "a=b", "", "10 - 5"])
def test_numbers_and_plain_words_stay_as_they_are(text: str) -> None:
    cell = next(csv.DictReader(StringIO(csv_text(pl.DataFrame({"x": [text], "y": ["."]})))))["x"]
    assert cell == text


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_nothing_in_a_csv_begins_like_a_formula(texts: list[str]) -> None:
    rows = list(csv.reader(StringIO(csv_text(pl.DataFrame({"x": texts, "n": ["."] * len(texts)})), newline="")))[1:]
    assert len(rows) == len(texts)
    for (cell, _), text in zip(rows, texts, strict=True):
        assert cell.removeprefix("'").replace("\r\n", "\n") in {
            text.replace("\r\n", "\n"),
            text.removeprefix("'").replace("\r\n", "\n"),
        }
        assert cell[:1] not in {"=", "@"} or len(cell) == 1


def test_parquet_keeps_types_and_gaps() -> None:
    frame = pl.DataFrame({"a": [1, None], "b": ["x", None], "c": [True, False]})
    assert pl.read_parquet(BytesIO(parquet_bytes(frame))).equals(frame)
