"""The commands about the library itself: what it knows, a plan to start from, and whether all of it is there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from mne.cli.options import As, Lang, Quiet
from mne.cli.showing import emit_blocks, emit_json
from mne.display.terminal import CLEAN, FOUND, note
from mne.errors import OptionError

__all__ = ["codes", "doctor", "init", "schema", "schemes"]


def schemes(*, as_: As = None, lang: Lang = None) -> None:
    """List the scoring schemes and their sources."""
    import mne
    from mne.display import lists

    found = mne.schemes()
    data = [scheme.model_dump(mode="json") for scheme in found.values()]
    emit_blocks(lists.schemes(found, lang), data, as_=as_, lang=lang)


def codes(*, as_: As = None, lang: Lang = None) -> None:
    """List every finding code and what it says."""
    from dataclasses import asdict

    from mne.display import lists
    from mne.ground.catalogue import CODES

    told = [asdict(code.in_language(lang)) for code in CODES.values()]
    emit_blocks(lists.codes(CODES, lang), told, as_=as_, lang=lang)


def schema(
    *,
    mapping: Annotated[bool, typer.Option("--mapping", help="The schema of mapping files instead.")] = False,
    report: Annotated[bool, typer.Option("--report", help="The schema of what validate --format json gives.")] = False,
) -> None:
    """Print the JSON Schema of a logframe.

    Editors complete and check YAML by it.
    """
    import mne

    if mapping and report:
        raise OptionError("--mapping and --report are two schemas; ask for one")
    emit_json(mne.report_schema() if report else mne.mapping_schema() if mapping else mne.logframe_schema())


def init(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The new logframe, such as plan.yaml.", show_default=False)
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write a small commented logframe to start from."""
    from mne.display.starter import STARTER
    from mne.ground.files import write_atomic

    if file.suffix.lower() not in (".yaml", ".yml"):
        raise OptionError(f"FILE must end in .yaml or .yml, not {file.suffix or 'in nothing'!r}")
    if os.path.lexists(file) and not force:
        raise OptionError(f"{file} is there already; --force writes over it")
    write_atomic(file, STARTER)
    if not quiet:
        note(f"wrote {file}. Next: logframe check {file}")


def doctor(*, as_: As = None) -> int:
    """Say what is installed, and what is wrong with it."""
    from mne.display import doctor as surgery

    found = surgery.examine()
    emit_blocks(surgery.told(found), found.to_dict(), as_=as_, lang=None)
    return FOUND if found.troubles else CLEAN
