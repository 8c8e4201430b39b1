"""Each aggregation rule on a few numbers, the arithmetic written out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from mne.logframe.indicator import Rule
from mne.tables.reasons import Reason
from mne.values.fold import Datum, fold, ratio

F = Fraction


def folded(rule: Rule, *numbers: int | Fraction | None, lower: bool = False, **weights: int) -> Datum | None:
    data = [
        (code, Datum(reason=Reason.DENOMINATOR_ZERO) if number is None else Datum(F(number)))
        for code, number in zip("abcdefgh", numbers, strict=False)
    ]
    told = {code: Decimal(weight) for code, weight in weights.items()}
    return fold(data, rule, multiplier=F(1), weights=told, lower_median=lower)


@pytest.mark.parametrize(
    ("rule", "numbers", "expected"),
    [
        (Rule.SUM, (10, 30, 20), 60),
        (Rule.MEAN, (10, 30, 20), 20),  # 60 / 3
        (Rule.MEAN, (1, 2), F(3, 2)),
        (Rule.MIN, (10, 30, 20), 10),
        (Rule.MAX, (10, 30, 20), 30),
        (Rule.MEDIAN, (10, 30, 20), 20),
        (Rule.MEDIAN, (10, 30, 20, 40), 25),  # (20 + 30) / 2
        (Rule.LATEST, (10, 30, 20), 20),
        (Rule.ALL, (1, 1, 0), 0),
        (Rule.ALL, (1, 1), 1),
        (Rule.ANY, (0, 1, 0), 1),
        (Rule.MODE, (3, 1, 3, 2), 3),
        (Rule.MODE, (2, 1, 2, 1), 1),  # a tie: the smaller
        (Rule.NONE, (7,), 7),
    ],
)
def test_rules(rule: Rule, numbers: tuple[int, ...], expected: int | Fraction) -> None:
    assert folded(rule, *numbers) == Datum(F(expected))


def test_a_rank_takes_the_lower_of_two_middles() -> None:
    assert folded(Rule.MEDIAN, 1, 2, 3, 4, lower=True) == Datum(F(2))


def test_nothing_folds_to_nothing_and_not_to_zero() -> None:
    assert all(folded(rule) is None for rule in Rule)


def test_values_without_a_rule_are_not_combined() -> None:
    assert folded(Rule.NONE, 7, 8) == Datum(reason=Reason.NOT_AGGREGABLE)


def test_weighted_mean() -> None:
    # (2 × 10 + 1 × 40) / 3
    assert folded(Rule.WEIGHTED_MEAN, 10, 40, a=2, b=1) == Datum(F(20))


def test_a_weighted_mean_needs_every_weight_and_some_weight() -> None:
    assert folded(Rule.WEIGHTED_MEAN, 10, 40, a=2) == Datum(reason=Reason.NO_WEIGHT)
    assert folded(Rule.WEIGHTED_MEAN, 10, 40, a=0, b=0) == Datum(reason=Reason.NO_WEIGHT)


def test_what_is_undefined_is_left_out_while_something_is_defined() -> None:
    assert folded(Rule.SUM, 5, None, 6) == Datum(F(11))
    assert folded(Rule.MEAN, 5, None, 7) == Datum(F(6))
    assert folded(Rule.SUM, None, None) == Datum(reason=Reason.DENOMINATOR_ZERO)


def pooled(*pairs: tuple[int, int]) -> Datum | None:
    data = [("", ratio(F(top), F(bottom), F(100))) for top, bottom in pairs]
    return fold(data, Rule.POOLED, multiplier=F(100), weights={}, lower_median=False)


def test_ratios_are_pooled_and_not_averaged() -> None:
    # (45 + 45) / (50 + 50), which a denominator that starts at 1 would make 89.1 %
    assert pooled((45, 50), (45, 50)) == Datum(F(90), F(90), F(100))
    # (1 + 99) / (2 + 100); the mean of 50 % and 99 % would be 74.5
    assert pooled((1, 2), (99, 100)) == Datum(F(100 * 100, 102), F(100), F(102))


def test_nothing_over_nothing_contributes_nothing() -> None:
    assert pooled((30, 40), (0, 0)) == Datum(F(75), F(30), F(40))
    assert pooled((0, 0)) == Datum(None, F(0), F(0), Reason.DENOMINATOR_ZERO)
    # A row split into parts changes nothing, also where one part alone would be undefined: 35 of 40.
    assert pooled((30, 40), (5, 0)) == pooled((35, 40)) == Datum(F(175, 2), F(35), F(40))


def test_a_mean_cannot_be_pooled_afterwards() -> None:
    data = [("a", Datum(F(50))), ("b", ratio(F(1), F(2), F(100)))]
    folded_ = fold(data, Rule.POOLED, multiplier=F(100), weights={}, lower_median=False)
    assert folded_ == Datum(reason=Reason.NOT_AGGREGABLE)
