"""What else can be wrong with the row of sums of a table: its place, figures that are never added, averaged shares.

Read `beyond` first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.phrases import figures, phrase
from mne.ground.sheets import column_letters
from mne.logframe.choices import Axis, Measure, Rule
from mne.reports.across_shares import Share, number_of, scale_of, tolerance
from mne.reports.grid import Percent, text_of

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.across import Group, Head, Spot
    from mne.reports.across_rows import Row, Rows
    from mne.reports.grid import Cell, Origin
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView

__all__ = ["beyond"]

_NUMBERS: Final = (Measure.NUMBER, Measure.CURRENCY, Measure.INDEX, Measure.PERCENTAGE, Measure.RATIO)
_WITHIN: Final = (Rule.MEAN, Rule.WEIGHTED_MEAN, Rule.MEDIAN, Rule.MIN, Rule.MAX, Rule.MODE)
"""Rules whose result lies among the figures that it is made of."""
_FEWEST: Final = 2
_AVERAGE: Final = re.compile(r"\bAVERAGE\b", re.IGNORECASE)
_CLOSE: Final = Decimal("0.000001")
_LONGEST: Final = 40
_DIGITS: Final = 6


def beyond(
    view: SheetView,
    head: Head,
    rows: Rows,
    names: Names,
    location: tuple[Cell, Origin | None] | None,
    formulas: Mapping[tuple[int, int], str],
) -> tuple[list[Finding], set[tuple[int, int]]]:
    """What is to be said of rows of sums beside their sums, and the cells that cannot be used for it.

    Findings: total-other-place, total-not-summable, total-share-differs.
    """
    found = [*_of_another_place(view, rows, names, location)]
    held: set[tuple[int, int]] = set()
    for group in head.groups:
        for spot in group.spots:
            if spot.role == "value" and not spot.doubt and group.indicator is not None:
                for row, said in _not_added(view, rows, group.indicator, spot):
                    found.append(said)
                    held.add((row.row, spot.column))
        found += _shares(view, rows, group, formulas)
    return found, held


# ------------------------------------------------------------------------------------------------------------ the place


def _of_another_place(
    view: SheetView, rows: Rows, names: Names, location: tuple[Cell, Origin | None] | None
) -> Iterator[Finding]:
    """The one row of sums that is read, where it names another place than the lines above the table."""
    if location is None or not rows.by_total or len(rows.figures) != 1:
        return
    (row,) = rows.figures
    answer = names.locations.match_cell(location[0])
    own = answer.value or answer.suggestion
    if row.place is None or own is None or row.place == own:
        return
    number = view.grid.numbers[row.row]
    place = Place(
        file=view.grid.file, sheet=view.grid.sheet, row=number, cell=f"{column_letters(row.column + 1)}{number}"
    )
    said = text_of(location[0]) or own
    origin = location[1]
    related = (
        (Place(file=view.grid.file, sheet=view.grid.sheet, row=origin.row,
               cell=f"{column_letters(origin.column + 1)}{origin.row}"),)
        if origin is not None
        else ()
    )  # fmt: skip
    yield Finding(
        code="total-other-place", place=place, found=row.label, expected=said, suggestion=said, related=related
    )


# ------------------------------------------------------------------------------------------- figures that do not add up


def _not_added(view: SheetView, rows: Rows, indicator: Indicator, spot: Spot) -> Iterator[tuple[Row, Finding]]:
    """Rows of sums whose figure is none that the rows can have together: days of a median, added up."""
    rule = indicator.rule(Axis.LOCATIONS)
    if indicator.measure not in _NUMBERS or rule is Rule.SUM or indicator.by_denominator:
        return
    for each in rows.sums:
        numbers = [number_of(view.own(row.row, spot.column)) for row in each.detail if not row.hidden]
        known = [number for number in numbers if number is not None]
        told = number_of(view.own(each.row.row, spot.column))
        if told is None or sum(map(bool, known)) < _FEWEST:
            continue
        added = abs(told - sum(known, Decimal(0))) <= _CLOSE
        if not added and (rule not in _WITHIN or min(known) <= told <= max(known)):
            continue
        why = phrase("no figure for all of them lies beyond them")
        if added:
            why = phrase("they were added up, and the figures of several places are not added for this indicator")
        before = [row for row in rows.of("before") if number_of(view.own(row.row, spot.column)) is not None]
        for row in before[:1]:
            shown = text_of(view.own(row.row, spot.column))
            why = phrase("{why}; {period}: {value}", why=why, period=row.period, value=shown)
        yield (
            each.row,
            Finding(
                code="total-not-summable",
                place=_place(view, each.row, spot, indicator),
                found=text_of(view.own(each.row.row, spot.column)) or "",
                severity=Severity.ERROR if rows.by_total else Severity.WARNING,
                related=tuple(_place(view, row, spot, indicator) for row in before[:1]),
                params={"low": figures(_plain(min(known))), "high": figures(_plain(max(known))), "why": why},
            ),
        )


# ------------------------------------------------------------------------------------------------------------- shares


def _shares(view: SheetView, rows: Rows, group: Group, formulas: Mapping[tuple[int, int], str]) -> Iterator[Finding]:
    """Shares in the rows that are read, or sum up others, that are not what their counts make."""
    indicator = group.indicator
    if indicator is None or not indicator.by_denominator:
        return
    by_key: dict[tuple[str, ...], dict[str, Spot]] = {}
    for spot in group.spots:
        if not spot.doubt:
            by_key.setdefault(spot.key, {}).setdefault(spot.role, spot)
    asked = {each.row: each for each in (*rows.figures, *(one.row for one in rows.sums))}
    for spots in by_key.values():
        if not {"numerator", "denominator", "share"} <= {*spots}:
            continue
        share = Share(spots["numerator"], spots["denominator"], spots["share"])
        for row in asked.values():
            if (said := _differs(view, rows, row, share, indicator, formulas)) is not None:
                yield said


def _differs(
    view: SheetView,
    rows: Rows,
    row: Row,
    share: Share,
    indicator: Indicator,
    formulas: Mapping[tuple[int, int], str],
) -> Finding | None:
    cell = view.own(row.row, share.share.column)
    above, below, told = (number_of(view.own(row.row, each.column)) for each in share)
    if above is None or not below or told is None:
        return None
    made = [above / below * scale for scale in scale_of(indicator)]
    if any(abs(told - each) <= tolerance(cell, told) for each in made):
        return None
    wanted = made[0] if isinstance(cell, Percent) or abs(told - made[0]) <= abs(told - made[-1]) else made[-1]
    formula = formulas.get((view.grid.numbers[row.row], share.share.column), "")
    why = phrase("the formula is {formula}", formula=formula[:_LONGEST]) if formula else phrase("it is no formula")
    if _AVERAGE.search(formula) or _is_mean(view, rows, row, share.share, told):
        why = phrase("the shares were averaged; the counts are to be added first")
    shown, right = _both_shown(told, wanted, percent=isinstance(cell, Percent))
    return Finding(
        code="total-share-differs",
        place=_place(view, row, share.share, indicator),
        found=shown,
        expected=figures(right),
        suggestion=right,
        params={"numerator": figures(_plain(above)), "denominator": figures(_plain(below)), "why": why},
    )


def _is_mean(view: SheetView, rows: Rows, row: Row, spot: Spot, told: Decimal) -> bool:
    """Whether a share is the mean of those of the rows that it is for."""
    for each in rows.sums:
        if each.row is row:
            known = [number for one in each.detail if (number := number_of(view.own(one.row, spot.column))) is not None]
            return len(known) >= _FEWEST and abs(sum(known, Decimal(0)) / len(known) - told) <= _CLOSE
    return False


def _both_shown(told: Decimal, wanted: Decimal, *, percent: bool) -> tuple[str, str]:
    """Two shares with as few decimals as tell them apart."""
    pair = [told * 100, wanted * 100] if percent else [told, wanted]
    shown = [""]
    for digits in range(1, _DIGITS):
        shown = [_plain(round(each, digits)) for each in pair]
        if shown[0] != shown[1]:
            break
    sign = "%" if percent else ""
    return f"{shown[0]}{sign}", f"{shown[1]}{sign}"


def _place(view: SheetView, row: Row, spot: Spot, indicator: Indicator) -> Place:
    number = view.grid.numbers[row.row]
    return Place(
        file=view.grid.file, sheet=view.grid.sheet, row=number, cell=f"{column_letters(spot.column + 1)}{number}",
        header=spot.header, indicator=indicator.id,
    )  # fmt: skip


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"
