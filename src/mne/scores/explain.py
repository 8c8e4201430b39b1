"""Why a score is what it is: the nodes of every floor joined into one tree, and the card as a table.

Read `explain_result` first. A score names its scheme, weights and parts; an achievement its baseline, target, actual
and convention; an actual its reports; a report its file, sheet and cell (semantics §8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from mne.errors import OptionError
from mne.ground.explanation import Explanation
from mne.ground.findings import Place
from mne.ground.numbers import number_text, percent_text
from mne.logframe.indicator import Measure
from mne.logframe.model import Level
from mne.scores.cards import IndicatorScore, ResultScore
from mne.scores.means import combined
from mne.scores.scheme import Against
from mne.scores.targets import baseline_of
from mne.values.trace import value_text

if TYPE_CHECKING:
    from mne.scores.cards import Achievement, Scorecard

__all__ = ["Explanation", "achievement_text", "explain_id", "explain_indicator", "explain_result", "score_text"]


def score_text(score: Fraction | None) -> str:
    """A score as people read it: one decimal at most; a dash for none."""
    return "–" if score is None else number_text(score, digits=1).removesuffix(".0")


def achievement_text(achievement: Achievement) -> str:
    """An achievement as people read it: a percentage, or the reason why there is none."""
    if achievement.value is None:
        return f"none ({achievement.reason.words})" if achievement.reason else "none"
    return _share_text(achievement.value)


def explain_id(card: Scorecard, id: str) -> Explanation:
    """The explanation of a result or an indicator of the card.

    Raises:
        OptionError: the card has neither a result nor an indicator of this id.
    """
    if id in card.results:
        return explain_result(card.results[id])
    if id in card.indicators:
        return explain_indicator(card.indicators[id])
    known = ", ".join(card.results)
    raise OptionError(f"{card.plan.id} has no result or indicator {id!r}; results are {known}")


def explain_result(part: ResultScore, *, beneath: bool = False) -> Explanation:
    """Why a result has its score: the scheme, the arithmetic, its parts with their weights, what was left out."""
    shown = score_text(part.score) if part.score is not None else f"no score ({_reason(part)})"
    if part.rating:
        shown += f", rated {part.rating}"
    return Explanation(
        kind="score",
        label=f"{part.id} {part.result.title}",
        shown=f"{shown}, coverage {percent_text(part.coverage)}",
        how=_sum_of_parts(part),
        value=part.score,
        illustrative=part.illustrative,
        children=(*(() if beneath else _scheme(part)), *_about(part), *_parts(part), *_left_out(part)),
    )


def _share_text(share: Fraction) -> str:
    return percent_text(share, digits=1).replace(".0 %", " %")


def _reason(part: ResultScore) -> str:
    return part.reason.words if part.reason else "nothing to score"


def _sum_of_parts(part: ResultScore) -> str:
    """The arithmetic with its numbers: ``40 % × 100 + 60 % × 75``."""
    if part.raw is None:
        return ""
    step = part.scheme.steps.get(part.result.level) or part.scheme.steps[Level.OUTCOME]
    counted: list[ResultScore | IndicatorScore] = [each for each in part.indicators if each.counted]
    counted += [each for each in part.results if each.counted]
    if part.source == "both":
        told = _both_sides(part, step.aggregate)
    else:
        shares = counted_shares(part)
        terms = [f"{_share_text(shares[each.id])} × {score_text(each.score or Fraction(0))}" for each in counted]
        told = " + ".join(terms) if step.aggregate == "mean" else f"{step.aggregate} of {', '.join(terms)}"
    worth = part.score if part.override is None else part.computed_score
    if worth is not None and part.raw != worth:
        told += f" = {score_text(part.raw)}, which is {part.computed_rating}, worth {score_text(worth)}"
    if part.override is not None and part.score != part.computed_score:
        told += f"; rated {part.override.rating} by a person, worth {score_text(part.score)}"
    return told


def _both_sides(part: ResultScore, aggregate: str) -> str:
    """A blend with its two sides: ``25 % × 40 (its indicators) + 75 % × 60 (the results beneath)``."""
    blend = part.blend or Fraction(0)
    sides: list[tuple[Fraction, str, list[ResultScore | IndicatorScore]]] = [
        (blend, "its indicators", [each for each in part.indicators if each.counted]),
        (1 - blend, "the results beneath", [each for each in part.results if each.counted]),
    ]
    known = [(weight, name, parts) for weight, name, parts in sides if parts and weight]
    whole = sum((weight for weight, _, _ in known), Fraction(0))
    terms = []
    for weight, name, parts in known:
        total = sum((each.share for each in parts), Fraction(0))
        points = combined([(each.score or Fraction(0), each.share / total) for each in parts], aggregate)
        terms.append(f"{_share_text(weight / whole)} × {score_text(points)} ({name})")
    return " + ".join(terms) if aggregate == "mean" else f"{aggregate} of {', '.join(terms)}"


def _scheme(part: ResultScore) -> Iterator[Explanation]:
    scheme = part.scheme
    checked = "checked against its source" if scheme.verified else "not checked against its source"
    yield Explanation(
        kind="scheme", label="Scheme", shown=f"{scheme.id} {scheme.version}", how=f"{scheme.title}; {checked}"
    )


def _about(part: ResultScore) -> Iterator[Explanation]:
    for gate in part.gates:
        yield Explanation(kind="gate", label="Gate", shown=f"{part.computed_rating} lowered to {part.rating}", how=gate)
    if part.override:
        told = part.override
        how = f"{told.who}, {told.when}: {told.why}; computed was {part.computed_rating or 'no rating'}"
        yield Explanation(kind="override", label="Rated by a person", shown=told.rating, how=how)


def _parts(part: ResultScore) -> Iterator[Explanation]:
    shares = counted_shares(part)
    for indicator in part.indicators:
        if indicator.counted:
            yield replace(explain_indicator(indicator), share=shares[indicator.id])
    for result in part.results:
        if result.counted:
            yield replace(explain_result(result, beneath=True), share=shares[result.id])


def counted_shares(part: ResultScore) -> dict[str, Fraction]:
    """The share that each counted part has in a result's score, after what was left out gave its weight away."""
    sides: list[list[ResultScore | IndicatorScore]] = [
        [each for each in part.indicators if each.counted],
        [each for each in part.results if each.counted],
    ]
    blend = part.blend if part.source == "both" else None
    weights = [Fraction(1), Fraction(1)] if blend is None else [blend, 1 - blend]
    weights = [weight if side else Fraction(0) for weight, side in zip(weights, sides, strict=True)]
    whole = sum(weights, Fraction(0))
    shares = {}
    for weight, side in zip(weights, sides, strict=True):
        total = sum((each.share for each in side), Fraction(0))
        shares.update({each.id: weight / whole * each.share / total for each in side if whole and total})
    return shares


def _left_out(part: ResultScore) -> Iterator[Explanation]:
    for each in part.dropped:
        why = each.reason.words if each.reason else "no number"
        yield Explanation(
            kind="dropped",
            label=f"Left out: {each.id}",
            shown=why,
            how=f"its weight of {_share_text(each.share)} goes to the others",
        )


def explain_indicator(part: IndicatorScore) -> Explanation:
    """Why an indicator has its score: its achievement, and the actual, baseline and target behind it."""
    scored = part.scored
    shown = achievement_text(scored)
    if part.score is not None:
        shown = f"{score_text(part.score)} points from {shown} achieved"
        reached = (scored.value or Fraction(0)) * part.scheme.scale_exact
        if part.score != reached:
            shown += " (capped)" if part.score < reached else " (raised to the floor)"
    other = part.final if scored.against is Against.MILESTONE else part.milestone
    return Explanation(
        kind="achievement",
        label=f"{part.id} {part.indicator.title}",
        shown=shown,
        how=_with_numbers(part),
        value=part.score,
        illustrative=part.illustrative,
        children=(
            *_targets(part, scored),
            *_baseline(part),
            part.actual.explain(),
            Explanation(
                kind="note",
                label="Towards the end target" if other.against is Against.FINAL else "Towards the newest milestone",
                shown=achievement_text(other),
                value=other.value,
            ),
        ),
    )


def _with_numbers(part: IndicatorScore) -> str:
    scored = part.scored
    if scored.value is None or scored.actual is None:
        return f"{scored.convention} against the {scored.against}"
    actual = number_text(scored.actual)
    if scored.target is None:
        low, high = scored.minimum, scored.maximum
        span = f"{'' if low is None else number_text(low)} to {'' if high is None else number_text(high)}"
        return f"{scored.rule}: {actual} against {span.strip()}"
    if part.indicator.measure.is_ranked or part.indicator.measure is Measure.YES_NO:
        actual, target = (value_text(part.indicator, each) for each in (scored.actual, scored.target))
        return f"{scored.rule}: {actual} {scored.comparator} {target}"
    if scored.rule.startswith("1 "):
        slack = number_text(Fraction(part.indicator.tolerance or 0))
        return f"{scored.rule}: {actual} against {number_text(scored.target)} ± {slack}"
    return _filled_in(scored, actual, number_text(scored.target))


def _filled_in(scored: Achievement, actual: str, target: str) -> str:
    """The arithmetic of an achievement with its numbers in place of the words."""
    base = "" if scored.baseline is None else number_text(scored.baseline)
    match scored.rule:
        case "(actual − baseline) / (target − baseline)":
            return f"({actual} − {base}) / ({target} − {base})"
        case "(actual + to come − baseline) / (target − baseline)":
            return f"({actual} + {number_text(scored.to_come)} to come − {base}) / ({target} − {base})"
        case "actual / target":
            return f"{actual} / {target}"
        case "target / actual":
            return f"{target} / {actual}"
        case "(actual − target) / target":
            return f"({actual} − {target}) / {target}"
        case "(target − actual) / target":
            return f"({target} − {actual}) / {target}"
        case "actual / target − share due by now":
            return f"{actual} / {target} − {percent_text(scored.expected or Fraction(0))} due by now"
        case "observed growth / required growth" | "(projected − baseline) / (target − baseline)":
            years = f"{_years(scored.elapsed)} of {_years(scored.span)} years"
            return f"{scored.rule}: from {base} to {actual} in {years}, {target} at their end"
    return f"{scored.rule}: {actual} {scored.comparator} {target}"


def _years(years: Fraction | None) -> str:
    return "?" if years is None else number_text(years, digits=2).removesuffix(".00")


def _targets(part: IndicatorScore, scored: Achievement) -> Iterator[Explanation]:
    for target in scored.targets:
        version = target.in_force()
        name = target.period or str(target.date)
        shown = _quantity_text(part, target)
        told = str(target.basis).replace("_", " ") if target.basis else "as restated"
        how = f"{target.kind}, {told}"
        if version is not None and version.source:
            how += f", source {version.source}"
        yield Explanation(
            kind="target",
            label=f"Target {name}",
            shown=shown,
            how=how,
            illustrative=target.illustrative,
            place=Place(indicator=part.id, path=f"indicators.{part.id}.targets"),
        )


def _quantity_text(part: IndicatorScore, target: Any) -> str:
    if target.value is not None:
        shown = value_text(part.indicator, Fraction(target.value))
    elif target.numerator is not None and target.denominator is not None:
        shown = f"{number_text(Fraction(target.numerator))} of {number_text(Fraction(target.denominator))}"
    elif target.stage is not None:
        shown = target.stage
    elif target.above_baseline is not None:
        shown = f"baseline + {number_text(Fraction(target.above_baseline))}"
    elif target.minimum is not None or target.maximum is not None:
        low, high = ("" if each is None else each for each in (target.minimum, target.maximum))
        shown = f"{low} to {high}"
    else:
        shown = str(target.text or target.as_published or target.status)
    return shown if str(target.comparator) in ("=", "within") else f"{target.comparator} {shown}"


def _baseline(part: IndicatorScore) -> Iterator[Explanation]:
    baseline = part.indicator.baseline
    if baseline is None:
        yield Explanation(kind="baseline", label="Baseline", shown="none declared")
        return
    shown = value_text(part.indicator, part.scored.baseline) if part.scored.baseline is not None else ""
    if baseline.status != "established":
        shown = str(baseline.status).replace("_", " ")
    elif not shown:
        shown = baseline.as_published or "not used"
    declared, _ = baseline_of(part.indicator)
    told = [f"on {baseline.date}"] if baseline.date else []
    if declared and part.scored.baseline is not None and part.scored.baseline != declared:
        times = part.scored.baseline / declared
        told.append(f"{number_text(times)} × {value_text(part.indicator, declared)} in a period")
    told += [f"source {baseline.source}"] if baseline.source else []
    yield Explanation(
        kind="baseline",
        label="Baseline",
        shown=shown,
        how=", ".join(told),
        value=part.scored.baseline,
        illustrative=baseline.illustrative,
        place=Place(indicator=part.id, path=f"indicators.{part.id}.baseline"),
    )


# --- the card as data -------------------------------------------------------------------------------------------


def card_frame(card: Scorecard) -> pl.DataFrame:
    """The card as a table.

    Shape: one row per result and indicator, parents first. Units: scores in points, achievements and coverage as
    shares of 1; float64 to look at, with the exact score as a fraction in text.
    """
    rows = [_row(card, part, depth) for part, depth in _ordered(card)]
    return pl.DataFrame(rows, schema=_ROW, infer_schema_length=None)


_ROW: dict[str, Any] = {
    "id": pl.String, "kind": pl.String, "level": pl.String, "depth": pl.Int64, "title": pl.String,
    "score": pl.Float64, "score_exact": pl.String, "rating": pl.String, "status": pl.String, "reason": pl.String,
    "share": pl.Float64, "counted": pl.Boolean, "coverage": pl.Float64, "actual": pl.Float64, "unit": pl.String,
    "as_of": pl.String, "milestone_achievement": pl.Float64, "final_achievement": pl.Float64,
    "reported": pl.Int64, "expected": pl.Int64, "illustrative": pl.Boolean,
}  # fmt: skip


def _ordered(card: Scorecard) -> Iterator[tuple[ResultScore | IndicatorScore, int]]:
    def beneath(part: ResultScore, depth: int) -> Iterator[tuple[ResultScore | IndicatorScore, int]]:
        yield part, depth
        for indicator in part.indicators:
            yield indicator, depth + 1
        for result in part.results:
            yield from beneath(result, depth + 1)

    for top in card.plan.results:
        yield from beneath(card.results[top.id], 0)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _row(card: Scorecard, part: ResultScore | IndicatorScore, depth: int) -> dict[str, Any]:
    common = {
        "id": part.id,
        "depth": depth,
        "score": _number(part.score),
        "score_exact": None if part.score is None else str(part.score),
        "rating": part.rating,
        "status": part.band.status if part.band else None,
        "reason": str(part.reason) if part.reason else None,
        "share": float(part.share),
        "counted": part.counted or part.id in {top.id for top in card.plan.results},
        "illustrative": part.illustrative,
    }
    if isinstance(part, ResultScore):
        return {
            **common,
            "kind": "result",
            "level": str(part.result.level),
            "title": str(part.result.title),
            "coverage": float(part.coverage),
        }
    share = part.actual.coverage.share
    return {
        **common,
        "kind": "indicator",
        "title": str(part.indicator.title),
        "coverage": _number(share),
        "actual": _number(part.actual.value),
        "unit": part.indicator.unit,
        "as_of": part.actual.as_of.label if part.actual.as_of else None,
        "milestone_achievement": _number(part.milestone.value),
        "final_achievement": _number(part.final.value),
        "reported": part.actual.coverage.reported,
        "expected": part.actual.coverage.expected,
    }


def card_dict(card: Scorecard) -> dict[str, Any]:
    """The card as plain data for JSON, `format` 1; exact numbers as fractions in text."""
    scheme = card.scheme
    return {
        "format": 1,
        "logframe": card.plan.id,
        "title": str(card.plan.title),
        "until": str(card.until) if card.until else None,
        "known_by": str(card.actuals.known_by) if card.actuals.known_by else None,
        "statuses": list(card.actuals.statuses),
        "scheme": {"id": scheme.id, "version": scheme.version, "source": scheme.source, "verified": scheme.verified},
        "illustrative": card.illustrative,
        "rows": card_frame(card).to_dicts(),
        "dropped": [
            {
                "from": part.id,
                "id": each.id,
                "reason": str(each.reason) if each.reason else None,
                "share": str(each.share),
            }
            for part in card.results.values()
            for each in part.dropped
        ],
        "overrides": [
            {"id": each.id, "rating": each.rating, "who": each.who, "why": each.why, "when": str(each.when)}
            for each in card.overrides
        ],
    }
