"""A large table of observations as numbers: which kind of figure each row is, and who sent it.

Read `select_lines` first. All that a plan has to say of a row hangs on its kind: indicator, days, category, unit, state
and status. Kinds are few however many rows there are, so each is asked about once; what is left to do for every row is
to look its kind up, and to find the newest revision of its cell. It says the same as `mne.values.select` and
`mne.values.cells.chosen`, which say it of small tables and of what people look at.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from mne.logframe.indicator import TOTAL, TotalsPolicy
from mne.logframe.units import UnitTable
from mne.tables.encode import numbered
from mne.tables.engine import DAWN
from mne.tables.observations import State
from mne.values.cells import categories_of
from mne.values.select import Factors, left_out, not_convertible, own_unit, what_it_needs

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period

__all__ = ["Lines", "Strays", "findings_of", "select_lines"]

Numbers = np.ndarray[Any, np.dtype[Any]]
Strays = Mapping[tuple[str, str, str], int]

_ORDER: Final = (
    "value-other-project",
    "value-unknown-indicator",
    "value-outside-project",
    "value-unit-not-convertible",
)

_KIND: Final = ("project", "indicator", "period_start", "period_end", "category", "unit", "state", "status")
_ABSENT: Final = (State.NOT_APPLICABLE.value, State.NOT_DUE.value)
_SPARSE: Final = 8
_FEW: Final = 1 << 16
_NONE: Final = -1


@dataclass(frozen=True, eq=False)
class Lines:
    """The rows that count for each reporter: the entered total, or one set of parts, in its newest revision.

    Shape: `rows` are positions in the table, with one number each in `kind` and `reporter`. `kinds` has a row per kind
    with `plan_period` (position among its indicator's periods), `factor` one entry (into its unit; None for 1), and
    `reporters` one row per partner and location. `excused` are (kind, reporter) of whole figures that do not apply or
    are not due yet, and `refused` by indicator the periods with a unit that cannot be converted. `strays` counts rows
    that cannot count, by finding code, indicator and what was found.
    """

    kinds: pl.DataFrame
    factor: tuple[Fraction | None, ...]
    reporters: pl.DataFrame
    rows: Numbers
    kind: Numbers
    reporter: Numbers
    excused: tuple[Numbers, Numbers]
    refused: Mapping[str, frozenset[int]]
    factors: Factors
    until: dt.date | None
    strays: Strays


def select_lines(
    frame: pl.DataFrame,
    plan: Logframe,
    *,
    until: dt.date | None,
    known_by: dt.date | None,
    statuses: Sequence[str],
) -> Lines:
    """The rows that count (semantics §4, steps 1 to 3); `until` None means the newest day that anybody reports on."""
    kinds, kind_of = numbered(frame, _KIND)
    reporters, reporter_of = numbered(frame, ("partner", "location"))
    kind, reporter = kind_of.to_numpy(), reporter_of.to_numpy()
    strays = _of_others(kinds, np.bincount(kind, minlength=kinds.height), plan)
    known = kinds["project"].eq(plan.id) & kinds["indicator"].is_in(list(plan.indicators))
    wanted = (known & kinds["status"].is_in(list(statuses))).to_numpy()[kind]
    if known_by is not None:
        wanted = wanted & frame.select(_received_by(known_by)).to_series().to_numpy()
    rows = np.flatnonzero(wanted)
    kind, reporter = kind[rows], reporter[rows]
    counts = np.bincount(kind, minlength=kinds.height)
    there = pl.Series(counts > 0)
    if until is None:
        until = kinds.filter(there & (kinds["state"] == State.REPORTED.value))["period_end"].max()  # type: ignore[assignment]
    periods, outside = _periods(kinds, counts, plan, until)
    rows, kind, reporter = _these(periods[kind] != _NONE, rows, kind, reporter)
    kinds = kinds.with_columns(plan_period=pl.Series(periods))

    cells, cell = numbered(kinds, ("indicator", "period_start", "period_end", "category"))
    newest = _newest(frame, rows, cell.to_numpy()[kind] * reporters.height + reporter, cells.height * reporters.height)
    if newest is not None:
        rows, kind, reporter = _these(newest, rows, kind, reporter)
    usable = _usable(frame, rows, kinds, kind, plan)
    factor, factors, refusing, alien = _converted(kinds, np.bincount(kind[usable], minlength=kinds.height), plan)
    excuses = (kinds["category"].eq(TOTAL) & kinds["state"].is_in(list(_ABSENT))).to_numpy()
    away = ~usable & excuses[kind]
    excused = kind[away], reporter[away]
    refused = _refused(kinds, refusing)
    rows, kind, reporter = _these(usable & ~refusing[kind], rows, kind, reporter)
    counted = _chosen(kinds, kind, reporter, reporters.height, plan)
    if counted is not None:
        rows, kind, reporter = _these(counted, rows, kind, reporter)
    strays = {**strays, **outside, **alien}
    return Lines(kinds, factor, reporters, rows, kind, reporter, excused, refused, factors, until, strays)


def findings_of(strays: Strays, plan: Logframe) -> list[Finding]:
    """What is to be said of rows that cannot count, in the order in which `select` says it."""
    found = []
    for (code, indicator, what), rows in sorted(strays.items(), key=lambda each: (_ORDER.index(each[0][0]), each[0])):
        if code == "value-unit-not-convertible":
            found.append(not_convertible(plan.indicators[indicator], what, rows))
        else:
            expected = plan.id if code == "value-other-project" else ""
            found.append(left_out(code, rows, found=what, expected=expected, indicator=indicator or None))
    return found


def _these(mask: Numbers, *arrays: Numbers) -> tuple[Numbers, ...]:
    """Some of the rows; the arrays themselves where that is all of them."""
    return arrays if bool(mask.all()) else tuple(each[mask] for each in arrays)


def _received_by(day: dt.date) -> pl.Expr:
    return pl.col("reported_on").is_null() | (pl.col("reported_on") <= day)


def _of_others(kinds: pl.DataFrame, counts: Numbers, plan: Logframe) -> Strays:
    """Rows of other projects, and of indicators that the plan does not have."""
    found: dict[tuple[str, str, str], int] = {}
    told = kinds.select("project", "indicator", rows=pl.Series(counts))
    others = told.filter((pl.col("project") != plan.id) | ~pl.col("indicator").is_in(list(plan.indicators)))
    for project, code, rows in others.iter_rows():
        mine = project == plan.id
        stray = ("value-unknown-indicator", code, code) if mine else ("value-other-project", "", project)
        found[stray] = found.get(stray, 0) + int(rows)
    return found


def _periods(kinds: pl.DataFrame, counts: Numbers, plan: Logframe, until: dt.date | None) -> tuple[Numbers, Strays]:
    """The plan's period of each kind that is there and has ended by `until`, and what lies outside the project."""
    found = np.full(kinds.height, _NONE, dtype=np.int64)
    known: dict[str, tuple[tuple[Period, ...], list[dt.date]]] = {}
    outside: dict[tuple[str, str, str], int] = {}
    asked = kinds.select("indicator", "period_end", rows=pl.Series(counts)).with_row_index("at")
    for at, code, day, rows in asked.filter(pl.col("rows") > 0).iter_rows():
        if code not in known:
            every = plan.periods_of(plan.indicators[code])
            known[code] = every, [period.start for period in every]
        periods, starts = known[code]
        position = bisect.bisect_right(starts, day) - 1
        if position < 0 or day not in periods[position]:
            stray = ("value-outside-project", code, str(day))
            outside[stray] = outside.get(stray, 0) + int(rows)
        elif until is not None and periods[position].ended_by(until):
            found[at] = position
    return found, outside


def _newest(frame: pl.DataFrame, rows: Numbers, key: Numbers, span: int) -> Numbers | None:
    """Which rows are the newest of their cells; None where each cell has one row."""
    order = np.arange(len(key))
    if span <= max(_FEW, _SPARSE * len(key)):
        last = np.empty(span, dtype=np.int64)
        last[key] = order
        single = last[key] == order
        if bool(single.all()):
            return None
        twice = np.zeros(span, dtype=bool)
        twice[key[~single]] = True
        contested = twice[key]
    else:
        ordered = np.argsort(key, kind="stable")
        same = key[ordered[1:]] == key[ordered[:-1]]
        if not bool(same.any()):
            return None
        contested = np.zeros(len(key), dtype=bool)
        contested[ordered[1:][same]] = contested[ordered[:-1][same]] = True
    at = np.flatnonzero(contested)
    told = frame[rows[at]].select("revision", pl.col("reported_on").fill_null(DAWN), "source_order")
    ranked = told.with_columns(_at=pl.Series(at), _key=pl.Series(key[at])).sort(
        "revision", "reported_on", "source_order"
    )
    winners = ranked.unique("_key", keep="last", maintain_order=True)["_at"].to_numpy()
    newest = ~contested
    newest[winners] = True
    return newest


def _usable(frame: pl.DataFrame, rows: Numbers, kinds: pl.DataFrame, kind: Numbers, plan: Logframe) -> Numbers:
    """Whether each row holds something that can be counted."""
    needs = {code: what_it_needs(indicator) for code, indicator in plan.indicators.items()}
    needed = kinds["indicator"].replace_strict(needs, default=None, return_dtype=pl.String)
    reported = (kinds["state"] == State.REPORTED.value).to_numpy()
    there = {name: frame[name].is_not_null().to_numpy() for name in ("value", "numerator", "denominator", "text")}
    holds = {"value": there["value"], "ratio": there["numerator"] & there["denominator"], "text": there["text"]}
    usable = np.zeros(len(rows), dtype=bool)
    for need, told in holds.items():
        usable |= ((needed == need).fill_null(value=False).to_numpy() & reported)[kind] & told[rows]
    blank = [code for code, indicator in plan.indicators.items() if indicator.zero_means == "missing"]
    if blank:
        at = np.flatnonzero(kinds["indicator"].is_in(blank).to_numpy()[kind])
        zero = frame[rows[at]].select((pl.coalesce("value", "numerator") == 0).fill_null(value=False)).to_series()
        usable[at] &= ~zero.to_numpy()
    return usable


def _converted(
    kinds: pl.DataFrame, counts: Numbers, plan: Logframe
) -> tuple[tuple[Fraction | None, ...], Factors, Numbers, Strays]:
    """For each kind that is there the factor into the indicator's unit, and whether there is none."""
    factor: list[Fraction | None] = [None] * kinds.height
    refusing = np.zeros(kinds.height, dtype=bool)
    factors: Factors = {}
    refused: dict[tuple[str, str, str], int] = {}
    own = {
        code: own_unit(indicator) for code, indicator in plan.indicators.items() if what_it_needs(indicator) == "value"
    }
    asked = kinds.select("indicator", "unit", "period_end", rows=pl.Series(counts)).with_row_index("at")
    asked = asked.filter((pl.col("rows") > 0) & pl.col("unit").is_not_null() & pl.col("indicator").is_in(list(own)))
    units: UnitTable | None = None
    for at, code, unit, day, rows in asked.iter_rows():
        if unit == own[code]:
            continue
        units = units or UnitTable(plan)
        found = units.factor(unit, own[code], on=day)
        if found is None:
            refusing[at] = True
            stray = ("value-unit-not-convertible", code, unit)
            refused[stray] = refused.get(stray, 0) + int(rows)
        elif found != 1:
            factors[code, unit, day] = factor[at] = found
    return tuple(factor), factors, refusing, refused


def _refused(kinds: pl.DataFrame, refusing: Numbers) -> dict[str, frozenset[int]]:
    """By indicator the periods in which somebody reported in a unit that cannot be converted."""
    told = kinds.filter(pl.Series(refusing)).select("indicator", "plan_period").unique()
    found: dict[str, set[int]] = {}
    for code, position in told.iter_rows():
        found.setdefault(code, set()).add(position)
    return {code: frozenset(positions) for code, positions in found.items()}


def _chosen(kinds: pl.DataFrame, kind: Numbers, reporter: Numbers, reporters: int, plan: Logframe) -> Numbers | None:
    """Which rows count for their reporter: the entered total, or one set of parts; None where nobody has both."""
    there = np.bincount(kind, minlength=kinds.height) > 0
    told = kinds.filter(pl.Series(there)).with_columns(usable=pl.lit(value=True))
    splits = kinds.join(categories_of(told, plan), on=["indicator", "category"], how="left", maintain_order="left")
    rank = splits["split"].fill_null(_NONE).to_numpy()
    whole = (kinds["category"] == TOTAL).to_numpy()
    parted = there & ~whole
    if not parted.any():
        return None
    cells, cell = numbered(kinds, ("indicator", "plan_period", "period_start", "period_end"))
    # Only cells of which somebody reported a part can have two sets of figures.
    split = np.zeros(cells.height, dtype=bool)
    split[cell.to_numpy()[parted]] = True
    at = np.flatnonzero(split[cell.to_numpy()][kind])
    key = cell.to_numpy()[kind[at]] * reporters + reporter[at]
    key, span = _dense(key, cells.height * reporters)
    is_whole, ranks = whole[kind[at]], rank[kind[at]]
    has_whole = np.zeros(span, dtype=bool)
    has_whole[key[is_whole]] = True
    first = np.full(span, np.iinfo(np.int64).max)
    for each in sorted({int(each) for each in np.unique(rank[parted])}, reverse=True):
        first[key[~is_whole & (ranks == each)]] = each
    by_parts = [c for c, each in plan.indicators.items() if each.aggregation.totals is TotalsPolicy.SUM_OF_PARTS]
    prefers_parts = kinds["indicator"].is_in(by_parts).to_numpy()[kind[at]]
    has_parts = first[key] != np.iinfo(np.int64).max
    by_whole = np.where(prefers_parts, ~has_parts, has_whole[key])
    counts = np.ones(len(kind), dtype=bool)
    counts[at] = np.where(by_whole, is_whole, ~is_whole & (ranks == first[key]))
    return counts


def _dense(key: Numbers, span: int) -> tuple[Numbers, int]:
    """The same numbers closer together, where there may be many more of them than there are."""
    if span <= max(_FEW, _SPARSE * len(key)):
        return key, span
    different, place = np.unique(key, return_inverse=True)
    return place, len(different)
