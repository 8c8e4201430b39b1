"""Two functions timed in this process, in turn, for comparisons so small that a process apart would hide them.

Read `compared`.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

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
