"""Reports with one named defect, each planted in a report that is right but for it. Read `reports_with` first.

A defect is a function that is given a report and changes it, or gives up where the plan has nothing that could have it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mne.errors import MissingExtraError, OptionError
from mne.ground.maps import FrozenMap
from mne.logframe.indicator import TOTAL, Accumulation, Direction, Measure
from mne.testing.reports import adds_up, blank_row, reporters, reports, whole_cells

try:
    from hypothesis import reject
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtraError('mne.testing needs hypothesis: pip install "logframe[testing]"') from error

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period

__all__ = ["DEFECTS", "Spoilt", "reports_with"]

Row = dict[str, str]
_YEAR: Final = 364
_UNEVEN: Final = (("250", "85"), ("262", "90"), ("275", "89"), ("88", "266"))
_SEVERAL: Final = 2
Wanted = Callable[["Indicator", Row], bool]


@dataclass(frozen=True)
class Spoilt:
    """A report with one defect.

    `row` is the position of the row at which the finding must be, None where it is about no single row; `options` are
    what `mne.validate` has to be told besides.
    """

    code: str
    rows: list[Row]
    row: int | None
    options: Mapping[str, Any] = field(default_factory=FrozenMap)


def reports_with(plan: Logframe, code: str) -> st.SearchStrategy[Spoilt]:
    """Reports on a logframe that are right but for one defect: the finding of this code must be made of them.

    Examples for which the logframe has nothing that could be wrong in this way are rejected.

    Raises:
        OptionError: no defect is known for the code; `DEFECTS` has those that are.
    """
    if code not in DEFECTS:
        raise OptionError(f"no defect is known for {code!r}; there are {', '.join(DEFECTS)}")
    return _spoilt(plan, code)


@st.composite
def _spoilt(draw: st.DrawFn, plan: Logframe, code: str) -> Spoilt:
    work = _Work(draw, plan, draw(reports(plan)))
    DEFECTS[code](work)
    return Spoilt(code, work.rows, work.at, FrozenMap(work.options))


class _Work:
    """A report that is being spoilt: its rows, where the defect went, and what `validate` must be told."""

    def __init__(self, draw: st.DrawFn, plan: Logframe, rows: list[Row]) -> None:
        self.draw = draw
        self.plan = plan
        self.rows = rows
        self.at: int | None = None
        self.options: dict[str, Any] = {}

    def pick(self, wanted: Wanted = lambda _, __: True) -> Row:
        """A row of those wanted, which is where the defect goes; the totals and parts beside it go away."""
        fit = [at for at, row in enumerate(self.rows) if wanted(self.plan.indicators[row["indicator"]], row)]
        fit = [at for at in fit if not self.rows[at]["state"]]
        if not fit:
            reject()
        chosen = self.rows[self.draw(st.sampled_from(fit))]
        cell = [chosen[name] for name in ("indicator", "partner", "location")]
        self.rows = [
            row
            for row in self.rows
            if row is chosen or [row[name] for name in ("indicator", "partner", "location")] != cell
        ]
        chosen["category"] = ""
        self.at = next(at for at, row in enumerate(self.rows) if row is chosen)
        return chosen

    def put(self, wanted: Wanted = lambda _, __: True, /, **cells: str) -> None:
        """Other cells in a row of those wanted."""
        self.pick(wanted).update(cells)

    def copy(self, row: Row, **cells: str) -> Row:
        """The row once more with other cells, at the end, where the defect then is."""
        self.rows.append({**row, **cells})
        self.at = len(self.rows) - 1
        return self.rows[-1]

    def series(self, wanted: Callable[[Indicator], bool], *values: int, **cells: str) -> None:
        """Nothing but one indicator over as many periods as there are values; the defect is in the last row."""
        plan = self.plan
        fit = [
            each
            for each in plan.indicators.values()
            if wanted(each) and len(plan.periods_of(each)) >= len(values) and each.formula is None
        ]
        if not fit:
            reject()
        indicator = self.draw(st.sampled_from(fit))
        periods = plan.periods_of(indicator)[: len(values)]
        who = (plan.expected_reporters(indicator, periods[0]) or reporters(plan))[0]
        unit = "" if indicator.by_denominator else indicator.unit or ""
        told = {"unit": unit, "comment": "as planned", "evidence": "list" if indicator.evidence_required else ""}
        self.rows = [
            blank_row(indicator, period, who) | told | {"value": str(value)} | cells
            for period, value in zip(periods, values, strict=True)
        ]
        self.at = len(self.rows) - 1


# --- what a row must have -------------------------------------------------------------------------------------------


def _by_value(indicator: Indicator, _: Row) -> bool:
    return not indicator.by_denominator and not _in_words(indicator)


def _in_words(indicator: Indicator) -> bool:
    return indicator.measure.is_text or bool(indicator.scale) or indicator.measure is Measure.YES_NO


def _by_parts(indicator: Indicator, _: Row) -> bool:
    return indicator.by_denominator


def _a_percentage(indicator: Indicator, row: Row) -> bool:
    return indicator.measure is Measure.PERCENTAGE and _by_value(indicator, row)


def _of_people(indicator: Indicator, row: Row) -> bool:
    return indicator.unit == "person" and _by_value(indicator, row)


def _with_unit(indicator: Indicator, row: Row) -> bool:
    return bool(row["unit"]) and indicator.measure is Measure.NUMBER


def _adding(indicator: Indicator) -> bool:
    return indicator.measure is Measure.NUMBER and not _in_words(indicator) and not indicator.by_denominator


def _flow(indicator: Indicator) -> bool:
    return _adding(indicator) and indicator.accumulation is Accumulation.FLOW


def _of_people_once(indicator: Indicator) -> bool:
    return _flow(indicator) and indicator.unit == "person" and indicator.counts != "services"


def _total_to_date(indicator: Indicator) -> bool:
    return _adding(indicator) and indicator.accumulation is Accumulation.RUNNING_TOTAL


def _level(indicator: Indicator) -> bool:
    return _adding(indicator) and indicator.accumulation is Accumulation.LEVEL


# --- the defects ----------------------------------------------------------------------------------------------------


def _cells(wanted: Wanted = lambda _, __: True, /, **cells: str) -> Callable[[_Work], None]:
    return lambda work: work.put(wanted, **cells)


def _named(column: str, make: Callable[[str], str]) -> Callable[[_Work], None]:
    """A cell made of what stood in it."""

    def spoil(work: _Work) -> None:
        row = work.pick(lambda _, row: bool(row[column]) and make(row[column]) != row[column])
        row[column] = make(row[column])

    return spoil


def _parts(change: Callable[[Row], None]) -> Callable[[_Work], None]:
    """A total with all its parts, and then something is changed in the total."""

    def spoil(work: _Work) -> None:
        row = work.pick(
            lambda indicator, _: bool(indicator.disaggregation) and adds_up(indicator) and _adding(indicator)
        )
        indicator = work.plan.indicators[row["indicator"]]
        cells = {**row, "value": "", "comment": ""}
        told = work.draw(whole_cells(work.plan, indicator, cells, indicator.disaggregation[0].dimensions))
        work.rows = [each for each in work.rows if each is not row] + told
        work.at = len(work.rows) - len(told)
        change(work.rows[work.at])

    return spoil


def _more(row: Row) -> None:
    row["value"] = str(int(float(row["value"])) + 1_000_000)


def _second(**cells: str) -> Callable[[_Work], None]:
    """A row for a cell that has one already."""

    def spoil(work: _Work) -> None:
        work.copy(work.pick(_by_value), **cells)

    return spoil


def _revised(work: _Work) -> None:
    row = work.pick(_by_value)
    row.update(value="7", revision="0", reported_on=_after(work, row, 20))
    work.copy(row, value="8", revision="1", reported_on=_after(work, row, 10))


def _superseded(work: _Work) -> None:
    row = work.pick(_by_value)
    row.update(value="7", reported_on=_after(work, row, 10))
    work.copy(row, value="8", reported_on=_after(work, row, 20))


def _after(work: _Work, row: Row, days: int) -> str:
    """A day after the end of a row's period."""
    indicator = work.plan.indicators[row["indicator"]]
    period = work.plan.period(row["period"], indicator.frequency)
    last = period.last_day if period is not None else work.plan.end
    return (last + dt.timedelta(days=days)).isoformat()


def _early(work: _Work) -> None:
    row = work.pick()
    row["reported_on"] = (work.plan.start.replace(year=work.plan.start.year - 1)).isoformat()


def _future(work: _Work) -> None:
    work.pick()
    work.options["today"] = work.plan.start.replace(year=work.plan.start.year - 1)


def _late(work: _Work) -> None:
    if work.plan.reporting_lag is None:
        reject()
    row = work.pick()
    row["reported_on"] = _after(work, row, work.plan.reporting_lag + 1)


def _closed(work: _Work) -> None:
    if work.plan.closing_lag is None:
        reject()
    row = work.pick()
    row["reported_on"] = _after(work, row, work.plan.closing_lag + 1)


def _unproven(work: _Work) -> None:
    row = work.pick(lambda indicator, row: indicator.evidence_required and row["state"] == "" and row["category"] == "")
    for each in work.rows:
        if each["indicator"] == row["indicator"]:
            each["evidence"] = ""


def _not_assigned(work: _Work) -> None:
    row = work.pick(lambda indicator, _: bool(indicator.assignments))
    assigned = {each.partner for each in work.plan.indicators[row["indicator"]].assignments}
    others = [each for each in work.plan.partners if each not in assigned]
    if not others:
        reject()
    row["partner"] = work.draw(st.sampled_from(others))


def _reachable(work: _Work) -> None:
    row = work.pick(lambda indicator, row: indicator.reachable is not None and _by_value(indicator, row))
    most = work.plan.indicators[row["indicator"]].reachable
    row["value"] = str(int(most or 0) + 1)


def _out_of_range(work: _Work) -> None:
    row = work.pick(lambda indicator, row: indicator.maximum is not None and _by_value(indicator, row))
    row["value"] = str(int(work.plan.indicators[row["indicator"]].maximum or 0) + 1)


def _computed(work: _Work) -> None:
    computed = [each for each in work.plan.indicators.values() if each.formula is not None]
    if not computed:
        reject()
    indicator = work.draw(st.sampled_from(computed))
    period = work.draw(st.sampled_from(work.plan.periods_of(indicator)))
    row = blank_row(indicator, period, reporters(work.plan)[0]) | {"value": "5", "unit": indicator.unit or ""}
    work.rows = [row]
    work.at = 0


def _no_split(work: _Work) -> None:
    dimensions = [each for each in work.plan.dimensions if each.codes]
    row = work.pick(lambda indicator, _: not indicator.disaggregation)
    if not dimensions:
        reject()
    row["category"] = f"{dimensions[0].id}={dimensions[0].codes[0].id}"


def _missing_parts(work: _Work) -> None:
    work.pick(lambda indicator, _: any(each.required for each in indicator.disaggregation))


def _of_nobody(work: _Work) -> None:
    """A figure of no partner beside one of a partner: it says whose it is by the word for the whole."""
    row = work.pick(
        lambda indicator, row: (
            _flow(indicator) and not (indicator.aggregation.partners or indicator.assignments) and row["partner"] != ""
        )
    )
    work.copy(row, partner=TOTAL, value="5")


def _of_everywhere(work: _Work) -> None:
    row = work.pick(
        lambda indicator, row: (
            _flow(indicator)
            and not (indicator.aggregation.locations or indicator.assignments)
            and row["location"] != ""
        )
    )
    work.copy(row, location="", value="5")


def _silent(work: _Work) -> None:
    assigned = [each for each in work.plan.indicators.values() if each.assignments and each.formula is None]
    if not assigned:
        reject()
    gone = work.draw(st.sampled_from(assigned))
    partners = {each.partner for each in gone.assignments}
    work.rows = [row for row in work.rows if row["indicator"] != gone.id]
    # Of one partner's report only the gaps of that partner are told.
    if not any(row["partner"] in partners and not row["state"] for row in work.rows):
        reject()


def _called_not_due(work: _Work) -> None:
    def due(indicator: Indicator, row: Row) -> bool:
        period = work.plan.period(row["period"], indicator.frequency)
        who = (row["partner"], row["location"] or TOTAL)
        asked = work.plan.expected_reporters(indicator, period) if indicator.assignments and period else ()
        return indicator.formula is None and who in asked

    row = work.pick(due)
    empty = dict.fromkeys(("value", "numerator", "denominator", "reported_on"), "")
    row.update(state="not due", **empty)


def _copied(work: _Work) -> None:
    numeric = [each for each in work.plan.indicators.values() if _flow(each) or _level(each)]
    numeric = [each for each in numeric if not (each.assignments or each.formula)]
    if len(numeric) < 3:
        reject()
    frequencies = {each.frequency for each in numeric}
    if len(frequencies) > 1 or len(work.plan.periods_of(numeric[0])) < 2:
        reject()
    who = reporters(work.plan)[0]
    rows = [
        blank_row(each, period, who) | {"value": str(30 + 7 * at), "unit": each.unit or ""}
        for period in work.plan.periods_of(numeric[0])[:2]
        for at, each in enumerate(numeric)
    ]
    work.rows = rows
    work.at = len(numeric)


def _overlapping_days(work: _Work) -> None:
    """A whole period, and some of its days once more."""
    work.series(lambda indicator: _flow(indicator) and not indicator.aggregation.time, 5, 6)
    first, second = work.rows
    indicator = work.plan.indicators[first["indicator"]]
    period = work.plan.periods_of(indicator)[0]
    second.update(period="", period_start=(period.start + dt.timedelta(days=9)).isoformat())
    second["period_end"] = period.last_day.isoformat()


def _comes_back(work: _Work) -> None:
    work.series(_level, 40, 0, 42, 41)
    work.at = 1


def _in_another_unit(work: _Work) -> None:
    work.series(lambda each: _level(each) and each.unit == "kg", 12, 13)
    work.rows[-1]["unit"] = "g"


def _fallen_back(work: _Work) -> None:
    work.series(lambda each: each.measure.is_ranked and each.direction is not Direction.DECREASE, 0, 0)
    scale = work.plan.indicators[work.rows[0]["indicator"]].scale
    for row, stage in zip(work.rows, (scale[-1], scale[0]), strict=True):
        row.update(value=stage.id, unit="")


def _swapped(work: _Work) -> None:
    work.series(lambda each: each.by_denominator and each.measure is Measure.RATIO, 0, 0, value="", denominator="300")
    first, second = work.rows
    first["numerator"] = "2"
    second.update(numerator="310", denominator="3")


def _another_year(work: _Work) -> None:
    """Everything for a year from the second period on, but of one indicator the first period for the last."""
    plain = [each for each in work.plan.indicators.values() if _level(each) or _flow(each)]
    plain = [each for each in plain if not (each.assignments or each.formula or each.frequency)]
    periods = work.plan.periods_of(plain[0]) if len(plain) > 1 else ()
    year = next((at for at, each in enumerate(periods) if (each.start - periods[0].start).days >= _YEAR), 0)
    if year < _SEVERAL:
        reject()
    one, other = plain[:2]
    told = [(each, period) for each in (one, other) for period in periods[1:year]]
    work.rows = [_figure(work, *cell, value=str(30 + at % 3)) for at, cell in enumerate(told)]
    work.rows += [_figure(work, other, periods[year], value="31"), _figure(work, one, periods[0], value="31")]
    work.at = len(work.rows) - 1


def _figure(work: _Work, indicator: Indicator, period: Period, **cells: str) -> Row:
    """A row that says all that the plan asks for."""
    told = {"comment": "as planned", "evidence": "list" if indicator.evidence_required else ""}
    told["unit"] = "" if indicator.by_denominator else indicator.unit or ""
    return blank_row(indicator, period, reporters(work.plan)[0]) | told | cells


def _left_over(work: _Work) -> None:
    """Two indicators of two figures each that are those of the last report, and one that is not."""
    flows = [each for each in work.plan.indicators.values() if each.accumulation is Accumulation.FLOW]
    flows = [each for each in flows if not (each.assignments or each.formula or each.frequency)]
    ratios = [each for each in flows if each.by_denominator and each.measure is not Measure.INDEX]
    single = [each for each in flows if _flow(each)]
    split = [each for each in single if len(each.disaggregation) == 1 and adds_up(each)]
    others = [each for each in single if each not in split[:1]]
    periods = work.plan.periods_of(flows[0])[:2] if flows else ()
    if not (ratios and split and others) or len(periods) < _SEVERAL:
        reject()
    parts = {each.id: [code.id for code in each.codes] for each in work.plan.dimensions}
    name, *more = split[0].disaggregation[0].dimensions
    if more:
        reject()
    work.rows = []
    for at, period in enumerate(periods):
        work.at = len(work.rows)
        cells = [f"{name}={code}" for code in parts[name]]
        work.rows += [_figure(work, split[0], period, category=each, value="140") for each in cells]
        work.rows.append(_figure(work, ratios[0], period, numerator="218", denominator="296"))
        work.rows.append(_figure(work, others[0], period, value=str(50 + at)))


def _in_two(plan: Logframe, indicator: Indicator) -> tuple[str, ...]:
    """The two categories of the first split of an indicator that has so many, which make its total."""
    codes = {each.id: [code.id for code in each.codes] for each in plan.dimensions}
    for each in indicator.disaggregation:
        name, *more = each.dimensions
        if not more and len(codes[name]) == len(_UNEVEN[0]) and each.relation != "overlapping":
            return tuple(f"{name}={code}" for code in codes[name])
    return ()


def _changed_over(work: _Work) -> None:
    """The two parts of a split over four periods, in the last of which they stand for each other."""
    split = [each for each in work.plan.indicators.values() if _flow(each) or _level(each)]
    split = [each for each in split if _in_two(work.plan, each) and not (each.assignments or each.formula)]
    split = [each for each in split if len(work.plan.periods_of(each)) >= len(_UNEVEN)]
    if not split:
        reject()
    periods = work.plan.periods_of(split[0])
    work.rows = [
        _figure(work, split[0], period, category=category, value=value)
        for period, values in zip(periods, _UNEVEN, strict=False)
        for category, value in zip(_in_two(work.plan, split[0]), values, strict=True)
    ]
    work.at = len(work.rows) - len(_UNEVEN[-1])


def _jumps(work: _Work) -> None:
    limited = {
        each.id for each in work.plan.indicators.values() if "jump" in each.thresholds or "jump" in work.plan.thresholds
    }
    work.series(lambda indicator: _flow(indicator) and indicator.id in limited, 10, 90)


def _unexplained(work: _Work) -> None:
    limited = {
        each.id
        for each in work.plan.indicators.values()
        if ("deviation" in each.thresholds or "deviation" in work.plan.thresholds)
        and any(target.value and target.period and target.category == TOTAL for target in each.targets)
    }
    row = work.pick(lambda indicator, row: indicator.id in limited and _level(indicator) and bool(row["unit"]))
    indicator = work.plan.indicators[row["indicator"]]
    target = next(each for each in indicator.targets if each.value and each.period)
    row.update(period=str(target.period), value=str(int(target.value or 0) * 9 + 9), comment="")
    work.rows, work.at = [row], 0  # beside the others, of another period, its period could be the mistake


def _ambiguous(work: _Work) -> None:
    """A point or a comma where nothing else in the column tells which of them is the decimal one."""
    row = work.pick(_by_value)
    row["value"] = "1,234"
    work.rows = [each for each in work.rows if "." not in each["value"]]
    work.at = next(at for at, each in enumerate(work.rows) if each is row)


DEFECTS: Final[Mapping[str, Callable[[_Work], None]]] = FrozenMap(
    {
        # What a cell says.
        "value-missing": _cells(_by_value, value=""),
        "value-kind": _cells(_by_value, value="", numerator="3", denominator="4"),
        "ratio-as-value": _cells(_by_parts, value="5", numerator="", denominator=""),
        "ratio-incomplete": _cells(_by_parts, denominator=""),
        "ratio-over-one": _cells(
            lambda indicator, row: _by_parts(indicator, row) and indicator.measure is Measure.PERCENTAGE,
            numerator="9",
            denominator="8",
        ),
        "denominator-zero": _cells(_by_parts, numerator="0", denominator="0"),
        "value-negative": _cells(
            lambda indicator, row: _by_value(indicator, row) and indicator.measure is Measure.NUMBER, value="-3"
        ),
        "number-fraction-in-count": _cells(_of_people, value="2.5"),
        "percentage-over-100": _cells(_a_percentage, value="130"),
        "ratio-scale": _cells(_a_percentage, value="8500"),
        "value-over-reachable": _reachable,
        "value-out-of-range": _out_of_range,
        "evidence-missing": _unproven,
        "state-conflict": _cells(_by_value, value="5", state="missing"),
        "unit-mismatch": _cells(_with_unit, unit="day"),
        "unit-invalid": _cells(_with_unit, unit="furlong of oats"),
        "number-invalid": _cells(_by_value, value="twelve or so"),
        "number-scientific": _cells(_by_value, value="1e5"),
        "number-not-finite": _cells(_by_value, value="NaN"),
        "number-date": _cells(_by_value, value="12.03.2025"),
        "number-out-of-range": _cells(_by_value, value="9" * 30),
        "number-ambiguous": _ambiguous,
        "number-text": _cells(
            lambda indicator, row: _by_value(indicator, row) and indicator.measure is not Measure.PERCENTAGE,
            value="1 250",
        ),
        "cell-error": _cells(_by_value, value="#REF!"),
        "control-character": _cells(_by_value, value="1\x022"),
        "yes-no-invalid": _cells(lambda indicator, _: indicator.measure is Measure.YES_NO, value="perhaps"),
        "ref-unknown-stage": _cells(lambda indicator, _: bool(indicator.scale), value="nowhere near"),
        "state-unknown": _cells(state="somehow"),
        "state-not-due": _called_not_due,
        "status-unknown": _cells(status="somehow"),
        "whole-invalid": _cells(revision="one and a half"),
        "date-invalid": _cells(reported_on="some day"),
        "date-ambiguous": _cells(reported_on="03/04/2025"),
        "text-formula": _cells(comment="=HYPERLINK(A1)"),
        "text-markup": _cells(comment="<b>bold</b>"),
        "text-long": _cells(comment="word " * 1_100),
        # Which cell it is.
        "indicator-missing": _cells(lambda _, row: bool(row["value"] or row["numerator"]), indicator=""),
        "ref-unknown-indicator": _cells(indicator="Z-99.99"),
        "code-normalised": _named("indicator", str.swapcase),
        "code-invisible-character": _named("indicator", lambda code: f"{code[:1]}\u200b{code[1:]}"),
        "ref-unknown-partner": _named("partner", lambda _: "Nobody at all"),
        "partner-missing": _named("partner", lambda _: ""),
        "ref-unknown-location": _cells(location="Atlantis"),
        "ref-unknown-category": _cells(category="shoe=41"),
        "category-not-declared": _no_split,
        "period-missing": _cells(period=""),
        "period-unknown": _cells(period="the other day"),
        "period-outside-project": _cells(period="1999-Q1"),
        "period-future": _future,
        "report-early": _early,
        "report-late": _late,
        "period-closed": _closed,
        "reporter-not-assigned": _not_assigned,
        "indicator-computed": _computed,
        "row-looks-like-total": _cells(_by_value, indicator="Total"),
        "row-illustrative": _cells(illustrative="yes"),
        "report-not-counted": _cells(status="draft"),
        "unit-missing": _cells(_with_unit, unit=""),
        # Rows that do not go together.
        "key-conflict": _second(value="99"),
        "row-duplicate": _second(),
        "revision-order": _revised,
        "revision-unnumbered": _superseded,
        "total-mismatch": _parts(_more),
        "total-parts-missing": _missing_parts,
        "total-and-partners": _of_nobody,
        "total-and-places": _of_everywhere,
        "period-overlap": _overlapping_days,
        "report-missing": _silent,
        "report-copied": _copied,
        "number-conflict": _cells(_by_parts, value="77", numerator="1", denominator="400"),
        # Rows that one after the other make no sense.
        "cumulative-decrease": lambda work: work.series(_total_to_date, 10, 20, 15),
        "stage-falls-back": _fallen_back,
        "cumulative-fluctuates": lambda work: work.series(_total_to_date, 20, 5, 25, 4, 30),
        "flow-restates-total": lambda work: work.series(_flow, 100, 200, 300, 600),
        "flow-stands-still": lambda work: work.series(_of_people_once, 400, 401, 399, 400),
        "level-comes-back": _comes_back,
        "value-outlier": lambda work: work.series(_flow, 30, 31, 29, 33, 28, 32, 30, 3000),
        "value-jump": _jumps,
        "unit-changed": _in_another_unit,
        "ratio-swapped": _swapped,
        "parts-swapped": _changed_over,
        "figures-repeated": _left_over,
        "period-year": _another_year,
        "comment-missing": _unexplained,
    }
)
"""Codes for which `reports_with` knows a defect."""
