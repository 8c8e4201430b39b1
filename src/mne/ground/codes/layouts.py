"""Codes about how a sheet was understood: its layout, a mapping file, and what a kind of file cannot show."""

from __future__ import annotations

from typing import Final

from mne.ground.catalogue import Code, Severity

B, E, W, I = Severity.BLOCKER, Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: Final[tuple[Code, ...]] = (
    Code(
        "layout-read",
        I,
        "The table was read as {found}; set aside: {aside}; taken for every row: {facts}.",
        "Nothing to do, if that is how it was meant; else say in a mapping file how to read it.",
        "wide by period: columns D to G",
    ),
    Code(
        "layout-ambiguous",
        E,
        "What the column {found} means cannot be told ({expected}); it was not read.",
        "Give it a header that says one thing, or name its meaning in a mapping file.",
        "T1, which is both a place and a quarter",
    ),
    Code(
        "period-months-other",
        W,
        "The columns of {found} stand for the months of {whole}, which are {expected}; only the figures of {whole} were read.",
        "Check that the figures are those of {whole}, and correct the names of the months.",
        "April, May, June left from the last report beside Q3 2026",
    ),
    Code(
        "period-months-differ",
        W,
        "The figure for {month} is {found}, and for {whole} it is {expected}.",
        "Correct the one that is wrong; what is asked of a whole period has to hold in each of its months.",
        "no in August, yes for the quarter",
    ),
    Code(
        "period-months-parts",
        E,
        "In {month} the parts by {split} make {found} instead of {expected}: {why}.",
        "Correct the figures of the month, and with them those of the whole period.",
        "the figures of August once more in the column of September",
    ),
    Code(
        "layout-role-unknown",
        E,
        "Whether {found} was planned or achieved cannot be told; expected is {expected}.",
        "Write target or actual beside the row, or name the word in a mapping file.",
        "12 (forecast)",
    ),
    Code(
        "value-accumulation",
        E,
        "Here stands {found}, and the indicator asks for {expected}.",
        "Report what the indicator counts: of a running total the total so far, of a flow the period alone.",
        "a cumulative figure alone, for an indicator that counts each period by itself",
    ),
    Code(
        "row-total",
        I,
        "The row of sums ({found}) was set aside; {told}.",
        "Nothing to do.",
        "Total",
    ),
    Code(
        "row-part-unasked",
        I,
        "The row was not read: it is a part of the row above it that the plan does not ask for ({found}).",
        "Nothing to do, unless it is a category of the plan: then write the category as the plan does.",
        "of which in villages",
    ),
    Code(
        "row-detail",
        I,
        "Rows {rows} ({places}) are no places of the plan: they were taken for the detail of {whole}, compared with its "
        "sums in row {figures}, and not read as figures of their own.",
        "Nothing to do, if that is how it was meant; else declare the places in the logframe.",
        "districts above the total of their region",
    ),
    Code(
        "total-row-differs",
        W,
        "The row of sums says {found}, the rows above it ({rows}) make {expected}.",
        "Correct the figures or the sum; the sum itself is never counted.",
    ),
    Code(
        "total-sum-differs",
        E,
        "The sum in {sum} is {told} instead of {expected}: {why}.",
        "Mend what the reason names, and look at the sum again.",
        "229,6 as text, among numbers that are summed up",
    ),
    Code(
        "total-not-summable",
        E,
        "{found} cannot be the figure for all of them together, from {low} to {high}: {why}.",
        "Give the figure that is known for all of them together, as the plan counts it; it cannot be made by adding.",
        "the medians of six districts added up",
    ),
    Code(
        "total-share-differs",
        W,
        "The share is {found}, and {numerator} out of {denominator} are {expected}: {why}.",
        "Correct the share; the numerator and the denominator are what was read.",
        "the mean of the districts' shares",
    ),
    Code(
        "total-other-place",
        E,
        "The row of sums is called {found}, and the sheet is for {expected}.",
        "Correct the name of the row, and check that its figures are those of the sheet's place.",
        "a label copied from the report of another region",
    ),
    Code(
        "total-cumulative-differs",
        W,
        "The cumulative figure is {found}; with what this period achieved it should be {expected}.",
        "Correct one of the two; only the one that the indicator counts by was read.",
    ),
    Code(
        "file-format-limited",
        I,
        "This kind of file ({found}) does not show {expected}.",
        "Save it as .xlsx, if these could matter.",
    ),
    Code(
        "mapping-sheet-missing",
        E,
        "The mapping is for the sheet {expected}, which the file does not have.",
        "Correct the name of the sheet in the mapping.",
    ),
    Code(
        "mapping-column-missing",
        B,
        "The mapping names the column {expected}, which the table does not have.",
        "Correct the column in the mapping, or in the file.",
    ),
    Code(
        "mapping-unused",
        I,
        "The file has none of the columns of its own that the mapping names; it was read without it.",
        "Nothing to do, if the file has other headers than those that the mapping is for.",
    ),
)
