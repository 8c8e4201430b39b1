"""Every rule for reports in one table, made from the rules: `table` makes what Sphinx appends to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codes_page import FOLDER, plain

from mne.ground.catalogue import CODES
from mne.reports.rules import RULES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGE = "rules"


def table() -> str:
    """Markdown: one line for each code, in the order in which the rules are asked."""
    told = ["", "## All rules", "", "Each is asked of every row that was understood, in this order; what a cell says",
            "is judged before, while it is read ([all codes](codes.md)).", "",
            "| code | severity | looks at | the row | what it tells |", "|---|---|---|---|---|"]  # fmt: skip
    for code in dict.fromkeys(rule.code for rule in RULES):
        rules = [rule for rule in RULES if rule.code == code]
        severities = " or ".join(dict.fromkeys(str(rule.level) for rule in rules))
        sight = "the row alone" if all(rule.scope == "row" for rule in rules) else "several rows"
        fate = "waits until it is mended" if any(rule.holds for rule in rules) else "counts"
        told.append(
            f"| [{code}]({FOLDER}/{code}.md) | {severities} | {sight} | {fate} | {plain(CODES[code].message)} |"
        )
    return "\n".join(told) + "\n"


def _append(app: Sphinx, page: str, source: list[str]) -> None:
    if page == PAGE:
        source[0] += table()


def _outdated(app: Sphinx, env: object, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    return [PAGE]


def setup(app: Sphinx) -> dict[str, Any]:
    """Hook into Sphinx."""
    app.connect("env-get-outdated", _outdated)
    app.connect("source-read", _append)
    return {"parallel_read_safe": True}
