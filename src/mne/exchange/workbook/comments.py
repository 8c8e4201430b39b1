"""Comments on cells: ours are added beneath a partner's own, and taken away again before new ones are made.

Read `comment` and `uncomment` first. A comment is two things in a package: its words, and the shape that shows them.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Collection, Mapping
from typing import Final

from mne.exchange.workbook.cells import Address, parse_address, written
from mne.exchange.workbook.package import Edit, Package, Span, edited, inside, spans, text_xml

__all__ = ["AUTHOR", "comment", "threaded", "uncomment"]

AUTHOR: Final = "logframe"
"""Who our comments are from; by this they are known again."""

_MARK: Final = "---- logframe ----"
_LONGEST: Final = 3_000
_COMMENTS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SHAPE: Final = re.compile(rb"<v:shape\s.*?</v:shape>", re.DOTALL)
_SPOT: Final = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>\s*<x:Column>\s*(\d+)\s*</x:Column>")
_NAMES: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
"""Told with every shape: who wrote the others may have called these names by other prefixes."""

_EMPTY_VML: Final = f"<xml {_NAMES}>\n</xml>".encode()
_SHAPE_TYPE: Final = (
    '<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>\n'
)
_DRAWN: Final = re.compile(rb"""<(?:\w+:)?legacyDrawing\s[^>]*?\w+:id\s*=\s*["']([^"']*)["']""")
_BEHIND: Final = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
)
"""What stands behind the reference to the shapes in a sheet."""


def threaded(package: Package, sheet: str) -> frozenset[Address]:
    """The cells with a conversation, whose comment no program shows: it shows the conversation instead."""
    found: set[Address] = set()
    for each in package.relations(sheet):
        if each.kind == "threadedComment" and each.target in package.parts:
            spots = (
                parse_address(span.get("ref") or "") for span in spans(package.xml(each.target), ["threadedComment"])
            )
            found.update(spot for spot in spots if spot is not None)
    return frozenset(found)


def comment(package: Package, sheet: str, texts: Mapping[Address, str]) -> None:
    """Put comments on cells of a sheet; a comment that is there already is kept, and ours is put beneath it."""
    if not texts:
        return
    part = package.target(sheet, "comments")
    if part is None:
        part = package.free("xl/comments{}.xml")
        root = f'<comments xmlns="{package.namespace}"><authors/><commentList/></comments>'
        package.add(part, b'<?xml version="1.0" encoding="UTF-8"?>\n' + root.encode(), _COMMENTS)
        package.relate(sheet, "comments", part)
    xml = package.xml(part)
    found = spans(xml, ("authors", "author", "commentList", "comment", "text"))
    authors = next(span for span in found if span.name == "authors")
    number = sum(span.name == "author" for span in found)
    listed = next(span for span in found if span.name == "commentList")
    prefix = f"{listed.prefix}:" if listed.prefix else ""
    edits = []
    new = []
    there = {span.get("ref"): span for span in found if span.name == "comment"}
    fresh = []
    for spot, text in sorted(texts.items()):
        told = text[:_LONGEST]
        own = there.get(written(spot))
        words = next((s for s in found if s.name == "text" and own and own.start < s.start < own.end), None)
        if own is not None and words is not None:
            edits.append((words.start, words.end, _beneath(words.of(xml), told, prefix)))
        elif own is None:
            run = f'<{prefix}r><{prefix}t xml:space="preserve">{text_xml(told)}</{prefix}t></{prefix}r>'
            new.append(
                f'<{prefix}comment ref="{written(spot)}" authorId="{number}"><{prefix}text>{run}</{prefix}text>'
                f"</{prefix}comment>"
            )
            fresh.append((spot, told))
    if new:
        edits.append(inside(xml, authors, f"<{prefix}author>{AUTHOR}</{prefix}author>".encode()))
        edits.append(inside(xml, listed, "".join(new).encode()))
    package.parts[part] = edited(xml, edits)
    _draw(package, sheet, fresh)


def _beneath(element: bytes, text: str, prefix: str) -> bytes:
    """The words of a partner's comment with ours beneath: a lone text becomes a run, as runs may not follow it."""
    p = prefix.encode()
    closing = b"</" + p + b"text>"
    start = element.index(b">") + 1
    if not element.endswith(closing):
        start, inner = len(element) - 2, b""
        element = element[:start] + b">"
        start += 1
    else:
        inner = element[start : -len(closing)]
    if re.match(rb"\s*<(?:\w+:)?t[\s>]", inner):
        end = inner.index(b"</" + p + b"t>") + len(p) + 4
        inner = b"<" + p + b"r>" + inner[:end] + b"</" + p + b"r>" + inner[end:]
    run = f'<{prefix}r><{prefix}t xml:space="preserve">\n{_MARK}\n{text_xml(text)}</{prefix}t></{prefix}r>'
    # What follows the runs (the pronunciation of a text) has to stay behind them.
    tail = re.search(rb"<(?:\w+:)?(?:rPh|phoneticPr)[\s/>]", inner)
    at = tail.start() if tail else len(inner)
    return element[:start] + inner[:at] + run.encode() + inner[at:] + closing


def uncomment(package: Package, sheet: str) -> None:
    """Take our comments away, and our words out of those of the partner."""
    part = package.target(sheet, "comments")
    if part is None:
        return
    xml = package.xml(part)
    found = spans(xml, ("author", "comment", "text"))
    ours = {at for at, span in enumerate(s for s in found if s.name == "author") if span.text.strip() == AUTHOR}
    gone: set[Address] = set()
    edits: list[Edit] = []
    for span in found:
        if span.name == "comment" and int(span.get("authorId") or 0) in ours:
            edits.append((span.start, span.end, b""))
            spot = parse_address(span.get("ref") or "")
            gone.update([spot] if spot else [])
    starts = [start for start, _, _ in edits]
    inner: list[Edit] = []
    for words in found:
        at = bisect(starts, words.start) - 1
        if words.name == "text" and not (at >= 0 and words.start < edits[at][1]):
            told = _without_ours(words, xml)
            inner += [] if told is None else [(words.start, words.end, told)]
    edits += inner
    package.parts[part] = edited(xml, edits)
    _erase(package, sheet, gone)


def _without_ours(words: Span, xml: bytes) -> bytes | None:
    element = words.of(xml)
    at = element.find(_MARK.encode())
    if at < 0:
        return None
    closed = re.search(rb"</(?:\w+:)?t>", element[at:])
    before = element[:at]
    in_run = len(re.findall(rb"<(?:\w+:)?r>", before)) > len(re.findall(rb"</(?:\w+:)?r>", before))
    ends = re.search(rb"</(?:\w+:)?r>", element[at:]) if in_run else None
    tail = (closed[0] if closed else b"") + (ends[0] if ends else b"")
    prefix = f"{words.prefix}:" if words.prefix else ""
    empty = re.compile(rb"<(?:\w+:)?r>\s*<(?:\w+:)?t(?:\s[^>]*)?></(?:\w+:)?t>\s*</(?:\w+:)?r>$")
    return empty.sub(b"", before.rstrip(b"\r\n") + tail) + f"</{prefix}text>".encode()


# ------------------------------------------------------------------------------------------------------------ shapes


def _draw(package: Package, sheet: str, fresh: Collection[tuple[Address, str]]) -> None:
    if not fresh:
        return
    part = package.target(sheet, "vmlDrawing")
    if part is None or not _refers(package, sheet):
        part = package.free("xl/drawings/vmlDrawing{}.vml")
        package.parts[part] = _EMPTY_VML
        package.add_default("vml", _VML)
        _refer(package, sheet, package.relate(sheet, "vmlDrawing", part))
    else:
        part = _referred(package, sheet) or part
    data = package.parts[part]
    number = max((int(each) for each in re.findall(rb"_x0000_s(\d+)", data)), default=1024)
    shapes = [] if b'"_x0000_t202"' in data else [_SHAPE_TYPE]
    for offset, (spot, text) in enumerate(fresh, start=1):
        shapes.append(_shape(number + offset, spot, text))
    at = data.rindex(b"</xml>")
    package.parts[part] = data[:at] + "".join(shapes).encode() + data[at:]


def _shape(number: int, spot: Address, text: str) -> str:
    row, column = spot
    lines = sum(1 + len(line) // 48 for line in text.splitlines())
    height = min(24, max(4, lines + 1))
    anchor = f"{column}, 15, {max(row - 2, 0)}, 10, {column + 5}, 15, {max(row - 2, 0) + height}, 4"
    return (
        f'<v:shape {_NAMES} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;width:300pt;'
        f'height:{height * 15}pt;z-index:1;visibility:hidden" fillcolor="#fff8e1" o:insetmode="auto">'
        '<v:fill color2="#fff8e1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData>"
        "</v:shape>\n"
    )


def _erase(package: Package, sheet: str, gone: Collection[Address]) -> None:
    part = _referred(package, sheet)
    if part is None or not gone:
        return

    def kept(found: re.Match[bytes]) -> bytes:
        spot = _SPOT.search(found[0])
        is_note = b'ObjectType="Note"' in found[0]
        ours = spot is not None and is_note and (int(spot[1]) + 1, int(spot[2]) + 1) in gone
        return b"" if ours else found[0]

    package.parts[part] = _SHAPE.sub(kept, package.parts[part])


def _refers(package: Package, sheet: str) -> bool:
    return _referred(package, sheet) is not None


def _referred(package: Package, sheet: str) -> str | None:
    """The part with the shapes of a sheet's comments; another one is for the pictures of its header."""
    xml = package.xml(sheet)
    # It stands behind the cells; the whole sheet need not be followed for it.
    found = _DRAWN.search(xml, max(xml.rfind(b"sheetData"), 0))
    id = found[1].decode() if found else None
    return next(
        (each.target for each in package.relations(sheet) if each.id == id and each.target in package.parts), None
    )


def _refer(package: Package, sheet: str, id: str) -> None:
    xml = package.xml(sheet)
    found = spans(xml, (*_BEHIND, "worksheet", "AlternateContent"))
    root = next(span for span in found if span.name == "worksheet")
    behind = [span.start for span in found if span.depth == 1]
    prefix = f"{root.prefix}:" if root.prefix else ""
    namespace = package.types
    told = f'<{prefix}legacyDrawing xmlns:rlf="{namespace}" rlf:id="{id}"/>'.encode()
    at = min(behind, default=root.closing)
    package.parts[sheet] = edited(xml, [(at, at, told)])
