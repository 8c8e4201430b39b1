"""Whether a file was handled as the collection asks, strictly; what was missing is said in one line.

Read `judged` first. *Silent* is a defect of which nothing was said; *wrong* is one that was answered otherwise.
"""

from __future__ import annotations

import re
from typing import Any, Final

from tests.corpus.codes import accepted

__all__ = ["OUTCOMES", "judged"]

OUTCOMES: Final = ("handled", "wrong", "silent", "raised", "killed", "hung")
_GRAVE: Final = ("blocker", "error")
_COUNTED: Final = ("blocker", "error", "warning")
# The two days of a period are told at either of them, as it is the pair that is wrong.
_PAIR: Final = {"period_start", "period_end", "period"}


def judged(entry: dict[str, Any], told: dict[str, Any]) -> tuple[str, str]:
    """One of `OUTCOMES`, and what was missing."""
    if told["ended"] != "answered":
        return told["ended"], told["reason"]
    missing = [*(_logframe(entry, told) if "logframe" in told else _tables(entry, told)), *_shown(told)]
    if not missing:
        return "handled", ""
    expects = entry["expect"] is not None and entry["severity"] != "info"
    said = any(each["severity"] in _COUNTED for each in told["findings"]) or told.get("held")
    silent = not told["findings"] or (expects and not said)
    return ("silent" if silent and entry["keep"] != "accept" else "wrong"), "; ".join(missing)


def _shown(told: dict[str, Any]) -> list[str]:
    """What a person is shown holds no sign that could act on a terminal."""
    texts = [each["message"] + each["found"] for each in told["findings"]]
    return ["a finding shows control characters"] if any(not text.isprintable() for text in texts) else []


def _mapped(entry: dict[str, Any], told: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in told["findings"] if each["code"] in accepted(entry["expect"])]


def _not_mapped(entry: dict[str, Any], told: dict[str, Any]) -> list[str]:
    if entry["expect"] is None or _mapped(entry, told):
        return []
    return [f"expected {' or '.join(sorted(accepted(entry['expect'])))}, found {_codes(told)}"]


def _codes(told: dict[str, Any]) -> str:
    return (
        ", ".join(f"{each['severity']} {each['code']} at {each['place'].get('row', '?')}" for each in told["findings"])
        or "nothing"
    )


# --------------------------------------------------------------------------------------------------------- logframes


def _logframe(entry: dict[str, Any], told: dict[str, Any]) -> list[str]:
    missing = _not_mapped(entry, told)
    if entry["keep"] == "reject-file":
        if told["logframe"]:
            missing.append("the logframe is used all the same")
        mapped = [each for each in _mapped(entry, told) if each["severity"] in _GRAVE]
        if not mapped and not missing:
            missing.append("the finding does not keep it from being used")
        line = re.fullmatch(r"line (\d+)", entry["where"])
        lines = {each["place"].get("line") for each in mapped}
        # The first line of the project became several lines.
        if line and mapped and not lines & set(told["lines"].get(line[1], ())):
            missing.append(f"expected at line {line[1]}, found at {sorted(map(str, lines))}")
        return missing
    if not told["logframe"]:
        missing.append(f"it is refused: {_codes(told)}")
    if entry["keep"] == "accept":
        missing += _remarks(told)
    return missing


def _remarks(told: dict[str, Any]) -> list[str]:
    grave = [each["code"] for each in told["findings"] if each["severity"] in _COUNTED]
    return [f"a control is remarked on: {', '.join(grave)}"] if grave else []


# ------------------------------------------------------------------------------------------------------------ tables


def _tables(entry: dict[str, Any], told: dict[str, Any]) -> list[str]:
    missing = _not_mapped(entry, told)
    keep = entry["keep"]
    if keep == "reject-file":
        if told["accepted"] or told["held"]:
            missing.append(f"{len(told['accepted'])} rows are accepted")
        if not any(each["severity"] == "blocker" for each in _mapped(entry, told)) and not missing:
            missing.append("no blocker says why")
        if entry["where"].startswith(("row", "line")) and not missing and not _placed(entry, told):
            missing.append(f"expected at {entry['where']}, found {_codes(told)}")
        return missing
    if told["refused"]:
        return [*missing, f"the file is refused: {_codes(told)}"]
    held = {row for row, _ in told["held"]}
    named = _named(entry, told)
    if keep == "reject-row":
        if named is None:
            if not held:
                missing.append("no row is held")
        elif held != named:
            missing.append(f"rows {sorted(named)} should be held, {sorted(held)} are, for {_codes(told)}")
    else:
        copies = _copies(told)
        if held - copies:
            missing.append(f"rows {sorted(held - copies)} are held: {_codes(told)}")
        missing += _remarks(told) if keep == "accept" else []
    if entry["expect"] is not None and not missing and not _placed(entry, told):
        missing.append(f"expected at {entry['where']}, found {_codes(told)}")
    return [*missing, *_vanished(entry, told)]


def _copies(told: dict[str, Any]) -> set[int]:
    """Rows set aside as copies of a row that is accepted: all that they say is accepted."""
    aside = {row for row, codes in told["held"] if codes == ["row-duplicate"]}
    return aside if len(told["facts"]) == len({tuple(each) for each in told["facts"]}) and told["accepted"] else set()


def _vanished(entry: dict[str, Any], told: dict[str, Any]) -> list[str]:
    """Every row that stands in the file is accepted or held, or a finding names it."""
    if told["rows"] is None:
        return []
    there = [*told["accepted"], *(row for row, _ in told["held"])]
    if entry["kind"] == "xml":
        return (
            [] if len(there) == len(told["rows"]) else [f"{len(told['rows'])} values are there, {len(there)} are read"]
        )
    named = {each["place"].get("row") for each in told["findings"]}
    lost = set(told["rows"]) - set(there) - named
    twice = len(there) - len(set(there))
    return ([f"rows {sorted(lost)} vanish"] if lost else []) + ([f"{twice} rows are there twice"] if twice else [])


def _named(entry: dict[str, Any], told: dict[str, Any]) -> set[int] | None:
    """The rows that an entry names, by the numbers that we give them; None where it names none."""
    found = re.match(r"rows? ([\d,]+)", entry["where"])
    if found is None:
        return None
    numbers = [int(number) for number in found[1].split(",")]
    if entry["kind"] != "csv":
        return set(numbers)  # workbooks by the sheet's own number, records by their position
    rows = told["rows"] or []
    return {rows[number - 1] if number <= len(rows) else number + 1 for number in numbers}


def _placed(entry: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether a mapped finding stands where the entry says."""
    where, mapped = entry["where"], _mapped(entry, told)
    if where == "file":
        return True
    if found := re.fullmatch(r"sheet (.+)", where):
        return any(each["place"].get("sheet") == found[1] for each in mapped)
    if where.startswith("header"):
        return any(each["place"].get("header") is not None or each["place"].get("row") for each in mapped)
    if found := re.fullmatch(r"line (\d+)", where):
        # The collection counts from where the element's parent begins, or below the XML declaration.
        lines = {int(found[1]), int(found[1]) + 1}
        return any({each["place"].get("line"), each["place"].get("row")} & lines for each in mapped)
    rows = _named(entry, told)
    column = re.search(r"\bcol (\S+)", where)
    return any(_is_at(each, rows, column[1] if column else None) for each in mapped)


def _is_at(finding: dict[str, Any], rows: set[int] | None, column: str | None) -> bool:
    place = finding["place"]
    if rows is not None and not ({place.get("row"), place.get("line")} & rows or _record(place) in rows):
        return False
    header = place.get("header")
    if column is None or header == column:
        return True
    if {header, column} <= _PAIR:
        return True
    letter = re.match(r"[A-Z]+", place.get("cell") or "")
    return bool(letter and letter[0] == column) or bool(
        re.search(rf"\bcolumn {re.escape(column)}\b", finding["message"])
    )


def _record(place: dict[str, Any]) -> int:
    found = re.match(r"\[(\d+)\]", place.get("path") or "")
    return int(found[1]) + 1 if found else -1
