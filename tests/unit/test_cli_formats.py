"""`check` and `validate` on the command line: every format, where findings begin to fail, and the hooks of pre-commit."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from typer.testing import CliRunner, Result

import mne
from mne.cli import app
from mne.display.starter import STARTER

ROOT = Path(__file__).parents[2]
HEADER = "Indicator,Period,Partner,Sex,Value,Numerator,Denominator\n"
CLEAN = HEADER + "OP1.1.1,2026-Q1,P-NORTH,,40,,\nOP1.1.1,2026-Q2,P-NORTH,,60,,\nOC1.1,2026,P-NORTH,,,6,20\n"
WRONG = CLEAN.replace(",60,", ",sixty,")


def run(*args: Any) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan, and a report of each kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logframe.yaml").write_text(STARTER, encoding="utf-8")
    (tmp_path / "clean.csv").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "wrong.csv").write_text(WRONG, encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    return tmp_path


def severe(folder: Path, **severities: str) -> Path:
    """The plan with severities of its own."""
    told = "".join(f"  {code.replace('_', '-')}: {severity}\n" for code, severity in severities.items())
    path = folder / "severe.yaml"
    path.write_text(f"{STARTER}\nseverities:\n{told}", encoding="utf-8")
    return path


# --- formats ----------------------------------------------------------------------------------------------------


def test_validate_writes_every_format(here: Path) -> None:
    command = ("validate", "wrong.csv", "-l", "logframe.yaml")
    told = {
        name: run(*command, "-f", name) for name in ("jsonl", "junit", "sarif", "email", "json", "html", "markdown")
    }
    assert {each.exit_code for each in told.values()} == {1}
    lines = [json.loads(line) for line in told["jsonl"].stdout.splitlines()]
    assert [each["code"] for each in lines] == [each["code"] for each in json.loads(told["json"].stdout)["findings"]]
    assert ET.fromstring(told["junit"].stdout.encode()).attrib["failures"] == "1"  # noqa: S314 - our own text
    assert json.loads(told["sarif"].stdout)["version"] == "2.1.0"
    assert told["email"].stdout.startswith("Subject: ")


def test_the_letter_speaks_the_language_and_of_the_copy(here: Path) -> None:
    command = ("validate", "wrong.csv", "-l", "logframe.yaml", "-f", "email", "--lang", "tg")
    told = run(*command)
    assert "Ҳамкорони мӯҳтарам!" in told.stdout
    assert "--annotate" in told.stderr
    assert "--annotate" not in run(*command, "--annotate", "copy.xlsx").stderr
    assert (here / "copy.xlsx").is_file()


@pytest.mark.parametrize("name", ["found.sarif", "found.xml", "found.jsonl"])
def test_the_ending_of_a_file_says_its_format(name: str, here: Path) -> None:
    assert run("validate", "wrong.csv", "-l", "logframe.yaml", "-o", name).exit_code == 1
    assert run("check", "logframe.yaml", "-o", f"check-{name}").exit_code == 0
    assert (here / name).stat().st_size > 0


def test_what_has_no_such_form_says_so(here: Path) -> None:
    assert run("check", "logframe.yaml", "-f", "email").exit_code == 2
    assert run("score", "clean.csv", "-l", "logframe.yaml", "-f", "sarif").exit_code == 2
    told = run("score", "clean.csv", "-l", "logframe.yaml", "-o", "x.sarif")
    assert told.exit_code == 2
    assert "can be saved to a file ending in" in told.stderr


def test_the_schema_of_a_report() -> None:
    assert json.loads(run("schema", "--report").stdout) == mne.report_schema()
    assert run("schema", "--report", "--mapping").exit_code == 2


# --- where findings begin to fail -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "fail_on", "code"),
    [
        ("clean.csv", "warning", 0),
        ("clean.csv", "error", 0),
        ("clean.csv", "never", 0),
        ("wrong.csv", None, 1),
        ("wrong.csv", "error", 1),
        ("wrong.csv", "info", 1),
        ("wrong.csv", "never", 0),
        ("empty.csv", "error", 2),
        ("empty.csv", "never", 2),
        ("absent.csv", "never", 2),
        ("wrong.csv", "sometimes", 2),
    ],
)
def test_exit_codes_of_validate(source: str, fail_on: str | None, code: int, here: Path) -> None:
    told = () if fail_on is None else ("--fail-on", fail_on)
    assert run("validate", source, "-l", "logframe.yaml", *told).exit_code == code


@pytest.mark.parametrize(
    ("severity", "codes"),
    [("info", {"error": 0, "warning": 0, "info": 1}), ("warning", {"error": 0, "warning": 1, "info": 1}),
     ("error", {"error": 1, "warning": 1, "info": 1})],
)  # fmt: skip
def test_fail_on_sees_the_severities_of_the_logframe(severity: str, codes: dict[str, int], here: Path) -> None:
    plan = severe(here, number_invalid=severity)
    found = json.loads(run("validate", "wrong.csv", "-l", plan, "-f", "json", "--select", "number-*").stdout)
    assert [each["severity"] for each in found["findings"]] == [severity]
    for fail_on, code in codes.items():
        told = run("validate", "wrong.csv", "-l", plan, "--select", "number-*", "--fail-on", fail_on)
        assert told.exit_code == code, fail_on


def test_exit_codes_of_check(here: Path) -> None:
    weak = here / "weak.yaml"
    weak.write_text(STARTER.replace("means_of_verification", "notes_of"), encoding="utf-8")
    found = mne.check_logframe(weak)
    worst = found.worst
    assert worst is not None
    assert run("check", weak).exit_code == (1 if found.at_least("warning") else 0)
    assert run("check", weak, "--fail-on", "info").exit_code == 1
    assert run("check", weak, "--fail-on", "never").exit_code == 0
    assert run("check", "absent.yaml", "--fail-on", "never").exit_code == 2


def test_many_logframes_are_checked_together(here: Path) -> None:
    broken = here / "broken.yaml"
    broken.write_text("format: 1\nid: [\n", encoding="utf-8")
    told = run("check", "logframe.yaml", broken)
    assert told.exit_code == 1
    assert "logframe.yaml: no findings" in told.stderr
    assert f"{broken}: " in told.stderr
    assert run("check", "logframe.yaml", "absent.yaml").exit_code == 2


def test_codes_are_chosen_by_group_and_strange_ones_are_named(here: Path) -> None:
    command = ("validate", "wrong.csv", "-l", "logframe.yaml")
    assert run(*command, "--ignore", "number-*").exit_code == 0
    told = run(*command, "--select", "number-ambigous", "--select", "zzz")
    assert told.exit_code == 2
    assert "did you mean number-ambiguous" in told.stderr
    assert "'zzz'" in told.stderr
    assert told.stderr.count("\n") == 1
    assert run("check", "logframe.yaml", "--select", "number-ambigous").exit_code == 2


# --- pre-commit -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hooks() -> dict[str, dict[str, Any]]:
    listed = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return {each["id"]: each for each in listed}


def hooked(hook: dict[str, Any], *args: str, files: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a hook as pre-commit does: its entry, its arguments, then the names of the files."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [*shlex.split(hook["entry"]), *(args or hook.get("args", ())), *files]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_hooks_have_what_pre_commit_asks_for(hooks: dict[str, dict[str, Any]]) -> None:
    assert set(hooks) == {"logframe-check", "logframe-validate"}
    for hook in hooks.values():
        assert {"id", "name", "description", "entry", "language", "files"} <= set(hook)
        assert hook["language"] == "python"
        assert hook["require_serial"] is True


def test_the_hook_checks_every_logframe(hooks: dict[str, dict[str, Any]], here: Path) -> None:
    (here / "second.yaml").write_text(STARTER, encoding="utf-8")
    (here / "broken.yaml").write_text("format: 1\nid: [\n", encoding="utf-8")
    done = hooked(hooks["logframe-check"], files=["logframe.yaml", "second.yaml"])
    assert done.returncode == 0, done.stderr
    done = hooked(hooks["logframe-check"], files=["logframe.yaml", "second.yaml", "broken.yaml"])
    assert done.returncode == 1
    assert "broken.yaml:" in done.stdout


def test_the_hook_checks_every_report(hooks: dict[str, dict[str, Any]], here: Path) -> None:
    told = ("--logframe", "logframe.yaml", "--fail-on", "error")
    assert hooked(hooks["logframe-validate"], *told, files=["clean.csv"]).returncode == 0
    done = hooked(hooks["logframe-validate"], *told, files=["clean.csv", "wrong.csv"])
    assert done.returncode == 1
    assert "wrong.csv row 3 column 'Value'" in done.stdout
    assert hooked(hooks["logframe-validate"], files=["clean.csv"]).returncode == 2  # without args: no plan
