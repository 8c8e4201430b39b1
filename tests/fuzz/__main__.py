"""`python -m tests.fuzz KIND --seconds N [--seed S] [--corpus FOLDER] [--keep FOLDER]`: exit code 1 when anything went wrong."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from tests.corpus.further import FILES
from tests.fuzz.mutating import Mutator

ROOT = Path(__file__).parents[2]
KINDS = ("csv", "xlsx", "json", "yaml", "xml")
PATIENCE = 10.0
LONGEST = 120.0
"""A file has hung after so much processor time of the one, or so long by the clock: a busy machine stands still too."""


class Child:
    """The process that reads, started again when a file ends it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.start()

    def start(self) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.child", self.kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
                "POLARS_MAX_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
        )
        self.answered = False

    def ask(self, data: bytes) -> dict[str, Any]:
        """What reading a file came to."""
        process = self.process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{len(data)}\n".encode() + data)
            process.stdin.flush()
            line = process.stdout.readline() if self._answers() else None
        except BrokenPipeError:
            line = b""
        if line:
            self.answered = True
            told: dict[str, Any] = json.loads(line)
            return told
        process.kill()
        code = process.wait()
        self.start()
        return {"wrong": f"hung for {PATIENCE:g} s" if line is None else f"killed, code {code}", "rss": 0}

    def _answers(self) -> bool:
        """Wait for an answer as long as a file may take."""
        assert self.process.stdout is not None
        began, spent = time.monotonic(), processor_time(self.process.pid)
        patience = PATIENCE if self.answered else PATIENCE + 20  # the first waits for the imports
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while not selector.select(patience):
                busy = processor_time(self.process.pid) - spent
                if busy >= patience or not busy or time.monotonic() - began >= LONGEST:
                    return False
        return True


def processor_time(pid: int) -> float:
    """The seconds that a process has computed, as Linux tells them; 0 elsewhere."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Damage files for so long, and say what was met."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("kind", choices=KINDS)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    asked.add_argument("--keep", type=Path, help="where to keep the files that went wrong")
    told = asked.parse_args()
    seeds = [each.data for each in FILES if each.path.startswith(told.kind)]
    if (told.corpus / told.kind).is_dir():
        seeds += [path.read_bytes() for path in sorted((told.corpus / told.kind).iterdir())]
    mutator, child = Mutator(told.kind, seeds, Random(told.seed)), Child(told.kind)  # noqa: S311 - no secret is made
    ends, count, most, slowest, stalls = time.monotonic() + told.seconds, 0, 0, 0.0, 0
    wrong: dict[str, int] = {}
    while time.monotonic() < ends:
        data = mutator.next()
        began = time.monotonic()
        answer = child.ask(data)
        if str(answer["wrong"]).startswith("hung"):  # a busy machine stands still as well: only the file does so twice
            stalls += 1
            began = time.monotonic()
            answer = child.ask(data)
        if count:
            slowest = max(slowest, time.monotonic() - began)
        count += 1
        most = max(most, answer["rss"])
        if answer["wrong"] is not None:
            first = answer["wrong"] not in wrong
            wrong[answer["wrong"]] = wrong.get(answer["wrong"], 0) + 1
            if first:
                name = f"{told.kind}-{hashlib.sha256(data).hexdigest()[:12]}.{told.kind}"
                print(f"{name} ({len(data)} bytes): {answer['wrong']}", flush=True)
                if told.keep is not None:
                    told.keep.mkdir(parents=True, exist_ok=True)
                    (told.keep / name).write_bytes(data)
    child.process.kill()
    child.process.wait()
    print(
        f"{told.kind}: {count:,} files in {told.seconds:g} s, {sum(wrong.values())} wrong ({len(wrong)} kinds), "
        f"slowest {slowest:.2f} s, memory {most / 1024:.0f} MB, {stalls} answered only when asked again"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
