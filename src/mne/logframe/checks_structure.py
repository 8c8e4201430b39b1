"""Ids, references, levels, dates and weights: whether the parts of a plan fit together."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import CODES, Severity
from mne.ground.findings import Finding
from mne.ground.phrases import phrase
from mne.logframe.choices import TOTAL, category_key, category_parts
from mne.logframe.places import indicators_at, nearest, problem, results_at

if TYPE_CHECKING:
    from decimal import Decimal

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe, Result

__all__ = ["CHECKS", "PERIOD_CHECKS", "project_dates"]

_LOOKALIKES: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕкԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοκ", "ABESIJKMHOPCTYXaeopcyxijskdhABEZHIKMNOPTYXok"
)
_EARLIEST, _LATEST = 1900, 2200
_LISTS: Final = ("organisations", "locations", "dimensions", "sources", "phases", "sectors", "target_groups", "rules")


# --- dates ------------------------------------------------------------------------------------------------------


def project_dates(plan: Logframe) -> Iterator[Finding]:
    """The project ends after it starts, between the years 1900 and 2200."""
    if plan.end < plan.start:
        yield problem(
            "logframe-dates-reversed", "end", found=plan.end, expected=phrase("a day after {start}", start=plan.start)
        )
    for name, day in (("start", plan.start), ("end", plan.end)):
        if not _EARLIEST <= day.year <= _LATEST:
            yield problem(
                "logframe-dates-reversed",
                name,
                found=day,
                expected=phrase("a year from {first} to {last}", first=_EARLIEST, last=_LATEST),
            )


def dates(plan: Logframe) -> Iterator[Finding]:
    """A phase and an assignment end after they start."""
    for at, phase in enumerate(plan.phases):
        if phase.end < phase.start:
            expected = phrase("a day after {start}", start=phase.start)
            yield problem("logframe-dates-reversed", f"phases[{at}].end", found=phase.end, expected=expected)
    for path, indicator in indicators_at(plan):
        for at, assignment in enumerate(indicator.assignments):
            if assignment.since and assignment.until and assignment.until < assignment.since:
                yield problem(
                    "logframe-dates-reversed",
                    f"{path}.assignments[{at}].until",
                    found=assignment.until,
                    expected=phrase("a day after {start}", start=assignment.since),
                    indicator=indicator.id,
                )


def period_names(plan: Logframe) -> Iterator[Finding]:
    """The project's own names for periods stand for periods that there are."""
    for name, label in plan.calendar.names.items():
        if plan.period(label) is None:
            where = f"calendar.names[{name}]"
            yield problem("logframe-period-unknown", where, found=label, expected=_labels(plan))


def _labels(plan: Logframe) -> str:
    periods = [period.label for period in plan.periods()]
    return (
        phrase("a period of the project, {first} to {last}", first=periods[0], last=periods[-1])
        if periods
        else phrase("a period of the project")
    )


# --- ids --------------------------------------------------------------------------------------------------------


def ids(plan: Logframe) -> Iterator[Finding]:
    """Within one list an id occurs once, and no two ids look alike. Results and indicators share one list."""
    chain = [(f"{path}.id", result.id) for path, result, _ in results_at(plan)]
    chain += [(f"{path}.id", indicator.id) for path, indicator in indicators_at(plan)]
    yield from _twice(chain)
    for name in _LISTS:
        yield from _twice([(f"{name}[{at}].id", each.id) for at, each in enumerate(getattr(plan, name))])
    for at, dimension in enumerate(plan.dimensions):
        yield from _twice([(f"dimensions[{at}].codes[{k}].id", code.id) for k, code in enumerate(dimension.codes)])
    for path, indicator in indicators_at(plan):
        yield from _twice([(f"{path}.scale[{at}].id", stage.id) for at, stage in enumerate(indicator.scale)])


def _twice(known: list[tuple[str, str]]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    looks: dict[str, tuple[str, str]] = {}
    for path, id in known:
        folded = unicodedata.normalize("NFKC", id).translate(_LOOKALIKES).casefold()
        if id in first:
            yield problem(
                "logframe-duplicate-id", path, found=id, expected=phrase("an id of its own"), related=(first[id],)
            )
        elif folded in looks:
            other, there = looks[folded]
            expected = phrase("an id that does not look like {other}", other=other)
            yield problem("logframe-id-confusable", path, found=id, expected=expected, related=(there,))
        first.setdefault(id, path)
        looks.setdefault(folded, (id, path))


def reserved(plan: Logframe) -> Iterator[Finding]:
    """The code for the whole is no id of a partner, a location or a category."""
    places = [(f"organisations[{at}].id", each.id) for at, each in enumerate(plan.organisations)]
    places += [(f"locations[{at}].id", each.id) for at, each in enumerate(plan.locations)]
    for at, dimension in enumerate(plan.dimensions):
        places += [(f"dimensions[{at}].codes[{k}].id", code.id) for k, code in enumerate(dimension.codes)]
    for path, id in places:
        if id == TOTAL:
            yield problem("logframe-id-reserved", path, found=id, expected=phrase("another id"))


# --- references -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    """The ids that there are, by what they are of."""

    sources: frozenset[str]
    organisations: frozenset[str]
    locations: frozenset[str]
    dimensions: frozenset[str]
    results: frozenset[str]
    phases: frozenset[str]

    @classmethod
    def of(cls, plan: Logframe) -> _Known:
        return cls(
            sources=_ids(plan.sources),
            organisations=_ids(plan.organisations),
            locations=_ids(plan.locations),
            dimensions=_ids(plan.dimensions),
            results=_ids(plan.walk()),
            phases=_ids(plan.phases),
        )


def _ids(entries: Iterable[object]) -> frozenset[str]:
    return frozenset(str(getattr(each, "id", "")) for each in entries)


_Reference = tuple[str, str, str | None, Collection[str]]
"""The path of a reference, what it should name in words, the code it names, and the codes that there are."""


def references(plan: Logframe) -> Iterator[Finding]:
    """Whatever points at a source, an organisation, a location, a dimension or a category points at one that exists."""
    for path, kind, code, known in _references(plan, _Known.of(plan)):
        if code is not None and code not in known:
            some = ", ".join(sorted(known)[:12]) + (" …" if len(known) > 12 else "")
            yield problem(
                "logframe-unknown-reference",
                path,
                found=code,
                expected=phrase("{kind} of this logframe: {some}", kind=kind, some=some or phrase("there is none")),
                suggestion=nearest(code, known, cutoff=0.6),
            )


def _references(plan: Logframe, known: _Known) -> Iterator[_Reference]:
    yield from _of_lists(plan, known)
    for path, result, _ in results_at(plan):
        yield f"{path}.source", phrase("a source"), result.source, known.sources
    for path, indicator in indicators_at(plan):
        yield from _of_people(path, indicator, known)
        yield from _of_numbers(path, indicator, known)


def _of_lists(plan: Logframe, known: _Known) -> Iterator[_Reference]:
    for at, place in enumerate(plan.locations):
        yield f"locations[{at}].parent", phrase("a location"), place.parent, known.locations
    for at, budget in enumerate(plan.budgets):
        yield f"budgets[{at}].organisation", phrase("an organisation"), budget.organisation, known.organisations
        yield f"budgets[{at}].result", phrase("a result"), budget.result, known.results
        yield f"budgets[{at}].phase", phrase("a phase"), budget.phase, known.phases
        yield f"budgets[{at}].source", phrase("a source"), budget.source, known.sources
    for at, rate in enumerate(plan.exchange_rates):
        yield f"exchange_rates[{at}].source", phrase("a source"), rate.source, known.sources


def _of_people(path: str, indicator: Indicator, known: _Known) -> Iterator[_Reference]:
    for at, code in enumerate(indicator.responsible):
        yield f"{path}.responsible[{at}]", phrase("an organisation"), code, known.organisations
    for at, assignment in enumerate(indicator.assignments):
        yield f"{path}.assignments[{at}].partner", phrase("an organisation"), assignment.partner, known.organisations
        for k, code in enumerate(assignment.locations):
            if code != TOTAL:
                yield f"{path}.assignments[{at}].locations[{k}]", phrase("a location"), code, known.locations
    for at, split in enumerate(indicator.disaggregation):
        for k, code in enumerate(split.dimensions):
            yield f"{path}.disaggregation[{at}].dimensions[{k}]", phrase("a dimension"), code, known.dimensions


def _of_numbers(path: str, indicator: Indicator, known: _Known) -> Iterator[_Reference]:
    for at, code in enumerate(indicator.sources):
        yield f"{path}.sources[{at}]", phrase("a source"), code, known.sources
    if indicator.baseline is not None:
        yield f"{path}.baseline.source", phrase("a source"), indicator.baseline.source, known.sources
    for at, target in enumerate(indicator.targets):
        yield f"{path}.targets[{at}].source", phrase("a source"), target.source, known.sources
        for k, older in enumerate(target.history):
            yield f"{path}.targets[{at}].history[{k}].source", phrase("a source"), older.source, known.sources


def partners(plan: Logframe) -> Iterator[Finding]:
    """Where some organisations have the role of a partner, only these are assigned to report."""
    reporting, known = set(plan.partners), _ids(plan.organisations)
    for path, indicator in indicators_at(plan):
        for at, assignment in enumerate(indicator.assignments):
            if reporting and assignment.partner in known - reporting:
                yield problem(
                    "logframe-partner-role",
                    f"{path}.assignments[{at}].partner",
                    found=assignment.partner,
                    expected=phrase("the role partner, as {partners}", partners=", ".join(sorted(reporting)[:6])),
                    indicator=indicator.id,
                )


def larger_places(plan: Logframe) -> Iterator[Finding]:
    """No place lies within itself, through whatever larger places."""
    parents = {place.id: place.parent for place in plan.locations}
    for at, place in enumerate(plan.locations):
        seen = [place.id]
        above = place.parent
        while above is not None and above not in seen:
            seen.append(above)
            above = parents.get(above)
        if above == place.id:
            found = " in ".join([*seen, above])
            yield problem(
                "logframe-location-cycle", f"locations[{at}].parent", found=found, expected=phrase("a larger place")
            )


def categories(plan: Logframe) -> Iterator[Finding]:
    """A category named by a target or a baseline is one by which its indicator is split, written in the one way."""
    known = {each.id: {code.id for code in each.codes} for each in plan.dimensions}
    for path, indicator in indicators_at(plan):
        splits = [set(split.dimensions) for split in indicator.disaggregation]
        keys = [(f"{path}.targets[{at}].category", each.category) for at, each in enumerate(indicator.targets)]
        if indicator.baseline is not None:
            keys += [(f"{path}.baseline.categories[{key}]", key) for key in indicator.baseline.categories]
        for where, key in keys:
            code, expected, suggestion = _misnamed(key, known, splits)
            if code:
                yield problem(
                    code,
                    where,
                    found=key,
                    expected=expected,
                    suggestion=suggestion,
                    indicator=indicator.id,
                )


def _misnamed(key: str, known: dict[str, set[str]], splits: list[set[str]]) -> tuple[str, str, str | None]:
    """The code for what is wrong with a category, what should stand there and how to write it; all empty if nothing."""
    unknown = "logframe-unknown-reference"
    try:
        parts = category_parts(key)
    except ValueError:
        return unknown, phrase("a category written as sex=F, or sex=F|age=15-24 for a crossed one"), None
    for dimension, code in parts.items():
        if code not in known.get(dimension, set()):
            return (
                unknown,
                phrase(
                    "declared dimensions and codes: {some}", some=", ".join(sorted(known)) or phrase("there is none")
                ),
                None,
            )
    if parts and set(parts) not in splits:
        return "logframe-category-not-split", phrase("a combination of dimensions under disaggregation"), None
    written = category_key({dimension: parts[dimension] for dimension in known if dimension in parts})
    if written != key:
        return "logframe-category-order", phrase("the dimensions in the order in which they are declared"), written
    return "", "", None


# --- the chain --------------------------------------------------------------------------------------------------


def levels(plan: Logframe) -> Iterator[Finding]:
    """On the way down the chain a level never rises."""

    def beneath(path: str, result: Result, above: Result | None) -> Iterator[Finding]:
        depth = result.level.depth
        if above is not None and depth is not None and depth < (above.level.depth or 0):
            expected = phrase("a level no higher than {level}, under {id}", level=above.level, id=above.id)
            yield problem("logframe-level-rises", f"{path}.level", found=result.level, expected=expected)
        for at, child in enumerate(result.results):
            yield from beneath(f"{path}.results[{at}]", child, above if depth is None else result)

    for at, result in enumerate(plan.results):
        yield from beneath(f"results[{at}]", result, None)


def weights(plan: Logframe) -> Iterator[Finding]:
    """Among siblings all have a weight or none has; no weight is negative, and not all are zero."""
    for path, given in sibling_weights(plan):
        known = [weight for weight in given if weight is not None]
        if known and len(known) < len(given):
            found, expected = (
                phrase("{known} of {given} have one", known=len(known), given=len(given)),
                phrase("a weight for every sibling, or for none"),
            )
            yield problem("logframe-weights-mixed", f"{path}[{given.index(None)}]", found=found, expected=expected)
        for at, weight in enumerate(given):
            if weight is not None and weight < 0:
                where = f"{path}[{at}].weight"
                yield problem("logframe-weight-invalid", where, found=weight, expected=phrase("a weight of 0 or more"))
        if known and not any(known):
            yield problem(
                "logframe-weight-invalid",
                path,
                found=phrase("only zeros"),
                expected=phrase("at least one weight above 0"),
            )


def sibling_weights(plan: Logframe) -> Iterator[tuple[str, list[Decimal | None]]]:
    """The weights of each group of siblings, with the path of the group."""
    yield "results", [each.weight for each in plan.results]
    for path, result, _ in results_at(plan):
        yield f"{path}.results", [each.weight for each in result.results]
        yield f"{path}.indicators", [each.weight for each in result.indicators]


def severities(plan: Logframe) -> Iterator[Finding]:
    """A project's own severities name finding codes and severities that there are."""
    for code, severity in plan.severities.items():
        if code not in CODES or severity not in set(Severity):
            found = f"{code}: {severity}"
            expected = phrase("a finding code, and one of {severities}", severities=", ".join(Severity))
            close = nearest(code, CODES, cutoff=0.8) if code not in CODES else nearest(severity, list(Severity))
            yield problem(
                "logframe-severity-unknown", f"severities[{code}]", found=found, expected=expected, suggestion=close
            )


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (
    dates, period_names, ids, reserved, references, partners, larger_places, categories, levels, weights, severities,
)  # fmt: skip
PERIOD_CHECKS: Final = (period_names,)
"""Those that need the project's periods."""
