"""Rules between indicators: DHIS2's operators and its three ways with what was not reported."""

from __future__ import annotations

import pytest

import mne
from mne.errors import OptionError
from mne.tables.observations import Observations
from tests.cases.building import END_Q3, Q1, Q2, Q3, flow, level, plan, row, rows

LOGFRAME = plan(flow("A"), flow("B"), level("C"), level("D"), level("E", formula="C + previous(C)"))
VALUES = mne.aggregate(
    Observations.from_rows(
        rows(
            row(Q1, 1, "A"), row(Q1, 2, "B"), row(Q1, 3, "C"), row(Q1, 4, "D"),
            row(Q2, 1, "A"), row(Q2, 5, "C"),
        )
    ),
    LOGFRAME,
    until=END_Q3,
)  # fmt: skip


def held(left, operator, right, **options):
    told = mne.consistent(VALUES, left, operator, right, **options)
    assert [each.period.label for each in told] == [Q1, Q2, Q3]
    return [(each.status, each.left, each.right) for each in told]


def test_operators():
    # 1 + 2 against 3 − 4; only the first quarter has all four
    assert held("A + B", "==", "C - D")[0] == ("violated", 3, -1)
    assert held("C - D", ">", "2 * B")[0] == ("violated", -1, 4)
    assert held("A + B", "<", "2 * B")[0] == ("holds", 3, 4)
    assert [held("A", sign, "1")[0][0] for sign in ("==", "!=", "<", "<=", ">", ">=")] == [
        "holds", "violated", "violated", "holds", "violated", "holds"
    ]  # fmt: skip


def test_what_is_missing():
    assert held("A", "<=", "B")[1:] == [("skipped", None, None), ("skipped", None, None)]
    assert held("A + B", ">", "0", missing="skip") == [("holds", 3, 0), ("holds", 1, 0), ("skipped", None, None)]
    assert held("A", ">", "B", missing="skip")[1] == ("skipped", None, None)  # B has nothing at all
    assert held("A", ">", "B", missing="zero")[1:] == [("holds", 1, 0), ("skipped", None, None)]
    assert held("B", ">", "A", missing="zero")[1] == ("violated", 0, 1)
    assert held("is_missing(B)", "==", "1") == [("violated", 0, 1), ("holds", 1, 1), ("holds", 1, 1)]


def test_pairs():
    assert [each[0] for each in held("A", "both_or_none", "B")] == ["holds", "violated", "holds"]
    assert held("A", "both_or_none", "B")[1] == ("violated", 1, 0)
    assert [each[0] for each in held("A", "at_most_one", "B")] == ["violated", "holds", "holds"]


def test_periods():
    # 2024 is a leap year: 31 + 29 + 31 and 30 + 31 + 30 days
    assert held("C", "==", "days()")[:2] == [("violated", 3, 91), ("violated", 5, 91)]
    assert held("C", ">", "previous(C)") == [("skipped", None, None), ("holds", 5, 3), ("skipped", None, None)]
    assert [each.amount.value for each in VALUES["E"].periods] == [None, 8, None]
    assert VALUES["E"].value == 8


def test_misuse():
    for wrong in (("A +", "==", "B"), ("A", "=", "B"), ("A", "==", "Z")):
        with pytest.raises(OptionError):
            mne.consistent(VALUES, *wrong)
    with pytest.raises(OptionError):
        mne.consistent(VALUES, "A", "==", "B", missing="guess")
