"""The conventions by which donors and tools hold an actual against a target, as arithmetic on exact numbers.

Read `achievement_of` first: three numbers and a convention's name give an achievement, or the reason why there is none.
Nothing here is clamped or rounded (semantics §5).
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Final

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.scores.trajectory import compound_growth, power, quotient
from mne.tables.reasons import Reason

__all__ = ["Convention", "achievement_of", "formula", "is_reached", "met_at"]


class Convention(StrEnum):
    """How an actual is held against a target (semantics §5)."""

    BASELINE_TARGET = "baseline_target"
    """The share of the way from the baseline to the target: 1 is reached, 0 is the baseline, below 0 a step back."""
    ACTUAL_OVER_TARGET = "actual_over_target"
    """The actual as a share of the target, whatever the baseline and the direction."""
    INVERSE_RATIO = "inverse_ratio"
    """Actual over target, and target over actual where less is better."""
    VARIANCE = "variance"
    """How far the actual lies from the target, as a share of the target: 0 is reached."""
    TIME_PROPORTIONAL = "time_proportional"
    """How far actual over target is ahead of the share that is due by now: 0 is on pace."""
    GROWTH_RATE = "growth_rate"
    """The growth per year so far as a share of the growth per year that the target needs: 1 is on pace."""
    PROJECTED_GROWTH = "projected_growth"
    """The share of the way to the target that will be covered on its date if growth goes on as so far."""

    @property
    def uses_baseline(self) -> bool:
        """Whether the baseline changes the number."""
        return self in (Convention.BASELINE_TARGET, Convention.GROWTH_RATE, Convention.PROJECTED_GROWTH)

    @property
    def is_growth(self) -> bool:
        """Whether it reckons with growth rates, which sums over time do not have."""
        return self in (Convention.GROWTH_RATE, Convention.PROJECTED_GROWTH)

    @property
    def reads_more_as_better(self) -> bool:
        """Whether the number grows with the actual whatever the direction, so that it misleads where less is better."""
        return self in (Convention.ACTUAL_OVER_TARGET, Convention.TIME_PROPORTIONAL)

    @property
    def uses_time(self) -> bool:
        """Whether dates change the number."""
        return self in (Convention.TIME_PROPORTIONAL, Convention.GROWTH_RATE, Convention.PROJECTED_GROWTH)


_FORMULAS: Final = FrozenMap(
    {
        Convention.BASELINE_TARGET: "(actual − baseline) / (target − baseline)",
        Convention.ACTUAL_OVER_TARGET: "actual / target",
        Convention.INVERSE_RATIO: "actual / target",
        Convention.VARIANCE: "(actual − target) / target",
        Convention.TIME_PROPORTIONAL: "actual / target − share due by now",
        Convention.GROWTH_RATE: "observed growth / required growth",
        Convention.PROJECTED_GROWTH: "(projected − baseline) / (target − baseline)",
    }
)


def formula(convention: Convention, *, direction: str = "increase", favourable: bool = False) -> str:
    """The arithmetic of a convention in words, as it applies to an indicator of this direction."""
    if direction == "decrease" and convention is Convention.INVERSE_RATIO:
        return "target / actual"
    if direction == "decrease" and convention is Convention.VARIANCE and favourable:
        return "(target − actual) / target"
    return _FORMULAS[convention]


_NONE: Final = Fraction(0)
_ALL: Final = Fraction(1)


def met_at(convention: Convention) -> Fraction:
    """The achievement that says "just reached" or "just on pace" under a convention."""
    return _NONE if convention in (Convention.VARIANCE, Convention.TIME_PROPORTIONAL) else _ALL


def achievement_of(
    *,
    actual: Fraction | None,
    target: Fraction | None,
    baseline: Fraction | None = None,
    convention: Convention | str = Convention.BASELINE_TARGET,
    direction: str = "increase",
    favourable: bool = False,
    expected: Fraction | None = None,
    elapsed: Fraction | None = None,
    span: Fraction | None = None,
) -> tuple[Fraction | None, Reason | None]:
    """The achievement of an actual, a target and a baseline under a convention, or None with the reason.

    Args:
        actual: what was reached; None gives "no reports".
        target: what was promised; None gives "no target".
        baseline: where it started; needed by ``baseline_target`` and the two growth conventions.
        convention: one of `Convention`.
        direction: "increase" or "decrease" (or "maintain", read as increase): which way is better.
        favourable: with ``variance``, turn the sign where less is better, so that above zero is always good.
        expected: with ``time_proportional``, the share of the target that is due by now: 1/2 after two quarters.
        elapsed: with the growth conventions, years from the baseline to the actual.
        span: with the growth conventions, years from the baseline to the target's date.

    Units: a fraction, not a percentage; all three numbers in one unit.
    Source: ``baseline_target`` is used by UNICEF's Partner Reporting Portal and the UN progress chart's ratio;
    ``actual_over_target`` by the EU's ESF annual implementation reports (table 2C) and PEPFAR; ``inverse_ratio`` by
    TolaData for decreasing indicators; ``variance`` by the annual reports of Victoria's departments;
    ``time_proportional`` by USAID's Office of HIV/AIDS (gophr), against a quarter of the year at a time;
    ``growth_rate`` by Open SDG; ``projected_growth`` by the UN's SDG Progress Chart 2023, technical note.

    Raises:
        OptionError: an unknown convention or direction; or `expected`, or `elapsed` and `span`, are needed and missing.

    >>> achievement_of(actual=Fraction(30), baseline=Fraction(40), target=Fraction(20))
    (Fraction(1, 2), None)
    """
    try:
        chosen = Convention(convention)
    except ValueError as error:
        raise OptionError(f"convention must be one of {', '.join(Convention)}, not {convention!r}") from error
    if direction not in ("increase", "decrease", "maintain"):
        raise OptionError(f"direction must be increase, decrease or maintain, not {direction!r}")
    if actual is None or target is None:
        return None, Reason.NO_REPORTS if actual is None else Reason.NO_TARGET
    match chosen:
        case Convention.BASELINE_TARGET:
            return _covered(actual, baseline, target)
        case Convention.GROWTH_RATE | Convention.PROJECTED_GROWTH:
            if elapsed is None or span is None:
                raise OptionError(f"{chosen} needs `elapsed` and `span`, in years from the baseline")
            reckon = _growth if chosen is Convention.GROWTH_RATE else _projected
            return reckon(actual, baseline, target, elapsed=elapsed, span=span)
    if chosen is Convention.TIME_PROPORTIONAL and expected is None:
        raise OptionError("time_proportional needs `expected`, the share of the target that is due by now")
    turned = direction == "decrease" and (favourable or chosen is Convention.INVERSE_RATIO)
    return _of_target(actual, target, chosen, turned=turned, expected=expected or Fraction(0))


def _of_target(
    actual: Fraction, target: Fraction, convention: Convention, *, turned: bool, expected: Fraction
) -> tuple[Fraction | None, Reason | None]:
    """The conventions that divide by the target alone."""
    if not target:
        return None, Reason.TARGET_ZERO
    if convention is Convention.VARIANCE:
        # Of a debt or a loss the target is negative: more than it must still read as more.
        difference = (actual - target) / abs(target)
        return (-difference if turned else difference), None
    if target < 0 or (convention is Convention.INVERSE_RATIO and actual < 0):
        # Of losses and debts a ratio reads the wrong way round.
        return None, Reason.DIRECTION_UNFIT
    if convention is Convention.TIME_PROPORTIONAL:
        return actual / target - expected, None
    if convention is Convention.INVERSE_RATIO and turned:
        return (target / actual, None) if actual else (None, Reason.ACTUAL_ZERO)
    return actual / target, None


def _covered(actual: Fraction, baseline: Fraction | None, target: Fraction) -> tuple[Fraction | None, Reason | None]:
    if baseline is None:
        return None, Reason.NO_BASELINE
    if target == baseline:
        return None, Reason.TARGET_EQUALS_BASELINE
    return (actual - baseline) / (target - baseline), None


def _growth(
    actual: Fraction, baseline: Fraction | None, target: Fraction, *, elapsed: Fraction, span: Fraction
) -> tuple[Fraction | None, Reason | None]:
    if baseline is None:
        return None, Reason.NO_BASELINE
    if target == baseline:
        return None, Reason.TARGET_EQUALS_BASELINE
    pace: tuple[Fraction | None, Reason | None] = None, Reason.NO_TIME_ELAPSED
    if elapsed > 0 and span > 0:
        observed, required = compound_growth(baseline, actual, elapsed), compound_growth(baseline, target, span)
        pace = None, Reason.GROWTH_UNDEFINED
        if observed is not None and required:
            pace = quotient(observed, required), None
    return _at_least_reached(pace, actual, baseline, target)


def _projected(
    actual: Fraction, baseline: Fraction | None, target: Fraction, *, elapsed: Fraction, span: Fraction
) -> tuple[Fraction | None, Reason | None]:
    if baseline is None:
        return None, Reason.NO_BASELINE
    if target == baseline:
        return None, Reason.TARGET_EQUALS_BASELINE
    way: tuple[Fraction | None, Reason | None] = None, Reason.NO_TIME_ELAPSED
    if elapsed > span > 0:
        # After the target's date there is nothing to project: what there is stands beside what was promised.
        way = (actual - baseline) / (target - baseline), None
    elif elapsed > 0 and span > 0:
        way = None, Reason.GROWTH_UNDEFINED
        if baseline and actual / baseline > 0:
            projected = baseline * power(actual / baseline, span / elapsed)
            way = (projected - baseline) / (target - baseline), None
    return _at_least_reached(way, actual, baseline, target)


def _at_least_reached(
    found: tuple[Fraction | None, Reason | None], actual: Fraction, baseline: Fraction, target: Fraction
) -> tuple[Fraction | None, Reason | None]:
    """A target that is reached is reached, whatever the pace, and also where there is no growth rate."""
    number, reason = found
    if not is_reached(actual, baseline, target):
        return number, reason
    return (Fraction(1) if number is None or number < 1 else number), None


def is_reached(actual: Fraction, baseline: Fraction, target: Fraction) -> bool:
    """Whether an actual has come as far as the target, in the direction from the baseline to it."""
    return actual >= target if target > baseline else actual <= target
