"""Rules over several indicators: in a logframe, from a file, and what partners are told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import mne
from mne.errors import LogframeError
from mne.logframe.files import check_logframe
from mne.logframe.model import Logframe
from mne.logframe.writing import to_yaml
from tests.builders import plan_of

SPLIT = [{"dimensions": ["sex"]}]


def count(code: str, **more: Any) -> dict[str, Any]:
    return {"id": code, "title": code, "measure": "number", "accumulation": "flow", "unit": "kg",
            "disaggregation": SPLIT, **more}  # fmt: skip


def rule(left: str, operator: str, right: str, **more: Any) -> dict[str, Any]:
    return {"id": "R1", "title": "What must hold", "left": left, "operator": operator, "right": right, **more}


def plan(*rules: dict[str, Any]) -> Logframe:
    share = {"id": "D", "title": "D", "measure": "percentage", "unit": "percent", "accumulation": "level"}
    return plan_of(count("A"), count("B"), count("C"), share, rules=rules)


def sent(*rows: tuple[Any, ...]) -> pd.DataFrame:
    names = ["indicator", "value", "category", "unit", "numerator", "denominator"]
    told = [dict(zip(names, row, strict=False)) for row in rows]
    return pd.DataFrame([{"period": "2025-Q1", "partner": "A", "location": "N", **row} for row in told], dtype=object)


def codes(told: mne.ValidationReport) -> dict[str, int]:
    return {code: n for code, n in told.findings.codes.items() if code.startswith("consistency-")}


def test_a_sum_that_does_not_agree_is_told_with_both_sides_and_its_cells() -> None:
    told = mne.validate(sent(("A", 20), ("B", 25), ("C", 50)), plan(rule("A + B", "==", "C")))
    (finding,) = told.findings.of("consistency-violated")
    assert finding.found == "A + B = 45 (A 20, B 25); C 50"
    assert finding.expected == "A + B == C (What must hold)"
    assert finding.place.row == 1
    assert [place.row for place in finding.related] == [2, 3]
    assert (finding.place.partner, finding.place.period, finding.level) == ("A", "2025-Q1", "error")
    # Both sides are kept: nobody knows which of them is wrong.
    assert (told.counts.held, told.verdict) == (0, "send back")


@pytest.mark.parametrize(
    ("operator", "c", "fires"),
    [("==", 45, False), ("!=", 45, True), ("<=", 44, True), ("<=", 45, False), ("<", 45, True), (">", 45, True),
     (">=", 46, True), (">=", 45, False)],
)  # fmt: skip
def test_every_comparison(operator: str, c: int, *, fires: bool) -> None:
    told = mne.validate(sent(("A", 20), ("B", 25), ("C", c)), plan(rule("A + B", operator, "C")))
    assert bool(codes(told)) == fires


def test_units_are_converted_exactly_and_parts_stand_for_their_total() -> None:
    rows = [("A", "0.1", None, "t"), ("B", 1, "sex=F"), ("B", 2, "sex=M"), ("C", 103)]
    assert not codes(mne.validate(sent(*rows), plan(rule("A + B", "==", "C"))))
    # Half of a split is no total: the rule has nothing to say.
    assert not codes(mne.validate(sent(("A", 1), ("B", 1, "sex=F"), ("C", 9)), plan(rule("A + B", "==", "C"))))


@pytest.mark.parametrize(("missing", "fires"), [("propagate", False), ("skip", True), ("zero", True)])
def test_what_was_not_reported(missing: str, *, fires: bool) -> None:
    told = mne.validate(sent(("A", 20), ("C", 50)), plan(rule("A + B", "==", "C", missing=missing)))
    assert bool(codes(told)) == fires
    # No operand of the right side at all: skip has nothing to compare with, zero has.
    alone = mne.validate(sent(("A", 20)), plan(rule("A", "==", "C", missing=missing)))
    assert bool(codes(alone)) == (missing == "zero")


def test_pairs() -> None:
    both, one = plan(rule("A", "both_or_none", "B")), plan(rule("A", "at_most_one", "B"))
    assert codes(mne.validate(sent(("A", 1)), both)) == {"consistency-pair-incomplete": 1}
    assert not codes(mne.validate(sent(("A", 1), ("B", 0)), both))
    assert codes(mne.validate(sent(("A", 0), ("B", 0)), one)) == {"consistency-pair-exclusive": 1}
    assert not codes(mne.validate(sent(("B", 1)), one))
    (finding,) = mne.validate(sent(("A", 1)), both).findings.of("consistency-pair-incomplete")
    assert finding.found == "A 1; B –"


def test_each_partner_place_and_period_is_asked_apart() -> None:
    rows = sent(("A", 1), ("C", 1), ("A", 2), ("C", 9))
    rows["partner"] = ["A", "A", "B", "B"]
    (finding,) = mne.validate(rows, plan(rule("A", "==", "C"))).findings.of("consistency-violated")
    assert (finding.place.partner, finding.place.row) == ("B", 3)


def test_shares_are_compared_as_percentages() -> None:
    rows = [("D", None, None, None, 45, 60), ("A", 75), ("C", 74)]
    assert not codes(mne.validate(sent(*rows), plan(rule("D", "==", "A"))))
    assert codes(mne.validate(sent(*rows), plan(rule("D", "<=", "C")))) == {"consistency-violated": 1}


def test_a_rule_and_a_project_say_how_grave_it_is() -> None:
    rows = sent(("A", 1), ("C", 2))
    mild = mne.validate(rows, plan(rule("A", "==", "C", severity="warning")))
    assert (mild.findings.of("consistency-violated")[0].level, mild.verdict) == ("warning", "accept with notes")
    lowered = plan_of(count("A"), count("C"), rules=[rule("A", "==", "C")], severities={"consistency-violated": "info"})
    assert mne.validate(rows, lowered).verdict == "accept"


def test_rules_of_an_embedder_come_through_the_same_door(tmp_path: Any) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("rules:\n  - {id: R9, title: Same, left: A, operator: '==', right: C}\n", encoding="utf-8")
    (read,) = mne.read_rules(path)
    for rules in (path, [read], [mne.AgreementRule(**rule("A", "==", "C"))]):
        assert codes(mne.validate(sent(("A", 1), ("C", 2)), plan(), rules=rules)) == {"consistency-violated": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rules: []\n", "no usable rules"),
        ("rules:\n  - {id: R9, title: T, left: A, operator: '~', right: C}\n", "no usable rules"),
        ("rules: !!python/object:os.system {}\n", "no usable rules"),
    ],
)
def test_a_file_without_usable_rules_is_refused(tmp_path: Any, text: str, told: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LogframeError, match=told):
        mne.validate(sent(("A", 1)), plan(), rules=path)


@pytest.mark.parametrize("rules", ["missing.yaml", 3, [3], [mne.AgreementRule(**rule("A", "==", "X"))]])
def test_misuse_is_one_clear_error(rules: Any) -> None:
    with pytest.raises(mne.errors.MneError):
        mne.validate(sent(("A", 1)), plan(), rules=rules)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (rule("A +", "==", "C"), "logframe-formula-invalid"),
        (rule("A", "==", "X"), "logframe-unknown-reference"),
        (rule("A", "==", "previous(C)"), "logframe-formula-invalid"),
        (rule("A", "==", "W"), "logframe-formula-operand"),
        (rule("A", "==", "Y"), "logframe-formula-frequency"),
    ],
)
def test_a_rule_that_cannot_be_asked_is_found_in_the_logframe(bad: dict[str, Any], code: str) -> None:
    words = {"id": "W", "title": "W", "measure": "narrative", "accumulation": "level"}
    told = check_logframe(plan_of(count("A"), count("C"), words, count("Y", frequency="annual"), rules=[bad]))
    (finding,) = told.of(code)
    assert "rules[" in (finding.place.path or "")


def test_rules_are_written_and_read_back_and_compared(tmp_path: Any) -> None:
    with_rule = plan(rule("A", "<=", "C"))
    path = tmp_path / "plan.yaml"
    path.write_text(to_yaml(with_rule), encoding="utf-8")
    assert mne.read_logframe(path).rules == with_rule.rules
    changed = plan(rule("A", "<", "C"))
    told = mne.diff(with_rule, changed)
    assert ["R1" in str(change) for change in told.changes] == [True]
