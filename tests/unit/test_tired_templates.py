"""Slips of a tired hand in a filled-in template, of which nothing was told, or not what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

import mne
from tests.builders import plan_of

FLOW: dict[str, Any] = {"id": "A", "title": "A", "measure": "number", "accumulation": "flow", "unit": "kg"}
ASKED: dict[str, Any] = {**FLOW, "assignments": [{"partner": "A", "locations": ["N"]}]}
QUARTERS = [f"{year}-Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]


def sent(values: Sequence[Any], **columns: Any) -> pd.DataFrame:
    """One indicator of one partner and place, quarter by quarter."""
    rows = {"indicator": "A", "period": QUARTERS[: len(values)], "partner": "A", "location": "N", "value": values}
    told = {**rows, **columns}
    return pd.DataFrame({name: each if isinstance(each, list) else [each] * len(values) for name, each in told.items()})


def told(source: Any, plan: mne.Logframe, code: str, **options: Any) -> list[tuple[str, str, str | None]]:
    findings = mne.validate(source, plan, **options).findings.of(code)
    return [(each.found, each.expected, each.suggestion) for each in findings]


# ------------------------------------------------------------------------------------------ not due, where it is due


@pytest.mark.parametrize("column", ["state", "value"])
def test_what_is_called_not_due_and_is_due_is_told_with_how_often_the_plan_asks_for_it(column: str) -> None:
    cells = {"value": [12, None], "state": [None, None]} | {column: [12 if column == "value" else None, "not due"]}
    report = mne.validate(sent([0, 0]).assign(**cells), plan_of(ASKED))
    (finding,) = report.findings.of("state-not-due")
    assert (finding.level, finding.place.header, finding.place.period) == ("warning", column, "2025-Q2")
    assert str(finding.expected).endswith("the plan asks for one every quarter")
    assert finding.in_language("ru").expected.endswith("каждый квартал")
    assert report.counts.accepted == 2


@pytest.mark.parametrize(
    ("often", "period", "words"),
    [("annual", "2025", "every year"), ("semiannual", "2025-S1", "every half-year"), ("monthly", "2025-03", "month")],
)
def test_a_period_is_as_long_as_the_plan_has_it(often: str, period: str, words: str) -> None:
    source = sent([None], state="not due", period=period)
    ((_, expected, _),) = told(source, plan_of({**ASKED, "frequency": often}), "state-not-due")
    assert words in expected


def test_a_figure_for_all_places_is_due_as_well() -> None:
    assert len(told(sent([None], state="not due", location=None), plan_of(ASKED), "state-not-due")) == 1


@pytest.mark.parametrize(
    ("more", "columns"),
    [
        ({"frequency": "semiannual"}, {}),
        ({"frequency": "annual"}, {}),
        ({"assignments": [{"partner": "A", "locations": ["S"]}]}, {}),
        ({"assignments": [{"partner": "B", "locations": ["N"]}]}, {}),
        ({"assignments": [{"partner": "A", "locations": ["N"], "since": "2025-04-01"}]}, {}),
        ({"assignments": []}, {}),
        ({}, {"reported_on": "2025-03-31"}),
        ({}, {"state": "not applicable"}),
        ({}, {"state": "n/a"}),
    ],
)
def test_what_is_really_not_due_is_left_alone(more: dict[str, Any], columns: dict[str, Any]) -> None:
    source = sent([None], **{"state": "not due", **columns})
    assert not told(source, plan_of({**ASKED, **more}), "state-not-due")


def test_a_figure_that_came_later_settles_what_was_called_not_due() -> None:
    source = sent([None, 12], state=["not due", None], period="2025-Q1", revision=[0, 1])
    assert not told(source, plan_of(ASKED), "state-not-due")


# ------------------------------------------------------------------------------------------------ decimals in a count

SHARE: dict[str, Any] = {"id": "A", "title": "A", "measure": "percentage", "unit": "percent", "accumulation": "flow",
                         "disaggregation": [{"dimensions": ["sex"]}]}  # fmt: skip


def parts(*rows: tuple[str, str, Any, Any]) -> pd.DataFrame:
    """A share of one partner: quarter, category, numerator and denominator of each row."""
    names = ("period", "category", "numerator", "denominator")
    return pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows]).assign(indicator="A", partner="A")


EARLIER = [("2025-Q1", "", 218, 296), ("2025-Q1", "sex=F", 121, 150), ("2025-Q1", "sex=M", 97, 146)]
LIKE_SHARE = "a whole number, as in the other rows; this looks like the finished share ({})"


@pytest.mark.parametrize(
    ("numerator", "denominator", "count"),
    [(81.8, 148, 121), (81.76, 148, 121), (0.818, 148, 121), (66.7, 90, 60), (33.3, 1500, 500)],
)
def test_a_finished_share_in_the_place_of_a_count_is_told_with_the_count(
    numerator: float, denominator: int, count: int
) -> None:
    source = parts(*EARLIER, ("2025-Q2", "sex=F", numerator, denominator))
    report = mne.validate(source, plan_of(SHARE))
    (finding,) = report.findings.of("number-fraction-in-count")
    assert (finding.level, finding.place.header, finding.found) == ("error", "numerator", str(numerator))
    assert (finding.expected, finding.suggestion) == (LIKE_SHARE.format(f"{count} of {denominator}"), str(count))
    assert report.counts.held == 1


def test_decimals_that_are_no_share_are_asked_about_in_either_number() -> None:
    for odd, at in (((81.3, 148), "numerator"), ((121, 148.5), "denominator")):
        report = mne.validate(parts(*EARLIER, ("2025-Q2", "sex=F", *odd)), plan_of(SHARE))
        (finding,) = report.findings.of("number-fraction-in-count")
        assert (finding.level, finding.place.header, finding.suggestion) == ("warning", at, None)
        assert report.counts.held == 0


def test_the_rows_beside_it_tell_that_these_are_counts_where_there_is_no_report_before() -> None:
    source = parts(("2025-Q1", "", 234, 289), ("2025-Q1", "sex=F", 81.8, 148), ("2025-Q1", "sex=M", 113, 141))
    report = mne.validate(source, plan_of(SHARE))
    assert [each.suggestion for each in report.findings.of("number-fraction-in-count")] == ["121"]
    # The sum is wrong for it, which is told as well.
    assert len(report.findings.of("total-mismatch")) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [*EARLIER, ("2025-Q2", "sex=F", "81.0", 148)],
        [("2025-Q1", "", 200.5, 300), ("2025-Q2", "", 210, 300), ("2025-Q3", "", 81.8, 148)],
        [("2025-Q1", "", 200, 300), ("2025-Q2", "", 81.8, 148)],
        [("2025-Q1", "", 234, 289), ("2025-Q1", "sex=F", 81.8, 148), ("2025-Q1", "sex=M", 80.1, 141)],
        [("2025-Q1", "", 120000, 400000), ("2025-Q2", "", 150000, 400000), ("2025-Q3", "", 160000.5, 7)],
    ],
)
def test_decimals_among_figures_that_may_have_some_are_left_alone(rows: list[tuple[str, str, Any, Any]]) -> None:
    plan = plan_of({**SHARE, "targets": [{"period": "2026-Q4", "value": 120}]})
    assert not mne.validate(parts(*rows), plan).findings.of("number-fraction-in-count")


# --------------------------------------------------------------------------------------------- thousands and millions


@pytest.mark.parametrize(
    ("values", "found", "meant", "words"),
    [
        ([1400000, 1500000, 1600000, 1650], "1650", "1650000", "thousands of the unit"),
        ([1400000, 1450000, 1500000, 1520000, 1600000, 1580000, 1550000, 1650], "1650", "1650000", "thousands"),
        ([1400000, 1500000, 1600000, 1.65], "1.65", "1650000", "millions of the unit"),
        ([1400, 1500, 1600, 1650000], "1650000", "1650", "thousandths of the unit"),
        ([1.4, 1.5, 1.6, 1650000], "1650000", "1.65", "millionths of the unit"),
    ],
)
def test_a_figure_in_thousands_of_its_unit_is_told_as_such(
    values: list[float], found: str, meant: str, words: str
) -> None:
    ((there, expected, suggestion),) = told(sent(values), plan_of(FLOW), "value-outlier")
    assert (there, suggestion) == (found, meant)
    assert words in expected


@pytest.mark.parametrize(
    "values",
    [[1400000, 1500000, 1600000, 16000], [1400000, 1500000, 1600000, 3400], [1400000, 1500000, 1600000, 600]],
)
def test_what_the_others_do_not_lie_about_is_no_figure_in_thousands(values: list[int]) -> None:
    ((_, expected, suggestion),) = told(sent(values), plan_of(FLOW), "value-outlier")
    assert suggestion is None
    assert expected == "about 1500000, as in its other figures"


# --------------------------------------------------------------------------------- the scale written as a denominator

RATE: dict[str, Any] = {"id": "A", "title": "A", "measure": "ratio", "accumulation": "flow", "per": 1000}


def over(*denominators: int, numerator: int = 2) -> pd.DataFrame:
    return sent([None] * len(denominators), numerator=numerator, denominator=list(denominators), location=None)


@pytest.mark.parametrize(
    ("indicator", "denominators", "usual"),
    [
        (RATE, [380, 410, 1000], "395"),
        (RATE, [380, 1000, 410], "395"),
        (RATE, [1000, 380, 410], "395"),
        (RATE, [300, 330, 350, 310, 380, 410, 1000], "340"),
        (SHARE, [289, 320, 301, 100], "301"),
        (SHARE, [22, 25, 23, 100], "23"),
    ],
)
def test_the_scale_of_an_indicator_in_the_place_of_its_denominator_is_told(
    indicator: dict[str, Any], denominators: list[int], usual: str
) -> None:
    report = mne.validate(over(*denominators), plan_of(indicator))
    (finding,) = report.findings.of("value-outlier")
    scale = indicator.get("per", 100)
    assert (finding.place.header, finding.found) == ("denominator", str(scale))
    assert f"about {usual} as in its other figures: the plan's {scale} is applied later" in finding.expected


@pytest.mark.parametrize(
    ("indicator", "denominators"),
    [
        (RATE, [380, 1000]),
        (RATE, [380, 1000, 1000]),
        (RATE, [900, 1100, 1000]),
        (RATE, [980, 400, 1000]),
        (RATE, [250, 500, 1000]),
        (RATE, [380, 410, 999]),
        (SHARE, [400, 200, 100]),
        (SHARE, [100, 230, 260]),
        (SHARE, [130, 140, 100]),
        ({**RATE, "per": 1}, [5, 6, 1]),
    ],
)
def test_a_hundred_or_a_thousand_that_may_be_counted_is_left_alone(
    indicator: dict[str, Any], denominators: list[int]
) -> None:
    report = mne.validate(over(*denominators, numerator=1), plan_of(indicator))
    assert not [each for each in report.findings.of("value-outlier") if "applied later" in str(each.expected)]


# ------------------------------------------------------------------------------ the denominator of the whole in a part


def by_sex(men: tuple[int, int]) -> pd.DataFrame:
    """Seven quarters of a share by sex, of which the last has these men."""
    rows: list[tuple[str, str, Any, Any]] = []
    for at, period in enumerate(QUARTERS[:7]):
        women, others = (150 + at, 200 + at), men if at == 6 else (130 + at, 170 + at)
        whole = (women[0] + others[0], 376)
        rows += [(period, "sex=F", *women), (period, "sex=M", *others)]
        rows.append((period, "", *(whole if at == 6 else (whole[0], women[1] + others[1]))))
    return parts(*rows)


def test_the_denominator_of_the_whole_in_a_part_is_told_there_with_what_is_left_for_it() -> None:
    report = mne.validate(by_sex((140, 376)), plan_of(SHARE))
    (finding,) = report.findings.of("value-outlier")
    assert (finding.place.header, finding.place.category, finding.found) == ("denominator", "sex=M", "376")
    assert (finding.suggestion, len(finding.related)) == ("170", 1)
    assert len(report.findings.of("total-mismatch")) == 1


def test_another_wrong_denominator_is_told_at_the_share() -> None:
    report = mne.validate(by_sex((140, 377)), plan_of(SHARE))
    assert [(each.place.header, each.suggestion) for each in report.findings.of("value-outlier")] == [
        ("numerator", None)
    ]
