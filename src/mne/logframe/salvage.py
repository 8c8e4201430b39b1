"""What can still be said about the design of a logframe when some of its entries cannot be read.

Read `design_of_the_rest` first. Every mistake should be told at once, and not the design only after the spelling is
mended: what cannot be read is left out, the rest is checked, and what might only follow from the gap is not said.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from mne.ground.findings import Finding
from mne.logframe.checks import design_findings
from mne.logframe.loading import entry_type, likely, models_in, problems_of
from mne.logframe.model import Logframe
from mne.logframe.places import Path, path_steps
from mne.logframe.types import Code

__all__ = ["design_of_the_rest"]

_ROUNDS: Final = 5
_MOST: Final = 200
_ASIDE: Final = frozenset(
    {
        "description",
        "version",
        "countries",
        "sectors",
        "target_groups",
        "references",
        "reporting_lag",
        "closing_lag",
        "notes",
    }
)
"""Entries of the logframe itself that no other entry depends on."""
_OF_NAMES: Final = frozenset({"logframe-unknown-reference", "logframe-unit-unknown", "logframe-unit-declaration"})
"""Findings that only follow where an entry with the right id was taken out."""
_CODES: Final = TypeAdapter[str](Code)
_UNDERLYING: Final = frozenset({"calendar", "dimensions"})
"""Those that too much depends on to leave out any part of."""


def design_of_the_rest(plain: Any) -> tuple[tuple[Path, Finding], ...]:
    """What is wrong with the design of what can be read of `plain`, each with its path in it.

    Nothing is said of an entry in which something was left out, nor of what names an entry that was left out.
    """
    rest = _Rest(plain)
    plan = rest.plan()
    if plan is None:
        return ()
    told = []
    for finding in design_findings(plan):
        path = rest.original(path_steps(plan, finding.place.path or ""))
        unsaid = finding.found in rest.lost or (rest.lost_unnamed and finding.code in _OF_NAMES)
        if not rest.touches(path) and not unsaid:
            told.append((path, finding))
    return tuple(told)


class _Rest:
    """Plain data of which entries are taken out until it is a plan."""

    def __init__(self, plain: Any) -> None:
        self.plain = _copied(plain)
        self.lost: set[str] = set()
        """The ids of all that was taken out."""
        self.lost_unnamed = False
        """Whether something was taken out whose id cannot be told."""
        self._owners: set[Path] = set()
        """The entries in which something is missing now, by their paths in the original."""
        self._gone: dict[Path, list[int]] = {}
        """The positions in the original lists that were taken out."""

    def plan(self) -> Logframe | None:
        """The plan that is left; None where its own entries are among what cannot be read."""
        for _ in range(_ROUNDS):
            plan, problems = problems_of(Logframe, self.plain)
            if plan is not None:
                return plan
            if len(problems) > _MOST:
                return None
            # From the last to the first, so that the positions of those still to be taken out stay what they are.
            for path in sorted({self._removed(path) for path, _ in problems}, key=_order, reverse=True):
                if not path:
                    return None
                self._take_out(path)
        return None

    def _removed(self, path: Path) -> Path:
        """The path of what has to go: a key that may be absent, or else the entry of the list that needs it."""
        if len(path) <= 1:
            return path if path and _is_aside(str(path[0])) else ()
        if path[0] in _UNDERLYING:
            return ()
        *before, last = path
        owner = next(models_in(entry_type(Logframe, tuple(before))), None)
        needed = owner is not None and last in owner.model_fields and owner.model_fields[str(last)].is_required()
        if isinstance(last, int) or not needed:
            return path
        while before and not isinstance(before[-1], int):
            before.pop()
        return tuple(before)

    def _take_out(self, path: Path) -> None:
        *before, last = path
        spot = self.plain
        for step in before:
            spot = spot[step]
        if isinstance(last, int):
            there = self.original(path)
            self._owners.add(there[:-2])
            self._gone.setdefault(there[:-1], []).append(int(there[-1]))
            self.lost |= _ids(spot[last])
            self.lost_unnamed |= not (isinstance(spot[last], dict) and _is_code(spot[last].get("id", "")))
            del spot[last]
        else:
            self._owners.add(self.original(tuple(before)))
            spot.pop(last, None)

    def original(self, path: Path) -> Path:
        """The path in the original of what stands at `path` now."""
        told: list[str | int] = []
        for step in path:
            if isinstance(step, int):
                for gone in sorted(self._gone.get(tuple(told), ())):
                    step += gone <= step  # noqa: PLW2901 (each entry taken out before it moves it on by one)
            told.append(step)
        return tuple(told)

    def touches(self, path: Path) -> bool:
        """Whether a finding at `path` may only follow from what was taken out."""
        return path in self._gone or any(_within(path, owner) or owner[: len(path)] == path for owner in self._owners)


def _is_aside(key: str) -> bool:
    known = list(Logframe.model_fields)
    meant = key if key in known else likely(key, known)
    return meant is None or meant in _ASIDE


def _is_code(id: object) -> bool:
    try:
        return bool(_CODES.validate_python(id))
    except ValidationError:
        return False


def _within(path: Path, owner: Path) -> bool:
    """Whether `path` lies in the owner's own part: all of an indicator, but not the results beneath a result."""
    if path[: len(owner)] != owner:
        return False
    rest = path[len(owner) :]
    return "indicators" in owner or not (set(rest) & {"results", "indicators"})


def _order(path: Path) -> tuple[tuple[bool, int, str], ...]:
    return tuple((isinstance(step, int), step if isinstance(step, int) else 0, str(step)) for step in path)


def _copied(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {key: _copied(value) for key, value in plain.items()}
    return [_copied(value) for value in plain] if isinstance(plain, list) else plain


def _ids(entry: Any) -> set[str]:
    """Every id that an entry and all within it have."""
    if isinstance(entry, dict):
        own = {entry["id"]} if isinstance(entry.get("id"), str) else set()
        return own.union(*(_ids(value) for value in entry.values()))
    return set().union(*(_ids(value) for value in entry)) if isinstance(entry, list) else set()
