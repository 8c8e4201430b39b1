"""The command line: what it prints where, how it ends, and that nothing ever shows a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import mne
from mne.cli import app, main
from mne.display.starter import STARTER
from mne.ground.catalogue import CODES

HEADER = "Indicator,Period,Partner,Sex,Value,Numerator,Denominator\n"
REPORTS = {
    "north.csv": HEADER + "OP1.1.1,2026-Q1,P-NORTH,,40,,\nOP1.1.1,2026-Q2,P-NORTH,,60,,\nOC1.1,2026,P-NORTH,,,6,20\n",
    "south.csv": HEADER
    + "OP1.1.1,2026-Q1,P-SOUTH,,30,,\nOP1.1.1,2026-Q2,P-SOUTH,,twelve,,\nOC1.1,2026,P-SOUTH,,,9,30\n",
}


def run(*args: Any, **options: Any) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], **options)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(STARTER, encoding="utf-8")
    return path


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, text in REPORTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def clean(reports: Path) -> Path:
    return reports / "north.csv"


# --- help and catalogues ----------------------------------------------------------------------------------------


def test_help_lists_the_commands() -> None:
    told = run("--help")
    assert told.exit_code == 0
    for name in ("check", "validate", "score", "explain", "schemes", "codes", "doctor", "init", "schema"):
        assert f"\n  {name} " in told.stdout


def test_version() -> None:
    assert run("--version").stdout == f"logframe {mne.__version__}\n"


@pytest.mark.parametrize(
    "args", [("score",), ("check",), ("nonsense",), ("check", "x.yaml", "--format", "pdf"), ("score", "x")]
)
def test_wrong_usage_is_2(args: tuple[str, ...]) -> None:
    told = run(*args)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert "Traceback" not in told.stderr


def test_codes_and_schemes() -> None:
    listed = json.loads(run("codes", "--format", "json").stdout)
    assert [each["code"] for each in listed] == list(CODES)
    assert "file-missing" in run("codes").stdout
    assert run("codes", "--format", "markdown").stdout.startswith("| code |")
    assert run("codes", "--format", "html").exit_code == 2
    schemes = run("schemes")
    assert "baseline-target" in schemes.stdout
    assert "fcdo-annual-review" in schemes.stdout
    assert {each["id"] for each in json.loads(run("schemes", "--format", "json").stdout)} == set(mne.schemes())


def test_explain_a_code() -> None:
    told = run("explain", "file-missing")
    assert told.exit_code == 0
    assert CODES["file-missing"].message in told.stdout
    assert CODES["file-missing"].hint in told.stdout
    missed = run("explain", "file-mising")
    assert missed.exit_code == 2
    assert "file-missing" in missed.stderr


def test_schema_is_json_schema() -> None:
    assert json.loads(run("schema").stdout) == mne.logframe_schema()


def test_doctor() -> None:
    told = run("doctor")
    assert told.exit_code == 0
    assert "pydantic" in told.stdout
    assert json.loads(run("doctor", "--format", "json").stdout)["troubles"] == []


def test_doctor_sees_a_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    from mne.display import doctor

    versions = {"mne": "1.9.0", "polars": None}
    monkeypatch.setattr(doctor, "_version", lambda name: versions.get(name, "1.0"))
    told = run("doctor")
    assert told.exit_code == 1
    assert "MNE-Python 1.9.0" in told.stdout
    assert "polars is not installed" in told.stdout


# --- init and check ---------------------------------------------------------------------------------------------


def test_init_writes_a_logframe_without_findings(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    assert run("init", path).exit_code == 0
    told = run("check", path)
    assert (told.exit_code, told.stdout) == (0, "Nothing is wrong here.\n")
    assert len(mne.read_logframe(path).indicators) == 2


def test_init_overwrites_only_when_told_to(plan: Path) -> None:
    plan.write_text("mine", encoding="utf-8")
    assert run("init", plan).exit_code == 2
    assert plan.read_text(encoding="utf-8") == "mine"
    assert run("init", plan, "--force").exit_code == 0
    assert plan.read_text(encoding="utf-8") == STARTER
    assert run("init", plan.with_suffix(".txt")).exit_code == 2


def test_check_reports_every_finding_with_its_line(plan: Path) -> None:
    plan.write_text(
        STARTER.replace("measure: number", "measure: numbr").replace("value: 20,", "valu: 20,"), encoding="utf-8"
    )
    told = run("check", plan)
    assert told.exit_code == 1
    for name in ("numbr", "{valu:"):
        line = next(at for at, text in enumerate(plan.read_text(encoding="utf-8").splitlines(), 1) if name in text)
        assert f"plan.yaml:{line}:" in told.stdout
    listed = json.loads(run("check", plan, "--format", "json").stdout)
    assert {each["code"] for each in listed["findings"]} >= {"logframe-not-a-choice", "logframe-unknown-key"}


def test_remarks_alone_are_clean(plan: Path) -> None:
    pending = STARTER.replace(
        "baseline: {value: 20, date: 2025-11-30, source: SURVEY, illustrative: true}", "baseline: {status: pending}"
    )
    plan.write_text(pending, encoding="utf-8")
    told = run("check", plan)
    assert "logframe-baseline-pending" in told.stdout
    assert told.exit_code == 0


def test_select_and_ignore(plan: Path) -> None:
    plan.write_text(
        STARTER.replace("measure: number", "measure: numbr").replace("value: 20,", "valu: 20,"), encoding="utf-8"
    )
    assert run("check", plan, "--select", "logframe-not-a-choice").stdout.count("\n") == 1
    assert "logframe-not-a-choice" not in run("check", plan, "--ignore", "logframe-not-a-choice").stdout
    assert run("check", plan, "--ignore", "logframe").exit_code == 0
    assert run("check", plan, "--select", "nonsense").exit_code == 2


def _unusable(folder: Path) -> dict[str, Path]:
    files = {
        "missing": folder / "nowhere.yaml",
        "folder": folder,
        "empty": folder / "empty.yaml",
        "ending": folder / "plan.docx",
        "no yaml": folder / "bad.yaml",
        "a list": folder / "list.yaml",
        "binary": folder / "binary.yaml",
    }
    files["empty"].write_bytes(b"")
    files["ending"].write_text(STARTER, encoding="utf-8")
    files["no yaml"].write_text("a: [b\n", encoding="utf-8")
    files["a list"].write_text("- a\n- b\n", encoding="utf-8")
    files["binary"].write_bytes(bytes(range(256)) * 4)
    return files


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "ending", "no yaml", "a list", "binary"])
def test_a_logframe_that_cannot_be_used(kind: str, tmp_path: Path, clean: Path) -> None:
    path = _unusable(tmp_path)[kind]
    checked = run("check", path)
    assert checked.exit_code in (1, 2)
    assert checked.stdout.strip()
    for command in ("validate", "score"):
        told = run(command, clean, "--logframe", path)
        assert told.exit_code == 2
        assert told.stdout == ""
        assert told.stderr.startswith("logframe: ")
        assert "Traceback" not in told.stderr


# --- validate, score, explain -----------------------------------------------------------------------------------


def test_validate_a_clean_report(plan: Path, clean: Path) -> None:
    told = run("validate", clean, "--logframe", plan)
    assert "✓ Accept" in told.stdout or "▲ Accept with notes" in told.stdout
    assert told.exit_code in (0, 1)
    assert "P-NORTH" in told.stdout


def test_validate_names_the_cell(plan: Path, reports: Path) -> None:
    told = run("validate", reports, "--logframe", plan)
    assert told.exit_code == 1
    assert "■ Send back" in told.stdout
    assert "south.csv" in told.stdout
    assert "twelve" in told.stdout
    listed = json.loads(run("validate", reports, "--logframe", plan, "-f", "json").stdout)
    assert listed["verdict"] == "send back"
    assert listed["counts"]["held"] == 1
    assert any(each["place"].get("row") == 3 or each["place"].get("line") == 3 for each in listed["findings"])


def test_several_sources_are_read_as_one(plan: Path, reports: Path) -> None:
    together = run("validate", reports / "north.csv", reports / "south.csv", "-l", plan, "-f", "json")
    assert json.loads(together.stdout)["counts"]["rows"] == 6


def test_score_prints_the_outcome_and_what_it_held_back(plan: Path, reports: Path) -> None:
    told = run("score", reports, "--logframe", plan, "--until", "2026-12-31")
    assert told.exit_code == 0
    assert "OC1" in told.stdout
    assert "at risk" in told.stdout or "off track" in told.stdout or "on track" in told.stdout
    assert "twelve" in told.stdout
    assert "south.csv" in told.stdout
    assert "illustrative" in told.stdout


@pytest.mark.parametrize("ending", ["html", "json", "csv", "md", "txt"])
def test_the_ending_gives_the_format(ending: str, plan: Path, reports: Path, tmp_path: Path) -> None:
    path = tmp_path / f"card.{ending}"
    told = run("score", reports, "-l", plan, "-o", path)
    assert (told.exit_code, told.stdout) == (0, "")
    assert f"wrote {path}" in told.stderr
    start = {"html": "<!doctype html>", "json": "{", "csv": "id,", "md": "# ", "txt": "Our project"}[ending]
    assert path.read_text(encoding="utf-8").startswith(start)


def test_an_explicit_format_wins_over_the_ending(plan: Path, reports: Path, tmp_path: Path) -> None:
    path = tmp_path / "card.out"
    assert run("score", reports, "-l", plan, "-o", path, "-f", "html").exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    refused = run("score", reports, "-l", plan, "-o", tmp_path / "card.pdf")
    assert refused.exit_code == 2
    assert ".html" in refused.stderr


def test_a_workbook_is_written_by_another_option(plan: Path, clean: Path, tmp_path: Path) -> None:
    told = run("validate", clean, "-l", plan, "-o", tmp_path / "back.xlsx")
    assert told.exit_code == 2
    assert "--annotate" in told.stderr
    assert not (tmp_path / "back.xlsx").exists()


def test_lang_changes_headings(plan: Path, reports: Path) -> None:
    assert "Couverture" in run("score", reports, "-l", plan, "--lang", "fr").stdout


@pytest.mark.parametrize("option", [("--until", "yesterday"), ("--known-by", "2026-13-01"), ("--scheme", "nonsense")])
def test_options_that_make_no_sense(option: tuple[str, str], plan: Path, clean: Path) -> None:
    told = run("score", clean, "-l", plan, *option)
    assert told.exit_code == 2
    assert told.stderr.startswith("logframe: ")
    assert told.stderr.count("\n") == 1


def test_explain_ends_at_the_cell(plan: Path, reports: Path) -> None:
    told = run("explain", "OP1.1", reports, "-l", plan)
    assert told.exit_code == 0
    assert "north.csv" in told.stdout
    short = run("explain", "OP1.1", reports, "-l", plan, "--depth", "1")
    assert "north.csv" not in short.stdout
    unknown = run("explain", "OC9", reports, "-l", plan)
    assert unknown.exit_code == 2
    assert "OC1" in unknown.stderr
    assert run("explain", "OC1", reports).exit_code == 2


@pytest.mark.parametrize("kind", ["missing", "empty", "no table", "other logframe", "ending", "no file in it"])
def test_reports_that_cannot_be_used(kind: str, plan: Path, tmp_path: Path) -> None:
    folder = tmp_path / "void"
    folder.mkdir()
    texts = {
        "empty": ("empty.csv", ""),
        "no table": ("prose.csv", "We did well this quarter.\nThank you.\n"),
        "other logframe": ("other.csv", "Project,Indicator,Period,Partner,Value\nOTHER,X1,2026-Q1,P-NORTH,5\n"),
        "ending": ("report.docx", "x"),
    }
    name, text = texts.get(kind, ("", ""))
    path = folder / name if name else folder / "nowhere.csv" if kind == "missing" else folder
    if name:
        path.write_text(text, encoding="utf-8")
    told = run("validate", path, "-l", plan)
    assert told.exit_code in (1, 2)
    assert told.stdout.strip()
    assert "Traceback" not in told.stderr
    scored = run("score", path, "-l", plan)
    assert scored.exit_code == 2
    assert "nothing could be scored" in scored.stderr


def test_quiet_says_nothing_on_stderr(plan: Path, reports: Path, tmp_path: Path) -> None:
    assert run("score", reports, "-l", plan, "-o", tmp_path / "x.html", "--quiet").stderr == ""
    assert run("check", plan, "-q").stderr == ""


# --- how it ends ------------------------------------------------------------------------------------------------


def test_a_bug_of_ours_is_one_line_and_3(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise ZeroDivisionError("a\nb")

    monkeypatch.setattr("mne.check_logframe", broken, raising=False)
    told = run("check", plan)
    assert told.exit_code == 3
    assert told.stderr.count("\n") == 1
    assert "ZeroDivisionError" in told.stderr
    assert "Traceback" not in told.stderr
    monkeypatch.setenv("MNE_DEBUG", "1")
    assert "Traceback" in run("check", plan).stderr


def test_main_returns_the_exit_code(
    plan: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["logframe", "check", str(plan)])
    assert main() == 0
    assert capsys.readouterr().out == "Nothing is wrong here.\n"
    monkeypatch.setattr(sys, "argv", ["logframe", "nonsense"])
    assert main() == 2


# --- as a process -----------------------------------------------------------------------------------------------


def _process(*args: Any, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    told = {**os.environ, **(env or {})}
    return subprocess.run([sys.executable, "-m", "mne", *map(str, args)], capture_output=True, env=told, check=False)


def test_output_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    path = tmp_path / "план.yaml"
    path.write_text(STARTER, encoding="utf-8")
    told = _process("codes", env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert told.returncode == 0
    told.stdout.decode("utf-8")
    checked = _process("check", path, env={"LC_ALL": "C", "PYTHONIOENCODING": "latin-1"})
    assert checked.returncode == 0
    assert "план.yaml" in checked.stderr.decode("utf-8")


def test_a_broken_pipe_is_no_drama() -> None:
    command = f"{sys.executable} -m mne codes | head -1; echo ${{PIPESTATUS[0]}}"
    told = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert told.stderr == ""
    assert told.stdout.splitlines()[-1] in ("0", "141")


def test_a_reader_that_left_at_once() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        told = subprocess.run(
            [sys.executable, "-m", "mne", "codes"], stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert told.returncode == 141
    assert told.stderr == b""


def test_help_loads_neither_tables_nor_models() -> None:
    code = "import sys, mne.cli; print([m for m in ('pandas', 'polars', 'pydantic', 'rich.table', 'yaml') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


# --- progress ---------------------------------------------------------------------------------------------------


def test_a_bar_appears_after_a_second_and_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from mne.display import terminal

    class Screen:
        def __init__(self, *, live: bool) -> None:
            self.live, self.written = live, ""

        def isatty(self) -> bool:
            return self.live

        def write(self, text: str) -> int:
            self.written += text
            return len(text)

        def flush(self) -> None:
            pass

    clock = iter(range(0, 100, 2))
    for live, quiet, drawn in ((True, False, True), (False, False, False), (True, True, False)):
        screen = Screen(live=live)
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setattr(terminal.time, "monotonic", lambda: float(next(clock)))
        monkeypatch.setenv("TERM", "xterm-256color")
        with terminal.Progress(quiet=quiet) as tell:
            tell(1, 4, "reading [red]x[/red]")
            tell(2, None, "[red]y")
        assert bool(screen.written) is drawn
        if drawn:
            assert tell._bar is not None
            assert tell._bar.tasks[0].description == "[red]y"


# --- what is due ------------------------------------------------------------------------------------------------


def test_due_says_what_is_still_to_come(reports: Path, plan: Path, tmp_path: Path) -> None:
    told = run("due", reports, "-l", plan, "--on", "2026-09-01", "-q")
    assert told.exit_code == 1
    assert "Still to come" in told.stdout
    assert "2026-Q2" in told.stdout
    page = tmp_path / "due.html"
    assert run("due", reports, "-l", plan, "--on", "2026-09-01", "-o", page, "--lang", "ru").exit_code == 1
    assert "Ещё ожидается" in page.read_text(encoding="utf-8")


def test_due_ends_well_when_nothing_is_due(reports: Path, plan: Path) -> None:
    assert run("due", reports / "north.csv", "-l", plan, "--on", "1999-01-01", "-q").exit_code == 0


def test_due_refuses_a_day_that_is_none(reports: Path, plan: Path) -> None:
    told = run("due", reports, "-l", plan, "--on", "soon")
    assert told.exit_code == 2
    assert "on must be a day" in told.stderr
