"""The real logframes that come with the package, by name.

Read `example` first. An installed package carries them in `mne/_examples`; an editable one reads the checkout's
folder `logframes`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from mne.errors import OptionError

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["example", "example_path"]

_INSTALLED: Final = Path(__file__).parents[1] / "_examples"
_CHECKOUT: Final = Path(__file__).parents[3] / "logframes"


def example_path(name: str) -> Path:
    """The file of an example logframe.

    Args:
        name: the file's name without its ending, or the start of it up to a hyphen: ``tajikistan``.

    Raises:
        OptionError: no example has this name, or several do; the message lists all of them.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    files = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    found = [path for stem, path in files.items() if stem == name or stem.startswith(f"{name}-")]
    if name in files:
        return files[name]
    if len(found) == 1:
        return found[0]
    raise OptionError(f"name must be one of the examples {', '.join(files) or '(none found)'}; not {name!r}")


def example(name: str) -> Logframe:
    """A real logframe to try things on: ``mne.example("tajikistan")``.

    Raises:
        OptionError: no example has this name.
    """
    from mne.logframe.files import read_logframe

    return read_logframe(example_path(name))
