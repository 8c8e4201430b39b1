"""(e) Many small projects: a dozen indicators and some tens of rows each, from tables to scorecards, in batches.

The plans are compiled and one batch is scored before the clock starts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

import mne
from benchmarks import measure
from benchmarks.generate import report
from benchmarks.measure import Line, Options, in_turn, megabytes
from mne.logframe.model import Logframe

PROJECTS: Final = 10_000
BATCH: Final = 500
LEAST: Final = 1_000
INDICATORS: Final = 12
ROWS: Final = (20, 60)


def lines(options: Options) -> Iterator[Line]:
    """Two lines: projects a second, in batches and, of a few of them, one by one."""
    count = max(4, min(PROJECTS, options.rows // 1_000))
    few = max(2, count // 50)
    path = str(options.folder / "small.parquet")
    measure.child("e_batch:make", path, f"{count}")
    jobs = {"batches": ("e_batch:in_batches", path, f"{count}"), "one by one": ("e_batch:one_by_one", path, f"{few}")}
    found = in_turn(jobs, options.runs, same=False)
    rates = {name: size / found[name].seconds for name, size in zip(jobs, (count, few), strict=True)}
    yield Line(
        "e", f"{count:,} small projects in batches of {BATCH}", f"{rates['batches']:,.0f} a second",
        f"one call each, {few} of them: {rates['one by one']:,.0f} a second", f"{rates['batches']:,.0f} a second",
        f"≥ {LEAST:,} a second", rates["batches"] >= LEAST, megabytes(*found.values()),
    )  # fmt: skip


def make(path: str, count: str) -> None:
    """The reports of so many projects in one table."""
    tables = [
        report(each, ROWS[0] + at % (ROWS[1] - ROWS[0]), seed=at).select(pl.lit(each.id).alias("project"), pl.all())
        for at, each in small(int(count))
    ]
    pl.concat(tables).write_parquet(Path(path))


def in_batches(path: str, count: str) -> dict[str, Any]:
    """How long it takes to judge and score so many projects, some hundreds in a call."""
    plans = [each for _, each in small(int(count))]
    every = [plans[at : at + BATCH] for at in range(0, len(plans), BATCH)]
    rows = _rows(path)
    tables = [pl.concat([rows[each.id] for each in batch]) for batch in every]
    batches = list(zip(tables, map(mne.compile_plans, every), strict=True))
    _batch(*batches[0])
    start = time.perf_counter()
    answer = [_batch(*each) for each in batches]
    return {"seconds": time.perf_counter() - start, "accepted": sum(answer)}


def _batch(table: pl.DataFrame, plans: mne.CompiledPlans) -> int:
    told = mne.validate(table, plans)
    cards = mne.score(mne.aggregate(told.observations, plans))
    # A card is made when it is asked for.
    scored = sum(each.score is not None for card in cards.values() for each in card.results.values())
    return told.counts.accepted if scored else 0


def one_by_one(path: str, count: str) -> dict[str, Any]:
    """The same with one call for each project."""
    rows = _rows(path)
    projects = [(rows[each.id], each) for _, each in small(int(count))]
    _one(*projects[0])
    start = time.perf_counter()
    answer = [_one(*each) for each in projects]
    return {"seconds": time.perf_counter() - start, "accepted": sum(answer)}


def _one(table: pl.DataFrame, plan: Logframe) -> int:
    told = mne.validate(table, plan)
    card = mne.score(mne.aggregate(told.observations, plan))
    return told.counts.accepted if any(each.score is not None for each in card.results.values()) else 0


def _rows(path: str) -> dict[Any, pl.DataFrame]:
    parts = pl.read_parquet(path).partition_by("project", as_dict=True, maintain_order=True)
    return {key[0]: part for key, part in parts.items()}


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
