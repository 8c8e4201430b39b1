"""Findings as JUnit XML, which every build server shows: a suite for each file, a test case for each rule.

Read `junit` first. Blockers and errors fail their case; warnings and remarks stand in its output.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from mne.display.markup import neutral
from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Findings

if TYPE_CHECKING:
    from mne.reports.report import ValidationReport

__all__ = ["junit"]


@dataclass(frozen=True, slots=True)
class _Suite:
    name: str
    findings: Sequence[Finding]
    codes: Sequence[str] = ()
    """The rules that were checked, found wanting or not."""
    refused: bool = False
    properties: dict[str, str] = field(default_factory=dict)


def junit(obj: ValidationReport | Findings) -> str:
    """The findings, or a whole report, as a JUnit XML document."""
    if isinstance(obj, Findings):
        name, suites = "logframe", list(_by_file(obj, "logframe"))
    else:
        name, suites = obj.plan_id, list(_suites(obj))
    root = ET.Element("testsuites", {"name": neutral(name)})
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for suite in suites or [_Suite(name, ())]:
        made = _suite(suite)
        root.append(made)
        for key in totals:
            totals[key] += int(made.get(key, 0))
    root.attrib.update({key: str(count) for key, count in totals.items()})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _by_file(found: Iterable[Finding], elsewhere: str) -> Iterator[_Suite]:
    files: dict[str, list[Finding]] = {}
    for each in found:
        files.setdefault(each.place.file or elsewhere, []).append(each)
    yield from (_Suite(name, files[name]) for name in sorted(files))


def _suites(report: ValidationReport) -> Iterator[_Suite]:
    """A suite for every file that was read, and one for what stands in none of them."""
    codes = [each.code for each in report.checked]
    left = list(report.findings)
    for source in report.sources:
        mine = [each for each in left if each.place.file == source.name]
        left = [each for each in left if each.place.file != source.name]
        told = {"rows": str(source.rows), "read": str(source.read)}
        if source.sha256:
            told["sha256"] = source.sha256
        yield _Suite(source.name, mine, codes, source.refused, told)
    yield from _by_file(left, report.plan_id)


def _suite(suite: _Suite) -> ET.Element:
    by_code: dict[str, list[Finding]] = {code: [] for code in suite.codes}
    for each in suite.findings:
        by_code.setdefault(each.code, []).append(each)
    # A build server takes a suite without a case for one that was not run.
    cases = [_case(suite, code, found) for code, found in by_code.items()] or [_case(suite, "findings", [])]
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": 0,
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    made = ET.Element("testsuite", {"name": neutral(suite.name), **{key: str(count) for key, count in counts.items()}})
    if suite.properties:
        told = ET.SubElement(made, "properties")
        for key, value in suite.properties.items():
            ET.SubElement(told, "property", {"name": key, "value": neutral(value)})
    made.extend(cases)
    return made


def _case(suite: _Suite, code: str, found: Sequence[Finding]) -> ET.Element:
    case = ET.Element("testcase", {"classname": neutral(suite.name), "name": neutral(code), "time": "0"})
    grave = [each for each in found if each.level.rank <= Severity.ERROR.rank]
    rest = [each for each in found if each.level.rank > Severity.ERROR.rank]
    if grave:
        more = f" (and {len(grave) - 1} more)" if len(grave) > 1 else ""
        first = neutral(f"{grave[0].place}: {grave[0].message}")
        failure = ET.SubElement(case, "failure", {"message": f"{first}{more}", "type": str(grave[0].level)})
        failure.text = _lines(grave)
    elif not found and suite.refused:
        ET.SubElement(case, "skipped", {"message": "the file could not be read, so this was not checked"})
    if rest:
        ET.SubElement(case, "system-out").text = _lines(rest)
    return case


def _lines(found: Iterable[Finding]) -> str:
    return "\n".join(_line(each) for each in found)


def _line(each: Finding) -> str:
    meant = f" Did you mean {each.suggestion}?" if each.suggestion else ""
    return neutral(f"{each.place}: {each.level}: {each.message} {each.hint}".rstrip() + meant)
