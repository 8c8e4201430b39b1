"""What a person would accept as the answer to each defect: the collection's suggested code → our codes for it.

A suggestion that is not listed here is one of our own codes and means itself.
"""

from __future__ import annotations

from typing import Final

ACCEPTED: Final[dict[str, frozenset[str]]] = {
    suggested: frozenset(ours.split())
    for suggested, ours in {
        # The same thing under another name.
        "csv-delimiter-mismatch": "csv-delimiter-mismatch",
        "disaggregation-sum": "total-mismatch total-exceeded",
        "ref-unknown-indicator": "ref-unknown-indicator logframe-unknown-reference",
        "limit-entries": "limit-zip-entries",
        # The digits are more than any number has: said of the cell or of the number.
        "number-out-of-range": "number-out-of-range limit-number-length",
        "limit-cell-length": "limit-cell-length limit-number-length number-out-of-range",
        # -5 people with a proper minus sign: what is wrong is that nobody counts below zero.
        "number-invalid": "number-invalid number-text value-negative cell-nested number-not-finite",
        "number-not-finite": "number-not-finite logframe-value-invalid",
        # A unit that means two things is no unit that can be taken.
        "unit-invalid": "unit-invalid unit-ambiguous unit-mismatch logframe-unit-unknown",
        "unit-ambiguous": "unit-ambiguous logframe-unit-unknown",
        "header-unknown": "header-unknown header-misspelt header-normalised",
        # A web page is told by its first sign.
        "iati-root": "iati-root file-type-mismatch",
        # Nothing else in the schema lets a file ask for another.
        "iati-schema": "xml-include xml-malformed iati-root",
        # A quarter in a column of days.
        "date-format": "date-format date-invalid",
        "date-invalid": "date-invalid logframe-value-invalid",
        "date-ambiguous": "date-ambiguous",
        "date-serial": "date-serial number-date",
        "period-reversed": "period-reversed logframe-dates-reversed",
        "parquet-malformed": "parquet-malformed",
        "column-type": "column-type",
        # Logframes.
        "yaml-alias": "yaml-alias yaml-merge-key",
        "yaml-tag": "yaml-tag",
        # "=" is text like any other to a reader that types nothing; it is told as what other readers trip over.
        "yaml-invalid": "yaml-invalid yaml-implicit-type",
        "yaml-implicit-type": "yaml-implicit-type",
        "code-duplicate": "logframe-duplicate-id",
        "code-confusable": "code-confusable logframe-id-confusable",
        "text-invisible-character": "logframe-text-invisible",
        "text-markup": "text-markup logframe-text-markup",
        "formula-cycle": "logframe-formula-cycle",
        # A formula longer than any text is refused before it is read as one.
        "formula-invalid": "logframe-formula-invalid logframe-shape",
        # There are no includes and no patterns in the format: the key itself is refused, and nothing is followed.
        "path-outside": "logframe-unknown-key",
        "include-cycle": "logframe-unknown-key",
        "pattern-unsafe": "logframe-unknown-key",
        "target-equals-baseline": "logframe-target-equals-baseline",
        "weight-sum": "logframe-weight-sum",
    }.items()
}


def accepted(suggested: str) -> frozenset[str]:
    """Our codes that answer a suggested one."""
    return ACCEPTED.get(suggested, frozenset((suggested,)))
