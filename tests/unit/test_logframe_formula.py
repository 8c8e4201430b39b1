"""The arithmetic of derived indicators: what it computes, and that nothing else is arithmetic."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mne.logframe.formula import FormulaError, Missing, Surroundings, parse

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
        ("A ** 2", 4), ("A ^ 2", 3), ("A // B", 4), ("1e5", 1), ("1.", 1), ("2A", 1), (".5", 1), ("A = B", 3), ("A == B == 1", 8), ("if(A, B)", 1), ("is_missing(A, B)", 1), ("previous(1)", 10), ("previous(A, 0)", 13), ("previous(A, 1.5)", 13), ("days(A)", 6), ("A; B", 2),
        ("A[0]", 2), ("{A", 1), ("{}", 1), ("A.__class__ + 'x'", 15), ("().__class__", 3), ("lambda: 1", 7),
        ("__import__('os')", 12), ("A if B else 1", 3), ("abs(A)", 4), ("A\0", 2), ("A + \u200b1", 5),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_where_it_stops(text, position):
    with pytest.raises(FormulaError) as raised:
        parse(text)
    assert raised.value.position == position


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A > B", 1), ("A < B", 0), ("A == 6", 1), ("A != 6", 0), ("A >= 6", 1), ("A <= 5", 0), ("A ≥ 6", 1), ("A ≤ 5", 0),
        ("A ≠ 6", 0), ("A + 1 > B * 2", 0), ("(A > B) + (B > 1)", 2), ("if(A > B, 5, Z)", 5), ("if(A < B, Z, 7)", 7),
        ("if(is_missing(Z), B, Z)", 4), ("is_missing(A)", 0), ("is_missing(Z + A)", 1), ("first(Z, A, B)", 6),
        ("first(A, Z)", 6), ("if + 1", 3), ("days + 1", 4), ("100 * 365 / days()", Fraction(36500, 31)), ("previous(A)", 5),
        ("previous(A, 2)", 4), ("A - previous({A})", 1), ("first(previous(A, 9), 1)", 1),
    ],
)  # fmt: skip
def test_comparisons_and_functions(text, value):
    numbers = {**NUMBERS, "Z": None, "if": Fraction(2), "days": Fraction(3)}
    series = {("A", 1): Fraction(5), ("A", 2): Fraction(4)}
    around = Surroundings(numbers, days=31, earlier=lambda name, steps: series.get((name, steps)))
    assert parse(text).compute(around) == value


@pytest.mark.parametrize("text", ["Z", "A + Z", "if(Z > 1, 2, 3)", "first(Z, Z)", "previous(A, 9)", "max(A, Z)"])
def test_what_depends_on_a_missing_number_is_missing(text):
    around = Surroundings({**NUMBERS, "Z": None}, earlier=lambda *_: None)
    with pytest.raises(Missing):
        parse(text).compute(around)
    with pytest.raises(Missing):
        parse("days() + previous(A)").compute(Surroundings(NUMBERS))


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
