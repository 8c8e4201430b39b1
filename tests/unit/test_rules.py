"""Every rule finds its one planted defect in the cell where it stands, and finds nothing in a sound report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from mne.ground.catalogue import CODES
from mne.logframe.model import Logframe
from mne.reports.judge import Judgement, judge
from mne.reports.rules import RULES
from tests.builders import plan_of, reading_of

TODAY: Final = dt.date(2026, 12, 31)
QUARTERS: Final = [f"{year}-Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]

Rows = Sequence[Mapping[str, Any]]


def indicator(**more: Any) -> dict[str, Any]:
    """A number of people, counted anew each quarter."""
    return {"id": "I", "title": "I", "measure": "number", "unit": "person", "accumulation": "flow", **more}


def row(period: str = "2025-Q1", **more: Any) -> dict[str, Any]:
    """A row of partner A; with a value its cells are A indicator, B period, C partner, D value."""
    return {"indicator": "I", "period": period, "partner": "A", **more}


def series(*values: Any, **more: Any) -> list[dict[str, Any]]:
    """One row for each quarter from the first on."""
    return [row(period, value=value, **more) for period, value in zip(QUARTERS, values, strict=False)]


def by_sex(women: Any, men: Any, total: Any = None, **more: Any) -> list[dict[str, Any]]:
    """Parts by sex, and the whole beside them; the cells are A indicator, B period, C partner, D category, E value."""
    rows = [row(category="sex=F", value=women, **more), row(category="sex=M", value=men, **more)]
    whole = [] if total is None else [row(category="_T", value=total, **more)]
    return [each for each in (*rows, *whole) if each["value"] is not None]


SHARE: Final = indicator(measure="percentage", unit="percent", accumulation="level")
SHARE_AS_VALUE: Final = {**SHARE, "reported_as": "value", "targets": [{"period": "2026-Q4", "value": 80}]}
TOTAL: Final = indicator(accumulation="running_total")
SPLIT: Final = indicator(disaggregation=[{"dimensions": ["sex"]}])
ASKED: Final = indicator(disaggregation=[{"dimensions": ["sex"], "required": True}])
TWO_SPLITS: Final = indicator(disaggregation=[{"dimensions": ["sex"]}, {"dimensions": ["age"]}])
STAGES: Final = indicator(
    measure="ordinal", unit=None, accumulation="level", scale=[{"id": "low"}, {"id": "fair"}, {"id": "high"}]
)
ASSIGNED: Final = indicator(assignments=[{"partner": "A", "locations": ["N"]}])


@dataclass(frozen=True)
class Case:
    """A report, and all that is found in it: codes with cells; `held` are the rows that then do not count."""

    name: str
    indicator: Mapping[str, Any]
    rows: Rows
    found: set[tuple[str, str | None]] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    plan: Mapping[str, Any] = field(default_factory=dict)


def one(name: str, told: Mapping[str, Any], rows: Rows, code: str, cell: str | None, *held: int, **plan: Any) -> Case:
    return Case(name, told, rows, {(code, cell)}, set(held), plan)


CASES: Final = (
    one("nothing written", indicator(), [row(value=None)], "value-missing", "D2", 0),
    one("a ratio without both parts", SHARE, [row(numerator=None, denominator=None)], "value-missing", "D2", 0),
    one("a share without its parts", SHARE, [row(value=45)], "ratio-as-value", "D2", 0),
    one("state and figure", indicator(), [row(value=12, state="missing")], "state-contradiction", "D2", 0),
    one("people below zero", indicator(), [row(value=-5)], "value-negative", "D2", 0),
    one("half a person", indicator(), [row(value="12.5")], "number-fraction-in-count", "D2", 0),
    one("a percentage times hundred", SHARE_AS_VALUE, [row(value=8000)], "ratio-scale", "D2", 0),
    one("more part than whole", SHARE, [row(numerator=55, denominator=50)], "ratio-over-one", "D2", 0),
    one("a share of nobody", SHARE, [row(numerator=0, denominator=0)], "denominator-zero", "E2", 0),
    one("some of nobody", SHARE, [row(numerator=3, denominator=0)], "denominator-zero", "E2", 0),
    one("half a ratio", SHARE, [row(numerator=45, denominator=None)], "ratio-incomplete", "E2", 0),
    one("a share where a percentage is meant", SHARE_AS_VALUE, [row(value="0.8")], "ratio-scale", "D2", 0),
    one("above a hundred per cent", SHARE_AS_VALUE, [row(value=120)], "percentage-over-100", "D2"),
    one("no stage of the scale", STAGES, [row(value=4)], "value-off-scale", "D2", 0),
    one("another unit", indicator(), [row(value=5, unit="kg")], "unit-mismatch", "E2", 0),
    one(
        "days of two quarters",
        indicator(),
        [row(value=5, period_start=dt.date(2025, 2, 15), period_end=dt.date(2025, 5, 15))],
        "period-mismatch",
        "D2",
        0,
    ),
    one(
        "before the project",
        indicator(),
        [row("2019-Q4", value=5, period_start=dt.date(2019, 10, 1), period_end=dt.date(2019, 12, 31))],
        "period-outside-project",
        "D2",
        0,
    ),
    one("a split nobody asked for", SPLIT, [row(category="age=u18", value=5)], "category-not-declared", "D2", 0),
    one(
        "from where nobody is expected",
        ASSIGNED,
        [row(location="N", value=5), row(location="S", value=5)],
        "reporter-not-assigned",
        "C3",
    ),
    one("a formula in the comment", indicator(), [row(value=5, comment="=HYPERLINK(A1)")], "text-formula", "E2"),
    one("markup in the comment", indicator(), [row(value=5, comment="<b>good</b>")], "text-markup", "E2"),
    one(
        "the whole beside a place",
        indicator(),
        [row(location="_T", value=60), row(location="N", value=30)],
        "total-and-places",
        "D2",
        0,
    ),
    one("a flow that restates", indicator(), series(10, 20, 30, 40), "flow-restates-total", "D5"),
    one("more than there are", indicator(reachable=100), [row(value=101)], "value-over-reachable", "D2"),
    one("a row pasted twice", indicator(), [row(value=5), row(value=5)], "row-duplicate", "A3", 1),
    one(
        "received before what it replaces",
        indicator(),
        [
            row(value=5, reported_on=dt.date(2025, 4, 20)),
            row(value=6, revision=1, reported_on=dt.date(2025, 4, 10)),
        ],
        "revision-order",
        "F3",
    ),
    one("a total that falls", TOTAL, series(100, 150, 120), "cumulative-decrease", "D4"),
    one("women and men and too many", SPLIT, by_sex(45, 30, 85), "total-mismatch", "E4"),
    one("women above the whole", SPLIT, by_sex(60, None, 50), "total-exceeded", "E3"),
    one("men are missing", ASKED, by_sex(60, None), "total-parts-missing", "E2"),
    one("far from before", indicator(), series(11, 12, 13, 12, 11, 12, 1200), "value-outlier", "D8"),
    one("far from always the same", indicator(), series(10, 10, 10, 10, 10, 11, 900), "value-outlier", "D8"),
    one("a jump", indicator(thresholds={"jump": 50}), series(100, 300), "value-jump", "D3"),
    one(
        "received late",
        indicator(),
        [row(value=5, reported_on=dt.date(2025, 9, 1))],
        "report-late",
        "E2",
        reporting_lag=30,
    ),
    one("a silent quarter", ASSIGNED, [each | {"location": "N"} for each in series(5, 7, 6) if each["value"] != 7],
        "report-missing", None),
)  # fmt: skip

SOUND: Final = (
    Case("a first zero", indicator(), [row(value=0)]),
    Case("nothing, and said so", indicator(), [row(value=None, state="missing")]),
    Case("a share", SHARE, [row(numerator=45, denominator=50)]),
    Case("a share as a value", SHARE_AS_VALUE, [row(value=45.5)]),
    Case("an index below zero", indicator(measure="index", unit=None, accumulation="level"), [row(value=-5)]),
    Case(
        "a balance that the plan puts below zero",
        indicator(measure="currency", unit="USD", accumulation="level", baseline={"value": -20}),
        [row(value=-5)],
    ),
    Case("all who can be reached", indicator(reachable=100), [row(value=100)]),
    Case("a month within its quarter", indicator(), [
        row(value=5, period_start=dt.date(2025, 2, 1), period_end=dt.date(2025, 2, 28))
    ]),
    Case("a total that stands still", TOTAL, series(100, 100, 120)),
    Case("a flow that falls", indicator(), series(30, 20, 25)),
    Case("a flow that grows a little", indicator(), series(10, 11, 12, 13)),
    Case("too few figures for an outlier", indicator(), series(11, 12, 13, 12, 11, 1200)),
    Case("women and men", SPLIT, by_sex(45, 30, 75)),
    Case("parts with decimals", {**SPLIT, "unit": "kg"}, by_sex("0.1", "0.2", "0.3")),
    Case("one part below the whole", SPLIT, by_sex(45, None, 75)),
    Case("two splits of the same people", TWO_SPLITS, [
        *by_sex(45, 30), row(category="age=u18", value=25), row(category="age=o18", value=50)
    ]),
    Case("a change within the limit", indicator(thresholds={"jump": 50}), series(100, 150)),
    Case("a revision", indicator(), [
        row(value=5, reported_on=dt.date(2025, 4, 10)), row(value=6, revision=1, reported_on=dt.date(2025, 4, 20))
    ]),
    Case("from where it is expected", ASSIGNED, [row(value=5, location="N")]),
)  # fmt: skip


def judged(case: Case) -> Judgement:
    plan: Logframe = plan_of(case.indicator, **case.plan)
    return judge(reading_of(plan, case.rows), plan, rules=RULES, today=TODAY)


def found(judgement: Judgement) -> list[tuple[str, str | None]]:
    return sorted(((each.code, each.place.cell) for each in judgement.findings), key=str)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_planted_defect_is_found_in_its_cell_and_nothing_else_is(case: Case) -> None:
    judgement = judged(case)
    assert found(judgement) == sorted(case.found, key=str)
    assert set(judgement.held["source_order"]) == case.held


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case.name)
def test_a_sound_report_is_passed_in_silence(case: Case) -> None:
    judgement = judged(case)
    assert found(judgement) == []
    assert judgement.held.is_empty()


def test_both_sides_of_a_conflict_are_held_and_point_at_each_other() -> None:
    judgement = judged(Case("", indicator(), [row(value=95), row(value=59)]))
    assert found(judgement) == [("key-conflict", "D2"), ("key-conflict", "D3")]
    assert {each.place.cell: [other.cell for other in each.related] for each in judgement.findings} == {
        "D2": ["D3"],
        "D3": ["D2"],
    }
    assert set(judgement.held["source_order"]) == {0, 1}


def test_splits_that_disagree_are_told_once_and_both_are_kept() -> None:
    rows = [*by_sex(45, 30), row(category="age=u18", value=25), row(category="age=o18", value=55)]
    judgement = judged(Case("", TWO_SPLITS, rows))
    assert [each.code for each in judgement.findings] == ["total-splits-disagree"]
    assert judgement.held.is_empty()


def test_a_report_that_repeats_the_one_before_is_told_for_the_later_period() -> None:
    kinds = [indicator(id=code, title=code) for code in ("I", "J", "K")]
    plan = plan_of(*kinds)
    rows = [
        row(period, indicator=kind["id"], value=value)
        for period in QUARTERS[:2]
        for kind, value in zip(kinds, (7, 8, 9), strict=True)
    ]
    judgement = judge(reading_of(plan, rows), plan, rules=RULES, today=TODAY)
    assert [(each.code, each.place.period) for each in judgement.findings] == [("report-copied", "2025-Q2")]
    assert judgement.held.is_empty()


def test_a_period_that_has_not_begun_is_told_only_to_who_says_what_day_it_is() -> None:
    plan = plan_of(indicator())
    reading = reading_of(plan, [row("2026-Q4", value=5)])
    early = judge(reading, plan, rules=RULES, today=dt.date(2026, 9, 30))
    assert [each.code for each in early.findings] == ["period-future"]
    assert not judge(reading, plan, rules=RULES, today=dt.date(2026, 10, 1)).findings
    assert not judge(reading, plan, rules=RULES).findings


def test_a_row_that_was_not_understood_is_held_and_not_judged() -> None:
    judgement = judged(Case("", indicator(), [row(value=-5, usable=False)]))
    assert found(judgement) == []
    assert set(judgement.held["source_order"]) == {0}


def test_what_was_found_is_the_text_that_the_partner_wrote() -> None:
    plan = plan_of(indicator())
    reading = reading_of(plan, [row(value=-5)], texts={(0, "value"): "minus 5"})
    assert [each.found for each in judge(reading, plan, rules=RULES, today=TODAY).findings] == ["minus 5"]


def test_the_order_of_the_rules_changes_no_verdict() -> None:
    plan = plan_of(SPLIT)
    reading = reading_of(plan, [*by_sex(45, 30, 85), row("2025-Q2", category="_T", value=-1)])
    forward, backward = (judge(reading, plan, rules=rules, today=TODAY) for rules in (RULES, RULES[::-1]))
    assert found(forward) == found(backward) == [("total-mismatch", "E4"), ("value-negative", "E5")]
    assert set(forward.held["source_order"]) == set(backward.held["source_order"]) == {3}


@pytest.mark.parametrize("code", sorted({rule.code for rule in RULES}))
def test_the_code_of_every_rule_is_in_the_catalogue(code: str) -> None:
    assert CODES[code].message


def test_every_rule_has_a_planted_defect() -> None:
    told_apart = {"key-conflict", "total-splits-disagree", "report-copied"}
    assert {rule.code for rule in RULES} == {code for case in CASES for code, _ in case.found} | told_apart
