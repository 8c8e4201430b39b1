"""A tree becomes any model: every complaint in plain words, with its place; a scheme is read by the same function."""

from __future__ import annotations

import pytest

from mne.ground.trees import parse_json, parse_yaml
from mne.logframe.loading import build
from mne.logframe.model import Budget, Location, Logframe
from mne.scores.scheme import Scheme

SCHEME = """\
id: mine
title: Mine
version: "1"
source: me
verified: false
steps:
  outcome: {source: blend, indicators: 0.5}
  impact: {source: results}
bands:
  - {label: A, lower: 80, status: met}
  - {label: B, status: off_track}
"""


def findings(model, text, parse=parse_yaml):
    tree, found = parse(text.encode(), name="x")
    assert not found
    built, wrong = build(model, tree, name="x")
    assert (built is None) == bool(wrong)
    return {(each.code, each.place.path, each.place.line, each.suggestion) for each in wrong}


def test_a_model_and_nothing_to_complain_of():
    tree, _ = parse_yaml(SCHEME.encode(), name="x")
    scheme, wrong = build(Scheme, tree, name="x")
    assert wrong == ()
    assert scheme.id == "mine"
    assert list(scheme.steps) == ["outcome", "impact"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("outcome: {", "outcom: {", ("logframe-not-a-choice", "steps.outcom", 7, "outcome")),
        ("source: blend", "source: blended", ("logframe-not-a-choice", "steps.outcome.source", 7, "blend")),
        ("indicators: 0.5", "indicators: 50", ("logframe-value-invalid", "steps.outcome.indicators", 7, None)),
        ("indicators: 0.5", "share: 0.5", ("logframe-unknown-key", "steps.outcome.share", 7, None)),
        ("impact: {source: results}", "impact: results", ("logframe-shape", "steps.impact", 8, None)),
        ("lower: 80", "lower: high", ("logframe-value-invalid", "bands[0].lower", 10, None)),
        ("status: met", "stat: met, status: met", ("logframe-unknown-key", "bands[0].stat", 10, "status")),
        ("verified: false", "verified: no", ("logframe-value-invalid", "verified", 5, None)),
        ("title: Mine", "title: {en: '  '}", ("logframe-value-invalid", "title.en", 2, None)),
        ("title: Mine", "title: []", ("logframe-value-invalid", "title", 2, None)),
        ('version: "1"\n', "", ("logframe-missing-key", "version", 1, None)),
    ],
)  # fmt: skip
def test_a_scheme_is_told_of_by_the_same_rules(old, new, expected):
    assert findings(Scheme, SCHEME.replace(old, new)) == {expected}


def test_all_at_once():
    text = (
        SCHEME.replace("outcome: {", "outcom: {")
        .replace("lower: 80", "lower: high")
        .replace("verified: false", "verifed: false")
    )
    assert {code for code, *_ in findings(Scheme, text)} == {
        "logframe-not-a-choice", "logframe-value-invalid", "logframe-unknown-key", "logframe-missing-key",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("code", "id"),
        ("name", "title"),
        ("Title", "title"),
        ("parents", "parent"),
        ("colour", None),
        ("reference", "references"),
    ],
)
def test_the_key_that_was_meant_is_suggested(key, meant):
    text = f"id: a\ntitle: b\n{key}: c\n"
    assert findings(Location, text) == {("logframe-unknown-key", key, 3, meant)}


@pytest.mark.parametrize(
    ("word", "meant"),
    [("Planned", "planned"), ("plan", "planned"), ("comitted", "committed"), ("blue", None), ("2024", None)],
)
def test_the_choice_that_was_meant_is_suggested(word, meant):
    text = f"amount: 1\ncurrency: USD\nstatus: {word}\n"
    assert findings(Budget, text) == {("logframe-not-a-choice", "status", 3, meant)}


def test_a_missing_key_says_what_it_takes():
    tree, _ = parse_yaml(b"results: [{id: OC1, title: x}]", name="x")
    _, wrong = build(Logframe, tree, name="x")
    told = {each.place.path: each.expected for each in wrong}
    assert told["results[OC1].level"] == "level: impact, outcome, output, activity or other"
    assert told["start"] == "start: … (The first day of the project)"


def test_in_json_the_lines_are_those_of_json():
    text = '{\n  "id": "a",\n  "titel": "b"\n}'
    assert findings(Location, text, parse_json) == {
        ("logframe-unknown-key", "titel", 3, "title"),
        ("logframe-missing-key", "title", 1, None),
    }


@pytest.mark.parametrize("text", ["just words", "[1, 2]", "~", "3"])
def test_what_is_no_map_at_all(text):
    assert findings(Location, text) == {("logframe-shape", None, 1, None)}


def test_entries_are_named_by_their_ids_where_no_other_has_the_same():
    text = """\
id: P
title: x
start: 2024-01-01
end: 2024-12-31
results:
  - {id: A, level: x, title: t}
  - {id: A, level: x, title: t}
  - {id: "1", level: x, title: t}
  - {id: "a[0]", level: x, title: t}
  - {level: x, title: t, id: B}
"""
    assert {path for code, path, *_ in findings(Logframe, text)} == {
        "results[0].level", "results[1].level", "results[2].level", "results[3].level", "results[B].level",
    }  # fmt: skip
