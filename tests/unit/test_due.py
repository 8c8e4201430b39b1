"""Who owes which report on which day, and what the page says of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mne
from mne import _render
from mne.ground.language import LANGUAGES
from mne.reports.due import Stage
from tests.builders import plan_of

ASSIGNED = [{"partner": "A", "locations": ["N", "S"]}, {"partner": "B"}]


def plan(**more: Any) -> mne.Logframe:
    people = {"id": "I", "title": "People", "measure": "number", "unit": "person", "accumulation": "flow"}
    return plan_of({**people, "assignments": ASSIGNED}, **{"reporting_lag": 30, **more})


def report(known: mne.Logframe, *rows: dict[str, Any]) -> mne.ValidationReport:
    usual = {"indicator": "I", "period": "2025-Q1", "partner": "A", "location": "N", "value": 5}
    columns = ("indicator", "period", "partner", "location", "value", "status", "revision", "reported_on")
    table = [{**dict.fromkeys(columns), "status": "submitted", **usual, **row} for row in rows]
    return mne.validate(pd.DataFrame(table, columns=list(columns)), known)


def stages(found: mne.Due, period: str = "2025-Q1") -> dict[str, str]:
    return {row["partner"]: row["stage"] for row in found.frame.to_dicts() if row["period"] == period}


@pytest.mark.parametrize(
    ("on", "stage"),
    [("2025-03-31", "upcoming"), ("2025-04-01", "due"), ("2025-04-30", "due"), ("2025-05-01", "late")],
)
def test_silence_is_first_due_and_then_late(on: str, stage: str) -> None:
    known = plan()
    assert stages(mne.due(report(known), known, on=on)) == {"A": stage, "B": stage}


def test_without_a_lag_nothing_is_late() -> None:
    known = plan(reporting_lag=None)
    found = mne.due(report(known), known, on="2026-12-31")
    assert stages(found) == {"A": "due", "B": "due"}
    assert found.frame["due_by"].null_count() == len(found)


BOTH = ({}, {"location": "S"})


@pytest.mark.parametrize(
    ("rows", "stage", "received", "held"),
    [
        (BOTH, "submitted", 2, 0),
        (BOTH[:1], "submitted", 1, 0),
        ([{**row, "status": "accepted"} for row in BOTH], "accepted", 2, 0),
        ([{**BOTH[0], "status": "accepted"}], "submitted", 1, 0),
        ([{**BOTH[0], "status": "accepted"}, BOTH[1]], "submitted", 2, 0),
        ([{**BOTH[0], "status": "draft"}, BOTH[1]], "draft", 2, 0),
        ([{**BOTH[0], "status": "returned"}, BOTH[1]], "returned", 2, 0),
        ([{**BOTH[0], "value": "many"}, BOTH[1]], "returned", 1, 1),
        ([{**BOTH[0], "value": "many"}, {**BOTH[0], "revision": 1}, BOTH[1]], "submitted", 2, 0),
        ([{**BOTH[0], "status": "returned"}, {**BOTH[0], "revision": 1}, BOTH[1]], "submitted", 2, 0),
        ([{**BOTH[0], "value": "n/a"}, BOTH[1]], "submitted", 2, 0),
    ],
)
def test_what_came_decides_the_stage(rows: Any, stage: str, received: int, held: int) -> None:
    known = plan()
    found = mne.due(report(known, *rows), known, on="2025-04-10")
    row = found.frame.row(by_predicate=_is("A"), named=True)
    assert (row["stage"], row["received"], row["expected"], row["held"]) == (stage, received, 2, held)
    assert row["lacking"] == ([] if received == 2 else ["I"])
    assert stages(found)["B"] == "due"


def _is(partner: str) -> Any:
    import polars as pl

    return (pl.col("partner") == partner) & (pl.col("period") == "2025-Q1")


def test_who_is_asked_for_the_whole_may_answer_place_by_place() -> None:
    known = plan()
    found = mne.due(report(known, {"partner": "B", "location": "N"}), known, on="2025-04-10")
    row = found.frame.row(by_predicate=_is("B"), named=True)
    assert (row["received"], row["expected"], row["lacking"]) == (1, 1, [])


def test_late_receipt_is_told_of_the_first_that_came() -> None:
    known = plan()
    on_time = {"reported_on": dt.date(2025, 4, 30)}
    late = {"location": "S", "reported_on": dt.date(2025, 5, 1)}
    assert not mne.due(report(known, on_time, late), known).frame.row(by_predicate=_is("A"), named=True)["came_late"]
    assert mne.due(report(known, late), known).frame.row(by_predicate=_is("A"), named=True)["came_late"]


def test_the_day_asked_for_is_the_last_that_the_reports_speak_of() -> None:
    known = plan()
    assert mne.due(report(known), known).on == known.start
    assert mne.due(report(known, {}), known).on == dt.date(2025, 3, 31)
    assert mne.due(report(known, {"reported_on": dt.date(2025, 4, 7)}), known).on == dt.date(2025, 4, 7)


def test_rows_that_cannot_be_placed_are_counted() -> None:
    known = plan()
    found = mne.due(report(known, {}, {"partner": "NOBODY"}, {"period": "some day"}), known)
    assert found.unplaced == 2


def test_without_assignments_nothing_is_said_to_be_missing() -> None:
    known = plan_of({"id": "I", "title": "People", "measure": "number", "unit": "person", "accumulation": "flow"})
    found = mne.due(report(known, {}), known)
    assert not found.assigned
    assert found.to_come.height == 0
    assert found.stages[Stage.ACCEPTED] + found.stages[Stage.SUBMITTED] == len(found) == 1
    assert "does not say who reports" in _render.text(found)


def test_what_is_still_to_come_and_what_is_next() -> None:
    known = plan()
    found = mne.due(report(known, *BOTH, {"period": "2025-Q2", "value": "many"}), known, on="2025-08-05")
    told = [(row["partner"], row["period"], row["stage"]) for row in found.to_come.to_dicts()]
    assert told == [("B", "2025-Q1", "late"), ("A", "2025-Q2", "returned"), ("B", "2025-Q2", "late")]
    assert set(found.next_up["period"]) == {"2025-Q3"}
    assert set(found.next_up["partner"]) == {"A", "B"}


@pytest.mark.parametrize("on", ["soon", 5])
def test_a_day_that_is_none_is_refused(on: Any) -> None:
    known = plan()
    with pytest.raises(mne.OptionError, match="on must be a day such as 2026-06-30"):
        mne.due(report(known), known, on=on)


def test_a_report_on_another_logframe_is_refused() -> None:
    known = plan()
    with pytest.raises(mne.OptionError, match="on the logframe P, not on Q"):
        mne.due(report(known), plan(id="Q"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["html", "text", "markdown"])
def test_every_form_in_every_language(lang: str, form: str) -> None:
    known = plan()
    rows = [*BOTH, {"period": "2025-Q2", "value": "many"}, {"partner": "NOBODY"}]
    told = str(_render.rendered(mne.due(report(known, *rows), known, on="2025-08-05"), form, lang=lang))
    word = {"en": "late", "fr": "en retard", "ru": "просрочен", "tg": "таъхир шуд"}[lang]
    assert word in told
    assert "{" not in told.partition("</style>")[2] or form != "html"


def test_json_is_plain() -> None:
    known = plan()
    told = mne.due(report(known, *BOTH), known, on="2025-04-10").to_dict()
    assert told["stages"]["submitted"] == 1
    assert told["reports"][0]["last_day"] == "2025-03-31"


# --- laws -------------------------------------------------------------------------------------------------------

CELLS = [(period, place) for period in ("2025-Q1", "2025-Q2", "2025-Q3") for place in ("N", "S")]
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2027, 6, 30))


@given(st.lists(st.sampled_from(CELLS), unique=True), DAYS, DAYS)
def test_time_never_brings_a_report_back(cells: list[tuple[str, str]], one: dt.date, other: dt.date) -> None:
    """As days pass, silence goes from to come over due to late; what has come stays as it is."""
    known = plan()
    told = report(known, *({"period": period, "location": place} for period, place in cells))
    early, late = (mne.due(told, known, on=day).frame for day in sorted((one, other)))
    silence = [Stage.UPCOMING, Stage.DUE, Stage.LATE]
    for before, after in zip(early["stage"], late["stage"], strict=True):
        if before in silence:
            assert silence.index(Stage(after)) >= silence.index(Stage(before))
        else:
            assert after == before


@given(st.lists(st.sampled_from(CELLS), unique=True), DAYS)
def test_every_expected_cell_is_received_or_lacking(cells: list[tuple[str, str]], on: dt.date) -> None:
    known = plan()
    told = report(known, *({"period": period, "location": place} for period, place in cells))
    found = mne.due(told, known, on=on)
    assert found.frame.filter(_partner("A"))["received"].sum() == len(cells)
    assert sum(found.stages.values()) == len(found)
    for row in found.frame.to_dicts():
        assert (row["received"] < row["expected"]) == bool(row["lacking"])


def _partner(code: str) -> Any:
    import polars as pl

    return pl.col("partner") == code
