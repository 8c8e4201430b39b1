"""Whether a unit that is stated above several tables can be that of the indicator of one of them.

Read `unit_fits` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mne.reports.grid import is_blank, text_of

if TYPE_CHECKING:
    from mne.reports.grid import Cell
    from mne.reports.names import Names

__all__ = ["unit_fits"]


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
