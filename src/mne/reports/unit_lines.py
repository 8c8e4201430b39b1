"""Whether a unit can be that of an indicator: one stated above several tables, or words for how it is measured.

Read `unit_fits` first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mne.logframe.indicator import Measure
from mne.reports.grid import is_blank, text_of
from mne.reports.lookup import all_titles
from mne.reports.words import NO, YES, folded

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.grid import Cell
    from mne.reports.names import Names

__all__ = ["says_its_measure", "unit_fits"]

_OR: Final = frozenset(("or", "ou", "или", "ё"))
_WORD: Final = re.compile(r"[^\W\d_]+")
_PER: Final = re.compile(r"(?:per|pour|par|sur|на|ба|ба ҳар|дар)\s+([1-9][0-9]{0,2}(?:[ .,'’]?[0-9]{3})*)\b\s*(.*)")


def unit_fits(names: Names, indicator: Cell, unit: Cell) -> bool:
    """Whether a unit measures what an indicator does; a word that nobody knows is left for its row to tell."""
    code = None if is_blank(indicator) else names.indicators.match_cell(indicator).value
    if code is None:
        return True
    own = names.plan.indicators[code].unit
    said = names.units.resolve(text_of(names.said("unit", unit)) or "")
    if own is None or said is None:
        return own is not None
    return names.units.measures(said, own)


def says_its_measure(indicator: Indicator, unit: str) -> bool:
    """Whether what stands for a unit is how the indicator is measured: ``yes/no``, or ``per 1,000`` of a ratio."""
    plain = folded(unit)
    if indicator.measure is Measure.YES_NO:
        words = [word for word in _WORD.findall(plain) if word not in _OR]
        return len(words) == len({*words}) == 2 and bool(YES & {*words}) and bool(NO & {*words})
    said = _PER.fullmatch(plain)
    if said is None or not indicator.measure.is_ratio:
        return False
    of, rest = re.sub(r"\D", "", said[1]), _WORD.findall(said[2])
    known = {word for title in all_titles(indicator.title) for word in _WORD.findall(folded(title))}
    return int(of) == indicator.multiplier and {*rest} <= known
