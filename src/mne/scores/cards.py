"""What scoring gives: achievements, scores and ratings as values that know their parts.

Read `ResultScore` first. Every number keeps what it was made of, so that `explain()` needs nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mne.ground.explanation import Explanation
from mne.ground.maps import FrozenMap
from mne.ground.numbers import number_text, percent_text
from mne.scores.conventions import Convention
from mne.scores.scheme import Against, Band, Due, Scheme

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from mne.logframe.indicator import Indicator, Target, TargetVersion
    from mne.logframe.model import Logframe, Result
    from mne.tables.observations import State
    from mne.tables.reasons import Reason
    from mne.values.values import IndicatorValue, Values

__all__ = ["Achievement", "Dropped", "IndicatorScore", "Override", "ResultScore", "Scorecard"]


@dataclass(frozen=True, slots=True)
class Achievement:
    """How far an indicator has come towards a target.

    Units: `value` is a fraction, not a percentage: 1 is reached, 0 is the baseline; it is not clamped.
    Source: semantics §5; the convention used is named beside the number.
    """

    value: Fraction | None
    reason: Reason | None
    convention: Convention
    against: Against
    due: Due
    actual: Fraction | None = None
    baseline: Fraction | None = None
    target: Fraction | None = None
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    to_come: Fraction = Fraction(0)
    """For targets of periods that have not all ended: the baseline's amount for those still to come."""
    expected: Fraction | None = None
    """With the convention time_proportional: the share of the target that is due by now."""
    elapsed: Fraction | None = None
    span: Fraction | None = None
    """With growth conventions: years from the baseline to the actual, and to the target."""
    comparator: str = "="
    due_day: dt.date | None = None
    rule: str = ""
    """The arithmetic used, in words: ``(actual − baseline) / (target − baseline)`` or ``met or not met``."""
    targets: tuple[Target, ...] = ()
    versions: tuple[TargetVersion, ...] = ()
    """Each target as it stood when it was scored."""
    line_day: dt.date | None = None
    """The day on a line through the targets, where that is what the actual was held against."""
    included: Fraction = Fraction(0)
    """How much of the actual is the baseline, where the sum to date starts from it."""
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part that was left out of a score, why, and the share of weight it had."""

    id: str
    reason: Reason | None
    share: Fraction


@dataclass(frozen=True, slots=True)
class Override:
    """A person's rating of a result or indicator; the computed score stays beside it."""

    id: str
    rating: str
    who: str
    why: str
    when: dt.date


@dataclass(frozen=True)
class IndicatorScore:
    """One indicator's part in a score. Units: `score` is in the scheme's points."""

    indicator: Indicator
    actual: IndicatorValue
    milestone: Achievement
    final: Achievement
    scored: Achievement
    """The one of the two that the scheme scores."""
    score: Fraction | None
    reason: Reason | None
    band: Band | None
    share: Fraction
    """Its weight among its siblings, as a share of all of them."""
    counted: bool
    """Whether it took part in the score above it."""
    scheme: Scheme = field(repr=False)
    override: Override | None = None
    by_person: bool = False
    """Whether its score is what a person's rating is worth, since nothing could be computed."""

    @property
    def id(self) -> str:
        """The indicator's id."""
        return self.indicator.id

    @property
    def rating(self) -> str | None:
        """The band's label, or the override's."""
        return self.override.rating if self.override else (self.band.label if self.band else None)

    @property
    def state(self) -> State:
        """The state of the actual."""
        return self.actual.state

    @property
    def illustrative(self) -> bool:
        """Whether any number behind it is an example."""
        return self.actual.illustrative or self.scored.illustrative or self.indicator.illustrative

    def explain(self, *, lang: str | None = None) -> Explanation:
        """Why the score is what it is, down to the cells of the reports, in the words of one language."""
        from mne.scores.explain import explain_indicator

        return explain_indicator(self, lang=lang)

    def __repr__(self) -> str:
        shown = "no score" if self.score is None else number_text(self.score, digits=1)
        return f"IndicatorScore({self.id}: {shown}, {self.rating or self.reason or 'no rating'})"

    __str__ = __repr__


@dataclass(frozen=True)
class ResultScore:
    """The score of an outcome, an output or the goal, with the parts it was made of.

    Units: `score` and `raw` are in the scheme's points (usually 100 for a target just reached); `coverage` is the
    share of weight that could be scored.
    """

    result: Result
    score: Fraction | None
    rating: str | None
    """The band's label after gates, or a person's override."""
    band: Band | None
    coverage: Fraction
    reason: Reason | None
    indicators: tuple[IndicatorScore, ...]
    results: tuple[ResultScore, ...]
    share: Fraction
    counted: bool
    scheme: Scheme = field(repr=False)
    raw: Fraction | None = None
    """The score before it was looked up in the bands; equal to `score` where nothing is looked up."""
    source: str = "indicators"
    """Which side made the score: indicators, results or both."""
    blend: Fraction | None = None
    dropped: tuple[Dropped, ...] = ()
    gates: tuple[str, ...] = ()
    """Titles of the gates that lowered the rating."""
    computed_rating: str | None = None
    """The rating before gates and overrides."""
    gated_rating: str | None = None
    """The rating after gates and before overrides."""
    computed_score: Fraction | None = None
    """With an override: the score as computed; `score` is what counts above it."""
    override: Override | None = None

    @property
    def id(self) -> str:
        """The result's id."""
        return self.result.id

    @property
    def illustrative(self) -> bool:
        """Whether any number behind it is an example."""
        return (
            self.result.illustrative
            or any(part.illustrative for part in self.indicators)
            or any(part.illustrative for part in self.results)
        )

    def explain(self, *, lang: str | None = None) -> Explanation:
        """Why the score is what it is, down to the cells of the reports, in the words of one language."""
        from mne.scores.explain import explain_result

        return explain_result(self, lang=lang)

    def __repr__(self) -> str:
        shown = "no score" if self.score is None else number_text(self.score, digits=1)
        why = self.rating or (str(self.reason) if self.reason else "no rating")
        return f"ResultScore({self.id}: {shown}, {why}, coverage {percent_text(self.coverage)})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)


class Scorecard(Mapping[str, "ResultScore | IndicatorScore"]):
    """The scores of a plan under one scheme: results and indicators by id."""

    __slots__ = ("actuals", "indicators", "overrides", "plan", "results", "scheme")

    def __init__(
        self,
        *,
        plan: Logframe,
        scheme: Scheme,
        actuals: Values,
        results: Mapping[str, ResultScore],
        indicators: Mapping[str, IndicatorScore],
        overrides: tuple[Override, ...] = (),
    ) -> None:
        self.plan = plan
        self.scheme = scheme
        self.actuals = actuals
        self.results: FrozenMap[str, ResultScore] = FrozenMap(results)
        self.indicators: FrozenMap[str, IndicatorScore] = FrozenMap(indicators)
        self.overrides = overrides

    def __getitem__(self, id: str) -> Any:
        found = self.results.get(id)
        return found if found is not None else self.indicators[id]

    def __iter__(self) -> Iterator[str]:
        yield from self.results
        yield from self.indicators

    def __len__(self) -> int:
        return len(self.results) + len(self.indicators)

    @property
    def until(self) -> dt.date | None:
        """Periods that ended by this day count."""
        return self.actuals.until

    @property
    def illustrative(self) -> bool:
        """Whether any number on the card is an example."""
        return any(each.illustrative for each in self.indicators.values())

    def explain(self, id: str, *, lang: str | None = None) -> Explanation:
        """Why the score of a result or indicator is what it is, in the words of one language.

        Raises:
            OptionError: the plan has no such result or indicator.
        """
        from mne.scores.explain import explain_id

        return explain_id(self, id, lang=lang)

    def to_polars(self) -> pl.DataFrame:
        """One row per result and indicator, parents first: score, rating, achievements, coverage, reason."""
        from mne.scores.explain import card_frame

        return card_frame(self)

    def to_pandas(self) -> pd.DataFrame:
        """`to_polars`, as pandas."""
        return self.to_polars().to_pandas()

    def to_arrow(self) -> pa.Table:
        """`to_polars`, as Arrow."""
        return self.to_polars().to_arrow()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; exact numbers as fractions in text, `format` 1."""
        from mne.scores.explain import card_dict

        return card_dict(self)

    def save(self, path: Any) -> None:
        """Write the card to `path`: .html, .json, .csv or .md, by the ending.

        Raises:
            OptionError: the ending is none of these.
        """
        from mne._render import save

        save(self, path)

    def __repr__(self) -> str:
        tops = [part for part in self.results.values() if part.result.level in ("impact", "outcome")]
        shown = ", ".join(
            f"{part.id} {'–' if part.score is None else number_text(part.score, digits=1)} {part.rating or ''}".strip()
            for part in tops
        )
        return f"Scorecard({self.plan.id} until {self.until}, {self.scheme.id}: {shown})"

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)
