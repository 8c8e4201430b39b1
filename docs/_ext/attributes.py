"""Keeps the one paragraph beneath an attribute as it is written.

Napoleon takes the words before its first colon for a type; ours is a sentence, and the type stands in the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_NAPOLEON = 500  # the order in which Sphinx calls it
_written: dict[str, list[str]] = {}


def _before(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    if what in {"attribute", "data", "property"} and "" not in lines[:-1]:
        _written[name] = list(lines)


def _after(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    if name in _written:
        lines[:] = _written.pop(name)


def setup(app: Sphinx) -> dict[str, Any]:
    """Hook into Sphinx, once ahead of Napoleon and once behind it."""
    app.connect("autodoc-process-docstring", _before, priority=_NAPOLEON - 1)
    app.connect("autodoc-process-docstring", _after, priority=_NAPOLEON + 1)
    return {"parallel_read_safe": True}
