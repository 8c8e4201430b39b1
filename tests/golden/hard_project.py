"""A project with one of everything that makes a number hard: ranges, samples, outliers, gaps, silence, formulas, units.

Eight quarters, two partners, two places. Read `project` and `observed`.
"""

from __future__ import annotations

import datetime as dt

from mne.logframe.model import Logframe
from mne.tables.observations import Observations
from tests.cases.building import assigned, flow, level, outcome, output, plan, row, rows, running, scale, share

QUARTERS = tuple(f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4))
NEW_YEAR = dt.date(2023, 12, 31)
UNTIL = dt.date(2025, 9, 30)
BY_SEX = {"disaggregation": ({"dimensions": ["sex"]},)}
BOTH = {"assignments": assigned("A", "B")}


def _at(period: str, value: object = None, **more: object) -> dict[str, object]:
    return {"period": period, "value": value, **more}


def project() -> Logframe:
    within = level(
        "WITHIN",
        direction="maintain",
        baseline={"value": 12, "date": NEW_YEAR},
        targets=(
            _at("2024-Q4", comparator="within", minimum=10, maximum=20),
            _at("2025-Q4", comparator="within", minimum=11, kind="final"),
        ),
    )
    odd = flow(
        "ODD",
        core=True,
        weight=3,
        baseline={"value": 10, "date": NEW_YEAR},
        targets=tuple(_at(period, 100 + 5 * at, basis="per_period") for at, period in enumerate(QUARTERS)),
        reachable=2000,
        **BOTH,
    )
    asked = level(
        "ASKED",
        measure="percentage",
        unit="percent",
        survey={"sample_size": 240, "design_effect": "1.5", "confidence": "0.9"},
        baseline={"numerator": 40, "denominator": 200, "date": NEW_YEAR},
        targets=(_at("2025-Q2", 45, comparator="≥"), _at("2025-Q4", 60, kind="final")),
        **BY_SEX,
    )
    guessed = level(
        "GUESSED", measure="yes_no", unit=None, aggregation={"partners": "mean"}, survey={"confidence": "0.95"},
        baseline={"value": 0}, targets=(_at("2025-Q2", 1),), **BOTH,
    )  # fmt: skip
    paid = flow(
        "PAID", measure="currency", unit="USD", weight=2, baseline={"value": 0},
        targets=(_at("2025-Q2", 9000, basis="cumulative"), _at("2025-Q4", 12000, basis="cumulative", kind="final")),
        **BY_SEX,
    )  # fmt: skip
    share_of = level(
        "SHARE", measure="ratio", unit=None, per=1000, missing="zero", min_coverage="0.5",
        baseline={"numerator": 1, "denominator": 4}, targets=(_at("2025-Q3", numerator=3, denominator=4),), **BOTH,
    )  # fmt: skip
    heavy = running(
        "HEAVY", unit="kg", missing="propagate", baseline={"value": 500, "date": NEW_YEAR},
        targets=(_at("2024-Q4", 1500), _at("2025-Q4", 4000, kind="final")), **BOTH,
    )  # fmt: skip
    falling = level(
        "FALLING", unit="day", direction="decrease", missing="carry_forward", aggregation={"partners": "median"},
        baseline={"value": 40, "date": NEW_YEAR, "illustrative": True},
        targets=(
            _at(
                "2025-Q2", 22, since=dt.date(2025, 1, 15), reason="the budget was cut",
                history=({"value": 15, "since": dt.date(2024, 1, 1)},),
            ),
            _at("2025-Q4", 12, kind="final", status="pending"),
        ),
        **BOTH,
    )  # fmt: skip
    pending = level("PENDING", baseline={"status": "pending"}, targets=(_at("2025-Q1", 7),))
    no_baseline = level("NO-BASELINE", core=True, targets=(_at("2025-Q1", 7, comparator="≥"),))
    law = level(
        "LAW", measure="milestone", unit=None, scale=scale("drafted", "submitted", "adopted", "in force"),
        baseline={"stage": "drafted"}, targets=(_at("2025-Q1", stage="submitted"), _at("2025-Q4", stage="in force")),
    )  # fmt: skip
    kind = level(
        "KIND", measure="nominal", unit=None, scale=scale("road", "bridge"),
        targets=(_at("2025-Q1", text={"en": "a bridge", "ru": "мост"}),),
    )  # fmt: skip
    by_group = flow(
        "BY-GROUP", baseline={"value": 0},
        targets=(
            _at("2025-Q2", 60, basis="cumulative"),
            _at("2025-Q2", 40, basis="cumulative", category="sex=F"),
            _at("2025-Q2", 20, basis="cumulative", category="sex=M"),
        ),
        aggregation={"totals": "sum_of_parts"}, disaggregation=({"dimensions": ["sex", "age"]},),
        assignments=({"partner": "A", "locations": ["north", "south"]},),
    )  # fmt: skip
    per_head = flow("PER-HEAD", unit=None, measure="ratio", per=1, formula="PAID / ODD", reported_as="value")
    change = level("CHANGE", unit="person", formula="ODD - previous(ODD)", reported_as="value",
                   baseline={"value": 0}, targets=(_at("2025-Q2", 30),))  # fmt: skip
    grown = flow("GROWN", unit=None, measure="ratio", per=1, formula="HEAVY / previous(HEAVY)", reported_as="value",
                 aggregation={"time": "pooled"}, baseline={"value": 1}, targets=(_at("2025-Q3", 2),))  # fmt: skip
    twice = flow("TWICE", unit=None, measure="ratio", per=1, formula="ODD / previous(LEVEL, 2)", reported_as="value",
                 aggregation={"time": "pooled"}, targets=(_at("2025-Q3", 2),))  # fmt: skip
    since = flow("SINCE", unit=None, measure="ratio", per=1, formula="ODD / previous(ODD, 2)", reported_as="value",
                 aggregation={"time": "pooled"}, targets=(_at("2025-Q3", 2),))  # fmt: skip
    daily = flow("DAILY", unit=None, measure="ratio", per=1, formula="ODD / days()", reported_as="value",
                 aggregation={"time": "mean"}, targets=(_at("2025-Q3", 1),))  # fmt: skip
    base = level("LEVEL", aggregation={"partners": "sum"}, **BOTH)
    heard = level(
        "HEARD", measure="percentage", unit="percent", survey={"sample_size": 90},
        baseline={"numerator": 40, "denominator": 200, "date": NEW_YEAR}, targets=(_at("2025-Q2", 45),),
        disaggregation=({"dimensions": ["sex"], "relation": "overlapping"},), **BOTH,
    )  # fmt: skip
    agreed = level("AGREED", measure="yes_no", unit=None, baseline={"value": 0},
                   targets=(_at("2025-Q2", 1, comparator="≥"),), **BOTH)  # fmt: skip
    apart = flow("APART", baseline={"value": 0}, targets=(_at("2025-Q2", 60, basis="cumulative"),), **BY_SEX)
    many = flow("MANY", disaggregation=({"dimensions": ["sex", "age"]},), baseline={"value": 0},
                targets=(_at("2025-Q3", 900, basis="cumulative"),))  # fmt: skip
    of_many = flow("OF-MANY", unit=None, measure="ratio", per=1, formula="MANY / AGREED", reported_as="value")
    return plan(
        results=(
            outcome(
                "OC1",
                asked,
                guessed,
                results=(
                    output("OP1.1", odd, paid, per_head, change, weight=70),
                    output("OP1.2", share_of, within, by_group, weight=30),
                ),
            ),
            outcome("OC2", heavy, falling, pending, no_baseline, results=(output("OP2.1", law, kind, agreed),)),
            outcome("OC3", heard, grown, twice, since, daily, base, apart, many, of_many),
        ),
        reporting_lag=20,
        thresholds={"outlier": "50"},
        currency="USD",
    )


def observed() -> Observations:
    given = []
    for at, period in enumerate(QUARTERS[:7]):
        late = dt.date(2024 + at // 4, 3 * (at % 4) + 3, 28) + dt.timedelta(days=15 + 4 * at)
        told = {"reported_on": late, "source_file": f"{period}.xlsx", "source_sheet": "Report", "source_cell": f"F{at}"}
        given += [
            row(period, (48, 52, 50, 49, 51, 900, 50)[at], "ODD", partner="A", **told),
            row(period, 40 + 3 * at, "ODD", partner="B", **told),
            row(period, 600 + 100 * at, "PAID", category="sex=F"),
            row(period, 900 + 10 * at, "PAID", category="sex=M"),
            row(period, 3 + at, "BY-GROUP", partner="A", location="north", category="sex=F|age=young"),
            row(period, 2, "BY-GROUP", partner="A", location="south", category="sex=M|age=old"),
            row(period, 10 if at == 3 else 25 - at, "WITHIN"),
        ]
        if at != 4:
            given += [row(period, 1 + at // 2, "HEAVY", partner="A", unit="t"), row(period, 300, "HEAVY", partner="B")]
    given += [
        # Each sex rises from the first to the second while the total falls.
        share("2024-Q4", 90, 150, "ASKED", category="sex=F"),
        share("2024-Q4", 10, 50, "ASKED", category="sex=M"),
        share("2025-Q2", 32, 50, "ASKED", category="sex=F"),
        share("2025-Q2", 60, 150, "ASKED", category="sex=M"),
        row("2025-Q2", 1, "GUESSED", partner="A"),
        row("2025-Q2", 0, "GUESSED", partner="B"),
        share("2025-Q3", 30, 60, "SHARE", partner="A"),
        row("2025-Q1", 30, "FALLING", partner="A"),
        row("2025-Q2", 25, "FALLING", partner="B"),
        row("2025-Q1", 5, "PENDING"),
        row("2024-Q1", 20, "LEVEL", partner="A"),
        row("2024-Q3", 30, "LEVEL", partner="A"),
        row("2024-Q3", 10, "LEVEL", partner="B"),
        row("2025-Q3", 50, "LEVEL", partner="B"),
        share("2025-Q2", 50, 80, "HEARD", partner="A"),
        row("2025-Q2", 1, "AGREED", partner="A"),
        row("2025-Q1", 30, "APART"),
        row("2025-Q1", 12, "APART", category="sex=F"),
        row("2025-Q1", 15, "APART", category="sex=M"),
        row("2025-Q1", 7, "NO-BASELINE"),
        row("2025-Q1", 3, "LAW"),
        row("2025-Q1", None, "KIND", text="bridge"),
    ]
    given += [
        row(period, 1 + at, "MANY", partner=partner, location=place, category=f"sex={sex}|age={age}")
        for at, partner in enumerate("ABCDE")
        for period in QUARTERS[5:7]
        for place in ("north", "south")
        for sex in "FM"
        for age in ("young", "old")
    ]
    return Observations.from_rows(rows(*given))
