"""The format of `peer_systems.json`: what other systems' test suites say, by topic.

Read `FORMAT`. Each of the `peers_…` modules answers for some topics: its `ADAPTERS` has one function per topic, which
looks at a case's method and inputs and never at its id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.conformance import (
    peers_calendar,
    peers_dhis2,
    peers_expressions,
    peers_parsing,
    peers_parts,
    peers_periods,
    peers_projects,
    peers_scores,
    peers_simple,
    peers_sites,
    peers_validation,
)
from tests.conformance.contract import Adapter, Case, Datasets, Exclusion, Format

MODULES: Final = (
    peers_simple,
    peers_scores,
    peers_periods,
    peers_parts,
    peers_projects,
    peers_dhis2,
    peers_sites,
    peers_expressions,
    peers_calendar,
    peers_parsing,
    peers_validation,
)
ADAPTERS: Final[Mapping[str, Adapter]] = {
    topic: adapter for module in MODULES for topic, adapter in module.ADAPTERS.items()
}

NOT_APPLICABLE: Final = (
    Exclusion(
        "formatting",
        "display string",
        "how a web form writes an empty or half-filled cell (0/1, 30,000%); the figures themselves are run elsewhere",
    ),
    Exclusion(
        "counts",
        "number of sites",
        "counts rows of a database of which the file holds only the values of some indicators",
    ),
    Exclusion(".*", "in another fixture", "the inputs say that what the figures depend on stands in another fixture"),
)


def recognises(content: Any) -> bool:
    """Whether a file holds cases by topic and method."""
    cases = content.get("cases") if isinstance(content, Mapping) else None
    return bool(cases) and all(isinstance(case, Mapping) and {"topic", "inputs"} <= set(case) for case in cases)


def datasets(content: Any) -> Datasets:
    """The datasets of the file by name; under `cases` all its cases, as some say "the case above"."""
    return {**content.get("datasets", {}), "cases": content["cases"]}


def _cases(content: Any) -> Sequence[Case]:
    return list(content["cases"])


FORMAT: Final = Format(
    name="peer systems",
    recognises=recognises,
    cases=_cases,
    key=lambda case: str(case["topic"]),
    adapters=ADAPTERS,
    verdict=lambda case: str(case.get("verdict", "agree")),
    system=lambda case: str(case.get("system", "")),
    datasets=datasets,
    not_applicable=NOT_APPLICABLE,
)
