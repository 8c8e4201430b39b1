"""The hostile and awkward logframes of the reference material: none crashes, none passes in silence.

They were written for another format; their keys are rewritten line by line here, and their defects stay.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from mne.logframe.files import check_logframe, from_text

SHARED = Path(__file__).parents[2].parent / "shared" / "corpus"

CODES = {
    "date-invalid": "logframe-value-invalid",
    "text-invisible-character": "logframe-text-invisible",
    "text-markup": "logframe-text-markup",
    "code-duplicate": "logframe-duplicate-id",
    "code-confusable": "logframe-id-confusable",
    "formula-cycle": "logframe-formula-cycle",
    "formula-invalid": "logframe-formula-invalid",
    "ref-unknown-indicator": "logframe-unknown-reference",
    "number-not-finite": "logframe-value-invalid",
    # There are no includes and no patterns in the format: the key itself is refused, and nothing is followed.
    "path-outside": "logframe-unknown-key",
    "include-cycle": "logframe-unknown-key",
    "pattern-unsafe": "logframe-unknown-key",
    "period-reversed": "logframe-dates-reversed",
    "target-equals-baseline": "logframe-target-equals-baseline",
    "unit-invalid": "logframe-unit-unknown",
    "unit-ambiguous": "logframe-unit-unknown",
    "weight-sum": "logframe-weight-sum",
}
TEXT_ONLY = {"norway": "NO", "octal": "010", "sexagesimal": "1:20", "date_code": "2024-01-01", "equals": "="}
"""Codes that other readers turn into something else, and that are the text which was written here."""
ADVICE = {"target_eq_baseline", "weight_sum", "bidi", "html"}
"""Defects that are told, and do not keep a logframe from being used."""


def entries(kind: str) -> list[dict[str, Any]]:
    if not SHARED.is_dir():
        return []
    manifest = json.loads((SHARED / "manifest.json").read_text("utf-8"))
    return [each for each in (manifest if isinstance(manifest, list) else manifest["files"]) if each["kind"] == kind]


ABSENT = pytest.param({}, marks=pytest.mark.skip(reason="needs ../shared, which is not beside this checkout"))
YAML = [pytest.param(each, id=Path(each["path"]).stem) for each in entries("yaml")] or [ABSENT]


def rewritten(text: str) -> tuple[str, list[int]]:
    """The same logframe under our keys, and for each old line the new one."""
    lines: list[str] = []
    places: list[int] = []
    for line in text.splitlines():
        places.append(len(lines) + 1)
        project = re.fullmatch(r"project: \{code: (.+?), title: (.+), start: (.+?), end: (.+?)\}", line)
        if project:
            id, title, start, end = project.groups()
            lines += [f"id: {id}", f"title: {title}", f"start: {start}", f"end: {end}"]
        elif line == "  - code: OC1":
            lines += ["  - id: OC1", "    level: outcome"]
        elif line.startswith("      - {code:"):
            lines.append(
                re.sub(
                    r"\btarget: ([^,}]+)",
                    r"targets: [{period: 2026-Q4, kind: final, value: \1, illustrative: true}]",
                    re.sub(r"\bbaseline: ([^,}]+)", r"baseline: {value: \1, illustrative: true}", line),
                )
                .replace("{code:", "{means_of_verification: [x], measure: number, accumulation: level, id:")
                .replace("OC1_1", "OC1.1")
            )
        else:
            lines.append(line.replace("outcomes:", "results:"))
    return "\n".join(lines) + "\n", places


@pytest.mark.parametrize("entry", YAML)
def test_each_defect_is_told_under_its_code(shared, entry):
    name = Path(entry["path"]).stem
    text, places = rewritten((shared / "corpus" / entry["path"]).read_text("utf-8"))
    plan, findings = from_text(text, name=f"{name}.yaml")
    grave = findings.at_least("error")
    if entry["keep"] == "accept":
        assert plan is not None
        assert not findings.at_least("warning")
    elif name in TEXT_ONLY:
        assert not grave
        assert TEXT_ONLY[name] in plan.indicators
    else:
        # A formula longer than any text is refused before it is read as one.
        code = "logframe-shape" if name == "formula_deep" else CODES.get(entry["expect"], entry["expect"])
        assert code in findings.codes
        assert bool(grave) == (name not in ADVICE)
        assert (plan is not None) or grave
        line = re.fullmatch(r"line (\d+)", entry["where"])
        if line and int(line[1]) > 1:
            assert places[int(line[1]) - 1] in {each.place.line for each in findings.of(code)}


def test_a_day_that_no_calendar_has_is_found_at_its_place(shared):
    text, _ = rewritten((shared / "corpus" / "yaml" / "bad_date.yaml").read_text("utf-8"))
    _, findings = from_text(text)
    assert [(each.code, each.place.path, each.place.line) for each in findings.at_least("error")] == [
        ("logframe-value-invalid", "start", 3)
    ]


def test_no_file_of_any_kind_raises_or_passes_as_a_logframe(shared, tmp_path):
    files = sorted(path for path in (shared / "corpus").rglob("*") if path.is_file() and path.stat().st_size < 5 << 20)
    assert len(files) > 150
    for path in files:
        for ending in (".yaml", ".json"):
            copy = tmp_path / f"plan{ending}"
            shutil.copyfile(path, copy)
            findings = check_logframe(copy)
            assert findings.at_least("error"), path
            assert len(findings) <= 310, path
            for finding in findings:
                assert len(str(finding)) < 2_000
                assert str(finding).isprintable()
