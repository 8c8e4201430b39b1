"""What changed between the targets of an indicator in two plans, and whether the plan says so itself.

Read `target_changes` first. A target that asks for something else either keeps what it asked for before in its
history, and then was revised, or it does not, and then somebody should ask why.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mne.logframe.changes import ChangeKind, Effect, Remark, Revision, between, in_words, matched
from mne.logframe.choices import TOTAL, Comparator
from mne.logframe.indicator import Target, TargetVersion

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable

    from mne.logframe.changes import Change
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe

__all__ = ["ASKED", "TOLD", "target_changes"]

ASKED: Final = (
    "value", "numerator", "denominator", "minimum", "maximum", "above_baseline", "stage", "text", "comparator",
    "status",
)  # fmt: skip
"""The fields of a version that say what is asked for."""

TOLD: Final = ("reason", "approved_by", "source", "illustrative", "as_published")
"""The fields of a version that say something about it."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """One target in both plans, and where its changes are told."""

    old: Target
    new: Target
    place: str
    id: str
    affects: tuple[str, ...]

    def leaf(self, name: str, before: Any, after: Any, effect: Effect, **more: Any) -> Change:
        """A change of one field."""
        place = f"{self.place}.{name}" if name else self.place
        return between(place, self.id, before, after, effect, affects=self.affects, **more)


def target_changes(
    plans: tuple[Logframe, Logframe],
    indicators: tuple[Indicator, Indicator],
    *,
    place: str,
    judged: tuple[str, ...],
) -> Iterator[Change]:
    """The changes of one indicator's targets; `judged` are those whose score follows from them.

    A target for a single category changes no score: it touches the indicator alone.
    """
    old, new = indicators
    pairs, gone, come = matched(
        old.targets,
        new.targets,
        lambda each: (each.category, _when(each), each.kind, _versions(each)),
        lambda each: (each.category, _when(each), each.kind),
        lambda each: (each.category, _when(each)),
    )
    same_day, gone, come = _uniquely(gone, come, _resolved(plans), _resolved(tuple(reversed(plans))))
    moved, gone, come = _uniquely(gone, come, _content, _content)

    def pair(first: Target, second: Target) -> _Pair:
        name = _name(second, old.targets, new.targets)
        affects = judged if first.category == second.category == TOTAL else (new.id,)
        return _Pair(first, second, f"{place}.targets[{name}]", new.id, affects)

    for first, second in [*pairs, *same_day]:
        yield from _one(pair(first, second), moved=False)
    for first, second in moved:
        yield from _one(pair(first, second), moved=True)
    for each in gone:
        yield pair(each, each).leaf("", _asked(each), None, Effect.ACHIEVEMENT)
    for each in come:
        yield pair(each, each).leaf("", None, _asked(each), Effect.ACHIEVEMENT)
    if _reordered(plans, indicators, pairs):
        words = [", ".join(_name(each, each_plan.targets) for each in each_plan.targets) for each_plan in indicators]
        yield between(
            f"{place}.targets", new.id, words[0], words[1], Effect.ACHIEVEMENT, affects=judged, kind=ChangeKind.MOVED
        )


def _one(pair: _Pair, *, moved: bool) -> Iterator[Change]:
    old, new = pair.old, pair.new
    if moved:
        yield pair.leaf("", _when(old), _when(new), Effect.ACHIEVEMENT, kind=ChangeKind.MOVED)
    elif _when(old) != _when(new):
        yield pair.leaf("period", old.period, new.period, Effect.WORDS)
    for name in ("kind", "basis"):
        if getattr(old, name) != getattr(new, name):
            yield pair.leaf(name, getattr(old, name), getattr(new, name), Effect.ACHIEVEMENT)
    if old.note != new.note:
        yield pair.leaf("note", old.note, new.note, Effect.WORDS)
    yield from _revised(pair)


def _revised(pair: _Pair) -> Iterator[Change]:
    """What the target asks for, and the versions that it remembers."""
    old, new = pair.old, pair.new
    differing = [name for name in ASKED if getattr(old, name) != getattr(new, name)]
    revised = bool(differing) and any(_asks(each) == _asks(old) for each in new.history)
    taken_back = bool(differing) and not revised and any(_asks(each) == _asks(new) for each in old.history)
    told: list[Change] = []
    if differing:
        remark = Remark.REVISED if revised else Remark.TAKEN_BACK if taken_back else Remark.WITHOUT_HISTORY
        said = (new.since, new.reason, new.approved_by) != (old.since, old.reason, old.approved_by)
        revision = Revision(new.since, in_words(new.reason), new.approved_by) if revised or said else None
        reworded = differing == ["text"] and old.text is not None and new.text is not None
        told.append(
            pair.leaf(
                differing[0] if len(differing) == 1 else "",
                _asked(old),
                _asked(new),
                Effect.WORDS if reworded else Effect.ACHIEVEMENT,
                remark=remark,
                revision=revision,
            )
        )
    if not revised and not taken_back:
        told += [
            pair.leaf(name, getattr(old, name), getattr(new, name), Effect.WORDS)
            for name in TOLD
            if getattr(old, name) != getattr(new, name)
        ]
        if old.since != new.since:
            told.append(pair.leaf("since", old.since, new.since, Effect.ACHIEVEMENT))
    told += _remembered(pair)
    silent = all(each.effect is Effect.WORDS for each in told)
    if silent and [_counted(each) for each in _all(old)] != [_counted(each) for each in _all(new)]:
        # Versions since the same day: the first one counts, so that their order is no matter of taste.
        told.append(pair.leaf("history", _listed(_all(old)), _listed(_all(new)), Effect.ACHIEVEMENT))
    yield from told


def _remembered(pair: _Pair) -> Iterator[Change]:
    """Versions that were remembered and are forgotten, or that turn up in the past without having been there."""
    pairs, gone, come = matched(_all(pair.old), _all(pair.new), _dated)
    lost = [each for each in gone if any(each is past for past in pair.old.history)]
    found = [each for each in come if any(each is past for past in pair.new.history)]
    # The newest version of the old plan that went into the history under another day is the same promise.
    if any(each is pair.old for each in gone):
        found = [each for each in found if _asks(each) != _asks(pair.old)]
    if any(each is pair.new for each in come):
        lost = [each for each in lost if _asks(each) != _asks(pair.new)]
    if lost or found:
        remark = Remark.HISTORY_REWRITTEN
        yield pair.leaf("history", _listed(lost), _listed(found), Effect.ACHIEVEMENT, remark=remark)
    for first, second in pairs:
        if any(first is past for past in pair.old.history) and any(second is past for past in pair.new.history):
            for name in TOLD:
                if getattr(first, name) != getattr(second, name):
                    place = f"history[{first.since or 'start'}].{name}"
                    yield pair.leaf(place, getattr(first, name), getattr(second, name), Effect.WORDS)


# --- what a target is known by ----------------------------------------------------------------------------------


def _when(target: Target) -> str:
    return target.period or str(target.date)


def _name(target: Target, *among: Sequence[Target]) -> str:
    """What a target is called in a place: when it is due, with what else tells it from the others of either plan."""
    key = (_when(target), target.category)
    name = _when(target) + (f", {target.category}" if target.category != TOTAL else "")
    alike = max(sum(1 for each in targets if (_when(each), each.category) == key) for targets in among)
    return name if alike < 2 else f"{name}, {target.kind}"


def _all(target: Target) -> tuple[TargetVersion, ...]:
    return (*target.history, target)


def _asks(version: TargetVersion) -> tuple[Any, ...]:
    return tuple(getattr(version, name) for name in ASKED)


def _dated(version: TargetVersion) -> tuple[Any, ...]:
    return (*_asks(version), version.since)


def _counted(version: TargetVersion) -> tuple[Any, ...]:
    """What of a version is computed with: of a target in words, only that it is one."""
    numbers = tuple(getattr(version, name) for name in ASKED if name != "text")
    return (*numbers, version.text is not None, version.since)


def _versions(target: Target) -> tuple[Any, ...]:
    return tuple(_dated(each) for each in _all(target))


def _content(target: Target) -> Hashable:
    """Everything about a target but when it is due."""
    return target.category, target.kind, target.basis, _versions(target)


def _listed(versions: Sequence[TargetVersion]) -> str | None:
    told = [f"{_asked(each)} since {each.since}" if each.since else _asked(each) for each in versions]
    return "; ".join(told) or None


def _asked(version: TargetVersion) -> str:
    """What a version asks for, in words."""
    if version.status != "set":
        return str(version.status).replace("_", " ")
    told = [in_words(getattr(version, name)) for name in ("value", "stage", "text")]
    if version.numerator is not None or version.denominator is not None:
        told.append(f"{in_words(version.numerator)} of {in_words(version.denominator)}")
    if version.above_baseline is not None:
        sign = "−" if version.above_baseline < 0 else "+"
        told.append(f"baseline {sign} {in_words(abs(version.above_baseline))}")
    if version.minimum is not None and version.maximum is not None:
        told.append(f"{in_words(version.minimum)} to {in_words(version.maximum)}")
    elif version.minimum is not None or version.maximum is not None:
        edge = "at least" if version.minimum is not None else "at most"
        told.append(f"{edge} {in_words(version.minimum if version.maximum is None else version.maximum)}")
    words = " / ".join(part for part in told if part) or "nothing"
    plain = version.comparator in (Comparator.EQUAL, Comparator.WITHIN)
    return words if plain else f"{version.comparator} {words}"


# --- pairs ------------------------------------------------------------------------------------------------------

_Pairs = list[tuple[Target, Target]]


def _uniquely(
    gone: Sequence[Target],
    come: Sequence[Target],
    key: Callable[[Target], Hashable],
    other: Callable[[Target], Hashable],
) -> tuple[_Pairs, list[Target], list[Target]]:
    """The targets that can only stand for each other; where there is a choice, nothing is concluded."""
    before, after = [key(each) for each in gone], [other(each) for each in come]
    pairs = []
    for each, mark in zip(gone, before, strict=True):
        if mark is not None and before.count(mark) == 1 and after.count(mark) == 1:
            pairs.append((each, come[after.index(mark)]))
    first, second = {id(each) for each, _ in pairs}, {id(each) for _, each in pairs}
    return pairs, [each for each in gone if id(each) not in first], [each for each in come if id(each) not in second]


def _resolved(plans: tuple[Logframe, ...]) -> Callable[[Target], Hashable]:
    """A period by the label that the first plan gives it; None for a target with a date."""
    return lambda each: (
        None if each.period is None else (each.category, each.kind, plans[0].calendar.label_of(each.period))
    )


def _reordered(
    plans: tuple[Logframe, Logframe], indicators: tuple[Indicator, Indicator], pairs: Sequence[tuple[Target, Target]]
) -> bool:
    """Whether two targets of one kind that fall on one day have changed places: the later one stands."""
    places = [{id(each): at for at, each in enumerate(indicator.targets)} for indicator in indicators]
    return any(
        (places[0][id(one[0])] < places[0][id(other[0])]) is not (places[1][id(one[1])] < places[1][id(other[1])])
        and any(
            _days(plan, indicator, one[side]) & _days(plan, indicator, other[side])
            for side, (plan, indicator) in enumerate(zip(plans, indicators, strict=True))
        )
        for one, other in itertools.combinations(pairs, 2)
    )


def _days(plan: Logframe, indicator: Indicator, target: Target) -> set[dt.date]:
    """The days on which a target may fall due: its own, or the last of the period that holds it."""
    if target.date is not None:
        return {target.date, *(each.last_day for each in plan.periods_of(indicator) if target.date in each)}
    if target.period is None:
        return set()
    period = plan.period(target.period, indicator.frequency) or plan.period(target.period)
    return set() if period is None else {period.last_day}
