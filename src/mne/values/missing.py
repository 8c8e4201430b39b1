"""What silence does to a value: who was expected in a period, and how the missing policy fills the gaps.

Read `fill` first. A gap is skipped, makes the whole missing, counts as zero, or is filled with the reporter's last
value, as the indicator declares; in every case the coverage tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from mne.logframe.indicator import MissingPolicy
from mne.values.fold import Datum
from mne.values.values import Coverage

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

__all__ = ["Filled", "Reporter", "fill"]

Reporter = tuple[str, str]
"""A partner and a location: who is expected to report."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One period's values by reporter after the missing policy, and what they rest on.

    `incomplete`: a report is missing and the indicator asks for all of them.
    """

    data: Mapping[Reporter, Datum]
    coverage: Coverage
    carried: tuple[Reporter, ...]
    incomplete: bool


def fill(
    reported: Mapping[Reporter, Datum],
    expected: Iterable[Reporter],
    policy: MissingPolicy,
    *,
    earlier: Mapping[Reporter, Datum],
    by_denominator: bool,
    told: Container[Reporter] = (),
) -> Filled:
    """The values of one period with its gaps treated by `policy`.

    `earlier` holds each reporter's newest value before this period. A reporter that was not expected still counts,
    and is expected from then on in this period's coverage. Of a part of a value, those of `told` reported something
    else of the whole: their part is unknown, and no policy makes it a zero.
    """
    everyone = dict.fromkeys((*expected, *reported))
    silent = [reporter for reporter in everyone if reporter not in reported]
    data = dict(reported)
    carried: list[Reporter] = []
    if policy is MissingPolicy.ZERO:
        # Nothing over nothing: a silent reporter adds nothing to a pooled ratio, and a zero to anything else.
        nothing = Datum(None, Fraction(0), Fraction(0)) if by_denominator else Datum(Fraction(0))
        data.update((reporter, nothing) for reporter in silent if reporter not in told)
    elif policy is MissingPolicy.CARRY_FORWARD:
        carried = [reporter for reporter in silent if reporter in earlier]
        data.update({reporter: earlier[reporter] for reporter in carried})
    return Filled(
        data=data,
        coverage=Coverage(len(reported), len(everyone), len(carried)),
        carried=tuple(carried),
        incomplete=policy is MissingPolicy.PROPAGATE and bool(silent),
    )
