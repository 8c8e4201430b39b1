"""The letter to a partner: what it says, in which words, and that it never says more than is true."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from string import Formatter

import pytest

import mne
from mne.display.letter_words import WORDS, words
from mne.display.plurals import NOUNS, plural, severities
from mne.errors import OptionError
from mne.exchange.workbook.words import WORDS as WORKBOOK
from mne.ground.findings import Finding, Findings, Place
from mne.ground.language import LANGUAGES

ROOT = Path(__file__).parents[2]
HEADER = "Indicator,Period,Location,Value\n"
PLAN = mne.example("tajikistan")


def checked(*rows: str, name: str = "folder/april.csv", **options):
    sent = HEADER + "".join(f"{row}\n" for row in rows)
    return mne.validate((name, sent.encode()), PLAN, partner="P-CENTRE", **options)


@pytest.fixture(scope="module")
def report():
    return mne.validate(ROOT / "examples" / "reports", PLAN)


GOOD = "OP1.1.3,2026-Q2,DUSHANBE,2012"
BAD = 'OP1.1.3,2026-Q2,DUSHANBE,"2,012"'


@pytest.mark.parametrize(
    ("lang", "counts", "forms"),
    [
        ("en", (0, 1, 2, 21), ("0 errors", "1 error", "2 errors", "21 errors")),
        ("fr", (0, 1, 2), ("0 erreur", "1 erreur", "2 erreurs")),
        (
            "ru",
            (0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 101, 111, 112, 1004),
            (
                "0 ошибок", "1 ошибка", "2 ошибки", "4 ошибки", "5 ошибок", "11 ошибок", "12 ошибок", "14 ошибок",
                "21 ошибка", "22 ошибки", "25 ошибок", "101 ошибка", "111 ошибок", "112 ошибок", "1004 ошибки",
            ),
        ),
        ("tg", (1, 2, 5), ("1 хато", "2 хато", "5 хато")),
    ],
)  # fmt: skip
def test_plural_forms(lang, counts, forms):
    assert tuple(words(lang).count("error", count) for count in counts) == forms


def test_every_noun_has_every_form_and_every_sentence_every_place():
    for forms in NOUNS.values():
        for lang in LANGUAGES:
            assert len(forms[lang]) == 1 + max(plural(lang, count) for count in range(200))
    for key, told in WORDS.items():
        named = {lang: {name for _, name, _, _ in Formatter().parse(text) if name} for lang, text in told.items()}
        assert set(told) == set(LANGUAGES)
        assert len({frozenset(names) for names in named.values()}) == 1, key


def test_severities_are_counted_in_every_language(report):
    assert severities(report.findings, "en") == report.findings.summary()
    assert severities(report.findings, "ru") == "20 ошибок, 1 предупреждение, 47 примечаний"
    assert severities(Findings(), "fr") == "–"


def test_the_letter_names_the_sheet_as_the_copy_does():
    for lang in LANGUAGES:
        assert WORKBOOK["to-fix"][lang] in WORDS["more"][lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_wrong_is_said_in_so_many_words(lang):
    letter = checked(GOOD).to_email(lang=lang)
    say = words(lang)
    assert say("nothing") in letter.body
    assert say("thanks") in letter.body
    assert letter.subject == say("subject", plan="TJ-DFP", what=say("s-accept"))
    assert say("do", hint="") not in letter.body


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_wrong_has_its_cell_and_what_to_do(lang):
    letter = checked(BAD).to_email(lang=lang)
    say = words(lang)
    assert say("please") in letter.body
    assert say("nothing") not in letter.body
    assert "\napril.csv\n1. " in letter.body  # without the folders of this computer
    assert f"1. {say('row-at', row=2)}, Value{say.colon}" in letter.body
    assert letter.subject.endswith(say("s-errors", errors=say.count("error", 1)))
    assert str(letter) == f"Subject: {letter.subject}\n\n{letter.body}"


@pytest.mark.parametrize("lang", [*LANGUAGES, "ru-RU", "de", None])
def test_no_placeholder_leaks(lang, report):
    letter = report.to_email(lang=lang)
    assert not re.search(r"\{\w*\}", str(letter))
    assert "\n" not in letter.subject
    assert letter.body.endswith("\n")


def test_the_gravest_come_first_and_the_rest_is_counted(report):
    letter = report.to_email(limit=5)
    assert len(re.findall(r"^\d+\. ", letter.body, re.MULTILINE)) == 5
    assert "And 16 more." in letter.body
    assert "What to fix" in letter.body
    whole = report.to_email(limit=100)
    assert "more." not in whole.body
    assert "I31, I32: Two rows give different figures" in whole.body
    assert "I30: (to check) The running total falls" in whole.body


@pytest.mark.parametrize("limit", [0, -1, 1.5, True, "5"])
def test_a_limit_is_a_number(limit, report):
    with pytest.raises(OptionError):
        report.to_email(limit=limit)
    with pytest.raises(OptionError):
        report.emails(limit=limit)


def test_many_cells_with_the_same_fault_are_one_entry():
    rows = [f"OP1.1.3,2026-Q2,DUSHANBE,about {number}" for number in range(12)]
    body = checked(*rows).to_email().body
    assert body.count("What to do: Write one plain number here") == 1
    assert "1. row 2, Value: about 0 is not one number" in body
    assert "The same in row 3, Value, row 4, Value" in body
    assert "and 3 more." in body


def test_warnings_alone_ask_for_a_look(report):
    warnings = Findings(each for each in report.findings if each.level == "warning")
    told = dataclasses.replace(report, findings=warnings)
    letter = told.to_email(lang="ru")
    assert letter.subject == "TJ-DFP, ваш отчёт: принят; проверьте: 1 место"
    assert words("ru")("look") in letter.body
    assert words("ru")("please") not in letter.body


def test_silence_is_not_taken_for_praise():
    letter = checked(BAD, ignore=["number-"]).to_email()
    assert "not accepted yet" in letter.subject
    assert words("en")("unlisted") in letter.body
    assert words("en")("nothing") not in letter.body


def test_a_refused_file_is_named():
    letter = mne.validate([("a.xlsx", b"PK\x03\x04"), ("b.csv", b"x")], PLAN).to_email()
    assert "a.xlsx" in letter.body
    assert words("en")("whole") in letter.body


def test_files_of_one_name_keep_their_folders():
    found = Findings(Finding(code="file-empty", place=Place(file=name)) for name in ("a/x.csv", "b/x.csv", "c/y.csv"))
    body = dataclasses.replace(checked(GOOD), findings=found).to_email().body
    assert "\na/x.csv\n" in body
    assert "\nb/x.csv\n" in body
    assert "\ny.csv\n" in body


def test_each_partner_gets_a_letter_about_their_own(report):
    letters = report.emails()
    assert set(letters) == {"P-CENTRE", "P-EAST", "P-KHATLON", "P-SUGHD", None}
    for partner in ("P-CENTRE", "P-KHATLON", "P-SUGHD"):
        assert letters[partner].subject == "TJ-DFP, your report: accepted, thank you"
        assert "P-EAST" not in str(letters[partner])
    assert "to correct" in letters["P-EAST"].subject
    assert sum(int(re.search(r"Checked: (\d+) row", each.body)[1]) for each in letters.values()) == report.counts.rows


def test_a_partner_whose_rows_are_held_in_silence_is_not_thanked_for_nothing():
    letters = checked(BAD, ignore=["number-"]).emails()
    assert "not accepted yet" in letters["P-CENTRE"].subject


def test_the_documentation_shows_the_letter_as_it_is(report):
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert f"```text\n{report.to_email(limit=2)}```" in page
    subjects = report.emails(lang="ru")
    assert f"{subjects['P-EAST'].subject}\n{subjects['P-SUGHD'].subject}" in page


def test_hostile_text_stays_on_its_line():
    letter = checked('"{lang}\x1b[31m\u202e\nSubject: x",2026-Q2,DUSHANBE,5').to_email()
    assert "\x1b" not in letter.body
    assert "\u202e" not in letter.body
    assert "\nSubject" not in letter.body
