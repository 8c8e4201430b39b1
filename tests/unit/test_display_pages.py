"""Whole pages and notebook fragments: self-contained, escaped, marked where numbers are examples."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest

from mne import _render
from mne.display.page import style
from mne.display.palette import STATUSES
from mne.errors import OptionError
from mne.ground.explanation import Explanation
from mne.ground.findings import Finding, Findings, Place
from mne.logframe.model import Logframe
from mne.reports.reading import SourceFile
from mne.reports.report import Held, ValidationReport
from mne.scores.cards import Override
from mne.scores.scorecard import score
from mne.tables.observations import Observations
from mne.values.aggregate import aggregate
from tests.golden import card as small

VOID = {"meta", "br", "hr", "line", "rect", "circle", "path", "polygon"}


class Page(HTMLParser):
    """The elements of a page, whether they close in order, and the text in them."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if name in (attrs.get("class") or "").split()]


EVIL = '<script>alert(\'x\')</script>" onload="y" {0} %s </style></title> \u202egnp.exe [red]*_`|'


def _hostile_plan() -> Logframe:
    text = {"en": EVIL, "fr": EVIL}
    people = {
        "id": "I<b>'\"&",
        "title": text,
        "measure": "number",
        "unit": "<u>\"'",
        "accumulation": "running_total",
        "definition": EVIL,
        "baseline": {"value": 0, "as_published": EVIL, "note": EVIL},
        "targets": [{"period": "2026-Q2", "value": 10, "note": EVIL}, {"period": "2026-Q4", "text": EVIL}],
        "means_of_verification": [EVIL],
        "sources": ["<s>"],
        "assignments": [{"partner": "P'\">"}],
    }
    stage = {
        "id": "J",
        "title": EVIL,
        "measure": "milestone",
        "accumulation": "level",
        "scale": [{"id": "<a>", "title": EVIL}, {"id": "b"}],
        "targets": [{"period": "2026-Q2", "stage": "b"}],
    }
    result = {
        "id": "R<i>",
        "level": "outcome",
        "title": text,
        "label": EVIL,
        "assumptions": [EVIL],
        "risks": [EVIL],
        "indicators": [people, stage],
    }
    return Logframe.model_validate(
        {
            "id": "<P>'\"&",
            "title": text,
            "description": EVIL,
            "version": "<v>",
            "start": "2026-01-01",
            "end": "2026-12-31",
            "countries": ["<c>"],
            "organisations": [{"id": "P'\">", "title": EVIL, "roles": ["partner"]}],
            "budgets": [{"amount": 1, "currency": "<x>", "title": EVIL}],
            "units": [{"id": "<u>\"'", "title": EVIL}],
            "sources": [{"id": "<s>", "title": EVIL, "url": "javascript:alert(1)", "author": EVIL}],
            "results": [result],
        }
    )


def _hostile_observations(plan: Logframe, location: str = "_T") -> Observations:
    row = {
        "project": plan.id,
        "period": "2026-Q2",
        "period_start": dt.date(2026, 4, 1),
        "period_end": dt.date(2026, 6, 30),
        "partner": "P'\">",
        "source_file": EVIL,
        "source_sheet": EVIL,
        "source_cell": EVIL,
        "comment": EVIL,
        "location": location,
    }
    return Observations.from_rows(
        [{**row, "indicator": "I<b>'\"&", "value": 5}, {**row, "indicator": "J", "value": 1, "text": EVIL}]
    )


def _hostile_findings() -> Findings:
    place = Place(file=EVIL, sheet=EVIL, cell=EVIL, header=EVIL, indicator=EVIL, partner=EVIL, period=EVIL)
    return Findings(
        [
            Finding(
                code="value-unknown-indicator",
                place=place,
                found=EVIL,
                expected=EVIL,
                suggestion=EVIL,
                related=(place,),
            ),
            Finding(code="value-unknown-indicator", place=Place(path=EVIL, file=EVIL, line=1), found=EVIL),
        ]
    )


def _hostile_card() -> Any:
    plan = _hostile_plan()
    values = aggregate(_hostile_observations(plan), plan, until=small.UNTIL)
    scheme = small.scheme().model_copy(update={"source": EVIL, "url": "javascript:alert(1)", "id": "<i>"})
    return score(values, scheme=scheme, overrides=[Override("R<i>", "A", EVIL, EVIL, dt.date(2026, 7, 1))])


def _hostile_report() -> ValidationReport:
    matrix = pl.DataFrame({"partner": [EVIL], "period": [EVIL], "accepted": [1], "held": [1]})
    return replace(
        small.report(),
        plan_id=EVIL,
        findings=_hostile_findings(),
        held=Held(pl.DataFrame({"file": [EVIL], EVIL: [EVIL]})),
        sources=(SourceFile(EVIL, "csv", EVIL, 1, 1),),
        by_partner_and_period=matrix,
    )


HOSTILE: dict[str, Callable[[], Any]] = {
    "Logframe": _hostile_plan,
    "Scorecard": _hostile_card,
    "ResultScore": lambda: _hostile_card()["R<i>"],
    "IndicatorScore": lambda: _hostile_card()["J"],
    "Values": lambda: _hostile_card().actuals,
    "IndicatorValue": lambda: _hostile_card().actuals["J"],
    "Findings": _hostile_findings,
    "Observations": lambda: _hostile_observations(_hostile_plan(), EVIL),
    "ValidationReport": _hostile_report,
    "Explanation": lambda: Explanation(
        kind="score", label=EVIL, shown=EVIL, how=EVIL, place=Place(file=EVIL), children=(Explanation("note", EVIL),)
    ),
}


@pytest.mark.parametrize("make", [_render.html, _render.page])
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_stays_text(kind: str, make: Callable[..., str]) -> None:
    page = Page(make(HOSTILE[kind](), lang="fr"))
    assert not any(
        tag in ("script", "iframe", "img", "link", "object", "form", "u", "s", "x", "c") for tag, _ in page.tags
    )
    for _, attrs in page.tags:
        assert not any(name.startswith("on") for name in attrs)
        assert not (attrs.get("href") or "").lower().startswith(("javascript:", "data:"))
    assert "<script>alert('x')</script>" in page.text
    assert "\u202e" not in page.text
    assert "\\u202e" in page.text


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_stays_text_on_a_terminal_and_in_markdown(kind: str) -> None:
    thing = HOSTILE[kind]()
    assert "\u202e" not in _render.text(thing)
    told = _render.markdown(thing)
    assert "<script>" not in told
    assert "&lt;script&gt;" in told


THINGS: dict[str, Callable[[], Any]] = {
    "plan": small.plan,
    "card": small.card,
    "result": lambda: small.card()["OC1"],
    "indicator": lambda: small.card()["OC1.1"],
    "values": small.values,
    "value": lambda: small.values()["OC1.1"],
    "findings": small.findings,
    "report": small.report,
    "nothing": Findings,
    "explanation": small.explanation,
    "observations": small.observations,
}


@pytest.mark.parametrize("name", THINGS)
def test_a_page_stands_on_its_own(name: str) -> None:
    source = _render.page(THINGS[name](), lang="ru")
    page = Page(source)
    tags = [tag for tag, _ in page.tags]
    assert source.startswith('<!doctype html>\n<html lang="ru" dir="ltr">')
    assert "script" not in tags
    assert not any("src" in attrs or "srcset" in attrs for _, attrs in page.tags)
    assert not any(term in style() for term in ("url(", "@import", "expression("))
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in [attrs for _, attrs in page.tags]
    assert tags.count("title") >= 1


@pytest.mark.parametrize("name", THINGS)
def test_a_notebook_gets_a_scoped_fragment(name: str) -> None:
    thing = THINGS[name]()
    source = thing._repr_html_() if hasattr(thing, "_repr_html_") else _render.html(thing)
    page = Page(source)
    assert page.tags[0][0] == "div"
    assert (page.tags[0][1]["lang"], page.tags[0][1]["dir"]) == ("en", "ltr")
    assert not {"html", "head", "body", "script"} & {tag for tag, _ in page.tags}
    selectors = [rule for rule in re.findall(r"([^{};]+)\{", style()) if not rule.strip().startswith("@")]
    assert len(selectors) > 50
    assert [each for rule in selectors for each in rule.split(",") if ".mne" not in each] == []


@pytest.mark.parametrize("name", THINGS)
def test_the_same_page_every_time(name: str) -> None:
    assert _render.page(THINGS[name]()) == _render.page(THINGS[name]())


def test_the_theme_of_a_notebook_and_of_the_system_are_followed() -> None:
    for rule in (
        "prefers-color-scheme:dark",
        "[data-jp-theme-light=false]",
        ".vscode-dark",
        "@media print",
        "max-width: 44em",
    ):
        assert rule in style()
    for look in STATUSES.values():
        assert look.ink in style()
        assert look.ink_dark in style()


# --- the scorecard ----------------------------------------------------------------------------------------------


def test_the_scorecard_shows_every_outcome_with_shape_word_and_coverage() -> None:
    page = Page(_render.page(small.card()))
    assert [attrs["class"] for attrs in page.of("mne-card")] == [
        "mne-card mne-off_track", "mne-card mne-off_track", "mne-card mne-on_track",
    ]  # fmt: skip
    for told in ("52.9", "70 % of the weight could be scored", "not checked against its source", "Three bands"):
        assert told in page.text
    assert len(page.of("mne-indicator")) == 6
    assert len(page.of("mne-bullet")) == 4
    assert "12,345 of 28,000 people (44 %); 50 % was due by now: on track; 4 of 6 partners reported" in page.text
    assert "Of what was due: 88 %" in page.text
    assert "Of the end target: 44 %" in page.text


def test_what_was_left_out_is_listed_with_its_weight() -> None:
    text = Page(_render.page(small.card())).text
    assert "nobody has reported" in text
    assert "OC2.2 Adults who used a digital service" in text


def test_a_person_s_rating_stands_beside_the_computed_one() -> None:
    assert "Rated by A. Reviewer on 2026-07-15: Seen on site (computed: –)" in Page(_render.page(small.card())).text


def test_illustrative_values_are_marked_one_by_one_and_the_page_says_so() -> None:
    page = Page(_render.page(small.card()))
    assert len(page.of("mne-banner")) == 1
    assert "illustrative: due by now" in page.text
    assert "illustrative: actual" in page.text
    plain = score(aggregate(Observations.from_rows([]), small.plan(), until=small.UNTIL), scheme=small.scheme())
    targets = Page(_render.page(plain))
    assert "illustrative: actual" not in targets.text


def test_only_a_page_of_its_own_has_every_explanation() -> None:
    card = small.card()
    assert "2026-Q2 P-1.xlsx!Report!F2" in _render.page(card)
    assert "2026-Q2 P-1.xlsx!Report!F2" not in _render.html(card)


def test_how_to_recompute_it() -> None:
    text = Page(_render.page(small.card())).text
    assert "logframe score REPORTS --logframe LOGFRAME --scheme three-bands --until 2026-06-30" in text
    assert str(small.card()["OC1"].score) in text
    assert "60 % × 88.2 + 40 % × 0" in text


def test_findings_of_the_reports_are_on_the_card() -> None:
    assert "2026-Q2 P-4.xlsx!Report" in Page(_render.page(small.card())).text


# --- the others -------------------------------------------------------------------------------------------------


def test_the_matrix_has_the_columns_that_everybody_knows() -> None:
    page = Page(_render.page(small.plan()))
    heads = ["Hierarchy of objectives", "Key indicators", "Baseline and targets", "Means of verification"]
    for head in (*heads, "Assumptions and risks", "Attendance lists", "The law is passed", "Power cuts", "pending"):
        assert head in page.text
    assert len(page.of("mne-goal")) == 4
    assert page.of("mne-banner")


def test_findings_are_grouped_by_sheet_with_the_gravest_first() -> None:
    page = Page(_render.page(small.findings()))
    places = [page.text.index(told) for told in ("P-5.csv", "P-4.xlsx!Old", "P-4.xlsx!Report", "OC2.1 · 2031-Q1")]
    assert places == sorted(places)
    for told in ("H12", "Unit · OC1.1 · 2026-Q2 · P-4", "row 4", "Did you mean people?", "blocker: 1", "warning: 3"):
        assert told in page.text


def test_the_report_has_its_verdict_on_top_and_says_what_was_checked() -> None:
    page = Page(_render.page(small.report()))
    assert "mne-verdict mne-off_track" in [attrs["class"] for attrs in page.of("mne-verdict")]
    parts = ("Send back", "Findings", "Who reported what", "Held backHeld back", "What was read", "What was checked")
    order = [page.text.index(told) for told in parts]
    assert order == sorted(order)
    for told in (
        "Accepted: 9",
        "Held back: 1",
        "1 +1",
        "number-ambiguous",
        "could not be read",
        "abababababababab",
    ):
        assert told in page.text
    assert "Comment" not in page.text  # a column that nobody filled


def test_no_findings_say_so() -> None:
    assert "Nothing is wrong here." in Page(_render.page(Findings())).text


def test_a_notebook_lists_some_findings_and_counts_the_rest() -> None:
    many = Findings(
        Finding(code="value-unknown-indicator", place=Place(file="a.csv", row=row), params={"rows": 1})
        for row in range(250)
    )
    assert "and 50 more" in Page(_render.html(many)).text
    assert "more" not in Page(_render.page(many)).text


def test_the_tracking_table_leaves_out_silent_periods_and_says_so() -> None:
    page = Page(_render.page(small.values()))
    assert "2026-Q1: no number of any of these, so not shown." in page.text
    assert "2026-Q2" in page.text
    assert page.of("mne-state")


def test_there_is_no_view_of_just_anything() -> None:
    with pytest.raises(OptionError):
        _render.html(object())
