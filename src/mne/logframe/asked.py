"""What a partner is asked for in a period: one cell for each indicator, place and category, as the plan says.

Read `asked` first. `fingerprint` is the plan as one short text, by which a form knows whether the plan has moved on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from mne.logframe.indicator import TOTAL, Indicator, category_key
from mne.logframe.periods import Period
from mne.logframe.writing import to_json

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["Asked", "asked", "fingerprint"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure that a partner is asked for."""

    indicator: Indicator
    period: Period
    location: str
    category: str


def asked(plan: Logframe, partner: str, period: Period) -> tuple[Asked, ...]:
    """Every cell that a partner reports for a period, in the order of the plan.

    Indicators are asked for in those of their own periods that end inside `period`: a yearly one in the last quarter,
    a monthly one three times a quarter. Who is assigned reports from the places assigned; an indicator that nobody is
    assigned to is asked of everybody. What a formula computes is asked of nobody.
    """
    found: dict[tuple[str, str, str, str], Asked] = {}
    for indicator in plan.indicators.values():
        if indicator.formula is not None:
            continue
        for own in plan.periods_of(indicator):
            if own.last_day not in period:
                continue
            pairs = plan.expected_reporters(indicator, own) if indicator.assignments else ((partner, TOTAL),)
            for reporter, location in pairs:
                if reporter == partner:
                    for category in _categories(plan, indicator):
                        told = Asked(indicator, own, location, category)
                        found.setdefault((indicator.id, own.label, location, category), told)
    return tuple(found.values())


def _categories(plan: Logframe, indicator: Indicator) -> Iterator[str]:
    """The whole, then the parts of each split."""
    yield TOTAL
    codes = {each.id: [code.id for code in each.codes] for each in plan.dimensions}
    order = {each.id: at for at, each in enumerate(plan.dimensions)}
    for split in indicator.disaggregation:
        names = sorted((name for name in split.dimensions if name in codes), key=order.__getitem__)
        for chosen in product(*(codes[name] for name in names)):
            yield category_key(dict(zip(names, chosen, strict=True)))


def fingerprint(plan: Logframe) -> str:
    """The SHA-256 of the plan's contents in hexadecimal: the same for the same plan, whatever file it was read from."""
    return hashlib.sha256(to_json(plan).encode("utf-8", "surrogatepass")).hexdigest()
