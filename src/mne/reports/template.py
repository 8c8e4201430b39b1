"""A template that came back filled: whose it is, what is asked in it, and what has changed since it was made.

Read `recognised` first. A template knows its logframe by a very hidden sheet, and by one small line above the table for
when that sheet is gone; with neither, it is read by its headers as any other table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.ground.sheets import column_letters
from mne.logframe.asked import asked, fingerprint
from mne.logframe.indicator import TOTAL
from mne.reports.blanks import blank
from mne.reports.grid import Cell, Flaw, is_blank, text_of

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.reports.grid import Grid
    from mne.reports.headers import Layout
    from mne.reports.headings import Headings
    from mne.reports.names import Names
    from mne.reports.table import Given

__all__ = [
    "FORMAT",
    "MARK",
    "OF_TEMPLATES",
    "SHEET",
    "Stamp",
    "Template",
    "filled_in",
    "key_of",
    "line_of",
    "of_another_title",
    "of_other_periods",
    "recognised",
    "renamed",
    "rows_of",
    "with_astray",
    "with_last",
]

FORMAT: Final = 1
MARK: Final = "logframe:template"
SHEET: Final = "_logframe"
"""The very hidden sheet."""

OF_TEMPLATES: Final = ("shown", "astray")
"""Columns that only the rows of templates have: `with_last` and `with_astray`."""

_FIRST_ROWS: Final = 10
_INPUTS: Final = ("value", "numerator", "denominator", "text", "state", "comment", "evidence")
_FIGURES: Final = ("value", "numerator", "denominator")
_KEYS: Final = ("indicator", "period", "year", "partner", "location")
_LINE: Final = re.compile(re.escape(MARK) + r"\s(\d{1,4})\s(\{.*\})", re.DOTALL)
_WORDS: Final = re.compile(r"[\w-]+")
_SHOWN: Final = 12
_PLACES: Final = 50
"""Other places named in one finding about many rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a template says of itself.

    `indicators` has the title that each id had, `sheets` its own other sheets, and `last` the last figure that it shows
    for each cell, by `key_of`.
    """

    format: int = FORMAT
    logframe: str
    version: str
    digest: str
    partner: str
    period: str
    lang: str
    indicators: Mapping[str, str]
    sheets: tuple[str, ...] = ()
    last: Mapping[str, str] = field(default_factory=dict)


_ONE: Final = ("format", "logframe", "version", "digest", "partner", "period", "lang")


def key_of(indicator: str, location: str, category: str) -> str:
    """The name of a cell of a template, as the very hidden sheet has it."""
    return f"{indicator} {location} {category}"


def rows_of(stamp: Stamp) -> list[tuple[str, str, str]]:
    """The rows of the very hidden sheet."""
    told = [(MARK, str(stamp.format), "")]
    told += [(name, str(getattr(stamp, name)), "") for name in _ONE[1:]]
    told += [("sheet", title, "") for title in stamp.sheets]
    told += [("last", cell, shown) for cell, shown in stamp.last.items()]
    return told + [("indicator", id, title) for id, title in stamp.indicators.items()]


def line_of(stamp: Stamp) -> str:
    """The small line above the table."""
    import json

    told = {name: getattr(stamp, name) for name in _ONE[1:]}
    return f"{MARK} {stamp.format} {json.dumps(told, ensure_ascii=False)}"


def _of_sheet(grid: Grid) -> Stamp | None:
    if text_of(_corner(grid)) != MARK:
        return None
    rows = [[text_of(cell) or "" for cell in grid.row(at)] + ["", ""] for at in range(len(grid.numbers))]
    told = {row[0]: row[1] for row in rows}
    return _made(
        {**told, "format": told.get(MARK, "")},
        indicators={row[1]: row[2] for row in rows if row[0] == "indicator"},
        sheets=tuple(row[1] for row in rows if row[0] == "sheet"),
        last={row[1]: row[2] for row in rows if row[0] == "last"},
    )


def _of_line(grid: Grid) -> Stamp | None:
    import json

    for at in range(min(_FIRST_ROWS, len(grid.numbers))):
        for cell in grid.row(at):
            found = _LINE.fullmatch(cell.strip()) if isinstance(cell, str) and cell.startswith(MARK) else None
            if found is None:
                continue
            try:
                told = json.loads(found[2])
            except (ValueError, RecursionError):
                return None
            plain = {str(name): str(value) for name, value in told.items()}
            return _made({**plain, "format": found[1]}, indicators={}, sheets=(), last={})
    return None


def _made(
    told: Mapping[str, str], *, indicators: Mapping[str, str], sheets: tuple[str, ...], last: Mapping[str, str]
) -> Stamp | None:
    if not told.get("format", "").isdecimal() or not told.get("logframe"):
        return None
    known = {name: told.get(name, "") for name in _ONE[1:]}
    return Stamp(format=int(told["format"][:4]), indicators=indicators, sheets=sheets, last=last, **known)


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook that is a template: its stamp, the grids that may hold its table, and what is to be said of it."""

    stamp: Stamp
    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...]

    def given(self, told: Given, names: Names, *, has_period: bool) -> Given:
        """What the template says of every row, where the caller does not say it."""
        plan, stamp = names.plan, self.stamp
        partner = stamp.partner if stamp.partner in plan.partners or not plan.partners else None
        period = None if has_period else plan.period(stamp.period)
        return replace(told, partner=told.partner or partner, period=told.period or period)


def recognised(grids: Sequence[Grid], plan: Logframe, *, name: str) -> Template | None:
    """What the grids of a workbook say as a template; None where it is none.

    Findings: template-other-logframe, template-newer, template-outdated.
    """
    stamp = next((found for grid in grids if (found := _of_sheet(grid)) is not None), None)
    stamp = stamp or next((found for grid in grids if (found := _of_line(grid)) is not None), None)
    if stamp is None:
        return None
    rest = tuple(grid for grid in grids if text_of(_corner(grid)) != MARK)
    return Template(stamp, rest, tuple(_judged(stamp, plan, Place(file=name))))


def with_last(frame: pl.DataFrame, grid: Grid, layout: Layout, stamp: Stamp, headings: Headings) -> pl.DataFrame:
    """The rows of a template with `shown`, the last figure of the cell that it shows: ``8 (2026-Q1)``.

    The very hidden sheet has them as they were made; older templates show them in the table alone.
    """
    if stamp.last:
        keys = frame.select("indicator", "location", "category").iter_rows()
        shown = [stamp.last.get(key_of(*key)) if None not in key else None for key in keys]
    else:
        at = next((at for at, header in enumerate(layout.headers) if headings.role(header) == "previous"), None)
        texts = {} if at is None else dict(zip(grid.numbers, grid.columns[at], strict=True))
        shown = [text_of(texts.get(number)) for number in frame["source_row"]]
    return frame.with_columns(pl.Series("shown", shown, dtype=pl.String()))


def with_astray(frame: pl.DataFrame, stamp: Stamp, plan: Logframe) -> pl.DataFrame:
    """The rows of a template with `astray`: whether each names a period that does not end in the template's own."""
    own = plan.period(stamp.period)
    if own is None:
        return frame.with_columns(astray=pl.lit(value=False))
    last = pl.col("period_end")
    return frame.with_columns(astray=last.is_not_null() & ~last.is_between(own.start, own.last_day))


def of_other_periods(frame: pl.DataFrame, layout: Layout, template: Template, plan: Logframe) -> Iterable[Finding]:
    """Rows of a template that are `astray`, told once."""
    own = plan.period(template.stamp.period)
    astray = frame.filter("astray").sort("source_order")
    if own is not None and astray.height:
        first = astray.row(0, named=True)
        at = layout.columns.get("period")
        letters = column_letters(at + 1) if at is not None and first["source_cell"] else None
        named = {name: first[name] for name in ("indicator", "partner", "location", "category")}

        def spot(row: dict[str, Any]) -> Place:
            cell = f"{letters}{row['source_row']}" if letters else None
            return Place(file=row["source_file"], sheet=row["source_sheet"], row=row["source_row"], cell=cell)

        alone = astray.height == 1
        shown = {name: code for name, code in named.items() if code != TOTAL} if alone else {}
        header = layout.headers[at] if at is not None else None
        place = replace(spot(first), header=header, period=first["period"] if alone else None, **shown)
        found = ", ".join(astray["period"].drop_nulls().unique(maintain_order=True))
        yield Finding(
            code="period-other",
            place=place,
            found=found,
            expected=own.label,
            severity=Severity.WARNING,
            params={"count": astray.height},
            related=tuple(spot(row) for row in astray.slice(1, _PLACES).iter_rows(named=True)),
        )


def _corner(grid: Grid) -> Cell:
    return grid.columns[0][0] if grid.columns and grid.numbers else None


def _judged(stamp: Stamp, plan: Logframe, place: Place) -> Iterable[Finding]:
    if stamp.logframe != plan.id:
        yield Finding(code="template-other-logframe", place=place, found=stamp.logframe, expected=plan.id)
        return
    if stamp.format > FORMAT:
        yield Finding(
            code="template-newer", place=place, found=str(stamp.format), expected=phrase("format {n}", n=FORMAT)
        )
    digest = fingerprint(plan)
    if stamp.digest == digest:
        return
    period = plan.period(stamp.period)
    now = [each.indicator.id for each in asked(plan, stamp.partner, period)] if period is not None else []
    gone = [id for id in stamp.indicators if id not in plan.indicators]
    new = [id for id in dict.fromkeys(now) if id not in stamp.indicators] if stamp.indicators else []
    yield Finding(
        code="template-outdated",
        place=replace(place, partner=stamp.partner or None, period=stamp.period or None),
        found=_version(stamp.version, stamp.digest),
        expected=_version(plan.version or "", digest),
        params={"gone": _listed(gone), "new": _listed(new)},
    )


def _version(version: str, digest: str) -> str:
    return f"{version or '–'} ({digest[:8]})"


def _listed(ids: Sequence[str]) -> str:
    more = f", … ({len(ids)})" if len(ids) > _SHOWN else ""
    return ", ".join(ids[:_SHOWN]) + more if ids else "–"


def of_another_title(grid: Grid, layout: Layout, stamp: Stamp, plan: Logframe) -> Iterable[Finding]:
    """A period of the plan in the words above the table that is not the template's own: somebody wrote it there."""
    labels = {each.label for each in plan.periods()} - {stamp.period}
    for at in range(layout.header_at):
        for column, cell in enumerate(grid.row(at)):
            if not isinstance(cell, str) or cell.startswith(MARK) or stamp.period in cell:
                continue
            found = next((word for word in _WORDS.findall(cell) if word in labels), None)
            if found is not None:
                place = Place(file=grid.file, sheet=grid.sheet, row=grid.numbers[at], cell=_address(grid, at, column))
                yield Finding(
                    code="period-other", place=place, found=found, expected=stamp.period, severity=Severity.WARNING
                )


def filled_in(grid: Grid, layout: Layout, names: Names, *, partner: str | None = None) -> tuple[Grid, list[Finding]]:
    """The table of a template without the rows that nobody filled in, and what is to be said of them.

    The report is `partner`'s, where no column says whose.

    Findings: template-rows-blank; of a code that was changed in one of them what it would be anywhere else.
    """
    inputs = [grid.columns[layout.columns[name]] for name in _INPUTS if name in layout.columns]
    # A figure merged over several rows is no answer to any but the first, and no blank either.
    figures = [grid.columns[layout.columns[name]] for name in _FIGURES if name in layout.columns]
    at_indicator = layout.columns.get("indicator")
    ids = grid.columns[at_indicator] if at_indicator is not None else None
    kept, left = list(range(layout.header_at + 1)), []
    for at in range(layout.header_at + 1, len(grid.numbers)):
        if any(not is_blank(column[at]) for column in inputs) or any(isinstance(each[at], Flaw) for each in figures):
            kept.append(at)
        elif ids is not None and not is_blank(ids[at]):
            left.append(at)
    slim = replace(
        grid,
        columns=[[column[at] for at in kept] for column in grid.columns],
        numbers=[grid.numbers[at] for at in kept],
    )
    if not left:
        return slim, []
    numbers = [grid.numbers[at] for at in left]
    column = next((layout.columns[name] for name in _FIGURES if name in layout.columns), None)
    places = [_left_blank(grid, layout, at, column) for at in left]
    keys = {name: grid.columns[at] for name, at in layout.columns.items() if name in _KEYS}
    told = [
        blank(names, {name: cells[at] for name, cells in keys.items()}, place, partner=partner)
        for at, place in zip(left, places, strict=True)
    ]
    found = Finding(
        code="template-rows-blank",
        place=told[0] if len(left) == 1 and told[0] is not None else places[0],
        found=_runs(numbers),
        params={"count": len(left)},
        related=tuple(places[1 : _PLACES + 1]),
    )
    slim = replace(slim, blanks=tuple(each for each in told if each is not None))
    return slim, [found, *_changed_codes(grid, layout, names, numbers)]


def _left_blank(grid: Grid, layout: Layout, at: int, column: int | None) -> Place:
    """Where the figure of a row belongs."""
    cell, header = (None, None) if column is None else (_address(grid, at, column), layout.headers[column])
    return Place(file=grid.file, sheet=grid.sheet, row=grid.numbers[at], cell=cell, header=header)


def _changed_codes(grid: Grid, layout: Layout, names: Names, rows: Sequence[int]) -> Iterator[Finding]:
    """Codes of indicators in blank rows that the plan does not know: nobody reports there, and nobody can any more."""
    column, blank = layout.columns["indicator"], frozenset(rows)
    for at, number in enumerate(grid.numbers):
        cell = grid.columns[column][at]
        answer = names.indicators.match_cell(cell) if number in blank else None
        if answer is None or answer.value is not None or answer.code is None:
            continue
        place = Place(file=grid.file, sheet=grid.sheet, row=number, cell=_address(grid, at, column))
        yield Finding(
            code=answer.code,
            place=replace(place, header=layout.headers[column]),
            found=text_of(cell) or "",
            expected=answer.expected,
            suggestion=answer.suggestion,
            severity=Severity.WARNING,
        )


def _address(grid: Grid, at: int, column: int) -> str | None:
    return f"{column_letters(column + 1)}{grid.numbers[at]}" if grid.has_letters else None


def _runs(numbers: Sequence[int]) -> str:
    """``5–9, 12``: row numbers that follow each other as one."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    shown = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs[:_SHOWN])
    return shown + (", …" if len(runs) > _SHOWN else "")


def renamed(findings: Iterable[Finding], stamp: Stamp, names: Names) -> list[Finding]:
    """Unknown indicators with the id that now has their title, where one has."""
    told = []
    for finding in findings:
        title = stamp.indicators.get(finding.found, "")
        if finding.code == "ref-unknown-indicator" and not finding.suggestion and title:
            now = names.indicators.known(title)
            told.append(replace(finding, suggestion=now) if now is not None else finding)
        else:
            told.append(finding)
    return told
