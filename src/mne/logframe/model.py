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
from mne.logframe.agreement import AgreementRule
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
    """A short code of its own within its list; `_T` stands for the whole and is taken."""
    title: Text
    """Its name, as people read it."""
    references: tuple[Reference, ...] = ()
    """Its codes in other lists."""


class Location(CodedName):
    """A place that reports come from; `parent` is a larger place that holds it."""

    parent: Code | None = None
    """The id of a larger place that holds it."""


class Dimension(Model):
    """A way to split a value, with the list of its categories; each category appears once."""

    id: Code
    """A short code: sex, age, region."""
    title: Text
    """Its name, as people read it."""
    codes: tuple[CodedName, ...] = Field(min_length=1)
    """Its categories; each person or thing belongs to exactly one."""


class Source(Model):
    """A document or register that numbers come from: a diagnostic, a survey, an assessment."""

    id: Code
    """A short code that baselines, targets and indicators name it by."""
    title: Text
    """Its title, as published."""
    kind: Literal["diagnostic", "survey", "assessment", "register", "report", "website", "other"] = "other"
    """What sort of document it is."""
    date: Date | None = None
    """When it was published, or the day it speaks of."""
    url: Words | None = None
    """Where it can be read."""
    author: Words | None = None
    """Who wrote it."""
    note: Text | None = None
    """Anything else that a reader should know."""
    illustrative: Flag = False
    """True when it is an example and there is no such document."""


class Organisation(Model):
    """Anybody with a part in the project. Those with the role `partner` send reports."""

    id: Code
    """A short code; partners write it in their reports."""
    title: Text
    """Its name."""
    roles: tuple[Literal["funding", "accountable", "extending", "implementing", "partner", "other"], ...] = ()
    """What it does in the project; those with the role partner send reports."""
    references: tuple[Reference, ...] = ()
    """Its codes in other lists."""
    email: Words | None = None
    """Where it can be reached."""
    illustrative: Flag = False
    """True when it is an example."""


class Budget(Model):
    """An amount of money set aside, for the whole project or for one of its parts."""

    amount: Number
    """How much, in whole units of the currency."""
    currency: Code
    """The currency, by its code of ISO 4217: USD, TJS."""
    title: Text | None = None
    """What it is for."""
    organisation: Code | None = None
    """The id of the organisation that gives it."""
    result: Code | None = None
    """The id of the result that it is for."""
    phase: Code | None = None
    """The id of the phase that it is for."""
    status: Literal["planned", "committed", "spent"] = "planned"
    """Whether it is planned, committed or spent."""
    source: Code | None = None
    """The id of the source that it comes from."""
    illustrative: Flag = False
    """True when nobody published it."""


class Phase(Model):
    """A stage of the project with its own dates."""

    id: Code
    """A short code of its own."""
    title: Text | None = None
    """Its name."""
    start: Date
    """Its first day."""
    end: Date
    """Its last day."""


class UnitDeclaration(Model):
    """A unit that this logframe counts in; `of` and `factor` say how many of another unit it holds."""

    id: Code
    """The name that indicators use."""
    title: Text | None = None
    """What is counted, as people read it."""
    of: Code | None = None
    """A unit of which this one holds `factor`."""
    factor: Factor | None = None
    """How many: 12, 0.001 or 1/3."""
    aliases: tuple[Code, ...] = ()
    """Other words that partners write for it."""


class ExchangeRate(Model):
    """How much one unit of `currency` is worth in `to`, from `date` on; or, without a date, always."""

    currency: Code
    """The currency that is converted, by its code of ISO 4217."""
    to: Code
    """The currency that it is converted to."""
    rate: Factor
    """How much one unit of it is worth."""
    date: Date | None = None
    """The day from which it holds; without one it always holds."""
    kind: Literal["spot", "average", "fixed"] = "spot"
    """spot of that day, average of the time until then, or fixed; a fixed rate comes first, then averages."""
    source: Code | None = None
    """The id of the source that it comes from."""


class Result(Model):
    """One link of the results chain, with its indicators and the results beneath it."""

    id: Code
    """A short code of its own among all results and indicators."""
    level: Level
    """Its place in the chain."""
    title: Text
    """What should change, as people read it."""
    label: Text | None = None
    """What the project calls it: Outcome 1, PDO, Specific objective."""
    description: Text | None = None
    """More about it."""
    weight: Number | None = None
    """Its share among its siblings; without weights all count the same."""
    weight_illustrative: Flag = False
    """True when the weight is an example and nobody published it."""
    risk: Literal["low", "medium", "high"] | None = None
    """How likely it is to fail."""
    assumptions: tuple[Text, ...] = ()
    """What must hold for it to lead to the result above."""
    risks: tuple[Text, ...] = ()
    """What may go wrong."""
    indicators: tuple[Indicator, ...] = ()
    """How it is measured."""
    results: tuple[Result, ...] = ()
    """The results beneath it, of the same level or a lower one."""
    source: Code | None = None
    """The id of the source that it comes from."""
    illustrative: Flag = False
    """True when it is an example."""

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
    """The version of this format."""
    id: Code
    """A short code of the project; reports name it by this."""
    title: Text
    """Its name."""
    description: Text | None = None
    """What it is about."""
    version: Code | None = None
    """The version of this plan."""
    start: Date
    """The first day of the project."""
    end: Date
    """The last day of the project."""
    calendar: Calendar = Field(default_factory=Calendar)
    """How its time is cut into reporting periods."""
    countries: tuple[Code, ...] = ()
    """Where it works, by codes of ISO 3166: TJ, BD."""
    phases: tuple[Phase, ...] = ()
    """Its stages in time."""
    organisations: tuple[Organisation, ...] = ()
    """Who takes part."""
    locations: tuple[Location, ...] = ()
    """The places that reports come from."""
    dimensions: tuple[Dimension, ...] = ()
    """The ways in which values are split: sex, age, region."""
    units: tuple[UnitDeclaration, ...] = ()
    """Units that are not in the vocabulary, or hold several of another."""
    currency: Code | None = None
    """The currency in which it is accounted."""
    exchange_rates: tuple[ExchangeRate, ...] = ()
    """What one currency is worth in another, and since when."""
    sectors: tuple[CodedName, ...] = ()
    """The sectors it works in."""
    target_groups: tuple[CodedName, ...] = ()
    """The people it is for."""
    budgets: tuple[Budget, ...] = ()
    """The money set aside for it."""
    sources: tuple[Source, ...] = ()
    """The documents and registers that its numbers come from."""
    references: tuple[Reference, ...] = ()
    """Its codes in other lists."""
    results: tuple[Result, ...] = Field(min_length=1)
    """The results chain, from the top."""
    reporting_lag: Whole | None = None
    """Days after a period's end by which its reports are due; None: no report is ever late."""
    closing_lag: Whole | None = None
    """Days after a period's end until which its figures are taken; None: a period never closes."""
    numbers: Literal["lenient", "strict"] = "lenient"
    """How partners may write numbers in text: as people do (1 250,5), or only in plain digits with a point (1250.5)."""
    thresholds: FrozenMap[Code, Number] = Field(default_factory=FrozenMap)
    """Limits of the checks for all indicators, by check name (``jump``, ``outlier``)."""
    rules: tuple[AgreementRule, ...] = ()
    """How indicators must agree with each other in what partners report."""
    severities: FrozenMap[Code, Code] = Field(default_factory=FrozenMap)
    """Severities of finding codes that this project treats differently."""
    notes: Text | None = None
    """Anything else that a reader should know."""

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
            found = self.calendar.labels(self.start, self.end, each).get(wanted)
            if found is not None:
                return found
        return None

    def periods_without_target(self, indicator: Indicator) -> tuple[Period, ...]:
        """The periods in which `indicator` is reported and for which nothing was promised.

        A target for a longer period, such as a year, covers all that lie inside it.
        """
        spans = []
        for target in indicator.targets:
            if target.date is not None:
                spans += [period for period in self.periods_of(indicator) if target.date in period]
            elif target.period is not None:
                found = self.period(target.period, indicator.frequency) or self.period(target.period)
                spans += [found] if found is not None else []
        return tuple(
            period
            for period in self.periods_of(indicator)
            if not any(span.start <= period.start and period.end <= span.end for span in spans)
        )

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
