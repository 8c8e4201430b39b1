"""Results in an IATI activity file as rows: one for each actual value, with its indicator, period, place and split.

Read `read_iati` first. Indicators are matched by a reference or by their title; baselines and targets belong to the
plan and are not read, but two baselines that contradict each other hold back what is measured from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.files import Limits
from mne.ground.findings import Finding, Place
from mne.ground.nodes import RefusedError
from mne.ground.phrases import both, phrase
from mne.ground.xml_text import XmlHandler, follow_xml
from mne.logframe.indicator import TOTAL
from mne.reports.grid import Cell, Grid, Loaded
from mne.reports.lookup import Lookup

if TYPE_CHECKING:
    from mne.reports.names import Names

__all__ = ["read_iati"]

VERSIONS: Final = ("2.01", "2.02", "2.03")
_ROOT: Final = "iati-activities"
_ACTIVITY: Final = "iati-activity"
_KEPT: Final = frozenset({"iati-identifier", "reporting-org", "title", "location", "result"})
"""The parts of an activity that say what was reported; its money and its documents are nobody's business here."""

_MARKUP: Final = re.compile(r"<\s*/?\s*[A-Za-z!]")
_PERCENT: Final = "2"
_FIXED: Final = ("project", "indicator", "period_start", "period_end", "partner", "value")


@dataclass(slots=True)
class _Node:
    """One element of an activity."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[_Node] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def all(self, name: str) -> Iterator[_Node]:
        """The children of a name."""
        return (each for each in self.children if each.name == name)

    def first(self, name: str) -> _Node | None:
        """The first child of a name."""
        return next(self.all(name), None)

    def get(self, name: str) -> str:
        """An attribute, without the white space around it."""
        return self.attributes.get(name, "").strip()

    @property
    def text(self) -> str:
        """The text of the element itself."""
        return " ".join("".join(self.pieces).split())

    def words(self, name: str) -> list[str]:
        """What the child of a name says, in each of its languages."""
        child = self.first(name)
        return [each.text for each in child.all("narrative") if each.text] if child is not None else []


@dataclass(slots=True)
class _Row:
    """One actual value, in the words of the file."""

    line: int
    cells: dict[str, Cell]
    held: bool = False


def read_iati(
    data: bytes,
    *,
    name: str,
    names: Names,
    dimension: Callable[[str], str | None],
    partner: str | None = None,
    limits: Limits | None = None,
) -> Loaded:
    """The actual values of an IATI activity file as one table, or what keeps it from being read.

    Args:
        data: the bytes of the file.
        name: how the file is named in findings.
        names: the plan's codes, by which activities, indicators and places are known.
        dimension: the plan's dimension that a name stands for.
        partner: whose report it is, where the caller knows.
        limits: how much the file may hold.

    Findings: those of `mne.ground.xml_text.follow_xml`, iati-root, iati-version, iati-duplicate-identifier,
    iati-other-activities, baseline-conflict, text-markup, limit-rows.
    """
    known = limits or Limits()
    activities = _Activities(_Plan(names, dimension, partner), name, known)
    loaded = Loaded(findings=list(follow_xml(data, activities, name=name, limits=known)))
    if any(finding.level is Severity.BLOCKER for finding in loaded.findings):
        return loaded
    if activities.strange is not None:
        loaded.findings.append(activities.strange)
        return loaded
    loaded.findings += activities.findings
    rows = activities.own or activities.others
    if activities.own and activities.passed:
        loaded.findings.append(
            Finding(code="iati-other-activities", place=Place(file=name), found=str(activities.passed))
        )
    loaded.grids.append(_grid(rows, name))
    return loaded


class _Plan:
    """What the plan knows the parts of a file by."""

    def __init__(self, names: Names, dimension: Callable[[str], str | None], partner: str | None) -> None:
        plan = names.plan
        self.names = names
        self.dimension = dimension
        self.partner = partner
        self.projects = {plan.id, *(each.code for each in plan.references)}
        self.codes = {id: id for id in plan.indicators}
        for id, indicator in plan.indicators.items():
            for reference in indicator.references:
                self.codes.setdefault(reference.code, id)

    def is_own(self, identifier: str, reporter: str) -> bool:
        """Whether an activity is the plan's: by its identifier, which IATI begins with the reporter's own."""
        return identifier in self.projects or identifier.removeprefix(f"{reporter}-") in self.projects

    def indicator(self, node: _Node) -> str:
        """The plan's indicator, else the words that the file has for it."""
        for reference in node.all("reference"):
            if reference.get("code") in self.codes and reference.get("vocabulary") in ("", "99"):
                return self.codes[reference.get("code")]
        titles = node.words("title")
        found = {answer.value for title in titles if (answer := self.names.indicators.match(title)).value is not None}
        return found.pop() or "" if len(found) == 1 else (titles[0] if titles else "")

    def reporter(self, node: _Node | None) -> str:
        """The partner that reports, where the plan has it; else the figures count for the whole."""
        if self.partner is not None:
            return self.partner
        said = [node.get("ref"), *(each.text for each in node.all("narrative"))] if node is not None else []
        return _known(said, self.names.partners) or TOTAL

    def place(self, node: _Node, places: dict[str, list[str]]) -> str | None:
        """The place of a value: the plan's code, else the file's own; several are no place that can be taken."""
        refs = list(dict.fromkeys(each.get("ref") for each in node.all("location") if each.get("ref")))
        if len(refs) != 1:
            return "; ".join(refs) or None
        return _known([refs[0], *places.get(refs[0], ())], self.names.locations) or refs[0]


def _known(said: list[str], lookup: Lookup) -> str | None:
    """The one code that some of the words mean."""
    for each in said:
        if each and lookup.codes and (found := lookup.known(each)) is not None:
            return found
    return None


class _Activities(XmlHandler):
    """Keeps one activity at a time, and of that what says what was reported."""

    def __init__(self, plan: _Plan, file: str, limits: Limits) -> None:
        self.plan = plan
        self.file = file
        self.limits = limits
        self.own: list[_Row] = []
        self.others: list[_Row] = []
        self.passed = 0
        self.findings: list[Finding] = []
        self.strange: Finding | None = None
        self._identifiers: dict[str, int] = {}
        self._version: str | None = None
        self._open: list[_Node] = []
        self._skipped = 0
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        self._depth += 1
        if self._depth == 1:
            if name != _ROOT:  # told at the end: what is worse about the file comes first
                place = Place(file=self.file, line=line)
                self.strange = Finding(code="iati-root", place=place, found=name, expected=_ROOT)
                return
            self._version = attributes.get("version")
            if self._version is not None:
                self._check_version(self._version, line)
        elif (
            self.strange
            or self._skipped
            or (len(self._open) == 1 and name not in _KEPT)
            or (not self._open and name != _ACTIVITY)
        ):
            self._skipped += 1
        else:
            node = _Node(name, attributes, line)
            if self._open:
                self._open[-1].children.append(node)
            self._open.append(node)

    def text(self, text: str) -> None:
        """Characters inside an element."""
        if self._open and not self._skipped:
            self._open[-1].pieces.append(text)

    def end(self, name: str) -> None:  # noqa: ARG002 - the parser gives the name
        """An element ends."""
        self._depth -= 1
        if self._skipped:
            self._skipped -= 1
        elif self._open:
            done = self._open.pop()
            if not self._open:
                self._take(done)

    def _check_version(self, version: str | None, line: int) -> None:
        if version not in VERSIONS:
            self._refuse("iati-version", line, found=version or phrase("none"), expected=", ".join(VERSIONS))

    def _take(self, activity: _Node) -> None:
        told = activity.first("iati-identifier")
        identifier = told.text if told is not None else ""
        if identifier and identifier in self._identifiers:
            first = Place(file=self.file, line=self._identifiers[identifier])
            self._refuse("iati-duplicate-identifier", activity.line, found=identifier, related=(first,))
        self._identifiers[identifier] = activity.line
        reporting = activity.first("reporting-org")
        version = self._version or activity.attributes.get("version")  # collections say it of each activity
        own = self.plan.is_own(identifier, reporting.get("ref") if reporting is not None else "")
        if own:
            self._check_version(version, activity.line)
        project = self.plan.names.plan.id if own else (identifier or "(no identifier)")
        rows = list(self._rows(activity, project, self.plan.reporter(reporting)))
        if not own:
            self.passed += 1
            self.others += rows
        else:
            self.own += rows
            self._watch_titles(activity)
        if len(self.own) + len(self.others) > self.limits.rows:
            self._refuse("limit-rows", activity.line, limit=self.limits.rows)

    def _rows(self, activity: _Node, project: str, partner: str) -> Iterator[_Row]:
        places = {
            each.get("ref"): [*(id.get("code") for id in each.all("location-id")), *each.words("name")]
            for each in activity.all("location")
        }
        for result in activity.all("result"):
            for indicator in result.all("indicator"):
                held = _contradicted(indicator)
                code = self.plan.indicator(indicator)
                for period in indicator.all("period"):
                    start, end = (_day(period, each) for each in ("period-start", "period-end"))
                    for actual in period.all("actual"):
                        cells: dict[str, Cell] = {
                            "project": project, "indicator": code or None, "period_start": start, "period_end": end,
                            "partner": partner, "location": self.plan.place(actual, places), **self._split(actual),
                            "value": actual.attributes.get("value", "") or None,
                            "unit": "percent" if indicator.get("measure") == _PERCENT else None,
                            "comment": " / ".join(dict.fromkeys(actual.words("comment"))) or None,
                        }  # fmt: skip
                        if held is not None and project == self.plan.names.plan.id:
                            place = Place(file=self.file, row=actual.line, header="baseline")
                            self.findings.append(Finding(code="baseline-conflict", place=place, found=held))
                        yield _Row(actual.line, cells, held is not None)

    def _split(self, actual: _Node) -> dict[str, Cell]:
        """The category of a value: a column for each of the plan's dimensions; what the plan has not is not dropped."""
        cells: dict[str, Cell] = {}
        strange: list[str] = []
        for each in actual.all("dimension"):
            said, value = each.get("name"), each.get("value")
            if not said and not value:
                continue
            known = self.plan.dimension(said)
            if known is None or known in cells:
                strange.append(f"{said}={value}")
            else:
                cells[known] = value or None
        return {**cells, "category": "|".join(strange) or None}

    def _watch_titles(self, activity: _Node) -> None:
        open_parts = [activity]
        while open_parts:
            part = open_parts.pop()
            for words in part.words("title"):
                if _MARKUP.search(words):
                    place = Place(file=self.file, line=part.line, header="title")
                    self.findings.append(Finding(code="text-markup", place=place, found=words))
            open_parts += [each for each in part.children if each.name in ("result", "indicator")]

    def _refuse(
        self,
        code: str,
        line: int,
        *,
        found: str = "",
        expected: str = "",
        related: tuple[Place, ...] = (),
        **params: object,
    ) -> None:
        place = Place(file=self.file, line=line)
        raise RefusedError(
            Finding(code=code, place=place, found=found, expected=expected, related=related, params=params)
        )


def _day(period: _Node, name: str) -> str | None:
    child = period.first(name)
    return child.get("iso-date") or None if child is not None else None


def _contradicted(indicator: _Node) -> str | None:
    """Two baselines of one year, place and split with different values."""
    found: dict[tuple[str, ...], str] = {}
    for each in indicator.all("baseline"):
        splits = sorted(f"{part.get('name')}={part.get('value')}" for part in each.all("dimension"))
        places = sorted(part.get("ref") for part in each.all("location"))
        key = (each.get("year") or each.get("iso-date")[:4], *places, "", *splits)
        value = each.get("value")
        if found.setdefault(key, value) != value:
            return both([found[key], value])
    return None


def _grid(rows: list[_Row], name: str) -> Grid:
    """The rows as a table whose columns have the canonical names, numbered by line where each has a line of its own."""
    there = dict.fromkeys(key for row in rows for key, cell in row.cells.items() if cell is not None)
    headers = tuple(dict.fromkeys((*_FIXED, *there)))
    lines = [row.line for row in rows]
    numbers = lines if len(set(lines)) == len(lines) else range(1, len(rows) + 1)
    columns: list[list[Cell]] = [[row.cells.get(header) for row in rows] for header in headers]
    held = frozenset(at for at, row in enumerate(rows) if row.held)
    return Grid(file=name, sheet=None, lane="text", columns=[*columns], numbers=numbers, header=headers, held=held)
