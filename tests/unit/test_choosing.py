"""Codes chosen by name: a code, a group, a beginning; and what is said of words that stand for none."""

from __future__ import annotations

import pytest

from mne.errors import OptionError
from mne.ground.catalogue import CODES
from mne.ground.choosing import chosen

KNOWN = ("number-ambiguous", "number-invalid", "numbering-odd", "row-empty")


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("number-ambiguous", {"number-ambiguous"}),
        ("number", {"number-ambiguous", "number-invalid"}),
        ("number-", {"number-ambiguous", "number-invalid"}),
        ("number-*", {"number-ambiguous", "number-invalid"}),
        ("number*", {"number-ambiguous", "number-invalid", "numbering-odd"}),
        ("number-am*", {"number-ambiguous"}),
        ("row-empty*", {"row-empty"}),
        ("*", set(KNOWN)),
    ],
)
def test_what_a_word_stands_for(word, codes):
    assert chosen([word], KNOWN, name="select") == codes


def test_nothing_told_is_nothing_chosen():
    assert chosen([], KNOWN, name="select") == frozenset()


def test_every_strange_word_is_named_at_once_with_what_is_near():
    with pytest.raises(OptionError) as error:
        chosen(["number-ambigous", "row", "", "zzz", "nmber-*"], CODES, name="--ignore")
    told = str(error.value)
    assert told.startswith("--ignore names ")
    assert "'number-ambigous', which is no finding code (did you mean number-ambiguous" in told
    assert "'zzz', which is no finding code" in told
    assert "number-" in told.partition("'nmber-*'")[2]
    assert "'row'" not in told


def test_one_text_is_no_list():
    with pytest.raises(OptionError, match="must be a list"):
        chosen("number", KNOWN, name="select")
