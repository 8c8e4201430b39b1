"""The one example report that is full of mistakes: twenty of them, each of another kind, each at a known cell.

Read `planted_rows` first: the rows of the workbook in order, with what is wrong where.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from example_rows import Row
from plain_workbook import ErrorCell, Formula

__all__ = ["PLANTED_NAME", "PLANTED_TITLES", "Planted", "planted_rows"]

PLANTED_NAME: Final = "2026-Q2 P-EAST (with errors).xlsx"
PLANTED_TITLES: Final = (
    "ILLUSTRATIVE EXAMPLE: nobody reported these numbers. P-EAST, 2026-Q2",
    "Twenty mistakes stand in this report on purpose; examples/planted_errors.yaml lists them.",
)


@dataclass(frozen=True)
class Planted:
    """A row, and what is wrong with it: the column, the finding's code, and why; nothing for a row that is right."""

    row: Row
    column: str | None = None
    code: str | None = None
    why: str | None = None


def planted_rows(arrived: dt.date) -> tuple[Planted, ...]:
    """The rows of the workbook, from the first one below the header."""
    gbao = Row("", "2026-Q2", "P-EAST", "GBAO", reported_on=arrived)
    drs = replace(gbao, location="DRS")
    half = "2026-S1"
    people = replace(gbao, indicator="OC2.1", unit="person")
    districts = replace(people, location="DRS")
    return (
        Planted(
            replace(gbao, indicator="OC1.2", value="about two weeks", unit="day"),
            "value",
            "number-invalid",
            "Words where a number of days belongs.",
        ),
        Planted(replace(drs, indicator="OC1.2", value=Decimal("12.5"), unit="day")),
        Planted(
            replace(drs, indicator="OP1.1.1", value=850000, unit="household"),
            "unit",
            "unit-mismatch",
            "Money is not counted in households.",
        ),
        Planted(
            replace(gbao, indicator="OP1.1.3", value=-45, unit="kg"),
            "value",
            "value-negative",
            "Nobody uses less than no paper.",
        ),
        Planted(
            replace(drs, indicator="OP1.1.3", value=90, unit="MT"),
            "unit",
            "unit-ambiguous",
            "MT may be a metric tonne or a megatonne.",
        ),
        Planted(
            replace(gbao, indicator="OP1.2.2", period=half, value="excellent"),
            "value",
            "ref-unknown-stage",
            "The scale has initial, developing, defined, managed and leading.",
        ),
        Planted(replace(drs, indicator="OP1.2.2", period=half, value="developing")),
        Planted(
            replace(gbao, indicator="OP1.2.3", value="sometimes"),
            "value",
            "yes-no-invalid",
            "Yes or no was asked.",
        ),
        Planted(replace(drs, indicator="OP1.2.3", value="yes")),
        Planted(
            replace(people, value=85),
            "value",
            "total-mismatch",
            "Women 45 and men 30 make 75, not 85.",
        ),
        Planted(replace(people, sex="F", value=45)),
        Planted(replace(people, sex="M", value=30)),
        Planted(
            replace(districts, value="1,500"),
            "value",
            "number-ambiguous",
            "One thousand five hundred, or one and a half?",
        ),
        Planted(replace(districts, sex="F", value=71)),
        Planted(replace(districts, sex="M", value=79)),
        Planted(
            replace(people, indicator="ОС2.1", value=12),
            "indicator",
            "code-confusable",
            "The first two letters are Cyrillic.",
        ),
        Planted(
            replace(people, indicator="OC2.9", value=12),
            "indicator",
            "ref-unknown-indicator",
            "The logframe has no indicator OC2.9.",
        ),
        Planted(
            replace(people, location="KULOB", value=12),
            "location",
            "ref-unknown-location",
            "The logframe has no place KULOB.",
        ),
        Planted(
            replace(people, partner="P-WEST", value=12),
            "partner",
            "ref-unknown-partner",
            "The logframe has no partner P-WEST.",
        ),
        Planted(
            replace(people, sex="X", value=12),
            "sex",
            "ref-unknown-category",
            "The dimension sex has the codes F and M.",
        ),
        Planted(
            replace(people, period="2026-Q5", value=12),
            "period",
            "period-unknown",
            "A year has four quarters.",
        ),
        Planted(
            replace(gbao, indicator="OP2.1.2", numerator=64, denominator=58),
            "numerator",
            "ratio-over-one",
            "More people passed than took the test.",
        ),
        Planted(
            replace(drs, indicator="OP2.1.2", numerator=0, denominator=0),
            "denominator",
            "denominator-zero",
            "Nobody took the test, so there is no share to speak of.",
        ),
        Planted(
            replace(gbao, indicator="OP2.1.3", numerator=ErrorCell("#DIV/0!"), denominator=85),
            "numerator",
            "cell-error",
            "The spreadsheet could not compute this cell.",
        ),
        Planted(
            replace(drs, indicator="OP2.1.3", numerator=Formula("SUM(X5:X9)"), denominator=150),
            "numerator",
            "cell-formula-no-value",
            "A formula that was never calculated.",
        ),
        Planted(
            replace(gbao, indicator="OP2.2.1", value=1, unit="school"),
            "value",
            "cumulative-decrease",
            "The total to date was 2 a quarter before.",
        ),
        Planted(replace(drs, indicator="OP2.2.1", value=5, unit="school")),
        Planted(
            replace(drs, indicator="OP2.2.1", value=7, unit="school"),
            "value",
            "key-conflict",
            "The row above reports 5 for the same cell.",
        ),
    )
