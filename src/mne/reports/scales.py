"""Figures such as 1,450, whose one mark is taken for a decimal mark only where its own indicator shows that it is one.

Read `doubted` first. That somebody writes 0,185 tonnes does not show how the same person writes an amount of money: the
proof has to come from figures of the same indicator in the same unit. Thousands parted by spaces prove nothing here,
for who mixes two marks is the very case. Where the other figures of the indicator make thousands the likelier reading,
even such a proof is not enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mne.ground.phrases import either
from mne.reports.cells import Answer, Marks, Shape, decimal_marks, shape_of
from mne.reports.grid import Cell, Lane, text_of
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.columns import Columns

__all__ = ["HAND", "doubted"]

HAND: Final[tuple[Lane, ...]] = ("workbook", "json")
"""Where numbers that are text were typed by a hand; what a program wrote, it wrote in one way throughout."""

_DOUBTFUL: Final = re.compile(r"[+-]? ?[1-9][0-9]{0,2}[.,][0-9]{3}(?: ?%)?")


@dataclass(slots=True)
class _Scale:
    """What the figures of one indicator in one unit show: how they are written, and how large they are."""

    texts: list[str] = field(default_factory=list)
    sizes: list[Decimal] = field(default_factory=list)


def doubted(
    columns: Columns,
    indicators: Sequence[Indicator | None],
    found: Sequence[Cell],
    answers: Sequence[Answer[Decimal]],
    marks: Marks,
) -> list[Answer[Decimal]]:
    """The answers to a column of numbers, those doubted that nothing of their own indicator settles.

    Args:
        columns: the table.
        indicators: that of each row.
        found: the cells of the column.
        answers: what they say by the column's decimal mark.
        marks: the column's decimal mark.

    Findings: number-ambiguous.
    """
    asked = {row: shape for row, cell in enumerate(found) if (shape := _shape(cell, marks, answers[row])) is not None}
    if not asked or marks.fixed or marks.strict:
        return list(answers)
    units = columns.cells_or_blank("unit")
    keys = [
        (indicator.id if indicator is not None else None, folded(text_of(unit) or ""))
        for indicator, unit in zip(indicators, units, strict=True)
    ]
    scales: dict[tuple[str | None, str], _Scale] = {keys[row]: _Scale() for row in asked}
    for row, (cell, answer) in enumerate(zip(found, answers, strict=True)):
        if (scale := scales.get(keys[row])) is None or row in asked:
            continue
        if isinstance(cell, str):
            scale.texts.append(cell)
        if answer.value:
            scale.sizes.append(abs(answer.value))
    return [
        _ambiguous(asked[row]) if row in asked and not _is_settled(asked[row], scales[keys[row]]) else answer
        for row, answer in enumerate(answers)
    ]


def _shape(cell: Cell, marks: Marks, answer: Answer[Decimal]) -> Shape | None:
    """The shape of a cell that was read as a decimal number and may be thousands."""
    if answer.value is None or not isinstance(cell, str) or not _DOUBTFUL.fullmatch(cell.strip()):
        return None
    shape = shape_of(cell)
    return shape if shape is not None and shape.doubtful and shape.mark == marks.decimal else None


def _is_settled(shape: Shape, scale: _Scale) -> bool:
    proved = decimal_marks(scale.texts)
    if proved.decimal != shape.mark or proved.mixed:
        return False
    if not scale.sizes:
        return True
    usual = sorted(scale.sizes)[len(scale.sizes) // 2]
    small, large = (abs(shape.read_with(decimal=decimal)) for decimal in (True, False))
    return max(small, usual) * min(large, usual) <= max(large, usual) * min(small, usual)


def _ambiguous(shape: Shape) -> Answer[Decimal]:
    readings = (shape.read_with(decimal=decimal) for decimal in (False, True))
    return Answer(code="number-ambiguous", expected=either(format(each, "f") for each in readings))
