"""The documentation is true: every snippet runs, every public name and every finding code has its place."""

from __future__ import annotations

import doctest
import importlib.util
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

import mne
from mne.ground.catalogue import CODES, Code, Severity
from mne.scores.conventions import Convention

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
MODULES = sorted(found.name for found in pkgutil.walk_packages(mne.__path__, "mne.") if found.name != "mne.__main__")


def run_bash(example: Example) -> None:
    """A ``bash`` block runs as it stands, with the command of this environment; a ``sh`` block is only to be read."""
    if Path(example.path).name == "README.md":
        return  # its two commands set up and test a clone: the build runs them there
    env = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example.parsed], env=env, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def write_file(example: Example) -> None:
    """A ``code-block`` with a caption is the file of that name, for the blocks after it."""
    name = example.region.lexemes.get("options", {}).get("caption")
    if name:
        Path(name).write_text(example.parsed, encoding="utf-8")


# A page with Spark runs beside its tests, in one session; PySpark leaves its sockets to the garbage collector.
ON_SPARK = (
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.relative_to(ROOT).as_posix(), marks=ON_SPARK if page.name == "memory.md" else ())
        for page in PAGES
    ],
)
def test_snippets_run(page, tmp_path, monkeypatch):
    if page.name == "memory.md":
        pytest.importorskip("pyspark.sql")
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            pytest.skip("needs Java")
        monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    for folder in ("logframes", "examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    files = [CodeBlockParser(language, write_file) for language in ("yaml", "csv", "text")]
    document = Sybil(parsers=[PythonCodeBlockParser(), CodeBlockParser("bash", run_bash), *files]).parse(page)
    for example in document.examples():
        example.evaluate()
    assert page.name != "tutorial.md" or len(list(document.examples())) > 3


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


def test_each_public_name_is_in_the_reference_once():
    listed = re.findall(
        r"^\.\. auto\w+:: mne\.(\w+)$", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(mne.__all__)


@pytest.mark.parametrize("name", mne.__all__)
def test_each_public_name_says_what_it_is(name):
    told = getattr(mne, name).__doc__
    assert told
    assert told.strip().splitlines()[0].rstrip().endswith((".", "?", ":", ":**"))


@pytest.fixture(scope="module")
def codes_page():
    sys.path.insert(0, str(ROOT / "docs" / "_ext"))
    source = ROOT / "docs" / "_ext" / "codes_page.py"
    spec = importlib.util.spec_from_file_location("codes_page", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_finding_code_has_its_heading(codes_page):
    page = codes_page.text(CODES)
    assert re.findall(r"^### (.+)$", page, re.MULTILINE) == sorted(CODES)
    assert re.findall(r"^\((.+)\)=$", page, re.MULTILINE) == sorted(CODES)


def test_codes_page_groups_by_the_first_word_and_takes_nothing_for_markup(codes_page):
    codes = [
        Code("row-empty", Severity.INFO, "A row is <b>empty</b> in `{found}`.", "Leave it *out*."),
        Code("file-empty", Severity.BLOCKER, "The file is empty.", "Send it again.", example="a|b"),
        Code("file-absent", Severity.BLOCKER, "There is no {found}.", ""),
    ]
    page = codes_page.text({code.code: code for code in codes})
    assert [line for line in page.splitlines() if line.startswith("#")] == [
        "## file", "### file-absent", "### file-empty", "## row", "### row-empty",
    ]  # fmt: skip
    assert "There is no *found*." in page
    assert r"A row is \<b\>empty\</b\> in \`*found*\`." in page
    assert r"Leave it \*out\*." in page
    assert r"For example: a\|b" in page


def test_each_family_of_codes_says_why_it_is_there(codes_page):
    families = {code.partition("-")[0] for code in CODES}
    assert sorted(families - set(codes_page.REASONS)) == []
    assert sorted(set(codes_page.REASONS) - families) == []


def test_each_finding_code_has_a_page_and_none_is_left_over(codes_page, tmp_path):
    (tmp_path / "gone-code.md").write_text("old", encoding="utf-8")
    codes_page.write_pages(tmp_path, CODES)
    assert {path.stem for path in tmp_path.glob("*.md")} == set(CODES)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.md")}
    codes_page.write_pages(tmp_path, CODES)
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.md")}
    told = (tmp_path / "number-ambiguous.md").read_text(encoding="utf-8")
    assert [line for line in told.splitlines() if line.startswith("#")] == [
        "# number-ambiguous", "## Why", "## For example", "## How to mend it", "## Related",
    ]  # fmt: skip
    assert "It is an *error*" in told
    assert "[number-invalid](number-invalid.md)" in told
    assert "[number-ambiguous]" not in told
    listed = codes_page.text(CODES)
    assert all(f"(codes/{code}.md)" in listed for code in CODES)


def test_every_entry_of_a_report_is_in_its_page():
    source = ROOT / "docs" / "_ext" / "schema_page.py"
    spec = importlib.util.spec_from_file_location("schema_page", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    schema = mne.report_schema()
    told = module.tables(schema)
    assert set(re.findall(r"^## (.+)$", told, re.MULTILINE)) == {"The report", "counts", "severities", *schema["$defs"]}
    assert all(f"| `{entry}` |" in told for entry in schema["properties"])
    assert "| `place` | place | Where it stands; only what is known. |" in told


def test_the_map_of_the_house_shows_every_room():
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = [path for path in (ROOT / "src" / "mne").iterdir() if path.is_dir() and path.name != "__pycache__"]
    modules = list((ROOT / "src").glob("*.py")) + list((ROOT / "src" / "mne").glob("*.py"))
    names = [f"`{path.relative_to(ROOT).as_posix()}/`" for path in rooms]
    names += [f"`{path.relative_to(ROOT).as_posix()}`" for path in modules]
    assert [name for name in names if name not in told] == []


@pytest.fixture(scope="module")
def computed():
    source = ROOT / "docs" / "_ext" / "computed.py"
    spec = importlib.util.spec_from_file_location("computed", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["index", *Convention])
def test_each_convention_has_a_page_whose_figures_come_out(computed, name):
    page = computed.computed((ROOT / "docs" / "conventions" / f"{name}.md").read_text(encoding="utf-8"))
    assert "{{" not in page
    assert name == "index" or all(word in page for word in ("Published example", "When to use it", "What it hides"))


@pytest.mark.parametrize("name", ["index", *mne.schemes()])
def test_each_scheme_has_a_page_whose_figures_come_out(computed, name):
    page = computed.computed((ROOT / "docs" / "schemes" / f"{name}.md").read_text(encoding="utf-8"))
    assert "{{" not in page
    assert name == "index" or all(word in page for word in ("Published example", "When to use it", "What it hides"))


def test_a_published_figure_that_does_not_come_out_stops_the_build(computed):
    assert computed.computed("{{ published(achieved(60, 100, 20), 0.5, 1) }}") == "0.5"
    for wrong in ("{{ published(achieved(60, 100, 20), 0.6, 1) }}", "{{ published(achieved(1, 1, 1), 1) }}"):
        with pytest.raises(ValueError):
            computed.computed(wrong)
