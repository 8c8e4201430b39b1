"""The words that an indicator is declared with: each a small fixed set, and the one encoding of a category.

Read `Measure`, `Accumulation` and `Rule` first: they decide what a report must hold and how values add up.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from mne.ground.phrases import phrase

__all__ = [
    "TOTAL",
    "Accumulation",
    "Axis",
    "BaselineStatus",
    "Comparator",
    "Direction",
    "Measure",
    "MissingPolicy",
    "Rule",
    "TargetBasis",
    "TargetKind",
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
            raise ValueError(
                phrase(
                    "{key} is not a category such as sex=F|age=15-24, nor {total} for the whole",
                    key=repr(key),
                    total=TOTAL,
                )
            )
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
