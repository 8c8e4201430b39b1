"""Native parsers kept apart: a file from outside may kill, hang or exhaust the process that reads it, but not ours.

Read `Guard` first; `run_guarded` is one call of it. A reader is a function of a module, ``module:function``, that takes
the bytes of a file and options that JSON can carry, and returns bytes: Arrow, JSON, whatever its caller reads back.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any, Final, Self

from mne.errors import OptionError
from mne.ground import child
from mne.ground.findings import Finding, Place, clean_text

__all__ = ["Guard", "run_guarded"]

MEMORY: Final = 2 << 30
SECONDS: Final = 60.0
_STARTING: Final = 20.0
_ENDING: Final = 3.0
# Thread pools and per-thread heaps reserve address space by the gigabyte, which says nothing about the file.
_FRUGAL: Final = {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "2"}
_MEMORY_WORDS: Final = (b"memory", b"bad_alloc")


def run_guarded(
    function: str,
    data: bytes,
    *,
    name: str,
    options: dict[str, Any] | None = None,
    memory: int = MEMORY,
    seconds: float = SECONDS,
    trusted: bool = False,
) -> tuple[bytes | None, tuple[Finding, ...]]:
    """What a reader makes of the bytes of one file, or why it could not.

    Args:
        function: ``module:function``; it takes bytes and keyword options, and returns bytes.
        data: the bytes of the file.
        name: how the file is named in findings.
        options: keyword options, of what JSON can carry.
        memory: bytes that reading may take beyond what the imports took (on Linux).
        seconds: processor time that reading may take (not on Windows); by the clock, twice that and some for the start.
        trusted: call the function in this process, without limits.
    """
    with Guard(memory=memory, seconds=seconds, trusted=trusted) as guard:
        return guard.run(function, data, name=name, options=options)


@dataclass(slots=True)
class Guard:
    """A process apart that reads one file after the other, and is replaced by a new one when a file has ended it.

    Use it as a context manager over all files of one call: starting it costs more than reading a small file.
    """

    memory: int = MEMORY
    seconds: float = SECONDS
    trusted: bool = False
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _told: IO[bytes] | None = field(default=None, init=False, repr=False)
    _starting: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _stopped: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.memory <= 0 or self.seconds <= 0:
            raise OptionError("memory and seconds must be more than zero")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process apart, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)
        if self._told is not None:
            self._told.close()
            self._told = None

    def stop(self) -> None:
        """End the process apart at once and start none any more; for another thread than the one that waits in `run`.

        What is being read is told like a file that ended its process. `close` still has to be called.
        """
        with self._starting:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def run(
        self, function: str, data: bytes, *, name: str, options: dict[str, Any] | None = None
    ) -> tuple[bytes | None, tuple[Finding, ...]]:
        """What a reader makes of the bytes of one file, or why it could not; never an error for what the file holds.

        Raises:
            OptionError: the options are not what JSON can carry.
        """
        request = self._request(function, data, options or {})
        if self.trusted:
            status, result = child.answer(request, data, limited=False)
        else:
            status, result = self._ask(request, data)
        if status == "ok":
            return result, ()
        return None, (self._finding(status, result.decode(errors="replace"), name),)

    def _request(self, function: str, data: bytes, options: dict[str, Any]) -> dict[str, Any]:
        request = {
            "function": function,
            "options": options,
            "size": len(data),
            "memory": self.memory,
            "seconds": self.seconds,
        }
        try:
            carried: dict[str, Any] = json.loads(json.dumps(request))
        except (TypeError, ValueError) as problem:
            raise OptionError(f"options must be what JSON can carry: {problem}") from problem
        return carried

    def _ask(self, request: dict[str, Any], data: bytes) -> tuple[str, bytes]:
        try:
            with self._starting:
                process, told = self._started()
        except OSError as problem:
            return "unavailable", str(problem).encode(errors="replace")
        late = threading.Event()
        clock = threading.Timer(2 * self.seconds + _STARTING, _end_late, (process, late))
        clock.daemon = True
        clock.start()
        try:
            answer = _exchanged(process, request, data, most=self.memory)
        except BaseException:
            process.kill()
            self.close()  # interrupted: half an answer must not meet the next question
            raise
        finally:
            clock.cancel()
        if answer is None:
            answer = _cause(process, told, late=late)
            process.kill()
            self.close()
        return answer

    def _started(self) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
        if self._stopped:
            raise InterruptedError("reading was stopped")
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._told is None:
            self._told = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process; `close` closes it
        self._told.seek(0)
        self._told.truncate()
        if self._process is None:
            # -P: a module that came with the partner's files must not be taken for one of ours.
            paths = os.pathsep.join(path for path in sys.path if path)
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of ours
                [sys.executable, "-P", "-m", child.__name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._told,
                env={**os.environ, **_FRUGAL, "PYTHONPATH": paths},
            )
        return self._process, self._told

    def _finding(self, status: str, reason: str, name: str) -> Finding:
        codes = {"memory": "limit-memory", "time": "limit-time", "unavailable": "guard-unavailable"}
        limits = {"memory": self.memory, "time": self.seconds}
        return Finding(
            code=codes.get(status, "file-hostile"),
            place=Place(file=name),
            params={"reason": clean_text(reason, limit=300), "limit": limits.get(status, "")},
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let the process end by itself, as its input ends, and not longer than that takes."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        process.communicate(timeout=_ENDING)
    process.kill()
    with process:  # closes its pipes and waits for it
        pass


def _end_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _exchanged(
    process: subprocess.Popen[bytes], request: dict[str, Any], data: bytes, *, most: int
) -> tuple[str, bytes] | None:
    """The answer of the process, or None when it ended or answered nonsense."""
    if process.stdin is None or process.stdout is None:
        return None
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.write(data)
        process.stdin.flush()
        head = json.loads(process.stdout.readline())
        size = int(head["size"])
        result = process.stdout.read(size) if 0 <= size <= most else b""
        return (str(head["status"]), result) if len(result) == size else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _cause(process: subprocess.Popen[bytes], told: IO[bytes], *, late: threading.Event) -> tuple[str, bytes]:
    """Why a process ended that should have answered: by its exit code, which on Unix is the signal, negative."""
    try:
        code = process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return "failed", b"it gave no proper answer"
    words = _last_words(told)
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"code {code}"
    if late.is_set() or name == "SIGXCPU":
        return "time", b""
    # Nobody but the system, short of memory, ends it by SIGKILL.
    if name == "SIGKILL" or any(word in words.lower() for word in _MEMORY_WORDS):
        return "memory", b""
    if code > 0 and words:  # it could not even begin, and said why
        return "unavailable", words.splitlines()[-1]
    return "failed", f"it ended with {name}".encode()


def _last_words(told: IO[bytes]) -> bytes:
    told.seek(0, os.SEEK_END)
    told.seek(max(0, told.tell() - 4_000))
    return told.read().strip()
