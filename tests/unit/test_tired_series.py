"""What figures beside each other tell of a tired hand: a zero too many, numbers swapped, another year, a copy."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pandas as pd
import pytest

import mne
from tests.builders import plan_of

FLOW: dict[str, Any] = {"id": "A", "title": "A", "measure": "number", "accumulation": "flow", "unit": "kg"}
PEOPLE: dict[str, Any] = {**FLOW, "unit": "person"}
QUARTERS = [f"{year}-Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]


def sent(values: Sequence[Any], **columns: Any) -> pd.DataFrame:
    """One indicator quarter by quarter."""
    rows = {"indicator": "A", "period": QUARTERS[: len(values)], "partner": "A", "value": values, **columns}
    return pd.DataFrame({name: each if isinstance(each, list) else [each] * len(values) for name, each in rows.items()})


def told(source: Any, plan: mne.Logframe, code: str, **options: Any) -> list[tuple[str, str]]:
    return [(each.found, each.expected) for each in mne.validate(source, plan, **options).findings.of(code)]


@pytest.mark.parametrize(
    ("values", "unit", "found", "usual"),
    [
        ([180, 190, 185, 1750], "kg", "1750", "185"),
        ([180, 190, 18000, 185], "kg", "18000", "185"),
        ([180, 190, 17, 185], "kg", "17", "185"),
        ([2400000, 2600000, 260000, 2700000], "kg", "260000", "2600000"),
        ([600, 630, 6300000], "kg", "6300000", "615"),
        ([95, 90, 100, 950, 92, 97], "person", "950", "95"),
    ],
)
def test_a_zero_too_many_or_too_few_shows_among_few_figures(
    values: list[int], unit: str, found: str, usual: str
) -> None:
    plan = plan_of({**FLOW, "unit": unit})
    assert told(sent(values), plan, "value-outlier") == [(found, f"about {usual}, as in its other figures")]


@pytest.mark.parametrize(
    "values",
    [
        [600, 900, 1300, 1850],
        [2, 30],
        [2, 3, 30],
        [2, 30, 28, 33],
        [10, 150, 160, 155],
        [100, 0, 120, 110],
        [150, 300, 1300, 2600],
        [180, 190, 185, 1300],
        [180, 1800],
        [3, 40, 41, 38],
        [150, 160, 2, 155],
    ],
)
def test_what_really_grows_or_begins_small_is_left_alone(values: list[int]) -> None:
    assert not told(sent(values), plan_of(PEOPLE), "value-outlier")


def test_a_slip_of_the_unit_shows_beside_figures_in_another_unit() -> None:
    table = sent([0.19, 0.185, 0.18, 0.17], unit=["tonne", "tonne", "tonne", "kg"])
    words = "about 185, as in its other figures; it looks like thousands of the unit"
    assert told(table, plan_of(FLOW), "value-outlier") == [("0.17", words)]
    assert not told(table.assign(unit="tonne"), plan_of(FLOW), "value-outlier")


def test_a_part_is_held_against_the_parts_beside_it() -> None:
    split = {**PEOPLE, "disaggregation": [{"dimensions": ["sex"]}]}
    table = pd.DataFrame(
        {
            "indicator": "A",
            "partner": "A",
            "period": ["2025-Q1", "2025-Q1", "2025-Q2", "2025-Q2"],
            "category": ["sex=F", "sex=M", "sex=F", "sex=M"],
            "value": [128, 162, 154, 1840],
        }
    )
    assert told(table, plan_of(split), "value-outlier") == [("1840", "about 154, as in its other figures")]
    # A project for women has few men in every quarter.
    assert not told(table.assign(value=[128, 8, 154, 90]), plan_of(split), "value-outlier")
    assert not told(table.assign(value=[1280, 130, 1540, 120]), plan_of(split), "value-outlier")


def test_a_total_to_date_that_falls_is_told_once() -> None:
    plan = plan_of({**FLOW, "accumulation": "running_total"})
    report = mne.validate(sent([180, 190, 20, 210]), plan)
    assert report.findings.codes == {"cumulative-decrease": 1}
    assert told(sent([180, 190, 2000, 210]), plan, "value-outlier") == [("2000", "about 190, as in its other figures")]


SO_FAR: dict[str, Any] = {**PEOPLE, "accumulation": "running_total"}


@pytest.mark.parametrize(
    ("values", "found", "usual", "more"),
    [
        ([100, 200, 300, 400, 1500], "1500", "500", "100"),
        ([1000, 1120, 1230, 1350, 2550], "2550", "1470", "120"),
        ([100, 200, 310, 400, 520, 970], "970", "625", "105"),
        ([100, 200, 310, 400, 500, 600, 900], "900", "700", "100"),
        ([100, 200, 300, 1500, 1600, 1710], "1500", "400", "100"),
        ([100, 200, 310, 400, 490, 600, 700, 2900], "2900", "800", "100"),
        ([100, 200, 300, 400, None, 2400], "2400", "600", "100"),
        ([104903320, 104953320, 105003320, 105053320, 106053320], "106053320", "105100000", "50000"),
    ],
)
def test_a_total_to_date_that_leaps_is_told_by_what_it_grew(
    values: list[int | None], found: str, usual: str, more: str
) -> None:
    table = sent(values).dropna(subset=["value"])
    expected = f"about {usual}: it grew by about {more} in the other periods"
    assert told(table, plan_of(SO_FAR), "value-outlier") == [(found, expected)]


@pytest.mark.parametrize(
    "values",
    [
        [100, 200, 300, 1500],
        [100, 200, 300, 400, 1100],
        [100, 200, 300, 600, 3000],
        [100, 103, 106, 109, 200],
        [100, 200, 300, 400, 410],
        [100, 200, 200, 200, 200, 210, 600],
        [100, 200, 310, 400, None, None, 750],
        [100, 200, 310, 400, 490, 490, 490, 490],
    ],
)
def test_a_total_to_date_that_grows_unevenly_or_is_late_is_left_alone(values: list[int | None]) -> None:
    table = sent(values).dropna(subset=["value"])
    assert not told(table, plan_of(SO_FAR), "value-outlier")


def test_a_leap_of_a_total_is_told_once_whatever_else_could_tell_it() -> None:
    target = {**SO_FAR, "targets": [{"period": "2026-Q1", "value": 600}]}
    report = mne.validate(sent([100, 200, 300, 400, 15000]), plan_of(target))
    assert report.findings.codes["value-outlier"] == 1
    assert not told(
        sent([100, 200, 300, 400, 1500]), plan_of({**SO_FAR, "thresholds": {"outlier": 0}}), "value-outlier"
    )


def test_one_leap_is_no_total_to_date_and_neither_is_growth() -> None:
    plan = plan_of(FLOW)
    assert mne.validate(sent([150, 155, 162, 1840]), plan).findings.codes == {"value-outlier": 1}
    assert not mne.validate(sent([600, 900, 1300, 1850]), plan).findings.codes
    assert set(mne.validate(sent([10, 20, 30, 40]), plan).findings.codes) == {"flow-restates-total"}
    assert set(mne.validate(sent([10, 30, 60, 100]), plan).findings.codes) == {"flow-restates-total"}


def test_large_figures_are_told_without_a_stray_zero() -> None:
    values = [1200000, 1250000, 1300000, 130000, 1350000, 1300000, 1320000]
    assert told(sent(values), plan_of(FLOW), "value-outlier") == [("130000", "about 1300000, as in its other figures")]


def returned(indicator: dict[str, Any], last: Any, value: Any, *, stamped: bool = True, unit: str | None = None) -> Any:
    """A template that shows the last value, filled in with another; an older one has no copy of what it shows."""
    plan = plan_of({**indicator, "assignments": [{"partner": "A"}]})
    before = mne.validate(sent([last], **({"unit": unit} if unit else {})), plan).observations
    book = openpyxl.load_workbook(io.BytesIO(mne.template(plan, partner="A", period="2025-Q2", previous=before)))
    sheet = book["Report"]
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Value")
    row = next(cell.row for cells in sheet.iter_rows() for cell in cells if cell.value == "2025-Q2")
    sheet.cell(row, header.column).value = value
    if not stamped:
        hidden = book["_logframe"]
        for cells in hidden.iter_rows():
            if cells[0].value == "last":
                cells[0].value = None
    out = io.BytesIO()
    book.save(out)
    return ("q2.xlsx", out.getvalue()), plan


TO_DATE: dict[str, Any] = {**FLOW, "accumulation": "running_total"}


@pytest.mark.parametrize("stamped", [True, False])
def test_a_template_holds_a_figure_against_the_last_one_that_it_shows(stamped: bool) -> None:
    source, plan = returned(TO_DATE, 8, 7, stamped=stamped)
    assert told(source, plan, "cumulative-decrease") == [("7", "at least 8 (2025-Q1), as before")]
    # The report itself knows better than what was copied from it, as it may have been revised.
    assert not told([source, sent([6])], plan, "cumulative-decrease")
    assert len(told([source, sent([8])], plan, "cumulative-decrease")) == 1
    assert not mne.validate(*returned(TO_DATE, 8, 8, stamped=stamped)).findings.of("cumulative-decrease")
    source, plan = returned({**FLOW, "unit": "TJS", "measure": "currency"}, 1500, 150, stamped=stamped)
    assert told(source, plan, "value-outlier") == [("150", "about 1500 (2025-Q1), as in its other figures")]


def test_a_figure_in_units_beside_a_last_one_in_thousands() -> None:
    source, plan = returned(FLOW, "1500", 1600, unit="tonne")
    assert told(source, plan, "value-outlier") == [("1600", "about 1500 t (2025-Q1), as in its other figures")]
    assert not told(*returned(FLOW, "1500", 1600), "value-outlier")
    assert not told(*returned(PEOPLE, "2", 30), "value-outlier")


RATIO: dict[str, Any] = {"id": "A", "title": "A", "measure": "ratio", "accumulation": "flow", "per": 1000}


def ratios(*pairs: tuple[int, int]) -> pd.DataFrame:
    above, below = ([pair[at] for pair in pairs] for at in (0, 1))
    return sent([None] * len(pairs), numerator=above, denominator=below)


def test_numerator_and_denominator_that_changed_places_show_beside_the_others() -> None:
    plan = plan_of(RATIO)
    report = mne.validate(ratios((2, 330), (350, 3)), plan)
    (finding,) = report.findings.of("ratio-swapped")
    assert (finding.found, finding.expected, finding.level) == ("350 / 3", "3 / 350", "warning")
    assert finding.place.period == "2025-Q2"
    assert report.findings.codes == {"ratio-swapped": 1}
    assert told(ratios((2, 330), (3, 310), (290, 2), (4, 300)), plan, "ratio-swapped") == [("290 / 2", "2 / 290")]
    for honest in (((2, 330), (30, 340)), ((2, 300), (4, 3)), ((3, 4), (5, 4)), ((1, 9), (9, 1))):
        assert not told(ratios(*honest), plan, "ratio-swapped") or honest == ((1, 9), (9, 1))


def by_sex(*pairs: tuple[int, int], whole: bool = True) -> pd.DataFrame:
    """Women and men quarter by quarter, with their total."""
    rows = [
        {"indicator": "A", "partner": "A", "period": QUARTERS[at], "category": category, "value": value}
        for at, (women, men) in enumerate(pairs)
        for category, value in (("", women + men), ("sex=F", women), ("sex=M", men))
        if whole or category
    ]
    return pd.DataFrame(rows)


BY_SEX: dict[str, Any] = {**PEOPLE, "disaggregation": [{"dimensions": ["sex"]}]}


@pytest.mark.parametrize(
    ("pairs", "at"),
    [
        ([(250, 85), (262, 90), (275, 89), (88, 266)], 3),
        ([(85, 250), (90, 262), (89, 275), (266, 88)], 3),
        ([(250, 85), (262, 90), (275, 89), (88, 266), (270, 92)], 3),
        ([(250, 85), (262, 90), (275, 89), (266, 91), (255, 85), (88, 266)], 5),
        ([(250, 85), (262, 90), (275, 89), (266, 91), (255, 85), (268, 90), (261, 86), (88, 266)], 7),
        ([(1200, 700), (1260, 790), (1190, 720), (710, 1230)], 3),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_women_and_men_that_changed_places_are_told_once(pairs: list[tuple[int, int]], at: int, whole: bool) -> None:
    report = mne.validate(by_sex(*pairs, whole=whole), plan_of(BY_SEX))
    assert report.findings.codes == {"parts-swapped": 1}
    (finding,) = report.findings
    (other,) = finding.related
    women, men = pairs[at]
    assert (finding.found, finding.expected) == (f"women {women}, men {men}", f"women {men}, men {women}")
    assert (finding.place.category, other.category) == ("sex=F", "sex=M")
    assert (finding.place.period, finding.level) == (QUARTERS[at], "warning")
    assert report.counts.held == 0


@pytest.mark.parametrize(
    "pairs",
    [
        [(250, 85), (262, 90), (88, 266)],  # two reports say little
        [(88, 266), (250, 85), (262, 90), (275, 89)],  # as does what came after
        [(250, 85), (262, 90), (275, 89), (200, 230)],  # about as many
        [(250, 85), (262, 90), (275, 89), (50, 300)],  # far more men than there ever were women
        [(250, 85), (262, 150), (275, 60), (88, 266)],  # no usual proportion
        [(120, 85), (112, 90), (115, 89), (88, 116)],  # never clearly more
        [(15, 8), (14, 8), (16, 9), (8, 15)],  # chance among few
        [(250, 85), (262, 90), (275, 89), (88, 266), (90, 270)],  # since then it is so
        [(250, 85), (90, 262), (275, 89), (266, 88), (250, 86)],  # too early to tell
        [(250, 0), (262, 0), (275, 0), (0, 266)],  # nobody
    ],
)
def test_parts_that_may_well_be_so_are_left_alone(pairs: list[tuple[int, int]]) -> None:
    assert not told(by_sex(*pairs), plan_of(BY_SEX), "parts-swapped")


def test_totals_to_date_that_changed_places_do_not_fall_as_well() -> None:
    plan = plan_of({**BY_SEX, "accumulation": "running_total"})
    report = mne.validate(by_sex((250, 85), (512, 175), (787, 264), (355, 1053)), plan)
    assert report.findings.codes == {"parts-swapped": 1}


def test_parts_of_which_people_may_be_in_both_are_not_asked() -> None:
    overlapping = {**PEOPLE, "disaggregation": [{"dimensions": ["sex"], "relation": "overlapping"}]}
    table = by_sex((250, 85), (262, 90), (275, 89), (88, 266))
    assert not told(table, plan_of(overlapping), "parts-swapped")


def quarterly(**periods: Sequence[str]) -> pd.DataFrame:
    """Yes in these periods of these indicators."""
    rows = [(indicator, period) for indicator, of in periods.items() for period in of]
    table = pd.DataFrame(rows, columns=["indicator", "period"])
    return table.assign(partner="A", value=[str(10 + at % 3) for at in range(len(rows))])


YEAR = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")


@pytest.mark.parametrize("wrong", ["2025-Q2", "2025-Q1"])
def test_a_row_of_another_year_than_all_others_is_told(wrong: str) -> None:
    plan = plan_of(FLOW, {**FLOW, "id": "BB"})
    meant = {"2025-Q2": "2026-Q2", "2025-Q1": "2026-Q1"}[wrong]
    own = [each for each in YEAR if each != meant]
    table = quarterly(A=[*own, wrong], BB=YEAR)
    assert told(table, plan, "period-year") == [(wrong, meant)]
    assert not told(quarterly(A=[*YEAR, wrong], BB=YEAR), plan, "period-year")
    assert not told(quarterly(A=[*own, wrong], BB=[*YEAR, wrong]), plan, "period-year")
    assert not told(quarterly(A=YEAR[:3], BB=YEAR), plan, "period-year")


def test_a_row_of_next_year_is_told_without_a_day() -> None:
    plan = plan_of(FLOW, {**FLOW, "id": "BB"}, end="2027-12-31")
    table = quarterly(A=[*YEAR[:3], "2027-Q2"], BB=YEAR)
    assert told(table, plan, "period-year") == [("2027-Q2", "2026-Q2")]
    # A day of receipt in another row says as much as a calendar.
    dated = table.assign(reported_on=["2026-07-20", *[None] * 7])
    assert [each.place.period for each in mne.validate(dated, plan).findings.of("period-future")] == ["2027-Q2"]
    assert not mne.validate(table, plan).findings.of("period-future")


def test_figures_left_from_the_last_report_are_told_where_others_differ() -> None:
    split = {**PEOPLE, "disaggregation": [{"dimensions": ["sex"]}]}
    share = {"id": "R", "title": "R", "measure": "percentage", "accumulation": "flow"}
    plan = plan_of(split, share, {**FLOW, "id": "C"})
    one = [("A", "sex=F", 146, None, None), ("A", "sex=M", 184, None, None), ("R", "", None, 218, 296)]
    other = [("C", "", 170, None, None)]

    def table(second: list[tuple[Any, ...]]) -> pd.DataFrame:
        rows = [("2025-Q1", *row) for row in [*one, *other]] + [("2025-Q2", *row) for row in second]
        columns = ["period", "indicator", "category", "value", "numerator", "denominator"]
        return pd.DataFrame(rows, columns=columns).assign(partner="A")

    report = mne.validate(table([*one, ("C", "", 181, None, None)]), plan)
    (finding,) = report.findings.of("figures-repeated")
    assert (finding.found, finding.expected, finding.level) == ("A, R", "the figures of 2025-Q2", "info")
    assert finding.place.period == "2025-Q2"
    assert not told(table([*one, *other]), plan, "figures-repeated"), "that is the whole report once more"
    assert not told(table([*one[:2], ("R", "", None, 219, 296), ("C", "", 181, None, None)]), plan, "figures-repeated")
    small = [("A", "sex=F", 4, None, None), ("A", "sex=M", 3, None, None), ("R", "", None, 2, 3)]
    assert not mne.validate(table(small), plan).findings.of("figures-repeated")


INDEX: dict[str, Any] = {"id": "A", "title": "A", "measure": "index", "accumulation": "level"}


def test_a_value_beyond_what_is_possible_is_held() -> None:
    plan = plan_of({**INDEX, "minimum": 0, "maximum": 100})
    report = mne.validate(sent([55, 157, -3, 0, 100]), plan)
    found = [(each.found, each.expected, each.level) for each in report.findings.of("value-out-of-range")]
    assert sorted(found) == [("-3", "0 or more", "error"), ("157", "100 or less", "error")]
    assert (report.counts.held, report.counts.accepted) == (2, 3)
    assert not told(sent([55, 157]), plan_of(INDEX), "value-out-of-range")
    per = plan_of({**RATIO, "maximum": 50})
    assert told(ratios((2, 330), (17, 330)), per, "value-out-of-range") == [("17 / 330", "50 or less")]


def test_a_plan_is_told_of_limits_that_only_its_title_has() -> None:
    titled = {**INDEX, "title": {"en": "Trust (0 to 100)", "ru": "Доверие (от 0 до 100)"}}
    (finding,) = mne.check_logframe(plan_of(titled)).of("logframe-limits-in-title")
    assert (finding.found, finding.expected) == ("(0 to 100)", "minimum: 0 and maximum: 100")
    assert not mne.check_logframe(plan_of({**titled, "maximum": 100})).of("logframe-limits-in-title")
    assert not mne.check_logframe(plan_of({**INDEX, "title": "Trust (5 questions)"})).of("logframe-limits-in-title")


def test_limits_are_a_range_that_baselines_and_targets_lie_in() -> None:
    wrong = plan_of({**INDEX, "minimum": 5, "maximum": 5})
    assert mne.check_logframe(wrong).of("logframe-setting-invalid")
    goal = {"targets": [{"period": "2026-Q4", "value": 120}], "baseline": {"value": 0}}
    told = mne.check_logframe(plan_of({**INDEX, **goal, "minimum": 0, "maximum": 100})).of("logframe-value-outside")
    assert [each.found for each in told] == ["120"]


def test_limits_that_change_are_told_as_a_change_of_checks() -> None:
    changes = mne.diff(plan_of({**INDEX, "maximum": 100}), plan_of({**INDEX, "maximum": 10}))
    assert [(each.place, str(each.effect)) for each in changes] == [("indicators.A.maximum", "checks")]


SPLIT: dict[str, Any] = {**PEOPLE, "disaggregation": [{"dimensions": ["sex"], "required": True}]}


def test_an_unknown_code_hides_only_what_it_resembles() -> None:
    plan = plan_of({**SPLIT, "id": "OC2.1"}, {**FLOW, "id": "OP1.1.3"})
    rows = [("OC2.1", "", 350), ("OC2.1", "sex=F", 154)]

    def missing(code: str) -> list[tuple[str, str]]:
        table = pd.DataFrame([*rows, (code, "", 5)], columns=["indicator", "category", "value"])
        return told(table.assign(period="2025-Q1", partner="A"), plan, "total-parts-missing")

    assert missing("TOTAL of all pupils") == [("1 of 2 parts by Sex", "men")]
    assert missing("ZZ-9") == [("1 of 2 parts by Sex", "men")]
    assert missing("OC2.l") == []


def test_a_category_that_was_not_understood_hides_nothing_of_the_figure() -> None:
    table = sent([175.5, -3], category=["sex=Monsieur", "sex=F"])
    report = mne.validate(table, plan_of(SPLIT))
    assert set(report.findings.codes) >= {"ref-unknown-category", "number-fraction-in-count", "value-negative"}
    assert report.counts.held == 2


def test_what_the_plan_does_not_ask_is_told_at_what_differs() -> None:
    other = {**FLOW, "id": "BB", "assignments": [{"partner": "B", "locations": ["S"]}]}
    plan = plan_of({**FLOW, "assignments": [{"partner": "A", "locations": ["N"]}]}, other)
    table = pd.DataFrame(
        {"indicator": ["A", "BB"], "period": "2025-Q1", "partner": "A", "location": ["S", "S"], "value": [5, 6]}
    )
    place, indicator = sorted(
        mne.validate(table, plan).findings.of("reporter-not-assigned"), key=lambda each: each.found
    )
    if place.place.indicator == "BB":
        place, indicator = indicator, place
    assert (place.found, place.expected, place.place.header) == ("A does not report A from S", "N", "location")
    found = (indicator.found, indicator.expected, indicator.place.header)
    assert found == ("BB is not asked of A in 2025-Q1", "B", "indicator")


def test_a_row_of_another_period_in_a_template_breeds_no_other_findings() -> None:
    plan = plan_of({**SPLIT, "assignments": [{"partner": "A"}]})
    book = openpyxl.load_workbook(io.BytesIO(mne.template(plan, partner="A", period="2025-Q2")))
    sheet = book["Report"]
    header = {cell.value: cell.column for row in sheet.iter_rows() for cell in row if cell.value in ("Value", "Period")}
    rows = [cell.row for cells in sheet.iter_rows() for cell in cells if cell.value == "2025-Q2"]
    for row, value in zip(rows, (310, 150, 160), strict=True):
        sheet.cell(row, header["Value"]).value = value
    address = sheet.cell(rows[-1], header["Period"])
    address.value = "2025-Q1"
    out = io.BytesIO()
    book.save(out)
    report = mne.validate(("q2.xlsx", out.getvalue()), plan)
    (finding,) = report.findings.of("period-other")
    assert (finding.place.cell, finding.place.indicator) == (address.coordinate, "A")
    assert report.findings.codes == {"period-other": 1}


def test_a_half_year_that_ends_with_the_period_of_the_report_belongs_to_it() -> None:
    plan = plan_of(FLOW, {**FLOW, "id": "H", "frequency": "semiannual"})
    table = pd.DataFrame(
        {
            "indicator": ["A", "H", "A", "A"],
            "period": ["2025-Q2", "2025-S1", "2025-Q1", "2025-Q3"],
            "value": [10, 20, 9, 8],
        }
    ).assign(partner="A")
    report = mne.validate(table, plan, period="2025-Q2")
    (finding,) = report.findings.of("period-other")
    assert (finding.found, finding.expected, finding.params["count"]) == ("2025-Q3", "2025-Q2", 1)
    assert [each.found for each in report.findings.of("period-earlier")] == ["2025-Q1"]
    assert (report.counts.held, report.counts.accepted, report.counts.ignored) == (1, 2, 1)


def test_categories_are_told_by_their_titles_in_the_readers_language() -> None:
    titled = plan_of(SPLIT).model_dump(mode="json")
    titled["dimensions"][0]["title"] = {"en": "Sex", "ru": "Пол"}
    titled["dimensions"][0]["codes"][1]["title"] = {"en": "men", "ru": "Мужчины"}
    plan = mne.Logframe.model_validate(titled)
    (finding,) = mne.validate(sent([154], category="sex=F"), plan).findings.of("total-parts-missing")
    in_russian = finding.in_language("ru")
    assert (in_russian.expected, "Пол" in in_russian.found) == ("Мужчины", True)
    assert finding.in_language("tg").expected == "men"


def test_the_indicators_of_a_silent_quarter_are_named_whole() -> None:
    asked = [{"partner": "A"}]
    plan = plan_of({**FLOW, "assignments": asked}, {**FLOW, "id": "OC1.2", "assignments": asked})
    report = mne.validate(sent([5, 6, 7]).query("period != '2025-Q2'"), plan)
    (silent,) = (each for each in report.findings.of("report-missing") if each.place.period == "2025-Q2")
    assert silent.found == "nothing for A, OC1.2"
    assert "A, OC1.2" in silent.in_language("tg").found


def in_quarters(values: dict[str, Any], **columns: Any) -> pd.DataFrame:
    """One indicator in the quarters named."""
    return pd.DataFrame({"period": list(values), "value": list(values.values())}).assign(
        indicator="A", partner="A", **columns
    )


TO_DATE: dict[str, Any] = {**FLOW, "accumulation": "running_total"}


def test_what_was_reported_earlier_is_what_a_period_is_compared_with() -> None:
    before = in_quarters({"2025-Q1": 8, "2025-Q2": 12, "2025-Q3": -3})
    now = in_quarters({"2025-Q4": 5})
    plan = plan_of({**TO_DATE, "assignments": [{"partner": "A"}]})
    for source in ([before, now], pd.concat([before, now])):
        report = mne.validate(source, plan, period="2025-Q4")
        (fall,) = report.findings.of("cumulative-decrease")
        assert (fall.place.period, fall.expected, len(fall.related)) == ("2025-Q4", "at least 12, as before", 1)
        told = report.findings.of("period-earlier")
        assert {(each.found, each.expected, each.level) for each in told} == {
            (quarter, "2025-Q4", "info") for quarter in ("2025-Q1", "2025-Q2", "2025-Q3")
        }
        assert report.findings.codes == {"cumulative-decrease": 1, "period-earlier": 3}
        assert (report.counts.rows, report.counts.accepted, report.counts.held, report.counts.ignored) == (4, 1, 0, 3)
        assert report.ok
        assert report.observations.to_polars()["period"].to_list() == ["2025-Q4"]
        assert report.by_partner_and_period["period"].to_list() == ["2025-Q4"]
        assert {each.code: each.rows for each in report.checked}["value-negative"] == 1
        assert sum(each.read for each in report.sources) == 1


def test_a_report_of_nothing_but_earlier_periods_is_the_wrong_one() -> None:
    report = mne.validate(in_quarters({"2025-Q1": 8, "2025-Q2": 12}), plan_of(TO_DATE), period="2025-Q4")
    assert report.findings.codes == {"period-other": 2}
    assert (report.counts.accepted, report.counts.held, report.ok) == (0, 2, False)
    assert set(report.held.to_polars()["codes"]) == {"period-other"}


def test_a_mistyped_year_is_told_though_it_names_an_earlier_period() -> None:
    plan = plan_of(FLOW, *({**FLOW, "id": each} for each in ("BB", "CC", "DD")))
    rows = [("A", "2025-Q2", 5), ("BB", "2026-Q2", 5), ("CC", "2026-Q2", 5), ("DD", "2026-Q2", 5)]
    table = pd.DataFrame(rows, columns=["indicator", "period", "value"]).assign(partner="A")
    report = mne.validate(table, plan, period="2026-Q2")
    assert report.findings.codes == {"period-earlier": 1, "period-year": 1}
    (year,) = report.findings.of("period-year")
    assert (year.found, year.expected) == ("2025-Q2", "2026-Q2")
    before = mne.validate([in_quarters({"2025-Q2": 4}), table], plan, period="2026-Q2")
    assert set(before.findings.codes) == {"period-earlier", "period-year"}
    assert before.counts.accepted == 3


def test_a_mistyped_year_is_no_rival_of_the_report_of_that_year() -> None:
    plan = plan_of(FLOW, *({**FLOW, "id": each} for each in ("BB", "CC", "DD")))
    rows = [("A", "2025-Q2", 5), ("BB", "2026-Q2", 5), ("CC", "2026-Q2", 5), ("DD", "2026-Q2", 5)]
    table = pd.DataFrame(rows, columns=["indicator", "period", "value"]).assign(partner="A")
    for earlier in (4, 5):
        report = mne.validate([in_quarters({"2025-Q2": earlier}), table], plan)
        assert report.findings.codes == {"period-year": 1}
        (year,) = report.findings
        assert (year.found, year.expected, year.level) == ("2025-Q2", "2026-Q2", "error")
        assert (report.counts.accepted, report.counts.held) == (4, 1)
        assert report.observations.to_polars().filter(period="2025-Q2")["value"].to_list() == [earlier]
    (alone,) = mne.validate(table, plan).findings
    assert (alone.code, alone.level) == ("period-year", "warning")


ASKED = [{**FLOW, "id": each, "assignments": [{"partner": "A"}]} for each in ("A", "BB", "CC", "DD")]


def of_quarters(*periods: str | None, **options: Any) -> dict[str, list[Any]]:
    """What is told of one figure of each indicator in these quarters: each code with what was found."""
    rows = [(each["id"], period, 5) for each, period in zip(ASKED, periods, strict=True) if period]
    table = pd.DataFrame(rows, columns=["indicator", "period", "value"]).assign(partner="A")
    plan = plan_of(*ASKED, end="2027-12-31")
    found: dict[str, list[Any]] = {}
    for each in mne.validate(table, plan, **options).findings:
        found.setdefault(each.code, []).append(str(each.found))
    return found


REST = ("2026-Q2",) * 3


@pytest.mark.parametrize(
    ("wrong", "options", "code"),
    [
        ("2025-Q2", {}, "period-year"),
        ("2025-Q2", {"period": "2026-Q2"}, "period-year"),
        ("2027-Q2", {}, "period-year"),
        ("2027-Q2", {"period": "2026-Q2"}, "period-other"),
        ("2062-Q2", {"period": "2026-Q2"}, "period-other"),
        ("2062-Q2", {}, "period-outside-project"),
        ("2024-Q2", {}, "period-outside-project"),
    ],
)
def test_what_stands_under_a_mistyped_period_is_not_told_as_missing_as_well(
    wrong: str, options: dict[str, Any], code: str
) -> None:
    told = of_quarters(wrong, *REST, **options)
    assert (code in told, "report-missing" in told) == (True, False)
    # What stands nowhere is missing all the same.
    told = of_quarters(wrong, None, *REST[1:], **options)
    if code != "period-year":  # two rows beside it are too few to tell it by
        assert told["report-missing"] == ["nothing for BB"]


@pytest.mark.parametrize(
    ("periods", "options", "missing"),
    [
        (("2024-Q3", *REST), {}, ["nothing for A"]),  # of another quarter
        (("2026-Q3", *REST), {"period": "2026-Q2"}, ["nothing for A"]),
        (("2024-Q2", *REST), {"period": "2026-Q2"}, ["nothing for A"]),  # only told as an earlier period
        ((None, *REST), {"period": "2026-Q2"}, ["nothing for A"]),
    ],
)
def test_a_row_that_explains_nothing_leaves_the_report_missing(
    periods: Sequence[str | None], options: dict[str, Any], missing: list[str]
) -> None:
    assert of_quarters(*periods, **options)["report-missing"] == missing


def test_a_later_period_that_is_reported_beside_the_one_asked_for_stands_for_nothing() -> None:
    rows = [("A", "2027-Q2", 5), ("BB", "2026-Q2", 5), ("BB", "2027-Q2", 5), ("CC", "2026-Q2", 5), ("DD", "2026-Q2", 5)]
    table = pd.DataFrame(rows, columns=["indicator", "period", "value"]).assign(partner="A")
    report = mne.validate(table, plan_of(*ASKED, end="2027-12-31"), period="2026-Q2")
    assert [str(each.found) for each in report.findings.of("report-missing")] == ["nothing for A"]


def test_one_row_outside_of_the_project_stands_for_one_period() -> None:
    rows = [(each, period, 5) for each in ("A", "BB", "CC") for period in ("2025-Q2", "2026-Q2")]
    rows = [row for row in rows if row[0] != "A"] + [("A", "2024-Q2", 5), ("A", "2025-Q3", 5)]
    table = pd.DataFrame(rows, columns=["indicator", "period", "value"]).assign(partner="A")
    report = mne.validate(table, plan_of(*ASKED[:3]))
    told = {each.place.period: str(each.found) for each in report.findings.of("report-missing")}
    assert "2025-Q2" not in told
    assert told["2026-Q2"] == "nothing for A"


DAYS: dict[str, Any] = {**FLOW, "unit": "day", "accumulation": "level"}


@pytest.mark.parametrize("earlier", [[12, 13, 12], [12, 13, 12, 13, 12, 13, 12, 14]])
def test_a_figure_in_another_unit_is_told_in_both(earlier: list[int]) -> None:
    quarters = [f"{year}-Q{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4)][: len(earlier) + 1]
    table = in_quarters(dict(zip(quarters, [*earlier, 9], strict=True))).assign(unit=["day"] * len(earlier) + ["hour"])
    (far,) = mne.validate(table, plan_of(DAYS, start="2024-01-01")).findings.of("value-outlier")
    assert (far.found, far.expected) == (
        "9 hours = 0.375 days",
        "about 288 hours, which is 12 days, if the unit is right",
    )


def test_a_share_where_an_amount_is_asked_for_is_not_told_to_lose_its_sign() -> None:
    (wrong,) = mne.validate(sent(["26%"]), plan_of(PEOPLE)).findings.of("number-invalid")
    assert wrong.expected == "an amount in person: how many are asked for, and not what share of them"
    assert not mne.validate(sent(["26%"]), plan_of(INDEX)).findings.of("number-invalid")[0].expected.startswith("an")


def pairs(*both: tuple[int, int]) -> pd.DataFrame:
    """A ratio quarter by quarter."""
    numerators, denominators = zip(*both, strict=True)
    return sent([None] * len(both), numerator=list(numerators), denominator=list(denominators))


def test_a_ratio_whose_two_large_numbers_come_again_is_asked_about() -> None:
    plan = plan_of({"id": "A", "title": "A", "measure": "percentage", "accumulation": "level"})
    (again,) = mne.validate(pairs((150, 210), (208, 269), (208, 269)), plan).findings.of("figures-repeated")
    assert (again.found, again.expected, again.level) == ("A (208 / 269)", "the figures of 2025-Q3", "warning")
    for fine in (
        [(150, 210), (208, 269), (209, 269)],
        [(2, 40), (4, 50), (4, 50)],
        [(150, 269), (208, 269), (208, 269)],
    ):
        assert not mne.validate(pairs(*fine), plan).findings.of("figures-repeated")


def test_one_leap_restates_no_total() -> None:
    plan = plan_of(FLOW)
    assert not told(sent([48, 52, 55, 60, 68, 373]), plan, "flow-restates-total")
    assert told(sent([50, 100, 148, 201, 252]), plan, "flow-restates-total")


def test_splits_that_differ_for_a_wrong_sum_are_told_once() -> None:
    both = [{"dimensions": ["sex"]}, {"dimensions": ["age"]}, {"dimensions": ["sex", "age"]}]
    plan = plan_of({**PEOPLE, "disaggregation": both})
    cells = {
        "sex=F": 60, "sex=M": 61, "age=u18": 30, "age=o18": 90,
        "sex=F;age=u18": 15, "sex=F;age=o18": 45, "sex=M;age=u18": 15, "sex=M;age=o18": 45,
    }  # fmt: skip
    table = pd.DataFrame({"category": list(cells), "value": list(cells.values())})
    report = mne.validate(table.assign(indicator="A", partner="A", period="2025-Q1"), plan)
    assert set(report.findings.codes) == {"total-mismatch"}
    plain = {name: value for name, value in cells.items() if ";" not in name}
    table = pd.DataFrame({"category": list(plain), "value": list(plain.values())})
    report = mne.validate(table.assign(indicator="A", partner="A", period="2025-Q1"), plan)
    assert set(report.findings.codes) == {"total-splits-disagree"}


def test_a_missing_place_is_told_once_of_a_table() -> None:
    asked = [{"partner": "A", "locations": ["S"]}]
    plan = plan_of({**FLOW, "assignments": asked}, {**FLOW, "id": "BB", "assignments": asked})
    table = pd.concat([sent([5, 6]), sent([7, 8]).assign(indicator="BB")])
    (finding,) = mne.validate(table, plan).findings.of("reporter-not-assigned")
    assert (finding.found, finding.expected) == ("no place is given for A, who reports A by place", "S")
    assert (finding.params["count"], len(finding.related)) == (4, 3)


def test_a_row_that_stands_twice_names_the_other_and_the_period() -> None:
    table = pd.concat([sent([5, 6]), sent([5, 6])])
    found = mne.validate(table, plan_of(FLOW)).findings.of("row-duplicate")
    named = [each.expected for each in found]
    rows = [each.related[0].row for each in found]
    assert named == [f"row {row}, for {period}" for row, period in zip(rows, QUARTERS, strict=False)]
    (other,) = mne.validate([sent([5]), sent([5])], plan_of(FLOW)).findings.of("row-duplicate")
    assert other.expected == f"(data frame) 1!{other.related[0].row}".join(["row ", ", for 2025-Q1"])


def test_a_figure_far_beyond_the_last_and_the_target_is_asked_about() -> None:
    goal = {"targets": [{"period": "2025-Q2", "value": 24}, {"period": "2026-Q4", "value": 100}]}
    plan = plan_of({**TO_DATE, **goal})
    expected = "a figure nearer to 8, the one before, or to 24, the target"
    assert told(sent([8, 90]), plan, "value-outlier") == [("90", expected)]
    longer = plan_of({**TO_DATE, "targets": [{"period": "2026-Q1", "value": 24}]})
    assert told(sent([1, 3, 6, 8, 90]), longer, "value-outlier") == [("90", expected)]
    for fine in ([8, 60], [12, 90], [8, 9]):
        assert not told(sent(fine), plan, "value-outlier")
    assert not told(sent([8, 90]), plan_of(TO_DATE), "value-outlier")


def test_a_whole_far_from_the_others_is_asked_about() -> None:
    plan = plan_of({"id": "A", "title": "A", "measure": "percentage", "accumulation": "flow"})
    (far,) = mne.validate(pairs((20, 140), (22, 150), (2, 15)), plan).findings.of("value-outlier")
    assert (far.found, far.expected, far.place.header) == ("15", "about 145, as in its other figures", "denominator")
    grown = mne.validate(pairs((1, 90), (1, 110), (1, 120), (1, 130), (2, 140), (1, 15)), plan)
    assert [each.place.header for each in grown.findings.of("value-outlier")] == ["denominator"]
    for fine in ([(20, 140), (22, 150), (12, 30)], [(20, 140), (2, 15)], [(1, 9), (20, 140), (12, 130)]):
        assert not mne.validate(pairs(*fine), plan).findings.of("value-outlier")


def test_only_the_period_that_a_report_is_for_is_told_as_missing() -> None:
    asked = {"assignments": [{"partner": "A"}]}
    half = {**FLOW, **asked, "id": "H", "frequency": "semiannual"}
    plan = plan_of({**FLOW, **asked}, {**FLOW, **asked, "id": "BB"}, half)
    rows = [("A", "2025-Q1", 8), ("BB", "2025-Q1", 9), ("A", "2025-Q2", 7), ("H", "2025-S1", 20)]
    table = pd.DataFrame([*rows, ("BB", "2025-Q3", 6)], columns=["indicator", "period", "value"]).assign(partner="A")

    def missing(source: Any, **options: Any) -> list[tuple[str | None, str]]:
        found = mne.validate(source, plan, **options).findings.of("report-missing")
        return [(each.place.period, each.found) for each in found]

    assert missing(table, period="2025-Q2") == [("2025-Q2", "nothing for BB")]
    assert missing([table[:2], table[2:]], period="2025-Q2") == [("2025-Q2", "nothing for BB")]
    assert missing(table[:3], period="2025-Q2") == [("2025-Q2", "nothing for BB"), ("2025-S1", "nothing for H")]
    # Without a period the one row of a quarter calls it up, unless it has only begun.
    assert missing(table) == [("2025-Q2", "nothing for BB"), ("2025-Q3", "nothing for A")]
    assert missing(table, today=dt.date(2025, 7, 20)) == [("2025-Q2", "nothing for BB")]


@pytest.mark.parametrize(
    ("values", "more", "columns"),
    [
        ([1655300, "1812.4"], {"measure": "currency", "unit": "TJS"}, {}),
        ([715, 742000], {"measure": "currency", "unit": "TJS"}, {}),
        ([141, "0.128"], {}, {}),
        ([715, 742000], {}, {"unit": "tonne"}),
        ([12, 11000], {"unit": "person"}, {}),
        ([141, 128000], {"accumulation": "running_total"}, {}),
    ],
)
def test_a_figure_about_a_thousand_times_the_only_one_before_is_asked_about(
    values: list[Any], more: dict[str, Any], columns: dict[str, Any]
) -> None:
    report = mne.validate(sent(values, **columns), plan_of({**FLOW, **more}))
    (far,) = report.findings.of("value-outlier")
    expected = f"about {values[0]}, as before: one of the two may be in thousands"
    assert (far.found, far.expected, far.level, len(far.related)) == (str(values[1]), expected, "warning", 1)
    assert far.place.period == "2025-Q2"
    assert report.findings.codes == {"value-outlier": 1}


@pytest.mark.parametrize(
    "values", [[2, 2000], [3000, 3], [180, 1800], [12, 1300], [12, 60000], [0, 1000], [141, 142, 143]]
)
def test_what_is_no_thousand_times_the_one_before_is_left_alone(values: list[int]) -> None:
    assert not told(sent(values), plan_of(PEOPLE), "value-outlier")


def test_what_else_is_told_of_a_figure_is_told_alone() -> None:
    fallen = mne.validate(sent([141000, 128]), plan_of(TO_DATE))
    assert fallen.findings.codes == {"cumulative-decrease": 1}
    jumped = mne.validate(sent([141, 128000]), plan_of({**FLOW, "thresholds": {"jump": 50}}))
    assert jumped.findings.codes == {"value-jump": 1}
    aimed = {**FLOW, "targets": [{"period": "2025-Q2", "value": 150}]}
    assert mne.validate(sent([141, 128000]), plan_of(aimed)).findings.codes == {"value-outlier": 1}
    assert not told(sent([141, 128000], unit=["tonne", "kg"]), plan_of(FLOW), "value-outlier")


def test_a_partner_or_place_in_small_letters_is_no_warning() -> None:
    plan = plan_of(
        {**FLOW, "id": "OC1"},
        organisations=[{"id": "NGO", "title": "A partner", "roles": ["partner"]}],
        locations=[{"id": "GBAO", "title": "A region"}],
    )
    table = sent([5], indicator="OC1", partner="ngo", location="gbao")
    report = mne.validate(table, plan)
    normalised = report.findings.of("code-normalised")
    assert sorted((each.found, each.level) for each in normalised) == [("gbao", "info"), ("ngo", "info")]
    table = sent([5, 6], indicator="oc1", partner="NGO", location="GBAO")
    (small,) = mne.validate(table, plan).findings.of("code-normalised")
    assert (small.level, small.message) == ("warning", "oc1 was read as OC1 (2 cells).")
    assert {each.message[-9:] for each in normalised} == {"(1 cell)."}
    assert "(ячеек: 1)" in normalised[0].in_language("ru").message


def changed(source: Any, plan: mne.Logframe, **options: Any) -> list[tuple[str, str, str]]:
    found = mne.validate(source, plan, **options).findings.of("unit-changed")
    return [(each.found, each.expected, str(each.level)) for each in found]


@pytest.mark.parametrize(
    ("values", "units", "own", "expected"),
    [
        ([12, 13, 11], ["day", "day", "week"], "day", ("11 weeks = 77 days", "11 days, after 13 days in 2025-Q2", "warning")),
        ([12, 11], ["day", "week"], "day", ("11 weeks = 77 days", "11 days, after 12 days in 2025-Q1", "warning")),
        ([2, 13], ["week", "day"], "day", ("13 days", "a figure that was converted, after 2 weeks in 2025-Q1", "info")),
        ([11, 12], ["week", None], "day", ("12 days", "12 weeks, after 11 weeks in 2025-Q1", "warning")),
        ([180, 190], ["kg", "t"], "kg", ("190 t = 190000 kg", "190 kg, after 180 kg in 2025-Q1", "warning")),
    ],
)  # fmt: skip
def test_a_unit_that_changes_without_its_figure_is_asked_about(
    values: list[int], units: list[str | None], own: str, expected: tuple[str, str, str]
) -> None:
    table = sent(values, unit=units)
    found = changed(table, plan_of({**DAYS, "unit": own}))
    if expected[2] == "info":
        assert not found, "two weeks are thirteen days"
        found = changed(table.assign(value=[2, 40]), plan_of({**DAYS, "unit": own}))
        assert found == [("40 days", expected[1], "info")]
        return
    assert found == [expected]


@pytest.mark.parametrize(
    ("values", "units"),
    [
        ([180, 0.19, 0.17], ["kg", "t", "t"]),
        ([180, 0.19, 185, 0.2], ["kg", "t", "kg", "t"]),
        ([180, 190, 11], ["kg", "kg", "kg"]),
        ([180, 0, 0.19], ["kg", "t", "t"]),
        ([0.18, 190], ["t", None]),
    ],
)
def test_a_unit_that_changes_with_its_figure_is_right(values: list[float], units: list[str | None]) -> None:
    assert not changed(sent(values, unit=units), plan_of(DAYS | {"unit": "kg"}))


def test_a_unit_that_changes_is_told_once_for_a_report_at_its_cell_and_not_beside_an_outlier() -> None:
    split = {**PEOPLE, "unit": "day", "disaggregation": [{"dimensions": ["sex"]}]}
    rows = [(period, code, value, unit) for period, unit in (("2025-Q1", "day"), ("2025-Q2", "week"))
            for code, value in (("", 22), ("sex=F", 12), ("sex=M", 10))]  # fmt: skip
    table = pd.DataFrame(rows, columns=["period", "category", "value", "unit"]).assign(indicator="A", partner="A")
    (told_once,) = mne.validate(table, plan_of(split)).findings.of("unit-changed")
    assert (told_once.place.row, told_once.place.header, told_once.place.period) == (4, "unit", "2025-Q2")
    assert {each.row for each in told_once.related} == {1, 2, 3, 5, 6}
    far = sent([180, 190, 185, 188], unit=["kg", "kg", "kg", "t"])
    assert told(far, plan_of(FLOW), "value-outlier")
    assert not changed(far, plan_of(FLOW))


@pytest.mark.parametrize("stamped", [True, False])
def test_a_unit_is_held_against_the_one_that_the_template_shows(stamped: bool) -> None:
    (source, content), plan = returned(DAYS, "12", 11, stamped=stamped, unit="week")
    assert changed((source, content), plan) == [("11 days", "11 weeks, after 12 weeks in 2025-Q1", "warning")]
    assert not changed(*returned(DAYS, "12", 80, stamped=stamped, unit="week"))
    assert not changed(*returned(DAYS, "12", 11, stamped=stamped))


LAW: dict[str, Any] = {
    "id": "A", "title": "A", "measure": "milestone", "accumulation": "level",
    "scale": [{"id": each, "title": each.title()} for each in ("drafted", "adopted", "in_force")],
}  # fmt: skip


@pytest.mark.parametrize(("measure", "level"), [("milestone", "warning"), ("ordinal", "info")])
def test_a_stage_that_falls_back_is_asked_about(measure: str, level: str) -> None:
    plan = plan_of({**LAW, "measure": measure})
    table = sent(["Drafted", "Adopted", "drafted", "In_Force"])
    (fallen,) = mne.validate(table, plan).findings.of("stage-falls-back")
    assert (fallen.found, fallen.expected, str(fallen.level)) == (
        "drafted", "Adopted or a later stage, as in 2025-Q2", level,
    )  # fmt: skip
    assert (fallen.place.row, [each.row for each in fallen.related]) == (3, [2])
    assert not told(sent(["drafted", "drafted", "adopted"]), plan, "stage-falls-back")
    assert not told(table, plan_of({**LAW, "measure": measure, "direction": "decrease"}), "stage-falls-back")
    assert not told(table.assign(location=["N", "N", "S", "S"]), plan, "stage-falls-back")


HALF_YEARS: dict[str, Any] = {**FLOW, "id": "H", "frequency": "semiannual", "assignments": [{"partner": "A"}]}


def left_blank(source: Any, plan: mne.Logframe, **options: Any) -> list[tuple[Any, ...]]:
    found = mne.validate(source, plan, **options).findings.of("report-missing")
    return [
        (each.place.period, each.place.cell, str(each.level), each.found, [place.cell for place in each.related])
        for each in found
    ]


@pytest.mark.parametrize(("options", "level"), [({}, "info"), ({"period": "2025-Q2"}, "warning")])
def test_a_cell_of_a_template_that_is_left_blank_is_named_where_its_figure_is_missed(
    options: dict[str, Any], level: str
) -> None:
    asked = {"assignments": [{"partner": "A"}]}
    plan = plan_of({**FLOW, **asked}, {**FLOW, **asked, "id": "BB"}, HALF_YEARS)
    book = openpyxl.load_workbook(io.BytesIO(mne.template(plan, partner="A", period="2025-Q2")))
    sheet = book["Report"]
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Value")
    rows = {sheet.cell(row, 1).value: row for row in range(header.row + 1, sheet.max_row + 1)}
    sheet.cell(rows["A"], header.column).value = 12
    out = io.BytesIO()
    book.save(out)
    cells = {name: f"{header.column_letter}{row}" for name, row in rows.items()}
    missed = left_blank(("q2.xlsx", out.getvalue()), plan, **options)
    assert missed == [
        ("2025-Q2", cells["BB"], level, "nothing for BB", []),
        ("2025-S1", cells["H"], level, "nothing for H", []),
    ]
    (blank,) = mne.validate(("q2.xlsx", out.getvalue()), plan, **options).findings.of("template-rows-blank")
    assert (blank.place.cell, [each.cell for each in blank.related]) == (cells["BB"], [cells["H"]])


@pytest.mark.parametrize("trusted", [True, False])
def test_a_blank_cell_beneath_its_period_is_named_where_its_figure_is_missed(trusted: bool, tmp_path: Any) -> None:
    asked = {"assignments": [{"partner": "A"}]}
    plan = plan_of({**FLOW, **asked}, {**FLOW, **asked, "id": "BB"}, {**FLOW, **asked, "id": "CC"}, HALF_YEARS)
    book = openpyxl.Workbook()
    head = ["Indicator", "Partner", "2025-Q1", "2025-Q2", "2025-S1"]
    for row in (head, ["A", "A", 5, 6], ["BB", "A", 7], ["CC", "A", 3], ["H", "A"]):
        book.active.append(row)
    book.save(tmp_path / "wide.xlsx")
    assert left_blank(tmp_path / "wide.xlsx", plan, period="2025-Q2", trusted=trusted) == [
        ("2025-Q2", "D3", "warning", "nothing for BB, CC", ["D4"]),
        ("2025-S1", "E5", "warning", "nothing for H", []),
    ]
    # A half-year is asked for with its last quarter, and not with its first.
    table = sent([5], unit="kg")
    assert not left_blank(table, plan_of({**FLOW, **asked}, HALF_YEARS))
    assert [each[3] for each in left_blank(table.assign(period="2025-Q2"), plan_of({**FLOW, **asked}, HALF_YEARS))] == [
        "nothing for H"
    ]


def test_a_total_that_is_not_the_sum_of_its_parts_says_which_split_is_off_and_by_how_much() -> None:
    plan = plan_of({**PEOPLE, "disaggregation": [{"dimensions": ["sex"]}, {"dimensions": ["age"]}]})
    parts = {None: 100, "sex=F": 50, "sex=M": 50, "age=u18": 40, "age=o18": 65}

    def mismatch(**other: int) -> list[tuple[int | None, str, str]]:
        values = {**parts, **{name.replace("_", "="): value for name, value in other.items()}}
        table = pd.DataFrame({"category": [*values], "value": [*values.values()]})
        report = mne.validate(table.assign(indicator="A", partner="A", period="2025-Q1"), plan)
        return [(each.place.row, each.found, each.expected) for each in report.findings.of("total-mismatch")]

    # One split makes the total: it is the parts of the other that are wrong, and there it is told.
    assert mismatch() == [(4, "100", "105 by Age (40 + 65), 5 more, while those by Sex make it")]
    assert mismatch(sex_M=40) == [(1, "100", "105 by Age (40 + 65), 5 more; 90 by Sex (50 + 40), 10 less")]
    assert not mismatch(age_o18=60)


def lacking(rows: Sequence[tuple[Any, ...]], plan: mne.Logframe) -> list[tuple[str, str, list[int | None]]]:
    """What is said to be missing of one partner's second quarter, how gravely, and the rows that it may be."""
    table = pd.DataFrame(rows, columns=["indicator", "location", "value"]).assign(partner="A", period="2025-Q2")
    found = mne.validate(table, plan, period="2025-Q2").findings.of("report-missing")
    return [(each.found, str(each.level), [place.row for place in each.related]) for each in found]


def test_a_mistyped_row_silences_only_what_it_can_be() -> None:
    """A row of OC1.2 at an unknown place is no missing figure of another indicator."""
    here = {"assignments": [{"partner": "A", "locations": ["N", "S"]}]}
    plan = plan_of({**FLOW, **here, "id": "OC1.2"}, {**FLOW, **here, "id": "OC2.1"}, {**FLOW, **here, "id": "BB"})
    rows = [(each, place, 5) for each in ("OC1.2", "OC2.1") for place in ("N", "S")]
    none = [("nothing for BB", "warning", [])]
    assert lacking(rows, plan) == none
    assert lacking([*rows[:3], ("OC2.l", "S", 5)], plan) == none
    assert lacking([*rows[:3], ("OC2.1", "Sourth", 5)], plan) == none
    # A row without an indicator may be either, but not both.
    unless = ", unless it stands in a row that was not understood; there are fewer of these rows"
    assert lacking([*rows, (None, "S", 5)], plan) == [("nothing for BB (N)", "warning", [])]
    assert lacking([*rows, (None, "Sourth", 5)], plan) == [("nothing for BB" + unless, "info", [5])]
    assert lacking([*rows, (None, "Sourth", 5), (None, "Sourth", 6)], plan) == []
    # Nor can one row of an unknown place be the figure of both.
    assert lacking([*rows, ("BB", "Sourth", 5)], plan) == [("nothing for BB" + unless, "info", [5])]


def test_the_place_of_which_a_figure_lacks_is_named() -> None:
    here = {"assignments": [{"partner": "A", "locations": ["N", "S"]}]}
    plan = plan_of(
        {**FLOW, **here}, {**FLOW, **here, "id": "BB"}, {**FLOW, "id": "CC", "assignments": [{"partner": "A"}]}
    )
    told = lacking([("A", "N", 5), ("BB", "N", 5), ("BB", "S", 5)], plan)
    assert told == [("nothing for A (S), CC", "warning", [])]


@pytest.mark.parametrize(("column", "warned"), [("Value", {"value-state-misplaced"}), ("State", set())])
def test_what_a_missing_report_asks_for_is_what_the_template_takes(column: str, warned: set[str]) -> None:
    plan = plan_of({**FLOW, "assignments": [{"partner": "A"}]}, {**FLOW, "id": "BB", "assignments": [{"partner": "A"}]})
    book = openpyxl.load_workbook(io.BytesIO(mne.template(plan, partner="A", period="2025-Q2")))
    sheet = book["Report"]
    at = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value in ("Value", "State", "BB")}
    sheet.cell(at["BB"].row - 1, at["Value"].column).value = 12

    def sent_back() -> mne.ValidationReport:
        out = io.BytesIO()
        book.save(out)
        return mne.validate(("q2.xlsx", out.getvalue()), plan, period="2025-Q2")

    (missing,) = sent_back().findings.of("report-missing")
    assert missing.hint.endswith("such as n/a for why there is none: in the column of states, if there is one.")
    sheet.cell(at["BB"].row, at[column].column).value = "n/a"
    assert {each.code for each in sent_back().findings if each.level != "info"} == warned


@pytest.mark.parametrize(
    ("written", "letters", "meant"),
    [
        ("18O", "O", "180"),
        ("1О0", "О", "100"),
        ("l25", "l", "125"),
        ("4І,5", "І", "41.5"),
        ("1З0", "З", "130"),
        ("1B", "B", "18"),
        ("3 00о", "о", "3000"),
        ("1O.OOO", "O", None),
    ],
)
def test_a_letter_for_a_digit_is_told_with_the_number_that_is_meant(
    written: str, letters: str, meant: str | None
) -> None:
    (finding,) = mne.validate(sent([written]), plan_of(PEOPLE)).findings.of("number-invalid")
    expected = f"one number: the letter {letters} stands where a digit belongs"
    assert (finding.found, finding.expected, finding.suggestion) == (written, expected, meant)


@pytest.mark.parametrize("written", ["OO", "180 people or so", "Bo", "О"])
def test_words_are_not_taken_for_numbers_with_a_letter_in_them(written: str) -> None:
    found = mne.validate(sent([written]), plan_of(PEOPLE)).findings.of("number-invalid")
    assert [(each.expected, each.suggestion) for each in found] in ([], [("one number such as 1250 or 0.5", None)])


def test_days_that_can_be_two_are_told_once_for_a_column() -> None:
    days = ["04/07/2025", "04/07/2025", "05/07/2025", "2025-07-06"]
    table = sent([1, 2, 3, 4], reported_on=days)
    report = mne.validate(table, plan_of(FLOW))
    (finding,) = report.findings.of("date-ambiguous")
    assert (finding.found, finding.place.row, [each.row for each in finding.related]) == (
        "04/07/2025, 05/07/2025", 1, [2, 3],
    )  # fmt: skip
    assert finding.expected == "2025-07-04 or 2025-04-07, and so on"
    assert report.held_rows["source_row"].to_list() == [1, 2, 3]
    (same,) = mne.validate(table[:2], plan_of(FLOW)).findings.of("date-ambiguous")
    assert (same.found, same.expected) == ("04/07/2025", "2025-07-04 or 2025-04-07")


def test_a_figure_of_last_quarter_that_was_reported_otherwise_is_told_at_its_cell() -> None:
    plan = plan_of(PEOPLE, {**PEOPLE, "id": "BB"}, {**FLOW, "id": "CC"})
    before = pd.DataFrame({"indicator": ["A", "BB", "CC"], "period": "2025-Q1", "value": [159, 40, 16123]})
    columns = ["indicator", "period", "value", "unit"]

    def report(*last: tuple[Any, ...]) -> pd.DataFrame:
        rows = [*last, ("A", "2025-Q2", 170, None), ("BB", "2025-Q2", 44, None)]
        return pd.DataFrame(rows, columns=columns).assign(partner="A")

    same = (("A", "2025-Q1", 159, None), ("BB", "2025-Q1", 40, None), ("CC", "2025-Q1", 16.1, "tonne"))
    sources = [before.assign(partner="A"), report(*same)]
    assert not told(sources, plan, "figures-restated", period="2025-Q2")
    other = (("A", "2025-Q1", 165, None), ("CC", "2025-Q1", 17, "tonne"))
    sources[1] = report(*other)
    found = mne.validate(sources, plan, period="2025-Q2").findings.of("figures-restated")
    assert [(each.found, each.expected, str(each.level), each.place.row) for each in found] == [
        ("165", "159, as reported for 2025-Q1", "warning", 1),
        ("17 t", "16123, as reported for 2025-Q1", "warning", 2),
    ]
    assert [[place.row for place in each.related] for each in found] == [[1], [3]]
    assert {found[0].place.file} != {found[0].related[0].file}
    # Several reports of the last quarter: whoever took over one of them is right.
    again = before.assign(partner="A", revision=1, value=[165, 40, 17000])
    assert not told([*sources, again], plan, "figures-restated", period="2025-Q2")
    # Without a period nothing is earlier: the two contradict each other.
    assert not told(sources, plan, "figures-restated")


def test_a_ratio_of_last_quarter_is_compared_by_its_parts() -> None:
    plan = plan_of({"id": "A", "title": "A", "measure": "percentage", "accumulation": "flow"})
    before = pd.DataFrame({"period": ["2025-Q1"], "numerator": [3], "denominator": [310]})
    now = pd.DataFrame({"period": ["2025-Q1", "2025-Q2"], "numerator": [3, 4], "denominator": [301, 320]})
    sources = [each.assign(indicator="A", partner="A") for each in (before, now)]
    assert told(sources, plan, "figures-restated", period="2025-Q2") == [
        ("3 / 301", "3 / 310, as reported for 2025-Q1")
    ]
    assert not told([sources[0], sources[1].assign(denominator=[310, 320])], plan, "figures-restated", period="2025-Q2")


def test_of_a_report_of_another_year_the_last_quarters_own_file_is_no_part() -> None:
    def quarter(period: str, value: int) -> pd.DataFrame:
        return in_quarters({period: value}).assign(partner="A")

    plan = plan_of(FLOW)
    report = mne.validate([quarter("2026-Q2", 8), quarter("2025-Q3", 9)], plan, period="2026-Q3")
    assert [(each.code, each.found) for each in report.findings] == [
        ("period-other", "2025-Q3"), ("period-earlier", "2026-Q2"),
    ]  # fmt: skip
    assert report.held.to_polars()["value"].to_list() == ["9"]
    assert (report.counts.held, report.counts.ignored, report.counts.accepted) == (1, 1, 0)
    # Where all are of other periods, or of that of another year, all of them are the wrong ones.
    for periods in (("2026-Q1", "2026-Q2"), ("2025-Q3", "2025-Q3")):
        report = mne.validate([quarter(each, 8) for each in periods], plan, period="2026-Q3")
        assert set(report.findings.codes) <= {"period-other", "row-duplicate"}
        assert report.counts.held == 2


def test_reports_of_a_run_of_earlier_periods_are_not_the_wrong_report() -> None:
    def quarters(*periods: str) -> list[pd.DataFrame]:
        return [in_quarters({each: 8}).assign(partner="A") for each in periods]

    plan = plan_of({**FLOW, "assignments": [{"partner": "A"}]})
    before = quarters("2025-Q2", "2025-Q3", "2026-Q1", "2026-Q2")
    report = mne.validate(before, plan, period="2026-Q3")
    assert set(report.findings.codes) == {"period-earlier", "report-missing"}
    assert (report.counts.held, report.counts.ignored) == (0, 4)
    # Beside them the report itself with last year's date: it, or the one that it passes for, is the wrong one.
    report = mne.validate([*before, *quarters("2025-Q3")], plan, period="2026-Q3")
    assert report.findings.codes["period-other"] == 2
    assert (report.counts.held, report.counts.ignored) == (2, 3)
    # A column of which nobody knows the period may be the report.
    columns = ["indicator", "partner", "2026-Q1", "2026-Q2", "2026-Q2"]
    twice = pd.DataFrame([["A", "A", 8, 9, 10]], columns=columns)
    report = mne.validate([*quarters("2025-Q2", "2025-Q3", "2025-Q4"), twice], plan, period="2026-Q3")
    assert set(report.findings.codes) == {"period-earlier", "layout-read", "layout-ambiguous"}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-04-07", "2025-07-04, where day and month have changed places"),
        ("2025-05-20", "a day after 2025-06-30, on which the period ends"),
        ("2025-06-20", None),
        ("2025-07-04", None),
        ("2025-10-04", None),
    ],
)
def test_a_report_of_a_day_well_before_its_quarter_ends_is_told_once(day: str, expected: str | None) -> None:
    table = pd.DataFrame({"indicator": ["A", "BB"], "value": [5, 6]}).assign(
        partner="A", period="2025-Q2", reported_on=day
    )
    plan = plan_of(FLOW, {**FLOW, "id": "BB"})
    found = mne.validate(table, plan).findings.of("report-before-end")
    told_once = [(f"{day} (rows: 2)", expected, "info")] if expected else []
    assert [(each.found, each.expected, str(each.level)) for each in found] == told_once
    assert not mne.validate(table, plan, default_status="draft").findings.of("report-before-end")
    yearly = plan_of({**FLOW, "frequency": "annual"}, {**FLOW, "id": "BB", "frequency": "annual"})
    assert not mne.validate(table.assign(period="2025"), yearly).findings.of("report-before-end")


def test_a_stage_in_the_row_of_a_yes_or_no_names_the_indicator_beside_it() -> None:
    asked = {"id": "BB", "title": "B", "measure": "yes_no", "accumulation": "level"}
    plan = plan_of(LAW, asked, FLOW | {"id": "CC"})
    (finding,) = mne.validate(sent(["Adopted"], indicator="BB"), plan).findings.of("yes-no-invalid")
    assert finding.hint == "Write yes or no, or the code A, of which this can be the answer."
    (finding,) = mne.validate(sent(["perhaps"], indicator="BB"), plan).findings.of("yes-no-invalid")
    assert finding.hint == "Write yes or no."
    apart = plan_of(LAW, FLOW | {"id": "CC"}, asked)
    (finding,) = mne.validate(sent(["Adopted"], indicator="BB"), apart).findings.of("yes-no-invalid")
    assert finding.hint == "Write yes or no."


def test_a_total_beneath_each_of_two_splits_counts_once_and_is_no_mistake() -> None:
    plan = plan_of(
        {**PEOPLE, "disaggregation": [{"dimensions": ["sex"]}, {"dimensions": ["age"]}]},
        dimensions=[
            {"id": "sex", "title": "Sex", "codes": [{"id": "F", "title": "women"}, {"id": "M", "title": "men"}]},
            {"id": "age", "title": "Age", "codes": [{"id": "Y", "title": "young"}, {"id": "O", "title": "old"}]},
        ],
    )

    def book(second: Any) -> bytes:
        made = openpyxl.Workbook()
        rows = [("women", 3), ("men", 4), (None, 7), ("young", 5), ("old", 2), (None, second)]
        made.active.append(["indicator", "period", "partner", "category", "value"])
        for category, value in rows:
            made.active.append(["A", "2025-Q1", "A", category, value])
        content = io.BytesIO()
        made.save(content)
        return content.getvalue()

    told = mne.validate(("report.xlsx", book(7)), plan)
    (again,) = told.findings
    assert (again.code, again.place.cell, again.expected, again.level) == (
        "figure-again", "E7", "row 4, for 2025-Q1", "info",
    )  # fmt: skip
    assert (told.counts.accepted, told.counts.held) == (5, 1)
    assert [each.place.cell for each in mne.validate(("report.xlsx", book(8)), plan).findings.of("key-conflict")] == [
        "E4", "E7",
    ]  # fmt: skip


def test_figures_of_earlier_quarters_beside_the_own_are_no_rows_entered_twice() -> None:
    before = in_quarters({"2025-Q1": 8, "2025-Q2": 12}).assign(partner="A")
    now = in_quarters({"2025-Q1": 8, "2025-Q2": 12, "2025-Q3": 9}).assign(partner="A")
    told = mne.validate([before, now], plan_of(FLOW))
    assert {code: count for code, count in told.findings.codes.items() if code != "report-missing"} == {
        "figure-again": 2
    }
    assert told.counts.accepted == 3
    # The same file twice is one too many.
    assert mne.validate([before, before], plan_of(FLOW)).findings.codes["row-duplicate"] == 2


SEXES: dict[str, Any] = {"disaggregation": [{"dimensions": ["sex"]}]}


@pytest.mark.parametrize(
    ("whole", "women", "men", "told"),
    [
        # The total and the men say which number of the women is wrong, and what it ought to be.
        ((241, 292), (123, 115), (118, 141), [("denominator", "123 / 115", "151, as the total and its parts have it")]),
        ((241, 292), (321, 151), (118, 141), [("numerator", "321 / 151", "123, as the total and its parts have it")]),
        ((241, 29), (123, 151), (118, 141), [("denominator", "241 / 29", "292, as the total and its parts have it")]),
        # Both are contradicted, or the parts are not all there, or the total is but the sum of a wrong part.
        ((241, 292), (151, 123), (118, 141), [("numerator", "151 / 123", "at most the denominator, 123; perhaps the two are swapped")]),
        ((241, 292), (123, 115), None, [("numerator", "123 / 115", "at most the denominator, 115; perhaps the two are swapped")]),
        ((323, 261), (213, 123), (110, 138), [("numerator", "323 / 261", "what its parts make once they are right"),
                                              ("numerator", "213 / 123", "at most the denominator, 123; perhaps the two are swapped")]),
    ],
)  # fmt: skip
def test_the_number_of_a_share_that_its_total_and_parts_contradict_is_told(
    whole: Any, women: Any, men: Any, told: list[tuple[str, str, str]]
) -> None:
    plan = plan_of({"id": "A", "title": "A", "measure": "percentage", "accumulation": "flow", **SEXES})
    rows = [
        {"category": category, "numerator": pair[0], "denominator": pair[1]}
        for category, pair in (("_T", whole), ("sex=F", women), ("sex=M", men))
        if pair is not None
    ]
    table = pd.DataFrame(rows).assign(indicator="A", period="2025-Q1", partner="A")
    found = mne.validate(table, plan).findings.of("ratio-over-one")
    assert [(each.place.header, each.found, each.expected) for each in found] == told


def test_a_copy_of_the_last_report_in_other_units_is_a_copy() -> None:
    plan = plan_of(*({**FLOW, "id": each} for each in ("A", "BB", "CC", "DD")))
    before = pd.DataFrame(
        {"indicator": ["A", "BB", "CC", "DD"], "value": [40, 50, 60, 2], "unit": ["kg", "kg", "t", "t"]}
    )
    again = before.assign(value=[40, 50, 60000, 2000], unit="kg")
    sources = [each.assign(partner="A", period=period) for each, period in ((before, "2025-Q1"), (again, "2025-Q2"))]
    assert mne.validate(sources, plan).findings.codes == {"report-copied": 1}
    sources[1].loc[3, "value"] = 2001
    assert not mne.validate(sources, plan).findings


def in_a_workbook(rows: Sequence[Sequence[Any]]) -> tuple[str, bytes]:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return "report.xlsx", content.getvalue()


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (3950, ("3950", "about 1200, as in its other figures")),
        (135, ("135", "about 1200, as in its other figures")),
        (2900, None),
        (560, None),
    ],
)
def test_a_figure_that_stands_out_of_a_few_even_ones_is_told(last: int, told: tuple[str, str] | None) -> None:
    report = mne.validate(sent([1000, 1100, 1200, 1250, 1200, last]), plan_of(FLOW))
    found = [(each.found, each.expected) for each in report.findings.of("value-outlier")]
    assert found == ([] if told is None else [told])
    # Of three others it takes eight times as much, and four times where the others are not even.
    for values in ([1100, 1200, 1250, last], [800, 1100, 1200, 1250, 1300, last]):
        assert bool(mne.validate(sent(values), plan_of(FLOW)).findings.of("value-outlier")) is (last == 135)
    for most, found_too in ((5300, True), (5100, False), (199, True), (280, False)):
        uneven = mne.validate(sent([800, 1100, 1200, 1250, 1300, most]), plan_of(FLOW)).findings.of("value-outlier")
        assert bool(uneven) is found_too, most


def test_a_total_is_not_told_for_the_part_that_stands_out() -> None:
    head = ["indicator", "period", "partner", "category", "value"]
    plan = plan_of({**PEOPLE, **SEXES})
    rows = [head]
    for period, women in zip(QUARTERS, (40, 42, 41, 44, 43, 444), strict=False):
        told = {"_T": women + 45, "sex=F": women, "sex=M": 45}
        rows += [["A", period, "A", category, value] for category, value in told.items()]
    found = mne.validate(in_a_workbook(rows), plan).findings.of("value-outlier")
    assert [(each.place.category, each.found) for each in found] == [("sex=F", "444")]


@pytest.mark.parametrize(
    ("again", "told"), [((310, 159, 151, 117, 193), ["A"]), ((310, 159, 151, 118, 192), []), ((31, 15, 16, 12, 19), [])]
)
def test_one_indicator_that_repeats_its_total_and_all_parts_is_told(again: Sequence[int], told: list[str]) -> None:
    plan = plan_of(
        {**PEOPLE, "disaggregation": [{"dimensions": ["sex"]}, {"dimensions": ["age"]}]}, {**FLOW, "id": "BB"}
    )
    categories = [None, "sex=F", "sex=M", "age=u18", "age=o18"]
    first = again if again[0] < 100 else (310, 159, 151, 117, 193)
    rows = [
        {"indicator": "A", "period": period, "category": category, "value": value}
        for period, values in (("2025-Q1", first), ("2025-Q2", again))
        for category, value in zip(categories, values, strict=True)
    ]
    rows += [
        {"indicator": "BB", "period": period, "value": value} for period, value in (("2025-Q1", 40), ("2025-Q2", 44))
    ]
    found = mne.validate(pd.DataFrame(rows).assign(partner="A"), plan).findings.of("figures-repeated")
    assert [each.found for each in found] == told


def test_a_total_that_its_parts_contradict_is_not_told_for_its_size_as_well() -> None:
    head = ["indicator", "period", "partner", "category", "value"]
    rows = [head]
    for period, total in zip(QUARTERS, (85, 87, 86, 89, 88, 930), strict=False):
        rows += [["A", period, "A", category, value] for category, value in (("_T", total), ("sex=M", 45))]
        rows.append(["A", period, "A", "sex=F", (total if total < 100 else 90) - 45])
    found = mne.validate(in_a_workbook(rows), plan_of({**PEOPLE, **SEXES})).findings
    assert found.codes == {"total-mismatch": 1}


def test_a_share_that_stands_out_is_told_with_what_its_numbers_make() -> None:
    plan = plan_of({"id": "A", "title": "A", "measure": "percentage", "accumulation": "flow"})
    over = [140, 145, 142, 150, 148, 144, 147, 58]
    table = sent([None] * 8, numerator=over, denominator=[200] * 8).drop(columns="value")
    (found,) = mne.validate(table, plan).findings.of("value-outlier")
    assert (found.found, found.expected, found.place.header) == (
        "58 / 200 = 29", "about 72.25, as in its other figures", "numerator",
    )  # fmt: skip
