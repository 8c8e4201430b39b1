"""``python -m benchmarks``: a table of ratios, each against a rival written by hand; README.md says what they are."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import a_large, b_pandas, c_validation, d_small, e_batch, f_spark, g_start, h_growth
from benchmarks.measure import Disagreement, Line, Options

LINES: Final = {
    "a": a_large.lines,
    "b": b_pandas.lines,
    "c": c_validation.lines,
    "d": d_small.lines,
    "e": e_batch.lines,
    "f": f_spark.lines,
    "g": g_start.lines,
    "h": h_growth.lines,
}
HEAD: Final = ("", "what", "ours", "rival", "figure", "target", "met", "peak MB, ours / rival", "bytes a row")
RIVALS: Final = ("polars", "duckdb", "pandas", "pandera", "frictionless", "pyspark")


def main(words: list[str] | None = None) -> int:
    """Measure what was asked for and print it as it comes; 1 where two sides of a line differ or a job fails."""
    given = _given(words)
    wanted = [each for each in given.only.split(",") if each]
    unknown = sorted({*wanted} - {*LINES})
    if unknown:
        sys.exit(f"there is no line {', '.join(unknown)}; there are {', '.join(LINES)}")
    print("\n".join(_about(given)) + "\n\n" + _row(HEAD) + "\n" + "|---" * len(HEAD) + "|", flush=True)
    rows, failed = [], []
    with tempfile.TemporaryDirectory() as folder:
        options = Options(rows=given.rows, runs=given.runs, folder=Path(folder))
        for letter in wanted or LINES:
            try:
                for line in LINES[letter](options):
                    rows.append(_row(_cells(line)))
                    print(rows[-1], flush=True)
            except (Disagreement, RuntimeError) as told:  # the other lines are measured all the same
                failed.append(f"({letter}) {told}")
                print(failed[-1], flush=True)
    if given.write:
        given.write.write_text(_page(given, rows, failed))
    return 1 if failed else 0


def _given(words: list[str] | None) -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--only", default="", metavar="a,c,h", help="the lines to measure; all when left out")
    options.add_argument("--rows", type=int, default=10_000_000, help="rows of the large tables (default: 10,000,000)")
    options.add_argument("--runs", type=int, default=5, help="runs of each side, of which the median counts")
    options.add_argument("--write", type=Path, metavar="PAGE", help="write the table to this page as well")
    return options.parse_args(words)


def _about(given: argparse.Namespace) -> Iterator[str]:
    """With what all of it was measured."""
    only = f" --only {given.only}" if given.only else ""
    yield f"`python -m benchmarks --rows {given.rows} --runs {given.runs}{only}`, {time.strftime('%d %B %Y')}:"
    yield f"median of {given.runs} runs, {_machine()}, Python {platform.python_version()}, {', '.join(_versions())}."


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} on {platform.machine()}"


def _versions() -> Iterator[str]:
    for name in RIVALS:
        try:
            yield f"{name} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            yield f"no {name}"


def _cells(line: Line) -> tuple[str, ...]:
    met = {True: "yes", False: "**no**", None: ""}[line.met]
    return (
        *(f"({line.letter})", line.name, line.ours, line.rival, line.figure, line.target, met),
        *(line.peak, line.per_row),
    )


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _page(given: argparse.Namespace, rows: list[str], failed: list[str]) -> str:
    head = [_row(HEAD), "|---" * len(HEAD) + "|"]
    return "\n".join([*INTRODUCTION, *_about(given), "", *head, *rows, "", *failed]).rstrip() + "\n"


INTRODUCTION: Final = (
    "# How fast it is",
    "",
    "Ratios against rivals written by hand for the same rules, each side in a process of its own and in turn; both",
    "must give the same figures, or the benchmark fails. Times alone say more about the machine than the code. The",
    "peak is the most memory that the process held; bytes a row are what it held beyond a process that only imports.",
    "What each line measures, and what the rivals do: `benchmarks/README.md`.",
    "",
)


if __name__ == "__main__":
    sys.exit(main())
