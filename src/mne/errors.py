"""What goes wrong when the library itself is misused.

What a partner wrote never raises: it becomes a `Finding`. Only a wrong call, an unreadable
logframe or a missing optional package does, and always as one of these few classes, so that
an embedding tool needs a single ``except mne.MneError``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mne.ground.findings import Findings

__all__ = [
    "EngineError",
    "LogframeError",
    "MissingExtraError",
    "MneError",
    "OptionError",
    "ReadError",
    "SchemeError",
    "WriteError",
]


class MneError(Exception):
    """The parent of every error that this library raises on purpose."""


class _FindingsError(MneError, ValueError):
    """An error that carries every finding, not the first one only."""

    findings: Findings

    def __init__(self, findings: Findings, *, what: str) -> None:
        self.findings = findings
        lines = [f"{what}: {findings.summary()}"]
        lines += [f"  {finding}" for finding in findings]
        super().__init__("\n".join(lines))


class LogframeError(_FindingsError):
    """A logframe that cannot be used; `.findings` lists all that is wrong with it."""


class SchemeError(_FindingsError):
    """A scoring scheme that cannot be used; `.findings` lists all that is wrong with it."""


class ReadError(MneError, OSError):
    """A path that cannot be read at all: missing, a folder, empty, not permitted."""


class WriteError(MneError, OSError):
    """A file that cannot be written; what stood at its path before still stands there unchanged."""


class OptionError(MneError, ValueError):
    """An argument that makes no sense; the message names the argument and what it takes."""


class EngineError(MneError, RuntimeError):
    """A table engine refused a plan that it should have run."""


class MissingExtraError(MneError, ImportError):
    """An optional package is not installed; the message says which extra brings it."""
