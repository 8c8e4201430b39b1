"""From counted rows to one cell for each reporter and period: categories first, then shorter reports within a period.

Read `Book` first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import product

from mne.logframe.indicator import TOTAL, Axis, Indicator, category_parts
from mne.logframe.model import Logframe
from mne.logframe.periods import Period
from mne.tables.reasons import Reason
from tests.reference.folding import Amount, fold, undefined
from tests.reference.rows import CountedRow

Pair = tuple[str, str]
"""A partner and a location: one expected reporter."""


@dataclass(frozen=True)
class Book:
    """One indicator's cells, by period label and (partner, location)."""

    plan: Logframe
    indicator: Indicator
    ended: list[Period]
    cells: dict[str, dict[Pair, Amount]]
    excused: dict[str, dict[Pair, str]]
    """Pairs that said that a period is not applicable, or not due, to them."""
    refused: set[str]
    """Periods with a number in a unit that cannot be converted."""
    ever: set[Pair]
    """Pairs that reported anything at all in these periods."""

    @classmethod
    def of(cls, plan: Logframe, indicator: Indicator, ended: list[Period], rows: list[CountedRow]) -> Book:
        """The book of the counted rows of `indicator` in the periods that ended."""
        cells: dict[str, dict[Pair, Amount]] = {}
        excused: dict[str, dict[Pair, str]] = {}
        for period in ended:
            here = [row for row in rows if row.period == period]
            cells[period.label] = {}
            excused[period.label] = {}
            for pair in sorted({row.pair for row in here}):
                cell = _pair_cell(plan, indicator, [row for row in here if row.pair == pair])
                if cell is not None:
                    cells[period.label][pair] = cell
            for row in sorted(here, key=lambda each: (each.row["period_end"], each.row["period_start"])):
                if row.row["category"] == TOTAL and row.row["state"] in ("not_applicable", "not_due"):
                    excused[period.label][row.pair] = row.row["state"]
        refused = {row.period.label for row in rows if row.unconvertible}
        ever = {row.pair for row in rows if row.amount is not None}
        return cls(plan, indicator, ended, cells, excused, refused, ever)

    def expected(self, period: Period) -> set[Pair]:
        """Who should have reported: those assigned, or those that ever reported; and whoever did report."""
        if self.indicator.assignments:
            pairs = set(self.plan.expected_reporters(self.indicator, period))
        else:
            pairs = set(self.ever)
        return (pairs - set(self.excused[period.label])) | set(self.cells[period.label])


def _pair_cell(plan: Logframe, indicator: Indicator, rows: list[CountedRow]) -> Amount | None:
    """One reporter's amount in one plan period, which may be made of several shorter reports."""
    shorter: list[tuple[tuple[dt.date, dt.date], Amount]] = []
    for span in sorted({(row.row["period_end"], row.row["period_start"]) for row in rows}):
        same = [row for row in rows if (row.row["period_end"], row.row["period_start"]) == span]
        amount = _category_cell(plan, indicator, same)
        if amount is not None:
            shorter.append((span, amount))
    if not shorter:
        return None
    if indicator.accumulation != "flow":
        return shorter[-1][1]
    if len(shorter) == 1:
        return shorter[0][1]
    return fold(indicator, Axis.TIME, [(str(span), amount) for span, amount in shorter])


def _category_cell(plan: Logframe, indicator: Indicator, rows: list[CountedRow]) -> Amount | None:
    """The whole of one report: its total as entered, or its parts combined."""
    total = next((row.amount for row in rows if row.row["category"] == TOTAL), None)
    parts = {row.row["category"]: row for row in rows if _is_part(row.row["category"])}
    usable = {category: row.amount for category, row in parts.items() if row.amount is not None}
    if indicator.measure.is_text:
        return undefined(Reason.TEXT_ONLY) if total is not None or usable else None
    if total is not None and (indicator.aggregation.totals == "entered_total" or not usable):
        return total
    if not usable:
        return None
    return _combined(plan, indicator, parts, usable)


def _is_part(category: str) -> bool:
    try:
        return category_parts(category) != {}
    except ValueError:
        return False


def _combined(
    plan: Logframe, indicator: Indicator, parts: dict[str, CountedRow], usable: dict[str, Amount]
) -> Amount | None:
    dimensions = _dimensions_used(indicator, list(usable))
    used = {key: amount for key, amount in usable.items() if frozenset(category_parts(key)) == dimensions}
    overlapping = any(
        frozenset(split.dimensions) == dimensions and split.relation == "overlapping"
        for split in indicator.disaggregation
    )
    if not _may_combine(indicator, overlapping=overlapping):
        return undefined(Reason.NOT_AGGREGABLE)
    if indicator.missing == "propagate":
        answered = [category_parts(key) for key in used]
        # A category that is declared not applicable, or not due, is not missing.
        answered += [
            category_parts(key) for key, row in parts.items() if row.row["state"] in ("not_applicable", "not_due")
        ]
        if any(code not in answered for code in _declared_codes(plan, dimensions)):
            return None
    return fold(indicator, Axis.CATEGORIES, sorted(used.items()))


def _dimensions_used(indicator: Indicator, categories: list[str]) -> frozenset[str]:
    """The split that makes the total: the first declared one that was reported, else the simplest."""
    reported = {frozenset(category_parts(category)) for category in categories}
    for split in indicator.disaggregation:
        if frozenset(split.dimensions) in reported:
            return frozenset(split.dimensions)
    return min(reported, key=lambda dimensions: (len(dimensions), sorted(dimensions)))


def _may_combine(indicator: Indicator, *, overlapping: bool) -> bool:
    rule = indicator.rule(Axis.CATEGORIES)
    if rule in ("none", "latest"):
        return False
    if not overlapping:
        return True
    if indicator.counts == "unique":
        return rule == "max"
    if indicator.counts == "services" and rule == "sum":
        return True
    return rule in ("min", "max", "any", "all", "mode", "median")


def _declared_codes(plan: Logframe, dimensions: frozenset[str]) -> list[dict[str, str]]:
    declared = [each for each in plan.dimensions if each.id in dimensions]
    if len(declared) < len(dimensions):
        return []
    names = [each.id for each in declared]
    return [
        dict(zip(names, codes, strict=True)) for codes in product(*([c.id for c in each.codes] for each in declared))
    ]
