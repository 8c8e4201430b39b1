"""Rules over several indicators, as data: what a logframe, or a file of an embedder's own, says must agree.

Read `agreement_rule` first: it makes a `Rule` like any other of one that is data. Each is asked once for every partner,
place and period, of the totals that were reported, or of what their parts add up to where one split is complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import OptionError
from mne.ground.numbers import number_text
from mne.logframe.agreement import WhenMissing, agreed
from mne.logframe.checks_rules import rule_problems
from mne.logframe.formula import parse
from mne.logframe.indicator import TOTAL, Measure
from mne.reports.beside import REPORTED
from mne.reports.context import NOTHING
from mne.reports.rule import Rule

if TYPE_CHECKING:
    from mne.logframe.agreement import AgreementRule
    from mne.logframe.formula import Formula
    from mne.logframe.model import Logframe
    from mne.logframe.units import UnitTable
    from mne.reports.context import Asked, Judged
    from mne.tables.plan import PlanTables

__all__ = ["agreement_rule", "agreement_rules"]

_CODES: Final[Mapping[str, str]] = {
    "both_or_none": "consistency-pair-incomplete",
    "at_most_one": "consistency-pair-exclusive",
}
_SHOWN: Final = {"both_or_none": "⇔", "at_most_one": "⊕"}
_KEY: Final = ("partner", "location", "plan_period")
_NEEDED: Final = (
    *("indicator", "source_order", *_KEY, "category", "dimensions", "relation", "measure", "period_end"),
    *("value", "numerator", "denominator", "by_denominator", "multiplier", "unit", "own_unit"),
)
_ADDED: Final = (Measure.NUMBER.value, Measure.CURRENCY.value)
_FOUND: Final = pl.Schema(
    {"source_order": pl.Int64(), "related": pl.List(pl.Int64), "told": pl.String(), "asked_for": pl.String()}
)

Told = tuple[Fraction | None, tuple[int, ...]]
"""A figure, and the `source_order` of the rows that it was made of."""


def agreement_rules(plan: Logframe, *, mark: str = "") -> tuple[Rule, ...]:
    """The rules of agreement that a logframe holds; `mark` stands before its codes in tables of many."""
    return tuple(_rule(rule, mark) for rule in plan.rules)


def agreement_rule(rule: AgreementRule, plan: Logframe) -> Rule:
    """A rule of agreement from elsewhere, checked against the plan.

    Raises:
        OptionError: it cannot be asked of this plan: a formula that cannot be read, or an indicator that is not there.
    """
    wrong = [each for each in rule_problems(plan, rule, f"the rule {rule.id}") if each.level.rank <= 1]
    if wrong:
        raise OptionError("; ".join(str(each) for each in wrong))
    return _rule(rule)


def _rule(rule: AgreementRule, mark: str = "") -> Rule:
    sides = parse(rule.left), parse(rule.right)
    when = WhenMissing(rule.missing)
    asked_for = f"{rule.left} {_SHOWN.get(rule.operator, rule.operator)} {rule.right} ({rule.title})"
    names = tuple(dict.fromkeys((*sides[0].names, *sides[1].names)))

    def find(asked: Asked) -> pl.DataFrame:
        figures = _figures(asked.judged, [mark + name for name in names])
        found = []
        for marked in figures.values():
            numbers = {name.removeprefix(mark): told for name, told in marked.items()}
            given = {name: numbers[name][0] if name in numbers else None for name in names}
            told = agreed(sides, rule.operator, given, when=when)
            rows = sorted({row for name in names if name in numbers for row in numbers[name][1]})
            if told.status == "violated" and rows:
                shown = "; ".join(_side(side, given) for side in sides)
                found.append((rows[0], rows[1:], shown, asked_for))
        return pl.DataFrame(found, schema=_FOUND, orient="row") if found else NOTHING

    return Rule(
        code=_CODES.get(rule.operator, "consistency-violated"),
        at=("value", "numerator"),
        scope="table",
        spread="partner",
        over="newest",
        find=find,
        found="{told}",
        expected="{asked_for}",
        severity=rule.severity,
    )


def _side(side: Formula, given: Mapping[str, Fraction | None]) -> str:
    """One side with its figures: ``A + B = 45 (A 20, B 25)``."""
    known = {name: number for name, number in given.items() if number is not None}
    parts = ", ".join(f"{name} {number_text(known[name]) if name in known else '–'}" for name in side.names)
    whole = side.evaluate(known) if known.keys() >= set(side.names) else None
    if side.text.strip(" {}") in given or whole is None:
        return parts or side.text
    return f"{side.text} = {number_text(whole)}" + (f" ({parts})" if parts else "")


def _figures(judged: Judged, names: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Told]]:
    """By partner, place and period: the figure of each of these indicators that was reported."""
    known = judged.once(_of_plans)
    others = [name for name in names if name not in known]
    if others:
        known = {**known, **_reported(judged, others)}
    units = judged.tables.units(names)
    cells: dict[tuple[Any, ...], dict[str, list[dict[str, Any]]]] = {}
    for name in names:
        for row in known[name]:
            key = tuple(row[part] for part in _KEY)
            cells.setdefault(key, {}).setdefault(name, []).append(row)
    return {
        key: {name: _figure(judged.tables, units[name], found) for name, found in told.items()}
        for key, told in cells.items()
    }


def _of_plans(judged: Judged) -> dict[str, list[dict[str, Any]]]:
    """`_reported` for every indicator that a rule of a plan names, so that the rows are gone through once."""
    named = {
        mark + name
        for plan, mark in zip(judged.tables.plans, judged.tables.marks, strict=True)
        for rule in plan.rules
        for side in (rule.left, rule.right)
        for name in parse(side).names
    }
    return _reported(judged, sorted(named))


def _reported(judged: Judged, names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The rows that report each indicator, in their order."""
    figures = REPORTED & ~pl.col("words") & pl.col("indicator").is_in(names)
    asked = judged.newest_rows.keep(figures & pl.all_horizontal(pl.col(name).is_not_null() for name in _KEY))
    rows = asked.lazy().select(_NEEDED).collect().sort("source_order")
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for row in rows.iter_rows(named=True):
        found[row["indicator"]].append(row)
    return found


def _figure(tables: PlanTables, units: UnitTable, rows: list[dict[str, Any]]) -> Told:
    """The total that was reported; without one, what the parts of a complete split add up to."""
    total = next((row for row in rows if row["category"] == TOTAL), None)
    if total is not None:
        return _number(units, total), (total["source_order"],)
    if rows[0]["measure"] not in _ADDED:
        return None, ()
    sizes = {name: len(codes) for name, codes in tables.dimensions(rows[0]["indicator"]).items()}
    for dimensions in dict.fromkeys(row["dimensions"] for row in rows):
        parts = [row for row in rows if row["dimensions"] == dimensions and row["relation"] != "overlapping"]
        if parts and len(parts) == prod(sizes.get(each, 0) for each in dimensions.split("|")):
            numbers = [_number(units, row) for row in parts]
            if None not in numbers:
                return sum((each or Fraction(0) for each in numbers), Fraction(0)), tuple(
                    row["source_order"] for row in parts
                )
    return None, ()


def _number(units: UnitTable, row: Mapping[str, Any]) -> Fraction | None:
    """A row's figure in its indicator's unit, exactly."""
    if row["by_denominator"]:
        if row["numerator"] is None or not row["denominator"]:
            return None
        return Fraction(row["numerator"]) / Fraction(row["denominator"]) * Fraction(row["multiplier"])
    if row["value"] is None:
        return None
    if row["unit"] is None or row["unit"] == row["own_unit"] or row["own_unit"] is None:
        return Fraction(row["value"])
    factor = units.factor(row["unit"], row["own_unit"], on=row["period_end"])
    return None if factor is None else Fraction(row["value"]) * factor
