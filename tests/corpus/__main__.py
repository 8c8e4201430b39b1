"""`python -m tests.corpus FOLDER…`: every file in a process of its own; exit code 1 unless all are handled."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.corpus.running import run, table


def main(folders: list[str]) -> int:
    """Run the folders, print what was not handled and a table, and say whether all were."""
    if not folders or any(not (Path(each) / "manifest.json").is_file() for each in folders):
        print("usage: python -m tests.corpus FOLDER…, each with a manifest.json", file=sys.stderr)
        return 2
    results = [result for each in folders for result in run(Path(each))]
    failures = [each for each in results if each.outcome != "handled"]
    print(*failures, table(results), sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
