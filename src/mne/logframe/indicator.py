"""An indicator: what is measured, from which baseline, towards which targets, and how it adds up.

Read `Indicator` first. Everything here is a frozen value; what combinations are allowed is checked in
`mne.logframe.checks`, so that every mistake is found at once and with its line. The line under each entry is what
editors show of it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from mne.ground.language import Text
from mne.ground.maps import FrozenMap
from mne.logframe.choices import (
    TOTAL,
    Accumulation,
    Axis,
    BaselineStatus,
    Comparator,
    Direction,
    Measure,
    MissingPolicy,
    Rule,
    TargetBasis,
    TargetKind,
    TotalsPolicy,
    category_key,
    category_parts,
)
from mne.logframe.periods import Frequency
from mne.logframe.types import Code, Date, Flag, Model, Number, Share, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "TOTAL",
    "Accumulation",
    "Aggregation",
    "Assignment",
    "Axis",
    "Baseline",
    "BaselineStatus",
    "Comparator",
    "Contribution",
    "Direction",
    "Disaggregation",
    "Indicator",
    "Measure",
    "MissingPolicy",
    "Quantity",
    "Reference",
    "Rule",
    "Stage",
    "Survey",
    "Target",
    "TargetBasis",
    "TargetKind",
    "TargetVersion",
    "TotalsPolicy",
    "category_key",
    "category_parts",
]

_COMPARATORS: Final = {">=": "≥", "<=": "≤", "==": "=", "at_least": "≥", "at_most": "≤", "equal": "="}

AnyComparator = Annotated[
    Comparator,
    BeforeValidator(lambda value: _COMPARATORS.get(value, value) if isinstance(value, str) else value),
    WithJsonSchema({"enum": [*(c.value for c in Comparator), *_COMPARATORS]}),
]


class Reference(Model):
    """A code in somebody else's list: an SDG indicator, an IATI or ARI/TRI code."""

    vocabulary: Code
    """The list: SDG, IATI-Result, ARI, a donor's own."""
    code: Code
    """The code in that list."""
    url: Words | None = None
    """Where that list can be read."""


class Stage(Model):
    """One step of an ordinal scale or of a milestone's path, from the lowest up."""

    id: Code
    """The code that reports, baselines and targets name the stage by."""
    title: Text | None = None
    """What it means to have reached it."""


class Quantity(Model):
    """One value of an indicator, or a numerator and a denominator, or a stage of its scale."""

    value: Number | None = None
    """The number, in the indicator's unit; 1 and 0 for yes and no."""
    numerator: Number | None = None
    """The upper part of a percentage or ratio: 45 of 60."""
    denominator: Number | None = None
    """The lower part, above zero."""
    stage: Code | None = None
    """A stage of the indicator's scale, or yes or no."""
    illustrative: Flag = False
    """True when the value is an example and nobody published it; every display says so."""
    as_published: Words | None = None
    """What the source wrote, when it is not this plain."""


class Baseline(Quantity):
    """Where an indicator stood before the project, and how that is known."""

    date: Date | None = None
    """The day for which the value held."""
    source: Code | None = None
    """The id of the source that it comes from."""
    status: BaselineStatus = BaselineStatus.ESTABLISHED
    """Whether it is known, still pending, or does not apply; only an established one has a value."""
    categories: FrozenMap[Words, Quantity] = Field(default_factory=FrozenMap)
    """Baselines per category, by encoded category (``sex=F``)."""
    note: Text | None = None
    """Anything else that a reader should know."""


class TargetVersion(Quantity):
    """What a target asks for, from one date on.

    With status ``set`` exactly one of: `value`; `numerator` and `denominator`; `minimum` and/or `maximum` (with the
    comparator ``within``); `above_baseline` ("baseline + 1"); `stage`; or `text`.
    """

    minimum: Number | None = None
    """With the comparator within: the lowest value that is still good."""
    maximum: Number | None = None
    """With the comparator within: the highest value that is still good."""
    above_baseline: Number | None = None
    """So much more than the baseline; negative for less."""
    text: Text | None = None
    """A target in words, which is shown and not computed."""
    comparator: AnyComparator = Comparator.EQUAL
    """How the actual is held against it: = counts the way covered, ≥, ≤ and within are met or not."""
    status: Literal["set", "pending", "not_applicable"] = "set"
    """Whether it is set, still pending, or does not apply."""
    since: Date | None = None
    """The day from which this version is in force; None from the start."""
    reason: Text | None = None
    """Why it was changed."""
    approved_by: Words | None = None
    """Who approved it."""
    source: Code | None = None
    """The id of the source that it comes from."""


class Target(TargetVersion):
    """A promise for a period or a date. Older versions of it stay in `history`."""

    period: Code | None = None
    """The period at whose end it is due (2026-Q4), or the project's own name for it; or give `date`."""
    date: Date | None = None
    """The day on which it is due, instead of a period."""
    kind: TargetKind = TargetKind.MILESTONE
    """A milestone on the way, or the final target."""
    basis: TargetBasis | None = None
    """For a flow it must be said; running totals and levels restate, so it means nothing there."""
    category: Words = TOTAL
    """The category that it is for (``sex=F``); the whole when it is not given."""
    history: tuple[TargetVersion, ...] = ()
    """What it asked for before it was revised, the oldest first."""
    note: Text | None = None
    """Anything else that a reader should know."""

    def in_force(self, day: Any = None) -> TargetVersion | None:
        """The version in force on `day` (None: the newest); None when the target was not yet set then."""
        versions: tuple[TargetVersion, ...] = (*self.history, self)
        if day is None:
            return self
        open_ = [version for version in versions if version.since is None or version.since <= day]
        return max(open_, key=lambda version: (version.since is not None, version.since or day), default=None)


class Disaggregation(Model):
    """Dimensions by which an indicator is split, crossed with each other when there are several.

    `overlapping` is for people who may be counted in two categories: such parts never make a total.
    """

    dimensions: tuple[Code, ...] = Field(min_length=1)
    """The ids of the dimensions; several in one list are crossed (women of 15 to 24)."""
    relation: Literal["sums_to_total", "overlapping"] = "sums_to_total"
    """Whether the parts add up to the total, or may count somebody twice."""
    required: Flag = False
    """Whether a report without these parts is incomplete."""


class Aggregation(Model):
    """The rule for each axis, and the order in which the axes are folded.

    An axis without a rule takes the default of the indicator's measure and accumulation, which
    `Indicator.rule` gives.
    """

    categories: Rule | None = None
    """How categories become one value."""
    locations: Rule | None = None
    """How the values of several places become one."""
    partners: Rule | None = None
    """How the values of several partners become one."""
    time: Rule | None = None
    """How the values of several periods become one."""
    projects: Rule | None = None
    """How the values of several projects become one."""
    order: tuple[Axis, ...] = ()
    """The order of the axes; categories come first."""
    totals: TotalsPolicy = TotalsPolicy.ENTERED_TOTAL
    """Which counts when a total and its parts are both reported."""
    weights: FrozenMap[Code, Number] = Field(default_factory=FrozenMap)
    """For weighted means: the weight of each partner, location or category (``sex=F``), by its code."""


class Assignment(Model):
    """A partner reports from which locations; no locations means for the whole."""

    partner: Code
    """The id of the organisation."""
    locations: tuple[Code, ...] = ()
    """The ids of the places it reports from."""
    since: Date | None = None
    """The day from which it reports; from the project's start when it is not given."""
    until: Date | None = None
    """The last day for which it reports; to the project's end when it is not given."""


class Survey(Model):
    """How a value that comes from a sample was drawn."""

    sample_size: Whole | None = None
    """How many were asked."""
    design_effect: Number | None = None
    """How much the sample's clusters widen the uncertainty; 1 for a simple random sample."""
    confidence: Share | None = None
    """The confidence level, such as 0.95."""


class Contribution(Model):
    """A parent project's indicator that this one adds to; an indicator without any adds to none."""

    project: Code
    """The id of the parent project."""
    indicator: Code
    """The id of its indicator."""


class Indicator(Model):
    """One thing that is measured, with all that is needed to count it and to judge it."""

    id: Code
    """A short code of its own among all results and indicators; partners write it in their reports."""
    title: Text
    """What is measured, as people read it."""
    measure: Measure
    """What kind of value it is; a percentage or ratio is reported with its numerator and denominator."""
    unit: Code | None = None
    """What is counted: a unit of the vocabulary (person, household, kg, percent, USD) or one declared under units."""
    direction: Direction = Direction.INCREASE
    """Which way is better."""
    accumulation: Accumulation
    """What one report covers: its own period (flow), all so far (running_total), or the state at its end (level)."""
    aggregation: Aggregation = Field(default_factory=Aggregation)
    """How values of partners, places, categories and periods become one, where the defaults do not fit."""
    missing: MissingPolicy = MissingPolicy.SKIP
    """What a value that was due and not reported does to the whole."""
    zero_means: Literal["zero", "missing"] = "zero"
    """Whether a reported 0 is a true zero, or stands for nothing reported, as where a form fills every blank with 0."""
    min_coverage: Share | None = None
    """The share of expected reports (0 to 1) below which there is no value at all."""
    reported_as: Literal["value", "numerator_denominator"] | None = None
    """How partners report a percentage or a ratio; None means with numerator and denominator."""
    per: Number | None = None
    """A ratio's scale: 1000 for "per 1,000 people"; None is 1, and 100 for a percentage."""
    scale: tuple[Stage, ...] = ()
    """The steps of an ordinal or milestone indicator, lowest first; the codes of a nominal one."""
    baseline: Baseline | None = None
    """Where it stood before the project."""
    baseline_included: Flag = False
    """For a flow: the sum to date starts from the baseline instead of from zero."""
    targets: tuple[Target, ...] = ()
    """What it should reach, and when."""
    tolerance: Number | None = None
    """For `maintain`: how far from the target still counts as kept."""
    disaggregation: tuple[Disaggregation, ...] = ()
    """How it is split; the first split that was reported makes the total where no total was entered."""
    assignments: tuple[Assignment, ...] = ()
    """Who reports it from where, so that what is missing can be told."""
    survey: Survey | None = None
    """How the sample was drawn, when the value comes from one."""
    counts: Literal["unique", "services"] | None = None
    """Whether a person is counted once, or each time that a service is given."""
    weight: Number | None = None
    """Its share among the indicators of the same result; without weights all count the same."""
    weight_illustrative: Flag = False
    """True when the weight is an example and nobody published it."""
    core: Flag = False
    """Whether a scheme's gates look at it."""
    references: tuple[Reference, ...] = ()
    """Its codes in other lists: SDG, IATI, a donor's."""
    means_of_verification: tuple[Text, ...] = ()
    """By what records the value can be checked."""
    sources: tuple[Code, ...] = ()
    """The ids of the sources that it is taken from."""
    frequency: Frequency | None = None
    """How often it is reported, where that differs from the calendar's."""
    responsible: tuple[Code, ...] = ()
    """The ids of the organisations that answer for it."""
    definition: Text | None = None
    """What exactly counts, and what does not."""
    method: Text | None = None
    """How it is measured or collected."""
    limitations: Text | None = None
    """What the number cannot tell."""
    rationale: Text | None = None
    """Why it is measured at all."""
    formula: Words | None = None
    """Arithmetic over other indicators: ids, numbers, + - * / ( ), comparisons, min, max, if, first, is_missing,
    previous and days; {OP 1-1} for an id with other signs."""
    contributes_to: tuple[Contribution, ...] = ()
    """Indicators of parent projects that it adds to."""
    reachable: Number | None = None
    """The population that can be reached at all; a value above it is a finding."""
    minimum: Number | None = None
    """The lowest value that is possible at all, as of an index from 0 to 100; a value below it is a finding."""
    maximum: Number | None = None
    """The highest value that is possible at all; a value above it is a finding."""
    evidence_required: Flag = False
    """Whether every value must name what proves it: a link, a file or a reference."""
    thresholds: FrozenMap[Code, Number] = Field(default_factory=FrozenMap)
    """Limits of the checks for this indicator, by check name (``jump``, ``outlier``)."""
    illustrative: Flag = False
    """True when the indicator is an example and nobody published it."""

    @cached_property
    def by_denominator(self) -> bool:
        """Whether reports carry a numerator and a denominator instead of a value."""
        return self.measure.is_ratio and self.reported_as != "value"

    @property
    def multiplier(self) -> Any:
        """What numerator over denominator is multiplied by to give the value: 100, `per`, or 1."""
        return self.per if self.per is not None else (100 if self.measure is Measure.PERCENTAGE else 1)

    def rank(self, stage: str) -> int | None:
        """The rank of a stage on the declared scale, from 1; None when it is not on it."""
        return next((rank for rank, step in enumerate(self.scale, start=1) if step.id == stage), None)

    def rule(self, axis: Axis) -> Rule:
        """The declared rule along `axis`, else the default for the measure and accumulation."""
        return self._rules[axis]

    @cached_property
    def _rules(self) -> Mapping[Axis, Rule]:
        declared = {axis: getattr(self.aggregation, axis.value) for axis in Axis}
        return {axis: _default_rule(self, axis) if rule is None else rule for axis, rule in declared.items()}

    @property
    def order(self) -> tuple[Axis, ...]:
        """The order in which axes are folded: as declared, else the default of semantics §4."""
        return self.aggregation.order or (
            (Axis.CATEGORIES, Axis.LOCATIONS, Axis.PARTNERS, Axis.TIME)
            if self.accumulation is Accumulation.FLOW
            else (Axis.CATEGORIES, Axis.TIME, Axis.LOCATIONS, Axis.PARTNERS)
        )

    def __repr__(self) -> str:
        return f"Indicator({self.id}: {str(self.title)!r}, {self.measure}, {self.direction}, {self.accumulation})"

    __str__ = __repr__


def _default_rule(indicator: Indicator, axis: Axis) -> Rule:
    measure = indicator.measure
    if axis is Axis.CATEGORIES and any(split.relation == "overlapping" for split in indicator.disaggregation):
        return Rule.NONE
    if axis is Axis.TIME:
        additive = measure in (Measure.NUMBER, Measure.CURRENCY) and indicator.accumulation is Accumulation.FLOW
        return Rule.SUM if additive else (Rule.MAX if measure is Measure.MILESTONE else Rule.LATEST)
    if measure in (Measure.NUMBER, Measure.CURRENCY):
        return Rule.SUM
    if indicator.by_denominator:
        return Rule.POOLED
    return {
        Measure.ORDINAL: Rule.MEDIAN,
        Measure.MILESTONE: Rule.MAX,
        Measure.YES_NO: Rule.ALL,
        Measure.NOMINAL: Rule.MODE,
    }.get(measure, Rule.NONE)
