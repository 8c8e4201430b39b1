"""Indicators that are computed from others by a formula, after those have their values.

Read `with_formulas` first. An operand without a value leaves the result without one, with the reason; it never
becomes a zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mne.ground.maps import FrozenMap
from mne.logframe.formula import parse
from mne.tables.observations import State
from mne.tables.reasons import Reason
from mne.values.values import Amount, Coverage, IndicatorValue, PeriodValue

if TYPE_CHECKING:
    import datetime as dt

    from mne.logframe.formula import Formula
    from mne.logframe.model import Logframe

__all__ = ["derived", "with_formulas", "without_value"]


def with_formulas(
    values: Mapping[str, IndicatorValue], plan: Logframe, *, until: dt.date | None
) -> dict[str, IndicatorValue]:
    """All the plan's indicators in its order: those given, and those with a formula computed from them."""
    known = dict(values)
    waiting = {code: parse(each.formula) for code, each in plan.indicators.items() if each.formula is not None}
    while waiting:
        ready = [code for code, formula in waiting.items() if all(name in known for name in formula.names)]
        if not ready:
            # A checked plan has neither cycles nor unknown names; one built by hand may.
            for code in waiting:
                known[code] = without_value(plan, code, until)
            break
        for code in ready:
            known[code] = derived(plan, code, waiting.pop(code), known, until)
    return {code: known[code] for code in plan.indicators}


def without_value(plan: Logframe, code: str, until: dt.date | None) -> IndicatorValue:
    """A computed indicator whose formula leads nowhere: missing, in every period."""
    return IndicatorValue(
        plan.indicators[code],
        Amount(State.MISSING, None, Reason.FORMULA_OPERAND_MISSING),
        None,
        (),
        plan=plan,
        until=until,
    )


def derived(
    plan: Logframe, code: str, formula: Formula, known: Mapping[str, IndicatorValue], until: dt.date | None
) -> IndicatorValue:
    """One computed indicator; `known` holds all that its formula names."""
    operands = {name: known[name] for name in formula.names}
    first = next(iter(operands.values()), None)
    periods = []
    for each in first.periods if first else ():
        label = each.period.label
        amounts = {
            name: next((found.amount for found in value.periods if found.period.label == label), None)
            for name, value in operands.items()
        }
        periods.append(PeriodValue(each.period, _computed(formula, amounts)))
    ends = [value.as_of for value in operands.values() if value.as_of is not None]
    return IndicatorValue(
        plan.indicators[code],
        _computed(formula, {name: value.amount for name, value in operands.items()}),
        max(ends, default=None),
        tuple(periods),
        illustrative=any(value.illustrative for value in operands.values()),
        operands=FrozenMap(operands),
        plan=plan,
        until=until,
    )


def _computed(formula: Formula, amounts: Mapping[str, Amount | None]) -> Amount:
    known = [amount for amount in amounts.values() if amount is not None]
    coverage = sum((amount.coverage for amount in known), Coverage())
    without = [amount for amount in known if amount.value is None]
    if len(known) < len(amounts) or any(amount.state is not State.UNDEFINED for amount in without):
        return Amount(State.MISSING, None, Reason.FORMULA_OPERAND_MISSING, coverage=coverage)
    if without:
        return Amount(State.UNDEFINED, None, without[0].reason, coverage=coverage)
    value = formula.evaluate({name: a.value for name, a in amounts.items() if a is not None and a.value is not None})
    if value is None:
        return Amount(State.UNDEFINED, None, Reason.FORMULA_DIVISION_BY_ZERO, coverage=coverage)
    return Amount(State.REPORTED, value, coverage=coverage)
