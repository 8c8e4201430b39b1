"""HTML that cannot be broken by what it shows: all children and attributes are escaped unless they are `Markup`.

Read `el` first. A page is built from nested `el` calls, so that a title with a script in it stays a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Final

from mne.ground.findings import clean_text

if TYPE_CHECKING:
    from mne.ground.language import Text

__all__ = ["Markup", "column", "el", "head", "join", "link", "neutral", "prose", "table", "words"]

LONGEST: Final = 4_000
"""Characters of one piece of text on a page; what is longer ends in an ellipsis."""

# Spaces of typography, and the joiners without which Persian and Bengali cannot be written: harmless, and kept.
_KEPT: Final = re.compile("([\u00a0\u2000-\u200a\u202f\u205f\u3000\u200c\u200d]+)")
_TOGETHER: Final = re.compile(r"(\d{4}-\d{2}-\d{2}|[−-]?[\d.,  ]+ %)")
_BREAKS: Final = re.compile(r"[\t\n\r\f\v]+")
_VOID: Final = frozenset({"br", "hr", "meta", "line", "rect", "circle", "path", "polygon"})


class Markup(str):
    """Text that is HTML already, made by `el`."""

    __slots__ = ()


def neutral(value: object, *, limit: int = LONGEST) -> str:
    """Text without control or direction characters, on one line and bounded; not escaped."""
    text = str(value)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    pieces = _KEPT.split(_BREAKS.sub(" ", text))
    return "".join(piece if _KEPT.fullmatch(piece) else clean_text(piece, limit=limit) for piece in pieces)


def _safe(value: object) -> str:
    return value if isinstance(value, Markup) else escape(neutral(value), quote=True)


def join(parts: Iterable[object], *, by: str = "") -> Markup:
    """Several pieces one after the other; what is not markup is escaped."""
    return Markup(_safe(by).join(_safe(part) for part in parts))


def el(tag: str, *children: object, **attributes: object) -> Markup:
    """One element. Children that are None are left out; attributes too, and so are those that are False.

    A trailing underscore is dropped from an attribute's name and others become hyphens: ``class_``, ``aria_label``.

    >>> el("b", "1 < 2", class_="x")
    '<b class="x">1 &lt; 2</b>'
    """
    told = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{_safe(value)}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID and not any(child is not None for child in children):
        return Markup(f"<{tag}{told}/>" if tag not in ("br", "hr", "meta") else f"<{tag}{told}>")
    return Markup(f"<{tag}{told}>{join(child for child in children if child is not None)}</{tag}>")


def column(name: object, *, numeric: bool = False, width: int | None = None) -> Markup:
    """The head of one column of a table; `width` is its share in percent."""
    style = None if width is None else f"width:{width}%"
    return el("th", name, scope="col", class_="mne-num" if numeric else None, style=style)


def table(columns: Iterable[Markup], rows: Iterable[Markup], *, kind: str = "", caption: str = "") -> Markup:
    """A table that becomes a list on a phone; `kind` adds classes of its own."""
    head_ = el("thead", el("tr", *columns))
    return el(
        "table",
        el("caption", caption) if caption else None,
        head_,
        el("tbody", *rows),
        class_=f"{kind} mne-stack".strip(),
    )


def prose(text: str) -> Markup:
    """A sentence whose dates and percentages are kept together at the end of a line."""
    pieces = _TOGETHER.split(text)
    return join(el("span", piece, class_="mne-one") if at % 2 else piece for at, piece in enumerate(pieces))


def head(kicker: str, title: object, *aside: object) -> Markup:
    """The head of a page: what it is, whose it is, and beside that what it rests on."""
    beside = el("div", *(el("div", each) for each in aside if each is not None)) if aside else None
    return el("header", el("div", el("div", kicker, class_="mne-kicker"), el("h1", title)), beside, class_="mne-head")


def link(url: str, shown: object) -> Markup:
    """A link to the web; an address of any other kind is shown as text."""
    if not url.lower().startswith(("http://", "https://")):
        return el("span", shown)
    return el("a", shown, href=url, rel="noopener noreferrer")


def words(text: Text | str | None, lang: str) -> Markup:
    """A text of the logframe in the reader's language, marked with the language that it really is in."""
    if text is None:
        return Markup("")
    if isinstance(text, str):
        return el("span", text, dir="auto")
    shown = text.in_language(lang)
    tag = next(
        (tag for tag in (lang, *text.languages) if not isinstance(text.root, str) and text.root.get(tag) == shown), None
    )
    return el("span", shown, dir="auto", lang=tag if tag != lang else None)
