"""Gates: ceilings on a rating, whatever the score, when something went wrong beneath it.

Read `gated` first. Results and combined ratings are gated alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mne.scores.scheme import Band, Gate, Scheme

__all__ = ["gated", "part_worse"]


def gated(band: Band, closed: Sequence[Gate], scheme: Scheme) -> tuple[Band, tuple[str, ...]]:
    """The best rating that closed gates leave, and the titles of those that lowered it."""
    titles = []
    for gate in closed:
        cap = scheme.band_of(gate.cap)
        if cap is not None and scheme.ranks[cap.label] < scheme.ranks[band.label]:
            band = cap
            titles.append(str(gate.title))
    return band, tuple(titles)


def part_worse(gate: Gate, ratings: Mapping[str, str | None], scheme: Scheme) -> bool:
    """Whether one of the gate's parts is rated worse than it asks for; a part without a rating does not close it."""
    if gate.worse_than is None:
        return False
    least = scheme.ranks[gate.worse_than]
    told = [ratings.get(part) for part in gate.parts]
    return any(label is not None and scheme.ranks.get(label, least) < least for label in told)
