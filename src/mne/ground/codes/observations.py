"""Codes about one reported row, its cells, or a set of rows."""

from __future__ import annotations

from typing import Final

from mne.ground.catalogue import Code, Severity

B, E, W, I = Severity.BLOCKER, Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: Final[tuple[Code, ...]] = (
    # Numbers
    Code(
        "number-ambiguous",
        E,
        "{found} can be read as {expected}; the other numbers of the column do not show which.",
        "Write it without a mark for thousands, or with more decimals: 2012 or 2.0120.",
        "2,012",
    ),
    Code("number-invalid", E, "{found} is not {expected}.", "Write one plain number here; put words into the comment.", "about 50"),
    Code(
        "number-not-finite",
        E,
        "{found} is no number that can be reported.",
        "Leave the cell empty when there is no figure, or write the figure.",
        "NaN, 1E400",
    ),
    Code("number-out-of-range", E, "{found} has too many digits: {expected}.", "Check the number.", "9" * 22),
    Code(
        "number-scientific",
        E,
        "{found} is shown in a short form that may have lost digits.",
        "Format the cell as a number and write all its digits.",
        "1.23457E+11",
    ),
    Code(
        "number-date",
        E,
        "{found} is a date where a number should stand; a program may have turned something like 2/10 into it.",
        "Format the cells as text or number and type the figure again.",
        "10-Feb",
    ),
    Code(
        "number-text",
        W,
        "{found} is text that was read as a number ({count} in this column).",
        "Check the figure; write plain digits and format the cells as numbers.",
        "1 234",
    ),
    Code(
        "number-rounded",
        W,
        "{found} has more decimals than are kept; it was rounded ({count} in this column).",
        "Nothing to do, if {expected} are enough for you.",
        "33.3333333333333",
    ),
    Code(
        "number-precision",
        W,
        "{found} has more digits than a workbook or JSON keeps for certain ({count} in this column).",
        "Check the last digits; write long numbers as text.",
        "9007199254740993",
    ),
    Code(
        "number-conflict",
        E,
        "The value says {found}, numerator and denominator say {expected}.",
        "Correct one of the two.",
        "15/100 beside numerator 16",
    ),
    Code(
        "value-missing",
        E,
        "There is no value here: {found}.",
        "Write the value; write 0 only when it is zero. Where nothing can be reported, say why in the comment.",
        "an empty cell; n/a",
    ),
    Code("yes-no-invalid", E, "{found} is neither yes nor no.", "Write yes or no.", "partly"),
    Code("whole-invalid", E, "{found} is not {expected}.", "Write a whole number.", "1.5"),
    # Days and periods
    Code(
        "date-ambiguous",
        E,
        "{found} can mean more than one day: {expected}.",
        "Write days as year-month-day, such as 2025-03-31.",
        "03/04/2024",
    ),
    Code(
        "date-format",
        W,
        "{found} is not written as a day usually is ({count} cells); expected is {expected}.",
        "Write days as year-month-day, such as 2025-03-31.",
        "30/06/2024",
    ),
    Code("date-has-time", W, "{found} has a time or a time zone, which was left out ({count} cells).", "Write the day alone."),
    Code("date-invalid", E, "{found} is not {expected}.", "Write a day of the calendar, such as 2025-03-31.", "2024-02-30"),
    Code(
        "date-serial",
        E,
        "{found} looks like a workbook's own number for a day.",
        "Format the cell as a date; it would then show {suggestion}.",
        "45292",
    ),
    Code("period-missing", E, "The period is missing.", "Write {expected}."),
    Code("period-unknown", E, "{found} is no period that is known here.", "Write {expected}.", "Round 3"),
    Code(
        "period-ambiguous",
        E,
        "{found} can mean {expected}.",
        "Use the label of the logframe, or write the first and the last day.",
        "Q1 2025, where the fiscal year begins in July",
    ),
    Code("period-reversed", E, "{found} is before the period begins.", "Check the first and the last day."),
    Code(
        "period-conflict",
        E,
        "The days do not belong to the period that is named: {expected}.",
        "Correct the days or the name of the period.",
    ),
    Code(
        "period-other",
        E,
        "{found} is another period than the one that this report is for ({expected}).",
        "Send it with the report of its own period, or correct the period.",
    ),
    # Codes
    Code(
        "code-normalised",
        W,
        "{found} was read as {expected} ({count} cells).",
        "Write the code exactly as in the logframe.",
        "oc1.1",
    ),
    Code(
        "code-confusable",
        E,
        "{found} looks like {expected}, and is written with other letters.",
        "Type it again as {suggestion}, with the keyboard set to Latin letters.",
        "ОС1.1 in Cyrillic letters",
    ),
    Code(
        "code-invisible-character",
        E,
        "{found} holds a character that nobody sees.",
        "Delete the cell and type it again.",
        "ORG-\u202eA",
    ),
    Code(
        "code-numeric",
        E,
        "{found} is a number where a code should stand; as a number, 1.10 and 1.1 are the same.",
        "Format the cells as text and type the code again.",
    ),
    Code(
        "code-date",
        E,
        "{found} is a date where a code should stand; a program may have turned something like 10-14 into it.",
        "Format the cells as text and type the code again.",
    ),
    Code("ref-ambiguous", E, "{found} can mean {expected}.", "Write the code instead of the name."),
    Code(
        "ref-no-list",
        W,
        "{found} was taken as written ({count} cells): the logframe has no list to compare it with.",
        "List the codes in the logframe.",
    ),
    Code("ref-unknown-project", E, "This logframe is {expected}, not {found}.", "Correct the project, or check it with its own logframe."),
    Code("ref-unknown-indicator", E, "There is no indicator {found} in the logframe.", "Use one of {expected}."),
    Code("ref-unknown-partner", E, "There is no partner {found} in the logframe.", "Use one of {expected}."),
    Code("ref-unknown-location", E, "There is no location {found} in the logframe.", "Use one of {expected}."),
    Code("ref-unknown-category", E, "There is no category {found} in the logframe.", "Use one of {expected}."),
    Code("ref-unknown-dimension", E, "There is no dimension {found} in the logframe.", "Use one of {expected}."),
    Code("ref-unknown-stage", E, "{found} is no step of this indicator's scale.", "Use one of {expected}."),
    Code("category-conflict", E, "{found} and another cell of the row name different categories: {expected}.", "Correct one of the two."),
    Code("indicator-missing", E, "The row names no indicator.", "Write the indicator's code."),
    Code(
        "partner-missing",
        W,
        "No partner is named; the figures count for the whole.",
        "Write the partner, or name it when you check the file: {expected}.",
    ),
    Code(
        "partner-other",
        E,
        "{found} is another partner than the one that this report is from ({expected}).",
        "Remove the row, or correct the partner.",
    ),
    Code("unit-invalid", E, "{found} is no unit that is known here.", "Use {expected}, or declare the unit in the logframe.", "MT"),
    Code("unit-ambiguous", E, "{found} can mean several units.", "Use {expected}.", "ton"),
    Code("state-unknown", E, "{found} is no state of a value.", "Use one of {expected}."),
    Code("state-conflict", E, "The state is {found}, and there is a value all the same: {expected}.", "Remove the state or the value."),
    Code("status-unknown", E, "{found} is no status of a report.", "Use one of {expected}."),
)
