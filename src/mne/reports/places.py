"""What people call a place beside its title: ``Khatlon region``, ``Хатлонская обл.``, ``ВМКБ``.

Read `Places.meant` first. Words such as region or вилоят say what kind of place it is, and nothing about which; the
first letters of a long title stand for it. A word for another kind of place than the logframe's titles have is no
answer, only a suggestion: a district may have the name of the region around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from mne.reports.words import folded

__all__ = ["Meant", "Places"]

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ASIDE: Final = re.compile(r"\([^()]*\)")
_KINDS: Final = {
    "region": "region oblast province viloyat région area область области обл регион вилоят вилояти минтақа",
    "district": "district rayon raion département район района р-н рн ноҳия ноҳияи",
    "city": "city town ville г гор город города шаҳр шаҳри ш",
}
_KIND_OF: Final = {folded(word): kind for kind, words in _KINDS.items() for word in words.split()}
_JOINTS: Final = frozenset(["of", "the", "de", "du", "des", "la", "le", "l", "d", "и", "ва", "and", "et"])
_FEWEST_LETTERS: Final = 3
_FEWEST: Final = 3
"""Words of a title whose first letters are a name for it."""


class Meant(NamedTuple):
    """The place that a text means, and whether that is certain."""

    code: str
    certain: bool


class Places:
    """The places of a logframe by the words of their titles that tell them apart."""

    def __init__(self, titles: Mapping[str, Iterable[str]]) -> None:
        self._names: dict[str, set[str]] = {}
        self._kinds: dict[str, set[str]] = {}
        for code, names in titles.items():
            for name in (code, *names):
                for written in (name, _ASIDE.sub(" ", name)):
                    own, kinds = _split(written)
                    self._kinds.setdefault(code, set()).update(kinds)
                    words = [word for word in _words(written) if word not in _JOINTS]
                    letters = "".join(word[0] for word in words) if len(words) >= _FEWEST else ""
                    for each in {own, letters} - {""}:
                        self._names.setdefault(each, set()).add(code)

    def meant(self, text: str) -> Meant | None:
        """The one place that a text means, if it means one."""
        own, kinds = _split(text)
        codes = self._names.get(own, set()) if own else set()
        if len(codes) != 1:
            return None
        (code,) = codes
        known = self._kinds.get(code, set())
        return Meant(code, not kinds or not known or bool(kinds & known))


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text.replace("р-н", "рн")))


def _split(text: str) -> tuple[str, set[str]]:
    """The words of a name that tell it apart, and the kinds of place that the others say."""
    words = _words(text)
    own = [word for word in words if word not in _KIND_OF and word not in _JOINTS]
    # A number or a letter alone is no name of a place: District 5 is not Region 5.
    told = " ".join(own) if sum(map(str.isalpha, "".join(own))) >= _FEWEST_LETTERS else ""
    return told, {_KIND_OF[word] for word in words if word in _KIND_OF}
