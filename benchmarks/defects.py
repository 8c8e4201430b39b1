"""What can be wrong with a report, planted into a table that is right, by the codes of `mne.testing.DEFECTS`.

Read `ROWS` and `SERIES` first: defects that one row can have, and those of a series over time. `spoil` plants them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from benchmarks.columns import FIGURES, NONE, Draft
from benchmarks.projects import adds_up
from mne.logframe.indicator import TOTAL, Accumulation, Indicator, Measure
from mne.logframe.model import Logframe

Array = np.ndarray[Any, Any]
Wanted = Callable[[Indicator], bool]
Plant = Callable[["Work", Array], None]


@dataclass
class Work:
    """A draft that is being spoilt: `free` are the rows that may still be, `gone` those that nobody sent.

    `added` are further rows.
    """

    draft: Draft
    project: Logframe
    chance: np.random.Generator
    free: Array
    gone: Array
    added: list[Draft] = field(default_factory=list)

    def of(self, wanted: Wanted) -> Array:
        """Which rows are of the indicators wanted."""
        fit = np.array([wanted(each) for each in self.project.indicators.values()])
        return np.asarray(fit[self.draft.which])

    def some(self, fit: Array, count: int) -> Array:
        """So many of the free rows that fit, which are then no longer free; fewer where there are fewer."""
        places = np.flatnonzero(fit & self.free)
        if count >= len(places):
            chosen = places
        elif count * 20 < len(places):
            # Drawn with a few to spare, as a few are drawn twice.
            drawn = places[self.chance.integers(0, len(places), count + count // 4 + 20)]
            chosen = self.chance.permutation(np.unique(drawn))[:count]
        else:
            chosen = self.chance.choice(places, count, replace=False)
        self.free[chosen] = False
        return np.sort(chosen)


@dataclass(frozen=True)
class Kind:
    """A defect of single rows: which rows can have it, and how it is planted in some of them."""

    plant: Plant
    wanted: Wanted = lambda _: True
    only_text: bool = False
    cell: bool = True
    """Whether it spoils the row itself and nothing but it."""


# ----------------------------------------------------------------------------------------------- which rows can have it


def numeric(indicator: Indicator) -> bool:
    """Whether one plain number is reported."""
    words = indicator.measure.is_text or indicator.scale or indicator.measure is Measure.YES_NO
    return not (indicator.by_denominator or words)


def counted(indicator: Indicator) -> bool:
    """Whether it is a number of things."""
    return indicator.measure is Measure.NUMBER and numeric(indicator)


def _parted(indicator: Indicator) -> bool:
    return indicator.by_denominator


def _percent(indicator: Indicator) -> bool:
    return indicator.measure is Measure.PERCENTAGE and numeric(indicator)


def _with_unit(indicator: Indicator) -> bool:
    return counted(indicator) and indicator.unit is not None


def _whole(indicator: Indicator) -> bool:
    return indicator.unit == "person" and counted(indicator)


def _flow(indicator: Indicator) -> bool:
    return counted(indicator) and indicator.accumulation is Accumulation.FLOW


def _adding(indicator: Indicator) -> bool:
    return counted(indicator) and bool(indicator.disaggregation) and adds_up(indicator)


def _level(indicator: Indicator) -> bool:
    return counted(indicator) and indicator.accumulation is Accumulation.LEVEL


def _total_to_date(indicator: Indicator) -> bool:
    return counted(indicator) and indicator.accumulation is Accumulation.RUNNING_TOTAL


# --------------------------------------------------------------------------------------------------- how it is planted


def _cells(**cells: str | int | None) -> Plant:
    """Other cells: figures as whole numbers, everything else as text."""

    def plant(work: Work, at: Array) -> None:
        for name, cell in cells.items():
            if name in FIGURES:
                work.draft.figures[name][at] = NONE if cell is None else int(cell) * 1000
            else:
                work.draft.put(name, at, None if cell is None else str(cell))

    return plant


def _written(text: str) -> Plant:
    """A cell of the column of values that is no number."""
    return lambda work, at: work.draft.written.update(dict.fromkeys(at.tolist(), text))


def _negative(work: Work, at: Array) -> None:
    value = work.draft.figures["value"]
    value[at] = -np.maximum(1000, value[at])


def _broken(work: Work, at: Array) -> None:
    work.draft.figures["value"][at] += 500


def _above_whole(work: Work, at: Array) -> None:
    figures = work.draft.figures
    figures["numerator"][at] = figures["denominator"][at] + 1000


def _reachable(work: Work, at: Array) -> None:
    most = np.array([int(each.reachable or 0) for each in work.project.indicators.values()])
    work.draft.figures["value"][at] = 1000 * (most[work.draft.which[at]] + 1)


def _recoded(name: str, make: Callable[[str], str]) -> Plant:
    def plant(work: Work, at: Array) -> None:
        column = work.draft.word(name)
        for code in np.unique(column.codes[at]):
            text = column.texts[code]
            if text is not None:
                rows = at[column.codes[at] == code]
                column.codes[rows] = column.code(make(text))

    return plant


def _no_split(work: Work, at: Array) -> None:
    split = work.project.dimensions[0]
    work.draft.put("category", at, f"{split.id}={split.codes[0].id}")


def _computed(work: Work, at: Array) -> None:
    found = next(each for each in work.project.indicators.values() if each.formula is not None)
    work.draft.put("indicator", at, found.id)
    work.draft.put("unit", at, found.unit)


def _too_early(work: Work, at: Array) -> None:
    work.draft.put("reported_on", at, str(work.project.start - dt.timedelta(days=365)))


def _after(lag: str) -> Plant:
    """Received after the reports of a period are due, or it is closed."""

    def plant(work: Work, at: Array) -> None:
        days = dt.timedelta(days=(getattr(work.project, lag) or 0) + 1)
        draft = work.draft
        for n, indicator in enumerate(work.project.indicators.values()):
            periods = work.project.periods_of(indicator)
            mine = at[draft.which[at] == n]
            for number in np.unique(draft.number[mine]):
                last = min(periods[number].last_day, work.project.end)
                draft.put("reported_on", mine[draft.number[mine] == number], str(last + days))

    return plant


def _again(change: Callable[[Draft], None], first: Callable[[Draft, Array], None] | None = None) -> Plant:
    """The rows once more, changed."""

    def plant(work: Work, at: Array) -> None:
        if first is not None:
            first(work.draft, at)
        rows = work.draft.take(at)
        change(rows)
        work.added.append(rows)

    return plant


def _other_value(rows: Draft) -> None:
    rows.figures["value"] += 7000


def _later(days: int, **cells: str) -> Callable[[Draft], None]:
    def change(rows: Draft) -> None:
        _other_value(rows)
        rows.postpone(days)
        for name, text in cells.items():
            rows.put(name, slice(None), text)

    return change


def _of_all(name: str, text: str | None) -> Plant:
    """The rows once more for the whole of what a column says, once where they would then be of one cell."""
    other = "location" if name == "partner" else "partner"

    def plant(work: Work, at: Array) -> None:
        draft = work.draft
        cells = np.stack([draft.which[at], draft.number[at], draft.words[other].codes[at]])
        rows = draft.take(at[np.unique(cells, axis=1, return_index=True)[1]])
        rows.put(name, slice(None), text)
        work.added.append(rows)

    return plant


def _not_assigned(work: Work, at: Array) -> None:
    plan = work.project
    for n, indicator in enumerate(plan.indicators.values()):
        others = set(plan.partners) - {each.partner for each in indicator.assignments}
        mine = at[work.draft.which[at] == n]
        if others and len(mine):
            work.draft.put("partner", mine, min(others))


def _flow_of_all(indicator: Indicator) -> bool:
    return _flow(indicator) and not indicator.assignments


ROWS: Final[Mapping[str, Kind]] = {
    # What a cell says.
    "value-missing": Kind(_cells(value=None), numeric),
    "value-kind": Kind(_cells(value=None, numerator=3, denominator=4), numeric),
    "ratio-as-value": Kind(_cells(value=5, numerator=None, denominator=None), _parted),
    "ratio-incomplete": Kind(_cells(denominator=None), _parted),
    "ratio-over-one": Kind(_above_whole, lambda each: _parted(each) and each.measure is Measure.PERCENTAGE),
    "denominator-zero": Kind(_cells(numerator=0, denominator=0), _parted),
    "value-negative": Kind(_negative, counted),
    "number-fraction-in-count": Kind(_broken, _whole),
    "percentage-over-100": Kind(_cells(value=130), _percent),
    "ratio-scale": Kind(_cells(value=8500), _percent),
    "number-conflict": Kind(_cells(value=77, numerator=1, denominator=400), _parted),
    "value-over-reachable": Kind(_reachable, lambda each: each.reachable is not None and numeric(each)),
    "unit-mismatch": Kind(_cells(unit="day"), _with_unit),
    "unit-invalid": Kind(_cells(unit="furlong of oats"), _with_unit),
    "unit-missing": Kind(_cells(unit=None), _with_unit),
    "state-conflict": Kind(_cells(state="missing"), numeric),
    "state-unknown": Kind(_cells(state="somehow")),
    "status-unknown": Kind(_cells(status="somehow")),
    "report-not-counted": Kind(_cells(status="draft")),
    "row-illustrative": Kind(_cells(illustrative="yes")),
    "ref-unknown-stage": Kind(_cells(text="nowhere near"), lambda each: bool(each.scale)),
    "number-invalid": Kind(_written("twelve or so"), numeric, only_text=True),
    "number-scientific": Kind(_written("1e5"), numeric, only_text=True),
    "number-not-finite": Kind(_written("NaN"), numeric, only_text=True),
    "number-date": Kind(_written("12.03.2025"), numeric, only_text=True),
    "number-out-of-range": Kind(_written("9" * 30), numeric, only_text=True),
    "number-text": Kind(_written("1 250"), counted, only_text=True),
    "cell-error": Kind(_written("#REF!"), numeric, only_text=True),
    "control-character": Kind(_written("1\x022"), numeric, only_text=True),
    "yes-no-invalid": Kind(_written("perhaps"), lambda each: each.measure is Measure.YES_NO, only_text=True),
    "whole-invalid": Kind(_cells(revision="one and a half"), only_text=True),
    "date-invalid": Kind(_cells(reported_on="some day"), only_text=True),
    "text-formula": Kind(_cells(comment="=HYPERLINK(A1)")),
    "text-markup": Kind(_cells(comment="<b>bold</b>")),
    "text-long": Kind(_cells(comment="word " * 1_100)),
    # Which cell it is.
    "indicator-missing": Kind(_cells(indicator=None)),
    "ref-unknown-indicator": Kind(_cells(indicator="Z-99.99")),
    "row-looks-like-total": Kind(_cells(indicator="Total"), numeric),
    "code-normalised": Kind(_recoded("indicator", str.swapcase)),
    "code-invisible-character": Kind(_recoded("indicator", lambda code: f"{code[:1]}\u200b{code[1:]}")),
    "indicator-computed": Kind(_computed, counted),
    "ref-unknown-partner": Kind(_cells(partner="Nobody at all")),
    "partner-missing": Kind(_cells(partner=None)),
    "ref-unknown-location": Kind(_cells(location="Atlantis")),
    "ref-unknown-category": Kind(_cells(category="shoe=41")),
    "category-not-declared": Kind(_no_split, lambda each: not each.disaggregation),
    "period-missing": Kind(_cells(period=None)),
    "period-unknown": Kind(_cells(period="the other day")),
    "period-outside-project": Kind(_cells(period="1999-Q1")),
    "report-early": Kind(_too_early),
    "report-late": Kind(_after("reporting_lag"), cell=False),
    "period-closed": Kind(_after("closing_lag"), cell=False),
    "reporter-not-assigned": Kind(_not_assigned, lambda each: bool(each.assignments)),
    "evidence-missing": Kind(_cells(evidence=None), lambda each: each.evidence_required),
    # Rows that do not go together.
    "row-duplicate": Kind(_again(lambda _: None), numeric, cell=False),
    "key-conflict": Kind(_again(_other_value), numeric, cell=False),
    "revision-unnumbered": Kind(_again(_later(3)), numeric, cell=False),
    "revision-order": Kind(_again(_later(-1, revision="1")), numeric, cell=False),
    "total-and-partners": Kind(
        _of_all("partner", TOTAL), lambda each: _flow_of_all(each) and not each.aggregation.partners, cell=False
    ),
    "total-and-places": Kind(
        _of_all("location", None), lambda each: _flow_of_all(each) and not each.aggregation.locations, cell=False
    ),
}
"""Defects of single rows. Nothing but what was there before is beside them: see `Draft.lone`."""


def _course(*values: float) -> Callable[[Array], Array]:
    """Values one after the other, the last of them again and again."""
    return lambda number: np.array(values)[np.minimum(number, len(values) - 1)]


SERIES: Final[Mapping[str, tuple[Wanted, Callable[[Array], Array], int]]] = {
    "cumulative-decrease": (_total_to_date, lambda n: np.where(n == 2, 150, 100 * (n + 1)), 4),
    "cumulative-fluctuates": (_total_to_date, lambda n: np.where(n % 2 == 0, 200 + 5 * n, 40 + n), 5),
    "flow-restates-total": (_flow, lambda n: 100 * (n + 1), 4),
    "flow-stands-still": (
        lambda each: _whole(each) and _flow(each) and each.counts != "services", lambda n: 400 + n % 2, 4,
    ),
    "level-comes-back": (_level, _course(400, 0, 420, 410, 415, 405), 4),
    "value-outlier": (_flow, lambda n: np.where(n == 5, 90_000, 300 + 7 * (n % 3)), 8),
    "value-jump": (lambda each: _flow(each) and "jump" in each.thresholds, lambda n: np.where(n % 2, 900, 100), 2),
}  # fmt: skip
"""Defects of a series over time: of which indicators, the values by the period's number, and how many it takes."""


def _totals(work: Work, count: int) -> None:
    """Totals that their parts do not make."""
    whole = work.draft.words["category"]
    at = work.some(work.of(_adding) & ~work.draft.lone & (whole.codes == whole.code(None)), count)
    work.draft.figures["value"][at] += 7000


def _parts(work: Work, count: int) -> None:
    """Parts that the plan asks for and that nobody sent."""
    split = work.of(lambda each: any(part.required for part in each.disaggregation))
    category = work.draft.words["category"]
    at = work.some(split & ~work.draft.lone & (category.codes != category.code(None)), count)
    work.gone[at] = True


def _silence(work: Work, count: int) -> None:
    """Reports that were due."""
    work.gone[work.some(work.of(lambda each: bool(each.assignments)) & work.draft.lone, count)] = True


def _overlap(work: Work, count: int) -> None:
    """Some days of a period that was reported as a whole, once more."""
    draft, plan = work.draft, work.project
    at = work.some(work.of(lambda each: _flow(each) and not each.aggregation.time) & draft.lone, count)
    rows = draft.take(at)
    periods = [plan.periods_of(each) for each in plan.indicators.values()]
    rows.put("period", slice(None), None)
    for which, number in {*zip(rows.which.tolist(), rows.number.tolist(), strict=True)}:
        period, mine = periods[which][number], (rows.which == which) & (rows.number == number)
        rows.put("period_start", mine, str(max(period.start, plan.start) + dt.timedelta(days=9)))
        rows.put("period_end", mine, str(min(period.last_day, plan.end)))
    work.added.append(rows)


def _copies(work: Work, count: int) -> None:
    """A partner's first report sent again as the second."""
    draft = work.draft
    partner = draft.words["partner"].codes
    early = draft.number < 2
    every, touched = (np.bincount(partner[rows], minlength=partner.max() + 1) for rows in (early, early & ~work.free))
    whole = np.flatnonzero((every > 0) & (touched == 0))
    chosen = whole[: max(1, round(count / max(1, every.mean() / 2)))]
    at = np.flatnonzero(early & np.isin(partner, chosen))
    at = at[np.lexsort((draft.number[at], draft.series[at]))]
    second = np.flatnonzero((draft.number[at][1:] == 1) & (draft.series[at][1:] == draft.series[at][:-1])) + 1
    for figures in draft.figures.values():
        figures[at[second]] = figures[at[second - 1]]
    work.free[at] = False


GROUPS: Final[Mapping[str, Callable[[Work, int], None]]] = {
    "total-mismatch": _totals,
    "total-parts-missing": _parts,
    "report-missing": _silence,
    "period-overlap": _overlap,
    "report-copied": _copies,
}
"""Defects of several rows together."""


def _in_series(work: Work, code: str, count: int) -> None:
    wanted, course, least = SERIES[code]
    draft = work.draft
    once = work.free & draft.lone
    size = int(draft.series.max()) + 1
    every, fit = (
        np.bincount(draft.series, minlength=size),
        np.bincount(draft.series[work.of(wanted) & once], minlength=size),
    )
    whole = np.flatnonzero((every == fit) & (every >= least))
    if len(whole):
        each = every[whole].mean()
        chosen = work.chance.permutation(whole)[: max(1, round(count / each))]
        at = np.flatnonzero(np.isin(draft.series, chosen))
        begun = np.full(size, np.iinfo(np.int32).max)
        np.minimum.at(begun, draft.series[at], draft.number[at])
        draft.figures["value"][at] = 1000 * course(draft.number[at] - begun[draft.series[at]]).astype(np.int64)
        work.free[at] = False


def spoil(
    draft: Draft, project: Logframe, defects: float | Mapping[str, float], chance: np.random.Generator, *, text: bool
) -> tuple[Draft, Array]:
    """The draft with defects planted in it, and which of its rows are sound; see `benchmarks.generate.report`."""
    work = Work(draft, project, chance, np.ones(len(draft), bool), np.zeros(len(draft), bool))
    if not isinstance(defects, Mapping):
        kinds = [code for code in KINDS if defects and possible(project, code, text=text)]
        defects = dict.fromkeys(kinds, defects / max(1, len(kinds)))
    unknown = sorted({*defects} - {*KINDS})
    if unknown:
        raise ValueError(f"no defect is known for {', '.join(unknown)}")
    rows = len(draft)
    # Whole reports and series first: later there may be none without another defect.
    for code in (each for each in KINDS if each in defects):
        count = round(defects[code] * rows)
        if not count or not possible(project, code, text=text):
            continue
        if code in GROUPS:
            GROUPS[code](work, count)
        elif code in SERIES:
            _in_series(work, code, count)
        else:
            kind = ROWS[code]
            at = work.some(work.of(kind.wanted) & work.draft.lone, count)
            if len(at):
                kind.plant(work, at)
    kept = draft.take(~work.gone) if work.gone.any() else draft
    found = Draft.joined([kept, *work.added])
    sound = np.zeros(len(found), bool)
    sound[: len(kept)] = work.free[~work.gone]
    return found, sound


def spoil_all(draft: Draft, project: Logframe, chance: np.random.Generator) -> None:
    """Plant one of the defects of single cells in every row, all kinds about as often."""
    work = Work(draft, project, chance, np.ones(len(draft), bool), np.zeros(len(draft), bool))
    kinds = [code for code in ROWS if ROWS[code].cell and code in HOLDING and possible(project, code, text=False)]
    for left, code in zip(range(len(kinds), 0, -1), kinds, strict=True):
        fit = work.of(ROWS[code].wanted)
        at = work.some(fit, int(work.free.sum()) // left)
        if len(at):
            ROWS[code].plant(work, at)
    work.draft.put("indicator", np.flatnonzero(work.free), "Z-99.99")


def possible(plan: Logframe, code: str, *, text: bool) -> bool:
    """Whether a report on a plan can have the defect at all."""
    if code in _NEEDS and not _NEEDS[code](plan):
        return False
    known = [each for each in plan.indicators.values() if each.formula is None]
    # Where parts are asked for, no row stands alone.
    known = [each for each in known if not any(split.required for split in each.disaggregation)]
    if code in SERIES:
        wanted, _, least = SERIES[code]
        return any(wanted(each) and len(plan.periods_of(each)) >= least for each in known)
    return code in GROUPS or ((text or not ROWS[code].only_text) and any(map(ROWS[code].wanted, known)))


def _not_all_assigned(plan: Logframe) -> bool:
    return any({each.partner for each in indicator.assignments} < set(plan.partners)
               for indicator in plan.indicators.values() if indicator.assignments)  # fmt: skip


_NEEDS: Final[Mapping[str, Callable[[Logframe], bool]]] = {
    "report-late": lambda plan: plan.reporting_lag is not None,
    "period-closed": lambda plan: plan.closing_lag is not None,
    "indicator-computed": lambda plan: any(each.formula for each in plan.indicators.values()),
    "category-not-declared": lambda plan: bool(plan.dimensions),
    "ref-unknown-category": lambda plan: bool(plan.dimensions),
    "ref-unknown-partner": lambda plan: bool(plan.partners),
    "partner-missing": lambda plan: bool(plan.partners),
    "total-and-partners": lambda plan: bool(plan.partners),
    "ref-unknown-location": lambda plan: bool(plan.locations),
    "total-and-places": lambda plan: bool(plan.locations),
    "reporter-not-assigned": _not_all_assigned,
    "total-mismatch": lambda plan: any(map(_adding, plan.indicators.values())),
    "total-parts-missing": lambda plan: any(p.required for i in plan.indicators.values() for p in i.disaggregation),
    "report-missing": lambda plan: any(each.assignments for each in plan.indicators.values()),
    "period-overlap": lambda plan: any(map(_flow, plan.indicators.values())),
    "report-copied": lambda plan: (
        len({each.frequency for each in plan.indicators.values()}) == 1
        and sum(_flow(each) or _level(each) for each in plan.indicators.values()) >= 3
    ),
}

HOLDING: Final = frozenset(
    (
        *("value-missing", "value-kind", "ratio-as-value", "ratio-incomplete", "ratio-over-one", "denominator-zero"),
        *("value-negative", "number-fraction-in-count", "unit-mismatch", "unit-invalid", "ref-unknown-indicator"),
        *("ref-unknown-partner", "ref-unknown-location", "ref-unknown-category", "category-not-declared"),
        *("period-missing", "period-unknown", "period-outside-project", "indicator-missing"),
    )
)
"""Defects of a cell after which its row does not count."""

KINDS: Final = ("report-copied", *SERIES, *(code for code in GROUPS if code != "report-copied"), *ROWS)
"""Every defect that can be planted, in the order in which it is."""


def possible_kinds(project: Logframe, *, text: bool) -> tuple[str, ...]:
    """The defects that a report on a plan can have, in a table of text or of typed columns."""
    return tuple(code for code in KINDS if possible(project, code, text=text))
