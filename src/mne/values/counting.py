"""Lines of a large table counted: the tally of every indicator whose values add up.

Read `tallied` first. Whether a reporter is asked, has reported or is silent is one bit for each period, so that a
hundred thousand reporters cost what a few arrays cost; the figures are added by kind in the engine, as exact decimals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from mne.logframe.indicator import TOTAL, Accumulation, Axis, MissingPolicy, Rule
from mne.tables.observations import State
from mne.values.tally import Slot, Sums, Tally, adds

if TYPE_CHECKING:
    from mne.logframe.indicator import Assignment, Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.values.kinds import Lines
    from mne.values.missing import Reporter

__all__ = ["HEARD", "Before", "tallied"]

Numbers = np.ndarray[Any, np.dtype[Any]]

_BIG: Final = np.int64(1) << 40


def tallied(
    lines: Lines,
    frame: pl.DataFrame,
    plan: Logframe,
    *,
    partners: Collection[str] | None = None,
    before: Mapping[str, Before] | None = None,
    heard: dict[str, pl.DataFrame] | None = None,
) -> dict[str, Tally]:
    """The tally of every indicator that `adds`.

    `partners` are those whose reports `frame` holds, where it is a part of a greater table: what the plan asks of
    others is told by the parts that hold theirs. `before` is what is known already of earlier periods, by indicator:
    then only those that it names are counted, and only from the period on that comes after it. What it takes to go on
    from here is put into `heard`, where that is asked for.
    """
    codes = [code for code, each in plan.indicators.items() if adds(each) and (before is None or code in before)]
    lines_of = _by_indicator(lines, codes)
    found: dict[str, Tally] = {}
    for code in codes:
        indicator = plan.indicators[code]
        ended = [each for each in plan.periods_of(indicator) if lines.until and each.ended_by(lines.until)]
        asks = [each for each in indicator.assignments if partners is None or each.partner in partners]
        known = before[code] if before is not None else Before()
        counting = _Counting(indicator, ended, lines, frame, lines_of[code])
        pairs = _Pairs.of(asks, lines.reporters, known.heard)
        found[code] = counting.tally(pairs, known)
        if heard is not None and (counting.remembers or not indicator.assignments):
            heard[code] = counting.heard(pairs, known)
    return found


HEARD: Final[dict[str, Any]] = {
    "partner": pl.String,
    "location": pl.String,
    "newest": pl.Int64,
    "last_due": pl.Int64,
    "top": pl.String,
    "bottom": pl.String,
}
"""What is kept of a reporter: the positions of the last period that it reported and of the last one that it was to
report, from 0 on and -1 for never, and its newest figure as exact fractions."""


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """An indicator's earlier periods, counted already, and what is kept of their reporters: a table as `HEARD` says."""

    slots: tuple[Slot, ...] = ()
    heard: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HEARD))
    illustrative: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Some:
    """The lines of one indicator: positions in `Lines`, and the same for whole figures that are excused."""

    lines: Numbers
    excused: Numbers


def _by_indicator(lines: Lines, codes: Sequence[str]) -> dict[str, _Some]:
    numbers = {code: at for at, code in enumerate(codes)}
    of_kind = lines.kinds["indicator"].replace_strict(numbers, default=-1, return_dtype=pl.Int32).to_numpy()
    mine, excused = (_parted(of_kind[kind], len(codes)) for kind in (lines.kind, lines.excused[0]))
    return {code: _Some(mine[at], excused[at]) for code, at in numbers.items()}


def _parted(numbers: Numbers, size: int) -> list[Numbers]:
    """The positions of each number from 0 on."""
    order = np.argsort(numbers.astype(np.int16 if size < 1 << 15 else np.int32), kind="stable")
    ends = np.searchsorted(numbers[order], np.arange(size + 1))
    return [order[ends[at] : ends[at + 1]] for at in range(size)]


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Who is to report: for each assigned partner and place its number, and since and until when it is asked.

    `names` are all reporters, those of the table first.
    """

    names: pl.DataFrame
    number: Numbers
    since: list[dt.date | None]
    until: list[dt.date | None]

    @classmethod
    def of(cls, assignments: Sequence[Assignment], reporters: pl.DataFrame, heard: pl.DataFrame) -> _Pairs:
        told = [(each, place) for each in assignments for place in each.locations or (TOTAL,)]
        pairs = pl.DataFrame(
            [(each.partner, place) for each, place in told],
            schema={"partner": pl.String, "location": pl.String},
            orient="row",
        )
        known = pl.concat([pairs, heard.select(pairs.columns)]) if heard.height else pairs
        new = known.join(reporters, on=["partner", "location"], how="anti").unique(maintain_order=True)
        names = pl.concat([reporters, new]) if new.height else reporters
        at = pairs.join(names.with_row_index("at"), on=["partner", "location"], how="left", maintain_order="left")["at"]
        return cls(names, at.to_numpy(), [each.since for each, _ in told], [each.until for each, _ in told])


@dataclass(slots=True, eq=False)
class _Counting:
    """One indicator's lines, counted period by period."""

    indicator: Indicator
    ended: Sequence[Period]
    lines: Lines
    frame: pl.DataFrame
    some: _Some
    kind: Numbers = field(init=False)
    reporter: Numbers = field(init=False)
    period: Numbers = field(init=False)
    rows: Numbers = field(init=False)
    presence: tuple[Numbers, Numbers] = field(init=False)
    """Who reported in each period, and who was to; `tally` finds it out."""

    def __post_init__(self) -> None:
        at = self.some.lines
        self.kind, self.reporter, self.rows = self.lines.kind[at], self.lines.reporter[at], self.lines.rows[at]
        self.period = self.lines.kinds["plan_period"].to_numpy()[self.kind]

    def tally(self, pairs: _Pairs, before: Before) -> Tally:
        """The tally, where these are to report, and some periods have been counted before."""
        size, heads, first = len(self.ended), pairs.names.height, len(before.slots)
        illustrative = bool(self.frame["illustrative"][self.rows].any()) if len(self.rows) else False
        reported = np.zeros((size, heads), dtype=bool)
        reported[self.period, self.reporter] = True
        kept = _Kept.of(before, pairs.names)
        ever = reported.any(axis=0) | (kept.newest >= 0)  # where nobody is assigned, all who ever did are expected
        self._one_for_each_period(heads)
        absent, not_due = self._away(size, heads)
        due = ~absent & (self._due(pairs, size, heads) if self.indicator.assignments else ever)
        asked = due | reported
        self.presence = reported, due
        told = self._by_period()
        refused = self.lines.refused.get(self.indicator.id, frozenset())
        slots = [
            Slot(
                reported=int(reported[at].sum()),
                asked=int(asked[at].sum()),
                told=told.get(at, Sums()),
                absent=bool(absent[at].any()),
                not_due=bool(not_due[at].any()),
                refused=at in refused,
            )
            for at in range(first, size)
        ]
        if self.remembers:
            if not self.indicator.assignments:
                kept = replace(kept, last_due=np.where(ever, first - 1, kept.last_due))
            slots = list(self._kept(slots, pairs.names, kept, first))
        earlier = before.slots
        if not self.indicator.assignments:
            # Whoever reports for the first time was expected all along.
            earlier = tuple(replace(slot, asked=int(ever.sum())) for slot in earlier)
        return Tally((*earlier, *slots), illustrative or before.illustrative)

    @property
    def remembers(self) -> bool:
        """Whether a period's value may rest on what was reported for an earlier one."""
        running = self.indicator.accumulation is Accumulation.RUNNING_TOTAL
        return running or self.indicator.missing is MissingPolicy.CARRY_FORWARD

    def heard(self, pairs: _Pairs, before: Before) -> pl.DataFrame:
        """What is kept of the reporters after the last period, as `HEARD` says; `tally` comes first."""
        kept = _Kept.of(before, pairs.names)
        first = len(before.slots)
        reported, due = self.presence
        newest, last_due = _last(reported, first, kept.newest), _last(due, first, kept.last_due)
        known = np.flatnonzero((newest >= 0) | (last_due >= 0))
        tops, bottoms = kept.top, kept.bottom
        if self.remembers:
            tops, bottoms = dict(tops), dict(bottoms)
            mine = newest[self.reporter] == self.period
            values = self._values().with_columns(reporter=pl.Series(self.reporter)).filter(pl.Series(mine))
            for reporter, sums in self._summed_by(values, "reporter").items():
                tops[reporter], bottoms[reporter] = sums.top, sums.bottom
        return pairs.names[known].with_columns(
            pl.Series("newest", newest[known], dtype=pl.Int64),
            pl.Series("last_due", last_due[known], dtype=pl.Int64),
            pl.Series("top", [str(tops.get(int(at), 0)) for at in known], dtype=pl.String),
            pl.Series("bottom", [str(bottoms.get(int(at), 0)) for at in known], dtype=pl.String),
        )

    def _one_for_each_period(self, heads: int) -> None:
        """Of one reporter's several reports inside one period a flow adds all up; else the newest counts."""
        kind = self.indicator.rule(Axis.TIME)
        if self.indicator.accumulation is Accumulation.FLOW and kind is not Rule.LATEST:
            return
        days = self.lines.kinds.select("plan_period", "period_end", "period_start").with_row_index("kind")
        mine = days[np.unique(self.kind)].sort("plan_period", "period_end", "period_start")
        if mine.unique(["plan_period", "period_end", "period_start"]).height == mine["plan_period"].n_unique():
            return
        rank = np.zeros(self.lines.kinds.height, dtype=np.int64)
        numbered = mine.with_columns(
            rank=pl.struct("period_end", "period_start").rank("dense").over("plan_period").cast(pl.Int64)
        )
        rank[numbered["kind"].to_numpy()] = numbered["rank"].to_numpy()
        standing = rank[self.kind]
        if self.indicator.accumulation is Accumulation.FLOW and self.indicator.by_denominator:
            standing = self._defined_first(standing, heads)
        cell = self.period * heads + self.reporter
        order = np.argsort(standing, kind="stable")
        best = np.empty(int(cell.max(initial=0)) + 1, dtype=np.int64)
        best[cell[order]] = standing[order]
        counts = standing == best[cell]
        self.kind, self.reporter, self.rows, self.period = (
            each[counts] for each in (self.kind, self.reporter, self.rows, self.period)
        )

    def _defined_first(self, standing: Numbers, heads: int) -> Numbers:
        """A ratio over nothing gives way to an older one that can be computed; of nothing but such the first counts."""
        span = int(standing.max(initial=0)) + 1
        cell = (self.period * heads + self.reporter) * span + standing
        bottoms = pl.DataFrame({"cell": cell, "bottom": self.frame["denominator"][self.rows]})
        known = bottoms.group_by("cell").agg(pl.col("bottom").sum() != 0).filter("bottom")["cell"].to_numpy()
        return np.where(np.isin(cell, known), _BIG + standing, -standing)

    def _away(self, size: int, heads: int) -> tuple[Numbers, Numbers]:
        """To whom a period does not apply, or not yet; of several words for one period the last counts."""
        kinds, at = self.lines.kinds, self.some.excused
        kind, reporter = self.lines.excused[0][at], self.lines.excused[1][at]
        told = kinds[kind].select("plan_period", "period_start", "period_end", "state")
        told = told.with_columns(reporter=pl.Series(reporter)).sort("period_start", "period_end")
        absent, not_due = np.zeros((size, heads), dtype=bool), np.zeros((size, heads), dtype=bool)
        where = told["plan_period"].to_numpy(), told["reporter"].to_numpy()
        absent[where] = True
        not_due[where] = (told["state"] == State.NOT_DUE.value).to_numpy()
        return absent, not_due

    def _due(self, pairs: _Pairs, size: int, heads: int) -> Numbers:
        due = np.zeros((size, heads), dtype=bool)
        spans: dict[tuple[dt.date | None, dt.date | None], list[int]] = {}
        for at, span in enumerate(zip(pairs.since, pairs.until, strict=True)):
            spans.setdefault(span, []).append(at)
        for (since, until), places in spans.items():
            numbers = pairs.number[places]
            for position, period in enumerate(self.ended):
                if (since is None or since < period.end) and (until is None or until >= period.start):
                    due[position, numbers] = True
        return due

    def _values(self) -> pl.DataFrame:
        """The figures of the lines: `kind`, `top` and `bottom`."""
        top, bottom = ("numerator", "denominator") if self.indicator.by_denominator else ("value", None)
        told = {"kind": pl.Series(self.kind), "top": self.frame[top][self.rows]}
        return pl.DataFrame(told).with_columns(
            pl.lit(0, pl.Int64).alias("bottom") if bottom is None else self.frame[bottom][self.rows].alias("bottom")
        )

    def _by_period(self) -> dict[int, Sums]:
        """The sums of each period."""
        return self._summed_by(self._values().with_columns(period=pl.Series(self.period)), "period")

    def _summed_by(self, values: pl.DataFrame, name: str) -> dict[int, Sums]:
        """The sums of each of what a column numbers, in the indicator's unit: added by kind, then converted."""
        found: dict[int, Sums] = {}
        sums = values.group_by(name, "kind").agg(pl.col("top", "bottom").sum()).select(name, "kind", "top", "bottom")
        for at, kind, top, bottom in sums.iter_rows():
            factor = None if self.indicator.by_denominator else self.lines.factor[kind]
            one = Sums(Fraction(top) if factor is None else Fraction(top) * factor, Fraction(bottom))
            found[at] = found[at] + one if at in found else one
        return found

    def _kept(self, slots: Sequence[Slot], names: pl.DataFrame, kept: _Kept, first: int) -> Iterator[Slot]:
        """The slots with what is kept of those who are silent, or not asked any more."""
        reported, due = self.presence
        values = self._values().with_columns(one=pl.lit(0))
        newest, last_due = kept.newest.copy(), kept.last_due.copy()
        running = self.indicator.accumulation is Accumulation.RUNNING_TOTAL
        carry = self.indicator.missing is MissingPolicy.CARRY_FORWARD
        nobody = np.zeros(names.height, dtype=bool)
        for at, slot in enumerate(slots, first):
            asked, heard = due[at] | reported[at], newest >= 0
            gone = heard & ~asked if running else nobody
            owing = (last_due > newest) & ~asked if running else nobody
            silent = asked & ~reported[at] & heard if carry else nobody
            yield replace(
                slot,
                owing=int(owing.sum()),
                owing_never_heard=int((owing & ~gone).sum()),
                carried=_names(names, silent),
                carries=self._standing(values, silent, newest) + kept.standing(silent & (newest < first)),
                gone=_names(names, gone),
                gone_owing=int((gone & owing).sum()),
                stands=self._standing(values, gone, newest) + kept.standing(gone & (newest < first)),
            )
            last_due[due[at]] = at
            newest[reported[at]] = at

    def _standing(self, values: pl.DataFrame, who: Numbers, newest: Numbers) -> Sums:
        """What the newest values of some reporters come to."""
        if not who.any():
            return Sums()
        mine = who[self.reporter] & (newest[self.reporter] == self.period)
        return self._summed_by(values.filter(pl.Series(mine)), "one").get(0, Sums())


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What is kept of reporters from before, by their numbers."""

    newest: Numbers
    last_due: Numbers
    top: Mapping[int, Fraction]
    bottom: Mapping[int, Fraction]

    @classmethod
    def of(cls, before: Before, names: pl.DataFrame) -> _Kept:
        newest, last_due = (np.full(names.height, -1, dtype=np.int64) for _ in range(2))
        told = before.heard.join(
            names.with_row_index("at"), on=["partner", "location"], how="left", maintain_order="left"
        )
        at = told["at"].to_numpy()
        newest[at], last_due[at] = told["newest"].to_numpy(), told["last_due"].to_numpy()
        top, bottom = (
            {int(each): Fraction(number) for each, number in zip(at, told[name], strict=True) if number != "0"}
            for name in ("top", "bottom")
        )
        return cls(newest, last_due, top, bottom)

    def standing(self, who: Numbers) -> Sums:
        """What the newest figures of some reporters come to."""
        some = [int(at) for at in np.flatnonzero(who)]
        nothing = Fraction(0)
        return Sums(
            sum((self.top.get(at, nothing) for at in some), nothing),
            sum((self.bottom.get(at, nothing) for at in some), nothing),
        )


def _last(presence: Numbers, first: int, otherwise: Numbers) -> Numbers:
    """For each reporter the position of its last period from the `first` on; what it was before where there is none."""
    later = presence[first:]
    if not len(later):
        return otherwise
    return np.where(later.any(axis=0), len(presence) - 1 - later[::-1].argmax(axis=0), otherwise)


def _names(names: pl.DataFrame, who: Numbers) -> tuple[Reporter, ...]:
    return tuple(names[np.flatnonzero(who)].iter_rows()) if who.any() else ()
