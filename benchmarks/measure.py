"""Jobs measured, each in a process of its own: how long, how much memory, and what came out.

Read `in_turn` first: ours and its rivals one after the other, several times over, and the same answer from all.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

STATUS = Path("/proc/self/status")


class Disagreement(Exception):  # noqa: N818 - it is what it is called
    """Two sides of a comparison gave different answers."""


@dataclass(frozen=True)
class Run:
    """One run of a job in a fresh process.

    `seconds` is what it took once everything was imported, `peak` the most bytes that the process came to hold, and
    `imported` what it held before.
    """

    seconds: float
    peak: int
    imported: int
    answer: Any


@dataclass(frozen=True)
class Measured:
    """Some runs of one job."""

    runs: tuple[Run, ...]

    @property
    def seconds(self) -> float:
        """The median."""
        return median(each.seconds for each in self.runs)

    @property
    def peak(self) -> float:
        """The median, in bytes."""
        return median(each.peak for each in self.runs)

    @property
    def own(self) -> float:
        """The peak above that of a process that has only imported what it needs, in bytes."""
        return median(each.peak - each.imported for each in self.runs)


@dataclass(frozen=True)
class Line:
    """One line of the table: what was compared, what came out, and what should have.

    `met` is None where there is nothing to meet.
    """

    letter: str
    name: str
    ours: str
    rival: str
    figure: str
    target: str = ""
    met: bool | None = None
    peak: str = ""
    per_row: str = ""


@dataclass(frozen=True)
class Options:
    """What the command was given. `folder` is where the tables of data are kept while it runs."""

    rows: int
    runs: int
    folder: Path
    tables: dict[Any, Path] = field(default_factory=dict)


def in_turn(jobs: Mapping[str, tuple[str, ...]], runs: int, *, same: bool = True) -> dict[str, Measured]:
    """Every job so often, in turn; each is the name of a function, ``module:name``, and its arguments.

    Raises:
        Disagreement: two jobs gave different answers.
    """
    found: dict[str, list[Run]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, words in jobs.items():
            found[name].append(child(*words))
    first, *others = jobs
    for other in others if same else ():
        told = differences(found[first][0].answer, found[other][0].answer)
        if told:
            raise Disagreement(f"{first} and {other} differ: {'; '.join(told[:10])}")
    return {name: Measured(tuple(each)) for name, each in found.items()}


def child(function: str, *arguments: str) -> Run:
    """One job in a fresh process."""
    words = [sys.executable, "-m", "benchmarks.measure", function, *arguments]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own code
    if done.returncode:
        raise RuntimeError(f"{function} {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def differences(mine: Any, other: Any, where: str = "") -> list[str]:
    """Where two answers differ; numbers may do so by a billionth of themselves, counts by nothing."""
    if isinstance(mine, dict) and isinstance(other, dict):
        return [each for key in sorted({*mine, *other})
                for each in differences(mine.get(key), other.get(key), f"{where}/{key}")]  # fmt: skip
    if isinstance(mine, float) and isinstance(other, (int, float)) and math.isclose(mine, other, rel_tol=1e-9):
        return []
    return [] if mine == other else [f"{where}: {mine} and {other}"]


def held() -> int:
    """The most bytes that this process came to hold."""
    if STATUS.exists():
        line = next(each for each in STATUS.read_text().splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def ratio(mine: float, rival: float) -> str:
    """One over the other, as the table shows it."""
    return f"{mine / rival:.2f} ×"


def shown(seconds: float) -> str:
    """A time as people say it."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.1f} ms"


def megabytes(*measured: Measured) -> str:
    """The peaks of memory, one beside the other."""
    return " / ".join(f"{each.peak / 1e6:,.0f}" for each in measured)


def have(packages: Iterable[str]) -> list[str]:
    """Those of the packages that are not installed."""
    return [name for name in packages if importlib.util.find_spec(name) is None]


def main() -> None:
    """Run one function in this process and print what it took, as JSON."""
    function, *arguments = sys.argv[1:]
    module, _, name = function.partition(":")
    job = getattr(importlib.import_module(f"benchmarks.{module}"), name)
    imported = held()
    start = time.perf_counter()
    answer = job(*arguments)
    seconds = time.perf_counter() - start
    if isinstance(answer, dict) and "seconds" in answer:
        seconds = answer.pop("seconds")  # the job measured itself, as after warming up
    print(json.dumps({"seconds": seconds, "peak": held(), "imported": imported, "answer": answer}))


if __name__ == "__main__":
    main()
