"""Logframes in and out: YAML and JSON, with findings that name file, line and column.

Read `read_logframe` first; `check_logframe` gives the same findings without ever raising. What is written reads back as
the same logframe, to the last digit.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mne.errors import LogframeError, OptionError, ReadError
from mne.ground.catalogue import Severity
from mne.ground.files import read_bytes, write_atomic
from mne.ground.findings import Finding, Findings, Place
from mne.ground.kinds import wrong_kind
from mne.ground.phrases import phrase
from mne.ground.trees import ListNode, MapNode, Scalar, Tree, locate, parse_json, parse_yaml, to_plain
from mne.ground.yaml_text import read_by_others
from mne.logframe.checks import design_findings
from mne.logframe.loading import build, data_of
from mne.logframe.model import FORMAT, Logframe
from mne.logframe.places import owner_id, path_steps, shown_path
from mne.logframe.salvage import design_of_the_rest
from mne.logframe.schema import logframe_schema
from mne.logframe.writing import to_json, to_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from mne.logframe.places import Path as Steps

__all__ = [
    "check_logframe",
    "from_text",
    "logframe_schema",
    "read_logframe",
    "to_json",
    "to_yaml",
    "write_logframe",
]

YAML_ENDINGS: Final = (".yaml", ".yml")
JSON_ENDINGS: Final = (".json",)


def read_logframe(path: str | os.PathLike[str]) -> Logframe:
    """The logframe in a YAML or JSON file.

    Raises:
        ReadError: the path cannot be read at all: missing, a folder, empty, not permitted.
        LogframeError: it was read, and is no usable logframe; `.findings` lists everything, with lines.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise OptionError(f"path must be the path of a file, not {type(path).__name__}")
    plan, findings, readable = _read(path)
    if not readable:
        raise ReadError("; ".join(str(finding) for finding in findings))
    grave = findings.at_least(Severity.ERROR)
    if plan is None or grave:
        raise LogframeError(grave, what=f"{os.fspath(path)} is not a usable logframe")
    return plan


def check_logframe(source: str | os.PathLike[str] | Logframe) -> Findings:
    """Everything that is wrong or weak in a logframe, given as a path or as a `Logframe`.

    Never raises for what the logframe holds, nor for a path that cannot be read.
    """
    if isinstance(source, Logframe):
        return Findings(_named(finding, source) for finding in design_findings(source))
    if not isinstance(source, (str, os.PathLike)):
        raise OptionError(f"source must be a path or a Logframe, not {type(source).__name__}")
    return _read(source)[1]


def _read(path: str | os.PathLike[str]) -> tuple[Logframe | None, Findings, bool]:
    """The plan if there is one, all findings, and whether the file could be read at all."""
    name = os.fspath(path)
    source, found = read_bytes(path)
    if source is None:
        return None, Findings(found), False
    ending = Path(name).suffix.lower()
    if ending not in YAML_ENDINGS + JSON_ENDINGS:
        told = ending or phrase("no ending")
        expected = ", ".join(YAML_ENDINGS + JSON_ENDINGS)
        finding = Finding(code="logframe-file-type", place=Place(file=name), found=told, expected=expected)
        return None, Findings([*found, finding]), True
    kind = "json" if ending in JSON_ENDINGS else "yaml"
    mismatch = wrong_kind(source.data, name=name, kind=kind)
    if mismatch:
        return None, Findings([*found, *mismatch]), True
    plan, findings = from_text(source.data, name=name, kind=kind)
    return plan, Findings([*found, *findings]), True


def from_text(data: bytes | str, *, name: str = "logframe", kind: str = "yaml") -> tuple[Logframe | None, Findings]:
    """The logframe written in `data`, as ``yaml`` or ``json``, with every finding; None where it cannot be built.

    Faults of the text, of its entries and of the design are told together, as far as one can be seen beside another.

    Raises:
        OptionError: `kind` is neither.
    """
    if kind not in ("yaml", "json"):
        raise OptionError(f"kind must be 'yaml' or 'json', not {kind!r}")
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    tree, found = (parse_json if kind == "json" else parse_yaml)(raw, name=name, partial=True)
    if tree is None:
        return None, Findings(found)
    strange = _strange_format(tree, name)
    if strange is not None:
        return None, Findings([*found, strange])
    plan, wrong = build(Logframe, tree, name=name)
    if kind == "yaml":
        wrong = (*wrong, *_other_to_others(tree, name))
    plain = data_of(tree)
    if plan is None:
        rest = design_of_the_rest(plain)
    else:
        rest = tuple((path_steps(plan, finding.place.path or ""), finding) for finding in design_findings(plan))
    design = [_placed(finding, path, tree, plain, name) for path, finding in rest]
    blocked = any(finding.level is Severity.BLOCKER for finding in found)
    return None if blocked else plan, Findings([*found, *wrong, *design])


def _other_to_others(tree: Tree, name: str) -> Iterator[Finding]:
    """Codes without quotes that other readers of YAML take for something else: ``NO`` for false, ``1.10`` for 1.1.

    They are read here as they were written, and a logframe is not read here alone.
    """
    open_parts: list[tuple[Steps, Tree]] = [((), tree)]
    while open_parts:
        path, part = open_parts.pop()
        if isinstance(part, ListNode):
            open_parts += [((*path, at), each) for at, each in enumerate(part.items)]
        elif isinstance(part, MapNode):
            open_parts += [((*path, key), each) for key, each in part.entries.items()]
        elif path[-1:] == ("id",) and part.kind == "plain" and (other := read_by_others(part.text or "")):
            place = Place(file=name, line=part.line, column=part.column, path=shown_path(to_plain(tree), path))
            yield Finding(
                code="yaml-implicit-type",
                place=place,
                found=part.text or "",
                expected=f'"{part.text}"',
                params={"other": other},
            )


def _strange_format(tree: Tree, name: str) -> Finding | None:
    """A file that a later version of the library wrote, or none: nothing else about it can be trusted."""
    told = tree.entries.get("format") if isinstance(tree, MapNode) else None
    if not isinstance(told, Scalar) or told.text is None or not re.fullmatch("-?[0-9]{1,9}", told.text):
        return None
    number = int(told.text)
    if 1 <= number <= FORMAT:
        return None
    place = Place(file=name, line=told.line, column=told.column, path="format")
    code = "logframe-format-newer" if number > FORMAT else "logframe-format-unknown"
    return Finding(code=code, place=place, found=told.text, expected=phrase("format {n}", n=FORMAT))


def _named(finding: Finding, root: Any) -> Finding:
    """A finding whose places name the parts of a plan by their ids."""

    def told(place: Place) -> Place:
        steps = path_steps(root, place.path or "")
        indicator = place.indicator or owner_id(root, steps)
        return replace(place, path=shown_path(root, steps) or None, indicator=indicator)

    return replace(finding, place=told(finding.place), related=tuple(told(place) for place in finding.related))


def _placed(finding: Finding, steps: Steps, tree: Tree, plain: Any, name: str) -> Finding:
    """A finding about the design at the lines of the file that it speaks of."""

    def told(path: Steps, place: Place) -> Place:
        mark = locate(tree, path)
        return replace(
            place,
            file=name,
            line=mark.line,
            column=mark.column,
            path=shown_path(plain, path) or None,
            indicator=place.indicator or owner_id(plain, path),
        )

    related = tuple(told(path_steps(plain, each.path or ""), each) for each in finding.related)
    return replace(finding, place=told(steps, finding.place), related=related)


def write_logframe(plan: Logframe, path: str | os.PathLike[str]) -> None:
    """Write a logframe as YAML or JSON, by the ending; whole or not at all.

    Raises:
        OptionError: the ending is none of .yaml, .yml and .json, or the plan is none.
        WriteError: the path cannot be written.
    """
    if not isinstance(plan, Logframe):
        raise OptionError(f"plan must be a Logframe, not {type(plan).__name__}")
    ending = Path(path).suffix.lower()
    if ending in YAML_ENDINGS:
        write_atomic(path, to_yaml(plan))
    elif ending in JSON_ENDINGS:
        write_atomic(path, to_json(plan))
    else:
        raise OptionError(f"path must end in .yaml or .json, not in {ending or 'nothing'!r}")
