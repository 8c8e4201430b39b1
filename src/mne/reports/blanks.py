"""Cells in which a figure could stand and none does: what a sheet asks for by its codes, and nobody filled in.

Read `blank` first. They are no rows of a report; where the plan asks for such a figure, they say where it belongs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mne.ground.findings import Place
from mne.reports.grid import is_blank, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mne.reports.grid import Cell
    from mne.reports.names import Names

__all__ = ["MOST", "blank", "those_of"]

MOST: Final = 2_000
"""So many blank cells of one file are kept; with more, nobody looks at each of them."""


def blank(names: Names, keys: Mapping[str, Cell], at: Place, *, partner: str | None = None) -> Place | None:
    """The place of a blank cell, with the codes of what its row and its header name; None where these are uncertain."""
    indicator = names.indicators.match_cell(keys.get("indicator")).value
    said = text_of(keys.get("period"))
    if indicator is None or not said:
        return None
    period = names.periods.read(said, frequency=names.frequencies.get(indicator)).label
    found: dict[str, str | None] = {"partner": partner, "location": None}
    for name, lookup in (("partner", names.partners), ("location", names.locations)):
        cell = keys.get(name)
        if not is_blank(cell):
            found[name] = lookup.match_cell(cell).value
            if found[name] is None:
                return None
    if period is None:
        return None
    return Place(
        file=at.file, sheet=at.sheet, row=at.row, cell=at.cell, header=at.header,
        indicator=indicator, period=period, partner=found["partner"], location=found["location"],
    )  # fmt: skip


def those_of(blanks: Iterable[Place], *, partner: str | None, period: str | None, indicators: str) -> list[Place]:
    """The blank cells of one partner and period for some indicators, which are given as ``A, OC1.2``."""
    wanted = frozenset(indicators.split(", "))
    return [
        each
        for each in blanks
        if each.period == period and each.indicator in wanted and each.partner in (None, partner)
    ]
