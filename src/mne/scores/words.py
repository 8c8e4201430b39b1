"""How an achievement was computed, where that is words and no formula; explanations translate these."""

from __future__ import annotations

from typing import Final

__all__ = ["DISTANCE", "INSIDE", "KEPT", "MET"]

MET: Final = "met (1) or not met (0)"
KEPT: Final = "met (0) or not met (−1)"
INSIDE: Final = "1 inside the range"
DISTANCE: Final = "1 − distance from the range / half its width"
