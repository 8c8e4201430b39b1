"""The kinds of scalar, the calendar, and what the models answer about themselves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mne.logframe.indicator import (
    Accumulation,
    Axis,
    Indicator,
    Measure,
    Rule,
    Target,
    category_key,
    category_parts,
)
from mne.logframe.model import Logframe
from mne.logframe.periods import Calendar, Frequency, Period
from mne.logframe.types import Code, Date, Factor, Flag, Number, Share, Whole
from mne.scores.scheme import schemes

DAY = dt.timedelta(days=1)


KINDS = {"number": Number, "factor": Factor, "share": Share, "flag": Flag, "whole": Whole, "date": Date, "code": Code}
READ = {
    "number": [
        ("1250", Decimal(1250)), ("-0.50", Decimal("-0.5")), ("+7", Decimal(7)), (3, Decimal(3)), (0.1, Decimal("0.1")),
        (Fraction(1, 8), Decimal("0.125")), ("010", Decimal(10)),
        ("9999999999999999999.999999999", Decimal("9999999999999999999.999999999")),
    ],
    "factor": [("1/3", Fraction(1, 3)), ("0.5/1.5", Fraction(1, 3)), ("12", Fraction(12)), (0.25, Fraction(1, 4))],
    "share": [("0", Decimal(0)), ("1", Decimal(1)), ("0.25", Decimal("0.25"))],
    "flag": [("true", True), ("false", False), (True, True)],
    "whole": [("-12", -12), (5, 5)],
    "date": [("2024-02-29", dt.date(2024, 2, 29)), (dt.date(2024, 1, 1), dt.date(2024, 1, 1))],
    "code": [("010", "010"), ("a b", "a b"), ("ОС1.1", "ОС1.1"), ("x" * 64, "x" * 64)],
}  # fmt: skip
REFUSED = {
    "number": [
        "", " 1", "1,5", "1 000", "1_000", "1e3", ".5", "5.", "--1", "٣", "½", "NaN", "inf", "0x1", "1/2", "1" * 20,
        "0." + "0" * 9 + "1", "1" * 70, True, None, float("nan"), float("inf"), Fraction(1, 3), [1],
    ],
    "factor": ["0", "-1", "1/0", "1/-3", "1//3", "a", "1e5", "9" * 41, "1/" + "9" * 41, True],
    "share": ["-0.1", "1.01", "50%", "80"],
    "flag": ["True", "yes", "1", 1, "no", None],
    "whole": ["1.0", "1e2", "٣", "", True, 1.0, "1" * 19],
    "date": [
        "2024-1-1", "01.02.2024", "2024-02-30", "20240101", "2024-01-01T00:00", "86400", 86400, "٢٠٢٤-٠١-٠١",
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    ],
    "code": ["", " ", " a", "a ", "a\u00a0b", "a\u200bb", "a\nb", "\ud800", "e\u0301", "x" * 65, 5, None],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_scalar_is_read_exactly(kind):
    for value, read in READ[kind]:
        found = TypeAdapter(KINDS[kind]).validate_python(value)
        assert (found, type(found)) == (read, type(read))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_such_scalar_is_refused(kind):
    for value in REFUSED[kind]:
        with pytest.raises(ValidationError):
            TypeAdapter(KINDS[kind]).validate_python(value)


STARTS = st.sampled_from(("01-01", "07-01", "04-06", "10-31", "02-29", "01-31", "12-31", "01-02"))


class TestCalendar:
    @given(
        STARTS, st.sampled_from(Frequency), st.dates(dt.date(1999, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 2_500)
    )
    def test_periods_tile_a_project_without_gap_or_overlap(self, year, frequency, start, length):
        end = start + length * DAY
        periods = Calendar(fiscal_year_start=year).periods(start, end, frequency)
        assert periods[0].start == start
        assert periods[-1].last_day == end
        assert all(one.end == other.start for one, other in pairwise(periods))
        assert all(each.start < each.end for each in periods)
        assert len({each.label for each in periods}) == len(periods)

    @given(STARTS, st.sampled_from(Frequency), st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)))
    def test_a_day_lies_in_exactly_one_period(self, year, frequency, day):
        periods = Calendar(fiscal_year_start=year).periods(dt.date(2020, 1, 1), dt.date(2030, 12, 31), frequency)
        assert sum(day in each for each in periods) == 1

    @pytest.mark.parametrize(
        ("year", "frequency", "labels"),
        [
            ("01-01", "quarterly", ["2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"]),
            ("01-01", "annual", ["2024", "2025"]),
            ("01-01", "semiannual", ["2024-S1", "2024-S2", "2025-S1"]),
            ("07-01", "quarterly", ["FY2024-Q4", "FY2025-Q1", "FY2025-Q2", "FY2025-Q3"]),
            ("07-01", "annual", ["FY2024", "FY2025"]),
            ("04-01", "monthly", [f"FY2025-M{n:02d}" for n in range(2, 12)]),
        ],
    )
    def test_labels(self, year, frequency, labels):
        calendar = Calendar(fiscal_year_start=year, frequency=frequency)
        assert [each.label for each in calendar.periods(dt.date(2024, 5, 15), dt.date(2025, 2, 10))] == labels

    def test_the_first_and_last_are_cut_to_the_project(self):
        first, *_, last = Calendar().periods(dt.date(2024, 5, 15), dt.date(2025, 2, 10))
        assert (first.start, first.end) == (dt.date(2024, 5, 15), dt.date(2024, 7, 1))
        assert (last.start, last.last_day) == (dt.date(2025, 1, 1), dt.date(2025, 2, 10))

    def test_a_year_that_starts_on_the_31st_starts_on_a_shorter_months_last_day(self):
        periods = Calendar(fiscal_year_start="10-31").periods(
            dt.date(2023, 10, 31), dt.date(2024, 10, 30), Frequency.MONTHLY
        )
        assert [each.start.isoformat()[5:] for each in periods[:6]] == [
            "10-31",
            "11-30",
            "12-31",
            "01-31",
            "02-29",
            "03-31",
        ]

    @pytest.mark.parametrize("wrong", ["13-01", "02-30", "1-1", "0101", "٠١-٠١", "01/01", ""])
    def test_no_such_day_of_the_year(self, wrong):
        with pytest.raises(ValidationError):
            Calendar(fiscal_year_start=wrong)

    def test_a_period_ends_with_its_last_day(self):
        period = Period(dt.date(2026, 4, 1), dt.date(2026, 7, 1), "2026-Q2")
        assert [period.ended_by(dt.date(2026, 6, day)) for day in (29, 30)] == [False, True]
        assert [dt.date(2026, 6, 30) in period, dt.date(2026, 7, 1) in period, "2026-06-30" in period] == [
            True,
            False,
            False,
        ]
        assert (str(period), repr(period)) == ("2026-Q2", "Period(2026-Q2: 2026-04-01 to 2026-06-30)")


def plan(**more):
    goal = {"id": "G", "level": "impact", "title": "Goal"}
    return Logframe.model_validate(
        {"id": "P", "title": "x", "start": "2024-01-01", "end": "2025-12-31", "results": [goal], **more}
    )


class TestLogframe:
    def test_a_period_is_found_by_its_label_at_any_frequency_or_by_the_projects_name(self):
        own = plan(calendar={"names": {"YR1": "2024"}})
        assert own.period("2025-Q3").last_day == dt.date(2025, 9, 30)
        assert own.period("YR1") == own.period("2024")
        assert own.period("2024").last_day == dt.date(2024, 12, 31)
        assert own.period("2025-S2", Frequency.QUARTERLY) is None
        assert own.period("2026-Q1") is None

    def test_results_and_indicators_by_id(self):
        number = {"title": "x", "measure": "number", "accumulation": "flow"}
        low = {"id": "OP", "level": "output", "title": "x", "indicators": [{"id": "I2", **number}]}
        top = {"id": "OC", "level": "outcome", "title": "x", "indicators": [{"id": "I1", **number}], "results": [low]}
        own = plan(results=[top])
        assert list(own.results_by_id) == ["OC", "OP"]
        assert list(own.indicators) == ["I1", "I2"]
        assert dict(own.result_of) == {"I1": "OC", "I2": "OP"}
        assert own.indicator("I2").id == "I2"
        with pytest.raises(KeyError):
            own.indicator("I3")

    def test_expected_reporters_are_those_assigned_in_the_period(self):
        own = plan()
        first, *_, last = own.periods()
        indicator = Indicator.model_validate(
            {
                "id": "I", "title": "x", "measure": "number", "accumulation": "flow",
                "assignments": [
                    {"partner": "A", "locations": ["L1", "L2"]},
                    {"partner": "B", "since": "2025-10-02"},
                    {"partner": "C", "until": "2024-03-30"},
                ],
            }
        )  # fmt: skip
        assert own.expected_reporters(indicator, first) == (("A", "L1"), ("A", "L2"), ("C", "_T"))
        assert own.expected_reporters(indicator, last) == (("A", "L1"), ("A", "L2"), ("B", "_T"))

    def test_nothing_in_it_can_be_changed(self):
        own = plan(thresholds={"jump": 2})
        with pytest.raises(ValidationError):
            own.title = "y"
        with pytest.raises(TypeError):
            own.thresholds["jump"] = 3
        assert hash(own) == hash(own.model_copy(deep=True))


class TestIndicator:
    @pytest.mark.parametrize(
        ("measure", "accumulation", "rules"),
        [
            ("number", "flow", ("sum", "sum", "sum", "sum")),
            ("number", "running_total", ("sum", "sum", "sum", "latest")),
            ("currency", "level", ("sum", "sum", "sum", "latest")),
            ("percentage", "level", ("pooled", "pooled", "pooled", "latest")),
            ("ratio", "flow", ("pooled", "pooled", "pooled", "latest")),
            ("index", "level", ("none", "none", "none", "latest")),
            ("ordinal", "level", ("median", "median", "median", "latest")),
            ("milestone", "level", ("max", "max", "max", "max")),
            ("yes_no", "level", ("all", "all", "all", "latest")),
            ("nominal", "level", ("mode", "mode", "mode", "latest")),
            ("narrative", "level", ("none", "none", "none", "latest")),
        ],
    )
    def test_default_rules(self, measure, accumulation, rules):
        indicator = Indicator(id="I", title="x", measure=Measure(measure), accumulation=Accumulation(accumulation))
        axes = (Axis.CATEGORIES, Axis.LOCATIONS, Axis.PARTNERS, Axis.TIME)
        assert tuple(indicator.rule(axis).value for axis in axes) == rules

    def test_overlapping_groups_are_not_brought_together_by_default(self):
        told = {"id": "I", "title": "x", "measure": "number", "accumulation": "flow"}
        split = {"dimensions": ["group"], "relation": "overlapping"}
        assert Indicator.model_validate({**told, "disaggregation": [split]}).rule(Axis.CATEGORIES) is Rule.NONE

    def test_a_target_in_force(self):
        target = Target.model_validate(
            {"value": 3, "since": "2025-06-01", "history": [{"value": 1}, {"value": 2, "since": "2025-01-01"}]}
        )
        days = (dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 5, 31), dt.date(2025, 6, 1))
        assert [target.in_force(day).value for day in days] == [1, 2, 2, 3]
        assert target.in_force() is target
        assert Target.model_validate({"value": 1, "since": "2025-01-01"}).in_force(days[0]) is None


class TestCopies:
    def test_what_was_worked_out_before_is_not_copied(self):
        flow = Indicator.model_validate(
            {"id": "I", "title": "I", "measure": "number", "accumulation": "flow", "direction": "increase"}
        )
        assert flow.rule(Axis.TIME) is Rule.SUM
        level = flow.model_copy(update={"accumulation": Accumulation.LEVEL})
        assert level.rule(Axis.TIME) is Rule.LATEST
        assert flow.rule(Axis.TIME) is Rule.SUM

    def test_nor_are_the_bands_of_a_scheme(self):
        scheme = schemes()["baseline-target"]
        highest, lowest = scheme.band(Fraction(1_000)), scheme.ordered_bands[0]
        assert highest is not None
        assert highest.label != lowest.label
        fewer = scheme.model_copy(update={"bands": (lowest,)})
        assert fewer.band(Fraction(1_000)) == lowest
        assert scheme.model_copy() == scheme


codes = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)


class TestCategories:
    @given(st.dictionaries(codes, codes, max_size=3))
    def test_a_category_reads_back(self, parts):
        assert category_parts(category_key(parts)) == parts

    def test_how_it_is_written(self):
        assert category_key({"sex": "F", "age": "15-24"}) == "sex=F|age=15-24"
        assert category_key({}) == "_T"
        assert category_key({"a": "50%|=x"}) == "a=50%25%7C%3Dx"

    @pytest.mark.parametrize("wrong", ["", "F", "sex=", "=F", "sex=F|", "sex=F|sex=M", "sex=F=M", "sex=F||age=1"])
    def test_what_is_no_category(self, wrong):
        with pytest.raises(ValueError, match="category"):
            category_parts(wrong)
