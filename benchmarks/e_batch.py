"""(e) Many small projects: a dozen indicators and some tens of rows each, from tables to scorecards.

The plans are compiled and one project is scored before the clock starts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

import mne
from benchmarks.generate import report
from benchmarks.measure import Line, Options, in_turn, megabytes
from mne.logframe.model import Logframe

PROJECTS: Final = 10_000
ONE_BY_ONE: Final = 200
"""Projects of which the rate is taken, as long as each is a call of its own."""
LEAST: Final = 1_000
INDICATORS: Final = 12
ROWS: Final = (20, 60)


def lines(options: Options) -> Iterator[Line]:
    """One line: projects a second."""
    count = max(3, min(ONE_BY_ONE, options.rows // 1_000))
    found = in_turn({"ours": ("e_batch:chain", f"{count}")}, options.runs)["ours"]
    rate = count / found.seconds
    yield Line(
        "e", f"small projects, one call each ({count} of them)", f"{rate:,.0f} a second", "–", f"{rate:,.0f} a second",
        f"≥ {LEAST:,} a second", rate >= LEAST, megabytes(found),
    )  # fmt: skip


def chain(count: str) -> dict[str, Any]:
    """How long it takes to judge and score so many projects."""
    projects = [(each, report(each, ROWS[0] + at % (ROWS[1] - ROWS[0]), seed=at)) for at, each in small(int(count))]
    _scored(*projects[0])
    start = time.perf_counter()
    accepted = sum(_scored(project, table) for project, table in projects)
    return {"seconds": time.perf_counter() - start, "accepted": accepted}


def _scored(project: Logframe, table: pl.DataFrame) -> int:
    told = mne.validate(table, project)
    mne.score(mne.aggregate(told.observations, project))
    return told.counts.accepted


def small(count: int) -> Iterator[tuple[int, Logframe]]:
    """Projects of two years with flows, totals to date, levels and shares, by one partner in a few places."""
    kinds = [("number", "person", "flow"), ("number", "household", "running_total"), ("number", "kg", "level"),
             ("percentage", "percent", "level")]  # fmt: skip
    for at in range(count):
        indicators = [
            {
                "id": f"I{n:02d}", "title": f"Indicator {n}", "measure": measure, "unit": unit,
                "accumulation": accumulation, "baseline": {"value": "0"}, "weight": f"{1 + n % 4}",
                "targets": [{"date": "2026-12-31", "value": f"{60 if unit == 'percent' else 5_000 + 10 * at}",
                             "kind": "final", **({"basis": "cumulative"} if accumulation == "flow" else {})}],
            }
            for n in range(INDICATORS)
            for measure, unit, accumulation in [kinds[n % len(kinds)]]
        ]  # fmt: skip
        yield at, Logframe.model_validate(
            {
                "id": f"S{at:05d}", "title": f"Small project {at}", "start": "2025-01-01", "end": "2026-12-31",
                "calendar": {"frequency": "annual"},
                "organisations": [{"id": "A", "title": "Partner A", "roles": ["partner"]}],
                "locations": [{"id": code, "title": f"Place {code}"} for code in ("N", "S", "W")],
                "results": [
                    {"id": f"OC{half}", "level": "outcome", "title": f"Outcome {half}",
                     "indicators": indicators[half::2]} for half in (0, 1)
                ],
            }
        )  # fmt: skip
