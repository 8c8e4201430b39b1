"""A number with its unit written into the same cell: 190 kg, 190 кг, EUR 5 898.

Read `number_with_unit` first. The words beside a number are a unit only where they name one that the indicator can be
reported in: 5 m is no length where people are counted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.phrases import either
from mne.logframe.indicator import Measure
from mne.reports import cells
from mne.reports.cells import Answer, Marks

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.reports.names import Names

__all__ = ["number_with_unit"]

_LONGEST: Final = 100
_PERCENT: Final = "percent"
_MEASURES: Final = frozenset((Measure.NUMBER, Measure.CURRENCY, Measure.INDEX, Measure.PERCENTAGE))
_BEHIND: Final = re.compile(r"(?P<number>[+-]?[0-9][0-9 '’.,]*?) ?(?P<unit>[^\d\s.,'’+-].*)")
_BEFORE: Final = re.compile(r"(?P<unit>[^\d\s.,'’+-][^\d]*?) ?(?P<number>[0-9][0-9 '’.,]*)")


def number_with_unit(names: Names, indicator: Indicator, text: str, *, marks: Marks) -> Answer[Decimal] | None:
    """The number in a cell that says its unit too, before or behind it; None where it is not that.

    Findings: number-with-unit, number-ambiguous, and those of a number.
    """
    own = _PERCENT if indicator.measure is Measure.PERCENTAGE else indicator.unit
    plain = cells.clean(text)
    if own is None or marks.strict or indicator.measure not in _MEASURES or len(plain) > _LONGEST:
        return None
    for pattern in (_BEHIND, _BEFORE):
        matched = pattern.fullmatch(plain)
        unit = names.units.resolve(matched["unit"]) if matched is not None else None
        if matched is None or unit is None or not names.units.measures(unit, own):
            continue
        # Only money is written before its amount.
        if pattern is _BEHIND or names.units.is_currency(unit):
            return _read(matched["number"], unit, marks)
    return None


def _read(number: str, unit: str, marks: Marks) -> Answer[Decimal]:
    shape = cells.shape_of(number)
    if shape is not None and shape.doubtful and not marks.fixed:
        readings = (shape.read_with(decimal=decimal) for decimal in (False, True))
        return Answer(code="number-ambiguous", expected=either(format(each, "f") for each in readings))
    answer = cells.number(number, marks=marks)
    if answer.value is None:
        return answer
    told = f"{answer.value:f} {unit}"
    return replace(answer, code="number-with-unit", expected=told, severity=Severity.INFO, unit=unit)
