"""Categories: a total and its parts, crossed and overlapping splits, and parts that are missing."""

from __future__ import annotations

from tests.cases.building import END_Q1, Q1, Case, F, assigned, flow, level, plan, row, rows, share

BY_SEX = {"disaggregation": ({"dimensions": ("sex",)},)}
OVERLAPPING = {"disaggregation": ({"dimensions": ("sex",), "relation": "overlapping"},)}


def part(category, value, id="I", /, **more):
    return row(Q1, value, id, category=category, **more)


CASES = (
    Case(
        "categories: parts make the total when nobody entered one",
        plan(flow(**BY_SEX)),
        rows(part("sex=F", 12), part("sex=M", 9)),
        until=END_Q1,
        values={"I": {"value": 21, "reported": 1, "expected": 1}},  # 12 + 9; the parts are one report
    ),
    Case(
        "categories: the entered total counts, and is never added to its parts",
        plan(flow(**BY_SEX)),
        rows(part("_T", 25), part("sex=F", 12), part("sex=M", 9)),
        until=END_Q1,
        values={"I": {"value": 25}},
    ),
    Case(
        "categories: the parts count where the indicator says so, and the total where there are none",
        plan(flow(**BY_SEX, aggregation={"totals": "sum_of_parts"})),
        rows(
            part("_T", 25, partner="A"),
            part("sex=F", 12, partner="A"),
            part("sex=M", 9, partner="A"),
            part("_T", 4, partner="B"),
        ),
        until=END_Q1,
        values={"I": {"value": 25, "reported": 2, "expected": 2}},  # A: 12 + 9 = 21; B: 4
    ),
    Case(
        "categories: one partner gives parts, another a total",
        plan(flow(**BY_SEX, assignments=assigned("A", "B", "C"))),
        rows(part("sex=F", 12, partner="A"), part("sex=M", 9, partner="A"), part("_T", 4, partner="B")),
        until=END_Q1,
        values={"I": {"value": 25, "reported": 2, "expected": 3}},  # (12 + 9) + 4
    ),
    Case(
        "categories: an incomplete set of parts under skip is what was reported",
        plan(flow(**BY_SEX)),
        rows(part("sex=F", 12)),
        until=END_Q1,
        values={"I": {"state": "reported", "value": 12}},
    ),
    Case(
        "categories: an incomplete set of parts under propagate is no report; a part that does not apply is none missing",
        plan(
            flow("gap", **BY_SEX, missing="propagate"),
            flow("excused", **BY_SEX, missing="propagate"),
            flow("total", **BY_SEX, missing="propagate"),
        ),
        rows(
            part("sex=F", 12, "gap"),
            part("sex=F", 12, "excused"),
            part("sex=M", None, "excused", state="not_applicable"),
            part("sex=F", 12, "total"),
            part("_T", 30, "total"),
        ),
        until=END_Q1,
        values={
            "gap": {"state": "missing", "reason": "incomplete", "reported": 0, "expected": 1},
            "excused": {"state": "reported", "value": 12},
            "total": {"value": 30},
        },
    ),
    Case(
        "categories: crossed parts",
        plan(flow(disaggregation=({"dimensions": ("sex", "age")},))),
        rows(
            part("sex=F|age=young", 1),
            part("sex=F|age=old", 2),
            part("sex=M|age=young", 4),
            part("sex=M|age=old", 8),
        ),
        until=END_Q1,
        values={"I": {"value": 15}},  # 1 + 2 + 4 + 8
    ),
    Case(
        "categories: two splits of the same people are not added to each other; the first declared counts",
        plan(flow(disaggregation=({"dimensions": ("age",)}, {"dimensions": ("sex",)}))),
        rows(part("sex=F", 12), part("sex=M", 9), part("age=young", 15), part("age=old", 5)),
        until=END_Q1,
        values={"I": {"value": 20}},  # by age: 15 + 5; by sex it would be 21
    ),
    Case(
        "categories: overlapping ones are never summed",
        plan(flow(**OVERLAPPING), flow("entered", **OVERLAPPING)),
        rows(
            part("sex=F", 12),
            part("sex=M", 9),
            part("_T", 17, "entered"),
            part("sex=F", 12, "entered"),
            part("sex=M", 9, "entered"),
        ),
        until=END_Q1,
        values={
            "I": {"state": "undefined", "reason": "not-aggregable", "value": None, "reported": 1, "expected": 1},
            "entered": {"value": 17},
        },
    ),
    Case(
        "categories: overlapping unique people by the largest, services by their sum",
        plan(
            flow("people", **OVERLAPPING, counts="unique", aggregation={"categories": "max"}),
            flow("services", **OVERLAPPING, counts="services", aggregation={"categories": "sum"}),
        ),
        rows(
            part("sex=F", 12, "people"),
            part("sex=M", 9, "people"),
            part("sex=F", 12, "services"),
            part("sex=M", 9, "services"),
        ),
        until=END_Q1,
        values={"people": {"value": 12}, "services": {"value": 21}},  # 12 + 9
    ),
    Case(
        "categories: one partner's parts cannot be combined, the other's total still counts",
        plan(flow(**OVERLAPPING)),
        rows(part("sex=F", 12, partner="A"), part("sex=M", 9, partner="A"), part("_T", 5, partner="B")),
        until=END_Q1,
        # A has reported, and the number does not rest on it
        values={"I": {"state": "reported", "value": 5, "reported": 1, "expected": 2}},
    ),
    Case(
        "categories: a percentage pools its parts",
        plan(level(measure="percentage", unit=None, **BY_SEX)),
        rows(share(Q1, 10, 20, category="sex=F"), share(Q1, 20, 80, category="sex=M")),
        until=END_Q1,
        values={"I": {"value": 30, "numerator": 30, "denominator": 100}},  # 30/100; the mean of 50 % and 25 % is 37.5 %
    ),
    Case(
        "categories: a part that is withdrawn, and a total without a number, leave the rest",
        plan(flow(**BY_SEX)),
        rows(
            part("sex=F", 12),
            part("sex=M", 9),
            part("sex=M", None, state="missing", revision=1),
            part("_T", None),
        ),
        until=END_Q1,
        values={"I": {"value": 12, "reported": 1}},
    ),
    Case(
        "categories: a mean of parts by their weights",
        plan(
            level(
                measure="index",
                unit=None,
                **BY_SEX,
                aggregation={"categories": "weighted_mean", "weights": {"sex=F": "0.75", "sex=M": "0.25"}},
            )
        ),
        rows(part("sex=F", 60), part("sex=M", 50)),
        until=END_Q1,
        values={"I": {"value": F(115, 2)}},  # 0.75·60 + 0.25·50 = 57.5
    ),
    Case(
        "categories: of splits that nobody declared the one with the fewest dimensions, then the first by name",
        plan(flow(), flow("two")),
        rows(
            part("sex=F|age=young", 100),
            part("sex=F", 12),
            part("sex=M", 9),
            part("sex=F", 5, "two"),
            part("age=old", 7, "two"),
        ),
        until=END_Q1,
        values={"I": {"value": 21}, "two": {"value": 7}},  # 12 + 9; "age" comes before "sex"
    ),
    Case(
        "categories: without a rule parts make no number, be it only one",
        plan(flow(aggregation={"categories": "none"})),
        rows(part("sex=F", 12)),
        until=END_Q1,
        values={"I": {"state": "undefined", "reason": "not-aggregable", "reported": 1, "expected": 1}},
    ),
)
