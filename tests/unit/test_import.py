"""`import mne` is light, lazy, complete, and refuses to stand beside MNE-Python; the command says so too."""

from __future__ import annotations

import ast
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mne

SOURCE = Path(mne.__file__).parents[1]
HEAVY = ("pandas", "polars", "pydantic", "numpy", "pint", "pandera", "narwhals", "pyarrow", "openpyxl", "typer", "yaml")


def run(
    code: str, *, path: Path | None = None, without: tuple[str, ...] = ("PYTHON",)
) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter, with `path` ahead of our sources, and these ahead of everything installed."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(without)}
    env["PYTHONPATH"] = os.pathsep.join([str(path), str(SOURCE)] if path else [str(SOURCE)])
    return subprocess.run([sys.executable, "-c", code], env=env, text=True, capture_output=True, check=False)


def fake_distribution(folder: Path) -> None:
    """The trace that an installed MNE-Python leaves."""
    info = folder / "mne-1.8.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mne\nVersion: 1.8.0\n")


def fake_package(folder: Path, source: str = "'''MNE-Python'''\n__version__ = '1.8.0'\n") -> None:
    package = folder / "mne"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(source)


def test_import_loads_neither_tables_nor_models():
    code = f"import sys, json, mne; print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    assert json.loads(run(code).stdout) == []


def test_import_loads_no_floor():
    code = "import sys, json, mne; print(json.dumps([name for name in sys.modules if name.startswith('mne.')]))"
    assert json.loads(run(code).stdout) == []


def test_import_takes_less_than_a_tenth_of_a_second_over_bare_python():
    def fastest(code: str) -> float:
        """Processor time, which other work on the machine does not lengthen."""
        times = []
        for _ in range(7):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            assert run(code, without=("PYTHON", "COVERAGE")).returncode == 0
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return min(times)

    assert fastest("import mne") - fastest("pass") < 0.1


@pytest.mark.parametrize("name", mne.__all__)
def test_every_public_name_is_there(name):
    found = getattr(mne, name)
    assert found is not None
    assert getattr(found, "__name__", name) == name or not isinstance(found, type)


def test_public_names_are_said_once_for_types_and_once_for_use():
    tree = ast.parse(Path(mne.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {alias.name: node.module for node in block.body if node.module != "typing" for alias in node.names}
    assert typed == mne._HOME
    assert sorted(typed) == sorted(mne.__all__)
    assert len(set(mne.__all__)) == len(mne.__all__)


def test_dir_lists_the_public_names_and_the_version():
    assert {*mne.__all__, "__version__"} <= set(dir(mne))


def test_an_unknown_name_is_an_attribute_error_that_names_it():
    with pytest.raises(AttributeError, match="read_logfrane"):
        mne.read_logfrane  # noqa: B018 (looking it up is the test)


def test_version_is_the_distributions():
    parts = mne.__version__.split(".")
    assert len(parts) >= 3
    assert all(part.isdigit() for part in parts[:2])


def test_import_refuses_beside_mne_python(tmp_path):
    fake_distribution(tmp_path)
    done = run("import mne", path=tmp_path)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert "MNE-Python 1.8.0" in last
    assert "pip uninstall mne logframe" in last
    assert "python -m venv" in last


def test_import_is_not_put_off_by_other_distributions_of_that_family(tmp_path):
    info = tmp_path / "mne_bids-0.16.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mne-bids\nVersion: 0.16\n")
    assert run("import mne", path=tmp_path).returncode == 0


def test_import_finds_mne_python_under_every_name_that_an_installer_gives(tmp_path):
    traces = ("a/mne-1.8.0.dist-info", "b/MNE-1.8.0.dist-info", "c/mne.egg-info", "mne-1.8.0-py3.11.egg/EGG-INFO")
    for trace in traces:
        info = tmp_path / trace
        info.mkdir(parents=True)
        for name in ("METADATA", "PKG-INFO"):
            (info / name).write_text("Metadata-Version: 2.1\nName: mne\nVersion: 1.8.0\n")
        assert "MNE-Python 1.8.0" in run("import mne", path=info.parent).stderr, trace


def test_import_finds_mne_python_in_an_archive(tmp_path):
    fake_distribution(tmp_path / "inside")
    archive = shutil.make_archive(str(tmp_path / "packages"), "zip", tmp_path / "inside")
    assert "MNE-Python 1.8.0" in run("import mne", path=Path(archive)).stderr


def test_import_asks_whoever_else_knows_distributions():
    code = (
        "import sys\n"
        "from importlib import metadata\n"
        "class Known(metadata.Distribution):\n"
        "    def read_text(self, name): return 'Name: mne\\nVersion: 1.8.0\\n' if name == 'METADATA' else None\n"
        "    def locate_file(self, path): return path\n"
        "class Finder:\n"
        "    def find_spec(self, *_): return None\n"
        "    def find_distributions(self, context): return [Known()] if context.name in (None, 'mne') else []\n"
        "sys.meta_path.insert(0, Finder())\n"
        "import mne\n"
    )
    assert "MNE-Python 1.8.0" in run(code).stderr


def test_judging_a_text_table_loads_no_workbook_library(tmp_path):
    code = (
        "import sys, mne; plan = mne.example('tajikistan')\n"
        "mne.validate(('a.csv', b'indicator,period,value\\nOC1.1,2027-Q1,5\\n'), plan)\n"
        "print([name for name in ('openpyxl', 'pandas', 'pint') if name in sys.modules])"
    )
    done = run(code)
    assert done.stdout.strip() == "[]", done.stderr


LAUNCH = "import sys, logframe; sys.argv = ['logframe', '--help']; sys.exit(logframe.main())"


def refusal(path: Path) -> str:
    """The one line on stderr with which the command refuses; nothing on stdout, exit code 2."""
    done = run(LAUNCH, path=path)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("logframe: ")
    return line


def test_command_says_that_mne_python_was_installed_last(tmp_path):
    fake_package(tmp_path, source="raise RuntimeError('nothing of this package may run')\n")
    fake_distribution(tmp_path)
    assert "MNE-Python 1.8.0" in refusal(tmp_path)


def test_command_says_that_another_package_comes_first(tmp_path):
    fake_package(tmp_path)
    told = refusal(tmp_path)
    assert str(tmp_path / "mne" / "__init__.py") in told
    assert "PYTHONPATH" in told


def test_command_says_that_its_package_is_gone(tmp_path):
    """MNE-Python came and went: our files without `__init__.py` are left."""
    shutil.copy(SOURCE / "logframe.py", tmp_path / "logframe.py")
    (tmp_path / "mne" / "ground").mkdir(parents=True)
    code = f"import sys; sys.path[:] = [p for p in sys.path if p != {str(SOURCE)!r}]; " + LAUNCH
    done = run(code, path=tmp_path, without=("PYTHON", "COVERAGE"))
    assert done.returncode == 2
    assert "gone" in done.stderr
    assert "Traceback" not in done.stderr


def test_command_runs_when_the_package_is_ours():
    done = run(LAUNCH)
    assert done.returncode == 0, done.stderr
    assert "logframe" in done.stdout
