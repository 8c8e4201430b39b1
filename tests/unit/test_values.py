"""What aggregation hands back: traces, tables, explanations, and corners that no hand-computed case covers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

import mne
from mne.errors import OptionError
from mne.logframe.model import Logframe
from mne.tables.observations import Observations

DIMENSIONS = [
    {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "F"}, {"id": "M", "title": "M"}]},
    {"id": "age", "title": "Age", "codes": [{"id": "young", "title": "young"}, {"id": "old", "title": "old"}]},
]


def plan_of(**indicator: Any) -> Logframe:
    told = {"id": "I", "title": "I", "measure": "number", "accumulation": "flow", **indicator}
    outcome = {"id": "OC", "level": "outcome", "title": "OC", "indicators": [told]}
    return Logframe.model_validate(
        {
            "id": "P",
            "title": "P",
            "start": "2025-01-01",
            "end": "2025-12-31",
            "dimensions": DIMENSIONS,
            "results": [outcome],
        }
    )


def row(value: int, quarter: int = 1, **more: Any) -> dict[str, Any]:
    start = dt.date(2025, 3 * quarter - 2, 1)
    end = dt.date(2025, 3 * quarter + 1, 1) - dt.timedelta(1) if quarter < 4 else dt.date(2025, 12, 31)
    period = {"period": f"2025-Q{quarter}", "period_start": start, "period_end": end}
    return {"project": "P", "indicator": "I", **period, "partner": "A", "value": Decimal(value), **more}


def count(plan: Logframe, *rows: dict[str, Any], **options: Any) -> mne.Values:
    return mne.aggregate(
        Observations.from_rows({**told, "source_order": at} for at, told in enumerate(rows)), plan, **options
    )


def test_a_crossed_split_is_complete_in_whatever_order_it_names_its_dimensions() -> None:
    plan = plan_of(disaggregation=[{"dimensions": ["age", "sex"]}], missing="propagate")
    parts = [row(1, category=f"sex={sex}|age={age}") for sex in "FM" for age in ("young", "old")]
    assert count(plan, *parts)["I"].value == 4
    assert count(plan, *parts[:3])["I"].value is None


def test_a_trace_has_the_rows_of_the_value_and_no_others() -> None:
    plan = plan_of(accumulation="level")
    values = count(plan, row(5, 1), row(7, 2), row(9, 2, revision=1))
    assert values["I"].value == 9
    assert values["I"].trace()["value"].to_list() == [Decimal(9)]


def test_what_was_carried_forward_is_traced_to_its_own_report() -> None:
    plan = plan_of(accumulation="running_total", missing="carry_forward")
    values = count(plan, row(5, 1, partner="B", source_cell="C3"), row(7, 2, source_cell="C4"))
    assert values["I"].value == 12
    assert str(values["I"].coverage) == "1 of 2 (1 carried forward)"
    assert sorted(values["I"].trace()["source_cell"]) == ["C3", "C4"]
    assert {leaf.place.cell for leaf in values["I"].explain().leaves() if leaf.kind == "cell"} == {"C3", "C4"}


def test_what_does_not_count_is_told() -> None:
    plan = plan_of(unit="person")
    values = count(
        plan, row(1), row(2, unit="household", partner="B"), {**row(3), "project": "X"}, {**row(4), "indicator": "Z"}
    )
    assert values["I"].value == 1
    assert dict(values.findings.codes) == {
        "value-other-project": 1,
        "value-unit-not-convertible": 1,
        "value-unknown-indicator": 1,
    }


def test_tables_hold_every_period_and_the_value_to_date() -> None:
    table = count(plan_of(), row(1, 1), row(2, 2)).to_pandas()
    assert table["value"].tolist() == [1.0, 2.0, 3.0]
    assert table["to_date"].tolist()[:2] == [1.0, 3.0]
    assert table["period"].isna().tolist() == [False, False, True]


def test_misuse_is_one_clear_error() -> None:
    plan = plan_of()
    with pytest.raises(OptionError, match="until"):
        count(plan, row(1), until="next year")
    with pytest.raises(OptionError, match="statuses"):
        count(plan, row(1), statuses=["final"])
    with pytest.raises(OptionError, match="plan"):
        mne.aggregate(Observations.from_rows([]), "plan.yaml")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="colour"):
        Observations.from_rows([{**row(1), "colour": "red"}])


def test_an_empty_table_has_no_value_and_no_zero() -> None:
    values = count(plan_of())
    assert (values.until, values["I"].value, values["I"].state) == (None, None, "not_due")
    assert mne.score(values)["OC"].score is None


def test_observations_survive_the_frames_of_others() -> None:
    table = Observations.from_rows([row(1), row(2, 2, partner="B", reported_on=dt.date(2025, 7, 1))])
    assert Observations.from_frame(table.to_pandas()) == table
    assert Observations.from_frame(table.to_pandas(numbers="decimal")) == table
    assert Observations.from_frame(table.to_polars()) == table
    assert Observations.from_frame(table.to_arrow()) == table
    counted = mne.aggregate(table, plan_of(), until="2025-06-30")
    for frame in (table.to_pandas(), table.to_polars(), table.to_arrow()):
        assert mne.aggregate(frame, plan_of(), until="2025-06-30").to_polars().equals(counted.to_polars())


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("not_applicable", "not_applicable"), "not_applicable"),
        (("not_due", "not_applicable"), "not_due"),
        (("not_applicable", "not_due"), "not_due"),
    ],
)
def test_where_nothing_is_asked_of_anybody_the_value_stands_for_no_period(
    states: tuple[str, str], expected: str
) -> None:
    rows = [row(0, quarter, state=state) | {"value": None} for quarter, state in enumerate(states, 1)]
    value = count(plan_of(), *rows, until="2025-06-30")["I"]
    assert (value.state.value, value.as_of) == (expected, None)
