"""Everything that can be asked of a project and its reports, in one text. Start at `dossier`.

Two dossiers of the same project differ in whatever a change made come out differently: a number, a reason, a column, a
word, the order of things. That makes them the net under every rewriting of the arithmetic.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import mne
from mne.errors import MneError
from mne.logframe.indicator import TOTAL, Quantity, Target
from mne.logframe.model import Logframe
from mne.logframe.portfolio import Portfolio
from mne.scores.cards import Scorecard
from mne.scores.conventions import Convention
from mne.scores.scheme import AchievementRule, Expected, Scheme, schemes
from mne.tables.observations import Observations
from mne.values.values import Amount, IndicatorValue, Values

AXES = ("partner", "location")
DRAWS = 200
"""Few, and the shares of draws are exact: enough to see a change."""


def dossier(values: Values, cards: Mapping[str, str | Scheme], *, data: bool = True) -> str:
    """Values, achievements under every convention, breakdowns, and these scorecards with all that is said of them.

    Without `data` in words alone, explanations in a second language instead of as JSON.
    """
    told = [*_values(values)]
    for value in values.values():
        told += [f"\n== {value.indicator.id}", *(_value(value) if data else _in_words(value))]
        told += [*(_achievements(value) if data else [_all_at_once(value)]), *_breakdowns(values, value, words=data)]
    for name, scheme in cards.items():
        told += [f"\n== scheme {name}", *(_scored(values, scheme) if data else _briefly(values, scheme, lang="ru"))]
    return "\n".join(told) + "\n"


def brief(values: Values, scheme: str | Scheme | None) -> str:
    """Values with their explanations, what every convention makes of them, and one scorecard: what fits a small case."""
    told = [repr(values), *(f"! {finding}" for finding in values.findings)]
    for value in values.values():
        told += [*_periods(value), *_given(value), value.explain().to_text(), _all_at_once(value)]
    if scheme is not None:
        told += _briefly(values, scheme)
    return "\n".join(told) + "\n"


# --- values -------------------------------------------------------------------------------------------------------


def _csv(table: Any) -> str:
    """A table as text; numbers to look at with ten digits, which every machine agrees on."""
    import polars as pl

    lists = [name for name, kind in table.schema.items() if kind == pl.List]
    shown = table.with_columns(
        pl.col(pl.Float64).map_elements(lambda number: f"{number:.10g}", return_dtype=pl.String),
        *(pl.col(name).list.join(" ") for name in lists),
    )
    return str(shown.write_csv()).rstrip("\n")


def _values(values: Values) -> Iterator[str]:
    yield repr(values)
    yield _csv(values.to_polars())
    yield from (f"! {finding}" for finding in values.findings)


def _periods(value: IndicatorValue) -> Iterator[str]:
    for each in value.periods:
        told = f"{each.period.label}: {_amount(each.amount)}"
        told += f", to date {_amount(each.to_date)}" if each.to_date is not None else ""
        yield told + (f", carried {each.carried}" if each.carried else "")


def _given(value: IndicatorValue) -> Iterator[str]:
    """What other projects add."""
    for each in value.contributions:
        periods = (
            f"{one.period.label} {_amount(one.amount)} of {'+'.join(source.label for source in one.sources)}"
            f"{' carried' if one.carried else ''}"
            for one in each.periods
        )
        yield f"from {each.project} {each.indicator}: {_amount(each.amount)}; {'; '.join(periods)}"
    if value.own is not None:
        yield f"own: {_amount(value.own.amount)}"


def _amount(amount: Amount) -> str:
    parts = (amount.value, amount.reason, amount.state if amount.value is None else None, f"({amount.coverage})")
    return " ".join(str(part) for part in parts if part is not None)


def _value(value: IndicatorValue) -> Iterator[str]:
    yield repr(value)
    yield value.explain().to_text()
    yield json.dumps(value.explain().to_dict(), ensure_ascii=False, default=str)
    try:
        yield _csv(value.trace())
    except MneError as error:
        yield f"no trace: {error}"


def _in_words(value: IndicatorValue) -> Iterator[str]:
    yield from _periods(value)
    yield value.explain().to_text()
    yield value.explain(lang="ru").to_text()
    yield from _once(value, AchievementRule())
    yield from _once(value, AchievementRule(), against="final")


def _rules() -> Iterator[AchievementRule]:
    for convention in Convention:
        yield AchievementRule(convention=convention)
        yield AchievementRule(convention=convention, no_baseline="actual_over_target", falling="as_published")
        yield AchievementRule(convention=convention, favourable=True)
    for expected in (Expected.LINEAR, Expected.MILESTONE_INTERPOLATION):
        yield AchievementRule(expected=expected)
        for convention in (Convention.TIME_PROPORTIONAL, Convention.GROWTH_RATE, Convention.PROJECTED_GROWTH):
            yield AchievementRule(convention=convention, expected=expected)
    yield AchievementRule.model_validate({"due": "periods_with_data"})
    yield AchievementRule.model_validate({"due": "all"})


def _achievements(value: IndicatorValue) -> Iterator[str]:
    for rule in _rules():
        yield from _once(value, rule)
    yield from _once(value, AchievementRule(), against="final")
    for how in Expected:
        try:
            yield f"expected {how}: {mne.expected_progress(value, how=how)}"
        except MneError as error:
            yield f"expected {how}: {error}"


def _all_at_once(value: IndicatorValue) -> str:
    told: dict[str, list[str]] = {}
    for rule in _rules():
        found = mne.achievement(value, rule=rule)
        told.setdefault(f"{found.value if found.value is not None else found.reason}", []).append(_named(rule))
    return "achieved " + "; ".join(f"{shown}: {', '.join(names)}" for shown, names in told.items())


def _named(rule: AchievementRule) -> str:
    """The options in which a rule differs from the default one."""
    usual = AchievementRule().model_dump()
    told = {key: str(each) for key, each in rule.model_dump().items() if each != usual[key]}
    told.pop("falling", None)
    return " ".join(key if each in ("True", "actual_over_target") else each for key, each in told.items()) or "default"


def _once(value: IndicatorValue, rule: AchievementRule, *, against: str = "milestone") -> Iterator[str]:
    told = mne.achievement(value, against=against, rule=rule)
    fields = ((name, getattr(told, name)) for name in type(told).__dataclass_fields__)
    said = ", ".join(f"{name} {_shown(each)}" for name, each in fields if each not in (None, (), False))
    yield f"achieved {against} {_named(rule)}: {said}"


def _shown(each: Any) -> str:
    if isinstance(each, Target):
        return f"{each.kind} {each.period or each.date}"
    if isinstance(each, Quantity):
        return f"{each.value or each.stage or each.numerator}"
    if isinstance(each, tuple):
        return "; ".join(map(_shown, each))
    return str(each)


def _breakdowns(values: Values, value: IndicatorValue, *, words: bool) -> Iterator[str]:
    asked: list[str | tuple[str, ...]] = [*AXES]
    asked += [split.dimensions for split in value.indicator.disaggregation]
    for by in asked:
        try:
            told = mne.breakdown(values, value.indicator.id, by)
        except MneError as error:
            yield f"by {by}: {error}"
            continue
        whole = told.explain()
        yield f"by {by}: {told!r}, agrees: {told.agrees}; {whole.label}: {whole.shown}; {whole.how}"
        yield _csv(told.to_polars())
        if words:
            yield told.explain().to_text()
        if by not in AXES:
            for margin, each in mne.marginals(values, value.indicator.id, by).items():
                yield f"margin {margin}: {each!r}"
            for code, achieved in mne.category_achievements(values, value.indicator.id, by).items():
                yield f"{code}: {achieved.value} {achieved.reason}"


# --- scores -------------------------------------------------------------------------------------------------------


def _scored(values: Values, scheme: str | Scheme) -> Iterator[str]:
    try:
        card = mne.score(values, scheme=scheme)
    except MneError as error:
        yield f"{type(error).__name__}: {error}"
        return
    yield from _judged(card)


def judged(card: Scorecard) -> str:
    """A scorecard, why it is so, and how sure it is."""
    return "\n".join(_judged(card)) + "\n"


def _judged(card: Scorecard) -> Iterator[str]:
    yield repr(card)
    yield _csv(card.to_polars())
    yield json.dumps(card.to_dict(), ensure_ascii=False, default=str)
    for top in card.plan.results:
        yield card.explain(top.id).to_text()
    yield from _sure(card)


def _briefly(values: Values, scheme: str | Scheme, *, lang: str | None = None) -> Iterator[str]:
    try:
        card = mne.score(values, scheme=scheme)
    except MneError as error:
        yield f"{type(error).__name__}: {error}"
        return
    yield from (card.explain(top.id).to_text() for top in values.plan.results)
    if lang is not None:
        yield from (card.explain(top.id, lang=lang).to_text() for top in values.plan.results)
    sure = mne.certainty(card, draws=DRAWS)
    yield sure.to_text()
    yield _csv(sure.robustness.to_polars())


def _sure(card: Scorecard) -> Iterator[str]:
    limits = (Fraction(0), Fraction(1))
    for told in (mne.certainty(card, draws=DRAWS), mne.certainty(card, draws=DRAWS, spread=1, seed=3, limits=limits)):
        yield repr(told)
        yield _csv(told.to_polars())
        yield json.dumps(told.to_dict(), ensure_ascii=False, default=_rounded)
        yield told.to_text()
        yield repr(told.bounds)
        yield repr(told.robustness)
        yield _csv(told.robustness.to_polars())
    cells = {
        code: (0, 100)
        for code, each in card.indicators.items()
        if not each.indicator.by_denominator and each.actual.plan
    }
    try:
        for code, bound in mne.bounds(card, limits=limits, cells=cells).items():
            yield f"{code}: {bound}"
    except MneError as error:
        yield f"{type(error).__name__}: {error}"


def _rounded(each: Any) -> str:
    return f"{each:.10g}" if isinstance(each, float) else str(each)


# --- what it is asked of ------------------------------------------------------------------------------------------


def shipped() -> dict[str, str | Scheme]:
    """Every scheme that rates achievements, by its name."""
    return {name: name for name, each in schemes().items() if each.rates == "achievements"}


def frozen(path: Path) -> Iterator[tuple[Portfolio, Observations]]:
    """Projects and their reports that were once generated and written down, one set on a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        plans = [Logframe.model_validate(each) for each in told["plans"]]
        portfolio = Portfolio(plans)
        rows = [_whole(row, portfolio.plans[row["project"]], order) for order, row in enumerate(told["rows"])]
        yield portfolio, Observations.from_rows(rows)


def _whole(row: Mapping[str, Any], plan: Logframe, order: int) -> dict[str, Any]:
    indicator = plan.indicators[row["indicator"]]
    period = plan.period(row["period"], indicator.frequency) or plan.period(row["period"])
    assert period is not None, row
    numbers = {key: Decimal(row[key]) for key in ("value", "numerator", "denominator") if key in row}
    received = row.get("reported_on")
    usual = {"partner": TOTAL, "location": TOTAL, "category": TOTAL, "state": "reported", "status": "submitted"}
    return {
        **usual,
        **row,
        **numbers,
        "period_start": period.start,
        "period_end": period.last_day,
        "reported_on": dt.date.fromisoformat(received) if received else None,
        "source_order": order,
    }
