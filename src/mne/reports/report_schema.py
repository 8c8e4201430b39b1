"""The JSON Schema of a validation report, for whoever reads `ValidationReport.to_json` with a program.

Read `report_schema` first. An entry that `to_dict` has and the schema has not fails a test, and so does the reverse.
"""

from __future__ import annotations

from typing import Any, Final

from mne.ground.catalogue import Severity
from mne.reports.report import Verdict

__all__ = ["SCHEMA_ID", "report_schema"]

SCHEMA_ID: Final = "urn:logframe:schema:report:1"


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `ValidationReport.to_json`, format 1.

    `$defs/finding` alone describes a line of the JSON Lines that ``--format jsonl`` writes.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "ValidationReport",
        "description": "What was found in partners' reports on one logframe.",
        **_object(
            {
                "format": {"const": 1, "description": "The version of this format."},
                "logframe": _text("The id of the logframe that the reports were checked against."),
                "verdict": _one_of(Verdict, "What to answer the partner."),
                "ok": {"type": "boolean", "description": "Whether nothing has to be sent back."},
                "rules_version": _text("Moves when a rule is added, or says something else than before."),
                "counts": _COUNTS,
                "severities": _SEVERITIES,
                "codes": _counted("How often each code was found and is shown, the most frequent first."),
                "hidden": _counted("How often each code was found that `select` or `ignore` keeps from being shown."),
                "sources": _list("Every file or table that was read.", {"$ref": "#/$defs/source"}),
                "reported": _list("Who reported for which period.", {"$ref": "#/$defs/reported"}),
                "checked": _list("Every rule that was run, found wanting or not.", {"$ref": "#/$defs/checked"}),
                "findings": _list("What was found: the gravest first, then by place.", {"$ref": "#/$defs/finding"}),
                "held": _list("The rows that do not count until they are mended.", {"$ref": "#/$defs/held"}),
            }
        ),
        "$defs": {
            "source": _SOURCE,
            "reported": _REPORTED,
            "checked": _CHECKED,
            "finding": _FINDING,
            "place": _PLACE,
            "held": _HELD,
        },
    }


def _object(properties: dict[str, Any], *, optional: bool = False) -> dict[str, Any]:
    required = {} if optional else {"required": list(properties)}
    return {"type": "object", "properties": properties, **required, "additionalProperties": False}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _maybe(description: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "description": description}


def _count(description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "description": description}


def _number(description: str) -> dict[str, Any]:
    return {"type": "integer", "description": description}


def _one_of(words: Any, description: str) -> dict[str, Any]:
    return {"enum": [str(word) for word in words], "description": description}


def _list(description: str, items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "description": description}


def _counted(description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": {"type": "integer", "minimum": 1},
        "description": description,
    }


_COUNTS: Final = {
    "description": "How many rows there were below the headers; `rows` is the sum of accepted, held and ignored.",
    **_object(
        {
            "rows": _count("All rows below the headers."),
            "accepted": _count("Rows that count."),
            "held": _count("Rows that do not count until they are mended."),
            "ignored": _count("Rows that are none: blank, repeated headers, instructions, and those compared with."),
            "compared": _count("Of the ignored, rows of earlier periods that the report was only compared with."),
        }
    ),
}
_SEVERITIES: Final = {
    "description": "How many findings there are of each severity.",
    **_object({str(severity): _count(f"Findings that are of severity {severity}.") for severity in Severity}),
}
_SOURCE: Final = {
    "description": "One file or table that was read.",
    **_object(
        {
            "name": _text("The file's path as it was given, or the name of the table."),
            "kind": _text("What it is, such as xlsx or csv."),
            "sha256": {
                "type": ["string", "null"],
                "pattern": "^[0-9a-f]{64}$",
                "description": "The SHA-256 of its bytes; null where it has none, as a table in memory.",
            },
            "rows": _count("Rows below the headers."),
            "read": _count("Rows that became rows of the table."),
            "ignored": _count("Rows that did not; a finding says why."),
            "compared": _count(
                "Of the ignored, rows that are no part of the report, which was only compared with them."
            ),
            "refused": {"type": "boolean", "description": "Whether it could not be read at all."},
        }
    ),
}
_REPORTED: Final = {
    "description": "How many rows one partner reported for one period.",
    **_object(
        {
            "partner": _maybe("The partner's code; null where the rows do not say."),
            "period": _maybe("The period's label; null where the rows do not say."),
            "accepted": _count("Rows that count."),
            "held": _count("Rows that do not count until they are mended."),
        }
    ),
}
_CHECKED: Final = {
    "description": "One rule that was run.",
    **_object(
        {
            "code": _text("The finding code of the rule."),
            "rows": _count("How many rows it looked at."),
            "findings": _count("How many findings it gave, shown or not."),
        }
    ),
}
_FINDING: Final = {
    "description": "One complaint, with what a person needs to mend it.",
    **_object(
        {
            "code": _text("The code, which is never renamed; `logframe explain CODE` tells more."),
            "severity": _one_of(Severity, "How grave it is in this project."),
            "place": {"$ref": "#/$defs/place", "description": "Where it stands; only what is known."},
            "where": _text("The place in one line, for people."),
            "found": _text("What stands there, as it was written."),
            "expected": _text("What should stand there."),
            "message": _text("What is wrong, in English."),
            "hint": _text("What to do about it, in English."),
            "suggestion": _maybe("What was probably meant; null where that is not certain enough."),
            "related": _list("Other places that have to do with it, each in one line.", {"type": "string"}),
        }
    ),
}
_PLACE: Final = {
    "description": "Where something stands: in a file, in a table's cell, in the logframe, or in the plan's terms.",
    **_object(
        {
            "file": _text("The file's path as it was given."),
            "line": _number("The line of a text file, counted from 1."),
            "column": _number("The character in that line, counted from 1."),
            "path": _text("The entry of a logframe, such as results[0].indicators[1].targets."),
            "sheet": _text("The sheet of a workbook."),
            "cell": _text("The cell of that sheet, such as F12."),
            "row": _number("The row as a spreadsheet or an editor counts it."),
            "header": _text("The header of the column, as it is written."),
            "project": _text("The id of the project."),
            "indicator": _text("The id of the indicator."),
            "period": _text("The label of the period."),
            "partner": _text("The code of the partner."),
            "location": _text("The code of the location."),
            "category": _text("The category."),
        },
        optional=True,
    ),
}
_HELD: Final = {
    "description": "One row that is held, in the partner's own words: beside its place, one entry for each header.",
    "type": "object",
    "properties": {
        "file": _maybe("The file's path as it was given."),
        "sheet": _maybe("The sheet of a workbook."),
        "row": {"type": ["integer", "null"], "description": "The row as a spreadsheet or an editor counts it."},
        "cell": _maybe("The cell of its value, such as F12."),
        "codes": _text("The finding codes that hold it, with commas between."),
    },
    "required": ["file", "sheet", "row", "cell", "codes"],
    "additionalProperties": {"type": ["string", "null"]},
}
