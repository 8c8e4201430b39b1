"""The arithmetic of derived indicators: names, numbers, + − * / ( ), min and max. Never `eval`.

Read `parse` first. A name is an indicator's id, bare (``OC1.1``), or in braces where it holds other signs
(``{OP 1-1}``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

__all__ = ["Formula", "FormulaError", "parse"]

_LONGEST: Final = 500
_DEEPEST: Final = 50
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.])|\{(?P<braced>[^{}]+)\}|(?P<name>[^\W\d][\w.]*)|(?P<sign>[-+*/(),−]))"
)

Numbers = Mapping[str, Fraction]
_Node = Callable[[Numbers], Fraction]


class FormulaError(ValueError):
    """A formula that cannot be read; `position` counts from 1."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position})")
        self.position = position


@dataclass(frozen=True)
class Formula:
    """A formula that has been read: its text, and the indicators it needs in the order of their appearance."""

    text: str
    names: tuple[str, ...]
    _root: _Node = field(repr=False, compare=False)

    def evaluate(self, numbers: Numbers) -> Fraction | None:
        """The exact result; None where it divides by zero.

        Raises:
            KeyError: a name of the formula has no number.
        """
        try:
            return self._root(numbers)
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
        raise FormulaError(f"a formula has at most {_LONGEST} characters", _LONGEST)
    reader = _Reader(_tokens(text), len(text) + 1)
    root = reader.sum(0)
    if reader.kind:
        raise FormulaError(f"{reader.text!r} was not expected here", reader.at)
    return Formula(text, tuple(dict.fromkeys(reader.names)), root)


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found = []
    position = 0
    stop = len(text.rstrip())
    while position < stop:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            rest = text[position:].lstrip()
            raise FormulaError(f"{rest[:1]!r} is no part of a formula", stop - len(rest.rstrip()) + 1)
        found.append((match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1))
        position = match.end()
    return found


class _Reader:
    """Reads one token after the other: sums of products of factors."""

    def __init__(self, tokens: list[tuple[str, str, int]], end: int) -> None:
        self._tokens = [*tokens, ("", "", end)]
        self._next = 0
        self.names: list[str] = []
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

    def sum(self, depth: int) -> _Node:
        """Terms joined by + and −."""
        if depth > _DEEPEST:
            raise FormulaError(f"parentheses are nested deeper than {_DEEPEST}", self.at)
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
        return (lambda numbers: -node(numbers)) if negative else node

    def _atom(self, depth: int) -> _Node:
        kind, text, at = self.kind, self.text, self.at
        if self._sign("("):
            node = self.sum(depth + 1)
            self._close()
            return node
        if not kind:
            raise FormulaError("the formula ends too early", at)
        if kind == "sign":
            raise FormulaError(f"{text!r} was not expected here", at)
        self._advance()
        if kind == "number":
            constant = Fraction(text)
            return lambda _: constant
        if kind == "name" and text in ("min", "max") and self._sign("("):
            return self._extreme(text, depth)
        name = text.strip()
        self.names.append(name)
        return lambda numbers: numbers[name]

    def _extreme(self, which: str, depth: int) -> _Node:
        parts = [self.sum(depth + 1)]
        while self._sign(","):
            parts.append(self.sum(depth + 1))
        self._close()
        pick = min if which == "min" else max
        return lambda numbers: pick(part(numbers) for part in parts)

    def _close(self) -> None:
        if not self._sign(")"):
            raise FormulaError("a closing parenthesis is missing", self.at)


def _joined(sign: str, left: _Node, right: _Node) -> _Node:
    match sign:
        case "+":
            return lambda numbers: left(numbers) + right(numbers)
        case "-":
            return lambda numbers: left(numbers) - right(numbers)
        case "*":
            return lambda numbers: left(numbers) * right(numbers)
    return lambda numbers: left(numbers) / right(numbers)
