"""HTML is escaped by construction, and text is made harmless before it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mne.display.markup import LONGEST, Markup, el, join, link, neutral, prose, words
from mne.ground.language import Text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('" onmouseover="x', "&quot; onmouseover=&quot;x"),
        ("it's & <b>", "it&#x27;s &amp; &lt;b&gt;"),
    ],
)
def test_children_are_escaped(text: str, shown: str) -> None:
    assert el("p", text) == f"<p>{shown}</p>"


def test_attributes_are_escaped_and_named() -> None:
    made = el("td", "1", class_="a", data_head='"><script>', rowspan=2, hidden=True, title=None, lang=False)
    assert made == '<td class="a" data-head="&quot;&gt;&lt;script&gt;" rowspan="2" hidden>1</td>'


def test_markup_is_not_escaped_twice() -> None:
    assert el("p", el("b", "<"), None, Markup("&amp;")) == "<p><b>&lt;</b>&amp;</p>"
    assert join(["<", el("br"), ">"], by=" ") == "&lt; <br> &gt;"


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\x1b", "\x00", "\x07", "\u2028", "\ud800"])
def test_control_and_direction_characters_are_shown_as_escapes(sign: str) -> None:
    shown = neutral(f"a{sign}b")
    assert sign not in shown
    assert shown.startswith("a\\")


def test_spaces_of_typography_and_joiners_are_kept() -> None:
    text = "28\u202f000\u00a0% \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert neutral(text) == text
    assert neutral("one\n  two\tthree") == "one   two three"


@given(st.text())
def test_no_text_breaks_out_of_its_element(text: str) -> None:
    made = el("p", text, title=text)
    assert made.count("<") == 2
    assert made.count('"') == 2
    assert all(
        char.isprintable() or char in "\u00a0\u202f\u205f\u3000\u200c\u200d" or "\u2000" <= char <= "\u200a"
        for char in made
    )


def test_long_text_is_bounded() -> None:
    assert len(neutral("x" * 100_000)) == LONGEST
    assert neutral("x" * 100_000).endswith("…")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//host/x", "JAVASCRIPT:x"]
)
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    assert "href" not in link(url, url)


def test_a_link() -> None:
    assert link("https://example.org/?a=1&b=2", "x") == (
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">x</a>'
    )


def test_words_carry_their_language_when_it_is_not_the_readers() -> None:
    text = Text({"en": "Goal", "ru": "Цель"})
    assert words(text, "ru") == '<span dir="auto">Цель</span>'
    assert words(text, "fr") == '<span dir="auto" lang="en">Goal</span>'
    assert words(Text("Goal"), "fr") == '<span dir="auto">Goal</span>'
    assert words(None, "fr") == ""


def test_prose_keeps_dates_and_percentages_together() -> None:
    made = prose("44 %; due by 2026-06-30 <b>")
    assert made == ('<span class="mne-one">44 %</span>; due by <span class="mne-one">2026-06-30</span> &lt;b&gt;')
