"""What the making of a long table knows of one window of a sheet: its records, and what has become of them so far.

Read `Record` first. A `Maker` is filled in one pass over its window, by `mne.reports.records`, then by
`mne.reports.record_lines`, and thrown away when its lines have become a grid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding, Place
from mne.reports.blank_parts import Blank
from mne.reports.grid import Cell, Origin
from mne.reports.header_order import Misplaced
from mne.reports.sums import Figure

if TYPE_CHECKING:
    from mne.reports.headings import Headings
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView
    from mne.reports.windows import Window

__all__ = ["NOTHING", "UNKNOWN", "WHOLES", "Maker", "Placed", "Record"]

Placed = tuple[Cell, Origin | None]
NOTHING: Final[Placed] = (None, None)
UNKNOWN: Final = "unknown"
"""The role of a row whose word for a role nobody knows."""
WHOLES: Final = frozenset(("value", "this_period"))


@dataclass(slots=True)
class Record:
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
class Maker:
    """One window of a sheet, the lines that are made of it, and what is to be said of them.

    `numbers`: the row of the sheet for each line. `held`: lines of rows that are `torn`;
    `doubted`: lines whose figure alone is wrong, as is told, and `wrong` where
    such figures stand, by row number and column. `passed`: rows that are not
    read, by why. `spans`, `summed`, `within`: columns of periods that hold others or stand within them. `titled`: the
    code and category that only the title of a row says. `unasked`: rows of parts that the plan does not ask for, with
    the row of their whole. `heads`: what is asked for in place of heads that nobody knows.
    """

    view: SheetView
    window: Window
    names: Names
    headings: Headings
    findings: list[Finding] = field(default_factory=list)
    passed: dict[str, list[int]] = field(default_factory=dict)
    lines: list[dict[str, Placed]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    held: set[int] = field(default_factory=set)
    doubted: set[int] = field(default_factory=set)
    wrong: set[tuple[int, int]] = field(default_factory=set)
    torn: set[int] = field(default_factory=set)
    figures: list[Figure] = field(default_factory=list)
    order: dict[int, Misplaced] = field(default_factory=dict)
    spans: dict[int, list[int]] = field(default_factory=dict)
    summed: set[int] = field(default_factory=set)
    within: dict[int, int] = field(default_factory=dict)
    titled: dict[int, tuple[str, str]] = field(default_factory=dict)
    unasked: dict[int, int] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    silent: list[Record] = field(default_factory=list)
    blanks: list[Place] = field(default_factory=list)
    gaps: list[Blank] = field(default_factory=list)
