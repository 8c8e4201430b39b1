"""Targets and results over the periods of a project, as TolaData, Akvo RSR and DevResults keep them.

Read `Series` first: targets and results become one indicator over so many years. Three ways of adding up occur: "none"
(each period stands for itself, and the end is their sum), "summing" (targets and actuals run on), and "level".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import mne
from tests.conformance.building import (
    FIRST_YEAR,
    counted,
    in_period,
    indicator,
    label,
    pair,
    percent,
    project,
    ratio,
    report,
)
from tests.conformance.contract import Adapter, Case, Datasets, NotWired, Outcome, judged, number

OVER_UNDER: Final[Mapping[Any, int]] = {"high": 1, "on": 0, "low": -1}
_WAYS: Final = (
    ("none", re.compile(r"non-?\s?cum|cumulation none|\bnone\b|sum of (?:periodic )?targets", re.IGNORECASE)),
    ("level", re.compile(r"level|percentage|^percent$|latest|midline", re.IGNORECASE)),
    ("summing", re.compile(r"summing|running sum|\bcum(?:ulative)?\b|actual = sum", re.IGNORECASE)),
)


def way_of(text: str, otherwise: str = "none") -> str:
    """How periods add up, by the words of a case."""
    return next((way for way, words in _WAYS if words.search(text)), otherwise)


@dataclass(frozen=True)
class Series:
    """Targets and results by period, and how they add up. A period's results are in the order in which they came."""

    targets: tuple[Any, ...]
    results: tuple[tuple[Any, ...], ...]
    way: str
    decreasing: bool = False

    @classmethod
    def of(cls, targets: Sequence[Any], results: Sequence[Any], way: str, *, decreasing: bool = False) -> Series:
        """Of lists; a period's result may be one number, a list, or None; periods without a result may be left out."""
        told = [each if isinstance(each, (list, tuple)) else [each] for each in results]
        found = tuple(tuple(each for each in period if each is not None) for period in told)
        periods = max(len(targets), len(found))
        return cls(
            (*targets, *[None] * (periods - len(targets))),
            (*found, *[()] * (periods - len(found))),
            way,
            decreasing,
        )

    @classmethod
    def from_inputs(cls, inputs: Mapping[str, Any], method: str) -> Series:
        """Of a case's inputs: lists, or mappings from the names of periods in their order."""
        targets = inputs.get("targets", ())
        results = inputs.get("results_by_period", inputs.get("results", inputs.get("monthly_results", ())))
        if isinstance(targets, Mapping):
            names = list(targets)
            given = results if isinstance(results, Mapping) else dict(zip(names, results, strict=False))
            targets, results = list(targets.values()), [_dated(given.get(name)) for name in names]
        way = way_of(str(inputs["cumulation"]) if "cumulation" in inputs else method)
        falling = "decreasing" in method and "no direction" not in method and "increasing" not in method
        decreasing = inputs.get("decreasing")
        return cls.of(targets, results, way, decreasing=falling if decreasing is None else bool(decreasing))

    @property
    def direction(self) -> str:
        """Which way is better."""
        return "decrease" if self.decreasing else "increase"

    @property
    def ratio(self) -> str:
        """TolaData's percent met: actual over target, and target over actual where less is better."""
        return "inverse_ratio" if self.decreasing else "actual_over_target"

    def plan(self, *, disaggregation: Any = (), **options: Any) -> Any:
        """The series as a project over so many years."""
        basis = {"none": "per_period", "summing": "cumulative", "level": None}[self.way]
        targets = tuple(
            {"period": label(at), "value": target, "basis": basis}
            for at, target in enumerate(self.targets)
            if target is not None
        )
        kind = "level" if self.way == "level" else "flow"
        one = indicator(accumulation=kind, direction=self.direction, targets=targets, disaggregation=disaggregation)
        return project(one, years=len(self.targets), **options)

    def value(self, until: Any = None) -> Any:
        """The indicator's value to the end of period `until`, or of the last period that anybody reported."""
        rows = [report(each, at, nth=nth) for at, period in enumerate(self.results) for nth, each in enumerate(period)]
        told = [at for at, period in enumerate(self.results) if period]
        return counted(self.plan(), rows, until=max(told, default=0) if until is None else until)["I"]

    def actuals(self) -> list[Fraction | None]:
        """What each period shows: its own value, or the sum to date; nothing where nobody reported in it."""
        value = self.value(len(self.targets) - 1)
        return [_shown(value.period(label(at)), running=self.way == "summing") for at in range(len(self.targets))]

    def met(self, convention: str | None = None) -> list[Fraction | None]:
        """What each period shows, against the period's own target."""
        return [
            self._held(actual, target, convention or self.ratio)
            for actual, target in zip(self.actuals(), self.targets, strict=True)
        ]

    def _held(self, actual: Fraction | None, target: Any, convention: str) -> Fraction | None:
        return mne.achievement_of(
            actual=actual, target=number(target), convention=convention, direction=self.direction, favourable=True
        )[0]

    def achieved(self, against: str, *, convention: str | None = None, until: Any = None) -> dict[str, Any]:
        """Target, actual and percent met of the whole: against the end target, or what was due by the last report."""
        rule = _rule(convention or self.ratio)
        found = mne.achievement(self.value(until), against=against, rule=rule)
        return {"target": found.target, "actual": found.actual, "percent_met": found.value, "met": found.value}


def _dated(results: Any) -> Any:
    """Results with a date in the order of their dates."""
    if isinstance(results, (list, tuple)) and all(isinstance(each, Mapping) for each in results):
        return [each["value"] for each in sorted(results, key=lambda each: str(each.get("date", "")))]
    return results


def _rule(convention: str) -> Any:
    from mne.scores.scheme import AchievementRule

    return AchievementRule(convention=convention, favourable=True, due="periods_with_data")


def _shown(each: Any, *, running: bool) -> Fraction | None:
    if each.amount.value is None:
        return None
    found: Fraction | None = (each.to_date if running else each.amount).value
    return found


def scoped(series: Series, against: str) -> dict[str, Any]:
    """Target and actual of the whole, and whether the variance between them is in TolaData's scope."""
    found = series.achieved(against, convention="variance")
    variance = found["met"]
    band = None if variance is None else mne.schemes()["tola-scope"].band(variance * 100)
    return {"target": found["target"], "actual": found["actual"], "rating": None if band is None else band.label}


# --- topics ---------------------------------------------------------------------------------------------------------


def by_period(case: Case, data: Datasets) -> Outcome:
    """Actual and percent met of every period, and of the end of the project."""
    inputs, method, asked = case["inputs"], case["method"], case["expected"]
    if "dataset" in inputs:
        from tests.conformance.peers_sites import sites

        return sites(case, data)
    if not {"targets", "monthly_results"} & set(inputs):
        raise NotWired(f"periods of {sorted(inputs)}")
    series = Series.from_inputs(inputs, method)
    met = series.met()
    whole = {**series.achieved("final")}
    lop = asked.get("lop") if isinstance(asked, Mapping) else None
    named = {}
    if isinstance(inputs.get("targets"), Mapping):
        each = zip(inputs["targets"], series.actuals(), met, strict=True)
        named = {name: None if actual is None else {"actual": actual, "percent_met": share, "met": share}
                 for name, actual, share in each}  # fmt: skip
    return judged(
        case,
        {
            **named,
            "actuals": _as_many(series.actuals(), asked, "actuals"),
            "percent_met": _as_many([percent(m) for m in met] if "(report)" in method else met, asked, "percent_met"),
            "met": _as_many(met, asked, "met"),
            "lop": whole if isinstance(lop, Mapping) or lop is None else whole["met"],
            "progress": series.achieved("milestone"),
        },
    )


def _as_many(found: list[Any], asked: Any, key: str) -> list[Any]:
    """As many figures as are asked for, where all that is left over are periods without one."""
    wanted = asked.get(key) if isinstance(asked, Mapping) else None
    length = len(wanted) if isinstance(wanted, (list, tuple)) else len(found)
    return found[:length] if all(each is None for each in found[length:]) else found


def of_the_whole(case: Case, data: Datasets) -> Outcome:
    """The end of the project, or only the periods that have ended; "same" speaks of the case before with these inputs."""
    inputs, method = case["inputs"], case["method"]
    ended = inputs.get("periods_ended")
    if ended is None:
        return judged(case, Series.from_inputs(inputs, method).achieved("final"))
    if method.startswith("same"):
        method = _told_before(case, data) or method
    return judged(case, Series.from_inputs(inputs, method).achieved("milestone", until=ended - 1))


def _told_before(case: Case, data: Datasets) -> str | None:
    """The method of the case with the same targets and results that says how they add up."""
    plain = {key: value for key, value in case["inputs"].items() if key != "periods_ended"}
    return next(
        (str(each["method"]) for each in data.get("cases", ()) if each["inputs"] == plain and each["id"] != case["id"]),
        None,
    )


def rated_by_period(case: Case, data: Datasets) -> Outcome:
    """Actual over target in whole per cent, and whether each period is in scope."""
    from mne.scores.scheme import Rounding

    series = Series.from_inputs(case["inputs"], case["method"])
    scheme, whole = mne.schemes()["tola-scope"], Rounding(digits=0)
    bands = [None if each is None else scheme.band(each * 100) for each in series.met("variance")]
    shares = [percent(each) for each in series.met("actual_over_target")]
    return judged(
        case,
        {
            "actuals": series.actuals(),
            "actual_over_target_percent": [None if each is None else whole(each) for each in shares],
            "over_under": [None if band is None else OVER_UNDER[band.label] for band in bands],
        },
    )


_FREQUENCIES: Final = {"month": ("monthly", 12), "quarter": ("quarterly", 4), "semester": ("semiannual", 2),
                       "half": ("semiannual", 2), "year": ("annual", 1), "annual": ("annual", 1)}  # fmt: skip


def rebinned(case: Case, data: Datasets) -> Outcome:
    """The same dated results in periods of another length."""
    inputs, asked = case["inputs"], list(case["expected"])
    kind = re.sub(r"[\s_-]*\d+$", "", asked[0])
    if kind not in _FREQUENCIES:
        raise NotWired(f"periods called {asked[0]}")
    frequency, _ = _FREQUENCIES[kind]
    way = way_of(str(inputs["cumulation"]))
    rows = []
    for day, value in inputs["results"]:
        month, date = (int(part) for part in str(day).split("-")[-2:])
        on = dt.date(2001, month, date)
        rows.append(report(value, span=(on, on)))
    plan = project(indicator(accumulation="level" if way == "level" else "flow"), calendar={"frequency": frequency})
    periods = counted(plan, rows)["I"].periods
    found = {f"{kind}{at}": _shown(each, running=way == "summing") for at, each in enumerate(periods, start=1)}
    return judged(case, {name: found[re.sub(r"[\s_-]", "", name)] for name in asked})


def target_schedule(case: Case, data: Datasets) -> Outcome:
    """Targets for periods as targets to date; whether all of them are set."""
    inputs = case["inputs"]
    if "incremental" in inputs:
        series = Series.of(inputs["incremental"], inputs["incremental"], "none")
        reached = [series.achieved("milestone", until=at)["target"] for at in range(len(series.targets))]
        return judged(case, {"cumulative": reached})
    if case["method"] == "all targets defined":
        return judged(case, _all_targets(str(inputs["case"]), inputs.get("targets")))
    raise NotWired(case["method"])


_COUNTS: Final = {"no": 0, "none": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}


def _counted(words: str, noun: str) -> int | None:
    """The number before a noun: "two targets", "13 months"."""
    found = re.search(rf"(\w+) {noun}s?\b", words)
    if found is None:
        return None
    return int(found[1]) if found[1].isdigit() else _COUNTS.get(found[1])


def _all_targets(words: str, given: Any) -> bool:
    """Whether something was promised for every period of an indicator; events have days instead of periods."""
    plan = _with_targets(words, given)
    (only,) = plan.indicators.values()
    of_events = all(target.date is not None for target in only.targets)
    return bool(only.targets) and (of_events or not plan.periods_without_target(only))


def _with_targets(words: str, given: Any) -> Any:
    """A plan in which targets are set for some periods of an indicator, as the words of a case say."""
    if "no frequency" in words or re.search(r"\bno (?:target|event)|\bwithout\b|\bempty\b", words):
        return project(indicator(accumulation="level"))
    if "event" in words or re.match(r"lop\b|end of project", words):
        return project(indicator(accumulation="level", targets=({"date": "2001-06-30", "value": 1, "kind": "final"},)))
    if "mid" in words and "end" in words:
        which = [0] if "mid only" in words else [1] if "end only" in words else [0, 1]
        return _due_in(which, "annual", dt.date(FIRST_YEAR + 1, 12, 31))
    months = _counted(words, "month") if re.match(r"monthly", words) else None
    periods = _counted(words, "period") if months is None else months
    told = (
        len(given) if isinstance(given, (list, tuple)) else _counted(words, "target") if given is None else int(given)
    )
    if periods is None or told is None:
        raise NotWired(f"targets of {words!r}")
    frequency = "annual" if months is None else "monthly"
    length = periods * (12 if months is None else 1)
    if more := re.search(r"([-+]) ?(\d+) months?", words):
        length += int(more[1] + more[2])
    after = dt.date(FIRST_YEAR + length // 12, length % 12 + 1, 1)
    return _due_in(range(told), frequency, after - dt.timedelta(days=1))


def _due_in(which: Iterable[int], frequency: str, end: dt.date) -> Any:
    """A plan to `end` whose indicator has targets in these of its periods."""
    empty = project(end=end, calendar={"frequency": frequency})
    labels = [each.label for each in empty.periods()]
    targets = tuple({"period": labels[at], "value": at + 1} for at in which if at < len(labels))
    level = indicator(accumulation="level", targets=targets)
    return project(level, end=end, calendar={"frequency": frequency})


def pooled_per_period(case: Case, data: Datasets) -> Outcome:
    """A percentage restates its own period: it does not run on."""
    periods = list(case["inputs"])
    rows = [pair(case["inputs"][name]["n"], case["inputs"][name]["d"], at) for at, name in enumerate(periods)]
    value = counted(project(ratio(), years=len(periods)), rows)["I"]
    return judged(case, {name: in_period(value, at).value for at, name in enumerate(periods)})


ADAPTERS: Final[Mapping[str, Adapter]] = {
    "time_periods": by_period,
    "life_of_project": of_the_whole,
    "progress_to_date": of_the_whole,
    "time_periods_rag": rated_by_period,
    "time_rebinning": rebinned,
    "target_schedule": target_schedule,
    "cumulative_percentage": pooled_per_period,
}
