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
from mne.ground.tags import spaced
from mne.ground.wording import Say, wording
from mne.logframe.indicator import Measure
from mne.logframe.model import Level
from mne.scores.cards import IndicatorScore, ResultScore
from mne.scores.conventions import met_at
from mne.scores.means import combined
from mne.scores.scheme import Against, Policy
from mne.scores.targets import baseline_of
from mne.scores.words import DISTANCE, DISTANCE_KEPT, INSIDE, INSIDE_KEPT, KEPT, WORDED
from mne.values.trace import ENGLISH, value_text

if TYPE_CHECKING:
    from mne.scores.cards import Achievement, Scorecard
    from mne.scores.scheme import Step

__all__ = ["Explanation", "achievement_text", "explain_id", "explain_indicator", "explain_result", "score_text"]


def score_text(score: Fraction | None) -> str:
    """A score as people read it: one decimal at most; a dash for none."""
    return "–" if score is None else number_text(score, digits=1).removesuffix(".0")


def achievement_text(achievement: Achievement, say: Say = ENGLISH) -> str:
    """An achievement as people read it: a percentage, or the reason why there is none."""
    if achievement.value is None:
        none = say("no-number")
        return f"{none} ({achievement.reason.in_language(say.lang)})" if achievement.reason else none
    return _share_text(achievement.value)


def achieved_words(achievement: Achievement, say: Say = ENGLISH) -> str:
    """An achievement with what its convention calls it: a share of a way, a deviation, a pace."""
    if achievement.value is None:
        return achievement_text(achievement, say)
    if achievement.rule == KEPT:
        return say("kept-no" if achievement.value else "kept-yes")
    deviates = not met_at(achievement.convention)
    share = _share_text(achievement.value)
    # A deviation is read with its sign; 0 has none.
    return say(str(achievement.convention), share=f"+{share}" if deviates and achievement.value > 0 else share)


def explain_id(card: Scorecard, id: str, *, lang: str | None = None) -> Explanation:
    """The explanation of a result or an indicator of the card.

    Raises:
        OptionError: the card has neither a result nor an indicator of this id.
    """
    if id in card.results:
        return explain_result(card.results[id], lang=lang)
    if id in card.indicators:
        return explain_indicator(card.indicators[id], lang=lang)
    known = ", ".join(card.results)
    raise OptionError(f"{card.plan.id} has no result or indicator {id!r}; results are {known}")


def explain_result(part: ResultScore, *, beneath: bool = False, lang: str | None = None) -> Explanation:
    """Why a result has its score: the scheme, the arithmetic, its parts with their weights, what was left out."""
    say = wording(lang)
    shown = score_text(part.score) if part.score is not None else f"{say('no-score')} ({_reason(part, say)})"
    if part.rating:
        shown += f", {say('rated', rating=part.rating)}"
    return Explanation(
        kind="score",
        label=f"{part.id} {part.result.title.in_language(say.lang)}",
        shown=f"{shown}, {say('coverage', share=percent_text(part.coverage))}",
        how=_sum_of_parts(part, say),
        value=part.score,
        illustrative=part.illustrative,
        lang=say.lang,
        children=(
            *(() if beneath else _scheme(part, say)),
            *_about(part, say),
            *_parts(part, say),
            *_left_out(part, say),
        ),
    )


def _share_text(share: Fraction) -> str:
    return percent_text(share, digits=1).replace(".0 %", " %")


def _reason(part: ResultScore, say: Say) -> str:
    return part.reason.in_language(say.lang) if part.reason else say("nothing")


def _sum_of_parts(part: ResultScore, say: Say) -> str:
    """The arithmetic with its numbers: ``40 % × 100 + 60 % × 75``."""
    if part.raw is None:
        return ""
    step = _step(part)
    counted: list[ResultScore | IndicatorScore] = [each for each in part.indicators if each.counted]
    counted += [each for each in part.results if each.counted]
    if part.source == "both":
        told = _both_sides(part, step.aggregate, say)
    else:
        shares = counted_shares(part)
        terms = [f"{_share_text(shares[each.id])} × {score_text(each.score or Fraction(0))}" for each in counted]
        told = _meant(terms, step.aggregate, say)
    worth = part.score if part.override is None else part.computed_score
    if worth is not None and part.raw != worth:
        told += say("worth", raw=score_text(part.raw), rating=part.computed_rating, value=score_text(worth))
    if part.override is not None and part.score != part.computed_score:
        told += say("worth-person", rating=part.override.rating, value=score_text(part.score))
    return told


def _step(part: ResultScore) -> Step:
    return part.scheme.steps.get(part.result.level) or part.scheme.steps[Level.OUTCOME]


def _meant(terms: list[str], aggregate: str, say: Say) -> str:
    return " + ".join(terms) if aggregate == "mean" else say("mean-of", mean=say(aggregate), terms=", ".join(terms))


def _both_sides(part: ResultScore, aggregate: str, say: Say) -> str:
    """A blend with its two sides: ``25 % × 40 (its indicators) + 75 % × 60 (the results beneath)``."""
    blend = part.blend or Fraction(0)
    sides: list[tuple[Fraction, str, list[ResultScore | IndicatorScore]]] = [
        (blend, say("own"), [each for each in part.indicators if each.counted]),
        (1 - blend, say("beneath"), [each for each in part.results if each.counted]),
    ]
    zero = _step(part).missing == Policy.ZERO
    known = [(weight, name, parts) for weight, name, parts in sides if weight and (parts or zero)]
    whole = sum((weight for weight, _, _ in known), Fraction(0))
    terms = []
    for weight, name, parts in known:
        total = sum((each.share for each in parts), Fraction(0))
        shared = [(each.score or Fraction(0), each.share / total) for each in parts]
        points = combined(shared, aggregate) if shared else Fraction(0)
        terms.append(f"{_share_text(weight / whole)} × {score_text(points)} ({name})")
    return _meant(terms, aggregate, say)


def _scheme(part: ResultScore, say: Say) -> Iterator[Explanation]:
    scheme = part.scheme
    checked = say("checked" if scheme.verified else "not-checked")
    yield Explanation(
        kind="scheme",
        label=say("scheme"),
        shown=f"{scheme.id} {scheme.version}",
        how=f"{scheme.title.in_language(say.lang)}{spaced(';', say.lang)}{checked}",
        lang=say.lang,
    )


def _about(part: ResultScore, say: Say) -> Iterator[Explanation]:
    for gate in part.gates:
        shown = say("lowered", high=part.computed_rating, low=part.gated_rating)
        yield Explanation(kind="gate", label=say("gate"), shown=shown, how=gate, lang=say.lang)
    if part.override:
        told = part.override
        rating = part.gated_rating or part.computed_rating or say("no-rating")
        how = say("computed-was", who=told.who, when=told.when, why=told.why, rating=rating)
        yield Explanation(kind="override", label=say("person"), shown=told.rating, how=how, lang=say.lang)


def _parts(part: ResultScore, say: Say) -> Iterator[Explanation]:
    shares = counted_shares(part)
    for indicator in part.indicators:
        if indicator.counted:
            yield replace(explain_indicator(indicator, lang=say.lang), share=shares[indicator.id])
    for result in part.results:
        if result.counted:
            yield replace(explain_result(result, beneath=True, lang=say.lang), share=shares[result.id])


def counted_shares(part: ResultScore) -> dict[str, Fraction]:
    """The share that each counted part has in a result's score, after what was left out gave its weight away."""
    sides: list[list[ResultScore | IndicatorScore]] = [
        [each for each in part.indicators if each.counted],
        [each for each in part.results if each.counted],
    ]
    blend = part.blend if part.source == "both" else None
    weights = [Fraction(1), Fraction(1)] if blend is None else [blend, 1 - blend]
    if blend is None or _step(part).missing != Policy.ZERO:
        # Where a side without a number counts as zero, it keeps its weight.
        weights = [weight if side else Fraction(0) for weight, side in zip(weights, sides, strict=True)]
    whole = sum(weights, Fraction(0))
    shares = {}
    for weight, side in zip(weights, sides, strict=True):
        total = sum((each.share for each in side), Fraction(0))
        shares.update({each.id: weight / whole * each.share / total for each in side if whole and total})
    return shares


def _left_out(part: ResultScore, say: Say) -> Iterator[Explanation]:
    for each in part.dropped:
        why = each.reason.in_language(say.lang) if each.reason else say("no-number")
        yield Explanation(
            kind="dropped",
            label=say("left-out", id=each.id),
            shown=why,
            how=say("weight-goes", share=_share_text(each.share)),
            lang=say.lang,
        )


def explain_indicator(part: IndicatorScore, *, lang: str | None = None) -> Explanation:
    """Why an indicator has its score: its achievement, and the actual, baseline and target behind it."""
    say, scored = wording(lang), part.scored
    shown = achieved_words(scored, say)
    if part.by_person and part.override is not None and part.score is not None:
        told = part.override
        named = {"rating": told.rating, "who": told.who, "when": told.when, "why": told.why}
        shown = say("by-person", points=score_text(part.score), **named)
    elif part.score is not None:
        shown = say("points-from", points=score_text(part.score), achieved=shown)
        reached = (scored.value or Fraction(0)) * part.scheme.scale_exact
        if part.score != reached:
            shown += f" {say('capped' if part.score < reached else 'raised')}"
    other = part.final if scored.against is Against.MILESTONE else part.milestone
    return Explanation(
        kind="achievement",
        label=f"{part.id} {part.indicator.title.in_language(say.lang)}",
        shown=shown,
        how=_with_numbers(part, say),
        value=part.score,
        illustrative=part.illustrative,
        lang=say.lang,
        children=(
            *_targets(part, scored, say),
            *_baseline(part, say),
            part.actual.explain(lang=say.lang),
            Explanation(
                kind="note",
                label=say("towards-final" if other.against is Against.FINAL else "towards-milestone"),
                shown=achieved_words(other, say),
                value=other.value,
                lang=say.lang,
            ),
        ),
    )


def _with_numbers(part: IndicatorScore, say: Say) -> str:
    scored = part.scored
    if scored.value is None or scored.actual is None:
        return say("against", convention=scored.convention, target=say(scored.against.value))
    actual = number_text(scored.actual)
    if scored.target is None:
        low, high = scored.minimum, scored.maximum
        told = ("" if each is None else number_text(each) for each in (low, high))
        span = say("to", **dict(zip(("low", "high"), told, strict=True))).strip()
        return f"{_rule_words(scored, say)}: {say('held', actual=actual, target=span)}"
    if part.indicator.measure.is_ranked or part.indicator.measure is Measure.YES_NO:
        if scored.rule in WORDED:
            actual, target = (value_text(part.indicator, each, say) for each in (scored.actual, scored.target))
            return f"{_rule_words(scored, say)}: {say('held', actual=actual, target=target)}"
        if part.indicator.measure.is_ranked:
            # Steps are counted by their rank; the words say which step that is.
            actual, target, base = (
                _ranked(part, each, say) for each in (scored.actual, scored.target, scored.baseline)
            )
            return _filled_in(scored, actual, target, say, base=base)
    if scored.rule in (INSIDE, DISTANCE, INSIDE_KEPT, DISTANCE_KEPT):
        # Each target of a period has its own tolerance, and they add up as the targets do.
        promises = sum(target.basis == "per_period" for target in scored.targets) or 1
        slack = number_text(promises * Fraction(part.indicator.tolerance or 0))
        held = say("held", actual=actual, target=f"{number_text(scored.target)} ± {slack}")
        return f"{_rule_words(scored, say)}: {held}"
    return _filled_in(scored, actual, number_text(scored.target), say)


def _rule_words(scored: Achievement, say: Say) -> str:
    """The rules that are words and no formula."""
    key = WORDED.get(scored.rule)
    return scored.rule if key is None else say(key)


def _ranked(part: IndicatorScore, rank: Fraction | None, say: Say) -> str:
    return "" if rank is None else f"{number_text(rank)} ({value_text(part.indicator, rank, say)})"


def _filled_in(scored: Achievement, actual: str, target: str, say: Say, *, base: str = "") -> str:
    """The arithmetic of an achievement with its numbers in place of the words."""
    base = base or ("" if scored.baseline is None else number_text(scored.baseline))
    match scored.rule:
        case "(actual − baseline) / (target − baseline)":
            return f"({actual} − {base}) / ({target} − {base})"
        case "(actual + to come − baseline) / (target − baseline)":
            return say("to-come", actual=actual, ahead=number_text(scored.to_come), base=base, target=target)
        case "actual / target":
            return f"{actual} / {target}"
        case "target / actual":
            return f"{target} / {actual}"
        case "(actual − target) / target" | "(target − actual) / target":
            first, second = (actual, target) if scored.rule.startswith("(actual") else (target, actual)
            size = f"|{target}|" if scored.target is not None and scored.target < 0 else target
            return f"({first} − {second}) / {size}"
        case "actual / target − share due by now":
            share = percent_text(scored.expected or Fraction(0))
            return say("due-now", actual=actual, target=target, share=share)
        case "observed growth / required growth" | "(projected − baseline) / (target − baseline)":
            key = "observed" if scored.rule.startswith("observed") else "projected"
            past, years = _years(scored.elapsed), _years(scored.span)
            if key == "projected" and (scored.elapsed or 0) > (scored.span or 0):
                # After its date a target is held against what there is.
                return f"({actual} − {base}) / ({target} − {base})"
            return say(key, base=base, actual=actual, past=past, years=years, target=target)
    return f"{_rule_words(scored, say)}: {actual} {scored.comparator} {target}"


def _years(years: Fraction | None) -> str:
    return "?" if years is None else number_text(years, digits=2).removesuffix(".00")


def _targets(part: IndicatorScore, scored: Achievement, say: Say) -> Iterator[Explanation]:
    for target, version in zip(scored.targets, scored.versions, strict=True):
        name = target.period or str(target.date)
        shown = _quantity_text(part, version, say)
        how = f"{say(target.kind.value)}, {say(target.basis.value if target.basis else 'restated')}"
        if version.source:
            how += f", {say('source', source=version.source)}"
        yield Explanation(
            kind="target",
            label=say("target", name=name),
            lang=say.lang,
            shown=shown,
            how=how,
            illustrative=version.illustrative,
            place=Place(indicator=part.id, path=f"indicators.{part.id}.targets"),
        )
    if scored.line_day is not None and scored.target is not None:
        shown = value_text(part.indicator, scored.target, say)
        yield Explanation(kind="note", label=say("line", day=scored.line_day), shown=shown, lang=say.lang)


def _quantity_text(part: IndicatorScore, target: Any, say: Say) -> str:
    if target.value is not None:
        shown = value_text(part.indicator, Fraction(target.value), say)
    elif target.numerator is not None and target.denominator is not None:
        pair = (number_text(Fraction(each)) for each in (target.numerator, target.denominator))
        shown = say("of", **dict(zip(("part", "whole"), pair, strict=True)))
    elif target.stage is not None:
        shown = target.stage
    elif target.above_baseline is not None:
        above = Fraction(target.above_baseline)
        shown = say("baseline-plus", n=number_text(above))
        if part.scored.target is not None and len(part.scored.targets) == 1 and part.scored.line_day is None:
            shown += f" = {number_text(part.scored.target - above)} + {number_text(above)}"
    elif target.minimum is not None or target.maximum is not None:
        low, high = ("" if each is None else each for each in (target.minimum, target.maximum))
        shown = say("to", low=low, high=high)
    elif target.text is not None:
        shown = target.text.in_language(say.lang)
    else:
        shown = str(target.as_published or target.status)
    return shown if str(target.comparator) in ("=", "within") else f"{target.comparator} {shown}"


def _baseline(part: IndicatorScore, say: Say) -> Iterator[Explanation]:
    baseline = part.indicator.baseline
    if baseline is None:
        yield Explanation(kind="baseline", label=say("baseline"), shown=say("none-declared"), lang=say.lang)
        return
    shown = value_text(part.indicator, part.scored.baseline, say) if part.scored.baseline is not None else ""
    if baseline.status != "established":
        shown = say(baseline.status.value)
    elif not shown:
        shown = baseline.as_published or say("not-used")
    declared, _ = baseline_of(part.indicator)
    told = [say("on", date=baseline.date)] if baseline.date else []
    if declared and part.scored.baseline is not None and part.scored.baseline != declared:
        times = part.scored.baseline / declared
        told.append(say("each-period", n=number_text(times), value=value_text(part.indicator, declared, say)))
    told += [say("source", source=baseline.source)] if baseline.source else []
    if part.scored.included:
        told.append(say("included"))
    yield Explanation(
        kind="baseline",
        label=say("baseline"),
        lang=say.lang,
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
