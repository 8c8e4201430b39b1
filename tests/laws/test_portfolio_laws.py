"""Laws of projects that contribute to each other, over generated portfolios. Equality is exact, never approximate."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mne.logframe.indicator import Measure
from mne.logframe.model import Logframe
from mne.logframe.portfolio import Portfolio, check_portfolio
from mne.tables.observations import Observations
from mne.testing import LOCATIONS, PARTNERS, indicators, observation_rows
from mne.values.aggregate import aggregate
from mne.values.projects import PortfolioValues, aggregate_portfolio
from mne.values.series import ABSENT
from mne.values.values import Amount, Contributed, IndicatorValue
from tests.reference.portfolio import portfolio_values

CALENDARS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"frequency": "semiannual"},
    {"frequency": "annual"},
    {"fiscal_year_start": "02-01"},
    {"frequency": "annual", "fiscal_year_start": "07-01"},
    {"frequency": "annual", "names": {"ONE": "2024", "TWO": "2025"}},
    {"frequency": "annual", "names": {"ONE": "2025"}},
)
DATES = (("2024-01-01", "2024-12-31"), ("2024-01-01", "2025-12-31"), ("2024-04-01", "2025-03-31"))
RULES = {
    Measure.NUMBER: (None, None, "mean", "max", "weighted_mean", "none"),
    Measure.CURRENCY: (None, "max"),
    Measure.PERCENTAGE: (None, None, "mean", "max"),
    Measure.RATIO: (None, "min"),
}


def plan_of(id: str, indicator: dict[str, Any], *, to: str = "", **more: Any) -> Logframe:
    """A project with one indicator, which adds to the same one of another project."""
    contributes = [{"project": to, "indicator": indicator["id"]}] if to else []
    return Logframe.model_validate(
        {
            "id": id,
            "title": id,
            "start": "2024-01-01",
            "end": "2024-12-31",
            "currency": "USD",
            "organisations": [{"id": code, "title": code, "roles": ["partner"]} for code in PARTNERS],
            "locations": [{"id": code, "title": code} for code in LOCATIONS],
            "dimensions": [
                {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "women"}, {"id": "M", "title": "men"}]},
                {
                    "id": "age",
                    "title": "Age",
                    "codes": [{"id": "<25", "title": "young"}, {"id": "25+", "title": "old"}],
                },
            ],
            "results": [
                {
                    "id": "OC",
                    "level": "outcome",
                    "title": "Outcome",
                    "indicators": [{**indicator, "contributes_to": contributes}],
                }
            ],
            **more,
        }
    )


@st.composite
def one_indicator(draw: st.DrawFn, *measures: Measure) -> dict[str, Any]:
    told = draw(indicators("I", measures=measures) if measures else indicators("I"))
    return {key: value for key, value in told.items() if key not in ("targets", "baseline")}


@st.composite
def trees(draw: st.DrawFn, *, alike: bool = False, measures: tuple[Measure, ...] = ()) -> list[Logframe]:
    """Two to five projects in a tree; unless `alike`, each with policies, rules, a unit and a calendar of its own."""
    told = draw(one_indicator(*measures))
    plans: list[Logframe] = []
    for number in range(draw(st.integers(2, 5))):
        above = f"P{draw(st.integers(0, number - 1))}" if number else ""
        mine, more = dict(told), {}
        if not alike:
            mine |= draw(_habits(Measure(told["measure"]), flow=told["accumulation"] == "flow"))
            start, end = draw(st.sampled_from(DATES))
            more = {"calendar": draw(st.sampled_from(CALENDARS)), "start": start, "end": end}
        plans.append(plan_of(f"P{number}", mine, to=above if draw(st.integers(0, 5)) else "", **more))
    return plans


@st.composite
def _habits(draw: st.DrawFn, measure: Measure, *, flow: bool) -> dict[str, Any]:
    other = draw(one_indicator(measure))
    told: dict[str, Any] = {key: other[key] for key in ("missing", "assignments", "min_coverage") if key in other}
    if flow and told.get("missing") == "carry_forward":
        told["missing"] = "skip"
    aggregation = dict(other.get("aggregation", {}))
    rule = draw(st.sampled_from(RULES.get(measure, (None,))))
    if rule is not None:
        aggregation["projects"] = rule
    if rule == "weighted_mean":
        aggregation["weights"] = {**aggregation.get("weights", {}), **{f"P{n}": str(n % 3) for n in range(4)}}
    told["aggregation"] = aggregation
    if measure is Measure.NUMBER:
        told["unit"] = draw(st.sampled_from(("kg", "kg", "t", "person")))
    return told


@st.composite
def reports(draw: st.DrawFn, plans: list[Logframe]) -> list[dict[str, Any]]:
    rows = [row for plan in plans if draw(st.integers(0, 3)) for row in draw(observation_rows(plan))]
    return [{**row, "source_order": order} for order, row in enumerate(rows)]


def count(plans: list[Logframe], rows: list[dict[str, Any]], **options: Any) -> PortfolioValues:
    return aggregate_portfolio(Observations.from_rows(rows), Portfolio(plans), **options)


def told(value: IndicatorValue) -> tuple[Any, ...]:
    """What a value says, apart from whose it is."""
    return (value.amount, value.as_of, tuple((each.period, each.amount, each.to_date) for each in value.periods))


def series(values: PortfolioValues) -> dict[str, dict[str, Any]]:
    return {project: {code: told(value) for code, value in one.items()} for project, one in values.items()}


CLOCKS = st.sampled_from([(None, None), (None, dt.date(2024, 8, 1)), (dt.date(2024, 9, 30), None)])


@given(st.data(), CLOCKS)
def test_the_slow_reference_says_the_same(data: st.DataObject, clocks: tuple[dt.date | None, dt.date | None]) -> None:
    plans = data.draw(trees())
    rows = data.draw(reports(plans))
    until, known_by = clocks
    ours = count(plans, rows, until=until, known_by=known_by)
    theirs = portfolio_values(plans, rows, until=until, known_by=known_by)
    for project, values in ours.items():
        for code, value in values.items():
            other = theirs[project][code]
            assert amount(value.amount) == amount(other), (project, code)
            if other.state not in ("not_due", "not_applicable"):
                assert (value.as_of.label if value.as_of else None) == other.as_of, (project, code)
            assert [each.period.label for each in value.periods] == list(other.periods)
            for each in value.periods:
                period = other.periods[each.period.label]
                assert amount(each.amount) == amount(period), (project, code, each.period.label)
                if value.contributions and each.to_date is not None:
                    assert each.to_date.value == period.to_date, (project, code, each.period.label)


def amount(told: Any) -> tuple[Any, ...]:
    coverage = getattr(told, "coverage", told)
    state, reason = str(told.state), str(told.reason) if told.reason else None
    numbers = (coverage.reported, coverage.expected, coverage.carried)
    return (state, reason, told.value, told.numerator, told.denominator, *numbers)


@given(st.data())
def test_a_parent_of_one_child_that_is_summed_equals_the_child(data: st.DataObject) -> None:
    indicator = data.draw(one_indicator(Measure.NUMBER, Measure.CURRENCY))
    # Time folded for each reporter first is not the fold of a project's periods, where reporters have gaps.
    indicator.get("aggregation", {}).pop("order", None)
    child, parent = plan_of("C", indicator, to="P"), plan_of("P", {**indicator, "assignments": []})
    rows = data.draw(observation_rows(child))
    values = count([parent, child], rows)
    assert told(values["P"]["I"]) == told(values["C"]["I"])
    assert told(values["C"]["I"]) == told(aggregate(Observations.from_rows(rows), child)["I"])


@given(st.data(), st.randoms(use_true_random=False))
def test_the_order_of_plans_and_rows_changes_nothing(data: st.DataObject, chance: random.Random) -> None:
    plans = data.draw(trees())
    rows = data.draw(reports(plans))
    first = count(plans, rows)
    chance.shuffle(plans)
    chance.shuffle(rows)
    second = count(plans, rows)
    assert series(first) == series(second)
    assert first.findings == second.findings
    for project, values in first.items():
        mine, theirs = values["I"].contributions, second[project]["I"].contributions
        assert [(each.project, each.amount) for each in mine] == [(each.project, each.amount) for each in theirs]


@given(st.data())
def test_splitting_a_project_into_two_children_keeps_sums_and_pooled_ratios(data: st.DataObject) -> None:
    indicator = data.draw(one_indicator(Measure.NUMBER, Measure.RATIO))
    indicator["aggregation"] = {}
    indicator["missing"] = "skip"
    indicator.pop("assignments", None)
    indicator.pop("min_coverage", None)
    whole = plan_of("WHOLE", indicator)
    rows = data.draw(observation_rows(whole))
    if indicator["accumulation"] == "running_total":
        # What was reached by those who left stays; but by itself it makes no period of the half that they were in.
        rows = [row for row in rows if row.get("state") != "not_applicable"]
    split = [{**row, "project": "A" if row["partner"] == PARTNERS[0] else "B"} for row in rows]
    plans = [plan_of("WHOLE", indicator), plan_of("A", indicator, to="WHOLE"), plan_of("B", indicator, to="WHOLE")]
    one, two = aggregate(Observations.from_rows(rows), whole)["I"], count(plans, split)["WHOLE"]["I"]
    assert numbers_of(two.amount) == numbers_of(one.amount)
    for mine, theirs in zip(two.periods, one.periods, strict=True):
        assert numbers_of(mine.amount) == numbers_of(theirs.amount)
        assert (mine.to_date is None) == (theirs.to_date is None)
        if mine.to_date is not None and theirs.to_date is not None:
            assert numbers_of(mine.to_date) == numbers_of(theirs.to_date)


def numbers_of(amount: Amount) -> tuple[Any, ...]:
    """An amount without the reason why there is none: a period may be nobody's in one half, and only silent in the other."""
    return (amount.value, amount.numerator, amount.denominator, amount.coverage if amount.value is not None else None)


@given(st.data())
def test_a_child_that_opts_out_is_as_good_as_gone(data: st.DataObject) -> None:
    plans = data.draw(trees())
    rows = data.draw(reports(plans))
    chosen = data.draw(st.sampled_from(plans[1:]))
    quiet = chosen.model_validate(_without_contributions(chosen))
    out = count([quiet if plan is chosen else plan for plan in plans], rows, until="2024-12-31")
    gone = count([plan for plan in plans if plan is not chosen], rows, until="2024-12-31")
    for project, values in gone.items():
        if project in below(plans, chosen.id):
            continue
        assert told(out[project]["I"]) == told(values["I"])


def _without_contributions(plan: Logframe) -> dict[str, Any]:
    told = plan.model_dump(exclude_unset=True)
    for indicator in told["results"][0]["indicators"]:
        indicator["contributes_to"] = []
    return told


def below(plans: list[Logframe], project: str) -> set[str]:
    """The projects beneath one, at any depth."""
    direct = {plan.id for plan in plans for each in plan.indicators["I"].contributes_to if each.project == project}
    return direct.union(*(below(plans, each) for each in direct)) if direct else direct


@given(st.data())
def test_to_amend_is_to_take_away_and_to_add(data: st.DataObject) -> None:
    plans = data.draw(trees(measures=(Measure.NUMBER,)))
    rows = [row for row in data.draw(reports(plans)) if row.get("revision", 0) == 0]
    told_rows = [row for row in rows if row.get("value") is not None]
    if not told_rows:
        return
    chosen = data.draw(st.sampled_from(told_rows))
    new = Decimal(data.draw(st.integers(0, 100)))
    amended = [*rows, {**chosen, "value": new, "revision": 1, "source_order": len(rows)}]
    replaced = [row for row in rows if row is not chosen] + [{**chosen, "value": new}]
    assert series(count(plans, amended)) == series(count(plans, replaced))


@given(st.data())
def test_what_children_add_and_the_own_reports_make_the_sum(data: st.DataObject) -> None:
    plans = data.draw(trees(alike=True, measures=(Measure.NUMBER,)))
    plans = [_summed(plan) for plan in plans]
    rows = data.draw(reports(plans))
    for values in count(plans, rows).values():
        value = values["I"]
        if not value.contributions or value.value is None:
            continue
        assert value.own is not None
        for at, each in enumerate(value.periods):
            parts = [_reached(part, at) for part in (*value.contributions, value.own)]
            if each.amount.value is not None:
                assert sum(part for part in parts if part is not None) == each.amount.value
        if value.indicator.accumulation == "flow":
            to_date = [each.amount.value for each in value.contributions] + [value.own.value]
            assert sum(part for part in to_date if part is not None) == value.value


def _reached(part: Contributed | IndicatorValue, at: int) -> Fraction | None:
    """What a part comes to in a period: a running total of which nothing is asked there stays what it was."""
    amount = part.periods[at].amount
    indicator = part.indicator if isinstance(part, IndicatorValue) else part.value.indicator
    stays = indicator.accumulation == "running_total" and amount.state in ABSENT
    before = [each.amount.value for each in part.periods[: at + 1] if each.amount.value is not None]
    return before[-1] if stays and before else amount.value


def _summed(plan: Logframe) -> Logframe:
    """The same plan with plain sums, which can be told apart again."""
    told = plan.model_dump(exclude_unset=True)
    for indicator in told["results"][0]["indicators"]:
        indicator.update(aggregation={}, missing="skip")
        indicator.pop("min_coverage", None)
    return Logframe.model_validate(told)


@given(st.data())
def test_the_trace_of_a_sum_holds_what_the_sum_is_made_of(data: st.DataObject) -> None:
    plans = [_summed(plan) for plan in data.draw(trees(alike=True, measures=(Measure.CURRENCY,)))]
    rows = [
        {**row, "category": "_T"}
        for row in data.draw(reports(plans))
        if row["category"] == "_T" and not row.get("revision")
    ]
    for values in count(plans, rows).values():
        value = values["I"]
        traced = value.trace()
        if value.value is not None:
            assert sum(traced["value"].to_list()) == value.value


@given(trees())
def test_generated_portfolios_are_sound(plans: list[Logframe]) -> None:
    codes = {finding.code for finding in check_portfolio(plans)}
    assert codes <= {"contribution-other-unit", "contribution-other-measure", "contribution-other-accumulation"}
