"""Rules about one row by itself: narwhals expressions over its columns and what the plan says of it.

Each is a function of the plan; its docstring states what is asked of a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw

from mne.reports.rule import Rule
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["RULES"]

_REPORTED: Final = nw.col("state") == State.REPORTED.value
_NUMERIC: Final = ~nw.col("is_text")
_HOLDS_NUMBER: Final = ~nw.col("value").is_null() | ~nw.col("numerator").is_null() | ~nw.col("denominator").is_null()


def without_value(plan: Logframe) -> nw.Expr:
    """A reported row holds a value, or numerator and denominator, or words, as its measure asks."""
    del plan
    by_value = _NUMERIC & ~nw.col("by_denominator") & nw.col("value").is_null()
    by_ratio = nw.col("by_denominator") & ~_HOLDS_NUMBER
    by_text = nw.col("is_text") & nw.col("text").is_null()
    return _REPORTED & (by_value | by_ratio | by_text)


def half_a_ratio(plan: Logframe) -> nw.Expr:
    """A percentage or ratio has both its numerator and its denominator."""
    del plan
    return nw.col("by_denominator") & (nw.col("numerator").is_null() != nw.col("denominator").is_null())


def value_for_ratio(plan: Logframe) -> nw.Expr:
    """An indicator that is counted by numerator and denominator is not reported as a finished percentage."""
    del plan
    return (
        nw.col("by_denominator")
        & ~nw.col("value").is_null()
        & nw.col("numerator").is_null()
        & nw.col("denominator").is_null()
    )


def contradicts_state(plan: Logframe) -> nw.Expr:
    """A row that is missing, not due or not applicable holds no number."""
    del plan
    return ~_REPORTED & _HOLDS_NUMBER


def negative(plan: Logframe) -> nw.Expr:
    """Counts, amounts and shares are not negative, unless the plan itself goes below zero."""
    del plan
    below = (nw.col("value") < 0) | (nw.col("numerator") < 0) | (nw.col("denominator") < 0)
    return below & ~nw.col("may_be_negative")


def part_of_a_person(plan: Logframe) -> nw.Expr:
    """People and things are counted in whole numbers."""
    del plan
    own = nw.col("unit").is_null() | (nw.col("unit") == nw.col("own_unit"))
    return nw.col("whole") & own & (nw.col("value") % 1 != 0)


def share_for_percentage(plan: Logframe) -> nw.Expr:
    """A percentage is written as 80, not as 0.8 and not as 8000."""
    del plan
    as_share = (nw.col("value") > 0) & (nw.col("value") < 1)
    return nw.col("in_percent") & (as_share | (nw.col("value") >= 1000))


def over_hundred(plan: Logframe) -> nw.Expr:
    """A percentage above 100 is possible, and worth a look."""
    del plan
    return nw.col("in_percent") & (nw.col("value") > 100) & (nw.col("value") < 1000)


def over_one(plan: Logframe) -> nw.Expr:
    """Of a percentage the numerator is a part of the denominator."""
    del plan
    return (
        (nw.col("measure") == "percentage")
        & (nw.col("numerator") > nw.col("denominator"))
        & (nw.col("denominator") > 0)
    )


def over_nothing(plan: Logframe) -> nw.Expr:
    """A denominator is not zero: where nobody was asked, the row is left out or marked as not applicable."""
    del plan
    return nw.col("by_denominator") & (nw.col("denominator") == 0)


def off_the_scale(plan: Logframe) -> nw.Expr:
    """A rank is one of the declared stages."""
    del plan
    whole = nw.col("value") % 1 == 0
    inside = (nw.col("value") >= 0) & (nw.col("value") <= nw.col("ranks")) & whole
    return ~nw.col("ranks").is_null() & ~nw.col("value").is_null() & ~inside


def other_unit(plan: Logframe) -> nw.Expr:
    """The unit can be converted to the indicator's."""
    del plan
    return ~nw.col("unit_fits") & ~nw.col("unit").is_null()


def outside_project(plan: Logframe) -> nw.Expr:
    """The dates lie inside the project."""
    del plan
    return nw.col("fits") == "outside"


def straddling(plan: Logframe) -> nw.Expr:
    """The dates lie inside one reporting period of the indicator."""
    del plan
    return nw.col("fits") == "straddles"


def other_category(plan: Logframe) -> nw.Expr:
    """The indicator is split by this category."""
    del plan
    return ~nw.col("category_fits")


def not_assigned(plan: Logframe) -> nw.Expr:
    """The plan assigns this partner and place to the indicator."""
    del plan
    return ~nw.col("assigned")


def over_reachable(plan: Logframe) -> nw.Expr:
    """No more people are reached than there are."""
    del plan
    return nw.col("value") > nw.col("reachable")


def formula_in_text(plan: Logframe) -> nw.Expr:
    """Text that a spreadsheet would run as a formula is kept as text."""
    del plan
    return _looks("comment", r"^[=+@\-\t\r].*[A-Za-z(!|]") | _looks("text", r"^[=+@\-\t\r].*[A-Za-z(!|]")


def markup_in_text(plan: Logframe) -> nw.Expr:
    """Text that a browser would read as markup is shown as text."""
    del plan
    return _looks("comment", r"<[A-Za-z/!]") | _looks("text", r"<[A-Za-z/!]")


def _looks(column: str, pattern: str) -> nw.Expr:
    return nw.col(column).fill_null("").str.contains(pattern)


RULES: Final[tuple[Rule, ...]] = (
    Rule("value-missing", "value", without_value, holds=True, expected="a value, or the word for none such as n/a"),
    Rule("ratio-incomplete", "denominator", half_a_ratio, holds=True, expected="both numerator and denominator"),
    Rule(
        "ratio-as-value",
        "value",
        value_for_ratio,
        holds=True,
        expected="the numerator and the denominator, each in its column",
    ),
    Rule(
        "state-contradiction",
        "value",
        contradicts_state,
        holds=True,
        expected="either a number, or a state without one",
    ),
    Rule("value-negative", "value", negative, holds=True, expected="0 or more"),
    Rule("number-fraction-in-count", "value", part_of_a_person, holds=True, expected="a whole number"),
    Rule("ratio-scale", "value", share_for_percentage, holds=True, expected="a percentage such as 80, not 0.8 or 8000"),
    Rule("percentage-over-100", "value", over_hundred, expected="100 or less, unless more is meant"),
    Rule("ratio-over-one", "numerator", over_one, holds=True, expected="a numerator no larger than the denominator"),
    Rule("denominator-zero", "denominator", over_nothing, holds=True, expected="a denominator above zero, or n/a"),
    Rule("value-off-scale", "value", off_the_scale, holds=True, expected="a stage of the scale"),
    Rule("unit-mismatch", "unit", other_unit, holds=True, expected="{own_unit}"),
    Rule("period-outside-project", "period_end", outside_project, holds=True, expected="{plan_periods}"),
    Rule("period-mismatch", "period_end", straddling, holds=True, expected="{plan_periods}"),
    Rule("category-not-declared", "category", other_category, holds=True, expected="a category of this indicator"),
    Rule("reporter-not-assigned", "partner", not_assigned, expected="a partner and place that the plan assigns"),
    Rule("value-over-reachable", "value", over_reachable, expected="no more than {reachable}"),
    Rule("text-formula", "comment", formula_in_text, expected="words"),
    Rule("text-markup", "comment", markup_in_text, expected="words"),
)
