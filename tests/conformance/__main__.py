"""`python -m tests.conformance PATH…`: every case of these files through the public API; exit 0 only if all is well."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.conformance.runner import failures, left_out, run_file, table


def main(paths: Sequence[str]) -> int:
    """Run the files, print the table, what was left out and what failed; 0 if nothing failed, 1 if so, 2 without files."""
    if not paths:
        sys.stderr.write("usage: python -m tests.conformance PATH…\n")
        return 2
    runs = [run_file(path) for path in paths]
    told = [table(runs)]
    for title, lines in (("not applicable", left_out(runs)), ("failed or not wired", failures(runs))):
        if lines:
            told += ["", f"{title}:", *lines]
    sys.stdout.write("\n".join(told) + "\n")
    return 0 if all(run.is_good for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
