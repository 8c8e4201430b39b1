"""What people see, compared with what somebody once looked at and found good. See conftest.py for how to renew it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mne import _render
from tests.golden import card as given

Golden = Callable[[str, str], None]

THINGS: dict[str, Callable[[], Any]] = {
    "scorecard": given.card,
    "logframe": given.plan,
    "values": given.values,
    "findings": given.findings,
    "report": given.report,
    "explanation": given.explanation,
}


@pytest.mark.parametrize("name", THINGS)
def test_plain_text(name: str, golden: Golden) -> None:
    golden(f"{name}.txt", _render.text(THINGS[name]()))


@pytest.mark.parametrize("name", THINGS)
def test_page(name: str, golden: Golden) -> None:
    golden(f"{name}.html", _render.page(THINGS[name]()))


@pytest.mark.parametrize("name", THINGS)
def test_markdown(name: str, golden: Golden) -> None:
    golden(f"{name}.md", _render.markdown(THINGS[name]()))


@pytest.mark.parametrize("lang", ["fr", "ru"])
def test_scorecard_in_another_language(lang: str, golden: Golden) -> None:
    golden(f"scorecard.{lang}.txt", _render.text(given.card(), lang=lang))


@pytest.mark.parametrize("lang", ["en", "fr", "ru", "tg"])
def test_the_letter_to_a_partner(lang: str, golden: Golden) -> None:
    golden(f"report.{lang}.email.txt", str(given.report().to_email(lang=lang)))


@pytest.mark.parametrize(("kind", "ending"), [("junit", "xml"), ("jsonl", "jsonl")])
def test_forms_for_programs(kind: str, ending: str, golden: Golden) -> None:
    golden(f"report.{ending}", str(_render.rendered(given.report(), kind)))
