"""Flows: a report covers its own period; periods add up; targets are for a period or for the sum to date."""

from __future__ import annotations

from tests.cases.building import (
    END_Q1,
    END_Q2,
    END_Q3,
    END_Q4,
    Q1,
    Q2,
    Q3,
    Q4,
    Case,
    F,
    Judged,
    assigned,
    flow,
    plan,
    row,
    rows,
    scale,
)

CASES = (
    Case(
        "flow, number, increase: the sum to date against a cumulative target",
        plan(flow(targets=({"period": Q3, "value": 80, "basis": "cumulative"},))),
        rows(row(Q1, 10), row(Q2, 20), row(Q3, 30)),
        until=END_Q3,
        # 10 + 20 + 30 = 60
        values={"I": {"state": "reported", "value": 60, "as_of": Q3, "reported": 3, "expected": 3, "carried": 0}},
        periods={
            ("I", Q1): {"value": 10, "to_date": 10},
            ("I", Q2): {"value": 20, "to_date": 30},  # 10 + 20
            ("I", Q3): {"value": 30, "to_date": 60},  # 10 + 20 + 30
        },
        # no baseline is needed: a cumulative target counts from zero. 60 / 80
        achievements=(Judged("I", {"value": F(3, 4), "reason": None, "actual": 60, "baseline": 0, "target": 80}),),
    ),
    Case(
        "flow, number: partners and locations add up, and coverage counts pairs of them",
        plan(
            flow(
                assignments=(
                    {"partner": "A", "locations": ("north", "south")},
                    {"partner": "B", "locations": ("north",)},
                )
            )
        ),
        rows(
            row(Q1, 5, partner="A", location="north"),
            row(Q1, 7, partner="A", location="south"),
            row(Q1, 11, partner="B", location="north"),
            row(Q2, 13, partner="A", location="north"),
        ),
        until=END_Q2,
        # (5 + 7) + 11 = 23 from 3 of 3 pairs; then 13 from 1 of 3; 23 + 13 = 36 from 4 of 6
        values={"I": {"value": 36, "reported": 4, "expected": 6}},
        periods={
            ("I", Q1): {"value": 23, "reported": 3, "expected": 3},
            ("I", Q2): {"value": 13, "reported": 1, "expected": 3, "to_date": 36},
        },
    ),
    Case(
        "flow: a pair that reports though it is not assigned counts, and is then expected in that period",
        plan(flow(assignments=assigned("A", "B"))),
        rows(row(Q1, 1, partner="A"), row(Q1, 2, partner="C"), row(Q2, 4, partner="A"), row(Q2, 8, partner="B")),
        until=END_Q2,
        # Q1: 1 + 2 = 3 from A and C of A, B and C; Q2: 4 + 8 = 12 from A and B of A and B
        values={"I": {"value": 15, "reported": 4, "expected": 5}},
        periods={
            ("I", Q1): {"value": 3, "reported": 2, "expected": 3},
            ("I", Q2): {"value": 12, "reported": 2, "expected": 2},
        },
    ),
    Case(
        "flow: without assignments all who ever reported are expected in every period that ended",
        plan(flow()),
        rows(row(Q1, 1, partner="A"), row(Q2, 2, partner="B"), row(Q3, 4, partner="C")),
        until=END_Q2,
        # C reported in a period that has not ended by then: it neither counts nor is expected
        values={"I": {"value": 3, "reported": 2, "expected": 4}},
        # as at the end of Q1 only A had ever reported: 1
        periods={("I", Q1): {"reported": 1, "expected": 2, "to_date": 1}, ("I", Q2): {"to_date": 3}},
    ),
    Case(
        "flow, number, increase: per-period targets add up, and so does the baseline per period",
        plan(
            flow(
                baseline={"value": 10},
                targets=(
                    {"period": Q1, "value": 20, "basis": "per_period"},
                    {"period": Q2, "value": 30, "basis": "per_period"},
                    {"period": Q3, "value": 40, "basis": "per_period"},
                ),
            )
        ),
        rows(row(Q1, 18), row(Q2, 24)),
        until=END_Q2,
        achievements=(
            # due: 20 + 30 = 50; actual 18 + 24 = 42; baseline 10 · 2 = 20; (42 − 20) / (50 − 20) = 22/30
            Judged("I", {"value": F(11, 15), "actual": 42, "baseline": 20, "target": 50}),
            # all three: 20 + 30 + 40 = 90; baseline 10 · 3 = 30; Q3 is still to come, and taken at the baseline of 10:
            # (42 + 10 − 30) / (90 − 30) = 22/60
            Judged("I", {"value": F(11, 30), "baseline": 30, "target": 90}, {"due": "all"}),
            # the final target of a flow with per-period targets only is their sum: the same 22/60
            Judged("I", {"value": F(11, 30), "actual": 42, "target": 90}, {"against": "final"}),
            # 42 / 50
            Judged("I", {"value": F(21, 25)}, {"convention": "actual_over_target"}),
        ),
    ),
    Case(
        "flow: a silent quarter under skip, by what was due and by what was reported",
        plan(
            flow(
                baseline={"value": 10},
                targets=(
                    {"period": Q1, "value": 20, "basis": "per_period"},
                    {"period": Q2, "value": 30, "basis": "per_period"},
                ),
            )
        ),
        rows(row(Q1, 18)),
        until=END_Q2,
        values={"I": {"value": 18, "reported": 1, "expected": 2, "as_of": Q2}},
        periods={("I", Q2): {"state": "missing", "reason": "no-reports", "value": None, "to_date": 18}},
        achievements=(
            # due: (18 − 20) / (50 − 20) = −2/30
            Judged("I", {"value": F(-1, 15), "actual": 18}),
            # only Q1 has data: (18 − 10) / (20 − 10)
            Judged("I", {"value": F(4, 5), "actual": 18, "baseline": 10, "target": 20}, {"due": "periods_with_data"}),
        ),
    ),
    Case(
        "flow: a silent quarter under propagate has no sum",
        plan(
            flow(
                missing="propagate",
                assignments=assigned("A"),
                targets=(
                    {"period": Q1, "value": 20, "basis": "per_period"},
                    {"period": Q2, "value": 30, "basis": "per_period"},
                ),
                baseline={"value": 10},
            )
        ),
        rows(row(Q1, 18, partner="A")),
        until=END_Q2,
        values={"I": {"state": "missing", "reason": "incomplete", "value": None, "reported": 1, "expected": 2}},
        periods={("I", Q1): {"value": 18, "to_date": 18}, ("I", Q2): {"state": "missing", "reason": "incomplete"}},
        achievements=(Judged("I", {"value": None, "reason": "incomplete"}),),
    ),
    Case(
        "flow: a silent quarter under zero counts as nothing done, and coverage still says so",
        plan(flow(missing="zero", assignments=assigned("A", "B"), aggregation={"partners": "mean"})),
        rows(row(Q1, 18, partner="A")),
        until=END_Q2,
        # Q1: (18 + 0) / 2 = 9; Q2: (0 + 0) / 2 = 0; 9 + 0 = 9, from 1 of 4
        values={"I": {"state": "reported", "value": 9, "reported": 1, "expected": 4}},
        periods={("I", Q1): {"value": 9}, ("I", Q2): {"state": "reported", "value": 0, "reported": 0, "expected": 2}},
    ),
    Case(
        "flow: a yearly target holds the four quarters within it, and four quarters of the baseline",
        plan(flow(baseline={"value": 5}, targets=({"period": "2024", "value": 60, "basis": "per_period"},))),
        rows(row(Q1, 10), row(Q2, 12), row(Q3, 14), row(Q4, 16)),
        until=END_Q4,
        # 10 + 12 + 14 + 16 = 52; baseline 5 · 4 = 20; (52 − 20) / (60 − 20) = 32/40
        achievements=(Judged("I", {"value": F(4, 5), "actual": 52, "baseline": 20, "target": 60}),),
    ),
    Case(
        "flow: the baseline is included where the indicator says so",
        plan(
            flow(
                "with",
                baseline={"value": 100},
                baseline_included=True,
                targets=({"period": Q1, "value": 200, "basis": "cumulative"},),
            ),
            flow("without", baseline={"value": 100}, targets=({"period": Q1, "value": 200, "basis": "cumulative"},)),
            flow(
                "pending",
                baseline={"status": "pending"},
                baseline_included=True,
                targets=({"period": Q1, "value": 200, "basis": "cumulative"},),
            ),
        ),
        rows(row(Q1, 40, "with"), row(Q1, 40, "without"), row(Q1, 40, "pending")),
        until=END_Q1,
        achievements=(
            # (100 + 40 − 100) / (200 − 100)
            Judged("with", {"value": F(2, 5), "actual": 140, "baseline": 100}),
            # 40 / 200
            Judged("without", {"value": F(1, 5), "actual": 40, "baseline": 0}),
            # nobody knows from where it starts
            Judged("pending", {"value": None, "reason": "no-baseline"}),
        ),
    ),
    Case(
        "flow, number, decrease: fewer is better, without a change of sign",
        plan(
            flow(
                direction="decrease",
                baseline={"value": 50},
                targets=(
                    {"period": Q1, "value": 40, "basis": "per_period"},
                    {"period": Q2, "value": 30, "basis": "per_period"},
                ),
            )
        ),
        rows(row(Q1, 44), row(Q2, 33)),
        until=END_Q2,
        # actual 77, target 70, baseline 50 · 2 = 100; (77 − 100) / (70 − 100) = 23/30
        achievements=(Judged("I", {"value": F(23, 30), "actual": 77, "baseline": 100, "target": 70}),),
    ),
    Case(
        "flow, currency, maintain: spending within a band each quarter",
        plan(
            flow(
                measure="currency",
                unit="USD",
                direction="maintain",
                targets=({"period": Q1, "comparator": "within", "minimum": 90, "maximum": 110, "basis": "per_period"},),
            )
        ),
        rows(row(Q1, "125.50")),
        until=END_Q1,
        # 125.5 − 110 = 15.5 outside; half the width is 10; 1 − 15.5/10 = −0.55
        achievements=(Judged("I", {"value": F(-11, 20)}),),
    ),
    Case(
        "flow: per-period and cumulative targets together: the cumulative one that is due counts",
        plan(
            flow(
                targets=(
                    {"period": Q1, "value": 20, "basis": "per_period"},
                    {"period": Q2, "value": 50, "basis": "cumulative"},
                    {"period": Q4, "value": 100, "basis": "cumulative", "kind": "final"},
                )
            )
        ),
        rows(row(Q1, 15), row(Q2, 20)),
        until=END_Q2,
        achievements=(
            Judged("I", {"value": F(7, 10)}),  # (15 + 20) / 50
            Judged("I", {"value": F(7, 20)}, {"against": "final"}),  # 35 / 100
        ),
    ),
    Case(
        "flow: monthly reports within a quarter add up before reporters do",
        plan(flow(aggregation={"partners": "max"})),
        rows(
            row("2024-01", 5, partner="A"),
            row("2024-02", 6, partner="A"),
            row("2024-03", 7, partner="A"),
            row(Q1, 12, partner="B"),
        ),
        until=END_Q1,
        # A: 5 + 6 + 7 = 18; B: 12; the larger is 18. The quarter has two reporters, not four.
        values={"I": {"value": 18, "reported": 2, "expected": 2}},
    ),
    Case(
        "flow, index: declared as a mean over time",
        plan(
            flow(
                measure="index",
                unit=None,
                aggregation={"partners": "mean", "time": "mean"},
                baseline={"value": 80},
                targets=({"period": Q2, "value": 100, "basis": "per_period"},),
            )
        ),
        rows(row(Q1, 80, partner="A"), row(Q1, 90, partner="B"), row(Q2, 100, partner="A")),
        until=END_Q2,
        # Q1: (80 + 90) / 2 = 85; Q2: 100; (85 + 100) / 2 = 92.5
        values={"I": {"value": F(185, 2), "reported": 3, "expected": 4}},
        # no sum over time, so the newest target and the baseline as they stand: 12.5 / 20
        achievements=(Judged("I", {"value": F(5, 8), "baseline": 80, "target": 100}),),
    ),
    Case(
        "flow, yes/no: any event within the time, all partners having had one",
        plan(
            flow(
                measure="yes_no",
                unit=None,
                aggregation={"partners": "all", "time": "any"},
                targets=({"period": Q2, "value": 1, "basis": "per_period"},),
            )
        ),
        rows(row(Q1, 1, partner="A"), row(Q1, 0, partner="B"), row(Q2, 1, partner="A"), row(Q2, 1, partner="B")),
        until=END_Q2,
        # Q1: all of 1, 0 is 0; Q2: all of 1, 1 is 1; any of 0, 1 is 1
        values={"I": {"value": 1}},
        periods={("I", Q1): {"value": 0}, ("I", Q2): {"value": 1}},
        achievements=(Judged("I", {"value": 1}),),
    ),
    Case(
        "flow, ordinal: the newest rating of the quarter, the lower of two middle partners",
        plan(
            flow(
                measure="ordinal",
                unit=None,
                scale=scale("poor", "fair", "good", "excellent"),
                baseline={"stage": "poor"},
                targets=({"period": Q2, "stage": "excellent", "basis": "per_period"},),
            )
        ),
        rows(row(Q1, 4, partner="A"), row(Q2, 2, partner="A"), row(Q2, 3, partner="B")),
        until=END_Q2,
        # Q2: ranks 2 and 3, the lower of the two is 2; (2 − 1) / (4 − 1)
        values={"I": {"value": 2, "as_of": Q2}},
        achievements=(Judged("I", {"value": F(1, 3), "baseline": 1, "target": 4}),),
    ),
    Case(
        "flow: a target above the baseline, per period and for a year",
        plan(
            flow(
                "quarter", baseline={"value": 10}, targets=({"period": Q1, "above_baseline": 5, "basis": "per_period"},)
            ),
            flow(
                "year",
                baseline={"value": 10},
                targets=({"period": "2024", "above_baseline": 8, "basis": "per_period"},),
            ),
        ),
        rows(row(Q1, 13, "quarter"), *(row(quarter, 11, "year") for quarter in (Q1, Q2, Q3, Q4))),
        until=END_Q4,
        achievements=(
            # target 10 + 5 = 15, baseline 10: (13 − 10) / (15 − 10)
            Judged("quarter", {"value": F(3, 5), "target": 15}),
            # actual 44, baseline 10 · 4 = 40, target 40 + 8 = 48: (44 − 40) / (48 − 40)
            Judged("year", {"value": F(1, 2), "baseline": 40, "target": 48}),
        ),
    ),
)
