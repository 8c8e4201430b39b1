"""The cells of one record that are read, by role: its value, its numerator and denominator, its remark.

Read `cells_of` first, then `chosen_cells`: of this period and cumulative only one is read, as the indicator counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mne.ground.phrases import phrase
from mne.ground.sheets import column_letters
from mne.logframe.indicator import Accumulation
from mne.reports.grid import Cell, Flaw, Origin, is_blank, text_of
from mne.reports.headers import header_key
from mne.reports.headings import ASIDE, READ, Heading, counting
from mne.reports.maker import NOTHING, UNKNOWN, WHOLES, Placed
from mne.reports.share_records import titles, without_echo
from mne.reports.share_rows import role_in
from mne.reports.sums import Figure, plain_number

if TYPE_CHECKING:
    from mne.reports.maker import Maker, Record

__all__ = ["cells_of", "chosen_cells"]

_FIELDS: Final = ("value", "numerator", "denominator", "text", "comment")
_COUNTS: Final = ("this_period", "cumulative")
_ROLES: Final = phrase("a word for what was planned or achieved")


def cells_of(maker: Maker, record: Record, headings: list[Heading]) -> dict[str, Placed]:
    """The cells of one record and spot by role; a row that was planned holds no value."""
    found: dict[str, Placed] = {}
    for heading in headings:
        for row_role, row in record.rows.items():
            role = heading.role if maker.window.role_at is None else _joint(row_role, heading.role)
            role = row_role if record.shared and heading.role in WHOLES else role
            if role in READ or role == UNKNOWN:
                cell = _figure(maker, row, heading.column)
                if role == UNKNOWN and is_blank(cell):
                    continue
                if role == UNKNOWN:
                    said = text_of(maker.view.at(row, maker.window.role_at or 0)) or ""
                    role, cell = "value", Flaw("layout-role-unknown", f"{text_of(cell)} ({said})", expected=_ROLES)
                found[role] = (cell, Origin(maker.view.grid.numbers[row], heading.column, heading.header))
    return found


def _figure(maker: Maker, row: int, column: int) -> Cell:
    """The cell of a figure; one beside which a merged figure begins looks filled, and holds nothing itself."""
    view, cell = maker.view, maker.view.own(row, column)
    area = view.area(row, column) if cell is None else None
    if area is None or area.left == column or is_blank(first := view.at(row, column)):
        return cell
    if not any(each.column == area.left for each in maker.window.figures):
        return cell
    return Flaw("cell-merged", text_of(first) or "", of=f"{column_letters(area.left + 1)}{view.grid.numbers[area.top]}")


def _joint(of_row: str, of_column: str) -> str:
    """The role of a cell whose row and column both say one; a milestone's column holds what was achieved by then."""
    if of_row == UNKNOWN:
        return of_row if of_column not in ASIDE or of_column == "target" else ""
    if of_row not in READ:
        return ""
    return of_row if of_column in ("value", "target", "") else of_column if of_column in READ else ""


def chosen_cells(maker: Maker, record: Record, cells: dict[str, Placed]) -> dict[str, Placed]:
    """The cells that are read: of this period and cumulative the one that the indicator counts by."""
    cells = without_echo(maker, record, cells)
    if (counted := _counted(maker, record, cells)) is not None:
        cells = {**{role: cell for role, cell in cells.items() if cell != counted}, "numerator": counted}
    chosen: dict[str, Placed] = {role: cells[role] for role in _FIELDS if role in cells}
    period = cells.get("this_period", cells.get("value", NOTHING))
    total = cells.get("cumulative", NOTHING)
    if "cumulative" not in cells and "this_period" not in cells:
        return chosen
    code = maker.names.indicators.match_cell(record.keys.get("indicator", NOTHING)[0]).value
    indicator = maker.names.plan.indicators.get(code or "")
    runs = indicator is not None and indicator.accumulation is Accumulation.RUNNING_TOTAL
    flows = indicator is not None and indicator.accumulation is Accumulation.FLOW
    wanted, other = (total, period) if runs else (period, total)
    if (runs or flows) and is_blank(wanted[0]) and not is_blank(other[0]):
        if role_in(titles(maker, record.row), maker.headings, _COUNTS) == ("cumulative" if runs else "this_period"):
            return {**chosen, "value": other}  # what a row says of itself is nearer than what stands above its column
        asked = phrase("the total so far") if runs else phrase("what this period alone achieved")
        wanted = (Flaw("value-accumulation", text_of(other[0]) or "", expected=_as_said(maker, asked, other)), other[1])
    elif is_blank(wanted[0]) and not (runs or flows):
        wanted = other
    if runs or flows:
        maker.figures.append(Figure(code or "", record.keys, period, total))
    return {**chosen, "value": wanted}


def _counted(maker: Maker, record: Record, cells: dict[str, Placed]) -> Placed | None:
    """The figure that is counted out of the one beside it, as the header of that one says: 138, out of 150."""
    code = maker.names.indicators.match_cell(record.keys.get("indicator", NOTHING)[0]).value
    below, origin = cells.get("denominator", NOTHING)
    if code is None or origin is None or is_blank(below) or "numerator" in cells:
        return None
    if not maker.names.plan.indicators[code].by_denominator or header_key(origin.header) not in counting():
        return None
    shown = [cells[role] for role in ("this_period", "value") if role in cells]
    return shown[0] if len(shown) == 1 and plain_number(shown[0][0]) is not None else None


def _as_said(maker: Maker, asked: str, placed: Placed) -> str:
    """What is asked for where a heading says that something else stands beneath it, with the cell of that heading."""
    origin = placed[1]
    heading = next((each for each in maker.window.figures if origin and each.column == origin.column), None)
    if heading is None or heading.role_said is None or maker.window.role_at is not None:
        return asked
    said, grid = heading.role_said, maker.view.grid
    cell = f"{column_letters(said.column + 1)}{grid.numbers[said.row]}"
    return phrase("{asked}; the heading in {cell} says {heading}", asked=asked, cell=cell, heading=said.text)
