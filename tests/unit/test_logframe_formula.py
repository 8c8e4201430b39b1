"""The arithmetic of derived indicators: what it computes, and that nothing else is arithmetic."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mne.logframe.formula import FormulaError, parse

NUMBERS = {
    "A": Fraction(6),
    "B": Fraction(4),
    "OC1.1": Fraction(1, 3),
    "OP1_1": Fraction(2),
    "OP 1-1": Fraction(5),
    "ИЗ.1": Fraction(7),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A", 6), ("1", 1), ("0.1 + 0.2", Fraction(3, 10)), ("A + B * 2", 14), ("(A + B) * 2", 20), ("A - B - 1", 1),
        ("A / B", Fraction(3, 2)), ("A / B / 2", Fraction(3, 4)), ("-A", -6), ("--A", 6), ("-(A - B)", -2), ("2 * -A", -12),
        ("A − B", 2), ("min(A, B)", 4), ("max(A, B, 100)", 100), ("min(A)", 6), ("max(min(A, B), 5)", 5),
        ("OC1.1 * 3", 1), ("OP1_1", 2), ("{OP 1-1} + 1", 6), ("{ A }", 6), ("ИЗ.1", 7), ("  A\t+\nB ", 10),
    ],
)  # fmt: skip
def test_values_are_exact(text, value):
    result = parse(text).evaluate(NUMBERS)
    assert isinstance(result, Fraction)
    assert result == value


@pytest.mark.parametrize("text", ["A / 0", "1 / (A - 6)", "0 / 0", "max(1, A / 0)", "B / (1/3 - OC1.1)"])
def test_dividing_by_zero_gives_none(text):
    assert parse(text).evaluate(NUMBERS) is None


def test_names_are_those_of_the_text_once_in_order():
    assert parse("B + A * {OP 1-1} / B - min(3, OC1.1)").names == ("B", "A", "OP 1-1", "OC1.1")


def test_min_is_a_name_where_nothing_follows():
    assert parse("min + 1").names == ("min",)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 1), ("   ", 4), ("A +", 4), ("A B", 3), ("* A", 1), ("(A", 3), ("A)", 2), ("min(A", 6), ("min()", 5), ("A,B", 2),
        ("A ** 2", 4), ("A ^ 2", 3), ("A // B", 4), ("1e5", 1), ("1.", 1), ("2A", 1), (".5", 1), ("A == B", 3), ("A; B", 2),
        ("A[0]", 2), ("{A", 1), ("{}", 1), ("A.__class__ + 'x'", 15), ("().__class__", 3), ("lambda: 1", 7),
        ("__import__('os')", 12), ("A if B else 1", 3), ("abs(A)", 4), ("A\0", 2), ("A + \u200b1", 5),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_where_it_stops(text, position):
    with pytest.raises(FormulaError) as raised:
        parse(text)
    assert raised.value.position == position


def test_limits():
    assert parse("1" + "+1" * 249).evaluate({}) == 250
    assert parse("(" * 50 + "A" + ")" * 50).evaluate(NUMBERS) == 6
    assert parse("-" * 499 + "A").evaluate(NUMBERS) == -6
    for text in ("1" + "+1" * 250, "(" * 51 + "A" + ")" * 51, "min(" * 60 + "A" + ")" * 60, "-" * 600 + "A", "{" * 500):
        with pytest.raises(FormulaError):
            parse(text)


def test_a_number_that_is_not_there_is_a_wrong_call():
    with pytest.raises(KeyError):
        parse("A + Z").evaluate(NUMBERS)


def test_the_same_text_is_the_same_formula():
    assert parse("A + B") == parse("A + B")
    assert parse("A + B") != parse("B + A")
    assert repr(parse("A + B")) == "Formula(text='A + B', names=('A', 'B'))"
