"""Units: one factor for each, currencies at the rate of the report's last day."""

from __future__ import annotations

import datetime as dt

from tests.cases.building import END_Q1, END_Q2, Q1, Q2, Case, F, Judged, flow, level, plan, row, rows

BOXES = {
    "units": (
        {"id": "kit", "title": "kits", "aliases": ("kits",)},
        {"id": "box", "title": "boxes", "of": "kit", "factor": 12},
        {"id": "third", "title": "thirds of a kit", "of": "kit", "factor": "1/3"},
        {"id": "visit", "title": "visits"},
    )
}
CENTS = flow("I", measure="currency", unit="USD")


def rate(value, /, currency="USD", to="TJS", **more):
    return {"currency": currency, "to": to, "rate": value, **more}


CASES = (
    Case(
        "units: declared factors, aliases and the indicator's own unit",
        plan(flow(unit="kit"), **BOXES),
        rows(
            row(Q1, 5, partner="A"),
            row(Q1, 2, partner="B", unit="box"),
            row(Q1, 3, partner="C", unit="kits"),
            row(Q1, 1, partner="D", unit="third"),
        ),
        until=END_Q1,
        values={"I": {"value": F(97, 3)}},  # 5 + 2·12 + 3 + 1/3 = 32 1/3
    ),
    Case(
        "units: kilograms and tonnes give the same achievement",
        plan(
            level("kg", unit="kg", baseline={"value": 1000}, targets=({"period": Q1, "value": 4000},)),
            level("t", unit="t", baseline={"value": 1}, targets=({"period": Q1, "value": 4},)),
        ),
        rows(row(Q1, "1900.3", "kg"), row(Q1, "1900.3", "t", unit="kg")),
        until=END_Q1,
        values={"kg": {"value": F(19003, 10)}, "t": {"value": F(19003, 10000)}},
        achievements=(
            Judged("kg", {"value": F(9003, 30000)}),  # 900.3 / 3000
            Judged("t", {"value": F(9003, 30000)}),  # 0.9003 / 3
        ),
    ),
    Case(
        "units: a unit of another kind is not reported; where nothing else is left it is undefined",
        plan(flow("some", unit="kit"), flow("only", unit="kit"), **BOXES),
        rows(
            row(Q1, 5, "some", partner="A"),
            row(Q1, 7, "some", partner="B", unit="visit"),
            row(Q1, 7, "only", unit="visit"),
        ),
        until=END_Q1,
        values={
            "some": {"state": "reported", "value": 5, "reported": 1, "expected": 1},
            "only": {"state": "undefined", "reason": "unit-not-convertible", "value": None, "reported": 0},
        },
    ),
    Case(
        "units: under zero, what cannot be converted does not become a 0",
        plan(flow(unit="kit", missing="zero", assignments=({"partner": "A"},)), **BOXES),
        rows(row(Q1, 7, partner="A", unit="visit")),
        until=END_Q1,
        values={
            "I": {"state": "undefined", "reason": "unit-not-convertible", "value": None, "reported": 0, "expected": 1}
        },
    ),
    Case(
        "currency: the newest rate on the report's last day, run backwards",
        plan(
            CENTS,
            exchange_rates=(
                rate(10, date=dt.date(2024, 1, 1)),
                rate(8, date=dt.date(2024, 4, 1)),
                rate(5, date=dt.date(2024, 7, 1)),
            ),
        ),
        rows(
            row(Q1, 500, unit="TJS", partner="A"),
            row(Q1, 7, unit="USD", partner="B"),
            row(Q2, 500, unit="TJS", partner="A"),
        ),
        until=END_Q2,
        # Q1: 500 / 10 + 7 = 57; Q2: 500 / 8 = 62.5; together 119.5
        values={"I": {"value": F(239, 2)}},
        periods={("I", Q1): {"value": 57}, ("I", Q2): {"value": F(125, 2)}},
    ),
    Case(
        "currency: an average rate goes before a newer spot rate",
        plan(
            CENTS,
            exchange_rates=(
                rate(10, date=dt.date(2024, 1, 1), kind="average"),
                rate(8, date=dt.date(2024, 3, 1), kind="spot"),
            ),
        ),
        rows(row(Q1, 500, unit="TJS")),
        until=END_Q1,
        values={"I": {"value": 50}},  # 500 / 10
    ),
    Case(
        "currency: one fixed rate goes before all others",
        plan(
            CENTS,
            exchange_rates=(rate(10, date=dt.date(2024, 1, 1), kind="average"), rate(4, kind="fixed")),
        ),
        rows(row(Q1, 500, unit="TJS")),
        until=END_Q1,
        values={"I": {"value": 125}},  # 500 / 4
    ),
    Case(
        "currency: before the first rate there is none",
        plan(CENTS, exchange_rates=(rate(10, date=dt.date(2024, 4, 1)),)),
        rows(row(Q1, 500, unit="TJS"), row(Q2, 500, unit="TJS")),
        until=END_Q2,
        values={"I": {"value": 50, "reported": 1, "expected": 2}},  # Q2 only: 500 / 10
        periods={("I", Q1): {"state": "undefined", "reason": "unit-not-convertible", "reported": 0, "expected": 1}},
    ),
)
