"""Hypothesis strategies for logframes, and for rows of the observation table. Read `logframes` first."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mne.errors import MissingExtraError
from mne.logframe.indicator import TOTAL, Accumulation, Direction, Measure, MissingPolicy, Rule, category_key
from mne.logframe.model import Logframe
from mne.tables.observations import State, Status

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtraError('mne.testing needs hypothesis: pip install "logframe[testing]"') from error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mne.logframe.indicator import Indicator
    from mne.logframe.periods import Period

__all__ = ["LOCATIONS", "PARTNERS", "indicators", "logframes", "numbers", "observation_rows"]

PARTNERS = ("P-A", "P-B", "P-C")
LOCATIONS = ("L-1", "L-2")
_SEXES = ("sex=F", "sex=M")
_AGES = ("age=<25", "age=25+")
_RECEIVED = dt.date(2024, 1, 10)


def numbers(*, low: int = 0, high: int = 5_000, decimals: int = 2) -> st.SearchStrategy[Decimal]:
    """Exact decimals between `low` and `high` with at most `decimals` places."""
    scale = 10**decimals
    return st.integers(low * scale, high * scale).map(lambda whole: Decimal(whole) / scale)


# --- plans ------------------------------------------------------------------------------------------------------

_LEGAL: dict[Measure, tuple[Rule, ...]] = {
    Measure.NUMBER: (Rule.SUM, Rule.MEAN, Rule.MIN, Rule.MAX, Rule.MEDIAN, Rule.WEIGHTED_MEAN, Rule.NONE),
    Measure.CURRENCY: (Rule.SUM, Rule.MAX),
    Measure.INDEX: (Rule.MEAN, Rule.MIN, Rule.MAX, Rule.MEDIAN, Rule.NONE),
    Measure.PERCENTAGE: (Rule.POOLED, Rule.MEAN, Rule.MAX),
    Measure.RATIO: (Rule.POOLED, Rule.MIN),
    Measure.ORDINAL: (Rule.MEDIAN, Rule.MIN, Rule.MAX, Rule.MODE),
    Measure.MILESTONE: (Rule.MAX, Rule.MIN),
    Measure.YES_NO: (Rule.ALL, Rule.ANY, Rule.MEAN),
}
_STEPS = [{"id": step} for step in ("low", "middle", "high", "top")]


@st.composite
def indicators(draw: st.DrawFn, id: str, *, measures: Sequence[Measure] = tuple(_LEGAL)) -> dict[str, Any]:
    """One indicator as plain data: a legal mix of measure, accumulation, direction, rules, baseline and targets."""
    measure = draw(st.sampled_from(measures))
    additive = measure in (Measure.NUMBER, Measure.CURRENCY)
    accumulation = draw(st.sampled_from(tuple(Accumulation) if additive else (Accumulation.LEVEL, Accumulation.FLOW)))
    direction = draw(st.sampled_from(tuple(Direction)))
    by_value = measure is Measure.PERCENTAGE and draw(st.booleans())
    told: dict[str, Any] = {
        "id": id,
        "title": f"Indicator {id}",
        "measure": measure.value,
        "unit": "percent" if measure is Measure.PERCENTAGE else "kg" if measure is Measure.NUMBER else None,
        "accumulation": accumulation.value,
        "direction": direction.value,
        "aggregation": draw(_aggregation(measure, accumulation, by_value=by_value)),
        "missing": draw(_policy(measure, accumulation)),
        "assignments": draw(_assignments()),
        "disaggregation": draw(st.sampled_from(([], [{"dimensions": ["sex"]}], [{"dimensions": ["sex", "age"]}]))),
        "core": draw(st.booleans()),
    }
    if by_value:
        told["reported_as"] = "value"
    if measure is Measure.RATIO:
        told["per"] = "1000"
    if measure.is_ranked:
        told["scale"] = _STEPS
    if draw(st.integers(0, 9)) == 0:
        told["min_coverage"] = "0.5"
    if direction is Direction.MAINTAIN and not measure.is_ranked:
        told["tolerance"] = str(draw(numbers(high=20)))
    if accumulation is Accumulation.FLOW and additive and draw(st.booleans()):
        told["baseline_included"] = True
    told["baseline"] = draw(_baseline(measure))
    told["targets"] = draw(_targets(measure, accumulation, direction))
    return {key: value for key, value in told.items() if value not in (None, [], {})}


@st.composite
def _aggregation(draw: st.DrawFn, measure: Measure, accumulation: Accumulation, *, by_value: bool) -> dict[str, Any]:
    legal = tuple(rule for rule in _LEGAL[measure] if not (by_value and rule is Rule.POOLED))
    chosen: dict[str, Any] = {}
    for axis in ("categories", "locations", "partners"):
        rule = draw(st.sampled_from((None, *legal)))
        # A mean of percentages over one axis leaves nothing to pool over the next.
        if rule is not None and (measure not in (Measure.PERCENTAGE, Measure.RATIO) or by_value):
            chosen[axis] = rule.value
    if accumulation is Accumulation.FLOW and measure is Measure.NUMBER:
        chosen["time"] = draw(st.sampled_from(("sum", "mean", "max", "latest")))
    if Rule.WEIGHTED_MEAN.value in chosen.values():
        codes = (TOTAL, *PARTNERS, *LOCATIONS, *_SEXES, *(f"{sex}|{age}" for sex in _SEXES for age in _AGES))
        chosen["weights"] = {code: str(draw(st.integers(1, 5))) for code in codes}
    if draw(st.integers(0, 3)) == 0:
        rest = draw(st.permutations(["locations", "partners", "time"]))
        chosen["order"] = ["categories", *rest]
    if draw(st.booleans()):
        chosen["totals"] = "sum_of_parts"
    return chosen


@st.composite
def _policy(draw: st.DrawFn, measure: Measure, accumulation: Accumulation) -> str:
    legal = [MissingPolicy.SKIP, MissingPolicy.SKIP, MissingPolicy.PROPAGATE]
    if not measure.is_ranked:
        legal.append(MissingPolicy.ZERO)
    if accumulation is not Accumulation.FLOW:
        legal.append(MissingPolicy.CARRY_FORWARD)
    return str(draw(st.sampled_from(legal)).value)


@st.composite
def _assignments(draw: st.DrawFn) -> list[dict[str, Any]]:
    if draw(st.booleans()):
        return []
    partners = draw(st.lists(st.sampled_from(PARTNERS), unique=True, min_size=1))
    places: list[list[str]] = [[], [LOCATIONS[0]], list(LOCATIONS)]
    return [{"partner": partner, "locations": draw(st.sampled_from(places))} for partner in partners]


def _quantity(draw: st.DrawFn, measure: Measure) -> dict[str, Any]:
    if measure.is_ranked:
        return {"stage": draw(st.sampled_from([step["id"] for step in _STEPS]))}
    if measure is Measure.YES_NO:
        return {"value": str(draw(st.integers(0, 1)))}
    if measure is Measure.RATIO or (measure is Measure.PERCENTAGE and draw(st.booleans())):
        return {"numerator": str(draw(st.integers(0, 50))), "denominator": str(draw(st.integers(50, 100)))}
    return {"value": str(draw(numbers(high=100)))}


@st.composite
def _baseline(draw: st.DrawFn, measure: Measure) -> dict[str, Any]:
    kind = draw(st.sampled_from(("known", "known", "known", "pending", "none")))
    if kind == "none":
        return {}
    return {"status": "pending"} if kind == "pending" else _quantity(draw, measure)


@st.composite
def _targets(
    draw: st.DrawFn, measure: Measure, accumulation: Accumulation, direction: Direction
) -> list[dict[str, Any]]:
    dates = draw(st.lists(st.sampled_from(("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")), unique=True, max_size=3))
    flow = accumulation is Accumulation.FLOW
    # A sum cannot fall to a target, so that a flow that should is judged period by period.
    bases = ("per_period",) if direction is Direction.DECREASE else ("per_period", "cumulative")
    basis = draw(st.sampled_from(bases)) if flow else None
    targets: list[dict[str, Any]] = []
    for label in sorted(dates):
        told: dict[str, Any] = {"period": label, **_quantity(draw, measure)}
        if basis:
            told["basis"] = basis
        plain = "value" in told and measure is not Measure.YES_NO
        shape = draw(st.sampled_from(("=", "=", "=", "≥", "≤", "within", "above")))
        if plain and basis != "per_period":
            if shape in ("≥", "≤"):
                told["comparator"] = shape
            elif shape == "within":
                low = Decimal(told.pop("value"))
                told.update(minimum=str(low), maximum=str(low + draw(st.integers(0, 20))), comparator="within")
            elif shape == "above" and direction is not Direction.MAINTAIN:
                told["above_baseline"] = told.pop("value")
        targets.append(told)
    ends, revised = draw(st.booleans()), draw(st.integers(0, 4)) == 0
    if targets and ends:
        targets[-1]["kind"] = "final"
    if targets and "value" in targets[0] and revised:
        targets[0]["since"] = "2024-05-01"
        targets[0]["history"] = [
            {**{k: v for k, v in targets[0].items() if k in ("value", "comparator")}, "value": "1"}
        ]
        targets[0]["history"][0].pop("since", None)
    return targets


@st.composite
def logframes(draw: st.DrawFn, *, indicators_max: int = 3) -> Logframe:
    """A valid logframe of one year and four quarters: a goal, one or two outcomes, outputs, and some indicators."""
    count = iter(range(1, 100))

    def some(least: int) -> list[dict[str, Any]]:
        how_many = draw(st.integers(least, indicators_max))
        return [draw(indicators(f"I{next(count)}")) for _ in range(how_many)]

    def weighted(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if draw(st.booleans()):
            return parts
        return [{**part, "weight": str(draw(st.integers(1, 60)))} for part in parts]

    outcomes = []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        outputs = [
            {"id": f"OP{number}.{k}", "level": "output", "title": f"Output {k}", "indicators": weighted(some(0))}
            for k in range(1, draw(st.integers(0, 2)) + 1)
        ]
        own = weighted(some(1))
        outcomes.append(
            {
                "id": f"OC{number}",
                "level": "outcome",
                "title": f"Outcome {number}",
                "indicators": own,
                "results": weighted(outputs),
            }
        )
    return Logframe.model_validate(
        {
            "id": "TEST",
            "title": "A generated project",
            "start": "2024-01-01",
            "end": "2024-12-31",
            "organisations": [{"id": code, "title": code, "roles": ["partner"]} for code in PARTNERS],
            "locations": [{"id": code, "title": code} for code in LOCATIONS],
            # Targets that are where they began are what published plans have too: nothing can be achieved against them.
            "severities": {"logframe-target-equals-baseline": "warning"},
            "dimensions": [
                {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "women"}, {"id": "M", "title": "men"}]},
                {
                    "id": "age",
                    "title": "Age",
                    "codes": [{"id": "<25", "title": "young"}, {"id": "25+", "title": "older"}],
                },
            ],
            "results": [{"id": "G", "level": "impact", "title": "Goal", "results": weighted(outcomes)}],
        }
    )


# --- reports ----------------------------------------------------------------------------------------------------


@st.composite
def observation_rows(draw: st.DrawFn, plan: Logframe, *, revisions: bool = True) -> list[dict[str, Any]]:
    """Rows of the observation table for `plan`, as plain mappings: totals and parts, gaps, revisions, withdrawals."""
    rows: list[dict[str, Any]] = []
    for indicator in plan.indicators.values():
        places = [(a.partner, place) for a in indicator.assignments for place in a.locations or (TOTAL,)]
        reporters = places or draw(
            st.lists(
                st.tuples(st.sampled_from(PARTNERS), st.sampled_from((TOTAL, *LOCATIONS))), unique=True, max_size=3
            )
        )
        for period in plan.periods_of(indicator):
            for reporter in reporters:
                shape = draw(st.sampled_from(("none", "total", "total", "parts", "both", "not_applicable")))
                told = _report(plan, indicator, period, reporter=reporter, shape=shape, revisions=revisions)
                rows += draw(told)
    return [{**row, "source_order": order} for order, row in enumerate(rows)]


@st.composite
def _report(
    draw: st.DrawFn,
    plan: Logframe,
    indicator: Indicator,
    period: Period,
    *,
    reporter: tuple[str, str],
    shape: str,
    revisions: bool,
) -> list[dict[str, Any]]:
    if shape == "none":
        return []
    received = _RECEIVED + dt.timedelta(days=draw(st.integers(0, 400)))
    base: dict[str, Any] = {
        "project": plan.id,
        "indicator": indicator.id,
        "period": period.label,
        "period_start": period.start,
        "period_end": period.last_day,
        "partner": reporter[0],
        "location": reporter[1],
        "category": TOTAL,
        "status": str(draw(st.sampled_from(tuple(Status))).value) if draw(st.integers(0, 5)) == 0 else "submitted",
        "reported_on": received if draw(st.integers(0, 5)) else None,
    }
    if shape == "not_applicable":
        absent = draw(st.sampled_from((State.NOT_APPLICABLE, State.NOT_DUE, State.MISSING)))
        return [{**base, "state": absent.value}]
    rows = []
    if shape in ("total", "both") or not indicator.disaggregation:
        rows.append({**base, **_value(draw, indicator)})
    if shape in ("parts", "both") and indicator.disaggregation:
        names = indicator.disaggregation[0].dimensions
        codes = {dimension.id: [code.id for code in dimension.codes] for dimension in plan.dimensions}
        keys: list[dict[str, str]] = [{}]
        for name in names:
            keys = [{**key, name: code} for key in keys for code in codes[name]]
        rows += [
            {**base, "category": category_key(key), **_value(draw, indicator)}
            for key in keys
            if draw(st.integers(0, 4))
        ]
    if revisions and rows and draw(st.integers(0, 4)) == 0:
        amended = {**rows[0], "revision": 1, "reported_on": received + dt.timedelta(days=draw(st.integers(0, 90)))}
        if draw(st.booleans()):
            amended.update(_value(draw, indicator))
        else:
            amended.update(state=State.MISSING.value, value=None, numerator=None, denominator=None)
        rows.append(amended)
    return rows


def _value(draw: st.DrawFn, indicator: Indicator) -> dict[str, Any]:
    if indicator.by_denominator:
        bottom = draw(st.sampled_from((0, 1, 7, 10, 50)))
        return {"numerator": Decimal(draw(st.integers(0, bottom))), "denominator": Decimal(bottom)}
    if indicator.measure.is_ranked:
        return {"value": Decimal(draw(st.integers(1, len(_STEPS))))}
    if indicator.measure is Measure.YES_NO:
        return {"value": Decimal(draw(st.integers(0, 1)))}
    told: dict[str, Any] = {"value": draw(numbers(high=200))}
    if indicator.unit == "kg" and draw(st.integers(0, 4)) == 0:
        told["unit"] = draw(st.sampled_from(("t", "g")))
    return told
