"""What a revised plan does to the scores: the same reports, the same day, the old plan and the new one.

Read `score_effects` first. Each result and indicator that comes out differently is named with the changes of the plan
that explain it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mne.errors import OptionError
from mne.ground.numbers import number_text, percent_text
from mne.logframe.changes import Change, LogframeDiff
from mne.scores.scorecard import score
from mne.values.aggregate import COUNTED, aggregate

if TYPE_CHECKING:
    import datetime as dt
    from fractions import Fraction

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from mne.scores.cards import IndicatorScore, ResultScore, Scorecard
    from mne.scores.scheme import Scheme

__all__ = ["ScoreEffect", "ScoreEffects", "Standing", "score_effects"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a result or indicator stands under one plan.

    Units: `value` those of the indicator, `achievement` a fraction, `score` the scheme's points. A result has neither
    value nor achievement.
    """

    value: Fraction | None = None
    achievement: Fraction | None = None
    score: Fraction | None = None
    rating: str | None = None

    def __str__(self) -> str:
        told = [] if self.value is None else [number_text(self.value)]
        told += [] if self.achievement is None else [percent_text(self.achievement)]
        told.append("no score" if self.score is None else f"{number_text(self.score, digits=1)} points")
        return ", ".join([*told, *([self.rating] if self.rating else [])])


@dataclass(frozen=True, slots=True)
class ScoreEffect:
    """One result or indicator that stands differently under the new plan, and the changes that explain it."""

    id: str
    """Its id in the new plan, or in the old one if it went."""
    kind: str
    """result or indicator."""
    before: Standing | None
    """None where the old plan did not have it."""
    after: Standing | None
    changes: tuple[Change, ...]

    @property
    def difference(self) -> Fraction | None:
        """Points gained under the new plan; None where one of the plans gives no score."""
        if self.before is None or self.after is None or self.before.score is None or self.after.score is None:
            return None
        return self.after.score - self.before.score

    def to_dict(self) -> dict[str, Any]:
        """The effect as plain data; exact numbers as fractions in text."""
        return {
            "id": self.id,
            "kind": self.kind,
            "before": _plain(self.before),
            "after": _plain(self.after),
            "difference": _text(self.difference),
            "changes": [change.to_dict() for change in self.changes],
        }

    def __str__(self) -> str:
        told = [str(each) if each is not None else "not in the plan" for each in (self.before, self.after)]
        return f"{self.id}: {told[0]} → {told[1]}"


@dataclass(frozen=True, repr=False)
class ScoreEffects(Sequence[ScoreEffect]):
    """Every result and indicator that a revised plan values, measures, scores or rates differently, parents first."""

    effects: tuple[ScoreEffect, ...]
    old: Scorecard
    new: Scorecard

    def __len__(self) -> int:
        return len(self.effects)

    def __getitem__(self, position: Any) -> Any:
        return self.effects[position]

    def __iter__(self) -> Iterator[ScoreEffect]:
        return iter(self.effects)

    def of(self, id: str) -> ScoreEffect | None:
        """What became of one result or indicator; None where it stands as before.

        Raises:
            OptionError: neither plan has it.
        """
        if id not in self.old and id not in self.new:
            raise OptionError(f"neither plan has a result or indicator {id!r}")
        return next((each for each in self.effects if each.id == id), None)

    @property
    def label(self) -> str:
        """What is compared, in short."""
        plan = self.new.plan
        return f"{plan.id} until {self.new.until}, {self.new.scheme.id}"

    def to_polars(self) -> pl.DataFrame:
        """One row per result and indicator, with what it was, what it is, and the places of the changes behind it.

        Numbers are float64 to look at; `to_dict` has the exact ones.
        """
        import polars as pl

        schema: dict[str, Any] = {"id": pl.String, "kind": pl.String}
        for name in ("value", "achievement", "score"):
            schema |= {f"{name}_before": pl.Float64, f"{name}_after": pl.Float64}
        schema |= {"rating_before": pl.String, "rating_after": pl.String, "changes": pl.String}
        return pl.DataFrame([_row(each) for each in self.effects], schema=schema, orient="row")

    def to_pandas(self) -> pd.DataFrame:
        """`to_polars`, as pandas."""
        return self.to_polars().to_pandas()

    def to_arrow(self) -> pa.Table:
        """`to_polars`, as Arrow."""
        return self.to_polars().to_arrow()

    def to_dict(self) -> dict[str, Any]:
        """The table as plain data; exact numbers as fractions in text."""
        return {"format": 1, "effects": [each.to_dict() for each in self.effects]}

    def to_text(self) -> str:
        """The table as plain text, with the changes under each row."""
        from mne._render import text

        return text(self)

    def to_markdown(self) -> str:
        """The table as Markdown."""
        from mne._render import markdown

        return markdown(self)

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)

    def save(self, path: Any) -> None:
        """Write the table to `path`: .html, .json, .csv, .md, .txt or .parquet, by the ending.

        Raises:
            OptionError: the ending is none of these.
        """
        from mne._render import save

        save(self, path)

    def __repr__(self) -> str:
        results = sum(1 for each in self.effects if each.kind == "result")
        return f"ScoreEffects({self.label}: {results} results and {len(self) - results} indicators differ)"

    __str__ = __repr__


def score_effects(
    diff: LogframeDiff,
    observations: Any,
    *,
    scheme: str | Scheme = "baseline-target",
    until: dt.date | str | None = None,
    known_by: dt.date | str | None = None,
    statuses: Iterable[str] = COUNTED,
) -> ScoreEffects:
    """What two plans make of the same reports: all that differs, each with the changes that explain it.

    Args:
        diff: what `mne.diff(old, new)` gave; one that was narrowed with `of` lists only what its changes explain.
        observations: what `validate` accepted, or a table with the canonical columns.
        scheme: a shipped scheme's name, a path to a YAML file, or a `Scheme`; the same for both plans.
        until: periods that ended by this day count. None takes the newest period that either plan has a report for,
            and the same day for both: otherwise a plan that counts a newer report would differ everywhere.
        known_by: only reports received by this day count, and each plan's targets as they stood then.
        statuses: the report statuses that count.

    Units: as of `Standing`.

    Raises:
        OptionError: `diff` is no diff, or an option makes no sense.
        SchemeError: the scheme cannot be used with one of the plans.
    """
    if not isinstance(diff, LogframeDiff):
        raise OptionError("score_effects takes what mne.diff(old, new) returns")
    wanted = tuple(statuses) if not isinstance(statuses, str) else statuses
    plans = (diff.old, diff.new)
    values = [aggregate(observations, plan, until=until, known_by=known_by, statuses=wanted) for plan in plans]
    newest = max((each.until for each in values if each.until is not None), default=None)
    values = [
        each
        if each.until == newest
        else aggregate(observations, plan, until=newest, known_by=known_by, statuses=wanted)
        for each, plan in zip(values, plans, strict=True)
    ]
    old, new = (score(each, scheme=scheme) for each in values)
    effects = tuple(_effects(diff, old, new))
    if diff.about is not None:
        effects = tuple(each for each in effects if each.changes)
    return ScoreEffects(effects, old, new)


def _effects(diff: LogframeDiff, old: Scorecard, new: Scorecard) -> Iterator[ScoreEffect]:
    former = {after: before for before, after in diff.renamed.items()}
    for code in new:
        was = former.get(code, code)
        yield from _effect(diff, (was, code), old.get(was), new[code])
    for code in old:
        if code not in new and code not in diff.renamed:
            yield from _effect(diff, (code, code), old[code], None)


def _effect(
    diff: LogframeDiff,
    ids: tuple[str, str],
    before: ResultScore | IndicatorScore | None,
    after: ResultScore | IndicatorScore | None,
) -> Iterator[ScoreEffect]:
    first, second = _standing(before), _standing(after)
    if first == second:
        return
    either = after if after is not None else before
    yield ScoreEffect(
        id=ids[1],
        kind="indicator" if hasattr(either, "indicator") else "result",
        before=first,
        after=second,
        changes=tuple(change for change in diff if any(code in change.affects for code in ids)),
    )


def _standing(part: Any) -> Standing | None:
    if part is None:
        return None
    if hasattr(part, "indicator"):
        return Standing(part.actual.value, part.scored.value, part.score, part.rating)
    return Standing(score=part.score, rating=part.rating)


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _plain(standing: Standing | None) -> dict[str, str | None] | None:
    if standing is None:
        return None
    numbers = {name: _text(getattr(standing, name)) for name in ("value", "achievement", "score")}
    return {**numbers, "rating": standing.rating}


def _row(effect: ScoreEffect) -> tuple[Any, ...]:
    sides = [each or Standing() for each in (effect.before, effect.after)]
    numbers = [getattr(side, name) for name in ("value", "achievement", "score") for side in sides]
    floats = [None if number is None else float(number) for number in numbers]
    places = ", ".join(change.place for change in effect.changes)
    return (effect.id, effect.kind, *floats, *(side.rating for side in sides), places)
