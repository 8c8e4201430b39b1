"""A table of another layout becomes a long one: one row for each value, and beside each cell where it stood.

Read `unpivot` first. Cells are moved, never computed: what a table reports twice (this period and cumulative, parts and
their sum) is read once, as the indicator counts, and the other is compared with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.ground.sheets import column_letters
from mne.logframe.indicator import Accumulation, Measure
from mne.reports.blank_parts import Blank, blank_parts
from mne.reports.blanks import MOST, blank
from mne.reports.grid import Cell, Flaw, Grid, Origin, is_blank, text_of
from mne.reports.header_order import Misplaced, misplaced, spanning
from mne.reports.headers import Layout, header_key
from mne.reports.headings import ASIDE, READ, At, Heading, counting
from mne.reports.layout_told import announced, announced_sections, said_of_headers
from mne.reports.retyped import other_target
from mne.reports.row_titles import categories_of_rows
from mne.reports.rows import is_total
from mne.reports.share_rows import part_of_texts, role_in, without_part
from mne.reports.strange_heads import has_figure, is_strange_head, words_of_head
from mne.reports.sums import Figure, compare_cumulative, plain_number
from mne.reports.total_rows import TotalRows
from mne.reports.windows import named_indicator
from mne.reports.words import STATES, TOTALS, folded

if TYPE_CHECKING:
    from mne.reports.headings import Headings
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView
    from mne.reports.windows import Window

__all__ = ["Laid", "unpivot", "unpivot_sections"]

Placed = tuple[Cell, Origin | None]
_NOTHING: Final[Placed] = (None, None)
_FIELDS: Final = ("value", "numerator", "denominator", "text", "comment")
_SHOWN: Final = 20
_UNKNOWN: Final = "unknown"
_DATA: Final = ("", "unreported", "row-without-data")
_NUMBERS: Final = (Measure.NUMBER, Measure.CURRENCY, Measure.PERCENTAGE, Measure.RATIO, Measure.INDEX)
_TABLE: Final = 3
"""Cells of a row that is more than a line above a table."""
_WHOLES: Final = frozenset(("value", "this_period"))
_COUNTS: Final = ("this_period", "cumulative")
_BESIDE: Final = ("unit", "comment", "evidence", "text")
"""What two rows of one figure may say differently."""
_ROLES: Final = phrase("a word for what was planned or achieved")


@dataclass(slots=True)
class Laid:
    """A long table made from a sheet, and what is to be said of how it was understood."""

    grid: Grid
    layout: Layout
    findings: list[Finding]


@dataclass(slots=True)
class _Record:
    """The rows of a sheet that say together what one indicator reports: one row, or one for each role.

    `shared`: the rows hold a numerator and a denominator, or one of the two, as their titles say. `head`: the row of a
    head that nobody knows, beneath which they stand.
    """

    row: int
    keys: dict[str, Placed]
    rows: dict[str, int]
    shared: bool = False
    head: int | None = None


@dataclass(slots=True)
class _Maker:
    view: SheetView
    window: Window
    names: Names
    headings: Headings
    findings: list[Finding] = field(default_factory=list)
    passed: dict[str, list[int]] = field(default_factory=dict)
    lines: list[dict[str, Placed]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    held: set[int] = field(default_factory=set)
    torn: set[int] = field(default_factory=set)
    figures: list[Figure] = field(default_factory=list)
    order: dict[int, Misplaced] = field(default_factory=dict)
    spans: dict[int, list[int]] = field(default_factory=dict)
    summed: set[int] = field(default_factory=set)
    within: dict[int, int] = field(default_factory=dict)
    titled: dict[int, tuple[str, str]] = field(default_factory=dict)
    silent: list[_Record] = field(default_factory=list)
    blanks: list[Place] = field(default_factory=list)
    gaps: list[Blank] = field(default_factory=list)


def unpivot(view: SheetView, window: Window, names: Names, headings: Headings) -> Laid:
    """The long table behind one window of a sheet.

    Findings: layout-read, layout-ambiguous, header-unknown, header-repeated, header-second-row, period-order,
    row-blank, row-without-data, row-looks-like-total, row-extra-cells, row-missing-cells, total-row-differs,
    total-cumulative-differs.
    """
    maker = _made(view, window, names, headings)
    _say_passed(maker)
    grid, layout = _long([maker])
    said = [announced(view, window), *said_of_headers(view, window, maker.order), *maker.findings]
    return Laid(grid, layout, said)


def unpivot_sections(view: SheetView, windows: Sequence[Window], names: Names, headings: Headings) -> Laid:
    """One long table of all the tables of a sheet that stand each beneath the name of its indicator.

    Findings: those of `unpivot`; of headers that stand above several tables each once.
    """
    makers = [_made(view, window, names, headings) for window in windows]
    first = makers[0]
    for maker in makers[1:]:
        first.findings += maker.findings
        for code, rows in maker.passed.items():
            first.passed.setdefault(code, []).extend(rows)
    _say_passed(first)
    grid, layout = _long(makers)
    told: dict[tuple[str, str], Finding] = {}
    for maker in makers:
        for each in said_of_headers(view, maker.window, maker.order):
            told.setdefault((each.code, each.found), each)
    return Laid(grid, layout, [announced_sections(view, windows), *told.values(), *first.findings])


def _made(view: SheetView, window: Window, names: Names, headings: Headings) -> _Maker:
    """The lines of one window."""
    maker = _Maker(view, window, names, headings)
    if not window.block:
        maker.spans = spanning(window.figures, names)
        maker.order = misplaced([*window.figures, *(each for each, _ in window.ambiguous)], names)
        window.titles, maker.titled = categories_of_rows(view, window, headings)
    records = _block_records(maker) if window.block else _with_shares(maker, _records(maker))
    for record in records:
        _lines_of(maker, record)
        if record.head is None:
            _retyped(maker, record)
    for record in maker.silent:
        for heading in window.figures:
            _left_blank(maker, record, heading)
    maker.findings += blank_parts(maker.lines, maker.gaps, view.grid, names)
    maker.findings += compare_cumulative(maker.figures, names, file=view.grid.file, sheet=view.grid.sheet)
    # A year that is the sum of its quarters in one row may be what another row reports.
    window.sums += [each for each in window.figures if each.column in maker.summed]
    wholes = {each.column: each.period.text for each in window.figures if each.period is not None}
    window.within |= {part: wholes[whole] for part, whole in maker.within.items()}
    return maker


# ------------------------------------------------------------------------------------------------------------- rows


def _records(maker: _Maker) -> list[_Record]:
    view, window = maker.view, maker.window
    records: list[_Record] = []
    totals = TotalRows(view, window, maker.names, maker.titled)
    own = window.rows
    last = max((row for row in own if [*view.filled(row)]), default=own.start - 1)
    head: int | None = None
    for row in range(own.start, last + 1):
        reason = _why_not(maker, row)
        if reason in _DATA and _is_strange(maker, row):
            head, totals.parts = row, []
        elif head is not None and reason in (*_DATA, "total") and has_figure(view, row):
            records.append(_Record(row, _keys(maker, row), {"": row}, head=head))
        elif reason == "total":
            maker.passed.setdefault("row-total", []).append(row)
            maker.findings += totals.told(row)
        elif reason == "row-without-data" and row in window.told:
            continue
        elif reason:
            if reason == "unreported" and window.role_at is None:
                maker.silent.append(_Record(row, _keys(maker, row), {"": row}))
            maker.passed.setdefault(reason, []).append(row)
        else:
            totals.parts.append(row)
            _tear(maker, row)
            _add_record(maker, row, records)
        if head is not None and row != head and not has_figure(view, row):
            head = None
    return records


def _is_strange(maker: _Maker, row: int) -> bool:
    """Whether a row is the head of a table that nobody knows; where words are asked for, they are no head."""
    view, window, names = maker.view, maker.window, maker.names
    if window.role_at is not None:
        return False
    at = window.keys.get("indicator")
    answer = names.indicators.match_cell(
        view.at(row, at) if at is not None else window.facts.get("indicator", _NOTHING)[0]
    )
    if at is not None and (answer.value is not None or answer.suggestion is not None):
        return False
    if answer.value is not None and names.plan.indicators[answer.value].measure not in _NUMBERS:
        return False
    between = range(window.named_at + 1, row) if window.named_at > window.bottom or window.strange else None
    first = between is not None and all(len([*view.filled(each)]) < _TABLE for each in between)
    return is_strange_head(view, row, maker.headings, first=first)


def _add_record(maker: _Maker, row: int, records: list[_Record]) -> None:
    """A row of its own, or one more role of the record above it."""
    keys = _keys(maker, row)
    role_at = maker.window.role_at
    if role_at is None:
        records.append(_Record(row, keys, {"": row}))
        return
    role = maker.headings.role(text_of(maker.view.at(row, role_at)) or "")
    before = records[-1] if records else None
    same = before is not None and all(
        is_blank(cell) or text_of(cell) == text_of(before.keys[name][0]) for name, (cell, _) in keys.items()
    )
    if before is not None and same and role and role not in before.rows:
        before.rows[role] = row
    else:
        records.append(_Record(row, keys, {role or _UNKNOWN: row}))


def _with_shares(maker: _Maker, records: list[_Record]) -> list[_Record]:
    """The records, with rows of a numerator and of a denominator as one: their titles say which each of them holds."""
    window = maker.window
    roles = {each.role for each in window.values}
    if window.role_at is not None or len(roles) != 1 or not roles <= _WHOLES:
        return records
    found: list[_Record] = []
    lone: dict[tuple[str, ...], _Record] = {}
    last: _Record | None = None
    for record in records:
        part = part_of_texts(_titles(maker, record.row), maker.headings) if record.head is None else ""
        if part and last is not None and is_blank(record.keys.get("indicator", _NOTHING)[0]):
            record.keys |= {"indicator": last.keys["indicator"]} if "indicator" in last.keys else {}
        if part and _by_denominator(maker, record):
            record.rows, record.shared = {part: record.row}, True
            same = tuple(text_of(cell) or "" for name, (cell, _) in record.keys.items() if name not in _BESIDE)
            first = lone.get(same)
            if first is not None and part not in first.rows:
                first.rows[part] = record.row
                first.keys |= {name: cell for name, cell in record.keys.items() if is_blank(first.keys[name][0])}
                del lone[same]
                last = record
                continue
            lone[same] = record
            window.shares = True
        last = record
        found.append(record)
    return found


def _titles(maker: _Maker, row: int) -> list[str]:
    """What stands in a row beside its figures and remarks, as texts."""
    view, window = maker.view, maker.window
    figures = {each.column for each in (*window.figures, *window.aside, *window.sums)}
    aside = figures | {at for name, at in window.keys.items() if name in ("comment", "evidence", "text")}
    cells = (view.at(row, column) for column in range(view.width) if column not in aside)
    return [cell for cell in cells if isinstance(cell, str)]


def _by_denominator(maker: _Maker, record: _Record) -> bool:
    """Whether the indicator of a record asks for a numerator and a denominator; its name may stand before that word."""
    keys = {**maker.window.facts, **record.keys}
    cell, origin = keys.get("indicator", _NOTHING)
    lookup = maker.names.indicators
    code = lookup.match_cell(cell).value
    if code is None and isinstance(cell, str):
        code = lookup.match_cell(without_part(cell, maker.headings)).value
        if code is not None:
            record.keys["indicator"] = (code, origin)
    return code is not None and maker.names.plan.indicators[code].by_denominator


def _tear(maker: _Maker, row: int) -> None:
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


def _why_not(maker: _Maker, row: int) -> str:
    """Why a row is not read; empty for a row of data."""
    view, window = maker.view, maker.window
    filled = list(view.filled(row))
    if not filled:
        return "row-blank"
    texts = {column: view.own(row, column) for column in filled}
    headers = window.headers
    same = [column for column, cell in texts.items() if isinstance(cell, str) and column in headers]
    same = [column for column in same if header_key(str(texts[column])) == header_key(headers[column])]
    if len(same) * 2 > len(filled) and len(same) > 1:
        return "header-repeated"
    if row == window.bottom + 1 and len(filled) > 2 and _counts_columns(list(texts.values())):
        return "header-second-row"
    if _is_total(maker, texts):
        return "total"
    figures = [each.column for each in (*window.figures, *window.aside, *window.sums)]
    if any(not is_blank(view.own(row, column)) or _is_covered(view, row, column) for column in figures):
        return ""
    told = {*window.keys.values(), *window.dimensions.values()}
    if window.section and told & {*filled} and sum(not is_blank(view.at(row, column)) for column in told) > 1:
        return ""  # a period and a place or a group without a figure: the value is missing
    at = window.keys.get("indicator")
    cell = view.at(row, at) if at is not None else None
    known = cell is not None and maker.names.indicators.match_cell(cell).value is not None
    return "unreported" if known or window.role_at in filled else "row-without-data"


def _is_covered(view: SheetView, row: int, column: int) -> bool:
    cell = view.own(row, column)
    return isinstance(cell, Flaw) and cell.code == "cell-merged"


def _counts_columns(cells: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3."""
    shown = [(text_of(cell) or "").strip().strip("()") for cell in cells]
    return shown == [str(number) for number in range(1, len(shown) + 1)]


def _is_total(maker: _Maker, texts: dict[int, Cell]) -> bool:
    """Whether a word for "total" stands where a code of the row should, or before the figures."""
    window, names = maker.window, maker.names
    first = min((each.column for each in (*window.figures, *window.aside)), default=0)
    lookups = {"indicator": names.indicators, "partner": names.partners, "location": names.locations}
    parts = {*window.dimensions.values()} | {at for name, at in window.keys.items() if name == "category"}
    roles = {window.keys.get(name): lookup for name, lookup in lookups.items()}
    placed = any(at in texts for name, at in window.keys.items() if name in ("period", "year", "partner", "location"))
    for column, cell in texts.items():
        if not isinstance(cell, str) or column in parts or (column >= first and column not in roles):
            continue
        word = cell.strip().rstrip(":").strip()
        if is_total(word, roles.get(column)) and (folded(word) in TOTALS or not placed):
            return True
    return False


def _keys(maker: _Maker, row: int) -> dict[str, Placed]:
    """The cells that say what a row is about; a merged range says it for each row that it covers."""
    window = maker.window
    named = {**window.keys, **{f"dimension:{id}": at for id, at in window.dimensions.items()}}
    found = {name: _seen(maker, row, at) for name, at in named.items()}
    if row in maker.titled and window.titles is not None:
        code, category = maker.titled[row]
        cell, origin = found["indicator"]
        found["indicator"] = (code if is_blank(cell) else cell, origin)
        found["category"] = (category, _seen(maker, row, window.titles)[1])
    return found


def _seen(maker: _Maker, row: int, column: int) -> Placed:
    header = maker.window.headers.get(column, "")
    return maker.view.at(row, column), maker.view.origin(row, column, header)


# ----------------------------------------------------------------------------------------------------------- blocks


def _block_records(maker: _Maker) -> list[_Record]:
    """The one record of a block: its indicator, and a row for each role."""
    view, window = maker.view, maker.window
    rows: dict[str, int] = {}
    figures = {each.column for each in (*window.figures, *window.aside)}
    for row in range(window.bottom + 1, window.end):
        cell = view.own(row, window.role_at or 0)
        role = maker.headings.role(cell) if isinstance(cell, str) else ""
        if role and role not in rows:
            rows[role] = row
    return [_Record(window.top, {"indicator": _block_indicator(maker, figures)}, rows)]


def _block_indicator(maker: _Maker, figures: set[int]) -> Placed:
    """The cell of a block that names its indicator: by code or title, else by the number in its head."""
    view, window, lookup = maker.view, maker.window, maker.names.indicators
    certain: dict[str, Placed] = {}
    likely: dict[str, Placed] = {}
    first: Placed = _NOTHING
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


# ------------------------------------------------------------------------------------------------------------ lines


def _lines_of(maker: _Maker, record: _Record) -> None:
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
        cells = _cells(maker, record, headings)
        silent = len(spots) > 1 or not maker.window.section
        if silent and all(is_blank(cell) and not isinstance(cell, Flaw) for cell, _ in cells.values()):
            _left_blank(maker, record, headings[0])
            continue
        if _does_not_apply(maker, record, headings[0], cells):
            continue
        line = {**maker.window.facts, **record.keys, **_spot(maker, headings[0]), **_chosen(maker, record, cells)}
        line |= _dated(maker, record, cells)
        row = next((origin.row for cell, origin in cells.values() if origin and not is_blank(cell)), None)
        maker.lines.append(line)
        maker.numbers.append(row if row is not None else maker.view.grid.numbers[record.row])
        if any(each in maker.torn for each in record.rows.values()):
            maker.held.add(len(maker.lines) - 1)


def _held_line(maker: _Maker, record: _Record, head: int) -> None:
    """One row for all that stands in a row beneath a head that nobody knows: what it is of, as far as that is certain.

    It is held for the sake of the head, where that is told.
    """
    names, grid = maker.names, maker.view.grid
    lookups = {"indicator": names.indicators, "partner": names.partners, "location": names.locations}
    keys = {**maker.window.facts}
    for name, lookup in lookups.items():
        if name in record.keys and lookup.match_cell(record.keys[name][0]).value is not None:
            keys[name] = record.keys[name]
    code = names.indicators.match_cell(keys.get("indicator", _NOTHING)[0]).value
    parted = code is not None and names.plan.indicators[code].by_denominator
    words, column = words_of_head(maker.view, head)
    expected = phrase("Numerator and Denominator") if parted else phrase("Value")
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


def _retyped(maker: _Maker, record: _Record) -> None:
    """What is to be said of the targets that a record shows beneath their periods."""
    names, grid = maker.names, maker.view.grid
    code = names.indicators.match_cell(record.keys.get("indicator", _NOTHING)[0]).value
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


def _left_blank(maker: _Maker, record: _Record, heading: Heading) -> None:
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


def _does_not_apply(maker: _Maker, record: _Record, heading: Heading, cells: dict[str, Placed]) -> bool:
    """Whether a dash says that the indicator has no such part: its plan does not split it so."""
    code = maker.names.indicators.match_cell(record.keys.get("indicator", _NOTHING)[0]).value
    if not heading.dimensions or code is None:
        return False
    splits = maker.names.plan.indicators[code].disaggregation
    if any({*heading.dimensions} <= {*split.dimensions} for split in splits):
        return False
    return all(is_blank(cell) or (isinstance(cell, str) and folded(cell) in STATES) for cell, _ in cells.values())


def _sums_up(maker: _Maker, record: _Record, heading: Heading) -> bool:
    """Whether the figure of a year among its quarters is their sum: it is no period in which its indicator reports."""
    if _is_own_period(maker, record, heading) is not False:
        return False
    return any(_has_figure(maker, record, part) for part in maker.spans[heading.column])


def _is_within(maker: _Maker, record: _Record, heading: Heading) -> int | None:
    """The column of the quarter in which the indicator reports, where that has a figure, and this one is of a month."""
    wholes = {column for column, parts in maker.spans.items() if heading.column in parts}
    for other in maker.window.figures if wholes else ():
        if other.column not in wholes or not _has_figure(maker, record, other.column):
            continue
        if _is_own_period(maker, record, other) and _is_own_period(maker, record, heading) is False:
            return other.column
    return None


def _is_own_period(maker: _Maker, record: _Record, heading: Heading) -> bool | None:
    """Whether a column's period is one in which the indicator of a row reports; None where one of both is unknown."""
    names, period = maker.names, heading.period
    code = names.indicators.match_cell(record.keys.get("indicator", _NOTHING)[0]).value
    if code is None or period is None:
        return None
    told = names.periods.read(period.text)
    own = names.plan.periods(names.plan.indicators[code].frequency)
    return any((each.start, each.last_day) == (told.start, told.last) for each in own)


def _has_figure(maker: _Maker, record: _Record, column: int) -> bool:
    return any(not is_blank(maker.view.own(row, column)) for row in record.rows.values())


def _cells(maker: _Maker, record: _Record, headings: list[Heading]) -> dict[str, Placed]:
    """The cells of one record and spot by role; a row that was planned holds no value."""
    found: dict[str, Placed] = {}
    for heading in headings:
        for row_role, row in record.rows.items():
            role = heading.role if maker.window.role_at is None else _joint(row_role, heading.role)
            role = row_role if record.shared and heading.role in _WHOLES else role
            if role in READ or role == _UNKNOWN:
                cell = _figure(maker, row, heading.column)
                if role == _UNKNOWN and is_blank(cell):
                    continue
                if role == _UNKNOWN:
                    said = text_of(maker.view.at(row, maker.window.role_at or 0)) or ""
                    role, cell = "value", Flaw("layout-role-unknown", f"{text_of(cell)} ({said})", expected=_ROLES)
                found[role] = (cell, Origin(maker.view.grid.numbers[row], heading.column, heading.header))
    return found


def _figure(maker: _Maker, row: int, column: int) -> Cell:
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
    if of_row == _UNKNOWN:
        return of_row if of_column not in ASIDE or of_column == "target" else ""
    if of_row not in READ:
        return ""
    return of_row if of_column in ("value", "target", "") else of_column if of_column in READ else ""


def _spot(maker: _Maker, heading: Heading) -> dict[str, Placed]:
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


def _dated(maker: _Maker, record: _Record, cells: dict[str, Placed]) -> dict[str, Placed]:
    """The period that a date beside the value says, where nothing else does."""
    for heading in maker.window.aside:
        if heading.date_of in cells and not is_blank(cell := maker.view.own(record.row, heading.column)):
            return {"period": (cell, Origin(maker.view.grid.numbers[record.row], heading.column, heading.header))}
    return {}


def _counted(maker: _Maker, record: _Record, cells: dict[str, Placed]) -> Placed | None:
    """The figure that is counted out of the one beside it, as the header of that one says: 138, out of 150."""
    code = maker.names.indicators.match_cell(record.keys.get("indicator", _NOTHING)[0]).value
    below, origin = cells.get("denominator", _NOTHING)
    if code is None or origin is None or is_blank(below) or "numerator" in cells:
        return None
    if not maker.names.plan.indicators[code].by_denominator or header_key(origin.header) not in counting():
        return None
    shown = [cells[role] for role in ("this_period", "value") if role in cells]
    return shown[0] if len(shown) == 1 and plain_number(shown[0][0]) is not None else None


def _chosen(maker: _Maker, record: _Record, cells: dict[str, Placed]) -> dict[str, Placed]:
    """The cells that are read: of this period and cumulative the one that the indicator counts by."""
    if (counted := _counted(maker, record, cells)) is not None:
        cells = {**{role: cell for role, cell in cells.items() if cell != counted}, "numerator": counted}
    chosen: dict[str, Placed] = {role: cells[role] for role in _FIELDS if role in cells}
    period = cells.get("this_period", cells.get("value", _NOTHING))
    total = cells.get("cumulative", _NOTHING)
    if "cumulative" not in cells and "this_period" not in cells:
        return chosen
    code = maker.names.indicators.match_cell(record.keys.get("indicator", _NOTHING)[0]).value
    indicator = maker.names.plan.indicators.get(code or "")
    runs = indicator is not None and indicator.accumulation is Accumulation.RUNNING_TOTAL
    flows = indicator is not None and indicator.accumulation is Accumulation.FLOW
    wanted, other = (total, period) if runs else (period, total)
    if (runs or flows) and is_blank(wanted[0]) and not is_blank(other[0]):
        if role_in(_titles(maker, record.row), maker.headings, _COUNTS) == ("cumulative" if runs else "this_period"):
            return {**chosen, "value": other}  # what a row says of itself is nearer than what stands above its column
        asked = phrase("the total so far") if runs else phrase("what this period alone achieved")
        wanted = (Flaw("value-accumulation", text_of(other[0]) or "", expected=_as_said(maker, asked, other)), other[1])
    elif is_blank(wanted[0]) and not (runs or flows):
        wanted = other
    if runs or flows:
        maker.figures.append(Figure(code or "", record.keys, period, total))
    return {**chosen, "value": wanted}


def _as_said(maker: _Maker, asked: str, placed: Placed) -> str:
    """What is asked for where a heading says that something else stands beneath it, with the cell of that heading."""
    origin = placed[1]
    heading = next((each for each in maker.window.figures if origin and each.column == origin.column), None)
    if heading is None or heading.role_said is None or maker.window.role_at is not None:
        return asked
    said, grid = heading.role_said, maker.view.grid
    cell = f"{column_letters(said.column + 1)}{grid.numbers[said.row]}"
    return phrase("{asked}; the heading in {cell} says {heading}", asked=asked, cell=cell, heading=said.text)


# ---------------------------------------------------------------------------------------------------------- the grid


def _long(makers: Sequence[_Maker]) -> tuple[Grid, Layout]:
    """The lines of the windows of one sheet as a grid that names its own columns."""
    sheet = makers[0].view.grid
    lines = [line for maker in makers for line in maker.lines]
    names = list(dict.fromkeys(name for line in lines for name in line)) or ["indicator", "period", "value"]
    headers: list[str] = []
    for name in names:
        header = next((told for maker in makers if (told := _header(maker, name))), name.removeprefix("dimension:"))
        headers.append(header if header not in headers else f"{header} ({name})")
    held: set[int] = set()
    for maker, before in zip(makers, accumulate((len(maker.lines) for maker in makers), initial=0), strict=False):
        held |= {before + at for at in maker.held}
    grid = Grid(
        file=sheet.file,
        sheet=sheet.sheet,
        lane=sheet.lane,
        columns=[[line.get(name, _NOTHING)[0] for line in lines] for name in names],
        numbers=[number for maker in makers for number in maker.numbers],
        header=tuple(headers),
        has_letters=sheet.has_letters or sheet.lane == "text",
        hidden=sheet.hidden,
        hidden_rows=sheet.hidden_rows,
        epoch=sheet.epoch,
        notes=sheet.notes,
        held=frozenset(held),
        passed=sum(map(len, makers[0].passed.values())),
        origins=[[line.get(name, _NOTHING)[1] for line in lines] for name in names],
        blanks=tuple(each for maker in makers for each in maker.blanks),
    )
    columns = {name: at for at, name in enumerate(names) if not name.startswith("dimension:")}
    dimensions = {name.removeprefix("dimension:"): at for at, name in enumerate(names) if name.startswith("dimension:")}
    return grid, Layout(header_at=-1, headers=tuple(headers), columns=columns, dimensions=dimensions)


def _header(maker: _Maker, name: str) -> str:
    window = maker.window
    at = window.dimensions.get(name.removeprefix("dimension:")) if ":" in name else window.keys.get(name)
    return window.headers.get(at, "") if at is not None else ""


# ------------------------------------------------------------------------------------------------------- what is said


def _say_passed(maker: _Maker) -> None:
    """One remark for each reason why rows were passed over; rows with nothing reported are no remark."""
    grid = maker.view.grid
    for code, rows in maker.passed.items():
        if code in ("unreported", "row-total"):
            continue
        remarks = [row for row in rows if code == "row-without-data" and _is_remark(maker, row)]
        for some, quiet in ((remarks, True), ([row for row in rows if row not in remarks], False)):
            if not some:
                continue
            shown = ", ".join(str(grid.numbers[row]) for row in some[:_SHOWN])
            if len(some) > _SHOWN:
                shown = phrase("{some}, … ({n} rows)", some=shown, n=len(some))
            place = Place(file=grid.file, sheet=grid.sheet, row=grid.numbers[some[0]])
            severity = Severity.INFO if quiet else None
            maker.findings.append(
                Finding(code=code, place=place, found=shown, severity=severity, params={"count": len(some)})
            )


def _is_remark(maker: _Maker, row: int) -> bool:
    """Whether a row holds nothing but words in one cell: the name of a section, or where the figures come from."""
    cells = [maker.view.own(row, column) for column in maker.view.filled(row)]
    return len(cells) == 1 and isinstance(cells[0], str)
