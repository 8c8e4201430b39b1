"""Percentages and ratios: numerators and denominators are pooled, and nothing is divided by zero."""

from __future__ import annotations

from tests.cases.building import (
    END_Q1,
    END_Q2,
    Q1,
    Q2,
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
    share,
)

RATE = {"measure": "percentage", "unit": None}
TWO_QUARTERS = (share(Q1, 20, 50, partner="A"), share(Q2, 30, 40, partner="A"), share(Q2, 15, 60, partner="B"))

CASES = (
    Case(
        "flow, percentage, increase: pooled across partners, the latest over time",
        plan(
            flow(
                **RATE,
                baseline={"numerator": 10, "denominator": 100},
                targets=({"period": Q2, "value": 80, "basis": "per_period"},),
            )
        ),
        rows(*TWO_QUARTERS),
        until=END_Q2,
        # Q2: (30 + 15) / (40 + 60) = 45/100 = 45 %; the mean of 75 % and 25 % would be 50 %
        values={"I": {"value": 45, "numerator": 45, "denominator": 100, "as_of": Q2, "reported": 2, "expected": 2}},
        periods={("I", Q1): {"value": 40, "numerator": 20, "denominator": 50, "reported": 1, "expected": 2}},
        achievements=(Judged("I", {"value": F(1, 2), "baseline": 10}),),  # (45 − 10) / (80 − 10)
    ),
    Case(
        "flow, percentage: pooled over time by choice",
        plan(flow(**RATE, aggregation={"time": "pooled"})),
        rows(*TWO_QUARTERS),
        until=END_Q2,
        # (20 + 45) / (50 + 100) = 65/150
        values={"I": {"value": F(130, 3), "numerator": 65, "denominator": 150, "reported": 3, "expected": 4}},
    ),
    Case(
        "flow, percentage: pooled over time for each partner first, where the order says so",
        plan(
            flow(
                **RATE,
                aggregation={
                    "time": "pooled",
                    "partners": "max",
                    "order": ("categories", "time", "locations", "partners"),
                },
            )
        ),
        rows(*TWO_QUARTERS),
        until=END_Q2,
        # A: (20 + 30) / (50 + 40) = 50/90 = 500/9 %; B: 15/60 = 25 %; the larger, which has lost its two sides
        values={"I": {"value": F(500, 9), "numerator": None, "denominator": None}},
    ),
    Case(
        "level, percentage, decrease: 40 to 20 %, now 30 %",
        plan(level(**RATE, direction="decrease", baseline={"value": 40}, targets=({"period": Q1, "value": 20},))),
        rows(share(Q1, 90, 300)),
        until=END_Q1,
        achievements=(Judged("I", {"value": F(1, 2), "actual": 30}),),
    ),
    Case(
        "level, percentage, maintain: within a range",
        plan(
            level(
                **RATE,
                direction="maintain",
                targets=({"period": Q1, "comparator": "within", "minimum": 90, "maximum": 100},),
            )
        ),
        rows(share(Q1, 88, 100)),
        until=END_Q1,
        achievements=(Judged("I", {"value": F(3, 5)}),),  # 2 below 90, half width 5: 1 − 2/5
    ),
    Case(
        "level, percentage that is reported as a value: a mean where declared",
        plan(level(**RATE, reported_as="value", aggregation={"partners": "mean"})),
        rows(row(Q1, "33.3", partner="A"), row(Q1, "66.6", partner="B")),
        until=END_Q1,
        values={"I": {"value": F(999, 20), "numerator": None}},  # 99.9 / 2 = 49.95
    ),
    Case(
        "level, percentage by partners' mean: each partner's percentage once",
        plan(level(**RATE, aggregation={"partners": "mean"})),
        rows(share(Q1, 30, 40, partner="A"), share(Q1, 15, 60, partner="B"), share(Q1, 0, 0, partner="C")),
        until=END_Q1,
        # (75 + 25) / 2; C's 0/0 is undefined, contributes nothing, and has reported
        values={"I": {"value": 50, "numerator": None, "denominator": None, "reported": 3, "expected": 3}},
    ),
    Case(
        "level, ratio per 1,000, decrease",
        plan(
            level(
                measure="ratio",
                unit=None,
                per=1000,
                direction="decrease",
                baseline={"numerator": 12, "denominator": 4000},
                targets=({"period": Q1, "value": 1},),
            )
        ),
        rows(share(Q1, 3, 2000, partner="A"), share(Q1, 6, 2000, partner="B")),
        until=END_Q1,
        # 1000 · 9/4000 = 2.25; baseline 1000 · 12/4000 = 3; (2.25 − 3) / (1 − 3) = 0.75/2
        values={"I": {"value": F(9, 4), "numerator": 9, "denominator": 4000}},
        achievements=(Judged("I", {"value": F(3, 8), "baseline": 3}),),
    ),
    Case(
        "running total, ratio: a target as two sides; carried forward with both sides",
        plan(
            running(
                measure="ratio",
                unit=None,
                missing="carry_forward",
                assignments=assigned("A", "B"),
                baseline={"value": 0},
                targets=({"period": Q2, "numerator": 3, "denominator": 4},),
            )
        ),
        rows(share(Q1, 1, 4, partner="A"), share(Q1, 2, 4, partner="B"), share(Q2, 3, 6, partner="A")),
        until=END_Q2,
        # (3 + 2) / (6 + 4) = 1/2; the target is 3/4; (1/2) / (3/4) = 2/3
        values={"I": {"value": F(1, 2), "numerator": 5, "denominator": 10, "reported": 1, "carried": 1}},
        achievements=(Judged("I", {"value": F(2, 3), "target": F(3, 4)}),),
    ),
    Case(
        "running total, percentage: 0 of 10 is a true zero, 0 of 0 is undefined",
        plan(
            running("zero", **RATE),
            running("none", **RATE, targets=({"period": Q1, "value": 50},), baseline={"value": 0}),
        ),
        rows(share(Q1, 0, 10, "zero"), share(Q1, 0, 0, "none")),
        until=END_Q1,
        values={
            "zero": {"state": "reported", "value": 0},
            "none": {"state": "undefined", "reason": "denominator-zero", "value": None, "reported": 1, "expected": 1},
        },
        achievements=(Judged("none", {"value": None, "reason": "denominator-zero"}),),
    ),
    Case(
        "percentage: a row split into parts changes nothing, also where one part has no denominator",
        plan(level("whole", **RATE), level("split", **RATE)),
        rows(
            share(Q1, 15, 20, "whole", partner="A"),
            share(Q1, 5, 0, "split", partner="A"),
            share(Q1, 10, 20, "split", partner="B"),
        ),
        until=END_Q1,
        values={
            "whole": {"value": 75},
            "split": {"value": 75, "numerator": 15, "denominator": 20},
        },  # (5 + 10) / (0 + 20)
    ),
    Case(
        "percentage: the newest period is undefined, so the latest is, and no older number stands in for it",
        plan(level(**RATE)),
        rows(share(Q1, 1, 2), share(Q2, 0, 0)),
        until=END_Q2,
        values={"I": {"state": "undefined", "reason": "denominator-zero", "value": None, "as_of": Q2}},
        periods={("I", Q1): {"value": 50}},
    ),
    Case(
        "percentage, silent partner under zero: adds nothing to either side",
        plan(level(**RATE, missing="zero", assignments=assigned("A", "B"))),
        rows(share(Q1, 3, 4, partner="A")),
        until=END_Q2,
        # Q1: (3 + 0) / (4 + 0); in Q2 nobody: 0 / 0
        values={"I": {"state": "undefined", "reason": "denominator-zero", "reported": 0, "expected": 2, "as_of": Q2}},
        periods={("I", Q1): {"value": 75, "reported": 1, "expected": 2}},
    ),
    Case(
        "percentage: a numerator without its denominator is not reported",
        plan(level(**RATE, assignments=assigned("A", "B"))),
        rows(share(Q1, 3, None, partner="A"), share(Q1, 1, 4, partner="B")),
        until=END_Q1,
        values={"I": {"value": 25, "reported": 1, "expected": 2}},
    ),
)
