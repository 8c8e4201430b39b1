"""An indicator in one sentence, and the standing of a result: what every view says in the same words.

Read `story` first: "12,345 of 28,000 people (44 %); 50 % was due by now: at risk; 4 of 6 partners reported".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.display.figures import points_words, value_words
from mne.display.palette import STATUSES
from mne.ground.maps import FrozenMap
from mne.logframe.indicator import Axis, Direction, Measure, Rule
from mne.logframe.model import Level
from mne.scores.cards import IndicatorScore
from mne.scores.conventions import Convention, met_at
from mne.tables.observations import State
from mne.tables.reasons import Reason

if TYPE_CHECKING:
    from mne.display.labels import Labels
    from mne.scores.cards import Achievement, ResultScore, Scorecard
    from mne.scores.scheme import Band, Scheme

__all__ = [
    "Standing",
    "aim",
    "arithmetic",
    "command_line",
    "examples",
    "examples_words",
    "reason_words",
    "reports_words",
    "standing",
    "story",
    "tally",
]

_NOT_DUE: Final = (Reason.NOT_YET_DUE, Reason.NO_TARGET_DUE)
_OTHER_CONVENTIONS: Final = FrozenMap(
    {
        Convention.INVERSE_RATIO: "story-inverse",
        Convention.VARIANCE: "story-variance",
        Convention.TIME_PROPORTIONAL: "story-pace",
        Convention.GROWTH_RATE: "story-growth",
        Convention.PROJECTED_GROWTH: "story-projected",
    }
)
"""Conventions whose number is no share of the way from a start to a target."""
_DISTANCE: Final = (Measure.NUMBER, Measure.CURRENCY)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a result or indicator stands: the key of a look, the word for it, and the scheme's rating."""

    status: str
    word: str
    rating: str | None = None


def standing(part: IndicatorScore | ResultScore, say: Labels) -> Standing:
    """The status of a part: that of its band, or, without one, why it has none."""
    band = _band(part)
    if band is not None:
        return Standing(band.status, say(STATUSES[band.status].word), part.rating)
    state = part.state if isinstance(part, IndicatorScore) else None
    if part.score is not None:
        word = "status-not_rated"
    elif part.reason in _NOT_DUE:
        word = "status-not_due"
    elif state is State.MISSING or part.reason is Reason.NOTHING_TO_SCORE:
        word = "status-no_data"
    else:
        word = "status-not_scored"
    return Standing("no_data", say(word), part.rating)


def _band(part: IndicatorScore | ResultScore) -> Band | None:
    """The band behind the rating that counts: a person's, where there is one."""
    return _labelled(part.scheme, part.rating) if part.override else part.band


def _labelled(scheme: Scheme, label: str | None) -> Band | None:
    return next((band for band in scheme.bands if band.label == label), None)


def tally(parts: Iterable[IndicatorScore], say: Labels) -> list[tuple[str, str, int]]:
    """(status, word, how many indicators) for what occurs, the best first."""
    counted = Counter((each.status, each.word) for each in (standing(part, say) for part in parts))
    order = list(STATUSES)
    return [
        (*key, number)
        for key, number in sorted(counted.items(), key=lambda entry: (order.index(entry[0][0]), entry[0][1]))
    ]


def reason_words(reason: Reason | None) -> str:
    """Why there is no number, in words."""
    return reason.words if reason is not None else Reason.NOTHING_TO_SCORE.words


def reports_words(part: IndicatorScore, say: Labels) -> str:
    """``4 of 6 partners reported``; of reports, where a partner owes more than one; empty when none was expected."""
    coverage = part.actual.coverage
    if not coverage.expected:
        return ""
    key = "story-partners" if _one_each(part) == coverage.expected else "story-reports"
    told = say(key, reported=coverage.reported, expected=coverage.expected)
    return f"{told} ({say('story-carried', carried=coverage.carried)})" if coverage.carried else told


def _one_each(part: IndicatorScore) -> int | None:
    """How many partners owe exactly one report to the value; None where reports and partners are not the same."""
    value = part.actual
    if value.plan is None or value.as_of is None or part.indicator.rule(Axis.TIME) is not Rule.LATEST:
        return None
    pairs = value.plan.expected_reporters(part.indicator, value.as_of)
    partners = {partner for partner, _ in pairs}
    return len(partners) if pairs and len(partners) == len(pairs) else None


def arithmetic(part: ResultScore, say: Labels) -> str:
    """The sum that gives a result's score, with its numbers: ``60 % × 70.3 + 40 % × 120``; empty without a score."""
    if part.raw is None:
        return ""
    parts: list[IndicatorScore | ResultScore] = [*part.indicators, *part.results]
    counted = [each for each in parts if each.counted]
    total = sum((each.share for each in counted), Fraction(0))
    if part.source == "both":
        told = say("blended", share=say.share(part.blend or Fraction(0)))
    else:
        points = ((each.share / total, each.score or Fraction(0)) for each in counted)
        terms = [f"{say.share(share)} × {points_words(score, say)}" for share, score in points]
        step = part.scheme.steps.get(part.result.level) or part.scheme.steps[Level.OUTCOME]
        told = (
            " + ".join(terms)
            if step.aggregate == "mean"
            else f"{say(f'mean-{step.aggregate}')}{say.colon}{say.semicolon.join(terms)}"
        )
    if part.raw != part.score:
        worth = {
            "raw": points_words(part.raw, say),
            "rating": part.computed_rating,
            "value": points_words(part.score, say),
        }
        told += f"{say.semicolon}{say('looked-up', **worth)}"
    return told


def command_line(card: Scorecard) -> str:
    """The command that computes this card again."""
    told = f"logframe score REPORTS --logframe LOGFRAME --scheme {card.scheme.id}"
    told += f" --until {card.until}" if card.until else ""
    return told + (f" --known-by {card.actuals.known_by}" if card.actuals.known_by else "")


def story(part: IndicatorScore, say: Labels) -> str:
    """What became of an indicator, in one line."""
    told = _head(part, say)
    standing_ = standing(part, say)
    if part.actual.value is not None:
        due = _due(part, say)
        told += f"{say.semicolon}{due}" if due else ""
        if part.score is not None:
            told = say("story-so", told=told, standing=standing_.word)
        elif part.reason not in _NOT_DUE:
            told += f"{say.semicolon}{say('story-unscored', why=reason_words(part.reason))}"
    reports = reports_words(part, say)
    return f"{told}{say.semicolon}{reports}" if reports else told


def aim(part: IndicatorScore) -> Achievement:
    """The achievement to tell of: towards the end target, or the milestone.

    The milestone where there is no end target, and where the two do not start from one baseline: that of a flow with
    targets per period grows with the number of periods, so one bar or sentence cannot hold both.
    """
    milestone, final = part.milestone, part.final
    if part.scored.convention in _OTHER_CONVENTIONS and _has_target(part.scored):
        return part.scored
    if _has_target(milestone) and (not _has_target(final) or milestone.baseline != final.baseline):
        return milestone
    return final


def examples(part: IndicatorScore) -> frozenset[str]:
    """Which of its numbers are examples that nobody reported: keys of labels, such as ``actual`` or ``target``."""
    named, base = part.indicator, part.indicator.baseline
    found = {
        "actual": part.actual.illustrative,
        "baseline": base is not None and base.illustrative,
        "milestone": any(target.illustrative for target in part.milestone.targets),
        "target": any(target.illustrative for target in part.final.targets),
        "indicator": named.illustrative,
    }
    return frozenset(key for key, is_example in found.items() if is_example)


def examples_words(part: IndicatorScore, say: Labels) -> str:
    """``illustrative: actual, target``, naming the numbers that are examples; empty when none is."""
    found = examples(part)
    if not found:
        return ""
    order = ("indicator", "actual", "baseline", "milestone", "target")
    return f"{say('illustrative')}{say.colon}{', '.join(say(key).lower() for key in order if key in found)}"


def _has_target(reached: Achievement) -> bool:
    return reached.target is not None or reached.minimum is not None or reached.maximum is not None


def _head(part: IndicatorScore, say: Labels) -> str:
    told, plan = aim(part), part.actual.plan
    actual = part.actual.value if told.actual is None else told.actual
    if part.actual.reason is Reason.TEXT_ONLY:
        return say("story-words")
    if actual is None:
        return say("story-none", why=reason_words(part.actual.reason))
    shown = value_words(part.indicator, actual, say, plan=plan)
    if not _has_target(told):
        return shown
    target = _target(part, told, say)
    key = _OTHER_CONVENTIONS.get(told.convention)
    distance = told.target is not None and told.comparator == "=" and part.indicator.direction is not Direction.MAINTAIN
    if key is not None and told.value is not None and distance:
        return f"{say('story-target', actual=shown, target=target)}{say.semicolon}{say(key, share=_signed(told, say))}"
    if part.indicator.direction is Direction.MAINTAIN:
        return say("story-kept", actual=shown, target=target)
    if not _is_distance(part, told):
        return say("story-target", actual=shown, target=target)
    share = say.percent(told.value)
    if _from_zero(part, told):
        bare = value_words(part.indicator, actual, say, unit=False)
        return say("story-of", actual=bare, target=target, share=share)
    if told.baseline is None:
        return say("story-target", actual=shown, target=target)
    baseline = value_words(part.indicator, told.baseline, say, unit=False)
    return say("story-way", actual=shown, share=share, baseline=baseline, target=target)


def _signed(aim: Achievement, say: Labels) -> str:
    """The achievement as a percentage; with its sign where 0 is what is aimed at."""
    told = say.percent(aim.value)
    return f"+{told}" if met_at(aim.convention) == 0 and aim.value is not None and aim.value > 0 else told


def _is_distance(part: IndicatorScore, aim: Achievement) -> bool:
    """Whether a share of the way means something: not for lines to cross, nor for stages and yes or no."""
    plain = not part.indicator.measure.is_ranked and part.indicator.measure is not Measure.YES_NO
    known = aim.target is not None and aim.value is not None and aim.convention not in _OTHER_CONVENTIONS
    return plain and aim.comparator == "=" and known


def _from_zero(part: IndicatorScore, aim: Achievement) -> bool:
    rising = part.indicator.direction is Direction.INCREASE and part.indicator.measure in _DISTANCE
    return rising and (not aim.baseline or aim.rule == "actual / target")


def _target(part: IndicatorScore, aim: Achievement, say: Labels) -> str:
    indicator, plan = part.indicator, part.actual.plan
    if aim.target is None:
        low = None if aim.minimum is None else value_words(indicator, aim.minimum, say)
        high = None if aim.maximum is None else value_words(indicator, aim.maximum, say)
        if low is None:
            return say("at-most", value=high)
        return say("at-least", value=low) if high is None else say("between", low=low, high=high)
    told = value_words(indicator, aim.target, say, plan=plan)
    if aim.comparator == "≥":
        return say("at-least", value=told)
    if aim.comparator == "≤":
        return say("at-most", value=told)
    tolerance = indicator.tolerance
    if indicator.direction is Direction.MAINTAIN and tolerance:
        return f"{told} ± {say.number(Fraction(tolerance))}"
    return told


def _due(part: IndicatorScore, say: Labels) -> str:
    """What was due by now, as a share of the way where that means something, else as a value with its day."""
    milestone, final = part.milestone, part.final
    if not _has_target(milestone):
        return say("story-not-due") if milestone.reason is Reason.NO_TARGET_DUE else ""
    if aim(part) is milestone or milestone.targets == final.targets:
        return say("story-due-day", day=milestone.due_day)
    if (milestone.target, milestone.minimum, milestone.maximum) == (final.target, final.minimum, final.maximum):
        return ""
    share = _due_share(part)
    if share is not None:
        return say("story-due", share=say.percent(share))
    return say("story-due-value", value=_target(part, milestone, say), day=milestone.due_day)


def _due_share(part: IndicatorScore) -> Fraction | None:
    milestone, final = part.milestone, part.final
    if (
        not (_is_distance(part, final) and _is_distance(part, milestone))
        or final.target is None
        or milestone.target is None
    ):
        return None
    # Per-period baselines grow with the number of periods: each target is held against its own.
    start = Fraction(0) if final.rule == "actual / target" or final.baseline is None else final.baseline
    due_start = Fraction(0) if milestone.rule == "actual / target" or milestone.baseline is None else milestone.baseline
    way = final.target - start
    return (milestone.target - due_start) / way if way else None
