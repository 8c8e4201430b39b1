"""The process that reads the damaged files, one after the other; its parent watches the clock.

A request is a line with the file's size, and the file; an answer is a line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
import warnings
import zlib
from typing import Any

MEMORY = 1 << 30


def main(kind: str) -> None:
    """Answer until the standard input ends."""
    from mne.ground.guard import Guard  # noqa: F401 - imported before memory is counted
    from tests.corpus.meeting import plan

    plan()
    warnings.simplefilter("error")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    tried(kind, b"")
    with open("/proc/self/status") as told:
        taken = next(int(line.split()[1]) << 10 for line in told if line.startswith("VmData"))
    resource.setrlimit(resource.RLIMIT_DATA, (taken + MEMORY,) * 2)
    while line := sys.stdin.buffer.readline():
        answer = tried(kind, sys.stdin.buffer.read(int(line)))
        answer["rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def tried(kind: str, data: bytes) -> dict[str, Any]:
    """What reading a file came to: nothing wrong, or what."""
    try:
        return {"wrong": _met(kind, data)}
    except MemoryError:
        return {"wrong": "memory"}
    except BaseException as problem:  # noqa: BLE001 - whatever came out is the answer
        where = [line.strip().splitlines()[0] for line in traceback.format_exception(problem)[-2:-1]]
        return {"wrong": f"raised {type(problem).__name__}: {str(problem)[:200]} {where}"}


def _met(kind: str, data: bytes) -> str | None:
    from mne.ground.findings import Findings
    from mne.logframe.files import from_text
    from mne.reports.read import read
    from mne.reports.validate import validate
    from tests.corpus.meeting import plan

    if kind == "yaml":
        found, findings = from_text(data, name="plan.yaml")
        if found is None and not findings.at_least("error"):
            return "no logframe, and nothing said"
    else:
        # Reading is what meets the bytes; the rules, ten times slower, see every eighth file.
        reading = read((f"report.{kind}", data), plan())
        findings = Findings(reading.findings)
        if any(each.rows != each.read + each.ignored for each in reading.sources):
            return "rows do not add up while reading"
        if zlib.crc32(data) % 8:
            return None if _is_printable(findings) else "a finding shows control characters"
        report = validate((f"report.{kind}", data), plan())
        counts, findings = report.counts, report.findings
        if counts.rows != counts.accepted + counts.held + counts.ignored:
            return f"rows do not add up: {counts}"
        if not counts.accepted and not findings.at_least("warning"):
            return "nothing accepted, and nothing said"
        if counts.held and not findings:
            return "rows are held, and nothing says why"
        report.to_json()
    return None if _is_printable(findings) else "a finding shows control characters"


def _is_printable(findings: Any) -> bool:
    return "".join(f"{each}{each.hint}" for each in findings).isprintable()


if __name__ == "__main__":
    main(sys.argv[1])
