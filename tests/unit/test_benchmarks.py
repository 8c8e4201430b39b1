"""The benchmarks run, at sizes at which they measure nothing, and both sides of them agree."""

import importlib

import pytest

from benchmarks import measure, reports
from benchmarks.__main__ import LINES, main
from benchmarks.measure import Disagreement, differences, in_turn

QUICK = "a,b,c,d,e,g,h"


@pytest.fixture
def in_this_process(monkeypatch):
    """Jobs that are called instead of started; a process for each would take as long as all else."""

    def here(function, *arguments):
        module, _, name = function.partition(":")
        answer = getattr(importlib.import_module(f"benchmarks.{module}"), name)(*arguments)
        seconds = answer.pop("seconds", 1.0) if isinstance(answer, dict) else 1.0
        return measure.Run(seconds=seconds, peak=2, imported=1, answer=answer)

    monkeypatch.setattr(measure, "child", here)


@pytest.mark.filterwarnings("ignore")  # of the rivals'
@pytest.mark.usefixtures("in_this_process")
def test_every_line_runs_and_all_sides_agree(tmp_path, capsys):
    page = tmp_path / "benchmarks.md"
    assert main(["--only", QUICK, "--rows", "2000", "--runs", "1", "--write", str(page)]) == 0
    told = page.read_text(encoding="utf-8")
    for letter in QUICK.split(","):
        assert f"| ({letter}) |" in told
    assert "--rows 2000 --runs 1" in told
    assert capsys.readouterr().out.splitlines()[-1] in told


@pytest.mark.parametrize("rows", [20_000, 60_000])
def test_the_csv_file_is_judged_alike_by_hand(tmp_path, rows):
    path = tmp_path / "report.csv"
    reports.report(rows, seed=rows).write_csv(path)
    by_us = reports.judged_by_us(path)
    assert by_us["period-year"]
    assert by_us["value-outlier"] > 20
    assert reports.checked_by_hand(path) == by_us


def test_the_lines_are_those_that_the_page_promises():
    assert [*LINES] == [*"abcdefgh"]


def test_a_line_that_is_not_there_is_named():
    with pytest.raises(SystemExit, match="z"):
        main(["--only", "z"])


def test_sides_that_differ_fail(tmp_path):
    jobs = {rows: ("tables:make", str(tmp_path / "table.csv"), rows, "clean") for rows in ("300", "900")}
    with pytest.raises(Disagreement, match="300 and 900 differ"):
        in_turn(jobs, 1)


def test_a_job_that_fails_says_why():
    with pytest.raises(RuntimeError, match="invalid literal"):
        measure.child("tables:make", "table.csv", "many", "clean")


def test_counts_must_be_equal_and_numbers_nearly():
    assert not differences({"a": 1, "b": 0.1 + 0.2}, {"a": 1, "b": 0.3})
    assert differences({"a": 1, "b": 0.3}, {"a": 2, "b": 0.31}) == ["/a: 1 and 2", "/b: 0.3 and 0.31"]
    assert differences({"a": 1}, {}) == ["/a: 1 and None"]


def test_a_line_that_fails_is_told_and_the_command_with_it(monkeypatch, capsys):
    def broken(options):
        raise RuntimeError("no such job")

    monkeypatch.setitem(LINES, "a", broken)
    assert main(["--only", "a", "--rows", "2000"]) == 1
    assert "(a) no such job" in capsys.readouterr().out
