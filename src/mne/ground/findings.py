"""The one shape of every complaint: a code, a place, what was found, what was expected.

Read `Finding` first. Findings are values: they are collected, sorted by a total order and
handed back; nothing here raises for what a partner wrote.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, overload

from mne.ground.catalogue import CODES, Severity
from mne.ground.maps import FrozenMap
from mne.ground.phrases import Phrase, filled, listed, phrase, phrase_n, told_in, translated
from mne.ground.tags import spoken

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Finding", "Findings", "Later", "Place", "Told", "clean_text"]

_SHOWN: Final = 120
_BETWEEN_DIGITS: Final = re.compile(r"(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9])")
"""Spaces that part thousands: a reader sees a space, not a code for one."""


def clean_text(value: object, *, limit: int = _SHOWN) -> str:
    """Text that is safe on a terminal and in a log: no control or direction characters, bounded."""
    text = _BETWEEN_DIGITS.sub(" ", str(value))
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text[: limit + 1]
    )
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: in a file, in a table's cell, in the logframe, or in the plan's terms."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: str | None = None
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    header: str | None = None
    project: str | None = None
    indicator: str | None = None
    period: str | None = None
    partner: str | None = None
    location: str | None = None
    category: str | None = None

    def __str__(self) -> str:
        return self.in_language()

    def in_language(self, lang: str | None = None) -> str:
        """The place in one line, its words in a language.

        >>> Place(file="q2.csv", row=6).in_language("fr")
        'q2.csv ligne 6'
        """
        spot = self.file or ""
        if self.line is not None:
            spot += f":{self.line}" + (f":{self.column}" if self.column is not None else "")
        if self.sheet:
            spot += f"!{self.sheet}" if spot else self.sheet
        if self.cell:
            spot += f"!{self.cell}" if spot else self.cell
        elif self.row is not None and self.line is None:
            row = phrase("row {row}", row=self.row)
            if self.header:
                row = phrase("row {row} column {column}", row=self.row, column=repr(self.header))
            spot += f" {row.in_language(lang)}"
        if self.path:
            spot += f" {self.path}" if spot else self.path
        if spot:
            return clean_text(spot.strip(), limit=300)
        parts = (self.indicator, self.period, self.partner, self.location, self.category)
        return clean_text(" · ".join(part for part in parts if part), limit=300) or phrase("(whole)").in_language(lang)

    def sort_key(self) -> tuple[tuple[bool, Any], ...]:
        """A total order: unknown places last, numbers as numbers."""
        order = (
            self.file, self.sheet, self.line, self.row, self.column, self.cell, self.header, self.path,
            self.project, self.indicator, self.period, self.partner, self.location, self.category,
        )  # fmt: skip
        return tuple([(value is None, 0 if value is None else value) for value in order])


class Told(NamedTuple):
    """What a finding says in one language. What the partner wrote is in it as it was written."""

    message: str
    hint: str
    found: str
    expected: str


_MANY: Final = (
    ("{count} cells", "{count} cell"),
    ("{count} rows", "{count} row"),
    ("{rows} observations", "{rows} observation"),
    ("rows {found}", "row {found}"),
)


def _of_one(sentence: str) -> str:
    """An English sentence that counts something, where there is one of it."""
    for many, one in _MANY:
        sentence = sentence.replace(many, one)
    return sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One complaint, with everything a person needs to mend it.

    `code` is stable and listed by `mne.codes()`. `found` is what stands there as it was written,
    `expected` what should stand there, `suggestion` a value when one is certain enough.
    """

    code: str
    place: Place = field(default_factory=Place)
    found: str = ""
    expected: str = ""
    params: Mapping[str, object] = field(default_factory=FrozenMap)
    suggestion: str | None = None
    related: tuple[Place, ...] = ()
    severity: Severity | None = None  # None takes the catalogue's

    def __post_init__(self) -> None:
        if self.code not in CODES and not self.params.get("message"):
            raise AssertionError(f"finding code {self.code!r} is not in the catalogue")
        if self.severity is None:
            known = CODES.get(self.code)
            object.__setattr__(self, "severity", known.severity if known else Severity.ERROR)
        if not isinstance(self.params, FrozenMap):
            object.__setattr__(self, "params", FrozenMap(self.params))

    @property
    def level(self) -> Severity:
        """The severity, never None."""
        return self.severity or Severity.ERROR

    def in_language(self, lang: str | None = None) -> Told:
        """What is wrong, what to do, what was found and what was expected, in a language.

        A regional tag reads its language (``fr-CD`` reads ``fr``); a language that the library does not speak reads
        English.

        >>> Finding(code="whole-invalid", found="1.5").in_language("ru").hint
        'Напишите целое число.'
        """
        language = spoken(lang)
        found, expected = told_in(self.found, language), told_in(self.expected, language)
        known: dict[str, object] = {
            "found": clean_text(found),
            "expected": clean_text(expected, limit=400),
            "suggestion": clean_text(self.suggestion or ""),
        }
        known.update({key: clean_text(told_in(value, language), limit=400) for key, value in self.params.items()})
        code = CODES.get(self.code)
        message, hint = (
            (code.message, code.hint) if code else (str(self.params["message"]), str(self.params.get("hint", "")))
        )
        sentence = translated(message, language)
        if 1 in (self.params.get("count"), self.params.get("rows")):
            # English alone counts in these sentences; the translations name the number behind the noun.
            sentence = _of_one(sentence)
        return Told(
            filled(sentence, known),
            filled(translated(hint, language), known),
            found,
            expected,
        )

    @property
    def message(self) -> str:
        """What is wrong, in one plain sentence."""
        return self.in_language().message

    @property
    def hint(self) -> str:
        """What to do about it."""
        return self.in_language().hint

    def __str__(self) -> str:
        told = f"{self.place}: {self.code}: {self.message}"
        return told + (f" (did you mean {clean_text(self.suggestion)!r}?)" if self.suggestion else "")

    def at(self, **where: Any) -> Finding:
        """The same finding at a place that knows more."""
        return replace(self, place=replace(self.place, **where))

    def to_dict(self, *, lang: str | None = None) -> dict[str, Any]:
        """Plain data for JSON: only what is known of the place. The codes stay, `lang` is the sentences'."""
        told = self.in_language(lang)
        place = {f.name: _whole(value) for f in fields(Place) if (value := getattr(self.place, f.name)) is not None}
        return {
            "code": self.code,
            "severity": str(self.level),
            "place": place,
            "where": str(self.place),
            "found": clean_text(told.found, limit=1000),
            "expected": clean_text(told.expected, limit=1000),
            "message": told.message,
            "hint": told.hint,
            "suggestion": _whole(self.suggestion),
            "related": [str(place) for place in self.related],
        }

    def sort_key(self) -> tuple[Any, ...]:
        """By severity, then place, then code: the same order on every run."""
        return (self.level.rank, self.place.sort_key(), self.code, self.found, self.expected)


def _counted(severity: Severity, n: int) -> Phrase:
    match severity:
        case Severity.BLOCKER:
            return phrase_n("{n} blocker", "{n} blockers", n)
        case Severity.ERROR:
            return phrase_n("{n} error", "{n} errors", n)
        case Severity.WARNING:
            return phrase_n("{n} warning", "{n} warnings", n)
        case Severity.INFO:
            return phrase_n("{n} remark", "{n} remarks", n)


def _whole(value: Any) -> Any:
    """Text that can be written in UTF-8: half characters, as names of files may have, become escapes."""
    return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Later:
    """Findings of one code that are counted already, and made only when somebody reads them."""

    code: str
    level: Severity
    count: int
    make: Callable[[], Iterable[Finding]]

    def weighed(self, level: Severity) -> Later:
        """The same findings with another severity."""
        make = self.make
        return Later(self.code, level, self.count, lambda: (replace(each, severity=level) for each in make()))


class Findings(Sequence[Finding]):
    """Findings in a total order, with counts; immutable.

    Those given as `later` count from the beginning and cost next to nothing until one of them is looked at; the others
    are put into their order when one is.

    >>> Findings([])
    Findings(none)
    """

    __slots__ = ("_later", "_made", "_ready")

    def __init__(self, findings: Iterable[Finding] = (), *, later: Iterable[Later] = ()) -> None:
        self._ready: tuple[Finding, ...] = tuple(findings)
        self._later: tuple[Later, ...] = tuple(each for each in later if each.count)
        self._made: tuple[Finding, ...] | None = None

    @property
    def _items(self) -> tuple[Finding, ...]:
        if self._made is None:
            made = (finding for each in self._later for finding in each.make())
            self._made = tuple(sorted((*self._ready, *made), key=Finding.sort_key))
        return self._made

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Findings: ...
    def __getitem__(self, index: int | slice) -> Finding | Findings:
        if isinstance(index, slice):
            return Findings(self._items[index])
        return self._items[index]

    def __len__(self) -> int:
        return len(self._ready) + sum(each.count for each in self._later)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Findings) and self._items == other._items

    def __hash__(self) -> int:
        return hash(self._items)

    def __reduce__(self) -> tuple[Any, ...]:
        return Findings, (self._items,)

    def __add__(self, other: Iterable[Finding]) -> Findings:
        if isinstance(other, Findings):
            return Findings((*self._ready, *other._ready), later=(*self._later, *other._later))
        return Findings((*self._ready, *other), later=self._later)

    def _only(self, wanted: Callable[[str, Severity], bool]) -> Findings:
        """Those of some codes and severities."""
        return Findings(
            (each for each in self._ready if wanted(each.code, each.level)),
            later=(each for each in self._later if wanted(each.code, each.level)),
        )

    def of(self, *codes: str) -> Findings:
        """Only the findings with these codes."""
        return self._only(lambda code, _: code in codes)

    def without(self, *codes: str) -> Findings:
        """All but the findings with these codes."""
        return self._only(lambda code, _: code not in codes)

    def at_least(self, severity: Severity | str) -> Findings:
        """Only the findings that are this grave or graver."""
        limit = Severity(severity).rank
        return self._only(lambda _, level: level.rank <= limit)

    def weighed(self, severities: Mapping[str, Severity]) -> Findings:
        """The same findings, those of some codes with another severity."""
        if not severities.keys() & {code for code, _ in self.counts}:
            return self
        return Findings(
            (
                replace(each, severity=severities[each.code]) if each.code in severities else each
                for each in self._ready
            ),
            later=(each.weighed(severities[each.code]) if each.code in severities else each for each in self._later),
        )

    @property
    def counts(self) -> Mapping[tuple[str, Severity], int]:
        """How many findings of each code and severity."""
        counted = Counter((finding.code, finding.level) for finding in self._ready)
        for each in self._later:
            counted[each.code, each.level] += each.count
        return FrozenMap(dict(counted))

    @property
    def codes(self) -> Mapping[str, int]:
        """How often each code occurs, the most frequent first; of two as frequent the graver one."""
        counted: Counter[str] = Counter()
        for (code, _), count in sorted(self.counts.items(), key=lambda each: (each[0][1].rank, each[0][0])):
            counted[code] += count
        return FrozenMap(dict(counted.most_common()))

    @property
    def severities(self) -> Mapping[Severity, int]:
        """How many findings of each severity; every severity is listed."""
        counted: Counter[Severity] = Counter()
        for (_, level), count in self.counts.items():
            counted[level] += count
        return FrozenMap({severity: counted[severity] for severity in Severity})

    @property
    def worst(self) -> Severity | None:
        """The gravest severity, or None when nothing was found."""
        return min((level for _, level in self.counts), key=lambda level: level.rank, default=None)

    def summary(self, *, lang: str | None = None) -> str:
        """``3 errors, 1 warning`` or ``none``, in a language."""
        parts = [_counted(severity, n) for severity, n in self.severities.items() if n]
        return listed(parts).in_language(lang) if parts else phrase("none").in_language(lang)

    def __repr__(self) -> str:
        if not len(self):
            return "Findings(none)"
        codes = ", ".join(code if n == 1 else f"{code}×{n}" for code, n in self.codes.items())
        return f"Findings({self.summary()}: {clean_text(codes, limit=160)})"

    def _repr_html_(self) -> str:
        from mne._render import html

        return html(self)

    def to_dicts(self, *, lang: str | None = None) -> list[dict[str, Any]]:
        """One plain dictionary per finding, ready for JSON; its sentences in `lang`."""
        return [finding.to_dict(lang=lang) for finding in self._items]

    def to_pandas(self, *, lang: str | None = None) -> pd.DataFrame:
        """One row per finding: code, severity, the place's parts, found, expected, message, hint."""
        import pandas as pd

        places = [f.name for f in fields(Place)]
        columns = ["code", "severity", *places, "found", "expected", "message", "hint", "suggestion"]
        rows = []
        for finding in self._items:
            told = finding.to_dict(lang=lang)
            rows.append({**told, **{name: told["place"].get(name) for name in places}})
        return pd.DataFrame(rows, columns=columns)
