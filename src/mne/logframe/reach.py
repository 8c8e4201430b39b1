"""How far a change in a plan reaches: from an indicator through formulas and units, and up the chain to the goal.

Read `Reach` first. It errs on one side only: what it leaves out cannot change, what it names may still come out the
same. Both plans count at once, so that one change cannot hide the way that another one opens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from mne.logframe.choices import Measure
from mne.logframe.formula import FormulaError, parse
from mne.logframe.units import VOCABULARY, UnitTable

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe, Result

__all__ = ["Reach", "own_unit", "parents", "shares"]


@dataclass(frozen=True)
class Reach:
    """Two plans, and who is reached by a change in either of them. All ids are in the order of the plans."""

    old: Logframe
    new: Logframe

    @property
    def plans(self) -> tuple[Logframe, Logframe]:
        """Both plans."""
        return self.old, self.new

    @cached_property
    def _parents(self) -> tuple[Mapping[str, str | None], Mapping[str, str | None]]:
        return parents(self.old), parents(self.new)

    @cached_property
    def _users(self) -> Mapping[str, tuple[str, ...]]:
        """The indicators whose formula names an indicator, in either plan."""
        found: dict[str, dict[str, None]] = {}
        for plan in self.plans:
            for code, indicator in plan.indicators.items():
                for name in _names(indicator):
                    found.setdefault(name, {})[code] = None
        return {name: tuple(codes) for name, codes in found.items()}

    # --- who ----------------------------------------------------------------------------------------------------

    def above(self, *ids: str | None) -> tuple[str, ...]:
        """These results, and every result above them in either plan."""
        found: dict[str, None] = {}
        for start in ids:
            for up in self._parents:
                code = start
                # A plan built by hand may hold one id twice, and so lead in a circle.
                seen: set[str] = set()
                while code is not None and code in up and code not in seen:
                    seen.add(code)
                    found[code] = None
                    code = up[code]
        return tuple(found)

    def over(self, *ids: str) -> tuple[str, ...]:
        """Every result above these results or indicators, in either plan."""
        return self.above(*(up.get(code) for code in ids for up in self._parents))

    def judged(self, *indicators: str) -> tuple[str, ...]:
        """Indicators whose achievement can change, and the results above them."""
        return (*indicators, *self.over(*indicators))

    def counted(self, indicators: Iterable[str]) -> tuple[str, ...]:
        """Indicators whose value can change, those computed from them, and the results above them all."""
        found: dict[str, None] = {}
        waiting = list(indicators)
        while waiting:
            code = waiting.pop(0)
            if code not in found:
                found[code] = None
                waiting += self._users.get(code, ())
        return self.judged(*found)

    def where(self, holds: Callable[[Logframe, Indicator], bool]) -> tuple[str, ...]:
        """The indicators of which something holds in either plan."""
        found = {code: None for plan in self.plans for code, each in plan.indicators.items() if holds(plan, each)}
        return tuple(found)

    # --- units --------------------------------------------------------------------------------------------------

    def converted(self) -> tuple[str, ...]:
        """The indicators to which some unit now converts in another way; their own unit is the same.

        Units are compared as reports name them once they are recognised: the vocabulary, those declared, their aliases.
        """
        before, after = self._tables
        words = {*VOCABULARY, *_declared(self.old), *_declared(self.new)}
        turned = {word for word in words if _meaning(self.old, before, word) != _meaning(self.new, after, word)}
        found = set()
        for code in self.old.indicators.keys() & self.new.indicators.keys():
            unit = own_unit(self.old.indicators[code])
            if unit is None or unit != own_unit(self.new.indicators[code]):
                continue
            if unit in turned or any(
                before.factor(word, unit, on=day) != after.factor(word, unit, on=day)
                for word in turned
                for day in self._days
            ):
                found.add(code)
        return self.where(lambda _, each: each.id in found)

    @cached_property
    def _tables(self) -> tuple[UnitTable, UnitTable]:
        return UnitTable(self.old), UnitTable(self.new)

    @cached_property
    def _days(self) -> tuple[dt.date, ...]:
        """A day for each set of exchange rates that was ever in force."""
        starts = {self.old.start, self.new.start}
        starts |= {rate.date for plan in self.plans for rate in plan.exchange_rates if rate.date is not None}
        return tuple(sorted(starts))

    def exchanged(self, *currencies: str) -> tuple[str, ...]:
        """The indicators counted in one of these currencies, or in a unit that holds so much of one."""

        def holds(plan: Logframe, indicator: Indicator) -> bool:
            unit = own_unit(indicator)
            table = self._tables[0] if plan is self.old else self._tables[1]
            return unit is not None and _meaning(plan, table, unit)[0] in currencies

        return self.where(holds)


def parents(plan: Logframe) -> dict[str, str | None]:
    """The result that each result and indicator stands under; None for those at the top."""
    found: dict[str, str | None] = {result.id: None for result in plan.results}
    for result in plan.walk():
        found.update({each.id: result.id for each in result.results})
        found.update({each.id: result.id for each in result.indicators})
    return found


def shares(siblings: Iterable[Result] | Iterable[Indicator]) -> dict[str, Fraction]:
    """Each sibling's share of the weight: as given, or equal where none is given."""
    weights: dict[str, Decimal | None] = {each.id: each.weight for each in siblings}
    told = any(weight is not None for weight in weights.values())
    numbers = {code: Fraction(weight or 0) if told else Fraction(1) for code, weight in weights.items()}
    total = sum(numbers.values(), Fraction(0))
    return {code: number / total if total else Fraction(0) for code, number in numbers.items()}


def own_unit(indicator: Indicator) -> str | None:
    """The unit that an indicator is counted in; a percentage needs not say so."""
    return indicator.unit or ("percent" if indicator.measure is Measure.PERCENTAGE else None)


def _names(indicator: Indicator) -> tuple[str, ...]:
    if indicator.formula is None:
        return ()
    try:
        return parse(indicator.formula).names
    except FormulaError:
        return ()


def _declared(plan: Logframe) -> Iterator[str]:
    for unit in plan.units:
        yield unit.id
        yield from unit.aliases


def _meaning(plan: Logframe, table: UnitTable, word: str) -> tuple[str | None, Fraction]:
    """What a word for a unit means: so many of the unit at the end of its declarations."""
    declared = {unit.id: unit for unit in plan.units}
    here, times = table.resolve(word), Fraction(1)
    seen: set[str] = set()
    while here in declared and here not in seen:
        seen.add(here)
        held, factor = declared[here].of, declared[here].factor
        if held is None or factor is None:
            break
        here, times = table.resolve(held) or held, times * Fraction(factor)
    return here, times
