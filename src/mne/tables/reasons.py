"""Why a value, an achievement or a score is not a number: each reason once, with its words.

Every floor to the right uses these, so that a scheme can name a reason in its policy.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason"]


class Reason(StrEnum):
    """A stable code for the absence of a number."""

    NO_REPORTS = "no-reports"
    NOT_YET_DUE = "not-yet-due"
    NOT_APPLICABLE = "not-applicable"
    INCOMPLETE = "incomplete"
    COVERAGE_BELOW_MINIMUM = "coverage-below-minimum"
    DENOMINATOR_ZERO = "denominator-zero"
    NOT_AGGREGABLE = "not-aggregable"
    NO_WEIGHT = "no-weight"
    UNIT_NOT_CONVERTIBLE = "unit-not-convertible"
    PERIODS_DIFFER = "periods-differ"
    TEXT_ONLY = "text-only"
    FORMULA_OPERAND_MISSING = "formula-operand-missing"
    FORMULA_DIVISION_BY_ZERO = "formula-division-by-zero"
    NO_BASELINE = "no-baseline"
    NO_TARGET = "no-target"
    NO_TARGET_DUE = "no-target-due"
    TARGET_EQUALS_BASELINE = "target-equals-baseline"
    TARGET_ZERO = "target-zero"
    ACTUAL_ZERO = "actual-zero"
    DIRECTION_UNFIT = "direction-unfit"
    GROWTH_UNDEFINED = "growth-undefined"
    NO_TIME_ELAPSED = "no-time-elapsed"
    TARGET_IS_TEXT = "target-is-text"
    TARGET_NOT_APPLICABLE = "target-not-applicable"
    NOT_POSITIVE = "not-positive"
    NOTHING_TO_SCORE = "nothing-to-score"
    FAILED_BY_POLICY = "failed-by-policy"

    @property
    def words(self) -> str:
        """The reason in plain words."""
        return _WORDS[self]


_WORDS = {
    Reason.NO_REPORTS: "nobody has reported",
    Reason.NOT_YET_DUE: "no period has ended yet",
    Reason.NOT_APPLICABLE: "declared not applicable",
    Reason.INCOMPLETE: "an expected report is missing and the indicator asks for all of them",
    Reason.COVERAGE_BELOW_MINIMUM: "fewer reports than the minimum coverage",
    Reason.DENOMINATOR_ZERO: "the denominator is zero",
    Reason.NOT_AGGREGABLE: "the indicator declares no rule to combine these values",
    Reason.NO_WEIGHT: "a value has no weight for the weighted mean",
    Reason.UNIT_NOT_CONVERTIBLE: "reported in a unit without a declared conversion",
    Reason.PERIODS_DIFFER: "reported for days that lie in two of its periods, or in none",
    Reason.TEXT_ONLY: "words are collected, not computed",
    Reason.FORMULA_OPERAND_MISSING: "an indicator in its formula has no value",
    Reason.FORMULA_DIVISION_BY_ZERO: "its formula divides by zero",
    Reason.NO_BASELINE: "no baseline",
    Reason.NO_TARGET: "no target",
    Reason.NO_TARGET_DUE: "no target was due yet",
    Reason.TARGET_EQUALS_BASELINE: "the target equals the baseline",
    Reason.TARGET_ZERO: "the target is zero",
    Reason.ACTUAL_ZERO: "the actual is zero, and this convention divides by it",
    Reason.DIRECTION_UNFIT: "the convention reads more as better, and this indicator should fall",
    Reason.GROWTH_UNDEFINED: "a growth rate needs values of one sign, none of them zero",
    Reason.NO_TIME_ELAPSED: "no time lies between the baseline and the date it is held against",
    Reason.TARGET_IS_TEXT: "the target is words, to be judged by a person",
    Reason.TARGET_NOT_APPLICABLE: "the target is not applicable",
    Reason.NOT_POSITIVE: "a geometric or harmonic mean needs numbers above zero",
    Reason.NOTHING_TO_SCORE: "nothing beneath it could be scored",
    Reason.FAILED_BY_POLICY: "the scheme fails a result when something is missing",
}
