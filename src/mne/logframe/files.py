"""Logframes in and out: YAML and JSON, with findings that name file, line and column.

Read `read_logframe` first; `check_logframe` gives the same findings without ever raising. What is written reads back as
the same logframe, to the last digit.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Final

from mne.errors import LogframeError, OptionError, ReadError
from mne.ground.catalogue import Severity
from mne.ground.files import read_bytes, write_atomic
from mne.ground.findings import Finding, Findings, Place
from mne.ground.trees import Bare, MapNode, Scalar, Tree, dump_yaml, locate, parse_json, parse_yaml
from mne.logframe.checks import design_findings
from mne.logframe.loading import build
from mne.logframe.model import FORMAT, Logframe

__all__ = [
    "SCHEMA_PATH",
    "check_logframe",
    "from_text",
    "logframe_schema",
    "read_logframe",
    "to_json",
    "to_yaml",
    "write_logframe",
]

YAML_ENDINGS: Final = (".yaml", ".yml")
JSON_ENDINGS: Final = (".json",)
SCHEMA_PATH: Final = Path(__file__).with_name("logframe.schema.json")


def read_logframe(path: str | os.PathLike[str]) -> Logframe:
    """The logframe in a YAML or JSON file.

    Raises:
        ReadError: the path cannot be read at all: missing, a folder, empty, not permitted.
        LogframeError: it was read, and is no usable logframe; `.findings` lists everything, with lines.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise OptionError(f"read_logframe takes a path, not {type(path).__name__}")
    plan, findings, readable = _read(path)
    if not readable:
        raise ReadError("; ".join(str(finding) for finding in findings))
    grave = findings.at_least(Severity.ERROR)
    if plan is None or grave:
        raise LogframeError(grave, what=f"{os.fspath(path)} is not a usable logframe")
    return plan


def check_logframe(source: str | os.PathLike[str] | Logframe) -> Findings:
    """Everything that is wrong or weak in a logframe, given as a path or as a `Logframe`. Never raises for it."""
    if isinstance(source, Logframe):
        return Findings(design_findings(source))
    if not isinstance(source, (str, os.PathLike)):
        raise OptionError(f"check_logframe takes a path or a Logframe, not {type(source).__name__}")
    return _read(source)[1]


def _read(path: str | os.PathLike[str]) -> tuple[Logframe | None, Findings, bool]:
    """The plan if there is one, all findings, and whether the file could be read at all."""
    name = os.fspath(path)
    source, found = read_bytes(path)
    if source is None:
        return None, Findings(found), False
    kind = Path(name).suffix.lower()
    if kind not in YAML_ENDINGS + JSON_ENDINGS:
        expected = ", ".join(YAML_ENDINGS + JSON_ENDINGS)
        finding = Finding(
            code="logframe-file-type", place=Place(file=name), found=kind or "no ending", expected=expected
        )
        return None, Findings([*found, finding]), True
    plan, findings = from_text(source.data, name=name, kind="json" if kind in JSON_ENDINGS else "yaml")
    return plan, Findings([*found, *findings]), True


def from_text(data: bytes | str, *, name: str = "logframe", kind: str = "yaml") -> tuple[Logframe | None, Findings]:
    """The logframe written in `data`, as ``yaml`` or ``json``, with every finding; None where it cannot be built.

    Raises:
        OptionError: `kind` is neither.
    """
    if kind not in ("yaml", "json"):
        raise OptionError(f"kind must be 'yaml' or 'json', not {kind!r}")
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    tree, found = (parse_json if kind == "json" else parse_yaml)(raw, name=name)
    if tree is None:
        return None, Findings(found)
    newer = _newer_format(tree, name)
    if newer is not None:
        return None, Findings([*found, newer])
    plan, wrong = build(Logframe, tree, name=name)
    design = () if plan is None else tuple(_placed(finding, tree, name) for finding in design_findings(plan))
    return plan, Findings([*found, *wrong, *design])


def _newer_format(tree: Tree, name: str) -> Finding | None:
    """A file that a later version of the library wrote: nothing else about it can be trusted."""
    told = tree.entries.get("format") if isinstance(tree, MapNode) else None
    if isinstance(told, Scalar) and told.text and told.text.isdigit() and int(told.text) > FORMAT:
        place = Place(file=name, line=told.line, column=told.column, path="format")
        return Finding(code="logframe-format-newer", place=place, found=told.text, expected=f"format {FORMAT} or older")
    return None


_STEP: Final = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")


def _placed(finding: Finding, tree: Tree, name: str) -> Finding:
    """A finding about the design at the line of the file that it speaks of."""
    steps = [int(index) if index else key for index, key in _STEP.findall(finding.place.path or "")]
    mark = locate(tree, steps)
    return finding.at(file=name, line=mark.line, column=mark.column)


# --- writing ----------------------------------------------------------------------------------------------------


def write_logframe(plan: Logframe, path: str | os.PathLike[str]) -> None:
    """Write a logframe as YAML or JSON, by the ending; whole or not at all.

    Raises:
        OptionError: the ending is none of .yaml, .yml and .json.
        WriteError: the path cannot be written.
    """
    ending = Path(path).suffix.lower()
    if ending in YAML_ENDINGS:
        write_atomic(path, to_yaml(plan))
    elif ending in JSON_ENDINGS:
        write_atomic(path, to_json(plan))
    else:
        raise OptionError(f"a logframe is written as .yaml or .json, not as {ending or 'a file without ending'!r}")


def to_json(plan: Logframe) -> str:
    """The logframe as JSON text. Numbers are text, so that no reader changes a digit."""
    return json.dumps(_data(plan), ensure_ascii=False, indent=2) + "\n"


def to_yaml(plan: Logframe) -> str:
    """The logframe as YAML text, in the order of the format, without what was left at its default."""
    return dump_yaml(_bare(_data(plan)))


def _data(plan: Logframe) -> dict[str, Any]:
    data = plan.model_dump(mode="json", exclude_defaults=True)
    return {"format": FORMAT, **{key: value for key, value in data.items() if key != "format"}}


_NUMBERS: Final = frozenset(
    {
        "value", "numerator", "denominator", "minimum", "maximum", "above_baseline", "weight", "amount", "factor",
        "rate", "tolerance", "per", "reachable", "min_coverage", "design_effect", "confidence", "sample_size",
        "reporting_lag", "format",
    }
)  # fmt: skip
_DATES: Final = frozenset({"date", "start", "end", "since", "until"})
_FREE: Final = frozenset({"weights", "thresholds"})


def _bare(told: Any, key: str = "") -> Any:
    """Numbers, dates and flags without quotes, since their place in the format says what they are."""
    if isinstance(told, dict):
        return {name: _bare(value, "value" if key in _FREE else name) for name, value in told.items()}
    if isinstance(told, list):
        return [_bare(value, key) for value in told]
    if isinstance(told, bool):
        return Bare(str(told).lower())
    if isinstance(told, int) or (isinstance(told, str) and key in _NUMBERS | _DATES):
        return Bare(str(told))
    return told


# --- the schema for editors -------------------------------------------------------------------------------------


def logframe_schema() -> dict[str, Any]:
    """The JSON Schema of the logframe format (draft 2020-12), by which editors complete and check YAML."""
    schema = Logframe.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Logframe",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _schema_text() -> str:
    return json.dumps(logframe_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":  # python -m mne.logframe.files: writes the committed schema anew
    write_atomic(SCHEMA_PATH, _schema_text())
