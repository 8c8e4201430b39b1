"""How sure a score is: all that can be said about it, side by side, without changing it.

Read `certainty` first. Coverage, bounds, robustness, surveys, data quality and gaps between categories annotate a
score; what to make of them is for people to decide (semantics §7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mne.errors import OptionError
from mne.ground.explanation import Explanation
from mne.ground.maps import FrozenMap
from mne.ground.numbers import percent_text
from mne.scores.bounds import bounds
from mne.scores.cards import IndicatorScore, ResultScore, Scorecard
from mne.scores.evidence import data_quality, disparities
from mne.scores.notes import Note, bound_notes, gap_notes, points, quality_notes, survey_notes, weight_notes
from mne.scores.robustness import robustness
from mne.scores.survey import survey_interval, survey_verdict

if TYPE_CHECKING:
    import polars as pl

    from mne.scores.bounds import Bound, Bounds, Limit
    from mne.scores.evidence import DataQuality, Disparity
    from mne.scores.robustness import Robust, Robustness
    from mne.scores.survey import Interval, Verdict

__all__ = ["Certain", "Certainty", "Note", "certainty"]


@dataclass(frozen=True)
class Certain:
    """One result or indicator with everything that bears on how sure its score is. Units: points and shares of 1."""

    id: str
    title: str
    score: Fraction | None
    rating: str | None
    coverage: Fraction | None
    """Of a result: the share of weight that could be scored. Of an indicator: reports received over expected."""
    bound: Bound | None
    """None where the scheme has no floor or ceiling and no limits were given."""
    robust: Robust | None
    """Of results."""
    interval: Interval | None = None
    """Of indicators that come from a sample, in their unit."""
    verdict: Verdict | None = None
    quality: DataQuality | None = None
    disparities: tuple[Disparity, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def warnings(self) -> tuple[Note, ...]:
        """The notes that are a reason to trust the rating less."""
        return tuple(note for note in self.notes if note.warns)


@dataclass(frozen=True)
class Certainty(Mapping[str, Certain]):
    """How sure every score of a card is, results first, by id."""

    card: Scorecard = field(repr=False)
    by_id: FrozenMap[str, Certain]
    bounds: Bounds | None
    robustness: Robustness

    def __getitem__(self, id: str) -> Certain:
        return self.by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)

    def explain(self, id: str | None = None) -> Explanation:
        """What bears on the certainty of one result or indicator and of all beneath it; None takes the whole card.

        Raises:
            OptionError: the plan has no such result or indicator.
        """
        if id is None:
            tops = tuple(_tree(self, self.card.results[top.id]) for top in self.card.plan.results)
            return Explanation(
                kind="certainty",
                label=f"How sure the scores of {self.card.plan.id} are",
                how=_method(self),
                children=tops,
            )
        if id not in self.by_id:
            raise OptionError(f"{self.card.plan.id} has no result or indicator {id!r}")
        part: ResultScore | IndicatorScore = self.card.results.get(id) or self.card.indicators[id]
        return _tree(self, part)

    def to_text(self) -> str:
        """Every result and indicator with its notes, as indented lines; warnings begin with an exclamation mark."""
        return self.explain().to_text()

    def to_polars(self) -> pl.DataFrame:
        """One row per result and indicator: score, bounds, robustness, survey, quality, and how many warnings."""
        import polars as pl

        return pl.DataFrame([_row(each) for each in self.by_id.values()], schema=_columns(pl), orient="row")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; exact numbers as fractions in text, `format` 1."""
        return {
            "format": 1,
            "logframe": self.card.plan.id,
            "until": str(self.card.until) if self.card.until else None,
            "scheme": self.card.scheme.id,
            "spread": str(self.robustness.spread),
            "draws": self.robustness.draws,
            "seed": self.robustness.seed,
            "entries": {code: _plain(each) for code, each in self.by_id.items()},
        }

    def __repr__(self) -> str:
        warned = sum(1 for each in self.by_id.values() if each.warnings)
        return f"Certainty({self.card.plan.id} until {self.card.until}: {warned} of {len(self)} scores with warnings)"

    __str__ = __repr__


def certainty(
    card: Scorecard,
    *,
    spread: Fraction | Decimal | float | str = "0.25",
    draws: int = 10_000,
    seed: int = 0,
    limits: tuple[Limit, Limit] | None = None,
    cells: Mapping[str, tuple[Limit, Limit]] | None = None,
) -> Certainty:
    """Everything that bears on how sure the scores of a card are; the card is not changed.

    Args:
        card: a scorecard.
        spread: how far weights vary, as in `robustness`.
        draws: how many sets of weights are drawn.
        seed: the same seed gives the same answer.
        limits: the lowest and highest achievement that an indicator with missing reports may come to, as in `bounds`.
            None takes the scheme's floor and ceiling; where it has none there are no bounds, and a note says so.
        cells: by indicator, the lowest and highest value that one missing report can have.

    Units: points and shares of 1; survey intervals in the indicator's unit.

    Raises:
        OptionError: as `bounds` and `robustness`.
    """
    rule = card.scheme.achievement
    boundless = limits is None and not cells and (rule.floor is None or rule.ceiling is None)
    bound = None if boundless else bounds(card, limits=limits, cells=cells)
    robust = robustness(card, spread=spread, draws=draws, seed=seed)
    found = {code: _of_result(part, bound, robust) for code, part in card.results.items()}
    found.update({code: _of_indicator(card, part, bound) for code, part in card.indicators.items()})
    return Certainty(card, FrozenMap(found), bound, robust)


def _of_result(part: ResultScore, bound: Bounds | None, robust: Robustness) -> Certain:
    mine = bound[part.id] if bound is not None else None
    covered = Note("coverage", f"{percent_text(part.coverage)} of its weight is scored", warns=part.coverage < 1)
    return Certain(
        id=part.id,
        title=str(part.result.title),
        score=part.score,
        rating=part.rating,
        coverage=part.coverage,
        bound=mine,
        robust=robust[part.id],
        notes=(covered, *bound_notes(mine), *weight_notes(robust[part.id], robust)),
    )


def _of_indicator(card: Scorecard, part: IndicatorScore, bound: Bounds | None) -> Certain:
    mine = bound[part.id] if bound is not None else None
    quality = data_quality(part.actual, card.plan)
    gaps = disparities(card.actuals, part.id)
    try:
        interval, verdict = survey_interval(part.actual), survey_verdict(part.actual, part.scored)
    except OptionError:
        # A plan with an impossible design effect or confidence has a finding of its own; here there is no interval.
        interval, verdict = None, None
    share = part.actual.coverage.share
    covered = Note("coverage", f"{part.actual.coverage} reported", warns=share is not None and share < 1)
    return Certain(
        id=part.id,
        title=str(part.indicator.title),
        score=part.score,
        rating=part.rating,
        coverage=share,
        bound=mine,
        robust=None,
        interval=interval,
        verdict=verdict,
        quality=quality,
        disparities=gaps,
        notes=(
            covered,
            *bound_notes(mine),
            *survey_notes(interval, verdict, part),
            *quality_notes(quality, part),
            *gap_notes(gaps, part),
        ),
    )


# --- as text and data -------------------------------------------------------------------------------------------


def _method(told: Certainty) -> str:
    return f"none of this changes a score; scheme {told.card.scheme.id}, seed {told.robustness.seed}"


def _tree(told: Certainty, part: ResultScore | IndicatorScore) -> Explanation:
    entry = told.by_id[part.id]
    beneath: list[ResultScore | IndicatorScore] = []
    if isinstance(part, ResultScore):
        beneath = [*part.indicators, *part.results]
    return Explanation(
        kind="certainty",
        label=f"{entry.id} {entry.title}",
        shown=f"{points(entry.score)}, {entry.rating or 'no rating'}",
        value=entry.score,
        illustrative=part.illustrative,
        children=(
            *(
                Explanation("note", f"{'! ' if note.warns else ''}{note.about}", note.shown, note.how)
                for note in entry.notes
            ),
            *(_tree(told, each) for each in beneath),
        ),
    )


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _row(each: Certain) -> tuple[Any, ...]:
    bound, robust, quality = each.bound, each.robust, each.quality
    return (
        each.id,
        "result" if robust else "indicator",
        _float(each.score),
        each.rating,
        _float(each.coverage),
        _float(bound.low) if bound else None,
        _float(bound.high) if bound else None,
        bound.rating_low if bound else None,
        bound.rating_high if bound else None,
        _float(robust.same) if robust else None,
        robust.hangs_on.indicator if robust and robust.hangs_on else None,
        each.interval.low if each.interval else None,
        each.interval.high if each.interval else None,
        each.verdict,
        _float(quality.completeness) if quality else None,
        _float(quality.timeliness) if quality else None,
        len(quality.outliers) if quality else None,
        [note.about for note in each.warnings],
    )


def _columns(pl: Any) -> dict[str, Any]:
    words, number = pl.String, pl.Float64
    return {
        "id": words, "kind": words, "score": number, "rating": words, "coverage": number, "low": number,
        "high": number, "rating_low": words, "rating_high": words, "same_rating": number, "hangs_on": words,
        "survey_low": number, "survey_high": number, "verdict": words, "completeness": number, "timeliness": number,
        "outliers": pl.Int64, "warnings": pl.List(pl.String),
    }  # fmt: skip


def _plain(each: Certain) -> dict[str, Any]:
    told: dict[str, Any] = {
        "title": each.title,
        "score": _exact(each.score),
        "rating": each.rating,
        "coverage": _exact(each.coverage),
        "notes": [
            {"about": note.about, "shown": note.shown, "how": note.how, "warns": note.warns} for note in each.notes
        ],
    }
    if each.bound is not None:
        told["bounds"] = {
            "low": _exact(each.bound.low),
            "high": _exact(each.bound.high),
            "ratings": [each.bound.rating_low, each.bound.rating_high],
            "may_lack": each.bound.may_lack,
            "complete": each.bound.complete,
        }
    if each.robust is not None:
        margin = each.robust.hangs_on
        told["weights"] = {
            "same": _exact(each.robust.same),
            "ratings": {label: str(share) for label, share in each.robust.ratings.items()},
            "quantiles": [each.robust.low, each.robust.middle, each.robust.high],
            "hangs_on": margin.indicator if margin else None,
            "may_fall": margin.may_fall if margin else None,
            "may_rise": margin.may_rise if margin else None,
        }
    if each.interval is not None:
        told["survey"] = {"low": each.interval.low, "high": each.interval.high, "verdict": each.verdict}
    if each.disparities:
        told["disparities"] = {
            gap.dimension: {
                "categories": {code: _exact(number) for code, number in gap.categories.items()},
                "gap": _exact(gap.gap),
                "parity": _exact(gap.parity.index) if gap.parity else None,
                "reversals": [[turn.first, turn.second] for turn in gap.reversals],
            }
            for gap in each.disparities
        }
    return told
