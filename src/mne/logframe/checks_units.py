"""Units, currencies and exchange rates: whether a plan names what it counts, and in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding
from mne.ground.phrases import phrase
from mne.logframe.choices import Measure
from mne.logframe.places import indicators_at, nearest, problem
from mne.logframe.units import COUNTS, CURRENCIES, PHYSICAL, UnitTable

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe

__all__ = ["CHECKS"]


def units(plan: Logframe) -> Iterator[Finding]:
    """An indicator's unit is declared in the logframe or in the vocabulary, letter by letter, and fits its measure."""
    table = UnitTable(plan)
    for path, indicator in indicators_at(plan):
        if indicator.unit is None:
            continue
        if not table.known(indicator.unit):
            expected: str = phrase("a unit of the vocabulary, or one declared under `units`")
            if table.ambiguous(indicator.unit):
                expected = phrase(
                    "a unit of the vocabulary, or one declared under `units`; this word means several units"
                )
            meant = table.resolve(indicator.unit)
            yield problem(
                "logframe-unit-unknown",
                f"{path}.unit",
                found=indicator.unit,
                expected=expected,
                indicator=indicator.id,
                suggestion=meant or nearest(indicator.unit, [*COUNTS, *PHYSICAL, *(unit.id for unit in plan.units)]),
            )
        elif expected := _misfit(table, indicator, indicator.unit):
            yield problem(
                "logframe-unit-measure",
                f"{path}.unit",
                found=indicator.unit,
                expected=expected,
                indicator=indicator.id,
            )


def _misfit(table: UnitTable, indicator: Indicator, unit: str) -> str:
    """What should stand there instead; empty where the unit fits the measure."""
    percent = table.resolve(unit) == "percent"
    if indicator.measure is Measure.CURRENCY and not table.is_currency(unit):
        return phrase("a currency, such as USD, for an amount of money")
    if indicator.measure is Measure.PERCENTAGE and (unit in COUNTS or unit in PHYSICAL) and not percent:
        return phrase("percent, or no unit: a percentage has no other")
    if indicator.measure is Measure.NUMBER and percent:
        return phrase("measure: percentage for values in percent, since numbers are added up")
    return ""


def unit_names(plan: Logframe) -> Iterator[Finding]:
    """No two declared units have the same name or the same other word."""
    taken: dict[str, str] = {}
    for at, unit in enumerate(plan.units):
        if unit.id in taken:
            where = f"units[{at}].id"
            related = (taken[unit.id],)
            yield problem(
                "logframe-duplicate-id", where, found=unit.id, expected=phrase("an id of its own"), related=related
            )
        taken.setdefault(unit.id, f"units[{at}].id")
    for at, unit in enumerate(plan.units):
        for k, alias in enumerate(unit.aliases):
            where = f"units[{at}].aliases[{k}]"
            other = taken.get(alias)
            if other is not None and not other.startswith(f"units[{at}]."):
                yield problem(
                    "logframe-duplicate-id",
                    where,
                    found=alias,
                    expected=phrase("a word for one unit only"),
                    related=(other,),
                )
            elif alias in PHYSICAL or alias in CURRENCIES:
                expected = phrase("another word: this one has a meaning of its own")
                yield problem("logframe-unit-declaration", where, found=alias, expected=expected)
            taken.setdefault(alias, where)


def unit_declarations(plan: Logframe) -> Iterator[Finding]:
    """A declared unit has both `of` and `factor` or neither, stands on a known unit, and not on itself."""
    table = UnitTable(plan)
    above = {unit.id: unit.of for unit in plan.units}
    for at, unit in enumerate(plan.units):
        where = f"units[{at}]"
        if (unit.of is None) != (unit.factor is None):
            expected = phrase("both `of` and `factor`, or neither")
            yield problem("logframe-unit-declaration", where, found=unit.id, expected=expected)
        elif unit.of is not None and not table.known(unit.of):
            meant = table.resolve(unit.of)
            yield problem(
                "logframe-unit-declaration",
                f"{where}.of",
                found=unit.of,
                expected=phrase("a unit of the vocabulary, or one declared under `units`"),
                suggestion=meant,
            )
        elif unit.id in PHYSICAL or unit.id in CURRENCIES or (unit.id in COUNTS and unit.of is not None):
            expected = phrase("another name: this one has a meaning of its own")
            yield problem("logframe-unit-declaration", f"{where}.id", found=unit.id, expected=expected)
        chain = [unit.id]
        while (next_ := above.get(chain[-1])) is not None and next_ not in chain:
            chain.append(next_)
        if next_ == unit.id:
            found = " of ".join([*chain, next_])
            expected = phrase("a unit that does not lead back")
            yield problem("logframe-unit-declaration", f"{where}.of", found=found, expected=expected)


def currencies(plan: Logframe) -> Iterator[Finding]:
    """A currency is named by its code of ISO 4217, or is a declared unit."""
    named = [("currency", plan.currency)]
    named += [(f"budgets[{at}].currency", budget.currency) for at, budget in enumerate(plan.budgets)]
    for at, rate in enumerate(plan.exchange_rates):
        named += [(f"exchange_rates[{at}].currency", rate.currency), (f"exchange_rates[{at}].to", rate.to)]
    declared = {unit.id for unit in plan.units}
    for path, code in named:
        if code is not None and code not in CURRENCIES and code not in declared:
            upper = code.upper()
            yield problem(
                "logframe-currency-unknown",
                path,
                found=code,
                expected=phrase("a code of ISO 4217, such as USD or TJS"),
                suggestion=upper if upper in CURRENCIES else None,
            )


def exchange_rates(plan: Logframe) -> Iterator[Finding]:
    """Between two different currencies there is one rate of a kind for a day, and one at most that always holds."""
    seen: dict[tuple[object, ...], str] = {}
    for at, rate in enumerate(plan.exchange_rates):
        where = f"exchange_rates[{at}]"
        if rate.currency == rate.to:
            found = phrase("{currency} to itself", currency=rate.currency)
            yield problem(
                "logframe-rate-duplicate", where, found=found, expected=phrase("a rate between two currencies")
            )
            continue
        key = (rate.currency, rate.to, rate.date, rate.kind if rate.date is not None else None)
        if key in seen:
            found = phrase(
                "{currency} to {to} twice for {date}",
                currency=rate.currency,
                to=rate.to,
                date=rate.date or phrase("always"),
            )
            yield problem(
                "logframe-rate-duplicate",
                where,
                found=found,
                expected=phrase("one rate for a day"),
                related=(seen[key],),
            )
        seen.setdefault(key, where)


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (
    units, unit_names, unit_declarations, currencies, exchange_rates,
)  # fmt: skip
