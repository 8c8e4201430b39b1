"""The commands about logframes alone: `check` and `diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mne.cli.options import As, Failing, FailOn, FindingsAs, Ignore, Lang, Out, Quiet, Select
from mne.cli.showing import code_of, emit
from mne.display.terminal import CLEAN, FOUND, UNUSABLE, note

if TYPE_CHECKING:
    from mne.ground.findings import Findings

__all__ = ["check", "compare"]


def check(
    logframes: Annotated[
        list[Path], typer.Argument(metavar="LOGFRAME", help="Logframes, YAML or JSON files.", show_default=False)
    ],
    *,
    as_: FindingsAs = None,
    output: Out = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Failing = FailOn.WARNING,
    quiet: Quiet = False,
) -> int:
    """Check logframes: their text, their model, their design."""
    import mne
    from mne.ground.findings import Findings
    from mne.ground.phrases import phrase
    from mne.ground.tags import spaced

    each_found = [(path, mne.check_logframe(path)) for path in logframes]
    unreadable = any(
        each.level == "blocker" and each.place.line is None for _, findings in each_found for each in findings
    )
    each_found = [(path, _chosen(findings, select, ignore)) for path, findings in each_found]
    found = Findings(each for _, findings in each_found for each in findings)
    emit(found, as_=as_, output=output, lang=lang, quiet=quiet)
    if not quiet:
        for path, findings in each_found:
            counted = findings.summary(lang=lang) if len(findings) else phrase("no findings").in_language(lang)
            note(f"{path}{spaced(':', lang)}{counted}")
    return UNUSABLE if unreadable else code_of(found, fail_on)


def _chosen(found: Findings, select: list[str] | None, ignore: list[str] | None) -> Findings:
    """The findings with the codes asked for."""
    from mne.ground.catalogue import CODES
    from mne.ground.choosing import chosen
    from mne.ground.findings import Findings

    wanted = chosen(select or (), CODES, name="--select")
    unwanted = chosen(ignore or (), CODES, name="--ignore")
    return Findings(each for each in found if (not select or each.code in wanted) and each.code not in unwanted)


def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The logframe as it was.", show_default=False)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The logframe as it is.", show_default=False)],
    *,
    about: Annotated[
        str | None, typer.Option("--of", metavar="ID", help="Only what can change this result or indicator.")
    ] = None,
    as_: As = None,
    output: Out = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Compare two logframes: what changed, and whose score that can change.

    Exit code 0 when nothing that means something differs, 1 when it does.
    """
    import mne
    from mne.logframe.revisions import diff

    found = diff(mne.read_logframe(old), mne.read_logframe(new))
    if about is not None:
        found = found.of(about)
    emit(found, as_=as_, output=output, lang=lang, quiet=quiet)
    if not quiet:
        note(f"{old} → {new}: {found.summary()}")
    return FOUND if found else CLEAN
