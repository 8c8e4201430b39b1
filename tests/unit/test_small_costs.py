"""What is answered quickly is answered as it would be slowly: plain numbers, delimiters that are not there, rules."""

from __future__ import annotations

import csv
import re
import unicodedata

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.reports import cells, layouts
from mne.reports.beside import Rows
from mne.reports.cells import Marks, decimal_marks, number
from mne.reports.headers import shipped_aliases
from mne.reports.native import Native
from mne.reports.readers import delimited
from mne.reports.rules import RULES
from mne.reports.words import folded
from mne.scores.scheme import schemes

NEVER = re.compile(r"(?!)")
TEXTS = st.one_of(
    st.from_regex(r"-?[0-9]{0,17}([.,][0-9]{0,11})?", fullmatch=True),
    st.text(alphabet="0123456789.,- ", max_size=12),
    st.sampled_from(("-0", "-0.00", "0", "00", "007.5", "1.234", "1.2345", "12\n", "٣", "")),
)
MARKS = st.builds(
    Marks, st.sampled_from((None, ".", ",")), mixed=st.booleans(), strict=st.booleans(), fixed=st.booleans()
)


@given(text=TEXTS, marks=MARKS)
def test_a_plain_number_is_read_as_any_other(text: str, marks: Marks) -> None:
    quick = number(text, marks=marks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "_PLAIN", NEVER)
        slow = number(text, marks=marks)
    assert repr(quick) == repr(slow)


@given(texts=st.lists(TEXTS, max_size=8))
def test_plain_numbers_prove_the_same_decimal_mark(texts: list[str]) -> None:
    quick = decimal_marks(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "_PLAIN", NEVER)
        assert quick == decimal_marks(texts)


@given(sample=st.text(alphabet='ab;\n\r" \t', max_size=30), delimiter=st.sampled_from(delimited.DELIMITERS))
def test_a_delimiter_that_is_not_there_agrees_as_the_reader_says(sample: str, delimiter: str) -> None:
    """Counted by hand, as the reader of the standard library parts the sample."""
    counts: dict[int, int] = {}
    try:
        for row in csv.reader(iter(sample.splitlines(keepends=True)), delimiter=delimiter, strict=True):
            counts[len(row)] = counts.get(len(row), 0) + (len(row) > 1)
    except csv.Error:
        pass
    width, count = max(counts.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
    assert delimited._agreement(sample, delimiter) == (count, width)


def test_expressions_of_the_library_are_answered_as_narwhals_answers_them() -> None:
    table = pl.DataFrame(
        {"source_order": [0, 1, 2], "value": [None, -1.0, 2.0], "text": ["=A1", None, "<b>"]},
        schema_overrides={"source_order": pl.Int64},
    )
    rows = Rows(table)
    makes = {
        "negative": lambda: nw.col("value") < 0,
        "there": lambda: ~nw.col("value").is_null(),
        "live": lambda: nw.col("text").str.contains("^="),
    }
    told = Native(makes.values()).select(rows, makes)
    assert told.equals(Native(()).select(rows, makes))
    assert told.rows() == [(0, False, False, True), (1, True, True, False), (2, False, True, False)]


def test_what_a_caller_asks_may_change_from_call_to_call() -> None:
    table = Rows(pl.DataFrame({"source_order": [0, 1], "value": [1, 5]}))
    limit = [3]
    asked = {"many": lambda: nw.col("value") > limit[0]}
    native = Native(rule.find for rule in RULES if rule.scope == "row")
    assert native.select(table, asked)["many"].to_list() == [False, True]
    limit[0] = 9
    assert native.select(table, asked)["many"].to_list() == [False, False]


def test_no_header_for_indicators_is_without_a_letter() -> None:
    """A second table in a sheet is looked for by such headers, and cells of figures and signs are not asked."""
    keys = {key for key, name in shipped_aliases() if name.target == "indicator"}
    assert keys
    assert not [key for key in keys if layouts._NO_WORD.fullmatch(key)]


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=20))
def test_plain_text_is_folded_as_any_other(text: str) -> None:
    slow = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").split())
    assert folded(text) == slow


def test_the_shipped_schemes_are_read_once() -> None:
    assert schemes() is schemes()
