"""Every part of a logframe with its path in the document, and the words by which a path is shown.

Read `problem` and `shown_path` first. A check names a part by its position (``results[0].indicators[2].unit``); what
people see names it by its id where it has one (``results[OC1].indicators[OC1.3].unit``).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mne.ground.findings import Finding, Place
from mne.ground.phrases import Phrase

if TYPE_CHECKING:
    from mne.logframe.indicator import Indicator
    from mne.logframe.model import Logframe, Result

__all__ = ["Path", "indicators_at", "nearest", "owner_id", "path_steps", "problem", "results_at", "shown_path"]

Path = tuple[str | int, ...]
"""Keys and positions, the outermost first."""

_TOKEN: Final = re.compile(r"\[([^\[\]]*)\]|([^.\[\]]+)")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_POSITION: Final = re.compile(r"[0-9]+")
_MOST_COMPARED: Final = 400


def results_at(plan: Logframe) -> Iterator[tuple[str, Result, Result | None]]:
    """Each result with its path and its parent, parents first."""

    def beneath(path: str, result: Result, parent: Result | None) -> Iterator[tuple[str, Result, Result | None]]:
        yield path, result, parent
        for position, child in enumerate(result.results):
            yield from beneath(f"{path}.results[{position}]", child, result)

    for position, result in enumerate(plan.results):
        yield from beneath(f"results[{position}]", result, None)


def indicators_at(plan: Logframe) -> Iterator[tuple[str, Indicator]]:
    """Each indicator with its path, in the order written."""
    for path, result, _ in results_at(plan):
        for position, indicator in enumerate(result.indicators):
            yield f"{path}.indicators[{position}]", indicator


def problem(
    code: str,
    path: str,
    *,
    found: object = "",
    expected: str = "",
    indicator: str | None = None,
    suggestion: str | None = None,
    related: tuple[str, ...] = (),
) -> Finding:
    """A finding about the part of the plan at `path`."""
    return Finding(
        code=code,
        place=Place(path=path, indicator=indicator),
        found=found if isinstance(found, Phrase) else str(found),
        expected=expected,
        suggestion=suggestion,
        related=tuple(Place(path=each) for each in related),
    )


def nearest(word: str, known: Collection[str], *, cutoff: float = 0.7) -> str | None:
    """The one of the known words that is most like `word`, if any is; nothing among too many to compare."""
    if len(known) > _MOST_COMPARED:
        return None
    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=cutoff)
    return folded[close[0]] if close else None


# --- paths ------------------------------------------------------------------------------------------------------


def path_steps(root: Any, path: str) -> Path:
    """The keys and positions that a path's text names, inside a model or inside plain data."""
    spot: Any = root
    steps: list[str | int] = []
    for bracketed, name in _TOKEN.findall(path):
        step: str | int = bracketed or name
        if _is_list(spot) and _POSITION.fullmatch(bracketed):
            step = int(bracketed)
        steps.append(step)
        spot = _inside(spot, step)
    return tuple(steps)


def shown_path(root: Any, steps: Path) -> str:
    """A path as people read it: entries of lists by their ids where they have one of their own.

    >>> shown_path({"results": [{"id": "OC1", "title": ""}]}, ("results", 0, "title"))
    'results[OC1].title'
    """
    spot: Any = root
    told = ""
    for step in steps:
        if isinstance(step, int):
            told += f"[{_own_id(spot, step) or step}]"
        else:
            told += f".{step}" if _NAME.fullmatch(step) else f"[{step}]"
        spot = _inside(spot, step)
    return told.removeprefix(".")


def owner_id(root: Any, steps: Path) -> str | None:
    """The id of the innermost indicator that a path leads through, for people who look for it."""
    spot: Any = root
    found: str | None = None
    for before, step in zip((None, *steps), steps, strict=False):
        spot = _inside(spot, step)
        if before == "indicators" and isinstance(step, int):
            id = _id_of(spot)
            found = id if id is not None else found
    return found


def _own_id(entries: Any, position: int) -> str | None:
    """The id of an entry where no other entry of the list has it, and nobody takes it for a position."""
    id = _id_of(_inside(entries, position))
    if id is None or _POSITION.fullmatch(id) or "[" in id or "]" in id:
        return None
    return id if sum(_id_of(each) == id for each in entries) == 1 else None


def _id_of(entry: Any) -> str | None:
    id = entry.get("id") if isinstance(entry, Mapping) else getattr(entry, "id", None)
    return id if isinstance(id, str) and id else None


def _is_list(spot: Any) -> bool:
    return isinstance(spot, Sequence) and not isinstance(spot, str)


def _inside(spot: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return spot[step] if _is_list(spot) and 0 <= step < len(spot) else None
    return spot.get(step) if isinstance(spot, Mapping) else getattr(spot, step, None)
