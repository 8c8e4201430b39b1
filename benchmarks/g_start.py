"""(g) How long a fresh interpreter takes to import the package, and the command to say what it can do."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.measure import Line, Options, shown

IMPORT, HELP = 0.1, 0.4
AT_LEAST = 9
"""Runs of so short a thing, however few of others are asked for."""


def lines(options: Options) -> Iterator[Line]:
    """Two lines, each also without what the bare interpreter takes."""
    python = sys.executable
    commands = {
        "bare": [python, "-c", "pass"],
        "import mne": [python, "-c", "import mne"],
        "logframe --help": [python, "-m", "logframe", "--help"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(max(options.runs, AT_LEAST) if options.runs > 1 else 1):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
            taken[name].append(time.perf_counter() - start)
    bare = median(taken["bare"])
    for name, most in (("import mne", IMPORT), ("logframe --help", HELP)):
        mine = median(taken[name])
        figure = f"{shown(mine)} ({shown(mine - bare)} more than bare)"
        yield Line("g", name, shown(mine), f"bare interpreter {shown(bare)}", figure, f"< {shown(most)}", mine < most)
