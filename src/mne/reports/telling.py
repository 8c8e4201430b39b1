"""Rows that a rule complains of made into findings, each at its cell and with the partner's own words.

Read `tell` first. Only here are rows handled one by one, and only those with something to be said about them.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol

import polars as pl

from mne.ground.findings import Finding, Findings, Later, Place
from mne.ground.maps import FrozenMap
from mne.ground.phrases import Phrase, listed
from mne.logframe.indicator import TOTAL
from mne.reports.beside import dimensions_of
from mne.reports.blanks import those_of
from mne.reports.plan_words import Words

if TYPE_CHECKING:
    from mne.logframe.model import Logframe
    from mne.reports.reading import ColumnAt, Reading
    from mne.reports.rule import Rule

__all__ = ["Offences", "Shelf", "tell"]

_NAMED: Final = ("indicator", "period", "partner", "location", "category")
_ALWAYS: Final = frozenset(
    (
        "source_order",
        "source_file",
        "source_sheet",
        "source_row",
        "named_period",
        "value",
        "numerator",
        "denominator",
        *_NAMED,
    )
)
_SOURCE: Final = ("source_file", "source_sheet", "source_row")
_PLACES: Final = 50
"""Other places named in one finding."""

_FEW_PLACES: Final = 10
"""Figures named in a finding about one cell that speaks for all of them."""

_FIGURES: Final = ("value", "numerator", "text")


@dataclass(frozen=True, eq=False)
class Offences:
    """What one rule found.

    Shape of `told`: one row per finding: `source_order` (null where it is about no single row), and of these what there
    is: `at` (the column, instead of the rule's), `related` (`source_order` of other rows), partner, period, and the
    columns that the rule's texts name.
    """

    rule: Rule
    told: pl.DataFrame | pl.LazyFrame
    count: int | None = None
    """How many rows there are, where they are still in files."""

    @property
    def rows(self) -> pl.DataFrame:
        """The rows, read where they are not yet."""
        return self.told.collect() if isinstance(self.told, pl.LazyFrame) else self.told

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.rows.height if self.count is None else self.count


class Shelf(Protocol):
    """Where rows are found again that a finding is about."""

    @property
    def reading(self) -> Reading:
        """What was read; of its rows nothing is asked here."""

    @property
    def plans(self) -> Sequence[Logframe]:
        """The plan by whose titles codes are told; of several plans codes are told as they are."""

    def fetch(self, wanted: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with these `source_order`: beside what the plan knows of them, and as they were written."""


def tell(shelf: Shelf, offences: Sequence[Offences]) -> Findings:
    """The findings of all rules; each is made when somebody looks at it.

    Only what may have been said of a row while it was read has to be looked at first, as it is not said twice.
    """
    reading = shelf.reading
    said = _said(reading, {each.rule.code for each in offences})
    trails = any(table.trail is not None for table in reading.tables)
    twice = {code for code, *_ in said}
    now = [each for each in offences if trails or each.rule.code in twice]
    rest = [each for each in offences if each not in now]
    ready: list[Finding] = []
    if now:
        teller = _Teller(shelf, now, said)
        ready = [finding for each in now for finding in teller.findings(each)]
    return Findings(ready, later=(_later(shelf, each) for each in rest))


def _later(shelf: Shelf, offences: Offences) -> Later:
    def make() -> Iterator[Finding]:
        return _Teller(shelf, [offences], set()).findings(offences)

    return Later(offences.rule.code, offences.rule.level, offences.height, make)


class _Teller:
    def __init__(self, shelf: Shelf, offences: Sequence[Offences], said: set[tuple[object, ...]]) -> None:
        self.reading: Reading = shelf.reading
        self.words = Words(shelf.plans)
        rows = [each.rows for each in offences]
        orders = [each["source_order"] for each in rows]
        orders += [each["related"].explode() for each in rows if "related" in each.columns]
        wanted = pl.concat([each.cast(pl.Int64) for each in orders]).drop_nulls().unique()
        told = "".join(each.rule.found + each.rule.expected + each.rule.suggestion for each in offences)
        read, raw = shelf.fetch(wanted)
        kept = [name for name in read.columns if name in _ALWAYS or f"{{{name}}}" in told]
        kept += [name for each in offences for name in each.rule.columns if name not in kept]
        chosen = read.select(list(dict.fromkeys(kept)))
        self.rows: dict[int, dict[str, Any]] = {row["source_order"]: row for row in chosen.iter_rows(named=True)}
        self.raw: dict[int, dict[str, Any]] = {row["source_order"]: row for row in raw.iter_rows(named=True)}
        self.said = said
        self.layouts = {key: dict(columns) for key, columns in self.reading.columns.items()}

    def findings(self, offences: Offences) -> Iterator[Finding]:
        """The findings of one rule; what is said of one cell for the sake of several rows is said once."""
        spots: dict[object, list[tuple[Finding, Mapping[str, Any]]]] = {}
        for at, (finding, row) in enumerate(self.each(offences)):
            place = finding.place
            apart = finding.related if place.cell is not None else [each for each in finding.related if not each.cell]
            same = not apart and self.is_laid_out(row)
            told = (
                *(place.file, place.sheet, place.cell, _but_indicator(finding), str(finding.expected), finding.params),
                *((each.file, each.sheet, each.cell) for each in finding.related),
            )
            spots.setdefault(told if same else at, []).append((finding, row))
        for found in spots.values():
            yield found[0][0] if len(found) == 1 else self.of_one_cell(found)

    def is_laid_out(self, row: Mapping[str, Any]) -> bool:
        """Whether a row comes from a sheet of another layout, where a header speaks for many figures."""
        table = self.reading.table(row["source_order"]) if row else None
        return table is not None and table.trail is not None

    def of_one_cell(self, found: Sequence[tuple[Finding, Mapping[str, Any]]]) -> Finding:
        """One finding for all that say the same of one cell, with the first few of the figures concerned.

        What stands in no cell, such as the place of figures that name none, is told at the first of the figures.
        """
        first = found[0][0]
        others = {name for name in _NAMED if len({getattr(each.place, name) for each, _ in found}) > 1}
        figures = dict.fromkeys(self.place(row, self.column(row, _FIGURES)) for _, row in found)
        place, others_there = first.place, list(figures)
        said = first.found
        if "indicator" in others and isinstance(said, Phrase) and "indicator" in said.params:
            named = dict.fromkeys(each.found.params["indicator"] for each, _ in found if isinstance(each.found, Phrase))
            said = Phrase(said.template, {**said.params, "indicator": listed(named)})
        if place.cell is None and others_there:
            at = others_there.pop(0)
            place = replace(place, row=at.row, cell=at.cell, header=at.header)
        return replace(
            first,
            found=said,
            place=replace(place, **dict.fromkeys(others)),
            related=(*first.related[:1], *others_there[:_FEW_PLACES]),
            params=FrozenMap({**first.params, "count": len(found)}),
        )

    def each(self, offences: Offences) -> Iterator[tuple[Finding, Mapping[str, Any]]]:
        """A finding for each row that a rule complains of."""
        rule, level = offences.rule, offences.rule.level
        own = FrozenMap({"message": rule.message, "hint": rule.hint} if rule.message else {})
        rows = offences.rows
        counted = "count" in rows.columns
        rows = rows.sort("source_order", *(name for name in _NAMED if name in rows.columns))
        for offence in rows.iter_rows(named=True):
            row = self.rows.get(offence["source_order"], {})
            if self.is_said(rule.code, row):
                continue
            columns = (offence["at"],) if offence.get("at") else rule.columns
            column = self.column(row, columns) if row else None
            known = {**row, **offence}
            finding = Finding(
                code=rule.code,
                place=self.place(row, column) if column is not None else self.of_none(offence),
                found=self.words.filled(rule.found, known) if rule.found else self.written(row, column),
                expected=self.words.filled(rule.expected, known),
                suggestion=_suggested(rule.suggestion, known),
                params=FrozenMap({**own, "count": offence["count"]}) if counted else own,
                related=tuple(self.others(offence, columns)) or tuple(self.blanks(offence)[1:_PLACES]),
                severity=level,
            )
            yield finding, row

    def is_said(self, code: str, row: Mapping[str, Any]) -> bool:
        """Whether the same was said of a row while it was read."""
        table = self.reading.table(row["source_order"]) if row else None
        if table is not None and table.trail is not None:
            return any(told == code for told, _ in table.trail.told.get(row["source_order"] - table.first, ()))
        return bool(self.said) and (code, *(row.get(name) for name in _SOURCE)) in self.said

    def others(self, offence: Mapping[str, Any], columns: Sequence[str]) -> Iterator[Place]:
        """The places of the other rows that belong to an offence, the first few of them."""
        others = (other for other in offence.get("related") or () if other != offence["source_order"])
        for other in islice((other for other in others if other in self.rows), _PLACES):
            yield self.place(self.rows[other], self.column(self.rows[other], columns))

    def of_none(self, offence: Mapping[str, Any]) -> Place:
        """The place of something that no row reports: in the plan's own terms, and at a cell that was left blank."""
        whole, blanks = _whole(offence), self.blanks(offence)
        if not blanks:
            return whole
        first = blanks[0]
        alone = first.indicator if len({each.indicator for each in blanks}) == 1 else None
        at = replace(whole, file=first.file, sheet=first.sheet, row=first.row, cell=first.cell, header=first.header)
        return replace(at, indicator=whole.indicator or alone)

    def blanks(self, offence: Mapping[str, Any]) -> list[Place]:
        """The cells that were left blank where what an offence says is lacking belongs."""
        lacking = offence.get("indicators")
        if not isinstance(lacking, str):
            return []
        partner, period = offence.get("partner"), offence.get("period")
        return those_of(self.reading.blanks, partner=partner, period=period, indicators=lacking)

    def layout(self, row: Mapping[str, Any]) -> Mapping[str, ColumnAt]:
        """Which column stands where in the table that a row comes from."""
        table = self.reading.table(row["source_order"])
        if table is not None:
            return table.columns
        return self.layouts.get((row["source_file"] or "", row["source_sheet"] or ""), {})

    def column(self, row: Mapping[str, Any], columns: Sequence[str]) -> str:
        """The column to point at: the first that has something in it, else the first that the table has."""
        layout = self.layout(row)
        there = [name for each in columns for name in _spellings(row, each, layout) if name in layout]
        for name in there:
            if (self.text(row, layout[name]) or "").strip():
                return name
        return there[0] if there else columns[0]

    def text(self, row: Mapping[str, Any], at: ColumnAt) -> str | None:
        """What the partner wrote in a cell; None for nothing."""
        raw = self.raw.get(row["source_order"], {})
        found: str | None = raw.get(at.header if at.header != "source_order" else "source_order (as written)")
        return found

    def written(self, row: Mapping[str, Any], column: str | None) -> str:
        """The partner's own text in a cell, else what was understood there."""
        if not row or column is None:
            return ""
        at = self.layout(row).get(column)
        own = self.text(row, at) if at is not None else None
        told = row.get(column)
        return own if own is not None else self.words.shown(None if told == TOTAL else told, otherwise="")

    def place(self, row: Mapping[str, Any], column: str) -> Place:
        """Where a row's column stands, as the partner sees it, and in the plan's own terms."""
        at, number = self.layout(row).get(column), row["source_row"]
        cell = f"{at.letter}{number}" if at and at.letter and number is not None else None
        header = at.header if at else None
        table = self.reading.table(row["source_order"])
        if table is not None:
            number, cell, header = table.place(column, row["source_order"], number)
        return Place(
            file=row["source_file"],
            sheet=row["source_sheet"],
            row=number,
            cell=cell,
            header=header,
            **{name: row[name] for name in _NAMED if row[name] != TOTAL},
        )


def _said(reading: Reading, codes: set[str]) -> set[tuple[object, ...]]:
    """What was said of which rows while they were read; it is not said twice."""
    return {
        (finding.code, place.file, place.sheet, place.row)
        for finding in reading.findings
        if finding.code in codes
        for place in (finding.place, *finding.related)
        if place.row is not None
    }


def _spellings(row: Mapping[str, Any], column: str, layout: Mapping[str, ColumnAt]) -> tuple[str, ...]:
    """The columns that stand for one in a table: days for a period, dimensions for a category."""
    if column == "period":
        by_name, by_days = ("period", "year"), ("period_end", "period_start")
        return (*by_name, *by_days) if row["named_period"] else (*by_days, *by_name)
    if column == "category":
        named = [f"dimension:{name}" for name in dimensions_of(row["category"] or TOTAL)]
        return ("category", *named, *(name for name in layout if name.startswith("dimension:")))
    return (column,)


def _but_indicator(finding: Finding) -> object:
    """What a finding found, but for the indicator that it names: of one cell it is told for all indicators at once."""
    found = finding.found
    if not isinstance(found, Phrase) or "indicator" not in found.params:
        return found
    return found.template, FrozenMap({name: str(value) for name, value in found.params.items() if name != "indicator"})


def _whole(offence: Mapping[str, Any]) -> Place:
    """The place of something that no row reports: in the plan's own terms."""
    return Place(**{name: offence[name] for name in _NAMED if offence.get(name) is not None})


def _suggested(template: str, known: Mapping[str, Any]) -> str | None:
    """What was probably meant; None where the columns that it names have nothing to say."""
    names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    if not template or any(known.get(name) is None for name in names):
        return None
    return template.format(**{name: known[name] for name in names})
