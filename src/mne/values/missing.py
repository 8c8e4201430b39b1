"""What silence does to a value: who was expected in a period, and how the missing policy fills the gaps.

Read `fill` first. A gap is skipped, makes the whole missing, counts as zero, or is filled with the reporter's last
value, as the indicator declares; in every case the coverage tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.ground.maps import FrozenMap
from mne.logframe.indicator import MissingPolicy
from mne.values.fold import Datum
from mne.values.values import Coverage

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from mne.values.values import Amount

__all__ = ["Filled", "Gone", "Reporter", "behind", "fill", "is_counted"]

Reporter = tuple[str, str]
"""A partner and a location: who is expected to report."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One period's values by reporter after the missing policy, and what they rest on.

    `incomplete`: a report is missing and the indicator asks for all of them.
    """

    data: Mapping[Reporter, Datum]
    coverage: Coverage
    """Who was expected, and who reported anything."""
    behind: Coverage
    """The same, without the reports of which no number can be made: what a number made of `data` rests on."""
    carried: tuple[Reporter, ...]
    incomplete: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """Reporters of a running total who are no longer expected: what they had reached stays reached.

    `owing`: those whose last due report never came, so that their total is not known to the end.
    """

    totals: Mapping[Reporter, Datum] = field(default_factory=FrozenMap)
    owing: frozenset[Reporter] = frozenset()


NOBODY: Final = Gone()


def fill(
    reported: Mapping[Reporter, Datum],
    expected: Iterable[Reporter],
    policy: MissingPolicy,
    *,
    earlier: Mapping[Reporter, Datum],
    by_denominator: bool,
    told: Container[Reporter] = (),
    gone: Gone = NOBODY,
) -> Filled:
    """The values of one period with its gaps treated by `policy`.

    `earlier` holds each reporter's newest value before this period. A reporter that was not expected still counts,
    and is expected from then on in this period's coverage. Of a part of a value, those of `told` reported something
    else of the whole: their part is unknown, and no policy makes it a zero. The totals of those who are `gone` stand
    under every policy; expected of them is the last report that never came, and nothing else.
    """
    everyone = dict.fromkeys((*expected, *reported))
    if everyone:
        everyone |= dict.fromkeys(sorted(gone.owing))
    silent = [reporter for reporter in everyone if reporter not in reported]
    data = dict(reported)
    kept: list[Reporter] = []
    if policy is MissingPolicy.ZERO:
        # Nothing over nothing: a silent reporter adds nothing to a pooled ratio, and a zero to anything else.
        nothing = Datum(None, Fraction(0), Fraction(0)) if by_denominator else Datum(Fraction(0))
        data.update((each, nothing) for each in silent if each not in told and each not in gone.totals)
    elif policy is MissingPolicy.CARRY_FORWARD:
        kept = [reporter for reporter in silent if reporter in earlier]
    # Where silence is skipped, a period in which nobody reported stays empty: totals of the past do not make it one.
    if data or kept or (everyone and policy is MissingPolicy.CARRY_FORWARD):
        kept += [reporter for reporter in gone.totals if reporter not in kept]
    data.update((reporter, earlier[reporter]) for reporter in kept)
    numbers = {reporter for reporter, datum in data.items() if is_counted(datum)}
    carried = [reporter for reporter in kept if reporter in everyone]
    counted = len(numbers & reported.keys())
    kept_numbers = len(numbers.intersection(carried))
    return Filled(
        data=data,
        coverage=Coverage(len(reported), len(everyone), len(carried)),
        behind=Coverage(counted, len(everyone), kept_numbers, left_out=len(reported) - counted),
        carried=tuple(sorted(kept)),
        incomplete=policy is MissingPolicy.PROPAGATE and bool(silent),
    )


def is_counted(told: Datum | Amount) -> bool:
    """Whether it is a number, or two sides that can be pooled: 0 of 0 was reported, and adds nothing."""
    return told.value is not None or told.denominator is not None


def behind(amount: Amount) -> Coverage:
    """The reports behind an amount as a part of a greater one: none where it is no number that could go into it."""
    return amount.coverage if is_counted(amount) else amount.coverage.aside
