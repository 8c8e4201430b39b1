"""A table counted part by part: what each part comes to, put together, and turned into values.

Read `part_of`, `together` and `values_of`. Parts hold different partners: a cell, its revisions and a reporter's
history lie in one part, and what parts come to is added up. So a table may be larger than memory, or lie on many
machines: what travels is a few numbers for each period, and the rows of those indicators whose values do not add up.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from mne.ground.maps import FrozenMap
from mne.tables.observations import NAMES
from mne.values.cells import chosen, reporter_cells
from mne.values.counting import tallied
from mne.values.kinds import Strays, findings_of, select_lines
from mne.values.select import Factors, Selection, select
from mne.values.series import indicator_value, tallied_value
from mne.values.tally import Tally, adds, merged, tally_from, tally_told
from mne.values.values import IndicatorValue, Rows, Selected

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe

__all__ = ["Asked", "Count", "Part", "folded", "from_table", "part_of", "to_table", "together", "values_of"]

TOLD = "_told"
"""The column of a part's table in which one row tells all but the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a table. `until` is None where the newest day that anybody reports on is meant."""

    until: dt.date | None
    known_by: dt.date | None
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The values of all indicators that are reported, without those that a formula computes from them."""

    values: Mapping[str, IndicatorValue]
    until: dt.date | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a table comes to.

    `rows` are those of indicators whose values do not add up; `strays` counts rows that cannot count, and `factors`
    convert units, as in `mne.values.kinds.Lines`.
    """

    until: dt.date | None
    tallies: Mapping[str, Tally]
    rows: pl.DataFrame
    strays: Strays = field(default_factory=FrozenMap)
    factors: Factors = field(default_factory=dict)


def part_of(frame: pl.DataFrame, plan: Logframe, asked: Asked, *, partners: Collection[str] | None = None) -> Part:
    """What the rows of some partners come to; of all where `partners` is None."""
    lines = select_lines(frame, plan, until=asked.until, known_by=asked.known_by, statuses=asked.statuses)
    tallies = tallied(lines, frame, plan, partners=partners)
    others = [code for code, each in plan.indicators.items() if each.formula is None and not adds(each)]
    return Part(lines.until, tallies, rows_of(frame, plan, others), lines.strays, lines.factors)


def together(parts: Iterable[Part]) -> Part:
    """Several parts as one; they were asked for the same day."""
    found = list(parts)
    strays: dict[tuple[str, str, str], int] = {}
    for part in found:
        for stray, rows in part.strays.items():
            strays[stray] = strays.get(stray, 0) + rows
    return Part(
        found[0].until,
        merged(part.tallies for part in found),
        pl.concat([part.rows for part in found]),
        strays,
        {key: factor for part in found for key, factor in part.factors.items()},
    )


def values_of(
    part: Part,
    plan: Logframe,
    indicators: Mapping[str, Indicator],
    asked: Asked,
    *,
    source: Callable[[str], pl.DataFrame] | None = None,
) -> Count:
    """The value of each of these indicators. `source` gives the rows of one of them, for who wants to look at them."""
    again = partial(_selected, plan=plan, asked=asked, until=part.until)
    others = {code: each for code, each in indicators.items() if code not in part.tallies}
    values = folded(others, again(part.rows), plan)
    for code in indicators.keys() & part.tallies.keys():
        rows = None if source is None else partial(_rows, source, code, again)
        values[code] = tallied_value(
            indicators[code],
            plan,
            part.tallies[code],
            until=part.until,
            counted=None if rows is None else Rows(partial(_counted, rows, plan)),
            selected=None if rows is None else Selected(Rows(rows), part.factors),
        )
    return Count({code: values[code] for code in indicators}, part.until, tuple(findings_of(part.strays, plan)))


def folded(indicators: Mapping[str, Indicator], selection: Selection, plan: Logframe) -> dict[str, IndicatorValue]:
    """The values of indicators from the cells of their reporters."""
    if not indicators:
        return {}
    rows = chosen(selection.rows, plan)
    cells = reporter_cells(rows, plan, selection.factors)
    others = _by_indicator(selection.rows.filter(~pl.col("usable")))
    used = _by_indicator(rows)
    every = _by_indicator(selection.rows)
    return {
        code: indicator_value(
            indicator,
            plan,
            cells=cells.get(code, []),
            rows=used.get(code, rows.clear()),
            unusable=others.get(code),
            until=selection.until,
            selected=Selected(Rows.of(every.get(code, selection.rows.clear())), selection.factors),
        )
        for code, indicator in indicators.items()
    }


def rows_of(frame: pl.DataFrame, plan: Logframe, codes: Sequence[str]) -> pl.DataFrame:
    """The rows of some indicators of a plan."""
    return frame.filter((pl.col("project") == plan.id) & pl.col("indicator").is_in(list(codes)))


def _selected(frame: pl.DataFrame, *, plan: Logframe, asked: Asked, until: dt.date | None) -> Selection:
    return select(frame, plan, until=until, known_by=asked.known_by, statuses=asked.statuses)


def _rows(source: Callable[[str], pl.DataFrame], code: str, again: Callable[[pl.DataFrame], Selection]) -> pl.DataFrame:
    """The newest observations of one indicator."""
    return again(source(code)).rows


def _counted(rows: Callable[[], pl.DataFrame], plan: Logframe) -> pl.DataFrame:
    """Those of them that count."""
    return chosen(rows(), plan)


def _by_indicator(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {str(code): group for (code,), group in rows.group_by("indicator", maintain_order=True)}


# --- as a table -------------------------------------------------------------------------------------------------------


def to_table(part: Part) -> pl.DataFrame:
    """A part as a table that can be stored, or sent from one machine to another: observations, and a row of JSON."""
    told = {
        "until": part.until and part.until.isoformat(),
        "tallies": {code: tally_told(tally) for code, tally in part.tallies.items()},
        "strays": [[*stray, rows] for stray, rows in part.strays.items()],
        "factors": [[code, unit, day.isoformat(), str(number)] for (code, unit, day), number in part.factors.items()],
    }
    head = pl.DataFrame({TOLD: [json.dumps(told, ensure_ascii=False)]})
    return pl.concat([part.rows.select(NAMES), head], how="diagonal")


def from_table(table: pl.DataFrame) -> Part:
    """The part, or all the parts together, that `to_table` made a table of."""
    rows = table.filter(pl.col(TOLD).is_null()).select(NAMES)
    heads = [json.loads(told) for told in table[TOLD].drop_nulls()]
    return together([_read(heads[0], rows), *(_read(head, rows.clear()) for head in heads[1:])])


def _read(told: Mapping[str, Any], rows: pl.DataFrame) -> Part:
    return Part(
        None if told["until"] is None else dt.date.fromisoformat(told["until"]),
        {code: tally_from(tally) for code, tally in told["tallies"].items()},
        rows,
        {(code, indicator, found): rows for code, indicator, found, rows in told["strays"]},
        {(code, unit, dt.date.fromisoformat(day)): Fraction(n) for code, unit, day, n in told["factors"]},
    )
