"""What is said of how a sheet was understood: which columns hold what, which were set aside, which nobody knows.

Read `announced` first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.phrases import both, listed, phrase, phrase_n
from mne.ground.sheets import column_letters
from mne.reports.descriptions import describes, holds_days
from mne.reports.grid import Flaw, is_blank, text_of
from mne.reports.headers import is_aside, is_share, marks_share, named
from mne.reports.month_heads import months_of
from mne.reports.share_columns import PARTS, SHARE, likely_parts

if TYPE_CHECKING:
    from mne.reports.header_order import Misplaced
    from mne.reports.headings import Heading
    from mne.reports.names import Names
    from mne.reports.sheet_view import SheetView
    from mne.reports.windows import Window

__all__ = ["announced", "announced_sections", "of_another_period", "said_of_headers"]


_SHOWN: Final = 20
_LONGEST: Final = 40


def announced(view: SheetView, window: Window) -> Finding:
    """How the sheet was understood: which columns hold what, and which were set aside."""
    grid = view.grid
    read = [each.column for each in window.figures if each.column not in window.within]
    told = phrase_n(
        "{kind}: column {columns}", "{kind}: columns {columns}", len(read), kind=_kind(window), columns=_letters(read)
    )
    if window.titles is not None:
        told = phrase("{told}; categories from the titles in column {column}", told=told,
                      column=_letters([window.titles]))  # fmt: skip
    if window.shares:
        told = phrase("{told}; numerators and denominators in rows of their own", told=told)
    place = Place(file=grid.file, sheet=grid.sheet, row=grid.numbers[window.bottom] or None)
    params = {"kind": _kind(window), "aside": _aside([window]), "facts": _facts([window])}
    return Finding(code="layout-read", place=place, found=told, params=params)


def announced_sections(view: SheetView, windows: Sequence[Window]) -> Finding:
    """How a sheet with a table for each indicator was understood."""
    grid = view.grid
    tops = list(dict.fromkeys(grid.numbers[each.bottom] for each in windows if not each.strange))
    shown = ", ".join(map(str, tops[:_SHOWN])) + (", …" if len(tops) > _SHOWN else "")
    told = phrase("a table for each indicator: headers in rows {rows}", rows=shown)
    place = Place(file=grid.file, sheet=grid.sheet, row=tops[0] or None)
    params = {"kind": phrase("a table for each indicator"), "aside": _aside(windows), "facts": _facts(windows)}
    return Finding(code="layout-read", place=place, found=told, params=params)


def of_another_period(view: SheetView, windows: Sequence[Window], names: Names) -> Iterator[Finding]:
    """The period above tables whose columns are all of other periods, as where last year's report was written over.

    Findings: period-other.
    """
    for place in dict.fromkeys(window.facts["period"] for window in windows if "period" in window.facts):
        cell, origin = place
        heads = [each for window in windows if window.facts.get("period") == place for each in window.values]
        told = _bounds(text_of(cell) or "", names)
        own = [_bounds(each.period.text, names) if each.period is not None else None for each in heads]
        if origin is None or told is None or not own or None in own:
            continue
        newest = max(own, key=lambda each: each[1] if each is not None else dt.date.min)
        if newest is None or any(each is not None and each[0] <= told[1] and told[0] <= each[1] for each in own):
            continue
        said = next(each.period.text for each, its in zip(heads, own, strict=True) if each.period and its == newest)
        at = Place(
            file=view.grid.file, sheet=view.grid.sheet, row=origin.row,
            cell=f"{column_letters(origin.column + 1)}{origin.row}" if view.grid.has_letters else None,
        )  # fmt: skip
        found = text_of(cell) or ""
        yield Finding(code="period-other", place=at, found=found, expected=said, severity=Severity.WARNING)


def _bounds(text: str, names: Names) -> tuple[dt.date, dt.date] | None:
    """The first and last day of the period that a text says, alone or among other words."""
    answer = names.periods.read(text)
    if answer.start is not None and answer.last is not None:
        return answer.start, answer.last
    named = [*names.periods.named_in(text)]
    return named[0] if len(named) == 1 else None


def _aside(windows: Sequence[Window]) -> str:
    """The columns that are understood, or are at least not read, each once."""
    told: dict[str, str] = {}
    for window in windows:
        for heading in window.aside:
            told.setdefault(heading.header, f"{_letters([heading.column])} ({heading.role})")
        for heading in window.sums:
            told.setdefault(heading.header, phrase("{column} (total)", column=_letters([heading.column])))
        for whole in dict.fromkeys(window.within.values()):
            columns = _letters(column for column, each in window.within.items() if each == whole)
            said = phrase("{columns} (parts of {period}, whose own figure was read)", columns=columns, period=whole)
            told.setdefault(f"in {whole}", said)
        for at in (*window.known, *window.unknown):
            told.setdefault(at.text, f"{_letters([at.column])} ({' '.join(at.text.split())[:_LONGEST]})")
        if window.unfit is not None:
            unit = text_of(window.unfit[0])
            told.setdefault("unit:", phrase("unit {unit}, where the indicator has another or none", unit=unit))
    return listed(told.values()) or phrase("nothing")


def _facts(windows: Sequence[Window]) -> str:
    """What counts for every row; what one of several tables says of its own rows is no such thing."""
    first, *others = windows
    facts = {name: cell for name, (cell, _) in first.facts.items() if not (first.section and name == "indicator")}
    facts = {
        name: cell
        for name, cell in facts.items()
        if all(name in each.facts and text_of(each.facts[name][0]) == text_of(cell) for each in others)
    }
    return "; ".join(f"{name} {text_of(cell)}" for name, cell in facts.items()) or phrase("nothing")


def _kind(window: Window) -> str:
    if window.block:
        return phrase("a block for each indicator")
    by = {
        phrase("period"): any(each.period is not None for each in window.figures),
        phrase("category"): any(each.dimensions for each in window.figures),
        phrase("location"): any(each.location is not None for each in window.figures),
        phrase("partner"): any(each.partner is not None for each in window.figures),
    }
    wide = both(name for name, there in by.items() if there)
    if wide:
        return phrase("wide by {names}", names=wide)
    if any(each.date_of for each in window.aside):
        return phrase("figures beside their dates")
    if any(each.role == "cumulative" for each in window.figures):
        return phrase("this period and cumulative")
    return phrase("a row for each value")


def _letters(columns: Iterable[int]) -> str:
    """``D to G, I``."""
    runs: list[list[int]] = []
    for column in sorted(set(columns)):
        if runs and column == runs[-1][1] + 1:
            runs[-1][1] = column
        else:
            runs.append([column, column])
    shown = [(column_letters(first + 1), column_letters(last + 1)) for first, last in runs]
    return listed(
        first if first == last else phrase("{first} to {last}", first=first, last=last) for first, last in shown
    )


def said_of_headers(view: SheetView, window: Window, order: Mapping[int, Misplaced], names: Names) -> list[Finding]:
    """Columns that are not read, since nobody knows them or since they could be two things, or are out of order."""
    found = _doubted(view, window, order)
    parts = _likely_parts(view, window, names) if window.unknown else {}
    for heading in window.figures:
        wrong = order.get(heading.column)
        if wrong is not None and not wrong.outside:
            found.append(_out_of_order(view, heading, wrong))
    found += _misnamed(view, window, names)
    for at in dict.fromkeys(window.unknown):  # one head may be merged over several columns
        place = _at(view, at.row, at.column, at.text)
        quiet = is_aside(at.text) or _is_apart(view, window, at.column) or _describes(view, window, at.column)
        part = parts.get(at.column, "")
        quiet = quiet or is_share(at.text, (each.role for each in window.figures)) or part == SHARE
        quiet = quiet or holds_days(at.text, (view.own(row, at.column) for row in window.rows))
        quiet = quiet or _is_computed(view, window, at.column)
        severity = Severity.INFO if quiet and part not in PARTS else None
        meant = named(part, window.headers.values()) if part in PARTS else None
        found.append(Finding(code="header-unknown", place=place, found=at.text, severity=severity, suggestion=meant))
    hidden = view.grid.hidden_columns
    for heading in window.figures:
        if heading.column + 1 in hidden:
            place = _at(view, window.bottom, heading.column, heading.header)
            found.append(Finding(code="column-hidden", place=place, found=heading.header))
    return found


def _likely_parts(view: SheetView, window: Window, names: Names) -> dict[int, str]:
    """What the columns of a table that nobody knows most likely hold, by their figures."""
    known = {each.role or "value": each.column for each in window.figures if not each.is_placed}
    known = {name: known[name] for name in (*PARTS, "value") if name in known}
    strange = [*window.unknown, *window.known]
    at = window.keys.get("indicator")
    if at is None:
        code = names.indicators.match_cell(window.facts["indicator"][0] if "indicator" in window.facts else None).value
        if code is None or not names.plan.indicators[code].by_denominator:
            return {}
    beneath = {
        each: [view.own(row, each) for row in window.rows]
        for each in (*(one.column for one in strange), *known.values())
    }
    return likely_parts(
        names.plan, beneath, unknown=[each.column for each in strange], known=known,
        marked={each.column for each in strange if marks_share(each.text)},
        indicators=None if at is None else [view.at(row, at) for row in window.rows],
    )  # fmt: skip


def _misnamed(view: SheetView, window: Window, names: Names) -> list[Finding]:
    """Months that stand as the parts of a quarter and are others: one remark for those of one quarter."""
    found = []
    for whole in (each for each in window.figures if each.column in window.misnamed.values()):
        parts = [each for each in window.figures if window.misnamed.get(each.column) == whole.column]
        place, *others = [
            _at(view, each.period.row, each.period.column, each.header) for each in parts if each.period is not None
        ]
        told = [each.period.text for each in parts if each.period is not None]
        own = whole.period.text if whole.period is not None else ""
        wanted = ", ".join(months_of(whole, names))
        found.append(
            Finding(
                code="period-months-other", place=place, found=", ".join(told), expected=wanted,
                related=tuple(others), params={"whole": own},
            )
        )  # fmt: skip
    return found


def _doubted(view: SheetView, window: Window, order: Mapping[int, Misplaced]) -> list[Finding]:
    """What is said of columns that could be two things; what is wrong with one heading above several is told once."""
    covered = _beneath_one(view, window)
    told = {each.column for headings, _ in covered for each in headings}
    single = [([each], why) for each, why in window.ambiguous if each.column not in told]
    found = []
    for headings, why in (*covered, *single):
        first = headings[0]
        places = [_at(view, window.bottom, each.column, each.header) for each in headings]
        if len(headings) > 1:
            row, column = view.owner(window.top, first.column)
            places.insert(0, _at(view, row, column, view.text(row, column)))
        wrong = order.get(first.column)
        # What is made of the other columns says nothing of its own, whatever it means.
        quiet = wrong is None and all(_is_computed(view, window, each.column) for each in headings)
        finding = Finding(
            code="layout-ambiguous", place=places[0], found=places[0].header or "", expected=why,
            related=tuple(places[1:]), severity=Severity.INFO if quiet else None,
        )  # fmt: skip
        if wrong is not None:
            would = phrase("{why}; {period} would stand here", why=why, period=wrong.expected)
            finding = replace(finding, expected=would, suggestion=wrong.expected)
        found.append(finding)
    return found


def _beneath_one(view: SheetView, window: Window) -> list[tuple[list[Heading], str]]:
    """The columns beneath one heading of which all are doubted for the same reason: it is that heading's."""
    groups: dict[tuple[int, int, str], list[Heading]] = {}
    if window.top == window.bottom:
        return []
    for heading, why in window.ambiguous:
        groups.setdefault((*view.owner(window.top, heading.column), why), []).append(heading)
    sound = {view.owner(window.top, each.column) for each in (*window.figures, *window.sums)}
    return [
        (headings, why)
        for (row, column, why), headings in groups.items()
        if len(headings) > 1 and (row, column) not in sound and view.text(row, column)
    ]


def _is_apart(view: SheetView, window: Window, column: int) -> bool:
    """Whether an empty column parts a column from those before it: what stands there is beside the table."""
    rows = range(window.top, window.end)
    return any(all(is_blank(view.own(row, between)) for row in rows) for between in range(1, column))


def _is_computed(view: SheetView, window: Window, column: int) -> bool:
    """Whether all figures of a column are formulas over figures of their own rows: it says nothing of its own."""
    letters = "|".join(column_letters(each.column + 1) for each in window.figures)
    if not letters:
        return False
    formulas = {(each.row, each.column): each.found for each in view.grid.notes if each.code == "cell-formula"}
    known = False
    for row in window.rows:
        cell, number = view.own(row, column), view.grid.numbers[row]
        if is_blank(cell) or isinstance(cell, str):
            continue
        formula = formulas.get((number, column), cell.text if isinstance(cell, Flaw) else "")
        known = re.search(rf"\$?\b(?:{letters})\$?{number}\b", formula) is not None
        if not known:
            return False
    return known


def _describes(view: SheetView, window: Window, column: int) -> bool:
    """Whether a column says no more than which indicator a row is about, in other words."""
    at = window.keys.get("indicator")
    rows = window.rows
    return at is not None and describes((view.at(row, at) for row in rows), (view.at(row, column) for row in rows))


def _out_of_order(view: SheetView, heading: Heading, wrong: Misplaced) -> Finding:
    """A header of a period that stands where another would: figures count for the one that it names."""
    others = [each for each in (wrong.other,) if each is not None]
    place, *related = [
        _at(view, each.period.row, each.period.column, each.header)
        for each in (heading, *others)
        if each.period is not None
    ]
    found = heading.period.text if heading.period is not None else heading.header
    return Finding(
        code="period-order", place=place, found=found, expected=wrong.expected, related=tuple(related),
        suggestion=None if others else wrong.expected,
    )  # fmt: skip


def _at(view: SheetView, row: int, column: int, header: str) -> Place:
    grid = view.grid
    number = grid.numbers[row]
    has_letters = grid.has_letters or grid.lane == "text"
    cell = f"{column_letters(column + 1)}{number}" if has_letters else None
    return Place(file=grid.file, sheet=grid.sheet, row=number or None, cell=cell, header=header)
