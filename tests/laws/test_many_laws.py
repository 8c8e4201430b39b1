"""The reports of many projects checked in one call: each project's report is that of its rows alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import mne
from mne.ground.findings import Finding, Findings, Place
from mne.logframe.model import Logframe
from mne.reports.report import ValidationReport
from mne.tables.observations import Observations
from mne.testing import COLUMNS, DEFECTS, logframes, observation_rows, reports_with
from tests.golden.dossier import frozen

GOLDEN = Path(__file__).parent.parent / "golden" / "projects.jsonl"


def told(report: ValidationReport, numbers: dict[int, int]) -> dict[str, Any]:
    """All that a report says, its rows by their numbers in the whole table."""

    def moved(place: Place) -> Place:
        return place if place.row is None else replace(place, row=numbers[place.row])

    def placed(finding: Finding) -> Finding:
        return replace(finding, place=moved(finding.place), related=tuple(moved(each) for each in finding.related))

    findings = Findings(placed(finding) for finding in report.findings)
    rows = report.observations.to_polars().drop("source_order", "source_row")
    return {
        "findings": [(wordless(finding.to_dict()), finding.related) for finding in findings],
        "verdict": report.verdict,
        "counts": report.counts,
        "checked": report.checked,
        "accepted": rows.to_dicts(),
        "held": report.held.to_polars().drop("row").to_dicts(),
        "reported": report.by_partner_and_period.to_dicts(),
        "read": [(each.rows, each.read, each.ignored, each.refused) for each in report.sources if each.rows],
    }


def wordless(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding whose words name no rows: a project alone numbers them otherwise."""
    words = ("found", "expected", "message")
    return {key: re.sub(r"\brow \d+", "row", told) if key in words else told for key, told in finding.items()}


def agrees(table: pl.DataFrame, plans: list[Logframe], *, as_observations: bool = False) -> mne.PortfolioReport:
    """Check a table in one call, and hold every project against its rows alone."""
    wrapped = Observations if as_observations else lambda frame: frame
    report = mne.validate(wrapped(table), mne.compile_plans(plans))
    assert len(report) == len(plans)
    for plan in plans:
        mine = (table["project"] == plan.id).fill_null(value=False).arg_true().to_list()
        alone = mne.validate(wrapped(table[mine]), plan)
        numbers = {at: row + 1 for at, row in enumerate(mine, start=1)}
        together = report[plan.id]
        expected = told(alone, numbers) if mine else None
        if expected is not None:
            found = told(together, {row: row for row in range(table.height + 2)})
            for part, content in expected.items():
                assert found[part] == content, (plan.id, part)
        row = report.summary.filter(pl.col("project") == plan.id).row(0, named=True)
        assert row["verdict"] == str(together.verdict)
        assert (row["accepted"], row["held"], row["ignored"], row["rows"]) == (
            together.counts.accepted, together.counts.held, together.counts.ignored, together.counts.rows,
        )  # fmt: skip
        assert [row[name] for name in ("blockers", "errors", "warnings", "infos")] == [
            *together.findings.severities.values()
        ]
    counts = report.counts
    assert counts.rows == table.height == counts.accepted + counts.held + counts.ignored
    listed = [finding for plan in plans for finding in report[plan.id].findings]
    assert len(report.findings) == len(list(report.findings)) >= len(listed)
    return report


def named(plans: list[Logframe]) -> list[Logframe]:
    """The plans, each with an id of its own."""
    return [plan.model_copy(update={"id": f"P{at}"}) for at, plan in enumerate(plans)]


@st.composite
def portfolios(draw: st.DrawFn) -> tuple[list[Logframe], pl.DataFrame]:
    """Plans that have nothing in common, and typed rows for them in any order, some of them spoilt."""
    plans = named(draw(st.lists(logframes(indicators_max=2), min_size=1, max_size=3)))
    rows: list[dict[str, Any]] = []
    for plan in plans:
        rows += [{**row, "project": plan.id} for row in draw(observation_rows(plan))]
    for row in list(rows):
        match draw(st.sampled_from(("fine",) * 12 + ("copy", "number", "partner", "category", "unit", "state"))):
            case "copy":
                rows.append(dict(row))
            case "number":
                row["value"] = -1
            case "partner":
                row["partner"] = draw(st.sampled_from(("P-A", "p-c", "nobody", "_T")))
            case "category":
                row["category"] = draw(st.sampled_from(("sex=F", "sex=X", "age=25+", "M")))
            case "unit":
                row["unit"] = draw(st.sampled_from(("kg", "KG", "t", "no such unit")))
            case "state":
                row["state"] = draw(st.sampled_from(("missing", "n/a", "not_due")))
    shuffled = draw(st.permutations(rows)) if len(rows) > 1 else rows
    return plans, Observations.from_rows({**row, "source_order": at} for at, row in enumerate(shuffled)).to_polars()


@given(portfolios())
def test_each_project_is_judged_as_if_it_were_alone(case: tuple[list[Logframe], pl.DataFrame]) -> None:
    plans, table = case
    agrees(table, plans, as_observations=True)


@st.composite
def written(draw: st.DrawFn) -> tuple[list[Logframe], pl.DataFrame]:
    """Plans and what partners wrote for them, each with a defect of its own."""
    plans = named(draw(st.lists(logframes(indicators_max=3), min_size=2, max_size=3)))
    rows: list[dict[str, Any]] = []
    for plan in plans:
        spoilt = draw(reports_with(plan, draw(st.sampled_from(sorted(DEFECTS)))))
        rows += [{"project": plan.id, **row} for row in spoilt.rows]
    columns = dict.fromkeys(("project", *COLUMNS), pl.String)
    return plans, pl.DataFrame([{**dict.fromkeys(columns), **row} for row in rows], schema=columns)


@given(written())
def test_each_project_is_read_as_if_it_were_alone(case: tuple[list[Logframe], pl.DataFrame]) -> None:
    plans, table = case
    agrees(table, plans)


def counted_alike(table: pl.DataFrame, plans: list[Logframe]) -> None:
    """Count and score a table in one call, and hold every project against its rows alone."""
    together = mne.aggregate(Observations(table), mne.compile_plans(plans))
    cards = mne.score(together)
    assert list(together) == list(cards) == [plan.id for plan in plans]
    for plan in plans:
        alone = mne.aggregate(Observations(table.filter(pl.col("project") == plan.id)), plan)
        mine = together[plan.id]
        assert dict(mine) == dict(alone)
        assert (mine.until, list(mine.findings)) == (alone.until, list(alone.findings))
        assert cards[plan.id] == mne.score(alone)
        for code in alone:
            assert str(mine[code].explain()) == str(alone[code].explain())
            assert mine[code].trace().drop("source_order").equals(alone[code].trace().drop("source_order"))


@given(portfolios())
def test_each_project_is_counted_as_if_it_were_alone(case: tuple[list[Logframe], pl.DataFrame]) -> None:
    plans, table = case
    counted_alike(table, plans)


def test_the_golden_projects_are_counted_together_as_alone() -> None:
    plans, table = golden_projects()
    counted_alike(table, plans[:8])


def golden_projects() -> tuple[list[Logframe], pl.DataFrame]:
    """All the golden projects with ids of their own, and their reports in one table."""
    plans: list[Logframe] = []
    frames: list[pl.DataFrame] = []
    for at, (portfolio, observations) in enumerate(frozen(GOLDEN)):
        (plan,) = portfolio.plans.values()
        plans.append(plan.model_copy(update={"id": f"G{at}"}))
        frames.append(observations.to_polars().with_columns(project=pl.lit(f"G{at}")))
    table = pl.concat(frames).sample(fraction=1, shuffle=True, seed=7)
    return plans, table.with_columns(source_order=pl.int_range(pl.len()))


def test_the_golden_projects_are_judged_together_as_alone() -> None:
    plans, table = golden_projects()
    assert agrees(table, plans, as_observations=True).findings
