"""Parents and children across projects: which indicator of which plan adds to which of another.

Read `Portfolio` first. It knows plans alone; what children add up to is counted in `mne.values.projects`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from mne.errors import LogframeError, OptionError
from mne.ground.findings import Finding, Findings, Place, clean_text
from mne.ground.maps import FrozenMap
from mne.ground.phrases import phrase, phrase_n
from mne.logframe.formula import FormulaError, parse
from mne.logframe.indicator import Indicator
from mne.logframe.links import Link
from mne.logframe.model import Logframe

__all__ = ["Key", "Portfolio", "check_portfolio"]

Key = tuple[str, str]
"""A project and one of its indicators, by their ids."""

_REFUSED: Final = ("portfolio-duplicate-project", "contribution-cycle")
"""What makes a portfolio unusable: there would be no one answer."""


@dataclass(frozen=True, init=False, repr=False)
class Portfolio:
    """Plans that belong together, by id, with the contributions that their indicators declare.

    `Indicator.contributes_to` is all there is to it: an indicator without one adds to nothing, at any depth.
    """

    plans: Mapping[str, Logframe]
    """The plans by their ids, in the order given."""

    def __init__(self, plans: Iterable[Logframe]) -> None:
        """Join plans.

        Raises:
            OptionError: something that is not a logframe.
            LogframeError: two plans with one id, or contributions that lead back to where they came from.
        """
        given = _plans(plans)
        refused = [finding for finding in _findings(given) if finding.code in _REFUSED]
        if refused:
            raise LogframeError(Findings(refused), what="these plans make no portfolio")
        object.__setattr__(self, "plans", FrozenMap({plan.id: plan for plan in given}))

    def children(self, project: str, indicator: str) -> tuple[Key, ...]:
        """The (project, indicator) pairs that add to this indicator, each once, by id.

        Raises:
            KeyError: there is no such project or indicator.
        """
        self.plans[project].indicator(indicator)
        return self._children.get((project, indicator), ())

    @cached_property
    def _children(self) -> Mapping[Key, tuple[Key, ...]]:
        found: dict[Key, set[Key]] = {}
        for child, parent in _contributions(self.plans):
            if not _computed(self.plans, parent):
                found.setdefault(parent, set()).add(child)
        return {parent: tuple(sorted(children)) for parent, children in found.items()}

    def link(self, child: Key, parent: Key) -> Link:
        """How one indicator adds to another."""
        plan, above = self.plans[child[0]], self.plans[parent[0]]
        return Link(plan, plan.indicators[child[1]], above, above.indicators[parent[1]])

    @cached_property
    def order(self) -> tuple[Key, ...]:
        """Every indicator after all that it is counted from: its children, and what its formula names.

        Formulas that lead back to themselves, which a checked plan does not have, stand at the end.
        """
        needs = _needs(self.plans)
        ready = _peeled(needs)
        return (*ready, *sorted(set(needs) - set(ready)))

    def __repr__(self) -> str:
        links = sum(len(children) for children in self._children.values())
        shown = clean_text(", ".join(self.plans), limit=80)
        return f"Portfolio({len(self.plans)} projects: {shown}; {links} contributions)"


def check_portfolio(portfolio: Portfolio | Iterable[Logframe]) -> Findings:
    """Everything that is wrong with how plans contribute to each other; plans that make no portfolio too.

    Raises:
        OptionError: something that is not a logframe.
    """
    return Findings(_findings(_plans(portfolio.plans.values() if isinstance(portfolio, Portfolio) else portfolio)))


def _plans(plans: Any) -> tuple[Logframe, ...]:
    if isinstance(plans, Logframe) or not isinstance(plans, Iterable):
        raise OptionError(f"plans must be a list of logframes, not a {type(plans).__name__}")
    given = tuple(plans)
    wrong = next((each for each in given if not isinstance(each, Logframe)), None)
    if wrong is not None:
        raise OptionError(f"plans must be logframes, and one is a {type(wrong).__name__}; see mne.read_logframe(path)")
    return given


# --- what declares what -----------------------------------------------------------------------------------------------


def _contributions(plans: Mapping[str, Logframe]) -> Iterator[tuple[Key, Key]]:
    """Each declared (child, parent) whose parent is there, as often as it is declared."""
    for plan in plans.values():
        for indicator in plan.indicators.values():
            for each in indicator.contributes_to:
                parent = plans.get(each.project)
                if parent is not None and each.indicator in parent.indicators:
                    yield (plan.id, indicator.id), (each.project, each.indicator)


def _computed(plans: Mapping[str, Logframe], key: Key) -> bool:
    return plans[key[0]].indicators[key[1]].formula is not None


def _needs(plans: Mapping[str, Logframe]) -> dict[Key, set[Key]]:
    """What each indicator is counted from: its children; of a computed one, what its formula names."""
    needs: dict[Key, set[Key]] = {(plan.id, code): set() for plan in plans.values() for code in plan.indicators}
    for project, code in needs:
        plan = plans[project]
        formula = plan.indicators[code].formula
        if formula is not None:
            needs[project, code] |= {(project, name) for name in _names(formula) if name in plan.indicators}
    for child, parent in _contributions(plans):
        if not _computed(plans, parent):
            needs[parent].add(child)
    return needs


def _names(formula: str) -> tuple[str, ...]:
    try:
        return tuple(parse(formula).names)
    except FormulaError:
        return ()


def _peeled(needs: Mapping[Key, set[Key]]) -> list[Key]:
    """The keys in an order in which each comes after what it needs; those on or behind a cycle are left out."""
    waiting = {key: len(needed) for key, needed in needs.items()}
    serves: dict[Key, list[Key]] = {}
    for key, needed in needs.items():
        for other in needed:
            serves.setdefault(other, []).append(key)
    ready = sorted((key for key, count in waiting.items() if not count), reverse=True)
    order: list[Key] = []
    while ready:
        key = ready.pop()
        order.append(key)
        for other in sorted(serves.get(key, ()), reverse=True):
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return order


# --- what is wrong with it --------------------------------------------------------------------------------------------


def _findings(plans: tuple[Logframe, ...]) -> Iterator[Finding]:
    counted = Counter(plan.id for plan in plans)
    for project in sorted(id for id, count in counted.items() if count > 1):
        yield Finding(
            code="portfolio-duplicate-project",
            place=Place(project=project),
            found=project,
            expected=phrase("an id of its own for each plan"),
            params={"count": counted[project]},
        )
    by_id = {plan.id: plan for plan in plans}
    for plan in by_id.values():
        for indicator in plan.indicators.values():
            yield from _of_indicator(by_id, plan, indicator)
    yield from _cycles(by_id)
    yield from _two_ways(by_id)


def _of_indicator(plans: Mapping[str, Logframe], plan: Logframe, indicator: Indicator) -> Iterator[Finding]:
    place = Place(project=plan.id, indicator=indicator.id)
    told = Counter((each.project, each.indicator) for each in indicator.contributes_to)
    for (project, code), count in told.items():
        parent = plans.get(project)
        params = {"parent": f"{project} · {code}"}
        if parent is None:
            yield Finding(code="contribution-unknown-project", place=place, found=project, expected=_some(plans))
            continue
        if code not in parent.indicators:
            yield Finding(
                code="contribution-unknown-indicator",
                place=place,
                found=code,
                expected=_some(parent.indicators),
                params={"parent": project},
            )
            continue
        if count > 1:
            yield Finding(
                code="contribution-twice",
                place=place,
                found=phrase_n("declared {n} times", "declared {n} times", count),
                expected=phrase("one way"),
                params=params,
            )
        above = parent.indicators[code]
        if above.formula is not None:
            yield Finding(
                code="contribution-to-formula",
                place=place,
                found=above.formula,
                expected=phrase("reports"),
                params=params,
            )
            continue
        wrong = Link(plan, indicator, parent, above).misfit
        if wrong is not None:
            yield Finding(code=wrong.code, place=place, found=wrong.found, expected=wrong.expected, params=params)


def _some(known: Iterable[str]) -> str:
    names = list(known)
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")


def _cycles(plans: Mapping[str, Logframe]) -> Iterator[Finding]:
    """Each way that leads from an indicator over contributions, and formulas between them, back to itself."""
    needs = _needs(plans)
    left = set(needs) - set(_peeled(needs))
    while left:
        # Walking from need to need inside what is left must come back: each key there needs another one of it.
        path = [min(left)]
        while (following := min(needs[path[-1]] & left)) not in path:
            path.append(following)
        cycle = path[path.index(following) :]
        # Formulas alone that lead to each other are a mistake within one plan, which its own checks tell.
        if not all(_computed(plans, key) for key in cycle):
            start = cycle.index(min(cycle))
            around = [*cycle[start:], *cycle[:start]]
            project, code = around[0]
            shown = [f"{project} · {code}" for project, code in (*reversed(around[1:]), around[0])]
            yield Finding(
                code="contribution-cycle",
                place=Place(project=project, indicator=code),
                found=" to ".join([shown[-1], *shown]),
                expected=phrase("contributions that lead one way"),
            )
        needs = {key: needed - set(cycle) for key, needed in needs.items() if key in left and key not in cycle}
        needs = {key: needed & set(needs) for key, needed in needs.items()}
        left = set(needs) - set(_peeled(needs))


def _two_ways(plans: Mapping[str, Logframe]) -> Iterator[Finding]:
    """An indicator that reaches one parent by several ways is counted there several times."""
    above: dict[Key, set[Key]] = {}
    below: dict[Key, set[Key]] = {}
    for child, parent in _contributions(plans):
        if not _computed(plans, parent):
            above.setdefault(child, set()).add(parent)
            below.setdefault(parent, set()).add(child)
    if all(len(parents) < 2 for parents in above.values()):
        return
    order = _peeled({key: below.get(key, set()) for key in {*above, *below}})
    reached: dict[Key, Counter[Key]] = {}
    for key in reversed(order):
        ways: Counter[Key] = Counter()
        for parent in above.get(key, ()):
            ways[parent] += 1
            ways.update(reached.get(parent, {}))
        reached[key] = ways
    for key, ways in reached.items():
        for (project, code), count in sorted(ways.items()):
            if count > 1:
                yield Finding(
                    code="contribution-twice",
                    place=Place(project=key[0], indicator=key[1]),
                    found=phrase_n("reaching it by {n} ways", "reaching it by {n} ways", count),
                    expected=phrase("one way"),
                    params={"parent": f"{project} · {code}"},
                )
