"""One part of an indicator's value, counted anew from its own reports: a category, a partner, a place, totals alone.

Read `of_category` and `by_reporters` first. Each gives a function from the value of a project's own reports to that of
the part; `mne.values.projects.regathered` takes it through formulas and child projects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import polars as pl

from mne.errors import OptionError
from mne.logframe.indicator import TOTAL, Axis, MissingPolicy, Rule, category_key, category_parts
from mne.tables.observations import State
from mne.tables.reasons import Reason
from mne.values.cells import chosen, declared_categories, reporter_cells
from mne.values.series import ABSENT, expectation, indicator_value
from mne.values.values import Amount, IndicatorValue, Rows, Selected

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.values.cells import Cell
    from mne.values.fold import Datum
    from mne.values.missing import Reporter
    from mne.values.series import Expects

__all__ = [
    "Part",
    "by_reporters",
    "category_split_by",
    "entered_totals",
    "margin",
    "of_category",
    "sum_of_parts",
    "tables",
    "totals_agree",
]

Part = Callable[[IndicatorValue], IndicatorValue]

_IS_TOTAL: Final = pl.col("category") == TOTAL
_EXCUSED: Final = _IS_TOTAL & pl.col("state").is_in([state.value for state in ABSENT])
"""Rows by which a reporter is taken out of what is expected, of the whole and therefore of every part."""

_SAME: Final = ("partner", "location", "plan_period", "start", "end")


# --- which parts there are --------------------------------------------------------------------------------------------


def tables(value: IndicatorValue) -> Iterator[pl.DataFrame]:
    """The observations of an indicator and of all that it is made of."""
    if value.selected is not None:
        yield value.selected.rows
    for below in _below(value):
        yield from tables(below)


def _below(value: IndicatorValue) -> Iterator[IndicatorValue]:
    yield from value.operands.values()
    if value.own is not None:
        yield value.own
    for each in value.contributions:
        yield each.value


def category_split_by(value: IndicatorValue, plan: Logframe, keys: tuple[str, ...]) -> list[str]:
    """Every category of these dimensions: the declared ones in the plan's order, then what else was reported."""
    declared = declared_categories(plan, keys)
    seen = {margin(category, keys) for table in tables(value) for category in table["category"].unique()}
    return [*declared, *sorted(code for code in seen if code is not None and code not in declared)]


def margin(category: str, keys: Sequence[str]) -> str | None:
    """The part of these dimensions that a category belongs to; None where it does not tell.

    >>> margin("sex=F|age=15-24", ["age"])
    'age=15-24'
    """
    try:
        told = category_parts(category)
    except ValueError:
        return None
    if not keys or any(key not in told for key in keys):
        return None
    return category_key({key: told[key] for key in keys})


# --- the parts --------------------------------------------------------------------------------------------------------


def by_reporters(axis: str, groups: Mapping[str, Iterable[str]]) -> dict[str, Part]:
    """The value of what each group of partners or places reported, `axis` being one of the two columns.

    What counts of a report does not hang on other reporters, so that all are sorted out once for all groups.
    """
    sorted_out: dict[int, _ByCode] = {}

    def one(value: IndicatorValue, *, codes: tuple[str, ...]) -> IndicatorValue:
        if id(value) not in sorted_out:
            sorted_out[id(value)] = _ByCode.of(value, axis)
        return _of_codes(value, sorted_out[id(value)], axis, codes)

    return {group: partial(one, codes=tuple(codes)) for group, codes in groups.items()}


@dataclass(frozen=True, slots=True)
class _ByCode:
    """The observations of an indicator, those that count and what they come to, by partner or by place."""

    value: IndicatorValue
    table: Mapping[str, pl.DataFrame]
    rows: Mapping[str, pl.DataFrame]
    cells: Mapping[str, Sequence[Cell]]

    @classmethod
    def of(cls, value: IndicatorValue, axis: str) -> _ByCode:
        selected, plan = _source(value)
        rows = _of(value)
        cells: dict[str, list[Cell]] = {}
        for cell in reporter_cells(rows, plan, dict(selected.factors)).get(value.indicator.id, []):
            cells.setdefault(getattr(cell, axis), []).append(cell)
        return cls(value, _by_code(selected.rows, axis), _by_code(rows, axis), cells)


def _by_code(table: pl.DataFrame, axis: str) -> dict[str, pl.DataFrame]:
    return {str(code): rows for (code,), rows in table.group_by(axis, maintain_order=True)}


def _together(tables: Mapping[str, pl.DataFrame], codes: Sequence[str], empty: pl.DataFrame) -> pl.DataFrame:
    found = [tables[code] for code in codes if code in tables]
    return pl.concat(found) if found else empty.clear()


def _of_codes(value: IndicatorValue, all_: _ByCode, axis: str, codes: tuple[str, ...]) -> IndicatorValue:
    selected, plan = _source(value)
    table = _together(all_.table, codes, selected.rows)
    rows = _together(all_.rows, codes, _of(value))
    indicator = value.indicator
    if indicator.assignments and not table.height and not _assigned(indicator, axis, frozenset(codes)):
        return _not_asked(value)
    expects = expectation(indicator, plan, rows)
    return indicator_value(
        indicator,
        plan,
        cells=[cell for code in codes for cell in all_.cells.get(code, ())],
        rows=rows,
        unusable=table.filter(~pl.col("usable")),
        until=value.until,
        selected=Selected(Rows.of(table), selected.factors),
        expects=_of_them(expects, axis, frozenset(codes)) if indicator.assignments else expects,
    )


def _assigned(indicator: Indicator, axis: str, codes: frozenset[str]) -> bool:
    """Whether any of these partners or places has to report the indicator at any time."""
    return any(
        each.partner in codes if axis == "partner" else not codes.isdisjoint(each.locations or (TOTAL,))
        for each in indicator.assignments
    )


def _of_them(expects: Expects, axis: str, codes: frozenset[str]) -> Expects:
    at = ("partner", "location").index(axis)

    def expected(period: Period) -> Iterable[Reporter]:
        return tuple(reporter for reporter in expects(period) if reporter[at] in codes)

    return expected


def of_category(code: str, keys: tuple[str, ...]) -> Part:
    """The value of one category: from the split that is declared first among those that tell it.

    What a finer split has of it is folded by the indicator's rule for categories; an entered total tells nothing of it.
    """

    def inside(category: str) -> bool:
        return margin(category, keys) == code

    def part(value: IndicatorValue) -> IndicatorValue:
        selected, plan = _source(value)
        mine = [category for category in selected.rows["category"].unique() if inside(category)]
        if not mine and not _is_split(value.indicator, keys):
            return _not_asked(value)
        exact = [category for category in mine if len(category_parts(category)) == len(keys)]
        rows = selected.rows.filter(pl.col("category").is_in(mine) | _EXCUSED)
        return _recounted(
            value, rows, exact=exact, inside=inside, expects=expectation(value.indicator, plan, _of(value))
        )

    return part


def _is_split(indicator: Indicator, keys: tuple[str, ...]) -> bool:
    return any(set(keys) <= set(split.dimensions) for split in indicator.disaggregation)


def entered_totals() -> Part:
    """The value from entered totals alone."""
    return partial(_some, which=lambda category: category == TOTAL)


def sum_of_parts(keys: tuple[str, ...]) -> Part:
    """The value from parts alone: those that tell of these dimensions, or any parts where none is named."""
    return partial(_some, which=lambda category: margin(category, keys) is not None if keys else category != TOTAL)


def _some(value: IndicatorValue, *, which: Callable[[str], bool]) -> IndicatorValue:
    selected, plan = _source(value)
    mine = [category for category in selected.rows["category"].unique() if which(category)]
    rows = selected.rows.filter(pl.col("category").is_in(mine) | _EXCUSED)
    return _recounted(value, rows, expects=expectation(value.indicator, plan, _of(value)))


# --- counting ---------------------------------------------------------------------------------------------------------


def _source(value: IndicatorValue) -> tuple[Selected, Logframe]:
    if value.selected is None or value.plan is None:
        raise OptionError(f"{value.indicator.id} was made without a table of observations, and cannot be broken down")
    return value.selected, value.plan


def _of(value: IndicatorValue) -> pl.DataFrame:
    """The rows that count for the whole."""
    selected, plan = _source(value)
    return value.rows if value.rows is not None else chosen(selected.rows, plan)


def _recounted(
    value: IndicatorValue,
    table: pl.DataFrame,
    *,
    exact: Sequence[str] = (),
    inside: Callable[[str], bool] = lambda _: True,
    expects: Expects | None = None,
) -> IndicatorValue:
    """The value made anew from some of its observations, over the same periods.

    Categories that are `exact` are the part itself; others `inside` it are parts of the part.
    """
    selected, plan = _source(value)
    whole = pl.col("category").is_in(list(exact))
    rows = chosen(table, plan)
    by_split = rows.with_columns(split=pl.when(~whole).then("split"))
    cells = reporter_cells(by_split, plan, dict(selected.factors), within=inside)
    unusable = table.filter(~pl.col("usable"))
    return indicator_value(
        value.indicator,
        plan,
        cells=cells.get(value.indicator.id, []),
        rows=rows,
        unusable=unusable.with_columns(category=pl.when(whole).then(pl.lit(TOTAL)).otherwise("category")),
        until=value.until,
        selected=Selected(Rows.of(table), selected.factors),
        expects=expects,
        told=_told(value),
    )


def _told(value: IndicatorValue) -> Mapping[int, frozenset[Reporter]]:
    """Who reported some of the whole, by position of the period; asked for only where silence counts as zero."""
    found: dict[int, set[Reporter]] = {}
    if value.indicator.missing is MissingPolicy.ZERO:
        for position, partner, location in _of(value).select("plan_period", "partner", "location").iter_rows():
            found.setdefault(position, set()).add((partner, location))
    return {position: frozenset(reporters) for position, reporters in found.items()}


def _not_asked(value: IndicatorValue) -> IndicatorValue:
    """A part that the plan does not ask for, and nobody reported."""
    absent = Amount(State.NOT_APPLICABLE, None, Reason.NOT_APPLICABLE)
    selected, _ = _source(value)
    return replace(
        value,
        amount=absent,
        as_of=None,
        periods=tuple(
            replace(each, amount=absent, to_date=absent if each.to_date is not None else None, carried=())
            for each in value.periods
        ),
        illustrative=False,
        carried=(),
        counted=Rows.of(_of(value).clear()),
        selected=Selected(Rows.of(selected.rows.clear()), selected.factors),
    )


# --- the total beside its parts ---------------------------------------------------------------------------------------


def totals_agree(entered: IndicatorValue, parts: IndicatorValue) -> bool | None:
    """Whether the totals of all reports are the sums of their parts; None where no report has both, all parts told."""
    pairs = zip(_below(entered), _below(parts), strict=True)
    known = [found for one, other in pairs if (found := totals_agree(one, other)) is not None]
    if entered.selected is not None and parts.selected is not None:
        totals, sums = _data(entered), _data(parts)
        known += [_numbers(totals[cell]) == _numbers(sums[cell]) for cell in totals.keys() & sums.keys()]
    return all(known) if known else None


def _data(value: IndicatorValue) -> dict[tuple[object, ...], Datum]:
    """What each reporter's figures come to; a split counts only with all its parts."""
    selected, plan = _source(value)
    if value.indicator.rule(Axis.CATEGORIES) not in (Rule.SUM, Rule.POOLED):
        return {}
    found = reporter_cells(chosen(selected.rows, plan), plan, dict(selected.factors), complete=True)
    cells = found.get(value.indicator.id, [])
    return {
        tuple(getattr(cell, name) for name in _SAME): cell.datum
        for cell in cells
        if cell.datum.value is not None or cell.datum.denominator is not None
    }


def _numbers(datum: Datum) -> tuple[object, ...]:
    return (datum.value, datum.numerator, datum.denominator)
