"""``python -m benchmarks.reports``: a large workbook and a large CSV file judged, against reading and checking by hand.

The workbook is held against openpyxl iterating its cells and doing nothing with them; the CSV file against queries in
Polars with the rules that can speak of it. Both sides of the second must find as much of every kind.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

import openpyxl
import polars as pl

import mne
from benchmarks import csv_polars
from benchmarks.seeds import observations, plan

COLUMNS = ["indicator", "period", "partner", "location", "category", "value", "numerator", "denominator", "unit"]
KEY = COLUMNS[:5]
PARTNERS = 400
"""With 60 places, 24 quarters and 4 kinds of row: 2.3 million cells, of which a report fills some."""


def report(rows: int, *, seed: int = 7) -> pl.DataFrame:
    """A partner's table of about so many rows, one per cell of the plan; a hundredth of them is wrong."""
    table = (
        observations(plan(partners=PARTNERS), rows * 3 // 2, seed=seed)
        .to_polars()
        .unique(KEY, maintain_order=True, keep="first")
        .head(rows)
    )
    at = pl.int_range(pl.len())
    return table.select(
        pl.when(at % 400 == 7).then(pl.lit("OC9.9")).otherwise("indicator").alias("indicator"),
        *COLUMNS[1:5],
        pl.when(at % 400 == 107).then(-1 - pl.col("value")).otherwise("value").alias("value"),
        pl.when(at % 400 == 207).then(pl.col("denominator") + 1).otherwise("numerator").alias("numerator"),
        *COLUMNS[7:],
    )


def saved_as_workbook(table: pl.DataFrame, path: Path) -> None:
    """The table as a person's workbook would hold it: numbers as numbers, the rest as shared text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    sheet.append(table.columns)
    floats = table.with_columns(pl.col("value", "numerator", "denominator").cast(pl.Float64))
    for row in floats.iter_rows():
        sheet.append(row)
    book.save(path)


UNASKED: Final = ("parts-swapped",)
"""What the query by hand does not ask: among figures that are drawn, a few parts look changed over by chance."""


def iterated(path: Path) -> int:
    """What openpyxl needs to hand out every cell."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    cells = 0
    for row in book.worksheets[0].iter_rows(values_only=True):
        cells += len(row)
    book.close()
    return cells


def checked_by_hand(path: Path) -> dict[str, int]:
    """What a careful query finds by code."""
    return csv_polars.checked(path, PARTNERS)


def judged_by_us(path: Path) -> dict[str, int]:
    """What validation finds by code; more than 200,000 rows are read of trusted files alone."""
    found = mne.validate(path, plan(partners=PARTNERS), trusted=True).findings.codes
    return {code: count for code, count in found.items() if code not in UNASKED}


def workbook_by_us(path: Path) -> int:
    """The rows of a workbook from outside that validation holds back."""
    return mne.validate(path, plan(partners=PARTNERS)).counts.held


def timed(job: Callable[[], object], runs: int) -> float:
    """The median of some runs, in seconds."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return median(taken)


def held_at_most() -> int:
    """The most memory, in kilobytes, that this process and those that it started came to hold.

    Its own figure comes from Linux where there is one: what the system counts for a process begins with that of the one
    that started it.
    """
    status = Path("/proc/self/status")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if status.exists():
        own = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def peak(words: list[str]) -> float:
    """The most memory, in megabytes, that one job takes in a process of its own."""
    code = (
        "import sys; from benchmarks import reports as told;"
        "getattr(told, sys.argv[1])(told.Path(sys.argv[2])); print(told.held_at_most())"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    return int(done.stdout) / (1e6 if sys.platform == "darwin" else 1e3)


def compared(name: str, ours: str, rival: str, path: Path, runs: int) -> None:
    """Times both on the file, in turn, and prints one line."""
    jobs = globals()
    mine, theirs = (timed(lambda job=jobs[each]: job(path), runs) for each in (ours, rival))
    memory = ", ".join(f"{who} {peak([job, str(path)]):.0f} MB" for who, job in (("ours", ours), ("rival", rival)))
    print(f"{name:<28} ours {mine:7.2f} s   rival {theirs:7.2f} s   ratio {mine / theirs:5.2f}   peak: {memory}")


def main() -> None:
    """Makes the files, checks that both sides agree, and times them."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.reports")
    options.add_argument("--workbook-rows", type=int, default=100_000)
    options.add_argument("--csv-rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    print(f"Python {sys.version.split()[0]}, polars {pl.__version__}, openpyxl {openpyxl.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        book, text = Path(folder) / "report.xlsx", Path(folder) / "report.csv"
        table = report(given.workbook_rows)
        saved_as_workbook(table, book)
        name = f"workbook, {table.height:,} rows"
        compared(name, "workbook_by_us", "iterated", book, given.runs)
        table = report(given.csv_rows)
        table.write_csv(text)
        mine, theirs = judged_by_us(text), checked_by_hand(text)
        if mine != theirs:
            sys.exit(f"ours finds {mine} in the CSV file, the query by hand {theirs}")
        compared(f"CSV, {table.height:,} rows", "judged_by_us", "checked_by_hand", text, given.runs)


if __name__ == "__main__":
    main()
