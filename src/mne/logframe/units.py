"""Units: a fixed vocabulary in front of pint, the units that a logframe declares, and its exchange rates.

Read `UnitTable.factor` first. Every factor is an exact fraction; a word that could mean two units means none, and
nothing from a file ever reaches pint itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from mne.logframe.unit_words import AMBIGUOUS, MONEY, WORDS

if TYPE_CHECKING:
    from mne.logframe.model import ExchangeRate, Logframe, UnitDeclaration

__all__ = ["AMBIGUOUS", "COUNTS", "CURRENCIES", "PHYSICAL", "VOCABULARY", "UnitTable"]

LONGEST: Final = 40

PHYSICAL: Final[dict[str, str]] = {
    "percent": "percent", "g": "gram", "kg": "kilogram", "t": "metric_ton", "mg": "milligram",
    "mm": "millimeter", "cm": "centimeter", "m": "meter", "km": "kilometer",
    "m2": "meter ** 2", "km2": "kilometer ** 2", "ha": "hectare",
    "l": "liter", "ml": "milliliter", "m3": "meter ** 3",
    "second": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week",
    "W": "watt", "kW": "kilowatt", "MW": "megawatt", "Wh": "watt_hour", "kWh": "kilowatt_hour", "MWh": "megawatt_hour",
    "bit/s": "bit / second", "kbit/s": "kilobit / second", "Mbit/s": "megabit / second", "Gbit/s": "gigabit / second",
}  # fmt: skip
"""Physical units by the name used here, with pint's own name for them."""

COUNTS: Final = frozenset(
    {
        "person", "household", "family", "community", "village", "district", "country", "institution", "organisation",
        "government", "school", "facility", "enterprise", "farm", "service", "system", "product", "event", "session",
        "training", "document", "report", "policy", "law", "plan", "study", "agreement", "project", "case", "visit",
        "transaction", "account", "terminal", "device", "site", "building", "ward", "item", "month", "year", "point",
        "score",
    }
)  # fmt: skip
"""Things that are counted; each is a kind of its own, and people are not households."""

CURRENCIES: Final = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY
    TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG XDR
    BYR EEK HRK LTL LVL MRO SLL STD VEF ZMK ZWL
    """.split()  # noqa: SIM905 (a table of codes is read as text)
)
"""Currency codes of ISO 4217; the last line are those given up since 2010, which older projects still hold."""

VOCABULARY: Final = frozenset({*PHYSICAL, *COUNTS, *CURRENCIES})
"""Every unit that a logframe can name without declaring it."""

_ANY_CASE: Final = frozenset({"percent", "kg", "cm", "km", "ha", "m2", "km2", "m3", "l", "kW", "kWh", "bit/s"})
"""Symbols that mean the same in capitals; an M, a T or an mW does not."""

_USUAL: Final = ("kg", "t", "g", "km", "m", "ha", "m2", "l", "m3", "hour", "day", "week", "kWh", "MWh", "kW", "MW")
"""Units that are told as ways to report another one of the same kind."""

_SYMBOLS: Final = frozenset(name.casefold() for name in PHYSICAL)


def _by_title(units: Iterable[UnitDeclaration]) -> dict[str, str]:
    """The units that a logframe declares by their titles in all languages, in singular and plural alike."""
    found: dict[str, set[str]] = {}
    for unit in units:
        title = unit.title.root if unit.title is not None else ()
        for name in (title,) if isinstance(title, str) else title.values() if title else ():
            found.setdefault(_stem(name.casefold()), set()).add(unit.id)
    return {stem: min(ids) for stem, ids in found.items() if len(ids) == 1}


def _forms(text: str) -> tuple[str, ...]:
    """How a word is looked up: in small letters, and without the dots of what is shortened."""
    folded = " ".join(text.split()).casefold()
    return tuple(dict.fromkeys((folded, " ".join(folded.replace(".", " ").split()))))


def _stem(name: str) -> str:
    """What the forms of a word have in common: schools and school, школы and школа, мактабҳо and мактаб."""
    return " ".join(_ENDING.sub("", word) if len(word) > _SHORT else word for word in name.split())


def _root(name: str) -> str:
    """The stem of a word that may have two endings: хонаводаҳо and хонавода."""
    return _stem(_stem(name))


_SHORT: Final = 3
_ENDING: Final = re.compile(
    r"(?:(?<=[a-zà-ÿ]{3})(?:es|s)|(?<=[^\W\d_]{3})(?:ҳо|ые|ие|ых|их|ая|яя|ой|ов|ев|ами|ями|ам|ы|и|а|я|у|ю|е|ь))$"
)


class UnitTable:
    """The units that one logframe knows: its own declarations, the fixed vocabulary, its exchange rates."""

    def __init__(self, plan: Logframe) -> None:
        self._declared: dict[str, UnitDeclaration] = {unit.id: unit for unit in plan.units}
        self._rates: tuple[ExchangeRate, ...] = plan.exchange_rates
        self._currencies = frozenset(_currencies(plan))
        self._names: dict[str, str] = {**_vocabulary_names(), **{code.casefold(): code for code in self._currencies}}
        # Two units that differ in capitals only are told apart by them, and by nothing else.
        own = {(alias.casefold(), unit.id) for unit in plan.units for alias in (unit.id, *unit.aliases)}
        doubled = Counter(word for word, _ in own)
        self._names.update({word: id for word, id in own if doubled[word] == 1 and word not in _SYMBOLS})
        self._titles = _by_title(plan.units)
        self._aliases: dict[str, str] = {alias: unit.id for unit in plan.units for alias in unit.aliases}

    def known(self, unit: str) -> bool:
        """Whether `unit` is, letter by letter, the name of a unit."""
        return unit in self._declared or unit in VOCABULARY

    def resolve(self, text: str) -> str | None:
        """The unit that a partner's word means; None when it means none, or could mean two."""
        word = " ".join(text.split())
        if not word or len(word) > LONGEST:
            return None
        if self.known(word):
            return word
        if word in self._aliases:
            return self._aliases[word]
        forms = _forms(word)
        for form in forms:
            meant = self._names.get(form) or (self._titles.get(_stem(form)) if form not in AMBIGUOUS else None)
            if meant is not None and (form not in AMBIGUOUS or meant in self._declared):
                return meant
        if not AMBIGUOUS.isdisjoint(forms):
            return self._money(forms)
        return _vocabulary_stems().get(_root(forms[-1]))

    def _money(self, forms: Iterable[str]) -> str | None:
        """The currency that dollars or roubles are: the only one of that name that the project knows."""
        known = {code for form in forms for code in MONEY.get(form, ()) if code in self._currencies}
        return known.pop() if len(known) == 1 else None

    def fitting(self, own: str) -> tuple[str, ...]:
        """The units in which an indicator in `own` may be reported, its own first; of the known ones the usual."""
        usual = (*self._declared, *sorted(self._currencies), *_USUAL)
        others = (unit for unit in usual if unit != own and self.factor(unit, own) is not None)
        return (own, *dict.fromkeys(others))

    def ambiguous(self, text: str) -> bool:
        """Whether a word is refused because it means several units."""
        return not AMBIGUOUS.isdisjoint(_forms(text)) and self.resolve(text) is None

    def is_currency(self, unit: str) -> bool:
        """Whether `unit` is a currency, or is declared to hold so much of one."""
        base, _ = self._base(self.resolve(unit) or unit)
        return base in CURRENCIES

    def measures(self, unit: str, to: str) -> bool:
        """Whether `unit` measures what `to` does: it converts into it, or both are money, even if a rate is lacking."""
        return self.factor(unit, to) is not None or (self.is_currency(unit) and self.is_currency(to))

    def factor(self, unit: str | None, to: str | None, *, on: dt.date | None = None) -> Fraction | None:
        """What a value in `unit` is multiplied by to be in `to`; None where no conversion is declared.

        No unit is the unit asked for. `on` is the day whose exchange rate counts for currencies: a fixed rate first,
        else the newest average rate of that day or earlier, else the newest spot rate.
        """
        if unit is None or unit == to:
            return Fraction(1)
        first = self.resolve(unit)
        second = self.resolve(to) if to is not None else None
        if first is None or second is None:
            return None
        if first == second:
            return Fraction(1)
        base, times = self._base(first)
        other_base, other_times = self._base(second)
        if base is None or other_base is None:
            return None
        between = Fraction(1) if base == other_base else self._between(base, other_base, on)
        return None if between is None else times * between / other_times

    def _base(self, unit: str) -> tuple[str | None, Fraction]:
        """The unit at the end of the declarations `of`, and how many of it one `unit` holds."""
        times = Fraction(1)
        seen: set[str] = set()
        while (declared := self._declared.get(unit)) is not None and declared.of is not None:
            if unit in seen or declared.factor is None:
                return None, times
            seen.add(unit)
            times *= declared.factor
            unit = self.resolve(declared.of) or declared.of
        return unit, times

    def _between(self, base: str, other: str, on: dt.date | None) -> Fraction | None:
        if base in PHYSICAL and other in PHYSICAL and base not in self._declared and other not in self._declared:
            return _physical(PHYSICAL[base], PHYSICAL[other])
        for kind in ("fixed", "average", "spot"):
            forwards = self._rate(base, other, kind, on)
            if forwards is not None:
                return forwards
            backwards = self._rate(other, base, kind, on)
            if backwards is not None:
                return 1 / backwards
        return None

    def _rate(self, currency: str, to: str, kind: str, on: dt.date | None) -> Fraction | None:
        """The newest rate of one kind on a day; one without a date is fixed, whatever it is called."""
        known = [rate for rate in self._rates if rate.currency == currency and rate.to == to]
        if kind == "fixed":
            rates = [rate for rate in known if rate.date is None or rate.kind == "fixed"]
        else:
            rates = [rate for rate in known if rate.kind == kind and rate.date is not None]
            rates = [rate for rate in rates if on is None or (rate.date or on) <= on]
        newest = max(rates, key=lambda rate: rate.date or dt.date.max, default=None)
        return None if newest is None else Fraction(newest.rate)


def _currencies(plan: Logframe) -> Iterator[str]:
    """The currencies of this plan, which partners may write in small letters: of others, "all" or "top" are words."""
    named = [plan.currency, *(budget.currency for budget in plan.budgets)]
    named += [code for rate in plan.exchange_rates for code in (rate.currency, rate.to)]
    named += [unit.of for unit in plan.units]
    named += [indicator.unit for indicator in plan.indicators.values()]
    return (code for code in named if code in CURRENCIES)


@lru_cache(maxsize=1)
def _vocabulary_names() -> dict[str, str]:
    """The vocabulary by every word for it, in small letters."""
    names = {**WORDS, **{name: name for name in COUNTS}, **{name.casefold(): name for name in _ANY_CASE}}
    names.update({f"{name}s": name for name in COUNTS if f"{name}s" not in names})
    return names


@lru_cache(maxsize=1)
def _vocabulary_stems() -> dict[str, str]:
    """The vocabulary by the stems of its words, those of two units left out."""
    found: dict[str, set[str]] = {}
    for word, unit in _vocabulary_names().items():
        found.setdefault(_root(word), set()).add(unit)
    return {stem: min(units) for stem, units in found.items() if len(units) == 1 and stem not in AMBIGUOUS}


_DEFINITIONS: Final = (
    "nano- = 1/1000000000", "micro- = 1/1000000", "milli- = 1/1000", "centi- = 1/100", "deci- = 1/10",
    "kilo- = 1000", "mega- = 1000000", "giga- = 1000000000",
    "meter = [length]", "gram = [mass]", "second = [time]", "bit = []", "percent = 1/100",
    "minute = 60 * second", "hour = 60 * minute", "day = 24 * hour", "week = 7 * day",
    "hectare = 10000 * meter ** 2", "liter = meter ** 3 / 1000", "metric_ton = 1000000 * gram",
    "watt = 1000 * gram * meter ** 2 / second ** 3", "watt_hour = watt * hour",
)  # fmt: skip
"""The units of `PHYSICAL` for pint: to read its own list of a thousand takes longer than to judge most reports.

A test holds every factor between two of them against pint's list.
"""


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(list(_DEFINITIONS), non_int_type=Fraction, cache_folder=None)


@lru_cache(maxsize=256)
def _physical(unit: str, to: str) -> Fraction | None:
    """The factor between two of pint's own names; None when they measure different things."""
    registry = _registry()
    one = registry.Quantity(Fraction(1), unit)
    if not one.is_compatible_with(to):
        return None
    return Fraction(one.to(to).magnitude)


_PLURALS: Final[dict[str, str]] = {"person": "people"}


def plural(unit: str) -> str:
    """The English word for several of a counted unit (households, people); any other unit as it is."""
    if unit not in COUNTS:
        return unit
    if unit in _PLURALS:
        return _PLURALS[unit]
    return f"{unit[:-1]}ies" if unit.endswith("y") and unit[-2] not in "aeiou" else f"{unit}s"
