"""The lines of a long table that one record becomes: one for each period, category or place in which it reports.

Read `lines_of` first. A year that sums up its quarters becomes no line, nor a month within a quarter that is read; a
cell in which nothing stands is kept as a blank.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.ground.sheets import column_letters
from mne.reports.blank_parts import Blank
from mne.reports.blanks import MOST, blank
from mne.reports.grid import Flaw, Origin, is_blank
from mne.reports.headers import marks_share
from mne.reports.headings import At, Heading
from mne.reports.maker import NOTHING, Placed
from mne.reports.record_cells import cells_of, chosen_cells
from mne.reports.retyped import other_target
from mne.reports.share_columns import PARTS, likely_parts
from mne.reports.strange_heads import has_figure, words_of_head
from mne.reports.words import STATES, folded

if TYPE_CHECKING:
    from mne.reports.maker import Maker, Record

__all__ = ["is_own_period", "left_blank", "lines_of", "retyped"]

_ASKED: Final = 200
"""So many rows beneath a head show what stands there."""


def lines_of(maker: Maker, record: Record) -> None:
    """The long rows of one record: one for each period, category or place in which something is reported."""
    if record.head is not None:
        _held_line(maker, record, record.head)
        return
    spots: dict[tuple[Any, ...], list[Heading]] = {}
    for heading in maker.window.figures:
        if heading.column in maker.spans and _sums_up(maker, record, heading):
            maker.summed.add(heading.column)
        elif (whole := _is_within(maker, record, heading)) is not None:
            maker.within[heading.column] = whole
        else:
            spots.setdefault((heading.place, heading.total), []).append(heading)
    for headings in spots.values():
        cells = cells_of(maker, record, headings)
        silent = len(spots) > 1 or not maker.window.section
        if silent and all(is_blank(cell) and not isinstance(cell, Flaw) for cell, _ in cells.values()):
            left_blank(maker, record, headings[0])
            continue
        if _does_not_apply(maker, record, headings[0], cells):
            continue
        line = {**maker.window.facts, **record.keys, **_spot(maker, headings[0]), **chosen_cells(maker, record, cells)}
        line |= _dated(maker, record, cells)
        row = next((origin.row for cell, origin in cells.values() if origin and not is_blank(cell)), None)
        maker.lines.append(line)
        maker.numbers.append(row if row is not None else maker.view.grid.numbers[record.row])
        if any(each in maker.torn for each in record.rows.values()):
            maker.held.add(len(maker.lines) - 1)


def _held_line(maker: Maker, record: Record, head: int) -> None:
    """One row for all that stands in a row beneath a head that nobody knows: what it is of, as far as that is certain.

    It is held for the sake of the head, where that is told.
    """
    names, grid = maker.names, maker.view.grid
    lookups = {"indicator": names.indicators, "partner": names.partners, "location": names.locations}
    keys = {**maker.window.facts}
    for name, lookup in lookups.items():
        if name in record.keys and lookup.match_cell(record.keys[name][0]).value is not None:
            keys[name] = record.keys[name]
    code = names.indicators.match_cell(keys.get("indicator", NOTHING)[0]).value
    parted = code is not None and names.plan.indicators[code].by_denominator
    words, column = words_of_head(maker.view, head)
    expected = _of_parts(maker, head) if parted else phrase("Value")
    cell = Flaw("header-row-unknown", ", ".join(words), expected=expected)
    if "indicator" not in keys:
        maker.passed.setdefault("unreported", []).append(record.row)
        number = grid.numbers[head]
        place = Place(file=grid.file, sheet=grid.sheet, row=number, cell=f"{column_letters(column + 1)}{number}")
        said = Finding(code=cell.code, place=replace(place, header=words[0]), found=cell.text, expected=expected)
        maker.findings += [said] if said not in maker.findings else []
        return
    maker.lines.append({**keys, "value": (cell, Origin(grid.numbers[head], column, words[0]))})
    maker.numbers.append(grid.numbers[record.row])


def _of_parts(maker: Maker, head: int) -> str:
    """What is asked for above the figures of a share; each word in place of another where the figures show it."""
    if head not in maker.heads:
        view, rows = maker.view, range(head + 1, min(maker.window.end, head + 1 + _ASKED))
        below = next((row for row in rows if not has_figure(view, row)), rows.stop)
        named = [each for each in view.filled(head) if isinstance(view.own(head, each), str)]
        figures = {each: [view.own(row, each) for row in range(head + 1, below)] for each in range(view.width)}
        marked = {each for each in named if marks_share(view.text(head, each))}
        told = likely_parts(
            maker.names.plan, figures, unknown=[*figures], known={}, marked=marked, indicators=None
        )  # fmt: skip
        words = {role: view.text(head, each) for each, role in told.items() if each in named}
        asked = phrase("Numerator and Denominator")
        if {*PARTS} <= {*words}:
            above, under = (words[each] for each in PARTS)
            asked = phrase(
                "Numerator in place of {above} and Denominator in place of {under}", above=above, under=under
            )
        maker.heads[head] = asked
    return maker.heads[head]


def retyped(maker: Maker, record: Record) -> None:
    """What is to be said of the targets that a record shows beneath their periods."""
    names, grid = maker.names, maker.view.grid
    code = names.indicators.match_cell(record.keys.get("indicator", NOTHING)[0]).value
    if code is None:
        return
    for heading in maker.window.aside:
        if heading.role != "target" or heading.period is None or heading.dimensions:
            continue
        period = names.periods.read(heading.period.text, frequency=names.frequencies.get(code)).label
        number = grid.numbers[record.row]
        cell = f"{column_letters(heading.column + 1)}{number}" if grid.has_letters else None
        place = Place(
            file=grid.file, sheet=grid.sheet, row=number, cell=cell, header=heading.header, indicator=code,
            period=period,
        )  # fmt: skip
        shown = maker.view.own(record.row, heading.column)
        if period is not None and (said := other_target(names, code, period, shown, lane=grid.lane, at=place)):
            maker.findings.append(said)


def left_blank(maker: Maker, record: Record, heading: Heading) -> None:
    """Keep a cell in which nothing stands, with what it is asked for: a whole by its codes, and a part of a split."""
    if heading.role in ("", "value") and len(maker.gaps) < MOST:
        line = {**maker.window.facts, **record.keys, **_spot(maker, heading)}
        maker.gaps.append(Blank(line, record.row, heading.column, heading.header))
    if heading.dimensions or maker.window.dimensions or heading.role not in ("", "value") or len(maker.blanks) >= MOST:
        return
    grid = maker.view.grid
    number, letters = grid.numbers[record.row], column_letters(heading.column + 1)
    at = Place(file=grid.file, sheet=grid.sheet, row=number, cell=f"{letters}{number}", header=heading.header)
    line = {**maker.window.facts, **record.keys, **_spot(maker, heading)}
    found = blank(maker.names, {name: cell for name, (cell, _) in line.items()}, at)
    if found is not None:
        maker.blanks.append(found)


def _does_not_apply(maker: Maker, record: Record, heading: Heading, cells: dict[str, Placed]) -> bool:
    """Whether a dash says that the indicator has no such part: its plan does not split it so."""
    code = maker.names.indicators.match_cell(record.keys.get("indicator", NOTHING)[0]).value
    if not heading.dimensions or code is None:
        return False
    splits = maker.names.plan.indicators[code].disaggregation
    if any({*heading.dimensions} <= {*split.dimensions} for split in splits):
        return False
    return all(is_blank(cell) or (isinstance(cell, str) and folded(cell) in STATES) for cell, _ in cells.values())


# ----------------------------------------------------------------------------------------------- periods in periods


def _sums_up(maker: Maker, record: Record, heading: Heading) -> bool:
    """Whether the figure of a year among its quarters is their sum: it is no period in which its indicator reports."""
    if is_own_period(maker, record, heading) is not False:
        return False
    return any(_has_figure(maker, record, part) for part in maker.spans[heading.column])


def _is_within(maker: Maker, record: Record, heading: Heading) -> int | None:
    """The column of the quarter in which the indicator reports, where that has a figure, and this one is of a month."""
    wholes = {column for column, parts in maker.spans.items() if heading.column in parts}
    for other in maker.window.figures if wholes else ():
        if other.column not in wholes or not _has_figure(maker, record, other.column):
            continue
        if is_own_period(maker, record, other) and is_own_period(maker, record, heading) is False:
            return other.column
    return None


def is_own_period(maker: Maker, record: Record, heading: Heading) -> bool | None:
    """Whether a column's period is one in which the indicator of a row reports; None where one of both is unknown."""
    names, period = maker.names, heading.period
    code = names.indicators.match_cell(record.keys.get("indicator", NOTHING)[0]).value
    if code is None or period is None:
        return None
    told = names.periods.read(period.text)
    own = names.plan.periods(names.plan.indicators[code].frequency)
    return any((each.start, each.last_day) == (told.start, told.last) for each in own)


def _has_figure(maker: Maker, record: Record, column: int) -> bool:
    return any(not is_blank(maker.view.own(row, column)) for row in record.rows.values())


# ------------------------------------------------------------------------------------------------- what headers say


def _spot(maker: Maker, heading: Heading) -> dict[str, Placed]:
    """What the header of a column says: its period, its category, its place, with its own cell."""
    numbers = maker.view.grid.numbers

    def placed(at: At) -> Placed:
        return at.text, Origin(numbers[at.row], at.column, heading.header)

    period = heading.period
    if period is None and maker.window.block:
        # A milestone without a date: its name is what stands there, and is told as no period.
        period = At(heading.header, maker.window.top, heading.column)
    told = {"period": period, "location": heading.location, "partner": heading.partner}
    told |= {f"dimension:{id}": at for id, at in heading.dimensions.items()}
    found = {name: placed(at) for name, at in told.items() if at is not None}
    order = maker.order.get(heading.column)
    if order is not None and order.outside and period is not None:
        text, origin = found["period"]
        wrong = Flaw("period-outside-project", str(text), expected=order.expected, suggestion=order.expected)
        found["period"] = (wrong, origin)
    return found


def _dated(maker: Maker, record: Record, cells: dict[str, Placed]) -> dict[str, Placed]:
    """The period that a date beside the value says, where nothing else does."""
    for heading in maker.window.aside:
        if heading.date_of in cells and not is_blank(cell := maker.view.own(record.row, heading.column)):
            return {"period": (cell, Origin(maker.view.grid.numbers[record.row], heading.column, heading.header))}
    return {}
