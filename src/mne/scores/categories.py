"""How far each category of an indicator has come, where the plan promises something for it.

Read `category_achievements` first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.scores.achievement import achievement
from mne.scores.scheme import Against
from mne.values.breakdown import breakdown

if TYPE_CHECKING:
    from mne.scores.cards import Achievement
    from mne.scores.scheme import AchievementRule
    from mne.values.values import Values

__all__ = ["category_achievements"]


def category_achievements(
    values: Values,
    id: str,
    by: str | Sequence[str],
    rule: AchievementRule | None = None,
    *,
    against: Against | str = Against.MILESTONE,
    known_by: dt.date | None = None,
) -> FrozenMap[str, Achievement]:
    """The achievement of each category of an indicator, from its own value, baseline and targets.

    A category without a target of its own has none: the target of the whole is nobody's share of it.

    Args:
        values: what `aggregate` or `aggregate_portfolio` gave.
        id: the indicator.
        by: one or more dimensions, which are crossed.
        rule: the convention and what goes with it; None is the default one.
        against: "milestone" or "final".
        known_by: targets as they stood on this day; None takes the day by which the values were known.

    Units: fractions, not percentages; not clamped.

    Raises:
        OptionError: an unknown indicator or dimension; partners or places, for which a plan promises nothing; or
            `against` is neither "milestone" nor "final".
    """
    if not {"partner", "location"}.isdisjoint((by,) if isinstance(by, str) else by):
        raise OptionError("targets are set by category: by must be one or more dimensions")
    day = known_by if known_by is not None else values.known_by
    parts = breakdown(values, id, by)
    return FrozenMap(
        {code: achievement(part, against=against, rule=rule, known_by=day) for code, part in parts.items()}
    )
