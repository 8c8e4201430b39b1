"""The command ``logframe``: a thin skin over the public API.

Read `main` first, then any command: each reads its input, calls one function of `mne`, and shows what came back. Data
go to stdout, notes and progress to stderr. Exit codes: 0 clean, 1 findings, 2 usage or unreadable, 3 a bug of ours.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mne.display.terminal import CLEAN, FOUND, UNUSABLE, Progress, ends_well, note, speak_utf8
from mne.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mne.display.blocks import Block
    from mne.ground.findings import Findings

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


class Format(StrEnum):
    """How a result is shown."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"


class FindingFormat(StrEnum):
    """How findings are shown."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"


class ReportFormat(StrEnum):
    """How a validation report is shown."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"
    EMAIL = "email"


class FailOn(StrEnum):
    """From which severity on findings end the command with exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


Plan = Annotated[Path, typer.Option("--logframe", "-l", metavar="LOGFRAME", help="The logframe, a YAML or JSON file.")]
Sources = Annotated[
    list[Path], typer.Argument(metavar="SOURCE", help="Reports: files or folders of them.", show_default=False)
]
As = Annotated[
    Format | None, typer.Option("--format", "-f", help="How to show it; text unless FILE's ending says otherwise.")
]
FindingsAs = Annotated[
    FindingFormat | None,
    typer.Option("--format", "-f", help="How to show it; text unless FILE's ending says otherwise."),
]
ReportAs = Annotated[
    ReportFormat | None,
    typer.Option("--format", "-f", help="How to show it; text unless FILE's ending says otherwise."),
]
Out = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE; its ending gives the format.")
]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="TAG", help="Language of findings, headings and titles: en, fr, ru or tg."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notes and no progress bar.")]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODE", help="Only these finding codes, or groups as number-*; repeat for more."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="CODE", help="Not these finding codes, or groups as number-*; repeat for more."),
]
Failing = Annotated[
    FailOn, typer.Option("--fail-on", help="The least severity that gives exit code 1; with never, none does.")
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Read so many files at the same time, each apart.")
]
Mappings = Annotated[
    list[Path] | None,
    typer.Option(
        "--mapping", metavar="FILE", help="How to read columns and words of a partner's own; repeat for more."
    ),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        "--memory-limit", metavar="SIZE", help="Read large tables in parts, with about this much memory, such as 2GB."
    ),
]
Spill = Annotated[Path | None, typer.Option("--spill", metavar="FOLDER", help="Where the parts are kept meanwhile.")]
OwnRules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="Further rules over several indicators, beside the plan's."),
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Periods that ended by this day count.")]
Known = Annotated[
    str | None, typer.Option("--known-by", metavar="DATE", help="Only reports received by this day count.")
]
SchemeName = Annotated[
    str, typer.Option("--scheme", "-s", help="A shipped scheme (see `logframe schemes`), or a YAML file.")
]


def _code_of(findings: Findings, fail_on: FailOn) -> int:
    """1 when something is as grave as that, or graver, else 0."""
    return FOUND if fail_on is not FailOn.NEVER and findings.at_least(str(fail_on)) else CLEAN


# --- how every command shows ------------------------------------------------------------------------------------


def _emit(obj: object, *, as_: StrEnum | None, output: Path | None, lang: str | None, quiet: bool = False) -> None:
    """Write an object to stdout or to a file, in the format asked for, or that of the file's ending."""
    from mne import _render

    if output is None and as_ in (None, "text"):
        _render.show(obj, lang=lang)
    elif output is None:
        sys.stdout.write(str(_render.rendered(obj, str(as_), lang=lang)))
    else:
        if as_ is None:
            _render.save(obj, output, lang=lang)
        else:
            from mne.ground.files import write_atomic

            write_atomic(output, _render.rendered(obj, str(as_), lang=lang))
        if not quiet:
            note(f"wrote {output}")


def _emit_blocks(blocks: Iterable[Block], plain_data: Any, *, as_: Format | None, lang: str | None) -> None:
    """Write something that is no object of the library: a catalogue, a list of schemes."""
    from mne.display.labels import labels
    from mne.display.markdown import markdown
    from mne.display.text import show

    say = labels(lang)
    if as_ is Format.JSON:
        _emit_json(plain_data)
    elif as_ is Format.MARKDOWN:
        sys.stdout.write(markdown(blocks, say))
    elif as_ is Format.HTML:
        raise OptionError("--format must be text, json or markdown here; html is for logframes, reports and scores")
    else:
        show(blocks, say)


def _emit_json(plain_data: Any) -> None:
    import json

    sys.stdout.write(json.dumps(plain_data, ensure_ascii=False, indent=2) + "\n")


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


# --- the commands -----------------------------------------------------------------------------------------------


@app.command()
@ends_well
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
    _emit(found, as_=as_, output=output, lang=lang, quiet=quiet)
    if not quiet:
        for path, findings in each_found:
            counted = findings.summary(lang=lang) if len(findings) else phrase("no findings").in_language(lang)
            note(f"{path}{spaced(':', lang)}{counted}")
    return UNUSABLE if unreadable else _code_of(found, fail_on)


def _chosen(found: Findings, select: list[str] | None, ignore: list[str] | None) -> Findings:
    """The findings with the codes asked for."""
    from mne.ground.catalogue import CODES
    from mne.ground.choosing import chosen
    from mne.ground.findings import Findings

    wanted = chosen(select or (), CODES, name="--select")
    unwanted = chosen(ignore or (), CODES, name="--ignore")
    return Findings(each for each in found if (not select or each.code in wanted) and each.code not in unwanted)


@app.command("diff")
@ends_well
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
    _emit(found, as_=as_, output=output, lang=lang, quiet=quiet)
    if not quiet:
        note(f"{old} → {new}: {found.summary()}")
    return FOUND if found else CLEAN


@app.command()
@ends_well
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
            _source(sources),
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
    _emit(report, as_=as_, output=output, lang=lang, quiet=quiet)
    if not quiet:
        say = labels(lang)
        note(f"{say(f'verdict-{report.verdict}')}{say.colon}{report.findings.summary(lang=lang)}")
        if as_ is ReportFormat.EMAIL and annotate is None and not report.ok:
            note("--annotate makes the copy that the letter speaks of, to be sent with it")
    if annotate is not None:
        _annotate(report, annotate, lang=lang, force=force, quiet=quiet)
    refused = bool(report.sources) and all(source.refused for source in report.sources)
    return UNUSABLE if refused else _code_of(report.findings, fail_on)


def _day(text: str | None) -> Any:
    """A day as it is written on the command line."""
    import datetime as dt

    from mne.errors import OptionError

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


@app.command()
@ends_well
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
    before = mne.validate(_source(previous), plan).observations if previous else None
    write_atomic(output, mne.template(plan, partner=partner, period=period, lang=lang, previous=before))
    if not quiet:
        note(f"wrote {output}. When it comes back: logframe validate {output.name} -l {logframe}")


@app.command("map")
@ends_well
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


def _source(sources: list[Path]) -> Any:
    return sources[0] if len(sources) == 1 else list(sources)


@app.command()
@ends_well
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
        report = mne.validate(_source(sources), plan, jobs=jobs, progress=progress)
    # A person at a terminal asks about this day; the library itself looks at no clock.
    found = mne.due(report, plan, on=on or dt.date.today())  # noqa: DTZ011 - a day as people count them
    _emit(found, as_=as_, output=output, lang=lang, quiet=quiet)
    return FOUND if found.to_come.height else CLEAN


@app.command()
@ends_well
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
            _source(sources), logframe, scheme=scheme, until=until, known_by=known_by, progress=progress
        )
    _emit(card, as_=as_, output=output, lang=lang, quiet=quiet)
    if not quiet and len(card.actuals.findings):
        note(f"findings: {card.actuals.findings.summary()}; `logframe validate` tells more")
    if not any(value.rows is not None and value.rows.height for value in card.actuals.values()):
        note("logframe: no report could be used, so nothing could be scored")
        return UNUSABLE
    return CLEAN


@app.command()
@ends_well
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
            _source(sources), logframe, scheme=scheme, until=until, known_by=known_by, progress=progress
        )
    told = card.explain(name, lang=lang)
    _emit(told if depth is None else told.pruned(depth), as_=as_, output=output, lang=lang, quiet=quiet)


def _explain_code(name: str, *, as_: Format | None, lang: str | None) -> None:
    from dataclasses import asdict
    from difflib import get_close_matches

    from mne.display import lists
    from mne.ground.catalogue import CODES

    if name not in CODES:
        near = get_close_matches(name, CODES, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "`logframe codes` lists them all."
        raise OptionError(f"{name!r} is no finding code; {hint} To explain a result, give reports and --logframe too.")
    _emit_blocks(lists.code(CODES[name], lang), asdict(CODES[name].in_language(lang)), as_=as_, lang=lang)


@app.command()
@ends_well
def schemes(*, as_: As = None, lang: Lang = None) -> None:
    """List the scoring schemes and their sources."""
    import mne
    from mne.display import lists

    found = mne.schemes()
    data = [scheme.model_dump(mode="json") for scheme in found.values()]
    _emit_blocks(lists.schemes(found, lang), data, as_=as_, lang=lang)


@app.command()
@ends_well
def codes(*, as_: As = None, lang: Lang = None) -> None:
    """List every finding code and what it says."""
    from dataclasses import asdict

    from mne.display import lists
    from mne.ground.catalogue import CODES

    told = [asdict(code.in_language(lang)) for code in CODES.values()]
    _emit_blocks(lists.codes(CODES, lang), told, as_=as_, lang=lang)


@app.command()
@ends_well
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
    _emit_json(mne.report_schema() if report else mne.mapping_schema() if mapping else mne.logframe_schema())


@app.command()
@ends_well
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


@app.command()
@ends_well
def doctor(*, as_: As = None) -> int:
    """Say what is installed, and what is wrong with it."""
    from mne.display import doctor as surgery

    found = surgery.examine()
    _emit_blocks(surgery.told(found), found.to_dict(), as_=as_, lang=None)
    return FOUND if found.troubles else CLEAN


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
