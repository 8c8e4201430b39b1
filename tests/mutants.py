"""``python -m tests.mutants --sample N``: a random sample of small mistakes in the arithmetic, and which a test notices.

There are some sixteen thousand of them, and a test run for each; a sample says the share within a few per cent in half
an hour. The same seed draws the same sample as long as the sources do not change. mutmut makes the mistakes and tells
which tests reach them; each is then tried in a process of its own, as the threads of Polars do not survive the fork
that mutmut would try it in. Needs the extra ``mutation``.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

KEPT = Path("mutants")
MUTMUT = "from mutmut.__main__ import cli; cli()"
NOTICED = ("killed", "timeout")
LAWS = (
    "reference",
    "values_laws",
    "scores_laws",
    "certainty_laws",
    "breakdown_laws",
    "portfolio_laws",
    "revisions_laws",
)
"""What a mistake that the cases let pass is held against: too slow to be asked first."""
LONGEST = 300
"""Seconds after which a mistake is one that a test noticed by never ending."""


def mutmut(*words: str) -> str:
    """What a command of mutmut prints."""
    done = subprocess.run([sys.executable, "-c", MUTMUT, *words], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def every() -> list[str]:
    """The names of all mutants."""
    found: list[str] = []
    for path in sorted(KEPT.glob("src/**/*.meta")):
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found += told["exit_code_by_key"]
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


def outcome(name: str, *, reached: Mapping[str, list[str]], seconds: Mapping[str, float], laws: bool) -> str:
    """What the tests that reach a mutant say of it, the fastest of them first; then the laws, where they are asked."""
    tests = sorted(reached.get(re.sub(r"__mutmut_\d+$", "", name), ()), key=lambda test: seconds.get(test, 1))
    if not tests:
        return "no tests"
    paths = os.pathsep.join(str(each.resolve()) for each in (KEPT / "src", KEPT))
    env = {**os.environ, "MUTANT_UNDER_TEST": name, "PYTHONPATH": paths}
    asked_of = [(tests, "ci")]
    if laws:
        asked_of.append(([f"tests/laws/test_{law}.py" for law in LAWS], "unshrunk"))
    for asked, profile in asked_of:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *asked]
        env["HYPOTHESIS_PROFILE"] = profile
        try:
            done = subprocess.run(command, env=env, cwd=KEPT, capture_output=True, timeout=LONGEST, check=False)
        except subprocess.TimeoutExpired:
            return "timeout"
        if done.returncode != 0:
            return "killed"
    return "survived"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Draw, run, count, and list what no test noticed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sample", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="*", help="mutants of modules such as mne.scores.means.*")
    asked.add_argument("--children", type=int, default=2)
    asked.add_argument("--laws", action="store_true", help="hold survivors against the laws too: minutes for each")
    asked.add_argument("--show", action="store_true", help="print the change that each survivor makes")
    given = asked.parse_args()
    if not every():
        mutmut("run", "--max-children", "1", "mne.scores.gates.x_gated__mutmut_1")
    names = drawn([name for name in every() if fnmatchcase(name, given.only)], given.sample, given.seed)
    if not names:
        say(f"no mutants of {given.only}; run `mutmut run` to see why")
        return 2
    stats: dict[str, Any] = json.loads((KEPT / "mutmut-stats.json").read_text(encoding="utf-8"))
    ask = partial(
        outcome, reached=stats["tests_by_mangled_function_name"], seconds=stats["duration_by_test"], laws=given.laws
    )
    told: dict[str, str] = {}
    with ThreadPoolExecutor(given.children) as pool:
        waiting = {pool.submit(ask, name): name for name in names}
        for done in as_completed(waiting):
            name = waiting[done]
            told[name] = done.result()
            if told[name] not in NOTICED:
                say(f"{told[name]}: {name}")
                if given.show:
                    say(mutmut("show", name))
    counts = Counter(told.values())
    noticed = sum(counts[word] for word in NOTICED)
    low, high = interval(noticed, len(names))
    say(f"{len(names)} of {len(every())} mutants, seed {given.seed}: {dict(sorted(counts.items()))}")
    say(f"noticed {noticed} = {100 * noticed / len(names):.1f} % (of all of them, 95 %: {low:.1f} to {high:.1f} %)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
