"""Sites of several partners, as ActivityInfo keeps them: sums and means, of all of them or by partner, place or time.

Read `sites` first. A site is a place in some area, with the partner that reports from it and the month in which it did;
what the dataset calls project 1 is what its first partner does, project 2 what the second does.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mne.logframe.choices import Rule
from tests.conformance.building import code, counted, indicator, parts_of, project, report, together
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged
from tests.conformance.peers_simple import rule_of

_SITE: Final = re.compile(r"(\S+) \(([^,]*), (\d{4})-(\d{2}), ([^)]*)\)")
_FREQUENCIES: Final = {"year": "annual", "quarter": "quarterly", "month": "monthly", "semester": "semiannual"}
_PER: Final = re.compile(r"\b(?:by|per) (partner|location|province|territoire|place|area|year|quarter|month|semester)")


@dataclass(frozen=True)
class Site:
    """One site of the dataset."""

    name: str
    partner: str
    month: dt.date
    area: str


def _sites(found: Mapping[str, Any]) -> list[Site]:
    """The sites that the dataset describes, by the names under which its first indicator has their values."""
    matched = [_SITE.fullmatch(name) for name in found.get("indicator1", ())]
    return [Site(m[1], m[2], dt.date(int(m[3]), int(m[4]), 1), m[5]) for m in matched if m]


def sites(case: Case, data: Datasets) -> Outcome:
    """What a query asks of the sites: sums or means of indicators, of one project, by partner, area or time."""
    inputs, method = case["inputs"], case["method"]
    found = data[inputs["dataset"]]
    query = str(inputs["query"])
    if case["topic"] == "lineage":
        return _linked(case, query)
    wanted = re.findall(r"indicators?[ _](avg|\d+)(?: and (\d+))?", query)
    names = [f"indicator{'_' if name == 'avg' else ''}{name}" for several in wanted for name in several if name]
    if not names or any(name not in found for name in names):
        raise NotWired(f"the query {query!r}")
    known = _sites(found)
    asked = re.search(r"project (\d+)", query)
    partners = list(dict.fromkeys(site.partner for site in known))
    only = partners[int(asked[1]) - 1] if asked else None
    gone = known[0].name if "deleted" in method else None
    per = _PER.search(f"{method} {query}")
    rule = Rule.SUM if case["topic"] in ("partners", "revision") or per is not None else rule_of(method)
    told = {}
    for name in names:
        rows = _rows(found[name], known, only=only, gone=gone, one_reporter=rule is not Rule.SUM)
        told[name] = _by(rows, per[1]) if per else _as_one(rows, rule)
    one = next(iter(told.values()))
    return judged(case, told if isinstance(case["expected"], Mapping) and per is None else one)


def _rows(
    values: Any, known: Sequence[Site], *, only: str | None, gone: str | None, one_reporter: bool
) -> list[dict[str, Any]]:
    """One report per site; that of a site that was deleted is withdrawn by a newer one."""
    numbers = list(values.values()) if isinstance(values, Mapping) else list(values)
    rows = []
    for at, value in enumerate(numbers):
        site = known[at] if at < len(known) else Site(f"site{at + 1}", "other", known[0].month, "elsewhere")
        if only not in (None, site.partner):
            continue
        where = {
            "location": f"{code(site.area)}.{site.name}",
            "partner": "_T" if one_reporter else code(site.partner),
            "span": (site.month, site.month),
        }
        rows += [report(value, **where), *([report(None, **where, revision=1)] if site.name == gone else [])]
    return rows


def _as_one(rows: Sequence[Mapping[str, Any]], rule: Rule) -> Any:
    return _counted(rows, "annual", aggregation={"locations": rule, "partners": rule, "time": rule})["I"].value


def _counted(rows: Sequence[Mapping[str, Any]], frequency: str, **options: Any) -> Any:
    years = [row["period_start"].year for row in rows]
    days = {"start": dt.date(min(years), 1, 1), "end": dt.date(max(years), 12, 31)}
    order = {"order": ("categories", "time", "locations", "partners")}
    options = {**options, "aggregation": {**order, **options.get("aggregation", {})}}
    return counted(project(indicator(**options), calendar={"frequency": frequency}, **days), rows)


def _by(rows: Sequence[Mapping[str, Any]], axis: str) -> dict[str, Any]:
    """The sum of each partner, area or period, by its name."""
    if axis in _FREQUENCIES:
        periods = _counted(rows, _FREQUENCIES[axis])["I"].periods
        told = {each.period.label: each.amount.value for each in periods if each.amount.value is not None}
        return {**told, **{label.replace("-", ""): value for label, value in told.items()}}
    if axis == "partner":
        return {name: value.value for name, value in parts_of(_counted(rows, "annual"), by="partner").items()}
    areas = [{**row, "location": str(row["location"]).partition(".")[0], "partner": row["location"]} for row in rows]
    found = parts_of(_counted(areas, "annual"), by="location")
    return {form: value.value for name, value in found.items() for form in (name, name.replace("_", " "))}


def _linked(case: Case, query: str) -> Outcome:
    """A destination counts its own reports and those of the indicator that is linked to it."""
    first, second = (int(each) for each in re.findall(r"\d+", query))
    link = ({"project": "destination", "indicator": "I"},)
    plans = [project(indicator(), id="destination"), project(indicator(contributes_to=link), id="source")]
    values = together(plans, [report(second, project="destination"), report(first, project="source")])
    return judged(case, {name: values[name]["I"].value for name in ("destination", "source")})


ADAPTERS: Final[Mapping[str, Adapter]] = {"partners": sites}
