"""Logframes in and out: what is refused, what is told at once, and that what is written reads back."""

from __future__ import annotations

import json
import os
import stat
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
import yaml

from mne.errors import LogframeError, OptionError, ReadError, WriteError
from mne.ground.findings import Findings
from mne.logframe.files import (
    check_logframe,
    from_text,
    logframe_schema,
    read_logframe,
    to_json,
    to_yaml,
    write_logframe,
)
from mne.logframe.model import Logframe
from mne.logframe.schema import SCHEMA_PATH, schema_text

SMALL = """\
id: P1
title: Demo
start: 2024-01-01
end: 2026-12-31
results:
  - id: OC1
    level: outcome
    title: Better services
    indicators:
      - {id: OC1.1, title: People served, unit: person, measure: number, accumulation: level}
"""


def put(folder: Path, text: str | bytes, name: str = "plan.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def told(findings: Findings) -> set[tuple[str, str | None, int | None]]:
    return {(each.code, each.place.path, each.place.line) for each in findings}


def errors(findings: Findings) -> set[tuple[str, str | None, int | None]]:
    return told(findings.at_least("error"))


class TestReading:
    @pytest.mark.parametrize("name", ["plan.yaml", "plan.yml", "PLAN.YAML"])
    def test_yaml_by_its_endings(self, tmp_path, name):
        assert read_logframe(put(tmp_path, SMALL, name)).id == "P1"

    def test_a_path_may_be_text(self, tmp_path):
        assert read_logframe(str(put(tmp_path, SMALL))).indicators["OC1.1"].unit == "person"

    def test_json(self, tmp_path):
        plan = read_logframe(put(tmp_path, SMALL))
        assert read_logframe(put(tmp_path, to_json(plan), "plan.json")) == plan

    def test_a_byte_order_mark_is_no_matter(self, tmp_path):
        assert read_logframe(put(tmp_path, b"\xef\xbb\xbf" + SMALL.encode())).id == "P1"

    def test_the_error_lists_every_finding_with_its_line(self, tmp_path):
        path = put(tmp_path, SMALL.replace("2024-01-01", "soon").replace("level: outcome", "level: high"))
        with pytest.raises(LogframeError) as raised:
            read_logframe(path)
        assert told(raised.value.findings) == {
            ("logframe-value-invalid", "start", 3),
            ("logframe-not-a-choice", "results[OC1].level", 7),
        }
        assert f"{path}:3:8" in str(raised.value)

    def test_advice_is_no_error(self, tmp_path):
        path = put(tmp_path, SMALL)
        assert read_logframe(path).id == "P1"
        assert not check_logframe(path).at_least("error")
        assert check_logframe(path)

    def test_a_design_that_cannot_be_computed_is_an_error(self, tmp_path):
        path = put(tmp_path, SMALL.replace("unit: person", "unit: units"))
        with pytest.raises(LogframeError) as raised:
            read_logframe(path)
        assert told(raised.value.findings) == {("logframe-unit-unknown", "results[OC1].indicators[OC1.1].unit", 10)}

    @pytest.mark.parametrize("what", ["missing", "folder", "empty", "below a file", "a null sign"])
    def test_what_cannot_be_read_at_all_is_a_read_error(self, tmp_path, what):
        path = {
            "missing": tmp_path / "none.yaml",
            "folder": tmp_path,
            "empty": put(tmp_path, ""),
            "below a file": put(tmp_path, "x", "file") / "plan.yaml",
            "a null sign": "plan\0.yaml",
        }[what]
        with pytest.raises(ReadError):
            read_logframe(path)
        assert len(check_logframe(path).at_least("blocker")) == 1

    @pytest.mark.skipif(sys.platform == "win32", reason="pipes are files on POSIX systems")
    def test_a_pipe_is_not_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "plan.yaml")
        with pytest.raises(ReadError):
            read_logframe(tmp_path / "plan.yaml")

    @pytest.mark.parametrize("name", ["plan.docx", "plan.xlsx", "plan", "plan.yaml.txt"])
    def test_another_ending_is_refused(self, tmp_path, name):
        path = put(tmp_path, SMALL, name)
        assert told(check_logframe(path)) == {("logframe-file-type", None, None)}
        with pytest.raises(LogframeError):
            read_logframe(path)

    def test_a_workbook_with_the_ending_of_a_plan(self, tmp_path):
        path = put(tmp_path, b"PK\x03\x04" + bytes(200))
        assert told(check_logframe(path)) == {("file-type-mismatch", None, None)}

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (b"\xff\xd8\x00\x01", "file-type-mismatch"),
            ("title: caf\xe9".encode("latin-1"), "encoding-not-utf8"),
            ("a: [1, 2", "yaml-invalid"),
            ("just a sentence", "logframe-shape"),
            ("- a\n- b\n", "logframe-shape"),
            ("# nothing but a remark\n", "file-empty"),
            ("~\n", "logframe-shape"),
        ],
    )
    def test_what_is_no_logframe(self, tmp_path, text, code):
        assert {each.code for each in check_logframe(put(tmp_path, text))} == {code}

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("[1, 2", "json-invalid"),
            ("{}\n{}", "json-shape"),
            ('{"id": NaN}', "json-invalid"),
            ("id: P1", "json-invalid"),
        ],
    )
    def test_what_is_no_json(self, tmp_path, text, code):
        assert code in {each.code for each in check_logframe(put(tmp_path, text, "plan.json")).at_least("blocker")}

    @pytest.mark.parametrize("wrong", [None, 5, b"plan.yaml", ["plan.yaml"]])
    def test_what_is_no_path_is_a_wrong_call(self, wrong):
        for function in (read_logframe, check_logframe):
            with pytest.raises(OptionError):
                function(wrong)

    def test_an_unknown_kind_is_a_wrong_call(self):
        with pytest.raises(OptionError):
            from_text(SMALL, kind="toml")

    def test_a_plan_is_checked_as_its_file_is_but_for_lines(self, tmp_path):
        path = put(tmp_path, SMALL.replace("level: outcome", "level: outcome\n    weight: 0"))
        by_file = {(each.code, each.place.path, each.place.indicator) for each in check_logframe(path)}
        plan, _ = from_text(path.read_bytes())
        by_plan = {(each.code, each.place.path, each.place.indicator) for each in check_logframe(plan)}
        assert by_plan == by_file
        assert ("logframe-no-target", "results[OC1].indicators[OC1.1]", "OC1.1") in by_plan

    def test_without_a_format_it_is_the_first(self):
        plan, findings = from_text(SMALL)
        assert plan.format == 1
        assert not findings.at_least("error")

    def test_nothing_else_is_said_of_a_newer_format(self):
        plan, findings = from_text("format: 2\nstages: [a]\n" + SMALL)
        assert plan is None
        assert told(findings) == {("logframe-format-newer", "format", 1)}

    @pytest.mark.parametrize("number", ["²", "9" * 5_000, "1.0", "one"])
    def test_a_strange_format_is_a_finding(self, number):
        plan, findings = from_text(f"format: {number}\n{SMALL}")
        assert plan is None
        assert errors(findings) == {("logframe-value-invalid", "format", 1)}


class TestAllAtOnce:
    """No kind of mistake hides another."""

    def test_text_entries_and_design(self):
        text = SMALL.replace("title: Demo", "title: Demo\ntitle: Again").replace("unit: person", "unit: units")
        _, findings = from_text(text.replace("measure: number", "measure: number, targets: [{period: 2024, valeu: 1}]"))
        assert errors(findings) >= {
            ("yaml-duplicate-key", "title", 3),
            ("logframe-unknown-key", "results[OC1].indicators[OC1.1].targets[0].valeu", 11),
        }

    def test_the_design_of_the_rest_is_checked(self):
        more = "      - {id: OC1.2, title: x, unit: units, measure: number, accumulation: level}\n"
        _, findings = from_text(SMALL.replace("unit: person", "unti: person") + more)
        assert errors(findings) == {
            ("logframe-unknown-key", "results[OC1].indicators[OC1.1].unti", 10),
            ("logframe-unit-unknown", "results[OC1].indicators[OC1.2].unit", 11),
        }

    def test_positions_are_those_of_the_file_after_an_entry_was_left_out(self):
        more = "".join(
            f"      - {{id: OC1.{n}, title: x, measure: number, {told}}}\n"
            for n, told in ((2, "accumulation: level"), (3, "unit: kg"), (4, "accumulation: level, unit: units"))
        )
        _, findings = from_text(SMALL.replace("measure: number, ", "") + more)
        assert errors(findings) == {
            ("logframe-missing-key", "results[OC1].indicators[OC1.1].measure", 10),
            ("logframe-missing-key", "results[OC1].indicators[OC1.3].accumulation", 12),
            ("logframe-unit-unknown", "results[OC1].indicators[OC1.4].unit", 13),
        }

    @pytest.mark.parametrize(
        ("edits", "expected"),
        [
            # What names an entry that cannot be read is not unknown.
            (
                {
                    "results:": "sources: [{id: DOC, titel: A document}]\nresults:",
                    "unit: person": "unit: person, sources: [DOC]",
                },
                {("logframe-unknown-key", "sources[DOC].titel"), ("logframe-missing-key", "sources[DOC].title")},
            ),
            # Nor is one whose id itself cannot be read.
            (
                {
                    "results:": "sources: [{id: ' DOC', title: A document}]\nresults:",
                    "unit: person": "unit: person, sources: [DOC]",
                },
                {("logframe-value-invalid", "sources[ DOC].id")},
            ),
            # Periods depend on the calendar, categories on the dimensions, everything on the dates.
            (
                {
                    "results:": "calendar: {frequency: often}\nresults:",
                    "measure: number": "measure: number, targets: [{period: 2024-M1, value: 1}]",
                },
                {("logframe-not-a-choice", "calendar.frequency")},
            ),
            (
                {
                    "2024-01-01": "01/01/2024",
                    "measure: number": "measure: number, targets: [{period: 2024-Q1, value: 1}]",
                },
                {("logframe-value-invalid", "start")},
            ),
            # A typing error in the scale does not make its stages unknown.
            (
                {"measure: number": "measure: ordinal, scale: [{id: a}, {name: b}], baseline: {stage: b}"},
                {
                    ("logframe-unknown-key", "results[OC1].indicators[OC1.1].scale[1].name"),
                    ("logframe-missing-key", "results[OC1].indicators[OC1.1].scale[1].id"),
                },
            ),
            # A list of which no entry can be read is not called too short as well.
            ({"level: outcome": "level: outcme"}, {("logframe-not-a-choice", "results[OC1].level")}),
            # An entry that nothing depends on keeps nothing from being checked.
            (
                {"title: Demo": "title: Demo\ndiscription: x", "unit: person": "unit: units"},
                {
                    ("logframe-unknown-key", "discription"),
                    ("logframe-unit-unknown", "results[OC1].indicators[OC1.1].unit"),
                },
            ),
        ],
    )
    def test_what_only_follows_is_not_said(self, edits, expected):
        text = SMALL
        for old, new in edits.items():
            assert old in text
            text = text.replace(old, new)
        _, findings = from_text(text)
        assert {(code, path) for code, path, _ in errors(findings)} == expected

    def test_impossible_dates_hide_no_other_mistake(self):
        text = SMALL.replace("2026-12-31", "2020-12-31").replace("unit: person", "unit: units")
        _, findings = from_text(
            text.replace("measure: number", "measure: number, targets: [{period: 2024-Q1, value: 1}]")
        )
        assert {code for code, _, _ in errors(findings)} == {"logframe-dates-reversed", "logframe-unit-unknown"}

    def test_very_many_mistakes_end_in_a_finding_that_says_so(self):
        text = SMALL + "".join(f"key{n}: x\n" for n in range(300))
        _, findings = from_text(text)
        assert findings.codes["logframe-unknown-key"] == 200
        assert findings.codes["limit-findings"] == 1


class TestWriting:
    PLAN = Logframe.model_validate(
        {
            "id": "NO",
            "title": {"en": "Yes: and no", "per": "برنامه", "ru": "  с пробелами  "},
            "description": "# not a remark\n\nsecond part: - not a list\n",
            "version": "1.10",
            "start": "2024-01-01",
            "end": "2026-12-31",
            "calendar": {"fiscal_year_start": "07-01", "names": {"010": "FY2025", "value": "FY2026"}},
            "countries": [
                "NO",
                "=",
                "~",
                "null",
                "true",
                "1e3",
                "0x1F",
                "1:20",
                "2024-01-01",
                "-",
                "<<",
                ".5",
                "y",
                "{a}",
            ],
            "units": [{"id": "third", "of": "kg", "factor": "1/3"}, {"id": "dozen", "of": "item", "factor": "12.50"}],
            "currency": "USD",
            "sources": [{"id": "date", "title": "x", "date": "2024-02-29", "url": "https://example.org/?a=1#b"}],
            "results": [
                {
                    "id": "1:20",
                    "level": "outcome",
                    "title": "'quoted' \"twice\"",
                    "weight": "0.1",
                    "indicators": [
                        {
                            "id": "010",
                            "title": "x",
                            "measure": "number",
                            "unit": "third",
                            "accumulation": "flow",
                            "core": True,
                            "aggregation": {
                                "partners": "weighted_mean",
                                "weights": {"NO": "1234567890123456789.123456789"},
                            },
                            "targets": [
                                {"period": "2025", "value": "-0.10", "comparator": ">=", "basis": "per_period"}
                            ],
                        }
                    ],
                }
            ],
            "severities": {"logframe-no-source": "error"},
            "notes": "https://example.org",
        }
    )

    @pytest.mark.parametrize("ending", [".yaml", ".yml", ".json"])
    def test_what_is_written_reads_back_as_the_same(self, tmp_path, ending):
        path = tmp_path / f"plan{ending}"
        write_logframe(self.PLAN, path)
        plan, _ = from_text(path.read_bytes(), kind="json" if ending == ".json" else "yaml")
        assert plan == self.PLAN
        assert plan.units[0].factor == Fraction(1, 3)
        assert plan.countries[:4] == ("NO", "=", "~", "null")
        assert str(plan.indicators["010"].aggregation.weights["NO"]) == "1234567890123456789.123456789"

    def test_codes_are_text_for_every_reader_of_yaml(self):
        assert yaml.safe_load(to_yaml(self.PLAN))["countries"] == list(self.PLAN.countries)

    def test_numbers_dates_and_flags_stand_bare_in_yaml(self):
        told = to_yaml(self.PLAN)
        for line in ("start: 2024-01-01", "factor: 1/3", "value: -0.10", "core: true", 'id: "010"', "format: 1"):
            assert line in told

    def test_numbers_are_exact_text_in_json(self):
        told = json.loads(to_json(self.PLAN))
        assert told["results"][0]["weight"] == "0.1"
        assert told["results"][0]["indicators"][0]["core"] is True

    def test_what_is_left_at_its_default_is_not_written(self):
        plan, _ = from_text(SMALL)
        assert to_yaml(plan) == "format: 1\n" + SMALL.replace(
            "{id: OC1.1, title: People served, unit: person, measure: number, accumulation: level}",
            "id: OC1.1\n        title: People served\n        measure: number\n        unit: person\n        accumulation: level",
        )

    def test_the_order_is_that_of_the_format(self):
        keys = list(json.loads(to_json(self.PLAN)))
        known = list(Logframe.model_fields)
        assert keys == sorted(keys, key=known.index)

    @pytest.mark.parametrize("name", ["plan.txt", "plan", "plan.xlsx"])
    def test_another_ending_is_a_wrong_call_and_writes_nothing(self, tmp_path, name):
        with pytest.raises(OptionError):
            write_logframe(self.PLAN, tmp_path / name)
        assert list(tmp_path.iterdir()) == []

    def test_what_is_no_plan_is_a_wrong_call(self, tmp_path):
        with pytest.raises(OptionError):
            write_logframe({"id": "P1"}, tmp_path / "plan.yaml")

    def test_what_stood_there_stays_when_it_cannot_be_written(self, tmp_path):
        folder = tmp_path / "shut"
        folder.mkdir()
        path = put(folder, SMALL)
        half = self.PLAN.model_copy(update={"id": "\ud800"})
        for ending in (".yaml", ".json"):
            with pytest.raises((OptionError, WriteError)):
                write_logframe(half, path.with_suffix(ending))
        assert path.read_text() == SMALL
        assert [each.name for each in folder.iterdir()] == ["plan.yaml"]

    @pytest.mark.skipif(sys.platform == "win32", reason="permissions are those of POSIX systems")
    def test_permissions_are_kept(self, tmp_path):
        path = put(tmp_path, SMALL)
        path.chmod(0o640)
        write_logframe(self.PLAN, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    @pytest.mark.parametrize("name", ["tajikistan-digital-foundations", "bangladesh-urban-resilience"])
    def test_the_real_logframes_read_back(self, root, name):
        plan = read_logframe(root / "logframes" / f"{name}.yaml")
        for told, kind in ((to_yaml(plan), "yaml"), (to_json(plan), "json")):
            again, findings = from_text(told, kind=kind)
            assert again == plan
            assert not findings.at_least("error")


class TestSchema:
    def test_the_committed_schema_is_current(self):
        assert SCHEMA_PATH.read_text("utf-8") == schema_text(), "run: python -m mne.logframe.schema"

    def test_it_is_a_schema_that_says_what_every_entry_means(self):
        schema = logframe_schema()
        jsonschema.Draft202012Validator.check_schema(schema)
        silent = [
            f"{name}.{key}"
            for name, part in [("Logframe", schema), *schema["$defs"].items()]
            for key, entry in part.get("properties", {}).items()
            if not entry.get("description")
        ]
        assert silent == []

    @pytest.mark.parametrize("name", ["tajikistan-digital-foundations", "bangladesh-urban-resilience"])
    def test_the_real_logframes_fit_it_as_yaml_and_as_json(self, root, name):
        path = root / "logframes" / f"{name}.yaml"
        validator = jsonschema.Draft202012Validator(logframe_schema())
        assert list(validator.iter_errors(as_editors_read(path.read_text("utf-8")))) == []
        assert list(validator.iter_errors(json.loads(to_json(read_logframe(path))))) == []

    @pytest.mark.parametrize(
        "edit", [("title: Demo", "titel: Demo"), ("level: outcome", "level: high"), ("start: 2024-01-01", "start: [1]")]
    )
    def test_it_refuses_what_we_refuse(self, edit):
        validator = jsonschema.Draft202012Validator(logframe_schema())
        assert validator.is_valid(as_editors_read(SMALL))
        assert not validator.is_valid(as_editors_read(SMALL.replace(*edit)))


def as_editors_read(text: str) -> object:
    """YAML 1.2, as the editors' language servers read it: a day is text."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012 (it is PyYAML's own class attribute)
            first: [each for each in pairs if each[0] != "tag:yaml.org,2002:timestamp"]
            for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return yaml.load(text, Loader=Loader)  # noqa: S506 (it is a safe loader with fewer types)


def test_a_number_is_the_one_that_was_written():
    plan, _ = from_text(SMALL.replace("measure: number", "measure: number, weight: 1.10"))
    assert str(plan.indicators["OC1.1"].weight) == "1.10"
    assert plan.indicators["OC1.1"].weight == Decimal("1.1")


def test_checking_changes_nothing_and_says_the_same_twice(tmp_path):
    path = put(tmp_path, SMALL.replace("unit: person", "unit: units"))
    before = path.read_bytes()
    assert check_logframe(path) == check_logframe(path)
    assert path.read_bytes() == before
    plan, _ = from_text(SMALL)
    copy = plan.model_copy(deep=True)
    assert check_logframe(plan) == check_logframe(plan)
    assert plan == copy
