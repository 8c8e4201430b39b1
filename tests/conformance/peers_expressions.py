"""Formulas over indicators, and rules that hold two of them against each other, as DHIS2 writes them.

Read `translated` first: DHIS2's expressions become formulas of ours. A variable of a case is an indicator of the same
name; one without a value is one that nobody reported.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import mne
from mne.logframe.formula import FormulaError, parse
from tests.conformance.building import (
    assigned,
    computed,
    counted,
    in_period,
    indicator,
    project,
    ratio,
    report,
    together,
)
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged
from tests.conformance.peers_simple import STRATEGIES

_WORDS: Final = (
    (re.compile(r"\[days\]"), "days()"),
    (re.compile(r"\bisNull\b"), "is_missing"),
    (re.compile(r"\bfirstNonNull\b"), "first"),
    (re.compile(r"\bgreatest\b"), "max"),
    (re.compile(r"\bleast\b"), "min"),
    (re.compile(r"\bisNotNull\(([^()]*)\)"), r"(1-is_missing(\1))"),
)


def translated(text: str) -> str:
    """A formula of ours for an expression of DHIS2's.

    Raises:
        NotWired: our formulas cannot say it.
    """
    for theirs, ours in _WORDS:
        text = theirs.sub(ours, text)
    try:
        parse(text)
    except FormulaError as error:
        raise NotWired(f"the formula {text!r}: {error}") from error
    return text


def variables(*formulas: str) -> list[str]:
    """The names in formulas, each once."""
    return list(dict.fromkeys(name for formula in formulas for name in parse(formula).names))


# --- formulas -------------------------------------------------------------------------------------------------------


def expression(case: Case, data: Datasets) -> Outcome:
    """A formula over the numbers that the case gives, or over a dataset."""
    inputs = case["inputs"]
    if "dataset" in inputs:
        return _of_dataset(case, data)
    formula = translated(str(inputs["expression"]))
    return judged(case, formula_value(formula, {name: inputs.get(name) for name in variables(formula)}))


def formula_value(formula: str, numbers: Mapping[str, Any]) -> Fraction | None:
    """A formula over numbers, each an indicator that was reported or not."""
    plan = project(*(indicator(name) for name in numbers), computed("F", formula))
    rows = [report(value, indicator=name) for name, value in numbers.items() if value is not None]
    value: Fraction | None = counted(plan, rows)["F"].value
    return value


def _of_dataset(case: Case, data: Datasets) -> Outcome:
    """A formula over data elements: each is summed first; nested indicators N(…) are formulas of their own."""
    from tests.conformance import peers_dhis2 as dhis2

    found = data[case["inputs"]["dataset"]]
    query = dhis2.Query.of(case["inputs"]["query"], found)
    units = dhis2.subtree(found, query.units)
    nested: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        nested[f"N{len(nested)}"] = match[1]
        return f"N{len(nested) - 1}"

    text = _with_offsets(query.what)
    while (deeper := re.sub(r"\bN\(([^()]*)\)", name, text)) != text:
        text = deeper
    formula = translated(text)
    inner = {id: translated(text) for id, text in nested.items()}
    elements = [each for each in variables(formula, *inner.values()) if each not in nested]
    plan = dhis2.year_of(
        *(indicator(each) for each in elements),
        *(computed(id, text) for id, text in inner.items()),
        computed("F", formula),
        year=query.year,
    )
    by_month = isinstance(case["expected"], Mapping)
    looks_back = "previous(" in formula
    months = () if by_month or looks_back else query.months
    rows = [row for each in elements for row in dhis2.rows_of(found, each, units=units, months=months)]
    value = counted(plan, rows)["F"]
    if by_month:
        return judged(case, {each.period.label: each.amount.value for each in value.periods})
    if looks_back:
        return judged(case, in_period(value, query.months[-1]).value)
    return judged(case, value.value)


def _with_offsets(text: str) -> str:
    """deE(-1) as the value one period before."""
    return re.sub(r"\b(de\w+)\(-(\d+)\)", r"previous(\1, \2)", text)


def categorical(case: Case, data: Datasets) -> Outcome:
    """A number for yes and another for no, by month."""
    found = re.fullmatch(r"if\((\w+),\s*([^,]+),\s*([^,]+)\)(?: per month)?", case["method"].replace("yes", "X"))
    inputs = case["inputs"]
    if found is None or found[1] != "X":
        raise NotWired(case["method"])
    element, _, rest = str(inputs["query"]).partition(",")
    query = f"if({element.strip()} == 1, {found[2]}, {found[3]})"
    from tests.conformance import peers_dhis2 as dhis2

    values = data[inputs["dataset"]]
    asked = dhis2.Query.of(rest, values)
    name = element.strip()
    plan = dhis2.year_of(indicator(name), indicator("F", formula=translated(query)), year=asked.year)
    rows = dhis2.rows_of(values, name, units=dhis2.subtree(values, asked.units))
    return judged(case, {each.period.label: each.amount.value for each in counted(plan, rows)["F"].periods})


def annualised(case: Case, data: Datasets) -> Outcome:
    """A rate with a factor, where it is annualised times 365 over the days that it covers."""
    inputs = case["inputs"]
    factor = str(inputs["factor"])
    if inputs.get("annualized"):
        if not inputs.get("days"):
            raise NotWired("an annual rate of no days")
        factor = f"{factor} * 365 / {inputs['days']}"
    numerator, denominator = (inputs["num_over_den"], 1) if "num_over_den" in inputs else (
        inputs.get("numerator"), inputs.get("denominator"))  # fmt: skip
    plan = project(ratio("R", measure="ratio"), computed("F", factor), computed("V", f"R * {factor}"))
    rows = [report(None, indicator="R", numerator=numerator, denominator=denominator)]
    values = counted(plan, rows)
    return judged(case, {"factor": values["F"].value, "value": values["V"].value})


# --- over periods, with a policy for what is missing ----------------------------------------------------------------


def over_periods(inputs: Mapping[str, Any], policy: str) -> Fraction | None:
    """The sum over periods of a sum of operands, where the policy decides in each period what a missing operand does.

    The operands report to one project under the policy; what that has in each period is summed by another one above it.
    """
    operands = list(inputs)
    periods = list(dict.fromkeys(period for by_period in inputs.values() for period in by_period))
    link = ({"project": "over", "indicator": "I"},)
    inner = indicator(missing=policy, assignments=assigned(*operands), contributes_to=link)
    plans = [project(inner, id="inside", years=len(periods)), project(indicator(), id="over", years=len(periods))]
    rows = [
        report(value, periods.index(period), partner=operand, project="inside")
        for operand, by_period in inputs.items()
        for period, value in by_period.items()
        if value is not None
    ]
    value: Fraction | None = together(plans, rows)["over"]["I"].value
    return value


# --- rules over two expressions -------------------------------------------------------------------------------------

_OPERATORS: Final = {"equal_to": "==", "not_equal_to": "!=", "greater_than": ">", "greater_than_or_equal_to": ">=",
                     "less_than": "<", "less_than_or_equal_to": "<="}  # fmt: skip
_PAIRS: Final = {"compulsory": "both_or_none", "exclusive": "at_most_one"}


def _compared(text: str) -> tuple[str, str, str]:
    """Left side, operator and right side of a rule such as A+B == C-D: the comparison outside of all parentheses."""
    depth = 0
    for at, char in enumerate(text):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if not depth and char in "=!<>":
            operator = text[at : at + 2] if text[at + 1 : at + 2] == "=" else char
            return text[:at].strip(), operator, text[at + len(operator) :].strip()
    raise NotWired(f"the rule {text!r}")


def _policy(text: str) -> str:
    return next((ours for theirs, ours in STRATEGIES.items() if theirs in text), "propagate")


def held(
    left: str, operator: str, right: str, *, reports: Sequence[Mapping[str, Any]], policy: str, **options: Any
) -> list[Any]:
    """A rule held against the reports of each period: one verdict for every period."""
    left, right = translated(left), translated(right)
    names = variables(left, right)
    rows = [
        report(value, at, indicator=name, **({"span": options["span"]} if "span" in options else {}))
        for at, given in enumerate(reports)
        for name, value in given.items()
        if name in names and value is not None
    ]
    days = {"start": options["span"][0], "end": options["span"][1]} if "span" in options else {}
    plan = project(*(indicator(name) for name in names), years=len(reports), **days)
    try:
        return list(mne.consistent(counted(plan, rows), left, operator, right, missing=policy))
    except mne.OptionError as error:
        raise NotWired(f"{left} {operator} {right}: {error}") from error


def _told(verdict: Any) -> Any:
    """A verdict in the words of the cases."""
    if verdict.status == "violated":
        return {"violation": [verdict.left, verdict.right]}
    return {"holds": "valid", "skipped": "skipped"}[verdict.status]


def validation_rule(case: Case, data: Datasets) -> Outcome:
    """A rule over two expressions, in one period, in several, or for each of several options."""
    inputs, method = case["inputs"], case["method"]
    if "op" in inputs:
        return judged(case, _offline(inputs))
    rule = re.split(r", (?:missing strategy|never skip|skip|evaluated)|: A == |^days in period: ", method)
    text = rule[1] if method.startswith("days in period") else rule[0]
    pair = next((ours for theirs, ours in _PAIRS.items() if f"{theirs} pair" in method), None)
    if pair is not None:
        names = re.findall(r"\b[A-Z]\b", method.partition("pair")[2])
        left, operator, right = names[0], pair, names[1]
    else:
        left, operator, right = _compared(text)
    policy = "skip" if pair else _policy(method)
    nested = {key: each for key, each in inputs.items() if isinstance(each, Mapping)}
    if nested and all(re.fullmatch(r"\d{4}(-\d{2})?", key) for key in nested):
        verdicts = held(left, operator, right, reports=list(nested.values()), policy=policy)
        told = {key: _told(verdict) for key, verdict in zip(nested, verdicts, strict=True)}
        broken = {key: each["violation"] for key, each in told.items() if isinstance(each, Mapping)}
        return judged(case, {"violations": broken}, nothing_else=True)
    if nested:
        each_option = {
            key: _told(held(left, operator, right, reports=[given], policy=policy)[0]) for key, given in nested.items()
        }
        return judged(case, each_option)
    options = {"span": _span_of(str(inputs["period"]))} if "period" in inputs else {}
    numbers = {key: value for key, value in inputs.items() if key != "period"}
    return judged(case, _told(held(left, operator, right, reports=[numbers], policy=policy, **options)[0]))


_MONTH_NAMES: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
                       "october", "november", "december")  # fmt: skip


def _span_of(words: str) -> tuple[dt.date, dt.date]:
    """The days that a period's name means: a month, a year with or without a leap day."""
    folded = words.casefold()
    leap = "leap" in folded and not re.search(r"\b(?:non|not|no)\b", folded)
    year = int(found[0]) if (found := re.search(r"\d{4}", folded)) else (2000 if leap else 2001)
    month = next((at for at, name in enumerate(_MONTH_NAMES, start=1) if name[:3] in folded and name in folded), None)
    if month is None:
        if "year" not in folded and not found:
            raise NotWired(f"the period {words!r}")
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return dt.date(year, month, 1), after - dt.timedelta(days=1)


def _offline(inputs: Mapping[str, Any]) -> str:
    """datim-validation: a rule over the two numbers of a file, where missing is always zero."""
    pair = inputs.get("pair")
    left, right = pair if pair is not None else (inputs.get("left"), inputs.get("right"))
    said = str(inputs["op"])
    operator = next((ours for theirs, ours in _PAIRS.items() if theirs in said), _OPERATORS.get(said, said))
    verdict = held("L", operator, "R", reports=[{"L": left, "R": right}], policy="zero")[0]
    word = "fail" if verdict.status == "violated" else "pass"
    if pair is not None:
        return word
    # A rule that is never skipped shows what is missing as the zero that it takes it for.
    return f"{word} ({verdict.left or 0} vs {verdict.right or 0})"


def year_to_date(case: Case, data: Datasets) -> Outcome:
    """Running totals: DHIS2's year to date over a dataset, or reporters' own running totals."""
    if "dataset" in case["inputs"]:
        from tests.conformance.peers_dhis2 import year_to_date as of_dataset

        return of_dataset(case, data)
    if "monthly_results" in case["inputs"]:
        from tests.conformance.peers_periods import by_period

        return by_period(case, data)
    from tests.conformance.peers_parts import running_totals

    return running_totals(case, data)


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "expression": expression,
    "time_offset": expression,
    "categorical": categorical,
    "rate_annualized": annualised,
    "validation_rule": validation_rule,
    "cumulative": year_to_date,
}
