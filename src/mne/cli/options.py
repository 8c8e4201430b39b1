"""The options that commands share, and what they can be.

Read `Format` first; the names below it are the types of parameters, as Typer reads them.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "As", "FailOn", "Failing", "FindingFormat", "FindingsAs", "Format", "Ignore", "Jobs", "Known", "Lang", "Mappings",
    "MemoryLimit", "Out", "OwnRules", "Plan", "Quiet", "ReportAs", "ReportFormat", "SchemeName", "Select", "Sources",
    "Spill", "Until",
]  # fmt: skip


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
