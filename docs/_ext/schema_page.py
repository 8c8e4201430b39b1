"""The entries of a report's JSON as tables, made from its schema: `tables` makes what Sphinx appends to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mne

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

PAGE = "report-json"


def tables(schema: dict[str, Any]) -> str:
    """Markdown: one table for the whole, and one for each part that it is made of."""
    return "\n".join(["", *_table("The report", schema, schema), *_parts(schema)]) + "\n"


def _parts(schema: dict[str, Any]) -> Iterator[str]:
    for name, entry in schema["properties"].items():
        if "properties" in entry:
            yield from _table(name, entry, schema)
    for name, part in schema["$defs"].items():
        yield from _table(name, part, schema)


def _table(name: str, part: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    yield from (f"## {name}", "", part["description"], "", "| entry | what it is | meaning |", "|---|---|---|")
    for key, entry in part["properties"].items():
        meaning = entry.get("description") or _part(entry, schema)["description"]
        yield f"| `{key}` | {_kind(entry)} | {meaning} |"
    yield ""


def _part(entry: dict[str, Any], schema: dict[str, Any]) -> Any:
    return schema["$defs"][entry["$ref"].rpartition("/")[2]]


def _kind(entry: dict[str, Any]) -> str:
    if "const" in entry:
        return f"`{entry['const']}`"
    if "enum" in entry:
        return ", ".join(f"`{word}`" for word in entry["enum"])
    if "$ref" in entry:
        return str(entry["$ref"]).rpartition("/")[2]
    if entry["type"] == "array":
        return f"list of {_kind(entry['items'])}"
    kinds = entry["type"] if isinstance(entry["type"], list) else [entry["type"]]
    return " or ".join(kinds)


def _append(app: Sphinx, page: str, source: list[str]) -> None:
    if page == PAGE:
        source[0] += tables(mne.report_schema())


def _outdated(app: Sphinx, env: object, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    return [PAGE]


def setup(app: Sphinx) -> dict[str, Any]:
    """Hook into Sphinx."""
    app.connect("env-get-outdated", _outdated)
    app.connect("source-read", _append)
    return {"parallel_read_safe": True}
