"""XML from outside, followed without being believed: no document types, no entities, bounded in every direction.

Read `follow_xml` first. The text is decoded here, strictly, before a parser sees it; the parser builds nothing, and
what could change a figure, reach another file or fill the memory ends the reading with a finding.
"""

from __future__ import annotations

import codecs
import re
from typing import Final, NoReturn
from xml.parsers import expat

from mne.ground.catalogue import Severity
from mne.ground.files import Limits, decode_text
from mne.ground.findings import Finding, Place
from mne.ground.kinds import wrong_kind
from mne.ground.nodes import RefusedError
from mne.ground.phrases import phrase

__all__ = ["XmlHandler", "follow_xml"]

SIBLINGS: Final = 20_000
"""Elements side by side in one other; what has more is no report."""

ELEMENTS: Final = 1_000_000

_DECLARED: Final = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UNICODE: Final = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii")
_LEGACY: Final = ("iso8859-1", "iso8859-15", "cp1250", "cp1251", "cp1252", "cp1254", "koi8-r")
"""Encodings of one byte a sign that a file may declare; every byte means something in them, so that it is told."""

_INCLUDE: Final = "http://www.w3.org/2001/XInclude"
_SPACE: Final = " "


class XmlHandler:
    """What `follow_xml` reports to; a reader overrides what it needs."""

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins; a name in a namespace has that before it, with a space between."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Characters inside an element."""


def follow_xml(data: bytes, handler: XmlHandler, *, name: str, limits: Limits | None = None) -> tuple[Finding, ...]:
    """Follow an XML text to its end; a blocker among the findings says that it did not come to that.

    A handler may raise `RefusedError` to end the reading with a finding of its own.

    Findings: file-type-mismatch, encoding-not-utf8, encoding-unknown, xml-doctype, xml-malformed, xml-include,
    xml-processing-instruction, limit-depth, limit-elements.
    """
    wrong = wrong_kind(data, name=name, kind="xml")
    if wrong:
        return wrong
    text, findings = _decoded(data, name)
    if text is None:
        return findings
    watch = _Watch(handler, name, limits or Limits())
    try:
        watch.parse(text.removeprefix("\ufeff"))
    except RefusedError as refused:
        return (*findings, *watch.findings, refused.finding)
    return (*findings, *watch.findings)


def _decoded(data: bytes, name: str) -> tuple[str | None, tuple[Finding, ...]]:
    """The text in the encoding that the file declares, where it declares one that is known; else in Unicode."""
    declared = _DECLARED.match(data[:1_024])
    if declared is None:
        return decode_text(data, name=name)
    told = declared[1].decode("ascii")
    try:
        encoding = codecs.lookup(told).name
    except LookupError:
        encoding = ""
    if encoding in _UNICODE:
        return decode_text(data, name=name)
    if encoding not in _LEGACY:
        return None, (
            Finding(code="encoding-unknown", place=Place(file=name, line=1), found=phrase("it says {told}", told=told)),
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None, (
            Finding(code="encoding-unknown", place=Place(file=name, line=1), found=phrase("it says {told}", told=told)),
        )
    return text, (Finding(code="encoding-not-utf8", place=Place(file=name), found=told, severity=Severity.INFO),)


class _Watch:
    """The parser's own handler: counts, refuses, and passes on."""

    def __init__(self, handler: XmlHandler, name: str, limits: Limits) -> None:
        self.handler = handler
        self.name = name
        self.depth = limits.depth
        self.most = min(ELEMENTS, limits.elements)
        self.findings: list[Finding] = []
        self._elements = 0
        self._children: list[int] = [0]

    def parse(self, text: str) -> None:
        """Follow the text; raises `RefusedError` where it may not go on."""
        # The bytes are UTF-8 now, whatever their first line says.
        self._parser = parser = expat.ParserCreate("utf-8", _SPACE)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.handler.text
        parser.ProcessingInstructionHandler = self._instruction
        try:
            parser.Parse(text.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as problem:
            place = Place(file=self.name, line=problem.lineno, column=problem.offset + 1)
            params = {"reason": expat.ErrorString(problem.code)}
            raise RefusedError(Finding(code="xml-malformed", place=place, params=params)) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._children[-1] += 1
        if len(self._children) > self.depth:
            self._refuse("limit-depth", limit=self.depth)
        if self._elements > self.most or self._children[-1] > SIBLINGS:
            self._refuse("limit-elements", limit=self.most if self._elements > self.most else SIBLINGS)
        if name.startswith(_INCLUDE):
            self._refuse("xml-include", found=name.rpartition(_SPACE)[2])
        self._children.append(0)
        self.handler.start(name, attributes, self._parser.CurrentLineNumber)

    def _end(self, name: str) -> None:
        self._children.pop()
        self.handler.end(name)

    def _doctype(self, *_: object) -> None:
        self._refuse("xml-doctype")

    def _instruction(self, target: str, _: str) -> None:
        if len(self.findings) < 1:
            place = Place(file=self.name, line=self._parser.CurrentLineNumber)
            self.findings.append(Finding(code="xml-processing-instruction", place=place, found=target))

    def _refuse(self, code: str, *, found: str = "", **params: object) -> NoReturn:
        place = Place(file=self.name, line=self._parser.CurrentLineNumber)
        raise RefusedError(Finding(code=code, place=place, found=found, params=params))
