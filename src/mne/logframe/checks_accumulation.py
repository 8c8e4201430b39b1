"""Whether an indicator's targets and title say the same of its reports as its accumulation does.

Read `CHECKS` first. What a report covers is declared and never guessed; these checks only ask, where targets cannot be
what they are said to be, or where the words that partners read ask for another figure. They stay silent where somebody
may well have meant what stands there, and for one series of targets only one of them speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from mne.ground.findings import Finding
from mne.ground.numbers import number_text
from mne.ground.phrases import Phrase, listed, phrase
from mne.logframe.accumulation_words import Saying, said
from mne.logframe.checks_targets import due_day, own_period
from mne.logframe.checks_values import number_of
from mne.logframe.choices import Accumulation, Axis, Comparator, Direction, Measure, Rule, TargetBasis
from mne.logframe.places import indicators_at, problem

if TYPE_CHECKING:
    import datetime as dt

    from mne.logframe.indicator import Indicator, Target
    from mne.logframe.model import Logframe

__all__ = ["CHECKS", "PERIOD_CHECKS"]

_FLOW, _TOTAL, _LEVEL = Accumulation.FLOW, Accumulation.RUNNING_TOTAL, Accumulation.LEVEL
_ADDED: Final = (Measure.NUMBER, Measure.CURRENCY)

_SERIES: Final = 3
"""Targets that a series needs before its course says anything: any two of them fall or grow."""

_TELLING: Final = 10
"""Where all targets are smaller, one more is a great deal: 1, 2, 3 workshops are a plan as good as any."""

_STEP: Final = Fraction(2, 3)
"""Totals to date grow by steps of one size: the least is so much of the first target, and of the greatest step.

A plan whose amounts grow does so by a part of what it begins with (80, 100, 120), or by leaps while it opens up (11,
29, 39); one that restates adds another period's worth each time (100, 200, 300, or 10, 25, 40 after a slow start). Of
215 published series of three and more targets, 35 only grow. Sixteen of these end as high as equal steps would, but
most are plans that open up, beside others of the same projects that fall; two have steps of one size as well.
"""

_ALIKE: Final = Fraction(6, 5)
"""Periods of one kind differ by less (28 to 31 days of a month)."""


class _Aim(NamedTuple):
    """One target that asks for a number: where it stands, when it is due, how much."""

    path: str
    target: Target
    day: dt.date
    amount: Fraction

    @property
    def name(self) -> str:
        return str(self.target.period or self.target.date)

    @property
    def told(self) -> Phrase:
        return phrase("{value} for {name}", value=self.target.stage or number_text(self.amount), name=self.name)


def _aims(plan: Logframe, path: str, indicator: Indicator, basis: TargetBasis | None) -> list[list[_Aim]]:
    """The targets of one basis that ask for so much or more, in the order of time: one list for each category."""
    found: dict[str, list[_Aim]] = {}
    for at, target in enumerate(indicator.targets):
        day, amount = due_day(plan, indicator, target), number_of(indicator, target)
        asks = target.status == "set" and target.comparator in (Comparator.EQUAL, Comparator.AT_LEAST)
        if asks and day is not None and amount is not None and (basis is None or target.basis is basis):
            found.setdefault(target.category, []).append(_Aim(f"{path}.targets[{at}]", target, day, amount))
    return [sorted(aims, key=lambda aim: aim.day) for aims in found.values()]


def _adds_up(indicator: Indicator) -> bool:
    """Whether the sum over periods is what counts, and more of it is better."""
    summed = indicator.measure in _ADDED and indicator.rule(Axis.TIME) is Rule.SUM
    return indicator.accumulation is _FLOW and summed and indicator.direction is Direction.INCREASE


def restated(plan: Logframe) -> Iterator[Finding]:
    """Targets per period are amounts of their own, and none restates those before it.

    One target by the end that equals the last period's, though the periods' sum is more, says that they restate; where
    there is none, amounts that grow each time by about as much as the first one.
    """
    for path, indicator in indicators_at(plan):
        if not _adds_up(indicator):
            continue
        amounts = _aims(plan, path, indicator, TargetBasis.PER_PERIOD)
        totals = {aims[0].target.category: aims for aims in _aims(plan, path, indicator, TargetBasis.CUMULATIVE)}
        for aims in amounts:
            end = _same_as_last(aims, totals.get(aims[0].target.category, ()))
            if end is not None:
                due = [aim for aim in aims if aim.day <= end.day]
                yield problem(
                    "logframe-end-target-repeats",
                    end.path,
                    found=phrase(
                        "{end}, {sum} in all periods",
                        end=end.told,
                        sum=number_text(sum((aim.amount for aim in due), Fraction(0))),
                    ),
                    expected=phrase(
                        "the sum of the periods; or accumulation: running_total, if each restates the total to "
                        "date, or level, if the figure may fall"
                    ),
                    indicator=indicator.id,
                    related=(due[-1].path,),
                )
                break
            if _restates(plan, indicator, aims):
                yield problem(
                    "logframe-targets-restate",
                    aims[0].path.rpartition("[")[0],
                    found=", ".join(number_text(aim.amount) for aim in aims),
                    expected=phrase(
                        "basis: cumulative; or accumulation: running_total, where partners report the total too"
                    ),
                    indicator=indicator.id,
                )
                break


def _same_as_last(aims: list[_Aim], totals: list[_Aim] | tuple[()]) -> _Aim | None:
    """The target to date that is the last period's once more, though the periods up to it come to more."""
    for total in reversed(totals):
        due = [aim.amount for aim in aims if aim.day <= total.day]
        if len(due) > 1 and due[-1] == total.amount and sum(due[:-1]) > 0:
            return total
    return None


def _restates(plan: Logframe, indicator: Indicator, aims: list[_Aim]) -> bool:
    baseline = indicator.baseline
    before = number_of(indicator, baseline) if baseline is not None else None
    if before:
        # What was there before the project is the amount of a period: the plan grows from it, whatever it grows to.
        return False
    amounts = [aim.amount for aim in aims]
    while amounts and amounts[0] == 0:
        amounts.pop(0)
    if len(amounts) < _SERIES or amounts[0] < 0 or amounts[-1] < _TELLING:
        return False
    spans = [(each.end - each.start).days for aim in aims if (each := own_period(plan, indicator, aim.target))]
    if len(spans) < len(aims) or max(spans) > _ALIKE * min(spans):
        return False
    steps = [after - before for before, after in pairwise(amounts)]
    return min(steps) >= _STEP * amounts[0] and min(steps) >= _STEP * max(steps)


def totals_to_date(plan: Logframe) -> Iterator[Finding]:
    """A target for the total to date is no lower than an earlier one, and not all of them are the same."""
    for path, indicator in indicators_at(plan):
        flow = _adds_up(indicator)
        if indicator.direction is not Direction.INCREASE or not (flow or indicator.accumulation is _TOTAL):
            continue
        expected = _per_period(indicator)
        for aims in _aims(plan, path, indicator, TargetBasis.CUMULATIVE if flow else None):
            falls = next(((a, b) for a, b in pairwise(aims) if a.day < b.day and b.amount < a.amount), None)
            if falls is not None and not _below_baseline(indicator, falls[1]):
                before, after = falls
                yield problem(
                    "logframe-total-target-falls",
                    after.path,
                    found=phrase("{after} after {before}", after=after.told, before=before.told),
                    expected=phrase(
                        "at least {least}; or {expected}",
                        least=before.target.stage or number_text(before.amount),
                        expected=expected,
                    ),
                    indicator=indicator.id,
                    related=(before.path,),
                )
                break
            same = len(aims) >= _SERIES and aims[0].amount >= _TELLING and len({aim.amount for aim in aims}) == 1
            if flow and same:
                yield problem(
                    "logframe-targets-stay",
                    aims[0].path.rpartition("[")[0],
                    found=phrase(
                        "{value} for {name}",
                        value=number_text(aims[0].amount),
                        name=", ".join(aim.name for aim in aims),
                    ),
                    expected=phrase("{expected}; or the last alone, if all repeat the end target", expected=expected),
                    indicator=indicator.id,
                )
                break


def _per_period(indicator: Indicator) -> str:
    if indicator.accumulation is _FLOW:
        return phrase("basis: per_period, if each is for its own period alone")
    if indicator.measure in _ADDED:
        return phrase("accumulation: flow, if each is for its own period alone, or level, if the figure may fall")
    return phrase("accumulation: level, if the figure may fall")


def _below_baseline(indicator: Indicator, aim: _Aim) -> bool:
    """Whether `logframe-target-direction` speaks of the target already."""
    before = number_of(indicator, indicator.baseline) if indicator.baseline is not None else None
    return indicator.accumulation is not _FLOW and before is not None and aim.amount < before


def shares(plan: Logframe) -> Iterator[Finding]:
    """A percentage is a state, or somebody says how those of several periods become one."""
    for path, indicator in indicators_at(plan):
        flow = indicator.accumulation is _FLOW and indicator.measure is Measure.PERCENTAGE
        if flow and indicator.aggregation.time is None and indicator.formula is None:
            expected = phrase(
                "accumulation: level; or time: pooled under aggregation, if each report has people of its own"
            )
            yield problem(
                "logframe-percentage-flow",
                f"{path}.accumulation",
                found="flow",
                expected=expected if indicator.by_denominator else "accumulation: level",
                indicator=indicator.id,
            )


_OTHERWISE: Final[Mapping[Accumulation, Mapping[Saying, str]]] = {
    _FLOW: {
        Saying.TO_DATE: phrase("running_total, if partners report the total to date"),
        Saying.STATE: phrase("level, if partners report how things stand"),
        Saying.WORK: phrase("level, if partners report who has work then, new or not"),
        Saying.DAY: phrase("level or running_total, if partners report how things stand that day"),
        Saying.SHARE: phrase("level, and measure: percentage, if partners report a share"),
    },
    _TOTAL: {
        Saying.STATE: phrase("level, if the figure may fall"),
        Saying.PERIOD: phrase("flow, if partners report what happened in the period"),
        Saying.PACE: phrase("flow, if partners report what happened in the period"),
        Saying.TRAILING: phrase("flow or level, if what lies further back no longer counts"),
    },
    _LEVEL: {
        Saying.TO_DATE: phrase("running_total, if partners report the total to date"),
        Saying.PERIOD: phrase("flow, if partners report what happened in the period"),
        Saying.PACE: phrase("flow, if partners report what happened in the period"),
        Saying.NEW: phrase("flow, or running_total if partners report the total to date"),
        Saying.EVENT: phrase("flow, or running_total if partners report the total to date"),
    },
}
"""For each accumulation what a title should not say, and which one would fit it."""

_BEARS_OUT: Final[Mapping[Accumulation, frozenset[Saying]]] = {
    _FLOW: frozenset({Saying.PERIOD, Saying.PACE, Saying.TRAILING, Saying.NEW}),
    _TOTAL: frozenset({Saying.TO_DATE}),
    _LEVEL: frozenset({Saying.STATE, Saying.WORK, Saying.DAY, Saying.SHARE, Saying.RATE}),
}
"""What speaks for an accumulation: where title, definition or method say it, no other word is held against it."""


def titles(plan: Logframe) -> Iterator[Finding]:
    """A title asks partners for the figure that the accumulation says they report.

    A flow whose targets are sums to date may say so in its title, as its targets do.
    """
    for path, indicator in indicators_at(plan):
        accumulation = indicator.accumulation
        if indicator.measure not in _ADDED or indicator.formula is not None:
            continue
        parts = [
            ("title", indicator.title),
            *(("unit", unit.title) for unit in plan.units if unit.id == indicator.unit),
        ]
        told = [(part, *each) for part, words in parts for text in _texts(words) for each in said(text).items()]
        explained = {
            saying for part in (indicator.definition, indicator.method) for t in _texts(part) for saying in said(t)
        }
        if not _BEARS_OUT[accumulation].isdisjoint(explained.union(saying for _, saying, _ in told)):
            continue
        summed = any(target.basis is TargetBasis.CUMULATIVE for target in indicator.targets)
        allowed = {Saying.TO_DATE} if accumulation is _FLOW and summed else set()
        wrong = _OTHERWISE[accumulation].keys() - allowed
        against = next((each for each in told if each[1] in wrong), None)
        if against is not None:
            part, saying, words = against
            yield problem(
                "logframe-accumulation-title",
                f"{path}.accumulation",
                found=phrase(
                    "{accumulation}, and “{words}” in the {part}", accumulation=accumulation, words=words, part=part
                ),
                expected=listed(["accumulation", _OTHERWISE[accumulation][saying]], by=": "),
                indicator=indicator.id,
                related=(f"{path}.{part}",),
            )


def _texts(text: object) -> tuple[str, ...]:
    """A text in each of its languages."""
    root = getattr(text, "root", None)
    return (root,) if isinstance(root, str) else tuple(root.values()) if root is not None else ()


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (
    restated, totals_to_date, shares, titles,
)  # fmt: skip
PERIOD_CHECKS: Final = (restated, totals_to_date)
"""Those that need the project's periods."""
