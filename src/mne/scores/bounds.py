"""The lowest and the highest score that the missing reports still allow.

Read `bounds` first. Whatever the missing reports may say within the stated limits, the score lies between the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.ground.numbers import number_text
from mne.logframe.indicator import Axis, Rule
from mne.scores.achievement import achievement
from mne.scores.scorecard import rescored
from mne.tables.observations import Observations, State
from mne.values.aggregate import aggregate

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.scores.cards import IndicatorScore, Scorecard
    from mne.values.values import IndicatorValue

__all__ = ["Bound", "Bounds", "bounds", "is_incomplete"]

_MONOTONE: Final = frozenset(
    (Rule.SUM, Rule.MEAN, Rule.WEIGHTED_MEAN, Rule.MIN, Rule.MAX, Rule.MEDIAN, Rule.LATEST, Rule.ALL, Rule.ANY)
)
"""Rules under which a larger part never makes the whole smaller."""

Limit = Fraction | Decimal | int


@dataclass(frozen=True, slots=True)
class Bound:
    """How far a score may still move. Units: the scheme's points; ratings are before gates and overrides."""

    id: str
    score: Fraction | None
    low: Fraction | None
    high: Fraction | None
    rating_low: str | None
    rating_high: str | None
    complete: bool
    """Nothing beneath it is missing: low and high are the score."""
    why: str

    @property
    def certain(self) -> bool:
        """Whether the rating is the same at both ends."""
        return self.low is not None and self.rating_low == self.rating_high


@dataclass(frozen=True)
class Bounds(Mapping[str, Bound]):
    """The bounds of every result and indicator of a card, by id."""

    by_id: FrozenMap[str, Bound]

    def __getitem__(self, id: str) -> Bound:
        return self.by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)

    def __repr__(self) -> str:
        told = ", ".join(
            f"{each.id} {number_text(each.low, digits=1)} to {number_text(each.high, digits=1)}"
            for each in self.by_id.values()
            if each.low is not None and each.high is not None and not each.complete
        )
        return f"Bounds({told or 'nothing is missing'})"


def bounds(
    card: Scorecard,
    *,
    limits: tuple[Limit, Limit] | None = None,
    cells: Mapping[str, tuple[Limit, Limit]] | None = None,
    observations: Any = None,
) -> Bounds:
    """The lowest and highest score of every result and indicator that the missing reports allow.

    Args:
        card: a scorecard.
        limits: the lowest and highest achievement (1 is reached) that an indicator with missing reports may come to.
            None takes the floor and ceiling of the scheme, beyond which no achievement counts.
        cells: by indicator, the lowest and highest value that one missing report may have, in the indicator's unit.
            Its bounds are then those of its value with all missing reports at the one or the other.
        observations: with `cells`, the observations that the card was made from.

    Units: the scheme's points. What has no number for another reason than missing reports (no target, words, not
    applicable) stays as it is.

    Raises:
        OptionError: the scheme has no floor or no ceiling and no limits are given; limits the wrong way round; `cells`
            without `observations`, or for an indicator that the plan does not have.
    """
    low, high = _limits(card, limits)
    told = dict(cells or {})
    if told and observations is None:
        raise OptionError("bounds by `cells` need the `observations` that the card was made from")
    unknown = [code for code in told if code not in card.plan.indicators]
    if unknown:
        raise OptionError(f"{card.plan.id} has no indicator {', '.join(unknown)}")
    if any(first > last for first, last in told.values()):
        raise OptionError("the lowest value of a report must not lie above the highest")
    ends: dict[str, tuple[Fraction | None, Fraction | None, str]] = {}
    for code, part in card.indicators.items():
        ends[code] = _ends(card, part, (low, high), told.get(code), observations)
    lows = rescored(card, points={code: end[0] for code, end in ends.items()})
    highs = rescored(card, points={code: end[1] for code, end in ends.items()})
    found: dict[str, Bound] = {}
    for code in card:
        own, least, most = card[code], lows[code], highs[code]
        why = ends[code][2] if code in ends else ""
        complete = not why and (code in ends or not _open(card, code, ends))
        found[code] = Bound(
            id=code,
            score=own.score,
            low=least.score,
            high=most.score,
            rating_low=_rating(least),
            rating_high=_rating(most),
            complete=complete,
            why=why or ("" if complete else "reports are missing beneath it"),
        )
    return Bounds(FrozenMap(found))


def _rating(part: Any) -> str | None:
    computed: str | None = getattr(part, "computed_rating", None)
    return computed or (part.band.label if part.band is not None else None)


def _open(card: Scorecard, code: str, ends: Mapping[str, tuple[Any, Any, str]]) -> bool:
    """Whether an indicator beneath a result may still move."""
    return any(ends[each.id][2] for part in card.results[code].result.walk() for each in part.indicators)


def _limits(card: Scorecard, limits: tuple[Limit, Limit] | None) -> tuple[Fraction, Fraction]:
    rule = card.scheme.achievement
    low, high = (rule.floor, rule.ceiling) if limits is None else limits
    if low is None or high is None:
        raise OptionError(f"the scheme {card.scheme.id} has no floor or no ceiling: say limits=(lowest, highest)")
    if low > high:
        raise OptionError(f"the lowest achievement must not lie above the highest, not {low} and {high}")
    return Fraction(low), Fraction(high)


def is_incomplete(value: IndicatorValue) -> bool:
    """Whether reports that are due, and could change the value to date, are missing."""
    if value.operands:
        return any(is_incomplete(operand) for operand in value.operands.values())
    if any(is_incomplete(part.value) for part in value.contributions):
        return True
    if value.state in (State.NOT_DUE, State.NOT_APPLICABLE):
        return False
    last = value.as_of
    latest = value.indicator.rule(Axis.TIME) is Rule.LATEST
    for each in value.periods:
        amount = each.amount
        if amount.state in (State.NOT_DUE, State.NOT_APPLICABLE):
            continue
        if latest and last is not None and each.period.start < last.start:
            continue
        if amount.coverage.reported < amount.coverage.expected or amount.state is State.MISSING:
            return True
    return False


def _ends(
    card: Scorecard,
    part: IndicatorScore,
    limits: tuple[Fraction, Fraction],
    cell: tuple[Limit, Limit] | None,
    observations: Any,
) -> tuple[Fraction | None, Fraction | None, str]:
    """The points at both ends, and why they differ; no words where nothing is missing."""
    if not is_incomplete(part.actual):
        return part.score, part.score, ""
    if not _could_be_scored(card, part):
        return part.score, part.score, ""
    scale = card.scheme.scale_exact
    if cell is not None and _monotone(part.indicator):
        ends = [_filled(card, part, Fraction(value), observations) for value in cell]
        if None not in ends:
            points = sorted(_clamped(end, card) * scale for end in ends if end is not None)
            return points[0], points[-1], f"each missing report between {cell[0]} and {cell[1]}"
    low, high = limits
    told = f"{number_text(100 * low)} to {number_text(100 * high)} % achieved"
    if cell is not None:
        told += ", as its values do not simply grow with its reports"
    return low * scale, high * scale, told


def _could_be_scored(card: Scorecard, part: IndicatorScore) -> bool:
    """Whether it would have a number if it were complete: with any value whatever in place of the missing one."""
    if part.score is not None:
        return True
    known = part.actual
    if known.indicator.measure.is_text:
        return False
    amount = type(known.amount)(State.REPORTED, Fraction(1))
    rule = card.scheme.achievement
    periods = tuple(
        type(each)(each.period, amount, amount) if each.amount.value is None else each for each in known.periods
    )
    tried = type(known)(
        known.indicator,
        amount,
        known.as_of or (periods[-1].period if periods else None),
        periods,
        plan=known.plan,
        until=known.until,
    )
    return achievement(tried, against=rule.against, rule=rule, known_by=card.actuals.known_by).value is not None


def _monotone(indicator: Indicator) -> bool:
    axes = (Axis.CATEGORIES, Axis.LOCATIONS, Axis.PARTNERS, Axis.TIME)
    rules = {indicator.rule(axis) for axis in axes if axis is not Axis.CATEGORIES} | {Rule.SUM}
    return rules <= _MONOTONE and indicator.formula is None and not indicator.by_denominator


def _clamped(number: Fraction, card: Scorecard) -> Fraction:
    rule = card.scheme.achievement
    if rule.floor is not None:
        number = max(number, Fraction(rule.floor))
    return number if rule.ceiling is None else min(number, Fraction(rule.ceiling))


def _filled(card: Scorecard, part: IndicatorScore, value: Fraction, observations: Any) -> Fraction | None:
    """The achievement with every missing report at one value."""
    table = observations if isinstance(observations, Observations) else Observations.from_frame(observations)
    known = table.to_polars().to_dicts()
    rows = [row for row in known if row["indicator"] == part.id and row["project"] == card.plan.id]
    number = Decimal(value.numerator) / Decimal(value.denominator)
    rows += [_row(card, part.id, reporter, period, number) for reporter, period in _silent(card, part, rows)]
    counted = aggregate(
        Observations.from_rows([{**row, "source_order": order} for order, row in enumerate(rows)]),
        card.plan,
        until=card.until,
        known_by=card.actuals.known_by,
        statuses=card.actuals.statuses,
    )
    rule = card.scheme.achievement
    return achievement(counted[part.id], against=rule.against, rule=rule, known_by=card.actuals.known_by).value


def _silent(card: Scorecard, part: IndicatorScore, rows: list[dict[str, Any]]) -> Iterator[tuple[tuple[str, str], Any]]:
    """Who should have reported and did not, by period."""
    plan, indicator, until = card.plan, part.indicator, card.until
    frame = part.actual.rows
    heard = set() if frame is None else set(frame.select("partner", "location", "plan_period").iter_rows())
    ever = {(partner, location) for partner, location, _ in heard}
    excused = {
        (row["partner"], row["location"], row["period_end"])
        for row in rows
        if row["state"] in (State.NOT_APPLICABLE, State.NOT_DUE)
    }
    for position, period in enumerate(plan.periods_of(indicator)):
        if until is None or not period.ended_by(until):
            continue
        for partner, location in plan.expected_reporters(indicator, period) if indicator.assignments else sorted(ever):
            away = any((partner, location) == each[:2] and each[2] in period for each in excused)
            if (partner, location, position) not in heard and not away:
                yield (partner, location), period


def _row(card: Scorecard, code: str, reporter: tuple[str, str], period: Any, value: Decimal) -> dict[str, Any]:
    day: dt.date = period.last_day
    return {
        "project": card.plan.id,
        "indicator": code,
        "period": period.label,
        "period_start": period.start,
        "period_end": day,
        "partner": reporter[0],
        "location": reporter[1],
        "category": "_T",
        "value": value,
        "state": State.REPORTED.value,
        "status": card.actuals.statuses[0],
        "revision": 0,
        "reported_on": card.actuals.known_by,
        "illustrative": False,
    }
