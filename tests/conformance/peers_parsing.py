"""What counts as a number in a partner's cell, and which two numbers count as one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import mne
from tests.conformance.building import counted, indicator, project, report
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged
from tests.conformance.peers_validation import is_accepted, validated

DHIS2_TOLERANCE: Final = "0.01"
"""How far two numbers of DHIS2 may lie apart and still be equal (MathUtils)."""


def topic(case: Case, data: Datasets) -> Outcome:
    """Whether a text is a number, read strictly; or whether two numbers are equal within DHIS2's tolerance."""
    inputs, method = case["inputs"], case["method"]
    if "numeric" in method:
        return judged(case, is_number(inputs["value"], strict="strict" in method))
    if "tolerance" in method:
        return judged(case, _equal(inputs["a"], inputs["b"], inputs.get("tolerance", DHIS2_TOLERANCE)))
    raise NotWired(method)


def is_number(text: Any, *, strict: bool) -> bool:
    """Whether a report with this cell is accepted and holds a number."""
    numbers = "strict" if strict else "lenient"
    plan = project(indicator(measure="index", unit=None, accumulation="level"), numbers=numbers)
    found = validated(plan, [{"indicator": "I", "value": text}])
    reported = found.observations.to_polars()["value"].drop_nulls()
    return is_accepted(found) and len(reported) == 1


def _equal(first: Any, second: Any, tolerance: Any) -> bool:
    """Whether one number keeps to the other within a tolerance: a level that should stay where it is."""
    level = indicator(
        accumulation="level", direction="maintain", tolerance=tolerance, targets=({"period": "2001", "value": first},)
    )
    return mne.achievement(counted(project(level), [report(second)])["I"]).value == 1


ADAPTERS: Final[Mapping[str, Adapter]] = {"parsing": topic}
