"""What every part of the conformance run agrees on: what became of a case, and when two answers are the same.

Read `Format` for what a file format brings with it, `Outcome` for what an adapter answers with, and `judged` for the
verdicts. An adapter turns the inputs of a case into a plan and rows (or plain arguments), asks the public functions of
`mne`, and hands what it got to `judged` or `compared`; it never looks at an expected figure to decide how to count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

Case = Mapping[str, Any]
"""One case as it stands in its file, numbers with a decimal point as `Decimal`."""
Datasets = Mapping[str, Any]
"""What the cases of one file share, by name; empty where the format has none."""


class Status(StrEnum):
    """What became of a case."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"
    NOT_WIRED = "not wired"


@dataclass(frozen=True)
class Outcome:
    """What became of one case: what the library gave, what was wanted, and why that is (not) good enough."""

    status: Status
    got: Any = None
    want: Any = None
    why: str = ""


Adapter = Callable[[Case, Datasets], Outcome]


class NotWired(Exception):  # noqa: N818 - nothing went wrong: a case of a kind that nobody wired yet
    """An adapter meets inputs of a kind that it does not know; the run counts the case as not wired."""


@dataclass(frozen=True)
class Exclusion:
    """A kind of case that a library cannot take part in, by what is matched in its key and its method, and why."""

    key: str
    """A regular expression that the whole key (topic or method) matches."""
    method: str
    """A regular expression that is found somewhere in the case's method, or in its inputs written as JSON."""
    reason: str


@dataclass(frozen=True)
class Format:
    """One format of files: how to know it, where its cases stand, and who answers for each kind of them."""

    name: str
    recognises: Callable[[Any], bool]
    """Whether the content of a file, as parsed JSON, is of this format."""
    cases: Callable[[Any], Sequence[Case]]
    key: Callable[[Case], str]
    """The kind of a case, by which its adapter is found."""
    adapters: Mapping[str, Adapter]
    verdict: Callable[[Case], str]
    """What the table is grouped by first: agree, convention, quirk; or the kind of evidence."""
    system: Callable[[Case], str]
    """What the table is grouped by next: who published the figure."""
    identity: Callable[[Case], str] = lambda case: str(case.get("id"))
    datasets: Callable[[Any], Datasets] = lambda content: {}  # noqa: ARG005 - most formats share nothing
    not_applicable: Sequence[Exclusion] = field(default_factory=tuple)


UNDEFINED_WORDS: Final = frozenset({"N/A", "n/a", "NA", "undefined", "missing", "null", "none", ""})
"""Texts by which a source says that there is no number."""


def number(value: Any) -> Fraction | None:
    """An input number (int, Decimal, float by its shortest repr, numeric text) as an exact fraction; None stays None.

    Raises:
        NotWired: The value is of no kind that is a number.
    """
    if value is None:
        return None
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise NotWired(f"{value!r} is no number")
    try:
        return Fraction(Decimal(str(value)))
    except (InvalidOperation, ValueError) as error:
        raise NotWired(f"{value!r} is no number") from error


def same(got: Any, want: Any, tolerance: Any = None) -> bool:
    """Whether an answer is the expected one: figure by figure, for every figure that the expectation names.

    Numbers agree within `tolerance` (absolute); without one, when the answer rounds, or is cut, to the digits that were
    printed. Whole numbers without a tolerance agree exactly. Names that the answer has beyond the expected are fine.
    """
    if isinstance(want, Mapping):
        return isinstance(got, Mapping) and all(key in got and same(got[key], want[key], tolerance) for key in want)
    if isinstance(want, (list, tuple)):
        return (
            isinstance(got, (list, tuple))
            and len(got) == len(want)
            and all(same(a, b, tolerance) for a, b in zip(got, want, strict=True))
        )
    if want is None or (isinstance(want, str) and want in UNDEFINED_WORDS):
        return got is None or (isinstance(got, str) and got == want)
    if isinstance(want, bool) or isinstance(got, bool):
        return got is want
    if isinstance(want, (int, float, Decimal)) and isinstance(got, (int, float, Decimal, Fraction)):
        return _near(Fraction(got), want, tolerance)
    return bool(got == want)


def _near(got: Fraction, want: Any, tolerance: Any) -> bool:
    exact = Fraction(Decimal(str(want)))
    if tolerance is not None:
        return abs(got - exact) <= Fraction(Decimal(str(tolerance)))
    if isinstance(want, int):
        return got == exact
    digits = max(0, -int(Decimal(str(want)).as_tuple().exponent))
    unit = Fraction(1, 10**digits)
    cut = abs(exact) <= abs(got) < abs(exact) + unit and got * exact >= 0
    return abs(got - exact) <= unit / 2 or cut


def compared(got: Any, want: Any, tolerance: Any = None) -> Outcome:
    """Passed when the answer is the expected one."""
    if same(got, want, tolerance):
        return Outcome(Status.PASSED, got, want)
    return Outcome(Status.FAILED, got, want, "another answer than expected")


def judged(case: Case, got: Any, *, nothing_else: bool = False) -> Outcome:
    """By the verdict of a peer system's case: `agree` and `convention` come out the same, a `quirk` differs.

    A quirk whose notes name the better answer must also come out as that. `nothing_else`: what was got must not name
    anything beyond what is expected, as with a list of what is wrong.
    """
    want, tolerance = case.get("expected"), case.get("tolerance")
    if case.get("verdict") != "quirk":
        if nothing_else and not _names_no_more(got, want):
            return Outcome(Status.FAILED, got, want, "more than what is expected")
        return compared(got, want, tolerance)
    better = better_answers(str(case.get("notes", "")))
    told = _changed(got, want)
    right = any(_holds(told, answer) for answer in better)
    # A hair lies between some wrong answers and the right one: there, only the printed digits tell them apart.
    if _rounds_to(got, want) if right else same(got, want, tolerance):
        return Outcome(Status.FAILED, got, want, "the same as a system that is known to be wrong here")
    if better and not right:
        return Outcome(Status.FAILED, got, better, "differs from the wrong answer, but is not the better one")
    return Outcome(Status.PASSED, got, want)


def _names_no_more(got: Any, want: Any) -> bool:
    if not isinstance(got, Mapping) or not isinstance(want, Mapping):
        return True
    return set(got) <= set(want) and all(_names_no_more(got[key], want[key]) for key in got)


def _changed(got: Any, want: Any) -> Any:
    """Of several figures those that differ from the wrong ones; one figure as it is."""
    if isinstance(got, Mapping) and isinstance(want, Mapping):
        return {key: each for key, each in got.items() if key not in want or not same(each, want[key])}
    return got


def _rounds_to(got: Any, want: Any) -> bool:
    """Whether a figure is the printed one when it is rounded to as many digits; for anything but one figure, `same`."""
    if not isinstance(got, (int, Fraction)) or not isinstance(want, (int, float, Decimal)) or isinstance(want, bool):
        return same(got, want)
    printed = Decimal(str(want))
    unit = Fraction(1, 10 ** max(0, -int(printed.as_tuple().exponent)))
    return abs(Fraction(got) - Fraction(printed)) * 2 < unit


def _holds(got: Any, answer: Any) -> bool:
    """Whether a better answer is what was got or is among it; a share may be told in per cent."""
    if isinstance(got, Mapping):
        return any(_holds(each, answer) for each in got.values())
    if same(got, answer):
        return True
    return isinstance(got, Fraction) and answer is not None and same(got * 100, answer)


_NUMBER = r"-?\d*\.?\d+"
_TOLD = re.compile(
    rf"\b(?:correct|exact|answer|intended|better|should be)\b:?\s+({_NUMBER})(?!\S*[-+*/)])", re.IGNORECASE
)
_OR = re.compile(rf"\(or ({_NUMBER})\)")
_WORKED = re.compile(rf"\b(?:correct|exact|answer|intended|better)\b[^;]*=\s*({_NUMBER})\s*(?:;|$)", re.IGNORECASE)
_NO_NUMBER = re.compile(
    r"should (?:be|give|stay) (?:missing|undefined)|undefined,? not 0|\bbecomes 0\b|^undefined$", re.IGNORECASE
)


def better_answers(notes: str) -> tuple[Any, ...]:
    """The better answers that the notes of a quirk name: numbers, or None for "there is none"; empty when none is named."""
    if _NO_NUMBER.search(notes):
        return (None,)
    told = (*_WORKED.findall(notes), *_TOLD.findall(notes), *_OR.findall(notes))
    return tuple(Decimal(each) for each in told)
