"""What is written reads back as the same plan, whatever it holds; and no text and no plan makes the reader fail."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from mne.logframe.checks import design_findings
from mne.logframe.files import check_logframe, from_text, to_json, to_yaml
from mne.logframe.formula import FormulaError, parse
from mne.logframe.indicator import Accumulation, Aggregation, Axis, Baseline, Disaggregation, Measure, Quantity, Target
from mne.logframe.model import Logframe
from mne.logframe.units import VOCABULARY, UnitTable
from mne.testing import logframes

# --- parts ------------------------------------------------------------------------------------------------------

TRAPS = (
    "NO", "no", "yes", "off", "010", "1:20", "1.10", "1e3", "0x1F", "~", "=", "<<", "null", "true", ".5", "-", "2024-01-01",
    "NA", "NaN", ".inf", "[a]", "{a}", "a: b", "#1", "a #b", "*a", "&a", "!a", "|", ">", "%", "@", "`", "'", '"', "ОС1",
    "value", "date", "per", "start", "sex=F", "a|b", "a.b[0]", "_T", "0",
)  # fmt: skip
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"))
codes = st.one_of(
    st.sampled_from(TRAPS),
    st.text(LETTERS, min_size=1, max_size=12)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: 0 < len(text) <= 64),
)
words = st.one_of(
    st.sampled_from(TRAPS),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=80).filter(lambda text: bool(text.strip())),
)
tags = st.sampled_from(("en", "fr", "ru", "tg", "per", "zh-Hans-CN"))
texts = st.one_of(words, st.dictionaries(tags, words, min_size=1, max_size=3))
numbers = st.one_of(
    st.decimals(-(10**18), 10**18, places=9, allow_nan=False, allow_infinity=False),
    st.integers(-(10**19) + 1, 10**19 - 1).map(Decimal),
    st.sampled_from([Decimal("1.10"), Decimal("-0"), Decimal("1E+3"), Decimal("0.000000001"), Decimal(100)]),
)
factors = st.builds(Fraction, st.integers(1, 10**39), st.integers(1, 10**39))
days = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
flags = st.booleans()
shares = st.decimals(0, 1, places=4)


def part(required: dict[str, Any], /, **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


def opaque(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The same strategy, without its parts in what is printed of it."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Any:
        return draw(strategy)

    return drawn()


def few(each: st.SearchStrategy[Any], most: int = 3, least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(each, min_size=least, max_size=most)


quantities: dict[str, Any] = {
    "value": numbers, "numerator": numbers, "denominator": numbers, "stage": codes, "illustrative": flags, "as_published": words,
}  # fmt: skip
versions: dict[str, Any] = {
    **quantities, "minimum": numbers, "maximum": numbers, "above_baseline": numbers, "text": texts,
    "comparator": st.sampled_from((">=", "<=", "==", "=", "≥", "≤", "within")),
    "status": st.sampled_from(("set", "pending", "not_applicable")), "since": days, "reason": texts, "approved_by": words,
    "source": codes,
}  # fmt: skip
rules = st.sampled_from(
    ("sum", "mean", "weighted_mean", "min", "max", "median", "latest", "pooled", "all", "any", "mode", "none")
)
indicators = opaque(
    part(
        {
            "id": codes,
            "title": texts,
            "measure": st.sampled_from([each.value for each in Measure]),
            "accumulation": st.sampled_from([each.value for each in Accumulation]),
        },
        unit=st.one_of(codes, st.sampled_from(sorted(VOCABULARY))),
        direction=st.sampled_from(("increase", "decrease", "maintain")),
        aggregation=part(
            {},
            **{axis.value: rules for axis in Axis},
            order=few(st.sampled_from([axis.value for axis in Axis]), 4),
            totals=st.sampled_from(("entered_total", "sum_of_parts")),
            weights=st.dictionaries(codes, numbers, max_size=3),
        ),
        missing=st.sampled_from(("skip", "propagate", "zero", "carry_forward")),
        min_coverage=shares,
        reported_as=st.sampled_from(("value", "numerator_denominator")),
        per=numbers,
        scale=few(part({"id": codes}, title=texts)),
        baseline=part(
            {},
            **quantities,
            date=days,
            source=codes,
            status=st.sampled_from(("established", "pending", "not_applicable")),
            categories=st.dictionaries(words, part({}, **quantities), max_size=2),
            note=texts,
        ),
        baseline_included=flags,
        targets=few(
            part(
                {},
                **versions,
                period=codes,
                date=days,
                kind=st.sampled_from(("milestone", "final")),
                basis=st.sampled_from(("per_period", "cumulative")),
                category=words,
                history=few(part({}, **versions), 2),
                note=texts,
            )
        ),
        tolerance=numbers,
        disaggregation=few(
            part(
                {"dimensions": few(codes, 2, 1)},
                relation=st.sampled_from(("sums_to_total", "overlapping")),
                required=flags,
            ),
            2,
        ),
        assignments=few(part({"partner": codes}, locations=few(codes, 2), since=days, until=days), 2),
        survey=part({}, sample_size=st.integers(-5, 10**9), design_effect=numbers, confidence=shares),
        counts=st.sampled_from(("unique", "services")),
        weight=numbers,
        core=flags,
        references=few(part({"vocabulary": codes, "code": codes}, url=words), 2),
        means_of_verification=few(texts, 2),
        sources=few(codes, 2),
        frequency=st.sampled_from(("monthly", "quarterly", "semiannual", "annual")),
        responsible=few(codes, 2),
        definition=texts,
        formula=words,
        contributes_to=few(part({"project": codes, "indicator": codes}), 1),
        reachable=numbers,
        thresholds=st.dictionaries(codes, numbers, max_size=2),
    )
)
results = st.recursive(
    part(
        {"id": codes, "title": texts, "level": st.sampled_from(("impact", "outcome", "output", "activity", "other"))},
        label=texts,
        weight=numbers,
        risk=st.sampled_from(("low", "medium", "high")),
        assumptions=few(texts, 2),
        indicators=few(indicators, 2),
        source=codes,
    ),
    lambda beneath: st.builds(lambda one, more: {**one, "results": more}, beneath, few(beneath, 2)),
    max_leaves=3,
)
named = part({"id": codes, "title": texts})
plans = opaque(
    part(
        {"id": codes, "title": texts, "start": days, "end": days, "results": few(results, 2, 1)},
        description=texts,
        version=codes,
        calendar=part(
            {},
            fiscal_year_start=st.sampled_from(("01-01", "07-01", "02-29", "10-31")),
            frequency=st.sampled_from(("monthly", "quarterly", "semiannual", "annual")),
            names=st.dictionaries(codes, codes, max_size=2),
        ),
        countries=few(codes),
        phases=few(part({"id": codes, "start": days, "end": days}), 2),
        organisations=few(
            part({"id": codes, "title": texts}, roles=few(st.sampled_from(("partner", "funding")), 2), email=words)
        ),
        locations=few(part({"id": codes, "title": texts}, parent=codes)),
        dimensions=few(part({"id": codes, "title": texts, "codes": few(named, 3, 1)}), 2),
        units=few(
            part(
                {"id": codes},
                of=st.one_of(codes, st.sampled_from(("kg", "USD"))),
                factor=factors,
                aliases=few(codes, 2),
            )
        ),
        currency=codes,
        exchange_rates=few(part({"currency": codes, "to": codes, "rate": factors}, date=days), 2),
        budgets=few(part({"amount": numbers, "currency": codes}, organisation=codes, phase=codes), 2),
        sources=few(part({"id": codes, "title": texts}, date=days, url=words), 2),
        reporting_lag=st.integers(-5, 400),
        thresholds=st.dictionaries(codes, numbers, max_size=2),
        severities=st.dictionaries(codes, codes, max_size=2),
        notes=texts,
    ).map(Logframe.model_validate)
)


# --- laws -------------------------------------------------------------------------------------------------------


@given(plans)
def test_what_is_written_reads_back_as_the_same_plan(plan: Logframe) -> None:
    for write, kind in ((to_yaml, "yaml"), (to_json, "json")):
        again, findings = from_text(write(plan), kind=kind)
        assert again == plan, list(findings.at_least("error"))
        assert write(again) == write(plan)
        for budget, other in zip(plan.budgets, again.budgets, strict=True):
            assert format(budget.amount, "f") == format(other.amount, "f")


@given(plans)
def test_a_check_never_fails_and_changes_nothing(plan: Logframe) -> None:
    before = to_json(plan)
    first = design_findings(plan)
    assert design_findings(plan) == first
    assert to_json(plan) == before
    for finding in check_logframe(plan):
        assert finding.message
        assert str(finding).isprintable()


@given(plans)
def test_a_file_is_told_of_what_its_plan_is_told_of(plan: Logframe) -> None:
    _, by_file = from_text(to_yaml(plan), name="plan.yaml")
    by_plan = check_logframe(plan)
    key = lambda each: (each.code, each.found, each.place.path or "")  # noqa: E731 (two lists, one order)
    assert sorted(map(key, by_file)) == sorted(map(key, by_plan))
    assert all(each.place.line for each in by_file)


@given(logframes())
def test_plans_of_the_testing_module_read_back(plan: Logframe) -> None:
    assert from_text(to_yaml(plan))[0] == plan
    assert from_text(to_json(plan), kind="json")[0] == plan


@given(plans, st.data())
def test_an_entry_that_cannot_be_read_is_told_and_never_fails(plan: Logframe, data: st.DataObject) -> None:
    told = json.loads(to_json(plan))
    path, spot = [], told
    while isinstance(spot, (dict, list)) and spot and (not path or data.draw(st.booleans())):
        path.append(data.draw(st.sampled_from(sorted(spot) if isinstance(spot, dict) else range(len(spot)))))
        holder, spot = spot, spot[path[-1]]
    holder[path[-1]] = data.draw(st.sampled_from([[], {}, "?", "1e9", ["x"], {"x": "y"}, None, True, {"id": []}]))
    _, findings = from_text(json.dumps(told), kind="json")
    assert all(each.place.line for each in findings)


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)), st.sampled_from(("yaml", "json")))
def test_any_text_gives_findings_and_no_plan(text: str | bytes, kind: str) -> None:
    plan, findings = from_text(text, kind=kind)
    assert plan is None
    assert findings.at_least("error")


@given(logframes(), st.data())
def test_a_text_with_a_slip_never_fails(plan: Logframe, data: st.DataObject) -> None:
    text = to_yaml(plan)
    at = data.draw(st.integers(0, len(text) - 1))
    slip = data.draw(
        st.sampled_from(["", "\n", " ", "  ", ":", "-", "[", "}", "&a ", "*a", "\t", "'", '"', "#", "x", "\0", "é"])
    )
    for finding in from_text(text[:at] + slip + text[at + data.draw(st.integers(0, 3)) :], name="x")[1]:
        assert finding.place.file == "x"


@given(st.text(st.sampled_from("AB1.9 +-*/(),{}minax_−"), max_size=40))
def test_a_formula_computes_or_says_where_it_stops(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError as refused:
        position = refused.position
    else:
        position = 1
        result = formula.evaluate({name: Fraction(index + 1, 3) for index, name in enumerate(formula.names)})
        assert result is None or isinstance(result, Fraction)
    assert 1 <= position <= len(text) + 1


@st.composite
def arithmetic(draw: st.DrawFn, depth: int = 3) -> tuple[str, Fraction | None]:
    """A formula with its value, worked out beside it."""
    if depth == 0 or draw(st.booleans()):
        number = draw(st.decimals(0, 100, places=2))
        return f"{number:f}", Fraction(number)
    (left, a), (right, b) = draw(arithmetic(depth - 1)), draw(arithmetic(depth - 1))
    sign = draw(st.sampled_from(("+", "-", "*", "/", "min", "max", "neg")))
    text = {"neg": f"-({left})"}.get(sign) or (
        f"{sign}({left}, {right})" if sign in ("min", "max") else f"({left}) {sign} ({right})"
    )
    if a is None or (b is None and sign != "neg") or (sign == "/" and b == 0):
        return text, None
    values = {"neg": lambda: -a, "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}
    return text, values.get(sign, lambda: min(a, b) if sign == "min" else max(a, b))()


@given(arithmetic())
def test_a_formula_computes_what_fractions_compute(told: tuple[str, Fraction | None]) -> None:
    text, value = told
    assume(len(text) <= 500)
    assert parse(text).evaluate({}) == value


@given(plans, st.data())
def test_a_factor_and_its_way_back_are_inverse(plan: Logframe, data: st.DataObject) -> None:
    table = UnitTable(plan)
    units = sorted({unit.id for unit in plan.units} | {"kg", "t", "USD", "person", "percent", "m2", "ha"})
    one, other, third = (data.draw(st.sampled_from(units)) for _ in range(3))
    there, back = table.factor(one, other), table.factor(other, one)
    assert (there is None) == (back is None)
    assert there is None or there * back == 1
    onward = table.factor(other, third)
    if there is not None and onward is not None and not plan.exchange_rates:
        assert table.factor(one, third) == there * onward


def test_every_entry_of_a_target_and_of_its_indicator_is_drawn() -> None:
    # A new entry of the format must be added to the strategies.
    assert set(Target.model_fields) == {*versions, "period", "date", "kind", "basis", "category", "history", "note"}
    assert set(Quantity.model_fields) == set(quantities)
    assert set(Baseline.model_fields) == {*quantities, "date", "source", "status", "categories", "note"}
    assert set(Aggregation.model_fields) == {*(axis.value for axis in Axis), "order", "totals", "weights"}
    assert set(Disaggregation.model_fields) == {"dimensions", "relation", "required"}
