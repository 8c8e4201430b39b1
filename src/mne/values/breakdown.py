"""An indicator's value by category, partner or place, with all margins, and the entered total beside the sum of parts.

Read `breakdown` first. Each part is counted by the indicator's own rules from its own reports; a part and its sub-parts
are never added to each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import polars as pl

from mne.errors import OptionError
from mne.ground.maps import FrozenMap
from mne.logframe.indicator import TOTAL, category_key, category_parts
from mne.tables.observations import State
from mne.values.cells import chosen, declared_categories, reporter_cells
from mne.values.projects import regathered
from mne.values.series import indicator_value
from mne.values.values import IndicatorValue

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.values.values import Values

__all__ = ["Breakdown", "breakdown", "marginals"]

PARTNER: Final = "partner"
LOCATION: Final = "location"

Part = Callable[[IndicatorValue], IndicatorValue]


@dataclass(frozen=True)
class Breakdown(Mapping[str, IndicatorValue]):
    """An indicator's values by code of a partner or place, or by encoded category (``sex=F|age=15-24``).

    The parts do not have to add up to the total: categories may overlap, and some reports give no parts.
    """

    total: IndicatorValue
    """The indicator's value as it is counted."""
    by: tuple[str, ...]
    by_part: FrozenMap[str, IndicatorValue]
    entered: IndicatorValue
    """Counted from entered totals alone."""
    parts: IndicatorValue
    """Counted from the sum of parts alone."""

    def __getitem__(self, code: str) -> IndicatorValue:
        return self.by_part[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_part)

    def __len__(self) -> int:
        return len(self.by_part)

    @property
    def agrees(self) -> bool | None:
        """Whether the entered totals are the sums of the parts in every period that has both; None where none has."""
        pairs = [
            (one.amount.value, other.amount.value)
            for one, other in zip(self.entered.periods, self.parts.periods, strict=True)
            if one.amount.value is not None and other.amount.value is not None
        ]
        return all(one == other for one, other in pairs) if pairs else None

    def to_polars(self) -> pl.DataFrame:
        """One row per part: its value to date with state, reason and coverage; the total last, as ``_T``."""
        rows = [*self.by_part.items(), (TOTAL, self.total)]
        return pl.DataFrame(
            [
                (
                    code,
                    str(value.state),
                    str(value.reason) if value.reason else None,
                    None if value.value is None else float(value.value),
                    None if value.value is None else str(value.value),
                    None if value.amount.numerator is None else float(value.amount.numerator),
                    None if value.amount.denominator is None else float(value.amount.denominator),
                    value.coverage.reported,
                    value.coverage.expected,
                )
                for code, value in rows
            ],
            schema={
                "part": pl.String, "state": pl.String, "reason": pl.String, "value": pl.Float64,
                "value_exact": pl.String, "numerator": pl.Float64, "denominator": pl.Float64,
                "reported": pl.Int64, "expected": pl.Int64,
            },
            orient="row",
        )  # fmt: skip

    def to_pandas(self) -> pd.DataFrame:
        """`to_polars`, as pandas."""
        return self.to_polars().to_pandas()

    def to_arrow(self) -> pa.Table:
        """`to_polars`, as Arrow."""
        return self.to_polars().to_arrow()

    def __repr__(self) -> str:
        known = sum(1 for value in self.by_part.values() if value.value is not None)
        return f"Breakdown({self.total.indicator.id} by {' × '.join(self.by)}: {known} of {len(self)} have a value)"


def breakdown(values: Values, id: str, by: str | Sequence[str], *, roll_up: bool = False) -> Breakdown:
    """An indicator's value for each category, partner or place.

    Args:
        values: what `aggregate` or `aggregate_portfolio` gave.
        id: the indicator.
        by: "partner", "location", or one or more dimensions, which are crossed.
        roll_up: by location, a place holds what the places within it reported.

    Units: the indicator's. Every declared category is there, also those that nobody reported: they are missing, not 0.

    Raises:
        OptionError: an unknown indicator or dimension, or places rolled up where the parts are no places.
    """
    if id not in values:
        raise OptionError(f"{values.plan.id} has no indicator {id!r}")
    keys = (by,) if isinstance(by, str) else tuple(by)
    if not keys or len(set(keys)) < len(keys):
        raise OptionError(f"by must name each dimension once, not {by!r}")
    if roll_up and keys != (LOCATION,):
        raise OptionError("only places can be rolled up: by='location'")
    plan, value = values.plan, values[id]
    if keys in ((PARTNER,), (LOCATION,)):
        (axis,) = keys
        codes = _reporters(value, plan, axis)
        parts = {code: _of_axis(axis, _within(plan, code) if roll_up else (code,)) for code in codes}
    else:
        known = {each.id for each in plan.dimensions}
        unknown = [key for key in keys if key not in known]
        if unknown:
            raise OptionError(f"{plan.id} has no dimension {', '.join(unknown)}; it has {', '.join(sorted(known))}")
        parts = {code: _of_category(code, keys) for code in _categories(value, plan, keys)}
    return Breakdown(
        total=value,
        by=keys,
        by_part=FrozenMap({code: regathered(value, part) for code, part in parts.items()}),
        entered=regathered(value, _only(pl.col("category") == TOTAL)),
        parts=regathered(value, _only(pl.col("category") != TOTAL)),
    )


def marginals(values: Values, id: str, dimensions: Sequence[str]) -> dict[tuple[str, ...], Breakdown]:
    """Every margin of a crossed table: by each dimension alone, by each pair, and so on up to all of them.

    Raises:
        OptionError: as `breakdown`.
    """
    found = {}
    for size in range(1, len(dimensions) + 1):
        for some in combinations(dimensions, size):
            found[some] = breakdown(values, id, some)
    return found


# --- which parts there are ------------------------------------------------------------------------------------------


def _tables(value: IndicatorValue) -> Iterator[pl.DataFrame]:
    """The observations of an indicator and of all that it is made of."""
    if value.selected is not None:
        yield value.selected.rows
    for operand in value.operands.values():
        yield from _tables(operand)
    if value.own is not None:
        yield from _tables(value.own)
    for each in value.contributions:
        yield from _tables(each.value)


def _reporters(value: IndicatorValue, plan: Logframe, axis: str) -> list[str]:
    seen = {code for table in _tables(value) for code in table[axis].unique()}
    declared = plan.partners if axis == PARTNER else tuple(each.id for each in plan.locations)
    return [*declared, *sorted(seen - set(declared))]


def _within(plan: Logframe, code: str) -> tuple[str, ...]:
    """A place and all places inside it."""
    inside = [each.id for each in plan.locations if each.parent == code]
    return (code, *(place for each in inside for place in _within(plan, each)))


def _categories(value: IndicatorValue, plan: Logframe, keys: tuple[str, ...]) -> list[str]:
    declared = declared_categories(plan, keys)
    seen = set()
    for table in _tables(value):
        for category in table["category"].unique():
            part = _margin(category, keys)
            if part is not None:
                seen.add(part[0])
    return [*declared, *sorted(seen - set(declared))]


def _margin(category: str, keys: tuple[str, ...]) -> tuple[str, str] | None:
    """The part that a reported category belongs to, and what is left of it; None where it says nothing of the keys."""
    if category == TOTAL:
        return None
    try:
        told = category_parts(category)
    except ValueError:
        return None
    if any(key not in told for key in keys):
        return None
    rest = {name: code for name, code in told.items() if name not in keys}
    mine = {name: code for name, code in told.items() if name in keys}
    return category_key(mine), category_key(rest) if rest else TOTAL


# --- one part -------------------------------------------------------------------------------------------------------


def _of_axis(axis: str, codes: tuple[str, ...]) -> Part:
    """The value of what one partner, or one place, reported."""

    def part(value: IndicatorValue) -> IndicatorValue:
        return _counted(value, pl.col(axis).is_in(codes), _assigned(value.indicator, axis, codes))

    return part


def _assigned(indicator: Indicator, axis: str, codes: tuple[str, ...]) -> Indicator:
    """The indicator as far as these partners or places have to report it."""
    kept = []
    for each in indicator.assignments:
        if axis == PARTNER:
            kept += [each] if each.partner in codes else []
        elif each.locations:
            places = tuple(place for place in each.locations if place in codes)
            kept += [each.model_copy(update={"locations": places})] if places else []
        elif TOTAL in codes:
            kept.append(each)
    return indicator.model_copy(update={"assignments": tuple(kept)})


def _only(which: pl.Expr) -> Part:
    """The value from some of the observations; of the others only what excuses a reporter is kept."""
    return lambda value: _counted(value, which | _excused(), value.indicator)


def _excused() -> pl.Expr:
    absent = pl.col("state").is_in([State.NOT_APPLICABLE.value, State.NOT_DUE.value])
    return (pl.col("category") == TOTAL) & absent


def _of_category(code: str, keys: tuple[str, ...]) -> Part:
    """The value of one category, from the first split that knows it; what is left of a crossed category is folded."""

    def part(value: IndicatorValue) -> IndicatorValue:
        selected = value.selected
        if selected is None:
            return value
        known = {category: _margin(category, keys) for category in selected.rows["category"].unique()}
        mine = {category: told[1] for category, told in known.items() if told is not None and told[0] == code}
        excused = selected.rows.filter(_excused())
        rows = selected.rows.filter(pl.col("category").is_in(list(mine)))
        renamed = rows.with_columns(category=pl.col("category").replace_strict(mine, return_dtype=pl.String))
        return _recounted(value, pl.concat([renamed, excused]), value.indicator)

    return part


def _counted(value: IndicatorValue, which: pl.Expr, indicator: Indicator) -> IndicatorValue:
    if value.selected is None:
        return value
    return _recounted(value, value.selected.rows.filter(which), indicator)


def _recounted(value: IndicatorValue, table: pl.DataFrame, indicator: Indicator) -> IndicatorValue:
    """The value made anew from some of its observations, over the same periods."""
    plan, selected = value.plan, value.selected
    if plan is None or selected is None:
        return value
    rows = chosen(table, plan)
    cells = reporter_cells(rows, plan, dict(selected.factors))
    return indicator_value(
        indicator,
        plan,
        cells=cells.get(indicator.id, []),
        rows=rows,
        unusable=table.filter(~pl.col("usable")),
        until=value.until,
        selected=type(selected)(table, selected.factors),
    )
