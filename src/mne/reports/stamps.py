"""Sheets that the library itself put into a workbook: known again by a stamp, and passed over without a word.

Read `is_to_fix` for the list of findings in an annotated copy; `mne.reports.template` knows the stamp of a template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mne.reports.grid import Grid

__all__ = ["TO_FIX", "is_to_fix"]

TO_FIX: Final = "logframe:to-fix:1"
"""What stands in the first row of the list of findings, in a hidden column."""


def is_to_fix(grid: Grid) -> bool:
    """Whether a sheet is the list of findings of an annotated copy."""
    return bool(grid.numbers) and any(column[0] == TO_FIX for column in grid.columns)
