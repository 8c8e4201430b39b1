"""What people read of a report, word for word: one word for one thing, in the reader's language, with its plurals."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import jsonschema
import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

import mne
from mne._render import rendered
from mne.cli import app
from mne.display import diff_view, due_view
from mne.display.labels import LABELS, labels
from mne.display.letter_words import WORDS, words
from mne.display.plurals import NOUNS
from mne.exchange.workbook.words import WORDS as WORKBOOK
from mne.ground.catalogue import CODES
from mne.ground.findings import Finding, Findings, Place
from mne.ground.phrases import both, named, phrase, told_in
from mne.ground.tags import LANGUAGES
from mne.ground.wording import PHRASES
from mne.reports.plan_words import Words as PlanWords
from tests.workbooks import saved

ROOT = Path(__file__).parents[2]
PLAN = mne.example("tajikistan")
HEAD = "Indicator,Period,Location,Value\n"


def checked(*rows: str, **options):
    sent = HEAD + "".join(f"{row}\n" for row in rows)
    return mne.validate(("folder/april.csv", sent.encode()), PLAN, partner="P-CENTRE", **options)


def made(rows):
    """A workbook of one sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


GOOD = "OP1.1.3,2026-Q2,DUSHANBE,2012"


def with_findings(*found: Finding):
    return dataclasses.replace(checked(GOOD), findings=Findings(found))


# --- one word for one thing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_remark_asks_for_nothing_and_nothing_else_is_called_one(lang):
    stems = {form[:6].lower() for form in NOUNS["info"][lang]}
    assert LABELS["severity-info"][lang].lower()[:6] in stems
    assert WORKBOOK["info"][lang].lower()[:6] in stems
    others = (
        LABELS["findings"][lang],
        LABELS["no-findings"][lang],
        LABELS["verdict-accept with notes"][lang],
        WORDS["minor"][lang],
        WORDS["look"][lang],
        *NOUNS["note"][lang],
    )
    assert [told for told in others if any(stem in told.lower() for stem in stems)] == []


@pytest.mark.parametrize(
    ("lang", "subject"),
    [
        ("en", "TJ-DFP, your report: 1 error to correct, 2 points to check"),
        ("fr", "TJ-DFP, votre rapport : 1 erreur à corriger, 2 points à vérifier"),
        ("ru", "TJ-DFP, ваш отчёт: просим исправить (1 ошибка) и проверить (2 места)"),
        ("tg", "TJ-DFP, ҳисоботи шумо: лутфан ислоҳ кунед (1 хато) ва санҷед (2 ҷой)"),
    ],
)
def test_the_subject_of_a_letter_counts_what_is_to_be_checked_too(lang, subject):
    at = Place(file="folder/april.csv", row=2, header="Value")
    warning = Finding(code="value-outlier", place=at, found="5", expected="about 70")
    report = with_findings(Finding(code="number-invalid", place=at, found="x"), warning, warning)
    letter = report.to_email(lang=lang)
    assert letter.subject == subject
    assert words(lang)("minor", message="") in letter.body


# --- titles in sentences ----------------------------------------------------------------------------------------

SEX = named("sex", {"en": "Sex", "fr": "Sexe", "ru": "Пол", "tg": "Ҷинс"})
AGE = named("age", {"en": "Age group", "fr": "Tranche d’âge", "ru": "Возрастная группа", "tg": "Гурӯҳи синнусолӣ"})


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "515 by Sex and 253 by Age group (123 + 130), 72 less"),
        ("ru", "515 (разбивка «Пол») и 253 (разбивка «Возрастная группа»: 123 + 130), на 72 меньше"),
        ("tg", "515 аз рӯи «Ҷинс» ва 253 аз рӯи «Гурӯҳи синнусолӣ» (123 + 130), 72 кам"),
    ],
)
def test_titles_stand_as_the_plan_has_them_where_the_language_has_cases(lang, told):
    one = phrase("{amount} by {by}", amount=515, by=SEX)
    other = phrase("{amount} by {by} ({figures}), {off} less", amount=253, by=AGE, figures="123 + 130", off=72)
    assert told_in(both([one, other]), lang) == told


# --- signs ------------------------------------------------------------------------------------------------------

_GLUED = re.compile(r"[^\s\d:/][:;!?](?=\s|$)")
"""A double sign after a word, where French asks for a space."""


def _bad_report():
    at = Place(file="folder/april.csv", row=2, header="Value")
    found = [
        Finding(code="number-invalid", place=at, found="x"),
        Finding(code="value-outlier", place=at, found="5", expected="about 70"),
        Finding(code="row-blank", place=at, found="2"),
    ]
    return with_findings(*found)


def _forms_of_a_report(lang: str):
    report = _bad_report()
    yield rendered(report, "text", lang=lang)
    yield rendered(report, "markdown", lang=lang)
    letter = report.to_email(lang=lang)
    yield f"{letter.subject}\n{letter.body}"
    yield re.sub(r"<style.*?</style>|<[^>]*>", "", str(rendered(report, "html", lang=lang)), flags=re.DOTALL)


def test_every_double_sign_of_a_french_text_has_its_space():
    for told in _forms_of_a_report("fr"):
        assert [line for line in told.splitlines() if _GLUED.search(line) and not line.startswith("| ---")] == []


def test_french_words_have_the_spaces_of_their_signs():
    texts = [each["fr"] for table in (LABELS, WORDS, WORKBOOK, PHRASES) for each in table.values() if "fr" in each]
    texts += [told[1] for table in (due_view._WORDS, diff_view._WORDS) for told in table.values()]
    assert [told for told in texts if _GLUED.search(told)] == []


# --- no English in other languages ------------------------------------------------------------------------------

_ENGLISH = re.compile(r"\b(?:row|column|file|sheet|cell|whole|send back|errors?|warnings?|remarks?|rows?|as written)\b")


@pytest.mark.parametrize("lang", ["fr", "ru", "tg"])
def test_places_are_told_in_the_language(lang):
    row = Place(file="a.csv", row=2)
    column = Place(file="a.csv", row=2, header="Partner")
    assert str(column) == "a.csv row 2 column 'Partner'"
    for place in (row, column, Place()):
        assert not _ENGLISH.search(place.in_language(lang))
        assert place.in_language("en") == str(place)
        report = with_findings(Finding(code="number-invalid", place=place, found="x", related=(row, column)))
        for form in ("text", "markdown"):
            assert place.in_language(lang) in rendered(report, form, lang=lang).replace("\\", "")
    assert row.in_language(lang) in str(rendered(report, "html", lang=lang))


@pytest.mark.parametrize("lang", ["fr", "ru", "tg"])
def test_a_page_in_a_language_has_no_english_of_its_own(lang):
    report = checked('OP1.1.3,2026-Q2,DUSHANBE,"2,012"')
    page = re.sub(
        r"<(style|script).*?</\1>|<code.*?</code>|<[^>]*>",
        " ",
        str(rendered(report, "html", lang=lang)),
        flags=re.DOTALL,
    )
    assert len(report.held) == 1
    assert _ENGLISH.findall(page.replace("april.csv", "")) == []


@pytest.mark.parametrize(
    ("lang", "last"),
    [
        ("en", "Send back: 1 error"),
        ("fr", "Renvoyer : 1 erreur"),
        ("ru", "Вернуть на доработку: 1 ошибка"),
        ("tg", "Барои ислоҳ баргардонда шавад: 1 хато"),
    ],
)
def test_the_last_line_of_validate_is_in_the_language(lang, last, tmp_path):
    (tmp_path / "april.csv").write_text(HEAD + 'OP1.1.3,2026-Q2,DUSHANBE,"2,012"\n')
    asked = [
        "validate",
        str(tmp_path / "april.csv"),
        "-l",
        str(ROOT / "logframes" / "tajikistan-digital-foundations.yaml"),
    ]
    told = CliRunner().invoke(app, [*asked, "--partner", "P-CENTRE", "--lang", lang, "--select", "number-"])
    assert told.stderr.splitlines()[-1] == last


# --- one and many -----------------------------------------------------------------------------------------------

_ONE_AS_MANY = re.compile(r"\b1 (?:\w+s)\b(?! of\b)|\b[Rr]ow \d+, \d|\brows \d+\b(?!,)")


_NEVER = {("header-offset", 2), ("portfolio-duplicate-project", 1)}
"""A table begins in one row, and one plan is no duplicate."""


def _counting():
    """Every code whose message counts something, told of one and of two."""
    for code, known in CODES.items():
        for count, shown in ((1, "27"), (2, "27, 28")):
            if (code, count) not in _NEVER:
                yield Finding(code=code, found=shown, params={"count": count, "rows": count, "message": known.message})


@pytest.mark.parametrize("finding", list(_counting()), ids=lambda each: f"{each.code}-{each.params['count']}")
def test_no_message_counts_one_as_many(finding):
    assert not _ONE_AS_MANY.search(finding.message)


def test_rules_count_one_as_one():
    texts = [told for rule in mne.RULES for told in (rule.found, rule.expected)]
    assert [told for told in texts if re.search(r"\{(?:count|rows|n)\} [a-z]+s\b", told)] == []


def test_one_file_is_not_one_files():
    told = rendered(checked(GOOD), "text").splitlines()[-1]
    assert re.fullmatch(r"Rules: \d+; rows: 1; files: 1\.", told)
    assert repr(checked('OP1.1.3,2026-Q2,DUSHANBE,"2,012"').held) == "Held(1 row)"


# --- rows of earlier periods ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def beside_earlier():
    """A report for one quarter, with last quarter's beside it and a column of an earlier one in its own table."""
    earlier = HEAD + "\n".join(f"OP1.1.3,2026-Q1,DUSHANBE,{2000 + n}" for n in range(1)) + "\n,,,\n"
    own = HEAD + "OP1.1.3,2026-Q2,DUSHANBE,2012\nOP1.1.3,2026-Q1,DUSHANBE,2000\n,,,\n"
    files = [("2026-Q1.csv", earlier.encode()), ("2026-Q2.csv", own.encode())]
    return mne.validate(files, PLAN, partner="P-CENTRE", period="2026-Q2")


def test_rows_of_earlier_periods_are_counted_apart(beside_earlier):
    counts = beside_earlier.counts
    assert (counts.rows, counts.accepted, counts.held, counts.ignored, counts.compared) == (5, 1, 0, 4, 3)
    assert (counts.own, counts.passed) == (2, 1)
    assert [each.compared for each in beside_earlier.sources] == [2, 1]
    assert "1 of 2 rows accepted, 0 held, 3 of earlier periods only compared with" in repr(beside_earlier)
    told = beside_earlier.to_dict()
    assert told["counts"]["compared"] == 3
    jsonschema.validate(told, mne.report_schema())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_view_says_in_words_what_was_only_compared_with(beside_earlier, form, lang):
    page = re.sub(r"<[^>]*>", " ", str(rendered(beside_earlier, form, lang=lang)))
    say = labels(lang)
    assert f"{say('compared')}{say.colon}3" in page
    assert re.search(rf"{say('rows')}{say.colon if form == 'html' else ' '}2\b", page)
    assert re.search(rf"{say('ignored')}{say.colon if form == 'html' else ' '}1\b", page)
    assert say("compared") not in str(rendered(checked(GOOD), form, lang=lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_letter_counts_the_partners_own_rows(beside_earlier, lang):
    say = words(lang)
    told = f"{say('rows', rows=say.count('row', 2), accepted=1)} {say('compared', rows=3)}"
    assert told in beside_earlier.to_email(lang=lang).body


# --- units ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "1600 thousand somoni = 1600000 TJS, 2 km"),
        ("fr", "1600 millier de somonis = 1600000 TJS, 2 km"),
        ("ru", "1600 тысяча сомони = 1600000 сомони, 2 км"),
    ],
)
def test_rules_tell_units_by_their_titles(lang, told):
    known = {
        "value": 1600,
        "unit": "thousand-somoni",
        "amount": 1600000,
        "own_unit": "TJS",
        "last": 2,
        "last_unit": "km",
    }
    said = PlanWords((PLAN,)).filled("{value} {unit} = {amount} {own_unit}, {last} {last_unit}", known)
    assert told_in(said, lang) == told


# --- what probably was meant ------------------------------------------------------------------------------------


def only(report, code):
    found = [each for each in report.findings if each.code == code]
    assert len(found) == 1, report.findings
    return found[0]


@pytest.mark.parametrize(("typed", "meant"), [("0.994", "99.4"), ("0.05", "5"), ("8500", "85"), ("25000", None)])
def test_a_share_where_a_percentage_is_asked_for_is_told_as_one(typed, meant):
    told = only(checked(f"OP1.1.2,2026-Q2,,{typed}", select=["ratio-scale"]), "ratio-scale")
    assert told.suggestion == meant


@pytest.mark.parametrize(
    ("indicator", "day", "meant"),
    [
        ("OC1.2", dt.date(2026, 5, 11), "11.5"),
        ("OC1.2", dt.date(2026, 5, 1), None),
        ("OC2.1", dt.date(2026, 5, 11), None),
    ],
)
def test_a_day_that_a_workbook_made_of_a_decimal_is_told_as_that(indicator, day, meant):
    data = made([["Indicator", "Period", "Location", "Value"], [indicator, "2026-Q2", "DUSHANBE", day]])
    report = mne.validate(("a.xlsx", data), PLAN, partner="P-CENTRE", select=["number-date"])
    assert only(report, "number-date").suggestion == meant


@pytest.mark.parametrize("typed", ["63 of 82", "63 из 82", "63 sur 82", "63 аз 82", "63/82", "63 out of 82"])
@pytest.mark.parametrize("column", ["Value", "Numerator"])
def test_a_share_in_one_cell_is_told_how_to_write_it_in_two(typed, column):
    if (typed, column) == ("63/82", "Value"):
        return  # that is read as the share that it is
    data = made([["Indicator", "Period", "Location", column], ["OP2.1.2", "2026-Q2", "DUSHANBE", typed]])
    report = mne.validate(("a.xlsx", data), PLAN, partner="P-CENTRE")
    told = [each for each in report.findings if "63 as the numerator and 82 as the denominator" in each.message]
    assert [each.code for each in told] == ["number-invalid"], report.findings
    assert report.counts.accepted == 0
    assert all(words in told[0].in_language("ru").message for words in ("63", "82", "числитель", "знаменатель"))


def test_a_text_of_two_numbers_is_no_share_where_people_are_counted():
    report = checked("OC2.1,2026-Q2,DUSHANBE,63 of 82")
    assert "numerator" not in only(report, "number-invalid").message


@pytest.mark.parametrize(("lang", "place"), [("en", "Dushanbe (DUSHANBE)"), ("ru", "Душанбе (DUSHANBE)")])
def test_what_could_stand_there_is_told_by_name_and_code(lang, place):
    report = checked("OP1.1.3,2026-Q2,Atlantis,5")
    told = only(report, "ref-unknown-location").in_language(lang).hint
    assert place in told
    assert told.count("GBAO") == 1


def test_a_code_of_one_letter_is_not_taken_for_a_part_of_its_title():
    sent = b"Indicator,Period,Location,Sex,Value\nOC2.1,2026-Q2,DUSHANBE,X,5\n"
    report = mne.validate(("a.csv", sent), PLAN, partner="P-CENTRE")
    assert "Women (F), Men (M)" in only(report, "ref-unknown-category").hint
