"""Every status has a colour, a shape and a word of its own, readable on its ground."""

from __future__ import annotations

from itertools import combinations

import pytest

from mne.display.labels import LABELS, labels
from mne.display.palette import SEVERITIES, STATUSES, badge, icon
from mne.ground.catalogue import Severity
from mne.ground.language import LANGUAGES

PAPER, NIGHT = "#ffffff", "#1b1f23"


def _channels(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    parts = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in _channels(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_each_status_has_its_own_sign_shape_and_colour() -> None:
    assert list(STATUSES) == ["met", "on_track", "at_risk", "off_track", "no_data"]
    assert [look.sign for look in STATUSES.values()] == ["✓", "●", "▲", "■", "○"]
    for part in ("sign", "shape", "ink", "ink_dark", "terminal"):
        assert len({getattr(look, part) for look in STATUSES.values()}) == 5


@pytest.mark.parametrize("status", STATUSES)
def test_text_can_be_read_on_its_ground(status: str) -> None:
    look = STATUSES[status]
    for ink, ground in (
        (look.ink, PAPER),
        (look.ink, look.tint),
        (look.ink_dark, NIGHT),
        (look.ink_dark, look.tint_dark),
    ):
        assert _contrast(ink, ground) >= 4.5  # WCAG 2.2, AA


def test_no_data_is_grey() -> None:
    look = STATUSES["no_data"]
    for colour in (look.ink, look.ink_dark):
        parts = _channels(colour)
        assert max(parts) - min(parts) < 0.1
    assert look.terminal != "red"


# Viénot, Brettel and Mollon (1999): what a person without red or green cones sees, in linear light.
_MISSING = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


@pytest.mark.parametrize("kind", _MISSING)
def test_colours_stay_apart_without_red_or_green(kind: str) -> None:
    def seen(colour: str) -> tuple[float, ...]:
        linear = [each**2.2 for each in _channels(colour)]
        return tuple(sum(k * v for k, v in zip(row, linear, strict=True)) for row in _MISSING[kind])

    for one, other in combinations(("met", "on_track", "off_track"), 2):
        gap = max(abs(a - b) for a, b in zip(seen(STATUSES[one].ink_dark), seen(STATUSES[other].ink_dark), strict=True))
        assert gap > 0.15, (one, other)


def test_a_badge_says_the_word_and_hides_the_drawing_from_a_screen_reader() -> None:
    made = badge("at_risk", labels("en"), rating="B1")
    assert ">at risk</span>" in made
    assert ">B1</b>" in made
    assert 'aria-hidden="true"' in icon("at_risk")


def test_severities_borrow_looks() -> None:
    assert set(SEVERITIES) == set(Severity)
    assert SEVERITIES[Severity.ERROR] == "off_track"


def test_every_label_is_there_in_english_french_and_russian() -> None:
    for key, told in LABELS.items():
        assert {"en", "fr", "ru"} <= set(told), key
        assert set(told) <= set(LANGUAGES)


def test_a_label_asks_for_the_same_values_in_every_language() -> None:
    from string import Formatter

    for key, told in LABELS.items():
        wanted = {lang: {name for _, name, _, _ in Formatter().parse(text) if name} for lang, text in told.items()}
        assert len({frozenset(names) for names in wanted.values()}) == 1, key


def test_languages_fall_back_and_write_numbers_their_way() -> None:
    from fractions import Fraction

    assert labels("fr-CH")("target-head") == "Cible"
    assert labels("de")("target-head") == "Target"
    assert labels("tg")("coverage") == "Охват"
    assert labels("tg")("indicator") == "Нишондиҳанда"
    amount = Fraction(123456, 10)
    assert labels("en").number(amount) == "12,345.6"
    assert labels("fr").number(amount) == "12\u202f345,6"
    assert labels("ru").number(-amount) == "−12\u00a0345,6"
    assert (labels("fa").direction, labels("fr").direction) == ("rtl", "ltr")
