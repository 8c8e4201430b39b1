"""What every rival of the large table knows by heart, and the little that all of them leave to Python.

The rivals know the benchmark's plan, that a text is one of few, that nobody reports more than three decimals, and which
rows can break a rule at all. Read `CODES` first: each row of the table gets a number of which every bit is a code.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from benchmarks.projects import bench

INDICATORS: Final = ("OC1.1", "OC1.2", "OC2.1", "OC2.2", "OC3.1")
"""Seed in kilograms and people trained, by sex; households so far; wells; the share of farmers."""
SEED, PEOPLE, HOUSEHOLDS, WELLS, SHARE = range(5)
UNITS: Final = ("kg", "t", "g", "person", "household", "well", "percent", "day")
OWN: Final = ("kg", "person", "household", "well", "percent")
TO_OWN: Final = {("kg", "kg"): 1.0, ("t", "kg"): 1000.0, ("g", "kg"): 0.001}
CATEGORIES: Final = ("_T", "sex=F", "sex=M")
CODES: Final = (
    *("ref-unknown-indicator", "ref-unknown-partner", "ref-unknown-location", "ref-unknown-category"),
    *("period-unknown", "unit-invalid"),
    *("value-missing", "value-kind", "ratio-as-value", "ratio-incomplete", "denominator-zero"),
    *("value-negative", "value-negative", "value-negative", "number-fraction-in-count", "ratio-over-one"),
    *("unit-mismatch", "period-outside-project", "report-early", "category-not-declared", "number-conflict"),
)
UNREAD: Final = 6
"""The first so many say that a cell could not be read; then nothing more is asked of its row."""
PASSING: Final = (1 << CODES.index("report-early")) | (1 << CODES.index("number-conflict"))
HOLD: Final = (1 << len(CODES)) - 1 - PASSING
"""Rows with one of these do not count."""

FAR, TO_SIGMA, MEAN_TO_SIGMA, NEAR, OTHERS = 3.5, 0.6745, 1.253314, 0.25, 6
TARGETS: Final = {"OC1.1": 9e9, "OC1.2": 4e9, "OC2.1": 3e9, "OC2.2": 3e8, "OC3.1": 60.0}
BASELINES: Final = {"OC2.2": 1000.0, "OC3.1": 10.0}
WEIGHTS: Final = {"OC1": {"OC1.1": 60, "OC1.2": 40}, "OC2": {"OC2.1": 70, "OC2.2": 30}, "OC3": {"OC3.1": 1}}
CEILING: Final = 1.2


def names(rows: int) -> dict[str, list[str]]:
    """The codes of partners and places, the whole first, and the periods in order with their first days."""
    plan = bench(rows)
    return {
        "partner": ["_T", *plan.partners],
        "location": ["_T", *(each.id for each in plan.locations)],
        "period": [each.label for each in plan.periods()],
        "start": [str(each.start) for each in plan.periods()],
    }


def counted(masks: dict[int, int]) -> dict[str, int]:
    """How often each code is said, from how many rows have which number."""
    found: dict[str, int] = {}
    for mask, rows in masks.items():
        for at, code in enumerate(CODES[:-1]):
            if mask >> at & 1:
                found[code] = found.get(code, 0) + rows
    return found


def beside_parts(rows: list[tuple[float, float, float]]) -> dict[str, int]:
    """Shares that are not what their numerator and denominator make, however they were rounded."""
    found: dict[str, int] = {}
    for value, numerator, denominator in rows:
        exact = 100 * Fraction(numerator) / Fraction(denominator)
        digits = len(f"{value}".rstrip("0").partition(".")[2])
        if abs(Fraction(str(value)) - exact) >= Fraction(1, 10**digits):
            factor = exact / Fraction(str(value)) if value else Fraction(0)
            scaled = 99 <= factor <= 101 or Fraction(1, 101) <= factor <= Fraction(1, 99)
            code = "ratio-scale" if scaled else "number-conflict"
            found[code] = found.get(code, 0) + 1
    return found


def scored(values: dict[str, float | None]) -> dict[str, Any]:
    """The way covered from the baseline to the target, weighted; of the table's answer the last step."""
    scores: dict[str, float | None] = {}
    for outcome, weights in WEIGHTS.items():
        there = {id: values[id] for id in weights if values[id] is not None}
        ways = {}
        for id, value in there.items():
            begin = BASELINES.get(id, 0.0)
            ways[id] = min(CEILING, max(0.0, ((value or 0.0) - begin) / (TARGETS[id] - begin)))
        whole = sum(weights[id] for id in ways)
        scores[outcome] = 100 * sum(weights[id] * way for id, way in ways.items()) / whole if ways else None
    return {"values": values, "scores": scores}


def found(**codes: int) -> dict[str, int]:
    """The codes that were found at all, with hyphens."""
    return {code.replace("_", "-"): int(count) for code, count in codes.items() if count}
