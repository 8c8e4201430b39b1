"""Which rows of a table are read: blank ones, repeated headers and instructions are not, and a finding says so.

Read `choose_rows` first. Rows that are read but cannot be trusted as rows (torn, sums of other rows) are `broken`: they
are kept with their text, and their cells are not judged one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.phrases import phrase
from mne.logframe.indicator import TOTAL
from mne.reports.grid import Cell, Flaw, is_blank, text_of
from mne.reports.headers import header_key
from mne.reports.signatures import signs
from mne.reports.words import TOTALS, folded, is_sum

if TYPE_CHECKING:
    from mne.reports.grid import Grid
    from mne.reports.headers import Layout
    from mne.reports.lookup import Lookup
    from mne.reports.names import Names
    from mne.reports.remarks import Remarks

__all__ = ["Rows", "choose_rows", "is_remark", "is_total"]

_DISPENSABLE: Final = frozenset(("comment", "evidence", "text"))
_PLACED: Final = ("period", "year", "period_start", "period_end", "partner", "location")
_CONTENT: Final = ("indicator", "value", "numerator", "denominator", "text", "state")


@dataclass(frozen=True, slots=True)
class Rows:
    """The positions of the rows that are read, and how many rows there are below the header.

    `broken` and `held` count among the kept rows from 0: broken ones are not judged cell by cell, held ones have a
    finding already, as have `doubted` ones, of whose figure alone that is said.
    """

    kept: list[int]
    total: int
    broken: frozenset[int]
    held: frozenset[int]
    doubted: frozenset[int] = frozenset()

    def take(self, column: Sequence[Cell]) -> Sequence[Cell]:
        """The cells of a column in the rows that are read."""
        kept = self.kept
        if kept and kept[-1] - kept[0] + 1 == len(kept):
            return column[kept[0] : kept[-1] + 1]
        return [column[at] for at in kept]


def choose_rows(grid: Grid, layout: Layout, names: Names, remarks: Remarks) -> Rows:
    """The rows to read, with remarks about the others.

    Findings: row-blank, header-repeated, header-second-row, row-without-data, row-extra-cells, row-missing-cells,
    row-looks-like-total, row-invalid.
    """
    chooser = _Chooser(grid, layout, remarks, names.indicators)
    chooser.sort_out()
    kept = chooser.kept
    chooser.say_ignored()
    rows = Rows(kept, len(grid.numbers) - layout.header_at - 1, frozenset(), frozenset())
    broken = {
        *_torn(grid, layout, rows, remarks),
        *_totals(grid, layout, rows, remarks, names),
        *_invalid(grid, rows, remarks),
    }
    held = frozenset(row for row, at in enumerate(kept) if at in grid.held)
    doubted = frozenset(row for row, at in enumerate(kept) if at in grid.doubted)
    return Rows(kept, rows.total, frozenset(broken | held), held, doubted)


class _Chooser:
    def __init__(self, grid: Grid, layout: Layout, remarks: Remarks, indicators: Lookup) -> None:
        self.grid = grid
        self.layout = layout
        self.remarks = remarks
        self.indicators = indicators
        self.kept: list[int] = []
        self.ignored: dict[str, list[int]] = {}

    def sort_out(self) -> None:
        """Go through the rows below the header once."""
        columns, first = self.grid.columns, self.layout.header_at + 1
        content = [columns[self.layout.columns[name]] for name in _CONTENT if name in self.layout.columns]
        key_at = self.layout.columns.get("indicator")
        headers = self._like_header(key_at) if key_at is not None else set()
        for at in range(first, len(self.grid.numbers)):
            if at in self.grid.held or any(not is_blank(column[at]) for column in content):
                if headers and key_at is not None and columns[key_at][at] in headers and self._is_header(at):
                    self._ignore("header-repeated", at)
                elif key_at is not None and self._is_heading(key_at, at):
                    self._ignore("row-without-data", at)
                else:
                    self.kept.append(at)
            elif all(is_blank(column[at]) for column in columns):
                self._ignore("row-blank", at)
            elif any(isinstance(column[at], Flaw) and not is_blank(column[at]) for column in columns):
                self.kept.append(at)
            else:
                self._ignore("row-without-data" if self.kept else "header-second-row", at)

    def _is_heading(self, column: int, at: int) -> bool:
        """Whether a row is a heading between others: words instead of an indicator, and nothing else."""
        columns = self.grid.columns
        if any(not is_blank(each[at]) for position, each in enumerate(columns) if position != column):
            return False
        cell = columns[column][at]
        answer = self.indicators.match(cell) if isinstance(cell, str) else None
        return answer is not None and answer.code == f"ref-unknown-{self.indicators.kind}"

    def _like_header(self, column: int) -> set[Cell]:
        """The different cells of a column that say what its header says."""
        header = header_key(self.layout.headers[column])
        return {cell for cell in set(self.grid.columns[column]) if isinstance(cell, str) and header_key(cell) == header}

    def _is_header(self, at: int) -> bool:
        """Whether most cells of a row repeat the header."""
        pairs = [
            (self.layout.headers[column], self.grid.columns[column][at]) for column in self.layout.columns.values()
        ]
        same = sum(isinstance(cell, str) and header_key(cell) == header_key(header) for header, cell in pairs)
        return same * 2 > len(pairs)

    def _ignore(self, code: str, at: int) -> None:
        self.ignored.setdefault(code, []).append(at)

    def say_ignored(self) -> None:
        """One remark for each reason, with the numbers of the rows."""
        for code, places in self.ignored.items():
            remarks = [at for at in places if code == "row-without-data" and self._is_remark(at)]
            known = {*remarks}
            for some, quiet in ((remarks, True), ([at for at in places if at not in known], False)):
                if some:
                    self._say(code, some, quiet=quiet)

    def _say(self, code: str, places: Sequence[int], *, quiet: bool) -> None:
        shown = ", ".join(str(self.grid.numbers[at]) for at in places[:20])
        if len(places) > 20:
            shown = phrase("{some}, … ({n} rows)", some=shown, n=len(places))
        # These rows are not read, so that the remark is about the table and names them in words.
        severity = Severity.INFO if quiet else None
        self.remarks.about_row(code, self.grid.numbers[places[0]], found=shown, severity=severity, count=len(places))

    def _is_remark(self, at: int) -> bool:
        """Whether a row holds nothing but a sentence, such as where the figures come from, or a signature."""
        return is_remark([cell for cell in self.grid.row(at) if not is_blank(cell)])


def is_remark(cells: Sequence[Cell]) -> bool:
    """Whether what stands in a row is one sentence, or who signs."""
    words = [cell for cell in cells if isinstance(cell, str)]
    return (len(words) == len(cells) == 1) or signs(cells)


def _torn(grid: Grid, layout: Layout, rows: Rows, remarks: Remarks) -> set[int]:
    """Rows of a text file with more or fewer cells than the header."""
    if grid.widths is None:
        return set()
    width = grid.widths[layout.header_at] if layout.header_at >= 0 else len(layout.headers)
    needed = {
        **{at: name for name, at in layout.columns.items() if name not in _DISPENSABLE},
        **{at: name for name, at in layout.dimensions.items()},
    }
    # Some programs end every row with a separator; one row of another width than the rest is torn, even by a blank.
    usual = Counter(grid.widths[at] for at in rows.kept).most_common(1)
    torn = set()
    for row, at in enumerate(rows.kept):
        cells = grid.widths[at]
        surplus = cells > width and any(not is_blank(column[at]) for column in grid.columns[width:cells])
        if surplus or cells > max(width, usual[0][0]):
            remarks.add("row-extra-cells", row=row, found=str(cells), expected=str(width))
            torn.add(row)
        elif cells < width:
            lost = [layout.headers[each] for each in sorted(needed) if each >= cells]
            severity = None if lost else Severity.WARNING
            remarks.add("row-missing-cells", row=row, found=str(cells), expected=str(width), severity=severity)
            if lost:
                torn.add(row)
    return torn


def _totals(grid: Grid, layout: Layout, rows: Rows, remarks: Remarks, names: Names) -> set[int]:
    """Rows of sums, given away by a word for "total" where a code should stand."""
    lookups: dict[str, Lookup | None] = {
        "project": names.project,
        "indicator": names.indicators,
        "partner": names.partners,
        "location": names.locations if names.locations.codes else None,
        "period": None,
        "period_start": None,
        "year": None,
    }
    read = {*layout.columns.values(), *layout.dimensions.values()}
    lead = [at for at in range(len(layout.headers)) if at not in read and at < min(read, default=0)]
    found: set[int] = set()
    columns = [(at, lookups[name]) for name, at in layout.columns.items() if name in lookups]
    for at, lookup in (*columns, *((each, None) for each in lead)):
        cells = rows.take(grid.columns[at])
        words = {cell: is_total(cell, lookup) for cell in dict.fromkeys(cells) if isinstance(cell, str)}
        if not any(words.values()):
            continue
        for row, cell in enumerate(cells):
            if row not in found and isinstance(cell, str) and words[cell]:
                severity = _certainty(grid, layout, rows.kept[row], at, cell)
                remarks.add("row-looks-like-total", row=row, column=at, found=cell, severity=severity)
                found.add(row)
    return found


def _certainty(grid: Grid, layout: Layout, at: int, column: int, cell: str) -> Severity | None:
    """How much is to be said of a sum: little where it can be nothing else; a row set aside is not counted anyway."""
    if column in (each for name, each in layout.columns.items() if name != "indicator"):
        return None
    keys = (layout.columns[name] for name in _PLACED if name in layout.columns)
    bare = all(is_blank(grid.columns[each][at]) for each in keys)
    return Severity.INFO if bare or folded(cell.strip().rstrip(":").strip()) in TOTALS else Severity.WARNING


def is_total(cell: str, lookup: Lookup | None) -> bool:
    """Whether a cell is a word for a sum, and no code."""
    plain = cell.strip().rstrip(":").strip()
    if plain == TOTAL or not is_sum(plain):
        return False
    if lookup is None:
        return True
    answer = lookup.match(plain)
    return answer.value is None and answer.suggestion is None


def _invalid(grid: Grid, rows: Rows, remarks: Remarks) -> set[int]:
    """Records that are no records."""
    if grid.lane != "json" or not grid.columns:
        return set()
    found = set()
    for row, cell in enumerate(rows.take(grid.columns[0])):
        if isinstance(cell, Flaw) and cell.code == "row-invalid":
            remarks.add("row-invalid", row=row, found=text_of(cell) or "", expected=cell.expected)
            found.add(row)
    return found
