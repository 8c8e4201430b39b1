"""Old and open workbooks: .xls and .ods, made with LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess

import openpyxl
import pytest

from mne.ground.guard import Guard
from mne.reports.grid import Flaw
from mne.reports.read import read
from mne.reports.readers.binary import read_binary, to_cells
from tests.fixtures import measures_plan
from tests.sheets import LAYOUTS, Seen
from tests.unit.test_layouts import book, cells, codes

OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed, and nothing else writes these files"
)
SEEN = [
    Seen(name, period, "ORG-A", "_T", "_T", at)
    for at, (name, period) in enumerate([("N", "2024-Q1"), ("N", "2024-Q2"), ("I", "2024-Q1")])
]


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    for name, make in LAYOUTS.items():
        (folder / f"{name}.xlsx").write_bytes(make(SEEN, "ru").to_xlsx())
    made = openpyxl.Workbook()
    for row in (
        ["indicator", "period_start", "period_end", "value", "comment"],
        ["N", "2024-01-01", "2024-03-31", 1.5, True],
        ["I", None, None, 2, None],
    ):
        made.active.append(row)
    import datetime as dt

    made.active["B3"], made.active["C3"] = dt.date(2024, 1, 1), dt.date(2024, 3, 31)
    made.create_sheet("Hidden").sheet_state = "hidden"
    for row in (["indicator", "period", "value"], ["N", "2024-Q2", 5]):
        made["Hidden"].append(row)
    made.save(folder / "typed.xlsx")
    sources = [str(each) for each in sorted(folder.glob("*.xlsx"))]
    for kind in ("ods", "xls"):
        subprocess.run(
            [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind, "--outdir", str(folder), *sources],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
    return folder


@needs_office
@pytest.mark.parametrize("kind", ["ods", "xls"])
@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "blocks"])
def test_every_layout(converted, layout, kind):
    expected = LAYOUTS[layout](SEEN, "ru").addresses
    found = read(converted / f"{layout}.{kind}", measures_plan())
    assert sorted((row[0], row[1], row[4], row[5]) for row in cells(found)) == sorted(
        (each.indicator, each.period, each.value, cell) for each, cell in expected.items()
    )
    assert "file-format-limited" in {code for code, _ in codes(found)}


@needs_office
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_types_days_and_hidden_sheets(converted, kind):
    found = read(converted / f"typed.{kind}", measures_plan(), partner="ORG-A")
    assert [(row[0], row[1], row[5]) for row in cells(found)] == [("N", "2024-Q1", "D2"), ("I", "2024-Q1", "D3")]
    assert found.frame["value"].to_list()[0] * 2 == 3
    assert "sheet-hidden" in {code for code, _ in codes(found)}


@needs_office
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_limits(converted, kind):
    data = (converted / f"typed.{kind}").read_bytes()
    for option in ("rows", "columns", "cells"):
        limits = {"rows": 10, "columns": 10, "cells": 100} | {option: 1}
        assert f'"limit-{option}"'.encode() in to_cells(data, **limits)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("q.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "xlsx-malformed"),
        ("q.ods", book([["a"]]), "file-type-mismatch"),
        ("q.xls", b"indicator,period\n", "file-type-mismatch"),
        ("q.ods", b"", "file-empty"),
    ],
)
def test_files_that_cannot_be_read(name, data, code):
    found = read((name, data), measures_plan())
    assert [each.code for each in found.findings] == [code]


@needs_office
def test_merged_cells_are_told_apart_from_blank_ones(converted):
    with Guard(trusted=True) as guard:
        loaded = read_binary((converted / "by_period_and_role.xls").read_bytes(), name="q.xls", guard=guard)
    (grid,) = loaded.grids
    assert grid.merged
    assert isinstance(grid.columns[0][1], Flaw)
