"""A large table counted as numbers comes to what a small one comes to: the same values, coverage, rows and findings."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mne
from mne.logframe.indicator import Indicator
from mne.logframe.model import Logframe
from mne.tables import encode
from mne.tables.observations import Observations
from mne.testing import logframes, observation_rows
from mne.values import kinds
from mne.values.aggregate import count
from mne.values.partial import Asked, Count, from_table, part_of, to_table, values_of
from tests.cases.building import PROJECT, indicator, plan, row, rows

CLOCKS = st.sampled_from([(None, None), (None, dt.date(2024, 8, 1)), (dt.date(2024, 9, 30), None)])
STATUSES = ("submitted", "accepted")
DAYS = (None, dt.date(2024, 2, 10), dt.date(2024, 6, 30), dt.date(2024, 7, 1))


def assert_alike(one: Count, other: Count) -> None:
    assert one.until == other.until
    assert [str(each) for each in one.findings] == [str(each) for each in other.findings]
    assert list(one.values) == list(other.values)
    for code, value in one.values.items():
        assert value == other.values[code], code
        for mine, theirs in (
            (value.counted, other.values[code].counted),
            (value.selected, other.values[code].selected),
        ):
            assert mine is not None
            assert theirs is not None
        assert value.rows is not None
        assert value.rows.equals(other.values[code].rows), code  # type: ignore[arg-type]


def both(told: Sequence[dict[str, Any]], project: Logframe, until: Any, known_by: Any) -> tuple[Count, Count]:
    frame = Observations.from_rows(told).to_polars()
    asked: dict[str, Any] = {"until": until, "known_by": known_by, "statuses": STATUSES}
    return count(frame, project, **asked, large=0), count(frame, project, **asked, large=1 << 40)


@given(st.data(), CLOCKS)
def test_generated_projects(data: st.DataObject, clocks: tuple[Any, Any]) -> None:
    project = data.draw(logframes())
    assert_alike(*both(data.draw(observation_rows(project)), project, *clocks))


@st.composite
def projects(draw: st.DrawFn) -> Logframe:
    """Sums of every manner: who is asked changes, silence is treated in all ways, splits overlap or not."""

    def one(id: str) -> Indicator:
        ratio = draw(st.booleans())
        accumulation = draw(st.sampled_from(("flow", "level") if ratio else ("flow", "level", "running_total")))
        policies = ["skip", "propagate"] + (["carry_forward"] if accumulation == "level" else ["zero"] * (not ratio))
        spans = st.sampled_from(DAYS)
        asked = [
            {
                "partner": p,
                "since": draw(spans),
                "until": draw(spans),
                "locations": draw(st.sampled_from(((), ("north",)))),
            }
            for p in draw(st.sampled_from(("", "AB", "ABC", "AAB")))
        ]
        splits = draw(st.sampled_from(((), ("sums_to_total",), ("overlapping",), ("sums_to_total", "overlapping"))))
        names = (("sex",), ("age",))
        aggregation: dict[str, Any] = {"totals": draw(st.sampled_from((None, "sum_of_parts")))}
        if draw(st.booleans()):
            aggregation["order"] = ("categories", "time", "locations", "partners")
        if "overlapping" in splits and not ratio and draw(st.booleans()):
            aggregation["categories"] = "sum"
        if draw(st.integers(0, 5)) == 0:
            aggregation["time"] = draw(st.sampled_from(("latest", "max", "pooled" if ratio else "sum")))
        return indicator(
            id,
            measure="percentage" if ratio else "number",
            unit="percent" if ratio else "kg",
            accumulation=accumulation,
            missing=draw(st.sampled_from(policies)),
            counts=draw(st.sampled_from((None, "services"))),
            zero_means=draw(st.sampled_from(("zero", "missing"))),
            min_coverage=draw(st.sampled_from((None, "0.6"))),
            assignments=[
                {name: told for name, told in each.items() if told is not None} for each in asked if not _reversed(each)
            ],
            disaggregation=[{"dimensions": n, "relation": told} for n, told in zip(names, splits, strict=False)],
            aggregation={name: told for name, told in aggregation.items() if told is not None},
        )

    return plan(one("I"), one("J"))


def _reversed(each: dict[str, Any]) -> bool:
    return each["since"] is not None and each["until"] is not None and each["since"] > each["until"]


@st.composite
def lines(draw: st.DrawFn) -> tuple[dict[str, Any], ...]:
    """Rows of every kind, many of them for the same few cells."""
    found = []
    for _ in range(draw(st.integers(0, 14))):
        period = draw(st.sampled_from(("2024-Q1", "2024-Q2", "2024-Q3", "2024-02", "2024-03", "2024-06", "2025-Q1")))
        bottom = draw(st.sampled_from((0, 7, 10)))
        found.append(
            row(
                period,
                draw(st.sampled_from((None, 0, 3, 5, "2.5", 40))),
                draw(st.sampled_from(("I", "I", "I", "J", "NONE"))),
                numerator=draw(st.sampled_from((None, 0, 3))),
                denominator=bottom,
                partner=draw(st.sampled_from(("A", "A", "B", "D", "_T"))),
                location=draw(st.sampled_from(("_T", "_T", "north"))),
                category=draw(st.sampled_from(("_T", "_T", "sex=F", "sex=M", "age=old", "x=1", "sex=F|age=old"))),
                unit=draw(st.sampled_from((None, None, "kg", "t", "hour"))),
                state=draw(st.sampled_from(("reported",) * 6 + ("not_applicable", "not_due", "missing"))),
                status=draw(st.sampled_from(("submitted",) * 5 + ("accepted", "draft"))),
                revision=draw(st.integers(0, 2)),
                reported_on=draw(st.sampled_from((None, dt.date(2024, 7, 15), dt.date(2024, 9, 1)))),
                illustrative=draw(st.integers(0, 9)) == 0,
                project=draw(st.sampled_from((PROJECT,) * 9 + ("OTHER",))),
            )
        )
    if draw(st.integers(0, 9)) == 0:
        found.append({**row("2024-Q1", 5), "period_start": dt.date(2019, 1, 1), "period_end": dt.date(2019, 3, 31)})
    return rows(*found)


@given(projects(), lines(), CLOCKS)
def test_sums_of_every_manner(project: Logframe, told: tuple[dict[str, Any], ...], clocks: tuple[Any, Any]) -> None:
    assert_alike(*both(told, project, *clocks))


@given(projects(), lines())
def test_numbers_far_apart_are_sorted_and_come_to_the_same(project: Logframe, told: tuple[dict[str, Any], ...]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (encode, kinds):
            patch.setattr(module, "_FEW", 0)
            patch.setattr(module, "_SPARSE", 0)
        assert_alike(*both(told, project, None, None))


@given(projects(), lines(), st.integers(1, 3))
def test_parts_by_partner_come_to_the_whole(project: Logframe, told: tuple[dict[str, Any], ...], size: int) -> None:
    frame = Observations.from_rows(told).to_polars()
    asked = Asked(until=dt.date(2024, 9, 30), known_by=None, statuses=STATUSES)
    partners = sorted(frame["partner"].unique())
    rest = [each for each in (*project.partners, "_T") if each not in partners]
    groups = [*(partners[at : at + size] for at in range(0, len(partners), size)), rest]
    tables = [
        to_table(part_of(frame.filter(frame["partner"].is_in(some)), project, asked, partners=some)) for some in groups
    ]
    # A part is stored and sent as a table, in whatever order the tables come.
    with io.BytesIO() as out:
        pl.concat(reversed(tables)).write_parquet(out)
        out.seek(0)
        whole = from_table(pl.read_parquet(out))
    found = values_of(whole, project, dict(project.indicators), asked)
    expected = count(frame, project, until=asked.until, known_by=None, statuses=STATUSES)
    assert found.until == expected.until
    assert [str(each) for each in found.findings] == [str(each) for each in expected.findings]
    for code, value in found.values.items():
        assert value == expected.values[code], code


@given(st.data(), st.sampled_from([None, dt.date(2024, 9, 30)]), st.sampled_from(["2024-03-31", "2024-06-30"]))
def test_what_is_closed_and_what_came_after_come_to_the_whole(
    data: st.DataObject, until: dt.date | None, through: str
) -> None:
    generated = data.draw(st.booleans())
    project = data.draw(logframes() if generated else projects())
    told = Observations.from_rows(data.draw(observation_rows(project) if generated else lines())).to_polars()
    with io.BytesIO() as out:
        mne.close(told, project, through=through).to_polars().write_parquet(out)
        out.seek(0)
        with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
            file.write(out.read())
            file.flush()
            closed = mne.read_closed(file.name)
    later = told.filter(pl.col("period_end") > dt.date.fromisoformat(through))
    whole = mne.aggregate(told, project, until=until)
    found = mne.aggregate(later, project, until=until, closed=closed)
    # Without any report there is no newest day, but what is closed was asked for.
    expected = whole if whole.until is not None and whole.until >= closed.through else None
    if expected is None:
        return
    assert found.until == expected.until
    assert [str(each) for each in found.findings] == [str(each) for each in expected.findings]
    for code, value in found.items():
        assert value == expected[code], code


@given(st.data())
def test_values_can_be_sent_to_another_process(data: st.DataObject) -> None:
    project = data.draw(projects())
    found, _ = both(data.draw(lines()), project, None, None)
    assert_alike(pickle.loads(pickle.dumps(found)), found)  # noqa: S301 - our own


def test_decimals_stay_exact_in_sums_of_many() -> None:
    told = [row("2024-Q1", Decimal("0.1"), partner="A", location=f"L{at}") for at in range(3000)]
    project = plan(indicator("I", unit="kg", assignments=()))
    found, _ = both(rows(*told), project, None, None)
    assert found.values["I"].value == 300
