"""Real results frameworks: published baselines, targets, actuals and percentages, dirty as they are. Read `FORMAT` first.

Every case becomes a logframe and a report, and is counted and scored like any other: a published percentage must come
out under the convention that it was computed by, and whatever cannot be computed must say why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import mne
from mne.reports.cells import Marks
from mne.reports.cells import number as cell_number
from mne.scores.scheme import Rounding, Scheme
from mne.tables.observations import Observations
from tests.cases.building import indicator as an_indicator
from tests.cases.building import plan, row, rows
from tests.conformance.contract import Adapter, Case, Datasets, Format, NotWired, Outcome, Status, compared

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

NO_BASELINE: Final = frozenset({"", "n/a", "na", "none", "tbd", "-", "–"})
_RELATIVE: Final = re.compile(r"base-?line(?:\s*([+-−])\s*(\d+(?:\.\d+)?))?", re.IGNORECASE)
_THRESHOLD: Final = re.compile(r"(>=|≥|>|<=|≤|<)\s*(\S+)")
ENGLISH: Final = Marks(decimal=".")
_VERDICTS: Final = ("target exceeded", "target met", "target not met", "pending")


def framework(case: Case, data: Datasets) -> Outcome:
    """Read, count and score one indicator; hold the figures against the published ones."""
    wrong = _misread(case)
    if wrong:
        return Outcome(Status.FAILED, wrong, None, "a published cell was read as another number")
    found = {name: _achieved(case, rule) for name, rule in RULES.items()}
    computed = case.get("computed") or {}
    unknown = [name for name in computed if name not in RULES]
    if unknown:
        raise NotWired(f"figures {', '.join(unknown)}")
    got = {name: None if part.scored.value is None else part.scored.value for name, part in found.items()}
    outcome = compared({name: got[name] for name in computed}, computed)
    if outcome.status is not Status.PASSED:
        return outcome
    without = [name for name, part in found.items() if part.scored.value is None and part.scored.reason is None]
    if without:
        return Outcome(Status.FAILED, without, None, "no number and no reason")
    for check in (_percent, _verdict):
        outcome = check(case, got)
        if outcome.status is not Status.PASSED:
            return outcome
    return outcome


def _percent(case: Case, got: Mapping[str, Fraction | None]) -> Outcome:
    """The published percentage, rounded as published, under every convention that the case names."""
    named = case.get("published_percent_matches")
    if case.get("published_percent") is None or isinstance(named, str) or not named:
        return Outcome(Status.PASSED, got)
    rounding = Rounding(digits=int(case.get("published_decimals", 0)))
    for words in named:
        if words not in PUBLISHED:
            raise NotWired(f"a percentage by {words!r}")
        figure = got[PUBLISHED[words]]
        shown = None if figure is None else rounding(figure * 100)
        outcome = compared(shown, case["published_percent"], 0)
        if outcome.status is not Status.PASSED:
            return outcome
    return Outcome(Status.PASSED, got)


def _verdict(case: Case, got: Mapping[str, Fraction | None]) -> Outcome:
    """Words that follow from the numbers; anything else that was written beside them is somebody's judgement."""
    published = str(case.get("published_verdict") or "").strip().lower()
    share = got["actual_over_target"]
    falling = str(case.get("direction", "")).startswith("decrease")
    if published not in _VERDICTS:
        return Outcome(Status.PASSED, got)
    if share is None:
        return compared("pending", published)
    better = share < 1 if falling else share > 1
    return compared("target exceeded" if better else "target met" if share == 1 else "target not met", published)


def read_number(text: str) -> Any:
    """A cell as the library reads it, in a column of English numbers."""
    return cell_number(text, marks=ENGLISH)


# --- from a case to a card ------------------------------------------------------------------------------------------


def _achieved(case: Case, rule: Mapping[str, Any]) -> Any:
    base = mne.schemes()["baseline-target"].model_dump()
    scheme = Scheme.model_validate({**base, "achievement": {**rule, "against": "milestone"}})
    falling = str(case.get("direction", "")).startswith("decrease")
    one = an_indicator(
        "I",
        unit=None,
        accumulation="level",
        direction="decrease" if falling else "increase",
        baseline=_baseline(case),
        targets=_targets(case),
    )
    actual = _number(case, "actual")
    reported = rows() if actual is None else rows(row("2024-Q1", actual))
    values = mne.aggregate(Observations.from_rows(reported), plan(one), until="2024-03-31")
    return mne.score(values, scheme=scheme)["I"]


def _number(case: Case, name: str) -> Decimal | None:
    """A published number: as the library reads the cell, or as the source of the cases read it."""
    told = case.get(f"{name}_num")
    if told is not None:
        return Decimal(str(told))
    raw = case.get(f"{name}_raw")
    return None if raw is None else read_number(str(raw)).value


def _misread(case: Case) -> dict[str, Any]:
    """Cells that the library reads as a number other than the one that the cases give."""
    wrong = {}
    for name in ("baseline", "actual", "target"):
        raw, told = case.get(f"{name}_raw"), case.get(f"{name}_num")
        if raw is None:
            continue
        read = read_number(str(raw)).value
        if read is not None and told is not None and read != Decimal(str(told)):
            wrong[name] = (raw, read, told)
    return wrong


def _baseline(case: Case) -> dict[str, Any] | None:
    value = _number(case, "baseline")
    if value is not None:
        return {"value": value}
    raw = str(case.get("baseline_raw") or "").strip()
    return {"status": "pending"} if raw and raw.lower() not in NO_BASELINE else None


def _targets(case: Case) -> tuple[dict[str, Any], ...]:
    raw, value = str(case.get("target_raw") or "").strip(), _number(case, "target")
    due = {"period": "2024-Q1"}
    if match := _THRESHOLD.fullmatch(raw):
        number = value if value is not None else read_number(match[2]).value
        if number is not None:
            return ({**due, "value": number, "comparator": "≥" if match[1] in (">", ">=", "≥") else "≤"},)
    if value is not None:
        return ({**due, "value": value},)
    if match := _RELATIVE.fullmatch(raw):
        sign = -1 if match[1] in ("-", "−") else 1
        return ({**due, "above_baseline": sign * Decimal(match[2] or 0)},)
    return ({**due, "text": raw},) if raw else ()


ADAPTERS: Final[Mapping[str, Adapter]] = {"framework": framework}


def recognises(content: Any) -> bool:
    """Whether a file holds published indicators with their raw cells."""
    cases = content.get("cases") if isinstance(content, Mapping) else None
    return bool(cases) and all(isinstance(case, Mapping) and {"project", "indicator"} <= set(case) for case in cases)


def _verdict_of(case: Case) -> str:
    return "published" if case.get("published_percent") is not None else "read"


FORMAT: Final = Format(
    name="real frameworks",
    recognises=recognises,
    cases=lambda content: list(content["cases"]),
    key=lambda case: "framework",  # noqa: ARG005 - one kind of case
    adapters=ADAPTERS,
    verdict=_verdict_of,
    system=lambda case: str(case.get("project", "")).split(",")[0].split(" - ")[0][:40],
)
