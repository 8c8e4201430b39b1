"""The one line that tells what became of an indicator, and where it stands."""

from __future__ import annotations

import pytest

from mne.display.labels import labels
from mne.display.story import arithmetic, command_line, examples, standing, story, tally
from mne.scores.cards import Scorecard
from tests.golden import card as small

SAY = labels("en")


@pytest.fixture(scope="module")
def card() -> Scorecard:
    return small.card()


@pytest.mark.parametrize(
    ("id", "told"),
    [
        ("OC1.1", "12,345 of 28,000 people (44 %); 50 % was due by now: on track; 4 of 6 partners reported"),
        (
            "OC1.2",
            "42 days: −10 % of the way from 40 to 20 days; 50 % was due by now: off track; 2 of 2 partners reported",
        ),
        ("OP1.1.1", "99.8 %; to be kept: 99.5 % ± 0.5: met; 1 of 1 partners reported"),
        ("OP1.1.2", "yes; target: yes; due by 2026-06-30: met; 1 of 1 partners reported"),
        ("OC2.1", "No value: nobody has reported; 0 of 1 reports came in"),
        ("OC2.2", "23 %; target: 40 %; 20 % was due by 2026-06-30; not scored: no baseline; 1 of 1 partners reported"),
    ],
)
def test_stories(card: Scorecard, id: str, told: str) -> None:
    assert story(card.indicators[id], SAY) == told


def test_a_story_in_french_and_russian(card: Scorecard) -> None:
    assert story(card.indicators["OC1.1"], labels("fr")) == (
        "12\u202f345 sur 28\u202f000 people (44 %) ; 50 % étaient dus à ce jour : en bonne voie ; "
        "partenaires ayant rapporté : 4 sur 6"
    )
    assert "12\u00a0345 из 28\u00a0000" in story(card.indicators["OC1.1"], labels("ru"))


@pytest.mark.parametrize(
    ("id", "status", "word", "rating"),
    [
        ("OC1.1", "on_track", "on track", "B"),
        ("OC1.2", "off_track", "off track", "D"),
        ("OP1.1.1", "met", "met", "A"),
        ("OC2.1", "no_data", "no data", None),
        ("OC2.2", "no_data", "not scored", None),
        ("OC2", "on_track", "on track", "B"),  # a person's rating
    ],
)
def test_standings(card: Scorecard, id: str, status: str, word: str, rating: str | None) -> None:
    now = standing(card[id], SAY)
    assert (now.status, now.word, now.rating) == (status, word, rating)


def test_the_tally_goes_from_best_to_worst(card: Scorecard) -> None:
    assert tally(card.indicators.values(), SAY) == [
        ("met", "met", 2),
        ("on_track", "on track", 1),
        ("off_track", "off track", 1),
        ("no_data", "no data", 1),
        ("no_data", "not scored", 1),
    ]


def test_examples_are_named_one_by_one(card: Scorecard) -> None:
    assert examples(card.indicators["OC1.1"]) == {"milestone"}
    assert examples(card.indicators["OP1.1.1"]) == {"actual"}
    assert examples(card.indicators["OC2.1"]) == frozenset()


def test_the_arithmetic_shows_its_numbers(card: Scorecard) -> None:
    assert arithmetic(card.results["OC1"], SAY) == "60 % × 88.2 + 40 % × 0"
    assert arithmetic(card.results["G"], SAY) == "100 % × 52.9"
    assert arithmetic(card.results["OC2"], SAY) == ""


def test_the_command_that_computes_it_again(card: Scorecard) -> None:
    assert command_line(card) == ("logframe score REPORTS --logframe LOGFRAME --scheme three-bands --until 2026-06-30")
