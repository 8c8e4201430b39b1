"""What holds of every validation: nothing is lost, nothing is changed, the same again gives the same, and order is no matter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from mne.ground.findings import Finding
from mne.logframe.model import Logframe
from mne.reports.judge import judge
from mne.reports.read import read
from mne.reports.rules import RULES
from mne.reports.validate import ValidationReport, validate
from mne.tables.observations import KEY, Observations
from mne.testing import logframes, observation_rows

CONTENT = (*KEY, "revision", "state", "value", "numerator", "denominator", "unit")


@st.composite
def reports(draw: st.DrawFn, *, spoilt: bool = True) -> tuple[Logframe, list[dict[str, Any]]]:
    """A plan and rows for it, some of them copied, contradicted or out of all bounds."""
    plan = draw(logframes(indicators_max=2))
    rows = draw(observation_rows(plan))
    if not spoilt or not rows:
        return plan, rows
    rows = list(rows)
    for _ in range(draw(st.integers(0, 4))):
        row = dict(draw(st.sampled_from(rows)))
        spoil = draw(st.sampled_from(("copy", "number", "partner", "category", "days", "denominator")))
        if spoil == "number":
            row["value"] = draw(st.sampled_from((Decimal(-1), Decimal("0.5"), Decimal(10) ** 18, None)))
        elif spoil == "partner":
            row["partner"] = draw(st.sampled_from(("P-A", "P-C", "_T")))
        elif spoil == "category":
            row["category"] = draw(st.sampled_from(("sex=F", "age=25+", "sex=M|age=<25")))
        elif spoil == "days":
            row["period_start"] = plan.start
        elif spoil == "denominator":
            row["denominator"] = draw(st.sampled_from((Decimal(0), Decimal(-3), None)))
        rows.append(row)
    return plan, [{**row, "source_order": order} for order, row in enumerate(rows)]


def validated(plan: Logframe, rows: list[dict[str, Any]], **options: Any) -> ValidationReport:
    return validate(Observations.from_rows(rows), plan, **options)


def contents(report: ValidationReport) -> list[tuple[Any, ...]]:
    return sorted(report.observations.to_polars().select(CONTENT).iter_rows(), key=repr)


@given(reports())
def test_every_row_is_accepted_held_or_ignored_and_none_twice(told: tuple[Logframe, list[dict[str, Any]]]) -> None:
    plan, rows = told
    report = validated(plan, rows)
    counts = report.counts
    assert counts.rows == len(rows) == counts.accepted + counts.held + counts.ignored
    assert (counts.accepted, counts.held) == (len(report.observations), len(report.held))
    both = [*report.observations.to_polars()["source_row"], *report.held.to_polars()["row"]]
    assert sorted(both) == list(range(1, len(rows) + 1))
    matrix = report.by_partner_and_period
    assert (matrix["accepted"].sum(), matrix["held"].sum()) == (counts.accepted, counts.held)


@given(reports())
def test_a_second_run_finds_the_same_and_the_reading_is_as_it_was(told: tuple[Logframe, list[dict[str, Any]]]) -> None:
    plan, rows = told
    observations = Observations.from_rows(rows)
    before = observations.to_polars().clone()
    reading = read(observations, plan, trusted=True)
    frame, raw = reading.frame.clone(), reading.raw.clone()
    first, second = judge(reading, plan, rules=RULES), judge(reading, plan, rules=RULES)
    assert first.findings == second.findings
    assert first.held.sort("source_order").equals(second.held.sort("source_order"))
    assert first.checked == second.checked
    assert reading.frame.equals(frame)
    assert reading.raw.equals(raw)
    assert observations.to_polars().equals(before)


@given(reports())
def test_findings_come_in_one_order(told: tuple[Logframe, list[dict[str, Any]]]) -> None:
    report = validated(*told)
    assert list(report.findings) == sorted(report.findings, key=Finding.sort_key)
    assert report == validated(*told)


@given(reports(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_of_what_is_accepted(
    told: tuple[Logframe, list[dict[str, Any]]], chance: Any
) -> None:
    plan, rows = told
    # Rows without a day of receipt that share a revision are told apart by nothing but their order.
    mixed = list(rows)
    chance.shuffle(mixed)
    mixed = [{**row, "source_order": order} for order, row in enumerate(mixed)]
    first, second = validated(plan, rows), validated(plan, mixed)
    assert contents(first) == contents(second)
    assert dict(first.findings.codes) == dict(second.findings.codes)


@given(reports())
def test_what_was_accepted_is_accepted_again(told: tuple[Logframe, list[dict[str, Any]]]) -> None:
    plan, rows = told
    first = validated(plan, rows)
    again = validate(first.observations, plan)
    assert again.counts.held == 0
    assert contents(again) == contents(first)


@given(reports(), st.sampled_from(sorted({rule.code for rule in RULES})))
def test_what_is_not_shown_is_held_all_the_same(told: tuple[Logframe, list[dict[str, Any]]], code: str) -> None:
    plan, rows = told
    whole, less = validated(plan, rows), validated(plan, rows, ignore=[code])
    assert contents(whole) == contents(less)
    assert list(less.findings) == [finding for finding in whole.findings if finding.code != code]


@given(reports())
def test_rows_of_one_indicator_do_not_change_the_verdict_on_another(
    told: tuple[Logframe, list[dict[str, Any]]],
) -> None:
    plan, rows = told
    codes = sorted({row["indicator"] for row in rows})
    whole = validated(plan, rows).observations.to_polars()
    for code in codes[:2]:
        alone = validated(plan, [row for row in rows if row["indicator"] == code]).observations.to_polars()
        kept = whole.filter(pl.col("indicator") == code)
        assert sorted(kept.select(CONTENT).iter_rows(), key=repr) == sorted(alone.select(CONTENT).iter_rows(), key=repr)
