"""Worked cases: a plan, the rows that were reported, and what must come out, with the arithmetic written by hand.

`CASES` holds them all. They know neither the library's count nor the reference's: whoever computes from a plan and
rows can be held against them. Read `Case` in `tests.cases.building` first.
"""

from tests.cases import achievements, categories, conventions, flows, grid, levels, ratios, scores, states, units
from tests.cases.building import Case, Judged

CASES: tuple[Case, ...] = (
    *grid.CASES,
    *flows.CASES,
    *levels.CASES,
    *ratios.CASES,
    *categories.CASES,
    *units.CASES,
    *states.CASES,
    *achievements.CASES,
    *conventions.CASES,
    *scores.CASES,
)

__all__ = ["CASES", "Case", "Judged"]
