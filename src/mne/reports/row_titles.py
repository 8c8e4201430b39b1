"""Categories that only the titles of rows say: ``Trained – women`` beneath ``Trained``, with the same code.

Read `named_in_titles` first. Nothing is made of a title unless it tells apart rows that would otherwise report the
same cell, all of them, and says nothing beside the words of its group or the category itself.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from mne.logframe.indicator import TOTAL, category_key
from mne.reports.grid import is_blank, text_of
from mne.reports.share_rows import part_in, without_part
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.reports.grid import Cell
    from mne.reports.headings import Headings
    from mne.reports.sheet_view import SheetView
    from mne.reports.windows import Window

__all__ = ["Titled", "among", "categories_of_rows", "category_in", "may_be_named", "named_in_titles", "title_columns"]

_LONGEST: Final = 200
_TALLEST: Final = 2_000
_CELL: Final = ("project", "period", "year", "period_start", "period_end", "partner", "location")
"""What says, with the indicator and the category, which cell a row reports."""
_AMONG: Final = re.compile(
    r"(?:[-–—•*\s]|(?:в\s*т\.?\s*ч\.?|в том числе|из них|including|incl\.?|of which|of whom|among them|thereof"
    r"|dont|y compris|parmi lesquels|parmi lesquelles|аз ҷумла|аз он ҷумла|аз онҳо)(?![^\W\d_])[:,]?)+",
    re.IGNORECASE,
)
_FRONT: Final = re.compile(r":\s*|\s[-–—]\s*")
_JOINTS: Final = re.compile(r"\s[-–—]\s*|[-–—]\s|:\s*|,\s*|\(")


class Titled(NamedTuple):
    """A row as it is told apart: its indicator (None for a blank cell), all else that says which cell, its title."""

    row: int
    indicator: str | None
    keys: tuple[str, ...]
    title: str


def named_in_titles(rows: Sequence[Titled], headings: Headings) -> dict[int, tuple[str, str]]:
    """By row the indicator, and the category (or the whole), of those that only their titles tell apart.

    Args:
        rows: rows that report something, in their order; an indicator that nobody knows is named as it is written.
        headings: reads the words for categories.
    """
    found: dict[int, tuple[str, str]] = {}
    group: list[tuple[Titled, str]] = []
    code: str | None = None
    fronts = _in_front((each.title for each in rows), headings)
    for each in rows:
        category = category_in(each.title, headings) or fronts.get(each.title)
        beneath = each.indicator is None and category not in (None, TOTAL)
        if code is None or not (each.indicator == code or beneath):
            found |= _told(group, code)
            group, code = [], each.indicator
        group.append((each, category or TOTAL))
    return found | _told(group, code)


def categories_of_rows(
    view: SheetView, window: Window, headings: Headings, *, without: Container[int] = ()
) -> tuple[int | None, dict[int, tuple[str, str]]]:
    """The column of a table whose titles say the category of its rows, and what `named_in_titles` makes of them.

    `without` has rows that are not read.
    """
    at, named_above = window.keys.get("indicator"), window.facts.get("indicator")
    if at is None and not (window.section and named_above is not None):
        return None, {}
    values = [each.column for each in window.figures]
    found: dict[int, dict[int, tuple[str, str]]] = {}
    for column in title_columns(window):
        titles = {row: view.text(row, column) for row in window.rows}
        if not may_be_named({*titles.values()}, headings):
            continue
        rows = [
            Titled(
                row,
                _named(view.at(row, at) if at is not None else named_above[0] if named_above else None, headings),
                (*_others(view, window, row), part_in(title, headings)),
                without_part(title, headings),
            )
            for row, title in titles.items()
            if row not in without and any(not is_blank(view.own(row, each)) for each in values)
        ]
        if named := named_in_titles(rows, headings):
            found[column] = named
    return next(iter(found.items())) if len(found) == 1 else (None, {})


def title_columns(window: Window) -> list[int]:
    """The columns in which titles may say the category of each row: before the figures, and nothing else by a header.

    Beneath the name of an indicator the titles of rows hardly ever have a header.
    """
    figures = [*window.figures, *window.aside, *window.sums]
    split = window.dimensions or "category" in window.keys or any(each.dimensions for each in figures)
    if split or window.role_at is not None or len(window.rows) > _TALLEST:
        return []
    told = {*window.keys.values(), *(each.column for each in figures)}
    first = min((each.column for each in figures), default=0)
    return [each for each in range(first) if each not in told and (window.section or each in window.headers)]


def _named(cell: Cell, headings: Headings) -> str | None:
    """The indicator that a cell names, known or not; None for a blank one."""
    if is_blank(cell):
        return None
    return headings.names.indicators.match_cell(cell).value or text_of(cell)


def _others(view: SheetView, window: Window, row: int) -> tuple[str, ...]:
    return tuple(text_of(view.at(row, window.keys[name])) or "" for name in _CELL if name in window.keys)


def may_be_named(titles: Iterable[str], headings: Headings) -> bool:
    """Whether any of some titles says a category at all."""
    bare = [without_part(title, headings) for title in titles]
    return any(category_in(each, headings) not in (None, TOTAL) for each in bare) or bool(_in_front(bare, headings))


def _in_front(titles: Iterable[str], headings: Headings) -> dict[str, str]:
    """The categories that titles begin with where the same words follow others: ``Women: passed``, ``Men: passed``."""
    found: dict[str, dict[str, str]] = {}
    for title in titles:
        joint = _FRONT.search(title) if len(title) <= _LONGEST else None
        category = _whole(title[: joint.start()].strip(), headings) if joint is not None else None
        if joint is not None and category not in (None, TOTAL):
            found.setdefault(folded(title[joint.end() :]), {})[title] = str(category)
    several = (each for each in found.values() if len({*each.values()}) > 1)
    return {title: category for each in several for title, category in each.items()}


def _told(group: Sequence[tuple[Titled, str]], code: str | None) -> dict[int, tuple[str, str]]:
    """What the titles of the rows of one indicator say; nothing where they leave two rows the same, or need not."""
    without = {each.keys for each, _ in group}
    spots = {(each.keys, category) for each, category in group}
    if code is None or len(without) == len(group) or len(spots) < len(group):
        return {}
    return {each.row: (code, category) for each, category in group}


def among(title: str) -> str | None:
    """What stands behind a word such as "of which" at the beginning of a title; None where there is none."""
    found = _AMONG.match(title.strip()) if len(title) <= _LONGEST else None
    return title.strip()[found.end() :].strip() if found is not None and any(map(str.isalpha, found.group())) else None


def category_in(title: str, headings: Headings) -> str | None:
    """The category that a title is, or ends with behind a dash, a comma or in brackets; None for none."""
    if not title or len(title) > _LONGEST:
        return None
    ends = [title, *(title[found.end() :] for found in _JOINTS.finditer(title))]
    return next((told for each in ends if (told := _whole(each.strip().rstrip(") "), headings))), None)


def _whole(words: str, headings: Headings) -> str | None:
    among = _AMONG.match(words)
    words = words[among.end() :].strip() if among is not None else words
    parts = headings.parts(words) if words else ()
    if not parts or any(part.kind not in ("dimension", "total") for part in parts):
        return None
    known: dict[str, str] = {}
    for part in parts:
        if part.kind == "total":
            continue
        code = headings.names.dimensions[part.name].known(part.text)
        if code is None or known.setdefault(part.name, code) != code:
            return None
    ordered = {each.id: known[each.id] for each in headings.names.plan.dimensions if each.id in known}
    return category_key(ordered) if ordered else TOTAL
