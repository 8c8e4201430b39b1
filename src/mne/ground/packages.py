"""A workbook looked through as a package, before any spreadsheet library sees it.

Read `scan_xlsx` first. It unpacks every part in pieces and counts the real bytes, reads every XML part with a parser
that builds nothing, and follows the cells of every sheet, so that what kills or deceives the usual readers is refused.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NoReturn
from urllib.parse import unquote
from xml.parsers import expat

from mne.ground.files import Limits
from mne.ground.findings import Finding, Place, clean_text
from mne.ground.kinds import sniff, wrong_kind
from mne.ground.nodes import MOST_FAULTS, RefusedError
from mne.ground.phrases import Phrase, phrase
from mne.ground.sheets import SheetFacts, SheetWatch

__all__ = ["SheetFacts", "XlsxFacts", "scan_xlsx"]

_PIECE: Final = 1 << 20
_FED: Final = 1 << 16
_UTF8_NAME: Final = 0x800
_OLD_STREAMS: Final = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_MACROS: Final = frozenset({"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"})
_READ_AS_XML: Final = frozenset({"worksheet", "sharedStrings", "styles", "theme", "comments", "table", "drawing"})
# The XML parser reads an unfinished tag again with every piece, so that one huge tag would take quadratic time.
_LONGEST_TAG: Final = 8 << 20
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    ValueError,
    LookupError,
    OSError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class XlsxFacts:
    """What the scan learned of a workbook that it let pass: each sheet with cells, in the order of its parts."""

    sheets: tuple[SheetFacts, ...]

    @property
    def cells(self) -> int:
        """Cells of all sheets."""
        return sum(sheet.cells for sheet in self.sheets)


def scan_xlsx(data: bytes, *, name: str, limits: Limits | None = None) -> tuple[XlsxFacts | None, tuple[Finding, ...]]:
    """Whether a workbook may be given to a spreadsheet library, and what is odd about it.

    Args:
        data: the bytes of the file.
        name: how the file is named in findings.
        limits: how many parts, bytes, rows and cells it may have.

    Returns:
        Facts about its sheets, or None where a finding is a blocker; and all findings.
    """
    scan = _Scan(data, name, limits or Limits())
    try:
        return scan.run(), tuple(scan.findings)
    except RefusedError as refused:
        return None, (*scan.findings, refused.finding)
    except _DAMAGED as problem:
        reason = clean_text(problem, limit=200) or type(problem).__name__
        return None, (*scan.findings, Finding(code="xlsx-malformed", place=Place(file=name), params={"reason": reason}))


@dataclass(frozen=True, slots=True)
class _Relation:
    """What one part says that it needs: the last word of the kind, and a part, or an address outside the package."""

    kind: str
    target: str
    external: bool


@dataclass(slots=True)
class _Scan:
    data: bytes
    name: str
    limits: Limits
    findings: list[Finding] = field(default_factory=list)
    left: int = 0
    relations: dict[str, dict[str, _Relation]] = field(default_factory=dict)  # by the part that they start from

    def run(self) -> XlsxFacts:
        self.left = self.limits.unzipped_bytes
        self.check_container()
        parts = self.listed_parts()
        for part in parts:
            if part.endswith(".rels"):
                self.read_relations(part, parts[part])
        self.check_relations(parts)
        workbook = self.workbook_part(parts)
        titles = self.sheet_titles(workbook, parts[workbook])
        sheets = []
        for part, entry in parts.items():
            if part != workbook and not part.endswith(".rels"):
                watch = self.watch_part(part, entry, title=titles.get(part))
                if watch is not None and watch.cells:
                    sheets.append(watch.facts(part))
        return XlsxFacts(tuple(sheets))

    def refuse(self, code: str, **params: object) -> NoReturn:
        raise RefusedError(Finding(code=code, place=Place(file=self.name), params=params))

    def damaged(self, reason: str) -> NoReturn:
        self.refuse("xlsx-malformed", reason=reason if isinstance(reason, Phrase) else clean_text(reason, limit=200))

    def warn(self, code: str, found: str) -> None:
        if len(self.findings) < MOST_FAULTS:
            self.findings.append(Finding(code=code, place=Place(file=self.name), found=found))

    # ----------------------------------------------------------------------------------------------- the container

    def check_container(self) -> None:
        kind = sniff(self.data)
        if kind == "ole" and not any(stream in self.data for stream in _OLD_STREAMS):
            self.refuse("file-encrypted")
        if kind != "zip":  # one without a workbook is told apart below
            for finding in wrong_kind(self.data, name=self.name, kind="xlsx"):
                raise RefusedError(finding)
        # Each entry of the listing begins with this mark: counted here, before anything is made of them.
        if self.data.count(b"PK\x01\x02") > self.limits.zip_entries:
            self.refuse("limit-zip-entries", limit=self.limits.zip_entries)

    def listed_parts(self) -> dict[str, zipfile.ZipInfo]:
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            entries = archive.infolist()
            if b"PK\x05\x06" in archive.comment or not entries or min(each.header_offset for each in entries):
                self.damaged(phrase("something stands before or behind the package"))
        entries = [entry for entry in entries if not entry.is_dir()]
        seen: set[str] = set()
        for entry in entries:
            part = entry.orig_filename
            if part.casefold() in seen:
                self.damaged(phrase("the part {part} is there twice", part=part))
            seen.add(part.casefold())
            if not part.isprintable() or "\\" in part or posixpath.normpath(f"/{part}") != f"/{part}":
                self.damaged(phrase("{part} is no name of a part", part=part))
            if entry.flag_bits & 1:
                self.refuse("file-encrypted")
            if "vbaproject" in part.casefold() or "macrosheets/" in part.casefold():
                self.refuse("xlsx-macro")
        if sum(entry.file_size for entry in entries) > self.limits.unzipped_bytes:
            self.refuse("limit-unzipped-size", limit=self.limits.unzipped_bytes)
        return {entry.orig_filename: entry for entry in entries}

    def pieces(self, part: str, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The content of a part, counted as it comes: the sizes that the package states are not believed."""
        size = check = 0
        for piece in self.unpacked(part, entry):
            self.left -= len(piece)
            if self.left < 0:
                self.refuse("limit-unzipped-size", limit=self.limits.unzipped_bytes)
            size += len(piece)
            check = zlib.crc32(piece, check)
            yield piece
        if size != entry.file_size or check != entry.CRC:
            self.damaged(phrase("the part {part} is not what the package says of it", part=part))

    def unpacked(self, part: str, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        at = entry.header_offset
        mark, name_size, extra_size = struct.unpack("<4s22xHH", self.data[at : at + 30])
        start = at + 30 + name_size
        encoding = "utf-8" if entry.flag_bits & _UTF8_NAME else "cp437"
        packed = memoryview(self.data)[start + extra_size : start + extra_size + entry.compress_size]
        if (
            mark != b"PK\x03\x04"
            or self.data[at + 30 : start] != part.encode(encoding)
            or len(packed) != entry.compress_size
            or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        ):
            self.damaged(phrase("the part {part} is not where the package says it is", part=part))
        fed = (bytes(packed[at : at + _FED]) for at in range(0, len(packed), _FED))
        if entry.compress_type == zipfile.ZIP_STORED:
            yield from fed
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        for pending in fed:
            while pending and not inflater.eof:
                yield inflater.decompress(pending, _PIECE)
                pending = inflater.unconsumed_tail  # noqa: PLW2901 - zlib hands back what it did not get to
        if not inflater.eof or inflater.unused_data:
            self.damaged(phrase("the part {part} does not end where the package says it does", part=part))

    # --------------------------------------------------------------------------------------------------- relations

    def read_relations(self, part: str, entry: zipfile.ZipInfo) -> None:
        folder, _, base = part.rpartition("/")
        origin = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
        found = self.relations.setdefault(origin, {})
        watch = SheetWatch(Place(file=self.name, sheet=part), self.limits)
        self.feed(part, self.pieces(part, entry), watch)
        for attributes in watch.kept["Relationship"]:
            key = attributes.get("Id", "")
            if key in found:
                self.damaged(phrase("{part} names {key} twice", part=part, key=key))
            kind = attributes.get("Type", "").rpartition("/")[2]
            external = attributes.get("TargetMode") == "External"
            target = attributes.get("Target", "")
            if not external and kind != "hyperlink":
                target = self.inside(origin, target)
            found[key] = _Relation(kind, target, external)

    def inside(self, origin: str, target: str) -> str:
        """The part that a target leads to."""
        plain = unquote(target).replace("\\", "/")
        joined = plain[1:] if plain.startswith("/") else posixpath.join(posixpath.dirname(origin), plain)
        path = posixpath.normpath(joined)
        if path.startswith(("..", "/")) or ":" in plain:
            self.damaged(
                phrase(
                    "{origin} leads to {target}, outside of it", origin=origin or phrase("the package"), target=target
                )
            )
        return path

    def check_relations(self, parts: Iterable[str]) -> None:
        for part in parts:
            if "externallinks/" in part.casefold() and not part.endswith(".rels") and not self.relations.get(part):
                self.warn("xlsx-external-link", part)
        for relation in self.all_relations():
            if relation.kind in _MACROS:
                self.refuse("xlsx-macro")
            if relation.kind == "connections":
                self.warn("xlsx-external-link", phrase("a data connection"))
            elif relation.external and relation.kind != "hyperlink":
                self.warn("xlsx-external-link", relation.target)

    def all_relations(self) -> Iterator[_Relation]:
        for relations in self.relations.values():
            yield from relations.values()

    def workbook_part(self, parts: Mapping[str, object]) -> str:
        for relation in self.relations.get("", {}).values():
            if relation.kind == "officeDocument" and relation.target in parts:
                return relation.target
        finding = Finding(
            code="file-type-mismatch",
            place=Place(file=self.name),
            found=phrase("a zip archive without a workbook"),
            expected=phrase("an Excel workbook"),
        )
        raise RefusedError(finding)

    def sheet_titles(self, workbook: str, entry: zipfile.ZipInfo) -> dict[str, str]:
        """What people call each sheet, by its part."""
        watch = SheetWatch(Place(file=self.name, sheet=workbook), self.limits)
        self.feed(workbook, self.pieces(workbook, entry), watch)
        titles = {}
        for attributes in watch.kept["sheet"]:
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            relation = self.relations.get(workbook, {}).get(key)
            if relation is not None:
                titles[relation.target] = attributes.get("name", "")
        return titles

    # ------------------------------------------------------------------------------------------------------- parts

    def watch_part(self, part: str, entry: zipfile.ZipInfo, *, title: str | None) -> SheetWatch | None:
        """Read a part to its end; its watch when it is XML, whatever its name says."""
        pieces = self.pieces(part, entry)
        first = next(pieces, b"")
        if not self.is_xml(part, first):
            for _ in pieces:
                pass  # for their size and their check sum
            return None
        watch = SheetWatch(Place(file=self.name, sheet=title or part), self.limits)
        self.feed(part, chain((first,), pieces), watch)
        self.findings.extend(watch.oddities())
        return watch

    def is_xml(self, part: str, first: bytes) -> bool:
        kinds = {relation.kind for relation in self.all_relations() if relation.target == part}
        if kinds == {"vmlDrawing"}:
            return False  # notes' shapes, which Excel itself writes as broken XML and no reader of tables opens
        looks_so = first.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")
        return looks_so or part.endswith(".xml") or bool(kinds & _READ_AS_XML)

    def feed(self, part: str, pieces: Iterable[bytes], watch: SheetWatch) -> None:
        parser = watch.parser()
        fed = 0
        try:
            for piece in pieces:
                fed += len(piece)
                parser.Parse(piece, False)
                if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                    self.damaged(phrase("the part {part} has an endless tag", part=part))
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as problem:
            self.damaged(f"the part {part}: {problem}")
