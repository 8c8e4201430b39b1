"""What validation hands to programs: JSON by its schema, JSON Lines, JUnit XML and SARIF."""

from __future__ import annotations

import json
import os
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mne
from mne import _render
from mne.display.sarif import LEVELS, uri_of
from mne.ground.catalogue import CODES, Severity
from mne.ground.findings import Finding, Findings, Place
from tests.golden import card as small

ROOT = Path(__file__).parents[2]
SCHEMA = mne.report_schema()


@pytest.fixture(scope="module")
def report() -> mne.ValidationReport:
    return mne.validate(ROOT / "examples" / "reports", mne.example("tajikistan"))


# --- JSON -------------------------------------------------------------------------------------------------------


def _parts(schema: Any) -> Any:
    if isinstance(schema, dict):
        yield schema
        for each in schema.values():
            yield from _parts(each)
    if isinstance(schema, list):
        for each in schema:
            yield from _parts(each)


def test_the_schema_is_one_and_describes_every_entry() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:logframe:schema:report:1"
    named = [entry for part in _parts(SCHEMA) for entry in part.get("properties", {}).values()]
    assert len(named) > 50
    assert all(entry.get("description") or "$ref" in entry for entry in named)
    assert set(SCHEMA["$defs"]["place"]["properties"]) == {field.name for field in fields(Place)}


def test_reports_are_as_the_schema_says(report: mne.ValidationReport) -> None:
    check = jsonschema.Draft202012Validator(SCHEMA)
    refused = mne.validate(("x.xlsx", b"PK\x03\x04"), mne.example("tajikistan"))
    frame = mne.validate(report.observations, mne.example("tajikistan"))
    some = mne.validate(ROOT / "examples" / "reports", mne.example("tajikistan"), ignore=["number", "row"])
    for each in (report, refused, frame, some, small.report()):
        assert list(check.iter_errors(json.loads(each.to_json()))) == []


@pytest.mark.parametrize("entry", sorted(SCHEMA["properties"]))
def test_the_schema_misses_what_is_left_out(entry: str, report: mne.ValidationReport) -> None:
    told = json.loads(report.to_json())
    check = jsonschema.Draft202012Validator(SCHEMA)
    assert not check.is_valid({key: value for key, value in told.items() if key != entry})
    assert not check.is_valid(told | {"more": 1})


def test_json_lines_have_one_finding_each(report: mne.ValidationReport, tmp_path: Path) -> None:
    report.save(tmp_path / "x.jsonl")
    lines = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == report.findings.to_dicts()
    finding = {"$defs": SCHEMA["$defs"], "$ref": "#/$defs/finding"}
    check = jsonschema.Draft202012Validator(finding)
    assert all(check.is_valid(json.loads(line)) for line in lines)
    assert _render.rendered(Findings(), "jsonl") == ""


# --- JUnit ------------------------------------------------------------------------------------------------------


def _sound_junit(text: str) -> ET.Element:
    """What every reader of JUnit XML relies on."""
    root = ET.fromstring(text.encode())  # noqa: S314 - our own text
    assert root.tag == "testsuites"
    sums = dict.fromkeys(("tests", "failures", "errors"), 0)
    for suite in root:
        assert suite.tag == "testsuite"
        assert [each.tag for each in suite][:1] in (["properties"], ["testcase"])
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases) > 0
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))
        assert len({case.attrib["name"] for case in cases}) == len(cases)
        for case in cases:
            assert case.attrib["classname"] == suite.attrib["name"]
            tags = [each.tag for each in case]
            assert tags in (
                [],
                ["failure"],
                ["system-out"],
                ["failure", "system-out"],
                ["skipped"],
                ["skipped", "system-out"],
            )
        for key in sums:
            sums[key] += int(suite.attrib[key])
    assert sums == {key: int(root.attrib[key]) for key in sums}
    return root


def test_junit_has_a_case_for_each_rule_and_file(report: mne.ValidationReport) -> None:
    root = _sound_junit(report.to_junit())
    suites = {suite.attrib["name"]: suite for suite in root}
    assert {each.name for each in report.sources} <= set(suites)
    checked = {each.code for each in report.checked}
    for each in report.sources:
        suite = suites[each.name]
        assert checked <= {case.attrib["name"] for case in suite.findall("testcase")}
        assert suite.find(f"properties/property[@value='{each.sha256}']") is not None
    bad = next(suite for name, suite in suites.items() if "with errors" in name)
    case = bad.find("testcase[@name='number-ambiguous']")
    told = case.find("failure")
    assert told.attrib["type"] == "error"
    assert "Report!I17" in told.attrib["message"]
    assert "Write it without a mark for thousands" in told.text
    assert bad.find("testcase[@name='cumulative-decrease']/failure") is None
    assert "falls to 1" in bad.findtext("testcase[@name='cumulative-decrease']/system-out")
    both = bad.find("testcase[@name='key-conflict']/failure")
    assert both.attrib["message"].endswith("(and 1 more)")
    assert len(both.text.splitlines()) == 2
    grave = report.findings.at_least("error")
    assert int(root.attrib["failures"]) == len({(each.place.file, each.code) for each in grave})


def test_junit_of_a_refused_file_skips_what_was_not_checked() -> None:
    root = _sound_junit(mne.validate(("x.xlsx", b"PK\x03\x04"), mne.example("tajikistan")).to_junit())
    suite = root[0]
    assert int(suite.attrib["failures"]) >= 1
    assert int(suite.attrib["skipped"]) > 10


def test_junit_of_findings_and_of_none() -> None:
    assert _sound_junit(str(_render.rendered(Findings(), "junit"))).attrib["tests"] == "1"
    one = Findings([Finding(code="file-empty", place=Place(file="a.csv")), Finding(code="report-missing")])
    assert [suite.attrib["name"] for suite in _sound_junit(str(_render.rendered(one, "junit")))] == [
        "a.csv",
        "logframe",
    ]


# --- SARIF ------------------------------------------------------------------------------------------------------

_URI = re.compile(r"[A-Za-z0-9._~/()!$&'*+,;=@%:-]*")


def _sound_sarif(text: str) -> dict[str, Any]:
    """The requirements of SARIF 2.1.0 on the objects that we write."""
    log = json.loads(text)
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert set(run) <= {"tool", "language", "columnKind", "invocations", "results", "artifacts", "properties"}
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert set(driver) == {"name", "version", "rules"}
    assert driver["version"] == mne.__version__
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) <= {"id", "shortDescription", "help", "defaultConfiguration", "properties"}
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        _sound_message(rule["shortDescription"])
        _sound_message(rule.get("help", {"text": "x"}))
    prints = [result["partialFingerprints"]["logframe/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        _sound_message(result["message"])
        assert len(result["locations"]) == 1
        related = result.get("relatedLocations", [])
        assert len({each["id"] for each in related}) == len(related)
        for each in (*result["locations"], *related):
            _sound_location(each)
    for artifact in run.get("artifacts", []):
        _sound_uri(artifact["location"]["uri"])
    assert len({json.dumps(each) for each in run.get("artifacts", [])}) == len(run.get("artifacts", []))
    return run


def _sound_message(message: dict[str, str]) -> None:
    assert set(message) == {"text"}
    assert message["text"]
    left = message["text"].replace("{{", "").replace("}}", "")
    assert "{" not in left  # a lone brace begins a parameter
    assert "}" not in left
    assert not re.search(r"(?<!\\)\]\(", left)  # a link


def _sound_location(location: dict[str, Any]) -> None:
    assert set(location) <= {"id", "message", "physicalLocation", "logicalLocations"}
    physical = location.get("physicalLocation")
    if physical is not None:
        _sound_uri(physical["artifactLocation"]["uri"])
        region = physical.get("region", {"startLine": 1})
        assert set(region) <= {"startLine", "startColumn"}
        assert min(region.values()) >= 1
    for each in location.get("logicalLocations", []):
        assert each["fullyQualifiedName"]
        assert set(each) == {"fullyQualifiedName", "kind"}


def _sound_uri(uri: str) -> None:
    assert _URI.fullmatch(uri)
    assert re.fullmatch(r"(?:[^%]|%[0-9A-F]{2})*", uri)
    assert uri.startswith("file:///") or ":" not in uri.split("/", maxsplit=1)[0]


def test_sarif_names_cells_lines_and_the_files(report: mne.ValidationReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    run = _sound_sarif(report.to_sarif())
    assert len(run["results"]) == len(report.findings)
    assert run["properties"]["verdict"] == "send back"
    assert [each["hashes"]["sha-256"] for each in run["artifacts"]] == [each.sha256 for each in report.sources]
    ambiguous = next(each for each in run["results"] if each["ruleId"] == "number-ambiguous")
    place = ambiguous["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "examples/reports/2026-Q2%20P-EAST%20%28with%20errors%29.xlsx"}
    }
    assert place["logicalLocations"] == [{"fullyQualifiedName": "Report!I17", "kind": "cell"}]
    assert ambiguous["level"] == "error"
    confused = next(each for each in run["results"] if each["ruleId"] == "code-confusable")
    assert "Did you mean OC2.1?" in confused["message"]["text"]


def test_sarif_has_the_line_of_a_text_file() -> None:
    sent = b'Indicator,Period,Location,Value\nOP1.1.3,2026-Q2,DUSHANBE,"2,012"\n'
    report = mne.validate(("april.csv", sent), mne.example("tajikistan"), partner="P-CENTRE")
    run = _sound_sarif(report.to_sarif())
    found = next(each for each in run["results"] if each["ruleId"] == "number-ambiguous")
    assert found["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "april.csv"}, "region": {"startLine": 2},
    }  # fmt: skip


def test_sarif_of_a_logframe_has_line_and_column(tmp_path: Path) -> None:
    plan = tmp_path / "план 1.yaml"
    plan.write_text("format: 1\nid: X\ntitle: [\n", encoding="utf-8")
    run = _sound_sarif(str(_render.rendered(mne.check_logframe(plan), "sarif")))
    physical = run["results"][0]["locations"][0]["physicalLocation"]
    assert unquote(physical["artifactLocation"]["uri"]) == f"file://{plan}"
    assert set(physical["region"]) == {"startLine", "startColumn"}


@pytest.mark.parametrize("severity", Severity)
def test_sarif_levels(severity: Severity) -> None:
    found = Findings([Finding(code="number-ambiguous", severity=severity)])
    run = _sound_sarif(str(_render.rendered(found, "sarif")))
    assert run["results"][0]["level"] == LEVELS[severity]
    assert run["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] == "error"


def test_sarif_describes_every_code() -> None:
    run = _sound_sarif(str(_render.rendered(Findings(Finding(code=code) for code in CODES), "sarif")))
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == set(CODES)
    assert all("help" in rule for rule in run["tool"]["driver"]["rules"])


def test_fingerprints_do_not_move_with_the_rows() -> None:
    def prints(row: int) -> list[str]:
        place = Place(file="a.csv", row=row, header="Value", indicator="OC1.1")
        found = Findings([Finding(code="number-invalid", place=place, found="x")] * 2)
        run = _sound_sarif(str(_render.rendered(found, "sarif")))
        return [each["partialFingerprints"]["logframe/v1"] for each in run["results"]]

    assert prints(3) == prints(30)


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a/b c.csv", "a/b%20c.csv"),
        ("C:x.csv", "C%3Ax.csv"),
        ("отчёт.csv", "%D0%BE%D1%82%D1%87%D1%91%D1%82.csv"),
        ("/a/b#c?.csv", "file:///a/b%23c%3F.csv"),
        ("a\udcff.csv", "a%FF.csv"),
        ("a\ud800.csv", "a%ED%A0%80.csv"),
    ],
)
def test_uris(name: str, uri: str) -> None:
    assert uri_of(name) == uri


@pytest.mark.parametrize("name", ["a\udcff.csv", "a\x00b.csv", "a\udcff.doc"])
def test_a_name_in_another_encoding_is_written_all_the_same(name: str, tmp_path: Path) -> None:
    sent = "Indicator,Period,Value\nX,2026-Q1,А\n".encode()
    report = mne.validate((name, sent), mne.example("tajikistan"))
    for ending in ("json", "jsonl", "xml", "sarif", "html", "md", "txt", "csv"):
        report.save(tmp_path / f"x.{ending}")
    assert str(report.to_email()).encode()


def test_a_file_on_disk_in_another_encoding(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(bytes(tmp_path) + b"/\xee\xf2\xf7\xb8\xf2.csv")).write_text(
            "Indicator,Period,Value\nX,2026-Q1,1\n", encoding="utf-8"
        )
        Path(os.fsdecode(bytes(tmp_path) + b"/\xee\xf2\xf7\xb8\xf2.doc")).write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 alone")
    report = mne.validate(tmp_path, mne.example("tajikistan"))
    assert "value" in report.to_json().casefold()
    assert report.to_json().encode()
    assert [source.refused for source in report.sources] == [False]


# --- whatever a partner wrote -----------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """A hint is a template, in which braces mean something."""
    return text.replace("{", "").replace("}", "")


_ANY = st.text(st.characters(codec=None), max_size=20)


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            Finding,
            code=st.sampled_from(["number-ambiguous", "file-empty", "value-negative", "mine"]),
            place=st.builds(
                Place,
                file=st.none() | _ANY,
                sheet=st.none() | _ANY,
                cell=st.none() | _ANY,
                header=st.none() | _ANY,
                row=st.none() | st.integers(0, 9),
                line=st.none() | st.integers(0, 9),
            ),
            found=_ANY,
            expected=_ANY,
            suggestion=st.none() | _ANY,
            severity=st.sampled_from(Severity),
            params=st.fixed_dictionaries(
                {"message": st.just("odd: {reason}"), "reason": _ANY, "hint": _ANY.map(_plain)}
            ),
            related=st.lists(st.builds(Place, file=st.none() | _ANY, cell=st.none() | _ANY), max_size=2).map(tuple),
        ),
        max_size=4,
    )
)
def test_nothing_that_is_written_breaks_a_format(found: list[Finding]) -> None:
    told = Findings(found)
    whole = replace(small.report(), findings=told)
    for each in (told, whole):
        _sound_junit(str(_render.rendered(each, "junit")))
        _sound_sarif(str(_render.rendered(each, "sarif")))
    assert str(_render.rendered(told, "sarif")).encode()
