"""A table of another layout becomes a long one: one row for each value, and beside each cell where it stood.

Read `unpivot` first. Cells are moved, never computed: what a table reports twice (this period and cumulative, parts and
their sum) is read once, as the indicator counts, and the other is compared with it. Which rows belong together says
`mne.reports.records`, and what becomes of them `mne.reports.record_lines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from mne.ground.findings import Finding
from mne.reports.blank_parts import blank_parts
from mne.reports.grid import Grid
from mne.reports.header_order import misplaced, spanning
from mne.reports.headers import Layout
from mne.reports.layout_told import announced, announced_sections, of_another_period, said_of_headers
from mne.reports.maker import NOTHING, Maker
from mne.reports.month_parts import compare_parts
from mne.reports.month_rows import hold, month_rows
from mne.reports.month_sums import compare_months
from mne.reports.passed_rows import say_passed
from mne.reports.record_lines import left_blank, lines_of, retyped
from mne.reports.records import records_of
from mne.reports.row_titles import categories_of_rows
from mne.reports.share_heads import wrong_shares
from mne.reports.sums import compare_cumulative
from mne.reports.unasked_parts import parts_unasked, tell_unasked

if TYPE_CHECKING:
    from mne.reports.headings import Headings
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView
    from mne.reports.windows import Window

__all__ = ["Laid", "unpivot", "unpivot_sections"]


@dataclass(slots=True)
class Laid:
    """A long table made from a sheet, and what is to be said of how it was understood."""

    grid: Grid
    layout: Layout
    findings: list[Finding]


def unpivot(view: SheetView, window: Window, names: Names, headings: Headings) -> Laid:
    """The long table behind one window of a sheet.

    Findings: layout-read, layout-ambiguous, header-unknown, header-repeated, header-second-row, period-order,
    row-blank, row-without-data, row-part-unasked, row-looks-like-total, row-extra-cells, row-missing-cells,
    total-row-differs, total-cumulative-differs.
    """
    maker = _made(view, window, names, headings)
    say_passed(maker)
    grid, layout = _long([maker])
    other = of_another_period(view, [window], names)
    said = [announced(view, window), *other, *said_of_headers(view, window, maker.order, names), *maker.findings]
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
    say_passed(first)
    grid, layout = _long(makers)
    told: dict[tuple[str, str], Finding] = {}
    for maker in makers:
        for each in said_of_headers(view, maker.window, maker.order, names):
            told.setdefault((each.code, each.found), each)
    other = of_another_period(view, windows, names)
    return Laid(grid, layout, [announced_sections(view, windows), *other, *told.values(), *first.findings])


def _made(view: SheetView, window: Window, names: Names, headings: Headings) -> Maker:
    """The lines of one window."""
    maker = Maker(view, window, names, headings)
    if not window.block:
        maker.spans = spanning(window.figures, names)
        for part, whole in window.misnamed.items():
            maker.spans.setdefault(whole, []).append(part)
        maker.order = misplaced([*window.figures, *(each for each, _ in window.ambiguous)], names)
        maker.unasked = parts_unasked(view, window, headings)
        window.titles, maker.titled = categories_of_rows(view, window, headings, without=maker.unasked)
    records = records_of(maker)
    for record in records:
        lines_of(maker, record)
        if record.head is None:
            retyped(maker, record)
    tell_unasked(maker, records)
    if maker.spans:
        months = [*month_rows(maker, records)]
        maker.findings += [*compare_months(months), *compare_parts(months)]
        if maker.wrong:
            hold(maker, maker.wrong)
    maker.findings += wrong_shares(view, window, headings)
    for record in maker.silent:
        for heading in window.figures:
            left_blank(maker, record, heading)
    maker.findings += blank_parts(maker.lines, maker.gaps, view.grid, names)
    maker.findings += compare_cumulative(maker.figures, names, file=view.grid.file, sheet=view.grid.sheet)
    # A year that is the sum of its quarters in one row may be what another row reports.
    window.sums += [each for each in window.figures if each.column in maker.summed]
    wholes = {each.column: each.period.text for each in window.figures if each.period is not None}
    window.within |= {part: wholes[whole] for part, whole in maker.within.items()}
    return maker


# --------------------------------------------------------------------------------------------------------- the grid


def _long(makers: Sequence[Maker]) -> tuple[Grid, Layout]:
    """The lines of the windows of one sheet as a grid that names its own columns."""
    sheet = makers[0].view.grid
    lines = [line for maker in makers for line in maker.lines]
    names = list(dict.fromkeys(name for line in lines for name in line)) or ["indicator", "period", "value"]
    headers: list[str] = []
    for name in names:
        header = next((told for maker in makers if (told := _header(maker, name))), name.removeprefix("dimension:"))
        headers.append(header if header not in headers else f"{header} ({name})")
    held: set[int] = set()
    doubted: set[int] = set()
    for maker, before in zip(makers, accumulate((len(maker.lines) for maker in makers), initial=0), strict=False):
        held |= {before + at for at in maker.held}
        doubted |= {before + at for at in maker.doubted}
    grid = Grid(
        file=sheet.file,
        sheet=sheet.sheet,
        lane=sheet.lane,
        columns=[[line.get(name, NOTHING)[0] for line in lines] for name in names],
        numbers=[number for maker in makers for number in maker.numbers],
        header=tuple(headers),
        has_letters=sheet.has_letters or sheet.lane == "text",
        hidden=sheet.hidden,
        hidden_rows=sheet.hidden_rows,
        epoch=sheet.epoch,
        notes=sheet.notes,
        held=frozenset(held),
        doubted=frozenset(doubted),
        passed=sum(map(len, makers[0].passed.values())),
        origins=[[line.get(name, NOTHING)[1] for line in lines] for name in names],
        blanks=tuple(each for maker in makers for each in maker.blanks),
    )
    columns = {name: at for at, name in enumerate(names) if not name.startswith("dimension:")}
    dimensions = {name.removeprefix("dimension:"): at for at, name in enumerate(names) if name.startswith("dimension:")}
    return grid, Layout(header_at=-1, headers=tuple(headers), columns=columns, dimensions=dimensions)


def _header(maker: Maker, name: str) -> str:
    window = maker.window
    at = window.dimensions.get(name.removeprefix("dimension:")) if ":" in name else window.keys.get(name)
    return window.headers.get(at, "") if at is not None else ""
