"""The category of a row: from a column for each dimension, from one column of encoded categories, or from both.

Read `category` first. Codes and titles alone are taken where only one dimension of the plan has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mne.ground.phrases import either, listed, phrase
from mne.logframe.indicator import TOTAL, category_key, category_parts
from mne.reports.cells import BLANK, Answer
from mne.reports.fields import covered
from mne.reports.grid import Cell, is_blank

if TYPE_CHECKING:
    from mne.reports.names import Names

__all__ = ["category"]

_PARTS: Final = re.compile(r"[|;,]")


def category(
    names: Names, whole: Cell, parts: Mapping[str, Cell]
) -> tuple[str | None, tuple[tuple[str, Answer[str]], ...]]:
    """The encoded category of a row, from one column of categories, from one column for each dimension, or from both.

    Returns:
        The category (None when it was not understood), and what is to be said, by column; a dimension's column is
        named ``dimension:`` and its id.

    Findings: those of `Lookup.match_cell`, ref-unknown-category, category-conflict.
    """
    said: list[tuple[str, Answer[str]]] = []
    chosen: dict[str, str] = {}
    failed = False
    for dimension, cell in parts.items():
        own = names.said("category", cell)
        answer = names.dimensions[dimension].match_cell(own.partition("=")[2] or own if isinstance(own, str) else own)
        if answer.code is not None:
            said.append((f"dimension:{dimension}", answer))
        if answer.value is None and answer.code is not None:
            failed = True
        elif answer.value not in (None, TOTAL):
            chosen[dimension] = str(answer.value)
    found, answer = _whole(names, whole)
    if answer.code is not None:
        said.append(("category", answer))
        failed = failed or answer.refused
    for dimension, code in found.items():
        if chosen.setdefault(dimension, code) != code:
            expected = f"{dimension}={chosen[dimension]}"
            said.append(("category", Answer(code="category-conflict", expected=expected)))
            failed = True
    ordered = {each.id: chosen[each.id] for each in names.plan.dimensions if each.id in chosen}
    return (None if failed else category_key(ordered)), tuple(said)


def _whole(names: Names, cell: Cell) -> tuple[dict[str, str], Answer[str]]:
    if is_blank(cell):
        return {}, covered(cell)
    cell = names.said("category", cell)
    if not isinstance(cell, str):
        return {}, _only(names, cell)[1]
    try:
        written = category_parts(cell)
    except ValueError:
        written = {}
    exact = all(
        dimension in names.dimensions and names.dimensions[dimension].match(code) == Answer(value=code)
        for dimension, code in written.items()
    )
    if written and exact:
        return written, BLANK
    whole, answer = _only(names, cell)
    if answer.code is None or not ("=" in cell or _PARTS.search(cell)):
        return whole, answer
    return _several(names, cell)


def _several(names: Names, cell: str) -> tuple[dict[str, str], Answer[str]]:
    """``sex=F|age=15-24``, or its codes alone."""
    found: dict[str, str] = {}
    said: Answer[str] = BLANK
    for part in _PARTS.split(cell):
        dimension, equals, code = part.partition("=")
        if equals:
            known = names.dimension_names.match(dimension)
            answer = names.dimensions[known.value].match(code) if known.value else known
            one = {known.value: str(answer.value)} if known.value and answer.value else {}
            if answer.code and answer.code.startswith("ref-unknown"):
                answer = _unknown_category(names, answer.suggestion)
        else:
            one, answer = _only(names, part)
        if not answer.refused and answer.value is not None and set(one) & set(found):
            answer = Answer(code="category-conflict", expected=phrase("one code of each dimension"))
        said = answer if answer.refused or (answer.code and not said.code) else said
        found.update({key: value for key, value in one.items() if value != TOTAL})
    return found, said


def _only(names: Names, cell: Cell) -> tuple[dict[str, str], Answer[str]]:
    """A code or title by itself, when only one dimension has it."""
    if isinstance(cell, str) and not cell.strip():
        return {}, _unknown_category(names)
    answers = {dimension: lookup.match_cell(cell) for dimension, lookup in names.dimensions.items()}
    taken = {dimension: answer for dimension, answer in answers.items() if answer.value is not None}
    if any(answer.value == TOTAL for answer in taken.values()):
        return {}, BLANK
    if len(taken) == 1:
        ((dimension, answer),) = taken.items()
        return {dimension: str(answer.value)}, answer
    if taken:
        both = either(f"{dimension}={answer.value}" for dimension, answer in taken.items())
        return {}, Answer(code="ref-ambiguous", expected=both)
    telling = [answer for answer in answers.values() if answer.code and not answer.code.startswith("ref-unknown")]
    if telling:
        return {}, telling[0]
    suggestions = [f"{key}={answer.suggestion}" for key, answer in answers.items() if answer.suggestion]
    if isinstance(cell, str) and cell.strip() == TOTAL:
        return {}, BLANK
    return {}, _unknown_category(names, suggestions[0] if len(suggestions) == 1 else None)


def _unknown_category(names: Names, suggestion: str | None = None) -> Answer[str]:
    shown = listed((listed([key, lookup.expected], by=": ") for key, lookup in names.dimensions.items()), by="; ")
    return Answer(code="ref-unknown-category", expected=shown or TOTAL, suggestion=suggestion)
