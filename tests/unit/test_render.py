"""The one door: what can be saved under which ending, and what the files hold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mne import _render
from mne.errors import OptionError, WriteError
from mne.logframe.files import read_logframe
from tests.golden import card as small

MAKE: dict[str, Callable[[], Any]] = {
    "Scorecard": small.card,
    "Logframe": small.plan,
    "Values": small.values,
    "Findings": small.findings,
    "ValidationReport": small.report,
    "Explanation": small.explanation,
    "Observations": small.observations,
    "ResultScore": lambda: small.card()["OC1"],
    "IndicatorValue": lambda: small.values()["OC1.1"],
}

WORKS = {
    "Scorecard": {".html", ".json", ".csv", ".md", ".txt", ".parquet"},
    "Logframe": {".html", ".json", ".md", ".txt", ".yaml"},
    "Values": {".html", ".json", ".csv", ".md", ".txt", ".parquet"},
    "Findings": {".html", ".json", ".csv", ".md", ".txt", ".parquet", ".jsonl", ".xml", ".sarif"},
    "ValidationReport": {".html", ".json", ".csv", ".md", ".txt", ".parquet", ".jsonl", ".xml", ".sarif"},
    "Explanation": {".html", ".json", ".md", ".txt"},
    "Observations": {".html", ".json", ".csv", ".md", ".txt", ".parquet"},
}
ENDINGS = (".html", ".json", ".csv", ".md", ".txt", ".yaml", ".parquet", ".jsonl", ".xml", ".sarif")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", WORKS)
def test_what_can_be_saved(kind: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{ending}"
    if ending in WORKS[kind]:
        _render.save(MAKE[kind](), path)
        assert path.stat().st_size > 0
    else:
        with pytest.raises(OptionError) as error:
            _render.save(MAKE[kind](), path)
        assert all(each in str(error.value) for each in WORKS[kind])
        assert not path.exists()


@pytest.mark.parametrize("name", ["x", "x.pdf", "x.HTMLX", ".html"])
def test_an_unknown_ending_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError):
        _render.save(small.card(), tmp_path / name)


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(WriteError):
        _render.save(small.card(), tmp_path / "no such folder" / "x.html")


@pytest.mark.parametrize("kind", ["Scorecard", "Logframe", "Values"])
def test_the_objects_save_themselves_through_the_door(kind: str, tmp_path: Path) -> None:
    thing = MAKE[kind]()
    thing.save(tmp_path / "x.HTML")
    assert (tmp_path / "x.HTML").read_text(encoding="utf-8") == _render.page(thing)


def test_json_keeps_numbers_exact_and_has_the_findings(tmp_path: Path) -> None:
    _render.save(small.card(), tmp_path / "x.json")
    told = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert told["format"] == 1
    score = next(row for row in told["rows"] if row["id"] == "OC1")
    assert score["score_exact"] == str(small.card()["OC1"].score)
    assert [each["code"] for each in told["findings"]] == [each.code for each in small.findings()]


def test_a_logframe_comes_back_from_yaml_and_json(tmp_path: Path) -> None:
    for ending in (".yaml", ".json"):
        small.plan().save(tmp_path / f"x{ending}")
        assert read_logframe(tmp_path / f"x{ending}") == small.plan()


def test_parquet_has_the_table(tmp_path: Path) -> None:
    _render.save(small.values(), tmp_path / "x.parquet")
    assert pl.read_parquet(tmp_path / "x.parquet").equals(small.values().to_polars())


def test_csv_does_not_carry_formulas_but_keeps_numbers() -> None:
    class Sheet:
        def to_polars(self) -> pl.DataFrame:
            return pl.DataFrame({"a": ["=1+1", "@x", "+x", "-x", "-1/3", "-5", "-", "a=b"], "n": [-1.5] * 8})

    rows = list(csv.reader(io.StringIO(_render._csv(Sheet()))))[1:]
    assert [row[0] for row in rows] == ["'=1+1", "'@x", "'+x", "'-x", "-1/3", "-5", "-", "a=b"]
    assert {row[1] for row in rows} == {"-1.5"}


@pytest.mark.parametrize("kind", MAKE)
def test_data_is_plain(kind: str) -> None:
    try:
        told = _render.data(MAKE[kind]())
    except OptionError:
        assert kind in ("ResultScore", "IndicatorValue")
    else:
        assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_a_subclass_is_shown_as_its_parent() -> None:
    class Mine(type(small.findings())):  # type: ignore[misc]
        pass

    assert _render.text(Mine(small.findings())) == _render.text(small.findings())


def test_the_table_of_views_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        _render.VIEWS["x.Y"] = "z"  # type: ignore[index]
