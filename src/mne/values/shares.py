"""What one child's indicator gives to each period of its parent's, in the parent's unit.

Read `shares_of` first, then `_share` (one period). The parent's missing policy comes after, in `mne.values.projects`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from mne.ground.findings import Finding, Place
from mne.ground.phrases import either, phrase
from mne.logframe.indicator import Accumulation, Axis, Rule
from mne.tables.observations import State
from mne.tables.reasons import Reason
from mne.values.fold import Datum, ratio
from mne.values.missing import is_counted
from mne.values.series import ABSENT, datum_of, fold_along, why_missing
from mne.values.values import Amount, ContributedPeriod, Coverage, IndicatorValue, PeriodValue

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.links import Link
    from mne.logframe.periods import Period
    from mne.logframe.portfolio import Key

__all__ = ["THERE", "Child", "Share", "amount_of", "covered", "refused", "shares_of", "told_of"]

THERE: Final = (State.REPORTED, State.UNDEFINED)
"""The states of a value that somebody reported, computable or not."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child's indicator with its value, and how it becomes its parent's."""

    key: Key
    value: IndicatorValue
    link: Link


@dataclass(frozen=True, slots=True)
class Share:
    """What one child gives to one period of the parent, before the parent's missing policy."""

    given: ContributedPeriod
    strays: bool = False
    """Some of its periods touch this one and do not lie in it: what came for them is not silence, and not a value."""
    short: bool = False
    """Some of what was due from it for this period did not come."""

    @property
    def amount(self) -> Amount:
        """What it gives."""
        return self.given.amount

    @property
    def silent(self) -> bool:
        """Whether its value was due and nothing came, so that the missing policy decides."""
        return self.amount.state is State.MISSING and not self.strays


def shares_of(child: Child, ended: Sequence[Period]) -> list[Share]:
    """What a child gives to each period of its parent."""
    inside: dict[Period, list[PeriodValue]] = {}
    straying: dict[Period, list[PeriodValue]] = {}
    for each in child.value.periods:
        match = child.link.matches.get(each.period)
        if match is None:
            continue
        if match.inside is not None:
            inside.setdefault(match.inside, []).append(each)
        else:
            for period in match.touched:
                straying.setdefault(period, []).append(each)
    return [_share(child, period, inside.get(period, ()), straying.get(period, ())) for period in ended]


def _share(child: Child, period: Period, inside: Sequence[PeriodValue], straying: Sequence[PeriodValue]) -> Share:
    live = [each for each in inside if each.amount.state not in ABSENT]
    told = [(each, _converted(child.link, each)) for each in live if each.amount.state is not State.MISSING]
    strays = [each for each in straying if each.amount.state not in ABSENT]
    if told:
        datum, behind = _as_one(child.link.above, told)
        adds = _adds(child.link.above)
        coverage = covered(_coverage(child.link, each, whole=datum) for each in (live if adds else behind))
        amount = amount_of(datum, coverage)
        given = ContributedPeriod(period, amount, tuple(each.period for each in behind))
        return Share(given, bool(strays), bool(strays) or (adds and len(told) < len(live)) or refused(amount))
    if strays:
        came = any(each.amount.state is not State.MISSING for each in strays)
        reason = Reason.PERIODS_DIFFER if came else Reason.NO_REPORTS
        coverage = covered(each.amount.coverage for each in live)
        return Share(ContributedPeriod(period, Amount(State.MISSING, None, reason, coverage=coverage)), came, True)
    if live:
        behind = live if _adds(child.link.above) else live[-1:]
        coverage = covered(each.amount.coverage for each in behind)
        reason = why_missing(each.amount.reason for each in live)
        return Share(ContributedPeriod(period, Amount(State.MISSING, None, reason, coverage=coverage)), short=True)
    state = State.NOT_APPLICABLE if inside and not _not_due(inside) else State.NOT_DUE
    return Share(ContributedPeriod(period, Amount(state, None, ABSENT[state])))


def _adds(above: Indicator) -> bool:
    """Whether several periods of a child are folded into one of the parent; else the newest is taken."""
    return above.accumulation is Accumulation.FLOW and above.rule(Axis.TIME) is not Rule.LATEST


def _as_one(above: Indicator, told: Sequence[tuple[PeriodValue, Datum]]) -> tuple[Datum, list[PeriodValue]]:
    """The child's periods inside one of the parent as one value, and those that are in it."""
    if _adds(above):
        folded = fold_along(above, Axis.TIME, [("", datum) for _, datum in told]) if len(told) > 1 else None
        return folded or told[-1][1], [each for each, _ in told]
    # The newest, also where it could not be computed: an older number must not pass for it.
    newest, datum = told[-1]
    return datum, [newest]


def _converted(link: Link, each: PeriodValue) -> Datum:
    """A child's amount in the parent's unit and scale; without a number where it cannot be."""
    datum = datum_of(each.amount)
    if link.misfit is not None:
        return Datum(reason=_reason(link))
    factor = link.factor(each.period.last_day)
    if factor is None:
        return Datum(reason=Reason.UNIT_NOT_CONVERTIBLE)
    if datum.numerator is not None and datum.denominator is not None:
        converted = ratio(datum.numerator * factor, datum.denominator, Fraction(link.above.multiplier))
        return converted if datum.value is not None else replace(converted, value=None, reason=datum.reason)
    if datum.value is None:
        return datum
    if link.above.by_denominator and link.above.rule(Axis.PROJECTS) is Rule.POOLED:
        return Datum(reason=Reason.NOT_AGGREGABLE)
    scale = Fraction(link.above.multiplier) / Fraction(link.indicator.multiplier) if link.above.measure.is_ratio else 1
    return Datum(datum.value * factor * scale)


def _reason(link: Link) -> Reason:
    unit = link.misfit is not None and link.misfit.code == "contribution-other-unit"
    return Reason.UNIT_NOT_CONVERTIBLE if unit else Reason.NOT_AGGREGABLE


def _coverage(link: Link, each: PeriodValue, *, whole: Datum) -> Coverage:
    """The reports behind a child's period; what came and cannot count in the parent is not behind its value."""
    coverage = each.amount.coverage
    came = each.amount.value is not None or whole.value is not None
    return coverage.aside if came and not is_counted(_converted(link, each)) else coverage


def told_of(child: Child, parent: Key) -> Iterator[Finding]:
    """What of a child's values could not count in its parent, by period."""
    if child.link.misfit is not None:
        return  # told once, of the plans
    for each in child.value.periods:
        if each.amount.state not in THERE:
            continue
        code, more = _what_is_wrong(child.link, each)
        if code:
            place = Place(project=parent[0], indicator=parent[1], period=each.period.label)
            params = {"child": " · ".join(child.key), **more}
            expected = params.pop("expected")
            yield Finding(code=code, place=place, found=each.period.label, expected=expected, params=params)


def _what_is_wrong(link: Link, each: PeriodValue) -> tuple[str, dict[str, str]]:
    """Why a value of a child does not count: the finding's code and words; no code where it does."""
    match = link.matches.get(each.period)
    if match is None or match.inside is None:
        touched = match.touched if match is not None else ()
        expected = either((period.label for period in touched), pause=True) or phrase(
            "one of the periods of this indicator"
        )
        return "contribution-period-mismatch", {"expected": expected}
    datum = _converted(link, each)
    if each.amount.value is None or datum.value is not None:
        return "", {}
    if datum.reason is not Reason.UNIT_NOT_CONVERTIBLE:
        return "contribution-without-denominator", {"expected": phrase("a numerator and a denominator")}
    unit, own = link.units
    return "contribution-unit-not-convertible", {
        "unit": own or phrase("no unit"),
        "expected": unit or phrase("no unit"),
    }


# --- small words ------------------------------------------------------------------------------------------------------


def _not_due(inside: Sequence[PeriodValue]) -> bool:
    return any(each.amount.state is State.NOT_DUE for each in inside)


def amount_of(datum: Datum, coverage: Coverage) -> Amount:
    """A value on its way up as an amount, with what stands behind it."""
    if datum.value is None:
        reason = datum.reason or Reason.DENOMINATOR_ZERO
        return Amount(State.UNDEFINED, None, reason, datum.numerator, datum.denominator, coverage)
    return Amount(State.REPORTED, datum.value, None, datum.numerator, datum.denominator, coverage)


def covered(coverages: Iterable[Coverage]) -> Coverage:
    """Several coverages together."""
    return sum(coverages, Coverage())


def refused(amount: Amount) -> bool:
    """Whether all that came was in a unit that cannot be converted."""
    return amount.state is State.UNDEFINED and amount.reason is Reason.UNIT_NOT_CONVERTIBLE
