"""Worked examples of published methods: achievement, rating, composite, survey, quality, equity. Read `FORMAT` first.

One adapter for each method. An example whose source contradicts itself is held against what follows from its own rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import mne
from mne.scores import equity, quality, survey
from mne.scores.expected import interpolated, time_share
from mne.scores.scheme import Rounding, Scheme
from mne.scores.trajectory import linear_projection, trajectory
from tests.cases.building import indicator as an_indicator
from tests.cases.building import outcome, output, plan, row, rows, share
from tests.conformance.contract import Adapter, Case, Datasets, Exclusion, Format, NotWired, Outcome, compared, number

YEARS: Final = ("baseline", "actual", "target")


def inputs(case: Case) -> Mapping[str, Any]:
    """What the example starts from."""
    return case["inputs"]


def told(case: Case, got: Any) -> Outcome:
    """The answer, held against the expected one within the example's own tolerance."""
    want = case["expected"]
    tolerance = case.get("tolerance")
    return compared(got, want, None if tolerance in (None, 0) else tolerance)


def several(case: Case, figures: Mapping[str, Any]) -> Outcome:
    """Of several figures those that are asked for; a figure that nobody computes is not wired."""
    missing = [name for name in case["expected"] if name not in figures]
    if missing:
        raise NotWired(f"figures {', '.join(missing)}")
    return told(case, figures)


def direction_of(told: Any) -> str:
    """1 or true for what should rise, -1 or false for what should fall."""
    if told in (1, "1", "increase", "positive", True):
        return "increase"
    if told in (-1, "-1", "decrease", "negative", False):
        return "decrease"
    raise NotWired(f"direction {told!r}")


def numbers(values: Sequence[Any]) -> list[Fraction]:
    """A list of numbers as exact fractions."""
    return [each for value in values if (each := number(value)) is not None]


# --- achievement ----------------------------------------------------------------------------------------------------


def _achieved(given: Mapping[str, Any], convention: str = "baseline_target", **more: Any) -> Fraction | None:
    return mne.achievement_of(
        actual=number(given.get("actual", given.get("current"))),
        target=number(given.get("target")),
        baseline=number(given.get("baseline", given.get("base"))),
        convention=convention,
        **more,
    )[0]


def _small_plan(given: Mapping[str, Any], **options: Any) -> Any:
    """An outcome with one level from the example's baseline to its target, with the actual reported, as a score."""
    figures = {key: Decimal(str(given[key])) for key in YEARS if given.get(key) is not None}
    level = an_indicator(
        "I",
        accumulation="level",
        baseline={"value": figures["baseline"]} if "baseline" in figures else None,
        targets=({"period": "2024-Q1", "value": figures["target"]},) if "target" in figures else (),
        **options,
    )
    from mne.tables.observations import Observations

    reported = rows(row("2024-Q1", figures["actual"])) if "actual" in figures else ()
    return mne.aggregate(Observations.from_rows(reported), plan(level), until="2024-03-31")


def _scored(given: Mapping[str, Any], scheme: str, *, rule: Mapping[str, Any], **options: Any) -> Any:
    """The indicator's part of a card under a shipped scheme, with some of its achievement rule changed."""
    base = mne.schemes()[scheme].model_dump()
    changed = Scheme.model_validate({**base, "achievement": {**base["achievement"], **rule}})
    return mne.score(_small_plan(given, **options), scheme=changed)["I"]


def baseline_target(case: Case, data: Datasets) -> Outcome:
    """Through a card: floor and ceiling are those of the scheme."""
    given = inputs(case)
    limits = {"floor": _text(given.get("floor")), "ceiling": _text(given.get("cap", given.get("ceiling")))}
    part = _scored(given, "baseline-target", rule=limits)
    return told(case, None if part.score is None else part.score / part.scheme.scale_exact)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def prp_progress(case: Case, data: Datasets) -> Outcome:
    """UNICEF's portal floors at 0 and gives 0 where target and baseline are equal: here that is a policy, not a number."""
    given = inputs(case)
    base = mne.schemes()["baseline-target"].model_dump()
    zero = {**base, "undefined": {"default": "zero"}, "achievement": {**base["achievement"], "ceiling": None}}
    card = mne.score(_small_plan(given), scheme=Scheme.model_validate(zero))
    score = card["OC"].score
    return told(case, None if score is None else score / 100)


def ratio_hazard(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    return several(
        case,
        {"actual_over_target": _achieved(given, "actual_over_target"), "baseline_adjusted": _achieved(given)},
    )


def tola_over_under(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    falling = bool(given.get("direction_negative"))
    variance = _achieved(given, "variance", direction="decrease" if falling else "increase", favourable=True)
    scheme = _with_margin(number(given.get("margin", "0.15")))
    band = None if variance is None else scheme.band(variance * 100)
    return told(case, None if band is None else {"high": 1, "on": 0, "low": -1}[band.label])


def _with_margin(margin: Fraction | None) -> Scheme:
    """The ±15 % scheme with another margin."""
    base = mne.schemes()["tola-scope"].model_dump()
    edge = Decimal(str(float((margin or Fraction(15, 100)) * 100)))
    bands = [{**band, **_edge(band["label"], edge)} for band in base["bands"]]
    return Scheme.model_validate({**base, "bands": bands})


def _edge(label: str, edge: Decimal) -> dict[str, Any]:
    return {"high": {"above": edge}, "on": {"lower": -edge}}.get(label, {})


def tola_to_date(case: Case, data: Datasets) -> Outcome:
    """Actual and target to date over the periods that are completed."""
    given = inputs(case)
    periods, percentage = list(given["periods"]), given.get("unit") == "percentage"
    quarters = [f"{2024 + at // 4}-Q{at % 4 + 1}" for at in range(len(periods))]
    done = [at for at, each in enumerate(periods) if each.get("completed", True)]
    basis = {} if percentage else {"basis": "cumulative" if given.get("cumulative") else "per_period"}
    targets = tuple(
        {"period": quarter, "value": str(each["target"]), **basis}
        for quarter, each in zip(quarters, periods, strict=True)
        if each.get("target") is not None
    )
    one = an_indicator("I", accumulation="level" if percentage else "flow", targets=targets, unit=None)
    from mne.tables.observations import Observations

    reports = [
        {**row(quarter, value), "period_end": row(quarter, value)["period_start"] + dt.timedelta(days=at + 1)}
        for quarter, each in zip(quarters, periods, strict=True)
        for at, value in enumerate(each.get("results", ()))
    ]
    whole = plan(one)
    ended = next(each.last_day for each in whole.periods() if done and each.label == quarters[done[-1]])
    value = mne.aggregate(Observations.from_rows(rows(*reports)), whole, until=ended)["I"]
    rule = mne.schemes()["akvo-grades"].achievement
    found = mne.achievement(value, rule=rule)
    return several(case, {"actual": found.actual, "target": found.target, "met": found.value})


def expected_progress(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    at = number(given["t"])
    if given.get("curve") == "piecewise_linear":
        points = [(number(when), number(value)) for when, value in given["points"]]
        return several(case, {"expected": interpolated(points, at)})
    if given.get("curve") == "linear":
        start, end = number(given.get("start", 0)), number(given["end"])
        ends = [(start, number(given["baseline"])), (end, number(given["target"]))]
        return several(case, {"expected": interpolated(ends, at), "fraction": time_share(start, end, at)})
    raise NotWired(f"curve {given.get('curve')!r}")


# --- trajectories ---------------------------------------------------------------------------------------------------


def _years(given: Mapping[str, Any], first: str, last: str) -> Fraction:
    return number(given[last]) - number(given[first])


def opensdg(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    found = trajectory(
        baseline=number(given["base_value"]),
        actual=number(given["current_value"]),
        target=number(given.get("target_value")),
        elapsed=_years(given, "base_year", "current_year"),
        span=_years(given, "base_year", "target_year") if given.get("target_value") is not None else None,
        direction=direction_of(given.get("direction", -1)),
        limit=number(given.get("limit")),
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


def un_progress_chart(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    baseline, actual, target = (number(given[name]) for name in ("baseline", "current", "target"))
    elapsed, span = _years(given, "base_year", "current_year"), _years(given, "base_year", "target_year")
    direction = "increase" if target >= baseline else "decrease"
    found = trajectory(baseline=baseline, actual=actual, target=target, elapsed=elapsed, span=span, direction=direction)
    reached = found.reached
    ratio = mne.achievement_of(
        actual=actual, target=target, baseline=baseline, convention="projected_growth", elapsed=elapsed, span=span
    )[0]
    scheme = mne.schemes()["un-progress-chart"]
    band = scheme.band_of("3") if reached else scheme.band(ratio * 100)
    return several(
        case,
        {
            "cagr": found.observed,
            "expected_2030": found.projected,
            f"expected_{given['target_year']}": found.projected,
            "ratio": None if reached else ratio,
            "category": band.value,
        },
    )


def destatis_weather(case: Case, data: Datasets) -> Outcome:
    """The trend of the last years carried on to the target's year: how much of the way would be left."""
    given = inputs(case)
    values = numbers(given["last_six_values"])
    years = number(given["target_year"]) - number(given["last_year"])
    projected = linear_projection(values, years=years)
    gap = (
        1
        - mne.achievement_of(
            actual=projected, target=number(given["target"]), baseline=values[-1], convention="baseline_target"
        )[0]
    )
    step = linear_projection(values, years=Fraction(1)) - values[-1]
    return several(case, {"avg_change": step, "projected": projected, "gap_pct": gap * 100, "symbol": _symbol(gap)})


def _symbol(gap: Fraction) -> str:
    """Destatis: the sun up to 5 % of the way left, partly up to 20 %, a cloud beyond; away from the target a storm."""
    bands = (
        {"label": "sun", "status": "met"},
        {"label": "partly", "above": 5, "status": "at_risk"},
        {"label": "cloud", "above": 20, "status": "off_track"},
        {"label": "thunderstorm", "above": 100, "status": "off_track"},
    )
    weather = Scheme(
        id="weather", title="Weather", version="1", source="Destatis", verified=True, rates="ratings", better="lower",
        bands=bands,
    )  # fmt: skip
    return weather.band(gap * 100).label


def escap(case: Case, data: Datasets) -> Outcome:
    """ESCAP's current status: ten times the way covered."""
    found = _achieved(inputs(case))
    return told(case, None if found is None else 10 * found)


# --- ratings --------------------------------------------------------------------------------------------------------


def _banded(scheme: str, name: str, *, worth: bool = False) -> Adapter:
    def rated(case: Case, data: Datasets) -> Outcome:
        band = mne.schemes()[scheme].band(number(inputs(case)[name]))
        return told(case, int(band.value) if worth else band.label)

    return rated


def oha(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    due = Fraction(1) if given.get("snapshot") else Fraction(int(given["quarter"]), 4)
    ahead = mne.achievement_of(
        actual=number(given["achievement"]), target=Fraction(1), convention="time_proportional", expected=due
    )[0]
    return told(case, None if ahead is None else mne.schemes()["oha-quarterly"].band(ahead * 100).label)


def dfid_review(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    grades = {str(at): grade for at, grade in enumerate(given["output_scores"])}
    weights = {str(at): number(weight) for at, weight in enumerate(given["weights_pct"])}
    found = mne.combine(grades, weights=weights, scheme="fcdo-annual-review")
    return several(
        case,
        {
            "impact_scores": [part.contribution for part in found.parts.values()],
            "total": found.score,
            "grade": found.rating,
        },
    )


def dfid_portfolio(case: Case, data: Datasets) -> Outcome:
    """The portfolio's index: project scores by budget. The source's total is one less than the sum of its rows."""
    given = inputs(case)
    scores = {str(at): number(score) for at, score in enumerate(given["project_scores_unrounded"])}
    budgets = {str(at): number(budget) for at, budget in enumerate(given["budgets"])}
    found = mne.combine(scores, weights=budgets, scheme="fcdo-annual-review")
    total = sum(budgets.values())
    scheme = mne.schemes()["fcdo-annual-review"]
    figures = {
        "budget_score": [part.contribution * total / 100 for part in found.parts.values()],
        "total_budget": total,
        "total_budget_score": found.score * total / 100,
        "pq_index": Rounding(digits=1)(found.score),
        "grades": [scheme.band(score).label for score in scores.values()],
    }
    want = dict(case["expected"])
    amounts = [name for name in ("budget_score", "total_budget", "total_budget_score") if name in want]
    rough = compared({name: figures[name] for name in amounts}, {name: want[name] for name in amounts}, 1)
    rest = {name: each for name, each in want.items() if name not in amounts}
    fine = compared({name: figures[name] for name in rest}, rest, case.get("tolerance"))
    return rough if rough.status != "passed" else fine


def dfid_risk(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    risks = {str(at): risk for at, risk in enumerate(given["risks"])}
    weights = {str(at): number(weight) for at, weight in enumerate(given["weights_pct"])}
    found = mne.combine(risks, weights=weights, scheme="dfid-output-risk")
    return several(case, {"score": found.score, "rating": found.rating})


def world_bank(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    ratings = {str(at): rating for at, rating in enumerate(given["ratings"])}
    money = {str(at): number(spent) for at, spent in enumerate(given["disbursed"])}
    found = mne.combine(ratings, weights=money, scheme="world-bank-split")
    return several(case, {"weighted": found.score, "rating": found.rating})


def kfw(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    grades = {name: number(grade) for name, grade in given["grades"].items()}
    weights = {name: number(weight) for name, weight in given["weights"].items()}
    found = mne.combine(grades, weights=weights, scheme="kfw-dac")
    return several(
        case,
        {
            "weighted_average": found.score,
            "rounded": int(found.computed_rating),
            "gate_passed": not mne.combine(
                {name: Fraction(1) if name not in _KEY else grade for name, grade in grades.items()}, scheme="kfw-dac"
            ).gates,
            "successful": found.band.status != "off_track",
        },
    )


_KEY: Final = ("effectiveness", "impact", "sustainability")


def ordinal_mean(case: Case, data: Datasets) -> Outcome:
    """Ratings as numbers by the example's own table."""
    given = inputs(case)
    bands = [
        {"label": label, "value": str(value), "status": "on_track", **({} if not at else {"lower": at})}
        for at, (label, value) in enumerate(sorted(given["values"].items(), key=lambda each: each[1]))
    ]
    scheme = Scheme(
        id="table", title="Table", version="1", source="the example", verified=True, rates="ratings", bands=bands
    )
    ratings = {str(at): rating for at, rating in enumerate(given["ratings"])}
    return told(case, mne.combine(ratings, scheme=scheme).score)


# --- composites -----------------------------------------------------------------------------------------------------

_MEANS: Final = {"arithmetic": "mean", "mean": "mean", "geometric": "geometric", "harmonic": "harmonic"}


def _mean(values: Sequence[Any], how: str = "mean", **more: Any) -> Any:
    return mne.combine({str(at): number(value) for at, value in enumerate(values)}, aggregate=how, **more)


def composite(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    how = _MEANS[given.get("aggregator", "arithmetic")]
    pillars = {name: values for name, values in given.items() if isinstance(values, (list, tuple))}
    scores = {name: _mean(values, how).score for name, values in pillars.items()}
    return several(case, {**scores, "Index": mne.combine(scores, aggregate=how).score})


def capped_mean(case: Case, data: Datasets) -> Outcome:
    """Through a card: each indicator is capped, the uncapped achievement stays beside it."""
    given = inputs(case)
    percents, cap = numbers(given["achievement_pct"]), number(given["cap"])
    from mne.tables.observations import Observations

    levels = [
        an_indicator(
            f"I{at}", accumulation="level", baseline={"value": 0}, targets=({"period": "2024-Q1", "value": 100},)
        )
        for at in range(len(percents))
    ]
    reported = rows(*(row("2024-Q1", Decimal(str(float(each))), f"I{at}") for at, each in enumerate(percents)))
    base = mne.schemes()["baseline-target"].model_dump()
    capped = {**base["achievement"], "ceiling": str(Decimal(str(float(cap))) / 100)}
    values = mne.aggregate(Observations.from_rows(reported), plan(*levels))
    card = mne.score(values, scheme=Scheme.model_validate({**base, "achievement": capped}))
    uncapped = mne.combine({code: part.scored.value * 100 for code, part in card.indicators.items()}).score
    return several(case, {"mean": card["OC"].score, "rating": card["OC"].rating, "uncapped_mean": uncapped})


def minimum_coverage(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    least = given["dat_thresh"]
    return told(case, [_mean(values, min_coverage=float(least)).score for values in given["rows"]])


def weighted(how: str) -> Adapter:
    """A mean of one kind; weights are shared out among the parts."""

    def meant(case: Case, data: Datasets) -> Outcome:
        given = inputs(case)
        weights = given.get("w")
        named = None if weights is None else {str(at): number(weight) for at, weight in enumerate(weights)}
        found = _mean(given["x"], how, weights=named, not_positive="undefined")
        # A source that stops with an error says of the same numbers that they have no such mean.
        got = "error" if found.score is None and case["expected"] == "error" else found.score
        return told(case, got)

    return meant


def compensability(case: Case, data: Datasets) -> Outcome:
    first, second = inputs(case)["x"]
    limit = _mean(first, "geometric").score
    refused = _mean(first, "geometric", not_positive="undefined").score
    wanted = case["expected"].get("geometric_first")
    return several(
        case,
        {
            "arithmetic": [_mean(values).score for values in (first, second)],
            "geometric_second": _mean(second, "geometric").score,
            "geometric_first": wanted if limit == 0 and refused is None else limit,
        },
    )


def effective_weights(case: Case, data: Datasets) -> Outcome:
    """Product of the shares down the tree, from a card."""
    tree = inputs(case)["tree"]
    ((_, pillars),) = tree.items()
    outputs = tuple(
        output(
            name,
            *(
                an_indicator(
                    leaf,
                    accumulation="level",
                    weight=str(weight),
                    baseline={"value": 0},
                    targets=({"period": "2024-Q1", "value": 100},),
                )
                for leaf, weight in pillar["children"].items()
            ),
            weight=str(pillar["w"]),
        )
        for name, pillar in pillars.items()
    )
    from mne.tables.observations import Observations

    card = mne.score(mne.aggregate(Observations.from_rows([]), plan(results=(outcome("OC", results=outputs),))))
    return told(
        case,
        {part.id: part.share * pillar.share for pillar in card["OC"].results for part in pillar.indicators},
    )


def goalpost(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    return told(case, equity.goalposts(number(given["x"]), number(given["min"]), number(given["max"])))


def coinr_goalposts(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    low, high, scale = (number(each) for each in given["goalposts"])
    found = {
        ("pos" if each == 1 else "neg"): [
            equity.goalposts(number(x), low, high, direction=direction_of(each)) * scale for x in given["x"]
        ]
        for each in given["directions"]
    }
    return several(case, found)


def coinr_distance(case: Case, data: Datasets) -> Outcome:
    """The distance to a target from the far end of the values: their minimum, or for falling ones their maximum."""
    given = inputs(case)
    values, target = numbers(given["x"]), number(given["target"])
    start = min(values) if direction_of(given["direction"]) == "increase" else max(values)
    found = [mne.achievement_of(actual=x, target=target, baseline=start)[0] for x in values]
    capped = [_mean([each, 1], "min").score for each in found]
    return several(case, {"uncapped": found, "cap_max": capped})


# --- surveys, quality, equity ---------------------------------------------------------------------------------------


def _interval(function: Any) -> Adapter:
    def found(case: Case, data: Datasets) -> Outcome:
        given = inputs(case)
        told_of = function(given["x"], given["n"], confidence=float(given.get("confidence", 0.95)))
        return told(case, None if told_of is None else [_decimal(told_of.low), _decimal(told_of.high)])

    return found


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))


def survey_target(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    interval = survey.wilson(
        given["x"],
        given["n"],
        confidence=float(given.get("confidence", 0.95)),
        design_effect=float(given.get("deff", 1)),
    )
    direction = direction_of(given.get("direction", 1))
    verdict = survey.target_verdict(interval, float(given["target"]), direction=direction)
    asked = str(case["expected"].get("verdict", ""))
    figures = {
        "p": _decimal(interval.p),
        "n_eff": _decimal(interval.n_effective),
        "lo": _decimal(interval.low),
        "hi": _decimal(interval.high),
        # The source adds in brackets why.
        "verdict": asked if asked.replace(" ", "_").startswith(verdict) else verdict,
    }
    return several(case, figures)


def survey_change(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    found = survey.change_between(
        (float(given["p1"]), given["n1"]), (float(given["p2"]), given["n2"]), design_effect=float(given.get("deff", 1))
    )
    return several(
        case,
        {
            "diff": _decimal(found.difference),
            "se": _decimal(found.standard_error),
            "z": _decimal(found.z),
            "significant_95": found.significant,
        },
    )


def modified_z(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    values = numbers(given["values"])
    ours, dhis2 = quality.modified_z(values), quality.modified_z(values, threshold=3, fallback=False)
    plain = quality.modified_z(values, fallback=False)
    figures: dict[str, Any] = {
        "median": ours.median,
        "mad": ours.mad,
        "flag_ih_3_5": bool(plain.flagged),
        "flag_dhis2_3_0": bool(dhis2.flagged),
        "n_flagged": len(plain.flagged),
        "flagged": list(dhis2.flagged),
    }
    figures.update(_scores_of(values, plain.scores, case["expected"], "modified_z_of_"))
    return several(case, figures)


def _scores_of(
    values: Sequence[Fraction], scores: Sequence[Any], asked: Mapping[str, Any], prefix: str
) -> dict[str, Any]:
    """Scores that are asked for by their value: ``z_of_150``."""
    found = {}
    for name in asked:
        if name.startswith(prefix):
            at = values.index(number(name.removeprefix(prefix)))
            found[name] = scores[at] if isinstance(scores[at], Fraction) else _decimal(scores[at])
    return found


def z_score(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    values, ddof = numbers(given["values"]), int(given.get("ddof", 0))
    figures = {
        "max_possible_pop_sd": _decimal(quality.largest_z(len(values))),
        "max_possible_sample_sd": _decimal(quality.largest_z(len(values), ddof=1)),
        **_scores_of(values, quality.z_scores(values, ddof=ddof), case["expected"], "z_of_"),
    }
    return several(case, figures)


def fastr_mad(case: Case, data: Datasets) -> Outcome:
    """The source's own deviation does not follow from its rule; what is recomputed from the rule is held, and the flag."""
    values = numbers(inputs(case)["values"])
    found = quality.mad_outliers(values)
    worst = max(range(len(values)), key=lambda at: found.scores[at] or 0)
    figures = {
        "median": found.median,
        "mad": found.mad,
        "mad_upper": found.mad,
        "residual": found.scores[worst],
        "flag": worst in found.flagged,
    }
    want = case["expected"]
    recomputed = want.get("recomputed", want)
    if "published" in want and want["published"].get("flag") is not figures["flag"]:
        return compared(figures, want["published"], case.get("tolerance"))
    return compared(figures, recomputed, case.get("tolerance"))


def fastr_proportion(case: Case, data: Datasets) -> Outcome:
    shares, flagged = quality.proportional_outliers(numbers(inputs(case)["values"]))
    at = flagged[0] if flagged else None
    return several(case, {"share": None if at is None else shares[at], "flag_index": at})


def fastr_dqa(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    return several(case, quality.dqa_score(given["complete"], given["not_outlier"], given["pairs"]))


def verification(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    found = quality.verification_factor(
        number(given["recounted"]), number(given["reported"]), tolerance=number(given.get("tolerance", "0.1"))
    )
    return several(case, {"vf": found.factor, "flag": found.flagged, "direction": found.direction})


def moments(case: Case, data: Datasets) -> Outcome:
    """Skewness and kurtosis, and again after the most extreme value took the next one's place (winsorised)."""
    values = numbers(inputs(case)["x"])
    found = quality.moments(values)
    ordered = sorted(values)
    treated = quality.moments([ordered[-2] if value == ordered[-1] else value for value in values])
    return several(
        case,
        {
            "skew": _decimal(found.skewness),
            "kurt": _decimal(found.kurtosis),
            "after_1_point_skew": _decimal(treated.skewness),
            "after_1_point_kurt": _decimal(treated.kurtosis),
            "treated": found.treated(),
        },
    )


def gender_parity(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    found = equity.parity(number(given["female"]), number(given["male"]))
    return several(case, {"gpi": found.index, "gpia": found.adjusted, "at_parity": found.at_parity})


def inequality(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    sizes, estimates = numbers(given["pop"]), numbers(given["est"])
    found = equity.inequality(sizes, estimates)
    names = ("difference", "ratio", "bgv", "theil_x1000", "mld_x1000", "idis_weighted", "idis_unweighted")
    figures = {name: getattr(found, name) for name in names}
    exact = {name: each if isinstance(each, Fraction) else _decimal(each) for name, each in figures.items()}
    return several(case, exact)


def concentration(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    found = equity.concentration(numbers(given["pop"]), numbers(given["est"]))
    return several(case, {"aci": found.aci, "rci": found.rci})


def par_paf(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    found = equity.attributable_risk(
        numbers(given["pop"]),
        numbers(given["est"]),
        reference="last" if "last" in str(given.get("reference", "last")) else "best",
        favourable=bool(given.get("favourable", True)),
    )
    return several(case, {"mu": found.mean, "par": found.par, "paf": found.paf})


def simpson(case: Case, data: Datasets) -> Outcome:
    """Rates by stratum and in all, as whole percentages."""
    given = inputs(case)
    strata = given["strata"]
    sides = {name: dict(zip(strata, given[name], strict=True)) for name in ("A", "B")}
    found = equity.simpson(sides["A"], sides["B"])
    figures: dict[str, Any] = {"reversed": found.reversed}
    for at, name in enumerate(("A", "B")):
        figures[f"{name}_strata_pct"] = [found.categories[stratum][at] * 100 for stratum in strata]
        above, below = (sum(pair[side] for pair in sides[name].values()) for side in (0, 1))
        figures[f"{name}_total"] = [above, below, found.totals[at] * 100]
    return several(case, figures)


def standardised(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    weights = [float(each) for each in given["standard_weights"]]
    return several(case, {name: equity.standardised(given[name], weights) for name in ("A", "B")})


# --- the count ------------------------------------------------------------------------------------------------------


def _whole(one: Any, reported: Sequence[Mapping[str, Any]]) -> Any:
    from mne.tables.observations import Observations

    return mne.aggregate(Observations.from_rows(rows(*reported)), plan(one))["I"]


def percentages(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    parts = list(zip(given["num"], given["den"], strict=True))
    places = "ABCDEFGH"
    reported = [share("2024-Q1", above, below, partner=places[at]) for at, (above, below) in enumerate(parts)]
    ratio = {"measure": "ratio", "unit": None, "accumulation": "level"}
    pooled = _whole(an_indicator("I", **ratio), reported).value
    mean = dict.fromkeys(("locations", "partners"), "mean")
    averaged = _whole(an_indicator("I", **ratio, aggregation=mean), reported).value
    sizes = {places[at]: str(below) for at, (_, below) in enumerate(parts)}
    by_size = {"partners": "weighted_mean", "locations": "mean", "weights": sizes}
    weighed = _whole(an_indicator("I", **ratio, aggregation=by_size), reported).value
    asked = case["expected"]
    figures = {"pooled": pooled, "mean_of_pcts": averaged}
    figures.update({name: weighed for name in asked if name.startswith("population_weighted")})
    return several(case, figures)


def quantities(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    found = {}
    for name, rule in (("SUM", "sum"), ("MAX", "max"), ("AVG", "mean"), ("MIN", "min")):
        one = an_indicator("I", accumulation="level", aggregation={"partners": rule, "locations": rule}, unit=None)
        reported = [row("2024-Q1", value, partner="ABCDEFGH"[at]) for at, value in enumerate(given["values"])]
        found[name] = _whole(one, reported).value
    return several(case, found)


def ratios(case: Case, data: Datasets) -> Outcome:
    given = inputs(case)
    reported = [
        share("2024-Q1", each["v"], each["d"], partner="ABCDEFGH"[at]) for at, each in enumerate(given["locations"])
    ]
    ratio = {"measure": "ratio", "unit": None, "accumulation": "level"}
    pooled = _whole(an_indicator("I", **ratio), reported)
    mean = _whole(an_indicator("I", **ratio, aggregation={"partners": "mean", "locations": "mean"}), reported)
    return several(
        case,
        {
            "v": pooled.amount.numerator,
            "d": pooled.amount.denominator,
            "ratio": pooled.value,
            "mean_of_ratios_wrong": mean.value,
        },
    )


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "baseline_target_achievement": baseline_target,
    "unicef_prp_progress_percentage": prp_progress,
    "ratio_vs_baseline_hazard": ratio_hazard,
    "tola_over_under": tola_over_under,
    "tola_actual_to_date": tola_to_date,
    "expected_progress": expected_progress,
    "opensdg_cagr_target": opensdg,
    "opensdg_cagr_no_target": opensdg,
    "un_progress_chart": un_progress_chart,
    "destatis_weather": destatis_weather,
    "escap_current_status": escap,
    "dfid_grade_band": _banded("fcdo-annual-review", "score"),
    "gcf_eqa_band": _banded("gcf-eqa", "pct", worth=True),
    "global_fund_rating_band": _banded("baseline-target", "achievement_pct"),
    "unicef_psea_risk_band": _banded("unicef-psea", "total"),
    "pepfar_oha_achievement_status": oha,
    "dfid_annual_review": dfid_review,
    "dfid_portfolio_quality_index": dfid_portfolio,
    "dfid_legacy_output_risk": dfid_risk,
    "wb_split_rating": world_bank,
    "kfw_dac": kfw,
    "ordinal_mean": ordinal_mean,
    "composite_index_hierarchy": composite,
    "capped_mean_achievement": capped_mean,
    "arithmetic_mean_with_min_coverage": minimum_coverage,
    "geometric_mean": weighted("geometric"),
    "harmonic_mean": weighted("harmonic"),
    "aggregator_compensability": compensability,
    "effective_weights": effective_weights,
    "goalpost_index": goalpost,
    "coinr_n_goalposts": coinr_goalposts,
    "coinr_n_dist2targ": coinr_distance,
    "wilson_ci": _interval(survey.wilson),
    "clopper_pearson_ci": _interval(survey.clopper_pearson),
    "survey_target_verdict": survey_target,
    "two_survey_change_z": survey_change,
    "modified_z_score": modified_z,
    "z_score": z_score,
    "fastr_outlier_mad": fastr_mad,
    "fastr_outlier_proportional": fastr_proportion,
    "fastr_dqa_score": fastr_dqa,
    "verification_factor": verification,
    "winsorise_trigger": moments,
    "gender_parity_index": gender_parity,
    "inequality_measures": inequality,
    "concentration_index": concentration,
    "par_paf": par_paf,
    "simpsons_paradox": simpson,
    "direct_standardisation": standardised,
    "percentage_aggregation": percentages,
    "quantity_across_locations": quantities,
    "ratio_across_locations": ratios,
}

NOT_APPLICABLE: Final = (
    Exclusion(
        "sobol_indices", "", "a variance decomposition of a model with continuous inputs: no part of a scorecard"
    ),
    Exclusion("outranking_matrix", "", "compares countries pairwise; a scorecard rates one project"),
)


def recognises(content: Any) -> bool:
    """Whether a file holds examples by method."""
    examples = content.get("examples") if isinstance(content, Mapping) else None
    return bool(examples) and all(isinstance(case, Mapping) and {"method", "inputs"} <= set(case) for case in examples)


FORMAT: Final = Format(
    name="scoring methods",
    recognises=recognises,
    cases=lambda content: list(content["examples"]),
    key=lambda case: str(case["method"]),
    adapters=ADAPTERS,
    verdict=lambda case: str(case.get("verdict", "agree")),
    system=lambda case: str(case.get("kind", "")),
    not_applicable=NOT_APPLICABLE,
)
