"""The library and the slow reference implementation agree on every generated logframe and report."""

from __future__ import annotations

import datetime as dt
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mne.logframe.model import Logframe
from mne.scores.achievement import achievement
from mne.scores.scheme import AchievementRule, Against, Scheme, schemes
from mne.scores.scorecard import score
from mne.tables.observations import Observations
from mne.testing import logframes, observation_rows
from mne.values.aggregate import aggregate
from tests import reference
from tests.cases.building import Q1, Q2, Q3, assigned, flow, indicator, level, plan, row, rows

SCHEMES = schemes()
RULES = [
    AchievementRule(),
    AchievementRule(convention="actual_over_target"),
    AchievementRule(convention="actual_over_target", falling="as_published"),
    AchievementRule(no_baseline="actual_over_target"),
    AchievementRule(due="periods_with_data"),
    AchievementRule(due="all"),
    AchievementRule(convention="inverse_ratio"),
    AchievementRule(convention="variance"),
    AchievementRule(convention="variance", favourable=True),
    AchievementRule(convention="time_proportional"),
    AchievementRule(convention="growth_rate"),
    AchievementRule(convention="projected_growth", no_baseline="actual_over_target"),
    AchievementRule(expected="linear"),
    AchievementRule(expected="milestone_interpolation"),
    AchievementRule(expected="linear", convention="variance"),
]


def digits(number: Fraction | None) -> Fraction | None:
    """Growth rates are irrational: what is held against each other are 28 digits, many more than any band needs."""
    if number is None:
        return None
    return Fraction(Context(prec=28).divide(Decimal(number.numerator), Decimal(number.denominator)))


def amount(told: Any) -> tuple[Any, ...]:
    state, reason = str(told.state), str(told.reason) if told.reason else None
    return (state, reason, told.value, told.numerator, told.denominator)


def coverage(told: Any) -> tuple[int, int, int]:
    return (told.reported, told.expected, told.carried)


CLOCKS = st.sampled_from([(None, None), (None, dt.date(2024, 8, 1)), (dt.date(2024, 9, 30), None)])


@given(st.data(), CLOCKS)
def test_values(data: st.DataObject, clocks: tuple[dt.date | None, dt.date | None]) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    until, known_by = clocks
    ours = aggregate(Observations.from_rows(rows), plan, until=until, known_by=known_by)
    theirs = reference.values(plan, rows, until=until, known_by=known_by)
    assert ours.until == theirs.until
    for code, value in ours.items():
        told = theirs.indicators[code]
        assert amount(value.amount) == amount(told), code
        assert coverage(value.coverage) == coverage(told), code
        assert (value.as_of.label if value.as_of else None) == told.as_of, code
        assert [each.period.label for each in value.periods] == list(told.periods), code
        for each in value.periods:
            period = told.periods[each.period.label]
            assert amount(each.amount) == amount(period), (code, each.period.label)
            assert coverage(each.amount.coverage) == coverage(period), (code, each.period.label)
            # Without assignments we expect, all along the series, whoever had reported by its end; the reference
            # expects whoever had by then. Only the coverage differs, and what depends on it.
            alike = value.indicator.assignments or (
                value.indicator.min_coverage is None and value.indicator.missing == "skip"
            )
            if each.to_date is not None and alike:
                assert each.to_date.value == period.to_date, (code, each.period.label)


FORMULAS = ["a + b", "max(a, b) - 1", "l / a", "a / (b - 2)", "f * 2 + l", "a - previous(a)", "previous(l, 2) * b"]


@st.composite
def plans_with_formulas(draw: st.DrawFn) -> Logframe:
    """Two flows, a level, and what is computed from them in every manner."""

    def computed(id: str, *formulas: str) -> Any:
        kind = draw(st.sampled_from(["flow", "level", "running_total"]))
        formula = draw(st.sampled_from(formulas))
        times = [None, "latest", "mean", "max"] + (["pooled"] if "previous" not in formula else [])
        return indicator(
            id,
            accumulation=kind,
            formula=formula,
            missing=draw(st.sampled_from(["skip", "propagate"])),
            min_coverage=draw(st.sampled_from([None, "0.6"])),
            aggregation={"time": draw(st.sampled_from(times))},
        )

    given = [flow("a", assignments=assigned("A", "B")), flow("b", min_coverage=draw(st.sampled_from([None, "0.6"])))]
    first = computed("f", *FORMULAS[:4])
    return plan(*given, level("l", missing=draw(st.sampled_from(["skip", "carry_forward"]))), first,
                computed("g", *FORMULAS))  # fmt: skip


@given(plans_with_formulas(), st.data())
def test_formulas(told: Logframe, data: st.DataObject) -> None:
    cells = [(q, id, partner) for q in (Q1, Q2, Q3) for id in "abl" for partner in "AB"]
    values = data.draw(st.lists(st.none() | st.integers(0, 4), min_size=len(cells), max_size=len(cells)))
    pairs = zip(cells, values, strict=True)
    given_ = rows(*(row(q, n, id, partner=partner) for (q, id, partner), n in pairs if n is not None))
    ours = aggregate(Observations.from_rows(given_), told)
    theirs = reference.values(told, given_)
    for code, value in ours.items():
        other = theirs.indicators[code]
        assert amount(value.amount) == amount(other), code
        assert coverage(value.coverage) == coverage(other), code
        for each in value.periods:
            period = other.periods[each.period.label]
            assert amount(each.amount) == amount(period), (code, each.period.label)
            assert coverage(each.amount.coverage) == coverage(period), (code, each.period.label)
        assert value.explain()


@given(st.data(), st.sampled_from(RULES), st.sampled_from(tuple(Against)), CLOCKS)
def test_achievements(
    data: st.DataObject, rule: AchievementRule, against: Against, clocks: tuple[dt.date | None, dt.date | None]
) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    until, known_by = clocks
    ours = aggregate(Observations.from_rows(rows), plan, until=until, known_by=known_by)
    theirs = reference.values(plan, rows, until=until, known_by=known_by)
    for code, value in ours.items():
        mine = achievement(value, against=against, rule=rule, known_by=known_by)
        told = reference.achievement(plan, code, theirs, rule=rule, known_by=known_by, against=against.value)
        reason = str(mine.reason) if mine.reason else None
        assert (digits(mine.value), reason) == (digits(told.value), told.reason), code


def variants() -> list[Scheme]:
    """The shipped schemes, and ones that take every other branch of the law."""
    base = SCHEMES["baseline-target"].model_dump()

    def scheme(**changes: Any) -> Scheme:
        return Scheme.model_validate({**base, **changes})

    def steps(**step: Any) -> dict[str, Any]:
        return {level: {"source": "indicators_else_results", **step} for level in ("impact", "outcome", "output")}

    gates = [{"id": "g", "title": "core", "when": when, "cap": "B2", **more} for when, more in (
        ("core_regressed", {}), ("core_missing", {}), ("core_below", {"below": "0.5"}))]  # fmt: skip
    return [
        *(each for each in SCHEMES.values() if each.rates == "achievements"),
        scheme(missing="zero"),
        scheme(missing="fail"),
        scheme(undefined={"no-baseline": "zero", "default": "fail"}),
        scheme(steps=steps(source="blend", indicators="0.3")),
        scheme(steps=steps(min_coverage="0.6")),
        scheme(steps=steps(source="results", missing="zero")),
        scheme(steps=steps(aggregate="min")),
        scheme(steps=steps(aggregate="harmonic")),
        scheme(gates=gates[:1]),
        scheme(gates=gates[1:2]),
        scheme(gates=gates),
    ]


@given(st.data(), st.sampled_from(variants()))
def test_scores(data: st.DataObject, scheme: Scheme) -> None:
    plan: Logframe = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    card = score(aggregate(Observations.from_rows(rows), plan), scheme=scheme)
    theirs = reference.scores(plan, reference.values(plan, rows), scheme)
    for code, part in card.results.items():
        told = theirs[code]
        mine = (digits(part.score), part.rating, part.coverage, str(part.reason) if part.reason else None)
        assert mine == (digits(told.score), told.rating, told.coverage, told.reason), code
