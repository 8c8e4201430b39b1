"""What one source gave, as bytes that one process can hand to another: no code travels with it, only data.

Read `Done`, then `packed` and `unpacked`, which undo each other. (A pickle from a process that has met a
hostile file is nothing to be opened here.)
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import polars as pl

from mne.ground.catalogue import Severity
from mne.ground.findings import Finding, Place
from mne.ground.maps import FrozenMap
from mne.ground.phrases import Phrase
from mne.reports.grid import Origin
from mne.reports.reading import ColumnAt, SourceFile, Trail

__all__ = ["Done", "Part", "packed", "unpacked"]


@dataclass(frozen=True)
class Part:
    """One table of a source: where it stood, its typed rows, what was written, and where its columns are."""

    file: str
    sheet: str
    frame: pl.DataFrame
    raw: pl.DataFrame
    columns: Mapping[str, ColumnAt]
    trail: Trail | None = None


@dataclass(frozen=True)
class Done:
    """One source, read to its end. The `source_order` of its rows begins at 0."""

    source: SourceFile
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    blanks: tuple[Place, ...] = ()


# Parameters of findings are numbers, days and words; each but a word says what it was.
_KINDS: Final[dict[str, Any]] = {
    "date": dt.date.fromisoformat,
    "decimal": Decimal,
    "fraction": Fraction,
    "titles": FrozenMap,
    "phrase": lambda told: Phrase.from_data([*told[:3], {key: _back(value) for key, value in told[3].items()}]),
}


def _plain(value: object) -> Any:
    match value:
        case Phrase():
            template, plural, number, params = value.to_data()
            return {"phrase": [template, plural, number, {key: _plain(each) for key, each in params.items()}]}
        case bool() | int() | str() | None:
            return value
        case Mapping():  # the titles of a plan's code in each language
            return {"titles": dict(value)}
        case Decimal():
            return {"decimal": str(value)}
        case Fraction():
            return {"fraction": str(value)}
        case dt.date() if not isinstance(value, dt.datetime):
            return {"date": value.isoformat()}
        case _:
            return str(value)


def _back(value: Any) -> Any:
    if isinstance(value, dict):
        kind, text = next(iter(value.items()))
        return _KINDS[kind](text)
    return value


def _place(place: Place) -> dict[str, Any]:
    return {each.name: told for each in fields(Place) if (told := getattr(place, each.name)) is not None}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "place": _place(finding.place),
        "found": _plain(finding.found),
        "expected": _plain(finding.expected),
        "params": {key: _plain(value) for key, value in finding.params.items()},
        "suggestion": finding.suggestion,
        "related": [_place(place) for place in finding.related],
        "severity": str(finding.level),
    }


def _found(told: dict[str, Any]) -> Finding:
    return Finding(
        code=told["code"],
        place=Place(**told["place"]),
        found=_back(told["found"]),
        expected=_back(told["expected"]),
        params=FrozenMap({key: _back(value) for key, value in told["params"].items()}),
        suggestion=told["suggestion"],
        related=tuple(Place(**place) for place in told["related"]),
        severity=Severity(told["severity"]),
    )


def _told_trail(trail: Trail | None) -> Any:
    if trail is None:
        return None
    return {
        "origins": {name: list(places) for name, places in trail.origins.items()},
        "letters": trail.has_letters,
        "told": list(trail.told.items()),
    }


def _trail(told: Any) -> Trail | None:
    if told is None:
        return None
    origins = {name: [each and Origin(*each) for each in places] for name, places in told["origins"].items()}
    said = {row: tuple((code, holds) for code, holds in codes) for row, codes in told["told"]}
    return Trail(FrozenMap(origins), told["letters"], FrozenMap(said))


def packed(done: Done) -> bytes:
    """The bytes of what one source gave: a line of JSON, then its tables as Arrow."""
    tables: list[bytes] = []
    for part in done.parts:
        for frame in (part.frame, part.raw):
            with io.BytesIO() as out:
                frame.write_ipc(out)
                tables.append(out.getvalue())
    head = {
        "source": asdict(done.source),
        "findings": [_finding(each) for each in done.findings],
        "parts": [
            {
                "file": part.file,
                "sheet": part.sheet,
                "columns": {name: [at.header, at.letter] for name, at in part.columns.items()},
                "trail": _told_trail(part.trail),
            }
            for part in done.parts
        ],
        "blanks": [_place(each) for each in done.blanks],
        "sizes": [len(table) for table in tables],
    }
    return b"\n".join((json.dumps(head).encode(), b"".join(tables)))


def unpacked(data: bytes) -> Done:
    """What `packed` was given."""
    line, _, rest = data.partition(b"\n")
    head = json.loads(line)
    frames: list[pl.DataFrame] = []
    start = 0
    for size in head["sizes"]:
        frames.append(pl.read_ipc(rest[start : start + size]))
        start += size
    parts = tuple(
        Part(
            told["file"],
            told["sheet"],
            frames[2 * at],
            frames[2 * at + 1],
            FrozenMap({name: ColumnAt(*where) for name, where in told["columns"].items()}),
            _trail(told["trail"]),
        )
        for at, told in enumerate(head["parts"])
    )
    blanks = tuple(Place(**told) for told in head["blanks"])
    return Done(SourceFile(**head["source"]), parts, tuple(_found(each) for each in head["findings"]), blanks)
