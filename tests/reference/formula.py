"""The arithmetic of derived indicators, read from left to right with exact fractions. Read `evaluated` first.

A name is bare (``OC1.1``) or in braces (``{OP 1-1}``).
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)?|\{[^{}]+\}|[^\W\d][\w.]*|\S")


def names_in(formula: str) -> list[str]:
    """The indicators that a formula speaks of, each once, in the order in which they stand."""
    words = _words(formula)
    names = []
    for word, after in pairwise(words):
        if _is_name(word) and not (word in ("min", "max", "previous") and after == "("):
            names.append(_name(word))
    return list(dict.fromkeys(names))


def looked_up(formula: str) -> list[tuple[str, int]]:
    """Every number that a formula needs: an indicator, and how many periods before."""
    words = _words(formula)
    found = []
    for at, word in enumerate(words):
        if word == "previous" and words[at + 1] == "(":
            found.append((_name(words[at + 2]), int(words[at + 4]) if words[at + 3] == "," else 1))
        elif _is_name(word) and words[at + 1] != "(" and words[max(at - 2, 0)] != "previous":
            found.append((_name(word), 0))
    return list(dict.fromkeys(found))


def evaluated(formula: str, values: dict[str, Fraction]) -> Fraction | None:
    """What a formula gives for these values, ``a-2`` being that of a two periods before; None where it divides by 0."""
    words = _words(formula)
    try:
        found = _sum(words, values)
    except ZeroDivisionError:
        return None
    assert words == [""], f"{formula}: {words}"
    return found


def _words(formula: str) -> list[str]:
    return [*_WORD.findall(formula), ""]


def _is_name(word: str) -> bool:
    return word.startswith("{") or word[:1].isalpha() or word[:1] == "_"


def _name(word: str) -> str:
    return word.strip("{}").strip()


def _sum(words: list[str], values: dict[str, Fraction]) -> Fraction:
    found = _product(words, values)
    while words[0] in ("+", "-", "−"):
        sign = words.pop(0)
        other = _product(words, values)
        found = found + other if sign == "+" else found - other
    return found


def _product(words: list[str], values: dict[str, Fraction]) -> Fraction:
    found = _one(words, values)
    while words[0] in ("*", "/"):
        sign = words.pop(0)
        other = _one(words, values)
        found = found * other if sign == "*" else found / other
    return found


def _one(words: list[str], values: dict[str, Fraction]) -> Fraction:
    word = words.pop(0)
    if word in ("-", "−"):
        return -_one(words, values)
    if word == "(":
        inner = _sum(words, values)
        assert words.pop(0) == ")"
        return inner
    if word in ("min", "max") and words[0] == "(":
        found = []
        while words.pop(0) != ")":
            found.append(_sum(words, values))
        return min(found) if word == "min" else max(found)
    if word == "previous" and words[0] == "(":
        words.pop(0)
        name, back = _name(words.pop(0)), 1
        if words.pop(0) == ",":
            back = int(words.pop(0))
            words.pop(0)
        return values[f"{name}-{back}"]
    return values[_name(word)] if _is_name(word) else Fraction(word)
