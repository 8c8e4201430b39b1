"""The conventions that donors publish, and what is expected by now in three ways, from reports to achievement."""

from __future__ import annotations

import datetime as dt

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
    flow,
    level,
    plan,
    row,
    rows,
    running,
)

PACE = {"convention": "time_proportional"}
NEW_YEAR = dt.date(2023, 12, 31)
YEAR = ({"period": "2024", "value": 200, "basis": "per_period"},)
WAY = {
    "baseline": {"value": 20, "date": NEW_YEAR},
    "targets": ({"period": Q2, "value": 30}, {"period": Q4, "value": 100, "kind": "final"}),
}
QUARTERS = tuple(
    {"period": period, "value": value, "basis": "per_period"}
    for period, value in ((Q1, 10), (Q2, 20), (Q3, 30), (Q4, 40))
)
LINEAR = {"expected": "linear"}
THROUGH = {"expected": "milestone_interpolation"}


CASES = (
    Case(
        "time: a flow against a quarter of the year's target for each quarter",
        plan(flow("even", targets=YEAR), flow("behind", targets=YEAR)),
        rows(row(Q1, 40, "even"), row(Q2, 60, "even"), row(Q1, 40, "behind"), row(Q2, 10, "behind")),
        until=END_Q2,
        achievements=(
            Judged("even", {"value": 0, "actual": 100, "target": 200}, PACE),  # 100/200 − 2/4
            Judged("behind", {"value": F(-1, 4)}, PACE),  # 50/200 − 2/4
            Judged("even", {"reason": "no-target-due"}),  # the year's target is not due before its end
        ),
    ),
    Case(
        "time: a running total against the quarters since the start, a level against all of it",
        plan(
            running("run", targets=({"period": "2025-Q4", "value": 400},)),
            level("now", targets=({"period": Q4, "value": 100},)),
        ),
        rows(row(Q2, 150, "run"), row(Q2, 95, "now")),
        until=END_Q2,
        achievements=(
            Judged("run", {"value": F(1, 8)}, PACE),  # 150/400 − 2/8
            Judged("now", {"value": F(-1, 20)}, PACE),  # 95/100 − 1
        ),
    ),
    Case(
        "time: the target that is being worked towards, and after the last one the last",
        plan(level(targets=({"period": Q1, "value": 50}, {"period": Q3, "value": 80}))),
        rows(row(Q2, 40), row(Q4, 40)),
        until=END_Q2,
        achievements=(Judged("I", {"value": F(-1, 2), "target": 80}, PACE),),
    ),
    Case(
        "time: with all targets behind it, the last one",
        plan(level(targets=({"period": Q1, "value": 50}, {"period": Q3, "value": 80}))),
        rows(row(Q2, 40), row(Q4, 60)),
        until=END_Q4,
        achievements=(Judged("I", {"value": F(-1, 4), "target": 80}, PACE),),
    ),
    Case(
        "inverse ratio: target over actual where less is better",
        plan(
            level("down", direction="decrease", targets=({"period": Q1, "value": 20},)),
            level("up", targets=({"period": Q1, "value": 20},)),
            level("none", direction="decrease", targets=({"period": Q1, "value": 20},)),
        ),
        rows(row(Q1, 25, "down"), row(Q1, 25, "up"), row(Q1, 0, "none")),
        until=END_Q1,
        achievements=(
            Judged("down", {"value": F(4, 5)}, {"convention": "inverse_ratio"}),
            Judged("up", {"value": F(5, 4)}, {"convention": "inverse_ratio"}),
            Judged("none", {"reason": "actual-zero"}, {"convention": "inverse_ratio"}),
            # 25 of at most 20 is no 125 %: more is worse here
            Judged("down", {"reason": "direction-unfit"}, {"convention": "actual_over_target"}),
            Judged("down", {"reason": "direction-unfit"}, PACE),
            Judged("down", {"reason": "no-baseline"}, {"no_baseline": "actual_over_target"}),
            Judged("up", {"value": F(5, 4)}, {"no_baseline": "actual_over_target"}),
            Judged("down", {"value": F(5, 4)}, {"convention": "actual_over_target", "falling": "as_published"}),
        ),
    ),
    Case(
        "variance: 0 is reached, a threshold is 0 or one below it, the sign turns only when asked",
        plan(
            level("over", targets=({"period": Q1, "value": 80},)),
            level("down", direction="decrease", targets=({"period": Q1, "value": 500},)),
            level("met", targets=({"period": Q1, "value": 80, "comparator": "≥"},)),
            level("not", targets=({"period": Q1, "value": 80, "comparator": "≥"},)),
            level("kept", direction="maintain", tolerance=2, targets=({"period": Q1, "value": 10},)),
            level("lost", direction="maintain", tolerance=2, targets=({"period": Q1, "value": 10},)),
        ),
        rows(
            row(Q1, 85, "over"),
            row(Q1, 350, "down"),
            row(Q1, 94, "met"),
            row(Q1, 79, "not"),
            row(Q1, 12, "kept"),
            row(Q1, 13, "lost"),
        ),
        until=END_Q1,
        achievements=(
            Judged("over", {"value": F(1, 16)}, {"convention": "variance"}),  # 5/80
            Judged("down", {"value": F(-3, 10)}, {"convention": "variance"}),
            Judged("down", {"value": F(3, 10)}, {"convention": "variance", "favourable": True}),
            Judged("met", {"value": 0}, {"convention": "variance"}),
            Judged("not", {"value": -1}, {"convention": "variance"}),
            Judged("kept", {"value": 0}, {"convention": "variance"}),
            Judged("lost", {"value": F(-1, 2)}, {"convention": "variance"}),  # 1 − 1/2 − 1
        ),
    ),
    Case(
        "growth: as fast as needed, from the baseline's date or else from the project's start",
        plan(
            level(
                "known", baseline={"value": 10, "date": NEW_YEAR}, targets=({"period": "2025-Q4", "value": "14.641"},)
            ),
            level("open", baseline={"value": 10}, targets=({"period": "2025-Q4", "value": "14.641"},)),
            level("zero", baseline={"value": 0}, targets=({"period": "2025-Q4", "value": 5},)),
            flow("sum", targets=({"period": "2025-Q4", "value": 5, "basis": "cumulative"},)),
        ),
        rows(row(Q4, "12.1", "known"), row(Q4, "12.1", "open"), row(Q4, 3, "zero"), row(Q4, 3, "sum")),
        until=END_Q4,
        achievements=(
            # 10 → 12.1 in one year is 21 %, and so is 10 → 14.641 in two
            Judged("known", {"value": 1}, {"convention": "growth_rate"}),
            # 12.1²/10 = 14.641
            Judged("known", {"value": 1}, {"convention": "projected_growth"}),
            Judged("zero", {"reason": "growth-undefined"}, {"convention": "growth_rate"}),
            Judged("zero", {"reason": "growth-undefined"}, {"convention": "projected_growth"}),
            Judged("sum", {"reason": "growth-undefined"}, {"convention": "growth_rate"}),
        ),
    ),
    Case(
        "expected by now: the newest milestone, or a point on a line to the next one",
        plan(level(**WAY)),
        rows(row(Q3, 50)),
        until=END_Q3,
        achievements=(
            Judged("I", {"value": 3, "target": 30}),  # (50 − 20) / (30 − 20)
            # half of the 184 days from the end of June: 30 + 70 × 92/184
            Judged("I", {"value": F(2, 3), "target": 65}, THROUGH),  # 30/45
            # 274 of 366 days: 20 + 80 × 274/366
            Judged("I", {"value": F(30 * 366, 80 * 274), "target": 20 + F(80 * 274, 366)}, LINEAR),
        ),
    ),
    Case(
        "expected by now: targets of periods are summed along the line, and so is the baseline per period",
        plan(flow(baseline={"value": 5}, targets=QUARTERS)),
        rows(row(Q1, 8), row(Q2, 22)),
        until=END_Q2,
        achievements=(
            Judged("I", {"value": 1}),  # (30 − 10) / (30 − 10)
            Judged("I", {"value": 1, "target": 30, "baseline": 10}, THROUGH),
            # half the year is 182 of 366 days: (30 − 20 s) / (100 s − 20 s)
            Judged("I", {"value": (30 - F(20 * 182, 366)) / F(80 * 182, 366)}, LINEAR),
        ),
    ),
    Case(
        "expected by now: what was reported before the first target's period is no progress towards it",
        plan(flow(targets=({"period": Q2, "value": 20, "basis": "per_period"},))),
        rows(row(Q1, 50), row(Q2, 10)),
        until=END_Q2,
        achievements=(
            Judged("I", {"value": F(1, 2), "actual": 10}, {"expected": "linear", "convention": "actual_over_target"}),
        ),
    ),
    Case(
        "expected by now: a sum to date counts from zero, or from the baseline where that is included",
        plan(
            flow("zero", baseline={"value": 7}, targets=({"period": Q4, "value": 100, "basis": "cumulative"},)),
            flow(
                "included",
                baseline={"value": 7},
                baseline_included=True,
                targets=({"period": Q4, "value": 107, "basis": "cumulative"},),
            ),
        ),
        rows(row(Q2, 30, "zero"), row(Q2, 30, "included")),
        until=END_Q2,
        achievements=(
            Judged("zero", {"value": F(30 * 366, 100 * 182)}, LINEAR),
            Judged("included", {"value": F(30 * 366, 100 * 182), "actual": 37, "baseline": 7}, LINEAR),
            Judged(
                "zero", {"value": F(30 * 366, 100 * 182)}, {"expected": "linear", "convention": "actual_over_target"}
            ),
        ),
    ),
    Case(
        "expected by now: a line that cannot be drawn is none",
        plan(
            level("pending", baseline={"status": "pending"}, targets=WAY["targets"]),
            level("bound", targets=({"period": Q2, "value": 30, "comparator": "≥"},)),
            level("words", baseline={"value": 1}, targets=({"period": Q2, "text": "a plan"},)),
            level("late", baseline={"value": 1, "date": END_Q4}, targets=({"period": "2025-Q4", "value": 9},)),
            level("not", baseline={"value": 1}, targets=({"period": Q2, "status": "not_applicable"},)),
        ),
        rows(
            row(Q2, 50, "pending"),
            row(Q2, 50, "bound"),
            row(Q2, 50, "words"),
            row(Q2, 5, "late"),
            row(Q2, 5, "not"),
        ),
        until=END_Q2,
        achievements=(
            Judged("pending", {"reason": "no-baseline"}, LINEAR),
            Judged("bound", {"value": 1}, LINEAR),  # a threshold is met or not, there is no line to it
            Judged("words", {"reason": "target-is-text"}, LINEAR),
            Judged("late", {"reason": "no-target-due"}, LINEAR),
            Judged("not", {"reason": "target-not-applicable"}, LINEAR),
        ),
    ),
    Case(
        "growth: sums over time have no growth rate, unless they start from the baseline",
        plan(
            flow(
                "per",
                baseline={"value": 100, "date": NEW_YEAR},
                targets=tuple({"period": period, "value": 120, "basis": "per_period"} for period in (Q1, Q2, Q3, Q4)),
            ),
            flow(
                "stock",
                baseline={"value": 10, "date": NEW_YEAR},
                baseline_included=True,
                targets=({"period": "2025-Q4", "value": "14.641", "basis": "cumulative"},),
            ),
        ),
        rows(*(row(period, 120, "per") for period in (Q1, Q2, Q3, Q4)), row(Q4, "2.1", "stock")),
        until=END_Q4,
        achievements=(
            Judged("per", {"reason": "growth-undefined"}, {"convention": "growth_rate"}),
            Judged("per", {"reason": "growth-undefined"}, {"convention": "projected_growth", "against": "final"}),
            Judged("stock", {"value": 1}, {"convention": "growth_rate"}),  # 10 + 2.1 after one year of two
        ),
    ),
    Case(
        "end target: a ceiling is not half won while half of its periods are still to come",
        plan(
            flow(
                "known",
                direction="decrease",
                baseline={"value": 100},
                targets=tuple({"period": period, "value": 80, "basis": "per_period"} for period in (Q1, Q2, Q3, Q4)),
            ),
            flow(
                "not",
                direction="decrease",
                targets=tuple({"period": period, "value": 80, "basis": "per_period"} for period in (Q1, Q2, Q3, Q4)),
            ),
            flow(
                "kept",
                direction="maintain",
                tolerance=5,
                targets=tuple({"period": period, "value": 80, "basis": "per_period"} for period in (Q1, Q2, Q3, Q4)),
            ),
        ),
        rows(*(row(period, 80, id) for id in ("known", "not", "kept") for period in (Q1, Q2))),
        until=END_Q2,
        achievements=(
            # 160 and two quarters at 100 to come, against 320: 320/360, and 40 too many of 320
            Judged("known", {"value": F(8, 9)}, {"convention": "inverse_ratio", "against": "final"}),
            Judged("known", {"value": F(1, 8)}, {"convention": "variance", "against": "final"}),
            Judged("known", {"value": F(1, 2)}, {"against": "final"}),  # 40 of 80 fewer
            Judged("not", {"reason": "no-baseline"}, {"convention": "inverse_ratio", "against": "final"}),
            Judged("kept", {"value": 1, "target": 160}, {"against": "final"}),  # kept in both quarters so far
        ),
    ),
    Case(
        "maintain: each target of a period has its own tolerance",
        plan(
            flow(
                direction="maintain",
                tolerance=5,
                targets=tuple({"period": period, "value": 80, "basis": "per_period"} for period in (Q1, Q2)),
            )
        ),
        rows(row(Q1, 80), row(Q2, 90)),
        until=END_Q2,
        achievements=(Judged("I", {"value": 1}),),  # 170 lies within 160 ± 10
    ),
    Case(
        "expected by now: targets per period beside a target to date make no line",
        plan(
            flow(
                baseline={"value": 0},
                targets=(
                    *({"period": period, "value": 100, "basis": "per_period"} for period in (Q1, Q2, Q3, Q4)),
                    {"period": Q4, "value": 400, "basis": "cumulative", "kind": "final"},
                ),
            )
        ),
        rows(row(Q1, 100), row(Q2, 100), row(Q3, 100)),
        until=END_Q3,
        achievements=(Judged("I", {"value": 1}), Judged("I", {"value": 1}, THROUGH)),
    ),
    Case(
        "end target: reports outside the targets' own periods are no progress",
        plan(
            flow(
                baseline={"value": 0},
                targets=tuple({"period": period, "value": 100, "basis": "per_period"} for period in (Q3, Q4)),
            )
        ),
        rows(row(Q1, 500), row(Q3, 50), row(Q4, 50)),
        until=END_Q4,
        achievements=(
            Judged("I", {"value": F(1, 2)}),
            Judged("I", {"value": F(1, 2), "actual": 100}, {"against": "final"}),
            Judged("I", {"value": F(1, 2)}, {"due": "all"}),
        ),
    ),
    Case(
        "ratios of losses read the wrong way round, and are none",
        plan(
            level("loss", direction="decrease", targets=({"period": Q1, "value": -100},)),
            level("gain", direction="decrease", targets=({"period": Q1, "value": 10},)),
        ),
        rows(row(Q1, -80, "loss"), row(Q1, -5, "gain")),
        until=END_Q1,
        achievements=(
            Judged("loss", {"reason": "direction-unfit"}, {"convention": "inverse_ratio"}),
            Judged("gain", {"reason": "direction-unfit"}, {"convention": "inverse_ratio"}),
            Judged("loss", {"value": F(1, 5)}, {"convention": "variance"}),  # 20 more than −100
        ),
    ),
    Case(
        "growth: without a date the baseline stands on the day before the project",
        plan(level(baseline={"value": 100}, targets=({"period": "2025-Q4", "value": 121},))),
        rows(row(Q4, 110)),
        until=END_Q4,
        achievements=(Judged("I", {"value": 1}, {"convention": "growth_rate"}),),
    ),
)
