"""Reports of any size for any logframe, seeded: the same arguments, the same table.

Read `report` first. Everybody whom a plan asks reports every period, nearly every row is a cell of its own, and but for
the defects that were asked for nothing in it is wrong.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.columns import FIGURES, NONE, Coded, Draft, Numbers
from benchmarks.projects import adds_up, in_words, leaves, rows_of, split_of
from mne.logframe.indicator import TOTAL, Accumulation, Indicator, Measure
from mne.logframe.model import Logframe

Array = np.ndarray[Any, Any]
AMENDED = 0.02
"""The share of rows that are sent a second time with a higher revision."""
WORDS = ("a road", "training went on", "meeting held", "photos taken")
OTHER_UNITS = {"kg": ("t", 1000), "t": ("kg", 1000), "person": ("person", 1)}
"""What some partners report in instead, and how many of one the other holds."""


def report(
    project: Logframe,
    rows: int,
    *,
    seed: int = 7,
    defects: float | Mapping[str, float] = 0.0,
    numbers: Numbers = "float",
) -> pl.DataFrame:
    """A partners' table of about so many rows, in the order in which reports come in.

    Args:
        project: whose indicators, periods, partners, places and categories it speaks of; `projects.widened` adds to it.
        rows: how many rows; whole series, so it may be a few per cent more. Fewer where the plan has no more cells.
        seed: of the chance.
        defects: the share of rows with a defect, shared out evenly among all kinds that the plan and the columns can
            have; or the share of each kind, by the names of `mne.testing.DEFECTS`.
        numbers: the type of the columns of numbers. Cells that are no number need a table of text.
    """
    from benchmarks.defects import spoil

    chance = np.random.default_rng(seed)
    draft = _clean(project, rows, chance)
    draft, sound = spoil(draft, project, defects, chance, text=numbers == "text")
    draft = _amended(draft, sound, project, chance)
    return _arranged(draft, project).frame(numbers)


def all_bad(project: Logframe, rows: int, *, seed: int = 7, numbers: Numbers = "float") -> pl.DataFrame:
    """A table in which no row is right: each has one of the defects that one cell can have."""
    from benchmarks.defects import spoil_all

    chance = np.random.default_rng(seed)
    draft = _clean(project, rows, chance)
    spoil_all(draft, project, chance)
    return _arranged(draft, project).frame(numbers)


def save(table: pl.DataFrame, path: Path) -> Path:
    """The table as Parquet or CSV, by the ending."""
    if path.suffix == ".parquet":
        table.write_parquet(path)
    else:
        table.write_csv(path)
    return path


# ------------------------------------------------------------------------------------------------------ who says what


def _reporters(project: Logframe) -> list[tuple[str, str]]:
    """Who may report an indicator that nobody is assigned to, partner by partner."""
    return list(itertools.product(project.partners or (TOTAL,), leaves(project) or [TOTAL]))


def _clean(project: Logframe, rows: int, chance: np.random.Generator) -> Draft:
    """Rows in which nothing is wrong: whole series of totals, some of them with their parts."""
    reported = [each for each in project.indicators.values() if each.formula is None]
    last, fixed = _due(project, reported, rows)
    free = [each for each in reported if not each.assignments]
    each_reporter = sum(rows_of(project, each) * _periods(project, each, last) for each in free)
    everybody = _reporters(project)
    count = min(len(everybody), max(1, math.ceil((rows - fixed) / max(1, each_reporter))))
    parts = []
    for at, indicator in enumerate(project.indicators.values()):
        if indicator.formula is not None or not _periods(project, indicator, last):
            continue
        pairs = [*_asked(project, indicator, last)] if indicator.assignments else everybody[:count]
        if pairs:
            parts.append(_of_indicator(project, at, indicator, pairs, last, chance))
    for before, each in itertools.pairwise(parts):
        each.series += before.series.max() + 1
        each.group += before.group.max() + 1
    return Draft.joined(parts)


def _asked(project: Logframe, indicator: Indicator, last: dt.date) -> dict[tuple[str, str], int]:
    """Whom a plan asks until a day, and for how many periods."""
    found: dict[tuple[str, str], int] = {}
    for period in project.periods_of(indicator) if indicator.assignments else ():
        for pair in project.expected_reporters(indicator, period) if min(period.last_day, project.end) <= last else ():
            found[pair] = found.get(pair, 0) + 1
    return found


def _due(project: Logframe, reported: list[Indicator], rows: int) -> tuple[dt.date, float]:
    """The day by which so many rows are due of those who are assigned, and how many are.

    What is due must be there, so that in a small table there are fewer periods, not fewer reporters.
    """
    due: dict[dt.date, float] = {}
    for indicator in reported:
        for period in project.periods_of(indicator) if indicator.assignments else ():
            there = len(project.expected_reporters(indicator, period)) * rows_of(project, indicator)
            last = min(period.last_day, project.end)
            due[last] = due.get(last, 0) + there
    so_far = 0.0
    for last in sorted(due):
        so_far += due[last]
        if so_far >= rows:
            return last, so_far
    return project.end, so_far


def _periods(project: Logframe, indicator: Indicator, last: dt.date) -> int:
    return sum(min(each.last_day, project.end) <= last for each in project.periods_of(indicator))


def _of_indicator(
    project: Logframe,
    at: int,
    indicator: Indicator,
    pairs: list[tuple[str, str]],
    last: dt.date,
    chance: np.random.Generator,
) -> Draft:
    """Every report of one indicator: pairs × periods × the whole and, of every other pair, its parts."""
    periods = project.periods_of(indicator)
    known = _periods(project, indicator, last)
    pair, number = (each.ravel() for each in np.indices((len(pairs), known), np.int32))
    if indicator.assignments:
        due = np.zeros((len(pairs), known), bool)
        places = {each: n for n, each in enumerate(pairs)}
        for n in range(known):
            due[[places[each] for each in project.expected_reporters(indicator, periods[n])], n] = True
        pair, number = pair[due.ravel()], number[due.ravel()]
    split = split_of(project, indicator)
    required = any(each.required for each in indicator.disaggregation)
    parted = np.full(len(pair), bool(split)) & ((pair % 2 == 0) | required)
    figures = _figures(indicator, pair, number, chance, steps=known)
    within = _divided(indicator, figures, pair[parted], parted, len(split), chance)
    rows = [(np.flatnonzero(~parted), 0), *((np.flatnonzero(parted), code) for code in range(len(split) + 1))]
    cell = np.concatenate([each for each, _ in rows])
    category = np.concatenate([np.full(len(each), code, np.int32) for each, code in rows])
    foreign, size = OTHER_UNITS.get(indicator.unit or "", (indicator.unit, 1))
    other = (pair[cell] % 10 == 3) & (size > 1) & (not indicator.by_denominator)
    made = {name: np.full(len(cell), NONE) for name in FIGURES}
    for name, whole in figures.items():
        every = np.concatenate([whole[each] if not n or code == 0 else within[name][code - 1]
                                for n, (each, code) in enumerate(rows)])  # fmt: skip
        made[name] = every
    if size > 1 and not indicator.by_denominator and indicator.unit != "t":
        made["value"][other] //= size
    elif size > 1 and not indicator.by_denominator:
        made["value"][other] *= size
    unit = [None if indicator.by_denominator or in_words(indicator) else indicator.unit, foreign]
    partners, locations = (list(dict.fromkeys(pair[n] for pair in pairs)) for n in (0, 1))
    of_partner, of_place = (np.array(_places(pairs, n), np.int32) for n in (0, 1))
    draft = Draft(
        {
            "indicator": Coded(np.zeros(len(cell), np.int32), [indicator.id]),
            "period": Coded(number[cell], [each.label for each in periods]),
            "partner": Coded(of_partner[pair[cell]], _named(partners)),
            "location": Coded(of_place[pair[cell]], _named(locations)),
            "category": Coded(category, [None, *split]),
            "unit": Coded(other.astype(np.int32), unit),
            "revision": Coded(np.zeros(len(cell), np.int32), ["0"]),
        },
        made,
        np.full(len(cell), at, np.int32),
        (pair[cell] * (len(split) + 1) + category).astype(np.int64),
        number[cell],
        (pair[cell].astype(np.int64) * known + number[cell]),
        ~parted[cell],
    )
    _received(draft, project, periods, chance)
    if in_words(indicator):
        _say(draft, indicator, chance)
    if indicator.evidence_required:
        draft.put("evidence", slice(None), "attendance lists")
    if "deviation" in {**project.thresholds, **indicator.thresholds}:
        draft.put("comment", slice(None), "as planned")
    return draft


def _places(pairs: list[tuple[str, str]], n: int) -> list[int]:
    known: dict[str, int] = {}
    return [known.setdefault(pair[n], len(known)) for pair in pairs]


def _named(codes: list[str]) -> list[str | None]:
    return [None if code == TOTAL else code for code in codes]


def _figures(
    indicator: Indicator, pair: Array, number: Array, chance: np.random.Generator, *, steps: int
) -> dict[str, Array]:
    """The totals of an indicator, in thousandths: up and down by a few per cent, as what is counted well does."""
    count = int(pair.max()) + 1
    most = int(min(indicator.reachable or 20_000, 20_000))
    wave = 0.05 * (-1.0) ** number + chance.uniform(-0.01, 0.01, len(pair))
    size = np.exp(chance.uniform(np.log(400), np.log(9_000), count))[pair]
    if indicator.measure is Measure.YES_NO:
        return {"value": 1000 * chance.integers(0, 2, len(pair))}
    if in_words(indicator):
        # The rank of a stage, which was reached and stays so; its name stands in the column of texts.
        begun = chance.uniform(0, 1, count)[pair]
        rank = 1 + np.floor((begun + number / max(1, steps)) * len(indicator.scale) / 2).astype(np.int64)
        return {"value": 1000 * np.minimum(rank, len(indicator.scale)) if indicator.scale
                else np.full(len(pair), NONE)}  # fmt: skip
    if indicator.by_denominator:
        bottom = np.maximum(40, size * most / 20_000 * (1 + wave)).astype(np.int64)
        share = chance.uniform(0.3, 0.7, count)[pair] * (1 + wave / 2)
        return {"numerator": 1000 * np.rint(bottom * share).astype(np.int64), "denominator": 1000 * bottom}
    if indicator.measure in (Measure.PERCENTAGE, Measure.INDEX):
        # A share so far does not fall.
        so_far = indicator.accumulation is Accumulation.RUNNING_TOTAL
        level = chance.uniform(30, 70, count)[pair] * ((number + 1 + wave) / (steps + 1) if so_far else 1 + wave)
        return {"value": 10 * np.rint(100 * level).astype(np.int64)}
    if indicator.accumulation is Accumulation.RUNNING_TOTAL:
        # With a limit to jumps a total to date must have been large before it is first reported.
        before = 60 if "jump" in indicator.thresholds else 1
        level = size / 10_000 * (most / (steps + before + 1)) * (number + before + wave)
    else:
        level = size / 10_000 * most * (1 + wave) if indicator.reachable is not None else size * (1 + wave)
    hundredths = 100 if indicator.measure is Measure.CURRENCY else 1
    return {"value": 1000 // hundredths * np.maximum(1, np.rint(level * hundredths)).astype(np.int64)}


def _divided(
    indicator: Indicator,
    figures: dict[str, Array],
    pair: Array,
    parted: Array,
    parts: int,
    chance: np.random.Generator,
) -> dict[str, list[Array]]:
    """What falls to each category: shares that make the whole, or for what does not add up less than the whole."""
    found: dict[str, list[Array]] = {name: [] for name in figures}
    if not len(pair):
        return {name: [np.zeros(0, np.int64)] * parts for name in figures}
    count = int(pair.max()) + 1
    step = 10 if indicator.measure in (Measure.PERCENTAGE, Measure.INDEX, Measure.CURRENCY) else 1000
    rest = {name: figures[name][parted] // step for name in figures}
    for left in range(parts, 0, -1):
        share = chance.uniform(0.9, 1.1, count)[pair] / left if adds_up(indicator) and left > 1 else 1.0
        if not adds_up(indicator):
            share = chance.uniform(0.8, 0.95, count)[pair]
        for name in figures:
            amount = np.rint(rest[name] * share).astype(np.int64)
            if adds_up(indicator):
                amount = np.minimum(amount, rest[name])
                rest[name] = rest[name] - amount
            found[name].append(amount * step)
    return found


def _received(draft: Draft, project: Logframe, periods: Any, chance: np.random.Generator) -> None:
    """The day on which each report came: some weeks after its period, and never too late."""
    lags = [each for each in (project.reporting_lag, project.closing_lag, 28) if each is not None]
    lag = chance.integers(0, max(1, min(lags)), int(draft.series.max()) + 1)[draft.series]
    last = np.array([min(each.last_day, project.end) for each in periods], "datetime64[D]")[draft.number]
    days = last + 1 + lag if min(lags) > 0 else last
    known, codes = np.unique(days, return_inverse=True)
    draft.words["reported_on"] = Coded(codes.astype(np.int32), [str(day) for day in known])


def _say(draft: Draft, indicator: Indicator, chance: np.random.Generator) -> None:
    said: list[str | None] = [step.id for step in indicator.scale] or [*WORDS]
    ranks = draft.figures["value"] // 1000 - 1 if indicator.scale else chance.integers(0, len(said), len(draft))
    draft.words["text"] = Coded(ranks.astype(np.int32), said)


def _amended(draft: Draft, sound: Array, project: Logframe, chance: np.random.Generator) -> Draft:
    """A draft with some of its sound rows once more, a week later and a little different, under a higher revision."""
    plain = np.array([not (in_words(each) or each.measure is Measure.YES_NO) for each in project.indicators.values()])
    limited = project.reporting_lag is not None or project.closing_lag is not None
    fit = np.flatnonzero(sound & draft.lone & plain[draft.which])
    if not len(fit) or limited:
        return draft
    again = draft.take(np.sort(chance.choice(fit, int(AMENDED * len(draft)) % len(fit), replace=False)))
    so_far = np.array([each.accumulation is Accumulation.RUNNING_TOTAL for each in project.indicators.values()])
    cut = np.where(so_far[again.which], 1_000_000, 100_000)
    for name in ("value", "numerator"):
        there = again.figures[name]
        # By a hundredth; of a total to date by a thousandth, which is less than it grows.
        again.figures[name] = np.where(there != NONE, there - there // cut * 1000, there)
    again.postpone(7)
    again.put("revision", slice(None), "1")
    return Draft.joined([draft, again])


def _arranged(draft: Draft, project: Logframe) -> Draft:
    """The rows as they would come in: period by period, partner by partner, corrections at the end of the period."""
    ends = [np.array([each.last_day for each in project.periods_of(indicator)], "datetime64[D]").astype(np.int64)
            for indicator in project.indicators.values()]  # fmt: skip
    table = np.zeros((len(ends), max(map(len, ends))), np.int64)
    for at, each in enumerate(ends):
        table[at, : len(each)] = each
    day = table[draft.which, draft.number]
    partner = draft.words["partner"].codes.astype(np.int64)
    again = draft.words["revision"].codes.astype(np.int64)
    key = ((day - day.min()) * 4 + np.minimum(again, 3)) * (int(partner.max()) + 1) + partner
    return draft.take(np.argsort(key, kind="stable"))
