"""``python -m tests.mutants --sample N``: a random sample of small mistakes in the arithmetic, and which a test notices.

There are some fifteen thousand of them, and a test run for each; a sample says the share within a few per cent in an
hour. The same seed draws the same sample as long as the sources do not change. Needs the extra ``mutation``.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

KEPT = Path("mutants")
MUTMUT = "from mutmut.__main__ import cli; cli()"
NOTICED = ("killed", "timeout")


def mutmut(*words: str) -> str:
    """What a command of mutmut prints."""
    done = subprocess.run([sys.executable, "-c", MUTMUT, *words], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def outcomes() -> dict[str, int | None]:
    """Every mutant with the exit code of its last run; None where it has not been run."""
    found: dict[str, int | None] = {}
    for path in sorted(KEPT.glob("src/**/*.meta")):
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found.update(told["exit_code_by_key"])
    return found


def drawn(names: list[str], size: int, seed: int) -> list[str]:
    """So many of the mutants, each as likely as any other."""
    return sorted(random.Random(seed).sample(sorted(names), min(size, len(names))))  # noqa: S311 - no secret


def interval(noticed: int, tried: int) -> tuple[float, float]:
    """Wilson's interval of a share at 95 %, in per cent."""
    if not tried:
        return 0.0, 100.0
    z, share = 1.96, noticed / tried
    middle = (share + z * z / (2 * tried)) / (1 + z * z / tried)
    half = z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried)) / (1 + z * z / tried)
    return 100 * (middle - half), 100 * (middle + half)


def status(code: int | None) -> str:
    """What an exit code means, in mutmut's words."""
    from mutmut.stats import status_by_exit_code

    return str(status_by_exit_code[code])


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> int:
    """Draw, run, count, and list what no test noticed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sample", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="*", help="mutants of modules such as mne.scores.means.*")
    asked.add_argument("--children", default="2")
    asked.add_argument("--show", action="store_true", help="print the change that each survivor makes")
    given = asked.parse_args()
    if not outcomes():
        mutmut("run", "--max-children", given.children, "mne.scores.gates.x_gated__mutmut_1")
    names = drawn([name for name in outcomes() if fnmatchcase(name, given.only)], given.sample, given.seed)
    if not names:
        say(f"no mutants of {given.only}; run `mutmut run` to see why")
        return 2
    mutmut("run", "--max-children", given.children, *names)
    after = outcomes()
    told = {name: status(after[name]) for name in names}
    counts = Counter(told.values())
    noticed = sum(counts[word] for word in NOTICED)
    low, high = interval(noticed, len(names))
    say(f"{len(names)} of {len(after)} mutants, seed {given.seed}: {dict(sorted(counts.items()))}")
    say(f"noticed {noticed} = {100 * noticed / len(names):.1f} % (of all of them, 95 %: {low:.1f} to {high:.1f} %)")
    for name in names:
        if told[name] not in NOTICED:
            say(f"{told[name]}: {name}")
            if given.show:
                say(mutmut("show", name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
