"""Real reports, before any cleaning, through cells, plans, achievements and scores: `python -m tests.conformance.dutch PATH`.

The file holds results as Dutch-funded organisations published them, one to a line. Read `run` first, then `table`. Every
published period is a measurement with its own target, so it becomes an indicator of its own: the state at the period's
end. All that speaks of the same two days stands in one plan. Nothing is dropped: each count adds up to all periods.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import mne
from mne.reports.cells import BLANK, Answer, Marks, decimal_marks, number, yes_no
from mne.reports.dates import day, day_first
from mne.scores.conventions import Convention, met_at
from mne.scores.scheme import Scheme
from mne.tables.observations import Observations, State

CELLS: Final = ("actual", "target", "baseline")
DEFAULT: Final = Convention.BASELINE_TARGET.value
INSTEAD: Final = "baseline_target, else actual_over_target"
SCHEMES: Final = ("fcdo-annual-review", "tola-scope", "akvo-grades")
"""The schemes that are run beside the default one."""

_LEVELS: Final = {"1": "output", "2": "outcome", "3": "impact"}
_MEASURES: Final = {"1": "number", "2": "percentage", "3": "nominal", "4": "ordinal", "5": "narrative"}
"""The standard's codes for measures; a nominal or narrative one is kept as text and never computed."""
_TEXTS: Final = ("3", "5")
_NO_DATE: Final = dt.date(2019, 12, 31)
"""Stands for the dates of periods that have none: a plan of one day, in which no time passes."""
_YEAR: Final = re.compile(r"(19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Published:
    """One period as published, with every cell read."""

    id: str
    """Result, indicator and period, each as numbered in the file."""
    activity: int
    result: str
    level: str
    measure: str
    ascending: str
    cells: Mapping[str, Answer[Decimal]]
    texts: Mapping[str, str]
    start: Answer[dt.date]
    end: Answer[dt.date]
    baseline_year: str

    @property
    def dates(self) -> tuple[dt.date, dt.date] | None:
        """Its first and last day; None where one is missing, is no date, or both are the wrong way round."""
        first, last = self.start.value, self.end.value
        return None if first is None or last is None or last < first else (first, last)

    @property
    def direction(self) -> str:
        """Up unless it says otherwise, as the standard has it."""
        return "decrease" if yes_no(self.ascending).value is False else "increase"


@dataclass
class Tally:
    """What became of the periods: each of the counters adds up to `total`."""

    results: int = 0
    indicators: int = 0
    total: int = 0
    plans: int = 0
    counters: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    values: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By convention, how many have a number, and the reasons of those that have none."""
    ratings: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By convention, how its rating relates to that of the default convention."""
    schemes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    duplicates: list[str] = field(default_factory=list)

    def adds_up(self) -> bool:
        """Whether every counter holds every period once."""
        every = (self.counters, self.values, self.ratings, self.schemes)
        return all(counter.total() == self.total for group in every for counter in group.values())


# --- reading ------------------------------------------------------------------------------------------------------


def read(lines: Iterable[str]) -> list[Published]:
    """Every period of a file, its cells read as the cells of one report: each activity's columns by themselves."""
    by_activity: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        if line.strip():
            result = json.loads(line)
            by_activity[result["activity_id"]].append(result)
    return [each for results in by_activity.values() for each in _activity(results)]


def _activity(results: Sequence[Mapping[str, Any]]) -> Iterable[Published]:
    columns: dict[str, list[str]] = {name: [] for name in CELLS}
    dates: list[str] = []
    for result in results:
        for indicator in result["indicators"]:
            columns["baseline"].append(_text(indicator["baselines"]))
            for period in indicator["periods"]:
                columns["actual"].append(_text(period["actuals"]))
                columns["target"].append(_text(period["targets"]))
                dates += [*period["start"], *period["end"]]
    whole = decimal_marks(text for column in columns.values() for text in column)
    marks = {name: decimal_marks(column, otherwise=whole) for name, column in columns.items()}
    first = day_first(each for each in dates if each)
    for result in results:
        for at, indicator in enumerate(result["indicators"], start=1):
            for nth, period in enumerate(indicator["periods"], start=1):
                texts = {
                    "actual": _text(period["actuals"]),
                    "target": _text(period["targets"]),
                    "baseline": _text(indicator["baselines"]),
                }
                yield Published(
                    id=f"R{result['id']}.{at}.{nth}",
                    activity=result["activity_id"],
                    result=f"R{result['id']}",
                    level=_LEVELS.get(result["result_type"], "other"),
                    measure=indicator["measure"],
                    ascending=indicator["ascending"],
                    cells={name: _number(text, marks[name], indicator["measure"]) for name, text in texts.items()},
                    texts=texts,
                    start=_day(period["start"], first),
                    end=_day(period["end"], first),
                    baseline_year=str(indicator["baselines"][0].get("year") or ""),
                )


def _text(cells: Sequence[Mapping[str, Any]]) -> str:
    return str(cells[0].get("value") or "") if cells else ""


def _number(text: str, marks: Marks, measure: str) -> Answer[Decimal]:
    return number(text, marks=marks, percent=_MEASURES.get(measure) == "percentage")


def _day(texts: Sequence[str], first: bool | None) -> Answer[dt.date]:
    return day(texts[0], first=first) if texts and texts[0] else BLANK


def kind(answer: Answer[Any]) -> str:
    """What a cell says, in the words of the table."""
    if answer.value is not None:
        return "number"
    if answer.state is not None:
        return f"word for {answer.state.value.replace('_', ' ')}"
    return "blank" if answer.code is None else f"not a number: {answer.code}"


# --- plans --------------------------------------------------------------------------------------------------------


def plans(periods: Iterable[Published]) -> Iterable[tuple[mne.Logframe, Observations]]:
    """One plan with its reports for each pair of days, and one of a single day for the periods without dates."""
    groups: dict[tuple[dt.date, dt.date], list[Published]] = defaultdict(list)
    undated: list[Published] = []
    for each in periods:
        if each.dates is None:
            undated.append(each)
        else:
            groups[each.dates].append(each)
    yield from (_plan(f"P{at}", *dates, group) for at, (dates, group) in enumerate(sorted(groups.items()), start=1))
    if undated:
        yield _plan("undated", _NO_DATE, _NO_DATE, undated)


def _plan(id: str, start: dt.date, end: dt.date, group: Sequence[Published]) -> tuple[mne.Logframe, Observations]:
    by_result: dict[str, list[Published]] = defaultdict(list)
    for each in group:
        by_result[each.result].append(each)
    plan = mne.Logframe.model_validate(
        {
            "id": id,
            "title": f"{start} to {end}",
            "start": start,
            "end": end,
            "calendar": {"frequency": "annual"},
            "results": tuple(
                {
                    "id": result,
                    "title": result,
                    "level": parts[0].level,
                    "indicators": tuple(_indicator(each, end) for each in parts),
                }
                for result, parts in by_result.items()
            ),
        }
    )
    last = plan.periods()[-1]
    shared = {"project": id, "period": last.label, "period_start": last.start, "period_end": last.last_day}
    rows = [{**shared, "indicator": each.id, **_reported(each)} for each in group if _stands(each)]
    return plan, Observations.from_rows(rows)


def _indicator(each: Published, end: dt.date) -> dict[str, Any]:
    measure = _MEASURES.get(each.measure, "number")
    return {
        "id": each.id,
        "title": each.id,
        "measure": measure,
        "unit": None
        if measure in ("nominal", "ordinal", "narrative")
        else "percent"
        if measure == "percentage"
        else "unit",
        "accumulation": "level",
        "direction": each.direction,
        "reported_as": "value" if measure == "percentage" else None,
        "baseline": _baseline(each),
        "targets": _targets(each, end),
    }


def _baseline(each: Published) -> dict[str, Any] | None:
    answer = each.cells["baseline"]
    if answer.value is not None:
        # A year says no day; the earliest leaves the most periods with time behind them.
        known = each.dates is not None and _YEAR.fullmatch(each.baseline_year)
        return {"value": answer.value, "date": dt.date(int(each.baseline_year), 1, 1) if known else None}
    if not each.texts["baseline"].strip():
        return None
    refused = answer.state is State.NOT_APPLICABLE
    return {"status": "not_applicable" if refused else "pending", "as_published": each.texts["baseline"]}


def _targets(each: Published, end: dt.date) -> tuple[dict[str, Any], ...]:
    answer, text = each.cells["target"], each.texts["target"]
    if answer.value is not None:
        return ({"date": end, "value": answer.value},)
    if answer.state is State.NOT_APPLICABLE:
        return ({"date": end, "status": "not_applicable", "as_published": text},)
    return ({"date": end, "text": text},) if answer.refused else ()


def _stands(each: Published) -> bool:
    """Whether a report would be accepted: what should be a number and is none is held back."""
    return each.measure in _TEXTS or not each.cells["actual"].refused


def _reported(each: Published) -> dict[str, Any]:
    if each.measure in _TEXTS and each.texts["actual"].strip():
        return {"state": State.REPORTED.value, "text": each.texts["actual"]}
    answer = each.cells["actual"]
    if answer.value is not None:
        return {"state": State.REPORTED.value, "value": answer.value}
    return {"state": (answer.state or State.MISSING).value}


# --- counting -----------------------------------------------------------------------------------------------------


def schemes_by_convention() -> dict[str, Scheme]:
    """The default scheme, and the same with every other convention; where 0 is "reached" its bands begin so much lower."""
    shipped = mne.schemes()["baseline-target"]
    found = {DEFAULT: shipped}
    for convention in (each for each in Convention if each.value != DEFAULT):
        shift = Decimal(int(met_at(convention)) - 1) * shipped.scale
        bands = tuple(
            band.model_copy(
                update={
                    "lower": None if band.lower is None else band.lower + shift,
                    "above": None if band.above is None else band.above + shift,
                }
            )
            for band in shipped.bands
        )
        rule = shipped.achievement.model_copy(
            update={"convention": convention, "floor": None, "ceiling": None, "favourable": True}
        )
        found[convention.value] = shipped.model_copy(
            update={"id": f"by-{convention}", "achievement": rule, "bands": bands}
        )
    rule = shipped.achievement.model_copy(update={"no_baseline": "actual_over_target", "floor": None, "ceiling": None})
    found[INSTEAD] = shipped.model_copy(update={"id": "by-either", "achievement": rule})
    return found


def run(path: str | Path) -> Tally:
    """Every period of the file, through cells, plans, achievements and scores."""
    with Path(path).open(encoding="utf-8") as lines:
        periods = read(lines)
    tally = Tally(
        results=len({each.result for each in periods}),
        indicators=len({each.id.rpartition(".")[0] for each in periods}),
        total=len(periods),
    )
    _count_cells(periods, tally)
    by_convention, shipped = schemes_by_convention(), mne.schemes()
    usual_scheme = by_convention[DEFAULT]
    for plan, observations in plans(periods):
        tally.plans += 1
        values = mne.aggregate(observations, plan, until=plan.end)
        for value in values.values():
            tally.counters["state of the actual"][value.state.value + _why(value.reason)] += 1
        cards = {name: mne.score(values, scheme=scheme).indicators for name, scheme in by_convention.items()}
        usual = cards[DEFAULT]
        for name, card in cards.items():
            for code, part in card.items():
                tally.values[name]["number" if part.scored.value is not None else str(part.scored.reason)] += 1
                tally.ratings[name][_beside(usual[code].rating, part.rating)] += 1
        rated = {shipped[name].id: mne.score(values, scheme=shipped[name]).indicators for name in SCHEMES}
        for name, card in {usual_scheme.id: usual, **rated}.items():
            for part in card.values():
                tally.schemes[name][part.rating or "no rating" + _why(part.reason or part.scored.reason)] += 1
    return tally


def _why(reason: object) -> str:
    return f": {reason}" if reason is not None else ""


def _beside(usual: str | None, rating: str | None) -> str:
    if usual is None:
        return "neither" if rating is None else "only this"
    if rating is None:
        return "only the default"
    return "same" if usual == rating else "another"


def _count_cells(periods: Sequence[Published], tally: Tally) -> None:
    counts = tally.counters
    for each in periods:
        for name in CELLS:
            counts[name][kind(each.cells[name])] += 1
        counts["actual, target and baseline"][
            " ".join(name if each.cells[name].value is not None else "–" for name in CELLS)
        ] += 1
        counts["dates"][_dates(each)] += 1
        counts["measure"][_MEASURES.get(each.measure, "not said: taken as number")] += 1
        told = yes_no(each.ascending).value
        counts["direction"]["not said: taken as increase" if told is None else each.direction] += 1
        counts["target against baseline"][_against(each)] += 1
    _count_duplicates(periods, tally)


def _dates(each: Published) -> str:
    if each.dates is not None:
        return "both"
    first, last = each.start, each.end
    if first.value is not None and last.value is not None:
        return "end before start"
    refused = first.code or last.code
    if refused is not None:
        return f"no date: {refused}"
    return "blank" if first.value is None and last.value is None else "one is blank"


def _against(each: Published) -> str:
    target, baseline = each.cells["target"].value, each.cells["baseline"].value
    if target is None or baseline is None:
        return "not both are numbers"
    if target == baseline:
        return "equal"
    return "in the direction" if (target > baseline) is (each.direction == "increase") else "against the direction"


def _count_duplicates(periods: Sequence[Published], tally: Tally) -> None:
    """Periods of one indicator that have the same dates: named, and each still counted."""
    groups: dict[tuple[str, str], list[Published]] = defaultdict(list)
    for each in periods:
        dates = "no dates" if each.dates is None else f"{each.dates[0]} to {each.dates[1]}"
        groups[each.id.rpartition(".")[0], dates].append(each)
    for (indicator, dates), group in groups.items():
        first = (group[0].texts["actual"], group[0].texts["target"])
        tally.counters["duplicates"]["first of its dates"] += 1
        for again in group[1:]:
            same = (again.texts["actual"], again.texts["target"]) == first
            what = "no dates" if dates == "no dates" else "same dates"
            tally.counters["duplicates"][f"again, {what}, {'same' if same else 'other'} figures"] += 1
            tally.duplicates.append(f"{again.id}: {indicator} has {dates} again, {'same' if same else 'other'} figures")


# --- telling ------------------------------------------------------------------------------------------------------


def table(tally: Tally) -> str:
    """All the counts, as Markdown."""
    held = "adds" if tally.adds_up() else "DOES NOT ADD"
    lines = [
        f"{tally.results:,} results, {tally.indicators:,} indicators, {tally.total:,} periods, {tally.plans:,} plans;"
    ]
    lines += [
        f"each group of counts {held} up to {tally.total:,}; {len(tally.duplicates):,} periods repeat another one's dates."
    ]
    lines += ["", "| what | says | periods | % |", "|---|---|--:|--:|"]
    for name, counter in tally.counters.items():
        lines += [f"| {name} | {said} | {count:,} | {_share(count, tally)} |" for said, count in _ordered(counter)]
    lines += _wide("achievement under", tally.values, first=("number",))
    lines += _wide(
        "rating beside the default's",
        tally.ratings,
        first=("same", "another", "only this", "only the default", "neither"),
    )
    for name, counter in tally.schemes.items():
        lines += ["", f"| {name} | periods | % |", "|---|--:|--:|"]
        lines += [f"| {said} | {count:,} | {_share(count, tally)} |" for said, count in _ordered(counter)]
    return "\n".join(lines)


def _wide(title: str, counters: Mapping[str, Counter[str]], *, first: Sequence[str]) -> list[str]:
    found = {key for counter in counters.values() for key in counter}
    columns = [*first, *sorted(found - set(first))]
    lines = ["", f"| {title} | {' | '.join(columns)} | all |", f"|---|{'--:|' * (len(columns) + 1)}"]
    for name, counter in counters.items():
        lines.append(f"| {name} | {' | '.join(f'{counter[key]:,}' for key in columns)} | {counter.total():,} |")
    return lines


def _ordered(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))


def _share(count: int, tally: Tally) -> str:
    return f"{100 * count / tally.total:.1f}"


def main(arguments: Sequence[str]) -> int:
    """Print the table and the duplicates; 0 if all adds up, 1 if not, 2 without a file."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tests.conformance.dutch PATH\n")
        return 2
    begun = time.perf_counter()
    tally = run(arguments[0])
    told = [table(tally), "", f"{len(tally.duplicates)} duplicates:", *tally.duplicates]
    sys.stdout.write("\n".join(told) + f"\n\n{time.perf_counter() - begun:.1f} s\n")
    return 0 if tally.adds_up() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
