"""The page of finding codes, made from the catalogue, so that a code cannot lack its heading.

Read `text` first. Sphinx appends what it returns to `codes.md`.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from mne.ground.catalogue import CODES, Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx


def text(codes: Mapping[str, Code]) -> str:
    """Markdown: a heading for each first word, and one for each code beneath it."""
    groups = groupby(sorted(codes), key=lambda code: code.split("-")[0])
    return "".join(f"\n## {group}\n" + "".join(map(_entry, (codes[code] for code in names))) for group, names in groups)


def _entry(code: Code) -> str:
    told = [f"({code.code})=", f"### {code.code}", f"*{code.severity}* · {_plain(code.message)}", _plain(code.hint)]
    if code.example:
        told.append(f"For example: {_plain(code.example)}")
    return "\n" + "\n\n".join(filter(None, told)) + "\n"


def _plain(template: str) -> str:
    """A message's parameters in italics, and nothing in it taken for markup."""
    safe = re.sub(r"([\\*_<>\[\]|`#])", r"\\\1", template)
    return re.sub(r"\{(\w+)\}", lambda match: f"*{match[1]}*", safe.replace("\\_", "_"))


def _append(app: Sphinx, page: str, source: list[str]) -> None:
    if page == "codes":
        source[0] += text(CODES)


def setup(app: Sphinx) -> dict[str, Any]:
    """Hook into Sphinx."""
    app.connect("source-read", _append)
    return {"parallel_read_safe": True}
