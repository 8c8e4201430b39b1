"""Parents and children across projects. Cases named after a system restate what that system's own tests assert."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import mne
from mne.errors import LogframeError, OptionError
from mne.logframe.model import Logframe
from mne.logframe.portfolio import Portfolio, check_portfolio
from mne.tables.observations import Observations
from mne.tables.reasons import Reason
from mne.values.aggregate import aggregate
from mne.values.projects import PortfolioValues, aggregate_portfolio, regathered
from mne.values.values import IndicatorValue

SEX = {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "women"}, {"id": "M", "title": "men"}]}


def indicator(id: str = "I", to: str = "", **more: Any) -> dict[str, Any]:
    """An indicator that adds to the same one of each project in `to`; a dot names another (LEAD.TRAINED)."""
    ways = [{"project": p, "indicator": i or id} for p, _, i in (each.partition(".") for each in to.split())]
    told = {"id": id, "title": id, "measure": "number", "accumulation": "flow", "contributes_to": ways}
    if more.get("measure", "number") == "number" and "formula" not in more:
        told["unit"] = "person"
    return {**told, **more}


def plan(id: str, *indicators: dict[str, Any], to: str = "", **more: Any) -> Logframe:
    """A project of two years in quarters; with one plain indicator where none is given."""
    of_indicator = {key: more.pop(key) for key in ("measure", "accumulation", "missing", "unit") if key in more}
    chain = [*indicators] or [indicator(to=to, **of_indicator)]
    told = {
        "id": id,
        "title": id,
        "start": "2025-01-01",
        "end": "2026-12-31",
        "dimensions": [SEX],
        "results": [{"id": "OC", "level": "outcome", "title": "OC", "indicators": chain}],
    }
    return Logframe.model_validate({**told, **more})


def row(project: str, period: str, value: Any = None, code: str = "I", **more: Any) -> dict[str, Any]:
    """A report on a year or a quarter; a pair is a numerator and a denominator."""
    year, _, quarter = period.partition("-Q")
    first = dt.date(int(year), 3 * int(quarter) - 2 if quarter else 1, 1)
    after = dt.date(first.year + (not quarter or quarter == "4"), (3 * int(quarter) + 1) % 12 if quarter else 1, 1)
    told = {"numerator": value[0], "denominator": value[1]} if isinstance(value, tuple) else {"value": value}
    numbers = {key: Decimal(str(number)) for key, number in told.items() if number is not None}
    days = {"period": period, "period_start": first, "period_end": after - dt.timedelta(1)}
    return {"project": project, "indicator": code, **days, **numbers, **more}


def table(rows: list[dict[str, Any]]) -> Observations:
    return Observations.from_rows({"source_order": at, **told} for at, told in enumerate(rows))


def count(plans: list[Logframe], *rows: dict[str, Any], **options: Any) -> PortfolioValues:
    return aggregate_portfolio(table([*rows]), Portfolio(plans), **options)


def to_date(values: PortfolioValues, code: str = "I") -> dict[str, Fraction | None]:
    return {project: one[code].value for project, one in values.items()}


def by_period(value: IndicatorValue) -> dict[str, Fraction | None]:
    return {each.period.label: each.amount.value for each in value.periods}


def given(value: IndicatorValue) -> dict[str, Fraction | None]:
    return {each.project: each.amount.value for each in value.contributions}


def codes(values: PortfolioValues) -> list[tuple[str | None, str | None, str]]:
    return [(each.place.project, each.place.period, each.code) for each in values.findings]


# --- what other systems' tests assert ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "children", "expected"),
    [
        pytest.param(5, [(10, False)], 5, id="akvo-016"),
        pytest.param(None, [(5, True), (5, True)], 10, id="akvo-017"),
        pytest.param(None, [(5, True), (5, False)], 5, id="akvo-018"),
        pytest.param(None, [((6, 10), True)], 60, id="akvo-019"),
        pytest.param(None, [((6, 10), True), ((6, 10), True)], 60, id="akvo-020"),
        pytest.param(None, [((6, 10), True), ((6, 10), False)], 60, id="akvo-021"),
        pytest.param(1500, [(400, True)], 1900, id="ai-009"),
        pytest.param(None, [(300, True), (50, True)], 350, id="logalto-001"),
        pytest.param(None, [((450, 700), True)], Fraction(450, 7), id="logalto-002"),
        pytest.param(None, [(10, True), (20, True)], 30, id="prp-017"),
        pytest.param(None, [((45, 50), True), ((45, 50), True)], 90, id="prp-018"),
    ],
)
def test_a_parent_of_children(own: Any, children: list[tuple[Any, bool]], expected: Any) -> None:
    ratios = any(isinstance(value, tuple) for value, _ in children)
    kind = {"measure": "percentage", "accumulation": "level"} if ratios else {}
    plans = [plan("P", **kind), *(plan(f"C{n}", to="P" if in_ else "", **kind) for n, (_, in_) in enumerate(children))]
    rows = [row(f"C{n}", "2025-Q1", value) for n, (value, _) in enumerate(children)]
    rows += [row("P", "2025-Q1", own)] if own is not None else []
    value = count(plans, *rows)["P"]["I"]
    assert value.value == expected
    pairs = [value for value, in_ in children if in_ and isinstance(value, tuple)]
    if pairs:
        assert (value.amount.numerator, value.amount.denominator) == (
            sum(n for n, _ in pairs),
            sum(d for _, d in pairs),
        )


def test_a_linked_source_keeps_its_value_ai_009() -> None:
    assert to_date(count([plan("P"), plan("C", to="P")], row("P", "2025-Q1", 400), row("C", "2025-Q1", 1500))) == {
        "P": 1900, "C": 1500,
    }  # fmt: skip


def test_a_deleted_report_is_left_out_at_every_level_ai_008() -> None:
    plans = [plan("P"), plan("C", to="P")]
    sites = [row("C", "2025-Q1", value, location=f"S{value}") for value in (10_000, 3_600, 1_500)]
    assert to_date(count(plans, *sites, {**sites[2], "value": None, "state": "missing", "revision": 1})) == {
        "P": 13_600, "C": 13_600,
    }  # fmt: skip


TREE = [plan("LEAD"), plan("L1", to="LEAD"), plan("L2a", to="L1"), plan("L2b", to="L1")]


def of_category(values: PortfolioValues, rows: list[dict[str, Any]], project: str, category: str) -> IndicatorValue:
    """The value of one category at a parent: of each project's own reports its own, and up from there."""
    alone = [{**told, "category": "_T"} for told in rows if told.get("category") == category]

    def part(own: IndicatorValue) -> IndicatorValue:
        assert own.plan is not None
        mine = [told for told in alone if told["project"] == own.plan.id]
        return aggregate(table(mine), own.plan, until=own.until)[own.indicator.id]

    return regathered(values[project]["I"], part)


def test_categories_roll_up_akvo_024() -> None:
    reports = {"L2a": (2, 1, 1), "L2b": (3, 1, 2)}
    rows = [
        row(project, "2025-Q1", value, category=category)
        for project, values in reports.items()
        for category, value in zip(("_T", "sex=F", "sex=M"), values, strict=True)
    ]
    values = count(TREE, *rows)
    assert to_date(values) == {"LEAD": 5, "L1": 5, "L2a": 2, "L2b": 3}
    told = {p: [of_category(values, rows, p, f"sex={sex}").value for sex in "FM"] for p in values}
    assert told == {"LEAD": [2, 3], "L1": [2, 3], "L2a": [1, 1], "L2b": [1, 2]}


def parts(project: str, period: str, *updates: tuple[int, int]) -> list[dict[str, Any]]:
    """Updates by category, each by its own reporter."""
    return [
        row(project, period, value, category=category, partner=f"U{number}")
        for number, update in enumerate(updates)
        for category, value in zip(("sex=F", "sex=M"), update, strict=True)
    ]


def both(values: PortfolioValues, rows: list[dict[str, Any]], project: str) -> list[Fraction | None]:
    return [of_category(values, rows, project, f"sex={sex}").value for sex in "FM"]


def test_categories_roll_up_at_any_depth_akvo_043() -> None:
    plans = [plan("LEAD"), plan("CHILD", to="LEAD"), plan("GRAND", to="CHILD")]
    rows = parts("GRAND", "2025-Q1", (20, 30), (15, 15))
    values = count(plans, *rows)
    assert [both(values, rows, project) for project in values] == [[35, 45]] * 3
    assert set(to_date(values).values()) == {80}


def test_periods_are_kept_apart_akvo_044() -> None:
    rows = [*parts("CHILD", "2025-Q1", (20, 30)), *parts("CHILD", "2025-Q2", (15, 15))]
    values = count([plan("LEAD"), plan("CHILD", to="LEAD")], *rows)
    assert by_period(values["LEAD"]["I"]) == {"2025-Q1": 50, "2025-Q2": 30}
    told = [by_period(of_category(values, rows, "LEAD", f"sex={sex}")) for sex in "FM"]
    assert told == [{"2025-Q1": 20, "2025-Q2": 15}, {"2025-Q1": 30, "2025-Q2": 15}]


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        pytest.param(("CHILD", "CHILD"), {"CHILD": [70, 75], "LEAD": [70, 75]}, id="akvo-046"),
        pytest.param(("CHILD", "OTHER"), {"CHILD": [40, 45], "OTHER": [30, 30], "LEAD": [70, 75]}, id="akvo-047"),
    ],
)
def test_an_amendment_reaches_the_lead(above: tuple[str, str], expected: Mapping[str, list[int]]) -> None:
    plans = [plan("LEAD"), *(plan(each, to="LEAD") for each in dict.fromkeys(above))]
    plans += [plan(f"G{number}", to=each) for number, each in enumerate(above)]
    rows = [*parts("G0", "2025-Q1", (20, 30), (15, 15)), *parts("G1", "2025-Q1", (30, 30))]
    amended = [{**each, "value": Decimal(20), "revision": 1} for each in rows if each.get("value") == 15][:1]
    values = count(plans, *rows, *amended)
    newest = [each for each in rows if not (each["value"] == 15 and each["category"] == "sex=F")] + amended
    assert {project: both(values, newest, project) for project in expected} == expected
    assert values["LEAD"]["I"].value == 145


def test_a_deletion_reaches_the_lead_akvo_048() -> None:
    plans = [plan("LEAD"), plan("C1", to="LEAD"), plan("C2", to="LEAD"), plan("G1", to="C1"), plan("G2", to="C2")]
    rows = [*parts("G1", "2025-Q1", (20, 30), (15, 15)), *parts("G2", "2025-Q1", (30, 30))]
    gone = [{**told, "state": "missing", "value": None, "revision": 1} for told in rows if told["partner"] == "U1"]
    assert to_date(count(plans, *rows, *gone)) == {"LEAD": 110, "C1": 50, "C2": 60, "G1": 50, "G2": 60}


def test_a_lead_of_running_totals_akvo_042() -> None:
    plans = [
        plan(id, to=to, accumulation="running_total", missing="carry_forward")
        for id, to in (("LEAD", ""), ("C1", "LEAD"), ("C2", "LEAD"))
    ]
    rows = [
        row("C1", "2025-Q1", 1, partner="U1"),
        row("C1", "2025-Q2", 1, partner="U2"),
        row("C2", "2025-Q1", 1, partner="U1"),
        row("C2", "2025-Q2", 2, partner="U1"),
    ]
    values = count(plans, *rows)
    assert by_period(values["LEAD"]["I"]) == {"2025-Q1": 2, "2025-Q2": 4}
    assert given(values["LEAD"]["I"]) == {"C1": 2, "C2": 2}
    # U1 of the first child is silent in the second quarter: its last value is carried there.
    assert values["LEAD"]["I"].coverage == values["C1"]["I"].coverage + values["C2"]["I"].coverage
    assert values["LEAD"]["I"].coverage.carried == 1


def test_contributors_are_the_direct_children_akvo_051() -> None:
    plans = [plan("P"), plan("C1", to="P"), plan("C2", to="P")]
    assert given(count(plans, row("C1", "2025-Q1", 20), row("C2", "2025-Q1", 15))["P"]["I"]) == {"C1": 20, "C2": 15}


def test_own_reports_are_no_contribution_akvo_052() -> None:
    values = count([plan("P")], *(row("P", "2025-Q1", value, partner=f"U{value}") for value in (20, 15)))
    assert values["P"]["I"].contributions == ()
    assert values["P"]["I"].value == 35
    beside = count([plan("P"), plan("C", to="P")], row("P", "2025-Q1", 20))["P"]["I"]
    assert given(beside) == {"C": None}
    assert beside.value == 20


def test_contributors_follow_an_amendment_akvo_053() -> None:
    plans = [plan("P"), plan("C1", to="P"), plan("C2", to="P"), plan("G1", to="C1"), plan("G2", to="C2")]
    rows = [row("G1", "2025-Q1", 20), row("G2", "2025-Q1", 15), row("G2", "2025-Q1", 30, revision=1)]
    assert given(count(plans, *rows)["P"]["I"]) == {"C1": 20, "C2": 30}


def annual(id: str, names: Mapping[str, str], *, to: str = "", **more: Any) -> Logframe:
    dates = {"start": "2010-01-01", "end": "2012-12-31"}
    return plan(id, to=to, calendar={"frequency": "annual", "names": names}, **dates, **more)


CONTRIBUTOR = {"L1": "2010", "L2": "2011", "L3": "2012"}
SUBCONTRACTOR = {"L1": "2011", "L2": "2012"}


def test_labels_that_both_declare_match_before_dates_akvo_056() -> None:
    kind = {"measure": "percentage", "accumulation": "level"}
    plans = [
        annual("P", CONTRIBUTOR, **kind),
        annual("A", CONTRIBUTOR, to="P", **kind),
        annual("B", SUBCONTRACTOR, to="P", **kind),
    ]
    rows = [row("A", year, (n, 10)) for n, year in enumerate(("2010", "2011", "2012"), start=1)]
    rows += [row("B", year, (n, 10)) for n, year in enumerate(("2010", "2011", "2012"), start=4)]
    values = count(plans, *rows)
    assert by_period(values["P"]["I"]) == {"2010": 30, "2011": 40, "2012": 30}
    first = values["P"]["I"].period("2010").amount
    assert (first.numerator, first.denominator) == (6, 20)
    # What the subcontractor's year without a label holds is told, and counts nowhere.
    assert codes(values) == [("P", "2010", "contribution-period-mismatch")]


def test_categories_by_label_akvo_057() -> None:
    plans = [annual("P", CONTRIBUTOR), annual("A", CONTRIBUTOR, to="P"), annual("B", SUBCONTRACTOR, to="P")]
    told = {
        "A": {"2010": (None, 1), "2011": (1, 1), "2012": (2, 1)},
        "B": {"2011": (3, 2), "2012": (4, 2)},
    }
    rows = [
        row(project, year, value, category=f"sex={sex}")
        for project, years in told.items()
        for year, pair in years.items()
        for sex, value in zip("FM", pair, strict=True)
        if value is not None
    ]
    values = count(plans, *rows)
    of_sex = {sex: by_period(of_category(values, rows, "P", f"sex={sex}")) for sex in "FM"}
    assert of_sex == {"M": {"2010": 3, "2011": 3, "2012": 1}, "F": {"2010": 3, "2011": 5, "2012": 2}}


def test_ratios_of_categories_by_label_akvo_058() -> None:
    kind = {"measure": "percentage", "accumulation": "level"}
    plans = [
        annual("P", CONTRIBUTOR, **kind),
        annual("A", CONTRIBUTOR, to="P", **kind),
        annual("B", SUBCONTRACTOR, to="P", **kind),
    ]
    told = {
        ("A", "F"): {"2010": (1, 10), "2011": (1, 5), "2012": (2, 5)},
        ("A", "M"): {"2011": (1, 5), "2012": (1, 5)},
        ("B", "F"): {"2011": (3, 5), "2012": (3, 5)},
        ("B", "M"): {"2011": (2, 5), "2012": (3, 5)},
    }
    rows = [
        row(p, year, pair, category=f"sex={sex}") for (p, sex), years in told.items() for year, pair in years.items()
    ]
    values = count(plans, *rows)
    of_sex = {sex: by_period(of_category(values, rows, "P", f"sex={sex}")) for sex in "FM"}
    assert of_sex == {
        "M": {"2010": 40, "2011": 40, "2012": 20},
        "F": {"2010": Fraction(400, 15), "2011": 40, "2012": 40},
    }


# --- depth, and opting out --------------------------------------------------------------------------------------------


def test_a_child_that_opts_out_hides_what_it_gathers() -> None:
    plans = [plan("LEAD"), plan("MIDDLE"), plan("LEAF", to="MIDDLE")]
    values = count(plans, row("LEAF", "2025-Q1", 7))
    assert to_date(values) == {"LEAD": None, "MIDDLE": 7, "LEAF": 7}
    assert values["LEAD"]["I"].reason is Reason.NO_REPORTS


def test_a_long_chain_of_projects_is_no_matter() -> None:
    plans = [plan("P0", calendar={"frequency": "annual"})]
    plans += [plan(f"P{n}", to=f"P{n - 1}", calendar={"frequency": "annual"}) for n in range(1, 60)]
    values = count(plans, row("P59", "2025", 3))
    assert set(to_date(values).values()) == {3}
    assert values["P0"]["I"].trace()["project"].to_list() == ["P59"]


def test_two_indicators_of_one_project_add_to_one() -> None:
    child = plan("C", indicator("BOYS", to="P.I"), indicator("GIRLS", to="P.I"))
    values = count([plan("P"), child], row("C", "2025-Q1", 2, "BOYS"), row("C", "2025-Q1", 3, "GIRLS"))
    assert values["P"]["I"].value == 5
    assert [(each.indicator, each.amount.value) for each in values["P"]["I"].contributions] == [
        ("BOYS", 2),
        ("GIRLS", 3),
    ]


def test_the_rule_is_the_parents() -> None:
    plans = [plan("P", indicator(aggregation={"projects": "max"})), plan("A", to="P"), plan("B", to="P")]
    assert count(plans, row("A", "2025-Q1", 4), row("B", "2025-Q1", 9), row("P", "2025-Q1", 6))["P"]["I"].value == 9


def test_projects_are_weighted_by_their_ids() -> None:
    weights = {"projects": "weighted_mean", "weights": {"A": "1", "B": "3"}}
    kind = {"measure": "index", "accumulation": "level"}
    plans = [plan("P", indicator(aggregation=weights, **kind)), plan("A", to="P", **kind), plan("B", to="P", **kind)]
    assert count(plans, row("A", "2025-Q1", 4), row("B", "2025-Q1", 8))["P"]["I"].value == 7


def test_two_values_without_a_rule_are_no_guess() -> None:
    kind = {"measure": "index", "accumulation": "level"}
    plans = [plan("P", **kind), plan("A", to="P", **kind), plan("B", to="P", **kind)]
    assert count(plans, row("A", "2025-Q1", 4))["P"]["I"].value == 4
    value = count(plans, row("A", "2025-Q1", 4), row("B", "2025-Q1", 8))["P"]["I"]
    assert (value.value, value.reason) == (None, Reason.NOT_AGGREGABLE)


# --- periods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("accumulation", "expected"), [("flow", 10), ("level", 4), ("running_total", 4)])
def test_quarters_inside_a_year(accumulation: str, expected: int) -> None:
    plans = [
        plan("P", accumulation=accumulation, calendar={"frequency": "annual"}),
        plan("C", to="P", accumulation=accumulation),
    ]
    value = count(plans, *(row("C", f"2025-Q{n}", n) for n in (1, 2, 3, 4)))["P"]["I"]
    assert by_period(value) == {"2025": expected}
    (each,) = value.contributions
    sources = [period.label for period in each.period("2025").sources]
    assert sources == (["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"] if accumulation == "flow" else ["2025-Q4"])


def test_a_year_that_has_not_ended_does_not_count_yet() -> None:
    plans = [plan("P", calendar={"frequency": "annual"}), plan("C", to="P")]
    values = count(plans, row("C", "2025-Q4", 1), row("C", "2026-Q1", 2))
    assert to_date(values) == {"P": 1, "C": 3}


def test_a_period_across_two_of_the_parents_counts_in_neither() -> None:
    plans = [plan("P"), plan("C", to="P", calendar={"frequency": "annual"})]
    values = count(plans, row("C", "2025", 100), row("P", "2025-Q2", 5))
    assert by_period(values["P"]["I"]) == {"2025-Q1": None, "2025-Q2": 5, "2025-Q3": None, "2025-Q4": None}
    assert values["P"]["I"].period("2025-Q1").amount.reason is Reason.PERIODS_DIFFER
    assert values["P"]["I"].value == 5
    assert codes(values) == [("P", "2025", "contribution-period-mismatch")]


def test_other_quarters_inside_the_year_still_count() -> None:
    # Quarters from February: the one from November reaches into the next year.
    plans = [plan("P", calendar={"frequency": "annual"}), plan("C", to="P", calendar={"fiscal_year_start": "02-01"})]
    days = [("2025-02-01", "2025-04-30"), ("2025-11-01", "2026-01-31")]
    rows = [
        {**row("C", "2025", value), "period_start": dt.date.fromisoformat(a), "period_end": dt.date.fromisoformat(b)}
        for value, (a, b) in zip((3, 4), days, strict=True)
    ]
    values = count(plans, *rows)
    assert to_date(values) == {"P": 3, "C": 7}
    assert codes(values) == [("P", "FY2026-Q4", "contribution-period-mismatch")]
    strict = [plan("P", missing="propagate", calendar={"frequency": "annual"}), plans[1]]
    assert count(strict, *rows)["P"]["I"].reason is Reason.INCOMPLETE


def test_what_a_child_reports_outside_the_parents_time_is_told() -> None:
    values = count([plan("P", start="2025-07-01"), plan("C", to="P")], row("C", "2025-Q1", 5), row("C", "2025-Q3", 1))
    assert to_date(values) == {"P": 1, "C": 6}
    assert codes(values) == [("P", "2025-Q1", "contribution-period-mismatch")]


def test_names_for_the_same_days_leave_the_matching_to_dates() -> None:
    names = {"names": {"YR1": "2025", "YR2": "2026"}}
    values = count([plan("P", calendar=names), plan("C", to="P", calendar=names)], row("C", "2025-Q2", 4))
    assert by_period(values["P"]["I"]) == {"2025-Q1": None, "2025-Q2": 4}


def test_quarters_of_a_named_year_count_in_the_parents_year_of_that_name() -> None:
    parent = plan("P", calendar={"frequency": "annual", "names": {"YR1": "2026"}})
    values = count(
        [parent, plan("C", to="P", calendar={"names": {"YR1": "2025"}})], row("C", "2025-Q2", 4), until="2026-12-31"
    )
    assert by_period(values["P"]["I"]) == {"2025": None, "2026": 4}


def test_where_time_comes_first_each_project_is_brought_to_date_first() -> None:
    mean = {"accumulation": "level", "aggregation": {"time": "mean"}}
    plans = [plan("P", indicator(**mean)), plan("C", indicator(to="P", **mean))]
    value = count(plans, row("P", "2025-Q1", 10), row("C", "2025-Q1", 2), row("C", "2025-Q2", 4))["P"]["I"]
    assert (value.value, by_period(value)) == (13, {"2025-Q1": 12, "2025-Q2": 4})
    assert given(value) == {"C": 3}


def test_a_period_without_a_value_takes_nothing_to_date() -> None:
    strict = indicator(min_coverage="1", assignments=[{"partner": "X"}])
    value = count([plan("P", strict), plan("C", to="P")], row("C", "2025-Q1", 5))["P"]["I"]
    assert (value.reason, given(value)) == (Reason.COVERAGE_BELOW_MINIMUM, {"C": None})
    assert value.contributions[0].period("2025-Q1").amount.value == 5


# --- units ------------------------------------------------------------------------------------------------------------


def test_units_convert_by_what_each_plan_declares() -> None:
    sack = [{"id": "sack", "of": "kg", "factor": "50"}]
    plans = [plan("P", unit="t"), plan("A", to="P", unit="kg"), plan("B", to="P", unit="sack", units=sack)]
    assert count(plans, row("A", "2025-Q1", 500), row("B", "2025-Q1", 3))["P"]["I"].value == Fraction(13, 20)


def test_a_unit_of_one_name_may_hold_different_amounts() -> None:
    def sacks(factor: str) -> list[dict[str, str]]:
        return [{"id": "sack", "of": "kg", "factor": factor}]

    plans = [plan("P", unit="sack", units=sacks("50")), plan("C", to="P", unit="sack", units=sacks("25"))]
    assert count(plans, row("C", "2025-Q1", 4))["P"]["I"].value == 2


def test_money_converts_at_the_rate_of_the_childs_period() -> None:
    rates = [
        {"currency": "USD", "to": "TJS", "rate": "10", "date": "2025-01-01"},
        {"currency": "USD", "to": "TJS", "rate": "11", "date": "2025-04-01"},
    ]
    kind = {"measure": "currency"}
    parent = plan("P", unit="USD", exchange_rates=rates, calendar={"frequency": "annual"}, **kind)
    values = count(
        [parent, plan("C", to="P", unit="TJS", **kind)],
        row("C", "2025-Q1", 100),
        row("C", "2025-Q2", 110),
        until="2025-12-31",
    )
    assert values["P"]["I"].value == 20


def test_money_without_a_rate_for_its_day_does_not_count() -> None:
    rates = [{"currency": "USD", "to": "TJS", "rate": "10", "date": "2025-04-01"}]
    kind = {"measure": "currency"}
    plans = [plan("P", unit="USD", exchange_rates=rates, **kind), plan("C", to="P", unit="TJS", **kind)]
    values = count(plans, row("C", "2025-Q1", 100), row("C", "2025-Q2", 110))
    assert by_period(values["P"]["I"]) == {"2025-Q1": None, "2025-Q2": 11}
    assert values["P"]["I"].period("2025-Q1").amount.reason is Reason.UNIT_NOT_CONVERTIBLE
    assert values["P"]["I"].value == 11
    assert (values["P"]["I"].coverage.reported, values["P"]["I"].coverage.expected) == (1, 2)
    assert codes(values) == [("P", "2025-Q1", "contribution-unit-not-convertible")]


def test_ratios_take_the_parents_scale() -> None:
    kind = {"measure": "ratio", "accumulation": "level"}
    plans = [plan("P", indicator(per="1000", **kind)), plan("C", indicator(to="P", per="100", **kind))]
    value = count(plans, row("C", "2025-Q1", (1, 4)))["P"]["I"]
    assert (value.value, value.amount.numerator, value.amount.denominator) == (250, 1, 4)


def test_a_ratio_that_lost_its_denominator_is_not_pooled() -> None:
    kind = {"measure": "percentage", "accumulation": "level"}
    child = plan("A", indicator(to="P", aggregation={"partners": "mean"}, **kind))
    rows = [
        row("A", "2025-Q1", (1, 4), partner="X"),
        row("A", "2025-Q1", (3, 4), partner="Y"),
        row("B", "2025-Q1", (1, 2)),
    ]
    values = count([plan("P", **kind), child, plan("B", to="P", **kind)], *rows)
    assert values["P"]["I"].value == 50
    assert given(values["P"]["I"]) == {"A": None, "B": 50}
    assert codes(values) == [("P", "2025-Q1", "contribution-without-denominator")]


# --- silence ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "accumulation", "expected"),
    [
        ("skip", "flow", 5),
        ("zero", "flow", 5),
        ("propagate", "flow", None),
        ("skip", "level", 2),
        ("zero", "level", 2),
        ("propagate", "level", None),
        ("carry_forward", "level", 6),
    ],
)
def test_a_silent_child(missing: str, accumulation: str, expected: int | None) -> None:
    plans = [plan("P", missing=missing, accumulation=accumulation)]
    plans += [plan(each, to="P", accumulation=accumulation) for each in ("A", "B")]
    rows = [row("A", "2025-Q1", 3), row("B", "2025-Q2", 2)]
    rows += [row("A", "2025-Q1", 4, revision=1)] if missing == "carry_forward" else []
    value = count(plans, *rows)["P"]["I"]
    assert value.value == expected
    assert (value.reason is Reason.INCOMPLETE) == (expected is None)
    (silent,) = (each for each in value.contributions if each.project == "A")
    assert silent.period("2025-Q2").carried == (missing == "carry_forward")
    assert value.period("2025-Q2").amount.coverage.carried == (1 if missing == "carry_forward" else 0)


def test_zero_lowers_a_mean_of_projects() -> None:
    kind = {"measure": "index", "accumulation": "level"}
    for missing, expected in (("skip", 4), ("zero", 2)):
        plans = [plan("P", indicator(missing=missing, aggregation={"projects": "mean"}, **kind))]
        plans += [plan(each, to="P", **kind) for each in ("A", "B")]
        assert count(plans, row("A", "2025-Q1", 4))["P"]["I"].value == expected


def test_nobody_is_no_zero() -> None:
    values = count([plan("P", missing="zero"), plan("C", to="P")], until="2025-03-31")
    assert values["P"]["I"].reason is Reason.NO_REPORTS


def test_a_running_total_stays_when_its_project_is_over() -> None:
    kind = {"accumulation": "running_total"}
    plans = [
        plan("P", missing="carry_forward", **kind),
        plan("OLD", to="P", end="2025-06-30", **kind),
        plan("NEW", to="P", **kind),
    ]
    value = count(plans, row("OLD", "2025-Q2", 40), row("NEW", "2025-Q3", 2))["P"]["I"]
    assert value.value == 42
    assert (value.coverage.reported, value.coverage.expected, value.coverage.carried) == (1, 1, 0)


def test_minimum_coverage_is_asked_of_the_whole() -> None:
    parent = plan("P", indicator(min_coverage="0.6", assignments=[{"partner": "X"}, {"partner": "Y"}]))
    rows = [row("P", "2025-Q1", 1, partner="X"), row("C", "2025-Q1", 5)]
    value = count([parent, plan("C", to="P")], *rows)["P"]["I"]
    assert (value.value, str(value.coverage)) == (6, "2 of 3")
    assert count([parent], *rows)["P"]["I"].reason is Reason.COVERAGE_BELOW_MINIMUM


@pytest.mark.parametrize("state", ["not_applicable", "not_due"])
def test_states_reach_the_parent(state: str) -> None:
    plans = [plan("P"), plan("C", to="P")]
    value = count(plans, row("C", "2025-Q1", state=state), until="2025-03-31")["P"]["I"]
    assert str(value.state) == state


def test_a_zero_denominator_reaches_the_parent_and_counts_where_it_is_pooled() -> None:
    kind = {"measure": "percentage", "accumulation": "level"}
    plans = [plan("P", **kind), plan("A", to="P", **kind), plan("B", to="P", **kind)]
    assert count(plans, row("A", "2025-Q1", (0, 0)))["P"]["I"].reason is Reason.DENOMINATOR_ZERO
    assert count(plans, row("A", "2025-Q1", (0, 0)), row("B", "2025-Q1", (1, 4)))["P"]["I"].value == 25


def test_until_is_the_newest_period_of_anybody() -> None:
    values = count([plan("P"), plan("C", to="P"), plan("X")], row("C", "2025-Q1", 1), row("X", "2025-Q3", 1))
    assert values.until == dt.date(2025, 9, 30)
    assert {one.until for one in values.values()} == {values.until}
    earlier = count([plan("P"), plan("C", to="P")], row("C", "2025-Q1", 1), row("C", "2025-Q2", 1), until="2025-03-31")
    assert to_date(earlier) == {"P": 1, "C": 1}


def test_what_was_known_by_a_day_goes_for_every_project() -> None:
    rows = [
        row("C", "2025-Q1", 1, reported_on=dt.date(2025, 4, 1)),
        row("C", "2025-Q1", 9, revision=1, reported_on=dt.date(2025, 6, 1)),
    ]
    plans = [plan("P"), plan("C", to="P")]
    assert to_date(count(plans, *rows, known_by="2025-05-01")) == {"P": 1, "C": 1}
    assert to_date(count(plans, *rows)) == {"P": 9, "C": 9}


# --- formulas, scores, explanations -----------------------------------------------------------------------------------


def test_a_formula_uses_what_children_add() -> None:
    def four(id: str, to: str = "") -> Logframe:
        ways = f"{to}.N", f"{to}.D"
        return plan(
            id,
            indicator("N", to=ways[0] if to else ""),
            indicator("D", to=ways[1] if to else ""),
            indicator("R", formula="N / D", measure="ratio"),
        )

    rows = [row(p, "2025-Q1", v, c) for p, c, v in (("A", "N", 1), ("A", "D", 4), ("B", "N", 5), ("B", "D", 6))]
    values = count([four("P"), four("A", "P"), four("B", "P")], *rows)
    assert to_date(values, "R") == {"P": Fraction(6, 10), "A": Fraction(1, 4), "B": Fraction(5, 6)}
    assert {leaf.place.project for leaf in values["P"]["R"].explain().leaves() if leaf.place} == {None}


def test_a_formula_is_made_anew_from_parts() -> None:
    parent = plan("P", indicator("I"), indicator("DOUBLE", formula="I * 2", unit="person"))
    rows = [row("C", "2025-Q1", value, category=f"sex={sex}") for sex, value in zip("FM", (2, 3), strict=True)]
    values = count([parent, plan("C", to="P")], *rows)

    def women(own: IndicatorValue) -> IndicatorValue:
        assert own.plan is not None
        told = [{**rows[0], "category": "_T"}] if own.plan.id == "C" else []
        return aggregate(table(told), own.plan, until=own.until)[own.indicator.id]

    assert values["P"]["DOUBLE"].value == 10
    assert regathered(values["P"]["DOUBLE"], women).value == 4


def test_a_computed_indicator_can_contribute() -> None:
    child = plan("C", indicator("A"), indicator("B"), indicator("S", to="P.I", formula="A + B", unit="person"))
    rows = [row("C", "2025-Q1", 2, "A", source_file="a.csv"), row("C", "2025-Q1", 3, "B", source_file="b.csv")]
    value = count([plan("P"), child], *rows)["P"]["I"]
    assert value.value == 5
    assert sorted(value.trace()["source_file"]) == ["a.csv", "b.csv"]
    assert {leaf.place.file for leaf in value.explain().leaves() if leaf.place} == {"a.csv", "b.csv"}


def test_a_computed_parent_takes_nothing_from_children() -> None:
    parent = plan("P", indicator("A"), indicator("I", formula="A * 2", unit="person"))
    plans = [parent, plan("C", to="P")]
    assert [each.code for each in check_portfolio(plans)] == ["contribution-to-formula"]
    values = count(plans, row("P", "2025-Q1", 4, "A"), row("C", "2025-Q1", 100))
    assert values["P"]["I"].value == 8


def test_a_parent_is_scored_as_any_project() -> None:
    goal = {"targets": [{"period": "2025-Q1", "value": "20", "basis": "cumulative"}], "baseline": {"value": "0"}}
    values = count([plan("P", indicator(**goal)), plan("C", to="P")], row("C", "2025-Q1", 15))
    assert mne.score(values["P"], scheme="baseline-target")["OC"].score == 75


def test_a_trace_goes_from_the_parent_to_the_cells_of_the_children() -> None:
    plans = [plan("LEAD", accumulation="level", calendar={"frequency": "annual"})]
    plans += [plan("L1", to="LEAD", accumulation="level"), plan("L2", to="L1", accumulation="level")]
    rows = [
        row("L2", "2025-Q3", 1, source_file="old.xlsx", source_cell="A1"),
        row("L2", "2025-Q4", 2, source_file="new.xlsx", source_cell="B2"),
        row("LEAD", "2025-Q4", 3, source_file="own.xlsx", source_cell="C3"),
    ]
    value = count(plans, *rows)["LEAD"]["I"]
    assert value.value == 5
    assert set(value.trace()["source_file"]) == {"new.xlsx", "own.xlsx"}
    told = [leaf.place for leaf in value.explain().leaves() if leaf.kind == "cell"]
    assert {(each.file, each.cell) for each in told if each} == {("new.xlsx", "B2"), ("own.xlsx", "C3")}
    assert [node.label for node in value.explain().walk() if node.kind == "contribution"] == ["L1 · I", "L2 · I"]


def test_what_was_carried_is_traced_to_where_it_was_reported() -> None:
    plans = [
        plan("P", accumulation="level", missing="carry_forward"),
        plan("A", to="P", accumulation="level", missing="carry_forward"),
        plan("B", to="P", accumulation="level"),
    ]
    rows = [
        row("A", "2025-Q1", 1, partner="X", source_cell="A1"),
        row("A", "2025-Q2", 2, partner="Y", source_cell="A2"),
        row("B", "2025-Q1", 4, source_cell="B1"),
        row("A", "2025-Q3", 8, partner="Y", source_cell="A3"),
    ]
    value = count(plans, *rows)["P"]["I"]
    assert value.value == 13
    assert set(value.trace()["source_cell"]) == {"A1", "A3", "B1"}
    assert {leaf.place.cell for leaf in value.explain().leaves() if leaf.place} == {"A1", "A3", "B1"}


def test_an_example_in_a_child_marks_the_parent() -> None:
    plans = [plan("P"), plan("C", to="P"), plan("X")]
    values = count(plans, row("C", "2025-Q1", 1, illustrative=True), row("X", "2025-Q1", 1))
    assert [one["I"].illustrative for one in values.values()] == [True, True, False]
    assert values.illustrative


# --- what is wrong with a portfolio -----------------------------------------------------------------------------------


def found(*plans: Logframe) -> list[tuple[str | None, str | None, str]]:
    return [(each.place.project, each.place.indicator, each.code) for each in check_portfolio(plans)]


def test_a_sound_portfolio_has_no_findings() -> None:
    assert found(*TREE) == []
    assert Portfolio(TREE).children("L1", "I") == (("L2a", "I"), ("L2b", "I"))
    assert list(Portfolio(TREE).plans) == ["LEAD", "L1", "L2a", "L2b"]


@pytest.mark.parametrize(
    ("child", "code"),
    [
        (plan("C", to="NOBODY"), "contribution-unknown-project"),
        (plan("C", to="P.NOTHING"), "contribution-unknown-indicator"),
        (plan("C", to="P P"), "contribution-twice"),
        (plan("C", to="P", measure="index"), "contribution-other-measure"),
        (plan("C", to="P", accumulation="level"), "contribution-other-accumulation"),
        (plan("C", to="P", unit="household"), "contribution-other-unit"),
        (plan("C", indicator(to="P", unit=None)), "contribution-other-unit"),
    ],
)
def test_what_a_child_can_have_wrong(child: Logframe, code: str) -> None:
    assert found(plan("P"), child) == [("C", "I", code)]
    values = count([plan("P"), child], row("C", "2025-Q1", 3), row("P", "2025-Q1", 4))
    assert values["P"]["I"].value == (7 if code == "contribution-twice" else 4)
    assert [each.code for each in values.findings] == [code]


def test_a_child_that_never_counts_leaves_a_reason() -> None:
    value = count([plan("P"), plan("C", to="P", unit="household")], row("C", "2025-Q1", 3))["P"]["I"]
    assert (value.value, value.reason) == (None, Reason.UNIT_NOT_CONVERTIBLE)
    other = count([plan("P"), plan("C", to="P", accumulation="running_total")], row("C", "2025-Q1", 3))["P"]["I"]
    assert (other.value, other.reason, str(other.coverage)) == (None, Reason.NOT_AGGREGABLE, "0 of 1 (1 left out)")


def test_other_stages_are_another_measure() -> None:
    def staged(*steps: str, **more: Any) -> dict[str, Any]:
        return indicator(measure="milestone", accumulation="level", scale=[{"id": step} for step in steps], **more)

    one, other = plan("C", staged("a", "b", to="P")), plan("D", staged("b", "a", to="P"))
    assert found(plan("P", staged("a", "b")), one, other) == [("D", "I", "contribution-other-measure")]


def test_a_ratio_without_parts_does_not_fit_one_that_is_pooled() -> None:
    kind = {"measure": "percentage", "accumulation": "level"}
    child = plan("C", indicator(to="P", reported_as="value", **kind))
    assert found(plan("P", **kind), child) == [("C", "I", "contribution-other-measure")]
    mean = plan("P", indicator(aggregation={"projects": "mean"}, **kind))
    assert found(mean, child) == []
    assert count([mean, child], row("C", "2025-Q1", 30))["P"]["I"].value == 30


def test_two_ways_up_are_told_and_counted() -> None:
    plans = [plan("LEAD"), plan("MIDDLE", to="LEAD"), plan("LEAF", to="MIDDLE LEAD")]
    assert found(*plans) == [("LEAF", "I", "contribution-twice")]
    assert count(plans, row("LEAF", "2025-Q1", 3))["LEAD"]["I"].value == 6


def test_contributions_that_lead_back_are_refused() -> None:
    around = [plan("A", to="B"), plan("B", to="C"), plan("C", to="A"), plan("D", to="D"), plan("E", to="A")]
    assert found(*around) == [("A", "I", "contribution-cycle"), ("D", "I", "contribution-cycle")]
    with pytest.raises(LogframeError) as raised:
        Portfolio(around)
    assert raised.value.findings[0].found == "A · I to B · I to C · I to A · I"


def test_a_formula_may_close_the_circle() -> None:
    first = plan("A", indicator("X", to="B.I"), indicator("Y"))
    second = plan("B", indicator("I"), indicator("Z", to="A.Y", formula="I * 2", unit="person"))
    assert found(first, second) == []
    closed = plan("A", indicator("X", to="B.I", formula="Y + 1", unit="person"), indicator("Y"))
    assert [code for _, _, code in found(closed, second)] == ["contribution-cycle"]
    # Formulas alone that lead to each other are no contribution, and have no value.
    knot = plan("K", indicator("X", formula="Y"), indicator("Y", formula="X"), indicator("I"))
    assert found(knot) == []
    assert count([knot], row("K", "2025-Q1", 1))["K"]["X"].reason is Reason.FORMULA_OPERAND_MISSING


def test_two_plans_of_one_name_are_refused() -> None:
    assert found(plan("A"), plan("A")) == [("A", None, "portfolio-duplicate-project")]
    with pytest.raises(LogframeError):
        Portfolio([plan("A"), plan("A")])


def test_reports_of_other_projects_do_not_count_and_are_told() -> None:
    values = count([plan("P")], row("P", "2025-Q1", 1), row("Q", "2025-Q4", 5))
    assert values["P"]["I"].value == 1
    assert values.until == dt.date(2025, 3, 31)
    assert codes(values) == [("Q", None, "value-other-project")]


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(OptionError):
        Portfolio(plan("P"))  # type: ignore[arg-type]
    with pytest.raises(OptionError):
        Portfolio([plan("P"), "plan.yaml"])  # type: ignore[list-item]
    with pytest.raises(OptionError):
        aggregate_portfolio(table([]), [plan("P")])  # type: ignore[arg-type]
    with pytest.raises(OptionError):
        count([plan("P")], until="soon")
    with pytest.raises(KeyError):
        Portfolio([plan("P")]).children("P", "X")
    with pytest.raises(KeyError):
        count([plan("P"), plan("C", to="P")])["P"]["I"].contributions[0].period("2025-Q1")


def test_a_portfolio_without_plans_or_reports_has_no_values() -> None:
    assert dict(count([])) == {}
    assert count([]).to_polars().is_empty()
    values = count([plan("P"), plan("C", to="P")])
    assert values.until is None
    assert {str(one["I"].state) for one in values.values()} == {"not_due"}
    assert str(values["P"]["I"].contributions[0].amount.state) == "not_due"


def test_the_tables_of_all_projects_in_one() -> None:
    values = count([plan("P"), plan("C", to="P")], row("C", "2025-Q1", 1))
    frame = values.to_polars()
    assert frame.columns[:3] == ["project", "indicator", "period"]
    assert frame["project"].to_list() == ["P", "P", "C", "C"]
    assert len(values.to_pandas()) == values.to_arrow().num_rows == 4
    assert repr(values) == "PortfolioValues(2 projects until 2025-03-31: 2 of 2 indicators have a value)"
    assert repr(Portfolio(TREE)) == "Portfolio(4 projects: LEAD, L1, L2a, L2b; 3 contributions)"
