"""Units: a fixed vocabulary in front of pint, the units that a logframe declares, and its exchange rates.

Read `UnitTable.factor` first. Every factor is an exact fraction; a word that could mean two units means none, and
nothing from a file ever reaches pint itself.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mne.logframe.model import ExchangeRate, Logframe, UnitDeclaration

__all__ = ["AMBIGUOUS", "COUNTS", "CURRENCIES", "PHYSICAL", "UnitTable"]

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
    TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG XDR
    """.split()  # noqa: SIM905 (a table of codes is read as text)
)
"""Currency codes of ISO 4217."""

_ALIASES: Final[dict[str, str]] = {
    "%": "percent", "per cent": "percent", "percentage": "percent", "pct": "percent", "pourcent": "percent",
    "процент": "percent", "проценты": "percent", "процентов": "percent", "фоиз": "percent",
    "gram": "g", "grams": "g", "kilogram": "kg", "kilograms": "kg", "kgs": "kg", "кг": "kg",
    "tonne": "t", "tonnes": "t", "metric ton": "t", "metric tons": "t", "тонна": "t", "тонн": "t",
    "metre": "m", "metres": "m", "meter": "m", "meters": "m", "kilometre": "km", "kilometres": "km",
    "kilometer": "km", "kilometers": "km", "км": "km", "hectare": "ha", "hectares": "ha", "га": "ha",
    "m²": "m2", "km²": "km2", "m³": "m3", "litre": "l", "litres": "l", "liter": "l", "liters": "l",
    "hours": "hour", "days": "day", "weeks": "week", "months": "month", "years": "year", "minutes": "minute",
    "people": "person", "persons": "person", "individual": "person", "individuals": "person", "pers.": "person",
    "personne": "person", "personnes": "person", "человек": "person", "чел.": "person",
    "чел": "person", "нафар": "person",
    "households": "household", "hh": "household", "ménage": "household", "ménages": "household",
    "families": "family", "communities": "community", "countries": "country", "facilities": "facility",
    "policies": "policy", "studies": "study", "organisations": "organisation", "services": "service",
    "услуга": "service", "услуг": "service", "школа": "school", "школ": "school", "école": "school", "écoles": "school",
}  # fmt: skip

AMBIGUOUS: Final = frozenset({"units", "unit", "ton", "tons", "mt", "no", "no.", "nb", "pc", "pcs", "k", "c", "lb"})
"""Words that mean several units in the field, or that a parser of physics reads as something else."""


class UnitTable:
    """The units that one logframe knows: its own declarations, the fixed vocabulary, its exchange rates."""

    def __init__(self, plan: Logframe) -> None:
        self._declared: dict[str, UnitDeclaration] = {unit.id: unit for unit in plan.units}
        self._rates: tuple[ExchangeRate, ...] = plan.exchange_rates
        self._names: dict[str, str] = dict(_ALIASES)
        self._names.update({name.casefold(): name for name in (*COUNTS, *PHYSICAL, *CURRENCIES)})
        self._names.update({f"{name}s": name for name in COUNTS if f"{name}s" not in self._names})
        for unit in plan.units:
            self._names.update({alias.casefold(): unit.id for alias in (unit.id, *unit.aliases)})

    def known(self, unit: str) -> bool:
        """Whether `unit` is, letter by letter, the name of a unit."""
        return unit in self._declared or unit in PHYSICAL or unit in COUNTS or unit in CURRENCIES

    def resolve(self, text: str) -> str | None:
        """The unit that a partner's word means; None when it means none, or could mean two."""
        word = " ".join(text.split())
        if not word or len(word) > LONGEST:
            return None
        if self.known(word):
            return word
        folded = word.casefold()
        declared = self._names.get(folded)
        return None if declared is None or (folded in AMBIGUOUS and declared not in self._declared) else declared

    def ambiguous(self, text: str) -> bool:
        """Whether a word is refused because it means several units."""
        folded = " ".join(text.split()).casefold()
        return folded in AMBIGUOUS and self.resolve(text) is None

    def factor(self, unit: str | None, to: str | None, *, on: dt.date | None = None) -> Fraction | None:
        """What a value in `unit` is multiplied by to be in `to`; None where no conversion is declared.

        `on` is the day whose exchange rate counts for currencies: a fixed rate first, else the newest average
        rate of that day or earlier, else the newest spot rate.
        """
        first = self.resolve(unit) if unit is not None else to
        second = self.resolve(to) if to is not None else None
        if first is not None and first == second:
            return Fraction(1)
        if unit is None or first is None or second is None:
            return Fraction(1) if unit == to else None
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
            if unit in seen:
                return None, times
            seen.add(unit)
            times *= declared.factor if declared.factor is not None else 1
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


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(non_int_type=Fraction, cache_folder=None)


@lru_cache(maxsize=256)
def _physical(unit: str, to: str) -> Fraction | None:
    """The factor between two of pint's own names; None when they measure different things."""
    registry = _registry()
    one = registry.Quantity(Fraction(1), unit)
    if not one.is_compatible_with(to):
        return None
    return Fraction(one.to(to).magnitude)
