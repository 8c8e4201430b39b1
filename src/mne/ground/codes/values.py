"""Codes about what aggregation could not use."""

from __future__ import annotations

from typing import Final

from mne.ground.catalogue import Code, Severity

W = Severity.WARNING

CODES: Final[tuple[Code, ...]] = (
    Code(
        "value-other-project",
        W,
        "{rows} observations report on the project {found}, not on {expected}; they do not count.",
        "Aggregate them with their own logframe.",
    ),
    Code(
        "value-outside-project",
        W,
        "{rows} observations end on {found}, which is outside the project; they do not count.",
        "Check the dates, or the start and end of the logframe.",
    ),
    Code(
        "value-period-closed",
        W,
        "{rows} observations speak of periods that were closed through {found}; they do not count.",
        "If the closed figures are to change, close the periods anew with all reports.",
    ),
    Code(
        "value-unit-not-convertible",
        W,
        "{rows} observations are in {found}, which cannot be converted to {expected}; they do not count.",
        "Declare the unit with a factor, or an exchange rate, in the logframe.",
    ),
    Code(
        "value-unknown-indicator",
        W,
        "{rows} observations report on {found}, which the logframe does not have; they do not count.",
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
