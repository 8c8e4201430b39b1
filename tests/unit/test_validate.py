"""The whole of `validate`: what it accepts and holds, what it answers, and what its options change."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

import pandas as pd
import polars as pl
import pytest

from mne.errors import LogframeError, OptionError, ReadError
from mne.ground.catalogue import CODES, Severity
from mne.reports.report import ValidationReport, Verdict
from mne.reports.rules import RULES
from mne.reports.validate import validate
from mne.tables.observations import Observations
from tests.builders import plan_of

PEOPLE: Final[dict[str, Any]] = {
    "id": "I",
    "title": "People trained",
    "measure": "number",
    "unit": "person",
    "accumulation": "flow",
    "disaggregation": [{"dimensions": ["sex"]}],
}
HEADER: Final = "Indicator,Period,Partner,Sex,Value,Comment"


def report_of(*lines: str, plan: Any = None, name: str = "q1.csv", **options: Any) -> ValidationReport:
    content = "\n".join([HEADER, *lines]) + "\n"
    return validate((name, content.encode()), plan or plan_of(PEOPLE), trusted=True, **options)


def codes(report: ValidationReport) -> list[str]:
    return sorted(finding.code for finding in report.findings)


# ---------------------------------------------------------------------------------------------------- what it answers


def test_a_sound_report_is_accepted_and_says_what_was_checked() -> None:
    report = report_of("I,2025-Q1,A,,75,", "I,2025-Q1,A,F,45,", "I,2025-Q1,A,M,30,")
    assert (report.verdict, report.ok, codes(report)) == (Verdict.ACCEPT, True, [])
    assert {each.code for each in report.checked} == {rule.code for rule in RULES}
    assert len(report.checked) == len({each.code for each in report.checked})
    assert {each.findings for each in report.checked} == {0}
    assert sum(each.rows for each in report.checked) > 0


def test_a_doubt_is_a_note_and_holds_nothing() -> None:
    plan = plan_of({**PEOPLE, "reachable": 50})
    report = report_of("I,2025-Q1,A,,75,", plan=plan)
    assert (report.verdict, report.ok, len(report.held)) == (Verdict.ACCEPT_WITH_NOTES, True, 0)
    assert [(finding.code, finding.place.header, finding.found) for finding in report.findings] == [
        ("value-over-reachable", "Value", "75")
    ]


def test_an_error_sends_the_report_back_and_keeps_the_other_rows() -> None:
    report = report_of("I,2025-Q1,A,,-5,", "I,2025-Q2,A,,7,")
    assert (report.verdict, report.ok) == (Verdict.SEND_BACK, False)
    assert [str(value) for value in report.observations.to_pandas(numbers="decimal")["value"]] == ["7.000000000"]
    assert (report.counts.rows, report.counts.accepted, report.counts.held, report.counts.ignored) == (2, 1, 1, 0)


def test_parts_and_total_that_disagree_are_both_kept() -> None:
    report = report_of("I,2025-Q1,A,,85,", "I,2025-Q1,A,F,45,", "I,2025-Q1,A,M,30,")
    assert (report.verdict, report.counts.accepted, report.counts.held) == (Verdict.SEND_BACK, 3, 0)
    assert codes(report) == ["total-mismatch"]


def test_blank_rows_are_ignored_and_counted() -> None:
    report = report_of("I,2025-Q1,A,,5,", ",,,,,", "I,2025-Q2,A,,-1,")
    counts = report.counts
    assert (counts.rows, counts.accepted, counts.held, counts.ignored) == (3, 1, 1, 1)


def test_a_file_that_cannot_be_read_is_a_finding() -> None:
    report = validate(("q1.csv", b""), plan_of(PEOPLE), trusted=True)
    assert (report.verdict, codes(report), report.counts.rows) == (Verdict.SEND_BACK, ["file-empty"], 0)
    assert [source.refused for source in report.sources] == [True]


def test_held_rows_keep_the_partners_own_words_with_their_places_and_codes() -> None:
    report = report_of("I,2025-Q1,A,,-5,corrected later", "X9,2025-Q1,A,,about 7,", "I,2025-Q2,A,,7,")
    held = report.held.to_pandas()
    assert list(held["row"]) == [2, 3]
    assert list(held["Value"]) == ["-5", "about 7"]
    assert held["Comment"][0] == "corrected later"
    assert held["codes"][0] == "value-negative"


def test_a_header_named_as_our_own_column_is_kept_beside_it() -> None:
    content = b"Indicator,Period,Value,codes\nI,2025-Q1,-5,mine\n"
    held = validate(("q1.csv", content), plan_of(PEOPLE), trusted=True).held.to_polars()
    assert (held["codes"][0], held["codes (as written)"][0]) == ("value-negative", "mine")


def test_who_reported_what_is_counted_by_partner_and_period() -> None:
    report = report_of("I,2025-Q1,A,,5,", "I,2025-Q1,B,,-5,", "I,2025-Q2,A,,7,")
    assert report.by_partner_and_period.rows() == [
        ("A", "2025-Q1", 1, 0),
        ("A", "2025-Q2", 1, 0),
        ("B", "2025-Q1", 0, 1),
    ]


def test_reports_of_several_sources_are_judged_together() -> None:
    plan = plan_of({**PEOPLE, "accumulation": "running_total"})
    first, second = ((f"q{n}.csv", f"{HEADER}\nI,2025-Q{n},A,,{value},\n".encode()) for n, value in ((1, 50), (2, 40)))
    report = validate([second, first], plan, trusted=True)
    assert [(finding.code, finding.place.file) for finding in report.findings] == [("cumulative-decrease", "q2.csv")]
    assert [place.file for place in report.findings[0].related] == ["q1.csv"]
    assert not validate([second], plan, trusted=True).findings


# ------------------------------------------------------------------------------------------------------- its options


def test_findings_can_be_chosen_by_code_and_by_group() -> None:
    lines = ("I,2025-Q1,A,,-5,", "I,2025-Q2,A,,1.5,", "X9,2025-Q1,A,,7,")
    whole = report_of(*lines)
    assert set(codes(whole)) == {"value-negative", "number-fraction-in-count", "ref-unknown-indicator"}
    assert codes(report_of(*lines, select=["value-negative"])) == ["value-negative"]
    assert codes(report_of(*lines, select=["value-", "ref"])) == ["ref-unknown-indicator", "value-negative"]
    assert codes(report_of(*lines, ignore=["number-"])) == ["ref-unknown-indicator", "value-negative"]


def test_what_is_not_shown_still_holds_and_still_sends_back() -> None:
    report = report_of("I,2025-Q1,A,,-5,", "I,2025-Q2,A,,7,", ignore=["value-negative"])
    assert (codes(report), report.counts.held, report.verdict) == ([], 1, Verdict.SEND_BACK)
    assert dict(report.hidden.codes) == {"value-negative": 1}
    assert list(report.held.to_pandas()["codes"]) == ["value-negative"]


def test_what_is_ignored_and_holds_nothing_is_no_reason_to_send_back() -> None:
    lines = ("I,2025-Q1,A,,85,", "I,2025-Q1,A,F,45,", "I,2025-Q1,A,M,30,")
    assert report_of(*lines, ignore=["total-mismatch"]).verdict is Verdict.ACCEPT


@pytest.mark.parametrize("option", ["select", "ignore"])
def test_a_code_that_there_is_not_is_refused_with_the_nearest(option: str) -> None:
    with pytest.raises(OptionError, match="number-ambiguous"):
        report_of("I,2025-Q1,A,,5,", **{option: ["number-ambigous"]})
    with pytest.raises(OptionError, match="list"):
        report_of("I,2025-Q1,A,,5,", **{option: "number-ambiguous"})


@pytest.mark.parametrize(
    "options", [{"default_status": "final"}, {"partner": "Z"}, {"period": "Round 3"}, {"plan": 7}], ids=str
)
def test_an_option_that_makes_no_sense_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        report_of("I,2025-Q1,A,,5,", **options)


def test_a_source_that_is_none_is_refused() -> None:
    with pytest.raises(OptionError):
        validate(42, plan_of(PEOPLE))


def test_the_plan_may_be_a_path(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    plan_of(PEOPLE).save(path)
    assert report_of("I,2025-Q1,A,,5,", plan=path).counts.accepted == 1
    with pytest.raises(ReadError):
        report_of("I,2025-Q1,A,,5,", plan=tmp_path / "none.yaml")
    path.write_text("id: [", "utf-8")
    with pytest.raises(LogframeError):
        report_of("I,2025-Q1,A,,5,", plan=path)


def test_a_project_may_weigh_a_finding_otherwise() -> None:
    plan = plan_of({**PEOPLE, "reachable": 50}, severities={"value-over-reachable": "error"})
    report = report_of("I,2025-Q1,A,,75,", plan=plan)
    assert [finding.level for finding in report.findings] == [Severity.ERROR]
    assert (report.verdict, report.counts.held) == (Verdict.SEND_BACK, 0)


def test_no_clock_is_asked_what_day_it_is() -> None:
    plan = plan_of(PEOPLE, end="2100-12-31")
    line = "I,2099-Q4,A,,5,"
    assert codes(report_of(line, plan=plan)) == []
    assert codes(report_of(line, plan=plan, today=dt.date(2099, 9, 30))) == ["period-future"]


def test_partner_period_and_status_come_from_the_caller_where_the_file_is_silent() -> None:
    content = b"Indicator,Value\nI,5\n"
    report = validate(
        ("q1.csv", content), plan_of(PEOPLE), partner="A", period="2025-Q1", default_status="draft", trusted=True
    )
    row = report.observations.to_polars().row(0, named=True)
    assert (row["partner"], row["period"], row["status"]) == ("A", "2025-Q1", "draft")
    assert codes(report) == ["report-not-counted"]


def test_progress_is_told_of_every_source() -> None:
    seen: list[tuple[int, int, str]] = []
    files = [(f"q{n}.csv", f"{HEADER}\nI,2025-Q{n},A,,{n}0,\n".encode()) for n in (1, 2)]
    validate(files, plan_of(PEOPLE), trusted=True, progress=lambda done, total, name: seen.append((done, total, name)))
    assert seen == [(1, 2, "q1.csv"), (2, 2, "q2.csv")]


# --------------------------------------------------------------------------------------------------- what it hands on


def test_it_takes_frames_and_its_own_observations() -> None:
    frame = pd.DataFrame(
        {"indicator": ["I", "I"], "period": ["2025-Q1", "2025-Q2"], "partner": ["A", "A"], "value": [5, 7]}
    )
    before = frame.copy(deep=True)
    report = validate(frame, plan_of(PEOPLE))
    pd.testing.assert_frame_equal(frame, before)
    assert report.counts.accepted == 2
    again = validate(report.observations, plan_of(PEOPLE))
    assert (again.counts.accepted, again.counts.held) == (2, 0)
    assert isinstance(again.observations, Observations)


def test_it_turns_into_plain_data_and_tables() -> None:
    report = report_of("I,2025-Q1,A,,-5,", "I,2025-Q2,A,,7,")
    told = json.loads(report.to_json())
    assert told == json.loads(json.dumps(report.to_dict(), default=str))
    assert (told["format"], told["logframe"], told["verdict"], told["ok"]) == (1, "P", "send back", False)
    assert told["counts"] == {"rows": 2, "accepted": 1, "held": 1, "ignored": 0, "compared": 0}
    assert told["codes"] == {"value-negative": 1}
    assert told["held"][0]["Value"] == "-5"
    assert {each["code"] for each in told["checked"]} <= set(CODES)
    assert list(report.to_pandas()["code"]) == ["value-negative"]
    assert isinstance(report.held.to_polars(), pl.DataFrame)


@pytest.mark.parametrize("ending", ["html", "json", "csv", "md"])
def test_it_can_be_saved(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"report.{ending}"
    report_of("I,2025-Q1,A,,-5,").save(path)
    assert "value-negative" in path.read_text("utf-8")


def test_a_line_says_what_came_of_it() -> None:
    told = repr(report_of("I,2025-Q1,A,,-5,", "I,2025-Q2,A,,7,"))
    assert "\n" not in told
    assert all(words in told for words in ("send back", "1 of 2", "1 held", "1 error"))
    assert "Value" in report_of("I,2025-Q1,A,,-5,")._repr_html_()


@pytest.mark.parametrize(
    "lines",
    [
        ("I,2025-Q1,A,,5,", "I,2025-Q1,A,,5,"),
        ("I,2025-Q1,A,,9999999999999999999,",),
        ("I,2025-Q1,A,,0.000000001,",),
        ("I,2025-Q1,A,,1e400,",),
        (",,,,5,",),
        ("I,,,,,",),
        ("I,2025-Q1,A,F,5,", "I,2025-Q1,A,F,6,", "I,2025-Q1,A,F,7,"),
        ("\x00,\u202e,\ufeff,=1+1,{0},%s",),
        ("{0},{value},{found},{expected},{},{indicator}",),
    ],
    ids=range(9),
)
def test_nothing_that_a_partner_writes_raises(lines: tuple[str, ...]) -> None:
    report = report_of(*lines)
    counts = report.counts
    assert counts.rows == counts.accepted + counts.held + counts.ignored
    assert all(finding.message and finding.hint is not None for finding in report.findings)
