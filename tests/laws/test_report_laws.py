"""Every rule speaks of the defect that it is for, at the row where it is, and of nothing in a report without one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mne
from mne.errors import OptionError
from mne.logframe.model import Logframe
from mne.testing import DEFECTS, Spoilt, as_csv, logframes, reports, reports_with
from tests.profiles import times

ELSEWHERE = {
    "value-off-scale": "a text is looked up among the steps first (ref-unknown-stage); a table of numbers can say 9 of 4",
    "state-contradiction": "a text that says a state beside a number is state-conflict; a table of our own can say both",
    "period-mismatch": "a label is a period of the plan; only days can lie across two of them",
    "total-exceeded": "as total-mismatch, where not every part is there",
    "total-splits-disagree": "takes two splits of one indicator and no total",
    "figures-restated": "takes an earlier report beside the one that is asked for",
    "figure-again": "takes a workbook with a total beneath each of two splits, or two files of which one ends earlier",
    "report-before-end": "a remark about the days of a whole table, whose rows are sent on the same day",
}
"""Codes of rules that the tests of single rules plant, and why no table of text can have them alone."""

COMPANIONS = {
    "column-type", "csv-dialect-guessed", "header-unknown", "ref-no-list", "report-missing", "unit-missing",
    "comment-missing", "total-parts-missing", "value-outlier", "date-format", "flow-restates-total",
    "cumulative-decrease", "report-late", "value-jump",
}  # fmt: skip
"""Codes that a defect may bring along: a row that cannot be read is missing elsewhere, and one that is another differs."""


def indicator(id: str, **more: Any) -> dict[str, Any]:
    usual = {
        "id": id, "title": f"How many were {id.lower()} so far", "measure": "number", "unit": "person", "accumulation": "level",
        "baseline": {"value": "0"}, "targets": [{"period": "2025-12", "value": "100"}],
    }  # fmt: skip
    return {**usual, **more}


def plan() -> Logframe:
    """A monthly plan with an indicator for every rule."""
    own = [
        indicator("TRAINED", accumulation="flow", disaggregation=[{"dimensions": ["sex"]}]),
        indicator("FED", accumulation="flow", unit="kg", assignments=[{"partner": "P-A", "locations": ["L-1"]}]),
        indicator("SEEN", accumulation="flow"),
        indicator("REACHED", accumulation="running_total", reachable="5000", evidence_required=True),
        indicator("OPEN", unit="kg", thresholds={"deviation": "10"}),
        indicator("SPLIT", disaggregation=[{"dimensions": ["sex"], "required": True}]),
        indicator("PASSED", measure="percentage", unit="percent", baseline={"value": "5"}),
        indicator("FELT", measure="percentage", unit="percent", reported_as="value", baseline={"value": "5"}),
        indicator("STAGE", measure="ordinal", unit=None, scale=[{"id": "low"}, {"id": "high"}], baseline={"stage": "low"},
                  targets=[{"period": "2025-12", "stage": "high"}]),
        indicator("LAW", measure="yes_no", unit=None, targets=[{"period": "2025-12", "value": "1"}]),
        indicator("PER", measure="ratio", unit=None, per="1000", accumulation="flow"),
        indicator("TRUST", measure="index", unit=None, minimum="0", maximum="100"),
        indicator("RATE", measure="ratio", unit=None, per="1", formula="TRAINED / REACHED", reported_as="value"),
    ]  # fmt: skip
    return Logframe.model_validate(
        {
            "id": "P", "title": "A project", "start": "2025-01-01", "end": "2026-12-31",
            "calendar": {"frequency": "monthly"}, "reporting_lag": 15, "closing_lag": 90,
            "thresholds": {"jump": "300"},
            "organisations": [{"id": id, "title": id, "roles": ["partner"]} for id in ("P-A", "P-B")],
            "locations": [{"id": "L-1", "title": "North"}],
            "dimensions": [
                {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "women"}, {"id": "M", "title": "men"}]}
            ],
            "results": [{"id": "OC", "level": "outcome", "title": "OC", "indicators": own}],
        }
    )  # fmt: skip


PLAN = plan()


def judged(rows: list[dict[str, str]], of: Logframe, **options: Any) -> mne.ValidationReport:
    # On the project's last day every period has begun, and what is said does not hang on the day of the run.
    return mne.validate(("report.csv", as_csv(rows)), of, **{"today": of.end, **options})


@given(st.data())
def test_nothing_is_said_of_a_report_without_a_defect(data: st.DataObject) -> None:
    of = data.draw(logframes())
    rows = data.draw(reports(of))
    if not rows:
        return
    told = judged(rows, of)
    assert not told.findings.at_least("warning"), list(told.findings.at_least("warning"))
    assert (told.counts.accepted, told.counts.held, told.counts.ignored) == (len(rows), 0, 0)
    cells = {(row["indicator"], row["period"], row["partner"] or "_T", row["location"] or "_T") for row in rows}
    kept = told.observations.to_polars().select("indicator", "period", "partner", "location")
    assert set(kept.iter_rows()) == cells


@given(reports(PLAN))
def test_nor_of_one_for_a_plan_with_every_limit(rows: list[dict[str, str]]) -> None:
    told = judged(rows, PLAN) if rows else None
    assert told is None or not told.findings.at_least("warning"), list(told.findings)


@pytest.mark.parametrize("code", DEFECTS)
@settings(
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], max_examples=times(0.5).max_examples
)
@given(st.data())
def test_every_rule_speaks_of_its_defect(code: str, data: st.DataObject) -> None:
    spoilt: Spoilt = data.draw(reports_with(PLAN, code))
    told = judged(spoilt.rows, PLAN, **spoilt.options)
    mine = told.findings.of(code)
    assert mine, (spoilt.rows, list(told.findings))
    if spoilt.row is not None:
        # The header is on line 1. One finding may speak of many rows.
        lines = {each.row for finding in mine for each in (finding.place, *finding.related)}
        assert spoilt.row + 2 in lines or None in lines, (spoilt.row, lines)
    others = {each.code for each in told.findings.at_least("warning")} - {code} - COMPANIONS
    assert not others, (others, list(told.findings), spoilt.rows)


def test_every_rule_has_a_defect_or_a_reason() -> None:
    codes = {rule.code for rule in mne.RULES}
    assert codes - DEFECTS.keys() == ELSEWHERE.keys()
    assert not set(ELSEWHERE) & DEFECTS.keys()


def test_an_unknown_defect_is_refused() -> None:
    with pytest.raises(OptionError, match="no defect is known for 'guess'"):
        reports_with(PLAN, "guess")
