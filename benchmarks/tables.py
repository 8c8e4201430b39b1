"""The tables of data that the lines are measured on, each made once, in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmarks import measure
from benchmarks.generate import all_bad, report, save
from benchmarks.projects import bench

SHARE: Final = 0.05
"""The share of rows with a defect."""

PLANTED: Final = (
    *("value-missing", "value-kind", "ratio-as-value", "ratio-incomplete", "ratio-over-one", "denominator-zero"),
    *("value-negative", "number-fraction-in-count", "unit-mismatch", "ref-unknown-indicator", "ref-unknown-partner"),
    *("ref-unknown-location", "ref-unknown-category", "category-not-declared", "period-unknown", "report-early"),
    *("period-outside-project", "row-duplicate", "key-conflict", "revision-unnumbered", "revision-order"),
    *("total-mismatch", "total-and-places", "cumulative-decrease", "cumulative-fluctuates", "flow-restates-total"),
    *("flow-stands-still", "level-comes-back", "value-outlier", "report-copied"),
)
"""What is planted in the large tables: everything that typed columns of figures can hold, but for unreadable cells."""


def table(options: measure.Options, rows: int, kind: str = "spoilt", ending: str = "parquet") -> Path:
    """The file of so many rows of the benchmark's project: clean, spoilt in one row of twenty, or bad in all."""
    key = (rows, kind, ending)
    if key not in options.tables:
        path = options.folder / f"{kind}-{rows}.{ending}"
        measure.child("tables:make", str(path), str(rows), kind)
        options.tables[key] = path
    return options.tables[key]


def make(path: str, rows: str, kind: str) -> int:
    """Write one such file; how many rows it has."""
    project, count = bench(int(rows)), int(rows)
    if kind == "bad":
        told = all_bad(project, count)
    else:
        told = report(project, count, defects=dict.fromkeys(PLANTED, SHARE / len(PLANTED)) if kind == "spoilt" else 0.0)
    save(told, Path(path))
    return told.height
