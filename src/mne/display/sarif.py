"""Findings as SARIF 2.1.0, the format in which code hosts show remarks beside the lines that they are about.

Read `sarif` first. A text file's finding has its line; a workbook's has the name of its cell, since SARIF knows lines
alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from mne.display.markup import neutral
from mne.ground.catalogue import CODES, Severity
from mne.ground.findings import Finding, Findings, Place
from mne.ground.maps import FrozenMap

if TYPE_CHECKING:
    from mne.reports.report import ValidationReport

__all__ = ["LEVELS", "sarif", "uri_of"]

LEVELS: Final[FrozenMap[Severity, str]] = FrozenMap(
    {Severity.BLOCKER: "error", Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
)
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LINES: Final = frozenset({".csv", ".tsv", ".txt", ".jsonl", ".ndjson"})
"""Text tables: what is a row of them is a line of the file."""

_PARAMETER: Final = re.compile(r"\{\w+\}")
_FINGERPRINT: Final = "logframe/v1"


def sarif(obj: ValidationReport | Findings) -> str:
    """The findings, or a whole report, as a SARIF log with one run."""
    report = None if isinstance(obj, Findings) else obj
    found = obj if isinstance(obj, Findings) else obj.findings
    checked = () if report is None else [each.code for each in report.checked]
    rules = list(dict.fromkeys([*checked, *sorted(found.codes)]))
    driver = {
        "name": "logframe",
        "version": metadata.version("logframe"),
        "rules": [_rule(code, found) for code in rules],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "language": "en",
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": _results(found, {code: at for at, code in enumerate(rules)}),
    }
    if report is not None:
        run["artifacts"] = [
            _artifact(*each) for each in dict.fromkeys((one.name, one.sha256) for one in report.sources)
        ]
        run["properties"] = {
            "logframe": report.plan_id,
            "verdict": str(report.verdict),
            "rulesVersion": report.rules_version,
        }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _text(told: str) -> dict[str, str]:
    """A message in which nothing is taken for a parameter or for a link."""
    safe = neutral(told).replace("{", "{{").replace("}", "}}").replace("](", "\\](")
    return {"text": safe or "–"}


def _rule(code: str, found: Findings) -> dict[str, Any]:
    known = CODES.get(code)
    if known is None:  # a rule of the caller's own: what it says stands in its findings alone
        first = next((each for each in found if each.code == code), None)
        about = _text(first.message if first else code)
        level = LEVELS[first.level if first else Severity.ERROR]
        return {"id": code, "shortDescription": about, "defaultConfiguration": {"level": level}}
    example = f" For example: {known.example}" if known.example else ""
    return {
        "id": code,
        "shortDescription": _text(_PARAMETER.sub("…", known.message)),
        "help": _text(_PARAMETER.sub("…", f"{known.hint or known.message}{example}")),
        "defaultConfiguration": {"level": LEVELS[known.severity]},
        "properties": {"tags": [code.partition("-")[0]]},
    }


def _results(found: Iterable[Finding], rules: Mapping[str, int]) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    results = []
    for each in found:
        print_ = _fingerprint(each)
        seen[print_] += 1
        results.append(_result(each, rules[each.code], f"{print_}:{seen[print_]}"))
    return results


def _result(each: Finding, rule: int, fingerprint: str) -> dict[str, Any]:
    meant = f"Did you mean {each.suggestion}?" if each.suggestion else ""
    result: dict[str, Any] = {
        "ruleId": each.code,
        "ruleIndex": rule,
        "level": LEVELS[each.level],
        "message": _text(" ".join(part for part in (each.message, meant, each.hint) if part)),
        "locations": [_location(each.place)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": _properties(each),
    }
    if each.related:
        result["relatedLocations"] = [
            {"id": number, **_location(place), "message": _text(str(place))}
            for number, place in enumerate(each.related, start=1)
        ]
    return result


def _location(place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if place.file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": uri_of(place.file)}}
        region = _region(place)
        if region:
            physical["region"] = region
        location["physicalLocation"] = physical
    logical = _logical(place)
    if logical:
        location["logicalLocations"] = [logical]
    return location


def _region(place: Place) -> dict[str, int]:
    """The line, of a text file."""
    if place.line is not None and place.line > 0:
        column = {"startColumn": place.column} if place.column is not None and place.column > 0 else {}
        return {"startLine": place.line, **column}
    if place.row is not None and place.row > 0 and PurePath(place.file or "").suffix.lower() in _LINES:
        return {"startLine": place.row}
    return {}


def _logical(place: Place) -> dict[str, str]:
    """The name of what the finding is about: a cell as ``Report!F12``, an entry of a logframe, or the plan's terms."""
    spot = place.cell or (f"row {place.row}" if place.row is not None else "")
    if place.sheet:
        told, kind = f"{place.sheet}!{spot}" if spot else place.sheet, "cell" if place.cell else "sheet"
    elif place.cell:
        told, kind = place.cell, "cell"
    elif place.path:
        told, kind = place.path, "member"
    elif place.row is not None or place.line is not None:
        # A text table has no cells with names of their own: its line says where.
        return {"fullyQualifiedName": neutral(place.header), "kind": "column"} if place.header else {}
    else:
        parts = (place.indicator, place.period, place.partner, place.location, place.category)
        told, kind = " · ".join(part for part in parts if part), "indicator"
    return {"fullyQualifiedName": neutral(told), "kind": kind} if told else {}


def _properties(each: Finding) -> dict[str, Any]:
    told = each.to_dict()
    place = {name: neutral(value) if isinstance(value, str) else value for name, value in told["place"].items()}
    return {
        "severity": told["severity"],
        **{name: value for name in ("found", "expected") if (value := neutral(told[name]))},
        **({"suggestion": neutral(each.suggestion)} if each.suggestion else {}),
        "place": place,
    }


def _fingerprint(each: Finding) -> str:
    """The same for the same complaint when rows have moved."""
    place = each.place
    parts = (
        each.code, uri_of(place.file or ""), place.sheet, place.header, place.path, place.project, place.indicator,
        place.period, place.partner, place.location, place.category, each.found,
    )  # fmt: skip
    told = json.dumps([None if part is None else neutral(part) for part in parts])
    return hashlib.sha256(told.encode()).hexdigest()


def _artifact(name: str, sha256: str | None) -> dict[str, Any]:
    hashes = {"hashes": {"sha-256": sha256}} if sha256 else {}
    return {"location": {"uri": uri_of(name)}, **hashes}


def uri_of(name: str) -> str:
    """A file's name as a URI: relative to the folder that the command runs in where it lies beneath it."""
    path = PurePath(name)
    if path.is_absolute():
        here = Path.cwd()
        if not path.is_relative_to(here):
            return f"file://{'' if path.as_posix().startswith('/') else '/'}{_quoted(path.as_posix())}"
        path = path.relative_to(here)
    return _quoted(path.as_posix())


def _quoted(path: str) -> str:
    try:
        return quote(path, errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(path, errors="surrogatepass")
