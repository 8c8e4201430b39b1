"""The history of a logframe: what changed between two plans and whose score that can change, and the plan as of a day.

Read `diff` first, then `as_known`. Results and indicators are matched by their ids; the order in which things are
written is no change, unless something is computed by it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.logframe.changes import (
    Change,
    ChangeKind,
    Effect,
    LogframeDiff,
    Remark,
    Revision,
    between,
    in_words,
)
from mne.logframe.indicator import Target, TargetVersion
from mne.logframe.model import Logframe, Result
from mne.logframe.reach import Reach, parents, shares
from mne.logframe.revised_indicators import indicator_changes
from mne.logframe.revised_parts import fields, plan_changes

if TYPE_CHECKING:
    from fractions import Fraction

    from mne.logframe.indicator import Indicator

__all__ = ["Change", "ChangeKind", "Effect", "LogframeDiff", "Remark", "Revision", "as_known", "diff"]

RESULT: Final[Mapping[str, Effect]] = FrozenMap(
    {
        "title": Effect.WORDS, "label": Effect.WORDS, "description": Effect.WORDS, "weight_illustrative": Effect.WORDS,
        "risk": Effect.WORDS, "assumptions": Effect.WORDS, "risks": Effect.WORDS, "source": Effect.WORDS,
        "illustrative": Effect.WORDS,
    }
)  # fmt: skip
"""The fields of a result that are compared as they stand; the others are the chain itself."""

CHAIN: Final = ("id", "level", "weight", "indicators", "results")


def diff(old: Logframe, new: Logframe) -> LogframeDiff:
    """What changed from one plan to another: in words, with what each change touches and whose score it can change.

    A result or indicator whose id went, while one came that is equal in all else, is taken as renamed. What a change
    does not name in `affects` has the same value, achievement, score and rating under both plans, on the same reports
    and the same day.

    Raises:
        OptionError: one of them is no logframe.
    """
    for plan in (old, new):
        if not isinstance(plan, Logframe):
            raise OptionError(f"diff takes two logframes, not a {type(plan).__name__}; read one with mne.read_logframe")
    if old is new or old == new:
        return LogframeDiff(old, new, ())
    comparison = _Comparison(Reach(old, new))
    return LogframeDiff(old, new, tuple(comparison.changes()), FrozenMap(comparison.renamed))


@dataclass(frozen=True)
class _Comparison:
    """Two plans side by side: who stands for whom, and each one's share of the weight."""

    reach: Reach

    def changes(self) -> Iterator[Change]:
        """Every change: the plan's own, then down the new chain, then what went."""
        old, new = self.reach.plans
        yield from plan_changes(self.reach)
        for result in new.walk():
            before = old.results_by_id.get(self._former.get(result.id, result.id))
            yield from self._come("results", result) if before is None else self._result(before, result)
            for indicator in result.indicators:
                known = old.indicators.get(self._former.get(indicator.id, indicator.id))
                if known is None:
                    yield from self._come("indicators", indicator)
                else:
                    yield from self._indicator(known, indicator)
        for result in old.walk():
            if result.id not in new.results_by_id and result.id not in self.renamed:
                yield from self._gone("results", result)
            for indicator in result.indicators:
                if indicator.id not in new.indicators and indicator.id not in self.renamed:
                    yield from self._gone("indicators", indicator)

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The new id of each indicator and result that is equal in all else, by its old one."""
        old, new = self.reach.plans
        found = _same_but_id(_only(old.indicators, new.indicators), _only(new.indicators, old.indicators), _measure)
        here, there = _only(old.results_by_id, new.results_by_id), _only(new.results_by_id, old.results_by_id)
        return {**found, **_same_but_id(here, there, _own)}

    # --- the chain ----------------------------------------------------------------------------------------------

    @cached_property
    def _parents(self) -> tuple[Mapping[str, str | None], Mapping[str, str | None]]:
        return parents(self.reach.old), parents(self.reach.new)

    @cached_property
    def _shares(self) -> tuple[Mapping[str, Fraction], Mapping[str, Fraction]]:
        return _all_shares(self.reach.old), _all_shares(self.reach.new)

    def _shifted(self, *ids: str) -> tuple[str, ...]:
        """Of these and their siblings in either plan, those whose share of the weight is another, by their new ids."""
        before, after = self._shares
        found: dict[str, None] = {}
        for code in ids:
            for plan, above in zip(self.reach.plans, self._parents, strict=True):
                if code in above:
                    found.update(dict.fromkeys(map(self._now, _siblings(plan, above[code], code))))
        return tuple(
            code
            for code in found
            if code in after and (was := self._former.get(code, code)) in before and before[was] != after[code]
        )

    @cached_property
    def _former(self) -> dict[str, str]:
        return {after: before for before, after in self.renamed.items()}

    def _now(self, code: str) -> str:
        return self.renamed.get(code, code)

    def _come(self, kind: str, part: Result | Indicator) -> Iterator[Change]:
        yield self._presence(kind, part.id, None, in_words(part.title))

    def _gone(self, kind: str, part: Result | Indicator) -> Iterator[Change]:
        yield self._presence(kind, part.id, in_words(part.title), None)

    def _presence(self, kind: str, id: str, before: str | None, after: str | None) -> Change:
        indicator = kind == "indicators"
        return between(
            f"{kind}.{id}",
            id,
            before,
            after,
            Effect.VALUES if indicator else Effect.SCORE,
            affects=self.reach.counted([id]) if indicator else self.reach.above(id),
            shares=self._shifted(id),
        )

    def _result(self, old: Result, new: Result) -> Iterator[Change]:
        place = f"results.{new.id}"
        if old.id != new.id:
            why = f"same {old.level}, same words: {in_words(new.title)}"
            yield between(
                place,
                new.id,
                old.id,
                new.id,
                Effect.SCORE,
                affects=(new.id, old.id),
                kind=ChangeKind.RENAMED,
                remark=Remark.SUSPECTED,
                why=why,
            )
        yield from self._moved(place, old.id, new.id)
        if old.level is not new.level:
            affects = self.reach.above(old.id, new.id)
            yield between(f"{place}.level", new.id, old.level, new.level, Effect.SCORE, affects=affects)
        yield from self._weight(place, old, new)
        yield from fields(place, new.id, old, new, RESULT)

    def _indicator(self, old: Indicator, new: Indicator) -> Iterator[Change]:
        place = f"indicators.{new.id}"
        if old.id != new.id:
            yield between(
                place,
                new.id,
                old.id,
                new.id,
                Effect.VALUES,
                affects=self.reach.counted([new.id, old.id]),
                kind=ChangeKind.RENAMED,
                remark=Remark.SUSPECTED,
                why=f"all else is the same; reports that name {old.id} do not count for {new.id}",
            )
        yield from self._moved(place, old.id, new.id)
        yield from self._weight(place, old, new)
        yield from indicator_changes(self.reach, old, new)

    def _moved(self, place: str, old: str, new: str) -> Iterator[Change]:
        before, after = self._parents[0].get(old), self._parents[1].get(new)
        if (None if before is None else self._now(before)) == after:
            return
        yield between(
            place,
            new,
            before or "the top",
            after or "the top",
            Effect.SCORE,
            affects=self.reach.above(before, after),
            shares=self._shifted(old, new),
            kind=ChangeKind.MOVED,
        )

    def _weight(self, place: str, old: Result | Indicator, new: Result | Indicator) -> Iterator[Change]:
        if old.weight == new.weight:
            return
        shifted = self._shifted(old.id, new.id)
        # Weights that were all doubled say the same; only a scheme that wants them to sum to 100 looks at them.
        effect = Effect.SCORE if shifted else Effect.CHECKS
        affects = self.reach.over(old.id, new.id)
        yield between(f"{place}.weight", new.id, old.weight, new.weight, effect, affects=affects, shares=shifted)


_Part = Any


def _only(here: Mapping[str, _Part], there: Mapping[str, _Part]) -> dict[str, _Part]:
    return {code: part for code, part in here.items() if code not in there}


def _same_but_id(
    gone: Mapping[str, _Part], come: Mapping[str, _Part], content: Callable[[_Part], Hashable]
) -> dict[str, str]:
    """The new id of each part that is equal to exactly one that came, by its old id; and to no other that went."""
    sides: list[dict[Hashable, list[str]]] = []
    for parts in (gone, come):
        by_content: dict[Hashable, list[str]] = {}
        for code, part in parts.items():
            by_content.setdefault(content(part), []).append(code)
        sides.append(by_content)
    before, after = sides
    return {
        codes[0]: after[content][0]
        for content, codes in before.items()
        if len(codes) == 1 and len(after.get(content, ())) == 1
    }


def _measure(indicator: Indicator) -> Hashable:
    """An indicator without its id, whatever order its targets stand in."""
    plain = indicator.model_copy(update={"id": "", "targets": ()})
    return plain, frozenset(indicator.targets)


def _own(result: Result) -> Hashable:
    """What a result says of itself, without its id and what stands beneath it."""
    return result.level, result.weight, *(getattr(result, name) for name in RESULT)


def _siblings(plan: Logframe, parent: str | None, code: str) -> Iterator[str]:
    """An indicator's or a result's siblings, itself among them."""
    of_results = code in plan.results_by_id
    if parent is None:
        yield from (each.id for each in plan.results)
    elif of_results:
        yield from (each.id for each in plan.results_by_id[parent].results)
    else:
        yield from (each.id for each in plan.results_by_id[parent].indicators)


def _all_shares(plan: Logframe) -> dict[str, Fraction]:
    found = dict(shares(plan.results))
    for result in plan.walk():
        found.update(shares(result.indicators))
        found.update(shares(result.results))
    return found


# --- the plan as of a day ---------------------------------------------------------------------------------------


def as_known(plan: Logframe, day: dt.date | str) -> Logframe:
    """The plan as it stood on a day: each target in the version in force then, with the older ones as its history.

    Targets that were not yet set then are left out. Only targets remember their past; everything else is as it is now.

    Raises:
        OptionError: `day` is no date.
    """
    known = _day(day)
    results = tuple(_result_then(result, known) for result in plan.results)
    # A copy would keep what the plan has worked out about its own results.
    told = {name: getattr(plan, name) for name in Logframe.model_fields} | {"results": results}
    return Logframe.model_construct(_fields_set={*plan.model_fields_set, "results"}, **told)


def _day(day: dt.date | str) -> dt.date:
    if isinstance(day, dt.date) and not isinstance(day, dt.datetime):
        return day
    if isinstance(day, str):
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(day)
    raise OptionError(f"day must be a date such as 2026-06-30, not {day!r}")


def _result_then(result: Result, day: dt.date) -> Result:
    indicators = tuple(
        each.model_copy(update={"targets": tuple(_targets_then(each.targets, day))}) for each in result.indicators
    )
    results = tuple(_result_then(each, day) for each in result.results)
    return result.model_copy(update={"indicators": indicators, "results": results})


def _targets_then(targets: Sequence[Target], day: dt.date) -> Iterator[Target]:
    for target in targets:
        version = target.in_force(day)
        if version is None:
            continue
        # Of several versions since one day the first counts; the others were never in force.
        past: dict[tuple[bool, dt.date], TargetVersion] = {}
        for each in (*target.history, target):
            if _begun(each) < _begun(version):
                past.setdefault(_begun(each), each)
        history = tuple(TargetVersion.model_construct(**_asked(past[begun])) for begun in sorted(past))
        yield target.model_copy(update={**_asked(version), "history": history})


def _asked(version: TargetVersion) -> dict[str, Any]:
    """All that a version says, without what belongs to the target as a whole."""
    return {name: getattr(version, name) for name in TargetVersion.model_fields}


def _begun(version: TargetVersion) -> tuple[bool, dt.date]:
    return version.since is not None, version.since or dt.date.min
