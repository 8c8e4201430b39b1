"""Ids, references, levels, dates and weights: whether the parts of a plan fit together."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import CODES, Severity
from mne.ground.findings import Finding
from mne.logframe.indicator import TOTAL, category_parts
from mne.logframe.places import indicators_at, problem, results_at

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe

__all__ = ["CHECKS", "dates"]

_LOOKALIKES: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTYXaeopcyxijsABEZHIKMNOPTYXo"
)
_EARLIEST, _LATEST = 1900, 2200
_LISTS: Final = (
    "organisations", "locations", "dimensions", "units", "sources", "phases", "sectors", "target_groups",
)  # fmt: skip


def dates(plan: Logframe) -> Iterator[Finding]:
    """A project, a phase and an assignment end after they start, between the years 1900 and 2200."""
    if plan.end < plan.start:
        yield problem("logframe-dates-reversed", "end", found=plan.end, expected=f"a day after {plan.start}")
    for name, day in (("start", plan.start), ("end", plan.end)):
        if not _EARLIEST <= day.year <= _LATEST:
            yield problem("logframe-dates-reversed", name, found=day, expected=f"a year from {_EARLIEST} to {_LATEST}")
    for position, phase in enumerate(plan.phases):
        if phase.end < phase.start:
            path = f"phases[{position}].end"
            yield problem("logframe-dates-reversed", path, found=phase.end, expected=f"a day after {phase.start}")


def ids(plan: Logframe) -> Iterator[Finding]:
    """Within one list an id occurs once, and no two ids look alike. Results and indicators share one list."""
    chain = [(f"{path}.id", result.id) for path, result, _ in results_at(plan)]
    chain += [(f"{path}.id", indicator.id) for path, indicator in indicators_at(plan)]
    lists: list[list[tuple[str, str]]] = [chain]
    lists += [[(f"{name}[{at}].id", each.id) for at, each in enumerate(getattr(plan, name))] for name in _LISTS]
    lists += [
        [(f"dimensions[{at}].codes[{k}].id", code.id) for k, code in enumerate(dimension.codes)]
        for at, dimension in enumerate(plan.dimensions)
    ]
    for known in lists:
        yield from _twice(known)


def _twice(known: list[tuple[str, str]]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    looks: dict[str, tuple[str, str]] = {}
    for path, id in known:
        folded = unicodedata.normalize("NFKC", id).translate(_LOOKALIKES).casefold()
        if id in first:
            yield problem("logframe-duplicate-id", path, found=id, expected="an id of its own", related=(first[id],))
        elif folded in looks:
            other, there = looks[folded]
            yield problem(
                "logframe-id-confusable",
                path,
                found=id,
                expected=f"an id that does not look like {other}",
                related=(there,),
            )
        first.setdefault(id, path)
        looks.setdefault(folded, (id, path))


def references(plan: Logframe) -> Iterator[Finding]:
    """Whatever points at a source, an organisation, a location, a dimension or a category points at one that exists."""
    for path, kind, code, known in _references(plan):
        if code is not None and code not in known:
            close = difflib.get_close_matches(code, list(known), n=1, cutoff=0.6)
            yield problem(
                "logframe-unknown-reference",
                path,
                found=code,
                expected=f"a {kind} of this logframe: {', '.join(sorted(known)[:12]) or 'there is none'}",
                suggestion=close[0] if close else None,
            )


_Reference = tuple[str, str, str | None, set[str]]
"""The path of a reference, what it should name, the code it names, and the codes that there are."""


def _references(plan: Logframe) -> Iterator[_Reference]:
    yield from _of_lists(plan)
    sources = {each.id for each in plan.sources}
    for path, result, _ in results_at(plan):
        yield f"{path}.source", "source", result.source, sources
    for path, indicator in indicators_at(plan):
        yield from _of_people(plan, path, indicator)
        yield from _of_numbers(path, indicator, sources)
        for at, code in enumerate(indicator.sources):
            yield f"{path}.sources[{at}]", "source", code, sources


def _of_lists(plan: Logframe) -> Iterator[_Reference]:
    sources = {each.id for each in plan.sources}
    organisations = {each.id for each in plan.organisations}
    locations = {each.id for each in plan.locations}
    results = {result.id for _, result, _ in results_at(plan)}
    phases = {phase.id for phase in plan.phases}
    for at, place in enumerate(plan.locations):
        yield f"locations[{at}].parent", "location", place.parent, locations - {place.id}
    for at, budget in enumerate(plan.budgets):
        yield f"budgets[{at}].organisation", "organisation", budget.organisation, organisations
        yield f"budgets[{at}].result", "result", budget.result, results
        yield f"budgets[{at}].phase", "phase", budget.phase, phases
        yield f"budgets[{at}].source", "source", budget.source, sources
    for at, rate in enumerate(plan.exchange_rates):
        yield f"exchange_rates[{at}].source", "source", rate.source, sources


def _of_people(plan: Logframe, path: str, indicator: Indicator) -> Iterator[_Reference]:
    organisations = {each.id for each in plan.organisations}
    locations = {each.id for each in plan.locations} | {TOTAL}
    dimensions = {each.id for each in plan.dimensions}
    for at, code in enumerate(indicator.responsible):
        yield f"{path}.responsible[{at}]", "organisation", code, organisations
    for at, assignment in enumerate(indicator.assignments):
        yield f"{path}.assignments[{at}].partner", "organisation", assignment.partner, organisations
        for k, code in enumerate(assignment.locations):
            yield f"{path}.assignments[{at}].locations[{k}]", "location", code, locations
    for at, split in enumerate(indicator.disaggregation):
        for k, code in enumerate(split.dimensions):
            yield f"{path}.disaggregation[{at}].dimensions[{k}]", "dimension", code, dimensions


def _of_numbers(path: str, indicator: Indicator, sources: set[str]) -> Iterator[_Reference]:
    if indicator.baseline is not None:
        yield f"{path}.baseline.source", "source", indicator.baseline.source, sources
    for at, target in enumerate(indicator.targets):
        yield f"{path}.targets[{at}].source", "source", target.source, sources
        for k, older in enumerate(target.history):
            yield f"{path}.targets[{at}].history[{k}].source", "source", older.source, sources


def categories(plan: Logframe) -> Iterator[Finding]:
    """A category named by a target or a baseline is made of declared dimensions and codes."""
    known = {each.id: {code.id for code in each.codes} for each in plan.dimensions}
    for path, indicator in indicators_at(plan):
        keys = [(f"{path}.targets[{at}].category", each.category) for at, each in enumerate(indicator.targets)]
        if indicator.baseline is not None:
            keys += [(f"{path}.baseline.categories.{key}", key) for key in indicator.baseline.categories]
        for where, key in keys:
            try:
                parts = category_parts(key)
            except ValueError:
                parts = {key: key}
            if any(code not in known.get(dimension, set()) for dimension, code in parts.items()):
                yield problem(
                    "logframe-unknown-reference",
                    where,
                    found=key,
                    expected="declared dimensions and codes, written as sex=F or sex=F|age=15-24",
                    indicator=indicator.id,
                )


def levels(plan: Logframe) -> Iterator[Finding]:
    """On the way down the chain a level never rises."""
    for path, result, parent in results_at(plan):
        if parent is None or result.level.depth is None or parent.level.depth is None:
            continue
        if result.level.depth < parent.level.depth:
            expected = f"a level no higher than {parent.level}, under {parent.id}"
            yield problem("logframe-level-rises", f"{path}.level", found=result.level, expected=expected)


def weights(plan: Logframe) -> Iterator[Finding]:
    """Among siblings all have a weight or none has; no weight is negative, and not all are zero."""
    siblings = [("results", plan.results)]
    siblings += [(f"{path}.results", result.results) for path, result, _ in results_at(plan)]
    parts = [(path, [each.weight for each in group]) for path, group in siblings]
    parts += [
        (f"{path}.indicators", [each.weight for each in result.indicators]) for path, result, _ in results_at(plan)
    ]
    for path, given in parts:
        known = [weight for weight in given if weight is not None]
        if known and len(known) < len(given):
            found, expected = f"{len(known)} of {len(given)} have one", "a weight for every sibling, or for none"
            yield problem("logframe-weights-mixed", f"{path}[{given.index(None)}]", found=found, expected=expected)
        for at, weight in enumerate(given):
            if weight is not None and weight < 0:
                where = f"{path}[{at}].weight"
                yield problem("logframe-weight-invalid", where, found=weight, expected="a weight of 0 or more")
        if known and not any(known):
            yield problem("logframe-weight-invalid", path, found="only zeros", expected="at least one weight above 0")


def settings(plan: Logframe) -> Iterator[Finding]:
    """Severities name finding codes and levels that exist; period names stand for periods that exist."""
    for code, severity in plan.severities.items():
        if code not in CODES or severity not in set(Severity):
            found = f"{code}: {severity}"
            expected = f"a finding code, and one of {', '.join(Severity)}"
            yield problem("logframe-severity-unknown", f"severities.{code}", found=found, expected=expected)
    for name, label in plan.calendar.names.items():
        if plan.period(label) is None:
            yield problem("logframe-period-unknown", f"calendar.names.{name}", found=label, expected=_labels(plan))


def _labels(plan: Logframe) -> str:
    periods = [period.label for period in plan.periods()]
    return f"a period of the project, {periods[0]} to {periods[-1]}" if periods else "a period of the project"


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (
    ids, references, categories, levels, weights, settings,
)  # fmt: skip
