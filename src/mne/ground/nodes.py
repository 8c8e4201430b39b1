"""The tree that a YAML or JSON text becomes: every value as its text, with the line and column it stands in.

Read `Scalar`, `ListNode` and `MapNode` first; `locate` finds the place of a path. `TreeBuilder` is what both languages
build with, so that depth, size and duplicate keys are held to in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, NoReturn, TypeAlias

from mne.ground.catalogue import Severity
from mne.ground.files import Limits
from mne.ground.findings import Finding, Place
from mne.ground.maps import FrozenMap

__all__ = ["Kind", "ListNode", "MapNode", "Mark", "Plain", "Scalar", "Tree", "locate", "path_text", "to_plain"]

Kind: TypeAlias = Literal["string", "plain", "number", "bool", "null"]
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"


class Mark(NamedTuple):
    """A place in a text; the first line and the first column are 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as it was written; `text` is None where the writer said that there is none (null, ``~``, nothing).

    `kind` is what the language itself says of it: a string (quoted), a JSON number or true/false, or a plain YAML
    scalar, of which nothing is known. Where a value stands and how it was quoted are no part of its equality.
    """

    text: str | None
    line: int = field(default=1, compare=False)
    column: int = field(default=1, compare=False)
    quoted: bool = field(default=False, compare=False)
    kind: Kind = field(default="plain", compare=False)


@dataclass(frozen=True, slots=True)
class ListNode:
    """Values in order."""

    items: tuple[Tree, ...]
    line: int = field(default=1, compare=False)
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class MapNode:
    """Values by key, in the order written; `marks` says where each key stands."""

    entries: Mapping[str, Tree]
    line: int = field(default=1, compare=False)
    column: int = field(default=1, compare=False)
    marks: Mapping[str, Mark] = field(default_factory=FrozenMap, compare=False)


Tree: TypeAlias = Scalar | ListNode | MapNode


def to_plain(tree: Tree) -> Plain:
    """The same values without their places: dictionaries, lists, text and None."""
    match tree:
        case Scalar(text):
            return text
        case ListNode(items):
            return [to_plain(each) for each in items]
        case MapNode(entries):
            return {key: to_plain(each) for key, each in entries.items()}


def locate(tree: Tree, path: Sequence[str | int], *, key: bool = False) -> Mark:
    """Where the deepest part of `tree` stands that exists on `path`.

    A key that is missing has the place of the map that it is missing from.

    Args:
        tree: the tree that the path leads into.
        path: keys and positions, the outermost first.
        key: the place of the last key itself and not of its value, for a key that should not be there.
    """
    spot = Mark(tree.line, tree.column)
    for depth, step in enumerate(path, start=1):
        if isinstance(tree, MapNode) and isinstance(step, str) and step in tree.entries:
            at_key = tree.marks.get(step) if key and depth == len(path) else None
            tree = tree.entries[step]
            spot = at_key or Mark(tree.line, tree.column)
        elif isinstance(tree, ListNode) and isinstance(step, int) and 0 <= step < len(tree.items):
            tree = tree.items[step]
            spot = Mark(tree.line, tree.column)
        else:
            break
    return spot


def path_text(path: Sequence[str | int]) -> str:
    """A path as people read it.

    >>> path_text(("outcomes", 0, "indicators", 2, "unit"))
    'outcomes[0].indicators[2].unit'
    """
    told = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return told.removeprefix(".")


# ---------------------------------------------------------------------------------------------------------- building

MOST_FAULTS: Final = 100
_LONGEST_PATH: Final = 20


class RefusedError(Exception):
    """Nothing more can be read; it never leaves this floor."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(slots=True)
class _Open:
    """A list or a map whose end has not been read yet."""

    mark: Mark
    is_map: bool
    items: list[Tree] = field(default_factory=list)
    entries: dict[str, Tree] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    key: str | None = None
    repeated: bool = False


class TreeBuilder:
    """Makes a tree from the steps of a reader, and holds to the limits on the way.

    A fault that leaves the rest readable is noted and reading goes on, so that all of them are found at once. Of a
    repeated key the first value is kept.
    """

    def __init__(self, *, name: str, limits: Limits, duplicate: str) -> None:
        self.name = name
        self.limits = limits
        self.duplicate = duplicate
        self.root: Tree | None = None
        self.faults: list[Finding] = []
        self._open: list[_Open] = []
        self._nodes = 0

    @property
    def wants_key(self) -> bool:
        """Whether the next scalar is a key."""
        return bool(self._open) and self._open[-1].is_map and self._open[-1].key is None

    @property
    def in_map(self) -> bool | None:
        """Whether the innermost open part is a map; None when nothing is open."""
        return self._open[-1].is_map if self._open else None

    def open(self, mark: Mark, *, is_map: bool) -> None:
        """Begin a list or a map."""
        if len(self._open) >= self.limits.depth:
            self.refuse("limit-depth", mark, limit=self.limits.depth)
        self._count(mark)
        self._open.append(_Open(mark, is_map))

    def key(self, text: str, mark: Mark) -> None:
        """The key of the value that comes next."""
        top = self._open[-1]
        top.key = text
        top.repeated = text in top.marks
        if top.repeated:
            first = top.marks[text]
            related = (Place(file=self.name, line=first.line, column=first.column),)
            self.fault(self.duplicate, mark, found=text, related=related, first=first.line)
        else:
            top.marks[text] = mark

    def scalar(self, scalar: Scalar) -> None:
        """A value that is no list and no map."""
        self._count(Mark(scalar.line, scalar.column))
        self._add(scalar)

    def close(self) -> None:
        """End the innermost list or map."""
        done = self._open.pop()
        if done.is_map:
            self._add(MapNode(FrozenMap(done.entries), *done.mark, FrozenMap(done.marks)))
        else:
            self._add(ListNode(tuple(done.items), *done.mark))

    def _add(self, tree: Tree) -> None:
        if not self._open:
            self.root = tree
            return
        top = self._open[-1]
        if not top.is_map:
            top.items.append(tree)
        elif top.key is not None:
            if not top.repeated:
                top.entries[top.key] = tree
            top.key = None

    def _count(self, mark: Mark) -> None:
        self._nodes += 1
        if self._nodes > self.limits.nodes:
            self.refuse("limit-nodes", mark, limit=self.limits.nodes)

    def _finding(
        self, code: str, mark: Mark, found: str, expected: str, related: tuple[Place, ...], params: Mapping[str, object]
    ) -> Finding:
        # A path of more steps than any logframe has says less than line and column do.
        steps = self._open if len(self._open) <= _LONGEST_PATH else ()
        path = [each.key if each.is_map else len(each.items) for each in steps]
        place = Place(
            file=self.name,
            line=mark.line,
            column=mark.column,
            path=path_text([step for step in path if step is not None]) or None,
        )
        return Finding(code=code, place=place, found=found, expected=expected, related=related, params=params)

    def fault(
        self,
        code: str,
        mark: Mark,
        *,
        found: str = "",
        expected: str = "",
        related: tuple[Place, ...] = (),
        **params: object,
    ) -> None:
        """Note what is wrong here, and go on."""
        self.faults.append(self._finding(code, mark, found, expected, related, params))
        if len(self.faults) >= MOST_FAULTS:
            self.refuse("limit-findings", mark, limit=MOST_FAULTS)

    def refuse(self, code: str, mark: Mark, *, found: str = "", expected: str = "", **params: object) -> NoReturn:
        """Say what is wrong here, and stop.

        Raises:
            RefusedError: always.
        """
        raise RefusedError(self._finding(code, mark, found, expected, (), params))

    def outcome(self, *, partial: bool) -> tuple[Tree | None, tuple[Finding, ...]]:
        """What a reader hands back: no tree beside a blocker, unless asked for what could be read all the same."""
        blocked = any(fault.level is Severity.BLOCKER for fault in self.faults)
        return (None if blocked and not partial else self.root), tuple(self.faults)
