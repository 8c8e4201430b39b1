"""How many examples a law draws that is dearer, or cheaper, than most: so many times what the profile says."""

from __future__ import annotations

from hypothesis import settings

__all__ = ["times"]


def times(share: float) -> settings:
    """The settings of the profile with so many times its examples, and one at least.

    >>> times(0.5).max_examples == max(1, round(settings.default.max_examples / 2))
    True
    """
    return settings(max_examples=max(1, round(share * settings.default.max_examples)))
