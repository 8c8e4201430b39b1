"""The command ``logframe``: a thin skin over the public API.

Read `main` first, then any command in `plans`, `partners`, `scores` or `about`: each reads its input, calls one
function of `mne`, and shows what came back (`showing`). Data go to stdout, notes and progress to stderr. Exit codes:
0 clean, 1 findings, 2 usage or unreadable, 3 a bug of ours.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Final

import typer

from mne.cli import about, partners, plans, scores
from mne.display.terminal import CLEAN, UNUSABLE, ends_well, speak_utf8

__all__ = ["app", "main"]

app = typer.Typer(
    name="logframe",
    help="Logframes as plain text, partner reports checked cell by cell, outcome scores that anyone can recompute.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, wanted: bool) -> None:
    if wanted:
        import mne

        sys.stdout.write(f"logframe {mne.__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=lambda value: _version(wanted=value), is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    pass


_COMMANDS: Final[dict[str, Callable[..., int | None]]] = {
    "check": plans.check,
    "diff": plans.compare,
    "validate": partners.validate,
    "template": partners.template,
    "map": partners.propose,
    "due": partners.due,
    "score": scores.score,
    "explain": scores.explain,
    "schemes": about.schemes,
    "codes": about.codes,
    "schema": about.schema,
    "init": about.init,
    "doctor": about.doctor,
}
for _name, _command in _COMMANDS.items():
    app.command(_name)(ends_well(_command))


def main() -> int:
    """Run the command line.

    Returns:
        The exit code.
    """
    speak_utf8()
    try:
        app(prog_name="logframe")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else UNUSABLE
    return CLEAN
