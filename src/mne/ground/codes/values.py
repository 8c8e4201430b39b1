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
)
