"""What the reports of a period come to where values are added up: who reported, who is silent, and the sums.

Read `Slot` first. A tally is a few numbers for each period. Those of different partners' reports are added, so that a
table can be counted part by part (`mne.values.counting` does it); `mne.values.series` makes values of them. Only sums
and pooled ratios are counted so (`adds`): a median needs every value, and is folded from the cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from mne.logframe.indicator import Axis, MissingPolicy, Rule
from mne.values.fold import Datum, ratio
from mne.values.missing import Filled, Reporter
from mne.values.values import Coverage

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator

__all__ = ["Slot", "Sums", "Tally", "adds", "filled_of", "merged", "tally_from", "tally_told"]


@dataclass(frozen=True, slots=True)
class Sums:
    """Values added up, in the indicator's unit: numerators over denominators, or values alone (over nothing)."""

    top: Fraction = Fraction(0)
    bottom: Fraction = Fraction(0)

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.top + other.top, self.bottom + other.bottom)


@dataclass(frozen=True, slots=True)
class Slot:
    """One period: how many reporters there are of each kind, and what their values come to.

    All that is told is told of the reporters of some of the partners, so that slots are added. `asked` are those who
    are due or reported. Of a running total, `gone` are those who are not asked any more, with what they had reached,
    and `owing` those whose last due report never came.
    """

    reported: int = 0
    asked: int = 0
    owing: int = 0
    owing_never_heard: int = 0
    told: Sums = Sums()
    carried: tuple[Reporter, ...] = ()
    """The silent whose last value is carried forward."""
    carries: Sums = Sums()
    gone: tuple[Reporter, ...] = ()
    gone_owing: int = 0
    stands: Sums = Sums()
    """What those who are gone had reached."""
    absent: bool = False
    not_due: bool = False
    refused: bool = False

    def __add__(self, other: Slot) -> Slot:
        return Slot(
            reported=self.reported + other.reported,
            asked=self.asked + other.asked,
            owing=self.owing + other.owing,
            owing_never_heard=self.owing_never_heard + other.owing_never_heard,
            told=self.told + other.told,
            carried=self.carried + other.carried,
            carries=self.carries + other.carries,
            gone=self.gone + other.gone,
            gone_owing=self.gone_owing + other.gone_owing,
            stands=self.stands + other.stands,
            absent=self.absent or other.absent,
            not_due=self.not_due or other.not_due,
            refused=self.refused or other.refused,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """One indicator in every period that ended, by position; what all its reports say together."""

    slots: tuple[Slot, ...] = ()
    illustrative: bool = False

    def __add__(self, other: Tally) -> Tally:
        both = zip(self.slots, other.slots, strict=True)
        return Tally(tuple(one + two for one, two in both), self.illustrative or other.illustrative)


def adds(indicator: Indicator) -> bool:
    """Whether an indicator's value is a sum, or a ratio of sums, along every axis; along time it may be the latest."""
    kind = Rule.POOLED if indicator.by_denominator else Rule.SUM
    space = (Axis.CATEGORIES, Axis.LOCATIONS, Axis.PARTNERS)
    return (
        indicator.formula is None
        and not indicator.measure.is_text
        and all(indicator.rule(axis) is kind for axis in space)
        and indicator.rule(Axis.TIME) in (kind, Rule.LATEST)
        # Parts that overlap are not added, and where silence spoils the whole a missing part does so too.
        and all(each.relation != "overlapping" or indicator.counts == "services" for each in indicator.disaggregation)
        and (indicator.missing is not MissingPolicy.PROPAGATE or not indicator.disaggregation)
    )


def merged(tallies: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    """The tallies of several parts of one table together."""
    found: dict[str, Tally] = {}
    for each in tallies:
        for code, tally in each.items():
            found[code] = found[code] + tally if code in found else tally
    return found


def filled_of(indicator: Indicator, slot: Slot) -> tuple[Filled, Datum | None]:
    """A period with its gaps treated as the indicator says, and what its values come to; as `missing.fill` does it."""
    policy = indicator.missing
    owing = slot.owing if slot.asked else 0
    everyone = slot.asked + owing
    silent = everyone - slot.reported
    zeros = slot.asked - slot.reported + (slot.owing_never_heard if owing else 0)
    holds = bool(slot.reported) or (policy is MissingPolicy.ZERO and zeros > 0)
    carries = policy is MissingPolicy.CARRY_FORWARD
    stand = bool(slot.gone) and (holds or bool(slot.carried) or (carries and everyone > 0))
    kept = slot.carried + (slot.gone if stand else ())
    carried = len(slot.carried) + (slot.gone_owing if stand and owing else 0)
    sums = slot.told + slot.carries + (slot.stands if stand else Sums())
    return Filled(
        data={},
        coverage=Coverage(slot.reported, everyone, carried),
        behind=Coverage(slot.reported, everyone, carried),
        carried=tuple(sorted(kept)),
        incomplete=policy is MissingPolicy.PROPAGATE and silent > 0,
    ), _datum(indicator, sums) if holds or kept else None


def _datum(indicator: Indicator, sums: Sums) -> Datum:
    if indicator.by_denominator:
        return ratio(sums.top, sums.bottom, Fraction(indicator.multiplier))
    return Datum(sums.top)


# --- as data ----------------------------------------------------------------------------------------------------------


def tally_told(tally: Tally) -> dict[str, Any]:
    """A tally as what JSON can carry; a slot tells only what is not nothing."""
    return {"slots": [_slot_told(slot) for slot in tally.slots], "illustrative": tally.illustrative}


def tally_from(told: Mapping[str, Any]) -> Tally:
    """What `tally_told` was given."""
    return Tally(tuple(_slot_from(each) for each in told["slots"]), told["illustrative"])


def _slot_told(slot: Slot) -> dict[str, Any]:
    told = {each.name: getattr(slot, each.name) for each in fields(Slot)}
    return {
        name: [str(value.top), str(value.bottom)] if isinstance(value, Sums) else value
        for name, value in told.items()
        if value != getattr(_EMPTY, name)
    }


def _slot_from(told: Mapping[str, Any]) -> Slot:
    return Slot(**{name: _back(name, value) for name, value in told.items()})


def _back(name: str, value: Any) -> Any:
    kind = type(getattr(_EMPTY, name))
    if kind is Sums:
        return Sums(*(Fraction(number) for number in value))
    return tuple((partner, location) for partner, location in value) if kind is tuple else value


_EMPTY: Final = Slot()
