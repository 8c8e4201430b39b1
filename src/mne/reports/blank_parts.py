"""Parts of a split whose cells were left blank beside others that were filled in: women 12, and nothing under men.

Read `blank_parts` first. A blank is not zero, and often nobody means anything by it: it is told where the same table
has all parts of that split in another period or place, or where the total is what the other parts make.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.sheets import column_letters
from mne.logframe.indicator import TOTAL, category_key, category_parts
from mne.reports.grid import Cell, Flaw, Origin, is_blank, text_of
from mne.reports.plan_words import Words
from mne.reports.sums import plain_number
from mne.reports.words import TOTALS, folded

if TYPE_CHECKING:
    from mne.logframe.indicator import Disaggregation
    from mne.reports.grid import Grid
    from mne.reports.names import Names

__all__ = ["Blank", "blank_parts", "missing_part"]

Placed = tuple[Cell, Origin | None]
_NOTHING: Final[Placed] = (None, None)
_SPOT: Final = ("period", "year", "period_start", "period_end", "location", "partner")
_FIGURES: Final = ("value", "numerator", "denominator", "text")


class Blank(NamedTuple):
    """A cell in which nothing stands: what it is asked for, and where it is."""

    line: Mapping[str, Placed]
    row: int
    column: int
    header: str


class _Part(NamedTuple):
    """One figure of a split, or the whole of it: what it shares with the others, and its own codes by dimension."""

    spot: tuple[str, ...]
    codes: frozenset[tuple[str, str]]

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.codes)


def blank_parts(
    lines: Sequence[Mapping[str, Placed]], blanks: Iterable[Blank], grid: Grid, names: Names
) -> list[Finding]:
    """What is to be said of blank cells of parts, each at its cell.

    A split that the plan requires is asked for elsewhere, with what lacks of it.

    Findings: total-parts-missing.
    """
    left = [(part, each) for each in blanks if (part := _part(each.line, names)) is not None and part.codes]
    if not left:
        return []
    there: dict[tuple[tuple[str, ...], frozenset[str]], dict[_Part, Decimal | None]] = {}
    for line in lines:
        part = _part(line, names)
        if part is not None and any(not is_blank(line.get(name, _NOTHING)[0]) for name in _FIGURES):
            like = there.setdefault((part.spot, part.dimensions), {})
            like[part] = plain_number(line.get("value", _NOTHING)[0])
    complete = {
        (spot[0], dimensions) for (spot, dimensions), like in there.items() if len(like) >= _size(dimensions, names)
    }
    found = []
    for part, blank in left:
        split, others = _split(part, names), there.get((part.spot, part.dimensions), {})
        if split is None or split.required or not others or part in others:
            continue
        level = Severity.WARNING if (part.spot[0], part.dimensions) in complete else Severity.INFO
        total = next(iter(there.get((part.spot, frozenset()), {}).values()), None)
        adds_up = split.relation == "sums_to_total" and _sum(others.values()) == total is not None
        if level is Severity.WARNING or adds_up:
            found.append(_finding(part, blank, level, len(others), grid, names))
    return found


def _finding(part: _Part, blank: Blank, level: Severity, others: int, grid: Grid, names: Names) -> Finding:
    number = grid.numbers[blank.row]
    has_letters = grid.has_letters or grid.lane == "text"
    place = Place(
        file=grid.file, sheet=grid.sheet, row=number, header=blank.header, indicator=part.spot[0],
        cell=f"{column_letters(blank.column + 1)}{number}" if has_letters else None,
    )  # fmt: skip
    return missing_part(place, dict(part.codes), others, names, severity=level)


def missing_part(
    place: Place, codes: Mapping[str, str], others: int, names: Names, *, severity: Severity = Severity.WARNING
) -> Finding:
    """The finding about a blank cell of a part, with so many other parts of its split there.

    `codes` are those of the part, by dimension.
    """
    ordered = {each.id: codes[each.id] for each in names.plan.dimensions if each.id in codes}
    category = category_key(ordered)
    words = Words((names.plan,))
    told = {"there": others, "size": _size(frozenset(ordered), names), "by": [*ordered]}
    return Finding(
        code="total-parts-missing",
        place=replace(place, category=category),
        found=words.filled("{there} of {size} parts by {by}", told),
        expected=words.filled("{lacking}", {"lacking": [category]}),
        severity=severity,
    )


def _part(line: Mapping[str, Placed], names: Names) -> _Part | None:
    """Which part a line is; None where its indicator or its categories are not understood."""
    code = names.indicators.match_cell(line.get("indicator", _NOTHING)[0]).value
    if code is None:
        return None
    codes: dict[str, str] = {}
    for name, (cell, _) in line.items():
        if is_blank(cell) or isinstance(cell, Flaw):
            continue
        text = text_of(cell) or ""
        if name == "category" and folded(text) not in TOTALS:
            try:
                codes |= category_parts(text)
            except ValueError:
                return None
        elif name.startswith("dimension:") and folded(text) not in TOTALS:
            id = name.removeprefix("dimension:")
            known = names.dimensions[id].known(text)
            if known is None:
                return None
            codes |= {id: known} if known != TOTAL else {}
    spot = [folded(text_of(line.get(name, _NOTHING)[0]) or "") for name in _SPOT]
    return _Part((code, *spot), frozenset(codes.items()))


def _split(part: _Part, names: Names) -> Disaggregation | None:
    """The split of the plan that a part belongs to."""
    splits = names.plan.indicators[part.spot[0]].disaggregation
    return next((each for each in splits if {*each.dimensions} == part.dimensions), None)


def _size(dimensions: frozenset[str], names: Names) -> int:
    """How many parts a split has."""
    size = 1
    for each in names.plan.dimensions:
        size *= len(each.codes) if each.id in dimensions else 1
    return size


def _sum(figures: Iterable[Decimal | None]) -> Decimal | None:
    """What figures make; None where one of them is no plain number."""
    known = [*figures]
    return sum((each for each in known if each is not None), Decimal(0)) if None not in known else None
