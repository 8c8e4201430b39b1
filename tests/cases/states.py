"""States, coverage, revisions, clocks, words and formulas: what is known of a value, and as of when."""

from __future__ import annotations

import datetime as dt

from tests.cases.building import (
    END_Q1,
    END_Q2,
    END_Q3,
    Q1,
    Q2,
    Q3,
    Case,
    F,
    Judged,
    assigned,
    flow,
    level,
    plan,
    row,
    rows,
    running,
    scale,
)

APRIL, MAY, JUNE = dt.date(2024, 4, 10), dt.date(2024, 5, 10), dt.date(2024, 6, 10)

CASES = (
    Case(
        "states: a true zero is reported",
        plan(flow()),
        rows(row(Q1, 0)),
        until=END_Q1,
        values={"I": {"state": "reported", "value": 0, "reason": None, "reported": 1, "expected": 1}},
    ),
    Case(
        "states: nothing reported is missing, not 0",
        plan(flow(assignments=assigned("A", "B")), level("unassigned")),
        rows(),
        until=END_Q1,
        values={
            "I": {"state": "missing", "reason": "no-reports", "value": None, "reported": 0, "expected": 2},
            "unassigned": {"state": "missing", "reason": "no-reports", "value": None, "reported": 0, "expected": 0},
        },
    ),
    Case(
        "states: before the first period has ended nothing is due",
        plan(flow(targets=({"period": Q1, "value": 10, "basis": "cumulative"},))),
        rows(row(Q1, 5)),
        until=dt.date(2024, 3, 30),
        values={"I": {"state": "not_due", "reason": "not-yet-due", "value": None}},
        achievements=(Judged("I", {"value": None, "reason": "no-target-due"}),),
    ),
    Case(
        "states: without any report nothing says until when, and nothing is due",
        plan(flow()),
        rows(),
        values={"I": {"state": "not_due", "reason": "not-yet-due", "value": None}},
    ),
    Case(
        "states: without `until`, the last day of the newest report",
        plan(flow(), flow("other")),
        rows(row(Q1, 5), row(Q2, 6, "other"), row(Q3, 7, status="draft"), row(Q3, 8, project="another")),
        is_until=END_Q2,
        values={"I": {"value": 5, "as_of": Q2, "reported": 1, "expected": 2}, "other": {"value": 6}},
    ),
    Case(
        "states: a pair to which a period does not apply is not expected in it",
        plan(flow(assignments=assigned("A", "B"), missing="propagate")),
        rows(
            row(Q1, 5, partner="A"),
            row(Q1, None, partner="B", state="not_applicable"),
            row(Q2, 6, partner="A"),
            row(Q2, 7, partner="B"),
        ),
        until=END_Q2,
        values={"I": {"value": 18, "reported": 3, "expected": 3}},  # 5 + (6 + 7)
        periods={("I", Q1): {"value": 5, "reported": 1, "expected": 1}},
    ),
    Case(
        "states: a period that applies to nobody is not applicable, and left out",
        plan(level(assignments=assigned("A", "B")), level("never", assignments=assigned("A"))),
        rows(
            row(Q1, 5, partner="A"),
            row(Q1, 6, partner="B"),
            row(Q2, None, partner="A", state="not_applicable"),
            row(Q2, None, partner="B", state="not_applicable"),
            row(Q1, None, "never", partner="A", state="not_applicable"),
            row(Q2, None, "never", partner="A", state="not_applicable"),
        ),
        until=END_Q2,
        values={
            "I": {"value": 11, "as_of": Q1, "reported": 2, "expected": 2},
            "never": {"state": "not_applicable", "reason": "not-applicable", "value": None},
        },
        periods={("I", Q2): {"state": "not_applicable", "reason": "not-applicable", "value": None}},
    ),
    Case(
        "states: a period that is declared not due by all is not due",
        plan(running(assignments=assigned("A"), missing="propagate")),
        rows(row(Q1, 5, partner="A"), row(Q2, None, partner="A", state="not_due")),
        until=END_Q2,
        values={"I": {"state": "reported", "value": 5, "as_of": Q1}},
        periods={("I", Q2): {"state": "not_due", "reason": "not-yet-due"}},
    ),
    Case(
        "revisions: the newest counts, whatever the order of the rows",
        plan(flow()),
        rows(row(Q1, 30, revision=2), row(Q1, 10), row(Q1, 20, revision=1)),
        until=END_Q1,
        values={"I": {"value": 30, "reported": 1}},
    ),
    Case(
        "revisions: ties by the day received (no day is oldest), then by the order in the source",
        plan(flow(), flow("dated"), flow("ordered")),
        rows(
            row(Q1, 1, "dated", reported_on=MAY),
            row(Q1, 2, "dated", reported_on=JUNE),
            row(Q1, 3, "dated"),
            row(Q1, 5, "ordered", reported_on=MAY, order=50),
            row(Q1, 6, "ordered", reported_on=MAY, order=40),
        ),
        until=END_Q1,
        values={"dated": {"value": 2}, "ordered": {"value": 5}},
    ),
    Case(
        "revisions: a newer revision that is missing withdraws the older value",
        plan(flow(assignments=assigned("A", "B")), level("level", assignments=assigned("A"))),
        rows(
            row(Q1, 10, partner="A"),
            row(Q1, None, partner="A", state="missing", revision=1),
            row(Q1, 7, partner="B"),
            row(Q1, 3, "level", partner="A"),
            row(Q2, 4, "level", partner="A"),
            row(Q2, None, "level", partner="A", state="undefined", revision=1),
        ),
        until=END_Q2,
        values={
            "I": {"value": 7, "reported": 1, "expected": 4},
            "level": {"value": 3, "as_of": Q1},
        },
        periods={("level", Q2): {"state": "missing", "reason": "no-reports", "reported": 0, "expected": 1}},
    ),
    Case(
        "revisions: a returned report or a draft does not compete with the one before",
        plan(flow(), flow("draft")),
        rows(
            row(Q1, 10),
            row(Q1, 99, status="returned", revision=1),
            row(Q1, 5, "draft", status="draft"),
        ),
        until=END_Q1,
        values={"I": {"value": 10}, "draft": {"state": "missing", "reason": "no-reports"}},
    ),
    Case(
        "revisions: only accepted reports, when asked so",
        plan(flow()),
        rows(row(Q1, 10, partner="A", status="accepted"), row(Q1, 7, partner="B")),
        until=END_Q1,
        statuses=("accepted",),
        values={"I": {"value": 10, "reported": 1, "expected": 1}},
    ),
    Case(
        "clocks: as known by May, before the revision of June; a row without a day was always known",
        plan(flow(), flow("undated")),
        rows(
            row(Q1, 10, reported_on=APRIL),
            row(Q1, 12, revision=1, reported_on=JUNE),
            row(Q1, 3, "undated"),
        ),
        until=END_Q1,
        known_by=MAY,
        values={"I": {"value": 10}, "undated": {"value": 3}},
    ),
    Case(
        "clocks: a target is the version in force at `known_by`",
        plan(
            flow(
                targets=(
                    {
                        "period": Q1,
                        "basis": "cumulative",
                        "value": 50,
                        "since": JUNE,
                        "history": ({"value": 40},),
                    },
                )
            ),
            flow("new", targets=({"period": Q1, "basis": "cumulative", "value": 50, "since": JUNE},)),
        ),
        rows(row(Q1, 20, reported_on=APRIL), row(Q1, 20, "new", reported_on=APRIL)),
        until=END_Q1,
        known_by=MAY,
        achievements=(
            Judged("I", {"value": F(1, 2), "target": 40}),  # 20 / 40, revised to 50 in June
            Judged("new", {"value": None, "reason": "no-target"}),
        ),
    ),
    Case(
        "clocks: without `known_by` the newest version of a target counts",
        plan(
            flow(
                targets=(
                    {"period": Q1, "basis": "cumulative", "value": 50, "since": JUNE, "history": ({"value": 40},)},
                )
            )
        ),
        rows(row(Q1, 20, reported_on=APRIL)),
        until=END_Q1,
        achievements=(Judged("I", {"value": F(2, 5), "target": 50}),),  # 20 / 50
    ),
    Case(
        "coverage: below the minimum there is no number; a missing one stays missing",
        plan(
            level("low", assignments=assigned("A", "B", "C"), min_coverage="0.5"),
            level("enough", assignments=assigned("A", "B"), min_coverage="0.5"),
            level("silent", assignments=assigned("A", "B"), min_coverage="0.5"),
        ),
        rows(row(Q1, 5, "low", partner="A"), row(Q1, 5, "enough", partner="A")),
        until=END_Q1,
        values={
            # 1/3 < 1/2
            "low": {
                "state": "undefined",
                "reason": "coverage-below-minimum",
                "value": None,
                "reported": 1,
                "expected": 3,
            },
            # 1/2 is not below 1/2
            "enough": {"state": "reported", "value": 5},
            "silent": {"state": "missing", "reason": "no-reports", "reported": 0, "expected": 2},
        },
    ),
    Case(
        "coverage: what was carried forward does not count as reported",
        plan(running(assignments=assigned("A", "B"), missing="carry_forward", min_coverage="0.6")),
        rows(row(Q1, 5, partner="A"), row(Q1, 6, partner="B"), row(Q2, 8, partner="A")),
        until=END_Q2,
        # Q2 would be 8 + 6, from 1 of 2 reported
        values={
            "I": {"state": "undefined", "reason": "coverage-below-minimum", "reported": 1, "expected": 2, "carried": 1}
        },
        periods={("I", Q1): {"value": 11}},
    ),
    Case(
        "coverage: a period below the minimum takes no part in the sum to date, nor do its reports",
        plan(flow(assignments=assigned("A", "B", "C"), min_coverage="0.6")),
        rows(
            row(Q1, 1, partner="A"),
            row(Q2, 2, partner="A"),
            row(Q2, 4, partner="B"),
            row(Q2, 8, partner="C"),
        ),
        until=END_Q2,
        # Q1: 1 of 3, undefined. Q2: 2 + 4 + 8 = 14 of 3 of 3. To date 14 would rest on 3 of 6, 1/2 < 0.6
        values={"I": {"state": "undefined", "reason": "coverage-below-minimum", "value": None, "reported": 3}},
        periods={("I", Q1): {"state": "undefined", "reason": "coverage-below-minimum", "value": None}},
    ),
    Case(
        "coverage: a period below the minimum is left out of the sum to date, which rests on enough without it",
        plan(flow(assignments=assigned("A", "B"), min_coverage="0.6")),
        rows(
            row(Q1, 3, partner="A"),
            row(Q1, 5, partner="B"),
            row(Q2, 7, partner="A"),
            row(Q3, 1, partner="A"),
            row(Q3, 1, partner="B"),
        ),
        until=END_Q3,
        # 8 and 2, from 4 of 6 reports; the 7 stands alone, 1 of 2, and is in no number
        values={"I": {"state": "reported", "value": 10, "reported": 4, "expected": 6}},
    ),
    Case(
        "words: nominal and narrative values are collected, not computed",
        plan(
            level(
                "named",
                measure="nominal",
                unit=None,
                scale=scale("river", "lake"),
                targets=({"period": Q1, "text": "lake"},),
            ),
            level("told", measure="narrative", unit=None),
            level("silent", measure="narrative", unit=None),
        ),
        rows(
            row(Q1, None, "named", text="river", partner="A"),
            row(Q1, None, "told", text="All went well."),
            row(Q1, None, "silent"),
        ),
        until=END_Q1,
        values={
            "named": {"state": "undefined", "reason": "text-only", "value": None, "reported": 1},
            "told": {"state": "undefined", "reason": "text-only", "value": None, "reported": 1},
            "silent": {"state": "missing", "reason": "no-reports", "value": None},
        },
        achievements=(Judged("named", {"value": None, "reason": "text-only"}),),
    ),
    Case(
        "formula: over the values of each period, and over the values to date",
        plan(
            flow("served"),
            flow("staff"),
            flow(
                "load",
                measure="ratio",
                unit=None,
                reported_as="value",
                formula="served / staff",
                aggregation={"time": "pooled"},
            ),
            flow("last", measure="ratio", unit=None, reported_as="value", formula="served / staff"),
        ),
        rows(
            row(Q1, 10, "served", partner="A"),
            row(Q1, 20, "served", partner="B"),
            row(Q2, 30, "served", partner="A"),
            row(Q1, 4, "staff"),
            row(Q2, 5, "staff"),
            row(Q2, 999, "load"),
        ),
        until=END_Q2,
        # to date: (10 + 20 + 30) / (4 + 5) = 60/9; its own report of 999 is ignored
        # where nothing is said, the latest counts: 30 / 5, from 2 of 3 reports
        values={
            "load": {"state": "reported", "value": F(20, 3), "reported": 5, "expected": 6},
            "last": {"state": "reported", "value": 6, "as_of": Q2, "reported": 2, "expected": 3},
        },
        # in Q1 (10 + 20) / 4, in Q2 30 / 5
        periods={("load", Q1): {"value": F(15, 2), "reported": 3, "expected": 3}, ("load", Q2): {"value": 6}},
    ),
    Case(
        "formula: an operand without a value, an undefined one, and a division by zero",
        plan(
            level("a"),
            level("b"),
            level("zero"),
            level("share", measure="percentage", unit=None),
            level("missing", formula="a + b"),
            level("undefined", formula="a + share"),
            level("divided", formula="a / zero"),
            level("OC 1-1", formula="max(a, 2 * zero) - a * (1 - 0.5)"),
            level("of.a.formula", formula="-{OC 1-1} / (1 + a) + min(zero, a, 1)"),
        ),
        rows(row(Q1, 6, "a"), row(Q1, 0, "zero"), row(Q1, None, "share", numerator=0, denominator=0)),
        until=END_Q1,
        values={
            "missing": {"state": "missing", "reason": "formula-operand-missing", "value": None},
            "undefined": {"state": "undefined", "reason": "denominator-zero", "value": None},
            "divided": {"state": "undefined", "reason": "formula-division-by-zero", "value": None},
            "OC 1-1": {"state": "reported", "value": 3},  # max(6, 0) − 6 · 0.5
            "of.a.formula": {"state": "reported", "value": F(-3, 7)},  # −3 / (1 + 6) + 0
        },
    ),
)
