"""Text in one or several languages.

A title in a logframe is one string, or a map of language tags to strings. `Text` holds either and
`Text.in_language` picks the one a reader wants, falling back in a fixed order that no locale changes.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, RootModel

from mne.ground.maps import FrozenMap
from mne.ground.tags import LANGUAGES

__all__ = ["LANGUAGES", "Text"]

_TAG_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


def _checked(value: Any) -> Any:
    if isinstance(value, Text):
        return value.root
    if isinstance(value, str):
        if not value.strip():
            raise ValueError("text must not be blank")
        return value
    if hasattr(value, "items"):
        if not value:
            raise ValueError("a map of languages must not be empty")
        for tag, words in value.items():
            if not (isinstance(tag, str) and 2 <= len(tag) <= 35 and set(tag) <= _TAG_CHARACTERS):
                raise ValueError(f"{tag!r} is not a language tag such as en, fr, ru or tg")
            if not isinstance(words, str) or not words.strip():
                raise ValueError(f"the text for {tag!r} must be words, not blank")
        return value
    raise ValueError("text is a string, or a map of language tags to strings")


class Text(RootModel[Annotated[str | FrozenMap[str, str], BeforeValidator(_checked)]]):
    """One string, or the same text in several languages.

    >>> str(Text({"en": "Outcome", "fr": "Effet"}))
    'Outcome'
    >>> Text({"en": "Outcome", "fr": "Effet"}).in_language("fr")
    'Effet'
    """

    model_config = ConfigDict(frozen=True)

    def in_language(self, lang: str | None = None) -> str:
        """The text in `lang`; else in English, else in the first language that there is.

        A regional tag falls back to its language: ``fr-CH`` reads ``fr``.
        """
        if isinstance(self.root, str):
            return self.root
        wanted = (lang, lang.partition("-")[0] if lang else None, *LANGUAGES)
        for tag in wanted:
            if tag is not None and tag in self.root:
                return self.root[tag]
        return next(iter(self.root.values()))

    @property
    def languages(self) -> tuple[str, ...]:
        """The language tags given; empty for text whose language was not said."""
        return () if isinstance(self.root, str) else tuple(self.root)

    def __str__(self) -> str:
        return self.in_language()

    def __repr__(self) -> str:
        return f"Text({str(self)!r})"

    def __hash__(self) -> int:
        return hash(self.root)
