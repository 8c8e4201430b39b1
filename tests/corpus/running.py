"""A folder of files run through the children, and what came out of it as a table.

Read `run` first.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from tests.corpus.judging import OUTCOMES, judged

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Result", "entries_of", "run", "table"]

ROOT = Path(__file__).parents[2]
KINDS = ("csv", "xlsx", "json", "parquet", "yaml", "xml")


@dataclass(frozen=True, slots=True)
class Result:
    """How one file was handled."""

    entry: dict[str, Any]
    outcome: str
    missing: str
    seconds: float

    def __str__(self) -> str:
        told = f"{self.outcome:8} {self.entry['path']} ({self.entry['defect']}; {self.entry['keep']}, {self.entry['where']})"
        return f"{told}: {self.missing}" if self.missing else told


def entries_of(folder: Path) -> list[dict[str, Any]]:
    """The entries of a folder's manifest."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    found: list[dict[str, Any]] = manifest if isinstance(manifest, list) else manifest["files"]
    return found


class _Child:
    """One process that meets files, each in a copy of itself."""

    def __init__(self) -> None:
        from os import environ

        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.corpus.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            # A fork keeps one thread: no library may have begun others before it.
            # Nor is the time that a file may take there to measure what of the code it touches.
            env={
                **{name: value for name, value in environ.items() if not name.startswith("COVERAGE_")},
                "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
                "POLARS_MAX_THREADS": "2",
                "PYTHONWARNINGS": "ignore",
            },
        )

    def ask(self, folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
        """What became of one file."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the child has no pipes")
        self.process.stdin.write(json.dumps({"folder": str(folder.resolve()), "entry": entry}) + "\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def close(self) -> None:
        """End the process."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(timeout=20)
        if self.process.stdout is not None:
            self.process.stdout.close()


def run(folder: Path, entries: Sequence[dict[str, Any]] | None = None, *, jobs: int = 2) -> list[Result]:
    """How each file of a folder was handled, in the order of its manifest."""
    asked = entries_of(folder) if entries is None else entries
    children = [_Child() for _ in range(jobs)]
    free: SimpleQueue[_Child] = SimpleQueue()
    for child in children:
        free.put(child)

    def one(entry: dict[str, Any]) -> Result:
        child = free.get()
        try:
            told = child.ask(folder, entry)
            if told["ended"] == "hung":  # a busy machine stands still as well: only the file does so twice
                told = child.ask(folder, entry)
        finally:
            free.put(child)
        outcome, missing = judged(entry, told)
        return Result(entry, outcome, missing, told["seconds"])

    try:
        with ThreadPoolExecutor(jobs) as threads:
            return list(threads.map(one, asked))
    finally:
        for child in children:
            child.close()


def table(results: Sequence[Result]) -> str:
    """How many files of each kind were handled, and how many were not."""
    kinds = dict.fromkeys([*KINDS, *(each.entry["kind"] for each in results)])
    lines = [f"{'kind':8}{'files':>7}" + "".join(f"{name:>9}" for name in OUTCOMES) + f"{'slowest':>10}"]
    for kind in (*kinds, "all"):
        mine = [each for each in results if kind in ("all", each.entry["kind"])]
        counts = Counter(each.outcome for each in mine)
        slowest = max((each.seconds for each in mine), default=0)
        lines.append(f"{kind:8}{len(mine):7}" + "".join(f"{counts[name]:9}" for name in OUTCOMES) + f"{slowest:9.2f}s")
    return "\n".join(lines)
