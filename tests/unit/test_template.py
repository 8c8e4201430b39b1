"""The template for a partner: what is asked in it, what may be filled in, and how it comes back."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

import mne
from mne.errors import OptionError
from mne.exchange.workbook.words import WORDS
from mne.ground.language import LANGUAGES
from mne.logframe.asked import asked, fingerprint
from mne.logframe.model import Logframe
from mne.logframe.writing import to_yaml
from tests.workbooks import fill_in, saved

COLUMNS = (
    "indicator", "title", "location", "category", "period", "unit", "baseline", "target", "last", "value", "numerator",
    "denominator", "state", "comment", "status", "partner",
)  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    return mne.example("tajikistan")


def opened(data):
    return load_workbook(io.BytesIO(data))


def headers(lang):
    return {name: WORDS[f"h-{name}"][lang] for name in COLUMNS}


FIGURES = {
    ("OC1.2", "2026-Q4", "SUGHD", "_T"): {"value": 11.5},
    ("OP1.1.3", "2026-Q4", "SUGHD", "_T"): {"value": 0},
    ("OC2.1", "2026-Q4", "SUGHD", "_T"): {"value": 30, "comment": "=less than planned"},
    ("OC2.1", "2026-Q4", "SUGHD", "sex=F"): {"value": 12},
    ("OC2.1", "2026-Q4", "SUGHD", "sex=M"): {"value": 18},
    ("OP2.1.2", "2026-Q4", "SUGHD", "_T"): {"numerator": 15, "denominator": 20},
}


def answers(plan, lang):
    words = WORDS
    return {
        **FIGURES,
        ("OP1.2.3", "2026-Q4", "SUGHD", "_T"): {"value": words["yes"][lang]},
        ("OP1.2.2", "2026-S2", "SUGHD", "_T"): {"value": "developing"},
        ("OP1.1.1", "2026-Q4", "SUGHD", "_T"): {"state": words["state-not_applicable"][lang]},
        ("OP2.2.1", "2026-Q4", "SUGHD", "_T"): {
            "state": words["state-missing"][lang],
            "status": words["status-draft"][lang],
        },
    }


def filled(plan, lang="en"):
    data = mne.template(plan, partner="P-SUGHD", period="2026-Q4", lang=lang)
    return fill_in(data, answers(plan, lang), headers(lang))


def figures(report):
    """What was read, without where it stood and in which words."""
    frame = report.observations.to_polars()
    return frame.drop("source_file", "source_sheet", "source_cell", "source_row", "source_order", "text").rows()


def test_who_is_asked_for_what(plan):
    quarter = asked(plan, "P-SUGHD", plan.period("2026-Q3"))
    assert {each.indicator.id for each in quarter} == {
        "OC1.2", "OP1.1.1", "OP1.1.3", "OP1.2.3", "OC2.1", "OP2.1.1", "OP2.1.2", "OP2.1.3", "OP2.2.1",
    }  # fmt: skip
    assert {each.period.label for each in asked(plan, "P-SUGHD", plan.period("2026-Q4"))} == {"2026-Q4", "2026-S2"}
    year = asked(plan, "P-CENTRE", plan.period("2026"))
    assert {each.period.label for each in year if each.indicator.id == "OC1.2"} == {f"2026-Q{n}" for n in range(1, 5)}
    assert [each.category for each in quarter if each.indicator.id == "OC2.1"][:4] == [
        "_T",
        "sex=F",
        "sex=M",
        "age=15-24",
    ]
    assert sum(each.indicator.id == "OP2.1.1" for each in quarter) == 7


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_looks_as_agreed(plan, lang):
    book = opened(mne.template(plan, partner="P-SUGHD", period="2026-Q4", lang=lang))
    assert book.sheetnames == [WORDS["sheet-report"][lang], WORDS["sheet-guide"][lang], "_logframe"]
    assert [sheet.sheet_state for sheet in book] == ["visible", "visible", "veryHidden"]
    sheet = book.worksheets[0]
    told = [cell.value for cell in sheet[4]]
    assert told == [header for name, header in headers(lang).items() if name != "last"]
    assert sheet.freeze_panes == "C5"
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    rules = {(each.type, each.operator) for each in sheet.data_validations.dataValidation}
    assert rules == {
        ("whole", "greaterThanOrEqual"), ("decimal", "greaterThanOrEqual"), ("list", None),
    }  # fmt: skip
    for each in sheet.data_validations.dataValidation:
        assert each.errorTitle == each.promptTitle == WORDS["v-title"][lang]
        assert 0 < len(each.error) <= 255
        assert each.allow_blank
    unlocked = [cell for row in sheet.iter_rows(min_row=5) for cell in row if not cell.protection.locked]
    assert {get_column_letter(cell.column) for cell in unlocked} == set("IJKLMN")
    assert all(cell.fill.fgColor.rgb in ("00FFD9A8", "00FFF0DC") for cell in unlocked)
    assert not any(cell.value for cell in unlocked)
    assert any(cell.comment for row in sheet.iter_rows(min_row=5, max_col=2) for cell in row)
    guide = [row[1].value for row in book.worksheets[1].iter_rows(max_col=2) if row[1].value]
    assert guide[0] == WORDS["guide-head"][lang]
    assert len(guide) > 8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_filled_in_it_reads_back_without_loss(plan, lang):
    told = mne.validate(("q4.xlsx", filled(plan, lang)), plan)
    assert len(told.observations) + len(told.held) == len(answers(plan, lang))
    assert figures(told) == figures(mne.validate(("q4.xlsx", filled(plan)), plan))
    assert not told.findings.at_least("error")
    rows = {(row["indicator"], row["category"]): row for row in told.observations.to_polars().iter_rows(named=True)}
    assert {row["partner"] for row in rows.values()} == {"P-SUGHD"}
    assert rows["OC1.2", "_T"]["value"] == 11.5
    assert rows["OP1.1.3", "_T"]["value"] == 0
    assert rows["OP1.1.3", "_T"]["unit"] == "kg"
    assert rows["OC2.1", "_T"]["comment"] == "=less than planned"
    assert rows["OP2.1.2", "_T"]["numerator"] == 15
    assert rows["OP1.2.2", "_T"]["period"] == "2026-S2"
    assert rows["OP1.1.1", "_T"]["state"] == "not_applicable"
    assert rows["OP2.2.1", "_T"]["status"] == "draft"


def test_blank_cells_are_missing_and_told_once(plan):
    told = mne.validate(("q4.xlsx", filled(plan)), plan)
    assert [each.code for each in told.findings.of("template-rows-blank")] == ["template-rows-blank"]
    assert told.findings.of("template-rows-blank")[0].params["count"] == 25 - len(answers(plan, "en"))
    assert not told.findings.of("value-missing", "sheet-skipped", "header-offset", "row-without-data", "sheet-hidden")
    assert told.counts.rows == told.counts.accepted + told.counts.held + told.counts.ignored
    empty = mne.validate(("q4.xlsx", mne.template(plan, partner="P-SUGHD", period="2026-Q4")), plan)
    assert "table-no-rows" in empty.findings.codes
    assert len(empty.observations) == 0


def without(data, *, sheet=False, line=False):
    book = opened(data)
    if sheet:
        del book["_logframe"]
    if line:
        book.worksheets[0]["A3"] = None
    return saved(book)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_hidden_sheet_may_be_gone(plan, lang):
    data = filled(plan, lang)
    told = figures(mne.validate(("q4.xlsx", data), plan))
    alone = mne.validate(("q4.xlsx", without(data, sheet=True)), plan)
    assert figures(alone) == told
    assert "template-rows-blank" in alone.findings.codes
    bare = mne.validate(("q4.xlsx", without(data, sheet=True, line=True)), plan)
    assert [row for row in figures(bare) if row in told] == told
    assert "template-rows-blank" not in bare.findings.codes


def test_a_template_knows_whose_it_is(plan):
    """Also where the columns that say so were deleted."""
    book = opened(filled(plan))
    sheet = book.worksheets[0]
    for cell in reversed(sheet[4]):
        if cell.value == "Partner":
            sheet.delete_cols(cell.column)
    told = mne.validate(("q4.xlsx", saved(book)), plan)
    assert set(told.observations.to_polars()["partner"]) == {"P-SUGHD"}
    for cell in reversed(opened(saved(book)).worksheets[0][4]):
        if cell.value == "Period":
            sheet.delete_cols(cell.column)
    told = mne.validate(("q4.xlsx", saved(book)), plan)
    assert "2026-Q4" in set(told.observations.to_polars()["period"])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_another_program_may_save_it(plan, tmp_path):
    for lang in LANGUAGES:
        (tmp_path / f"{lang}.xlsx").write_bytes(filled(plan, lang))
    names = [str(tmp_path / f"{lang}.xlsx") for lang in LANGUAGES]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    out = tmp_path / "out"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), *names]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for lang in LANGUAGES:
        told = mne.validate(tmp_path / f"{lang}.xlsx", plan)
        again = mne.validate(out / f"{lang}.xlsx", plan)
        assert figures(again) == figures(told)
        assert again.findings.codes == told.findings.codes


def plan_with(plan, tmp_path, *changes):
    text = to_yaml(plan)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return mne.read_logframe(path)


def test_an_outdated_template_is_told_and_read_by_id(plan, tmp_path):
    data = filled(plan)
    newer = plan_with(plan, tmp_path, ('version: "1"', 'version: "2"'), ("id: OP1.1.3\n", "id: OP1.1.9\n"))
    told = mne.validate(("q4.xlsx", data), newer)
    outdated = told.findings.of("template-outdated")[0]
    assert outdated.found == f"1 ({fingerprint(plan)[:8]})"
    assert outdated.expected == f"2 ({fingerprint(newer)[:8]})"
    assert dict(outdated.params) == {"gone": "OP1.1.3", "new": "OP1.1.9"}
    unknown = told.findings.of("ref-unknown-indicator")[0]
    assert (unknown.found, unknown.suggestion) == ("OP1.1.3", "OP1.1.9")
    assert len(told.observations) == len(answers(plan, "en")) - 1


def test_a_template_of_a_plan_that_is_the_same_is_not_outdated(plan, tmp_path):
    same = plan_with(plan, tmp_path)
    assert fingerprint(same) == fingerprint(plan)
    assert not mne.validate(("q4.xlsx", filled(plan)), same).findings.of("template-outdated")


def test_a_template_of_another_logframe_is_refused(plan):
    told = mne.validate(("q4.xlsx", filled(plan)), mne.example("bangladesh"))
    assert [each.code for each in told.findings] == ["template-other-logframe"]
    assert told.sources[0].refused
    assert len(told.observations) == 0


def test_a_template_of_a_later_library(plan):
    book = opened(filled(plan))
    book["_logframe"]["B1"] = "2"
    assert "template-newer" in mne.validate(("q4.xlsx", saved(book)), plan).findings.codes


@pytest.mark.parametrize("text", ["logframe:template 1 {", "logframe:template x {}", "logframe:template 1 [1]"])
def test_a_broken_stamp_is_none(plan, text):
    book = opened(filled(plan))
    del book["_logframe"]
    book.worksheets[0]["A3"] = text
    told = mne.validate(("q4.xlsx", saved(book)), plan)
    assert {"OC1.2", "OC2.1"} <= set(told.observations.to_polars()["indicator"])


def test_another_partner_in_a_template_is_told(plan):
    book = opened(filled(plan))
    sheet = book.worksheets[0]
    at = next(cell.column for cell in sheet[4] if cell.value == "Partner")
    sheet.cell(6, at).value = "P-EAST"
    assert mne.validate(("q4.xlsx", saved(book)), plan).findings.of("partner-other")


def test_last_values_are_shown(plan):
    source = b"indicator,period,partner,location,value\nOC1.2,2026-Q2,P-SUGHD,SUGHD,14\n"
    before = mne.validate(("a.csv", source), plan).observations
    sheet = opened(mne.template(plan, partner="P-SUGHD", period="2026-Q4", previous=before)).worksheets[0]
    at = next(cell.column for cell in sheet[4] if cell.value == "Last value")
    assert "14 (2026-Q2)" in [row[0].value for row in sheet.iter_rows(min_col=at, max_col=at)]


def small(**more):
    return Logframe.model_validate(
        {
            "id": "=X", "title": "=cmd|' /C calc'!A0", "start": "2024-01-01", "end": "2024-12-31",
            "organisations": [{"id": "+P", "title": "@P", "roles": ["partner"]}],
            "results": [{"id": "-O", "level": "outcome", "title": "-1+1", "indicators": [
                {"id": "=I", "title": "@SUM(1)", "measure": "ordinal", "accumulation": "level", "definition": "=1+1",
                 "scale": [{"id": f"step {n}, with a comma", "title": f"Step {n} " + "x" * 30} for n in range(9)]},
                {"id": "Y", "title": "Text", "measure": "narrative", "accumulation": "level"},
                {"id": "Z", "title": "Share", "measure": "percentage", "reported_as": "value", "accumulation": "level"},
            ]}],
            **more,
        }
    )  # fmt: skip


def test_text_of_the_plan_is_never_a_formula():
    plan = small()
    book = opened(mne.template(plan, partner="+P", period="2024-Q1"))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not (isinstance(cell.value, str) and cell.value[:1] in "=+-@") or cell.quotePrefix
    told = mne.validate(
        (
            "t.xlsx",
            fill_in(saved(book), {("=I", "2024-Q1", "_T", "_T"): {"value": "Step 4 " + "x" * 30}}, headers("en")),
        ),
        plan,
    )
    assert told.observations.to_polars()["value"].to_list() == [5]
    assert set(told.observations.to_polars()["partner"]) == {"+P"}


def test_long_lists_stand_on_a_hidden_sheet():
    book = opened(mne.template(small(), partner="+P", period="2024-Q1", lang="ru"))
    assert book["_lists"].sheet_state == "hidden"
    rules = {each.type: each for each in book.worksheets[0].data_validations.dataValidation if each.sqref == "G6"}
    assert rules or any("_lists" in str(each.formula1) for each in book.worksheets[0].data_validations.dataValidation)
    kinds = {each.type for each in book.worksheets[0].data_validations.dataValidation}
    assert {"list", "decimal"} <= kinds
    percent = next(each for each in book.worksheets[0].data_validations.dataValidation if each.type == "decimal")
    assert (percent.formula1, percent.formula2) == ("0", "100")


def test_the_same_call_gives_the_same_bytes(plan):
    told = {"partner": "P-EAST", "period": "2026-Q3", "lang": "tg"}
    assert mne.template(plan, **told) == mne.template(plan, **told)


@pytest.mark.parametrize(
    ("told", "match"),
    [
        ({"partner": "P-WEST"}, "partner must be one of"),
        ({"period": "2026-Q9"}, "period must be one of"),
        ({"lang": "de"}, "lang must be one of"),
        ({"previous": 7}, "previous must be Observations"),
        ({"partner": "P-KHATLON", "period": "2022-S2"}, "asks nothing"),
    ],
)
def test_misuse(plan, told, match):
    given = {"partner": "P-SUGHD", "period": "2026-Q3", **told}
    with pytest.raises(OptionError, match=match):
        mne.template(plan, **given)


def test_a_plan_is_needed():
    with pytest.raises(OptionError, match="plan must be"):
        mne.template("plan.yaml", partner="A", period="2026")


@pytest.mark.parametrize(
    ("lang", "own", "last"),
    [
        ("en", ["days", "public services", "schools", "person"], "1600 (thousand somoni; 2026-Q2)"),
        ("fr", ["jours", "services publics", "écoles", "personnes"], "1600 (millier de somonis ; 2026-Q2)"),
        ("ru", ["дн.", "государственные услуги", "школы", "чел."], "1600 (тысяча сомони; 2026-Q2)"),
        ("tg", ["рӯз", "хизматрасониҳо", "мактабҳо", "нафар"], "1600 (ҳазор сомонӣ; 2026-Q2)"),
    ],
)
def test_units_are_told_in_the_language_and_read_back(plan, lang, own, last):
    source = b"indicator,period,partner,location,value,unit\nOP1.1.1,2026-Q2,P-SUGHD,SUGHD,1600,thousand-somoni\n"
    before = mne.validate(("a.csv", source), plan).observations
    units = {}
    for partner in ("P-SUGHD", "P-EAST", "P-CENTRE"):
        made = mne.template(plan, partner=partner, period="2026-Q4", lang=lang, previous=before)
        sheet = opened(made).worksheets[0]
        heads = {cell.value: cell.column for cell in sheet[4]}
        at = heads[WORDS["h-unit"][lang]]
        for row in range(5, sheet.max_row + 1):
            if sheet.cell(row, 1).value:
                units[sheet.cell(row, 1).value] = sheet.cell(row, at).value
        if partner == "P-SUGHD":
            column = heads[WORDS["h-last"][lang]]
            assert last in [sheet.cell(row, column).value for row in range(5, sheet.max_row + 1)]
    assert [units[id] for id in ("OC1.2", "OC1.1", "OP2.2.1", "OC2.1")] == own
