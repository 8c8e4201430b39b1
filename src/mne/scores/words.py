"""How an achievement was computed, where that is words and no formula; explanations translate these."""

from __future__ import annotations

from typing import Final

from mne.ground.maps import FrozenMap

__all__ = ["DISTANCE", "DISTANCE_KEPT", "INSIDE", "INSIDE_KEPT", "KEPT", "MET", "REACHED", "WORDED"]

MET: Final = "met (1) or not met (0)"
KEPT: Final = "met (0) or not met (−1)"
INSIDE: Final = "1 inside the range"
DISTANCE: Final = "1 − distance from the range / half its width"
# Where 0 says "reached", all of them are one less.
INSIDE_KEPT: Final = "0 inside the range"
DISTANCE_KEPT: Final = "− distance from the range / half its width"
REACHED: Final = "1 the target is reached, whatever the pace"

WORDED: Final[FrozenMap[str, str]] = FrozenMap(
    {
        MET: "met",
        KEPT: "kept",
        INSIDE: "inside",
        DISTANCE: "distance",
        INSIDE_KEPT: "inside-kept",
        DISTANCE_KEPT: "distance-kept",
        REACHED: "reached",
    }
)
"""The phrase of `mne.ground.wording` for each of them."""
