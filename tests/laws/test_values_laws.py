"""Laws of the count and the verdict, over generated logframes and reports. Equality is exact, never approximate."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mne.ground.explanation import Explanation
from mne.logframe.indicator import Accumulation, Direction, Measure
from mne.logframe.model import Logframe
from mne.scores.achievement import achievement, achievement_of
from mne.scores.scheme import Rounding, schemes
from mne.scores.scorecard import score
from mne.tables.observations import Observations
from mne.testing import logframes, numbers, observation_rows
from mne.values.aggregate import aggregate
from mne.values.completion import is_incomplete
from mne.values.series import time_is_last
from mne.values.values import Amount, IndicatorValue, Values

SCHEMES = {code: each for code, each in schemes().items() if each.rates == "achievements"}


def count(plan: Logframe, rows: list[dict[str, Any]], **options: Any) -> Values:
    return aggregate(Observations.from_rows(rows), plan, **options)


def amounts(values: Values) -> dict[str, Amount]:
    return {code: value.amount for code, value in values.items()}


def series(values: Values) -> dict[str, tuple[Any, ...]]:
    return {
        code: tuple((each.period, each.amount, each.to_date) for each in value.periods)
        for code, value in values.items()
    }


def scored(values: Values) -> dict[str, Mapping[str, Any]]:
    return {
        name: {code: (part.score, part.rating, part.reason) for code, part in score(values, scheme=scheme).items()}
        for name, scheme in SCHEMES.items()
    }


@given(st.data(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(data: st.DataObject, chance: random.Random) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    shuffled = list(rows)
    chance.shuffle(shuffled)
    first, second = count(plan, rows), count(plan, shuffled)
    assert amounts(first) == amounts(second)
    assert series(first) == series(second)
    assert scored(first) == scored(second)


@given(st.data())
def test_amending_equals_deleting_and_adding(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan, revisions=False))
    counted = [row for row in rows if row.get("value") is not None and row["status"] == "submitted"]
    if not counted:
        return
    old = data.draw(st.sampled_from(counted))
    value = data.draw(numbers(high=1))
    amended = {**old, "revision": 1, "value": value, "source_order": len(rows)}
    amend = count(plan, [*rows, amended])
    delete_and_add = count(plan, [*(row for row in rows if row is not old), {**amended, "revision": 0}])
    assert amounts(amend) == amounts(delete_and_add)
    assert scored(amend) == scored(delete_and_add)


@given(st.data())
def test_an_exact_second_copy_of_every_row_changes_nothing(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    twice = rows + [{**row, "source_order": row["source_order"] + len(rows)} for row in rows]
    assert amounts(count(plan, rows)) == amounts(count(plan, twice))


@given(st.data())
def test_a_withdrawn_cell_is_a_cell_that_was_never_reported(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan, revisions=False))
    counted = [row for row in rows if row.get("state", "reported") == "reported" and row["status"] == "submitted"]
    if not counted:
        return
    gone = data.draw(st.sampled_from(counted))
    withdrawal = {**gone, "revision": 9, "state": "missing", "value": None, "numerator": None, "denominator": None}
    rest = [row for row in rows if row is not gone]
    until = plan.end
    withdrawn = count(plan, [*rows, {**withdrawal, "source_order": len(rows)}], until=until)
    assert amounts(withdrawn) == amounts(count(plan, rest, until=until))


@given(st.data())
def test_splitting_a_report_into_parts_changes_no_sum(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan, revisions=False))
    added = {
        code
        for code, indicator in plan.indicators.items()
        if indicator.accumulation is Accumulation.FLOW
        and indicator.measure is Measure.NUMBER
        and all(rule is None for rule in (indicator.aggregation.locations, indicator.aggregation.partners))
        and indicator.aggregation.time in (None, "sum")
        and not indicator.assignments
        and indicator.missing == "skip"
        and indicator.min_coverage is None
    }
    split: list[dict[str, Any]] = []
    for row in rows:
        value = row.get("value")
        if row["indicator"] in added and value is not None:
            part = (value / 3).quantize(Decimal("0.01"))
            split += [{**row, "value": part}, {**row, "value": value - part, "partner": row["partner"] + "-2"}]
        else:
            split.append(row)
    whole = count(plan, rows)
    parts = count(plan, [{**row, "source_order": order} for order, row in enumerate(split)])
    assert {code: whole[code].value for code in added} == {code: parts[code].value for code in added}


def _in_other_unit(
    plan: Logframe, rows: list[dict[str, Any]], factor: int, unit: str
) -> tuple[Logframe, list[dict[str, Any]]]:
    """The same plan and reports with every mass written in a unit that is `factor` times smaller."""

    def scaled(told: Any) -> Any:
        if isinstance(told, list):
            return [scaled(each) for each in told]
        if not isinstance(told, dict):
            return told
        mass = told.get("unit") == "kg"
        changed = {key: scaled(value) for key, value in told.items()}
        if mass:
            changed["unit"] = unit
            for name in ("tolerance", "reachable"):
                if changed.get(name) is not None:
                    changed[name] = str(Decimal(changed[name]) * factor)
            for quantity in [changed.get("baseline") or {}, *(changed.get("targets") or [])]:
                for holder in (quantity, *(quantity.get("history") or [])):
                    for name in ("value", "minimum", "maximum", "above_baseline"):
                        if holder.get(name) is not None:
                            holder[name] = str(Decimal(holder[name]) * factor)
        return changed

    other = Logframe.model_validate(scaled(plan.model_dump(mode="json")))
    masses = {code for code, indicator in plan.indicators.items() if indicator.unit == "kg"}
    return other, [
        {**row, "value": row["value"] * factor, "unit": unit}
        if row["indicator"] in masses and row.get("value") is not None and row.get("unit") is None
        else row
        for row in rows
    ]


@given(st.data())
def test_the_unit_changes_no_achievement(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    in_grams, told = _in_other_unit(plan, rows, 1000, "g")
    kilos, grams = count(plan, rows), count(in_grams, told)
    for code in plan.indicators:
        first, second = achievement(kilos[code]), achievement(grams[code])
        assert (first.value, first.reason) == (second.value, second.reason)
    assert scored(kilos) == scored(grams)


_MIRRORED = {"min": "max", "max": "min", "all": "any", "any": "all"}


def _mirrored(plan: Logframe, rows: list[dict[str, Any]]) -> tuple[Logframe, list[dict[str, Any]]]:
    """Every number of the plain indicators with its sign turned, and every direction, comparator and extreme with it."""
    turned: set[str] = {
        code
        for code, each in plan.indicators.items()
        if each.measure in (Measure.NUMBER, Measure.CURRENCY, Measure.INDEX)
    }

    def negative(text: str | None) -> str | None:
        return None if text is None else str(-Decimal(text))

    def flip(told: Any) -> Any:
        if isinstance(told, list):
            return [flip(each) for each in told]
        if not isinstance(told, dict):
            return told
        changed = {key: flip(value) for key, value in told.items()}
        if changed.get("id") not in turned or "measure" not in changed:
            return changed
        changed["direction"] = {"increase": "decrease", "decrease": "increase"}.get(changed["direction"], "maintain")
        rules = changed["aggregation"]
        for axis in ("categories", "locations", "partners", "time"):
            rules[axis] = _MIRRORED.get(rules[axis], rules[axis])
        for quantity in [changed.get("baseline") or {}, *(changed.get("targets") or [])]:
            for holder in (quantity, *(quantity.get("history") or [])):
                holder["value"] = negative(holder.get("value"))
                if "comparator" in holder:
                    holder["minimum"], holder["maximum"] = (
                        negative(holder.get("maximum")),
                        negative(holder.get("minimum")),
                    )
                    holder["above_baseline"] = negative(holder.get("above_baseline"))
                    holder["comparator"] = {"≥": "≤", "≤": "≥"}.get(holder["comparator"], holder["comparator"])
        return changed

    other = Logframe.model_validate(flip(plan.model_dump(mode="json")))
    return other, [
        {**row, "value": -row["value"]} if row["indicator"] in turned and row.get("value") is not None else row
        for row in rows
    ]


def is_silent_sum(value: IndicatorValue) -> bool:
    """Whether silence lowers what is added up over periods, which must not be rewarded where less is better."""
    return value.indicator.accumulation is Accumulation.FLOW and is_incomplete(value, every_period=True)


@given(st.data())
def test_mirroring_direction_and_values_changes_no_achievement(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    first = count(plan, rows)
    second = count(*_mirrored(plan, rows))
    for code in plan.indicators:
        if is_silent_sum(first[code]):
            continue
        here, there = achievement(first[code]), achievement(second[code])
        assert (here.value, here.reason) == (there.value, there.reason)


@given(numbers(), numbers(), numbers(), numbers(low=-500, high=500))
def test_shifting_all_three_numbers_changes_no_achievement(a: Decimal, b: Decimal, t: Decimal, by: Decimal) -> None:
    actual, base, target, shift = (Fraction(each) for each in (a, b, t, by))
    assert achievement_of(actual=actual, baseline=base, target=target) == achievement_of(
        actual=actual + shift, baseline=base + shift, target=target + shift
    )


@given(numbers(), numbers())
def test_the_ends_are_zero_and_one(b: Decimal, t: Decimal) -> None:
    base, target = Fraction(b), Fraction(t)
    at_base, reason = achievement_of(actual=base, baseline=base, target=target)
    at_target, _ = achievement_of(actual=target, baseline=base, target=target)
    assert (at_base, at_target) == ((None, None) if base == target else (0, 1))
    assert (reason is None) == (base != target)


@given(numbers(), numbers())
def test_exactly_eighty_per_cent_is_eighty_per_cent(b: Decimal, t: Decimal) -> None:
    base, target = Fraction(b), Fraction(t)
    reached, _ = achievement_of(actual=base + Fraction(4, 5) * (target - base), baseline=base, target=target)
    assert reached in (None, Fraction(4, 5))


@given(numbers(), numbers(), numbers(), numbers())
def test_more_towards_the_target_is_never_less_achieved(b: Decimal, t: Decimal, a: Decimal, step: Decimal) -> None:
    base, target, actual, further = (Fraction(each) for each in (b, t, a, step))
    if base == target:
        return
    towards = further if target > base else -further
    before, _ = achievement_of(actual=actual, baseline=base, target=target)
    after, _ = achievement_of(actual=actual + towards, baseline=base, target=target)
    assert before is not None
    assert after is not None
    assert after >= before


@given(st.data())
def test_weights_times_a_factor_change_no_score(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))

    def heavier(told: Any) -> Any:
        if isinstance(told, list):
            return [heavier(each) for each in told]
        if not isinstance(told, dict):
            return told
        changed = {key: heavier(value) for key, value in told.items()}
        if changed.get("weight") is not None:
            changed["weight"] = str(Decimal(changed["weight"]) * 7)
        return changed

    other = Logframe.model_validate(heavier(plan.model_dump(mode="json")))
    assert scored(count(plan, rows)) == scored(count(other, rows))


@given(st.data())
def test_a_score_lies_between_its_parts_and_inside_the_caps(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    card = score(count(plan, data.draw(observation_rows(plan))), scheme="baseline-target")
    for part in card.results.values():
        if part.score is None:
            continue
        parts = [each.score for each in (*part.indicators, *part.results) if each.counted and each.score is not None]
        assert min(parts) <= part.score <= max(parts)
        assert 0 <= part.score <= 120


@given(st.data())
def test_missing_is_never_zero(data: st.DataObject) -> None:
    """An indicator without a number takes no part in a score: the others' mean is what it would be without it."""
    plan = data.draw(logframes())
    card = score(count(plan, data.draw(observation_rows(plan))), scheme="baseline-target")
    for part in card.results.values():
        counted = [each for each in part.indicators if each.counted]
        if part.source != "indicators" or part.score is None:
            continue
        weight = sum((each.share for each in counted), Fraction(0))
        assert all(each.score is not None for each in counted)
        assert part.score == sum((each.share * (each.score or 0) for each in counted), Fraction(0)) / weight
        assert part.coverage == sum((each.share for each in part.indicators if each.score is not None), Fraction(0))


@given(st.data())
def test_explanations_end_at_what_was_counted(data: st.DataObject) -> None:
    """For a plain sum, the cells that explain() lists in parts that count add up to the value that it explains."""
    plan = data.draw(logframes(indicators_max=2))
    values = count(plan, data.draw(observation_rows(plan)))
    for value in values.values():
        indicator = value.indicator
        rules = {indicator.rule(axis).value for axis in indicator.order}
        if value.value is None or rules != {"sum"} or indicator.measure is not Measure.CURRENCY:
            continue
        told = value.explain()
        # Where each reporter is added up over time first, a period with too few reports is in the number all the same.
        cells = (
            counted_cells(told) if time_is_last(indicator) else (node for node in told.walk() if node.kind == "cell")
        )
        assert sum((cell.value or Fraction(0) for cell in cells), Fraction(0)) == value.value


def counted_cells(node: Explanation) -> Iterator[Explanation]:
    """The cells beneath parts that have a value: a period with too few reports adds nothing, and says so."""
    if node.kind == "cell":
        yield node
    for part in node.children if node.value is not None else ():
        yield from counted_cells(part)


@given(st.data())
def test_nothing_given_is_changed_and_a_second_call_agrees(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    table = Observations.from_rows(data.draw(observation_rows(plan)))
    before, told = table.to_polars().clone(), plan.model_dump_json()
    first, second = aggregate(table, plan), aggregate(table, plan)
    assert amounts(first) == amounts(second)
    assert scored(first) == scored(second)
    assert table.to_polars().equals(before)
    assert plan.model_dump_json() == told


@given(st.data())
def test_later_reports_change_nothing_that_was_known_before(data: st.DataObject) -> None:
    plan = data.draw(logframes())
    rows = data.draw(observation_rows(plan))
    days = sorted({row["reported_on"] for row in rows if row["reported_on"] is not None})
    if not days:
        return
    day = data.draw(st.sampled_from(days))
    known = [row for row in rows if row["reported_on"] is None or row["reported_on"] <= day]
    assert amounts(count(plan, rows, known_by=day, until=plan.end)) == amounts(
        count(plan, known, known_by=day, until=plan.end)
    )


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(0, 4))
def test_rounding_moves_by_at_most_half_a_step(number: Fraction, digits: int) -> None:
    for mode in ("half_up", "half_even"):
        rounded = Rounding(digits=digits, mode=mode)(number)
        assert abs(rounded - number) <= Fraction(1, 2 * 10**digits)
        assert (rounded * 10**digits).denominator == 1
        assert Rounding(digits=digits, mode=mode)(rounded) == rounded


@given(st.data())
def test_directions_are_no_part_of_the_arithmetic(data: st.DataObject) -> None:
    """40 → 30 with target 20 is half way, whatever the indicator says about its direction.

    Maintain apart, and sums with silent periods.
    """
    plan = data.draw(logframes())
    values = count(plan, data.draw(observation_rows(plan)))
    for value in values.values():
        if value.indicator.direction is Direction.MAINTAIN or is_silent_sum(value):
            continue
        other = Direction.DECREASE if value.indicator.direction is Direction.INCREASE else Direction.INCREASE
        turned = replace(value, indicator=value.indicator.model_copy(update={"direction": other}))
        assert achievement(value).value == achievement(turned).value
