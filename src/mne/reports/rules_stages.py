"""Rules about stages of a scale beside the one before: what was reached seldom falls back.

Read `STAGES` first. A milestone that was reached stays reached, so that a fall is a slip or news; a grade may fall, and
the partner only confirms it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.catalogue import Severity
from mne.logframe.indicator import Direction, Measure
from mne.reports.context import NOTHING
from mne.reports.in_series import before
from mne.reports.rule import Rule
from mne.reports.rules_keys import decimal_text
from mne.tables.observations import State
from mne.tables.plan import MARK

if TYPE_CHECKING:
    from mne.reports.context import Asked

__all__ = ["STAGES"]


def _falls(asked: Asked) -> pl.DataFrame:
    """Stages that are lower than the one before them in their series."""
    steps = asked.judged.reported.keep(pl.col("ranked")).select("source_order", "series", "counted")
    fallen = pl.col("counted") < before("counted")
    steps = steps.with_columns(earlier=before("source_order")).filter(fallen)
    if not steps.height:
        return NOTHING
    steps = steps.join(asked.rows.select("source_order").collect(), on="source_order", how="semi")
    rows = asked.judged.newest_rows.of_orders(steps["earlier"]).lazy()
    last = rows.select(
        earlier="source_order",
        stage=pl.coalesce("text", decimal_text("value")),
        when=pl.coalesce("plan_period", "period").str.split(MARK).list.last(),
    ).collect()
    return steps.join(last, on="earlier").select("source_order", "stage", "when", related=pl.concat_list("earlier"))


def _of(measure: Measure) -> nw.Expr:
    rises = nw.col("direction") != Direction.DECREASE.value
    return (nw.col("state") == State.REPORTED.value) & (nw.col("measure") == measure.value) & rises


STAGES: Final[tuple[Rule, ...]] = tuple(
    Rule(
        code="stage-falls-back",
        at="value",
        scope="table",
        spread="partner",
        over="newest",
        where=partial(_of, measure),
        find=_falls,
        expected="{stage} or a later stage, as in {when}",
        severity=severity,
    )
    for measure, severity in ((Measure.MILESTONE, Severity.WARNING), (Measure.ORDINAL, Severity.INFO))
)
"""The rules about stages."""
