"""What the collection of hostile files taught: agreed delimiters, zoned days, spare shares, declared decimals and more."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

import mne
from mne.errors import OptionError
from mne.ground.yaml_text import read_by_others
from mne.logframe.files import from_text
from mne.reports.dates import day, typed_day
from mne.reports.read import read
from tests.corpus.meeting import plan
from tests.fixtures import corpus_plan

HEADER = "indicator,partner,location,period_start,period_end,sex,age,value,unit,numerator,denominator"
DAYS = "2024-01-01,2024-06-30"


def report_of(*lines, header=HEADER, logframe=None, **options):
    return mne.validate(("q.csv", ("\n".join([header, *lines]) + "\n").encode()), logframe or plan(), **options)


def told(report, least="warning"):
    return [(each.place.row, each.place.header, each.code, str(each.level)) for each in report.findings.at_least(least)]


ROW = f"OC1.1,ORG-A,LOC-01,{DAYS},F,18+,120,person,,"


def test_an_agreed_delimiter_is_held_to():
    semicolons = [each.replace(",", ";") for each in (HEADER, ROW)]
    assert told(report_of(ROW, delimiter=",")) == []
    assert report_of(semicolons[1], header=semicolons[0], delimiter=";").findings == mne.Findings([])
    refused = report_of(semicolons[1], header=semicolons[0], delimiter=",")
    assert told(refused) == [(None, None, "csv-delimiter-mismatch", "blocker")]
    assert (refused.findings[0].found, refused.findings[0].expected) == ("semicolon", "comma")
    with pytest.raises(OptionError, match="delimiter"):
        report_of(ROW, delimiter="x")


def test_a_first_line_that_states_another_delimiter_is_refused():
    assert [each[2] for each in told(report_of(HEADER, ROW, header="sep=;"))] == ["csv-delimiter-mismatch"]
    assert told(report_of(HEADER, ROW, header="sep=,")) == []


def test_an_agreed_delimiter_reaches_processes_apart(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"{HEADER}\n{ROW}\n")
    found = read(tmp_path, plan(), delimiter=";", jobs=2)
    assert [each.code for each in found.findings] == ["csv-delimiter-mismatch"] * 2


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2023-12-31T19:00:00Z", "2024-01-01"),  # Dushanbe
        ("2023-12-31T18:30:00.000Z", "2024-01-01"),  # Delhi
        ("2024-01-01T05:00:00Z", "2024-01-01"),  # New York
        ("2023-12-31 18:00:00-05:00", "2024-01-01"),  # Paris, told in New York
        ("2024-01-01T11:00:00Z", "2024-01-01"),  # either side of the date line: as it stands
        ("2023-12-31T17:12:00Z", "2023-12-31"),
        ("2023-12-31T23:59:59Z", "2023-12-31"),
        ("2023-12-31T14:30:00Z", "2023-12-31"),
    ],
)
def test_a_day_moved_into_another_zone_is_moved_back_and_said(text, meant):
    answer = day(text)
    assert (answer.value, answer.code) == (dt.date.fromisoformat(meant), "date-has-time")
    stamp = dt.datetime.fromisoformat(text)
    assert typed_day(stamp).value == dt.date.fromisoformat(meant)
    assert typed_day(stamp, moment=True).value == stamp.date()
    assert day(text, moment=True).value == stamp.date()


def test_midnight_in_its_own_zone_is_that_day():
    assert day("2024-03-31T00:00:00+05:00").value == dt.date(2024, 3, 31)


@pytest.mark.parametrize("value", ["x", "#DIV/0!", "inf"])
def test_a_share_that_cannot_be_read_costs_nothing_beside_its_parts(value):
    report = report_of(f"OC1.2,ORG-A,LOC-01,{DAYS},,,{value},percent,91,200")
    assert [each[3] for each in told(report)] == ["warning"]
    assert report.counts.accepted == 1
    assert report_of(f"OC1.2,ORG-A,LOC-01,{DAYS},,,{value},percent,91,").counts.accepted == 0
    assert report_of(f"OC1.1,ORG-A,LOC-01,{DAYS},,,{value},person,91,200").counts.accepted == 0


def test_decimals_of_a_declared_type_are_told_and_count():
    rows = {
        "indicator": ["OC1.1"],
        "period_start": [dt.date(2024, 1, 1)],
        "period_end": [dt.date(2024, 6, 30)],
        "partner": ["ORG-A"],
    }
    declared = mne.validate(pl.DataFrame({**rows, "value": [Decimal("120.1")]}), plan())
    assert [(each.code, str(each.level)) for each in declared.findings.of("number-fraction-in-count")] == [
        ("number-fraction-in-count", "info")
    ]
    assert declared.counts.accepted == 1
    assert mne.validate(pl.DataFrame({**rows, "value": [120.1]}), plan()).counts.held == 1
    # Our own table is of decimals whatever was reported: it declares nothing.
    assert mne.validate(declared.observations, plan()).counts.held == 1


TOTALS = (ROW, f"OC1.1,ORG-A,LOC-01,{DAYS},M,18+,95,person,,", f"OC1.1,ORG-A,LOC-01,{DAYS},,,300,person,,")


def test_a_total_that_the_project_calls_an_error_is_held_with_its_parts():
    report = report_of(*TOTALS)
    assert told(report) == [(4, "value", "total-mismatch", "error")]
    assert (report.counts.accepted, report.counts.held) == (0, 3)
    lenient = plan().model_copy(update={"severities": {}})
    assert report_of(*TOTALS, logframe=lenient).counts.held == 0


def test_days_that_straddle_those_of_other_rows_are_told():
    other = "OC1.1,ORG-A,LOC-02,2024-03-01,2024-08-31,F,18+,120,person,,"
    within = "OC1.1,ORG-A,LOC-03,2024-02-01,2024-03-31,F,18+,120,person,,"
    assert told(report_of(ROW, other)) == [(3, "period_end", "period-overlap", "warning")]
    assert told(report_of(ROW, within)) == []
    assert told(report_of(ROW, within, other)) == [(4, "period_end", "period-overlap", "warning")]


@pytest.mark.parametrize(
    ("text", "other"),
    [("NO", "false"), ("on", "true"), ("010", "8"), ("1:20", "80"), ("1.10", "1.1"), ("=", "an error"), ("2024-01-01", "a date"),
     ("0x1F", "31"), ("1_000", "1000"), ("+1", "1"), ("1.1", None), ("7", None), ("OC1.1", None), ("1.1.1", None), ("A-1", None)],
)  # fmt: skip
def test_what_other_readers_make_of_a_code(text, other):
    assert read_by_others(text) == other
    source = f"""
id: P1
title: P
start: 2024-01-01
end: 2024-12-31
results:
  - {{id: R, level: outcome, title: R, indicators: [{{id: {text}, title: I, measure: number, accumulation: flow}}]}}
"""
    found, findings = from_text(source)
    assert found is not None
    assert text in found.indicators
    assert [each.found for each in findings.of("yaml-implicit-type")] == ([text] if other else [])
    assert not from_text(source.replace(f"id: {text}", f'id: "{text}"'))[1].of("yaml-implicit-type")


def test_a_target_at_the_baseline_is_an_error_unless_the_plan_says_otherwise():
    source = """
id: P1
title: P
start: 2024-01-01
end: 2024-12-31
SEVERITIES
results:
  - id: R
    level: outcome
    title: R
    indicators:
      - {id: I, title: I, measure: number, accumulation: level, baseline: {value: 5}, targets: [TARGETS]}
"""
    one = "{period: 2024-Q4, value: 5}"

    def level(severities, targets):
        text = source.replace("SEVERITIES", severities).replace("TARGETS", targets)
        return [str(each.level) for each in from_text(text)[1].of("logframe-target-equals-baseline")]

    assert level("", one) == ["error"]
    assert level("", f"{one}, {{period: 2024-Q3, value: 9}}") == ["warning"]
    assert level("severities: {logframe-target-equals-baseline: warning}", one) == ["warning"]


def test_whole_numbers_beyond_64_bits_are_refused():
    report = report_of(ROW.replace("120", "9223372036854775808"), logframe=corpus_plan())
    assert [each[2] for each in told(report)] == ["number-out-of-range"]
