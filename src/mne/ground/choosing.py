"""Finding codes chosen by name: a code itself, a group such as ``number-``, or a beginning such as ``number-am*``.

Read `chosen` first; `select` and `ignore` of the library and of the command line mean the same by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from mne.errors import OptionError

__all__ = ["chosen"]


def chosen(told: Iterable[str], known: Iterable[str], *, name: str) -> frozenset[str]:
    """The codes that words stand for.

    Args:
        told: codes; first words such as ``number`` or ``number-``; beginnings that end in ``*``.
        known: every code that there is.
        name: the option that they were given to, for the error.

    Raises:
        OptionError: `told` is one text, or has words that stand for no code; all of them are named, with what is near.
    """
    if isinstance(told, str):
        raise OptionError(f"{name} must be a list of codes such as ['number-ambiguous'], not the text {told!r}")
    codes = frozenset(known)
    found: set[str] = set()
    strange: list[str] = []
    for word in told:
        matching = _matching(str(word), codes)
        found |= matching
        if not matching:
            strange.append(_said(str(word), codes))
    if strange:
        raise OptionError(f"{name} names {' and '.join(strange)}; `logframe codes` and mne.codes() list them all")
    return frozenset(found)


def _matching(word: str, codes: frozenset[str]) -> frozenset[str]:
    if word in codes:
        return frozenset((word,))
    beginning = word.removesuffix("*") if word.endswith("*") else word.removesuffix("-") + "-"
    return frozenset(code for code in codes if code.startswith(beginning))


def _said(word: str, codes: frozenset[str]) -> str:
    groups = {code.partition("-")[0] + "-" for code in codes}
    near = get_close_matches(word.removesuffix("*"), sorted(codes | groups), n=2)
    return f"{word!r}, which is no finding code" + (f" (did you mean {' or '.join(near)}?)" if near else "")
