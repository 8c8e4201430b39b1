"""JSON as a tree of text: numbers stay as they were written, and every value knows its line.

Read `parse_json` first. It goes through the text once, without recursion, and refuses what the standard forbids and
others let pass: repeated keys, NaN, Infinity, halves of surrogate pairs.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn

from mne.ground.files import Limits, decode_text
from mne.ground.findings import Finding, Place
from mne.ground.nodes import Mark, RefusedError, Scalar, Tree, TreeBuilder
from mne.ground.phrases import phrase

if TYPE_CHECKING:
    from mne.ground.nodes import Kind

__all__ = ["parse_json"]

LONGEST_NUMBER: Final = 60
"""Characters of a number; DECIMAL(28,9) needs 30."""

_SPACE: Final = re.compile(r"[ \t\n]*+")
# The repeated group is not possessive: Python before 3.11.5 keeps half of a piece that fails.
_STRING: Final = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![0-9A-Za-z_.+-])")
_WORD: Final = re.compile(r'[^\s,:"\[\]{}]{1,40}')
_WORDS: Final[dict[str, tuple[str | None, Kind]]] = {
    "true": ("true", "bool"),
    "false": ("false", "bool"),
    "null": (None, "null"),
}
_NOT_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def parse_json(
    data: bytes, *, name: str, limits: Limits | None = None, partial: bool = False
) -> tuple[Tree | None, tuple[Finding, ...]]:
    """The tree of a JSON text, and what is wrong with it.

    Args:
        data: the bytes of the file, in UTF-8 or in UTF-16 with a byte order mark.
        name: how the file is named in findings.
        limits: how deep and how large the tree may be.
        partial: hand back what could be read even beside a blocker, to look for more that is wrong; not for use.

    Returns:
        The tree, or None where a finding is a blocker; and all findings.
    """
    text, findings = decode_text(data, name=name)
    if text is None:
        return None, findings
    # Inside a string neither is allowed, so that only white space changes, and lines are counted by one sign.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip(" \t\n"):
        return None, (*findings, Finding(code="file-empty", place=Place(file=name)))
    builder = TreeBuilder(name=name, limits=limits or Limits(), duplicate="json-duplicate-key")
    try:
        _Reader(text, builder).run()
    except RefusedError as refused:
        return None, (*findings, *builder.faults, refused.finding)
    tree, faults = builder.outcome(partial=partial)
    return tree, (*findings, *faults)


class _Reader:
    def __init__(self, text: str, builder: TreeBuilder) -> None:
        self.text = text
        self.builder = builder
        self.at = 0
        self.line = 1
        self.line_start = 0
        self.opened = False

    @property
    def mark(self) -> Mark:
        return Mark(self.line, self.at - self.line_start + 1)

    def next_sign(self) -> str:
        """The first sign after white space, which is passed over; nothing at the end of the text."""
        sign = self.text[self.at : self.at + 1]
        if sign > " ":
            return sign
        matched = _SPACE.match(self.text, self.at)
        end = matched.end() if matched else self.at
        if lines := self.text.count("\n", self.at, end):
            self.line += lines
            self.line_start = self.text.rindex("\n", self.at, end) + 1
        self.at = end
        return self.text[end : end + 1]

    def run(self) -> None:
        self.value(self.next_sign())
        while (in_map := self.builder.in_map) is not None:
            end = "}" if in_map else "]"
            sign = self.next_sign()
            if sign == end:
                self.at += 1
                self.builder.close()
                self.opened = False
            elif self.opened:
                self.opened = False
                self.entry(sign, in_map=in_map)
            elif sign == ",":
                self.at += 1
                self.entry(self.next_sign(), in_map=in_map)
            else:
                self.refuse(phrase("a comma or {end}", end=end))
        if sign := self.next_sign():
            if sign in "{[":
                # A file with one object on each line is a format of its own, and not damaged JSON.
                found = phrase("several values, one after the other")
                self.builder.refuse("json-shape", self.mark, found=found, expected=phrase("one value"))
            self.refuse(phrase("the end of the file"))

    def entry(self, sign: str, *, in_map: bool) -> None:
        if in_map:
            self.key(sign)
            sign = self.next_sign()
        self.value(sign)

    def key(self, sign: str) -> None:
        mark = self.mark
        if sign != '"':
            self.refuse(phrase("a key in double quotes"))
        self.builder.key(self.string(), mark)
        if self.next_sign() != ":":
            self.refuse(phrase("a colon after the key"))
        self.at += 1

    def value(self, sign: str) -> None:
        if sign and sign in "{[":
            self.builder.open(self.mark, is_map=sign == "{")
            self.at += 1
            self.opened = True
        elif sign == '"':
            mark = self.mark
            self.builder.scalar(Scalar(self.string(), *mark, quoted=True, kind="string"))
        else:
            self.bare()

    def bare(self) -> None:
        """A number, true, false or null."""
        mark = self.mark
        if number := _NUMBER.match(self.text, self.at):
            text = number.group()
            if len(text) > LONGEST_NUMBER:
                found = str(len(text))
                self.builder.fault("limit-number-length", mark, found=found, limit=LONGEST_NUMBER)
            scalar = Scalar(text, *mark, kind="number")
        else:
            word = _WORD.match(self.text, self.at)
            text = word.group() if word else ""
            if text in _NOT_NUMBERS:
                self.builder.fault("json-invalid", mark, found=text, expected=phrase("a number or null"))
                scalar = Scalar(text, *mark, kind="number")
            elif text in _WORDS:
                value, kind = _WORDS[text]
                scalar = Scalar(value, *mark, kind=kind)
            else:
                self.refuse(phrase("a value"))
        self.at += len(text)
        self.builder.scalar(scalar)

    def string(self) -> str:
        mark = self.mark
        matched = _STRING.match(self.text, self.at)
        end = matched.end() if matched else self.at
        if self.text[end : end + 1] != '"':
            self.at = end
            after_backslash = self.text[end : end + 1] == "\\"
            self.refuse(
                phrase('one of " \\ / b f n r t uXXXX after a backslash')
                if after_backslash
                else phrase('a " that ends the text')
            )
        raw = self.text[self.at : end + 1]
        text = str(json.loads(raw)) if "\\" in raw else raw[1:-1]
        if half := _SURROGATE.search(text):
            self.builder.fault("control-character", mark, found=f"U+{ord(half.group()):04X}")
            text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
        self.at = end + 1
        return text

    def refuse(self, expected: str) -> NoReturn:
        word = _WORD.match(self.text, self.at)
        found = word.group() if word else self.text[self.at : self.at + 1]
        self.builder.refuse("json-invalid", self.mark, found=found or phrase("the end of the file"), expected=expected)
