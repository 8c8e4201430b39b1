"""Several files read at the same time, each in a process apart that is replaced when a file ends it.

Read `Workers` first: `start` hands a file over, and what it returns waits for the answer. A file that its process
does not survive becomes a finding, like any other that cannot be read.
"""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from mne.ground.guard import Guard
from mne.logframe.files import from_text, to_json
from mne.logframe.periods import Period
from mne.reports.mapping import Mapping
from mne.reports.parcel import Done, packed, unpacked
from mne.reports.reading import SourceFile
from mne.tables.observations import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from mne.logframe.model import Logframe
    from mne.reports.table import Given

__all__ = ["Workers", "answer"]

_MEMORY: Final = 4 << 30
_SECONDS: Final = 120.0
_TRUSTED_MEMORY: Final = 64 << 30
_TRUSTED_SECONDS: Final = 24 * 3600.0


class Workers:
    """So many processes that read files; use it as a context manager."""

    def __init__(self, plan: Logframe, given: Given, *, jobs: int, trusted: bool) -> None:
        memory, seconds = (_TRUSTED_MEMORY, _TRUSTED_SECONDS) if trusted else (_MEMORY, _SECONDS)
        self._options = {"told": _told(given), "trusted": trusted}
        self._plan = to_json(plan).encode()
        self._guards = [Guard(memory=memory, seconds=seconds) for _ in range(jobs)]
        self._free: SimpleQueue[Guard] = SimpleQueue()
        for guard in self._guards:
            self._free.put(guard)
        self._threads = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="logframe-reader")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            for guard in self._guards:
                guard.stop()  # before the threads are waited for, that they have nothing to wait for
        self._threads.shutdown(cancel_futures=True)
        for guard in self._guards:
            guard.close()

    def start(self, path: str) -> Callable[[], Done]:
        """Have a file read; the answer is what the returned function gives."""
        return self._threads.submit(self._read, path).result

    def _read(self, path: str) -> Done:
        guard = self._free.get()
        try:
            result, findings = guard.run(
                "mne.reports.jobs:answer", self._plan, name=path, options={**self._options, "path": path}
            )
        finally:
            self._free.put(guard)
        if result is None:
            return Done(SourceFile(path, "unknown", refused=True), (), findings)
        return unpacked(result)


def _told(given: Given) -> dict[str, Any]:
    period = given.period
    days = None if period is None else [period.start.isoformat(), period.end.isoformat(), period.label]
    return {
        "partner": given.partner,
        "period": days,
        "status": given.status.value,
        "mappings": [each.to_json() for each in given.mappings],
        "delimiter": given.delimiter,
        "compared": given.compared,
    }


@lru_cache(maxsize=1)
def _known(plan: bytes) -> Logframe:
    """The plan, which is the same for every file that a process reads."""
    found, findings = from_text(plan, kind="json")
    if found is None:
        raise ValueError(f"the plan cannot be read: {findings.summary()}")
    return found


def answer(data: bytes, *, path: str, told: dict[str, Any], trusted: bool) -> bytes:
    """What one file gave, packed; runs in a process apart, where `data` is the plan."""
    from mne.reports.read import read_one
    from mne.reports.table import Given

    period = None
    if told["period"] is not None:
        start, end, label = told["period"]
        period = Period(dt.date.fromisoformat(start), dt.date.fromisoformat(end), label)
    given = Given(
        partner=told["partner"],
        period=period,
        status=Status(told["status"]),
        mappings=tuple(Mapping.model_validate_json(each) for each in told["mappings"]),
        delimiter=told["delimiter"],
        compared=told["compared"],
    )
    return packed(read_one(path, _known(data), given, trusted=trusted))
