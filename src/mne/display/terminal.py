"""The terminal that the command line speaks through: streams in UTF-8, notes, a progress bar, and how a command ends.

Read `ends_well` first: whatever happens, a command ends with an exit code and at most a line on stderr.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, Self

import typer

from mne.display.markup import neutral
from mne.errors import MneError

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = ["CLEAN", "FOUND", "OUR_BUG", "UNUSABLE", "Progress", "ends_well", "note", "speak_utf8"]

CLEAN: Final = 0
FOUND: Final = 1
UNUSABLE: Final = 2
OUR_BUG: Final = 3
_BROKEN_PIPE: Final = 141
"""What a program that SIGPIPE ended returns."""

_PATIENCE: Final = 1.0
"""Seconds of work before a progress bar appears."""


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says; what cannot be written at all is shown as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def note(text: str) -> None:
    """A line for the person at the keyboard, on stderr, so that it never mixes with data."""
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write("\n".join(neutral(line) for line in text.splitlines()) + "\n")
        sys.stderr.flush()


_Args = ParamSpec("_Args")


def ends_well(command: Callable[_Args, int | None]) -> Callable[_Args, None]:
    """A command that turns what it returns or raises into an exit code, and never shows a traceback."""

    @wraps(command)
    def run(*args: _Args.args, **kwargs: _Args.kwargs) -> None:
        try:
            code = command(*args, **kwargs) or CLEAN
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except BrokenPipeError:
            _swallow_output()
            code = _BROKEN_PIPE
        except MneError as error:
            note(f"logframe: {error}")
            code = UNUSABLE
        except Exception as error:  # noqa: BLE001 (the last line of defence)
            _own_bug(error)
            code = OUR_BUG
        if code:
            raise typer.Exit(code)

    return run


def _own_bug(error: Exception) -> None:
    if os.environ.get("MNE_DEBUG"):
        import traceback

        traceback.print_exception(error)
    spot, trace = "", error.__traceback__
    while trace is not None:
        spot = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    what = f"{type(error).__name__}: {' '.join(str(error).split())} ({spot})"
    note(
        f"logframe: this is a bug of ours: {what}. Please report this line with the command that you ran, and the file "
        "if you may share it; MNE_DEBUG=1 shows more."
    )


def _swallow_output() -> None:
    """After the reader of our output has gone: let nothing more be written, at the interpreter's end either."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class Progress:
    """A callback ``(done, total, label)`` that draws a bar on stderr once the work has taken a second.

    >>> with Progress(quiet=True) as tell:
    ...     tell(1, 2, "reading")
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet or not sys.stderr.isatty()
        self._began = time.monotonic()
        self._bar: Bar | None = None
        self._row: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int | None, label: str = "") -> None:
        """Say how far the work is; `total` is None when it is not known."""
        if self._quiet or time.monotonic() - self._began < _PATIENCE:
            return
        if self._bar is None or self._row is None:
            self._bar, self._row = self._started()
        self._bar.update(self._row, completed=done, total=total, description=neutral(label, limit=40))

    def _started(self) -> tuple[Bar, TaskID]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
        bar = Progress(*columns, console=console, transient=True)
        bar.start()
        return bar, bar.add_task("", total=None)
