"""Results in IATI activity files: what becomes a row, how it is matched with the plan, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

import mne
from tests.corpus.meeting import plan


def activity(
    actuals='<actual value="120"/>',
    *,
    identifier="XX-P1",
    title="People",
    extra="",
    locations="",
    reporter="Org",
    baselines="",
):
    return f"""<iati-activity>
<iati-identifier>{identifier}</iati-identifier><reporting-org ref="XX"><narrative>{reporter}</narrative></reporting-org>
<title><narrative>Demo</narrative></title>{locations}
<result type="2"><title><narrative>Outcome</narrative></title>
<indicator measure="1">{extra}<title><narrative>{title}</narrative></title>{baselines}
<period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-06-30"/><target value="500"/>
{actuals}
</period></indicator></result></iati-activity>"""


def document(*activities, version='version="2.03"', head=""):
    return f"{head}<iati-activities {version}>{''.join(activities)}</iati-activities>".encode()


def report_of(data, **options):
    return mne.validate(("r.xml", data), plan(), **options)


def rows(report):
    return report.observations.to_polars().to_dicts()


def codes(report):
    return {each.code for each in report.findings.at_least("warning")}


def test_an_actual_value_is_a_row_at_its_line():
    report = report_of(
        document(activity('<actual value="120"><comment><narrative>by phone</narrative></comment></actual>'))
    )
    (row,) = rows(report)
    assert codes(report) == set()
    assert (row["indicator"], row["value"], row["comment"]) == ("OC1.5", 120, "by phone")
    assert (row["period_start"], row["period_end"]) == (dt.date(2024, 1, 1), dt.date(2024, 6, 30))
    assert (row["partner"], row["location"], row["category"], row["source_row"]) == ("_T", "_T", "_T", 7)


def test_an_indicator_is_known_by_its_reference_before_its_title():
    report = report_of(document(activity(title="Whatever", extra='<reference vocabulary="99" code="OC1.3"/>')))
    assert [row["indicator"] for row in rows(report)] == ["OC1.3"]
    other = report_of(document(activity(title="Whatever", extra='<reference vocabulary="1" code="OC1.3"/>')))
    assert [(each.code, each.found) for each in other.findings.at_least("error")] == [
        ("ref-unknown-indicator", "Whatever")
    ]


def test_splits_places_and_the_partner_are_kept():
    places = '<location ref="X1"><name><narrative>Place 2</narrative></name></location>'
    actuals = '<actual value="7"><location ref="X1"/><dimension name="Sex" value="women"/><dimension name="age" value="18+"/></actual>'
    report = report_of(document(activity(actuals, title="People served", locations=places, reporter="Organisation A")))
    (row,) = rows(report)
    assert (row["category"], row["location"], row["partner"]) == ("sex=F|age=18+", "LOC-02", "ORG-A")
    assert codes(report) == set()


def test_the_caller_says_whose_report_it_is():
    report = report_of(document(activity()), partner="ORG-A")
    assert [row["partner"] for row in rows(report)] == ["ORG-A"]


@pytest.mark.parametrize(
    "actual",
    [
        '<actual value="1"><dimension name="shoe size" value="42"/></actual>',
        '<actual value="1"><dimension name="sex" value="F"/><dimension name="sex" value="M"/></actual>',
        '<actual value="1"><location ref="LOC-01"/><location ref="LOC-02"/></actual>',
        '<actual value="1"><location ref="elsewhere"/></actual>',
    ],
)
def test_what_the_plan_does_not_know_is_held_and_not_dropped(actual):
    report = report_of(document(activity(actual, title="People served")))
    assert (report.counts.accepted, report.counts.held) == (0, 1)


def test_empty_splits_and_places_are_none():
    report = report_of(document(activity('<actual value="1"><location ref=""/><dimension name="" value=""/></actual>')))
    assert [row["category"] for row in rows(report)] == ["_T"]


def test_other_activities_are_passed_over_and_said():
    report = report_of(document(activity(), activity(identifier="YY-P2"), activity(identifier="YY-P3")))
    assert report.counts.accepted == 1
    assert [each.found for each in report.findings.of("iati-other-activities")] == ["2"]
    only = report_of(document(activity(identifier="YY-P2")))
    assert codes(only) == {"file-other-logframe"}


def test_values_in_one_line_are_numbered_by_their_order():
    data = document(activity('<actual value="1"/>'), version='version="2.02"').replace(b"\n", b"")
    two = data.replace(b'<actual value="1"/>', b'<actual value="x"/><actual value="y"/>')
    report = report_of(two)
    assert [each.place.row for each in report.findings.of("number-invalid")] == [1, 2]


def test_contradicting_baselines_hold_what_is_measured_from_them():
    both = '<baseline year="2023" value="100"/><baseline year="2023" value="50"/>'
    report = report_of(document(activity(baselines=both)))
    assert report.held.to_polars()["codes"].to_list() == ["baseline-conflict"]
    split = '<baseline year="2023" value="100"/><baseline year="2023" value="50"><dimension name="sex" value="F"/></baseline>'
    assert report_of(document(activity(baselines=split))).counts.accepted == 1
    assert report_of(document(activity(baselines='<baseline year="2023" value="1"/>' * 2))).counts.accepted == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (document(version='version="1.05"'), "iati-version"),
        (document(activity(), version=""), "iati-version"),
        (document(activity(), activity()), "iati-duplicate-identifier"),
        (b"<rss/>", "iati-root"),
        (document(), "table-no-rows"),
        (document(activity(actuals="")), "table-no-rows"),
        (document(activity(), head="<!DOCTYPE a>"), "xml-doctype"),
        (document(activity())[:-9], "xml-malformed"),
        (b"<a:iati-activities/>", "xml-malformed"),
        (b"<r>" + b"<a/>" * 20_001 + b"</r>", "limit-elements"),
        (b"<a>" * 70 + b"</a>" * 70, "limit-depth"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding-unknown"),
        (b"indicator,period,value", "file-type-mismatch"),
        ('<a b="é"/>'.encode("latin-1"), "encoding-not-utf8"),
    ],
)
def test_what_is_refused(data, code):
    report = report_of(data)
    assert [(each.code, str(each.level)) for each in report.findings.at_least("blocker")] == [(code, "blocker")]
    assert report.counts.accepted == report.counts.held == 0


def test_a_known_old_encoding_that_is_declared_is_read_and_said():
    data = document(activity(), head='<?xml version="1.0" encoding="windows-1251"?>').decode().replace("Demo", "Проект")
    report = report_of(data.encode("cp1251"))
    assert report.counts.accepted == 1
    assert [str(each.level) for each in report.findings.of("encoding-not-utf8")] == ["info"]


def test_an_instruction_is_told_once():
    report = report_of(document(activity(), head="<?a b?><?c d?>"))
    assert [each.found for each in report.findings.of("xml-processing-instruction")] == ["a"]
