"""The list of sheets of a workbook: who they are, one more in front, one taken away.

Read `sheets_of` first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from mne.exchange.workbook.cells import deselected
from mne.exchange.workbook.package import Package, Span, edited, inside, named, set_attribute, spans

__all__ = ["Sheet", "add_first", "remove", "sheets_of"]

_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LONGEST: Final = 31


class Sheet(NamedTuple):
    """A sheet: its name as people see it, its part, and the relation that leads there."""

    title: str
    part: str
    id: str


def sheets_of(package: Package) -> list[Sheet]:
    """The sheets of cells, in their order."""
    known = {each.id: each for each in package.relations(package.main)}
    found = []
    for span in spans(package.xml(package.main), ("sheet",)):
        relation = known.get(span.get("id") or "")
        if relation is not None and relation.kind == "worksheet" and relation.target in package.parts:
            found.append(Sheet(span.attributes.get("name", ""), relation.target, relation.id))
    return found


def add_first(package: Package, title: str, content: bytes) -> str:
    """Put a sheet in front of all others, and open the workbook on it; the name that it got."""
    for sheet in sheets_of(package):
        package.parts[sheet.part] = deselected(package.xml(sheet.part))
    part = package.free("xl/worksheets/sheet{}.xml")
    package.add(part, content, _SHEET)
    id = package.relate(package.main, "worksheet", part)
    xml = package.xml(package.main)
    found = spans(xml, ("sheets", "sheet", "workbookView", "definedName"))
    sheets = [span for span in found if span.name == "sheet"]
    holder = next(span for span in found if span.name == "sheets")
    taken = {span.attributes.get("name", "").casefold() for span in sheets}
    plain = title[:_LONGEST]
    name = next(each for each in (plain, *(f"{plain[:27]} {n}" for n in range(2, 999))) if each.casefold() not in taken)
    number = max((int(span.attributes.get("sheetId", 0)) for span in sheets), default=0) + 1
    prefix = f"{holder.prefix}:" if holder.prefix else ""
    told = f'<{prefix}sheet name={named(name)} sheetId="{number}" xmlns:rlf="{package.types}" rlf:id="{id}"/>'
    edits = [inside(xml, holder, told.encode(), first=True)]
    edits += _tags(xml, found, "definedName", lambda tag, span: _moved(tag, span, 1, at=-1))
    edits += _tags(xml, found, "workbookView", lambda tag, _: _opened_on(tag, 0))
    package.parts[package.main] = edited(xml, edits)
    return name


def remove(package: Package, title: str) -> None:
    """Take a sheet away."""
    sheet = next(each for each in sheets_of(package) if each.title == title)
    xml = package.xml(package.main)
    found = spans(xml, ("sheet", "workbookView", "definedName"))
    sheets = [span for span in found if span.name == "sheet"]
    at = next(number for number, span in enumerate(sheets) if span.get("id") == sheet.id)
    edits = [(sheets[at].start, sheets[at].end, b"")]
    own = [span for span in found if span.name == "definedName" and span.attributes.get("localSheetId") == str(at)]
    edits += [(span.start, span.end, b"") for span in own]
    others = [span for span in found if span not in own]
    edits += _tags(xml, others, "definedName", lambda tag, span: _moved(tag, span, -1, at=at))
    edits += _tags(xml, others, "workbookView", lambda tag, _: _opened_on(tag, 0))
    xml = edited(xml, edits)
    # A list without names is no valid list.
    package.parts[package.main] = re.sub(rb"<((?:\w+:)?definedNames)>\s*</\1>", b"", xml)
    package.unrelate(package.main, sheet.id)
    package.drop(sheet.part)


def _tags(
    xml: bytes, found: list[Span], name: str, change: Callable[[bytes, Span], bytes]
) -> list[tuple[int, int, bytes]]:
    return [
        (span.start, span.opened, change(xml[span.start : span.opened], span)) for span in found if span.name == name
    ]


def _moved(tag: bytes, span: Span, by: int, *, at: int) -> bytes:
    """The tag of a name that belongs to one sheet, which it tells by its place among the sheets."""
    place = span.attributes.get("localSheetId")
    if place is None or not place.isdecimal() or int(place) <= at:
        return tag
    return set_attribute(tag, "localSheetId", str(int(place) + by))


def _opened_on(tag: bytes, place: int) -> bytes:
    return set_attribute(set_attribute(tag, "activeTab", str(place)), "firstSheet", None)
