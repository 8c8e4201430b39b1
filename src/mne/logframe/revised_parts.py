"""What changed between the lists and settings of two plans: calendar, units, exchange rates, dimensions, and the rest.

Read `plan_changes` first. Every field of the model stands in one of the tables here or in `revised_indicators`, with
what it touches; a field that is in none of them would be a change that nobody hears of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mne.ground.maps import FrozenMap
from mne.logframe.changes import ChangeKind, Effect, between, in_words, matched
from mne.logframe.types import Model

if TYPE_CHECKING:
    from collections.abc import Hashable

    from mne.logframe.changes import Change
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Dimension, ExchangeRate
    from mne.logframe.reach import Reach

__all__ = ["LISTS", "PLAN", "fields", "items", "plan_changes"]

_M = TypeVar("_M", bound=Model)
Table = Mapping[str, Effect]

CHECKS, WORDS, VALUES = Effect.CHECKS, Effect.WORDS, Effect.VALUES

PLAN: Final[Table] = FrozenMap(
    {
        "format": WORDS, "title": WORDS, "description": WORDS, "version": WORDS, "notes": WORDS, "countries": WORDS,
        "references": WORDS, "currency": CHECKS, "reporting_lag": CHECKS, "closing_lag": CHECKS,
        "numbers": CHECKS, "thresholds": CHECKS,
        "severities": CHECKS,
    }
)  # fmt: skip
"""The fields of a logframe that are compared as they stand."""

LISTS: Final[Mapping[str, tuple[Table, Effect]]] = FrozenMap(
    {
        "rules": (
            {
                "title": WORDS, "left": CHECKS, "operator": CHECKS, "right": CHECKS, "missing": CHECKS,
                "severity": CHECKS,
            },
            CHECKS,
        ),
        "phases": ({"title": WORDS, "start": WORDS, "end": WORDS}, WORDS),
        "organisations": (
            {"title": WORDS, "roles": CHECKS, "references": WORDS, "email": WORDS, "illustrative": WORDS},
            CHECKS,
        ),
        "locations": ({"title": WORDS, "references": WORDS, "parent": CHECKS}, CHECKS),
        "sectors": ({"title": WORDS, "references": WORDS}, WORDS),
        "target_groups": ({"title": WORDS, "references": WORDS}, WORDS),
        "sources": (
            {
                "title": WORDS, "kind": WORDS, "date": WORDS, "url": WORDS, "author": WORDS, "note": WORDS,
                "illustrative": WORDS,
            },
            WORDS,
        ),
        "budgets": (
            {
                "amount": WORDS, "currency": WORDS, "title": WORDS, "organisation": WORDS, "result": WORDS,
                "phase": WORDS, "status": WORDS, "source": WORDS, "illustrative": WORDS,
            },
            WORDS,
        ),
    }
)  # fmt: skip
"""The lists of a logframe that no number rests on: the fields of their entries, and what an entry's coming touches."""


def plan_changes(reach: Reach) -> Iterator[Change]:
    """The changes outside the chain of results."""
    old, new = reach.old, reach.new
    everybody = reach.counted(reach.where(lambda _, __: True))
    if old.id != new.id:
        yield between("id", new.id, old.id, new.id, VALUES, affects=everybody, kind=ChangeKind.RENAMED)
    yield from fields("", new.id, old, new, PLAN)
    for name in ("start", "end"):
        if getattr(old, name) != getattr(new, name):
            yield between(name, new.id, getattr(old, name), getattr(new, name), VALUES, affects=everybody)
    yield from _calendar(reach, everybody)
    for name, (table, presence) in LISTS.items():
        key = _budget if name == "budgets" else _id
        yield from items(name, new.id, getattr(old, name), getattr(new, name), table, presence=presence, key=key)
    yield from _units(reach)
    yield from _rates(reach)
    yield from _dimensions(reach)


# --- one part after the other -----------------------------------------------------------------------------------


def fields(
    place: str, id: str, old: Model, new: Model, effects: Table, *, affects: tuple[str, ...] = ()
) -> Iterator[Change]:
    """The changes of the fields that a table names; lists are compared without regard to order, maps by their keys."""
    for name, effect in effects.items():
        before, after = getattr(old, name), getattr(new, name)
        at = f"{place}.{name}" if place else name
        if before == after:
            continue
        if isinstance(before, FrozenMap) and isinstance(after, FrozenMap):
            for key in dict.fromkeys((*before, *after)):
                if before.get(key) != after.get(key):
                    yield between(f"{at}[{key}]", id, before.get(key), after.get(key), effect, affects=affects)
            continue
        if isinstance(before, tuple) and isinstance(after, tuple):
            _, gone, come = matched(before, after, lambda each: each)
            before, after = tuple(gone), tuple(come)
            if not gone and not come:
                continue
        if isinstance(before, Model) and isinstance(after, Model) and not hasattr(before, "root"):
            inner = dict.fromkeys(type(before).model_fields, effect)
            yield from fields(at, id, before, after, inner, affects=affects)
            continue
        yield between(at, id, before, after, effect, affects=affects)


def items(
    place: str,
    id: str,
    old: Sequence[_M],
    new: Sequence[_M],
    effects: Table,
    *,
    presence: Effect,
    affects: tuple[str, ...] = (),
    key: Callable[[_M], Hashable],
) -> Iterator[Change]:
    """The changes of a list whose entries have a name of their own; their order means nothing."""
    pairs, gone, come = matched(old, new, lambda each: (key(each), each), key)
    for before, after in pairs:
        yield from fields(f"{place}[{key(after)}]", id, before, after, effects, affects=affects)
    for each in gone:
        yield between(f"{place}[{key(each)}]", id, _told(each), None, presence, affects=affects)
    for each in come:
        yield between(f"{place}[{key(each)}]", id, None, _told(each), presence, affects=affects)


def _told(part: Model) -> str | None:
    return in_words(part)


def _id(part: Any) -> str:
    return str(part.id)


def _budget(part: Any) -> str:
    told = (part.organisation, part.result, part.phase, part.title, part.status, part.currency)
    return ", ".join(str(each) for each in told if each is not None)


def _calendar(reach: Reach, everybody: tuple[str, ...]) -> Iterator[Change]:
    old, new = reach.old.calendar, reach.new.calendar
    id = reach.new.id
    if old.fiscal_year_start != new.fiscal_year_start:
        yield between(
            "calendar.fiscal_year_start", id, old.fiscal_year_start, new.fiscal_year_start, VALUES, affects=everybody
        )
    if old.frequency is not new.frequency:
        followers = reach.counted(reach.where(lambda _, each: each.frequency is None))
        yield between("calendar.frequency", id, old.frequency, new.frequency, VALUES, affects=followers)
    for name in dict.fromkeys((*old.names, *new.names)):
        if old.names.get(name) != new.names.get(name):
            promised = reach.judged(*reach.where(lambda _, each, name=name: _promises(each, name)))  # type: ignore[misc]
            yield between(
                f"calendar.names[{name}]",
                id,
                old.names.get(name),
                new.names.get(name),
                Effect.ACHIEVEMENT if promised else CHECKS,
                affects=promised,
            )


def _promises(indicator: Indicator, name: str) -> bool:
    return any(target.period == name for target in indicator.targets)


def _units(reach: Reach) -> Iterator[Change]:
    old, new = reach.old.units, reach.new.units
    if old == new:
        return
    touched = reach.counted(reach.converted())
    effect = VALUES if touched else CHECKS
    table = {"title": WORDS, "of": effect, "factor": effect, "aliases": effect}
    yield from items("units", reach.new.id, old, new, table, presence=effect, affects=touched, key=_id)


def _rates(reach: Reach) -> Iterator[Change]:
    id = reach.new.id
    pairs, gone, come = matched(reach.old.exchange_rates, reach.new.exchange_rates, _rate)

    def touched(rate: ExchangeRate) -> tuple[tuple[str, ...], Effect]:
        found = reach.counted(reach.exchanged(rate.currency, rate.to))
        return found, VALUES if found else CHECKS

    for before, after in pairs:
        affects, effect = touched(after)
        table = {"rate": effect, "kind": effect, "source": WORDS}
        yield from fields(f"exchange_rates[{_rate(after)}]", id, before, after, table, affects=affects)
    for each, there in [*((each, False) for each in gone), *((each, True) for each in come)]:
        affects, effect = touched(each)
        told = in_words(each.rate)
        place = f"exchange_rates[{_rate(each)}]"
        yield between(place, id, None if there else told, told if there else None, effect, affects=affects)


def _rate(rate: ExchangeRate) -> str:
    """What tells a rate from others; one without a date is fixed, whatever it is called."""
    kind = "fixed" if rate.date is None else str(rate.kind)
    return f"{rate.currency} in {rate.to}, {kind}" + (f" {rate.date}" if rate.date else "")


def _dimensions(reach: Reach) -> Iterator[Change]:
    old, new = reach.old.dimensions, reach.new.dimensions
    id = reach.new.id

    def split_by(dimension: Dimension) -> tuple[tuple[str, ...], Effect]:
        found = reach.counted(
            reach.where(lambda _, each: any(dimension.id in split.dimensions for split in each.disaggregation))
        )
        return found, VALUES if found else CHECKS

    pairs, gone, come = matched(old, new, _id)
    for before, after in pairs:
        affects, effect = split_by(after)
        place = f"dimensions[{after.id}]"
        yield from fields(place, id, before, after, {"title": WORDS})
        table = {"title": WORDS, "references": WORDS}
        yield from items(
            f"{place}.codes", id, before.codes, after.codes, table, presence=effect, affects=affects, key=_id
        )
    for each in gone:
        affects, effect = split_by(each)
        yield between(f"dimensions[{each.id}]", id, in_words(each), None, effect, affects=affects)
    for each in come:
        affects, effect = split_by(each)
        yield between(f"dimensions[{each.id}]", id, None, in_words(each), effect, affects=affects)
    crossed = reach.counted(reach.where(lambda _, each: _turned(each, old, new)))
    if crossed:
        names = [", ".join(each.id for each in dimensions) for dimensions in (old, new)]
        yield between("dimensions", id, names[0], names[1], VALUES, affects=crossed, kind=ChangeKind.MOVED)


def _turned(indicator: Indicator, old: Iterable[Dimension], new: Iterable[Dimension]) -> bool:
    """Whether an indicator crosses dimensions that have changed places: categories are written in their order."""
    for split in indicator.disaggregation:
        orders = [[each.id for each in dimensions if each.id in split.dimensions] for dimensions in (old, new)]
        if orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1]):
            return True
    return False
