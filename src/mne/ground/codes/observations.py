"""Codes about one reported row, its cells, or a set of rows."""

from __future__ import annotations

from typing import Final

from mne.ground.catalogue import Code, Severity

B, E, W, I = Severity.BLOCKER, Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: Final[tuple[Code, ...]] = (
)
