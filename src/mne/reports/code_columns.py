"""A column of codes beside one of names: ``Code`` and ``Indicator``, where the codes are under a header of their own.

Read `with_codes` first. The cells decide which of the columns names the indicators: codes of the plan are certain, and
a name beside them is a title, which may not say another indicator than the code does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mne.ground.phrases import listed
from mne.reports.grid import Cell, Flaw, Grid
from mne.reports.headers import Name, code_words, header_key, header_texts, is_aside
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.reports.headers import HeaderReader
    from mne.reports.lookup import Lookup

__all__ = ["conflict", "with_codes"]

_FIRST_ROWS: Final = 40
_ASKED: Final = 200
"""So many rows beneath a header show what its column holds."""
_HALF: Final = 2
_CODES: Final = Name("column", "indicator")
_TITLES: Final = Name("also", "indicator")


def with_codes(grid: Grid, headers: HeaderReader, lookup: Lookup) -> tuple[Grid, HeaderReader]:
    """A grid whose codes and titles agree or say that they do not, and a reader that knows which column holds codes.

    Findings, in the cells of codes: indicator-conflict, ref-unknown-indicator with what the title beside it means.
    """
    for at, texts in _headers(grid):
        if sum(map(bool, texts)) < _HALF:
            continue
        names = [headers.name_of(text)[0] if text else None for text in texts]
        told = _meant(grid, at, texts, names, lookup)
        reader = headers.also(told) if told else headers
        names = [reader.name_of(text)[0] if text else None for text in texts]
        codes = [each for each, name in enumerate(names) if name == _CODES]
        if len(codes) == 1 and _share(grid, at, codes[0], lookup, codes=True):
            titles = [each for each, name in enumerate(names) if _holds_titles(name, texts[each])]
            return _compared(grid, at, codes[0], titles, lookup), reader
    return grid, headers


def _headers(grid: Grid) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows that may be the header, each with its texts; -1 where the grid names its own columns."""
    if grid.header is not None:
        yield -1, [label.strip() for label in grid.header]
        return
    for at in range(min(_FIRST_ROWS, len(grid.numbers))):
        yield at, header_texts(grid, at)


def _meant(grid: Grid, at: int, texts: Sequence[str], names: Sequence[Name | None], lookup: Lookup) -> dict[str, Name]:
    """What the headers of a row mean where not its column of indicators holds the codes, but one of another name."""
    own = [column for column, name in enumerate(names) if name is not None and name.target == "indicator"]
    if any(_share(grid, at, column, lookup, codes=True) for column in own):
        return {}
    by_title = any(_share(grid, at, column, lookup, codes=False) for column in own)
    found = [
        column
        for column, name in enumerate(names)
        if texts[column]
        and (name is None or name.kind == "known")
        and (header_key(texts[column]) in code_words() or (own and not by_title and name is None))
        and _share(grid, at, column, lookup, codes=True)
    ]
    if len(found) != 1:
        return {}
    return {**{header_key(texts[column]): _TITLES for column in own}, header_key(texts[found[0]]): _CODES}


def _holds_titles(name: Name | None, header: str) -> bool:
    return is_aside(header) if name is None else name == _TITLES or name.kind == "known"


def _share(grid: Grid, at: int, column: int, lookup: Lookup, *, codes: bool) -> bool:
    """Whether half of what stands beneath a header are codes of indicators, or name one in any way."""
    cells = grid.columns[column][at + 1 : at + 1 + _ASKED]
    words = [cell for cell in dict.fromkeys(cells) if isinstance(cell, str) and cell.strip()]
    known = [(word, code) for word in words if (code := lookup.known(word)) is not None]
    if codes:
        # A running number of the rows is no code, even where codes are numbers.
        known = [(word, code) for word, code in known if folded(word) == folded(code) and not code.isdecimal()]
    return bool(known) and len(known) * _HALF >= len(words)


def _compared(grid: Grid, at: int, codes: int, titles: Sequence[int], lookup: Lookup) -> Grid:
    """A grid whose codes say so where a title beside them names another indicator."""
    column = grid.columns[codes]
    flawed: dict[int, Flaw] = {}
    for other in titles:
        pairs = [*zip(column[at + 1 :], grid.columns[other][at + 1 :], strict=True)]
        wrong = {pair: flaw for pair in {*pairs} if (flaw := conflict(*pair, lookup)) is not None}
        flawed |= {at + 1 + row: wrong[pair] for row, pair in enumerate(pairs) if pair in wrong} if wrong else {}
    if not flawed:
        return grid
    mended = [flawed.get(row, cell) for row, cell in enumerate(column)]
    return replace(grid, columns=[mended if each == codes else cells for each, cells in enumerate(grid.columns)])


def conflict(code: Cell, title: Cell, lookup: Lookup) -> Flaw | None:
    """What is wrong with a code beside a title: it is another indicator's, or none where the title is known."""
    if not isinstance(code, str) or not isinstance(title, str):
        return None
    meant = lookup.known(title)
    answer = lookup.match(code)
    if meant is None or meant == answer.value:
        return None
    if answer.value is not None:
        return Flaw("indicator-conflict", code, expected=listed([answer.value, meant]), of=meant)
    if answer.code == f"ref-unknown-{lookup.kind}" and answer.suggestion is None:
        return Flaw(answer.code, code, expected=answer.expected, suggestion=meant)
    return None
