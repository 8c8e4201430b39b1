"""Rules of agreement: whether their two sides can be computed from what partners report on one period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from mne.ground.phrases import phrase
from mne.logframe.formula import FormulaError, parse
from mne.logframe.places import nearest, problem

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.logframe.agreement import AgreementRule
    from mne.logframe.formula import Formula
    from mne.logframe.model import Logframe

__all__ = ["CHECKS", "rule_problems"]


def agreements(plan: Logframe) -> Iterator[Finding]:
    """A rule's two sides can be read, and name indicators of numbers that are reported equally often."""
    for at, rule in enumerate(plan.rules):
        yield from rule_problems(plan, rule, f"rules[{at}]")


def rule_problems(plan: Logframe, rule: AgreementRule, path: str) -> Iterator[Finding]:
    """What keeps one rule from being asked; `path` says where it stands."""
    names: dict[str, str] = {}
    for side in ("left", "right"):
        text = getattr(rule, side)
        try:
            formula = parse(text)
        except FormulaError as error:
            yield problem("logframe-formula-invalid", f"{path}.{side}", found=text, expected=error.told)
            continue
        if any(back for _, back in formula.reads):
            expected = phrase("figures of one period, without previous()")
            yield problem("logframe-formula-invalid", f"{path}.{side}", found=text, expected=expected)
        yield from _operands(plan, formula, f"{path}.{side}")
        names.update(dict.fromkeys(formula.names, side))
    known = [name for name in names if name in plan.indicators]
    usual = {name: plan.indicators[name].frequency or plan.calendar.frequency for name in known}
    for name in known:
        if usual[name] != usual[known[0]]:
            expected = phrase("indicators reported as often as this one; {name} is not", name=known[0])
            yield problem("logframe-formula-frequency", f"{path}.{names[name]}", found=name, expected=expected)


def _operands(plan: Logframe, formula: Formula, path: str) -> Iterator[Finding]:
    for name in formula.names:
        other = plan.indicators.get(name)
        if other is None:
            yield problem(
                "logframe-unknown-reference",
                path,
                found=name,
                expected=phrase(
                    "the id of an indicator, in braces where it holds other signs than letters, digits, _ and ."
                ),
                suggestion=nearest(name, plan.indicators),
            )
        elif other.measure.is_text or other.formula is not None:
            expected = phrase("indicators whose values are numbers that partners report")
            yield problem("logframe-formula-operand", path, found=name, expected=expected)


CHECKS: Final[tuple[Callable[[Logframe], Iterator[Finding]], ...]] = (agreements,)
