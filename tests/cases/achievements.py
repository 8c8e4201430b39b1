"""Achievements: thresholds, baselines that are not known, and targets that are no numbers or not due."""

from __future__ import annotations

import datetime as dt

from tests.cases.building import END_Q1, END_Q2, Q1, Q2, Case, F, Judged, flow, level, plan, row, rows, scale

KNOWN = {"baseline": {"value": 20}}


def at_q1(value, /, **more):
    return {"targets": ({"period": Q1, **({} if value is None else {"value": value}), **more},)}


CASES = (
    Case(
        "achievement: a threshold is met or not, exactly at it met, and needs no baseline",
        plan(
            level("at", **at_q1(80, comparator="≥")),
            level("under", **at_q1(80, comparator=">=")),
            level("most", direction="decrease", **at_q1(5, comparator="≤")),
            level("over", direction="decrease", **at_q1(5, comparator="≤")),
        ),
        rows(row(Q1, 80, "at"), row(Q1, "79.999999999", "under"), row(Q1, 5, "most"), row(Q1, "5.000000001", "over")),
        until=END_Q1,
        achievements=(
            Judged("at", {"value": 1}),
            Judged("under", {"value": 0}),
            Judged("most", {"value": 1}),
            Judged("over", {"value": 0}),
            # a threshold stays one under the other convention
            Judged("under", {"value": 0}, {"convention": "actual_over_target"}),
        ),
    ),
    Case(
        "achievement: within a range is met on both edges",
        plan(*(level(id, **at_q1(None, comparator="within", minimum=10, maximum=20)) for id in ("low", "high", "out"))),
        rows(row(Q1, 10, "low"), row(Q1, 20, "high"), row(Q1, 21, "out")),
        until=END_Q1,
        achievements=(Judged("low", {"value": 1}), Judged("high", {"value": 1}), Judged("out", {"value": 0})),
    ),
    Case(
        "achievement: exactly 80 % of the way",
        plan(level(baseline={"value": "0.1"}, **at_q1("0.4"))),
        rows(row(Q1, "0.34")),
        until=END_Q1,
        achievements=(Judged("I", {"value": F(4, 5)}),),  # 0.24 / 0.30
    ),
    Case(
        "achievement: not clamped, above the target or behind the baseline",
        plan(level("above", **KNOWN, **at_q1(100)), level("behind", **KNOWN, **at_q1(100))),
        rows(row(Q1, 140, "above"), row(Q1, 12, "behind")),
        until=END_Q1,
        achievements=(
            Judged("above", {"value": F(3, 2)}),  # (140 − 20) / (100 − 20) = 120/80
            Judged("behind", {"value": F(-1, 10)}),  # (12 − 20) / 80
        ),
    ),
    Case(
        "achievement: the target equals the baseline",
        plan(level(**KNOWN, **at_q1(20)), level("kept", direction="maintain", **KNOWN, **at_q1(20))),
        rows(row(Q1, 20), row(Q1, 20, "kept")),
        until=END_Q1,
        achievements=(
            Judged("I", {"value": None, "reason": "target-equals-baseline"}),
            Judged("kept", {"value": 1}),
            Judged("I", {"value": 1}, {"convention": "actual_over_target"}),  # 20 / 20
        ),
    ),
    Case(
        "achievement: a baseline that is pending, missing, or without a number is none",
        plan(
            level("pending", baseline={"status": "pending"}, **at_q1(100)),
            level("absent", **at_q1(100)),
            level("empty", baseline={"note": "to be measured"}, **at_q1(100)),
            level("beyond", baseline={"status": "not_applicable", "value": 5}, **at_q1(100)),
        ),
        rows(*(row(Q1, 40, id) for id in ("pending", "absent", "empty", "beyond"))),
        until=END_Q1,
        achievements=(
            *(Judged(id, {"value": None, "reason": "no-baseline"}) for id in ("pending", "absent", "empty", "beyond")),
            # the named option: 40 / 100
            Judged("pending", {"value": F(2, 5)}, {"no_baseline": "actual_over_target"}),
            Judged("pending", {"value": F(2, 5)}, {"convention": "actual_over_target"}),
        ),
    ),
    Case(
        "achievement: a target of zero cannot be divided by, yet can be reached from a baseline",
        plan(level(direction="decrease", **KNOWN, **at_q1(0))),
        rows(row(Q1, 5)),
        until=END_Q1,
        achievements=(
            Judged("I", {"value": F(3, 4)}),  # (5 − 20) / (0 − 20)
            Judged(
                "I",
                {"value": None, "reason": "target-zero"},
                {"convention": "actual_over_target", "falling": "as_published"},
            ),
        ),
    ),
    Case(
        "achievement: a target above the baseline needs it",
        plan(
            level("known", **KNOWN, **at_q1(None, above_baseline=1)),
            level("pending", baseline={"status": "pending"}, **at_q1(None, above_baseline=1)),
        ),
        rows(row(Q1, "20.25", "known"), row(Q1, 5, "pending")),
        until=END_Q1,
        achievements=(
            Judged("known", {"value": F(1, 4), "target": 21}),  # 0.25 / 1
            Judged("pending", {"value": None, "reason": "no-baseline"}),
            Judged("pending", {"value": None, "reason": "no-baseline"}, {"convention": "actual_over_target"}),
        ),
    ),
    Case(
        "achievement: an ordinal target a rank above the baseline",
        plan(
            level(
                measure="ordinal",
                unit=None,
                scale=scale("low", "middle", "high"),
                baseline={"stage": "low"},
                **at_q1(None, above_baseline=2),
            )
        ),
        rows(row(Q1, 2)),
        until=END_Q1,
        achievements=(Judged("I", {"value": F(1, 2), "target": 3}),),  # (2 − 1) / (3 − 1)
    ),
    Case(
        "achievement: words, not applicable, pending, and no target at all",
        plan(
            level("words", **KNOWN, **at_q1(None, text="Strategy adopted")),
            level("beyond", **KNOWN, **at_q1(None, status="not_applicable")),
            level("pending", **KNOWN, **at_q1(None, status="pending")),
            level("none", **KNOWN),
            level("split", **KNOWN, targets=({"period": Q1, "value": 5, "category": "sex=F"},)),
        ),
        rows(*(row(Q1, 40, id) for id in ("words", "beyond", "pending", "none", "split"))),
        until=END_Q1,
        achievements=(
            Judged("words", {"value": None, "reason": "target-is-text"}),
            Judged("beyond", {"value": None, "reason": "target-not-applicable"}),
            Judged("pending", {"value": None, "reason": "no-target"}),
            Judged("none", {"value": None, "reason": "no-target"}),
            # a target for women alone is none for the whole
            Judged("split", {"value": None, "reason": "no-target"}),
        ),
    ),
    Case(
        "achievement: of several targets that are due the newest; a final one on the same day goes first",
        plan(
            level(
                baseline={"value": 0},
                targets=(
                    {"date": dt.date(2024, 6, 30), "value": 50, "kind": "final"},
                    {"period": Q2, "value": 40},
                    {"period": Q1, "value": 10},
                    {"period": "2024-Q3", "value": 80},
                ),
            )
        ),
        rows(row(Q2, 20)),
        until=END_Q2,
        achievements=(
            Judged("I", {"value": F(2, 5), "target": 50}),  # 20 / 50
            Judged("I", {"value": F(2, 5), "target": 50}, {"against": "final"}),
        ),
    ),
    Case(
        "achievement: without a final target, the last one due is the end",
        plan(level(baseline={"value": 0}, targets=({"period": "2025-Q4", "value": 200}, {"period": Q1, "value": 40}))),
        rows(row(Q1, 20)),
        until=END_Q1,
        achievements=(
            Judged("I", {"value": F(1, 2)}),  # 20 / 40
            Judged("I", {"value": F(1, 10)}, {"against": "final"}),  # 20 / 200
        ),
    ),
    Case(
        "achievement: a target that does not apply yields to one that does",
        plan(
            level(
                baseline={"value": 0},
                targets=({"period": Q1, "value": 40}, {"period": Q2, "status": "not_applicable"}),
            )
        ),
        rows(row(Q2, 10)),
        until=END_Q2,
        achievements=(Judged("I", {"value": F(1, 4), "target": 40}),),  # 10 / 40
    ),
    Case(
        "achievement: shifting all three, or mirroring them, changes nothing",
        plan(
            level("plain", baseline={"value": 20}, **at_q1(100)),
            level("shifted", baseline={"value": 1020}, **at_q1(1100)),
            level("mirrored", direction="decrease", baseline={"value": -20}, **at_q1(-100)),
        ),
        rows(row(Q1, 50, "plain"), row(Q1, 1050, "shifted"), row(Q1, -50, "mirrored")),
        until=END_Q1,
        # 30/80; 30/80; −30/−80
        achievements=tuple(Judged(id, {"value": F(3, 8)}) for id in ("plain", "shifted", "mirrored")),
    ),
    Case(
        "achievement: per-period targets with a threshold are met by their sums",
        plan(
            flow(
                targets=(
                    {"period": Q1, "value": 10, "comparator": "≥", "basis": "per_period"},
                    {"period": Q2, "value": 20, "comparator": "≥", "basis": "per_period"},
                )
            )
        ),
        rows(row(Q1, 25), row(Q2, 5)),
        until=END_Q2,
        achievements=(Judged("I", {"value": 1, "actual": 30, "target": 30}),),  # 25 + 5 ≥ 10 + 20
    ),
    Case(
        "achievement: a per-period target written with a day is for the period that holds the day",
        plan(
            flow(baseline={"value": 0}, targets=({"date": dt.date(2024, 5, 15), "value": 20, "basis": "per_period"},))
        ),
        rows(row(Q1, 100), row(Q2, 15)),
        until=END_Q2,
        achievements=(Judged("I", {"value": F(3, 4), "actual": 15}),),  # 15 / 20, of the second quarter
    ),
    Case(
        "achievement: ranges of periods add up to a range",
        plan(
            flow(
                targets=(
                    {"period": Q1, "comparator": "within", "minimum": 10, "maximum": 20, "basis": "per_period"},
                    {"period": Q2, "comparator": "within", "minimum": 5, "maximum": 15, "basis": "per_period"},
                )
            )
        ),
        rows(row(Q1, 22), row(Q2, 9)),
        until=END_Q2,
        achievements=(Judged("I", {"value": 1, "actual": 31}),),  # 22 + 9 = 31, within 10 + 5 and 20 + 15
    ),
    Case(
        "achievement: an actual that is undefined in every period has its reason; a final target may not apply",
        plan(
            flow(
                assignments=({"partner": "A"}, {"partner": "B"}),
                min_coverage=1,
                baseline={"value": 0},
                targets=(
                    {"period": Q1, "value": 10, "basis": "per_period"},
                    {"period": Q2, "value": 10, "basis": "per_period"},
                ),
            ),
            flow("end", targets=({"period": Q1, "status": "not_applicable", "basis": "cumulative", "kind": "final"},)),
        ),
        rows(row(Q1, 5, partner="A"), row(Q1, 1, "end")),
        until=END_Q2,
        achievements=(
            Judged("I", {"value": None, "reason": "coverage-below-minimum"}),
            Judged("end", {"value": None, "reason": "target-not-applicable"}, {"against": "final"}),
        ),
    ),
)
