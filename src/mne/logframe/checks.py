"""What is wrong or weak in the design of a logframe, as findings.

Read `design_findings` first. Each check is a plain function whose docstring states the constraint; errors are refused
when a logframe is read, the rest is advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mne.logframe import checks_advice, checks_counting, checks_structure, checks_targets

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.logframe.model import Logframe

__all__ = ["CHECKS", "Check", "design_findings"]

Check = Callable[["Logframe"], Iterator["Finding"]]

CHECKS: Final[tuple[Check, ...]] = (
    *checks_structure.CHECKS,
    *checks_counting.CHECKS,
    *checks_targets.CHECKS,
    *checks_advice.CHECKS,
)


def design_findings(plan: Logframe) -> tuple[Finding, ...]:
    """Everything that the checks find in a plan, in the order of the checks."""
    dates = tuple(checks_structure.dates(plan))
    if dates:
        # Periods cannot be laid out over impossible dates, and every other check may ask for them.
        return dates
    return tuple(finding for check in CHECKS for finding in check(plan))
