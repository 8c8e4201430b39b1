"""The example reports: what the script writes, marked as made up, with the events that they are there to show."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
import yaml

import mne
from mne.ground.catalogue import Severity
from mne.tables.reasons import Reason

PARTNERS = {"P-CENTRE", "P-SUGHD", "P-KHATLON", "P-EAST"}
QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")
ENDS = {
    "2025-Q1": dt.date(2025, 3, 31),
    "2025-Q2": dt.date(2025, 6, 30),
    "2025-Q3": dt.date(2025, 9, 30),
    "2025-Q4": dt.date(2025, 12, 31),
    "2026-Q1": dt.date(2026, 3, 31),
    "2026-Q2": dt.date(2026, 6, 30),
}
COLUMNS = (
    "project", "indicator", "period", "partner", "location", "sex", "age", "vulnerability", "value", "numerator",
    "denominator", "unit", "state", "text", "comment", "revision", "reported_on", "illustrative",
)  # fmt: skip


@pytest.fixture(scope="module")
def script(root: Path) -> ModuleType:
    sys.path.insert(0, str(root / "examples"))
    try:
        return importlib.import_module("build_reports")
    finally:
        sys.path.remove(str(root / "examples"))


@pytest.fixture(scope="module")
def planted(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "examples" / "planted_errors.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def reports(root: Path) -> dict[str, list[dict[str, Any]]]:
    """Every report's rows by the file's name, under the names of `COLUMNS`, whatever its language."""
    read: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((root / "examples" / "reports").iterdir()):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as held:
                table = [[cell or None for cell in row] for row in csv.reader(held)]
        else:
            table = [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]
            table = table[next(at for at, row in enumerate(table) if row[-1]) :]
        read[path.name] = [dict(zip(COLUMNS, row, strict=True)) for row in table[1:]]
    return read


def test_the_reports_are_what_the_script_writes(root: Path, script: ModuleType) -> None:
    made = script.contents()
    for name, held in made.items():
        assert (root / "examples" / name).read_bytes() == held, name
    there = {f"reports/{path.name}" for path in (root / "examples" / "reports").iterdir()}
    assert there == {name for name in made if name.startswith("reports/")}


def test_a_second_run_writes_the_same_bytes_and_removes_what_is_stale(script: ModuleType, tmp_path: Path) -> None:
    first = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in script.build(tmp_path)}
    (tmp_path / "reports" / "2024-Q4 P-OLD.csv").write_text("Project\n", "utf-8")
    again = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in script.build(tmp_path)}
    assert first == again
    assert not (tmp_path / "reports" / "2024-Q4 P-OLD.csv").exists()


def test_every_row_and_every_workbook_says_that_it_is_illustrative(root: Path, reports: dict[str, Any]) -> None:
    assert {row["illustrative"] for rows in reports.values() for row in rows} == {"yes", "oui", "да", "ҳа"}
    marks = ("ILLUSTRATIVE", "ILLUSTRATIF", "ИЛЛЮСТРАТИВНЫЙ", "НАМУНАИ НАМОИШӢ")
    for path in (root / "examples" / "reports").glob("*.xlsx"):
        title = openpyxl.load_workbook(path).active["A1"].value
        assert any(mark in title for mark in marks), path.name


def test_four_partners_report_over_six_quarters_and_one_is_silent_once(reports: dict[str, Any]) -> None:
    sent = {(name.split()[0], name.split()[1].removesuffix(".csv").removesuffix(".xlsx")) for name in reports}
    assert {(quarter, partner) for quarter in QUARTERS for partner in PARTNERS} - sent == {("2025-Q4", "P-KHATLON")}
    assert {partner for _, partner in sent} == PARTNERS


def test_there_are_revisions_a_withdrawal_and_late_reports(reports: dict[str, Any]) -> None:
    later = [row for rows in reports.values() for row in rows if str(row["revision"]) == "1"]
    assert {row["partner"] for row in later} == {"P-CENTRE", "P-SUGHD", "P-KHATLON"}
    assert [row["indicator"] for row in later if row["state"]] == ["OC1.2"]
    late = set()
    for name, rows in reports.items():
        quarter = name.split()[0]
        for row in rows:
            day = row["reported_on"]
            arrived = day.date() if isinstance(day, dt.datetime) else dt.date.fromisoformat(day)
            if str(row["revision"]) == "0" and arrived > ENDS[quarter] + dt.timedelta(days=30):
                late.add((row["partner"], quarter))
    assert late == {("P-SUGHD", "2025-Q3"), ("P-EAST", "2026-Q1")}


def test_there_are_other_units_and_a_true_zero(reports: dict[str, Any]) -> None:
    rows = [row for each in reports.values() for row in each]
    assert {row["unit"] for row in rows} >= {"kg", "tonne", "TJS", "тыс. сомони", "USD"}
    assert any(row["indicator"] == "OC1.1" and row["value"] == 0 for row in rows)


def test_twenty_errors_of_different_kinds_are_planted(planted: dict[str, Any], root: Path) -> None:
    errors = planted["errors"]
    assert len(errors) == 20
    assert len({error["code"] for error in errors}) == 20
    assert len({error["cell"] for error in errors}) == 20
    book = openpyxl.load_workbook(root / "examples" / planted["file"])
    assert book.sheetnames == [planted["sheet"]]
    for error in errors:
        assert book[planted["sheet"]][error["cell"]].value is not None
        assert error["why"]


def test_bangladesh_actuals_are_the_published_ones(root: Path, shared: Path) -> None:
    with (root / "examples" / "reports-bangladesh" / "actuals.csv").open(encoding="utf-8", newline="") as held:
        rows = list(csv.DictReader(held))
    third = [row for row in rows if row["Period"] == "YR3"]
    cases = json.loads((shared / "oracles" / "real_frameworks.json").read_text("utf-8"))["cases"]
    published = [case["actual_raw"] for case in cases if "C003" <= case["id"] <= "C019"]
    assert [row["Value"] for row in third] == published
    assert all((row["State"] == "missing") == (row["Value"] == "") for row in rows)
    assert [row["Value"] for row in rows if row["Indicator"] == "IRI-12"] == ["Done", "In progress", "0"]
    assert [row["Indicator"] for row in rows if row["Period"] == "YR4"] == ["IRI-3"]


@pytest.fixture(scope="module")
def report(root: Path) -> mne.ValidationReport:
    return mne.validate(root / "examples" / "reports", mne.example("tajikistan"), trusted=True)


def test_every_planted_error_is_named_at_its_cell(report: mne.ValidationReport, planted: dict[str, Any]) -> None:
    name = Path(planted["file"]).name
    found = {(f.place.cell, f.code) for f in report.findings if f.place.file and f.place.file.endswith(name)}
    assert {(error["cell"], error["code"]) for error in planted["errors"]} - found == set()


def test_nothing_else_in_the_reports_is_wrong(report: mne.ValidationReport, planted: dict[str, Any]) -> None:
    name = Path(planted["file"]).name
    grave = [f for f in report.findings if f.level in (Severity.BLOCKER, Severity.ERROR, Severity.WARNING)]
    assert [str(f) for f in grave if not (f.place.file and f.place.file.endswith(name))] == []
    # Both rows that contradict each other are named; the list of planted errors has the second one.
    conflicting = {f.place.cell for f in grave if f.code == "key-conflict"}
    others = {f.place.cell for f in grave} - {error["cell"] for error in planted["errors"]}
    assert len(conflicting) == 2
    assert others == conflicting - {error["cell"] for error in planted["errors"]}


def test_the_two_outcomes_come_out_differently(report: mne.ValidationReport) -> None:
    plan = mne.example("tajikistan")
    values = mne.aggregate(report.observations, plan, until="2026-06-30")
    card = mne.score(values, scheme="fcdo-annual-review")
    # Outputs are graded B and B (75 points each) under outcome 1, A+ (125) and A (100) under outcome 2.
    assert {id: card[id].rating for id in ("OP1.1", "OP1.2", "OP2.1", "OP2.2")} == {
        "OP1.1": "B",
        "OP1.2": "B",
        "OP2.1": "A+",
        "OP2.2": "A",
    }
    assert (card["OC1"].score, card["OC1"].rating) == (75, "B")  # 0.6 × 75 + 0.4 × 75
    assert (card["OC2"].score, card["OC2"].rating) == (115, "A+")  # 0.6 × 125 + 0.4 × 100
    assert card["GOAL"].score == 91  # 0.6 × 75 + 0.4 × 115
    assert card["OC2.2"].scored.reason == Reason.NO_BASELINE
    assert str(values["OP2.2.1"].coverage) == "3 of 4 (1 carried forward)"


def test_bangladesh_actuals_are_read_with_their_oddities_named(root: Path) -> None:
    report = mne.validate(root / "examples" / "reports-bangladesh", mne.example("bangladesh"), trusted=True)
    grave = [(f.place.row, f.code) for f in report.findings if f.level is Severity.ERROR]
    # "Done", "In progress" and "0" where a stage of the accreditation programme belongs, as published.
    assert sorted(grave) == [(48, "ref-unknown-stage"), (49, "ref-unknown-stage"), (50, "ref-unknown-stage")]
    assert len(report.observations) == 49
