"""YAML as a tree of text, and plain data as YAML: ``NO``, ``1:20``, ``010`` and ``1.10`` stay what was written.

Read `parse_yaml` first. It takes the events of a YAML parser and gives no scalar a type, so that nothing is guessed.
`dump_yaml` writes what `parse_yaml` reads back, quoted wherever another YAML reader would see something else than text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn

from mne.errors import OptionError
from mne.ground.files import Limits, decode_text
from mne.ground.findings import Finding, Place, clean_text
from mne.ground.nodes import Mark, RefusedError, Scalar, Tree, TreeBuilder
from mne.ground.phrases import phrase

if TYPE_CHECKING:
    import yaml

    from mne.ground.nodes import Kind

__all__ = ["Bare", "dump_yaml", "parse_yaml", "read_by_others"]

_NULLS: Final = frozenset({"", "~", "null"})
_NO_TEXT: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TOO_DEEP: Final = "maximum nesting depth"
_STRING_TAG: Final = "tag:yaml.org,2002:str"


def parse_yaml(
    data: bytes, *, name: str, limits: Limits | None = None, partial: bool = False
) -> tuple[Tree | None, tuple[Finding, ...]]:
    """The tree of a YAML text, and what is wrong with it.

    One document; no anchors, aliases, merge keys or tags (but ``!!str``); no key twice in one map. An unquoted ``~``,
    ``null`` or nothing is no value, but as a key each but the last is text.

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
    builder = TreeBuilder(name=name, limits=limits or Limits(), duplicate="yaml-duplicate-key")
    try:
        _read(text, builder)
    except RefusedError as refused:
        return None, (*findings, *builder.faults, refused.finding)
    tree, faults = builder.outcome(partial=partial)
    if builder.root is None:
        faults = (*faults, Finding(code="file-empty", place=Place(file=name)))
    return tree, (*findings, *faults)


def _read(text: str, builder: TreeBuilder) -> None:
    import yaml

    # The parser in C does not recurse, and it reads no further than it is asked to: the limits end it in time.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    documents = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            start = event.start_mark
            mark = Mark(start.line + 1, start.column + 1) if start else Mark(1, 1)
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        builder.refuse("yaml-multiple-documents", mark)
                case yaml.AliasEvent():
                    builder.refuse("yaml-alias", mark, found=f"*{event.anchor}")
                case yaml.ScalarEvent():
                    _check_properties(event, mark, builder)
                    _scalar(event, mark, builder)
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    is_map = isinstance(event, yaml.MappingStartEvent)
                    if builder.wants_key:
                        builder.refuse("yaml-key-not-text", mark, found=phrase("a map") if is_map else phrase("a list"))
                    _check_properties(event, mark, builder)
                    builder.open(mark, is_map=is_map)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    builder.close()
                case _:
                    pass
    except yaml.YAMLError as problem:
        _refuse_syntax(problem, text, builder)


def _check_properties(event: yaml.NodeEvent, mark: Mark, builder: TreeBuilder) -> None:
    if event.anchor:
        builder.fault("yaml-alias", mark, found=f"&{event.anchor}")
    tag = getattr(event, "tag", None)
    if tag and not (tag == _STRING_TAG and hasattr(event, "value")):
        builder.fault("yaml-tag", mark, found=str(tag).replace("tag:yaml.org,2002:", "!!"))


def _scalar(event: yaml.ScalarEvent, mark: Mark, builder: TreeBuilder) -> None:
    text = str(event.value)
    quoted = bool(event.style)  # the parser in C says "" of a plain scalar, the one in Python None
    said_text = quoted or event.tag == _STRING_TAG
    if not builder.wants_key:
        absent = not said_text and text in _NULLS
        kind: Kind = "string" if said_text else "null" if absent else "plain"
        builder.scalar(Scalar(None if absent else text, *mark, quoted=quoted, kind=kind))
    elif not said_text and not text:
        builder.refuse("yaml-key-not-text", mark, found=phrase("nothing"))
    else:
        if text == "<<" and not said_text:
            builder.fault("yaml-merge-key", mark, found=text)
        builder.key(text, mark)


def _refuse_syntax(problem: yaml.YAMLError, text: str, builder: TreeBuilder) -> NoReturn:
    at = getattr(problem, "problem_mark", None)
    if at is not None and _TOO_DEEP in str(getattr(problem, "problem", "")):
        # Newer parsers look ahead, and meet a limit of their own before ours is asked about the first bracket.
        builder.refuse("limit-depth", Mark(at.line + 1, at.column + 1), limit=builder.limits.depth)
    if at is not None:
        lines = text.splitlines()
        found = lines[at.line].strip()[:80] if at.line < len(lines) else ""
        told = getattr(problem, "problem", None) or phrase("the text breaks off")
        builder.refuse("yaml-invalid", Mark(at.line + 1, at.column + 1), found=found, problem=told)
    # A character that YAML does not allow is met before lines are counted.
    wrong = _NO_TEXT.search(text)
    before = text[: wrong.start()] if wrong else ""
    mark = Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))
    found = f"U+{ord(wrong.group()):04X}" if wrong else ""
    problem_told = phrase("a character that is no part of any text {found}", found=found)
    builder.refuse("yaml-invalid", mark, found=found, problem=problem_told if found else problem_told.strip())


def read_by_others(text: str) -> str | None:
    """What the usual readers of YAML 1.1 make of a text without quotes, where it is not this very text.

    >>> read_by_others("NO"), read_by_others("010"), read_by_others("1.1"), read_by_others("OC1.1")
    ('false', '8', None, None)
    """
    import yaml

    loader: Any = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False)).rpartition(":")[2]
    match tag:
        case "str" | "null":
            return None
        case "timestamp":
            return phrase("a date")
        case "bool" | "int" | "float":
            try:
                value = loader.construct_object(yaml.ScalarNode(f"tag:yaml.org,2002:{tag}", text))
            except (ValueError, OverflowError):
                return phrase("an error")
            told = str(value).lower() if tag == "bool" else str(value)
            return None if told == text else told
    return phrase("an error")


# ----------------------------------------------------------------------------------------------------------- writing

WIDTH: Final = 100
"""Columns after which text is folded."""

_LONGEST_KEY: Final = 500  # YAML allows a key before a colon up to 1,024 characters
_BARE: Final = re.compile(r"[-+]?\.?[0-9A-Za-z](?:[0-9A-Za-z_.:+/%-]*[0-9A-Za-z_.+/%-])?")
# What readers of YAML 1.1 and 1.2 take for something else than text.
_OTHER_WORDS: Final = frozenset(
    {"~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"}
    | {"nan", "inf", ".nan", ".inf", "-.inf", "+.inf"}
)
_OTHER_NUMBERS: Final = re.compile(r"[-+]?\.?[0-9][0-9A-Fa-f_xXoO.,:+\-TtZz ]*")
_SIGNS: Final = tuple("-?:,[]{}#&*!|>'\"%@`")
_JOINERS: Final = "\u200c\u200d"  # Persian, Bengali and others cannot be written without them
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Bare(str):
    """Text that is written without quotes, for a number, a date, true or false."""

    __slots__ = ()


def dump_yaml(value: Any) -> str:
    """Plain data as YAML in blocks, in the order given, which `parse_yaml` reads back as the same texts.

    Args:
        value: maps, lists and tuples of text, `Bare` text, whole numbers, decimals, true, false and None.

    Raises:
        OptionError: a value that has no exact text (a float), or that YAML cannot hold.
    """
    first, *rest = _lines(value, depth=0)
    if not _is_filled(value):
        rest = _indented(rest)
    return "\n".join([first, *rest]) + "\n"


def _is_filled(value: Any) -> bool:
    return isinstance(value, (Mapping, list, tuple)) and len(value) > 0


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" if line else "" for line in lines]


def _lines(value: Any, *, depth: int) -> list[str]:
    """A value as lines that begin in the first column."""
    if isinstance(value, (Mapping, list, tuple)):
        if depth >= Limits().depth:
            raise OptionError(f"value must not be nested more than {Limits().depth} levels deep")
        if not value:
            return ["{}" if isinstance(value, Mapping) else "[]"]
        lines: list[str] = []
        if isinstance(value, Mapping):
            for key, each in value.items():
                lines += _entry(key, each, depth=depth + 1)
        else:
            for each in value:
                lines += _hung("- ", _lines(each, depth=depth + 1))
        return lines
    return _scalar_lines(value, room=WIDTH - 2 * depth)


def _hung(head: str, lines: list[str]) -> list[str]:
    return [head + lines[0], *_indented(lines[1:])]


def _entry(key: object, value: Any, *, depth: int) -> list[str]:
    if not isinstance(key, str):
        raise OptionError(f"a key must be text, not {type(key).__name__}")
    lines = _lines(value, depth=depth)
    written = _one_line(str.__str__(key), bare=isinstance(key, Bare))
    if len(written) > _LONGEST_KEY:
        return [f"? {written}", *_hung(": ", lines)]
    return [f"{written}:", *_indented(lines)] if _is_filled(value) else _hung(f"{written}: ", lines)


def _scalar_lines(value: Any, *, room: int) -> list[str]:
    if value is None:
        return ["null"]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, int):
        return [f"{value:d}"]
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise OptionError(f"value must be finite, not {value}")
        return [format(value, "f")]
    if not isinstance(value, str):
        raise OptionError(f"value must be text, a whole number, a decimal, true, false or None, not {type(value)}")
    text = str.__str__(value)
    if not isinstance(value, Bare) and _is_shown(text.replace("\n", "")):
        if _fits_literal(text):
            return ["|" if text.endswith("\n") else "|-", *text.removesuffix("\n").split("\n")]
        if len(text) > room and "\n" not in text and text == text.strip() and "  " not in text and " " in text:
            return [">-", *_wrapped(text, max(room, 40))]
    return [_one_line(text, bare=isinstance(value, Bare))]


def _fits_literal(text: str) -> bool:
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and bool(lines[0] and lines[-1])
        and not lines[0].startswith(" ")
        and all(line == line.rstrip() for line in lines)
    )


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _one_line(text: str, *, bare: bool) -> str:
    if bare:
        if not _BARE.fullmatch(text) or text in _NULLS:
            raise OptionError(f"{clean_text(text)!r} cannot be written without quotes")
        return text
    return text if _reads_as_text(text) else _quoted(text)


def _reads_as_text(text: str) -> bool:
    """Whether every reader of YAML sees this very text when it stands without quotes."""
    return (
        bool(text)
        and text == text.strip()
        and not text.startswith((*_SIGNS, "..."))
        and not text.endswith(":")
        and ": " not in text
        and " #" not in text
        and text.casefold() not in _OTHER_WORDS
        and not _OTHER_NUMBERS.fullmatch(text)
        and _is_shown(text)
    )


def _is_shown(text: str) -> bool:
    """Whether a person sees every character; those that are invisible or turn the direction are written as escapes."""
    return all(char.isprintable() or char in _JOINERS or unicodedata.category(char) == "Zs" for char in text)


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(char) or (char if _is_shown(char) else _escape(char)) for char in text) + '"'


def _escape(char: str) -> str:
    number = ord(char)
    if 0xD800 <= number <= 0xDFFF:
        raise OptionError(f"text must not hold half of a surrogate pair (U+{number:04X})")
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
