"""The codes and titles of one plan, made ready once to be looked up for every cell.

Read `Names` first.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from mne.ground.trees import parse_yaml, to_plain
from mne.logframe.units import UnitTable
from mne.reports.lookup import Lookup, all_titles
from mne.reports.period_text import PeriodReader
from mne.reports.places import Places
from mne.reports.words import TOTALS, folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mne.ground.language import Text
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Frequency
    from mne.reports.grid import Cell

__all__ = ["Names"]


@lru_cache(maxsize=1)
def _usual_words() -> tuple[frozenset[str], ...]:
    """Groups of words that mean the same category everywhere, such as women, femmes and жен."""
    tree, _ = parse_yaml(resources.files("mne.reports").joinpath("aliases.yaml").read_bytes(), name="aliases.yaml")
    plain = to_plain(tree) if tree is not None else {}
    groups = plain["categories"] if isinstance(plain, dict) else {}
    told = groups.values() if isinstance(groups, dict) else ()
    return tuple(frozenset(folded(str(word)) for word in words) for words in told if isinstance(words, list))


def with_usual(codes: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The codes of a dimension with their titles, and the usual words for the one code that one of them is for."""
    found = dict(codes)
    taken = {folded(word) for code, titles in codes.items() for word in (code, *titles)}
    for group in _usual_words():
        meant = [code for code, titles in codes.items() if group & {folded(title) for title in titles}]
        if len(meant) == 1:
            found[meant[0]] = (*found[meant[0]], *sorted(group - taken))
    return found


def _hints(codes: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Words that most likely mean a code, and may mean something else: girls are not all women."""
    usual = with_usual(codes)
    found: dict[str, str] = {}
    for code, words in usual.items():
        for told, others in _LIKELY.items():
            if told in map(folded, words) and len(words) > len(codes[code]):
                found.update(dict.fromkeys(map(folded, others), code))
    return found


_LIKELY = {
    "femmes": ("girls", "girl", "filles", "fille", "девочки", "девушки", "духтарон", "духтар", "w", "fem"),
    "hommes": ("boys", "boy", "garçons", "garçon", "мальчики", "юноши", "писарон", "писар", "h"),
}


class Names:
    """The codes and titles of one plan, ready to be looked up."""

    def __init__(self, plan: Logframe, *, words: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.plan = plan
        self.words = {
            column: {folded(word): code for word, code in each.items()} for column, each in (words or {}).items()
        }
        self.decimal: str | None = None
        self.day_first: bool | None = None
        self.project = Lookup("project", {plan.id: all_titles(plan.title)})
        self.indicators = Lookup(
            "indicator", {each.id: self.titles("indicator", each.id, each.title) for each in plan.indicators.values()}
        )
        partners = set(plan.partners)
        reporting = [each for each in plan.organisations if not partners or each.id in partners]
        self.partners = Lookup("partner", {each.id: self.titles("partner", each.id, each.title) for each in reporting})
        places = {each.id: self.titles("location", each.id, each.title) for each in plan.locations}
        self.locations = Lookup(
            "location", places, places=Places(places), shown={each.id: each.title for each in plan.locations}
        )
        self.dimensions = {
            dimension.id: Lookup(
                "category",
                with_usual({code.id: all_titles(code.title) for code in dimension.codes}),
                totals=TOTALS,
                hints=_hints({code.id: all_titles(code.title) for code in dimension.codes}),
                spans=True,
                shown={code.id: code.title for code in dimension.codes},
            )
            for dimension in plan.dimensions
        }
        self.dimension_names = Lookup(
            "dimension",
            {each.id: all_titles(each.title) for each in plan.dimensions},
            shown={each.id: each.title for each in plan.dimensions},
        )
        self.periods = PeriodReader(plan, words=self.words.get("period", {}))
        self.units = UnitTable(plan)
        self._stages: dict[str, Lookup] = {}

    def titles(self, column: str, code: str, title: Text | None) -> tuple[str, ...]:
        """The titles of a code, and the partner's own words for it."""
        return (*all_titles(title), *(word for word, meant in self.words.get(column, {}).items() if meant == code))

    def said(self, column: str, cell: Cell) -> Cell:
        """What a cell means by the partner's own words; the cell itself where they do not say."""
        if column in self.words and isinstance(cell, str):
            return self.words[column].get(folded(cell), cell)
        return cell

    def stages(self, indicator: Indicator) -> Lookup:
        """The steps of an indicator's scale."""
        if indicator.id not in self._stages:
            self._stages[indicator.id] = Lookup(
                "stage",
                {step.id: all_titles(step.title) for step in indicator.scale},
                shown={step.id: step.title for step in indicator.scale},
            )
        return self._stages[indicator.id]

    @cached_property
    def frequencies(self) -> dict[str | None, Frequency | None]:
        """How often each indicator is reported."""
        return {each.id: each.frequency for each in self.plan.indicators.values()}
