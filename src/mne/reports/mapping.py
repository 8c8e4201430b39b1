"""A partner's own columns and words, told once in a file: which column is which, and which word is which code.

Read `Mapping` first, then `read_mapping`. A mapping says nothing of what is right: what it names is read like any other
cell, and checked like it.
"""

from __future__ import annotations

import codecs
import json
import os
from collections.abc import Iterable
from collections.abc import Mapping as Mapping_
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from mne.errors import LogframeError, OptionError, ReadError
from mne.ground.files import read_bytes
from mne.ground.findings import Findings
from mne.ground.maps import FrozenMap
from mne.ground.trees import parse_json, parse_yaml
from mne.logframe.loading import build
from mne.logframe.types import Code, Model
from mne.tables.observations import COLUMNS

__all__ = ["FIELDS", "FORMAT", "Field_", "Mapping", "mapping_schema", "mappings_of", "read_mapping"]

FORMAT: Final = 1
ROLES: Final = ("this_period", "cumulative", "target", "baseline", "previous", "achievement", "source", "date")
FIELDS: Final = (
    *(column.name for column in COLUMNS if not column.name.startswith("source_")), "year", *ROLES, "ignore",
)  # fmt: skip
"""What a column can be, besides one of the plan's dimensions."""

WORDS: Final = ("indicator", "partner", "location", "category", "period", "status", "state", "unit")
CONSTANTS: Final = ("project", "period", "year", "partner", "location", "unit", "status", "reported_on")
_LONGEST: Final = 200
_ROWS: Final = r"[1-9][0-9]{0,6}(-[1-9][0-9]{0,6})?"


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        raise ValueError("must be an encoding such as cp1251, utf-8 or utf-16") from None
    if not getattr(found, "_is_text_encoding", True):
        raise ValueError("must be an encoding of text such as cp1251, utf-8 or utf-16")
    return name


def _constants(words: Any) -> Any:
    if unknown := sorted({*words} - {*CONSTANTS}):
        raise ValueError(f"must name {', '.join(CONSTANTS)}, not {', '.join(unknown)}")
    return FrozenMap(words)


def _words(groups: Any) -> Any:
    if unknown := sorted({*groups} - {*WORDS}):
        raise ValueError(f"must be about {', '.join(WORDS)}, not {', '.join(unknown)}")
    return FrozenMap({column: FrozenMap(words) for column, words in groups.items()})


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _listed(value: Any) -> Any:
    told = (value,) if isinstance(value, (str, int)) else value
    return tuple(map(_text, told)) if isinstance(told, (list, tuple)) else told


def _spec(value: Any) -> Any:
    return {"field": value} if isinstance(value, str) else value


Line = Annotated[str, Field(min_length=1, max_length=_LONGEST)]


class Field_(Model):  # noqa: N801 - `Field` is pydantic's
    """What one column holds; a column of figures may say its period, category, place or partner itself."""

    field: Line
    """A column of the observation table, one of the plan's dimensions, target, baseline, cumulative …, or ignore."""
    period: Line | None = None
    """The period that all figures of the column are for."""
    category: Line | None = None
    """The category that all figures of the column are for, such as ``sex=F|age=15-24``."""
    location: Line | None = None
    """The place that all figures of the column are for."""
    partner: Line | None = None
    """The partner that all figures of the column are from."""


Spec = Annotated[Field_, BeforeValidator(_spec)]


class Mapping(Model):
    """How one kind of file of a partner is to be read."""

    format: Annotated[Literal["1"], BeforeValidator(_text)]
    """The version of this format: 1."""
    title: Line | None = None
    """What the mapping is for, in words."""
    files: Annotated[tuple[Line, ...], BeforeValidator(_listed)] = ()
    """Names of the files that it is for, such as ``ORG-A*.xlsx``; all files where there is none."""
    sheets: Annotated[tuple[Line, ...], BeforeValidator(_listed)] = ()
    """The sheets to read; all of them where none is named."""
    header: Annotated[str, BeforeValidator(_text), Field(pattern=r"^[1-9][0-9]{0,6}$")] | None = None
    """The number of the first row of the header, as the spreadsheet shows it."""
    layout: Literal["auto", "long", "wide", "blocks"] = "auto"
    """One value a row (long), several (wide), or a block for each indicator; auto looks."""
    columns: Annotated[dict[Line, Spec], AfterValidator(FrozenMap)] = Field(default_factory=dict)
    """What each column holds, by its header as written, or by its letter as in ``column D``."""
    constants: Annotated[dict[Line, Line], AfterValidator(_constants)] = Field(default_factory=dict)
    """What is true of every row and stands in no column: partner, period, location …"""
    words: Annotated[dict[Line, dict[Line, Line]], AfterValidator(_words)] = Field(default_factory=dict)
    """The partner's words and the codes that they stand for, by column."""
    decimal: Literal[".", ","] | None = None
    """The decimal mark of numbers that are written as text."""
    dates: Literal["day-first", "month-first"] | None = None
    """How ``03/04/2025`` is to be read."""
    skip: Annotated[tuple[Annotated[str, Field(pattern=f"^{_ROWS}$")], ...], BeforeValidator(_listed)] = ()
    """Rows to leave out, by their numbers: ``7`` or ``40-52``."""
    encoding: Annotated[Code, AfterValidator(_encoding)] | None = None
    """The encoding of text files, where it is not UTF-8."""
    delimiter: Literal[",", ";", "\t", "|", "tab"] | None = None
    """The sign between the cells of text files."""

    def is_for(self, name: str) -> bool:
        """Whether the mapping is for a file of this name."""
        return not self.files or any(fnmatch(Path(name).name.casefold(), each.casefold()) for each in self.files)

    @property
    def sign(self) -> str | None:
        """The sign between the cells of text files; ``tab`` is easier to write than a tab."""
        return "\t" if self.delimiter == "tab" else self.delimiter

    def skips(self, number: int) -> bool:
        """Whether a row is left out."""
        for told in self.skip:
            first, _, last = told.partition("-")
            if int(first) <= number <= int(last or first):
                return True
        return False

    def to_json(self) -> str:
        """The mapping as JSON that `read_mapping` reads."""
        told = {
            name: _jsonable(value) for name in type(self).model_fields if (value := getattr(self, name)) is not None
        }
        return json.dumps(told, ensure_ascii=False)


def _jsonable(value: Any) -> Any:
    match value:
        case Field_():
            return value.model_dump(exclude_none=True)
        case Mapping_():
            return {key: _jsonable(each) for key, each in value.items()}
        case tuple():
            return list(value)
        case _:
            return value


def read_mapping(path: str | os.PathLike[str]) -> Mapping:
    """The mapping in a YAML or JSON file.

    Raises:
        ReadError: the file cannot be read.
        LogframeError: it was read, and is no usable mapping; `.findings` lists everything, with lines.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise OptionError(f"mapping must be the path of a file or a Mapping, not {type(path).__name__}")
    source, findings = read_bytes(path)
    if source is None:
        raise ReadError("; ".join(str(finding) for finding in findings))
    found, said = mapping_from(source.data, name=source.name)
    if found is None:
        raise LogframeError(said.at_least("error"), what=f"{os.fspath(path)} is not a usable mapping")
    return found


def mapping_from(data: bytes, *, name: str) -> tuple[Mapping | None, Findings]:
    """The mapping in the bytes of a file, or all that is wrong with it, with lines."""
    parse = parse_json if name.casefold().endswith(".json") else parse_yaml
    tree, findings = parse(data, name=name)
    said = list(findings)
    found: Mapping | None = None
    if tree is not None:
        found, wrong = build(Mapping, tree, name=name)
        said += wrong
    grave = Findings(said).at_least("error")
    return (None if grave else found), Findings(said)


def mappings_of(mapping: Any) -> tuple[Mapping, ...]:
    """One mapping, the path of one, or several of both, as mappings.

    Raises:
        OptionError, ReadError, LogframeError: as `read_mapping`.
    """
    if mapping is None:
        return ()
    if isinstance(mapping, Mapping):
        return (mapping,)
    if isinstance(mapping, (list, tuple)):
        return tuple(each for one in mapping for each in mappings_of(one))
    return (read_mapping(mapping),)


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema of mapping files (draft 2020-12), by which editors complete and check them."""
    schema = Mapping.model_json_schema(mode="validation")
    schema["properties"]["format"] = {"const": 1, "description": "The version of this format."}
    schema["properties"]["header"] = {"type": "integer", "minimum": 1}
    rows = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": f"^{_ROWS}$"}]}
    schema["properties"]["skip"] = {"anyOf": [*rows["anyOf"], {"type": "array", "items": rows}]}
    for name in ("files", "sheets"):
        line = {"type": "string", "minLength": 1}
        schema["properties"][name] = {"anyOf": [line, {"type": "array", "items": line}]}
    spec = schema["properties"]["columns"]["additionalProperties"]
    schema["properties"]["columns"]["additionalProperties"] = {"anyOf": [{"enum": [*FIELDS]}, {"type": "string"}, spec]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Mapping",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def unknown_fields(mapping: Mapping, dimensions: Iterable[str]) -> list[tuple[str, str]]:
    """The columns of a mapping whose field neither the library nor the plan knows."""
    known = {*FIELDS, *dimensions}
    return [(column, spec.field) for column, spec in mapping.columns.items() if spec.field not in known]
