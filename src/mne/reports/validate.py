"""Partners' reports against a logframe: read, judge, keep what counts, say what does not.

`validate` below shows the whole flow. It never raises for what a partner wrote: that becomes a finding with its place.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import polars as pl

from mne.errors import OptionError
from mne.ground.catalogue import CODES, Severity
from mne.ground.choosing import chosen
from mne.ground.findings import Findings
from mne.logframe.agreement import AgreementRule
from mne.logframe.files import read_logframe
from mne.logframe.model import Logframe
from mne.reports.judge import judge
from mne.reports.own_rules import own_rules
from mne.reports.read import read
from mne.reports.reading import Reading
from mne.reports.report import Counts, Held, ValidationReport
from mne.reports.rules import RULES, Rule
from mne.tables.observations import NAMES, Observations, Status

__all__ = ["ValidationReport", "validate"]

Progress = Callable[[int, int, str], None]


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
) -> ValidationReport:
    """Check what partners sent, cell by cell.

    Args:
        source: a file, a folder, a pattern such as ``2026/*.xlsx``, a pandas, Polars, Arrow, DuckDB or Spark table,
            `Observations`, or a list of these.
        plan: the logframe, or the path of one.
        partner: whose report it is, where the file does not say.
        period: which period it is for, where the file does not say.
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

    Returns:
        The report: verdict, findings with their places, accepted observations, held rows, and what was checked.

    Raises:
        OptionError: an argument makes no sense.
        LogframeError: `plan` or `rules` is a path, and what stands there cannot be used.
        ReadError: `plan` or `rules` is a path that cannot be read.
    """
    known = _plan(plan)
    if default_status not in set(Status):
        raise OptionError(f"default_status must be one of {', '.join(Status)}, not {default_status!r}")
    every_rule = (*RULES, *own_rules(rules, known))
    codes = {*CODES, *(rule.code for rule in every_rule)}
    wanted, unwanted = chosen(select, codes, name="select"), chosen(ignore, codes, name="ignore")
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
    )
    files = len(reading.sources)
    tell = None if progress is None else lambda code: progress(files, files, code)
    judgement = judge(reading, known, rules=every_rule, today=today, tell=tell)
    told = (Findings(reading.findings) + judgement.findings).weighed(
        {code: Severity(each) for code, each in known.severities.items()}
    )
    shown = [code for code in told.codes if (not wanted or code in wanted) and code not in unwanted]
    accepted, held = _divided(reading, judgement.held)
    return ValidationReport(
        plan_id=known.id,
        findings=told.of(*shown),
        observations=Observations(accepted.select(NAMES)),
        held=Held(_as_written(reading, held)),
        counts=Counts(
            rows=reading.frame.height + sum(each.ignored for each in reading.sources),
            accepted=accepted.height,
            held=held.height,
            ignored=sum(each.ignored for each in reading.sources),
        ),
        checked=judgement.checked,
        sources=reading.sources,
        by_partner_and_period=_matrix(accepted, held),
        held_rows=held.select(NAMES),
        hidden=told.without(*shown),
    )


def _plan(plan: Any) -> Logframe:
    if isinstance(plan, Logframe):
        return plan
    if isinstance(plan, (str, os.PathLike)):
        return read_logframe(plan)
    raise OptionError(f"plan must be a Logframe or the path of one, not {type(plan).__name__}")


def _divided(reading: Reading, held: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    order = reading.frame["source_order"]
    accepted = reading.frame.filter(~order.is_in(held["source_order"].implode()))
    accepted = accepted if order.is_sorted() else accepted.sort("source_order")
    return accepted, reading.frame.join(held, on="source_order", how="inner").sort("source_order")


def _as_written(reading: Reading, held: pl.DataFrame) -> pl.DataFrame:
    """The held rows in the partner's own words, with their places and the codes that hold them."""
    places = held.select(
        "source_order",
        pl.col("source_file").alias("file"),
        pl.col("source_sheet").alias("sheet"),
        pl.col("source_row").alias("row"),
        pl.col("source_cell").alias("cell"),
        pl.col("codes").list.join(", "),
    )
    raw = reading.raw.rename({name: f"{name} (as written)" for name in reading.raw.columns if name in _TAKEN})
    return places.join(raw, on="source_order", how="left").drop("source_order")


_TAKEN = frozenset({"file", "sheet", "row", "cell", "codes"})


def _matrix(accepted: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    both = pl.concat(
        [
            accepted.select("partner", "period", accepted=pl.lit(1), held=pl.lit(0)),
            held.select("partner", "period", accepted=pl.lit(0), held=pl.lit(1)),
        ]
    )
    return both.group_by("partner", "period").agg(pl.col("accepted", "held").sum()).sort("partner", "period")
