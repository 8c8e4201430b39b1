"""The rules run over what was read: what they complain of, and which rows do not count.

Read `judge` first: `hear` asks the rules of rows, `settle` puts together what they said of several parts of a table. A
whole table is one part. Of each part the rules about one row come first, in one pass, then those about several rows,
each over the rows that the earlier ones left.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.errors import OptionError
from mne.ground.catalogue import Severity
from mne.reports.beside import joined
from mne.reports.context import Asked, Judged
from mne.reports.earlier import TOLD_EARLIER
from mne.reports.native import Native
from mne.reports.report import Checked
from mne.reports.rules import RULES
from mne.reports.rules_agreement import agreement_rules
from mne.reports.telling import Offences
from mne.reports.telling import tell as _tell
from mne.tables.plan import compile_plan

if TYPE_CHECKING:
    from mne.ground.findings import Findings
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.reports.beside import Rows
    from mne.reports.reading import Reading
    from mne.reports.rule import Rule
    from mne.tables.plan import PlanTables

__all__ = [
    "Heard",
    "Judgement",
    "Settled",
    "Why",
    "all_rules",
    "checked_of",
    "codes_of_rows",
    "hear",
    "judge",
    "settle",
    "threads_for",
]

_LATE: Final = "newest"
_EARLY: Final = ("read", "usable", "sound")
_LARGE: Final = 5_000
"""Rows of a table whose rules take long enough to say which one is asked."""
_LONG: Final = 50_000
"""Rows of a table for which it pays to ask several rules at once: a single query seldom keeps all cores busy."""
_TOGETHER: Final = 4
"""So many rules at once, at most, since each has columns of its own in memory."""
_OURS: Final = frozenset(RULES)
_HELD: Final = {"source_order": pl.Int64, "code": pl.String}


_NATIVE: Final = Native(
    {make for rule in RULES for make in (rule.where, rule.find if rule.scope == "row" else None) if make is not None}
)


@dataclass(frozen=True)
class Judgement:
    """What the rules found.

    `held` has one row for each row that does not count: its `source_order` and its `codes`, those of the reading too.
    """

    findings: Findings
    held: pl.DataFrame
    checked: tuple[Checked, ...]


@dataclass(frozen=True)
class Heard:
    """What the rules said of one part of a table.

    `found` has what each gave, by its place among the rules: rows to complain of, or of a rule with a `merge` what is
    to be put together first. `held` has `source_order` and `code` of the rows that do not count. `looked` counts the
    rows that the rules of a code looked at.
    """

    found: Mapping[int, pl.DataFrame]
    held: pl.DataFrame
    looked: Mapping[str, int]
    plans: pl.DataFrame
    """The plan of each row, `plan_at`, by its `source_order`."""
    seen: tuple[tuple[Mapping[int, str | None], pl.DataFrame], ...] = ()
    """Of several plans: which rows each rule looked at, by its place: a column of the marks beside it, or all rows."""


@dataclass(frozen=True)
class Settled:
    """What the rules said of a whole table: rows to complain of, and rows that a rule with a `merge` holds back."""

    offences: tuple[Offences, ...]
    held: pl.DataFrame
    looked: Mapping[str, int]


def judge(
    reading: Reading,
    plan: Logframe,
    *,
    rules: Sequence[Rule] = RULES,
    today: dt.date | None = None,
    tables: PlanTables | None = None,
    tell: Callable[[str], None] | None = None,
    period: Period | None = None,
) -> Judgement:
    """Run rules over a reading.

    Args:
        reading: what was read; it is not changed.
        plan: the logframe. Its severities decide whether a rule still holds rows back.
        rules: the rules to run, beside those that the plan itself holds.
        today: the day after which a period has not begun; None asks no clock.
        tables: the plan compiled, where the caller has it already.
        tell: called with the code of each rule about several rows, before it is asked of a large table.
        period: the one that the report is for, if the caller said so; of rows of earlier ones nothing is told.
    """
    tables = tables or compile_plan(plan)
    every = all_rules(rules, tables)
    judged = Judged(reading, tables, joined(reading, tables, today=today), period=period)
    rows = reading.frame.height
    heard = hear(judged, every, why=Why.of(reading), tell=tell if rows >= _LARGE else None, threads=threads_for(rows))
    settled = settle([heard], every, tables)
    findings = _tell(judged, settled.offences)
    held = codes_of_rows([heard.held, settled.held])
    return Judgement(findings, held, checked_of(every, settled.looked, findings.codes))


def threads_for(rows: int) -> int:
    """How many rules are asked of so many rows at the same time."""
    return min(pl.thread_pool_size(), _TOGETHER) if rows >= _LONG else 1


def all_rules(rules: Sequence[Rule], tables: PlanTables) -> tuple[Rule, ...]:
    """The rules that are run: those given, and those that the plans themselves hold."""
    own = (agreement_rules(plan, mark=mark) for plan, mark in zip(tables.plans, tables.marks, strict=True))
    return (*rules, *chain.from_iterable(own))


def hear(
    judged: Judged,
    rules: Sequence[Rule],
    *,
    why: Why,
    tell: Callable[[str], None] | None = None,
    threads: int = 1,
) -> Heard:
    """Ask the rules of the rows of one part of a table, or of a whole one, so many of them at the same time."""
    with _several(threads) as pool:
        court = _Court(judged, tuple(rules), tell, pool)
        court.hear_rows([at for at, rule in enumerate(rules) if rule.scope == "row"])
        tables = [at for at, rule in enumerate(rules) if rule.scope == "table"]
        court.hear_tables([at for at in tables if rules[at].over in _EARLY])
        court.set_aside()
        court.hear_tables([at for at in tables if rules[at].over not in _EARLY])
    unread, usable = judged.every.base.clear(), judged.usable_rows
    if usable.kept is not None:
        unread = judged.every.base.filter(~usable.kept)
    elif usable.height < judged.every.height:
        unread = judged.every.base.join(usable.base.select("source_order"), on="source_order", how="anti")
    held = pl.concat([why.codes(unread), *court.held])
    if len(judged.earlier):
        held = held.filter(~pl.col("source_order").is_in(judged.earlier.implode()))
    plans = judged.every.base.select("source_order", "plan_at")
    return Heard(court.found, held, court.looked, plans, tuple(court.seen))


def settle(parts: Iterable[Heard], rules: Sequence[Rule], tables: PlanTables) -> Settled:
    """What the rules said of all parts of a table, put together."""
    found: dict[int, list[pl.DataFrame]] = {}
    looked: Counter[str] = Counter()
    plans: list[pl.DataFrame] = []
    for part in parts:
        looked.update(part.looked)
        plans.append(part.plans)
        for at, rows in part.found.items():
            found.setdefault(at, []).append(rows)
    offences: list[Offences] = []
    held = [pl.DataFrame(schema=_HELD)]
    for at, frames in sorted(found.items()):
        rule = rules[at]
        rows = pl.concat(frames, how="diagonal_relaxed")
        if rule.merge is not None and rows.height:
            with _told(f"the merge of the rule {rule.code!r}"):
                rows = rule.merge(rows, tables)
            held += _held_by(rule, rows, tables, pl.concat(plans)) if rows.height else []
        if rows.height:
            offences.append(Offences(rule, rows))
    return Settled(tuple(offences), pl.concat(held), looked)


def codes_of_rows(held: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One row for each row that does not count, with all of its codes, in the order of the table."""
    some = [each for each in held if each.height]
    if not some:
        return pl.DataFrame(schema={"source_order": pl.Int64, "codes": pl.List(pl.String)})
    codes = pl.concat(some).unique().sort("source_order", "code")
    told = codes.group_by("source_order", maintain_order=True).agg(codes="code")
    return told.with_columns(pl.col("codes").list.drop_nulls())


def checked_of(rules: Sequence[Rule], looked: Mapping[str, int], counts: Mapping[str, int]) -> tuple[Checked, ...]:
    """What was checked: of each code how many rows were looked at, and how many findings there are."""
    codes = dict.fromkeys(rule.code for rule in rules)
    return tuple(Checked(code, looked.get(code, 0), counts.get(code, 0)) for code in codes)


def _holds(rule: Rule, told: str | None) -> bool:
    """Whether a rule holds rows back in a project, which may have `told` how grave it is there.

    It does not if the project says that it is no error here; and a rule that keeps both sides of a contradiction holds
    them back if the project says that it is one.
    """
    grave = told is not None and Severity(told).rank <= Severity.ERROR.rank
    return (rule.holds and (rule.final or told is None or grave)) or (rule.holds_related and grave)


def _held_by(rule: Rule, found: pl.DataFrame, tables: PlanTables, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The rows that a rule holds back; `rows` says of each its plan, `plan_at`."""
    if not (rule.holds or rule.holds_related):
        return []
    holding = [at for at, plan in enumerate(tables.plans) if _holds(rule, plan.severities.get(rule.code))]
    if not holding:
        return []
    if len(holding) < len(tables.plans):
        there = rows.filter(pl.col("plan_at").is_in(holding))
        found = found.join(there, on="source_order", how="semi")
    orders = found["source_order"].cast(pl.Int64)
    if rule.holds_related and "related" in found.columns:
        others = found["related"].explode().cast(pl.Int64).alias("source_order")
        orders = pl.concat([orders, others]).unique()
    orders = orders.drop_nulls() if orders.null_count() else orders
    return [pl.DataFrame({"source_order": orders, "code": pl.Series([rule.code]).new_from_index(0, len(orders))})]


@dataclass
class _Court:
    judged: Judged
    rules: tuple[Rule, ...]
    tell: Callable[[str], None] | None = None
    pool: ThreadPoolExecutor | None = None
    found: dict[int, pl.DataFrame] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)
    held: list[pl.DataFrame] = field(default_factory=list)
    seen: list[tuple[Mapping[int, str | None], pl.DataFrame]] = field(default_factory=list)

    def see(self, rules: Mapping[int, Rule], marks: pl.DataFrame) -> None:
        """Keep which rows some rules looked at, where there are several plans to tell it of."""
        if len(self.judged.tables.plans) > 1:
            told = {at: None if rule.where is None else _name(rule.where) for at, rule in rules.items()}
            self.seen.append((told, marks))

    @property
    def has_earlier(self) -> bool:
        """Whether there are rows of periods before that of the report."""
        return bool(len(self.judged.earlier))

    def of_the_report(self, found: pl.DataFrame) -> pl.DataFrame:
        """What is about no row of an earlier period."""
        if not self.has_earlier or "source_order" not in found.columns:
            return found
        return found.filter(~pl.col("source_order").is_in(self.judged.earlier.implode()).fill_null(value=False))

    def hear_rows(self, rules: Sequence[int]) -> None:
        """Every rule about one row, all in one pass."""
        whole = [at for at in rules if self.rules[at].over != "read"]
        self._hear_rows(self.judged.usable_rows, whole)
        self._hear_rows(self.judged.legible_rows, [at for at in rules if at not in whole])
        if self.held:
            self.judged.unsound = pl.concat(self.held)["source_order"].unique()

    def _hear_rows(self, rows: Rows, rules: Sequence[int]) -> None:
        if not rules:
            return
        mine = {at: self.rules[at] for at in rules}
        about = _marks(rows, list(mine.values()))
        self.see(mine, about)
        own = self.of_the_report(about)
        seen = _sums(own)
        looked = {at: own.height if each.where is None else int(seen[_name(each.where)]) for at, each in mine.items()}
        for at, rule in mine.items():
            self.looked[rule.code] = self.looked.get(rule.code, 0) + looked[at]
        asked = {f"_wrong{at}": rule.find for at, rule in mine.items() if looked[at] or rule.find not in _NATIVE.known}
        with _told("the rules about rows"):
            told = pl.concat([_NATIVE.select(rows, asked), about.drop("source_order")], how="horizontal")
            marks = told.select(
                "source_order",
                *(
                    pl.col(name) if rule.where is None else pl.col(name) & pl.col(_name(rule.where))
                    for at, rule in mine.items()
                    if (name := f"_wrong{at}") in asked
                ),
            )
        counts = _sums(marks)
        for at in mine:
            if counts.get(f"_wrong{at}"):
                self.note(at, self.with_more(at, marks["source_order"].filter(marks[f"_wrong{at}"]).to_frame()))

    def with_more(self, at: int, found: pl.DataFrame) -> pl.DataFrame:
        """What a rule about one row found, with what it says beside that."""
        rule = self.rules[at]
        if rule.beside is None:
            return found
        with _told(f"what the rule {rule.code!r} says beside its rows"):
            return rule.beside(found, self.judged)

    def hear_tables(self, rules: Sequence[int]) -> None:
        """Rules about several rows, one after the other or several at once: none knows what another one found."""
        for over in dict.fromkeys(self.rules[at].over for at in rules):
            mine = {at: self.rules[at] for at in rules if self.rules[at].over == over}
            every = self.judged.of(over)
            marks = _marks(every, list(mine.values()))
            self.see(mine, marks)
            answers: dict[int, Callable[[], pl.DataFrame]] = {}
            for at, rule in mine.items():
                mark = None if rule.where is None else marks[_name(rule.where)]
                own = marks["source_order"].is_in(self.judged.earlier.implode()).not_() if self.has_earlier else None
                if own is not None and rule.over != _LATE:
                    # What earlier reports look like is not asked; only their figures are there to be compared with.
                    mark = own if mark is None else mark & own
                count = every.height if mark is None else int(mark.sum())
                looked = count if own is None or mark is None else int((mark & own).sum())
                self.looked[rule.code] = self.looked.get(rule.code, 0) + looked
                if count:
                    answers[at] = self.start(rule, partial(_found, rule, partial(every.asked, mark), self.judged))
            for at, rule in mine.items():
                if self.tell is not None:
                    self.tell(rule.code)
                if at in answers and (found := answers[at]()).height:
                    self.note(at, found)

    def start(self, rule: Rule, answer: Callable[[], pl.DataFrame]) -> Callable[[], pl.DataFrame]:
        """Begin to ask a rule of ours, where several are asked at once; the returned function has the answer."""
        return answer if self.pool is None or rule not in _OURS else self.pool.submit(answer).result

    def note(self, at: int, found: pl.DataFrame) -> None:
        """Keep what a rule found, and what becomes of the rows."""
        if self.rules[at].merge is None:
            self.held += _held_by(self.rules[at], found, self.judged.tables, self.judged.every.base)
        found = found if self.rules[at].code in TOLD_EARLIER else self.of_the_report(found)
        if found.height:
            self.found[at] = found

    def set_aside(self) -> None:
        """From here on rows in conflict, and copies, are no part of any value."""
        if self.held:
            self.judged.set_aside = pl.concat(self.held)["source_order"].unique()


@contextlib.contextmanager
def _several(threads: int) -> Iterator[ThreadPoolExecutor | None]:
    """Where more than one rule is asked at a time, what asks them; nothing is left running when the work is ended."""
    if threads <= 1:
        yield None
        return
    pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="logframe-rule")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """A rule that cannot be run is the caller's mistake; ours are tried in the tests."""
    try:
        yield
    except (nw.exceptions.NarwhalsError, pl.exceptions.PolarsError, AttributeError, LookupError, TypeError) as problem:
        raise OptionError(f"{what} cannot be run: {type(problem).__name__}: {problem}") from problem


def _name(where: Callable[[], nw.Expr]) -> str:
    return f"_about_{id(where)}"


def _marks(rows: Rows, rules: Sequence[Rule]) -> pl.DataFrame:
    """Which rows each rule is about: `source_order` and one column for each different `where`."""
    wheres = {_name(rule.where): rule.where for rule in rules if rule.where is not None}
    with _told("what a rule is about"):
        return _NATIVE.select(rows, wheres)


def _sums(marks: pl.DataFrame) -> dict[str, int]:
    """How many rows each column of marks has."""
    return next(marks.select(pl.all().exclude("source_order").sum()).iter_rows(named=True), {})


def _found(rule: Rule, about: Callable[[], pl.LazyFrame], judged: Judged) -> pl.DataFrame:
    """The rows that a table rule complains of."""
    with _told(f"the rule {rule.code!r}"):
        found = rule.find(Asked(about, judged))
        found = found.collect() if isinstance(found, pl.LazyFrame) else found
    if not isinstance(found, pl.DataFrame) or (rule.merge is None and "source_order" not in found.columns):
        raise OptionError(f"the rule {rule.code!r} must give a Polars frame with a column source_order")
    return found


@dataclass(frozen=True)
class Why:
    """Why rows that were not understood are held: the codes of the errors at their cells.

    `places` has them by file, sheet and row, `orders` by `source_order` where a table was made from another layout.
    """

    places: pl.DataFrame
    orders: pl.DataFrame

    @classmethod
    def of(cls, reading: Reading) -> Why:
        """The errors that were told while a source was read."""
        errors = [
            (place.file, place.sheet, place.row, finding.code)
            for finding in reading.findings
            if finding.level.rank <= Severity.ERROR.rank
            for place in (finding.place, *finding.related)
            if place.row is not None
        ]
        schema = {"source_file": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "code": pl.String}
        held = [
            (each.first + row, code)
            for each in reading.tables
            if each.trail is not None
            for row, codes in each.trail.told.items()
            for code, holds in codes
            if holds
        ]
        return cls(
            pl.DataFrame(errors, schema=schema, orient="row").unique(),
            pl.DataFrame(held, schema=_HELD, orient="row").unique(),
        )

    def codes(self, unread: pl.DataFrame) -> pl.DataFrame:
        """Shape: `source_order` and `code` of each row given, the code null where nothing was said of it."""
        if not unread.height:
            return pl.DataFrame(schema=_HELD)
        key = ["source_file", "source_sheet", "source_row"]
        rest = unread.join(self.orders, on="source_order", how="anti") if self.orders.height else unread
        by_place = rest.join(self.places, on=key, how="left", nulls_equal=True).select("source_order", "code")
        by_order = self.orders.join(unread, on="source_order", how="semi")
        return pl.concat([by_place, by_order.select("source_order", "code")])
