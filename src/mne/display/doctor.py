"""What is installed, and what may stand in the way: for ``logframe doctor`` and for whoever reports a problem.

Read `examine` first.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from mne.display.blocks import Block, Grid, Heading, Item, Line, Told

__all__ = ["Examination", "examine", "told"]

_NEEDED: Final = (
    "narwhals", "openpyxl", "pandas", "pandera", "pint", "polars", "pyarrow", "pydantic", "pyyaml", "rich", "typer",
)  # fmt: skip
_OPTIONAL: Final = ("hypothesis",)
# Folders of MNE-Python: where one lies in our package, it was installed over or under us at some time.
_NEIGHBOURS: Final = ("channels", "preprocessing", "viz")


@dataclass(frozen=True)
class Examination:
    """Versions by package (None: not installed), where we are installed, and what is wrong."""

    version: str
    python: str
    system: str
    folder: str
    encoding: str
    needed: dict[str, str | None]
    optional: dict[str, str | None]
    troubles: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def examine() -> Examination:
    """Look at this installation."""
    folder = Path(__file__).parents[1]
    needed = {name: _version(name) for name in _NEEDED}
    troubles = [
        f"{name} is not installed, and logframe needs it" for name, version in needed.items() if version is None
    ]
    neighbour = _version("mne")
    if neighbour is not None:
        troubles.append(
            f"MNE-Python {neighbour} is installed under the same package name, 'mne'; each breaks the other: "
            "use an environment for each"
        )
    left = [name for name in _NEIGHBOURS if (folder / name).is_dir()]
    if left:
        troubles.append(
            f"files of MNE-Python lie in our folder ({', '.join(left)}): "
            "pip uninstall mne logframe, then pip install logframe"
        )
    return Examination(
        version=_version("logframe") or "not installed",
        python=platform.python_version(),
        system=platform.platform(terse=True),
        folder=str(folder),
        encoding=getattr(sys.stdout, "encoding", None) or "unknown",
        needed=needed,
        optional={name: _version(name) for name in _OPTIONAL},
        troubles=tuple(troubles),
    )


def told(found: Examination) -> Iterator[Block]:
    """The examination as blocks."""
    yield Heading(f"logframe {found.version}", 1)
    yield Line(Told(f"Python {found.python}, {found.system}, writing {found.encoding}"))
    yield Line(Told(found.folder, soft=True))
    packages = {**found.needed, **found.optional}
    yield Grid(
        ("package", "version"),
        tuple(
            (Told(name), Told(version or ("missing" if name in found.needed else "not installed")))
            for name, version in packages.items()
        ),
    )
    for trouble in found.troubles:
        yield Item(Told(trouble, status="off_track"), (), "■")
    if not found.troubles:
        yield Line(Told("Nothing stands in the way; MNE-Python is not installed here.", status="met"))
