"""Many small projects in one call: ``python -m benchmarks.portfolio 1000`` prints how many a second, step by step.

Each project has a logframe of its own: a dozen indicators of all kinds, two to four partners, one of several calendars;
and twenty to sixty rows in one table with those of all the others. Seeded.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

import mne
from mne.logframe.model import Logframe
from mne.tables.observations import NAMES, Observations, polars_schema

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.periods import Period

STARTS = ("2024-01-01", "2024-07-01", "2023-04-15", "2024-02-01")
FREQUENCIES = ("quarterly", "quarterly", "semiannual", "annual")
KINDS = ("flow", "flow", "flow", "running_total", "level", "share", "stage", "yes_no")
AMOUNTS = {"_T": 200, "sex=F": 120, "sex=M": 80}


def plans(count: int, *, seed: int = 7) -> list[Logframe]:
    """So many logframes that have little in common."""
    chance = np.random.default_rng(seed)
    return [Logframe.model_validate(_plan(f"PRJ-{at:05d}", chance)) for at in range(count)]


def _plan(code: str, chance: np.random.Generator) -> dict[str, Any]:
    start = dt.date.fromisoformat(str(chance.choice(STARTS)))
    end = start.replace(year=start.year + 2) - dt.timedelta(days=1)
    partners = [f"P{n}" for n in range(int(chance.integers(2, 5)))]
    outcomes = []
    for branch in range(3):
        indicators = [_indicator(f"I{branch}.{n}", chance, end, partners) for n in range(4)]
        output = {"id": f"OP{branch}", "level": "output", "title": f"Output {branch}", "indicators": indicators[2:]}
        outcomes.append(
            {
                "id": f"OC{branch}", "level": "outcome", "title": f"Outcome {branch}",
                "indicators": indicators[:2], "results": [output],
            }
        )  # fmt: skip
    return {
        "id": code, "title": f"Project {code}", "start": start.isoformat(), "end": end.isoformat(),
        "calendar": {"frequency": str(chance.choice(FREQUENCIES))},
        "reporting_lag": [None, 30, 45][int(chance.integers(3))],
        "organisations": [{"id": each, "title": each, "roles": ["partner"]} for each in partners],
        "dimensions": [{"id": "sex", "title": "Sex", "codes": [{"id": each, "title": each} for each in "FM"]}],
        "results": [{"id": "G", "level": "impact", "title": "Goal", "results": outcomes}],
    }  # fmt: skip


def _indicator(code: str, chance: np.random.Generator, end: dt.date, partners: list[str]) -> dict[str, Any]:
    kind = str(chance.choice(KINDS))
    told: dict[str, Any] = {"id": code, "title": f"Indicator {code}", "weight": str(chance.integers(1, 6))}
    target: dict[str, Any] = {"date": end.isoformat(), "kind": "final", "value": str(chance.integers(500, 5000))}
    if kind in ("flow", "running_total", "level"):
        unit = str(chance.choice(("person", "kg", "household")))
        told |= {"measure": "number", "unit": unit, "baseline": {"value": "0"}, "accumulation": kind}
        if kind == "flow":
            target["basis"] = "cumulative"
            told["disaggregation"] = [{"dimensions": ["sex"]}] if chance.random() < 0.6 else []
    elif kind == "share":
        told |= {"measure": "percentage", "unit": "percent", "accumulation": "level", "baseline": {"value": "20"}}
        target["value"] = "70"
    elif kind == "stage":
        told |= {"measure": "ordinal", "accumulation": "level", "baseline": {"value": "1"}}
        told["scale"] = [{"id": each, "title": each.title()} for each in ("low", "middle", "high", "top")]
        target["value"] = "3"
    else:
        told |= {"measure": "yes_no", "accumulation": "level", "baseline": {"value": "0"}}
        target["value"] = "1"
    told["targets"] = [target]
    if chance.random() < 0.5:
        told["assignments"] = [{"partner": each} for each in partners]
    return told


def reports(portfolio: list[Logframe], *, seed: int = 7, wrong: float = 0.002) -> Observations:
    """The rows of all projects in any order; a share of them below zero, which no rule lets pass."""
    chance = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for plan in portfolio:
        cells = [
            (indicator, period, partner)
            for indicator in plan.indicators.values()
            for period in plan.periods_of(indicator)[:4]
            for partner in plan.partners
        ]
        most = len(rows) + int(chance.integers(20, 61))
        for at in chance.permutation(len(cells)):
            if len(rows) >= most:
                break
            indicator, period, partner = cells[at]
            split = bool(indicator.disaggregation) and chance.random() < 0.5
            for category in AMOUNTS if split else ("_T",):
                where = {"project": plan.id, "partner": partner, "location": "_T", "category": category}
                late = dt.timedelta(days=int(chance.integers(1, 41)))
                rows.append({**where, **_row(indicator, period, late), **_figure(indicator, category, chance, wrong)})
    schema = polars_schema()
    columns = [pl.Series(name, [row.get(name) for row in rows], dtype=kind) for name, kind in schema.items()]
    frame = pl.DataFrame(columns).with_columns(source_order=pl.int_range(pl.len()))
    return Observations(frame.select(NAMES).sample(fraction=1, shuffle=True, seed=seed))


def _row(indicator: Indicator, period: Period, late: dt.timedelta) -> dict[str, Any]:
    return {
        "indicator": indicator.id, "period": period.label, "period_start": period.start, "period_end": period.last_day,
        "state": "reported", "status": "submitted", "revision": 0, "illustrative": False, "unit": indicator.unit,
        "reported_on": period.last_day + late,
    }  # fmt: skip


def _figure(indicator: Indicator, category: str, chance: np.random.Generator, wrong: float) -> dict[str, Any]:
    if indicator.by_denominator:
        return {"numerator": Decimal(int(chance.integers(10, 51))), "denominator": Decimal(60)}
    if indicator.measure.is_ranked:
        rank = int(chance.integers(1, 5))
        return {"value": Decimal(rank), "text": indicator.scale[rank - 1].id}
    if indicator.measure == "yes_no":
        return {"value": Decimal(1), "text": "yes"}
    return {"value": Decimal(-1 if chance.random() < wrong else AMOUNTS[category])}


def main() -> None:
    """Check, count and score so many projects, each read to its verdict, its values and its card."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    portfolio = plans(count)
    table, compiled = reports(portfolio), mne.compile_plans(portfolio)
    mne.aggregate(mne.validate(table, compiled).observations, compiled)
    report, checked = _timed(lambda: _read(mne.validate(table, compiled)))
    values, added = _timed(lambda: mne.aggregate(report.observations, compiled))
    _, counted = _timed(lambda: list(values.values()))
    _, scored = _timed(lambda: list(mne.score(values).values()))
    print(f"{count} projects, {len(table)} rows")
    steps = {"validate": checked, "aggregate, together": added, "aggregate, each": counted, "score, each": scored}
    for name, seconds in {**steps, "all of it": sum(steps.values())}.items():
        print(f"{name:<20} {count / seconds:8.0f} projects a second, {1000 * seconds / count:6.2f} ms each")


def _read(report: mne.PortfolioReport) -> mne.PortfolioReport:
    """A report whose verdicts somebody has looked at."""
    _ = report.verdicts
    return report


def _timed(job: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    return job(), time.process_time() - start


if __name__ == "__main__":
    main()
