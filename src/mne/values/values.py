"""What aggregation gives: a value, a state and a coverage for each indicator, per period and to date.

Read `IndicatorValue` first. A value is never "0 or something": it is a number with its coverage, or a state with
a reason (semantics §3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from mne.ground.findings import Findings
from mne.ground.maps import FrozenMap
from mne.tables.observations import State

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from mne.ground.explanation import Explanation
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe
    from mne.logframe.periods import Period
    from mne.tables.reasons import Reason

__all__ = [
    "Amount",
    "Contributed",
    "ContributedPeriod",
    "Coverage",
    "IndicatorValue",
    "PeriodValue",
    "Rows",
    "Selected",
    "Values",
]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the expected cells (partner × location × period) were reported.

    `carried` of the expected ones were filled with an earlier value and do not count as reported; `left_out` came, and
    the number does not rest on them.
    """

    reported: int = 0
    expected: int = 0
    carried: int = 0
    left_out: int = 0

    @property
    def share(self) -> Fraction | None:
        """Reported over expected; None where nothing was expected."""
        return Fraction(self.reported, self.expected) if self.expected else None

    @property
    def aside(self) -> Coverage:
        """The same reports, where a number does not rest on them."""
        return Coverage(0, self.expected, left_out=self.reported + self.left_out)

    @classmethod
    def total(cls, every: Iterable[Coverage]) -> Coverage:
        """All of these together."""
        reported = expected = carried = left_out = 0
        for each in every:
            reported += each.reported
            expected += each.expected
            carried += each.carried
            left_out += each.left_out
        return cls(reported, expected, carried, left_out)

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.reported + other.reported,
            self.expected + other.expected,
            self.carried + other.carried,
            self.left_out + other.left_out,
        )

    def __str__(self) -> str:
        told = f"{self.reported} of {self.expected}"
        told += f" ({self.carried} carried forward)" if self.carried else ""
        return told + (f" ({self.left_out} left out)" if self.left_out else "")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or the state and reason that stand in for one. Units: those of the indicator."""

    state: State
    value: Fraction | None = None
    reason: Reason | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    coverage: Coverage = Coverage()


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """An indicator's value in one period; for a flow that is summed also the sum to date."""

    period: Period
    amount: Amount
    to_date: Amount | None = None
    carried: tuple[tuple[str, str], ...] = ()
    """(partner, location) of those whose last value was carried into this period."""


@dataclass(frozen=True, slots=True)
class ContributedPeriod:
    """What a child adds to one period of its parent, in the parent's unit, and the child's periods that it is from."""

    period: Period
    amount: Amount
    sources: tuple[Period, ...] = ()
    """The child's periods behind the amount; empty where there is none."""
    carried: bool = False
    """Whether the sources lie before the period: the child's last value was carried into it."""


@dataclass(frozen=True)
class Contributed:
    """What one child project's indicator adds to its parent's; the parent's own reports are no contribution."""

    project: str
    indicator: str
    amount: Amount
    """What it adds to the parent's value to date, in the parent's unit."""
    periods: tuple[ContributedPeriod, ...]
    """What it adds to each period of the parent that has ended."""
    value: IndicatorValue = field(repr=False)
    """The child's own value, with its own contributions."""

    def period(self, label: str) -> ContributedPeriod:
        """What it adds to the parent's period with this label.

        Raises:
            KeyError: no period of the parent that had ended has this label.
        """
        for each in self.periods:
            if each.period.label == label:
                return each
        raise KeyError(label)


@dataclass(frozen=True, eq=False)
class Rows:
    """A table that is made when somebody first looks at it: most values are read, and few are traced."""

    make: Callable[[], pl.DataFrame]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Rows:
        """A table that is there already."""
        return cls(partial(_itself, frame))

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The table."""
        return self.make()


def _itself(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


@dataclass(frozen=True, slots=True)
class Selected:
    """An indicator's newest observations that ended in time, and the factors into its unit."""

    table: Rows
    factors: Mapping[tuple[str, str, dt.date], Fraction]

    @property
    def rows(self) -> pl.DataFrame:
        """The observations."""
        return self.table.frame


@dataclass(frozen=True)
class IndicatorValue:
    """An indicator to date: its value as of one period, what it rests on, and its value in every period.

    Units: those of the indicator; a percentage of 85 % is 85. Exact: values are fractions.
    """

    indicator: Indicator
    amount: Amount
    as_of: Period | None
    periods: tuple[PeriodValue, ...]
    illustrative: bool = False
    carried: tuple[tuple[str, str, str], ...] = ()
    """(partner, location, period label) of values that were carried forward into the value to date."""
    counted: Rows | None = field(default=None, repr=False, compare=False)
    """The observations that count for this indicator, each with its source; see `rows` and `trace`."""
    operands: Mapping[str, IndicatorValue] = field(default_factory=FrozenMap, repr=False, compare=False)
    plan: Logframe | None = field(default=None, repr=False, compare=False)
    until: dt.date | None = None
    contributions: tuple[Contributed, ...] = field(default=(), repr=False, compare=False)
    """What other projects add, by project and indicator; empty outside a portfolio."""
    own: IndicatorValue | None = field(default=None, repr=False, compare=False)
    """With contributions: the value of this project's own reports alone."""
    selected: Selected | None = field(default=None, repr=False, compare=False)
    """All its observations, also those that gave way to a total or to another split; see `breakdown`."""

    @property
    def rows(self) -> pl.DataFrame | None:
        """The observations that count for this indicator; None for one that is computed."""
        return None if self.counted is None else self.counted.frame

    @property
    def state(self) -> State:
        """The state of the value to date."""
        return self.amount.state

    @property
    def reason(self) -> Reason | None:
        """Why there is no number, or None."""
        return self.amount.reason

    @property
    def value(self) -> Fraction | None:
        """The exact value to date, or None."""
        return self.amount.value

    @property
    def coverage(self) -> Coverage:
        """How many of the expected cells stand behind the value."""
        return self.amount.coverage

    @property
    def plan_periods(self) -> tuple[Period, ...]:
        """All the periods of the indicator, ended or not."""
        return self.plan.periods_of(self.indicator) if self.plan is not None else ()

    def plan_period(self, label: str) -> Period | None:
        """The plan's period with this label or name, at the indicator's frequency first; None if there is none."""
        if self.plan is None:
            return None
        return self.plan.period(label, self.indicator.frequency) or self.plan.period(label)

    def period(self, label: str) -> PeriodValue:
        """The value in the period with this label.

        Raises:
            KeyError: no period of the indicator that had ended has this label.
        """
        for each in self.periods:
            if each.period.label == label:
                return each
        raise KeyError(label)

    def trace(self) -> pl.DataFrame:
        """The observations behind the value to date, one row per cell with its file, sheet and address."""
        from mne.values.trace import traced

        return traced(self)

    def explain(self, *, lang: str | None = None) -> Explanation:
        """Why the value is what it is, down to the cells of the reports, in the words of one language."""
        from mne.values.trace import explained

        return explained(self, lang=lang)

    def __repr__(self) -> str:
        from mne.ground.numbers import number_text

        shown = number_text(self.value) if self.value is not None else f"{self.state} ({self.reason})"
        when = f" as of {self.as_of}" if self.as_of else ""
        return f"IndicatorValue({self.indicator.id}: {shown}{when}, {self.coverage} reported)"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)


class Values(Mapping[str, IndicatorValue]):
    """The values of every indicator of a plan, by id. They carry their plan, so that they can be scored."""

    __slots__ = ("_by_id", "findings", "known_by", "plan", "statuses", "until")

    def __init__(
        self,
        by_id: Mapping[str, IndicatorValue],
        *,
        plan: Logframe,
        until: dt.date | None,
        known_by: dt.date | None,
        statuses: tuple[str, ...],
        findings: Findings,
    ) -> None:
        self._by_id = FrozenMap(by_id)
        self.plan = plan
        self.until = until
        self.known_by = known_by
        self.statuses = statuses
        self.findings = findings

    def __getitem__(self, id: str) -> IndicatorValue:
        return self._by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def illustrative(self) -> bool:
        """Whether any value rests on an example that nobody reported."""
        return any(value.illustrative for value in self._by_id.values())

    def to_polars(self) -> pl.DataFrame:
        """One row per indicator and period, and one per indicator to date (period is null).

        Numbers are float64 to look at; the exact ones stand in `value_exact` as fractions in text.
        """
        import polars as pl

        return pl.DataFrame(list(self._records()), schema=_schema(), orient="row")

    def to_pandas(self) -> pd.DataFrame:
        """`to_polars`, as pandas."""
        return self.to_polars().to_pandas()

    def to_arrow(self) -> pa.Table:
        """`to_polars`, as Arrow."""
        return self.to_polars().to_arrow()

    def _records(self) -> Iterator[tuple[Any, ...]]:
        for id, value in self._by_id.items():
            for each in value.periods:
                yield _record(id, each.period, each.amount, value, each.to_date)
            yield _record(id, None, value.amount, value, None)

    def __repr__(self) -> str:
        known = sum(1 for value in self._by_id.values() if value.value is not None)
        return f"Values({self.plan.id} until {self.until}: {known} of {len(self)} indicators have a value)"

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)

    def save(self, path: Any) -> None:
        """Write the values to `path`: .csv, .json, .html or .parquet, by the ending.

        Raises:
            OptionError: the ending is none of these.
        """
        from mne._render import save

        save(self, path)


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _record(
    id: str, period: Period | None, amount: Amount, value: IndicatorValue, to_date: Amount | None
) -> tuple[Any, ...]:
    return (
        id,
        period.label if period else None,
        period.start if period else None,
        period.last_day if period else None,
        value.as_of.label if value.as_of and not period else None,
        str(amount.state),
        str(amount.reason) if amount.reason else None,
        _float(amount.value),
        None if amount.value is None else str(amount.value),
        _float(amount.numerator),
        _float(amount.denominator),
        _float(to_date.value) if to_date else None,
        value.indicator.unit,
        amount.coverage.reported,
        amount.coverage.expected,
        amount.coverage.carried,
        value.illustrative,
    )


def _schema() -> dict[str, Any]:
    import polars as pl

    return {
        "indicator": pl.String, "period": pl.String, "period_start": pl.Date, "period_end": pl.Date,
        "as_of": pl.String, "state": pl.String, "reason": pl.String, "value": pl.Float64, "value_exact": pl.String,
        "numerator": pl.Float64, "denominator": pl.Float64, "to_date": pl.Float64, "unit": pl.String,
        "reported": pl.Int64, "expected": pl.Int64, "carried": pl.Int64, "illustrative": pl.Boolean,
    }  # fmt: skip
