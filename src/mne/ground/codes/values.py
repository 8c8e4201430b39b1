"""Codes about what aggregation could not use."""

from __future__ import annotations

from typing import Final

from mne.ground.catalogue import Code, Severity

W = Severity.WARNING

CODES: Final[tuple[Code, ...]] = (
    Code(
        "value-other-project",
        W,
        "Not counted: {rows} observations on the project {found}, not on {expected}.",
        "Aggregate them with their own logframe.",
    ),
    Code(
        "value-outside-project",
        W,
        "Not counted: {rows} observations up to {found}, which is outside the project.",
        "Check the dates, or the start and end of the logframe.",
    ),
    Code(
        "value-period-closed",
        W,
        "Not counted: {rows} observations of periods that were closed through {found}.",
        "If the closed figures are to change, close the periods anew with all reports.",
    ),
    Code(
        "value-unit-not-convertible",
        W,
        "Not counted: {rows} observations in {found}, which cannot be converted to {expected}.",
        "Declare the unit with a factor, or an exchange rate, in the logframe.",
    ),
    Code(
        "value-unknown-indicator",
        W,
        "Not counted: {rows} observations on {found}, which the logframe does not have.",
        "Correct the code, or add the indicator to the logframe.",
    ),
    Code(
        "contribution-period-mismatch",
        W,
        "What {child} reports for {found} lies in no one period of this indicator: it counts in none of them.",
        "Let {child} report by periods that lie inside {expected}, or give the periods the same names in both calendars.",
    ),
    Code(
        "contribution-unit-not-convertible",
        W,
        "What {child} reports for {found} is in {unit}, which no exchange rate of that day converts to {expected}.",
        "Add an exchange rate dated on or before the last day of the period.",
    ),
    Code(
        "contribution-without-denominator",
        W,
        "What {child} gives for {found} has no numerator and denominator left to pool: it does not count.",
        "Let {child} pool its own values, or give this indicator another rule for projects.",
    ),
)
