"""The words of explanations: the same parameters in every language, and a fallback for the others."""

from __future__ import annotations

import string

import pytest

from mne.ground.explanation import Explanation
from mne.ground.language import LANGUAGES
from mne.ground.wording import PHRASES, wording
from mne.logframe.indicator import Accumulation, Axis, Rule
from mne.tables.observations import State
from mne.tables.reasons import Reason


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("key", PHRASES)
def test_a_phrase_has_the_same_parameters_in_every_language(key):
    told = PHRASES[key]
    assert set(told) == set(LANGUAGES)
    assert len({frozenset(fields(template)) for template in told.values()}) == 1
    assert all(template.strip() for template in told.values())


def test_every_rule_axis_and_state_has_words():
    assert {each.value for kind in (Rule, Axis, Accumulation, State) for each in kind} <= set(PHRASES)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_in_every_language(reason):
    told = [reason.in_language(lang) for lang in LANGUAGES]
    assert len(set(told)) == len(LANGUAGES)
    assert told[0] == reason.words == reason.in_language() == reason.in_language("de")


def test_other_languages_read_english():
    assert wording("de")("whole") == wording(None)("whole") == "the whole"
    assert wording("fr-CH")("of", part=1, whole=2) == "1 sur 2"
    assert wording("RU").lang == "ru"


def test_an_explanation_is_drawn_in_its_own_language():
    told = Explanation(kind="score", label="OC1", shown="75", illustrative=True, lang="ru")
    assert "условный пример" in told._repr_html_()
    assert "illustrative" not in told._repr_html_()
