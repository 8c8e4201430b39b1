"""Plain functions of the arithmetic over grids of arguments, with their edges, held against what somebody checked once.

One line for each call that gives something else than the one before it, so that the files stay short.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import mne
from mne.errors import MneError
from mne.scores import conventions, equity, quality, survey, trajectory
from mne.scores.scheme import schemes

Golden = Callable[[str, str], None]
F = Fraction

SERIES: dict[str, tuple[Any, ...]] = {
    "none": (),
    "one": (5,),
    "two": (5, 7),
    "alike": (4, 4, 4, 4, 4, 4),
    "all but one alike": (4, 4, 4, 4, 4, 9),
    "spread": (1, 2, 3, 5, 8, 13, 21),
    "high end": (10, 11, 9, 10, 12, 11, 10, 9, 11, 300),
    "low end": (100, 101, 99, 100, 102, 101, 100, 99, 101, -300),
    "both ends": (-500, 10, 11, 9, 10, 12, 11, 10, 9, 500),
    "two high": (10, 11, 9, 10, 12, 11, 10, 9, 300, 400, 10, 11, 9, 10, 12, 11, 10, 9, 11, 10, 12),
    "large": (900, 1000, 1100, 1050, 950, 1020, 980, 99_000),
    "below zero": (-5, -4, -6, -5, -50),
    "fractions": (F(1, 3), F(1, 2), F(2, 3), F(9, 2)),
}
SIZES: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "equal": ((10, 10, 10), (50, 50, 50)),
    "rising": ((10, 20, 30), (20, 40, 60)),
    "falling": ((5, 5, 40), (90, 60, 10)),
    "uneven": ((1, 2, 3, 4), (10, 0, 30, 20)),
    "zero": ((0, 10), (0, 0)),
    "nobody": ((0, 0), (1, 2)),
}


def shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = ((each.name, getattr(value, each.name)) for each in dataclasses.fields(value))
        return (
            f"{type(value).__name__}({', '.join(f'{name}={shown(each)}' for name, each in told if each is not None)})"
        )
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(map(shown, value)) + ")"
    return str(value)


def told(name: str, call: Callable[[], Any]) -> str:
    try:
        return f"{name}: {shown(call())}"
    except MneError as error:
        return f"{name}: {type(error).__name__}: {error}"


def grid(function: Callable[..., Any], **options: tuple[Any, ...]) -> Iterator[str]:
    """One line for each combination of arguments."""
    yield f"# {function.__name__}"
    for chosen in itertools.product(*options.values()):
        given = dict(zip(options, chosen, strict=True))
        yield told(", ".join(f"{name}={each}" for name, each in given.items()), lambda given=given: function(**given))


def _of_series() -> Iterator[str]:
    calls: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("modified_z", quality.modified_z),
        ("modified_z without fallback", lambda series: quality.modified_z(series, fallback=False)),
        ("modified_z above 1", lambda series: quality.modified_z(series, threshold=1)),
        ("mad_outliers", quality.mad_outliers),
        ("mad_outliers of small", lambda series: quality.mad_outliers(series, threshold=3, least=1)),
        ("proportional", quality.proportional_outliers),
        ("proportional of small", lambda series: quality.proportional_outliers(series, share=F(1, 2), least=1)),
        ("z_scores", quality.z_scores),
        ("z_scores of a sample", lambda series: quality.z_scores(series, ddof=1)),
        ("moments", quality.moments),
        ("winsorised", quality.winsorised),
        ("winsorised, two at most", lambda series: quality.winsorised(series, most=2)),
        ("winsorised, strictly", lambda series: quality.winsorised(series, skewness=0.5, kurtosis=0.5, most=4)),
        ("winsorised, none", lambda series: quality.winsorised(series, skewness=0, kurtosis=0, most=0)),
    )
    for name, call in calls:
        yield f"# {name}"
        for which, series in SERIES.items():
            yield told(which, lambda call=call, series=series: call(series))


def test_quality(golden: Golden) -> None:
    numbers = (None, 0, 5, 10)
    lines = [
        *_of_series(),
        *grid(quality.largest_z, n=(-1, 0, 1, 2, 3, 10), ddof=(0, 1)),
        *grid(quality.completeness, received=(-1, 0, 3, 4, 5), expected=(-1, 0, 4)),
        *grid(quality.timeliness, on_time=(-1, 0, 3, 4, 5), expected=(-1, 0, 4)),
        *grid(quality.pair_check, first=numbers, second=numbers, least=(None, F(1, 2)), most=(None, 1)),
        *grid(quality.verification_factor, recounted=(-1, 0, 90, 100, 111), reported=(0, 100), tolerance=(0, 0.1)),
        *grid(
            quality.dqa_score,
            complete=((), (True, False, True), (True, None)),
            not_outlier=((), (True, True)),
            consistent=((), (False,), (None,)),
        ),
        *grid(quality.annualised, numerator=(0, 30), denominator=(0, 400), factor=(1, 1000), days=(None, 0, 90, 365)),
    ]
    golden("grid-quality.txt", "\n".join(lines) + "\n")


def test_equity(golden: Golden) -> None:
    pairs = (0, F(1, 2), 40, 41)
    turned = {"young": (8, 10), "old": (40, 100)}
    before = {"young": (70, 100), "old": (3, 10)}
    lines = [
        *grid(equity.gap, first=pairs, second=pairs),
        *grid(equity.ratio_of_groups, first=pairs, second=pairs),
        *grid(equity.parity, first=pairs, second=pairs),
        *grid(equity.parity, first=(40,), second=(40, 41), range=((F(1, 2), 1), (1, F(1, 2)))),
        "# by groups",
    ]
    for name, (sizes, estimates) in SIZES.items():
        lines += [
            told(f"inequality, {name}", lambda s=sizes, e=estimates: equity.inequality(s, e)),
            told(f"inequality against 40, {name}", lambda s=sizes, e=estimates: equity.inequality(s, e, reference=40)),
            told(f"concentration, {name}", lambda s=sizes, e=estimates: equity.concentration(s, e)),
        ]
        for reference, favourable in itertools.product(("last", "best", 0, 9), (True, False)):
            lines.append(
                told(
                    f"attributable risk to {reference}, favourable {favourable}, {name}",
                    lambda s=sizes, e=estimates, r=reference, f=favourable: equity.attributable_risk(
                        s, e, reference=r, favourable=f
                    ),
                )
            )
    lines += [
        *grid(
            equity.standardised,
            rates=((), ((1, 2), (3, 4)), ((1, 0), (3, 4)), ((0, 5),)),
            weights=((), (1, 3), (0, 0), (2,), (-1, 2)),
        ),
        *grid(
            equity.simpson,
            first=({}, before, {"young": (1, 2)}, {"young": (0, 0), "old": (3, 10)}),
            second=({}, turned, before, {"young": (1, 2)}),
        ),
        *grid(
            equity.goalposts,
            value=(-1, 0, 25, 100, 120),
            low=(0, 20),
            high=(20, 100),
            direction=("increase", "decrease"),
        ),
    ]
    golden("grid-equity.txt", "\n".join(lines) + "\n")


def test_survey(golden: Golden) -> None:
    between = survey.Interval(0.4, 0.6, 0.95) if len(dataclasses.fields(survey.Interval)) == 3 else None
    intervals = tuple(
        each
        for each in (between, survey.wilson(50, 100), survey.wilson(0, 10), survey.clopper_pearson(9, 10))
        if each is not None
    )
    lines = [
        *grid(survey.wilson, successes=(0, 1, 50, 100), n=(0, 1, 100), confidence=(0.9, 0.95), design_effect=(1, 2)),
        *grid(survey.clopper_pearson, successes=(0, 3, 10), n=(0, 10), confidence=(0.8, 0.95), design_effect=(1, 1.5)),
        *grid(
            survey.target_verdict, interval=intervals, target=(0, 0.4, 0.5, 0.6, 1), direction=("increase", "decrease")
        ),
        *grid(survey.range_verdict, interval=intervals, least=(None, 0, 0.4, 0.5, 1), most=(None, 0.2, 0.6, 1)),
        *grid(
            survey.change_between,
            first=((10, 100), (0, 0), (50, 100), (0, 50)),
            second=((10, 100), (30, 100), (48, 100), (50, 50)),
            design_effect=(1, 2),
            confidence=(0.9, 0.95),
        ),
    ]
    golden("grid-survey.txt", "\n".join(lines) + "\n")


def test_conventions(golden: Golden) -> None:
    numbers = (None, F(-10), F(0), F(5), F(20), F(40))
    lines = [
        *grid(conventions.formula, convention=tuple(conventions.Convention), direction=("increase", "decrease", "maintain"),
              favourable=(False, True)),
        *grid(conventions.met_at, convention=tuple(conventions.Convention)),
        *grid(conventions.is_reached, actual=numbers[1:], baseline=numbers[2:5], target=numbers[2:5]),
    ]  # fmt: skip
    for convention, direction in itertools.product(conventions.Convention, ("increase", "decrease", "maintain")):
        lines.append(f"# {convention}, {direction}")
        for actual, target, baseline in itertools.product(
            numbers, (None, F(0), F(10), F(20)), (None, F(0), F(8), F(40))
        ):
            found = told(
                f"{actual} of {target} from {baseline}",
                lambda a=actual, t=target, b=baseline, c=convention, d=direction: mne.achievement_of(
                    actual=a, target=t, baseline=b, convention=c, direction=d, favourable=True, expected=F(1, 2),
                    elapsed=F(2), span=F(4),
                ),
            )  # fmt: skip
            lines.append(found)
    golden("grid-conventions.txt", "\n".join(lines) + "\n")


def test_trajectories(golden: Golden) -> None:
    numbers = (None, F(0), F(10), F(25))
    lines = [
        *grid(
            trajectory.trajectory,
            baseline=numbers,
            actual=numbers[1:],
            target=(None, F(0), F(20)),
            elapsed=(F(0), F(2)),
            span=(F(5),),
            direction=("increase", "decrease"),
            limit=(None, F(18)),
        ),
        *grid(trajectory.compound_growth, first=numbers[1:], last=numbers[1:], years=(F(0), F(1), F(3, 2))),
        *grid(
            trajectory.linear_projection, values=([F(1)], [F(1), F(3)], [F(1), F(3), F(2), F(9)]), years=(F(0), F(2))
        ),
        *grid(trajectory.power, base=(F(1, 4), F(4), F(3, 2)), exponent=(F(0), F(1, 2), F(3), F(-1))),
    ]
    golden("grid-trajectories.txt", "\n".join(lines) + "\n")


PARTS: tuple[Mapping[str, Any], ...] = (
    {"a": 50, "b": 100},
    {"a": F(1, 3), "b": 0, "c": 90},
    {"a": None, "b": 80},
    {"a": None, "b": None},
    {"a": -10, "b": 40},
)
WEIGHTS = (None, {"a": 1, "b": 3, "c": 0}, {"a": 0, "b": 0, "c": 0})


def test_combinations(golden: Golden) -> None:
    lines = ["# combine"]
    for parts, weights in itertools.product(PARTS, WEIGHTS):
        mine = None if weights is None else {code: weights[code] for code in parts}
        lines += grid(
            lambda mine=mine, parts=parts, **more: mne.combine(parts, weights=mine, **more),
            aggregate=("mean", "geometric", "harmonic", "min"),
            missing=("drop", "zero", "fail") if None in parts.values() else ("drop",),
            not_positive=("zero", "undefined") if -10 in parts.values() or 0 in parts.values() else ("zero",),
            min_coverage=(None, F(3, 5)) if None in parts.values() else (None,),
        )
    for name, scheme in schemes().items():
        lines.append(f"# {name}")
        labels = [band.label for band in scheme.bands]
        for first, second in itertools.product([*labels, None], repeat=2):
            given = {"a": first, "b": second}
            lines.append(told(f"{first} and {second}", lambda given=given, name=name: mne.combine(given, scheme=name)))
    golden("grid-combinations.txt", "\n".join(dict.fromkeys(lines)) + "\n")
