"""The shell of every page: a self-contained document, or a fragment for a notebook, with its own scoped style.

Read `document` and `fragment` first. No script, no network, no font to load: light and dark, a phone and a sheet of
paper are all served by `style.css`, in front of which the colours of `palette` stand as variables.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from mne.display.markup import Markup, el
from mne.display.palette import STATUSES

if TYPE_CHECKING:
    from mne.display.labels import Labels

__all__ = ["document", "fragment", "style"]

_LIGHT: Final = (
    ("paper", "#ffffff"), ("card", "#ffffff"), ("ink", "#1a1d21"), ("soft", "#565d66"), ("line", "#d8dce1"),
    ("faint", "#f4f5f7"), ("track", "#e6e8eb"), ("mark", "#1a1d21"), ("link", "#00508a"),
)  # fmt: skip
_DARK: Final = (
    ("paper", "#14171a"), ("card", "#1b1f23"), ("ink", "#eceff2"), ("soft", "#a9b1ba"), ("line", "#363c43"),
    ("faint", "#1f2429"), ("track", "#353b42"), ("mark", "#f4f6f8"), ("link", "#7cc4f5"),
)  # fmt: skip


def _colours(*, dark: bool) -> str:
    told = "".join(f"--mne-{name}:{colour};" for name, colour in (_DARK if dark else _LIGHT))
    for look in STATUSES.values():
        told += f"--mne-{look.key}:{look.ink_dark if dark else look.ink};"
        told += f"--mne-{look.key}-tint:{look.tint_dark if dark else look.tint};"
    return told + f"color-scheme:{'dark' if dark else 'light'}"


def _statuses() -> str:
    return "".join(
        f".mne .mne-{key}{{--mne-now:var(--mne-{key})}}"
        f".mne-badge.mne-{key}{{color:var(--mne-{key});background:var(--mne-{key}-tint)}}"
        f".mne-shape.mne-{key} .mne-icon,.mne-shape.mne-{key}{{color:var(--mne-{key})}}"
        for key in STATUSES
    )


@lru_cache(maxsize=1)
def style() -> str:
    """The one style sheet. The reader's system chooses light or dark; the theme of a notebook wins over it."""
    light, dark = _colours(dark=False), _colours(dark=True)
    rules = resources.files("mne.display").joinpath("style.css").read_text(encoding="utf-8")
    rules = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", rules)).strip()
    return (
        f".mne{{{light}}}@media (prefers-color-scheme:dark){{.mne{{{dark}}}}}"
        f"[data-jp-theme-light=true] .mne,.vscode-light .mne,.mne.mne-light{{{light}}}"
        f"[data-jp-theme-light=false] .mne,.vscode-dark .mne,.mne.mne-dark{{{dark}}}"
        f"@media print{{.mne{{{light}}}}}{rules}{_statuses()}"
    )


def fragment(body: Markup, say: Labels) -> str:
    """A piece for a notebook: its own style and nothing that reaches outside of it."""
    inner = el("div", body, class_="mne-part")
    return el("div", Markup(f"<style>{style()}</style>"), inner, class_="mne", lang=say.lang, dir=say.direction)


def document(body: Markup, say: Labels, *, title: str) -> str:
    """A whole page that stands on its own."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="generator", content="logframe"),
        el("title", title),
        Markup(f"<style>html,body{{margin:0;padding:0}}@page{{margin:14mm}}{style()}</style>"),
    )
    foot = el("footer", say("yes-made-by"), class_="mne-foot")
    page = el("main", body, foot, class_="mne-page")
    told = el("html", head, el("body", page, class_="mne"), lang=say.lang, dir=say.direction)
    return f"<!doctype html>\n{told}\n"
