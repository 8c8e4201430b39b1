"""The commands about values and scores: `score` and `explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mne.cli.options import As, Format, Known, Lang, Out, Plan, Quiet, SchemeName, Sources, Until
from mne.cli.showing import emit, emit_blocks, source_of
from mne.display.terminal import CLEAN, UNUSABLE, Progress, note
from mne.errors import OptionError

__all__ = ["explain", "score"]


def score(
    sources: Sources,
    *,
    logframe: Plan,
    scheme: SchemeName = "baseline-target",
    until: Until = None,
    known_by: Known = None,
    as_: As = None,
    output: Out = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> int:
    """Score a project from its partners' reports.

    What is wrong with the reports is listed, and does not count.
    """
    import mne

    with Progress(quiet=quiet) as progress:
        card = mne.evaluate(
            source_of(sources), logframe, scheme=scheme, until=until, known_by=known_by, progress=progress
        )
    emit(card, as_=as_, output=output, lang=lang, quiet=quiet)
    if not quiet and len(card.actuals.findings):
        note(f"findings: {card.actuals.findings.summary()}; `logframe validate` tells more")
    if not any(value.rows is not None and value.rows.height for value in card.actuals.values()):
        note("logframe: no report could be used, so nothing could be scored")
        return UNUSABLE
    return CLEAN


def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CODE-OR-ID", help="A finding code, or the id of a result or indicator.", show_default=False
        ),
    ],
    sources: Annotated[
        list[Path] | None, typer.Argument(metavar="[SOURCE]", help="Reports, to explain a result.", show_default=False)
    ] = None,
    *,
    logframe: Annotated[Path | None, typer.Option("--logframe", "-l", metavar="LOGFRAME", help="The logframe.")] = None,
    scheme: SchemeName = "baseline-target",
    until: Until = None,
    known_by: Known = None,
    depth: Annotated[
        int | None, typer.Option("--depth", min=0, help="Levels to show; all of them unless given.")
    ] = None,
    as_: As = None,
    output: Out = None,
    lang: Lang = None,
    quiet: Quiet = False,
) -> None:
    """Explain a finding code, or a score down to its cells.

    With a code alone: the rule, an example and the fix. With reports and --logframe: why a result or an indicator has
    the score that it has.
    """
    import mne

    if not sources and logframe is None:
        _explain_code(name, as_=as_, lang=lang)
        return
    if not sources or logframe is None:
        raise OptionError(
            f"to explain {name!r}, give the reports and --logframe; a finding code is explained without both"
        )
    with Progress(quiet=quiet) as progress:
        card = mne.evaluate(
            source_of(sources), logframe, scheme=scheme, until=until, known_by=known_by, progress=progress
        )
    told = card.explain(name, lang=lang)
    emit(told if depth is None else told.pruned(depth), as_=as_, output=output, lang=lang, quiet=quiet)


def _explain_code(name: str, *, as_: Format | None, lang: str | None) -> None:
    from dataclasses import asdict
    from difflib import get_close_matches

    from mne.display import lists
    from mne.ground.catalogue import CODES

    if name not in CODES:
        near = get_close_matches(name, CODES, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "`logframe codes` lists them all."
        raise OptionError(f"{name!r} is no finding code; {hint} To explain a result, give reports and --logframe too.")
    emit_blocks(lists.code(CODES[name], lang), asdict(CODES[name].in_language(lang)), as_=as_, lang=lang)
