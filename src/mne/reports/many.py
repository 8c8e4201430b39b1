"""The reports of many projects judged in one pass, each row against its own project's logframe.

Read `validate_many` first. Every rule is asked once of all projects together: the codes of each have a mark before
them, by which the tables of the plans are told apart, and which nobody outside of here ever sees.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from mne.ground.maps import FrozenMap
from mne.logframe.indicator import TOTAL
from mne.reports.beside import joined
from mne.reports.context import Judged
from mne.reports.judge import Why, hear, settle
from mne.reports.many_read import Gathered, gather
from mne.reports.many_report import PortfolioReport, Tried
from mne.reports.reading import ColumnAt, Reading, TableAt
from mne.reports.rules import RULES
from mne.reports.rules_agreement import agreement_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mne.reports.rule import Rule
    from mne.reports.table import Given
    from mne.tables.plans import CompiledPlans

__all__ = ["validate_many"]

_CODES = ("indicator", "partner", "location", "source_file")


def validate_many(
    source: Any,
    plans: CompiledPlans,
    *,
    given: Given,
    trusted: bool,
    today: dt.date | None,
    is_shown: Callable[[str], bool],
    loaded: Callable[[str], None] | None = None,
    asked: Callable[[str], None] | None = None,
) -> PortfolioReport:
    """Check the reports of many projects.

    Args:
        source: what `validate` takes; a column says which project each row is of.
        plans: the logframes.
        given: what the caller says of every row.
        trusted: the files are the caller's own.
        today: the day after which a period has not begun; None asks no clock.
        is_shown: whether findings of a code are shown.
        loaded: called with the name of each source once it is loaded.
        asked: called with the code of each rule about several rows, before it is asked.
    """
    gathered = gather(source, plans, given=given, trusted=trusted, tell=loaded)
    tables = plans.tables
    rules = plans.once(_rules)
    every = tuple(rule for rule, _ in rules)
    reading = _marked(gathered, plans)
    read = joined(reading, tables, today=today)
    heard = hear(Judged(reading, tables, read), every, why=Why.of(reading), tell=asked)
    settled = settle([heard], every, tables)
    tried = Tried(
        plans=plans,
        gathered=gathered,
        rules=rules,
        heard=heard,
        found=settled.offences,
        codes_held=pl.concat([heard.held, settled.held]),
        read=read,
    )
    return PortfolioReport(tried, is_shown)


def _rules(plans: CompiledPlans) -> tuple[tuple[Rule, int | None], ...]:
    """The library's rules, then those of each plan with its position."""
    tables = plans.tables
    own = [
        (rule, at)
        for at, (plan, mark) in enumerate(zip(tables.plans, tables.marks, strict=True))
        for rule in agreement_rules(plan, mark=mark)
    ]
    return (*((rule, None) for rule in RULES), *own)


def _marked(gathered: Gathered, plans: CompiledPlans) -> Reading:
    """All that was read as one reading, in which codes, and names of files, have the marks of their plans."""
    marks = plans.tables.marks
    frame = gathered.frame
    if len(plans) > 1:
        table = pl.DataFrame(
            {"plan_at": range(len(plans)), "mark": marks}, schema={"plan_at": pl.Int32, "mark": pl.String}
        )
        frame = frame.join(table, on="plan_at", how="left", maintain_order="left").with_columns(
            pl.when(pl.col(name) == TOTAL).then(pl.lit(TOTAL)).otherwise(pl.col("mark") + pl.col(name)).alias(name)
            for name in _CODES
        )
        frame = frame.drop("mark")
    columns: dict[tuple[str, str], Mapping[str, ColumnAt]] = {}
    for each in gathered.plain:
        columns |= {(mark + each.source.name, ""): each.columns for mark in marks}
    findings = []
    tables: list[TableAt] = []
    for at, parts in gathered.apart.items():
        for part in parts:
            columns |= {(marks[at] + file, sheet): told for (file, sheet), told in part.columns.items()}
            findings += [
                replace(each, place=replace(each.place, file=marks[at] + (each.place.file or "")))
                for each in part.findings
            ]
            tables += part.tables
    return Reading(
        frame=frame,
        raw=pl.DataFrame(schema={"source_order": pl.Int64()}),
        findings=tuple(findings),
        columns=FrozenMap(columns),
        tables=tuple(sorted(tables, key=lambda table: table.first)),
    )
