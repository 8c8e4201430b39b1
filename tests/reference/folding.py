"""One number with its fraction, and how several along one axis become one. Read `fold` first."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from mne.logframe.indicator import Axis, Indicator, Rule
from mne.tables.reasons import Reason


@dataclass(frozen=True)
class Amount:
    """A value; or, for a ratio, a numerator and a denominator too; or the reason why there is no number."""

    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    reason: str | None = None

    @property
    def defined(self) -> bool:
        return self.value is not None

    @property
    def has_fraction(self) -> bool:
        return self.numerator is not None and self.denominator is not None


def undefined(reason: str) -> Amount:
    return Amount(reason=str(reason))


def ratio(indicator: Indicator, numerator: Fraction, denominator: Fraction) -> Amount:
    """A numerator over a denominator, on the indicator's scale. Over zero it is undefined, not 0."""
    if denominator == 0:
        return Amount(None, numerator, denominator, str(Reason.DENOMINATOR_ZERO))
    return Amount(Fraction(indicator.multiplier) * numerator / denominator, numerator, denominator)


def zero(indicator: Indicator) -> Amount:
    """What a silent reporter is counted as under `missing: zero`. To a ratio it adds nothing to either side."""
    if indicator.by_denominator:
        return ratio(indicator, Fraction(0), Fraction(0))
    return Amount(Fraction(0))


def fold(indicator: Indicator, axis: Axis, items: list[tuple[str, Amount]]) -> Amount:
    """The amounts of `items` (code along the axis, amount; in the axis's order; at least one) as one amount."""
    rule = indicator.rule(axis)
    amounts = [amount for _, amount in items]

    if rule == Rule.LATEST:
        # Only time has a latest. It is the last, also where the last could not be computed: an older number
        # must not pass for the latest one.
        return amounts[-1] if axis == Axis.TIME else undefined(Reason.NOT_AGGREGABLE)

    if rule == Rule.POOLED:
        fractions = [amount for amount in amounts if amount.has_fraction]
        if any(amount.defined and not amount.has_fraction for amount in amounts):
            return undefined(Reason.NOT_AGGREGABLE)
        if not fractions:
            return undefined(amounts[0].reason or Reason.NOT_AGGREGABLE)
        return ratio(
            indicator,
            sum((amount.numerator for amount in fractions), Fraction(0)),
            sum((amount.denominator for amount in fractions), Fraction(0)),
        )

    known = [(code, amount) for code, amount in items if amount.defined]
    if not known:
        return amounts[0]
    if rule == Rule.NONE:
        return known[0][1] if len(known) == 1 else undefined(Reason.NOT_AGGREGABLE)
    if rule == Rule.WEIGHTED_MEAN:
        return _weighted_mean(indicator, known)
    return Amount(_of_numbers(indicator, rule, [amount.value for _, amount in known]))


def _weighted_mean(indicator: Indicator, known: list[tuple[str, Amount]]) -> Amount:
    weights = indicator.aggregation.weights
    above = Fraction(0)
    below = Fraction(0)
    for code, amount in known:
        if code not in weights:
            return undefined(Reason.NO_WEIGHT)
        above += Fraction(weights[code]) * amount.value
        below += Fraction(weights[code])
    return Amount(above / below) if below else undefined(Reason.NO_WEIGHT)


def _of_numbers(indicator: Indicator, rule: Rule, numbers: list[Fraction]) -> Fraction:
    numbers = sorted(numbers)
    if rule == Rule.SUM:
        return sum(numbers, Fraction(0))
    if rule == Rule.MEAN:
        return sum(numbers, Fraction(0)) / len(numbers)
    if rule in (Rule.MIN, Rule.ALL):
        return numbers[0]
    if rule in (Rule.MAX, Rule.ANY):
        return numbers[-1]
    if rule == Rule.MEDIAN:
        upper = numbers[len(numbers) // 2]
        lower = numbers[(len(numbers) - 1) // 2]
        # There is no stage between two stages, and no half of a yes.
        whole_steps = indicator.measure in ("ordinal", "milestone", "yes_no")
        return lower if whole_steps else (lower + upper) / 2
    if rule == Rule.MODE:
        # Sorted, so that the first of the most frequent is the smallest.
        return max(numbers, key=numbers.count)
    raise AssertionError(rule)
