"""The rules run over what was read: what they complain of, and which rows do not count.

Read `judge` first: the rules about one row in one pass, then those about several rows, each over the rows that the
earlier ones left.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.errors import OptionError
from mne.ground.catalogue import Severity
from mne.reports.context import Asked, Judged, joined
from mne.reports.report import Checked
from mne.reports.rules import RULES
from mne.reports.rules_agreement import agreement_rules
from mne.reports.telling import Offences, tell
from mne.tables.plan import compile_plan

if TYPE_CHECKING:
    from mne.ground.findings import Findings
    from mne.logframe.model import Logframe
    from mne.reports.reading import Reading
    from mne.reports.rule import Rule
    from mne.tables.plan import PlanTables

__all__ = ["Judgement", "judge"]

_EARLY: Final = ("read", "usable", "sound")
_LARGE: Final = 5_000
"""Rows of a table whose rules take long enough to say which one is asked."""
_HELD: Final = {"source_order": pl.Int64, "code": pl.String}


@dataclass(frozen=True)
class Judgement:
    """What the rules found.

    `held` has one row for each row that does not count: its `source_order` and its `codes`, those of the reading too.
    """

    findings: Findings
    held: pl.DataFrame
    checked: tuple[Checked, ...]


def judge(
    reading: Reading,
    plan: Logframe,
    *,
    rules: Sequence[Rule] = RULES,
    today: dt.date | None = None,
    tables: PlanTables | None = None,
    tell: Callable[[str], None] | None = None,
) -> Judgement:
    """Run rules over a reading.

    Args:
        reading: what was read; it is not changed.
        plan: the logframe. Its severities decide whether a rule still holds rows back.
        rules: the rules to run, beside those that the plan itself holds.
        today: the day after which a period has not begun; None asks no clock.
        tables: the plan compiled, where the caller has it already.
        tell: called with the code of each rule about several rows, before it is asked of a large table.
    """
    tables = tables or compile_plan(plan)
    rules = (*rules, *agreement_rules(plan))
    tell = tell if tell is not None and reading.frame.height >= _LARGE else None
    court = _Court(Judged(reading, tables, joined(reading, tables, today=today)), plan, tell)
    court.hear_rows([rule for rule in rules if rule.scope == "row"])
    court.hear_tables([rule for rule in rules if rule.scope == "table" and rule.over in _EARLY])
    court.set_aside()
    court.hear_tables([rule for rule in rules if rule.scope == "table" and rule.over not in _EARLY])
    return court.judgement(rules)


@dataclass
class _Court:
    judged: Judged
    plan: Logframe
    tell: Callable[[str], None] | None = None
    offences: list[Offences] = field(default_factory=list)
    looked: dict[str, int] = field(default_factory=dict)
    held: list[pl.DataFrame] = field(default_factory=list)

    def hear_rows(self, rules: Sequence[Rule]) -> None:
        """Every rule about one row, all in one pass."""
        rows = self.judged.usable
        if not rules:
            return
        about = _marks(rows, rules)
        with _told("the rules about rows"):
            table = nw.from_native(pl.concat([rows, about.drop("source_order")], how="horizontal"), eager_only=True)
            wrong = {
                f"_wrong{at}": rule.find() if rule.where is None else rule.find() & nw.col(_name(rule.where))
                for at, rule in enumerate(rules)
            }
            marks: pl.DataFrame = table.select("source_order", **wrong).to_native()
        seen = about.select(pl.all().exclude("source_order").sum()).row(0, named=True)
        counts = marks.select(pl.col(*wrong).sum()).row(0, named=True)
        for at, rule in enumerate(rules):
            looked = rows.height if rule.where is None else int(seen[_name(rule.where)])
            self.looked[rule.code] = self.looked.get(rule.code, 0) + looked
            if counts[f"_wrong{at}"]:
                self.note(rule, marks.filter(pl.col(f"_wrong{at}")).select("source_order"))
        if self.held:
            self.judged.unsound = pl.concat(self.held)["source_order"].unique()

    def hear_tables(self, rules: Sequence[Rule]) -> None:
        """Rules about several rows, one after the other."""
        for over in dict.fromkeys(rule.over for rule in rules):
            mine = [rule for rule in rules if rule.over == over]
            marks = _marks(self.judged.rows(over), mine)
            for rule in mine:
                if self.tell is not None:
                    self.tell(rule.code)
                rows = self.judged.rows(over).lazy()
                count = len(marks)
                if rule.where is not None:
                    mark = marks[_name(rule.where)]
                    rows, count = rows.filter(mark), int(mark.sum())
                self.looked[rule.code] = self.looked.get(rule.code, 0) + count
                found = _found(rule, rows, self.judged) if count else None
                if found is not None and found.height:
                    self.note(rule, found)

    def note(self, rule: Rule, found: pl.DataFrame) -> None:
        """Keep what a rule found, and what becomes of the rows."""
        self.offences.append(Offences(rule, found))
        if self.holds(rule):
            rows = found.select("source_order")
            if rule.holds_related and "related" in found.columns:
                others = found.select(pl.col("related").explode().alias("source_order"))
                rows = pl.concat([rows, others], how="vertical_relaxed").unique()
            codes = rows.select("source_order", code=pl.lit(rule.code)).drop_nulls()
            self.held.append(codes.cast(_HELD))  # type: ignore[arg-type] # a schema by names

    def holds(self, rule: Rule) -> bool:
        """Whether a rule holds rows back in this project.

        It does not if the project says that it is no error here; and a rule that keeps both sides of a contradiction
        holds them back if the project says that it is one.
        """
        told = self.plan.severities.get(rule.code)
        grave = told is not None and Severity(told).rank <= Severity.ERROR.rank
        return (rule.holds and (rule.final or told is None or grave)) or (rule.holds_related and grave)

    def set_aside(self) -> None:
        """From here on rows in conflict, and copies, are no part of any value."""
        if self.held:
            self.judged.set_aside = pl.concat(self.held)["source_order"].unique()

    def judgement(self, rules: Sequence[Rule]) -> Judgement:
        """The findings, the rows held with all their codes, and what was checked."""
        judged = self.judged
        findings = tell(judged, self.offences)
        counts = findings.codes
        unread = (
            judged.read.join(judged.usable, on="source_order", how="anti")
            if judged.usable.height < judged.read.height
            else judged.read.clear()
        )
        codes = pl.concat([_reading_codes(judged.reading, unread), *self.held])
        held = (
            codes.unique().sort("source_order", "code").group_by("source_order", maintain_order=True).agg(codes="code")
        )
        return Judgement(
            findings=findings,
            held=held.with_columns(pl.col("codes").list.drop_nulls()),
            checked=tuple(
                Checked(code, self.looked.get(code, 0), counts.get(code, 0))
                for code in dict.fromkeys(r.code for r in rules)
            ),
        )


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """A rule that cannot be run is the caller's mistake; ours are tried in the tests."""
    try:
        yield
    except (nw.exceptions.NarwhalsError, pl.exceptions.PolarsError, AttributeError, LookupError, TypeError) as problem:
        raise OptionError(f"{what} cannot be run: {type(problem).__name__}: {problem}") from problem


def _name(where: Callable[[], nw.Expr]) -> str:
    return f"_about_{id(where)}"


def _marks(rows: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """Which rows each rule is about: `source_order` and one column for each different `where`."""
    wheres = {_name(rule.where): rule.where for rule in rules if rule.where is not None}
    with _told("what a rule is about"):
        about = {name: where().fill_null(value=False) for name, where in wheres.items()}
        marks: pl.DataFrame = nw.from_native(rows, eager_only=True).select("source_order", **about).to_native()
    return marks


def _found(rule: Rule, rows: pl.LazyFrame, judged: Judged) -> pl.DataFrame:
    """The rows that a table rule complains of."""
    with _told(f"the rule {rule.code!r}"):
        found = rule.find(Asked(rows, judged))
        found = found.collect() if isinstance(found, pl.LazyFrame) else found
    if not isinstance(found, pl.DataFrame) or "source_order" not in found.columns:
        raise OptionError(f"the rule {rule.code!r} must give a Polars frame with a column source_order")
    return found


def _reading_codes(reading: Reading, unread: pl.DataFrame) -> pl.DataFrame:
    """Why each row that was not understood is held: the codes of the errors at its cells."""
    errors = [
        (finding.place.file, finding.place.sheet, finding.place.row, finding.code)
        for finding in reading.findings
        if finding.level.rank <= Severity.ERROR.rank and finding.place.row is not None
    ]
    schema = {"source_file": pl.String, "source_sheet": pl.String, "source_row": pl.Int64, "code": pl.String}
    table = pl.DataFrame(errors, schema=schema, orient="row").unique()
    key = ["source_file", "source_sheet", "source_row"]
    trails = [(each.first, each.trail.told) for each in reading.tables if each.trail is not None]
    if trails:
        held = [
            (first + row, code)
            for first, told in trails
            for row, codes in told.items()
            for code, holds in codes
            if holds
        ]
        known = pl.DataFrame(held, schema={"source_order": pl.Int64, "code": pl.String}, orient="row").unique()
        mine = unread.filter(pl.col("source_order").is_in(known["source_order"].implode()))
        rest = unread.join(mine, on="source_order", how="anti")
        by_place = rest.join(table, on=key, how="left", nulls_equal=True).select("source_order", "code")
        return pl.concat([by_place, known.join(mine, on="source_order", how="semi")])
    return unread.join(table, on=key, how="left", nulls_equal=True).select("source_order", "code")
