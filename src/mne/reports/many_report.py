"""What the validation of many projects hands back: a verdict for each, and each one's own report when it is asked for.

Read `PortfolioReport` first. Counts and verdicts of all projects are there at once; findings, and what a project's
report holds beside its counts, are made when somebody looks at them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Findings, Later
from mne.ground.maps import FrozenMap
from mne.reports.handover import report_of
from mne.reports.judge import checked_of, codes_of_rows
from mne.reports.report import Counts, ValidationReport, Verdict
from mne.reports.telling import Offences, tell
from mne.tables.observations import NAMES, Observations
from mne.tables.plan import MARK

if TYPE_CHECKING:
    import pandas as pd

    from mne.logframe.model import Logframe
    from mne.reports.beside import Rows
    from mne.reports.judge import Heard
    from mne.reports.many_read import Gathered
    from mne.reports.reading import Reading, SourceFile
    from mne.reports.rule import Rule
    from mne.tables.plans import CompiledPlans

__all__ = ["PortfolioReport", "Tried"]

_MARKED: Final = ("indicator", "partner", "location", "frequency", "plan_period", "source_file")
_COUNTED: Final = {"plan_at": pl.Int32, "code": pl.String, "level": pl.String, "n": pl.Int64}
_RANKS: Final = {str(severity): severity.rank for severity in Severity}
_PER_LEVEL: Final = {"blockers": "blocker", "errors": "error", "warnings": "warning", "infos": "info"}


@dataclass(frozen=True, eq=False)
class _Shelf:
    """Where the rows of one project are found again."""

    reading: Reading
    read: pl.DataFrame
    plans: Sequence[Logframe]

    def fetch(self, wanted: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with these `source_order`: beside what the plan knows of them, and as they were written."""
        asked = pl.col("source_order").is_in(wanted.implode())
        return self.read.filter(asked), self.reading.raw.filter(asked)


@dataclass(frozen=True, eq=False)
class Tried:
    """The reports of many projects as they were read and judged, of which nothing is told yet.

    `rules` has each rule with the position of the plan that it is of, or None where it is asked of all; `read` is the
    table that they looked at, in which the codes have the marks of their plans.
    """

    plans: CompiledPlans
    gathered: Gathered
    rules: tuple[tuple[Rule, int | None], ...]
    heard: Heard
    found: tuple[Offences, ...]
    codes_held: pl.DataFrame
    read: Rows

    @cached_property
    def whose(self) -> pl.DataFrame:
        """The plan of each row by its `source_order`."""
        return self.read.select("source_order", "plan_at")

    @cached_property
    def held(self) -> pl.DataFrame:
        """The rows that do not count: `source_order`, `codes` and `plan_at`."""
        return codes_of_rows([self.codes_held]).join(self.whose, on="source_order", how="left", maintain_order="left")

    @cached_property
    def offences(self) -> tuple[Offences, ...]:
        """What the rules found, each row with the plan that it is of."""
        return tuple(Offences(each.rule, self._placed(each.rows)) for each in self.found)

    def _placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows to complain of with `plan_at`; one that is about no row of the table names a partner."""
        if len(self.plans) == 1:
            return rows.with_columns(plan_at=pl.lit(0, pl.Int32))
        rows = rows.with_columns(pl.col("source_order").cast(pl.Int64))
        rows = rows.join(self.whose, on="source_order", how="left", maintain_order="left")
        if "partner" in rows.columns:
            named = pl.col("partner").str.split(MARK).list.first().cast(pl.Int32, strict=False)
            rows = rows.with_columns(pl.coalesce("plan_at", named).alias("plan_at"))
        return rows

    # ------------------------------------------------------------------------------------------------------ counting

    @cached_property
    def counted(self) -> pl.DataFrame:
        """How many findings of each plan, code and severity: the severity is that of the plan."""
        told = [
            each.rows.select("plan_at", code=pl.lit(each.rule.code), level=pl.lit(str(each.rule.level)))
            for each in self.offences
        ]
        schema = {name: kind for name, kind in _COUNTED.items() if name != "n"}
        every = pl.concat([pl.DataFrame(schema=schema), *told]).group_by("plan_at", "code", "level")
        counts = every.agg(n=pl.len().cast(pl.Int64))
        again = self._told_twice(counts)
        counts = counts.filter(~pl.col("plan_at").is_in([*again]))
        rows: list[tuple[int, str, str, int]] = []
        for at, readings in self.gathered.apart.items():
            found = [each for part in readings for each in part.findings]
            if at in again:
                found += self.findings(at, self.reading(at))
            counter = Counter((each.code, str(each.level)) for each in found)
            rows += [(at, code, level, n) for (code, level), n in counter.items()]
        counts = pl.concat([counts, pl.DataFrame(rows, schema=_COUNTED, orient="row")])
        return self._weighed(counts).group_by("plan_at", "code", "level").agg(pl.col("n").sum())

    def _told_twice(self, counts: pl.DataFrame) -> set[int]:
        """Plans of which rules may say again what was said while their rows were read; that is told once."""
        found: set[int] = set()
        by_plan: dict[int, set[str]] = {}
        for at, code in (
            counts.select("plan_at", "code").filter(pl.col("plan_at").is_in([*self.gathered.apart])).iter_rows()
        ):
            by_plan.setdefault(at, set()).add(code)
        for at, readings in self.gathered.apart.items():
            said = {each.code for part in readings for each in part.findings}
            trails = any(table.trail is not None for part in readings for table in part.tables)
            if trails or said & by_plan.get(at, set()):
                found.add(at)
        return found

    def _weighed(self, counts: pl.DataFrame) -> pl.DataFrame:
        """Counts with the severities that the plans give their codes."""
        rows = [
            (at, code, str(Severity(level)))
            for at, plan in enumerate(self.plans.plans)
            for code, level in plan.severities.items()
        ]
        if not rows:
            return counts
        schema = {"plan_at": pl.Int32, "code": pl.String, "own": pl.String}
        own = pl.DataFrame(rows, schema=schema, orient="row")
        told = counts.join(own, on=["plan_at", "code"], how="left")
        return told.with_columns(level=pl.coalesce("own", "level")).drop("own")

    @cached_property
    def looked(self) -> Mapping[int, Mapping[str, int]]:
        """How many rows the rules of each code looked at, by plan."""
        if len(self.plans) == 1:
            return {0: self.heard.looked}
        found: dict[int, Counter[str]] = {at: Counter() for at in range(len(self.plans))}
        for rules, marks in self.heard.seen:
            columns = sorted({column for column in rules.values() if column is not None})
            told = marks.join(self.whose, on="source_order", how="left")
            sums = told.group_by("plan_at").agg(pl.len().alias("rows"), pl.col(columns).cast(pl.Int64).sum())
            for row in sums.iter_rows(named=True):
                counter = found[row["plan_at"]]
                for at, column in rules.items():
                    rule, of = self.rules[at]
                    if of is None or of == row["plan_at"]:
                        counter[rule.code] += int(row["rows" if column is None else column])
        return found

    # ------------------------------------------------------------------------------------------------------- telling

    def own(self, at: int, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of one plan, its codes without their mark."""
        rows = rows.filter(pl.col("plan_at") == at).drop("plan_at")
        mark = self.plans.tables.marks[at]
        words = [name for name, kind in rows.schema.items() if kind == pl.String]
        return rows.with_columns(pl.col(words).str.replace_all(mark, "", literal=True)) if mark and words else rows

    def reading(self, at: int) -> Reading:
        """What one project reported."""
        return self.gathered.reading(at, self.gathered.frame.filter(pl.col("plan_at") == at))

    def findings(self, at: int, reading: Reading) -> Findings:
        """What the rules found in the reports of one project, before it has its say about severities."""
        rows = ((each.rule, self.own(at, each.rows)) for each in self.offences)
        mine = [Offences(rule, found) for rule, found in rows if found.height]
        read = self.read.keep(pl.col("plan_at") == at).frame()
        mark = self.plans.tables.marks[at]
        if mark:
            read = read.with_columns(pl.col(_MARKED).str.strip_prefix(mark))
        return tell(_Shelf(reading, read, (self.plans.plans[at],)), mine)

    def told(self, at: int) -> Findings:
        """Everything that is to be said of the reports of one project."""
        reading = self.reading(at)
        told = Findings(reading.findings) + self.findings(at, reading)
        return told.weighed({code: Severity(each) for code, each in self.plans.plans[at].severities.items()})

    def report(self, at: int, is_shown: Callable[[str], bool]) -> ValidationReport:
        """The report on one project."""
        plan, reading = self.plans.plans[at], self.reading(at)
        found = self.findings(at, reading)
        told = (Findings(reading.findings) + found).weighed(
            {code: Severity(each) for code, each in plan.severities.items()}
        )
        shown = [code for code in told.codes if is_shown(code)]
        rules = [rule for rule, of in self.rules if of is None or of == at]
        return report_of(
            reading,
            plan,
            held=self.held.filter(pl.col("plan_at") == at).drop("plan_at"),
            checked=checked_of(rules, self.looked[at], found.codes),
            findings=told.of(*shown),
            hidden=told.without(*shown),
        )


class PortfolioReport(Mapping[str, ValidationReport]):
    """What `validate` found in the reports of many projects: by the id of each project its own report.

    A project's report is what `validate` says of its rows alone, but that rows keep their numbers in the table. Each is
    made when it is asked for; verdicts and counts are there without.
    """

    def __init__(self, tried: Tried, is_shown: Callable[[str], bool]) -> None:
        self._tried = tried
        self._is_shown = is_shown

    def __getitem__(self, project: str) -> ValidationReport:
        return self._tried.report(self._tried.plans.positions[project], self._is_shown)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tried.plans)

    def __len__(self) -> int:
        return len(self._tried.plans)

    def project(self, project: str) -> ValidationReport:
        """The report on one project.

        Raises:
            KeyError: there is none of this id.
        """
        return self[project]

    @cached_property
    def _shown(self) -> pl.DataFrame:
        counts = self._tried.counted
        codes = [code for code in counts["code"].unique() if self._is_shown(code)]
        return counts.with_columns(shown=pl.col("code").is_in(codes))

    @cached_property
    def summary(self) -> pl.DataFrame:
        """Shape: one row per project: its verdict, rows accepted, held and ignored, and findings of each severity."""
        tried = self._tried
        rank = pl.col("level").replace_strict(_RANKS, return_dtype=pl.Int64)
        silent = pl.lit(value=False)
        if not self._shown["shown"].all():
            holding = tried.held.select("plan_at", pl.col("codes").alias("code")).explode("code").unique()
            holding = holding.with_columns(holds=pl.lit(value=True))
            hides = pl.col("holds").fill_null(value=False) & (pl.col("level") == Severity.ERROR.value)
            silent = ~pl.col("shown") & (hides | (pl.col("level") == Severity.BLOCKER.value))
            counts = self._shown.join(holding, on=["plan_at", "code"], how="left")
        else:
            counts = self._shown
        by_plan = counts.group_by("plan_at").agg(
            *(
                pl.col("n").filter((pl.col("level") == level) & pl.col("shown")).sum().alias(name)
                for name, level in _PER_LEVEL.items()
            ),
            worst=rank.filter(pl.col("shown")).min(),
            silent=silent.any(),
        )
        rows = tried.gathered.frame.group_by("plan_at").agg(read=pl.len().cast(pl.Int64))
        held = tried.held.group_by("plan_at").agg(held=pl.len().cast(pl.Int64))
        ignored = pl.DataFrame(
            [
                (at, sum(source.ignored for part in parts for source in part.sources))
                for at, parts in tried.gathered.apart.items()
            ],
            schema={"plan_at": pl.Int32, "ignored": pl.Int64},
            orient="row",
        )
        table = tried.plans.projects
        for each in (rows, held, ignored, by_plan):
            table = table.join(each, on="plan_at", how="left", maintain_order="left")
        numbers = ("read", "held", "ignored", *_PER_LEVEL)
        table = table.with_columns(pl.col(numbers).fill_null(0), pl.col("silent").fill_null(value=False))
        back = pl.col("silent") | (pl.col("worst") <= Severity.ERROR.rank).fill_null(value=False)
        notes = (pl.col("worst") == Severity.WARNING.rank).fill_null(value=False)
        verdict = (
            pl.when(back)
            .then(pl.lit(Verdict.SEND_BACK.value))
            .when(notes)
            .then(pl.lit(Verdict.ACCEPT_WITH_NOTES.value))
            .otherwise(pl.lit(Verdict.ACCEPT.value))
        )
        return table.select(
            "project",
            verdict.alias("verdict"),
            (pl.col("read") + pl.col("ignored")).alias("rows"),
            (pl.col("read") - pl.col("held")).alias("accepted"),
            "held",
            "ignored",
            *_PER_LEVEL,
        )

    @cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        """What to answer the partners of each project."""
        told = self.summary.select("project", "verdict").iter_rows()
        return FrozenMap({project: Verdict(verdict) for project, verdict in told})

    @property
    def ok(self) -> bool:
        """Whether nothing has to be sent back, and every row belongs to a project."""
        return self.findings.worst not in (Severity.BLOCKER, Severity.ERROR) and all(
            verdict is not Verdict.SEND_BACK for verdict in self.verdicts.values()
        )

    @cached_property
    def counts(self) -> Counts:
        """How many rows there were; those of projects that are none of these are held."""
        rows, accepted, held, ignored = self.summary.select(pl.sum("rows", "accepted", "held", "ignored")).row(0)
        strange = self._tried.gathered.strangers
        return Counts(rows=rows + strange, accepted=accepted, held=held + strange, ignored=ignored)

    @cached_property
    def findings(self) -> Findings:
        """All findings, each with the project that it is about; rows of no project, and files as a whole, too."""
        gathered = self._tried.gathered
        made: dict[int, Findings] = {}

        def later(code: str, level: str, positions: Sequence[int], count: int) -> Later:
            def make() -> Iterator[Finding]:
                for at in positions:
                    if at not in made:
                        made[at] = self._tried.told(at)
                    project = self._tried.plans.plans[at].id
                    yield from (
                        each.at(project=project) for each in made[at].of(code).at_least(level) if each.level == level
                    )

            return Later(code, Severity(level), count, make)

        groups = self._shown.filter("shown").sort("plan_at").group_by("code", "level", maintain_order=True)
        told = groups.agg("plan_at", pl.col("n").sum())
        mine = [
            later(code, level, positions, n)
            for code, level, positions, n in told.select("code", "level", "plan_at", "n").iter_rows()
        ]
        return Findings(
            (each for each in gathered.findings if self._is_shown(each.code)),
            later=(*mine, *(each for each in gathered.later if self._is_shown(each.code))),
        )

    @cached_property
    def observations(self) -> Observations:
        """The accepted rows of all projects, ready for `aggregate`."""
        frame = self._tried.gathered.frame
        held = self._tried.held["source_order"].implode()
        return Observations(frame.filter(~pl.col("source_order").is_in(held)).select(NAMES).sort("source_order"))

    @property
    def sources(self) -> tuple[SourceFile, ...]:
        """The files and tables that were read."""
        return self._tried.gathered.sources

    def to_polars(self) -> pl.DataFrame:
        """`summary`."""
        return self.summary

    def to_pandas(self) -> pd.DataFrame:
        """`summary`, as pandas."""
        return self.summary.to_pandas()

    def __repr__(self) -> str:
        told = Counter(self.verdicts.values())
        shown = ", ".join(f"{told[verdict]} {verdict}" for verdict in Verdict if told[verdict])
        counts = f"{self.counts.accepted} of {self.counts.rows} rows accepted, {self.counts.held} held"
        return f"PortfolioReport({len(self)} projects: {shown or 'none'}; {counts}; {self.findings.summary()})"
