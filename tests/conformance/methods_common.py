"""What the adapters of published methods share: reading an example's inputs, small cards, and holding figures.

Read `several` for answers of more than one figure, and `card` for the way from three numbers to a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import mne
from mne.scores.scheme import Scheme
from tests.conformance.building import counted, indicator, project, report
from tests.conformance.contract import Case, NotWired, Outcome, compared, number

NO_NUMBER: Final = ("error", "undefined", "n/a")
"""Words by which a source says that its method gives no number there."""


def given(case: Case) -> Mapping[str, Any]:
    """What the example starts from."""
    inputs: Mapping[str, Any] = case["inputs"]
    return inputs


def told(case: Case, got: Any) -> Outcome:
    """The answer, held against the expected one within the example's own tolerance."""
    want = case["expected"]
    if got is None and isinstance(want, str) and want.lower() in NO_NUMBER:
        return replace(compared(None, None), want=want)
    tolerance = case.get("tolerance")
    return compared(got, want, None if tolerance in (None, 0) else tolerance)


def several(case: Case, figures: Mapping[str, Any]) -> Outcome:
    """Of several figures those that are asked for.

    Raises:
        NotWired: a figure is asked for that nobody computes.
    """
    missing = [name for name in case["expected"] if name not in figures]
    if missing:
        raise NotWired(f"figures {', '.join(missing)}")
    return told(case, figures)


def exact(value: Any) -> Fraction:
    """A number that must be there.

    Raises:
        NotWired: there is none.
    """
    found = number(value)
    if found is None:
        raise NotWired("a number is missing that the method needs")
    return found


def numbers(values: Iterable[Any]) -> list[Fraction]:
    """A list of numbers as exact fractions."""
    return [exact(value) for value in values]


def named(values: Iterable[Any]) -> dict[str, Any]:
    """A list as parts with ids; numbers are exact, labels and gaps stay as they are."""
    return {
        f"p{at}": value if value is None or isinstance(value, str) else number(value) for at, value in enumerate(values)
    }


def decimal_of(value: Fraction) -> Decimal:
    """An exact decimal, for a scheme or a plan.

    Raises:
        NotWired: the number has no end of digits.
    """
    scaled = value * 10**12
    if scaled.denominator != 1:
        raise NotWired(f"{value} is no decimal")
    return Decimal(scaled.numerator).scaleb(-12)


def direction_of(sign: Any) -> str:
    """1 or true for what should rise, -1 or false for what should fall.

    Raises:
        NotWired: another sign.
    """
    if sign in (1, "1", "increase", "positive", True):
        return "increase"
    if sign in (-1, "-1", "decrease", "negative", False):
        return "decrease"
    raise NotWired(f"direction {sign!r}")


# --- cards ----------------------------------------------------------------------------------------------------------


def plain_scheme(
    *, floor: Any = None, ceiling: Any = None, scale: int = 1, undefined: Mapping[str, str] | None = None
) -> Scheme:
    """The default scheme without bands, with limits of one's own, where `scale` is "reached"."""
    shipped = mne.schemes()["baseline-target"]
    limits = {name: None if limit is None else str(limit) for name, limit in (("floor", floor), ("ceiling", ceiling))}
    return Scheme.model_validate(
        {
            **shipped.model_dump(),
            "id": "plain",
            "scale": scale,
            "bands": (),
            "undefined": {**shipped.undefined, **(undefined or {})},
            "achievement": {**shipped.achievement.model_dump(), **limits},
        }
    )


def card(actuals: Sequence[Any], *, target: Any, baseline: Any = None, scheme: Scheme | str) -> Any:
    """The scores of levels (I0, I1…) under one outcome, all with the same baseline and target, one report each."""
    start, end = number(baseline), number(target)
    levels = [
        indicator(
            f"I{at}",
            accumulation="level",
            direction="decrease" if start is not None and end is not None and end < start else "increase",
            baseline=None if start is None else {"value": decimal_of(start)},
            targets=() if end is None else ({"period": "2001", "value": decimal_of(end)},),
        )
        for at in range(len(actuals))
    ]
    rows = [report(actual, indicator=f"I{at}") for at, actual in enumerate(actuals) if actual is not None]
    return mne.score(counted(project(*levels), rows), scheme=scheme)
