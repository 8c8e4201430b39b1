"""The collection of hostile and awkward files, and further ones of its classes: every one is handled as it should be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mne
from mne.ground.catalogue import CODES
from tests.corpus.codes import ACCEPTED
from tests.corpus.further import FILES, write
from tests.corpus.judging import judged
from tests.corpus.logframes import rewritten
from tests.corpus.meeting import plan
from tests.corpus.running import run, table

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the files are met in copies of a process")


def test_every_file_of_the_collection_is_handled(shared):
    results = run(shared / "corpus")
    assert len(results) > 200
    assert table(results).splitlines()[-1].split()[1] == str(len(results))
    assert [str(each) for each in results if each.outcome != "handled"] == []


def test_handling_generalises_to_other_files_of_the_same_classes(tmp_path):
    assert len(FILES) >= 40
    write(tmp_path)
    results = run(tmp_path)
    assert [str(each) for each in results if each.outcome != "handled"] == []


def test_the_command_says_what_was_not_handled(tmp_path):
    chosen = FILES[0]
    (tmp_path / "csv").mkdir()
    (tmp_path / chosen.path).write_bytes(b"indicator,period,value\nOC1.1,2024,5\n")
    (tmp_path / "manifest.json").write_text(f"[{json.dumps(chosen.entry)}]")
    done = subprocess.run(
        [sys.executable, "-m", "tests.corpus", str(tmp_path)], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "csv/utf32.csv" in done.stdout.splitlines()[0]
    none = subprocess.run(
        [sys.executable, "-m", "tests.corpus"], capture_output=True, check=False, cwd=Path(__file__).parents[2]
    )
    assert none.returncode == 2


def test_every_accepted_code_is_one_of_ours():
    assert {code for codes in ACCEPTED.values() for code in codes} <= set(CODES)


# ------------------------------------------------------------------------------------------- the judge is a strict one


def told(**over):
    answer = {"ended": "answered", "findings": [], "accepted": [2, 3, 4], "facts": [["a"], ["b"], ["c"]], "held": [], "ignored": 0,
              "refused": False, "text": "", "rows": [2, 3, 4], "seconds": 0.1}  # fmt: skip
    return {**answer, **over}


def finding(code, severity, **place):
    return {"code": code, "severity": severity, "place": place, "found": "", "message": "", "hint": "", "related": []}


def entry(keep, *, expect="value-missing", where="row 2 col value", severity="error"):
    return {
        "path": "csv/x.csv",
        "kind": "csv",
        "defect": "",
        "expect": expect,
        "severity": severity,
        "keep": keep,
        "where": where,
    }


@pytest.mark.parametrize(
    ("keep", "answer", "outcome"),
    [
        ("accept", told(), "handled"),
        ("accept", told(findings=[finding("row-blank", "warning")]), "wrong"),
        ("reject-row", told(), "silent"),
        ("reject-row", told(accepted=[2, 4], held=[[3, ["value-missing"]]], findings=[finding("value-missing", "error", row=3, header="value")]), "handled"),
        ("reject-row", told(accepted=[2, 4], held=[[3, ["value-missing"]]], findings=[finding("value-missing", "error", row=3, header="unit")]), "wrong"),
        ("reject-row", told(accepted=[2], held=[[3, []], [4, []]], findings=[finding("value-missing", "error", row=3, header="value")]), "wrong"),
        ("reject-row", told(accepted=[2], held=[[3, []]], findings=[finding("value-missing", "error", row=3, header="value")]), "wrong"),
        ("reject-file", told(findings=[finding("value-missing", "blocker", row=3)]), "wrong"),
        ("reject-file", told(accepted=[], facts=[], findings=[finding("value-missing", "error", row=3)]), "wrong"),
        ("reject-file", told(accepted=[], facts=[], refused=True, findings=[finding("value-missing", "blocker", row=3, header="value")]), "handled"),
        ("accept-warn", told(findings=[finding("value-missing", "warning", row=3, header="value")]), "handled"),
        ("accept-warn", told(accepted=[2, 4], held=[[3, ["x"]]], findings=[finding("value-missing", "warning", row=3, header="value")]), "wrong"),
        ("accept-warn", {"ended": "hung", "reason": "after 10 s", "seconds": 10}, "hung"),
    ],
)  # fmt: skip
def test_the_judge(keep, answer, outcome):
    asked = entry(keep, expect=None, where="file") if keep == "accept" else entry(keep)
    assert judged(asked, answer)[0] == outcome


def test_logframes_keep_their_defects_under_our_keys():
    text = 'project: {code: P1, title: "a, b", start: 2024-01-01, end: 2026-12-31}\noutcomes:\n  - code: OC1\n    title: x\n    indicators:\n      - {code: NO, title: y, unit: person, target: 5, target: 6}\n'
    made = rewritten(text)
    assert made.text.count("targets:") == 2
    assert 'title: "a, b"' in made.text
    assert made.lines[1] == {1, 2, 3, 4}
    assert "id: NO" in made.text


# ---------------------------------------------------------------------------------------- published files of real life


@pytest.mark.parametrize(("year", "rows"), [(2016, 4979), (2022, 2036), (2023, 2385)])
def test_flat_exports_of_iati_results_are_refused_by_name(shared, year, rows):
    report = mne.validate(shared / "data" / "unhcr" / f"{year}.xlsx", plan())
    assert [(each.code, str(each.level), each.place.row) for each in report.findings] == [
        ("iati-flat-table", "blocker", 1)
    ]
    assert (report.counts.rows, report.counts.accepted) == (rows, 0)


def test_a_portal_s_download_is_another_projects_report(shared):
    report = mne.validate(shared / "data" / "iati" / "dportal_activities.xml", plan())
    assert [each.code for each in report.findings] == ["file-other-logframe"]
    assert (report.counts.rows, report.counts.accepted) == (34, 0)


def test_one_activity_of_a_portal_s_download_is_read(shared):
    own = mne.Logframe.model_validate(
        {
            "id": "46002-P-GN-IBE-002", "title": "One of its activities", "start": "2010-01-01", "end": "2030-12-31",
            "calendar": {"frequency": "annual"},
            "results": [{"id": "R", "level": "output", "title": "R", "indicators": [
                {"id": "I", "title": "Number of farmers", "measure": "number", "accumulation": "level"}]}],
        }
    )  # fmt: skip
    report = mne.validate(shared / "data" / "iati" / "dportal_activities.xml", own)
    assert report.counts.accepted + report.counts.held == 14
    assert report.findings.of("ref-unknown-indicator")
    assert [each.found for each in report.findings.of("iati-other-activities")] == ["99"]
