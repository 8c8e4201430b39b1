"""Every accumulation with every direction and every measure, on one small set of reports for each measure.

Partners A and B report in two quarters. What each line of `GRID` expects is worked out in the comment above it.
"""

from __future__ import annotations

from typing import Any

from tests.cases.building import END_Q2, Q1, Q2, Case, F, Judged, indicator, plan, row, rows, scale, share

EVERY = ("flow", "running_total", "level")
STATE = ("running_total", "level")
STEPS = scale("s1", "s2", "s3", "s4", "s5")


def at_q2(**target: Any) -> tuple[dict[str, Any], ...]:
    return ({"period": Q2, "basis": "per_period", **target},)


def each_quarter(value: Any) -> tuple[dict[str, Any], ...]:
    return tuple({"period": quarter, "basis": "per_period", "value": value} for quarter in (Q1, Q2))


def numbers(a1: Any, b1: Any, a2: Any, b2: Any) -> tuple[dict[str, Any], ...]:
    return (row(Q1, a1, partner="A"), row(Q1, b1, partner="B"), row(Q2, a2, partner="A"), row(Q2, b2, partner="B"))


PEOPLE = numbers(10, 20, 12, 18)
MONEY = numbers("10.5", "20", "12.1", "17.4")
SIDES = (
    share(Q1, 10, 20, partner="A"),
    share(Q1, 20, 80, partner="B"),
    share(Q2, 12, 20, partner="A"),
    share(Q2, 18, 80, partner="B"),
)
WORDS = (row(Q1, None, text="one", partner="A"), row(Q2, None, text="two", partner="B"))

NUMBER = {"measure": "number"}
CURRENCY = {"measure": "currency", "unit": "USD"}
PERCENTAGE = {"measure": "percentage", "unit": None}
RATIO = {"measure": "ratio", "unit": None, "per": 10}
INDEX = {"measure": "index", "unit": None, "aggregation": {"partners": "mean"}}
ORDINAL = {"measure": "ordinal", "unit": None, "scale": STEPS}
YES_NO = {"measure": "yes_no", "unit": None}
MILESTONE = {"measure": "milestone", "unit": None, "scale": STEPS}
NOMINAL = {"measure": "nominal", "unit": None, "scale": STEPS}
NARRATIVE = {"measure": "narrative", "unit": None}

# (measure, reports, accumulations, direction, the rest of the indicator, value to date, achievement or why there is none)
GRID: tuple[tuple[Any, ...], ...] = (
    # 10 + 20 + 12 + 18 = 60 of 40 + 40 = 80, from 10 · 2 = 20: 40/60
    (NUMBER, PEOPLE, ("flow",), "increase", {"baseline": {"value": 10}, "targets": each_quarter(40)}, 60, F(2, 3)),
    # 60, to 20 + 20 = 40, from 40 · 2 = 80: (60 − 80) / (40 − 80) = 20/40
    (NUMBER, PEOPLE, ("flow",), "decrease", {"baseline": {"value": 40}, "targets": each_quarter(20)}, 60, F(1, 2)),
    # 60 against 25 + 25 = 50 ± 4: 6 outside of 54; 1 − 6/4
    # 60 against two quarters of 25 ± 4: 1 − (60 − 58) / 8
    (NUMBER, PEOPLE, ("flow",), "maintain", {"tolerance": 4, "targets": each_quarter(25)}, 60, F(3, 4)),
    # newest of each: 12 + 18 = 30; (30 − 10) / (50 − 10) = 20/40
    (NUMBER, PEOPLE, STATE, "increase", {"baseline": {"value": 10}, "targets": at_q2(value=50)}, 30, F(1, 2)),
    # (30 − 42) / (22 − 42) = 12/20
    (NUMBER, PEOPLE, STATE, "decrease", {"baseline": {"value": 42}, "targets": at_q2(value=22)}, 30, F(3, 5)),
    # 28 ± 4 reaches to 32
    (NUMBER, PEOPLE, STATE, "maintain", {"tolerance": 4, "targets": at_q2(value=28)}, 30, 1),
    # 10.5 + 20 + 12.1 + 17.4 = 60 of 50 + 50, from 10 · 2: 40/80
    (CURRENCY, MONEY, ("flow",), "increase", {"baseline": {"value": 10}, "targets": each_quarter(50)}, 60, F(1, 2)),
    # 60, to 10 + 10, from 50 · 2: 40/80
    (CURRENCY, MONEY, ("flow",), "decrease", {"baseline": {"value": 50}, "targets": each_quarter(10)}, 60, F(1, 2)),
    # 60 against 30.5 + 30.5 = 61 ± 1: on the edge
    (CURRENCY, MONEY, ("flow",), "maintain", {"tolerance": 1, "targets": each_quarter("30.5")}, 60, 1),
    # 12.1 + 17.4 = 29.5; (29.5 − 9.5) / (49.5 − 9.5) = 20/40
    (
        CURRENCY,
        MONEY,
        STATE,
        "increase",
        {"baseline": {"value": "9.5"}, "targets": at_q2(value="49.5")},
        F(59, 2),
        F(1, 2),
    ),
    # (29.5 − 39.5) / (34.5 − 39.5) = 10/5: twice as far as asked
    (CURRENCY, MONEY, STATE, "decrease", {"baseline": {"value": "39.5"}, "targets": at_q2(value="34.5")}, F(59, 2), 2),
    # 29.5 against 32 ± 2: 0.5 outside of 30; 1 − 0.5/2
    (CURRENCY, MONEY, STATE, "maintain", {"tolerance": 2, "targets": at_q2(value=32)}, F(59, 2), F(3, 4)),
    # the newest quarter, pooled: (12 + 18) / (20 + 80) = 30 %; (30 − 10) / (50 − 10)
    (PERCENTAGE, SIDES, EVERY, "increase", {"baseline": {"value": 10}, "targets": at_q2(value=50)}, 30, F(1, 2)),
    # (30 − 42) / (22 − 42) = 12/20
    (PERCENTAGE, SIDES, EVERY, "decrease", {"baseline": {"value": 42}, "targets": at_q2(value=22)}, 30, F(3, 5)),
    # 28 ± 1: 1 outside of 29, as much as the half width
    (PERCENTAGE, SIDES, EVERY, "maintain", {"tolerance": 1, "targets": at_q2(value=28)}, 30, 0),
    # 10 · 30/100 = 3 per ten; (3 − 1) / (5 − 1)
    (RATIO, SIDES, EVERY, "increase", {"baseline": {"value": 1}, "targets": at_q2(value=5)}, 3, F(1, 2)),
    # (3 − 7) / (2 − 7) = 4/5
    (RATIO, SIDES, EVERY, "decrease", {"baseline": {"value": 7}, "targets": at_q2(value=2)}, 3, F(4, 5)),
    # exactly 10 · 3/10
    (RATIO, SIDES, EVERY, "maintain", {"targets": at_q2(numerator=3, denominator=10)}, 3, 1),
    # the mean of 12 and 18 is 15; (15 − 10) / (20 − 10)
    (INDEX, PEOPLE, EVERY, "increase", {"baseline": {"value": 10}, "targets": at_q2(value=20)}, 15, F(1, 2)),
    # (15 − 18) / (8 − 18) = 3/10
    (INDEX, PEOPLE, EVERY, "decrease", {"baseline": {"value": 18}, "targets": at_q2(value=8)}, 15, F(3, 10)),
    # 16 ± 1 begins at 15
    (INDEX, PEOPLE, EVERY, "maintain", {"tolerance": 1, "targets": at_q2(value=16)}, 15, 1),
    # ranks 4 and 3, the lower; (3 − 1) / (5 − 1)
    (
        ORDINAL,
        numbers(1, 2, 4, 3),
        EVERY,
        "increase",
        {"baseline": {"stage": "s1"}, "targets": at_q2(stage="s5")},
        3,
        F(1, 2),
    ),
    # (3 − 5) / (2 − 5) = 2/3
    (
        ORDINAL,
        numbers(1, 2, 4, 3),
        EVERY,
        "decrease",
        {"baseline": {"stage": "s5"}, "targets": at_q2(stage="s2")},
        3,
        F(2, 3),
    ),
    # rank 3 against rank 4, without a tolerance
    (ORDINAL, numbers(1, 2, 4, 3), EVERY, "maintain", {"targets": at_q2(stage="s4")}, 3, 0),
    # both say yes in the newest quarter
    (YES_NO, numbers(0, 1, 1, 1), EVERY, "increase", {"targets": at_q2(value=1)}, 1, 1),
    # yes, where no was wanted
    (YES_NO, numbers(0, 1, 1, 1), EVERY, "decrease", {"targets": at_q2(value=0)}, 1, 0),
    # still yes
    (YES_NO, numbers(0, 1, 1, 1), EVERY, "maintain", {"targets": at_q2(value=1)}, 1, 1),
    # the furthest ever is 3; 4 was asked for
    (MILESTONE, numbers(3, 1, 2, 2), EVERY, "increase", {"targets": at_q2(stage="s4")}, 3, 0),
    # 3, exactly as asked for
    (MILESTONE, numbers(3, 1, 2, 2), EVERY, "decrease", {"targets": at_q2(stage="s3")}, 3, 1),
    # 3 is where it should stay
    (MILESTONE, numbers(3, 1, 2, 2), EVERY, "maintain", {"targets": at_q2(stage="s3")}, 3, 1),
    *(
        (measure, WORDS, EVERY, direction, {"targets": at_q2(text="three")}, None, "text-only")
        for measure in (NOMINAL, NARRATIVE)
        for direction in ("increase", "decrease", "maintain")
    ),
)


def _case(line: tuple[Any, ...], accumulation: str) -> Case:
    measure, reports, _, direction, rest, value, reached = line
    judged = {"value": None, "reason": reached} if isinstance(reached, str) else {"value": reached, "reason": None}
    state = "undefined" if value is None else "reported"
    return Case(
        f"grid: {accumulation}, {measure['measure']}, {direction}",
        plan(indicator(accumulation=accumulation, direction=direction, **measure, **rest)),
        rows(*reports),
        until=END_Q2,
        values={"I": {"state": state, "value": value}},
        achievements=(Judged("I", judged),),
    )


CASES = tuple(_case(line, accumulation) for line in GRID for accumulation in line[2])
