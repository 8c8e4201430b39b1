"""What there is to know about a score, as short notes for people: what is missing, what could change, what looks odd.

Read `Note` first. Each function turns one statistic into the notes about it, or none where there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from mne.ground.numbers import number_text, percent_text

if TYPE_CHECKING:
    from mne.scores.bounds import Bound
    from mne.scores.cards import IndicatorScore
    from mne.scores.evidence import DataQuality, Disparity
    from mne.scores.robustness import Robust, Robustness
    from mne.scores.survey import Interval, Verdict

__all__ = ["Note", "bound_notes", "gap_notes", "points", "quality_notes", "survey_notes", "weight_notes"]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about a score: a stable word for what it is about, what there is to see, and what it means.

    `about` is one of coverage, bounds, weights, hinge, survey, completeness, timeliness, outlier, parity, reversal.
    """

    about: str
    shown: str
    how: str = ""
    warns: bool = False
    """Whether it is a reason to trust the rating less."""


def points(score: Fraction | float | None) -> str:
    """A score as people read it; a dash for none."""
    return "–" if score is None else number_text(Fraction(score), digits=1)


def bound_notes(bound: Bound | None) -> Iterator[Note]:
    """What missing reports may still do."""
    if bound is None:
        yield Note("bounds", "not known", "the scheme has no floor or no ceiling, and no limits were given")
    elif bound.complete:
        yield Note("bounds", "nothing that could change it is missing")
    elif bound.low is None:
        yield Note("bounds", "no score, whatever is still reported", bound.why)
    else:
        shown = f"{points(bound.low)} to {points(bound.high)}"
        if bound.rating_low is not None and bound.rating_low != bound.rating_high:
            shown += f", {bound.rating_low} to {bound.rating_high}"
        elif bound.certain:
            shown += f", {bound.rating_low} either way"
        shown += ", or no score" if bound.may_lack else ""
        yield Note("bounds", shown, bound.why, warns=not bound.certain)


def weight_notes(robust: Robust, of: Robustness) -> Iterator[Note]:
    """How often the rating stays under other weights, and what it hangs on."""
    if robust.same is None:
        return
    told = ", ".join(f"{label} {percent_text(share)}" for label, share in robust.ratings.items())
    how = f"weights varied by ± {percent_text(of.spread)} in {of.draws:,} draws: {told}"
    if robust.low is not None and robust.high is not None:
        how += f"; score {points(robust.low)} to {points(robust.high)} in nine of ten"
    often = percent_text(robust.same)
    if robust.same < 1 and often == percent_text(Fraction(1)):
        often = "nearly 100 %"
    shown = f"rated {robust.rating} in {often} of draws"
    yield Note("weights", shown, how, warns=robust.same < 1)
    margin = robust.hangs_on
    if margin is None:
        return
    without = "no score" if margin.change is None else f"{margin.change:+.1f} points, {margin.rating or 'no rating'}"
    moves = [
        f"{percent_text(Fraction(way), digits=1)} of the way {words}"
        for way, words in ((margin.may_fall, "down"), (margin.may_rise, "up"))
        if way is not None
    ]
    room = f"the rating changes when it moves {' or '.join(moves)}" if moves else "no value of it changes the rating"
    yield Note("hinge", f"hangs most on {margin.indicator}", f"without it {without}; {room}")


def survey_notes(interval: Interval | None, verdict: Verdict | None, part: IndicatorScore) -> Iterator[Note]:
    """Whether a sample is large enough to tell."""
    if interval is None:
        if part.indicator.survey is not None and part.actual.value is not None:
            yield Note("survey", "no interval", "the size of its sample is not known, or it is no share of one")
        return
    how = f"{percent_text(Fraction(str(interval.confidence)))} interval of a sample"
    shown = f"{number_text(Fraction(interval.low), digits=1)} to {number_text(Fraction(interval.high), digits=1)}"
    if verdict is not None and part.scored.target is not None:
        target = number_text(part.scored.target)
        told = {
            "met": "is met for certain",
            "not_met": "is missed for certain",
            "inconclusive": "may or may not be met",
        }[verdict]
        shown += f", so that the target of {target} {told}"
    yield Note("survey", shown, how, warns=verdict == "inconclusive")


def quality_notes(quality: DataQuality, part: IndicatorScore) -> Iterator[Note]:
    """What is missing, late or unusual."""
    coverage = part.actual.coverage
    differs = (quality.reported, quality.expected) != (coverage.reported, coverage.expected)
    if differs and quality.completeness is not None and quality.completeness < 1:
        shown = f"{percent_text(quality.completeness)} of the reports of all periods"
        yield Note("completeness", shown, f"{quality.reported} of {quality.expected}", warns=True)
    if quality.timeliness is not None and quality.timeliness < 1:
        how = f"{quality.undated} without a date are left out" if quality.undated else ""
        yield Note("timeliness", f"{percent_text(quality.timeliness)} of reports came in time", how, warns=True)
    if quality.outliers:
        how = "far from its other periods, by modified z-scores"
        yield Note("outlier", f"unusual values in {', '.join(quality.outliers)}", how, warns=True)


def gap_notes(gaps: tuple[Disparity, ...], part: IndicatorScore) -> Iterator[Note]:
    """Whom the total hides. Groups may not be of one size, so that of their counts no parity is asked, as of rates."""
    for each in gaps:
        if each.gap is not None and each.lowest != each.highest:
            told = [f"{code} {number_text(number)}" for code, number in each.categories.items() if number is not None]
            ratio = ""
            if each.parity is not None and each.parity.index is not None:
                ratio = f"; the first over the second is {number_text(each.parity.index)}"
            shown = f"by {each.dimension}, {each.highest} lies {number_text(each.gap)} above {each.lowest}"
            unequal = part.indicator.measure.is_ratio and each.parity is not None and each.parity.at_parity is False
            yield Note("parity", shown, ", ".join(told) + ratio, warns=unequal)
        for turn in each.reversals:
            ways = ("rose", "fell") if turn.rose else ("fell", "rose")
            shown = f"from {turn.first} to {turn.second} every category of {each.dimension} {ways[0]}"
            how = f"and the total {ways[1]}: its composition has changed (Simpson's paradox)"
            yield Note("reversal", shown, how, warns=True)
