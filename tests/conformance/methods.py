"""The format of `scoring_methods.json`: worked examples of published methods, by method.

Read `FORMAT`. Each of the `methods_…` modules answers for some methods: its `ADAPTERS` has one function per method,
which reads the inputs in general and never looks at an example's id. An example whose source contradicts itself is held
against what follows from its own rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.conformance import (
    methods_achievement,
    methods_composites,
    methods_counts,
    methods_ratings,
    methods_statistics,
)
from tests.conformance.contract import Adapter, Case, Exclusion, Format

MODULES: Final = (methods_achievement, methods_ratings, methods_composites, methods_statistics, methods_counts)
ADAPTERS: Final[Mapping[str, Adapter]] = {
    method: adapter for module in MODULES for method, adapter in module.ADAPTERS.items()
}

NOT_APPLICABLE: Final = (
    Exclusion(
        "sobol_indices", "", "a variance decomposition of a model with continuous inputs: no part of a scorecard"
    ),
    Exclusion("outranking_matrix", "", "compares countries pairwise; a scorecard rates one project"),
)


def recognises(content: Any) -> bool:
    """Whether a file holds examples by method."""
    examples: Any = content.get("examples") if isinstance(content, Mapping) else None
    return bool(examples) and all(isinstance(case, Mapping) and {"method", "inputs"} <= set(case) for case in examples)


def _examples(content: Any) -> Sequence[Case]:
    return list(content["examples"])


FORMAT: Final = Format(
    name="scoring methods",
    recognises=recognises,
    cases=_examples,
    key=lambda case: str(case["method"]),
    adapters=ADAPTERS,
    verdict=lambda case: str(case.get("verdict", "agree")),
    system=lambda case: str(case.get("kind", "")),
    not_applicable=NOT_APPLICABLE,
)
