"""What is wrong or weak in the design of a logframe, as findings.

Read `design_findings` first. Each check is a plain function whose docstring states the constraint; errors are refused
when a logframe is read, the rest is advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mne.logframe import (
    checks_accumulation,
    checks_advice,
    checks_counting,
    checks_rules,
    checks_structure,
    checks_targets,
    checks_texts,
    checks_units,
    checks_values,
)

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.logframe.model import Logframe

__all__ = ["CHECKS", "Check", "design_findings"]

Check = Callable[["Logframe"], Iterator["Finding"]]

CHECKS: Final[tuple[Check, ...]] = (
    *checks_structure.CHECKS,
    *checks_units.CHECKS,
    *checks_counting.CHECKS,
    *checks_rules.CHECKS,
    *checks_values.CHECKS,
    *checks_targets.CHECKS,
    *checks_texts.CHECKS,
    *checks_accumulation.CHECKS,
    *checks_advice.CHECKS,
)
_OVER_PERIODS: Final[tuple[Check, ...]] = (
    *checks_structure.PERIOD_CHECKS,
    *checks_targets.PERIOD_CHECKS,
    *checks_accumulation.PERIOD_CHECKS,
    *checks_advice.PERIOD_CHECKS,
)


def design_findings(plan: Logframe) -> tuple[Finding, ...]:
    """Everything that the checks find in a plan, in the order of the checks.

    Places name parts by their positions; `mne.logframe.files.check_logframe` tells them by their ids and lines.
    """
    impossible = tuple(checks_structure.project_dates(plan))
    # Over impossible dates there are no periods, and every target would seem to lie outside the project.
    checks = [check for check in CHECKS if not (impossible and check in _OVER_PERIODS)]
    return (*impossible, *(finding for check in checks for finding in check(plan)))
