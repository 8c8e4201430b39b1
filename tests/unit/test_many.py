"""The reports of many projects in one call: whose rows they are, what is refused, and files of all kinds."""

from __future__ import annotations

import datetime as dt
import pickle
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import mne
from mne.errors import OptionError
from mne.logframe.model import Logframe
from mne.tables.observations import Observations


def plan(project: str, **more: Any) -> Logframe:
    indicator = {"id": "I1", "title": "People", "measure": "number", "unit": "person", "accumulation": "flow"}
    return Logframe.model_validate(
        {
            "id": project, "title": f"Project {project}", "start": "2025-01-01", "end": "2025-12-31",
            "results": [{"id": "O", "level": "output", "title": "Output", "indicators": [indicator]}], **more,
        }
    )  # fmt: skip


def table(*rows: tuple[str | None, str, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["project", "period", "value"], orient="row").with_columns(indicator=pl.lit("I1"))


PLANS = [plan("A"), plan("B", calendar={"frequency": "annual"}), plan("C")]


def test_rows_of_no_project_are_told_and_never_vanish() -> None:
    report = mne.validate(
        table(("A", "2025-Q1", 1), ("Z", "2025-Q1", 2), (None, "2025-Q1", 3), ("B", "2025", 4), ("Z", "2025", 5)), PLANS
    )
    told = [(finding.code, finding.place.row, finding.place.project) for finding in report.findings]
    assert told == [("project-unknown", 2, "Z"), ("project-missing", 3, None), ("project-unknown", 5, "Z")]
    assert (report.counts.rows, report.counts.accepted, report.counts.held, report.counts.ignored) == (5, 2, 3, 0)
    assert not report.ok
    assert [str(verdict) for verdict in report.verdicts.values()] == ["accept"] * 3
    assert report["C"].counts.rows == 0


def test_findings_name_the_project_and_its_own_codes() -> None:
    report = mne.validate(table(("A", "2025-Q1", -1), ("B", "2025", 2), ("C", "2025-Q1", -3)), PLANS)
    told = [(each.code, each.place.project, each.place.indicator, each.place.row) for each in report.findings]
    assert told == [("value-negative", "A", "I1", 1), ("value-negative", "C", "I1", 3)]
    assert [finding.place.project for finding in report["C"].findings] == [None]
    assert report.observations.to_polars()["project"].to_list() == ["B"]
    assert "2 send back" in repr(report)


def test_a_project_is_known_by_its_title_and_in_another_case() -> None:
    report = mne.validate(table(("a", "2025-Q1", 1), ("Project B", "2025", 2)), PLANS)
    assert [(each.code, each.place.project) for each in report.findings] == [("code-normalised", "A")]
    assert report.observations.to_polars()["project"].to_list() == ["A", "B"]


def test_each_project_weighs_its_findings_itself() -> None:
    mild = plan("B", severities={"value-negative": "warning"})
    report = mne.validate(table(("A", "2025-Q1", -1), ("B", "2025-Q1", -1)), [plan("A"), mild])
    assert [str(verdict) for verdict in report.verdicts.values()] == ["send back", "accept with notes"]
    assert report.summary["held"].to_list() == [1, 0]


def test_what_is_not_shown_still_holds() -> None:
    report = mne.validate(table(("A", "2025-Q1", -1), ("B", "2025", 1)), PLANS, ignore=["value-negative"])
    assert not report.findings
    assert str(report.verdicts["A"]) == "send back" == str(report["A"].verdict)
    assert report["A"].hidden.codes == {"value-negative": 1}


def test_one_plan_takes_rows_that_name_no_project() -> None:
    report = mne.validate(table((None, "2025-Q1", 1), ("A", "2025-Q2", 1)), [plan("A")])
    assert report["A"].counts.accepted == 2
    without = mne.validate(table(("A", "2025-Q1", 1)).drop("project"), [plan("A")])
    assert without["A"].counts.accepted == 1


def test_a_table_without_projects_is_refused() -> None:
    report = mne.validate(table(("A", "2025-Q1", 1)).drop("project"), PLANS)
    assert [each.code for each in report.findings] == ["header-missing"]
    assert report.counts.held == 1


def test_files_are_parted_by_project(tmp_path: Path) -> None:
    rows = table(("A", "2025-Q1", 1), ("B", "2025", -2), ("Z", "2025", 1))
    rows.write_csv(tmp_path / "all.csv")
    rows.write_parquet(tmp_path / "all.parquet")
    for name, numbers in (("all.csv", [3, 4]), ("all.parquet", [2, 3])):
        report = mne.validate(tmp_path / name, PLANS)
        found = [(each.code, each.place.row) for each in report.findings if each.place.row is not None]
        assert found == [("value-negative", numbers[0]), ("project-unknown", numbers[1])]
        assert [len(report[project].observations) for project in "ABC"] == [1, 0, 0]


def test_no_plans_and_no_rows() -> None:
    assert len(mne.validate(table(), [])) == 0
    report = mne.validate(Observations.from_rows([]), PLANS)
    assert report.ok
    assert report.counts.rows == 0


def test_compiled_plans_are_used_again_and_travel() -> None:
    plans = mne.compile_plans(mne.Portfolio(PLANS))
    assert mne.compile_plans(plans) is plans
    assert list(pickle.loads(pickle.dumps(plans))) == ["A", "B", "C"]  # noqa: S301 - our own bytes
    rows = table(("A", "2025-Q1", -1), ("B", "2025", 2))
    first, second = mne.validate(rows, plans), mne.validate(rows, plans)
    assert list(first.findings) == list(second.findings)
    assert first.to_pandas().equals(second.to_pandas())


def test_what_is_wrong_with_a_call_is_said() -> None:
    with pytest.raises(OptionError, match="two of the plans have the id 'A'"):
        mne.compile_plans([plan("A"), plan("A")])
    with pytest.raises(OptionError, match="plans must be Logframes, not str"):
        mne.compile_plans(["a.yaml"])
    with pytest.raises(OptionError, match="plans must be a list of Logframes"):
        mne.compile_plans("a.yaml")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="partner, jobs can be given for one project"):
        mne.validate(table(), PLANS, partner="P", jobs=2)  # type: ignore[call-overload]


def test_values_and_cards_of_each_project() -> None:
    values = mne.aggregate(mne.validate(table(("A", "2025-Q1", 1), ("B", "2025", 4)), PLANS).observations, PLANS)
    assert {project: values[project]["I1"].value for project in values} == {"A": 1, "B": 4, "C": None}
    assert values["A"] is values["A"]
    assert str(values["A"].until) == "2025-03-31"
    assert values["C"].until is None
    cards = mne.score(values)
    assert list(cards) == ["A", "B", "C"]
    assert cards["A"] is cards["A"]
    assert values.to_polars()["project"].unique().sort().to_list() == ["A", "B", "C"]
    assert repr(values) == "ProjectValues(3 projects: 2 figures count)"
    assert repr(cards) == "Scorecards(3 projects by baseline-target)"


def test_rows_of_no_project_are_told_of_the_values_too() -> None:
    rows = mne.validate(table(("A", "2025-Q1", 1), ("B", "2025", 4)), PLANS).observations
    values = mne.aggregate(rows, PLANS[:1])
    assert [(each.code, each.found, each.params["rows"]) for each in values.findings] == [
        ("value-other-project", "B", 1)
    ]
    assert not values["A"].findings


def test_overrides_are_for_one_project() -> None:
    values = mne.aggregate(Observations.from_rows([]), PLANS)
    override = mne.Override(id="O", rating="A", who="me", why="so", when=dt.date(2025, 1, 1))
    with pytest.raises(OptionError, match="overrides can be given for one project"):
        mne.score(values, overrides=[override])  # type: ignore[call-overload]
