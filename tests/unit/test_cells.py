"""One cell's text read as a number, a state, yes or no, a day: what is taken, what is said, what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mne.reports import cells, dates
from mne.reports.cells import Answer, Marks, decimal_marks, number, typed_number
from mne.tables.observations import State

POINT, COMMA, NONE, MIXED = Marks("."), Marks(","), Marks(), Marks(".", mixed=True)


@pytest.mark.parametrize(
    ("text", "marks", "value"),
    [
        ("120", NONE, "120"),
        ("0", NONE, "0"),
        (" 45.5 ", NONE, "45.5"),
        ("12,5", NONE, "12.5"),
        (".5", NONE, "0.5"),
        ("+7", NONE, "7"),
        ("-5", NONE, "-5"),
        ("-0", NONE, "0"),
        ("0.125", NONE, "0.125"),
        ("0,125", NONE, "0.125"),
        ("1234,567", NONE, "1234.567"),
        ("12.3456", NONE, "12.3456"),
        ("2.012", POINT, "2.012"),
        ("2,012", COMMA, "2.012"),
        ("9223372036854775806.999999999", NONE, "9223372036854775806.999999999"),
    ],
)
def test_plain_numbers_are_taken_in_silence(text, marks, value):
    assert number(text, marks=marks) == cells.Answer(value=Decimal(value))


@pytest.mark.parametrize(
    ("text", "marks", "value"),
    [
        ("1 234", NONE, "1234"),
        ("1\u202f234\u202f567", NONE, "1234567"),
        ("\xa05", NONE, "5"),
        (" 1,536,250 ", NONE, "1536250"),
        ("12,34,567", NONE, "1234567"),  # lakhs
        ("5.898.127", NONE, "5898127"),
        ("1.234,5", NONE, "1234.5"),
        ("1,234.5", NONE, "1234.5"),
        ("1'234’567", NONE, None),
        ("1’234’567", NONE, "1234567"),
        ("1 234,567", NONE, "1234.567"),
        ("2,012", POINT, "2012"),
        ("2.012", COMMA, "2012"),
        ("\u22125", NONE, "-5"),
        ("\u20135", NONE, "-5"),
        ("٣٤", NONE, "34"),
        ("۱۲٫۵", NONE, "12.5"),
    ],
)
def test_unusual_writing_is_taken_and_said(text, marks, value):
    answer = number(text, marks=marks)
    if value is None:
        assert (answer.value, answer.code) == (None, "number-invalid")
    else:
        assert (answer.value, answer.code) == (Decimal(value), "number-text")


def test_group_marks_prove_the_other_decimal_mark():
    assert decimal_marks(["1,234,567", "2,012"]) == POINT
    assert decimal_marks(["1.234.567"]) == COMMA
    assert decimal_marks(["2,012", "3,400", "n/a", "words"]) == NONE
    assert decimal_marks(["2,012"], otherwise=COMMA) == COMMA


def test_a_column_that_says_both_is_mixed_and_the_rarer_mark_is_doubted():
    marks = decimal_marks(["45.5", "12,5"])
    assert marks == MIXED
    assert number("45.5", marks=marks).value == Decimal("45.5")
    assert number("12,5", marks=marks).code == "number-ambiguous"
    most = decimal_marks(["45.5", "12,5", "13,5"])
    assert number("12,5", marks=most).value == Decimal("12.5")
    assert number("45.5", marks=most).code == "number-ambiguous"


@pytest.mark.parametrize("marks", [NONE, MIXED])
def test_an_ambiguous_number_shows_both_readings(marks):
    answer = number("2,012", marks=marks)
    assert (answer.value, answer.code, answer.expected) == (None, "number-ambiguous", "2012 or 2.012")
    assert number("-1.234", marks=marks).expected == "-1234 or -1.234"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("about 50", "number-invalid"),
        ("280 - 300", "number-invalid"),
        ("10-20", "number-invalid"),
        ("100+", "number-invalid"),
        ("41 USD per week", "number-invalid"),
        ("EUR 5.898.127", "number-invalid"),
        ("1 country scan completed", "number-invalid"),
        ("See comment", "number-invalid"),
        ("2015:1584728 (158%)", "number-invalid"),
        ("2:11", "number-invalid"),
        ("2/2", "number-invalid"),
        ("(5)", "number-invalid"),
        ("5-", "number-invalid"),
        ("12.", "number-invalid"),
        ("1 23", "number-invalid"),
        ("1.2.3", "number-invalid"),
        ("120²", "number-invalid"),
        ("1_000", "number-invalid"),
        ("१२", "number-invalid"),
        ("9223372036854775808", "number-out-of-range"),
        ("-9999999999999999999", "number-out-of-range"),
        ("0x1F", "number-invalid"),
        ("y", "number-invalid"),
        ("45%", "number-invalid"),
        ("none", "number-none"),
        ("NaN", "number-not-finite"),
        ("-inf", "number-not-finite"),
        ("Infinity", "number-not-finite"),
        ("1e400", "number-not-finite"),
        ("1.23457E+11", "number-scientific"),
        ("1e-5", "number-scientific"),
        ("9" * 20, "number-out-of-range"),
        ("9" * 200, "number-out-of-range"),
        ("9" * 5000, "limit-cell-length"),
        ("9\x005", "control-character"),
        ("#DIV/0!", "cell-error"),
        ("#N/A", "cell-error"),
        ("#ЗНАЧ!", "cell-error"),
        ("#Н/Д", "cell-error"),
        ("10-Feb", "number-date"),
        ("2-окт", "number-date"),
        ("2024-02-10", "number-date"),
        ("10.02.2024", "number-date"),
    ],
)
def test_what_is_no_number_is_refused(text, code):
    answer = number(text, marks=NONE)
    assert (answer.value, answer.code, answer.refused) == (None, code, True)


def test_full_width_digits_are_read_and_said():
    answer = number("１２", marks=NONE)
    assert (answer.value, answer.code) == (12, "number-text")


def test_certain_digits_are_suggested():
    assert number("१२", marks=NONE).suggestion == "12"
    assert number("1_000", marks=NONE).suggestion == "1000"
    assert number("about 50", marks=NONE).suggestion is None


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("n/a", State.MISSING),
        ("N/A", State.MISSING),
        ("-", State.MISSING),
        ("—", State.MISSING),
        ("tbc", State.MISSING),
        ("TBD", State.MISSING),
        ("нет данных", State.MISSING),
        ("Н/Д", State.MISSING),
        ("сведений нет", State.MISSING),
        ("не применимо", State.NOT_APPLICABLE),
        ("sans objet", State.NOT_APPLICABLE),
        ("not due", State.NOT_DUE),
    ],
)
def test_placeholders_are_states(text, state):
    answer = number(text, marks=NONE)
    assert (answer.value, answer.state, answer.code, answer.refused) == (None, state, "value-missing", False)


@pytest.mark.parametrize("text", ["", " ", "\t", "\xa0"])
def test_blank_is_not_zero(text):
    assert number(text, marks=NONE) == cells.BLANK


def test_percent_sign_and_fraction_only_where_they_mean_something():
    assert number("45,5 %", marks=NONE, percent=True).value == Decimal("45.5")
    assert number("45%", marks=NONE).code == "number-invalid"
    assert number("15/100", marks=NONE, fraction=True).parts == (Decimal(15), Decimal(100))
    assert number("15 / 1 000", marks=NONE, fraction=True).parts == (Decimal(15), Decimal(1000))
    assert number("a/100", marks=NONE, fraction=True).code == "number-invalid"


def test_more_decimals_than_are_kept_are_rounded_and_said():
    answer = number("33.33333333333333", marks=NONE)
    assert (answer.value, answer.code) == (Decimal("33.333333333"), "number-rounded")
    assert number("1.5000000000000", marks=NONE) == cells.Answer(value=Decimal("1.500000000"))


def test_typed_numbers_are_exact():
    assert typed_number(0.1).value == Decimal("0.1")
    assert typed_number(0.1 + 0.2, stored_as_double=True).value == Decimal("0.3")
    assert typed_number(0.1 + 0.2).code == "number-rounded"
    assert typed_number(10**18).value == Decimal(10) ** 18
    assert typed_number(9007199254740993, stored_as_double=True).code == "number-precision"
    assert typed_number(Decimal("120.1000000000")).value == Decimal("120.1")
    assert typed_number(float("nan")).code == "number-not-finite"
    assert typed_number(float("inf")).code == "number-not-finite"
    assert typed_number(Decimal("sNaN")).code == "number-not-finite"
    assert typed_number(10**5000).code == "number-out-of-range"
    assert typed_number(True).code == "number-invalid"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("yes", True),
        ("Oui", True),
        ("да", True),
        ("ҲА", True),
        ("vrai", True),
        (1, True),
        (1.0, True),
        (True, True),
        ("no", False),
        ("non", False),
        ("Нет", False),
        ("не", False),
        (0, False),
        (False, False),
    ],
)
def test_yes_and_no_in_four_languages(cell, value):
    assert cells.yes_no(cell).value is value


def test_neither_yes_nor_no():
    assert cells.yes_no("partly").code == "yes-no-invalid"
    assert cells.yes_no(2).code == "yes-no-invalid"
    assert cells.yes_no("tbc").state is State.MISSING
    assert cells.yes_no("  ") == cells.BLANK


@pytest.mark.parametrize(
    ("cell", "value"), [("3", 3), (" 0 ", 0), (2, 2), (2.0, 2), (1.5, None), ("2.5", None), (-1, None), (True, None)]
)
def test_whole_numbers(cell, value):
    answer = cells.whole(cell)
    assert (answer.value, answer.code) == (value, None if value is not None else "whole-invalid")


# ------------------------------------------------------------------------------------------------------------- days

DAY = dt.date(2024, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-31",
        " 2024-3-31 ",
        "31.03.2024",
        "31.3.2024 г.",
        "31 March 2024",
        "March 31, 2024",
        "31 марта 2024 г.",
        "31 mars 2024",
        "31 марти 2024",
        "2024-03-31T00:00:00",
        "2024-03-31 00:00:00.000",
        "31 Mar. 2024",
        "31-Mar-2024",
    ],
)
def test_days_that_can_mean_one_day_only(text):
    assert dates.day(text) == cells.Answer(value=DAY)


@pytest.mark.parametrize("text", ["31/03/2024", "03/31/2024", "31-03-2024", "2024/03/31", "20240331"])
def test_days_in_an_unusual_form_are_taken_and_said(text):
    answer = dates.day(text)
    assert (answer.value, answer.code) == (DAY, "date-format")


@pytest.mark.parametrize("text", ["2024-03-31 14:30", "2024-03-31T14:30:00Z", "31.03.2024 09:00"])
def test_a_time_is_left_out_and_said(text):
    answer = dates.day(text)
    assert (answer.value, answer.code) == (DAY, "date-has-time")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("03/04/2024", "date-ambiguous"),
        ("01-02-2024", "date-ambiguous"),
        ("01/01/69", "date-ambiguous"),
        ("1-Jan-24", "date-ambiguous"),
        ("2024-02-30", "date-invalid"),
        ("31.02.2024", "date-invalid"),
        ("2024-13-01", "date-invalid"),
        ("0024-01-01", "date-invalid"),
        ("9999-01-01", "date-invalid"),
        ("soon", "date-invalid"),
        ("86400", "date-invalid"),
        ("2024", "date-invalid"),
        ("2024Q1", "date-format"),
        ("2024-03", "date-format"),
        ("45292", "date-serial"),
        ("2024-01-01 25:00", "date-invalid"),
        ("9" * 2000, "limit-cell-length"),
        ("2024 may 99999999999999999999", "date-invalid"),
    ],
)
def test_what_is_no_certain_day_is_refused(text, code):
    answer = dates.day(text)
    assert (answer.value, answer.code, answer.refused) == (None, code, True)


def test_the_column_may_show_which_part_is_the_day():
    assert dates.day_first(["03/04/2024", "31/03/2024"]) is True
    assert dates.day_first(["03/04/2024", "03/31/2024"]) is False
    assert dates.day_first(["31/03/2024", "03/31/2024"]) is None
    assert dates.day_first(["03/04/2024", "2024-01-01", "x"]) is None
    assert dates.day("03/04/2024", first=True).value == dt.date(2024, 4, 3)
    assert dates.day("03/04/2024", first=False).value == dt.date(2024, 3, 4)
    assert dates.day("04/04/2024").value == dt.date(2024, 4, 4)


def test_serial_numbers_are_explained_in_both_systems():
    assert dates.day("45292").suggestion == "2024-01-01"
    assert dates.day("43830", epoch=1904).suggestion == "2024-01-01"
    assert dates.typed_day(45292).code == "date-serial"
    assert dates.typed_day(45292.0).code == "date-serial"


def test_typed_days():
    assert dates.typed_day(DAY).value == DAY
    assert dates.typed_day(dt.datetime.fromisoformat("2024-03-31")).code is None
    assert dates.typed_day(dt.datetime.fromisoformat("2024-03-31 14:00")).code == "date-has-time"
    assert dates.typed_day(dt.datetime(2024, 3, 31, tzinfo=dt.UTC)).code == "date-has-time"
    for cell in (True, 1.5, float("nan"), float("inf"), Decimal("NaN"), dt.date(1066, 1, 1), 10**30, "x"):
        assert dates.typed_day(cell).code == "date-invalid"


@pytest.mark.parametrize("text", ["123", "0", "1.2", "0.0", "-1234", "-0.34", "0.001", "1.234"])
def test_strict_numbers_are_plain_digits(text):
    assert number(text, marks=Marks(strict=True)) == Answer(value=Decimal(text))


@pytest.mark.parametrize(
    "text", ["1 234", ".", ".1", "+5", "1234  ", " 1", "0,1", "01", "00.23", "E5", "1e3", "5.", "-"]
)
def test_what_people_write_is_no_strict_number(text):
    told = number(text, marks=Marks(strict=True))
    assert (told.value, told.code) == (None, "number-invalid")
