"""A slow, obvious implementation of what every number means, against which the library is tested.

It works on plain dict rows and fractions, in loops that follow the text of the law. Read `values` first.
"""

from tests.reference.achievement import RefAchievement, achievement
from tests.reference.scores import RefScore, indicator_scores, scores
from tests.reference.values import ReferenceValues, RefIndicator, RefPeriod, values

__all__ = [
    "RefAchievement",
    "RefIndicator",
    "RefPeriod",
    "RefScore",
    "ReferenceValues",
    "achievement",
    "indicator_scores",
    "scores",
    "values",
]
