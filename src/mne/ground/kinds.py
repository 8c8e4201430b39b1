"""What a file is by its content, whatever its name says.

Read `sniff` first. `wrong_kind` makes the finding when a file is not what its name promises.
"""

from __future__ import annotations

from typing import Final

from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase

__all__ = ["sniff", "wrong_kind"]

_HEAD: Final = 1_024
_MARKS: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PAR1", "parquet"),
    (b"PARE", "parquet"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
)
_PACKAGES: Final = (
    (b"xl/workbook.bin", "xlsb"),
    (b"xl/workbook", "xlsx"),
    (b"word/document", "docx"),
    (b"META-INF/manifest.xml", "ods"),
)
_SAID: Final = {
    "binary": phrase("data that is no text"),
    "csv": phrase("a table in text"),
    "docx": phrase("a Word document"),
    "gzip": phrase("a compressed file"),
    "html": phrase("a web page"),
    "json": "JSON",
    "ods": phrase("an OpenDocument file"),
    "ole": phrase("an old (.xls) or locked Office file"),
    "parquet": phrase("a Parquet file"),
    "pdf": phrase("a PDF document"),
    "text": phrase("plain text"),
    "xlsb": phrase("a binary Excel workbook (.xlsb)"),
    "xlsx": phrase("an Excel workbook"),
    "xml": "XML",
    "yaml": "YAML",
    "zip": phrase("a zip archive"),
}
# Every JSON text is YAML too. What is text may be a table, YAML or broken JSON, of which its reader says more.
_ALSO: Final = {"csv": {"text"}, "yaml": {"text", "json"}, "json": {"text"}}
_HTML: Final = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body")


def sniff(data: bytes) -> str:
    """The kind of a file by its content.

    Returns:
        One of xlsx, xlsb, docx, ods, zip, ole, parquet, pdf, gzip, html, xml, json, text, binary.
    """
    for mark, kind in _MARKS:
        if data.startswith(mark):
            return kind
    if data.startswith(b"PK\x03\x04"):
        listed = _zip_listing(data)
        return next((kind for mark, kind in _PACKAGES if mark in listed), "zip")
    head = data[:_HEAD]
    if _looks_binary(head):
        return "binary"
    # Every second byte of UTF-16 in Latin letters is NUL; without them its first signs read as ASCII.
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"").lstrip().lower()
    if start.startswith(_HTML):
        return "html"
    if start[:1] == b"<" and (start[1:2].isalpha() or start[1:2] in (b"?", b"!")):
        return "xml"
    return "json" if _looks_like_json(start) else "text"


def _zip_listing(data: bytes) -> bytes:
    """The part of a zip archive that lists its entries; the names in it are not compressed."""
    end = data.rfind(b"PK\x05\x06")
    size = int.from_bytes(data[end + 12 : end + 16], "little") if end >= 0 else 0
    return data[max(0, end - size) : end] if 0 < size <= end else b""


def _looks_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    odd = sum(head.count(byte) for byte in range(32) if byte not in b"\0\t\n\v\f\r\x1b")
    return odd * 20 > len(head)


def _looks_like_json(start: bytes) -> bool:
    if start[:1] not in (b"{", b"["):
        return False
    rest = start[1:].lstrip()
    # "[id],name" opens a table and "{a: 1}" YAML; JSON goes on with a quoted key, a value, or the end.
    ahead = (b'"', b"}") if start[:1] == b"{" else (b'"', b"[", b"{", b"]", b"-", b"true", b"false", b"null")
    return not rest or rest.startswith(ahead) or (start[:1] == b"[" and rest[:1].isdigit())


def wrong_kind(data: bytes, *, name: str, kind: str) -> tuple[Finding, ...]:
    """A finding when the content of a file is not of the kind that it should be.

    Args:
        data: the bytes of the file.
        name: how the file is named in the finding.
        kind: csv, json, yaml, xlsx or parquet.
    """
    found = sniff(data)
    if found == kind or found in _ALSO.get(kind, ()):
        return ()
    place = Place(file=name)
    return (Finding(code="file-type-mismatch", place=place, found=_SAID[found], expected=_SAID.get(kind, kind)),)
