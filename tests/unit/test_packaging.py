"""What is installed is what is in the checkout: every module, the types marker, the schemes, the example logframes."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import mne
from mne.logframe.examples import example_path


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=root, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def below(folder: Path) -> set[str]:
    files = {path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    return {path.relative_to(folder).as_posix() for path in files}


def test_wheel_holds_every_file_of_the_package(root, names):
    assert {f"mne/{name}" for name in below(root / "src" / "mne")} <= names
    assert {"logframe.py", "mne/py.typed"} <= names


def test_wheel_holds_the_example_logframes(root, names):
    wanted = {f"mne/_examples/{path.name}" for path in (root / "logframes").glob("*.yaml")}
    assert len(wanted) >= 2
    assert wanted <= names


def test_wheel_holds_nothing_else(names):
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"mne", "logframe.py"}


def test_example_is_found_in_an_unpacked_wheel(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = "from mne.logframe.examples import example_path; print(example_path('tajikistan'))"
    # Not measured: a report of coverage could not find these sources afterwards.
    env = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    env["PYTHONPATH"] = str(tmp_path)
    done = subprocess.run([sys.executable, "-c", code], env=env, text=True, capture_output=True, check=True)
    assert Path(done.stdout.strip()) == tmp_path / "mne" / "_examples" / "tajikistan-digital-foundations.yaml"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("tajikistan", "tajikistan-digital-foundations"),
        ("tajikistan-digital-foundations", "tajikistan-digital-foundations"),
        ("bangladesh", "bangladesh-urban-resilience"),
    ],
)
def test_example_is_found_by_the_start_of_its_name(name, stem):
    assert example_path(name).stem == stem


@pytest.mark.parametrize("name", ["", "tajik", "../pyproject", "Tajikistan", "nowhere"])
def test_unknown_example_is_an_option_error_that_lists_them(name):
    with pytest.raises(mne.OptionError, match="tajikistan-digital-foundations"):
        example_path(name)


def test_example_is_a_logframe():
    assert mne.example("tajikistan") == mne.read_logframe(example_path("tajikistan"))


def test_version_is_said_the_same_everywhere(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert mne.__version__ == project["version"]
    assert f"version: {project['version']}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {project['version']}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_each_dependency_is_argued_for(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    extras = [each for group in project["optional-dependencies"].values() for each in group]
    for requirement in [*project["dependencies"], *extras]:
        name = requirement.split(">=")[0].split("[")[0]
        assert name == "logframe" or f"`{name}`" in told, name
