"""(d) A project of a thousand rows, from a CSV file to its scorecard, in a process that has done it before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

import mne
from benchmarks.measure import Line, Options, in_turn, shown
from benchmarks.ours import plan
from benchmarks.tables import table

ROWS = 1_000
MOST = 0.050
WARM_UPS, TIMES = 3, 7


def lines(options: Options) -> Iterator[Line]:
    """One line: milliseconds once warm."""
    path = str(table(options, ROWS, "spoilt", "csv"))
    found = in_turn({"ours": ("d_small:chain", path)}, options.runs)["ours"]
    yield Line(
        "d",
        f"{ROWS:,} rows, CSV to scorecard, warm",
        shown(found.seconds),
        "–",
        shown(found.seconds),
        f"≤ {MOST * 1e3:.0f} ms",
        found.seconds <= MOST,
    )


def chain(path: str) -> dict[str, float]:
    """The median of some runs after a few that are not counted."""
    project = plan(ROWS)
    taken = []
    for _ in range(WARM_UPS + TIMES):
        start = time.perf_counter()
        mne.evaluate(path, project)
        taken.append(time.perf_counter() - start)
    return {"seconds": median(taken[WARM_UPS:])}
