"""Rules that one row decides: its value against the indicator's measure, its unit, its period, who sends it.

Read `ROWS` from top to bottom. Every rule is a boolean expression over one row and what the plan knows of it
(`mne.reports.context.Judged` lists the columns), so that all of them run in one pass on any engine.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.logframe.indicator import TOTAL, Measure
from mne.reports.rule import Rule
from mne.reports.rules_ratio_parts import told_by_parts
from mne.tables.observations import State

if TYPE_CHECKING:
    from mne.reports.context import Judged

__all__ = ["ROWS", "reported"]

col = nw.col

FORMULA: Final = r"^\s*[=@]|^[\t\r]|^\s*[+-][\w(]"
MARKUP: Final = r"<\s*/?\s*[A-Za-z!]"
"""What a workbook would run, and what a browser would draw."""

LONG_TEXT: Final = 5_000
"""Characters beyond which nobody reads a cell to its end."""

TOO_MANY_HUNDREDS: Final = 1_000
"""From here on a percentage was multiplied by a hundred twice rather than overshot."""

MOST_PERCENTAGE: Final = 100

LEAST_PERCENTAGE: Final = 5
"""A plan that speaks of percentages from here up does not mean less than one per cent."""


def _on_the_scale(found: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """The same digits on the scale of a percentage: a hundred times a share, a hundredth of what is far too much."""
    every = judged.every.base.select("source_order", "value")
    rows = found.select("source_order").join(every, on="source_order", how="left", maintain_order="left")
    meant = [_hundredfold(value) for value in rows["value"]]
    return rows.select("source_order", on_scale=pl.Series(meant, dtype=pl.String))


def _hundredfold(value: Decimal) -> str | None:
    meant = value * 100 if value < 1 else value / 100
    return f"{meant.normalize():f}" if 0 < meant <= MOST_PERCENTAGE else None


def reported() -> nw.Expr:
    """Rows that say they hold a value."""
    return col("state") == State.REPORTED.value


def _by_parts() -> nw.Expr:
    return col("reports_parts")


def _by_value() -> nw.Expr:
    return col("reports_value")


def _parted() -> nw.Expr:
    """Ratios whose numerator and denominator are both there."""
    return _by_parts() & ~col("numerator").is_null() & ~col("denominator").is_null()


def _is(*measures: Measure) -> nw.Expr:
    return col("measure").is_in([each.value for each in measures])


def _fraction(column: str) -> nw.Expr:
    """Whether decimals other than zeros were given; of the text, since remainders differ between engines."""
    return col(column).cast(nw.String).str.contains(r"\.[0-9]*[1-9]")


def _negative(column: str) -> nw.Expr:
    return col(column) < 0


def _limited(limit: str, *, parts: bool) -> nw.Expr:
    """Values in their own unit, or ratios, of indicators that have a limit of what is possible."""
    if parts:
        return _parted() & (col("denominator") > 0) & ~col(limit).is_null()
    return _by_value() & ~col(limit).is_null() & col("in_own_unit")


def _beyond(limit: str) -> nw.Expr:
    return col("value") < col(limit) if limit == "minimum" else col("value") > col(limit)


def _beyond_by_parts(limit: str) -> nw.Expr:
    """Whether a ratio is out of its limits, by multiplying: a quotient has no end."""
    above = col("numerator").cast(nw.Float64) * col("multiplier").cast(nw.Float64)
    edge = col(limit).cast(nw.Float64) * col("denominator").cast(nw.Float64)
    return above < edge if limit == "minimum" else above > edge


_VALUES: Final = (
    Rule(
        code="value-missing",
        at=("value",),
        where=_by_value,
        find=lambda: col("value").is_null() & col("numerator").is_null() & col("denominator").is_null(),
        found="an empty cell",
        holds=True,
        final=True,
    ),
    Rule(
        code="value-missing",
        at=("numerator", "value"),
        where=_by_parts,
        find=lambda: col("value").is_null() & col("numerator").is_null() & col("denominator").is_null(),
        found="an empty cell",
        holds=True,
        final=True,
    ),
    Rule(
        code="value-missing",
        at=("text", "value"),
        where=lambda: reported() & col("words"),
        find=lambda: col("text").is_null(),
        found="an empty cell",
        holds=True,
        final=True,
    ),
    Rule(
        code="value-kind",
        at=("numerator", "denominator"),
        where=_by_value,
        find=lambda: col("value").is_null() & ~(col("numerator").is_null() & col("denominator").is_null()),
        expected="one value, and no numerator or denominator",
        holds=True,
        final=True,
    ),
    Rule(
        code="value-kind",
        at="value",
        where=lambda: _by_value() & _is(Measure.YES_NO),
        find=lambda: ~col("value").is_in([0, 1]),
        expected="yes or no",
        holds=True,
        final=True,
    ),
    Rule(
        code="value-off-scale",
        at="value",
        where=lambda: _by_value() & col("ranked"),
        find=lambda: (col("value") < 1) | (col("value") > col("steps")) | _fraction("value"),
        expected="one of the {steps} steps of the scale",
        holds=True,
        final=True,
    ),
    Rule(
        code="ratio-as-value",
        at="value",
        where=_by_parts,
        find=lambda: ~col("value").is_null() & col("numerator").is_null() & col("denominator").is_null(),
        expected="the numerator and the denominator, each in its column",
        holds=True,
        final=True,
    ),
    Rule(
        code="ratio-incomplete",
        at="numerator",
        where=_by_parts,
        find=lambda: col("numerator").is_null() & ~col("denominator").is_null(),
        found="an empty cell",
        expected="the numerator beside the denominator",
        holds=True,
        final=True,
    ),
    Rule(
        code="ratio-incomplete",
        at="denominator",
        where=lambda: _by_parts() & ~col("numerator").is_null(),
        find=lambda: col("denominator").is_null(),
        found="an empty cell",
        expected="the denominator beside the numerator",
        holds=True,
        final=True,
    ),
    Rule(
        code="state-contradiction",
        at=("value", "numerator", "denominator"),
        where=lambda: ~reported(),
        find=lambda: ~(col("value").is_null() & col("numerator").is_null() & col("denominator").is_null()),
        expected="either a number, or the state {state}",
        holds=True,
    ),
    Rule(
        code="denominator-zero",
        at=("denominator", "value"),
        where=_parted,
        find=lambda: col("denominator") == 0,
        expected="a number above zero",
        holds=True,
    ),
    *(
        Rule(
            code="value-negative",
            at=(column, "value") if column != "value" else "value",
            over="read",
            where=where,
            find=partial(_negative, column),
            expected="zero or more",
            holds=True,
        )
        for column, where in (
            ("value", lambda: _by_value() & ~col("signed") & ~_is(Measure.INDEX) & ~col("ranked")),
            ("numerator", lambda: _by_parts() & ~col("signed")),
            ("denominator", _by_parts),
        )
    ),
    Rule(
        code="number-fraction-in-count",
        at="value",
        where=lambda: _by_value() & col("whole") & col("in_own_unit") & ~col("declared_decimal"),
        over="read",
        find=lambda: _fraction("value"),
        expected="a whole number of the unit {own_unit}",
        holds=True,
    ),
    # A table that declares decimals means them: an estimate, a full-time equivalent. It is told, and counts.
    Rule(
        code="number-fraction-in-count",
        at="value",
        where=lambda: _by_value() & col("whole") & col("in_own_unit") & col("declared_decimal"),
        find=lambda: _fraction("value"),
        expected="a whole number of the unit {own_unit}",
        severity="info",
    ),
    Rule(
        code="ratio-over-one",
        at=("numerator", "value"),
        over="read",
        where=lambda: _parted() & _is(Measure.PERCENTAGE) & ~col("over_hundred") & (col("denominator") > 0),
        find=lambda: col("numerator") > col("denominator"),
        beside=told_by_parts,
        found="{numerator} / {denominator}",
        expected="{right}",
        holds=True,
    ),
    Rule(
        code="percentage-over-100",
        at="value",
        where=lambda: _by_value() & _is(Measure.PERCENTAGE) & ~col("over_hundred"),
        find=lambda: (col("value") > 100) & (col("value") < TOO_MANY_HUNDREDS),
        expected="at most 100",
    ),
    Rule(
        code="ratio-scale",
        at="value",
        where=lambda: _by_value() & _is(Measure.PERCENTAGE) & ~col("over_hundred"),
        find=lambda: col("value") >= TOO_MANY_HUNDREDS,
        beside=_on_the_scale,
        expected="a percentage, such as 45.5 for 45.5 per cent",
        suggestion="{on_scale}",
        holds=True,
    ),
    Rule(
        code="ratio-scale",
        at="value",
        where=lambda: _by_value() & _is(Measure.PERCENTAGE) & (col("least") >= LEAST_PERCENTAGE),
        find=lambda: (col("value") > 0) & (col("value") < 1),
        beside=_on_the_scale,
        expected="a percentage, such as 45.5 for 45.5 per cent",
        suggestion="{on_scale}",
        holds=True,
    ),
    Rule(
        code="value-over-reachable",
        at="value",
        where=lambda: _by_value() & ~col("reachable").is_null() & col("in_own_unit"),
        find=lambda: col("value") > col("reachable"),
        expected="at most {reachable}, which is all that can be reached",
    ),
    Rule(
        code="value-over-reachable",
        at=("numerator", "value"),
        where=lambda: _by_parts() & ~col("reachable").is_null(),
        find=lambda: col("numerator") > col("reachable"),
        expected="at most {reachable}, which is all that can be reached",
    ),
    *(
        Rule(
            code="value-out-of-range",
            at="value",
            over="read",
            where=partial(_limited, limit, parts=False),
            find=partial(_beyond, limit),
            expected=expected,
            holds=True,
        )
        for limit, expected in (("minimum", "{minimum} or more"), ("maximum", "{maximum} or less"))
    ),
    *(
        Rule(
            code="value-out-of-range",
            at=("numerator", "value"),
            over="read",
            where=partial(_limited, limit, parts=True),
            find=partial(_beyond_by_parts, limit),
            found="{numerator} / {denominator}",
            expected=expected,
            holds=True,
        )
        for limit, expected in (("minimum", "{minimum} or more"), ("maximum", "{maximum} or less"))
    ),
    Rule(
        code="unit-mismatch",
        at="unit",
        where=lambda: _by_value() & ~col("unit").is_null(),
        find=lambda: ~col("unit_fits"),
        expected="{own_unit}",
        holds=True,
        final=True,
    ),
)

_PERIODS: Final = (
    Rule(
        code="period-outside-project",
        at=("period", "period_start", "period_end"),
        find=lambda: col("fits") == "outside",
        found="{period_start} to {period_end}",
        expected="days of the project",
        holds=True,
    ),
    Rule(
        code="period-mismatch",
        at=("period", "period_start"),
        find=lambda: col("fits") == "across",
        found="{period_start} to {period_end}",
        expected="{plan_period}, which is {plan_start} to {plan_last}",
        holds=True,
    ),
    Rule(
        code="report-early",
        at="reported_on",
        where=lambda: ~col("reported_on").is_null(),
        find=lambda: col("reported_on") < col("period_start"),
        expected="a day after the period began, {period_start}",
    ),
)


def _of_somebody() -> nw.Expr:
    """Rows of a partner, for an indicator of which the plan says who reports it."""
    return col("assigned") & (col("partner") != TOTAL) & ~col("plan_period").is_null()


_NAMES: Final = (
    Rule(
        code="reporter-not-assigned",
        at=("location", "partner"),
        where=lambda: _of_somebody() & col("partner_assigned") & (col("location") != TOTAL),
        find=lambda: ~col("pair_assigned"),
        found="{partner} does not report {indicator} from {location}",
        expected="{own_places}",
    ),
    Rule(
        code="reporter-not-assigned",
        at=("indicator", "partner"),
        where=lambda: _of_somebody() & ~col("partner_assigned"),
        find=lambda: ~col("pair_assigned"),
        found="{indicator} is not asked of {partner} in {plan_period}",
        expected="{own_partners}",
    ),
    Rule(
        code="category-not-declared",
        at="category",
        where=lambda: col("category") != TOTAL,
        find=lambda: col("relation").is_null(),
        found="{category}",
        expected="{splits}",
        holds=True,
    ),
    Rule(
        code="indicator-computed",
        at="indicator",
        find=lambda: col("computed"),
        expected="no reports: it is computed from other indicators",
    ),
    *(
        Rule(
            code="text-long",
            at=column,
            where=partial(lambda name: ~col(name).is_null(), column),
            find=partial(lambda name: col(name).str.len_chars() > LONG_TEXT, column),
            found="a text of more than 5,000 characters",
            expected="at most 5,000 characters",
        )
        for column in ("text", "comment", "evidence")
    ),
    *(
        Rule(
            code=code,
            at=column,
            where=partial(lambda name: ~col(name).is_null(), column),
            find=partial(lambda name, pattern: col(name).str.contains(pattern), column, pattern),
            expected="words",
        )
        for code, pattern in (("text-formula", FORMULA), ("text-markup", MARKUP))
        for column in ("text", "comment", "evidence")
    ),
)

ROWS: Final[tuple[Rule, ...]] = (*_VALUES, *_PERIODS, *_NAMES)
"""The rules about one row."""
