"""Achievements become scores: indicator by indicator, then result by result, from the bottom of the chain up.

Read `score` first. The scheme is data; what is done with it, weights, drops, lookups and gates, is all here
(semantics §6). Scores are exact fractions; the scheme's own rounding meets the bands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, overload

from mne.errors import OptionError
from mne.logframe.model import Level
from mne.scores.achievement import achievement
from mne.scores.cards import Dropped, IndicatorScore, Override, ResultScore, Scorecard
from mne.scores.conventions import achievement_of
from mne.scores.gates import gated, part_worse
from mne.scores.means import combined
from mne.scores.scheme import Against, Gate, Policy, Scheme, read_scheme, with_weights_checked
from mne.scores.words import REACHED, WORDED
from mne.tables.observations import State
from mne.tables.reasons import Reason
from mne.values.values import Values

if TYPE_CHECKING:
    from decimal import Decimal

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe, Result
    from mne.scores.scheme import Step

__all__ = ["Scorecards", "policy_of", "regressed", "rescored", "score"]

_OUT_OF_SCOPE = frozenset(
    {
        Reason.NO_TARGET,
        Reason.NO_TARGET_DUE,
        Reason.TARGET_NOT_APPLICABLE,
        Reason.TEXT_ONLY,
        Reason.TARGET_IS_TEXT,
        Reason.NOT_YET_DUE,
        Reason.NOT_APPLICABLE,
    }
)
"""Nothing was promised, or nothing can be computed: left out unless the scheme names the reason itself."""


@overload
def score(
    values: Values, *, scheme: str | Scheme = "baseline-target", overrides: Iterable[Override] = ()
) -> Scorecard: ...
@overload
def score(values: Mapping[str, Values], *, scheme: str | Scheme = "baseline-target") -> Scorecards: ...
def score(
    values: Values | Mapping[str, Values],
    *,
    scheme: str | Scheme = "baseline-target",
    overrides: Iterable[Override] = (),
) -> Scorecard | Scorecards:
    """The scores and ratings of every result and indicator, under one scheme.

    Args:
        values: what `aggregate` gave; they carry their plan. Of many projects, a card for each is made when it is asked
            for.
        scheme: a shipped scheme's name (`mne.schemes()`), a path to a YAML file, or a `Scheme`.
        overrides: ratings given by a person, with who, why and when; the computed ones stay beside them.

    Units: scores are in the scheme's points, usually 100 for a target just reached; coverage is a share of 1.
    Source: the scheme names who published it, and whether that was verified.

    Raises:
        OptionError: `values` are not values, the scheme weighs ratings instead of achievements, or an override names
            nothing in the plan or a rating that is no band.
        SchemeError: the scheme cannot be used, or asks for weights that sum to 100 and they do not.
    """
    told: Any = values
    if not isinstance(told, Mapping) or not (isinstance(told, Values) or all(isinstance(each, str) for each in told)):
        raise OptionError("score takes what mne.aggregate(observations, plan) returns")
    chosen = scheme if isinstance(scheme, Scheme) else read_scheme(scheme)
    if chosen.rates == "ratings":
        raise OptionError(f"the scheme {chosen.id} weighs ratings that people gave: use mne.combine(ratings, scheme=…)")
    if not isinstance(values, Values):
        if tuple(overrides):
            raise OptionError("overrides can be given for one project, not for many")
        return Scorecards(values, chosen)
    with_weights_checked(chosen, _siblings(values.plan))
    return _scored(_Scorer(values, chosen, _overrides(overrides, values.plan, chosen)))


class Scorecards(Mapping[str, Scorecard]):
    """The scorecards of many projects by their ids, under one scheme; each is made when it is asked for, and kept."""

    def __init__(self, values: Mapping[str, Values], scheme: Scheme) -> None:
        self._values = values
        self._made: dict[str, Scorecard] = {}
        self.scheme = scheme

    def __getitem__(self, project: str) -> Scorecard:
        if project not in self._made:
            self._made[project] = score(self._values[project], scheme=self.scheme)
        return self._made[project]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Scorecards({len(self)} projects by {self.scheme.id})"


def rescored(
    card: Scorecard,
    *,
    points: Mapping[str, Fraction | None] | None = None,
    weights: Mapping[str, Fraction] | None = None,
) -> Scorecard:
    """The same card with other points for some indicators, or other weights for some indicators and results.

    Args:
        card: a scorecard.
        points: by indicator, its points in the scheme's scale, as they are averaged; None takes its points away, as if
            nobody had reported it.
        weights: by indicator or result, its weight among its siblings. Where siblings had no weights, each counted 1.

    Raises:
        OptionError: an id that the plan does not have, or a weight below zero.
    """
    plan = card.plan
    unknown = [code for code in points or () if code not in plan.indicators]
    unknown += [code for code in weights or () if code not in plan.indicators and code not in plan.results_by_id]
    if unknown:
        raise OptionError(f"{plan.id} has no {', '.join(unknown)}")
    if any(weight < 0 for weight in (weights or {}).values()):
        raise OptionError("a weight must not be below zero")
    given = {override.id: override for override in card.overrides}
    return _scored(_Scorer(card.actuals, card.scheme, given, points=points or {}, weights=weights or {}))


def _scored(scorer: _Scorer) -> Scorecard:
    plan = scorer.values.plan
    results: dict[str, ResultScore] = {}
    indicators: dict[str, IndicatorScore] = {}
    for top, share in zip(plan.results, scorer.shares(plan.results), strict=True):
        _collect(scorer.result(top, share), results, indicators)
    return Scorecard(
        plan=plan,
        scheme=scorer.scheme,
        actuals=scorer.values,
        results={result.id: results[result.id] for result in plan.walk()},
        indicators={code: indicators[code] for code in plan.indicators},
        overrides=tuple(scorer.overrides.values()),
    )


def _siblings(plan: Logframe) -> Iterator[tuple[str, tuple[Decimal | None, ...]]]:
    """The weights of all siblings, by the result that they stand under."""
    yield plan.id, tuple(result.weight for result in plan.results)
    for result in plan.walk():
        yield result.id, tuple(indicator.weight for indicator in result.indicators)
        yield result.id, tuple(child.weight for child in result.results)


def _collect(card: ResultScore, results: dict[str, ResultScore], indicators: dict[str, IndicatorScore]) -> None:
    results[card.id] = card
    indicators.update({part.id: part for part in card.indicators})
    for part in card.results:
        _collect(part, results, indicators)


def _overrides(overrides: Iterable[Override], plan: Logframe, scheme: Scheme) -> dict[str, Override]:
    given = {override.id: override for override in overrides}
    labels = {band.label for band in scheme.bands}
    for code, override in given.items():
        if code not in plan.results_by_id and code not in plan.indicators:
            raise OptionError(f"the override of {code!r} names no result or indicator of {plan.id}")
        if override.rating not in labels:
            told = ", ".join(band.label for band in scheme.bands) or "none"
            raise OptionError(f"the override of {code!r} gives {override.rating!r}; the scheme's ratings are {told}")
    return given


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a result, its indicators or the results beneath it, brought together."""

    score: Fraction | None
    coverage: Fraction
    reason: Reason | None
    counted: frozenset[str]
    dropped: tuple[Dropped, ...]
    parts: int = 0
    """How many parts it has, whether they have a number or not."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a side: its score if it has one, and what becomes of it if not."""

    id: str
    share: Fraction
    score: Fraction | None
    coverage: Fraction
    reason: Reason | None
    policy: Policy


@dataclass(frozen=True, slots=True)
class _Scorer:
    values: Values
    scheme: Scheme
    overrides: Mapping[str, Override]
    points: Mapping[str, Fraction | None] = field(default_factory=dict)
    weights: Mapping[str, Fraction] = field(default_factory=dict)

    def shares(self, siblings: Sequence[Indicator] | Sequence[Result]) -> list[Fraction]:
        """Each sibling's share of the weight: as given, or equal when none is given."""
        if not siblings:
            return []
        told = any(each.weight is not None for each in siblings)
        numbers = [self.weights.get(each.id, Fraction(each.weight or 0) if told else Fraction(1)) for each in siblings]
        total = sum(numbers, Fraction(0))
        return [number / total if total else Fraction(0) for number in numbers]

    def indicator(self, indicator: Indicator, share: Fraction, step: Step) -> IndicatorScore:
        scheme, value = self.scheme, self.values[indicator.id]
        rule = scheme.achievement
        against = {each: achievement(value, against=each, rule=rule, known_by=self.values.known_by) for each in Against}
        scored = against[rule.against]
        points = None if scored.value is None else _clamped(scored.value, rule.floor, rule.ceiling) * scheme.scale_exact
        reason = scored.reason
        override = self.overrides.get(indicator.id)
        worth = None if override is None or points is not None else self._worth(override, step)
        if worth is not None:
            # What cannot be computed, such as words, counts with the rating that a person gave it.
            points, reason = worth, None
        if indicator.id in self.points:
            points, worth = self.points[indicator.id], None
            reason = (reason or scored.reason or Reason.NO_REPORTS) if points is None else None
        return IndicatorScore(
            indicator=indicator,
            actual=value,
            milestone=against[Against.MILESTONE],
            final=against[Against.FINAL],
            scored=scored,
            score=points,
            reason=reason,
            band=None if points is None else scheme.band(points),
            share=share,
            counted=False,
            scheme=scheme,
            override=override,
            by_person=worth is not None,
        )

    def _worth(self, override: Override, step: Step) -> Fraction | None:
        """What a rating is worth in points; None where the scheme does not look ratings up, and so gives none."""
        band = self.scheme.band_of(override.rating) if step.lookup else None
        return None if band is None or band.value is None else Fraction(band.value)

    def result(self, result: Result, share: Fraction) -> ResultScore:
        step = self.scheme.steps.get(result.level) or self.scheme.steps[Level.OUTCOME]
        own = self.shares(result.indicators)
        indicators = [self.indicator(each, part, step) for each, part in zip(result.indicators, own, strict=True)]
        beneath = self.shares(result.results)
        results = [self.result(each, part) for each, part in zip(result.results, beneath, strict=True)]
        sides = {
            "indicators": _side([self._indicator_part(each) for each in indicators], step),
            "results": _side([_result_part(each, step) for each in results], step),
        }
        name, side, blend = _chosen(sides, step)
        reason = side.reason
        raw = side.score
        if raw is not None and step.min_coverage is not None and side.coverage < Fraction(step.min_coverage):
            raw, reason = None, Reason.COVERAGE_BELOW_MINIMUM
        band = None if raw is None else self.scheme.band(raw)
        looked_up = raw if not step.lookup or band is None or band.value is None else Fraction(band.value)
        counted = side.counted
        card = ResultScore(
            result=result,
            score=None if raw is None else looked_up,
            rating=band.label if band else None,
            band=band,
            coverage=side.coverage,
            reason=None if raw is not None else (reason or Reason.NOTHING_TO_SCORE),
            indicators=tuple(replace(each, counted=each.id in counted) for each in indicators),
            results=tuple(replace(each, counted=each.id in counted) for each in results),
            share=share,
            counted=False,
            scheme=self.scheme,
            raw=raw,
            source=name,
            blend=blend,
            dropped=side.dropped,
            computed_rating=band.label if band else None,
            override=self.overrides.get(result.id),
        )
        return _overridden(_gated(card, self.scheme), step)

    def _indicator_part(self, part: IndicatorScore) -> _Part:
        return _Part(
            part.id,
            part.share,
            part.score,
            Fraction(int(part.score is not None)),
            part.reason,
            policy_of(part, self.scheme),
        )


def policy_of(part: IndicatorScore, scheme: Scheme) -> Policy:
    """What becomes of an indicator that has no number, by the reason why it has none."""
    reason = part.reason
    if reason is not None and (reason in _OUT_OF_SCOPE or reason in scheme.undefined):
        return scheme.undefined.get(reason, Policy.DROP)
    # Of a flow with targets per period the achievement has an actual of its own, which may be there all the same.
    unheard = part.state is State.MISSING and part.scored.actual is None
    silent = unheard or reason in (Reason.NO_REPORTS, Reason.INCOMPLETE)
    return scheme.missing if silent else scheme.policy(reason or "")


def _result_part(part: ResultScore, step: Step) -> _Part:
    return _Part(part.id, part.share, part.score, part.coverage, part.reason, step.missing)


def _clamped(number: Fraction, floor: Any, ceiling: Any) -> Fraction:
    if floor is not None:
        number = max(number, Fraction(floor))
    return number if ceiling is None else min(number, Fraction(ceiling))


def _side(parts: Sequence[_Part], step: Step) -> _Side:
    """A side's score over what can be scored; the weight of what is dropped goes to the others."""
    coverage = sum((part.share * part.coverage for part in parts if part.score is not None), Fraction(0))
    without = [part for part in parts if part.score is None and part.share]
    dropped = tuple(Dropped(part.id, part.reason, part.share) for part in without if part.policy == Policy.DROP)
    if any(part.policy == Policy.FAIL for part in without):
        return _Side(None, coverage, Reason.FAILED_BY_POLICY, frozenset(), dropped, len(parts))
    counted = [(part, part.score) for part in parts if part.score is not None and part.share]
    counted += [(part, Fraction(0)) for part in without if part.policy == Policy.ZERO]
    total = sum((part.share for part, _ in counted), Fraction(0))
    if not total:
        return _Side(None, coverage, Reason.NOTHING_TO_SCORE, frozenset(), dropped, len(parts))
    score = combined([(points, part.share / total) for part, points in counted], step.aggregate)
    return _Side(score, coverage, None, frozenset(part.id for part, _ in counted), dropped, len(parts))


def _chosen(sides: dict[str, _Side], step: Step) -> tuple[str, _Side, Fraction | None]:
    """Which side gives the score, or both in a declared blend."""
    indicators, results = sides["indicators"], sides["results"]
    match step.source:
        case "indicators" | "results":
            return step.source, sides[step.source], None
        case "indicators_else_results":
            return _first_scored(sides, "indicators", "results")
        case "results_else_indicators":
            return _first_scored(sides, "results", "indicators")
    share = step.blended(own=bool(indicators.parts), beneath=bool(results.parts))
    parts = [
        _Part("indicators", share, indicators.score, indicators.coverage, indicators.reason, step.missing),
        _Part("results", 1 - share, results.score, results.coverage, results.reason, step.missing),
    ]
    both = _side(parts, step)
    counted = indicators.counted | results.counted
    dropped = (
        *(replace(each, share=each.share * share) for each in indicators.dropped),
        *(replace(each, share=each.share * (1 - share)) for each in results.dropped),
    )
    return "both", replace(both, counted=counted, dropped=dropped), share


def _first_scored(sides: dict[str, _Side], preferred: str, other: str) -> tuple[str, _Side, Fraction | None]:
    """The preferred side, or the other where that one has nothing; a side that failed is not replaced."""
    first = sides[preferred]
    if first.score is None and first.reason is not Reason.FAILED_BY_POLICY and sides[other].score is not None:
        return other, sides[other], None
    return preferred, first, None


def _gated(card: ResultScore, scheme: Scheme) -> ResultScore:
    """The rating under its gates: never better than a closed gate's cap, while the score stays."""
    if card.band is None:
        return card
    closed = [gate for gate in scheme.gates if card.result.level in gate.levels and _closes(card, gate, scheme)]
    band, titles = gated(card.band, closed, scheme)
    return replace(card, band=band, rating=band.label, gated_rating=band.label, gates=titles)


def _core(card: ResultScore) -> list[IndicatorScore]:
    own = [part for part in card.indicators if part.indicator.core]
    return own + [part for beneath in card.results for part in _core(beneath)]


def _closes(card: ResultScore, gate: Gate, scheme: Scheme) -> bool:
    if gate.when == "part_worse":
        ratings = {part.id: part.rating for part in card.results}
        return part_worse(gate, ratings, scheme)
    core = [part.scored for part in _core(card)]
    if gate.when == "core_missing":
        return any(scored.value is None for scored in core)
    if gate.when == "core_regressed":
        return any(regressed(part) for part in _core(card))
    limit = Fraction(gate.below or 0)
    return any(scored.value is not None and scored.value < limit for scored in core)


def regressed(part: IndicatorScore) -> bool:
    """Whether an indicator that was scored stands behind its baseline, whatever the convention.

    A threshold that is not met cannot be told from no progress, and a range that was left is no step back.
    """
    scored = part.scored
    if scored.value is None or scored.actual is None or scored.baseline is None or scored.target is None:
        return False
    reached, _ = achievement_of(actual=scored.actual + scored.to_come, target=scored.target, baseline=scored.baseline)
    by_words = scored.rule in WORDED and scored.rule != REACHED
    return not by_words and reached is not None and reached < 0


def _overridden(card: ResultScore, step: Step) -> ResultScore:
    """The rating given by a person; where ratings are looked up, it counts above with what that rating is worth."""
    if card.override is None:
        return card
    band = card.scheme.band_of(card.override.rating) or card.band
    worth = band.value if step.lookup and band is not None else None
    if worth is None:
        return replace(card, rating=card.override.rating, band=band, computed_score=card.score)
    return replace(
        card, rating=card.override.rating, band=band, score=Fraction(worth), reason=None, computed_score=card.score
    )
