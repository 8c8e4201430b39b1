"""A small plan, its reports and its scorecard, for the tests of what people see. Read `card` first.

Two outcomes under a goal. Six indicators: a count on its way, a falling rate off track, one to be kept in a range, one
that nobody reported, one whose baseline is pending, a yes or no. Some numbers are marked illustrative.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl

from mne.ground.explanation import Explanation
from mne.ground.findings import Finding, Findings, Place
from mne.logframe.model import Logframe
from mne.reports.reading import SourceFile
from mne.reports.report import Checked, Counts, Held, ValidationReport
from mne.scores.cards import Override, Scorecard
from mne.scores.scheme import Scheme
from mne.scores.scorecard import score
from mne.tables.observations import Observations
from mne.values.aggregate import aggregate
from mne.values.values import Values

PARTNERS = ("P-1", "P-2", "P-3", "P-4", "P-5", "P-6")
UNTIL = dt.date(2026, 6, 30)


def _indicators() -> dict[str, dict[str, Any]]:
    everyone = [{"partner": partner} for partner in PARTNERS]
    trained = {
        "id": "OC1.1",
        "title": {"en": "People with digital skills", "fr": "Personnes formées au numérique", "ru": "Обученные люди"},
        "measure": "number",
        "unit": "people",
        "accumulation": "running_total",
        "core": True,
        "weight": 60,
        "baseline": {"value": 0, "date": "2025-12-31", "source": "S1"},
        "targets": [
            {"period": "2026-Q2", "value": 14000, "illustrative": True},
            {"period": "2027-Q4", "value": 28000, "kind": "final", "source": "S1"},
        ],
        "assignments": everyone,
        "means_of_verification": ["Attendance lists"],
    }
    days = {
        "id": "OC1.2",
        "title": "Days to get a certificate",
        "measure": "number",
        "unit": "day",
        "direction": "decrease",
        "accumulation": "level",
        "weight": 40,
        "aggregation": {"partners": "mean"},
        "baseline": {"value": 40, "date": "2025-12-31"},
        "targets": [{"period": "2026-Q2", "value": 30}, {"period": "2027-Q4", "value": 20, "kind": "final"}],
        "assignments": everyone[:2],
    }
    kept = {
        "id": "OP1.1.1",
        "title": "Availability of the register",
        "measure": "percentage",
        "reported_as": "value",
        "direction": "maintain",
        "tolerance": "0.5",
        "accumulation": "level",
        "baseline": {"value": 99},
        "targets": [{"period": "2026-Q2", "value": "99.5"}, {"period": "2027-Q4", "value": "99.5", "kind": "final"}],
        "assignments": everyone[:1],
    }
    desk = {
        "id": "OP1.1.2",
        "title": "Every office has a complaints desk",
        "measure": "yes_no",
        "accumulation": "level",
        "targets": [{"period": "2026-Q2", "value": 1, "kind": "final"}],
        "assignments": everyone[:1],
    }
    silent = {
        "id": "OC2.1",
        "title": "Schools connected",
        "measure": "number",
        "unit": "school",
        "accumulation": "running_total",
        "baseline": {"value": 10},
        "targets": [{"period": "2026-Q2", "value": 40}, {"period": "2027-Q4", "value": 100, "kind": "final"}],
        "assignments": everyone[2:3],
    }
    pending = {
        "id": "OC2.2",
        "title": "Adults who used a digital service",
        "measure": "percentage",
        "accumulation": "level",
        "baseline": {"status": "pending"},
        "targets": [{"period": "2026-Q2", "value": 20}, {"period": "2027-Q4", "value": 40, "kind": "final"}],
        "assignments": everyone[:1],
    }
    return {each["id"]: each for each in (trained, days, kept, desk, silent, pending)}


def plan(**changes: Any) -> Logframe:
    """The plan; `changes` replace its own parts, such as the title."""
    has = _indicators()
    outputs = [
        {
            "id": "OP1.1",
            "level": "output",
            "label": "Output 1.1",
            "title": "Services work",
            "weight": 100,
            "risks": ["Power cuts"],
            "indicators": [has["OP1.1.1"], has["OP1.1.2"]],
        }
    ]
    outcomes = [
        {
            "id": "OC1",
            "level": "outcome",
            "label": "Outcome 1",
            "title": "People use digital services",
            "weight": 70,
            "weight_illustrative": True,
            "assumptions": ["The law is passed"],
            "indicators": [has["OC1.1"], has["OC1.2"]],
            "results": outputs,
        },
        {
            "id": "OC2",
            "level": "outcome",
            "label": "Outcome 2",
            "title": "Schools are connected",
            "weight": 30,
            "indicators": [has["OC2.1"], has["OC2.2"]],
        },
    ]
    told = {
        "id": "DEMO",
        "title": {"en": "A demonstration project", "fr": "Un projet de démonstration"},
        "start": "2026-01-01",
        "end": "2027-12-31",
        "countries": ["TJ"],
        "units": [{"id": "people"}, {"id": "school"}],
        "organisations": [{"id": code, "title": f"Partner {code[-1]}", "roles": ["partner"]} for code in PARTNERS],
        "sources": [{"id": "S1", "title": "Project document", "url": "https://example.org/document.pdf"}],
        "budgets": [{"amount": 1250000, "currency": "CHF", "title": "Whole project"}],
        "results": [{"id": "G", "level": "impact", "label": "Goal", "title": "A digital society", "results": outcomes}],
    }
    return Logframe.model_validate({**told, **changes})


def scheme() -> Scheme:
    """A scheme with three ratings, whose source is this file."""
    return Scheme.model_validate(
        {
            "id": "three-bands",
            "title": "Three bands",
            "version": "1",
            "source": "Made for the tests.",
            "url": "https://example.org/bands",
            "verified": False,
            "achievement": {"floor": 0, "ceiling": "1.2"},
            "steps": {
                "impact": {"source": "results"},
                "outcome": {"source": "indicators_else_results"},
                "output": {"source": "indicators"},
            },
            "rounding": {"digits": 0},
            "bands": [
                {"label": "A", "lower": 100, "status": "met", "title": "Reached"},
                {"label": "B", "lower": 80, "status": "on_track"},
                {"label": "C", "lower": 60, "status": "at_risk"},
                {"label": "D", "status": "off_track"},
            ],
            "gates": [
                {"id": "core", "title": "A core indicator is below", "when": "core_below", "below": "0.9", "cap": "C"}
            ],
        }
    )


def _row(indicator: str, partner: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "project": "DEMO",
        "indicator": indicator,
        "period": "2026-Q2",
        "period_start": dt.date(2026, 4, 1),
        "period_end": UNTIL,
        "partner": partner,
        "value": None if value is None else Decimal(str(value)),
        "source_file": f"2026-Q2 {partner}.xlsx",
        "source_sheet": "Report",
        "source_cell": f"F{2 + PARTNERS.index(partner)}",
        "source_row": 2 + PARTNERS.index(partner),
        **more,
    }


def observations() -> Observations:
    """What the partners sent: four of six for the count, an average that rose instead of falling."""
    counts = ((partner, value) for partner, value in zip(PARTNERS, (4000, 3345, 3000, 2000), strict=False))
    rows = [_row("OC1.1", partner, value) for partner, value in counts]
    rows += [_row("OC1.2", "P-1", 44), _row("OC1.2", "P-2", 40)]
    rows += [_row("OP1.1.1", "P-1", "99.8", illustrative=True), _row("OP1.1.2", "P-1", 1, text="yes")]
    rows += [_row("OC2.2", "P-1", numerator=Decimal(23), denominator=Decimal(100))]
    return Observations.from_rows(rows)


def findings() -> Findings:
    """Three findings in two sheets of one file, and one about the whole."""
    book = {"file": "2026-Q2 P-4.xlsx", "sheet": "Report"}
    return Findings(
        [
            Finding(
                code="value-unit-not-convertible",
                place=Place(
                    **book, cell="H12", row=12, header="Unit", indicator="OC1.1", period="2026-Q2", partner="P-4"
                ),
                found="<b>bags</b>",
                expected="people",
                params={"rows": 1},
                suggestion="people",
            ),
            Finding(
                code="file-empty",
                place=Place(file="2026-Q2 P-5.csv"),
            ),
            Finding(
                code="value-unknown-indicator",
                place=Place(**{**book, "sheet": "Old"}, row=4),
                found="ОР1.1",
                params={"rows": 2},
            ),
            Finding(
                code="value-outside-project",
                place=Place(indicator="OC2.1", period="2031-Q1"),
                found="2031-03-31",
                params={"rows": 1},
            ),
        ]
    )


def values(**changes: Any) -> Values:
    """The values of the plan by the end of June."""
    told = aggregate(observations(), plan(**changes), until=UNTIL)
    return Values(
        told,
        plan=told.plan,
        until=told.until,
        known_by=told.known_by,
        statuses=told.statuses,
        findings=findings(),
    )


def card(**changes: Any) -> Scorecard:
    """The scorecard, with one rating given by a person."""
    given = Override("OC2", "B", "A. Reviewer", "Seen on site", dt.date(2026, 7, 15))
    return score(values(**changes), scheme=scheme(), overrides=[given])


def report() -> ValidationReport:
    """A report on three files: one refused, one with a row held back."""
    matrix = {"partner": ["P-1", "P-1", "P-4"], "period": ["2026-Q1", "2026-Q2", "2026-Q2"]}
    held = {
        "file": ["2026-Q2 P-4.xlsx"],
        "sheet": ["Report"],
        "row": [12],
        "cell": ["H12"],
        "codes": ["value-unit-not-convertible"],
        "Indicator": ["OC1.1"],
        "Unit": ["<b>bags</b>"],
        "Comment": [None],
    }
    return ValidationReport(
        plan_id="DEMO",
        findings=findings(),
        observations=observations(),
        held=Held(pl.DataFrame(held)),
        counts=Counts(rows=12, accepted=9, held=1, ignored=2),
        checked=(Checked("value-unknown-indicator", 10, 1), Checked("number-ambiguous", 10, 0)),
        sources=(
            SourceFile("2026-Q1 P-1.csv", "csv", "ab" * 32, rows=5, read=5),
            SourceFile("2026-Q2 P-4.xlsx", "xlsx", "cd" * 32, rows=7, read=5, ignored=2),
            SourceFile("2026-Q2 P-5.csv", "csv", refused=True),
        ),
        by_partner_and_period=pl.DataFrame({**matrix, "accepted": [5, 3, 1], "held": [0, 0, 1]}),
        rules_version="1",
    )


def explanation() -> Explanation:
    """A tree of three levels with every kind of line."""
    cell = Explanation(
        kind="cell",
        label="P-1",
        shown="4,000",
        place=Place(file="q2.xlsx", sheet="Report", cell="F2"),
        illustrative=True,
    )
    period = Explanation(kind="period", label="2026-Q2", shown="12,345 people", how="4 of 6 reports", children=(cell,))
    note = Explanation(kind="note", label="Note", how="nothing else")
    return Explanation(kind="score", label="OC1 <People>", shown="88.2", how="100 % × 88.2", children=(period, note))
