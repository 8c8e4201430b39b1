"""The values of projects that contribute to each other, asked recursively and in plain loops.

Read `portfolio_values` first, then `_part` (what one child gives to one period). Nothing is kept between two questions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from mne.logframe.indicator import Axis, Indicator, Rule
from mne.logframe.model import Logframe
from mne.logframe.periods import Period
from mne.logframe.units import UnitTable
from mne.tables.reasons import Reason
from tests.reference.folding import Amount, fold, ratio, undefined, zero
from tests.reference.formula import names_in
from tests.reference.rows import completed, last_report
from tests.reference.values import (
    COUNTED,
    RefIndicator,
    RefPeriod,
    _counts,
    _found,
    _none,
    _plus_periods,
    computed,
)
from tests.reference.values import _amount as _amount_of
from tests.reference.values import _Asked as _AskedOfOne
from tests.reference.values import _indicator as _indicator_alone

ABSENT = ("not_due", "not_applicable")


@dataclass(frozen=True)
class _Asked:
    plans: dict[str, Logframe]
    rows: list[dict[str, Any]]
    until: dt.date | None
    known_by: dt.date | None
    statuses: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """What one project gives to one period; `amount` None: nothing."""

    state: str
    reason: str | None
    amount: Amount | None
    reported: int = 0
    expected: int = 0
    carried: int = 0
    lacking: bool = False
    """Something that was due did not come, or lies across two periods."""
    stray: bool = False
    assumed: bool = False
    """A zero where nothing came."""


def portfolio_values(
    plans: Iterable[Logframe],
    rows: Iterable[Mapping[str, Any]],
    *,
    until: dt.date | None = None,
    known_by: dt.date | None = None,
    statuses: tuple[str, ...] = COUNTED,
) -> dict[str, dict[str, RefIndicator]]:
    """Every indicator of every plan, parents with what their children give."""
    by_id = {plan.id: plan for plan in plans}
    full = completed(rows)
    if until is None:
        ends = [last_report(plan, full, known_by=known_by, statuses=statuses) for plan in by_id.values()]
        until = max((end for end in ends if end is not None), default=None)
    asked = _Asked(by_id, full, until, known_by, statuses)
    return {
        project: {code: _indicator(asked, plan, indicator) for code, indicator in plan.indicators.items()}
        for project, plan in by_id.items()
    }


def _indicator(asked: _Asked, plan: Logframe, indicator: Indicator) -> RefIndicator:
    ended = [] if asked.until is None else [p for p in plan.periods_of(indicator) if p.last_day <= asked.until]
    if indicator.formula is not None and ended:
        operands = {name: _indicator(asked, plan, plan.indicators[name]) for name in names_in(indicator.formula)}
        return computed(indicator, ended, operands)
    children = [
        (other, each)
        for other in sorted(asked.plans.values(), key=lambda p: p.id)
        for each in sorted(other.indicators.values(), key=lambda i: i.id)
        if any((to.project, to.indicator) == (plan.id, indicator.id) for to in each.contributes_to)
    ]
    own = _own(asked, plan, indicator, lenient=bool(children))
    if not children or not ended:
        return own
    counted = [(other, each, _indicator(asked, other, each)) for other, each in children]
    return _together(plan, indicator, ended, own, counted)


def _own(asked: _Asked, plan: Logframe, indicator: Indicator, *, lenient: bool) -> RefIndicator:
    """The project's own reports alone; with `lenient` whatever the coverage."""
    if asked.until is None:
        return _plus_periods(_none("not_due", Reason.NOT_YET_DUE, 0, 0), None, {})
    alone = indicator.model_copy(update={"min_coverage": None}) if lenient else indicator
    mine = _AskedOfOne(plan, asked.rows, asked.known_by, asked.statuses)
    return _indicator_alone(mine, alone, asked.until)


# --- one child in one period of its parent ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Link:
    """A child's indicator and its parent's, each in its plan."""

    plan: Logframe
    child: Indicator
    parent: Logframe
    above: Indicator


def _belongs(link: _Link, period: Period) -> tuple[Period | None, list[Period]]:
    """The parent's period that a child's lies in, and all that it touches."""
    plan, parent, theirs = link.plan, link.parent, link.parent.periods_of(link.above)
    shared = [name for name in plan.calendar.names if name in parent.calendar.names]
    pairs = [(plan.period(name), parent.period(name)) for name in sorted(shared)]
    pairs = [(a, b) for a, b in pairs if a is not None and b is not None]
    if any((a.start, a.end) != (b.start, b.end) for a, b in pairs):
        around = [(a.end - a.start, a, b) for a, b in pairs if a.start <= period.start and period.end <= a.end]
        if not around:
            return None, []
        _, a, b = min(around)
        period = period if (a.start, a.end) == (b.start, b.end) else b
    touched = [each for each in theirs if each.start < period.end and period.start < each.end]
    holding = [each for each in touched if each.start <= period.start and period.end <= each.end]
    return (holding[0] if holding else None), touched


def _amount(link: _Link, period: Period, found: RefPeriod) -> Amount:
    """A child's amount in its parent's unit and scale."""
    plan, child, parent, above = link.plan, link.child, link.parent, link.above
    if child.measure != above.measure or child.accumulation != above.accumulation:
        return undefined(Reason.NOT_AGGREGABLE)
    pooled = above.by_denominator and above.rule(Axis.PROJECTS) == Rule.POOLED
    if pooled and not child.by_denominator:
        return undefined(Reason.NOT_AGGREGABLE)
    factor = Fraction(1)
    if child.unit != above.unit:
        for table in (UnitTable(parent), UnitTable(plan)):
            known = table.factor(child.unit, above.unit, on=period.last_day) if child.unit and above.unit else None
            if known is not None:
                factor = known
                break
        else:
            return undefined(Reason.UNIT_NOT_CONVERTIBLE)
    if found.numerator is not None and found.denominator is not None:
        scaled = ratio(above, found.numerator * factor, found.denominator)
        return scaled if found.value is not None else replace(scaled, value=None, reason=found.reason)
    if found.value is None:
        return undefined(found.reason)
    if pooled:
        return undefined(Reason.NOT_AGGREGABLE)
    if child.measure in ("percentage", "ratio"):
        factor = factor * Fraction(above.multiplier) / Fraction(child.multiplier)
    return Amount(found.value * factor)


def _part(link: _Link, found: RefIndicator, here: Period) -> _Part:
    plan, child, above = link.plan, link.child, link.above
    held, strays = [], []
    for period in plan.periods_of(child):
        if period.label in found.periods:
            inside, touched = _belongs(link, period)
            if inside == here:
                held.append((period, found.periods[period.label]))
            elif inside is None and here in touched and found.periods[period.label].state not in ABSENT:
                strays.append(found.periods[period.label])
    live = [(period, each) for period, each in held if each.state not in ABSENT]
    told = [(period, each) for period, each in live if each.state != "missing"]
    adds = above.accumulation == "flow" and above.rule(Axis.TIME) != Rule.LATEST
    if told:
        amounts = [_amount(link, period, each) for period, each in told]
        several = adds and len(amounts) > 1
        amount = fold(above, Axis.TIME, [("", each) for each in amounts]) if several else amounts[-1]
        reported = expected = carried = 0
        for period, each in live if adds else told[-1:]:
            expected += each.expected
            # Behind a number are the reports that are in it; where there is none, all that came.
            counts = each.state != "missing" and _counts(_amount(link, period, each))
            if counts or (each.value is None and not amount.defined):
                reported += each.reported
                carried += each.carried
        refused = not amount.defined and amount.reason == Reason.UNIT_NOT_CONVERTIBLE
        lacking = bool(strays) or (adds and len(told) < len(live)) or refused
        state = "reported" if amount.defined else "undefined"
        return _Part(state, amount.reason, amount, reported, expected, carried, lacking, bool(strays))
    if strays:
        came = any(each.state != "missing" for each in strays)
        reason = Reason.PERIODS_DIFFER if came else Reason.NO_REPORTS
        numbers = [sum(getattr(each, name) for _, each in live) for name in ("reported", "expected", "carried")]
        return _Part("missing", str(reason), None, *numbers, lacking=True, stray=came)
    if live:
        behind = [each for _, each in (live if adds else live[-1:])]
        numbers = [sum(getattr(each, name) for each in behind) for name in ("reported", "expected", "carried")]
        return _Part("missing", _reason([each.reason for _, each in live]), None, *numbers, lacking=True)
    states = [each.state for _, each in held]
    state = "not_applicable" if states and "not_due" not in states else "not_due"
    return _Part(state, str(_WHY[state]), None)


_WHY = {"not_due": Reason.NOT_YET_DUE, "not_applicable": Reason.NOT_APPLICABLE}


def _reason(reasons: list[str | None]) -> str:
    for each in reasons:
        if each is not None and each != Reason.NO_REPORTS:
            return str(each)
    return str(Reason.NO_REPORTS)


# --- the parent ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Parent:
    """A parent with all that is known before its value to date."""

    plan: Logframe
    indicator: Indicator
    table: list[dict[tuple[str, str], _Part]]
    periods: dict[str, RefPeriod]
    own: RefIndicator


def _together(
    plan: Logframe,
    indicator: Indicator,
    ended: list[Period],
    own: RefIndicator,
    children: list[tuple[Logframe, Indicator, RefIndicator]],
) -> RefIndicator:
    table: list[dict[tuple[str, str], _Part]] = []
    periods: dict[str, RefPeriod] = {}
    for index, here in enumerate(ended):
        mine = own.periods[here.label]
        parts: dict[tuple[str, str], _Part] = {}
        if mine.state != "missing" or mine.expected:
            amount = _amount_of(mine) if mine.state in ("reported", "undefined") else None
            short = mine.state == "missing" and mine.expected > 0
            refused = mine.state == "undefined" and mine.reason == Reason.UNIT_NOT_CONVERTIBLE
            short = short or (refused and mine.reported + mine.carried < mine.expected)
            parts[plan.id, indicator.id] = _Part(
                mine.state,
                mine.reason,
                amount,
                mine.reported,
                mine.expected,
                mine.carried,
                short,
                assumed=not mine.reported and not mine.carried,
            )
        raw = {(p.id, i.id): _part(_Link(p, i, plan, indicator), found, here) for p, i, found in children}
        busy = any(part.expected or part.amount is not None for part in (*parts.values(), *raw.values()))
        for key, given in raw.items():
            part = given
            earlier = [each[key] for each in table[:index] if each[key].amount is not None]
            if indicator.missing == "zero" and part.state == "missing" and not part.stray and busy:
                nothing = zero(indicator)
                part = replace(part, state="reported" if nothing.defined else "undefined", amount=nothing, assumed=True)
            elif indicator.missing == "carry_forward" and earlier and part.state == "missing" and not part.stray:
                part = replace(earlier[-1], reported=0, expected=part.expected, carried=part.expected, lacking=False)
            parts[key] = part
        somebody = any(part.amount is not None for part in parts.values())
        if indicator.accumulation == "running_total" and (somebody or (busy and indicator.missing == "carry_forward")):
            # Projects that are not asked any more keep their totals; by themselves they make no period.
            for key in [*raw, (plan.id, indicator.id)]:
                if key in parts and parts[key].state in ABSENT:
                    parts[key] = _kept(parts[key], [each[key] for each in table[:index] if key in each])
        table.append(parts)
        periods[here.label] = _period(indicator, parts)
    parent = _Parent(plan, indicator, table, periods, own)
    sums = indicator.accumulation == "flow" and indicator.rule(Axis.TIME) == Rule.SUM
    periods = {
        here.label: replace(
            periods[here.label], to_date=_to_date(parent, ended[: index + 1], whole=False)[0].value if sums else None
        )
        for index, here in enumerate(ended)
    }
    found, as_of = _to_date(parent, ended, whole=True)
    return _plus_periods(found, as_of, periods)


def _kept(part: _Part, before: list[_Part]) -> _Part:
    """The last total of a project that is not asked any more; what never came for it is still expected."""
    live = [each for each in before if each.state not in ABSENT]
    told = [each for each in live if each.amount is not None and not each.assumed]
    if not told:
        return part
    never = live[-1].expected - live[-1].reported
    carried = live[-1].carried if live[-1] is told[-1] else never
    return replace(told[-1], reported=0, expected=never, carried=carried, lacking=never > 0)


def _period(indicator: Indicator, parts: dict[tuple[str, str], _Part]) -> RefPeriod:
    numbers = [sum(getattr(part, name) for part in parts.values()) for name in ("reported", "expected", "carried")]
    there = [((project, code), part) for (project, code), part in parts.items() if part.amount is not None]
    if there and all(not p.amount.defined and p.amount.reason == Reason.UNIT_NOT_CONVERTIBLE for _, p in there):
        return _none("undefined", Reason.UNIT_NOT_CONVERTIBLE, *numbers)
    lacking = any(part.lacking for part in parts.values())
    if indicator.missing == "propagate" and lacking and (there or numbers[1]):
        return _none("missing", Reason.INCOMPLETE, *numbers)
    if there:
        amount = _across(indicator, [(project, part.amount) for (project, _), part in there])
        return _found(indicator, amount, *(_behind(parts.values()) if amount.defined else numbers))
    silent = [part.reason for part in parts.values() if part.state == "missing"]
    if silent:
        return _none("missing", _reason(silent), *numbers)
    state = "not_due" if any(part.state == "not_due" for part in parts.values()) else "not_applicable"
    return _none(state, _WHY[state], 0, 0)


def _behind(parts: Iterable[_Part | RefPeriod]) -> tuple[int, int, int]:
    """The coverage of a number that is made of these: what is no number in it has nothing behind it."""
    reported = expected = carried = 0
    for part in parts:
        expected += part.expected
        amount = part.amount if isinstance(part, _Part) else _amount_of(part)
        if amount is not None and _counts(amount):
            reported += part.reported
            carried += part.carried
    return reported, expected, carried


def _across(indicator: Indicator, data: list[tuple[str, Amount]]) -> Amount:
    return fold(indicator, Axis.PROJECTS, data)


def _to_date(parent: _Parent, ended: list[Period], *, whole: bool) -> tuple[RefPeriod, str | None]:
    """The value over some periods and the label of the one that it stands for; `whole`: over all that ended."""
    indicator, table, periods, own = parent.indicator, parent.table, parent.periods, parent.own
    live = [index for index, each in enumerate(ended) if periods[each.label].state not in ABSENT]
    if not live:
        waiting = [periods[each.label] for each in ended if periods[each.label].state == "not_due"]
        return (waiting or [periods[ended[-1].label]])[-1], None
    labels = [ended[index].label for index in live]
    if indicator.rule(Axis.TIME) == Rule.LATEST:
        if indicator.missing != "skip":
            return periods[labels[-1]], labels[-1]
        heard = [label for label in labels if periods[label].state != "missing"]
        if heard:
            return periods[heard[-1]], heard[-1]
        return replace(periods[labels[-1]], reason=_reason([periods[label].reason for label in labels])), None
    numbers = [sum(getattr(periods[label], name) for label in labels) for name in ("reported", "expected", "carried")]
    as_of = labels[-1]
    refused = any(
        periods[label].state == "undefined" and periods[label].reason == Reason.UNIT_NOT_CONVERTIBLE for label in labels
    )
    if refused and not numbers[0] and not numbers[2]:
        return _none("undefined", Reason.UNIT_NOT_CONVERTIBLE, *numbers), as_of
    if indicator.missing == "propagate":
        for index in live:
            parts = table[index].values()
            if any(p.lacking for p in parts) and any(p.amount is not None or p.expected for p in parts):
                return _none("missing", Reason.INCOMPLETE, *numbers), as_of
    if [axis for axis in indicator.order if axis != Axis.PROJECTS][-1] == Axis.TIME:
        told = [("", _amount_of(periods[label])) for label in labels if periods[label].state != "missing"]
        if not told:
            return _none("missing", _reason([periods[label].reason for label in labels]), *numbers), as_of
        amount = fold(indicator, Axis.TIME, told)
        behind = _behind([periods[label] for label in labels]) if amount.defined else numbers
        return _found(indicator, amount, *behind), as_of
    data: list[tuple[str, Amount]] = []
    if whole and own.state in ("reported", "undefined"):
        data.append((parent.plan.id, _amount_of(own)))
    elif not whole and own.periods[as_of].to_date is not None:
        data.append((parent.plan.id, Amount(own.periods[as_of].to_date)))
    for key in table[0]:
        if key == (parent.plan.id, indicator.id):
            continue
        told = [("", table[index][key].amount) for index in live if table[index][key].amount is not None]
        if told:
            data.append((key[0], fold(indicator, Axis.TIME, told)))
    if not data:
        return _none("missing", _reason([periods[label].reason for label in labels]), *numbers), as_of
    amount = _across(indicator, data)
    if amount.defined:
        every = [_behind(table[index].values()) for index in live]
        numbers = [sum(each[at] for each in every) for at in range(3)]
    return _found(indicator, amount, *numbers), as_of
