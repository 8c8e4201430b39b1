"""The records of one window of a sheet: which of its rows say together what one indicator reports.

Read `records_of` first. A record is one row, or one for each role (planned, achieved) or part (numerator,
denominator); a block is one record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding, Place
from mne.logframe.indicator import Measure
from mne.reports.grid import Flaw, is_blank, text_of
from mne.reports.maker import NOTHING, UNKNOWN, Placed, Record
from mne.reports.passed_rows import why_not
from mne.reports.share_records import seen, with_shares
from mne.reports.strange_heads import has_figure, is_strange_head
from mne.reports.total_rows import TotalRows
from mne.reports.windows import named_indicator

if TYPE_CHECKING:
    from mne.reports.maker import Maker

__all__ = ["records_of"]

_DATA: Final = ("", "unreported", "row-without-data")
_NUMBERS: Final = (Measure.NUMBER, Measure.CURRENCY, Measure.PERCENTAGE, Measure.RATIO, Measure.INDEX)
_TABLE: Final = 3
"""Cells of a row that is more than a line above a table."""


def records_of(maker: Maker) -> list[Record]:
    """The records of a window, in the order of their rows."""
    return _block_records(maker) if maker.window.block else with_shares(maker, _records(maker))


# ------------------------------------------------------------------------------------------------------------- rows


def _records(maker: Maker) -> list[Record]:
    view, window = maker.view, maker.window
    records: list[Record] = []
    totals = TotalRows(view, window, maker.names, maker.titled)
    own = window.rows
    last = max((row for row in own if [*view.filled(row)]), default=own.start - 1)
    head: int | None = None
    for row in range(own.start, last + 1):
        reason = "row-part-unasked" if row in maker.unasked else why_not(maker, row)
        if reason in _DATA and _is_strange(maker, row):
            head, totals.parts = row, []
        elif head is not None and reason in (*_DATA, "total") and has_figure(view, row):
            records.append(Record(row, _keys(maker, row), {"": row}, head=head))
        elif reason == "total":
            maker.passed.setdefault("row-total", []).append(row)
            maker.findings += totals.told(row)
        elif reason == "row-without-data" and row in window.told:
            continue
        elif reason:
            if reason == "unreported" and window.role_at is None:
                maker.silent.append(Record(row, _keys(maker, row), {"": row}))
            maker.passed.setdefault(reason, []).append(row)
        else:
            totals.parts.append(row)
            _tear(maker, row)
            _add_record(maker, row, records)
        if head is not None and row != head and not has_figure(view, row):
            head = None
    return records


def _is_strange(maker: Maker, row: int) -> bool:
    """Whether a row is the head of a table that nobody knows; where words are asked for, they are no head."""
    view, window, names = maker.view, maker.window, maker.names
    if window.role_at is not None:
        return False
    at = window.keys.get("indicator")
    answer = names.indicators.match_cell(
        view.at(row, at) if at is not None else window.facts.get("indicator", NOTHING)[0]
    )
    if at is not None and (answer.value is not None or answer.suggestion is not None):
        return False
    if answer.value is not None and names.plan.indicators[answer.value].measure not in _NUMBERS:
        return False
    between = range(window.named_at + 1, row) if window.named_at > window.bottom or window.strange else None
    first = between is not None and all(len([*view.filled(each)]) < _TABLE for each in between)
    return is_strange_head(view, row, maker.headings, first=first)


def _add_record(maker: Maker, row: int, records: list[Record]) -> None:
    """A row of its own, or one more role of the record above it."""
    keys = _keys(maker, row)
    role_at = maker.window.role_at
    if role_at is None:
        records.append(Record(row, keys, {"": row}))
        return
    role = maker.headings.role(text_of(maker.view.at(row, role_at)) or "")
    before = records[-1] if records else None
    same = before is not None and all(
        is_blank(cell) or text_of(cell) == text_of(before.keys[name][0]) for name, (cell, _) in keys.items()
    )
    if before is not None and same and role and role not in before.rows:
        before.rows[role] = row
    else:
        records.append(Record(row, keys, {role or UNKNOWN: row}))


def _tear(maker: Maker, row: int) -> None:
    """Hold a row of a text file that has more or fewer cells than its header: its figures may stand elsewhere."""
    grid = maker.view.grid
    if grid.widths is None:
        return
    cells, width = grid.widths[row], grid.widths[maker.window.bottom]
    last = max((each.column for each in maker.window.figures), default=0)
    surplus = any(not is_blank(column[row]) for column in grid.columns[width:cells])
    code = "row-extra-cells" if surplus else "row-missing-cells" if cells <= last else None
    if code is not None:
        maker.torn.add(row)
        place = Place(file=grid.file, sheet=grid.sheet, row=grid.numbers[row])
        maker.findings.append(Finding(code=code, place=place, found=str(cells), expected=str(width)))


def _keys(maker: Maker, row: int) -> dict[str, Placed]:
    """The cells that say what a row is about; a merged range says it for each row that it covers."""
    window = maker.window
    named = {**window.keys, **{f"dimension:{id}": at for id, at in window.dimensions.items()}}
    found = {name: seen(maker, row, at) for name, at in named.items()}
    if row in maker.titled and window.titles is not None:
        code, category = maker.titled[row]
        cell, origin = found.get("indicator", NOTHING)
        if "indicator" in found:
            found["indicator"] = (code if is_blank(cell) else cell, origin)
        found["category"] = (category, seen(maker, row, window.titles)[1])
    return found


# ----------------------------------------------------------------------------------------------------------- blocks


def _block_records(maker: Maker) -> list[Record]:
    """The one record of a block: its indicator, and a row for each role."""
    view, window = maker.view, maker.window
    rows: dict[str, int] = {}
    figures = {each.column for each in (*window.figures, *window.aside)}
    for row in range(window.bottom + 1, window.end):
        cell = view.own(row, window.role_at or 0)
        role = maker.headings.role(cell) if isinstance(cell, str) else ""
        if role and role not in rows:
            rows[role] = row
    return [Record(window.top, {"indicator": _block_indicator(maker, figures)}, rows)]


def _block_indicator(maker: Maker, figures: set[int]) -> Placed:
    """The cell of a block that names its indicator: by code or title, else by the number in its head."""
    view, window, lookup = maker.view, maker.window, maker.names.indicators
    certain: dict[str, Placed] = {}
    likely: dict[str, Placed] = {}
    first: Placed = NOTHING
    for row in range(window.top, window.end):
        for column in view.filled(row):
            cell = view.own(row, column)
            if column in figures or not isinstance(cell, str):
                continue
            placed: Placed = (cell, view.origin(row, column, "indicator"))
            first = first if first[0] is not None else placed
            answer = lookup.match(cell)
            if answer.value is not None:
                certain.setdefault(answer.value, placed)
            elif (code := named_indicator(cell, lookup.codes)) is not None:
                likely.setdefault(code, (code, placed[1]))
    found = certain or likely
    return (
        next(iter(found.values()))
        if len(found) == 1
        else (Flaw("ref-ambiguous", " / ".join(found)) if found else first[0], first[1])
    )
