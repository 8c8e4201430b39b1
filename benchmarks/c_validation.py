"""(c) A partner's CSV file judged, against frictionless and pandera with those checks that all three can make.

The rivals are given the plan's lists as sets of permitted texts. We are not asked to leave out our other rules.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

import mne
from benchmarks import measure, rival
from benchmarks.generate import report, save
from benchmarks.measure import Line, Options, have, in_turn, megabytes, shown
from benchmarks.ours import plan
from mne.pipeline import evaluate  # noqa: F401 - all that a run needs is loaded before it is timed

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        import frictionless
    except ImportError:
        frictionless = None
    try:
        import pandera.polars as pandera
    except ImportError:
        pandera = None

ROWS: Final = 100_000
FASTER: Final = {"frictionless": 40, "pandera": 2}
KEY: Final = (
    *("indicator", "period", "partner", "location", "category", "revision", "reported_on"),
    *("value", "numerator"),
)
"""What rows that are copies of each other share; rows that cannot be read may be of one cell by chance."""
COLUMNS: Final = {
    "indicator": "ref-unknown-indicator",
    "partner": "ref-unknown-partner",
    "location": "ref-unknown-location",
    "category": "ref-unknown-category",
    "period": "period-unknown",
    "unit": "unit-mismatch",
    "value": "value-negative",
}
"""What it means that a cell of a column is none of those permitted."""
CODES: Final = (*COLUMNS.values(), "ratio-over-one", "row-duplicate")


def lines(options: Options) -> Iterator[Line]:
    """A line for each rival."""
    rows = min(ROWS, options.rows)
    path = options.folder / "partner.csv"
    measure.child("c_validation:make", str(path), f"{rows}")
    jobs = {name: (f"c_validation:{name}_checks", str(path), f"{rows}") for name in FASTER if not have([name])}
    jobs = {"ours": ("c_validation:ours", str(path), f"{rows}"), **jobs}
    found = in_turn(jobs, options.runs)
    ours = found["ours"]
    for name, least in FASTER.items():
        what = f"{rows:,} rows of CSV validated, against {name}"
        if name not in found:
            yield Line("c", what, shown(ours.seconds), f"{name} is not here", "–", f"≥ {least} × faster")
            continue
        faster = found[name].seconds / ours.seconds
        yield Line(
            "c", what, shown(ours.seconds), shown(found[name].seconds), f"{faster:.2f} × faster",
            f"≥ {least} × faster", faster >= least, megabytes(ours, found[name]), f"{ours.own / rows:,.0f}",
        )  # fmt: skip


def make(path: str, rows: str) -> None:
    """A file with a hundredth of its rows spoilt, in ways that all sides look for."""
    save(report(plan(int(rows)), int(rows), defects=dict.fromkeys(CODES, 0.01 / len(CODES))), Path(path))


def ours(path: str, rows: str) -> dict[str, int]:
    """How often we say each of the codes."""
    codes = mne.validate(path, plan(int(rows)), trusted=True).findings.codes
    return {code: codes[code] for code in CODES if code in codes}


def _permitted(rows: str) -> dict[str, list[str]]:
    names = rival.names(int(rows))
    units = [unit for unit in rival.UNITS if unit != "day"]
    return {
        "indicator": [*rival.INDICATORS], "partner": names["partner"], "location": names["location"],
        "category": [*rival.CATEGORIES], "period": names["period"], "unit": units,
    }  # fmt: skip


_NUMBERS: Final = ("value", "numerator", "denominator")


def frictionless_checks(path: str, rows: str) -> dict[str, int]:
    """A table schema with lists, bounds and a key, and one check of a row."""
    fields: list[dict[str, Any]] = [
        {"name": name, "type": "string", "constraints": {"enum": told}} for name, told in _permitted(rows).items()
    ]
    fields += [{"name": name, "type": "number", "constraints": {"minimum": 0}} for name in _NUMBERS]
    fields += [{"name": "revision", "type": "integer"}, {"name": "reported_on", "type": "date"}]
    by_name = {each["name"]: each for each in fields}
    header = pl.scan_csv(path).collect_schema().names()
    schema = {"fields": [by_name[name] for name in header], "primaryKey": [*KEY]}
    file = Path(path)
    resource = frictionless.Resource(
        path=file.name, basepath=str(file.parent), schema=frictionless.Schema.from_descriptor(schema)
    )
    share = frictionless.checks.row_constraint(formula="(numerator or 0) <= (denominator or 1)")
    told = resource.validate(frictionless.Checklist(checks=[share]), limit_errors=10**9)
    found: Counter[str] = Counter()
    for kind, field in told.flatten(["type", "fieldName"]):
        code = {"row-constraint": "ratio-over-one", "primary-key": "row-duplicate"}.get(kind) or COLUMNS.get(field)
        found[code or f"{kind} {field}"] += 1
    return dict(found)


def pandera_checks(path: str, rows: str) -> dict[str, int]:
    """A schema on Polars, asked for everything that is wrong."""
    columns = {
        name: pandera.Column(str, pandera.Check.isin(told), nullable=True) for name, told in _permitted(rows).items()
    }
    columns |= {name: pandera.Column(float, pandera.Check.ge(0), nullable=True) for name in _NUMBERS}
    share = pandera.Check(
        lambda told: told.lazyframe.select((pl.col("numerator") <= pl.col("denominator")).fill_null(value=True)),
        name="share",
    )
    schema = pandera.DataFrameSchema(columns, checks=[share], unique=[*KEY])
    table = pl.read_csv(path, schema_overrides=dict.fromkeys(_NUMBERS, pl.Float64))
    try:
        schema.validate(table, lazy=True)
    except pandera.errors.SchemaErrors as told:
        cases = told.failure_cases
    else:
        return {}
    found: Counter[str] = Counter()
    for column, check, count in cases.group_by("column", "check").len().iter_rows():
        if check == "share":
            found["ratio-over-one"] += count
        elif "unique" in str(check):
            found["row-duplicate"] += count // 2  # it tells both rows of a pair
        else:
            found[COLUMNS.get(column, f"{column} {check}")] += count
    return dict(found)
