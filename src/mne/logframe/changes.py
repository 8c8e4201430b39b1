"""What a comparison of two logframes gives: each change in words, what it touches, and whose score it can change.

Read `Change` first, then `LogframeDiff`. `mne.logframe.revisions.diff` makes them.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeVar

from mne.errors import OptionError
from mne.ground.language import Text
from mne.ground.maps import FrozenMap
from mne.logframe.types import Model

if TYPE_CHECKING:
    from mne.logframe.model import Logframe

__all__ = ["Change", "ChangeKind", "Effect", "LogframeDiff", "Remark", "Revision", "between", "in_words", "matched"]


class ChangeKind(StrEnum):
    """What happened to a part of the plan."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """It stands elsewhere: under another result, on another day, or in another order where the order counts."""
    RENAMED = "renamed"
    """An id that went and one that came name the same thing, as far as the two plans tell."""


class Effect(StrEnum):
    """The first thing on the way from reports to a rating that a change touches; what follows from it changes too."""

    VALUES = "values"
    """How reports are counted."""
    ACHIEVEMENT = "achievement"
    """What values are held against."""
    SCORE = "score"
    """How achievements are brought together: weights, the chain of results, gates."""
    CHECKS = "checks"
    """What is asked of reports, or said about a number; no number changes."""
    WORDS = "words"
    """What people read; no number changes."""


class Remark(StrEnum):
    """What a change deserves to be told apart for."""

    REVISED = "revised"
    """A target has a new version, and the old one stands in its history."""
    WITHOUT_HISTORY = "changed without history"
    """A target asks for something else, and what it asked for before is lost."""
    TAKEN_BACK = "revision taken back"
    """A target is as one of its older versions again, and the later one is lost."""
    HISTORY_REWRITTEN = "history rewritten"
    """What a target asked for in the past is told differently."""
    BASELINE_MOVED = "baseline changed after it was established"
    """Everything measured from it moves, though nobody did more or less."""
    SUSPECTED = "suspected"
    """Another id and all else the same: concluded, not declared."""

    @property
    def called_out(self) -> bool:
        """Whether somebody should ask why."""
        return self not in (Remark.REVISED, Remark.SUSPECTED)


@dataclass(frozen=True, slots=True)
class Revision:
    """How a target was revised: the day from which it is in force, why, and who approved it, as far as it is said."""

    since: dt.date | None = None
    reason: str | None = None
    approved_by: str | None = None

    def __str__(self) -> str:
        told = [f"in force since {self.since}" if self.since else "", self.reason or ""]
        told.append(f"approved by {self.approved_by}" if self.approved_by else "")
        return "; ".join(part for part in told if part) or "no date, reason or approval given"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two plans.

    `id` is the result or indicator that it stands in, or the logframe's own; `before` and `after` are words, None
    where there was or is nothing.
    """

    kind: ChangeKind
    place: str
    """Where it stands, such as ``indicators.OC1.1.targets[2026-Q4].value``; in the old plan for what was removed."""
    id: str
    before: str | None
    after: str | None
    effect: Effect
    affects: tuple[str, ...] = ()
    """The results and indicators whose value, achievement, score or rating it can change, the nearest first."""
    shares: tuple[str, ...] = ()
    """The siblings whose share of the weight it changes."""
    remark: Remark | None = None
    revision: Revision | None = None
    why: str = ""
    """For a suspected renaming or what the plan cannot say by itself: the grounds."""

    @property
    def words(self) -> str:
        """The change as one sentence."""
        match self.kind:
            case ChangeKind.ADDED:
                told = f"{self.place}: added {self.after}"
            case ChangeKind.REMOVED:
                told = f"{self.place}: removed {self.before}"
            case _:
                verb = f"{self.kind} " if self.kind is not ChangeKind.CHANGED else ""
                told = f"{self.place}: {verb}{self.before} → {self.after}"
        notes = [str(self.remark)] if self.remark else []
        notes += [str(self.revision)] if self.revision else []
        notes += [self.why] if self.why else []
        return told + (f" ({'; '.join(notes)})" if notes else "")

    @property
    def touches(self) -> str:
        """What it touches and whose score it can change, in words."""
        told = str(self.effect)
        if self.affects:
            told += f" of {', '.join(self.affects)}"
        if self.shares:
            told += f"; shares of {', '.join(self.shares)}"
        return told

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "kind": str(self.kind),
            "place": self.place,
            "id": self.id,
            "before": self.before,
            "after": self.after,
            "effect": str(self.effect),
            "affects": list(self.affects),
            "shares": list(self.shares),
            "remark": str(self.remark) if self.remark else None,
            "revision": None
            if self.revision is None
            else {
                "since": str(self.revision.since) if self.revision.since else None,
                "reason": self.revision.reason,
                "approved_by": self.revision.approved_by,
            },
            "why": self.why or None,
        }

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, repr=False)
class LogframeDiff:
    """What changed between two plans, in the order of the plan; empty when nothing that means something did."""

    old: Logframe
    new: Logframe
    changes: tuple[Change, ...]
    renamed: Mapping[str, str] = field(default_factory=FrozenMap)
    """The new id of each result and indicator that seems to have been renamed, by its old one."""
    about: str | None = None
    """The result or indicator to which the changes were narrowed by `of`."""

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __getitem__(self, position: int) -> Change:
        return self.changes[position]

    def of(self, id: str) -> LogframeDiff:
        """Only the changes that can change the value, achievement, score, rating or share of one result or indicator.

        Raises:
            OptionError: neither plan has such a result or indicator.
        """
        known = {code for plan in (self.old, self.new) for code in (*plan.results_by_id, *plan.indicators)}
        if id not in known:
            raise OptionError(f"neither plan has a result or indicator {id!r}")
        kept = tuple(change for change in self.changes if id in change.affects or id in change.shares)
        return replace(self, changes=kept, about=id)

    @property
    def called_out(self) -> tuple[Change, ...]:
        """The changes that somebody should ask about: targets and baselines changed without a trace."""
        return tuple(change for change in self.changes if change.remark is not None and change.remark.called_out)

    @property
    def affected(self) -> tuple[str, ...]:
        """Every result and indicator whose value, achievement, score or rating can differ, in the plans' order."""
        touched = {code for change in self.changes for code in change.affects}
        order = dict.fromkeys(code for plan in (self.new, self.old) for code in _ids(plan))
        return tuple(code for code in order if code in touched)

    @property
    def label(self) -> str:
        """What is compared, in short."""
        names = [f"{plan.id} {plan.version}" if plan.version else plan.id for plan in (self.old, self.new)]
        return names[0] if names[0] == names[1] else f"{names[0]} → {names[1]}"

    def summary(self) -> str:
        """How many changes of each kind, and how many scores they can change, in one line."""
        if not self.changes:
            return "no change"
        counts = {kind: sum(1 for change in self.changes if change.kind is kind) for kind in ChangeKind}
        told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
        results = sum(1 for code in self.affected if code in {**self.old.results_by_id, **self.new.results_by_id})
        touched = f"{len(self.affected) - results} indicators and {results} results can score differently"
        asked = f"; {len(self.called_out)} to ask about" if self.called_out else ""
        return f"{told}; {touched if self.affected else 'no score can change'}{asked}"

    def to_dict(self) -> dict[str, Any]:
        """The changes as plain data."""
        return {
            "format": 1,
            "old": {"id": self.old.id, "version": self.old.version},
            "new": {"id": self.new.id, "version": self.new.version},
            "about": self.about,
            "summary": self.summary(),
            "affected": list(self.affected),
            "renamed": dict(self.renamed),
            "changes": [change.to_dict() for change in self.changes],
        }

    def to_text(self) -> str:
        """The changes as plain text."""
        from mne._render import text

        return text(self)

    def to_markdown(self) -> str:
        """The changes as Markdown, for a ticket or a mail."""
        from mne._render import markdown

        return markdown(self)

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)

    def save(self, path: Any) -> None:
        """Write the changes to `path`: .html, .json, .md or .txt, by the ending.

        Raises:
            OptionError: the ending is none of these.
        """
        from mne._render import save

        save(self, path)

    def __repr__(self) -> str:
        about = f" of {self.about}" if self.about else ""
        return f"LogframeDiff({self.label}{about}: {self.summary()})"

    __str__ = __repr__


def _ids(plan: Logframe) -> Iterator[str]:
    for result in plan.walk():
        yield result.id
        yield from (indicator.id for indicator in result.indicators)


# --- making them ------------------------------------------------------------------------------------------------

_LONGEST: Final = 200
_LEAD: Final = 40
"""Characters shown ahead of the first difference between two long texts."""

_Part = TypeVar("_Part")


def between(
    place: str,
    id: str,
    before: Any,
    after: Any,
    effect: Effect,
    *,
    affects: tuple[str, ...] = (),
    shares: tuple[str, ...] = (),
    kind: ChangeKind | None = None,
    remark: Remark | None = None,
    revision: Revision | None = None,
    why: str = "",
) -> Change:
    """A change from one part of a plan to another; its kind follows from what is there, unless it is given.

    What changes no number affects nobody.
    """
    first, second = in_words(before), in_words(after)
    if kind is None:
        kind = ChangeKind.CHANGED
        if (first is None) is not (second is None):
            kind = ChangeKind.ADDED if first is None else ChangeKind.REMOVED
    told = _cut(first, second)
    numbers = effect not in (Effect.CHECKS, Effect.WORDS)
    return Change(
        kind=kind,
        place=place,
        id=id,
        before=told[0],
        after=told[1],
        effect=effect,
        affects=tuple(dict.fromkeys(affects)) if numbers else (),
        shares=tuple(dict.fromkeys(shares)) if numbers else (),
        remark=remark,
        revision=revision,
        why=why,
    )


def matched(
    old: Iterable[_Part], new: Iterable[_Part], *keys: Callable[[_Part], Hashable]
) -> tuple[list[tuple[_Part, _Part]], list[_Part], list[_Part]]:
    """The parts that stand for each other, those that went and those that came.

    Each key is tried in turn on what the ones before it left over; parts with the same key are paired in their order.
    """
    pairs: list[tuple[_Part, _Part]] = []
    gone, come = list(old), list(new)
    for key in keys:
        waiting: dict[Hashable, list[_Part]] = {}
        for part in come:
            waiting.setdefault(key(part), []).append(part)
        left = []
        for part in gone:
            same = waiting.get(key(part))
            if same:
                pairs.append((part, same.pop(0)))
            else:
                left.append(part)
        taken = {id(second) for _, second in pairs}
        gone, come = left, [part for part in come if id(part) not in taken]
    return pairs, gone, come


def _cut(first: str | None, second: str | None) -> tuple[str | None, str | None]:
    """Two texts bounded in length, so that what differs is seen."""
    if max(len(first or ""), len(second or "")) <= _LONGEST:
        return first, second
    together = zip(first or "", second or "", strict=False)
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], together))
    start = max(same - _LEAD, 0)
    return _window(first, start), _window(second, start)


def _window(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    shown = text[start : start + _LONGEST]
    return ("…" if start else "") + shown + ("…" if start + _LONGEST < len(text) else "")


# --- words ------------------------------------------------------------------------------------------------------


def in_words(value: Any) -> str | None:
    """A part of a plan as a person would say it; None where there is nothing."""
    if value is None or (isinstance(value, (tuple, Mapping)) and not value):
        return None
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            told = format(value.normalize(), "f")
        case Fraction() | int() | dt.date() | str():
            told = str(value)
        case Text():
            root = value.root
            told = root if isinstance(root, str) else "; ".join(f"{tag}: {text}" for tag, text in root.items())
        case tuple():
            told = ", ".join(in_words(each) or "–" for each in value)
        case Model():
            named = getattr(value, "title", None) or getattr(value, "id", None)
            told = str(named) if named is not None else _fields(value)
        case Mapping():
            told = ", ".join(f"{key} {in_words(each)}" for key, each in value.items())
        case _:
            told = str(value)
    return told


def _fields(value: Model) -> str:
    """The fields of a model that were given, for one that has neither a title nor an id."""
    parts = [(name, in_words(getattr(value, name))) for name in type(value).model_fields]
    given = [f"{name.replace('_', ' ')} {told}" for name, told in parts if told is not None]
    return ", ".join(given) or "nothing"
