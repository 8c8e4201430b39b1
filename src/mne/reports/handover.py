"""A reading and what was judged of it, made into a report.

Read `report_of` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mne.reports.report import Checked, Counts, Held, ValidationReport, as_written
from mne.tables.observations import NAMES, Observations

if TYPE_CHECKING:
    from mne.ground.findings import Findings
    from mne.logframe.model import Logframe
    from mne.reports.reading import Reading

__all__ = ["report_of"]


def report_of(
    reading: Reading,
    plan: Logframe,
    *,
    held: pl.DataFrame,
    checked: tuple[Checked, ...],
    findings: Findings,
    hidden: Findings,
) -> ValidationReport:
    """The report on a reading; `held` has the rows that do not count, with their codes."""
    accepted, rows = _divided(reading, held)
    ignored = sum(each.ignored for each in reading.sources)
    return ValidationReport(
        plan_id=plan.id,
        findings=findings,
        observations=Observations(accepted.select(NAMES)),
        held=Held(as_written(reading.raw, rows)),
        counts=Counts(
            rows=reading.frame.height + ignored,
            accepted=accepted.height,
            held=rows.height,
            ignored=ignored,
            compared=sum(each.compared for each in reading.sources),
        ),
        checked=checked,
        sources=reading.sources,
        by_partner_and_period=_matrix(accepted, rows),
        held_typed=lambda: rows.select(NAMES),
        hidden=hidden,
    )


def _divided(reading: Reading, held: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    order = reading.frame["source_order"]
    mine = order.is_in(held["source_order"].implode())
    accepted = reading.frame.filter(~mine)
    accepted = accepted if order.is_sorted() else accepted.sort("source_order")
    return accepted, reading.frame.filter(mine).join(held, on="source_order", how="inner").sort("source_order")


def _matrix(accepted: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    both = pl.concat(
        [
            accepted.select("partner", "period", accepted=pl.lit(1), held=pl.lit(0)),
            held.select("partner", "period", accepted=pl.lit(0), held=pl.lit(1)),
        ]
    )
    return both.group_by("partner", "period").agg(pl.col("accepted", "held").sum()).sort("partner", "period")
