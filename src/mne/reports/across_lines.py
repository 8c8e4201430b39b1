"""A table with an indicator above each column becomes a long one: one row for each figure, with its own cells.

Read `laid_across` first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding, Place
from mne.ground.phrases import listed, phrase
from mne.ground.sheets import column_letters
from mne.logframe.choices import Measure
from mne.reports.across import find_head
from mne.reports.across_rows import rows_of_table
from mne.reports.across_shares import VALUES, settle
from mne.reports.across_sums import compared
from mne.reports.grid import Cell, Grid, Origin, is_blank, text_of
from mne.reports.headers import Layout
from mne.reports.unpivot import Laid
from mne.reports.windows import Finder

if TYPE_CHECKING:
    from mne.reports.across import Group, Head, Spot
    from mne.reports.across_rows import Row, Rows
    from mne.reports.headers import HeaderReader
    from mne.reports.headings import Headings
    from mne.reports.sheet_view import SheetView

__all__ = ["laid_across"]

Placed = tuple[Cell, Origin | None]
_LONGEST: Final = 40
_SHOWN: Final = 12


def laid_across(
    view: SheetView, headers: HeaderReader, headings: Headings, *, given: frozenset[str], facts: Mapping[str, Placed]
) -> Laid | None:
    """The long table behind a sheet with the indicators across its columns; None for a sheet that is no such table.

    Findings: layout-read, row-detail, layout-ambiguous, header-unknown, and those of `compared`.
    """
    head = find_head(view, headings)
    if head is None:
        return None
    known = _facts(view, head, headers, headings, facts)
    if "period" not in known and not {"period"} & given:
        return None
    rows = rows_of_table(view, head, headings, known.get("period"))
    if rows is None or not rows.figures:
        return None
    asked = [each.row for each in rows.rows if each.kind in ("place", "detail", "sum", "before") and not each.hidden]
    for group in head.groups:
        settle(view, group, asked)
    told, held = compared(view, head, rows, headings.names, known.get("location"))
    said = [_announced(view, head, rows, known), *_detail(view, rows, known), *_doubted(view, head), *told]
    return Laid(*_long(view, head, rows, known, held), said)


def _facts(
    view: SheetView, head: Head, headers: HeaderReader, headings: Headings, facts: Mapping[str, Placed]
) -> dict[str, Placed]:
    """What is said above the table of all its rows."""
    finder = Finder(view, headers, headings)
    known = dict(facts)
    said = finder.facts(0, head.top)
    said.pop("unit", None)
    known |= {name: placed for name, (placed, _) in said.items()}
    if not {"period", "year", "period_start"} & {*known}:
        known |= finder.titled(range(head.top))
    return known


# --------------------------------------------------------------------------------------------------------- the lines


def _long(
    view: SheetView, head: Head, rows: Rows, facts: dict[str, Placed], held: set[tuple[int, int]]
) -> tuple[Grid, Layout]:
    """The lines of all figures as a grid that names its own columns."""
    sheet = view.grid
    lines: list[dict[str, Placed]] = []
    numbers: list[int] = []
    wrong: set[int] = set()
    for row in [*rows.figures, *(each for each in rows.of("before") if rows.by_total)]:
        for group in head.groups:
            for spots in _by_key(group):
                line = _line(view, row, group, spots, facts, rows)
                if line is not None:
                    if any((row.row, spot.column) in held for spot in spots):
                        wrong.add(len(lines))
                    lines.append(line)
                    numbers.append(sheet.numbers[row.row])
    names = list(dict.fromkeys(name for line in lines for name in line)) or ["indicator", "period", "value"]
    nothing: Placed = (None, None)
    headers = tuple(name.removeprefix("dimension:") for name in names)
    read = {*numbers}
    grid = Grid(
        file=sheet.file,
        sheet=sheet.sheet,
        lane=sheet.lane,
        columns=[[line.get(name, nothing)[0] for line in lines] for name in names],
        numbers=numbers,
        header=headers,
        has_letters=sheet.has_letters or sheet.lane == "text",
        hidden=sheet.hidden,
        hidden_rows=sheet.hidden_rows,
        epoch=sheet.epoch,
        notes=sheet.notes,
        doubted=frozenset(wrong),
        passed=sum(sheet.numbers[each.row] not in read for each in rows.rows),
        origins=[[line.get(name, nothing)[1] for line in lines] for name in names],
    )
    columns = {name: at for at, name in enumerate(names) if not name.startswith("dimension:")}
    dimensions = {name.removeprefix("dimension:"): at for at, name in enumerate(names) if name.startswith("dimension:")}
    return grid, Layout(header_at=-1, headers=headers, columns=columns, dimensions=dimensions)


def _by_key(group: Group) -> list[list[Spot]]:
    found: dict[tuple[str, ...], list[Spot]] = {}
    for spot in group.spots:
        if not spot.doubt and spot.role in VALUES:
            found.setdefault(spot.key, []).append(spot)
    return [*found.values()]


def _line(
    view: SheetView, row: Row, group: Group, spots: Sequence[Spot], facts: dict[str, Placed], rows: Rows
) -> dict[str, Placed] | None:
    """One figure with what its column, its row and the lines above the table say of it; None for blank cells."""
    numbers = view.grid.numbers

    def placed(spot: Spot, at_row: int, column: int) -> Origin:
        return Origin(numbers[at_row], column, spot.header)

    first = spots[0]
    line = {**facts, "indicator": (group.named.text, placed(first, group.named.row, group.named.column))}
    cells = {spot.role: (view.own(row.row, spot.column), placed(spot, row.row, spot.column)) for spot in spots}
    if all(is_blank(cell) for cell, _ in cells.values()):
        return None
    if group.indicator is not None and group.indicator.measure is Measure.NARRATIVE and "value" in cells:
        cells["text"] = cells.pop("value")
    label = Origin(numbers[row.row], row.column, "")
    if row.kind == "before":
        line["period"] = (row.period, label)
    if not rows.by_total or row.kind == "place":
        line["location"] = (row.label, label)
    elif row.place is not None and (len(rows.figures) > 1 or "location" not in facts):
        line["location"] = (row.place, label)
    elif row.kind == "before" and "location" not in facts and rows.figures[0].place is not None:
        line["location"] = (rows.figures[0].place, label)
    for id, at in first.dimensions.items():
        line[f"dimension:{id}"] = (at.text, placed(first, at.row, at.column))
    if (unit := _unit(group, first)) is not None:
        line["unit"] = unit[0], placed(first, unit[1], unit[2])
    return {**line, **cells}


def _unit(group: Group, spot: Spot) -> tuple[str, int, int] | None:
    """The unit above a column of values; what is counted of a share has none."""
    if spot.unit is None or (group.indicator is not None and group.indicator.by_denominator):
        return None
    return spot.unit


# ------------------------------------------------------------------------------------------------------ what is said


def _announced(view: SheetView, head: Head, rows: Rows, facts: Mapping[str, Placed]) -> Finding:
    """How the table was read: its columns, and which of its rows are figures, detail and sums."""
    spots = [spot for group in head.groups for spot in group.spots]
    read = [spot.column for spot in spots if spot.role in VALUES and not spot.doubt]
    kind = phrase("indicators across the columns")
    told = phrase(
        "{kind}: columns {columns}; figures in rows {rows}",
        kind=kind, columns=_letters(read), rows=_numbers(view, rows.figures),
    )  # fmt: skip
    aside = [f"{column_letters(each.column + 1)} ({each.header.rpartition(' / ')[2]})" for each in spots
             if each.role not in VALUES and not each.doubt]  # fmt: skip
    others = [each for each in rows.rows if each.kind == "aside" or (each.kind == "sum" and each not in rows.figures)]
    if others:
        aside.append(phrase("rows {rows}", rows=_numbers(view, others)))
    shown = "; ".join(f"{name} {text_of(cell)}" for name, (cell, _) in facts.items()) or phrase("nothing")
    place = Place(file=view.grid.file, sheet=view.grid.sheet, row=view.grid.numbers[head.bottom])
    params = {"kind": kind, "aside": listed(aside) if aside else phrase("nothing"), "facts": shown}
    return Finding(code="layout-read", place=place, found=told, params=params)


def _detail(view: SheetView, rows: Rows, facts: Mapping[str, Placed]) -> list[Finding]:
    """That some rows are no places of the plan, and what they were taken for."""
    details = [each for each in rows.of("detail") if not each.hidden]
    if not rows.by_total or not rows.sums or not details:
        return []
    named = ", ".join(each.label[:_LONGEST] for each in details[:_SHOWN]) + (", …" if len(details) > _SHOWN else "")
    first = details[0]
    number = view.grid.numbers[first.row]
    place = Place(
        file=view.grid.file, sheet=view.grid.sheet, row=number, cell=f"{column_letters(first.column + 1)}{number}"
    )
    whole = rows.figures[0].place if len(rows.figures) == 1 else None
    shown = text_of(facts["location"][0]) if "location" in facts else whole
    params = {
        "rows": _numbers(view, details),
        "places": named,
        "whole": shown or phrase("the whole"),
        "figures": _numbers(view, rows.figures),
    }
    return [Finding(code="row-detail", place=place, found=first.label, params=params)]


def _doubted(view: SheetView, head: Head) -> list[Finding]:
    """Columns that are not read, since nobody knows them or since they could be two things."""
    found = []
    for spot in (each for group in head.groups for each in group.spots):
        if spot.doubt:
            why = phrase("its head does not say which of the indicator's figures it holds")
            found.append(_at(view, "layout-ambiguous", head.bottom, spot.column, spot.header, expected=why))
    beneath = range(head.bottom + 1, view.height)
    for at in (each for each in head.others if any(not is_blank(view.own(row, each.column)) for row in beneath)):
        found += [_at(view, "header-unknown", at.row, at.column, at.text)]
    return found


def _at(view: SheetView, code: str, row: int, column: int, header: str, *, expected: str = "") -> Finding:
    number = view.grid.numbers[row]
    place = Place(
        file=view.grid.file, sheet=view.grid.sheet, row=number, cell=f"{column_letters(column + 1)}{number}",
        header=header,
    )  # fmt: skip
    return Finding(code=code, place=place, found=header, expected=expected)


def _numbers(view: SheetView, rows: Sequence[Row]) -> str:
    """``9 to 11, 14``."""
    return _runs([view.grid.numbers[each.row] for each in rows], str)


def _letters(columns: Sequence[int]) -> str:
    """``C to G``."""
    return _runs([column + 1 for column in columns], column_letters)


def _runs(numbers: Sequence[int], shown: Callable[[int], str]) -> str:
    runs: list[list[int]] = []
    for number in sorted({*numbers}):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return listed(
        shown(first) if first == last else phrase("{first} to {last}", first=shown(first), last=shown(last))
        for first, last in runs
    )
