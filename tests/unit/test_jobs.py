"""Files read in processes apart: the same report as one after the other, and a file that ends its process ends no other."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import tempfile
import threading
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pytest

import mne
from mne.ground.findings import Finding, Place
from mne.ground.guard import Guard
from mne.reports import jobs
from mne.reports.parcel import Done, packed, unpacked
from mne.reports.reading import SourceFile
from mne.reports.table import Given
from tests.builders import plan_of

PLAN = plan_of({"id": "I", "title": "People", "measure": "number", "unit": "person", "accumulation": "flow"})
HEADER = "Indicator,Period,Partner,Location,Value,Comment\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, value in enumerate(["5", "many", "2,012", "7"]):
        text = HEADER + f"I,2025-Q{number + 1},A,N,{value},\n\nI,2025-Q{number + 1},B,S,1,\n"
        (tmp_path / f"{number}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "4.json").write_text('[{"Indicator": "I", "Period": "2026-Q1", "Partner": "A", "Value": 3}]')
    (tmp_path / "5.xlsx").write_bytes(b"no workbook")
    (tmp_path / "6.csv").write_bytes(b"")
    pd.DataFrame({"Indicator": ["I"], "Period": ["2026-Q2"], "Partner": ["B"], "Value": [4]}).to_excel(
        tmp_path / "7.xlsx", index=False
    )
    return tmp_path


def same(one: mne.ValidationReport, other: mne.ValidationReport) -> None:
    assert one.findings == other.findings
    assert one.sources == other.sources
    assert one.counts == other.counts
    assert one.observations.to_polars().equals(other.observations.to_polars())
    assert one.held == other.held
    assert one == other


@pytest.mark.parametrize("many", [2, 5])
def test_the_report_is_the_same(folder: Path, many: int) -> None:
    same(mne.validate(folder, PLAN), mne.validate(folder, PLAN, jobs=many))


def test_what_the_caller_says_of_every_row_reaches_the_files(folder: Path) -> None:
    told: dict[str, Any] = {"partner": "A", "period": "2025-Q1", "default_status": "draft"}
    same(mne.validate(folder, PLAN, **told), mne.validate(folder, PLAN, jobs=2, **told))


def test_frames_among_files_keep_their_place(folder: Path) -> None:
    frame = pd.DataFrame({"Indicator": ["I"], "Period": ["2026-Q3"], "Partner": ["A"], "Value": [9]})
    sources = [folder / "3.csv", frame, folder / "0.csv", folder / "0.csv"]
    seen: dict[int, list[tuple[int, int, str]]] = {1: [], 2: []}
    reports = [
        mne.validate(sources, PLAN, jobs=many, progress=lambda *told, many=many: seen[many].append(told))
        for many in seen
    ]
    same(*reports)
    assert seen[1] == seen[2]
    assert [done for done, _, _ in seen[2]] == [1, 2, 3, 4]


def test_trusted_files_go_the_same_way(folder: Path) -> None:
    same(mne.validate(folder, PLAN, trusted=True), mne.validate(folder, PLAN, trusted=True, jobs=2))


@pytest.mark.parametrize("many", [0, -1, 1.5, True, "2", None])
def test_jobs_that_are_no_number_are_refused(folder: Path, many: Any) -> None:
    with pytest.raises(mne.OptionError, match="jobs must be a whole number from 1 on"):
        mne.validate(folder, PLAN, jobs=many)


def test_a_file_that_takes_too_much_is_refused_and_the_others_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = HEADER + "".join(f"I,2025-Q1,A,N,{number},{'x' * 50}\n" for number in range(400_000))
    (folder / "1.csv").write_text(large)
    monkeypatch.setattr(jobs, "_MEMORY", 160 << 20)
    report = mne.validate(folder, PLAN, jobs=2)
    refused = [Path(each.name).name for each in report.sources if each.refused]
    assert refused == ["1.csv", "5.xlsx", "6.csv"]
    (told,) = [each for each in report.findings if each.place.file == str(folder / "1.csv")]
    assert told.code == "limit-memory"
    assert report.counts.accepted >= 6


def test_a_parcel_comes_back_as_it_was() -> None:
    place = Place(file="a.xlsx", sheet="S", cell="B2", row=2)
    params = {
        "count": 3,
        "due": dt.date(2025, 1, 2),
        "share": Fraction(1, 3),
        "limit": Decimal("1.50"),
        "what": "x",
        "no": None,
    }
    finding = Finding(
        code="number-invalid", place=place, found="many", expected="a number", params=params, related=(place,)
    )
    done = Done(SourceFile("a.xlsx", "xlsx", "ab", rows=3, read=2, ignored=1), (), (finding,))
    back = unpacked(packed(done))
    assert back == done
    assert {key: type(value) for key, value in back.findings[0].params.items()} == {
        key: type(value) for key, value in params.items()
    }


def test_a_column_filled_downwards_costs_no_more_than_its_rows() -> None:
    rows = 3_000
    frame = pd.DataFrame({"Indicator": "I", "Period": "2025-Q1", "Partner": "A", "Value": range(rows)})
    found = mne.validate(frame, PLAN).findings.of("key-conflict")
    assert len(found) == rows
    assert max(len(each.related) for each in found) <= 3
    named = " and ".join(f"{at} (row {at + 1})" for at in range(6))
    assert found[0].expected == f"one figure for I in 2025-Q1, not {named} and 2994 more"
    few = mne.validate(frame.head(3), PLAN).findings.of("key-conflict")
    assert [len(each.related) for each in few] == [2, 2, 2]
    assert few[0].expected == "one figure for I in 2025-Q1, not 0 (row 1) and 1 (row 2) and 2 (row 3)"


def test_how_far_a_large_file_is_is_told_while_it_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Report"
    sheet.append(["Indicator", "Period", "Partner", "Value", "Comment"])
    for number in range(6_000):
        sheet.append(["I", "2026-Q3", "A", number, f"{number} " * 40])
    book.save(tmp_path / "large.xlsx")
    seen: list[tuple[int, int, str]] = []
    mne.validate(tmp_path / "large.xlsx", PLAN, progress=lambda *told: seen.append(told))
    read = [label for done, total, label in seen if (done, total) == (0, 1)]
    assert read[0].startswith("large.xlsx · Report ")
    assert read[-1] == "large.xlsx · Report 100%"
    assert seen[len(read)][:2] == (1, 1)
    assert "value-outlier" in [label for _, _, label in seen[len(read) :]]


def children() -> set[int]:
    """Our processes that live, where the system shows them."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                found.add(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are told by /proc")
def test_who_ends_the_work_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of Parquet runs in a process apart; what the callback raises ends that too."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    for number in range(3):
        frame = pl.DataFrame({"Indicator": ["I"], "Period": ["2026-Q3"], "Partner": ["A"], "Value": [number]})
        frame.write_parquet(tmp_path / f"{number}.parquet")
    before = children()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for many in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            mne.validate([tmp_path / f"{number}.parquet" for number in range(3)], PLAN, progress=stop, jobs=many)
        deadline = time.monotonic() + 10
        while children() - before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert children() <= before
        assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are told by /proc")
def test_a_process_that_is_only_about_to_start_is_not_left_either(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, before = Guard._ask, children()
    reached = threading.Event()

    def late(guard: Guard, *told: Any) -> Any:
        reached.set()
        time.sleep(0.5)
        return begin(guard, *told)

    monkeypatch.setattr(Guard, "_ask", late)
    workers = jobs.Workers(PLAN, Given(), jobs=1, trusted=False)
    workers.start(str(folder / "0.csv"))
    assert reached.wait(20)
    workers.__exit__(KeyboardInterrupt, None, None)
    workers._threads.shutdown()
    assert children() <= before
