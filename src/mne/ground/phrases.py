"""Words that can be told again in another language: an English sentence that remembers how it was made.

Read `phrase` first. A `Phrase` is a string like any other, in English; beside it stand the template and the values that
it was filled with, so that `Phrase.in_language` can fill the translated template with the same values.
"""

from __future__ import annotations

import gettext
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple, Self, SupportsIndex

from mne.ground.maps import FrozenMap
from mne.ground.tags import NUMBER_MARKS, spoken

__all__ = [
    "Phrase",
    "both",
    "either",
    "figures",
    "filled",
    "listed",
    "named",
    "phrase",
    "phrase_n",
    "told_in",
    "translated",
]

_TITLES: Final = "titles in languages"
"""The parameter that makes a phrase a title: its words are the plan's and stand in no catalogue."""

_DECIMAL: Final = re.compile(r"(?<![0-9.])([0-9]+)\.(?=[0-9]+(?![0-9.]))")
"""A number with a decimal point; days such as 12.03.2025 are none."""

_NOTHING: Final = gettext.NullTranslations()


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    """The compiled catalogue of a language that the library speaks; it is read once and never changed."""
    found = files("mne.ground").joinpath("locale", lang, "LC_MESSAGES", "mne.mo")
    if lang == "en" or not found.is_file():
        return _NOTHING
    with found.open("rb") as opened:
        return gettext.GNUTranslations(opened)


def translated(template: str, lang: str | None) -> str:
    """A template in a language; English where that language has none, or is not spoken here."""
    return _catalogue(spoken(lang)).gettext(template) if template else ""


class _Part(NamedTuple):
    """Words, and what follows them, if something does: its name, and how it is to be written."""

    words: str
    name: str | None
    spec: str | None
    conversion: str | None


@lru_cache(maxsize=4096)
def _parts(template: str) -> tuple[_Part, ...]:
    return tuple(_Part(*part) for part in string.Formatter().parse(template))


def filled(template: str, values: Mapping[str, object], lang: str = "en", *, otherwise: object = "–") -> str:
    """A template with values in the places that it names; what they hold is never read as a template again.

    Args:
        template: words with named places, such as ``at most {n} digits``; ``{n:,}`` groups the digits of a number.
        values: what belongs in the places; a `Phrase` is told in the language too.
        lang: the language of the template.
        otherwise: what stands where `values` has nothing of that name.
    """
    if "{" not in template and "}" not in template:
        return template
    told = []
    for words, name, spec, conversion in _parts(template):
        told.append(words)
        if name is not None:
            told.append(_written(values.get(name, otherwise), spec, conversion, lang))
    return "".join(told)


def _written(value: object, spec: str | None, conversion: str | None, lang: str) -> str:
    if spec == "," and isinstance(value, int):
        return f"{value:,}".replace(",", NUMBER_MARKS[lang][0])
    text = told_in(value, lang)
    if conversion in {"r", "a"}:
        text = repr(text) if conversion == "r" else ascii(text)
    try:
        return format(text, spec or "")
    except ValueError:  # a rule of somebody's own may ask for what text cannot do
        return text


def told_in(value: object, lang: str | None) -> str:
    """A value as text: phrases in the language, all else as it is."""
    return value.in_language(lang) if isinstance(value, Phrase) else str(value)


class Phrase(str):
    """An English sentence that can be told in another language.

    It is equal to its English text, and hashes, sorts and is written as that.

    >>> said = phrase("at most {n} digits", n=5)
    >>> said
    'at most 5 digits'
    >>> said.in_language("fr")
    'au plus 5 chiffres'
    """

    __slots__ = ("number", "params", "plural", "template")

    template: str
    plural: str | None
    number: int
    params: Mapping[str, object]

    def __new__(
        cls, template: str, params: Mapping[str, object], *, plural: str | None = None, number: int = 1
    ) -> Self:
        """The phrase of a template and its values; with `plural`, `number` chooses between the two."""
        english = template if plural is None or number == 1 else plural
        told = params.get(_TITLES)
        text = told.get("en", template) if isinstance(told, Mapping) else filled(english, params)
        made = super().__new__(cls, text)
        made.template, made.plural, made.number, made.params = template, plural, number, FrozenMap(params)
        return made

    def in_language(self, lang: str | None) -> str:
        """The sentence in a language; in English where the language is not spoken here.

        A regional tag reads its language: ``fr-CD`` reads ``fr``.
        """
        known = spoken(lang)
        titles = self.params.get(_TITLES)
        if isinstance(titles, Mapping):
            return str(titles.get(known, str(self)))
        if known == "en":
            return str(self)
        catalogue = _catalogue(known)
        if self.plural is None:
            return filled(catalogue.gettext(self.template) if self.template else "", self.params, known)
        return filled(catalogue.ngettext(self.template, self.plural, self.number), self.params, known)

    def to_data(self) -> list[Any]:
        """Template, plural, number and values, for those who send it as JSON; `from_data` reads them back."""
        return [self.template, self.plural, self.number, dict(self.params)]

    @classmethod
    def from_data(cls, told: Sequence[Any]) -> Phrase:
        """The phrase that `to_data` told of."""
        template, plural, number, params = told
        return cls(template, params, plural=plural, number=number)

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return (Phrase.from_data, (self.to_data(),))


def phrase(template: str, /, **values: object) -> Phrase:
    """A sentence in English that can be told in the languages that the library speaks.

    `template` stands in the code as it is, so that `python -m tests.catalogues --extract` finds it.

    >>> phrase("at most {n:,} characters", n=5000)
    'at most 5,000 characters'
    """
    return Phrase(template, values)


def named(code: str, titles: Mapping[str, str]) -> Phrase:
    """Something by the title that a plan gives it in each language; by its code where it gives none.

    >>> named("F", {"en": "women", "fr": "femmes"}).in_language("fr")
    'femmes'
    """
    return Phrase(code, {_TITLES: FrozenMap(titles)})


def figures(text: str) -> str:
    """A text of figures, whose decimals are written as the language does; what a partner wrote is not told so.

    >>> figures("500.5 + 49").in_language("ru")
    '500,5 + 49'
    """
    if not _DECIMAL.search(text):
        return text
    return named(text, {lang: _DECIMAL.sub(rf"\1{point}", text) for lang, (_, point) in NUMBER_MARKS.items()})


def phrase_n(one: str, many: str, n: int, /, **values: object) -> Phrase:
    """A sentence that counts something; `{n}` in it is the count.

    >>> phrase_n("{n} row", "{n} rows", 3)
    '3 rows'
    """
    return Phrase(one, {"n": n, **values}, plural=many, number=n)


def either(choices: Iterable[object], *, pause: bool = False) -> str:
    """Choices as one sentence, with "or" between them; with `pause`, ", or".

    >>> either(["a", "b", "c"])
    'a or b or c'
    """
    first, *others = list(choices) or [""]
    told: object = first
    for other in others:
        told = (
            phrase("{one}, or {other}", one=told, other=other)
            if pause
            else phrase("{one} or {other}", one=told, other=other)
        )
    return told if isinstance(told, Phrase) else str(told)


def both(parts: Iterable[object]) -> str:
    """Parts as one sentence, with "and" between them.

    >>> both(["a", "b"])
    'a and b'
    """
    first, *others = list(parts) or [""]
    told: object = first
    for other in others:
        told = phrase("{one} and {other}", one=told, other=other)
    return told if isinstance(told, Phrase) else str(told)


def listed(values: Iterable[object], *, by: str = ", ") -> Phrase:
    """Values one after the other, each told in its language; `by` stands between them in all languages.

    >>> listed([phrase("a day"), "2025-Q1"])
    'a day, 2025-Q1'
    """
    named = {f"v{at}": value for at, value in enumerate(values)}
    between = by.replace("{", "{{").replace("}", "}}")
    return Phrase(between.join(f"{{{name}}}" for name in named), named)
