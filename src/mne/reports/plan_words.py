"""What a rule says, with what it found filled in: codes of dimensions and categories by the plan's own titles.

Read `Words.filled` first. Titles and phrases are told later, in the language of who reads them.
"""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from mne.ground.phrases import Phrase, both, figures, listed, named, phrase
from mne.ground.wording import said
from mne.logframe.indicator import TOTAL, category_parts
from mne.logframe.unit_words import SHOWN

if TYPE_CHECKING:
    from mne.ground.language import Text
    from mne.logframe.model import Logframe

__all__ = ["Words", "titled"]

_ASKED: Final = ("own_partners", "own_places")
_UNITS: Final = ("unit", "own_unit", "last_unit")
_FIGURES: Final = frozenset((
    "amount", "before", "by_parts", "figures", "largest", "last", "limit", "mine", "more", "number", "off", "ought",
    "said", "share", "target", "theirs", "there", "total", "usual", "value", "numerator", "denominator",
))  # fmt: skip
"""Columns in which a rule puts figures of its own as text: no codes, dates or words with a point between digits."""
_OF_FIGURES: Final = re.compile(r"[-0-9.+/ …]+")
_FEW: Final = 6
"""Places and partners that one finding names."""

_NOTHING: Final = phrase("nothing")
_WHOLE: Final = phrase("the whole")


class Words:
    """The words for the codes of a plan; where there are several plans, their codes are told as they are."""

    def __init__(self, plans: Sequence[Logframe]) -> None:
        self.plan = plans[0] if len(plans) == 1 else None
        self.dimensions: dict[str, str] = {}
        self.codes: dict[tuple[str, str], str] = {}
        for each in self.plan.dimensions if self.plan is not None else ():
            self.dimensions[each.id] = titled(each.id, each.title)
            self.codes |= {(each.id, code.id): titled(code.id, code.title) for code in each.codes}
        self.units = {each.id: each.title for each in self.plan.units} if self.plan is not None else {}
        self.of_one: dict[str, Callable[[str], str]] = {
            **dict.fromkeys(_UNITS, self.unit),
            "category": self.category,
            "other_category": self.category,
            "splits": self.splits,
            "state": said,
        }
        # A single text is not these: its letters would be taken for several.
        self.of_several: dict[str, Callable[[list[str]], str]] = {
            "by": lambda value: both(self.dimension(each) for each in value),
            "lacking": lambda value: listed((self.category(each) for each in value), by="; "),
        }

    def unit(self, code: str) -> str:
        """A unit by its title in the plan, else by the words for it where there are such."""
        title = self.units.get(code)
        return titled(code, title) if title is not None else named(code, SHOWN.get(code, {}))

    def dimension(self, id: str) -> str:
        """A dimension by its title."""
        return self.dimensions.get(id, id)

    def category(self, code: str) -> str:
        """A category by the titles of its codes: women, 25 to 59."""
        if code == TOTAL:
            return _WHOLE
        try:
            parts = category_parts(code)
        except ValueError:
            return code
        known = [self.codes.get(part) for part in parts.items()]
        return code if None in known else listed(known)

    def splits(self, told: str) -> str:
        """What a plan declares, as `mne.reports.context.Judged` has it in words: sex and age; vulnerability."""
        return listed((both(map(self.dimension, split.split(" and "))) for split in told.split("; ")), by="; ")

    def filled(self, template: str, known: Mapping[str, Any]) -> str:
        """A rule's text with the columns that it names filled in."""
        if "{" not in template:
            return Phrase(template, {}) if template else ""
        names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
        told = {
            name: self.asked(name, known) if name in _ASKED else self.value(name, known.get(name)) for name in names
        }
        return Phrase(template, told)

    def asked(self, name: str, known: Mapping[str, Any]) -> str:
        """Of whom the plan asks an indicator, or from which places it asks it of a partner: the first few of them."""
        indicator = self.plan.indicators.get(known["indicator"]) if self.plan is not None else None
        assignments = indicator.assignments if indicator is not None else ()
        if name == "own_partners":
            told = [each.partner for each in assignments]
        else:
            own = [each for each in assignments if each.partner == known["partner"]]
            told = [place for each in own for place in each.locations]
        return ", ".join(list(dict.fromkeys(told))[:_FEW]) or _WHOLE

    def value(self, name: str, value: object) -> str:
        """What a column holds, in words."""
        if name == "some" and isinstance(value, list):
            return both(self.shown(each, otherwise=_NOTHING) for each in value)
        if isinstance(value, str) and value and name in self.of_one:
            return self.of_one[name](value)
        if isinstance(value, str) and name in _FIGURES and _OF_FIGURES.fullmatch(value):
            return figures(value)
        texts = [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
        if texts and texts == value and name in self.of_several:
            return self.of_several[name](texts)
        return self.shown(value, otherwise=_NOTHING)

    def shown(self, value: object, *, otherwise: str) -> str:
        """A value in words; a struct with a field `phrase` is a phrase of its own, over its other fields."""
        match value:
            case {"phrase": str(template), **rest}:
                return self.filled(template, {str(name): each for name, each in rest.items()})
            case []:
                return ""
            case [str(), *_]:
                return both(value)
            case [{"phrase": str()}, *_]:
                return listed((self.shown(each, otherwise=otherwise) for each in value), by="; ")
            case None:
                return otherwise
            case Decimal():
                return figures(f"{value.normalize():f}") if value else "0"
            case dt.date():
                return value.isoformat()
            case _:
                return str(value)


def titled(code: str, title: Text | None) -> str:
    """A title in each language that the plan has it in; what has none in English is told by its first."""
    if title is None:
        return code
    titles = {lang: title.in_language(lang) for lang in title.languages} or {"en": str(title)}
    return named(code, {"en": str(title), **titles})
