"""The logframe: a chain of results with indicators, and the lists that they point at.

Read `Logframe` first. The model is immutable and knows nothing of tables, engines or pages; it is
read from YAML or JSON by `mne.logframe.files` and checked by `mne.logframe.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import Field

from mne.ground.findings import clean_text
from mne.ground.language import Text
from mne.ground.maps import FrozenMap
from mne.logframe.indicator import TOTAL, Indicator, Reference
from mne.logframe.periods import Calendar, Frequency, Period
from mne.logframe.types import Code, Date, Factor, Flag, Model, Number, Whole, Words

__all__ = [
    "FORMAT",
    "Budget",
    "CodedName",
    "Dimension",
    "ExchangeRate",
    "Level",
    "Location",
    "Logframe",
    "Organisation",
    "Phase",
    "Result",
    "Source",
    "UnitDeclaration",
]

FORMAT: Final = 1
"""The version of the logframe format that this library writes."""


class Level(StrEnum):
    """Where a result stands in the chain (IATI's result types, and activity)."""

    IMPACT = "impact"
    OUTCOME = "outcome"
    OUTPUT = "output"
    ACTIVITY = "activity"
    OTHER = "other"

    @property
    def depth(self) -> int | None:
        """0 for impact, growing downwards; None for `other`, which may stand anywhere."""
        return {"impact": 0, "outcome": 1, "output": 2, "activity": 3}.get(self.value)


class CodedName(Model):
    """A code with a title: a category, a sector, a target group."""

    id: Code
    title: Text
    references: tuple[Reference, ...] = ()


class Location(CodedName):
    """A place that reports come from; `parent` is a larger place that holds it."""

    parent: Code | None = None


class Dimension(Model):
    """A way to split a value, with the list of its categories; each category appears once."""

    id: Code
    title: Text
    codes: tuple[CodedName, ...] = Field(min_length=1)


class Source(Model):
    """A document or register that numbers come from: a diagnostic, a survey, an assessment."""

    id: Code
    title: Text
    kind: Literal["diagnostic", "survey", "assessment", "register", "report", "website", "other"] = "other"
    date: Date | None = None
    url: Words | None = None
    author: Words | None = None
    note: Text | None = None
    illustrative: Flag = False


class Organisation(Model):
    """Anybody with a part in the project. Those with the role `partner` send reports."""

    id: Code
    title: Text
    roles: tuple[Literal["funding", "accountable", "extending", "implementing", "partner", "other"], ...] = ()
    references: tuple[Reference, ...] = ()
    email: Words | None = None
    illustrative: Flag = False


class Budget(Model):
    """An amount of money set aside, for the whole project or for one of its parts."""

    amount: Number
    currency: Code
    title: Text | None = None
    organisation: Code | None = None
    result: Code | None = None
    phase: Code | None = None
    status: Literal["planned", "committed", "spent"] = "planned"
    source: Code | None = None
    illustrative: Flag = False


class Phase(Model):
    """A stage of the project with its own dates."""

    id: Code
    title: Text | None = None
    start: Date
    end: Date


class UnitDeclaration(Model):
    """A unit that this logframe counts in; `of` and `factor` say how many of another unit it holds."""

    id: Code
    title: Text | None = None
    of: Code | None = None
    factor: Factor | None = None
    aliases: tuple[Code, ...] = ()


class ExchangeRate(Model):
    """How much one unit of `currency` is worth in `to`, from `date` on; or, without a date, always."""

    currency: Code
    to: Code
    rate: Factor
    date: Date | None = None
    kind: Literal["spot", "average", "fixed"] = "spot"
    source: Code | None = None


class Result(Model):
    """One link of the results chain, with its indicators and the results beneath it."""

    id: Code
    level: Level
    title: Text
    label: Text | None = None
    description: Text | None = None
    weight: Number | None = None
    weight_illustrative: Flag = False
    risk: Literal["low", "medium", "high"] | None = None
    assumptions: tuple[Text, ...] = ()
    risks: tuple[Text, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    results: tuple[Result, ...] = ()
    source: Code | None = None
    illustrative: Flag = False

    def walk(self) -> Iterator[Result]:
        """This result and all beneath it, parents first."""
        yield self
        for child in self.results:
            yield from child.walk()

    def __repr__(self) -> str:
        return f"Result({self.id}: {self.level}, {len(self.indicators)} indicators, {len(self.results)} results)"


class Logframe(Model):
    """A project's plan: what it wants to change, how that is measured, and from whom the numbers come."""

    format: Whole = FORMAT
    id: Code
    title: Text
    description: Text | None = None
    version: Code | None = None
    start: Date
    end: Date
    calendar: Calendar = Field(default_factory=Calendar)
    countries: tuple[Code, ...] = ()
    phases: tuple[Phase, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    locations: tuple[Location, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    units: tuple[UnitDeclaration, ...] = ()
    currency: Code | None = None
    exchange_rates: tuple[ExchangeRate, ...] = ()
    sectors: tuple[CodedName, ...] = ()
    target_groups: tuple[CodedName, ...] = ()
    budgets: tuple[Budget, ...] = ()
    sources: tuple[Source, ...] = ()
    references: tuple[Reference, ...] = ()
    results: tuple[Result, ...] = Field(min_length=1)
    reporting_lag: Whole | None = None
    """Days after a period's end by which its reports are due; None: no report is ever late."""
    thresholds: FrozenMap[Code, Number] = Field(default_factory=FrozenMap)
    severities: FrozenMap[Code, Code] = Field(default_factory=FrozenMap)
    """Severities of finding codes that this project treats differently."""
    notes: Text | None = None

    def walk(self) -> Iterator[Result]:
        """Every result, parents before children, in the order written."""
        for result in self.results:
            yield from result.walk()

    @cached_property
    def indicators(self) -> FrozenMap[str, Indicator]:
        """Every indicator by its id, in the order written."""
        return FrozenMap({each.id: each for result in self.walk() for each in result.indicators})

    @cached_property
    def results_by_id(self) -> FrozenMap[str, Result]:
        """Every result by its id, in the order written."""
        return FrozenMap({result.id: result for result in self.walk()})

    @cached_property
    def result_of(self) -> FrozenMap[str, str]:
        """The id of the result that each indicator belongs to."""
        return FrozenMap({each.id: result.id for result in self.walk() for each in result.indicators})

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """The codes of the organisations that send reports."""
        return tuple(each.id for each in self.organisations if "partner" in each.roles)

    def indicator(self, id: str) -> Indicator:
        """The indicator with this id.

        Raises:
            KeyError: there is none.
        """
        return self.indicators[id]

    def periods(self, frequency: Frequency | None = None) -> tuple[Period, ...]:
        """The project's reporting periods, in order, at the calendar's frequency or another."""
        return self.calendar.periods(self.start, self.end, frequency)

    def periods_of(self, indicator: Indicator) -> tuple[Period, ...]:
        """The periods in which `indicator` is reported."""
        return self.periods(indicator.frequency)

    def period(self, label: str, frequency: Frequency | None = None) -> Period | None:
        """The period with this label or project name, at any frequency unless one is given."""
        wanted = self.calendar.label_of(label)
        for each in (frequency,) if frequency else (self.calendar.frequency, *Frequency):
            found = self._labelled(each).get(wanted)
            if found is not None:
                return found
        return None

    def _labelled(self, frequency: Frequency) -> dict[str, Period]:
        return {period.label: period for period in self.periods(frequency)}

    def expected_reporters(self, indicator: Indicator, period: Period) -> tuple[tuple[str, str], ...]:
        """The (partner, location) pairs assigned to `indicator` in `period`; empty when none is assigned."""
        pairs: dict[tuple[str, str], None] = {}
        for assignment in indicator.assignments:
            begun = assignment.since is None or assignment.since < period.end
            open_ = assignment.until is None or assignment.until >= period.start
            if begun and open_:
                pairs.update({(assignment.partner, place): None for place in assignment.locations or (TOTAL,)})
        return tuple(pairs)

    def __repr__(self) -> str:
        results = sum(1 for _ in self.walk())
        return (
            f"Logframe({self.id}: {clean_text(self.title, limit=60)!r}, {results} results, "
            f"{len(self.indicators)} indicators, {self.start} to {self.end})"
        )

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)

    def __hash__(self) -> int:
        return hash((self.id, self.version, self.start, self.end, len(self.indicators)))

    def save(self, path: Any) -> None:
        """Write the logframe to `path` as YAML, JSON or HTML, by the ending."""
        from mne._render import save

        save(self, path)
