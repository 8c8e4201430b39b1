"""Which columns of an indicator hold its value, a numerator, a denominator, or the share that the two make.

Read `settle` first. Where no head says it, the figures do: a share is one count by the other, and the part of a whole
is never greater than it. What cannot be told so is said, and not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from mne.logframe.indicator import Accumulation, Measure
from mne.reports.grid import Percent, is_blank
from mne.reports.sums import plain_number

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.across import Group, Spot
    from mne.reports.grid import Cell
    from mne.reports.sheet_view import SheetView

__all__ = ["VALUES", "Share", "number_of", "scale_of", "settle", "shares_of", "tolerance"]

VALUES: Final = ("value", "numerator", "denominator")
_PARTS: Final = frozenset(("numerator", "denominator"))
_WHOLES: Final = ("", "value", "this_period")
_EXACT: Final = Decimal("0.000001")
_PAIR: Final = 2
_PERCENT: Final = 100


class Share(NamedTuple):
    """The columns of a share and of what it is made of."""

    numerator: Spot
    denominator: Spot
    share: Spot


def settle(view: SheetView, group: Group, rows: Sequence[int]) -> None:
    """Decide what each column of an indicator holds, by its head and by its figures in some rows."""
    by_key: dict[tuple[str, ...], list[Spot]] = {}
    # A merged name may reach over a column in which nothing stands.
    group.spots = [each for each in group.spots if any(not is_blank(view.own(row, each.column)) for row in rows)]
    for spot in group.spots:
        by_key.setdefault(spot.key, []).append(spot)
    indicator = group.indicator
    if indicator is not None and indicator.by_denominator:
        meanings: dict[str, str] = {}
        for key in sorted(by_key, key=len):
            _settle_share(view, indicator, by_key[key], rows, meanings)
        return
    for spots in by_key.values():
        _settle_values(spots, indicator)


def _settle_values(spots: list[Spot], indicator: Indicator | None) -> None:
    """One column of several holds the value: the one whose head says so, or says nothing strange."""
    running = indicator is not None and indicator.accumulation is Accumulation.RUNNING_TOTAL
    read = [spot for spot in spots if spot.role in _WHOLES or spot.role == "cumulative"]
    if len(read) > 1:
        wanted = ("cumulative",) if running else ("value", "this_period")
        chosen = [spot for spot in read if spot.role in wanted] or [spot for spot in read if spot.role in _WHOLES]
        chosen = chosen if len(chosen) == 1 else [spot for spot in chosen if spot.total or spot.dimensions]
        for spot in read:
            spot.doubt = spot.doubt or len(chosen) != 1
            spot.role = "value" if spot in chosen and len(chosen) == 1 else spot.role or "unknown"
        read = chosen if len(chosen) == 1 else []
    for spot in read:
        spot.role = "value"


def _settle_share(
    view: SheetView, indicator: Indicator, spots: list[Spot], rows: Sequence[int], meanings: dict[str, str]
) -> None:
    """Tell the numerator, the denominator and their share apart."""
    counts = [spot for spot in spots if spot.role in _WHOLES]
    for spot in counts:
        spot.role = meanings.get(spot.words, "")
    open_ = [spot for spot in counts if not spot.role]
    shares = [spot for spot in spots if spot.role == "share"]
    if len(open_) > _PAIR and not shares:
        shares = [found.share for found in shares_of(view, indicator, open_, rows)][:1]
        open_ = [spot for spot in open_ if spot not in shares]
        for spot in shares:
            spot.role = "share"
    _assign(view, indicator, open_, spots, rows)
    if all(spot.role == "share" for spot in spots):
        spots[0].role = "value"  # the share alone, which is told
    for spot in counts:
        if spot.words and spot.role in _PARTS:
            meanings.setdefault(spot.words, spot.role)


def _assign(
    view: SheetView, indicator: Indicator, open_: Sequence[Spot], spots: Sequence[Spot], rows: Sequence[int]
) -> None:
    """Say of the columns of which no head does so what they hold, or that it cannot be told."""
    there = {spot.role for spot in spots} & _PARTS
    if len(open_) == 1 and len(there) == 1:
        open_[0].role = "denominator" if "numerator" in there else "numerator"
    elif len(open_) == 1 and len(spots) == 1:
        open_[0].role = "value"
    elif len(open_) == _PAIR and not there:
        shares = [spot for spot in spots if spot.role == "share"]
        above = _numerator(view, indicator, open_, shares, rows)
        for spot in open_:
            spot.role = "" if above is None else "numerator" if spot is above else "denominator"
            spot.doubt = above is None
    else:
        for spot in open_:
            spot.doubt = True


def _numerator(
    view: SheetView, indicator: Indicator, counts: Sequence[Spot], shares: Sequence[Spot], rows: Sequence[int]
) -> Spot | None:
    """The one of two columns that is the numerator."""
    one, other = counts
    for share in shares:
        votes = [
            sum(_makes(view, indicator, Share(above, below, share), row) is True for row in rows)
            for above, below in ((one, other), (other, one))
        ]
        if votes[0] != votes[1]:
            return one if votes[0] > votes[1] else other
    pairs = [(number_of(view.own(row, one.column)), number_of(view.own(row, other.column))) for row in rows]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    rises = sum(a < b for a, b in known)
    falls = sum(a > b for a, b in known)
    if rises == falls or (rises and falls and min(rises, falls) * 4 > max(rises, falls)):
        return None
    return one if rises > falls else other


def shares_of(view: SheetView, indicator: Indicator, spots: Sequence[Spot], rows: Sequence[int]) -> list[Share]:
    """The columns that are one count by another in most rows."""
    found = []
    for share in spots:
        for above in spots:
            for below in spots:
                if len({share.column, above.column, below.column}) < _PAIR + 1:
                    continue
                told = [_makes(view, indicator, Share(above, below, share), row) for row in rows]
                if 2 * told.count(True) > len([each for each in told if each is not None]):
                    found.append(Share(above, below, share))
    return found


def _makes(view: SheetView, indicator: Indicator, share: Share, row: int) -> bool | None:
    """Whether a share is what its counts make in a row; None where that cannot be asked."""
    cells = [view.own(row, each.column) for each in share]
    above, below, told = map(number_of, cells)
    if above is None or below is None or told is None or not below or not above:
        return None
    return any(abs(told - above / below * scale) <= tolerance(cells[2], told) for scale in scale_of(indicator))


def scale_of(indicator: Indicator) -> Iterable[Decimal]:
    """By how much one count by the other may be multiplied, for it to be the share that is shown."""
    if indicator.measure is Measure.PERCENTAGE:
        return Decimal(1), Decimal(_PERCENT)
    return Decimal(str(indicator.per or 1)), Decimal(1)


def tolerance(cell: Cell, told: Decimal) -> Decimal:
    """How much a share may differ from what its counts make: half of the last place that is written."""
    shown = cell.shown.scaleb(-2) if isinstance(cell, Percent) else told
    exponent = shown.normalize().as_tuple().exponent
    last = Decimal(5).scaleb(int(exponent) - 1) if isinstance(exponent, int) else _EXACT
    return max(last, _EXACT)


def number_of(cell: Cell) -> Decimal | None:
    """The number in a cell, and 0.75 for 75 %."""
    return cell.shown.scaleb(-2) if isinstance(cell, Percent) else plain_number(cell)
