"""Runs the rules over a reading: all row rules in one pass, then the rules over sets of rows.

Read `judge` first. Findings are made for offending rows alone; a row in which a cell could not be read is not judged
further, so that one bad cell does not breed five complaints.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from mne.ground.findings import Finding, Place
from mne.logframe.indicator import TOTAL
from mne.reports.facts import with_facts
from mne.reports.report import Checked
from mne.reports.rules import RULES
from mne.tables.observations import Status

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.reports.reading import Reading
    from mne.reports.rule import Rule

__all__ = ["Judgement", "judge"]

UNREAD: Final = "not-understood"
"""Why a row is held when a cell that it needs could not be read; its own findings say more."""

_STANDS_IN: Final = {
    "period_end": ("period", "period_start"),
    "partner": ("location", "indicator"),
    "numerator": ("value",),
    "denominator": ("numerator", "value"),
}
"""Where to point in a table that does not have a rule's own column."""

Offenders = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Judgement:
    """What the rules say of a reading.

    Shape of `held`: one row per held row: `source_order` and `codes`, a list of texts.
    """

    findings: tuple[Finding, ...]
    held: pl.DataFrame
    checked: tuple[Checked, ...]


def judge(
    reading: Reading, plan: Logframe, *, rules: Sequence[Rule] = RULES, today: dt.date | None = None
) -> Judgement:
    """Every rule's findings, and the rows that do not count because of them.

    A set rule sees the rows that no row rule holds back; drafts are judged like other rows.
    """
    usable = with_facts(reading.frame.filter("usable"), plan)
    found: list[tuple[Rule, Offenders]] = []
    row_rules = [rule for rule in rules if rule.scope == "row"]
    offences = _row_pass(usable, plan, row_rules)
    held: dict[int, list[str]] = {}
    for rule in row_rules:
        offenders = offences[rule.code]
        found.append((rule, offenders))
        _hold(held, rule, offenders)
    standing = usable.filter(~pl.col("source_order").is_in(list(held)))
    for rule in rules:
        if rule.scope == "set":
            offenders = _set_offenders(rule.rows(standing, plan))
            found.append((rule, offenders))
            _hold(held, rule, offenders)
    for order in reading.frame.filter(~pl.col("usable"))["source_order"]:
        held.setdefault(order, []).append(UNREAD)
    rows = {row["source_order"]: row for row in _rows(usable, found)}
    words = _words(reading, found)
    findings = [finding for rule, offenders in found for finding in _findings(rule, offenders, rows, words, reading)]
    findings += _remarks(reading, today)
    return Judgement(
        tuple(findings),
        pl.DataFrame(
            {"source_order": list(held), "codes": list(held.values())},
            schema={"source_order": pl.Int64, "codes": pl.List(pl.String)},
        ),
        tuple(Checked(rule.code, usable.height, len(offenders)) for rule, offenders in found),
    )


def _row_pass(frame: pl.DataFrame, plan: Logframe, rules: Sequence[Rule]) -> dict[str, Offenders]:
    """All row rules at once, as columns of one projection."""
    table = nw.from_native(frame, eager_only=True)
    marks = table.select(
        "source_order", *(rule.find(plan).fill_null(value=False).alias(f"rule_{at}") for at, rule in enumerate(rules))
    ).to_native()
    offences: dict[str, Offenders] = {}
    for at, rule in enumerate(rules):
        offenders = marks.filter(pl.col(f"rule_{at}"))["source_order"].to_list()
        offences[rule.code] = {order: {} for order in offenders}
    return offences


def _set_offenders(table: pl.DataFrame) -> Offenders:
    """By row; findings without a row of their own (a report that is missing) get numbers below zero."""
    if "source_order" in table.columns:
        return {row.pop("source_order"): row for row in table.iter_rows(named=True)}
    return {-1 - at: row for at, row in enumerate(table.iter_rows(named=True))}


def _hold(held: dict[int, list[str]], rule: Rule, offenders: Offenders) -> None:
    if rule.holds:
        for order in offenders:
            held.setdefault(order, []).append(rule.code)


def _rows(frame: pl.DataFrame, found: Sequence[tuple[Rule, Offenders]]) -> Iterator[dict[str, Any]]:
    """The rows that a finding speaks of or points back to, and no others."""
    wanted: set[int] = set()
    for _, offenders in found:
        wanted.update(offenders)
        wanted.update(other for row in offenders.values() for other in row.get("related") or ())
    yield from frame.filter(pl.col("source_order").is_in(list(wanted))).iter_rows(named=True)


def _words(reading: Reading, found: Sequence[tuple[Rule, Offenders]]) -> dict[int, dict[str, Any]]:
    """What the partner wrote in the rows that offend, by header."""
    wanted = [order for _, offenders in found for order in offenders]
    rows = reading.raw.filter(pl.col("source_order").is_in(wanted))
    return {row["source_order"]: row for row in rows.iter_rows(named=True)}


def _findings(
    rule: Rule,
    offenders: Offenders,
    rows: dict[int, dict[str, Any]],
    words: dict[int, dict[str, Any]],
    reading: Reading,
) -> Iterator[Finding]:
    for order, told in offenders.items():
        row = rows.get(order)
        if row is None:
            place = Place(partner=told.get("partner"), period=told.get("period"), indicator=told.get("indicator"))
        else:
            place = _place(reading, row, _column(rule, row))
        wrote = words.get(order, {}).get(place.header) if place.header else None
        expected = told.get("expected") or rule.expected.format_map(_Facts(row or {}))
        others = [rows[other] for other in told.get("related") or () if other in rows and other != order]
        yield Finding(
            code=rule.code,
            place=place,
            found=str(told.get("found") or wrote or _value(row, rule.column)),
            expected=expected,
            related=tuple(_place(reading, other, _column(rule, other)) for other in others[:8]),
            params={"message": f"{rule.code}: {{found}} (expected {{expected}})", "hint": ""},
        )


class _Facts(dict[str, Any]):
    """What a rule's `expected` may name of a row; a fact that is not known reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def _column(rule: Rule, row: dict[str, Any]) -> str:
    """The column to point at: for a ratio's value its numerator, since it has no value of its own."""
    if rule.column == "value" and row.get("value") is None and row.get("numerator") is not None:
        return "numerator"
    return rule.column


def _value(row: dict[str, Any] | None, column: str) -> str:
    value = None if row is None else row.get(column)
    return "nothing" if value is None else str(value)


def _place(reading: Reading, row: dict[str, Any], column: str) -> Place:
    there = reading.columns.get((row["source_file"] or "", row["source_sheet"] or ""), {})
    at = next((name for name in (column, *_STANDS_IN.get(column, ())) if name in there), column)
    place = reading.place(file=row["source_file"], sheet=row["source_sheet"], row=row["source_row"], column=at)
    if place.header is None and row["source_cell"]:
        # The table has no such column: the value's own cell is the nearest thing to point at.
        place = Place(file=place.file, sheet=place.sheet, row=place.row, cell=row["source_cell"])
    known = {name: None if row[name] == TOTAL else row[name] for name in ("partner", "location", "category")}
    return Place(
        file=place.file,
        sheet=place.sheet,
        row=place.row,
        cell=place.cell,
        header=place.header,
        project=row["project"],
        indicator=row["indicator"],
        period=row["period"],
        **known,
    )


def _remarks(reading: Reading, today: dt.date | None) -> Iterator[Finding]:
    """What is said once for a file, or needs to know what day it is."""
    frame = reading.frame
    examples = frame.filter(pl.col("illustrative").fill_null(value=False))
    for (file,), rows in examples.group_by("source_file", maintain_order=True):
        place = Place(file=None if file is None else str(file))
        yield Finding(code="row-illustrative", place=place, found=f"{rows.height} rows")
    drafts = frame.filter(pl.col("status").is_in([Status.DRAFT.value, Status.RETURNED.value]))
    for (file, status), rows in drafts.group_by("source_file", "status", maintain_order=True):
        place = Place(file=None if file is None else str(file))
        yield Finding(code="report-not-counted", place=place, found=f"{rows.height} rows with the status {status}")
    if today is not None:
        ahead = frame.filter(pl.col("period_start") > today)
        for row in ahead.iter_rows(named=True):
            yield Finding(
                code="period-future",
                place=_place(reading, row, "period_end"),
                found=row["period"],
                expected=f"by {today}",
            )
