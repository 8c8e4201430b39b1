"""The pages of finding codes, made from the catalogue, so that a code cannot lack its heading or its page.

Read `text` first: Sphinx appends what it returns to `codes.md`. `page` is what one code's own page says; `write_pages`
writes all of them to `codes/`, where nobody edits them and nothing of them is kept in the repository.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from code_reasons import CONSEQUENCES, REASONS

from mne.ground.catalogue import CODES, Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx

FOLDER: Final = "codes"
_UNWEIGHED: Final = frozenset({"annotation", "contribution", "logframe", "portfolio", "scheme", "yaml"})
"""Families that are not about reports, whose severities a logframe therefore does not set."""

# In the navigation beside every page they would be three hundred lines; they are found from `codes.md`, and by search.
_HEAD: Final = "---\norphan: true\n---"


def text(codes: Mapping[str, Code]) -> str:
    """Markdown: a heading for each first word, and one for each code beneath it."""
    groups = groupby(sorted(codes), key=_family)
    return "".join(f"\n## {group}\n" + "".join(map(_entry, (codes[code] for code in names))) for group, names in groups)


def page(code: Code, codes: Mapping[str, Code]) -> str:
    """Markdown: what a code says, why, an example, how to mend it, and the other codes of its family."""
    reason = REASONS.get(_family(code.code), "")
    parts = [
        _HEAD,
        f"# {code.code}",
        f"> {plain(code.message)}",
        "## Why",
        f"{reason} {CONSEQUENCES[code.severity]}{_weighing(code)}".strip(),
    ]
    if code.example:
        parts += ["## For example", plain(code.example)]
    if code.hint:
        parts += ["## How to mend it", plain(code.hint)]
    others = [other for other in sorted(codes) if _family(other) == _family(code.code) and other != code.code]
    if others:
        parts += ["## Related", ", ".join(f"[{other}]({other}.md)" for other in others)]
    parts.append("[All finding codes](../codes.md)")
    return "\n\n".join(parts) + "\n"


def _weighing(code: Code) -> str:
    weighed = _family(code.code) not in _UNWEIGHED
    return " A logframe can weigh it otherwise for its reports, under `severities`." if weighed else ""


def write_pages(folder: Path, codes: Mapping[str, Code]) -> None:
    """One page for each code; what has not changed is left alone, so that Sphinx does not read it again."""
    folder.mkdir(exist_ok=True)
    for left in folder.glob("*.md"):
        if left.stem not in codes:
            left.unlink()
    for code in codes.values():
        path, told = folder / f"{code.code}.md", page(code, codes)
        if not path.exists() or path.read_text(encoding="utf-8") != told:
            path.write_text(told, encoding="utf-8")


def _family(code: str) -> str:
    return code.partition("-")[0]


def _entry(code: Code) -> str:
    told = [f"({code.code})=", f"### {code.code}", f"*{code.severity}* · {plain(code.message)}", plain(code.hint)]
    if code.example:
        told.append(f"For example: {plain(code.example)}")
    told.append(f"[Why, and what is related]({FOLDER}/{code.code}.md)")
    return "\n" + "\n\n".join(filter(None, told)) + "\n"


def plain(template: str) -> str:
    """A message's parameters in italics, and nothing in it taken for markup."""
    safe = re.sub(r"([\\*_<>\[\]|`#])", r"\\\1", template)
    return re.sub(r"\{(\w+)\}", lambda match: f"*{match[1]}*", safe.replace("\\_", "_"))


def _write(app: Sphinx) -> None:
    write_pages(Path(app.srcdir) / FOLDER, CODES)


def _append(app: Sphinx, page: str, source: list[str]) -> None:
    if page == "codes":
        source[0] += text(CODES)


def _outdated(app: Sphinx, env: object, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """The list is made from the catalogue, whatever the day of its file."""
    return ["codes"]


def _share_navigation(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Let the codes' pages, none of which is in the navigation, share the one that stands beside the first of them.

    To work it out takes longer than all else about such a page.
    """
    if page.startswith(f"{FOLDER}/") and "toctree" in context:
        navigation, made = context["toctree"], _made

        def shared(**options: Any) -> str:
            key = repr(sorted(options.items()))
            if key not in made:
                made[key] = navigation(**options)
            return made[key]

        context["toctree"] = shared


_made: Final[dict[str, str]] = {}


def setup(app: Sphinx) -> dict[str, Any]:
    """Hook into Sphinx."""
    app.connect("builder-inited", _write)
    app.connect("env-get-outdated", _outdated)
    app.connect("source-read", _append)
    app.connect("html-page-context", _share_navigation, priority=400)  # before the theme
    return {"parallel_read_safe": True}
