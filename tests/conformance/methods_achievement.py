"""Published ways to say how far an indicator has come, and how fast. Read `ADAPTERS`: one function per method."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import mne
from mne.scores.expected import interpolated, time_share
from mne.scores.scheme import AchievementRule, Scheme
from mne.scores.trajectory import linear_projection
from tests.conformance.building import FIRST_YEAR, counted, indicator, label, project
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, number
from tests.conformance.methods_common import (
    card,
    decimal_of,
    direction_of,
    exact,
    given,
    numbers,
    plain_scheme,
    several,
    told,
)
from tests.conformance.peers_periods import OVER_UNDER, Series

BEFORE: Final = dt.date(FIRST_YEAR - 1, 12, 31)
QUARTERS: Final = 4


def baseline_target(case: Case, data: Datasets) -> Outcome:
    """Through a card: floor and cap are the scheme's."""
    inputs = given(case)
    scheme = plain_scheme(floor=inputs.get("floor"), ceiling=inputs.get("cap"))
    found = card([inputs["actual"]], target=inputs["target"], baseline=inputs.get("baseline"), scheme=scheme)
    return told(case, found.indicators["I0"].score)


def portal_progress(case: Case, data: Datasets) -> Outcome:
    """UNICEF's portal stops at 0, and gives 0 where target and baseline are equal: a policy here, not a number."""
    inputs = given(case)
    scheme = plain_scheme(floor=0, undefined={"target-equals-baseline": "zero"})
    found = card([inputs["actual"]], target=inputs["target"], baseline=inputs.get("baseline"), scheme=scheme)
    return told(case, found["P.outcome"].score)


def baseline_hazard(case: Case, data: Datasets) -> Outcome:
    """The same numbers with and without the baseline."""
    inputs = given(case)
    three = {name: number(inputs.get(name)) for name in ("actual", "baseline", "target")}
    return several(
        case,
        {
            "actual_over_target": mne.achievement_of(**three, convention="actual_over_target")[0],
            "baseline_adjusted": mne.achievement_of(**three)[0],
        },
    )


# --- TolaData -------------------------------------------------------------------------------------------------------


def over_under(case: Case, data: Datasets) -> Outcome:
    """The variance from the target, turned where less is better, against the margin of the scope."""
    inputs = given(case)
    variance, _ = mne.achievement_of(
        actual=number(inputs["actual"]),
        target=number(inputs["target"]),
        convention="variance",
        direction="decrease" if inputs.get("direction_negative") else "increase",
        favourable=True,
    )
    band = None if variance is None else _scope(inputs.get("margin", "0.15")).band(variance * 100)
    return told(case, None if band is None else OVER_UNDER[band.label])


def _scope(margin: Any) -> Scheme:
    """The shipped scheme with another margin."""
    shipped = mne.schemes()["tola-scope"].model_dump()
    edge = decimal_of(exact(margin) * 100)
    edges = {"high": {"above": edge}, "on": {"lower": -edge}}
    return Scheme.model_validate(
        {**shipped, "bands": [{**band, **edges.get(band["label"], {})} for band in shipped["bands"]]}
    )


def to_date(case: Case, data: Datasets) -> Outcome:
    """Actual and target of the periods that are completed: of percentages the latest, else sums."""
    inputs = given(case)
    periods = list(inputs["periods"])
    way = "level" if inputs.get("unit") == "percentage" else "summing" if inputs.get("cumulative") else "none"
    falling = bool(inputs.get("direction_negative"))
    series = Series.of(
        [each.get("target") for each in periods],
        [each.get("results") or () for each in periods],
        way,
        decreasing=falling,
    )
    done = [at for at, each in enumerate(periods) if each.get("completed", True)]
    value = series.value(max(done) if done else BEFORE)
    found = mne.achievement(value, rule=AchievementRule(convention=series.ratio))
    return several(case, {"actual": found.actual, "target": found.target, "met": found.value})


# --- what is expected by now ----------------------------------------------------------------------------------------


def expected_progress(case: Case, data: Datasets) -> Outcome:
    """On a straight line, on lines through milestones, or as the newest milestone whose time is up."""
    inputs = given(case)
    curve = str(inputs.get("curve", "quarters" if "quarter" in inputs else ""))
    if "quarter" in inputs:
        inputs = {"start": 0, "end": QUARTERS, "t": inputs["quarter"], "baseline": 0, "target": 1, **inputs}
    if curve in ("linear", "quarters", "quarterly", "quarterly_share"):
        start, end, at = exact(inputs.get("start", 0)), exact(inputs["end"]), exact(inputs["t"])
        ends = [(start, exact(inputs["baseline"])), (end, exact(inputs["target"]))]
        share = time_share(start, end, at)
        return several(case, {"expected": interpolated(ends, at), "fraction": share, "share": share})
    points = [(exact(when), exact(value)) for when, value in inputs.get("points", ())]
    if curve == "piecewise_linear":
        return several(case, {"expected": interpolated(points, exact(inputs["t"]))})
    if curve in ("step", "completed", "completed_periods", "completed_milestones"):
        return several(case, {"expected": _newest_milestone(points, exact(inputs["t"]))})
    raise NotWired(f"curve {curve!r}")


def _newest_milestone(points: list[tuple[Fraction, Fraction]], at: Fraction) -> Fraction | None:
    """What a plan asks for by then: milestones at the ends of years, the baseline at its start."""
    if any(when.denominator != 1 for when, _ in points) or not points or points[0][0] != 0:
        raise NotWired("milestones that do not lie at the ends of years from the start")
    (_, start), *milestones = points
    level = indicator(
        accumulation="level",
        baseline={"value": decimal_of(start)},
        targets=tuple({"period": label(int(when) - 1), "value": decimal_of(value)} for when, value in milestones),
    )
    plan = project(level, years=int(points[-1][0]))
    until = int(at) - 1 if at >= 1 else BEFORE
    return mne.expected_progress(counted(plan, [], until=until)["I"])[0] if at >= milestones[0][0] else start


# --- growth ---------------------------------------------------------------------------------------------------------


def _years(inputs: Mapping[str, Any], first: str, last: str) -> Fraction:
    return exact(inputs[last]) - exact(inputs[first])


def open_sdg(case: Case, data: Datasets) -> Outcome:
    """Observed against required growth, or the observed one alone where there is no target."""
    inputs = given(case)
    target = number(inputs.get("target_value"))
    found = mne.trajectory(
        baseline=number(inputs["base_value"]),
        actual=number(inputs["current_value"]),
        target=target,
        elapsed=_years(inputs, "base_year", "current_year"),
        span=None if target is None else _years(inputs, "base_year", "target_year"),
        direction=direction_of(inputs["direction"]),
        limit=number(inputs.get("limit")),
    )
    return several(
        case,
        {
            "cagr_o": found.observed,
            "cagr_r": found.required,
            "ratio": found.ratio,
            "cagr_dir": found.ratio,
            "C": found.coefficient,
            "score": found.points,
            "status": None if found.status is None else found.status.replace("_", " "),
        },
    )


def progress_chart(case: Case, data: Datasets) -> Outcome:
    """The share of the way that will be covered on the target's date; a target already reached has no such share."""
    inputs = given(case)
    baseline, actual, target = (exact(inputs[name]) for name in ("baseline", "current", "target"))
    time = {
        "elapsed": _years(inputs, "base_year", "current_year"),
        "span": _years(inputs, "base_year", "target_year"),
    }
    direction = "increase" if target >= baseline else "decrease"
    found = mne.trajectory(baseline=baseline, actual=actual, target=target, direction=direction, **time)
    share, _ = mne.achievement_of(
        baseline=baseline, actual=actual, target=target, convention="projected_growth", **time
    )
    scheme = mne.schemes()["un-progress-chart"]
    band = scheme.ordered_bands[-1] if found.reached else None if share is None else scheme.band(share * 100)
    return several(
        case,
        {
            "cagr": found.observed,
            f"expected_{inputs['target_year']}": found.projected,
            "ratio": None if found.reached else share,
            "category": None if band is None else number(band.value),
        },
    )


WEATHER: Final = Scheme(
    id="weather",
    title="Weather symbols",
    version="1",
    source="Destatis, indicators of the German sustainable development strategy: per cent of the way that will be left",
    verified=True,
    rates="ratings",
    better="lower",
    bands=(
        {"label": "sun", "status": "met"},
        {"label": "partly", "above": 5, "status": "at_risk"},
        {"label": "cloud", "above": 20, "status": "off_track"},
        {"label": "thunderstorm", "above": 100, "status": "off_track"},
    ),
)


def weather(case: Case, data: Datasets) -> Outcome:
    """The average change of the last years carried on to the target's year: how much of the way would be left."""
    inputs = given(case)
    values = numbers(
        next(each for name, each in inputs.items() if name.startswith("last_") and name.endswith("values"))
    )
    target, years = exact(inputs["target"]), _years(inputs, "last_year", "target_year")
    projected = linear_projection(values, years=years)
    covered, _ = mne.achievement_of(actual=projected, target=target, baseline=values[-1])
    gap = None if covered is None else (1 - covered) * 100
    rising = bool(inputs.get("increasing", target >= values[-1]))
    kept, passed = ((each >= target) if rising else (each <= target) for each in (projected, values[-1]))
    symbol = "sun" if kept else "thunderstorm" if passed or gap is None else WEATHER.band(gap).label
    step = linear_projection(values, years=Fraction(1)) - values[-1]
    return several(case, {"avg_change": step, "projected": projected, "gap_pct": gap, "symbol": symbol})


def current_status(case: Case, data: Datasets) -> Outcome:
    """ESCAP's current status: the way covered, where ten is all of it."""
    inputs = given(case)
    three = {name: number(inputs[name]) for name in ("base", "current", "target")}
    if three["base"] is not None and three["target"] is not None and three["base"] != three["target"]:
        way = direction_of(1 if three["target"] > three["base"] else -1)
        if way != direction_of(inputs.get("direction", way)):
            raise NotWired("a target on the wrong side of its baseline")
    found = card([three["current"]], target=three["target"], baseline=three["base"], scheme=plain_scheme(scale=10))
    return told(case, found.indicators["I0"].score)


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "baseline_target_achievement": baseline_target,
    "unicef_prp_progress_percentage": portal_progress,
    "ratio_vs_baseline_hazard": baseline_hazard,
    "tola_over_under": over_under,
    "tola_actual_to_date": to_date,
    "expected_progress": expected_progress,
    "opensdg_cagr_target": open_sdg,
    "opensdg_cagr_no_target": open_sdg,
    "un_progress_chart": progress_chart,
    "destatis_weather": weather,
    "escap_current_status": current_status,
}
