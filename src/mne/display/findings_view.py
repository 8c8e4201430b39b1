"""Findings as a page: the verdict on top, then one table per file and sheet, with the cell, what is wrong and the fix.

Read `findings` first, then `report`, which puts what was checked and who reported around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mne.display.markup import Markup, column, el, join, table
from mne.display.palette import SEVERITIES, icon, severity_badge
from mne.ground.catalogue import Severity
from mne.ground.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mne.display.labels import Labels
    from mne.ground.findings import Findings, Place

__all__ = ["by_sheet", "findings", "findings_table", "spot"]

_COLUMNS: Final = (("place", 15), ("severity", 18), ("what", 37), ("found", 15), ("expected", 15))
"""The columns, with their share of the width in percent: the same in every table, so that they line up."""

SHOWN: Final = 5_000
"""Findings listed on a page; beyond them it says how many more there are."""


def findings(found: Findings, say: Labels, *, limit: int = SHOWN) -> Markup:
    """Findings with their counts; or, in words, that nothing is wrong."""
    return join((_counts(found, say), findings_table(found, say, limit=limit)))


def _counts(found: Findings, say: Labels) -> Markup:
    status = "met" if found.worst in (None, Severity.INFO) else SEVERITIES[found.worst or Severity.INFO]
    if not len(found):
        told = [el("span", say("no-findings"))]
    else:
        told = [
            el(
                "span",
                icon(SEVERITIES[severity]),
                f" {say(f'severity-{severity}')}{say.colon}{count}",
                class_=f"mne-shape mne-{SEVERITIES[severity]}",
            )
            for severity, count in found.severities.items()
            if count
        ]
    head = el("h1", icon(status), say("findings"))
    return el("div", head, *told, class_=f"mne-verdict mne-shape mne-{status}")


def findings_table(found: Findings, say: Labels, *, limit: int = SHOWN) -> Markup:
    """One table per file and sheet, the gravest findings first within each."""
    shown = list(found[:limit])
    tables = [_table(name, group, say) for name, group in by_sheet(shown)]
    if len(found) > limit:
        tables.append(el("p", say("and-more", count=len(found) - limit)))
    return join(tables)


def by_sheet(found: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings by file and sheet: where the gravest stands comes first, what is in no file comes last."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for each in found:
        groups.setdefault((each.place.file or "", each.place.sheet or ""), []).append(each)
    order = sorted(groups, key=lambda key: (not key[0], min(each.level.rank for each in groups[key]), key))
    return [("!".join(part for part in key if part), sorted(groups[key], key=Finding.sort_key)) for key in order]


def spot(place: Place, say: Labels) -> str:
    """Where in its file or sheet a finding stands: a cell, a row, a line, a path, or the plan's own terms."""
    if place.cell:
        return place.cell
    if place.line is not None:
        told = f"{place.line}" + (f":{place.column}" if place.column is not None else "")
        return f"{told} {place.path}" if place.path else told
    if place.row is not None:
        return say("row", row=place.row) + (f", {place.header}" if place.header else "")
    if place.path:
        return place.path
    parts = (place.indicator, place.period, place.partner, place.location, place.category)
    return " · ".join(part for part in parts if part) or say("whole")


def _table(name: str, group: list[Finding], say: Labels) -> Markup:
    heads = [column(say(key), width=width) for key, width in _COLUMNS]
    return table(heads, (_row(each, say) for each in group), kind="mne-found", caption=name)


def _row(each: Finding, say: Labels) -> Markup:
    context = _context(each)
    told = each.in_language(say.lang)
    hint = el("small", told.hint, lang=say.lang) if told.hint else None
    meant = el("small", say("suggestion", value=each.suggestion)) if each.suggestion else None
    related = el("small", say("see", places=_related(each, say))) if each.related else None
    below = [part for part in (hint, meant, related, el("small", el("code", each.code))) if part is not None]
    return el(
        "tr",
        el(
            "td",
            el("b", spot(each.place, say)),
            el("br") if context else None,
            el("small", context) if context else None,
        ),
        el("td", severity_badge(each.level, say)),
        el("td", el("span", told.message, lang=say.lang), el("br"), join(below, by=" ")),
        el("td", told.found, data_head=say("found")),
        el("td", told.expected, data_head=say("expected")),
    )


def _related(each: Finding, say: Labels) -> str:
    """The related places; those in the same sheet by their cell alone."""
    here = (each.place.file, each.place.sheet)
    told = (
        spot(place, say) if (place.file, place.sheet) == here else place.in_language(say.lang) for place in each.related
    )
    return say.semicolon.join(dict.fromkeys(told))


def _context(each: Finding) -> str:
    """What the cell is about, when the place names a cell: header, indicator, period and partner."""
    place = each.place
    if not (place.cell or place.line is not None or place.row is not None):
        return ""
    parts: Iterable[str | None] = (place.header if place.cell else None, place.indicator, place.period, place.partner)
    return " · ".join(part for part in parts if part)
