"""Scores or ratings of any parts as one: outputs by impact weight, criteria by grade, projects by budget.

Read `combine` first. It is what a scorecard does with the parts of a result, for parts that come from elsewhere:
grades that reviewers gave, ratings before and after a revision, the children of a portfolio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeVar

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.ground.numbers import number_text, percent_text
from mne.scores.gates import gated, part_worse
from mne.scores.means import combined
from mne.scores.scheme import Scheme, read_scheme
from mne.tables.reasons import Reason

if TYPE_CHECKING:
    from mne.scores.scheme import Band, Gate

__all__ = ["Combined", "Contributed", "combine"]

Exact = Fraction | Decimal | int | float


@dataclass(frozen=True, slots=True)
class Contributed:
    """One part of a combined score. Units: `points` and `contribution` are in those of the parts, `share` is of 1."""

    id: str
    points: Fraction | None
    share: Fraction
    """Its weight among the parts that have a number; 0 for those that have none."""
    contribution: Fraction | None
    """Share times points, which add up to the score where it is an arithmetic mean."""
    rating: str | None = None


@dataclass(frozen=True)
class Combined:
    """Parts as one score, with its rating and the share of weight that it rests on."""

    score: Fraction | None
    band: Band | None
    coverage: Fraction
    reason: Reason | None
    parts: FrozenMap[str, Contributed]
    gates: tuple[str, ...] = ()
    computed_rating: str | None = None
    """The rating before gates."""

    @property
    def rating(self) -> str | None:
        """The band's label; None without a scheme that has bands, or without a score."""
        return self.band.label if self.band is not None else None

    def __repr__(self) -> str:
        shown = str(self.reason) if self.score is None else number_text(self.score, digits=2).removesuffix(".00")
        told = f", {self.rating}" if self.rating else ""
        return f"Combined({shown}{told}, coverage {percent_text(self.coverage)}, {len(self.parts)} parts)"


def combine(
    parts: Mapping[str, Exact | str | None],
    *,
    weights: Mapping[str, Exact] | None = None,
    scheme: str | Scheme | None = None,
    aggregate: Literal["mean", "geometric", "harmonic", "min"] | None = None,
    min_coverage: Exact | None = None,
    missing: Literal["drop", "zero", "fail"] = "drop",
    not_positive: Literal["zero", "undefined"] = "zero",
) -> Combined:
    """The score of several parts together, and its rating under a scheme.

    Args:
        parts: by id, a number, a rating of the scheme (which counts with the value of its band), or None if missing.
        weights: by id; equal where none are given. They are shared out anew among the parts that have a number.
        scheme: its bands, rounding and gates rate the score; None gives a score without a rating.
        aggregate: how the parts become one; None does what all steps of the scheme do, and takes the mean otherwise.
        min_coverage: the share of the weight (0 to 1) that must have a number; below it there is no score. None does
            what all steps of the scheme do.
        missing: what a part without a number does: drop out, count as zero, or leave no score at all.
        not_positive: what a geometric or harmonic mean gives with a part of zero or less: zero, which is its limit, or
            nothing, as COINr does.

    Units: those of the parts; coverage is a share of 1.
    Source: DFID's annual review (impact weight × the grade's value), the World Bank's split rating (shares of
    disbursement), and the OECD/JRC handbook on composite indicators for the means.

    Raises:
        OptionError: no parts, a weight below zero or for no part, a rating that the scheme does not have, a rating
            without a scheme, an option with an unknown value, or a part that is spelled almost like one that the scheme
            names.

    >>> combine({"a": 45, "b": 60}, weights={"a": 20, "b": 10}).score
    Fraction(50, 1)
    """
    if not parts:
        raise OptionError("combine needs at least one part")
    if missing not in ("drop", "zero", "fail"):
        raise OptionError(f"missing must be drop, zero or fail, not {missing!r}")
    if not_positive not in ("zero", "undefined"):
        raise OptionError(f"not_positive must be zero or undefined, not {not_positive!r}")
    if aggregate not in (None, "mean", "geometric", "harmonic", "min"):
        raise OptionError(f"aggregate must be mean, geometric, harmonic or min, not {aggregate!r}")
    if min_coverage is not None and not 0 <= _exact(min_coverage) <= 1:
        raise OptionError(f"min_coverage must be a share from 0 to 1, not {min_coverage}")
    chosen = scheme if scheme is None or isinstance(scheme, Scheme) else read_scheme(scheme)
    steps = () if chosen is None else tuple(chosen.steps.values())
    aggregate = aggregate or _shared([step.aggregate for step in steps]) or "mean"
    min_coverage = _shared([step.min_coverage for step in steps]) if min_coverage is None else min_coverage
    _spelled(parts, chosen)
    given = _weights(parts, weights)
    whole = sum(given.values(), Fraction(0))
    points = {code: _points(code, told, chosen) for code, told in parts.items()}
    known = {code: number for code, number in points.items() if number is not None}
    covered = sum((given[code] for code in known), Fraction(0))
    coverage = covered / whole if whole else Fraction(0)
    counted = {**{code: Fraction(0) for code in points if missing == "zero"}, **known}
    total = sum((given[code] for code in counted), Fraction(0))
    shares = {code: given[code] / total if code in counted and total else Fraction(0) for code in points}
    reason = _reason(points, given, total, coverage, missing=missing, min_coverage=min_coverage)
    bad = aggregate in ("geometric", "harmonic") and any(counted[code] <= 0 for code in counted if shares[code])
    if bad and not_positive == "undefined":
        reason = reason or Reason.NOT_POSITIVE
    weighed = [(number, shares[code]) for code, number in counted.items() if shares[code]]
    score = None if reason is not None else combined(weighed, aggregate)
    band = chosen.band(score) if chosen is not None and score is not None else None
    computed = band.label if band is not None else None
    ratings = {code: told if isinstance(told, str) else None for code, told in parts.items()}
    titles: tuple[str, ...] = ()
    if band is not None and chosen is not None:
        rated = {code: rating or _rating(chosen, points[code]) for code, rating in ratings.items()}
        closed = [gate for gate in chosen.gates if gate.when == "part_worse" and _closes(gate, rated, chosen)]
        band, titles = gated(band, closed, chosen)
    return Combined(
        score=score,
        band=band,
        coverage=coverage,
        reason=reason,
        parts=FrozenMap(
            {
                code: Contributed(
                    id=code,
                    points=points[code],
                    share=shares[code],
                    contribution=counted[code] * shares[code] if code in counted else None,
                    rating=ratings[code],
                )
                for code in points
            }
        ),
        gates=titles,
        computed_rating=computed,
    )


T = TypeVar("T")


def _shared(told: Sequence[T]) -> T | None:
    """What all of them say; None where they differ."""
    return told[0] if told and all(each == told[0] for each in told) else None


def _spelled(parts: Mapping[str, object], scheme: Scheme | None) -> None:
    """Refuse a part that is almost one that the scheme's gates name: its grade would go unnoticed."""
    named = dict.fromkeys(part for gate in (scheme.gates if scheme is not None else ()) for part in gate.parts)
    absent = {part.casefold(): part for part in named if part not in parts}
    for code in parts:
        near = [] if code in named else get_close_matches(code.casefold(), absent, n=1, cutoff=0.8)
        if near:
            raise OptionError(f"there is no part {code!r} in the scheme's gates; did you mean {absent[near[0]]!r}?")


def _closes(gate: Gate, ratings: Mapping[str, str | None], scheme: Scheme) -> bool:
    """Whether a part is rated worse than its gate asks for; one without a rating is not shown to be better."""
    return part_worse(gate, ratings, scheme) or any(ratings.get(part) is None for part in gate.parts)


def _weights(parts: Mapping[str, object], weights: Mapping[str, Exact] | None) -> dict[str, Fraction]:
    if weights is None:
        return dict.fromkeys(parts, Fraction(1))
    unknown = [code for code in weights if code not in parts]
    without = [code for code in parts if code not in weights]
    if unknown or without:
        raise OptionError(f"weights must name the parts and no others; wrong are {', '.join(unknown + without)}")
    given = {code: _exact(weights[code]) for code in parts}
    if any(weight < 0 for weight in given.values()):
        raise OptionError("a weight must not be below zero")
    return given


def _exact(number: Exact) -> Fraction:
    """A number as it is written: 0.1 is a tenth.

    Raises:
        OptionError: it is no finite number.
    """
    try:
        return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)
    except (ValueError, TypeError, OverflowError) as error:
        raise OptionError(f"a part or a weight must be a finite number, not {number!r}") from error


def _points(code: str, told: Exact | str | None, scheme: Scheme | None) -> Fraction | None:
    if told is None:
        return None
    if not isinstance(told, str):
        return _exact(told)
    if scheme is None:
        raise OptionError(f"{code} is given as the rating {told!r}; say under which scheme")
    band = scheme.band_of(told)
    if band is None:
        raise OptionError(f"{code}: {scheme.id} has no rating {told!r}; it has {', '.join(scheme.ranks)}")
    if band.value is None:
        raise OptionError(f"{code}: {scheme.id} gives no value to the rating {told!r}")
    return Fraction(band.value)


def _rating(scheme: Scheme, points: Fraction | None) -> str | None:
    band = None if points is None else scheme.band(points)
    return band.label if band is not None else None


def _reason(
    points: Mapping[str, Fraction | None],
    weights: Mapping[str, Fraction],
    total: Fraction,
    coverage: Fraction,
    *,
    missing: str,
    min_coverage: Exact | None,
) -> Reason | None:
    """Why there is no score, or None."""
    if missing == "fail" and any(number is None and weights[code] for code, number in points.items()):
        return Reason.FAILED_BY_POLICY
    if not total:
        return Reason.NOTHING_TO_SCORE
    if min_coverage is not None and coverage < _exact(min_coverage):
        return Reason.COVERAGE_BELOW_MINIMUM
    return None
