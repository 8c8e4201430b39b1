"""Runs files of cases through their adapters and counts what became of them. Read `run_file` first, then `table`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from tests.conformance.contract import Case, Datasets, Format, NotWired, Outcome, Status

MOST_NOT_APPLICABLE: Final = Fraction(8, 100)
"""The share of a file's cases that may be left out with a reason."""


@dataclass(frozen=True)
class Done:
    """One case with what became of it."""

    id: str
    key: str
    verdict: str
    system: str
    outcome: Outcome


@dataclass(frozen=True)
class FileRun:
    """One file with all its cases; `problem` says why it could not be run at all."""

    path: str
    format: str
    done: tuple[Done, ...] = ()
    problem: str = ""

    def count(self, status: Status) -> int:
        """How many cases became that."""
        return sum(1 for each in self.done if each.outcome.status is status)

    @property
    def too_many_left_out(self) -> bool:
        """Whether more cases than allowed are not applicable."""
        return bool(self.done) and Fraction(self.count(Status.NOT_APPLICABLE), len(self.done)) > MOST_NOT_APPLICABLE

    @property
    def is_good(self) -> bool:
        """Whether nothing failed, nothing is without an adapter, and not too much was left out."""
        bad = self.count(Status.FAILED) + self.count(Status.NOT_WIRED)
        return bool(self.done) and not self.problem and not bad and not self.too_many_left_out


def formats() -> tuple[Format, ...]:
    """The formats that can be run, the most particular first."""
    from tests.conformance import frameworks, methods, peers

    return methods.FORMAT, frameworks.FORMAT, peers.FORMAT


def run_file(path: str | Path, known: Sequence[Format] | None = None) -> FileRun:
    """All cases of one file, through the adapters of the format that it is recognised as."""
    name = Path(path).name
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        return FileRun(name, "unreadable", problem=f"cannot be read: {error}")
    form = next((each for each in (formats() if known is None else known) if each.recognises(content)), None)
    if form is None:
        return FileRun(name, "unknown", problem="is of no known format")
    datasets = form.datasets(content)
    done = tuple(_done(case, form, datasets) for case in form.cases(content))
    return FileRun(name, form.name, done, "" if done else "holds no cases")


def _done(case: Case, form: Format, datasets: Datasets) -> Done:
    return Done(
        form.identity(case), form.key(case), form.verdict(case), form.system(case), outcome_of(case, form, datasets)
    )


def outcome_of(case: Case, form: Format, datasets: Datasets) -> Outcome:
    """What becomes of one case: left out with a reason, without an adapter, or what its adapter says."""
    key = form.key(case)
    told = f"{case.get('method', '')} {json.dumps(case.get('inputs'), default=str, ensure_ascii=False)}"
    for exclusion in form.not_applicable:
        if re.fullmatch(exclusion.key, key) and re.search(exclusion.method, told):
            return Outcome(Status.NOT_APPLICABLE, why=exclusion.reason)
    adapter = form.adapters.get(key)
    if adapter is None:
        return Outcome(Status.NOT_WIRED, why=f"nobody answers for {key!r}")
    try:
        return adapter(case, datasets)
    except NotWired as missing:
        return Outcome(Status.NOT_WIRED, why=str(missing))
    except Exception as error:  # noqa: BLE001 - one case that breaks must not keep the others from being counted
        return Outcome(Status.FAILED, why=f"{type(error).__name__}: {error}")


# --- telling ------------------------------------------------------------------------------------------------------

_COLUMNS: Final = ("run", *Status)


def table(runs: Iterable[FileRun]) -> str:
    """The counts by file, verdict and system, with a line of totals for each file and verdict, and for everything."""
    lines = [("file", "verdict", "system", *_COLUMNS)]
    everything: list[Done] = []
    for run in runs:
        for verdict in sorted({each.verdict for each in run.done}):
            of_verdict = [each for each in run.done if each.verdict == verdict]
            lines.extend(
                (run.path, verdict, system, *_counts([each for each in of_verdict if each.system == system]))
                for system in sorted({each.system for each in of_verdict})
            )
            lines.append((run.path, verdict, "(all)", *_counts(of_verdict)))
        lines.append((run.path, "(all)", "(all)", *_counts(run.done)))
        everything.extend(run.done)
    lines.append(("(all)", "(all)", "(all)", *_counts(everything)))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 3 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _counts(done: Sequence[Done]) -> tuple[str, ...]:
    by_status = Counter(each.outcome.status for each in done)
    ran = by_status[Status.PASSED] + by_status[Status.FAILED]
    return (str(ran), *(str(by_status[status]) for status in Status))


def failures(runs: Iterable[FileRun]) -> list[str]:
    """One line for every case that failed or that nobody answers for, and for every file that cannot stand."""
    told = []
    for run in runs:
        if run.problem:
            told.append(f"{run.path}: {run.problem}")
        told.extend(
            f"{run.path}: {each.id} ({each.verdict}, {each.system}, {each.key}): {_why(each.outcome)}"
            for each in run.done
            if each.outcome.status in (Status.FAILED, Status.NOT_WIRED)
        )
        if run.too_many_left_out:
            told.append(f"{run.path}: {run.count(Status.NOT_APPLICABLE)} of {len(run.done)} not applicable is too many")
    return told


def left_out(runs: Iterable[FileRun]) -> list[str]:
    """One line per reason for which cases were left out, with their number."""
    reasons = Counter(
        (run.path, each.key, each.outcome.why)
        for run in runs
        for each in run.done
        if each.outcome.status is Status.NOT_APPLICABLE
    )
    return [f"{path}: {count} × {key}: {why}" for (path, key, why), count in sorted(reasons.items())]


def _why(outcome: Outcome) -> str:
    words = f"{outcome.status}: {outcome.why}"
    if outcome.status is Status.FAILED and (outcome.got is not None or outcome.want is not None):
        words += f"; got {shown(outcome.got)}, want {shown(outcome.want)}"
    return words.replace("\n", " ")


def shown(value: Any) -> str:
    """An answer as it is read by a person."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(each) for each in value) + "]"
    if isinstance(value, Fraction):
        return str(value) if value.denominator == 1 else f"{value} ({float(value):.6g})"
    return str(value)
