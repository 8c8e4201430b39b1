"""What changed between one indicator in two plans, and what that touches.

Read `indicator_changes` first. A field that was left to its default and is now said outright is a change of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from mne.ground.maps import FrozenMap
from mne.logframe.changes import ChangeKind, Effect, Remark, between, in_words, matched
from mne.logframe.choices import TOTAL, Axis, BaselineStatus
from mne.logframe.reach import own_unit
from mne.logframe.revised_parts import fields, items
from mne.logframe.revised_targets import target_changes

if TYPE_CHECKING:
    import datetime as dt

    from mne.logframe.changes import Change
    from mne.logframe.indicator import Baseline, Indicator, Quantity
    from mne.logframe.reach import Reach

__all__ = ["APART", "PLAIN", "indicator_changes"]

CHECKS, WORDS, VALUES, ACHIEVEMENT = Effect.CHECKS, Effect.WORDS, Effect.VALUES, Effect.ACHIEVEMENT

PLAIN: Final[Mapping[str, Effect]] = FrozenMap(
    {
        "title": WORDS, "measure": VALUES, "direction": ACHIEVEMENT, "accumulation": VALUES, "missing": VALUES,
        "zero_means": VALUES, "min_coverage": VALUES, "baseline_included": ACHIEVEMENT, "tolerance": ACHIEVEMENT,
        "survey": CHECKS, "counts": VALUES, "weight_illustrative": WORDS, "references": WORDS,
        "means_of_verification": WORDS, "sources": WORDS, "responsible": WORDS, "definition": WORDS, "method": WORDS,
        "limitations": WORDS, "rationale": WORDS, "reachable": CHECKS, "minimum": CHECKS, "maximum": CHECKS,
        "evidence_required": CHECKS, "thresholds": CHECKS, "illustrative": WORDS,
    }
)  # fmt: skip
"""The fields that are compared as they stand."""

APART: Final = (
    "id", "weight", "core", "unit", "per", "reported_as", "frequency", "formula", "scale", "aggregation",
    "disaggregation", "assignments", "contributes_to", "baseline", "targets",
)  # fmt: skip
"""The fields that have an eye of their own."""

_AMOUNT: Final = ("value", "numerator", "denominator", "stage", "status")
_AXES: Final = (Axis.CATEGORIES, Axis.LOCATIONS, Axis.PARTNERS, Axis.TIME, Axis.PROJECTS)


def indicator_changes(reach: Reach, old: Indicator, new: Indicator) -> Iterator[Change]:
    """The changes of one indicator; what its weight and its place in the chain do is told with the chain."""
    place, id = f"indicators.{new.id}", new.id
    judged = reach.judged(old.id, new.id) if old.id != new.id else reach.judged(new.id)
    counted = reach.counted(dict.fromkeys((old.id, new.id)))
    values = {name: effect for name, effect in PLAIN.items() if effect is VALUES}
    others = {name: effect for name, effect in PLAIN.items() if effect is not VALUES}
    yield from fields(place, id, old, new, values, affects=counted)
    yield from fields(place, id, old, new, others, affects=judged)
    if old.core != new.core:
        yield between(f"{place}.core", id, old.core, new.core, Effect.SCORE, affects=reach.over(id))
    for name, (before, after) in _meant(reach, old, new).items():
        if getattr(old, name) != getattr(new, name):
            effect = VALUES if before != after else WORDS
            yield between(f"{place}.{name}", id, getattr(old, name), getattr(new, name), effect, affects=counted)
    yield from _scale(place, old, new, counted)
    yield from _aggregation(place, old, new, counted)
    yield from _splits(place, old, new, counted)
    yield from _assignments(place, old, new, counted)
    _, gone, come = matched(old.contributes_to, new.contributes_to, lambda each: each)
    for each, there in [*((each, False) for each in gone), *((each, True) for each in come)]:
        told = f"{each.indicator} of {each.project}"
        why = f"changes what {each.project} counts, and nothing here"
        before, after = (None, told) if there else (told, None)
        yield between(f"{place}.contributes_to", id, before, after, VALUES, why=why)
    yield from _baseline(place, old, new, judged)
    yield from target_changes(reach.plans, (old, new), place=place, judged=judged)


def _meant(reach: Reach, old: Indicator, new: Indicator) -> dict[str, tuple[Any, Any]]:
    """What fields that have a default come to in both plans."""
    frequencies = [
        each.frequency or plan.calendar.frequency for plan, each in zip(reach.plans, (old, new), strict=True)
    ]
    return {
        "unit": (own_unit(old), own_unit(new)),
        "per": (old.multiplier, new.multiplier),
        "reported_as": (old.by_denominator, new.by_denominator),
        "frequency": (frequencies[0], frequencies[1]),
        "formula": (_formula(old.formula), _formula(new.formula)),
    }


def _formula(text: str | None) -> str | None:
    """A formula without the spaces that mean nothing; those inside braces belong to a name."""
    if text is None:
        return None
    return "".join(
        part if part.startswith("{") else re.sub(r"\s+", "", part) for part in re.split(r"(\{[^{}]*\})", text)
    )


def _scale(place: str, old: Indicator, new: Indicator, counted: tuple[str, ...]) -> Iterator[Change]:
    before, after = [each.id for each in old.scale], [each.id for each in new.scale]
    if before != after:
        kind = ChangeKind.MOVED if sorted(before) == sorted(after) else None
        words = (tuple(before), tuple(after))
        yield between(f"{place}.scale", new.id, *words, VALUES, affects=counted, kind=kind)
    titles = [{each.id: each.title for each in indicator.scale} for indicator in (old, new)]
    for stage in titles[0].keys() & titles[1].keys():
        if titles[0][stage] != titles[1][stage]:
            yield between(f"{place}.scale[{stage}].title", new.id, titles[0][stage], titles[1][stage], WORDS)


def _aggregation(place: str, old: Indicator, new: Indicator, counted: tuple[str, ...]) -> Iterator[Change]:
    first, second = old.aggregation, new.aggregation
    place = f"{place}.aggregation"
    meant: dict[str, tuple[Any, Any]] = {axis.value: (old.rule(axis), new.rule(axis)) for axis in _AXES}
    meant["order"] = (old.order, new.order)
    for name, (before, after) in meant.items():
        if getattr(first, name) != getattr(second, name):
            effect = VALUES if before != after else WORDS
            yield between(
                f"{place}.{name}", new.id, getattr(first, name), getattr(second, name), effect, affects=counted
            )
    yield from fields(place, new.id, first, second, {"totals": VALUES, "weights": VALUES}, affects=counted)


def _splits(place: str, old: Indicator, new: Indicator, counted: tuple[str, ...]) -> Iterator[Change]:
    def key(split: Any) -> str:
        return " × ".join(sorted(split.dimensions))

    place = f"{place}.disaggregation"
    table = {"relation": VALUES, "required": CHECKS}
    yield from items(
        place, new.id, old.disaggregation, new.disaggregation, table, presence=VALUES, affects=counted, key=key
    )
    before, after = [key(each) for each in old.disaggregation], [key(each) for each in new.disaggregation]
    if before != after and sorted(before) == sorted(after):
        # The first split that was reported makes the total.
        words = (tuple(before), tuple(after))
        yield between(place, new.id, *words, VALUES, affects=counted, kind=ChangeKind.MOVED)


Span = tuple["dt.date | None", "dt.date | None"]


def _assignments(place: str, old: Indicator, new: Indicator, counted: tuple[str, ...]) -> Iterator[Change]:
    """Who reports from where, whatever lines say it."""
    before, after = _spans(old), _spans(new)
    for who in dict.fromkeys((*before, *after)):
        if before.get(who) != after.get(who):
            at = who[0] if who[1] == TOTAL else f"{who[0]} in {who[1]}"
            first, second = _span_words(before.get(who)), _span_words(after.get(who))
            yield between(f"{place}.assignments[{at}]", new.id, first, second, VALUES, affects=counted)


def _spans(indicator: Indicator) -> dict[tuple[str, str], set[Span]]:
    found: dict[tuple[str, str], set[Span]] = {}
    for each in indicator.assignments:
        for location in each.locations or (TOTAL,):
            found.setdefault((each.partner, location), set()).add((each.since, each.until))
    return found


def _span_words(spans: set[Span] | None) -> str | None:
    if spans is None:
        return None
    told = []
    for since, until in sorted(spans, key=str):
        words = " ".join(part for part in (f"from {since}" if since else "", f"to {until}" if until else "") if part)
        told.append(words or "throughout")
    return ", ".join(told)


# --- baselines --------------------------------------------------------------------------------------------------


def _baseline(place: str, old: Indicator, new: Indicator, judged: tuple[str, ...]) -> Iterator[Change]:
    before, after = old.baseline, new.baseline
    place = f"{place}.baseline"
    if before is None and after is None:
        return
    established = before is not None and before.status is BaselineStatus.ESTABLISHED
    moved = Remark.BASELINE_MOVED if established else None
    if before is None or after is None:
        told = [None if each is None else _start(each) for each in (before, after)]
        yield between(place, new.id, told[0], told[1], ACHIEVEMENT, affects=judged, remark=moved)
        return
    differing = [name for name in _AMOUNT if getattr(before, name) != getattr(after, name)]
    if differing:
        at = f"{place}.{differing[0]}" if len(differing) == 1 else place
        yield between(at, new.id, _start(before), _start(after), ACHIEVEMENT, affects=judged, remark=moved)
    yield from fields(place, new.id, before, after, {"date": ACHIEVEMENT}, affects=judged)
    table = {"source": WORDS, "note": WORDS, "illustrative": WORDS, "as_published": WORDS}
    yield from fields(place, new.id, before, after, table)
    for category in dict.fromkeys((*before.categories, *after.categories)):
        first, second = before.categories.get(category), after.categories.get(category)
        if first != second:
            told = [None if each is None else _quantity(each) for each in (first, second)]
            at = f"{place}.categories[{category}]"
            # Achievements are of the whole: a category's baseline is for comparing groups.
            yield between(at, new.id, told[0], told[1], ACHIEVEMENT, affects=(new.id,), remark=moved)


def _start(baseline: Baseline) -> str:
    if baseline.status is not BaselineStatus.ESTABLISHED:
        return str(baseline.status).replace("_", " ")
    return _quantity(baseline)


def _quantity(quantity: Quantity) -> str:
    told = [in_words(quantity.value), quantity.stage]
    if quantity.numerator is not None or quantity.denominator is not None:
        told.append(f"{in_words(quantity.numerator)} of {in_words(quantity.denominator)}")
    return " / ".join(part for part in told if part) or "no value"
