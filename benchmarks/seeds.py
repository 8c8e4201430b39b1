"""A small plan of two indicators and seeded observations of it, as an observation table, for `benchmarks.reports`."""

from __future__ import annotations

import numpy as np
import polars as pl

from mne.logframe.model import Logframe
from mne.tables.observations import NAMES, Observations, polars_schema

PARTNERS = 40
PLACES = [f"L{n:03d}" for n in range(60)]


def codes(partners: int) -> list[str]:
    """What so many partners are called."""
    return [f"P{n:03d}" for n in range(partners)]


def plan(*, partners: int = PARTNERS) -> Logframe:
    """Two outcomes, a flow in kilograms by sex, and a percentage with its denominator."""
    quarters = {"start": "2020-01-01", "end": "2025-12-31"}
    flow = {
        "id": "OC1.1", "title": "Seed distributed", "measure": "number", "unit": "kg", "accumulation": "flow",
        "disaggregation": [{"dimensions": ["sex"]}],
        "targets": [{"date": "2025-12-31", "value": "100000000", "basis": "cumulative", "kind": "final"}],
    }  # fmt: skip
    share = {
        "id": "OC2.1", "title": "Farmers who use it", "measure": "percentage", "unit": "percent",
        "accumulation": "level", "baseline": {"value": "10"},
        "targets": [{"date": "2025-12-31", "value": "60", "kind": "final"}],
    }  # fmt: skip
    return Logframe.model_validate(
        {
            "id": "BENCH", "title": "Benchmark", **quarters,
            "organisations": [{"id": code, "title": code, "roles": ["partner"]} for code in codes(partners)],
            "locations": [{"id": code, "title": code} for code in PLACES],
            "dimensions": [{"id": "sex", "title": "Sex", "codes": [{"id": code, "title": code} for code in "FM"]}],
            "results": [
                {"id": "OC1", "level": "outcome", "title": "One", "indicators": [flow]},
                {"id": "OC2", "level": "outcome", "title": "Two", "indicators": [share]},
            ],
        }
    )  # fmt: skip


def observations(project: Logframe, rows: int, *, seed: int = 7) -> Observations:
    """`rows` observations of the plan above: 5 % amended, a tenth in tonnes, women and men or a total."""
    chance = np.random.default_rng(seed)
    partners = np.array([each.id for each in project.organisations])
    periods = project.periods()
    which = chance.integers(0, len(periods), rows)
    is_flow = chance.random(rows) < 0.7
    part = chance.integers(0, 3, rows)
    tonnes = is_flow & (chance.random(rows) < 0.1)
    bottom = chance.integers(1, 200, rows)
    frame = pl.DataFrame(
        {
            "project": pl.repeat(project.id, rows, eager=True),
            "indicator": np.where(is_flow, "OC1.1", "OC2.1"),
            "period": np.array([period.label for period in periods])[which],
            "period_start": np.array([period.start for period in periods], dtype="datetime64[D]")[which],
            "period_end": np.array([period.last_day for period in periods], dtype="datetime64[D]")[which],
            "partner": partners[chance.integers(0, len(partners), rows)],
            "location": np.array(PLACES)[chance.integers(0, len(PLACES), rows)],
            "category": np.where(is_flow, np.array(["_T", "sex=F", "sex=M"])[part], "_T"),
            "value": np.where(is_flow, chance.integers(0, 100_000, rows) / 100, np.nan),
            "numerator": np.where(is_flow, np.nan, chance.integers(0, bottom + 1)),
            "denominator": np.where(is_flow, np.nan, bottom),
            "unit": np.where(tonnes, "t", "kg"),
            "state": pl.repeat("reported", rows, eager=True),
            "status": pl.repeat("submitted", rows, eager=True),
            "revision": (chance.random(rows) < 0.05).astype(int),
            "reported_on": np.datetime64("2020-05-01") + chance.integers(0, 2000, rows),
            "illustrative": pl.repeat(value=True, n=rows, eager=True),
            "source_order": np.arange(rows),
        }
    )
    numbers = ["value", "numerator", "denominator"]
    missing = [pl.lit(None).alias(name) for name in NAMES if name not in frame.columns]
    frame = frame.with_columns(pl.col(numbers).fill_nan(None).round(2), *missing)
    return Observations(frame.select(NAMES).cast(polars_schema()))  # type: ignore[arg-type]
