"""An indicator: what is measured, from which baseline, towards which targets, and how it adds up.

Read `Indicator` first. Everything here is a frozen value; what combinations are allowed is checked in
`mne.logframe.checks`, so that every mistake is found at once and with its line.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from mne.ground.language import Text
from mne.ground.maps import FrozenMap
from mne.logframe.periods import Frequency
from mne.logframe.types import Code, Date, Flag, Model, Number, Share, Whole, Words

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

TOTAL: Final = "_T"
"""The code of "the whole": a row for all categories, all locations or all partners (as in SDMX)."""


class Measure(StrEnum):
    """What kind of thing an indicator's value is."""

    NUMBER = "number"
    PERCENTAGE = "percentage"
    RATIO = "ratio"
    INDEX = "index"
    CURRENCY = "currency"
    ORDINAL = "ordinal"
    NOMINAL = "nominal"
    YES_NO = "yes_no"
    MILESTONE = "milestone"
    NARRATIVE = "narrative"

    @property
    def is_ratio(self) -> bool:
        """Whether a value is a numerator over a denominator."""
        return self in (Measure.PERCENTAGE, Measure.RATIO)

    @property
    def is_ranked(self) -> bool:
        """Whether a value is a step on a declared scale, kept as its rank."""
        return self in (Measure.ORDINAL, Measure.MILESTONE)

    @property
    def is_text(self) -> bool:
        """Whether a value is words only: collected, never scored by rule."""
        return self in (Measure.NOMINAL, Measure.NARRATIVE)


class Direction(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    MAINTAIN = "maintain"


class Accumulation(StrEnum):
    """What one report covers."""

    FLOW = "flow"
    """The report covers its own period: new this quarter."""
    RUNNING_TOTAL = "running_total"
    """The report restates the total to date."""
    LEVEL = "level"
    """The state at the period's end."""


class Axis(StrEnum):
    """A direction in which values are brought together."""

    CATEGORIES = "categories"
    LOCATIONS = "locations"
    PARTNERS = "partners"
    TIME = "time"
    PROJECTS = "projects"


class Rule(StrEnum):
    """How values along one axis become one."""

    SUM = "sum"
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    LATEST = "latest"
    POOLED = "pooled"
    ALL = "all"
    ANY = "any"
    MODE = "mode"
    NONE = "none"


class MissingPolicy(StrEnum):
    """What a value that was due and not reported does to the aggregate."""

    SKIP = "skip"
    PROPAGATE = "propagate"
    ZERO = "zero"
    CARRY_FORWARD = "carry_forward"


class TotalsPolicy(StrEnum):
    """Which counts when a total and its parts are both reported."""

    ENTERED_TOTAL = "entered_total"
    SUM_OF_PARTS = "sum_of_parts"


class Comparator(StrEnum):
    """How an actual is held against a target; anything but ``=`` is met or not met."""

    EQUAL = "="
    AT_LEAST = "≥"
    AT_MOST = "≤"
    WITHIN = "within"


class TargetBasis(StrEnum):
    """Whether a target of a flow is for its own period or for the sum to date."""

    PER_PERIOD = "per_period"
    CUMULATIVE = "cumulative"


class TargetKind(StrEnum):
    """A step on the way, or where the project should end."""

    MILESTONE = "milestone"
    FINAL = "final"


class BaselineStatus(StrEnum):
    """Whether the starting point is known."""

    ESTABLISHED = "established"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"


def category_key(parts: dict[str, str]) -> str:
    """The one encoding of a category: ``sex=F|age=15-24``, or ``_T`` for the whole.

    Dimensions stand in the order given; callers give them in the logframe's order. The four
    characters that the encoding itself uses are percent-encoded inside a code.
    """
    return "|".join(f"{_quoted(dimension)}={_quoted(code)}" for dimension, code in parts.items()) or TOTAL


def category_parts(key: str) -> dict[str, str]:
    """The dimensions and codes of an encoded category; empty for the whole.

    Raises:
        ValueError: the text is not an encoded category.
    """
    if key == TOTAL:
        return {}
    parts: dict[str, str] = {}
    for pair in key.split("|"):
        dimension, equals, code = pair.partition("=")
        if not (dimension and equals and code) or "=" in code or _unquoted(dimension) in parts:
            raise ValueError(f"{key!r} is not a category such as sex=F|age=15-24, nor {TOTAL} for the whole")
        parts[_unquoted(dimension)] = _unquoted(code)
    return parts


_QUOTED: Final = {"%": "%25", "=": "%3D", "|": "%7C"}


def _quoted(code: str) -> str:
    for char, escape in _QUOTED.items():
        code = code.replace(char, escape)
    return code


def _unquoted(code: str) -> str:
    for char, escape in reversed(_QUOTED.items()):
        code = code.replace(escape, char)
    return code


_COMPARATORS: Final = {">=": "≥", "<=": "≤", "==": "=", "at_least": "≥", "at_most": "≤", "equal": "="}

AnyComparator = Annotated[
    Comparator,
    BeforeValidator(lambda value: _COMPARATORS.get(value, value) if isinstance(value, str) else value),
    WithJsonSchema({"enum": [*(c.value for c in Comparator), *_COMPARATORS]}),
]


class Reference(Model):
    """A code in somebody else's list: an SDG indicator, an IATI or ARI/TRI code."""

    vocabulary: Code
    code: Code
    url: Words | None = None


class Stage(Model):
    """One step of an ordinal scale or of a milestone's path, from the lowest up."""

    id: Code
    title: Text | None = None


class Quantity(Model):
    """One value of an indicator, or a numerator and a denominator, or a stage of its scale."""

    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    stage: Code | None = None
    illustrative: Flag = False
    """True when the value is an example and nobody published it; every display says so."""
    as_published: Words | None = None
    """What the source wrote, when it is not this plain."""


class Baseline(Quantity):
    """Where an indicator stood before the project, and how that is known."""

    date: Date | None = None
    source: Code | None = None
    status: BaselineStatus = BaselineStatus.ESTABLISHED
    categories: FrozenMap[Words, Quantity] = Field(default_factory=FrozenMap)
    """Baselines per category, by encoded category (``sex=F``)."""
    note: Text | None = None


class TargetVersion(Quantity):
    """What a target asks for, from one date on.

    With status ``set`` exactly one of: `value`; `numerator` and `denominator`; `minimum` and/or `maximum` (with the
    comparator ``within``); `above_baseline` ("baseline + 1"); `stage`; or `text`.
    """

    minimum: Number | None = None
    maximum: Number | None = None
    above_baseline: Number | None = None
    text: Text | None = None
    comparator: AnyComparator = Comparator.EQUAL
    status: Literal["set", "pending", "not_applicable"] = "set"
    since: Date | None = None
    """The day from which this version is in force; None from the start."""
    reason: Text | None = None
    approved_by: Words | None = None
    source: Code | None = None


class Target(TargetVersion):
    """A promise for a period or a date. Older versions of it stay in `history`."""

    period: Code | None = None
    date: Date | None = None
    kind: TargetKind = TargetKind.MILESTONE
    basis: TargetBasis | None = None
    """For a flow it must be said; running totals and levels restate, so it means nothing there."""
    category: Words = TOTAL
    history: tuple[TargetVersion, ...] = ()
    note: Text | None = None

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
    relation: Literal["sums_to_total", "overlapping"] = "sums_to_total"
    required: Flag = False


class Aggregation(Model):
    """The rule for each axis, and the order in which the axes are folded.

    An axis without a rule takes the default of the indicator's measure and accumulation, which
    `Indicator.rule` gives.
    """

    categories: Rule | None = None
    locations: Rule | None = None
    partners: Rule | None = None
    time: Rule | None = None
    projects: Rule | None = None
    order: tuple[Axis, ...] = ()
    totals: TotalsPolicy = TotalsPolicy.ENTERED_TOTAL
    weights: FrozenMap[Code, Number] = Field(default_factory=FrozenMap)
    """For `weighted_mean`: a weight per partner, location or encoded category."""


class Assignment(Model):
    """Which partner reports from which locations; no locations means for the whole."""

    partner: Code
    locations: tuple[Code, ...] = ()
    since: Date | None = None
    until: Date | None = None


class Survey(Model):
    """How a value that comes from a sample was drawn."""

    sample_size: Whole | None = None
    design_effect: Number | None = None
    confidence: Share | None = None


class Contribution(Model):
    """A parent project's indicator that this one adds to; `factor` 0 would be to opt out: leave it out instead."""

    project: Code
    indicator: Code


class Indicator(Model):
    """One thing that is measured, with all that is needed to count it and to judge it."""

    id: Code
    title: Text
    measure: Measure
    unit: Code | None = None
    direction: Direction = Direction.INCREASE
    accumulation: Accumulation
    aggregation: Aggregation = Field(default_factory=Aggregation)
    missing: MissingPolicy = MissingPolicy.SKIP
    min_coverage: Share | None = None
    reported_as: Literal["value", "numerator_denominator"] | None = None
    """How partners report a percentage or a ratio; None means with numerator and denominator."""
    per: Number | None = None
    """A ratio's scale: 1000 for "per 1,000 people"; None is 1, and 100 for a percentage."""
    scale: tuple[Stage, ...] = ()
    """The steps of an ordinal or milestone indicator, lowest first; the codes of a nominal one."""
    baseline: Baseline | None = None
    baseline_included: Flag = False
    """For a flow: the sum to date starts from the baseline instead of from zero."""
    targets: tuple[Target, ...] = ()
    tolerance: Number | None = None
    """For `maintain`: how far from the target still counts as kept."""
    disaggregation: tuple[Disaggregation, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    survey: Survey | None = None
    counts: Literal["unique", "services"] | None = None
    weight: Number | None = None
    weight_illustrative: Flag = False
    core: Flag = False
    references: tuple[Reference, ...] = ()
    means_of_verification: tuple[Text, ...] = ()
    sources: tuple[Code, ...] = ()
    frequency: Frequency | None = None
    responsible: tuple[Code, ...] = ()
    definition: Text | None = None
    method: Text | None = None
    limitations: Text | None = None
    rationale: Text | None = None
    formula: Words | None = None
    contributes_to: tuple[Contribution, ...] = ()
    reachable: Number | None = None
    """The population that can be reached at all; a value above it is a finding."""
    thresholds: FrozenMap[Code, Number] = Field(default_factory=FrozenMap)
    """Limits of the checks for this indicator, by check name (``jump``, ``outlier``)."""
    illustrative: Flag = False

    @property
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
        declared: Rule | None = getattr(self.aggregation, axis.value)
        return declared if declared is not None else _default_rule(self, axis)

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
