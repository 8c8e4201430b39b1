"""Texts and addresses: whether a person sees what is written, and a link leads where it should."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, RootModel

from mne.ground.findings import Finding
from mne.ground.phrases import phrase
from mne.logframe.places import problem

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["CHECKS"]

_SEEN: Final = frozenset("\n\r\t\u00ad\u200c\u200d")
"""Characters without a shape that are written on purpose: line ends, soft hyphens, joiners of letters."""
_MARKUP: Final = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:[ /][^<>]*)?>")
_WEB: Final = re.compile(r"https?://[^\s]+", re.IGNORECASE)


def texts(plan: Logframe) -> Iterator[Finding]:
    """No text holds characters that nobody sees, or the markup of web pages; an address is one of the web."""
    for path, text in _texts(plan, ""):
        hidden = None if text.isprintable() else next((char for char in text if _is_hidden(char)), None)
        if hidden is not None:
            found = f"U+{ord(hidden):04X} {unicodedata.name(hidden, '')}".strip()
            yield problem("logframe-text-invisible", path, found=found, expected=phrase("text without it"))
        markup = _MARKUP.search(text)
        if markup is not None:
            expected = phrase("words: it is shown as it is written, and never runs")
            yield problem("logframe-text-markup", path, found=markup.group(), expected=expected)
        if path.endswith(".url") and not _WEB.fullmatch(text):
            expected = phrase("an address that begins with https:// or http://")
            yield problem("logframe-url-invalid", path, found=text, expected=expected)


def _is_hidden(char: str) -> bool:
    return char not in _SEEN and unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")


def _texts(part: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text beneath a part of a plan, with its path."""
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, RootModel):
        yield from _texts(part.root, path)
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _texts(getattr(part, name), f"{path}.{name}" if path else name)
    elif isinstance(part, Mapping):
        for key, each in part.items():
            yield from _texts(each, f"{path}[{key}]")
    elif isinstance(part, tuple):
        for at, each in enumerate(part):
            yield from _texts(each, f"{path}[{at}]")


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (texts,)
