"""The process apart in which a native parser meets a file from outside; started with ``python -m mne.ground.child``.

Read `main` first. It answers requests on its standard input until that ends. It imports nothing but what it is asked
for, and never a user's script: that is why it is a module of its own and not a fork or a spawn.

A request is a line of JSON (``function``, ``options``, ``size``, ``memory``, ``seconds``) and `size` bytes of data; an
answer is a line of JSON (``status``, ``size``) and `size` bytes: the result, or for another status than ``ok`` the
reason in text.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["answer", "called", "main"]


def main() -> None:
    """Answer requests until the standard input ends."""
    # The answers keep the pipe to themselves: whatever a library prints goes where errors go.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    requests = sys.stdin.buffer
    while line := requests.readline():
        request = json.loads(line)
        status, result = answer(request, requests.read(request["size"]), limited=True)
        _write(answers, status, result)


def _write(answers: BinaryIO, status: str, result: bytes) -> None:
    answers.write(json.dumps({"status": status, "size": len(result)}).encode() + b"\n")
    answers.write(result)
    answers.flush()


def answer(request: dict[str, Any], data: bytes, *, limited: bool) -> tuple[str, bytes]:
    """The status and the result of one request; the limits begin when the function has been imported."""
    try:
        function = called(request["function"])
    except ImportError as problem:
        return "unavailable", str(problem).encode(errors="replace")
    if limited:
        _limit(memory=request["memory"], seconds=request["seconds"])
    try:
        result = function(data, **request["options"])
    except MemoryError:
        return "memory", b""
    except ImportError as problem:
        return "unavailable", str(problem).encode(errors="replace")
    except Exception as problem:  # noqa: BLE001 - a hostile file may make a parser raise anything
        return "failed", f"{type(problem).__name__}: {problem}"[:400].encode(errors="replace")
    if not isinstance(result, bytes):
        return "failed", f"{request['function']} returned {type(result).__name__} and not bytes".encode()
    return "ok", result


def called(name: str) -> Callable[..., object]:
    """The function behind ``module:function``.

    Raises:
        ImportError: there is no such module or function, or a package that it needs is missing.
    """
    module, _, function = name.partition(":")
    found = getattr(importlib.import_module(module), function, None)
    if not callable(found):
        raise ImportError(f"there is no function {name}")
    return found  # type: ignore[no-any-return] # `callable` does not say what comes back


def _limit(*, memory: int, seconds: float) -> None:
    """Allow so much more memory and processor time than were used until now, where the system can do that."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock alone ends a request
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, math.ceil(usage.ru_utime + usage.ru_stime + seconds))
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 1 << 20)
    if (taken := _address_space()) is not None:
        _lower(resource.RLIMIT_AS, taken + memory)


def _lower(limit: int, value: int) -> None:
    import resource

    hard = resource.getrlimit(limit)[1]
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (soft, hard))


def _address_space() -> int | None:
    """Bytes of address space in use, which libraries reserve far ahead of what they need; None where it is not told."""
    try:
        with open("/proc/self/statm", "rb") as told:  # noqa: PTH123 - pathlib would be imported for this line alone
            return int(told.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    main()
