"""Every part of a logframe with its path in the document, for the checks that speak of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mne.ground.findings import Finding, Place

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe, Result

__all__ = ["indicators_at", "problem", "results_at"]


def results_at(plan: Logframe) -> Iterator[tuple[str, Result, Result | None]]:
    """Each result with its path and its parent, parents first."""

    def beneath(path: str, result: Result, parent: Result | None) -> Iterator[tuple[str, Result, Result | None]]:
        yield path, result, parent
        for position, child in enumerate(result.results):
            yield from beneath(f"{path}.results[{position}]", child, result)

    for position, result in enumerate(plan.results):
        yield from beneath(f"results[{position}]", result, None)


def indicators_at(plan: Logframe) -> Iterator[tuple[str, Indicator]]:
    """Each indicator with its path, in the order written."""
    for path, result, _ in results_at(plan):
        for position, indicator in enumerate(result.indicators):
            yield f"{path}.indicators[{position}]", indicator


def problem(
    code: str,
    path: str,
    *,
    found: object = "",
    expected: str = "",
    indicator: str | None = None,
    suggestion: str | None = None,
    related: tuple[str, ...] = (),
) -> Finding:
    """A finding about the part of the plan at `path`."""
    return Finding(
        code=code,
        place=Place(path=path, indicator=indicator),
        found=str(found),
        expected=expected,
        suggestion=suggestion,
        related=tuple(Place(path=each) for each in related),
    )
