"""Findings in four languages: complete catalogues, texts that remember how they were made, and what people typed."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import mne
from mne.cli import app
from mne.ground.catalogue import CODES
from mne.ground.findings import Finding, Findings, Place
from mne.ground.phrases import Phrase, both, either, figures, filled, listed, named, phrase, phrase_n
from mne.ground.tags import LANGUAGES, spoken
from mne.reports.parcel import Done, packed, unpacked
from mne.reports.reading import SourceFile
from tests import catalogues
from tests.builders import plan_of

OTHERS = [lang for lang in LANGUAGES if lang != "en"]
PLACES = sorted(set(re.findall(r"\{(\w+)", " ".join(f"{code.message} {code.hint}" for code in CODES.values()))))

# --- the catalogues ---------------------------------------------------------------------------------------------


def test_catalogues_are_complete_sound_and_compiled():
    assert catalogues.problems() == []


def test_check_notices_what_is_missing_doubtful_or_differs(monkeypatch):
    wanted = {entry[0]: entry for entry in catalogues.entries()}
    made = catalogues.catalogue("ru")
    first, second, third, fourth, *_ = (
        message for message in made if message.id and "{" in str(message.id) and isinstance(message.id, str)
    )
    first.string = ""
    second.flags.add("fuzzy")
    third.string += " {other}"
    fourth.string = "пояснение, почему здесь нет числа" * 2
    made.add("no text of ours", "чужое")
    monkeypatch.setattr(catalogues, "catalogue", lambda _: made)
    told = "\n".join(catalogues._problems_of("ru", wanted))
    assert f"no translation of {first.id!r}" in told
    assert f"a doubtful translation of {second.id!r}" in told
    assert f"other places than {third.id!r}" in told
    assert f"says the same twice: {fourth.string!r}" in told
    assert "is no text of ours: 'no text of ours'" in told
    assert "mne.mo is out of date" in told


_SPOKEN = {"expected", "found", "reason", "asked"}
_KEPT = {
    "sample_size",  # the key's own name
    "flow",  # as the file has it
    "pending",
    "skip",
    "above_baseline",
}


def _said_without_phrase(path: Path):
    for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
        if getattr(call.func, "id", "") in ("Rule", "phrase", "phrase_n", "OptionError"):
            continue
        for keyword in call.keywords:
            if keyword.arg not in _SPOKEN:
                continue
            parts = keyword.value.values if isinstance(keyword.value, ast.JoinedStr) else [keyword.value]
            words = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            for word in words:
                if re.search(r"[a-z]{3,}", word) and word not in _KEPT:
                    yield f"{path.name}:{call.lineno}: {word!r}"


@pytest.mark.parametrize("floor", ["ground", "logframe", "reports", "values", "exchange"])
def test_what_findings_say_is_a_phrase(root, floor):
    found = [told for path in sorted((root / "src/mne" / floor).rglob("*.py")) for told in _said_without_phrase(path)]
    assert found == []


# --- phrases ----------------------------------------------------------------------------------------------------


def samples():
    return [
        phrase("a number"),
        phrase("at most {n:,} characters", n=5000),
        phrase_n("{n} error", "{n} errors", 3),
        phrase("at least {least}; or {expected}", least="{3}", expected=phrase("a number")),
        listed([phrase("a day"), "2025-Q1"]),
        either(["a", "b", "c"]),
        both(["{a}", "b"]),
        listed([named("F", {"en": "women", "fr": "femmes"}), "M"]),
    ]


@pytest.mark.parametrize("said", samples())
def test_phrase_survives_whatever_findings_go_through(said):
    finding = Finding(code="number-invalid", found=said, expected=said, params={"reason": said})
    others = [
        pickle.loads(pickle.dumps(finding)),  # noqa: S301 - made here
        copy.deepcopy(finding),
        replace(finding),
        finding.at(file="a.xlsx"),
        unpacked(packed(Done(SourceFile(name="a", kind="csv"), (), (finding,)))).findings[0],
    ]
    for other in others:
        assert (other.found, other.expected) == (said, said)
        for lang in LANGUAGES:
            assert other.in_language(lang) == finding.in_language(lang)
            assert other.params["reason"].in_language(lang) == said.in_language(lang)
    assert json.dumps(said) == json.dumps(str(said))


def test_phrase_is_its_english_text():
    said = phrase("at most {n} digits", n=5)
    assert said == "at most 5 digits"
    assert hash(said) == hash("at most 5 digits")
    assert sorted([said, "a"]) == ["a", "at most 5 digits"]
    assert type(str(said)) is str


@pytest.mark.parametrize(
    ("lang", "counted"),
    [
        ("ru", {1: "1 ошибка", 2: "2 ошибки", 5: "5 ошибок", 11: "11 ошибок", 21: "21 ошибка", 22: "22 ошибки"}),
        ("fr", {0: "0 erreur", 1: "1 erreur", 2: "2 erreurs"}),
        ("tg", {1: "1 хато", 5: "5 хато"}),
        ("en", {1: "1 error", 2: "2 errors"}),
    ],
)
def test_counts_take_the_plural_of_their_language(lang, counted):
    assert {n: phrase_n("{n} error", "{n} errors", n).in_language(lang) for n in counted} == counted


def test_numbers_are_grouped_as_each_language_does():
    said = phrase("at most {n:,} characters", n=5000)
    assert [said.in_language(lang) for lang in LANGUAGES] == [
        "at most 5,000 characters", "au plus 5\u202f000 caractères", "не больше 5\u00a0000 знаков", "на зиёда аз 5\u00a0000 аломат",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("fr-CD", "fr"),
        ("tg-Cyrl", "tg"),
        ("RU", "ru"),
        ("ru_RU", "ru"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
        ("x/..", "en"),
    ],
)
def test_tags_read_their_language(tag, lang):
    assert spoken(tag) == lang
    said = phrase("yes or no")
    assert said.in_language(tag) == said.in_language(lang)


@given(st.text(), st.text())
def test_what_is_filled_in_is_never_read_as_a_template(words, more):
    assert filled("{a}·{b}", {"a": words, "b": more}) == f"{words}·{more}"


def test_template_of_a_rule_of_ones_own_cannot_reach_into_values():
    assert filled("{a.__class__} {a[0]} {a!r} {a:>5} {a:.2f}", {"a": "x"}) == "– – 'x'     x x"


# --- every code in every language -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_is_told_with_the_words_that_were_typed(code, lang):
    typed = {name: f"«{name} {{x}} {{0}} %s»" for name in PLACES}
    finding = Finding(
        code=code, found=typed["found"], expected=typed["expected"], suggestion=typed["suggestion"], params=typed
    )
    told = finding.in_language(lang)
    for template, said in ((CODES[code].message, told.message), (CODES[code].hint, told.hint)):
        assert bool(said) == bool(template)
        for name in re.findall(r"\{(\w+)", template):
            assert typed[name] in said
    assert (told.found, told.expected) == (typed["found"], typed["expected"])
    if lang != "en":
        assert told.message != finding.message


@given(
    st.sampled_from(sorted(CODES)),
    st.sampled_from(LANGUAGES),
    st.dictionaries(st.sampled_from(PLACES), st.text()),
    st.text(),
)
def test_any_text_is_told_without_error(code, lang, params, text):
    told = Finding(code=code, found=text, expected=text, params=params).to_dict(lang=lang)
    assert told["message"]
    assert told["message"].isprintable()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_place_that_a_rule_does_not_fill_shows_a_dash(lang):
    assert "–" in Finding(code="cell-formula", found="=A1").in_language(lang).message


def test_code_of_ones_own_stays_as_it_was_written():
    own = Finding(code="value-many", found="{9}", params={"message": "{found} is a great many.", "hint": "{{ask}}"})
    assert own.in_language("ru")[:2] == ("{9} is a great many.", "{ask}")


# --- what people and programs get -------------------------------------------------------------------------------


def found() -> Findings:
    place = Place(file="Q1.xlsx", sheet="Отчёт", cell="F12", row=12)
    return Findings(
        [
            Finding(code="number-invalid", place=place, found="около {50}", expected=phrase("a number")),
            Finding(code="yes-no-invalid", place=place, found="qariban", expected=phrase("yes or no")),
        ]
    )


@pytest.mark.parametrize("lang", OTHERS)
def test_plain_data_speak_the_language_and_keep_the_codes(lang):
    told, english = found().to_dicts(lang=lang), found().to_dicts()
    assert [each["code"] for each in told] == [each["code"] for each in english]
    assert [each["found"] for each in told] == [each["found"] for each in english]
    assert all(mine["message"] != theirs["message"] for mine, theirs in zip(told, english, strict=True))
    frame = found().to_pandas(lang=lang)
    assert list(frame["expected"]) == [phrase("a number").in_language(lang), phrase("yes or no").in_language(lang)]
    assert found().summary(lang=lang) == phrase_n("{n} error", "{n} errors", 2).in_language(lang)


@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize("form", ["html", "markdown", "text", "json", "csv"])
def test_every_form_of_findings_speaks_the_language(lang, form):
    from mne._render import rendered

    told = str(rendered(found(), form, lang=lang)).replace("\\", "")
    first = found()[0].in_language(lang)
    assert first.message.split("{")[0].split("«")[0].strip() in told
    assert "около {50}" in told
    assert first.hint.split(",")[0] in told
    assert found()[0].hint not in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explain_prints_a_code_in_the_language(lang):
    code = CODES["number-invalid"].in_language(lang)
    told = CliRunner().invoke(app, ["explain", "number-invalid", "--lang", lang])
    assert told.exit_code == 0
    plain = " ".join(told.stdout.split())
    assert code.message in plain
    assert code.example in plain
    assert code.hint in plain
    plain_data = CliRunner().invoke(app, ["explain", "number-invalid", "--lang", lang, "-f", "json"])
    assert json.loads(plain_data.stdout)["message"] == code.message


@pytest.mark.parametrize("lang", OTHERS)
def test_validate_speaks_the_language(lang, tmp_path):
    source = tmp_path / "Q1.csv"
    source.write_text("indicator,period,partner,value\nOC1.1,2025-Q1,P-SUGHD,around {50}\n")
    plan = tmp_path / "plan.yaml"
    plan.write_text(mne.logframe_to_yaml(mne.example("tajikistan"))) if hasattr(
        mne, "logframe_to_yaml"
    ) else mne.example("tajikistan").save(plan)
    told = CliRunner().invoke(app, ["validate", str(source), "-l", str(plan), "--lang", lang, "-f", "json"])
    findings = json.loads(told.stdout)["findings"]
    texts = {each["code"]: each["message"] for each in findings}
    assert texts
    for code, message in texts.items():
        assert message.split()[-1] != CODES[code].message.split()[-1]


def test_columns_of_structs_become_phrases():
    from mne.reports.plan_words import Words

    frame = pl.DataFrame({"made": [[{"phrase": "{amount} by {by}", "amount": "45", "by": ["sex", "age"]}]]})
    said = Words(()).filled("at least {made}", frame.row(0, named=True))
    assert isinstance(said, Phrase)
    assert said == "at least 45 by sex and age"
    assert said.in_language("ru") == "не меньше 45 (разбивка «sex и age»)"


@pytest.mark.parametrize(("lang", "point"), [("en", "."), ("fr", ","), ("ru", ","), ("tg", ",")])
def test_figures_in_a_message_are_written_as_its_language_does_and_the_partners_own_as_they_stand(lang, point):
    limited = {"id": "A", "title": "A", "measure": "number", "accumulation": "flow", "unit": "kg"}
    plan = plan_of(
        {**limited, "reachable": "1000.5", "disaggregation": [{"dimensions": ["sex"]}]},
        {**limited, "id": "R", "measure": "percentage", "unit": "percent"},
    )
    table = pl.DataFrame(
        {
            "indicator": ["A", "A", "A", "R"],
            "partner": ["A"] * 4,
            "period": ["2025-Q1"] * 4,
            "category": ["", "sex=F", "sex=M", ""],
            "value": ["1234.5", "500.25", "499.5", "85.5"],
            "numerator": ["", "", "", "3"],
            "denominator": ["", "", "", "4.5"],
        }
    )
    found = {each.code: each.in_language(lang) for each in mne.validate(table, plan).findings}
    assert "1234.5" in found["total-mismatch"].message
    for text in ("999.75", "500.25 + 499.5", "234.75"):
        assert text.replace(".", point) in found["total-mismatch"].hint
    assert "1000.5".replace(".", point) in found["value-over-reachable"].hint
    assert "85.5" in found["number-conflict"].message
    assert "66.6667".replace(".", point) in found["number-conflict"].message


def test_days_and_codes_keep_their_points():
    assert figures("12.03.2025") == "12.03.2025"
    assert figures("12.03.2025").__class__ is str
    assert figures("-1.5 and 2.25").in_language("fr") == "-1,5 and 2,25"
    assert Phrase.from_data(figures("1.5").to_data()).in_language("tg") == "1,5"
    steps = [{"id": "1.1", "title": "Begun"}, {"id": "1.2", "title": "Done"}]
    scale = {"id": "S", "title": "S", "measure": "milestone", "accumulation": "level", "scale": steps}
    table = pl.DataFrame(
        {"indicator": ["S"] * 2, "partner": ["A"] * 2, "period": ["2025-Q1", "2025-Q2"], "value": ["1.2", "1.1"]}
    )
    (fallen,) = mne.validate(table, plan_of(scale)).findings.of("stage-falls-back")
    assert "1.2" in fallen.in_language("ru").hint
