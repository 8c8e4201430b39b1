"""``python -m benchmarks``: prints one line per benchmark, ours against the rival."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

import mne
from benchmarks.seeds import observations, plan

Job = Callable[[], Any]


def timed(job: Job, runs: int) -> float:
    """The median of `runs` runs, in seconds, after one to warm up."""
    job()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def peak(job: Job) -> float:
    """The most memory that Python held during one run, in megabytes."""
    tracemalloc.start()
    job()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def compared(name: str, ours: Job, rival: Job, runs: int) -> None:
    """Times both and prints one line."""
    mine, theirs = timed(ours, runs), timed(rival, runs)
    told = f"ours {mine * 1e3:9.1f} ms   rival {theirs * 1e3:9.1f} ms   ratio {mine / theirs:6.2f}"
    print(f"{name:<24} {told}   peak {peak(ours):7.1f} MB")


def by_pandas(table: pd.DataFrame) -> dict[str, float]:
    """The two values of the benchmark's plan with pandas by hand."""
    key = ["indicator", "period_end", "partner", "location", "category"]
    newest = table.sort_values(["revision", "reported_on", "source_order"]).drop_duplicates(key, keep="last")
    flow = newest[newest.indicator == "OC1.1"].copy()
    flow["kilos"] = flow.value * flow.unit.map({"kg": 1.0, "t": 1000.0})
    cell = ["period_end", "partner", "location"]
    totals = flow[flow.category == "_T"].groupby(cell).kilos.sum()
    parts = flow[flow.category != "_T"].groupby(cell).kilos.sum()
    share = newest[newest.indicator == "OC2.1"]
    last = share[share.period_end == share.period_end.max()]
    return {
        "OC1.1": float(totals.combine_first(parts).sum()),
        "OC2.1": float(100 * last.numerator.sum() / last.denominator.sum()),
    }


def checked_by_hand(path: Path) -> int:
    """What a careful script does: read, convert, check ranges, codes and duplicates."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    numbers = table[["value", "numerator", "denominator"]].apply(pd.to_numeric, errors="coerce")
    bad = (numbers < 0).any(axis=1) | (numbers.numerator > numbers.denominator) | (numbers.denominator == 0)
    bad |= ~table.indicator.isin(["OC1.1", "OC2.1"]) | ~table.unit.isin(["kg", "t", "percent", ""])
    bad |= table.duplicated(["indicator", "period", "partner", "location", "category"], keep=False)
    return int(bad.sum())


def main() -> None:
    """Checks that both sides agree, then times them."""
    options = argparse.ArgumentParser(prog="python -m benchmarks")
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    project = plan()
    table = observations(project, given.rows)
    frame = table.to_pandas()
    values = mne.aggregate(table, project)
    by_hand = by_pandas(frame)
    for code, number in by_hand.items():
        ours = values[code].value or Fraction(0)
        if abs(float(ours) - number) > 1e-6 * number:
            sys.exit(f"{code}: ours is {float(ours)}, by hand it is {number}")
    versions = f"Python {sys.version.split()[0]}, polars {pl.__version__}, pandas {pd.__version__}"
    print(f"{given.rows:,} rows, median of {given.runs} runs, {versions}")
    compared("aggregate", lambda: mne.aggregate(table, project), lambda: by_pandas(frame), given.runs)
    compared(
        "score and explain",
        lambda: mne.score(values).explain("OC1").to_text(),
        lambda: sum(Fraction(value.value or 0) / 2 for value in values.values()),
        given.runs,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        columns = [
            "indicator",
            "period",
            "partner",
            "location",
            "category",
            "value",
            "numerator",
            "denominator",
            "unit",
            "revision",
        ]
        once = table.to_polars().unique(["indicator", "period", "partner", "location", "category"], maintain_order=True)
        once.select(columns).write_csv(path)
        compared(
            f"validate {once.height:,} rows",
            lambda: mne.validate(path, project),
            lambda: checked_by_hand(path),
            given.runs,
        )
    compared(
        "import",
        lambda: subprocess.run([sys.executable, "-c", "import mne"], check=True),
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        given.runs,
    )


if __name__ == "__main__":
    main()
