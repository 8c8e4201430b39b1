"""One contribution from a child's indicator to its parent's: whether it fits, in what unit, and in which periods.

Read `Link` first. Everything here follows from the two plans; no report is looked at.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from mne.ground.phrases import phrase
from mne.logframe.indicator import Axis, Indicator, Measure, Rule
from mne.logframe.units import UnitTable

if TYPE_CHECKING:
    import datetime as dt

    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period

__all__ = ["Link", "Match", "Misfit"]


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why no value of a child can count in its parent: the code and the words of the finding."""

    code: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Match:
    """Where a child's period belongs: the parent's period that holds it, and all those that it touches."""

    inside: Period | None
    touched: tuple[Period, ...]


@dataclass(frozen=True)
class Link:
    """One contribution: a child's indicator and the parent's that it adds to, each in its own plan."""

    plan: Logframe
    indicator: Indicator
    parent: Logframe
    above: Indicator

    @cached_property
    def misfit(self) -> Misfit | None:
        """What keeps the child from ever counting: another measure, accumulation or kind of unit."""
        child, above = self.indicator, self.above
        if child.measure is not above.measure:
            return Misfit("contribution-other-measure", child.measure, above.measure)
        scales = [", ".join(stage.id for stage in each.scale) for each in (child, above)]
        if above.measure.is_ranked and scales[0] != scales[1]:
            return Misfit(
                "contribution-other-measure",
                phrase("the scale {scale}", scale=scales[0]),
                phrase("the scale {scale}", scale=scales[1]),
            )
        if above.by_denominator and above.rule(Axis.PROJECTS) is Rule.POOLED and not child.by_denominator:
            found = phrase("{measure} without numerator and denominator", measure=child.measure)
            return Misfit("contribution-other-measure", found, phrase("{measure} with both", measure=above.measure))
        if child.accumulation is not above.accumulation:
            words = [each.accumulation.replace("_", " ") for each in (child, above)]
            return Misfit("contribution-other-accumulation", words[0], words[1])
        if self.factor() is None:
            unit, own = self.units
            return Misfit("contribution-other-unit", own or phrase("no unit"), unit or phrase("no unit"))
        return None

    @cached_property
    def units(self) -> tuple[str | None, str | None]:
        """The units of the parent's indicator and of the child's, said or understood."""
        return _unit(self.parent, self.above), _unit(self.plan, self.indicator)

    def factor(self, on: dt.date | None = None) -> Fraction | None:
        """What a value of the child is multiplied by to be in the parent's unit; None where no conversion is declared.

        Each unit means what its own plan declares. Currencies convert by the parent's rates of the day `on` (None: by
        the newest), and where it has none by the child's.
        """
        unit, own = self.units
        declared = {each.id for plan in (self.plan, self.parent) for each in plan.units}
        if unit == own and unit not in declared:
            return Fraction(1)
        first, second = self._bases
        if first is None or second is None:
            return Fraction(1) if first is second else None
        (base, times), (other, other_times) = first, second
        between = Fraction(1) if base == other else None
        for table in self._tables:
            between = table.factor(base, other, on=on) if between is None else between
        return None if between is None else times * between / other_times

    @cached_property
    def _tables(self) -> tuple[UnitTable, UnitTable]:
        return UnitTable(self.parent), UnitTable(self.plan)

    @cached_property
    def _bases(self) -> tuple[tuple[str, Fraction] | None, tuple[str, Fraction] | None]:
        above, here = self._tables
        return _base(self.plan, here, self.indicator), _base(self.parent, above, self.above)

    @cached_property
    def matches(self) -> Mapping[Period, Match]:
        """For each period of the child the one of the parent that holds it: by dates, or by names that both declare.

        Names count where both calendars declare one and mean different days by it: then they alone decide, and a
        period without a shared name belongs nowhere.
        """
        theirs = self.parent.periods_of(self.above)
        named = _named(self.plan, self.parent)
        found: dict[Period, Match] = {}
        for period in self.plan.periods_of(self.indicator):
            if named is None:
                found[period] = _by_dates(period, theirs)
                continue
            holding = [(own, other) for own, other in named if own.start <= period.start and period.end <= own.end]
            if not holding:
                found[period] = Match(None, ())
                continue
            own, other = min(holding, key=lambda pair: (pair[0].end - pair[0].start, pair[0], pair[1]))
            same_days = (own.start, own.end) == (other.start, other.end)
            found[period] = _by_dates(period if same_days else other, theirs)
        return found


def _unit(plan: Logframe, indicator: Indicator) -> str | None:
    """The unit that an indicator is counted in, said or understood."""
    understood = {Measure.PERCENTAGE: "percent", Measure.CURRENCY: plan.currency}
    return indicator.unit or understood.get(indicator.measure)


def _base(plan: Logframe, table: UnitTable, indicator: Indicator) -> tuple[str, Fraction] | None:
    """The unit at the end of a plan's own declarations, and how many of it one of the indicator's unit holds."""
    unit = _unit(plan, indicator)
    if unit is None:
        return None
    declared = {each.id: each for each in plan.units}
    here, times = table.resolve(unit) or unit, Fraction(1)
    seen: set[str] = set()
    while here in declared and here not in seen:
        seen.add(here)
        held, factor = declared[here].of, declared[here].factor
        if held is None or factor is None:
            break
        here, times = table.resolve(held) or held, times * Fraction(factor)
    return here, times


def _named(plan: Logframe, parent: Logframe) -> list[tuple[Period, Period]] | None:
    """The periods that both plans have a name for, as (child's, parent's); None where names say what dates say."""
    pairs = []
    for name in sorted(set(plan.calendar.names) & set(parent.calendar.names)):
        own, other = plan.period(name), parent.period(name)
        if own is not None and other is not None:
            pairs.append((own, other))
    return pairs if any((own.start, own.end) != (other.start, other.end) for own, other in pairs) else None


def _by_dates(period: Period, theirs: Sequence[Period]) -> Match:
    first = max(bisect.bisect_right(theirs, period.start, key=lambda each: each.start) - 1, 0)
    last = bisect.bisect_left(theirs, period.end, key=lambda each: each.start)
    touched = tuple(each for each in theirs[first:last] if period.start < each.end)
    inside = next((each for each in touched if each.start <= period.start and period.end <= each.end), None)
    return Match(inside, touched)
