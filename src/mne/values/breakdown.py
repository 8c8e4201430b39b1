"""An indicator's value by category, partner or place, with all margins, and the entered total beside the sum of parts.

Read `breakdown` first. Each part is counted by the indicator's own rules from its own reports (`mne.values.parts`); a
part and its sub-parts are never added to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import polars as pl

from mne.errors import OptionError
from mne.ground.explanation import Explanation
from mne.ground.findings import Findings
from mne.ground.language import Text
from mne.ground.maps import FrozenMap
from mne.logframe.indicator import TOTAL, Baseline, BaselineStatus, Quantity, category_parts
from mne.values.parts import (
    Part,
    by_reporters,
    category_split_by,
    entered_totals,
    margin,
    of_category,
    sum_of_parts,
    tables,
    totals_agree,
)
from mne.values.places import Places
from mne.values.projects import regathered
from mne.values.trace import amount_text
from mne.values.values import IndicatorValue, Values

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from mne.logframe.indicator import Indicator, Target
    from mne.logframe.model import Logframe

__all__ = ["Breakdown", "breakdown", "marginals"]

PARTNER: Final = "partner"
LOCATION: Final = "location"


@dataclass(frozen=True)
class Breakdown(Mapping[str, IndicatorValue]):
    """An indicator's values by code of a partner or place, or by encoded category (``sex=F|age=15-24``).

    The parts do not have to add up to the total: categories may overlap, and some reports give no parts. A category's
    `indicator` has the baseline and the targets of that category; those of the whole are the total's alone.
    """

    total: IndicatorValue
    """The indicator's value as it is counted."""
    by: tuple[str, ...]
    by_part: FrozenMap[str, IndicatorValue]
    entered: IndicatorValue
    """Counted from entered totals alone."""
    parts: IndicatorValue
    """Counted from the sum of parts alone; by category, from the parts that know the dimensions asked for."""

    def __getitem__(self, code: str) -> IndicatorValue:
        return self.by_part[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_part)

    def __len__(self) -> int:
        return len(self.by_part)

    @property
    def agrees(self) -> bool | None:
        """Whether each entered total is the sum of its parts; None where no report has both, the parts all told.

        Overlapping parts, and those that are neither summed nor pooled, are not held against a total.
        """
        return totals_agree(self.entered, self.parts)

    def explain(self) -> Explanation:
        """Both totals and every part, down to the cells of the reports."""
        indicator = self.total.indicator
        verdict = {True: "they agree", False: "they differ", None: "no report has both"}[self.agrees]
        named = (("entered totals", self.entered), ("sum of parts", self.parts), *self.by_part.items())
        return Explanation(
            kind="actual",
            label=f"Actual of {indicator.id} by {' and '.join(self.by) or 'nothing'}",
            shown=amount_text(indicator, self.total.amount),
            how=f"entered totals beside the sum of parts: {verdict}",
            value=self.total.value,
            illustrative=self.total.illustrative,
            children=tuple(_named(name, value.explain()) for name, value in named),
        )

    def to_polars(self) -> pl.DataFrame:
        """One row per part and period, and one per part to date (period is null); numbers as in `Values.to_polars`.

        Shape: `kind` (part, total, entered_total, sum_of_parts), `part` (null where it is none), the columns of
        `Values.to_polars`.
        """
        rows: list[tuple[str, str | None, IndicatorValue]] = [
            ("part", code, each) for code, each in self.by_part.items()
        ]
        rows += [("total", None, self.total), ("entered_total", None, self.entered), ("sum_of_parts", None, self.parts)]
        told = self._as_values((str(at), value) for at, (_, _, value) in enumerate(rows)).to_polars()
        named = pl.DataFrame(
            [(str(at), kind, part) for at, (kind, part, _) in enumerate(rows)],
            schema={"indicator": pl.String, "kind": pl.String, "part": pl.String},
            orient="row",
        )
        joined = told.join(named, on="indicator", how="left", maintain_order="left")
        own = joined.with_columns(indicator=pl.lit(self.total.indicator.id))
        return own.select("kind", "part", *told.columns)

    def to_pandas(self) -> pd.DataFrame:
        """`to_polars`, as pandas."""
        return self.to_polars().to_pandas()

    def to_arrow(self) -> pa.Table:
        """`to_polars`, as Arrow."""
        return self.to_polars().to_arrow()

    def _as_values(self, named: Iterable[tuple[str, IndicatorValue]]) -> Values:
        plan, until = _plan_of(self.total), self.total.until
        return Values(dict(named), plan=plan, until=until, known_by=None, statuses=(), findings=Findings())

    def __repr__(self) -> str:
        known = sum(1 for value in self.by_part.values() if value.value is not None)
        return f"Breakdown({self.total.indicator.id} by {' × '.join(self.by)}: {known} of {len(self)} have a value)"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from mne._render import html

        words = _words(_plan_of(self.total), self.by)
        named = [
            (code, replace(value, indicator=_titled(value, code, self.by, words)))
            for code, value in self.by_part.items()
        ]
        return html(self._as_values([*named, (self.total.indicator.id, self.total)]))


def breakdown(
    values: Values,
    id: str,
    by: str | Sequence[str],
    *,
    roll_up: bool = False,
    level: int | None = None,
    within: str | None = None,
) -> Breakdown:
    """An indicator's value for each category, partner or place.

    Args:
        values: what `aggregate` or `aggregate_portfolio` gave.
        id: the indicator.
        by: "partner", "location", or one or more dimensions, which are crossed.
        roll_up: by location, a place holds what the places inside it reported; places then hold each other.
        level: by location, the parts are the places of this depth with all inside them: 1 for the largest ones. What
            was reported for a larger place stands by itself, so that nothing is counted twice or left out.
        within: by location, this place and the places inside it alone.

    Units: the indicator's. Every declared part is there, also those that nobody reported: they are missing, not 0, and
    not applicable where the plan does not ask for them.

    Raises:
        OptionError: an unknown indicator, dimension or place, or an option for places where the parts are none.
    """
    keys = _keys(values, id, by)
    plan, value = values.plan, values[id]
    parts: Mapping[str, Part]
    if keys in ((PARTNER,), (LOCATION,)):
        (axis,) = keys
        seen = sorted({code for table in tables(value) for code in table[axis].unique()})
        groups: dict[str, tuple[str, ...]] = {code: (code,) for code in dict.fromkeys((*plan.partners, *seen))}
        if axis == LOCATION:
            groups = Places.of(plan, seen).grouped(roll_up=roll_up, level=level, within=within)
        parts = by_reporters(axis, groups)
    else:
        codes = category_split_by(value, plan, keys)
        parts = {code: of_category(code, keys) for code in codes}
    if keys != (LOCATION,) and (roll_up or level is not None or within is not None):
        raise OptionError("roll_up, level and within are for places: by='location'")
    return Breakdown(
        total=value,
        by=(by,) if isinstance(by, str) else tuple(by),
        by_part=FrozenMap({code: _alone(regathered(value, part), code, keys) for code, part in parts.items()}),
        entered=_without_plan(regathered(value, entered_totals())),
        parts=_without_plan(regathered(value, sum_of_parts(() if keys in ((PARTNER,), (LOCATION,)) else keys))),
    )


def marginals(values: Values, id: str, dimensions: str | Sequence[str]) -> FrozenMap[tuple[str, ...], Breakdown]:
    """Every margin of a crossed table: by each dimension alone, by each pair, and so on up to all of them.

    Under ``()`` stands the margin of all margins: its one part ``_T`` is the sum of the whole table.

    Raises:
        OptionError: as `breakdown`, and for partners and places, which are not crossed.
    """
    names = (dimensions,) if isinstance(dimensions, str) else tuple(dimensions)
    if PARTNER in names or LOCATION in names:
        raise OptionError("margins are those of crossed dimensions; partners and places have breakdowns of their own")
    whole = breakdown(values, id, names)
    found: dict[tuple[str, ...], Breakdown] = {}
    found[()] = Breakdown(whole.total, (), FrozenMap({TOTAL: whole.parts}), whole.entered, whole.parts)
    for size in range(1, len(names)):
        for some in combinations(names, size):
            found[some] = breakdown(values, id, some)
    return FrozenMap({**found, names: whole})


def _keys(values: Values, id: str, by: str | Sequence[str]) -> tuple[str, ...]:
    """What is asked for: an axis, or dimensions in the order of the plan."""
    plan = values.plan
    if id not in values:
        raise OptionError(f"{plan.id} has no indicator {id!r}")
    keys = (by,) if isinstance(by, str) else tuple(by)
    if not keys or len(set(keys)) < len(keys):
        raise OptionError(f"by must name each dimension once, not {by!r}")
    if keys in ((PARTNER,), (LOCATION,)):
        return keys
    known = [each.id for each in plan.dimensions]
    unknown = [key for key in keys if key not in known]
    if unknown:
        expected = ", ".join(known) or "none"
        raise OptionError(
            f"{plan.id} has no dimension {', '.join(unknown)} (it has {expected}); "
            "'partner' and 'location' are asked for alone"
        )
    return tuple(key for key in known if key in keys)


# --- what a part is judged by ----------------------------------------------------------------------------------------


def _alone(value: IndicatorValue, code: str, keys: tuple[str, ...]) -> IndicatorValue:
    """The part with its own baseline and targets; partners and places have none."""
    indicator = value.indicator
    if keys in ((PARTNER,), (LOCATION,)):
        return _without_plan(value)
    targets = tuple(
        target.model_copy(update={"category": TOTAL})
        for target in indicator.targets
        if target.category != TOTAL and margin(target.category, keys) == code and _is_exact(target, keys)
    )
    own = {"baseline": _baseline(indicator, code), "targets": targets}
    return replace(value, indicator=indicator.model_copy(update=own))


def _without_plan(value: IndicatorValue) -> IndicatorValue:
    """A part that nothing was promised for: the baseline and targets of the whole are not its own."""
    return replace(value, indicator=value.indicator.model_copy(update={"baseline": None, "targets": ()}))


def _is_exact(target: Target, keys: tuple[str, ...]) -> bool:
    return len(category_parts(target.category)) == len(keys)


def _baseline(indicator: Indicator, code: str) -> Baseline | None:
    base = indicator.baseline
    if base is None:
        return None
    own = base.categories.get(code)
    if own is None and base.status is BaselineStatus.ESTABLISHED:
        return None
    told = Quantity().model_dump() if own is None else {**own.model_dump(), "status": BaselineStatus.ESTABLISHED}
    return base.model_copy(update={**told, "categories": FrozenMap()})


# --- words ------------------------------------------------------------------------------------------------------------


def _plan_of(value: IndicatorValue) -> Logframe:
    if value.plan is None:
        raise OptionError(f"{value.indicator.id} was made without a plan")
    return value.plan


def _named(name: str, told: Explanation) -> Explanation:
    return replace(told, label=f"{told.label}, {name}")


def _words(plan: Logframe, by: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """The titles of codes, by axis or dimension and code."""
    if by in ((PARTNER,), (LOCATION,)):
        every = plan.organisations if by == (PARTNER,) else plan.locations
        return {(by[0], each.id): str(each.title) for each in every}
    return {(dimension.id, code.id): str(code.title) for dimension in plan.dimensions for code in dimension.codes}


def _titled(value: IndicatorValue, code: str, by: tuple[str, ...], words: Mapping[tuple[str, str], str]) -> Indicator:
    """The indicator under the name of a part, for the table that people read."""
    pairs = [(by[0], code)] if by in ((PARTNER,), (LOCATION,)) else [*category_parts(code).items()]
    title = ", ".join(words.get(pair, pair[1]) for pair in pairs)
    return value.indicator.model_copy(update={"id": code, "title": Text(title or str(value.indicator.title))})
