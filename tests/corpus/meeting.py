"""What one file of the collection does to us: everything that judging needs, as plain data. It runs in the child.

Read `meet` first. The rows of a file are counted here by other means than our readers', so that none can vanish.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mne.logframe.files import from_text, read_logframe
from mne.reports.validate import validate
from tests.corpus.logframes import rewritten

if TYPE_CHECKING:
    from mne.ground.findings import Finding
    from mne.logframe.model import Logframe

__all__ = ["meet", "plan"]

_DECLARED = {"comma": ",", "semicolon": ";", "tab": "\t"}


@lru_cache(maxsize=1)
def plan() -> Logframe:
    """The project that the tables report on."""
    return read_logframe(Path(__file__).with_name("plan.yaml"))


def meet(folder: str, entry: dict[str, Any]) -> dict[str, Any]:
    """What became of one file: findings, rows accepted and held, and the rows that are there."""
    path = Path(folder) / entry["path"]
    data = path.read_bytes()
    if entry["kind"] == "yaml" or (entry["kind"] == "json" and _is_logframe(data)):
        return _logframe(data, path)
    # The collection says of some tables in which dialect they were promised; that is an argument of the call.
    told = re.search(r"declared[ _](comma|semicolon|tab)", f"{path.stem} {entry['defect']}")
    report = validate(path, plan(), delimiter=_DECLARED[told[1]] if told else None)
    accepted = report.observations.to_polars()
    held = report.held.to_polars()
    keys = ["indicator", "period_start", "period_end", "partner", "location", "category", "value", "numerator"]
    return {
        "findings": [_finding(each) for each in report.findings],
        "accepted": accepted["source_row"].to_list(),
        "facts": [[str(cell) for cell in row] for row in accepted.select(keys).iter_rows()],
        "held": [[row, codes.split(", ")] for row, codes in held.select("row", "codes").iter_rows()],
        "ignored": report.counts.ignored,
        "refused": any(each.refused for each in report.sources),
        "text": str(report) + report.to_json()[:1],
        "rows": _rows(data, path.suffix),
    }


def _logframe(data: bytes, path: Path) -> dict[str, Any]:
    lines: dict[str, list[int]] = {}
    kind = "json" if path.suffix == ".json" else "yaml"
    try:
        made = rewritten(data.decode("utf-8")) if kind == "yaml" else None
    except UnicodeDecodeError:
        made = None
    if made is not None:
        data, lines = made.text.encode(), {str(old): sorted(new) for old, new in made.lines.items()}
    found, findings = from_text(data, name=path.name, kind=kind)
    # What `read_logframe` would refuse is not accepted, though a part of it could be built.
    usable = found is not None and not findings.at_least("error")
    return {
        "findings": [_finding(each) for each in findings],
        "logframe": usable,
        "text": repr(found) + repr(findings),
        "lines": lines,
    }


def _is_logframe(data: bytes) -> bool:
    head = data[:2_000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"{") and b'"outcomes"' in head and b'"project"' in head


def _finding(finding: Finding) -> dict[str, Any]:
    told = finding.to_dict()
    return {name: told[name] for name in ("code", "severity", "place", "found", "message", "hint", "related")}


# ------------------------------------------------------------------------------------------------- the rows in a file


def _rows(data: bytes, ending: str) -> list[int] | None:
    """The numbers of the rows below the header that hold anything, told without our readers; None if they cannot be."""
    try:
        match ending:
            case ".csv":
                return [number for number, filled in _csv_records(data) if filled]
            case ".json":
                return list(range(1, len(json.loads(data)) + 1))
            case ".parquet":
                import pyarrow.parquet as pq

                return list(range(1, pq.read_metadata(io.BytesIO(data)).num_rows + 1))
            case ".xlsx" | ".xlsm":
                return _sheet_rows(data)
            case ".xml":
                return [0] * sum(1 for _ in ET.fromstring(data).iter("actual"))  # noqa: S314 - judged after our own reader
    except Exception:  # noqa: BLE001 - what nobody can read has no rows to count
        return None
    return None


def _csv_records(data: bytes) -> list[tuple[int, bool]]:
    text = data.decode("utf-8-sig")
    head = text[: text.find("\n")] if "\n" in text else text
    mark = max(",;\t|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    records, line = [], 0
    for row in reader:
        records.append((line + 1, any(cell.strip() for cell in row)))
        line = reader.line_num
    return records[1:]


def _sheet_rows(data: bytes) -> list[int] | None:
    """The rows of the first sheet that hold a value and stand below the row that says "indicator"."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    filled = re.compile(r"<t[ >]|<v>|<f>")
    rows = {
        int(number): bool(filled.search(body))
        for number, body in re.findall(r'<row r="(\d+)".*?>(.*?)</row>', sheet, re.DOTALL)
    }
    header = next(
        (
            number
            for number, body in re.findall(r'<row r="(\d+)".*?>(.*?)</row>', sheet, re.DOTALL)
            if ">indicator<" in body
        ),
        None,
    )
    return None if header is None else [number for number, there in rows.items() if there and number > int(header)]
