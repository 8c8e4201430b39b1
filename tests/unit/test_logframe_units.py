"""Units: what a word means, what it never means, and exact factors between units and currencies."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from fractions import Fraction
from itertools import product

import pytest

import mne
from mne.logframe.model import Logframe
from mne.logframe.unit_words import SHOWN
from mne.logframe.units import AMBIGUOUS, COUNTS, CURRENCIES, PHYSICAL, VOCABULARY, UnitTable


def plan(**more: object) -> Logframe:
    goal = {"id": "G", "level": "impact", "title": "Goal"}
    return Logframe.model_validate(
        {"id": "P", "title": "x", "start": "2024-01-01", "end": "2026-12-31", "results": [goal], **more}
    )


PLAIN = UnitTable(plan())
OWN = UnitTable(
    plan(
        currency="USD",
        units=[
            {"id": "box", "of": "kg", "factor": "12.5", "aliases": ["crate", "ton"]},
            {"id": "third", "of": "box", "factor": "1/3"},
            {"id": "thousand somoni", "of": "TJS", "factor": 1000, "aliases": ["kTJS"]},
            {"id": "kit"},
            {"id": "mW"},
            {"id": "around", "of": "back", "factor": 2},
            {"id": "back", "of": "around", "factor": 2},
        ],
    )
)


class TestWords:
    @pytest.mark.parametrize("name", sorted(VOCABULARY))
    def test_a_unit_means_itself(self, name):
        assert PLAIN.known(name)
        assert PLAIN.resolve(name) == name

    @pytest.mark.parametrize(
        ("word", "unit"),
        [
            ("%", "percent"), ("Per cent", "percent"), ("PERCENT", "percent"), ("процентов", "percent"),
            ("pourcent", "percent"), ("people", "person"), ("Persons", "person"), ("чел.", "person"), ("нафар", "person"),
            ("  beneficiaries ", "person"), ("HH", "household"), ("schools", "school"), ("services", "service"),
            ("KG", "kg"), ("Kg", "kg"), ("kilograms", "kg"), ("HA", "ha"), ("tonnes", "t"), ("L", "l"),
            ("square km", None), ("sq  km", "km2"), ("countries", "country"),
        ],
    )  # fmt: skip
    def test_other_words_in_four_languages(self, word, unit):
        assert PLAIN.resolve(word) == unit

    @pytest.mark.parametrize(
        "word",
        ["units", "Units", "MT", "mt", "ton", "Tons", "number", "Number", "#", "no.", "M", "T", "шт.", "$", "mw"],
    )
    def test_a_word_of_several_meanings_means_none(self, word):
        assert PLAIN.resolve(word) is None
        assert PLAIN.ambiguous(word)

    @pytest.mark.parametrize(
        "word", ["", "  ", "all", "top", "cup", "hecto", "m**10**10**10", "1", "a" * 41, "a" * 200_000]
    )
    def test_what_is_no_unit_is_no_unit(self, word):
        assert PLAIN.resolve(word) is None
        assert not PLAIN.ambiguous(word)

    def test_no_ambiguous_word_is_a_word_for_a_unit(self):
        small = {word for word in AMBIGUOUS if word not in PHYSICAL}
        assert {word for word in small if PLAIN.resolve(word) is not None} == set()

    def test_kinds_do_not_overlap(self):
        assert not COUNTS & set(PHYSICAL)
        assert not COUNTS & CURRENCIES
        assert not CURRENCIES & set(PHYSICAL)

    @pytest.mark.parametrize(
        ("word", "unit"),
        [("box", "box"), ("BOX", "box"), ("crate", "box"), ("Crate", "box"), ("kits", None), ("ton", "box"), ("TON", "box"),
         ("ktjs", "thousand somoni"), ("usd", "USD"), ("tjs", "TJS"), ("eur", None), ("EUR", "EUR")],
    )  # fmt: skip
    def test_what_the_logframe_declares(self, word, unit):
        assert OWN.resolve(word) == unit

    def test_units_that_differ_in_capitals_are_told_apart_by_them_alone(self):
        assert (OWN.resolve("mW"), OWN.resolve("MW"), OWN.resolve("mw")) == ("mW", "MW", None)

    def test_only_an_exact_name_is_known(self):
        assert [OWN.known(word) for word in ("box", "Box", "crate", "person", "people", "%", "percent")] == [
            True, False, False, True, False, False, True,
        ]  # fmt: skip

    def test_currencies(self):
        assert [OWN.is_currency(unit) for unit in ("USD", "thousand somoni", "kTJS", "kg", "box", "around")] == [
            True, True, True, False, False, False,
        ]  # fmt: skip


class TestFactors:
    @pytest.mark.parametrize(
        ("unit", "to", "factor"),
        [
            ("kg", "kg", 1), ("kg", "g", 1000), ("g", "t", Fraction(1, 1_000_000)), ("km", "m", 1000), ("ha", "m2", 10_000),
            ("ha", "km2", Fraction(1, 100)), ("m3", "l", 1000), ("week", "day", 7), ("minute", "week", Fraction(1, 10_080)),
            ("MWh", "kWh", 1000), ("Mbit/s", "kbit/s", 1000), ("people", "person", 1), ("%", "percent", 1),
            ("box", "kg", Fraction(25, 2)), ("crate", "g", 12_500), ("t", "box", 80), ("third", "box", Fraction(1, 3)),
            ("third", "g", Fraction(12_500, 3)), ("kg", "third", Fraction(6, 25)), ("thousand somoni", "TJS", 1000),
            (None, "kg", 1), (None, None, 1), (None, "whatever", 1), ("whatever", "whatever", 1),
        ],
    )  # fmt: skip
    def test_exact(self, unit, to, factor):
        found = OWN.factor(unit, to)
        assert isinstance(found, Fraction)
        assert found == factor

    @pytest.mark.parametrize(
        ("unit", "to"),
        [
            ("person", "household"), ("kg", "km"), ("kg", "person"), ("percent", "kg"), ("USD", "TJS"), ("kit", "box"),
            ("units", "kg"), ("kg", "units"), ("kg", None), ("around", "kg"), ("around", "back"), ("month", "day"), ("W", "kWh"),
        ],
    )  # fmt: skip
    def test_nothing_is_guessed(self, unit, to):
        assert OWN.factor(unit, to) is None

    def test_of_all_physical_units_the_way_back_is_the_inverse(self):
        for one, other in product(PHYSICAL, repeat=2):
            there, back = PLAIN.factor(one, other), PLAIN.factor(other, one)
            assert (there is None) == (back is None)
            assert there is None or there * back == 1

    def test_a_declaration_without_factor_converts_nothing(self):
        table = UnitTable(plan(units=[{"id": "sack", "of": "kg"}]))
        assert table.factor("sack", "kg") is None


class TestRates:
    TABLE = UnitTable(
        plan(
            exchange_rates=[
                {"currency": "USD", "to": "TJS", "rate": "10", "date": "2024-01-01"},
                {"currency": "USD", "to": "TJS", "rate": "11", "date": "2025-01-01"},
                {"currency": "EUR", "to": "TJS", "rate": "12", "date": "2024-01-01"},
                {"currency": "EUR", "to": "TJS", "rate": "12.5", "date": "2024-06-30", "kind": "average"},
                {"currency": "CHF", "to": "USD", "rate": "1.1", "date": "2024-01-01"},
                {"currency": "CHF", "to": "USD", "rate": "1.2"},
            ],
            units=[{"id": "k", "of": "USD", "factor": 1000}],
        )
    )

    @pytest.mark.parametrize(
        ("unit", "to", "day", "factor"),
        [
            ("USD", "TJS", "2024-01-01", 10), ("USD", "TJS", "2024-12-31", 10), ("USD", "TJS", "2025-01-01", 11),
            ("USD", "TJS", "2023-12-31", None), ("TJS", "USD", "2025-06-30", Fraction(1, 11)), ("USD", "TJS", None, 11),
            # An average goes before a spot rate, once there is one.
            ("EUR", "TJS", "2024-06-29", 12), ("EUR", "TJS", "2024-06-30", Fraction(25, 2)),
            # A rate without a date always holds, and goes first.
            ("CHF", "USD", "2020-01-01", Fraction(6, 5)), ("CHF", "USD", "2025-01-01", Fraction(6, 5)),
            # There are no chains over a third currency.
            ("CHF", "TJS", "2025-01-01", None),
            ("k", "TJS", "2024-03-31", 10_000),
        ],
    )  # fmt: skip
    def test_of_the_day(self, unit, to, day, factor):
        on = None if day is None else dt.date.fromisoformat(day)
        assert self.TABLE.factor(unit, to, on=on) == factor


def test_pint_is_loaded_only_when_two_physical_units_meet():
    code = """
import sys
from mne.logframe.files import read_logframe, from_text
from mne.logframe.units import UnitTable
plan, _ = from_text('''
id: P
title: x
start: 2024-01-01
end: 2024-12-31
results: [{id: G, level: impact, title: x, indicators: [{id: I, title: x, measure: number, unit: kg, accumulation: level}]}]
''')
table = UnitTable(plan)
assert table.resolve("Kg") == "kg" and table.factor("people", "person") == 1 and table.factor("kg", "person") is None
assert "pint" not in sys.modules
assert table.factor("t", "kg") == 1000
assert "pint" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_factor_is_the_one_of_pints_own_list():
    import pint

    full = pint.UnitRegistry(non_int_type=Fraction, cache_folder=None)

    def expected(unit: str, to: str) -> Fraction | None:
        one = full.Quantity(Fraction(1), unit)
        return Fraction(one.to(to).magnitude) if one.is_compatible_with(to) else None

    pairs = list(product(PHYSICAL, repeat=2))
    assert {pair: PLAIN.factor(*pair) for pair in pairs} == {
        (unit, to): expected(PHYSICAL[unit], PHYSICAL[to]) for unit, to in pairs
    }


@pytest.mark.parametrize("unit", sorted(SHOWN))
def test_what_a_unit_is_shown_as_is_read_as_that_unit(unit: str) -> None:
    table = UnitTable(mne.example("tajikistan"))
    assert {lang: table.resolve(words) for lang, words in SHOWN[unit].items()} == dict.fromkeys(SHOWN[unit], unit)
