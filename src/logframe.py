"""The command ``logframe`` starts here, and not in `mne`, because the package `mne` may not be ours.

MNE-Python, which is unrelated, installs a package of the same name; whichever came last has overwritten the other's
files. This module has a name of its own, so it survives and can say so. Read `main` first.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

__all__ = ["main"]

_OURS = '__distribution__ = "logframe"'
_AGAIN = "pip uninstall mne logframe, then pip install logframe"


def main() -> int:
    """Run the command line, or say on stderr why the package behind it is not ours.

    Returns:
        The exit code: 2 when `mne` is not ours, else the command's.
    """
    trouble = _trouble()
    if trouble:
        print(f"logframe: {trouble}", file=sys.stderr)  # noqa: T201 (there is no command line yet to print through)
        return 2
    from mne.cli import main as command

    return command()


def _trouble() -> str | None:
    spec = find_spec("mne")
    if _is_ours(spec) and _is_alone():
        return None
    from importlib import metadata  # dear, and seldom asked

    try:
        neighbour = metadata.version("mne")
    except metadata.PackageNotFoundError:
        neighbour = None
    if neighbour is not None:
        return (
            f"MNE-Python {neighbour} (distribution 'mne', brain research) is installed in this environment under the "
            "same package name, 'mne', and each breaks the other. Either make a fresh environment (python -m venv "
            f".venv) and install 'logframe' there, or, to keep this one for logframes: {_AGAIN}"
        )
    if spec is None or spec.origin is None:
        return f"its package 'mne' is gone, probably removed together with MNE-Python. Install it again: {_AGAIN}"
    return (
        f"the package 'mne' that Python finds first, {spec.origin}, is another one. If that folder is yours, run "
        f"the command from elsewhere or take it off PYTHONPATH; if not: {_AGAIN}"
    )


def _is_ours(spec: ModuleSpec | None) -> bool:
    """Whether a package is the one that this command belongs to; none of its code is run."""
    if spec is None or spec.origin is None:
        return False
    return _OURS in Path(spec.origin).read_text(encoding="utf-8", errors="replace")


def _is_alone() -> bool:
    """Whether our package finds no MNE-Python beside it, which it looks for as it is imported."""
    try:
        import_module("mne")
    except ImportError as problem:
        if problem.name != "mne":
            raise
        return False
    return True
