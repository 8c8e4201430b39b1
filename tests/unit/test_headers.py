"""Which column is which, in four languages; and codes in cells matched with those of the plan."""

from __future__ import annotations

import datetime as dt

import pytest

from mne.ground.catalogue import Severity
from mne.logframe.model import Logframe
from mne.reports.cells import BLANK
from mne.reports.grid import Flaw, Grid
from mne.reports.headers import HeaderReader, header_key, shipped_aliases
from mne.reports.lookup import Lookup, nearest, skeleton
from mne.reports.read import read
from mne.reports.words import TOTALS
from tests.fixtures import corpus_plan, measures_plan


def grid(*rows, lane="text", header=None):
    width = max(map(len, rows), default=0)
    columns = [[row[at] if at < len(row) else None for row in rows] for at in range(width)]
    return Grid(
        file="f.csv", sheet=None, lane=lane, columns=columns, numbers=range(1, len(rows) + 1), header=header,
        widths=[len(row) for row in rows],
    )  # fmt: skip


def found(*rows, plan=None, given=frozenset(), **options):
    return HeaderReader(plan or corpus_plan()).find(grid(*rows, **options), given=given)


def codes(findings):
    return [(finding.code, finding.place.header) for finding in findings]


ROW = ["OC1.1", "2024-S1", "5"]


def test_no_alias_names_two_columns():
    names = {}
    for key, name in shipped_aliases():
        assert names.setdefault(key, name) == name, key


def test_every_column_that_is_reported_has_a_name_in_each_language():
    columns = {name.target for _, name in shipped_aliases() if name.kind == "column"}
    assert {
        "project",
        "indicator",
        "period",
        "period_start",
        "period_end",
        "partner",
        "location",
        "category",
        "value",
    } < columns
    assert {
        "numerator",
        "denominator",
        "unit",
        "state",
        "text",
        "comment",
        "status",
        "revision",
        "reported_on",
    } < columns


@pytest.mark.parametrize(
    "headers",
    [
        ["indicator", "period", "value"],
        ["Indicator ID", "Reporting period", "Actual value"],
        ["INDICATOR_ID", "period*", "Value (number)"],
        ["Indicateur", "Période", "Valeur réalisée"],
        ["Показатель", "Отчётный период", "Фактическое значение"],
        ["Нишондиҳанда", "Давра", "Қимат"],
        ["Indicator / Показатель", "Period\nПериод", "Value | Значение"],
    ],
)
def test_headers_in_four_languages(headers):
    layout, findings, _ = found(headers, ROW)
    assert findings == []
    assert dict(layout.columns) == {"indicator": 0, "period": 1, "value": 2}


def test_look_alike_letters_in_a_header_are_read_and_said():
    layout, findings, _ = found(["indicаtor", "period", "vаlue"], ROW)  # two Cyrillic letters
    assert dict(layout.columns) == {"indicator": 0, "period": 1, "value": 2}
    assert codes(findings) == [("header-normalised", "indicаtor"), ("header-normalised", "vаlue")]


def test_dimensions_by_id_and_by_title_in_any_language():
    layout, findings, _ = found(["indicator", "period", "value", "Пол", "AGE"], [*ROW, "F", "18+"])
    assert (dict(layout.dimensions), findings) == ({"sex": 3, "age": 4}, [])


def test_a_dimension_of_the_plan_goes_before_an_alias():
    told = measures_plan().model_dump(exclude_unset=True)
    told["dimensions"] = [{"id": "region", "title": "Region", "codes": [{"id": "N", "title": "north"}]}]
    layout, _, _ = found(["indicator", "period", "value", "Region"], [*ROW, "N"], plan=Logframe.model_validate(told))
    assert (dict(layout.dimensions), "location" in layout.columns) == ({"region": 3}, False)


def test_a_second_name_for_a_column_is_read_only_where_the_first_is_absent():
    both, findings, _ = found(["indicator name", "indicator", "period", "value"], ["People", *ROW])
    assert (both.columns["indicator"], findings) == (1, [])
    alone, _, _ = found(["indicator name", "period", "value"], ["People served", "2024-S1", "5"])
    assert alone.columns["indicator"] == 0


@pytest.mark.parametrize(
    ("word", "meant"),
    [("gabo", "gbao"), ("gboa", "gbao"), ("abgo", None), ("obag", None), ("dsr", None), ("ga0b", None), ("pp12", None)],
)
def test_two_letters_of_a_code_that_changed_places(word, meant):
    assert nearest(word, ["gbao", "drs", "khatlon", "pp21"]) == meant


def test_an_unknown_header_is_said_with_the_nearest_name():
    layout, findings, _ = found(["indicator", "period", "value", "valeu"], [*ROW, "1"])
    assert layout is not None
    assert codes(findings) == [("header-unknown", "valeu")]
    assert findings[0].level is Severity.WARNING


def test_a_part_of_a_share_is_read_from_a_header_with_a_slip():
    layout, findings, _ = found(["indicator", "period", "value", "denominater"], [*ROW, "1"])
    assert layout is not None
    assert layout.columns["denominator"] == 3
    assert [(each.code, each.found, each.expected) for each in findings] == [
        ("header-normalised", "denominater", "denominator")
    ]
    both, findings, _ = found(["indicator", "period", "value", "denominator", "denominater"], [*ROW, "1", "2"])
    assert both is not None
    assert both.columns["denominator"] == 3
    assert codes(findings) == [("header-unknown", "denominater")]


def test_columns_that_are_understood_and_not_read():
    _, findings, _ = found(
        ["№", "Indicator", "Period", "Value", "Baseline", "Целевое значение", "source_file"], ["1", *ROW]
    )
    assert findings == []


@pytest.mark.parametrize(
    "headers",
    [
        ["indicator", "period", "value", "Value "],
        ["indicator", "period", "value", "actual"],
        ["indicator", "period", "value", "x", "X"],
    ],
)
def test_duplicate_headers_refuse_the_table(headers):
    layout, findings, _ = found(headers, [*ROW, "1", "2"])
    assert layout is None
    assert [(f.code, f.level, f.place.header) for f in findings if f.level is Severity.BLOCKER] == [
        ("header-duplicate", Severity.BLOCKER, headers[-1].strip())
    ]


@pytest.mark.parametrize(
    ("headers", "given", "missing"),
    [
        (["partner", "period", "value"], frozenset(), True),
        (["indicator", "value"], frozenset(), True),
        (["indicator", "value"], frozenset({"period"}), False),
        (["indicator", "period_start", "value"], frozenset(), True),
        (["indicator", "period_start", "period_end", "value"], frozenset(), False),
        (["indicator", "period"], frozenset(), True),
        (["indicator", "period", "numerator"], frozenset(), True),
        (["indicator", "period", "numerator", "denominator"], frozenset(), False),
        (["indicator", "year", "text"], frozenset(), False),
    ],
)
def test_required_columns(headers, given, missing):
    layout, findings, _ = found(headers, ["a"] * len(headers), given=given)
    assert (layout is None, [f.code for f in findings]) == (missing, ["header-missing"] if missing else [])


def test_the_header_is_found_below_titles():
    layout, findings, _ = found(
        ["Progress report 2024"], [], ["Partner: ORG-A", ""], ["indicator", "period", "value"], ROW
    )
    assert layout.header_at == 3
    assert [(f.code, f.place.row) for f in findings] == [("header-offset", 4)]


def test_a_table_of_something_else_has_no_header():
    layout, findings, understood = found(["name", "phone"], ["Ann", "123"])
    assert (layout, findings, understood) == (None, [], 0)


def test_a_filled_column_without_header_is_said():
    _, findings, _ = found(["indicator", "period", "value", ""], [*ROW, "x"])
    assert [f.code for f in findings] == ["header-blank"]
    _, findings, _ = found(["indicator", "period", "value", ""], [*ROW, " "])
    assert findings == []


def test_letters_of_columns_in_a_workbook():
    sheet = grid(["indicator", "period", "value"], ROW)
    sheet.has_letters = True
    layout, _, _ = HeaderReader(corpus_plan()).find(sheet)
    assert {name: (at.header, at.letter) for name, at in layout.places(sheet).items()} == {
        "indicator": ("indicator", "A"),
        "period": ("period", "B"),
        "value": ("value", "C"),
    }


def test_header_keys_ignore_case_and_signs():
    assert header_key("  Period_Start *") == header_key("period-start") == "period start"
    assert header_key("Отчётный  период:") == "отчетный период"


# ---------------------------------------------------------------------------------------------------- codes in cells

LOOKUP = Lookup("indicator", {"OC1.1": ["People served", "Охвачено людей"], "OC1.2": ["Share"], "OP1": ["Share"]})


@pytest.mark.parametrize(
    ("text", "value", "code", "suggestion"),
    [
        ("OC1.1", "OC1.1", None, None),
        ("People served", "OC1.1", None, None),
        ("охвачено  людей", "OC1.1", None, None),
        ("OC1.1 People served", "OC1.1", None, None),
        ("OC1.1 – People served", "OC1.1", None, None),
        ("oc1.1", "OC1.1", "code-normalised", None),
        (" OC1.1", "OC1.1", "code-normalised", None),
        ("ＯＣ1.1", "OC1.1", "code-normalised", None),
        ("ОС1.1", None, "code-confusable", "OC1.1"),
        ("OC1.l", None, "code-confusable", "OC1.1"),
        ("0C1.1", None, "code-confusable", "OC1.1"),
        ("OC\u200b1.1", None, "code-invisible-character", "OC1.1"),
        ("OC\u202e1.1", None, "code-invisible-character", "OC1.1"),
        ("OC9\u202e.9", None, "code-invisible-character", None),
        ("Share", None, "ref-ambiguous", None),
        ("OC1.10", None, "ref-unknown-indicator", None),
        ("OC1.9", None, "ref-unknown-indicator", None),
        ("1.10", None, "ref-unknown-indicator", None),
        ("People serve", None, "ref-unknown-indicator", "OC1.1"),
        ("x" * 2000, None, "limit-cell-length", None),
    ],
)
def test_matching_of_codes(text, value, code, suggestion):
    answer = LOOKUP.match(text)
    assert (answer.value, answer.code, answer.suggestion) == (value, code, suggestion)


def test_blank_cells_match_nothing():
    assert LOOKUP.match("  ") is BLANK
    assert LOOKUP.match_cell(None) is BLANK


def test_typed_cells_as_codes():
    numbers = Lookup("location", {"1": [], "1.10": [], "07": []})
    assert numbers.match_cell(1).value == "1"
    assert numbers.match_cell(1.0).value == "1"
    assert (numbers.match_cell(1.1).code, numbers.match_cell(1.1).suggestion) == ("code-numeric", "1.10")
    assert (numbers.match_cell(7).code, numbers.match_cell(7).suggestion) == ("code-numeric", "07")
    assert numbers.match_cell(True).code == "code-numeric"
    assert numbers.match_cell(Flaw("cell-error", "#N/A")).code == "cell-error"
    ages = Lookup("category", {"10-14": [], "0-17": []}, totals=TOTALS)
    taken_for_a_day = ages.match_cell(dt.datetime.fromisoformat("2024-10-14"))
    assert (taken_for_a_day.code, taken_for_a_day.suggestion) == ("code-date", "10-14")
    assert ages.match_cell("Total").value == "_T"


def test_skeletons_of_look_alikes_are_one():
    assert skeleton("ОР1.l") == skeleton("OP1.1")
    assert skeleton("ВНМ") == skeleton("BHM")
    assert skeleton("ΑΒΝ") == skeleton("ABN")
    assert skeleton("OC1.1") != skeleton("OC1.2")


def test_a_misspelt_split_refuses_the_table_and_does_not_make_women_everybody():
    plan = corpus_plan()
    table = (
        b"indicator,period_start,period_end,partner,location,sxe,value\nOC1.1,2024-01-01,2024-06-30,ORG-A,LOC-01,F,5\n"
    )
    reading = read(("report.csv", table), plan)
    assert [(finding.code, finding.place.header) for finding in reading.findings if finding.level == "blocker"] == [
        ("header-misspelt", "sxe")
    ]
    assert reading.frame.is_empty()


@pytest.mark.parametrize("header", ["Sexe", "gender", "Пол", "ҷинс"])
def test_common_names_of_a_split_stand_for_the_plans_own(header):
    plan = corpus_plan()
    table = f"indicator,period_start,period_end,partner,location,{header},value\nOC1.1,2024-01-01,2024-06-30,ORG-A,LOC-01,F,5\n"
    reading = read(("report.csv", table.encode()), plan)
    assert reading.frame["category"].to_list() == ["sex=F"]
