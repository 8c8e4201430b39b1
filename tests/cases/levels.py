"""Running totals and levels: the newest of each reporter, then across reporters, then what a silence does."""

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
    level,
    plan,
    row,
    rows,
    running,
    scale,
)

A_AND_B = (
    row(Q1, 100, partner="A"),
    row(Q1, 50, partner="B"),
    row(Q2, 120, partner="A"),
)
TWO = {"assignments": assigned("A", "B"), "baseline": {"value": 0}, "targets": ({"period": Q2, "value": 200},)}
FIVE_STAGES = scale("idea", "design", "approval", "building", "opening")

CASES = (
    Case(
        "running total, number, increase: the latest, not the sum",
        plan(
            running(
                baseline={"value": 20},
                targets=({"period": Q2, "value": 100}, {"period": "2025-Q4", "value": 300, "kind": "final"}),
            )
        ),
        rows(row(Q1, 40), row(Q2, 60)),
        until=END_Q2,
        values={"I": {"value": 60, "as_of": Q2, "reported": 1, "expected": 1}},
        achievements=(
            Judged("I", {"value": F(1, 2)}),  # (60 − 20) / (100 − 20) = 40/80
            Judged("I", {"value": F(1, 7)}, {"against": "final"}),  # 40 / (300 − 20) = 40/280
            Judged("I", {"value": F(3, 5)}, {"convention": "actual_over_target"}),  # 60/100
        ),
    ),
    Case(
        "running total: a late report for an early period does not overwrite a later one",
        plan(running()),
        rows(
            row(Q2, 60, reported_on=dt.date(2024, 7, 5)),
            row(Q1, 45, revision=1, reported_on=dt.date(2024, 8, 1)),
            row(Q1, 40, revision=0, reported_on=dt.date(2024, 4, 5)),
        ),
        until=END_Q2,
        values={"I": {"value": 60, "as_of": Q2}},
        periods={("I", Q1): {"value": 45}},
    ),
    Case(
        "running total, silent reporter, skip: left out, and coverage says 1 of 2",
        plan(running(**TWO)),
        rows(*A_AND_B),
        until=END_Q2,
        values={"I": {"state": "reported", "value": 120, "reported": 1, "expected": 2, "carried": 0}},
        periods={("I", Q1): {"value": 150, "reported": 2, "expected": 2}},  # 100 + 50
        achievements=(Judged("I", {"value": F(3, 5)}),),  # 120/200
    ),
    Case(
        "running total, silent reporter, carry forward: keeps its last value, counted apart",
        plan(running(missing="carry_forward", **TWO)),
        rows(*A_AND_B),
        until=END_Q2,
        # 120 + 50 (from Q1)
        values={"I": {"value": 170, "reported": 1, "expected": 2, "carried": 1, "as_of": Q2}},
        achievements=(Judged("I", {"value": F(17, 20)}),),  # 170/200
    ),
    Case(
        "running total, silent reporter, propagate: the total is missing",
        plan(running(missing="propagate", **TWO)),
        rows(*A_AND_B),
        until=END_Q2,
        values={"I": {"state": "missing", "reason": "incomplete", "value": None, "reported": 1, "expected": 2}},
        periods={("I", Q1): {"value": 150}},
        achievements=(Judged("I", {"value": None, "reason": "incomplete"}),),
    ),
    Case(
        "running total, silent reporter, zero: counts as 0",
        plan(running(missing="zero", **TWO)),
        rows(*A_AND_B),
        until=END_Q2,
        values={"I": {"value": 120, "reported": 1, "expected": 2}},  # 120 + 0
    ),
    Case(
        "running total, nobody in the last quarter: skip looks back, the others speak of that quarter",
        plan(
            running("skip", assignments=assigned("A", "B")),
            running("carry", assignments=assigned("A", "B"), missing="carry_forward"),
            running("propagate", assignments=assigned("A", "B"), missing="propagate"),
            running("zero", assignments=assigned("A", "B"), missing="zero"),
        ),
        rows(*({**each, "indicator": id} for id in ("skip", "carry", "propagate", "zero") for each in A_AND_B)),
        until=END_Q3,
        values={
            "skip": {"value": 120, "as_of": Q2, "reported": 1, "expected": 2},
            "carry": {"value": 170, "as_of": Q3, "reported": 0, "expected": 2, "carried": 2},  # 120 + 50
            "propagate": {"state": "missing", "reason": "incomplete", "as_of": Q3},
            "zero": {"value": 0, "as_of": Q3, "reported": 0, "expected": 2},
        },
    ),
    Case(
        "running total, number, decrease: from 100 to 20, and a step back is negative",
        plan(
            running(
                direction="decrease",
                baseline={"value": 100},
                targets=({"period": Q1, "value": 20}, {"period": Q2, "value": 20}),
            )
        ),
        rows(row(Q1, 60), row(Q2, 110)),
        until=END_Q2,
        # (110 − 100) / (20 − 100) = 10/−80
        achievements=(Judged("I", {"value": F(-1, 8)}),),
    ),
    Case(
        "running total, currency, increase: cents stay exact",
        plan(
            running(
                measure="currency", unit="USD", baseline={"value": "0.10"}, targets=({"period": Q1, "value": "0.30"},)
            )
        ),
        rows(row(Q1, "0.10", partner="A"), row(Q1, "0.20", partner="B")),
        until=END_Q1,
        # 0.10 + 0.20 = 0.30 exactly, which is the target: (0.30 − 0.10) / (0.30 − 0.10) = 1
        values={"I": {"value": F(3, 10)}},
        achievements=(Judged("I", {"value": 1}),),
    ),
    Case(
        "running total, milestone: the furthest stage reached; met when at or beyond the target",
        plan(
            running(
                measure="milestone",
                unit=None,
                scale=FIVE_STAGES,
                targets=({"period": Q1, "stage": "approval"}, {"period": Q2, "stage": "building"}),
            )
        ),
        rows(row(Q1, 3, partner="A"), row(Q1, 2, partner="B"), row(Q2, 2, partner="A")),
        until=END_Q2,
        # the furthest of A is 3 (in Q1), of B 2; across both: 3; the target of Q2 is rank 4
        values={"I": {"value": 3, "reported": 3, "expected": 4}},
        periods={("I", Q1): {"value": 3}, ("I", Q2): {"value": 2}},
        achievements=(Judged("I", {"value": 0, "target": 4}),),
    ),
    Case(
        "level, milestone: beyond the stage that was asked for is met, and no more than met",
        plan(level(measure="milestone", unit=None, scale=FIVE_STAGES, targets=({"period": Q1, "stage": "design"},))),
        rows(row(Q1, 4)),
        until=END_Q1,
        achievements=(Judged("I", {"value": 1, "actual": 4, "target": 2}),),
    ),
    Case(
        "level, number: the newest within the quarter of each reporter, then their sum",
        plan(level()),
        rows(
            row("2024-01", 10, partner="A"),
            row("2024-03", 14, partner="A"),
            row("2024-02", 12, partner="A"),
            row("2024-02", 30, partner="B"),
        ),
        until=END_Q1,
        values={"I": {"value": 44, "reported": 2, "expected": 2}},  # 14 (March) + 30 (February)
    ),
    Case(
        "level, number, decrease: half of the way",
        plan(level(direction="decrease", baseline={"value": 40}, targets=({"period": Q1, "value": 20},))),
        rows(row(Q1, 30)),
        until=END_Q1,
        achievements=(Judged("I", {"value": F(1, 2)}),),  # (30 − 40) / (20 − 40) = −10/−20
    ),
    Case(
        "level, number, maintain: inside the tolerance, on its edge, and outside by distance",
        plan(
            *(
                level(
                    id,
                    direction="maintain",
                    tolerance=5,
                    baseline={"value": 100},
                    targets=({"period": Q1, "value": 100},),
                )
                for id in ("inside", "edge", "below", "above")
            )
        ),
        rows(row(Q1, 102, "inside"), row(Q1, 95, "edge"), row(Q1, 93, "below"), row(Q1, 115, "above")),
        until=END_Q1,
        achievements=(
            Judged("inside", {"value": 1}),
            Judged("edge", {"value": 1}),
            Judged("below", {"value": F(3, 5)}),  # 95 − 93 = 2 outside of a half width of 5: 1 − 2/5
            Judged("above", {"value": -1}),  # 115 − 105 = 10 outside: 1 − 10/5
        ),
    ),
    Case(
        "level, number, maintain: without a tolerance it is kept or not; a one-sided range too",
        plan(
            level("exact", direction="maintain", targets=({"period": Q1, "value": 100},)),
            level("off", direction="maintain", targets=({"period": Q1, "value": 100},)),
            level("floor", direction="maintain", targets=({"period": Q1, "comparator": "within", "minimum": 90},)),
        ),
        rows(row(Q1, 100, "exact"), row(Q1, "100.000000001", "off"), row(Q1, 89, "floor")),
        until=END_Q1,
        achievements=(Judged("exact", {"value": 1}), Judged("off", {"value": 0}), Judged("floor", {"value": 0})),
    ),
    Case(
        "level, index: a mean over partners by their weights",
        plan(
            level(
                measure="index",
                unit=None,
                assignments=assigned("A", "B"),
                aggregation={"partners": "weighted_mean", "weights": {"A": 3, "B": 1}},
                baseline={"value": 40},
                targets=({"period": Q1, "value": 80},),
            ),
            level(
                "unweighted",
                measure="index",
                unit=None,
                assignments=assigned("A"),
                aggregation={"partners": "weighted_mean", "weights": {"A": 3}},
            ),
        ),
        rows(
            row(Q1, 50, partner="A"),
            row(Q1, 70, partner="B"),
            row(Q1, 50, "unweighted", partner="A"),
            row(Q1, 70, "unweighted", partner="B"),
        ),
        until=END_Q1,
        values={
            "I": {"value": 55},  # (3·50 + 1·70) / (3 + 1) = 220/4
            "unweighted": {"state": "undefined", "reason": "no-weight", "value": None, "reported": 2, "expected": 2},
        },
        achievements=(Judged("I", {"value": F(3, 8)}),),  # (55 − 40) / (80 − 40)
    ),
    Case(
        "level, index: without a rule two partners make no number, and one makes its own",
        plan(level("two", measure="index", unit=None), level("one", measure="index", unit=None)),
        rows(row(Q1, 50, "two", partner="A"), row(Q1, 70, "two", partner="B"), row(Q1, 50, "one", partner="A")),
        until=END_Q1,
        values={
            "two": {"state": "undefined", "reason": "not-aggregable", "value": None, "reported": 2, "expected": 2},
            "one": {"state": "reported", "value": 50},
        },
    ),
    Case(
        "level, ordinal: median of four is the lower middle one; achievement by rank",
        plan(
            level(
                measure="ordinal",
                unit=None,
                scale=scale("none", "weak", "fair", "good", "strong"),
                baseline={"stage": "none"},
                targets=({"period": Q1, "stage": "strong"},),
            )
        ),
        rows(*(row(Q1, rank, partner=partner) for partner, rank in (("A", 5), ("B", 2), ("C", 3), ("D", 4)))),
        until=END_Q1,
        # 2, 3, 4, 5: between 3 and 4 the lower, 3; (3 − 1) / (5 − 1)
        values={"I": {"value": 3}},
        achievements=(Judged("I", {"value": F(1, 2)}),),
    ),
    Case(
        "level, ordinal, decrease: the most frequent rank, on a tie the smallest",
        plan(
            level(
                measure="ordinal",
                unit=None,
                direction="decrease",
                scale=scale("none", "low", "medium", "high"),
                aggregation={"partners": "mode"},
                baseline={"stage": "high"},
                targets=({"period": Q1, "stage": "low"},),
            )
        ),
        rows(*(row(Q1, rank, partner=partner) for partner, rank in (("A", 3), ("B", 3), ("C", 2), ("D", 2), ("E", 4)))),
        until=END_Q1,
        # 2 and 3 twice each: 2; (2 − 4) / (2 − 4) = 1
        values={"I": {"value": 2}},
        achievements=(Judged("I", {"value": 1}),),
    ),
    Case(
        "level, yes/no: all, any, and the share of yes",
        plan(
            level("all", measure="yes_no", unit=None, targets=({"period": Q1, "value": 1},)),
            level(
                "any",
                measure="yes_no",
                unit=None,
                aggregation={"partners": "any"},
                targets=({"period": Q1, "value": 1},),
            ),
            level(
                "share",
                measure="yes_no",
                unit=None,
                aggregation={"partners": "mean"},
                baseline={"value": 0},
                targets=({"period": Q1, "value": 1},),
            ),
        ),
        rows(
            *(
                row(Q1, answer, id, partner=partner)
                for id in ("all", "any", "share")
                for partner, answer in (("A", 1), ("B", 0), ("C", 1), ("D", 1))
            )
        ),
        until=END_Q1,
        values={"all": {"value": 0}, "any": {"value": 1}, "share": {"value": F(3, 4)}},  # 3 of 4
        achievements=(
            Judged("all", {"value": 0}),
            Judged("any", {"value": 1}),
            # a share is a ratio, not met or unmet: (0.75 − 0) / (1 − 0)
            Judged("share", {"value": F(3, 4)}),
        ),
    ),
    Case(
        "level, yes/no, decrease: the target is no",
        plan(
            level(
                measure="yes_no",
                unit=None,
                direction="decrease",
                aggregation={"partners": "any"},
                targets=({"period": Q1, "value": 0},),
            )
        ),
        rows(row(Q1, 0, partner="A"), row(Q1, 0, partner="B")),
        until=END_Q1,
        achievements=(Judged("I", {"value": 1}),),
    ),
    Case(
        "level, mean over time: each reporter first by default, or time last where the order says so",
        plan(
            level("reporters", aggregation={"time": "mean"}),
            level("periods", aggregation={"time": "mean", "order": ("categories", "locations", "partners", "time")}),
        ),
        rows(
            *(
                row(quarter, value, id, partner=partner)
                for id in ("reporters", "periods")
                for quarter, partner, value in ((Q1, "A", 10), (Q2, "A", 20), (Q1, "B", 40))
            )
        ),
        until=END_Q2,
        values={
            # A: (10 + 20) / 2 = 15; B: 40; together 55
            "reporters": {"value": 55, "reported": 3, "expected": 4, "as_of": Q2},
            # Q1: 10 + 40 = 50; Q2: 20; (50 + 20) / 2 = 35
            "periods": {"value": 35, "reported": 3, "expected": 4, "as_of": Q2},
        },
    ),
    Case(
        "level, time between locations and partners",
        plan(
            level(
                aggregation={
                    "locations": "sum",
                    "time": "max",
                    "partners": "mean",
                    "order": ("categories", "locations", "time", "partners"),
                }
            )
        ),
        rows(
            row(Q1, 10, partner="A", location="north"),
            row(Q1, 20, partner="A", location="south"),
            row(Q2, 25, partner="A", location="north"),
            row(Q1, 8, partner="B", location="north"),
            row(Q2, 12, partner="B", location="north"),
        ),
        until=END_Q2,
        # A: max(10 + 20, 25) = 30; B: max(8, 12) = 12; (30 + 12) / 2 = 21
        values={"I": {"value": 21}},
        # a period by itself: locations, then partners: Q1 (30 + 8) / 2 = 19; Q2 (25 + 12) / 2 = 18.5
        periods={("I", Q1): {"value": 19}, ("I", Q2): {"value": F(37, 2)}},
    ),
    Case(
        "level, partners before locations: the order of two different rules matters",
        plan(
            level("locations", aggregation={"partners": "max", "locations": "sum"}),
            level(
                "partners",
                aggregation={
                    "partners": "max",
                    "locations": "sum",
                    "order": ("categories", "time", "partners", "locations"),
                },
            ),
        ),
        rows(
            *(
                row(Q1, value, id, partner=partner, location=place)
                for id in ("locations", "partners")
                for partner, place, value in (
                    ("A", "north", 10),
                    ("A", "south", 1),
                    ("B", "north", 2),
                    ("B", "south", 7),
                )
            )
        ),
        until=END_Q1,
        values={
            "locations": {"value": 11},  # A: 10 + 1 = 11; B: 2 + 7 = 9; the larger
            "partners": {"value": 17},  # north: max(10, 2) = 10; south: max(1, 7) = 7; 10 + 7
        },
    ),
    Case(
        "level, number: median of an even number of partners is the middle of two",
        plan(level(aggregation={"partners": "median"})),
        rows(*(row(Q1, value, partner=partner) for partner, value in (("A", 9), ("B", 1), ("C", 4), ("D", 3)))),
        until=END_Q1,
        values={"I": {"value": F(7, 2)}},  # 1, 3, 4, 9: (3 + 4) / 2
    ),
    Case(
        "level, mean over time of each reporter: a gap under propagate, zero and carry forward",
        plan(
            *(
                level(id, assignments=assigned("A", "B"), missing=id, aggregation={"time": "mean"})
                for id in ("skip", "propagate", "zero", "carry_forward")
            )
        ),
        rows(
            *(
                row(quarter, value, id, partner=partner)
                for id in ("skip", "propagate", "zero", "carry_forward")
                for quarter, partner, value in ((Q1, "A", 10), (Q2, "A", 20), (Q1, "B", 40))
            )
        ),
        until=END_Q2,
        values={
            "skip": {"value": 55},  # (10 + 20) / 2 + 40
            "propagate": {"state": "missing", "reason": "incomplete", "reported": 3, "expected": 4},
            "zero": {"value": 35},  # (10 + 20) / 2 + (40 + 0) / 2
            "carry_forward": {"value": 55, "reported": 3, "carried": 1},  # (10 + 20) / 2 + (40 + 40) / 2
        },
    ),
)
