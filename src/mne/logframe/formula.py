"""The arithmetic of derived indicators: names, numbers, + − * / ( ), comparisons and a few functions. Never `eval`.

Read `parse` first. A name is an indicator's id, bare (``OC1.1``), or in braces where it holds other signs
(``{OP 1-1}``). The functions are min, max, if(condition, then, otherwise), is_missing(X), first(a, b, …),
previous(X, n) and days(); a comparison is worth 1 or 0.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from mne.ground.maps import FrozenMap
from mne.ground.phrases import phrase

__all__ = ["COMPARE", "Formula", "FormulaError", "Missing", "Surroundings", "parse"]

_LONGEST: Final = 500
_DEEPEST: Final = 50
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.])|\{(?P<braced>[^{}]+)\}|(?P<name>[^\W\d][\w.]*)"
    r"|(?P<sign>[<>=!]=|[-+*/(),−<>≤≥≠]))"
)
_COMPARISONS: Final = ("==", "!=", "<=", ">=", "<", ">", "≤", "≥", "≠")
_SAME: Final = {"≤": "<=", "≥": ">=", "≠": "!="}
_FUNCTIONS: Final = ("min", "max", "if", "first", "is_missing", "previous", "days")
_FARTHEST: Final = 1_000

Numbers = Mapping[str, Fraction]


@dataclass(frozen=True)
class Surroundings:
    """What a formula is computed from: a number for each name or None, the days of the period, and earlier periods."""

    numbers: Mapping[str, Fraction | None]
    days: int | None = None
    earlier: Callable[[str, int], Fraction | None] | None = None
    """The number of a name so many periods before; None where there is none."""


class Missing(Exception):  # noqa: N818 - no mistake: a value that was never reported
    """A formula needs a number that is missing; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


_Node = Callable[[Surroundings], Fraction]


class FormulaError(ValueError):
    """A formula that cannot be read; `position` counts from 1."""

    def __init__(self, message: str, position: int) -> None:
        self.told = phrase("{message} (at character {n})", message=message, n=position)
        super().__init__(str(self.told))
        self.position = position


@dataclass(frozen=True)
class Formula:
    """A formula that has been read: its text, and the indicators it needs in the order of their appearance."""

    text: str
    names: tuple[str, ...]
    _root: _Node = field(repr=False, compare=False)
    reads: tuple[tuple[str, int], ...] = field(default=(), repr=False, compare=False)
    """Each name with how many periods before it is asked for: 0, or the number in `previous`."""
    uses_days: bool = field(default=False, repr=False, compare=False)

    def evaluate(self, numbers: Numbers) -> Fraction | None:
        """The exact result; None where it divides by zero.

        Raises:
            KeyError: a name of the formula has no number.
        """
        try:
            return self.compute(Surroundings(numbers))
        except Missing as missing:
            raise KeyError(missing.name) from missing

    def compute(self, surroundings: Surroundings) -> Fraction | None:
        """The exact result; None where it divides by zero.

        Raises:
            Missing: a number that the result depends on is missing.
        """
        try:
            return self._root(surroundings)
        except ZeroDivisionError:
            return None


def parse(text: str) -> Formula:
    """The formula in `text`.

    >>> parse("{OC1.1} / (OC1.2 + 3)").names
    ('OC1.1', 'OC1.2')

    Raises:
        FormulaError: not a formula, longer than 500 characters, or nested deeper than 50.
    """
    if len(text) > _LONGEST:
        raise FormulaError(phrase("a formula has at most {n} characters", n=_LONGEST), _LONGEST)
    reader = _Reader(_tokens(text), len(text) + 1)
    root = reader.comparison(0)
    if reader.kind:
        raise FormulaError(phrase("{sign} was not expected here", sign=repr(reader.text)), reader.at)
    reads = tuple(dict.fromkeys(reader.reads))
    return Formula(text, tuple(dict.fromkeys(name for name, _ in reads)), root, reads, reader.uses_days)


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found = []
    position = 0
    stop = len(text.rstrip())
    while position < stop:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            rest = text[position:].lstrip()
            raise FormulaError(
                phrase("{sign} is no part of a formula", sign=repr(rest[:1])), stop - len(rest.rstrip()) + 1
            )
        found.append((match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1))
        position = match.end()
    return found


class _Reader:
    """Reads one token after the other: sums of products of factors."""

    def __init__(self, tokens: list[tuple[str, str, int]], end: int) -> None:
        self._tokens = [*tokens, ("", "", end)]
        self._next = 0
        self.reads: list[tuple[str, int]] = []
        self.uses_days = False
        self._advance()

    def _advance(self) -> None:
        self.kind, self.text, self.at = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)

    def _sign(self, *signs: str) -> str | None:
        if self.kind == "sign" and self.text in signs:
            found = self.text
            self._advance()
            return found
        return None

    def comparison(self, depth: int) -> _Node:
        """One sum, or two held against each other, which is worth 1 or 0."""
        if depth > _DEEPEST:
            raise FormulaError(phrase("parentheses are nested deeper than {n}", n=_DEEPEST), self.at)
        left = self._sum(depth)
        sign = self._sign(*_COMPARISONS)
        return left if sign is None else _compared(_SAME.get(sign, sign), left, self._sum(depth))

    def _sum(self, depth: int) -> _Node:
        """Terms joined by + and −."""
        node = self._product(depth)
        while sign := self._sign("+", "-", "−"):
            node = _joined("+" if sign == "+" else "-", node, self._product(depth))
        return node

    def _product(self, depth: int) -> _Node:
        node = self._factor(depth)
        while sign := self._sign("*", "/"):
            node = _joined(sign, node, self._factor(depth))
        return node

    def _factor(self, depth: int) -> _Node:
        negative = False
        while self._sign("-", "−"):
            negative = not negative
        node = self._atom(depth)
        return (lambda around: -node(around)) if negative else node

    def _atom(self, depth: int) -> _Node:
        kind, text, at = self.kind, self.text, self.at
        if self._sign("("):
            node = self.comparison(depth + 1)
            self._close()
            return node
        if not kind:
            raise FormulaError(phrase("the formula ends too early"), at)
        if kind == "sign":
            raise FormulaError(phrase("{sign} was not expected here", sign=repr(text)), at)
        self._advance()
        if kind == "number":
            constant = Fraction(text)
            return lambda _: constant
        if kind == "name" and text in _FUNCTIONS and self._sign("("):
            return self._function(text, depth, at)
        return self._named(text)

    def _named(self, text: str) -> _Node:
        name = text.strip()
        self.reads.append((name, 0))

        def look_up(around: Surroundings) -> Fraction:
            number = around.numbers.get(name)
            if number is None:
                raise Missing(name)
            return number

        return look_up

    def _function(self, which: str, depth: int, at: int) -> _Node:
        if which == "days":
            self._close()
            self.uses_days = True
            return _days
        if which == "previous":
            return self._previous()
        parts = [self.comparison(depth + 1)]
        while self._sign(","):
            parts.append(self.comparison(depth + 1))
        self._close()
        if which == "is_missing" and len(parts) != 1:
            raise FormulaError(phrase("is_missing takes one argument: is_missing(X)"), at)
        if which == "if" and len(parts) != len(("condition", "then", "otherwise")):
            raise FormulaError(phrase("if takes three arguments: if(condition, then, otherwise)"), at)
        return _called(which, parts)

    def _previous(self) -> _Node:
        """previous(X) or previous(X, n): the number of one indicator n periods before."""
        kind, text, at = self.kind, self.text, self.at
        if kind not in ("name", "braced"):
            raise FormulaError(phrase("previous takes an indicator and how many periods before: previous(X, 2)"), at)
        self._advance()
        periods = 1
        if self._sign(","):
            if self.kind != "number" or not self.text.isdecimal() or not 1 <= int(self.text) <= _FARTHEST:
                raise FormulaError(phrase("previous takes a whole number of periods, at least 1"), self.at)
            periods = int(self.text)
            self._advance()
        self._close()
        name = text.strip()
        self.reads.append((name, periods))

        def look_back(around: Surroundings) -> Fraction:
            number = None if around.earlier is None else around.earlier(name, periods)
            if number is None:
                raise Missing(name)
            return number

        return look_back

    def _close(self) -> None:
        if not self._sign(")"):
            raise FormulaError(phrase("a closing parenthesis is missing"), self.at)


def _days(around: Surroundings) -> Fraction:
    if around.days is None:
        raise Missing("days")
    return Fraction(around.days)


def _called(which: str, parts: list[_Node]) -> _Node:
    match which:
        case "min":
            return lambda around: min(part(around) for part in parts)
        case "max":
            return lambda around: max(part(around) for part in parts)
        case "is_missing":
            return lambda around: Fraction(int(_or_none(parts[0], around) is None))
        case "if":
            # Only the branch that is taken needs its numbers.
            return lambda around: parts[1](around) if parts[0](around) else parts[2](around)
    return lambda around: _first(parts, around)


def _or_none(part: _Node, around: Surroundings) -> Fraction | None:
    try:
        return part(around)
    except Missing:
        return None


def _first(parts: list[_Node], around: Surroundings) -> Fraction:
    for part in parts[:-1]:
        number = _or_none(part, around)
        if number is not None:
            return number
    return parts[-1](around)


def _compared(sign: str, left: _Node, right: _Node) -> _Node:
    holds = COMPARE[sign]
    return lambda around: Fraction(int(holds(left(around), right(around))))


COMPARE: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = FrozenMap(
    {
        "==": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)
"""The comparisons of formulas and of rules between indicators."""


def _joined(sign: str, left: _Node, right: _Node) -> _Node:
    match sign:
        case "+":
            return lambda around: left(around) + right(around)
        case "-":
            return lambda around: left(around) - right(around)
        case "*":
            return lambda around: left(around) * right(around)
    return lambda around: left(around) / right(around)
