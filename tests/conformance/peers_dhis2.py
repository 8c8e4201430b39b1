"""Queries against the datasets of the file: a tree of units with monthly values, and sites of several partners.

Read `Query` first: what a query such as "deA, B and C, 2017-01 and 02" asks for. Units are places of a plan that
reports monthly over one year; a query takes the rows of the units at and under those it names.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from mne.logframe.choices import Rule
from tests.conformance.building import (
    assigned,
    computed,
    counted,
    indicator,
    pair,
    percent,
    project,
    ratio,
    report,
    together,
)
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged
from tests.conformance.peers_simple import rule_of

_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_QUARTER: Final = re.compile(r"(\d{4})-?Q(\d)")
_YEAR: Final = re.compile(r"(\d{4})")
_RANGE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\s*\.\.\s*(\d{4}-\d{2}-\d{2})")
_MONTHS: Final = tuple(range(1, 13))


def span(month: str) -> tuple[dt.date, dt.date]:
    """The first and last day of a month such as 2017-02."""
    year, part = (int(each) for each in month.split("-"))
    return dt.date(year, part, 1), dt.date(year, part, calendar.monthrange(year, part)[1])


def months_of(text: str) -> list[str]:
    """The months that a query's words for a period mean: a month, several, a quarter, a year, or a stretch of days.

    Of a stretch only the months that lie in it whole.
    """
    if found := _RANGE.search(text):
        first, last = (dt.date.fromisoformat(day) for day in found.groups())
        every = [f"{year}-{month:02d}" for year in range(first.year, last.year + 1) for month in _MONTHS]
        return [month for month in every if first <= span(month)[0] and span(month)[1] <= last]
    if found := _QUARTER.search(text):
        year, quarter = found.groups()
        return [f"{year}-{month:02d}" for month in _MONTHS[int(quarter) * 3 - 3 : int(quarter) * 3]]
    if months := _MONTH.findall(text):
        year = months[0][0]
        # "2017-01 and 02": a month without its year is one of the same year.
        short = re.findall(r"(?:and|\+|,)\s*(\d{2})(?![\d-])", text)
        return [*(f"{y}-{m}" for y, m in months), *(f"{year}-{m}" for m in short)]
    if found := _YEAR.search(text):
        return [f"{found[1]}-{month:02d}" for month in _MONTHS]
    raise NotWired(f"the period {text!r}")


@dataclass(frozen=True)
class Query:
    """What is asked: an expression or element, the units that it is asked of, and the months."""

    what: str
    units: tuple[str, ...]
    months: tuple[str, ...]
    year: str

    @classmethod
    def of(cls, text: str, data: Mapping[str, Any]) -> Query:
        """The query in "deA, B and C, 2017Q1"; units or months that it leaves out are empty."""
        every = {*data["org_tree"], *(unit for under in data["org_tree"].values() for unit in under)}
        what, units, months = "", (), ()
        for part in (each.strip() for each in text.split(",")):
            names = [each for each in re.split(r"\s*(?:\band\b|\+|&)\s*", part) if each]
            if names and all(name in every for name in names):
                units = tuple(names)
            elif re.search(r"\d{4}", part):
                months = tuple(months_of(part))
            elif months and re.fullmatch(r"\d{2}", part):
                months = (*months, f"{months[0][:4]}-{part}")
            elif part != "monthly":
                what = part
        year = months[0][:4] if months else _first_year(data)
        return cls(what, units, months, year)


def _first_year(data: Mapping[str, Any]) -> str:
    return min(month for by_month in data["values"].values() for month in by_month)[:4]


def subtree(data: Mapping[str, Any], units: Iterable[str]) -> tuple[str, ...]:
    """The units and all beneath them, each once."""
    found: dict[str, None] = {}
    waiting = list(units)
    while waiting:
        unit = waiting.pop(0)
        found[unit] = None
        waiting.extend(data["org_tree"].get(unit, ()))
    return tuple(found)


def element(data: Mapping[str, Any], name: str) -> str:
    """The dataset's name of a data element, which a query may shorten (deF for deF_bool)."""
    found = [each for each in data["values"] if each == name or each.startswith(f"{name}_")]
    if len(found) != 1:
        raise NotWired(f"the data element {name!r}")
    return str(found[0])


def year_of(*indicators: Any, year: str, id: str = "P", **options: Any) -> Any:
    """A project of one year that reports by the month."""
    days = {"start": dt.date(int(year), 1, 1), "end": dt.date(int(year), 12, 31)}
    return project(*indicators, id=id, **{**days, "calendar": {"frequency": "monthly"}, **options})


def rows_of(
    data: Mapping[str, Any], name: str, *, units: Sequence[str], months: Sequence[str] = (), as_: str = "", **more: Any
) -> list[dict[str, Any]]:
    """The reports of an element from these units, of these months or of all; for the indicator `as_`, or its own name."""
    by_month = data["values"][element(data, name)]
    return [
        report(value, span=span(month), indicator=as_ or name, location=unit, **more)
        for month, by_unit in by_month.items()
        if not months or month in months
        for unit, value in by_unit.items()
        if unit in units
    ]


def _data(case: Case, data: Datasets) -> Mapping[str, Any]:
    name = case["inputs"].get("dataset")
    if name not in data or "org_tree" not in data[name]:
        raise NotWired(f"the dataset {name!r}")
    found: Mapping[str, Any] = data[name]
    return found


def _asked(case: Case, data: Datasets) -> tuple[Mapping[str, Any], Query]:
    found = _data(case, data)
    return found, Query.of(case["inputs"]["query"], found)


def end_of_month(month: str) -> dt.date:
    """The last day of a month such as 2017-02."""
    return span(month)[1]


# --- units and time -------------------------------------------------------------------------------------------------


def hierarchy(case: Case, data: Datasets) -> Outcome:
    """One element over a subtree and some months: a rule over places, and where it says so one over time before it."""
    found, query = _asked(case, data)
    asked = case["expected"]
    if isinstance(asked, Mapping):
        over_time = {key: re.fullmatch(r"(\w+?)_(sum|average|avg|mean|max|min)", key) for key in asked}
        if any(match is None for match in over_time.values()):
            raise NotWired(case["method"])
        told = {key: (rule_of(match[1]), rule_of(match[2])) for key, match in over_time.items() if match}
        return judged(case, {key: _folded(found, query, *rules) for key, rules in told.items()})
    method = case["method"].partition(" incl")[0]
    if "over time" in method:
        first, _, rest = method.partition("over time")
        return judged(case, _folded(found, query, rule_of(first), rule_of(rest)))
    if re.search(r"\bcount\b|number of", method):
        return judged(case, _value(found, query, Rule.SUM, Rule.SUM).coverage.reported)
    rule = Rule.SUM if "wholly inside" in method else rule_of(method)
    return judged(case, _folded(found, query, rule if rule in (Rule.MAX, Rule.MIN) else Rule.SUM, rule))


def _folded(data: Mapping[str, Any], query: Query, time: Rule, places: Rule) -> Fraction | None:
    value: Fraction | None = _value(data, query, time, places).value
    return value


def _value(data: Mapping[str, Any], query: Query, time: Rule, places: Rule) -> Any:
    one = indicator(
        query.what,
        aggregation={"time": time, "locations": places, "order": ("categories", "time", "locations", "partners")},
    )
    units = subtree(data, query.units)
    rows = rows_of(data, query.what, units=units, months=query.months)
    return counted(year_of(one, year=query.year), rows)[query.what]


def by_month(case: Case, data: Datasets) -> Outcome:
    """One element in each month, summed over a subtree."""
    found, query = _asked(case, data)
    plan = year_of(indicator(query.what), year=query.year)
    value = counted(plan, rows_of(found, query.what, units=subtree(found, query.units)))[query.what]
    return judged(case, {each.period.label: each.amount.value for each in value.periods})


def year_to_date(case: Case, data: Datasets) -> Outcome:
    """The sum from the year's start in each month, with the month's number or the number of months added by a formula."""
    found, query = _asked(case, data)
    units = subtree(found, query.units)
    rows = rows_of(found, query.what, units=units)
    plan = year_of(indicator(query.what), year=query.year)
    if "+" not in case["method"]:
        periods = counted(plan, rows)[query.what].periods
        told = {each.period.label: each.to_date.value for each in periods}
        return judged(case, {month: value for month, value in told.items() if value is not None})
    adds_month = "month number" in case["method"]
    if not adds_month and "periods in year" not in case["method"]:
        raise NotWired(case["method"])
    months = plan.periods()
    told = {}
    for month in months:
        added = month.start.month if adds_month else len(months)
        both = computed("YTD", f"{query.what} + {added}")
        value = counted(year_of(indicator(query.what), both, year=query.year), rows, until=month.last_day)["YTD"]
        told[month.label] = value.value
    return judged(case, told)


_LONG: Final = {1: "monthly", 3: "quarterly", 4: "triannual", 6: "semiannual", 12: "annual"}
"""Frequencies by their months."""


def moving_window(case: Case, data: Datasets) -> Outcome:
    """What the units come to in the last months, or how many of them reported: one period as long as the window."""
    found, query = _asked(case, data)
    width = re.search(r"last (\d+) months", case["method"])
    if width is None or int(width[1]) not in _LONG:
        raise NotWired(case["method"])
    months = int(width[1])
    counts = "count of units" in case["method"]
    rule = Rule.SUM if counts else rule_of(case["method"])

    def window(unit: str, month: str) -> Any:
        last = end_of_month(month)
        back = last.year * 12 + last.month - months
        start = dt.date(back // 12, back % 12 + 1, 1)
        plan = project(
            indicator(query.what, aggregation={"time": rule, "locations": rule}),
            start=start,
            end=last,
            calendar={"frequency": _LONG[months], "fiscal_year_start": f"{start:%m}-01"},
        )
        rows = rows_of(found, query.what, units=subtree(found, [unit]))
        value = counted(plan, [row for row in rows if start <= row["period_start"] <= last])[query.what]
        return value.coverage.reported if counts else value.value

    asked = case["expected"].items()
    return judged(case, {unit: {month: window(unit, month) for month in by_month_} for unit, by_month_ in asked})


# --- reports received -----------------------------------------------------------------------------------------------


def received(data: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], Mapping[str, Sequence[str]]]:
    """Who is to send a form every month, and who sent it in which months."""
    for key, by_unit in data["reports_received"].items():
        if key.split()[0] == name:
            due = re.search(r"due from ([^;)]*)", key)
            if due is None or "monthly" not in key:
                break
            return tuple(each.strip() for each in due[1].split(",")), by_unit
    raise NotWired(f"the form {name!r}")


def completeness(case: Case, data: Datasets) -> Outcome:
    """The share of forms that came, and a value times that share."""
    found, query = _asked(case, data)
    units = subtree(found, query.units)
    if "/" not in query.what and "*" not in query.what:
        due, came = received(found, query.what)
        mine = [unit for unit in due if unit in units]
        first, last = query.months[0], query.months[-1]
        plan = project(
            indicator(assignments=assigned("_T", locations=mine)),
            start=span(first)[0],
            end=span(last)[1],
            calendar={"frequency": "monthly"},
        )
        rows = [report(1, span=span(month), location=unit) for unit, month in _forms(came, mine, query)]
        return judged(case, percent(counted(plan, rows)["I"].coverage.share))
    return judged(case, _with_rate(found, query, units))


def _forms(came: Mapping[str, Sequence[str]], units: Sequence[str], query: Query) -> list[tuple[str, str]]:
    return [
        (unit, month)
        for month in query.months
        for unit in units
        if month[5:] in came.get(unit, ()) or month in came.get(unit, ())
    ]


def _with_rate(data: Mapping[str, Any], query: Query, units: Sequence[str]) -> Fraction | None:
    """A formula in which rateX stands for the reporting rate of the form dataSetX, in per cent."""
    rates = sorted(set(re.findall(r"\brate(\w+)", query.what)))
    names = sorted(set(re.findall(r"\bde\w+", query.what)))
    rows = [row for name in names for row in rows_of(data, name, units=units, months=query.months)]
    for rate in rates:
        due, came = received(data, f"dataSet{rate}")
        mine = [unit for unit in due if unit in units]
        sent = set(_forms(came, mine, query))
        rows += [
            pair(int((unit, month) in sent), 1, span=span(month), indicator=f"rate{rate}", location=unit)
            for unit in mine
            for month in query.months
        ]
    plan = year_of(
        *(indicator(name) for name in names),
        *(ratio(f"rate{rate}", aggregation={"time": "pooled"}) for rate in rates),
        computed("F", query.what),
        year=query.year,
    )
    value: Fraction | None = counted(plan, rows)["F"].value
    return value


# --- ratios of units ------------------------------------------------------------------------------------------------

_OF_UNITS: Final = re.compile(r"(\w+) (?:of unit ratios|over units of (\S+))")
_QUARTER_OF: Final = re.compile(r"\d{4}Q\d")


def of_units(case: Case, data: Datasets) -> Outcome:
    """A formula in every unit, and then a rule over the units: every unit is a project that contributes to one above."""
    found, query = _asked(case, data)
    terms = _OF_UNITS.findall(case["method"])
    joined = _OF_UNITS.sub("#", case["method"]).strip()
    if not terms or not re.fullmatch(r"#(?: [-+*/] #)*", joined):
        raise NotWired(case["method"])
    said = re.match(r"(.*?)\s*per unit", query.what)
    default = said[1] if said else "deA/deB"
    parts = [(rule_of(rule), expression or default) for rule, expression in terms]
    formula = joined
    for at in range(len(parts)):
        formula = formula.replace("#", f"T{at}", 1)
    if not query.months:
        raise NotWired(f"no period in {case['inputs']['query']!r}")
    return judged(case, {unit: _over_units(found, query, unit, parts, formula) for unit in case["expected"]})


def _over_units(
    data: Mapping[str, Any], query: Query, unit: str, parts: Sequence[tuple[Rule, str]], formula: str
) -> Fraction | None:
    days = {"start": span(query.months[0])[0], "end": span(query.months[-1])[1]}
    calendar_ = {"frequency": _LONG[len(query.months)]}
    above = [
        indicator(f"T{at}", unit="ratio_of_counts", aggregation={"projects": rule})
        for at, (rule, _) in enumerate(parts)
    ]
    units = {"units": ({"id": "ratio_of_counts"},)}
    lead = project(*above, computed("F", formula), id="lead", calendar=calendar_, **days, **units)
    plans, rows = [lead], []
    for one in subtree(data, [unit]):
        names: dict[str, tuple[str, str]] = {}
        shares = []
        for at, (_, expression) in enumerate(parts):
            told = _named(expression, names)
            link = ({"project": "lead", "indicator": f"T{at}"},)
            shares.append(indicator(f"T{at}", unit="ratio_of_counts", formula=told, contributes_to=link))
        elements = [indicator(id, aggregation={"time": rule}) for id, (_, rule) in names.items()]
        plans.append(project(*elements, *shares, id=one, calendar=calendar_, **days, **units))
        for id, (name, _) in names.items():
            rows += rows_of(data, name, units=[one], months=query.months, as_=id, project=one)
    value: Fraction | None = together(plans, rows)["lead"]["F"].value
    return value


def _named(expression: str, names: dict[str, tuple[str, str]]) -> str:
    """The formula with an indicator for every element, and another for every rule over time such as max(deA)."""

    def over_time(match: re.Match[str]) -> str:
        rule, name = match.groups()
        names[f"{name}.{rule}"] = (name, str(rule_of(rule)))
        return f"{name}.{rule}"

    def plain(match: re.Match[str]) -> str:
        names.setdefault(match[0], (match[0], "sum"))
        return match[0]

    told = re.sub(r"\b(sum|max|min|avg|average|last)\((\w+)\)", over_time, expression)
    return re.sub(r"\bde\w+(?![\w.])", plain, told)


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "hierarchy_time": hierarchy,
    "moving_window": moving_window,
    "completeness": completeness,
}
