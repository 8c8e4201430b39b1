"""A partner's own columns and words told in a file, and such a file proposed."""

from __future__ import annotations

import json

import jsonschema
import pytest

import mne
from mne.errors import LogframeError, OptionError, ReadError
from mne.ground.trees import parse_yaml, to_plain
from mne.reports.mapping import mapping_from
from mne.reports.read import read
from tests.fixtures import corpus_plan, measures_plan
from tests.sheets import LAYOUTS, WORDS, Seen
from tests.unit.test_layouts import book, codes, told

ROWS = [
    ["A report of ours"],
    ["Шифр", "Кто", "Где", "Когда", "Жен", "Сколько", "Ещё"],
    ["N", "Орг А", "TJ-1", "первый", 4, "5,5", "a"],
    ["I", "ORG-A", "Худжанд", "2024-Q2", 1, "1,250", "b"],
    ["Проверено", None, None, None, None, None, None],
]
TEXT = """
format: 1
title: The workbook of organisation A
files: "q*.xlsx"
sheets: [Sheet]
header: 2
columns:
  Шифр: indicator
  Кто: partner
  Где: location
  Когда: period
  column E: {field: value, category: sex=F}
  Сколько: value
  Ещё: ignore
words:
  partner: {Орг А: ORG-A}
  location: {Худжанд: TJ-1}
  period: {первый: 2024-Q1}
decimal: ","
skip: 5
"""


def mapping(text=TEXT):
    found, findings = mapping_from(text.encode(), name="m.yaml")
    assert found is not None, [str(each) for each in findings]
    return found


def test_columns_words_and_rows_of_ones_own():
    found = read(("q.xlsx", book(ROWS)), measures_plan(), mapping=mapping())
    rows = found.frame.select("indicator", "period", "partner", "location", "category", "value", "source_cell").rows()
    assert [(*row[:5], float(row[5]), row[6]) for row in rows] == [
        ("N", "2024-Q1", "ORG-A", "TJ-1", "sex=F", 4.0, "E3"),
        ("N", "2024-Q1", "ORG-A", "TJ-1", "_T", 5.5, "F3"),
        ("I", "2024-Q2", "ORG-A", "TJ-1", "sex=F", 1.0, "E4"),
        ("I", "2024-Q2", "ORG-A", "TJ-1", "_T", 1.25, "F4"),
    ]
    assert {code for code, _ in codes(found)} == {"number-text"}


def test_a_mapping_from_a_file_and_a_list_of_them(tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text(TEXT, encoding="utf-8")
    one = mne.validate(("q.xlsx", book(ROWS)), measures_plan(), mapping=path)
    other = mne.validate(
        ("q.xlsx", book(ROWS)), measures_plan(), mapping=[mne.Mapping(format="1", files=("x*",)), str(path)]
    )
    assert one.observations == other.observations
    assert len(one.observations) + one.held.to_polars().height == 4


def test_a_mapping_is_carried_to_the_processes_that_read(tmp_path):
    for name in ("q1", "q2"):
        (tmp_path / f"{name}.xlsx").write_bytes(book(ROWS))
    one, two = (mne.validate(tmp_path, measures_plan(), mapping=mapping(), jobs=jobs) for jobs in (1, 2))
    assert one.observations == two.observations
    assert len(one.observations) + len(one.held.to_polars()) == 8


def test_constants_and_days():
    told_so = mapping(
        "format: 1\nconstants: {partner: ORG-B, location: TJ-2}\ndates: month-first\n"
        "columns: {a: indicator, b: period_start, c: period_end, d: value}"
    )
    found = read(("q.csv", b"a,b,c,d\nN,01/01/2024,03/31/2024,7\n"), measures_plan(), mapping=told_so)
    row = found.frame.select("indicator", "period", "partner", "location", "source_cell").row(0)
    assert row == ("N", "2024-Q1", "ORG-B", "TJ-2", "D2")


def test_encoding_and_delimiter():
    data = "Показатель|Период|Значение\nN|2024-Q1|5\n".encode("cp1251")
    plain = read(("q.csv", data), measures_plan(), partner="ORG-A")
    assert (told(plain, "encoding-not-utf8").suggestion, plain.frame.height) == ("cp1251", 0)
    found = read(
        ("q.csv", data),
        measures_plan(),
        partner="ORG-A",
        mapping=mapping('format: 1\nencoding: cp1251\ndelimiter: "|"'),
    )
    assert found.frame["value"].to_list() == [5]
    wrong = read(("q.csv", "ж".encode()), measures_plan(), mapping=mapping("format: 1\nencoding: ascii"))
    assert codes(wrong) == [("encoding-unknown", None)]
    tabs = read(
        ("q.csv", b"indicator\tperiod\tvalue\nN\t2024-Q1\t5\n"),
        measures_plan(),
        mapping=mapping("format: 1\ndelimiter: tab"),
    )
    assert tabs.frame["value"].to_list() == [5]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Охват населения", "cp1251"),
        ("Охват населения", "koi8-r"),
        ("Охват населения", "cp866"),
        ("Réalisé à l'été", "cp1252"),
    ],
)
def test_likely_encodings(text, encoding):
    found = read(("q.csv", f"indicator,{text}\n{text},1\n".encode(encoding)), measures_plan())
    assert told(found, "encoding-not-utf8").suggestion == encoding


def test_what_the_file_does_not_have_is_said():
    found = read(
        ("q.xlsx", book([["Шифр"], ["N"]])),
        measures_plan(),
        mapping=mapping("format: 1\ncolumns: {Код: indicator, column C: value, Ещё: ignore}"),
    )
    assert [(each.code, each.expected) for each in found.findings] == [
        ("mapping-column-missing", "Код (indicator)"),
        ("mapping-column-missing", "column C (value)"),
    ]
    sheets = read(
        ("q.xlsx", book([["indicator", "period", "value"], ["N", "2024-Q1", 1]])),
        measures_plan(),
        mapping=mapping("format: 1\nsheets: [Other, Sheet]"),
    )
    assert ("mapping-sheet-missing", None) in codes(sheets)
    assert sheets.frame["value"].to_list() == [1]


@pytest.mark.parametrize(
    "text",
    [
        "format: 1\ncolumns: {a: indicater}",
        "format: 1\nwords: {indicator: {x: OP9}}",
        "format: 1\nwords: {location: {x: nowhere}}",
        "format: 1\ncolumns: {a: {field: value, category: 'sex=F|sex=M'}}",
    ],
)
def test_mappings_that_do_not_fit_the_logframe(text):
    with pytest.raises(OptionError):
        read(("q.csv", b"a\n1\n"), measures_plan(), mapping=mapping(text))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("format: 2", "logframe-not-a-choice", 1),
        ("format: 1\nheadr: 3", "logframe-unknown-key", 2),
        ("title: x", "logframe-missing-key", 1),
        ("format: 1\nskip: [a]", "logframe-value-invalid", 2),
        ("format: 1\nencoding: utf-99", "logframe-value-invalid", 2),
        ("format: 1\nencoding: base64", "logframe-value-invalid", 2),
        ("format: 1\nconstants: {value: 3}", "logframe-value-invalid", 2),
        ("format: 1\nwords: {colour: {a: b}}", "logframe-value-invalid", 2),
        ("format: 1\nlayout: tall", "logframe-not-a-choice", 2),
        ("format: 1\ncolumns: {a: [value]}", "logframe-shape", 2),
        ("format: 1\nformat: 1", "yaml-duplicate-key", 2),
    ],
)
def test_mistakes_in_a_mapping_have_their_line(tmp_path, text, code, line):
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LogframeError) as caught:
        mne.read_mapping(path)
    assert [(each.code, each.place.line) for each in caught.value.findings] == [(code, line)]


def test_paths_that_lead_nowhere(tmp_path):
    with pytest.raises(ReadError):
        mne.read_mapping(tmp_path / "none.yaml")
    with pytest.raises(OptionError):
        mne.read_mapping(3)


def test_a_mapping_says_the_same_as_json(tmp_path):
    path = tmp_path / "m.json"
    path.write_text(mapping().to_json(), encoding="utf-8")
    assert mne.read_mapping(path) == mapping()


def test_the_schema_takes_what_is_read_and_refuses_what_is_not():
    schema = mne.mapping_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    tree, _ = parse_yaml(TEXT.encode(), name="m.yaml")
    plain = to_plain(tree) | {"format": 1, "header": 2, "skip": 5}
    assert check.is_valid(plain)
    for wrong in ({"headr": 1}, {"format": 2}, {"skip": ["a"]}, {"columns": {"a": ["value"]}}):
        assert not check.is_valid(plain | wrong)


def test_a_proposal_for_columns_that_nobody_knows():
    found = mne.propose_mapping(("q.xlsx", book([row[:4] + row[5:6] for row in ROWS])), measures_plan())
    assert {each.column: (each.field, each.sure) for each in found.guesses} == {
        "Шифр": ("indicator", "likely"),
        "Кто": ("partner", "likely"),
        "Где": ("location", "likely"),
        "Когда": ("period", "likely"),
        "Сколько": ("value", "likely"),
    }
    assert not found.is_certain
    assert found.mapping.header == "2"
    assert mapping(found.text) == found.mapping


def test_two_columns_of_numbers_are_for_a_person_to_tell_apart():
    found = mne.propose_mapping(("q.csv", b"indicator,period,aaa,bbb\nN,2024-Q1,1,2\n"), measures_plan())
    assert [(each.field, each.sure) for each in found.guesses[2:]] == [("ignore", "unresolved")] * 2
    assert "# unresolved" in found.text


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_certain_proposal_reads_the_same(layout, lang):
    category = "sex=F" if layout == "by_category" else "_T"
    seen = [Seen(name, period, "ORG-A", "_T", category, 7) for name in ("OC1.1", "OC1.3") for period in ("2024-S1",)]
    sheet = LAYOUTS[layout]([each._replace(period="2024-Q2") for each in seen], lang)
    source = ("q.xlsx", sheet.to_xlsx())
    found = mne.propose_mapping(source, measures_plan())
    plan = corpus_plan()
    found = mne.propose_mapping(source, plan)
    if found.is_certain:
        one, other = (mne.validate(source, plan, partner="ORG-A", mapping=each) for each in (None, found.mapping))
        assert [str(each) for each in one.findings] == [str(each) for each in other.findings]
        assert one.observations == other.observations


def test_proposals_of_long_files_are_certain():
    source = ("q.csv", b"Indicator,Period,Partner,Sex,Value\nOC1.1,2024-S1,ORG-A,F,4\n")
    found = mne.propose_mapping(source, corpus_plan())
    assert found.is_certain, found.text
    one, other = (mne.validate(source, corpus_plan(), mapping=each) for each in (None, found.mapping))
    assert one.observations == other.observations
    assert [str(each) for each in one.findings] == [str(each) for each in other.findings]


def test_words_that_resemble_a_code_are_proposed():
    found = mne.propose_mapping(
        ("q.csv", b"indicator,period,partner,value\nN,2024-Q1,Organizaton A,1\nN,2024-Q1,Nobody,1\n"),
        measures_plan(),
    )
    assert found.mapping.words["partner"] == {"Organizaton A": "ORG-A"}
    assert any("Nobody" in each for each in found.unresolved)


def test_a_proposal_for_nothing():
    found = mne.propose_mapping(("q.csv", b"\n"), measures_plan())
    assert (found.guesses, found.is_certain) == ((), False)
    assert "nothing says the period" in found.text


def test_the_command_proposes_and_uses_a_mapping(tmp_path):
    from typer.testing import CliRunner

    from mne.cli import app

    mne.write_logframe(measures_plan(), tmp_path / "plan.yaml")
    (tmp_path / "q.xlsx").write_bytes(book([row[:4] + row[5:6] for row in ROWS[:4]]))
    run = CliRunner()
    plan, report, out = (str(tmp_path / name) for name in ("plan.yaml", "q.xlsx", "m.yaml"))
    done = run.invoke(app, ["map", report, "-l", plan, "-o", out])
    assert done.exit_code == 1, done.output
    done = run.invoke(app, ["map", report, "-l", plan])
    assert "# likely" in done.stdout
    done = run.invoke(app, ["validate", report, "-l", plan, "--mapping", out, "-f", "json"])
    assert done.exit_code == 1
    assert "mapping-column-missing" not in done.output
    done = run.invoke(app, ["schema", "--mapping"])
    assert json.loads(done.stdout)["title"] == "Mapping"


def test_a_column_by_its_letter_beneath_a_title():
    rows = [["Our report"], ["indicator", "period", "5%", "value"], ["N", "2024-Q1", "F", 3]]
    found = read(
        ("q.xlsx", book(rows)), measures_plan(), partner="ORG-A", mapping=mapping("format: 1\ncolumns: {column C: sex}")
    )
    assert found.frame.select("category", "source_cell").row(0) == ("sex=F", "D3")


HEAD = ["Q1 2024", "Q2 2024", "Q1 2024", "Q2 2024"]
WIDE = {
    "en, by category and period": ([["Indicator", "Women", None, "Men", None], [None, *HEAD], ["N", 1, 2, 3, 4]],
                                   ["B1:C1", "D1:E1", "A1:A2"]),
    "ru, planned and achieved": ([["Показатель", "I кв. 2024", None, "II кв. 2024", None],
                                  [None, "План", "Факт", "План", "Факт"], ["N", 5, 6, 7, 8]],
                                 ["B1:C1", "D1:E1", "A1:A2"]),
    "fr, with a sum": ([["Indicateur", "T1 2024", "T2 2024", "Total"], ["N", 1, 2, 3]], []),
    "tg, a year above its quarters": ([["Нишондиҳанда", "2024", None], [None, "семоҳаи 1", "семоҳаи 2"], ["N", 5, 6]],
                                      ["B1:C1", "A1:A2"]),
    "a block": ([["Output 1", "Output indicator N", None, "Baseline", "Milestone 1 (Q1 2024)"],
                 [None, None, "Planned", 0, 10], [None, None, "Achieved", 0, 8]], []),
}  # fmt: skip


@pytest.mark.parametrize("name", WIDE)
def test_a_proposal_for_a_wide_table_sees_what_the_reader_sees(name):
    source = ("q.xlsx", book(*WIDE[name]))
    proposed = mne.propose_mapping(source, measures_plan())
    assert proposed.is_certain, proposed.text
    columns = ["indicator", "period", "category", "value", "source_cell"]
    plain, mapped = (
        read(source, measures_plan(), partner="ORG-A", mapping=each).frame.select(columns).rows()
        for each in (None, proposed.mapping)
    )
    assert plain == mapped
    assert plain


def test_unknown_headers_before_known_periods_are_proposed_with_them():
    source = ("q.xlsx", book([["Kod", "Joy", "Q1 2024", "Q2 2024"], ["N", "TJ-1", 10, 20], ["I", "TJ-1", 1, 2]]))
    proposed = mne.propose_mapping(source, measures_plan())
    fields = {each.column: (each.field, each.sure, each.spec.get("period")) for each in proposed.guesses}
    assert fields["Kod"] == ("indicator", "likely", None)
    assert fields["Q2 2024"] == ("value", "certain", "Q2 2024")
    rows = read(source, measures_plan(), partner="ORG-A", mapping=proposed.mapping).frame
    assert [(*each[:2], int(each[2])) for each in rows.select("indicator", "period", "value").rows()] == [
        ("N", "2024-Q1", 10), ("N", "2024-Q2", 20), ("I", "2024-Q1", 1), ("I", "2024-Q2", 2),
    ]  # fmt: skip


def test_a_quarter_of_no_year_is_for_a_person_to_tell():
    proposed = mne.propose_mapping(("q.xlsx", book([["Indicator", "First quarter"], ["N", 10]])), measures_plan())
    assert [each.sure for each in proposed.guesses] == ["certain", "unresolved"]


def test_a_word_of_a_header_that_names_a_category_makes_it_likely():
    rows = [["Indicator", "Period", "Girls and women", "Everyone"], ["N", "2024-Q1", 10, 30]]
    guesses = {each.column: each for each in mne.propose_mapping(("q.xlsx", book(rows)), measures_plan()).guesses}
    assert (guesses["Girls and women"].sure, guesses["Girls and women"].spec) == ("likely", {"category": "sex=F"})
    assert (guesses["Everyone"].field, guesses["Everyone"].sure) == ("value", "likely")
