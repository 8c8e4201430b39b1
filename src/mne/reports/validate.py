"""Partners' reports against a logframe: read, judge, keep what counts, say what does not.

`validate` below shows the whole flow. It never raises for what a partner wrote: that becomes a finding with its place.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, overload

from mne.errors import OptionError
from mne.ground.catalogue import CODES, Severity
from mne.ground.choosing import chosen
from mne.ground.findings import Findings
from mne.logframe.agreement import AgreementRule
from mne.logframe.files import read_logframe
from mne.logframe.model import Logframe
from mne.logframe.portfolio import Portfolio
from mne.reports.earlier import held_whole, left_out, not_come, told_of_others, wrong_report
from mne.reports.handover import report_of
from mne.reports.judge import judge
from mne.reports.large import ODD_ROW, judged_in_parts
from mne.reports.many import validate_many
from mne.reports.many_report import PortfolioReport
from mne.reports.mapping import mappings_of
from mne.reports.on_spark import judged_on_spark
from mne.reports.own_rules import own_rules
from mne.reports.read import given_of, given_of_all, read
from mne.reports.report import ValidationReport
from mne.reports.rules import RULES, Rule
from mne.tables.buckets import bytes_of, rows_of
from mne.tables.frames import is_spark
from mne.tables.observations import Status
from mne.tables.plans import CompiledPlans, compile_plans, is_plans

__all__ = ["PortfolioReport", "ValidationReport", "validate"]

Progress = Callable[[int, int, str], None]

_DRIVER: Final = "2GB"
"""What a reading on Spark may take of the memory of this process, unless a limit is given."""


@overload
def validate(
    source: Any,
    plan: Logframe | str | os.PathLike[str],
    *,
    partner: str | None = None,
    period: str | None = None,
    default_status: str = Status.SUBMITTED.value,
    rules: Sequence[Rule | AgreementRule] | str | os.PathLike[str] = (),
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    delimiter: str | None = None,
    trusted: bool = False,
    jobs: int = 1,
    today: dt.date | None = None,
    mapping: Any = None,
    progress: Progress | None = None,
    memory_limit: str | int | None = None,
    spill: str | os.PathLike[str] | None = None,
) -> ValidationReport: ...
@overload
def validate(
    source: Any,
    plan: CompiledPlans | Portfolio | Sequence[Logframe],
    *,
    default_status: str = Status.SUBMITTED.value,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    delimiter: str | None = None,
    trusted: bool = False,
    today: dt.date | None = None,
    progress: Progress | None = None,
) -> PortfolioReport: ...
def validate(
    source: Any,
    plan: Logframe | str | os.PathLike[str] | CompiledPlans | Portfolio | Sequence[Logframe],
    *,
    partner: str | None = None,
    period: str | None = None,
    default_status: str = Status.SUBMITTED.value,
    rules: Sequence[Rule | AgreementRule] | str | os.PathLike[str] = (),
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    delimiter: str | None = None,
    trusted: bool = False,
    jobs: int = 1,
    today: dt.date | None = None,
    mapping: Any = None,
    progress: Progress | None = None,
    memory_limit: str | int | None = None,
    spill: str | os.PathLike[str] | None = None,
) -> ValidationReport | PortfolioReport:
    """Check what partners sent, cell by cell.

    Args:
        source: a file, a folder, a pattern such as ``2026/*.xlsx``, a pandas, Polars, Arrow, DuckDB or Spark table,
            `Observations`, or a list of these.
        plan: the logframe, or the path of one. Of many projects all their logframes: a list, a `Portfolio`, or what
            `compile_plans` made of them; then a column says which project each row is of.
        partner: whose report it is, where the file does not say.
        period: which period it is for, where the files do not say. Rows of periods before it, as in last quarter's
            report in the same folder, are only what its figures are compared with: they are told of once, and no part
            of the report. With a `memory_limit`, and on Spark, they are held.
        default_status: the status of rows without one: draft, submitted, returned or accepted.
        rules: further rules of your own, run with the library's: each a `Rule`, or an `AgreementRule` over several
            indicators; or the path of a file of the latter, as `read_rules` reads it. Those of the plan are always run.
        select: show only findings of these codes, or groups of codes such as ``number-`` or ``number-*``.
        ignore: do not show findings of these codes or groups; a row that cannot count is held all the same.
        delimiter: what parts the cells of text tables, where that was agreed; a file parted otherwise is refused.
        trusted: the files are your own: read them in this process, without the guard against hostile ones.
        jobs: how many files are read at the same time, each in a process apart; the report is the same.
        today: the day on which a report for a later period is one from the future; None asks no clock.
        mapping: a partner's own columns and words: a `Mapping`, the path of one, or a list of them; for each file the
            first counts that is for files of its name.
        progress: called with (done, total, name) after each file, with how far it is while a large workbook is read,
            and with each rule that is asked of a large table. What it raises ends the work: nothing is left behind.
        memory_limit: about how much memory may be used beside what the process has already, such as ``2GB``; None sets
            no limit. Large tables as a machine writes them (a frame, a Parquet file, a text table without quotes; one
            row for each figure) are then read some rows at a time, judged some partners at a time, and kept in files:
            the report is the same. Any file may then have more rows, and Parquet files are read in this process. One
            partner's rows are always judged together, and `jobs` is not asked.
        spill: the folder for these files; None takes the system's. They are gone when the report is no longer used.

    Returns:
        The report: verdict, findings with their places, accepted observations, held rows, and what was checked. Of many
        projects a `PortfolioReport`, which has the report on each; `partner`, `period`, `rules`, `jobs`, `mapping`,
        `memory_limit` and `spill` are for one project.

    Raises:
        OptionError: an argument makes no sense.
        LogframeError: `plan` or `rules` is a path, and what stands there cannot be used.
        ReadError: `plan` or `rules` is a path that cannot be read.
    """
    if default_status not in set(Status):
        raise OptionError(f"default_status must be one of {', '.join(Status)}, not {default_status!r}")
    if is_plans(plan):
        own = {
            "partner": partner,
            "period": period,
            "rules": rules or None,
            "mapping": mapping,
            "memory_limit": memory_limit,
            "spill": spill,
        }
        refused = [name for name, value in own.items() if value is not None] + ["jobs"] * (jobs != 1)
        if refused:
            raise OptionError(f"{', '.join(refused)} can be given for one project, not for many")
        wanted, unwanted = chosen(select, {*CODES}, name="select"), chosen(ignore, {*CODES}, name="ignore")
        return validate_many(
            source,
            compile_plans(plan),
            given=given_of_all(default_status, delimiter),
            trusted=trusted,
            today=today,
            is_shown=lambda code: (not wanted or code in wanted) and code not in unwanted,
            loaded=None if progress is None else lambda name: progress(0, 1, name),
            asked=None if progress is None else lambda code: progress(1, 1, code),
        )
    known = _plan(plan)
    every_rule = (*RULES, *own_rules(rules, known))
    codes = {*CODES, *(rule.code for rule in every_rule)}
    wanted, unwanted = chosen(select, codes, name="select"), chosen(ignore, codes, name="ignore")
    large = None
    given = replace(given_of(known, partner, period, default_status, delimiter), mappings=mappings_of(mapping))
    if is_spark(source):
        odd = rows_of(bytes_of(memory_limit or _DRIVER), ODD_ROW)
        large = judged_on_spark(source, known, given, every_rule, odd=odd, today=today)
    elif memory_limit is not None:
        large = judged_in_parts(
            source,
            known,
            given,
            every_rule,
            memory_limit=memory_limit,
            spill=spill,
            trusted=trusted,
            today=today,
            progress=progress,
        )
    if large is not None:
        told, shown = _weighed(large.findings, known, wanted, unwanted)
        return ValidationReport(
            plan_id=known.id,
            findings=told.of(*shown),
            observations=large.observations,
            held=large.held,
            counts=large.counts,
            checked=large.checked,
            sources=large.sources,
            by_partner_and_period=large.by_partner_and_period,
            held_typed=large.held_typed,
            hidden=told.without(*shown),
        )
    reading = read(
        source,
        known,
        partner=partner,
        period=period,
        default_status=default_status,
        delimiter=delimiter,
        trusted=trusted,
        jobs=jobs,
        mapping=mapping,
        progress=progress,
        compared=True,
    )
    files = len(reading.sources)
    tell = None if progress is None else lambda code: progress(files, files, code)
    judgement = judge(reading, known, rules=every_rule, today=today, tell=tell, period=given.period)
    held, said = judgement.held, Findings(reading.findings)
    wrong = wrong_report(reading, given.period) if given.period is not None else None
    if given.period is not None and wrong is not None:
        reading = left_out(reading, given.period, kept=wrong) if wrong else reading
        said, held = told_of_others(reading.findings, files=wrong), held_whole(reading)
    elif given.period is not None:
        reading = left_out(reading, given.period)
        said = Findings(reading.findings) + not_come(reading, given.period)
    told, shown = _weighed(said + judgement.findings, known, wanted, unwanted)
    return report_of(
        reading,
        known,
        held=held,
        checked=judgement.checked,
        findings=told.of(*shown),
        hidden=told.without(*shown),
    )


def _weighed(
    findings: Findings, plan: Logframe, wanted: frozenset[str], unwanted: frozenset[str]
) -> tuple[Findings, list[str]]:
    """The findings with the project's severities, and the codes of those that are shown."""
    told = findings.weighed({code: Severity(each) for code, each in plan.severities.items()})
    return told, [code for code in told.codes if (not wanted or code in wanted) and code not in unwanted]


def _plan(plan: Any) -> Logframe:
    if isinstance(plan, Logframe):
        return plan
    if isinstance(plan, (str, os.PathLike)):
        return read_logframe(plan)
    raise OptionError(f"plan must be a Logframe or the path of one, not {type(plan).__name__}")
