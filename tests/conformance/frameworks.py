"""Real results frameworks: published baselines, targets, actuals and percentages, dirty as they are. Read `FORMAT` first.

Every case becomes a logframe with one report, and is counted and scored like any other. Its cells are read by the
library; a published percentage must come out under the convention that it was computed by, a verdict must follow from
the numbers, and whatever cannot be computed must say why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Final

import mne
from mne.reports.cells import Answer, Marks
from mne.reports.cells import number as read_cell
from mne.scores.conventions import met_at
from mne.scores.scheme import AchievementRule, Convention, Scheme
from mne.tables.observations import State
from tests.conformance.building import counted, decimal, indicator, label, project, report
from tests.conformance.contract import Adapter, Case, Datasets, Format, NotWired, Outcome, Status, compared, same

RULES: Final[Mapping[str, Mapping[str, Any]]] = {
    "frac_of_baseline_to_target": {"convention": "baseline_target"},
    "actual_over_target": {"convention": "actual_over_target", "falling": "as_published"},
    "variance": {"convention": "variance"},
}
"""The achievement rule behind each figure that was recomputed beside the published ones."""

PUBLISHED: Final[Mapping[str, str]] = {
    "actual/target": "actual_over_target",
    "(actual-baseline)/(target-baseline)": "frac_of_baseline_to_target",
    "actual/target-1 (variance)": "variance",
}
"""The rules by the words in which a case names them."""

CELLS: Final = ("baseline", "target", "actual")
ENGLISH: Final = Marks(decimal=".")
"""The sources write English numbers: 2,500 and 1580.16."""
TO_FOUR_DIGITS: Final = Decimal("0.00005")

_RELATIVE: Final = re.compile(r"base-?line(?:\s*([-+−])\s*(\d+(?:\.\d+)?))?", re.IGNORECASE)
_THRESHOLD: Final = re.compile(r"(>=|≥|>|<=|≤|<)\s*(\S.*)")
_AT_MOST: Final = ("<", "<=", "≤")
_BARE: Final = re.compile(r"[-+]?[\d.,\s]*\d[\d.,\s]*%?")
_YEAR_OF_PLAN: Final = re.compile(r"\bYR ?(\d+)\b")
_YEARLY: Final = re.compile(r"targets_raw_YR1_YR(\d+)")


@dataclass(frozen=True)
class Read:
    """A case as it was read: each cell as the library answers, and the number that stands for it in the plan."""

    case: Case
    answers: Mapping[str, Answer[Decimal]]
    numbers: Mapping[str, Decimal | None]

    def raw(self, name: str) -> str:
        """A cell as published."""
        return str(self.case.get(f"{name}_raw") or "").strip()

    @property
    def percent(self) -> bool:
        """Whether the indicator is a percentage."""
        return _is_percent(self.case)

    @property
    def falling(self) -> bool:
        """Whether less is better."""
        return str(self.case.get("direction", "")).lower().startswith("decrease")

    @property
    def yearly(self) -> Sequence[str]:
        """The targets of all years, as published; the one that the case is about where there are no others."""
        return next((list(each) for name, each in self.case.items() if _YEARLY.fullmatch(name)), [self.raw("target")])

    @property
    def at(self) -> int:
        """The year that the case is about, counted from 0."""
        named = _YEAR_OF_PLAN.search(str(self.case.get("target_date", "")))
        return int(named[1]) - 1 if named and len(self.yearly) >= int(named[1]) else len(self.yearly) - 1


def framework(case: Case, data: Datasets) -> Outcome:
    """Read, count and score one indicator; hold the figures and words against the published ones."""
    read = read_case(case)
    values = counted(plan_of(read), rows_of(read), until=read.at)
    outcome = Outcome(Status.NOT_WIRED, why="nothing to check")
    for check in (_cells, _states, _computed, _percent, _verdict):
        outcome = check(read, values)
        if outcome.status is not Status.PASSED:
            return outcome
    return outcome


# --- from a case to values ------------------------------------------------------------------------------------------


def _is_percent(case: Case) -> bool:
    """By its unit, or because a cell that is nothing but a number says so."""
    told = (str(case.get(f"{name}_raw") or "").strip() for name in CELLS)
    unit = str(case.get("unit") or "").strip().lower()
    return unit in ("%", "percent", "per cent", "percentage") or any(
        each.endswith("%") and _BARE.fullmatch(each) for each in told
    )


def read_case(case: Case) -> Read:
    """Every cell as the library reads it; where it is prose, the number that the case's author read in it."""
    answers = {name: read_text(case.get(f"{name}_raw"), percent=_is_percent(case)) for name in CELLS}
    numbers: dict[str, Decimal | None] = {}
    for name, answer in answers.items():
        told = case.get(f"{name}_num")
        in_prose = None if told is None or answer.state is not None else decimal(told)
        numbers[name] = answer.value if answer.value is not None else in_prose
    return Read(case, answers, numbers)


def read_text(text: Any, *, percent: bool) -> Answer[Decimal]:
    """A cell as the library reads it, in a column of English numbers."""
    return read_cell("" if text is None else str(text), marks=ENGLISH, percent=percent)


def plan_of(read: Read, *, plainly: bool = False) -> mne.Logframe:
    """A project over the years for which there are targets; `plainly`: thresholds count as plain targets."""
    targets = tuple(
        target for at, text in enumerate(read.yearly) for target in _target(read, at, text.strip(), plainly=plainly)
    )
    one = indicator(
        measure="percentage" if read.percent else "number",
        unit="percent" if read.percent else None,
        reported_as="value" if read.percent else None,
        accumulation="level",
        direction="decrease" if read.falling else "increase",
        baseline=_baseline(read),
        targets=targets,
    )
    return project(one, years=len(read.yearly))


def _baseline(read: Read) -> dict[str, Any] | None:
    value, raw = read.numbers["baseline"], read.raw("baseline")
    if value is not None:
        return {"value": value, "as_published": raw or None}
    return {"status": "pending", "as_published": raw} if raw else None


def _target(read: Read, at: int, text: str, *, plainly: bool) -> tuple[dict[str, Any], ...]:
    """What one year asks for; nothing where its cell is blank or says that there is none."""
    due = {"period": label(at), "kind": "final" if at == len(read.yearly) - 1 else "milestone"}
    answer = read_text(text, percent=read.percent)
    value = read.numbers["target"] if at == read.at else answer.value
    if match := _THRESHOLD.fullmatch(text):
        limit = value if value is not None else read_text(match[2], percent=read.percent).value
        if limit is not None:
            comparator = "=" if plainly else "≤" if match[1] in _AT_MOST else "≥"
            return ({**due, "value": limit, "comparator": comparator},)
    if value is not None:
        return ({**due, "value": value},)
    if match := _RELATIVE.fullmatch(text):
        sign = -1 if match[1] in ("-", "−") else 1
        return ({**due, "above_baseline": sign * Decimal(match[2] or 0)},)
    if answer.state is not None or not text:
        return ()
    return ({**due, "text": text},)


def rows_of(read: Read) -> list[dict[str, Any]]:
    """The report: a number, a state that the cell's words stand for, or none where the cell could not be read."""
    value, answer = read.numbers["actual"], read.answers["actual"]
    if value is not None:
        return [report(value, read.at)]
    if answer.refused:
        return []
    return [{**report(None, read.at), "state": (answer.state or State.MISSING).value}]


# --- what must hold -------------------------------------------------------------------------------------------------


def _cells(read: Read, values: mne.Values) -> Outcome:
    """A cell that holds nothing but a number is read, as the very number that the case's author read; words are not."""
    wrong: dict[str, Any] = {}
    for name, answer in read.answers.items():
        told = read.case.get(f"{name}_num")
        unread = answer.value is None and _BARE.fullmatch(read.raw(name))
        otherwise = answer.value is not None and f"{name}_num" in read.case
        if unread or (otherwise and (told is None or answer.value != decimal(told))):
            wrong[name] = answer
    if wrong:
        return Outcome(Status.FAILED, wrong, {name: read.raw(name) for name in wrong}, "read as something else")
    return Outcome(Status.PASSED)


def _states(read: Read, values: mne.Values) -> Outcome:
    """A number has been reported, or else there is a state with a reason; every achievement has one or the other."""
    value = values["I"]
    number = read.numbers["actual"]
    reported = (value.value, value.state) == (None if number is None else Fraction(number), State.REPORTED)
    if number is not None and not reported:
        return Outcome(Status.FAILED, value.value, number, "reported as something else")
    if number is None and (value.value is not None or value.state is State.REPORTED or value.reason is None):
        return Outcome(Status.FAILED, value.state, "a state with a reason", "no number was reported")
    for name in RULES:
        part = scored(values, name)
        if (part.scored.value is None) is (part.scored.reason is None):
            return Outcome(Status.FAILED, part.scored, None, f"{name}: neither or both of a number and a reason")
        if part.rating is None and part.scored.value is not None:
            return Outcome(Status.FAILED, part, None, f"{name}: a number without a rating")
    return Outcome(Status.PASSED)


def scored(values: mne.Values, figure: str) -> Any:
    """The indicator's part of a card under the rule of a figure."""
    return mne.score(values, scheme=_scheme(figure))["I"]


@cache
def _scheme(figure: str) -> Scheme:
    shipped = mne.schemes()["baseline-target"].model_dump()
    return Scheme.model_validate({**shipped, "achievement": {**RULES[figure], "against": "milestone"}})


def _plain(read: Read) -> mne.Values:
    """The values held against plain targets: how the figures beside the published ones were recomputed."""
    values: mne.Values = counted(plan_of(read, plainly=True), rows_of(read), until=read.at)
    return values


def _computed(read: Read, values: mne.Values) -> Outcome:
    """The figures that were recomputed, to four digits; none where they could not be."""
    want = read.case.get("computed") or {}
    unknown = [name for name in want if name not in RULES]
    if unknown:
        raise NotWired(f"figures {', '.join(unknown)}")
    plain = _plain(read)
    return compared({name: scored(plain, name).scored.value for name in want}, want, TO_FOUR_DIGITS)


def _percent(read: Read, values: mne.Values) -> Outcome:
    """The published percentage, to the digits that were published, under every convention that the case names."""
    told, ways = read.case.get("published_percent"), read.case.get("published_percent_matches")
    if told is None or isinstance(ways, str) or not ways:
        return Outcome(Status.PASSED)
    half = Decimal("0.5").scaleb(-int(read.case.get("published_decimals", 0)))
    for words in ways:
        if words not in PUBLISHED:
            raise NotWired(f"a percentage by {words!r}")
        found = scored(values, PUBLISHED[words]).scored.value
        shown = None if found is None else found * 100
        if not same(shown, told, half):
            return Outcome(Status.FAILED, shown, told, f"another percentage by {words}")
    return Outcome(Status.PASSED, told, told)


_REACHED: Final = frozenset({"target met", "met", "achieved", "target achieved", "✓", "✔", "ü", "done", "completed"})
_EXCEEDED: Final = frozenset({"target exceeded", "exceeded", "target surpassed"})
_MISSED: Final = frozenset(
    {"target not met", "not met", "not achieved", "target not achieved", "✗", "✘", "û", "■", "○"}
)
_WAITING: Final = frozenset({"pending", "no data", "not available"})
_UNDER_WAY: Final = frozenset({"in progress", "ongoing", "under way"})


def _verdict(read: Read, values: mne.Values) -> Outcome:
    """Words that follow from the numbers; whole sentences beside them are somebody's judgement."""
    words = str(read.case.get("published_verdict") or "").strip().lower()
    against = "final" if words in _UNDER_WAY else "milestone"
    rule = AchievementRule(convention=Convention.VARIANCE, favourable=True)
    found = mne.achievement(values["I"], against=against, rule=rule)
    ahead = None if found.value is None else found.value - met_at(rule.convention)
    state = values["I"].state
    holds = {
        _REACHED: ahead is not None and ahead >= 0,
        _EXCEEDED: ahead is not None and ahead > 0,
        _MISSED: ahead is not None and ahead < 0,
        _WAITING: ahead is None and state is not State.REPORTED,
        # Done is only what has reached its end target; without one, or without a number, it goes on.
        _UNDER_WAY: ahead is None or ahead < 0,
    }
    for named, true in holds.items():
        if words in named:
            exactly = named is _REACHED and words == "target met" and ahead != 0
            if not true or exactly:
                return Outcome(Status.FAILED, {"ahead": ahead, "state": state.value}, words, "another verdict")
            return Outcome(Status.PASSED, words, words)
    return Outcome(Status.PASSED)


# --- the format -----------------------------------------------------------------------------------------------------

ADAPTERS: Final[Mapping[str, Adapter]] = {"framework": framework}


def recognises(content: Any) -> bool:
    """Whether a file holds published indicators with their raw cells."""
    cases: Any = content.get("cases") if isinstance(content, Mapping) else None
    return bool(cases) and all(isinstance(case, Mapping) and {"project", "indicator"} <= set(case) for case in cases)


def _cases(content: Any) -> Sequence[Case]:
    return list(content["cases"])


def _kind(case: Case) -> str:
    return "published" if case.get("published_percent") is not None else "read"


FORMAT: Final = Format(
    name="real frameworks",
    recognises=recognises,
    cases=_cases,
    key=lambda case: "framework",  # noqa: ARG005 - one kind of case
    adapters=ADAPTERS,
    verdict=_kind,
    system=lambda case: str(case.get("project", "")).split(",")[0].split(" - ")[0][:40],
)
