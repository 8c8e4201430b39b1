"""A partner's word for an indicator, partner, place or category, matched with the codes of the plan.

Read `Lookup.match` first. The exact code or an unambiguous title in any language is taken without a word; another case
is taken and said; letters that only look alike, and characters that nobody sees, are never taken but shown.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mne.ground.catalogue import Severity
from mne.ground.phrases import either, listed, named, phrase
from mne.logframe.indicator import TOTAL
from mne.reports.cells import BLANK, LONGEST, Answer, clean
from mne.reports.grid import Cell, Flaw, Percent, is_blank, text_of
from mne.reports.words import folded

if TYPE_CHECKING:
    from mne.ground.language import Text
    from mne.reports.places import Places

__all__ = ["Lookup", "all_titles", "nearest", "skeleton"]

_INVISIBLE: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_NAMED: Final = 8
"""Codes that are told with their titles; of more the codes alone."""

_SUGGESTIONS: Final = 200
"""Nearest names are looked for this often in one column; a column of thousands of wrong names needs no more."""

_SWAPPED: Final = 4
"""Letters that a code needs before two that changed places say which one is meant."""
_LONGEST_NEAR: Final = 80
_ASIDE: Final = re.compile(r"\(([^()]*)\)")
_BETWEEN: Final = re.compile(r"[\s.,;:_/–—-]+")

_SPAN: Final = re.compile(
    r"(?<![\w.,])(\d{1,3})\s*(?:(?:[-‐‑‒–—−]|\bto\b|\bà\b|\bдо\b|\bпо\b|\bто\b|\s)\s*(\d{1,3})(?![\w.,])|\+)"
)
_OPEN: Final = -1
_AROUND: Final = re.compile(r"[\s.,;:()\[\]]+")
_AGES: Final = frozenset(
    ("from", "de", "от", "с", "аз", "age", "ages", "aged", "years", "year", "yrs", "y", "old", "ans", "лет", "года",
     "возраст", "сол", "сола")
)  # fmt: skip
"""Words around a span of ages that say nothing by themselves."""

_LOOK_ALIKES: Final = str.maketrans(
    # Letters by what their capitals look like: Cyrillic ones, then Greek ones, then signs.
    {
        **dict(zip("аеосрухкмтвніѕјһԁԛԝґ", "aeocpyxkmtbhisjhdqwr", strict=True)),
        **dict(zip("αβεζηικμνορτυχ", "abezhikmnoptyx", strict=True)),
        **dict(zip("l|!10", "iiiio", strict=True)),
        "з": "3",
    }
)


def skeleton(text: str) -> str:
    """What is left of a text when letters and digits that look alike are one: ``ОР1.l`` and ``OP1.1`` are the same."""
    return _alike(text) if len(text) <= _LONGEST_NEAR else folded(text).translate(_LOOK_ALIKES)


@lru_cache(maxsize=1 << 12)
def _alike(text: str) -> str:
    """`skeleton` of a short text: those of a plan, and of all known headers, are compared again with every file."""
    return folded(text).translate(_LOOK_ALIKES)


def all_titles(title: Text | None) -> tuple[str, ...]:
    """A title in every language that it is given in."""
    if title is None:
        return ()
    return (title.root,) if isinstance(title.root, str) else tuple(title.root.values())


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that a mistyped word clearly means; a code that differs in a digit is another code and never meant."""
    if not 1 < len(word) <= _LONGEST_NEAR:
        return None
    known = list(names)
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.85)
    # Of a short code two letters that changed places are half of it.
    found = found or [each for each in known if _is_swapped(word, each)]
    return found[0] if len(found) == 1 and _digits(found[0]) == _digits(word) else None


def _is_swapped(word: str, name: str) -> bool:
    """Whether two neighbours of a word changed places, and nothing else: ``gabo`` and ``gbao``."""
    if len(word) != len(name) or len(word) < _SWAPPED or sorted(word) != sorted(name):
        return False
    off = [at for at, (mine, own) in enumerate(zip(word, name, strict=True)) if mine != own]
    return len(off) == 2 and off[1] == off[0] + 1


def span_of(text: str) -> tuple[int, int] | None:
    """From which age to which a text goes, if it says nothing else: ``15–24``, ``15 to 24 years``, ``60+``."""
    plain = folded(text)
    found = [*_SPAN.finditer(plain)] if len(plain) <= _LONGEST_NEAR else []
    if len(found) != 1:
        return None
    around = plain[: found[0].start()] + " " + plain[found[0].end() :]
    if any(word not in _AGES for word in _AROUND.split(around) if word):
        return None
    first, last = found[0].group(1), found[0].group(2)
    return int(first), int(last) if last else _OPEN


def _squeezed(text: str) -> str:
    """A code without the signs between its parts: ``OP1,2,3``, ``OP 1.2.3.`` and ``OP1.2.3`` are the same."""
    return _BETWEEN.sub("", skeleton(text))


def _has_digit(text: str) -> bool:
    return len(text) <= _LONGEST_NEAR and any(char.isdigit() for char in text)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


class Lookup:
    """The codes of one kind in one plan, each with its titles."""

    def __init__(
        self,
        kind: str,
        entries: Mapping[str, Iterable[str]],
        *,
        totals: frozenset[str] = frozenset(),
        suggestions: int = _SUGGESTIONS,
        hints: Mapping[str, str] | None = None,
        places: Places | None = None,
        spans: bool = False,
        shown: Mapping[str, Text | None] | None = None,
    ) -> None:
        self._shown = shown or {}
        self._hints = hints or {}
        self._places = places
        self._squeezed: dict[str, set[str]] = {}
        self.suggestions = suggestions
        self.kind = kind
        self.codes = tuple(entries)
        self.totals = totals
        self._exact = frozenset(entries)
        self._folded: dict[str, set[str]] = {}
        self._titles: dict[str, set[str]] = {}
        self._skeletons: dict[str, set[str]] = {}
        self._near: dict[str, str] = {}
        self._asked = 0
        self._spans: dict[tuple[int, int], set[str]] = {}
        for code, titles in entries.items() if spans else ():
            # A title such as "Youth (15 to 24)" tells its span beside other words.
            for span in filter(None, map(span_of, (code, *titles, *_ASIDE.findall(" ".join(titles))))):
                self._spans.setdefault(span, set()).add(code)
        for code, titles in entries.items():
            self._folded.setdefault(folded(code), set()).add(code)
            if _has_digit(code):
                self._squeezed.setdefault(_squeezed(code), set()).add(code)
            for name in (code, *titles):
                self._skeletons.setdefault(skeleton(name), set()).add(code)
                self._near.setdefault(folded(name), code)
            for title in titles:
                for written in (
                    title,
                    f"{code} {title}",
                    f"{code}: {title}",
                    f"{code}. {title}",
                    f"{code} - {title}",
                    f"{code} – {title}",
                    f"{title} ({code})",
                ):
                    self._titles.setdefault(folded(written), set()).add(code)

    def match(self, text: str) -> Answer[str]:
        """The code that a text means.

        Findings: code-normalised, code-confusable, code-invisible-character, ref-ambiguous, ref-unknown-<kind>,
        limit-cell-length.
        """
        return self._answer(text, near=True)

    def known(self, text: str) -> str | None:
        """The code that `match` takes a text for, if for any; nearest names, which cost most, are not looked for."""
        return self._answer(text, near=False).value

    def _answer(self, text: str, *, near: bool) -> Answer[str]:
        if text in self._exact:
            return Answer(value=text)
        plain = clean(" ".join(text.split()) if "\n" in text or "\r" in text else text)
        if not plain:
            return BLANK
        if len(plain) > LONGEST:
            return Answer(code="limit-cell-length", expected=phrase("at most {n} characters", n=LONGEST))
        if any(unicodedata.category(char) in _INVISIBLE for char in plain):
            return self._with_invisible(plain)
        word = folded(plain)
        if word in self.totals:
            return Answer(value=TOTAL)
        for names, code in ((self._titles, None), (self._folded, "code-normalised")):
            found = names.get(word, set())
            if len(found) == 1:
                (only,) = found
                # Who types f for F, or gbao for GBAO, has not mistaken a code for another one.
                slight = self.kind == "category" or (
                    self.kind in ("partner", "location") and plain.casefold() == only.casefold()
                )
                severity = Severity.INFO if code and slight else None
                return Answer(value=only, code=code, expected=only, severity=severity)
            if found:
                return Answer(code="ref-ambiguous", expected=either(sorted(found)))
        if self._spans and len(codes := self._spans.get(span_of(plain) or (_OPEN, _OPEN), set())) == 1:
            (only,) = codes
            return Answer(value=only)
        return self._unknown(plain, word, near=near)

    def _with_invisible(self, plain: str) -> Answer[str]:
        shown = "".join(char for char in plain if unicodedata.category(char) not in _INVISIBLE)
        meant = self.known(shown) if shown != plain else None
        return Answer(code="code-invisible-character", expected=self.expected, suggestion=meant)

    def _unknown(self, plain: str, word: str, *, near: bool) -> Answer[str]:
        alike = self._skeletons.get(skeleton(plain), set())
        if len(alike) == 1:
            (meant,) = alike
            return Answer(code="code-confusable", expected=meant, suggestion=meant)
        place = self._places.meant(plain) if self._places is not None else None
        if place is not None and place.certain:
            return Answer(value=place.code, code="code-normalised", expected=place.code, severity=Severity.INFO)
        likely: str | None = place.code if place is not None else self._hints.get(word)
        if likely is None and _has_digit(plain) and len(codes := self._squeezed.get(_squeezed(plain), set())) == 1:
            (likely,) = codes
        if likely is None and near and self._asked < self.suggestions:
            self._asked += 1
            found = nearest(word, self._near)
            likely = self._near[found] if found is not None else None
        return Answer(code=f"ref-unknown-{self.kind}", expected=self.expected, suggestion=likely)

    @property
    def expected(self) -> str:
        """What could stand here: a few by their titles and codes, of many the first codes."""
        if self._shown and len(self.codes) <= _NAMED:
            return listed(map(self._with_title, self.codes))
        shown = ", ".join(self.codes[:12])
        return phrase("{some}, … ({n} in all)", some=shown, n=len(self.codes)) if len(self.codes) > 12 else shown

    def _with_title(self, code: str) -> str:
        title = self._shown.get(code)
        if title is None or {folded(each) for each in all_titles(title)} == {folded(code)}:
            return code
        said = re.compile(rf"\b{re.escape(code)}\b")  # as some languages have the code in the title itself
        told = {lang: title.in_language(lang) for lang in ("en", *title.languages)}
        return named(code, {lang: each if said.search(each) else f"{each} ({code})" for lang, each in told.items()})

    def match_cell(self, cell: Cell) -> Answer[str]:
        """The code that a typed cell means: whole numbers are codes as well, other numbers and dates never are.

        Findings: those of `match`, code-numeric, code-date, and that of the cell itself.
        """
        match cell:
            case str():
                return self.match(cell)
            case _ if is_blank(cell):
                return self._covered(cell) if isinstance(cell, Flaw) else BLANK
            case Flaw(code, _, expected, suggestion):
                return Answer(code=code, expected=expected or self.expected, suggestion=suggestion)
            case dt.date():
                return self._of_date(cell)
            case bool() | Percent():
                return Answer(code="code-numeric", expected=self.expected)
            case int() | float() | Decimal():
                return self._of_number(cell)
            case _:
                return BLANK

    def _covered(self, cell: Flaw) -> Answer[str]:
        known = self.known(cell.text)
        return Answer(code="cell-merged", expected=self.expected, suggestion=known)

    def _of_number(self, cell: float | Decimal) -> Answer[str]:
        shown = text_of(cell) or ""
        if shown in self._exact and "." not in shown:
            return Answer(value=shown)
        like = [
            code
            for code in self.codes
            if code.replace(".", "", 1).isdecimal() and code.isascii() and float(code) == cell
        ]
        return Answer(code="code-numeric", expected=self.expected, suggestion=like[0] if len(like) == 1 else None)

    def _of_date(self, day: dt.date) -> Answer[str]:
        """A code such as 10-14 that a workbook took for the 14th of October."""
        shapes = {
            f"{a}-{b}"
            for a in (f"{day.month}", f"{day.month:02}")
            for b in (f"{day.day}", f"{day.day:02}", f"{day:%y}")
        }
        shapes |= {"-".join(reversed(shape.split("-"))) for shape in shapes}
        like = [code for code in self.codes if code.replace("–", "-") in shapes]
        return Answer(code="code-date", expected=self.expected, suggestion=like[0] if len(like) == 1 else None)
