"""The codes and titles of one plan, made ready once to be looked up for every cell.

Read `Names` first.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from mne.logframe.units import UnitTable
from mne.reports.lookup import Lookup, all_titles
from mne.reports.period_text import PeriodReader
from mne.reports.words import TOTALS

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Frequency

__all__ = ["Names"]


class Names:
    """The codes and titles of one plan, ready to be looked up."""

    def __init__(self, plan: Logframe) -> None:
        self.plan = plan
        self.project = Lookup("project", {plan.id: all_titles(plan.title)})
        self.indicators = Lookup("indicator", {each.id: all_titles(each.title) for each in plan.indicators.values()})
        partners = set(plan.partners)
        reporting = [each for each in plan.organisations if not partners or each.id in partners]
        self.partners = Lookup("partner", {each.id: all_titles(each.title) for each in reporting})
        self.locations = Lookup("location", {each.id: all_titles(each.title) for each in plan.locations})
        self.dimensions = {
            dimension.id: Lookup(
                "category", {code.id: all_titles(code.title) for code in dimension.codes}, totals=TOTALS
            )
            for dimension in plan.dimensions
        }
        self.dimension_names = Lookup("dimension", {each.id: all_titles(each.title) for each in plan.dimensions})
        self.periods = PeriodReader(plan)
        self.units = UnitTable(plan)
        self._stages: dict[str, Lookup] = {}

    def stages(self, indicator: Indicator) -> Lookup:
        """The steps of an indicator's scale."""
        if indicator.id not in self._stages:
            self._stages[indicator.id] = Lookup("stage", {step.id: all_titles(step.title) for step in indicator.scale})
        return self._stages[indicator.id]

    @cached_property
    def frequencies(self) -> dict[str | None, Frequency | None]:
        """How often each indicator is reported."""
        return {each.id: each.frequency for each in self.plan.indicators.values()}
