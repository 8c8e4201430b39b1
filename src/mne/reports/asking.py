"""The cells of a column asked one by one, every distinct content once; and the columns that need no plan to be read.

Read `each` first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mne.ground.phrases import phrase
from mne.logframe.indicator import Measure
from mne.reports import cells, dates
from mne.reports.cells import BLANK, Answer
from mne.reports.grid import Cell, Flaw, is_blank, text_of
from mne.reports.words import STATUSES, folded
from mne.tables.observations import State, Status

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator

__all__ = [
    "any_code",
    "day_first",
    "each",
    "each_row",
    "flag",
    "free_text",
    "proofs",
    "state",
    "status",
    "texts",
    "whole",
]

T = TypeVar("T")

_FORMULA: Final = re.compile(r"\s*[=@]|[\t\r]|\s*[+-][\w(]")
_MARKUP: Final = re.compile(r"<[/!]?[A-Za-z]")
_LONGEST_TEXT: Final = 32_767


def each(found: Sequence[Cell], ask: Callable[[Cell], Answer[T]]) -> list[Answer[T]]:
    """The answer to each cell; equal cells of one type are asked once."""
    known: dict[Hashable, Answer[T]] = {}
    answers = []
    for cell in found:
        # 1, 1.0 and True are equal, and are not the same cell.
        key: Hashable = cell if cell.__class__ is str else (cell.__class__, cell)
        answer = known.get(key)
        if answer is None:
            answer = known[key] = ask(cell)
        answers.append(answer)
    return answers


def each_row(rows: Iterable[tuple[Any, ...]], ask: Callable[[tuple[Any, ...]], T]) -> list[T]:
    """The answer to each combination of cells; equal combinations of the same types are asked once."""
    known: dict[Hashable, T] = {}
    answers = []
    for row in rows:
        key = (row, *map(type, row))
        answer = known.get(key)
        if answer is None:
            answer = known[key] = ask(row)
        answers.append(answer)
    return answers


def proofs(found: Sequence[Cell], indicators: Sequence[Indicator | None] | None) -> list[str]:
    """The texts of a column that may prove its decimal mark: none that are words of a scale or an answer."""
    if indicators is None:
        return [cell for cell in dict.fromkeys(found) if isinstance(cell, str)]
    numeric = {
        each.id: not (each.measure.is_text or each.measure.is_ranked or each.measure is Measure.YES_NO)
        for each in {id(each): each for each in indicators}.values()
        if each is not None
    }
    pairs = dict.fromkeys(zip(found, (each.id if each is not None else "" for each in indicators), strict=True))
    return [cell for cell, name in pairs if isinstance(cell, str) and numeric.get(name, False)]


def day_first(found: Iterable[Cell]) -> bool | None:
    """Whether a column's dates with slashes show that the day stands first."""
    return dates.day_first(cell for cell in dict.fromkeys(found) if isinstance(cell, str))


def texts(found: Sequence[Cell]) -> list[str | None]:
    """The cells of a column as the partner sees them."""
    return [cell if cell.__class__ is str else text_of(cell) for cell in found]


def any_code(cell: Cell) -> Answer[str]:
    """A code that the plan has no list for: as written."""
    if is_blank(cell):
        return BLANK
    if isinstance(cell, Flaw):
        return Answer(code=cell.code, expected=phrase("a code"))
    plain = cells.clean(text_of(cell) or "")
    if len(plain) > cells.LONGEST:
        return Answer(code="limit-cell-length", expected=phrase("at most {n} characters", n=cells.LONGEST))
    if not plain.isprintable():
        return Answer(code="code-invisible-character", expected=phrase("visible characters only"))
    return Answer(value=plain, code="ref-no-list")


def status(cell: Cell) -> Answer[str]:
    """How far a report has come, in words of four languages."""
    if is_blank(cell):
        return BLANK
    known = STATUSES.get(folded(cell)) if isinstance(cell, str) else None
    if known is not None:
        return Answer(value=known.value)
    return Answer(code="status-unknown", expected=", ".join(each.value for each in Status))


def state(cell: Cell) -> Answer[State]:
    """The state that a word names."""
    if is_blank(cell):
        return BLANK
    return cells.state(text_of(cell) or "")


def whole(cell: Cell) -> Answer[int]:
    """A whole number, such as a revision's."""
    return BLANK if is_blank(cell) else cells.whole(cell)


def flag(cell: Cell) -> Answer[bool]:
    """Yes or no, as a mark on the row and not as its value."""
    if is_blank(cell):
        return BLANK
    answer = cells.yes_no(text_of(cell) if isinstance(cell, Flaw) else cell)
    return Answer(code="yes-no-invalid", expected=phrase("yes or no")) if answer.state is not None else answer


def free_text(cell: Cell) -> Answer[str]:
    """Words as they stand; what would be live in a workbook or a web page is said."""
    if is_blank(cell):
        return BLANK
    if isinstance(cell, Flaw):
        return Answer(code=cell.code, expected=cell.expected or "text", suggestion=cell.suggestion)
    plain = text_of(cell) or ""
    if len(plain) > _LONGEST_TEXT:
        return Answer(code="limit-cell-length", expected=phrase("at most {n:,} characters", n=_LONGEST_TEXT))
    if "\0" in plain:
        return Answer(code="control-character", expected=phrase("text without damaged characters"))
    code = None
    if isinstance(cell, str):
        code = "text-formula" if _FORMULA.match(plain) else "text-markup" if _MARKUP.search(plain) else None
    return Answer(value=plain, code=code)
