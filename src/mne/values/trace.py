"""From an indicator's value back to the reports: which rows it rests on, and the explanation made of them.

Read `traced` first. At any size the trace is a filter over the table that the values keep, never a list that
aggregation carried along.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from mne.errors import OptionError
from mne.ground.explanation import Explanation
from mne.ground.findings import Place
from mne.ground.numbers import number_text
from mne.ground.tags import spaced
from mne.ground.wording import Say, wording
from mne.logframe.formula import parse
from mne.logframe.indicator import TOTAL, Accumulation, Axis, Measure, Rule
from mne.tables.observations import KEY, State
from mne.values.derive import days_to_date, over_sums, place_of, to_date_before

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from mne.logframe.indicator import Indicator
    from mne.logframe.periods import Period
    from mne.values.values import Amount, Coverage, IndicatorValue

__all__ = ["amount_text", "explained", "traced", "value_text"]

ENGLISH: Final = wording("en")
_SHOWN_ROWS: Final = 40
"""Cells listed beneath one period; beyond them one line says how many more there are."""

_REPORTER: Final = ("partner", "location")


def traced(value: IndicatorValue) -> pl.DataFrame:
    """The observations behind a value to date.

    Shape: one row per cell that was counted, the observation columns; sorted by period, partner, location, category.

    Raises:
        OptionError: the indicator is computed by a formula; trace its operands instead.
    """
    if value.indicator.formula is not None:
        names = ", ".join(value.operands)
        raise OptionError(f"{value.indicator.id} is computed from {names}: trace those, or call explain()")
    if value.counted is None:
        raise OptionError(f"{value.indicator.id} was made without a table of observations")
    tables = [_plain(table) for table in _tables(value)]
    rows = tables[0] if len(tables) == 1 else pl.concat(tables).unique(KEY)
    return rows.sort("period_start", "period_end", "project", "indicator", "partner", "location", "category")


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop("plan_period", "usable", "unconvertible", "split", "declared", "excused", strict=False)


def _tables(value: IndicatorValue) -> Iterator[pl.DataFrame]:
    """The own rows behind a value to date, then those of the projects that contribute to it, at any depth."""
    yield _own_rows(value)
    waiting = list(_sources(value, _standing(value)))
    while waiting:
        child, periods = waiting.pop()
        waiting += _sources(child, periods)
        waiting += _operands(child, periods)
        if child.counted is not None:
            yield from (
                _in_period(child.counted.frame, child, at)
                for at, each in enumerate(child.periods)
                if each.period in periods
            )


def _operands(value: IndicatorValue, periods: Container[Period]) -> Iterator[tuple[IndicatorValue, set[Period]]]:
    """For each that a formula names the periods that it reads to compute some periods of its own."""
    if value.indicator.formula is None:
        return
    reads = parse(value.indicator.formula).reads
    for name, operand in value.operands.items():
        places = {each.period.label: at for at, each in enumerate(operand.periods)}
        here = [places[each.period.label] for each in value.periods if each.period in periods]
        yield (
            operand,
            {operand.periods[at - back].period for of, back in reads if of == name for at in here if at >= back},
        )


def _standing(value: IndicatorValue) -> set[Period]:
    """The periods that a value to date is made of."""
    if value.as_of is not None and value.indicator.rule(Axis.TIME) is Rule.LATEST:
        return {value.as_of}
    return {each.period for each in value.periods}


def _sources(value: IndicatorValue, periods: Container[Period]) -> Iterator[tuple[IndicatorValue, set[Period]]]:
    """For each child the periods of its own that stand behind some periods of its parent."""
    for each in value.contributions:
        given = (contributed for contributed in each.periods if contributed.period in periods)
        yield each.value, {source for contributed in given for source in contributed.sources}


def _own_rows(value: IndicatorValue) -> pl.DataFrame:
    """The project's own rows behind a value to date."""
    if value.counted is None:
        raise OptionError(f"{value.indicator.id} was made without a table of observations")
    if value.as_of is None or value.indicator.rule(Axis.TIME) is not Rule.LATEST:
        return value.counted.frame
    return _in_period(
        value.counted.frame, value, next(at for at, each in enumerate(value.periods) if each.period == value.as_of)
    )


def _in_period(rows: pl.DataFrame, value: IndicatorValue, position: int) -> pl.DataFrame:
    """The rows behind the value in one period, and those whose value was carried into it."""
    here = rows.filter(pl.col("plan_period") == position)
    if value.indicator.accumulation is not Accumulation.FLOW:
        here = here.filter(pl.col("period_end") == pl.col("period_end").max().over(_REPORTER))
    silent = value.periods[position].carried
    if not silent:
        return here
    carried = pl.DataFrame(silent, schema={"partner": pl.String, "location": pl.String}, orient="row")
    earlier = rows.filter(pl.col("plan_period") < position).join(carried, on=list(_REPORTER), how="semi")
    return pl.concat([here, earlier.filter(pl.col("period_end") == pl.col("period_end").max().over(_REPORTER))])


def explained(value: IndicatorValue, *, lang: str | None = None) -> Explanation:
    """Why an indicator has the value it has: its rules, its periods, its cells."""
    say = wording(lang)
    if value.indicator.formula is not None:
        children = tuple(_computed(value, say))
        how = _formula_text(value, say)
    else:
        children = tuple(_periods(value, say))
        how = _how(value, say)
    id_ = value.indicator.id
    label = say("actual-as-of", id=id_, period=value.as_of.label) if value.as_of else say("actual", id=id_)
    return Explanation(
        kind="actual",
        label=label,
        shown=amount_text(value.indicator, value.amount, say),
        how=how,
        value=value.value,
        illustrative=value.illustrative,
        lang=say.lang,
        children=children,
    )


def _how(value: IndicatorValue, say: Say) -> str:
    axes = list(value.indicator.order)
    if value.contributions:
        axes.insert(-1 if axes[-1] is Axis.TIME else len(axes), Axis.PROJECTS)
    rules = [f"{say(axis.value)} {say(value.indicator.rule(axis).value)}" for axis in axes]
    told = f"{say(value.indicator.accumulation.value)}{spaced(':', say.lang)}{say('then').join(rules)}"
    return f"{told}{spaced(';', say.lang)}{_received(value.coverage, say)}"


def _received(coverage: Coverage, say: Say) -> str:
    told = say("of", part=coverage.reported, whole=coverage.expected)
    if coverage.carried:
        told += f" {say('carried-count', n=coverage.carried)}"
    if coverage.left_out:
        told += f" {say('left-out-count', n=coverage.left_out)}"
    return say("received", coverage=told)


def _periods(value: IndicatorValue, say: Say) -> Iterator[Explanation]:
    rows = _own_rows(value)
    latest = value.indicator.rule(Axis.TIME) is Rule.LATEST
    for position, each in enumerate(value.periods):
        if latest and each.period != value.as_of:
            continue
        told = _period(value, position, rows, say)
        if told.children or each.amount.coverage.expected:  # else nobody had to report, and nobody did
            yield told
        if latest:
            yield from _carried(value, position, rows, say)


def _carried(value: IndicatorValue, position: int, rows: pl.DataFrame, say: Say) -> Iterator[Explanation]:
    """The cells that are older than the period that they count in."""
    how_many = len(value.periods[position].carried)
    if how_many:
        yield Explanation(
            kind="note",
            label=say("carried"),
            shown=say("keeps-one") if how_many == 1 else say("keep-many", n=how_many),
            lang=say.lang,
            children=tuple(_cells(value.indicator, rows.filter(pl.col("plan_period") < position), say)),
        )


def _period(value: IndicatorValue, position: int, rows: pl.DataFrame, say: Say) -> Explanation:
    each = value.periods[position]
    inside = rows.filter(pl.col("plan_period") == position)
    return Explanation(
        kind="period",
        label=each.period.label,
        shown=amount_text(value.indicator, each.amount, say),
        how=_received(each.amount.coverage, say),
        value=each.amount.value,
        lang=say.lang,
        children=(*_cells(value.indicator, inside, say), *_contributions(value, position, say)),
    )


def _contributions(value: IndicatorValue, position: int, say: Say) -> Iterator[Explanation]:
    """What each child adds to one period, down to the cells of its own reports."""
    for each in value.contributions:
        given = each.periods[position]
        if not given.sources and given.amount.state in (State.NOT_DUE, State.NOT_APPLICABLE):
            continue
        labels = ", ".join(period.label for period in given.sources)
        how = say("from", labels=labels) + (say("carried-too") if given.carried else "") if labels else ""
        yield Explanation(
            kind="contribution",
            label=f"{each.project} · {each.indicator}",
            shown=amount_text(value.indicator, given.amount, say),
            how=how,
            value=given.amount.value,
            illustrative=each.value.illustrative,
            lang=say.lang,
            children=tuple(_child_periods(each.value, given.sources, say)),
        )


# --- computed by a formula --------------------------------------------------------------------------------------------


def _formula_text(value: IndicatorValue, say: Say) -> str:
    """The formula, and over what it was taken."""
    formula = value.indicator.formula or ""
    if over_sums(value.indicator):
        return f"{formula}{spaced(';', say.lang)}{_received(value.coverage, say)}"
    rule = f"{say(Axis.TIME.value)} {say(value.indicator.rule(Axis.TIME).value)}"
    return f"{spaced(';', say.lang).join((formula, rule))}{spaced(';', say.lang)}{_received(value.coverage, say)}"


def _computed(value: IndicatorValue, say: Say) -> Iterator[Explanation]:
    """The numbers that a computed value to date is made of: its periods, or the values to date that it names."""
    if over_sums(value.indicator):
        yield from _values_to_date(value, say)
        return
    standing = _standing(value)
    for position, each in enumerate(value.periods):
        if each.period in standing and (each.amount.value is not None or each.amount.coverage.expected):
            yield _computed_period(value, position, say)


def _computed_period(value: IndicatorValue, position: int, say: Say) -> Explanation:
    each = value.periods[position]
    return Explanation(
        kind="period",
        label=each.period.label,
        shown=amount_text(value.indicator, each.amount, say),
        how=value.indicator.formula or "",
        value=each.amount.value,
        lang=say.lang,
        children=tuple(_read(value, position, say)),
    )


def _read(value: IndicatorValue, position: int, say: Say) -> Iterator[Explanation]:
    """Every number that the formula read for one period, each of the period that it was taken from."""
    period = value.periods[position].period
    formula = parse(value.indicator.formula or "")
    for name, back in formula.reads:
        operand = value.operands[name]
        at = place_of(operand, period)
        yield _at(operand, at - back, say) if at is not None and at >= back else _nothing(name, back, say)
    if formula.uses_days:
        yield _days((period.end - period.start).days, say)


def _at(value: IndicatorValue, position: int, say: Say) -> Explanation:
    """An indicator in one period, down to the cells."""
    each = value.periods[position]
    if value.indicator.formula is not None:
        how, children = value.indicator.formula, tuple(_read(value, position, say))
    else:
        rows = _in_period(value.rows, value, position) if value.rows is not None else pl.DataFrame()
        told = _period(value, position, rows, say)
        how, children = told.how, (*told.children, *_carried(value, position, rows, say))
    return Explanation(
        kind="actual",
        label=say("actual-as-of", id=value.indicator.id, period=each.period.label),
        shown=amount_text(value.indicator, each.amount, say),
        how=how,
        value=each.amount.value,
        illustrative=value.illustrative,
        lang=say.lang,
        children=children,
    )


def _values_to_date(value: IndicatorValue, say: Say) -> Iterator[Explanation]:
    """The values to date that a pooled formula read, and what they were where it looks back."""
    formula = parse(value.indicator.formula or "")
    for name, back in formula.reads:
        operand = value.operands.get(name)
        found = None if operand is None else to_date_before(operand, value.as_of, back)
        if operand is not None and not back:
            yield explained(operand, lang=say.lang)
        elif operand is None or found is None:
            yield _nothing(name, back, say)
        else:
            at, amount = found
            latest = operand.indicator.rule(Axis.TIME) is Rule.LATEST
            told = _at(operand, at, say)
            parts = tuple(_at(operand, position, say) for position in range(at + 1))
            shown = amount_text(operand.indicator, amount, say)
            how = _received(amount.coverage, say)
            yield told if latest else replace(told, shown=shown, how=how, value=amount.value, children=parts)
    if formula.uses_days and (days := days_to_date(value.operands, value.as_of)) is not None:
        yield _days(days, say)


def _nothing(name: str, back: int, say: Say) -> Explanation:
    """A number that there is not: of no period, or of one before the first."""
    label = f"previous({name}, {back})" if back else name
    return Explanation(kind="note", label=label, shown=say(State.MISSING.value), lang=say.lang)


def _days(days: int, say: Say) -> Explanation:
    return Explanation(kind="note", label="days()", shown=str(days), value=Fraction(days), lang=say.lang)


# --- the cells --------------------------------------------------------------------------------------------------------


def _child_periods(child: IndicatorValue, sources: Container[Period], say: Say) -> Iterator[Explanation]:
    computed = child.indicator.formula is not None
    for position, each in enumerate(child.periods):
        if each.period in sources and computed:
            yield _computed_period(child, position, say)
        elif each.period in sources and child.counted is not None:
            rows = _in_period(child.counted.frame, child, position)
            yield _period(child, position, rows, say)
            yield from _carried(child, position, rows, say)


def _cells(indicator: Indicator, rows: pl.DataFrame, say: Say) -> Iterator[Explanation]:
    for row in rows.head(_SHOWN_ROWS).iter_rows(named=True):
        yield _cell(indicator, row, say)
    if rows.height > _SHOWN_ROWS:
        label = say("more-cells", n=rows.height - _SHOWN_ROWS)
        yield Explanation(kind="more", label=label, how=say("see-trace"), lang=say.lang)


def _cell(indicator: Indicator, row: dict[str, Any], say: Say) -> Explanation:
    who = [row["partner"], row["location"], row["category"]]
    label = " · ".join(part for part in who if part != TOTAL) or say("whole")
    if row["revision"]:
        label += f" {say('revision', n=row['revision'])}"
    if row["numerator"] is not None and row["denominator"] is not None:
        above, below = (number_text(Fraction(row[name])) for name in ("numerator", "denominator"))
        shown = say("of", part=above, whole=below)
        value = None
    else:
        value = None if row["value"] is None else Fraction(row["value"])
        shown = row["text"] or ("" if value is None else number_text(value))
        if row["unit"] and row["unit"] != indicator.unit:
            shown += f" {row['unit']}"
    return Explanation(
        kind="cell",
        label=label,
        shown=shown,
        value=value,
        illustrative=bool(row["illustrative"]),
        lang=say.lang,
        place=Place(
            file=row["source_file"],
            sheet=row["source_sheet"],
            cell=row["source_cell"],
            row=row["source_row"],
            indicator=row["indicator"],
            period=row["period"],
            partner=row["partner"],
            location=row["location"],
            category=row["category"],
        ),
    )


def value_text(indicator: Indicator, value: Fraction | None, say: Say = ENGLISH) -> str:
    """A value of the indicator with its unit, as people read it; a stage by its title; a dash for none."""
    if value is None:
        return "–"
    if indicator.measure is Measure.YES_NO:
        return say("yes" if value else "no") if value in (0, 1) else number_text(value)
    if indicator.measure.is_ranked:
        if value == 0:
            return say("not-started")
        if value.denominator == 1 and 1 <= value <= len(indicator.scale):
            stage = indicator.scale[int(value) - 1]
            return stage.title.in_language(say.lang) if stage.title else stage.id
    if indicator.measure is Measure.PERCENTAGE:
        return f"{number_text(value)} %"
    return f"{number_text(value)} {indicator.unit}" if indicator.unit else number_text(value)


def amount_text(indicator: Indicator, amount: Amount, say: Say = ENGLISH) -> str:
    """An amount as people read it: the value with its unit, or the state with its reason."""
    if amount.value is None:
        state = say(amount.state.value)
        return f"{state} ({amount.reason.in_language(say.lang)})" if amount.reason else state
    told = value_text(indicator, amount.value, say)
    if amount.numerator is not None and amount.denominator is not None:
        told += f" ({say('of', part=number_text(amount.numerator), whole=number_text(amount.denominator))})"
    return told
