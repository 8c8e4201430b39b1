"""A workbook as a package of parts, changed by cutting and inserting text, so that nothing else in it changes.

Read `Package` first, then `edited`. No XML is parsed and written again: a library that did so would drop what it does
not know (charts, shapes, pivot tables, labels), while here every byte that is not cut out stays as it was.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

__all__ = ["Edit", "Package", "Relation", "Span", "edited", "inside", "named", "set_attribute", "spans", "text_xml"]

_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONS_TYPE: Final = b"application/vnd.openxmlformats-package.relationships+xml"

Edit = tuple[int, int, bytes]
"""What is cut out of a part (from, to) and what is put there."""


def text_xml(text: str) -> str:
    """Text as it may stand in an element; characters that XML cannot hold are left out."""
    return escape(_ILLEGAL.sub("", text))


def named(value: str) -> str:
    """An attribute's value with its quotes."""
    return quoteattr(_ILLEGAL.sub("", value))


def edited(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """A part with all edits made; they must not overlap, and those at one place are made in the order given."""
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        pieces += [xml[at:start], new]
        at = end
    return b"".join((*pieces, xml[at:]))


@dataclass(frozen=True, slots=True)
class Span:
    """Where one element stands in its part: its tag from `start` to `opened`, its content to `closing`, its `end`."""

    name: str
    prefix: str
    attributes: dict[str, str]
    start: int
    opened: int
    closing: int
    end: int
    depth: int
    text: str = ""

    def of(self, xml: bytes) -> bytes:
        """The element as it is written."""
        return xml[self.start : self.end]

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written as one tag."""
        return self.closing == self.end

    def get(self, local: str) -> str | None:
        """An attribute by its local name."""
        return next((value for key, value in self.attributes.items() if key.rpartition(":")[2] == local), None)


def tag_end(xml: bytes, start: int) -> int:
    """Where the tag that begins at `start` ends; a quoted value may hold the sign that ends it."""
    at, quote = start, 0
    while True:
        sign = xml[at]
        if quote:
            quote = 0 if sign == quote else quote
        elif sign in b"\"'":
            quote = sign
        elif sign == 0x3E:  # >
            return at + 1
        at += 1


def spans(xml: bytes, wanted: Collection[str]) -> list[Span]:
    """The elements with these local names, in the order in which they end; `text` is the characters right inside."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    found: list[Span] = []
    open_: list[tuple[str, dict[str, str], int, list[str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        open_.append((name, attributes, parser.CurrentByteIndex, []))

    def text(piece: str) -> None:
        open_[-1][3].append(piece)

    def end(name: str) -> None:
        _, attributes, begun, pieces = open_.pop()
        prefix, _, local = name.rpartition(":")
        if local not in wanted:
            return
        opened = tag_end(xml, begun)
        if xml[opened - 2] == 0x2F:  # />
            closing = ended = opened
        else:
            closing = parser.CurrentByteIndex
            ended = tag_end(xml, closing)
        told = Span(local, prefix, attributes, begun, opened, closing, ended, len(open_), "".join(pieces))
        found.append(told)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(xml, True)
    return found


def inside(xml: bytes, span: Span, new: bytes, *, first: bool = False) -> Edit:
    """The edit that puts something into an element, at its beginning or its end."""
    if not span.is_empty_tag:
        at = span.opened if first else span.closing
        return at, at, new
    prefix = f"{span.prefix}:" if span.prefix else ""
    slash = xml.rindex(b"/", span.start, span.end)
    return slash, span.end, b">" + new + f"</{prefix}{span.name}>".encode()


def set_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with an attribute set, or without it."""
    pattern = re.compile(rb"\s" + name.encode() + rb"""\s*=\s*("[^"]*"|'[^']*')""")
    new = b"" if value is None else f" {name}={named(value)}".encode()
    tag, times = pattern.subn(lambda _: new, tag, count=1)
    if times or not new:
        return tag
    head = re.match(rb"<[^\s/>]+", tag)
    at = head.end() if head else 1
    return tag[:at] + new + tag[at:]


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says that it needs."""

    id: str
    kind: str
    type: str
    target: str
    external: bool


class Package:
    """The parts of a workbook by name, in UTF-8 where they are XML, and how they hang together."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
        document = next(each for each in self.relations("") if each.kind == "officeDocument")
        self.main = document.target
        self.types = document.type.removesuffix("/officeDocument")
        """How the kinds of relations begin: the strict form of the format has other names than the usual one."""
        self.namespace = _namespace(self.xml(self.main))

    def to_bytes(self) -> bytes:
        """The package as a file; the same parts give the same bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        return buffer.getvalue()

    def xml(self, part: str) -> bytes:
        """The content of an XML part in UTF-8 without a byte order mark."""
        data = self.parts[part]
        if data.startswith(b"\xef\xbb\xbf"):
            return data[3:]
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        elif (told := _DECLARED.match(data)) and told[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
            text = data.decode(told[1].decode())
        else:
            return data
        return re.sub(r"^<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', text).encode()

    def relations(self, part: str) -> list[Relation]:
        """What a part needs, in the order told; "" stands for the package itself."""
        name = _relations_part(part)
        if name not in self.parts:
            return []
        found = []
        for span in spans(self.xml(name), {"Relationship"}):
            external = span.attributes.get("TargetMode") == "External"
            target = span.attributes.get("Target", "")
            if not external:
                plain = unquote(target).replace("\\", "/")
                joined = plain[1:] if plain.startswith("/") else posixpath.join(posixpath.dirname(part), plain)
                target = posixpath.normpath(joined)
            type_ = span.attributes.get("Type", "")
            found.append(Relation(span.attributes.get("Id", ""), type_.rpartition("/")[2], type_, target, external))
        return found

    def target(self, part: str, kind: str) -> str | None:
        """The part that stands in a relation of this kind to another."""
        found = (each.target for each in self.relations(part) if each.kind == kind and not each.external)
        return next((target for target in found if target in self.parts), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation; its id."""
        name = _relations_part(part)
        if name not in self.parts:
            self.parts[name] = f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{_RELATIONS}"/>'.encode()
        taken = {each.id for each in self.relations(part)}
        id = next(f"rIdLf{number}" for number in range(1, len(taken) + 2) if f"rIdLf{number}" not in taken)
        xml = self.xml(name)
        root = next(span for span in spans(xml, {"Relationships"}))
        prefix = f"{root.prefix}:" if root.prefix else ""
        told = f'<{prefix}Relationship Id="{id}" Type="{self.types}/{kind}" Target={named("/" + target)}/>'
        self.parts[name] = edited(xml, [inside(xml, root, told.encode())])
        return id

    def unrelate(self, part: str, id: str) -> None:
        """Remove a relation."""
        name = _relations_part(part)
        xml = self.xml(name)
        gone = [span for span in spans(xml, {"Relationship"}) if span.attributes.get("Id") == id]
        self.parts[name] = edited(xml, [(span.start, span.end, b"") for span in gone])

    def add(self, part: str, content: bytes, content_type: str) -> None:
        """Add a part of its own content type."""
        self.parts[part] = content
        self._type(f'Override PartName={named("/" + part)} ContentType="{content_type}"')

    def add_default(self, ending: str, content_type: str) -> None:
        """Give all parts with an ending a content type, if they have none yet."""
        known = spans(self.xml("[Content_Types].xml"), {"Default"})
        if not any(span.attributes.get("Extension", "").lower() == ending for span in known):
            self._type(f'Default Extension="{ending}" ContentType="{content_type}"', first=True)

    def drop(self, part: str) -> None:
        """Remove a part, what it needs, and its content type."""
        self.parts.pop(part, None)
        self.parts.pop(_relations_part(part), None)
        xml = self.xml("[Content_Types].xml")
        gone = [span for span in spans(xml, {"Override"}) if span.attributes.get("PartName") == f"/{part}"]
        self.parts["[Content_Types].xml"] = edited(xml, [(span.start, span.end, b"") for span in gone])

    def retype(self, part: str, content_type: str) -> None:
        """Give a part another content type."""
        xml = self.xml("[Content_Types].xml")
        edits = [
            (span.start, span.opened, set_attribute(xml[span.start : span.opened], "ContentType", content_type))
            for span in spans(xml, {"Override"})
            if span.attributes.get("PartName") == f"/{part}"
        ]
        self.parts["[Content_Types].xml"] = edited(xml, edits)

    def free(self, pattern: str) -> str:
        """A name for a new part: the pattern with the first number that is not taken."""
        taken = {name.casefold() for name in self.parts}
        return next(
            name for number in range(1, len(taken) + 2) if (name := pattern.format(number)).casefold() not in taken
        )

    def _type(self, told: str, *, first: bool = False) -> None:
        xml = self.xml("[Content_Types].xml")
        root = next(span for span in spans(xml, {"Types"}))
        prefix = f"{root.prefix}:" if root.prefix else ""
        edit = inside(xml, root, f"<{prefix}{told}/>".encode(), first=first)
        self.parts["[Content_Types].xml"] = edited(xml, [edit])


def _relations_part(part: str) -> str:
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _namespace(xml: bytes) -> str:
    """The namespace of the root element."""
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: found.append(name.rpartition(" ")[0]) if not found else None
    parser.Parse(xml, True)
    return found[0]
