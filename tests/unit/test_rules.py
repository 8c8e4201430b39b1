"""Every rule finds its one planted defect in the cell where it stands, and finds nothing in a sound report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from mne.errors import OptionError
from mne.ground.catalogue import CODES, Severity
from mne.logframe.model import Logframe
from mne.reports.context import Asked
from mne.reports.judge import Judgement, judge
from mne.reports.rules import RULES, Rule
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
LEVEL: Final = indicator(accumulation="level")
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


PROVEN: Final = indicator(evidence_required=True)


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
        "D3",
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
    one(
        "the whole beside a partner",
        indicator(),
        [row(partner="_T", value=60), row(partner="A", value=30)],
        "total-and-partners",
        "A2",
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
    one("a flow that restates after a quarter of nothing", indicator(), series(0, 10, 20, 30, 40), "flow-restates-total", "D6"),
    one("a flow that restates and stands still", indicator(), series(120, 250, 250, 380, 410), "flow-restates-total", "D6"),
    one("a flow that restates after a large first one", indicator(), series(120, 210, 290, 390), "flow-restates-total", "D5"),
    one("the same people every quarter", indicator(), series(1204, 1198, 1201, 1203), "flow-stands-still", "D5"),
    one("a total of amounts", TOTAL, series(40, 55, 38, 60, 41), "cumulative-fluctuates", "D6"),
    one("a total that only falls", TOTAL, series(60, 50, 40, 30), "cumulative-fluctuates", "D5"),
    one("a level of amounts", LEVEL, series(40, 0, 35, 50), "level-comes-back", "D3"),
    one("a level that vanishes twice", LEVEL, series(40, 0, 0, 35, 0, 50), "level-comes-back", "D3"),
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
    one(
        "received when all was closed",
        indicator(),
        [row(value=5, reported_on=dt.date(2025, 9, 1)), row("2025-Q2", value=6, reported_on=dt.date(2025, 9, 1))],
        "period-closed",
        "E2",
        closing_lag=120,
    ),
    one("a number and nothing that proves it", PROVEN, [row(value=5)], "evidence-missing", "D2"),
    one(
        "a number that nothing proves beside one",
        PROVEN,
        [row(value=5, evidence="list 7"), row("2025-Q2", value=6)],
        "evidence-missing",
        "D3",
    ),
    one("parts of a count", indicator(), [row(numerator=3, denominator=5)], "value-kind", "D2", 0),
    one("a fraction beside its parts", SHARE, [row(value="0.455", numerator=91, denominator=200)], "ratio-scale", "D2", 0),
    one("another share than its parts", SHARE, [row(value=60, numerator=91, denominator=200)], "number-conflict", "D2", 0),
    one("one row without a unit", indicator(), [row(value=5, unit="person"), row("2025-Q2", value=6)], "unit-missing", "E3"),
    one("received before it began", indicator(), [row(value=5, reported_on=dt.date(2024, 12, 1))], "report-early", "E2"),
    one("a book in a comment", indicator(), [row(value=5, comment="word " * 1_001)], "text-long", "E2"),
    one(
        "far from the target and no word",
        indicator(thresholds={"deviation": 10}, targets=[{"period": "2025-Q1", "value": 100, "basis": "per_period"}]),
        [row(value=40)],
        "comment-missing",
        "D2",
    ),
    one(
        "a later report under the same number",
        indicator(),
        [row(value=5, reported_on=dt.date(2025, 4, 10)), row(value=6, reported_on=dt.date(2025, 4, 20))],
        "revision-unnumbered",
        "E3",
    ),
    one(
        "a month beside its quarter",
        indicator(),
        [row(value=5), row("2025-02", value=3, period_start=dt.date(2025, 2, 1), period_end=dt.date(2025, 2, 28))],
        "period-overlap",
        "D3",
    ),
    one(
        "one woman in two groups above all of them",
        indicator(disaggregation=[{"dimensions": ["sex"], "relation": "overlapping"}]),
        by_sex(60, None, 50),
        "total-exceeded",
        "E3",
    ),
    one(
        "a margin that its parts do not make",
        indicator(disaggregation=[{"dimensions": ["sex", "age"]}]),
        [
            row(category="sex=F|age=u18", value=5),
            row(category="sex=F|age=o18", value=5),
            row(category="sex=F", value=12),
        ],
        "total-mismatch",
        "E4",
    ),
    one("only the whole", ASKED, [row(category="_T", value=60)], "total-parts-missing", "E2"),
    one(
        "the sum of all quarters once more", indicator(), series(120, 95, 215), "flow-restates-total", "D4",
    ),
    one(
        "out of all proportion",
        indicator(),
        [row(value=120, location="N"), row("2025-Q2", value=95, location="N"), row(value=1_200_000, location="S")],
        "value-outlier",
        "E4",
    ),
    one(
        "a stage that falls back",
        indicator(measure="milestone", unit=None, accumulation="level", scale=[{"id": each} for each in ("s", "t")]),
        [row(value=2), row("2025-Q2", value=1)],
        "stage-falls-back", "D3",
    ),
    one(
        "weeks after days", indicator(unit="day"), [row(value=12, unit="day"), row("2025-Q2", value=11, unit="week")],
        "unit-changed", "E3",
    ),
    one(
        "no longer expected",
        indicator(assignments=[{"partner": "A", "until": "2025-03-31"}]),
        [row("2026-Q1", value=5)],
        "reporter-not-assigned",
        "A2",
    ),
    one("called not due", ASSIGNED, [row(location="N", value=None, state="not_due")], "state-not-due", "F2"),
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
    Case("a total that is proven for its parts too", {**SPLIT, "evidence_required": True},
        [*by_sex(45, 30), row(value=75, evidence="attendance lists")]),
    Case("not due, and nobody is asked for it", indicator(), [row(value=None, state="not_due")]),
    Case("not due yet", ASSIGNED, [row(location="N", value=None, state="not_due", reported_on=dt.date(2025, 3, 31))]),
    Case("nobody reported and nothing proves it", PROVEN, [row(state="missing")]),
    Case("received before its period closes", indicator(), [row(value=5, reported_on=dt.date(2025, 6, 29))],
        plan={"closing_lag": 90}),
    Case("all who can be reached", indicator(reachable=100), [row(value=100)]),
    Case("a month within its quarter", indicator(), [
        row(value=5, period_start=dt.date(2025, 2, 1), period_end=dt.date(2025, 2, 28))
    ]),
    Case("a total that stands still", TOTAL, series(100, 100, 120)),
    Case("a flow that falls", indicator(), series(30, 20, 25)),
    Case("a flow that grows by half as much again", indicator(), series(10, 15, 20, 25)),
    Case("a flow of the same small number", indicator(), series(12, 12, 12, 12)),
    Case("a flow as even as chance makes it", indicator(), series(1204, 1158, 1231, 1203)),
    Case("the same people served again", indicator(counts="services"), series(1204, 1198, 1201, 1203)),
    Case("the same number of kilograms", indicator(unit="kg"), series(1204, 1198, 1201, 1203)),
    Case("three quarters alike", indicator(), series(1204, 1198, 1201)),
    Case("a level that rises and falls", LEVEL, series(40, 55, 38, 60, 41)),
    Case("a level that begins and ends with nothing", LEVEL, series(0, 40, 55, 0)),
    Case("a small level that vanishes", LEVEL, series(3, 0, 2, 1)),
    Case("a level where 0 stands for nothing reported", indicator(accumulation="level", zero_means="missing"),
        series(40, 0, 35, 50)),
    Case("a balance that vanishes", indicator(
        measure="currency", unit="USD", accumulation="level", baseline={"value": -20}), series(40, 0, 35, 50)),
    Case("a flow that grows a little", indicator(), series(10, 11, 12, 13)),
    Case("too few figures for an outlier", indicator(), series(11, 1200)),
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
    Case("a small percentage where the plan speaks of small ones", {**SHARE_AS_VALUE, "targets": [
        {"period": "2026-Q4", "value": "0.5"}
    ]}, [row(value="0.4")]),
    Case("more than a hundred per cent where the plan does", {**SHARE_AS_VALUE, "targets": [
        {"period": "2026-Q4", "value": 150}
    ]}, [row(value=120)]),
    Case("a rounded value beside its parts", SHARE, [
        row(value="45.5", numerator=91, denominator=200), row("2025-Q2", value=33, numerator=1, denominator=3),
        row("2025-Q3", value=67, numerator=2, denominator=3), row("2025-Q4", value="66.6", numerator=2, denominator=3),
    ]),
    Case("two stories of one quarter", indicator(measure="narrative", unit=None), [row(text="one"), row(text="two")]),
    Case("the whole first quarter of a project that begins in it", indicator(), [
        row("2025-Q1", value=5, period_start=dt.date(2025, 1, 1), period_end=dt.date(2025, 3, 31))
    ], plan={"start": "2025-02-01"}),
    Case("below zero where the range of the target is", indicator(
        measure="currency", unit="USD", accumulation="level",
        targets=[{"period": "2026-Q4", "minimum": -10, "maximum": 10, "comparator": "within"}],
    ), [row(value=-5)]),
    Case("groups that overlap", indicator(disaggregation=[{"dimensions": ["sex"], "relation": "overlapping"}]),
        by_sex(45, 30, 50)),
    Case("far from the target, and why", indicator(
        thresholds={"deviation": 10}, targets=[{"period": "2025-Q1", "value": 100, "basis": "per_period"}]
    ), [row(value=40, comment="The road was closed.")]),
    Case("near the target", indicator(
        thresholds={"deviation": 10}, targets=[{"period": "2025-Q1", "value": 100, "basis": "per_period"}]
    ), [row(value=90)]),
    Case("no unit anywhere", indicator(), [row(value=5)]),
    Case("months of a quarter", indicator(), [
        row(f"2025-0{month}", value=5, period_start=dt.date(2025, month, 1), period_end=dt.date(2025, month, 28))
        for month in (1, 2, 3)
    ]),
    Case("a month beside its quarter, where the newest counts", TOTAL, [
        row(value=5), row("2025-02", value=3, period_start=dt.date(2025, 2, 1), period_end=dt.date(2025, 2, 28))
    ]),
    Case("a share of averages", indicator(aggregation={"partners": "mean"}), [row(value="12.5")]),
    Case("totals to date that stand still everywhere", TOTAL, [
        row(period, location=place, value=value) for period in QUARTERS[:2] for place, value in (("N", 7), ("S", 8))
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


def test_equal_figures_in_other_words_and_units_are_copies_and_no_conflict() -> None:
    kilos = [row(value="170", unit="kg"), row(value="0.17", unit="t")]
    assert found(judged(Case("", indicator(unit="kg"), kilos))) == [("row-duplicate", "A3")]
    answers = [row(value=1, text="yes"), row(value=1, text="oui")]
    yes_no = indicator(measure="yes_no", accumulation="level", unit=None, disaggregation=[])
    assert [code for code, _ in found(judged(Case("", yes_no, answers)))] == ["row-duplicate"]


def test_a_series_that_looks_like_amounts_is_told_once_and_points_at_the_falls_before() -> None:
    (finding,) = judged(Case("", TOTAL, series(40, 55, 38, 60, 41))).findings
    assert (finding.found, [each.cell for each in finding.related]) == ("41", ["D4"])


def test_corrections_of_a_total_are_told_one_by_one() -> None:
    judgement = judged(Case("", TOTAL, series(100, 98, 130, 129, 160)))
    assert found(judgement) == [("cumulative-decrease", "D3"), ("cumulative-decrease", "D5")]


def test_each_series_is_told_apart() -> None:
    rows = [*series(40, 55, 38, 60, 41, location="N"), *series(10, 20, 30, 40, 50, location="S")]
    assert [each.code for each in judged(Case("", TOTAL, rows)).findings] == ["cumulative-fluctuates"]


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


def test_a_figure_for_a_computed_indicator_is_told_and_kept() -> None:
    plan = plan_of(indicator(), indicator(id="J", title="J", formula="I * 2"))
    judgement = judge(reading_of(plan, [row(indicator="J", value=5)]), plan)
    assert found(judgement) == [("indicator-computed", "A2")]
    assert judgement.held.is_empty()


def test_examples_and_drafts_are_told_once_for_a_file() -> None:
    plan = plan_of(indicator())
    rows = [row(period, value=5, illustrative=True, status="draft") for period in QUARTERS[:3]]
    judgement = judge(reading_of(plan, rows), plan)
    assert [(each.code, each.found) for each in judgement.findings] == [
        ("report-not-counted", "rows with the status draft: 3"),
        ("row-illustrative", "rows: 3"),
    ]


def test_what_could_not_be_read_is_not_missed() -> None:
    asked = {**ASKED, "assignments": [{"partner": "A"}]}
    rows = [row(category="sex=F", value=5), row(category="sex=M", usable=False), row("2025-Q3", category="sex=F", value=1),
            row("2025-Q3", category="sex=M", value=1), row("2025-Q2", usable=False, indicator=None)]  # fmt: skip
    judgement = judged(Case("", asked, rows))
    assert found(judgement) == []
    assert set(judgement.held["source_order"]) == {1, 4}


def test_a_mild_severity_of_the_project_lets_a_row_count_if_it_can() -> None:
    rows = [row(value=-5), row("2025-Q2", value=None)]
    strict = judged(Case("", indicator(), rows))
    mild = judged(Case("", indicator(), rows, plan={"severities": {"value-negative": "info", "value-missing": "info"}}))
    assert (set(strict.held["source_order"]), set(mild.held["source_order"])) == ({0, 1}, {1})


def test_the_rows_that_a_rule_looked_at_are_counted() -> None:
    rows = [*by_sex(45, 30, 75), row("2025-Q2", value=-1), row("2025-Q3", usable=False)]
    told = {each.code: (each.rows, each.findings) for each in judged(Case("", SPLIT, rows)).checked}
    assert told["value-negative"] == (4, 1)
    assert told["total-splits-disagree"] == (2, 0)
    assert told["ratio-over-one"] == (0, 0)


def test_a_rule_of_ones_own_about_a_row() -> None:
    many = Rule(
        code="value-many",
        at="value",
        find=lambda: nw.col("value") > 1_000,
        where=lambda: nw.col("measure") == "number",
        expected="at most 1,000 {own_unit}",
        holds=True,
        severity="warning",
        message="{found} is a great many; expected {expected}.",
    )
    plan = plan_of(indicator())
    judgement = judge(reading_of(plan, [row(value=5), row("2025-Q2", value=1001)]), plan, rules=(many,))
    (finding,) = judgement.findings
    assert (finding.code, finding.place.cell, finding.level, finding.expected) == (
        "value-many", "D3", Severity.WARNING, "at most 1,000 person",
    )  # fmt: skip
    assert finding.message == "1001 is a great many; expected at most 1,000 person."
    assert (judgement.held.rows(), judgement.checked[0].rows) == ([(1, ["value-many"])], 2)


def test_a_rule_of_ones_own_about_several_rows() -> None:
    def first(asked: Asked) -> pl.LazyFrame:
        return asked.rows.sort("period_end").limit(1).select("source_order", limit=pl.lit(7))

    rule = Rule(
        code="value-first", at="value", scope="table", over="newest", find=first, expected="{limit}", message="m"
    )
    plan = plan_of(indicator())
    judgement = judge(reading_of(plan, [row("2025-Q2", value=6), row(value=5)]), plan, rules=(rule,))
    assert [(each.code, each.place.cell, each.expected) for each in judgement.findings] == [("value-first", "D3", "7")]


@pytest.mark.parametrize(
    "told",
    [
        {"code": "value-many"},
        {"code": "value-missing", "message": "mine"},
        {"code": "x", "message": "m", "at": "values"},
        {"code": "x", "message": "m", "over": "all"},
        {"code": "x", "message": "m", "severity": "grave"},
    ],
    ids=str,
)
def test_a_rule_whose_parts_do_not_fit_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        Rule(**{"at": "value", "find": lambda: nw.col("value") > 1, **told})


@pytest.mark.parametrize("scope", ["row", "table"])
def test_a_rule_that_cannot_be_run_is_the_callers_mistake(scope: Any) -> None:
    finds = {"row": lambda: nw.col("no such column") > 1, "table": lambda asked: asked.rows.select("no such column")}
    rule = Rule(code="value-many", at="value", scope=scope, find=finds[scope], message="m")
    plan = plan_of(indicator())
    with pytest.raises(OptionError):
        judge(reading_of(plan, [row(value=5)]), plan, rules=(rule,))


@pytest.mark.parametrize("code", sorted({rule.code for rule in RULES}))
def test_the_code_of_every_rule_is_in_the_catalogue(code: str) -> None:
    assert CODES[code].message


def test_every_rule_has_a_planted_defect() -> None:
    told_apart = {
        "key-conflict", "total-splits-disagree", "report-copied", "period-future", "indicator-computed",
        "row-illustrative", "report-not-counted", "ratio-swapped", "parts-swapped", "figures-repeated", "period-year",
        "value-out-of-range", "figures-restated", "report-before-end", "figure-again",
    }  # fmt: skip
    assert {rule.code for rule in RULES} == {code for case in CASES for code, _ in case.found} | told_apart
