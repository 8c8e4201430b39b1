"""What partners call a period, and the dates and label that it means."""

from __future__ import annotations

import datetime as dt

import pytest

from mne.logframe.model import Logframe
from mne.logframe.periods import Frequency
from mne.reports.period_text import PeriodReader


def plan(fiscal="01-01", start="2022-01-01", end="2026-12-31", names=None, frequency="quarterly"):
    return Logframe.model_validate(
        {
            "id": "X",
            "title": "t",
            "start": start,
            "end": end,
            "calendar": {"fiscal_year_start": fiscal, "frequency": frequency, "names": names or {}},
            "results": [{"id": "O", "level": "outcome", "title": "o"}],
        }
    )


PLAIN = PeriodReader(plan())
FISCAL = PeriodReader(plan(fiscal="07-01"))


def span(answer):
    return (str(answer.start), str(answer.last), answer.label, answer.code)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2025-Q1", "2025-Q1"),
        (" 2025-q1 ", "2025-Q1"),
        ("Q1 2025", "2025-Q1"),
        ("2025Q1", "2025-Q1"),
        ("2025 / Q1", "2025-Q1"),
        ("I кв. 2025", "2025-Q1"),
        ("I кв. 2025 г.", "2025-Q1"),
        ("Ⅱ кв. 2025", "2025-Q2"),
        ("1 квартал 2025 года", "2025-Q1"),
        ("III квартал 2024", "2024-Q3"),
        ("второй квартал 2025", "2025-Q2"),
        ("T1 2025", "2025-Q1"),
        ("1er trimestre 2025", "2025-Q1"),
        ("2ème trimestre 2025", "2025-Q2"),
        ("first quarter of 2025", "2025-Q1"),
        ("4th quarter 2025", "2025-Q4"),
        ("семоҳаи 2 соли 2025", "2025-Q2"),
        ("янв.–март 2025", "2025-Q1"),
        ("Jan-Mar 2025", "2025-Q1"),
        ("janvier à mars 2025", "2025-Q1"),
        ("Jan 2025 - Mar 2025", "2025-Q1"),
        ("с 1 января по 31 марта 2025 г.", "2025-Q1"),
        ("1 Jan – 31 Mar 2025", "2025-Q1"),
        ("01.01.2025–31.03.2025", "2025-Q1"),
        ("2025-01-01/2025-03-31", "2025-Q1"),
        ("du 01/01/2025 au 31/03/2025", "2025-Q1"),
        ("S1 2025", "2025-S1"),
        ("H2 2025", "2025-S2"),
        ("1-е полугодие 2025", "2025-S1"),
        ("нимсолаи дуюми 2025", "2025-S2"),
        ("Q1–Q2 2025", "2025-S1"),
        ("2025", "2025"),
        ("2025 г.", "2025"),
        ("FY2025", "2025"),
        ("2025-03", "2025-03"),
        ("03/2025", "2025-03"),
        ("03.2025", "2025-03"),
        ("март 2025", "2025-03"),
        ("Mars 2025", "2025-03"),
        ("2011-12", "2011-12"),
    ],
)
def test_names_of_periods(text, label):
    answer = PLAIN.read(text)
    assert (answer.label, answer.code) == (label, None)


@pytest.mark.parametrize(
    "text", ["", "foo", "Q1", "Q5 2025", "2025-03-15", "2011/12", "2024/25", "2025.1", "Round 3", "13/2025", "S3 2025"]
)
def test_what_names_no_period(text):
    assert PLAIN.read(text).code == "period-unknown"


def test_a_day_is_the_bound_of_the_indicators_own_period():
    assert PLAIN.read("2025-03-31").label == "2025-Q1"
    assert PLAIN.read("2025-06-30", frequency=Frequency.SEMIANNUAL).label == "2025-S1"
    inside = PLAIN.read("2025-02-15")
    assert (inside.code, inside.suggestion) == ("period-unknown", "2025-Q1")


def test_dates_that_fit_no_period_of_the_plan_are_kept():
    assert span(PLAIN.read("01.09.2022–31.08.2023")) == ("2022-09-01", "2023-08-31", "2022-09-01/2023-08-31", None)
    assert span(PLAIN.read("2030-Q1")) == ("2030-01-01", "2030-03-31", "2030-Q1", None)
    assert PLAIN.read("2025-03-31/2025-01-01").code == "period-reversed"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("FY2025-Q1", "FY2025-Q1"),
        ("FY 2025 Q1", "FY2025-Q1"),
        ("Q2 FY25", "FY2025-Q2"),
        ("2024/25", "FY2025"),
        ("2024-25", "FY2025"),
        ("FY2024/25", "FY2025"),
        ("2024/2025", "FY2025"),
        ("Jan 2025", "FY2025-M07"),
        ("01.07.2024-30.06.2025", "FY2025"),
        ("Jul-Sep 2024", "FY2025-Q1"),
    ],
)
def test_fiscal_years(text, label):
    assert FISCAL.read(text).label == label


@pytest.mark.parametrize("text", ["Q1 2025", "2025", "I кв. 2025", "S1 2025"])
def test_a_name_with_two_readings_is_never_settled(text):
    answer = FISCAL.read(text)
    assert (answer.start, answer.code) == (None, "period-ambiguous")


def test_the_plans_own_names_win():
    reader = PeriodReader(plan(names={"YR3": "2024", "Year 3": "2024"}, frequency="annual"))
    assert reader.read("yr3").label == "2024"
    assert reader.read("Year 3").label == "2024"


def test_a_whole_quarters_name_means_the_part_within_the_project():
    reader = PeriodReader(plan(start="2024-02-15", end="2024-12-31"))
    assert span(reader.read("Q1 2024")) == ("2024-02-15", "2024-03-31", "2024-Q1", None)
    assert span(reader.read("01.01.2024-31.03.2024"))[2] == "2024-01-01/2024-03-31"
    assert span(reader.read("01.01.2020-31.12.2030"))[2] == "2020-01-01/2030-12-31"


@pytest.mark.parametrize(
    ("cell", "label"),
    [(2025, "2025"), (2025.0, "2025"), (2025.1, None), (dt.date(2025, 3, 31), "2025-Q1"), (7, None), (True, None)],
)
def test_typed_cells(cell, label):
    answer = PLAIN.typed(cell, frequency=None)
    assert (answer.label, answer.code) == (label, None if label else "period-unknown")
