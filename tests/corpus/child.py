"""The process that meets the files: it imports everything once, then meets every file in a fresh copy of itself.

A copy has 1 GiB and 10 s, and a group of its own, so that whatever it started ends with it. Requests and answers are
lines of JSON on the standard input and output; `python -m tests.corpus` starts this.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from typing import Any

MEMORY = 1 << 30
SECONDS = 10.0


def main() -> None:
    """Answer requests until the standard input ends."""
    import pyarrow.parquet  # noqa: F401 - so that the copies need not import it

    from tests.corpus.meeting import plan

    plan()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        request = json.loads(line)
        answers.write(json.dumps(apart(request)) + "\n")
        answers.flush()


def apart(request: dict[str, Any]) -> dict[str, Any]:
    """What a fresh copy of this process says of one file, or how it ended."""
    out, into = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if not child:
        os.close(out)
        _in_copy(request, into)
    os.close(into)
    pieces, late = [], False
    while True:
        left = SECONDS - (time.monotonic() - started)
        ready = select.select([out], [], [], max(left, 0))[0] if left > 0 else []
        if not ready:
            late = True
            break
        piece = os.read(out, 1 << 20)
        if not piece:
            break
        pieces.append(piece)
    os.close(out)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    seconds = round(time.monotonic() - started, 2)
    if late:
        return {"ended": "hung", "reason": f"after {SECONDS:g} s", "seconds": seconds}
    try:
        told: dict[str, Any] = json.loads(b"".join(pieces))
    except ValueError:
        return {"ended": "killed", "reason": f"status {os.waitstatus_to_exitcode(status)}", "seconds": seconds}
    return {**told, "seconds": seconds}


def _in_copy(request: dict[str, Any], into: int) -> None:
    """Meet the file; never returns."""
    os.setpgid(0, 0)
    # What was taken by the imports is not the file's.
    resource.setrlimit(resource.RLIMIT_DATA, (_taken() + MEMORY,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS * 2),) * 2)
    try:
        from tests.corpus.meeting import meet

        told = {"ended": "answered", **meet(request["folder"], request["entry"])}
    except MemoryError:
        told = {"ended": "killed", "reason": "out of memory"}
    except BaseException as problem:  # noqa: BLE001 - whatever came out is the answer
        where = traceback.format_exception(problem)[-2].strip().splitlines()[0]
        told = {"ended": "raised", "reason": f"{type(problem).__name__}: {problem}"[:300] + f" ({where})"}
    with os.fdopen(into, "w") as out:
        json.dump(told, out)
    os._exit(0)


def _taken() -> int:
    with open("/proc/self/status") as told:
        return next(int(line.split()[1]) << 10 for line in told if line.startswith("VmData"))


if __name__ == "__main__":
    main()
