"""JSON: a list of records, or one record on each line.

Read `read_records` and `read_json_lines` first. Numbers keep every digit that was written; a record that cannot be used
is held back alone, while a fault in the text of the file itself refuses the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final

from mne.ground.catalogue import Severity
from mne.ground.files import Limits, decode_text
from mne.ground.findings import Finding, Place
from mne.ground.phrases import phrase
from mne.ground.trees import ListNode, MapNode, Scalar, Tree, parse_json
from mne.reports.grid import Cell, Flaw, Grid, Loaded

__all__ = ["read_json_lines", "read_records"]

_SHOWN: Final = 200
_SHAPE: Final = phrase("a list of records such as {example}", example='[{"indicator": "OC1.1", "value": 12}]')
_IN_RECORD: Final = re.compile(r"\[([0-9]{1,9})\](?:\.(.*))?", re.DOTALL)


def read_records(data: bytes, *, name: str, limits: Limits | None = None) -> Loaded:
    """A JSON list of records as one grid; its rows are numbered from 1 as they stand in the list.

    Findings: those of `mne.ground.trees.parse_json`, json-shape, row-invalid, cell-nested, limit-columns.
    """
    tree, findings = parse_json(data, name=name, limits=_roomy(limits))
    if tree is None:
        return Loaded(findings=list(findings))
    if not isinstance(tree, ListNode):
        place = Place(file=name, line=tree.line, column=tree.column)
        shape = Finding(code="json-shape", place=place, found=_told(tree), expected=_SHAPE)
        return Loaded(findings=[*findings, shape])
    held: set[int] = set()
    placed: list[Finding] = []
    for finding in findings:
        inside = _IN_RECORD.fullmatch(finding.place.path or "")
        if inside is None:
            placed.append(finding)
            continue
        placed.append(finding.at(row=int(inside[1]) + 1, header=inside[2]))
        if finding.level.rank <= Severity.ERROR.rank:
            held.add(int(inside[1]))
    numbers = range(1, len(tree.items) + 1)
    return _loaded(tree.items, numbers, held, placed, name=name, limits=limits or Limits())


def read_json_lines(data: bytes, *, name: str, limits: Limits | None = None) -> Loaded:
    """One JSON record on each line; a line that cannot be read is held back alone, unless none can.

    Findings: those of `read_records`.
    """
    text, findings = decode_text(data, name=name)
    if text is None:
        return Loaded(findings=list(findings))
    roomy = _roomy(limits)
    said = list(findings)
    trees: list[Tree | None] = []
    held: set[int] = set()
    lines = text.removeprefix("\ufeff").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    for at, line in enumerate(lines):
        if not line.strip():
            trees.append(None)
            continue
        tree, faults = parse_json(line.encode(), name=name, limits=roomy)
        trees.append(tree if tree is not None else Scalar(line.strip()))
        if any(fault.level.rank <= Severity.ERROR.rank for fault in faults):
            held.add(at)
        said += [_on_line(fault, at + 1) for fault in faults]
    if trees and len(held) == sum(tree is not None for tree in trees):
        first = next(finding for finding in said if finding.place.line is not None)
        return Loaded(findings=[*findings, replace(first, severity=Severity.BLOCKER)])
    return _loaded(trees, range(1, len(lines) + 1), held, said, name=name, limits=limits or Limits())


def _roomy(limits: Limits | None) -> Limits:
    """As many values as a table may have cells."""
    known = limits or Limits()
    return replace(known, nodes=max(known.nodes, known.cells))


def _on_line(fault: Finding, line: int) -> Finding:
    severity = Severity.ERROR if fault.level is Severity.BLOCKER else fault.severity
    return replace(fault.at(line=line, row=line, path=None), severity=severity)


def _loaded(
    trees: Sequence[Tree | None],
    numbers: range,
    held: set[int],
    findings: list[Finding],
    *,
    name: str,
    limits: Limits,
) -> Loaded:
    records = [tree.entries if isinstance(tree, MapNode) else None for tree in trees]
    names = dict.fromkeys(key for record in records if record is not None for key in record)
    loaded = Loaded(findings=findings)
    if len(records) > limits.rows:
        findings.append(Finding(code="limit-rows", place=Place(file=name), params={"limit": limits.rows}))
    elif len(names) > limits.columns:
        findings.append(Finding(code="limit-columns", place=Place(file=name), params={"limit": limits.columns}))
    else:
        columns = [
            [_cell(record[key]) if record is not None and key in record else None for record in records]
            for key in names
        ]
        for at, tree in enumerate(trees):
            if tree is not None and records[at] is None and at not in held and columns:
                columns[0][at] = Flaw("row-invalid", _told(tree), expected=phrase("a record in braces"))
        grid = Grid(file=name, sheet=None, lane="json", columns=[*columns], numbers=numbers, header=tuple(names))
        grid.held = frozenset(held)
        loaded.grids.append(grid)
    return loaded


def _cell(tree: Tree) -> Cell:
    match tree:
        case Scalar(text=None):
            return None
        case Scalar(text=str() as text, kind="number"):
            try:
                return Decimal(text)
            except InvalidOperation:  # an exponent that no decimal can have
                return Flaw("number-not-finite", text[:_SHOWN], expected=phrase("a number, or nothing at all"))
        case Scalar(text=str() as text, kind="bool"):
            return text == "true"
        case Scalar(text=text):
            return text
        case _:
            return Flaw("cell-nested", _told(tree), expected=phrase("one value"))


def _told(tree: Tree) -> str:
    match tree:
        case MapNode():
            return phrase("an object")
        case ListNode():
            return phrase("a list")
        case Scalar(kind="null"):
            return "null"
        case Scalar():
            return tree.text or ""
