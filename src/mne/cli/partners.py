"""The commands about partners' reports: `validate`, `template`, `map` and `due`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from mne.cli.options import (
    As,
    Failing,
    FailOn,
    Ignore,
    Jobs,
    Lang,
    Mappings,
    MemoryLimit,
    Out,
    OwnRules,
    Plan,
    Quiet,
    ReportAs,
    ReportFormat,
    Select,
    Sources,
    Spill,
)
from mne.cli.showing import code_of, emit, source_of
from mne.display.terminal import CLEAN, FOUND, UNUSABLE, Progress, note
from mne.errors import OptionError

__all__ = ["due", "propose", "template", "validate"]


def validate(
    sources: Sources,
    *,
    logframe: Plan,
    as_: ReportAs = None,
    output: Out = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Failing = FailOn.WARNING,
    jobs: Jobs = 1,
    annotate: Annotated[
        Path | None,
        typer.Option(
            "--annotate",
            metavar="OUT",
            help="Also write copies with what to fix marked: OUT.xlsx for one file, a folder for many.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over annotated copies that are there already.")] = False,
    mapping: Mappings = None,
    rules: OwnRules = None,
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="CODE", help="Whose report it is, where the file does not say.")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", metavar="PERIOD", help="For which period; earlier ones are only compared with."),
    ] = None,
    memory_limit: MemoryLimit = None,
    spill: Spill = None,
    today: Annotated[
        str | None,
        typer.Option("--today", metavar="DATE", help="The day after which no period has begun yet."),
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Check partners' reports against a logframe, cell by cell."""
    import mne
    from mne.display.labels import labels

    if output is not None and output.suffix.casefold() in (".xlsx", ".xlsm"):
        raise OptionError(f"--output writes what was found; the copy of a workbook is --annotate {output}")
    plan = mne.read_logframe(logframe)
    with Progress(quiet=quiet) as progress:
        report = mne.validate(
            source_of(sources),
            plan,
            select=select or (),
            ignore=ignore or (),
            jobs=jobs,
            mapping=mapping,
            rules=rules or (),
            partner=partner,
            period=period,
            today=_day(today),
            progress=progress,
            memory_limit=memory_limit,
            spill=spill,
        )
    emit(report, as_=as_, output=output, lang=lang, quiet=quiet)
    if not quiet:
        say = labels(lang)
        note(f"{say(f'verdict-{report.verdict}')}{say.colon}{report.findings.summary(lang=lang)}")
        if as_ is ReportFormat.EMAIL and annotate is None and not report.ok:
            note("--annotate makes the copy that the letter speaks of, to be sent with it")
    if annotate is not None:
        _annotate(report, annotate, lang=lang, force=force, quiet=quiet)
    refused = bool(report.sources) and all(source.refused for source in report.sources)
    return UNUSABLE if refused else code_of(report.findings, fail_on)


def _day(text: str | None) -> Any:
    """A day as it is written on the command line."""
    import datetime as dt

    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise OptionError(f"--today must be a day such as 2026-07-20, not {text!r}") from None


def _annotate(report: Any, output: Path, *, lang: str | None, force: bool, quiet: bool) -> None:
    """Write the annotated copies, and say which, and what could not be kept in them."""
    from mne.exchange.workbook.annotate import annotate_all

    for copy, lost in annotate_all(report, output, lang=lang, force=force):
        for each in lost:
            note(str(each))
        if not quiet:
            note(f"wrote {copy}")


def template(
    logframe: Annotated[
        Path, typer.Argument(metavar="LOGFRAME", help="The logframe, a YAML or JSON file.", show_default=False)
    ],
    *,
    partner: Annotated[str, typer.Option("--partner", metavar="CODE", help="The partner who fills it in.")],
    period: Annotated[str, typer.Option("--period", metavar="LABEL", help="The period, such as 2026-Q3.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The workbook to write (.xlsx).")],
    previous: Annotated[
        list[Path] | None,
        typer.Option("--previous", metavar="SOURCE", help="Earlier reports, to show the last values; repeat for more."),
    ] = None,
    lang: Annotated[
        str, typer.Option("--lang", metavar="TAG", help="Language of the workbook: en, fr, ru or tg.")
    ] = "en",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")] = False,
    quiet: Quiet = False,
) -> None:
    """Make a workbook for a partner to fill in for one period.

    `logframe validate` reads it back and knows whose it is.
    """
    import mne
    from mne.ground.files import write_atomic

    if output.suffix.lower() != ".xlsx":
        raise OptionError(f"FILE must end in .xlsx, not {output.suffix or 'in nothing'!r}")
    if os.path.lexists(output) and not force:
        raise OptionError(f"{output} is there already; --force writes over it")
    plan = mne.read_logframe(logframe)
    before = mne.validate(source_of(previous), plan).observations if previous else None
    write_atomic(output, mne.template(plan, partner=partner, period=period, lang=lang, previous=before))
    if not quiet:
        note(f"wrote {output}. When it comes back: logframe validate {output.name} -l {logframe}")


def propose(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A partner's report.", show_default=False)],
    *,
    logframe: Plan,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the mapping to FILE.")
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Propose a mapping for a file with columns and words of its own.

    Comments say how sure each line is. Exit code 0 when all is certain, 1 when a person has to look.
    """
    import mne

    found = mne.propose_mapping(source, mne.read_logframe(logframe))
    if output is None:
        sys.stdout.write(found.text)
    else:
        found.save(output)
    if not quiet:
        note(f"{found!r}" + "".join(f"\nunresolved: {told}" for told in found.unresolved))
    if not found.guesses:
        note("; ".join(str(each) for each in found.findings) or "no table was found")
        return UNUSABLE
    return CLEAN if found.is_certain else FOUND


def due(
    sources: Sources,
    *,
    logframe: Plan,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day to ask for; this day unless given.")
    ] = None,
    as_: As = None,
    output: Out = None,
    lang: Lang = None,
    jobs: Jobs = 1,
    quiet: Quiet = False,
) -> int:
    """Say who has reported, and what is still to come.

    Exit code 0 when everything that is due has come, 1 when something has not.
    """
    import datetime as dt

    import mne

    plan = mne.read_logframe(logframe)
    with Progress(quiet=quiet) as progress:
        report = mne.validate(source_of(sources), plan, jobs=jobs, progress=progress)
    # A person at a terminal asks about this day; the library itself looks at no clock.
    found = mne.due(report, plan, on=on or dt.date.today())  # noqa: DTZ011 - a day as people count them
    emit(found, as_=as_, output=output, lang=lang, quiet=quiet)
    return FOUND if found.to_come.height else CLEAN
