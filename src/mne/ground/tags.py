"""Which languages the library speaks, and which of them a language tag reads.

Read `spoken` first.
"""

from __future__ import annotations

from typing import Final

from mne.ground.maps import FrozenMap

__all__ = ["LANGUAGES", "NUMBER_MARKS", "spaced", "spoken"]

LANGUAGES: Final = ("en", "fr", "ru", "tg")
"""The languages that the library itself speaks, in the order of fallback."""

NUMBER_MARKS: Final = FrozenMap({"en": (",", "."), "fr": ("\u202f", ","), "ru": ("\u00a0", ","), "tg": ("\u00a0", ",")})
"""Between thousands and before decimals, by language. A French "12,345" would be read as twelve and a bit."""


def spoken(lang: str | None) -> str:
    """The language of ours that a tag reads: ``fr-CD`` reads ``fr``, and one that we do not speak reads ``en``.

    >>> spoken("tg-Cyrl"), spoken("ru_RU"), spoken("de"), spoken(None)
    ('tg', 'ru', 'en', 'en')
    """
    base = (lang or "en").replace("_", "-").partition("-")[0].lower()
    return base if base in LANGUAGES else "en"


def spaced(sign: str, lang: str | None) -> str:
    """A colon or a semicolon with the spaces that a language sets around it.

    >>> spaced(":", "fr"), spaced(":", "en")
    (' : ', ': ')
    """
    return f" {sign} " if spoken(lang) == "fr" else f"{sign} "
